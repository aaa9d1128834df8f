/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fills a new store as if it had been kept in step for a quarter of a year: RECORDS records, most of them
 * the invoices of one company, and a log of ATTEMPTS attempts over ten companies. Made for measuring what
 * reads a large store; all of it can be read with --readonly, nothing in it can be unlocked.
 *
 *     make-store FILE RECORDS ATTEMPTS
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/random.h"
#include "ledgerdeck/store/log.h"
#include "ledgerdeck/store/records.h"
#include "store/query.h"

#define COMPANIES 10
#define PAGE 10000
#define FIRST_ID 10000001L /* as many digits as the last one, so that ids are in order as texts, too */
#define QUARTER_MS (90 * DAY_MS)
#define ATTEMPTS_OF_RUN 40

static const char *const names[COMPANIES] = { "Blue Mountain Supply", "Alder & Sons", "Bright Electric", "Cedar Dental Group",
					      "Dune Surf Shop", "Elm Street Books", "Fjord Seafood AS", "Granite Works",
					      "Harbour Cafe", "Ivy Landscaping" };
static const char *const types[] = { "Customer", "Invoice", "Payment", "Account", "Item", "Vendor", "Bill", "JournalEntry" };
static const char *const places[] = { "Lake", "Hill", "River", "Stone", "Oak", "North", "Silver", "Market", "Garden", "Bay" };
static const char *const trades[] = { "Bakery", "Dental", "Motors", "Studio", "Farm", "Textiles", "Logistics", "Clinic", "Foods",
				      "Print", "Roofing", "Kayaks", "Optics" };
static const char *const works[] = { "Design hours", "Monthly support", "Delivery", "Oak boards, planed", "Spare parts",
				     "Travel", "Site inspection", "Licence renewal" };

struct maker {
	struct store *store;
	struct catalogue *catalogue;   /* owned */
	struct compress *compress;     /* owned */
	struct random random;
	int64_t now_ms;
	struct account accounts[COMPANIES];
	struct object objects[COMPANIES][ARRAY_LEN(types)];
	struct record *records;        /* owned: a page */
	struct packed *packed;         /* owned: a page */
	struct str raw, texts, bytes;  /* of a page */
	long made, of;
};

static void must(bool good, const struct error *err)
{
	if (good)
		return;
	fprintf(stderr, "make-store: %s\n", err->text);
	exit(1);
}

static void execute(struct maker *maker, const char *sql)
{
	struct error err = { 0 };

	must(query_execute(maker->store, sql, &err), &err);
}

static const char *pick(struct random *random, const char *const *words, size_t count)
{
	return words[random_below(random, count)];
}

static void add_name(long customer, struct str *out)
{
	struct random random;

	random_seed(&random, (uint64_t)customer);
	str_addf(out, "%s %s %s %ld", pick(&random, places, ARRAY_LEN(places)), pick(&random, places, ARRAY_LEN(places)),
		 pick(&random, trades, ARRAY_LEN(trades)), customer);
}

/* What all records begin with; its time is somewhere near where record `at` of `of` would be. */
static int64_t add_head(struct maker *maker, long id, long at, long of, struct str *out)
{
	int64_t made_ms = maker->now_ms - 4 * QUARTER_MS + at * 4 * QUARTER_MS / of;
	int64_t changed_ms = made_ms + (int64_t)random_below(&maker->random, QUARTER_MS / 9);
	char made[STAMP_TEXT_MAX], changed[STAMP_TEXT_MAX];

	if (changed_ms > maker->now_ms)
		changed_ms = maker->now_ms - (int64_t)random_below(&maker->random, DAY_MS);
	str_addf(out, "{\"Id\":\"%ld\",\"SyncToken\":\"%d\",\"domain\":\"QBO\",\"sparse\":false,\"CurrencyRef\":{\"value\":\"USD\","
		 "\"name\":\"United States Dollar\"},\"MetaData\":{\"CreateTime\":\"%s\",\"LastUpdatedTime\":\"%s\"},", id,
		 (int)random_below(&maker->random, 4), stamp_format(made_ms, -8 * 3600, false, made),
		 stamp_format(changed_ms, -8 * 3600, false, changed));
	return made_ms;
}

