/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Transactions and postings as rows: what they are called, and what stands in which column. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ledgerdeck/core/decimal.h"
#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"
#include "quickbooks/report_impl.h"
#include "quickbooks/zone.h"

/* ---- names */

/* What transactions are called; the first row that fits counts. */
static const struct {
	const char *entity, *path, *text; /* path NULL: any of the entity */
	const char *name, *word;          /* as shown; in the parameter transaction_type */
	bool posts;
} types[] = {
	{ "Invoice", NULL, NULL, "Invoice", "Invoice", true },
	{ "Payment", NULL, NULL, "Payment", "ReceivePayment", true },
	{ "CreditMemo", NULL, NULL, "Credit Memo", "CreditMemo", true },
	{ "SalesReceipt", NULL, NULL, "Sales Receipt", "SalesReceipt", true },
	{ "RefundReceipt", NULL, NULL, "Refund", "CreditRefund", true },
	{ "Bill", NULL, NULL, "Bill", "Bill", true },
	{ "BillPayment", "PayType", "CreditCard", "Bill Payment (Credit Card)",
	  "BillPaymentCreditCard", true },
	{ "BillPayment", NULL, NULL, "Bill Payment (Check)", "BillPaymentCheck", true },
	{ "VendorCredit", NULL, NULL, "Vendor Credit", "VendorCredit", true },
	{ "Purchase", "PaymentType", "Check", "Check", "Check", true },
	{ "Purchase", "PaymentType", "Cash", "Cash Expense", "CashPurchase", true },
	{ "Purchase", "Credit", "true", "Credit Card Credit", "CreditCardCredit", true },
	{ "Purchase", NULL, NULL, "Credit Card Expense", "CreditCardCharge", true },
	{ "JournalEntry", NULL, NULL, "Journal Entry", "JournalEntry", true },
	{ "Deposit", NULL, NULL, "Deposit", "Deposit", true },
	{ "Transfer", NULL, NULL, "Transfer", "Transfer", true },
	{ "CreditCardPayment", NULL, NULL, "Credit Card Payment", "CreditCardPayment", true },
	{ "InventoryAdjustment", NULL, NULL, "Inventory Qty Adjust", "InventoryQuantityAdjustment",
	  true },
	{ "Item", NULL, NULL, "Inventory Starting Value", "InventoryStartingValue", true },
	{ "Estimate", NULL, NULL, "Estimate", "Estimate", false },
	{ "PurchaseOrder", NULL, NULL, "Purchase Order", "PurchaseOrder", false },
	{ "ReimburseCharge", NULL, NULL, "Billable Expense Charge", "BillableCharge", false },
	{ "TimeActivity", NULL, NULL, "Time Charge", "TimeActivity", false },
};

static size_t type_of(const struct record *record)
{
	for (size_t i = 0; i + 1 < ARRAY_LEN(types); i++) {
		struct json_slice slice;

		if (strcmp(types[i].entity, record->entity->name) != 0)
			continue;
		if (!types[i].path)
			return i;
		slice = json_find(record->text, record->len, types[i].path);
		if (slice.kind == JSON_BOOL ? slice.text[0] == types[i].text[0]
					    : json_equals(slice, types[i].text))
			return i;
	}
	return ARRAY_LEN(types) - 1;
}

const char *report_type_name(const struct record *record, const char **ret_word)
{
	size_t type = type_of(record);

	if (ret_word)
		*ret_word = types[type].word;
	return types[type].name;
}

bool report_type_known(const char *word)
{
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (strcasecmp(types[i].word, word) == 0)
			return true;
	return false;
}

bool report_posts(const struct record *record)
{
	return types[type_of(record)].posts;
}

const struct record *report_party(struct company *company, const struct record *record,
				  const struct posting *posting)
{
	static const struct {
		const char *path, *entity;
	} places[] = {
		{ "CustomerRef.value", "Customer" }, { "VendorRef.value", "Vendor" },
		{ "EntityRef.value", "Vendor" },     { "EntityRef.value", "Customer" },
		{ "EntityRef.value", "Employee" },   { "EmployeeRef.value", "Employee" },
	};
	AUTO(str_clear) struct str id = STR_INIT(STR_NO_LIMIT);

	if (posting && posting->party && strcmp(posting->party->entity->name, "Item") != 0)
		return posting->party;
	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		const struct record *party;

		if (!*report_text(record, places[i].path, &id) || id.len >= ID_MAX)
			continue;
		party = company_get(company, places[i].entity, id.text);
		if (party)
			return party;
	}
	return NULL;
}

