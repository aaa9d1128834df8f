/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the company buys: bills, vendor credits, expenses, purchase orders that become bills. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "sample/sample_impl.h"

/* What a line of costs is about; amounts move around `cents`. */
static const struct cost {
	enum sample_account account;
	const char *description;
	int cents;
	enum sample_code code;
} costs[] = {
	{ ACCOUNT_RENT, "Rent of the month", 185000, CODE_ZERO },
	{ ACCOUNT_POWER, "Electricity, meter 4471/B", 21450, CODE_STANDARD },
	{ ACCOUNT_PHONE, "Telephone & internet", 8999, CODE_STANDARD },
	{ ACCOUNT_OFFICE, "Paper, \"A4\", 5 boxes; toner", 6410, CODE_STANDARD },
	{ ACCOUNT_ADS, "Flyers, 100% recycled", 32500, CODE_STANDARD },
	{ ACCOUNT_INSURANCE, "Liability insurance", 41200, CODE_ZERO },
	{ ACCOUNT_TRAVEL, "Zugfahrt/Train", 5830, CODE_OTHER },
	{ ACCOUNT_MEALS, "Lunch with supplier — 昼食", 4375, CODE_STANDARD },
	{ ACCOUNT_FUEL, "Diesel", 7120, CODE_STANDARD },
};

static const struct cost *pick_cost(struct sample *sample)
{
	for (;;) {
		const struct cost *cost = &costs[sample_chance(sample, ARRAY_LEN(costs))];

		if (sample->accounts[cost->account])
			return cost;
	}
}

static int64_t vary(struct sample *sample, int64_t cents)
{
	return cents * (70 + sample_chance(sample, 60)) / 100 + sample_chance(sample, 99);
}

static bool is_foreign(struct sample *sample, const struct record *vendor)
{
	return vendor && !sample_has(vendor, "CurrencyRef.value", sample->kind->currency);
}

/* The code of the vendor's country where VAT is charged at all; none in the US. */
static void add_tax_code(struct sample *sample, const struct record *vendor, enum sample_code code,
			 struct str *form)
{
	if (sample->kind->tax == TAX_VAT)
		form_ref(form, "TaxCodeRef",
			 sample->codes[is_foreign(sample, vendor) ? CODE_FOREIGN : code]);
}

/* Some costs are passed on to a customer of the home currency. */
static void add_billable(struct sample *sample, struct str *form)
{
	struct record *customer = sample_pick(sample, &sample->customers);

	if (!sample_percent(sample, 12) ||
	    !sample_has(customer, "CurrencyRef.value", sample->kind->currency))
		return;
	form_ref(form, "CustomerRef", customer);
	form_text(form, "BillableStatus", "Billable");
	if (sample_percent(sample, 50))
		form_raw(form, "MarkupInfo", "{\"PercentBased\":true,\"Percent\":10}");
}

static int64_t add_cost_line(struct sample *sample, const struct record *vendor,
			     const struct cost *cost, int64_t cents, struct str *form)
{
	form_open(form);
	if (!sample_percent(sample, 10))
		form_text(form, "Description", cost->description);
	form_cents(form, "Amount", cents);
	form_text(form, "DetailType", "AccountBasedExpenseLineDetail");
	form_open_member(form, "AccountBasedExpenseLineDetail", '{');
	form_ref(form, "AccountRef", sample->accounts[cost->account]);
	if (sample_percent(sample, 30))
		form_ref(form, "ClassRef", sample_pick(sample, &sample->classes));
	add_billable(sample, form);
	add_tax_code(sample, vendor, cost->code, form);
	str_add(form, "}}");
	return cents;
}

static int64_t add_stock_line(struct sample *sample, const struct record *vendor, int most,
			      struct str *form)
{
	const struct record *item = sample_pick(sample, &sample->stock);
	int64_t cost = sample_cents(item, "PurchaseCost"), pieces = sample_chance(sample, most) + 1;

	form_open(form);
	form_cents(form, "Amount", cost * pieces);
	form_text(form, "DetailType", "ItemBasedExpenseLineDetail");
	form_open_member(form, "ItemBasedExpenseLineDetail", '{');
	form_ref(form, "ItemRef", item);
	form_cents(form, "UnitPrice", cost);
	str_addf(form, ",\"Qty\":%lld", (long long)pieces);
	if (is_foreign(sample, vendor))
		add_tax_code(sample, vendor, CODE_FOREIGN, form);
	str_add(form, "}}");
	return cost * pieces;
}

