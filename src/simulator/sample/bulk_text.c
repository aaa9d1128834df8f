/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The texts of bulk records, member by member in the order of schema.c. */
#include "sample/bulk_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"
#include "quickbooks/draft.h"
#include "quickbooks/zone.h"

/* ---- what all texts are made of */

static bool is_vat(const struct bulk_words *words)
{
	return words->sample->kind->tax == TAX_VAT;
}

static bool is_us_tax(const struct bulk_words *words)
{
	return words->sample->kind->tax == TAX_US_MANUAL ||
	       words->sample->kind->tax == TAX_US_AUTOMATED;
}

/* The rates of a tax code, behind those that are known already. */
static void add_rates(struct bulk_words *words, const struct record *code, struct bulk_item *item)
{
	struct company *company = words->sample->company;
	json_object *object = record_read(code),
		    *list = object_get(object, "SalesTaxRateList.TaxRateDetail");

	item->first_rate = words->rate_count;
	for (size_t i = 0; i < json_object_array_length(list); i++) {
		struct record *record = object_target(company, json_object_array_get_idx(list, i),
						      "TaxRateRef", "TaxRate");
		const struct record *agency =
			sample_target(words->sample, record, "AgencyRef", "TaxAgency");
		struct json_slice value = json_find(record->text, record->len, "RateValue");
		struct bulk_rate *rate = &words->rates[words->rate_count++];
		AUTO(str_clear) struct str name = STR_INIT(200);

		snprintf(rate->id, sizeof(rate->id), "%s", record->id);
		decimal_parse(value.text, value.len, &rate->percent);
		sample_text(agency, "DisplayName", &name);
		rate->payable = account_sales_tax(company, name.text);
	}
	item->rate_count = words->rate_count - item->first_rate;
	json_object_put(object);
}

/* The same rates as another item of the same code has, or those of the code. */
static void find_rates(struct bulk_words *words, struct bulk_item *item)
{
	const struct record *standard = words->sample->codes[CODE_STANDARD];
	const struct record *code =
		is_vat(words) ? company_get(words->sample->company, "TaxCode", item->code)
			      : standard;

	for (size_t i = 0; i < words->item_count; i++) {
		const struct bulk_item *other = &words->items[i];

		if (other == item || other->rate_count == 0 || strcmp(other->code, item->code) != 0)
			continue;
		item->first_rate = other->first_rate;
		item->rate_count = other->rate_count;
		return;
	}
	if (code)
		add_rates(words, code, item);
}

static void add_item(struct bulk_words *words, const struct record *record)
{
	struct sample *sample = words->sample;
	struct bulk_item *item = &words->items[words->item_count++];
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);
	struct json_slice taxable = json_find(record->text, record->len, "Taxable");

	*item = (struct bulk_item){ .ref = STR_INIT(STR_NO_LIMIT),
				    .description = STR_INIT(STR_NO_LIMIT) };
	item->income = sample_target(sample, record, "IncomeAccountRef", "Account");
	item->price = sample_cents(record, "UnitPrice");
	item->taxable = taxable.len > 0 && taxable.text[0] == 't';
	sample_text(record, "FullyQualifiedName", &text);
	str_addf(&item->ref, "{\"value\":\"%s\",\"name\":", record->id);
	str_add_json(&item->ref, text.text, text.len);
	str_add_char(&item->ref, '}');
	sample_text(record, "Description", &text);
	str_add(&text, " – imported from the web shop, see the order for sizes and remarks");
	str_add_json(&item->description, text.text, text.len);
	sample_text(record, "SalesTaxCodeRef.value", &text);
	if (is_vat(words))
		snprintf(item->code, sizeof(item->code), "%s", text.text);
	if (is_vat(words) || (is_us_tax(words) && item->taxable))
		find_rates(words, item);
}

