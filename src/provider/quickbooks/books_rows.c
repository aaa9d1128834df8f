/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading a report: sections within sections, rows of cells that are all texts, columns by their keys. Rows may have more cells
 * than there are columns, or fewer; a ledger account below another may go by its own name alone, without an id.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "books.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/text.h"

#define CELLS_MAX 128
#define CUT_TEXT "Unable to display more data"
#define CENTS 2

/* What a column says. */
enum role { ROLE_DATE, ROLE_TYPE, ROLE_NUMBER, ROLE_PARTY, ROLE_MEMO, ROLE_AMOUNT, ROLE_BALANCE, ROLE_DEBIT, ROLE_CREDIT, ROLE_OPEN,
	    ROLE_TOTAL, ROLE_TAX, ROLE_CURRENCY, ROLE_FOREIGN, ROLE_COUNT };

/* By key, else by type, else by title; of several for a role the first of the table counts. */
static const struct { const char *word; enum role role; } column_words[] = {
	{ "tx_date", ROLE_DATE }, { "Date", ROLE_DATE },
	{ "txn_type", ROLE_TYPE }, { "Transaction Type", ROLE_TYPE },
	{ "doc_num", ROLE_NUMBER }, { "Num", ROLE_NUMBER },
	{ "cust_name", ROLE_PARTY }, { "name", ROLE_PARTY }, { "vend_name", ROLE_PARTY }, { "Customer", ROLE_PARTY },
	{ "memo", ROLE_MEMO }, { "Memo/Description", ROLE_MEMO },
	{ "subt_nat_home_amount", ROLE_AMOUNT }, { "subt_home_amount", ROLE_AMOUNT }, { "subt_nat_amount", ROLE_AMOUNT },
	{ "subt_amount", ROLE_AMOUNT }, { "Amount", ROLE_AMOUNT },
	{ "rbal_nat_home_amount", ROLE_BALANCE }, { "rbal_nat_amount", ROLE_BALANCE }, { "Balance", ROLE_BALANCE },
	{ "debt_home_amt", ROLE_DEBIT }, { "debt_amt", ROLE_DEBIT }, { "Debit", ROLE_DEBIT },
	{ "credit_home_amt", ROLE_CREDIT }, { "credit_amt", ROLE_CREDIT }, { "Credit", ROLE_CREDIT },
	{ "subt_home_open_bal", ROLE_OPEN }, { "subt_open_bal", ROLE_OPEN }, { "Open Balance", ROLE_OPEN },
	{ "total", ROLE_TOTAL },
	{ "currency", ROLE_CURRENCY }, { "foreign_open_bal", ROLE_FOREIGN },
	{ "tax_amount", ROLE_TAX }, { "tax_collected", ROLE_TAX }, { "Tax", ROLE_TAX }, { "Tax Amount", ROLE_TAX },
};

struct cells {
	struct json_slice value[CELLS_MAX], id[CELLS_MAX];
	size_t count;
};

struct reading {
	const struct books_desk *desk;
	enum report report;
	struct report_head *head;
	bool (*each)(void *ctx, const struct report_row *row);
	void *ctx;
	bool stopped;
	size_t columns;
	int place[ROLE_COUNT];       /* of its column; -1: there is none */
	size_t rank[ROLE_COUNT];
	struct cells cells;
	/* The section that is open. */
	struct str path;             /* names of accounts from the top, with ":" between */
	char account[RECORD_ID_MAX];
	bool sign_known, credit;     /* how its amounts are to be read */
	struct str texts[9];         /* of one row */
	size_t text_count;
};

bool books_is_cut(const char *text, size_t len)
{
	return len >= strlen(CUT_TEXT) && memmem(text, len, CUT_TEXT, strlen(CUT_TEXT)) != NULL;
}

/* ---- columns */

