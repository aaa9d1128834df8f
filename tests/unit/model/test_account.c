/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words for environments and states. */
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/model/account.h"

#include "tests.h"

static void environments_read_as_they_are_written(void **state)
{
	(void)state;
	for (int i = 0; i < ENVIRONMENT_COUNT; i++) {
		enum environment back = ENVIRONMENT_COUNT;

		assert_true(environment_parse(environment_word((enum environment)i), &back));
		assert_int_equal(back, i);
	}
	assert_string_equal(environment_word(ENVIRONMENT_LOCAL), "local");
	assert_string_equal(environment_word(ENVIRONMENT_PRODUCTION), "production");
}

static void other_words_are_no_environment(void **state)
{
	static const char *const words[] = { "", "prod", "Production", "sandbox ", "localhost" };
	enum environment environment = ENVIRONMENT_DEMO;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		assert_false(environment_parse(words[i], &environment));
	assert_int_equal(environment, ENVIRONMENT_DEMO);
}

static void states_have_words_of_their_own(void **state)
{
	(void)state;
	for (int i = 0; i < ACCOUNT_STATE_COUNT; i++)
		for (int j = 0; j < i; j++)
			assert_string_not_equal(account_state_word((enum account_state)i),
						account_state_word((enum account_state)j));
	assert_string_equal(account_state_word(ACCOUNT_RECONNECT), "needs reconnect");
}

int test_account(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(environments_read_as_they_are_written),
		cmocka_unit_test(other_words_are_no_environment),
		cmocka_unit_test(states_have_words_of_their_own),
	};

	return cmocka_run_group_tests_name("account", tests, NULL, NULL);
}
