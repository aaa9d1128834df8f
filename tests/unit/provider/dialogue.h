/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A ledger that follows a script: each request must be the next one of it, and gets its answer. The
 * real HTTP path is in between, with a transport that never leaves the process.
 */
#ifndef LEDGERDECK_TESTS_UNIT_PROVIDER_DIALOGUE_H
#define LEDGERDECK_TESTS_UNIT_PROVIDER_DIALOGUE_H

#include "ledgerdeck/provider/provider.h"

#define DIALOGUE_NOW_MS INT64_C(1769860800000) /* 2026-01-31T12:00:00Z */
#define DIALOGUE_REALM "9130347596"

struct step {
	/* "GET query?query=select * from Invoice": without host, company, version and escapes */
	const char *request;
	const char *sent;     /* the body that must come with it; NULL: none */
	int status;           /* 0: 200 */
	const char *body;     /* of the answer; NULL: empty */
	const char *type;     /* content type; NULL: JSON */
	const char *trace_id; /* NULL: none */
	bool no_date;         /* without a Date header */
};

struct dialogue {
	const struct step *steps;
	size_t count, at;
	int64_t now_ms;
	int renewals; /* how often the token was asked for anew */
	struct http http;
	struct connection connection;
	struct provider_addresses addresses;
	struct secret *token;
};

void dialogue_init(struct dialogue *dialogue, const struct step *steps, size_t count);
void dialogue_clear(struct dialogue *dialogue); /* fails when steps are left */

#define DIALOGUE(name, ...)                                                                        \
	const struct step name##_steps[] = { __VA_ARGS__ };                                        \
	AUTO(dialogue_clear) struct dialogue name;                                                 \
	dialogue_init(&name, name##_steps, ARRAY_LEN(name##_steps))

/*
 * A query's answer with small records: "1:0 2:5" has the ids 1 and 2, changed at
 * DIALOGUE_NOW_MS and five seconds later; "" has none. Good for the next 15 calls.
 */
const char *body_of(const char *records);

void page_clearp(struct page *page); /* for AUTO() */

#endif
