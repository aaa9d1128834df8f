/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decimals against whole numbers of 128 bits: every result is checked by what it has to fulfil
 * (nearest, ties away from zero, or truly too large), for all small values and for random ones.
 */
#include <string.h>

#include "ledgerdeck/core/decimal.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/random.h"
#include "ledgerdeck/core/str.h"

#include "tests.h"

static struct decimal d(const char *text)
{
	struct decimal value = { .digits = -77, .scale = 7 };

	if (!decimal_parse(text, strlen(text), &value))
		fail_msg("'%s' was refused", text);
	return value;
}

static void assert_text(struct decimal value, const char *expected)
{
	char text[DECIMAL_TEXT_MAX];

	assert_string_equal(decimal_format(value, text), expected);
}

static __int128 ten_to(int power)
{
	__int128 result = 1;

	for (; power > 0; power--)
		result *= 10;
	return result;
}

static __int128 absolute(__int128 value)
{
	return value < 0 ? -value : value;
}

/*
 * Is `got` the quotient of `over` and `under`, rounded half away from zero, or rightly refused?
 * Twice the error is at most the divisor; if it is just as great, the result is the greater one.
 */
static void assert_rounded(__int128 over, __int128 under, bool ok, struct decimal got, int scale)
{
	__int128 rest;

	if (under < 0) {
		over = -over;
		under = -under;
	}
	if (!ok) {
		rest = absolute(over) % under;
		assert_true(absolute(over) / under + (2 * rest >= under) >
			    (__int128)INT64_MAX + (over < 0));
		return;
	}
	rest = over - got.digits * under;
	assert_int_equal(got.scale, scale);
	assert_true(2 * absolute(rest) <= under);
	if (2 * absolute(rest) == under)
		assert_true(absolute((__int128)got.digits * under) > absolute(over));
}

static void check_exact(struct decimal a, struct decimal b)
{
	int scale = a.scale > b.scale ? a.scale : b.scale;
	__int128 left = a.digits * ten_to(scale - a.scale);
	__int128 right = b.digits * ten_to(scale - b.scale);
	struct decimal got;
	bool ok;

	assert_int_equal(decimal_compare(a, b), left < right ? -1 : left > right ? 1 : 0);
	got = decimal_of(4711, 3);
	ok = decimal_add(a, b, &got);
	assert_rounded(left + right, 1, ok, got, scale);
	if (!ok)
		assert_true(got.digits == 4711 && got.scale == 3);
	got = decimal_of(4711, 3);
	ok = decimal_subtract(a, b, &got);
	assert_rounded(left - right, 1, ok, got, scale);
	if (!ok)
		assert_true(got.digits == 4711 && got.scale == 3);
}

static void check_rounded(struct decimal a, struct decimal b, uint8_t scale)
{
	struct decimal got = decimal_of(4711, 3);
	bool ok = decimal_multiply(a, b, scale, &got);

	assert_rounded((__int128)a.digits * b.digits * ten_to(scale), ten_to(a.scale + b.scale),
		       ok, got, scale);
	if (!ok)
		assert_true(got.digits == 4711 && got.scale == 3);
	got = decimal_of(4711, 3);
	ok = decimal_divide(a, b, scale, &got);
	if (b.digits == 0)
		assert_false(ok);
	else
		assert_rounded(a.digits * ten_to(scale + b.scale), b.digits * ten_to(a.scale), ok,
			       got, scale);
	if (!ok)
		assert_true(got.digits == 4711 && got.scale == 3);
	ok = decimal_round(a, scale, &got);
	assert_rounded(a.digits * ten_to(scale), ten_to(a.scale), ok, got, scale);
}

static void all_small_values(void **state)
{
	(void)state;
	for (int a = -35; a <= 35; a++) {
		for (int b = -35; b <= 35; b++) {
			for (uint8_t scales = 0; scales < 9; scales++) {
				struct decimal left = decimal_of(a, scales % 3);
				struct decimal right = decimal_of(b, scales / 3);

				check_exact(left, right);
				for (uint8_t scale = 0; scale <= 4; scale++)
					check_rounded(left, right, scale);
			}
		}
	}
}

