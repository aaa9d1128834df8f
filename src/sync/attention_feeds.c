/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Exports that are to be made by themselves, and fail: one item for each place that they go to, whoever's they are. */
#include <inttypes.h>
#include <string.h>

#include "attention.h"
#include "ledgerdeck/core/utf8.h"
#include "ledgerdeck/store/feeds.h"

static const struct account *account_of(const struct gather *gather, const char *id)
{
	for (size_t i = 0; i < gather->accounts.count; i++)
		if (strcmp(gather->accounts.items[i].id, id) == 0)
			return &gather->accounts.items[i];
	return NULL;
}

static bool look_at(void *ctx, const struct feed *feed)
{
	struct gather *gather = ctx;
	const struct account *account = account_of(gather, feed->account_id);
	struct attention_item *item;

	if (feed->interval_s == 0 || feed->failures == 0 || !account)
		return true;
	item = attention_ensure(gather, ATTENTION_EXPORT, "%.140s", feed->destination);
	attention_say(item->what, sizeof(item->what), "Exports to '%.100s' fail, %" PRId64 " in a row.", feed->destination, feed->failures);
	attention_say(item->why, sizeof(item->why), "%.*s", utf8_fit(feed->last_error.text, 230), feed->last_error.text);
	attention_say(item->act, sizeof(item->act), "Mend what the message names; it is tried again by itself, and at once by this.");
	attention_say(item->command, sizeof(item->command), "exports --run");
	attention_add_quoted(item, feed->destination);
	item->since_ms = feed->last_ms;
	attention_add_account(gather, item, account);
	return true;
}

bool attention_feeds(struct gather *gather, struct error *err)
{
	return feeds_all(gather->store, NULL, look_at, gather, err);
}
