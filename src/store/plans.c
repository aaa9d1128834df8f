/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plans and their lines. */
#include "ledgerdeck/store/plans.h"

#include <assert.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "query.h"
#include "rows.h"

static const char *const state_words[PLAN_STATE_COUNT] = {
	[PLAN_OPEN] = "open", [PLAN_APPLIED] = "applied", [PLAN_DROPPED] = "dropped",
};

const char *plan_state_word(enum plan_state state)
{
	return state_words[state];
}

bool plans_add(struct store *store, const struct plan *plan, const char *scope, const char *head, struct error *err)
{
	struct query query = query_start(store, PLAN_ADD);

	assert(store->in_transaction);
	query_text(&query, plan->id);
	query_text(&query, plan->account_id);
	query_integer(&query, plan->made_ms);
	query_integer(&query, plan->expires_ms);
	query_text(&query, plan->who);
	query_integer(&query, plan->state);
	query_integer(&query, plan->state_ms);
	query_text(&query, plan->state_who);
	query_integer(&query, plan->mapping);
	query_text(&query, plan->policies);
	query_text(&query, plan->digest);
	query_text(&query, scope);
	query_text(&query, head);
	return query_run(&query, err);
}

bool plans_finish(struct store *store, const char *plan_id, const char *digest, const char *head, struct error *err)
{
	struct query query = query_start(store, PLAN_FINISH);

	assert(store->in_transaction);
	query_text(&query, plan_id);
	query_text(&query, digest);
	query_text(&query, head);
	return query_run(&query, err);
}

bool plans_sweep(struct store *store, int64_t now_ms, struct error *err)
{
	static const enum statement steps[] = { PLAN_SWEEP_LINES, PLAN_SWEEP };

	assert(store->in_transaction);
	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		struct query query = query_start(store, steps[i]);

		query_integer(&query, now_ms - INT64_C(86400000));
		if (!query_run(&query, err))
			return false;
	}
	return true;
}

bool plans_add_line(struct store *store, const char *plan_id, const struct plan_line *line, struct error *err)
{
	AUTO(str_clear) struct str packed = STR_INIT(STR_NO_LIMIT);
	struct query query;

	assert(store->in_transaction);
	if (!rows_pack(store, line->body, line->body_len, &packed, err))
		return error_prefix(err, "%.60s", line->number);
	query = query_start(store, PLAN_ADD_LINE);
	query_text(&query, plan_id);
	query_integer(&query, line->line);
	query_integer(&query, line->act);
	query_integer(&query, line->reason);
	query_integer(&query, line->resource);
	query_integer(&query, line->revision);
	query_text(&query, line->record_type);
	query_text(&query, line->record_id);
	query_text(&query, line->version);
	query_text(&query, line->why);
	query_text(&query, line->number);
	query_text(&query, line->party);
	query_text(&query, line->currency);
	query_integer_or_null(&query, line->has_date, line->date.day);
	query_integer_or_null(&query, line->has_total, line->total);
	query_integer_or_null(&query, line->has_tax, line->tax);
	query_integer(&query, (int64_t)line->digest);
	query_text(&query, line->detail ? line->detail : "{}");
	query_integer(&query, (int64_t)line->body_len);
	query_blob(&query, packed.text, packed.len);
	return query_run(&query, err);
}

static void read_plan(const struct query *query, struct plan *plan)
{
	*plan = (struct plan){ .made_ms = row_integer(query, 2), .expires_ms = row_integer(query, 3),
			       .state = (enum plan_state)row_integer(query, 5), .state_ms = row_integer(query, 6),
			       .mapping = row_integer(query, 8) };
	row_copy(query, 0, plan->id, sizeof(plan->id));
	row_copy(query, 1, plan->account_id, sizeof(plan->account_id));
	row_copy(query, 4, plan->who, sizeof(plan->who));
	row_copy(query, 7, plan->state_who, sizeof(plan->state_who));
	row_copy(query, 9, plan->policies, sizeof(plan->policies));
	row_copy(query, 10, plan->digest, sizeof(plan->digest));
}

#define COLUMN_SCOPE 11
#define COLUMN_HEAD 12

/* A word of a plan's id has nothing that means something to LIKE. */
static bool is_id_part(const char *word)
{
	return strspn(word, "0123456789abcdefghijklmnopqrstuvwxyz_") == strlen(word);
}

bool plans_find(struct store *store, const char *account_id, const char *word, struct plan *ret_plan, struct str *ret_scope,
		struct str *ret_head, struct error *err)
{
	struct query query = query_start(store, PLAN_FIND);
	bool found, several;

