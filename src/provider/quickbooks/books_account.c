/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which ledger account it is: by reference, by the only one of its kind, or by the name that the ledger gives it. */
#include <stdio.h>
#include <string.h>

#include "books.h"
#include "ledgerdeck/core/memory.h"

#define ACCOUNT "Account"
#define NAME "FullyQualifiedName"
#define TYPE "AccountType"
#define SUBTYPE "AccountSubType"
#define CURRENCY "CurrencyRef.value"

static bool is(struct json_slice object, const char *path, const char *text)
{
	return json_equals(json_member(object, path), text);
}

/* ---- kinds of accounts */

static const struct account_kind {
	const char *type, *subtype; /* subtype NULL: all others */
	enum account_class class;
	bool credit;
} kinds[] = {
	{ "Bank", NULL, CLASS_BANK, false },
	{ "Credit Card", NULL, CLASS_CARD, true },
	{ "Accounts Receivable", NULL, CLASS_RECEIVABLE, false },
	{ "Accounts Payable", NULL, CLASS_PAYABLE, true },
	{ "Other Current Asset", "UndepositedFunds", CLASS_UNDEPOSITED, false },
	{ "Other Current Asset", NULL, CLASS_ASSET, false },
	{ "Fixed Asset", NULL, CLASS_ASSET, false },
	{ "Other Asset", NULL, CLASS_ASSET, false },
	{ "Other Current Liability", "SalesTaxPayable", CLASS_TAX, true },
	{ "Other Current Liability", "GlobalTaxPayable", CLASS_TAX, true },
	{ "Other Current Liability", "GlobalTaxSuspense", CLASS_TAX, true },
	{ "Other Current Liability", NULL, CLASS_LIABILITY, true },
	{ "Long Term Liability", NULL, CLASS_LIABILITY, true },
	{ "Equity", "RetainedEarnings", CLASS_RETAINED, true },
	{ "Equity", NULL, CLASS_EQUITY, true },
	{ "Income", NULL, CLASS_INCOME, true },
	{ "Other Income", NULL, CLASS_INCOME, true },
	{ "Cost of Goods Sold", NULL, CLASS_COST, false },
	{ "Expense", NULL, CLASS_COST, false },
	{ "Other Expense", NULL, CLASS_COST, false },
};

static const struct account_kind *kind_of(struct json_slice account)
{
	static const struct account_kind unknown = { "", NULL, CLASS_UNKNOWN, false };

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (is(account, TYPE, kinds[i].type) && (!kinds[i].subtype || is(account, SUBTYPE, kinds[i].subtype)))
			return &kinds[i];
	return &unknown;
}

enum account_class books_class(struct json_slice account)
{
	return kind_of(account)->class;
}

void quickbooks_account(struct json_slice raw, struct books_account *ret_account)
{
	const struct account_kind *kind = kind_of(raw);
	struct json_slice active = json_member(raw, "Active");

	*ret_account = (struct books_account){ .class = kind->class, .credit = kind->credit };
	books_text(raw, NAME, ret_account->name, sizeof(ret_account->name));
	if (!*ret_account->name)
		books_text(raw, "Name", ret_account->name, sizeof(ret_account->name));
	books_text(raw, "AcctNum", ret_account->number, sizeof(ret_account->number));
	books_text(raw, CURRENCY, ret_account->currency, sizeof(ret_account->currency));
	ret_account->active = active.kind != JSON_BOOL || active.text[0] == 't';
}

/* ---- by reference */

bool books_item(const struct books_desk *desk, const char *id, struct books_item *ret_item)
{
	struct json_slice raw;

	*ret_item = (struct books_item){ 0 };
	if (!desk->record(desk->ctx, "Item", id, &raw))
		return false;
	books_text(raw, "IncomeAccountRef.value", ret_item->income, RECORD_ID_MAX);
	books_text(raw, "ExpenseAccountRef.value", ret_item->expense, RECORD_ID_MAX);
	books_text(raw, "AssetAccountRef.value", ret_item->asset, RECORD_ID_MAX);
	ret_item->stock = is(raw, "Type", "Inventory");
	return true;
}

