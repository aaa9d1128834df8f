/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sales forms: invoices, estimates that become invoices, receipts, refunds and credit memos. */
#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "ledgerdeck/core/memory.h"
#include "quickbooks/draft.h"
#include "sample/sample_impl.h"

/* A form being put together. */
struct sheet {
	struct sample *sample;
	struct record *customer; /* NULL: a receipt without one */
	struct record *class;	 /* of all lines; NULL: any */
	struct str lines, form;	 /* JSON text */
	int64_t subtotal;	 /* hundredths, as far as it is known */
	bool foreign;		 /* the customer is billed in another currency */
	const char *tax;	 /* GlobalTaxCalculation to send, NULL: none */
};

static void sheet_start(struct sheet *sheet, struct sample *sample, struct record *customer)
{
	*sheet = (struct sheet){ .sample = sample,
				 .customer = customer,
				 .lines = STR_INIT(STR_NO_LIMIT),
				 .form = STR_INIT(STR_NO_LIMIT) };
	if (customer)
		sheet->foreign = !sample_has(customer, "CurrencyRef.value", sample->kind->currency);
	if (sample->kind->tax == TAX_VAT && !sheet->foreign && sample_percent(sample, 15))
		sheet->tax = "TaxInclusive";
	else if (sample->kind->tax == TAX_VAT && sample_percent(sample, 5))
		sheet->tax = "NotApplicable";
	else if (sample->kind->tax == TAX_VAT && sample_percent(sample, 50))
		sheet->tax = "TaxExcluded";
}

static void sheet_clear(struct sheet *sheet)
{
	str_clear(&sheet->lines);
	str_clear(&sheet->form);
}

/* ---- lines */

static void line_tax_code(struct sheet *sheet, struct str *line)
{
	struct sample *sample = sheet->sample;
	const struct record *code = NULL;

	if (sample->kind->tax != TAX_VAT)
		return; /* TAX or NON follows from item and customer */
	if (sheet->foreign)
		code = sample->codes[sample_percent(sample, 60) ? CODE_FOREIGN : CODE_ZERO];
	form_ref(line, "TaxCodeRef", code);
}

/* One line of an item at that price. */
static void add_item_line(struct sheet *sheet, const struct record *item, struct decimal quantity,
			  struct decimal price)
{
	struct sample *sample = sheet->sample;
	struct str *line = &sheet->lines;
	AUTO(str_clear) struct str description = STR_INIT(STR_NO_LIMIT);
	struct decimal amount = { 0, 0 };
	char text[DECIMAL_TEXT_MAX];

	decimal_multiply(quantity, price, 2, &amount);
	sheet->subtotal += amount.digits;
	sample_text(item, "Description", &description);
	form_open(line);
	if (!sample_percent(sample, 10))
		form_text(line, "Description", description.text);
	form_cents(line, "Amount", amount.digits);
	form_text(line, "DetailType", "SalesItemLineDetail");
	form_open_member(line, "SalesItemLineDetail", '{');
	if (sample_has(item, "Type", "Service") && sample_percent(sample, 50))
		form_date(line, "ServiceDate", sample_day(sample, -sample_chance(sample, 6)));
	form_ref(line, "ItemRef", item);
	if (sheet->class)
		form_ref(line, "ClassRef", sheet->class);
	else if (sample_percent(sample, 40))
		form_ref(line, "ClassRef", sample_pick(sample, &sample->classes));
	form_raw(line, "UnitPrice", decimal_format(decimal_trim(price), text));
	form_raw(line, "Qty", decimal_format(decimal_trim(quantity), text));
	line_tax_code(sheet, line);
	str_add(line, "}}");
}

static void add_some_item(struct sheet *sheet)
{
	struct sample *sample = sheet->sample;
	struct record *item = sample_pick(sample, &sample->items);
	struct decimal price = decimal_of(sample_cents(item, "UnitPrice"), 2);
	struct decimal quantity = decimal_of(sample_chance(sample, 12) + 1, 0);

	if (sample_has(item, "Type", "Service") && sample_percent(sample, 40))
		quantity = decimal_of(25 * (sample_chance(sample, 20) + 1), 2);
	else if (sample_percent(sample, 30)) /* by the crate */
		quantity.digits *= 6;
	if (sample_percent(sample, 5)) /* a price of many places, whose product is rounded */
		price = decimal_of(price.digits * 1000 + 333, 5);
	add_item_line(sheet, item, quantity, price);
	if (sample_percent(sample, 2) && sheet->subtotal > 4 * price.digits && price.scale == 2)
		add_item_line(sheet, item, decimal_of(-1, 0), price);
}

