/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tolerances: what people may write, and which of it holds. */
#include "tests.h"

#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/model/tolerance.h"

#define ALL 1000000 /* an amount's whole, and one of its units */

static bool takes(const char *text)
{
	return tolerance_check(text, NULL);
}

static void what_is_no_tolerance_is_told(void **state)
{
	static const char *const good[] = { "", "0", "  0.05 ", "0.05 JPY=5", "EUR=1  0.2 ", "bank=0 card=0", "receivable/EUR=1,0.5%,5d", "100%", "5d",
					    "+1,-0.10", "+0.5%,-0%,+3d,-0d,2", "bank=1 EUR=1 bank/EUR=1 1", "0.000001" };
	static const char *const bad[] = { "x", "-1", "jpy=5", "JPY=", "EURO=1", "=1", "/EUR=1", "bank/=1", "bank/eur=1", "banks=1", "EUR/bank=1", "1e3",
					   "0.0000001", "1,2", "+1,+2", "-1,+1", "+1,-1,-1", "1,-1", "101%", "46d", "1.5d", "%", "d", "+", "1,", ",1",
					   "1%%", "0.5 %", "99999999999999999999", "bank=1 bank=2", "1 2", "bank/EUR=1 bank/EUR=0", "\xff" };
	struct error err = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++)
		if (!tolerance_check(good[i], &err))
			fail_msg("'%s': %s", good[i], err.text);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (takes(bad[i]))
			fail_msg("'%s' is taken", bad[i]);
	assert_false(tolerance_check("0.05 bnk=1", &err));
	assert_non_null(strstr(err.text, "'bnk=1' is no tolerance"));
	assert_false(tolerance_check("bank=1 EUR=1 bank=2", &err));
	assert_non_null(strstr(err.text, "two tolerances for bank"));
}

static void expect(const char *text, const char *class, const char *currency, struct match_tolerance wanted)
{
	struct match_tolerance got = tolerance_of(text, class, currency, 3);

	if (got.above != wanted.above || got.below != wanted.below || got.above_share != wanted.above_share || got.below_share != wanted.below_share ||
	    got.days_before != wanted.days_before || got.days_after != wanted.days_after)
		fail_msg("'%s' for %s %s: above %lld %d, below %lld %d, days %d %d", text, class, currency, (long long)got.above, got.above_share,
			 (long long)got.below, got.below_share, got.days_before, got.days_after);
}

/* So much on both sides, of a share of the amount, so many days around. */
#define BOTH(amount, share, days) ((struct match_tolerance){ amount, amount, share, share, days, days })

static void the_most_exact_word_holds(void **state)
{
	static const char text[] = "1 EUR=2 bank=3 bank/EUR=4 card=0.5 JPY=9";

	(void)state;
	expect(text, "tax", "USD", BOTH(1 * ALL, ALL, 3));
	expect(text, "", "USD", BOTH(1 * ALL, ALL, 3));
	expect(text, "tax", "EUR", BOTH(2 * ALL, ALL, 3));
	expect(text, "bank", "USD", BOTH(3 * ALL, ALL, 3));
	expect(text, "bank", "EUR", BOTH(4 * ALL, ALL, 3));
	/* One for the class, one for the currency: the stricter. */
	expect(text, "bank", "JPY", BOTH(3 * ALL, ALL, 3));
	expect(text, "card", "EUR", BOTH(ALL / 2, ALL, 3));
	expect("bank=1,2%,9d EUR=2,1%,4d", "bank", "EUR", BOTH(1 * ALL, ALL / 100, 4));
	expect("bank=1", "card", "EUR", (struct match_tolerance){ 0 });
	expect("", "bank", "EUR", (struct match_tolerance){ 0 });
	/* What was kept by another program and is none counts as nothing. */
	expect("what=1 2", "bank", "EUR", BOTH(2 * ALL, ALL, 3));
}

static void amounts_percentages_and_days_hold_together(void **state)
{
	struct match_tolerance shared;

	(void)state;
	expect("0", "bank", "EUR", BOTH(0, ALL, 0));
	expect("0.05,0d", "bank", "EUR", BOTH(50000, ALL, 0));
	expect("0.5%", "bank", "EUR", BOTH(INT64_MAX, 5000, 3));
	expect("0%", "bank", "EUR", BOTH(INT64_MAX, 0, 0));
	expect("5d", "bank", "EUR", BOTH(0, ALL, 5));
	expect("+1,-0.10,+5d", "bank", "EUR", (struct match_tolerance){ 1 * ALL, 100000, ALL, ALL, 0, 5 });
	expect("+1", "bank", "EUR", (struct match_tolerance){ 1 * ALL, 0, ALL, ALL, 3, 3 });
	shared = tolerance_of("2,1%", "", "EUR", 3);
	assert_true(shared.above == 2 * ALL && shared.above_share == 10000 && shared.days_before == 3);
}

int test_tolerance(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_no_tolerance_is_told),
		cmocka_unit_test(the_most_exact_word_holds),
		cmocka_unit_test(amounts_percentages_and_days_hold_together),
	};

	return cmocka_run_group_tests_name("tolerance", tests, NULL, NULL);
}
