/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs and packed groups, read back by a reader of the tests' own, made of the format's description alone. */
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/random.h"
#include "lake/hybrid.h"

#include "tests.h"

#define NUMBERS_MAX 5000

static uint64_t read_varint(const struct str *from, size_t *at)
{
	uint64_t value = 0;

	for (int shift = 0;; shift += 7) {
		unsigned char byte;

		assert_true(*at < from->len);
		byte = (unsigned char)from->text[(*at)++];
		value |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80)
			return value;
	}
}

/* So many numbers, the last group's rest left alone; all bytes must be used up. */
static void read_back(const struct str *from, int width, uint32_t *numbers, size_t count)
{
	size_t at = 0, done = 0;

	while (done < count) {
		uint64_t head = read_varint(from, &at);
		size_t run = (size_t)(head >> 1);

		if (head & 1) {
			for (size_t i = 0; i < run * 8; i++, done++) {
				uint32_t number = 0;

				for (int bit = 0; bit < width; bit++) {
					size_t place = i * (size_t)width + (size_t)bit;

					assert_true(at + place / 8 < from->len);
					number |= (uint32_t)((unsigned char)from->text[at + place / 8] >> place % 8 & 1) << bit;
				}
				if (done < count)
					numbers[done] = number;
				else
					assert_int_equal(number, 0);
			}
			assert_true(done < count + 8);
			at += run * (size_t)width;
		} else {
			uint32_t number = 0;

			assert_true(run > 0 && done + run <= count);
			for (int i = 0; i < (width + 7) / 8; i++)
				number |= (uint32_t)(unsigned char)from->text[at++] << 8 * i;
			for (; run > 0; run--)
				numbers[done++] = number;
		}
	}
	assert_int_equal(at, from->len);
}

static void expect_same(const uint32_t *numbers, size_t count, int width)
{
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);
	uint32_t read[NUMBERS_MAX];

	hybrid_add(&out, numbers, count, width);
	read_back(&out, width, read, count);
	assert_memory_equal(read, numbers, count * sizeof(*numbers));
}

static void numbers_come_back_in_any_mixture(void **state)
{
	uint32_t numbers[NUMBERS_MAX];
	struct random random;

	(void)state;
	for (uint64_t seed = 0; seed < 400; seed++) {
		size_t count, run;
		int width;

		random_seed(&random, seed);
		count = (size_t)random_below(&random, seed % 3 ? 200 : NUMBERS_MAX) + 1;
		width = 1 + (int)random_below(&random, HYBRID_WIDTH_MAX);
		for (size_t i = 0; i < count; i += run) {
			uint32_t number = (uint32_t)random_below(&random, UINT64_C(1) << width);

			run = (size_t)random_below(&random, seed % 2 ? 40 : 3) + 1;
			for (size_t j = i; j < count && j < i + run; j++)
				numbers[j] = number;
		}
		expect_same(numbers, count, width);
	}
}

static void one_value_is_one_run(void **state)
{
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);
	uint32_t numbers[1000] = { 0 };

	(void)state;
	hybrid_add(&out, numbers, ARRAY_LEN(numbers), 9);
	assert_int_equal(out.len, 4); /* two of the head, two of the value */
}

static void bits_come_back(void **state)
{
	uint8_t bits[100];
	uint32_t read[800];
	struct random random;

	(void)state;
	for (uint64_t seed = 0; seed < 60; seed++) {
		AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);
		size_t count, ones = 0;

		random_seed(&random, seed);
		count = (size_t)random_below(&random, 800) + 1;
		memset(bits, 0, sizeof(bits));
		for (size_t i = 0; i < count; i++)
			if (seed % 3 == 0 || (seed % 3 == 1 && random_below(&random, 2))) {
				bits[i / 8] |= (uint8_t)(1 << i % 8);
				ones++;
			}
		hybrid_add_bits(&out, bits, count, ones);
		assert_true(ones != 0 || out.len <= 3);
		read_back(&out, 1, read, count);
		for (size_t i = 0; i < count; i++)
			assert_int_equal(read[i], bits[i / 8] >> i % 8 & 1);
	}
}

static void widths_hold_all_places(void **state)
{
	(void)state;
	assert_int_equal(hybrid_width(0), 1);
	assert_int_equal(hybrid_width(1), 1);
	assert_int_equal(hybrid_width(2), 1);
	assert_int_equal(hybrid_width(3), 2);
	assert_int_equal(hybrid_width(256), 8);
	assert_int_equal(hybrid_width(257), 9);
}

int test_hybrid(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_come_back_in_any_mixture),
		cmocka_unit_test(one_value_is_one_run),
		cmocka_unit_test(bits_come_back),
		cmocka_unit_test(widths_hold_all_places),
	};

	return cmocka_run_group_tests_name("hybrid", tests, NULL, NULL);
}