/* Up to `bits` bits, small ones as often as great ones, with round ones among them. */
static int64_t random_digits(struct random *random, unsigned int bits)
{
	uint64_t size = random_next(random) >> (64 - 1 - random_below(random, bits));

	if (random_below(random, 4) == 0)
		size = size / 1000 * 1000 + 500;
	return random_below(random, 2) ? (int64_t)size : -(int64_t)size;
}

static void random_sums(void **state)
{
	struct random random;

	(void)state;
	random_seed(&random, 1);
	for (int i = 0; i < 200000; i++) {
		struct decimal a, b;

		a.digits = random_digits(&random, 63);
		b.digits = random_digits(&random, 63);
		a.scale = (uint8_t)random_below(&random, DECIMAL_SCALE_MAX + 1);
		b.scale = (uint8_t)random_below(&random, DECIMAL_SCALE_MAX + 1);
		check_exact(a, b);
	}
}

/* As large as the checks themselves can be calculated in 128 bits. */
static void random_products(void **state)
{
	struct random random;

	(void)state;
	random_seed(&random, 2);
	for (int i = 0; i < 200000; i++) {
		struct decimal a, b;

		a.digits = random_digits(&random, 44);
		b.digits = random_digits(&random, 44);
		a.scale = (uint8_t)random_below(&random, 8);
		b.scale = (uint8_t)random_below(&random, 8);
		check_rounded(a, b, (uint8_t)random_below(&random, 8));
	}
}

static void greatest_values(void **state)
{
	static const int64_t digits[] = { INT64_MIN, INT64_MIN + 1, -1, 0, 1, INT64_MAX - 1,
					  INT64_MAX };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(digits); i++) {
		for (size_t j = 0; j < ARRAY_LEN(digits); j++) {
			for (uint8_t scale = 0; scale <= DECIMAL_SCALE_MAX; scale++) {
				check_exact(decimal_of(digits[i], scale),
					    decimal_of(digits[j], 0));
				check_exact(decimal_of(digits[i], scale),
					    decimal_of(digits[j], DECIMAL_SCALE_MAX));
			}
		}
	}
}

static void greatest_results(void **state)
{
	struct decimal least = decimal_of(INT64_MIN, 18), most = decimal_of(INT64_MAX, 0), got;

	(void)state;
	/* 2^63 twice, with all places: 2^126 over 10^36 is 85.07. */
	assert_true(decimal_multiply(least, least, 2, &got));
	assert_text(got, "85.07");
	assert_true(decimal_multiply(least, least, 17, &got));
	assert_text(got, "85.07059173023461587");
	assert_false(decimal_multiply(least, least, 18, &got));
	assert_false(decimal_multiply(most, most, 0, &got));
	assert_false(decimal_multiply(most, most, 18, &got));
	assert_false(decimal_multiply(decimal_of(INT64_MIN, 0), decimal_of(-1, 0), 0, &got));
	assert_true(decimal_multiply(decimal_of(INT64_MIN, 0), decimal_of(1, 0), 0, &got));
	assert_true(got.digits == INT64_MIN);
	assert_true(decimal_divide(decimal_of(INT64_MIN, 0), decimal_of(INT64_MIN, 0), 18, &got));
	assert_text(got, "1.000000000000000000");
	assert_false(decimal_divide(decimal_of(INT64_MIN, 0), decimal_of(-1, 0), 0, &got));
	assert_false(decimal_divide(decimal_of(INT64_MAX, 0), decimal_of(1, 18), 18, &got));
	assert_true(decimal_divide(decimal_of(0, 0), decimal_of(1, 18), 18, &got));
	assert_text(got, "0.000000000000000000");
	assert_true(decimal_divide(decimal_of(INT64_MAX, 18), decimal_of(INT64_MIN, 0), 0, &got));
	assert_text(got, "0");
	assert_true(decimal_divide(decimal_of(INT64_MAX, 18), decimal_of(1, 18), 0, &got));
	assert_true(got.digits == INT64_MAX);
	assert_false(decimal_round(decimal_of(INT64_MAX, 0), 1, &got));
	assert_true(decimal_round(decimal_of(INT64_MIN, 18), 0, &got));
	assert_text(got, "-9");
}

