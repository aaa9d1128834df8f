/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing to QuickBooks Online: what its types are called, what holds for a company, and a resource's head. */
#include "push.h"

#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"

static const char *record_type(const struct resource_type *type)
{
	const struct push_rows *rows = push_rows_of(type);

	return rows ? rows->record : NULL;
}

static const char *target_type(enum target target)
{
	static const char *const types[TARGET_COUNT] = {
		[TARGET_ACCOUNT] = "Account", [TARGET_ITEM] = "Item", [TARGET_TAX_CODE] = "TaxCode", [TARGET_CLASS] = "Class",
		[TARGET_DEPARTMENT] = "Department", [TARGET_TERM] = "Term", [TARGET_PAYMENT_METHOD] = "PaymentMethod",
		[TARGET_CUSTOMER] = "Customer", [TARGET_VENDOR] = "Vendor", [TARGET_CURRENCY] = "CompanyCurrency",
		[TARGET_INVOICE] = "Invoice", [TARGET_CREDIT_MEMO] = "CreditMemo", [TARGET_BILL] = "Bill",
	};

	return types[target];
}

#define SETTINGS "Preferences", "CompanyInfo"
#define LISTS "Account", "Item", "TaxCode", "TaxRate", "Class", "Department", "Term", "PaymentMethod", "CompanyCurrency"
#define NAMES "Customer", "Vendor", "Employee"

static const char *const *reads(const struct resource_type *type)
{
	static const char *const lists[] = { SETTINGS, LISTS, NAMES, NULL };
	static const char *const invoices[] = { SETTINGS, LISTS, NAMES, "Invoice", NULL };
	static const char *const credit_memos[] = { SETTINGS, LISTS, NAMES, "CreditMemo", NULL };
	static const char *const payments[] = { SETTINGS, LISTS, NAMES, "Invoice", "CreditMemo", "Payment", NULL };
	static const char *const bills[] = { SETTINGS, LISTS, NAMES, "Bill", NULL };
	static const char *const journals[] = { SETTINGS, LISTS, NAMES, "JournalEntry", NULL };
	static const struct {
		const char *type;
		const char *const *reads;
	} rows[] = { { "invoice", invoices }, { "credit_memo", credit_memos }, { "payment", payments }, { "bill", bills },
		     { "journal_entry", journals } };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (strcmp(rows[i].type, type->name) == 0)
			return rows[i].reads;
	return lists;
}

/* Customers, vendors and employees take their names from one pot, inactive ones too. */
static const char *const *name_types(const struct resource_type *type)
{
	static const char *const people[] = { NAMES, NULL };
	static const char *const items[] = { "Item", NULL };

	if (type->family != FAMILY_LIST)
		return NULL;
	return type->target == TARGET_ITEM ? items : people;
}

/* ---- the company */

static bool flag_of(struct json_slice object, const char *path)
{
	return json_member(object, path).kind == JSON_BOOL && json_member(object, path).text[0] == 't';
}

static bool company(bool (*record)(void *ctx, const char *type, const char *id, struct json_slice *ret_raw), void *ctx,
		    struct company *ret_company, struct error *err)
{
	struct json_slice settings, info;
	char day[DATE_TEXT_MAX];

	*ret_company = (struct company){ 0 };
	if (!record(ctx, "CompanyInfo", "", &info))
		return error_set(err, ERROR_INPUT, "the company's own record is not mirrored yet; run 'ledgerdeck sync' first");
	push_member(info, "Country", ret_company->country, sizeof(ret_company->country));
	if (!record(ctx, "Preferences", "", &settings))
		return error_set(err, ERROR_INPUT, "the company's preferences are not mirrored yet; run 'ledgerdeck sync' first");
	push_member(settings, "CurrencyPrefs.HomeCurrency.value", ret_company->home, sizeof(ret_company->home));
	ret_company->currencies = flag_of(settings, "CurrencyPrefs.MultiCurrencyEnabled");
	push_member(settings, "AccountingInfoPrefs.BookCloseDate", day, sizeof(day));
	ret_company->has_close = date_parse(day, strlen(day), &ret_company->close);
	ret_company->keeps_numbers = flag_of(settings, "SalesFormsPrefs.CustomTxnNumbers");
	ret_company->applies_credits = flag_of(settings, "SalesFormsPrefs.AutoApplyCredit");
	if (!flag_of(settings, "TaxPrefs.UsingSalesTax"))
		ret_company->tax = COMPANY_TAX_NONE;
	else if (flag_of(settings, "TaxPrefs.PartnerTaxEnabled"))
		ret_company->tax = COMPANY_TAX_AUTOMATED;
	else
		ret_company->tax = strcmp(ret_company->country, "US") == 0 ? COMPANY_TAX_DOCUMENT : COMPANY_TAX_LINE;
	return true;
}

