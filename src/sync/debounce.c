/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pushing by itself: where an account's policy says so, a document that nobody has edited for a while is planned together with
 * all others that are, and what needs no person is applied. Edits that follow one another closely become one push. What needs
 * a person stands in the plan, and so on the list of what needs somebody.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "ledgerdeck/core/log.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/sync/push.h"

#define EDITED_MAX 500
#define WHO "engine"

/* Edits of an organization that are quiet for as long as an account of it wants. */
struct quiet {
	int64_t *resources;          /* owned */
	size_t count;
};

static bool apply(struct worker *worker, const struct plan *plan, struct error *err)
{
	AUTO(push_applied_clear) struct push_applied applied = { 0 };
	struct push_apply wish = { .plan_id = plan->id, .by_itself = true, .who = WHO, .env = worker->sync->options.env, .cancel = worker->sync->cancel };
	bool good = push_apply(worker->store, worker->sync->options.catalogue, &wish, &applied, err);

	/* Nothing that can be written, or more than the policy lets one do: a person sees it in the plan. */
	if (!good && err->code == ERROR_CONFLICT) {
		log_info("push", "%s", err->text);
		error_clear(err);
		good = true;
	}
	return good;
}

static bool push(struct worker *worker, const struct account *account, const struct quiet *quiet, struct error *err)
{
	struct push_wish wish = { .account_id = account->id, .resources = quiet->resources, .resource_count = quiet->count, .who = WHO,
				  .env = worker->sync->options.env, .cancel = worker->sync->cancel };
	struct plan plan;

	if (!push_plan(worker->store, worker->sync->options.catalogue, &wish, &plan, err))
		return false;
	log_info("push", "what was edited of '%s' is planned as %s: documents %zu", account->name, plan.id, quiet->count);
	return apply(worker, &plan, err);
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
	quiet->resources = memory_new((count + 1) * sizeof(*quiet->resources));
	for (size_t i = 0; i < count; i++)
		if (strcmp(edited[i].organization, organization) == 0 && edited[i].changed_ms <= before_ms)
			quiet->resources[quiet->count++] = edited[i].no;
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
