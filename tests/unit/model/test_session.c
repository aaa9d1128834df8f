/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of reconciliation: each its own, read back as it is written, and each reason with a way on. */
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"
#include "ledgerdeck/model/session.h"

#include "tests.h"

/* Each value has a word of its own, by which it is found again, whatever its letter case; other words are not. */
#define EXPECT_WORDS(type, count, word_of, parse)                                                     \
	do {                                                                                          \
		enum type found;                                                                      \
		for (size_t i = 0; i < (count); i++) {                                                \
			const char *own = word_of((enum type)i);                                      \
			found = (enum type)(count);                                                   \
			assert_true(*own && parse(own, &found));                                      \
			assert_int_equal(found, i);                                                   \
			assert_int_equal(strspn(own, "abcdefghijklmnopqrstuvwxyz-"), strlen(own));    \
		}                                                                                     \
		found = (enum type)(count);                                                           \
		assert_false(parse("", &found) || parse("ope", &found) || parse("of", &found));       \
		assert_int_equal(found, (count));                                                     \
	} while (0)

static const char *reason_word(enum exception_reason reason)
{
	return exception_row(reason)->word;
}

static void words_are_found_again(void **state)
{
	enum session_state state_of;

	(void)state;
	EXPECT_WORDS(session_state, SESSION_STATE_COUNT, session_state_word, session_state_parse);
	EXPECT_WORDS(side, SIDE_COUNT, side_word, side_parse);
	EXPECT_WORDS(exception_reason, EXCEPTION_REASON_COUNT, reason_word, exception_reason_parse);
	EXPECT_WORDS(exception_step, STEP_COUNT, exception_step_word, exception_step_parse);
	EXPECT_WORDS(exception_state, EXCEPTION_STATE_COUNT, exception_state_word, exception_state_parse);
	EXPECT_WORDS(tie, TIE_COUNT, tie_word, tie_parse);
	assert_true(session_state_parse("Signed", &state_of));
	assert_int_equal(state_of, SESSION_SIGNED);
}

static void each_reason_has_a_cause_and_a_way_on(void **state)
{
	(void)state;
	for (int i = 0; i < EXCEPTION_REASON_COUNT; i++) {
		const struct exception_row *row = exception_row((enum exception_reason)i);
		bool settles = false;

		assert_true(*row->title && *row->cause && *row->steps);
		for (int k = 0; k < STEP_COUNT; k++)
			settles = settles || (exception_offers((enum exception_reason)i, (enum exception_step)k) && k != STEP_REREAD &&
					      k != STEP_OUTBOX);
		if (!settles)
			fail_msg("nothing that is offered settles '%s'", row->word);
	}
}

/* What is offered are steps, each once. */
static void what_is_offered_are_steps(void **state)
{
	(void)state;
	for (int i = 0; i < EXCEPTION_REASON_COUNT; i++) {
		const char *at = exception_row((enum exception_reason)i)->steps;
		unsigned int seen = 0;

		while (*at) {
			AUTO(str_clear) struct str word = STR_INIT(40);
			enum exception_step step;

			str_add_bytes(&word, at, strcspn(at, " "));
			assert_true(exception_step_parse(word.text, &step));
			assert_true(exception_offers((enum exception_reason)i, step));
			assert_false(seen & 1U << step);
			seen |= 1U << step;
			at += word.len;
			at += strspn(at, " ");
		}
		for (int k = 0; k < STEP_COUNT; k++)
			assert_int_equal(exception_offers((enum exception_reason)i, (enum exception_step)k), (seen >> k) & 1U);
	}
	assert_true(exception_offers(EXCEPTION_SUGGESTED, STEP_REJECT));
	assert_false(exception_offers(EXCEPTION_NOT_IN_LEDGER, STEP_ADOPT));
}

static void what_leaves_a_difference_standing_needs_a_reason(void **state)
{
	(void)state;
	for (int k = 0; k < STEP_COUNT; k++) {
		assert_int_equal(exception_step_needs_note((enum exception_step)k), k == STEP_ACCEPT || k == STEP_IGNORE);
		assert_true(*exception_step_title((enum exception_step)k));
	}
}

static void an_exception_is_open_or_explained(void **state)
{
	(void)state;
	for (int i = 0; i < EXCEPTION_STATE_COUNT; i++) {
		assert_int_equal(exception_is_open((enum exception_state)i), i == EXCEPTION_OPEN || i == EXCEPTION_ASSIGNED);
		assert_int_equal(exception_is_explained((enum exception_state)i), !exception_is_open((enum exception_state)i));
	}
}

static void ages_have_their_borders(void **state)
{
	static const struct {
		int days;
		const char *title;
	} ages[] = { { -400, "0-7" }, { 0, "0-7" }, { 7, "0-7" }, { 8, "8-30" }, { 30, "8-30" }, { 31, "31-60" },
		     { 60, "31-60" }, { 61, "over 60" }, { 100000, "over 60" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ages); i++)
		assert_string_equal(exception_age_title(exception_age(ages[i].days)), ages[i].title);
}

static void each_tie_says_which_report_it_is_held_against(void **state)
{
	(void)state;
	for (int i = 0; i < TIE_COUNT; i++)
		for (int k = 0; k < i; k++)
			assert_string_not_equal(tie_title((enum tie)i), tie_title((enum tie)k));
	assert_non_null(strstr(tie_title(TIE_CONTROL), "control account"));
}

int test_session(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_found_again),
		cmocka_unit_test(each_reason_has_a_cause_and_a_way_on),
		cmocka_unit_test(what_is_offered_are_steps),
		cmocka_unit_test(what_leaves_a_difference_standing_needs_a_reason),
		cmocka_unit_test(an_exception_is_open_or_explained),
		cmocka_unit_test(ages_have_their_borders),
		cmocka_unit_test(each_tie_says_which_report_it_is_held_against),
	};

	return cmocka_run_group_tests_name("session", tests, NULL, NULL);
}
