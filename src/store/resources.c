/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Organizations and their resources, in every revision. */
#include "ledgerdeck/store/resources.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "ledgerdeck/core/digest.h"
#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/hash.h"
#include "ledgerdeck/core/memory.h"
#include "query.h"
#include "rows.h"

/* ---- organizations */

bool organizations_all(struct store *store, bool (*each)(void *ctx, const struct organization *organization), void *ctx,
		       struct error *err)
{
	struct query query = query_start(store, ORGANIZATION_ALL);
	struct organization organization;

	while (query_next(&query)) {
		organization = (struct organization){ .made_ms = row_integer(&query, 3), .accounts = row_integer(&query, 4) };
		row_copy(&query, 0, organization.id, sizeof(organization.id));
		row_copy(&query, 1, organization.external_id, sizeof(organization.external_id));
		row_copy(&query, 2, organization.name, sizeof(organization.name));
		if (!each(ctx, &organization))
			break;
	}
	return query_end(&query, err);
}

struct looking {
	const char *word;
	struct organization *found;
	int fit;        /* 3 an id, 2 the name, 1 a part of it */
	size_t count;   /* of that fit */
};

static bool look(void *ctx, const struct organization *organization)
{
	struct looking *looking = ctx;
	const char *word = looking->word;
	int fit = 0;

	if (strcmp(organization->id, word) == 0 || strcmp(organization->external_id, word) == 0)
		fit = 3;
	else if (strcasecmp(organization->name, word) == 0)
		fit = 2;
	else if (strcasestr(organization->name, word))
		fit = 1;
	if (fit > looking->fit) {
		looking->fit = fit;
		looking->count = 0;
	}
	if (fit > 0 && fit == looking->fit && looking->count++ == 0)
		*looking->found = *organization;
	return true;
}

bool organizations_find(struct store *store, const char *word, struct organization *ret_organization, struct error *err)
{
	struct looking looking = { .word = word, .found = ret_organization };

	if (!organizations_all(store, look, &looking, err))
		return false;
	if (looking.count == 1)
		return true;
	if (looking.count > 1)
		return error_set(err, ERROR_INPUT, "'%.60s' fits %zu organizations; type an id", word, looking.count);
	return error_set(err, ERROR_INPUT, "there is no organization '%.60s'; 'ledgerdeck organizations' lists them", word);
}

bool organizations_add(struct store *store, struct organization *organization, struct error *err)
{
	struct query query = query_start(store, ORGANIZATION_ADD);
	struct env env = env_real();

	assert(store->in_transaction);
	env_id(&env, "org_", organization->id);
	query_text(&query, organization->id);
	query_text(&query, organization->external_id);
	query_text(&query, organization->name);
	query_integer(&query, organization->made_ms);
	return query_run(&query, err);
}

bool organization_of_account(struct store *store, const char *account_id, char *ret_id, struct error *err)
{
	struct query query = query_start(store, ORGANIZATION_OF);
	bool found;

	query_text(&query, account_id);
	found = query_next(&query);
	if (found)
		row_copy(&query, 0, ret_id, RESOURCE_ID_MAX);
	return query_end(&query, err) && (found || error_set(err, ERROR_INPUT, "there is no account '%s'", account_id));
}

bool organization_give(struct store *store, const char *account_id, const char *organization_id, struct error *err)
{
	struct query query = query_start(store, ORGANIZATION_USED);
	bool used;

	assert(store->in_transaction);
	query_text(&query, account_id);
	used = query_next(&query) && row_integer(&query, 0) > 0;
	if (!query_end(&query, err))
		return false;
	if (used)
		return error_set(err, ERROR_CONFLICT, "resources of its organization are linked or planned in that account; it stays where it is");
	query = query_start(store, ORGANIZATION_GIVE);
	query_text(&query, account_id);
	query_text(&query, organization_id);
	return query_run(&query, err);
}

/* ---- resources */

#define MILLION INT64_C(1000000)

