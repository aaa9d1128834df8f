/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pushing by itself: where an account's policy says so, a document that nobody has edited for a while is planned together with
 * all others that are, and what needs no person is applied. Edits that follow one another closely become one push. What needs
 * a person, and what is more than goes by itself (auto.c), stands in the plan, and so on the list of what needs somebody.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "ledgerdeck/core/log.h"
#include "ledgerdeck/core/map.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/sync/push.h"
#include "plan.h"

#define EDITED_MAX 500

/* Edits of an organization that are quiet for as long as an account of it wants. */
struct quiet {
	int64_t *resources;          /* owned */
	size_t count, room;
};

static void add(struct quiet *quiet, int64_t resource)
{
	for (size_t i = 0; i < quiet->count; i++)
		if (quiet->resources[i] == resource)
			return;
	memory_grow(&quiet->resources, &quiet->room, quiet->count + 1, sizeof(*quiet->resources));
	quiet->resources[quiet->count++] = resource;
}

static bool make(struct worker *worker, const struct account *account, const struct quiet *quiet, struct plan *ret_plan, struct error *err)
{
	struct push_wish wish = { .account_id = account->id, .resources = quiet->resources, .resource_count = quiet->count, .who = PUSH_ENGINE,
				  .env = worker->sync->options.env, .cancel = worker->sync->cancel };

	return push_plan(worker->store, worker->sync->options.catalogue, &wish, ret_plan, err);
}

/* `lines` NULL: all of them. */
static bool apply(struct worker *worker, const struct plan *plan, const int64_t *lines, size_t count, struct error *err)
{
	AUTO(push_applied_clear) struct push_applied applied = { 0 };
	struct push_apply wish = { .plan_id = plan->id, .lines = lines, .line_count = count, .by_itself = true, .who = PUSH_ENGINE,
				   .env = worker->sync->options.env, .cancel = worker->sync->cancel };
	bool good = push_apply(worker->store, worker->sync->options.catalogue, &wish, &applied, err);

	/* Nothing that can be written, or more than the policy lets one do: a person sees it in the plan. */
	if (!good && err->code == ERROR_CONFLICT) {
		log_info("push", "%s", err->text);
		error_clear(err);
		good = true;
	}
	return good;
}

/* ---- what of a plan goes by itself */

struct parting {
	struct store *store;
	struct policies policies;
	struct map held;             /* owned: by resource: it waits for a person */
	struct quiet waits;          /* owned: the same, in their order */
	struct quiet lines;          /* owned: of those that go */
	struct error error;
};

static void parting_clear(struct parting *parting)
{
	map_clear(&parting->held, NULL);
	free(parting->waits.resources);
	free(parting->lines.resources);
}

static bool needs_held(const struct parting *parting, const char *detail)
{
	struct json_slice needs = json_find(detail, strlen(detail), "needs"), need;
	int64_t number;
	size_t at = 0;

	while (needs.kind == JSON_ARRAY && json_each(needs, &at, NULL, &need))
		if (plan_number(need, 0, &number) && map_get(&parting->held, &number, sizeof(number)))
			return true;
	return false;
}

/* What is needed comes first. */
static bool part(void *ctx, const struct plan_line *line)
{
	struct parting *parting = ctx;
	struct resource resource;

	if (!plan_act_writes(line->act) && line->act != PLAN_LINK)
		return true;
	if (!resources_by_no(parting->store, line->resource, &resource, NULL, &parting->error))
		return false;
	if (!auto_waits(&parting->policies, line->act, resource.type) && !needs_held(parting, line->detail)) {
		memory_grow(&parting->lines.resources, &parting->lines.room, parting->lines.count + 1, sizeof(*parting->lines.resources));
		parting->lines.resources[parting->lines.count++] = line->line;
		return true;
	}
	*map_place(&parting->held, &line->resource, sizeof(line->resource)) = parting;
	add(&parting->waits, line->resource);
	return true;
}

/* Some lines go; the others are a plan of their own, which lies ready for a person. */
static bool apply_part(struct worker *worker, const struct account *account, const struct plan *plan, const struct policies *policies,
		       struct error *err)
{
	AUTO(parting_clear) struct parting parting = { .store = worker->store, .policies = *policies };
	struct plan rest;

