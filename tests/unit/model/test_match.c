/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What matches what: pass by pass, in any order of the items. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/random.h"
#include "ledgerdeck/core/str.h"
#include "ledgerdeck/model/match.h"

#include "test_match.h"

/* What a run tells, places put back to where they were before a shuffle. */
struct teller {
	struct str text;
	uint32_t places[2][SIDE_MAX];
};

struct match_item *match_put(struct sides *sides, int side, int32_t day, int64_t cents, const char *number,
			     const char *party)
{
	struct match_item *item = &sides->items[side][sides->counts[side]++];

	assert_in_range(sides->counts[side], 1, SIDE_MAX);
	*item = (struct match_item){ .kind = 1, .date = { day }, .amount = cents * CENT, .currency = "EUR",
				     .number = number, .party = party };
	return item;
}

static void add_places(struct str *text, const uint32_t *places, const uint32_t *back, size_t count)
{
	for (size_t i = 0; i < count; i++)
		str_addf(text, "%s%" PRIu32, i ? "+" : "", back[places[i]]);
}

static bool tell(void *ctx, const struct match *match)
{
	struct teller *teller = ctx;

	str_addf(&teller->text, "%s%s ", teller->text.len ? "; " : "", match_pass_word(match->pass));
	add_places(&teller->text, match->first, teller->places[0], match->first_count);
	str_add(&teller->text, "=");
	add_places(&teller->text, match->second, teller->places[1], match->second_count);
	if (match->difference)
		str_addf(&teller->text, " by %" PRId64, match->difference / CENT);
	return true;
}

struct match_tolerance match_tolerance_of(void *ctx, uint32_t kind, const char *currency)
{
	(void)kind;
	assert_true(strlen(currency) < 4);
	return *(const struct match_tolerance *)ctx;
}

static bool is_set(const struct match_tolerance *tolerance)
{
	return tolerance->above || tolerance->below || tolerance->days_before || tolerance->days_after;
}

static void shuffle(struct match_item *items, uint32_t *places, size_t count, struct random *random)
{
	for (size_t i = count; i > 1; i--) {
		size_t other = random_below(random, i);
		struct match_item item = items[i - 1];
		uint32_t place = places[i - 1];

		items[i - 1] = items[other];
		items[other] = item;
		places[i - 1] = places[other];
		places[other] = place;
	}
}

static void run_shuffled(struct sides sides, uint64_t seed, struct teller *teller)
{
	struct match_rules rules = match_rules_usual();
	struct random random;

	if (is_set(&sides.tolerance)) {
		rules.tolerance = match_tolerance_of;
		rules.ctx = &sides.tolerance;
	}
	random_seed(&random, seed);
	for (int side = 0; side < 2; side++) {
		for (uint32_t i = 0; i < SIDE_MAX; i++)
			teller->places[side][i] = i;
		if (seed > 0)
			shuffle(sides.items[side], teller->places[side], sides.counts[side], &random);
	}
	assert_true(match_run(sides.items[0], sides.counts[0], sides.items[1], sides.counts[1], &rules, tell, teller, NULL));
}

char *match_told(const struct sides *sides, uint64_t seed)
{
	struct teller teller = { .text = STR_INIT(4096) };

	run_shuffled(*sides, seed, &teller);
	return str_take(&teller.text);
}

void assert_told(const struct sides *sides, const char *told)
{
	for (uint64_t seed = 0; seed < 20; seed++) {
		AUTO(memory_freep) char *text = match_told(sides, seed);

		assert_string_equal(text, told);
	}
}

static void passes_have_words(void **state)
{
	(void)state;
	for (int i = 0; i < MATCH_PASS_COUNT; i++) {
		enum match_pass pass = MATCH_PASS_COUNT;

		assert_true(match_pass_parse(match_pass_word((enum match_pass)i), &pass));
		assert_int_equal(pass, i);
		assert_true(strlen(match_pass_title(pass)) > 0);
		assert_int_equal(match_pass_is_sure(pass), (i >= MATCH_LINK && i <= MATCH_MANY) || i == MATCH_HAND);
	}
	assert_false(match_pass_parse("numbers", &(enum match_pass){ 0 }));
}

