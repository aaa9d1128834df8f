/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The statements of the store, by name: parameters are numbered, the account or object comes first. */
#include "statements.h"

#include "ledgerdeck/core/error.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/model/account.h"
#include "ledgerdeck/model/plan.h"
#include "ledgerdeck/model/record.h"
#include "ledgerdeck/model/request.h"
#include "ledgerdeck/store/objects.h"

/* Numbers that stand in the texts. */
_Static_assert(ACCOUNT_OK == 0 && OBJECT_DEAD == 5 && RECORD_DELETED == 3 && ERROR_NONE == 0 && ERROR_CANCELLED == 8,
	       "the statements name these by their numbers");
_Static_assert(INTENT_SENDING == 2 && INTENT_SUPERSEDED == 11 && INTENT_PAUSED == 12 && INTENT_UNCERTAIN == 4 && INTENT_CONFIRMED == 5 && INTENT_DEAD == 9 && PLAN_BLOCKED == 5 && PLAN_DECIDE == 6 && PLAN_LINK == 2 && PLAN_VOID == 4,
	       "the statements and the schema name these by their numbers");
_Static_assert(REQUEST_BLOCKED == 0 && REQUEST_QUEUED == 1 && REQUEST_SUCCEEDED == 2 && REQUEST_FAILED == 3 && REQUEST_SKIPPED == 4,
	       "the statements and the schema name these by their numbers");

#define OBJECT_COLUMNS                                                                                                             \
	"no, account_id, type, status, wanted, interval_s, next_ms, cursor_ms, reading_from_ms, reading_to_ms, position, mark, "  \
	"mark_ms, full_ms, sweep_ms, sweep_due, live, inactive, voided, deleted, parked, ledger_count, ledger_count_ms, "         \
	"attempt_ms, success_ms, failures, error_code, error_retry_s, error_ledger_code, error_trace_id, error_text, guard, "     \
	"drift, digest, error_unknown, whole_ms, filling, filled_id"
#define AUDIT_COLUMNS "no, at_ms, who, what, account_id, before, after, hash"
#define ATTEMPT_COLUMNS \
	"no, run, account_id, type, job, cause, started_ms, took_ms, error_code, error_retry_s, error_unknown, error_ledger_code, " \
	"error_trace_id, error_text, tries, pages, calls, bytes, throttled, added, changed, unchanged, deleted, parked, next_ms, " \
	"waited_ms, detail"
/* As an attempt ended for one of its items, once that is known. */
#define ITEM_ENDED(column) "CASE attempt_item.outcome WHEN '' THEN attempt." column " ELSE attempt_item." column " END"
#define ATTEMPT_OF_ITEM_COLUMNS \
	"attempt.no, run, attempt.account_id, attempt.type, job, cause, started_ms, took_ms, " ITEM_ENDED("error_code") ", " \
	ITEM_ENDED("error_retry_s") ", " ITEM_ENDED("error_unknown") ", " ITEM_ENDED("error_ledger_code") ", " \
	ITEM_ENDED("error_trace_id") ", CASE attempt_item.outcome WHEN '' THEN error_text ELSE outcome END, tries, pages, calls, bytes, " \
	"throttled, added, changed, unchanged, deleted, parked, next_ms, waited_ms, detail"

#define RESOURCE_COLUMNS \
	"no, id, organization, type, external_id, revision, hash, changed_ms, number, party, currency, day, total, lines, len, data"
#define LINK_COLUMNS \
	"no, account_id, resource, record_type, record_id, how, who, at_ms, approved, generation, revision, version, len, base"
#define PLAN_COLUMNS \
	"id, account_id, made_ms, expires_ms, who, state, state_ms, state_who, mapping, policies, digest, scope, head"
/* Why an intent that waits for its turn is not sent: its plan is paused. NULL: it is not. */
#define INTENT_PAUSE \
	"(SELECT plan_pause.why FROM plan_pause WHERE plan_pause.plan = intent.plan AND plan_pause.ended_ms = 0 AND intent.state IN (0, 1, 3))"
#define INTENT_HURRIED "EXISTS (SELECT 1 FROM plan_hurry WHERE plan_hurry.plan = intent.plan)"
#define INTENT_COLUMNS \
	"no, id, account_id, plan, line, resource, revision, act, record_type, record_id, version, generation, state, since_ms, made_ms, " \
	"next_ms, first_sent_ms, tries, looks, merges, envelope, total, tax, currency, number, who, why, error_code, error_retry_s, " \
	"error_unknown, error_ledger_code, error_trace_id, error_text, " INTENT_PAUSE ", " INTENT_HURRIED

#define REQUEST_COLUMNS \
	"position, id, organization, request.resource, operation, unconfirmed, status, message, made_ms, changed_ms"