/* ---- by kind and name */

static bool find(const struct books_desk *desk, char *ret_id, const char *const *words)
{
	if (desk->find(desk->ctx, ACCOUNT, words, ret_id))
		return true;
	*ret_id = '\0';
	return false;
}
#define FIND(desk, ret_id, ...) find(desk, ret_id, (const char *const[]){ __VA_ARGS__, NULL })

void books_special(const struct books_desk *desk, const char *subtype, char *ret_id)
{
	FIND(desk, ret_id, SUBTYPE, subtype);
}

/*
 * Sales forms don't say their receivable account: it is the one of their currency. Where a company has several, it is the one
 * that the ledger made itself, which carries the currency in its name unless that is home.
 */
void books_control(const struct books_desk *desk, enum account_class class, const char *currency, char *ret_id)
{
	const char *type = class == CLASS_RECEIVABLE ? "Accounts Receivable" : "Accounts Payable";
	const char *usual = class == CLASS_RECEIVABLE ? "Accounts Receivable (A/R)" : "Accounts Payable (A/P)";
	char name[BOOKS_WORD_MAX];

	if (*currency && FIND(desk, ret_id, TYPE, type, CURRENCY, currency))
		return;
	if (FIND(desk, ret_id, TYPE, type))
		return;
	snprintf(name, sizeof(name), "%s - %s", usual, currency);
	if (*currency && FIND(desk, ret_id, TYPE, type, NAME, name))
		return;
	if (*currency)
		FIND(desk, ret_id, TYPE, type, CURRENCY, currency, NAME, usual);
	else
		FIND(desk, ret_id, TYPE, type, NAME, usual);
}

/* The ledger names the account of an agency after it; other companies have one for all tax. */
void books_tax_account(const struct books_desk *desk, const char *rate, char *ret_id)
{
	static const char *const subtypes[] = { "GlobalTaxPayable", "SalesTaxPayable" };
	char agency[RECORD_ID_MAX] = "", name[BOOKS_WORD_MAX] = "";
	struct json_slice raw;
	size_t len;

	if (*rate && desk->record(desk->ctx, "TaxRate", rate, &raw))
		books_text(raw, "AgencyRef.value", agency, sizeof(agency));
	if (*agency && desk->record(desk->ctx, "TaxAgency", agency, &raw))
		books_text(raw, "DisplayName", name, sizeof(name) - sizeof(" Payable"));
	/* Names of accounts have neither. */
	for (char *c = name; *c; c++)
		if (*c == ':' || *c == '"')
			*c = ' ';
	len = strlen(name);
	snprintf(name + len, sizeof(name) - len, " Payable");
	for (size_t i = 0; len > 0 && i < ARRAY_LEN(subtypes); i++)
		if (FIND(desk, ret_id, NAME, name, SUBTYPE, subtypes[i]))
			return;
	for (size_t i = 0; i < ARRAY_LEN(subtypes); i++)
		if (FIND(desk, ret_id, SUBTYPE, subtypes[i]))
			return;
}

static void preferred(const struct books_desk *desk, const char *path, char *ret_id)
{
	struct json_slice settings;

	*ret_id = '\0';
	if (desk->record(desk->ctx, "Preferences", "", &settings))
		books_text(settings, path, ret_id, RECORD_ID_MAX);
}

void books_shipping_account(const struct books_desk *desk, char *ret_id)
{
	preferred(desk, "SalesFormsPrefs.DefaultShippingAccount", ret_id);
	if (!*ret_id || strspn(ret_id, "0123456789") != strlen(ret_id))
		FIND(desk, ret_id, NAME, "Shipping Income");
}

void books_discount_account(const struct books_desk *desk, char *ret_id)
{
	preferred(desk, "SalesFormsPrefs.DefaultDiscountAccount", ret_id);
	if (!*ret_id || strspn(ret_id, "0123456789") != strlen(ret_id))
		books_special(desk, "DiscountsRefundsGiven", ret_id);
}
