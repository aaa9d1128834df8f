/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A page into the mirror. Whoever fetched it leaves out what is here already in the same bytes, takes the rest apart by the
 * catalogue and packs it; the one that writes puts and commits it together with the cursor behind it. A record that
 * cannot be kept is parked with its bytes and the stream goes on.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "ledgerdeck/core/memory.h"

#define TRAIN_RECORDS 100
#define TRAIN_BYTES ((size_t)3 << 18) /* of samples: some twenty times what is learnt from them */

void intake_clear(struct intake *intake)
{
	free(intake->rows);
	free(intake->records);
	free(intake->parked);
	str_clear(&intake->texts);
	str_clear(&intake->bytes);
	str_clear(&intake->members);
	*intake = (struct intake){ 0 };
}

/* The first large page of a type teaches its dictionary. */
static bool train_alone(struct work *work, const struct page *page, struct error *err)
{
	AUTO(str_clear) struct str samples = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str bytes = STR_INIT(2 * COMPRESS_DICTIONARY_MAX);
	AUTO(memory_freep) size_t *lens = NULL;
	AUTO(store_end) struct store *transaction = work->worker->store;
	size_t step = page->body.len / TRAIN_BYTES + 1, count = 0;
	int64_t no;

	error_clear(err);
	if (page->count / step < TRAIN_RECORDS || records_dictionary(transaction, work->type->provider, work->type->name, &no, err))
		return true;
	if (err->code)
		return false;
	lens = memory_new(page->count * sizeof(*lens));
	for (size_t i = 0; i < page->count; i += step) {
		str_add_bytes(&samples, page->records[i].text, page->records[i].len);
		lens[count++] = page->records[i].len;
	}
	if (!compress_train(samples.text, lens, count, &bytes))
		return true; /* too uniform to learn from: records are packed without */
	return store_begin(transaction, err) &&
	       records_add_dictionary(transaction, work->type->provider, work->type->name, bytes.text, bytes.len, &no, err) &&
	       store_commit(transaction, err);
}

/* One at a time: it takes several times its samples' memory, and accounts that begin together need only one. */
static bool train(struct work *work, const struct page *page, struct error *err)
{
	struct lock *training = work->worker->sync->training;
	int64_t no;
	bool good;

	if (records_dictionary(work->worker->store, work->type->provider, work->type->name, &no, err))
		return true;
	if (err->code)
		return false;
	lock_enter(training);
	good = train_alone(work, page, err);
	lock_leave(training);
	return good;
}

void intake_parked_id(const struct type *type, struct json_slice raw, char *out)
{
	AUTO(str_clear) struct str text = STR_INIT(RECORD_ID_MAX - 1);
	struct json_slice key = json_member(raw, type->key);

	out[0] = '\0';
	if (key.kind == JSON_STRING)
		json_unquote(key, &text);
	else if (key.kind == JSON_NUMBER)
		str_add_bytes(&text, key.text, key.len);
	if (text.len > 0 && !str_is_cut(&text) && strlen(text.text) == text.len)
		memcpy(out, text.text, text.len + 1);
}

/*
 * Which of the page's records are here already as they came. Ids, versions and hashes tell, once the columns are for certain
 * those that the type's row makes of the same bytes; and while something is parked, each record may settle it.
 */
static bool find_same(struct store *store, const struct object *object, const struct type *type, const struct page *page,
		      bool *same, struct error *err)
{
	AUTO(str_clear) struct str texts = STR_INIT(STR_NO_LIMIT);
	AUTO(memory_freep) struct record_key *keys = NULL;

	if (strcmp(object->digest, type->digest) != 0 || object->parked > 0)
		return true;
	keys = memory_new((page->count + 1) * sizeof(*keys));
	for (size_t i = 0; i < page->count; i++) {
		str_reset(&texts);
		record_key(type, page->records[i], &texts, &keys[i]);
	}
	return records_same(store, object, keys, page->count, same, err);
}

/* Take apart what is not here yet; what cannot be kept as a record is to be parked. */
static void extract(const struct type *type, const struct page *page, const bool *same, struct intake *intake)
{
	intake->records = memory_new((page->count + 1) * sizeof(*intake->records));
	intake->parked = memory_new((page->count + 1) * sizeof(*intake->parked));
	str_init(&intake->members, DRIFT_MEMBERS_MAX);
	str_init(&intake->texts, STR_NO_LIMIT);
	str_reserve(&intake->texts, page->body.len + page->count);
	for (size_t i = 0; i < page->count; i++) {
		struct parked *parked = &intake->parked[intake->parked_count];
		struct error why = { 0 };

		if (same[i]) {
			intake->unchanged++;
			continue;
		}
		drift_collect(page->records[i], &intake->members);
		if (record_extract(type, page->records[i], &intake->texts, &intake->records[intake->count], &why)) {
			intake->count++;
			continue;
		}
		parked->raw = page->records[i];
		intake_parked_id(type, page->records[i], parked->id);
		memcpy(parked->why, why.text, sizeof(why.text));
		intake->parked_count++;
	}
}

static void pack(struct worker *worker, const struct compress_dictionary *dictionary, int64_t dictionary_no, struct intake *intake)
{
	AUTO(memory_freep) size_t *starts = memory_new((intake->count + 1) * sizeof(*starts));

	intake->rows = memory_new((intake->count + 1) * sizeof(*intake->rows));
	str_init(&intake->bytes, STR_NO_LIMIT);
	for (size_t i = 0; i < intake->count; i++) {
		const struct json_slice *raw = &intake->records[i].raw;

		starts[i] = intake->bytes.len;
		compress_pack(worker->compress, dictionary, raw->text, raw->len, &intake->bytes);
	}
	starts[intake->count] = intake->bytes.len;
	for (size_t i = 0; i < intake->count; i++)
		intake->rows[i] = (struct packed){ .record = &intake->records[i], .bytes = intake->bytes.text + starts[i],
						   .len = starts[i + 1] - starts[i], .dictionary = dictionary_no,
						   .raw_len = (int64_t)intake->records[i].raw.len };
}

