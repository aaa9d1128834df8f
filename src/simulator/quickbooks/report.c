/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reports, one row each; all are computed from the postings when they are asked for. */
#include "quickbooks/report.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ledgerdeck/core/decimal.h"
#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"
#include "quickbooks/period.h"
#include "quickbooks/zone.h"
#include "world.h"

#define CUT_TEXT "Unable to display more data. Please reduce the date range."

#define CELLS_OF_ROW 3

/* ---- cells ---- */

static void cell_add(struct str *out, const char *text, size_t len, const char *id)
{
	str_add(out, "{\"value\":");
	str_add_json(out, text, len);
	if (id)
		str_addf(out, ",\"id\":\"%s\"", id);
	str_add_char(out, '}');
}

/* Two places, nothing for zero. */
static void money_add(struct str *out, int64_t cents)
{
	char text[DECIMAL_TEXT_MAX];

	decimal_format(decimal_of(cents, 2), text);
	cell_add(out, text, cents ? strlen(text) : 0, NULL);
}

static void option_add(struct str *out, const char *name, const char *value)
{
	str_addf(out, "{\"Name\":\"%s\",\"Value\":\"%s\"}", name, value);
}

static void date_add(struct str *out, const char *name, struct date date)
{
	char text[DATE_TEXT_MAX];

	str_addf(out, ",\"%s\":\"%s\"", name, date_format(date, text));
}

/* ---- the trial balance ---- */

struct balance {
	const struct record *account; /* NULL: profit of earlier years without an account for it */
	int64_t cents;                /* debit positive */
	int type;                     /* place of the account's type in a statement */
	char *name;                   /* owned: full name; `key` is what it sorts by */
	char *key;                    /* owned */
};

struct balances {
	struct balance *rows; /* owned; ascending by address of the account until they are sorted */
	size_t count;
	size_t retained;       /* the row that takes the profit of earlier years */
};

/* In the order of a statement; from the first of income on accounts begin anew each year. */
static const char *const account_types[] = {
	"Bank",
	"Accounts Receivable",
	"Other Current Asset",
	"Fixed Asset",
	"Other Asset",
	"Accounts Payable",
	"Credit Card",
	"Other Current Liability",
	"Long Term Liability",
	"Equity",
	"Income",
	"Cost of Goods Sold",
	"Expense",
	"Other Income",
	"Other Expense",
};
#define TYPE_EQUITY 9

static int type_of(const struct record *account)
{
	struct json_slice type = json_find(account->text, account->len, "AccountType");

	for (size_t i = 0; i < ARRAY_LEN(account_types); i++)
		if (json_equals(type, account_types[i]))
			return (int)i;
	return TYPE_EQUITY;
}

static void balances_clear(struct balances *balances)
{
	for (size_t i = 0; i < balances->count; i++) {
		free(balances->rows[i].name);
		free(balances->rows[i].key);
	}
	free(balances->rows);
	*balances = (struct balances){ 0 };
}

static int compare_accounts(const void *a, const void *b)
{
	const struct balance *x = a, *y = b;

	return x->account < y->account ? -1 : x->account > y->account;
}

static int compare_rows(const void *a, const void *b)
{
	const struct balance *x = a, *y = b;
	int order = x->type != y->type ? x->type - y->type : strcmp(x->key, y->key);

	if (order)
		return order;
	return x->account && y->account ? id_compare(x->account->id, y->account->id) : 0;
}

static void row_name(struct balance *row)
{
	AUTO(str_clear) struct str plain = STR_INIT(16384), folded = STR_INIT(STR_NO_LIMIT);
	struct json_slice name = { 0 };

	if (row->account)
		name = json_find(row->account->text, row->account->len, "FullyQualifiedName");
	if (row->account && name.kind != JSON_STRING)
		name = json_find(row->account->text, row->account->len, "Name");
	if (name.kind == JSON_STRING)
		json_unquote(name, &plain);
	else
		str_add(&plain, "Retained Earnings");
	str_add_folded(&folded, plain.text, plain.len);
	row->name = str_take(&plain);
	row->key = str_take(&folded);
}

