/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ledger accounts that the service picks by itself; made when a company lacks one. */
#include <string.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"
#include "quickbooks/rules.h"

static bool has_text(const struct record *record, const char *path, const char *text)
{
	return json_equals(json_find(record->text, record->len, path), text);
}

bool account_is(const struct record *account, const char *types)
{
	while (*types) {
		size_t len = strcspn(types, "|");
		AUTO(memory_freep) char *type = memory_copy(types, len);

		if (has_text(account, "AccountType", type))
			return true;
		types += len + (types[len] == '|');
	}
	return false;
}

static struct record *make_account(struct company *company, const char *type, const char *subtype,
				   const char *name, const char *currency)
{
	AUTO(str_clear) struct str json = STR_INIT(1000);
	AUTO(str_clear) struct str full = STR_INIT(500);

	str_add(&full, name);
	if (strcmp(currency, company->preferences.home_currency) != 0)
		str_addf(&full, " - %s", currency);
	str_add(&json, "{\"Name\":");
	str_add_json(&json, full.text, full.len);
	str_addf(&json, ",\"AccountType\":\"%s\"", type);
	if (subtype)
		str_addf(&json, ",\"AccountSubType\":\"%s\"", subtype);
	str_addf(&json, ",\"CurrencyRef\":{\"value\":\"%s\"}}", currency);
	return write_own(company, "Account", json.text);
}

struct record *account_of(struct company *company, const char *type, const char *subtype,
			  const char *name, const char *currency)
{
	const struct table *table = company_table(company, entity_by_name("Account", false));

	for (size_t i = 0; i < table->count; i++) {
		struct record *record = table->by_id[i];

		if (record->active && has_text(record, "AccountType", type) &&
		    (!subtype || has_text(record, "AccountSubType", subtype)) &&
		    has_text(record, "CurrencyRef.value", currency))
			return record;
	}
	return make_account(company, type, subtype, name, currency);
}

struct record *account_receivable(struct company *company, const char *currency)
{
	return account_of(company, "Accounts Receivable", "AccountsReceivable", "Accounts Receivable (A/R)", currency);
}

struct record *account_payable(struct company *company, const char *currency)
{
	return account_of(company, "Accounts Payable", "AccountsPayable", "Accounts Payable (A/P)", currency);
}

struct record *account_undeposited(struct company *company)
{
	return account_of(company, "Other Current Asset", "UndepositedFunds", "Undeposited Funds",
			  company->preferences.home_currency);
}

struct record *account_equity(struct company *company)
{
	return account_of(company, "Equity", "OpeningBalanceEquity", "Opening Balance Equity",
			  company->preferences.home_currency);
}

struct record *account_exchange(struct company *company)
{
	return account_of(company, "Other Expense", "ExchangeGainOrLoss", "Exchange Gain or Loss",
			  company->preferences.home_currency);
}

struct record *account_sales_tax(struct company *company, const char *agency)
{
	const struct table *table = company_table(company, entity_by_name("Account", false));
	AUTO(str_clear) struct str name = STR_INIT(500);
	const char *subtype = company->preferences.tax_mode == TAX_VAT ? "GlobalTaxPayable" : "SalesTaxPayable";
	int characters = 0;

	/* An account's name is shorter than an agency's may be, and has no colon and no quotes. */
	for (const char *c = agency; *c; c++) {
		characters += ((unsigned char)*c & 0xc0) != 0x80;
		if (characters > 80)
			break;
		str_add_char(&name, *c == ':' || *c == '"' ? ' ' : *c);
	}
	str_add(&name, " Payable");
	for (size_t i = 0; i < table->count; i++)
		if (has_text(table->by_id[i], "Name", name.text) && has_text(table->by_id[i], "AccountSubType", subtype))
			return table->by_id[i];
	return make_account(company, "Other Current Liability", subtype, name.text,
			    company->preferences.home_currency);
}
