/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Looking through the log. An index narrows it to an account, a type or what failed; the rest of the question is asked of
 * each row, and how many rows are looked at can be bounded, so that nobody waits for a search through all of it.
 */
#include <assert.h>
#include <string.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/log.h"
#include "query.h"
#include "rows.h"

#define CLOCK_JUMP_MS DAY_MS /* the log's times grow with its numbers, but for a clock that was put back by less */

enum log_state attempt_state(const struct attempt *attempt)
{
	if (attempt->took_ms < 0)
		return LOG_RUNNING;
	switch (attempt->error.code) {
	case ERROR_NONE:
		return LOG_OK;
	case ERROR_CANCELLED:
		return LOG_STOPPED;
	case ERROR_CONFLICT:
		return LOG_DECIDE;
	default:
		return LOG_FAILED;
	}
}

struct look {
	const struct attempt_query *query;
	const struct log_filter *filter;
	struct account_list accounts;      /* for their names */
	const char *account_id;            /* the only one that can fit; NULL: several */
	bool failed_only;
	int64_t since_ms;
};

static void look_clear(struct look *look)
{
	account_list_clear(&look->accounts);
}

/* ---- what fits */

static const char *name_of(const struct look *look, const char *account_id)
{
	for (size_t i = 0; i < look->accounts.count; i++)
		if (strcmp(look->accounts.items[i].id, account_id) == 0)
			return look->accounts.items[i].name;
	return "";
}

static bool text_fits(const struct look *look, const struct attempt *attempt, const char *detail, const char *text)
{
	const char *const places[] = { attempt->error.text, attempt->type, name_of(look, attempt->account_id), attempt->job, attempt->cause,
				       attempt->error.ledger_code, attempt->error.trace_id, log_state_word(attempt_state(attempt)), detail };

	for (size_t i = 0; i < ARRAY_LEN(places); i++)
		if (strcasestr(places[i], text))
			return true;
	return false;
}

static bool state_fits(enum log_state wanted, enum log_state state)
{
	return wanted == LOG_ANY || wanted == state || (wanted == LOG_FAILED && state == LOG_DECIDE);
}

static bool filter_fits(const struct look *look, const struct attempt *attempt, const char *detail)
{
	const struct log_filter *filter = look->filter;

	if (!state_fits(filter->state, attempt_state(attempt)) || (filter->run && filter->run != attempt->run) ||
	    attempt->started_ms >= filter->until_ms || !log_match_fits(&filter->type, attempt->type) ||
	    !log_match_fits(&filter->job, attempt->job) || !log_match_fits(&filter->cause, attempt->cause) ||
	    !log_match_fits(&filter->code, attempt->error.ledger_code) || !log_match_fits(&filter->trace, attempt->error.trace_id))
		return false;
	if (*filter->account.text && !log_match_fits(&filter->account, attempt->account_id) &&
	    !log_match_fits(&filter->account, name_of(look, attempt->account_id)))
		return false;
	for (size_t i = 0; i < filter->text_count; i++)
		if (!text_fits(look, attempt, detail, filter->texts[i]))
			return false;
	return true;
}

static bool fits(const struct look *look, const struct attempt *attempt, const char *detail)
{
	const struct attempt_query *query = look->query;

	if (query->running_too && attempt->took_ms < 0)
		return true;
	/* What was stopped on request has not failed. */
	return attempt->started_ms >= look->since_ms && (!query->type || query->record_id || strcmp(query->type, attempt->type) == 0) &&
	       (!look->account_id || strcmp(look->account_id, attempt->account_id) == 0) &&
	       (!query->failed_only || (attempt->error.code != ERROR_NONE && attempt->error.code != ERROR_CANCELLED)) &&
	       (!look->filter || filter_fits(look, attempt, detail));
}

/* ---- by which index */

/* Where only one account can fit, its index is used; `ret_none`: none fits. */
static void find_account(struct look *look, bool *ret_none)
{
	const struct log_match *match = look->filter ? &look->filter->account : NULL;
	size_t count = 0;

	*ret_none = false;
	if (look->query->account_id || !match || !*match->text)
		return;
	for (size_t i = 0; i < look->accounts.count; i++) {
		const struct account *account = &look->accounts.items[i];

		if (!log_match_fits(match, account->id) && !log_match_fits(match, account->name))
			continue;
		look->account_id = account->id;
		count++;
	}
	*ret_none = count == 0;
	if (count > 1)
		look->account_id = NULL;
}

