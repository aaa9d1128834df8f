/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an applied plan has left undone: lines that waited for a person or were not chosen, as they would be planned now. */
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "plan.h"

struct leaving {
	struct store *store;
	const char *account_id;
	struct map written;          /* by resource: an intent of the plan is there, which says how it stands */
	struct map meant;            /* by resource: it is one of ours, not what they need */
	int64_t *resources;          /* owned */
	size_t count, room;
	struct push_left *left;
	struct error error;
};

static bool note_written(void *ctx, const struct intent *intent)
{
	struct leaving *leaving = ctx;

	*map_place(&leaving->written, &intent->resource, sizeof(intent->resource)) = leaving;
	return true;
}

static bool note_line(void *ctx, const struct plan_line *line)
{
	struct leaving *leaving = ctx;
	struct link link;
	bool found = false;

	if (line->act == PLAN_LINK &&
	    !links_get(leaving->store, leaving->account_id, line->resource, &link, NULL, &found, &leaving->error))
		return false;
	if (found && strcmp(link.record_id, line->record_id) == 0)
		leaving->left->links++;
	if (line->act == PLAN_SAME || line->act == PLAN_SKIP || map_get(&leaving->written, &line->resource, sizeof(line->resource)))
		return true;
	memory_grow(&leaving->resources, &leaving->room, leaving->count + 1, sizeof(*leaving->resources));
	leaving->resources[leaving->count++] = line->resource;
	*map_place(&leaving->meant, &line->resource, sizeof(line->resource)) = leaving;
	return true;
}

static bool count_line(void *ctx, const struct plan_line *line, struct error *err)
{
	struct leaving *leaving = ctx;

	(void)err;
	if (map_get(&leaving->meant, &line->resource, sizeof(line->resource)) && line->act != PLAN_SAME && line->act != PLAN_SKIP)
		leaving->left->lines++;
	return true;
}

static bool plan_them(struct leaving *leaving, const struct catalogue *catalogue, const char *undo, struct env env, struct cancel *cancel,
		      struct error *err)
{
	AUTO(planner_close) struct planner planner = { 0 };
	struct push_wish wish = { .account_id = leaving->account_id, .resources = leaving->resources, .resource_count = leaving->count,
				  .undo = *undo ? undo : NULL, .env = env, .cancel = cancel };
	bool good;

	if (!store_read_begin(leaving->store, err))
		return false;
	good = planner_open(&planner, leaving->store, catalogue, &wish, err);
	planner.line = count_line;
	planner.ctx = leaving;
	good = good && planner_run(&planner, err);
	store_read_end(leaving->store);
	return good;
}

bool push_left(struct store *store, const struct catalogue *catalogue, const char *plan_id, struct env env, struct cancel *cancel,
	       struct push_left *ret_left, struct error *err)
{
	AUTO(str_clear) struct str scope = STR_INIT(STR_NO_LIMIT), undo = STR_INIT(PLAN_ID_MAX - 1);
	struct leaving leaving = { .store = store, .left = ret_left };
	struct intent_query query = { .plan = plan_id };
	struct plan plan;
	bool good;

	*ret_left = (struct push_left){ 0 };
	if (!plans_find(store, NULL, plan_id, &plan, &scope, NULL, err))
		return false;
	json_unquote(json_find(scope.text, scope.len, "undo"), &undo);
	leaving.account_id = plan.account_id;
	good = intents_list(store, &query, note_written, &leaving, err) && plans_lines(store, plan_id, 1, 0, note_line, &leaving, err);
	if (good && leaving.error.code != ERROR_NONE) {
		good = false;
		if (err)
			*err = leaving.error;
	}
	good = good && (leaving.count == 0 || plan_them(&leaving, catalogue, undo.text, env, cancel, err));
	map_clear(&leaving.written, NULL);
	map_clear(&leaving.meant, NULL);
	free(leaving.resources);
	return good;
}
