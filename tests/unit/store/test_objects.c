/* SPDX-License-Identifier: GPL-3.0-or-later */
/* State per type and account, what is due, leases and their fences, the month's meter and the breaker. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/objects.h"

#include "tests.h"

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

static struct object *first(struct books *books)
{
	return &books->invoices[0];
}

static void save(struct books *books, const struct object *object)
{
	struct error err = { 0 };

	expect_ok(objects_save(books->store, object, 0, &err) && objects_set(books->store, object, &err), &err);
}

static void a_new_one_has_never_been_read(void **state)
{
	AUTO(books_clear) struct books books;
	struct object again;
	struct error err = { 0 };

	(void)state;
	books_init(&books);
	assert_int_equal(first(&books)->status, OBJECT_NEW);
	assert_true(first(&books)->wanted);
	assert_true(first(&books)->cursor_ms == INT64_MIN);
	assert_int_equal(first(&books)->ledger_count, -1);
	assert_int_equal(first(&books)->next_ms, 0);
	assert_int_equal(first(&books)->last_error.code, ERROR_NONE);
	assert_string_equal(first(&books)->account_id, books.accounts[0].id);
	assert_string_equal(first(&books)->type, "Invoice");
	assert_true(books.invoices[0].no != books.invoices[1].no);
	/* Made once. */
	first(&books)->failures = 3;
	save(&books, first(&books));
	expect_ok(objects_ensure(books.store, books.accounts[0].id, "Invoice", &again, &err), &err);
	assert_true(again.no == first(&books)->no);
	assert_int_equal(again.failures, 3);
	expect_error(objects_ensure(books.store, "ldgr_none", "Invoice", &again, &err), &err, ERROR_STORE, "FOREIGN KEY");
}

static void fill(struct object *object)
{
	object->status = OBJECT_WAITING;
	object->wanted = false;
	object->interval_s = 60;
	object->next_ms = NOW + 1;
	object->cursor_ms = NOW - 2;
	object->reading_from_ms = 3;
	object->reading_to_ms = 4;
	snprintf(object->position, sizeof(object->position), "at '7'");
	snprintf(object->mark, sizeof(object->mark), "mark");
	object->mark_ms = 5;
	object->full_ms = 6;
	object->whole_ms = 18;
	object->sweep_ms = 7;
	object->sweep_due = true;
	object->live = 8;
	object->inactive = 9;
	object->voided = 10;
	object->deleted = 11;
	object->parked = 12;
	object->ledger_count = 13;
	object->ledger_count_ms = 14;
	object->attempt_ms = 15;
	object->success_ms = 16;
	object->failures = 17;
	error_set(&object->last_error, ERROR_LIMIT, "too fast");
	object->last_error.retry_after_s = 60;
	object->last_error.outcome_unknown = true;
	snprintf(object->last_error.ledger_code, sizeof(object->last_error.ledger_code), "3001");
	snprintf(object->last_error.trace_id, sizeof(object->last_error.trace_id), "1-2-3");
	snprintf(object->guard, sizeof(object->guard), "would delete 400");
	snprintf(object->drift, sizeof(object->drift), "NewField");
	snprintf(object->digest, sizeof(object->digest), "abc");
	snprintf(object->filling, sizeof(object->filling), "abd");
	snprintf(object->filled_id, sizeof(object->filled_id), "17");
}

