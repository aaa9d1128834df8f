/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is asked for beyond a kind's own numbers, up to millions: customers, invoices and payments
 * as imports bring them, thousands within a second. Here texts, postings and balances are written
 * directly, in the form that write.c would give them; sending such a record back changes nothing,
 * and a test does so. Texts are written when nothing changes them any more; records reach the
 * company's tables at the end, all at once.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "quickbooks/draft.h"
#include "sample/bulk_text.h"
#include "sample/sample_impl.h"

#define BURST 1500 /* records within one and the same second */
#define IMPORTS_MIN 2
#define IMPORTS_MAX 24 /* one a month */
#define RUN_MAX 3      /* invoices that one payment settles */

/* An invoice that may still be paid; its text comes when that is decided. */
struct pending {
	struct record *invoice, *customer;
	uint64_t seed;
	int64_t total, number; /* hundredths; what DocNumber is made of */
};

struct bulk {
	struct sample *sample;
	struct bulk_words words;
	int64_t customer_count, invoice_count; /* to be made */
	int imports, done;		       /* import days, and how many were */
	int in_second;			       /* records since the clock last moved */
	struct sample_list customers, invoices,
		payments;	   /* made, not yet in the tables; owned until then */
	struct sample_list payers; /* whom invoices go to */
	struct pending *pending;   /* owned: of the last import */
	size_t pending_count, pending_room;
	struct str text; /* of the record that is being written */
};

struct bulk *bulk_new(struct sample *sample, int64_t customers, int64_t invoices)
{
	struct bulk *bulk;

	if (customers <= 0 && invoices <= 0)
		return NULL;
	bulk = memory_new(sizeof(*bulk));
	bulk->sample = sample;
	bulk->customer_count = customers > 0 ? customers : 0;
	bulk->invoice_count = invoices > 0 ? invoices : 0;
	bulk->imports = bulk->invoice_count / BURST < IMPORTS_MAX
				? (int)(bulk->invoice_count / BURST)
				: IMPORTS_MAX;
	if (bulk->imports < IMPORTS_MIN)
		bulk->imports = IMPORTS_MIN;
	str_init(&bulk->text, STR_NO_LIMIT);
	return bulk;
}

void bulk_free(struct bulk *bulk)
{
	if (!bulk)
		return;
	free(bulk->customers.records);
	free(bulk->invoices.records);
	free(bulk->payments.records);
	free(bulk->payers.records);
	free(bulk->pending);
	bulk_words_clear(&bulk->words);
	str_clear(&bulk->text);
	free(bulk);
}

/* ---- records and balances */

static struct record *make_record(struct bulk *bulk, const struct entity *entity,
				  struct sample_list *list)
{
	struct record *record;

	if (++bulk->in_second > BURST) {
		sample_tick(bulk->sample, 1);
		bulk->in_second = 1;
	}
	record = company_make(bulk->sample->company, entity);
	sample_list_add(list, record);
	return record;
}

static void keep_text(struct bulk *bulk, struct record *record)
{
	record_set_text(record, memory_copy(bulk->text.text, bulk->text.len), bulk->text.len);
	str_reset(&bulk->text);
}

/* What a customer owes moves, and what is owed by all whose bills are summed up above it. */
static void owe(struct bulk *bulk, struct record *customer, int64_t cents)
{
	struct company *company = bulk->sample->company;

	customer->balance += cents;
	if (bulk->customers.count > 0) {
		customer->updated_ms = company_stamp_ms(company); /* in no table yet */
		return;
	}
	draft_mark(company, customer, false);
	for (struct record *above = customer->above; above; above = above->above) {
		above->below += cents;
		draft_mark(company, above, false);
	}
}

static void post(struct record *record, struct record *account, struct record *party, int64_t cents)
{
	if (cents == 0)
		return;
	account->balance += cents;
	record->postings[record->posting_count++] = (struct posting){
		.account = account, .party = party, .cents = cents, .foreign = cents
	};
}

static void mark_accounts(struct bulk *bulk)
{
	const struct bulk_words *words = &bulk->words;

	draft_mark(bulk->sample->company, words->receivable, false);
	draft_mark(bulk->sample->company, words->bank, false);
	for (size_t i = 0; i < words->item_count; i++)
		draft_mark(bulk->sample->company, words->items[i].income, false);
	for (size_t i = 0; i < words->rate_count; i++)
		draft_mark(bulk->sample->company, words->rates[i].payable, false);
}