void bulk_words_init(struct bulk_words *words, struct sample *sample)
{
	const char *currency = sample->kind->currency;
	json_object *name = currency_name(sample->company, currency);

	*words = (struct bulk_words){ .sample = sample, .currency = STR_INIT(STR_NO_LIMIT) };
	words->receivable = account_receivable(sample->company, currency);
	words->bank = sample->accounts[ACCOUNT_BANK];
	words->items = memory_new((sample->items.count + 1) * sizeof(*words->items));
	for (size_t i = 0; i < sample->items.count; i++)
		if (!sample_has(sample->items.records[i], "Type", "Inventory"))
			add_item(words, sample->items.records[i]);
	str_addf(&words->currency, "\"CurrencyRef\":{\"value\":\"%s\",\"name\":\"%s\"}%s", currency,
		 json_object_get_string(name),
		 sample->kind->multicurrency ? ",\"ExchangeRate\":1" : "");
	json_object_put(name);
}

void bulk_words_clear(struct bulk_words *words)
{
	for (size_t i = 0; i < words->item_count; i++) {
		str_clear(&words->items[i].ref);
		str_clear(&words->items[i].description);
	}
	free(words->items);
	str_clear(&words->currency);
	*words = (struct bulk_words){ 0 };
}

/* ---- amounts */

static struct bulk_row *row_of(struct bulk_sheet *sheet, const struct bulk_rate *rate)
{
	for (int i = 0; i < sheet->row_count; i++)
		if (sheet->rows[i].rate == rate)
			return &sheet->rows[i];
	sheet->rows[sheet->row_count] = (struct bulk_row){ .rate = rate };
	return &sheet->rows[sheet->row_count++];
}

static void tax_line(const struct bulk_words *words, const struct bulk_line *line,
		     struct bulk_sheet *sheet)
{
	for (size_t i = 0; i < line->item->rate_count; i++)
		row_of(sheet, &words->rates[line->item->first_rate + i])->base += line->amount;
}

void bulk_sheet_make(const struct bulk_words *words, uint64_t seed, const struct record *customer,
		     struct bulk_sheet *sheet)
{
	struct json_slice flag = json_find(customer->text, customer->len, "Taxable");
	bool taxable = flag.len > 0 && flag.text[0] == 't';
	struct random random;

	random_seed(&random, seed);
	sheet->line_count = (int)random_below(&random, BULK_LINES_MAX) + 1;
	sheet->row_count = 0;
	sheet->subtotal = 0;
	for (int i = 0; i < sheet->line_count; i++) {
		struct bulk_line *line = &sheet->lines[i];

		line->item = &words->items[random_below(&random, words->item_count)];
		line->quantity = 50 * ((int64_t)random_below(&random, 24) + 1);
		line->amount = (line->item->price * line->quantity + 50) / 100;
		line->taxed = is_vat(words) || (line->item->taxable && taxable);
		sheet->subtotal += line->amount;
		if (line->taxed)
			tax_line(words, line, sheet);
	}
	sheet->total = sheet->subtotal;
	for (int i = 0; i < sheet->row_count; i++) {
		struct bulk_row *row = &sheet->rows[i];
		struct decimal tax = { 0, 0 };

		decimal_multiply(decimal_of(row->base, 2), row->rate->percent, 8, &tax);
		decimal_divide(tax, decimal_of(100, 0), 2, &tax);
		row->tax = tax.digits;
		sheet->total += row->tax;
	}
}

/* ---- parts of texts */

static void add_cents(struct str *out, int64_t cents)
{
	char text[DECIMAL_TEXT_MAX];

	str_add(out, cents == 0 ? "0" : decimal_format(decimal_of(cents, 2), text));
}

static void add_decimal(struct str *out, struct decimal value)
{
	char text[DECIMAL_TEXT_MAX];

	str_add(out, decimal_format(decimal_trim(value), text));
}

static void add_day(struct str *out, struct date date)
{
	char text[DATE_TEXT_MAX];

	str_add(out, date_format(date, text));
}

/* "domain" to "MetaData": what every record has in the middle. */
static void add_base(struct str *out, const struct record *record)
{
	str_addf(out,
		 "\"domain\":\"QBO\",\"sparse\":false,\"Id\":\"%s\",\"SyncToken\":\"%d\","
		 "\"MetaData\":{\"CreateTime\":\"",
		 record->id, (int)record->sync_token);
	zone_add_stamp(out, record->created_ms, false);
	str_add(out, "\",\"LastUpdatedTime\":\"");
	zone_add_stamp(out, record->updated_ms, false);
	str_add(out, "\"}");
}