static void expect_filled(const struct object *object)
{
	assert_int_equal(object->status, OBJECT_WAITING);
	assert_false(object->wanted);
	assert_int_equal(object->interval_s, 60);
	assert_true(object->next_ms == NOW + 1);
	assert_true(object->cursor_ms == NOW - 2);
	assert_int_equal(object->reading_from_ms, 3);
	assert_int_equal(object->reading_to_ms, 4);
	assert_string_equal(object->position, "at '7'");
	assert_string_equal(object->mark, "mark");
	assert_int_equal(object->mark_ms, 5);
	assert_int_equal(object->full_ms, 6);
	assert_int_equal(object->whole_ms, 18);
	assert_int_equal(object->sweep_ms, 7);
	assert_true(object->sweep_due);
	assert_int_equal(object->live, 8);
	assert_int_equal(object->inactive, 9);
	assert_int_equal(object->voided, 10);
	assert_int_equal(object->deleted, 11);
	assert_int_equal(object->parked, 12);
	assert_int_equal(object->ledger_count, 13);
	assert_int_equal(object->ledger_count_ms, 14);
	assert_int_equal(object->attempt_ms, 15);
	assert_int_equal(object->success_ms, 16);
	assert_int_equal(object->failures, 17);
	assert_int_equal(object->last_error.code, ERROR_LIMIT);
	assert_int_equal(object->last_error.retry_after_s, 60);
	assert_true(object->last_error.outcome_unknown);
	assert_string_equal(object->last_error.ledger_code, "3001");
	assert_string_equal(object->last_error.trace_id, "1-2-3");
	assert_string_equal(object->last_error.text, "too fast");
	assert_string_equal(object->guard, "would delete 400");
	assert_string_equal(object->drift, "NewField");
	assert_string_equal(object->digest, "abc");
	assert_string_equal(object->filling, "abd");
	assert_string_equal(object->filled_id, "17");
}

static void all_of_it_comes_back(void **state)
{
	AUTO(books_clear) struct books books;
	AUTO(object_list_clear) struct object_list list = { 0 };
	struct object read;
	struct error err = { 0 };
	int64_t next;
	bool found;

	(void)state;
	books_init(&books);
	fill(first(&books));
	save(&books, first(&books));
	expect_ok(objects_get(books.store, books.accounts[0].id, "Invoice", &read, &found, &err), &err);
	assert_true(found);
	expect_filled(&read);
	expect_ok(objects_all(books.store, books.accounts[0].id, &list, &err), &err);
	assert_int_equal(list.count, 1);
	expect_filled(&list.items[0]);
	/* The same through the list of what is due. */
	books.invoices[1].next_ms = INT64_MAX;
	save(&books, &books.invoices[1]);
	read.wanted = true;
	save(&books, &read);
	expect_ok(objects_due(books.store, NOW + 1, "me", 5, &list, &next, &err), &err);
	assert_int_equal(list.count, 1);
	list.items[0].wanted = false;
	expect_filled(&list.items[0]);
	expect_ok(objects_get(books.store, books.accounts[0].id, "invoice", &read, &found, &err), &err);
	assert_false(found);
}

static void one_accounts_state_is_not_anothers(void **state)
{
	AUTO(books_clear) struct books books;
	AUTO(object_list_clear) struct object_list list = { 0 };
	struct object mixed, read;
	struct error err = { 0 };
	bool found;

	(void)state;
	books_init(&books);
	first(&books)->failures = 5;
	save(&books, first(&books));
	expect_ok(objects_get(books.store, books.accounts[1].id, "Invoice", &read, &found, &err), &err);
	assert_int_equal(read.failures, 0);
	/* The number of one account's under the other's id is our own mistake, and writes nothing. */
	mixed = books.invoices[1];
	mixed.no = first(&books)->no;
	mixed.failures = 99;
	expect_error(objects_save(books.store, &mixed, 0, &err), &err, ERROR_INTERNAL, "is not there");
	expect_ok(objects_all(books.store, NULL, &list, &err), &err);
	assert_int_equal(list.count, 2);
	for (size_t i = 0; i < list.count; i++)
		assert_int_equal(list.items[i].failures, list.items[i].no == first(&books)->no ? 5 : 0);
}

