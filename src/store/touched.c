/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records that were touched while somebody relies on what they were. */
#include "touched.h"

#include <assert.h>

#include "ledgerdeck/store/sessions.h"
#include "query.h"

bool touched_watched(struct store *store, const char *account_id, bool *ret_watched, struct error *err)
{
	struct query query = query_start(store, SESSION_WATCHED);

	query_text(&query, account_id);
	*ret_watched = query_next(&query);
	return query_end(&query, err);
}

bool touched_note(struct store *store, const struct object *object, const char *id, int64_t seen_ms, struct error *err)
{
	struct query query = query_start(store, TOUCHED_ADD);

	query_text(&query, object->account_id);
	query_text(&query, object->type);
	query_text(&query, id);
	query_integer(&query, seen_ms);
	return query_run(&query, err);
}

bool touched_next(struct store *store, const char *account_id, size_t most, struct touched *ret_touched, size_t *ret_count,
		  struct error *err)
{
	struct query query = query_start(store, TOUCHED_NEXT);

	*ret_count = 0;
	query_text(&query, account_id);
	query_integer(&query, (int64_t)most);
	while (query_next(&query)) {
		struct touched *touched = &ret_touched[(*ret_count)++];

		*touched = (struct touched){ .no = row_integer(&query, 0), .seen_ms = row_integer(&query, 3) };
		row_copy(&query, 1, touched->type, sizeof(touched->type));
		row_copy(&query, 2, touched->id, sizeof(touched->id));
	}
	return query_end(&query, err);
}

bool touched_drop(struct store *store, const char *account_id, int64_t up_to_no, struct error *err)
{
	struct query query = query_start(store, TOUCHED_DROP);

	assert(store->in_transaction);
	query_text(&query, account_id);
	query_integer(&query, up_to_no);
	return query_run(&query, err);
}
