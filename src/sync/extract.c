/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A row of the catalogue was changed, by its user or by a newer program: what was taken out of the records
 * by the old row means something else now. It is taken out anew from the bytes that are kept: a job of its own, which
 * makes no call. How far it has come is kept with each piece, in the same transaction, so that it goes on there whatever
 * ended it. What was parked gets another chance.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "ledgerdeck/core/digest.h"
#include "ledgerdeck/core/log.h"
#include "ledgerdeck/core/memory.h"

#define PIECE_RECORDS 500
#define PIECE_BYTES ((size_t)8 << 20)

struct piece {
	struct {
		int64_t no;
		char id[RECORD_ID_MAX];
		size_t start, len;
		bool blank;          /* nothing can be taken out of it */
		struct record record;
	} rows[PIECE_RECORDS];
	size_t count;
	struct str bytes, texts; /* owned */
	bool strange;            /* the new row finds another record in the bytes: all must be read again by it */
};

static void piece_reset(struct piece *piece)
{
	str_reset(&piece->bytes);
	str_reset(&piece->texts);
	piece->count = 0;
	piece->strange = false;
}

static void piece_freep(struct piece **piece)
{
	str_clear(&(*piece)->bytes);
	str_clear(&(*piece)->texts);
	free(*piece);
}

static bool take_row(void *ctx, const struct record_row *row, const char *raw, size_t len)
{
	struct piece *piece = ctx;

	piece->rows[piece->count].no = row->no;
	snprintf(piece->rows[piece->count].id, RECORD_ID_MAX, "%s", row->id);
	piece->rows[piece->count].start = piece->bytes.len;
	piece->rows[piece->count].len = len;
	str_add_bytes(&piece->bytes, raw, len);
	return ++piece->count < PIECE_RECORDS && piece->bytes.len < PIECE_BYTES;
}

/* Before the store is locked for others. */
static void take_apart(const struct type *type, struct piece *piece)
{
	str_reserve(&piece->texts, piece->bytes.len + piece->count);
	for (size_t i = 0; i < piece->count; i++) {
		struct json_slice raw = { .text = piece->bytes.text + piece->rows[i].start, .len = piece->rows[i].len, .kind = JSON_OBJECT };
		struct record *record = &piece->rows[i].record;
		struct error why;
		bool good = record_extract(type, raw, &piece->texts, record, &why);

		piece->rows[i].blank = !good || strcmp(record->id, piece->rows[i].id) != 0;
		piece->strange = piece->strange || (good && piece->rows[i].blank);
	}
}

/* As the store has it now: what others have set meanwhile stays. */
static bool reload(struct work *work, struct error *err)
{
	struct object now;
	bool found;

	if (!objects_get(work->worker->store, work->object.account_id, work->object.type, &now, &found, err))
		return false;
	if (!found)
		return error_set(err, ERROR_INTERNAL, "type '%s' of account '%s' is gone", work->object.type, work->object.account_id);
	work->object = now;
	return true;
}

/* Its key is another: all is read again by it, and what bears an old id is proven gone. */
static void forget_cursor(struct object *object)
{
	object->cursor_ms = INT64_MIN;
	object->position[0] = '\0';
	object->sweep_due = true;
}

static bool put_piece(struct work *work, const struct piece *piece, int64_t *blank, struct error *err)
{
	AUTO(store_end) struct store *transaction = work->worker->store;

	if (!store_begin(transaction, err) || !reload(work, err))
		return false;
	for (size_t i = 0; i < piece->count; i++) {
		*blank += piece->rows[i].blank;
		if (!records_extract_again(transaction, &work->object, piece->rows[i].no,
					   piece->rows[i].blank ? NULL : &piece->rows[i].record, err))
			return false;
	}
	snprintf(work->object.filled_id, sizeof(work->object.filled_id), "%s", piece->rows[piece->count - 1].id);
	if (piece->strange)
		forget_cursor(&work->object);
	work->attempt.counts.unchanged += (int64_t)piece->count;
	return intake_commit(work, transaction, err);
}