static void listed_in_the_order_they_were_made(void **state)
{
	static const char *const types[] = { "Invoice", "Customer", "Bill", "Account" };
	AUTO(books_clear) struct books books;
	AUTO(object_list_clear) struct object_list list = { 0 };
	struct object object;
	struct error err = { 0 };

	(void)state;
	books_init(&books);
	for (size_t i = 1; i < ARRAY_LEN(types); i++)
		expect_ok(objects_ensure(books.store, books.accounts[0].id, types[i], &object, &err), &err);
	for (int k = 0; k < 2; k++) {
		expect_ok(objects_all(books.store, books.accounts[0].id, &list, &err), &err);
		assert_int_equal(list.count, ARRAY_LEN(types));
		for (size_t i = 0; i < list.count; i++)
			assert_string_equal(list.items[i].type, types[i]);
	}
	expect_ok(objects_all(books.store, NULL, &list, &err), &err);
	assert_int_equal(list.count, ARRAY_LEN(types) + 1);
	expect_ok(objects_all(books.store, "ldgr_none", &list, &err), &err);
	assert_int_equal(list.count, 0);
}

static void each_state_has_a_word(void **state)
{
	(void)state;
	for (int i = 0; i < OBJECT_STATUS_COUNT; i++) {
		assert_true(*object_status_word((enum object_status)i) != '\0');
		for (int k = 0; k < i; k++)
			assert_string_not_equal(object_status_word((enum object_status)i),
						object_status_word((enum object_status)k));
	}
}

static void records_are_counted_again(void **state)
{
	static const struct {
		const char *id;
		enum record_state state;
	} rows[] = { { "1", RECORD_LIVE }, { "2", RECORD_LIVE }, { "3", RECORD_LIVE }, { "4", RECORD_INACTIVE },
		     { "5", RECORD_INACTIVE }, { "6", RECORD_VOIDED }, { "7", RECORD_DELETED } };
	AUTO(books_clear) struct books books;
	struct object counted;
	struct error err = { 0 };

	(void)state;
	books_init(&books);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		AUTO(sample_clear) struct sample sample;

		sample_init(&sample, rows[i].id, "0", "x");
		sample.record.state = rows[i].state;
		books_put(&books, 0, &sample);
	}
	begin(&books);
	expect_ok(records_park(books.store, first(&books), "", "{}", 2, "no Id", NOW, &err), &err);
	expect_ok(records_park(books.store, first(&books), "", "[]", 2, "no object", NOW, &err), &err);
	commit(&books);
	counted = *first(&books);
	expect_ok(objects_count(books.store, &counted, &err), &err);
	assert_int_equal(counted.live, 3);
	assert_int_equal(counted.inactive, 2);
	assert_int_equal(counted.voided, 1);
	assert_int_equal(counted.deleted, 1);
	assert_int_equal(counted.parked, 2);
	counted = books.invoices[1];
	counted.live = counted.parked = 77;
	expect_ok(objects_count(books.store, &counted, &err), &err);
	assert_int_equal(counted.live, 0);
	assert_int_equal(counted.parked, 0);
}

/* ---- what is due ---- */

/* The types that are due, in order, as "Acme Trading/Invoice ..."; and when the next one is. */
static int64_t expect_due(struct books *books, int64_t now, const char *holder, size_t most, const char *expected)
{
	AUTO(object_list_clear) struct object_list list = { 0 };
	AUTO(str_clear) struct str text = STR_INIT(1000);
	struct error err = { 0 };
	int64_t next = -1;

	expect_ok(objects_due(books->store, now, holder, most, &list, &next, &err), &err);
	for (size_t i = 0; i < list.count; i++)
		str_addf(&text, "%s%s/%s", i ? " " : "",
			 strcmp(list.items[i].account_id, books->accounts[0].id) == 0 ? "a" : "b", list.items[i].type);
	assert_string_equal(text.text, expected);
	return next;
}

static void at(struct books *books, size_t account, const char *type, int64_t next_ms)
{
	struct object object;
	struct error err = { 0 };

	expect_ok(objects_ensure(books->store, books->accounts[account].id, type, &object, &err), &err);
	object.next_ms = next_ms;
	save(books, &object);
}