/* As millionths; false: it doesn't fit. */
static bool millionths(struct decimal value, int64_t *ret_number)
{
	struct decimal scaled;

	if (!decimal_multiply(value, decimal_of(MILLION, 0), 0, &scaled))
		return false;
	*ret_number = scaled.digits;
	return true;
}

/* The columns from its hash on, but for the time before them. */
static void bind_data(struct query *query, const struct resource *resource, size_t len, const struct str *packed)
{
	const struct resource_summary *summary = &resource->summary;
	int64_t total = 0;
	bool has_total = summary->has_total && millionths(summary->total, &total);

	query_text(query, summary->number);
	query_text(query, summary->party);
	query_text(query, summary->currency);
	query_integer_or_null(query, summary->has_date, summary->date.day);
	query_integer_or_null(query, has_total, total);
	query_integer(query, (int64_t)summary->lines);
	query_integer(query, (int64_t)len);
	query_blob(query, packed->text, packed->len);
}

static void read_resource(const struct query *query, struct resource *resource)
{
	const char *type = row_text(query, 3);

	*resource = (struct resource){ .no = row_integer(query, 0), .revision = row_integer(query, 5),
				       .hash = (uint64_t)row_integer(query, 6), .changed_ms = row_integer(query, 7) };
	row_copy(query, 1, resource->id, sizeof(resource->id));
	row_copy(query, 2, resource->organization, sizeof(resource->organization));
	resource->type = resource_type_find(type, strlen(type));
	row_copy(query, 4, resource->external_id, sizeof(resource->external_id));
	row_copy(query, 8, resource->summary.number, sizeof(resource->summary.number));
	row_copy(query, 9, resource->summary.party, sizeof(resource->summary.party));
	row_copy(query, 10, resource->summary.currency, sizeof(resource->summary.currency));
	resource->summary.has_date = !row_is_null(query, 11);
	resource->summary.date.day = (int32_t)row_integer(query, 11);
	resource->summary.has_total = !row_is_null(query, 12);
	resource->summary.total = decimal_of(row_integer(query, 12), 6);
	resource->summary.lines = (size_t)row_integer(query, 13);
}

#define COLUMN_DATA 15

/* Of a type that this program knows: another one's rows are passed over. */
static bool read_whole(struct store *store, const struct query *query, struct resource *ret_resource, struct str *ret_data,
		       struct error *err)
{
	read_resource(query, ret_resource);
	if (!ret_resource->type)
		return error_set(err, ERROR_STORE, "'%.60s' is of a type that this program does not know", ret_resource->external_id);
	return !ret_data || rows_unpack(store, 0, row_blob(query, COLUMN_DATA), row_len(query, COLUMN_DATA), ret_data, err);
}

static bool get_one(struct store *store, struct query *query, struct resource *ret_resource, struct str *ret_data, bool *ret_found,
		    struct error *err)
{
	bool found = query_next(query), good = true;

	if (found)
		good = read_whole(store, query, ret_resource, ret_data, err);
	if (!good) {
		query_end(query, NULL);
		return false;
	}
	*ret_found = found;
	return query_end(query, err);
}

static bool find(struct store *store, const char *organization, const struct resource_type *type, const char *external_id,
		 struct resource *ret_resource, struct str *ret_data, bool *ret_found, struct error *err)
{
	struct query query = query_start(store, RESOURCE_FIND);

	query_text(&query, organization);
	query_text(&query, type->name);
	query_text(&query, external_id);
	return get_one(store, &query, ret_resource, ret_data, ret_found, err);
}

static bool has_type(const struct resource_type *type, const struct resource *resource)
{
	return !type || resource->type == type;
}

bool resources_get(struct store *store, const char *organization, const struct resource_type *type, const char *word,
		   struct resource *ret_resource, struct str *ret_data, bool *ret_found, struct error *err)
{
	struct query query;
	bool several;

