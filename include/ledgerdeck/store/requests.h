/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sync requests: what came in together to be done as one. Each organization has a queue of them, by position. What their
 * statuses come from is sync/request.h's.
 */
#ifndef LEDGERDECK_STORE_REQUESTS_H
#define LEDGERDECK_STORE_REQUESTS_H

#include "ledgerdeck/model/import.h"
#include "ledgerdeck/model/request.h"
#include "ledgerdeck/store/resources.h"

struct request {
	int64_t position;            /* grows; of all organizations together */
	char id[REQUEST_ID_MAX];
	char organization[RESOURCE_ID_MAX];
	int64_t resource;            /* what it is about, one of its members */
	enum import_method method;   /* of that; the others are upserted */
	bool unconfirmed;            /* new ones need nobody's approval */
	enum request_status status;
	char message[240];           /* why it is where it is, one sentence; "" : nothing to say */
	int64_t made_ms;
	int64_t changed_ms;          /* since when it has its status */
};
struct request_member {
	int64_t resource, revision;  /* as it came in then */
};

/* In a transaction (asserted). Gets its position and id. */
bool requests_add(struct store *store, struct request *request, const struct request_member *members, size_t count, struct error *err);
/* Is there one about this revision of its resource already that asks for the same? */
bool requests_same(struct store *store, const struct request *request, int64_t revision, bool *ret_same, struct error *err);
bool requests_get(struct store *store, int64_t position, struct request *ret_request, bool *ret_found, struct error *err);
/* By id, or any unique end of it of four characters or more. INPUT: none, several. */
bool requests_find(struct store *store, const char *word, struct request *ret_request, struct error *err);
/* Newest first, from before a position (0: from the newest); of one organization or (NULL) all; limit 0: all. */
bool requests_list(struct store *store, const char *organization, int64_t before, int64_t limit,
		   bool (*each)(void *ctx, const struct request *request), void *ctx, struct error *err);
/* How many of each status there are, of all organizations. */
bool requests_count(struct store *store, int64_t *ret_counts /* REQUEST_STATUS_COUNT */, struct error *err);
/* The first open ones behind a position, in order. */
bool requests_open(struct store *store, const char *organization, int64_t after, struct request *ret_requests, size_t room,
		   size_t *ret_count, struct error *err);
/* Its members; the caller frees them. */
bool requests_members(struct store *store, int64_t position, struct request_member **ret_members, size_t *ret_count, struct error *err);
/* Status, message and since when. In a transaction (asserted). */
bool requests_save(struct store *store, const struct request *request, struct error *err);
/*
 * Which request says what may become of a resource as it is in this revision: the open one that comes first, else the newest
 * one that has it so. `ret_revision`: as it came in by that one.
 */
bool requests_of(struct store *store, int64_t resource, int64_t revision, struct request *ret_request, int64_t *ret_revision,
		 bool *ret_found, struct error *err);
/* The first one of an organization that has failed. */
bool requests_failed(struct store *store, const char *organization, struct request *ret_request, bool *ret_found, struct error *err);

#endif
