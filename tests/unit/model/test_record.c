/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Records taken apart by their types: what is found, in which form it is kept, and what is
 * refused.
 */
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/model/record.h"

#include "tests.h"

static const char rows[] = "provider = demo\n"
			   "key = Id\n"
			   "version = Token\n"
			   "time = Meta.Changed\n"
			   "[Sale]\n"
			   "query = sales\n"
			   "title = Number\n"
			   "active = Active\n"
			   "voided = Note ^Voided Total =0\n"
			   "field = Who.name text\n"
			   "field = Total money\n"
			   "field = Rate number\n"
			   "field = Day date\n"
			   "field = Seen time\n"
			   "field = Paid flag\n"
			   "field = Lines.Link.Id text\n"
			   "field = Who text as who\n"
			   "refers = Links Id Kind Lines.Links Id Kind\n"
			   "called = SaleOnline SaleDoor\n"
			   "[Plain]\n"
			   "query = plain\n"
			   "version =\n"
			   "time =\n"
			   "[Wrapped]\n"
			   "query = wrapped\n"
			   "key = *.Id\n"
			   "version = *.Token\n"
			   "time = *.Meta.Changed\n"
			   "title = *.Info.Name\n"
			   "field = *.Total money as Total\n";

enum { NAME, TOTAL, RATE, DAY, SEEN, PAID, LINK, WHO };

struct bench {
	struct catalogue *catalogue;
	struct str scratch;
	struct record record;
	struct error err;
};

static void bench_init(struct bench *bench)
{
	*bench = (struct bench){ .catalogue = catalogue_of(rows),
				 .scratch = STR_INIT(STR_NO_LIMIT) };
}

static void bench_clear(struct bench *bench)
{
	catalogue_free(bench->catalogue);
	str_clear(&bench->scratch);
}

/* The part of it that tells whether it is known must be the same, read by itself. */
static void check_key(const struct type *type, struct json_slice raw, const struct record *record)
{
	AUTO(str_clear) struct str scratch = STR_INIT(STR_NO_LIMIT);
	struct record_key key;

	record_key(type, raw, &scratch, &key);
	assert_string_equal(key.id, record->id);
	assert_string_equal(key.version, record->version);
	assert_true(key.hash == record->hash);
}

static bool extract(struct bench *bench, const char *type, const char *text)
{
	struct json_slice raw = { .text = text, .len = strlen(text), .kind = JSON_OBJECT };

	if (!json_check(text, strlen(text), NULL))
		fail_msg("no JSON: %s", text);
	str_reset(&bench->scratch);
	str_reserve(&bench->scratch, strlen(text));
	error_clear(&bench->err);
	if (!record_extract(catalogue_find(bench->catalogue, "demo", type), raw, &bench->scratch,
			    &bench->record, &bench->err))
		return false;
	check_key(catalogue_find(bench->catalogue, "demo", type), raw, &bench->record);
	return true;
}

static void must_extract(struct bench *bench, const char *type, const char *text)
{
	if (!extract(bench, type, text))
		fail_msg("%s", bench->err.text);
}

static const char *text_of(struct bench *bench, const char *bytes, size_t len)
{
	static char text[200]; /* until the next call */

	(void)bench;
	assert_true(len < sizeof(text));
	memcpy(text, bytes, len);
	text[len] = '\0';
	return text;
}

static const char *cell_text(struct bench *bench, int cell)
{
	assert_int_equal(bench->record.cells[cell].kind, CELL_TEXT);
	return text_of(bench, bench->record.cells[cell].text, bench->record.cells[cell].len);
}

static int64_t cell_integer(struct bench *bench, int cell)
{
	assert_int_equal(bench->record.cells[cell].kind, CELL_INTEGER);
	return bench->record.cells[cell].integer;
}

#define META                                                                                       \
	"\"Meta\":{\"Made\":\"2026-01-01T00:00:00Z\",\"Changed\":\"2026-02-03T04:05:06-08:00\"}"

