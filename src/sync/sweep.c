/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Proving what exists: list all ids, compare, and believe an absence only when a direct read confirms it. A
 * sweep that would delete too much at once waits for a person: a wrong company, a lost permission or an
 * empty answer look just like that.
 */
#include <stdio.h>
#include <string.h>

#include "engine.h"
#include "ledgerdeck/core/memory.h"

#define CONFIRM_MAX 500 /* direct reads of one sweep */

bool sweep_wanted(const struct sync *sync, const struct object *object, const struct type *type, bool scarce)
{
	int64_t interval_ms = settings_number(sync->options.settings, "sync.sweep_interval") * 1000;

	if (type->reading == TYPE_SINGLE || type->reading == TYPE_WHOLE || object->cursor_ms == INT64_MIN ||
	    sweep_waits(object))
		return false;
	if (object->sweep_due)
		return true;
	return type->deletion != TYPE_NEVER_DELETED && interval_ms > 0 && !scarce &&
	       sync_now(sync) - (object->sweep_ms ? object->sweep_ms : object->full_ms) > interval_ms;
}

bool sweep_waits(const struct object *object)
{
	return *object->guard && strcmp(object->guard, "approved") != 0;
}

static bool note_page(struct work *work, const struct page *page, struct error *err)
{
	AUTO(store_end) struct store *transaction = work->worker->store;
	AUTO(str_clear) struct str texts = STR_INIT(STR_NO_LIMIT);
	bool good = store_begin(transaction, err);

	for (size_t i = 0; good && i < page->count; i++) {
		char id[1][RECORD_ID_MAX] = { "" }, version[1][RECORD_VERSION_MAX] = { "" };
		struct json_slice key = json_member(page->records[i], work->type->key);
		struct json_slice token = *work->type->version
						  ? json_member(page->records[i], work->type->version)
						  : (struct json_slice){ 0 };

		str_reset(&texts);
		if (key.kind == JSON_STRING)
			json_unquote(key, &texts);
		else if (key.kind == JSON_NUMBER)
			str_add_bytes(&texts, key.text, key.len);
		if (texts.len == 0 || texts.len >= RECORD_ID_MAX)
			continue;
		memcpy(id[0], texts.text, texts.len + 1);
		str_reset(&texts);
		if (token.kind == JSON_STRING)
			json_unquote(token, &texts);
		if (texts.len < RECORD_VERSION_MAX)
			memcpy(version[0], texts.text, texts.len + 1);
		good = sweep_note(transaction, &work->object, (const char(*)[RECORD_ID_MAX])id,
				  (const char(*)[RECORD_VERSION_MAX])version, 1, err);
	}
	work->attempt.pages++;
	return good && store_commit(transaction, err);
}

static bool list_all(struct work *work, struct error *err)
{
	AUTO(memory_freep) char *position = NULL;

	{
		AUTO(store_end) struct store *transaction = work->worker->store;

		if (!store_begin(transaction, err) || !sweep_begin(transaction, &work->object, err) || !store_commit(transaction, err))
			return false;
	}
	do {
		AUTO(page_clear) struct page page;

		page_init(&page);
		if (!work->provider->sweep(connect_connection(work->session), work->type, position, &page, err) ||
		    !note_page(work, &page, err))
			return false;
		memory_freep(&position);
		position = memory_steal(&page.position);
		if (cancel_asked(work->worker->world.cancel))
			return error_set(err, ERROR_CANCELLED, "stopped; the sweep begins again next time");
	} while (position);
	return true;
}

/* Would it delete more than a person would expect? */
static bool guard(struct work *work, int64_t missing)
{
	const struct settings *settings = work->worker->sync->options.settings;
	struct object *object = &work->object;
	int64_t here = object->live + object->inactive + object->voided;
	int64_t percent = settings_number(settings, "sync.guard_percent"), most = settings_number(settings, "sync.guard_records");

	if (strcmp(object->guard, "approved") == 0 || missing < 5)
		return false;
	if (missing <= most && missing * 100 <= here * percent)
		return false;
	snprintf(object->guard, sizeof(object->guard), "a sweep found %lld of %lld records gone at once; check the company and the "
		 "permission, then approve it", (long long)missing, (long long)here);
	return true;
}

bool sweep_missing_gone(struct work *work, struct error *err)
{
	AUTO(memory_freep) char(*ids)[RECORD_ID_MAX] = memory_new(CONFIRM_MAX * RECORD_ID_MAX);
	AUTO(memory_freep) char(*gone)[RECORD_ID_MAX] = memory_new(CONFIRM_MAX * RECORD_ID_MAX);
	AUTO(memory_freep) char(*proven)[RECORD_ID_MAX] = memory_new(CONFIRM_MAX * RECORD_ID_MAX);
	AUTO(page_clear) struct page empty;
	size_t count, gone_count, proven_count;
	int64_t missing;

	page_init(&empty);
	if (!objects_count(work->worker->store, &work->object, err) ||
	    !sweep_missing(work->worker->store, &work->object, CONFIRM_MAX, ids, &count, &missing, err))
		return false;
	if (guard(work, missing)) {
		work->object.sweep_due = true;
		if (!intake_state(work, err))
			return false;
		return error_set(err, ERROR_CONFLICT, "%s", work->object.guard);
	}
	if ((missing > 0 && !absent_check_company(work, err)) ||
	    !confirm_gone(work, (const char(*)[RECORD_ID_MAX])ids, count, gone, &gone_count, err) ||
	    !absent_twice(work, (const char(*)[RECORD_ID_MAX])gone, gone_count, proven, &proven_count, err))
		return false;
	/* The rest, and what must be found absent once more, in the next one. */
	work->object.sweep_due = missing > (int64_t)count || proven_count < gone_count;
	if (!work->object.sweep_due)
		work->object.guard[0] = '\0';
	if (proven_count < gone_count)
		str_addf(&work->detail, "%s%zu %s not found; what is not found again, %d minutes from now "
			 "or later, is taken for deleted", work->detail.len ? "; " : "", gone_count - proven_count, gone_count - proven_count == 1 ? "record was" : "records were",
			 ABSENT_GAP_MS / 60000);
	return intake_page(work, &empty, (const char(*)[RECORD_ID_MAX])proven, proven_count, err);
}

/* What the ledger has and the mirror lacks is read by itself; much of it means that a full read is due. */
static bool read_unknown(struct work *work, struct error *err)
{
	AUTO(memory_freep) char(*ids)[RECORD_ID_MAX] = memory_new(CONFIRM_MAX * RECORD_ID_MAX);
	size_t count;

	if (!sweep_unknown(work->worker->store, &work->object, CONFIRM_MAX, ids, &count, err))
		return false;
	if (count == CONFIRM_MAX)
		return pull_read(work, true, err);
	for (size_t i = 0; i < count; i++) {
		AUTO(page_clear) struct page page;
		enum found found;

		page_init(&page);
		found = work->provider->find(connect_connection(work->session), work->type, ids[i], &page, err);
		if (found == UNKNOWN_FOUND || (found == FOUND && !intake_page(work, &page, NULL, 0, err)))
			return false;
	}
	return true;
}

bool sweep_read(struct work *work, struct error *err)
{
	AUTO(store_end) struct store *transaction = work->worker->store;

	if (!list_all(work, err) || !read_unknown(work, err) || !sweep_missing_gone(work, err))
		return false;
	if (!work->object.sweep_due)
		work->object.sweep_ms = sync_now(work->worker->sync);
	return store_begin(transaction, err) && sweep_end(transaction, &work->object, err) && store_commit(transaction, err) &&
	       intake_state(work, err);
}
