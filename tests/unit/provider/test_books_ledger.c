/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What records post, against the ledger's own reports: account by account at several dates, and transaction by transaction.
 * What the records of stock don't say is taken from the general ledger, and must be of these records only.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dialogue.h"
#include "ledger.h"
#include "ledgerdeck/core/memory.h"
#include "mirror.h"
#include "provider/quickbooks/books.h"
#include "tests.h"

/* Amounts by a name, in cents. */
struct sums {
	struct sum {
		char name[200];
		int64_t cents;
	} *rows; /* owned */
	size_t count, room;
};

static void sums_clear(struct sums *sums)
{
	free(sums->rows);
	*sums = (struct sums){ 0 };
}

static void sums_add(struct sums *sums, const char *name, struct decimal amount)
{
	struct sum *row;

	assert_true(decimal_round(amount, 2, &amount));
	memory_grow(&sums->rows, &sums->room, sums->count + 1, sizeof(*sums->rows));
	row = &sums->rows[sums->count++];
	row->cents = amount.digits;
	snprintf(row->name, sizeof(row->name), "%s", name);
}

static int compare_sums(const void *a, const void *b)
{
	return strcmp(((const struct sum *)a)->name, ((const struct sum *)b)->name);
}

/* One row a name, in order, without those that come to nothing. */
static void sums_pack(struct sums *sums)
{
	size_t kept = 0;

	if (sums->count > 0)
		qsort(sums->rows, sums->count, sizeof(*sums->rows), compare_sums);
	for (size_t i = 0; i < sums->count; i++) {
		if (kept > 0 && strcmp(sums->rows[kept - 1].name, sums->rows[i].name) == 0) {
			sums->rows[kept - 1].cents += sums->rows[i].cents;
			continue;
		}
		if (kept > 0 && sums->rows[kept - 1].cents == 0)
			kept--;
		sums->rows[kept++] = sums->rows[i];
	}
	if (kept > 0 && sums->rows[kept - 1].cents == 0)
		kept--;
	sums->count = kept;
}

static bool sums_has(const struct sums *packed, const char *name)
{
	struct sum key = { .cents = 0 };

	snprintf(key.name, sizeof(key.name), "%s", name);
	return packed->count > 0 && bsearch(&key, packed->rows, packed->count, sizeof(*packed->rows), compare_sums);
}

static void sums_assert_equal(struct sums *ours, struct sums *theirs, const char *what)
{
	sums_pack(ours);
	sums_pack(theirs);
	for (size_t i = 0; i < ours->count || i < theirs->count; i++) {
		const struct sum *a = i < ours->count ? &ours->rows[i] : NULL, *b = i < theirs->count ? &theirs->rows[i] : NULL;

		if (!a || !b || strcmp(a->name, b->name) != 0 || a->cents != b->cents)
			fail_msg("%s: %s %lld by the records, %s %lld in the ledger", what, a ? a->name : "nothing",
				 a ? (long long)a->cents : 0, b ? b->name : "nothing", b ? (long long)b->cents : 0);
	}
}

/* ---- a company */

struct world {
	struct ledger ledger;
	struct mirror mirror;
	const struct provider_books *books;
	bool currencies;
};

static void world_mirror(struct world *world)
{
	struct json_slice settings;

	mirror_clear(&world->mirror);
	mirror_init(&world->mirror);
	mirror_fill(&world->mirror, &world->ledger.connection);
	assert_true(world->mirror.desk.record(&world->mirror, "Preferences", "", &settings));
	world->currencies = json_member(settings, "CurrencyPrefs.MultiCurrencyEnabled").text[0] == 't';
}

static void world_init(struct world *world, const char *kind)
{
	ledger_init_kind(&world->ledger, kind);
	world->books = world->ledger.connection.provider->books;
	world->mirror = (struct mirror){ 0 };
	world_mirror(world);
}

static void world_clear(struct world *world)
{
	mirror_clear(&world->mirror);
	ledger_clear(&world->ledger);
}

