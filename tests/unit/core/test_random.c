/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Repeatable numbers: the published sequences of both generators, and that limits are fair. */
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/random.h"

#include "tests.h"

static void state_is_splitmix(void **state)
{
	static const uint64_t expected[] = {
		UINT64_C(6457827717110365317), UINT64_C(3203168211198807973),
		UINT64_C(9817491932198370423), UINT64_C(4593380528125082431),
	};
	struct random random;

	(void)state;
	random_seed(&random, 1234567);
	for (size_t i = 0; i < ARRAY_LEN(expected); i++)
		assert_true(random.state[i] == expected[i]);
}

static void sequence_is_xoshiro(void **state)
{
	static const uint64_t expected[] = {
		UINT64_C(11520), UINT64_C(0), UINT64_C(1509978240),
		UINT64_C(1215971899390074240), UINT64_C(1216172134540287360),
		UINT64_C(607988272756665600), UINT64_C(16172922978634559625),
		UINT64_C(8476171486693032832), UINT64_C(10595114339597558777),
		UINT64_C(2904607092377533576),
	};
	struct random random = { .state = { 1, 2, 3, 4 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(expected); i++)
		assert_true(random_next(&random) == expected[i]);
}

static void below_stays_below_and_is_even(void **state)
{
	struct random random;

	(void)state;
	random_seed(&random, 42);
	for (uint64_t limit = 1; limit <= 20; limit++) {
		unsigned int counts[20] = { 0 };

		for (int i = 0; i < 20000; i++) {
			uint64_t value = random_below(&random, limit);

			assert_true(value < limit);
			counts[value]++;
		}
		/* Six standard deviations, at the worst about 850. */
		for (uint64_t value = 0; value < limit; value++)
			assert_in_range(counts[value], 20000 / limit > 850 ? 20000 / limit - 850 :
					0, 20000 / limit + 850);
	}
}

/* A limit just above half of all numbers refuses nearly every second one. */
static void below_refuses_the_surplus(void **state)
{
	const uint64_t limit = (UINT64_C(1) << 63) + 1, unfair = (UINT64_C(1) << 63) - 1;
	struct random random, mirror;
	int refused = 0;

	(void)state;
	random_seed(&random, 7);
	mirror = random;
	for (int i = 0; i < 1000; i++) {
		uint64_t value = random_next(&mirror);

		for (; value < unfair; value = random_next(&mirror))
			refused++;
		assert_true(random_below(&random, limit) == value % limit);
	}
	assert_in_range(refused, 800, 1200);
}

static void greatest_limits(void **state)
{
	struct random random, mirror;

	(void)state;
	random_seed(&random, 9);
	mirror = random;
	for (int i = 0; i < 1000; i++)
		assert_true(random_below(&random, UINT64_C(1) << 63) ==
			    random_next(&mirror) % (UINT64_C(1) << 63));
	for (int i = 0; i < 1000; i++)
		assert_true(random_below(&random, UINT64_MAX) < UINT64_MAX);
}

int test_random(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(state_is_splitmix),
		cmocka_unit_test(sequence_is_xoshiro),
		cmocka_unit_test(below_stays_below_and_is_even),
		cmocka_unit_test(below_refuses_the_surplus),
		cmocka_unit_test(greatest_limits),
	};

	return cmocka_run_group_tests_name("random", tests, NULL, NULL);
}
