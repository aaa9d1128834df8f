/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sync log: runs and attempts. */
#include "ledgerdeck/store/log.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "query.h"
#include "rows.h"

bool run_start(struct store *store, const char *cause, const char *what, const char *by, int64_t now_ms, int64_t *ret_run,
	       struct error *err)
{
	struct query query = query_start(store, RUN_START);

	query_text(&query, cause);
	query_text(&query, what);
	query_text(&query, by);
	query_integer(&query, now_ms);
	if (!query_run(&query, err))
		return false;
	*ret_run = sqlite3_last_insert_rowid(store->db);
	return true;
}

bool run_end(struct store *store, int64_t run, int64_t now_ms, const char *result, struct error *err)
{
	struct query query = query_start(store, RUN_END);

	query_integer(&query, run);
	query_integer(&query, now_ms);
	query_text(&query, result);
	return query_run(&query, err);
}

bool attempt_start(struct store *store, struct attempt *attempt, struct error *err)
{
	struct query query = query_start(store, ATTEMPT_START);

	query_integer(&query, attempt->run);
	query_text(&query, attempt->account_id);
	query_text(&query, attempt->type);
	query_text(&query, attempt->job);
	query_text(&query, attempt->cause);
	query_integer(&query, attempt->started_ms);
	query_integer(&query, attempt->tries);
	if (!query_run(&query, err))
		return false;
	attempt->no = sqlite3_last_insert_rowid(store->db);
	attempt->took_ms = -1;
	return true;
}

bool attempt_end(struct store *store, const struct attempt *attempt, const char *detail, struct error *err)
{
	struct query query = query_start(store, ATTEMPT_END);

	query_integer(&query, attempt->no);
	query_integer(&query, attempt->took_ms);
	query_integer(&query, attempt->error.code);
	query_integer(&query, attempt->error.retry_after_s);
	query_integer(&query, attempt->error.outcome_unknown);
	query_text(&query, attempt->error.ledger_code);
	query_text(&query, attempt->error.trace_id);
	query_text(&query, attempt->error.text);
	query_text(&query, detail);
	query_integer(&query, attempt->tries);
	query_integer(&query, attempt->pages);
	query_integer(&query, attempt->calls);
	query_integer(&query, attempt->bytes);
	query_integer(&query, attempt->throttled);
	query_integer(&query, attempt->counts.added);
	query_integer(&query, attempt->counts.changed);
	query_integer(&query, attempt->counts.unchanged);
	query_integer(&query, attempt->counts.deleted);
	query_integer(&query, attempt->counts.parked);
	query_integer(&query, attempt->next_ms);
	query_integer(&query, attempt->waited_ms);
	return query_run(&query, err);
}

static bool name_items(struct store *store, const struct attempt *attempt, const struct attempt_item *item, struct error *err)
{
	struct query query = query_start(store, ATTEMPT_ITEM_NAME);

	query_text(&query, attempt->account_id);
	query_integer(&query, item->resource);
	query_text(&query, item->record_id);
	return query_run(&query, err);
}

bool attempt_items_put(struct store *store, const struct attempt *attempt, const struct attempt_item *items, size_t count,
		       struct error *err)
{
	assert(store->in_transaction);
	for (size_t i = 0; i < count; i++) {
		const struct attempt_item *item = &items[i];
		struct query query = query_start(store, ATTEMPT_ITEM_PUT);

		query_text(&query, attempt->account_id);
		query_integer(&query, attempt->no);
		query_integer(&query, (int64_t)i);
		query_text(&query, item->type);
		query_text(&query, item->record_id);
		query_integer(&query, item->resource);
		query_text(&query, item->error.text);
		query_integer(&query, item->error.code);
		query_integer(&query, item->error.retry_after_s);
		query_integer(&query, item->error.outcome_unknown);
		query_text(&query, item->error.ledger_code);
		query_text(&query, item->error.trace_id);
		if (!query_run(&query, err) || (item->resource && *item->record_id && !name_items(store, attempt, item, err)))
			return false;
	}
	return true;
}

bool attempt_items(struct store *store, const struct attempt *attempt, bool (*each)(void *ctx, const struct attempt_item *item),
		   void *ctx, struct error *err)
{
	struct query query = query_start(store, ATTEMPT_ITEMS);
	bool more = true;

	query_text(&query, attempt->account_id);
	query_integer(&query, attempt->no);
	while (more && query_next(&query)) {
		struct attempt_item item = { .resource = row_integer(&query, 2) };

		row_copy(&query, 0, item.type, sizeof(item.type));
		row_copy(&query, 1, item.record_id, sizeof(item.record_id));
		row_copy(&query, 3, item.error.text, sizeof(item.error.text));
		item.error.code = (enum error_code)row_integer(&query, 4);
		item.error.retry_after_s = (int)row_integer(&query, 5);
		item.error.outcome_unknown = row_integer(&query, 6) != 0;
		row_copy(&query, 7, item.error.ledger_code, sizeof(item.error.ledger_code));
		row_copy(&query, 8, item.error.trace_id, sizeof(item.error.trace_id));
		more = each(ctx, &item);
	}
	return query_end(&query, err);
}

