/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a person says of where a resource is in an account: it is that record, it is none, or it may be created. Each is a
 * transaction of its own, with its row in the audit, and nothing is sent. Needs a store that can be written.
 */
#ifndef LEDGERDECK_SYNC_LINK_H
#define LEDGERDECK_SYNC_LINK_H

#include "ledgerdeck/model/catalogue.h"
#include "ledgerdeck/store/resources.h"

struct link_wish {
	const char *account_id;
	int64_t resource;
	const char *who;
	int64_t now_ms;
};

/*
 * It is that record of the mirror, named by its id, else by the number or name that it alone has. Errors INPUT: there is none,
 * several. CONFLICT: the resource has already been assigned, another one has the record, the record was deleted, the resource
 * is of another organization or being written.
 */
bool link_assign(struct store *store, const struct catalogue *catalogue, const struct link_wish *wish, const char *record,
		 struct link *ret_link, struct error *err);
/* Not any more. Nothing in the ledger changes. Errors INPUT: it is not linked. CONFLICT: it is being written. */
bool link_remove(struct store *store, const struct link_wish *wish, struct error *err);
/* A person wants it created, before a plan has asked. CONFLICT: it has already been assigned. */
bool link_approve(struct store *store, const struct link_wish *wish, struct error *err);
#define LINK_APPROVAL "approval" /* what that decides about, see struct decision */

#endif
