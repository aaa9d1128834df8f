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
	const char *parts;   /* lines, each a part of the answer or of the refusal's detail; "!": not in it */
	const char *element; /* of a refusal; NULL: not looked at */
};

/* Run steps one after the other, a second apart; refused ones must leave nothing behind. */
void ledger_run(struct books *books, const struct step *steps, size_t count);
/* One write; the answer replaces `out`. Returns the code of the fault, 0 for none. */
int ledger_write(struct books *books, enum write_operation operation, const char *entity, const char *body,
		 struct str *out);

#endif