/* All parts of a read are saved together, and are gone with it. */
static void slices_live_as_long_as_their_read(void **state)
{
	static const struct slice some[] = { { INT64_MIN, NOW, "at 'a'", 1 }, { NOW, NOW + 1000, "", 2 },
					     { NOW + 1000, NOW + 9000, "b", 3 } };
	AUTO(books_clear) struct books books;
	struct slice read[SLICES_MAX];
	struct error err = { 0 };
	size_t count;

	(void)state;
	books_init(&books);
	snprintf(first(&books)->position, sizeof(first(&books)->position), "under way");
	begin(&books);
	save(&books, first(&books));
	expect_ok(slices_save(books.store, first(&books), some, 2, &err), &err);
	expect_ok(slices_save(books.store, &books.invoices[1], some, 1, &err), &err);
	expect_ok(slices_save(books.store, first(&books), some + 1, 2, &err), &err);
	save(&books, first(&books));
	commit(&books);
	expect_ok(slices_get(books.store, first(&books), read, &count, &err), &err);
	assert_int_equal(count, 2);
	assert_true(read[0].from_ms == NOW && read[0].to_ms == NOW + 1000 && read[1].to_ms == NOW + 9000);
	assert_string_equal(read[0].position, "");
	assert_string_equal(read[1].position, "b");
	assert_int_equal(read[1].expected, 3);
	first(&books)->position[0] = '\0';
	save(&books, first(&books));
	expect_ok(slices_get(books.store, first(&books), read, &count, &err), &err);
	assert_int_equal(count, 0);
	expect_ok(slices_get(books.store, &books.invoices[1], read, &count, &err), &err);
	assert_int_equal(count, 1);
	assert_true(read[0].from_ms == INT64_MIN);
}

static void the_longest_overdue_comes_first(void **state)
{
	AUTO(books_clear) struct books books;

	(void)state;
	books_init(&books);
	at(&books, 0, "Invoice", NOW - 10);
	at(&books, 0, "Bill", NOW - 30);
	at(&books, 1, "Invoice", NOW - 20);
	at(&books, 1, "Bill", NOW);
	at(&books, 1, "Item", NOW + 5);
	assert_true(expect_due(&books, NOW, "me", 10, "a/Bill b/Invoice a/Invoice b/Bill") == NOW + 5);
	/* There are more than were asked for: look again at once. */
	assert_true(expect_due(&books, NOW, "me", 2, "a/Bill b/Invoice") == NOW);
	assert_true(expect_due(&books, NOW - 100, "me", 10, "") == NOW - 30);
	assert_true(expect_due(&books, NOW + 5, "me", 10, "a/Bill b/Invoice a/Invoice b/Bill b/Item") == INT64_MAX);
}

static void nothing_is_due_of(struct books *books, size_t account, int64_t expected_next)
{
	assert_true(expect_due(books, NOW, "me", 10, account == 0 ? "b/Invoice" : "a/Invoice") == expected_next);
}

static void what_is_not_to_be_read_is_not_due(void **state)
{
	AUTO(books_clear) struct books books;
	struct object object;
	struct error err = { 0 };

	(void)state;
	books_init(&books);
	expect_due(&books, NOW, "me", 10, "a/Invoice b/Invoice");
	object = *first(&books);
	object.wanted = false;
	save(&books, &object);
	nothing_is_due_of(&books, 0, INT64_MAX);
	object.wanted = true;
	object.status = OBJECT_DEAD;
	save(&books, &object);
	nothing_is_due_of(&books, 0, INT64_MAX);
	object.status = OBJECT_RUNNING; /* what a crash left */
	save(&books, &object);
	expect_due(&books, NOW, "me", 10, "a/Invoice b/Invoice");
	for (int i = ACCOUNT_OK + 1; i < ACCOUNT_STATE_COUNT; i++) {
		books.accounts[1].state = (enum account_state)i;
		expect_ok(accounts_save(books.store, &books.accounts[1], &err), &err);
		nothing_is_due_of(&books, 1, INT64_MAX);
	}
}