	if (!plans_lines(worker->store, plan->id, 1, 0, part, &parting, err))
		return false;
	if (parting.error.code != ERROR_NONE)
		return err ? (*err = parting.error, false) : false;
	if (parting.lines.count == 0)
		return true;
	return apply(worker, plan, parting.lines.resources, parting.lines.count, err) && make(worker, account, &parting.waits, &rest, err);
}

static bool apply_what_may(struct worker *worker, const struct account *account, const struct plan *plan, struct error *err)
{
	AUTO(str_clear) struct str head = STR_INIT(STR_NO_LIMIT);
	struct policies policies;
	struct push_auto found;
	struct plan kept;

	if (!plans_find(worker->store, NULL, plan->id, &kept, NULL, &head, err) || !policies_get(worker->store, account->id, &policies, err))
		return false;
	push_auto(head.text, &policies, &found);
	if (found.waits == 0)
		return apply(worker, plan, NULL, 0, err);
	log_info("push", "of plan %s for '%s' %lld wait for a person: %s", plan->id, account->name, (long long)found.waits, found.why);
	return found.goes == 0 || apply_part(worker, account, plan, &policies, err);
}

/* ---- what waits already goes into the next plan, so that there is one to look at */

struct lying {
	struct store *store;
	struct quiet *quiet;
	struct plan plan;            /* the newest of ours that lies ready; its id "" : none does */
};

static bool find_lying(void *ctx, const struct plan *plan, const char *head)
{
	struct lying *lying = ctx;
	struct push_totals totals;

	if (strcmp(plan->who, PUSH_ENGINE) != 0)
		return true;
	if (plan->state == PLAN_OPEN && push_totals(head, &totals) &&
	    totals.acts[PLAN_CREATE] + totals.acts[PLAN_UPDATE] + totals.acts[PLAN_VOID] + totals.acts[PLAN_LINK] > 0)
		lying->plan = *plan;
	return false;
}

static bool take_line(void *ctx, const struct plan_line *line)
{
	struct lying *lying = ctx;

	if (line->act != PLAN_SAME && line->act != PLAN_SKIP)
		add(lying->quiet, line->resource);
	return true;
}

#define LOOKED_BACK 100 /* plans */

static bool push(struct worker *worker, const struct account *account, struct quiet *quiet, struct error *err)
{
	struct lying lying = { .store = worker->store, .quiet = quiet };
	struct plan plan;

	if (!plans_all(worker->store, account->id, LOOKED_BACK, find_lying, &lying, err) ||
	    (*lying.plan.id && !plans_lines(worker->store, lying.plan.id, 1, 0, take_line, &lying, err)) ||
	    !make(worker, account, quiet, &plan, err) || (*lying.plan.id && !plan_drop(worker->store, &lying.plan, PUSH_ENGINE, sync_now(worker->sync), err)))
		return false;
	log_info("push", "what was edited of '%s' is planned as %s: documents %zu", account->name, plan.id, quiet->count);
	return apply_what_may(worker, account, &plan, err);
}

/* How long an account wants its edits to be quiet; -1: it pushes nothing by itself. */
static int64_t patience_ms(struct worker *worker, const struct account *account, const char *organization, struct error *err)
{
	struct policies policies;
	char owner[RESOURCE_ID_MAX];
	int64_t seconds;

	if (account->state != ACCOUNT_OK || !organization_of_account(worker->store, account->id, owner, err) ||
	    strcmp(owner, organization) != 0 || !policies_get(worker->store, account->id, &policies, err) ||
	    policy_is(&policies, POLICY_DIRECTION, "pull"))
		return -1;
	seconds = policy_seconds(&policies, POLICY_DEBOUNCE);
	return seconds < 0 ? -1 : seconds * 1000;
}

static void gather(const struct edited *edited, size_t count, const char *organization, int64_t before_ms, struct quiet *quiet)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(edited[i].organization, organization) == 0 && edited[i].changed_ms <= before_ms)
			add(quiet, edited[i].no);
}

