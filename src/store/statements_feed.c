/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The statements about feeds, by name, as in statements.c. */
#include "statements.h"

#include <stddef.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/model/record.h"

/* A number that stands in the texts. */
_Static_assert(RECORD_DELETED == 3, "the statements name this by its number");

#define FEED_COLUMNS \
	"no, id, account_id, destination, layout, format, options, interval_s, next_ms, made_ms, who, run_ms, last_ms, failures, " \
	"error_code, error_text, types, holder"

static const char *const texts[STATEMENT_COUNT] = {
	[FEED_ADD] =
		"INSERT INTO feed (id, account_id, destination, layout, format, options, types, interval_s, next_ms, made_ms, who) VALUES "
		"(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT (id) DO NOTHING",
	[FEED_GET] =
		"SELECT " FEED_COLUMNS " FROM feed WHERE id = ?1",
	[FEED_OF] =
		"SELECT " FEED_COLUMNS " FROM feed WHERE account_id = ?1 ORDER BY no",
	[FEED_ALL] =
		"SELECT " FEED_COLUMNS " FROM feed ORDER BY no",
	[FEED_SAVE] =
		"UPDATE feed SET options = ?2, types = ?3, interval_s = ?4, next_ms = ?5, failures = ?6, error_code = ?7, error_text = ?8 "
		"WHERE no = ?1",
	[FEED_DROP] =
		"DELETE FROM feed WHERE no = ?1",
	[FEED_TAKE] =
		"UPDATE feed SET holder = ?2, until_ms = ?4 WHERE no = ?1 AND (holder = ?2 OR until_ms <= ?3)",
	[FEED_RELEASE] =
		"UPDATE feed SET holder = '', until_ms = 0 WHERE no = ?1 AND holder = ?2",
	[FEED_RUN_BEGIN] =
		"UPDATE feed SET run_ms = ?2 WHERE no = ?1",
	[FEED_RUN_END] =
		"UPDATE feed SET last_ms = run_ms, run_ms = 0, failures = 0, error_code = 0, error_text = '' WHERE no = ?1 AND run_ms <> 0",
	[FEED_FILE_ADD] =
		"INSERT INTO feed_file (feed, object, is_full, path) VALUES (?1, ?2, ?3, ?4)",
	[FEED_FILE_SAVE] =
		"UPDATE feed_file SET state = ?3, epoch = ?4, record = ?5, history = ?6, columns = ?7, rows = ?8, gone = ?9, unfit = ?10, bytes = "
		"?11, digest = ?12 WHERE feed = ?1 AND object = ?2",
	[FEED_FILES] =
		"SELECT feed_file.object, object.type, is_full, state, path, epoch, record, history, columns, rows, gone, unfit, bytes, "
		"feed_file.digest FROM feed_file JOIN object ON object.no = feed_file.object WHERE feed = ?1 ORDER BY object.type",
	[FEED_FILES_DROP] =
		"DELETE FROM feed_file WHERE feed = ?1",
	[FEED_MARK_GET] =
		"SELECT epoch, record, history, columns FROM feed_mark WHERE feed = ?1 AND object = ?2",
	[FEED_MARK_NOW] =
		"SELECT (SELECT coalesce(max(no), 0) FROM record), (SELECT coalesce(max(no), 0) FROM history)",
	[FEED_MARKS_MOVE] =
		"INSERT INTO feed_mark (feed, object, epoch, record, history, columns) SELECT feed, object, epoch, record, history, columns FROM "
		"feed_file WHERE feed = ?1 ON CONFLICT (feed, object) DO UPDATE SET epoch = excluded.epoch, record = excluded.record, history = "
		"excluded.history, columns = excluded.columns",
	[FEED_MARKS_DROP] =
		"DELETE FROM feed_mark WHERE feed = ?1",
	[FEED_RECORDS] =
		"SELECT raw.dictionary, raw.bytes FROM record CROSS JOIN raw ON raw.no = record.no WHERE object = ?1 AND state <> 3 ORDER BY id",
	/* By the numbers of the history alone, whose index by records would lead through all of it. */
	[FEED_CHANGES] =
		"SELECT record.no, changed.was, record.state, raw.dictionary, raw.bytes FROM (SELECT history.record AS no, history.state AS was "
		"FROM (SELECT min(no) AS first FROM history NOT INDEXED WHERE no > ?3 GROUP BY record) AS firsts CROSS JOIN history ON "
		"history.no = firsts.first WHERE history.record <= ?2 UNION ALL SELECT no, 3 FROM record WHERE no > ?2) AS changed CROSS JOIN "
		"record ON record.no = changed.no CROSS JOIN raw ON raw.no = record.no WHERE record.object = ?1",
	[FEED_CHANGED] =
		"SELECT DISTINCT record.object FROM (SELECT record AS no FROM history NOT INDEXED WHERE no > ?3 UNION ALL SELECT no FROM record "
		"WHERE no > ?2) AS changed CROSS JOIN record ON record.no = changed.no CROSS JOIN object ON object.no = record.object WHERE "
		"object.account_id = ?1",
};

const char *statement_text_feed(enum statement statement)
{
	return texts[statement];
}
