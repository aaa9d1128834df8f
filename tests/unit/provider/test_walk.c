/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From page to page, without a ledger: what comes next, and what is no progress. */
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"

#include "dialogue.h"
#include "provider/quickbooks/walk.h"
#include "tests.h"

#define NOW_S (DIALOGUE_NOW_MS / 1000)
#define TEN "1:0 2:0 3:0 4:0 5:1 6:1 7:2 8:2 9:3 10:3"
#define TIED "1:5 2:5 3:5 4:5 5:5 6:5 7:5 8:5 9:5 10:5"

/* A page with the records of body_of(); the caller clears it. */
static struct page page_of(const char *records)
{
	struct json_slice value, record;
	struct page page;

	page_init(&page);
	str_add(&page.body, body_of(records));
	value = json_find(page.body.text, page.body.len, "QueryResponse.Some");
	for (size_t at = 0; json_each(value, &at, NULL, &record);)
		page_add(&page, record);
	return page;
}

static bool move(struct walk *walk, const char *records, int64_t to_s, bool *ret_end,
		 struct error *err)
{
	AUTO(page_clearp) struct page page = page_of(records);

	return walk_move(walk, type_named("Invoice"), to_s, &page, ret_end, err);
}

static bool must_move(struct walk *walk, const char *records, int64_t to_s)
{
	struct error err = { 0 };
	bool end;

	if (!move(walk, records, to_s, &end, &err))
		fail_msg("%s", err.text);
	return end;
}

static void a_short_page_is_the_last(void **state)
{
	struct walk walk;

	(void)state;
	walk_start(&walk, WALK_KEYSET, INT64_MIN, 1000);
	assert_true(must_move(&walk, TEN, INT64_MAX));
	walk_start(&walk, WALK_KEYSET, INT64_MIN, 1000);
	assert_true(must_move(&walk, "", INT64_MAX));
}

static void a_full_page_is_followed_from_its_last_second(void **state)
{
	struct query query = { .type = type_named("Invoice") };
	struct walk walk;

	(void)state;
	walk_start(&walk, WALK_KEYSET, NOW_S - 100, 10);
	assert_false(must_move(&walk, TEN, INT64_MAX));
	assert_int_equal(walk.kind, WALK_KEYSET);
	walk_ask(&walk, INT64_MAX, &query);
	assert_true(query.by_time);
	assert_int_equal(query.from_s, NOW_S + 3);
	assert_int_equal(query.to_s, INT64_MAX);
	assert_int_equal(query.start, 1);
	assert_int_equal(query.size, 10);
}

static void a_page_of_one_second_is_walked_by_places(void **state)
{
	struct query query = { .type = type_named("Invoice") };
	struct walk walk;

	(void)state;
	walk_start(&walk, WALK_KEYSET, INT64_MIN, 10);
	assert_false(must_move(&walk, TIED, INT64_MAX));
	assert_int_equal(walk.kind, WALK_TIE);
	walk_ask(&walk, INT64_MAX, &query);
	assert_int_equal(query.from_s, NOW_S + 5);
	assert_int_equal(query.to_s, NOW_S + 6);
	assert_int_equal(query.start, 1);
	assert_false(must_move(&walk, TIED, INT64_MAX));
	assert_int_equal(walk.start, 10);
	assert_string_equal(walk.last_id, "10");
	assert_false(must_move(&walk, "10:5 11:5 12:5", INT64_MAX));
	assert_int_equal(walk.kind, WALK_KEYSET);
	walk_ask(&walk, INT64_MAX, &query);
	assert_int_equal(query.from_s, NOW_S + 6);
	assert_int_equal(query.start, 1);
}

static void what_slides_in_a_tie_starts_it_again(void **state)
{
	struct walk walk;
	struct error err = { 0 };
	bool end;

	(void)state;
	walk_start(&walk, WALK_KEYSET, INT64_MIN, 10);
	must_move(&walk, TIED, INT64_MAX);
	must_move(&walk, TIED, INT64_MAX);
	assert_int_equal(walk.start, 10);
	/* One of the first was changed: the tenth is the ninth now. */
	assert_false(must_move(&walk, "11:5 12:5", INT64_MAX));
	assert_int_equal(walk.kind, WALK_TIE);
	assert_int_equal(walk.start, 1);
	assert_int_equal(walk.restarts, 1);
	/* All of them went away meanwhile. */
	must_move(&walk, TIED, INT64_MAX);
	assert_false(must_move(&walk, "", INT64_MAX));
	assert_int_equal(walk.restarts, 2);
	assert_false(must_move(&walk, "", INT64_MAX));
	assert_int_equal(walk.kind, WALK_KEYSET);
	/* A ledger that gives the same page for every place. */
	walk.kind = WALK_TIE;
	walk.lower_s = NOW_S + 5;
	walk.restarts = 0;
	for (int i = 0; i < WALK_RESTARTS_MAX; i++) {
		must_move(&walk, TIED, INT64_MAX);
		must_move(&walk, TIED, INT64_MAX);
	}
	must_move(&walk, TIED, INT64_MAX);
	assert_false(move(&walk, TIED, INT64_MAX, &end, &err));
	assert_int_equal(err.code, ERROR_REMOTE);
	assert_non_null(strstr(err.text, "same page again"));
}