static void world_report(struct world *world, struct report_wish wish, bool (*each)(void *ctx, const struct report_row *row), void *ctx)
{
	AUTO(page_clearp) struct page page;
	struct report_head head;
	struct error err = { 0 };

	page_init(&page);
	wish.currencies = world->currencies;
	if (!world->books->fetch(&world->ledger.connection, &wish, &page, &err) ||
	    !world->books->rows(&world->mirror.desk, &wish, page.body.text, page.body.len, &head, each, ctx, &err))
		fail_msg("%s: %s", report_word(wish.report), err.text);
	assert_false(head.cut);
	assert_true(page.ledger_ms > 0 && *page.trace_id);
	assert_int_equal(head.to.day, wish.to.day);
}

/* ---- postings, by transaction and account */

struct tying {
	struct world *world;
	struct sums ours, theirs;    /* "Invoice 12, account 4" */
	struct sums untold;          /* the same of amounts that records don't have */
	struct sums skipped;         /* "Invoice 12": records without such an amount, but with cents over that may lie there */
	/* Of accounts at a day. */
	struct date day, year;       /* and the first day of its fiscal year */
	struct sums balance, stock;
	const char *account;         /* of kept profit */
	size_t unknown, rows;
};

static void tying_clear(struct tying *tying)
{
	sums_clear(&tying->ours);
	sums_clear(&tying->theirs);
	sums_clear(&tying->untold);
	sums_clear(&tying->skipped);
	sums_clear(&tying->balance);
	sums_clear(&tying->stock);
}

static bool posts(const struct world *world, const char *type)
{
	for (size_t i = 0; world->books->types[i]; i++)
		if (strcmp(world->books->types[i], type) == 0)
			return true;
	return false;
}

static void each_entry(struct tying *tying, void (*take)(struct tying *tying, const char *name, const struct books_entry *entry))
{
	struct world *world = tying->world;
	struct books_entry entry = { .posts = false };
	char name[120];

	for (size_t i = 0; i < world->mirror.count; i++) {
		const struct mirrored *row = &world->mirror.rows[i];

		if (!posts(world, row->type))
			continue;
		books_entry_reset(&entry);
		world->books->entry(&world->mirror.desk, row->type, mirrored_slice(row), &entry);
		snprintf(name, sizeof(name), "%s %s", row->type, row->id);
		take(tying, name, &entry);
	}
	books_entry_clear(&entry);
}

static const char *key_of(const char *name, const char *account, char *out)
{
	snprintf(out, 200, "%s, account %s", name, account);
	return out;
}

static void find_untold(struct tying *tying, const char *name, const struct books_entry *entry)
{
	char key[200];

	for (size_t i = 0; i < entry->posting_count; i++)
		if (entry->postings[i].untold)
			sums_add(&tying->untold, key_of(name, entry->postings[i].account, key), decimal_of(1, 2));
	if (!entry->known && tying->world->currencies)
		sums_add(&tying->skipped, name, decimal_of(1, 2));
	tying->unknown += !entry->known;
}

static void take_postings(struct tying *tying, const char *name, const struct books_entry *entry)
{
	char key[200];
	struct decimal sum = decimal_of(0, 2);

	if (!entry->has_date)
		fail_msg("%s has no date", name);
	for (size_t i = 0; i < entry->posting_count; i++) {
		const struct books_posting *posting = &entry->postings[i];

		if (!*posting->account)
			fail_msg("%s: no account of class %s", name, account_class_word(posting->class));
		assert_true(decimal_add(sum, posting->amount, &sum));
		if (!sums_has(&tying->untold, key_of(name, posting->account, key)) && !sums_has(&tying->skipped, name))
			sums_add(&tying->ours, key, posting->amount);
	}
	if (!decimal_is_zero(sum))
		fail_msg("%s does not come out even: %s", name, entry->why);
}

/* Is it something that the ledger alone knows? */
static bool is_ledgers(const struct tying *tying, const struct report_row *row, char *key)
{
	char name[120];

	snprintf(name, sizeof(name), "%s %s", row->type, row->id);
	key_of(name, row->account, key);
	return !posts(tying->world, row->type) || sums_has(&tying->untold, key) || sums_has(&tying->skipped, name);
}

