/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Carrying a plan out begins here: what was chosen of it is planned once more, and only where that comes to the same, byte for
 * byte, do its lines become intents, all in one transaction. What is to be linked only is linked in it, too.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/hash.h"
#include "ledgerdeck/core/log.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/log.h"
#include "plan.h"

#define MOVED_MAX 20

struct chosen { /* a line of the plan */
	int64_t line, resource;
	uint64_t digest;
	char number[64];
	int64_t newest;              /* its last intent, and that one's state, when it was planned anew */
	enum intent_state state;
	bool seen;                   /* planned anew, and the same */
	bool left;                   /* what it needs was not chosen */
	int64_t intent;              /* that it has become; 0: none */
};
struct applying {
	const struct push_apply *wish;
	struct push_applied *applied;
	struct plan plan;
	char undo[PLAN_ID_MAX];      /* the plan that it undoes; "" none */
	struct chosen *items;        /* owned */
	size_t count, room;
	struct map by_resource;      /* owned: to its place in items, from 1 */
	int64_t moved;
	int64_t now_ms;
	int64_t amount;              /* of all that is chosen, millionths, whatever the currency */
	struct push_sums sums;       /* the same by currency */
	struct store *store, *reader; /* borrowed; the one that it is planned anew from */
	const struct catalogue *catalogue;
	struct planner *planner;     /* borrowed: while the lines become intents, to look at records */
	struct error *err;
};

static void applying_clear(struct applying *applying)
{
	free(applying->items);
	map_clear(&applying->by_resource, NULL);
}

void push_applied_clear(struct push_applied *applied)
{
	str_clear(&applied->moved);
}

/* ---- what was chosen */

static bool has_number(const int64_t *numbers, size_t count, int64_t number)
{
	for (size_t i = 0; i < count; i++)
		if (numbers[i] == number)
			return true;
	return !numbers;
}

static bool is_chosen(const struct push_apply *wish, const struct plan_line *line)
{
	bool act = !wish->acts;

	for (size_t i = 0; wish->acts && i < wish->act_count; i++)
		act = act || wish->acts[i] == line->act;
	return act && (plan_act_writes(line->act) || line->act == PLAN_LINK) && has_number(wish->lines, wish->line_count, line->line);
}

static struct chosen *chosen_of(const struct applying *applying, int64_t resource)
{
	size_t place = (size_t)(uintptr_t)map_get(&applying->by_resource, &resource, sizeof(resource));

	return place ? &applying->items[place - 1] : NULL;
}

static bool choose(void *ctx, const struct plan_line *line)
{
	struct applying *applying = ctx;
	struct chosen *chosen;

	if (!is_chosen(applying->wish, line)) {
		applying->applied->left += line->act != PLAN_SAME && line->act != PLAN_SKIP;
		return true;
	}
	memory_grow(&applying->items, &applying->room, applying->count + 1, sizeof(*applying->items));
	chosen = &applying->items[applying->count++];
	*chosen = (struct chosen){ .line = line->line, .resource = line->resource, .digest = line->digest };
	snprintf(chosen->number, sizeof(chosen->number), "%s", line->number);
	*map_place(&applying->by_resource, &line->resource, sizeof(line->resource)) = (void *)(uintptr_t)applying->count;
	if (line->has_total && line->total > 0)
		applying->amount += line->total;
	push_sums_add(&applying->sums, line->act, line->currency, line->has_total, line->total);
	return true;
}

struct adding {
	const struct push_apply *wish;
	struct push_sums *sums;
};

static bool add_up(void *ctx, const struct plan_line *line)
{
	struct adding *adding = ctx;

	if (is_chosen(adding->wish, line))
		push_sums_add(adding->sums, line->act, line->currency, line->has_total, line->total);
	return true;
}

bool push_apply_sums(struct store *store, const struct push_apply *wish, struct push_sums *ret_sums, struct error *err)
{
	struct adding adding = { wish, ret_sums };

	*ret_sums = (struct push_sums){ 0 };
	return plans_lines(store, wish->plan_id, 1, 0, add_up, &adding, err);
}

