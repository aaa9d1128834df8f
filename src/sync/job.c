/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One job: an attempt on one object, or on all due objects of an account that the ledger can be asked
 * about together. It is in the log before it starts, and whatever happens ends in its row.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/log.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/sync/reconcile.h"

#define HOUR_MS INT64_C(3600000)

static void tell(struct work *work, int kind, const struct error *error)
{
	struct sync_event event = { .kind = kind, .run = work->attempt.run, .attempt = work->attempt.no,
				    .of = work->object.ledger_count, .counts = work->attempt.counts };

	memcpy(event.account_id, work->object.account_id, sizeof(event.account_id));
	memcpy(event.type, work->object.type, sizeof(event.type));
	event.records = event.counts.added + event.counts.changed + event.counts.unchanged;
	if (error)
		event.error = *error;
	if (kind == SYNC_WAITING)
		event.wait_ms = (int64_t)error->retry_after_s * 1000;
	sync_tell(work->worker->sync, &event);
}

static bool start(struct work *work, const char *job, const struct asked *asked, struct error *err)
{
	AUTO(store_end) struct store *transaction = work->worker->store;
	struct attempt *attempt = &work->attempt;

	attempt->run = asked ? asked->run : 0;
	memcpy(attempt->account_id, work->object.account_id, sizeof(attempt->account_id));
	memcpy(attempt->type, work->object.type, sizeof(attempt->type));
	snprintf(attempt->job, sizeof(attempt->job), "%s", job);
	snprintf(attempt->cause, sizeof(attempt->cause), "%s", asked ? asked->cause : "schedule");
	attempt->started_ms = sync_now(work->worker->sync);
	attempt->tries = work->object.failures + 1;
	work->recount = work->object.status == OBJECT_RUNNING;
	work->object.status = OBJECT_RUNNING;
	work->object.attempt_ms = attempt->started_ms;
	work->kept = work->object;
	return store_begin(transaction, err) && attempt_start(transaction, attempt, err) &&
	       objects_save(transaction, &work->object, work->fence, err) && store_commit(transaction, err);
}

static void take_meter(struct work *work)
{
	for (int i = 0; i < HTTP_CLASS_COUNT; i++)
		work->attempt.calls += work->meter.calls[i];
	work->attempt.bytes = work->meter.sent_bytes + work->meter.received_bytes;
	work->attempt.throttled = work->meter.throttled;
	work->attempt.waited_ms = work->meter.waited_ms;
}

/* What failed says so in the ledger's own words, where it is the ledger that has said something. */
static void take_words(struct work *work, const struct error *error)
{
	const struct str *said = work->session ? connect_connection(work->session)->said : NULL;

	if (error->code == ERROR_NONE)
		return;
	if (!said || said->len == 0 || error->code == ERROR_STORE || error->code == ERROR_CANCELLED || error->code == ERROR_INTERNAL)
		return;
	str_reset(&work->detail);
	str_add_bytes(&work->detail, said->text, said->len);
}

/* The end of an attempt: row, state, breaker and meter in one transaction. False: the store could not take it. */
static bool finish(struct work *work, const struct error *error)
{
	AUTO(store_end) struct store *transaction = work->worker->store;
	const struct put_counts *counts = &work->attempt.counts;
	bool good = error->code == ERROR_NONE;
	struct error err = { 0 };
	bool kept;

	if (error->code == ERROR_LIMIT)
		tell(work, SYNC_WAITING, error);
	take_meter(work);
	work->attempt.took_ms = sync_now(work->worker->sync) - work->attempt.started_ms;
	work->attempt.error = *error;
	take_words(work, error);
	/* A cursor or mark that was moved for rows that could not be kept is not moved. */
	if (!good)
		work->object = work->kept;
	if (good)
		schedule_success(work);
	else
		schedule_failure(work, error);
	kept = store_begin(transaction, &err) &&
	       (!(work->recount || work->object.parked || counts->added || counts->changed || counts->deleted || counts->parked) ||
		objects_count(transaction, &work->object, &err)) &&
	       attempt_end(transaction, &work->attempt, work->detail.text, &err) && objects_save(transaction, &work->object, work->fence, &err) &&
	       intake_meter(work, &err) && schedule_breaker(work, good ? NULL : error, &err) && store_commit(transaction, &err);
	if (!kept)
		log_error("sync", "cannot keep the end of %s %s: %s", work->object.account_id, work->object.type, err.text);
	else if (!reconcile_watch(work->worker->store, work->worker->sync->options.catalogue, work->object.account_id,
				  sync_now(work->worker->sync), &err))
		log_error("sync", "cannot look whether signed periods were touched: %s", err.text);
	tell(work, SYNC_ENDED, error);
	str_clear(&work->detail);
	str_clear(&work->members);
	work->members_loaded = work->members_changed = false;
	return kept || err.code != ERROR_STORE;
}