static void add_global_tax(struct sample *sample, struct str *form)
{
	if (sample->kind->tax == TAX_VAT && sample_percent(sample, 25))
		form_text(form, "GlobalTaxCalculation", "TaxInclusive");
}

/* Lines of costs, of stock, or of both. */
static void add_lines(struct sample *sample, const struct record *vendor, int most,
		      struct str *form)
{
	int count = sample_chance(sample, most) + 1;

	form_open_member(form, "Line", '[');
	for (int i = 0; i < count; i++) {
		const struct cost *cost = pick_cost(sample);

		if (sample->stock.count && sample_percent(sample, 45))
			add_stock_line(sample, vendor, 60, form);
		else
			add_cost_line(sample, vendor, cost, vary(sample, cost->cents), form);
	}
	form_close(form, ']');
}

static void drop_record(struct sample *sample, struct record *record)
{
	if (record->link_count == 0 &&
	    record->date.day > sample->company->preferences.book_close.day)
		sample_delete(sample, record);
}

bool spend_bill(struct sample *sample)
{
	AUTO(str_clear) struct str form = STR_INIT(STR_NO_LIMIT);
	struct record *vendor = sample_pick(sample, &sample->vendors), *bill;
	int chance = sample_chance(sample, 100);

	form_open(&form);
	form_ref(&form, "VendorRef", vendor);
	form_date(&form, "TxnDate", sample_day(sample, 0));
	if (!sample_percent(sample, 20)) /* the vendor's number, whatever it looks like */
		str_addf(&form, ",\"DocNumber\":\"%s%d/%d\"",
			 sample_percent(sample, 50) ? "RE-" : "#",
			 date_calendar(sample->today).year, sample_chance(sample, 99999));
	if (sample_percent(sample, 70))
		form_ref(&form, "SalesTermRef", sample->terms.records[sample_chance(sample, 4)]);
	if (sample_percent(sample, 30))
		form_ref(&form, "DepartmentRef", sample_pick(sample, &sample->departments));
	if (sample_percent(sample, 15))
		form_text(&form, "PrivateNote",
			  "Checked against the delivery note: 2 crates short");
	add_lines(sample, vendor, 4, &form);
	add_global_tax(sample, &form);
	form_close(&form, '}');
	sample_tick(sample, sample_chance(sample, 300) + 20);
	bill = sample_add(sample, "Bill", &form);
	if (chance < 75)
		sample_plan(sample, 5 + sample_chance(sample, 40), bill, settle_bill);
	else if (chance < 78)
		sample_plan(sample, 1 + sample_chance(sample, 3), bill, drop_record);
	return true;
}

bool spend_vendor_credit(struct sample *sample)
{
	AUTO(str_clear) struct str form = STR_INIT(STR_NO_LIMIT);
	struct record *vendor = sample_pick(sample, &sample->vendors), *credit;
	const struct cost *cost = pick_cost(sample);

	form_open(&form);
	form_ref(&form, "VendorRef", vendor);
	form_date(&form, "TxnDate", sample_day(sample, 0));
	str_addf(&form, ",\"DocNumber\":\"GS %d\"", sample_chance(sample, 9999));
	form_open_member(&form, "Line", '[');
	add_cost_line(sample, vendor, cost, vary(sample, cost->cents) / 5, &form);
	form_close(&form, ']');
	form_close(&form, '}');
	sample_tick(sample, 90);
	credit = sample_add(sample, "VendorCredit", &form);
	for (int i = 0; i < 5; i++)
		sample_plan(sample, 3 + 25 * i, credit, settle_bill);
	return true;
}

/* Cash, check or card; now and then a vendor gives money back onto the card. */
static void pay_from(struct sample *sample, struct str *form)
{
	int chance = sample_chance(sample, 100);
	struct record *card = sample->accounts[ACCOUNT_CARD],
		      *old = sample->accounts[ACCOUNT_OLD_BANK];
	struct record *cash =
		sample->accounts[chance > 94 && sample->accounts[ACCOUNT_CASH] ? ACCOUNT_CASH
									       : ACCOUNT_BANK];

	if (card && chance < 45) {
		form_ref(form, "AccountRef", card);
		form_text(form, "PaymentType", "CreditCard");
		if (chance < 5)
			form_raw(form, "Credit", "true");
	} else if (chance < 75) {
		form_ref(form, "AccountRef",
			 old && chance < 52 ? old : sample->accounts[ACCOUNT_BANK]);
		form_text(form, "PaymentType", "Check");
		str_addf(form, ",\"DocNumber\":\"%lld\"",
			 (long long)sample->company->next_bill_number++);
		form_text(form, "PrintStatus",
			  sample_percent(sample, 50) ? "NeedToPrint" : "PrintComplete");
	} else {
		form_ref(form, "AccountRef", cash);
		form_text(form, "PaymentType", "Cash");
	}
}