/* ---- is it still what would be planned? */

static void note_moved(struct applying *applying, const char *number, const char *why)
{
	if (applying->moved++ < MOVED_MAX)
		str_addf(&applying->applied->moved, "%s: %s\n", number, why);
}

/* Behind "would now be". */
static const char *become(enum plan_act act)
{
	static const char *const phrases[] = {
		[PLAN_CREATE] = "created", [PLAN_UPDATE] = "updated", [PLAN_VOID] = "made void", [PLAN_LINK] = "linked",
		[PLAN_SAME] = "left as it is", [PLAN_BLOCKED] = "blocked", [PLAN_DECIDE] = "left to a decision", [PLAN_SKIP] = "left out",
	};
	_Static_assert(ARRAY_LEN(phrases) == PLAN_ACT_COUNT, "a phrase for each act");

	return phrases[act];
}

static bool compare(void *ctx, const struct plan_line *line, struct error *err)
{
	struct applying *applying = ctx;
	struct chosen *chosen = chosen_of(applying, line->resource);
	struct intent before;
	char why[320];

	if (!chosen)
		return true;
	if (!intents_newest(applying->reader, applying->plan.account_id, line->resource, &before, err))
		return false;
	chosen->seen = true;
	chosen->newest = before.no;
	chosen->state = before.state;
	if (chosen->digest == line->digest)
		return true;
	snprintf(why, sizeof(why), "would now be %s: %s", become(line->act), line->why);
	note_moved(applying, chosen->number, why);
	return true;
}

static bool check_again(struct applying *applying, struct error *err)
{
	AUTO(store_closep) struct store *reader = NULL;
	AUTO(planner_close) struct planner planner = { 0 };
	AUTO(memory_freep) int64_t *resources = memory_new((applying->count + 1) * sizeof(*resources));
	struct push_wish wish = { .account_id = applying->plan.account_id, .resources = resources, .resource_count = applying->count,
				  .who = applying->wish->who, .env = applying->wish->env, .cancel = applying->wish->cancel,
				  .undo = *applying->undo ? applying->undo : NULL };
	bool good;

	for (size_t i = 0; i < applying->count; i++)
		resources[i] = applying->items[i].resource;
	if (!store_open(store_path(applying->store), STORE_READ, 0, &reader, err) || !store_read_begin(reader, err))
		return false;
	applying->reader = reader;
	good = planner_open(&planner, reader, applying->catalogue, &wish, err);
	planner.line = compare;
	planner.ctx = applying;
	good = good && planner_run(&planner, err);
	store_read_end(reader);
	for (size_t i = 0; good && i < applying->count; i++)
		if (!applying->items[i].seen)
			note_moved(applying, applying->items[i].number, "nothing would be done any more");
	return good;
}

/* ---- may it be applied? */

static bool is_confirmed(const struct applying *applying, struct error *err)
{
	const struct push_apply *wish = applying->wish;
	bool asks;

	if (!push_asks(applying->store, applying->plan.account_id, &asks, err))
		return false;
	if (!asks || wish->by_itself || applying->sums.writes == 0)
		return true;
	if (!wish->confirm)
		return error_set(err, ERROR_CONFLICT, "the sum that plan %s writes is to be typed first (policy confirm)", applying->plan.id);
	return push_sums_confirm(&applying->sums, wish->confirm) ||
	       error_set(err, ERROR_INPUT, "'%.40s' is not what plan %s writes; nothing was written", wish->confirm, applying->plan.id);
}

static bool is_in_time(const struct applying *applying, struct error *err)
{
	const struct push_apply *wish = applying->wish;
	struct push_window window;

	if (!push_window(applying->store, applying->plan.account_id, applying->now_ms, &window, err))
		return false;
	return window.open || wish->by_itself || wish->later || wish->hurry ||
	       error_set(err, ERROR_CONFLICT, "plan %s was not applied, nothing was written: it is outside of the account's hours (policy window "
			 "%s) until %s; --queue has it sent then, --now at once", applying->plan.id, window.hours, window.opens);
}