static void nothing_matches_nothing(void **state)
{
	struct sides sides = { 0 };

	(void)state;
	assert_told(&sides, "");
	match_put(&sides, 0, 1, 100, "7", "Ada");
	assert_told(&sides, "");
	sides.counts[0] = 0;
	match_put(&sides, 1, 1, 100, "7", "Ada");
	assert_told(&sides, "");
}

static void links_are_first(void **state)
{
	struct sides sides = { 0 };

	(void)state;
	match_put(&sides, 0, 1, 100, "1", "Ada")->link = "x";
	match_put(&sides, 1, 1, 100, "1", "Ada");
	match_put(&sides, 1, 900, -250, "2", "Bo")->link = "X ";
	assert_told(&sides, "link 0=1 by -350");
	/* Who has the same link a second time is not told by it. */
	match_put(&sides, 1, 1, 100, "3", NULL)->link = "x";
	assert_told(&sides, "number-party 0=0");
}

static void tags_are_of_two_only(void **state)
{
	struct sides sides = { 0 };

	(void)state;
	match_put(&sides, 0, 100, 500, NULL, NULL)->tag = "ref 9";
	match_put(&sides, 1, 145, 400, NULL, NULL)->tag = "REF  9";
	assert_told(&sides, "tag 0=0 by -100");
	sides.items[1][0].date.day = 146;
	assert_told(&sides, "");
	sides.items[1][0].date.day = 55;
	assert_told(&sides, "tag 0=0 by -100");
	/* However far away the third is. */
	match_put(&sides, 0, 900, 1, NULL, NULL)->tag = "ref 9";
	assert_told(&sides, "");
}

static void numbers_match(void **state)
{
	struct sides sides = { 0 };

	(void)state;
	match_put(&sides, 0, 10, 100, "A-1", "Ada");
	match_put(&sides, 1, 10, 100, "a-1", "ADA");
	assert_told(&sides, "number-party 0=0");
	sides.items[1][0].date.day = 13;
	assert_told(&sides, "number 0=0");
	sides.items[1][0].date.day = 7;
	assert_told(&sides, "number 0=0");
	sides.items[1][0].party = "Bo";
	assert_told(&sides, "number 0=0");
	/* Where a party is lacking, it is not the party that says so. */
	sides.items[0][0].party = sides.items[1][0].party = NULL;
	sides.items[1][0].date.day = 10;
	assert_told(&sides, "number 0=0");
	sides.items[1][0].date.day = 7;
	/* One more with both, within the days of one of them alone: then it is none's. */
	match_put(&sides, 1, 13, 100, "A-1", "Cy");
	assert_told(&sides, "");
	sides.items[1][1].date.day = 14;
	assert_told(&sides, "number 0=0");
	match_put(&sides, 0, 8, 100, "A-1", "Dee");
	assert_told(&sides, "");
}

static void parties_match(void **state)
{
	struct sides sides = { 0 };

	(void)state;
	/* The same every month: each finds its own. */
	for (int i = 0; i < 6; i++) {
		match_put(&sides, 0, 30 * i, 990, NULL, "Ada");
		match_put(&sides, 1, 30 * i + 5, 990, NULL, "ada");
	}
	assert_told(&sides, "party 0=0; party 1=1; party 2=2; party 3=3; party 4=4; party 5=5");
	sides.items[1][2].date.day = 66;
	match_put(&sides, 0, 93, 990, NULL, "Ada");
	assert_told(&sides, "party 0=0; party 1=1; party 4=4; party 5=5");
}

static void passes_come_in_order(void **state)
{
	struct sides sides = { 0 };

	(void)state;
	/* Everything would fit the second one by party and total; number and all take what is theirs before. */
	match_put(&sides, 0, 10, 100, "1", "Ada");
	match_put(&sides, 0, 11, 100, "2", "Ada");
	match_put(&sides, 0, 12, 100, "9", "Ada");
	match_put(&sides, 1, 12, 100, "2", "Ada");
	match_put(&sides, 1, 10, 100, "1", "Ada");
	match_put(&sides, 1, 13, 100, "7", "Ada");
	assert_told(&sides, "number-party 0=1; number 1=0; party 2=2");
	sides.items[0][0].link = sides.items[1][2].link = "z";
	sides.items[0][2].tag = sides.items[1][0].tag = "t";
	assert_told(&sides, "link 0=2; tag 2=0; party 1=1");
}

