/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TrialBalance: what each account stands at. */
#include <string.h>
#include <strings.h>

#include "ledgerdeck/core/memory.h"
#include "quickbooks/report_impl.h"

struct trial {
	struct report_accounts accounts;
	struct date year_start;
};

static void take_record(void *ctx, const struct record *record)
{
	struct trial *trial = ctx;

	for (uint32_t i = 0; i < record->posting_count; i++)
		report_accounts_target(&trial->accounts, record, &record->postings[i],
				       trial->year_start)
			->cents += record->postings[i].cents;
}

/* The rows that are not zero, and their totals. */
static size_t add_rows(struct report *report, const struct report_accounts *accounts,
		       bool descending)
{
	int64_t debit = 0, credit = 0;
	size_t shown = 0;

	for (size_t i = 0; i < accounts->count; i++) {
		const struct report_account *row =
			&accounts->rows[descending ? accounts->count - 1 - i : i];

		if (row->cents == 0)
			continue;
		shown++;
		report_open(report, ROW_OPEN);
		report_cell(report, row->name, row->account ? row->account->id : "");
		report_figure(report, row->cents > 0 ? row->cents : 0);
		report_figure(report, row->cents < 0 ? -row->cents : 0);
		report_add(report, ROW_CLOSE);
		debit += row->cents > 0 ? row->cents : 0;
		credit -= row->cents < 0 ? row->cents : 0;
	}
	if (shown == 0)
		return 0;
	report_open(report, TOTAL_OPEN);
	report_cell(report, "TOTAL", NULL);
	report_money(report, debit);
	report_money(report, credit);
	report_add(report, TOTAL_CLOSE);
	return shown;
}

static void trial_clear(struct trial *trial)
{
	report_accounts_clear(&trial->accounts);
}

bool report_trial(struct report *report, struct str *out)
{
	AUTO(trial_clear) struct trial trial = { 0 };
	AUTO(str_clear) struct str columns = STR_INIT(STR_NO_LIMIT);
	const char *by = report_parameter(report, "summarize_column_by");
	struct company *company = report->company;
	struct report_head head = { .basis = true, .by_total = by != NULL };
	bool descending;

	if (!report_read_basis(report) || !report_read_order(report, &descending))
		return false;
	if (by && strcasecmp(by, "Total") != 0)
		return fault_set(
			report->fault, 5030, "summarize_column_by",
			"Feature Not Supported Error : TrialBalance has columns by Total only.");
	if (!period_read(company, report->request, &report->period, report->fault))
		return false;
	trial.year_start = period_fiscal_start(report->period.is_all ? company_today(company)
								     : report->period.end,
					       company->preferences.fiscal_month);
	report_accounts_init(&trial.accounts, company);
	report_each(company, (struct date){ INT32_MIN }, report->period.end, take_record, &trial);
	report_accounts_sort(&trial.accounts);
	head.row_count = add_rows(report, &trial.accounts, descending);
	report_column(&columns, "", "Account", NULL);
	report_column(&columns, "Debit", "Money", NULL);
	report_column(&columns, "Credit", "Money", NULL);
	head.columns = columns.text;
	report_finish(report, &head, out);
	return true;
}
