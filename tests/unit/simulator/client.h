/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A client of a small simulated world, in this process and with a clock that stands until it is
 * moved. What goes wrong in here fails the test that asked.
 */
#ifndef LEDGERDECK_TESTS_UNIT_SIMULATOR_CLIENT_H
#define LEDGERDECK_TESTS_UNIT_SIMULATOR_CLIENT_H

#include "ledgerdeck/simulator.h"

#define REALM "1001" /* of the company that the client is connected to */
#define OTHER "1002" /* of another one */
#define START_MS INT64_C(1769860800000) /* 2026-01-31T12:00:00Z */
#define QUERY "/v3/company/" REALM "/query?minorversion=75&query="
#define COUNT QUERY "select%20count(*)%20from%20Customer"
#define CUSTOMER "/v3/company/" REALM "/customer"
#define LOCAL "Host", "127.0.0.1:8080"

struct client {
	struct simulator *simulator;
	int64_t now_ms;
	char bearer[4096]; /* a token for REALM, as its header has it */
};

/* A configuration without companies, for the client's clock. */
struct simulator_config client_config(struct client *client, const char *state_path);
/* A simulator with two small companies, its clock at START_MS; the caller closes it. */
struct simulator *client_open(struct client *client, const char *state_path, struct error *err);
/* One that goes on from its state file. */
struct simulator *client_reopen(struct client *client, const char *state_path, struct error *err);
/* For cmocka: a connected client as the test's state, and its end. */
int client_setup(void **state);
int client_teardown(void **state);
/* Consent, and a new token for REALM. */
void client_connect(struct client *client);

/* Headers are name, value, ... and NULL, or NULL. The caller gives the answer back. */
void client_send(struct client *client, const char *method, const char *target,
		 const char *const *headers, const char *body, struct simulator_answer *answer);
/* As the app does, for JSON. The status, 0 for an answer that was cut; `out` may be NULL. */
int client_ask(struct client *client, const char *method, const char *target, const char *body,
	       struct str *out);
/* The control endpoint, by the path behind /simulator/. */
int client_control(struct client *client, const char *method, const char *path, const char *body);
/* This trouble and no other. */
void client_trouble(struct client *client, const char *json);
void client_set(struct client *client, const char *name, const char *value);
/* A member of REALM's counters, by its path; 0 when it is not there. */
int64_t client_counter(struct client *client, const char *member);
/* How many customers REALM has, asked without being counted or troubled. */
long client_customers(struct client *client);

#endif