static void all_that_a_type_wants_is_found(void **state)
{
	static const char sale[] =
		"{\"Lines\":[{\"Amount\":1,\"Link\":{\"Id\":\"77\"}},{\"Link\":{\"Id\":\"78\"}}],"
		"\"Unknown\":{\"Id\":\"no\"},"
		"\"Id\":\"12\", \"Token\" : \"3\" ," META
		",\"Number\":\"A-1\",\"Who\":{\"value\":\"5\",\"name\":\"Birds & Co\"},"
		"\"Total\":1200.50,\"Rate\":0.000043,\"Day\":\"2026-01-31\",\"Seen\":\"2026-01-"
		"31T12:00:00.250Z\","
		"\"Paid\":true,\"Note\":null}";
	AUTO(bench_clear) struct bench bench;

	(void)state;
	bench_init(&bench);
	must_extract(&bench, "Sale", sale);
	assert_string_equal(bench.record.id, "12");
	assert_string_equal(bench.record.version, "3");
	assert_true(bench.record.has_time);
	assert_int_equal(bench.record.time_ms, INT64_C(1770120306000));
	assert_int_equal(bench.record.state, RECORD_LIVE);
	assert_string_equal(text_of(&bench, bench.record.title, bench.record.title_len), "A-1");
	assert_ptr_equal(bench.record.raw.text, sale);
	assert_int_equal(bench.record.raw.len, strlen(sale));
	assert_string_equal(cell_text(&bench, NAME), "Birds & Co");
	assert_int_equal(cell_integer(&bench, TOTAL), 1200500000);
	assert_int_equal(cell_integer(&bench, RATE), 43);
	assert_int_equal(cell_integer(&bench, DAY), date_of(2026, 1, 31).day);
	assert_int_equal(cell_integer(&bench, SEEN), INT64_C(1769860800250));
	assert_int_equal(cell_integer(&bench, PAID), 1);
	assert_string_equal(cell_text(&bench, LINK), "77");
	assert_int_equal(bench.record.cells[WHO].kind, CELL_NONE);
	assert_int_equal(bench.record.cells[TYPE_FIELDS_MAX - 1].kind, CELL_NONE);
	/* Nothing had to be unescaped, so all texts are the record's own. */
	assert_int_equal(bench.scratch.len, 0);
}

static void texts_are_unescaped_into_the_scratch(void **state)
{
	AUTO(bench_clear) struct bench bench;

	(void)state;
	bench_init(&bench);
	must_extract(&bench, "Sale",
		     "{\"Id\":\"1\\u0032\",\"Token\":\"0\"," META
		     ",\"Number\":\"\\\"N\\\"\",\"Who\":{\"name\":\"a\\n\\u00e9\"}}");
	assert_string_equal(bench.record.id, "12");
	assert_string_equal(text_of(&bench, bench.record.title, bench.record.title_len), "\"N\"");
	assert_string_equal(cell_text(&bench, NAME), "a\n\xc3\xa9");
}

/* Texts that several things are taken from are in the scratch once: no more room is needed than the record is long. */
static void texts_take_no_more_room_than_the_record(void **state)
{
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);
	AUTO(bench_clear) struct bench bench;
	struct error err = { 0 };
	size_t room;

	(void)state;
	bench_init(&bench);
	catalogue_free(bench.catalogue);
	assert_true(catalogue_load(NULL, &bench.catalogue, &err));
	str_addf(&text, "{\"Id\":\"1\",\"SyncToken\":\"0\",\"MetaData\":{\"LastUpdatedTime\":\"2026-01-01T00:00:00Z\"},\"DocNumber\":\"\\n%0500d\","
		 "\"PrivateNote\":\"Voided\\n%04000d\",\"TxnDate\":\"2026-01-0\\u0031\",\"TotalAmt\":0}", 1, 2);
	str_reserve(&bench.scratch, text.len);
	room = bench.scratch.room;
	assert_true(record_extract(catalogue_find(bench.catalogue, "quickbooks", "Invoice"),
				   (struct json_slice){ .text = text.text, .len = text.len, .kind = JSON_OBJECT }, &bench.scratch,
				   &bench.record, &err));
	assert_int_equal(bench.record.state, RECORD_VOIDED);
	assert_int_equal(bench.record.title_len, 501);
	assert_true(bench.scratch.len < text.len && bench.scratch.room == room);
}

