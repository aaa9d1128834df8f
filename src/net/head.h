/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The head of an answer, line by line as it comes: the few headers that anybody asks for. */
#ifndef LEDGERDECK_NET_HEAD_H
#define LEDGERDECK_NET_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledgerdeck/net/http.h"

#define HEAD_BYTES_MAX ((size_t)256 << 10) /* of all heads of one call */

struct head {
	size_t bytes;	/* so far, of all lines */
	bool ended;	/* the empty line behind the headers has come */
	int trace_rank; /* how good the trace id is that we have */
	char content_type[128];
	char trace_id[96];
	char retry_after[64];
	char date[64];
	const char *keep; /* borrowed: a name in small letters; NULL: none */
	char kept[128];
};
#define HEAD_INIT                                                                                  \
	{                                                                                          \
		0                                                                                  \
	}

/* One line, with or without its end. A status line begins a new head. False: that is too much. */
bool head_add(struct head *head, const char *line, size_t len);
/*
 * Into the answer: content type, trace id, Retry-After (in seconds or as a date, counted from the
 * answer's own Date, without one from `wall_ms`) and Date.
 */
void head_finish(const struct head *head, int64_t wall_ms, struct http_answer *answer);

#endif