/* A text moves to where the intake keeps its own; `kept` has room. */
static void keep_text(struct str *kept, const char **text, size_t len)
{
	const char *at = kept->text + kept->len;

	str_add_bytes(kept, *text, len);
	*text = at;
}

static void keep_texts(struct record *record, struct str *kept)
{
	const char *title = record->title;

	keep_text(kept, &record->title, record->title_len);
	for (size_t i = 0; i < TYPE_FIELDS_MAX; i++) {
		struct cell *cell = &record->cells[i];

		/* Mostly the title is one of the cells. */
		if (cell->kind == CELL_TEXT && cell->text == title && cell->len == record->title_len)
			cell->text = record->title;
		else if (cell->kind == CELL_TEXT)
			keep_text(kept, &cell->text, cell->len);
	}
	record->raw = (struct json_slice){ 0 };
}

/* From here on the page isn't needed any more, which is the larger by far: pages that wait for the writer take little memory. */
static void let_go(struct intake *intake)
{
	struct str kept = STR_INIT(STR_NO_LIMIT);
	size_t len = 0;

	for (size_t i = 0; i < intake->count; i++) {
		const struct record *record = &intake->records[i];

		len += record->title_len;
		for (size_t k = 0; k < TYPE_FIELDS_MAX; k++)
			len += record->cells[k].len;
	}
	for (size_t i = 0; i < intake->parked_count; i++)
		len += intake->parked[i].raw.len;
	str_reserve(&kept, len);
	for (size_t i = 0; i < intake->count; i++)
		keep_texts(&intake->records[i], &kept);
	for (size_t i = 0; i < intake->parked_count; i++) {
		keep_text(&kept, &intake->parked[i].raw.text, intake->parked[i].raw.len);
		intake->parked[i].raw.map = NULL;
	}
	str_clear(&intake->texts);
	intake->texts = kept;
}

bool intake_prepare(struct worker *worker, const struct object *object, const struct type *type, const struct page *page,
		    struct intake *intake, struct error *err)
{
	AUTO(memory_freep) bool *same = memory_new((page->count + 1) * sizeof(*same));
	const struct compress_dictionary *dictionary;
	int64_t dictionary_no = 0;

	if (!find_same(worker->store, object, type, page, same, err))
		return false;
	error_clear(err);
	dictionary = records_dictionary(worker->store, type->provider, type->name, &dictionary_no, err);
	if (err->code)
		return false;
	extract(type, page, same, intake);
	pack(worker, dictionary, dictionary_no, intake);
	let_go(intake);
	return true;
}

bool intake_meter(struct work *work, struct error *err)
{
	struct meter spent = month_spent(work->provider, &work->meter);

	return month_add(work->worker->store, work->object.account_id, sync_now(work->worker->sync), &spent, &work->metered, err);
}

bool intake_commit(struct work *work, struct store *transaction, struct error *err)
{
	struct sync *sync = work->worker->sync;
	bool held = true;

	if (work->fence &&
	    !lease_renew(transaction, work->object.account_id, work->fence, sync_now(sync) + SYNC_LEASE_MS, &held, err))
		return false;
	if (!held)
		return error_set(err, ERROR_CONFLICT, "another process has taken over this account");
	if (!objects_save(transaction, &work->object, work->fence, err) ||
	    (work->slices && !slices_save(transaction, &work->object, work->slices, work->slice_count, err)) || !intake_meter(work, err) ||
	    !store_commit(transaction, err))
		return false;
	work->kept = work->object;
	return true;
}

bool intake_state(struct work *work, struct error *err)
{
	AUTO(store_end) struct store *transaction = work->worker->store;

	return store_begin(transaction, err) && intake_commit(work, transaction, err);
}

bool intake_put(struct work *work, const struct intake *intake, const char (*confirmed)[RECORD_ID_MAX], size_t confirmed_count,
		struct error *err)
{
	AUTO(store_end) struct store *transaction = work->worker->store;
	struct put_counts *counts = &work->attempt.counts;
	int64_t now_ms = sync_now(work->worker->sync);

	if (!drift_note(work, &intake->members, err) || !store_begin(transaction, err) ||
	    !records_put(transaction, &work->object, intake->rows, intake->count, now_ms, counts, err) ||
	    !records_gone(transaction, &work->object, confirmed, confirmed_count, now_ms, counts, err))
		return false;
	for (size_t i = 0; i < intake->parked_count; i++) {
		const struct parked *parked = &intake->parked[i];

		if (!records_park(transaction, &work->object, parked->id, parked->raw.text, parked->raw.len, parked->why, now_ms, err))
			return false;
	}
	counts->unchanged += intake->unchanged;
	counts->parked += (int64_t)intake->parked_count;
	work->object.parked += (int64_t)intake->parked_count; /* at least; counted anew at the end */
	work->attempt.pages++;
	return (confirmed_count == 0 || merged_follow(work, err)) && drift_keep(work, err) && intake_commit(work, transaction, err);
}

bool intake_page(struct work *work, const struct page *page, const char (*confirmed)[RECORD_ID_MAX],
		 size_t confirmed_count, struct error *err)
{
	AUTO(intake_clear) struct intake intake = { 0 };

	return train(work, page, err) && intake_prepare(work->worker, &work->object, work->type, page, &intake, err) &&
	       intake_put(work, &intake, confirmed, confirmed_count, err);
}
