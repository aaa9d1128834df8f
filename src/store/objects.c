/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The state of each type in each account, leases of accounts, the month's meter and the breaker. */
#include "ledgerdeck/store/objects.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/model/record.h"
#include "query.h"

const char *object_status_word(enum object_status status)
{
	static const char *const words[OBJECT_STATUS_COUNT] = {
		[OBJECT_NEW] = "new",         [OBJECT_OK] = "ok",         [OBJECT_RUNNING] = "running",
		[OBJECT_WAITING] = "waiting", [OBJECT_FAILED] = "failed", [OBJECT_DEAD] = "dead",
	};

	assert(status < OBJECT_STATUS_COUNT);
	return words[status];
}

bool object_is_current(const struct object *object, const struct type *type)
{
	return !*object->filling && (!*object->digest || strcmp(object->digest, type->digest) == 0);
}

void object_list_clear(struct object_list *list)
{
	free(list->items);
	*list = (struct object_list){ 0 };
}

static void read_object(const struct query *query, struct object *object)
{
	*object = (struct object){ 0 };
	object->no = row_integer(query, 0);
	row_copy(query, 1, object->account_id, sizeof(object->account_id));
	row_copy(query, 2, object->type, sizeof(object->type));
	object->status = (enum object_status)row_integer(query, 3);
	object->wanted = row_integer(query, 4) != 0;
	object->interval_s = row_integer(query, 5);
	object->next_ms = row_integer(query, 6);
	object->cursor_ms = row_integer(query, 7);
	object->reading_from_ms = row_integer(query, 8);
	object->reading_to_ms = row_integer(query, 9);
	row_copy(query, 10, object->position, sizeof(object->position));
	row_copy(query, 11, object->mark, sizeof(object->mark));
	object->mark_ms = row_integer(query, 12);
	object->full_ms = row_integer(query, 13);
	object->sweep_ms = row_integer(query, 14);
	object->sweep_due = row_integer(query, 15) != 0;
	object->live = row_integer(query, 16);
	object->inactive = row_integer(query, 17);
	object->voided = row_integer(query, 18);
	object->deleted = row_integer(query, 19);
	object->parked = row_integer(query, 20);
	object->ledger_count = row_integer(query, 21);
	object->ledger_count_ms = row_integer(query, 22);
	object->attempt_ms = row_integer(query, 23);
	object->success_ms = row_integer(query, 24);
	object->failures = (int)row_integer(query, 25);
	object->last_error.code = (enum error_code)row_integer(query, 26);
	object->last_error.retry_after_s = (int)row_integer(query, 27);
	row_copy(query, 28, object->last_error.ledger_code, sizeof(object->last_error.ledger_code));
	row_copy(query, 29, object->last_error.trace_id, sizeof(object->last_error.trace_id));
	row_copy(query, 30, object->last_error.text, sizeof(object->last_error.text));
	row_copy(query, 31, object->guard, sizeof(object->guard));
	row_copy(query, 32, object->drift, sizeof(object->drift));
	row_copy(query, 33, object->digest, sizeof(object->digest));
	object->last_error.outcome_unknown = row_integer(query, 34) != 0;
	object->whole_ms = row_integer(query, 35);
	row_copy(query, 36, object->filling, sizeof(object->filling));
	row_copy(query, 37, object->filled_id, sizeof(object->filled_id));
}

bool objects_get(struct store *store, const char *account_id, const char *type, struct object *ret_object,
		 bool *ret_found, struct error *err)
{
	struct query query = query_start(store, OBJECT_GET);
	bool found;

	query_text(&query, account_id);
	query_text(&query, type);
	found = query_next(&query);
	if (found)
		read_object(&query, ret_object);
	if (!query_end(&query, err))
		return false;
	*ret_found = found;
	return true;
}

bool objects_ensure(struct store *store, const char *account_id, const char *type, struct object *ret_object,
		    struct error *err)
{
	struct query query = query_start(store, OBJECT_ENSURE);
	bool found = false;

	query_text(&query, account_id);
	query_text(&query, type);
	if (!query_run(&query, err) || !objects_get(store, account_id, type, ret_object, &found, err))
		return false;
	return found || error_set(err, ERROR_INTERNAL, "type '%s' of account '%s' is not there after it was made", type,
				  account_id);
}

