/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Records that somebody wants as they are now: each is read from the ledger by its id and put into the mirror, beside all jobs and
 * in the caller's thread. A record that the ledger itself says is not there is deleted.
 */
#include <string.h>

#include "direct.h"
#include "ledgerdeck/core/memory.h"
#include "mirror.h"

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

static bool keep(const struct rereading *rereading, const char *id, struct json_slice raw, bool *ret_changed, struct error *err)
{
	AUTO(store_end) struct store *transaction = rereading->store;
	struct put_counts counts = { 0 };
	const struct mirror_one one = { .store = transaction, .compress = rereading->compress, .account_id = rereading->account_id,
					.type = rereading->type, .now_ms = rereading->now_ms, .counts = &counts };

	if (!store_begin(transaction, err) || !mirror_take(&one, id, raw, err) || !store_commit(transaction, err))
		return false;
	*ret_changed = counts.added + counts.changed + counts.deleted > 0;
	return true;
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
		if (found == FOUND && page.count == 0)
			return error_set(err, ERROR_REMOTE, "the ledger's answer has no %s %.60s in it", rereading->type->name, rereading->ids[i]);
		if (!keep(rereading, rereading->ids[i], found == FOUND ? page.records[0] : (struct json_slice){ .kind = JSON_NONE },
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