	if (type && strncmp(word, "rsrc_", 5) != 0)
		return find(store, organization, type, word, ret_resource, ret_data, ret_found, err);
	query = query_start(store, RESOURCE_BY_WORD);
	query_text(&query, organization);
	query_text(&query, word);
	*ret_found = query_next(&query);
	if (*ret_found && !read_whole(store, &query, ret_resource, ret_data, err)) {
		query_end(&query, NULL);
		return false;
	}
	several = *ret_found && strcmp(ret_resource->id, word) != 0 && query_next(&query);
	if (!query_end(&query, err))
		return false;
	if (several)
		return error_set(err, ERROR_INPUT, "'%.60s' is the external id of several resources; name the type, too", word);
	*ret_found = *ret_found && has_type(type, ret_resource);
	return true;
}

bool resources_by_id(struct store *store, const char *id, struct resource *ret_resource, bool *ret_found, struct error *err)
{
	struct query query = query_start(store, RESOURCE_BY_ID);

	query_text(&query, id);
	return get_one(store, &query, ret_resource, NULL, ret_found, err);
}

bool resources_by_no(struct store *store, int64_t no, struct resource *ret_resource, struct str *ret_data, struct error *err)
{
	struct query query = query_start(store, RESOURCE_BY_NO);
	bool found;

	query_integer(&query, no);
	return get_one(store, &query, ret_resource, ret_data, &found, err) &&
	       (found || error_set(err, ERROR_STORE, "resource %lld is not in the store", (long long)no));
}

bool resources_revision(struct store *store, int64_t no, int64_t revision, struct str *ret_data, struct error *err)
{
	struct query query = query_start(store, REVISION_GET);
	bool found, good = true;

	query_integer(&query, no);
	query_integer(&query, revision);
	found = query_next(&query);
	if (found)
		good = rows_unpack(store, 0, row_blob(&query, 0), row_len(&query, 0), ret_data, err);
	if (!good) {
		query_end(&query, NULL);
		return false;
	}
	return query_end(&query, err) &&
	       (found || error_set(err, ERROR_CONFLICT, "that resource has no revision %lld", (long long)revision));
}

bool resources_list(struct store *store, const struct resource_query *wish,
		    bool (*each)(void *ctx, const struct resource *resource, const char *data, size_t len), void *ctx,
		    struct error *err)
{
	AUTO(str_clear) struct str data = STR_INIT(STR_NO_LIMIT);
	struct query query = query_start(store, wish->type ? RESOURCE_LIST_OF_TYPE : RESOURCE_LIST);
	struct resource resource;
	bool good = true;

	query_text(&query, wish->organization);
	query_integer(&query, wish->after_no);
	query_integer(&query, wish->limit > 0 ? wish->limit : -1);
	if (wish->type)
		query_text(&query, wish->type->name);
	while (good && query_next(&query)) {
		str_reset(&data);
		good = read_whole(store, &query, &resource, &data, err);
		if (good && !each(ctx, &resource, data.text, data.len))
			break;
	}
	if (!good) {
		query_end(&query, NULL);
		return false;
	}
	return query_end(&query, err);
}

bool resources_numbers(struct store *store, const struct resource_query *wish, bool (*each)(void *ctx, int64_t no), void *ctx,
		       struct error *err)
{
	struct query query = query_start(store, RESOURCE_NUMBERS);

	query_text(&query, wish->organization);
	query_text(&query, wish->type->name);
	query_integer(&query, wish->after_no);
	query_integer(&query, wish->limit > 0 ? wish->limit : -1);
	while (query_next(&query))
		if (!each(ctx, row_integer(&query, 0)))
			break;
	return query_end(&query, err);
}

static bool keep_revision(struct store *store, int64_t no, int64_t revision, size_t len, const struct str *packed, const char *source,
			  int64_t now_ms, struct error *err)
{
	struct query query = query_start(store, REVISION_ADD);

	query_integer(&query, no);
	query_integer(&query, revision);
	query_integer(&query, now_ms);
	query_text(&query, source);
	query_integer(&query, (int64_t)len);
	query_blob(&query, packed->text, packed->len);
	return query_run(&query, err);
}

/*
 * Its id follows from what it is known by, so that it is the same when it comes in again after a restored backup: records in the
 * ledgers carry it as a mark.
 */
