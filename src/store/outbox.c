/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Intents, their steps, and the envelopes that they are sent in. */
#include "ledgerdeck/store/outbox.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "query.h"
#include "rows.h"

static bool add_step(struct store *store, const struct intent *intent, const char *who, int64_t now_ms, struct error *err)
{
	struct query query = query_start(store, INTENT_STEP);

	query_integer(&query, intent->no);
	query_integer(&query, now_ms);
	query_integer(&query, intent->state);
	query_text(&query, who);
	query_text(&query, intent->why);
	return query_run(&query, err);
}

bool intents_add(struct store *store, struct intent *intent, const char *body, size_t len, struct error *err)
{
	AUTO(str_clear) struct str packed = STR_INIT(STR_NO_LIMIT);
	struct query query;

	assert(store->in_transaction);
	if (!rows_pack(store, body, len, &packed, err))
		return error_prefix(err, "%.60s", intent->number);
	query = query_start(store, INTENT_ADD);
	query_text(&query, intent->id);
	query_text(&query, intent->account_id);
	query_text(&query, intent->plan);
	query_integer(&query, intent->line);
	query_integer(&query, intent->resource);
	query_integer(&query, intent->revision);
	query_integer(&query, intent->act);
	query_text(&query, intent->record_type);
	query_text(&query, intent->record_id);
	query_text(&query, intent->version);
	query_integer(&query, intent->generation);
	query_integer(&query, intent->state);
	query_integer(&query, intent->since_ms);
	query_integer(&query, intent->made_ms);
	query_integer(&query, intent->next_ms);
	query_integer_or_null(&query, intent->has_total, intent->total);
	query_integer_or_null(&query, intent->has_tax, intent->tax);
	query_text(&query, intent->currency);
	query_text(&query, intent->number);
	query_text(&query, intent->who);
	query_text(&query, intent->why);
	query_integer(&query, (int64_t)len);
	query_blob(&query, packed.text, packed.len);
	if (!query_run(&query, err))
		return false;
	intent->no = sqlite3_last_insert_rowid(store->db);
	return add_step(store, intent, intent->who, intent->made_ms, err);
}

bool intents_add_parent(struct store *store, int64_t intent, int64_t parent, struct error *err)
{
	struct query query = query_start(store, INTENT_ADD_PARENT);

	assert(store->in_transaction);
	query_integer(&query, intent);
	query_integer(&query, parent);
	return query_run(&query, err);
}

bool intents_adopt(struct store *store, const char *account_id, int64_t resource, int64_t to, struct error *err)
{
	struct query query = query_start(store, INTENT_ADOPT);

	assert(store->in_transaction);
	query_integer(&query, resource);
	query_text(&query, account_id);
	query_integer(&query, to);
	return query_run(&query, err);
}

static void read_error(const struct query *query, struct error *error)
{
	*error = (struct error){ .code = (enum error_code)row_integer(query, 27), .retry_after_s = (int)row_integer(query, 28),
				 .outcome_unknown = row_integer(query, 29) != 0 };
	row_copy(query, 30, error->ledger_code, sizeof(error->ledger_code));
	row_copy(query, 31, error->trace_id, sizeof(error->trace_id));
	row_copy(query, 32, error->text, sizeof(error->text));
}

#define COLUMN_PAUSE 33
#define COLUMN_HURRIED 34
#define COLUMN_LEN 35
#define COLUMN_BODY 36

