/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lines of documents: one function for each kind, which writes the line and tells what it does to the books. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "push.h"

#define CENTS 2

struct document { /* what is summed up over the lines */
	struct translating *work;
	struct taxing taxing;
	bool purchase;               /* its tax codes are taken for purchases */
	struct decimal total;        /* of payments and journals: what their lines come to */
	struct decimal sign;         /* 1; of what is given back -1: to the postings */
	char code[RECORD_ID_MAX];    /* tax code of the whole document; "" none */
	char customer[RECORD_ID_MAX];
	struct decimal tax_off;      /* its own tax less the ledger's */
	bool keeps_tax;              /* its own is written */
	size_t lines;
	bool taxable;                /* a line of it is */
};

static void obstacle(struct document *document, enum plan_reason reason, const char *text)
{
	/* The same words for the same cause, so that it is one cause for all documents. */
	translation_obstacle(document->work->to, reason, "a line %s", text);
}

static void post(struct document *document, enum posting_kind kind, const char *account, struct decimal amount)
{
	struct decimal signed_amount = document->sign.digits < 0 ? decimal_negate(amount) : amount;

	translation_post(document->work->to, kind, account, signed_amount);
}

static void put_description(struct document *document, struct shape *shape, struct json_slice line)
{
	static const struct push_row row = { "description", "Description", 4000, NULL };

	push_field(document->work, shape, line, true, &row);
}

static void put_price(struct shape *shape, struct json_slice line, const char *quantity_path, const char *price_path)
{
	struct decimal value;

	if (push_decimal(line, "quantity", &value))
		push_shape_number(shape, quantity_path, value);
	if (push_decimal(line, "unit_price", &value))
		push_shape_number(shape, price_path, value);
}

/* The account of an item that a line is posted to. */
static void item_account(struct document *document, const char *item, const char *member, char *ret_account)
{
	const struct desk *desk = document->work->desk;
	AUTO(str_clear) struct str id = STR_INIT(RECORD_ID_MAX - 1);
	struct json_slice raw;

	*ret_account = '\0';
	if (*item && desk->record(desk->ctx, "Item", item, &raw)) {
		json_unquote(json_member(raw, member), &id);
		snprintf(ret_account, RECORD_ID_MAX, "%s", id.text);
	}
}

/* US lines say TAX or NON; elsewhere each names its code. "" in `ret_code`: untaxed. */
static void tax_of(struct document *document, struct json_slice line, char *ret_code)
{
	struct translating *work = document->work;
	enum company_tax way = work->desk->company->tax;
	char code[RECORD_ID_MAX];
	bool taxable = false;

	*ret_code = '\0';
	if (way == COMPANY_TAX_NONE)
		return;
	if (way == COMPANY_TAX_LINE) {
		if (push_code_or_default(work, line, true, "tax_code", ret_code) || json_member(line, "tax_code").kind != JSON_NONE)
			return;
		if (push_code(work, work->data, false, "tax_code", ret_code))
			return;
		obstacle(document, REASON_UNMAPPED, "has no tax code, and no rule says which one such lines get");
		return;
	}
	if (push_code(work, line, true, "tax_code", code))
		taxable = strcmp(code, "NON") != 0;
	else
		push_flag(line, "taxable", &taxable);
	snprintf(ret_code, RECORD_ID_MAX, "%s", taxable ? "TAX" : "NON");
}

