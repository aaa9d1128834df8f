/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making a plan again when what it waited for has been put right: the same scope, by the mirror as it is. */
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/sync/push.h"
#include "plan.h"

struct again {
	struct plan plan;
	struct str scope, head;      /* owned */
	int64_t *resources;          /* owned */
	size_t count, room;
	bool found;
};

static void again_clear(struct again *again)
{
	str_clear(&again->scope);
	str_clear(&again->head);
	free(again->resources);
}

static bool take_newest(void *ctx, const struct plan *plan, const char *head)
{
	struct again *again = ctx;

	again->plan = *plan;
	again->found = plan->state != PLAN_DROPPED;
	str_add(&again->head, head);
	return false;
}

static bool waits(const struct again *again)
{
	struct push_totals totals;

	return push_totals(again->head.text, &totals) && totals.acts[PLAN_BLOCKED] + totals.acts[PLAN_DECIDE] > 0;
}

static void take_scope(struct again *again, struct push_wish *wish)
{
	AUTO(str_clear) struct str type = STR_INIT(RESOURCE_TYPE_MAX - 1);
	struct json_slice all = json_find(again->scope.text, again->scope.len, "all");
	struct json_slice list = json_find(again->scope.text, again->scope.len, "resources"), each;
	int64_t number;
	size_t at = 0;

	json_unquote(json_find(again->scope.text, again->scope.len, "type"), &type);
	wish->type = type.len > 0 ? resource_type_find(type.text, type.len) : NULL;
	wish->all_lines = all.kind == JSON_BOOL && all.text[0] == 't';
	while (list.kind == JSON_ARRAY && json_each(list, &at, NULL, &each)) {
		if (!plan_number(each, 0, &number))
			continue;
		memory_grow(&again->resources, &again->room, again->count + 1, sizeof(*again->resources));
		again->resources[again->count++] = number;
	}
	if (again->count > 0) {
		wish->resources = again->resources;
		wish->resource_count = again->count;
	}
}

bool plan_drop(struct store *store, const struct plan *plan, const char *who, int64_t now_ms, struct error *err)
{
	AUTO(store_end) struct store *transaction = store;

	return plan->state != PLAN_OPEN || (store_begin(transaction, err) &&
					    plans_settle(transaction, plan->id, PLAN_DROPPED, who, now_ms, err) && store_commit(transaction, err));
}

bool push_replan(struct store *store, const struct catalogue *catalogue, const char *account_id, const char *who, struct env env,
		 struct cancel *cancel, struct plan *ret_plan, bool *ret_made, struct error *err)
{
	AUTO(again_clear) struct again again = { .scope = STR_INIT(STR_NO_LIMIT), .head = STR_INIT(STR_NO_LIMIT) };
	struct push_wish wish = { .account_id = account_id, .who = who, .env = env, .cancel = cancel };
	AUTO(str_clear) struct str undo = STR_INIT(PLAN_ID_MAX - 1);

	*ret_made = false;
	if (!plans_all(store, account_id, 1, take_newest, &again, err))
		return false;
	if (!again.found || !waits(&again))
		return true;
	if (!plans_find(store, NULL, again.plan.id, &again.plan, &again.scope, NULL, err))
		return false;
	json_unquote(json_find(again.scope.text, again.scope.len, "undo"), &undo);
	if (undo.len > 0)
		return true;
	take_scope(&again, &wish);
	*ret_made = push_plan(store, catalogue, &wish, ret_plan, err) && plan_drop(store, &again.plan, who, env.wall_ms(env.ctx), err);
	return *ret_made;
}
