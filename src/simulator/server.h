/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The simulated ledger on a loopback socket. */
#ifndef SERVER_H
#define SERVER_H

#include <stdbool.h>
#include <stdint.h>

#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/error.h"

struct server;
struct simulator;

struct server_config {
	const char *address;   /* "127.0.0.1", "::1", "localhost": must be loopback */
	int port;              /* 0: any free one */
	int idle_timeout_s;    /* a connection without a byte for so long is closed */
	int64_t memory_limit;  /* most bytes of request bodies and answers at once */
	bool verbose;          /* a line on stderr for each request */
	struct env env;
};

/* Take the address, without listening yet. Error: INPUT (not loopback, in use, not allowed). */
bool server_open(const struct server_config *config, struct server **ret_server, struct error *err);

/* "http://127.0.0.1:8620"; borrowed until server_close(). */
const char *server_url(const struct server *server);
/* Leave the port, as a line, in a file that appears as a whole. Error: INPUT. */
bool server_write_port(const struct server *server, const char *path, struct error *err);

/*
 * Listen and serve, in threads of its own, until server_close(). The simulator must live longer.
 * Threads inherit the caller's signal mask. Errors: INPUT (somebody else listens there by now),
 * INTERNAL (no threads, no descriptors).
 */
bool server_start(struct server *server, struct simulator *simulator, struct error *err);

/* End all connections, delayed ones too, and the threads. NULL does nothing. */
void server_close(struct server *server);

#endif