/* The rates of a code, at most so many; false: something of it is not mirrored. */
static bool code_rates(const struct document *document, const char *code_id, struct taxing_rate *rates, size_t room, size_t *ret_count)
{
	const struct desk *desk = document->work->desk;
	const char *list = document->purchase ? "PurchaseTaxRateList.TaxRateDetail" : "SalesTaxRateList.TaxRateDetail";
	AUTO(str_clear) struct str id = STR_INIT(RECORD_ID_MAX - 1);
	struct json_slice code, detail, rate;
	size_t at = 0;

	*ret_count = 0;
	if (!desk->record(desk->ctx, "TaxCode", code_id, &code))
		return false;
	for (struct json_slice details = json_member(code, list); json_each(details, &at, NULL, &detail);) {
		str_reset(&id);
		json_unquote(json_member(detail, "TaxRateRef.value"), &id);
		if (*ret_count == room || !desk->record(desk->ctx, "TaxRate", id.text, &rate))
			return false;
		rate = json_member(rate, "RateValue");
		rates[*ret_count] = (struct taxing_rate){ 0 };
		if (rate.kind != JSON_NUMBER || !decimal_parse(rate.text, rate.len, &rates[*ret_count].percent))
			return false;
		snprintf(rates[(*ret_count)++].id, RECORD_ID_MAX, "%s", id.text);
	}
	return true;
}

/* Under a code of the ledger's ("": untaxed). */
static struct decimal add_taxed(struct document *document, const char *code, struct decimal amount)
{
	struct taxing_rate rates[8];
	size_t count = 0;

	if (*code && !code_rates(document, code, rates, ARRAY_LEN(rates), &count))
		document->taxing.unknown = true;
	return taxing_add(&document->taxing, rates, count, amount, NULL);
}

/* Give a line's amount to the tax; its net. */
static struct decimal tax_line(struct document *document, const char *code, struct decimal amount)
{
	const struct desk *desk = document->work->desk;

	if (desk->company->tax == COMPANY_TAX_LINE)
		return add_taxed(document, code, amount);
	if (strcmp(code, "TAX") != 0)
		return add_taxed(document, "", amount);
	document->taxable = true;
	if (desk->company->tax == COMPANY_TAX_AUTOMATED)
		document->taxing.unknown = true;
	return add_taxed(document, desk->company->tax == COMPANY_TAX_DOCUMENT ? document->code : "", amount);
}

static void sale_line(struct document *document, struct shape *shape, struct json_slice line)
{
	struct translating *work = document->work;
	const struct push_rows *rows = push_rows_of(work->type);
	struct decimal amount = push_amount(line);
	char item[RECORD_ID_MAX], code[RECORD_ID_MAX], account[RECORD_ID_MAX];

	push_shape_raw(shape, "DetailType", "\"SalesItemLineDetail\"");
	push_shape_number(shape, "Amount", amount);
	put_description(document, shape, line);
	if (push_code_or_default(work, line, true, "item", item))
		push_shape_text(shape, "SalesItemLineDetail.ItemRef.value", item, strlen(item));
	else if (json_member(line, "item").kind == JSON_NONE)
		obstacle(document, REASON_UNMAPPED, "names no item, and no rule says which one such lines get");
	put_price(shape, line, "SalesItemLineDetail.Qty", "SalesItemLineDetail.UnitPrice");
	tax_of(document, line, code);
	if (*code)
		push_shape_text(shape, "SalesItemLineDetail.TaxCodeRef.value", code, strlen(code));
	for (size_t i = 0; i < rows->line_count; i++)
		push_field(work, shape, line, true, &rows->lines[i]);
	amount = tax_line(document, code, amount);
	item_account(document, item, "IncomeAccountRef.value", account);
	post(document, *account ? POSTING_ACCOUNT : POSTING_UNKNOWN, account, decimal_negate(amount));
}

