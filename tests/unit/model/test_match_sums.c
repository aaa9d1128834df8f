/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several that make one, and what is off within tolerance. */
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/random.h"
#include "ledgerdeck/core/str.h"
#include "ledgerdeck/model/match.h"

#include "test_match.h"

static void put_parts(struct sides *sides, int side, const char *party, const int64_t *cents, size_t count)
{
	for (size_t i = 0; i < count; i++)
		match_put(sides, side, 10, cents[i], NULL, party);
}

static void several_make_one(void **state)
{
	static const int64_t parts[] = { 500, 300, 10000, 77, -50 };
	struct sides sides = { 0 };

	(void)state;
	match_put(&sides, 0, 12, 750, "P1", "Ada");
	put_parts(&sides, 1, "Ada", parts, ARRAY_LEN(parts));
	assert_told(&sides, "many 0=4+1+0");
	/* The other way round. */
	sides = (struct sides){ 0 };
	match_put(&sides, 1, 12, 750, "P1", "Ada");
	put_parts(&sides, 0, "Ada", parts, ARRAY_LEN(parts));
	assert_told(&sides, "many 4+1+0=0");
	/* A part too far away, of somebody else, or known to be nobody's. */
	sides.items[0][1].date.day = 6;
	assert_told(&sides, "");
	sides.items[0][1].date.day = 7;
	assert_told(&sides, "many 1+4+0=0");
	sides.items[0][1].party = "Bo";
	assert_told(&sides, "");
	sides.items[0][1].party = NULL;
	assert_told(&sides, "many 1+4+0=0");
	sides.items[1][0].party = NULL;
	sides.items[0][0].party = "Cy";
	assert_told(&sides, "many 1+4+0=0");
}

