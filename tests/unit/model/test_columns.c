/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of records: which columns a type has and what they are called, and values that are exact or not there. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/model/columns.h"

#include "tests.h"

#define HEAD "provider = demo\nkey = Id\nversion = Token\ntime = Meta.Changed\ncolumn = Token integer\ncolumn = Who.dbId integer\n"
#define SALE HEAD "[Sale]\nquery = sales\nactive = IsActive\nfield = Who.name text\nfield = Total money\nfield = Rate number\n" \
	"field = Day date\nfield = Paid flag as settled\nselect = Who.dbId Who.name URLValue2x\ncolumn = Notes text as remark\n" \
	"column = Rate text\npersonal = Who.name\n"

#define COLUMNS_MAX 200

struct bench {
	struct catalogue *catalogue;
	struct columns *columns;
	struct str scratch;
	struct column_value values[COLUMNS_MAX];
	int64_t unfit[COLUMNS_MAX];
};

static void bench_clear(struct bench *bench)
{
	columns_free(bench->columns);
	catalogue_free(bench->catalogue);
	str_clear(&bench->scratch);
}

static void bench_init(struct bench *bench, const char *rows, struct columns_options options)
{
	*bench = (struct bench){ .catalogue = catalogue_of(rows), .scratch = STR_INIT(STR_NO_LIMIT) };
	bench->columns = columns_new(catalogue_at(bench->catalogue, 0), &options);
	assert_true(columns_count(bench->columns) <= COLUMNS_MAX);
}

static void bench_read(struct bench *bench, const char *raw, enum mutation mutation)
{
	struct json_slice slice = { .text = raw, .len = strlen(raw), .kind = JSON_OBJECT };

	assert_true(json_check(raw, strlen(raw), NULL));
	str_reset(&bench->scratch);
	str_reserve(&bench->scratch, columns_scratch(bench->columns, slice));
	columns_read(bench->columns, slice, mutation, &bench->scratch, bench->values, bench->unfit);
}

static size_t place(const struct bench *bench, const char *name)
{
	for (size_t i = 0; i < columns_count(bench->columns); i++)
		if (strcmp(columns_all(bench->columns)[i].name, name) == 0)
			return i;
	fail_msg("there is no column '%s'", name);
	return 0;
}

static const struct column_value *value(const struct bench *bench, const char *name)
{
	return &bench->values[place(bench, name)];
}

static void expect_text(const struct bench *bench, const char *name, const char *text)
{
	const struct column_value *found = value(bench, name);

	assert_true(found->is_there);
	assert_int_equal(found->len, strlen(text));
	assert_memory_equal(found->text, text, found->len);
}

static void expect_names(const struct bench *bench, const char *wanted)
{
	AUTO(str_clear) struct str names = STR_INIT(STR_NO_LIMIT);

	for (size_t i = 0; i < columns_count(bench->columns); i++)
		str_addf(&names, "%s%s %s", i ? ", " : "", columns_all(bench->columns)[i].name, column_kind_word(columns_all(bench->columns)[i].kind));
	assert_string_equal(names.text, wanted);
}

static void each_path_once_in_the_row_s_order(void **state)
{
	AUTO(bench_clear) struct bench bench;

	(void)state;
	bench_init(&bench, SALE, (struct columns_options){ 0 });
	expect_names(&bench, "id text, token integer, meta_changed time, is_active flag, who_name text, total money, rate text, day date, "
			     "paid flag, who_db_id integer, url_value2x text, remark text, mutationType text");
	bench_clear(&bench);
	bench_init(&bench, SALE, (struct columns_options){ .names = COLUMN_NAMES_PATH, .has_raw = true });
	expect_names(&bench, "Id text, Token integer, Meta.Changed time, IsActive flag, Who.name text, Total money, Rate text, Day date, "
			     "Paid flag, Who.dbId integer, URLValue2x text, remark text, raw text, mutationType text");
}

static void a_word_before_the_types_adds_nothing(void **state)
{
	AUTO(bench_clear) struct bench bench;

	(void)state;
	bench_init(&bench, HEAD "[Plain]\nquery = plain\nversion =\ntime =\n", (struct columns_options){ 0 });
	expect_names(&bench, "id text, mutationType text");
}