static void matches_are_told_in_order(void **state)
{
	struct sides sides = { 0 };
	static const struct {
		int32_t day;
		int64_t cents;
		const char *number;
	} rows[] = { { 5, 1, "c" }, { 4, 300, "x" }, { 4, -20, "y" }, { 5, 1, "B" }, { -3, 9, "z" }, { 5, 1, "a" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		match_put(&sides, 0, rows[i].day, rows[i].cents, rows[i].number, NULL);
		match_put(&sides, 1, rows[i].day + 1, rows[i].cents, rows[i].number, NULL);
	}
	assert_told(&sides, "number 4=4; number 2=2; number 1=1; number 3=3; number 5=5; number 0=0");
}

static void ties_never_match(void **state)
{
	struct sides sides = { 0 };

	(void)state;
	/* A duplicate on one side, and on both. */
	match_put(&sides, 0, 10, 100, "1", "Ada");
	match_put(&sides, 1, 10, 100, "1", "Ada");
	match_put(&sides, 1, 10, 100, "1", "Ada");
	assert_told(&sides, "");
	match_put(&sides, 0, 10, 100, "1", "Ada");
	assert_told(&sides, "");
	/* What tells them apart helps. */
	sides.items[0][0].link = sides.items[1][1].link = "l";
	assert_told(&sides, "link 0=1; number-party 1=0");
}

static void kinds_and_currencies_never_mix(void **state)
{
	struct sides sides = { 0 };

	(void)state;
	sides.tolerance = (struct match_tolerance){ 1000 * CENT, 1000 * CENT, 1000000, 1000000, 99, 99 };
	match_put(&sides, 0, 10, 100, "1", "Ada");
	match_put(&sides, 1, 10, 100, "1", "Ada");
	sides.items[0][0].link = sides.items[1][0].link = sides.items[0][0].tag = sides.items[1][0].tag = "t";
	sides.items[0][0].text = sides.items[1][0].text = "same";
	assert_told(&sides, "link 0=0");
	memcpy(sides.items[1][0].currency, "USD", 4);
	assert_told(&sides, "");
	memcpy(sides.items[1][0].currency, "EUR", 4);
	sides.items[1][0].kind = 2;
	assert_told(&sides, "");
	/* Nor in sums. */
	sides.items[0][0].link = sides.items[0][0].tag = NULL;
	sides.items[1][0] = (struct match_item){ .kind = 1, .date = { 10 }, .amount = 60 * CENT, .currency = "USD", .party = "Ada" };
	match_put(&sides, 1, 10, 40, NULL, "Ada");
	sides.tolerance = (struct match_tolerance){ 0 };
	assert_told(&sides, "");
}

static void signs_count(void **state)
{
	struct sides sides = { 0 };

	(void)state;
	match_put(&sides, 0, 10, 100, "1", "Ada");
	match_put(&sides, 1, 10, -100, "1", "Ada");
	assert_told(&sides, "");
	match_put(&sides, 0, 10, -100, "1", "Ada");
	assert_told(&sides, "number-party 1=0");
	match_put(&sides, 1, 10, 0, "1", "Ada");
	match_put(&sides, 0, 10, 0, "1", "Ada");
	assert_told(&sides, "number-party 1=0; number-party 2=1");
}

static void texts_are_compared_as_people_do(void **state)
{
	struct sides sides = { 0 };

	(void)state;
	match_put(&sides, 0, 10, 100, " R\u00c9F\u00a01", "Jos\u00e9  Mu\u00f1oz");
	match_put(&sides, 1, 10, 100, "re\u0301f 1 ", "JOSE\u0301 mun\u0303oz");
	assert_told(&sides, "number-party 0=0");
	/* Blanks alone are no text, so nothing is the same. */
	sides.items[0][0].number = sides.items[1][0].number = "  ";
	sides.items[0][0].party = sides.items[1][0].party = "\u00a0";
	sides.items[0][0].link = sides.items[1][0].link = "";
	sides.items[0][0].tag = sides.items[1][0].tag = "\t";
	assert_told(&sides, "score 0=0");
}

/* ---- scores ---- */

static void scores_have_weights(void **state)
{
	struct match_tolerance tolerance = { 5 * CENT, 5 * CENT, 1000000, 1000000, 0, 0 };
	struct match_rules rules = match_rules_usual();
	const struct match_item plain = { .amount = 1000 * CENT, .date = { 10 }, .currency = "EUR" };
	static const struct {
		int64_t cents;
		int32_t day;
		const char *number[2], *party[2], *text[2];
		int score;
	} rows[] = {
		{ 1000, 10, { 0 }, { 0 }, { 0 }, 6 },
		{ 1005, 10, { 0 }, { 0 }, { 0 }, 5 },
		{ 1006, 10, { 0 }, { 0 }, { 0 }, -2 },
		{ -1000, 10, { 0 }, { 0 }, { 0 }, -2 },
		{ 1000, 15, { 0 }, { 0 }, { 0 }, 5 },
		{ 1000, 5, { 0 }, { 0 }, { 0 }, 5 },
		{ 1000, 16, { 0 }, { 0 }, { 0 }, -2 },
		{ 1000, 10, { "A 1", "a  1" }, { 0 }, { 0 }, 10 },
		{ 1000, 10, { "A 1", "a1" }, { 0 }, { 0 }, 4 },
		{ 1000, 10, { "A 1", "" }, { 0 }, { 0 }, 6 },
		{ 1000, 10, { 0 }, { "Ada", "ADA" }, { 0 }, 8 },
		{ 1000, 10, { 0 }, { "Ada", "Bo" }, { 0 }, 4 },
		{ 1000, 10, { 0 }, { NULL, "Bo" }, { 0 }, 6 },
		{ 1000, 10, { 0 }, { 0 }, { "Rent May", "rent  may" }, 8 },
		{ 1000, 10, { 0 }, { 0 }, { "Rent May", "May" }, 7 },
		{ 1000, 10, { 0 }, { 0 }, { "ent m", "Rent May" }, 7 },
		{ 1000, 10, { 0 }, { 0 }, { "Rent May", "Rent June" }, 6 },
		{ 1000, 10, { 0 }, { 0 }, { " ", "Rent June" }, 6 },
	};

	(void)state;
	rules.tolerance = match_tolerance_of;
	rules.ctx = &tolerance;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct match_item first = plain, second = plain;

		second.amount = rows[i].cents * CENT;
		second.date.day = rows[i].day;
		first.number = rows[i].number[0];
		second.number = rows[i].number[1];
		first.party = rows[i].party[0];
		second.party = rows[i].party[1];
		first.text = rows[i].text[0];
		second.text = rows[i].text[1];
		assert_int_equal(match_score(&first, &second, &rules), rows[i].score);
	}
}