static bool read_list(struct query *query, struct object_list *ret_list, struct error *err)
{
	ret_list->count = 0;
	while (query_next(query)) {
		memory_grow(&ret_list->items, &ret_list->room, ret_list->count + 1, sizeof(*ret_list->items));
		read_object(query, &ret_list->items[ret_list->count++]);
	}
	return query_end(query, err);
}

bool objects_all(struct store *store, const char *account_id, struct object_list *ret_list, struct error *err)
{
	struct query query = query_start(store, account_id ? OBJECT_OF : OBJECT_ALL);

	if (account_id)
		query_text(&query, account_id);
	return read_list(&query, ret_list, err);
}

static bool lease_get(struct store *store, const char *account_id, struct lease *ret_lease, bool *ret_found,
		      struct error *err)
{
	struct query query = query_start(store, LEASE_GET);
	bool found;

	query_text(&query, account_id);
	found = query_next(&query);
	if (found) {
		row_copy(&query, 0, ret_lease->holder, sizeof(ret_lease->holder));
		ret_lease->until_ms = row_integer(&query, 1);
		ret_lease->fence = row_integer(&query, 2);
	}
	if (!query_end(&query, err))
		return false;
	*ret_found = found;
	return true;
}

static bool check_fence(struct store *store, const char *account_id, int64_t fence, struct error *err)
{
	struct lease lease = { 0 };
	bool found;

	if (fence == 0)
		return true;
	assert(store->in_transaction); /* the lease must not move between looking and writing */
	if (!lease_get(store, account_id, &lease, &found, err))
		return false;
	if (found && lease.fence == fence)
		return true;
	return error_set(err, ERROR_CONFLICT, "another process (%s) has taken over this account", found ? lease.holder : "unknown");
}

static bool run_save(struct query *query, const struct object *object, struct error *err)
{
	bool saved;

	while (query_next(query))
		continue;
	saved = query_changes(query) > 0;
	return query_end(query, err) && (saved || error_set(err, ERROR_INTERNAL, "type '%s' of account '%s' is not there to be saved",
							    object->type, object->account_id));
}

bool objects_save(struct store *store, const struct object *object, int64_t fence, struct error *err)
{
	struct query query;

	if (!check_fence(store, object->account_id, fence, err))
		return false;
	query = query_start(store, OBJECT_SAVE);
	query_integer(&query, object->no);
	query_text(&query, object->account_id);
	query_integer(&query, object->status);
	query_integer(&query, object->next_ms);
	query_integer(&query, object->cursor_ms);
	query_integer(&query, object->reading_from_ms);
	query_integer(&query, object->reading_to_ms);
	query_text(&query, object->position);
	query_text(&query, object->mark);
	query_integer(&query, object->mark_ms);
	query_integer(&query, object->full_ms);
	query_integer(&query, object->sweep_ms);
	query_integer(&query, object->sweep_due);
	query_integer(&query, object->live);
	query_integer(&query, object->inactive);
	query_integer(&query, object->voided);
	query_integer(&query, object->deleted);
	query_integer(&query, object->parked);
	query_integer(&query, object->ledger_count);
	query_integer(&query, object->ledger_count_ms);
	query_integer(&query, object->attempt_ms);
	query_integer(&query, object->success_ms);
	query_integer(&query, object->failures);
	query_integer(&query, object->last_error.code);
	query_integer(&query, object->last_error.retry_after_s);
	query_text(&query, object->last_error.ledger_code);
	query_text(&query, object->last_error.trace_id);
	query_text(&query, object->last_error.text);
	query_text(&query, object->guard);
	query_text(&query, object->drift);
	query_text(&query, object->digest);
	query_integer(&query, object->last_error.outcome_unknown);
	query_integer(&query, object->whole_ms);
	query_text(&query, object->filling);
	query_text(&query, object->filled_id);
	query_integer(&query, fence != 0);
	return run_save(&query, object, err);
}

bool objects_set(struct store *store, const struct object *object, struct error *err)
{
	struct query query = query_start(store, OBJECT_SET);

	query_integer(&query, object->no);
	query_text(&query, object->account_id);
	query_integer(&query, object->wanted);
	query_integer(&query, object->interval_s);
	query_integer(&query, object->next_ms);
	return run_save(&query, object, err);
}

