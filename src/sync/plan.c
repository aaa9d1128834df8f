/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Making a plan: every resource in the order of writing, as one moment of the store has it. Lines are kept in portions, so that
 * nobody waits long for a plan of very many; it counts once the last of them is there.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/digest.h"
#include "ledgerdeck/core/hash.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/sync/request.h"
#include "plan.h"

/* ---- a planner */

static void free_mapping(void *mapping)
{
	free(mapping);
}

static void free_known(void *freed)
{
	struct known *known = freed;

	if (known)
		free(known->raw);
	free(known);
}

void planner_close(struct planner *planner)
{
	map_clear(&planner->rules, free_mapping);
	rates_clear(&planner->rates);
	map_clear(&planner->records, free_known);
	map_clear(&planner->objects, free);
	map_clear(&planner->names, plan_names_free);
	map_clear(&planner->answers, free);
	map_clear(&planner->tags, plan_tags_free);
	map_clear(&planner->outcomes, outcome_free);
	plan_head_free(planner->head);
	plan_calls_free(planner->calls);
	planner->head = NULL;
	planner->calls = NULL;
}

static bool keep_rule(void *ctx, const struct mapping *mapping)
{
	AUTO(str_clear) struct str key = STR_INIT(STR_NO_LIMIT);
	struct planner *planner = ctx;
	struct mapping *copy;
	void **place;

	str_addf(&key, "%d ", (int)mapping->target);
	mapping_key(mapping->code, strlen(mapping->code), &key);
	place = map_place(&planner->rules, key.text, key.len);
	copy = *place ? *place : memory_new(sizeof(*copy));
	*copy = *mapping;
	*place = copy;
	return true;
}

static bool company_record(void *ctx, const char *type, const char *id, struct json_slice *ret_raw)
{
	struct planner *planner = ctx;
	const struct known *known = plan_record(planner, type, id);

	if (!known || !known->raw)
		return false;
	*ret_raw = plan_slice(known);
	return true;
}

static bool open_account(struct planner *planner, struct error *err)
{
	bool found;

	if (!accounts_get(planner->store, planner->wish->account_id, &planner->account, &found, err))
		return false;
	if (!found)
		return error_set(err, ERROR_INPUT, "there is no account '%s'", planner->wish->account_id);
	planner->provider = provider_find(planner->account.provider);
	planner->push = planner->provider ? planner->provider->push : NULL;
	return planner->push || error_set(err, ERROR_INPUT, "nothing can be written to '%.60s' by this program", planner->account.name);
}

static bool find_restored(struct planner *planner, struct error *err)
{
	AUTO(str_clear) struct str text = STR_INIT(40);
	struct error why = { 0 };

	if (!store_get(planner->store, STORE_RESTORED, &text, &why) && why.code != ERROR_NONE) {
		if (err)
			*err = why;
		return false;
	}
	planner->restored_ms = strtoll(text.text, NULL, 10);
	return true;
}

static bool open_rates(struct planner *planner, struct error *err)
{
	const char *account_id = planner->account.id;

	return !policy_is(&planner->policies, POLICY_RATE, "table") ||
	       (rates_version(planner->store, account_id, &planner->rates_version, err) &&
		rates_get(planner->store, account_id, planner->rates_version, &planner->rates, err));
}

bool planner_open(struct planner *planner, struct store *store, const struct catalogue *catalogue, const struct push_wish *wish,
		  struct error *err)
{
	*planner = (struct planner){ .store = store, .catalogue = catalogue, .wish = wish, .head = plan_head_new(),
				     .now_ms = wish->env.wall_ms(wish->env.ctx) };
	if (!open_account(planner, err) || !organization_of_account(store, planner->account.id, planner->organization, err) ||
	    !policies_get(store, planner->account.id, &planner->policies, err) ||
	    !mappings_version(store, planner->account.id, &planner->mapping, err) ||
	    !mappings_all(store, planner->account.id, keep_rule, planner, err))
		return false;
	if (wish->policies)
		planner->policies = *wish->policies;
	planner->calls = plan_calls_new(planner->push);
	if (!find_restored(planner, err) || !open_rates(planner, err))
		return false;
	if (planner->push->company(company_record, planner, &planner->company, err)) {
		/* Where no record tells the home currency the ledger has told it when it was connected. */
		if (!*planner->company.home)
			snprintf(planner->company.home, sizeof(planner->company.home), "%s", planner->account.currency);
		return true;
	}
	if (planner->error.code != ERROR_NONE && err)
		*err = planner->error;
	return false;
}

/* ---- what is looked at */

static bool goes_on(struct planner *planner)
{
	if (cancel_asked(planner->wish->cancel))
		error_set(&planner->error, ERROR_CANCELLED, "planning was stopped");
	return planner->error.code == ERROR_NONE;
}