static void add_bundle(struct sheet *sheet)
{
	struct sample *sample = sheet->sample;
	struct record *bundle = sample_pick(sample, &sample->bundles);
	struct sheet inner = { .sample = sample,
			       .customer = sheet->customer,
			       .lines = STR_INIT(STR_NO_LIMIT),
			       .foreign = sheet->foreign };

	if (!bundle)
		return;
	for (size_t i = 0; i < sample->items.count && i < 3; i++) {
		struct record *item = sample->items.records[i];

		add_item_line(&inner, item, decimal_of((int64_t)i + 1, 0),
			      decimal_of(sample_cents(item, "UnitPrice"), 2));
	}
	form_open(&sheet->lines);
	form_text(&sheet->lines, "Description", "As agreed");
	form_cents(&sheet->lines, "Amount", inner.subtotal);
	form_text(&sheet->lines, "DetailType", "GroupLineDetail");
	form_open_member(&sheet->lines, "GroupLineDetail", '{');
	form_ref(&sheet->lines, "GroupItemRef", bundle);
	form_raw(&sheet->lines, "Quantity", "1");
	form_open_member(&sheet->lines, "Line", '[');
	str_add(&sheet->lines, inner.lines.text);
	str_add(&sheet->lines, "]}}");
	sheet->subtotal += inner.subtotal;
	str_clear(&inner.lines);
}

static void add_discount(struct sheet *sheet)
{
	bool percent = sample_percent(sheet->sample, 70);

	form_open(&sheet->lines);
	if (!percent)
		form_cents(&sheet->lines, "Amount", 100);
	form_text(&sheet->lines, "DetailType", "DiscountLineDetail");
	form_raw(&sheet->lines, "DiscountLineDetail",
		 percent ? "{\"PercentBased\":true,\"DiscountPercent\":7.5}"
			 : "{\"PercentBased\":false}");
	form_close(&sheet->lines, '}');
	form_raw(&sheet->form, "ApplyTaxAfterDiscount",
		 sample_percent(sheet->sample, 50) ? "true" : "false");
}

static void add_lines(struct sheet *sheet, int most)
{
	struct sample *sample = sheet->sample;
	int count = sample_chance(sample, most) + 1;
	bool big = sample->kind->employees > 0;

	for (int i = 0; i < count; i++)
		add_some_item(sheet);
	if (!big || most < 4)
		return;
	if (sample_percent(sample, 5))
		add_bundle(sheet);
	if (sample_percent(sample, 8))
		str_add(&sheet->lines,
			",{\"Description\":\"Subtotal: as agreed on the phone\",\"DetailType\":"
			"\"DescriptionOnly\",\"DescriptionLineDetail\":{}}");
	if (sample_percent(sample, 5)) {
		str_add(&sheet->lines,
			",{\"Amount\":9.90,\"DetailType\":\"SalesItemLineDetail\","
			"\"SalesItemLineDetail\":{\"ItemRef\":{\"value\":\"SHIPPING_ITEM_ID\"}");
		line_tax_code(sheet, &sheet->lines);
		str_add(&sheet->lines, "}}");
	}
	if (sample_percent(sample, 10) && !(sheet->tax && strcmp(sheet->tax, "TaxInclusive") == 0))
		add_discount(sheet);
}

/* ---- the rest of a form */

static void add_tax(struct sheet *sheet)
{
	struct sample *sample = sheet->sample;
	int chance = sample_chance(sample, 100);
	const struct record *code = sample->codes[chance < 86	? CODE_STANDARD
						  : chance < 94 ? CODE_OTHER
								: CODE_ZERO];

	if (sheet->tax)
		form_text(&sheet->form, "GlobalTaxCalculation", sheet->tax);
	if (sample->kind->tax == TAX_VAT || !code)
		return;
	if (sample->kind->tax == TAX_US_AUTOMATED)
		code = sample->codes[CODE_STANDARD];
	else if (chance >= 97)
		return; /* as sandboxes show: taxable lines, no code, no tax */
	form_open_member(&sheet->form, "TxnTaxDetail", '{');
	form_ref(&sheet->form, "TxnTaxCodeRef", code);
	form_close(&sheet->form, '}');
}