static bool take_ledger_row(void *ctx, const struct report_row *row)
{
	struct tying *tying = ctx;
	char key[200];

	assert_true(row->kind != ROW_OPENING); /* from the beginning of time */
	if (row->kind != ROW_DATA)
		return true;
	if (!*row->account || !row->has_date || !row->has_amount)
		fail_msg("a row without all of it: %s %s of %s", row->type, row->id, row->account_name);
	if (!is_ledgers(tying, row, key))
		sums_add(&tying->theirs, key, row->amount);
	tying->rows++;
	return true;
}

static const struct report_wish all_of_it = { .report = REPORT_GENERAL_LEDGER };

static void tie_transactions(struct tying *tying)
{
	struct report_wish wish = all_of_it;

	wish.from = date_of(1990, 1, 1);
	wish.to = date_of(2035, 12, 31);
	each_entry(tying, find_untold);
	sums_pack(&tying->untold);
	sums_pack(&tying->skipped);
	each_entry(tying, take_postings);
	world_report(tying->world, wish, take_ledger_row, tying);
	assert_true(tying->rows > 20);
	sums_assert_equal(&tying->ours, &tying->theirs, "general ledger");
}

/* ---- balances */

/* Income and cost of earlier years is kept profit in reports. */
static const char *shown_account(const struct tying *tying, const char *account, struct date date)
{
	struct world *world = tying->world;
	struct books_account facts = { .class = CLASS_UNKNOWN };
	struct json_slice raw;

	if (world->mirror.desk.record(&world->mirror, "Account", account, &raw))
		world->books->account(raw, &facts);
	return date.day < tying->year.day && (facts.class == CLASS_INCOME || facts.class == CLASS_COST) ? tying->account : account;
}

static void take_balances(struct tying *tying, const char *name, const struct books_entry *entry)
{
	char key[200];

	for (size_t i = 0; i < entry->posting_count && entry->date.day <= tying->day.day; i++)
		if (!sums_has(&tying->untold, key_of(name, entry->postings[i].account, key)) && !sums_has(&tying->skipped, name))
			sums_add(&tying->balance, shown_account(tying, entry->postings[i].account, entry->date), entry->postings[i].amount);
}

static bool take_stock(void *ctx, const struct report_row *row)
{
	struct tying *tying = ctx;
	char key[200];

	if (row->kind == ROW_DATA && is_ledgers(tying, row, key))
		sums_add(&tying->balance, shown_account(tying, row->account, row->date), row->amount);
	return true;
}

static bool take_balance_row(void *ctx, const struct report_row *row)
{
	struct tying *tying = ctx;

	assert_true(row->has_amount);
	if (row->kind == ROW_DATA)
		sums_add(&tying->stock, row->account, row->amount);
	else
		assert_true(decimal_is_zero(row->amount));
	return true;
}

static void tie_balances(struct tying *tying, struct date day)
{
	struct report_wish ledger = all_of_it, wish = { .report = REPORT_TRIAL_BALANCE };
	struct world *world = tying->world;
	int month = world->books->fiscal_month(&world->mirror.desk);
	struct calendar at = date_calendar(day);
	char kept[RECORD_ID_MAX] = "";

	sums_clear(&tying->balance);
	sums_clear(&tying->stock);
	world->mirror.desk.find(&world->mirror, "Account", (const char *const[]){ "AccountSubType", "RetainedEarnings", NULL }, kept);
	tying->account = kept;
	tying->day = day;
	tying->year = date_of(at.month < month ? at.year - 1 : at.year, month, 1);
	ledger.from = date_of(1990, 1, 1);
	ledger.to = wish.to = day;
	wish.from = tying->year;
	each_entry(tying, take_balances);
	world_report(world, ledger, take_stock, tying);
	world_report(world, wish, take_balance_row, tying);
	sums_assert_equal(&tying->balance, &tying->stock, "trial balance");
}