struct walk {
	struct planner *planner;
	int64_t *nos;                /* owned: of one portion */
	size_t count, room;
	int64_t last;
};

static bool note(void *ctx, int64_t no)
{
	struct walk *walk = ctx;

	memory_grow(&walk->nos, &walk->room, walk->count + 1, sizeof(*walk->nos));
	walk->nos[walk->count++] = no;
	walk->last = no;
	return true;
}

static void look_at(struct planner *planner, int64_t no)
{
	plan_resource(planner, no);
	planner->looked++;
	if (planner->wish->progress)
		planner->wish->progress(planner->wish->ctx, planner->looked);
}

#define PORTION 500

/* In portions, since a resource's own questions are asked between two of them. */
static bool plan_type(struct planner *planner, const struct resource_type *type)
{
	struct walk walk = { .planner = planner };
	struct resource_query query = { .organization = planner->organization, .type = type, .limit = PORTION };

	do {
		walk.count = 0;
		query.after_no = walk.last;
		if (!resources_numbers(planner->store, &query, note, &walk, &planner->error))
			break;
		for (size_t i = 0; i < walk.count && goes_on(planner); i++)
			look_at(planner, walk.nos[i]);
	} while (walk.count == PORTION && planner->error.code == ERROR_NONE);
	free(walk.nos);
	return planner->error.code == ERROR_NONE;
}

bool planner_run(struct planner *planner, struct error *err)
{
	const struct push_wish *wish = planner->wish;
	const struct resource_type *type;
	bool good = true;

	if (wish->resources)
		for (size_t i = 0; i < wish->resource_count && goes_on(planner); i++)
			look_at(planner, wish->resources[i]);
	else
		for (size_t i = 0; good && (type = resource_type_at(i)); i++)
			if (!wish->type || wish->type == type)
				good = plan_type(planner, type);
	if (planner->error.code == ERROR_NONE)
		return true;
	if (err)
		*err = planner->error;
	return false;
}

/* ---- into the store */

#define FLUSH 200

struct keeping {
	struct store *store;         /* borrowed: what is written goes there; the planner reads by a connection of its own */
	const struct plan *plan;
	int64_t pending;             /* lines of the open transaction */
	bool open;
};

void plan_policies_digest(const struct policies *policies, int64_t rates_version, char *out, size_t size)
{
	struct policies plain = *policies;
	uint64_t both[2] = { 0 };

	/* Those that make no other plan don't make one stale either. */
	for (int i = 0; i < POLICY_COUNT; i++)
		if (!policy_row((enum policy)i)->of_plans)
			memset(plain.values[i], 0, sizeof(plain.values[i]));
	both[0] = hash_bytes(&plain, sizeof(plain));
	if (policy_is(policies, POLICY_RATE, "table"))
		both[1] = (uint64_t)rates_version;
	snprintf(out, size, "%016llx", (unsigned long long)(both[1] ? hash_bytes(both, sizeof(both)) : both[0]));
}

static bool flush(struct keeping *keeping, struct error *err)
{
	struct store *transaction = keeping->store;
	bool good = !keeping->open || store_commit(transaction, err);

	store_end(&transaction);
	keeping->open = false;
	keeping->pending = 0;
	return good;
}

static bool keep_line(void *ctx, const struct plan_line *line, struct error *err)
{
	struct keeping *keeping = ctx;

	if (!keeping->open && !store_begin(keeping->store, err))
		return false;
	keeping->open = true;
	if (!plans_add_line(keeping->store, keeping->plan->id, line, err))
		return false;
	return ++keeping->pending < FLUSH || flush(keeping, err);
}

/* What was asked for, to plan the same again. */
static void add_scope(const struct push_wish *wish, struct str *out)
{
	str_add(out, "{\"type\":");
	if (wish->type)
		str_add_json(out, wish->type->name, strlen(wish->type->name));
	else
		str_add(out, "null");
	str_add(out, ",\"undo\":");
	str_add_json(out, wish->undo ? wish->undo : "", wish->undo ? strlen(wish->undo) : 0);
	str_addf(out, ",\"all\":%s,\"resources\":", wish->all_lines ? "true" : "false");
	if (!wish->resources) {
		str_add(out, "null}");
		return;
	}
	str_add_char(out, '[');
	for (size_t i = 0; i < wish->resource_count; i++)
		str_addf(out, "%s%lld", i ? "," : "", (long long)wish->resources[i]);
	str_add(out, "]}");
}

static void make_plan(const struct planner *planner, struct plan *plan)
{
	int64_t lasts_s = policy_seconds(&planner->policies, POLICY_EXPIRE);

	*plan = (struct plan){ .made_ms = planner->now_ms, .mapping = planner->mapping, .state_ms = planner->now_ms };
	plan->expires_ms = lasts_s < 0 ? INT64_MAX : planner->now_ms + lasts_s * 1000;
	env_id(&planner->wish->env, "plan_", plan->id);
	memcpy(plan->account_id, planner->account.id, sizeof(plan->account_id));
	snprintf(plan->who, sizeof(plan->who), "%s", planner->wish->who);
	plan_policies_digest(&planner->policies, planner->rates_version, plan->policies, sizeof(plan->policies));
}

