/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sync requests and their members. */
#include "ledgerdeck/store/requests.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/memory.h"
#include "query.h"

static void read_request(const struct query *query, struct request *request)
{
	const char *method = row_text(query, 4);

	*request = (struct request){ .position = row_integer(query, 0), .resource = row_integer(query, 3),
				     .unconfirmed = row_integer(query, 5) != 0, .status = (enum request_status)row_integer(query, 6),
				     .made_ms = row_integer(query, 8), .changed_ms = row_integer(query, 9) };
	row_copy(query, 1, request->id, sizeof(request->id));
	row_copy(query, 2, request->organization, sizeof(request->organization));
	import_method_parse(method, strlen(method), &request->method);
	row_copy(query, 7, request->message, sizeof(request->message));
}

#define COLUMN_REVISION 10

static bool get_one(struct query *query, struct request *ret_request, bool *ret_found, struct error *err)
{
	*ret_found = query_next(query);
	if (*ret_found)
		read_request(query, ret_request);
	return query_end(query, err);
}

bool requests_add(struct store *store, struct request *request, const struct request_member *members, size_t count, struct error *err)
{
	struct query query = query_start(store, REQUEST_ADD);
	struct env env = env_real();

	assert(store->in_transaction);
	env_id(&env, "sync_", request->id);
	query_text(&query, request->id);
	query_text(&query, request->organization);
	query_integer(&query, request->resource);
	query_text(&query, import_method_word(request->method));
	query_integer(&query, request->unconfirmed);
	query_integer(&query, request->status);
	query_text(&query, request->message);
	query_integer(&query, request->made_ms);
	query_integer(&query, request->changed_ms);
	if (!query_run(&query, err))
		return false;
	request->position = sqlite3_last_insert_rowid(store->db);
	for (size_t i = 0; i < count; i++) {
		query = query_start(store, REQUEST_ADD_MEMBER);
		query_integer(&query, request->position);
		query_integer(&query, members[i].resource);
		query_integer(&query, members[i].revision);
		if (!query_run(&query, err))
			return false;
	}
	return true;
}

bool requests_same(struct store *store, const struct request *request, int64_t revision, bool *ret_same, struct error *err)
{
	struct query query = query_start(store, REQUEST_SAME);

	query_integer(&query, request->resource);
	query_integer(&query, revision);
	query_text(&query, import_method_word(request->method));
	query_integer(&query, request->unconfirmed);
	*ret_same = query_next(&query) && row_integer(&query, 0) > 0;
	return query_end(&query, err);
}

bool requests_get(struct store *store, int64_t position, struct request *ret_request, bool *ret_found, struct error *err)
{
	struct query query = query_start(store, REQUEST_GET);

	query_integer(&query, position);
	return get_one(&query, ret_request, ret_found, err);
}

bool requests_find(struct store *store, const char *word, struct request *ret_request, struct error *err)
{
	struct query query = query_start(store, REQUEST_FIND);
	bool found, several;

	query_text(&query, word);
	found = query_next(&query);
	if (found)
		read_request(&query, ret_request);
	several = found && strcmp(ret_request->id, word) != 0 && query_next(&query);
	if (!query_end(&query, err))
		return false;
	if (several)
		return error_set(err, ERROR_INPUT, "several sync requests end with '%.40s'; type more of it", word);
	return found || error_set(err, ERROR_INPUT, "there is no sync request '%.40s'; 'ledgerdeck requests --all' lists them", word);
}

bool requests_list(struct store *store, const char *organization, int64_t before, int64_t limit,
		   bool (*each)(void *ctx, const struct request *request), void *ctx, struct error *err)
{
	struct query query = query_start(store, REQUEST_LIST);
	struct request request;

	query_text(&query, organization ? organization : "");
	query_integer(&query, before > 0 ? before : INT64_MAX);
	query_integer(&query, limit > 0 ? limit : -1);
	while (query_next(&query)) {
		read_request(&query, &request);
		if (!each(ctx, &request))
			break;
	}
	return query_end(&query, err);
}

bool requests_count(struct store *store, int64_t *ret_counts, struct error *err)
{
	struct query query = query_start(store, REQUEST_COUNT);

	memset(ret_counts, 0, REQUEST_STATUS_COUNT * sizeof(*ret_counts));
	while (query_next(&query)) {
		int64_t status = row_integer(&query, 0);

		if (status >= 0 && status < REQUEST_STATUS_COUNT)
			ret_counts[status] = row_integer(&query, 1);
	}
	return query_end(&query, err);
}

bool requests_open(struct store *store, const char *organization, int64_t after, struct request *ret_requests, size_t room,
		   size_t *ret_count, struct error *err)
{
	struct query query = query_start(store, REQUEST_OPEN);

	query_text(&query, organization);
	query_integer(&query, after);
	query_integer(&query, (int64_t)room);
	for (*ret_count = 0; query_next(&query); (*ret_count)++)
		read_request(&query, &ret_requests[*ret_count]);
	return query_end(&query, err);
}

bool requests_members(struct store *store, int64_t position, struct request_member **ret_members, size_t *ret_count, struct error *err)
{
	struct query query = query_start(store, REQUEST_MEMBERS);
	size_t room = 0;

	*ret_members = NULL;
	*ret_count = 0;
	query_integer(&query, position);
	while (query_next(&query)) {
		memory_grow(ret_members, &room, *ret_count + 1, sizeof(**ret_members));
		(*ret_members)[(*ret_count)++] = (struct request_member){ row_integer(&query, 0), row_integer(&query, 1) };
	}
	return query_end(&query, err);
}

bool requests_save(struct store *store, const struct request *request, struct error *err)
{
	struct query query = query_start(store, REQUEST_SAVE);

	assert(store->in_transaction);
	query_integer(&query, request->position);
	query_integer(&query, request->status);
	query_text(&query, request->message);
	query_integer(&query, request->changed_ms);
	return query_run(&query, err);
}

bool requests_of(struct store *store, int64_t resource, int64_t revision, struct request *ret_request, int64_t *ret_revision,
		 bool *ret_found, struct error *err)
{
	struct query query = query_start(store, REQUEST_OF);

	query_integer(&query, resource);
	query_integer(&query, revision);
	*ret_found = query_next(&query);
	if (*ret_found) {
		read_request(&query, ret_request);
		*ret_revision = row_integer(&query, COLUMN_REVISION);
	}
	return query_end(&query, err);
}

bool requests_failed(struct store *store, const char *organization, struct request *ret_request, bool *ret_found, struct error *err)
{
	struct query query = query_start(store, REQUEST_FIRST_FAILED);

	query_text(&query, organization);
	return get_one(&query, ret_request, ret_found, err);
}
