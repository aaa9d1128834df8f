/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One round of a session: what was compared and found takes the place of what the last round found. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/compress.h"
#include "ledgerdeck/core/decimal.h"
#include "ledgerdeck/core/memory.h"
#include "rows.h"
#include "session_rows.h"

_Static_assert(EXCEPTION_TIE == 12 && EXCEPTION_UNKNOWN == 13, "what SESSION_EXCEPTION_CLOSE calls them");

#define PART_MAX (COMPRESS_RECORD_MAX / 2) /* of a report's bytes that are packed in one piece */

bool session_round_begin(struct store *store, struct session *session, struct error *err)
{
	static const enum statement clears[] = { SESSION_CLEAR_ITEMS, SESSION_CLEAR_SUMS, SESSION_CLEAR_MATCHES, SESSION_CLEAR_TIES,
						 SESSION_CLEAR_PARTS, SESSION_CLEAR_REPORTS, SESSION_CLEAR_ANSWERS };
	struct query query;

	if (!session_may_change(store, session, err))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(clears); i++) {
		query = session_query(store, clears[i], session->no);
		if (!query_run(&query, err))
			return false;
	}
	query = query_start(store, SESSION_ROUND);
	query_text(&query, session->account_id);
	query_integer(&query, session->no);
	while (query_next(&query))
		session->rounds = row_integer(&query, 0);
	return query_end(&query, err);
}

bool session_round_end(struct store *store, struct session *session, bool whole, int64_t now_ms, struct error *err)
{
	struct query query;

	if (!session_may_change(store, session, err))
		return false;
	query = session_query(store, SESSION_SUM_UP, session->no);
	if (!query_run(&query, err))
		return false;
	query = session_query(store, SESSION_EXCEPTION_CLOSE, session->no);
	query_integer(&query, session->rounds);
	query_integer(&query, now_ms);
	query_integer(&query, whole);
	if (!query_run(&query, err))
		return false;
	query = query_start(store, SESSION_READ);
	query_text(&query, session->account_id);
	query_integer(&query, session->no);
	query_integer(&query, now_ms);
	query_integer(&query, whole ? now_ms : 0);
	session->read_ms = whole ? now_ms : 0;
	session->changed_ms = now_ms;
	return query_run(&query, err);
}

/* Carry out a statement that gives a number back. */
static bool run_for_number(struct query *query, int64_t *ret_no, struct error *err)
{
	while (query_next(query))
		*ret_no = row_integer(query, 0);
	return query_end(query, err);
}

bool session_add_item(struct store *store, const struct session *session, struct session_item *item, struct error *err)
{
	struct query query;

	if (!session_may_change(store, session, err))
		return false;
	query = session_query(store, SESSION_ITEM_NEXT, session->no);
	if (!run_for_number(&query, &item->no, err))
		return false;
	query = session_query(store, SESSION_ITEM_ADD, session->no);
	query_integer(&query, item->no);
	query_integer(&query, item->side);
	query_text_or_blank(&query, item->type);
	query_text_or_blank(&query, item->ref);
	query_text_or_blank(&query, item->version);
	query_integer(&query, item->date.day);
	query_integer(&query, item->amount);
	query_text_or_blank(&query, item->currency);
	query_text_or_blank(&query, item->number);
	query_text_or_blank(&query, item->party);
	query_text_or_blank(&query, item->party_name);
	query_text_or_blank(&query, item->memo);
	item->match = 0;
	return query_run(&query, err);
}

/* ---- matches ---- */

bool session_match_is_answered(const struct session_match *match)
{
	return match->state == SESSION_MATCH_ACCEPTED || match->state == SESSION_MATCH_REJECTED;
}

static bool run_of_match(struct store *store, enum statement statement, int64_t session, int64_t match, struct error *err)
{
	struct query query = session_query(store, statement, session);

	query_integer(&query, match);
	return query_run(&query, err);
}

bool session_keep_answer(struct store *store, int64_t session, int64_t match, struct error *err)
{
	return run_of_match(store, SESSION_ANSWER_ADD, session, match, err);
}

bool session_free_items(struct store *store, int64_t session, int64_t match, struct error *err)
{
	return run_of_match(store, SESSION_ITEM_FREE, session, match, err);
}

static bool take(struct store *store, int64_t session, int64_t match, int64_t item, int64_t *sources, struct error *err)
{
	struct query query = session_query(store, SESSION_ITEM_HOLDER, session);
	int64_t holder = -1;

	query_integer(&query, item);
	if (query_next(&query)) {
		*sources += row_integer(&query, 0) == SIDE_SOURCE;
		holder = row_integer(&query, 1);
	}
	if (!query_end(&query, err))
		return false;
	if (holder != 0 && holder != match)
		return error_set(err, ERROR_CONFLICT, "item %lld is of another match already", (long long)item);
	query = session_query(store, SESSION_ITEM_TAKE, session);
	query_integer(&query, item);
	query_integer(&query, match);
	return query_run(&query, err);
}