static void add_notes(struct sheet *sheet)
{
	static const char *const notes[] = {
		"Deliver before noon",
		"Order 7/24 \"rush\"",
		"Bestellung per Fax – siehe Ordner §4",
		"100% prepaid\nsecond line",
		"见附件",
		"\\\\server\\share\\order.txt",
		"Customer said: 'maybe'",
	};
	struct sample *sample = sheet->sample;
	AUTO(str_clear) struct str prose = STR_INIT(STR_NO_LIMIT);

	if (sample_percent(sample, 30))
		form_text(&sheet->form, "PrivateNote",
			  notes[sample_chance(sample, ARRAY_LEN(notes))]);
	else if (sample_percent(sample, 1))
		names_prose(4000, &prose);
	form_text(&sheet->form, "PrivateNote", prose.text);
	if (sample_percent(sample, 50))
		form_raw(&sheet->form, "CustomerMemo",
			 "{\"value\":\"Thank you for your business!\"}");
	if (sample->kind->custom_field && sample_percent(sample, 40))
		str_addf(&sheet->form,
			 ",\"CustomField\":[{\"DefinitionId\":\"1\",\"StringValue\":\"TW-%04d\"}]",
			 sample_chance(sample, 10000));
	if (sample_percent(sample, 35))
		form_ref(&sheet->form, "DepartmentRef", sample_pick(sample, &sample->departments));
}

static void add_delivery(struct sheet *sheet)
{
	struct sample *sample = sheet->sample;
	int chance = sample_chance(sample, 100);
	AUTO(str_clear) struct str email = STR_INIT(200);

	if (sheet->customer)
		sample_text(sheet->customer, "PrimaryEmailAddr.Address", &email);
	if (email.len) {
		form_open_member(&sheet->form, "BillEmail", '{');
		form_text(&sheet->form, "Address", email.text);
		form_close(&sheet->form, '}');
	}
	form_text(&sheet->form, "PrintStatus",
		  chance < 50	? "NotSet"
		  : chance < 70 ? "PrintComplete"
				: "NeedToPrint");
	if (email.len && chance < 40) {
		char stamp[STAMP_TEXT_MAX];

		form_text(&sheet->form, "EmailStatus", "EmailSent");
		form_open_member(&sheet->form, "DeliveryInfo", '{');
		form_text(&sheet->form, "DeliveryType", "Email");
		form_text(&sheet->form, "DeliveryTime",
			  stamp_format(company_stamp_ms(sample->company), -28800, false, stamp));
		form_close(&sheet->form, '}');
	}
}

/* Companies that number by themselves; the others leave it to the service. */
static void add_number(struct sheet *sheet, char letter)
{
	struct company *company = sheet->sample->company;

	if (sheet->sample->kind->custom_numbers && !sample_percent(sheet->sample, 3))
		str_addf(&sheet->form, ",\"DocNumber\":\"%c-%d/%05lld\"", letter,
			 date_calendar(sheet->sample->today).year,
			 (long long)company->next_number++);
}

/* Lines and all else that sales forms share; `entity` says which it becomes. */
static struct record *sheet_write(struct sheet *sheet, const char *entity)
{
	struct sample *sample = sheet->sample;
	bool invoice = strcmp(entity, "Invoice") == 0;

	form_ref(&sheet->form, "CustomerRef", sheet->customer);
	form_date(&sheet->form, "TxnDate",
		  sample_day(sample, sample->kind->closes_books || !sample_percent(sample, 15)
					     ? 0
					     : -sample_chance(sample, 5)));
	add_number(sheet, entity[0]);
	form_open_member(&sheet->form, "Line", '[');
	str_add(&sheet->form, sheet->lines.text);
	form_close(&sheet->form, ']');
	add_tax(sheet);
	add_notes(sheet);
	if (invoice || strcmp(entity, "SalesReceipt") == 0)
		add_delivery(sheet);
	if (invoice && sample_percent(sample, 40))
		form_ref(&sheet->form, "SalesTermRef",
			 sample->terms.records[sample_chance(sample, 4)]);
	if (invoice && sample->kind->closes_books && sheet->subtotal > 10000 &&
	    sample_percent(sample, 6))
		form_cents(&sheet->form, "Deposit", 2500);
	if (sample_percent(sample, 6))
		form_raw(&sheet->form, "ShipAddr",
			 "{\"Line1\":\"Gate 3 / Dock \\\"B\\\"\",\"City\":\"Old Harbour\","
			 "\"PostalCode\":\"00417\"}");
	form_close(&sheet->form, '}');
	sample_tick(sample, sample_chance(sample, 420) + 20);
	return sample_add(sample, entity, &sheet->form);
}

/* ---- invoices */

static bool is_untouched(const struct sample *sample, const struct record *record)
{
	return record->link_count == 0 &&
	       record->date.day > sample->company->preferences.book_close.day;
}

static void void_invoice(struct sample *sample, struct record *invoice)
{
	if (is_untouched(sample, invoice))
		sample_void(sample, invoice);
}

