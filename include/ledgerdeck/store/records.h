/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mirror: records of an object, their raw bytes apart from what lists show. */
#ifndef LEDGERDECK_STORE_RECORDS_H
#define LEDGERDECK_STORE_RECORDS_H

#include "ledgerdeck/core/compress.h"
#include "ledgerdeck/model/filter.h"
#include "ledgerdeck/model/record.h"
#include "ledgerdeck/store/objects.h"

/* The dictionary that a type's raw records are packed with; NULL while too few are known. Borrowed until the store rests or
 * is closed, also by other threads; when the transaction that added it is undone, nothing more may be packed with it. */
const struct compress_dictionary *records_dictionary(struct store *store, const char *provider, const char *type,
						     int64_t *ret_no /* 0: none */, struct error *err);
bool records_add_dictionary(struct store *store, const char *provider, const char *type, const char *bytes, size_t len,
			    int64_t *ret_no, struct error *err);

/*
 * Which of these are here and live in that version and those bytes: `ret_same`, one each. Nothing of them needs to be put, as
 * long as the columns are what the type's row makes of the bytes (object_is_current()).
 */
bool records_same(struct store *store, const struct object *object, const struct record_key *keys, size_t count, bool *ret_same,
		  struct error *err);

struct packed {              /* a record on its way in */
	const struct record *record;
	const char *bytes;   /* raw, packed */
	size_t len;
	int64_t dictionary;  /* number; 0: packed without */
	int64_t raw_len;
};

struct put_counts {
	int64_t added, changed, unchanged, deleted, parked;
};

/*
 * Insert or update a page. The same version and bytes again write nothing (unchanged); an older version than what
 * is there is left alone (unchanged). What a changed one was stays, see records_history(). Adds to `counts`. The caller's
 * transaction holds the cursor too.
 */
bool records_put(struct store *store, const struct object *object, const struct packed *rows, size_t count,
		 int64_t seen_ms, struct put_counts *counts, struct error *err);
/* Mark as deleted: the ledger said so, or a sweep proved it twice; the last bytes stay. Ids that are not there are passed over. */
bool records_gone(struct store *store, const struct object *object, const char (*ids)[RECORD_ID_MAX], size_t count,
		  int64_t seen_ms, struct put_counts *counts, struct error *err);
/*
 * Park what can't be kept as a record: its bytes (packed without dictionary), why, and how often. `id` as far as it shows
 * ("" : it does not): a record that is put with that id, or parked again in other bytes, takes its place.
 */
bool records_park(struct store *store, const struct object *object, const char *id, const char *bytes, size_t len,
		  const char *why, int64_t seen_ms, struct error *err);
/* What was taken out of a record that is here, by another row of the catalogue; `record` NULL: nothing can be. */
bool records_extract_again(struct store *store, const struct object *object, int64_t no, const struct record *record,
			   struct error *err);
/* The parked one behind `digest` ("" : the first), which then names it; false with NONE in err->code: there are no more. */
bool parked_next(struct store *store, const struct object *object, char *digest /* DIGEST_HEX */, struct str *ret_bytes,
		 struct error *err);
bool parked_drop(struct store *store, const struct object *object, const char *digest, struct error *err);

/* A sweep: note ids seen, then list those that are live here and were not seen. Lives in the store, survives a crash. */
bool sweep_begin(struct store *store, const struct object *object, struct error *err);
bool sweep_note(struct store *store, const struct object *object, const char (*ids)[RECORD_ID_MAX],
		const char (*versions)[RECORD_VERSION_MAX], size_t count, struct error *err);
/* How many live records were not seen, and the ids of the first `most`; ids seen that are not here (or in another version). */
bool sweep_missing(struct store *store, const struct object *object, size_t most, char (*ret_ids)[RECORD_ID_MAX],
		   size_t *ret_listed, int64_t *ret_missing, struct error *err);
bool sweep_unknown(struct store *store, const struct object *object, size_t most, char (*ret_ids)[RECORD_ID_MAX],
		   size_t *ret_listed, struct error *err);
bool sweep_end(struct store *store, const struct object *object, struct error *err);

/* A row as lists show it. Texts are borrowed until the next row. */
struct record_row {
	int64_t no;
	const char *id, *version, *title;
	size_t title_len;
	enum record_state state;
	int64_t time_ms, seen_ms;    /* changed in the ledger; last written here */
	bool has_time;
	struct cell cells[TYPE_FIELDS_MAX];
};
/* A time in the past, to list records of. That the mirror was whole by then (object->whole_ms) is the caller's to see to. */
struct record_moment {
	int64_t at_ms;
	const struct object *object;
	const struct type *type;      /* whose columns are taken out of what has changed since */
};
enum record_order { RECORD_BY_TIME, RECORD_BY_TITLE, RECORD_BY_ID, RECORD_BY_FIELD };
struct record_query {
	const struct type *type;
	const struct filter *filter;  /* NULL: all but deleted */
	enum record_order order;
	size_t field;                 /* RECORD_BY_FIELD */
	bool descending;
	int64_t limit, offset;        /* limit 0: all */
	const struct record_moment *then; /* records as they were then; NULL: as they are */
};
bool records_list(struct store *store, int64_t object_no, const struct record_query *query,
		  bool (*row)(void *ctx, const struct record_row *row), void *ctx, struct error *err);

