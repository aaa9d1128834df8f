/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ledger accounts in the order of a statement, with what was posted to them. */
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"
#include "quickbooks/report_impl.h"

/* In the order of a statement; from the first of income on accounts begin anew each year. */
static const struct {
	const char *type;
	int sign; /* of a debit, as the account naturally grows */
} account_types[] = {
	{ "Bank", 1 },
	{ "Accounts Receivable", 1 },
	{ "Other Current Asset", 1 },
	{ "Fixed Asset", 1 },
	{ "Other Asset", 1 },
	{ "Accounts Payable", -1 },
	{ "Credit Card", -1 },
	{ "Other Current Liability", -1 },
	{ "Long Term Liability", -1 },
	{ "Equity", -1 },
	{ "Income", -1 },
	{ "Cost of Goods Sold", 1 },
	{ "Expense", 1 },
	{ "Other Income", -1 },
	{ "Other Expense", 1 },
};
#define TYPE_EQUITY 9

static int type_of(const struct record *account)
{
	struct json_slice type = json_find(account->text, account->len, "AccountType");

	for (size_t i = 0; i < ARRAY_LEN(account_types); i++)
		if (json_equals(type, account_types[i].type))
			return (int)i;
	return TYPE_EQUITY;
}

int report_account_sign(const struct record *account)
{
	return account_types[account ? type_of(account) : TYPE_EQUITY].sign;
}

void report_accounts_clear(struct report_accounts *accounts)
{
	for (size_t i = 0; i < accounts->count; i++) {
		free(accounts->rows[i].name);
		free(accounts->rows[i].key);
		report_entries_clear(&accounts->rows[i].entries);
	}
	free(accounts->rows);
	*accounts = (struct report_accounts){ 0 };
}

static int compare_addresses(const void *a, const void *b)
{
	const struct report_account *x = a, *y = b;

	return x->account < y->account ? -1 : x->account > y->account;
}

static int compare_rows(const void *a, const void *b)
{
	const struct report_account *x = a, *y = b;
	int order = x->type != y->type ? x->type - y->type : strcmp(x->key, y->key);

	if (order)
		return order;
	return x->account && y->account ? id_compare(x->account->id, y->account->id) : 0;
}

static void row_name(struct report_account *row)
{
	AUTO(str_clear) struct str plain = STR_INIT(16384), folded = STR_INIT(STR_NO_LIMIT);

	if (row->account)
		report_name(row->account, &plain);
	else
		str_add(&plain, "Retained Earnings");
	str_add_folded(&folded, plain.text, plain.len);
	row->name = str_take(&plain);
	row->key = str_take(&folded);
}

void report_accounts_init(struct report_accounts *accounts, struct company *company)
{
	const struct table *table = company_table(company, entity_by_name("Account", false));

	accounts->rows = memory_new((table->count + 1) * sizeof(*accounts->rows));
	accounts->rows[accounts->count++] = (struct report_account){ .type = TYPE_EQUITY };
	for (size_t i = 0; i < table->count; i++)
		accounts->rows[accounts->count++] =
			(struct report_account){ .account = table->by_id[i],
						 .type = type_of(table->by_id[i]) };
	qsort(accounts->rows, accounts->count, sizeof(*accounts->rows), compare_addresses);
	for (size_t i = accounts->count; i-- > 1;) {
		const struct record *account = accounts->rows[i].account;

		row_name(&accounts->rows[i]);
		if (json_equals(json_find(account->text, account->len, "AccountSubType"),
				"RetainedEarnings"))
			accounts->retained = i;
	}
	row_name(&accounts->rows[0]);
}

struct report_account *report_accounts_target(struct report_accounts *accounts,
					      const struct record *record,
					      const struct posting *posting, struct date year_start)
{
	struct report_account key = { .account = posting->account };
	struct report_account *row = bsearch(&key, accounts->rows, accounts->count,
					     sizeof(*accounts->rows), compare_addresses);

	if (row->type > TYPE_EQUITY && record->date.day < year_start.day)
		row = &accounts->rows[accounts->retained];
	return row;
}

void report_accounts_sort(struct report_accounts *accounts)
{
	qsort(accounts->rows, accounts->count, sizeof(*accounts->rows), compare_rows);
}
