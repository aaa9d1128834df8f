/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows that are all at hand: the cursor stays with its id, whatever is filtered, sorted or read again. */
#include "listing.h"

#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "tests.h"

struct word {
	const char *id;
	int weight;
};

struct words {
	const struct word *items;
	const char *filter;
};

static void id_of(const void *ctx, size_t row, char *out)
{
	snprintf(out, LISTING_ID_MAX, "%s", ((const struct words *)ctx)->items[row].id);
}

static bool fits(const void *ctx, size_t row)
{
	const struct words *words = ctx;

	return listing_words_fit(words->filter, &words->items[row].id, 1);
}

static int by_weight(const void *ctx, size_t a, size_t b)
{
	const struct words *words = ctx;

	return words->items[a].weight - words->items[b].weight;
}

static bool is_heavy(const void *ctx, size_t row)
{
	return ((const struct words *)ctx)->items[row].weight > 5;
}

static const struct word some[] = { { "pear", 3 }, { "apple", 9 }, { "plum", 3 }, { "quince", 1 }, { "cherry", 3 } };

static void expect(const struct listing *listing, const struct words *words, const char *text)
{
	AUTO(str_clear) struct str got = STR_INIT(200);

	for (size_t i = 0; i < listing->count; i++)
		str_addf(&got, "%s%s%s", i ? " " : "", (int64_t)i == listing->table.cursor ? ">" : "", words->items[listing->rows[i]].id);
	assert_string_equal(got.len ? got.text : "", text);
}

static void equals_keep_their_order(void **state)
{
	struct words words = { some, "" };
	struct listing_source source = { .count = ARRAY_LEN(some), .id = id_of, .compare = by_weight, .ctx = &words };
	AUTO(listing_clear) struct listing listing = { 0 };

	(void)state;
	assert_true(listing_arrange(&listing, &source));
	expect(&listing, &words, ">quince pear plum cherry apple");
	assert_true(listing_act(&listing, &source, ACTION_LAST));
	source.compare = NULL;
	assert_true(listing_arrange(&listing, &source));
	expect(&listing, &words, "pear >apple plum quince cherry");
	source.count = 0;
	assert_false(listing_arrange(&listing, &source));
	expect(&listing, &words, "");
	assert_int_equal(listing_current(&listing), LISTING_NONE);
	assert_false(listing_find(&listing, &source, 1, true, is_heavy));
}

static void the_cursor_belongs_to_an_id(void **state)
{
	static const struct word others[] = { { "lemon", 0 }, { "plum", 3 }, { "pear", 3 }, { "fig", 3 } };
	struct words words = { some, "" };
	struct listing_source source = { .count = ARRAY_LEN(some), .id = id_of, .fits = fits, .ctx = &words };
	AUTO(listing_clear) struct listing listing = { 0 };

	(void)state;
	listing_arrange(&listing, &source);
	listing_act(&listing, &source, ACTION_DOWN);
	listing_act(&listing, &source, ACTION_DOWN);
	words.items = others;
	source.count = ARRAY_LEN(others);
	assert_true(listing_arrange(&listing, &source));
	expect(&listing, &words, "lemon >plum pear fig");
	/* What does not fit any more gives its place to what stands there now. */
	words.filter = "e";
	assert_false(listing_arrange(&listing, &source));
	expect(&listing, &words, "lemon >pear");
	assert_string_equal(listing.cursor, "pear");
	assert_true(listing_knows(&source, "plum"));
	assert_false(listing_knows(&source, "apple"));
}

static void the_top_may_be_nobody(void **state)
{
	struct words words = { some, "" };
	struct listing_source source = { .count = 3, .id = id_of, .ctx = &words };
	AUTO(listing_clear) struct listing listing = { .tops = true };

	(void)state;
	listing_arrange(&listing, &source);
	assert_string_equal(listing.cursor, "");
	words.items = some + 1;
	assert_true(listing_arrange(&listing, &source));
	expect(&listing, &words, ">apple plum quince");
	listing_act(&listing, &source, ACTION_DOWN);
	assert_string_equal(listing.cursor, "plum");
	listing_act(&listing, &source, ACTION_UP);
	assert_string_equal(listing.cursor, "");
}

static void what_is_looked_for_is_found_round_the_end(void **state)
{
	struct words words = { some, "" };
	struct listing_source source = { .count = ARRAY_LEN(some), .id = id_of, .ctx = &words };
	AUTO(listing_clear) struct listing listing = { 0 };

	(void)state;
	listing_arrange(&listing, &source);
	listing_act(&listing, &source, ACTION_LAST);
	assert_true(listing_find(&listing, &source, 1, true, is_heavy));
	expect(&listing, &words, "pear >apple plum quince cherry");
	assert_string_equal(listing.cursor, "apple");
	/* The only one is found again. */
	assert_true(listing_find(&listing, &source, -1, false, is_heavy));
	assert_string_equal(listing.cursor, "apple");
	source.count = 1;
	listing_arrange(&listing, &source);
	assert_false(listing_find(&listing, &source, 1, true, is_heavy));
}

static void words_are_all_meant(void **state)
{
	static const char *const places[] = { "Acme Bank", "Invoice", "failed" };

	(void)state;
	assert_true(listing_words_fit("", places, 3));
	assert_true(listing_words_fit("  ", places, 3));
	assert_true(listing_words_fit("acme INV", places, 3));
	assert_true(listing_words_fit(" fail  bank ", places, 3));
	assert_false(listing_words_fit("acme bill", places, 3));
	assert_false(listing_words_fit("acme", places + 1, 2));
}

int test_listing(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equals_keep_their_order), cmocka_unit_test(the_cursor_belongs_to_an_id), cmocka_unit_test(the_top_may_be_nobody),
		cmocka_unit_test(what_is_looked_for_is_found_round_the_end), cmocka_unit_test(words_are_all_meant),
	};

	return cmocka_run_group_tests_name("listing", tests, NULL, NULL);
}
