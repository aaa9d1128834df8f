/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An error is a value owned by the caller: assign it, queue it, nothing to free. What can fail
 * returns bool and takes a `struct error *` last; the code says only what a caller does
 * differently, the text says the rest to a person.
 */
#ifndef LEDGERDECK_CORE_ERROR_H
#define LEDGERDECK_CORE_ERROR_H

#include <stdbool.h>

enum error_code {
	ERROR_NONE,      /* nothing went wrong */
	ERROR_INPUT,     /* what was asked for makes no sense: a person changes it */
	ERROR_AUTH,      /* not allowed, or not any more: a person signs in again */
	ERROR_LIMIT,     /* too much at once: later, see retry_after_s */
	ERROR_NETWORK,   /* no answer, or half of one */
	ERROR_REMOTE,    /* the ledger refused, or broke */
	ERROR_CONFLICT,  /* somebody else was faster: read again, decide again */
	ERROR_STORE,     /* the local file: full, locked, foreign, damaged */
	ERROR_CANCELLED, /* asked to stop */
	ERROR_INTERNAL,  /* our own mistake */
	ERROR_CODE_COUNT
};

struct error {
	enum error_code code;
	int retry_after_s;     /* seconds until a retry makes sense; -1: never by itself */
	bool outcome_unknown;  /* a write was sent and nobody knows whether it was carried out */
	char ledger_code[48];  /* the ledger's own code, "" if none */
	char trace_id[64];     /* the ledger's request id, "" if none */
	char text[240];        /* one UTF-8 sentence, lower case start, no newline, no secret */
};

const char *error_word(enum error_code code); /* "network": as JSON names it. Any thread */

/* Fill `err` (may be NULL) from a printf format. Returns false, always. Any thread. */
bool error_set(struct error *err, enum error_code code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Put "format: " before the text of an error that is set. Returns false, always. Any thread. */
bool error_prefix(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Nothing went wrong, again. Any thread. */
void error_clear(struct error *err);

#endif