static void tell(struct work *work, int kind, const struct error *error)
{
	const struct object *object = &work->object;
	struct sync_event event = { .kind = kind, .run = work->attempt.run, .attempt = work->attempt.no,
				    .records = work->attempt.counts.unchanged, .counts = work->attempt.counts,
				    .of = object->live + object->inactive + object->voided + object->deleted };

	memcpy(event.account_id, object->account_id, sizeof(event.account_id));
	memcpy(event.type, object->type, sizeof(event.type));
	if (error)
		event.error = *error;
	sync_tell(work->worker->sync, &event);
}

static bool extract_records(struct work *work, int64_t *blank, struct error *err)
{
	AUTO(piece_freep) struct piece *piece = memory_new(sizeof(*piece));

	str_init(&piece->bytes, STR_NO_LIMIT);
	str_init(&piece->texts, STR_NO_LIMIT);
	for (;;) {
		piece_reset(piece);
		if (!records_raw(work->worker->store, &work->object, work->object.filled_id, take_row, piece, err))
			return false;
		if (piece->count == 0)
			return true;
		take_apart(work->type, piece);
		if (!put_piece(work, piece, blank, err))
			return false;
		tell(work, SYNC_PROGRESS, NULL);
		if (cancel_asked(work->worker->sync->cancel))
			return error_set(err, ERROR_CANCELLED, "stopped; it goes on where it was");
	}
}

/* What can be kept by the new row is put like a record that just came. */
static bool extract_parked(struct work *work, struct error *err)
{
	char digest[DIGEST_HEX] = "";

	for (;;) {
		AUTO(store_end) struct store *transaction = work->worker->store;
		AUTO(str_clear) struct str texts = STR_INIT(STR_NO_LIMIT);
		AUTO(page_clear) struct page page;
		struct record record;
		struct error why;

		page_init(&page);
		if (!parked_next(transaction, &work->object, digest, &page.body, err))
			return err->code == ERROR_NONE;
		str_reserve(&texts, page.body.len + 1);
		page_add(&page, (struct json_slice){ .text = page.body.text, .len = page.body.len, .kind = JSON_OBJECT });
		if (!json_check(page.body.text, page.body.len, NULL) ||
		    !record_extract(work->type, page.records[0], &texts, &record, &why))
			continue;
		/* First the record, then its end as a parked one: a crash in between does it twice. */
		if (!reload(work, err) || !intake_page(work, &page, NULL, 0, err) || !store_begin(transaction, err) ||
		    !parked_drop(transaction, &work->object, digest, err) || !store_commit(transaction, err))
			return false;
	}
}

/* In the log before it starts. The columns mean nothing until its end, also where the row is changed back meanwhile. */
static bool begin(struct work *work, struct error *err)
{
	AUTO(store_end) struct store *transaction = work->worker->store;
	struct attempt *attempt = &work->attempt;
	struct object *object = &work->object;

	if (!store_begin(transaction, err) || !reload(work, err))
		return false;
	memcpy(attempt->account_id, object->account_id, sizeof(attempt->account_id));
	memcpy(attempt->type, object->type, sizeof(attempt->type));
	snprintf(attempt->job, sizeof(attempt->job), "extract");
	snprintf(attempt->cause, sizeof(attempt->cause), "catalogue");
	attempt->started_ms = sync_now(work->worker->sync);
	attempt->tries = 1;
	if (strcmp(object->filling, work->type->digest) != 0) {
		memcpy(object->filling, work->type->digest, sizeof(object->filling));
		object->filled_id[0] = '\0';
	}
	return attempt_start(transaction, attempt, err) && intake_commit(work, transaction, err);
}

static void set_current(struct object *object, const struct type *type)
{
	memcpy(object->digest, type->digest, sizeof(object->digest));
	object->filling[0] = object->filled_id[0] = '\0';
}

