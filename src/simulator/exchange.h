/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One request and its answer on a connection of libmicrohttpd: collecting the one, delivering
 * the other as late, as slowly and as incompletely as it asks for. All calls but exchange_park()
 * and exchange_wake() come from the thread that serves the connection.
 */
#ifndef EXCHANGE_H
#define EXCHANGE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include <microhttpd.h>

#include "ledgerdeck/core/env.h"

struct alarms;
struct exchange;
struct simulator;

/* What all exchanges of a server share. */
struct carrier {
	struct simulator *simulator; /* borrowed: the caller of server_start() */
	struct alarms *alarms;       /* owned by the server */
	struct env env;
	size_t memory_limit;         /* most bytes of request bodies and answers together */
	atomic_size_t held;          /* how many there are now */
	bool verbose;                /* a line on stderr for each request */
};

/* `target` as on the wire, may be NULL. */
struct exchange *exchange_new(struct carrier *carrier, struct MHD_Connection *connection,
			      const char *target);
/* Delivered, or the connection broke: gives everything back. NULL does nothing. */
void exchange_free(struct exchange *exchange);

/* The head has been read; a body that is far too large is refused before it is sent. */
enum MHD_Result exchange_begin(struct exchange *exchange, const char *method, const char *version);
bool exchange_has_begun(const struct exchange *exchange);
enum MHD_Result exchange_add_body(struct exchange *exchange, const char *bytes, size_t len);
/* The request is complete: work it out if that was not done yet, and answer when it is time. */
enum MHD_Result exchange_answer(struct exchange *exchange);

/* For alarms: stop serving the connection, and go on with it. */
void exchange_park(void *exchange);
void exchange_wake(void *exchange);

#endif
