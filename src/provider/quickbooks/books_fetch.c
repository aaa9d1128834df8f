/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Asking for a report. Dates are always named, for without them the ledger means this month so far; and columns where rows are to
 * be told apart by them. In a company of several currencies the columns of home amounts have names of their own.
 */
#include <stdio.h>
#include <string.h>

#include "answer.h"
#include "books.h"
#include "call.h"
#include "ledgerdeck/core/memory.h"

#define PATH_MAX_BYTES 8192
#define STATUS_OK 200

static const struct {
	const char *name;
	bool period;                 /* it looks at two dates; else at the last one alone */
	bool basis, aging;
	const char *columns, *home;  /* asked for; NULL: it has its own */
} requests[REPORT_COUNT] = {
	[REPORT_TRIAL_BALANCE] = { .name = "TrialBalance", .period = true, .basis = true },
	[REPORT_GENERAL_LEDGER] = { .name = "GeneralLedger", .period = true, .basis = true,
		.columns = "tx_date,txn_type,doc_num,name,memo,subt_nat_amount,rbal_nat_amount",
		.home = "tx_date,txn_type,doc_num,name,memo,subt_nat_home_amount,rbal_nat_home_amount" },
	[REPORT_TRANSACTIONS] = { .name = "TransactionList", .period = true,
		.columns = "tx_date,txn_type,doc_num,is_no_post,name,memo,subt_nat_amount",
		.home = "tx_date,txn_type,doc_num,is_no_post,name,memo,subt_nat_home_amount" },
	[REPORT_RECEIVABLES] = { .name = "AgedReceivables", .aging = true },
	[REPORT_RECEIVABLES_DETAIL] = { .name = "AgedReceivableDetail", .aging = true,
		.columns = "tx_date,txn_type,doc_num,cust_name,due_date,subt_amount,subt_open_bal",
		.home = "tx_date,txn_type,doc_num,cust_name,due_date,currency,subt_home_amount,subt_home_open_bal,foreign_open_bal" },
	[REPORT_CUSTOMER_BALANCE] = { .name = "CustomerBalance" },
	[REPORT_TAX] = { .name = "TaxSummary", .period = true, .basis = true },
};

const char *books_report_name(enum report report)
{
	return requests[report].name;
}

bool books_report_has_basis(enum report report)
{
	return requests[report].basis;
}

/* The tax report is refused to companies of the United States. */
bool quickbooks_has_report(const struct books_desk *desk, enum report report)
{
	struct json_slice info;
	char country[8] = "";

	if (report != REPORT_TAX)
		return report < REPORT_COUNT;
	if (desk->record(desk->ctx, "CompanyInfo", "", &info))
		books_text(info, "Country", country, sizeof(country));
	return *country && strcmp(country, "US") != 0;
}

static void add_word(struct str *path, const char *name, const char *value)
{
	str_addf(path, "%c%s=", strchr(path->text, '?') ? '&' : '?', name);
	str_add_percent(path, value);
}

static void add_date(struct str *path, const char *name, struct date date)
{
	char text[DATE_TEXT_MAX];

	add_word(path, name, date_format(date, text));
}

static void make_path(const struct report_wish *wish, struct str *path)
{
	const char *columns = wish->currencies ? requests[wish->report].home : requests[wish->report].columns;

	str_addf(path, "reports/%s", requests[wish->report].name);
	if (requests[wish->report].period) {
		add_date(path, "start_date", wish->from);
		add_date(path, "end_date", wish->to);
	} else {
		add_date(path, "report_date", wish->to);
	}
	if (requests[wish->report].basis)
		add_word(path, "accounting_method", "Accrual");
	if (requests[wish->report].aging)
		add_word(path, "aging_method", "Report_Date");
	if (columns)
		add_word(path, "columns", columns);
	if (wish->account)
		add_word(path, "account", wish->account);
	if (wish->party)
		add_word(path, "customer", wish->party);
}

bool quickbooks_fetch_report(struct connection *connection, const struct report_wish *wish, struct page *page, struct error *err)
{
	AUTO(http_answer_clear) struct http_answer answer = HTTP_ANSWER_INIT;
	AUTO(str_clear) struct str path = STR_INIT(PATH_MAX_BYTES);
	struct call call = { .class = HTTP_REPORT };
	struct envelope envelope;
	struct json_slice time;
	bool has_offset;
	int64_t ms;
	char what[64];

	make_path(wish, &path);
	if (str_is_cut(&path))
		return error_set(err, ERROR_INPUT, "a report of more accounts or customers than an address can name");
	snprintf(what, sizeof(what), "report %s", requests[wish->report].name);
	call.what = what;
	call.path = path.text;
	if (!call_send(connection, &call, &answer, err)) {
		/* The sentence in place of a report need not be JSON. */
		if (answer.status != STATUS_OK || !books_is_cut(answer.body.text, answer.body.len))
			return false;
		error_clear(err);
		page_take(page, &answer, answer.date_ms);
		return true;
	}
	answer_open(&answer, "Header", &envelope);
	time = json_member(envelope.payload, "Time");
	if (time.kind == JSON_STRING && stamp_parse(time.text + 1, time.len - 2, &ms, &has_offset) && has_offset)
		envelope.ledger_ms = ms;
	page_take(page, &answer, envelope.ledger_ms);
	return true;
}
