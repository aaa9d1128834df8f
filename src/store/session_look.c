/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a session holds: lists of it, and what it comes to. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "rows.h"
#include "session_rows.h"

/* ---- rows ---- */

void row_match(const struct query *query, struct session_match *match)
{
	*match = (struct session_match){ .no = row_integer(query, 0), .pass = (enum match_pass)row_integer(query, 1),
					 .score = (int)row_integer(query, 2), .difference = row_integer(query, 3),
					 .at_ms = row_integer(query, 7) };
	match->state = row_integer(query, 5);
	row_copy(query, 4, match->currency, sizeof(match->currency));
	row_copy(query, 6, match->who, sizeof(match->who));
}

void row_exception(const struct query *query, struct session_exception *exception)
{
	*exception = (struct session_exception){
		.no = row_integer(query, 0), .reason = (enum exception_reason)row_integer(query, 2),
		.state = (enum exception_state)row_integer(query, 3), .resource = row_integer(query, 9), .match = row_integer(query, 10),
		.source_item = row_integer(query, 11), .mirror_item = row_integer(query, 12), .has_date = !row_is_null(query, 13),
		.date = { (int32_t)row_integer(query, 13) }, .amount = row_integer(query, 14), .since_ms = row_integer(query, 18),
		.changed_ms = row_integer(query, 19), .round = row_integer(query, 20),
	};
	row_copy(query, 1, exception->key, sizeof(exception->key));
	row_copy(query, 4, exception->cause, sizeof(exception->cause));
	row_copy(query, 5, exception->text, sizeof(exception->text));
	row_copy(query, 6, exception->type, sizeof(exception->type));
	row_copy(query, 7, exception->ref, sizeof(exception->ref));
	row_copy(query, 8, exception->record, sizeof(exception->record));
	row_copy(query, 15, exception->currency, sizeof(exception->currency));
	row_copy(query, 16, exception->assignee, sizeof(exception->assignee));
	row_copy(query, 17, exception->plan, sizeof(exception->plan));
	row_copy(query, 21, exception->who, sizeof(exception->who));
}

bool session_one_exception(struct query *query, struct session_exception *ret_exception, bool *ret_found, struct error *err)
{
	*ret_found = query_next(query);
	if (*ret_found)
		row_exception(query, ret_exception);
	return query_end(query, err);
}

bool session_one_match(struct store *store, int64_t session, int64_t no, struct session_match *ret_match, bool *ret_found,
		       struct error *err)
{
	struct query query = session_query(store, SESSION_MATCH_GET, session);

	query_integer(&query, no);
	*ret_found = query_next(&query);
	if (*ret_found)
		row_match(&query, ret_match);
	return query_end(&query, err);
}

/* ---- lists ---- */

static bool list_items(struct query *query, bool (*each)(void *ctx, const struct session_item *item), void *ctx, struct error *err)
{
	while (query_next(query)) {
		struct session_item item = {
			.no = row_integer(query, 0), .side = (enum side)row_integer(query, 1), .type = row_text(query, 2),
			.ref = row_text(query, 3), .version = row_text(query, 4), .date = { (int32_t)row_integer(query, 5) },
			.amount = row_integer(query, 6), .currency = row_text(query, 7), .number = row_text(query, 8),
			.party = row_text(query, 9), .party_name = row_text(query, 10), .memo = row_text(query, 11),
			.match = row_integer(query, 12),
		};

		if (!each(ctx, &item))
			break;
	}
	return query_end(query, err);
}

bool session_item(struct store *store, int64_t session, int64_t no, bool (*each)(void *ctx, const struct session_item *item),
		  void *ctx, struct error *err)
{
	struct query query = session_query(store, SESSION_ITEM_GET, session);

	query_integer(&query, no);
	return list_items(&query, each, ctx, err);
}

bool session_items(struct store *store, int64_t session, bool unmatched_only, int64_t after_no, int64_t limit,
		   bool (*each)(void *ctx, const struct session_item *item), void *ctx, struct error *err)
{
	struct query query = session_query(store, unmatched_only ? SESSION_ITEM_UNMATCHED : SESSION_ITEM_LIST, session);

	query_integer(&query, after_no);
	query_integer(&query, limit_or_all(limit));
	return list_items(&query, each, ctx, err);
}

bool session_items_of_match(struct store *store, int64_t session, int64_t match,
			    bool (*each)(void *ctx, const struct session_item *item), void *ctx, struct error *err)
{
	struct query query = session_query(store, SESSION_ITEM_OF_MATCH, session);

	query_integer(&query, match);
	return list_items(&query, each, ctx, err);
}