static void the_best_is_suggested(void **state)
{
	struct sides sides = { 0 };

	(void)state;
	match_put(&sides, 0, 10, 1000, NULL, NULL)->text = "Rent May";
	match_put(&sides, 1, 12, 1000, NULL, NULL)->text = "Power";
	assert_told(&sides, "score 0=0");
	match_put(&sides, 1, 12, 1000, NULL, NULL)->text = "rent";
	assert_told(&sides, "score 0=1");
	/* As good as the best. */
	match_put(&sides, 1, 8, 1000, NULL, NULL)->text = "May";
	assert_told(&sides, "");
	match_put(&sides, 1, 11, 1000, NULL, NULL)->text = "rent may";
	assert_told(&sides, "score 0=3");
	/* The best of the other one is somebody else: none is pushed off. */
	match_put(&sides, 0, 11, 1000, NULL, NULL)->text = "Rent may";
	assert_told(&sides, "score 1=3");
}

static void too_little_is_no_suggestion(void **state)
{
	struct sides sides = { 0 };

	(void)state;
	match_put(&sides, 0, 10, 1000, "1", NULL);
	match_put(&sides, 1, 10, 1000, "2", NULL);
	assert_told(&sides, "");
	sides.items[0][0].text = sides.items[1][0].text = "Rent May";
	assert_told(&sides, "score 0=0");
	/* Alike in number, date and text, whatever the amount. */
	sides.items[1][0].number = "1";
	sides.items[1][0].amount = 5 * CENT;
	sides.items[0][0].party = sides.items[1][0].party = "Ada";
	assert_told(&sides, "score 0=0 by -995");
	sides.items[1][0].text = "Power";
	assert_told(&sides, "");
}