	query_text(&query, account_id ? account_id : "");
	query_text(&query, is_id_part(word) ? word : "-");
	found = query_next(&query);
	if (found) {
		read_plan(&query, ret_plan);
		if (ret_scope)
			str_add(ret_scope, row_text(&query, COLUMN_SCOPE));
		if (ret_head)
			str_add(ret_head, row_text(&query, COLUMN_HEAD));
	}
	several = found && *word && strcmp(ret_plan->id, word) != 0 && query_next(&query);
	if (!query_end(&query, err))
		return false;
	if (several)
		return error_set(err, ERROR_INPUT, "'%.40s' fits several plans; type more of the id", word);
	if (!found && !*word)
		return error_set(err, ERROR_INPUT, "there is no open plan; 'ledgerdeck plan ACCOUNT' makes one");
	return found || error_set(err, ERROR_INPUT, "there is no plan '%.40s'%s; 'ledgerdeck plans' lists them", word,
				  account_id ? " of that account" : "");
}

bool plans_newest(struct store *store, const char *account_id, struct plan *ret_plan, struct str *ret_head, bool *ret_found,
		  struct error *err)
{
	struct query query = query_start(store, PLAN_NEWEST);

	query_text(&query, account_id);
	*ret_found = query_next(&query);
	if (*ret_found) {
		read_plan(&query, ret_plan);
		str_add(ret_head, row_text(&query, COLUMN_HEAD));
	}
	return query_end(&query, err);
}

bool plans_all(struct store *store, const char *account_id, int64_t limit,
	       bool (*each)(void *ctx, const struct plan *plan, const char *head), void *ctx, struct error *err)
{
	struct query query = query_start(store, PLAN_ALL);
	struct plan plan;

	query_text(&query, account_id ? account_id : "");
	query_integer(&query, limit > 0 ? limit : -1);
	while (query_next(&query)) {
		read_plan(&query, &plan);
		if (!each(ctx, &plan, row_text(&query, COLUMN_HEAD)))
			break;
	}
	return query_end(&query, err);
}

/* ---- lines */

#define COLUMN_DETAIL 16
#define COLUMN_BODY 18

static void read_line(const struct query *query, struct plan_line *line)
{
	*line = (struct plan_line){
		.line = row_integer(query, 0), .act = (enum plan_act)row_integer(query, 1), .reason = (enum plan_reason)row_integer(query, 2),
		.resource = row_integer(query, 3), .revision = row_integer(query, 4),
		.has_date = !row_is_null(query, 12), .date = { (int32_t)row_integer(query, 12) }, .has_total = !row_is_null(query, 13),
		.total = row_integer(query, 13), .has_tax = !row_is_null(query, 14), .tax = row_integer(query, 14),
		.digest = (uint64_t)row_integer(query, 15),
	};
	row_copy(query, 5, line->record_type, sizeof(line->record_type));
	row_copy(query, 6, line->record_id, sizeof(line->record_id));
	row_copy(query, 7, line->version, sizeof(line->version));
	row_copy(query, 8, line->why, sizeof(line->why));
	row_copy(query, 9, line->number, sizeof(line->number));
	row_copy(query, 10, line->party, sizeof(line->party));
	row_copy(query, 11, line->currency, sizeof(line->currency));
}

static bool read_body(struct store *store, const struct query *query, struct str *body, struct error *err)
{
	return row_integer(query, COLUMN_BODY - 1) == 0 ||
	       rows_unpack(store, 0, row_blob(query, COLUMN_BODY), row_len(query, COLUMN_BODY), body, err);
}

bool plans_lines(struct store *store, const char *plan_id, int64_t from_line, int64_t limit,
		 bool (*each)(void *ctx, const struct plan_line *line), void *ctx, struct error *err)
{
	AUTO(str_clear) struct str body = STR_INIT(STR_NO_LIMIT);
	struct query query = query_start(store, PLAN_LINES);
	struct plan_line line;
	bool good = true;

	query_text(&query, plan_id);
	query_integer(&query, from_line);
	query_integer(&query, limit > 0 ? limit : -1);
	while (good && query_next(&query)) {
		str_reset(&body);
		read_line(&query, &line);
		line.detail = row_text(&query, COLUMN_DETAIL);
		good = read_body(store, &query, &body, err);
		line.body = body.text;
		line.body_len = body.len;
		if (good && !each(ctx, &line))
			break;
	}
	if (!good) {
		query_end(&query, NULL);
		return false;
	}
	return query_end(&query, err);
}

struct one {
	struct plan_line *line;
	struct str *detail, *body;
	bool found;
};