/* ---- what a code may lead to */

static bool says(char *ret_why, const char *why)
{
	snprintf(ret_why, 200, "%s", why);
	return false;
}

static bool is_type(struct json_slice raw, const char *member, const char *words)
{
	char type[64];

	push_member(raw, member, type, sizeof(type));
	for (const char *at = words; *type && *at; at += strspn(at, "|")) {
		size_t len = strcspn(at, "|");

		if (strlen(type) == len && strncmp(at, type, len) == 0)
			return true;
		at += len;
	}
	return false;
}

static bool account_fits(const struct resource_field *field, struct json_slice raw, char *ret_why)
{
	static const struct {
		const char *field, *types, *why;
	} rules[] = {
		{ "income_account", "Income|Other Income", "an item's income account has the type Income" },
		{ "expense_account", "Cost of Goods Sold|Expense|Other Expense", "an item's expense account has the type Cost of Goods Sold or Expense" },
		{ "asset_account", "Other Current Asset", "an item's asset account has the type Other Current Asset" },
		{ "deposit_account", "Bank|Other Current Asset", "payments are deposited to an account of the type Bank or Other Current Asset" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rules); i++)
		if (strcmp(rules[i].field, field->name) == 0)
			return is_type(raw, "AccountType", rules[i].types) || says(ret_why, rules[i].why);
	return true;
}

static bool item_fits(const struct resource_type *type, bool line, struct json_slice raw, char *ret_why)
{
	bool sale = strcmp(type->name, "invoice") == 0 || strcmp(type->name, "credit_memo") == 0;

	if (!line)
		return true;
	if (is_type(raw, "Type", "Category|Group"))
		return says(ret_why, "a category or a bundle can't stand on a line");
	if (sale && json_member(raw, "IncomeAccountRef").kind == JSON_NONE)
		return says(ret_why, "the item has no income account, so it can't be sold");
	if (!sale && json_member(raw, "ExpenseAccountRef").kind == JSON_NONE)
		return says(ret_why, "the item has no expense account, so it can't be bought");
	return true;
}

static bool tax_fits(const struct company *company, bool line, struct json_slice raw, char *ret_why)
{
	char id[RECORD_ID_MAX];

	push_member(raw, "Id", id, sizeof(id));
	if (company->tax == COMPANY_TAX_NONE)
		return says(ret_why, "the company does not use sales tax");
	if (company->tax == COMPANY_TAX_LINE)
		return true;
	if (line)
		return strcmp(id, "TAX") == 0 || strcmp(id, "NON") == 0 || says(ret_why, "lines of US companies take TAX or NON only");
	return (strcmp(id, "TAX") != 0 && strcmp(id, "NON") != 0) || says(ret_why, "a document takes a tax code with rates, not TAX or NON");
}

static bool fits(const struct company *company, const struct resource_type *type, const struct resource_field *field, bool line,
		 struct json_slice raw, char *ret_why)
{
	if (json_member(raw, "Active").kind == JSON_BOOL && !flag_of(raw, "Active"))
		return says(ret_why, "it is inactive");
	switch (field->target) {
	case TARGET_ACCOUNT:
		return account_fits(field, raw, ret_why);
	case TARGET_ITEM:
		return item_fits(type, line, raw, ret_why);
	case TARGET_TAX_CODE:
		return tax_fits(company, line, raw, ret_why);
	default:
		return true;
	}
}