static void add_customer(struct maker *maker, long at, long of, long customers, struct str *out)
{
	long cents = (long)random_below(&maker->random, 900000);

	(void)customers;
	add_head(maker, FIRST_ID + at, at, of, out);
	str_add(out, "\"DisplayName\":\"");
	add_name(at, out);
	str_add(out, "\",\"CompanyName\":\"");
	add_name(at, out);
	str_addf(out, "\",\"Taxable\":true,\"Job\":false,\"Balance\":%ld.%02ld,\"PrimaryEmailAddr\":{\"Address\":\"office%ld@example.com\"},"
		 "\"PrimaryPhone\":{\"FreeFormNumber\":\"(555) 555-%04ld\"},\"Active\":%s}", cents / 100, cents % 100, at, at % 10000,
		 random_below(&maker->random, 50) ? "true" : "false");
}

static void add_party(struct maker *maker, long customers, struct str *out)
{
	long customer = (long)random_below(&maker->random, (uint64_t)customers);

	str_addf(out, "\"CustomerRef\":{\"value\":\"%ld\",\"name\":\"", FIRST_ID + customer);
	add_name(customer, out);
	str_add(out, "\"},");
}

static void add_invoice(struct maker *maker, long at, long of, long customers, struct str *out)
{
	int64_t made_ms = add_head(maker, FIRST_ID + customers + at, at, of, out);
	long lines = 1 + (long)random_below(&maker->random, 3), total = 0;
	char date[DATE_TEXT_MAX], due[DATE_TEXT_MAX];
	struct date day = date_of_ms(made_ms, 0);

	str_addf(out, "\"DocNumber\":\"%ld\",\"TxnDate\":\"%s\",\"DueDate\":\"%s\",", 1000 + at, date_format(day, date),
		 date_format((struct date){ day.day + 30 }, due));
	add_party(maker, customers, out);
	str_add(out, "\"Line\":[");
	for (long i = 1; i <= lines; i++) {
		long cents = 100 + (long)random_below(&maker->random, 90000);

		str_addf(out, "{\"Id\":\"%ld\",\"LineNum\":%ld,\"Description\":\"%s\",\"Amount\":%ld.%02ld,\"DetailType\":"
			 "\"SalesItemLineDetail\",\"SalesItemLineDetail\":{\"ItemRef\":{\"value\":\"%ld\"},\"Qty\":1}},", i, i,
			 pick(&maker->random, works, ARRAY_LEN(works)), cents / 100, cents % 100,
			 1 + (long)random_below(&maker->random, 40));
		total += cents;
	}
	str_addf(out, "{\"Amount\":%ld.%02ld,\"DetailType\":\"SubTotalLineDetail\",\"SubTotalLineDetail\":{}}],\"SalesTermRef\":{"
		 "\"value\":\"3\"},\"TotalAmt\":%ld.%02ld,\"Balance\":%ld.%02ld,\"EmailStatus\":\"%s\",\"PrintStatus\":\"NeedToPrint\"}",
		 total / 100, total % 100, total / 100, total % 100, at % 3 ? 0 : total / 100, at % 3 ? 0 : total % 100,
		 at % 2 ? "NotSet" : "EmailSent");
}

static void add_payment(struct maker *maker, long at, long of, long customers, struct str *out)
{
	long cents = 100 + (long)random_below(&maker->random, 90000);
	int64_t made_ms = add_head(maker, FIRST_ID * 5 + at, at, of, out);
	char date[DATE_TEXT_MAX];

	str_addf(out, "\"PaymentRefNum\":\"P-%ld\",\"TxnDate\":\"%s\",", at, date_format(date_of_ms(made_ms, 0), date));
	add_party(maker, customers, out);
	str_addf(out, "\"TotalAmt\":%ld.%02ld,\"UnappliedAmt\":0,\"Line\":[{\"Amount\":%ld.%02ld,\"LinkedTxn\":[{\"TxnId\":\"%ld\","
		 "\"TxnType\":\"Invoice\"}]}]}", cents / 100, cents % 100, cents / 100, cents % 100, FIRST_ID + customers + at);
}