static void tie(struct world *world)
{
	static const struct { int year, month, day; } days[] = { { 2026, 1, 31 }, { 2025, 12, 31 }, { 2025, 3, 15 }, { 2024, 2, 29 } };
	AUTO(tying_clear) struct tying tying = { .world = world };

	tie_transactions(&tying);
	for (size_t i = 0; i < ARRAY_LEN(days); i++)
		tie_balances(&tying, date_of(days[i].year, days[i].month, days[i].day));
}

/* ---- what customers owe, tax, and the list of transactions */

static bool is_class(const struct tying *tying, const char *account, enum account_class class)
{
	struct json_slice raw;

	return tying->world->mirror.desk.record(&tying->world->mirror, "Account", account, &raw) && books_class(raw) == class;
}

static void take_owed(struct tying *tying, const char *name, const struct books_entry *entry)
{
	(void)name;
	for (size_t i = 0; i < entry->posting_count && entry->date.day <= tying->day.day; i++)
		if (is_class(tying, entry->postings[i].account, CLASS_RECEIVABLE))
			sums_add(&tying->balance, entry->postings[i].party, entry->postings[i].amount);
}

static bool take_customer_row(void *ctx, const struct report_row *row)
{
	struct tying *tying = ctx;

	assert_true(row->has_open);
	if (row->kind == ROW_DATA)
		sums_add(&tying->stock, row->party, row->open);
	return true;
}

static void tie_customers(struct tying *tying, enum report report, struct date day)
{
	sums_clear(&tying->balance);
	sums_clear(&tying->stock);
	tying->day = day;
	each_entry(tying, take_owed);
	world_report(tying->world, (struct report_wish){ .report = report, .to = day }, take_customer_row, tying);
	sums_assert_equal(&tying->balance, &tying->stock, report_word(report));
}

static void take_tax(struct tying *tying, const char *name, const struct books_entry *entry)
{
	(void)name;
	for (size_t i = 0; i < entry->posting_count && entry->date.day >= tying->year.day && entry->date.day <= tying->day.day; i++)
		if (is_class(tying, entry->postings[i].account, CLASS_TAX))
			sums_add(&tying->balance, entry->postings[i].account, decimal_signed(entry->postings[i].amount, -1));
}

static bool take_tax_row(void *ctx, const struct report_row *row)
{
	if (row->kind == ROW_DATA)
		sums_add(&((struct tying *)ctx)->stock, row->account, row->amount);
	return true;
}

static void tie_tax(struct tying *tying, struct date from, struct date to)
{
	sums_clear(&tying->balance);
	sums_clear(&tying->stock);
	tying->year = from;
	tying->day = to;
	each_entry(tying, take_tax);
	world_report(tying->world, (struct report_wish){ .report = REPORT_TAX, .from = from, .to = to }, take_tax_row, tying);
	sums_assert_equal(&tying->balance, &tying->stock, "tax");
}

/* Each in its place, with its total where that is of the home currency. */
static void take_totals(struct tying *tying, const char *name, const struct books_entry *entry)
{
	char key[200];
	bool compares = entry->total.digits != 0 && strncmp(name, "JournalEntry", 12) != 0 &&
			(!tying->world->currencies || strcmp(entry->currency, "EUR") == 0);

	snprintf(key, sizeof(key), "%s of %d", name, (int)entry->date.day);
	sums_add(&tying->balance, key, decimal_of(1, 2));
	if (!compares)
		sums_add(&tying->skipped, name, decimal_of(1, 2));
	else
		sums_add(&tying->balance, name, entry->total);
}

static bool take_listed(void *ctx, const struct report_row *row)
{
	struct tying *tying = ctx;
	char name[120], key[200];

	snprintf(name, sizeof(name), "%s %s", row->type, row->id);
	snprintf(key, sizeof(key), "%s of %d", name, (int)row->date.day);
	if (!posts(tying->world, row->type))
		return true;
	sums_add(&tying->stock, key, decimal_of(1, 2));
	if (!sums_has(&tying->skipped, name))
		sums_add(&tying->stock, name, row->amount);
	return true;
}

