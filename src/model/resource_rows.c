/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The types of resources, in the order of writing: what others refer to comes first. Names follow LedgerSync's where it has
 * any; fields are those that every ledger of this kind knows.
 */
#include <string.h>
#include <strings.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/model/resource.h"

#define TEXT(name, alias) { name, alias, VALUE_TEXT, TARGET_NONE, NULL, false }
#define TEXT_DUE(name, alias) { name, alias, VALUE_TEXT, TARGET_NONE, NULL, true }
#define DATE(name, alias) { name, alias, VALUE_DATE, TARGET_NONE, NULL, false }
#define DATE_DUE(name, alias) { name, alias, VALUE_DATE, TARGET_NONE, NULL, true }
#define MONEY(name, alias) { name, alias, VALUE_MONEY, TARGET_NONE, NULL, false }
#define MONEY_DUE(name, alias) { name, alias, VALUE_MONEY, TARGET_NONE, NULL, true }
#define NUMBER(name, alias) { name, alias, VALUE_NUMBER, TARGET_NONE, NULL, false }
#define FLAG(name, alias) { name, alias, VALUE_FLAG, TARGET_NONE, NULL, false }
#define CODE(name, alias, target) { name, alias, VALUE_CODE, target, NULL, false }
#define CODE_DUE(name, alias, target) { name, alias, VALUE_CODE, target, NULL, true }
#define WORD(name, alias, words) { name, alias, VALUE_WORD, TARGET_NONE, words, false }
#define LINES { "lines", "line", VALUE_LINES, TARGET_NONE, NULL, true }

#define ADDRESS \
	TEXT("street", "address"), TEXT("street2", NULL), TEXT("city", NULL), TEXT("state", "region"), TEXT("zip", "postal_code"), \
	TEXT("country", NULL)
#define PERSON \
	TEXT_DUE("name", "display_name"), TEXT("company", "company_name"), TEXT("given_name", "first_name"), \
	TEXT("family_name", "last_name"), TEXT("email", NULL), TEXT("phone", "phone_number"), TEXT("mobile", NULL), TEXT("fax", NULL), \
	TEXT("website", NULL), ADDRESS, TEXT("notes", NULL), CODE("currency", NULL, TARGET_CURRENCY), \
	CODE("term", "terms", TARGET_TERM)

static const struct resource_field customer_fields[] = {
	PERSON, CODE("parent", NULL, TARGET_CUSTOMER), CODE("payment_method", NULL, TARGET_PAYMENT_METHOD),
	CODE("tax_code", NULL, TARGET_TAX_CODE), FLAG("taxable", NULL), FLAG("active", NULL),
};
static const struct resource_field vendor_fields[] = {
	PERSON, TEXT("account_number", NULL), FLAG("active", NULL),
};
static const struct resource_field item_fields[] = {
	TEXT_DUE("name", NULL), TEXT("sku", NULL), WORD("kind", "type", "service noninventory inventory"), TEXT("description", NULL),
	TEXT("purchase_description", NULL), NUMBER("unit_price", "price"), NUMBER("cost", "purchase_cost"),
	CODE("income_account", NULL, TARGET_ACCOUNT), CODE("expense_account", NULL, TARGET_ACCOUNT),
	CODE("asset_account", NULL, TARGET_ACCOUNT), NUMBER("quantity_on_hand", NULL), DATE("inventory_start", NULL),
	CODE("parent", NULL, TARGET_ITEM), CODE("tax_code", NULL, TARGET_TAX_CODE), FLAG("taxable", NULL), FLAG("active", NULL),
};

#define SALE_FIELDS \
	TEXT("number", "doc_number"), CODE_DUE("customer", NULL, TARGET_CUSTOMER), DATE_DUE("date", "issued_at"), \
	CODE("currency", NULL, TARGET_CURRENCY), NUMBER("exchange_rate", "rate"), TEXT("email", "bill_email"), \
	TEXT("memo", "private_note"), TEXT("message", "customer_memo"), CODE("class", "ledger_class", TARGET_CLASS), \
	CODE("department", "location", TARGET_DEPARTMENT), CODE("tax_code", NULL, TARGET_TAX_CODE), \
	WORD("tax_mode", NULL, "excluded inclusive none"), MONEY("tax_total", NULL), MONEY("total", NULL), FLAG("voided", NULL)
