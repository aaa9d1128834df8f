/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The tables, as a list of migrations that only grows, since a file that has taken a step never takes it again: each runs in
 * one transaction and moves user_version. Every table that holds something of an account names the account first in its key.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/backup.h"
#include "ledgerdeck/store/log.h"
#include "ledgerdeck/store/store.h"
#include "query.h"

#define APPLICATION_ID 0x4c44434b /* "LDCK" */
#define COPY_MARK "copy"          /* in meta: "1" in a backup that nobody has worked on yet */

/* What belongs to a session is as it was once the session is prepared, signed or dropped. */
#define WHILE_OPEN(table)                                                                                                        \
	"CREATE TRIGGER " table "_add BEFORE INSERT ON " table " WHEN (SELECT state FROM session WHERE no = NEW.session) <> 0 BEGIN" \
	" SELECT RAISE (ABORT, 'the session is not open'); END;"                                                                 \
	"CREATE TRIGGER " table "_change BEFORE UPDATE ON " table " WHEN (SELECT state FROM session WHERE no = OLD.session) <> 0 BEGIN" \
	" SELECT RAISE (ABORT, 'the session is not open'); END;"                                                                 \
	"CREATE TRIGGER " table "_drop BEFORE DELETE ON " table " WHEN (SELECT state FROM session WHERE no = OLD.session) <> 0 BEGIN" \
	" SELECT RAISE (ABORT, 'the session is not open'); END;"