/* ---- a resource's head */

static bool is(const struct translating *work, const char *type)
{
	return strcmp(work->type->name, type) == 0;
}

/* Names of lists have no colon, tab or line break. */
static void check_name(struct translating *work)
{
	AUTO(str_clear) struct str name = STR_INIT(STR_NO_LIMIT);

	push_text(work->data, "name", &name);
	if (strpbrk(name.text, ":\t\n\r"))
		translation_obstacle(work->to, REASON_LIMIT, "a name in QuickBooks has no colon, tab or line break");
}

/* The currency of the customer or vendor is fixed once it is used. */
static void check_party_currency(struct translating *work, const char *currency)
{
	bool vendor = is(work, "bill");
	char id[RECORD_ID_MAX], kept[8];
	struct json_slice raw;

	if (is(work, "journal_entry") || !push_code(work, work->data, false, vendor ? "vendor" : "customer", id) ||
	    !work->desk->record(work->desk->ctx, vendor ? "Vendor" : "Customer", id, &raw))
		return;
	push_member(raw, "CurrencyRef.value", kept, sizeof(kept));
	if (*kept && strcmp(kept, currency) != 0)
		translation_obstacle(work->to, REASON_CURRENCY, "its %s is kept in %s in QuickBooks, and the document is in %s",
				     vendor ? "vendor" : "customer", kept, currency);
}

static void put_missing_rate(struct translating *work, struct shape *shape, const char *currency)
{
	const struct policies *policies = work->desk->policies;
	struct decimal rate;

	if (policy_is(policies, POLICY_RATE, "table")) {
		if (push_rate_of_table(work, currency, &rate))
			push_shape_number(shape, "ExchangeRate", rate);
	} else if (!policy_is(policies, POLICY_RATE, "ledger")) {
		translation_obstacle(work->to, REASON_RATE, "there is no exchange rate from %s to %s, and QuickBooks might take 1", currency,
				     work->desk->company->home);
	}
}

static void put_currency(struct translating *work, struct shape *shape)
{
	const struct company *company = work->desk->company;
	bool list = work->type->family == FAMILY_LIST;
	struct decimal rate;
	char currency[RECORD_ID_MAX];

	if (!push_code(work, work->data, false, "currency", currency))
		snprintf(currency, sizeof(currency), "%s", company->home);
	snprintf(work->to->currency, sizeof(work->to->currency), "%.7s", currency);
	if (strcmp(currency, company->home) != 0 && !company->currencies) {
		translation_obstacle(work->to, REASON_CURRENCY, "the company keeps its books in %s only", company->home);
		return;
	}
	if (!company->currencies)
		return;
	push_shape_text(shape, "CurrencyRef.value", currency, strlen(currency));
	if (list)
		return;
	check_party_currency(work, currency);
	if (push_decimal(work->data, "exchange_rate", &rate))
		push_shape_number(shape, "ExchangeRate", rate);
	else if (strcmp(currency, company->home) != 0)
		put_missing_rate(work, shape, currency);
}

/* The memo, the date that it had where another was taken, and our mark. */
static void put_note(struct translating *work, struct shape *shape)
{
	static const struct push_row row = { "memo", "PrivateNote", 4000, NULL };
	AUTO(str_clear) struct str note = STR_INIT(STR_NO_LIMIT);
	bool tagged = work->tag && policy_is(work->desk->policies, POLICY_TAG, "note");

	if (!tagged && !work->desk->dated) {
		push_field(work, shape, work->data, false, &row);
		return;
	}
	push_text(work->data, "memo", &note);
	if (note.len > 3800 && !policy_is(work->desk->policies, POLICY_TRUNCATE, "shorten"))
		translation_obstacle(work->to, REASON_LIMIT, "memo is longer than the 3800 bytes that are left beside our mark");
	else if (note.len > 3800)
		str_truncate(&note, 3800);
	if (work->desk->dated) {
		str_add(&note, note.len > 0 ? "\ndated " : "dated ");
		push_text(work->data, "date", &note);
	}
	if (tagged)
		str_addf(&note, "%s" PUSH_TAG "%s", note.len > 0 ? "\n" : "", work->tag);
	push_shape_text(shape, "PrivateNote", note.text, note.len);
}