static void what_is_not_there_is_none(void **state)
{
	AUTO(bench_clear) struct bench bench;

	(void)state;
	bench_init(&bench);
	must_extract(&bench, "Sale",
		     "{\"Id\":\"1\"," META
		     ",\"Number\":\"\",\"Total\":null,\"Day\":\"\",\"Who\":\"x\",\"Lines\":[]}");
	assert_string_equal(bench.record.version, "");
	assert_string_equal(text_of(&bench, bench.record.title, bench.record.title_len), "1");
	for (int cell = NAME; cell <= LINK; cell++)
		assert_int_equal(bench.record.cells[cell].kind, CELL_NONE);
	assert_string_equal(cell_text(&bench, WHO), "x");
}

static void the_first_of_equal_members_counts(void **state)
{
	AUTO(bench_clear) struct bench bench;

	(void)state;
	bench_init(&bench);
	must_extract(&bench, "Plain", "{\"Id\":\"1\",\"Id\":\"2\"}");
	assert_string_equal(bench.record.id, "1");
	assert_false(bench.record.has_time);
}

static void ids_may_be_numbers_of_any_length(void **state)
{
	AUTO(bench_clear) struct bench bench;

	(void)state;
	bench_init(&bench);
	must_extract(&bench, "Plain", "{\"Id\":200900000000000008541}");
	assert_string_equal(bench.record.id, "200900000000000008541");
	must_extract(&bench, "Plain", "{\"Id\":\"5000000000000503624\"}");
	assert_string_equal(bench.record.id, "5000000000000503624");
}

static void a_record_inside_another_is_found(void **state)
{
	AUTO(bench_clear) struct bench bench;

	(void)state;
	bench_init(&bench);
	must_extract(
		&bench, "Wrapped",
		"{\"Invoice\":{\"Info\":{\"Name\":\"monthly\"},\"Id\":\"9\",\"Token\":\"1\"," META
		",\"Total\":5}}");
	assert_string_equal(bench.record.id, "9");
	assert_string_equal(bench.record.version, "1");
	assert_true(bench.record.has_time);
	assert_string_equal(text_of(&bench, bench.record.title, bench.record.title_len), "monthly");
	assert_int_equal(bench.record.cells[0].integer, 5000000);
}

static void states_are_told_apart(void **state)
{
	static const struct {
		const char *members;
		enum record_state state;
	} cases[] = {
		{ "\"Active\":true", RECORD_LIVE },
		{ "\"Active\":false", RECORD_INACTIVE },
		{ "\"Active\":null", RECORD_LIVE },
		{ "\"Note\":\"Voided\",\"Total\":0", RECORD_VOIDED },
		{ "\"Note\":\"Voided\",\"Total\":0.00", RECORD_VOIDED },
		{ "\"Note\":\"Voided - was a gift\",\"Total\":-0.0", RECORD_VOIDED },
		{ "\"Note\":\"Voided\",\"Total\":0.01", RECORD_LIVE },
		{ "\"Note\":\"voided\",\"Total\":0", RECORD_LIVE },
		{ "\"Note\":\"to be Voided\",\"Total\":0", RECORD_LIVE },
		{ "\"Note\":\"Voided\"", RECORD_LIVE },
		{ "\"Total\":0", RECORD_LIVE },
		{ "\"Active\":false,\"Note\":\"Voided\",\"Total\":0", RECORD_INACTIVE },
	};
	AUTO(bench_clear) struct bench bench;

	(void)state;
	bench_init(&bench);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);

		str_addf(&text, "{\"Id\":\"1\"," META ",%s}", cases[i].members);
		must_extract(&bench, "Sale", text.text);
		assert_int_equal(bench.record.state, cases[i].state);
	}
	for (int i = 0; i < RECORD_STATE_COUNT; i++)
		assert_true(strlen(record_state_word((enum record_state)i)) > 0);
}

