/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is asked a ledger directly, beside all jobs and in the caller's thread: how many records of a type it holds, to prove
 * a mirror against; what time it is there, to see whether it can be reached.
 */
#include "engine.h"
#include "ledgerdeck/core/memory.h"

static void closep(struct connect_session **session)
{
	connect_close(*session);
}

/* Page by page, where the ledger has no count or none for this type. */
static bool count_all(struct connection *connection, const struct type *type, int64_t *ret_count, struct error *err)
{
	AUTO(memory_freep) char *position = NULL;
	int64_t count = 0;

	do {
		AUTO(page_clear) struct page page;

		page_init(&page);
		if (!connection->provider->sweep(connection, type, position, &page, err))
			return false;
		count += (int64_t)page.count;
		memory_freep(&position);
		position = memory_steal(&page.position);
	} while (position);
	*ret_count = count;
	return true;
}

static void budget_closep(struct budget **budget)
{
	if (*budget)
		budget_close(*budget);
}

/* Out of the account's budget, as every call is. */
static bool open_budget(struct connect_world *world, const char *account_id, struct budget **ret_budget, struct error *err)
{
	AUTO(str_clear) struct str path = STR_INIT(4200);
	const struct settings *settings = world->settings;
	struct budget_limits limits = {
		.per_second = (int)settings_number(settings, "sync.per_second"),
		.per_minute = (int)settings_number(settings, "sync.per_minute"),
		.batches_per_minute = (int)settings_number(settings, "sync.batches_per_minute"),
		.in_flight = (int)settings_number(settings, "sync.in_flight"),
	};

	str_addf(&path, "%s-budget", store_path(world->store));
	return budget_open(path.text, account_id, &limits, world->env, ret_budget, err);
}

/* A question with its answer; what it is about is the asker's. */
typedef bool (*question)(struct connection *connection, const struct type *type, int64_t *ret_answer, struct error *err);

static bool count(struct connection *connection, const struct type *type, int64_t *ret_count, struct error *err)
{
	if ((connection->provider->can & PROVIDER_COUNTS) && type->reading == TYPE_BY_TIME)
		return connection->provider->count(connection, type, INT64_MIN, INT64_MAX, ret_count, err);
	return count_all(connection, type, ret_count, err);
}

/* Once: whoever looks wants to know now. */
static bool tell_time(struct connection *connection, const struct type *type, int64_t *ret_ms, struct error *err)
{
	(void)type;
	connection->http->read_tries = 1;
	return connection->provider->now(connection, ret_ms, err);
}

static bool ask_with(struct connect_world *world, const char *account_id, question ask, const struct type *type, int64_t *ret_answer,
		     struct error *err)
{
	AUTO(budget_closep) struct budget *budget = NULL;
	AUTO(closep) struct connect_session *session = NULL;

	return open_budget(world, account_id, &budget, err) && connect_open(world, account_id, budget, NULL, &session, err) &&
	       ask(connect_connection(session), type, ret_answer, err);
}

static bool ask_directly(struct sync *sync, const char *account_id, question ask, const struct type *type, struct cancel *cancel,
			 int64_t *ret_answer, struct error *err)
{
	AUTO(store_closep) struct store *store = NULL;
	struct connect_world world = { .vault = sync->options.vault, .settings = sync->options.settings, .env = sync->options.env,
				       .cancel = cancel, .who = sync->options.who, .holder = sync->holder };
	bool good;

	if (!store_open(sync->options.store_path, STORE_WRITE, 0, &store, err))
		return false;
	world.store = store;
	world.transport = sync->options.transport_new(sync->options.ctx);
	good = ask_with(&world, account_id, ask, type, ret_answer, err);
	sync->options.transport_free(sync->options.ctx, world.transport);
	return good;
}

bool sync_count(struct sync *sync, const char *account_id, const struct type *type, struct cancel *cancel, int64_t *ret_count,
		struct error *err)
{
	return ask_directly(sync, account_id, count, type, cancel, ret_count, err);
}

bool sync_reach(struct sync *sync, const char *account_id, struct cancel *cancel, int64_t *ret_skew_ms, struct error *err)
{
	int64_t ledger_ms;

	if (!ask_directly(sync, account_id, tell_time, NULL, cancel, &ledger_ms, err))
		return false;
	*ret_skew_ms = sync_now(sync) - ledger_ms;
	return true;
}