static bool may_apply(struct applying *applying, struct error *err)
{
	const struct plan *plan = &applying->plan;
	struct policies policies;
	struct decimal most, amount = decimal_of(applying->amount, 6);
	const char *count;

	if (plan->state != PLAN_OPEN)
		return error_set(err, ERROR_CONFLICT, "plan %s was %s already", plan->id, plan_state_word(plan->state));
	if (plan->expires_ms <= applying->now_ms)
		return error_set(err, ERROR_CONFLICT, "plan %s has expired; make a new one", plan->id);
	if (!policies_get(applying->store, plan->account_id, &policies, err))
		return false;
	if (policy_is(&policies, POLICY_DIRECTION, "pull"))
		return error_set(err, ERROR_CONFLICT, "plan %s was not applied, nothing was written: the account is read-only (its policy 'direction' is "
				 "pull); 'ledgerdeck policy %s direction push' lets plans write to it again", plan->id, plan->account_id);
	if (!is_in_time(applying, err) || !is_confirmed(applying, err))
		return false;
	count = policies.values[POLICY_APPROVE_COUNT];
	if (strcmp(plan->who, applying->wish->who) != 0)
		return true;
	if (decimal_parse(count, strlen(count), &most) && decimal_compare(decimal_of((int64_t)applying->count, 0), most) > 0)
		return error_set(err, ERROR_CONFLICT, "%zu writes are more than one person may apply (approve-count %s): somebody else than %.60s "
				 "applies plan %s", applying->count, count, plan->who, plan->id);
	count = policies.values[POLICY_APPROVE_AMOUNT];
	return !decimal_parse(count, strlen(count), &most) || decimal_compare(amount, most) <= 0 ||
	       error_set(err, ERROR_CONFLICT, "it comes to more than one person may apply (approve-amount %s): somebody else than %.60s applies "
			 "plan %s", count, plan->who, plan->id);
}

/* ---- lines become intents */

/* Earlier intents of the resource in this account, not sent or ended badly, give way. */
static bool close_before(struct store *store, const struct applying *applying, const struct chosen *chosen, struct error *err)
{
	struct intent newest;
	char why[80];

	/* Whoever applied another plan of it since we looked was faster, or what waited has been written. */
	if (!intents_newest(store, applying->plan.account_id, chosen->resource, &newest, err))
		return false;
	if (newest.no != chosen->newest || newest.state != chosen->state)
		return error_set(err, ERROR_CONFLICT, "another plan that writes the same was applied at this moment; make a new one");
	snprintf(why, sizeof(why), "plan %s took its place", applying->plan.id);
	return intents_supersede(store, applying->plan.account_id, chosen->resource, applying->wish->who, why, applying->now_ms, err);
}

/* Only once what it points to is there. False: something of it was not chosen. */
static bool add_parents(struct applying *applying, struct store *store, int64_t intent, struct json_slice needs, bool *ret_waits,
			struct error *err)
{
	struct json_slice need;
	int64_t number;
	size_t at = 0;

	*ret_waits = false;
	while (needs.kind == JSON_ARRAY && json_each(needs, &at, NULL, &need)) {
		struct chosen *parent = plan_number(need, 0, &number) ? chosen_of(applying, number) : NULL;

		if (!parent || !parent->intent)
			continue;
		*ret_waits = true;
		if (!intents_add_parent(store, intent, parent->intent, err))
			return false;
	}
	return true;
}

/* Is all that it needs among the chosen ones? */
static bool can_go(const struct applying *applying, struct json_slice needs)
{
	struct json_slice need;
	int64_t number;
	size_t at = 0;

	while (needs.kind == JSON_ARRAY && json_each(needs, &at, NULL, &need)) {
		const struct chosen *parent = plan_number(need, 0, &number) ? chosen_of(applying, number) : NULL;

		if (!parent || parent->left)
			return false;
	}
	return true;
}