static void (*const adders[])(struct maker *maker, long at, long of, long customers, struct str *out) = { add_customer, add_invoice,
													  add_payment };

/* The records of a page, from their texts to rows. */
static void pack_page(struct maker *maker, const struct type *type, const size_t *ends, size_t count, int64_t dictionary_no,
		      const struct compress_dictionary *dictionary)
{
	struct error err = { 0 };

	str_reset(&maker->texts);
	str_reset(&maker->bytes);
	str_reserve(&maker->texts, maker->raw.len + count);
	str_reserve(&maker->bytes, maker->raw.len * 2);
	for (size_t i = 0; i < count; i++) {
		size_t start = i ? ends[i - 1] : 0, packed = maker->bytes.len;
		struct json_slice raw = { .text = maker->raw.text + start, .len = ends[i] - start, .kind = JSON_OBJECT };

		must(record_extract(type, raw, &maker->texts, &maker->records[i], &err), &err);
		compress_pack(maker->compress, dictionary, raw.text, raw.len, &maker->bytes);
		maker->packed[i] = (struct packed){ .record = &maker->records[i], .bytes = maker->bytes.text + packed,
						    .len = maker->bytes.len - packed, .dictionary = dictionary_no,
						    .raw_len = (int64_t)raw.len };
	}
}

/* The first page of a type teaches its dictionary, as in life. */
static const struct compress_dictionary *learn(struct maker *maker, const struct type *type, const size_t *ends, size_t count,
					       int64_t *ret_no)
{
	AUTO(str_clear) struct str bytes = STR_INIT(2 * COMPRESS_DICTIONARY_MAX);
	AUTO(memory_freep) size_t *lens = memory_new((count + 1) * sizeof(*lens));
	const struct compress_dictionary *known = records_dictionary(maker->store, type->provider, type->name, ret_no, NULL);
	struct error err = { 0 };

	for (size_t i = 0; i < count; i++)
		lens[i] = ends[i] - (i ? ends[i - 1] : 0);
	if (known || count > 1000 || !compress_train(maker->raw.text, lens, count, &bytes))
		return known;
	must(records_add_dictionary(maker->store, type->provider, type->name, bytes.text, bytes.len, ret_no, &err), &err);
	return records_dictionary(maker->store, type->provider, type->name, ret_no, &err);
}

static void put_type(struct maker *maker, struct object *object, size_t which, long of, long customers)
{
	AUTO(memory_freep) size_t *ends = memory_new(PAGE * sizeof(*ends));
	const struct type *type = catalogue_find(maker->catalogue, "quickbooks", types[which]);
	struct put_counts counts = { 0 };
	struct error err = { 0 };

	for (long at = 0; at < of;) {
		size_t count = 0, most = at == 0 ? 1000 : PAGE;
		const struct compress_dictionary *dictionary;
		int64_t dictionary_no = 0;

		str_reset(&maker->raw);
		for (; at < of && count < most; at++) {
			adders[which](maker, at, of, customers, &maker->raw);
			ends[count++] = maker->raw.len;
		}
		must(store_begin(maker->store, &err), &err);
		dictionary = learn(maker, type, ends, count, &dictionary_no);
		pack_page(maker, type, ends, count, dictionary_no, dictionary);
		must(records_put(maker->store, object, maker->packed, count, maker->now_ms, &counts, &err), &err);
		must(store_commit(maker->store, &err), &err);
		maker->made += (long)count;
		fprintf(stderr, "\r%ld %%", maker->made * 100 / maker->of);
	}
}