/* ---- columns */

static const struct {
	const char *key, *title;
	const char *home; /* key in a company of several currencies; NULL: the same */
	bool is_money;
} columns[] = {
	[COLUMN_DATE] = { "tx_date", "Date", NULL, false },
	[COLUMN_TYPE] = { "txn_type", "Transaction Type", NULL, false },
	[COLUMN_NUMBER] = { "doc_num", "Num", NULL, false },
	[COLUMN_POSTS] = { "is_no_post", "Posting", NULL, false },
	[COLUMN_NAME] = { "name", "Name", NULL, false },
	[COLUMN_CUSTOMER] = { "cust_name", "Customer", NULL, false },
	[COLUMN_VENDOR] = { "vend_name", "Vendor", NULL, false },
	[COLUMN_MEMO] = { "memo", "Memo/Description", NULL, false },
	[COLUMN_DUE] = { "due_date", "Due Date", NULL, false },
	[COLUMN_PAST_DUE] = { "past_due", "Past Due", NULL, false },
	[COLUMN_ACCOUNT] = { "account_name", "Account", NULL, false },
	[COLUMN_SPLIT] = { "split_acc", "Split", NULL, false },
	[COLUMN_OTHER] = { "other_account", "Split", NULL, false },
	[COLUMN_CREATED] = { "create_date", "Create Date", NULL, false },
	[COLUMN_CHANGED] = { "last_mod_date", "Last Modified", NULL, false },
	[COLUMN_DEBIT] = { "debt_amt", "Debit", "debt_home_amt", true },
	[COLUMN_CREDIT] = { "credit_amt", "Credit", "credit_home_amt", true },
	[COLUMN_AMOUNT] = { "subt_nat_amount", "Amount", "subt_nat_home_amount", true },
	[COLUMN_BALANCE] = { "rbal_nat_amount", "Balance", "rbal_nat_home_amount", true },
	[COLUMN_TOTAL] = { "subt_amount", "Amount", "subt_home_amount", true },
	[COLUMN_OPEN] = { "subt_open_bal", "Open Balance", "subt_home_open_bal", true },
	[COLUMN_CURRENCY] = { "currency", "Currency", NULL, false },
	[COLUMN_RATE] = { "exch_rate", "Exchange Rate", NULL, false },
	[COLUMN_FOREIGN] = { "foreign_amount", "Foreign Amount", NULL, true },
	[COLUMN_FOREIGN_OPEN] = { "foreign_open_bal", "Foreign Open Balance", NULL, true },
};
_Static_assert(ARRAY_LEN(columns) == COLUMN_COUNT, "a row for each column");

static const char *column_key(const struct report *report, enum report_column column)
{
	bool many = report->company->preferences.multicurrency;

	return many && columns[column].home ? columns[column].home : columns[column].key;
}

/* One of the columns that the report has, by either key. False with a fault. */
static bool column_find(struct report *report, const char *parameter, const char *word,
			unsigned allowed, enum report_column *ret_column)
{
	for (size_t i = 0; i < COLUMN_COUNT; i++) {
		if (!(allowed & 1u << i) ||
		    (i >= COLUMN_CURRENCY && !report->company->preferences.multicurrency) ||
		    (strcmp(word, columns[i].key) != 0 &&
		     (!columns[i].home || strcmp(word, columns[i].home) != 0)))
			continue;
		*ret_column = (enum report_column)i;
		return true;
	}
	return fault_set(report->fault, 2170, parameter, "Invalid Enumeration : %.200s", word);
}

static bool columns_read_list(struct report *report, const char *list, unsigned allowed,
			      struct report_columns *ret)
{
	ret->count = 0;
	while (*list) {
		size_t len = strcspn(list, ",");
		AUTO(memory_freep) char *word = memory_copy(list, len);
		enum report_column column;
		bool seen = false;

		if (!column_find(report, "columns", word, allowed, &column))
			return false;
		for (size_t i = 0; i < ret->count; i++)
			seen = seen || ret->shown[i] == column;
		if (!seen)
			ret->shown[ret->count++] = column;
		list += len + (list[len] == ',');
	}
	return true;
}