static void take_column(struct reading *reading, struct json_slice column)
{
	struct json_slice list = json_member(column, "MetaData"), item;
	char names[3][BOOKS_WORD_MAX] = { "", "", "" };
	size_t at = 0;

	while (list.kind == JSON_ARRAY && json_each(list, &at, NULL, &item))
		if (json_equals(json_member(item, "Name"), "ColKey"))
			books_text(item, "Value", names[0], BOOKS_WORD_MAX);
	books_text(column, "ColType", names[1], BOOKS_WORD_MAX);
	books_text(column, "ColTitle", names[2], BOOKS_WORD_MAX);
	for (size_t n = 0; n < ARRAY_LEN(names); n++)
		for (size_t i = 0; i < ARRAY_LEN(column_words); i++) {
			enum role role = column_words[i].role;

			if (strcasecmp(names[n], column_words[i].word) != 0)
				continue;
			if (reading->place[role] < 0 || i < reading->rank[role]) {
				reading->place[role] = (int)reading->columns;
				reading->rank[role] = i;
			}
			return;
		}
}

/* Columns may stand within columns: cells belong to the innermost. */
static void take_columns(struct reading *reading, struct json_slice list)
{
	struct json_slice column, inner;
	size_t at = 0;

	while (list.kind == JSON_ARRAY && reading->columns < CELLS_MAX && json_each(list, &at, NULL, &column)) {
		inner = json_member(column, "Columns.Column");
		if (inner.kind == JSON_ARRAY) {
			take_columns(reading, inner);
			continue;
		}
		take_column(reading, column);
		reading->columns++;
	}
}

/* ---- cells */

static void take_cells(struct reading *reading, struct json_slice list)
{
	struct cells *cells = &reading->cells;
	struct json_slice cell;
	size_t at = 0;

	cells->count = reading->text_count = 0;
	while (list.kind == JSON_ARRAY && cells->count < CELLS_MAX && json_each(list, &at, NULL, &cell)) {
		cells->value[cells->count] = json_member(cell, "value");
		cells->id[cells->count++] = json_member(cell, "id");
	}
}

/* A text of this row, as one line; "" where there is none. */
static const char *text_of(struct reading *reading, struct json_slice value)
{
	AUTO(str_clear) struct str plain = STR_INIT(STR_NO_LIMIT);
	struct str *text;

	if (value.kind != JSON_STRING || value.len <= 2 || reading->text_count == ARRAY_LEN(reading->texts))
		return "";
	text = &reading->texts[reading->text_count++];
	str_reset(text);
	json_unquote(value, &plain);
	text_add_line(text, TEXT_FULL, plain.text, plain.len);
	return text->text;
}

static struct json_slice cell_at(const struct reading *reading, int place)
{
	if (place < 0 || (size_t)place >= reading->cells.count)
		return (struct json_slice){ 0 };
	return reading->cells.value[place];
}

static const char *role_text(struct reading *reading, enum role role)
{
	return text_of(reading, cell_at(reading, reading->place[role]));
}

static const char *id_at(struct reading *reading, int place)
{
	const char *id = "";

	if (place >= 0 && (size_t)place < reading->cells.count)
		id = text_of(reading, reading->cells.id[place]);
	return strlen(id) < RECORD_ID_MAX ? id : "";
}

static bool amount_at(const struct reading *reading, int place, struct decimal *ret_amount)
{
	struct json_slice value = cell_at(reading, place);

	*ret_amount = decimal_of(0, CENTS);
	return value.kind == JSON_STRING && value.len > 2 && decimal_parse(value.text + 1, value.len - 2, ret_amount);
}

static bool role_amount(const struct reading *reading, enum role role, struct decimal *ret_amount)
{
	return amount_at(reading, reading->place[role], ret_amount);
}

static void hand_out(struct reading *reading, struct report_row *row)
{
	const char **texts[] = { &row->account, &row->account_name, &row->party, &row->party_name, &row->type, &row->id, &row->number,
				 &row->memo, &row->currency };

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (!*texts[i])
			*texts[i] = "";
	if (!reading->stopped && !reading->each(reading->ctx, row))
		reading->stopped = true;
}

/* ---- rows of each report */