static bool take_one(void *ctx, const struct plan_line *line)
{
	struct one *one = ctx;

	*one->line = *line;
	str_add(one->detail, line->detail);
	str_add_bytes(one->body, line->body, line->body_len);
	one->line->detail = one->detail->text;
	one->line->body = one->body->text;
	one->found = true;
	return false;
}

bool plans_line(struct store *store, const char *plan_id, int64_t line, struct plan_line *ret_line, struct str *ret_detail,
		struct str *ret_body, bool *ret_found, struct error *err)
{
	struct one one = { .line = ret_line, .detail = ret_detail, .body = ret_body };

	if (!plans_lines(store, plan_id, line, 1, take_one, &one, err))
		return false;
	*ret_found = one.found && ret_line->line == line;
	return true;
}

bool plans_line_of(struct store *store, const char *plan_id, int64_t resource, struct plan_line *ret_line, bool *ret_found,
		   struct error *err)
{
	struct query query = query_start(store, PLAN_LINE_OF);

	query_text(&query, plan_id);
	query_integer(&query, resource);
	*ret_found = query_next(&query);
	*ret_line = (struct plan_line){ .resource = resource };
	if (*ret_found) {
		ret_line->line = row_integer(&query, 0);
		ret_line->act = (enum plan_act)row_integer(&query, 1);
		ret_line->reason = (enum plan_reason)row_integer(&query, 2);
		row_copy(&query, 3, ret_line->why, sizeof(ret_line->why));
	}
	return query_end(&query, err);
}

bool plans_moved(struct store *store, const struct plan *plan, struct plan_moved *ret_moved, struct error *err)
{
	struct query query = query_start(store, PLAN_MOVED);

	*ret_moved = (struct plan_moved){ 0 };
	query_text(&query, plan->id);
	query_text(&query, plan->account_id);
	ret_moved->found = query_next(&query);
	if (ret_moved->found) {
		row_copy(&query, 0, ret_moved->number, sizeof(ret_moved->number));
		row_copy(&query, 1, ret_moved->record_type, sizeof(ret_moved->record_type));
		ret_moved->document = row_integer(&query, 2) != 0;
	}
	return query_end(&query, err);
}

bool plans_settle(struct store *store, const char *plan_id, enum plan_state state, const char *who, int64_t now_ms, struct error *err)
{
	struct query query = query_start(store, PLAN_SETTLE);
	bool changed;

	assert(store->in_transaction);
	query_text(&query, plan_id);
	query_integer(&query, state);
	query_integer(&query, now_ms);
	query_text(&query, who);
	while (query_next(&query))
		continue;
	changed = query_changes(&query) > 0;
	return query_end(&query, err) && (changed || error_set(err, ERROR_CONFLICT, "plan %s is not open any more", plan_id));
}

/* ---- pauses */

bool plans_paused(struct store *store, const char *plan_id, struct plan_pause *ret_pause, bool *ret_paused, struct error *err)
{
	struct query query = query_start(store, PLAN_PAUSED);

	*ret_pause = (struct plan_pause){ 0 };
	query_text(&query, plan_id);
	*ret_paused = query_next(&query);
	if (*ret_paused) {
		ret_pause->at_ms = row_integer(&query, 0);
		row_copy(&query, 1, ret_pause->who, sizeof(ret_pause->who));
		row_copy(&query, 2, ret_pause->why, sizeof(ret_pause->why));
	}
	return query_end(&query, err);
}

static bool run_changing(struct query *query, bool *ret_changed, struct error *err)
{
	while (query_next(query))
		continue;
	*ret_changed = query_changes(query) > 0;
	return query_end(query, err);
}

bool plans_pause(struct store *store, const char *plan_id, const char *who, const char *why, int64_t now_ms, bool *ret_changed,
		 struct error *err)
{
	struct query query = query_start(store, PLAN_PAUSE);

	assert(store->in_transaction);
	query_text(&query, plan_id);
	query_integer(&query, now_ms);
	query_text(&query, who);
	query_text(&query, why);
	return run_changing(&query, ret_changed, err);
}

bool plans_resume(struct store *store, const char *plan_id, const char *who, int64_t now_ms, bool *ret_changed, struct error *err)
{
	struct query query = query_start(store, PLAN_RESUME);

	assert(store->in_transaction);
	query_text(&query, plan_id);
	query_integer(&query, now_ms);
	query_text(&query, who);
	return run_changing(&query, ret_changed, err);
}

bool plans_hurry(struct store *store, const char *plan_id, const char *who, int64_t now_ms, bool *ret_changed, struct error *err)
{
	struct query query = query_start(store, PLAN_HURRY);

	assert(store->in_transaction);
	query_text(&query, plan_id);
	query_integer(&query, now_ms);
	query_text(&query, who);
	return run_changing(&query, ret_changed, err);
}