/* ---- customers */

static void make_customers(struct bulk *bulk)
{
	const struct entity *entity = entity_by_name("Customer", false);
	struct company *company = bulk->sample->company;

	bulk->words.first_address = company->next_address_id;
	company->next_address_id += 2 * bulk->customer_count;
	for (int64_t i = 0; i < bulk->customer_count; i++) {
		struct record *customer = make_record(bulk, entity, &bulk->customers);

		bulk_customer_text(&bulk->words, customer, (uint64_t)i, &bulk->text);
		keep_text(bulk, customer);
		sample_list_add(&bulk->payers, customer);
	}
}

/* Without customers of its own the import bills those that the kind has, in the home currency. */
static void take_customers(struct bulk *bulk)
{
	const struct sample_list *list = &bulk->sample->customers;

	for (size_t i = 0; i < list->count; i++)
		if (sample_has(list->records[i], "CurrencyRef.value", bulk->sample->kind->currency))
			sample_list_add(&bulk->payers, list->records[i]);
}

/* ---- invoices */

static void post_invoice(struct bulk *bulk, struct record *invoice, struct record *customer,
			 const struct bulk_sheet *sheet)
{
	const struct bulk_words *words = &bulk->words;

	invoice->postings = memory_new((size_t)(sheet->line_count + sheet->row_count + 1) *
				       sizeof(*invoice->postings));
	for (int i = 0; i < sheet->line_count; i++) {
		struct record *income = sheet->lines[i].item->income;
		uint32_t at = 0;

		while (at < invoice->posting_count && invoice->postings[at].account != income)
			at++;
		if (at == invoice->posting_count) {
			post(invoice, income, NULL, -sheet->lines[i].amount);
			continue;
		}
		income->balance -= sheet->lines[i].amount;
		invoice->postings[at].cents -= sheet->lines[i].amount;
		invoice->postings[at].foreign -= sheet->lines[i].amount;
	}
	for (int i = 0; i < sheet->row_count; i++)
		post(invoice, sheet->rows[i].rate->payable, NULL, -sheet->rows[i].tax);
	post(invoice, words->receivable, customer, sheet->total);
	invoice->balance = sheet->total;
	owe(bulk, customer, sheet->total);
}

/* A day since the last import, in books that are open. */
static struct date pick_date(struct bulk *bulk, struct random *random)
{
	struct sample *sample = bulk->sample;
	int32_t day = sample->today.day -
		      (int32_t)random_below(random, (uint64_t)(SAMPLE_DAYS / bulk->imports));
	int32_t closed = sample->company->preferences.book_close.day;

	if (day < sample->first.day)
		day = sample->first.day;
	return (struct date){ day <= closed ? closed + 1 : day };
}

static void make_invoice(struct bulk *bulk, const struct entity *entity, struct record *customer)
{
	struct sample *sample = bulk->sample;
	struct record *invoice = make_record(bulk, entity, &bulk->invoices);
	struct pending *pending;
	struct bulk_sheet sheet;

	memory_grow(&bulk->pending, &bulk->pending_room, bulk->pending_count + 1,
		    sizeof(*bulk->pending));
	pending = &bulk->pending[bulk->pending_count++];
	*pending = (struct pending){ .invoice = invoice,
				     .customer = customer,
				     .seed = random_next(&sample->company->random),
				     .number = sample->company->next_number++ };
	invoice->date = pick_date(bulk, &sample->company->random);
	bulk_sheet_make(&bulk->words, pending->seed, customer, &sheet);
	pending->total = sheet.total;
	post_invoice(bulk, invoice, customer, &sheet);
}

static void make_invoices(struct bulk *bulk, int64_t count)
{
	const struct entity *entity = entity_by_name("Invoice", false);
	struct random *random = &bulk->sample->company->random;

	while (count > 0) {
		struct record *customer =
			bulk->payers.records[random_below(random, bulk->payers.count)];

		for (uint64_t run = random_below(random, RUN_MAX) + 1; run > 0 && count > 0;
		     run--, count--)
			make_invoice(bulk, entity, customer);
	}
}

/* ---- payments */

static void link_invoice(struct pending *pending, struct record *payment, int64_t cents)
{
	struct record *invoice = pending->invoice;

	invoice->links =
		memory_resize(invoice->links, (invoice->link_count + 1) * sizeof(*invoice->links));
	invoice->links[invoice->link_count++] = (struct link){ .from = payment, .cents = cents };
	invoice->sync_token++;
	invoice->updated_ms = payment->updated_ms;
}