const char *job_choose(const struct sync *sync, const struct object *object, const struct type *type,
		       const struct provider *provider, bool scarce)
{
	if (type->reading == TYPE_WHOLE || type->reading == TYPE_SINGLE)
		return "whole";
	if (object->cursor_ms == INT64_MIN || *object->position)
		return "read";
	if (sweep_wanted(sync, object, type, scarce) ||
	    (type->deletion == TYPE_DELETED_BY_CHANGES && changes_stale(sync, object, provider) && !sweep_waits(object)))
		return "sweep";
	return changes_ready(sync, object, type, provider) ? "changes" : "read";
}

static const char *choose(const struct sync *sync, const struct work *work)
{
	return job_choose(sync, &work->object, work->type, work->provider, work->scarce);
}

/* The log says why a type is compared as a whole; nothing is lost by it. */
static void tell_gap(struct work *work)
{
	const struct object *object = &work->object;
	long long hours = (long long)((sync_now(work->worker->sync) - object->mark_ms) / HOUR_MS);

	str_addf(&work->detail, "not read for %lld hours, and the ledger keeps its list of changes for %lld: what changed since is read without it, "
		 "and all that exists is compared", hours, (long long)(work->provider->changes_kept_ms / HOUR_MS));
	log_warn("sync", "%s %s: %s", object->account_id, object->type, work->detail.text);
}

static bool carry_out(struct work *work, const char *job, struct error *err)
{
	struct object *object = &work->object;
	bool full;

	full = object->cursor_ms == INT64_MIN;
	if (strcmp(job, "whole") == 0)
		return pull_whole(work, err) && merged_read(work, err);
	/* What was deleted since a mark that is too old shows in no list of changes any more. */
	if (changes_stale(work->worker->sync, object, work->provider)) {
		tell_gap(work);
		object->sweep_due = true;
		object->mark[0] = '\0';
	}
	/* Before the first row is read, so that nothing deleted meanwhile is missed. */
	if (!*object->mark && !changes_mark(work, err))
		return false;
	if (strcmp(job, "sweep") == 0)
		return pull_read(work, false, err) && sweep_read(work, err) && merged_read(work, err);
	return pull_read(work, full, err) && merged_read(work, err);
}

static bool run_alone(struct work *work, const char *job)
{
	struct error err = { 0 };

	error_clear(&err);
	if (!carry_out(work, job, &err) && err.code == ERROR_NONE)
		error_set(&err, ERROR_INTERNAL, "the %s of %s failed without a reason", job, work->object.type);
	return finish(work, &err);
}

/* Due objects of the account that the list of changes can be asked about at once, the first one among them. */
static size_t gather(struct work *first, const struct object_list *mates, struct work *works)
{
	struct sync *sync = first->worker->sync;
	size_t count = 1;

	works[0] = *first;
	for (size_t i = 0; mates && i < mates->count && count < SYNC_GROUP_MAX; i++) {
		const struct object *object = &mates->items[i];
		struct work work = *first;

		if (object->no == first->object.no || strcmp(object->account_id, first->object.account_id) != 0)
			continue;
		work.object = *object;
		work.type = catalogue_find(sync->options.catalogue, first->provider->name, object->type);
		if (!work.type || strcmp(choose(sync, &work), "changes") != 0)
			continue;
		work.attempt = (struct attempt){ 0 };
		/* What the session's beginning cost is told with the first. */
		work.meter = (struct http_meter){ 0 };
		work.members = (struct str){ 0 };
		str_init(&work.detail, CONNECTION_SAID_MAX);
		works[count++] = work;
	}
	return count;
}