static void add_slice(struct str *out, const char *name, struct json_slice slice)
{
	if (slice.kind == JSON_NONE)
		return;
	str_addf(out, ",\"%s\":", name);
	str_add_bytes(out, slice.text, slice.len);
}

static void add_customer_ref(struct str *out, const struct record *customer)
{
	struct json_slice name = json_find(customer->text, customer->len, "DisplayName");

	str_addf(out, "\"CustomerRef\":{\"value\":\"%s\",\"name\":", customer->id);
	str_add_bytes(out, name.text, name.len);
	str_add_char(out, '}');
}

/* Companies that number by themselves have numbers of their own form. */
static void add_number(const struct bulk_words *words, int64_t number, struct str *out)
{
	str_addf(out, words->sample->kind->custom_numbers ? "I-W/%07lld" : "%lld",
		 (long long)number);
}

/* ---- invoices */

static void add_line(const struct bulk_words *words, const struct bulk_line *line, int number,
		     struct str *out)
{
	str_addf(out, "{\"Id\":\"%d\",\"LineNum\":%d,\"Description\":", number, number);
	str_add_bytes(out, line->item->description.text, line->item->description.len);
	str_add(out, ",\"Amount\":");
	add_cents(out, line->amount);
	str_add(out,
		",\"DetailType\":\"SalesItemLineDetail\",\"SalesItemLineDetail\":{\"ItemRef\":");
	str_add_bytes(out, line->item->ref.text, line->item->ref.len);
	str_add(out, ",\"UnitPrice\":");
	add_decimal(out, decimal_of(line->item->price, 2));
	str_add(out, ",\"Qty\":");
	add_decimal(out, decimal_of(line->quantity, 2));
	str_add(out, ",\"TaxCodeRef\":{\"value\":\"");
	str_add(out, is_vat(words) ? line->item->code : line->taxed ? "TAX" : "NON");
	str_add(out, "\"}}},");
}

static void add_tax(const struct bulk_words *words, const struct bulk_sheet *sheet, struct str *out)
{
	str_add(out, "\"TxnTaxDetail\":{");
	if (is_us_tax(words))
		str_addf(out, "\"TxnTaxCodeRef\":{\"value\":\"%s\"},",
			 words->sample->codes[CODE_STANDARD]->id);
	str_add(out, "\"TotalTax\":");
	add_cents(out, sheet->total - sheet->subtotal);
	for (int i = 0; i < sheet->row_count; i++) {
		const struct bulk_row *row = &sheet->rows[i];

		str_add(out, i ? "," : ",\"TaxLine\":[");
		str_add(out, "{\"Amount\":");
		add_cents(out, row->tax);
		str_addf(out,
			 ",\"DetailType\":\"TaxLineDetail\",\"TaxLineDetail\":{\"TaxRateRef\":{"
			 "\"value\":\"%s\"},"
			 "\"PercentBased\":true,\"TaxPercent\":",
			 row->rate->id);
		add_decimal(out, row->rate->percent);
		str_add(out, ",\"NetAmountTaxable\":");
		add_cents(out, row->base);
		str_add(out, "}}");
	}
	str_add(out, sheet->row_count ? "]}" : "}");
}

static void add_links(const struct record *record, struct str *out)
{
	str_add(out, "\"LinkedTxn\":[");
	for (uint32_t i = record->link_count; i-- > 0;)
		str_addf(out, "{\"TxnId\":\"%s\",\"TxnType\":\"Payment\"}%s",
			 record->links[i].from->id, i ? "," : "");
	str_add_char(out, ']');
}

/* From the custom field to the lines. */
static void add_head(const struct bulk_words *words, const struct record *invoice, uint64_t seed,
		     int64_t number, struct str *out)
{
	const char *field = words->sample->kind->custom_field;

	str_add(out, ",\"CustomField\":[");
	if (field)
		str_addf(out,
			 "{\"DefinitionId\":\"1\",\"Name\":\"%s\",\"Type\":\"StringType\","
			 "\"StringValue\":\"TW-%04d\"}",
			 field, (int)(seed % 10000));
	str_add(out, "],\"DocNumber\":\"");
	add_number(words, number, out);
	str_add(out, "\",\"TxnDate\":\"");
	add_day(out, invoice->date);
	str_add(out, "\",");
	str_add_bytes(out, words->currency.text, words->currency.len);
	if (seed % 2)
		str_addf(out, ",\"PrivateNote\":\"Web shop order %llu; packed & checked by two\"",
			 (unsigned long long)(seed % 100000007));
	str_add_char(out, ',');
	add_links(invoice, out);
}