static void places_overlap_by_a_record(void **state)
{
	struct query query = { .type = type_named("Invoice") };
	struct walk walk;

	(void)state;
	walk_start(&walk, WALK_PLACES, INT64_MIN, 10);
	walk_ask(&walk, INT64_MAX, &query);
	assert_false(query.by_time);
	assert_int_equal(query.start, 1);
	assert_false(must_move(&walk, "9:3 1:2 8:0 4:0 5:0 6:0 7:0 2:0 3:0 20:0", INT64_MAX));
	walk_ask(&walk, INT64_MAX, &query);
	assert_int_equal(query.start, 10);
	assert_false(
		must_move(&walk, "20:0 21:0 22:0 23:0 24:0 25:0 26:0 27:0 28:0 29:0", INT64_MAX));
	assert_int_equal(walk.start, 19);
	assert_true(must_move(&walk, "29:0", INT64_MAX));
}

/* A rate has no id of its own: currency and day together are its key. */
static void places_overlap_by_a_key_of_two_parts(void **state)
{
	static const char *const pages[] = { "EUR:1 EUR:2 EUR:3 EUR:4 EUR:5 EUR:6 EUR:7 EUR:8 EUR:9 NOK:1",
					     "NOK:1 NOK:2" };
	struct walk walk;

	(void)state;
	walk_start(&walk, WALK_PLACES, INT64_MIN, 10);
	for (size_t i = 0; i < ARRAY_LEN(pages); i++) {
		AUTO(str_clear) struct str records = STR_INIT(STR_NO_LIMIT);
		AUTO(page_clearp) struct page page;
		struct json_slice all, record;
		struct error err = { 0 };
		bool end;

		page_init(&page);
		str_add(&records, "[");
		for (const char *at = pages[i]; *at; at += 5 + (at[5] == ' '))
			str_addf(&records, "%s{\"SourceCurrencyCode\":\"%.3s\",\"AsOfDate\":\"2026-01-0%c\"}", at == pages[i] ? "" : ",", at,
				 at[4]);
		str_add(&records, "]");
		all = (struct json_slice){ .text = records.text, .len = records.len, .kind = JSON_ARRAY };
		for (size_t at = 0; json_each(all, &at, NULL, &record);)
			page_add(&page, record);
		if (!walk_move(&walk, type_named("ExchangeRate"), INT64_MAX, &page, &end, &err))
			fail_msg("%s", err.text);
		assert_int_equal(end, i == 1);
		if (i == 0)
			assert_string_equal(walk.last_id, "NOK:2026-01-01");
	}
}

static void round_pages_may_have_been_cut(void **state)
{
	AUTO(str_clear) struct str records = STR_INIT(STR_NO_LIMIT);
	AUTO(page_clearp) struct page page;
	struct walk walk;
	bool end;

	(void)state;
	page_init(&page);
	str_add(&records, "[");
	for (int i = 0; i < 100; i++)
		str_addf(&records,
			 "%s{\"Id\":\"%d\",\"MetaData\":{\"LastUpdatedTime\":\"2026-01-31T12:%02d:"
			 "00Z\"}}",
			 i ? "," : "", i, i / 2);
	str_add(&records, "]");
	{
		struct json_slice all = { .text = records.text, .len = records.len, .kind = JSON_ARRAY }, record;

		for (size_t at = 0; json_each(all, &at, NULL, &record);)
			page_add(&page, record);
	}
	walk_start(&walk, WALK_KEYSET, INT64_MIN, 1000);
	assert_true(walk_move(&walk, type_named("Invoice"), INT64_MAX, &page, &end, NULL));
	assert_false(end);
	assert_int_equal(walk.lower_s, NOW_S + 49 * 60);
	page.count = 99;
	walk_start(&walk, WALK_KEYSET, INT64_MIN, 1000);
	assert_true(walk_move(&walk, type_named("Invoice"), INT64_MAX, &page, &end, NULL));
	assert_true(end);
}

