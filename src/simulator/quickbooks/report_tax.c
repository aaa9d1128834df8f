/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TaxSummary: what was posted to the accounts that tax is owed on; not for US companies. */
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"
#include "quickbooks/report_impl.h"

enum tax_kind { TAX_ON_SALES, TAX_ON_PURCHASES, TAX_OTHER, TAX_KIND_COUNT };

static const char *const kind_names[] = {
	[TAX_ON_SALES] = "Tax on sales",
	[TAX_ON_PURCHASES] = "Tax on purchases",
	[TAX_OTHER] = "Payments and adjustments",
};
_Static_assert(ARRAY_LEN(kind_names) == TAX_KIND_COUNT, "a name for each kind");

static enum tax_kind kind_of(const struct record *record)
{
	static const struct {
		const char *entity;
		enum tax_kind kind;
	} kinds[] = {
		{ "Invoice", TAX_ON_SALES },      { "SalesReceipt", TAX_ON_SALES },
		{ "CreditMemo", TAX_ON_SALES },   { "RefundReceipt", TAX_ON_SALES },
		{ "Bill", TAX_ON_PURCHASES },     { "VendorCredit", TAX_ON_PURCHASES },
		{ "Purchase", TAX_ON_PURCHASES },
	};

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (strcmp(kinds[i].entity, record->entity->name) == 0)
			return kinds[i].kind;
	return TAX_OTHER;
}

/* What an account took, credits positive, by kind. */
struct tax_account {
	const struct record *account;
	int64_t cents[TAX_KIND_COUNT];
	bool any;
};

struct tax_accounts {
	struct tax_account *rows; /* owned */
	size_t count, room;
};

static void accounts_clear(struct tax_accounts *accounts)
{
	free(accounts->rows);
}

/* Is it an account of one of these agencies? It is called after its agency. */
static bool is_of(const struct record *account, const struct report_ids *agencies)
{
	AUTO(str_clear) struct str name = STR_INIT(STR_NO_LIMIT), own = STR_INIT(STR_NO_LIMIT);

	report_text(account, "Name", &name);
	for (size_t i = 0; i < agencies->count; i++) {
		report_text(agencies->records[i], "DisplayName", &own);
		str_add(&own, " Payable");
		if (strcmp(own.text, name.text) == 0)
			return true;
	}
	return agencies->count == 0;
}

static void accounts_init(struct tax_accounts *accounts, struct company *company,
			  const struct report_ids *agencies)
{
	const struct table *table = company_table(company, entity_by_name("Account", false));

	for (size_t i = 0; i < table->count; i++) {
		if (!json_equals(json_find(table->by_id[i]->text, table->by_id[i]->len,
					   "AccountSubType"),
				 "GlobalTaxPayable") ||
		    !is_of(table->by_id[i], agencies))
			continue;
		memory_grow(&accounts->rows, &accounts->room, accounts->count + 1,
			    sizeof(*accounts->rows));
		accounts->rows[accounts->count++] =
			(struct tax_account){ .account = table->by_id[i] };
	}
}

static void take_record(void *ctx, const struct record *record)
{
	struct tax_accounts *accounts = ctx;

	for (uint32_t i = 0; i < record->posting_count; i++)
		for (size_t k = 0; k < accounts->count; k++) {
			if (accounts->rows[k].account != record->postings[i].account)
				continue;
			accounts->rows[k].cents[kind_of(record)] -= record->postings[i].cents;
			accounts->rows[k].any = true;
		}
}

static void add_line(struct report *report, const char *name, int64_t cents)
{
	report_open(report, ROW_OPEN);
	report_cell(report, name, NULL);
	report_money(report, cents);
	report_add(report, DATA_CLOSE);
}

/* One account's section. Returns what it took in all. */
static int64_t add_account(struct report *report, const struct tax_account *row)
{
	AUTO(str_clear) struct str name = STR_INIT(STR_NO_LIMIT), total = STR_INIT(STR_NO_LIMIT);
	int64_t sum = 0;

	report_name(row->account, &name);
	report_open(report, SECTION_OPEN);
	report_cell(report, name.text, row->account->id);
	report_empty(report, 1);
	report_add(report, SECTION_ROWS);
	for (size_t i = 0; i < TAX_KIND_COUNT; i++) {
		add_line(report, kind_names[i], row->cents[i]);
		sum += row->cents[i];
	}
	str_addf(&total, "Total %s", name.text);
	report_add(report, SECTION_SUMMARY);
	report_cell(report, total.text, NULL);
	report_money(report, sum);
	report_add(report, SECTION_CLOSE);
	return sum;
}

bool report_tax(struct report *report, struct str *out)
{
	AUTO(accounts_clear) struct tax_accounts accounts = { 0 };
	AUTO(str_clear) struct str columns = STR_INIT(STR_NO_LIMIT);
	struct report_head head = { .by_total = true };
	struct report_ids agencies;
	int64_t total = 0;

	if (report->company->preferences.tax_mode != TAX_VAT)
		return fault_set(report->fault, 5030, "ReportName",
				 "Feature Not Supported Error : TaxSummary is not for companies in "
				 "the United States.");
	if (!report_read_basis(report) ||
	    !report_read_ids(report, "agency_id", "TaxAgency", &agencies) ||
	    !period_read(report->company, report->request, &report->period, report->fault))
		return false;
	accounts_init(&accounts, report->company, &agencies);
	report_each(report->company, report->period.start, report->period.end, take_record,
		    &accounts);
	for (size_t i = 0; i < accounts.count; i++) {
		if (!accounts.rows[i].any)
			continue;
		total += add_account(report, &accounts.rows[i]);
		head.row_count++;
	}
	if (head.row_count > 0) {
		report_open(report, TOTAL_OPEN);
		report_cell(report, "TOTAL", NULL);
		report_money(report, total);
		report_add(report, TOTAL_CLOSE);
	}
	report_column(&columns, "", "String", NULL);
	report_column(&columns, "Total", "Money", NULL);
	head.columns = columns.text;
	report_finish(report, &head, out);
	return true;
}
