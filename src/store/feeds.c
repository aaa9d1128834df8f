/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Feeds, their runs and their marks. What has changed since a mark is read in feed_changes.c. */
#include "ledgerdeck/store/feeds.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "query.h"

static void row_feed(const struct query *query, struct feed *feed)
{
	*feed = (struct feed){ .no = row_integer(query, 0), .interval_s = row_integer(query, 7), .next_ms = row_integer(query, 8),
			       .made_ms = row_integer(query, 9), .run_ms = row_integer(query, 11), .last_ms = row_integer(query, 12),
			       .failures = row_integer(query, 13) };
	row_copy(query, 1, feed->id, sizeof(feed->id));
	row_copy(query, 2, feed->account_id, sizeof(feed->account_id));
	row_copy(query, 3, feed->destination, sizeof(feed->destination));
	row_copy(query, 4, feed->layout, sizeof(feed->layout));
	row_copy(query, 5, feed->format, sizeof(feed->format));
	row_copy(query, 6, feed->options, sizeof(feed->options));
	row_copy(query, 10, feed->who, sizeof(feed->who));
	feed->last_error.code = (enum error_code)row_integer(query, 14);
	row_copy(query, 15, feed->last_error.text, sizeof(feed->last_error.text));
	row_copy(query, 16, feed->types, sizeof(feed->types));
	row_copy(query, 17, feed->holder, sizeof(feed->holder));
	feed->last_error.retry_after_s = -1;
}

/* It follows from what the feed is, so that programs on two stores know the same feed by the same name. */
static void make_id(struct feed *feed)
{
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);
	struct digest digest;

	str_addf(&text, "%s\n%s\n%s\n%s", feed->account_id, feed->destination, feed->layout, feed->format);
	digest = digest_blake2b(text.text, text.len);
	memcpy(feed->id, "feed_", 5);
	digest_letters(&digest, 20, feed->id + 5);
}

static bool add(struct store *store, const struct feed *feed, int64_t now_ms, struct error *err)
{
	struct query query = query_start(store, FEED_ADD);

	query_text(&query, feed->id);
	query_text(&query, feed->account_id);
	query_text(&query, feed->destination);
	query_text(&query, feed->layout);
	query_text(&query, feed->format);
	query_text(&query, feed->options);
	query_text(&query, feed->types);
	query_integer(&query, feed->interval_s);
	query_integer(&query, feed->next_ms);
	query_integer(&query, now_ms);
	query_text(&query, feed->who);
	return query_run(&query, err);
}

bool feeds_ensure(struct store *store, struct feed *feed, int64_t now_ms, struct error *err)
{
	bool found;

	assert(store->in_transaction);
	make_id(feed);
	return add(store, feed, now_ms, err) && feeds_get(store, feed->id, feed, &found, err);
}

bool feeds_get(struct store *store, const char *id, struct feed *ret_feed, bool *ret_found, struct error *err)
{
	struct query query = query_start(store, FEED_GET);

	query_text(&query, id);
	*ret_found = query_next(&query);
	if (*ret_found)
		row_feed(&query, ret_feed);
	return query_end(&query, err);
}

bool feeds_all(struct store *store, const char *account_id, bool (*each)(void *ctx, const struct feed *feed), void *ctx, struct error *err)
{
	struct query query = query_start(store, account_id ? FEED_OF : FEED_ALL);
	struct feed feed;

	if (account_id)
		query_text(&query, account_id);
	while (query_next(&query)) {
		row_feed(&query, &feed);
		if (!each(ctx, &feed))
			break;
	}
	return query_end(&query, err);
}

bool feeds_save(struct store *store, const struct feed *feed, struct error *err)
{
	struct query query = query_start(store, FEED_SAVE);

	query_integer(&query, feed->no);
	query_text(&query, feed->options);
	query_text(&query, feed->types);
	query_integer(&query, feed->interval_s);
	query_integer(&query, feed->next_ms);
	query_integer(&query, feed->failures);
	query_integer(&query, feed->last_error.code);
	query_text(&query, feed->last_error.text);
	return query_run(&query, err);
}

static bool run_with_no(struct store *store, enum statement statement, int64_t feed_no, struct error *err)
{
	struct query query = query_start(store, statement);

	assert(store->in_transaction);
	query_integer(&query, feed_no);
	return query_run(&query, err);
}

bool feeds_drop(struct store *store, const struct feed *feed, struct error *err)
{
	return run_with_no(store, FEED_FILES_DROP, feed->no, err) && run_with_no(store, FEED_MARKS_DROP, feed->no, err) &&
	       run_with_no(store, FEED_DROP, feed->no, err);
}

