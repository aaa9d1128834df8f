/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The books of QuickBooks Online: what its files share. What a record posts is worked out after Intuit's documentation and
 * recorded answers; the ledger itself says it in its reports only.
 */
#ifndef QUICKBOOKS_BOOKS_H
#define QUICKBOOKS_BOOKS_H

#include "ledgerdeck/provider/books.h"

extern const struct provider_books quickbooks_books;

#define BOOKS_WORD_MAX 128

/* A text or reference of a record; "" when there is none, or it is too long. Returns `out`. */
char *books_text(struct json_slice object, const char *path, char *out, size_t size);
/* The type that a word of the ledger means, in links ("BillPaymentCheck") and reports ("Bill Payment (Check)"); NULL: none. */
const char *books_type(const char *word);

void quickbooks_account(struct json_slice raw, struct books_account *ret_account);
/* books_account.c: which ledger account it is. "" in `ret_id` where that can't be told. */
enum account_class books_class(struct json_slice account);
struct books_item {
	char income[RECORD_ID_MAX], expense[RECORD_ID_MAX], asset[RECORD_ID_MAX];
	bool stock;                  /* pieces of it are counted, and have a cost */
};
bool books_item(const struct books_desk *desk, const char *id, struct books_item *ret_item);
/* Receivable or payable account of a currency; "" : home. */
void books_control(const struct books_desk *desk, enum account_class class, const char *currency, char *ret_id);
/* The only one of its kind: its AccountSubType. */
void books_special(const struct books_desk *desk, const char *subtype, char *ret_id);
void books_tax_account(const struct books_desk *desk, const char *rate, char *ret_id);
void books_shipping_account(const struct books_desk *desk, char *ret_id);
void books_discount_account(const struct books_desk *desk, char *ret_id);

/* One entry under way. */
struct booking {
	const struct books_desk *desk;
	const char *type;
	struct json_slice raw;       /* the record */
	struct books_entry *entry;
	struct decimal rate;         /* home per piece of its currency */
	bool rounds;                 /* some amount went through a rate: cents may be left over */
	int sign;                    /* -1: a credit, the same the other way round */
};
/* Where to post; account "" : `class` says what kind. */
struct books_place {
	char account[RECORD_ID_MAX];
	enum account_class class;
	char party[RECORD_ID_MAX];
};

/* books_entry.c */
/* `amount` of the record's currency. */
void booking_post(struct booking *booking, const struct books_place *place, struct decimal amount);
void booking_post_home(struct booking *booking, const struct books_place *place, struct decimal home, struct decimal foreign);
struct decimal booking_home(struct booking *booking, struct decimal amount, struct decimal rate);
/* An amount that moves the account, too, but isn't in the record. */
void booking_untold(struct booking *booking, const struct books_place *place);
void booking_doubt(struct booking *booking, const char *format, ...) __attribute__((format(printf, 2, 3)));
struct decimal booking_sum(const struct booking *booking);
bool booking_amount(struct json_slice object, const char *path, struct decimal *ret_amount);
struct decimal decimal_signed(struct decimal amount, int sign); /* sign 1 or -1 */
/* The account that a record names, and the party where it is one of receivables or payables. */
void booking_place(struct booking *booking, struct json_slice object, const char *path, const char *party,
		   struct books_place *ret_place);

/* books_document.c: what is sold and bought */
void booking_sale(struct booking *booking);
void booking_purchase(struct booking *booking);
void booking_tax(struct booking *booking, int sign);

/* books_money.c: money, and what it settles */
void booking_payment(struct booking *booking);
void booking_deposit(struct booking *booking);
void booking_transfer(struct booking *booking);
void booking_journal(struct booking *booking);
void booking_stock(struct booking *booking);

/* books_fetch.c, books_rows.c: the ledger's reports */
const char *books_report_name(enum report report); /* "TrialBalance" */
bool books_report_has_basis(enum report report);              /* accrual or cash: it must be said which */
/* Is it the sentence that stands for what a report would be too long to show? */
bool books_is_cut(const char *text, size_t len);
bool quickbooks_has_report(const struct books_desk *desk, enum report report);
bool quickbooks_fetch_report(struct connection *connection, const struct report_wish *wish, struct page *page, struct error *err);
bool quickbooks_report_rows(const struct books_desk *desk, const struct report_wish *wish, const char *raw, size_t len,
			    struct report_head *ret_head, bool (*each)(void *ctx, const struct report_row *row), void *ctx,
			    struct error *err);

#endif
