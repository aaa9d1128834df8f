/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A loopback listener for one redirect of a sign-in: opened before the address is shown, answers once. */
#ifndef LEDGERDECK_NET_LISTENER_H
#define LEDGERDECK_NET_LISTENER_H

#include <stdbool.h>
#include <stdint.h>

#include "ledgerdeck/core/cancel.h"
#include "ledgerdeck/core/error.h"
#include "ledgerdeck/core/secret.h"

struct listener;

/* Binds 127.0.0.1 and ::1 on `port` (0: any free, see listener_port()). Errors: NETWORK (port taken). */
bool listener_open(int port, const char *path, struct listener **ret_listener, struct error *err);
void listener_close(struct listener *listener);
int listener_port(const struct listener *listener);

/*
 * Wait for a browser to come to `path`; hands out the whole query as a secret ("code=..&state=.."),
 * validated by `check` (true: accepted) before the page that is shown says success or failure.
 * Favicons, other paths, methods and oversized requests get their refusal and are waited past.
 * Errors: CANCELLED, NETWORK, LIMIT (timeout).
 */
bool listener_wait(struct listener *listener, int64_t timeout_ms, struct cancel *cancel,
		   bool (*check)(void *ctx, const struct secret *query, struct error *err), void *ctx,
		   struct secret **ret_query, struct error *err);

#endif
