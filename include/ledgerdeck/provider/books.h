/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The books of a ledger, as a provider reads them: what a mirrored record posts to which ledger account, and the ledger's own
 * reports, row by row, in one form for every ledger. All amounts are of the home currency unless they say otherwise, debits are
 * positive. All but fetch() is pure. Nothing is judged here: whether both agree is sync/'s.
 */
#ifndef LEDGERDECK_PROVIDER_BOOKS_H
#define LEDGERDECK_PROVIDER_BOOKS_H

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/decimal.h"
#include "ledgerdeck/model/account_class.h"
#include "ledgerdeck/model/record.h"
#include "ledgerdeck/provider/provider.h"

/* ---- what records post ---- */

/* Where the mirror is asked; one thread's, what it hands out is borrowed until the next question. */
struct books_desk {
	/* A mirrored record's bytes, deleted ones too; false: there is none. */
	bool (*record)(void *ctx, const char *type, const char *id, struct json_slice *ret_raw);
	/*
	 * The only live record of a type whose cells have these texts: listed fields of the catalogue and what they say by turns, NULL at
	 * the end. False: none, or several. Asked for the same things with each record: worth keeping.
	 */
	bool (*find)(void *ctx, const char *type, const char *const *words, char *ret_id /* RECORD_ID_MAX */);
	void *ctx;
	const char *home;            /* the company's currency, where it is known; NULL: it is looked up with each record */
};

struct books_account {           /* a ledger account */
	enum account_class class;
	char name[200];              /* with what it stands below */
	char number[64];
	char currency[8];            /* "" : home */
	bool active;
	bool credit;                 /* it grows by credits: the sign of its natural movement */
};

/* One posting of a record. */
struct books_posting {
	bool untold;                 /* it moves the account, too, by what the record doesn't say (a cost of stock); `amount` is without that */
	char account[RECORD_ID_MAX]; /* its id; "" : it can't be told which, and `class` says of what kind */
	enum account_class class;    /* where `account` is "" */
	char party[RECORD_ID_MAX];   /* customer or vendor, of receivables and payables; "" */
	struct decimal amount;       /* home */
	struct decimal foreign;      /* of the record's currency; as `amount` in the home currency */
};
/* What one record settles of another. */
struct books_application {
	char type[64], id[RECORD_ID_MAX]; /* as the catalogue names it */
	bool deposit;                /* it takes its money along to the bank, and nothing of it is less open */
	struct decimal amount;       /* of the record's currency, positive */
};

/* What a record does to the books. */
struct books_entry {
	bool posts;                  /* false: it does nothing to them (an estimate, a void) */
	bool known;                  /* the postings are all, and sum to zero; else `why` says what is missing */
	char why[160];
	bool has_date;
	struct date date;
	char currency[8];
	char party[RECORD_ID_MAX];
	bool has_open;
	struct decimal total, open;  /* of its currency; what is still to be settled or applied, by the record's own word */
	struct books_posting *postings; /* owned; none is zero unless it is untold */
	size_t posting_count, posting_room;
	struct books_application *applications; /* owned */
	size_t application_count, application_room;
};
void books_entry_reset(struct books_entry *entry);   /* empty; keeps its memory */
void books_entry_clear(struct books_entry *entry);
/* One more; amounts for the same account and party add up. */
void books_entry_post(struct books_entry *entry, const struct books_posting *posting);
void books_entry_apply(struct books_entry *entry, const struct books_application *application);

/* ---- the ledger's own reports ---- */

/* All of them on the accrual basis: of the other one the ledger alone knows what it counts of a document that is paid in part. */
enum report {
	REPORT_TRIAL_BALANCE,        /* a row an account, as of `to` */
	REPORT_GENERAL_LEDGER,       /* a row a posting, and what stood before `from` */
	REPORT_TRANSACTIONS,         /* a row a transaction */
	REPORT_RECEIVABLES,          /* a row a customer, as of `to`, with what was paid later still open */
	REPORT_RECEIVABLES_DETAIL,   /* a row an open transaction, likewise */
	REPORT_CUSTOMER_BALANCE,     /* a row a customer, as of `to` */
	REPORT_TAX,                  /* a row a tax account and kind, or a rate: `memo` names the kind or rate; what is owed is positive */
	REPORT_COUNT
};
const char *report_word(enum report report);   /* "trial-balance" */
const char *report_title(enum report report);  /* "trial balance" */

struct report_wish {
	enum report report;
	struct date from, to;        /* both included */
	bool currencies;             /* the company keeps books in others, too: amounts of the home currency must be asked for */
	const char *account, *party; /* only of these ids; NULL: all */
};
struct report_head {
	char name[64];               /* the ledger's word for it */
	char currency[8];
	struct date from, to;        /* as the ledger understood it */
	bool empty;                  /* the ledger says that there is nothing in it */
	bool cut;                    /* there was more than it shows: ask for less */
};
enum report_row_kind { ROW_DATA, ROW_OPENING /* what stood before `from` */, ROW_TOTAL /* of all of it; of an account or a party when named */ };
/* Texts are borrowed until the next row, "" where there is none. */
struct report_row {
	enum report_row_kind kind;
	const char *account, *account_name; /* id; as the report shows it, with what it stands below */
	const char *party, *party_name;
	const char *type, *id;       /* the transaction's, as the catalogue names it; the ledger's own word for the type where nothing fits */
	const char *number, *memo;
	const char *currency;        /* of an open transaction, where the company keeps books in several */
	bool has_date, has_amount, has_open, has_foreign;
	struct date date;
	struct decimal amount;       /* debit positive; of a transaction its total, never negative; of a tax row the tax */
	struct decimal open;         /* what is not settled of it; debit positive: credits and what is not applied are negative */
	struct decimal foreign;      /* the same in its own currency */
};

struct provider_books {
	/* Types whose records post, NULL at the end; and those that ledger accounts, customers and vendors are. */
	const char *const *types;
	const char *account_type, *customer_type, *vendor_type;
	/* Members of a record that say what others have settled of it, NULL at the end: they change without it. */
	const char *const *settled;
	/* The first month of the fiscal year, 1 to 12. */
	int (*fiscal_month)(const struct books_desk *desk);
	void (*account)(struct json_slice raw, struct books_account *ret_account);
	/* `entry` was reset. */
	void (*entry)(const struct books_desk *desk, const char *type, struct json_slice raw, struct books_entry *entry);
	/* Does this company's ledger have such a report? */
	bool (*has)(const struct books_desk *desk, enum report report);
	/* Ask for it: page->body is the answer, as it came, with the ledger's time and trace id. */
	bool (*fetch)(struct connection *connection, const struct report_wish *wish, struct page *page, struct error *err);
	/* Read an answer. Error REMOTE: it is no such report, or on the cash basis. `each` false ends it. */
	bool (*rows)(const struct books_desk *desk, const struct report_wish *wish, const char *raw, size_t len,
		     struct report_head *ret_head, bool (*each)(void *ctx, const struct report_row *row), void *ctx, struct error *err);
};

#endif
