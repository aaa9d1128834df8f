/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One HTTP path: who calls a ledger calls it here, and nothing else does. Budgets, retry classes,
 * size caps, time-outs, redaction and tracing are here once, so no caller and no library has its
 * own. A transport has one function: libcurl in life, the simulator's core in tests.
 */
#ifndef LEDGERDECK_NET_HTTP_H
#define LEDGERDECK_NET_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledgerdeck/core/cancel.h"
#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/error.h"
#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/secret.h"
#include "ledgerdeck/core/str.h"

enum http_class {      /* what the ledger counts it as */
	HTTP_READ,     /* query, read, changes, sweep */
	HTTP_REPORT,
	HTTP_WRITE,
	HTTP_BATCH,
	HTTP_SIGN_IN,  /* OAuth; not of an account's budget */
	HTTP_CLASS_COUNT
};
const char *http_class_word(enum http_class class);

#define HTTP_HEADERS_MAX 12

struct http_request {
	const char *method;         /* "GET", "POST" */
	const char *url;            /* absolute; may hold a secret only when `secret_url` */
	bool secret_url;            /* never log more than its host */
	const char *what;           /* what it is, for logs and errors: "query Invoice" (no values) */
	enum http_class class;
	struct { const char *name, *value; } headers[HTTP_HEADERS_MAX]; /* without Authorization */
	size_t header_count;
	const struct secret *authorization; /* the header's value; NULL: none */
	const char *body;           /* NULL: none */
	size_t body_len;
	const struct secret *secret_body;   /* instead of `body`; NULL: none */
	int64_t timeout_ms;         /* for all of it; 0: the transport's, else 130 s, above the ledgers' own 120 */
	size_t answer_max;          /* bytes after decompression; 0: the transport's, else 64 MiB */
	const char *keep;           /* a header of the answer that is wanted besides ("etag"), in small letters; NULL: none */
	bool redirects;             /* follow up to three, same host only; never for sign-in */
};

struct http_answer {
	int status;
	struct str body;            /* owned */
	struct json_map *map;       /* owned: of the body, once somebody has checked that it is JSON; NULL: none */
	char content_type[128];
	char trace_id[96];          /* intuit_tid and its like; "" */
	char kept[128];             /* what the request wanted to be kept; "": it was not there */
	int64_t retry_after_ms;     /* -1: not said */
	int64_t date_ms;            /* of the Date header; -1: none */
	int64_t sent_bytes, received_bytes; /* on the wire */
	int64_t took_ms;            /* with all tries */
	int tries;
};
#define HTTP_ANSWER_INIT { .body = STR_INIT(0) }
void http_answer_clear(struct http_answer *answer); /* wipes and releases */
void http_answer_reset(struct http_answer *answer); /* empty; the body keeps its room for the next one */

/*
 * Carry one request over, once. True: an answer came, whatever its status. False: NETWORK, with
 * err->outcome_unknown when the request had been sent and could have been carried out, CANCELLED,
 * REMOTE (answer too large). Any thread, one call at a time per handle; waits, obeys cancel.
 */
struct transport {
	bool (*perform)(void *ctx, const struct http_request *request, struct http_answer *answer,
			struct cancel *cancel, struct error *err);
	void *ctx;
};

/* libcurl, keep-alive, gzip, TLS 1.2 at least, verification never off; plain http only to loopback. */
struct transport_curl;
struct transport_curl_options {
	const char *proxy;       /* NULL: as the environment says */
	const char *ca_file;     /* NULL: the system's */
	const char *user_agent;
	int64_t timeout_ms;      /* for calls that name none; 0: as http_request says */
	size_t answer_max;       /* the same */
};
struct transport_curl *transport_curl_new(const struct transport_curl_options *options);
void transport_curl_free(struct transport_curl *curl);
struct transport transport_of_curl(struct transport_curl *curl); /* one per thread */

/*
 * What an account may do, shared by all threads and processes on one file: requests per second and
 * minute by class, calls in flight of this process. Kept in a memory-mapped side file, so that a
 * restart does not burst.
 */
struct budget_limits {
	int per_second, per_minute;       /* 0: no limit */
	int batches_per_minute;           /* 0: no limit */
	int in_flight;                    /* 0: no limit */
};
struct budget;
/* `path` NULL: of this process only. `account_id` names the slot. Error STORE. */
bool budget_open(const char *path, const char *account_id, const struct budget_limits *limits, struct env env,
		 struct budget **ret_budget, struct error *err);
void budget_close(struct budget *budget);
/* Wait for a place, then take it; false: cancelled. Give it back with budget_leave(). Any thread. */
bool budget_enter(struct budget *budget, enum http_class class, struct cancel *cancel);
void budget_leave(struct budget *budget);
/* The ledger said 429: nobody calls for so long, and the rate halves for a while. */
void budget_throttled(struct budget *budget, int64_t wait_ms);
int64_t budget_paused_ms(const struct budget *budget);  /* how long still; 0: not paused */
int budget_in_flight(const struct budget *budget);

struct http_meter { /* what was spent, for the run's attempt and the month's meter */
	int64_t calls[HTTP_CLASS_COUNT];
	int64_t sent_bytes, received_bytes;
	int64_t throttled;               /* answers 429 */
	int64_t retries;
	int64_t waited_ms;               /* for a place in the budget, for what the ledger wants, before retries */
};

/* One thread's way to one account. */
struct http {
	struct transport transport;
	struct budget *budget;           /* NULL: none */
	struct env env;
	struct cancel *cancel;           /* NULL: never */
	struct http_meter *meter;        /* NULL: not counted; this thread's own */
	/* Wait without blocking tests: sleeps `ms`, false when cancelled. NULL: cancel_sleep. */
	bool (*sleep)(void *ctx, int64_t ms, struct cancel *cancel);
	void *sleep_ctx;
	int read_tries;                  /* 0: 8 */
};

/*
 * Send a request by the table of retry classes: 429 and throttle faults wait (Retry-After, else 60 s)
 * without counting as a try; what failed on the way or answered 5xx is tried again with full jitter
 * from 1 s to 5 min when it is a read or a sign-in that may be repeated, and never when it writes: then
 * err->outcome_unknown is set. True: an answer that no retry would better (2xx, 3xx, 4xx), 401 too.
 * Errors: NETWORK, REMOTE, LIMIT (retry_after_s), CANCELLED.
 */
bool http_send(struct http *http, const struct http_request *request, struct http_answer *answer,
	       struct error *err);

/* For a provider to say that an answer with another status is a throttle (403 with 3001 in it). */
bool http_is_throttle(const struct http_answer *answer);

#endif