bool slices_get(struct store *store, const struct object *object, struct slice *ret_slices, size_t *ret_count, struct error *err)
{
	struct query query = query_start(store, SLICE_ALL);

	*ret_count = 0;
	query_integer(&query, object->no);
	query_integer(&query, SLICES_MAX);
	while (query_next(&query)) {
		struct slice *slice = &ret_slices[(*ret_count)++];

		slice->from_ms = row_integer(&query, 0);
		slice->to_ms = row_integer(&query, 1);
		row_copy(&query, 2, slice->position, sizeof(slice->position));
		slice->expected = row_integer(&query, 3);
	}
	return query_end(&query, err);
}

bool slices_save(struct store *store, const struct object *object, const struct slice *slices, size_t count, struct error *err)
{
	struct query query = query_start(store, SLICE_CLEAR);

	assert(store->in_transaction && count <= SLICES_MAX);
	query_integer(&query, object->no);
	if (!query_run(&query, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		query = query_start(store, SLICE_ADD);
		query_integer(&query, object->no);
		query_integer(&query, slices[i].from_ms);
		query_integer(&query, slices[i].to_ms);
		query_text(&query, slices[i].position);
		query_integer(&query, slices[i].expected);
		if (!query_run(&query, err))
			return false;
	}
	return true;
}

static bool set_counts(struct store *store, const struct object *object, struct error *err)
{
	struct query query = query_start(store, OBJECT_SET_COUNTS);

	query_integer(&query, object->no);
	query_integer(&query, object->live);
	query_integer(&query, object->inactive);
	query_integer(&query, object->voided);
	query_integer(&query, object->deleted);
	query_integer(&query, object->parked);
	return query_run(&query, err);
}

bool objects_count(struct store *store, struct object *object, struct error *err)
{
	struct query query = query_start(store, OBJECT_COUNTS);
	int64_t counts[RECORD_STATE_COUNT] = { 0 };

	query_integer(&query, object->no);
	while (query_next(&query))
		if (row_integer(&query, 0) >= 0 && row_integer(&query, 0) < RECORD_STATE_COUNT)
			counts[row_integer(&query, 0)] = row_integer(&query, 1);
	if (!query_end(&query, err))
		return false;
	query = query_start(store, OBJECT_PARKED);
	query_integer(&query, object->no);
	if (query_next(&query))
		object->parked = row_integer(&query, 0);
	if (!query_end(&query, err))
		return false;
	object->live = counts[RECORD_LIVE];
	object->inactive = counts[RECORD_INACTIVE];
	object->voided = counts[RECORD_VOIDED];
	object->deleted = counts[RECORD_DELETED];
	return !store->in_transaction || set_counts(store, object, err);
}

bool objects_moved(struct store *store, int64_t object_no, int from, int to, struct error *err)
{
	struct query query = query_start(store, OBJECT_MOVED);

	assert(store->in_transaction);
	query_integer(&query, object_no);
	query_integer(&query, from);
	query_integer(&query, to);
	return query_run(&query, err);
}

bool objects_due(struct store *store, int64_t now_ms, const char *holder, size_t most, struct object_list *ret_list,
		 int64_t *ret_next_ms, struct error *err)
{
	struct query query = query_start(store, OBJECT_DUE);
	int64_t next = INT64_MAX;

	query_integer(&query, now_ms);
	query_integer(&query, (int64_t)most);
	query_text(&query, holder);
	if (!read_list(&query, ret_list, err))
		return false;
	query = query_start(store, OBJECT_NEXT);
	query_integer(&query, now_ms);
	query_text(&query, holder);
	if (query_next(&query) && !row_is_null(&query, 0))
		next = row_integer(&query, 0);
	if (!query_end(&query, err))
		return false;
	/* When the list is full, there may be more that are due already. */
	*ret_next_ms = ret_list->count >= most ? now_ms : next;
	return true;
}

bool lease_take(struct store *store, const char *account_id, const char *holder, int64_t now_ms, int64_t for_ms,
		bool *ret_taken, int64_t *ret_fence, struct error *err)
{
	struct lease lease = { 0 };
	struct query query;
	bool found, held;

	assert(store->in_transaction); /* between looking and taking nobody else may */
	if (!lease_get(store, account_id, &lease, &found, err))
		return false;
	/* One that would end much later than leases do was given before the clock was set back: its holder would have renewed it. */
	held = found && lease.until_ms > now_ms && lease.until_ms - now_ms <= 10 * for_ms;
	if (held && strcmp(lease.holder, holder) != 0) {
		*ret_taken = false;
		return true;
	}
	/* The same holder goes on under its number; everybody else begins a greater one. */
	if (!held)
		lease.fence++;
	query = query_start(store, LEASE_PUT);
	query_text(&query, account_id);
	query_text(&query, holder);
	query_integer(&query, now_ms + for_ms);
	query_integer(&query, lease.fence);
	if (!query_run(&query, err))
		return false;
	*ret_taken = true;
	*ret_fence = lease.fence;
	return true;
}

bool lease_renew(struct store *store, const char *account_id, int64_t fence, int64_t until_ms, bool *ret_held,
		 struct error *err)
{
	struct query query = query_start(store, LEASE_RENEW);
	bool held;

	query_text(&query, account_id);
	query_integer(&query, fence);
	query_integer(&query, until_ms);
	while (query_next(&query))
		continue;
	held = query_changes(&query) > 0;
	if (!query_end(&query, err))
		return false;
	*ret_held = held;
	return true;
}

bool lease_release(struct store *store, const char *account_id, int64_t fence, struct error *err)
{
	bool held;

	return lease_renew(store, account_id, fence, 0, &held, err);
}

bool lease_all(struct store *store, struct lease **ret_leases, size_t *ret_count, struct error *err)
{
	struct query query = query_start(store, LEASE_ALL);
	struct lease *leases = NULL;
	size_t count = 0, room = 0;

	while (query_next(&query)) {
		struct lease *lease;

		memory_grow(&leases, &room, count + 1, sizeof(*leases));
		lease = &leases[count++];
		*lease = (struct lease){ .until_ms = row_integer(&query, 2), .fence = row_integer(&query, 3) };
		row_copy(&query, 0, lease->account_id, sizeof(lease->account_id));
		row_copy(&query, 1, lease->holder, sizeof(lease->holder));
	}
	if (!query_end(&query, err)) {
		free(leases);
		return false;
	}
	*ret_leases = leases;
	*ret_count = count;
	return true;
}

bool meter_add(struct store *store, const char *account_id, const char *month, const struct meter *used, struct error *err)
{
	struct query query = query_start(store, METER_ADD);

	query_text(&query, account_id);
	query_text(&query, month);
	query_integer(&query, used->calls);
	query_integer(&query, used->received_bytes);
	query_integer(&query, used->sent_bytes);
	return query_run(&query, err);
}

static bool read_meter(struct query *query, struct meter *ret_used, struct error *err)
{
	*ret_used = (struct meter){ 0 };
	if (query_next(query))
		*ret_used = (struct meter){ row_integer(query, 0), row_integer(query, 1), row_integer(query, 2) };
	return query_end(query, err);
}

bool meter_get(struct store *store, const char *account_id, const char *month, struct meter *ret_used, struct error *err)
{
	struct query query = query_start(store, METER_GET);

	query_text(&query, account_id);
	query_text(&query, month);
	return read_meter(&query, ret_used, err);
}

bool meter_sum(struct store *store, const char *provider, enum environment environment, const char *month, struct meter *ret_used,
	       struct error *err)
{
	struct query query = query_start(store, METER_SUM);

	query_text(&query, month);
	query_integer(&query, environment);
	query_text(&query, provider);
	return read_meter(&query, ret_used, err);
}

bool breaker_get(struct store *store, const char *account_id, struct breaker *ret_breaker, struct error *err)
{
	struct query query = query_start(store, BREAKER_GET);

	*ret_breaker = (struct breaker){ 0 };
	query_text(&query, account_id);
	if (query_next(&query))
		*ret_breaker = (struct breaker){ (int)row_integer(&query, 0), (int)row_integer(&query, 1),
						 row_integer(&query, 2) };
	return query_end(&query, err);
}

bool breaker_set(struct store *store, const char *account_id, const struct breaker *breaker, struct error *err)
{
	struct query query = query_start(store, BREAKER_SET);

	query_text(&query, account_id);
	query_integer(&query, breaker->failures);
	query_integer(&query, breaker->openings);
	query_integer(&query, breaker->open_until_ms);
	return query_run(&query, err);
}

bool parked_causes(struct store *store, bool (*each)(void *ctx, const struct parked_cause *parked), void *ctx, struct error *err)
{
	struct query query = query_start(store, PARKED_CAUSES);

	while (query_next(&query)) {
		struct parked_cause parked = { row_text(&query, 0), row_text(&query, 1), row_text(&query, 2), row_integer(&query, 3) };

		if (!each(ctx, &parked))
			break;
	}
	return query_end(&query, err);
}