static void delete_invoice(struct sample *sample, struct record *invoice)
{
	if (!is_untouched(sample, invoice))
		return;
	sample_delete(sample, invoice);
	sample->made[DOCUMENT_INVOICE]--; /* another will stand in its place */
}

static void change_invoice(struct sample *sample, struct record *invoice)
{
	sample_change(sample, invoice,
		      "\"PrivateNote\":\"Called twice\",\"EmailStatus\":\"NeedToSend\"");
}

static void plan_invoice(struct sample *sample, struct record *invoice)
{
	int chance = sample_chance(sample, 100);

	if (chance < 56) {
		sample_plan(sample, 6 + sample_chance(sample, 40), invoice, settle_invoice);
	} else if (chance < 66) {
		sample_plan(sample, 4 + sample_chance(sample, 20), invoice, settle_part);
		sample_plan(sample, 30 + sample_chance(sample, 40), invoice, settle_invoice);
	} else if (chance < 68) {
		sample_plan(sample, 1 + sample_chance(sample, 4), invoice, void_invoice);
	} else if (chance < 70) {
		sample_plan(sample, 1 + sample_chance(sample, 4), invoice, delete_invoice);
	} else if (chance < 75) {
		sample_plan(sample, 2 + sample_chance(sample, 10), invoice, change_invoice);
	} else if (chance < 85) {
		sample_plan(sample, 60 + sample_chance(sample, 90), invoice, settle_invoice);
	}
}

/* In the first year, some who will be gone come by; they pay at once. */
static bool farewell(struct sample *sample)
{
	struct record *customer = sample_pick(sample, &sample->leaving), *invoice;
	struct sheet sheet;

	if (!customer || sample->today.day > sample->first.day + 300 || !sample_percent(sample, 8))
		return false;
	sheet_start(&sheet, sample, customer);
	sheet.class = sample->old_class;
	add_lines(&sheet, 2);
	if (sample->old_item)
		add_item_line(&sheet, sample->old_item, decimal_of(1, 0), decimal_of(999, 2));
	form_open(&sheet.form);
	invoice = sheet_write(&sheet, "Invoice");
	sheet_clear(&sheet);
	sample_plan(sample, 0, invoice, settle_invoice);
	return true;
}

bool document_invoice(struct sample *sample)
{
	struct record *invoice;
	struct sheet sheet;

	if (farewell(sample))
		return true;
	sheet_start(&sheet, sample, sample_pick(sample, &sample->customers));
	form_open(&sheet.form);
	add_lines(&sheet, 7);
	invoice = sheet_write(&sheet, "Invoice");
	sheet_clear(&sheet);
	plan_invoice(sample, invoice);
	return true;
}

/* ---- estimates */

/* The lines of an estimate as those of the invoice made from it. */
static void take_over_lines(const struct record *estimate, json_object *object)
{
	json_object *lines = object_get(object, "Line"), *kept = json_object_new_array();

	for (size_t i = 0; i < json_object_array_length(lines); i++) {
		json_object *line = json_object_array_get_idx(lines, i), *links, *link;

		if (strcmp(object_text(line, "DetailType"), "SubTotalLineDetail") == 0)
			continue;
		links = json_object_new_array();
		link = json_object_new_object();
		object_set_text(link, "TxnId", estimate->id);
		object_set_text(link, "TxnType", "Estimate");
		json_object_array_add(links, link);
		object_set(line, "LinkedTxn", links);
		object_set(line, "Id", NULL);
		json_object_array_add(kept, json_object_get(line));
	}
	object_set(object, "Line", kept);
}

static void bill_estimate(struct sample *sample, struct record *estimate)
{
	static const char *const own[] = {
		"Id", "SyncToken", "MetaData", "DocNumber", "TxnStatus", "ExpirationDate",
		"AcceptedBy", "AcceptedDate", "LinkedTxn", "TxnDate",
	};
	AUTO(str_clear) struct str form = STR_INIT(STR_NO_LIMIT);
	json_object *object, *links, *link;
	struct record *invoice;

	if (sample->made[DOCUMENT_INVOICE] >= sample->wanted[DOCUMENT_INVOICE])
		return;
	object = record_read(estimate);
	for (size_t i = 0; i < ARRAY_LEN(own); i++)
		object_set(object, own[i], NULL);
	take_over_lines(estimate, object);
	links = json_object_new_array();
	link = json_object_new_object();
	object_set_text(link, "TxnId", estimate->id);
	object_set_text(link, "TxnType", "Estimate");
	json_object_array_add(links, link);
	object_set(object, "LinkedTxn", links);
	str_add(&form, json_object_to_json_string(object));
	json_object_put(object);
	invoice = sample_add(sample, "Invoice", &form);
	sample->made[DOCUMENT_INVOICE]++;
	str_addf(&form,
		 "\"TxnStatus\":\"Closed\",\"LinkedTxn\":[{\"TxnId\":\"%s\",\"TxnType\":"
		 "\"Invoice\"}]",
		 invoice->id);
	sample_change(sample, estimate, form.text);
	sample_tick(sample, 30);
	plan_invoice(sample, invoice);
}