static void tie_list(struct world *world)
{
	AUTO(tying_clear) struct tying tying = { .world = world };

	each_entry(&tying, take_totals);
	sums_pack(&tying.skipped);
	world_report(world, (struct report_wish){ .report = REPORT_TRANSACTIONS, .from = date_of(1990, 1, 1), .to = date_of(2035, 12, 31) },
		     take_listed, &tying);
	sums_assert_equal(&tying.balance, &tying.stock, "list of transactions");
}

static void customers_tax_and_transactions_tie(void **state)
{
	static const enum report reports[] = { REPORT_RECEIVABLES, REPORT_RECEIVABLES_DETAIL, REPORT_CUSTOMER_BALANCE };
	static const char *const kinds[] = { "us", "eu" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		struct world world;
		struct tying tying = { .world = &world };

		world_init(&world, kinds[i]);
		tie_list(&world);
		for (size_t k = 0; k < ARRAY_LEN(reports); k++)
			tie_customers(&tying, reports[k], date_of(2035, 12, 31));
		tie_customers(&tying, REPORT_RECEIVABLES, date_of(2025, 6, 30));
		assert_int_equal(world.books->has(&world.mirror.desk, REPORT_TAX), i == 1);
		if (i == 1)
			tie_tax(&tying, date_of(2025, 7, 1), date_of(2025, 12, 31));
		tying_clear(&tying);
		world_clear(&world);
	}
}

static void the_books_of_each_kind_of_company_tie(void **state)
{
	static const char *const kinds[] = { "small", "us", "eu", "closed" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		struct world world;

		world_init(&world, kinds[i]);
		tie(&world);
		world_clear(&world);
	}
}

/* ---- after changes */

static void must(struct world *world, const char *path, const char *body)
{
	if (ledger_call(&world->ledger, "POST", path, body) != 200)
		fail_msg("%s %s: %s", path, body, world->ledger.record.text);
}

/* The first record of a type that `fits`, whole enough to be written about. */
static const struct mirrored *first_of(const struct world *world, const char *type, bool (*fits)(struct json_slice raw))
{
	for (size_t i = 0; i < world->mirror.count; i++)
		if (strcmp(world->mirror.rows[i].type, type) == 0 && fits(mirrored_slice(&world->mirror.rows[i])))
			return &world->mirror.rows[i];
	fail_msg("there is no such %s", type);
	return NULL;
}

static bool is_settled(struct json_slice raw)
{
	struct json_slice links = json_member(raw, "LinkedTxn"), link;
	size_t at = 0;

	while (links.kind == JSON_ARRAY && json_each(links, &at, NULL, &link))
		if (json_equals(json_member(link, "TxnType"), "Payment"))
			return true;
	return false;
}


static bool is_settled_abroad(struct json_slice raw)
{
	struct decimal rate;

	return is_settled(raw) && booking_amount(raw, "ExchangeRate", &rate) && decimal_compare(rate, decimal_of(1, 0)) != 0;
}

static bool is_open(struct json_slice raw)
{
	struct decimal open;

	return booking_amount(raw, "Balance", &open) && decimal_compare(open, decimal_of(20, 0)) > 0;
}

static bool is_open_abroad(struct json_slice raw)
{
	struct decimal rate;

	return is_open(raw) && booking_amount(raw, "ExchangeRate", &rate) && decimal_compare(rate, decimal_of(1, 0)) != 0;
}

/* Applied to something, and not deposited yet. */
static bool is_payment_to_delete(struct json_slice raw)
{
	struct json_slice lines = json_member(raw, "Line"), line;
	size_t at = 0;

	return json_member(raw, "LinkedTxn").kind == JSON_NONE && lines.kind == JSON_ARRAY && json_each(lines, &at, NULL, &line);
}

static bool is_any(struct json_slice raw)
{
	return raw.kind == JSON_OBJECT;
}

