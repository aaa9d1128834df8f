/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Money that settles documents: customers' payments, the application of credits by payments of
 * zero, deposits of what lay in the drawer, and the payment of bills.
 */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"
#include "quickbooks/draft.h"
#include "sample/sample_impl.h"

#define TOGETHER_MAX 5 /* documents that one payment settles */

static int64_t open_of(const struct record *record)
{
	int64_t open = record_open(record);

	return open < 0 ? -open : open;
}

static void add_line(struct str *form, const struct record *target, int64_t cents)
{
	form_open(form);
	form_cents(form, "Amount", cents);
	str_addf(form, ",\"LinkedTxn\":[{\"TxnId\":\"%s\",\"TxnType\":\"%s\"}]}", target->id,
		 target->entity->name);
}

static bool same_party(const struct record *a, const struct record *b, const char *path)
{
	struct json_slice x = json_find(a->text, a->len, path),
			  y = json_find(b->text, b->len, path);

	return x.len == y.len && memcmp(x.text, y.text, x.len) == 0;
}

/* What else the same party has open of an entity, among what waits to be settled. */
static size_t find_open(struct sample *sample, const struct record *one, const char *entity,
			const char *party, struct record **found, size_t most)
{
	size_t count = 0;

	for (size_t i = 0; i < sample->plan_count && count < most; i++) {
		struct record *each = sample->plans[i].record;
		bool known = each == one;

		if (sample->plans[i].run != settle_invoice && sample->plans[i].run != settle_bill)
			continue;
		for (size_t k = 0; k < count; k++)
			known = known || found[k] == each;
		if (!known && strcmp(each->entity->name, entity) == 0 && record_open(each) > 0 &&
		    same_party(one, each, party))
			found[count++] = each;
	}
	return count;
}

static void void_payment(struct sample *sample, struct record *payment)
{
	if (payment->link_count == 0 &&
	    payment->date.day > sample->company->preferences.book_close.day)
		sample_void(sample, payment);
}

/* Will the customer be gone one day? Then nothing may stay open or be taken back. */
static bool is_leaving(const struct sample *sample, const struct record *customer)
{
	for (size_t i = 0; i < sample->leaving.count; i++)
		if (sample->leaving.records[i] == customer)
			return true;
	return false;
}

/* How it was paid and where the money went. */
static struct record *finish_payment(struct sample *sample, struct str *form,
				     const struct record *customer)
{
	bool home = sample_has(customer, "CurrencyRef.value", sample->kind->currency);
	bool waits = home && sample_percent(sample, 45);
	struct record *payment;

	form_ref(form, "PaymentMethodRef", sample_pick(sample, &sample->methods));
	if (sample_percent(sample, 50))
		str_addf(form, ",\"PaymentRefNum\":\"%d\"", sample_chance(sample, 90000) + 1000);
	if (!waits)
		form_ref(form, "DepositToAccountRef", sample->accounts[ACCOUNT_BANK]);
	if (sample_percent(sample, 10))
		form_text(form, "PrivateNote", "Paid in two envelopes");
	form_close(form, '}');
	sample_tick(sample, sample_chance(sample, 240) + 10);
	payment = sample_add(sample, "Payment", form);
	if (waits)
		sample_list_add(&sample->undeposited, payment);
	else if (!is_leaving(sample, customer) && sample_percent(sample, 2))
		sample_plan(sample, 2, payment, void_payment);
	return payment;
}

/* Who pays: the customer, or whoever its bills go to. */
static struct record *payer_of(struct sample *sample, const struct record *invoice)
{
	struct record *customer = sample_target(sample, invoice, "CustomerRef", "Customer");
	struct json_slice flag = json_find(customer->text, customer->len, "BillWithParent");

	if (customer->above && flag.len && flag.text[0] == 't' && sample_percent(sample, 50))
		return customer->above;
	return customer;
}