static void read_intent(const struct query *query, struct intent *intent)
{
	*intent = (struct intent){
		.no = row_integer(query, 0), .line = row_integer(query, 4), .resource = row_integer(query, 5), .revision = row_integer(query, 6),
		.act = (enum plan_act)row_integer(query, 7), .generation = row_integer(query, 11),
		.state = (enum intent_state)row_integer(query, 12), .since_ms = row_integer(query, 13), .made_ms = row_integer(query, 14),
		.next_ms = row_integer(query, 15), .first_sent_ms = row_integer(query, 16), .tries = (int)row_integer(query, 17),
		.looks = (int)row_integer(query, 18), .merges = (int)row_integer(query, 19), .envelope = row_integer(query, 20),
		.has_total = !row_is_null(query, 21), .total = row_integer(query, 21), .has_tax = !row_is_null(query, 22),
		.tax = row_integer(query, 22),
	};
	row_copy(query, 1, intent->id, sizeof(intent->id));
	row_copy(query, 2, intent->account_id, sizeof(intent->account_id));
	row_copy(query, 3, intent->plan, sizeof(intent->plan));
	row_copy(query, 8, intent->record_type, sizeof(intent->record_type));
	row_copy(query, 9, intent->record_id, sizeof(intent->record_id));
	row_copy(query, 10, intent->version, sizeof(intent->version));
	row_copy(query, 23, intent->currency, sizeof(intent->currency));
	row_copy(query, 24, intent->number, sizeof(intent->number));
	row_copy(query, 25, intent->who, sizeof(intent->who));
	row_copy(query, 26, intent->why, sizeof(intent->why));
	row_copy(query, COLUMN_PAUSE, intent->pause, sizeof(intent->pause));
	intent->hurried = row_integer(query, COLUMN_HURRIED) != 0;
	read_error(query, &intent->error);
}

enum intent_state intent_shown(const struct intent *intent)
{
	return *intent->pause ? INTENT_PAUSED : intent->state;
}

const char *intent_reason(const struct intent *intent)
{
	return *intent->pause ? intent->pause : intent->why;
}

static bool all_of(struct query *query, bool (*each)(void *ctx, const struct intent *intent), void *ctx, struct error *err)
{
	struct intent intent;

	while (query_next(query)) {
		read_intent(query, &intent);
		if (!each(ctx, &intent))
			break;
	}
	return query_end(query, err);
}

static bool one_of(struct query *query, struct intent *ret_intent, bool *ret_found, struct error *err)
{
	*ret_found = query_next(query);
	if (*ret_found)
		read_intent(query, ret_intent);
	return query_end(query, err);
}

bool intents_get(struct store *store, int64_t no, struct intent *ret_intent, struct str *ret_body, bool *ret_found, struct error *err)
{
	struct query query = query_start(store, INTENT_GET);
	bool good = true;

	query_integer(&query, no);
	*ret_found = query_next(&query);
	if (*ret_found) {
		read_intent(&query, ret_intent);
		if (ret_body && row_integer(&query, COLUMN_LEN) > 0)
			good = rows_unpack(store, 0, row_blob(&query, COLUMN_BODY), row_len(&query, COLUMN_BODY), ret_body, err);
	}
	if (!good) {
		query_end(&query, NULL);
		return false;
	}
	return query_end(&query, err);
}

bool intents_by_id(struct store *store, const char *word, struct intent *ret_intent, bool *ret_found, struct error *err)
{
	struct query query = query_start(store, INTENT_BY_ID);
	bool several;

	query_text(&query, strspn(word, "0123456789abcdefghijklmnopqrstuvwxyz") == strlen(word) && *word ? word : "-");
	*ret_found = query_next(&query);
	if (*ret_found)
		read_intent(&query, ret_intent);
	several = *ret_found && strcmp(ret_intent->id, word) != 0 && query_next(&query);
	return query_end(&query, err) &&
	       (!several || error_set(err, ERROR_INPUT, "'%.40s' fits several intents; type more of the id", word));
}

bool intents_save(struct store *store, const struct intent *intent, const char *who, const char *said, const char *landed,
		  int64_t now_ms, struct error *err)
{
	struct query query = query_start(store, INTENT_SAVE);
	struct intent before;
	bool found;

	assert(store->in_transaction && intent->state != INTENT_PAUSED);
	if (!intents_get(store, intent->no, &before, NULL, &found, err))
		return false;
	query_integer(&query, intent->no);
	query_text(&query, intent->record_id);
	query_text(&query, intent->version);
	query_integer(&query, intent->generation);
	query_integer(&query, intent->state);
	query_integer(&query, before.state == intent->state ? before.since_ms : now_ms);
	query_integer(&query, intent->next_ms);
	query_integer(&query, intent->first_sent_ms);
	query_integer(&query, intent->tries);
	query_integer(&query, intent->looks);
	query_integer(&query, intent->merges);
	query_integer(&query, intent->envelope);
	query_text(&query, intent->why);
	query_integer(&query, intent->error.code);
	query_integer(&query, intent->error.retry_after_s);
	query_integer(&query, intent->error.outcome_unknown);
	query_text(&query, intent->error.ledger_code);
	query_text(&query, intent->error.trace_id);
	query_text(&query, intent->error.text);
	query_text(&query, said);
	query_text(&query, landed);
	if (!query_run(&query, err))
		return false;
	if (!found || (before.state == intent->state && strcmp(before.why, intent->why) == 0))
		return true;
	return add_step(store, intent, who, now_ms, err);
}