/* A row for each account, and one more for profit that has no account of its own. */
static void balances_init(struct balances *balances, struct company *company)
{
	const struct table *table = company_table(company, entity_by_name("Account", false));

	balances->rows = memory_new((table->count + 1) * sizeof(*balances->rows));
	balances->rows[balances->count++] = (struct balance){ .type = TYPE_EQUITY };
	for (size_t i = 0; i < table->count; i++)
		balances->rows[balances->count++] =
			(struct balance){ .account = table->by_id[i],
					  .type = type_of(table->by_id[i]) };
	qsort(balances->rows, balances->count, sizeof(*balances->rows), compare_accounts);
	for (size_t i = balances->count; i-- > 1;) {
		const struct record *account = balances->rows[i].account;

		row_name(&balances->rows[i]);
		if (json_equals(json_find(account->text, account->len, "AccountSubType"),
				"RetainedEarnings"))
			balances->retained = i;
	}
	row_name(&balances->rows[0]);
}

static struct balance *balances_find(struct balances *balances, const struct record *account)
{
	struct balance key = { .account = account };

	return bsearch(&key, balances->rows, balances->count, sizeof(*balances->rows),
		       compare_accounts);
}

/* Add what all records up to `end` posted; earlier years' income and expense become profit kept. */
static void balances_post(struct balances *balances, struct company *company,
			  struct date year_start, struct date end)
{
	for (size_t i = 0; i < entity_count(); i++) {
		const struct table *table = company_table(company, entity_at(i));

		for (size_t k = 0; k < table->count; k++) {
			const struct record *record = table->by_id[k];

			if (record->date.day > end.day)
				continue;
			for (uint32_t p = 0; p < record->posting_count; p++) {
				struct balance *row =
					balances_find(balances, record->postings[p].account);

				if (row->type > TYPE_EQUITY && record->date.day < year_start.day)
					row = &balances->rows[balances->retained];
				row->cents += record->postings[p].cents;
			}
		}
	}
}

static void balance_row_add(const struct balance *row, struct str *out)
{
	str_add(out, "{\"ColData\":[");
	cell_add(out, row->name, strlen(row->name), row->account ? row->account->id : "");
	str_add_char(out, ',');
	money_add(out, row->cents > 0 ? row->cents : 0);
	str_add_char(out, ',');
	money_add(out, row->cents < 0 ? -row->cents : 0);
	str_add(out, "]}");
}

static void total_row_add(int64_t debit, int64_t credit, struct str *out)
{
	char text[DECIMAL_TEXT_MAX];

	str_add(out, "{\"Summary\":{\"ColData\":[{\"value\":\"TOTAL\"}");
	str_addf(out, ",{\"value\":\"%s\"}", decimal_format(decimal_of(debit, 2), text));
	str_addf(out, ",{\"value\":\"%s\"}", decimal_format(decimal_of(credit, 2), text));
	str_add(out, "]},\"type\":\"Section\",\"group\":\"GrandTotal\"}");
}

/* The rows that are not zero, and their totals. Beyond the service's limit a sentence instead. */
static size_t balance_rows_add(const struct balances *balances, bool descending, int64_t most_cells,
			       struct str *out)
{
	int64_t debit = 0, credit = 0;
	size_t shown = 0;

	for (size_t i = 0; i < balances->count; i++) {
		const struct balance *row =
			&balances->rows[descending ? balances->count - 1 - i : i];

		if (row->cents == 0)
			continue;
		shown++;
		balance_row_add(row, out);
		str_add_char(out, ',');
		if (row->cents > 0)
			debit += row->cents;
		else
			credit -= row->cents;
	}
	if ((int64_t)(shown + 1) * CELLS_OF_ROW > most_cells) {
		str_reset(out);
		str_add(out, "{\"ColData\":[{\"value\":\"" CUT_TEXT "\"}]}");
	} else if (shown) {
		total_row_add(debit, credit, out);
	}
	return shown;
}

/* What a caller may say beside the dates. */
struct wishes {
	bool descending;
	bool names_columns; /* summarize_column_by was given */
};

static bool wishes_read(const struct request *request, struct wishes *ret_wishes,
			struct fault *fault)
{
	const char *method = request_parameter(request, "accounting_method");
	const char *order = request_parameter(request, "sort_order");
	const char *columns = request_parameter(request, "summarize_column_by");