static void end_object(struct maker *maker, struct object *object)
{
	const struct type *type = catalogue_find(maker->catalogue, "quickbooks", object->type);
	struct error err = { 0 };

	must(objects_count(maker->store, object, &err), &err);
	object->status = OBJECT_OK;
	object->attempt_ms = object->success_ms = maker->now_ms;
	object->cursor_ms = object->full_ms = object->sweep_ms = maker->now_ms;
	object->next_ms = maker->now_ms + 10 * DAY_MS;
	object->ledger_count = object->live + object->inactive + object->voided;
	object->ledger_count_ms = maker->now_ms;
	memcpy(object->digest, type->digest, sizeof(object->digest));
	must(store_begin(maker->store, &err) && objects_save(maker->store, object, 0, &err) && store_commit(maker->store, &err), &err);
}

/* Nine in ten are invoices of the first company; the rest is its customers and payments, and a little of everybody else. */
static void put_records(struct maker *maker, long records)
{
	long others = records / 20 / (COMPANIES - 1), first = records - others * (COMPANIES - 1);

	maker->of = records;
	for (size_t i = 0; i < COMPANIES; i++) {
		long all = i ? others : first, customers = all / 25 + 1, payments = all / 25;

		put_type(maker, &maker->objects[i][0], 0, customers, customers);
		put_type(maker, &maker->objects[i][1], 1, all - customers - payments, customers);
		put_type(maker, &maker->objects[i][2], 2, payments, customers);
	}
	for (size_t i = 0; i < COMPANIES; i++)
		for (size_t k = 0; k < ARRAY_LEN(types); k++)
			end_object(maker, &maker->objects[i][k]);
	fprintf(stderr, "\n");
}

static void make_companies(struct maker *maker)
{
	struct error err = { 0 };

	must(store_begin(maker->store, &err), &err);
	for (size_t i = 0; i < COMPANIES; i++) {
		struct account *account = &maker->accounts[i];
		char mark[24];

		*account = (struct account){ .provider = "quickbooks", .environment = ENVIRONMENT_LOCAL, .country = "US", .currency = "USD",
					     .connected_by = "bench", .connected_ms = maker->now_ms - QUARTER_MS,
					     .access_expires_ms = maker->now_ms + DAY_MS / 24,
					     .refresh_expires_ms = maker->now_ms + 100 * DAY_MS, .refreshed_ms = maker->now_ms,
					     .generation = 1 };
		snprintf(account->name, sizeof(account->name), "%s", names[i]);
		snprintf(account->realm_tail, sizeof(account->realm_tail), "%04zu", 1000 + i);
		snprintf(mark, sizeof(mark), "mark %zu", i);
		must(accounts_add(maker->store, account, mark, "key", 3, &err), &err);
		for (size_t k = 0; k < ARRAY_LEN(types); k++)
			must(objects_ensure(maker->store, account->id, types[k], &maker->objects[i][k], &err), &err);
	}
	must(store_commit(maker->store, &err), &err);
}

static const struct error failures[] = {
	{ ERROR_REMOTE, -1, false, "6240", "1-6541-ab01", "Duplicate Name Exists Error: another customer is already using this name" },
	{ ERROR_LIMIT, 60, false, "003001", "1-6541-ab02", "the ledger allows no more calls this minute" },
	{ ERROR_NETWORK, 30, false, "", "", "no answer from quickbooks.api.intuit.com within 60 s" },
	{ ERROR_REMOTE, 120, false, "610", "1-6541-ab03", "Object Not Found: something you're trying to use has been made inactive" },
	{ ERROR_AUTH, -1, false, "3200", "1-6541-ab04", "the ledger no longer takes the tokens: connect again" },
};

static void put_attempt(struct maker *maker, int64_t run, int64_t started_ms)
{
	struct random *random = &maker->random;
	bool fails = random_below(random, 33) == 0;
	struct attempt attempt = { .run = run, .job = "read", .cause = "schedule", .started_ms = started_ms, .tries = 1 };
	struct error err = { 0 };

	snprintf(attempt.account_id, sizeof(attempt.account_id), "%s", maker->accounts[random_below(random, COMPANIES)].id);
	snprintf(attempt.type, sizeof(attempt.type), "%s", pick(random, types, ARRAY_LEN(types)));
	if (random_below(random, 6) == 0)
		snprintf(attempt.job, sizeof(attempt.job), "changes");
	must(attempt_start(maker->store, &attempt, &err), &err);
	attempt.took_ms = 40 + (int64_t)random_below(random, 2000);
	attempt.calls = attempt.pages = 1 + (int64_t)random_below(random, 3);
	attempt.bytes = 200 + (int64_t)random_below(random, 500000);
	if (fails) {
		attempt.error = failures[random_below(random, ARRAY_LEN(failures))];
	} else {
		attempt.counts.changed = (int64_t)random_below(random, 40);
		attempt.counts.added = (int64_t)random_below(random, 9);
	}
	must(attempt_end(maker->store, &attempt, fails ? attempt.error.text : "", &err), &err);
}