bool attempts_interrupted(struct store *store, const char *account_id, int64_t now_ms, struct error *err)
{
	struct query query = query_start(store, ATTEMPT_INTERRUPTED);

	query_text(&query, account_id);
	query_integer(&query, now_ms);
	return query_run(&query, err);
}

void row_attempt(const struct query *query, struct attempt *attempt)
{
	*attempt = (struct attempt){ 0 };
	attempt->no = row_integer(query, 0);
	attempt->run = row_integer(query, 1);
	row_copy(query, 2, attempt->account_id, sizeof(attempt->account_id));
	row_copy(query, 3, attempt->type, sizeof(attempt->type));
	row_copy(query, 4, attempt->job, sizeof(attempt->job));
	row_copy(query, 5, attempt->cause, sizeof(attempt->cause));
	attempt->started_ms = row_integer(query, 6);
	attempt->took_ms = row_integer(query, 7);
	attempt->error.code = (enum error_code)row_integer(query, 8);
	attempt->error.retry_after_s = (int)row_integer(query, 9);
	attempt->error.outcome_unknown = row_integer(query, 10) != 0;
	row_copy(query, 11, attempt->error.ledger_code, sizeof(attempt->error.ledger_code));
	row_copy(query, 12, attempt->error.trace_id, sizeof(attempt->error.trace_id));
	row_copy(query, 13, attempt->error.text, sizeof(attempt->error.text));
	attempt->tries = (int)row_integer(query, 14);
	attempt->pages = row_integer(query, 15);
	attempt->calls = row_integer(query, 16);
	attempt->bytes = row_integer(query, 17);
	attempt->throttled = row_integer(query, 18);
	attempt->counts.added = row_integer(query, 19);
	attempt->counts.changed = row_integer(query, 20);
	attempt->counts.unchanged = row_integer(query, 21);
	attempt->counts.deleted = row_integer(query, 22);
	attempt->counts.parked = row_integer(query, 23);
	attempt->next_ms = row_integer(query, 24);
	attempt->waited_ms = row_integer(query, 25);
}

bool attempts_get(struct store *store, int64_t no, struct attempt *ret_attempt, struct str *ret_detail, bool *ret_found,
		  struct error *err)
{
	struct query query = query_start(store, ATTEMPT_GET);
	bool found;

	query_integer(&query, no);
	found = query_next(&query);
	if (found) {
		row_attempt(&query, ret_attempt);
		if (ret_detail)
			str_add_bytes(ret_detail, row_text(&query, ROW_ATTEMPT_DETAIL), row_len(&query, ROW_ATTEMPT_DETAIL));
	}
	if (!query_end(&query, err))
		return false;
	*ret_found = found;
	return true;
}

bool attempts_last(struct store *store, const char *account_id, const char *type, struct attempt_brief *ret_attempts, size_t room,
		   size_t *ret_count, struct error *err)
{
	struct query query = query_start(store, ATTEMPT_LAST);

	*ret_count = 0;
	query_text(&query, account_id);
	query_text(&query, type);
	query_integer(&query, (int64_t)room);
	while (*ret_count < room && query_next(&query))
		ret_attempts[(*ret_count)++] = (struct attempt_brief){ row_integer(&query, 0), row_integer(&query, 1),
			(enum error_code)row_integer(&query, 2), row_integer(&query, 3), row_integer(&query, 4), row_integer(&query, 5) };
	return query_end(&query, err);
}

bool attempts_trim(struct store *store, int64_t before_ms, int64_t *ret_trimmed, struct error *err)
{
	struct query query = query_start(store, ATTEMPT_DAYS);
	int64_t trimmed;

	assert(store->in_transaction); /* counted and not yet deleted would be counted again */
	query_integer(&query, before_ms);
	if (!query_run(&query, err))
		return false;
	query = query_start(store, ATTEMPT_TRIM);
	query_integer(&query, before_ms);
	while (query_next(&query))
		continue;
	trimmed = query_changes(&query);
	if (!query_end(&query, err))
		return false;
	*ret_trimmed = trimmed;
	return true;
}