/* ---- limits ---- */

static void amounts_at_their_limits(void **state)
{
	struct sides sides = { .tolerance = { INT64_MAX, INT64_MAX, 0, 0, 3, 3 } };
	struct match_rules rules = match_rules_usual();

	(void)state;
	match_put(&sides, 0, 10, 0, "1", "Ada")->amount = INT64_MIN;
	match_put(&sides, 1, 10, 0, "1", "Ada")->amount = INT64_MAX;
	assert_told(&sides, "");
	assert_int_equal(match_score(&sides.items[0][0], &sides.items[1][0], &rules), 4);
	sides.tolerance.above_share = 2000000;
	assert_told(&sides, "");
	sides.items[0][0].link = sides.items[1][0].link = "l";
	assert_told(&sides, "link 0=0 by 922337203685477");
	sides.items[0][0].amount = INT64_MAX;
	sides.items[1][0].amount = INT64_MIN;
	assert_told(&sides, "link 0=0 by -922337203685477");
	sides.items[1][0].amount = INT64_MAX;
	assert_told(&sides, "link 0=0");
	/* Sums beyond 64 bits and back. */
	sides = (struct sides){ 0 };
	match_put(&sides, 0, 10, 0, NULL, "Ada")->amount = INT64_MAX - 5;
	match_put(&sides, 1, 10, 0, NULL, "Ada")->amount = INT64_MAX;
	match_put(&sides, 1, 10, 0, NULL, "Ada")->amount = INT64_MAX - 3;
	match_put(&sides, 1, 10, 0, NULL, "Ada")->amount = INT64_MIN + 1;
	match_put(&sides, 1, 10, 0, NULL, "Ada")->amount = -2;
	assert_told(&sides, "");
	sides.items[1][1].amount = INT64_MAX - 4;
	sides.items[1][3].amount = -1;
	assert_told(&sides, "");
	sides.items[1][1].amount = 9;
	sides.items[1][2].amount = -13;
	assert_told(&sides, "many 0=2+3+1+0");
}

static void days_at_their_limits(void **state)
{
	struct sides sides = { 0 };

	(void)state;
	match_put(&sides, 0, INT32_MIN, 100, "1", "Ada")->link = "l";
	match_put(&sides, 1, INT32_MAX, 100, "1", "Ada")->link = "l";
	assert_told(&sides, "link 0=0");
	sides.items[0][0].link = NULL;
	assert_told(&sides, "");
	sides.items[0][0].tag = sides.items[1][0].tag = "t";
	assert_told(&sides, "");
}

int test_match(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(passes_have_words),
		cmocka_unit_test(nothing_matches_nothing),
		cmocka_unit_test(links_are_first),
		cmocka_unit_test(tags_are_of_two_only),
		cmocka_unit_test(numbers_match),
		cmocka_unit_test(parties_match),
		cmocka_unit_test(passes_come_in_order),
		cmocka_unit_test(matches_are_told_in_order),
		cmocka_unit_test(ties_never_match),
		cmocka_unit_test(kinds_and_currencies_never_mix),
		cmocka_unit_test(signs_count),
		cmocka_unit_test(texts_are_compared_as_people_do),
		cmocka_unit_test(scores_have_weights),
		cmocka_unit_test(the_best_is_suggested),
		cmocka_unit_test(too_little_is_no_suggestion),
		cmocka_unit_test(amounts_at_their_limits),
		cmocka_unit_test(days_at_their_limits),
	};

	return cmocka_run_group_tests_name("match", tests, NULL, NULL);
}
