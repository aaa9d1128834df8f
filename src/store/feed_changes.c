/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What has changed since a mark, out of what the mirror keeps anyhow: a record that came since has a greater number than any that
 * was there, and each change of one that was there put what it was into the history, which only grows. Nothing is noted for
 * feeds while records are written.
 */
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/feeds.h"
#include "query.h"
#include "rows.h"

bool feed_mark_now(struct store *store, struct feed_mark *ret_mark, struct error *err)
{
	struct query query = query_start(store, FEED_MARK_NOW);

	*ret_mark = (struct feed_mark){ .epoch = store_epoch(store) };
	if (query_next(&query)) {
		ret_mark->record = row_integer(&query, 0);
		ret_mark->history = row_integer(&query, 1);
	}
	return query_end(&query, err);
}

bool feed_records(struct store *store, const struct object *object, bool (*each)(void *ctx, const char *raw, size_t len), void *ctx,
		  struct error *err)
{
	struct query query = query_start(store, FEED_RECORDS);
	AUTO(str_clear) struct str raw = STR_INIT(STR_NO_LIMIT);
	bool good = true, more = true;

	query_integer(&query, object->no);
	while (good && more && query_next(&query)) {
		str_reset(&raw);
		good = rows_unpack(store, row_integer(&query, 0), row_blob(&query, 1), row_len(&query, 1), &raw, err);
		if (good)
			more = each(ctx, raw.text, raw.len);
	}
	return query_end(&query, good ? err : NULL) && good;
}

bool feed_changes(struct store *store, const struct object *object, const struct feed_mark *since,
		  bool (*each)(void *ctx, const struct feed_change *change, const char *raw, size_t len), void *ctx, struct error *err)
{
	struct query query = query_start(store, FEED_CHANGES);
	AUTO(str_clear) struct str raw = STR_INIT(STR_NO_LIMIT);
	bool good = true, more = true;

	query_integer(&query, object->no);
	query_integer(&query, since->record);
	query_integer(&query, since->history);
	while (good && more && query_next(&query)) {
		bool was_there = row_integer(&query, 1) != RECORD_DELETED;
		struct feed_change change = { .is_new = !was_there, .is_gone = row_integer(&query, 2) == RECORD_DELETED };

		change.never = change.is_new && change.is_gone;
		str_reset(&raw);
		good = rows_unpack(store, row_integer(&query, 3), row_blob(&query, 4), row_len(&query, 4), &raw, err);
		if (good)
			more = each(ctx, &change, raw.text, raw.len);
	}
	return query_end(&query, good ? err : NULL) && good;
}

bool feed_changed(struct store *store, const char *account_id, const struct feed_mark *since, const int64_t *object_nos, size_t count,
		  bool *ret_any, struct error *err)
{
	struct query query = query_start(store, FEED_CHANGED);

	memset(ret_any, 0, count * sizeof(*ret_any));
	query_text(&query, account_id);
	query_integer(&query, since->record);
	query_integer(&query, since->history);
	while (query_next(&query))
		for (size_t i = 0; i < count; i++)
			if (object_nos[i] == row_integer(&query, 0))
				ret_any[i] = true;
	return query_end(&query, err);
}
