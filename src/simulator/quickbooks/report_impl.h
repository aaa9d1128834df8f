/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the reports share: the report that is being made, its rows as text, what a caller may ask
 * for, and the columns of the reports that list transactions. All of them read the same postings.
 */
#ifndef QUICKBOOKS_REPORT_IMPL_H
#define QUICKBOOKS_REPORT_IMPL_H

#include "company.h"
#include "ledgerdeck/core/str.h"
#include "quickbooks/fault.h"
#include "quickbooks/period.h"
#include "request.h"

/* A report that is being made. */
struct report {
	struct company *company;
	const struct request *request;
	struct fault *fault;
	const char *name;
	struct period period;
	struct str rows;       /* the inside of its list of rows */
	int64_t cells, most_cells;
};

/* ---- report.c: rows, cell by cell; what lies beyond the limit of cells is not written */

/* What comes around cells. Rows and sections are begun by report_open(). */
#define ROW_OPEN "{\"ColData\":["
#define ROW_CLOSE "]}"
#define DATA_CLOSE "],\"type\":\"Data\"}"
#define SECTION_OPEN "{\"Header\":{\"ColData\":["
#define SECTION_ROWS "]},\"Rows\":{\"Row\":["
#define SECTION_SUMMARY "]},\"Summary\":{\"ColData\":["
#define SECTION_CLOSE "]},\"type\":\"Section\"}"
#define TOTAL_OPEN "{\"Summary\":{\"ColData\":["
#define TOTAL_CLOSE "]},\"type\":\"Section\",\"group\":\"GrandTotal\"}"

bool report_is_full(const struct report *report);
void report_open(struct report *report, const char *text); /* after a comma where one is needed */
void report_add(struct report *report, const char *text);
void report_cell(struct report *report, const char *text, const char *id); /* id NULL: it has none */
void report_empty(struct report *report, size_t count);   /* so many empty cells */
void report_money(struct report *report, int64_t cents);  /* "0.00" for nothing */
void report_figure(struct report *report, int64_t cents); /* empty for nothing */

/* What a report's head says beside its name, period and currency. */
struct report_head {
	bool basis, by_total; /* ReportBasis; SummarizeColumnsBy: Total */
	bool has_date;        /* the option report_date: the period's end */
	const char *customer, *vendor; /* ids that it is limited to; NULL: none */
	const char *columns;  /* the list of columns, as JSON */
	size_t row_count;     /* data rows; 0: the report has none */
};

/* The whole object: its head, its columns, and the rows or the sentence that stands for too many. */
void report_finish(struct report *report, const struct report_head *head, struct str *out);

/* One column of a list of them. `type` is "Money"; `key` NULL: it has no MetaData. */
void report_column(struct str *columns, const char *title, const char *type, const char *key);

/* ---- report.c: what a caller may ask for. False with a fault. */

const char *report_parameter(const struct report *report, const char *name); /* NULL: not given, or empty */
bool report_read_basis(struct report *report);                               /* accrual, or a fault */
bool report_read_order(struct report *report, bool *ret_descending);
bool report_read_number(struct report *report, const char *name, int most, int *number);
/* Refuse parameters that the simulator has no answer for. `names`: "class|department". */
bool report_refuse(struct report *report, const char *names);

#define REPORT_IDS_MAX 64

/* Records that a report is limited to; none: it isn't. */
struct report_ids {
	const struct record *records[REPORT_IDS_MAX]; /* borrowed */
	size_t count;
};

/* "1,7" of the entity: 2030 for what is no number, 2500 for nobody's. */
bool report_read_ids(struct report *report, const char *name, const char *entity, struct report_ids *ret_ids);
bool report_ids_allow(const struct report_ids *ids, const struct record *record);

/* ---- report.c: the books */

/* Each transaction that is dated so, and each other record that posts, entity by entity. */
void report_each(struct company *company, struct date first, struct date last,
		 void (*take)(void *ctx, const struct record *record), void *ctx);
/* A text member of a record; "" when there is none. Replaces `out`. */
const char *report_text(const struct record *record, const char *path, struct str *out);
/* The name that reports show: with those above it. Replaces `out`. */
const char *report_name(const struct record *record, struct str *out);
bool report_is_receivable(const struct record *account);
/* DueDate; the day of what has none. */
struct date report_due(const struct record *record);

/* ---- report_entry.c: transactions and postings, column by column */