bool session_matches(struct store *store, int64_t session, int64_t after_no, int64_t limit,
		     bool (*each)(void *ctx, const struct session_match *match), void *ctx, struct error *err)
{
	struct query query = session_query(store, SESSION_MATCH_LIST, session);
	struct session_match match;

	query_integer(&query, after_no);
	query_integer(&query, limit_or_all(limit));
	while (query_next(&query)) {
		row_match(&query, &match);
		if (!each(ctx, &match))
			break;
	}
	return query_end(&query, err);
}

bool session_answers(struct store *store, int64_t session, bool (*each)(void *ctx, const struct session_answer *answer), void *ctx,
		     struct error *err)
{
	struct query query = session_query(store, SESSION_ANSWER_LIST, session);
	struct session_match match;

	while (query_next(&query)) {
		struct session_answer answer = { .match = &match, .side = (enum side)row_integer(&query, ROW_MATCH_END),
						 .type = row_text(&query, ROW_MATCH_END + 1), .ref = row_text(&query, ROW_MATCH_END + 2),
						 .amount = row_integer(&query, ROW_MATCH_END + 3) };

		row_match(&query, &match);
		if (!each(ctx, &answer))
			break;
	}
	return query_end(&query, err);
}

bool session_exceptions(struct store *store, const struct session_exception_query *wish,
			bool (*each)(void *ctx, const struct session_exception *exception), void *ctx, struct error *err)
{
	struct query query = session_query(store, SESSION_EXCEPTION_LIST, wish->session);
	struct session_exception exception;

	query_integer(&query, wish->after_no);
	query_integer(&query, limit_or_all(wish->limit));
	query_integer(&query, wish->open_only);
	query_text(&query, wish->cause);
	query_text(&query, wish->assignee);
	query_integer(&query, wish->reason);
	while (query_next(&query)) {
		row_exception(&query, &exception);
		if (!each(ctx, &exception))
			break;
	}
	return query_end(&query, err);
}

bool session_exception(struct store *store, int64_t session, int64_t no, struct session_exception *ret_exception, bool *ret_found,
		       struct error *err)
{
	struct query query = session_query(store, SESSION_EXCEPTION_GET, session);

	query_integer(&query, no);
	return session_one_exception(&query, ret_exception, ret_found, err);
}

bool session_ties(struct store *store, int64_t session, bool (*each)(void *ctx, const struct session_tie *tie), void *ctx,
		  struct error *err)
{
	struct query query = session_query(store, SESSION_TIE_LIST, session);

	while (query_next(&query)) {
		struct session_tie tie = { .no = row_integer(&query, 0), .tie = (enum tie)row_integer(&query, 1),
					   .mirror = row_integer(&query, 5), .ledger = row_integer(&query, 6),
					   .equal = row_integer(&query, 7) != 0, .detail = row_text(&query, 8) };

		row_copy(&query, 2, tie.key, sizeof(tie.key));
		row_copy(&query, 3, tie.name, sizeof(tie.name));
		row_copy(&query, 4, tie.currency, sizeof(tie.currency));
		if (!each(ctx, &tie))
			break;
	}
	return query_end(&query, err);
}

static void read_report(const struct query *query, struct session_report *report)
{
	*report = (struct session_report){ .no = row_integer(query, 0), .reading = (int)row_integer(query, 3),
					   .read_ms = row_integer(query, 4), .ledger_ms = row_integer(query, 5) };
	row_copy(query, 1, report->report, sizeof(report->report));
	row_copy(query, 2, report->args, sizeof(report->args));
	row_copy(query, 6, report->trace_id, sizeof(report->trace_id));
	row_copy(query, 7, report->digest, sizeof(report->digest));
}

static bool read_raw(struct store *store, int64_t session, int64_t report, struct str *out, struct error *err)
{
	struct query query = session_query(store, SESSION_REPORT_PARTS, session);
	bool good = true;

	query_integer(&query, report);
	while (good && query_next(&query))
		good = rows_unpack(store, 0, row_blob(&query, 0), row_len(&query, 0), out, err);
	return query_end(&query, good ? err : NULL) && good;
}

bool session_reports(struct store *store, int64_t session,
		     bool (*each)(void *ctx, const struct session_report *report, const char *raw, size_t len), void *ctx,
		     struct error *err)
{
	AUTO(str_clear) struct str raw = STR_INIT(STR_NO_LIMIT);
	struct query query = session_query(store, SESSION_REPORT_LIST, session);
	struct session_report report;
	bool good = true;

	while (good && query_next(&query)) {
		str_reset(&raw);
		read_report(&query, &report);
		good = read_raw(store, session, report.no, &raw, err);
		if (good && !each(ctx, &report, raw.text, raw.len))
			break;
	}
	return query_end(&query, good ? err : NULL) && good;
}

/* ---- what it comes to ---- */

static bool count_items(struct store *store, int64_t session, struct session_totals *totals, struct error *err)
{
	struct query query = session_query(store, SESSION_SUM_LIST, session);

	while (query_next(&query))
		totals->items[row_integer(&query, 1)] += row_integer(&query, 2);
	return query_end(&query, err);
}

