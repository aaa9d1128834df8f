/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs and attempts: kept before they start, ended once, asked for in many ways, trimmed with care. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/log.h"
#include "store/query.h"

#include "tests.h"

/* More than an error's text has room for. */
#define WORDS "Message=throttled; \"quoted\" 'words'\nand a second line"

static void begin(struct books *books)
{
	struct error err = { 0 };

	expect_ok(store_begin(books->store, &err), &err);
}

static void commit(struct books *books)
{
	struct error err = { 0 };

	expect_ok(store_commit(books->store, &err), &err);
}

static int64_t start_run(struct books *books, const char *what, int64_t now)
{
	struct error err = { 0 };
	int64_t run = 0;

	expect_ok(run_start(books->store, "operator", what, "ola", now, &run, &err), &err);
	assert_true(run > 0);
	return run;
}

static struct attempt start(struct books *books, size_t account, const char *type, int64_t started_ms)
{
	struct attempt attempt = { .run = 1, .job = "read", .cause = "schedule", .started_ms = started_ms, .tries = 1 };
	struct error err = { 0 };

	snprintf(attempt.account_id, sizeof(attempt.account_id), "%s", books->accounts[account].id);
	snprintf(attempt.type, sizeof(attempt.type), "%s", type);
	expect_ok(attempt_start(books->store, &attempt, &err), &err);
	return attempt;
}

/* One that took a second; `why` NULL: it went well. */
static struct attempt add(struct books *books, size_t account, const char *type, int64_t started_ms, const char *why)
{
	struct attempt attempt = start(books, account, type, started_ms);
	struct error err = { 0 };

	attempt.took_ms = 1000;
	attempt.calls = 3;
	attempt.counts.added = 2;
	attempt.counts.changed = 1;
	if (why)
		error_set(&attempt.error, ERROR_REMOTE, "%s", why);
	expect_ok(attempt_end(books->store, &attempt, "", &err), &err);
	return attempt;
}

static void a_run_is_a_row_before_it_starts(void **state)
{
	AUTO(books_clear) struct books books;
	int64_t first, second;
	struct error err = { 0 };

	(void)state;
	books_init(&books);
	first = start_run(&books, "sync --all", NOW);
	second = start_run(&books, "retry", NOW + 1);
	assert_true(second > first);
	assert_int_equal(books_number(&books, "SELECT count(*) FROM run WHERE ended_ms IS NULL AND result = ''"), 2);
	assert_int_equal(books_number(&books, "SELECT cause = 'operator' AND what = 'sync --all' AND who = 'ola' FROM run"), 1);
	expect_ok(run_end(books.store, first, NOW + 9, "4 of 5", &err), &err);
	assert_int_equal(books_number(&books, "SELECT ended_ms FROM run WHERE result = '4 of 5'"), NOW + 9);
	assert_int_equal(books_number(&books, "SELECT count(*) FROM run WHERE ended_ms IS NULL"), 1);
}

static void fill(struct attempt *attempt)
{
	attempt->took_ms = 1234;
	error_set(&attempt->error, ERROR_LIMIT, "too fast");
	attempt->error.retry_after_s = 60;
	attempt->error.outcome_unknown = true;
	snprintf(attempt->error.ledger_code, sizeof(attempt->error.ledger_code), "3001");
	snprintf(attempt->error.trace_id, sizeof(attempt->error.trace_id), "1-2-3");
	attempt->waited_ms = 1200;
	attempt->tries = 4;
	attempt->pages = 5;
	attempt->calls = 6;
	attempt->bytes = INT64_C(7000000000);
	attempt->throttled = 8;
	attempt->counts = (struct put_counts){ 9, 10, 11, 12, 13 };
	attempt->next_ms = NOW + 60000;
}

