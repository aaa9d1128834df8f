/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mirror: putting pages in, marking what is gone, parking what can't be kept, sweeps, reading one. */
#include "ledgerdeck/store/records.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/digest.h"
#include "ledgerdeck/core/memory.h"
#include "query.h"
#include "rows.h"
#include "touched.h"

/* Once made it stays until the store rests or is closed, since others may be packing with it. */
struct dictionary {
	int64_t no;                             /* 0: its transaction was undone */
	char provider[16];
	char type[64];
	struct compress_dictionary *dictionary; /* owned */
};

void records_forget_dictionaries(struct store *store)
{
	for (size_t i = 0; i < store->dictionary_count; i++)
		compress_dictionary_free(store->dictionaries[i].dictionary);
	free(store->dictionaries);
	store->dictionaries = NULL;
	store->dictionary_count = store->dictionary_room = 0;
}

void records_undo_dictionaries(struct store *store)
{
	/* Its number will be another's: what is packed with it by that number could never be read. */
	for (size_t i = store->dictionaries_kept; i < store->dictionary_count; i++)
		store->dictionaries[i].no = 0;
}

static void remember(struct store *store, int64_t no, const char *provider, const char *type, const void *bytes, size_t len)
{
	struct compress_dictionary *made = compress_dictionary_new(bytes, len);
	struct dictionary *dictionary;

	if (!made)
		return; /* damaged: what was packed with it says so when it is read */
	memory_grow(&store->dictionaries, &store->dictionary_room, store->dictionary_count + 1, sizeof(*dictionary));
	dictionary = &store->dictionaries[store->dictionary_count++];
	*dictionary = (struct dictionary){ .no = no, .dictionary = made };
	snprintf(dictionary->provider, sizeof(dictionary->provider), "%s", provider);
	snprintf(dictionary->type, sizeof(dictionary->type), "%s", type);
}

/* The one that a query finds, if any. Each costs more memory than a page of lists: only what is needed is loaded. */
static bool load(struct store *store, struct query *query, struct error *err)
{
	while (query_next(query))
		remember(store, row_integer(query, 0), row_text(query, 1), row_text(query, 2), row_blob(query, 3),
			 row_len(query, 3));
	return query_end(query, err);
}

static bool load_of(struct store *store, const char *provider, const char *type, struct error *err)
{
	struct query query = query_start(store, DICTIONARY_OF);

	query_text(&query, provider);
	query_text(&query, type);
	return load(store, &query, err);
}

static bool load_no(struct store *store, int64_t no, struct error *err)
{
	struct query query = query_start(store, DICTIONARY_GET);

	query_integer(&query, no);
	return load(store, &query, err);
}

static struct dictionary *by_type(const struct store *store, const char *provider, const char *type)
{
	for (size_t i = store->dictionary_count; i-- > 0;)
		if (store->dictionaries[i].no != 0 && strcmp(store->dictionaries[i].provider, provider) == 0 &&
		    strcmp(store->dictionaries[i].type, type) == 0)
			return &store->dictionaries[i];
	return NULL;
}

const struct compress_dictionary *records_dictionary(struct store *store, const char *provider, const char *type,
						     int64_t *ret_no, struct error *err)
{
	struct dictionary *found = by_type(store, provider, type);

	*ret_no = 0;
	error_clear(err);
	if (!found && load_of(store, provider, type, err))
		found = by_type(store, provider, type);
	if (!found)
		return NULL;
	*ret_no = found->no;
	return found->dictionary;
}

bool records_add_dictionary(struct store *store, const char *provider, const char *type, const char *bytes, size_t len,
			    int64_t *ret_no, struct error *err)
{
	struct query query = query_start(store, DICTIONARY_ADD);
	struct compress_dictionary *made = compress_dictionary_new(bytes, len);
	int64_t no;

	assert(store->in_transaction);
	if (!made)
		return error_set(err, ERROR_INPUT, "the dictionary for %s is damaged", type);
	compress_dictionary_free(made);
	query_text(&query, provider);
	query_text(&query, type);
	query_blob(&query, bytes, len);
	if (!query_run(&query, err))
		return false;
	no = sqlite3_last_insert_rowid(store->db);
	if (!load_no(store, no, err))
		return false;
	*ret_no = no;
	return true;
}

bool rows_pack(struct store *store, const char *bytes, size_t len, struct str *out, struct error *err)
{
	if (!store->compress)
		store->compress = compress_new();
	if (len > 0)
		compress_pack(store->compress, NULL, bytes, len, out);
	return !str_is_cut(out) || error_set(err, ERROR_INPUT, "it is too large to be kept: %zu bytes", len);
}

