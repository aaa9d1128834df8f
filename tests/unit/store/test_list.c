/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists: filters of each operator on each kind, orders, pages, counts, and how the file is asked for them. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/records.h"
#include "store/query.h"

#include "tests.h"

/* Money and numbers in millionths, dates as days, times in ms. */
struct line {
	const char *id, *number;
	int64_t total, quantity, date, sent;
	int paid; /* -1: not there */
	const char *memo;
	enum record_state state;
	int64_t time_ms;
};

#define TIMES INT64_C(1000000)

static const struct line lines[] = {
	{ "1", "INV-1", 100 * TIMES, 1 * TIMES, 20000, NOW, 1, "paid at once", RECORD_LIVE, NOW + 10 },
	{ "2", "INV-2", -50 * TIMES, 2 * TIMES, 20001, NOW + DAY, 0, "100% of it", RECORD_LIVE, NOW + 20 },
	{ "10", "inv-10", 1200500000, 2500000, 20002, NOW + 2 * DAY, 0, "a_b", RECORD_LIVE, NOW + 30 },
	{ "11", "CM-11", 0, 0, 20003, NOW + 3 * DAY, 1, "a\\b", RECORD_INACTIVE, NOW + 40 },
	{ "12", "CM-12", 1, -1 * TIMES, 19999, NOW - DAY, 1, "axb", RECORD_VOIDED, NOW + 50 },
	{ "13", "GONE", 7 * TIMES, 7 * TIMES, 20000, NOW, 1, "x", RECORD_DELETED, NOW + 60 },
	{ "14", "Müller \"& Co\"", INT64_MAX, INT64_MIN, 0, 0, -1, NULL, RECORD_LIVE, NOW + 70 },
};

static void put_line(struct books *books, size_t account, const struct line *line)
{
	AUTO(sample_clear) struct sample sample;
	struct cell *cells = sample.record.cells;

	sample_init(&sample, line->id, "0", line->number);
	cells[INVOICE_TOTAL] = (struct cell){ .kind = CELL_INTEGER, .integer = line->total };
	cells[INVOICE_QUANTITY] = (struct cell){ .kind = CELL_INTEGER, .integer = line->quantity };
	if (line->date)
		cells[INVOICE_DATE] = (struct cell){ .kind = CELL_INTEGER, .integer = line->date };
	if (line->sent)
		cells[INVOICE_SENT] = (struct cell){ .kind = CELL_INTEGER, .integer = line->sent };
	if (line->paid >= 0)
		cells[INVOICE_PAID] = (struct cell){ .kind = CELL_INTEGER, .integer = line->paid };
	if (line->memo)
		cells[INVOICE_MEMO] = (struct cell){ CELL_TEXT, 0, line->memo, strlen(line->memo) };
	sample.record.state = line->state;
	sample.record.time_ms = line->time_ms;
	books_put(books, account, &sample);
}

static void lines_init(struct books *books)
{
	books_init(books);
	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		put_line(books, 0, &lines[i]);
	/* The same ids in the other account, and one more: none of them may ever show. */
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		struct line other = lines[i];

		other.number = "OTHER";
		put_line(books, 1, &other);
	}
}

static bool add_id(void *ctx, const struct record_row *row)
{
	struct str *out = ctx;

	assert_string_not_equal(row->title, "OTHER");
	str_addf(out, "%s%s", out->len ? " " : "", row->id);
	return true;
}

static void expect_query(struct books *books, const struct record_query *query, const char *what, const char *expected)
{
	AUTO(str_clear) struct str text = STR_INIT(10000);
	struct error err = { 0 };

	if (!records_list(books->store, books->invoices[0].no, query, add_id, &text, &err))
		fail_msg("%s: %s", what, err.text);
	if (strcmp(text.text, expected) != 0)
		fail_msg("%s: expected '%s', got '%s'", what, expected, text.text);
}

static bool count_fit(void *ctx, const struct record_step *step)
{
	*(int64_t *)ctx += step->fits;
	return true;
}