/* The one that a person has answered, as the answer was. */
static bool find_answered(struct store *store, int64_t session, struct session_match *match, struct error *err)
{
	struct session_match stored;
	bool found;

	if (!session_one_match(store, session, match->no, &stored, &found, err))
		return false;
	if (!found || !session_match_is_answered(&stored))
		return error_set(err, ERROR_INPUT, "match %lld was not answered", (long long)match->no);
	match->pass = stored.pass;
	match->state = stored.state;
	match->at_ms = stored.at_ms;
	memcpy(match->currency, stored.currency, sizeof(match->currency));
	memcpy(match->who, stored.who, sizeof(match->who));
	return true;
}

static bool add_again(struct store *store, const struct session *session, struct session_match *match, const int64_t *items,
		      size_t count, struct error *err)
{
	int64_t sources = 0;
	struct query query;

	if (!find_answered(store, session->no, match, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (match->state == SESSION_MATCH_ACCEPTED && !take(store, session->no, match->no, items[i], &sources, err))
			return false;
		query = session_query(store, SESSION_ANSWER_AGAIN, session->no);
		query_integer(&query, match->no);
		query_integer(&query, items[i]);
		if (!query_run(&query, err))
			return false;
	}
	query = session_query(store, SESSION_MATCH_AGAIN, session->no);
	query_integer(&query, match->no);
	query_integer(&query, match->score);
	query_integer(&query, match->difference);
	query_integer(&query, session->rounds);
	query_integer(&query, sources);
	return query_run(&query, err);
}

bool session_add_match(struct store *store, const struct session *session, struct session_match *match, const int64_t *items,
		       size_t count, struct error *err)
{
	int64_t sources = 0;
	struct query query;

	if (!session_may_change(store, session, err))
		return false;
	if (match->no)
		return add_again(store, session, match, items, count, err);
	query = session_query(store, SESSION_MATCH_NEXT, session->no);
	if (!run_for_number(&query, &match->no, err))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!take(store, session->no, match->no, items[i], &sources, err))
			return false;
	query = session_query(store, SESSION_MATCH_ADD, session->no);
	query_integer(&query, match->no);
	query_integer(&query, match->pass);
	query_integer(&query, match->score);
	query_integer(&query, match->difference);
	query_text(&query, match->currency);
	query_integer(&query, match->state);
	query_text(&query, match->who);
	query_integer(&query, match->at_ms);
	query_integer(&query, session->rounds);
	query_integer(&query, sources);
	return query_run(&query, err) &&
	       (!session_match_is_answered(match) || session_keep_answer(store, session->no, match->no, err)) &&
	       (match->state != SESSION_MATCH_REJECTED || session_free_items(store, session->no, match->no, err));
}

/* ---- exceptions ---- */

static void bind_finding(struct query *query, const struct session_exception *exception)
{
	query_text(query, exception->cause);
	query_text(query, exception->text);
	query_text(query, exception->type);
	query_text(query, exception->ref);
	query_text(query, exception->record);
	query_integer(query, exception->resource);
	query_integer(query, exception->match);
	query_integer(query, exception->source_item);
	query_integer(query, exception->mirror_item);
	query_integer_or_null(query, exception->has_date, exception->date.day);
	query_integer(query, exception->amount);
	query_text(query, exception->currency);
}

static bool add_new(struct store *store, const struct session *session, struct session_exception *exception, int64_t now_ms,
		    struct error *err)
{
	struct query query = session_query(store, SESSION_EXCEPTION_ADD, session->no);

	exception->since_ms = exception->changed_ms = now_ms;
	exception->round = session->rounds;
	query_text(&query, exception->key);
	query_integer(&query, exception->reason);
	query_integer(&query, exception->state);
	bind_finding(&query, exception);
	query_text(&query, exception->assignee);
	query_text(&query, exception->plan);
	query_integer(&query, now_ms);
	query_integer(&query, now_ms);
	query_integer(&query, session->rounds);
	query_text(&query, exception->who);
	return run_for_number(&query, &exception->no, err);
}

static const char *money(int64_t millionths, char *out)
{
	return decimal_format(decimal_trim(decimal_of(millionths, 6)), out);
}

/* Nothing that was said of it counts any more: it begins anew, and a note says why. */
static bool begin_anew(struct store *store, const struct session *session, const struct session_exception *known,
		       struct session_exception *exception, int64_t now_ms, struct error *err)
{
	char before[DECIMAL_TEXT_MAX], now[DECIMAL_TEXT_MAX], text[240];
	struct session_note note = { .exception = known->no, .at_ms = now_ms, .who = "engine", .text = text };