/* Operands may be results: the same object in all places. */
static void results_may_be_operands(void **state)
{
	struct decimal value = d("12.50");

	(void)state;
	assert_true(decimal_add(value, value, &value));
	assert_text(value, "25.00");
	assert_true(decimal_multiply(value, value, 2, &value));
	assert_text(value, "625.00");
	assert_true(decimal_divide(value, value, 0, &value));
	assert_text(value, "1");
	assert_true(decimal_subtract(value, value, &value));
	assert_true(decimal_is_zero(value));
}

static void texts_are_read(void **state)
{
	static const struct {
		const char *text;
		int64_t digits;
		uint8_t scale;
	} rows[] = {
		{ "0", 0, 0 }, { "-0", 0, 0 }, { "0.00", 0, 2 }, { "-0.00", 0, 2 }, { "7", 7, 0 },
		{ "12.50", 1250, 2 }, { "-12.50", -1250, 2 }, { "007.5", 75, 1 }, { "0.1", 1, 1 },
		{ "1e3", 1000, 0 }, { "1E3", 1000, 0 }, { "1e+3", 1000, 0 }, { "1e0", 1, 0 },
		{ "1e-0", 1, 0 }, { "1e-3", 1, 3 }, { "4.3e-05", 43, 6 }, { "1.50e1", 150, 1 },
		{ "1.50e2", 150, 0 }, { "1.50e3", 1500, 0 }, { "-1.5E2", -150, 0 },
		{ "1e-18", 1, 18 }, { "0.000000000000000001", 1, 18 },
		{ "9223372036854775807", INT64_MAX, 0 }, { "-9223372036854775808", INT64_MIN, 0 },
		{ "9.223372036854775807", INT64_MAX, 18 },
		{ "9e18", INT64_C(9000000000000000000), 0 },
		{ "00000000000000000000000000000000000000001.5", 15, 1 },
		{ "0e999999999999999999999", 0, 0 }, { "0e-5", 0, 5 }, { "0.00e1", 0, 1 },
		{ "0.000000000000000000001e21", 1, 0 }, { "0.0000000000000000000015e20", 15, 2 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct decimal value = d(rows[i].text);

		if (value.digits != rows[i].digits || value.scale != rows[i].scale)
			fail_msg("'%s' is %lld and %d", rows[i].text, (long long)value.digits,
				 value.scale);
	}
}

static void other_texts_are_refused(void **state)
{
	static const char *const bad[] = {
		"", "-", "+", "+1", ".", ".5", "5.", "-.5", "1.e5", "1e", "1e+", "1e-", "e5", "--1",
		"1-", "1.2.3", "1,5", "1 ", " 1", "0x10", "1e5.5", "1e5e5", "NaN",
		"Infinity", "inf",
		"1_000", "1'000", "12a", "9223372036854775808", "-9223372036854775809",
		"18446744073709551616", "99999999999999999999", "9.2233720368547758080", "1e19",
		"10e18", "1e999999999999999999999999", "1e-19", "0.0000000000000000001",
		"0.0000000000000000000", "0e-19", "1e-99999999999999999999999",
	};
	struct decimal value = decimal_of(4711, 3);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		if (decimal_parse(bad[i], strlen(bad[i]), &value))
			fail_msg("'%s' was read", bad[i]);
	}
	assert_false(decimal_parse(NULL, 0, &value));
	assert_true(value.digits == 4711 && value.scale == 3);
	/* The length counts, not a NUL. */
	assert_false(decimal_parse("1\0", 2, &value));
	assert_true(decimal_parse("12.5", 2, &value));
	assert_text(value, "12");
	assert_false(decimal_parse("12.5", 3, &value));
}