static int64_t count_walked(struct books *books, const struct record_query *query)
{
	const struct record_place from = { .edge = PLACE_FIRST };
	struct error err = { 0 };
	int64_t count = 0;
	bool end = false;

	expect_ok(records_walk(books->store, books->invoices[0].no, query, &from, false, count_fit, &count, &end, &err), &err);
	assert_true(end);
	return count;
}

/* The ids that a filter lets through, by id; a walk lets through as many. */
static void expect_filtered(struct books *books, const char *filter_text, const char *expected)
{
	struct filter filter;
	struct record_query query = { .type = &invoice_type, .filter = &filter, .order = RECORD_BY_ID };
	struct error err = { 0 };
	int64_t count = -1, blanks = 0;

	if (!filter_parse(&invoice_type, filter_text, PERSONAL_SHOWN, &filter, &err))
		fail_msg("'%s': %s", filter_text, err.text);
	expect_query(books, &query, filter_text, expected);
	for (const char *at = expected; *at; at++)
		blanks += *at == ' ';
	count = count_walked(books, &query);
	assert_int_equal(count, *expected ? blanks + 1 : 0);
}

static void every_operator_on_every_kind(void **state)
{
	static const struct {
		const char *filter, *expected;
	} cases[] = {
		{ "", "1 2 10 11 12 14" },
		/* text */
		{ "DocNumber=INV-1", "1" },
		{ "DocNumber=inv-1", "" },
		{ "DocNumber!=INV-1", "2 10 11 12 14" },
		{ "DocNumber<CM-2", "11 12" },
		{ "DocNumber<=CM-11", "11" },
		{ "DocNumber>INV-1", "2 10 14" },
		{ "DocNumber>=INV-1", "1 2 10 14" },
		{ "DocNumber~nv-1", "1 10" },
		{ "DocNumber=\"Müller \\\"& Co\\\"\"", "14" },
		/* money */
		{ "TotalAmt=100", "1" },
		{ "TotalAmt=100.00", "1" },
		{ "TotalAmt!=100", "2 10 11 12 14" },
		{ "TotalAmt<0", "2" },
		{ "TotalAmt<=0", "2 11" },
		{ "TotalAmt>100", "10 14" },
		{ "TotalAmt>=100", "1 10 14" },
		{ "TotalAmt=1200.5", "10" },
		{ "TotalAmt=0.000001", "12" },
		/* numbers */
		{ "Quantity=2.5", "10" },
		{ "Quantity!=2.5", "1 2 11 12 14" },
		{ "Quantity<0", "12 14" },
		{ "Quantity<=-1", "12 14" },
		{ "Quantity>1", "2 10" },
		{ "Quantity>=1", "1 2 10" },
		/* dates */
		{ "TxnDate=2024-10-04", "1" },
		{ "TxnDate!=2024-10-04", "2 10 11 12 14" },
		{ "TxnDate<2024-10-04", "12" },
		{ "TxnDate<=2024-10-04", "1 12" },
		{ "TxnDate>2024-10-04", "2 10 11" },
		{ "TxnDate>=2024-10-04", "1 2 10 11" },
		/* flags */
		{ "Paid=yes", "1 11 12" },
		{ "Paid=no", "2 10" },
		{ "Paid!=yes", "2 10 14" },
		/* the id, the title, the state */
		{ "id:1", "1" },
		{ "id!=1", "2 10 11 12 14" },
		{ "id~1", "1 10 11 12 14" },
		{ "id>=12", "2 12 14" },
		{ "title:INV-2", "2" },
		{ "title~cm", "11 12" },
		{ "inv", "1 2 10" },
		{ "INV 2", "2" },
		{ "\"& co\"", "14" },
		{ "state:live", "1 2 10 14" },
		{ "state:inactive", "11" },
		{ "state:voided", "12" },
		{ "state:deleted", "13" },
		{ "state!=live", "11 12 13" },
		{ "state:any", "1 2 10 11 12 13 14" },
		{ "state:any inv", "1 2 10" },
		/* all of them are meant */
		{ "Paid=yes TotalAmt>0", "1 12" },
		{ "Paid=yes TotalAmt>0 state:live", "1" },
		{ "Paid=yes Paid=no", "" },
		{ "TotalAmt>0 TotalAmt<101 DocNumber~inv id:1 state:live Paid:yes", "1" },
	};
	AUTO(books_clear) struct books books;

	(void)state;
	lines_init(&books);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		expect_filtered(&books, cases[i].filter, cases[i].expected);
}

