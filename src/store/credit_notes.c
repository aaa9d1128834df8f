/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which credit note takes which invoice back, in which account. */
#include "ledgerdeck/store/credit_notes.h"

#include <assert.h>

#include "query.h"

static void read_note(const struct query *query, struct credit_note *note)
{
	*note = (struct credit_note){ .invoice = row_integer(query, 1), .note = row_integer(query, 2), .payment = row_integer(query, 3) };
	row_copy(query, 0, note->account_id, sizeof(note->account_id));
}

static bool get_one(struct query *query, struct credit_note *ret_note, bool *ret_found, struct error *err)
{
	*ret_found = query_next(query);
	if (*ret_found)
		read_note(query, ret_note);
	return query_end(query, err);
}

bool credit_notes_get(struct store *store, const char *account_id, int64_t invoice, struct credit_note *ret_note, bool *ret_found,
		      struct error *err)
{
	struct query query = query_start(store, CREDIT_NOTE_GET);

	query_text(&query, account_id);
	query_integer(&query, invoice);
	return get_one(&query, ret_note, ret_found, err);
}

bool credit_notes_of(struct store *store, int64_t resource, struct credit_note *ret_note, bool *ret_found, struct error *err)
{
	struct query query = query_start(store, CREDIT_NOTE_OF);

	query_integer(&query, resource);
	return get_one(&query, ret_note, ret_found, err);
}

bool credit_notes_put(struct store *store, const struct credit_note *note, struct error *err)
{
	struct query query = query_start(store, CREDIT_NOTE_PUT);

	assert(store->in_transaction);
	query_text(&query, note->account_id);
	query_integer(&query, note->invoice);
	query_integer(&query, note->note);
	query_integer_or_null(&query, note->payment > 0, note->payment);
	return query_run(&query, err);
}

bool credit_notes_all(struct store *store, const char *account_id, bool (*each)(void *ctx, const struct credit_note *note), void *ctx,
		      struct error *err)
{
	struct query query = query_start(store, CREDIT_NOTE_ALL);
	struct credit_note note;

	query_text(&query, account_id);
	while (query_next(&query)) {
		read_note(&query, &note);
		if (!each(ctx, &note))
			break;
	}
	return query_end(&query, err);
}