bool intents_set_body(struct store *store, int64_t no, const char *body, size_t len, struct error *err)
{
	AUTO(str_clear) struct str packed = STR_INIT(STR_NO_LIMIT);
	struct query query;

	assert(store->in_transaction);
	if (!rows_pack(store, body, len, &packed, err))
		return false;
	query = query_start(store, INTENT_SET_BODY);
	query_integer(&query, no);
	query_integer(&query, (int64_t)len);
	query_blob(&query, packed.text, packed.len);
	return query_run(&query, err);
}

bool intents_said(struct store *store, int64_t no, struct str *ret_said, struct str *ret_landed, struct error *err)
{
	struct query query = query_start(store, INTENT_SAID);

	query_integer(&query, no);
	if (query_next(&query)) {
		str_add(ret_said, row_text(&query, 0));
		str_add(ret_landed, row_text(&query, 1));
	}
	return query_end(&query, err);
}

bool intents_steps(struct store *store, int64_t no,
		   bool (*each)(void *ctx, int64_t at_ms, enum intent_state state, const char *who, const char *why), void *ctx,
		   struct error *err)
{
	struct query query = query_start(store, INTENT_STEPS);

	query_integer(&query, no);
	while (query_next(&query))
		if (!each(ctx, row_integer(&query, 0), (enum intent_state)row_integer(&query, 1), row_text(&query, 2), row_text(&query, 3)))
			break;
	return query_end(&query, err);
}

bool intents_list(struct store *store, const struct intent_query *wish, bool (*each)(void *ctx, const struct intent *intent),
		  void *ctx, struct error *err)
{
	enum statement statement = wish->account_id ? (wish->owed_only ? INTENT_OWED_OF : INTENT_LIST_OF)
						    : (wish->owed_only ? INTENT_OWED : INTENT_LIST);
	struct query query;

	if (wish->plan || wish->resource)
		statement = wish->plan ? INTENT_OF_PLAN : INTENT_OF_RESOURCE;
	query = query_start(store, statement);
	query_integer(&query, wish->before_no > 0 ? wish->before_no : INT64_MAX);
	query_integer(&query, wish->limit > 0 ? wish->limit : -1);
	if (wish->plan)
		query_text(&query, wish->plan);
	else if (wish->resource)
		query_integer(&query, wish->resource);
	else if (wish->account_id)
		query_text(&query, wish->account_id);
	return all_of(&query, each, ctx, err);
}

bool intents_due(struct store *store, const char *account_id, int64_t now_ms, bool open, size_t most, struct intent *ret_intents,
		 size_t *ret_count, struct error *err)
{
	struct query query = query_start(store, INTENT_DUE);

	*ret_count = 0;
	query_text(&query, account_id);
	query_integer(&query, now_ms);
	query_integer(&query, (int64_t)most);
	query_integer(&query, open);
	while (query_next(&query))
		read_intent(&query, &ret_intents[(*ret_count)++]);
	return query_end(&query, err);
}

bool outbox_next_of(struct store *store, const char *account_id, int64_t *ret_next_ms, struct error *err)
{
	struct query query = query_start(store, INTENT_NEXT_OF);

	query_text(&query, account_id);
	*ret_next_ms = query_next(&query) ? row_integer(&query, 0) : INT64_MAX;
	return query_end(&query, err);
}