/* A place in the order of change, which the index gives: before all, behind all, or at a record, which need not be there any more. */
enum record_edge { PLACE_FIRST, PLACE_RECORD, PLACE_LAST };
struct record_place {
	enum record_edge edge;
	bool has_time;                /* those without come first */
	int64_t time_ms, no;
};
struct record_step {
	struct record_place place;
	bool fits;                    /* the filter lets it through */
	struct cell key;              /* what the query's order goes by; borrowed until the next step */
};
/*
 * Every record from a place on, or back from it, without the one that stands there: so nothing is counted off, and however
 * many there are, the first comes at once. All are handed to `each`, also those that don't fit, so that it can stop when it
 * has taken too long. `ret_end`: it came to the end. Of the past, too, it goes in the order of change as it is now, by which
 * nothing is sorted then: the key by RECORD_BY_TIME is the time of change that the record had.
 */
bool records_walk(struct store *store, int64_t object_no, const struct record_query *query, const struct record_place *from, bool back,
		  bool (*each)(void *ctx, const struct record_step *step), void *ctx, bool *ret_end, struct error *err);
/* These records, by their numbers; those that are gone, or were not there then, are passed over. */
bool records_rows(struct store *store, int64_t object_no, const struct record_moment *then, const int64_t *nos, size_t count,
		  bool (*row)(void *ctx, const struct record_row *row), void *ctx, struct error *err);
/* Every record's number and title, in no order, deleted ones too: to look for many names at once. */
bool records_titles(struct store *store, int64_t object_no,
		    bool (*each)(void *ctx, int64_t no, const char *title, size_t len), void *ctx, struct error *err);
/* The ids of records that were written here, deleted ones too, after a time; all of a type are looked through. */
bool records_seen_since(struct store *store, int64_t object_no, int64_t since_ms, bool (*each)(void *ctx, const char *id), void *ctx,
			struct error *err);
/* The id of a record by its number; "" : it is not there. */
bool records_id(struct store *store, int64_t no, char *ret_id /* RECORD_ID_MAX */, struct error *err);
bool records_find(struct store *store, int64_t object_no, const char *id, int64_t *ret_no /* 0: none */, struct error *err);
/* One record with its raw bytes. */
bool records_get(struct store *store, const struct object *object, const struct type *type, const char *id,
		 struct record_row *ret_row, struct str *ret_raw, struct str *ret_texts /* what the row borrows */,
		 bool *ret_found, struct error *err);
/* All raw records in order of their ids, byte by byte, behind one ("" : from the first): for exports, re-extraction, comparisons. */
bool records_raw(struct store *store, const struct object *object, const char *after_id,
		 bool (*each)(void *ctx, const struct record_row *row, const char *raw, size_t len), void *ctx,
		 struct error *err);

/*
 * Every version of a record that the mirror ever had is kept. One begins when it is written here, by a change, a deletion or a
 * return from it, and lasts until the next begins: what the ledger had between two reads is not known.
 */
struct record_version {
	char version[RECORD_VERSION_MAX];
	enum record_state state;
	bool has_time;
	int64_t time_ms;             /* changed in the ledger, by the ledger's word */
	int64_t seen_ms;             /* here since */
	int64_t until_ms;            /* here until; 0: still */
};
/* All versions of one record, newest first, the present one too; `each` borrows, and ends it with false. A deleted one has the
 * bytes that it had before. None at all for an id that was never here. */
bool records_history(struct store *store, const struct object *object, const char *id,
		     bool (*each)(void *ctx, const struct record_version *version, const char *raw, size_t len), void *ctx,
		     struct error *err);
enum record_then {
	RECORD_THEN_UNKNOWN,         /* from before the mirror was whole: nobody knows. The version: the first that was here, if any */
	RECORD_THEN_ABSENT,          /* not there yet. The version: likewise */
	RECORD_THEN_DELETED,         /* the version and the bytes: its last */
	RECORD_THEN_THERE,
};
/* One record as the mirror had it at a time. `ret_version` is all zeros and `ret_raw` empty where there is none. */
bool records_as_of(struct store *store, const struct object *object, const char *id, int64_t at_ms,
		   enum record_then *ret_then, struct record_version *ret_version, struct str *ret_raw, struct error *err);
/* How many earlier versions all accounts' records have, and their packed bytes. Goes through all of them. */
bool history_size(struct store *store, int64_t *ret_versions, int64_t *ret_bytes, struct error *err);

#endif
