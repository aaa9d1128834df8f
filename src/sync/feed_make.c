/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a feed is: whose records go where, as what, and by which names. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/lake/layout.h"
#include "feed_file.h"

static const char *const names_words[] = { [COLUMN_NAMES_PLAIN] = "plain", [COLUMN_NAMES_PATH] = "path" };
_Static_assert(ARRAY_LEN(names_words) == COLUMN_NAMES_COUNT, "a word for each way of naming");

const char *column_names_word(enum column_names names)
{
	assert(names < COLUMN_NAMES_COUNT);
	return names_words[names];
}

bool column_names_parse(const char *word, enum column_names *ret_names)
{
	for (size_t i = 0; i < ARRAY_LEN(names_words); i++)
		if (strcmp(word, names_words[i]) == 0) {
			*ret_names = (enum column_names)i;
			return true;
		}
	return false;
}

static void write_options(const struct feed_options *options, char *out, size_t size)
{
	snprintf(out, size, "level=%d names=%s raw=%d personal=%d", options->level, column_names_word(options->names), options->has_raw,
		 options->personal == PERSONAL_SHOWN);
}

bool feed_options_read(const char *text, struct feed_options *ret_options)
{
	int level, raw, personal;
	char names[20];

	if (sscanf(text, "level=%d names=%19s raw=%d personal=%d", &level, names, &raw, &personal) != 4 || level < 0 || level > TABLE_LEVEL_MAX ||
	    !column_names_parse(names, &ret_options->names))
		return false;
	ret_options->level = level;
	ret_options->has_raw = raw != 0;
	ret_options->personal = personal ? PERSONAL_SHOWN : PERSONAL_MASKED;
	return true;
}

struct others {
	const struct feed *feed;
	char account_id[ACCOUNT_ID_MAX]; /* whose files would have the same names; "" : nobody's */
};

static bool look_at_other(void *ctx, const struct feed *other)
{
	struct others *others = ctx;
	const struct feed *feed = others->feed;

	if (strcmp(other->account_id, feed->account_id) != 0 && strcmp(other->destination, feed->destination) == 0 &&
	    strcmp(other->layout, feed->layout) == 0 && strcmp(other->format, feed->format) == 0)
		snprintf(others->account_id, sizeof(others->account_id), "%s", other->account_id);
	return !*others->account_id;
}

static bool check_others(struct store *store, const struct feed *feed, struct error *err)
{
	struct others others = { .feed = feed };

	if (layout_has(feed->layout, "account"))
		return true;
	if (!feeds_all(store, NULL, look_at_other, &others, err))
		return false;
	return !*others.account_id ||
	       error_set(err, ERROR_INPUT, "'%s' writes there by the same layout: put {account} into it, or name another place", others.account_id);
}

static bool describe(const struct feed_wish *wish, struct feed *feed, struct error *err)
{
	AUTO(str_clear) struct str address = STR_INIT(FEED_DESTINATION_MAX - 1);
	const char *layout = wish->layout ? wish->layout : LAYOUT_DEFAULT;

	*feed = (struct feed){ .interval_s = wish->interval_s > 0 ? wish->interval_s : 0 };
	if (!layout_check(layout, err) || !destination_address(wish->destination, &address, err))
		return false;
	if (strlen(layout) >= sizeof(feed->layout) || strlen(wish->types) >= sizeof(feed->types))
		return error_set(err, ERROR_INPUT, "the layout, or the list of types, is too long");
	snprintf(feed->account_id, sizeof(feed->account_id), "%s", wish->account_id);
	snprintf(feed->destination, sizeof(feed->destination), "%s", address.text);
	snprintf(feed->layout, sizeof(feed->layout), "%s", layout);
	snprintf(feed->format, sizeof(feed->format), "%s", table_format_word(wish->format));
	/* A run by hand of some types says nothing of what others are of. */
	snprintf(feed->types, sizeof(feed->types), "%s", wish->interval_s >= 0 ? wish->types : "");
	snprintf(feed->who, sizeof(feed->who), "%s", wish->who);
	write_options(&wish->options, feed->options, sizeof(feed->options));
	return true;
}

bool feed_make(struct store *store, const struct feed_wish *wish, int64_t now_ms, struct feed *ret_feed, struct error *err)
{
	AUTO(store_end) struct store *transaction = store;
	struct feed feed, made;

	if (!describe(wish, &feed, err) || !store_begin(store, err) || !check_others(store, &feed, err))
		return false;
	made = feed;
	if (!feeds_ensure(store, &made, now_ms, err))
		return false;
	snprintf(made.options, sizeof(made.options), "%s", feed.options);
	if (wish->interval_s >= 0) {
		made.interval_s = feed.interval_s;
		made.next_ms = made.interval_s ? now_ms : 0;
		snprintf(made.types, sizeof(made.types), "%s", feed.types);
	}
	if (!feeds_save(store, &made, err) || !store_commit(transaction, err))
		return false;
	*ret_feed = made;
	return true;
}