static void an_open_breaker_holds_up_its_account_alone(void **state)
{
	AUTO(books_clear) struct books books;
	struct breaker breaker = { .failures = 10, .openings = 2, .open_until_ms = NOW + 50 };
	struct error err = { 0 };

	(void)state;
	books_init(&books);
	expect_ok(breaker_set(books.store, books.accounts[0].id, &breaker, &err), &err);
	nothing_is_due_of(&books, 0, NOW + 50);
	assert_true(expect_due(&books, NOW + 50, "me", 10, "a/Invoice b/Invoice") == INT64_MAX);
	breaker.open_until_ms = 0;
	expect_ok(breaker_set(books.store, books.accounts[0].id, &breaker, &err), &err);
	expect_due(&books, NOW, "me", 10, "a/Invoice b/Invoice");
}

static bool take(struct books *books, const char *holder, int64_t now, int64_t *fence)
{
	struct error err = { 0 };
	bool taken = false;

	begin(books);
	expect_ok(lease_take(books->store, books->accounts[0].id, holder, now, 1000, &taken, fence, &err), &err);
	commit(books);
	return taken;
}

static void what_somebody_else_works_on_is_not_due(void **state)
{
	AUTO(books_clear) struct books books;
	struct error err = { 0 };
	int64_t fence = 0;

	(void)state;
	books_init(&books);
	assert_true(take(&books, "other", NOW - 400, &fence));
	nothing_is_due_of(&books, 0, NOW + 600);
	expect_due(&books, NOW, "other", 10, "a/Invoice b/Invoice");
	expect_due(&books, NOW + 600, "me", 10, "a/Invoice b/Invoice");
	begin(&books);
	expect_ok(lease_release(books.store, books.accounts[0].id, fence, &err), &err);
	commit(&books);
	expect_due(&books, NOW, "me", 10, "a/Invoice b/Invoice");
}

/* ---- leases ---- */

static void a_lease_is_one_holders(void **state)
{
	AUTO(books_clear) struct books books;
	struct error err = { 0 };
	int64_t fence = 0, before, other = -7;
	bool taken = false;

	(void)state;
	books_init(&books);
	assert_true(take(&books, "a", NOW, &fence));
	assert_true(fence > 0);
	before = fence;
	assert_false(take(&books, "b", NOW + 999, &other));
	assert_int_equal(other, -7);
	/* Its holder goes on under the same number. */
	assert_true(take(&books, "a", NOW + 500, &fence));
	assert_true(fence == before);
	assert_false(take(&books, "b", NOW + 1499, &other));
	/* After its time anybody takes it, under a greater one; so does the old holder. */
	assert_true(take(&books, "b", NOW + 1500, &other));
	assert_true(other > before);
	before = other;
	assert_true(take(&books, "b", NOW + 9000, &other));
	assert_true(other > before);
	begin(&books);
	expect_ok(lease_take(books.store, books.accounts[1].id, "c", NOW, 1000, &taken, &fence, &err), &err);
	assert_true(taken);
	assert_false(lease_take(books.store, "ldgr_none", "c", NOW, 1000, &taken, &fence, &err));
	assert_int_equal(err.code, ERROR_STORE);
	commit(&books);
}

static bool renew(struct books *books, int64_t fence, int64_t until)
{
	struct error err = { 0 };
	bool held = false;

	expect_ok(lease_renew(books->store, books->accounts[0].id, fence, until, &held, &err), &err);
	return held;
}