static void expect_same(const struct attempt *a, const struct attempt *b)
{
	assert_true(a->no == b->no);
	assert_true(a->run == b->run);
	assert_string_equal(a->account_id, b->account_id);
	assert_string_equal(a->type, b->type);
	assert_string_equal(a->job, b->job);
	assert_string_equal(a->cause, b->cause);
	assert_true(a->started_ms == b->started_ms);
	assert_true(a->took_ms == b->took_ms);
	assert_int_equal(a->error.code, b->error.code);
	assert_int_equal(a->error.retry_after_s, b->error.retry_after_s);
	assert_int_equal(a->error.outcome_unknown, b->error.outcome_unknown);
	assert_string_equal(a->error.ledger_code, b->error.ledger_code);
	assert_string_equal(a->error.trace_id, b->error.trace_id);
	assert_string_equal(a->error.text, b->error.text);
	assert_true(a->waited_ms == b->waited_ms);
	assert_int_equal(a->tries, b->tries);
	assert_true(a->pages == b->pages);
	assert_true(a->calls == b->calls);
	assert_true(a->bytes == b->bytes);
	assert_true(a->throttled == b->throttled);
	assert_true(a->counts.added == b->counts.added && a->counts.changed == b->counts.changed);
	assert_true(a->counts.unchanged == b->counts.unchanged && a->counts.deleted == b->counts.deleted);
	assert_true(a->counts.parked == b->counts.parked);
	assert_true(a->next_ms == b->next_ms);
}

static void all_of_it_comes_back(void **state)
{
	AUTO(books_clear) struct books books;
	AUTO(str_clear) struct str detail = STR_INIT(1000);
	struct attempt attempt, read;
	struct error err = { 0 };
	bool found = true;

	(void)state;
	books_init(&books);
	expect_ok(attempts_get(books.store, 1, &read, NULL, &found, &err), &err);
	assert_false(found);
	attempt = start(&books, 0, "Invoice", NOW);
	assert_int_equal(attempt.took_ms, -1);
	expect_ok(attempts_get(books.store, attempt.no, &read, NULL, &found, &err), &err);
	assert_true(found);
	/* While it runs nothing has gone wrong, and "never by itself" is not yet said. */
	assert_int_equal(read.error.code, ERROR_NONE);
	assert_int_equal(read.took_ms, -1);
	fill(&attempt);
	expect_ok(attempt_end(books.store, &attempt, WORDS, &err), &err);
	expect_ok(attempts_get(books.store, attempt.no, &read, &detail, &found, &err), &err);
	expect_same(&read, &attempt);
	assert_string_equal(detail.text, WORDS);
}

static struct attempt_item item_of(const char *type, const char *id, int64_t resource, enum error_code code, const char *text)
{
	struct attempt_item item = { .resource = resource };

	snprintf(item.type, sizeof(item.type), "%s", type);
	snprintf(item.record_id, sizeof(item.record_id), "%s", id);
	if (code != ERROR_NONE)
		error_set(&item.error, code, "%s", text);
	snprintf(item.error.text, sizeof(item.error.text), "%s", text);
	return item;
}

static void put_items(struct books *books, const struct attempt *attempt, const struct attempt_item *items, size_t count)
{
	struct error err = { 0 };

	begin(books);
	expect_ok(attempt_items_put(books->store, attempt, items, count, &err), &err);
	commit(books);
}

/* ---- asking ---- */

static bool add_number(void *ctx, const struct attempt *attempt, const char *detail)
{
	struct str *out = ctx;

	(void)detail;
	str_addf(out, "%s%d", out->len ? " " : "", (int)attempt->no);
	return true;
}

static void expect_listed(struct books *books, struct attempt_query query, const char *expected)
{
	AUTO(str_clear) struct str text = STR_INIT(1000);
	struct error err = { 0 };

	expect_ok(attempts_list(books->store, &query, add_number, &text, NULL, &err), &err);
	assert_string_equal(text.text, expected);
}

