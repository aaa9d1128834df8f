/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The engine with the other ledger: a month of calls and bytes, and gaps that its deltas don't reach over. */
#include <stdio.h>
#include <string.h>

#include "engine.h"
#include "ledgerdeck/core/memory.h"
#include "tests.h"

#define ENTITY "4711"
#define MEGABYTE INT64_C(1000000)

static const struct simulator_company entity[] = {
	{ .kind = "xledger", .realm = ENTITY, .name = "Fjord AS", .customers = 30, .invoices = 40 },
};

static void sync_freep(struct sync **sync)
{
	sync_free(*sync);
}

static struct meter used(struct world *world, const struct account *account, const char *month)
{
	struct meter meter;
	struct error err = { 0 };

	if (!meter_get(world->store, account->id, month, &meter, &err))
		fail_msg("%s", err.text);
	return meter;
}

static void use(struct world *world, const struct account *account, const char *month, struct meter meter)
{
	AUTO(store_end) struct store *transaction = world->store;
	struct error err = { 0 };

	if (!store_begin(transaction, &err) || !meter_add(transaction, account->id, month, &meter, &err) || !store_commit(transaction, &err))
		fail_msg("%s", err.text);
}

/*
 * What is charged for by the megabyte is not read beyond what the subscription has: within a read, too, which goes on
 * where it was once the next month has begun. The clock stands at noon of January 31st.
 */
static void a_month_of_bytes(void **state)
{
	static const char *const settings[] = { "xledger.month_megabytes=1", "sync.max_results=10", NULL };
	AUTO(world_freep) struct world *world = world_new(entity, ARRAY_LEN(entity), settings);
	AUTO(sync_freep) struct sync *sync = world_engine(world);
	const char *const types[] = { "customers", NULL };
	struct sync_wish wish = { .types = types, .cause = "operator" };
	struct account account;
	struct outcome outcome;
	struct object object;
	int64_t calls;

	(void)state;
	world_connect_token(world, "xledger", ENTITY, &account);
	use(world, &account, "2026-01", (struct meter){ .received_bytes = MEGABYTE - 1 });
	world_sync(world, sync, &wish, &outcome);
	assert_int_equal(outcome.error.code, ERROR_LIMIT);
	assert_non_null(strstr(outcome.error.text, "the month's megabytes down are used up: 1 of 1, at this pace 2 by its end; reading goes on in 1 day"));
	assert_int_equal(outcome.counts.added, 10); /* the page that was paid for is kept */
	assert_true(used(world, &account, "2026-01").received_bytes > MEGABYTE + 100);
	assert_in_range(used(world, &account, "2026-01").sent_bytes, 100, MEGABYTE / 10);
	object = world_object(world, &account, "customers");
	assert_int_equal(object.status, OBJECT_WAITING);
	assert_true(*object.position);
	assert_true(month_is_used_up(sync->own, account.id));
	calls = world->shared->calls;
	world_sync(world, sync, &wish, &outcome);
	assert_int_equal(world->shared->calls, calls);
	world_step(world, 12 * 3600 + 1);
	assert_false(month_is_used_up(sync->own, account.id));
	world_sync(world, sync, &wish, &outcome);
	assert_int_equal(outcome.failed, 0);
	assert_int_equal(outcome.counts.added, world_object(world, &account, "customers").live - 10);
	assert_true(used(world, &account, "2026-02").received_bytes > 1000);
	/* Up is a way of its own, and what can wait is put off when nine tenths are used. */
	use(world, &account, "2026-02", (struct meter){ .sent_bytes = MEGABYTE - used(world, &account, "2026-02").sent_bytes - 1 });
	assert_false(month_is_scarce(sync->own, account.id));
	use(world, &account, "2026-02", (struct meter){ .sent_bytes = 1 });
	assert_true(month_is_scarce(sync->own, account.id));
	world_sync(world, sync, &wish, &outcome);
	assert_non_null(strstr(outcome.error.text, "megabytes up"));
}

/* Writes are of a month that counts all; of one that counts reads they are not, whatever they weigh. */
static void what_a_month_counts(void **state)
{
	const struct http_meter spent = { .calls = { 1, 20, 300, 4000, 50000 }, .sent_bytes = 7, .received_bytes = 8 };
	struct meter all = month_spent(provider_find("xledger"), &spent), reads = month_spent(provider_find("quickbooks"), &spent);

	(void)state;
	assert_int_equal(all.calls, 4321);
	assert_int_equal(reads.calls, 21);
	assert_true(all.sent_bytes == 7 && all.received_bytes == 8 && reads.sent_bytes == 7 && reads.received_bytes == 8);
}

#define DAY_MS INT64_C(86400000)

/* A day as the scheduler has it, from each time that something is due to the next. */
static void run_a_day(struct world *world, struct sync *sync)
{
	int64_t end_ms = world->shared->now_ms + DAY_MS, next_ms = 0;
	struct error err = { 0 };
	bool worked;

	while (world->shared->now_ms < end_ms) {
		if (!sync_step(sync, &worked, &next_ms, &err))
			fail_msg("%s", err.text);
		if (!worked)
			world_step(world, ((next_ms < end_ms ? next_ms : end_ms) - world->shared->now_ms) / 1000 + 1);
	}
}