static void times_are_instants_and_days(void **state)
{
	static const struct {
		const char *filter, *expected;
	} cases[] = {
		/* NOW is 2026-09-21T14:13:20Z. */
		{ "SentTime=2026-09-21T14:13:20Z", "1" },
		{ "SentTime=2026-09-21T16:13:20+02:00", "1" },
		{ "SentTime!=2026-09-21T14:13:20Z", "2 10 11 12 14" },
		{ "SentTime<2026-09-21T14:13:20Z", "12" },
		{ "SentTime<=2026-09-21T14:13:20Z", "1 12" },
		{ "SentTime>2026-09-21T14:13:20Z", "2 10 11" },
		{ "SentTime>=2026-09-21T14:13:20Z", "1 2 10 11" },
		{ "SentTime=2026-09-21", "1" },
		{ "SentTime<2026-09-21", "12" },
		{ "SentTime<=2026-09-21", "1 12" },
		{ "SentTime>2026-09-21", "2 10 11" },
		{ "SentTime>=2026-09-21", "1 2 10 11" },
		{ "changed>2026-09-21", "" },
		{ "changed:2026-09-21", "1 2 10 11 12 14" },
		{ "changed>2026-09-21T14:13:20.030Z", "11 12 14" },
		{ "changed=2026-09-21T14:13:20.030Z", "10" },
	};
	AUTO(books_clear) struct books books;

	(void)state;
	lines_init(&books);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		expect_filtered(&books, cases[i].filter, cases[i].expected);
}

/* LIKE's own letters, quotes and anything else that means something in SQL mean themselves. */
static void what_is_looked_for_is_only_text(void **state)
{
	static const struct {
		const char *filter, *expected;
	} cases[] = {
		{ "Memo~%", "2" },
		{ "Memo~100%", "2" },
		{ "Memo~1%t", "" },
		{ "Memo~_", "10" },
		{ "Memo~a_b", "10" },
		{ "Memo~\\", "11" },
		{ "Memo~a\\b", "11" },
		{ "Memo~A", "1 10 11 12" },
		{ "Memo~\"paid at\"", "1" },
		{ "Memo~'", "" },
		{ "Memo~\"' OR 1=1 --\"", "" },
		{ "Memo=\"' OR 1=1 --\"", "" },
		{ "DocNumber~\"\\\"\"", "14" },
		{ "%", "" },
		{ "_NV", "" },
		{ "Müller", "14" },
	};
	AUTO(books_clear) struct books books;

	(void)state;
	lines_init(&books);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		expect_filtered(&books, cases[i].filter, cases[i].expected);
}

/* As many conditions as there may be, each as long as it may be, of letters that are written in two. */
static void the_longest_filter(void **state)
{
	AUTO(str_clear) struct str text = STR_INIT(10000);
	AUTO(books_clear) struct books books;

	(void)state;
	lines_init(&books);
	for (int i = 0; i < FILTER_CONDITIONS_MAX; i++) {
		str_add(&text, " Memo~\"");
		for (int k = 0; k < 199; k++)
			str_add(&text, "%");
		str_add(&text, "\"");
	}
	expect_filtered(&books, text.text, "");
}

static void orders(void **state)
{
	static const struct {
		enum record_order order;
		size_t field;
		const char *up, *down;
	} cases[] = {
		{ RECORD_BY_TIME, 0, "1 2 10 11 12 14", "14 12 11 10 2 1" },
		{ RECORD_BY_ID, 0, "1 2 10 11 12 14", "14 12 11 10 2 1" },
		{ RECORD_BY_TITLE, 0, "11 12 1 10 2 14", "14 2 10 1 12 11" },
		{ RECORD_BY_FIELD, INVOICE_TOTAL, "2 11 12 1 10 14", "14 10 1 12 11 2" },
		{ RECORD_BY_FIELD, INVOICE_DATE, "14 12 1 2 10 11", "11 10 2 1 12 14" },
		/* Equal ones keep an order, so that pages fit together. */
		{ RECORD_BY_FIELD, INVOICE_PAID, "14 2 10 1 11 12", "12 11 1 10 2 14" },
		{ RECORD_BY_FIELD, TYPE_FIELDS_MAX - 1, "1 2 10 11 12 14", "14 12 11 10 2 1" },
	};
	AUTO(books_clear) struct books books;

	(void)state;
	lines_init(&books);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct record_query query = { .type = &invoice_type, .order = cases[i].order, .field = cases[i].field };

		expect_query(&books, &query, "upwards", cases[i].up);
		query.descending = true;
		expect_query(&books, &query, "downwards", cases[i].down);
	}
}