/* The transaction of a row: date, type, id and number. */
static void take_transaction(struct reading *reading, struct report_row *row)
{
	const char *date = role_text(reading, ROLE_DATE), *type = role_text(reading, ROLE_TYPE), *known = books_type(type);

	row->has_date = date_parse(date, strlen(date), &row->date);
	row->type = known ? known : type;
	row->id = id_at(reading, reading->place[ROLE_TYPE]);
	row->number = role_text(reading, ROLE_NUMBER);
	row->party = id_at(reading, reading->place[ROLE_PARTY]);
	row->party_name = role_text(reading, ROLE_PARTY);
	row->memo = role_text(reading, ROLE_MEMO);
}

/* Debit less credit where both stand there. */
static bool two_sided(const struct reading *reading, struct decimal *ret_amount)
{
	struct decimal debit, credit;
	bool left = role_amount(reading, ROLE_DEBIT, &debit), right = role_amount(reading, ROLE_CREDIT, &credit);

	return (left || right) && decimal_subtract(debit, credit, ret_amount);
}

/* The amount of an account's row, which the report shows as the account naturally moves. */
static bool natural(const struct reading *reading, enum role role, struct decimal *ret_amount)
{
	if (role == ROLE_AMOUNT && two_sided(reading, ret_amount))
		return true;
	if (!role_amount(reading, role, ret_amount) || !reading->sign_known)
		return false;
	*ret_amount = decimal_signed(*ret_amount, reading->credit ? -1 : 1);
	return true;
}

static void ledger_row(struct reading *reading, struct report_row *row)
{
	row->account = reading->account;
	row->account_name = reading->path.text;
	if (row->kind == ROW_TOTAL) {
		row->has_amount = natural(reading, ROLE_AMOUNT, &row->amount);
		hand_out(reading, row);
		return;
	}
	take_transaction(reading, row);
	/* "Beginning Balance" stands where the date would. */
	if (!row->has_date && !*row->type) {
		row->kind = ROW_OPENING;
		row->has_amount = natural(reading, ROLE_BALANCE, &row->amount);
	} else {
		row->has_amount = natural(reading, ROLE_AMOUNT, &row->amount);
	}
	hand_out(reading, row);
}

static void balance_row(struct reading *reading, struct report_row *row)
{
	row->has_amount = two_sided(reading, &row->amount);
	if (row->kind != ROW_TOTAL) {
		row->account = id_at(reading, 0);
		row->account_name = text_of(reading, cell_at(reading, 0));
	}
	if (row->has_amount)
		hand_out(reading, row);
}

static void transaction_row(struct reading *reading, struct report_row *row)
{
	if (row->kind == ROW_TOTAL)
		return;
	take_transaction(reading, row);
	row->has_amount = role_amount(reading, ROLE_AMOUNT, &row->amount);
	row->amount = decimal_signed(row->amount, row->amount.digits < 0 ? -1 : 1);
	row->has_open = role_amount(reading, ROLE_OPEN, &row->open);
	row->has_foreign = role_amount(reading, ROLE_FOREIGN, &row->foreign);
	row->currency = role_text(reading, ROLE_CURRENCY);
	if (row->has_date || *row->type)
		hand_out(reading, row);
}

/* A customer's line: the last column is what is open of all ages. */
static void customer_row(struct reading *reading, struct report_row *row)
{
	int total = reading->place[ROLE_TOTAL] >= 0 ? reading->place[ROLE_TOTAL] : (int)reading->columns - 1;

	row->has_open = total > 0 && amount_at(reading, total, &row->open);
	row->has_amount = row->has_open;
	row->amount = row->open;
	row->party = id_at(reading, 0);
	row->party_name = text_of(reading, cell_at(reading, 0));
	if (row->kind == ROW_TOTAL && !*row->party)
		row->party_name = "";
	if (row->has_open)
		hand_out(reading, row);
}

/* Of an agency's account, a line for each kind of tax; or all lines as they are, without sections. */
static void tax_row(struct reading *reading, struct report_row *row)
{
	int tax = reading->place[ROLE_TAX] >= 0 ? reading->place[ROLE_TAX] : (int)reading->columns - 1;

	row->has_amount = tax > 0 && amount_at(reading, tax, &row->amount);
	row->account = reading->account;
	row->account_name = reading->path.text;
	if (row->kind != ROW_TOTAL) {
		row->id = id_at(reading, 0);
		row->memo = text_of(reading, cell_at(reading, 0));
	}
	if (row->has_amount)
		hand_out(reading, row);
}