static void names_never_differ_by_case_alone(void **state)
{
	AUTO(bench_clear) struct bench bench;

	(void)state;
	bench_init(&bench, "provider = demo\nkey = Id\n[A]\nquery = a\nfield = Line.Amount money\nfield = LineAmount money\nfield = raw text\n"
			   "field = MutationType text\nselect = ID iD\n",
		   (struct columns_options){ .names = COLUMN_NAMES_PATH, .has_raw = true });
	expect_names(&bench, "Id text, Line.Amount money, LineAmount money, raw_2 text, MutationType_2 text, ID_2 text, iD_3 text, raw text, mutationType text");
	bench_clear(&bench);
	bench_init(&bench, "provider = demo\nkey = *.Id\n[A]\nquery = a\nfield = Line.Amount money\nfield = LineAmount money\n", (struct columns_options){ 0 });
	expect_names(&bench, "id text, line_amount money, line_amount_2 money, mutationType text");
}

static void values_are_exact_or_not_there(void **state)
{
	AUTO(bench_clear) struct bench bench;

	(void)state;
	bench_init(&bench, SALE, (struct columns_options){ .personal = PERSONAL_SHOWN, .has_raw = true });
	bench_read(&bench,
		   "{\"Id\":\"7\",\"Token\":\"12\",\"Meta\":{\"Changed\":\"2026-01-31T04:00:00-08:00\"},\"IsActive\":true,"
		   "\"Who\":{\"name\":\"Sm\\u00f8rg\\\"s\",\"dbId\":\"900719925474099312\"},\"Total\":-1234567.8901,\"Rate\":1e3,\"Day\":\"2026-02-28\",\"Paid\":false,"
		   "\"URLValue2x\":[1,{\"a\":null}],\"Notes\":\"\"}",
		   MUTATION_UPDATED);
	expect_text(&bench, "id", "7");
	assert_int_equal(value(&bench, "token")->integer, 12);
	assert_true(value(&bench, "meta_changed")->integer == INT64_C(1769860800000000));
	assert_int_equal(value(&bench, "is_active")->integer, 1);
	expect_text(&bench, "who_name", "Sm\xc3\xb8rg\"s");
	assert_true(value(&bench, "who_db_id")->integer == INT64_C(900719925474099312));
	assert_true(value(&bench, "total")->integer == INT64_C(-12345678901));
	expect_text(&bench, "rate", "1e3");
	assert_int_equal(value(&bench, "day")->integer, date_of(2026, 2, 28).day);
	assert_true(value(&bench, "paid")->is_there && value(&bench, "paid")->integer == 0);
	expect_text(&bench, "url_value2x", "[1,{\"a\":null}]");
	expect_text(&bench, "remark", "");
	expect_text(&bench, "mutationType", "UPDATED");
	assert_true(value(&bench, "raw")->is_there);
	for (size_t i = 0; i < columns_count(bench.columns); i++)
		assert_int_equal(bench.unfit[i], 0);
}

static void what_does_not_fit_is_null_and_counted(void **state)
{
	AUTO(bench_clear) struct bench bench;

	(void)state;
	bench_init(&bench, SALE, (struct columns_options){ 0 });
	bench_read(&bench,
		   "{\"Id\":\"7\",\"Token\":\"x\",\"Total\":0.12345,\"Day\":\"2026-02-30\",\"Paid\":\"maybe\",\"Meta\":{\"Changed\":\"soon\"},"
		   "\"Who\":{\"dbId\":9223372036854775808}}",
		   MUTATION_ADDED);
	for (size_t i = 0; i < columns_count(bench.columns); i++) {
		const char *name = columns_all(bench.columns)[i].name;
		AUTO(str_clear) struct str word = STR_INIT(100);
		bool unfit;

		str_addf(&word, " %s ", name);
		unfit = strstr(" token total day paid meta_changed who_db_id ", word.text) != NULL;

		assert_int_equal(bench.unfit[i], unfit);
		assert_int_equal(bench.values[i].is_there, strcmp(name, "id") == 0 || strcmp(name, "mutationType") == 0);
	}
	/* What is not there, null or empty is no value that didn't fit. */
	bench_read(&bench, "{\"Id\":\"7\",\"Token\":\"\",\"Total\":null,\"Day\":\"\"}", MUTATION_ADDED);
	assert_int_equal(bench.unfit[place(&bench, "total")], 1);
	assert_int_equal(bench.unfit[place(&bench, "day")], 1);
	assert_int_equal(bench.unfit[place(&bench, "token")], 1);
	/* A list or an object is none where a number is due. */
	bench_read(&bench, "{\"Id\":\"7\",\"Total\":[5]}", MUTATION_ADDED);
	assert_int_equal(bench.unfit[place(&bench, "total")], 2);
}

