/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Policies: each word says what it does, each default is a value. */
#include "tests.h"

#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/model/policy.h"

static void test_rows(void **state)
{
	(void)state;
	for (int i = 0; i < POLICY_COUNT; i++) {
		AUTO(str_clear) struct str word = STR_INIT(STR_NO_LIMIT);
		enum policy policy = (enum policy)i;
		char usual[POLICY_VALUE_MAX];
		size_t count = 0;

		assert_true(policy_check(policy, policy_usual(policy, usual), NULL));
		for (; policy_value(policy, count, &word); count++, str_reset(&word)) {
			AUTO(str_clear) struct str meaning = STR_INIT(STR_NO_LIMIT);

			assert_true(policy_check(policy, word.text, NULL));
			policy_add_meaning(policy, word.text, &meaning);
			if (meaning.len == 0)
				fail_msg("%s does not say what '%s' does", policy_row(policy)->name, word.text);
			if (count == 0)
				assert_string_equal(word.text, usual);
		}
		assert_int_equal(count > 0, policy_row(policy)->kind == POLICY_WORDS);
	}
}

static void test_meaning(void **state)
{
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);

	(void)state;
	policy_add_meaning(POLICY_DUPLICATE, "block", &text);
	assert_string_equal(text.text, "held back");
	str_reset(&text);
	policy_add_meaning(POLICY_CONFIRM, "never", &text);
	assert_string_equal(text.text, "nobody does");
	str_reset(&text);
	policy_add_meaning(POLICY_DUPLICATE, "bloc", &text);
	assert_string_equal(text.text, "");
}

int test_policy(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_meaning),
	};

	return cmocka_run_group_tests_name("policy", tests, NULL, NULL);
}
