/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A company in a world of its own, with documents on their way into it. */
#include "desk.h"

#include <stdio.h>
#include <string.h>

#include "engine.h"
#include "ledgerdeck/core/memory.h"

static const struct simulator_company one[] = {
	{ .kind = "small", .realm = "1001", .name = "Nine Pins", .customers = 2, .invoices = 2 },
};

void  desk_open(struct desk *desk)
{
	struct sync_wish wish = { .cause = "operator" };
	struct error err = { 0 };
	struct outcome outcome;
	struct sync *sync;

	desk->world = world_new(one, ARRAY_LEN(one), NULL);
	world_connect(desk->world, "1001", &desk->account);
	sync = world_engine(desk->world);
	world_sync(desk->world, sync, &wish, &outcome);
	sync_free(sync);
	assert_int_equal(outcome.failed, 0);
	if (!organization_of_account(desk->world->store, desk->account.id, desk->organization, &err))
		fail_msg("%s", err.text);
}

void  desk_close(struct desk *desk)
{
	world_free(desk->world);
}

int64_t  desk_put_for(struct desk *desk, const char *organization, const char *type, const char *external_id, const char *data)
{
	AUTO(store_end) struct store *transaction = desk->world->store;
	struct resource resource = { .type = resource_type_find(type, strlen(type)) };
	struct json_slice slice = { .text = data, .len = strlen(data), .kind = JSON_OBJECT };
	AUTO(str_clear) struct str checked = STR_INIT(STR_NO_LIMIT);
	struct resource_problems problems = { .count = 0 };
	struct resource_counts counts = { 0 };
	struct error err = { 0 };

	snprintf(resource.organization, sizeof(resource.organization), "%s", organization);
	snprintf(resource.external_id, sizeof(resource.external_id), "%s", external_id);
	if (!resource_check(resource.type, slice, &checked, &problems))
		fail_msg("%s: %s", problems.items[0].path, problems.items[0].text);
	if (!store_begin(transaction, &err) ||
	    !resources_put(transaction, &resource, checked.text, checked.len, "test", 0, &counts, &err) || !store_commit(transaction, &err))
		fail_msg("%s", err.text);
	return resource.no;
}

int64_t  desk_put(struct desk *desk, const char *type, const char *external_id, const char *data)
{
	return desk_put_for(desk, desk->organization, type, external_id, data);
}

void  desk_set(struct desk *desk, enum policy policy, const char *value)
{
	AUTO(store_end) struct store *transaction = desk->world->store;
	struct error err = { 0 };
	bool changed;

	if (!store_begin(transaction, &err) ||
	    !policies_set(transaction, desk->account.id, policy, value, "test", 0, &changed, &err) || !store_commit(transaction, &err))
		fail_msg("%s", err.text);
}

void  desk_map_item(struct desk *desk)
{
	AUTO(store_end) struct store *transaction = desk->world->store;
	struct mapping rule = { .target = TARGET_ITEM, .record_id = "1", .name = "Tuning" };
	struct error err = { 0 };
	int64_t changed;

	if (!store_begin(transaction, &err) ||
	    !mappings_change(transaction, desk->account.id, &rule, 1, "test", "a default", 0, 0, &changed, &err) || !store_commit(transaction, &err))
		fail_msg("%s", err.text);
}

static bool find_line(void *ctx, const struct plan_line *line)
{
	struct seen *found = ctx;
	AUTO(str_clear) struct str question = STR_INIT(119), notes = STR_INIT(STR_NO_LIMIT);

	if (line->resource != found->resource)
		return true;
	found->times++;
	found->line = *line;
	json_unquote(json_find(line->detail, strlen(line->detail), "question"), &question);
	snprintf(found->question, sizeof(found->question), "%s", question.text);
	json_unquote(json_find(line->detail, strlen(line->detail), "notes"), &notes);
	snprintf(found->notes, sizeof(found->notes), "%s", notes.text);
	snprintf(found->body, sizeof(found->body), "%.*s", (int)line->body_len, line->body_len ? line->body : "");
	found->line.body = found->line.detail = NULL;
	return true;
}

void  desk_plan(struct desk *desk, struct plan *ret_plan)
{
	struct push_wish wish = { .account_id = desk->account.id, .who = "test", .env = world_env(desk->world), .all_lines = true };
	struct error err = { 0 };

	if (!push_plan(desk->world->store, desk->world->catalogue, &wish, ret_plan, &err))
		fail_msg("%s", err.text);
}

struct seen  desk_expect(struct desk *desk, int64_t resource, enum plan_act act, enum plan_reason reason)
{
	struct seen found = { .resource = resource };
	struct error err = { 0 };
	struct plan made;

	desk_plan(desk, &made);
	if (!plans_lines(desk->world->store, made.id, 1, 0, find_line, &found, &err))
		fail_msg("%s", err.text);
	if (found.times != 1 || found.line.act != act || found.line.reason != reason)
		fail_msg("%d lines, %s because %s (%s), not %s because %s", found.times, plan_act_word(found.line.act),
			 plan_reason_word(found.line.reason), found.line.why, plan_act_word(act), plan_reason_word(reason));
	return found;
}

void  desk_decide(struct desk *desk, const struct seen *found, const char *what)
{
	AUTO(store_end) struct store *transaction = desk->world->store;
	struct decision decision = { .who = "test" };
	struct error err = { 0 };

	snprintf(decision.what, sizeof(decision.what), "%s", what);
	snprintf(decision.about, sizeof(decision.about), "%s", found->question);
	if (!store_begin(transaction, &err) || !decisions_put(transaction, desk->account.id, found->resource, &decision, &err) ||
	    !store_commit(transaction, &err))
		fail_msg("%s", err.text);
}

void  desk_carry_out(struct desk *desk)
{
	AUTO(push_applied_clear) struct push_applied applied = { 0 };
	struct push_apply apply = { .who = "test", .env = world_env(desk->world) };
	struct sync *sync = world_engine(desk->world);
	struct error err = { 0 };
	int64_t next_ms;
	struct plan made;
	struct worker worker;
	bool worked = true;

	desk_plan(desk, &made);
	apply.plan_id = made.id;
	sync->pushes_all = true;
	if (!push_apply(desk->world->store, desk->world->catalogue, &apply, &applied, &err) || !worker_open(sync, &worker, &err))
		fail_msg("%s", err.text);
	while (worked)
		if (!outbox_step(&worker, &worked, &next_ms, &err))
			fail_msg("%s", err.text);
	worker_close(&worker);
	sync_free(sync);
}

void  desk_post(struct desk *desk, const char *path, const char *body)
{
	struct sync *sync = world_engine(desk->world);
	struct sync_wish wish = { .cause = "operator" };
	struct outcome outcome;
	char whole[120];

	snprintf(whole, sizeof(whole), "as-other-user/v3/company/1001/%s", path);
	assert_int_equal(world_other(desk->world, "POST", whole, body, NULL), 200);
	world_step(desk->world, 60);
	world_sync(desk->world, sync, &wish, &outcome);
	sync_free(sync);
}

void  desk_change_there(struct desk *desk, const char *type, const char *id, const char *member)
{
	char body[200];

	snprintf(body, sizeof(body), "{\"Id\":\"%s\",\"SyncToken\":\"0\",\"sparse\":true,%s}", id, member);
	desk_post(desk, type, body);
}