static void of_what_is_gone_only_the_key_is_there(void **state)
{
	AUTO(bench_clear) struct bench bench;

	(void)state;
	bench_init(&bench, SALE, (struct columns_options){ .has_raw = true });
	bench_read(&bench, "{\"Id\":\"7\",\"Token\":\"3\",\"Total\":5}", MUTATION_DELETED);
	for (size_t i = 0; i < columns_count(bench.columns); i++)
		assert_int_equal(bench.values[i].is_there, i == 0 || i == columns_count(bench.columns) - 1);
	expect_text(&bench, "id", "7");
	expect_text(&bench, "mutationType", "DELETED");
}

static void what_is_personal_is_masked_unless_it_is_asked_for(void **state)
{
	const char *raw = "{\"Id\":\"7\",\"Who\":{\"name\":\"Kari\"}}";
	AUTO(bench_clear) struct bench bench;

	(void)state;
	bench_init(&bench, SALE, (struct columns_options){ .has_raw = true });
	bench_read(&bench, raw, MUTATION_ADDED);
	assert_false(value(&bench, "who_name")->is_there);
	expect_text(&bench, "raw", "{\"Id\":\"7\",\"Who\":{\"name\":\"***\"}}");
	bench_clear(&bench);
	bench_init(&bench, SALE, (struct columns_options){ .has_raw = true, .personal = PERSONAL_SHOWN });
	bench_read(&bench, raw, MUTATION_ADDED);
	expect_text(&bench, "who_name", "Kari");
	expect_text(&bench, "raw", raw);
}

/* More paths than one tree holds. */
static void a_hundred_and_fifty_columns(void **state)
{
	AUTO(str_clear) struct str rows = STR_INIT(STR_NO_LIMIT), raw = STR_INIT(STR_NO_LIMIT);
	AUTO(bench_clear) struct bench bench;
	char name[20];

	(void)state;
	str_add(&rows, "provider = demo\nkey = Id\n[Wide]\nquery = wide\n");
	str_add(&raw, "{\"Id\":\"1\"");
	for (int i = 0; i < 150; i++) {
		str_addf(&rows, "column = v%d integer\n", i);
		str_addf(&raw, ",\"v%d\":%d", 149 - i, 149 - i);
	}
	str_add_char(&raw, '}');
	bench_init(&bench, rows.text, (struct columns_options){ 0 });
	assert_int_equal(columns_count(bench.columns), 152);
	bench_read(&bench, raw.text, MUTATION_ADDED);
	for (int i = 0; i < 150; i++) {
		snprintf(name, sizeof(name), "v%d", i);
		assert_int_equal(value(&bench, name)->integer, i);
	}
}

static void expect_decimal(const char *text, int digits, int scale, bool fits, column_wide wanted)
{
	column_wide read = 77;

	if (column_read_decimal(text, strlen(text), digits, scale, &read) != fits)
		fail_msg("'%s' of %d digits, %d places: expected that it %s", text, digits, scale, fits ? "fits" : "does not fit");
	if (fits && read != wanted)
		fail_msg("'%s' was read as %lld", text, (long long)read);
	assert_true(fits || read == 77);
}

