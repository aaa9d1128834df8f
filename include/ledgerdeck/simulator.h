/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The simulated ledger without sockets: a request goes in, an answer comes out. The program
 * ledgerdeck-simulator puts sockets around it; tests run the real engine against it in one
 * process, with a clock of their own.
 *
 * Nothing here waits: an answer says how it is to be delivered (how late, how fast, cut where),
 * and whoever carries it does so, on sockets or on a virtual clock.
 */
#ifndef LEDGERDECK_SIMULATOR_H
#define LEDGERDECK_SIMULATOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/error.h"
#include "ledgerdeck/core/str.h"

struct simulator;

/* One sample company to make; see simulator_open(). */
struct simulator_company {
	const char *kind;   /* "us", "eu", "small" or "closed" */
	const char *realm;  /* company id, digits; NULL: made from the seed */
	const char *name;   /* company name; NULL: the kind's own */
	int64_t customers;  /* at least so many customers; -1: the kind's own number */
	int64_t invoices;   /* at least so many invoices; -1: the kind's own number */
};

struct simulator_config {
	uint64_t seed;            /* all sample data, ids and tokens come from it */
	const char *state_path;   /* SQLite file that keeps the state; NULL: memory only */
	struct env env;           /* real or a test's own; its random is used for nothing but keys */
	int64_t start_ms;         /* the simulated clock starts here and then runs with env; -1: env's time */
	const char *base_url;     /* "http://127.0.0.1:8080", without a slash at the end */
	const char *client_id;    /* the app that may connect; NULL: "simulator-client" */
	const char *client_secret; /* NULL: "simulator-secret" */
	const char *const *redirect_uris; /* registered addresses, NULL at the end; NULL: any on loopback */
	bool auto_consent;        /* the consent page redirects at once */
	const struct simulator_company *companies;
	size_t company_count;     /* 0: the four sample companies */
};

/*
 * Make the companies, or load them from `state_path` when that file holds any (then `companies`
 * must be empty). Errors: INPUT, STORE (unreadable, foreign, newer). Copies what it needs.
 */
struct simulator *simulator_open(const struct simulator_config *config, struct error *err);
void simulator_close(struct simulator *simulator); /* NULL does nothing */

/* Set a switch of the table in switches.h ("limits", "off"). Error: INPUT. Any thread. */
bool simulator_set(struct simulator *simulator, const char *name, const char *value, struct error *err);

/* Move the simulated clock; may be negative. Any thread. */
void simulator_step_clock(struct simulator *simulator, int64_t ms);
int64_t simulator_now_ms(struct simulator *simulator);

struct simulator_header {
	const char *name;
	const char *value;
};

struct simulator_request {
	const char *method;  /* "GET" */
	const char *target;  /* as on the wire: "/v3/company/1/query?query=select..." */
	const struct simulator_header *headers;
	size_t header_count;
	const char *body;    /* may be NULL when body_len is 0 */
	size_t body_len;
};

enum simulator_ending {
	SIMULATOR_WHOLE,      /* deliver all of it */
	SIMULATOR_CUT_SILENT, /* close the connection, send nothing */
	SIMULATOR_CUT_BODY,   /* send the head and `cut_at` bytes of the body, then close */
};

#define SIMULATOR_HEADERS_MAX 16
struct simulator_answer {
	int status;
	struct { const char *name; char *value; /* owned */ } headers[SIMULATOR_HEADERS_MAX];
	size_t header_count;
	struct str body;
	bool chunked;             /* Transfer-Encoding: chunked; otherwise Content-Length */
	enum simulator_ending ending;
	size_t cut_at;            /* bytes of body before the cut */
	int64_t delay_ms;         /* before the first byte */
	int64_t bytes_per_s;      /* 0: as fast as it goes */
	const void *counted;      /* whose calls in flight it counts for; private */
	int counted_call;         /* and which class of them; private */
};

/*
 * Carry out a request. Fills `ret_answer`, which need not be initialised; give it back with
 * simulator_done() when it has been delivered. Any thread; one request at a time is worked on.
 */
void simulator_handle(struct simulator *simulator, const struct simulator_request *request,
		      struct simulator_answer *ret_answer);
/* The answer was delivered (or could not be): no longer in flight. Releases it. Any thread. */
void simulator_done(struct simulator *simulator, struct simulator_answer *answer);

#endif