static const char *const migrations[] = {
	/* 1: accounts, the mirror, the log */
	"CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE account ("
	" id TEXT PRIMARY KEY, provider TEXT NOT NULL, environment INTEGER NOT NULL, realm_mark TEXT NOT NULL,"
	" name TEXT NOT NULL, country TEXT NOT NULL, currency TEXT NOT NULL, realm_tail TEXT NOT NULL, created TEXT NOT NULL,"
	" scopes TEXT NOT NULL, connected_by TEXT NOT NULL, connected_ms INTEGER NOT NULL, state INTEGER NOT NULL,"
	" reason TEXT NOT NULL, access_expires_ms INTEGER NOT NULL, refresh_expires_ms INTEGER NOT NULL,"
	" hard_expires_ms INTEGER NOT NULL, refreshed_ms INTEGER NOT NULL, generation INTEGER NOT NULL,"
	" wrapped_key BLOB NOT NULL, refresh_holder TEXT NOT NULL DEFAULT '', refresh_until_ms INTEGER NOT NULL DEFAULT 0,"
	" refresh_generation INTEGER NOT NULL DEFAULT -1, UNIQUE (provider, environment, realm_mark)) WITHOUT ROWID;"
	"CREATE TABLE sealed ("
	" no INTEGER PRIMARY KEY, account_id TEXT NOT NULL, kind TEXT NOT NULL, generation INTEGER NOT NULL,"
	" bytes BLOB NOT NULL, UNIQUE (account_id, kind, generation));"
	"CREATE TABLE connect_attempt (name TEXT PRIMARY KEY, provider TEXT NOT NULL, made_ms INTEGER NOT NULL,"
	" sealed BLOB NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE object ("
	" no INTEGER PRIMARY KEY, account_id TEXT NOT NULL REFERENCES account (id), type TEXT NOT NULL,"
	" status INTEGER NOT NULL DEFAULT 0, wanted INTEGER NOT NULL DEFAULT 1, interval_s INTEGER NOT NULL DEFAULT 0,"
	" next_ms INTEGER NOT NULL DEFAULT 0, cursor_ms INTEGER NOT NULL DEFAULT (-9223372036854775807 - 1),"
	" reading_from_ms INTEGER NOT NULL DEFAULT 0, reading_to_ms INTEGER NOT NULL DEFAULT 0,"
	" position TEXT NOT NULL DEFAULT '', mark TEXT NOT NULL DEFAULT '', mark_ms INTEGER NOT NULL DEFAULT 0,"
	" full_ms INTEGER NOT NULL DEFAULT 0, sweep_ms INTEGER NOT NULL DEFAULT 0, sweep_due INTEGER NOT NULL DEFAULT 0,"
	" live INTEGER NOT NULL DEFAULT 0, inactive INTEGER NOT NULL DEFAULT 0, voided INTEGER NOT NULL DEFAULT 0,"
	" deleted INTEGER NOT NULL DEFAULT 0, parked INTEGER NOT NULL DEFAULT 0,"
	" ledger_count INTEGER NOT NULL DEFAULT -1, ledger_count_ms INTEGER NOT NULL DEFAULT 0,"
	" attempt_ms INTEGER NOT NULL DEFAULT 0, success_ms INTEGER NOT NULL DEFAULT 0, failures INTEGER NOT NULL DEFAULT 0,"
	" error_code INTEGER NOT NULL DEFAULT 0, error_retry_s INTEGER NOT NULL DEFAULT -1,"
	" error_ledger_code TEXT NOT NULL DEFAULT '', error_trace_id TEXT NOT NULL DEFAULT '',"
	" error_unknown INTEGER NOT NULL DEFAULT 0, error_text TEXT NOT NULL DEFAULT '',"
	" guard TEXT NOT NULL DEFAULT '', drift TEXT NOT NULL DEFAULT '',"
	" digest TEXT NOT NULL DEFAULT '', UNIQUE (account_id, type));"
	"CREATE INDEX object_due ON object (next_ms) WHERE wanted = 1;"
	"CREATE TABLE record ("
	" no INTEGER PRIMARY KEY, object INTEGER NOT NULL REFERENCES object (no), id TEXT NOT NULL, version TEXT NOT NULL,"
	" state INTEGER NOT NULL, time_ms INTEGER, seen_ms INTEGER NOT NULL, hash INTEGER NOT NULL, title TEXT NOT NULL,"
	" c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, UNIQUE (object, id));"
	"CREATE INDEX record_time ON record (object, time_ms);"
	"CREATE TABLE raw (no INTEGER PRIMARY KEY REFERENCES record (no), dictionary INTEGER NOT NULL, len INTEGER NOT NULL,"
	" bytes BLOB NOT NULL);"
	"CREATE TABLE dictionary (no INTEGER PRIMARY KEY, provider TEXT NOT NULL, type TEXT NOT NULL, bytes BLOB NOT NULL);"
	"CREATE TABLE parked ("
	" object INTEGER NOT NULL REFERENCES object (no), digest TEXT NOT NULL, first_ms INTEGER NOT NULL,"
	" last_ms INTEGER NOT NULL, times INTEGER NOT NULL, why TEXT NOT NULL, len INTEGER NOT NULL, bytes BLOB NOT NULL,"
	" PRIMARY KEY (object, digest)) WITHOUT ROWID;"
	"CREATE TABLE sweep (object INTEGER NOT NULL REFERENCES object (no), id TEXT NOT NULL, version TEXT NOT NULL,"
	" PRIMARY KEY (object, id)) WITHOUT ROWID;"
	"CREATE TABLE run (no INTEGER PRIMARY KEY, cause TEXT NOT NULL, what TEXT NOT NULL, who TEXT NOT NULL,"
	" started_ms INTEGER NOT NULL, ended_ms INTEGER, result TEXT NOT NULL DEFAULT '');"
	"CREATE TABLE attempt ("
	" no INTEGER PRIMARY KEY AUTOINCREMENT, run INTEGER NOT NULL, account_id TEXT NOT NULL, type TEXT NOT NULL,"
	" job TEXT NOT NULL, cause TEXT NOT NULL, started_ms INTEGER NOT NULL, took_ms INTEGER NOT NULL DEFAULT -1,"
	" error_code INTEGER NOT NULL DEFAULT 0, error_retry_s INTEGER NOT NULL DEFAULT -1,"
	" error_unknown INTEGER NOT NULL DEFAULT 0, error_ledger_code TEXT NOT NULL DEFAULT '',"
	" error_trace_id TEXT NOT NULL DEFAULT '', error_text TEXT NOT NULL DEFAULT '', detail TEXT NOT NULL DEFAULT '',"
	" tries INTEGER NOT NULL DEFAULT 1, pages INTEGER NOT NULL DEFAULT 0, calls INTEGER NOT NULL DEFAULT 0,"
	" bytes INTEGER NOT NULL DEFAULT 0, throttled INTEGER NOT NULL DEFAULT 0, added INTEGER NOT NULL DEFAULT 0,"
	" changed INTEGER NOT NULL DEFAULT 0, unchanged INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0,"
	" parked INTEGER NOT NULL DEFAULT 0, next_ms INTEGER NOT NULL DEFAULT 0);"
	"CREATE INDEX attempt_account ON attempt (account_id, no);"
	"CREATE INDEX attempt_running ON attempt (account_id) WHERE took_ms < 0;"
	"CREATE INDEX attempt_failed ON attempt (no) WHERE error_code <> 0;"
	"CREATE TABLE attempt_day (day INTEGER NOT NULL, account_id TEXT NOT NULL, type TEXT NOT NULL, attempts INTEGER NOT NULL,"
	" calls INTEGER NOT NULL, changed INTEGER NOT NULL, PRIMARY KEY (day, account_id, type)) WITHOUT ROWID;"
	"CREATE TABLE audit (no INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL,"
	" account_id TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL, hash TEXT NOT NULL);"
	/* A row put in another's place deletes that one without its trigger. */
	"CREATE TRIGGER audit_insert BEFORE INSERT ON audit WHEN NEW.no <= (SELECT max(no) FROM audit) BEGIN"
	" SELECT RAISE (ABORT, 'the audit is append-only'); END;"
	"CREATE TRIGGER audit_update BEFORE UPDATE ON audit BEGIN SELECT RAISE (ABORT, 'the audit is append-only'); END;"
	"CREATE TRIGGER audit_delete BEFORE DELETE ON audit BEGIN SELECT RAISE (ABORT, 'the audit is append-only'); END;"
	"INSERT INTO meta (name, value) VALUES ('audit.head', '0:');"
	"CREATE TABLE lease (account_id TEXT PRIMARY KEY REFERENCES account (id), holder TEXT NOT NULL, until_ms INTEGER NOT NULL,"
	" fence INTEGER NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE meter (account_id TEXT NOT NULL, month TEXT NOT NULL, calls INTEGER NOT NULL, bytes INTEGER NOT NULL,"
	" PRIMARY KEY (account_id, month)) WITHOUT ROWID;"
	"CREATE TABLE breaker (account_id TEXT PRIMARY KEY, failures INTEGER NOT NULL, openings INTEGER NOT NULL,"
	" open_until_ms INTEGER NOT NULL) WITHOUT ROWID;",
	/* 2: an account's own interval; whose bytes were parked, as far as they say */
	"ALTER TABLE account ADD COLUMN interval_s INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE parked ADD COLUMN id TEXT NOT NULL DEFAULT '';"
	"CREATE INDEX parked_id ON parked (object, id);",
	/* 3: parts of a read that are read side by side; with the read they end, whoever ends it */
	"CREATE TABLE slice (object INTEGER NOT NULL REFERENCES object (no), from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL,"
	" position TEXT NOT NULL, PRIMARY KEY (object, from_ms)) WITHOUT ROWID;"
	"CREATE TRIGGER slice_end AFTER UPDATE OF position ON object WHEN NEW.position = '' BEGIN"
	" DELETE FROM slice WHERE object = NEW.no; END;",
	/* 4: what records were, without bytes where those of the version after are the same; since when a mirror is whole */
	"CREATE TABLE history ("
	" no INTEGER PRIMARY KEY, record INTEGER NOT NULL REFERENCES record (no), version TEXT NOT NULL,"
	" state INTEGER NOT NULL, time_ms INTEGER, seen_ms INTEGER NOT NULL, dictionary INTEGER, len INTEGER, bytes BLOB);"
	"CREATE INDEX history_record ON history (record);"
	"ALTER TABLE object ADD COLUMN whole_ms INTEGER NOT NULL DEFAULT 0;"
	"UPDATE object SET whole_ms = full_ms;",
	/* 5: records' hashes are made another way: as after a change of the catalogue, what is kept is gone through once */
	"UPDATE object SET digest = '-';",
	/* 6: how much a part of a read is expected to hold */
	"ALTER TABLE slice ADD COLUMN expected INTEGER NOT NULL DEFAULT 0;",
	/* 7: columns on their way to another row of the catalogue: which, and how far */
	("ALTER TABLE object ADD COLUMN filling TEXT NOT NULL DEFAULT '';"
	 "ALTER TABLE object ADD COLUMN filled_id TEXT NOT NULL DEFAULT '';"),
	/* 8: the log of one type and what failed in one account are found as fast as all of it; how long an attempt waited */
	("CREATE INDEX attempt_type ON attempt (account_id, type, no);"
	 "CREATE INDEX attempt_account_failed ON attempt (account_id, no) WHERE error_code <> 0;"
	 "ALTER TABLE attempt ADD COLUMN waited_ms INTEGER NOT NULL DEFAULT 0;"
	 "CREATE INDEX parked_why ON parked (object, why);"),
	/* 9: what the operator's own system has, where each of it is in a ledger, what its codes mean there, and what was planned and
	 * written. Each account belongs to one organization, whose resources alone can reach it. */
	("CREATE TABLE organization (id TEXT PRIMARY KEY, external_id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, made_ms INTEGER NOT NULL)"
	 " WITHOUT ROWID;"
	 "ALTER TABLE account ADD COLUMN organization TEXT NOT NULL DEFAULT '';"
	 "CREATE INDEX account_organization ON account (organization);"
	 "INSERT INTO organization (id, external_id, name, made_ms) SELECT 'org_' || substr(id, 6), id, name, connected_ms FROM account;"
	 "UPDATE account SET organization = 'org_' || substr(id, 6);"
	 "CREATE TRIGGER account_organization_new AFTER INSERT ON account WHEN NEW.organization = '' BEGIN"
	 " INSERT OR IGNORE INTO organization (id, external_id, name, made_ms)"
	 " VALUES ('org_' || substr(NEW.id, 6), NEW.id, NEW.name, NEW.connected_ms);"
	 " UPDATE account SET organization = 'org_' || substr(NEW.id, 6) WHERE id = NEW.id; END;"
	 "CREATE TABLE resource ("
	 " no INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, organization TEXT NOT NULL REFERENCES organization (id), type TEXT NOT NULL,"
	 " external_id TEXT NOT NULL, revision INTEGER NOT NULL, hash INTEGER NOT NULL, changed_ms INTEGER NOT NULL, due_ms INTEGER NOT NULL"
	 " DEFAULT 0, number TEXT NOT NULL, party TEXT NOT NULL, currency TEXT NOT NULL, day INTEGER, total INTEGER, lines INTEGER NOT NULL,"
	 " len INTEGER NOT NULL, data BLOB NOT NULL, UNIQUE (organization, type, external_id));"
	 "CREATE INDEX resource_due ON resource (due_ms) WHERE due_ms > 0;"
	 "CREATE TABLE revision (resource INTEGER NOT NULL REFERENCES resource (no), revision INTEGER NOT NULL, at_ms INTEGER NOT NULL,"
	 " source TEXT NOT NULL, len INTEGER NOT NULL, data BLOB NOT NULL, UNIQUE (resource, revision));"
	 "CREATE TABLE link ("
	 " no INTEGER PRIMARY KEY, account_id TEXT NOT NULL REFERENCES account (id), resource INTEGER NOT NULL REFERENCES resource (no),"
	 " record_type TEXT NOT NULL, record_id TEXT NOT NULL, how TEXT NOT NULL, who TEXT NOT NULL, at_ms INTEGER NOT NULL,"
	 " approved INTEGER NOT NULL, generation INTEGER NOT NULL, revision INTEGER NOT NULL, version TEXT NOT NULL, len INTEGER NOT NULL,"
	 " base BLOB NOT NULL, UNIQUE (account_id, resource));"
	 "CREATE UNIQUE INDEX link_record ON link (account_id, record_type, record_id) WHERE record_id <> '';"
	 "CREATE INDEX link_resource ON link (resource);"
	 "CREATE TABLE mapping ("
	 " account_id TEXT NOT NULL REFERENCES account (id), target INTEGER NOT NULL, key TEXT NOT NULL, code TEXT NOT NULL,"
	 " record_id TEXT NOT NULL, name TEXT NOT NULL, number TEXT NOT NULL, who TEXT NOT NULL, at_ms INTEGER NOT NULL,"
	 " version INTEGER NOT NULL, PRIMARY KEY (account_id, target, key)) WITHOUT ROWID;"
	 "CREATE TABLE mapping_change ("
	 " account_id TEXT NOT NULL REFERENCES account (id), version INTEGER NOT NULL, part INTEGER NOT NULL, at_ms INTEGER NOT NULL,"
	 " who TEXT NOT NULL, what TEXT NOT NULL, target INTEGER NOT NULL, code TEXT NOT NULL, before_id TEXT NOT NULL,"
	 " before_name TEXT NOT NULL, after_id TEXT NOT NULL, after_name TEXT NOT NULL, PRIMARY KEY (account_id, version, part))"
	 " WITHOUT ROWID;"
	 "CREATE TABLE policy (account_id TEXT NOT NULL REFERENCES account (id), name TEXT NOT NULL, value TEXT NOT NULL,"
	 " PRIMARY KEY (account_id, name)) WITHOUT ROWID;"
	 "CREATE TABLE decision ("
	 " account_id TEXT NOT NULL REFERENCES account (id), resource INTEGER NOT NULL REFERENCES resource (no), what TEXT NOT NULL,"
	 " about TEXT NOT NULL, who TEXT NOT NULL, at_ms INTEGER NOT NULL, PRIMARY KEY (account_id, resource)) WITHOUT ROWID;"
	 "CREATE TABLE plan ("
	 " id TEXT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES account (id), made_ms INTEGER NOT NULL, expires_ms INTEGER NOT NULL,"
	 " who TEXT NOT NULL, state INTEGER NOT NULL, state_ms INTEGER NOT NULL, state_who TEXT NOT NULL, scope TEXT NOT NULL,"
	 " mapping INTEGER NOT NULL, policies TEXT NOT NULL, digest TEXT NOT NULL, head TEXT NOT NULL) WITHOUT ROWID;"
	 "CREATE INDEX plan_account ON plan (account_id, made_ms);"
	 "CREATE TABLE plan_line ("
	 " no INTEGER PRIMARY KEY, plan TEXT NOT NULL REFERENCES plan (id), line INTEGER NOT NULL, act INTEGER NOT NULL,"
	 " reason INTEGER NOT NULL, resource INTEGER NOT NULL REFERENCES resource (no), revision INTEGER NOT NULL, record_type TEXT NOT NULL,"
	 " record_id TEXT NOT NULL, version TEXT NOT NULL, why TEXT NOT NULL, number TEXT NOT NULL, party TEXT NOT NULL,"
	 " currency TEXT NOT NULL, day INTEGER, total INTEGER, tax INTEGER, digest INTEGER NOT NULL, detail TEXT NOT NULL,"
	 " len INTEGER NOT NULL, body BLOB NOT NULL, UNIQUE (plan, line));"
	 "CREATE INDEX plan_line_waits ON plan_line (plan, reason) WHERE act IN (5, 6);"
	 "CREATE TABLE intent ("
	 " no INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, account_id TEXT NOT NULL REFERENCES account (id),"
	 " plan TEXT NOT NULL REFERENCES plan (id), line INTEGER NOT NULL, resource INTEGER NOT NULL REFERENCES resource (no),"
	 " revision INTEGER NOT NULL, act INTEGER NOT NULL, record_type TEXT NOT NULL, record_id TEXT NOT NULL, version TEXT NOT NULL,"
	 " generation INTEGER NOT NULL, state INTEGER NOT NULL, since_ms INTEGER NOT NULL, made_ms INTEGER NOT NULL, next_ms INTEGER NOT NULL,"
	 " first_sent_ms INTEGER NOT NULL DEFAULT 0, tries INTEGER NOT NULL DEFAULT 0, looks INTEGER NOT NULL DEFAULT 0,"
	 " merges INTEGER NOT NULL DEFAULT 0, envelope INTEGER NOT NULL DEFAULT 0, total INTEGER, tax INTEGER, currency TEXT NOT NULL,"
	 " number TEXT NOT NULL, who TEXT NOT NULL, why TEXT NOT NULL, error_code INTEGER NOT NULL DEFAULT 0,"
	 " error_retry_s INTEGER NOT NULL DEFAULT -1, error_unknown INTEGER NOT NULL DEFAULT 0, error_ledger_code TEXT NOT NULL DEFAULT '',"
	 " error_trace_id TEXT NOT NULL DEFAULT '', error_text TEXT NOT NULL DEFAULT '', said TEXT NOT NULL DEFAULT '',"
	 " landed TEXT NOT NULL DEFAULT '', len INTEGER NOT NULL, body BLOB NOT NULL);"
	 "CREATE UNIQUE INDEX intent_open ON intent (account_id, resource) WHERE state <= 4;"
	 "CREATE INDEX intent_next ON intent (account_id, next_ms) WHERE state <= 4;"
	 "CREATE INDEX intent_owed ON intent (account_id, no) WHERE state <= 4 OR state BETWEEN 6 AND 9;"
	 "CREATE INDEX intent_account ON intent (account_id, no);"
	 "CREATE INDEX intent_resource ON intent (resource, no);"
	 "CREATE INDEX intent_plan ON intent (plan, line);"
	 "CREATE INDEX intent_envelope ON intent (envelope) WHERE envelope <> 0;"
	 "CREATE TABLE intent_parent (intent INTEGER NOT NULL REFERENCES intent (no), parent INTEGER NOT NULL REFERENCES intent (no),"
	 " PRIMARY KEY (intent, parent)) WITHOUT ROWID;"
	 "CREATE INDEX intent_child ON intent_parent (parent);"
	 "CREATE TABLE intent_step (no INTEGER PRIMARY KEY, intent INTEGER NOT NULL REFERENCES intent (no), at_ms INTEGER NOT NULL,"
	 " state INTEGER NOT NULL, who TEXT NOT NULL, why TEXT NOT NULL);"
	 "CREATE INDEX intent_step_intent ON intent_step (intent);"
	 "CREATE TABLE envelope ("
	 " no INTEGER PRIMARY KEY AUTOINCREMENT, account_id TEXT NOT NULL REFERENCES account (id), key TEXT NOT NULL UNIQUE,"
	 " path TEXT NOT NULL, made_ms INTEGER NOT NULL, sent_ms INTEGER NOT NULL DEFAULT 0, answered_ms INTEGER NOT NULL DEFAULT 0,"
	 " times INTEGER NOT NULL DEFAULT 0, len INTEGER NOT NULL, body BLOB NOT NULL);"
	 "CREATE INDEX envelope_account ON envelope (account_id);"
	 "CREATE TABLE request ("
	 " position INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, organization TEXT NOT NULL REFERENCES organization (id),"
	 " resource INTEGER NOT NULL REFERENCES resource (no), operation TEXT NOT NULL, unconfirmed INTEGER NOT NULL, status INTEGER NOT NULL,"
	 " message TEXT NOT NULL, made_ms INTEGER NOT NULL, changed_ms INTEGER NOT NULL);"
	 "CREATE INDEX request_open ON request (organization, position) WHERE status IN (0, 1, 3);"
	 "CREATE TABLE request_member (request INTEGER NOT NULL REFERENCES request (position), resource INTEGER NOT NULL"
	 " REFERENCES resource (no), revision INTEGER NOT NULL, PRIMARY KEY (request, resource)) WITHOUT ROWID;"
	 "CREATE INDEX request_member_resource ON request_member (resource);"),
	/* 10: a cell that reads as the title is an empty blob, in what is written from now on; older programs would show nothing */
	"SELECT 0;",
	/* 11: the documents of one type one behind the other; for a while step 9 made this by itself */
	"CREATE INDEX IF NOT EXISTS resource_type ON resource (organization, type, no);",
	/* 12: an answer to each question about a document, as there may be two at once; the writes of a plan, and what is owed in all
	 * accounts, in the order they are read */
	("CREATE TABLE answer ("
	 " account_id TEXT NOT NULL REFERENCES account (id), resource INTEGER NOT NULL REFERENCES resource (no), about TEXT NOT NULL,"
	 " what TEXT NOT NULL, who TEXT NOT NULL, at_ms INTEGER NOT NULL, PRIMARY KEY (account_id, resource, about)) WITHOUT ROWID;"
	 "INSERT INTO answer SELECT account_id, resource, about, what, who, at_ms FROM decision;"
	 "DROP TABLE decision;"
	 "ALTER TABLE answer RENAME TO decision;"
	 "DROP INDEX intent_plan;"
	 "CREATE INDEX intent_plan ON intent (plan, no);"
	 "CREATE INDEX intent_all_owed ON intent (no) WHERE state <= 4 OR state BETWEEN 6 AND 9;"
	 "CREATE INDEX resource_word ON resource (organization, external_id);"),
	/* 13: what an attempt was about, where that was single records, so that a record and a document have a log of their own */
	("CREATE TABLE attempt_item ("
	 " account_id TEXT NOT NULL, attempt INTEGER NOT NULL, part INTEGER NOT NULL, type TEXT NOT NULL, record_id TEXT NOT NULL,"
	 " resource INTEGER NOT NULL, outcome TEXT NOT NULL, error_code INTEGER NOT NULL, error_retry_s INTEGER NOT NULL,"
	 " error_unknown INTEGER NOT NULL, error_ledger_code TEXT NOT NULL, error_trace_id TEXT NOT NULL,"
	 " PRIMARY KEY (account_id, attempt, part)) WITHOUT ROWID;"
	 "CREATE INDEX attempt_item_record ON attempt_item (account_id, type, record_id, attempt) WHERE record_id <> '';"
	 "CREATE INDEX attempt_item_resource ON attempt_item (resource, attempt) WHERE resource > 0;"
	 "CREATE TRIGGER attempt_item_end AFTER DELETE ON attempt BEGIN"
	 " DELETE FROM attempt_item WHERE account_id = OLD.account_id AND attempt = OLD.no; END;"),
	/* 14: reconciliation sessions: what was compared, matched, found, said and signed; what was touched since. Nothing of one that
	 * is not open changes, whoever writes, and nobody takes back what was said. */
	("CREATE TABLE session ("
	 " no INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, account_id TEXT NOT NULL REFERENCES account (id),"
	 " from_day INTEGER NOT NULL, to_day INTEGER NOT NULL, types TEXT NOT NULL, source TEXT NOT NULL, source_digest TEXT NOT NULL,"
	 " statement TEXT NOT NULL, currency TEXT NOT NULL, cash INTEGER NOT NULL, state INTEGER NOT NULL, who TEXT NOT NULL,"
	 " made_ms INTEGER NOT NULL, changed_ms INTEGER NOT NULL, rounds INTEGER NOT NULL DEFAULT 0, read_ms INTEGER NOT NULL DEFAULT 0,"
	 " preparer TEXT NOT NULL, reviewer TEXT NOT NULL, prepared_ms INTEGER NOT NULL, signed_ms INTEGER NOT NULL,"
	 " reopened TEXT NOT NULL, reopened_ms INTEGER NOT NULL, evidence TEXT NOT NULL, UNIQUE (account_id, no));"
	 "CREATE INDEX session_watched ON session (account_id) WHERE state IN (1, 2);"
	 "CREATE TRIGGER session_signed BEFORE UPDATE ON session WHEN OLD.state = 2 AND (NEW.state NOT IN (0, 2) OR (NEW.no, NEW.id,"
	 " NEW.account_id, NEW.from_day, NEW.to_day, NEW.types, NEW.source, NEW.source_digest, NEW.statement, NEW.currency, NEW.cash, NEW.who,"
	 " NEW.made_ms, NEW.rounds, NEW.read_ms) IS NOT (OLD.no, OLD.id, OLD.account_id, OLD.from_day, OLD.to_day, OLD.types, OLD.source,"
	 " OLD.source_digest, OLD.statement, OLD.currency, OLD.cash, OLD.who, OLD.made_ms, OLD.rounds, OLD.read_ms) OR (NEW.state = 2 AND"
	 " (NEW.preparer, NEW.reviewer, NEW.prepared_ms, NEW.signed_ms) IS NOT (OLD.preparer, OLD.reviewer, OLD.prepared_ms, OLD.signed_ms)))"
	 " BEGIN SELECT RAISE (ABORT, 'the session is signed'); END;"
	 "CREATE TRIGGER session_delete BEFORE DELETE ON session BEGIN SELECT RAISE (ABORT, 'sessions stay'); END;"
	 "CREATE TABLE session_item ("
	 " session INTEGER NOT NULL REFERENCES session (no), no INTEGER NOT NULL, side INTEGER NOT NULL, type TEXT NOT NULL,"
	 " ref TEXT NOT NULL, version TEXT NOT NULL, day INTEGER NOT NULL, amount INTEGER NOT NULL, currency TEXT NOT NULL,"
	 " number TEXT NOT NULL, party TEXT NOT NULL, party_name TEXT NOT NULL, memo TEXT NOT NULL, match INTEGER NOT NULL DEFAULT 0,"
	 " PRIMARY KEY (session, no)) WITHOUT ROWID;"
	 "CREATE INDEX session_item_match ON session_item (session, match);" WHILE_OPEN("session_item")
	 "CREATE TABLE session_sum ("
	 " session INTEGER NOT NULL REFERENCES session (no), currency TEXT NOT NULL, side INTEGER NOT NULL, items INTEGER NOT NULL,"
	 " whole INTEGER NOT NULL, millionths INTEGER NOT NULL, PRIMARY KEY (session, currency, side)) WITHOUT ROWID;"
	 WHILE_OPEN("session_sum")
	 "CREATE TABLE session_match ("
	 " session INTEGER NOT NULL REFERENCES session (no), no INTEGER NOT NULL, pass INTEGER NOT NULL, score INTEGER NOT NULL,"
	 " difference INTEGER NOT NULL, currency TEXT NOT NULL, state INTEGER NOT NULL, who TEXT NOT NULL, at_ms INTEGER NOT NULL,"
	 " round INTEGER NOT NULL, sources INTEGER NOT NULL, PRIMARY KEY (session, no)) WITHOUT ROWID;" WHILE_OPEN("session_match")
	 "CREATE TABLE session_answer ("
	 " session INTEGER NOT NULL REFERENCES session (no), match INTEGER NOT NULL, side INTEGER NOT NULL, type TEXT NOT NULL,"
	 " ref TEXT NOT NULL, amount INTEGER NOT NULL, item INTEGER NOT NULL, PRIMARY KEY (session, match, side, type, ref)) WITHOUT ROWID;"
	 WHILE_OPEN("session_answer")
	 "CREATE TABLE session_exception ("
	 " session INTEGER NOT NULL REFERENCES session (no), no INTEGER NOT NULL, key TEXT NOT NULL, reason INTEGER NOT NULL,"
	 " state INTEGER NOT NULL, cause TEXT NOT NULL, text TEXT NOT NULL, type TEXT NOT NULL, ref TEXT NOT NULL, record TEXT NOT NULL,"
	 " resource INTEGER NOT NULL, match INTEGER NOT NULL, source_item INTEGER NOT NULL, mirror_item INTEGER NOT NULL, day INTEGER,"
	 " amount INTEGER NOT NULL, currency TEXT NOT NULL, assignee TEXT NOT NULL, plan TEXT NOT NULL, since_ms INTEGER NOT NULL,"
	 " changed_ms INTEGER NOT NULL, round INTEGER NOT NULL, who TEXT NOT NULL, PRIMARY KEY (session, no), UNIQUE (session, key))"
	 " WITHOUT ROWID;" WHILE_OPEN("session_exception")
	 "CREATE TABLE session_tie ("
	 " session INTEGER NOT NULL REFERENCES session (no), no INTEGER NOT NULL, tie INTEGER NOT NULL, key TEXT NOT NULL,"
	 " name TEXT NOT NULL, currency TEXT NOT NULL, mirror INTEGER NOT NULL, ledger INTEGER NOT NULL, equal INTEGER NOT NULL,"
	 " detail TEXT NOT NULL, PRIMARY KEY (session, no)) WITHOUT ROWID;" WHILE_OPEN("session_tie")
	 "CREATE TABLE session_report ("
	 " session INTEGER NOT NULL REFERENCES session (no), no INTEGER NOT NULL, report TEXT NOT NULL, args TEXT NOT NULL,"
	 " reading INTEGER NOT NULL, read_ms INTEGER NOT NULL, ledger_ms INTEGER NOT NULL, trace_id TEXT NOT NULL, digest TEXT NOT NULL,"
	 " PRIMARY KEY (session, no)) WITHOUT ROWID;" WHILE_OPEN("session_report")
	 "CREATE TABLE session_report_part (session INTEGER NOT NULL REFERENCES session (no), report INTEGER NOT NULL, part INTEGER NOT NULL,"
	 " bytes BLOB NOT NULL, UNIQUE (session, report, part));" WHILE_OPEN("session_report_part")
	 "CREATE TABLE session_note ("
	 " session INTEGER NOT NULL REFERENCES session (no), no INTEGER NOT NULL, exception INTEGER NOT NULL, at_ms INTEGER NOT NULL,"
	 " who TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (session, no)) WITHOUT ROWID;"
	 "CREATE INDEX session_note_exception ON session_note (session, exception);"
	 "CREATE TRIGGER session_note_add BEFORE INSERT ON session_note WHEN (SELECT state FROM session WHERE no = NEW.session) <> 0 OR"
	 " NEW.no <= (SELECT max(no) FROM session_note WHERE session = NEW.session) BEGIN"
	 " SELECT RAISE (ABORT, 'notes are only added, and while the session is open'); END;"
	 "CREATE TRIGGER session_note_change BEFORE UPDATE ON session_note BEGIN SELECT RAISE (ABORT, 'notes are only added'); END;"
	 "CREATE TRIGGER session_note_drop BEFORE DELETE ON session_note BEGIN SELECT RAISE (ABORT, 'notes are only added'); END;"
	 "CREATE TABLE session_act ("
	 " session INTEGER NOT NULL REFERENCES session (no), no INTEGER NOT NULL, at_ms INTEGER NOT NULL, who TEXT NOT NULL,"
	 " what TEXT NOT NULL, before TEXT NOT NULL, undone INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (session, no)) WITHOUT ROWID;"
	 WHILE_OPEN("session_act")
	 "CREATE TABLE touched (no INTEGER PRIMARY KEY AUTOINCREMENT, account_id TEXT NOT NULL REFERENCES account (id), type TEXT NOT NULL,"
	 " id TEXT NOT NULL, seen_ms INTEGER NOT NULL, UNIQUE (account_id, no));"),
	/* 15: which version of the mapping another takes back; until now its words alone said so */
	"ALTER TABLE mapping_change ADD COLUMN undoes INTEGER NOT NULL DEFAULT 0;"
	"UPDATE mapping_change SET undoes = CAST(substr(what, 14) AS INTEGER) WHERE what GLOB 'took version [0-9]* back';",
	/* 16: how many intents an envelope was frozen with; 0: not known, so it is not sent again as a whole */
	"ALTER TABLE envelope ADD COLUMN members INTEGER NOT NULL DEFAULT 0;",
	/* 17: where the file lies that a session compares, and what its columns mean, so that it is found again */
	"ALTER TABLE session ADD COLUMN path TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE session ADD COLUMN profile TEXT NOT NULL DEFAULT '';",
	/* 18: tables of exchange rates, each version whole */
	"CREATE TABLE rates ("
	" account_id TEXT NOT NULL REFERENCES account (id), version INTEGER NOT NULL, at_ms INTEGER NOT NULL, who TEXT NOT NULL,"
	" what TEXT NOT NULL, PRIMARY KEY (account_id, version)) WITHOUT ROWID;"
	"CREATE TABLE rate ("
	" account_id TEXT NOT NULL, version INTEGER NOT NULL, currency TEXT NOT NULL, day INTEGER NOT NULL, rate TEXT NOT NULL,"
	" PRIMARY KEY (account_id, version, currency, day), FOREIGN KEY (account_id, version) REFERENCES rates (account_id, version))"
	" WITHOUT ROWID;",
	/* 19: invoices that are taken back by a credit note */
	"CREATE TABLE credit_note ("
	" account_id TEXT NOT NULL REFERENCES account (id), invoice INTEGER NOT NULL REFERENCES resource (no),"
	" note INTEGER NOT NULL UNIQUE REFERENCES resource (no), payment INTEGER UNIQUE REFERENCES resource (no),"
	" PRIMARY KEY (account_id, invoice)) WITHOUT ROWID;",
	/* 20: plans that are paused while they are carried out, and were */
	"CREATE TABLE plan_pause ("
	" no INTEGER PRIMARY KEY, plan TEXT NOT NULL REFERENCES plan (id), at_ms INTEGER NOT NULL, who TEXT NOT NULL, why TEXT NOT NULL,"
	" ended_ms INTEGER NOT NULL DEFAULT 0, ended_who TEXT NOT NULL DEFAULT '');"
	"CREATE INDEX plan_pause_plan ON plan_pause (plan);"
	"CREATE UNIQUE INDEX plan_pause_open ON plan_pause (plan) WHERE ended_ms = 0;",
	/* 21: plans that a person has sent outside of the account's hours */
	"CREATE TABLE plan_hurry (plan TEXT PRIMARY KEY REFERENCES plan (id), at_ms INTEGER NOT NULL, who TEXT NOT NULL) WITHOUT ROWID;",
	/* 22: a month's bytes each way. What was counted together so far was received, nearly all of it */
	"ALTER TABLE meter RENAME COLUMN bytes TO received;"
	"ALTER TABLE meter ADD COLUMN sent INTEGER NOT NULL DEFAULT 0;",
	/* 23: an account's records as files elsewhere: where, what stands there, and the run that is under way */
	("CREATE TABLE feed ("
	 " no INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, account_id TEXT NOT NULL REFERENCES account (id), destination TEXT NOT NULL,"
	 " layout TEXT NOT NULL, format TEXT NOT NULL, options TEXT NOT NULL, types TEXT NOT NULL, interval_s INTEGER NOT NULL,"
	 " next_ms INTEGER NOT NULL, made_ms INTEGER NOT NULL, who TEXT NOT NULL, run_ms INTEGER NOT NULL DEFAULT 0,"
	 " last_ms INTEGER NOT NULL DEFAULT 0, failures INTEGER NOT NULL DEFAULT 0, error_code INTEGER NOT NULL DEFAULT 0,"
	 " error_text TEXT NOT NULL DEFAULT '', holder TEXT NOT NULL DEFAULT '', until_ms INTEGER NOT NULL DEFAULT 0);"
	 "CREATE INDEX feed_account ON feed (account_id);"
	 "CREATE TABLE feed_mark ("
	 " feed INTEGER NOT NULL REFERENCES feed (no), object INTEGER NOT NULL REFERENCES object (no), epoch INTEGER NOT NULL,"
	 " record INTEGER NOT NULL, history INTEGER NOT NULL, columns TEXT NOT NULL, PRIMARY KEY (feed, object)) WITHOUT ROWID;"
	 "CREATE TABLE feed_file ("
	 " feed INTEGER NOT NULL REFERENCES feed (no), object INTEGER NOT NULL REFERENCES object (no), is_full INTEGER NOT NULL,"
	 " state INTEGER NOT NULL DEFAULT 0, path TEXT NOT NULL, epoch INTEGER NOT NULL DEFAULT 0, record INTEGER NOT NULL DEFAULT 0,"
	 " history INTEGER NOT NULL DEFAULT 0, columns TEXT NOT NULL DEFAULT '', rows INTEGER NOT NULL DEFAULT 0, gone INTEGER NOT NULL DEFAULT 0,"
	 " unfit INTEGER NOT NULL DEFAULT 0, bytes INTEGER NOT NULL DEFAULT 0, digest TEXT NOT NULL DEFAULT '', PRIMARY KEY (feed, object))"
	 " WITHOUT ROWID;"),
};

