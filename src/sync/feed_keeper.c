/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A thread beside the workers that writes what is due of the feeds, one after the other: no account's reading waits for a destination. */
#include <inttypes.h>
#include <stdlib.h>

#include "engine.h"
#include "ledgerdeck/core/log.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/lake/destination.h"
#include "ledgerdeck/sync/feed.h"

#define LOOK_MS INT64_C(60000)
#define SOON_MS INT64_C(1000)

struct due {
	struct feed *items; /* owned */
	size_t count, room;
	int64_t now_ms, next_ms; /* next_ms: when one that is not due yet will be */
};

static void due_clear(struct due *due)
{
	free(due->items);
}

static bool look_at(void *ctx, const struct feed *feed)
{
	struct due *due = ctx;

	if (feed->interval_s == 0)
		return true;
	if (feed->next_ms > due->now_ms) {
		due->next_ms = feed->next_ms < due->next_ms ? feed->next_ms : due->next_ms;
		return true;
	}
	memory_grow(&due->items, &due->room, due->count + 1, sizeof(*due->items));
	due->items[due->count++] = *feed;
	return true;
}

static void write_feed(struct sync *sync, struct store *store, struct connect_world *world, const struct feed *feed)
{
	const struct feed_run run = { .store = store, .world = world, .catalogue = sync->options.catalogue, .env = sync->options.env, .holder = sync->holder,
				      .cancel = sync->cancel, .cause = "schedule", .only_changes = true, .types = "" };
	AUTO(str_clear) struct str owner = STR_INIT(FEED_DESTINATION_MAX);
	struct feed_result result;
	struct error err = { 0 };

	/* Who only writes to directories needs no network. */
	if (world && !world->transport.perform && destination_owner(feed->destination, &owner))
		world->transport = connect_transport_new(sync->options.settings);
	if (feed_run(&run, feed->id, &result, &err))
		log_info("export", "%s to '%s': %" PRId64 " files, %" PRId64 " rows", feed->account_id, feed->destination, result.files, result.rows);
	else if (err.code != ERROR_CANCELLED && err.code != ERROR_CONFLICT)
		log_warn("export", "%s to '%s': %s; it is tried again", feed->account_id, feed->destination, err.text);
}

void feed_due(struct sync *sync, struct store *store, struct connect_world *world, int64_t *ret_next_ms)
{
	AUTO(due_clear) struct due due = { .now_ms = sync_now(sync), .next_ms = INT64_MAX };
	struct error err = { 0 };

	if (!feeds_all(store, NULL, look_at, &due, &err))
		log_warn("export", "%s", err.text);
	for (size_t i = 0; i < due.count && !cancel_asked(sync->cancel); i++)
		write_feed(sync, store, world, &due.items[i]);
	*ret_next_ms = due.next_ms;
}

void feed_keeper(void *ctx)
{
	struct sync *sync = ctx;
	struct store *store = NULL;
	struct connect_world world;
	struct error err = { 0 };
	int64_t next_ms, wait_ms = 0;

	if (!store_open(sync->options.store_path, STORE_WRITE, 0, &store, &err)) {
		log_error("export", "nothing is exported by itself: %s", err.text);
		return;
	}
	world = (struct connect_world){ .store = store, .vault = sync->options.vault, .settings = sync->options.settings, .env = sync->options.env,
					.cancel = sync->cancel, .who = sync->options.who, .holder = sync->holder };
	while (cancel_sleep(sync->cancel, wait_ms)) {
		feed_due(sync, store, sync->options.vault ? &world : NULL, &next_ms);
		store_rest(store);
		/* Clocks are set, and others make feeds: more than a minute is never slept. */
		wait_ms = next_ms == INT64_MAX ? LOOK_MS : next_ms - sync_now(sync);
		wait_ms = wait_ms < SOON_MS ? SOON_MS : wait_ms > LOOK_MS ? LOOK_MS : wait_ms;
	}
	connect_transport_free(world.transport);
	store_close(store);
}
