/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is asked a ledger directly, beside all jobs and in the caller's thread: how many records of a type it holds, to prove
 * a mirror against; what time it is there, to see whether it can be reached.
 */
#include "direct.h"
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

static bool ask_with(struct connect_world *world, const char *account_id,
		     bool (*ask)(struct connection *connection, void *ctx, struct error *err), void *ctx, struct error *err)
{
	AUTO(budget_closep) struct budget *budget = NULL;
	AUTO(closep) struct connect_session *session = NULL;

	return open_budget(world, account_id, &budget, err) && connect_open(world, account_id, budget, NULL, &session, err) &&
	       ask(connect_connection(session), ctx, err);
}

bool direct_ask(struct sync *sync, const char *account_id, struct cancel *cancel,
		bool (*ask)(struct connection *connection, void *ctx, struct error *err), void *ctx, struct error *err)
{
	AUTO(store_closep) struct store *store = NULL;
	struct connect_world world = { .vault = sync->options.vault, .settings = sync->options.settings, .env = sync->options.env,
				       .cancel = cancel, .who = sync->options.who, .holder = sync->holder };
	bool good;

	if (!store_open(sync->options.store_path, STORE_WRITE, 0, &store, err))
		return false;
	world.store = store;
	world.transport = sync->options.transport_new(sync->options.ctx);
	good = ask_with(&world, account_id, ask, ctx, err);
	sync->options.transport_free(sync->options.ctx, world.transport);
	return good;
}

/* ---- how many records there are */

struct counting {
	const struct type *type;
	int64_t count;
};

static bool count(struct connection *connection, void *ctx, struct error *err)
{
	struct counting *counting = ctx;

	if ((connection->provider->can & PROVIDER_COUNTS) && counting->type->reading == TYPE_BY_TIME)
		return connection->provider->count(connection, counting->type, INT64_MIN, INT64_MAX, &counting->count, err);
	return count_all(connection, counting->type, &counting->count, err);
}

bool sync_count(struct sync *sync, const char *account_id, const struct type *type, struct cancel *cancel, int64_t *ret_count,
		struct error *err)
{
	struct counting counting = { .type = type };

	if (!direct_ask(sync, account_id, cancel, count, &counting, err))
		return false;
	*ret_count = counting.count;
	return true;
}

/* ---- what time it is there */

/* Once: whoever looks wants to know now. */
static bool tell_time(struct connection *connection, void *ctx, struct error *err)
{
	connection->http->read_tries = 1;
	return connection->provider->now(connection, ctx, err);
}

bool sync_reach(struct sync *sync, const char *account_id, struct cancel *cancel, int64_t *ret_skew_ms, struct error *err)
{
	int64_t ledger_ms;

	if (!direct_ask(sync, account_id, cancel, tell_time, &ledger_ms, err))
		return false;
	*ret_skew_ms = sync_now(sync) - ledger_ms;
	return true;
}

/* ---- its reports */

struct reporting {
	const struct report_wish *wish;
	struct page *page;
};

static bool fetch(struct connection *connection, void *ctx, struct error *err)
{
	struct reporting *reporting = ctx;

	if (!connection->provider->books)
		return error_set(err, ERROR_INPUT, "%s has no reports that this program can read", connection->provider->title);
	return connection->provider->books->fetch(connection, reporting->wish, reporting->page, err);
}

bool sync_report(struct sync *sync, const char *account_id, const struct report_wish *wish, struct cancel *cancel, struct page *page,
		 struct error *err)
{
	struct reporting reporting = { .wish = wish, .page = page };

	return direct_ask(sync, account_id, cancel, fetch, &reporting, err);
}