static void attempts_are_asked_for(void **state)
{
	AUTO(books_clear) struct books books;
	const char *a, *b;

	(void)state;
	books_init(&books);
	a = books.accounts[0].id;
	b = books.accounts[1].id;
	add(&books, 0, "Invoice", NOW, NULL);
	add(&books, 1, "Invoice", NOW + 10, "no");
	add(&books, 0, "Bill", NOW + 20, "no");
	add(&books, 0, "Invoice", NOW + 30, "no");
	add(&books, 1, "Bill", NOW + 40, NULL);
	start(&books, 0, "Invoice", NOW + 50);
	for (int newest = 0; newest < 2; newest++) {
		const struct {
			struct attempt_query query;
			const char *up, *down;
		} cases[] = {
			{ { 0 }, "1 2 3 4 5 6", "6 5 4 3 2 1" },
			{ { .account_id = a }, "1 3 4 6", "6 4 3 1" },
			{ { .account_id = b }, "2 5", "5 2" },
			{ { .type = "Bill" }, "3 5", "5 3" },
			{ { .account_id = a, .type = "Invoice" }, "1 4 6", "6 4 1" },
			{ { .failed_only = true }, "2 3 4", "4 3 2" },
			{ { .failed_only = true, .account_id = a }, "3 4", "4 3" },
			{ { .failed_only = true, .account_id = a, .type = "Bill" }, "3", "3" },
			{ { .since_ms = NOW + 20 }, "3 4 5 6", "6 5 4 3" },
			{ { .since_ms = NOW + 20, .account_id = a }, "3 4 6", "6 4 3" },
			{ { .since_ms = NOW + 21, .failed_only = true }, "4", "4" },
			{ { .after_no = 4 }, "5 6", "6 5" },
			{ { .before_no = 3 }, "1 2", "2 1" },
			{ { .after_no = 1, .before_no = 5, .account_id = a }, "3 4", "4 3" },
			{ { .after_no = 2, .failed_only = true }, "3 4", "4 3" },
			{ { .before_no = 4, .failed_only = true }, "2 3", "3 2" },
			{ { .limit = 2 }, "1 2", "6 5" },
			{ { .limit = 2, .account_id = a }, "1 3", "6 4" },
			{ { .limit = 2, .failed_only = true }, "2 3", "4 3" },
			{ { .account_id = "ldgr_none" }, "", "" },
		};

		for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
			struct attempt_query query = cases[i].query;

			query.newest_first = newest == 1;
			expect_listed(&books, query, newest ? cases[i].down : cases[i].up);
		}
	}
}

static bool stop(void *ctx, const struct attempt *attempt, const char *detail)
{
	int *rows = ctx;

	(void)attempt;
	(void)detail;
	return ++*rows < 2;
}

static void who_reads_can_stop(void **state)
{
	AUTO(books_clear) struct books books;
	struct attempt_query query = { 0 };
	struct error err = { 0 };
	int rows = 0;

	(void)state;
	books_init(&books);
	for (int i = 0; i < 5; i++)
		add(&books, 0, "Invoice", NOW + i, NULL);
	expect_ok(attempts_list(books.store, &query, stop, &rows, NULL, &err), &err);
	assert_int_equal(rows, 2);
	assert_int_equal(books_number(&books, "PRAGMA wal_checkpoint"), 0);
}

/* Filters are asked of rows that an index has found; bounded, a look says where it goes on. */
static void filters_narrow_it(void **state)
{
	static const struct {
		const char *filter, *expected;
	} cases[] = {
		{ "", "6 5 4 3 2 1" },
		{ "state:failed", "5 4 2" },
		{ "state:decide", "5" },
		{ "state:ok", "1" },
		{ "state:running", "6" },
		{ "state:stopped", "3" },
		{ "type:inv", "6 4 2 1" },
		{ "type=inv", "" },
		{ "type=INVOICE state:failed", "4 2" },
		{ "account:acme", "6 4 3 1" },
		{ "account:BOLT state:failed", "5 2" },
		{ "account:nobody", "" },
		{ "code:31", "2" },
		{ "code=31", "" },
		{ "trace:1-2", "2" },
		{ "job:read cause:sched", "6 5 4 3 2 1" },
		{ "run:7", "" },
		{ "run:1 type:bill", "5 3" },
		{ "TIMED", "4" },
		{ "\"timed out\" invoice", "4" },
		{ "words", "2" },
		{ "bolt bill", "5" },
		{ "since:30s", "6" },
		{ "until:30s state:failed", "5 4 2" },
	};
	AUTO(books_clear) struct books books;
	struct error err = { 0 };
	struct attempt attempt;

	(void)state;
	books_init(&books);
	add(&books, 0, "Invoice", NOW - 60000, NULL);
	attempt = start(&books, 1, "Invoice", NOW - 55000);
	fill(&attempt);
	snprintf(attempt.error.ledger_code, sizeof(attempt.error.ledger_code), "3100");
	expect_ok(attempt_end(books.store, &attempt, "the ledger's words", &err), &err);
	attempt = start(&books, 0, "Bill", NOW - 50000);
	error_set(&attempt.error, ERROR_CANCELLED, "stopped on request");
	attempt.took_ms = 5;
	expect_ok(attempt_end(books.store, &attempt, "", &err), &err);
	add(&books, 0, "Invoice", NOW - 45000, "it timed out");
	attempt = start(&books, 1, "Bill", NOW - 40000);
	error_set(&attempt.error, ERROR_CONFLICT, "somebody must decide");
	attempt.took_ms = 5;
	expect_ok(attempt_end(books.store, &attempt, "", &err), &err);
	start(&books, 0, "Invoice", NOW - 5000);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		AUTO(str_clear) struct str text = STR_INIT(1000);
		struct log_filter filter;
		struct attempt_query query = { .newest_first = true, .filter = &filter, .looked_max = 2 };
		struct log_look look = { 0 };

		expect_ok(log_filter_parse(cases[i].filter, NOW, &filter, &err), &err);
		for (int steps = 0; !look.done; steps++) {
			assert_true(steps < 10);
			expect_ok(attempts_list(books.store, &query, add_number, &text, &look, &err), &err);
			assert_true(look.done || (look.no > 0 && look.at_ms > 0 && (!query.before_no || look.no < query.before_no)));
			query.before_no = look.no;
		}
		if (strcmp(text.text, cases[i].expected) != 0)
			fail_msg("'%s' gives '%s', not '%s'", cases[i].filter, text.text, cases[i].expected);
	}
}