bool report_columns_read(struct report *report, const enum report_column *usual, size_t usual_count,
			 unsigned allowed, struct report_columns *ret_columns)
{
	const char *list = report_parameter(report, "columns");
	const char *by = report_parameter(report, "sort_by");
	enum report_column column = COLUMN_DATE;

	*ret_columns = (struct report_columns){ .count = usual_count, .sort_by = -1 };
	memcpy(ret_columns->shown, usual, usual_count * sizeof(*usual));
	if (list && !columns_read_list(report, list, allowed, ret_columns))
		return false;
	if (by && !column_find(report, "sort_by", by, allowed, &column))
		return false;
	if (by)
		ret_columns->sort_by = (int)column;
	return report_read_order(report, &ret_columns->descending);
}

void report_columns_json(const struct report *report, const struct report_columns *wanted,
			 struct str *out)
{
	for (size_t i = 0; i < wanted->count; i++)
		report_column(out, columns[wanted->shown[i]].title,
			      column_key(report, wanted->shown[i]), NULL);
}

/* ---- what stands in a column */

static int64_t column_cents(const struct report_entry *entry, enum report_column column)
{
	switch (column) {
	case COLUMN_DEBIT:
		return entry->cents > 0 ? entry->cents : 0;
	case COLUMN_CREDIT:
		return entry->cents < 0 ? -entry->cents : 0;
	case COLUMN_BALANCE:
	case COLUMN_OPEN:
		return entry->balance;
	case COLUMN_FOREIGN:
		return entry->foreign;
	case COLUMN_FOREIGN_OPEN:
		return entry->foreign_balance;
	default:
		return entry->amount;
	}
}

/* The other account of a transaction with two, or the word for several. */
static const char *split_text(const struct report_entry *entry, struct str *out)
{
	const struct record *other = NULL;

	str_reset(out);
	for (uint32_t i = 0; i < entry->record->posting_count; i++) {
		const struct record *account = entry->record->postings[i].account;

		if (account == entry->account || account == other)
			continue;
		if (other) {
			str_add(out, "-Split-");
			return "";
		}
		other = account;
	}
	if (!other)
		return "";
	report_name(other, out);
	return other->id;
}

static void add_date(struct str *out, struct date date)
{
	char text[DATE_TEXT_MAX];

	str_add(out, date_format(date, text));
}

static void add_day_of(struct str *out, int64_t ms)
{
	add_date(out, date_of_ms(ms, zone_pacific_offset_s(ms)));
}

/* Of a name column: its party, when it is of the kind that the column is for. */
static const char *party_text(const struct report_entry *entry, const char *kind, struct str *out)
{
	if (!entry->party || (kind && strcmp(entry->party->entity->name, kind) != 0))
		return "";
	report_name(entry->party, out);
	return entry->party->id;
}

const char *report_entry_text(const struct report_entry *entry, enum report_column column,
			      struct str *out)
{
	const struct record *record = entry->record;
	bool payment = strcmp(record->entity->name, "Payment") == 0;
	struct json_slice rate;

	str_reset(out);
	switch (column) {
	case COLUMN_DATE:
		add_date(out, record->date);
		return NULL;
	case COLUMN_TYPE:
		str_add(out, report_type_name(record, NULL));
		return record->entity->kind == ENTITY_TXN ? record->id : "";
	case COLUMN_NUMBER:
		report_text(record, payment ? "PaymentRefNum" : "DocNumber", out);
		return NULL;
	case COLUMN_POSTS:
		str_add(out, report_posts(record) ? "Yes" : "No");
		return NULL;
	case COLUMN_NAME:
		return party_text(entry, NULL, out);
	case COLUMN_CUSTOMER:
		return party_text(entry, "Customer", out);
	case COLUMN_VENDOR:
		return party_text(entry, "Vendor", out);
	case COLUMN_MEMO:
		report_text(record, "PrivateNote", out);
		return NULL;
	case COLUMN_DUE:
		add_date(out, entry->due);
		return NULL;
	case COLUMN_PAST_DUE:
		str_addf(out, "%d", (int)entry->past_due);
		return NULL;
	case COLUMN_ACCOUNT:
		if (entry->account)
			report_name(entry->account, out);
		return entry->account ? entry->account->id : "";
	case COLUMN_CURRENCY:
		report_text(record, "CurrencyRef.value", out);
		return NULL;
	case COLUMN_RATE:
		rate = json_find(record->text, record->len, "ExchangeRate");
		str_add_bytes(out, rate.kind == JSON_NUMBER ? rate.text : "", rate.kind == JSON_NUMBER ? rate.len : 0);
		return NULL;
	case COLUMN_CREATED:
		add_day_of(out, record->created_ms);
		return NULL;
	case COLUMN_CHANGED:
		add_day_of(out, record->updated_ms);
		return NULL;
	default:
		return split_text(entry, out);
	}
}

