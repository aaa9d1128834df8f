/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A large type is read in several slices at once: threads fetch, take apart and pack; one writer puts and commits. It ends
 * with the same mirror as reading page by page, whatever changes underneath:
 *
 * - The range of a read, up to its bound, is frozen on the ledger's clock, and the slices divide it: each instant of it is
 *   in one of them. A record is in the range by the time of its last change, and time goes forward: what is changed or
 *   added while we read gets a time behind the bound. So a record either is still where it was when its slice gets there,
 *   or has left the range for good; it never moves from one slice into another.
 * - What left the range is read by the next read, which begins before the bound by the overlap, as after each read. So is
 *   what shows late with an older time. What was deleted meanwhile is in the list of changes, whose mark is older.
 * - A slice that is cut keeps its earlier part; a page of it that was on its way then may hold records of the other part,
 *   which come twice. Of two copies of a record the newer version stays, in whatever order they come.
 * - The store has all slices that are not complete, where each of them stands, in the same transaction as the page behind
 *   it. What was cut is there before anything of the new slice is. The cursor moves with the last page of the last slice.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "ledgerdeck/core/memory.h"
#include "parts.h"

#define WORTH_PAGES 4     /* a rest of fewer pages is read sooner than the threads for it are there */
#define FETCHERS_LEAST 8  /* that all reads of this process share at least: each holds a page in memory while it takes it apart */
#define GRACE_MS 10000    /* for pages that are on their way when another slice has failed */

struct reading {
	struct work *work;        /* the writer's */
	struct object object;     /* as it was before anything was fetched */
	struct lock *lock;
	struct queue *fetched;
	struct cancel *stop;      /* of all fetchers */
	struct thread *threads[SLICES_MAX];
	size_t ended;             /* threads that will put nothing more */
	struct parts parts;       /* under the lock, as what follows */
	size_t hired, at_once;    /* threads ever; slices that were read at the same time, at most */
	bool failing;             /* nobody begins another page */
};

struct fetched {
	struct part *part;        /* NULL: a thread's end */
	struct intake intake;
	struct http_meter meter;  /* spent since the thread's last one */
	struct error error;
};

static void fetched_free(void *item)
{
	struct fetched *fetched = item;

	if (!fetched)
		return;
	intake_clear(&fetched->intake);
	free(fetched);
}

static void fetched_freep(struct fetched **fetched)
{
	fetched_free(*fetched);
}

/* ---- the threads that fetch */

struct fetcher {
	struct reading *reading;
	struct worker worker;
	struct connect_session *session;
	struct http_meter meter;
	struct page page;         /* one after the other, in the same memory while nothing is new */
};

static struct fetched *fetched_new(struct part *part)
{
	struct fetched *fetched = memory_new(sizeof(*fetched));

	fetched->part = part;
	return fetched;
}

static void take_meter(struct fetcher *fetcher, struct fetched *fetched)
{
	fetched->meter = fetcher->meter;
	fetcher->meter = (struct http_meter){ 0 };
}

/* What to read next; waits while there is nothing to begin but others may leave something. NULL: no more. */
static struct part *next_part(struct reading *reading)
{
	struct parts *parts = &reading->parts;
	struct part *part = NULL;

	lock_enter(reading->lock);
	while (!part && !reading->failing && !cancel_asked(reading->stop)) {
		size_t taken = parts_count(parts, PART_TAKEN);

		part = parts_take(parts, reading->hired > taken ? reading->hired - taken : 1);
		if (!part && taken == 0)
			break;
		if (!part)
			lock_wait(reading->lock, -1);
		else if (taken + 1 > reading->at_once)
			reading->at_once = taken + 1;
	}
	lock_leave(reading->lock);
	return part;
}

/* Move behind the page. False: it makes no sense. */
static bool move_on(struct reading *reading, struct fetched *fetched, const struct page *page, bool *ret_more, struct error *err)
{
	struct part *part = fetched->part;
	bool good;

	lock_enter(reading->lock);
	good = parts_move(&reading->parts, part, page, err);
	*ret_more = good && part->state == PART_TAKEN && !reading->failing;
	lock_wake(reading->lock);
	lock_leave(reading->lock);
	return good;
}

/* One page in memory is enough for each: the next is not asked for before the writer has got to this one. */
static void await_kept(struct reading *reading, const struct part *part)
{
	lock_enter(reading->lock);
	while (part->waits && !cancel_asked(reading->stop))
		lock_wait(reading->lock, -1);
	lock_leave(reading->lock);
}

