/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading a type page by page, or, behind the first page of a large one, in slices. The upper bound is frozen on the
 * ledger's clock before the first page; the cursor becomes that bound only with the last page's rows, in the same
 * transaction. How far a read has come is kept with each page, so that a crash goes on where it was.
 */
#include <stdio.h>
#include <string.h>

#include "engine.h"
#include "ledgerdeck/core/log.h"
#include "ledgerdeck/core/memory.h"

#define SKEW_WARN_S 30
#define SKEW_MAX_S 600

void pull_progress(struct work *work)
{
	const struct put_counts *counts = &work->attempt.counts;
	struct sync_event event = { .kind = SYNC_PROGRESS, .run = work->attempt.run, .attempt = work->attempt.no,
				    .records = counts->added + counts->changed + counts->unchanged + counts->parked,
				    .of = work->object.ledger_count, .bytes = work->meter.received_bytes, .counts = *counts };

	memcpy(event.account_id, work->object.account_id, sizeof(event.account_id));
	memcpy(event.type, work->object.type, sizeof(event.type));
	sync_tell(work->worker->sync, &event);
}

/* All cursors are on the ledger's clock; but a clock here that is far off makes nonsense of tokens and schedules. */
bool pull_check_clock(struct work *work, int64_t ledger_ms, struct error *err)
{
	int64_t skew_ms = sync_now(work->worker->sync) - ledger_ms;
	long long seconds = (skew_ms < 0 ? -skew_ms : skew_ms) / 1000;

	if (seconds > SKEW_WARN_S)
		log_warn("sync", "this machine's clock is %lld s %s the ledger's", seconds, skew_ms > 0 ? "ahead of" : "behind");
	if (seconds <= SKEW_MAX_S)
		return true;
	/* A matter of this machine, like a full disk: it goes on by itself once the clock is right. */
	return error_set(err, ERROR_STORE, "this machine's clock is %lld seconds %s the ledger's: set it", seconds,
			 skew_ms > 0 ? "ahead of" : "behind");
}

/* A fresh read, or the one that a crash left. */
static bool begin(struct work *work, bool full, struct error *err)
{
	struct connection *connection = connect_connection(work->session);
	struct object *object = &work->object;
	int64_t overlap_ms = settings_number(work->worker->sync->options.settings, "sync.overlap") * 1000, now_ms, count;

	if (*object->position)
		return true;
	now_ms = work->ledger_ms;
	work->ledger_ms = 0;
	if (now_ms <= 0 && !work->provider->now(connection, &now_ms, err))
		return error_prefix(err, "cannot read the ledger's clock");
	if (work->provider->overlap_ms > overlap_ms)
		overlap_ms = work->provider->overlap_ms;
	if (!pull_check_clock(work, now_ms, err))
		return false;
	object->reading_to_ms = now_ms;
	object->reading_from_ms = full || object->cursor_ms == INT64_MIN ? INT64_MIN : object->cursor_ms - overlap_ms;
	if ((work->provider->can & PROVIDER_COUNTS) && object->reading_from_ms == INT64_MIN &&
	    work->provider->count(connection, work->type, INT64_MIN, INT64_MAX, &count, err)) {
		object->ledger_count = count;
		object->ledger_count_ms = sync_now(work->worker->sync);
	}
	error_clear(err);
	return true;
}

static bool fits(int64_t here, int64_t before, int64_t now)
{
	return here >= (before < now ? before : now) && here <= (before < now ? now : before);
}

static bool count_here(struct work *work, int64_t *ret_here, struct error *err)
{
	struct object *object = &work->object;

	if (!objects_count(work->worker->store, object, err))
		return false;
	*ret_here = object->live + object->inactive + object->voided + object->parked;
	return true;
}

/*
 * After a whole read the mirror holds as many as the ledger counted, before or since; else something slipped through, and a
 * sweep finds out what. Counting is one call; that it fails proves nothing.
 */
static bool compare_counts(struct work *work, struct error *err)
{
	struct object *object = &work->object;
	int64_t before = object->ledger_count, now, here;
	struct error error;

	if (!work->was_whole || before < 0 || !(work->provider->can & PROVIDER_COUNTS))
		return true;
	if (!work->provider->count(connect_connection(work->session), work->type, INT64_MIN, INT64_MAX, &now, &error))
		return true;
	object->ledger_count = now;
	object->ledger_count_ms = sync_now(work->worker->sync);
	if (!count_here(work, &here, err))
		return false;
	/* What was deleted since the last look at the ledger's list of changes is named there. */
	if (!fits(here, before, now) && changes_ready(work->worker->sync, object, work->type, work->provider)) {
		work->was_whole = false; /* once is enough */
		changes_read(work, 1, &error);
		if (error.code != ERROR_NONE) {
			*err = error;
			return false;
		}
		if (!count_here(work, &here, err))
			return false;
	}
	if (!fits(here, before, now)) {
		log_warn("sync", "%s %s: %lld records are here and the ledger counts %lld: a sweep follows", object->account_id, object->type,
			 (long long)here, (long long)now);
		object->sweep_due = true;
	}
	return intake_state(work, err);
}