/* When the first of an organization's edits that are not quiet yet will be. */
static void note_next(const struct edited *edited, size_t count, const char *organization, int64_t wait_ms, int64_t now_ms,
		      int64_t *next_ms)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(edited[i].organization, organization) == 0 && edited[i].changed_ms + wait_ms > now_ms &&
		    edited[i].changed_ms + wait_ms < *next_ms)
			*next_ms = edited[i].changed_ms + wait_ms;
}

/*
 * Of one organization. `ret_wait_ms`: the longest that one of its accounts wants; -1: none pushes by itself. `next_ms` becomes
 * smaller where more is to be done before.
 */
static bool push_all(struct worker *worker, const struct account_list *accounts, const char *organization, const struct edited *edited,
		     size_t count, int64_t *ret_wait_ms, int64_t *next_ms, struct error *err)
{
	*ret_wait_ms = -1;
	for (size_t i = 0; i < accounts->count; i++) {
		int64_t wait_ms = patience_ms(worker, &accounts->items[i], organization, err);
		struct quiet quiet = { 0 };
		bool good = true;

		if (wait_ms < 0)
			continue;
		if (wait_ms > *ret_wait_ms)
			*ret_wait_ms = wait_ms;
		note_next(edited, count, organization, wait_ms, sync_now(worker->sync), next_ms);
		gather(edited, count, organization, sync_now(worker->sync) - wait_ms, &quiet);
		if (quiet.count > 0)
			good = push(worker, &accounts->items[i], &quiet, err);
		free(quiet.resources);
		if (!good)
			return false;
	}
	return true;
}

static bool is_over(const struct edited *edited, const char *organization, int64_t wait_ms, int64_t before_ms)
{
	return strcmp(edited->organization, organization) == 0 && (wait_ms < 0 || edited->changed_ms <= before_ms);
}

static bool forget(struct worker *worker, const struct edited *edited, size_t count, const char *organization, int64_t wait_ms,
		   struct error *err)
{
	AUTO(store_end) struct store *transaction = worker->store;
	int64_t before_ms = sync_now(worker->sync) - wait_ms;
	bool any = false;

	/* A commit of nothing would ring the bell, and be heard. */
	for (size_t i = 0; i < count; i++)
		any = any || is_over(&edited[i], organization, wait_ms, before_ms);
	if (!any || !store_begin(transaction, err))
		return !any;
	for (size_t i = 0; i < count; i++)
		if (is_over(&edited[i], organization, wait_ms, before_ms) && !resources_looked_at(transaction, &edited[i], err))
			return false;
	return store_commit(transaction, err);
}

static bool was_done(const struct edited *edited, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (strcmp(edited[i].organization, edited[at].organization) == 0)
			return true;
	return false;
}

static bool look(struct worker *worker, struct edited *edited, int64_t *next_ms, struct error *err)
{
	AUTO(account_list_clear) struct account_list accounts = { 0 };
	int64_t wait_ms;
	size_t count;

	if (!resources_edited(worker->store, EDITED_MAX, edited, &count, err) || count == 0)
		return count == 0;
	if (!accounts_all(worker->store, &accounts, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (was_done(edited, i))
			continue;
		if (!push_all(worker, &accounts, edited[i].organization, edited, count, &wait_ms, next_ms, err) ||
		    !forget(worker, edited, count, edited[i].organization, wait_ms, err))
			return false;
	}
	return true;
}

void debounce_keep(struct worker *worker)
{
	struct sync *sync = worker->sync;
	struct edited *edited;
	struct error err = { 0 };
	int64_t next_ms = INT64_MAX;
	bool mine;

	lock_enter(sync->lock);
	mine = sync->schedule && !sync->debouncing && !cancel_asked(sync->cancel);
	sync->debouncing = sync->debouncing || mine;
	lock_leave(sync->lock);
	if (!mine)
		return;
	edited = memory_new(EDITED_MAX * sizeof(*edited));
	if (!look(worker, edited, &next_ms, &err) && err.code != ERROR_CANCELLED && err.code != ERROR_NONE)
		log_warn("push", "edited documents are not pushed by themselves now: %s", err.text);
	free(edited);
	lock_enter(sync->lock);
	sync->debouncing = false;
	sync->quiet_ms = next_ms;
	lock_leave(sync->lock);
}