/* Those that run are seen whatever they will be, so that nobody misses what becomes of them. */
static void those_that_run(void **state)
{
	AUTO(books_clear) struct books books;
	AUTO(str_clear) struct str text = STR_INIT(1000);
	struct attempt_query query = { .failed_only = true, .running_too = true };
	struct error err = { 0 };
	int64_t nos[2];
	size_t count;

	(void)state;
	books_init(&books);
	add(&books, 0, "Invoice", NOW, NULL);
	start(&books, 0, "Bill", NOW + 1);
	add(&books, 1, "Invoice", NOW + 2, "no");
	start(&books, 1, "Bill", NOW + 3);
	start(&books, 1, "Vendor", NOW + 4);
	expect_ok(attempts_list(books.store, &query, add_number, &text, NULL, &err), &err);
	assert_string_equal(text.text, "2 3 4 5");
	expect_ok(attempts_running(books.store, 2, nos, &count, &err), &err);
	assert_int_equal(count, 2);
	assert_int_equal(nos[0], 5);
	assert_int_equal(nos[1], 4);
}

/* The newest of an account, a page at a time: neither other accounts' rows are read, nor the newer ones again. */
static void pages_of_an_account_use_its_index(void **state)
{
	static const enum statement statements[] = { ATTEMPT_ACCOUNT_OLDER, ATTEMPT_OLDER, ATTEMPT_NEWER,
						     ATTEMPT_FAILED_OLDER, ATTEMPT_INTERRUPTED };
	static const char *const plans[] = {
		"SEARCH attempt USING INDEX attempt_account (account_id=? AND no>? AND no<?)",
		"SEARCH attempt USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)",
		"SEARCH attempt USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)",
		"SEARCH attempt USING INDEX attempt_failed (no>? AND no<?)",
		"SEARCH attempt USING INDEX attempt_running (account_id=?)",
	};
	AUTO(books_clear) struct books books;

	(void)state;
	books_init(&books);
	for (size_t i = 0; i < ARRAY_LEN(statements); i++) {
		AUTO(str_clear) struct str sql = STR_INIT(4000);
		struct query query;

		str_addf(&sql, "EXPLAIN QUERY PLAN %s", statement_text(statements[i]));
		query = query_of_text(books.store, sql.text);
		assert_true(query_next(&query));
		if (strncmp(row_text(&query, 3), plans[i], strlen(plans[i])) != 0)
			fail_msg("expected '%s', got '%s'", plans[i], row_text(&query, 3));
		assert_false(query_next(&query));
		assert_true(query_end(&query, NULL));
	}
}

/* ---- crashes and retention ---- */