static void hashes_follow_the_bytes(void **state)
{
	AUTO(bench_clear) struct bench bench;
	uint64_t hash;

	(void)state;
	bench_init(&bench);
	must_extract(&bench, "Plain", "{\"Id\":\"1\",\"A\":1}");
	hash = bench.record.hash;
	must_extract(&bench, "Plain", "{\"Id\":\"1\",\"A\":1}");
	assert_true(bench.record.hash == hash);
	must_extract(&bench, "Plain", "{\"Id\":\"1\",\"A\":2}");
	assert_true(bench.record.hash != hash);
}

#define SIXTY_FOUR "1234567890123456789012345678901234567890123456789012345678901234"

static void what_cannot_be_kept_has_no_key(void **state)
{
	static const char *const texts[] = { "{\"Token\":\"1\"}", "{\"Id\":{},\"Token\":\"1\"}", "{\"Id\":\"\",\"Token\":\"1\"}",
					     "{\"Id\":\"1\",\"Token\":\"\"}", "[1]" };
	AUTO(str_clear) struct str scratch = STR_INIT(STR_NO_LIMIT);
	AUTO(bench_clear) struct bench bench;
	struct record_key key;

	(void)state;
	bench_init(&bench);
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct json_slice raw = { .text = texts[i], .len = strlen(texts[i]), .kind = texts[i][0] == '[' ? JSON_ARRAY : JSON_OBJECT };

		record_key(catalogue_find(bench.catalogue, "demo", "Sale"), raw, &scratch, &key);
		assert_string_equal(key.id, "");
	}
}

static void what_cannot_be_kept_is_refused(void **state)
{
	static const struct {
		const char *type, *text, *error;
	} cases[] = {
		{ "Sale", "[]", "a record of Sale is no JSON object" },
		{ "Sale", "{}", "a record of Sale has no Id" },
		{ "Sale", "{\"Id\":null}", "a record of Sale has no Id" },
		{ "Sale", "{\"Id\":{}}", "a record of Sale has no Id" },
		{ "Sale", "{\"Id\":\"\"}",
		  "a record of Sale has an Id that is empty, longer than 63 bytes or not "
		  "printable" },
		{ "Sale", "{\"Id\":\"" SIXTY_FOUR "\"}",
		  "a record of Sale has an Id that is empty, longer than 63 bytes or not "
		  "printable" },
		{ "Sale", "{\"Id\":\"1\\u0000\"}",
		  "a record of Sale has an Id that is empty, longer than 63 bytes or not "
		  "printable" },
		{ "Sale", "{\"Id\":\"1\",\"Token\":\"" SIXTY_FOUR "\"," META "}",
		  "Sale 1 has a Token that is empty, longer than 39 bytes or not printable" },
		{ "Sale", "{\"Id\":\"1\"}", "Sale 1 has no Meta.Changed" },
		{ "Sale", "{\"Id\":\"1\",\"Meta\":{\"Changed\":\"soon\"}}",
		  "Sale 1 has a Meta.Changed that is no time: 'soon'" },
		{ "Sale", "{\"Id\":\"1\",\"Meta\":{\"Changed\":\"2026-02-30T00:00:00Z\"}}",
		  "Sale 1 has a Meta.Changed that is no time: '2026-02-30T00:00:00Z'" },
		{ "Sale", "{\"Id\":\"1\"," META ",\"Day\":\"2026-02-29\"}",
		  "Sale 1 has a Day that is no date" },
		{ "Sale", "{\"Id\":\"1\"," META ",\"Day\":\"12026-01-01\"}",
		  "Sale 1 has a Day that is no date" },
		{ "Sale", "{\"Id\":\"1\"," META ",\"Seen\":\"yesterday\"}",
		  "Sale 1 has a Seen that is no time" },
	};
	AUTO(bench_clear) struct bench bench;

	(void)state;
	bench_init(&bench);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct json_slice list = { .text = "[]", .len = 2, .kind = JSON_ARRAY };

		if (cases[i].text[0] == '[')
			assert_false(record_extract(catalogue_find(bench.catalogue, "demo", "Sale"),
						    list, &bench.scratch, &bench.record,
						    &bench.err));
		else if (extract(&bench, cases[i].type, cases[i].text))
			fail_msg("accepted: %s", cases[i].text);
		assert_int_equal(bench.err.code, ERROR_INPUT);
		assert_string_equal(bench.err.text, cases[i].error);
	}
}

