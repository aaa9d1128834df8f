/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The simulated Xledger: its entities and tokens, and the way of a GraphQL request through it.
 * What is between client and service (troubles, the network, the state file's time) is simulator.c's.
 */
#ifndef XLEDGER_H
#define XLEDGER_H

#include "limiter.h"
#include "request.h"
#include "world.h"
#include "xledger/arena.h"
#include "xledger/plan.h"
#include "xledger/token.h"

struct xledger {
	struct xl_entity **entities; /* owned */
	size_t count;
	struct xl_tokens tokens;
	struct gql_schema *schemas[2]; /* owned; made when first asked for: usual, dbIds reversed */
};

struct xledger *xledger_new(void);
void xledger_free(struct xledger *xledger); /* NULL does nothing */
void xledger_add(struct xledger *xledger, struct xl_entity *entity); /* takes it */
size_t xledger_count(const struct xledger *xledger); /* of entities; NULL has none */
/* By realm; NULL: there is none. */
struct xl_entity *xledger_entity(const struct xledger *xledger, const char *realm);

bool xledger_owns(const struct request *request); /* /graphql, in any letter case */

/* A request that was read: whose it is and what it asks for. */
struct xl_call {
	struct simulator *simulator;
	struct xl_entity *entity;            /* borrowed; NULL: nobody's */
	const struct xl_token *token;        /* borrowed; NULL: none, or another user */
	const struct gql_operation *operation; /* NULL: it can't be read */
	enum call_class class;               /* read or write */
	bool other_user;
	struct arena arena;
	struct gql_document document;
	struct gql_errors errors;
	const struct gql_value *variables;   /* the first */
	int status;                          /* of an answer with `errors` alone */
};

/* Read the request and its token. With errors the call can only be refused. Clear in any case. */
void xl_call_open(struct xl_call *call, struct simulator *simulator, const struct request *request);
/* For /simulator/as-other-user/xledger/ENTITY/graphql: no token is asked for. */
void xl_call_open_other(struct xl_call *call, struct xl_entity *entity, const struct request *request);
void xl_call_clear(struct xl_call *call);
/* Token and limits; counts the call. False: the answer is a refusal. */
bool xl_call_admit(struct xl_call *call, struct simulator_answer *answer);
/* Carry it out. */
void xl_call_work(struct xl_call *call, struct simulator_answer *answer);
/* What a trouble of kind "fault" answers: code 3001 is the burst limit, others are errors of the service's own. */
void xl_answer_fault(int code, struct simulator_answer *answer);

/* ---- the control endpoint's part; Error: INPUT */

/* {"entity": "..", "days": 14, "scopes": [..]} to {"token": ".."} */
bool xl_door_token(struct simulator *simulator, json_object *sent, struct str *out, struct error *err);
/* {"token": ".."} */
bool xl_door_revoke(struct simulator *simulator, json_object *sent, struct str *out, struct error *err);
/* {"entity": ".."}: what waits to be invoiced is, now */
bool xl_door_invoice(struct simulator *simulator, json_object *sent, struct str *out, struct error *err);
/* {"entity": "..", "type": "customers", "dbId": 1, "mutationType": "UPDATED"}: one more delta */
bool xl_door_delta(struct simulator *simulator, json_object *sent, struct str *out, struct error *err);
/* An entity as an item of GET /simulator/companies. */
void xl_entity_add_json(struct xl_entity *entity, struct str *out);

#endif