static const struct resource_field invoice_fields[] = {
	SALE_FIELDS, DATE("due_date", NULL), CODE("term", "terms", TARGET_TERM), LINES,
};
static const struct resource_field credit_memo_fields[] = { SALE_FIELDS, LINES };
static const struct resource_field sale_lines[] = {
	CODE("item", "product", TARGET_ITEM), TEXT("description", NULL), NUMBER("quantity", NULL), NUMBER("unit_price", "rate"),
	MONEY("amount", NULL), CODE("tax_code", NULL, TARGET_TAX_CODE), FLAG("taxable", NULL), CODE("class", "ledger_class", TARGET_CLASS),
	DATE("service_date", NULL),
};

static const struct resource_field payment_fields[] = {
	TEXT("reference", "number"), CODE_DUE("customer", NULL, TARGET_CUSTOMER), DATE_DUE("date", NULL), MONEY_DUE("amount", "total"),
	CODE("currency", NULL, TARGET_CURRENCY), NUMBER("exchange_rate", "rate"), CODE("payment_method", NULL, TARGET_PAYMENT_METHOD),
	CODE("deposit_account", NULL, TARGET_ACCOUNT), TEXT("memo", "private_note"), FLAG("voided", NULL),
	{ "lines", "line", VALUE_LINES, TARGET_NONE, NULL, false },
};
static const struct resource_field payment_lines[] = {
	CODE("invoice", NULL, TARGET_INVOICE), CODE("credit_memo", NULL, TARGET_CREDIT_MEMO), MONEY_DUE("amount", NULL),
};

static const struct resource_field bill_fields[] = {
	TEXT("number", "doc_number"), CODE_DUE("vendor", NULL, TARGET_VENDOR), DATE_DUE("date", NULL), DATE("due_date", NULL),
	CODE("term", "terms", TARGET_TERM), CODE("currency", NULL, TARGET_CURRENCY), NUMBER("exchange_rate", "rate"),
	TEXT("memo", "private_note"), CODE("department", "location", TARGET_DEPARTMENT),
	WORD("tax_mode", NULL, "excluded inclusive none"), MONEY("tax_total", NULL), MONEY("total", NULL), FLAG("voided", NULL), LINES,
};
static const struct resource_field bill_lines[] = {
	CODE("account", NULL, TARGET_ACCOUNT), CODE("item", "product", TARGET_ITEM), TEXT("description", NULL), NUMBER("quantity", NULL),
	NUMBER("unit_price", "rate"), MONEY("amount", NULL), CODE("tax_code", NULL, TARGET_TAX_CODE),
	CODE("class", "ledger_class", TARGET_CLASS), CODE("customer", NULL, TARGET_CUSTOMER), FLAG("billable", NULL),
};

static const struct resource_field journal_fields[] = {
	TEXT("number", "doc_number"), DATE_DUE("date", NULL), CODE("currency", NULL, TARGET_CURRENCY), NUMBER("exchange_rate", "rate"),
	TEXT("memo", "private_note"), FLAG("adjustment", NULL), FLAG("voided", NULL), LINES,
};
static const struct resource_field journal_lines[] = {
	CODE_DUE("account", NULL, TARGET_ACCOUNT), TEXT("description", NULL), MONEY("debit", NULL), MONEY("credit", NULL),
	CODE("class", "ledger_class", TARGET_CLASS), CODE("department", "location", TARGET_DEPARTMENT),
	CODE("customer", NULL, TARGET_CUSTOMER), CODE("vendor", NULL, TARGET_VENDOR), CODE("tax_code", NULL, TARGET_TAX_CODE),
};

