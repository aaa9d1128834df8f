/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any two sides: each item is in one match at most, matches are of one kind and currency, what is sure by amount is so
 * to the last digit, and with both arrays turned round everything is the same.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/model/match.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ITEMS_MAX 64
#define ITEM_BYTES 6

struct sides {
	struct match_item items[2][ITEMS_MAX];
	size_t counts[2];
	bool taken[2][ITEMS_MAX];
	uint64_t sum;   /* of all that was told, in any order of the arrays */
	bool backwards;
};

static void must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "broken: %s\n", what);
	abort();
}

/* Few of each, so that much is alike. */
static struct match_item read_item(const uint8_t *data)
{
	static const char *const texts[] = { NULL, "", "1", "a", "A ", "\u00e9", "e\u0301", "2" };
	static const int64_t amounts[] = { 0, 1, 2, 3, -1, INT64_MAX, INT64_MIN, 100 };
	struct match_item item = { .kind = data[0] & 1, .amount = amounts[data[1] & 7], .date = { data[0] >> 3 },
				   .currency = "EUR", .number = texts[data[2] & 7], .party = texts[data[2] >> 3 & 7],
				   .link = texts[data[3] & 7], .tag = texts[data[3] >> 3 & 7], .text = texts[data[4] & 7] };

	if (data[1] & 8)
		item.amount = data[5];
	if (data[0] & 2)
		memcpy(item.currency, "USD", sizeof(item.currency));
	return item;
}

static struct match_tolerance tolerate(void *ctx, uint32_t kind, const char *currency)
{
	(void)ctx;
	(void)currency;
	return kind ? (struct match_tolerance){ 2, 3, 1000000, 1000000, 2, 9 } : (struct match_tolerance){ 0 };
}

static const struct match_item *take(struct sides *sides, int side, uint32_t place)
{
	must(place < sides->counts[side], "a place that is none");
	must(!sides->taken[side][place], "an item in two matches");
	sides->taken[side][place] = true;
	return &sides->items[side][place];
}

static bool check(void *ctx, const struct match *match)
{
	struct sides *sides = ctx;
	const struct match_item *head = &sides->items[0][match->first[0]];
	uint64_t mixed = (uint64_t)match->pass * 31;

	must(match->first_count > 0 && match->second_count > 0, "a side without items");
	must(match->first_count == 1 || match->second_count == 1, "many to many");
	for (int side = 0; side < 2; side++) {
		const uint32_t *places = side ? match->second : match->first;
		size_t count = side ? match->second_count : match->first_count;

		for (size_t i = 0; i < count; i++) {
			const struct match_item *item = take(sides, side, places[i]);
			size_t place = sides->backwards ? sides->counts[side] - 1 - places[i] : places[i];

			must(item->kind == head->kind && strcmp(item->currency, head->currency) == 0,
			     "kinds or currencies mixed");
			mixed += (place + 1) * (side ? UINT64_C(0x9e3779b97f4a7c15) : UINT64_C(0xc2b2ae3d27d4eb4f));
		}
	}
	must(match->difference == 0 || match->pass < MATCH_NUMBER_PARTY || match->pass > MATCH_MANY,
	     "sure, but not to the cent");
	sides->sum += mixed * mixed;
	return true;
}

static void turn(struct match_item *items, size_t count)
{
	for (size_t i = 0; i < count / 2; i++) {
		struct match_item item = items[i];

		items[i] = items[count - 1 - i];
		items[count - 1 - i] = item;
	}
}

static uint64_t run(struct sides *sides)
{
	struct match_rules rules = match_rules_usual();

	rules.tolerance = tolerate;
	sides->sum = 0;
	memset(sides->taken, 0, sizeof(sides->taken));
	must(match_run(sides->items[0], sides->counts[0], sides->items[1], sides->counts[1], &rules, check, sides, NULL),
	     "stopped");
	return sides->sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sides sides = { 0 };
	uint64_t sum;

	for (; size >= ITEM_BYTES; data += ITEM_BYTES, size -= ITEM_BYTES) {
		int side = data[0] >> 2 & 1;

		if (sides.counts[side] < ITEMS_MAX)
			sides.items[side][sides.counts[side]++] = read_item(data);
	}
	sum = run(&sides);
	turn(sides.items[0], sides.counts[0]);
	turn(sides.items[1], sides.counts[1]);
	sides.backwards = true;
	must(run(&sides) == sum, "it depends on the order");
	return 0;
}