/* ---- cells ---- */

static const struct {
	const char *member; /* of a Sale */
	int cell;
	enum field_kind kind;
	const char *text, *json;
} shown[] = {
	{ "\"Total\":1200.5", TOTAL, FIELD_MONEY, "1200.50", "1200.50" },
	{ "\"Total\":1200", TOTAL, FIELD_MONEY, "1200.00", "1200.00" },
	{ "\"Total\":-0.125", TOTAL, FIELD_MONEY, "-0.125", "-0.125" },
	{ "\"Total\":\"7.10\"", TOTAL, FIELD_MONEY, "7.10", "7.10" },
	{ "\"Total\":0.1234567", TOTAL, FIELD_MONEY, "0.1234567", "0.1234567" },
	{ "\"Total\":99999999999999999999.5", TOTAL, FIELD_MONEY, "99999999999999999999.5",
	  "99999999999999999999.5" },
	{ "\"Total\":9223372036854.775807", TOTAL, FIELD_MONEY, "9223372036854.775807",
	  "9223372036854.775807" },
	{ "\"Total\":9223372036854.775808", TOTAL, FIELD_MONEY, "9223372036854.775808",
	  "9223372036854.775808" },
	{ "\"Total\":\"n/a\"", TOTAL, FIELD_MONEY, "n/a", "\"n/a\"" },
	{ "\"Total\":\"007\"", TOTAL, FIELD_MONEY, "7.00", "7.00" },
	{ "\"Rate\":4.3e-05", RATE, FIELD_NUMBER, "0.000043", "0.000043" },
	{ "\"Rate\":30", RATE, FIELD_NUMBER, "30", "30" },
	{ "\"Rate\":1.50", RATE, FIELD_NUMBER, "1.5", "1.5" },
	{ "\"Rate\":1e400", RATE, FIELD_NUMBER, "1e400", "1e400" },
	{ "\"Day\":\"0001-01-01\"", DAY, FIELD_DATE, "0001-01-01", "\"0001-01-01\"" },
	{ "\"Day\":\"9999-12-31\"", DAY, FIELD_DATE, "9999-12-31", "\"9999-12-31\"" },
	{ "\"Day\":\"2026-01-31T23:00:00-08:00\"", DAY, FIELD_DATE, "2026-01-31",
	  "\"2026-01-31\"" },
	{ "\"Seen\":\"2026-01-31T12:00:00-08:00\"", SEEN, FIELD_TIME, "2026-01-31T20:00:00Z",
	  "\"2026-01-31T20:00:00Z\"" },
	{ "\"Seen\":\"1969-12-31T23:59:59.5Z\"", SEEN, FIELD_TIME, "1969-12-31T23:59:59.500Z",
	  "\"1969-12-31T23:59:59.500Z\"" },
	{ "\"Paid\":true", PAID, FIELD_FLAG, "yes", "true" },
	{ "\"Paid\":\"false\"", PAID, FIELD_FLAG, "no", "false" },
	{ "\"Paid\":\"maybe\"", PAID, FIELD_FLAG, "maybe", "\"maybe\"" },
	{ "\"Paid\":null", PAID, FIELD_FLAG, "", "null" },
	{ "\"Who\":\"a\\\"b\"", WHO, FIELD_TEXT, "a\"b", "\"a\\\"b\"" },
	{ "\"Who\":12", WHO, FIELD_TEXT, "12", "\"12\"" },
};

