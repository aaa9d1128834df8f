/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One call of the accounting API while it is worked on: what the routes of api.c hand around. */
#ifndef QUICKBOOKS_CALL_H
#define QUICKBOOKS_CALL_H

#include <json-c/json.h>

#include "company.h"
#include "quickbooks/fault.h"
#include "quickbooks/replay.h"
#include "quickbooks/write.h"
#include "request.h"

enum call_form {
	CALL_ENVELOPE, /* `out` holds the envelope's members; braces and time come around */
	CALL_BARE,     /* `out` holds the whole JSON text */
	CALL_DONE,     /* the answer is complete: status, headers and body */
};

struct call {
	struct simulator *simulator;     /* borrowed */
	struct company *company;         /* borrowed */
	const struct request *request;   /* borrowed */
	const struct entity *entity;     /* of the path; NULL when it names none */
	const char *id;                  /* borrowed: the part of the path behind it, "" */
	struct str *out;                 /* borrowed: see call_form */
	struct simulator_answer *answer; /* borrowed: for CALL_DONE */
	enum call_form form;
	struct fault fault;              /* why, when a route returns false */
	char request_id[REPLAY_ID_MAX + 1]; /* "": none; the answer is kept under it */
	uint64_t request_hash;
};

/* A route: false with `call->fault`. */
typedef bool call_route(struct call *call);

/* What follows is the whole JSON text, not the members of an envelope. */
void call_bare(struct call *call);

/* Is the body UTF-8? Else a fault. */
bool call_is_utf8(struct call *call);

/* The body as a JSON object, which the caller puts. False: content type, encoding, grammar. */
bool call_json(struct call *call, json_object **ret_sent);

/* Is the body's content type one of these (NULL at the end), or not stated? */
bool call_has_type(const struct call *call, const char *const *types);

/* Is `word` among the values of include=a,b? In any letter case. */
bool call_includes(const struct call *call, const char *word);

struct write_options call_options(const struct call *call);

#endif