static void a_lease_is_renewed_and_released_by_its_number(void **state)
{
	AUTO(books_clear) struct books books;
	struct error err = { 0 };
	int64_t old = 0, fence = 0;

	(void)state;
	books_init(&books);
	assert_true(take(&books, "a", NOW, &old));
	assert_true(renew(&books, old, NOW + 5000));
	assert_false(take(&books, "b", NOW + 4999, &fence));
	assert_true(take(&books, "b", NOW + 5000, &fence));
	assert_false(renew(&books, old, NOW + 99999));
	/* An old number releases nothing. */
	expect_ok(lease_release(books.store, books.accounts[0].id, old, &err), &err);
	assert_false(take(&books, "c", NOW + 5001, &old));
	expect_ok(lease_release(books.store, books.accounts[0].id, fence, &err), &err);
	assert_true(take(&books, "c", NOW + 5001, &old));
	assert_true(old > fence);
}

static void the_old_holder_saves_nothing(void **state)
{
	AUTO(books_clear) struct books books;
	struct object stale, read;
	struct error err = { 0 };
	int64_t old = 0, fence = 0;
	bool found;

	(void)state;
	books_init(&books);
	assert_true(take(&books, "a", NOW, &old));
	stale = *first(&books);
	stale.cursor_ms = 111;
	begin(&books);
	expect_ok(objects_save(books.store, &stale, old, &err), &err);
	commit(&books);
	assert_true(take(&books, "b", NOW + 1000, &fence));
	stale.cursor_ms = 222;
	begin(&books);
	expect_error(objects_save(books.store, &stale, old, &err), &err, ERROR_CONFLICT, "another process (b) has taken over");
	/* In one transaction with it, nothing else is kept either. */
	store_end(&books.store);
	begin(&books);
	stale.cursor_ms = 333;
	expect_ok(objects_save(books.store, &stale, fence, &err), &err);
	commit(&books);
	expect_ok(objects_get(books.store, books.accounts[0].id, "Invoice", &read, &found, &err), &err);
	assert_int_equal(read.cursor_ms, 333);
	/* A number of a lease that never was. */
	begin(&books);
	expect_error(objects_save(books.store, &books.invoices[1], 1, &err), &err, ERROR_CONFLICT, "has taken over");
	commit(&books);
	/* Its time is over, but nobody has taken it: the work may still be saved. */
	begin(&books);
	expect_ok(objects_save(books.store, &stale, fence, &err), &err);
	commit(&books);
}

static void leases_are_listed(void **state)
{
	AUTO(books_clear) struct books books;
	AUTO(memory_freep) struct lease *leases = NULL;
	struct error err = { 0 };
	int64_t fence = 0;
	size_t count = 9;

	(void)state;
	books_init(&books);
	expect_ok(lease_all(books.store, &leases, &count, &err), &err);
	assert_int_equal(count, 0);
	assert_true(take(&books, "host 17", NOW, &fence));
	expect_ok(lease_all(books.store, &leases, &count, &err), &err);
	assert_int_equal(count, 1);
	assert_string_equal(leases[0].account_id, books.accounts[0].id);
	assert_string_equal(leases[0].holder, "host 17");
	assert_true(leases[0].until_ms == NOW + 1000);
	assert_true(leases[0].fence == fence);
	expect_ok(lease_release(books.store, books.accounts[0].id, fence, &err), &err);
	free(leases);
	leases = NULL;
	expect_ok(lease_all(books.store, &leases, &count, &err), &err);
	assert_int_equal(count, 0);
}

/* ---- the meter and the breaker ---- */

static void expect_meter(struct books *books, const char *account, const char *month, int64_t calls, int64_t received, int64_t sent)
{
	struct meter used = { -1, -1, -1 };
	struct error err = { 0 };

	expect_ok(meter_get(books->store, account, month, &used, &err), &err);
	assert_true(used.calls == calls);
	assert_true(used.received_bytes == received);
	assert_true(used.sent_bytes == sent);
}

static void use(struct books *books, const char *account, const char *month, int64_t calls, int64_t received, int64_t sent)
{
	struct error err = { 0 };

	expect_ok(meter_add(books->store, account, month, &(struct meter){ calls, received, sent }, &err), &err);
}