static struct query start(const struct look *look, struct store *store)
{
	const struct attempt_query *what = look->query;
	enum statement older = what->record_id                   ? ATTEMPT_RECORD_OLDER
			       : what->resource                         ? ATTEMPT_RESOURCE_OLDER
			       : look->account_id && what->type              ? ATTEMPT_TYPE_OLDER
			       : look->account_id && look->failed_only ? ATTEMPT_ACCOUNT_FAILED_OLDER
			       : look->account_id                       ? ATTEMPT_ACCOUNT_OLDER
			       : look->failed_only                      ? ATTEMPT_FAILED_OLDER
									: ATTEMPT_OLDER;
	struct query query = query_start(store, older + (what->newest_first ? 0U : 1U));

	assert(!what->record_id || (look->account_id && what->type));
	query_integer(&query, what->after_no);
	query_integer(&query, what->before_no > 0 ? what->before_no : INT64_MAX);
	if (what->resource && !what->record_id)
		query_integer(&query, what->resource);
	else if (look->account_id)
		query_text(&query, look->account_id);
	if (look->account_id && what->type)
		query_text(&query, what->type);
	if (what->record_id)
		query_text(&query, what->record_id);
	return query;
}

static bool prepare(struct look *look, struct store *store, bool *ret_none, struct error *err)
{
	const struct attempt_query *query = look->query;

	look->filter = query->filter && !log_filter_is_empty(query->filter) ? query->filter : NULL;
	look->account_id = query->account_id;
	look->since_ms = query->since_ms;
	look->failed_only = query->failed_only && !query->running_too;
	*ret_none = false;
	if (!look->filter)
		return true;
	if (look->filter->state == LOG_FAILED || look->filter->state == LOG_DECIDE || look->filter->state == LOG_STOPPED)
		look->failed_only = !query->running_too;
	if (look->filter->since_ms > look->since_ms)
		look->since_ms = look->filter->since_ms;
	if (!accounts_all(store, &look->accounts, err))
		return false;
	find_account(look, ret_none);
	return true;
}

bool attempts_list(struct store *store, const struct attempt_query *what,
		   bool (*each)(void *ctx, const struct attempt *attempt, const char *detail), void *ctx,
		   struct log_look *ret_look, struct error *err)
{
	AUTO(look_clear) struct look look = { .query = what };
	struct log_look at = { .done = true };
	struct attempt attempt;
	struct query query;
	int64_t found = 0, looked = 0;
	bool none;

	if (ret_look)
		*ret_look = at;
	if (!prepare(&look, store, &none, err))
		return false;
	if (none)
		return true;
	query = start(&look, store);
	while (query_next(&query)) {
		const char *detail = row_text(&query, ROW_ATTEMPT_DETAIL);

		row_attempt(&query, &attempt);
		/* The row before ended it: this one only shows that there is more. */
		if ((what->limit && found == what->limit) || (what->looked_max && looked == what->looked_max)) {
			at.done = false;
			break;
		}
		if (what->newest_first && attempt.started_ms < look.since_ms - CLOCK_JUMP_MS)
			break;
		looked++;
		at.no = attempt.no;
		at.at_ms = attempt.started_ms;
		if (!fits(&look, &attempt, detail))
			continue;
		found++;
		if (!each(ctx, &attempt, detail)) {
			at.done = false;
			break;
		}
	}
	if (ret_look)
		*ret_look = at;
	return query_end(&query, err);
}

bool attempts_running(struct store *store, size_t most, int64_t *ret_nos, size_t *ret_count, struct error *err)
{
	struct query query = query_start(store, ATTEMPT_RUNNING);

	*ret_count = 0;
	query_integer(&query, (int64_t)most);
	while (query_next(&query))
		ret_nos[(*ret_count)++] = row_integer(&query, 0);
	return query_end(&query, err);
}