/* One that the document has in the ledger already, from before a prefix was wanted, stays. */
static void put_number(struct translating *work, struct shape *shape)
{
	static const struct push_row row = { "number", "DocNumber", 21, NULL };
	AUTO(str_clear) struct str own = STR_INIT(STR_NO_LIMIT), number = STR_INIT(STR_NO_LIMIT);

	if (!push_text(work->data, "number", &own) || (policy_is(work->desk->policies, POLICY_NUMBERING, "ledger") && !is(work, "bill")))
		return;
	if (!json_equals(json_member(work->desk->stands, "DocNumber"), own.text))
		policy_number(work->desk->policies, work->type, own.text, &number);
	push_row_text(work, shape, &row, number.len > 0 ? &number : &own);
}

static void put_document(struct translating *work, struct shape *shape)
{
	static const struct push_row date = { "date", "TxnDate", 0, NULL };
	char day[DATE_TEXT_MAX];

	put_number(work, shape);
	if (work->desk->dated)
		push_shape_text(shape, "TxnDate", date_format(*work->desk->dated, day), strlen(day));
	else
		push_field(work, shape, work->data, false, &date);
	put_note(work, shape);
	push_lines(work, shape);
}

static void put_list(struct translating *work, struct shape *shape)
{
	bool parent = json_member(work->data, "parent").kind != JSON_NONE;

	check_name(work);
	if (is(work, "customer") && parent)
		push_shape_raw(shape, "Job", "true");
	if (!is(work, "item"))
		return;
	if (parent)
		push_shape_raw(shape, "SubItem", "true");
	if (json_equals(json_member(work->data, "kind"), "inventory"))
		push_shape_raw(shape, "TrackQtyOnHand", "true");
	if (json_member(work->data, "kind").kind == JSON_NONE)
		push_shape_raw(shape, "Type", "\"Service\"");
}

static const char *place(const struct resource_type *type, const char *field)
{
	static const struct {
		const char *field, *path;
	} documents[] = { { "number", "DocNumber" }, { "date", "TxnDate" }, { "memo", "PrivateNote" }, { "exchange_rate", "ExchangeRate" } };
	const struct push_rows *rows = push_rows_of(type);

	for (size_t i = 0; rows && i < rows->count; i++)
		if (strcmp(rows->rows[i].field, field) == 0)
			return rows->rows[i].path;
	for (size_t i = 0; type->family == FAMILY_DOCUMENT && i < ARRAY_LEN(documents); i++)
		if (strcmp(documents[i].field, field) == 0)
			return documents[i].path;
	return NULL;
}

static void translate(const struct desk *desk, const struct resource_type *type, struct json_slice data, const char *tag,
		      struct translation *translation)
{
	struct translating work = { .desk = desk, .type = type, .to = translation, .data = data, .tag = tag };
	const struct push_rows *rows = push_rows_of(type);
	struct shape shape;

	if (!rows) {
		translation_obstacle(translation, REASON_UNFIT, "QuickBooks has no %s", type->titles);
		return;
	}
	push_shape_begin(&shape, &translation->body);
	for (size_t i = 0; i < rows->count; i++)
		push_field(&work, &shape, data, false, &rows->rows[i]);
	if (!is(&work, "item"))
		put_currency(&work, &shape);
	(type->family == FAMILY_LIST ? put_list : put_document)(&work, &shape);
	push_shape_end(&shape);
}

const struct provider_push quickbooks_push = {
	.type = record_type,
	.target = target_type,
	.reads = reads,
	.company = company,
	.fits = fits,
	.place = place,
	.translate = translate,
	.compare = quickbooks_compare,
	.update = quickbooks_update,
	.likeness = quickbooks_likeness,
	.standing = quickbooks_standing,
	.facts = quickbooks_facts,
	.voidable = quickbooks_voidable,
	.name_types = name_types,
	.envelope = quickbooks_envelope,
	.send = quickbooks_send,
	.refusal = quickbooks_refusal,
	.landed = quickbooks_landed,
};