static void bill_line(struct document *document, struct shape *shape, struct json_slice line)
{
	struct translating *work = document->work;
	struct decimal amount = push_amount(line);
	char target[RECORD_ID_MAX], code[RECORD_ID_MAX] = "", account[RECORD_ID_MAX] = "", path[64];
	bool item = json_member(line, "item").kind != JSON_NONE, billable = false;
	const char *detail = item ? "ItemBasedExpenseLineDetail" : "AccountBasedExpenseLineDetail";

	push_shape_member(shape, "DetailType");
	str_addf(shape->out, "\"%s\"", detail);
	push_shape_number(shape, "Amount", amount);
	put_description(document, shape, line);
	if (push_code_or_default(work, line, true, item ? "item" : "account", target)) {
		snprintf(path, sizeof(path), "%s.%s", detail, item ? "ItemRef.value" : "AccountRef.value");
		push_shape_text(shape, path, target, strlen(target));
	} else if (!item && json_member(line, "account").kind == JSON_NONE) {
		obstacle(document, REASON_UNMAPPED, "names no account and no item");
	}
	if (item) {
		put_price(shape, line, "ItemBasedExpenseLineDetail.Qty", "ItemBasedExpenseLineDetail.UnitPrice");
		item_account(document, target, "ExpenseAccountRef.value", account);
	} else {
		snprintf(account, sizeof(account), "%s", target);
	}
	if (work->desk->company->tax == COMPANY_TAX_LINE)
		tax_of(document, line, code);
	if (*code) {
		snprintf(path, sizeof(path), "%s.TaxCodeRef.value", detail);
		push_shape_text(shape, path, code, strlen(code));
	}
	if (push_code(work, line, true, "class", target)) {
		snprintf(path, sizeof(path), "%s.ClassRef.value", detail);
		push_shape_text(shape, path, target, strlen(target));
	}
	if (push_code(work, line, true, "customer", target)) {
		snprintf(path, sizeof(path), "%s.CustomerRef.value", detail);
		push_shape_text(shape, path, target, strlen(target));
		push_flag(line, "billable", &billable);
		snprintf(path, sizeof(path), "%s.BillableStatus", detail);
		push_shape_raw(shape, path, billable ? "\"Billable\"" : "\"NotBillable\"");
	}
	amount = tax_line(document, code, amount);
	post(document, *account ? POSTING_ACCOUNT : POSTING_UNKNOWN, account, amount);
}

static void put_entity(struct document *document, struct shape *shape, struct json_slice line)
{
	char party[RECORD_ID_MAX];
	bool customer = push_code(document->work, line, true, "customer", party);

	if (!customer && !push_code(document->work, line, true, "vendor", party))
		return;
	push_shape_raw(shape, "JournalEntryLineDetail.Entity.Type", customer ? "\"Customer\"" : "\"Vendor\"");
	push_shape_text(shape, "JournalEntryLineDetail.Entity.EntityRef.value", party, strlen(party));
}

/* Postings to receivables and payables need to know whose they are. */
static void check_party(struct document *document, const char *account, struct json_slice line)
{
	const struct desk *desk = document->work->desk;
	struct json_slice raw, kind;

	if (!*account || !desk->record(desk->ctx, "Account", account, &raw))
		return;
	kind = json_member(raw, "AccountType");
	if (json_equals(kind, "Accounts Receivable") && json_member(line, "customer").kind == JSON_NONE)
		obstacle(document, REASON_LINKS, "goes to accounts receivable and names no customer");
	if (json_equals(kind, "Accounts Payable") && json_member(line, "vendor").kind == JSON_NONE)
		obstacle(document, REASON_LINKS, "goes to accounts payable and names no vendor");
}

static void journal_line(struct document *document, struct shape *shape, struct json_slice line)
{
	static const struct push_row rows[] = { { "class", "JournalEntryLineDetail.ClassRef.value", 0, NULL },
						{ "department", "JournalEntryLineDetail.DepartmentRef.value", 0, NULL } };
	struct decimal amount = { 0 }, sum;
	bool debit = push_decimal(line, "debit", &amount);
	char account[RECORD_ID_MAX];

	if (!debit)
		push_decimal(line, "credit", &amount);
	push_shape_raw(shape, "DetailType", "\"JournalEntryLineDetail\"");
	push_shape_number(shape, "Amount", amount);
	put_description(document, shape, line);
	push_shape_raw(shape, "JournalEntryLineDetail.PostingType", debit ? "\"Debit\"" : "\"Credit\"");
	if (push_code(document->work, line, true, "account", account))
		push_shape_text(shape, "JournalEntryLineDetail.AccountRef.value", account, strlen(account));
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		push_field(document->work, shape, line, true, &rows[i]);
	put_entity(document, shape, line);
	check_party(document, account, line);
	post(document, *account ? POSTING_ACCOUNT : POSTING_UNKNOWN, account, debit ? amount : decimal_negate(amount));
	if (debit && decimal_add(document->total, amount, &sum))
		document->total = sum;
}

