/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where resources are in the accounts of their organization, and what a person decided about them. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/resources.h"
#include "query.h"
#include "rows.h"

static void read_link(const struct query *query, struct link *link)
{
	*link = (struct link){ .no = row_integer(query, 0), .resource = row_integer(query, 2), .at_ms = row_integer(query, 7),
			       .approved = row_integer(query, 8) != 0, .generation = row_integer(query, 9),
			       .revision = row_integer(query, 10) };
	row_copy(query, 1, link->account_id, sizeof(link->account_id));
	row_copy(query, 3, link->record_type, sizeof(link->record_type));
	row_copy(query, 4, link->record_id, sizeof(link->record_id));
	row_copy(query, 5, link->how, sizeof(link->how));
	row_copy(query, 6, link->who, sizeof(link->who));
	row_copy(query, 11, link->version, sizeof(link->version));
}

#define COLUMN_LEN 12
#define COLUMN_BASE 13

static bool get_one(struct store *store, struct query *query, struct link *ret_link, struct str *ret_base, bool *ret_found,
		    struct error *err)
{
	bool found = query_next(query), good = true;

	if (found) {
		read_link(query, ret_link);
		if (ret_base && row_integer(query, COLUMN_LEN) > 0)
			good = rows_unpack(store, 0, row_blob(query, COLUMN_BASE), row_len(query, COLUMN_BASE), ret_base, err);
	}
	if (!good) {
		query_end(query, NULL);
		return false;
	}
	*ret_found = found;
	return query_end(query, err);
}

bool links_get(struct store *store, const char *account_id, int64_t resource, struct link *ret_link, struct str *ret_base,
	       bool *ret_found, struct error *err)
{
	struct query query = query_start(store, LINK_GET);

	query_text(&query, account_id);
	query_integer(&query, resource);
	return get_one(store, &query, ret_link, ret_base, ret_found, err);
}

bool links_of_record(struct store *store, const char *account_id, const char *record_type, const char *record_id,
		     struct link *ret_link, bool *ret_found, struct error *err)
{
	struct query query = query_start(store, LINK_OF_RECORD);

	query_text(&query, account_id);
	query_text(&query, record_type);
	query_text(&query, record_id);
	return get_one(store, &query, ret_link, NULL, ret_found, err);
}

bool links_of_resource(struct store *store, int64_t resource, bool (*each)(void *ctx, const struct link *link), void *ctx,
		       struct error *err)
{
	struct query query = query_start(store, LINK_OF_RESOURCE);
	struct link link;

	query_integer(&query, resource);
	while (query_next(&query)) {
		read_link(&query, &link);
		if (!each(ctx, &link))
			break;
	}
	return query_end(&query, err);
}

/* Both of one organization, and nobody else's record. */
static bool may_link(struct store *store, const struct link *link, struct error *err)
{
	struct query query = query_start(store, LINK_FITS);
	struct link other;
	bool fits, found;

	query_text(&query, link->account_id);
	query_integer(&query, link->resource);
	fits = query_next(&query) && row_integer(&query, 0) == 1;
	if (!query_end(&query, err))
		return false;
	if (!fits)
		return error_set(err, ERROR_CONFLICT, "that resource belongs to another organization than the account");
	if (!*link->record_id)
		return true;
	if (!links_of_record(store, link->account_id, link->record_type, link->record_id, &other, &found, err))
		return false;
	return !found || other.resource == link->resource ||
	       error_set(err, ERROR_CONFLICT, "%s %s is linked to another resource already", link->record_type, link->record_id);
}

bool links_put(struct store *store, const struct link *link, const char *base, size_t base_len, struct error *err)
{
	AUTO(str_clear) struct str packed = STR_INIT(STR_NO_LIMIT);
	struct query query;

	assert(store->in_transaction);
	if (!may_link(store, link, err))
		return false;
	if (!rows_pack(store, base, base_len, &packed, err))
		return error_prefix(err, "%.60s", link->record_id);
	query = query_start(store, LINK_PUT);
	query_text(&query, link->account_id);
	query_integer(&query, link->resource);
	query_text(&query, link->record_type);
	query_text(&query, link->record_id);
	query_text(&query, link->how);
	query_text(&query, link->who);
	query_integer(&query, link->at_ms);
	query_integer(&query, link->approved);
	query_integer(&query, link->generation);
	query_integer(&query, link->revision);
	query_text(&query, link->version);
	query_integer(&query, (int64_t)base_len);
	query_blob(&query, packed.text, packed.len);
	return query_run(&query, err);
}

static bool run_of(struct store *store, enum statement statement, const char *account_id, int64_t resource, struct error *err)
{
	struct query query = query_start(store, statement);

	assert(store->in_transaction);
	query_text(&query, account_id);
	query_integer(&query, resource);
	return query_run(&query, err);
}

bool links_drop(struct store *store, const char *account_id, int64_t resource, struct error *err)
{
	return run_of(store, LINK_DROP, account_id, resource, err);
}

/* ---- decisions */

bool decisions_get(struct store *store, const char *account_id, int64_t resource, const char *about, struct decision *ret_decision,
		   bool *ret_found, struct error *err)
{
	struct query query = query_start(store, DECISION_GET);

	query_text(&query, account_id);
	query_integer(&query, resource);
	query_text(&query, about);
	*ret_found = query_next(&query);
	if (*ret_found) {
		*ret_decision = (struct decision){ .at_ms = row_integer(&query, 2) };
		snprintf(ret_decision->about, sizeof(ret_decision->about), "%s", about);
		row_copy(&query, 0, ret_decision->what, sizeof(ret_decision->what));
		row_copy(&query, 1, ret_decision->who, sizeof(ret_decision->who));
	}
	return query_end(&query, err);
}

bool decisions_put(struct store *store, const char *account_id, int64_t resource, const struct decision *decision, struct error *err)
{
	struct query query = query_start(store, DECISION_PUT);

	assert(store->in_transaction);
	query_text(&query, account_id);
	query_integer(&query, resource);
	query_text(&query, decision->what);
	query_text(&query, decision->about);
	query_text(&query, decision->who);
	query_integer(&query, decision->at_ms);
	return query_run(&query, err);
}

bool decisions_drop(struct store *store, const char *account_id, int64_t resource, const char *but, struct error *err)
{
	struct query query = query_start(store, DECISION_DROP);

	query_text(&query, account_id);
	query_integer(&query, resource);
	query_text(&query, but);
	return query_run(&query, err);
}
