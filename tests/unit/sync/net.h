/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The network between the engine and the simulated ledger: in this process or over a pair of sockets. */
#ifndef LEDGERDECK_TESTS_UNIT_SYNC_NET_H
#define LEDGERDECK_TESTS_UNIT_SYNC_NET_H

#include "world.h"

/* A transport's function; its ctx is the world. */
bool net_perform(void *ctx, const struct http_request *request, struct http_answer *answer, struct cancel *cancel,
		 struct error *err);

#endif
