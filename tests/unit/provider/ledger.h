/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The simulated ledger behind the real HTTP path, in this process, with a clock that stands until
 * it is moved; and a mirror of one of its types, filled as an engine fills its own.
 */
#ifndef LEDGERDECK_TESTS_UNIT_PROVIDER_LEDGER_H
#define LEDGERDECK_TESTS_UNIT_PROVIDER_LEDGER_H

#include "ledgerdeck/provider/provider.h"
#include "ledgerdeck/simulator.h"

#define LEDGER_REALM "4620816365291"

struct ledger {
	struct simulator *simulator;
	int64_t now_ms;	   /* of both clocks */
	int64_t waited_ms; /* slept by the HTTP path */
	int calls;	   /* of the client under test */
	int renewals;
	int touches; /* by ledger_touch_customer() */
	struct http http;
	struct connection connection;
	struct provider_addresses addresses;
	struct secret *token;
	void (*before)(
		struct ledger
			*ledger); /* before each call of the client under test; NULL: nothing */
	struct str record;	  /* what the last write answered */
};

void ledger_init(struct ledger *ledger);
/* With a company of another kind of sample: "us", "eu", "small", "closed". */
void ledger_init_kind(struct ledger *ledger, const char *kind);
void ledger_clear(struct ledger *ledger);

void ledger_set(struct ledger *ledger, const char *name, const char *value);
/* Let calls go wrong, as the control endpoint is told: {"kind":"html","times":1}. */
void ledger_trouble(struct ledger *ledger, const char *json);
void ledger_step(struct ledger *ledger, int64_t ms);
/*
 * A call besides the client under test's. The answer's body in `ledger->record`; returns its
 * status.
 */
int ledger_call(struct ledger *ledger, const char *method, const char *path, const char *body);

/*
 * Writes; an id lives until the next call. A customer is changed, and switched off unless
 * `active` where that is allowed.
 */
const char *ledger_add_customer(struct ledger *ledger, const char *name);
void ledger_touch_customer(struct ledger *ledger, const char *id, bool active);
void ledger_add_invoice(struct ledger *ledger, const char *customer);
void ledger_delete_invoice(struct ledger *ledger, const char *id);

/* Ids and versions of a type's records. */
struct copy {
	struct copied {
		char id[64];
		char version[40];
	} * rows; /* owned */
	size_t count, room;
};
void copy_clear(struct copy *copy);
void copy_put(struct copy *copy, const char *id, const char *version);
void copy_remove(struct copy *copy, const char *id);
bool copy_has(const struct copy *copy, const char *id);
/* What is really there, asked without the provider. */
void ledger_truth(struct ledger *ledger, const struct type *type, struct copy *ret_copy);
void copy_assert_equal(const struct copy *a, const struct copy *b);
/* Put all records of a page. */
void copy_take(struct copy *copy, const struct type *type, const struct page *page);

#endif
