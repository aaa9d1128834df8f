/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A world with one company and no sockets, whose records tests put there by hand. */
#ifndef LEDGERDECK_TESTS_UNIT_SIMULATOR_BOOKS_H
#define LEDGERDECK_TESTS_UNIT_SIMULATOR_BOOKS_H

#include "company.h"
#include "quickbooks/fault.h"
#include "world.h"

#define BOOKS_REALM "9130347596842384"
#define BOOKS_NOW_MS INT64_C(1769889600000) /* 2026-01-31T12:00:00-08:00 */

struct books {
	struct simulator simulator;
	struct company *company;
	int64_t now_ms; /* the clock stands until a test moves it */
};

/* For cmocka: `*state` becomes a struct books. */
int books_open(void **state);
int books_close(void **state);

void books_set(struct books *books, const char *name, const char *value); /* a switch */

/*
 * Put a record into the books. `members` is the inside of a JSON object without the common
 * members, perhaps with "`"; its TxnDate and Active count as the ledger's own would. `stamp` is
 * both of its times.
 */
struct record *books_add(struct books *books, const char *entity, const char *id, const char *stamp,
			 const char *members);
/* Give a record one more posting. */
void books_post(struct record *record, struct record *account, int64_t cents);

/* Ask the API: "GET", "/v3/...", with JSON wanted unless `headers` says otherwise. */
struct books_answer {
	struct simulator_answer answer;
	const char *text; /* its body */
};
/* `headers` are name, value, ..., NULL; NULL: JSON is sent and wanted. */
void books_ask(struct books *books, const char *method, const char *target,
	       const char *const *headers, const char *body, size_t len,
	       struct books_answer *ret_answer);
void books_answer_clear(struct books_answer *answer);

/* The same for what is all right: the body without its time. Fails the test otherwise. */
void books_get(struct books *books, const char *target, struct str *out);

/*
 * JSON in C is hard to read: in the texts of tests "`" may stand for the quotes. Appends it as it
 * should be.
 */
void books_quote(struct str *out, const char *text);
/* Fail the test unless the text is the expected one, which may be written with "`". */
void assert_text(const char *text, const char *expected);
void assert_has(const char *text, const char *part); /* the same for a part of it */

/* Fail the test unless it is this fault. */
void assert_fault(const struct fault *fault, int code, const char *detail);
/* Fail the test unless the text of a JSON object has this at that path (strings without quotes). */
void assert_json(const char *text, const char *path, const char *expected);

#endif