void settle_invoice(struct sample *sample, struct record *invoice)
{
	AUTO(str_clear) struct str form = STR_INIT(STR_NO_LIMIT);
	struct record *others[TOGETHER_MAX], *customer = payer_of(sample, invoice);
	size_t count = 0;
	int64_t total = open_of(invoice), extra = 0;

	if (total == 0)
		return;
	if (sample_percent(sample, 35))
		count = find_open(sample, invoice, "Invoice", "CustomerRef.value", others,
				  TOGETHER_MAX);
	if (!is_leaving(sample, customer) && sample_percent(sample, 4))
		extra = 100 * (sample_chance(sample, 50) + 1);
	for (size_t i = 0; i < count; i++)
		total += open_of(others[i]);
	form_open(&form);
	form_ref(&form, "CustomerRef", customer);
	form_cents(&form, "TotalAmt", total + extra);
	form_date(&form, "TxnDate", sample_day(sample, 0));
	form_open_member(&form, "Line", '[');
	add_line(&form, invoice, open_of(invoice));
	for (size_t i = 0; i < count; i++)
		add_line(&form, others[i], open_of(others[i]));
	form_close(&form, ']');
	finish_payment(sample, &form, customer);
}

void settle_part(struct sample *sample, struct record *invoice)
{
	AUTO(str_clear) struct str form = STR_INIT(STR_NO_LIMIT);
	struct record *customer = sample_target(sample, invoice, "CustomerRef", "Customer");
	int64_t part = open_of(invoice) * (20 + sample_chance(sample, 60)) / 100;
	bool unapplied = sample_percent(sample, 15); /* paid on account, nobody said what for */

	if (part == 0)
		return;
	form_open(&form);
	form_ref(&form, "CustomerRef", customer);
	form_cents(&form, "TotalAmt", part);
	form_open_member(&form, "Line", '[');
	if (!unapplied)
		add_line(&form, invoice, part);
	form_close(&form, ']');
	finish_payment(sample, &form, customer);
}

/* A journal entry that opened a receivable is paid as an invoice is. */
void settle_journal(struct sample *sample, struct record *journal)
{
	AUTO(str_clear) struct str form = STR_INIT(STR_NO_LIMIT);
	struct record *customer =
		company_get(sample->company, "Customer", journal->postings[0].party->id);

	form_open(&form);
	form_ref(&form, "CustomerRef", customer);
	form_cents(&form, "TotalAmt", open_of(journal));
	form_open_member(&form, "Line", '[');
	add_line(&form, journal, open_of(journal));
	form_close(&form, ']');
	finish_payment(sample, &form, customer);
}

void settle_credit(struct sample *sample, struct record *credit)
{
	AUTO(str_clear) struct str form = STR_INIT(STR_NO_LIMIT);
	struct record *invoice;
	int64_t cents;

	if (record_open(credit) <= 0 ||
	    find_open(sample, credit, "Invoice", "CustomerRef.value", &invoice, 1) == 0)
		return;
	cents = open_of(credit) < open_of(invoice) ? open_of(credit) : open_of(invoice);
	form_open(&form);
	form_ref(&form, "CustomerRef", sample_target(sample, credit, "CustomerRef", "Customer"));
	form_cents(&form, "TotalAmt", 0);
	form_open_member(&form, "Line", '[');
	add_line(&form, invoice, cents);
	add_line(&form, credit, cents);
	form_close(&form, ']');
	form_text(&form, "PrivateNote", "Created by QB Online to link credits to charges.");
	form_close(&form, '}');
	sample_tick(sample, 15);
	sample_add(sample, "Payment", &form);
}

/* ---- deposits */

/* A bit of it stays in the till, and the bank adds some interest. */
static void add_cash_back(struct sample *sample, struct str *form, int64_t total)
{
	if (total > 20000 && sample->accounts[ACCOUNT_CASH] && sample_percent(sample, 25)) {
		form_open_member(form, "CashBack", '{');
		form_ref(form, "AccountRef", sample->accounts[ACCOUNT_CASH]);
		form_cents(form, "Amount", 5000);
		form_text(form, "Memo", "Change for the till");
		form_close(form, '}');
	}
}

static void add_other_income(struct sample *sample, struct str *form)
{
	if (!sample->accounts[ACCOUNT_INTEREST_EARNED] || !sample_percent(sample, 15))
		return;
	form_open(form);
	form_cents(form, "Amount", 100 + sample_chance(sample, 900));
	form_text(form, "DetailType", "DepositLineDetail");
	form_open_member(form, "DepositLineDetail", '{');
	if (sample_percent(sample, 50))
		str_addf(form, "\"Entity\":{\"value\":\"%s\",\"type\":\"VENDOR\"}",
			 sample->vendors.records[0]->id);
	form_ref(form, "AccountRef", sample->accounts[ACCOUNT_INTEREST_EARNED]);
	form_ref(form, "PaymentMethodRef", sample->methods.records[2]);
	str_add(form, "}}");
}