static void (*const readers[REPORT_COUNT])(struct reading *reading, struct report_row *row) = {
	[REPORT_TRIAL_BALANCE] = balance_row,
	[REPORT_GENERAL_LEDGER] = ledger_row,
	[REPORT_TRANSACTIONS] = transaction_row,
	[REPORT_RECEIVABLES] = customer_row,
	[REPORT_RECEIVABLES_DETAIL] = transaction_row,
	[REPORT_CUSTOMER_BALANCE] = customer_row,
	[REPORT_TAX] = tax_row,
};

/* ---- sections */

static void read_row(struct reading *reading, struct json_slice list, enum report_row_kind kind)
{
	struct report_row row = { .kind = kind };
	struct json_slice first;

	take_cells(reading, list);
	first = cell_at(reading, 0);
	if (reading->cells.count > 0 && books_is_cut(first.text, first.kind == JSON_STRING ? first.len : 0))
		reading->head->cut = true;
	else if (reading->cells.count > 0)
		readers[reading->report](reading, &row);
}

/* The account of a section: by its id, else by its name and those above it. */
static void enter_account(struct reading *reading)
{
	const struct books_desk *desk = reading->desk;
	struct books_account account;
	struct json_slice raw;

	if (reading->path.len > 0)
		str_add_char(&reading->path, ':');
	str_add(&reading->path, text_of(reading, cell_at(reading, 0)));
	snprintf(reading->account, RECORD_ID_MAX, "%s", id_at(reading, 0));
	if (!*reading->account &&
	    !desk->find(desk->ctx, "Account", (const char *const[]){ "FullyQualifiedName", reading->path.text, NULL }, reading->account))
		reading->account[0] = '\0';
	reading->sign_known = *reading->account && desk->record(desk->ctx, "Account", reading->account, &raw);
	if (!reading->sign_known)
		return;
	quickbooks_account(raw, &account);
	reading->sign_known = account.class != CLASS_UNKNOWN;
	reading->credit = account.credit;
}

static void read_rows(struct reading *reading, struct json_slice rows, bool *ret_sections);

/* Are its sections accounts? */
static bool by_account(const struct reading *reading)
{
	return reading->report == REPORT_GENERAL_LEDGER || reading->report == REPORT_TAX;
}

/* A total counts what stands below it, too: where accounts do, it is of several, and not told. */
static void read_total(struct reading *reading, struct json_slice row, struct json_slice head, bool sections)
{
	struct json_slice list = json_member(row, "Summary.ColData");
	bool grand = json_equals(json_member(row, "group"), "GrandTotal");

	if (list.kind != JSON_ARRAY || reading->stopped)
		return;
	if (head.kind == JSON_ARRAY ? by_account(reading) && !sections : grand)
		read_row(reading, list, ROW_TOTAL);
}

static void read_section(struct reading *reading, struct json_slice row)
{
	struct json_slice head = json_member(row, "Header.ColData");
	bool sections = false;
	char account[RECORD_ID_MAX];
	bool sign_known = reading->sign_known, credit = reading->credit;
	size_t depth = reading->path.len;

	memcpy(account, reading->account, RECORD_ID_MAX);
	if (head.kind == JSON_ARRAY && by_account(reading)) {
		take_cells(reading, head);
		enter_account(reading);
	} else if (head.kind == JSON_ARRAY) {
		read_row(reading, head, ROW_DATA); /* a head may have amounts of its own */
	}
	read_rows(reading, json_member(row, "Rows.Row"), &sections);
	read_total(reading, row, head, sections);
	str_truncate(&reading->path, depth);
	memcpy(reading->account, account, RECORD_ID_MAX);
	reading->sign_known = sign_known;
	reading->credit = credit;
}

static void read_rows(struct reading *reading, struct json_slice rows, bool *ret_sections)
{
	struct json_slice row, list;
	size_t at = 0;

	while (rows.kind == JSON_ARRAY && !reading->stopped && json_each(rows, &at, NULL, &row)) {
		list = json_member(row, "ColData");
		if (list.kind == JSON_ARRAY) {
			read_row(reading, list, ROW_DATA);
			continue;
		}
		*ret_sections = true;
		read_section(reading, row);
	}
}