static void pages(void **state)
{
	AUTO(books_clear) struct books books;
	struct record_query query = { .type = &invoice_type, .order = RECORD_BY_TIME, .limit = 4 };

	(void)state;
	lines_init(&books);
	expect_query(&books, &query, "first page", "1 2 10 11");
	query.offset = 4;
	expect_query(&books, &query, "second page", "12 14");
	query.offset = 6;
	expect_query(&books, &query, "behind the last", "");
	query.limit = 0;
	query.offset = 5;
	expect_query(&books, &query, "all the rest", "14");
}

static bool check_line(void *ctx, const struct record_row *row)
{
	int *rows = ctx;

	if (strcmp(row->id, "14") != 0)
		return true;
	++*rows;
	assert_string_equal(row->version, "0");
	assert_string_equal(row->title, "Müller \"& Co\"");
	assert_int_equal(row->title_len, strlen("Müller \"& Co\""));
	assert_int_equal(row->state, RECORD_LIVE);
	assert_true(row->time_ms == NOW + 70);
	assert_true(row->seen_ms == NOW);
	assert_true(row->no > 0);
	assert_true(row->cells[INVOICE_TOTAL].integer == INT64_MAX);
	assert_true(row->cells[INVOICE_QUANTITY].integer == INT64_MIN);
	assert_int_equal(row->cells[INVOICE_DATE].kind, CELL_NONE);
	assert_int_equal(row->cells[INVOICE_MEMO].kind, CELL_NONE);
	return true;
}

static void rows_hold_what_was_put(void **state)
{
	AUTO(books_clear) struct books books;
	struct record_query query = { .type = &invoice_type };
	struct error err = { 0 };
	int rows = 0;

	(void)state;
	lines_init(&books);
	expect_ok(records_list(books.store, books.invoices[0].no, &query, check_line, &rows, &err), &err);
	assert_int_equal(rows, 1);
}

static bool read_memo(void *ctx, const struct record_row *row)
{
	const struct cell *cell = &row->cells[INVOICE_MEMO];

	assert_int_equal(cell->kind, CELL_TEXT);
	str_addf(ctx, "%.*s ", (int)cell->len, cell->text);
	return true;
}

static bool read_key(void *ctx, const struct record_step *step)
{
	str_addf(ctx, "%.*s ", (int)step->key.len, step->key.text);
	return true;
}

/* It is in the file once, and nobody who reads, filters or sorts can tell. */
static void a_cell_that_reads_as_the_title_is_kept_once(void **state)
{
	static const struct line twice[] = {
		{ "21", "b", 0, 0, 0, 0, -1, "b", RECORD_LIVE, NOW + 1 },
		{ "22", "a", 0, 0, 0, 0, -1, "c", RECORD_LIVE, NOW + 2 },
		{ "23", "a", 0, 0, 0, 0, -1, "a", RECORD_LIVE, NOW + 3 },
	};
	const struct record_place first = { .edge = PLACE_FIRST };
	struct record_query query = { .type = &invoice_type, .order = RECORD_BY_FIELD, .field = INVOICE_MEMO };
	AUTO(str_clear) struct str texts = STR_INIT(1000), keys = STR_INIT(1000);
	AUTO(books_clear) struct books books;
	struct error err = { 0 };
	bool end;

	(void)state;
	books_init(&books);
	for (size_t i = 0; i < ARRAY_LEN(twice); i++)
		put_line(&books, 0, &twice[i]);
	assert_int_equal(books_number(&books, "SELECT count(*) FROM record WHERE 'b' IN (c0, c1, c2, c3, c4, c5, c6, c7)"), 0);
	expect_query(&books, &query, "by a cell", "23 21 22");
	expect_ok(records_list(books.store, books.invoices[0].no, &query, read_memo, &texts, &err), &err);
	assert_string_equal(texts.text, "a b c ");
	expect_ok(records_walk(books.store, books.invoices[0].no, &query, &first, false, read_key, &keys, &end, &err), &err);
	assert_string_equal(keys.text, "b c a ");
	expect_filtered(&books, "Memo=b", "21");
	expect_filtered(&books, "Memo!=b", "22 23");
	expect_filtered(&books, "Memo>a", "21 22");
	expect_filtered(&books, "Memo~A", "23");
	/* It is changed to something else, and back. */
	put_line(&books, 0, &(struct line){ "23", "z", 0, 0, 0, 0, -1, "a", RECORD_LIVE, NOW + 4 });
	expect_filtered(&books, "Memo=a", "23");
}