/* One payment of `total` for some invoices, settled in turn; what is left over stays unapplied. */
static void pay(struct bulk *bulk, struct pending *first, size_t count, int64_t total)
{
	struct sample *sample = bulk->sample;
	struct record *payment =
		make_record(bulk, entity_by_name("Payment", false), &bulk->payments);
	struct bulk_settled settled[RUN_MAX];
	size_t used = 0;
	int64_t left = total;

	payment->date = sample->today;
	payment->balance = total;
	for (size_t i = 0; i < count && left > 0; i++) {
		int64_t open = record_open(first[i].invoice), cents = open < left ? open : left;

		if (cents == 0)
			continue;
		settled[used++] = (struct bulk_settled){ .invoice = first[i].invoice,
							 .open = open,
							 .cents = cents,
							 .number = first[i].number };
		left -= cents;
		link_invoice(&first[i], payment, cents);
	}
	payment->postings = memory_new(2 * sizeof(*payment->postings));
	post(payment, bulk->words.receivable, first->customer, -total);
	post(payment, bulk->words.bank, NULL, total);
	owe(bulk, first->customer, -total);
	bulk_payment_text(&bulk->words, payment, first->customer, settled, used, left, &bulk->text);
	keep_text(bulk, payment);
}

/* What becomes of the invoices that one customer got in a row. */
static void pay_run(struct bulk *bulk, struct pending *first, size_t count)
{
	uint64_t chance = first->seed % 100;
	int64_t total = 0;

	for (size_t i = 0; i < count; i++)
		total += first[i].total;
	if (chance < 58) {
		pay(bulk, first, count, total);
	} else if (chance < 66) {
		pay(bulk, first, 1, first->total / 2 + 1);
	} else if (chance < 72) {
		pay(bulk, first, count, total / 3 + 1);
		pay(bulk, first, count, total - total / 3 - 1);
	} else if (chance < 76) {
		pay(bulk, first, count, total + 5000);
	}
}

static void pay_pending(struct bulk *bulk)
{
	for (size_t i = 0, count; i < bulk->pending_count; i += count) {
		count = 1;
		while (count < RUN_MAX && i + count < bulk->pending_count &&
		       bulk->pending[i + count].customer == bulk->pending[i].customer)
			count++;
		pay_run(bulk, &bulk->pending[i], count);
	}
}

static void write_pending(struct bulk *bulk)
{
	for (size_t i = 0; i < bulk->pending_count; i++) {
		const struct pending *pending = &bulk->pending[i];

		bulk_invoice_text(&bulk->words, pending->invoice, pending->customer, pending->seed,
				  pending->number, &bulk->text);
		keep_text(bulk, pending->invoice);
	}
	bulk->pending_count = 0;
}

/* ---- imports */

void bulk_day(struct bulk *bulk)
{
	struct sample *sample = bulk->sample;
	int day = sample->today.day - sample->first.day;
	int64_t before = bulk->invoice_count * bulk->done / bulk->imports;

	if (bulk->done == bulk->imports || day < (bulk->done + 1) * SAMPLE_DAYS / bulk->imports - 8)
		return;
	bulk->done++;
	bulk->in_second = 0;
	if (bulk->done == 1) {
		bulk_words_init(&bulk->words, sample);
		make_customers(bulk);
		if (bulk->customer_count == 0)
			take_customers(bulk);
	}
	pay_pending(bulk);
	write_pending(bulk);
	make_invoices(bulk, bulk->invoice_count * bulk->done / bulk->imports - before);
	mark_accounts(bulk);
	sample_tick(sample, 2);
}

static void hand_over(struct bulk *bulk, const char *entity, struct sample_list *list)
{
	company_add_all(bulk->sample->company, entity_by_name(entity, false), list->records,
			list->count);
	list->count = 0;
}

void bulk_end(struct bulk *bulk)
{
	write_pending(bulk);
	for (size_t i = 0; i < bulk->customers.count; i++) {
		bulk_customer_text(&bulk->words, bulk->customers.records[i], i, &bulk->text);
		keep_text(bulk, bulk->customers.records[i]);
	}
	hand_over(bulk, "Customer", &bulk->customers);
	hand_over(bulk, "Invoice", &bulk->invoices);
	hand_over(bulk, "Payment", &bulk->payments);
}