static void make_id(struct resource *resource)
{
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);
	struct digest digest;

	str_addf(&text, "%s %s %s", resource->organization, resource->type->name, resource->external_id);
	digest = digest_blake2b(text.text, text.len);
	memcpy(resource->id, "rsrc_", 5);
	digest_letters(&digest, 26, resource->id + 5);
}

static bool add(struct store *store, struct resource *resource, size_t len, const struct str *packed, struct error *err)
{
	struct query query = query_start(store, RESOURCE_ADD);

	make_id(resource);
	query_text(&query, resource->id);
	query_text(&query, resource->organization);
	query_text(&query, resource->type->name);
	query_text(&query, resource->external_id);
	query_integer(&query, (int64_t)resource->hash);
	query_integer(&query, resource->changed_ms);
	bind_data(&query, resource, len, packed);
	if (!query_run(&query, err))
		return false;
	resource->no = sqlite3_last_insert_rowid(store->db);
	resource->revision = 1;
	return true;
}

static bool change(struct store *store, struct resource *resource, size_t len, const struct str *packed, struct error *err)
{
	struct query query = query_start(store, RESOURCE_CHANGE);

	query_integer(&query, resource->no);
	query_integer(&query, (int64_t)resource->hash);
	query_integer(&query, resource->changed_ms);
	bind_data(&query, resource, len, packed);
	resource->revision++;
	return query_run(&query, err);
}

static struct json_slice slice_of(const char *data, size_t len)
{
	return (struct json_slice){ .text = data, .len = len, .kind = JSON_OBJECT };
}

bool resources_put(struct store *store, struct resource *resource, const char *data, size_t len, const char *source, int64_t now_ms,
		   struct resource_counts *counts, struct error *err)
{
	AUTO(str_clear) struct str packed = STR_INIT(STR_NO_LIMIT);
	uint64_t hash = hash_bytes(data, len);
	struct resource there;
	bool found;

	assert(store->in_transaction);
	if (!find(store, resource->organization, resource->type, resource->external_id, &there, NULL, &found, err))
		return false;
	if (found)
		*resource = there;
	if (found && there.hash == hash) {
		counts->unchanged++;
		return true;
	}
	resource->hash = hash;
	resource->changed_ms = now_ms;
	resource_summarize(resource->type, slice_of(data, len), &resource->summary);
	if (!rows_pack(store, data, len, &packed, err))
		return error_prefix(err, "%.60s", resource->external_id);
	if (!(found ? change : add)(store, resource, len, &packed, err))
		return false;
	counts->added += !found;
	counts->changed += found;
	return keep_revision(store, resource->no, resource->revision, len, &packed, source, now_ms, err);
}

bool resources_compare(struct store *store, const char *organization, const struct resource_type *type, const char *external_id,
		       const char *data, size_t len, struct resource_counts *counts, struct error *err)
{
	struct resource there;
	bool found;

	if (!find(store, organization, type, external_id, &there, NULL, &found, err))
		return false;
	counts->added += !found;
	counts->unchanged += found && there.hash == hash_bytes(data, len);
	counts->changed += found && there.hash != hash_bytes(data, len);
	return true;
}

bool resources_edited(struct store *store, size_t most, struct edited *ret_edited, size_t *ret_count, struct error *err)
{
	struct query query = query_start(store, RESOURCE_EDITED);

	*ret_count = 0;
	query_integer(&query, (int64_t)most);
	while (query_next(&query)) {
		struct edited *edited = &ret_edited[(*ret_count)++];

		*edited = (struct edited){ .no = row_integer(&query, 0), .changed_ms = row_integer(&query, 2) };
		row_copy(&query, 1, edited->organization, sizeof(edited->organization));
	}
	return query_end(&query, err);
}

bool resources_looked_at(struct store *store, const struct edited *edited, struct error *err)
{
	struct query query = query_start(store, RESOURCE_LOOKED_AT);

	assert(store->in_transaction);
	query_integer(&query, edited->no);
	query_integer(&query, edited->changed_ms);
	return query_run(&query, err);
}