static bool fetch_page(struct fetcher *fetcher, struct part *part, bool *ret_more, struct error *err)
{
	struct reading *reading = fetcher->reading;
	const struct work *work = reading->work;
	AUTO(fetched_freep) struct fetched *fetched = fetched_new(part);
	int64_t to_ms;

	lock_enter(reading->lock);
	to_ms = part->to_ms;
	lock_leave(reading->lock);
	if (!work->provider->read(connect_connection(fetcher->session), work->type, part->from_ms, to_ms,
				  *part->position ? part->position : NULL, &fetcher->page, err) ||
	    !intake_prepare(&fetcher->worker, &reading->object, work->type, &fetcher->page, &fetched->intake, err) ||
	    !move_on(reading, fetched, &fetcher->page, ret_more, err))
		return false;
	/* What is new has to wait for the writer, and many such pages at once would be much memory; else the next comes soon. */
	if (fetched->intake.count > 0) {
		page_clear(&fetcher->page);
		store_shed(fetcher->worker.store);
	}
	take_meter(fetcher, fetched);
	if (!queue_put_wait(reading->fetched, fetched, reading->stop))
		return error_set(err, ERROR_CANCELLED, "stopped; it goes on where it was");
	memory_steal(&fetched);
	await_kept(reading, part);
	return true;
}

static bool open_fetcher(struct fetcher *fetcher, struct error *err)
{
	const struct work *work = fetcher->reading->work;

	if (!worker_open(work->worker->sync, &fetcher->worker, err))
		return false;
	fetcher->worker.world.cancel = fetcher->reading->stop;
	return connect_open(&fetcher->worker.world, connect_account(work->session)->id, work->budget, &fetcher->meter,
			    &fetcher->session, err);
}

static void fetcher_thread(void *ctx)
{
	struct fetcher fetcher = { .reading = ctx };
	struct fetched *end = fetched_new(NULL);
	struct part *part;
	bool good = open_fetcher(&fetcher, &end->error);

	page_init(&fetcher.page);
	while (good && (part = next_part(fetcher.reading)) != NULL)
		for (bool more = true; good && more;)
			good = fetch_page(&fetcher, part, &more, &end->error);
	page_clear(&fetcher.page);
	connect_close(fetcher.session);
	worker_close(&fetcher.worker);
	if (!good && end->error.code == ERROR_NONE)
		error_set(&end->error, ERROR_INTERNAL, "a page of %s failed without a reason", fetcher.reading->work->type->name);
	if (good)
		error_clear(&end->error);
	take_meter(&fetcher, end);
	/* The writer takes until the last one has ended. */
	if (!queue_put_wait(fetcher.reading->fetched, end, NULL))
		fetched_free(end);
}

/* ---- the writer */

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Fewer where several accounts are read at once, each with calls of its own: what is resident stays the same. Under the engine's
 * lock. */
static size_t fetchers_most(const struct sync *sync)
{
	size_t most = (size_t)settings_number(sync->options.settings, "sync.in_flight"), busy = 0;

	for (size_t i = 0; i < sync->account_count; i++)
		busy += sync->accounts[i]->workers > 0;
	if (most < FETCHERS_LEAST)
		most = FETCHERS_LEAST;
	return busy < 2 ? most : most - smaller(most, busy);
}

/* One more thread, if this process may have it; a read always has one. */
static bool may_hire(struct reading *reading)
{
	struct sync *sync = reading->work->worker->sync;
	bool may;

	lock_enter(sync->lock);
	may = sync->fetchers < fetchers_most(sync) || reading->hired == 0;
	sync->fetchers += may;
	lock_leave(sync->lock);
	return may;
}

static void dismiss(struct reading *reading)
{
	struct sync *sync = reading->work->worker->sync;

	for (size_t i = 0; i < reading->hired; i++)
		thread_join(reading->threads[i]);
	lock_enter(sync->lock);
	sync->fetchers -= reading->hired;
	lock_leave(sync->lock);
}

static void hire(struct reading *reading)
{
	const struct settings *settings = reading->work->worker->sync->options.settings;
	size_t wanted = smaller((size_t)settings_number(settings, "sync.in_flight"), SLICES_MAX);

	lock_enter(reading->lock);
	wanted = smaller(wanted, parts_count(&reading->parts, PART_OPEN) + parts_count(&reading->parts, PART_TAKEN) +
				 (size_t)(reading->parts.left / reading->parts.page));
	while (!reading->failing && reading->hired < wanted && may_hire(reading)) {
		reading->threads[reading->hired] = thread_new(fetcher_thread, reading);
		reading->hired++;
	}
	lock_leave(reading->lock);
}

/* Nobody begins another page, and what waits for the network is not waited for. */
static void stop(struct reading *reading)
{
	cancel_ask(reading->stop);
	lock_enter(reading->lock);
	reading->failing = true;
	lock_wake(reading->lock);
	lock_leave(reading->lock);
}

