/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A company in a world of its own, with documents on their way into it. What goes wrong in here fails the test that asked. */
#ifndef LEDGERDECK_TESTS_UNIT_SYNC_DESK_H
#define LEDGERDECK_TESTS_UNIT_SYNC_DESK_H

#include "ledgerdeck/sync/push.h"
#include "world.h"

struct desk {
	struct world *world;
	struct account account;
	char organization[RESOURCE_ID_MAX];
};

/* Connected and read. */
void desk_open(struct desk *desk);
void desk_close(struct desk *desk);

/* A document, as JSON; its number. */
int64_t desk_put(struct desk *desk, const char *type, const char *external_id, const char *data);
int64_t desk_put_for(struct desk *desk, const char *organization, const char *type, const char *external_id, const char *data);
void desk_set(struct desk *desk, enum policy policy, const char *value);
/* Every item that is not known is the ledger's first one. */
void desk_map_item(struct desk *desk);

void desk_plan(struct desk *desk, struct plan *ret_plan);
struct seen {
	int64_t resource;
	int times;
	struct plan_line line;       /* without body and detail, which are gone */
	char question[120];
	char notes[500];
	char body[2000];
};

/* Plan anew: what becomes of it, and why. */
struct seen desk_expect(struct desk *desk, int64_t resource, enum plan_act act, enum plan_reason reason);
/* Answer what was asked there. */
void desk_decide(struct desk *desk, const struct seen *found, const char *what);
/* Plan anew, and write all that can be. */
void desk_carry_out(struct desk *desk);
/* Somebody else sends that to the ledger, and what comes of it is read. */
void desk_post(struct desk *desk, const char *path, const char *body);
/* Somebody else changes a record in the ledger, which nobody has changed before, and it is read. */
void desk_change_there(struct desk *desk, const char *type, const char *id, const char *member);

#endif
