/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * GeneralLedger: each account with what it stood at when the period began, and each posting since.
 * A row is what a transaction posts to an account for one party; accounts below others are sections
 * within theirs.
 */
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "quickbooks/report_impl.h"
#include "world.h"

struct general {
	struct report *report;
	struct report_columns columns;
	struct report_ids wanted, customers, vendors;
	struct report_accounts accounts; /* `cents`: when the period began */
	struct date year_start;
	size_t rows;
};

static const enum report_column usual[] = {
	COLUMN_DATE, COLUMN_TYPE,  COLUMN_NUMBER, COLUMN_NAME,
	COLUMN_MEMO, COLUMN_SPLIT, COLUMN_AMOUNT, COLUMN_BALANCE,
};
#define ALLOWED                                                                                    \
	(1u << COLUMN_DATE | 1u << COLUMN_TYPE | 1u << COLUMN_NUMBER | 1u << COLUMN_NAME |         \
	 1u << COLUMN_CUSTOMER | 1u << COLUMN_VENDOR | 1u << COLUMN_MEMO | 1u << COLUMN_ACCOUNT |  \
	 1u << COLUMN_SPLIT | 1u << COLUMN_CREATED | 1u << COLUMN_CHANGED | 1u << COLUMN_DEBIT |   \
	 1u << COLUMN_CREDIT | 1u << COLUMN_AMOUNT | 1u << COLUMN_BALANCE)

/* Is it of those that the report is limited to? */
static bool takes(const struct general *general, const struct record *account,
		  const struct record *party)
{
	bool customer = general->customers.count > 0, vendor = general->vendors.count > 0;

	if (!report_ids_allow(&general->wanted, account))
		return false;
	return (!customer && !vendor) ||
	       (customer && report_ids_allow(&general->customers, party)) ||
	       (vendor && report_ids_allow(&general->vendors, party));
}

static void take_record(void *ctx, const struct record *record)
{
	struct general *general = ctx;
	bool opening = record->date.day < general->report->period.start.day;
	bool by_party = general->customers.count > 0 || general->vendors.count > 0;

	for (uint32_t i = 0; i < record->posting_count; i++) {
		const struct posting *posting = &record->postings[i];
		struct report_account *row = report_accounts_target(&general->accounts, record,
								    posting, general->year_start);
		struct report_entry entry = { .record = record,
					      .account = posting->account,
					      .cents = posting->cents };

		if (!opening || by_party)
			entry.party = report_party(general->report->company, record, posting);
		if (!takes(general, row->account, entry.party))
			continue;
		if (opening)
			row->cents += posting->cents;
		else
			report_entries_add(&row->entries, entry);
	}
}

/* Amounts as the account naturally moves, and what it stands at after each. Returns their sum. */
static int64_t run_balance(struct report_account *row)
{
	int64_t sign = report_account_sign(row->account), moved = 0;

	report_entries_sort(NULL, &row->entries);
	for (size_t i = 0; i < row->entries.count; i++) {
		struct report_entry *entry = &row->entries.rows[i];

		entry->amount = sign * entry->cents;
		moved += entry->amount;
		entry->balance = sign * row->cents + moved;
	}
	return moved;
}

/* The account's own rows; what moved is added to `moved`. */
static void add_own(struct general *general, struct report_account *row, int64_t *moved)
{
	struct report *report = general->report;
	int64_t opening = report_account_sign(row->account) * row->cents;

	if (opening != 0) {
		report_open(report, ROW_OPEN);
		report_entry_total(report, &general->columns, "Beginning Balance", NULL, NULL,
				   &opening);
		report_add(report, DATA_CLOSE);
		general->rows++;
	}
	*moved += run_balance(row);
	report_entries_sort(&general->columns, &row->entries);
	for (size_t i = 0; i < row->entries.count; i++)
		report_entry_row(report, &general->columns, &row->entries.rows[i]);
	general->rows += row->entries.count;
}

static bool has_rows(const struct report_account *row)
{
	return row->cents != 0 || row->entries.count > 0;
}