static void write_about(struct world *world, const struct mirrored *row, const char *path)
{
	AUTO(str_clear) struct str body = STR_INIT(1000), version = STR_INIT(40);

	json_unquote(json_member(mirrored_slice(row), "SyncToken"), &version);
	str_addf(&body, "{\"Id\":\"%s\",\"SyncToken\":\"%s\",\"sparse\":true}", row->id, version.text);
	must(world, path, body.text);
}

/* Some of what is open, and a little more than all of that; in another currency at a rate of its own. */
static void pay_in_part(struct world *world, const struct mirrored *invoice)
{
	AUTO(str_clear) struct str body = STR_INIT(2000), customer = STR_INIT(60), currency = STR_INIT(8);

	json_unquote(json_member(mirrored_slice(invoice), "CustomerRef.value"), &customer);
	json_unquote(json_member(mirrored_slice(invoice), "CurrencyRef.value"), &currency);
	str_addf(&body, "{\"CustomerRef\":{\"value\":\"%s\"},\"TotalAmt\":17.35,\"TxnDate\":\"2026-01-20\"", customer.text);
	if (world->currencies)
		str_addf(&body, ",\"CurrencyRef\":{\"value\":\"%s\"},\"ExchangeRate\":%s", currency.text,
			 is_open_abroad(mirrored_slice(invoice)) ? "0.777" : "1");
	str_addf(&body, ",\"Line\":[{\"Amount\":13.21,\"LinkedTxn\":[{\"TxnId\":\"%s\",\"TxnType\":\"Invoice\"}]}]}", invoice->id);
	must(world, "payment", body.text);
}

static void write_journal(struct world *world, const struct mirrored *invoice)
{
	AUTO(str_clear) struct str body = STR_INIT(2000), customer = STR_INIT(60);
	char receivable[RECORD_ID_MAX], discounts[RECORD_ID_MAX];

	books_control(&world->mirror.desk, CLASS_RECEIVABLE, world->currencies ? "EUR" : "USD", receivable);
	books_special(&world->mirror.desk, "DiscountsRefundsGiven", discounts);
	json_unquote(json_member(mirrored_slice(invoice), "CustomerRef.value"), &customer);
	str_addf(&body, "{\"TxnDate\":\"2025-12-30\",\"Line\":[{\"Amount\":5.55,\"DetailType\":\"JournalEntryLineDetail\","
		 "\"JournalEntryLineDetail\":{\"PostingType\":\"Credit\",\"AccountRef\":{\"value\":\"%s\"},\"Entity\":{\"Type\":"
		 "\"Customer\",\"EntityRef\":{\"value\":\"%s\"}}}},{\"Amount\":5.55,\"DetailType\":\"JournalEntryLineDetail\","
		 "\"JournalEntryLineDetail\":{\"PostingType\":\"Debit\",\"AccountRef\":{\"value\":\"%s\"}}}]}",
		 receivable, customer.text, discounts);
	must(world, "journalentry", body.text);
}

static void the_books_tie_after_changes(void **state)
{
	static const char *const kinds[] = { "us", "eu" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		struct world world;

		world_init(&world, kinds[i]);
		pay_in_part(&world, first_of(&world, "Invoice", world.currencies ? is_open_abroad : is_open));
		write_journal(&world, first_of(&world, "Invoice", is_open));
		write_about(&world, first_of(&world, "Payment", is_payment_to_delete), "payment?operation=delete");
		world_mirror(&world);
		write_about(&world, first_of(&world, "Invoice", world.currencies ? is_settled_abroad : is_settled), "invoice?operation=void");
		write_about(&world, first_of(&world, "JournalEntry", is_any), "journalentry?operation=delete");
		world_mirror(&world);
		tie(&world);
		world_clear(&world);
	}
}

int test_books_ledger(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_books_of_each_kind_of_company_tie),
		cmocka_unit_test(the_books_tie_after_changes),
		cmocka_unit_test(customers_tax_and_transactions_tie),
	};

	return cmocka_run_group_tests_name("books_ledger", tests, NULL, NULL);
}
