/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A row of the catalogue was changed, by its user or by a newer program: what was taken out of the records
 * by the old row means something else now. It is taken out anew from the bytes that are kept, in pieces;
 * a crash begins again, which harms nothing. What was parked gets another chance.
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
	} rows[PIECE_RECORDS];
	size_t count;
	struct str bytes; /* owned */
};

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

/* One by one; `ret_strange`: the new row finds no such record in the bytes, so that all must be read again by it. */
static bool put_piece(struct work *work, const struct piece *piece, int64_t *blank, bool *ret_strange, struct error *err)
{
	AUTO(store_end) struct store *transaction = work->worker->store;
	AUTO(str_clear) struct str texts = STR_INIT(STR_NO_LIMIT);

	if (!store_begin(transaction, err))
		return false;
	str_reserve(&texts, piece->bytes.len + piece->count);
	for (size_t i = 0; i < piece->count; i++) {
		struct json_slice raw = { .text = piece->bytes.text + piece->rows[i].start, .len = piece->rows[i].len, .kind = JSON_OBJECT };
		struct record record;
		struct error why = { 0 };
		bool good = record_extract(work->type, raw, &texts, &record, &why);

		if (good && strcmp(record.id, piece->rows[i].id) != 0) {
			*ret_strange = true;
			good = false;
		}
		*blank += !good;
		if (!records_extract_again(transaction, &work->object, piece->rows[i].no, good ? &record : NULL, err))
			return false;
	}
	return store_commit(transaction, err);
}

static bool extract_records(struct work *work, int64_t *blank, bool *strange, struct error *err)
{
	AUTO(memory_freep) struct piece *piece = memory_new(sizeof(*piece));
	int64_t after_no = 0;
	bool good = true;

	do {
		piece->count = 0;
		str_init(&piece->bytes, STR_NO_LIMIT);
		good = records_raw(work->worker->store, &work->object, after_no, take_row, piece, err) &&
		       (piece->count == 0 || put_piece(work, piece, blank, strange, err));
		str_clear(&piece->bytes);
		if (piece->count > 0)
			after_no = piece->rows[piece->count - 1].no;
		if (good && cancel_asked(work->worker->world.cancel))
			return error_set(err, ERROR_CANCELLED, "stopped; it begins again next time");
	} while (good && piece->count > 0);
	return good;
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
		if (!intake_page(work, &page, NULL, 0, err) || !store_begin(transaction, err) ||
		    !parked_drop(transaction, &work->object, digest, err) || !store_commit(transaction, err))
			return false;
	}
}

bool extract_again(struct work *work, struct error *err)
{
	struct object *object = &work->object;
	int64_t blank = 0;
	bool strange = false;

	if (object_is_current(object, work->type))
		return true;
	if (!extract_records(work, &blank, &strange, err) || !extract_parked(work, err))
		return false;
	log_info("sync", "%s %s: its row in the catalogue was changed, the columns are filled anew", object->account_id, object->type);
	if (blank > 0)
		log_warn("sync", "%s %s: %lld records hold nothing that the new row can take out", object->account_id, object->type,
			 (long long)blank);
	if (strange) {
		/* Its key is another: all is read again by it, and what bears an old id is proven gone. */
		object->cursor_ms = INT64_MIN;
		object->position[0] = '\0';
		object->sweep_due = true;
	}
	work->recount = true;
	memcpy(object->digest, work->type->digest, sizeof(object->digest));
	return intake_state(work, err);
}
