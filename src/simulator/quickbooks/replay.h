/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Answers to writes by their requestid, so that a repeated request gets the first answer instead
 * of a second object. Bounded: the oldest are forgotten.
 */
#ifndef QUICKBOOKS_REPLAY_H
#define QUICKBOOKS_REPLAY_H

#include <stddef.h>
#include <stdint.h>

struct replays;

#define REPLAY_ID_MAX 50 /* characters of a requestid */

enum replay_verdict {
	REPLAY_NEW,   /* not seen, or forgotten */
	REPLAY_SAME,  /* the same request: its answer */
	REPLAY_OTHER, /* the id, but of another request: that one's answer */
};

/* What tells requests apart: where they went and what they said. */
uint64_t replay_hash(const char *target, const char *body, size_t len);

/* `replays` may be NULL. The text is borrowed until the next replay_keep(). */
enum replay_verdict replay_find(const struct replays *replays, const char *id, uint64_t hash,
				int64_t now_ms, int64_t lifetime_ms, const char **ret_text,
				size_t *ret_len);
/* Keep an answer; makes the store when `*replays` is NULL. Copies. */
void replay_keep(struct replays **replays, const char *id, uint64_t hash, int64_t now_ms,
		 const char *text, size_t len);
void replay_free(struct replays *replays); /* NULL does nothing */

#endif