/* Can it be paid from this payment, so much? What is mirrored of the document says. */
static void check_paid(struct document *document, const char *type, const char *id, struct decimal amount)
{
	const struct desk *desk = document->work->desk;
	AUTO(str_clear) struct str customer = STR_INIT(RECORD_ID_MAX - 1);
	struct json_slice raw, balance;
	struct decimal open;

	if (*id == '@' || !desk->record(desk->ctx, type, id, &raw))
		return;
	json_unquote(json_member(raw, "CustomerRef.value"), &customer);
	if (*document->customer && strcmp(customer.text, document->customer) != 0)
		obstacle(document, REASON_LINKS, "pays a document of another customer");
	balance = json_member(raw, "Balance");
	if (balance.kind == JSON_NUMBER && decimal_parse(balance.text, balance.len, &open) && decimal_compare(amount, open) > 0 &&
	    desk->stands.kind == JSON_NONE)
		obstacle(document, REASON_LINKS, "pays more than is open");
}

static void payment_line(struct document *document, struct shape *shape, struct json_slice line)
{
	bool credit = json_member(line, "credit_memo").kind != JSON_NONE;
	const char *type = credit ? "CreditMemo" : "Invoice";
	struct decimal amount = { 0 };
	char id[RECORD_ID_MAX];

	push_decimal(line, "amount", &amount);
	push_shape_number(shape, "Amount", amount);
	if (!push_code(document->work, line, true, credit ? "credit_memo" : "invoice", id))
		return;
	push_shape_member(shape, "LinkedTxn");
	str_add(shape->out, "[{\"TxnId\":");
	str_add_json(shape->out, id, strlen(id));
	str_addf(shape->out, ",\"TxnType\":\"%s\"}]", type);
	check_paid(document, type, id, amount);
}

/* ---- documents */

/* The operator's policy says whether that is well. */
static bool accepts(const struct document *document)
{
	return policy_is(document->work->desk->policies, POLICY_TAX_VARIANCE, "accept");
}

/* Outside the US a tax that is sent counts, where it names each rate; what amounts include is not sent otherwise. */
static bool can_keep_tax(const struct document *document)
{
	return document->work->desk->company->tax == COMPANY_TAX_LINE && !document->taxing.inclusive && document->taxing.count > 0;
}

static void check_tax(struct document *document, struct decimal tax, struct decimal by_line)
{
	const struct translating *work = document->work;
	struct translation *to = work->to;
	char ours[DECIMAL_TEXT_MAX], theirs[DECIMAL_TEXT_MAX];
	struct decimal said;

	if (!push_decimal(work->data, "tax_total", &said) || decimal_compare(said, tax) == 0)
		return;
	decimal_round(said, CENTS, &said);
	decimal_format(said, ours);
	decimal_format(tax, theirs);
	decimal_subtract(said, tax, &document->tax_off);
	if (work->desk->own_tax && can_keep_tax(document)) {
		document->keeps_tax = true;
		str_addf(&to->notes, "tax: yours is kept, %s, where QuickBooks would compute %s\n", ours, theirs);
		return;
	}
	if (work->desk->own_tax) {
		translation_obstacle(to, REASON_TAX, "your tax is %s, QuickBooks will compute %s, and takes none of yours here", ours, theirs);
		return;
	}
	if (accepts(document) && taxing_is_rounding(document->tax_off, document->lines))
		str_addf(&to->notes, "tax: yours is %s, QuickBooks will compute %s\n", ours, theirs);
	else
		translation_obstacle(to, REASON_TAX, "your tax is %s, QuickBooks will compute %s%s", ours, theirs,
				     decimal_compare(said, by_line) == 0 ? ": yours is rounded line by line" : "");
}