static bool stop_at_two(void *ctx, const struct record_row *row)
{
	int *rows = ctx;

	(void)row;
	return ++*rows < 2;
}

static void who_reads_can_stop(void **state)
{
	AUTO(books_clear) struct books books;
	struct record_query query = { .type = &invoice_type };
	struct error err = { 0 };
	int rows = 0;

	(void)state;
	lines_init(&books);
	expect_ok(records_list(books.store, books.invoices[0].no, &query, stop_at_two, &rows, &err), &err);
	assert_int_equal(rows, 2);
	/* Nothing is left open: a checkpoint gets through. */
	expect_ok(store_checkpoint(books.store, &err), &err);
	assert_int_equal(books_number(&books, "PRAGMA wal_checkpoint"), 0);
}

/* ---- walking ---- */

static int keep_sql(unsigned int kind, void *ctx, void *statement, void *unused)
{
	struct str *sql = ctx;

	(void)kind, (void)unused;
	str_reset(sql);
	str_add(sql, sqlite3_sql(statement));
	return 0;
}

struct walked {
	struct str ids;
	struct store *store;
	int64_t object_no;
	struct record_place last;
	int most;              /* steps; 0: all */
};

static bool add_walked(void *ctx, const struct record_step *step)
{
	struct walked *walked = ctx;
	struct error err = { 0 };

	walked->last = step->place;
	if (step->fits)
		expect_ok(records_rows(walked->store, walked->object_no, NULL, &step->place.no, 1, add_id, &walked->ids, &err), &err);
	return walked->most == 0 || --walked->most > 0;
}

static void expect_walk(struct books *books, const struct record_query *query, const struct record_place *from, bool back, const char *expected)
{
	struct walked walked = { .ids = STR_INIT(1000), .store = books->store, .object_no = books->invoices[0].no };
	struct error err = { 0 };
	bool end = false;

	expect_ok(records_walk(books->store, books->invoices[0].no, query, from, back, add_walked, &walked, &end, &err), &err);
	assert_true(end);
	assert_string_equal(walked.ids.text ? walked.ids.text : "", expected);
	str_clear(&walked.ids);
}

/* Step by step, each from where the one before stopped, gives what all at once gives; also with equal times, and none. */
static void a_walk_goes_on_where_it_stopped(void **state)
{
	AUTO(books_clear) struct books books;
	struct record_query query = { .type = &invoice_type };

	(void)state;
	lines_init(&books);
	place_sql(&books.place, "UPDATE record SET time_ms = NULL WHERE id IN ('2', '11'); UPDATE record SET time_ms = 5 WHERE id IN ('10', '12', '14')");
	for (int back = 0; back < 2; back++) {
		struct record_place from = { .edge = back ? PLACE_LAST : PLACE_FIRST };
		struct walked walked = { .ids = STR_INIT(1000), .store = books.store, .object_no = books.invoices[0].no };
		struct error err = { 0 };
		bool end = false;

		for (int turn = 0; turn < 20 && !end; turn++) {
			walked.most = 1;
			expect_ok(records_walk(books.store, books.invoices[0].no, &query, &from, back, add_walked, &walked, &end, &err), &err);
			from = walked.last;
		}
		assert_true(end);
		assert_string_equal(walked.ids.text, back ? "1 14 12 10 11 2" : "2 11 10 12 14 1");
		str_clear(&walked.ids);
		from.edge = back ? PLACE_FIRST : PLACE_LAST;
		expect_walk(&books, &query, &from, back, "");
		expect_walk(&books, &query, &from, !back, back ? "2 11 10 12 14 1" : "1 14 12 10 11 2");
	}
}