static void note_whole(struct work *work)
{
	work->object.full_ms = sync_now(work->worker->sync);
	if (work->object.whole_ms == 0)
		work->object.whole_ms = work->object.full_ms;
}

void pull_finish(struct work *work)
{
	struct object *object = &work->object;

	work->was_whole = object->reading_from_ms == INT64_MIN;
	if (work->was_whole)
		note_whole(work);
	object->cursor_ms = object->reading_to_ms;
	object->position[0] = '\0';
	object->reading_from_ms = object->reading_to_ms = 0;
}

bool pull_read(struct work *work, bool full, struct error *err)
{
	struct connection *connection = connect_connection(work->session);
	struct object *object = &work->object;
	AUTO(page_clear) struct page page;
	struct slice slices[SLICES_MAX];
	bool fresh = !*object->position;
	size_t count = 0;

	page_init(&page);
	if (!begin(work, full, err) || (!fresh && !slices_get(work->worker->store, object, slices, &count, err)))
		return false;
	for (bool first = true; count == 0; first = false) {
		char before[sizeof(object->position)];
		bool last;

		memcpy(before, object->position, sizeof(before));
		if (!work->provider->read(connection, work->type, object->reading_from_ms, object->reading_to_ms,
					  *object->position ? object->position : NULL, &page, err))
			return false;
		last = page.position == NULL;
		if (!last && strlen(page.position) >= sizeof(object->position))
			return error_set(err, ERROR_INTERNAL, "the place of the next page is too long to keep");
		if (!last && strcmp(page.position, before) == 0)
			return error_set(err, ERROR_REMOTE, "the ledger gives the same page again and again; nothing was lost");
		if (last)
			pull_finish(work);
		else
			snprintf(object->position, sizeof(object->position), "%s", page.position);
		if (!intake_page(work, &page, NULL, 0, err))
			return false;
		pull_progress(work);
		if (last)
			return compare_counts(work, err);
		if (cancel_asked(work->worker->world.cancel))
			return error_set(err, ERROR_CANCELLED, "stopped; it goes on where it was");
		if (!month_check(work, err))
			return false;
		if (first && slices_wanted(work, &page, fresh, &slices[0]))
			count = 1;
	}
	page_clear(&page);
	return slices_read(work, slices, count, err) && compare_counts(work, err);
}

/* Types that come as a whole: what is not among them is gone, once a direct read says so too. */
static bool note_ids(struct work *work, const struct page *page, struct error *err)
{
	AUTO(store_end) struct store *transaction = work->worker->store;
	AUTO(str_clear) struct str texts = STR_INIT(STR_NO_LIMIT);
	bool good = store_begin(transaction, err);

	str_reserve(&texts, page->body.len + page->count);
	for (size_t i = 0; good && i < page->count; i++) {
		struct record record;
		struct error ignored;

		if (record_extract(work->type, page->records[i], &texts, &record, &ignored))
			good = sweep_note(transaction, &work->object, (const char(*)[RECORD_ID_MAX])record.id,
					  (const char(*)[RECORD_VERSION_MAX])record.version, 1, err);
	}
	return good && store_commit(transaction, err);
}

/* What was not among them is gone, once it is proven. */
static bool finish_whole(struct work *work, struct error *err)
{
	AUTO(store_end) struct store *transaction = work->worker->store;

	if (work->type->deletion == TYPE_NEVER_DELETED || work->type->reading == TYPE_SINGLE)
		work->object.sweep_due = false;
	else if (!sweep_waits(&work->object) && !sweep_missing_gone(work, err))
		return false;
	return store_begin(transaction, err) && sweep_end(transaction, &work->object, err) && store_commit(transaction, err);
}

bool pull_whole(struct work *work, struct error *err)
{
	struct connection *connection = connect_connection(work->session);
	AUTO(memory_freep) char *position = NULL;
	struct object *object = &work->object;

	/* From the start each time: half a whole proves nothing. */
	{
		AUTO(store_end) struct store *transaction = work->worker->store;

		if (!store_begin(transaction, err) || !sweep_begin(transaction, object, err) || !store_commit(transaction, err))
			return false;
	}
	for (;;) {
		AUTO(page_clear) struct page page;

		page_init(&page);
		if (!work->provider->read(connection, work->type, INT64_MIN, INT64_MAX, position, &page, err) ||
		    !note_ids(work, &page, err))
			return false;
		memory_freep(&position);
		position = memory_steal(&page.position);
		if (!position) {
			note_whole(work);
			object->sweep_ms = object->full_ms;
			object->cursor_ms = page.ledger_ms > 0 ? page.ledger_ms : object->full_ms;
		}
		if (!intake_page(work, &page, NULL, 0, err))
			return false;
		pull_progress(work);
		if (!position)
			return finish_whole(work, err);
		if (cancel_asked(work->worker->world.cancel))
			return error_set(err, ERROR_CANCELLED, "stopped; it begins again next time");
		if (!month_check(work, err))
			return false;
	}
}
