/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tables as files: the exact bytes of the formats that are text, and of Parquet what can be told without a reader; what readers
 * make of it is told by tests/lake.
 */
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/lake/table.h"

#include "tests.h"

static const struct column columns[] = {
	{ .name = "id", .path = "Id", .kind = COLUMN_TEXT },	     { .name = "total", .path = "Total", .kind = COLUMN_MONEY },
	{ .name = "rate", .path = "Rate", .kind = COLUMN_NUMBER },   { .name = "lines", .path = "Lines", .kind = COLUMN_INTEGER },
	{ .name = "day", .path = "Day", .kind = COLUMN_DATE },	     { .name = "at", .path = "At", .kind = COLUMN_TIME },
	{ .name = "paid", .path = "Paid", .kind = COLUMN_FLAG },     { .name = COLUMN_RAW, .kind = COLUMN_TEXT },
	{ .name = COLUMN_MUTATION, .kind = COLUMN_TEXT },
};
enum { ID, TOTAL, RATE, LINES, DAY, AT, PAID, RAW, MUTATION };

static struct column_value text_of(const char *text)
{
	return (struct column_value){ .is_there = true, .text = text, .len = strlen(text) };
}

static struct column_value integer_of(int64_t integer)
{
	return (struct column_value){ .is_there = true, .integer = integer, .wide = integer };
}

struct written {
	struct str bytes;
	size_t calls, fail_at; /* 0: never */
};

static bool keep(void *ctx, const char *bytes, size_t len, struct error *err)
{
	struct written *written = ctx;

	if (++written->calls == written->fail_at)
		return error_set(err, ERROR_STORE, "the disk is full");
	str_add_bytes(&written->bytes, bytes, len);
	return true;
}

/* Rows that are full, empty, and hard to quote. */
static bool write_rows(enum table_format format, size_t rows, struct written *written, struct error *err)
{
	const struct table_note notes[] = { { "source", "tests" } };
	const struct table_options options = {
		.format = format, .columns = columns, .column_count = ARRAY_LEN(columns), .level = TABLE_LEVEL, .notes = notes, .note_count = 1,
	};
	const struct table_sink sink = { .write = keep, .ctx = written };
	AUTO(table_writer_freep) struct table_writer *writer = table_writer_new(&options, &sink);

	for (size_t i = 0; i < rows; i++) {
		struct column_value values[ARRAY_LEN(columns)] = { 0 };

		values[ID] = text_of(i % 3 == 1 ? "" : i % 3 == 2 ? "a \"b\", c" : "7");
		values[MUTATION] = text_of("ADDED");
		if (i % 3 == 0) {
			values[TOTAL] = integer_of(-12345600);
			values[RATE] = integer_of(INT64_C(-5));
			values[LINES] = integer_of(INT64_MIN);
			values[DAY] = integer_of(-1);
			values[AT] = integer_of(-1);
			values[PAID] = integer_of(1);
			values[RAW] = text_of("{\"Id\":\r\n\"7\\n\"}");
		} else if (i % 3 == 1) {
			values[TOTAL] = integer_of(0);
			values[RATE] = integer_of(INT64_C(25000000000));
			values[AT] = integer_of(INT64_C(1769860800500000));
			values[PAID] = integer_of(0);
		}
		if (!table_writer_add(writer, values, err))
			return false;
	}
	return table_writer_end(writer, err);
}

static void written_clear(struct written *written)
{
	str_clear(&written->bytes);
}

#define WRITTEN_INIT { .bytes = STR_INIT(STR_NO_LIMIT) }

static void expect(enum table_format format, size_t rows, const char *wanted)
{
	AUTO(written_clear) struct written written = WRITTEN_INIT;
	struct error err;

	assert_true(write_rows(format, rows, &written, &err));
	assert_string_equal(written.bytes.text, wanted);
}

