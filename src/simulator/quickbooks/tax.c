/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sales tax and VAT of a transaction; section by kind of company. */
#include "quickbooks/tax.h"

#include <string.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"
#include "quickbooks/draft.h"
#include "world.h"

static bool is_vat(const struct draft *draft)
{
	return draft->company->preferences.tax_mode == TAX_VAT;
}

static bool without_tax(const struct draft *draft)
{
	return strcmp(object_text(draft->object, "GlobalTaxCalculation"), "NotApplicable") == 0;
}

static void set_code(json_object *detail, const char *code)
{
	json_object *reference = json_object_new_object();

	object_set_text(reference, "value", code);
	object_set(detail, "TaxCodeRef", reference);
}

static bool is_taxable(const struct record *record)
{
	struct json_slice flag = json_find(record->text, record->len, "Taxable");

	return flag.kind == JSON_BOOL && flag.text[0] == 't';
}

/* US: lines say TAX or NON only; which rates that means is the transaction's affair. */
static bool us_line_code(struct draft *draft, json_object *detail, const struct record *item, bool purchase,
			 struct fault *fault)
{
	const char *code = object_text(detail, "TaxCodeRef.value");
	const struct record *customer = object_target(draft->company, draft->object, "CustomerRef", "Customer");
	bool taxable = !purchase && draft->company->preferences.tax_mode != TAX_NONE && item && is_taxable(item) &&
		       (!customer || is_taxable(customer));

	if (!*code)
		set_code(detail, taxable ? "TAX" : "NON");
	else if (strcmp(code, "TAX") != 0 && strcmp(code, "NON") != 0)
		return fault_set(fault, 6100, "TaxCodeRef", "Invalid Line TaxCode : Line tax code should be TAX or NON. "
				 "Supplied value:%.30s", code);
	return true;
}

bool tax_line_code(struct draft *draft, json_object *detail, const struct record *item, bool purchase,
		   struct fault *fault)
{
	const char *member = purchase ? "PurchaseTaxCodeRef.value" : "SalesTaxCodeRef.value";
	AUTO(str_clear) struct str code = STR_INIT(ID_MAX);

	if (!is_vat(draft))
		return us_line_code(draft, detail, item, purchase, fault);
	if (without_tax(draft)) {
		object_set(detail, "TaxCodeRef", NULL);
		return true;
	}
	if (*object_text(detail, "TaxCodeRef.value"))
		return true;
	if (item)
		json_unquote(json_find(item->text, item->len, member), &code);
	if (code.len == 0)
		str_add(&code, draft->company->preferences.default_tax_code);
	if (code.len == 0)
		return fault_set(fault, 6000, "", "Business Validation Error: Make sure all your transactions have a "
						  "VAT rate before you save.");
	set_code(detail, code.text);
	return true;
}

/* The rates of a tax code; false when the code has none (zero-rated, NON). */
static size_t code_rates(struct company *company, const char *code, bool purchase, struct record **rates)
{
	struct record *record = company_get(company, "TaxCode", code);
	json_object *object, *list;
	size_t count = 0;

	if (!record)
		return 0;
	object = record_read(record);
	list = object_get(object, purchase ? "PurchaseTaxRateList.TaxRateDetail" : "SalesTaxRateList.TaxRateDetail");
	for (size_t i = 0; list && i < json_object_array_length(list) && count < TAX_RATES_MAX; i++) {
		struct record *rate = object_target(company, json_object_array_get_idx(list, i), "TaxRateRef", "TaxRate");

		if (rate)
			rates[count++] = rate;
	}
	json_object_put(object);
	return count;
}

static struct decimal rate_percent(const struct record *rate)
{
	struct json_slice value = json_find(rate->text, rate->len, "RateValue");
	struct decimal percent = { 0, 0 };

	decimal_parse(value.text, value.len, &percent);
	return percent;
}

/* Which code's rates a line with this detail is taxed by; "" for none. */
static const char *effective_code(struct draft *draft, json_object *detail, bool purchase)
{
	const char *code = object_text(detail, "TaxCodeRef.value");

	if (is_vat(draft))
		return code;
	if (strcmp(code, "TAX") != 0 || purchase)
		return "";
	if (draft->company->preferences.tax_mode == TAX_US_AUTOMATED)
		return draft->company->preferences.default_tax_code;
	return object_text(draft->object, "TxnTaxDetail.TxnTaxCodeRef.value");
}