static void calls_are_metered_by_month(void **state)
{
	AUTO(books_clear) struct books books;
	struct meter used;
	struct error err = { 0 };
	const char *a, *b;

	(void)state;
	books_init(&books);
	a = books.accounts[0].id;
	b = books.accounts[1].id;
	expect_meter(&books, a, "2026-11", 0, 0, 0);
	expect_meter(&books, NULL, "2026-11", 0, 0, 0);
	use(&books, a, "2026-11", 3, 1000, 10);
	use(&books, a, "2026-11", 4, INT64_C(10000000000), 20);
	use(&books, b, "2026-11", 5, 1, 40);
	use(&books, a, "2026-12", 6, 2, 80);
	/* What is no metered call has bytes all the same. */
	use(&books, a, "2026-12", 0, 300, 4000);
	expect_meter(&books, a, "2026-11", 7, INT64_C(10000001000), 30);
	expect_meter(&books, b, "2026-11", 5, 1, 40);
	expect_meter(&books, a, "2026-12", 6, 302, 4080);
	/* The budget of a month is all accounts' together. */
	expect_meter(&books, NULL, "2026-11", 12, INT64_C(10000001001), 70);
	expect_meter(&books, NULL, "2027-01", 0, 0, 0);
	expect_ok(meter_sum(books.store, books.accounts[0].provider, books.accounts[0].environment, "2026-11", &used, &err), &err);
	assert_true(used.calls == 12 && used.received_bytes == INT64_C(10000001001) && used.sent_bytes == 70);
	expect_ok(meter_sum(books.store, "another", books.accounts[0].environment, "2026-11", &used, &err), &err);
	assert_true(used.calls == 0 && used.received_bytes == 0 && used.sent_bytes == 0);
}

static void breakers_are_kept(void **state)
{
	AUTO(books_clear) struct books books;
	struct breaker breaker = { 5, 2, NOW }, read;
	struct error err = { 0 };

	(void)state;
	books_init(&books);
	expect_ok(breaker_get(books.store, books.accounts[0].id, &read, &err), &err);
	assert_int_equal(read.failures + read.openings, 0);
	assert_int_equal(read.open_until_ms, 0);
	for (int i = 0; i < 2; i++) {
		breaker.failures += i;
		expect_ok(breaker_set(books.store, books.accounts[0].id, &breaker, &err), &err);
		expect_ok(breaker_get(books.store, books.accounts[0].id, &read, &err), &err);
		assert_int_equal(read.failures, 5 + i);
		assert_int_equal(read.openings, 2);
		assert_true(read.open_until_ms == NOW);
	}
	expect_ok(breaker_get(books.store, books.accounts[1].id, &read, &err), &err);
	assert_int_equal(read.failures, 0);
}

int test_objects(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_one_has_never_been_read),
		cmocka_unit_test(all_of_it_comes_back),
		cmocka_unit_test(one_accounts_state_is_not_anothers),
		cmocka_unit_test(listed_in_the_order_they_were_made),
		cmocka_unit_test(each_state_has_a_word),
		cmocka_unit_test(records_are_counted_again),
		cmocka_unit_test(slices_live_as_long_as_their_read),
		cmocka_unit_test(the_longest_overdue_comes_first),
		cmocka_unit_test(what_is_not_to_be_read_is_not_due),
		cmocka_unit_test(an_open_breaker_holds_up_its_account_alone),
		cmocka_unit_test(what_somebody_else_works_on_is_not_due),
		cmocka_unit_test(a_lease_is_one_holders),
		cmocka_unit_test(a_lease_is_renewed_and_released_by_its_number),
		cmocka_unit_test(the_old_holder_saves_nothing),
		cmocka_unit_test(leases_are_listed),
		cmocka_unit_test(calls_are_metered_by_month),
		cmocka_unit_test(breakers_are_kept),
	};

	return cmocka_run_group_tests_name("objects", tests, NULL, NULL);
}
