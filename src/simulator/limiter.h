/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Intuit's rate limits per company, and the counters that tests and people read. */
#ifndef LIMITER_H
#define LIMITER_H

#include "request.h"
#include "world.h"

enum call_class { CALL_READ, CALL_QUERY, CALL_CDC, CALL_REPORT, CALL_WRITE, CALL_BATCH, CALL_OTHER,
		  CALL_OAUTH, CALL_CLASS_COUNT };

struct limiter *limiter_new(void);
void limiter_free(struct limiter *limiter); /* NULL does nothing */

/*
 * May this call pass? Counts it either way; one that is refused does not add to the windows. False:
 * over a limit; `ret_wait_s` is for how long. The windows slide with the simulated clock.
 *
 * `realm` here and below is that of a company that exists, or NULL for what belongs to none (OAuth,
 * unknown companies), which is never refused. One app can connect, so the limits per app and
 * company are limits per company.
 */
bool limiter_enter(struct simulator *simulator, const char *realm, enum call_class call,
		   int *ret_wait_s);
enum limiter_verdict { LIMITER_PASS, LIMITER_BURST, LIMITER_CONCURRENT };
/* The same for Xledger, which has limits of its own; `realm` NULL: nobody's. */
enum limiter_verdict limiter_enter_xledger(struct simulator *simulator, const char *realm, enum call_class call);
/* Note how many bytes a request and its answer had, for the counters; not compressed. */
void limiter_carried(struct simulator *simulator, const char *realm, size_t up, size_t down);
/* In flight, per company: entered when the request came, left when its answer was delivered. */
void limiter_in_flight(struct simulator *simulator, const char *realm, enum call_class call, int change);
/* Note an answer's status, for the counters; 0: the connection was closed without one. */
void limiter_answered(struct simulator *simulator, const char *realm, int status);
/* By method and path; CALL_OAUTH for all that is not below /v3. */
enum call_class limiter_class(const struct request *request);
const char *limiter_class_name(enum call_class call); /* "read" */

/* The counters as one JSON object: by company, by class, statuses, throttled, most in flight. */
void limiter_add_json(const struct limiter *limiter, struct str *out);
/* Back to zero; the windows and what is in flight stay. */
void limiter_reset(struct limiter *limiter);

#endif
