/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Organizations, their resources in every revision, and links: where a resource is in an account. An account belongs to one
 * organization for good reason: a resource of another one can't reach it, which is checked where links are made and plans read.
 */
#ifndef LEDGERDECK_STORE_RESOURCES_H
#define LEDGERDECK_STORE_RESOURCES_H

#include "ledgerdeck/model/account.h"
#include "ledgerdeck/model/record.h"
#include "ledgerdeck/model/resource.h"
#include "ledgerdeck/store/store.h"

struct organization {
	char id[RESOURCE_ID_MAX];
	char external_id[RESOURCE_EXTERNAL_MAX];
	char name[ACCOUNT_NAME_MAX];
	int64_t made_ms;
	int64_t accounts;            /* that belong to it, of whatever state */
};
/* By name. An account that is connected without one gets one of its own. */
bool organizations_all(struct store *store, bool (*each)(void *ctx, const struct organization *organization), void *ctx,
		       struct error *err);
/* By id, external id, or any unique name. Errors INPUT: none, several. */
bool organizations_find(struct store *store, const char *word, struct organization *ret_organization, struct error *err);
bool organizations_add(struct store *store, struct organization *organization /* gets its id */, struct error *err);
bool organization_of_account(struct store *store, const char *account_id, char *ret_id /* RESOURCE_ID_MAX */, struct error *err);
/* Only while nothing of it is linked or planned in the account (CONFLICT). */
bool organization_give(struct store *store, const char *account_id, const char *organization_id, struct error *err);

struct resource {
	int64_t no;                  /* the store's own number; 0: not there yet */
	char id[RESOURCE_ID_MAX];
	char organization[RESOURCE_ID_MAX];
	const struct resource_type *type;
	char external_id[RESOURCE_EXTERNAL_MAX];
	int64_t revision;            /* from 1; grows with each change */
	uint64_t hash;               /* of its data */
	int64_t changed_ms;
	struct resource_summary summary;
};

struct resource_counts {
	int64_t added, changed, unchanged;
};
/*
 * Put one by its organization, type and external id: new, another revision, or as it was (nothing is written). `data` has
 * passed resource_check(). `source` says where it comes from ("invoices.csv:12"). In a transaction (asserted). Fills the rest.
 * Error INPUT: larger than COMPRESS_RECORD_MAX.
 */
bool resources_put(struct store *store, struct resource *resource, const char *data, size_t len, const char *source, int64_t now_ms,
		   struct resource_counts *counts, struct error *err);
/* Would it be new, changed or the same? Nothing is written. */
bool resources_compare(struct store *store, const char *organization, const struct resource_type *type, const char *external_id,
		       const char *data, size_t len, struct resource_counts *counts, struct error *err);
/* By its own id, or type and external id; `ret_data` (NULL: not wanted) is appended to. `type` NULL: any, where it is unique. */
bool resources_get(struct store *store, const char *organization, const struct resource_type *type, const char *word,
		   struct resource *ret_resource, struct str *ret_data, bool *ret_found, struct error *err);
bool resources_by_id(struct store *store, const char *id, struct resource *ret_resource, bool *ret_found, struct error *err);
bool resources_by_no(struct store *store, int64_t no, struct resource *ret_resource, struct str *ret_data, struct error *err);
/* As it was in a revision; CONFLICT when it has no such one. */
bool resources_revision(struct store *store, int64_t no, int64_t revision, struct str *ret_data, struct error *err);

struct resource_query {
	const char *organization;
	const struct resource_type *type; /* NULL: all */
	int64_t after_no;            /* 0: from the first */
	int64_t limit;               /* 0: all */
};
/* In the order they came in; `data` borrowed. */
bool resources_list(struct store *store, const struct resource_query *query,
		    bool (*each)(void *ctx, const struct resource *resource, const char *data, size_t len), void *ctx,
		    struct error *err);

/* The same, but for the numbers alone; of one organization and type. */
bool resources_numbers(struct store *store, const struct resource_query *query, bool (*each)(void *ctx, int64_t no), void *ctx,
		       struct error *err);

/* Edited, and not looked at since by whoever pushes by itself: oldest first, at most so many. */
struct edited {
	int64_t no;
	char organization[RESOURCE_ID_MAX];
	int64_t changed_ms;
};
bool resources_edited(struct store *store, size_t most, struct edited *ret_edited, size_t *ret_count, struct error *err);
/* It was looked at, as it was then: an edit since is not forgotten. In a transaction. */
bool resources_looked_at(struct store *store, const struct edited *edited, struct error *err);

/* Where a resource is in one account. */
struct link {
	int64_t no;
	char account_id[ACCOUNT_ID_MAX];
	int64_t resource;
	char record_type[64];
	char record_id[RECORD_ID_MAX]; /* "" : not there yet, see `approved` */
	char how[16];                /* "created", "assigned", "found" */
	char who[128];
	int64_t at_ms;
	bool approved;               /* a person wants it created */
	int64_t generation;          /* of its creation: grows when it is proven that the one before is gone */
	int64_t revision;            /* of the resource, as it was written last; 0: never by us */
	char version[RECORD_VERSION_MAX]; /* of the record, as it came back then: what comes with it is our own echo */
};
/* `ret_base` (NULL: not wanted): the record as it came back from our last write, or as it was when linked. */
bool links_get(struct store *store, const char *account_id, int64_t resource, struct link *ret_link, struct str *ret_base,
	       bool *ret_found, struct error *err);
bool links_of_record(struct store *store, const char *account_id, const char *record_type, const char *record_id,
		     struct link *ret_link, bool *ret_found, struct error *err);
/* In a transaction. CONFLICT: another resource has that record, or the resource is of another organization. */
bool links_put(struct store *store, const struct link *link, const char *base, size_t base_len, struct error *err);
bool links_drop(struct store *store, const char *account_id, int64_t resource, struct error *err);
bool links_of_resource(struct store *store, int64_t resource, bool (*each)(void *ctx, const struct link *link), void *ctx,
		       struct error *err);

/* What a person decided about a resource in an account, until it is written: "create", "link ID", "skip", "ours", "theirs". One for
 * each question, since there may be two at once. */
struct decision {
	char what[80];
	char about[120];             /* the question; another one has another answer, or none */
	char who[128];
	int64_t at_ms;
};
bool decisions_get(struct store *store, const char *account_id, int64_t resource, const char *about, struct decision *ret_decision,
		   bool *ret_found, struct error *err);
bool decisions_put(struct store *store, const char *account_id, int64_t resource, const struct decision *decision, struct error *err);
/* Those stay whose question begins with one of these words ("tax: owner:"); "" : none does. */
bool decisions_drop(struct store *store, const char *account_id, int64_t resource, const char *but, struct error *err);

#endif
