/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes of the compact protocol, worked out by hand from its description. */
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "lake/thrift.h"

#include "tests.h"

static void expect_bytes(const struct str *out, const char *bytes, size_t len)
{
	assert_int_equal(out->len, len);
	assert_memory_equal(out->text, bytes, len);
}

static void fields_and_their_steps(void **state)
{
	AUTO(str_clear) struct str out = STR_INIT(1000);
	struct thrift thrift = thrift_start(&out);

	(void)state;
	thrift_integer(&thrift, 1, THRIFT_I32, -1);    /* 0x15, zigzag 1 */
	thrift_integer(&thrift, 3, THRIFT_I64, 300);   /* 0x26, zigzag 600 = d8 04 */
	thrift_flag(&thrift, 4, true);                 /* 0x11 */
	thrift_flag(&thrift, 20, false);               /* a step of 16: 0x02, zigzag 40 */
	thrift_i8(&thrift, 21, -2);                    /* 0x13, the byte itself */
	thrift_text(&thrift, 22, "ab");                /* 0x18, length, bytes */
	thrift_end(&thrift);
	expect_bytes(&out, "\x15\x01\x26\xd8\x04\x11\x02\x28\x13\xfe\x18\x02" "ab\x00", 15);
}

static void structures_start_counting_anew(void **state)
{
	AUTO(str_clear) struct str out = STR_INIT(1000);
	struct thrift thrift = thrift_start(&out);

	(void)state;
	thrift_integer(&thrift, 5, THRIFT_I32, 0);
	thrift_struct(&thrift, 6);
	thrift_integer(&thrift, 1, THRIFT_I32, 0);
	thrift_empty(&thrift, 2);
	thrift_end(&thrift);
	thrift_integer(&thrift, 7, THRIFT_I32, 0);
	thrift_end(&thrift);
	expect_bytes(&out, "\x55\x00\x1c\x15\x00\x1c\x00\x00\x15\x00\x00", 11);
}

static void long_lists_say_their_length(void **state)
{
	AUTO(str_clear) struct str out = STR_INIT(1000);
	struct thrift thrift = thrift_start(&out);

	(void)state;
	thrift_list(&thrift, 1, THRIFT_I32, 2);
	thrift_item(&thrift, 1);
	thrift_item(&thrift, -1);
	thrift_list(&thrift, 2, THRIFT_BINARY, 200);
	thrift_end(&thrift);
	expect_bytes(&out, "\x19\x25\x02\x01\x19\xf8\xc8\x01\x00", 9);
}

static void the_widest_integers(void **state)
{
	AUTO(str_clear) struct str out = STR_INIT(1000);
	struct thrift thrift = thrift_start(&out);

	(void)state;
	thrift_integer(&thrift, 1, THRIFT_I64, INT64_MIN);
	thrift_integer(&thrift, 2, THRIFT_I64, INT64_MAX);
	expect_bytes(&out, "\x16\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x16\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01", 22);
}

int test_thrift(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_and_their_steps),
		cmocka_unit_test(structures_start_counting_anew),
		cmocka_unit_test(long_lists_say_their_length),
		cmocka_unit_test(the_widest_integers),
	};

	return cmocka_run_group_tests_name("thrift", tests, NULL, NULL);
}