static void texts_come_back(void **state)
{
	char text[DECIMAL_TEXT_MAX];
	struct random random;

	(void)state;
	random_seed(&random, 3);
	for (int i = 0; i < 100000; i++) {
		struct decimal value = { .digits = random_digits(&random, 63) }, back;
		AUTO(str_clear) struct str expected = STR_INIT(64);
		int64_t one;

		value.scale = (uint8_t)random_below(&random, DECIMAL_SCALE_MAX + 1);
		decimal_format(value, text);
		assert_true(decimal_parse(text, strlen(text), &back));
		assert_true(back.digits == value.digits && back.scale == value.scale);
		one = (int64_t)ten_to(value.scale);
		str_addf(&expected, "%s%lld", value.digits < 0 ? "-" : "",
			 (long long)absolute(value.digits / one));
		if (value.scale)
			str_addf(&expected, ".%0*lld", value.scale,
				 (long long)absolute(value.digits % one));
		assert_string_equal(text, expected.text);
	}
	assert_text(decimal_of(INT64_MIN, 0), "-9223372036854775808");
	assert_text(decimal_of(INT64_MIN, 18), "-9.223372036854775808");
	assert_text(decimal_of(INT64_MIN, 17), "-92.23372036854775808");
	assert_text(decimal_of(-1, 18), "-0.000000000000000001");
	assert_text(decimal_of(5, 1), "0.5");
	assert_text(decimal_of(-120, 0), "-120");
}

static void small_questions(void **state)
{
	(void)state;
	assert_true(decimal_is_zero(d("0.00")));
	assert_false(decimal_is_zero(d("0.01")));
	assert_text(decimal_negate(d("1.50")), "-1.50");
	assert_text(decimal_negate(d("-1.50")), "1.50");
	assert_text(decimal_negate(d("0.0")), "0.0");
	assert_text(decimal_trim(d("1.500")), "1.5");
	assert_text(decimal_trim(d("-100.00")), "-100");
	assert_text(decimal_trim(d("100")), "100");
	assert_text(decimal_trim(d("0.000")), "0");
	assert_text(decimal_trim(d("1.05")), "1.05");
	assert_int_equal(decimal_compare(d("1.50"), d("1.5")), 0);
	assert_int_equal(decimal_compare(d("-1.50"), d("1.5")), -1);
	assert_int_equal(decimal_compare(d("1.51"), d("1.5")), 1);
}

static void halves_go_away_from_zero(void **state)
{
	static const struct {
		const char *text;
		uint8_t scale;
		const char *rounded;
	} rows[] = {
		{ "0.5", 0, "1" }, { "-0.5", 0, "-1" }, { "0.49", 0, "0" }, { "-0.49", 0, "0" },
		{ "1.005", 2, "1.01" }, { "-1.005", 2, "-1.01" }, { "1.0049", 2, "1.00" },
		{ "2.5", 0, "3" }, { "3.5", 0, "4" }, { "1.2", 3, "1.200" },
		{ "99.995", 2, "100.00" },
	};
	struct decimal got;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_true(decimal_round(d(rows[i].text), rows[i].scale, &got));
		assert_text(got, rows[i].rounded);
	}
}

static void money_is_kept_in_millionths(void **state)
{
	static const struct {
		const char *text;
		int64_t millionths;
		const char *money;
	} rows[] = {
		{ "0", 0, "0.00" }, { "12.5", 12500000, "12.50" }, { "-0.01", -10000, "-0.01" }, { "0.125", 125000, "0.125" },
		{ "9223372036854.775807", INT64_MAX, "9223372036854.775807" }, { "1.0000000000", 1000000, "1.00" },
	};
	char out[DECIMAL_TEXT_MAX];
	int64_t got = 7;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_true(decimal_to_millionths(d(rows[i].text), &got));
		assert_int_equal(got, rows[i].millionths);
		assert_string_equal(decimal_format_money(got, out), rows[i].money);
	}
	assert_string_equal(decimal_format_money(INT64_MIN, out), "-9223372036854.775808");
	/* Too many places, too large. */
	got = 7;
	assert_false(decimal_to_millionths(d("0.0000001"), &got) || decimal_to_millionths(d("92233720368547.0"), &got));
	assert_int_equal(got, 7);
}

int test_decimal(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_small_values),
		cmocka_unit_test(random_sums),
		cmocka_unit_test(random_products),
		cmocka_unit_test(greatest_values),
		cmocka_unit_test(greatest_results),
		cmocka_unit_test(results_may_be_operands),
		cmocka_unit_test(texts_are_read),
		cmocka_unit_test(other_texts_are_refused),
		cmocka_unit_test(texts_come_back),
		cmocka_unit_test(small_questions),
		cmocka_unit_test(halves_go_away_from_zero),
		cmocka_unit_test(money_is_kept_in_millionths),
	};

	return cmocka_run_group_tests_name("decimal", tests, NULL, NULL);
}
