/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TransactionList: one row for each transaction, also for those that post nothing. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ledgerdeck/core/decimal.h"
#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"
#include "quickbooks/report_impl.h"
#include "quickbooks/rules.h"
#include "quickbooks/zone.h"

enum grouping {
	GROUP_NONE,
	GROUP_NAME,
	GROUP_CUSTOMER,
	GROUP_VENDOR,
	GROUP_ACCOUNT,
	GROUP_TYPE,
	GROUP_DAY,
	GROUP_MONTH
};

static const struct {
	const char *word;
	enum report_column column; /* whose text is the section's name */
} groupings[] = {
	[GROUP_NONE] = { "None", COLUMN_COUNT },
	[GROUP_NAME] = { "Name", COLUMN_NAME },
	[GROUP_CUSTOMER] = { "Customer", COLUMN_CUSTOMER },
	[GROUP_VENDOR] = { "Vendor", COLUMN_VENDOR },
	[GROUP_ACCOUNT] = { "Account", COLUMN_ACCOUNT },
	[GROUP_TYPE] = { "Transaction Type", COLUMN_TYPE },
	[GROUP_DAY] = { "Day", COLUMN_DATE },
	[GROUP_MONTH] = { "Month", COLUMN_DATE },
};

/* Groupings that the service has and the simulator has not. */
static const char *const other_groupings[] = {
	"Employee", "Location", "Payment Method", "Week",
	"Quarter",  "Year",	"Fiscal Year",	  "Fiscal Quarter",
};

struct list {
	struct report *report;
	struct report_columns columns;
	struct report_ids customers, vendors;
	struct date first_change, last_change;
	const char *types; /* the parameter; NULL: all */
	size_t grouping;
	struct report_entries entries;
};

static const enum report_column usual[] = {
	COLUMN_DATE, COLUMN_TYPE,    COLUMN_NUMBER, COLUMN_POSTS,  COLUMN_NAME,
	COLUMN_MEMO, COLUMN_ACCOUNT, COLUMN_OTHER,  COLUMN_AMOUNT,
};
#define ALLOWED                                                                                    \
	(1u << COLUMN_DATE | 1u << COLUMN_TYPE | 1u << COLUMN_NUMBER | 1u << COLUMN_POSTS |        \
	 1u << COLUMN_NAME | 1u << COLUMN_MEMO | 1u << COLUMN_DUE | 1u << COLUMN_ACCOUNT |         \
	 1u << COLUMN_OTHER | 1u << COLUMN_CREATED | 1u << COLUMN_CHANGED | 1u << COLUMN_AMOUNT)

/* ---- what a row shows */

/* The account that a transaction is kept under: what it is paid from or into, or who owes it. */
static const struct {
	const char *entity, *path; /* path NULL: the receivable or payable account it posts to */
} homes[] = {
	{ "Invoice", NULL },
	{ "CreditMemo", NULL },
	{ "Bill", NULL },
	{ "VendorCredit", NULL },
	{ "Payment", "DepositToAccountRef.value" },
	{ "SalesReceipt", "DepositToAccountRef.value" },
	{ "RefundReceipt", "DepositToAccountRef.value" },
	{ "Deposit", "DepositToAccountRef.value" },
	{ "BillPayment", "CheckPayment.BankAccountRef.value" },
	{ "BillPayment", "CreditCardPayment.CCAccountRef.value" },
	{ "Purchase", "AccountRef.value" },
	{ "Transfer", "FromAccountRef.value" },
	{ "CreditCardPayment", "BankAccountRef.value" },
	{ "InventoryAdjustment", "AdjustAccountRef.value" },
};

static const struct record *named_account(struct company *company, const struct record *record,
					  const char *path)
{
	AUTO(str_clear) struct str id = STR_INIT(STR_NO_LIMIT);

	report_text(record, path, &id);
	return id.len > 0 && id.len < ID_MAX ? company_get(company, "Account", id.text) : NULL;
}