bool outbox_next(struct store *store, bool (*skip)(void *ctx, const char *account_id), void *ctx, char *ret_account_id,
		 int64_t *ret_next_ms, struct error *err)
{
	struct query query = query_start(store, INTENT_NEXT);

	*ret_account_id = '\0';
	*ret_next_ms = INT64_MAX;
	while (query_next(&query)) {
		if (skip && skip(ctx, row_text(&query, 0)))
			continue;
		row_copy(&query, 0, ret_account_id, ACCOUNT_ID_MAX);
		*ret_next_ms = row_integer(&query, 1);
		break;
	}
	return query_end(&query, err);
}

bool outbox_sending(struct store *store, bool (*each)(void *ctx, const char *account_id), void *ctx, struct error *err)
{
	struct query query = query_start(store, INTENT_SENDING_OF);

	while (query_next(&query) && each(ctx, row_text(&query, 0)))
		;
	return query_end(&query, err);
}

bool intents_open(struct store *store, const char *account_id, int64_t resource, struct intent *ret_intent, bool *ret_found,
		  struct error *err)
{
	struct query query = query_start(store, INTENT_OPEN);

	query_text(&query, account_id);
	query_integer(&query, resource);
	return one_of(&query, ret_intent, ret_found, err);
}

struct buried {
	struct intent *items;        /* owned */
	size_t count, room;
};

static bool note_unknown(void *ctx, const struct intent *intent)
{
	struct buried *buried = ctx;

	if (intent->state != INTENT_SENDING && intent->state != INTENT_UNCERTAIN)
		return true;
	memory_grow(&buried->items, &buried->room, buried->count + 1, sizeof(*buried->items));
	buried->items[buried->count++] = *intent;
	return true;
}

static void bury(struct intent *intent, const char *why, int64_t now_ms, int64_t look_ms)
{
	int64_t due_ms = intent->looks == 0 ? now_ms : look_ms;

	if (intent->state == INTENT_UNCERTAIN) {
		intent->next_ms = intent->next_ms < due_ms ? intent->next_ms : due_ms;
		return;
	}
	intent->state = INTENT_UNCERTAIN;
	intent->next_ms = now_ms;
	intent->error = (struct error){ .code = ERROR_NETWORK, .retry_after_s = -1, .outcome_unknown = true };
	snprintf(intent->why, sizeof(intent->why), "%s", why);
	snprintf(intent->error.text, sizeof(intent->error.text), "%s", why);
}

bool intents_bury(struct store *store, const char *account_id, const char *why, int64_t now_ms, int64_t look_ms, int64_t *ret_count,
		  struct error *err)
{
	struct intent_query query = { .account_id = account_id, .owed_only = true };
	struct buried buried = { 0 };
	bool good;

	assert(store->in_transaction);
	*ret_count = 0;
	good = intents_list(store, &query, note_unknown, &buried, err);
	for (size_t i = 0; good && i < buried.count; i++) {
		*ret_count += buried.items[i].state == INTENT_SENDING;
		bury(&buried.items[i], why, now_ms, look_ms);
		good = intents_save(store, &buried.items[i], "engine", NULL, NULL, now_ms, err);
	}
	free(buried.items);
	return good;
}

bool intents_hasten(struct store *store, const char *account_id, int64_t now_ms, struct error *err)
{
	struct query query = query_start(store, INTENT_HASTEN);

	assert(store->in_transaction);
	query_text(&query, account_id);
	query_integer(&query, now_ms);
	return query_run(&query, err);
}

static bool of_one(struct store *store, enum statement statement, int64_t no, bool (*each)(void *ctx, const struct intent *intent),
		   void *ctx, struct error *err)
{
	struct query query = query_start(store, statement);

	query_integer(&query, no);
	return all_of(&query, each, ctx, err);
}

bool intents_parents(struct store *store, int64_t no, bool (*each)(void *ctx, const struct intent *parent), void *ctx,
		     struct error *err)
{
	return of_one(store, INTENT_PARENTS, no, each, ctx, err);
}

bool intents_children(struct store *store, int64_t no, bool (*each)(void *ctx, const struct intent *child), void *ctx,
		      struct error *err)
{
	return of_one(store, INTENT_CHILDREN, no, each, ctx, err);
}