static void decimals_are_read_by_their_digits(void **state)
{
	column_wide most = 1;

	(void)state;
	for (int i = 0; i < 38; i++)
		most *= 10;
	most--;
	expect_decimal("0", 18, 4, true, 0);
	expect_decimal("-0.00000000", 18, 4, true, 0);
	expect_decimal("1.5", 18, 4, true, 15000);
	expect_decimal("1.50000000000000", 18, 4, true, 15000);
	expect_decimal("1.23456", 18, 4, false, 0);
	expect_decimal("99999999999999.9999", 18, 4, true, 999999999999999999);
	expect_decimal("100000000000000", 18, 4, false, 0);
	expect_decimal("1e3", 18, 4, true, 10000000);
	expect_decimal("12.5E-2", 18, 4, true, 1250);
	expect_decimal("1e-5", 18, 4, false, 0);
	expect_decimal("0e999999999999", 18, 4, true, 0);
	expect_decimal("1e999999999999", 18, 4, false, 0);
	expect_decimal("9999999999999999999999999999.9999999999", 38, 10, true, most);
	expect_decimal("-9999999999999999999999999999.9999999999", 38, 10, true, -most);
	expect_decimal("10000000000000000000000000000", 38, 10, false, 0);
	expect_decimal("000000000000000000000000000000000000000000001", 18, 0, true, 1);
	expect_decimal("", 18, 4, false, 0);
	expect_decimal("-", 18, 4, false, 0);
	expect_decimal(".", 18, 4, false, 0);
	expect_decimal("1e", 18, 4, false, 0);
	expect_decimal("1.2.3", 18, 4, false, 0);
	expect_decimal("12a", 18, 4, false, 0);
	expect_decimal(" 1", 18, 4, false, 0);
}

static void expect_refused(const char *line, const char *why)
{
	AUTO(str_clear) struct str rows = STR_INIT(1000);
	struct catalogue *catalogue = NULL;
	struct error err = { 0 };

	str_addf(&rows, "provider = demo\nkey = Id\n[A]\nquery = a\n%s\n", line);
	assert_false(catalogue_parse(rows.text, "file", &catalogue, &err));
	if (!strstr(err.text, why) || !strstr(err.text, "file:5"))
		fail_msg("expected 'file:5' and '%s' in '%s'", why, err.text);
}

static void rows_are_checked_with_their_lines(void **state)
{
	(void)state;
	expect_refused("column = Total", "a column needs a path and a kind");
	expect_refused("column = Total mony", "did you mean 'money'");
	expect_refused("column = Tot\"al money", "is no path");
	expect_refused("column = Total money als x", "did you mean 'as'");
	expect_refused("column = Total money as", "needs a name behind it");
	expect_refused("column = Total money as 1x", "is no name for a column");
}

static void another_table_has_another_digest(void **state)
{
	AUTO(bench_clear) struct bench bench, other;
	char digest[20], other_digest[20];

	(void)state;
	bench_init(&bench, SALE, (struct columns_options){ 0 });
	bench_init(&other, SALE "column = More text\n", (struct columns_options){ 0 });
	columns_digest(bench.columns, digest);
	columns_digest(other.columns, other_digest);
	assert_string_not_equal(digest, other_digest);
	columns_digest(bench.columns, other_digest);
	assert_string_equal(digest, other_digest);
}

int test_columns(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_path_once_in_the_row_s_order),
		cmocka_unit_test(a_word_before_the_types_adds_nothing),
		cmocka_unit_test(names_never_differ_by_case_alone),
		cmocka_unit_test(values_are_exact_or_not_there),
		cmocka_unit_test(what_does_not_fit_is_null_and_counted),
		cmocka_unit_test(of_what_is_gone_only_the_key_is_there),
		cmocka_unit_test(what_is_personal_is_masked_unless_it_is_asked_for),
		cmocka_unit_test(a_hundred_and_fifty_columns),
		cmocka_unit_test(decimals_are_read_by_their_digits),
		cmocka_unit_test(rows_are_checked_with_their_lines),
		cmocka_unit_test(another_table_has_another_digest),
	};

	return cmocka_run_group_tests_name("columns", tests, NULL, NULL);
}