void settle_deposit(struct sample *sample)
{
	AUTO(str_clear) struct str form = STR_INIT(STR_NO_LIMIT);
	int64_t total = 0;

	form_open(&form);
	form_ref(&form, "DepositToAccountRef", sample->accounts[ACCOUNT_BANK]);
	form_date(&form, "TxnDate", sample_day(sample, 0));
	form_open_member(&form, "Line", '[');
	for (size_t i = 0; i < sample->undeposited.count; i++) {
		const struct record *each = sample->undeposited.records[i];
		int64_t cents = sample_cents(each, "TotalAmt");

		if (cents <= 0 || each->link_count > 0)
			continue;
		total += cents;
		add_line(&form, each, cents);
	}
	sample->undeposited.count = 0;
	if (total == 0)
		return;
	add_other_income(sample, &form);
	form_close(&form, ']');
	add_cash_back(sample, &form, total);
	if (sample_percent(sample, 30))
		form_text(&form, "PrivateNote", "Friday's bag");
	form_close(&form, '}');
	sample_tick(sample, 120);
	sample_add(sample, "Deposit", &form);
}

/* ---- bills */

/* Uses up a vendor's credit on one of its bills; no money moves. */
static void settle_vendor_credit(struct sample *sample, struct record *credit)
{
	AUTO(str_clear) struct str form = STR_INIT(STR_NO_LIMIT);
	struct record *bill;
	int64_t cents;

	if (record_open(credit) <= 0 ||
	    find_open(sample, credit, "Bill", "VendorRef.value", &bill, 1) == 0)
		return;
	cents = open_of(credit) < open_of(bill) ? open_of(credit) : open_of(bill);
	form_open(&form);
	form_ref(&form, "VendorRef", sample_target(sample, credit, "VendorRef", "Vendor"));
	form_text(&form, "PayType", "Check");
	form_cents(&form, "TotalAmt", 0);
	form_open_member(&form, "Line", '[');
	add_line(&form, bill, cents);
	add_line(&form, credit, cents);
	form_close(&form, ']');
	form_close(&form, '}');
	sample_tick(sample, 20);
	sample_add(sample, "BillPayment", &form);
}

static void add_means(struct sample *sample, struct str *form)
{
	bool card = sample->accounts[ACCOUNT_CARD] && sample_percent(sample, 30);

	form_text(form, "PayType", card ? "CreditCard" : "Check");
	form_open_member(form, card ? "CreditCardPayment" : "CheckPayment", '{');
	if (card) {
		form_ref(form, "CCAccountRef", sample->accounts[ACCOUNT_CARD]);
	} else {
		form_ref(form, "BankAccountRef", sample->accounts[ACCOUNT_BANK]);
		form_text(form, "PrintStatus",
			  sample_percent(sample, 50) ? "NeedToPrint" : "PrintComplete");
	}
	form_close(form, '}');
}

void settle_bill(struct sample *sample, struct record *bill)
{
	AUTO(str_clear) struct str form = STR_INIT(STR_NO_LIMIT);
	struct record *others[TOGETHER_MAX];
	size_t count = 0;
	int64_t total = open_of(bill);

	if (strcmp(bill->entity->name, "VendorCredit") == 0) {
		settle_vendor_credit(sample, bill);
		return;
	}
	if (total == 0)
		return;
	if (sample_percent(sample, 40))
		count = find_open(sample, bill, "Bill", "VendorRef.value", others, TOGETHER_MAX);
	else if (sample_percent(sample, 15))
		total -= total / 3;
	form_open(&form);
	form_ref(&form, "VendorRef", sample_target(sample, bill, "VendorRef", "Vendor"));
	add_means(sample, &form);
	form_date(&form, "TxnDate", sample_day(sample, 0));
	form_open_member(&form, "Line", '[');
	add_line(&form, bill, total);
	for (size_t i = 0; i < count; i++) {
		add_line(&form, others[i], open_of(others[i]));
		total += open_of(others[i]);
	}
	form_close(&form, ']');
	form_cents(&form, "TotalAmt", total);
	form_close(&form, '}');
	sample_tick(sample, sample_chance(sample, 200) + 10);
	sample_add(sample, "BillPayment", &form);
}
