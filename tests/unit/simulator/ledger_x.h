/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A client of a simulated Xledger with one entity, in this process, on a clock that stands. What
 * goes wrong in a call here fails the test that asked.
 */
#ifndef LEDGERDECK_TESTS_UNIT_SIMULATOR_LEDGER_X_H
#define LEDGERDECK_TESTS_UNIT_SIMULATOR_LEDGER_X_H

#include "ledgerdeck/core/json.h"

#include "client.h"

#define ENTITY "777"
#define DAY_S 86400

struct xclient {
	struct client client;
	char token[64];     /* as its header has it: "token ..." */
	struct str body;    /* of the last answer */
	int status;
};

struct xclient *xclient_new(const char *state_path, bool resume);
void xclient_free(struct xclient *client);
int xclient_setup(void **state); /* for cmocka; limits are off */
int xclient_teardown(void **state);
/* A new token, with the other members of what is sent for it: "" or ", \"days\": 1". */
void xclient_connect(struct xclient *client, const char *more);
/* POST /graphql; `variables` is JSON or NULL. The body. */
const char *xclient_ask(struct xclient *client, const char *query, const char *variables);
const char *xclient_ask_other(struct xclient *client, const char *query); /* as another user */
/* The control endpoint, by the path behind /simulator/. The body; status 200 is expected. */
const char *xclient_control(struct xclient *client, const char *method, const char *path, const char *body);
void xclient_step(struct xclient *client, int64_t seconds);
void xclient_set(struct xclient *client, const char *name, const char *value);

/* ---- what the last answer says */
void xclient_has(const struct xclient *client, const char *text);
void xclient_lacks(const struct xclient *client, const char *text);
void xclient_is(const struct xclient *client, const char *body);
/* "data.customers.edges", then (index not negative) that item, then (not NULL) a path in it. */
struct json_slice xclient_find(const struct xclient *client, const char *path, int index, const char *inside);
size_t xclient_count(const struct xclient *client, const char *path); /* of items; null has none */
/* A text or a number of it; valid until the next call. */
const char *xclient_text(const struct xclient *client, const char *path, int index, const char *inside);

#endif