static void fail(struct reading *reading, const struct error *error, struct error *first)
{
	if (first->code == ERROR_NONE)
		*first = *error;
	lock_enter(reading->lock);
	reading->failing = true;
	lock_wake(reading->lock);
	lock_leave(reading->lock);
}

static void add_meter(struct http_meter *sum, const struct http_meter *meter)
{
	for (int i = 0; i < HTTP_CLASS_COUNT; i++)
		sum->calls[i] += meter->calls[i];
	sum->sent_bytes += meter->sent_bytes;
	sum->received_bytes += meter->received_bytes;
	sum->throttled += meter->throttled;
	sum->retries += meter->retries;
}

/* A page, and where all slices stand behind it. */
static bool keep(struct reading *reading, const struct fetched *fetched, struct error *err)
{
	struct work *work = reading->work;
	struct slice slices[SLICES_MAX];
	bool good;

	lock_enter(reading->lock);
	part_keep(fetched->part);
	work->slice_count = parts_list(&reading->parts, slices);
	lock_wake(reading->lock);
	lock_leave(reading->lock);
	work->slices = slices;
	if (work->slice_count == 0)
		pull_finish(work);
	good = intake_put(work, &fetched->intake, NULL, 0, err);
	work->slices = NULL;
	if (good)
		pull_progress(work);
	return good && (work->slice_count == 0 || month_check(work, err));
}

/* Until all threads have ended; what they fetched is kept, whatever failed beside. */
static void keep_all(struct reading *reading, struct error *first)
{
	struct cancel *cancel = reading->work->worker->world.cancel;
	struct error error = { 0 };
	bool lost = false;

	while (reading->ended < reading->hired) {
		AUTO(fetched_freep) struct fetched *fetched =
			queue_take(reading->fetched, first->code ? GRACE_MS : -1, cancel_asked(reading->stop) ? NULL : cancel);

		if (!fetched) {
			if (first->code == ERROR_NONE)
				error_set(first, ERROR_CANCELLED, "stopped; it goes on where it was");
			stop(reading);
			continue;
		}
		add_meter(&reading->work->meter, &fetched->meter);
		if (!fetched->part) {
			reading->ended++;
			if (fetched->error.code)
				fail(reading, &fetched->error, first);
		} else if (!lost && !keep(reading, fetched, &error)) {
			/* What can't be kept need not be fetched. */
			lost = true;
			fail(reading, &error, first);
			stop(reading);
		}
		hire(reading);
	}
}

bool slices_wanted(struct work *work, const struct page *page, bool fresh, struct slice *ret_rest)
{
	const struct settings *settings = work->worker->sync->options.settings;
	struct object *object = &work->object;
	/* A read from the start has counted just now. */
	bool counted = fresh && object->reading_from_ms == INT64_MIN && object->ledger_count >= 0;
	struct error ignored;

	if (!(work->provider->can & PROVIDER_SLICES) || !(work->provider->can & PROVIDER_COUNTS) || page->reached_ms == INT64_MIN ||
	    settings_number(settings, "sync.in_flight") < 2)
		return false;
	*ret_rest = (struct slice){ .from_ms = page->reached_ms, .to_ms = object->reading_to_ms,
				    .expected = object->ledger_count - (int64_t)page->count };
	memcpy(ret_rest->position, object->position, sizeof(ret_rest->position));
	if (!counted && !work->provider->count(connect_connection(work->session), work->type, ret_rest->from_ms, ret_rest->to_ms,
					       &ret_rest->expected, &ignored))
		return false;
	return ret_rest->expected >= WORTH_PAGES * (int64_t)page->count;
}

bool slices_read(struct work *work, const struct slice *slices, size_t count, struct error *err)
{
	AUTO(memory_freep) struct reading *reading = memory_new(sizeof(*reading));
	struct error first = { 0 };

	reading->work = work;
	reading->object = work->object;
	reading->lock = lock_new();
	reading->stop = cancel_new();
	reading->fetched = queue_new(SLICES_MAX, fetched_free);
	parts_begin(&reading->parts, slices, count, connect_connection(work->session)->page_max);
	hire(reading);
	keep_all(reading, &first);
	dismiss(reading);
	str_addf(&work->detail, "%sread in %zu slices, up to %zu at once", work->detail.len ? "; " : "", reading->parts.made,
		 reading->at_once);
	queue_free(reading->fetched);
	cancel_free(reading->stop);
	lock_free(reading->lock);
	if (first.code)
		*err = first;
	return first.code == ERROR_NONE;
}
