/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Matching many: companies with planted differences, items that are all alike, texts of one hash, and being stopped. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/hash.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/random.h"
#include "ledgerdeck/core/str.h"
#include "ledgerdeck/model/match.h"

#include "tests.h"

#define CENT INT64_C(10000)
#define DOCUMENTS 300
#define PARTS 3
#define PARTIES 12
#define SEEDS 60

/* What is done to a document in the second side. */
enum plant {
	PLANT_NOTHING,
	PLANT_NEAR,
	PLANT_PARTY,
	PLANT_NUMBER,
	PLANT_SPLIT,
	PLANT_ROUNDED,
	PLANT_LINKED,
	PLANT_TAGGED,
	PLANT_MISSING_SECOND,
	PLANT_MISSING_FIRST,
	PLANT_AMOUNT,
	PLANT_SIGN,
	PLANT_CURRENCY,
	PLANT_KIND,
	PLANT_FAR,
	PLANT_TWICE,
	PLANT_STRANGE, /* another number and party */
	PLANT_COUNT
};
/* What is to come of it; of all else nothing. */
static const enum match_pass wanted[PLANT_COUNT] = {
	[PLANT_NOTHING] = MATCH_NUMBER_PARTY, [PLANT_NEAR] = MATCH_NUMBER, [PLANT_PARTY] = MATCH_NUMBER,
	[PLANT_NUMBER] = MATCH_PARTY,	      [PLANT_SPLIT] = MATCH_MANY,  [PLANT_ROUNDED] = MATCH_TOLERANCE,
	[PLANT_LINKED] = MATCH_LINK,	      [PLANT_TAGGED] = MATCH_TAG,
};

struct side {
	struct match_item items[DOCUMENTS * PARTS];
	size_t documents[DOCUMENTS * PARTS]; /* of which document each item is */
	size_t count;
};
struct company {
	enum plant plants[DOCUMENTS];
	char numbers[DOCUMENTS][2][24], parties[PARTIES + 1][24];
	struct side sides[2];
	size_t matched[DOCUMENTS];
};

static struct match_item *put(struct side *side, const struct match_item *item, size_t document)
{
	side->documents[side->count] = document;
	side->items[side->count] = *item;
	return &side->items[side->count++];
}

static void put_parts(struct side *side, const struct match_item *item, size_t document)
{
	int64_t left = item->amount;

	for (int i = 1; i <= PARTS; i++) {
		struct match_item *part = put(side, item, document);

		part->amount = i < PARTS ? item->amount / 7 / CENT * CENT * i : left;
		part->number = NULL;
		part->date.day += i;
		left -= part->amount;
	}
}

static void put_changed(struct company *company, struct match_item *item, size_t document)
{
	enum plant plant = company->plants[document];
	struct match_item *other = put(&company->sides[1], item, document);

	if (plant == PLANT_TWICE)
		put(&company->sides[1], item, document);
	if (plant == PLANT_AMOUNT || plant == PLANT_ROUNDED)
		other->amount += (plant == PLANT_ROUNDED ? 2 : 777) * CENT;
	if (plant == PLANT_SIGN)
		other->amount = -other->amount;
	if (plant == PLANT_CURRENCY)
		memcpy(other->currency, "USD", 4);
	other->kind += plant == PLANT_KIND;
	if (plant == PLANT_FAR || plant == PLANT_NEAR)
		other->date.day += plant == PLANT_NEAR ? 3 : 40;
	if (plant == PLANT_PARTY || plant == PLANT_STRANGE)
		other->party = company->parties[PARTIES];
	if (plant == PLANT_NUMBER || plant == PLANT_STRANGE)
		other->number = company->numbers[document][1];
	if (plant == PLANT_LINKED || plant == PLANT_TAGGED) {
		other->amount *= 3;
		other->number = other->party = NULL;
	}
	if (plant == PLANT_LINKED)
		other->link = item->link = company->numbers[document][0];
	if (plant == PLANT_TAGGED)
		other->tag = item->tag = company->numbers[document][0];
}

static void shuffle(struct side *side, struct random *random)
{
	for (size_t i = side->count; i > 1; i--) {
		size_t other = random_below(random, i), document = side->documents[i - 1];
		struct match_item item = side->items[i - 1];

		side->items[i - 1] = side->items[other];
		side->items[other] = item;
		side->documents[i - 1] = side->documents[other];
		side->documents[other] = document;
	}
}

