/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One call to a company: its address, the access token, renewed once when it is refused, and
 * the answer checked.
 */
#ifndef QUICKBOOKS_CALL_H
#define QUICKBOOKS_CALL_H

#include "ledgerdeck/provider/provider.h"

struct call {
	const char *what; /* "query Invoice", for logs and errors */
	const char *path; /* behind the company: "query?query=..", percent-encoded */
	const char *body; /* NULL: a GET */
	size_t body_len;
	const char *content_type; /* of the body */
	enum http_class class;    /* what the ledger counts it as */
};

/*
 * True: `ret_answer` is accepted (see answer_accept()). It is initialised by the caller and filled
 * on failure too, as far as anything came. Errors: those of http_send(), of the connection's
 * authorization, and of answer_refused().
 */
bool call_send(struct connection *connection, const struct call *call,
	       struct http_answer *ret_answer, struct error *err);

/* The path of the company's own record. Appended. */
void call_add_company(const struct connection *connection, struct str *path);

/* The room of an empty page's body, for the answer that will fill the page. */
void call_take_room(struct page *page, struct http_answer *answer);

#endif
