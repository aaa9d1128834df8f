/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bounds enclose every value that was added, are characters' whole texts, and say when they are exact. */
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/random.h"
#include "ledgerdeck/core/utf8.h"
#include "lake/bounds.h"

#include "tests.h"

static int compare(const char *a, size_t a_len, const char *b, size_t b_len)
{
	int order = memcmp(a, b, a_len < b_len ? a_len : b_len);

	return order ? order : a_len < b_len ? -1 : a_len > b_len;
}

static void make_text(struct random *random, struct str *out)
{
	static const uint32_t characters[] = { 'a', 'z', 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x10ffff, 0 };
	size_t length = (size_t)random_below(random, 40), same = (size_t)random_below(random, 3) * 20;
	uint32_t first = characters[random_below(random, ARRAY_LEN(characters))];
	char bytes[4];

	str_reset(out);
	for (size_t i = 0; i < same; i++)
		str_add_bytes(out, bytes, utf8_encode(first, bytes));
	for (size_t i = 0; i < length; i++)
		str_add_bytes(out, bytes, utf8_encode(characters[random_below(random, ARRAY_LEN(characters))], bytes));
}

static void texts_lie_between_their_bounds(void **state)
{
	struct random random;

	(void)state;
	for (uint64_t seed = 0; seed < 3000; seed++) {
		AUTO(str_clear) struct str least = STR_INIT(1000), greatest = STR_INIT(1000), text = STR_INIT(1000);
		bool least_exact, greatest_exact, has_greatest, least_was = false, greatest_was = false;
		struct bounds bounds = { 0 };
		size_t count = 1 + seed % 5;

		random_seed(&random, seed);
		for (size_t i = 0; i < count; i++) {
			make_text(&random, &text);
			bounds_add_text(&bounds, text.text, text.len);
		}
		assert_true(bounds_least_text(&bounds, &least, &least_exact));
		has_greatest = bounds_greatest_text(&bounds, &greatest, &greatest_exact);
		assert_true(str_is_utf8(least.text, least.len) && str_is_utf8(greatest.text, greatest.len));
		assert_true(least.len <= BOUNDS_TEXT_MAX && greatest.len <= BOUNDS_TEXT_MAX + 1);
		random_seed(&random, seed);
		for (size_t i = 0; i < count; i++) {
			make_text(&random, &text);
			assert_true(compare(least.text, least.len, text.text, text.len) <= 0);
			assert_true(!has_greatest || compare(text.text, text.len, greatest.text, greatest.len) <= 0);
			least_was = least_was || compare(least.text, least.len, text.text, text.len) == 0;
			greatest_was = greatest_was || compare(greatest.text, greatest.len, text.text, text.len) == 0;
		}
		assert_true(!least_exact || least_was);
		assert_true(!has_greatest || !greatest_exact || greatest_was);
	}
}

static void expect_greatest(const char *unit, size_t times, const char *last, bool there, const char *end)
{
	AUTO(str_clear) struct str text = STR_INIT(1000), greatest = STR_INIT(1000);
	struct bounds bounds = { 0 };
	bool exact = true;

	for (size_t i = 0; i < times; i++)
		str_add(&text, unit);
	str_add(&text, last);
	bounds_add_text(&bounds, text.text, text.len);
	assert_int_equal(bounds_greatest_text(&bounds, &greatest, &exact), there);
	if (!there)
		return;
	assert_int_equal(exact, text.len <= BOUNDS_TEXT_MAX);
	assert_true(greatest.len >= strlen(end));
	assert_string_equal(greatest.text + greatest.len - strlen(end), end);
}

static void a_cut_upper_bound_is_raised(void **state)
{
	(void)state;
	expect_greatest("a", 64, "", true, "aa");
	expect_greatest("a", 65, "", true, "ab");
	/* The 64th byte is half a character: the one before it is raised. */
	expect_greatest("a", 63, "\xc3\xa5", true, "ab");
	expect_greatest("\xed\x9f\xbf", 30, "", true, "\xee\x80\x80");
	/* U+10FFFF has none behind it. */
	expect_greatest("\xf4\x8f\xbf\xbf", 17, "", false, "");
	expect_greatest("b\xf4\x8f\xbf\xbf", 1, "\xf4\x8f\xbf\xbf\xf4\x8f\xbf\xbf\xf4\x8f\xbf\xbf\xf4\x8f\xbf\xbf\xf4\x8f\xbf\xbf\xf4\x8f\xbf\xbf"
			"\xf4\x8f\xbf\xbf\xf4\x8f\xbf\xbf\xf4\x8f\xbf\xbf\xf4\x8f\xbf\xbf\xf4\x8f\xbf\xbf\xf4\x8f\xbf\xbf\xf4\x8f\xbf\xbf\xf4\x8f\xbf\xbf"
			"\xf4\x8f\xbf\xbf\xf4\x8f\xbf\xbf", true, "c");
	/* U+007F is raised into two bytes. */
	expect_greatest("\x7f", 70, "", true, "\xc2\x80");
}

static void numbers_have_both(void **state)
{
	struct bounds bounds = { 0 };

	(void)state;
	bounds_add_number(&bounds, 5);
	assert_true(bounds.least.number == 5 && bounds.greatest.number == 5);
	bounds_add_number(&bounds, -7);
	bounds_add_number(&bounds, 3);
	assert_true(bounds.least.number == -7 && bounds.greatest.number == 5);
	bounds_reset(&bounds);
	bounds_add_number(&bounds, 1);
	assert_true(bounds.least.number == 1 && bounds.greatest.number == 1);
}

int test_bounds(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_lie_between_their_bounds),
		cmocka_unit_test(a_cut_upper_bound_is_raised),
		cmocka_unit_test(numbers_have_both),
	};

	return cmocka_run_group_tests_name("bounds", tests, NULL, NULL);
}
