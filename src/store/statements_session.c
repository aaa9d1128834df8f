/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The statements about reconciliation sessions, by name, as in statements.c. */
#include "statements.h"

#include <stddef.h>

#include "ledgerdeck/store/sessions.h"

/* Numbers that stand in the texts. */
_Static_assert(SESSION_OPEN == 0 && SESSION_PREPARED == 1 && SESSION_SIGNED == 2 && SESSION_DROPPED == 3 && EXCEPTION_ASSIGNED == 1 &&
	       EXCEPTION_CLOSED == 5 && SESSION_MATCH_SUGGESTED == 1 && SESSION_MATCH_REJECTED == 3,
	       "the statements and the schema name these by their numbers");

#define SESSION_COLUMNS \
	"no, id, account_id, from_day, to_day, types, source, source_digest, statement, currency, state, who, made_ms, changed_ms, " \
	"rounds, read_ms, preparer, reviewer, prepared_ms, signed_ms, reopened, reopened_ms, evidence, path, profile"
#define ITEM_COLUMNS "no, side, type, ref, version, day, amount, currency, number, party, party_name, memo, match"
#define MATCH_COLUMNS "no, pass, score, difference, currency, state, who, at_ms"
#define EXCEPTION_COLUMNS \
	"no, key, reason, state, cause, text, type, ref, record, resource, match, source_item, mirror_item, day, amount, currency, " \
	"assignee, plan, since_ms, changed_ms, round, who"
/* A sum of many amounts, in two parts: whole ones and millionths. */
#define SUM_OF_AMOUNTS "sum(amount / 1000000), sum(amount % 1000000)"
/* The next number within the session. */
#define NEXT_OF(table) "(SELECT coalesce(max(no), 0) + 1 FROM " table " WHERE session = ?1)"