/* Has it rows, or any account below it? */
static bool is_shown(const struct general *general, const struct report_account *row)
{
	for (size_t i = 0; i < general->accounts.count; i++) {
		const struct record *each = general->accounts.rows[i].account;

		if (!has_rows(&general->accounts.rows[i]))
			continue;
		for (; each && each != row->account; each = each->above)
			;
		if (&general->accounts.rows[i] == row || (row->account && each == row->account))
			return true;
	}
	return false;
}

/* Accounts below others go by their own name, and by no id unless the switch says so. */
static void add_title(struct general *general, const struct report_account *row)
{
	const struct switches *switches = &general->report->company->simulator->switches;
	bool below = row->account && row->account->above;
	bool with_id = !below || switches_is(switches, SWITCH_SUB_ACCOUNT_ID, "given");
	AUTO(str_clear) struct str name = STR_INIT(STR_NO_LIMIT);

	if (row->account)
		report_text(row->account, "Name", &name);
	report_open(general->report, SECTION_OPEN);
	report_cell(general->report, below ? name.text : row->name,
		    !with_id ? NULL : row->account ? row->account->id : "");
	report_empty(general->report, general->columns.count - 1);
}

static void add_section(struct general *general, struct report_account *row, int64_t *ret_moved,
			bool *ret_any)
{
	struct report *report = general->report;
	AUTO(str_clear) struct str total = STR_INIT(STR_NO_LIMIT), name = STR_INIT(STR_NO_LIMIT);
	int64_t moved = 0;
	bool any = row->entries.count > 0, parent = false;

	if (!is_shown(general, row))
		return;
	add_title(general, row);
	report_add(report, SECTION_ROWS);
	add_own(general, row, &moved);
	for (size_t i = 0; i < general->accounts.count && row->account; i++) {
		struct report_account *each = &general->accounts.rows[i];

		if (!each->account || each->account->above != row->account)
			continue;
		parent = parent || is_shown(general, each);
		add_section(general, each, &moved, &any);
	}
	report_add(report, SECTION_SUMMARY);
	if (row->account && row->account->above)
		report_text(row->account, "Name", &name);
	str_addf(&total, "Total for %s%s", name.len ? name.text : row->name,
		 parent && has_rows(row) ? " with sub-accounts" : "");
	report_entry_total(report, &general->columns, total.text, NULL, any ? &moved : NULL, NULL);
	report_add(report, SECTION_CLOSE);
	*ret_moved += moved;
	*ret_any = *ret_any || any;
}

static bool read_wishes(struct general *general)
{
	struct report *report = general->report;

	return report_read_basis(report) &&
	       report_refuse(report, "class|department|source_account|source_account_type|"
				     "account_type|item|name|summarize_column_by") &&
	       report_columns_read(report, usual, ARRAY_LEN(usual), ALLOWED, &general->columns) &&
	       report_read_ids(report, "account", "Account", &general->wanted) &&
	       report_read_ids(report, "customer", "Customer", &general->customers) &&
	       report_read_ids(report, "vendor", "Vendor", &general->vendors) &&
	       period_read(report->company, report->request, &report->period, report->fault);
}

static void general_clear(struct general *general)
{
	report_accounts_clear(&general->accounts);
}

bool report_ledger(struct report *report, struct str *out)
{
	AUTO(general_clear) struct general general = { .report = report };
	AUTO(str_clear) struct str columns = STR_INIT(STR_NO_LIMIT);
	struct company *company = report->company;
	struct report_head head = { .basis = true,
				    .customer = report_parameter(report, "customer"),
				    .vendor = report_parameter(report, "vendor") };
	int64_t moved = 0;
	bool any = false;

	if (!read_wishes(&general))
		return false;
	general.year_start = period_fiscal_start(report->period.start,
						 company->preferences.fiscal_month);
	report_accounts_init(&general.accounts, company);
	report_each(company, (struct date){ INT32_MIN }, report->period.end, take_record, &general);
	report_accounts_sort(&general.accounts);
	for (size_t i = 0; i < general.accounts.count; i++)
		if (!general.accounts.rows[i].account || !general.accounts.rows[i].account->above)
			add_section(&general, &general.accounts.rows[i], &moved, &any);
	head.row_count = general.rows;
	report_columns_json(report, &general.columns, &columns);
	head.columns = columns.text;
	report_finish(report, &head, out);
	return true;
}