	if (method && strcasecmp(method, "Cash") == 0)
		return fault_set(
			fault, 5030, "accounting_method",
			"Feature Not Supported Error : This company keeps its books on the "
			"accrual basis only.");
	if (method && *method && strcasecmp(method, "Accrual") != 0)
		return fault_set(fault, 2170, "accounting_method", "Invalid Enumeration : %.200s",
				 method);
	if (order && *order && strcasecmp(order, "ascend") != 0 &&
	    strcasecmp(order, "descend") != 0)
		return fault_set(fault, 2170, "sort_order", "Invalid Enumeration : %.200s", order);
	if (columns && *columns && strcasecmp(columns, "Total") != 0)
		return fault_set(
			fault, 5030, "summarize_column_by",
			"Feature Not Supported Error : TrialBalance has columns by Total only.");
	ret_wishes->descending = order && strcasecmp(order, "descend") == 0;
	ret_wishes->names_columns = columns && *columns;
	return true;
}

static void header_add(const struct company *company, const struct period *period,
		       const struct wishes *wishes, bool has_data, struct str *out)
{
	str_add(out, "{\"Header\":{\"Time\":\"");
	zone_add_stamp(out, world_now_ms(company->simulator), false);
	str_add(out, "\",\"ReportName\":\"TrialBalance\"");
	if (period->macro[0])
		str_addf(out, ",\"DateMacro\":\"%s\"", period->macro);
	str_add(out, ",\"ReportBasis\":\"Accrual\"");
	if (!period->is_all) {
		date_add(out, "StartPeriod", period->start);
		date_add(out, "EndPeriod", period->end);
	}
	if (wishes->names_columns)
		str_add(out, ",\"SummarizeColumnsBy\":\"Total\"");
	str_addf(out, ",\"Currency\":\"%s\",\"Option\":[", company->preferences.home_currency);
	option_add(out, "NoReportData", has_data ? "false" : "true");
	str_add(out, "]},\"Columns\":{\"Column\":[{\"ColTitle\":\"\",\"ColType\":\"Account\"},"
		     "{\"ColTitle\":\"Debit\",\"ColType\":\"Money\"},"
		     "{\"ColTitle\":\"Credit\",\"ColType\":\"Money\"}]}");
}

static bool trial_balance_run(struct company *company, const struct request *request,
			      struct str *out, struct fault *fault)
{
	AUTO(balances_clear) struct balances balances = { 0 };
	AUTO(str_clear) struct str rows = STR_INIT(STR_NO_LIMIT);
	struct wishes wishes = { 0 };
	struct period period;
	size_t shown;

	if (!wishes_read(request, &wishes, fault) || !period_read(company, request, &period, fault))
		return false;
	balances_init(&balances, company);
	balances_post(&balances, company,
		      period_fiscal_start(period.is_all ? company_today(company) : period.end,
					  company->preferences.fiscal_month), period.end);
	qsort(balances.rows, balances.count, sizeof(*balances.rows), compare_rows);
	shown = balance_rows_add(&balances, wishes.descending,
				 switches_get(&company->simulator->switches, SWITCH_REPORT_CELLS),
				 &rows);
	header_add(company, &period, &wishes, shown > 0, out);
	if (shown)
		str_addf(out, ",\"Rows\":{\"Row\":[%s]}}", rows.text);
	else
		str_add(out, ",\"Rows\":{}}");
	return true;
}

/* ---- the table ---- */

static const struct {
	const char *name;
	bool (*run)(struct company *company, const struct request *request, struct str *out,
		    struct fault *fault);
} reports[] = {
	{ "TrialBalance", trial_balance_run },
};

bool report_run(struct company *company, const char *name, const struct request *request,
		struct str *out, struct fault *fault)
{
	for (size_t i = 0; i < ARRAY_LEN(reports); i++)
		if (strcmp(reports[i].name, name) == 0)
			return reports[i].run(company, request, out, fault);
	return fault_set(
		fault, 5020, "ReportName",
		"Permission Denied Error : You do not have the access rights to use this feature.");
}