static void cells_are_shown_as_people_and_programs_read_them(void **state)
{
	AUTO(bench_clear) struct bench bench;

	(void)state;
	bench_init(&bench);
	for (size_t i = 0; i < ARRAY_LEN(shown); i++) {
		AUTO(str_clear)
		struct str record = STR_INIT(STR_NO_LIMIT),
			   text = STR_INIT(STR_NO_LIMIT), json = STR_INIT(STR_NO_LIMIT);

		str_addf(&record, "{\"Id\":\"1\"," META ",%s}", shown[i].member);
		must_extract(&bench, "Sale", record.text);
		cell_add_text(&bench.record.cells[shown[i].cell], &(struct type_field){ .kind = shown[i].kind }, PERSONAL_MASKED, &text);
		cell_add_json(&bench.record.cells[shown[i].cell], shown[i].kind, &json);
		assert_string_equal(text.text, shown[i].text);
		assert_string_equal(json.text, shown[i].json);
		assert_true(json_check(json.text, json.len, NULL));
	}
}

static void cells_that_no_record_has_are_still_shown(void **state)
{
	static const int64_t integers[] = { INT64_MIN, INT64_MAX, -719163, 2932897 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(integers); i++)
		for (int kind = 0; kind < FIELD_KIND_COUNT; kind++) {
			struct cell cell = { .kind = CELL_INTEGER, .integer = integers[i] };
			AUTO(str_clear)
			struct str text = STR_INIT(STR_NO_LIMIT),
				   json = STR_INIT(STR_NO_LIMIT);

			cell_add_text(&cell, &(struct type_field){ .kind = (enum field_kind)kind }, PERSONAL_MASKED, &text);
			cell_add_json(&cell, (enum field_kind)kind, &json);
			assert_true(text.len > 0);
			assert_true(json_check(json.text, json.len, NULL));
		}
}

static void money_sorts_as_its_cells(void **state)
{
	static const char *const amounts[] = { "-1000.01", "-1000",    "-0.5",
					       "0",	   "0.000001", "0.1",
					       "9",	   "10",       "9999999999.99" };
	AUTO(bench_clear) struct bench bench;
	int64_t before = INT64_MIN;

	(void)state;
	bench_init(&bench);
	for (size_t i = 0; i < ARRAY_LEN(amounts); i++) {
		AUTO(str_clear) struct str record = STR_INIT(STR_NO_LIMIT);

		str_addf(&record, "{\"Id\":\"1\"," META ",\"Total\":%s}", amounts[i]);
		must_extract(&bench, "Sale", record.text);
		assert_true(cell_integer(&bench, TOTAL) > before);
		before = cell_integer(&bench, TOTAL);
	}
}

/* In whatever lists they stand, each once; what is no reference is passed over. */
static void references_are_found_in_lists(void **state)
{
	static const char text[] = "{\"Links\":[{\"Id\":\"1\",\"Kind\":\"Sale\"},{\"Id\":2,\"Kind\":\"SaleDoor\"},{\"Id\":\"\",\"Kind\":\"Sale\"},"
				   "{\"Id\":\"3\"},\"4\",[5],{\"Id\":{},\"Kind\":\"Sale\"}],\"Lines\":[{\"Links\":[{\"Id\":\"1\",\"Kind\":\"Sale\"}]},"
				   "{\"Links\":null},7,{\"Links\":[{\"Id\":\"6\",\"Kind\":\"\\u0053ale\"},{\"Id\":\"" SIXTY_FOUR "\",\"Kind\":\"Sale\"}]}]}";
	static const char *const found[][2] = { { "Sale", "1" }, { "SaleDoor", "2" }, { "Sale", "6" } };
	struct json_slice raw = { .text = text, .len = strlen(text), .kind = JSON_OBJECT };
	struct record_reference references[4];
	AUTO(bench_clear) struct bench bench;
	const struct type *sale;
	bool more;

	(void)state;
	bench_init(&bench);
	assert_true(json_check(text, strlen(text), NULL));
	sale = catalogue_find(bench.catalogue, "demo", "Sale");
	assert_int_equal(record_references(sale, raw, references, ARRAY_LEN(references), &more), ARRAY_LEN(found));
	assert_false(more);
	for (size_t i = 0; i < ARRAY_LEN(found); i++) {
		assert_string_equal(references[i].type, found[i][0]);
		assert_string_equal(references[i].id, found[i][1]);
	}
	assert_int_equal(record_references(sale, raw, references, 2, &more), 2);
	assert_true(more);
	assert_int_equal(record_references(catalogue_find(bench.catalogue, "demo", "Plain"), raw, references, 4, &more), 0);
	assert_ptr_equal(catalogue_called(bench.catalogue, "demo", "SaleDoor"), sale);
	assert_ptr_equal(catalogue_called(bench.catalogue, "demo", "Sale"), sale);
	assert_null(catalogue_called(bench.catalogue, "demo", "SaleDoo"));
	assert_null(catalogue_called(bench.catalogue, "demo", "Door"));
	assert_null(catalogue_called(bench.catalogue, "demo", ""));
	assert_null(catalogue_called(bench.catalogue, "other", "Sale"));
}