static void two_ways_are_none(void **state)
{
	static const int64_t two_ways[] = { 500, 250, 400, 350 }, equal_parts[] = { 500, 250, 250 }, alone[] = { 750, 700, 50 },
			     with_nothing[] = { 500, 250, 0 };
	static const struct {
		const int64_t *cents;
		size_t count;
		const char *told;
	} rows[] = {
		{ two_ways, ARRAY_LEN(two_ways), "" },
		{ equal_parts, ARRAY_LEN(equal_parts), "" },
		{ alone, ARRAY_LEN(alone), "party 0=0" },
		{ with_nothing, ARRAY_LEN(with_nothing), "many 0=1+0" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct sides sides = { 0 };

		match_put(&sides, 0, 10, 750, NULL, "Ada");
		put_parts(&sides, 1, "Ada", rows[i].cents, rows[i].count);
		assert_told(&sides, rows[i].told);
	}
}

/* One that would do by itself, if only it were sure, is a second way. */
static void one_alone_is_a_way(void **state)
{
	struct sides sides = { 0 };

	(void)state;
	match_put(&sides, 0, 10, 750, "1", NULL);
	match_put(&sides, 1, 11, 700, "2", "Bo");
	match_put(&sides, 1, 11, 50, "3", "Bo");
	assert_told(&sides, "many 0=1+0");
	match_put(&sides, 1, 14, 750, "4", "Cy");
	assert_told(&sides, "");
	/* And no sum. */
	sides.items[1][0].amount = 699 * CENT;
	assert_told(&sides, "");
}

/* A sum of one party's alone comes before those that strangers could be in. */
static void known_parties_come_first(void **state)
{
	static const int64_t parts[] = { 500, 250 }, strangers[] = { 400, 350 };
	struct sides sides = { 0 };

	(void)state;
	match_put(&sides, 0, 10, 750, NULL, "Ada");
	put_parts(&sides, 1, "Ada", parts, ARRAY_LEN(parts));
	put_parts(&sides, 1, NULL, strangers, ARRAY_LEN(strangers));
	assert_told(&sides, "many 0=1+0");
	sides.items[0][0].party = NULL;
	assert_told(&sides, "");
}

static void sums_that_share_are_none(void **state)
{
	static const int64_t parts[] = { 500, 250, 111 };
	struct sides sides = { 0 };

	(void)state;
	match_put(&sides, 0, 10, 750, "1", "Ada");
	match_put(&sides, 0, 10, 361, "2", "Ada");
	put_parts(&sides, 1, "Ada", parts, ARRAY_LEN(parts));
	assert_told(&sides, "");
	sides.counts[0] = 1;
	assert_told(&sides, "many 0=1+0");
	match_put(&sides, 0, 9, 750, "3", "Ada");
	assert_told(&sides, "");
}

static void thirteen_are_too_many(void **state)
{
	struct sides sides = { 0 };

	(void)state;
	match_put(&sides, 0, 10, 4095, NULL, "Ada");
	for (int i = 0; i < 12; i++)
		match_put(&sides, 1, 10 + i % 5, 1 << i, NULL, "Ada");
	assert_told(&sides, "many 0=0+5+10+1+6+11+2+7+3+8+4+9");
	/* Even one that is of no use, and last in order. */
	match_put(&sides, 1, 15, 1 << 12, NULL, "Ada");
	assert_told(&sides, "");
	/* Somebody else's are not counted. */
	sides.items[1][12].party = "Bo";
	assert_told(&sides, "many 0=0+5+10+1+6+11+2+7+3+8+4+9");
}

/* How many sums of the second side are the first one's amount, by trying each; the last of them is chosen. */
static size_t try_sums(const struct sides *sides, uint32_t *ret_chosen, size_t *ret_alone)
{
	size_t ways = 0;

	*ret_alone = 0;
	for (uint32_t mask = 1; mask < UINT32_C(1) << sides->counts[1]; mask++) {
		int64_t sum = 0;

		for (size_t i = 0; i < sides->counts[1]; i++)
			sum += mask >> i & 1 ? sides->items[1][i].amount : 0;
		if (sum != sides->items[0][0].amount)
			continue;
		ways++;
		*ret_alone += (mask & (mask - 1)) == 0;
		*ret_chosen = mask;
	}
	return ways;
}

/* What is told of a sum: its parts in order of amount. */
static char *tell_sum(const struct sides *sides, uint32_t chosen)
{
	struct str text = STR_INIT(4096);

	str_add(&text, "many 0=");
	for (bool is_first = true; chosen != 0; is_first = false) {
		size_t least = SIDE_MAX;

		for (size_t i = 0; i < sides->counts[1]; i++)
			if (chosen >> i & 1 && (least == SIDE_MAX || sides->items[1][i].amount < sides->items[1][least].amount))
				least = i;
		str_addf(&text, "%s%zu", is_first ? "" : "+", least);
		chosen &= ~(UINT32_C(1) << least);
	}
	return str_take(&text);
}

static void sums_are_found_as_by_trying(void **state)
{
	struct random random;
	size_t found = 0, rounds = 0;

	(void)state;
	random_seed(&random, 5);
	for (int round = 0; round < 500; round++) {
		struct sides sides = { 0 };
		size_t count = 2 + random_below(&random, 11), alone, ways;
		struct match_item *one = match_put(&sides, 0, 10, 0, NULL, "Ada");
		AUTO(memory_freep) char *told = NULL;
		AUTO(memory_freep) char *wanted = NULL;
		uint32_t chosen = 0;
		bool is_many;

		for (size_t i = 0; i < count; i++) {
			int64_t cents = (int64_t)random_below(&random, UINT64_C(1) << (3 + round % 20)) + 1;

			match_put(&sides, 1, 10, i % 4 == 3 ? -cents : cents, NULL, "Ada");
			one->amount += random_below(&random, 2) ? sides.items[1][i].amount : 0;
		}
		ways = try_sums(&sides, &chosen, &alone);
		/* One that would do by itself is a match of its own. */
		if (alone == 1 || one->amount == 0)
			continue;
		rounds++;
		is_many = ways == 1 && (chosen & (chosen - 1)) != 0;
		told = match_told(&sides, 0);
		wanted = is_many ? tell_sum(&sides, chosen) : memory_copy_text("");
		assert_string_equal(told, wanted);
		found += is_many;
	}
	assert_true(found > 100 && rounds - found > 50);
}

/* ---- tolerance ---- */

static void tolerances_hold_on_both_sides(void **state)
{
	static const struct {
		struct match_tolerance tolerance;
		int64_t first, second;
		const char *told;
	} rows[] = {
		{ { 5 * CENT, 2 * CENT, 1000000, 1000000, 0, 0 }, 10000, 10005, "tolerance 0=0 by 5" },
		{ { 5 * CENT, 2 * CENT, 1000000, 1000000, 0, 0 }, 10000, 10006, "" },
		{ { 5 * CENT, 2 * CENT, 1000000, 1000000, 0, 0 }, 10000, 9998, "tolerance 0=0 by -2" },
		{ { 5 * CENT, 2 * CENT, 1000000, 1000000, 0, 0 }, 10000, 9997, "" },
		/* The stricter holds: a thousandth, and nothing where there is no share. */
		{ { 50 * CENT, 50 * CENT, 1000, 1000, 0, 0 }, 10000, 10010, "tolerance 0=0 by 10" },
		{ { 50 * CENT, 50 * CENT, 1000, 1000, 0, 0 }, 10000, 10011, "" },
		{ { 50 * CENT, 50 * CENT, 0, 0, 0, 0 }, 10000, 10001, "" },
		/* Over is towards plus infinity; a share is of the amount's size. */
		{ { 50 * CENT, 0, 1000, 1000, 0, 0 }, -10000, -9990, "tolerance 0=0 by 10" },
		{ { 50 * CENT, 0, 1000, 1000, 0, 0 }, -10000, -10010, "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		/* By party, and by number; what is beyond tolerance is too different for a suggestion, too. */
		struct sides sides = { .tolerance = rows[i].tolerance };

		match_put(&sides, 0, 10, rows[i].first, NULL, "Ada");
		match_put(&sides, 1, 10, rows[i].second, NULL, "Ada");
		assert_told(&sides, rows[i].told);
		sides.items[0][0].party = sides.items[1][0].party = NULL;
		sides.items[0][0].number = sides.items[1][0].number = "7";
		assert_told(&sides, rows[i].told);
		sides.items[0][0].number = "8";
		assert_told(&sides, "");
	}
}

static void tolerances_have_days(void **state)
{
	struct sides sides = { .tolerance = { 5 * CENT, 5 * CENT, 1000000, 1000000, 2, 30 } };

	(void)state;
	match_put(&sides, 0, 100, 1000, "7", NULL);
	match_put(&sides, 1, 130, 1003, "7", NULL);
	assert_told(&sides, "tolerance 0=0 by 3");
	sides.items[1][0].date.day = 131;
	assert_told(&sides, "");
	sides.items[1][0].date.day = 98;
	assert_told(&sides, "tolerance 0=0 by 3");
	sides.items[0][0].number = sides.items[1][0].number = NULL;
	sides.items[0][0].party = sides.items[1][0].party = "Ada";
	assert_told(&sides, "tolerance 0=0 by 3");
	/* A day more, and it is no more than alike. */
	sides.items[1][0].date.day = 97;
	assert_told(&sides, "score 0=0 by 3");
}

static void tolerances_know_ties(void **state)
{
	struct sides sides = { .tolerance = { 5 * CENT, 5 * CENT, 1000000, 1000000, 3, 3 } };

	(void)state;
	match_put(&sides, 0, 10, 1000, NULL, "Ada");
	match_put(&sides, 1, 11, 1003, NULL, "Ada");
	match_put(&sides, 1, 11, 997, NULL, "Ada");
	assert_told(&sides, "");
	/* A number is more than a party. */
	sides.items[0][0].number = sides.items[1][1].number = "7";
	assert_told(&sides, "tolerance 0=1 by -3");
}

static void several_within_tolerance_are_suggested(void **state)
{
	static const int64_t parts[] = { 5000, 4995, 123 };
	struct sides sides = { .tolerance = { 0, 10 * CENT, 1000000, 1000000, 3, 3 } };

	(void)state;
	/* A fee was kept. */
	match_put(&sides, 0, 10, 10000, NULL, "Ada");
	put_parts(&sides, 1, "Ada", parts, ARRAY_LEN(parts));
	assert_told(&sides, "tolerance 0=1+0 by -5");
	sides = (struct sides){ .tolerance = sides.tolerance };
	match_put(&sides, 1, 10, 9990, NULL, "Ada");
	put_parts(&sides, 0, NULL, parts, ARRAY_LEN(parts));
	assert_told(&sides, "tolerance 1+0=0 by -5");
	sides.items[1][0].amount = 10000 * CENT;
	assert_told(&sides, "");
	/* To the cent it is sure. */
	sides.items[1][0].amount = 9995 * CENT;
	assert_told(&sides, "many 1+0=0");
}

int test_match_sums(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(several_make_one),
		cmocka_unit_test(two_ways_are_none),
		cmocka_unit_test(one_alone_is_a_way),
		cmocka_unit_test(known_parties_come_first),
		cmocka_unit_test(sums_that_share_are_none),
		cmocka_unit_test(thirteen_are_too_many),
		cmocka_unit_test(sums_are_found_as_by_trying),
		cmocka_unit_test(tolerances_hold_on_both_sides),
		cmocka_unit_test(tolerances_have_days),
		cmocka_unit_test(tolerances_know_ties),
		cmocka_unit_test(several_within_tolerance_are_suggested),
	};

	return cmocka_run_group_tests_name("match_sums", tests, NULL, NULL);
}