/* The middle of equal times, a place where no record is any more, and the border between those with a time and those without. */
static void a_walk_from_any_place(void **state)
{
	static const struct {
		struct record_place from;
		const char *on, *back;
	} cases[] = {
		{ { PLACE_RECORD, true, 4, 0 }, "10 12 14 1", "11 2" },
		{ { PLACE_RECORD, true, 5, 0 }, "10 12 14 1", "11 2" },
		{ { PLACE_RECORD, true, 5, 1000000 }, "1", "14 12 10 11 2" },
		{ { PLACE_RECORD, true, INT64_MAX, 1 }, "", "1 14 12 10 11 2" },
		{ { PLACE_RECORD, false, 0, 0 }, "2 11 10 12 14 1", "" },
		{ { PLACE_RECORD, false, 0, 1000000 }, "10 12 14 1", "11 2" },
	};
	AUTO(books_clear) struct books books;
	struct record_query query = { .type = &invoice_type };

	(void)state;
	lines_init(&books);
	place_sql(&books.place, "UPDATE record SET time_ms = NULL WHERE id IN ('2', '11'); UPDATE record SET time_ms = 5 WHERE id IN ('10', '12', '14')");
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		expect_walk(&books, &query, &cases[i].from, false, cases[i].on);
		expect_walk(&books, &query, &cases[i].from, true, cases[i].back);
	}
}

static void every_piece_of_a_walk_uses_an_index(void **state)
{
	const struct record_place places[] = { { .edge = PLACE_FIRST }, { .edge = PLACE_LAST }, { PLACE_RECORD, true, 0, 5 },
					       { PLACE_RECORD, false, 0, 5 } };
	AUTO(books_clear) struct books books;
	AUTO(str_clear) struct str sql = STR_INIT(10000);
	struct record_query query = { .type = &invoice_type };
	struct error err = { 0 };

	(void)state;
	lines_init(&books);
	for (size_t i = 0; i < 2 * ARRAY_LEN(places); i++) {
		AUTO(str_clear) struct str explain = STR_INIT(10000);
		struct query steps;
		int64_t count = 0;
		bool end;

		sqlite3_trace_v2(books.store->db, SQLITE_TRACE_STMT, keep_sql, &sql);
		expect_ok(records_walk(books.store, books.invoices[0].no, &query, &places[i / 2], i % 2, count_fit, &count, &end, &err), &err);
		sqlite3_trace_v2(books.store->db, 0, NULL, NULL);
		str_addf(&explain, "EXPLAIN QUERY PLAN %s", sql.text);
		steps = query_of_text(books.store, explain.text);
		while (query_next(&steps)) {
			assert_non_null(strstr(row_text(&steps, 3), "SEARCH record USING INDEX record_time (object=?"));
			assert_null(strstr(row_text(&steps, 3), "TEMP"));
		}
		expect_ok(query_end(&steps, &err), &err);
	}
}

/* ---- raw records ---- */

struct raws {
	struct str text;
	char last[RECORD_ID_MAX];
	int rows, most;
};

static bool add_raw(void *ctx, const struct record_row *row, const char *raw, size_t len)
{
	struct raws *raws = ctx;

	assert_true(strcmp(row->id, raws->last) > 0);
	snprintf(raws->last, sizeof(raws->last), "%s", row->id);
	assert_int_equal(strlen(raw), len);
	assert_non_null(strstr(raw, row->title[0] == 'M' ? "Müller" : row->title));
	str_addf(&raws->text, "%s ", row->id);
	return ++raws->rows != raws->most;
}