enum report_column {
	COLUMN_DATE,
	COLUMN_TYPE,
	COLUMN_NUMBER,
	COLUMN_POSTS,
	COLUMN_NAME,
	COLUMN_CUSTOMER,
	COLUMN_VENDOR,
	COLUMN_MEMO,
	COLUMN_DUE,
	COLUMN_PAST_DUE,
	COLUMN_ACCOUNT,
	COLUMN_SPLIT,
	COLUMN_OTHER,
	COLUMN_CREATED,
	COLUMN_CHANGED,
	COLUMN_DEBIT,
	COLUMN_CREDIT,
	COLUMN_AMOUNT,
	COLUMN_BALANCE,
	COLUMN_TOTAL,
	COLUMN_OPEN,
	COLUMN_CURRENCY,
	COLUMN_RATE,
	COLUMN_FOREIGN,
	COLUMN_FOREIGN_OPEN,
	COLUMN_COUNT
};

/* A transaction or one of its postings, as a report counts it. */
struct report_entry {
	const struct record *record;
	const struct record *account; /* NULL: none */
	const struct record *party;   /* Customer, Vendor or Employee; NULL: none */
	int64_t cents;                /* debit positive */
	int64_t amount, balance;      /* as shown */
	int64_t foreign, foreign_balance; /* the same in the transaction's currency, where it is asked for */
	struct date due;
	int32_t past_due;             /* days */
	size_t place;                 /* among all, as the books have them */
	char *key;                    /* owned: what it sorts by; NULL: its date */
};

struct report_entries {
	struct report_entry *rows; /* owned */
	size_t count, room;
};

/* Columns as they will stand, and which of them rows are sorted by. */
struct report_columns {
	enum report_column shown[COLUMN_COUNT];
	size_t count;
	int sort_by; /* -1: by date */
	bool descending;
};

/*
 * The parameters columns, sort_by and sort_order. `allowed` is a mask of 1 << COLUMN_*; `usual`
 * are those that stand there unless others are asked for.
 */
bool report_columns_read(struct report *report, const enum report_column *usual, size_t usual_count,
			 unsigned allowed, struct report_columns *ret_columns);
void report_columns_json(const struct report *report, const struct report_columns *columns, struct str *out);
/* What stands in a column that is no amount: replaces `out`. Returns its id; NULL: it has none. */
const char *report_entry_text(const struct report_entry *entry, enum report_column column, struct str *out);

void report_entries_add(struct report_entries *entries, struct report_entry entry);
void report_entries_clear(struct report_entries *entries);
/* By what the caller asked for; `columns` NULL: by date, then id. */
void report_entries_sort(const struct report_columns *columns, struct report_entries *entries);
void report_entry_row(struct report *report, const struct report_columns *columns,
		      const struct report_entry *entry);
/* The same cells with `text` in the first one and amounts in those of amounts. */
void report_entry_total(struct report *report, const struct report_columns *columns, const char *text,
			const char *id, const int64_t *amount, const int64_t *open);

/* The party of a posting: whose balance it moves, else the one that the transaction names. */
const struct record *report_party(struct company *company, const struct record *record,
				  const struct posting *posting);
/* "Bill Payment (Check)"; the parameter's word in `ret_word` ("BillPaymentCheck"), which may be NULL. */
const char *report_type_name(const struct record *record, const char **ret_word);
bool report_type_known(const char *word);
/* Does it post when it has amounts? Estimates and orders never do. */
bool report_posts(const struct record *record);

/* ---- report_account.c: ledger accounts in the order of a statement */

struct report_account {
	const struct record *account; /* NULL: profit of earlier years without an account for it */
	int64_t cents;                /* debit positive */
	int type;                     /* place of the account's type in a statement */
	char *name;                   /* owned: full name; `key` is what it sorts by */
	char *key;                    /* owned */
	struct report_entries entries; /* filled by the general ledger */
};

struct report_accounts {
	struct report_account *rows; /* owned; ascending by address of the account until they are sorted */
	size_t count;
	size_t retained;             /* the row that takes the profit of earlier years */
};

/* A row for each account, and one more for profit that has no account of its own. */
void report_accounts_init(struct report_accounts *accounts, struct company *company);
void report_accounts_clear(struct report_accounts *accounts);
/* Where a posting counts: of before `year_start` income and expense are profit kept. Before sorting only. */
struct report_account *report_accounts_target(struct report_accounts *accounts, const struct record *record,
					      const struct posting *posting, struct date year_start);
void report_accounts_sort(struct report_accounts *accounts);
/* 1 where a debit is what the account naturally grows by, else -1. */
int report_account_sign(const struct record *account); /* NULL: profit kept */

/* ---- the reports */
bool report_trial(struct report *report, struct str *out);     /* report_trial.c */
bool report_ledger(struct report *report, struct str *out);    /* report_ledger.c */
bool report_list(struct report *report, struct str *out);      /* report_list.c */
bool report_aged(struct report *report, struct str *out);      /* report_aged.c */
bool report_aged_detail(struct report *report, struct str *out);
bool report_customers(struct report *report, struct str *out);
bool report_tax(struct report *report, struct str *out);       /* report_tax.c */

#endif