static void reject_estimate(struct sample *sample, struct record *estimate)
{
	sample_change(sample, estimate, "\"TxnStatus\":\"Rejected\"");
}

static void drop_record(struct sample *sample, struct record *record)
{
	if (is_untouched(sample, record))
		sample_delete(sample, record);
}

static void accept_estimate(struct sample *sample, struct record *estimate)
{
	AUTO(str_clear) struct str form = STR_INIT(STR_NO_LIMIT);

	str_add(&form, "\"TxnStatus\":\"Accepted\",\"AcceptedBy\":\"by telephone\"");
	form_date(&form, "AcceptedDate", sample_day(sample, 0));
	sample_change(sample, estimate, form.text);
	sample_plan(sample, 3 + sample_chance(sample, 12), estimate, bill_estimate);
}

bool document_estimate(struct sample *sample)
{
	struct record *estimate;
	struct sheet sheet;
	int chance = sample_chance(sample, 100);

	sheet_start(&sheet, sample, sample_pick(sample, &sample->customers));
	form_open(&sheet.form);
	add_lines(&sheet, 5);
	form_date(&sheet.form, "ExpirationDate", sample_day(sample, 30));
	estimate = sheet_write(&sheet, "Estimate");
	sheet_clear(&sheet);
	if (chance < 50)
		sample_plan(sample, 2 + sample_chance(sample, 15), estimate, accept_estimate);
	else if (chance < 65)
		sample_plan(sample, 2 + sample_chance(sample, 25), estimate, reject_estimate);
	else if (chance < 72)
		sample_plan(sample, 1 + sample_chance(sample, 9), estimate, drop_record);
	return true;
}

/* ---- receipts, refunds, credits */

static void pay_at_once(struct sheet *sheet, bool may_wait)
{
	struct sample *sample = sheet->sample;

	form_ref(&sheet->form, "PaymentMethodRef", sample_pick(sample, &sample->methods));
	if (sample_percent(sample, 30))
		str_addf(&sheet->form, ",\"PaymentRefNum\":\"%d\"",
			 sample_chance(sample, 90000) + 1000);
	if (!may_wait || sheet->foreign || sample_percent(sample, 50))
		form_ref(&sheet->form, "DepositToAccountRef", sample->accounts[ACCOUNT_BANK]);
}

bool document_receipt(struct sample *sample)
{
	struct record *customer =
		sample_percent(sample, 70) ? sample_pick(sample, &sample->customers) : NULL;
	struct record *receipt;
	struct sheet sheet;

	sheet_start(&sheet, sample, customer);
	form_open(&sheet.form);
	add_lines(&sheet, 4);
	pay_at_once(&sheet, true);
	receipt = sheet_write(&sheet, "SalesReceipt");
	sheet_clear(&sheet);
	if (!sample_has(receipt, "DepositToAccountRef.value", sample->accounts[ACCOUNT_BANK]->id))
		sample_list_add(&sample->undeposited, receipt);
	else if (sample_percent(sample, 6))
		sample_plan(sample, 1 + sample_chance(sample, 4), receipt, void_invoice);
	return true;
}

bool document_refund(struct sample *sample)
{
	struct sheet sheet;

	sheet_start(&sheet, sample, sample_pick(sample, &sample->customers));
	form_open(&sheet.form);
	add_lines(&sheet, 2);
	pay_at_once(&sheet, false);
	sheet_write(&sheet, "RefundReceipt");
	sheet_clear(&sheet);
	return true;
}

bool document_credit(struct sample *sample)
{
	struct record *credit;
	struct sheet sheet;

	sheet_start(&sheet, sample, sample_pick(sample, &sample->customers));
	form_open(&sheet.form);
	add_lines(&sheet, 2);
	credit = sheet_write(&sheet, "CreditMemo");
	sheet_clear(&sheet);
	for (int i = 0; i < 4; i++) /* tried again until the customer has something open */
		sample_plan(sample, 3 + i * 20 + sample_chance(sample, 15), credit, settle_credit);
	return true;
}
