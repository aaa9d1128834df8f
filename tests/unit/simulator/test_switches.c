/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of switches: defaults, changes, refusals, JSON. */
#include "switches.h"

#include <string.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"

#include "test_simulator.h"

static void begins_with_defaults(void **state)
{
	struct switches switches;

	(void)state;
	memset(&switches, 0x55, sizeof(switches));
	switches_init(&switches);
	assert_int_equal(switches_get(&switches, SWITCH_LATENCY_MS), 0);
	assert_int_equal(switches_get(&switches, SWITCH_LIMIT_PER_MINUTE), 500);
	assert_int_equal(switches_get(&switches, SWITCH_LIMIT_PER_SECOND), 10);
	assert_int_equal(switches_get(&switches, SWITCH_LIMIT_BATCH_PER_MINUTE), 40);
	assert_int_equal(switches_get(&switches, SWITCH_REFRESH_LIFETIME_S), 8726400);
	assert_true(switches_is(&switches, SWITCH_LIMITS, "on"));
	assert_true(switches_is(&switches, SWITCH_THROTTLE_STATUS, "429"));
	assert_true(switches_is(&switches, SWITCH_PKCE, "ignored"));
	/* The default of each row can be set, and is what it says. */
	for (size_t i = 0; i < SWITCH_COUNT; i++) {
		struct switches again = switches;
		const char *name, *allowed, *fallback, *help;

		switches_row((enum switch_name)i, &name, &allowed, &fallback, &help);
		assert_true(switches_set(&again, name, fallback, NULL));
		assert_int_equal(again.values[i], switches.values[i]);
		assert_true(*help);
		if (strcmp(allowed, "number") != 0)
			assert_true(switches_is(&switches, (enum switch_name)i, fallback));
	}
}

/* Every word of every row is taken, and each makes a difference. */
static void takes_every_word(void **state)
{
	(void)state;
	for (size_t i = 0; i < SWITCH_COUNT; i++) {
		const char *name, *allowed, *fallback, *help;
		int64_t place = 0;

		switches_row((enum switch_name)i, &name, &allowed, &fallback, &help);
		if (strcmp(allowed, "number") == 0)
			continue;
		for (const char *word = allowed; *word; place++) {
			AUTO(memory_freep) char *text = memory_copy(word, strcspn(word, "|"));
			struct switches switches;

			switches_init(&switches);
			assert_true(switches_set(&switches, name, text, NULL));
			assert_true(switches_is(&switches, (enum switch_name)i, text));
			assert_int_equal(switches_get(&switches, (enum switch_name)i), place);
			word += strcspn(word, "|");
			word += *word == '|';
		}
		assert_true(place >= 2);
	}
}

static void refuses_what_is_not_allowed(void **state)
{
	static const struct {
		const char *name, *value, *text;
	} rows[] = {
		{ "latency", "5", "there is no switch 'latency'" },
		{ "", "5", "there is no switch ''" },
		{ "GZIP", "on", "there is no switch 'GZIP'" },
		{ "gzip", "maybe", "switch 'gzip' takes on|off, not 'maybe'" },
		{ "gzip", "", "switch 'gzip' takes on|off, not ''" },
		{ "gzip", "o", "switch 'gzip' takes on|off, not 'o'" },
		{ "gzip", "on|off", "switch 'gzip' takes on|off, not 'on|off'" },
		{ "throttle-status", "500", "switch 'throttle-status' takes 429|403, not '500'" },
		{ "latency-ms", "-1",
		  "switch 'latency-ms' takes a number from 0 to 3600000, not '-1'" },
		{ "latency-ms", "3600001",
		  "switch 'latency-ms' takes a number from 0 to 3600000, not '3600001'" },
		{ "latency-ms", "99999999999999999999",
		  "switch 'latency-ms' takes a number from 0 to 3600000, not "
		  "'99999999999999999999'" },
		{ "latency-ms", "5ms",
		  "switch 'latency-ms' takes a number from 0 to 3600000, not '5ms'" },
		{ "latency-ms", "",
		  "switch 'latency-ms' takes a number from 0 to 3600000, not ''" },
		{ "url-max", "63", "switch 'url-max' takes a number from 64 to 49152, not '63'" },
	};
	struct switches switches, before;

	(void)state;
	switches_init(&switches);
	before = switches;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct error err = { 0 };

		assert_false(switches_set(&switches, rows[i].name, rows[i].value, &err));
		assert_int_equal(err.code, ERROR_INPUT);
		assert_string_equal(err.text, rows[i].text);
	}
	assert_memory_equal(&switches, &before, sizeof(switches));
}

static void keeps_numbers(void **state)
{
	struct switches switches;

	(void)state;
	switches_init(&switches);
	assert_true(switches_set(&switches, "latency-ms", "250", NULL));
	assert_true(switches_set(&switches, "bandwidth", "1000000000000", NULL));
	assert_true(switches_set(&switches, "url-max", "00064", NULL));
	assert_int_equal(switches_get(&switches, SWITCH_LATENCY_MS), 250);
	assert_int_equal(switches_get(&switches, SWITCH_BANDWIDTH), INT64_C(1000000000000));
	assert_int_equal(switches_get(&switches, SWITCH_URL_MAX), 64);
	assert_int_equal(switches_get(&switches, SWITCH_JITTER_MS), 0);
}

static void tells_all_as_json(void **state)
{
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);
	struct switches switches;
	struct json_slice all, name, row;
	size_t at = 0, count = 0;

	(void)state;
	switches_init(&switches);
	assert_true(switches_set(&switches, "rotation", "every", NULL));
	assert_true(switches_set(&switches, "jitter-ms", "7", NULL));
	switches_add_json(&switches, &out);
	assert_true(json_check(out.text, out.len, NULL));
	all = (struct json_slice){ .text = out.text, .len = out.len, .kind = JSON_OBJECT };
	while (json_each(all, &at, &name, &row)) {
		const char *row_name, *allowed, *fallback, *help;

		switches_row((enum switch_name)count++, &row_name, &allowed, &fallback, &help);
		assert_true(json_equals(name, row_name));
		assert_true(json_equals(json_find(row.text, row.len, "allowed"), allowed));
		assert_true(json_equals(json_find(row.text, row.len, "default"), fallback));
		assert_true(json_equals(json_find(row.text, row.len, "help"), help));
	}
	assert_int_equal(count, SWITCH_COUNT);
	assert_true(json_equals(json_find(out.text, out.len, "rotation.value"), "every"));
	assert_true(json_equals(json_find(out.text, out.len, "jitter-ms.value"), "7"));
	assert_int_equal(json_find(out.text, out.len, "jitter-ms.most").kind, JSON_NUMBER);
}

int test_switches(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(begins_with_defaults),
		cmocka_unit_test(takes_every_word),
		cmocka_unit_test(refuses_what_is_not_allowed),
		cmocka_unit_test(keeps_numbers),
		cmocka_unit_test(tells_all_as_json),
	};

	return cmocka_run_group_tests_name("switches", tests, NULL, NULL);
}