static const char *const texts[STATEMENT_COUNT] = {
	/* `cash` is of a format that was to know two bases of reports: there is one. */
	[SESSION_ADD] =
		"INSERT INTO session (id, account_id, from_day, to_day, types, source, source_digest, statement, currency, cash, state, "
		"who, made_ms, changed_ms, preparer, reviewer, prepared_ms, signed_ms, reopened, reopened_ms, evidence, path, profile) VALUES (?1, ?2, ?3, "
		"?4, ?5, ?6, ?7, ?8, ?9, 0, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)",
	[SESSION_SAVE] =
		"UPDATE session SET from_day = ?3, to_day = ?4, types = ?5, source = ?6, source_digest = ?7, statement = ?8, currency = ?9, "
		"state = ?10, who = ?11, made_ms = ?12, changed_ms = ?13, preparer = ?14, reviewer = ?15, prepared_ms = ?16, "
		"signed_ms = ?17, reopened = ?18, reopened_ms = ?19, evidence = ?20, path = ?21, profile = ?22 WHERE account_id = ?1 AND no = ?2",
	[SESSION_GET] =
		"SELECT " SESSION_COLUMNS " FROM session WHERE account_id = ?1 AND no = ?2",
	[SESSION_STATE] =
		"SELECT state FROM session WHERE account_id = ?1 AND no = ?2",
	[SESSION_FIND] =
		"SELECT " SESSION_COLUMNS " FROM session WHERE (?1 = '' OR account_id = ?1) AND (?2 = '' AND state <> 3 OR ?2 <> '' AND ("
		"substr(id, -length(?2)) = ?2 COLLATE NOCASE OR substr(id, 1, length(?2)) = ?2 COLLATE NOCASE)) ORDER BY no DESC LIMIT 2",
	[SESSION_SAME] =
		"SELECT " SESSION_COLUMNS " FROM session WHERE account_id = ?1 AND from_day = ?2 AND to_day = ?3 AND types = ?4 AND source = ?5 "
		"AND statement = ?6 AND state <> 3 ORDER BY no DESC LIMIT 1",
	[SESSION_ALL] =
		"SELECT " SESSION_COLUMNS " FROM session ORDER BY no DESC LIMIT ?1",
	[SESSION_ALL_OF] =
		"SELECT " SESSION_COLUMNS " FROM session WHERE account_id = ?2 ORDER BY no DESC LIMIT ?1",
	[SESSION_WATCHED] =
		"SELECT 1 FROM session INDEXED BY session_watched WHERE account_id = ?1 AND state IN (1, 2) LIMIT 1",
	[SESSION_ROUND] =
		"UPDATE session SET rounds = rounds + 1 WHERE account_id = ?1 AND no = ?2 RETURNING rounds",
	[SESSION_READ] =
		"UPDATE session SET read_ms = ?4, changed_ms = ?3 WHERE account_id = ?1 AND no = ?2",
	[SESSION_CLEAR_ITEMS] =
		"DELETE FROM session_item WHERE session = ?1",
	[SESSION_CLEAR_SUMS] =
		"DELETE FROM session_sum WHERE session = ?1",
	[SESSION_CLEAR_MATCHES] =
		"DELETE FROM session_match WHERE session = ?1 AND state <= 1",
	[SESSION_CLEAR_TIES] =
		"DELETE FROM session_tie WHERE session = ?1",
	[SESSION_CLEAR_REPORTS] =
		"DELETE FROM session_report WHERE session = ?1",
	[SESSION_CLEAR_PARTS] =
		"DELETE FROM session_report_part WHERE session = ?1",
	[SESSION_CLEAR_ANSWERS] =
		"UPDATE session_answer SET item = 0 WHERE session = ?1",
	[SESSION_ITEM_NEXT] =
		"SELECT coalesce(max(no), 0) + 1 FROM session_item WHERE session = ?1",
	[SESSION_ITEM_ADD] =
		"INSERT INTO session_item (session, no, side, type, ref, version, day, amount, currency, number, party, party_name, memo) VALUES "
		"(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
	[SESSION_ITEM_HOLDER] =
		"SELECT side, match FROM session_item WHERE session = ?1 AND no = ?2",
	[SESSION_ITEM_TAKE] =
		"UPDATE session_item SET match = ?3 WHERE session = ?1 AND no = ?2",
	[SESSION_ITEM_FREE] =
		"UPDATE session_item SET match = 0 WHERE session = ?1 AND match = ?2",
	[SESSION_ITEM_GET] =
		"SELECT " ITEM_COLUMNS " FROM session_item WHERE session = ?1 AND no = ?2",
	[SESSION_ITEM_LIST] =
		"SELECT " ITEM_COLUMNS " FROM session_item WHERE session = ?1 AND no > ?2 ORDER BY no LIMIT ?3",
	[SESSION_ITEM_UNMATCHED] =
		"SELECT " ITEM_COLUMNS " FROM session_item WHERE session = ?1 AND match = 0 AND no > ?2 ORDER BY no LIMIT ?3",
	[SESSION_ITEM_OF_MATCH] =
		"SELECT " ITEM_COLUMNS " FROM session_item WHERE session = ?1 AND no IN (SELECT no FROM session_item WHERE session = ?1 AND "
		"match = ?2 UNION ALL SELECT item FROM session_answer WHERE session = ?1 AND match = ?2) ORDER BY no",
	[SESSION_ITEM_TAKEN] =
		"SELECT count(*) FROM session_item WHERE session = ?1 AND no IN (SELECT item FROM session_answer WHERE session = ?1 AND "
		"match = ?2) AND match <> 0",
	[SESSION_ITEM_TAKE_BACK] =
		"UPDATE session_item SET match = ?2 WHERE session = ?1 AND no IN (SELECT item FROM session_answer WHERE session = ?1 AND "
		"match = ?2)",
	[SESSION_MATCH_NEXT] =
		"SELECT coalesce(max(no), 0) + 1 FROM session_match WHERE session = ?1",
	[SESSION_MATCH_ADD] =
		"INSERT INTO session_match (session, no, pass, score, difference, currency, state, who, at_ms, round, sources) VALUES (?1, ?2, "
		"?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
	[SESSION_MATCH_AGAIN] =
		"UPDATE session_match SET score = ?3, difference = ?4, round = ?5, sources = ?6 WHERE session = ?1 AND no = ?2",
	[SESSION_MATCH_GET] =
		"SELECT " MATCH_COLUMNS " FROM session_match WHERE session = ?1 AND no = ?2",
	[SESSION_MATCH_LIST] =
		"SELECT " MATCH_COLUMNS " FROM session_match WHERE session = ?1 AND no > ?2 ORDER BY no LIMIT ?3",
	[SESSION_MATCH_SAVE] =
		"UPDATE session_match SET state = ?3, who = ?4, at_ms = ?5 WHERE session = ?1 AND no = ?2",
	[SESSION_ANSWER_ADD] =
		"INSERT INTO session_answer (session, match, side, type, ref, amount, item) SELECT session, match, side, type, ref, amount, no "
		"FROM session_item WHERE session = ?1 AND match = ?2 ON CONFLICT DO NOTHING",
	[SESSION_ANSWER_AGAIN] =
		"UPDATE session_answer SET item = ?3 WHERE session = ?1 AND match = ?2 AND (side, type, ref) = (SELECT side, type, ref FROM "
		"session_item WHERE session = ?1 AND no = ?3)",
	[SESSION_ANSWER_DROP] =
		"DELETE FROM session_answer WHERE session = ?1 AND match = ?2",
	[SESSION_ANSWER_LIST] =
		"SELECT no, pass, score, difference, currency, state, who, at_ms, side, type, ref, amount FROM session_answer CROSS JOIN "
		"session_match ON session_match.session = session_answer.session AND no = match WHERE session_answer.session = ?1 ORDER BY match, "
		"side, type, ref",
	[SESSION_EXCEPTION_KEY] =
		"SELECT " EXCEPTION_COLUMNS " FROM session_exception WHERE session = ?1 AND key = ?2",
	[SESSION_EXCEPTION_ADD] =
		"INSERT INTO session_exception (session, no, key, reason, state, cause, text, type, ref, record, resource, match, source_item, "
		"mirror_item, day, amount, currency, assignee, plan, since_ms, changed_ms, round, who) VALUES (?1, "
		NEXT_OF("session_exception") ", ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22) "
		"RETURNING no",
	[SESSION_EXCEPTION_AGAIN] =
		"UPDATE session_exception SET state = ?3, cause = ?4, text = ?5, type = ?6, ref = ?7, record = ?8, resource = ?9, match = ?10, "
		"source_item = ?11, mirror_item = ?12, day = ?13, amount = ?14, currency = ?15, changed_ms = ?16, round = ?17, who = ?18 "
		"WHERE session = ?1 AND no = ?2",
	[SESSION_EXCEPTION_CLOSE] =
		"UPDATE session_exception SET state = 5, match = 0, source_item = 0, mirror_item = 0, changed_ms = ?3, who = 'engine' WHERE "
		"session = ?1 AND round < ?2 AND state <> 5 AND (?4 OR reason NOT IN (12, 13))",
	[SESSION_EXCEPTION_SAVE] =
		"UPDATE session_exception SET state = ?3, assignee = ?4, plan = ?5, who = ?6, changed_ms = ?7 WHERE session = ?1 AND no = ?2",
	[SESSION_EXCEPTION_GET] =
		"SELECT " EXCEPTION_COLUMNS " FROM session_exception WHERE session = ?1 AND no = ?2",
	[SESSION_EXCEPTION_LIST] =
		"SELECT " EXCEPTION_COLUMNS " FROM session_exception WHERE session = ?1 AND no > ?2 AND (?4 = 0 OR state <= 1) AND (?5 IS NULL OR "
		"cause = ?5) AND (?6 IS NULL OR assignee = ?6) AND (?7 < 0 OR reason = ?7) ORDER BY no LIMIT ?3",
	[SESSION_TIE_ADD] =
		"INSERT INTO session_tie (session, no, tie, key, name, currency, mirror, ledger, equal, detail) VALUES (?1, "
		NEXT_OF("session_tie") ", ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) RETURNING no",
	[SESSION_TIE_LIST] =
		"SELECT no, tie, key, name, currency, mirror, ledger, equal, detail FROM session_tie WHERE session = ?1 ORDER BY no",
	[SESSION_REPORT_ADD] =
		"INSERT INTO session_report (session, no, report, args, reading, read_ms, ledger_ms, trace_id, digest) VALUES (?1, "
		NEXT_OF("session_report") ", ?2, ?3, ?4, ?5, ?6, ?7, ?8) RETURNING no",
	[SESSION_REPORT_ADD_PART] =
		"INSERT INTO session_report_part (session, report, part, bytes) VALUES (?1, ?2, ?3, ?4)",
	[SESSION_REPORT_LIST] =
		"SELECT no, report, args, reading, read_ms, ledger_ms, trace_id, digest FROM session_report WHERE session = ?1 ORDER BY no",
	[SESSION_REPORT_PARTS] =
		"SELECT bytes FROM session_report_part WHERE session = ?1 AND report = ?2 ORDER BY part",
	[SESSION_SUM_UP] =
		"INSERT INTO session_sum (session, currency, side, items, whole, millionths) SELECT session, currency, side, count(*), "
		SUM_OF_AMOUNTS " FROM session_item WHERE session = ?1 GROUP BY currency, side",
	[SESSION_SUM_LIST] =
		"SELECT currency, side, items, whole, millionths FROM session_sum WHERE session = ?1 ORDER BY currency, side",
	[SESSION_COUNT_MATCHES] =
		"SELECT pass, state, count(*), sum(sources) FROM session_match WHERE session = ?1 AND state <> 3 AND round = (SELECT rounds FROM "
		"session WHERE no = ?1) GROUP BY pass, state",
	[SESSION_COUNT_EXCEPTIONS] =
		"SELECT reason, state, coalesce(day, since_ms / 86400000), count(*) FROM session_exception WHERE session = ?1 GROUP BY 1, 2, 3",
	[SESSION_COUNT_TIES] =
		"SELECT count(*), sum(equal) FROM session_tie WHERE session = ?1",
	[SESSION_SUM_OPEN] =
		"SELECT currency, " SUM_OF_AMOUNTS " FROM session_exception WHERE session = ?1 AND state <= 1 GROUP BY currency",
	[SESSION_NOTE_ADD] =
		"INSERT INTO session_note (session, no, exception, at_ms, who, text) VALUES (?1, " NEXT_OF("session_note") ", ?2, ?3, ?4, ?5)",
	[SESSION_NOTE_LIST] =
		"SELECT no, exception, at_ms, who, text FROM session_note WHERE session = ?1 ORDER BY no",
	[SESSION_NOTE_LIST_OF] =
		"SELECT no, exception, at_ms, who, text FROM session_note WHERE session = ?1 AND exception = ?2 ORDER BY no",
	[SESSION_ACT_ADD] =
		"INSERT INTO session_act (session, no, at_ms, who, what, before) VALUES (?1, " NEXT_OF("session_act") ", ?2, ?3, ?4, ?5)",
	[SESSION_ACT_LAST] =
		"SELECT no, at_ms, who, what, before, undone FROM session_act WHERE session = ?1 AND undone = 0 ORDER BY no DESC LIMIT 1",
	[SESSION_ACT_LIST] =
		"SELECT no, at_ms, who, what, before, undone FROM session_act WHERE session = ?1 ORDER BY no",
	[SESSION_ACT_UNDONE] =
		"UPDATE session_act SET undone = 1 WHERE session = ?1 AND no = ?2",
	[TOUCHED_ADD] =
		"INSERT INTO touched (account_id, type, id, seen_ms) VALUES (?1, ?2, ?3, ?4)",
	[TOUCHED_NEXT] =
		"SELECT no, type, id, seen_ms FROM touched WHERE account_id = ?1 ORDER BY no LIMIT ?2",
	[TOUCHED_DROP] =
		"DELETE FROM touched WHERE account_id = ?1 AND no <= ?2",
};

const char *statement_text_session(enum statement statement)
{
	return texts[statement];
}
