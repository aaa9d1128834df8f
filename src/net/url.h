/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where an address leads to: as much of it as decides whether we go there, and may be told. */
#ifndef LEDGERDECK_NET_URL_H
#define LEDGERDECK_NET_URL_H

#include <stdbool.h>

#include "ledgerdeck/core/error.h"

#define URL_HOST_MAX 256

struct url {
	bool secure;   /* https */
	bool loopback; /* a loopback address, or localhost */
	int port;
	char host[URL_HOST_MAX]; /* without brackets, lower case */
	char shown[URL_HOST_MAX +
		   8]; /* for people: the host, and the port if it is not the usual one */
};

/*
 * Take an absolute address apart. Only https, and http to loopback, without user and password.
 * Error INPUT, which names no more of it than the host. Any thread.
 */
bool url_read(const char *text, struct url *ret_url, struct error *err);
/* Same scheme, host and port. */
bool url_is_same_place(const struct url *a, const struct url *b);

#endif