/* What a ledger says in its own time, or says to be changed without saying when. */
static void times_without_an_offset_are_of_the_zone(void **state)
{
	AUTO(catalogue_freep)
	struct catalogue *catalogue = catalogue_of("provider = demo\nkey = dbId\nread = delta\ntime = at\n"
						   "[Local]\nquery = a\nzone = central-european\nfield = seen time\n"
						   "[Universal]\nquery = b\nfield = seen time\n");
	static const struct {
		const char *type, *raw;
		int64_t time_ms, seen_ms; /* -1: none */
	} table[] = {
		{ "Local", "{\"dbId\":1,\"at\":\"2026-07-01T02:00:00\",\"seen\":\"2026-01-01T01:00:00\"}", INT64_C(1782864000000), INT64_C(1767225600000) },
		{ "Universal", "{\"dbId\":1,\"at\":\"2026-07-01T00:00:00\",\"seen\":\"2026-01-01T00:00:00\"}", INT64_C(1782864000000), INT64_C(1767225600000) },
		{ "Local", "{\"dbId\":1,\"at\":\"2026-07-01T00:00:00Z\",\"seen\":\"2026-01-01T00:00:00+00:00\"}", INT64_C(1782864000000), INT64_C(1767225600000) },
		{ "Local", "{\"dbId\":1,\"at\":null}", -1, -1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		AUTO(str_clear) struct str scratch = STR_INIT(STR_NO_LIMIT);
		struct json_slice raw = { .text = table[i].raw, .len = strlen(table[i].raw), .kind = JSON_OBJECT };
		struct record record;
		struct error err;

		str_reserve(&scratch, raw.len);
		assert_true(record_extract(catalogue_find(catalogue, "demo", table[i].type), raw, &scratch, &record, &err));
		assert_int_equal(record.has_time ? record.time_ms : -1, table[i].time_ms);
		assert_int_equal(record.cells[0].kind == CELL_INTEGER ? record.cells[0].integer : -1, table[i].seen_ms);
	}
	assert_string_not_equal(catalogue_at(catalogue, 0)->digest, catalogue_at(catalogue, 1)->digest);
}

int test_record(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_that_a_type_wants_is_found),
		cmocka_unit_test(texts_are_unescaped_into_the_scratch),
		cmocka_unit_test(texts_take_no_more_room_than_the_record),
		cmocka_unit_test(what_is_not_there_is_none),
		cmocka_unit_test(the_first_of_equal_members_counts),
		cmocka_unit_test(ids_may_be_numbers_of_any_length),
		cmocka_unit_test(a_record_inside_another_is_found),
		cmocka_unit_test(states_are_told_apart),
		cmocka_unit_test(hashes_follow_the_bytes),
		cmocka_unit_test(what_cannot_be_kept_has_no_key),
		cmocka_unit_test(what_cannot_be_kept_is_refused),
		cmocka_unit_test(cells_are_shown_as_people_and_programs_read_them),
		cmocka_unit_test(cells_that_no_record_has_are_still_shown),
		cmocka_unit_test(money_sorts_as_its_cells),
		cmocka_unit_test(references_are_found_in_lists),
		cmocka_unit_test(times_without_an_offset_are_of_the_zone),
	};

	return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