static void plant_company(struct company *company, uint64_t seed)
{
	struct random random;

	random_seed(&random, seed);
	for (size_t i = 0; i <= PARTIES; i++)
		snprintf(company->parties[i], sizeof(company->parties[i]), "Customer %zu", i);
	for (size_t i = 0; i < DOCUMENTS; i++) {
		struct match_item item = { .kind = 1 + i % 2, .currency = "EUR", .number = company->numbers[i][0],
					   .party = company->parties[random_below(&random, PARTIES)] };

		/* Half of them as they were, else a plant of each kind again and again. */
		company->plants[i] = random_below(&random, 2) ? PLANT_NOTHING : (enum plant)random_below(&random, PLANT_COUNT);
		snprintf(company->numbers[i][0], sizeof(company->numbers[i][0]), "INV-%zu", i);
		snprintf(company->numbers[i][1], sizeof(company->numbers[i][1]), "SO-%zu", i);
		item.date.day = 20000 + (int32_t)random_below(&random, 200);
		item.amount = ((int64_t)random_below(&random, 1000000000) + 1000) * CENT;
		if (company->plants[i] == PLANT_SPLIT)
			put_parts(&company->sides[1], &item, i);
		else if (company->plants[i] != PLANT_MISSING_SECOND)
			put_changed(company, &item, i);
		if (company->plants[i] != PLANT_MISSING_FIRST)
			put(&company->sides[0], &item, i);
	}
	shuffle(&company->sides[0], &random);
	shuffle(&company->sides[1], &random);
}

static bool check_match(void *ctx, const struct match *match)
{
	struct company *company = ctx;
	size_t document = company->sides[0].documents[match->first[0]];

	assert_int_equal(match->pass, wanted[company->plants[document]]);
	assert_int_equal(match->first_count, 1);
	assert_int_equal(match->second_count, company->plants[document] == PLANT_SPLIT ? PARTS : 1);
	for (size_t i = 0; i < match->second_count; i++)
		assert_int_equal(company->sides[1].documents[match->second[i]], document);
	company->matched[document]++;
	return true;
}

static struct match_tolerance tolerate(void *ctx, uint32_t kind, const char *currency)
{
	(void)ctx;
	(void)kind;
	(void)currency;
	return (struct match_tolerance){ 5 * CENT, 5 * CENT, 1000000, 1000000, 3, 3 };
}

static void what_was_planted_is_left(void **state)
{
	struct match_rules rules = match_rules_usual();
	size_t planted[PLANT_COUNT] = { 0 };

	(void)state;
	rules.tolerance = tolerate;
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		AUTO(memory_freep) struct company *company = memory_new(sizeof(*company));

		plant_company(company, seed);
		assert_true(match_run(company->sides[0].items, company->sides[0].count, company->sides[1].items,
				      company->sides[1].count, &rules, check_match, company, NULL));
		for (size_t i = 0; i < DOCUMENTS; i++) {
			assert_int_equal(company->matched[i], wanted[company->plants[i]] != MATCH_NONE);
			planted[company->plants[i]]++;
		}
	}
	for (size_t i = 0; i < PLANT_COUNT; i++)
		assert_true(planted[i] > 100);
}

/* ---- alike ---- */

#define ALIKE 100000

static bool count_match(void *ctx, const struct match *match)
{
	size_t *counts = ctx;

	counts[match->pass]++;
	return true;
}

/* Would take hours if each was held against each. */
static void very_many_alike_are_passed_over(void **state)
{
	AUTO(memory_freep) struct match_item *items = memory_new(ALIKE * sizeof(*items));
	AUTO(memory_freep) struct match_item *others = memory_new(ALIKE * sizeof(*others));
	AUTO(memory_freep) char (*numbers)[16] = memory_new(ALIKE * sizeof(*numbers));
	struct match_rules rules = match_rules_usual();
	size_t counts[MATCH_PASS_COUNT] = { 0 };

	(void)state;
	rules.tolerance = tolerate;
	for (size_t i = 0; i < ALIKE; i++) {
		snprintf(numbers[i], sizeof(numbers[i]), "%zu", i);
		items[i] = (struct match_item){ .kind = 1, .currency = "EUR", .amount = 100 * CENT, .number = "1", .party = "Ada" };
	}
	assert_true(match_run(items, ALIKE, items, ALIKE, &rules, count_match, counts, NULL));
	for (size_t i = 0; i < MATCH_PASS_COUNT; i++)
		assert_int_equal(counts[i], 0);
	/* Nor does each look through all others of the party for one that comes near. */
	for (size_t i = 0; i < ALIKE; i++)
		others[i] = items[i];
	for (size_t i = 0; i < ALIKE; i++) {
		items[i].amount = (int64_t)(2 * i + 1) * 1000 * CENT;
		others[i].amount = (int64_t)(2 * i + 2) * 1000 * CENT;
	}
	assert_true(match_run(items, ALIKE, others, ALIKE, &rules, count_match, counts, NULL));
	for (size_t i = 0; i < MATCH_PASS_COUNT; i++)
		assert_int_equal(counts[i], 0);
	/* Their numbers alone tell them apart. */
	for (size_t i = 0; i < ALIKE; i++) {
		items[i].number = numbers[i];
		items[i].amount = 100 * CENT;
	}
	assert_true(match_run(items, ALIKE, items, ALIKE, &rules, count_match, counts, NULL));
	assert_int_equal(counts[MATCH_NUMBER_PARTY], ALIKE);
}

/* ---- texts of one hash ---- */

#define STRIPE 32