bool rows_unpack(struct store *store, int64_t dictionary_no, const void *bytes, size_t len, struct str *out,
		 struct error *err)
{
	const struct compress_dictionary *dictionary = NULL;

	if (!store->compress)
		store->compress = compress_new();
	for (int tries = 0; dictionary_no != 0 && !dictionary && tries < 2; tries++) {
		for (size_t i = 0; i < store->dictionary_count; i++)
			if (store->dictionaries[i].no == dictionary_no)
				dictionary = store->dictionaries[i].dictionary;
		if (!dictionary && !load_no(store, dictionary_no, err))
			return false;
	}
	if (dictionary_no != 0 && !dictionary)
		return error_set(err, ERROR_STORE, "'%s' is damaged: a dictionary is missing", store->path);
	return compress_unpack(store->compress, dictionary, bytes, len, out, err);
}

/* Is version `a` older than `b`? Numbers are compared as such, by length and digits; else nobody is older. */
static bool is_older(const char *a, const char *b)
{
	size_t a_len = strlen(a), b_len = strlen(b);

	if (!a_len || !b_len || strspn(a, "0123456789") != a_len || strspn(b, "0123456789") != b_len)
		return false;
	return a_len != b_len ? a_len < b_len : strcmp(a, b) < 0;
}

bool records_same(struct store *store, const struct object *object, const struct record_key *keys, size_t count, bool *ret_same,
		  struct error *err)
{
	bool good = store_read_begin(store, err);

	for (size_t i = 0; good && i < count; i++) {
		struct query query = query_start(store, RECORD_FIND);

		query_integer(&query, object->no);
		query_text(&query, keys[i].id);
		ret_same[i] = query_next(&query) && (uint64_t)row_integer(&query, 2) == keys[i].hash &&
			      row_integer(&query, 3) != RECORD_DELETED && strcmp(row_text(&query, 1), keys[i].version) == 0;
		good = query_end(&query, err);
	}
	store_read_end(store);
	return good;
}

/* Most titles are a column, too, and names are often several: what reads as the title is kept once, see list.c. */
static void bind_cell(struct query *query, const struct cell *cell, const struct record *record)
{
	if (cell->kind == CELL_TEXT && cell->len > 0 && cell->len == record->title_len && memcmp(cell->text, record->title, cell->len) == 0) {
		query_blob(query, "", 0);
		return;
	}
	switch (cell->kind) {
	case CELL_NONE:
		query_null(query);
		break;
	case CELL_INTEGER:
		query_integer(query, cell->integer);
		break;
	case CELL_TEXT:
		query_text_len(query, cell->text, cell->len);
		break;
	}
}

static void bind_record(struct query *query, const struct record *record, int64_t seen_ms)
{
	query_text(query, record->version);
	query_integer(query, record->state);
	query_integer_or_null(query, record->has_time, record->time_ms);
	query_integer(query, seen_ms);
	query_integer(query, (int64_t)record->hash);
	query_text_len(query, record->title, record->title_len);
	for (size_t i = 0; i < TYPE_FIELDS_MAX; i++)
		bind_cell(query, &record->cells[i], record);
}

static bool put_raw(struct store *store, int64_t no, const struct packed *row, struct error *err)
{
	struct query query = query_start(store, RAW_PUT);

	query_integer(&query, no);
	query_integer(&query, row->dictionary);
	query_integer(&query, row->raw_len);
	query_blob(&query, row->bytes, row->len);
	return query_run(&query, err);
}

/* A record as it is here, before it is changed. */
struct known {
	int64_t no; /* 0: it is not here */
	struct record_version version;
	uint64_t hash;
};

static bool look_up(struct store *store, const struct object *object, const char *id, struct known *ret_known, struct error *err)
{
	struct query query = query_start(store, RECORD_FIND);
	struct record_version *version = &ret_known->version;

	*ret_known = (struct known){ 0 };
	query_integer(&query, object->no);
	query_text(&query, id);
	if (query_next(&query)) {
		ret_known->no = row_integer(&query, 0);
		row_copy(&query, 1, version->version, sizeof(version->version));
		ret_known->hash = (uint64_t)row_integer(&query, 2);
		version->state = (enum record_state)row_integer(&query, 3);
		version->has_time = !row_is_null(&query, 4);
		version->time_ms = row_integer(&query, 4);
		version->seen_ms = row_integer(&query, 5);
	}
	return query_end(&query, err);
}