bool spend_purchase(struct sample *sample)
{
	AUTO(str_clear) struct str form = STR_INIT(STR_NO_LIMIT);
	struct record *vendor = sample_percent(sample, 70) ? sample_pick(sample, &sample->vendors)
							   : NULL,
		      *purchase;
	struct record *employee = sample_pick(sample, &sample->employees);

	form_open(&form);
	pay_from(sample, &form);
	if (vendor)
		str_addf(&form, ",\"EntityRef\":{\"value\":\"%s\",\"type\":\"Vendor\"}",
			 vendor->id);
	else if (employee && sample_percent(sample, 40))
		str_addf(&form, ",\"EntityRef\":{\"value\":\"%s\",\"type\":\"Employee\"}",
			 employee->id);
	form_date(&form, "TxnDate", sample_day(sample, -sample_chance(sample, 2)));
	if (sample_percent(sample, 50))
		form_ref(&form, "PaymentMethodRef", sample_pick(sample, &sample->methods));
	if (sample_percent(sample, 30))
		form_text(&form, "PrivateNote", "Receipt in the blue folder");
	add_lines(sample, vendor, 2, &form);
	add_global_tax(sample, &form);
	form_close(&form, '}');
	sample_tick(sample, sample_chance(sample, 200) + 20);
	purchase = sample_add(sample, "Purchase", &form);
	if (sample_percent(sample, 3))
		sample_plan(sample, 1, purchase, drop_record);
	return true;
}

/* ---- purchase orders */

static void receive_order(struct sample *sample, struct record *order)
{
	AUTO(str_clear) struct str form = STR_INIT(STR_NO_LIMIT);
	struct record *vendor = sample_target(sample, order, "VendorRef", "Vendor"), *bill;

	form_open(&form);
	form_ref(&form, "VendorRef", vendor);
	str_addf(&form, ",\"LinkedTxn\":[{\"TxnId\":\"%s\",\"TxnType\":\"PurchaseOrder\"}]",
		 order->id);
	form_open_member(&form, "Line", '[');
	for (int i = 0; i < 2; i++)
		add_stock_line(sample, vendor, 80, &form);
	form_close(&form, ']');
	form_close(&form, '}');
	bill = sample_add(sample, "Bill", &form);
	str_addf(&form,
		 "\"POStatus\":\"Closed\",\"LinkedTxn\":[{\"TxnId\":\"%s\",\"TxnType\":\"Bill\"}]",
		 bill->id);
	sample_change(sample, order, form.text);
	sample_tick(sample, 60);
	sample_plan(sample, 20, bill, settle_bill);
}

bool spend_order(struct sample *sample)
{
	AUTO(str_clear) struct str form = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str address = STR_INIT(STR_NO_LIMIT);
	struct record *vendor = sample_pick(sample, &sample->vendors), *order;
	const struct table *accounts =
		company_table(sample->company, entity_by_name("Account", false));
	const struct record *payable = NULL;

	if (!sample->stock.count || is_foreign(sample, vendor))
		return false;
	for (size_t i = 0; i < accounts->count && !payable; i++)
		if (sample_has(accounts->by_id[i], "AccountType", "Accounts Payable"))
			payable = accounts->by_id[i];
	names_address(sample->kind->language, 4, false, &address);
	form_open(&form);
	form_ref(&form, "VendorRef", vendor);
	form_ref(&form, "APAccountRef", payable);
	form_raw(&form, "ShipAddr", address.text);
	form_raw(&form, "POEmail", "{\"Address\":\"orders@example.com\"}");
	form_text(&form, "Memo", "Please confirm by e-mail");
	form_open_member(&form, "Line", '[');
	for (int i = sample_chance(sample, 3); i >= 0; i--)
		add_stock_line(sample, vendor, 120, &form);
	form_close(&form, ']');
	form_close(&form, '}');
	sample_tick(sample, 240);
	order = sample_add(sample, "PurchaseOrder", &form);
	if (sample_percent(sample, 65))
		sample_plan(sample, 5 + sample_chance(sample, 20), order, receive_order);
	else if (sample_percent(sample, 20))
		sample_plan(sample, 2, order, drop_record);
	return true;
}
