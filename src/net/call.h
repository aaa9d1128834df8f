/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One request on its way through libcurl, from its options to what became of it. */
#ifndef LEDGERDECK_NET_CALL_H
#define LEDGERDECK_NET_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledgerdeck/core/error.h"
#include "ledgerdeck/net/http.h"

#include "head.h"
#include "libcurl.h"
#include "url.h"

struct call {
	CURL *easy; /* borrowed: the transport's */
	const struct http_request *request;
	struct http_answer *answer; /* its body grows as it comes */
	struct url url;		    /* where it goes */
	bool proxied;		    /* perhaps: a proxy may stand between */
	int64_t timeout_ms;	    /* of this call */
	const char *body;	    /* borrowed: the request's; NULL if there is none */
	size_t body_len, body_at;   /* `body_at` bytes of it were given to libcurl */
	size_t answer_max;	    /* bytes of body that are taken */
	bool head_too_large, body_too_large;
	struct head head;
	char text[CURL_ERROR_SIZE]; /* libcurl's own words; may name hosts, shown for TLS only */
};

/* May the request have reached the server, all of it? Before the handle is used again. */
bool call_has_reached(const struct call *call);

/*
 * Say in words why a call came to nothing. Always false. NETWORK, with outcome_unknown when the
 * request may have reached the server; REMOTE for what another try would not better: an answer too
 * large, a certificate that is not trusted; INPUT when our own settings are to blame.
 */
bool call_fail(const struct call *call, CURLcode code, struct error *err);

#endif