const char *schema_step(size_t no)
{
	return no < ARRAY_LEN(migrations) ? migrations[no] : NULL;
}

static void new_uuid(char *out)
{
	struct env env = env_real();
	uint8_t bytes[16];

	env.random(env.ctx, bytes, sizeof(bytes));
	for (size_t i = 0; i < sizeof(bytes); i++)
		snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

/* Inside a transaction: what the migration says, and the version behind it. */
static bool carry_out(struct store *store, size_t version, struct error *err)
{
	char sql[80], uuid[40];

	if (version == 0) {
		new_uuid(uuid);
		snprintf(sql, sizeof(sql), "PRAGMA application_id = %d", APPLICATION_ID);
		if (!query_execute(store, sql, err) || !query_execute(store, migrations[0], err) ||
		    !store_set(store, "uuid", uuid, strlen(uuid), err) || !store_set(store, "epoch", "1", 1, err))
			return false;
	} else if (!query_execute(store, migrations[version], err)) {
		return false;
	}
	snprintf(sql, sizeof(sql), "PRAGMA user_version = %zu", version + 1);
	return query_execute(store, sql, err);
}

/* All that are missing, whole or not at all. */
static bool migrate(struct store *store, struct error *err)
{
	AUTO(store_end) struct store *transaction = store;
	int64_t now;

	/* Another process may have been faster while we waited for the lock. */
	if (!store_begin(store, err) || !query_number(store, "PRAGMA user_version", &now, err))
		return false;
	if (now >= (int64_t)ARRAY_LEN(migrations))
		return true;
	for (size_t each = (size_t)now; each < ARRAY_LEN(migrations); each++)
		if (!carry_out(store, each, err))
			return false;
	return store_commit(transaction, err);
}

/* What an older file was stays beside it, for an older program. One that is there already is of the same format. */
static bool keep_older(struct store *store, int64_t version, struct error *err)
{
	AUTO(str_clear) struct str path = STR_INIT(4200);
	struct env env = env_real();
	struct backup_how how = { .now_ms = env.wall_ms(env.ctx) };
	struct backup_facts facts;

	if (version == 0)
		return true;
	str_addf(&path, "%s-format-%lld", store->path, (long long)version);
	return file_exists(path.text) || store_backup(store, path.text, &how, &facts, err) || file_exists(path.text);
}

static bool not_ours(const struct store *store, struct error *err)
{
	return error_set(err, ERROR_STORE, "'%s' is not a ledgerdeck file; it was left as it is", store->path);
}

static bool too_new(const struct store *store, int64_t version, struct error *err)
{
	return error_set(err, ERROR_STORE, "'%s' was written by a newer ledgerdeck (format %lld, this one knows %zu); "
			 "use that one, or restore an older backup", store->path, (long long)version, ARRAY_LEN(migrations));
}

bool schema_is_ours(struct store *store, bool *ret_ours, struct error *err)
{
	int64_t id;

	if (!query_number(store, "PRAGMA application_id", &id, err))
		return false;
	*ret_ours = id == APPLICATION_ID;
	return true;
}

bool schema_format(struct store *store, int64_t *ret_format, struct error *err)
{
	bool ours;

	if (!schema_is_ours(store, &ours, err) || !query_number(store, "PRAGMA user_version", ret_format, err))
		return false;
	if (!ours || *ret_format < 1)
		return not_ours(store, err);
	return *ret_format <= (int64_t)ARRAY_LEN(migrations) || too_new(store, *ret_format, err);
}

bool schema_is_current(struct store *store)
{
	int64_t format;

	return schema_format(store, &format, NULL) && format == (int64_t)ARRAY_LEN(migrations);
}

bool schema_check(struct store *store, bool create, struct error *err)
{
	int64_t id, version, tables;
	bool read;

	/* Of one moment: another process may be making the file right now. */
	if (!query_execute(store, "BEGIN", err))
		return false;
	read = query_number(store, "PRAGMA application_id", &id, err) &&
	       query_number(store, "PRAGMA user_version", &version, err) &&
	       query_number(store, "SELECT count(*) FROM sqlite_master", &tables, err);
	if (!query_execute(store, "ROLLBACK", read ? err : NULL) || !read)
		return false;
	if (id != APPLICATION_ID && (id != 0 || tables > 0 || version != 0))
		return not_ours(store, err);
	if (version > (int64_t)ARRAY_LEN(migrations))
		return too_new(store, version, err);
	if (create || version == (int64_t)ARRAY_LEN(migrations))
		return true;
	if (version == 0)
		return error_set(err, ERROR_STORE, "'%s' is empty; begin with 'ledgerdeck vault init'", store->path);
	return error_set(err, ERROR_STORE, "'%s' is of an older ledgerdeck; any command without --readonly brings it up to date",
			 store->path);
}

/*
 * What the ledgers were told after the backup was taken is not in it: a greater epoch tells. The
 * clock is in it, so that the same backup restored twice gives two epochs. The backup that made it is told as interrupted:
 * in the copy it runs for ever.
 */
static bool begin_epoch(struct store *store, struct error *err)
{
	AUTO(str_clear) struct str mark = STR_INIT(24), epoch = STR_INIT(24);
	AUTO(store_end) struct store *transaction = store;
	struct env env = env_real();
	int64_t now = env.wall_ms(env.ctx), next;
	char text[24];

	if (!store_begin(store, err))
		return false;
	if (!store_get(store, COPY_MARK, &mark, err) || strcmp(mark.text, "1") != 0)
		return !err || !err->code; /* somebody else was faster */
	if (!store_get(store, "epoch", &epoch, err))
		return false;
	next = strtoll(epoch.text, NULL, 10) + 1;
	snprintf(text, sizeof(text), "%lld", (long long)(next > now ? next : now));
	return store_set(store, "epoch", text, strlen(text), err) && store_set(store, COPY_MARK, "0", 1, err) &&
	       store_set(store, STORE_COPIED, "0", 1, err) && attempts_interrupted(store, "", now, err) &&
	       store_commit(transaction, err);
}

bool schema_mark_copy(struct store *copy, int64_t now_ms, struct error *err)
{
	char at[24];

	snprintf(at, sizeof(at), "%lld", (long long)now_ms);
	/* One file by itself, so that it can be read from where nothing can be written. */
	return query_execute(copy, "PRAGMA journal_mode = DELETE", err) && store_set(copy, STORE_COPIED, at, strlen(at), err) &&
	       store_set(copy, COPY_MARK, "1", 1, err);
}

static bool load_identity(struct store *store, struct error *err)
{
	AUTO(str_clear) struct str epoch = STR_INIT(24), uuid = STR_INIT(39);
	struct error why = { 0 };

	if (!store_get(store, "uuid", &uuid, &why) || !store_get(store, "epoch", &epoch, &why)) {
		if (!why.code)
			error_set(&why, ERROR_STORE, "'%s' is damaged: it has no identity", store->path);
		if (err)
			*err = why;
		return false;
	}
	snprintf(store->uuid, sizeof(store->uuid), "%s", uuid.text);
	store->epoch = strtoll(epoch.text, NULL, 10);
	return true;
}

bool schema_prepare(struct store *store, bool create, struct error *err)
{
	AUTO(str_clear) struct str mark = STR_INIT(24);
	int64_t version = 0;

	if (!query_number(store, "PRAGMA user_version", &version, err))
		return false;
	if (create && version < (int64_t)ARRAY_LEN(migrations) && (!keep_older(store, version, err) || !migrate(store, err)))
		return error_prefix(err, "cannot bring the file up to date");
	if (store->writes && store_get(store, COPY_MARK, &mark, NULL) && strcmp(mark.text, "1") == 0 &&
	    !begin_epoch(store, err))
		return false;
	return load_identity(store, err);
}
