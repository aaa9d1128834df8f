/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The word that somebody most likely meant. */
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/model/nearest.h"

#include "tests.h"

static const char *meant(const char *word)
{
	static const char *const known[] = { "sync",	 "status", "show",   "settings",
					     "accounts", "a",	   "Invoice" };
	struct nearest nearest = nearest_start(word, strlen(word));

	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		nearest_try(&nearest, known[i]);
	return nearest.best;
}

static void slips_of_the_finger_are_seen_through(void **state)
{
	static const struct {
		const char *word, *best;
	} cases[] = {
		{ "snyc", "sync" },	  { "sycn", "sync" },	    { "statsu", "status" },
		{ "staus", "status" },	  { "INVOISE", "Invoice" }, { "setings", "settings" },
		{ "acount", "accounts" }, { "shwo", "show" },	    { "show", "show" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_non_null(meant(cases[i].word));
		assert_string_equal(meant(cases[i].word), cases[i].best);
	}
}

static void other_words_are_not_meant(void **state)
{
	static const char *const words[] = {
		"",
		"xyzzy",
		"b",
		"refresh",
		"reconciliation",
		"x123456789x123456789x123456789x123456789x123456789x123456789x123456789",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		assert_null(meant(words[i]));
}

static void hints_end_sentences(void **state)
{
	struct nearest nearest = nearest_start("snyc all", 4);
	char hint[NEAREST_HINT_MAX];

	(void)state;
	assert_string_equal(nearest_hint(&nearest, hint), "");
	nearest_try(&nearest, "sync");
	assert_string_equal(nearest_hint(&nearest, hint), ", did you mean 'sync'?");
}

int test_nearest(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(slips_of_the_finger_are_seen_through),
		cmocka_unit_test(other_words_are_not_meant),
		cmocka_unit_test(hints_end_sentences),
	};

	return cmocka_run_group_tests_name("nearest", tests, NULL, NULL);
}
