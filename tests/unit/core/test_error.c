/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Errors: what is filled, what is kept, and that no text is ever too long, broken or two lines. */
#include <string.h>

#include "ledgerdeck/core/error.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"

#include "tests.h"

static void set_fills_everything(void **state)
{
	struct error err;

	(void)state;
	memset(&err, 0x55, sizeof(err));
	assert_false(error_set(&err, ERROR_AUTH, "'%s' refused %d", "Harbor Books", 7));
	assert_int_equal(err.code, ERROR_AUTH);
	assert_int_equal(err.retry_after_s, -1);
	assert_false(err.outcome_unknown);
	assert_string_equal(err.ledger_code, "");
	assert_string_equal(err.trace_id, "");
	assert_string_equal(err.text, "'Harbor Books' refused 7");
}

static void nobody_asks(void **state)
{
	(void)state;
	assert_false(error_set(NULL, ERROR_INPUT, "%s", "lost"));
	assert_false(error_prefix(NULL, "%s", "lost"));
	error_clear(NULL);
}

/* The C locale has no such character, so printf itself fails. */
static void formats_that_fail(void **state)
{
	struct error err;

	(void)state;
	assert_false(error_set(&err, ERROR_INPUT, "part%ls", L"\u20ac"));
	assert_int_equal(err.code, ERROR_INPUT);
	assert_in_range(strlen(err.text), 0, 4);
	error_set(&err, ERROR_INPUT, "whole");
	assert_false(error_prefix(&err, "part%ls", L"\u20ac"));
	assert_string_equal(err.text, "whole");
}

static void clear_is_none(void **state)
{
	struct error err;

	(void)state;
	error_set(&err, ERROR_STORE, "full");
	error_clear(&err);
	assert_int_equal(err.code, ERROR_NONE);
	assert_int_equal(err.retry_after_s, 0);
	assert_string_equal(err.text, "");
}

static void prefix_keeps_the_rest(void **state)
{
	struct error err;

	(void)state;
	error_set(&err, ERROR_LIMIT, "too many requests");
	err.retry_after_s = 30;
	err.outcome_unknown = true;
	memcpy(err.ledger_code, "3001", 5);
	memcpy(err.trace_id, "1-abc", 6);
	assert_false(error_prefix(&err, "cannot read '%s'", "Invoice"));
	assert_string_equal(err.text, "cannot read 'Invoice': too many requests");
	assert_int_equal(err.code, ERROR_LIMIT);
	assert_int_equal(err.retry_after_s, 30);
	assert_true(err.outcome_unknown);
	assert_string_equal(err.ledger_code, "3001");
	assert_string_equal(err.trace_id, "1-abc");
}

/* Callers rewrite errors with their own text as an argument. */
static void own_text_as_argument(void **state)
{
	struct error err;

	(void)state;
	error_set(&err, ERROR_NETWORK, "no answer");
	error_set(&err, ERROR_NETWORK, "%s from '%s'", err.text, "host");
	assert_string_equal(err.text, "no answer from 'host'");
	error_prefix(&err, "[%s]", err.text);
	assert_string_equal(err.text, "[no answer from 'host']: no answer from 'host'");
}

static void controls_become_blanks(void **state)
{
	struct error err;

	(void)state;
	error_set(&err, ERROR_REMOTE, "one\r\ntwo\tthree\033[2J%c\x7f", '\001');
	assert_string_equal(err.text, "one  two three [2J  ");
	error_prefix(&err, "zero\n");
	assert_string_equal(err.text, "zero : one  two three [2J  ");
}

static void bad_bytes_become_marks(void **state)
{
	struct error err;

	(void)state;
	error_set(&err, ERROR_REMOTE, "a\xff" "b\xc3\xa5" "c\xe2\x82");
	assert_string_equal(err.text, "a?b\xc3\xa5" "c??");
}

/* `total` bytes of `wide`, filled up in front. */
static void check_long(const char *wide, size_t total)
{
	AUTO(str_clear) struct str text = STR_INIT(1000);
	size_t len, whole = strlen(wide), most = sizeof(((struct error *)NULL)->text) - 1;
	struct error err;

	while ((total - text.len) % whole != 0)
		str_add_char(&text, '-');
	while (text.len < total)
		str_add(&text, wide);
	error_set(&err, ERROR_INPUT, "%s", text.text);
	len = strlen(err.text);
	assert_true(str_is_utf8(err.text, len));
	assert_true(total <= most ? len == total : len <= most && len + whole > most);
	assert_memory_equal(err.text, text.text, len);
	error_prefix(&err, "%s", "p");
	len = strlen(err.text);
	assert_true(str_is_utf8(err.text, len));
	assert_true(total + 3 <= most ? len == total + 3 : len <= most && len + whole > most);
	assert_memory_equal(err.text, "p: ", 3);
	assert_memory_equal(err.text + 3, text.text, len - 3);
	error_prefix(&err, "%s", text.text);
	len = strlen(err.text);
	assert_true(str_is_utf8(err.text, len));
	assert_true(len <= most && len + whole > most);
	assert_memory_equal(err.text, text.text, len < total ? len : total);
}

/* Every length around the limit, with characters of every width on the border. */
static void long_texts_stay_whole(void **state)
{
	static const char *const wide[] = { "x", "\xc3\xa5", "\xe2\x82\xac", "\xf0\x9f\x92\xb0" };

	(void)state;
	for (size_t w = 0; w < ARRAY_LEN(wide); w++) {
		for (size_t total = 225; total < 260; total++)
			check_long(wide[w], total);
		check_long(wide[w], 900);
	}
}

int test_error(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(set_fills_everything),
		cmocka_unit_test(nobody_asks),
		cmocka_unit_test(formats_that_fail),
		cmocka_unit_test(clear_is_none),
		cmocka_unit_test(prefix_keeps_the_rest),
		cmocka_unit_test(own_text_as_argument),
		cmocka_unit_test(controls_become_blanks),
		cmocka_unit_test(bad_bytes_become_marks),
		cmocka_unit_test(long_texts_stay_whole),
	};

	return cmocka_run_group_tests_name("error", tests, NULL, NULL);
}