/*
 * Eight types that don't change cost one call a round, for they are due together, and three lists without deltas one call a day
 * each: at Xledger's own interval that leaves 38 of 100 calls of a month for what changes, and at the interval of others a month
 * would not last.
 */
static void a_quiet_day(void **state)
{
	static const char *const at_others[] = { "xledger.interval=5m", NULL };
	const struct {
		const char *const *settings;
		int64_t rounds;
	} rows[] = { { NULL, 96 }, { at_others, 288 } };
	const int64_t lists = 3;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		AUTO(world_freep) struct world *world = world_new(entity, ARRAY_LEN(entity), rows[i].settings);
		AUTO(sync_freep) struct sync *sync = world_engine(world);
		struct sync_wish wish = { .cause = "operator" };
		struct account account;
		struct outcome outcome;
		struct sync_month month;
		struct error err = { 0 };
		int64_t calls;

		world_connect_token(world, "xledger", ENTITY, &account);
		world_sync(world, sync, &wish, &outcome);
		assert_int_equal(outcome.failed, 0);
		assert_true(sync_start(sync, 0, true, &err));
		world_step(world, DAY_MS / 1000 / 2);
		run_a_day(world, sync);
		calls = world->shared->calls;
		run_a_day(world, sync);
		assert_in_range(world->shared->calls - calls, rows[i].rounds + lists - 1, rows[i].rounds + lists + 1);
		assert_true(sync_month(world->store, world->settings, "xledger", ENVIRONMENT_LOCAL, world->shared->now_ms, &month, &err));
		assert_int_equal(quota_is_short(&month.quotas[QUOTA_CALLS]), i > 0);
		assert_false(quota_is_short(&month.quotas[QUOTA_RECEIVED]));
	}
}

/* ---- a gap that is longer than the ledger remembers ---- */

#define HOUR_S INT64_C(3600)

static const struct kind {
	const char *type, *many, *title;
	bool since;               /* can be asked for what changed since a time */
} kinds[] = {
	{ "customers", "Customers", "description", true }, { "suppliers", "Suppliers", "description", true },
	{ "employees", "Employees", "description", true }, { "projects", "Projects", "description", true },
	{ "timesheets", "Timesheets", "text", true },      { "transactions", "Transactions", "text", false },
	{ "arTransactions", "ARTransactions", "invoiceNumber", false }, { "apTransactions", "APTransactions", "invoiceNumber", false },
};

/* As another user. `out` is the answer. */
static struct json_slice other(struct world *world, const char *document, struct str *out)
{
	AUTO(str_clear) struct str body = STR_INIT(STR_NO_LIMIT);

	str_add(&body, "{\"query\":");
	str_add_json(&body, document, strlen(document));
	str_add_char(&body, '}');
	if (world_other(world, "POST", "as-other-user/xledger/" ENTITY "/graphql", body.text, out) != 200 || strstr(out->text, "\"errors\""))
		fail_msg("%s: %s", document, out->text);
	return json_find(out->text, out->len, "data");
}

/* All records that the entity has of a type. */
static struct json_slice truth(struct world *world, const struct kind *kind, struct str *out)
{
	char document[300];
	struct json_slice data;

	snprintf(document, sizeof(document), "{ r: %s(first: 5000, ownerSet: CURRENT, objectStatus: ALL) { edges { node { dbId %s } } "
		 "pageInfo { hasNextPage } } }", kind->type, kind->title);
	data = other(world, document, out);
	assert_int_equal(json_member(data, "r.pageInfo.hasNextPage").len, 5); /* false */
	return json_member(data, "r.edges");
}

static void id_of(struct json_slice edge, char *out, size_t size)
{
	identity_take(json_member(edge, "node.dbId"), out, size);
}

/* One record is changed, one comes, one goes. */
static void live(struct world *world, const struct kind *kind, char *ret_gone, size_t size)
{
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);
	struct json_slice edges = truth(world, kind, &out), edge;
	char document[600], first[40] = "";

	for (size_t at = 0; json_each(edges, &at, NULL, &edge);) {
		if (!*first)
			id_of(edge, first, sizeof(first));
		id_of(edge, ret_gone, size);
	}
	assert_string_not_equal(first, ret_gone);
	snprintf(document, sizeof(document), "mutation { update%s(inputs: [{clientId: \"0\", node: {dbId: %s, %s: \"4567\"}}]) { edges { node { dbId } } } "
		 "add%s(inputs: [{clientId: \"1\", node: {%s: \"8901\"}}]) { edges { node { dbId } } } remove%s(dbIds: [%s]) { numAffected } }",
		 kind->many, first, kind->title, kind->many, kind->title, kind->many, ret_gone);
	other(world, document, &out);
}