static bool keep_begin(struct keeping *keeping, const struct push_wish *wish, struct error *err)
{
	AUTO(str_clear) struct str scope = STR_INIT(STR_NO_LIMIT);
	AUTO(store_end) struct store *transaction = keeping->store;

	add_scope(wish, &scope);
	return store_begin(transaction, err) && plans_sweep(transaction, keeping->plan->made_ms, err) &&
	       plans_add(transaction, keeping->plan, scope.text, "{}", err) && store_commit(transaction, err);
}

static bool keep_end(struct keeping *keeping, struct planner *planner, struct error *err)
{
	AUTO(str_clear) struct str head = STR_INIT(STR_NO_LIMIT);

	plan_head_json(planner->head, planner, &head);
	if (!keeping->open && !store_begin(keeping->store, err))
		return false;
	keeping->open = true;
	return plans_finish(keeping->store, keeping->plan->id, keeping->plan->digest, head.text, err) && flush(keeping, err);
}

static bool run_and_keep(struct planner *planner, struct store *store, struct plan *plan, struct error *err)
{
	struct keeping keeping = { .store = store, .plan = plan };
	struct store *undone;
	bool good;

	planner->line = keep_line;
	planner->ctx = &keeping;
	good = keep_begin(&keeping, planner->wish, err) && planner_run(planner, err);
	snprintf(plan->digest, sizeof(plan->digest), "%016llx", (unsigned long long)planner->digest);
	good = good && keep_end(&keeping, planner, err);
	undone = keeping.open ? store : NULL;
	if (undone)
		store_end(&undone);
	return good;
}

static bool plan_wish(struct store *store, const struct catalogue *catalogue, const struct push_wish *wish, struct plan *ret_plan,
		      struct error *err)
{
	AUTO(store_closep) struct store *reader = NULL;
	AUTO(planner_close) struct planner planner = { 0 };
	bool good;

	if (!store_open(store_path(store), STORE_READ, 0, &reader, err) || !store_read_begin(reader, err))
		return false;
	good = planner_open(&planner, reader, catalogue, wish, err);
	if (good)
		make_plan(&planner, ret_plan);
	good = good && run_and_keep(&planner, store, ret_plan, err);
	store_read_end(reader);
	return good;
}

/* ---- undoing another plan */

struct undoing {
	const char *account_id;
	int64_t *resources;          /* owned */
	size_t count, room;
};

/* What points to others is made void first: the newest intents come first. */
static bool note_created(void *ctx, const struct intent *intent)
{
	struct undoing *undoing = ctx;

	if (intent->act != PLAN_CREATE || (intent->state != INTENT_CONFIRMED && intent->state != INTENT_DIFFERENT) ||
	    strcmp(intent->account_id, undoing->account_id) != 0)
		return true;
	memory_grow(&undoing->resources, &undoing->room, undoing->count + 1, sizeof(*undoing->resources));
	undoing->resources[undoing->count++] = intent->resource;
	return true;
}

static bool plan_undo(struct store *store, const struct catalogue *catalogue, const struct push_wish *wish, struct plan *ret_plan,
		      struct error *err)
{
	struct intent_query query = { .plan = wish->undo };
	struct undoing undoing = { .account_id = wish->account_id };
	struct push_wish whole = *wish;
	bool good;

	good = intents_list(store, &query, note_created, &undoing, err);
	if (good && undoing.count == 0)
		good = error_set(err, ERROR_INPUT, "plan %s has created nothing in that account that could be undone", wish->undo);
	whole.resources = undoing.resources;
	whole.resource_count = undoing.count;
	good = good && plan_wish(store, catalogue, &whole, ret_plan, err);
	free(undoing.resources);
	return good;
}

bool push_plan(struct store *store, const struct catalogue *catalogue, const struct push_wish *wish, struct plan *ret_plan,
	       struct error *err)
{
	char organization[RESOURCE_ID_MAX];

	/* What has failed since holds up what is behind it. */
	if (!organization_of_account(store, wish->account_id, organization, err) ||
	    !requests_review(store, catalogue, organization, &wish->env, err) || !credit_prepare(store, catalogue, wish, err))
		return false;
	return (wish->undo && !wish->resources ? plan_undo : plan_wish)(store, catalogue, wish, ret_plan, err);
}

/* ---- how fresh the mirror is */

static bool is_wanted(const char *const *types, size_t count, const char *type)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(types[i], type) == 0)
			return true;
	return false;
}