static const struct record *home_account(struct company *company, const struct record *record)
{
	for (size_t i = 0; i < ARRAY_LEN(homes); i++) {
		const struct record *account = NULL;

		if (strcmp(homes[i].entity, record->entity->name) != 0)
			continue;
		if (homes[i].path)
			account = named_account(company, record, homes[i].path);
		for (uint32_t k = 0; k < record->posting_count && !homes[i].path && !account; k++)
			if (account_is(record->postings[k].account,
				       "Accounts Receivable|Accounts Payable"))
				account = record->postings[k].account;
		if (account)
			return account;
	}
	return record->posting_count > 0 ? record->postings[0].account : NULL;
}

/* The total of what posts nothing, in the home currency. */
static int64_t total_of(const struct record *record)
{
	struct json_slice total = json_find(record->text, record->len, "TotalAmt");
	struct json_slice rate = json_find(record->text, record->len, "ExchangeRate");
	struct decimal value = { 0, 2 }, by = { 1, 0 };

	if (rate.kind == JSON_NUMBER)
		decimal_parse(rate.text, rate.len, &by);
	if (total.kind != JSON_NUMBER || !decimal_parse(total.text, total.len, &value) ||
	    !decimal_multiply(value, by, 2, &value))
		return 0;
	return value.digits;
}

static int64_t amount_of(const struct report_entry *entry)
{
	int64_t sum = 0;

	if (!report_posts(entry->record))
		return total_of(entry->record);
	for (uint32_t i = 0; i < entry->record->posting_count; i++)
		if (entry->record->postings[i].account == entry->account)
			sum += entry->record->postings[i].cents;
	return entry->account ? report_account_sign(entry->account) * sum : 0;
}

/* ---- which ones */

static bool has_type(const struct list *list, const char *word)
{
	const char *at = list->types;

	while (at && *at) {
		size_t len = strcspn(at, ",");

		if (strlen(word) == len && strncasecmp(at, word, len) == 0)
			return true;
		at += len + (at[len] == ',');
	}
	return !list->types;
}

static bool takes(const struct list *list, const struct record *record, const struct record *party)
{
	bool customer = list->customers.count > 0, vendor = list->vendors.count > 0;
	int32_t changed =
		date_of_ms(record->updated_ms, zone_pacific_offset_s(record->updated_ms)).day;
	const char *word;

	report_type_name(record, &word);
	if (changed < list->first_change.day || changed > list->last_change.day ||
	    !has_type(list, word))
		return false;
	return (!customer && !vendor) || (customer && report_ids_allow(&list->customers, party)) ||
	       (vendor && report_ids_allow(&list->vendors, party));
}

static void take_record(void *ctx, const struct record *record)
{
	struct list *list = ctx;
	struct company *company = list->report->company;
	struct report_entry entry = { .record = record, .due = record->date };

	entry.party = report_party(company, record, NULL);
	if (!takes(list, record, entry.party))
		return;
	entry.due = report_due(record);
	entry.account = home_account(company, record);
	entry.amount = amount_of(&entry);
	report_entries_add(&list->entries, entry);
}

/* ---- sections */

struct grouped {
	char *name; /* owned */
	const struct report_entry *entry;
};

static char *group_name(const struct list *list, const struct report_entry *entry)
{
	struct str name = STR_INIT(STR_NO_LIMIT);

	report_entry_text(entry, groupings[list->grouping].column, &name);
	if (list->grouping == GROUP_MONTH)
		str_truncate(&name, strlen("2026-01"));
	if (name.len == 0)
		str_add(&name, "Not Specified");
	return str_take(&name);
}

static int compare_groups(const void *a, const void *b)
{
	const struct grouped *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order ? order : (x->entry > y->entry) - (x->entry < y->entry);
}

static void add_groups(struct list *list)
{
	struct report *report = list->report;
	size_t count = list->entries.count;
	struct grouped *groups = memory_new((count + 1) * sizeof(*groups));

	for (size_t i = 0; i < count; i++)
		groups[i] = (struct grouped){ group_name(list, &list->entries.rows[i]),
					      &list->entries.rows[i] };
	qsort(groups, count, sizeof(*groups), compare_groups);
	for (size_t i = 0, next; i < count; i = next) {
		AUTO(str_clear) struct str total = STR_INIT(STR_NO_LIMIT);
		AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);
		int64_t sum = 0;

		report_open(report, SECTION_OPEN);
		report_cell(report, groups[i].name,
			    report_entry_text(groups[i].entry, groupings[list->grouping].column,
					      &text));
		report_empty(report, list->columns.count - 1);
		report_add(report, SECTION_ROWS);
		for (next = i; next < count && strcmp(groups[next].name, groups[i].name) == 0;
		     next++) {
			sum += groups[next].entry->amount;
			report_entry_row(report, &list->columns, groups[next].entry);
		}
		report_add(report, SECTION_SUMMARY);
		str_addf(&total, "Total for %s", groups[i].name);
		report_entry_total(report, &list->columns, total.text, NULL, &sum, NULL);
		report_add(report, SECTION_CLOSE);
	}
	for (size_t i = 0; i < count; i++)
		free(groups[i].name);
	free(groups);
}