/* From the customer to the term. */
static void add_receiver(const struct bulk_words *words, const struct record *invoice,
			 const struct record *customer, struct str *out)
{
	struct json_slice address = json_find(customer->text, customer->len, "BillAddr");
	struct json_slice ship = json_find(customer->text, customer->len, "ShipAddr");

	add_customer_ref(out, customer);
	str_add(out, ",\"CustomerMemo\":{\"value\":\"Thank you for your business! Goods may be "
		     "returned within 30 days.\"}");
	add_slice(out, "BillAddr", address);
	add_slice(out, "ShipAddr", ship);
	str_addf(out, ",\"SalesTermRef\":{\"value\":\"%s\"},\"DueDate\":\"",
		 words->sample->terms.records[2]->id);
	add_day(out, (struct date){ invoice->date.day + 30 });
	str_add_char(out, '"');
}

void bulk_invoice_text(const struct bulk_words *words, const struct record *invoice,
		       const struct record *customer, uint64_t seed, int64_t number,
		       struct str *out)
{
	bool several = words->sample->kind->multicurrency;
	int64_t open = record_open(invoice);
	struct bulk_sheet sheet;

	bulk_sheet_make(words, seed, customer, &sheet);
	str_add(out, "{\"AllowIPNPayment\":false,\"AllowOnlinePayment\":false,"
		     "\"AllowOnlineCreditCardPayment\":false,"
		     "\"AllowOnlineACHPayment\":false,");
	add_base(out, invoice);
	add_head(words, invoice, seed, number, out);
	str_add(out, ",\"Line\":[");
	for (int i = 0; i < sheet.line_count; i++)
		add_line(words, &sheet.lines[i], i + 1, out);
	str_add(out, "{\"Amount\":");
	add_cents(out, sheet.subtotal);
	str_add(out, ",\"DetailType\":\"SubTotalLineDetail\",\"SubTotalLineDetail\":{}}],");
	add_tax(words, &sheet, out);
	str_add_char(out, ',');
	add_receiver(words, invoice, customer, out);
	str_add(out, is_vat(words) ? ",\"GlobalTaxCalculation\":\"TaxExcluded\",\"TotalAmt\":"
				   : ",\"TotalAmt\":");
	add_cents(out, sheet.total);
	if (several) {
		str_add(out, ",\"HomeTotalAmt\":");
		add_cents(out, sheet.total);
	}
	str_add(out, ",\"ApplyTaxAfterDiscount\":false,\"PrintStatus\":\"NotSet\",\"EmailStatus\":"
		     "\"NotSet\",\"Balance\":");
	add_cents(out, open);
	if (several) {
		str_add(out, ",\"HomeBalance\":");
		add_cents(out, open);
	}
	str_add_char(out, '}');
}

/* ---- payments */

/* One of the values that the service shows beside a payment's line; `value` has no escapes. */
static void add_extra(struct str *out, const char *name, const char *value)
{
	str_addf(out,
		 "{\"name\":\"{http://schema.intuit.com/finance/v3}NameValue\",\"declaredType\":"
		 "\"com.intuit.schema.finance.v3.NameValue\",\"scope\":\"javax.xml.bind."
		 "JAXBElement$GlobalScope\","
		 "\"value\":{\"Name\":\"%s\",\"Value\":\"%s\"},\"nil\":false,\"globalScope\":true,"
		 "\"typeSubstituted\":false}",
		 name, value);
}

static void add_settled(const struct bulk_words *words, const struct bulk_settled *settled,
			struct str *out)
{
	AUTO(str_clear) struct str number = STR_INIT(40);
	char open[DECIMAL_TEXT_MAX];

