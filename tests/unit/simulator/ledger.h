/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Books that rules are tried on: two small worlds, steps on them, and what must always be so. */
#ifndef LEDGERDECK_TESTS_UNIT_SIMULATOR_LEDGER_H
#define LEDGERDECK_TESTS_UNIT_SIMULATOR_LEDGER_H

#include "books.h"
#include "quickbooks/write.h"

/*
 * Fail the test unless each record is JSON and posts evenly, each account's balance is the sum of
 * what was posted to it, what customers and vendors owe is what their documents leave open, and
 * each invoice's balance is its total less what settles it.
 */
void ledger_check(struct company *company);

/* Everything in the books as one text: what a refused request must leave as it was. */
void ledger_add_all(struct company *company, struct str *out);

/* For cmocka, as books_open(): a US company with manual sales tax, and a German one with VAT. */
int ledger_open_us(void **state);
int ledger_open_vat(void **state);

/* One write and what comes of it; in all texts "`" may stand for quotes. */
struct step {
	enum write_operation operation;
	const char *entity;
	const char *body;
	int code;            /* 0: it is carried out */
	const char *parts;   /* lines, each a part of the answer or the detail; "!": not in it */
	const char *element; /* of a refusal; NULL: not looked at */
};

/* Run steps one after the other, a second apart; refused ones must leave nothing behind. */
void ledger_run(struct books *books, const struct step *steps, size_t count);
/* One write; the answer replaces `out`. Returns the code of the fault, 0 for none. */
int ledger_write(struct books *books, enum write_operation operation, const char *entity,
		 const char *body, struct str *out);

/* ---- for the tables of steps */

#define SAVE WRITE_SAVE
#define DELETE WRITE_DELETE
#define VOID WRITE_VOID
/* One line of an invoice: `amount` and what stands in its detail. */
#define LINE(amount, detail)                                                                       \
	"{`Amount`:" amount ",`DetailType`:`SalesItemLineDetail`,`SalesItemLineDetail`:{" detail   \
	"}}"
#define HOURS "`ItemRef`:{`value`:`1`}"
#define HOSE "`ItemRef`:{`value`:`2`}"
#define FOR(customer) "`CustomerRef`:{`value`:`" customer "`}"
#define INVOICE(customer, line) "{" FOR(customer) ",`Line`:[" line "]}"
#define COST(amount)                                                                               \
	"{`Amount`:" amount                                                                        \
	",`DetailType`:`AccountBasedExpenseLineDetail`,`AccountBasedExpenseLineDetail`:"           \
	"{`AccountRef`:{`value`:`11`}}}"
#define PAYS(amount, id, type)                                                                     \
	"{`Amount`:" amount ",`LinkedTxn`:[{`TxnId`:`" id "`,`TxnType`:`" type "`}]}"
#define SPARSE(id, token) "`Id`:`" id "`,`SyncToken`:`" token "`,`sparse`:true"
#define RUN(state, steps) ledger_run(*(state), steps, ARRAY_LEN(steps))
#define US(test) cmocka_unit_test_setup_teardown(test, ledger_open_us, books_close)
#define VAT(test) cmocka_unit_test_setup_teardown(test, ledger_open_vat, books_close)

/* The other parts of test_write(). */
int test_write_money(void);
int test_write_random(void);

#endif