/* It goes on in the history, and its bytes with it unless those that follow are the same. */
static bool keep_version(struct store *store, const struct known *known, bool same_bytes, struct error *err)
{
	struct query query = query_start(store, HISTORY_ADD);

	query_integer(&query, known->no);
	query_text(&query, known->version.version);
	query_integer(&query, known->version.state);
	query_integer_or_null(&query, known->version.has_time, known->version.time_ms);
	query_integer(&query, known->version.seen_ms);
	if (same_bytes)
		query_null(&query);
	else
		query_integer(&query, known->no);
	return query_run(&query, err);
}

/* Is there nothing to be written: the same, or older than what is here? One that was deleted is back in any version. */
static bool is_settled(const struct known *known, const struct record *record)
{
	if (known->no == 0 || known->version.state == RECORD_DELETED)
		return false;
	return (known->hash == record->hash && strcmp(known->version.version, record->version) == 0 &&
		known->version.state == record->state) || is_older(record->version, known->version.version);
}

/* What was parked under this id is settled, but for the one with that digest. */
static bool unpark_id(struct store *store, const struct object *object, const char *id, const char *but, struct error *err)
{
	struct query query = query_start(store, UNPARK_ID);

	query_integer(&query, object->no);
	query_text(&query, id);
	query_text(&query, but);
	return query_run(&query, err);
}

static bool put_one(struct store *store, const struct object *object, const struct packed *row, bool watched, int64_t seen_ms,
		    struct put_counts *counts, struct error *err)
{
	const struct record *record = row->record;
	struct query query;
	struct known known;

	if (!look_up(store, object, record->id, &known, err))
		return false;
	if (is_settled(&known, record)) {
		counts->unchanged++;
		return object->parked == 0 || unpark_id(store, object, record->id, "", err);
	}
	if (known.no && !keep_version(store, &known, known.hash == record->hash, err))
		return false;
	query = query_start(store, known.no ? RECORD_CHANGE : RECORD_ADD);
	if (known.no) {
		query_integer(&query, known.no);
	} else {
		query_integer(&query, object->no);
		query_text(&query, record->id);
	}
	bind_record(&query, record, seen_ms);
	if (!query_run(&query, err))
		return false;
	counts->added += known.no == 0;
	counts->changed += known.no != 0;
	return put_raw(store, known.no ? known.no : sqlite3_last_insert_rowid(store->db), row, err) &&
	       (!watched || touched_note(store, object, record->id, seen_ms, err)) &&
	       (object->parked == 0 || unpark_id(store, object, record->id, "", err));
}

bool records_put(struct store *store, const struct object *object, const struct packed *rows, size_t count,
		 int64_t seen_ms, struct put_counts *counts, struct error *err)
{
	bool watched = false;

	assert(store->in_transaction);
	if (!touched_watched(store, object->account_id, &watched, err))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!put_one(store, object, &rows[i], watched, seen_ms, counts, err))
			return false;
	return true;
}

static bool mark_gone(struct store *store, const struct object *object, const char *id, bool watched, int64_t seen_ms,
		      struct put_counts *counts, struct error *err)
{
	struct query query;
	struct known known;

	if (!look_up(store, object, id, &known, err))
		return false;
	if (known.no == 0 || known.version.state == RECORD_DELETED)
		return true;
	query = query_start(store, RECORD_GONE);
	query_integer(&query, object->no);
	query_integer(&query, known.no);
	query_integer(&query, seen_ms);
	counts->deleted++;
	return query_run(&query, err) && keep_version(store, &known, true, err) &&
	       (!watched || touched_note(store, object, id, seen_ms, err));
}

bool records_gone(struct store *store, const struct object *object, const char (*ids)[RECORD_ID_MAX], size_t count,
		  int64_t seen_ms, struct put_counts *counts, struct error *err)
{
	bool watched = false;

	assert(store->in_transaction);
	if (!touched_watched(store, object->account_id, &watched, err))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!mark_gone(store, object, ids[i], watched, seen_ms, counts, err) ||
		    (object->parked > 0 && !unpark_id(store, object, ids[i], "", err)))
			return false;
	return true;
}