static bool finish(struct work *work, const struct error *error, int64_t blank, struct error *err)
{
	AUTO(store_end) struct store *transaction = work->worker->store;
	struct attempt *attempt = &work->attempt;
	struct object *object = &work->object;

	attempt->took_ms = sync_now(work->worker->sync) - attempt->started_ms;
	attempt->error = *error;
	if (error->code == ERROR_NONE && blank > 0)
		str_addf(&work->detail, "%lld records hold nothing that the new row can take out", (long long)blank);
	if (!store_begin(transaction, err) || !reload(work, err))
		return false;
	if (error->code == ERROR_NONE)
		set_current(object, work->type);
	return (error->code != ERROR_NONE || objects_count(transaction, object, err)) && attempt_end(transaction, attempt, work->detail.text, err) &&
	       intake_commit(work, transaction, err);
}

static bool take_any(void *ctx, const struct record_row *row, const char *raw, size_t len)
{
	(void)raw;
	(void)len;
	*(bool *)ctx = row->no > 0;
	return false;
}

/* Types that have nothing are no work, and no row of the log. */
static bool is_bare(struct work *work, bool *ret_bare, struct error *err)
{
	AUTO(str_clear) struct str bytes = STR_INIT(STR_NO_LIMIT);
	char digest[DIGEST_HEX] = "";
	bool any = false;

	if (!records_raw(work->worker->store, &work->object, "", take_any, &any, err))
		return false;
	any = any || parked_next(work->worker->store, &work->object, digest, &bytes, err);
	*ret_bare = !any;
	return any || err->code == ERROR_NONE;
}

/* Whatever columns come are by the row as it is. */
static bool follow_row(struct work *work, struct error *err)
{
	AUTO(store_end) struct store *transaction = work->worker->store;

	if (!store_begin(transaction, err) || !reload(work, err))
		return false;
	set_current(&work->object, work->type);
	return intake_commit(work, transaction, err);
}

/* With what there is, in the log. */
static bool fill(struct work *work, struct error *err)
{
	struct error why = { 0 };
	int64_t blank = 0;
	bool good;

	if (!job_check_room(work, err) || !begin(work, err))
		return false;
	tell(work, SYNC_STARTED, NULL);
	good = extract_records(work, &blank, err) && extract_parked(work, err);
	if (!finish(work, err, blank, &why) && good) {
		*err = why;
		good = false;
	}
	tell(work, SYNC_ENDED, err);
	str_clear(&work->members);
	if (good)
		log_info("sync", "%s %s: its columns were filled anew by the changed row of the catalogue%s%s", work->object.account_id,
			 work->object.type, work->detail.len ? "; " : "", work->detail.text);
	return good;
}

bool extract_run(struct worker *worker, struct object *object, const struct type *type, int64_t fence, struct error *err)
{
	struct work work = { .worker = worker, .object = *object, .type = type, .provider = provider_find(type->provider),
			     .fence = fence, .members = STR_INIT(0), .detail = STR_INIT(CONNECTION_SAID_MAX) };
	bool bare = false, good;

	error_clear(err);
	good = is_bare(&work, &bare, err) && (bare ? follow_row(&work, err) : fill(&work, err));
	str_clear(&work.detail);
	*object = work.object;
	return good;
}

bool extract_again(struct work *work, struct error *err)
{
	struct object *object = &work->object, extracted = *object;

	if (!object_is_current(object, work->type)) {
		if (!extract_run(work->worker, &extracted, work->type, work->fence, err))
			return error_prefix(err, "the row of %s in the catalogue was changed, and its columns cannot be filled anew",
					    object->type);
		/* What is asked for stands in the object at hand alone. */
		if (extracted.cursor_ms == INT64_MIN && object->cursor_ms != INT64_MIN)
			forget_cursor(object);
		object->parked = extracted.parked;
		work->recount = true;
	}
	set_current(object, work->type);
	return true;
}
