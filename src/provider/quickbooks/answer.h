/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What came back: data, or one of the many forms in which this ledger says no. Faults come as
 * JSON of the service ("Fault"), JSON of the gateway ("fault", lower case), XML even when JSON was
 * asked for, web pages, bodies that were cut, and with status 200.
 */
#ifndef QUICKBOOKS_ANSWER_H
#define QUICKBOOKS_ANSWER_H

#include <stdbool.h>
#include <stddef.h>

#include "ledgerdeck/core/error.h"
#include "ledgerdeck/core/json.h"
#include "ledgerdeck/net/http.h"

struct fault {
	char code[24];	   /* "610", without leading zeros; "" when it was not said */
	char message[200]; /* the ledger's own words, not yet made harmless */
	char detail[600];
	char element[80];
	char type[40]; /* "ValidationFault", "AUTHENTICATION", ... */
};

/* Is there a fault in the body, whatever its form? Fills what was said, "" for the rest. */
bool fault_find(const char *body, size_t len, struct fault *ret_fault);
/* The same in a part of checked JSON: in its member "Fault" or "fault". */
bool fault_in(struct json_slice object, struct fault *ret_fault);

/* Who asks, for the texts of errors. */
struct asker {
	const char *what;  /* "query Invoice" */
	const char *realm; /* never shown; NULL: unknown */
	struct str *said;  /* takes the ledger's words in full; NULL: not wanted */
};

/* Words of the ledger without company ids and tokens and control characters, as one line. Appended. */
void answer_add_harmless(struct str *out, const char *text, const char *realm);
/* The gateway shows tokens in the detail, and 5010 names people. */
bool answer_hides_detail(const struct fault *fault);
/* Keep the words of a refusal for asker->said: all that its body says, but for what may hold a secret. */
void answer_keep_words(const struct http_answer *answer, const struct fault *fault, const struct asker *asker);

/*
 * Turn a refusal into its error: AUTH, LIMIT (with retry_after_s), CONFLICT, INPUT or REMOTE, with
 * the ledger's code, its trace id and its words made harmless. False always.
 */
bool answer_refused(const struct http_answer *answer, const struct fault *fault,
		    const struct asker *asker, struct error *err);
/* True: a 2xx answer, its body well-formed JSON, an object, without a fault. */
bool answer_accept(struct http_answer *answer, const struct asker *asker, struct error *err);

/* The members of an accepted answer. */
struct envelope {
	struct json_slice
		payload;   /* of the member `name`; else the first that is an object or array */
	int64_t ledger_ms; /* member "time", else the Date header, else -1 */
};
void answer_open(const struct http_answer *answer, const char *name, struct envelope *ret_envelope);

/* For struct provider: a refused sign-in becomes its error, AUTH mostly. False always. */
bool quickbooks_sign_in_error(const struct http_answer *answer, struct error *err);

#endif