bool records_park(struct store *store, const struct object *object, const char *id, const char *bytes, size_t len,
		  const char *why, int64_t seen_ms, struct error *err)
{
	AUTO(str_clear) struct str packed = STR_INIT(STR_NO_LIMIT);
	struct digest digest = digest_blake2b(bytes, len);
	struct query query;
	char hex[DIGEST_HEX];

	if (!rows_pack(store, bytes, len, &packed, err))
		return false;
	query = query_start(store, PARK);
	query_integer(&query, object->no);
	query_text(&query, digest_hex(&digest, hex));
	query_integer(&query, seen_ms);
	query_text(&query, why);
	query_integer(&query, (int64_t)len);
	query_blob(&query, packed.text, packed.len);
	query_text(&query, id);
	return query_run(&query, err) && (!*id || unpark_id(store, object, id, hex, err));
}

bool records_extract_again(struct store *store, const struct object *object, int64_t no, const struct record *record,
			   struct error *err)
{
	struct query query = query_start(store, record ? RECORD_EXTRACT : RECORD_BLANK);

	assert(store->in_transaction);
	query_integer(&query, object->no);
	query_integer(&query, no);
	if (!record)
		return query_run(&query, err);
	query_text(&query, record->version);
	query_integer(&query, record->state);
	query_integer_or_null(&query, record->has_time, record->time_ms);
	query_text_len(&query, record->title, record->title_len);
	for (size_t i = 0; i < TYPE_FIELDS_MAX; i++)
		bind_cell(&query, &record->cells[i], record);
	query_integer(&query, (int64_t)record->hash);
	return query_run(&query, err);
}

bool parked_next(struct store *store, const struct object *object, char *digest, struct str *ret_bytes, struct error *err)
{
	struct query query = query_start(store, PARKED_NEXT);
	bool found, good = true;

	error_clear(err);
	query_integer(&query, object->no);
	query_text(&query, digest);
	found = query_next(&query);
	if (found) {
		row_copy(&query, 0, digest, DIGEST_HEX);
		good = rows_unpack(store, 0, row_blob(&query, 1), row_len(&query, 1), ret_bytes, err);
	}
	return query_end(&query, good ? err : NULL) && good && found;
}

bool parked_drop(struct store *store, const struct object *object, const char *digest, struct error *err)
{
	struct query query = query_start(store, UNPARK);

	query_integer(&query, object->no);
	query_text(&query, digest);
	return query_run(&query, err);
}

static bool clear_sweep(struct store *store, const struct object *object, struct error *err)
{
	struct query query = query_start(store, SWEEP_CLEAR);

	query_integer(&query, object->no);
	return query_run(&query, err);
}

bool sweep_begin(struct store *store, const struct object *object, struct error *err)
{
	return clear_sweep(store, object, err);
}

bool sweep_end(struct store *store, const struct object *object, struct error *err)
{
	return clear_sweep(store, object, err);
}

bool sweep_note(struct store *store, const struct object *object, const char (*ids)[RECORD_ID_MAX],
		const char (*versions)[RECORD_VERSION_MAX], size_t count, struct error *err)
{
	assert(store->in_transaction);
	for (size_t i = 0; i < count; i++) {
		struct query query = query_start(store, SWEEP_NOTE);

		query_integer(&query, object->no);
		query_text(&query, ids[i]);
		query_text(&query, versions[i]);
		if (!query_run(&query, err))
			return false;
	}
	return true;
}

static bool list_ids(struct query *query, size_t most, char (*ret_ids)[RECORD_ID_MAX], size_t *ret_listed,
		     struct error *err)
{
	*ret_listed = 0;
	while (*ret_listed < most && query_next(query))
		row_copy(query, 0, ret_ids[(*ret_listed)++], RECORD_ID_MAX);
	return query_end(query, err);
}

bool sweep_missing(struct store *store, const struct object *object, size_t most, char (*ret_ids)[RECORD_ID_MAX],
		   size_t *ret_listed, int64_t *ret_missing, struct error *err)
{
	struct query query = query_start(store, SWEEP_MISSING_COUNT);

	*ret_missing = 0;
	query_integer(&query, object->no);
	if (query_next(&query))
		*ret_missing = row_integer(&query, 0);
	if (!query_end(&query, err))
		return false;
	query = query_start(store, SWEEP_MISSING);
	query_integer(&query, object->no);
	query_integer(&query, (int64_t)most);
	return list_ids(&query, most, ret_ids, ret_listed, err);
}

bool sweep_unknown(struct store *store, const struct object *object, size_t most, char (*ret_ids)[RECORD_ID_MAX],
		   size_t *ret_listed, struct error *err)
{
	struct query query = query_start(store, SWEEP_UNKNOWN);

	query_integer(&query, object->no);
	query_integer(&query, (int64_t)most);
	return list_ids(&query, most, ret_ids, ret_listed, err);
}