/* ---- the report */

static bool read_types(struct list *list)
{
	const char *at = list->types = report_parameter(list->report, "transaction_type");

	while (at && *at) {
		size_t len = strcspn(at, ",");
		AUTO(memory_freep) char *word = memory_copy(at, len);

		if (!report_type_known(word))
			return fault_set(list->report->fault, 2170, "transaction_type",
					 "Invalid Enumeration : %.200s", word);
		at += len + (at[len] == ',');
	}
	return true;
}

static bool read_grouping(struct list *list)
{
	const char *word = report_parameter(list->report, "group_by");

	for (size_t i = 0; word && i < ARRAY_LEN(groupings); i++) {
		if (strcasecmp(word, groupings[i].word) != 0)
			continue;
		list->grouping = i;
		return true;
	}
	for (size_t i = 0; word && i < ARRAY_LEN(other_groupings); i++)
		if (strcasecmp(word, other_groupings[i]) == 0)
			return fault_set(list->report->fault, 5030, "group_by",
					 "Feature Not Supported Error : TransactionList can't be "
					 "grouped by %s.",
					 word);
	return !word || fault_set(list->report->fault, 2170, "group_by",
				  "Invalid Enumeration : %.200s", word);
}

static bool read_changes(struct list *list)
{
	struct report *report = list->report;

	list->first_change.day = INT32_MIN;
	list->last_change.day = INT32_MAX;
	if (!period_read_date(report->request, "start_moddate", &list->first_change,
			      report->fault) ||
	    !period_read_date(report->request, "end_moddate", &list->last_change, report->fault))
		return false;
	return list->first_change.day <= list->last_change.day ||
	       fault_set(report->fault, 2190, "start_moddate",
			 "Invalid Date Range : start_moddate is later than end_moddate");
}

static bool read_wishes(struct list *list)
{
	struct report *report = list->report;

	return report_refuse(report,
			     "class|department|account|source_account|source_account_type|"
			     "account_type|item|name|term|memo|docnum|payment_method|cleared|"
			     "printed|arpaid|appaid|bothamount|start_duedate|end_duedate|"
			     "duedate_macro|start_createdate|end_createdate|createdate_macro|"
			     "moddate_macro") &&
	       read_types(list) && read_grouping(list) && read_changes(list) &&
	       report_columns_read(report, usual, ARRAY_LEN(usual), ALLOWED, &list->columns) &&
	       report_read_ids(report, "customer", "Customer", &list->customers) &&
	       report_read_ids(report, "vendor", "Vendor", &list->vendors) &&
	       period_read(report->company, report->request, &report->period, report->fault);
}

static void list_clear(struct list *list)
{
	report_entries_clear(&list->entries);
}

bool report_list(struct report *report, struct str *out)
{
	AUTO(list_clear) struct list list = { .report = report };
	AUTO(str_clear) struct str columns = STR_INIT(STR_NO_LIMIT);
	struct report_head head = { .customer = report_parameter(report, "customer"),
				    .vendor = report_parameter(report, "vendor") };

	if (!read_wishes(&list))
		return false;
	report_each(report->company, report->period.start, report->period.end, take_record, &list);
	report_entries_sort(&list.columns, &list.entries);
	if (list.grouping != GROUP_NONE)
		add_groups(&list);
	for (size_t i = 0; list.grouping == GROUP_NONE && i < list.entries.count; i++)
		report_entry_row(report, &list.columns, &list.entries.rows[i]);
	head.row_count = list.entries.count;
	report_columns_json(report, &list.columns, &columns);
	head.columns = columns.text;
	report_finish(report, &head, out);
	return true;
}