static bool add_reads(struct planner *planner, const struct resource_type *type, const char **types, size_t *count, struct error *err)
{
	int64_t fresh_s = policy_seconds(&planner->policies, POLICY_FRESH);
	struct object object;
	bool found;

	for (const char *const *read = planner->push->reads(type); *read; read++) {
		if (is_wanted(types, *count, *read) || *count + 1 == PUSH_READS_MAX ||
		    !catalogue_find(planner->catalogue, planner->provider->name, *read))
			continue;
		if (!objects_get(planner->store, planner->account.id, *read, &object, &found, err))
			return false;
		if (found && !object.wanted)
			continue;
		/* What is due is read first: after a restore all is. */
		if (!found || object.success_ms == 0 || object.next_ms <= 0 || object.last_error.code != ERROR_NONE ||
		    (fresh_s >= 0 && planner->now_ms - object.success_ms > fresh_s * 1000))
			types[(*count)++] = *read;
	}
	types[*count] = NULL;
	return true;
}

bool push_stale(struct store *store, const struct catalogue *catalogue, const struct push_wish *wish, const char **ret_types,
		struct error *err)
{
	AUTO(planner_close) struct planner planner = { .store = store, .catalogue = catalogue, .wish = wish,
						       .now_ms = wish->env.wall_ms(wish->env.ctx) };
	const struct resource_type *type;
	size_t count = 0;

	ret_types[0] = NULL;
	if (!open_account(&planner, err) || !policies_get(store, planner.account.id, &planner.policies, err))
		return false;
	for (size_t i = 0; (type = resource_type_at(i)); i++)
		if ((!wish->type || wish->type == type) && !add_reads(&planner, type, ret_types, &count, err))
			return false;
	return true;
}

/* ---- whether a plan is still what it was */

bool push_moved(struct store *store, const struct plan *plan, char *ret_what, struct error *err)
{
	struct plan_moved moved;
	struct policies policies;
	char digest[20];
	int64_t version, rates;

	*ret_what = '\0';
	if (plan->state != PLAN_OPEN)
		return true;
	if (!mappings_version(store, plan->account_id, &version, err) || !policies_get(store, plan->account_id, &policies, err) ||
	    !rates_version(store, plan->account_id, &rates, err) || !plans_moved(store, plan, &moved, err))
		return false;
	plan_policies_digest(&policies, rates, digest, sizeof(digest));
	if (version != plan->mapping)
		snprintf(ret_what, PUSH_MOVED_MAX, "the mapping has version %lld since, it was made by version %lld", (long long)version,
			 (long long)plan->mapping);
	else if (strcmp(digest, plan->policies) != 0)
		snprintf(ret_what, PUSH_MOVED_MAX, policy_is(&policies, POLICY_RATE, "table")
			 ? "what plans may do (policy), or the table of exchange rates, was changed since" : "what plans may do (policy) was changed since");
	else if (moved.found)
		snprintf(ret_what, PUSH_MOVED_MAX, "%s %s was changed %s since", moved.record_type, moved.number,
			 moved.document ? "on your side" : "in the ledger");
	return true;
}

static bool take_fact(const char *head, const char *member, int64_t *ret_number)
{
	return plan_number(json_find(head, strlen(head), member), 0, ret_number);
}

bool push_facts(const char *head, struct push_facts *ret_facts)
{
	*ret_facts = (struct push_facts){ 0 };
	if (!json_check(head, strlen(head), NULL))
		return false;
	/* Heads that were written before there was such a ledger have none. */
	if (json_find(head, strlen(head), "asks").kind != JSON_NONE && !take_fact(head, "asks", &ret_facts->calls.asks))
		return false;
	return take_fact(head, "batches", &ret_facts->calls.batches) &&
	       take_fact(head, "singles", &ret_facts->calls.singles) && take_fact(head, "before_go_live", &ret_facts->before_go_live) &&
	       take_fact(head, "closed", &ret_facts->closed) && take_fact(head, "new_lists", &ret_facts->new_lists) &&
	       take_fact(head, "needing", &ret_facts->needing);
}

bool push_totals(const char *head, struct push_totals *ret_totals)
{
	struct json_slice groups, group, act;
	int64_t count;
	size_t at = 0;

	*ret_totals = (struct push_totals){ 0 };
	if (!json_check(head, strlen(head), NULL))
		return false;
	groups = json_find(head, strlen(head), "acts");
	if (groups.kind != JSON_ARRAY)
		return false;
	while (json_each(groups, &at, NULL, &group)) {
		act = json_member(group, "act");
		if (!plan_number(json_member(group, "count"), 0, &count))
			return false;
		for (int i = 0; i < PLAN_ACT_COUNT; i++)
			if (json_equals(act, plan_act_word((enum plan_act)i)))
				ret_totals->acts[i] += count;
		ret_totals->lines += count;
	}
	return true;
}