static void raw_records_in_order_of_their_ids(void **state)
{
	AUTO(books_clear) struct books books;
	struct raws raws = { .text = STR_INIT(1000), .most = 3 };
	struct error err = { 0 };

	(void)state;
	lines_init(&books);
	/* In pieces, as a comparison that gives others a chance to write would do it. Deleted ones too. */
	while (raws.rows % 3 == 0 && raws.rows < 10) {
		raws.most = raws.rows + 3;
		expect_ok(records_raw(books.store, &books.invoices[0], raws.last, add_raw, &raws, &err), &err);
	}
	assert_string_equal(raws.text.text, "1 10 11 12 13 14 2 ");
	str_clear(&raws.text);
}

/* ---- how the file is asked ---- */

/* The steps of the last list: "SEARCH record USING INDEX …; …". */
static void plan_of(struct books *books, const struct record_query *query, struct str *out)
{
	AUTO(str_clear) struct str sql = STR_INIT(10000), ids = STR_INIT(10000), explain = STR_INIT(10000);
	struct error err = { 0 };
	struct query steps;

	sqlite3_trace_v2(books->store->db, SQLITE_TRACE_STMT, keep_sql, &sql);
	expect_ok(records_list(books->store, books->invoices[0].no, query, add_id, &ids, &err), &err);
	sqlite3_trace_v2(books->store->db, 0, NULL, NULL);
	str_addf(&explain, "EXPLAIN QUERY PLAN %s", sql.text);
	steps = query_of_text(books->store, explain.text);
	while (query_next(&steps))
		str_addf(out, "%s; ", row_text(&steps, 3));
	expect_ok(query_end(&steps, &err), &err);
}

static void a_page_by_time_uses_the_index(void **state)
{
	AUTO(books_clear) struct books books;
	struct filter filter;
	struct record_query query = { .type = &invoice_type, .order = RECORD_BY_TIME, .descending = true, .limit = 50 };
	struct error err = { 0 };

	(void)state;
	lines_init(&books);
	for (int round = 0; round < 3; round++) {
		AUTO(str_clear) struct str plan = STR_INIT(10000);

		plan_of(&books, &query, &plan);
		/* Neither all rows nor a sort of them. */
		assert_string_equal(plan.text, "SEARCH record USING INDEX record_time (object=?); ");
		query.descending = false;
		expect_ok(filter_parse(&invoice_type, "TotalAmt>0 inv", PERSONAL_SHOWN, &filter, &err), &err);
		query.filter = round == 1 ? &filter : NULL;
	}
}

/* Also when there is much, and the planner knows how much. */
static void also_when_the_planner_has_counted(void **state)
{
	AUTO(books_clear) struct books books;
	struct record_query query = { .type = &invoice_type, .order = RECORD_BY_TIME, .descending = true, .limit = 50 };
	AUTO(str_clear) struct str plan = STR_INIT(10000);

	(void)state;
	lines_init(&books);
	place_sql(&books.place, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) "
		  "INSERT INTO record (object, id, version, state, time_ms, seen_ms, hash, title) "
		  "SELECT (SELECT min(no) FROM object), 'r' || i, '0', 0, i % 50, 0, 0, 'T' FROM n; ANALYZE");
	store_close(books.store);
	books.store = place_open(&books.place, STORE_READ);
	plan_of(&books, &query, &plan);
	assert_string_equal(plan.text, "SEARCH record USING INDEX record_time (object=?); ");
}

int test_list(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_operator_on_every_kind),
		cmocka_unit_test(times_are_instants_and_days),
		cmocka_unit_test(what_is_looked_for_is_only_text),
		cmocka_unit_test(the_longest_filter),
		cmocka_unit_test(orders),
		cmocka_unit_test(pages),
		cmocka_unit_test(rows_hold_what_was_put),
		cmocka_unit_test(a_cell_that_reads_as_the_title_is_kept_once),
		cmocka_unit_test(who_reads_can_stop),
		cmocka_unit_test(a_walk_goes_on_where_it_stopped),
		cmocka_unit_test(a_walk_from_any_place),
		cmocka_unit_test(every_piece_of_a_walk_uses_an_index),
		cmocka_unit_test(raw_records_in_order_of_their_ids),
		cmocka_unit_test(a_page_by_time_uses_the_index),
		cmocka_unit_test(also_when_the_planner_has_counted),
	};

	return cmocka_run_group_tests_name("list", tests, NULL, NULL);
}