bool intents_count(struct store *store, const char *account_id, const char *plan, struct intent_counts *ret_counts, struct error *err)
{
	struct query query = query_start(store, plan ? INTENT_COUNT_OF_PLAN : INTENT_COUNT);
	int64_t state;

	*ret_counts = (struct intent_counts){ 0 };
	query_text(&query, plan ? plan : account_id);
	while (query_next(&query)) {
		state = row_integer(&query, 0);
		if (state >= 0 && state < INTENT_STATE_COUNT)
			ret_counts->states[state] = row_integer(&query, 1);
	}
	return query_end(&query, err);
}

bool intents_seen(struct store *store, const char *plan, struct stop_seen *ret_seen, struct error *err)
{
	struct query query = query_start(store, INTENT_SEEN);

	*ret_seen = (struct stop_seen){ 0 };
	query_text(&query, plan);
	if (query_next(&query))
		*ret_seen = (struct stop_seen){ .untold = row_integer(&query, 0), .uncertain = row_integer(&query, 1),
						.errors = row_integer(&query, 2), .answered = row_integer(&query, 3) };
	return query_end(&query, err);
}

/* ---- envelopes */

bool envelopes_add(struct store *store, struct envelope *envelope, const char *body, size_t len, struct error *err)
{
	AUTO(str_clear) struct str packed = STR_INIT(STR_NO_LIMIT);
	struct query query;

	assert(store->in_transaction);
	if (!rows_pack(store, body, len, &packed, err))
		return false;
	query = query_start(store, ENVELOPE_ADD);
	query_text(&query, envelope->account_id);
	query_text(&query, envelope->key);
	query_text(&query, envelope->path);
	query_integer(&query, envelope->made_ms);
	query_integer(&query, envelope->members);
	query_integer(&query, (int64_t)len);
	query_blob(&query, packed.text, packed.len);
	if (!query_run(&query, err))
		return false;
	envelope->no = sqlite3_last_insert_rowid(store->db);
	return true;
}

bool envelopes_get(struct store *store, int64_t no, struct envelope *ret_envelope, struct str *ret_body, struct error *err)
{
	struct query query = query_start(store, ENVELOPE_GET);
	bool found, good = true;

	query_integer(&query, no);
	found = query_next(&query);
	if (found) {
		*ret_envelope = (struct envelope){ .no = no, .made_ms = row_integer(&query, 3), .sent_ms = row_integer(&query, 4),
						   .times = (int)row_integer(&query, 5), .members = (int)row_integer(&query, 6) };
		row_copy(&query, 0, ret_envelope->account_id, sizeof(ret_envelope->account_id));
		row_copy(&query, 1, ret_envelope->key, sizeof(ret_envelope->key));
		row_copy(&query, 2, ret_envelope->path, sizeof(ret_envelope->path));
		good = row_integer(&query, 7) == 0 || rows_unpack(store, 0, row_blob(&query, 8), row_len(&query, 8), ret_body, err);
	}
	if (!good) {
		query_end(&query, NULL);
		return false;
	}
	return query_end(&query, err) && (found || error_set(err, ERROR_STORE, "envelope %lld is not in the store", (long long)no));
}

static bool stamp(struct store *store, enum statement statement, int64_t no, int64_t now_ms, struct error *err)
{
	struct query query = query_start(store, statement);

	assert(store->in_transaction);
	query_integer(&query, no);
	query_integer(&query, now_ms);
	return query_run(&query, err);
}

bool envelopes_sent(struct store *store, int64_t no, int64_t now_ms, struct error *err)
{
	return stamp(store, ENVELOPE_SENT, no, now_ms, err);
}

bool envelopes_answered(struct store *store, int64_t no, int64_t now_ms, struct error *err)
{
	return stamp(store, ENVELOPE_ANSWERED, no, now_ms, err);
}

bool envelopes_intents(struct store *store, int64_t no, bool (*each)(void *ctx, const struct intent *intent), void *ctx,
		       struct error *err)
{
	return of_one(store, ENVELOPE_INTENTS, no, each, ctx, err);
}