static void csv_tells_nothing_from_an_empty_text(void **state)
{
	(void)state;
	expect(TABLE_CSV, 3,
	       "id,total,rate,lines,day,at,paid,raw,mutationType\r\n"
	       "7,-1234.56,-0.0000000005,-9223372036854775808,1969-12-31,1969-12-31T23:59:59.999999Z,true,\"{\"\"Id\"\":\r\n\"\"7\\n\"\"}\",ADDED\r\n"
	       "\"\",0.00,2.5,,,2026-01-31T12:00:00.500Z,false,,ADDED\r\n"
	       "\"a \"\"b\"\", c\",,,,,,,,ADDED\r\n");
	expect(TABLE_CSV, 0, "id,total,rate,lines,day,at,paid,raw,mutationType\r\n");
}

static void json_lines_are_one_object_each(void **state)
{
	(void)state;
	expect(TABLE_JSONL, 3,
	       "{\"id\":\"7\",\"total\":-1234.56,\"rate\":-0.0000000005,\"lines\":-9223372036854775808,\"day\":\"1969-12-31\","
	       "\"at\":\"1969-12-31T23:59:59.999999Z\",\"paid\":true,\"raw\":{\"Id\":  \"7\\n\"},\"mutationType\":\"ADDED\"}\n"
	       "{\"id\":\"\",\"total\":0.00,\"rate\":2.5,\"lines\":null,\"day\":null,\"at\":\"2026-01-31T12:00:00.500Z\",\"paid\":false,"
	       "\"raw\":null,\"mutationType\":\"ADDED\"}\n"
	       "{\"id\":\"a \\\"b\\\", c\",\"total\":null,\"rate\":null,\"lines\":null,\"day\":null,\"at\":null,\"paid\":null,\"raw\":null,"
	       "\"mutationType\":\"ADDED\"}\n");
	expect(TABLE_JSONL, 0, "");
}

static void parquet_has_its_frame_and_is_always_the_same(void **state)
{
	const size_t rows[] = { 0, 1, 7, 99999, 100000, 100001 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		AUTO(written_clear) struct written once = WRITTEN_INIT, again = WRITTEN_INIT;
		struct error err;
		size_t footer = 0;

		assert_true(write_rows(TABLE_PARQUET, rows[i], &once, &err));
		assert_true(write_rows(TABLE_PARQUET, rows[i], &again, &err));
		assert_int_equal(once.bytes.len, again.bytes.len);
		assert_memory_equal(once.bytes.text, again.bytes.text, once.bytes.len);
		assert_memory_equal(once.bytes.text, "PAR1", 4);
		assert_memory_equal(once.bytes.text + once.bytes.len - 4, "PAR1", 4);
		for (size_t j = 0; j < 4; j++)
			footer |= (size_t)(unsigned char)once.bytes.text[once.bytes.len - 8 + j] << 8 * j;
		assert_true(footer + 12 <= once.bytes.len);
	}
}

static void a_sink_that_fails_ends_the_file(void **state)
{
	(void)state;
	for (int format = 0; format < TABLE_FORMAT_COUNT; format++) {
		AUTO(written_clear) struct written whole = WRITTEN_INIT;
		struct error err;

		assert_true(write_rows((enum table_format)format, 3000, &whole, &err));
		assert_true(whole.calls > 1);
		for (size_t i = 1; i <= whole.calls; i++) {
			AUTO(written_clear) struct written written = WRITTEN_INIT;

			written.fail_at = i;
			err = (struct error){ 0 };
			assert_false(write_rows((enum table_format)format, 3000, &written, &err));
			assert_string_equal(err.text, "the disk is full");
			assert_int_equal(written.calls, i);
		}
	}
}

static void formats_have_words(void **state)
{
	enum table_format format;

	(void)state;
	for (int i = 0; i < TABLE_FORMAT_COUNT; i++) {
		assert_true(table_format_parse(table_format_word((enum table_format)i), &format));
		assert_int_equal(format, i);
	}
	assert_false(table_format_parse("orc", &format));
	assert_false(table_format_parse("", &format));
}

int test_table(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(csv_tells_nothing_from_an_empty_text),
		cmocka_unit_test(json_lines_are_one_object_each),
		cmocka_unit_test(parquet_has_its_frame_and_is_always_the_same),
		cmocka_unit_test(a_sink_that_fails_ends_the_file),
		cmocka_unit_test(formats_have_words),
	};

	return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
