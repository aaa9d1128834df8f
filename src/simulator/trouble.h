/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Troubles on demand: what goes wrong with which calls, for the next n of them or with a
 * probability. Set through the control endpoint, as an object with these members:
 *
 *	kind          "fault", "status", "cut-before", "cut-after", "status-after", "cut-body",
 *	              "truncate", "oversize", "html", "content-type", "garbage", "delay", "slow",
 *	              "repeat", "meanwhile"
 *	code          of "fault": a number
 *	status        of "status" and "status-after": 429, 500, 502, 503 (when left out) or 504
 *	ms            of "delay"
 *	bytes         of "oversize" how many, of "slow" how many a second
 *	content_type  of "content-type"
 *	target, body  of "meanwhile": what somebody else writes ("invoice", "payment?operation=void") and
 *	              the object; for Xledger "graphql" and an object with a query
 *	times         how many calls it hits; -1: no end. Left out: 1, or no end beside `percent`
 *	percent       1 to 100, chance per matching call; 100 when left out
 *	skip          so many matching calls pass first
 *	realm, method, path (a part of it), call (a class as the counters name them): which calls;
 *	              left out: any but OAuth's. "call": "oauth" is for those.
 */
#ifndef TROUBLE_H
#define TROUBLE_H

#include <stdbool.h>
#include <stdint.h>

#include <json-c/json.h>

#include "limiter.h"
#include "request.h"
#include "world.h"

#define TROUBLES_MAX 64 /* those that are used up make room for new ones */

enum trouble_kind {
	TROUBLE_FAULT,	      /* answer with a fault code of the service; nothing is done */
	TROUBLE_STATUS,	      /* answer 429, 500, 502, 503 or 504 with an HTML body; nothing is done */
	TROUBLE_CUT_BEFORE,   /* close the connection; nothing is done */
	TROUBLE_CUT_AFTER,    /* do the work, then close without a byte */
	TROUBLE_STATUS_AFTER, /* do the work, then answer 500, 502, 503 or 504 */
	TROUBLE_CUT_BODY,     /* do the work, send half of the answer, close */
	TROUBLE_TRUNCATE,     /* a well-formed HTTP answer whose JSON ends in the middle */
	TROUBLE_OVERSIZE,     /* `bytes` of blanks before the JSON */
	TROUBLE_HTML,	      /* 200 with an HTML page */
	TROUBLE_CONTENT_TYPE, /* the right body under another content type */
	TROUBLE_GARBAGE,      /* bytes that are not UTF-8 in the body */
	TROUBLE_DELAY,	      /* `ms` late */
	TROUBLE_SLOW,	      /* `bytes` a second */
	TROUBLE_REPEAT, /* a query answered with the first page again, whatever was asked for */
	TROUBLE_MEANWHILE, /* the right answer, and another user's write before anybody reads on */
	TROUBLE_KIND_COUNT
};

struct trouble {
	enum trouble_kind kind;
	int id;
	int64_t left;             /* calls it still hits; -1: no end */
	int percent;              /* 1 to 100: chance per matching call */
	int code;                 /* TROUBLE_FAULT */
	int status;               /* TROUBLE_STATUS, TROUBLE_STATUS_AFTER */
	int64_t amount;           /* ms or bytes */
	char text[128];           /* content type, or target */
	char body[2048];          /* TROUBLE_MEANWHILE */
	char realm[32];           /* "" any company */
	char method[8];           /* "" any */
	char path[64];            /* "" any, else a part of the path */
	int call;                 /* enum call_class, -1: any but OAuth and control */
	int64_t skip;             /* let so many matching calls pass first */
	int64_t hits;
};

struct troubles *troubles_new(void);
void troubles_free(struct troubles *troubles); /* NULL does nothing */

/* The trouble that hits this call, used up by one; NULL: none. Valid until the next call. */
const struct trouble *troubles_meet(struct simulator *simulator, const struct request *request,
				    const char *realm, enum call_class call);
/* Change an answer that was made, as its trouble says (all kinds that act after the work). */
void trouble_spoil(const struct trouble *trouble, struct simulator_answer *answer);
/* TROUBLE_REPEAT: make a query's STARTPOSITION 1, in place. */
void trouble_repeat(char *query);

/* Control endpoint: one trouble from its JSON form (error: INPUT), all as a JSON array, none. */
bool troubles_add(struct troubles *troubles, json_object *json, int *ret_id, struct error *err);
void troubles_add_json(const struct troubles *troubles, struct str *out);
void troubles_clear(struct troubles *troubles);

#endif
