/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One GraphQL request to an entity, and what its answer means. */
#ifndef XLEDGER_GRAPHQL_H
#define XLEDGER_GRAPHQL_H

#include "ledgerdeck/provider/provider.h"

struct graphql {
	const char *what;      /* "read customers", for logs and errors */
	const char *document;  /* what is asked */
	const char *variables; /* a JSON object; NULL: none */
	const char *body;      /* instead of both: the whole request, ready, of `body_len` bytes */
	size_t body_len;
	enum http_class class;
	bool partial;          /* what was answered counts, though something else was refused */
};

/* The ledger_code of a query that was too heavy: half as much may do. */
#define GRAPHQL_TIMED_OUT "TIMED_OUT"

/*
 * True: `ret_data` is the answer's member "data", an object in the body of `ret_answer`, which is initialised by the
 * caller and filled on failure too, as far as anything came. Errors: those of http_send() and of the connection's
 * authorization; AUTH, LIMIT, INPUT or REMOTE by the ledger's own words, with its code.
 */
bool graphql_send(struct connection *connection, const struct graphql *call, struct http_answer *ret_answer,
	       struct json_slice *ret_data, struct error *err);

/* The list "errors" of an answer that was accepted; JSON_NONE: there is none. */
struct json_slice graphql_errors(const struct http_answer *answer);
/* What a member of that list means, as an error; its words in full are appended to `said`. */
void graphql_refused(struct json_slice refusal, const char *what, struct str *said, struct error *ret_error);

/* The value of a word in the type's row: "page" in "page=500 since=no". False: it isn't there. */
bool graphql_extra(const struct type *type, const char *word, char *ret_value, size_t size);

#endif