static void what_a_crash_left_is_ended(void **state)
{
	AUTO(books_clear) struct books books;
	struct attempt left, other, good, read;
	struct error err = { 0 };
	bool found;

	(void)state;
	books_init(&books);
	good = add(&books, 0, "Bill", NOW, NULL);
	left = start(&books, 0, "Invoice", NOW);
	other = start(&books, 1, "Invoice", NOW);
	expect_ok(attempts_interrupted(books.store, books.accounts[0].id, NOW + 700, &err), &err);
	expect_ok(attempts_get(books.store, left.no, &read, NULL, &found, &err), &err);
	assert_int_equal(read.took_ms, 700);
	assert_int_equal(read.error.code, ERROR_CANCELLED);
	assert_non_null(strstr(read.error.text, "taken up again"));
	expect_ok(attempts_get(books.store, other.no, &read, NULL, &found, &err), &err);
	assert_int_equal(read.took_ms, -1);
	expect_ok(attempts_get(books.store, good.no, &read, NULL, &found, &err), &err);
	assert_int_equal(read.error.code, ERROR_NONE);
	/* The clock was set back meanwhile. */
	expect_ok(attempts_interrupted(books.store, books.accounts[1].id, NOW - 700, &err), &err);
	expect_ok(attempts_get(books.store, other.no, &read, NULL, &found, &err), &err);
	assert_int_equal(read.took_ms, 0);
}

static int64_t trim(struct books *books, int64_t before_ms)
{
	struct error err = { 0 };
	int64_t trimmed = -1;

	begin(books);
	expect_ok(attempts_trim(books->store, before_ms, &trimmed, &err), &err);
	commit(books);
	return trimmed;
}

static void good_ones_become_daily_counts(void **state)
{
	const int64_t midnight = NOW / DAY * DAY;
	AUTO(books_clear) struct books books;
	struct attempt_query all = { 0 };
	struct attempt last;

	(void)state;
	books_init(&books);
	add(&books, 0, "Invoice", midnight, NULL);
	add(&books, 0, "Invoice", midnight + DAY - 1, NULL);
	add(&books, 0, "Invoice", midnight + DAY, NULL);
	add(&books, 0, "Bill", midnight, NULL);
	add(&books, 1, "Invoice", midnight, NULL);
	add(&books, 1, "Invoice", midnight, "a failure stays");
	start(&books, 1, "Invoice", midnight); /* and so does what is running */
	add(&books, 0, "Invoice", midnight + 2 * DAY, NULL);
	assert_int_equal(trim(&books, midnight + 2 * DAY), 5);
	expect_listed(&books, all, "6 7 8");
	assert_int_equal(books_number(&books, "SELECT count(*) FROM attempt_day"), 4);
	assert_int_equal(books_number(&books, "SELECT sum(attempts) FROM attempt_day"), 5);
	assert_int_equal(books_number(&books, "SELECT max(attempts) FROM attempt_day"), 2);
	assert_int_equal(books_number(&books, "SELECT calls FROM attempt_day WHERE attempts = 2"), 6);
	assert_int_equal(books_number(&books, "SELECT changed FROM attempt_day WHERE attempts = 2"), 6);
	/* Again does nothing; later ones of the same day are added. */
	assert_int_equal(trim(&books, midnight + 2 * DAY), 0);
	assert_int_equal(books_number(&books, "SELECT sum(attempts) FROM attempt_day"), 5);
	add(&books, 0, "Bill", midnight, NULL);
	assert_int_equal(trim(&books, midnight + 1), 1);
	assert_int_equal(books_number(&books, "SELECT max(attempts) FROM attempt_day WHERE type = 'Bill'"), 2);
	/* Numbers grow for ever, though the last rows are gone. */
	assert_int_equal(trim(&books, midnight + 9 * DAY), 1);
	last = add(&books, 0, "Bill", midnight, NULL);
	assert_int_equal(last.no, 10);
}