/* The same ids with the same titles, and no others. */
static void compare(struct world *world, const struct account *account, const struct kind *kind)
{
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);
	const struct type *type = catalogue_find(world->catalogue, "xledger", kind->type);
	struct json_slice edges = truth(world, kind, &out), edge;
	struct object object = world_object(world, account, kind->type);
	struct error err = { 0 };
	int64_t count = 0;
	bool found;

	for (size_t at = 0; json_each(edges, &at, NULL, &edge); count++) {
		AUTO(str_clear) struct str raw = STR_INIT(STR_NO_LIMIT), texts = STR_INIT(STR_NO_LIMIT), title = STR_INIT(400);
		struct json_slice value = json_member(json_member(edge, "node"), kind->title);
		struct record_row row;
		char id[40];

		if (value.kind == JSON_STRING)
			json_unquote(value, &title);
		id_of(edge, id, sizeof(id));
		assert_true(records_get(world->store, &object, type, id, &row, &raw, &texts, &found, &err));
		if (!found || row.state == RECORD_DELETED || (title.len && strcmp(row.title, title.text) != 0))
			fail_msg("%s %s: '%s' in the ledger, '%s' here", kind->type, id, title.text, !found || row.state == RECORD_DELETED ? "none" : row.title);
	}
	assert_int_equal(object.live + object.inactive + object.voided, count);
}

struct heard { /* of the calls that were made */
	bool since[ARRAY_LEN(kinds)], whole[ARRAY_LEN(kinds)];
};

static void hear(void *ctx, const struct world_call *call)
{
	struct heard *heard = ctx;

	for (size_t i = 0; call->body && i < ARRAY_LEN(kinds); i++) {
		char root[40];

		snprintf(root, sizeof(root), " %s(", kinds[i].type);
		if (!memmem(call->body, call->body_len, root, strlen(root)))
			continue;
		if (memmem(call->body, call->body_len, "modifiedAt_gte", 14))
			heard->since[i] = true;
		else if (!memmem(call->body, call->body_len, "dbId_in", 7))
			heard->whole[i] = true;
	}
}

static bool find_gap(void *ctx, const struct attempt *attempt, const char *detail)
{
	int64_t *times = ctx;

	*times += strstr(detail, "the ledger keeps its list of changes for 72") != NULL && strcmp(attempt->job, "sweep") == 0;
	return true;
}

static int64_t told(struct world *world, const char *type)
{
	struct error err = { 0 };
	int64_t times = 0;

	assert_true(attempts_list(world->store, &(struct attempt_query){ .type = type }, find_gap, &times, NULL, &err));
	return times;
}

/*
 * Nobody read it for longer than the ledger keeps its deltas, or for so long that they are not to be trusted any more: what
 * changed, came and went is found all the same, and why so much was read is told. Shorter, the deltas have it.
 */
static void a_gap(void **state)
{
	static const struct {
		int64_t hours;
		bool trusted;
	} gaps[] = { { 50, true }, { 61, false }, { 71, false }, { 100, false }, { 24 * 40, false } };
	AUTO(world_freep) struct world *world = world_new(entity, ARRAY_LEN(entity), (const char *const[]){ "sync.sweep_interval=0", NULL });
	AUTO(sync_freep) struct sync *sync = world_engine(world);
	struct sync_wish wish = { .cause = "operator" };
	struct outcome outcome;
	struct account account;

	(void)state;
	world_connect_token(world, "xledger", ENTITY, &account);
	world_sync(world, sync, &wish, &outcome);
	for (size_t gap = 0; gap < ARRAY_LEN(gaps); gap++) {
		struct heard heard = { 0 };
		char gone[ARRAY_LEN(kinds)][40];

		world_step(world, HOUR_S);
		for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
			live(world, &kinds[i], gone[i], sizeof(gone[i]));
		world_step(world, (gaps[gap].hours - 1) * HOUR_S);
		world->tap = hear;
		world->tap_ctx = &heard;
		world_sync(world, sync, &wish, &outcome);
		world->tap = NULL;
		assert_int_equal(outcome.failed, 0);
		/* What a comparison misses is taken for deleted when it is missed again. */
		world_step(world, ABSENT_GAP_MS / 1000 + 1);
		world_sync(world, sync, &wish, &outcome);
		assert_int_equal(outcome.failed, 0);
		for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
			compare(world, &account, &kinds[i]);
			assert_int_equal(told(world, kinds[i].type), gaps[gap].trusted ? 0 : gap);
			assert_int_equal(heard.since[i], !gaps[gap].trusted && kinds[i].since);
			assert_int_equal(heard.whole[i], !gaps[gap].trusted);
			assert_false(world_object(world, &account, kinds[i].type).sweep_due);
		}
	}
}

int test_xledger(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_month_of_bytes),
		cmocka_unit_test(what_a_month_counts),
		cmocka_unit_test(a_quiet_day),
		cmocka_unit_test(a_gap),
	};

	return cmocka_run_group_tests_name("xledger", tests, NULL, NULL);
}