/* The factor by which a word comes into a lane of XXH64, and its inverse. */
#define PRIME UINT64_C(0xc2b2ae3d27d4eb4f)
#define PRIME_LANE UINT64_C(0x9e3779b185ebca87)

static uint64_t inverse(uint64_t odd)
{
	uint64_t result = odd;

	for (int i = 0; i < 6; i++)
		result *= 2 - odd * result;
	return result;
}

static uint64_t lane_after(uint64_t word)
{
	uint64_t lane = PRIME_LANE + PRIME + word * PRIME;

	return (lane << 31 | lane >> 33) * PRIME_LANE;
}

static bool is_its_own_form(const char *text, size_t len)
{
	AUTO(str_clear) struct str form = STR_INIT(256);

	if (strlen(text) != len)
		return false;
	str_add_alike(&form, text, len);
	return strcmp(form.text, text) == 0;
}

/* Two texts of one hash: what one word does to its lane, the word of the next stripe takes back. */
static void make_colliding(char (*texts)[2 * STRIPE + 1])
{
	struct random random;

	random_seed(&random, 1);
	memset(texts[0], 'a', 2 * STRIPE);
	memset(texts[1], 'a', 2 * STRIPE);
	do {
		uint64_t words[2][2];

		words[0][0] = random_next(&random);
		words[1][0] = random_next(&random);
		words[0][1] = random_next(&random);
		words[1][1] = words[0][1] + (lane_after(words[0][0]) - lane_after(words[1][0])) * inverse(PRIME);
		for (size_t i = 0; i < 2; i++) {
			memcpy(texts[i], &words[i][0], sizeof(words[i][0]));
			memcpy(texts[i] + STRIPE, &words[i][1], sizeof(words[i][1]));
		}
	} while (!is_its_own_form(texts[0], 2 * STRIPE) || !is_its_own_form(texts[1], 2 * STRIPE));
}

static void texts_of_one_hash_are_told_apart(void **state)
{
	char texts[2][2 * STRIPE + 1] = { { 0 } };
	struct match_item first[2], second[2];
	struct match_rules rules = match_rules_usual();
	size_t counts[MATCH_PASS_COUNT] = { 0 };

	(void)state;
	make_colliding(texts);
	assert_true(strcmp(texts[0], texts[1]) != 0);
	assert_true(hash_bytes(texts[0], 2 * STRIPE) == hash_bytes(texts[1], 2 * STRIPE));
	for (size_t i = 0; i < 2; i++)
		first[i] = second[i] = (struct match_item){ .kind = 1, .currency = "EUR", .amount = 100 * CENT, .number = texts[i],
							    .party = texts[1 - i] };
	assert_true(match_run(first, 2, second, 2, &rules, count_match, counts, NULL));
	assert_int_equal(counts[MATCH_NUMBER_PARTY], 2);
	/* Nor does one stand for the other. */
	assert_true(match_run(first, 1, second + 1, 1, &rules, count_match, counts, NULL));
	for (size_t i = 0; i < MATCH_PASS_COUNT; i++)
		assert_int_equal(counts[i], i == MATCH_NUMBER_PARTY ? 2 : 0);
}

/* ---- being stopped ---- */

struct stop {
	size_t asked, until, told, most;
};

static bool stopped(void *ctx)
{
	struct stop *stop = ctx;

	return stop->asked++ >= stop->until;
}

static bool tell_some(void *ctx, const struct match *match)
{
	struct stop *stop = ctx;

	(void)match;
	return ++stop->told < stop->most;
}

static bool run_until(const struct company *company, struct stop *stop)
{
	struct match_rules rules = match_rules_usual();

	return match_run(company->sides[0].items, company->sides[0].count, company->sides[1].items,
			 company->sides[1].count, &rules, tell_some, stop, stopped);
}

static void it_can_be_stopped(void **state)
{
	AUTO(memory_freep) struct company *company = memory_new(sizeof(*company));
	struct stop stop = { .until = SIZE_MAX, .most = SIZE_MAX };
	size_t asked, told;

	(void)state;
	plant_company(company, 1);
	assert_true(run_until(company, &stop));
	asked = stop.asked;
	told = stop.told;
	assert_true(asked > 10 && told > 100);
	/* Wherever it is, at once. */
	for (size_t until = 0; until < asked; until++) {
		stop = (struct stop){ .until = until, .most = SIZE_MAX };
		assert_false(run_until(company, &stop));
		assert_int_equal(stop.asked, until + 1);
		assert_true(stop.told <= told);
	}
	for (size_t most = 1; most <= told; most++) {
		stop = (struct stop){ .until = SIZE_MAX, .most = most };
		assert_false(run_until(company, &stop));
		assert_int_equal(stop.told, most);
	}
}

int test_match_planted(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_planted_is_left),
		cmocka_unit_test(very_many_alike_are_passed_over),
		cmocka_unit_test(texts_of_one_hash_are_told_apart),
		cmocka_unit_test(it_can_be_stopped),
	};

	return cmocka_run_group_tests_name("match_planted", tests, NULL, NULL);
}