static bool add_intent(struct applying *applying, struct store *store, struct chosen *chosen, const struct plan_line *line,
		       struct json_slice needs, struct error *err)
{
	struct intent intent = {
		.line = line->line, .resource = line->resource, .revision = line->revision, .act = line->act, .generation = 0,
		.state = INTENT_QUEUED, .since_ms = applying->now_ms, .made_ms = applying->now_ms, .next_ms = applying->now_ms,
		.has_total = line->has_total, .total = line->total, .has_tax = line->has_tax, .tax = line->tax,
	};
	struct link link;
	bool found, waits;

	env_id(&applying->wish->env, "", intent.id);
	memcpy(intent.account_id, applying->plan.account_id, sizeof(intent.account_id));
	memcpy(intent.plan, applying->plan.id, sizeof(intent.plan));
	memcpy(intent.record_type, line->record_type, sizeof(intent.record_type));
	memcpy(intent.record_id, line->record_id, sizeof(intent.record_id));
	memcpy(intent.version, line->version, sizeof(intent.version));
	memcpy(intent.currency, line->currency, sizeof(intent.currency));
	memcpy(intent.number, line->number, sizeof(intent.number));
	snprintf(intent.who, sizeof(intent.who), "%s", applying->wish->who);
	if (!close_before(store, applying, chosen, err) ||
	    !links_get(store, intent.account_id, line->resource, &link, NULL, &found, err))
		return false;
	/* What was there before is proven gone: its creation is another one. */
	if (found)
		intent.generation = link.generation + (line->act == PLAN_CREATE && *link.record_id);
	if (!intents_add(store, &intent, line->body, line->body_len, err) ||
	    !intents_adopt(store, intent.account_id, intent.resource, intent.no, err) ||
	    !add_parents(applying, store, intent.no, needs, &waits, err))
		return false;
	chosen->intent = intent.no;
	applying->applied->intents++;
	if (!waits)
		return true;
	intent.state = INTENT_WAITING;
	intent.next_ms = INT64_MAX;
	snprintf(intent.why, sizeof(intent.why), "waits for what it points to");
	return intents_save(store, &intent, applying->wish->who, NULL, NULL, applying->now_ms, err);
}

static bool add_link(struct applying *applying, struct store *store, const struct chosen *chosen, const struct plan_line *line,
		     struct error *err)
{
	struct link link = { .resource = line->resource, .at_ms = applying->now_ms, .approved = true, .revision = 0 };
	const struct known *known = plan_record(applying->planner, line->record_type, line->record_id);

	if (!known || !known->raw)
		return error_set(err, ERROR_CONFLICT, "%s %s is not in the mirror any more", line->record_type, line->record_id);
	memcpy(link.account_id, applying->plan.account_id, sizeof(link.account_id));
	memcpy(link.record_type, line->record_type, sizeof(link.record_type));
	memcpy(link.record_id, line->record_id, sizeof(link.record_id));
	snprintf(link.version, sizeof(link.version), "%s", known->version);
	snprintf(link.how, sizeof(link.how), "found");
	snprintf(link.who, sizeof(link.who), "%s", applying->wish->who);
	applying->applied->links++;
	return close_before(store, applying, chosen, err) && links_put(store, &link, known->raw, known->len, err) &&
	       intents_linked(store, link.account_id, link.resource, applying->now_ms, err);
}

static bool carry_out(void *ctx, const struct plan_line *line)
{
	struct applying *applying = ctx;
	struct chosen *chosen = is_chosen(applying->wish, line) ? chosen_of(applying, line->resource) : NULL;
	struct json_slice needs = json_find(line->detail, strlen(line->detail), "needs");

	if (!chosen || chosen->line != line->line)
		return true;
	if (!can_go(applying, needs)) {
		chosen->left = true;
		applying->applied->left++;
		return true;
	}
	if (line->act == PLAN_LINK)
		return add_link(applying, applying->store, chosen, line, applying->err);
	return add_intent(applying, applying->store, chosen, line, needs, applying->err);
}