#define FIELDS(fields) fields, NULL, ARRAY_LEN(fields), 0
#define WITH_LINES(fields, lines) fields, lines, ARRAY_LEN(fields), ARRAY_LEN(lines)
static const struct resource_type types[] = {
	{ "customer", "customer", "customers", FAMILY_LIST, TARGET_CUSTOMER, 1, "name", NULL, NULL, NULL, FIELDS(customer_fields) },
	{ "vendor", "vendor", "vendors", FAMILY_LIST, TARGET_VENDOR, 1, "name", NULL, NULL, NULL, FIELDS(vendor_fields) },
	{ "item", "item", "items", FAMILY_LIST, TARGET_ITEM, 1, "name", NULL, NULL, NULL, FIELDS(item_fields) },
	{ "invoice", "invoice", "invoices", FAMILY_DOCUMENT, TARGET_INVOICE, 2, "number", "date", "customer", NULL,
	  WITH_LINES(invoice_fields, sale_lines) },
	{ "credit_memo", "credit memo", "credit memos", FAMILY_DOCUMENT, TARGET_CREDIT_MEMO, 2, "number", "date", "customer", NULL,
	  WITH_LINES(credit_memo_fields, sale_lines) },
	{ "bill", "bill", "bills", FAMILY_DOCUMENT, TARGET_BILL, 2, "number", "date", "vendor", NULL, WITH_LINES(bill_fields, bill_lines) },
	{ "journal_entry", "journal entry", "journal entries", FAMILY_DOCUMENT, TARGET_NONE, 2, "number", "date", NULL, NULL,
	  WITH_LINES(journal_fields, journal_lines) },
	{ "payment", "payment", "payments", FAMILY_DOCUMENT, TARGET_NONE, 3, "reference", "date", "customer", "amount",
	  WITH_LINES(payment_fields, payment_lines) },
};

const struct resource_type *resource_type_at(size_t index)
{
	return index < ARRAY_LEN(types) ? &types[index] : NULL;
}

/* Letter case, "-", "_" and blanks don't count. */
static bool is_same(const char *name, const char *other, size_t len)
{
	if (strlen(name) != len)
		return false;
	for (size_t i = 0; i < len; i++) {
		char c = other[i] == '-' || other[i] == ' ' ? '_' : other[i];
		if (name[i] != c && strncasecmp(name + i, &c, 1) != 0 && !(name[i] == ' ' && c == '_'))
			return false;
	}
	return true;
}

const struct resource_type *resource_type_find(const char *name, size_t len)
{
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (is_same(types[i].name, name, len) || is_same(types[i].titles, name, len))
			return &types[i];
	return NULL;
}

const struct resource_type *resource_type_of(enum target target)
{
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (target != TARGET_NONE && types[i].target == target)
			return &types[i];
	return NULL;
}

const struct resource_field *resource_field(const struct resource_type *type, bool line, const char *name, size_t len)
{
	const struct resource_field *fields = line ? type->lines : type->fields;
	size_t count = line ? type->line_count : type->field_count;

	for (size_t i = 0; i < count; i++)
		if (is_same(fields[i].name, name, len) || (fields[i].alias && is_same(fields[i].alias, name, len)))
			return &fields[i];
	return NULL;
}

/* ---- targets */

static const struct {
	const char *word, *title;
} targets[TARGET_COUNT] = {
	[TARGET_NONE] = { "none", "nothing" },
	[TARGET_ACCOUNT] = { "account", "ledger account" },
	[TARGET_ITEM] = { "item", "item" },
	[TARGET_TAX_CODE] = { "tax_code", "tax code" },
	[TARGET_CLASS] = { "class", "class" },
	[TARGET_DEPARTMENT] = { "department", "department" },
	[TARGET_TERM] = { "term", "term" },
	[TARGET_PAYMENT_METHOD] = { "payment_method", "payment method" },
	[TARGET_CUSTOMER] = { "customer", "customer" },
	[TARGET_VENDOR] = { "vendor", "vendor" },
	[TARGET_CURRENCY] = { "currency", "currency" },
	[TARGET_INVOICE] = { "invoice", "invoice" },
	[TARGET_CREDIT_MEMO] = { "credit_memo", "credit memo" },
	[TARGET_BILL] = { "bill", "bill" },
};

const char *target_word(enum target target)
{
	return targets[target].word;
}

const char *target_title(enum target target)
{
	return targets[target].title;
}

bool target_parse(const char *word, enum target *ret_target)
{
	for (int target = TARGET_NONE + 1; target < TARGET_COUNT; target++)
		if (is_same(targets[target].word, word, strlen(word)) || is_same(targets[target].title, word, strlen(word))) {
			*ret_target = (enum target)target;
			return true;
		}
	return false;
}