static void finish_tax(struct document *document, struct decimal total)
{
	struct translation *to = document->work->to;
	struct decimal tax, by_line, with_tax = total;

	to->has_tax = to->has_total = taxing_total(&document->taxing, &tax, &by_line);
	if (!to->has_tax)
		return; /* the ledger will say */
	check_tax(document, tax, by_line);
	if (document->keeps_tax)
		decimal_add(tax, document->tax_off, &tax);
	to->tax = tax;
	if (!document->taxing.inclusive)
		decimal_add(total, tax, &with_tax);
	to->total = with_tax;
}

/* Our tax for each rate that the ledger would compute one for. */
static void put_own_tax(const struct document *document, struct shape *shape)
{
	struct decimal parts[TAXING_RATES];
	struct str *out = shape->out;
	char digits[DECIMAL_TEXT_MAX];

	if (!document->keeps_tax)
		return;
	taxing_share(&document->taxing, document->work->to->tax, parts);
	push_shape_number(shape, "TxnTaxDetail.TotalTax", document->work->to->tax);
	push_shape_member(shape, "TxnTaxDetail.TaxLine");
	for (size_t i = 0; i < document->taxing.count; i++) {
		str_addf(out, "%s{\"DetailType\":\"TaxLineDetail\",\"Amount\":%s,\"TaxLineDetail\":{\"TaxRateRef\":{\"value\":", i ? "," : "[",
			 decimal_format(parts[i], digits));
		str_add_json(out, document->taxing.rates[i].id, strlen(document->taxing.rates[i].id));
		str_add(out, "}}}");
	}
	str_add_char(out, ']');
}

/* Its own total must be what the lines come to, or the ledger would keep another one. */
static void check_total(struct document *document)
{
	struct translating *work = document->work;
	char ours[DECIMAL_TEXT_MAX], theirs[DECIMAL_TEXT_MAX];
	struct decimal said, off;
	bool by_tax;

	if (!work->to->has_total || !push_decimal(work->data, "total", &said) || decimal_compare(said, work->to->total) == 0)
		return;
	decimal_round(said, CENTS, &said);
	decimal_format(said, ours);
	decimal_format(work->to->total, theirs);
	/* Off by what its tax is off by, or by what its tax may be. */
	by_tax = work->to->has_tax && decimal_subtract(said, work->to->total, &off) &&
		 (decimal_is_zero(document->tax_off) ? !decimal_is_zero(work->to->tax) && taxing_is_rounding(off, document->lines)
						     : decimal_compare(off, document->tax_off) == 0);
	if (by_tax && accepts(document) && taxing_is_rounding(off, document->lines))
		str_addf(&work->to->notes, "total: yours is %s, QuickBooks will have %s\n", ours, theirs);
	else if (by_tax)
		translation_obstacle(work->to, REASON_TAX, "your total is %s, QuickBooks will have %s: its tax is another", ours, theirs);
	else
		translation_obstacle(work->to, REASON_TOTAL, "your total is %s, its lines and their tax come to %s", ours, theirs);
}

typedef void (*line_writer)(struct document *document, struct shape *shape, struct json_slice line);

static void put_lines(struct document *document, struct shape *shape, line_writer write)
{
	struct json_slice lines = json_member(document->work->data, "lines"), line;
	struct shape inner;
	size_t at = 0;

	if (lines.kind != JSON_ARRAY)
		return;
	push_shape_member(shape, "Line");
	str_add_char(shape->out, '[');
	while (json_each(lines, &at, NULL, &line)) {
		if (document->work->line++ > 0)
			str_add_char(shape->out, ',');
		push_shape_begin(&inner, shape->out);
		write(document, &inner, line);
		push_shape_end(&inner);
	}
	str_add_char(shape->out, ']');
	document->lines = (size_t)document->work->line;
	document->work->line = 0;
}