	exception->state = *known->assignee ? EXCEPTION_ASSIGNED : EXCEPTION_OPEN;
	exception->changed_ms = now_ms;
	snprintf(exception->who, sizeof(exception->who), "engine");
	if (known->state == EXCEPTION_CLOSED)
		snprintf(text, sizeof(text), "open again: it had agreed, and does not any more");
	else
		snprintf(text, sizeof(text), "open again: it was %s while the difference was %s %s, and is %s %s now",
			 exception_state_word(known->state), money(known->amount, before), known->currency,
			 money(exception->amount, now), exception->currency);
	return session_add_note(store, session, &note, err);
}

static bool find_again(struct store *store, const struct session *session, const struct session_exception *known,
		       struct session_exception *exception, int64_t now_ms, struct error *err)
{
	bool moved = known->amount != exception->amount || strcmp(known->currency, exception->currency) != 0;
	bool was_closed = known->state == EXCEPTION_CLOSED && exception->state != EXCEPTION_CLOSED;
	struct query query;

	exception->no = known->no;
	exception->round = session->rounds;
	exception->since_ms = known->since_ms;
	exception->changed_ms = moved ? now_ms : known->changed_ms;
	exception->state = known->state;
	memcpy(exception->assignee, known->assignee, sizeof(exception->assignee));
	memcpy(exception->plan, known->plan, sizeof(exception->plan));
	memcpy(exception->who, known->who, sizeof(exception->who));
	if ((was_closed || (moved && known->state != EXCEPTION_CLOSED && exception_is_explained(known->state))) &&
	    !begin_anew(store, session, known, exception, now_ms, err))
		return false;
	query = session_query(store, SESSION_EXCEPTION_AGAIN, session->no);
	query_integer(&query, exception->no);
	query_integer(&query, exception->state);
	bind_finding(&query, exception);
	query_integer(&query, exception->changed_ms);
	query_integer(&query, session->rounds);
	query_text(&query, exception->who);
	return query_run(&query, err);
}

bool session_add_exception(struct store *store, const struct session *session, struct session_exception *exception,
			   int64_t now_ms, struct error *err)
{
	struct session_exception known;
	struct query query;
	bool found;

	if (!session_may_change(store, session, err))
		return false;
	query = session_query(store, SESSION_EXCEPTION_KEY, session->no);
	query_text(&query, exception->key);
	if (!session_one_exception(&query, &known, &found, err))
		return false;
	if (!found)
		return add_new(store, session, exception, now_ms, err);
	if (known.round == session->rounds)
		return error_set(err, ERROR_INTERNAL, "two exceptions of one round are '%.160s'", exception->key);
	return find_again(store, session, &known, exception, now_ms, err);
}

/* ---- ties and reports ---- */

bool session_add_tie(struct store *store, const struct session *session, struct session_tie *tie, struct error *err)
{
	struct query query;

	if (!session_may_change(store, session, err))
		return false;
	query = session_query(store, SESSION_TIE_ADD, session->no);
	query_integer(&query, tie->tie);
	query_text(&query, tie->key);
	query_text(&query, tie->name);
	query_text(&query, tie->currency);
	query_integer(&query, tie->mirror);
	query_integer(&query, tie->ledger);
	query_integer(&query, tie->equal);
	query_text_or_blank(&query, tie->detail);
	return run_for_number(&query, &tie->no, err);
}

static bool add_parts(struct store *store, int64_t session, int64_t report, const char *raw, size_t len, struct error *err)
{
	AUTO(str_clear) struct str packed = STR_INIT(STR_NO_LIMIT);

	for (size_t at = 0, part = 1; at < len; at += PART_MAX, part++) {
		struct query query;

		str_reset(&packed);
		if (!rows_pack(store, raw + at, len - at < PART_MAX ? len - at : PART_MAX, &packed, err))
			return false;
		query = session_query(store, SESSION_REPORT_ADD_PART, session);
		query_integer(&query, report);
		query_integer(&query, (int64_t)part);
		query_blob(&query, packed.text, packed.len);
		if (!query_run(&query, err))
			return false;
	}
	return true;
}

bool session_add_report(struct store *store, const struct session *session, struct session_report *report, const char *raw,
			size_t len, struct error *err)
{
	struct query query;

	if (!session_may_change(store, session, err))
		return false;
	query = session_query(store, SESSION_REPORT_ADD, session->no);
	query_text(&query, report->report);
	query_text(&query, report->args);
	query_integer(&query, report->reading);
	query_integer(&query, report->read_ms);
	query_integer(&query, report->ledger_ms);
	query_text(&query, report->trace_id);
	query_text(&query, report->digest);
	return run_for_number(&query, &report->no, err) && add_parts(store, session->no, report->no, raw, len, err);
}