int64_t tax_line_net(struct draft *draft, json_object *line, json_object *detail, int64_t amount,
		     bool purchase, struct tax *tax)
{
	struct record *rates[TAX_RATES_MAX];
	struct decimal sum = { 0, 0 }, net, whole;
	size_t count;
	int64_t gross = amount;

	tax->inclusive = is_vat(draft) &&
			 strcmp(object_text(draft->object, "GlobalTaxCalculation"), "TaxInclusive") == 0;
	if (!tax->inclusive) {
		object_set(detail, "TaxInclusiveAmt", NULL);
		return amount;
	}
	if (object_get(detail, "TaxInclusiveAmt"))
		gross = object_cents(detail, "TaxInclusiveAmt");
	count = code_rates(draft->company, effective_code(draft, detail, purchase), purchase, rates);
	for (size_t i = 0; i < count; i++)
		decimal_add(sum, rate_percent(rates[i]), &sum);
	/* net = gross * 100 / (100 + percent), rounded per line. */
	decimal_add(decimal_of(100, 0), sum, &whole);
	if (!decimal_multiply(decimal_of(gross, 2), decimal_of(100, 0), 2, &net) ||
	    !decimal_divide(net, whole, 2, &net))
		return amount;
	object_set_cents(detail, "TaxInclusiveAmt", gross);
	object_set_cents(line, "Amount", net.digits);
	/* What is left of the gross is the tax; it is shared out in tax_add(). */
	return net.digits;
}

static struct tax_row *row_of(struct tax *tax, struct record *rate)
{
	for (size_t i = 0; i < tax->count; i++)
		if (tax->rows[i].rate == rate)
			return &tax->rows[i];
	if (tax->count == TAX_RATES_MAX)
		return NULL;
	tax->rows[tax->count] = (struct tax_row){ .rate = rate, .percent = rate_percent(rate) };
	return &tax->rows[tax->count++];
}

bool tax_add(struct draft *draft, json_object *detail, int64_t net, bool purchase, struct tax *tax,
	     struct fault *fault)
{
	struct record *rates[TAX_RATES_MAX];
	size_t count = code_rates(draft->company, effective_code(draft, detail, purchase), purchase, rates);
	int64_t gross = object_cents(detail, "TaxInclusiveAmt"), left = gross - net;

	for (size_t i = 0; i < count; i++) {
		struct tax_row *row = row_of(tax, rates[i]);
		struct decimal part;

		if (!row)
			return fault_set(fault, 6000, "", "Business Validation Error: Too many tax rates.");
		row->base += net;
		if (!tax->inclusive)
			continue;
		if (i + 1 == count || !decimal_multiply(decimal_of(net, 2), row->percent, 4, &part) ||
		    !decimal_divide(part, decimal_of(100, 0), 2, &part))
			part = decimal_of(left, 2);
		row->tax += part.digits;
		left -= part.digits;
	}
	return true;
}

/* Tax that the client states itself: per rate, for every rate in use. */
static bool take_sent_amounts(struct draft *draft, struct tax *tax, struct fault *fault)
{
	json_object *lines = object_get(draft->object, "TxnTaxDetail.TaxLine");

	if (!lines || json_object_array_length(lines) == 0)
		return true;
	for (size_t i = 0; i < tax->count; i++) {
		bool found = false;

		for (size_t k = 0; k < json_object_array_length(lines); k++) {
			json_object *line = json_object_array_get_idx(lines, k);

			if (strcmp(object_text(line, "TaxLineDetail.TaxRateRef.value"), tax->rows[i].rate->id) != 0)
				continue;
			tax->rows[i].tax = object_cents(line, "Amount");
			found = true;
		}
		if (!found && tax->rows[i].base != 0)
			return fault_set(fault, 6000, "", "Business Validation Error: A tax line is missing for tax rate %s.",
					 tax->rows[i].rate->id);
	}
	return true;
}