static bool run_group(struct work *first, const struct object_list *mates, const struct asked *asked)
{
	struct work *works = memory_new(SYNC_GROUP_MAX * sizeof(*works));
	struct error *errors = memory_new(SYNC_GROUP_MAX * sizeof(*errors));
	struct error err = { 0 };
	size_t count = gather(first, mates, works);
	bool kept = true;

	error_clear(&err);
	for (size_t i = 1; i < count; i++) {
		/* One that cannot even be started waits for its own turn. */
		if (!start(&works[i], "changes", asked, &err)) {
			log_error("sync", "cannot begin %s %s: %s", works[i].object.account_id, works[i].object.type, err.text);
			kept = kept && err.code != ERROR_STORE;
			works[i--] = works[--count];
			error_clear(&err);
		}
	}
	changes_read(works, count, errors);
	/* All calls were one session's: they are told with the first. */
	works[0].meter = first->meter;
	for (size_t i = 0; i < count; i++)
		kept = finish(&works[i], &errors[i]) && kept;
	free(errors);
	free(works);
	return kept;
}

/* Reading stops while there is still room for what can't be had again: a ledger gives renewed tokens once. */
bool job_check_room(const struct work *work, struct error *err)
{
	const char *path = work->worker->sync->options.store_path;
	int64_t reserve = settings_number(work->worker->sync->options.settings, "store.reserve"), room = file_room(path);

	if (room >= reserve)
		return true;
	return error_set(err, ERROR_STORE, "only %lld MB are left on the disk of '%.100s' (store.reserve is %lld): make room; reading goes on "
			 "by itself then, tokens are renewed all the time", (long long)(room >> 20), path, (long long)(reserve >> 20));
}

static bool find_type(struct work *work, struct error *err)
{
	struct account account;
	bool found;

	if (!accounts_get(work->worker->store, work->object.account_id, &account, &found, err))
		return false;
	if (!found)
		return error_set(err, ERROR_INTERNAL, "account '%s' is gone", work->object.account_id);
	work->provider = provider_find(account.provider);
	work->type = catalogue_find(work->worker->sync->options.catalogue, account.provider, work->object.type);
	return work->type || error_set(err, ERROR_INPUT, "the catalogue has no type '%s' of %s any more", work->object.type, account.provider);
}

static bool prepare(struct work *work, struct budget *budget, struct error *err)
{
	work->budget = budget;
	return find_type(work, err) && extract_again(work, err) &&
	       connect_open(&work->worker->world, work->object.account_id, budget, &work->meter, &work->session, err) &&
	       month_check(work, err) && job_check_room(work, err);
}

static struct budget *budget_for(struct sync *sync, const char *account_id)
{
	struct budget *budget = NULL;

	lock_enter(sync->lock);
	for (size_t i = 0; i < sync->account_count; i++)
		if (strcmp(sync->accounts[i]->id, account_id) == 0)
			budget = sync->accounts[i]->budget;
	lock_leave(sync->lock);
	return budget;
}

bool job_run(struct worker *worker, const struct object *object, const struct object_list *mates, int64_t fence,
	     const struct asked *asked)
{
	struct work work = { .worker = worker, .object = *object, .fence = fence, .members = STR_INIT(0),
			     .detail = STR_INIT(CONNECTION_SAID_MAX) };
	struct error err = { 0 }, why = { 0 };
	const char *job = "read";
	bool ready, kept;

	error_clear(&err);
	ready = prepare(&work, budget_for(worker->sync, object->account_id), &err);
	if (ready)
		job = choose(worker->sync, &work);
	if (!start(&work, job, asked, &why)) {
		log_error("sync", "cannot begin %s %s: %s", object->account_id, object->type, why.text);
		connect_close(work.session);
		return why.code != ERROR_STORE;
	}
	tell(&work, SYNC_STARTED, NULL);
	if (!ready)
		kept = finish(&work, &err);
	else if (strcmp(job, "changes") == 0)
		kept = run_group(&work, mates, asked);
	else
		kept = run_alone(&work, job);
	connect_close(work.session);
	return kept;
}