/* ---- rows */

void report_entries_add(struct report_entries *entries, struct report_entry entry)
{
	memory_grow(&entries->rows, &entries->room, entries->count + 1, sizeof(*entries->rows));
	entry.place = entries->count;
	entries->rows[entries->count++] = entry;
}

void report_entries_clear(struct report_entries *entries)
{
	for (size_t i = 0; i < entries->count; i++)
		free(entries->rows[i].key);
	free(entries->rows);
	*entries = (struct report_entries){ 0 };
}

static int compare_entries(const void *a, const void *b)
{
	const struct report_entry *x = a, *y = b;
	int order = x->key ? strcmp(x->key, y->key) : 0;

	if (order == 0)
		order = (x->record->date.day > y->record->date.day) -
			(x->record->date.day < y->record->date.day);
	if (order == 0)
		order = id_compare(x->record->id, y->record->id);
	return order ? order : (x->place > y->place) - (x->place < y->place);
}

/* Amounts sort as numbers: moved so that none is negative, with zeros before. */
static char *key_of(const struct report_entry *entry, enum report_column column)
{
	struct str key = STR_INIT(STR_NO_LIMIT);

	if (columns[column].is_money)
		str_addf(&key, "%020llu",
			 (unsigned long long)column_cents(entry, column) + ((uint64_t)1 << 63));
	else if (column == COLUMN_PAST_DUE)
		str_addf(&key, "%011lld", (long long)entry->past_due - INT32_MIN);
	else
		report_entry_text(entry, column, &key);
	return str_take(&key);
}

void report_entries_sort(const struct report_columns *wanted, struct report_entries *entries)
{
	for (size_t i = 0; i < entries->count && wanted && wanted->sort_by >= 0; i++)
		entries->rows[i].key =
			key_of(&entries->rows[i], (enum report_column)wanted->sort_by);
	if (entries->count > 0)
		qsort(entries->rows, entries->count, sizeof(*entries->rows), compare_entries);
	for (size_t i = 0; wanted && wanted->descending && i < entries->count / 2; i++) {
		struct report_entry kept = entries->rows[i];

		entries->rows[i] = entries->rows[entries->count - 1 - i];
		entries->rows[entries->count - 1 - i] = kept;
	}
}

void report_entry_row(struct report *report, const struct report_columns *wanted,
		      const struct report_entry *entry)
{
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);

	if (report_is_full(report))
		return;
	report_open(report, ROW_OPEN);
	for (size_t i = 0; i < wanted->count; i++) {
		enum report_column column = wanted->shown[i];
		const char *id;

		if (columns[column].is_money) {
			int64_t cents = column_cents(entry, column);

			if (column == COLUMN_DEBIT || column == COLUMN_CREDIT)
				report_figure(report, cents);
			else
				report_money(report, cents);
			continue;
		}
		id = report_entry_text(entry, column, &text);
		report_cell(report, text.text, id);
	}
	report_add(report, DATA_CLOSE);
}

void report_entry_total(struct report *report, const struct report_columns *wanted,
			const char *text, const char *id, const int64_t *amount,
			const int64_t *open)
{
	for (size_t i = 0; i < wanted->count; i++) {
		enum report_column column = wanted->shown[i];
		const int64_t *cents = column == COLUMN_AMOUNT || column == COLUMN_TOTAL ? amount
				       : column == COLUMN_BALANCE || column == COLUMN_OPEN ? open
											   : NULL;

		if (i == 0)
			report_cell(report, text, id);
		else if (cents)
			report_money(report, *cents);
		else
			report_empty(report, 1);
	}
}