/* ---- the whole */

static void read_options(struct json_slice head, struct report_head *ret_head)
{
	struct json_slice list = json_member(head, "Option"), option;
	char name[40], value[40];
	size_t at = 0;

	while (list.kind == JSON_ARRAY && json_each(list, &at, NULL, &option)) {
		books_text(option, "Name", name, sizeof(name));
		books_text(option, "Value", value, sizeof(value));
		if (strcmp(name, "NoReportData") == 0)
			ret_head->empty = strcasecmp(value, "true") == 0;
		else if (strcasecmp(name, "report_date") == 0)
			date_parse(value, strlen(value), &ret_head->to);
	}
}

static void read_head(const struct report_wish *wish, struct json_slice head, struct report_head *ret_head)
{
	char day[DATE_TEXT_MAX];

	ret_head->from = wish->from;
	ret_head->to = wish->to;
	books_text(head, "ReportName", ret_head->name, sizeof(ret_head->name));
	books_text(head, "Currency", ret_head->currency, sizeof(ret_head->currency));
	books_text(head, "StartPeriod", day, sizeof(day));
	date_parse(day, strlen(day), &ret_head->from);
	books_text(head, "EndPeriod", day, sizeof(day));
	date_parse(day, strlen(day), &ret_head->to);
	read_options(head, ret_head);
}

static void read_body(struct reading *reading, struct json_slice body)
{
	bool sections = false;

	for (size_t i = 0; i < ROLE_COUNT; i++)
		reading->place[i] = -1;
	for (size_t i = 0; i < ARRAY_LEN(reading->texts); i++)
		str_init(&reading->texts[i], STR_NO_LIMIT);
	str_init(&reading->path, STR_NO_LIMIT);
	take_columns(reading, json_member(body, "Columns.Column"));
	read_rows(reading, json_member(body, "Rows.Row"), &sections);
	for (size_t i = 0; i < ARRAY_LEN(reading->texts); i++)
		str_clear(&reading->texts[i]);
	str_clear(&reading->path);
}

bool quickbooks_report_rows(const struct books_desk *desk, const struct report_wish *wish, const char *raw, size_t len,
			    struct report_head *ret_head, bool (*each)(void *ctx, const struct report_row *row), void *ctx,
			    struct error *err)
{
	AUTO(json_map_freep) struct json_map *map = NULL;
	struct reading reading = { .desk = desk, .report = wish->report, .head = ret_head, .each = each, .ctx = ctx };
	struct json_slice body = { .text = raw, .len = len, .kind = JSON_OBJECT }, head;
	const char *name = books_report_name(wish->report);
	char basis[16] = "";

	*ret_head = (struct report_head){ .from = wish->from, .to = wish->to };
	if (!json_check_map(raw, len, &map, NULL)) {
		ret_head->cut = books_is_cut(raw, len);
		return ret_head->cut || error_set(err, ERROR_REMOTE, "report %s: the ledger's answer is not JSON", name);
	}
	body.map = map;
	head = raw[strspn(raw, " \t\r\n")] == '{' ? json_member(body, "Header") : (struct json_slice){ 0 };
	if (head.kind != JSON_OBJECT)
		return error_set(err, ERROR_REMOTE, "report %s: the ledger's answer is no report", name);
	read_head(wish, head, ret_head);
	if (strcasecmp(ret_head->name, name) != 0)
		return error_set(err, ERROR_REMOTE, "report %s: the ledger answered with another report, '%.40s'", name, ret_head->name);
	/* What an administrator prefers must not come in place of what was asked for. */
	books_text(head, "ReportBasis", basis, sizeof(basis));
	if (books_report_has_basis(wish->report) && *basis && strcasecmp(basis, "Accrual") != 0)
		return error_set(err, ERROR_REMOTE, "report %s: the ledger made it on the basis '%.12s', and was asked for accrual", name, basis);
	read_body(&reading, body);
	return true;
}