	add_number(words, settled->number, &number);
	str_add(out, "{\"Amount\":");
	add_cents(out, settled->cents);
	str_addf(
		out,
		",\"LinkedTxn\":[{\"TxnId\":\"%s\",\"TxnType\":\"Invoice\"}],\"LineEx\":{\"any\":[",
		settled->invoice->id);
	add_extra(out, "txnId", settled->invoice->id);
	str_add_char(out, ',');
	add_extra(out, "txnOpenBalance", decimal_format(decimal_of(settled->open, 2), open));
	str_add_char(out, ',');
	add_extra(out, "txnReferenceNumber", number.text);
	str_add(out, "]}}");
}

void bulk_payment_text(const struct bulk_words *words, const struct record *payment,
		       const struct record *customer, const struct bulk_settled *settled,
		       size_t count, int64_t left, struct str *out)
{
	str_add_char(out, '{');
	add_customer_ref(out, customer);
	str_addf(out,
		 ",\"DepositToAccountRef\":{\"value\":\"%s\"},\"PaymentMethodRef\":{\"value\":\"%"
		 "s\"},"
		 "\"PaymentRefNum\":\"%s\",\"TotalAmt\":",
		 words->bank->id, words->sample->methods.records[2]->id, payment->id);
	add_cents(out, payment->balance);
	str_add(out, ",\"UnappliedAmt\":");
	add_cents(out, left);
	str_add(out, ",\"ProcessPayment\":false,");
	add_base(out, payment);
	str_add(out, ",\"TxnDate\":\"");
	add_day(out, payment->date);
	str_add(out, "\",");
	str_add_bytes(out, words->currency.text, words->currency.len);
	str_add(out, ",\"Line\":[");
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			str_add_char(out, ',');
		add_settled(words, &settled[i], out);
	}
	str_add(out, "]}");
}

/* ---- customers */

/* An address with its id and the place on the map that the service did not find. */
static void add_address(struct str *out, const char *name, int64_t id, const struct str *address)
{
	str_addf(out, ",\"%s\":{\"Id\":\"%lld\",", name, (long long)id);
	str_add_bytes(out, address->text + 1, address->len - 2);
	str_add(out, ",\"Lat\":\"INVALID\",\"Long\":\"INVALID\"}");
}

void bulk_customer_text(const struct bulk_words *words, const struct record *customer, uint64_t i,
			struct str *out)
{
	const struct sample_kind *kind = words->sample->kind;
	AUTO(str_clear) struct str address = STR_INIT(4000);
	AUTO(str_clear) struct str plain = STR_INIT(1000);
	AUTO(str_clear) struct str name = STR_INIT(4000);
	int64_t first = words->first_address + 2 * (int64_t)i;

	names_numbered(i, &plain);
	str_add_json(&name, plain.text, plain.len);
	names_address((enum language)(i % LANGUAGE_COUNT), i, kind->tax == TAX_VAT, &address);
	str_addf(out, "{\"Taxable\":%s", kind->tax == TAX_NONE ? "false" : "true");
	add_address(out, "BillAddr", first, &address);
	add_address(out, "ShipAddr", first + 1, &address);
	str_add(out, ",\"Job\":false,\"BillWithParent\":false,\"Balance\":");
	add_cents(out, customer->balance);
	str_add(out, ",\"BalanceWithJobs\":");
	add_cents(out, customer->balance);
	str_add_char(out, ',');
	str_add_bytes(out, words->currency.text, strcspn(words->currency.text, "}") + 1);
	str_add(out, ",\"PreferredDeliveryMethod\":\"Email\",");
	add_base(out, customer);
	str_addf(out,
		 ",\"FullyQualifiedName\":%s,\"CompanyName\":%s,\"DisplayName\":%s,"
		 "\"PrintOnCheckName\":%s,\"Active\":true",
		 name.text, name.text, name.text, name.text);
	str_addf(out,
		 ",\"PrimaryPhone\":{\"FreeFormNumber\":\"+1 555 %07llu\"},\"PrimaryEmailAddr\":"
		 "{\"Address\":\"shop%llu@example.com\"}",
		 (unsigned long long)i, (unsigned long long)i);
	if (is_us_tax(words))
		str_addf(out, ",\"DefaultTaxCodeRef\":{\"value\":\"%s\"}",
			 words->sample->codes[CODE_STANDARD]->id);
	str_add_char(out, '}');
}