static bool same_rules(struct applying *applying, struct error *err)
{
	struct policies policies;
	char digest[20];
	int64_t version, rates;

	if (!mappings_version(applying->store, applying->plan.account_id, &version, err) ||
	    !rates_version(applying->store, applying->plan.account_id, &rates, err) ||
	    !policies_get(applying->store, applying->plan.account_id, &policies, err))
		return false;
	plan_policies_digest(&policies, rates, digest, sizeof(digest));
	if (version == applying->plan.mapping && strcmp(digest, applying->plan.policies) == 0)
		return true;
	note_moved(applying, version != applying->plan.mapping ? "mapping" : policy_is(&policies, POLICY_RATE, "table") ? "policies or rates" : "policies", "changed since the plan was made");
	return true;
}

static bool note_apply(struct applying *applying, struct store *store, struct error *err)
{
	char after[160];

	snprintf(after, sizeof(after), "{\"plan\":\"%s\",\"intents\":%lld,\"links\":%lld}", applying->plan.id,
		 (long long)applying->applied->intents, (long long)applying->applied->links);
	return audit_add(store, applying->wish->who, "apply", applying->plan.account_id, "", after, applying->now_ms, err);
}

static bool queue(struct applying *applying, struct error *err)
{
	AUTO(store_end) struct store *transaction = applying->store;
	AUTO(planner_close) struct planner planner = { 0 };
	struct push_wish wish = { .account_id = applying->plan.account_id, .who = applying->wish->who, .env = applying->wish->env };
	struct error why = { 0 };
	bool changed;

	applying->planner = &planner;
	applying->err = &why;
	if (!store_begin(transaction, err) || !planner_open(&planner, applying->store, applying->catalogue, &wish, err) ||
	    !same_rules(applying, err))
		return false;
	if (applying->moved > 0)
		return true;
	if (!plans_settle(transaction, applying->plan.id, PLAN_APPLIED, applying->wish->who, applying->now_ms, err) ||
	    !plans_lines(transaction, applying->plan.id, 1, 0, carry_out, applying, err))
		return false;
	if (why.code == ERROR_NONE)
		why = planner.error;
	if (why.code != ERROR_NONE) {
		if (err)
			*err = why;
		return false;
	}
	if (applying->wish->hurry && !plans_hurry(transaction, applying->plan.id, applying->wish->who, applying->now_ms, &changed, err))
		return false;
	return note_apply(applying, transaction, err) && store_commit(transaction, err);
}

static bool find_plan(struct applying *applying, struct error *err)
{
	AUTO(str_clear) struct str scope = STR_INIT(STR_NO_LIMIT), undo = STR_INIT(PLAN_ID_MAX - 1);

	if (!plans_find(applying->store, NULL, applying->wish->plan_id, &applying->plan, &scope, NULL, err))
		return false;
	json_unquote(json_find(scope.text, scope.len, "undo"), &undo);
	snprintf(applying->undo, sizeof(applying->undo), "%s", undo.text);
	return true;
}

bool push_apply(struct store *store, const struct catalogue *catalogue, const struct push_apply *wish,
		struct push_applied *ret_applied, struct error *err)
{
	AUTO(applying_clear) struct applying applying = { .wish = wish, .applied = ret_applied, .store = store, .catalogue = catalogue,
							  .now_ms = wish->env.wall_ms(wish->env.ctx) };

	*ret_applied = (struct push_applied){ .moved = STR_INIT(STR_NO_LIMIT) };
	if (!find_plan(&applying, err) ||
	    !plans_lines(store, applying.plan.id, 1, 0, choose, &applying, err) || !may_apply(&applying, err) ||
	    !check_again(&applying, err))
		return false;
	if (applying.count == 0 && ret_applied->left > 0)
		return error_set(err, ERROR_CONFLICT, "plan %s has nothing that can be written yet: all of it waits for a person, or was not chosen",
				 applying.plan.id);
	if (applying.moved == 0 && !queue(&applying, err))
		return false;
	ret_applied->stale = applying.moved > 0;
	if (applying.moved > MOVED_MAX)
		str_addf(&ret_applied->moved, "and %lld more\n", (long long)(applying.moved - MOVED_MAX));
	if (ret_applied->stale)
		ret_applied->intents = ret_applied->links = 0;
	return true;
}