/* A failure is closed when its type was read well since; of another account's or type's success it knows nothing. */
static void closed_failures_go(void **state)
{
	const int64_t midnight = NOW / DAY * DAY;
	AUTO(books_clear) struct books books;
	struct attempt_query all = { 0 };
	struct error err = { 0 };
	struct attempt closed;

	(void)state;
	books_init(&books);
	closed = add(&books, 0, "Invoice", midnight, "closed");
	put_items(&books, &closed, &(struct attempt_item){ .record_id = "1", .resource = 1 }, 1);
	add(&books, 1, "Invoice", midnight, "of another account");
	add(&books, 0, "Bill", midnight, "of another type");
	add(&books, 0, "Invoice", midnight + DAY, "since");
	books.invoices[0].success_ms = midnight + DAY / 2;
	begin(&books);
	expect_ok(objects_save(books.store, &books.invoices[0], 0, &err), &err);
	commit(&books);
	assert_int_equal(trim(&books, midnight + 2 * DAY), 1);
	expect_listed(&books, all, "2 3 4");
	assert_int_equal(books_number(&books, "SELECT count(*) FROM attempt_day"), 0);
	assert_int_equal(books_number(&books, "SELECT count(*) FROM attempt_item"), 0);
}

/* By an index of their own: neither other types' nor a long past's are read. */
static void the_last_ones_of_a_type(void **state)
{
	AUTO(books_clear) struct books books;
	AUTO(str_clear) struct str plan = STR_INIT(1000);
	struct attempt_brief last[3];
	struct query query;
	struct error err = { 0 };
	size_t count;

	(void)state;
	books_init(&books);
	begin(&books);
	for (int i = 0; i < 5; i++) {
		add(&books, 0, "Invoice", NOW + i, i == 3 ? "broke" : NULL);
		add(&books, 0, "Bill", NOW + 100 + i, NULL);
		add(&books, 1, "Invoice", NOW + 200 + i, NULL);
	}
	start(&books, 0, "Invoice", NOW + 5);
	commit(&books);
	expect_ok(attempts_last(books.store, books.accounts[0].id, "Invoice", last, ARRAY_LEN(last), &count, &err), &err);
	assert_int_equal(count, 3);
	assert_true(last[0].started_ms == NOW + 5 && last[0].took_ms == -1);
	assert_true(last[1].started_ms == NOW + 4 && last[1].code == ERROR_NONE && last[1].changed == 3 && last[1].read == 3 && last[1].calls == 3);
	assert_true(last[2].started_ms == NOW + 3 && last[2].code == ERROR_REMOTE && last[2].took_ms == 1000);
	expect_ok(attempts_last(books.store, books.accounts[1].id, "Bill", last, ARRAY_LEN(last), &count, &err), &err);
	assert_int_equal(count, 0);
	str_addf(&plan, "EXPLAIN QUERY PLAN %s", statement_text(ATTEMPT_LAST));
	query = query_of_text(books.store, plan.text);
	assert_true(query_next(&query));
	assert_non_null(strstr(row_text(&query, 3), "USING INDEX attempt_type (account_id=? AND type=?)"));
	assert_false(query_next(&query)); /* and nothing is sorted */
	expect_ok(query_end(&query, &err), &err);
}

/* ---- one record, one document ---- */

static bool add_end(void *ctx, const struct attempt *attempt, const char *detail)
{
	(void)detail;
	str_addf(ctx, "%d %s %s\n", (int)attempt->no, log_state_word(attempt_state(attempt)), attempt->error.text);
	return true;
}

static void expect_ends(struct books *books, struct attempt_query query, const char *expected)
{
	AUTO(str_clear) struct str text = STR_INIT(1000);
	struct error err = { 0 };

	query.newest_first = true;
	expect_ok(attempts_list(books->store, &query, add_end, &text, NULL, &err), &err);
	assert_string_equal(text.text, expected);
}

/* Three attempts: a create that is refused, one under way that was ended, one that wrote it beside another that failed. */
static void write_twice(struct books *books)
{
	struct attempt attempt = add(books, 0, "Invoice", NOW, "1 of 1 writes were refused");
	struct attempt_item items[2] = { item_of("Invoice", "", 7, ERROR_REMOTE, "no such customer") };
	struct error err = { 0 };

	put_items(books, &attempt, items, 1);
	attempt = start(books, 0, "Invoice", NOW + 10);
	items[0] = item_of("Invoice", "", 7, ERROR_NONE, "");
	put_items(books, &attempt, items, 1);
	expect_ok(attempts_interrupted(books->store, books->accounts[0].id, NOW + 15, &err), &err);
	attempt = add(books, 0, "Customer", NOW + 20, "1 of 2 writes were refused");
	items[1] = item_of("Customer", "55", 8, ERROR_REMOTE, "its name is taken");
	put_items(books, &attempt, items, 2);
	items[0] = item_of("Invoice", "1024", 7, ERROR_NONE, "written");
	put_items(books, &attempt, items, 2);
}