static bool count_matches(struct store *store, int64_t session, struct session_totals *totals, struct error *err)
{
	struct query query = session_query(store, SESSION_COUNT_MATCHES, session);

	while (query_next(&query)) {
		bool suggested = row_integer(&query, 1) == SESSION_MATCH_SUGGESTED;

		totals->passes[row_integer(&query, 0)] += row_integer(&query, 2);
		*(suggested ? &totals->suggested : &totals->matched) += row_integer(&query, 3);
	}
	return query_end(&query, err);
}

static bool count_exceptions(struct store *store, int64_t session, struct date today, struct session_totals *totals, struct error *err)
{
	struct query query = session_query(store, SESSION_COUNT_EXCEPTIONS, session);

	while (query_next(&query)) {
		int64_t reason = row_integer(&query, 0), state = row_integer(&query, 1), count = row_integer(&query, 3);

		totals->states[state] += count;
		if (!exception_is_open((enum exception_state)state))
			continue;
		totals->exceptions[reason] += count;
		totals->ages[exception_age((int)(today.day - row_integer(&query, 2)))] += count;
	}
	return query_end(&query, err);
}

bool session_totals(struct store *store, int64_t session, struct date today, struct session_totals *ret_totals, struct error *err)
{
	struct query query;

	*ret_totals = (struct session_totals){ 0 };
	if (!count_items(store, session, ret_totals, err) || !count_matches(store, session, ret_totals, err) ||
	    !count_exceptions(store, session, today, ret_totals, err))
		return false;
	query = session_query(store, SESSION_COUNT_TIES, session);
	if (query_next(&query)) {
		ret_totals->ties = row_integer(&query, 0);
		ret_totals->ties_equal = row_integer(&query, 1);
	}
	return query_end(&query, err);
}

struct sums {
	struct session_sum *items;   /* owned */
	size_t count, room;
};

static void sums_clear(struct sums *sums)
{
	free(sums->items);
}

static struct session_sum *sum_of(struct sums *sums, const char *currency)
{
	struct session_sum *sum;

	for (size_t i = 0; i < sums->count; i++)
		if (strcmp(sums->items[i].currency, currency) == 0)
			return &sums->items[i];
	memory_grow(&sums->items, &sums->room, sums->count + 1, sizeof(*sums->items));
	sum = &sums->items[sums->count++];
	*sum = (struct session_sum){ 0 };
	snprintf(sum->currency, sizeof(sum->currency), "%s", currency);
	return sum;
}

/* Whole ones and millionths, from two columns. */
static bool read_sum(const struct query *query, int column, int64_t *ret_sum)
{
	return !__builtin_mul_overflow(row_integer(query, column), INT64_C(1000000), ret_sum) &&
	       !__builtin_add_overflow(*ret_sum, row_integer(query, column + 1), ret_sum);
}

static bool sum_items(struct store *store, int64_t session, struct sums *sums, bool *fits, struct error *err)
{
	struct query query = session_query(store, SESSION_SUM_LIST, session);

	while (query_next(&query)) {
		struct session_sum *sum = sum_of(sums, row_text(&query, 0));
		int64_t side = row_integer(&query, 1);

		if (side == SIDE_SOURCE)
			*fits = read_sum(&query, 3, &sum->source) && *fits;
		else if (side == SIDE_MIRROR)
			*fits = read_sum(&query, 3, &sum->mirror) && *fits;
	}
	return query_end(&query, err);
}

static bool sum_open(struct store *store, int64_t session, struct sums *sums, bool *fits, struct error *err)
{
	struct query query = session_query(store, SESSION_SUM_OPEN, session);

	while (query_next(&query))
		*fits = read_sum(&query, 1, &sum_of(sums, row_text(&query, 0))->unexplained) && *fits;
	return query_end(&query, err);
}

static int by_currency(const void *a, const void *b)
{
	return strcmp(((const struct session_sum *)a)->currency, ((const struct session_sum *)b)->currency);
}

bool session_sums(struct store *store, int64_t session, bool (*each)(void *ctx, const struct session_sum *sum), void *ctx,
		  struct error *err)
{
	AUTO(sums_clear) struct sums sums = { 0 };
	bool fits = true;

	if (!sum_items(store, session, &sums, &fits, err) || !sum_open(store, session, &sums, &fits, err))
		return false;
	if (!fits)
		return error_set(err, ERROR_INPUT, "the sums of this session are larger than can be counted");
	if (sums.count > 1)
		qsort(sums.items, sums.count, sizeof(*sums.items), by_currency);
	for (size_t i = 0; i < sums.count; i++)
		if (!each(ctx, &sums.items[i]))
			break;
	return true;
}