/* A record that changed between being found and being written down has a time beyond the bound. */
static void times_beyond_the_bound_move_nothing(void **state)
{
	struct walk walk;

	(void)state;
	walk_start(&walk, WALK_KEYSET, NOW_S, 10);
	assert_false(must_move(&walk, "1:0 2:90 3:0 4:1 5:1 6:1 7:2 8:2 9:3 10:90", NOW_S + 60));
	assert_int_equal(walk.lower_s, NOW_S + 3);
	assert_int_equal(walk.kind, WALK_KEYSET);
	/* All of them: the same again, some times. */
	assert_false(
		must_move(&walk, "1:90 2:90 3:90 4:90 5:90 6:90 7:90 8:90 9:90 10:90", NOW_S + 60));
	assert_int_equal(walk.lower_s, NOW_S + 3);
	assert_int_equal(walk.restarts, 1);
}

static void nonsense_is_refused(void **state)
{
	static const struct {
		const char *records, *error;
	} cases[] = {
		{ "1:0 2:5 3:4", "query Invoice: the answer is not in order of time" },
		{ "1:-1 2:5",
		  "query Invoice: the answer holds records from before what was asked for" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct error err = { 0 };
		struct walk walk;
		bool end;

		walk_start(&walk, WALK_KEYSET, NOW_S, 10);
		assert_false(move(&walk, cases[i].records, INT64_MAX, &end, &err));
		assert_int_equal(err.code, ERROR_REMOTE);
		assert_int_equal(err.retry_after_s, 60);
		assert_string_equal(err.text, cases[i].error);
	}
}

static void texts_bring_a_walk_back(void **state)
{
	static const struct walk walks[] = {
		{ .kind = WALK_KEYSET, .size = 1000, .lower_s = INT64_MIN, .start = 1 },
		{ .kind = WALK_KEYSET,
		  .size = 10,
		  .lower_s = NOW_S,
		  .start = 1,
		  .whole = true,
		  .restarts = 8 },
		{ .kind = WALK_TIE,
		  .size = 500,
		  .lower_s = NOW_S,
		  .start = 4996,
		  .without_active = true,
		  .last_id = "5000000000000503624" },
		{ .kind = WALK_PLACES,
		  .size = 1000,
		  .lower_s = INT64_MIN,
		  .start = 1000,
		  .last_id = "a b/%-" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(walks); i++) {
		AUTO(str_clear) struct str text = STR_INIT(500), again = STR_INIT(500);
		struct walk walk;

		walk_add_text(&walks[i], &text);
		assert_true(walk_parse(text.text, &walk));
		walk_add_text(&walk, &again);
		assert_string_equal(text.text, again.text);
		assert_int_equal(walk.kind, walks[i].kind);
		assert_int_equal(walk.size, walks[i].size);
		assert_int_equal(walk.lower_s, walks[i].lower_s);
		assert_int_equal(walk.start, walks[i].start);
		assert_int_equal(walk.restarts, walks[i].restarts);
		assert_int_equal(walk.whole, walks[i].whole);
		assert_int_equal(walk.without_active, walks[i].without_active);
		assert_string_equal(walk.last_id, walks[i].last_id);
	}
}

static void other_texts_are_no_walk(void **state)
{
	static const char *const texts[] = {
		"",
		"time",
		"time 1000 .. - 1 0",
		"time 1000 .. - 1 0 - x",
		"times 1000 .. - 1 0 -",
		"time 9 .. - 1 0 -",
		"time 1001 .. - 1 0 -",
		"time 1000 . - 1 0 -",
		"time 1000 .. - 0 0 -",
		"time 1000 .. x 1 0 -",
		"time 1000 .. - 1 9 -",
		"tie 1000 .. - 1 0 -",
		"time 1000 .. - 1 0 %zz",
		"time 1000 .. 99999999999999999999 1 0 -",
		("time 1000 .. - 1 0 "
		 "x123456789x123456789x123456789x123456789x123456789x123456789x123"),
	};
	struct walk walk;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (walk_parse(texts[i], &walk))
			fail_msg("accepted: %s", texts[i]);
}

int test_walk(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_short_page_is_the_last),
		cmocka_unit_test(a_full_page_is_followed_from_its_last_second),
		cmocka_unit_test(a_page_of_one_second_is_walked_by_places),
		cmocka_unit_test(what_slides_in_a_tie_starts_it_again),
		cmocka_unit_test(places_overlap_by_a_record),
		cmocka_unit_test(places_overlap_by_a_key_of_two_parts),
		cmocka_unit_test(round_pages_may_have_been_cut),
		cmocka_unit_test(times_beyond_the_bound_move_nothing),
		cmocka_unit_test(nonsense_is_refused),
		cmocka_unit_test(texts_bring_a_walk_back),
		cmocka_unit_test(other_texts_are_no_walk),
	};

	return cmocka_run_group_tests_name("walk", tests, NULL, NULL);
}