static void a_record_has_a_log_of_its_own(void **state)
{
	AUTO(books_clear) struct books books;
	struct attempt_query query = { .type = "Invoice", .record_id = "1024" };

	(void)state;
	books_init(&books);
	query.account_id = books.accounts[0].id;
	write_twice(&books);
	/* In another company the same id is another record, and so it is in another type. */
	expect_ends(&books, query, "3 ok written\n2 stopped the program ended while this ran; it is taken up again\n1 failed no such customer\n");
	query.failed_only = true;
	expect_ends(&books, query, "1 failed no such customer\n");
	query.failed_only = false;
	query.account_id = books.accounts[1].id;
	expect_ends(&books, query, "");
	query.account_id = books.accounts[0].id;
	query.type = "Customer";
	expect_ends(&books, query, "");
	query.record_id = "55";
	expect_ends(&books, query, "3 failed its name is taken\n");
}

static void a_document_has_a_log_of_its_own(void **state)
{
	AUTO(books_clear) struct books books;
	struct attempt_query query = { .resource = 7 };

	(void)state;
	books_init(&books);
	write_twice(&books);
	query.account_id = books.accounts[0].id;
	query.after_no = 1;
	expect_ends(&books, query, "3 ok written\n2 stopped the program ended while this ran; it is taken up again\n");
	query.account_id = books.accounts[1].id;
	expect_ends(&books, query, "");
	query = (struct attempt_query){ .resource = 9 };
	expect_ends(&books, query, "");
}

/* However long the log is: an index of their own, and nothing is sorted. */
static void logs_of_one_use_their_index(void **state)
{
	static const struct {
		enum statement statement;
		const char *index;
	} cases[] = {
		{ ATTEMPT_RECORD_OLDER, "attempt_item_record (account_id=? AND type=? AND record_id=? AND attempt>? AND attempt<?)" },
		{ ATTEMPT_RECORD_NEWER, "attempt_item_record (account_id=? AND type=? AND record_id=? AND attempt>? AND attempt<?)" },
		{ ATTEMPT_RESOURCE_OLDER, "attempt_item_resource (resource=? AND attempt>? AND attempt<?)" },
		{ ATTEMPT_RESOURCE_NEWER, "attempt_item_resource (resource=? AND attempt>? AND attempt<?)" },
	};
	AUTO(books_clear) struct books books;
	struct error err = { 0 };

	(void)state;
	books_init(&books);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		AUTO(str_clear) struct str plan = STR_INIT(4000);
		struct query query;

		str_addf(&plan, "EXPLAIN QUERY PLAN %s", statement_text(cases[i].statement));
		query = query_of_text(books.store, plan.text);
		assert_true(query_next(&query));
		assert_non_null(strstr(row_text(&query, 3), cases[i].index));
		assert_true(query_next(&query));
		assert_non_null(strstr(row_text(&query, 3), "attempt USING INTEGER PRIMARY KEY"));
		assert_false(query_next(&query));
		expect_ok(query_end(&query, &err), &err);
	}
}

int test_log(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_ones_of_a_type),
		cmocka_unit_test(a_run_is_a_row_before_it_starts),
		cmocka_unit_test(all_of_it_comes_back),
		cmocka_unit_test(attempts_are_asked_for),
		cmocka_unit_test(filters_narrow_it),
		cmocka_unit_test(those_that_run),
		cmocka_unit_test(who_reads_can_stop),
		cmocka_unit_test(pages_of_an_account_use_its_index),
		cmocka_unit_test(what_a_crash_left_is_ended),
		cmocka_unit_test(good_ones_become_daily_counts),
		cmocka_unit_test(closed_failures_go),
		cmocka_unit_test(a_record_has_a_log_of_its_own),
		cmocka_unit_test(a_document_has_a_log_of_its_own),
		cmocka_unit_test(logs_of_one_use_their_index),
	};

	return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
