/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is needed before a record that no list shows is believed to be gone: the company is still the
 * same, and the ledger said twice, minutes apart, that there is no such record. What it said once
 * is noted in the store, so that it survives the program.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "ledgerdeck/core/memory.h"

static void make_name(const struct work *work, char *out, size_t size)
{
	snprintf(out, size, "absent:%lld", (long long)work->object.no);
}

/* When was it found absent first? Lines are "ms id". -1: not before. */
static int64_t first_absent(const struct str *notes, const char *id)
{
	size_t len = strlen(id);

	for (const char *line = notes->text; *line;) {
		size_t end = strcspn(line, "\n"), blank = strcspn(line, " ");

		if (blank < end && end - blank - 1 == len && memcmp(line + blank + 1, id, len) == 0)
			return strtoll(line, NULL, 10);
		line += end + (line[end] != '\0');
	}
	return -1;
}

bool absent_twice(struct work *work, const char (*ids)[RECORD_ID_MAX], size_t count, char (*ret_proven)[RECORD_ID_MAX],
		  size_t *ret_proven_count, struct error *err)
{
	AUTO(store_end) struct store *transaction = work->worker->store;
	AUTO(str_clear) struct str before = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str after = STR_INIT(STR_NO_LIMIT);
	int64_t now_ms = sync_now(work->worker->sync);
	char name[40];

	*ret_proven_count = 0;
	make_name(work, name, sizeof(name));
	if (!store_begin(transaction, err))
		return false;
	if (!store_get(transaction, name, &before, err) && err->code)
		return false;
	for (size_t i = 0; i < count; i++) {
		int64_t first_ms = first_absent(&before, ids[i]);

		if (first_ms < 0 || first_ms > now_ms)
			first_ms = now_ms;
		if (now_ms - first_ms >= ABSENT_GAP_MS)
			memcpy(ret_proven[(*ret_proven_count)++], ids[i], RECORD_ID_MAX);
		str_addf(&after, "%lld %s\n", (long long)first_ms, ids[i]);
	}
	/* Whatever was not absent now begins anew. */
	return (after.len == before.len && memcmp(after.text, before.text, after.len) == 0) ||
	       (store_set(transaction, name, after.text, after.len, err) && store_commit(transaction, err));
}

bool absent_check_company(struct work *work, struct error *err)
{
	const struct account *account = connect_account(work->session);
	struct identity identity = { 0 };

	if (!work->provider->identity(connect_connection(work->session), &identity, err))
		return error_prefix(err, "cannot make sure that this is still '%.60s'", account->name);
	if (strcmp(identity.realm, connect_connection(work->session)->realm) == 0 &&
	    (!*account->created || strcmp(account->created, identity.created) == 0) &&
	    (!*account->country || strcmp(account->country, identity.country) == 0))
		return true;
	return error_set(err, ERROR_CONFLICT, "this is not the company that was connected as '%.80s': nothing is taken for deleted",
			 account->name);
}
