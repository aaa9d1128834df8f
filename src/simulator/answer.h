/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Helpers to fill an answer. */
#ifndef ANSWER_H
#define ANSWER_H

#include "ledgerdeck/simulator.h"

#define ANSWER_BODY_MAX ((size_t)256 << 20)

void answer_init(struct simulator_answer *answer); /* status 200, empty, Content-Length */
void answer_clear(struct simulator_answer *answer);

/*
 * Add a header, or replace one of that name. `name` is a literal; the value is copied, control
 * characters in it become blanks. At most SIMULATOR_HEADERS_MAX different names (asserted).
 */
void answer_header(struct simulator_answer *answer, const char *name, const char *value);
/* In any letter case; NULL when it is not there. Borrowed: the answer, until it changes. */
const char *answer_get_header(const struct simulator_answer *answer, const char *name);

/* Status and content type; the body stays as it is and is the caller's to fill. */
void answer_set(struct simulator_answer *answer, int status, const char *content_type);
/* Status, content type and the whole body, whatever stood there before; with Content-Length. */
void answer_text(struct simulator_answer *answer, int status, const char *content_type,
		 const char *body);
void answer_redirect(struct simulator_answer *answer, const char *location);
/* A short HTML page as a gateway makes it, with one sentence (plain text, may be NULL). */
void answer_page(struct simulator_answer *answer, int status, const char *sentence);
/*
 * gzip the body if it is above 1 KiB and that makes it smaller; `accepted`: the client takes gzip.
 * If it does not, Vary is all that is added.
 */
void answer_compress(struct simulator_answer *answer, bool accepted);

#endif
