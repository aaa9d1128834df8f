/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A server on loopback that answers well, badly or not at all: the path of a request says how. */
#ifndef LEDGERDECK_TESTS_UNIT_NET_SERVER_H
#define LEDGERDECK_TESTS_UNIT_NET_SERVER_H

#include <stdbool.h>
#include <stddef.h>

#include "ledgerdeck/core/str.h"

struct server;

/*
 * /ok            200, JSON, kept alive           /html          200, HTML
 * /echo          200, the request as it came     /heads         200, all headers we look at
 * /status/NNN    that status, a small body       /gzip          200, "packed" in gzip
 * /bomb          1000 times smaller in gzip      /bad-gzip      says gzip, is none
 * /endless-head  headers without end             /endless-body  a body without end
 * /endless-100   "100 Continue" without end      /garbage       no HTTP
 * /close         reads the request and hangs up  /cut-body      hangs up within the body
 * /cut-head      hangs up within the head        /stall         answers never
 * /stall-body    stops within the body           /reset-second  as /ok, then hangs up
 * /redirect      to /ok                          /loop          to itself
 * /away          to another host                 /port          to another port
 * /refuse-body   hangs up before the body  CONNECT       407, as a proxy says
 */
struct server *server_new(void);
void server_free(struct server *server); /* ends all it has begun */
int server_port(const struct server *server);
/* "http://127.0.0.1:port" and the path; owned by the server, until the next call. */
const char *server_url(struct server *server, const char *path);

int server_requests(struct server *server); /* whole ones, heads and bodies */
int server_connections(struct server *server);
void server_await_request(
	struct server *server); /* until there was one more than when last asked */
/* The last request's head and body, appended. */
void server_add_last(struct server *server, struct str *out);

#endif