bool feed_take(struct store *store, int64_t feed_no, const char *holder, int64_t now_ms, int64_t until_ms, bool *ret_taken, struct error *err)
{
	struct query query = query_start(store, FEED_TAKE);

	assert(store->in_transaction);
	query_integer(&query, feed_no);
	query_text(&query, holder);
	query_integer(&query, now_ms);
	query_integer(&query, until_ms);
	if (!query_run(&query, err))
		return false;
	*ret_taken = query_changes(&query) > 0;
	return true;
}

bool feed_release(struct store *store, int64_t feed_no, const char *holder, struct error *err)
{
	struct query query = query_start(store, FEED_RELEASE);

	query_integer(&query, feed_no);
	query_text(&query, holder);
	return query_run(&query, err);
}

bool feed_mark_get(struct store *store, int64_t feed_no, int64_t object_no, struct feed_mark *ret_mark, char *ret_columns, bool *ret_found,
		   struct error *err)
{
	struct query query = query_start(store, FEED_MARK_GET);

	*ret_mark = (struct feed_mark){ 0 };
	query_integer(&query, feed_no);
	query_integer(&query, object_no);
	*ret_found = query_next(&query);
	if (*ret_found) {
		*ret_mark = (struct feed_mark){ row_integer(&query, 0), row_integer(&query, 1), row_integer(&query, 2) };
		row_copy(&query, 3, ret_columns, 20);
	}
	return query_end(&query, err);
}

/* ---- runs */

static bool add_file(struct store *store, int64_t feed_no, const struct feed_file *file, struct error *err)
{
	struct query query = query_start(store, FEED_FILE_ADD);

	query_integer(&query, feed_no);
	query_integer(&query, file->object_no);
	query_integer(&query, file->is_full);
	query_text(&query, file->path);
	return query_run(&query, err);
}

bool feed_run_begin(struct store *store, int64_t feed_no, int64_t run_ms, const struct feed_file *files, size_t count, struct error *err)
{
	struct query query = query_start(store, FEED_RUN_BEGIN);

	assert(store->in_transaction);
	query_integer(&query, feed_no);
	query_integer(&query, run_ms);
	if (!query_run(&query, err) || !run_with_no(store, FEED_FILES_DROP, feed_no, err))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!add_file(store, feed_no, &files[i], err))
			return false;
	return true;
}

static void row_file(const struct query *query, struct feed_file *file)
{
	*file = (struct feed_file){
		.object_no = row_integer(query, 0), .is_full = row_integer(query, 2) != 0, .state = (enum feed_file_state)row_integer(query, 3),
		.mark = { row_integer(query, 5), row_integer(query, 6), row_integer(query, 7) },
		.rows = row_integer(query, 9), .gone = row_integer(query, 10), .unfit = row_integer(query, 11), .bytes = row_integer(query, 12),
	};
	row_copy(query, 1, file->type, sizeof(file->type));
	row_copy(query, 4, file->path, sizeof(file->path));
	row_copy(query, 8, file->columns, sizeof(file->columns));
	row_copy(query, 13, file->digest, sizeof(file->digest));
}

bool feed_run_files(struct store *store, int64_t feed_no, struct feed_file **ret_files, size_t *ret_count, struct error *err)
{
	struct query query = query_start(store, FEED_FILES);
	AUTO(memory_freep) struct feed_file *files = NULL;
	size_t count = 0, room = 0;

	query_integer(&query, feed_no);
	while (query_next(&query)) {
		memory_grow(&files, &room, count + 1, sizeof(*files));
		row_file(&query, &files[count++]);
	}
	if (!query_end(&query, err))
		return false;
	*ret_files = memory_steal(&files);
	*ret_count = count;
	return true;
}

bool feed_file_save(struct store *store, int64_t feed_no, const struct feed_file *file, struct error *err)
{
	struct query query = query_start(store, FEED_FILE_SAVE);

	query_integer(&query, feed_no);
	query_integer(&query, file->object_no);
	query_integer(&query, file->state);
	query_integer(&query, file->mark.epoch);
	query_integer(&query, file->mark.record);
	query_integer(&query, file->mark.history);
	query_text(&query, file->columns);
	query_integer(&query, file->rows);
	query_integer(&query, file->gone);
	query_integer(&query, file->unfit);
	query_integer(&query, file->bytes);
	query_text(&query, file->digest);
	return query_run(&query, err);
}

bool feed_run_end(struct store *store, int64_t feed_no, struct error *err)
{
	return run_with_no(store, FEED_MARKS_MOVE, feed_no, err) && run_with_no(store, FEED_FILES_DROP, feed_no, err) &&
	       run_with_no(store, FEED_RUN_END, feed_no, err);
}