/* What the whole says of its tax, before and behind its lines. */
static void put_tax(struct document *document, struct shape *shape)
{
	struct translating *work = document->work;
	enum company_tax way = work->desk->company->tax;

	if (way == COMPANY_TAX_LINE)
		push_shape_raw(shape, "GlobalTaxCalculation", push_is_word(work->data, "tax_mode", "inclusive") ? "\"TaxInclusive\""
			  : push_is_word(work->data, "tax_mode", "none") ? "\"NotApplicable\"" : "\"TaxExcluded\"");
	if (way == COMPANY_TAX_DOCUMENT && *document->code)
		push_shape_text(shape, "TxnTaxDetail.TxnTaxCodeRef.value", document->code, strlen(document->code));
}

static void post_total(struct document *document, enum posting_kind kind, bool purchase)
{
	struct translation *to = document->work->to;
	struct decimal tax = to->has_tax ? to->tax : decimal_of(0, CENTS), total = document->taxing.net;

	if (!decimal_add(document->taxing.net, tax, &total))
		return;
	post(document, kind, "", purchase ? decimal_negate(total) : total);
	post(document, POSTING_TAX, "", purchase ? tax : decimal_negate(tax));
}

static void sale(struct document *document, struct shape *shape)
{
	struct translating *work = document->work;

	document->sign = decimal_of(strcmp(work->type->name, "credit_memo") == 0 ? -1 : 1, 0);
	taxing_init(&document->taxing, push_is_word(work->data, "tax_mode", "inclusive"));
	if (work->desk->company->tax == COMPANY_TAX_DOCUMENT)
		push_code_or_default(work, work->data, false, "tax_code", document->code);
	put_tax(document, shape);
	put_lines(document, shape, sale_line);
	/* QuickBooks would keep it with a tax of zero and say nothing. */
	if (work->desk->company->tax == COMPANY_TAX_DOCUMENT && document->taxable && !*document->code &&
	    json_member(work->data, "tax_code").kind == JSON_NONE)
		translation_obstacle(work->to, REASON_UNMAPPED, "it has taxable lines and no tax code, and no rule says which one such documents get");
	finish_tax(document, document->taxing.amounts);
	put_own_tax(document, shape);
	check_total(document);
	post_total(document, POSTING_RECEIVABLE, false);
}

static void bill(struct document *document, struct shape *shape)
{
	taxing_init(&document->taxing, push_is_word(document->work->data, "tax_mode", "inclusive"));
	document->purchase = true;
	put_tax(document, shape);
	put_lines(document, shape, bill_line);
	finish_tax(document, document->taxing.amounts);
	put_own_tax(document, shape);
	check_total(document);
	post_total(document, POSTING_PAYABLE, true);
}

static void journal(struct document *document, struct shape *shape)
{
	put_lines(document, shape, journal_line);
	document->work->to->has_total = true;
	document->work->to->total = document->total;
}

static void payment(struct document *document, struct shape *shape)
{
	struct translating *work = document->work;
	struct decimal amount = { 0 };
	char deposit[RECORD_ID_MAX];

	push_decimal(work->data, "amount", &amount);
	push_shape_number(shape, "TotalAmt", amount);
	push_code(work, work->data, false, "customer", document->customer);
	put_lines(document, shape, payment_line);
	work->to->has_total = true;
	work->to->total = amount;
	if (push_code(work, work->data, false, "deposit_account", deposit))
		post(document, POSTING_ACCOUNT, deposit, amount);
	else
		post(document, POSTING_UNDEPOSITED, "", amount);
	post(document, POSTING_RECEIVABLE, "", decimal_negate(amount));
}

void push_lines(struct translating *work, struct shape *shape)
{
	static const struct {
		const char *type;
		void (*write)(struct document *document, struct shape *shape);
	} kinds[] = {
		{ "invoice", sale }, { "credit_memo", sale }, { "bill", bill }, { "journal_entry", journal }, { "payment", payment },
	};
	struct document document = { .work = work, .sign = decimal_of(1, 0) };

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (strcmp(kinds[i].type, work->type->name) == 0)
			kinds[i].write(&document, shape);
}