/* Automated sales tax told what the tax is: one text says it is honoured and spread over the rates. */
static void spread_sent_total(struct draft *draft, struct tax *tax)
{
	int64_t sent = object_cents(draft->object, "TxnTaxDetail.TotalTax"), sum = 0, left = sent;

	for (size_t i = 0; i < tax->count; i++)
		sum += tax->rows[i].tax;
	for (size_t i = 0; i < tax->count && sum != 0; i++) {
		struct decimal share;

		if (i + 1 < tax->count && decimal_multiply(decimal_of(sent, 2), decimal_of(tax->rows[i].tax, 2), 4, &share) &&
		    decimal_divide(share, decimal_of(sum, 2), 2, &share))
			tax->rows[i].tax = share.digits;
		else
			tax->rows[i].tax = left;
		left -= tax->rows[i].tax;
	}
}

static json_object *tax_line(const struct tax_row *row)
{
	json_object *line = json_object_new_object(), *detail = json_object_new_object();
	json_object *reference = json_object_new_object();

	object_set_cents(line, "Amount", row->tax);
	object_set_text(line, "DetailType", "TaxLineDetail");
	object_set_text(reference, "value", row->rate->id);
	object_set(detail, "TaxRateRef", reference);
	object_set_flag(detail, "PercentBased", true);
	object_set(detail, "TaxPercent", value_decimal(row->percent));
	object_set_cents(detail, "NetAmountTaxable", row->base);
	object_set(line, "TaxLineDetail", detail);
	return line;
}

bool tax_finish(struct draft *draft, struct tax *tax, struct fault *fault)
{
	json_object *detail = json_object_new_object(), *lines = json_object_new_array();
	json_object *code = object_get(draft->object, "TxnTaxDetail.TxnTaxCodeRef");
	enum tax_mode mode = draft->company->preferences.tax_mode;
	bool honoured = mode == TAX_US_AUTOMATED && object_get(draft->object, "TxnTaxDetail.TotalTax") &&
			switches_is(&draft->company->simulator->switches, SWITCH_SENT_TAX, "honoured");
	bool good = true;

	for (size_t i = 0; i < tax->count; i++) {
		struct decimal amount;

		if (!tax->inclusive && decimal_multiply(decimal_of(tax->rows[i].base, 2), tax->rows[i].percent, 8, &amount) &&
		    decimal_divide(amount, decimal_of(100, 0), 2, &amount))
			tax->rows[i].tax = amount.digits;
	}
	if (mode == TAX_VAT && without_tax(draft) && object_cents(draft->object, "TxnTaxDetail.TotalTax") != 0)
		good = fault_plain(fault, 6170);
	else if (mode == TAX_VAT && !tax->inclusive)
		good = take_sent_amounts(draft, tax, fault);
	else if (honoured)
		spread_sent_total(draft, tax);
	tax->total = 0;
	for (size_t i = 0; i < tax->count; i++) {
		if (tax->rows[i].base != 0 || tax->rows[i].tax != 0) /* a voided form has none */
			json_object_array_add(lines, tax_line(&tax->rows[i]));
		tax->total += tax->rows[i].tax;
	}
	if (code && mode != TAX_VAT && mode != TAX_NONE)
		object_set(detail, "TxnTaxCodeRef", json_object_get(code));
	object_set_cents(detail, "TotalTax", tax->total);
	if (json_object_array_length(lines) > 0)
		object_set(detail, "TaxLine", lines);
	else
		json_object_put(lines);
	object_set(draft->object, "TxnTaxDetail", detail);
	return good;
}

void tax_post(struct draft *draft, const struct tax *tax, int sign)
{
	for (size_t i = 0; i < tax->count; i++) {
		const struct record *rate = tax->rows[i].rate;
		AUTO(str_clear) struct str agency = STR_INIT(ID_MAX);
		AUTO(str_clear) struct str name = STR_INIT(1000);
		struct record *record;

		json_unquote(json_find(rate->text, rate->len, "AgencyRef.value"), &agency);
		record = company_get(draft->company, "TaxAgency", agency.text);
		if (record)
			json_unquote(json_find(record->text, record->len, "DisplayName"), &name);
		draft_post(draft, account_sales_tax(draft->company, record ? name.text : "Sales Tax"), NULL,
			   -sign * tax->rows[i].tax);
	}
}
