/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What records were: all versions of one, and one as it was at a time. Kept by records.c, in the transaction that changes them. */
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/records.h"
#include "query.h"
#include "rows.h"

static void read_version(const struct query *query, int64_t until_ms, struct record_version *version)
{
	*version = (struct record_version){ .state = (enum record_state)row_integer(query, 2), .has_time = !row_is_null(query, 3),
					    .time_ms = row_integer(query, 3), .seen_ms = row_integer(query, 4), .until_ms = until_ms };
	row_copy(query, 1, version->version, sizeof(version->version));
}

bool records_history(struct store *store, const struct object *object, const char *id,
		     bool (*each)(void *ctx, const struct record_version *version, const char *raw, size_t len), void *ctx,
		     struct error *err)
{
	AUTO(str_clear) struct str raw = STR_INIT(STR_NO_LIMIT);
	struct query query = query_start(store, HISTORY_LIST);
	struct record_version version = { 0 };
	bool good = true, more = true;

	query_integer(&query, object->no);
	query_text(&query, id);
	while (good && more && query_next(&query)) {
		read_version(&query, version.seen_ms, &version);
		/* One without bytes has those of the version after it, which was read before it. */
		if (!row_is_null(&query, 6)) {
			str_reset(&raw);
			good = rows_unpack(store, row_integer(&query, 5), row_blob(&query, 6), row_len(&query, 6), &raw, err);
		}
		if (good)
			more = each(ctx, &version, raw.text, raw.len);
	}
	return query_end(&query, good ? err : NULL) && good;
}

struct moment {
	int64_t at_ms;
	bool found;
	struct record_version *version; /* borrowed: the one at that time, else the first */
	struct str *raw;                /* borrowed */
};

static bool look_at(void *ctx, const struct record_version *version, const char *raw, size_t len)
{
	struct moment *moment = ctx;

	*moment->version = *version;
	moment->found = version->seen_ms <= moment->at_ms;
	if (moment->found)
		str_add_bytes(moment->raw, raw, len);
	return !moment->found;
}

bool records_as_of(struct store *store, const struct object *object, const char *id, int64_t at_ms,
		   enum record_then *ret_then, struct record_version *ret_version, struct str *ret_raw, struct error *err)
{
	struct moment moment = { .at_ms = at_ms, .version = ret_version, .raw = ret_raw };

	*ret_version = (struct record_version){ 0 };
	if (!records_history(store, object, id, look_at, &moment, err))
		return false;
	if (moment.found)
		*ret_then = ret_version->state == RECORD_DELETED ? RECORD_THEN_DELETED : RECORD_THEN_THERE;
	else
		*ret_then = object->whole_ms > 0 && object->whole_ms <= at_ms ? RECORD_THEN_ABSENT : RECORD_THEN_UNKNOWN;
	return true;
}

bool history_size(struct store *store, int64_t *ret_versions, int64_t *ret_bytes, struct error *err)
{
	struct query query = query_start(store, HISTORY_SIZE);

	*ret_versions = *ret_bytes = 0;
	if (query_next(&query)) {
		*ret_versions = row_integer(&query, 0);
		*ret_bytes = row_integer(&query, 1);
	}
	return query_end(&query, err);
}