static const char *const texts[STATEMENT_COUNT] = {
	[META_GET] =
		"SELECT value FROM meta WHERE name = ?1",
	[META_SET] =
		"INSERT INTO meta (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET "
		"value = excluded.value",
	[STORE_COUNTS] =
		"SELECT (SELECT count(*) FROM account), (SELECT count(*) FROM record), (SELECT count(*) FROM attempt), "
		"(SELECT count(*) FROM audit)",
	[ACCOUNT_ALL] =
		"SELECT id, provider, environment, name, country, currency, realm_tail, created, "
		"scopes, connected_by, connected_ms, state, reason, access_expires_ms, "
		"refresh_expires_ms, hard_expires_ms, refreshed_ms, generation, interval_s FROM account ORDER BY "
		"name COLLATE NOCASE, id",
	[ACCOUNT_GET] =
		"SELECT id, provider, environment, name, country, currency, realm_tail, created, "
		"scopes, connected_by, connected_ms, state, reason, access_expires_ms, "
		"refresh_expires_ms, hard_expires_ms, refreshed_ms, generation, interval_s FROM account WHERE id "
		"= ?1",
	[ACCOUNT_BY_MARK] =
		"SELECT id, provider, environment, name, country, currency, realm_tail, created, "
		"scopes, connected_by, connected_ms, state, reason, access_expires_ms, "
		"refresh_expires_ms, hard_expires_ms, refreshed_ms, generation, interval_s FROM account WHERE "
		"provider = ?1 AND environment = ?2 AND realm_mark = ?3",
	[ACCOUNT_ADD] =
		"INSERT INTO account (id, provider, environment, name, country, currency, realm_tail, "
		"created, scopes, connected_by, connected_ms, state, reason, access_expires_ms, "
		"refresh_expires_ms, hard_expires_ms, refreshed_ms, generation, interval_s, realm_mark, "
		"wrapped_key) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, "
		"?15, ?16, ?17, ?18, ?19, ?20, ?21)",
	[ACCOUNT_SAVE] =
		"UPDATE account SET provider = ?2, environment = ?3, name = ?4, country = ?5, "
		"currency = ?6, realm_tail = ?7, created = ?8, scopes = ?9, connected_by = ?10, "
		"connected_ms = ?11, state = ?12, reason = ?13, access_expires_ms = ?14, "
		"refresh_expires_ms = ?15, hard_expires_ms = ?16, refreshed_ms = ?17, generation = "
		"?18, interval_s = ?19 WHERE id = ?1",
	[ACCOUNT_KEY] =
		"SELECT wrapped_key FROM account WHERE id = ?1",
	[ACCOUNT_SET_KEY] =
		"UPDATE account SET wrapped_key = ?2 WHERE id = ?1",
	[SEALED_PUT] =
		"INSERT INTO sealed (account_id, kind, generation, bytes) VALUES (?1, ?2, ?3, ?4) ON "
		"CONFLICT (account_id, kind, generation) DO UPDATE SET bytes = excluded.bytes",
	[SEALED_TRIM] =
		"DELETE FROM sealed WHERE account_id = ?1 AND kind = ?2 AND generation NOT IN (SELECT "
		"generation FROM sealed WHERE account_id = ?1 AND kind = ?2 ORDER BY generation DESC "
		"LIMIT 2)",
	[SEALED_GET] =
		"SELECT generation, bytes FROM sealed WHERE account_id = ?1 AND kind = ?2 ORDER BY "
		"generation DESC LIMIT 1 OFFSET ?3",
	[SEALED_DROP] =
		"DELETE FROM sealed WHERE account_id = ?1",
	[SEALED_FORGET] =
		"DELETE FROM sealed WHERE account_id = ?1 AND kind = ?2",
	[SEALED_NEXT] =
		"SELECT no, account_id, kind, generation, bytes FROM sealed WHERE no > ?1 ORDER BY no "
		"LIMIT 1",
	[REFRESH_STATE] =
		"SELECT refresh_holder, refresh_until_ms, refresh_generation, generation FROM account "
		"WHERE id = ?1",
	[REFRESH_TAKE] =
		"UPDATE account SET refresh_holder = ?2, refresh_until_ms = ?3 WHERE id = ?1",
	[REFRESH_STARTED] =
		"UPDATE account SET refresh_generation = ?2 WHERE id = ?1 AND generation = ?2",
	[REFRESH_RELEASE] =
		"UPDATE account SET refresh_holder = '', refresh_until_ms = 0, refresh_generation = "
		"-1 WHERE id = ?1 AND refresh_holder = ?2",
	[CONNECT_PUT] =
		"INSERT INTO connect_attempt (name, provider, made_ms, sealed) VALUES (?1, ?2, ?3, "
		"?4) ON CONFLICT (name) DO UPDATE SET provider = excluded.provider, made_ms = "
		"excluded.made_ms, sealed = excluded.sealed",
	[CONNECT_GET] =
		"SELECT name, made_ms, sealed FROM connect_attempt WHERE ?1 = '' OR name = ?1 ORDER "
		"BY made_ms DESC, name DESC LIMIT 1",
	[CONNECT_DROP] =
		"DELETE FROM connect_attempt WHERE name = ?1",
	[OBJECT_ENSURE] =
		"INSERT INTO object (account_id, type) VALUES (?1, ?2) ON CONFLICT (account_id, type) "
		"DO NOTHING",
	[OBJECT_GET] =
		"SELECT " OBJECT_COLUMNS " FROM object WHERE account_id = ?1 AND type = ?2",
	[OBJECT_ALL] =
		"SELECT " OBJECT_COLUMNS " FROM object ORDER BY account_id, no",
	[OBJECT_OF] =
		"SELECT " OBJECT_COLUMNS " FROM object WHERE account_id = ?1 ORDER BY no",
	/* What an operator has set stands apart: whoever works on the object knows only what it was before. */
	[OBJECT_SAVE] =
		"UPDATE object SET status = ?3, next_ms = ?4, cursor_ms = ?5, reading_from_ms = ?6, reading_to_ms = ?7, position = "
		"?8, mark = ?9, mark_ms = ?10, full_ms = ?11, sweep_ms = ?12, sweep_due = ?13, live = CASE ?36 WHEN 0 THEN ?14 ELSE live END, inactive = CASE ?36 "
		"WHEN 0 THEN ?15 ELSE inactive END, voided = CASE ?36 WHEN 0 THEN ?16 ELSE voided END, deleted = CASE ?36 WHEN 0 THEN ?17 "
		"ELSE deleted END, parked = CASE ?36 WHEN 0 THEN ?18 ELSE parked END, ledger_count = ?19, ledger_count_ms = ?20, attempt_ms = ?21, success_ms = ?22, "
		"failures = ?23, error_code = ?24, error_retry_s = ?25, error_ledger_code = ?26, error_trace_id = ?27, error_text = "
		"?28, guard = ?29, drift = ?30, digest = ?31, error_unknown = ?32, whole_ms = ?33, filling = ?34, filled_id = ?35 WHERE no = ?1 AND account_id = ?2",
	[OBJECT_SET] =
		"UPDATE object SET wanted = ?3, interval_s = ?4, next_ms = ?5 WHERE no = ?1 AND account_id = ?2",
	[OBJECT_DUE] =
		"SELECT object.no, object.account_id, object.type, object.status, object.wanted, "
		"object.interval_s, object.next_ms, object.cursor_ms, object.reading_from_ms, "
		"object.reading_to_ms, object.position, object.mark, object.mark_ms, object.full_ms, "
		"object.sweep_ms, object.sweep_due, object.live, object.inactive, object.voided, "
		"object.deleted, object.parked, object.ledger_count, object.ledger_count_ms, "
		"object.attempt_ms, object.success_ms, object.failures, object.error_code, "
		"object.error_retry_s, object.error_ledger_code, object.error_trace_id, "
		"object.error_text, object.guard, object.drift, object.digest, object.error_unknown, object.whole_ms, object.filling, object.filled_id FROM object JOIN "
		"account ON account.id = object.account_id LEFT JOIN lease ON lease.account_id = "
		"object.account_id LEFT JOIN breaker ON breaker.account_id = object.account_id WHERE "
		"object.wanted = 1 AND object.status <> 5 AND account.state = 0 AND object.next_ms <= "
		"?1 AND (lease.until_ms IS NULL OR lease.until_ms <= ?1 OR lease.until_ms > ?1 + 600000 OR lease.holder = ?3) AND "
		"(breaker.open_until_ms IS NULL OR breaker.open_until_ms <= ?1) ORDER BY "
		"object.next_ms, object.no LIMIT ?2",
	[OBJECT_NEXT] =
		"SELECT min(max(object.next_ms, coalesce(breaker.open_until_ms, 0), CASE WHEN "
		"lease.holder <> ?2 THEN lease.until_ms ELSE 0 END)) AS due FROM object JOIN account "
		"ON account.id = object.account_id LEFT JOIN lease ON lease.account_id = "
		"object.account_id LEFT JOIN breaker ON breaker.account_id = object.account_id WHERE "
		"object.wanted = 1 AND object.status <> 5 AND account.state = 0 AND "
		"max(object.next_ms, coalesce(breaker.open_until_ms, 0), CASE WHEN lease.holder <> ?2 "
		"THEN lease.until_ms ELSE 0 END) > ?1",
	[OBJECT_COUNTS] =
		"SELECT state, count(*) FROM record WHERE object = ?1 GROUP BY state",
	[OBJECT_SET_COUNTS] =
		"UPDATE object SET live = ?2, inactive = ?3, voided = ?4, deleted = ?5, parked = ?6 WHERE no = ?1",
	[OBJECT_MOVED] =
		"UPDATE object SET live = live + (?3 = 0) - (?2 = 0), inactive = inactive + (?3 = 1) - (?2 = 1), voided = voided + (?3 = 2) - "
		"(?2 = 2), deleted = deleted + (?3 = 3) - (?2 = 3) WHERE no = ?1",
	[OBJECT_PARKED] =
		"SELECT count(*) FROM parked WHERE object = ?1",
	[SLICE_ALL] =
		"SELECT from_ms, to_ms, position, expected FROM slice WHERE object = ?1 ORDER BY from_ms LIMIT ?2",
	[SLICE_CLEAR] =
		"DELETE FROM slice WHERE object = ?1",
	[SLICE_ADD] =
		"INSERT INTO slice (object, from_ms, to_ms, position, expected) VALUES (?1, ?2, ?3, ?4, ?5)",
	/* Read on from where the backup was, at once, and prove what exists: what happened since is known by nobody. */
	[RESTORE_OBJECTS] =
		"UPDATE object SET next_ms = 0, sweep_due = max(sweep_due, cursor_ms <> -9223372036854775807 - 1)",
	/* Whatever was open then may have been written since: it is looked for before anything of it is sent. */
	[RESTORE_INTENTS] =
		"UPDATE intent SET state = 4, next_ms = 0, looks = 0, envelope = 0, first_sent_ms = ?1, why = 'a backup was restored: what "
		"became of it since is looked up' WHERE state <= 4",
	[RESTORE_LEASES] =
		"UPDATE lease SET until_ms = 0",
	[RESTORE_REFRESHES] =
		"UPDATE account SET refresh_holder = '', refresh_until_ms = 0",
	[RESTORE_BREAKERS] =
		"DELETE FROM breaker",
	[LEASE_GET] =
		"SELECT holder, until_ms, fence FROM lease WHERE account_id = ?1",
	[LEASE_PUT] =
		"INSERT INTO lease (account_id, holder, until_ms, fence) VALUES (?1, ?2, ?3, ?4) ON "
		"CONFLICT (account_id) DO UPDATE SET holder = excluded.holder, until_ms = "
		"excluded.until_ms, fence = excluded.fence",
	[LEASE_RENEW] =
		"UPDATE lease SET until_ms = ?3 WHERE account_id = ?1 AND fence = ?2",
	[LEASE_ALL] =
		"SELECT account_id, holder, until_ms, fence FROM lease WHERE until_ms > 0 ORDER BY "
		"account_id",
	[METER_ADD] =
		"INSERT INTO meter (account_id, month, calls, received, sent) VALUES (?1, ?2, ?3, ?4, ?5) ON "
		"CONFLICT (account_id, month) DO UPDATE SET calls = calls + excluded.calls, received = "
		"received + excluded.received, sent = sent + excluded.sent",
	[METER_GET] =
		"SELECT sum(calls), sum(received), sum(sent) FROM meter WHERE month = ?2 AND (?1 IS NULL OR "
		"account_id = ?1)",
	[METER_SUM] =
		"SELECT sum(calls), sum(received), sum(sent) FROM meter JOIN account ON account.id = meter.account_id WHERE month = ?1 AND environment = ?2 "
		"AND provider = ?3",
	[BREAKER_GET] =
		"SELECT failures, openings, open_until_ms FROM breaker WHERE account_id = ?1",
	[BREAKER_SET] =
		"INSERT INTO breaker (account_id, failures, openings, open_until_ms) VALUES (?1, ?2, "
		"?3, ?4) ON CONFLICT (account_id) DO UPDATE SET failures = excluded.failures, "
		"openings = excluded.openings, open_until_ms = excluded.open_until_ms",
	[DICTIONARY_OF] =
		"SELECT no, provider, type, bytes FROM dictionary WHERE provider = ?1 AND type = ?2 ORDER BY no DESC LIMIT 1",
	[DICTIONARY_GET] =
		"SELECT no, provider, type, bytes FROM dictionary WHERE no = ?1",
	[DICTIONARY_ADD] =
		"INSERT INTO dictionary (provider, type, bytes) VALUES (?1, ?2, ?3)",
	[RECORD_TITLES] =
		"SELECT no, title FROM record WHERE object = ?1",
	[RECORD_SEEN_SINCE] =
		"SELECT id FROM record WHERE object = ?1 AND seen_ms > ?2",
	[RECORD_ID] =
		"SELECT id FROM record WHERE no = ?1",
	[RECORD_FIND] =
		"SELECT no, version, hash, state, time_ms, seen_ms FROM record WHERE object = ?1 AND id = ?2",
	[RECORD_ADD] =
		"INSERT INTO record (object, id, version, state, time_ms, seen_ms, hash, title, c0, "
		"c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15) VALUES (?1, ?2, "
		"?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, "
		"?21, ?22, ?23, ?24)",
	[RECORD_CHANGE] =
		"UPDATE record SET version = ?2, state = ?3, time_ms = ?4, seen_ms = ?5, hash = ?6, "
		"title = ?7, c0 = ?8, c1 = ?9, c2 = ?10, c3 = ?11, c4 = ?12, c5 = ?13, c6 = ?14, c7 = "
		"?15, c8 = ?16, c9 = ?17, c10 = ?18, c11 = ?19, c12 = ?20, c13 = ?21, c14 = ?22, c15 "
		"= ?23 WHERE no = ?1",
	[RECORD_EXTRACT] =
		"UPDATE record SET version = ?3, state = CASE WHEN state = 3 THEN 3 ELSE ?4 END, time_ms = ?5, title = ?6, "
		"c0 = ?7, c1 = ?8, c2 = ?9, c3 = ?10, c4 = ?11, c5 = ?12, c6 = ?13, c7 = ?14, c8 = ?15, c9 = ?16, c10 = "
		"?17, c11 = ?18, c12 = ?19, c13 = ?20, c14 = ?21, c15 = ?22, hash = ?23 WHERE object = ?1 AND no = ?2",
	[RECORD_BLANK] =
		"UPDATE record SET title = id, c0 = NULL, c1 = NULL, c2 = NULL, c3 = NULL, c4 = NULL, c5 = NULL, c6 = NULL, "
		"c7 = NULL, c8 = NULL, c9 = NULL, c10 = NULL, c11 = NULL, c12 = NULL, c13 = NULL, c14 = NULL, c15 = NULL "
		"WHERE object = ?1 AND no = ?2",
	[RAW_PUT] =
		"INSERT INTO raw (no, dictionary, len, bytes) VALUES (?1, ?2, ?3, ?4) ON CONFLICT "
		"(no) DO UPDATE SET dictionary = excluded.dictionary, len = excluded.len, bytes = "
		"excluded.bytes",
	/* A row of values: one that was selected could be many, and each change of a page would be copied to be undone. */
	[HISTORY_ADD] =
		"INSERT INTO history (record, version, state, time_ms, seen_ms, dictionary, len, bytes) VALUES (?1, ?2, ?3, ?4, ?5, "
		"(SELECT dictionary FROM raw WHERE no = ?6), (SELECT len FROM raw WHERE no = ?6), (SELECT bytes FROM raw WHERE no = "
		"?6))",
	/* Of one moment: what is now and what was before it. */
	[HISTORY_LIST] =
		"SELECT 9223372036854775807 AS place, version, state, time_ms, seen_ms, raw.dictionary, raw.bytes FROM record JOIN "
		"raw ON raw.no = record.no WHERE object = ?1 AND id = ?2 UNION ALL SELECT history.no, history.version, "
		"history.state, history.time_ms, history.seen_ms, history.dictionary, history.bytes FROM record JOIN history ON "
		"history.record = record.no WHERE object = ?1 AND id = ?2 ORDER BY place DESC",
	[HISTORY_SIZE] =
		"SELECT count(*), coalesce(sum(length(bytes)), 0) FROM history",
	[RECORD_GONE] =
		"UPDATE record SET state = 3, seen_ms = ?3 WHERE object = ?1 AND no = ?2",
	[PARK] =
		"INSERT INTO parked (object, digest, first_ms, last_ms, times, why, len, bytes, id) "
		"VALUES (?1, ?2, ?3, ?3, 1, ?4, ?5, ?6, ?7) ON CONFLICT (object, digest) DO UPDATE SET "
		"last_ms = excluded.last_ms, times = times + 1, why = excluded.why, id = excluded.id",
	[PARKED_CAUSES] =
		"SELECT object.account_id, object.type, parked.why, count(*) FROM parked INDEXED BY parked_why JOIN "
		"object ON object.no = parked.object GROUP BY parked.object, parked.why",
	[PARKED_NEXT] =
		"SELECT digest, bytes FROM parked WHERE object = ?1 AND digest > ?2 ORDER BY digest LIMIT 1",
	[UNPARK] =
		"DELETE FROM parked WHERE object = ?1 AND digest = ?2",
	[UNPARK_ID] =
		"DELETE FROM parked WHERE object = ?1 AND id = ?2 AND digest <> ?3",
	[RECORD_GET] =
		"SELECT record.no, id, version, state, time_ms, seen_ms, title, c0, c1, c2, c3, c4, "
		"c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, raw.dictionary, raw.bytes FROM "
		"record JOIN raw ON raw.no = record.no WHERE object = ?1 AND id = ?2",
	[RECORD_ROW] =
		"SELECT no, id, version, state, time_ms, seen_ms, title, c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, "
		"c14, c15 FROM record WHERE object = ?1 AND no = ?2",
	[RECORD_ROW_THEN] =
		"SELECT no, id, version, state, time_ms, seen_ms, title, c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, "
		"c14, c15 FROM record_then (?1, ?2)",
	[RECORD_RAW] =
		"SELECT record.no, id, version, state, time_ms, seen_ms, title, c0, c1, c2, c3, c4, "
		"c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, raw.dictionary, raw.bytes FROM "
		"record JOIN raw ON raw.no = record.no WHERE object = ?1 AND id > ?2 ORDER BY id",
	[SWEEP_CLEAR] =
		"DELETE FROM sweep WHERE object = ?1",
	[SWEEP_NOTE] =
		"INSERT INTO sweep (object, id, version) VALUES (?1, ?2, ?3) ON CONFLICT (object, id) "
		"DO UPDATE SET version = excluded.version",
	[SWEEP_MISSING] =
		"SELECT id FROM record WHERE object = ?1 AND state <> 3 AND NOT EXISTS (SELECT 1 FROM "
		"sweep WHERE sweep.object = ?1 AND sweep.id = record.id) ORDER BY no LIMIT ?2",
	[SWEEP_MISSING_COUNT] =
		"SELECT count(*) FROM record WHERE object = ?1 AND state <> 3 AND NOT EXISTS (SELECT "
		"1 FROM sweep WHERE sweep.object = ?1 AND sweep.id = record.id)",
	[SWEEP_UNKNOWN] =
		"SELECT id FROM sweep WHERE object = ?1 AND NOT EXISTS (SELECT 1 FROM record WHERE "
		"record.object = ?1 AND record.id = sweep.id AND record.state <> 3 AND (sweep.version "
		"= '' OR record.version = sweep.version)) ORDER BY id LIMIT ?2",
	[RUN_START] =
		"INSERT INTO run (cause, what, who, started_ms) VALUES (?1, ?2, ?3, ?4)",
	[RUN_END] =
		"UPDATE run SET ended_ms = ?2, result = ?3 WHERE no = ?1",
	[ATTEMPT_START] =
		"INSERT INTO attempt (run, account_id, type, job, cause, started_ms, tries) VALUES "
		"(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
	[ATTEMPT_END] =
		"UPDATE attempt SET took_ms = ?2, error_code = ?3, error_retry_s = ?4, error_unknown "
		"= ?5, error_ledger_code = ?6, error_trace_id = ?7, error_text = ?8, detail = ?9, "
		"tries = ?10, pages = ?11, calls = ?12, bytes = ?13, throttled = ?14, added = ?15, "
		"changed = ?16, unchanged = ?17, deleted = ?18, parked = ?19, next_ms = ?20, waited_ms = ?21 WHERE no "
		"= ?1",
	[ATTEMPT_INTERRUPTED] =
		"UPDATE attempt SET took_ms = max(0, ?2 - started_ms), error_code = 8, error_text = "
		"'the program ended while this ran; it is taken up again' WHERE account_id = ?1 AND "
		"took_ms < 0",
	[ATTEMPT_GET] =
		"SELECT " ATTEMPT_COLUMNS " FROM attempt WHERE no = ?1",
	[ATTEMPT_RUNNING] =
		"SELECT no FROM attempt INDEXED BY attempt_running WHERE took_ms < 0 ORDER BY no DESC LIMIT ?1",
	/* Each by the index that holds just these in their order, whatever the planner takes to be few. */
	[ATTEMPT_OLDER] =
		"SELECT " ATTEMPT_COLUMNS " FROM attempt WHERE no > ?1 AND no < ?2 ORDER BY no DESC",
	[ATTEMPT_NEWER] =
		"SELECT " ATTEMPT_COLUMNS " FROM attempt WHERE no > ?1 AND no < ?2 ORDER BY no",
	[ATTEMPT_FAILED_OLDER] =
		"SELECT " ATTEMPT_COLUMNS " FROM attempt INDEXED BY attempt_failed WHERE error_code <> 0 AND no > ?1 AND no < ?2 "
		"ORDER BY no DESC",
	[ATTEMPT_FAILED_NEWER] =
		"SELECT " ATTEMPT_COLUMNS " FROM attempt INDEXED BY attempt_failed WHERE error_code <> 0 AND no > ?1 AND no < ?2 "
		"ORDER BY no",
	[ATTEMPT_ACCOUNT_OLDER] =
		"SELECT " ATTEMPT_COLUMNS " FROM attempt INDEXED BY attempt_account WHERE account_id = ?3 AND no > ?1 AND no < ?2 "
		"ORDER BY no DESC",
	[ATTEMPT_ACCOUNT_NEWER] =
		"SELECT " ATTEMPT_COLUMNS " FROM attempt INDEXED BY attempt_account WHERE account_id = ?3 AND no > ?1 AND no < ?2 "
		"ORDER BY no",
	[ATTEMPT_ACCOUNT_FAILED_OLDER] =
		"SELECT " ATTEMPT_COLUMNS " FROM attempt INDEXED BY attempt_account_failed WHERE error_code <> 0 AND account_id = ?3 "
		"AND no > ?1 AND no < ?2 ORDER BY no DESC",
	[ATTEMPT_ACCOUNT_FAILED_NEWER] =
		"SELECT " ATTEMPT_COLUMNS " FROM attempt INDEXED BY attempt_account_failed WHERE error_code <> 0 AND account_id = ?3 "
		"AND no > ?1 AND no < ?2 ORDER BY no",
	[ATTEMPT_TYPE_OLDER] =
		"SELECT " ATTEMPT_COLUMNS " FROM attempt INDEXED BY attempt_type WHERE account_id = ?3 AND type = ?4 AND no > ?1 AND "
		"no < ?2 ORDER BY no DESC",
	[ATTEMPT_TYPE_NEWER] =
		"SELECT " ATTEMPT_COLUMNS " FROM attempt INDEXED BY attempt_type WHERE account_id = ?3 AND type = ?4 AND no > ?1 AND "
		"no < ?2 ORDER BY no",
	/* An item stands once in an attempt for a record and for a document: no attempt comes twice. */
	[ATTEMPT_RECORD_OLDER] =
		"SELECT " ATTEMPT_OF_ITEM_COLUMNS " FROM attempt_item INDEXED BY attempt_item_record CROSS JOIN attempt ON attempt.no = attempt "
		"WHERE record_id <> '' AND attempt_item.account_id = ?3 AND attempt_item.type = ?4 AND record_id = ?5 AND attempt > ?1 AND "
		"attempt < ?2 ORDER BY attempt DESC",
	[ATTEMPT_RECORD_NEWER] =
		"SELECT " ATTEMPT_OF_ITEM_COLUMNS " FROM attempt_item INDEXED BY attempt_item_record CROSS JOIN attempt ON attempt.no = attempt "
		"WHERE record_id <> '' AND attempt_item.account_id = ?3 AND attempt_item.type = ?4 AND record_id = ?5 AND attempt > ?1 AND "
		"attempt < ?2 ORDER BY attempt",
	[ATTEMPT_RESOURCE_OLDER] =
		"SELECT " ATTEMPT_OF_ITEM_COLUMNS " FROM attempt_item INDEXED BY attempt_item_resource CROSS JOIN attempt ON attempt.no = attempt "
		"WHERE resource > 0 AND resource = ?3 AND attempt > ?1 AND attempt < ?2 ORDER BY attempt DESC",
	[ATTEMPT_RESOURCE_NEWER] =
		"SELECT " ATTEMPT_OF_ITEM_COLUMNS " FROM attempt_item INDEXED BY attempt_item_resource CROSS JOIN attempt ON attempt.no = attempt "
		"WHERE resource > 0 AND resource = ?3 AND attempt > ?1 AND attempt < ?2 ORDER BY attempt",
	[ATTEMPT_ITEM_PUT] =
		"INSERT OR REPLACE INTO attempt_item (account_id, attempt, part, type, record_id, resource, outcome, error_code, error_retry_s, "
		"error_unknown, error_ledger_code, error_trace_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
	[ATTEMPT_ITEM_NAME] =
		"UPDATE attempt_item INDEXED BY attempt_item_resource SET record_id = ?3 WHERE resource > 0 AND resource = ?2 AND account_id = ?1 "
		"AND record_id = ''",
	[ATTEMPT_ITEMS] =
		"SELECT type, record_id, resource, outcome, error_code, error_retry_s, error_unknown, error_ledger_code, error_trace_id FROM "
		"attempt_item WHERE account_id = ?1 AND attempt = ?2 ORDER BY part",
	[ATTEMPT_LAST] =
		"SELECT started_ms, took_ms, error_code, added + changed + unchanged + parked, added + changed + deleted, calls "
		"FROM attempt WHERE account_id = ?1 AND type = ?2 ORDER BY no DESC LIMIT ?3",
	[ATTEMPT_DAYS] =
		"INSERT INTO attempt_day (day, account_id, type, attempts, calls, changed) SELECT "
		"started_ms / 86400000, account_id, type, count(*), sum(calls), sum(added + changed + "
		"deleted) FROM attempt WHERE started_ms < ?1 AND error_code = 0 AND took_ms >= 0 "
		"GROUP BY 1, 2, 3 ON CONFLICT (day, account_id, type) DO UPDATE SET attempts = "
		"attempts + excluded.attempts, calls = calls + excluded.calls, changed = changed + "
		"excluded.changed",
	[ATTEMPT_TRIM] =
		"DELETE FROM attempt WHERE started_ms < ?1 AND took_ms >= 0 AND (error_code = 0 OR account_id = '' OR EXISTS (SELECT 1 FROM object WHERE "
		"object.account_id = attempt.account_id AND object.type = attempt.type AND object.success_ms > attempt.started_ms))",
	[AUDIT_LAST] =
		"SELECT no, hash FROM audit ORDER BY no DESC LIMIT 1",
	[AUDIT_ADD] =
		"INSERT INTO audit (no, at_ms, who, what, account_id, before, after, hash) VALUES "
		"(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
	[AUDIT_OLDER] =
		"SELECT " AUDIT_COLUMNS " FROM audit WHERE no > ?1 AND no <= ?2 ORDER BY no DESC",
	[AUDIT_NEWER] =
		"SELECT " AUDIT_COLUMNS " FROM audit WHERE no > ?1 AND no <= ?2 ORDER BY no",
	[AUDIT_VERIFY] =
		"SELECT " AUDIT_COLUMNS ", (SELECT value FROM meta WHERE name = 'audit.head') FROM (SELECT 1) LEFT JOIN audit ON "
		"audit.no > ?1 ORDER BY audit.no LIMIT ?2",
	[ORGANIZATION_ALL] =
		"SELECT id, external_id, name, made_ms, (SELECT count(*) FROM account WHERE organization = organization.id) FROM organization "
		"ORDER BY name COLLATE NOCASE, id",
	[ORGANIZATION_ADD] =
		"INSERT INTO organization (id, external_id, name, made_ms) VALUES (?1, ?2, ?3, ?4)",
	[ORGANIZATION_OF] =
		"SELECT organization FROM account WHERE id = ?1",
	[ORGANIZATION_GIVE] =
		"UPDATE account SET organization = ?2 WHERE id = ?1",
	[ORGANIZATION_USED] =
		"SELECT (SELECT count(*) FROM link WHERE account_id = ?1) + (SELECT count(*) FROM plan WHERE account_id = ?1)",
	[RESOURCE_ADD] =
		"INSERT INTO resource (id, organization, type, external_id, revision, hash, changed_ms, due_ms, number, party, currency, day, total, "
		"lines, len, data) VALUES (?1, ?2, ?3, ?4, 1, ?5, ?6, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
	[RESOURCE_CHANGE] =
		"UPDATE resource SET revision = revision + 1, hash = ?2, changed_ms = ?3, due_ms = ?3, number = ?4, party = ?5, currency = ?6, day = ?7, "
		"total = ?8, lines = ?9, len = ?10, data = ?11 WHERE no = ?1",
	[RESOURCE_EDITED] =
		"SELECT no, organization, due_ms FROM resource INDEXED BY resource_due WHERE due_ms > 0 ORDER BY due_ms LIMIT ?1",
	[RESOURCE_LOOKED_AT] =
		"UPDATE resource SET due_ms = 0 WHERE no = ?1 AND due_ms = ?2",
	[RESOURCE_FIND] =
		"SELECT " RESOURCE_COLUMNS " FROM resource WHERE organization = ?1 AND type = ?2 AND external_id = ?3",
	[RESOURCE_BY_WORD] =
		"SELECT " RESOURCE_COLUMNS " FROM resource WHERE organization = ?1 AND no IN (SELECT no FROM resource WHERE id = ?2 UNION SELECT no "
		"FROM resource INDEXED BY resource_word WHERE organization = ?1 AND external_id = ?2) ORDER BY id <> ?2 LIMIT 2",
	[RESOURCE_BY_ID] =
		"SELECT " RESOURCE_COLUMNS " FROM resource WHERE id = ?1",
	[RESOURCE_BY_NO] =
		"SELECT " RESOURCE_COLUMNS " FROM resource WHERE no = ?1",
	/* Read on from wherever they were left, in the order they came: none of these sorts. */
	[RESOURCE_LIST] =
		"SELECT " RESOURCE_COLUMNS " FROM resource NOT INDEXED WHERE organization = ?1 AND no > ?2 ORDER BY no LIMIT ?3",
	[RESOURCE_LIST_OF_TYPE] =
		"SELECT " RESOURCE_COLUMNS " FROM resource INDEXED BY resource_type WHERE organization = ?1 AND no > ?2 AND type = ?4 "
		"ORDER BY no LIMIT ?3",
	[RESOURCE_NUMBERS] =
		"SELECT no FROM resource INDEXED BY resource_type WHERE organization = ?1 AND type = ?2 AND no > ?3 ORDER BY no LIMIT ?4",
	[REVISION_ADD] =
		"INSERT INTO revision (resource, revision, at_ms, source, len, data) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
	[REVISION_GET] =
		"SELECT data FROM revision WHERE resource = ?1 AND revision = ?2",
	[LINK_GET] =
		"SELECT " LINK_COLUMNS " FROM link WHERE account_id = ?1 AND resource = ?2",
	[LINK_OF_RECORD] =
		"SELECT " LINK_COLUMNS " FROM link WHERE account_id = ?1 AND record_type = ?2 AND record_id = ?3 AND record_id <> ''",
	[LINK_OF_RESOURCE] =
		"SELECT " LINK_COLUMNS " FROM link WHERE resource = ?1 ORDER BY account_id",
	[LINK_FITS] =
		"SELECT count(*) FROM account, resource WHERE account.id = ?1 AND resource.no = ?2 AND account.organization = "
		"resource.organization",
	[LINK_PUT] =
		"INSERT INTO link (account_id, resource, record_type, record_id, how, who, at_ms, approved, generation, revision, version, "
		"len, base) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) ON CONFLICT (account_id, resource) DO UPDATE SET "
		"record_type = excluded.record_type, record_id = excluded.record_id, how = excluded.how, who = excluded.who, "
		"at_ms = excluded.at_ms, approved = excluded.approved, generation = excluded.generation, revision = excluded.revision, "
		"version = excluded.version, len = excluded.len, base = excluded.base",
	[LINK_DROP] =
		"DELETE FROM link WHERE account_id = ?1 AND resource = ?2",
	[DECISION_GET] =
		"SELECT what, who, at_ms FROM decision WHERE account_id = ?1 AND resource = ?2 AND about = ?3",
	[DECISION_PUT] =
		"INSERT INTO decision (account_id, resource, what, about, who, at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (account_id, "
		"resource, about) DO UPDATE SET what = excluded.what, who = excluded.who, at_ms = excluded.at_ms",
	[DECISION_DROP] =
		"DELETE FROM decision WHERE account_id = ?1 AND resource = ?2 AND (instr(about, ':') = 0 OR instr(?3, substr(about, 1, "
		"instr(about, ':'))) = 0)",
	[MAPPING_ALL] =
		"SELECT target, code, record_id, name, number, who, at_ms, version FROM mapping WHERE account_id = ?1 ORDER BY target, key",
	[MAPPING_GET] =
		"SELECT target, code, record_id, name, number, who, at_ms, version FROM mapping WHERE account_id = ?1 AND target = ?2 AND key = ?3",
	[MAPPING_PUT] =
		"INSERT INTO mapping (account_id, target, key, code, record_id, name, number, who, at_ms, version) VALUES (?1, ?2, ?3, ?4, ?5, "
		"?6, ?7, ?8, ?9, ?10) ON CONFLICT (account_id, target, key) DO UPDATE SET code = excluded.code, record_id = excluded.record_id, "
		"name = excluded.name, number = excluded.number, who = excluded.who, at_ms = excluded.at_ms, version = excluded.version",
	[MAPPING_DROP] =
		"DELETE FROM mapping WHERE account_id = ?1 AND target = ?2 AND key = ?3",
	[MAPPING_VERSION] =
		"SELECT coalesce(max(version), 0) FROM mapping_change WHERE account_id = ?1",
	[MAPPING_CHANGED] =
		"INSERT INTO mapping_change (account_id, version, part, at_ms, who, what, target, code, before_id, before_name, after_id, "
		"after_name, undoes) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
	[MAPPING_UNDOES] =
		"SELECT version, undoes FROM mapping_change WHERE account_id = ?1 AND part = 1 ORDER BY version",
	[MAPPING_HISTORY] =
		"SELECT version, at_ms, who, what, target, code, before_id, before_name, after_id, after_name, undoes FROM mapping_change WHERE "
		"account_id = ?1 AND (?2 = 0 OR version = ?2) ORDER BY version DESC, part",
	[POLICY_ALL] =
		"SELECT name, value FROM policy WHERE account_id = ?1",
	[POLICY_SET] =
		"INSERT INTO policy (account_id, name, value) VALUES (?1, ?2, ?3) ON CONFLICT (account_id, name) DO UPDATE SET value = "
		"excluded.value",
	[POLICY_DROP] =
		"DELETE FROM policy WHERE account_id = ?1 AND name = ?2",
	[RATES_VERSION] =
		"SELECT coalesce(max(version), 0) FROM rates WHERE account_id = ?1",
	[RATES_ADD] =
		"INSERT INTO rates (account_id, version, at_ms, who, what) VALUES (?1, ?2, ?3, ?4, ?5)",
	[RATE_ADD] =
		"INSERT INTO rate (account_id, version, currency, day, rate) VALUES (?1, ?2, ?3, ?4, ?5)",
	[RATES_GET] =
		"SELECT currency, day, rate FROM rate WHERE account_id = ?1 AND version = ?2 ORDER BY currency, day",
	[RATES_HISTORY] =
		"SELECT version, at_ms, who, what, (SELECT count(*) FROM rate WHERE rate.account_id = rates.account_id AND rate.version = "
		"rates.version) FROM rates WHERE account_id = ?1 ORDER BY version DESC",
	[CREDIT_NOTE_GET] =
		"SELECT account_id, invoice, note, payment FROM credit_note WHERE account_id = ?1 AND invoice = ?2",
	[CREDIT_NOTE_OF] =
		"SELECT account_id, invoice, note, payment FROM credit_note WHERE note = ?1 UNION ALL SELECT account_id, invoice, note, payment FROM "
		"credit_note WHERE payment = ?1",
	[CREDIT_NOTE_PUT] =
		"INSERT INTO credit_note (account_id, invoice, note, payment) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (account_id, invoice) DO UPDATE "
		"SET payment = excluded.payment",
	[CREDIT_NOTE_ALL] =
		"SELECT account_id, invoice, note, payment FROM credit_note WHERE account_id = ?1 ORDER BY invoice",
	[PLAN_ADD] =
		"INSERT INTO plan (" PLAN_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
	[PLAN_ADD_LINE] =
		"INSERT INTO plan_line (plan, line, act, reason, resource, revision, record_type, record_id, version, why, number, party, "
		"currency, day, total, tax, digest, detail, len, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, "
		"?15, ?16, ?17, ?18, ?19, ?20)",
	[PLAN_FINISH] =
		"UPDATE plan SET digest = ?2, head = ?3 WHERE id = ?1",
	[PLAN_SWEEP_LINES] =
		"DELETE FROM plan_line WHERE plan IN (SELECT id FROM plan WHERE digest = '' AND made_ms < ?1)",
	[PLAN_SWEEP] =
		"DELETE FROM plan WHERE digest = '' AND made_ms < ?1",
	[PLAN_FIND] =
		"SELECT " PLAN_COLUMNS " FROM plan WHERE digest <> '' AND (?1 = '' OR account_id = ?1) AND (?2 = '' AND state = 0 OR ?2 <> '' AND (id = ?2 OR "
		"substr(id, -length(?2)) = ?2 COLLATE NOCASE OR substr(id, 1, length(?2)) = ?2 COLLATE NOCASE)) ORDER BY made_ms DESC, id DESC LIMIT 2",
	[PLAN_NEWEST] =
		"SELECT " PLAN_COLUMNS " FROM plan WHERE digest <> '' AND account_id = ?1 AND scope ->> 'type' IS NULL AND scope ->> 'resources' IS NULL "
		"AND scope ->> 'undo' = '' ORDER BY made_ms DESC, id DESC LIMIT 1",
	[PLAN_ALL] =
		"SELECT " PLAN_COLUMNS " FROM plan WHERE digest <> '' AND (?1 = '' OR account_id = ?1) ORDER BY made_ms DESC, id DESC LIMIT ?2",
	[PLAN_LINES] =
		"SELECT line, act, reason, resource, revision, record_type, record_id, version, why, number, party, currency, day, total, tax, "
		"digest, detail, len, body FROM plan_line WHERE plan = ?1 AND line >= ?2 ORDER BY line LIMIT ?3",
	[PLAN_LINE_OF] =
		"SELECT line, act, reason, why FROM plan_line WHERE plan = ?1 AND resource = ?2 LIMIT 1",
	/* Only lines that would be carried out: of the others nothing comes. */
	[PLAN_MOVED] =
		"SELECT line.number, line.record_type, resource.revision <> line.revision FROM plan_line AS line JOIN resource ON resource.no = "
		"line.resource WHERE line.plan = ?1 AND line.act IN (0, 1, 2, 4) AND (resource.revision <> line.revision OR line.version <> '' AND "
		"EXISTS (SELECT 1 FROM object JOIN record ON record.object = object.no WHERE object.account_id = ?2 AND object.type = "
		"line.record_type AND record.id = line.record_id AND record.version <> line.version)) ORDER BY line.line LIMIT 1",
	[PLAN_SETTLE] =
		"UPDATE plan SET state = ?2, state_ms = ?3, state_who = ?4 WHERE id = ?1 AND state = 0",
	[PLAN_PAUSE] =
		"INSERT INTO plan_pause (plan, at_ms, who, why) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
	[PLAN_RESUME] =
		"UPDATE plan_pause SET ended_ms = ?2, ended_who = ?3 WHERE plan = ?1 AND ended_ms = 0",
	[PLAN_PAUSED] =
		"SELECT at_ms, who, why FROM plan_pause WHERE plan = ?1 AND ended_ms = 0",
	[PLAN_HURRY] =
		"INSERT INTO plan_hurry (plan, at_ms, who) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
	[INTENT_ADD] =
		"INSERT INTO intent (id, account_id, plan, line, resource, revision, act, record_type, record_id, version, generation, state, "
		"since_ms, made_ms, next_ms, total, tax, currency, number, who, why, len, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, "
		"?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23)",
	[INTENT_ADD_PARENT] =
		"INSERT OR IGNORE INTO intent_parent (intent, parent) VALUES (?1, ?2)",
	[INTENT_ADOPT] =
		"UPDATE OR REPLACE intent_parent SET parent = ?3 WHERE parent IN (SELECT no FROM intent WHERE resource = ?1 AND "
		"account_id = ?2) AND intent <> ?3 AND (SELECT state FROM intent WHERE no = intent_parent.intent) = 0",
	[INTENT_GET] =
		"SELECT " INTENT_COLUMNS ", len, body FROM intent WHERE no = ?1",
	[INTENT_BY_ID] =
		"SELECT " INTENT_COLUMNS " FROM intent WHERE id = ?1 OR substr(id, -length(?1)) = ?1 COLLATE NOCASE LIMIT 2",
	[INTENT_SAVE] =
		"UPDATE intent SET record_id = ?2, version = ?3, generation = ?4, state = ?5, since_ms = ?6, next_ms = ?7, first_sent_ms = ?8, "
		"tries = ?9, looks = ?10, merges = ?11, envelope = ?12, why = ?13, error_code = ?14, error_retry_s = ?15, error_unknown = ?16, "
		"error_ledger_code = ?17, error_trace_id = ?18, error_text = ?19, said = coalesce(?20, said), landed = coalesce(?21, landed) "
		"WHERE no = ?1",
	[INTENT_SET_BODY] =
		"UPDATE intent SET len = ?2, body = ?3 WHERE no = ?1",
	[INTENT_SAID] =
		"SELECT said, landed FROM intent WHERE no = ?1",
	[INTENT_STEP] =
		"INSERT INTO intent_step (intent, at_ms, state, who, why) VALUES (?1, ?2, ?3, ?4, ?5)",
	[INTENT_STEPS] =
		"SELECT at_ms, state, who, why FROM intent_step WHERE intent = ?1 ORDER BY no",
	[INTENT_LIST] =
		"SELECT " INTENT_COLUMNS " FROM intent WHERE no < ?1 ORDER BY no DESC LIMIT ?2",
	[INTENT_LIST_OF] =
		"SELECT " INTENT_COLUMNS " FROM intent WHERE no < ?1 AND account_id = ?3 ORDER BY no DESC LIMIT ?2",
	[INTENT_OWED] =
		"SELECT " INTENT_COLUMNS " FROM intent INDEXED BY intent_all_owed WHERE (state <= 4 OR state BETWEEN 6 AND 9) AND no < ?1 "
		"ORDER BY no DESC LIMIT ?2",
	[INTENT_OWED_OF] =
		"SELECT " INTENT_COLUMNS " FROM intent INDEXED BY intent_owed WHERE (state <= 4 OR state BETWEEN 6 AND 9) AND account_id = ?3 "
		"AND no < ?1 ORDER BY no DESC LIMIT ?2",
	[INTENT_OF_PLAN] =
		"SELECT " INTENT_COLUMNS " FROM intent INDEXED BY intent_plan WHERE no < ?1 AND plan = ?3 ORDER BY no DESC LIMIT ?2",
	[INTENT_OF_RESOURCE] =
		"SELECT " INTENT_COLUMNS " FROM intent WHERE no < ?1 AND resource = ?3 ORDER BY no DESC LIMIT ?2",
	[INTENT_DUE] =
		"SELECT " INTENT_COLUMNS " FROM intent INDEXED BY intent_next WHERE state <= 4 AND account_id = ?1 AND next_ms <= ?2 "
		"AND " INTENT_PAUSE " IS NULL AND (?4 OR state IN (2, 4) OR " INTENT_HURRIED ") ORDER BY next_ms, no LIMIT ?3",
	[INTENT_NEXT_OF] =
		"SELECT coalesce(min(next_ms), 9223372036854775807) FROM intent INDEXED BY intent_next WHERE state <= 4 AND account_id = ?1 AND "
		INTENT_PAUSE " IS NULL AND (state IN (2, 4) OR " INTENT_HURRIED ")",
	[INTENT_NEXT] =
		"SELECT account_id, min(next_ms) FROM intent INDEXED BY intent_next WHERE state <= 4 AND "
		/* Where no plan is paused the index alone says it. */
		"(NOT EXISTS (SELECT 1 FROM plan_pause WHERE ended_ms = 0) OR " INTENT_PAUSE " IS NULL) GROUP BY account_id ORDER BY 2",
	[INTENT_SENDING_OF] =
		"SELECT DISTINCT account_id FROM intent INDEXED BY intent_next WHERE state <= 4 AND state = 2",
	[INTENT_HASTEN] =
		"UPDATE intent INDEXED BY intent_next SET next_ms = ?2 WHERE state <= 4 AND state = 3 AND account_id = ?1 AND next_ms > ?2",
	[INTENT_OPEN] =
		"SELECT " INTENT_COLUMNS " FROM intent INDEXED BY intent_open WHERE state <= 4 AND account_id = ?1 AND resource = ?2",
	[INTENT_PARENTS] =
		"SELECT " INTENT_COLUMNS " FROM intent WHERE no IN (SELECT parent FROM intent_parent WHERE intent = ?1) AND NOT EXISTS (SELECT 1 FROM link WHERE link.account_id = intent.account_id AND link.resource = "
		"intent.resource AND link.record_id <> '') ORDER BY no",
	[INTENT_CHILDREN] =
		"SELECT " INTENT_COLUMNS " FROM intent WHERE no IN (SELECT intent FROM intent_parent WHERE parent = ?1) AND state = 0 ORDER BY no",
	[INTENT_COUNT] =
		"SELECT CASE WHEN " INTENT_PAUSE " IS NULL THEN state ELSE 12 END, count(*) FROM intent INDEXED BY intent_owed WHERE (state <= 4 "
		"OR state BETWEEN 6 AND 9) AND account_id = ?1 GROUP BY 1",
	[INTENT_COUNT_OF_PLAN] =
		"SELECT CASE WHEN " INTENT_PAUSE " IS NULL THEN state ELSE 12 END, count(*) FROM intent WHERE plan = ?1 GROUP BY 1",
	[INTENT_SEEN] =
		"SELECT coalesce(sum(state = 9 AND error_unknown <> 0), 0), coalesce(sum(state = 4), 0), coalesce(sum(state BETWEEN 6 AND 9), 0), "
		"coalesce(sum(state BETWEEN 5 AND 9), 0) FROM intent INDEXED BY intent_plan WHERE plan = ?1 AND since_ms > "
		"(SELECT coalesce(max(ended_ms), -1) FROM plan_pause WHERE plan = ?1)",
	[ENVELOPE_ADD] =
		"INSERT INTO envelope (account_id, key, path, made_ms, members, len, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
	[ENVELOPE_GET] =
		"SELECT account_id, key, path, made_ms, sent_ms, times, members, len, body FROM envelope WHERE no = ?1",
	[ENVELOPE_SENT] =
		"UPDATE envelope SET sent_ms = CASE sent_ms WHEN 0 THEN ?2 ELSE sent_ms END, times = times + 1 WHERE no = ?1",
	[ENVELOPE_ANSWERED] =
		"UPDATE envelope SET answered_ms = ?2 WHERE no = ?1",
	[ENVELOPE_INTENTS] =
		"SELECT " INTENT_COLUMNS " FROM intent WHERE envelope = ?1 AND envelope <> 0 ORDER BY no",
	[REQUEST_ADD] =
		"INSERT INTO request (id, organization, resource, operation, unconfirmed, status, message, made_ms, changed_ms) "
		"VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
	[REQUEST_ADD_MEMBER] =
		"INSERT OR IGNORE INTO request_member (request, resource, revision) VALUES (?1, ?2, ?3)",
	[REQUEST_GET] =
		"SELECT " REQUEST_COLUMNS " FROM request WHERE position = ?1",
	[REQUEST_FIND] =
		"SELECT " REQUEST_COLUMNS " FROM request WHERE id = ?1 OR (length(?1) >= 4 AND substr(id, -length(?1)) = ?1 COLLATE NOCASE) ORDER BY id <> ?1 LIMIT 2",
	[REQUEST_LIST] =
		"SELECT " REQUEST_COLUMNS " FROM request WHERE (?1 = '' OR organization = ?1) AND position < ?2 ORDER BY position DESC LIMIT ?3",
	[REQUEST_COUNT] =
		"SELECT status, count(*) FROM request GROUP BY status",
	[REQUEST_OPEN] =
		"SELECT " REQUEST_COLUMNS " FROM request INDEXED BY request_open WHERE organization = ?1 AND status IN (0, 1, 3) AND position > ?2 "
		"ORDER BY position LIMIT ?3",
	[REQUEST_SAVE] =
		"UPDATE request SET status = ?2, message = ?3, changed_ms = ?4 WHERE position = ?1",
	[REQUEST_MEMBERS] =
		"SELECT resource, revision FROM request_member WHERE request = ?1 ORDER BY resource",
	/* The open one that comes first, else the newest settled one of that revision. */
	[REQUEST_OF] =
		"SELECT " REQUEST_COLUMNS ", revision FROM request_member JOIN request ON position = request WHERE request_member.resource = ?1 "
		"AND (status IN (0, 1, 3) OR revision = ?2) ORDER BY status IN (2, 4), CASE WHEN status IN (2, 4) THEN -position ELSE position END "
		"LIMIT 1",
	[REQUEST_FIRST_FAILED] =
		"SELECT " REQUEST_COLUMNS " FROM request INDEXED BY request_open WHERE organization = ?1 AND status IN (0, 1, 3) AND status = 3 "
		"ORDER BY position LIMIT 1",
	[REQUEST_SAME] =
		"SELECT count(*) FROM request_member JOIN request ON position = request WHERE request_member.resource = ?1 AND revision = ?2 AND "
		"request.resource = ?1 AND operation = ?3 AND unconfirmed = ?4",
};

const char *statement_text(enum statement statement)
{
	const char *text = texts[statement] ? texts[statement] : statement_text_session(statement);

	return text ? text : statement_text_feed(statement);
}