static void put_attempts(struct maker *maker, long attempts)
{
	struct error err = { 0 };
	int64_t run = 0;

	must(store_begin(maker->store, &err), &err);
	for (long i = 0; i < attempts; i++) {
		int64_t at_ms = maker->now_ms - QUARTER_MS + i * QUARTER_MS / attempts;

		if (i % ATTEMPTS_OF_RUN == 0)
			must((!run || run_end(maker->store, run, at_ms, "done", &err)) &&
			     run_start(maker->store, "schedule", "due", "bench", at_ms, &run, &err), &err);
		put_attempt(maker, run, at_ms);
	}
	must((!run || run_end(maker->store, run, maker->now_ms, "done", &err)) && store_commit(maker->store, &err), &err);
}

/* Indexes of what is filled are made behind it, in one go. */
static void take_indexes(struct maker *maker, struct str *ret_drop, struct str *ret_make)
{
	struct query query = query_of_text(maker->store, "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
					   " AND tbl_name IN ('record', 'attempt')");
	struct error err = { 0 };

	while (query_next(&query)) {
		str_addf(ret_drop, "DROP INDEX %s;", row_text(&query, 0));
		str_addf(ret_make, "%s;", row_text(&query, 1));
	}
	must(query_end(&query, &err), &err);
	execute(maker, ret_drop->text);
}

static void make_store(struct maker *maker, long records, long attempts)
{
	AUTO(str_clear) struct str drop = STR_INIT(STR_NO_LIMIT), make = STR_INIT(STR_NO_LIMIT);

	/* Nobody wants what a crash leaves: whoever measures starts anew. */
	execute(maker, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000");
	make_companies(maker);
	take_indexes(maker, &drop, &make);
	put_records(maker, records);
	put_attempts(maker, attempts);
	execute(maker, make.text);
	execute(maker, "PRAGMA journal_mode = WAL");
}

int main(int argc, char **argv)
{
	struct maker maker = { .raw = STR_INIT(STR_NO_LIMIT), .texts = STR_INIT(STR_NO_LIMIT), .bytes = STR_INIT(STR_NO_LIMIT) };
	long records = argc == 4 ? strtol(argv[2], NULL, 10) : 0, attempts = argc == 4 ? strtol(argv[3], NULL, 10) : -1;
	struct env env = env_real();
	struct error err = { 0 };

	if (records < 1000 || records > 40000000 || attempts < 0 || attempts > 40000000 || file_exists(argv[1])) {
		fprintf(stderr, "usage: make-store FILE RECORDS ATTEMPTS\nFILE must not be there yet; RECORDS are 1000 at least.\n");
		return 2;
	}
	random_seed(&maker.random, 4);
	maker.now_ms = env.wall_ms(env.ctx);
	maker.compress = compress_new();
	maker.records = memory_new(PAGE * sizeof(*maker.records));
	maker.packed = memory_new(PAGE * sizeof(*maker.packed));
	must(catalogue_load(NULL, &maker.catalogue, &err), &err);
	must(store_open(argv[1], STORE_CREATE, 0, &maker.store, &err), &err);
	make_store(&maker, records, attempts);
	store_close(maker.store);
	catalogue_free(maker.catalogue);
	compress_free(maker.compress);
	free(maker.records);
	free(maker.packed);
	str_clear(&maker.raw);
	str_clear(&maker.texts);
	str_clear(&maker.bytes);
	return 0;
}
