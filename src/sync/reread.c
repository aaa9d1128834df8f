/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Records that somebody wants as they are now: each is read from the ledger by its id and put into the mirror, beside all jobs and
 * in the caller's thread. A record that the ledger itself says is not there is deleted.
 */
#include <string.h>

#include "direct.h"
#include "ledgerdeck/core/compress.h"
#include "ledgerdeck/core/memory.h"

struct rereading {
	struct store *store;
	const char *account_id;
	const struct type *type;
	const char (*ids)[RECORD_ID_MAX];
	size_t count;
	int64_t now_ms;
	struct compress *compress;   /* owned */
	bool *changed;
};

static bool put(struct rereading *rereading, const struct object *object, struct json_slice raw, struct put_counts *counts, struct error *err)
{
	AUTO(str_clear) struct str scratch = STR_INIT(STR_NO_LIMIT), bytes = STR_INIT(STR_NO_LIMIT);
	struct record record;
	struct packed packed = { .record = &record, .raw_len = (int64_t)raw.len };
	const struct compress_dictionary *dictionary;
	struct error why = { 0 };

	str_reserve(&scratch, raw.len + 64);
	if (!record_extract(rereading->type, raw, &scratch, &record, err))
		return false;
	dictionary = records_dictionary(rereading->store, rereading->type->provider, rereading->type->name, &packed.dictionary, &why);
	if (why.code != ERROR_NONE)
		return err ? (*err = why, false) : false;
	compress_pack(rereading->compress, dictionary, raw.text, raw.len, &bytes);
	packed.bytes = bytes.text;
	packed.len = bytes.len;
	return records_put(rereading->store, object, &packed, 1, rereading->now_ms, counts, err);
}

static bool state_of(struct rereading *rereading, const struct object *object, const char *id, int *ret_state, struct error *err)
{
	AUTO(str_clear) struct str raw = STR_INIT(STR_NO_LIMIT), texts = STR_INIT(STR_NO_LIMIT);
	struct record_row row;
	bool found;

	if (!records_get(rereading->store, object, rereading->type, id, &row, &raw, &texts, &found, err))
		return false;
	*ret_state = found ? (int)row.state : -1;
	return true;
}

static bool keep(struct rereading *rereading, const char *id, enum found found, struct json_slice raw, bool *ret_changed, struct error *err)
{
	AUTO(store_end) struct store *transaction = rereading->store;
	struct put_counts counts = { 0 };
	char ids[1][RECORD_ID_MAX];
	struct object object;
	int before, after;
	bool known;

	memcpy(ids[0], id, sizeof(ids[0]));
	if (!store_begin(transaction, err) || !objects_get(transaction, rereading->account_id, rereading->type->name, &object, &known, err))
		return false;
	/* Never read, or its columns are being filled anew: a read brings it. */
	if (!known || !object_is_current(&object, rereading->type))
		return true;
	if (!state_of(rereading, &object, id, &before, err) ||
	    !(found == ABSENT ? records_gone(transaction, &object, ids, 1, rereading->now_ms, &counts, err)
			      : put(rereading, &object, raw, &counts, err)) ||
	    !state_of(rereading, &object, id, &after, err) || !objects_moved(transaction, object.no, before, after, err))
		return false;
	*ret_changed = counts.added + counts.changed + counts.deleted > 0;
	return store_commit(transaction, err);
}

static bool read_all(struct connection *connection, void *ctx, struct error *err)
{
	struct rereading *rereading = ctx;

	for (size_t i = 0; i < rereading->count; i++) {
		AUTO(page_clear) struct page page;
		enum found found;

		page_init(&page);
		found = connection->provider->find(connection, rereading->type, rereading->ids[i], &page, err);
		if (found == UNKNOWN_FOUND)
			return false;
		if (!keep(rereading, rereading->ids[i], found, found == FOUND && page.count > 0 ? page.records[0] : (struct json_slice){ 0 },
			  &rereading->changed[i], err))
			return false;
	}
	return true;
}

bool sync_reread(struct sync *sync, struct store *store, const char *account_id, const struct type *type, const char (*ids)[RECORD_ID_MAX],
		 size_t count, struct cancel *cancel, bool *ret_changed, struct error *err)
{
	struct rereading rereading = { .store = store, .account_id = account_id, .type = type, .ids = ids, .count = count,
				       .now_ms = sync_now(sync), .changed = ret_changed };
	bool good;

	memset(ret_changed, 0, count * sizeof(*ret_changed));
	rereading.compress = compress_new();
	good = direct_ask(sync, account_id, cancel, read_all, &rereading, err);
	compress_free(rereading.compress);
	return good;
}
