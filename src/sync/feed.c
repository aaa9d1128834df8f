/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs of feeds; what a feed is stands in feed_make.c. A run's files and names are durable before the first is made; each is made, then brought to
 * its place, and told of in the store after either; then comes the manifest, and the marks move with the run's end. Killed anywhere,
 * the next call goes on with the same names: what stands there already is known by its digest, the rest is made again.
 */
#include "ledgerdeck/sync/feed.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/holder.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/log.h"
#include "feed_manifest.h"

#define LEASE_MS INT64_C(300000)
#define SECOND_MS INT64_C(1000)
#define SEND_TRIES 5
#define RETRY_MS INT64_C(60000) /* first wait after a run that failed; doubles */

/* ---- a run */

struct running {
	struct feed_making making;
	struct feed feed;
	struct account account;
	struct destination *destination; /* owned */
	struct http http;
	struct secret *secret;           /* owned: what opens the destination */
	struct str spools;               /* owned */
	struct destination_world world;
	struct feed_file *files;         /* owned */
	size_t count, room;
	struct attempt attempt;
	struct feed_result *result;
};

static void running_clear(struct running *running)
{
	destination_free(running->destination);
	secret_free(running->secret);
	str_clear(&running->spools);
	free(running->files);
}

static struct store *store_of(const struct running *running)
{
	return running->making.run->store;
}

static int64_t now_of(const struct running *running)
{
	const struct env *env = &running->making.run->env;

	return env->wall_ms(env->ctx);
}

static void tell(const struct running *running, enum feed_outcome outcome, const struct feed_file *file)
{
	const struct feed_told told = { .outcome = outcome, .type = file->type, .path = file->path, .is_full = file->is_full, .rows = file->rows,
					.gone = file->gone, .unfit = file->unfit, .bytes = file->bytes, .digest = file->digest };

	if (running->making.run->told)
		running->making.run->told(running->making.run->ctx, &told);
}

static bool is_listed(const char *types, const char *type)
{
	size_t len = strlen(type);

	for (const char *at = types; *at; at += strspn(at, " ")) {
		size_t word = strcspn(at, " ");

		if (word == len && memcmp(at, type, len) == 0)
			return true;
		at += word;
	}
	return false;
}

/* Does what stands at the destination go up to a mark that this store still knows, in the columns that there are now? */
static bool find_mark(struct running *running, int64_t object_no, const char *columns, struct feed_mark *ret_mark, bool *ret_good, struct error *err)
{
	char were[20];
	bool found;

	if (!feed_mark_get(store_of(running), running->feed.no, object_no, ret_mark, were, &found, err))
		return false;
	*ret_good = found && ret_mark->epoch == store_epoch(store_of(running)) && strcmp(were, columns) == 0;
	return true;
}

static bool name_file(struct running *running, struct feed_file *file, struct error *err)
{
	AUTO(str_clear) struct str path = STR_INIT(sizeof(file->path) - 1);
	struct layout_values values;

	feed_layout_values(&running->feed, &running->account, file->type, file->is_full, &values);
	layout_add(running->feed.layout, &values, &path);
	snprintf(file->path, sizeof(file->path), "%s", path.text);
	return !str_is_cut(&path) || error_set(err, ERROR_INPUT, "the name of a file of %s is too long", file->type);
}

static const struct type *type_of(const struct running *running, const char *name)
{
	const struct type *type = catalogue_find(running->making.run->catalogue, running->account.provider, name);

	return type && strcmp(type->name, name) == 0 ? type : NULL;
}

static bool plan_file(struct running *running, const struct object *object, struct error *err)
{
	const struct feed_run *run = running->making.run;
	const struct type *type = type_of(running, object->type);
	struct feed_file file = { .object_no = object->no };
	struct columns *columns;
	bool good;

	if (!type)
		return true;
	snprintf(file.type, sizeof(file.type), "%s", object->type);
	if (object->whole_ms == 0) {
		running->result->skipped++;
		tell(running, FEED_SKIPPED, &file);
		return true;
	}
	columns = feed_columns(type, &running->making.options);
	columns_digest(columns, file.columns);
	columns_free(columns);
	if (!find_mark(running, object->no, file.columns, &file.mark, &good, err))
		return false;
	file.is_full = !run->only_changes || !good;
	if (!name_file(running, &file, err))
		return false;
	memory_grow(&running->files, &running->room, running->count + 1, sizeof(*running->files));
	running->files[running->count++] = file;
	return true;
}

/* Of one moment: which types have changed at all. Those that have not are done by that; their mark moves on with the others'. */
static bool settle_unchanged(struct running *running, struct error *err)
{
	AUTO(memory_freep) int64_t *objects = memory_new((running->count + 1) * sizeof(*objects));
	AUTO(memory_freep) bool *changed = memory_new((running->count + 1) * sizeof(*changed));
	struct feed_mark now, since = { .record = INT64_MAX, .history = INT64_MAX };
	bool any = false;

	for (size_t i = 0; i < running->count; i++) {
		const struct feed_file *file = &running->files[i];

		objects[i] = file->object_no;
		if (file->is_full)
			continue;
		any = true;
		since.record = file->mark.record < since.record ? file->mark.record : since.record;
		since.history = file->mark.history < since.history ? file->mark.history : since.history;
	}
	if (!any)
		return true;
	if (!feed_mark_now(store_of(running), &now, err) ||
	    !feed_changed(store_of(running), running->account.id, &since, objects, running->count, changed, err))
		return false;
	for (size_t i = 0; i < running->count; i++) {
		struct feed_file *file = &running->files[i];

		if (file->is_full || changed[i])
			continue;
		file->state = FEED_FILE_THERE;
		file->mark = now;
	}
	return true;
}

static int by_type(const void *a, const void *b)
{
	return strcmp(((const struct feed_file *)a)->type, ((const struct feed_file *)b)->type);
}

static bool plan_files(struct running *running, struct error *err)
{
	const char *types = *running->making.run->types ? running->making.run->types : running->feed.types;
	AUTO(object_list_clear) struct object_list objects = { 0 };

	if (!objects_all(store_of(running), running->account.id, &objects, err))
		return false;
	for (size_t i = 0; i < objects.count; i++)
		if ((!*types || is_listed(types, objects.items[i].type)) && objects.items[i].wanted && !plan_file(running, &objects.items[i], err))
			return false;
	if (running->count > 0)
		qsort(running->files, running->count, sizeof(*running->files), by_type);
	return settle_unchanged(running, err);
}

/* Names have whole seconds, and no run has another's. */
static int64_t run_time(const struct running *running)
{
	int64_t now_ms = now_of(running) / SECOND_MS * SECOND_MS, next_ms = running->feed.last_ms + SECOND_MS;

	return now_ms > next_ms ? now_ms : next_ms;
}

static bool plan_run(struct running *running, struct error *err)
{
	bool good;

	running->feed.run_ms = run_time(running);
	running->count = 0;
	if (!store_read_begin(store_of(running), err))
		return false;
	good = plan_files(running, err);
	store_read_end(store_of(running));
	return good;
}

/* The run is a row before its first byte. */
static bool begin_run(struct running *running, struct error *err)
{
	AUTO(store_end) struct store *transaction = store_of(running);

	if (!plan_run(running, err) || !store_begin(transaction, err) ||
	    !feed_run_begin(transaction, running->feed.no, running->feed.run_ms, running->files, running->count, err))
		return false;
	for (size_t i = 0; i < running->count; i++)
		if (running->files[i].state != FEED_FILE_PLANNED && !feed_file_save(transaction, running->feed.no, &running->files[i], err))
			return false;
	return store_commit(transaction, err);
}

static bool save_file(struct running *running, const struct feed_file *file, struct error *err)
{
	AUTO(store_end) struct store *transaction = store_of(running);
	bool taken;

	if (!store_begin(transaction, err) || !feed_file_save(transaction, running->feed.no, file, err) ||
	    !feed_take(transaction, running->feed.no, running->making.run->holder, now_of(running), now_of(running) + LEASE_MS, &taken, err))
		return false;
	if (!taken)
		return error_set(err, ERROR_CONFLICT, "another program has gone on with this export");
	return store_commit(transaction, err);
}

/* Does what was made still lie where it was made? */
static bool is_made(struct running *running, const struct feed_file *file, bool *ret_made, struct error *err)
{
	AUTO(str_clear) struct str path = STR_INIT(4000);
	char hex[DIGEST_HEX];
	struct digest digest;
	struct error ignored;

	if (!destination_spool(running->destination, file->path, &path, err))
		return false;
	*ret_made = file_digest(path.text, &digest, &ignored) && strcmp(digest_hex(&digest, hex), file->digest) == 0;
	return true;
}

static bool digest_of(const struct feed_file *file, struct digest *ret_digest)
{
	for (size_t i = 0; i < DIGEST_BYTES; i++)
		if (sscanf(file->digest + 2 * i, "%2hhx", &ret_digest->bytes[i]) != 1)
			return false;
	return true;
}

/* What was made before the program ended: it stands there, or lies where it was made, or is made again. */
static bool look_after(struct running *running, struct feed_file *file, struct error *err)
{
	struct digest digest;
	bool has = false, made = false;

	if (file->state == FEED_FILE_MADE && digest_of(file, &digest)) {
		if (!destination_has(running->destination, file->path, file->bytes, &digest, &has, err) ||
		    (!has && !is_made(running, file, &made, err)))
			return false;
		file->state = has ? FEED_FILE_THERE : made ? FEED_FILE_MADE : FEED_FILE_PLANNED;
	}
	return true;
}

static bool bring(struct running *running, struct feed_file *file, struct error *err)
{
	struct digest digest;

	if (feed_file_is(file) && (!digest_of(file, &digest) || !destination_put(running->destination, file->path, file->bytes, &digest, err)))
		return false;
	file->state = FEED_FILE_THERE;
	return save_file(running, file, err);
}

static bool work_file(struct running *running, struct feed_file *file, struct error *err)
{
	if (file->state == FEED_FILE_PLANNED) {
		if (!feed_file_make(&running->making, file, err))
			return error_prefix(err, "%s", file->type);
		file->state = FEED_FILE_MADE;
		if (!save_file(running, file, err))
			return false;
	}
	return file->state == FEED_FILE_THERE || bring(running, file, err);
}

static void count_file(struct running *running, const struct feed_file *file)
{
	struct feed_result *result = running->result;
	bool written = feed_file_is(file);

	result->files += written;
	result->unchanged += !written;
	result->rows += file->rows;
	result->bytes += file->bytes;
	tell(running, written ? FEED_WRITTEN : FEED_UNCHANGED, file);
}

static bool put_manifest(struct running *running, struct error *err)
{
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT), path = STR_INIT(FEED_PATH_MAX - 1), place = STR_INIT(4000);
	AUTO(spool_clear) struct spool spool;
	struct digest digest;
	int64_t bytes;

	spool_init(&spool);
	feed_manifest_add_path(&running->feed, &running->account, &path);
	feed_manifest_add(&running->feed, &running->account, running->files, running->count, &text);
	if (!destination_spool(running->destination, path.text, &place, err) || !spool_open(&spool, place.text, err) ||
	    !spool_write(&spool, text.text, text.len, err) || !spool_end(&spool, &bytes, &digest, err) ||
	    !destination_put(running->destination, path.text, bytes, &digest, err))
		return false;
	snprintf(running->result->manifest, sizeof(running->result->manifest), "%s", path.text);
	return true;
}

static bool end_run(struct running *running, struct error *err)
{
	AUTO(store_end) struct store *transaction = store_of(running);

	if (!store_begin(transaction, err) || !feed_run_end(transaction, running->feed.no, err) || !store_commit(transaction, err))
		return false;
	running->feed.last_ms = running->feed.run_ms;
	running->feed.run_ms = 0;
	return true;
}

static bool work_files(struct running *running, struct error *err)
{
	struct feed_progress *progress = &running->making.progress;

	*progress = (struct feed_progress){ .account_id = running->account.id, .all = (int64_t)running->count };
	for (size_t i = 0; i < running->count; i++) {
		struct feed_file *file = &running->files[i];

		progress->type = file->type;
		if (running->making.run->progress)
			running->making.run->progress(running->making.run->ctx, progress);
		if (cancel_asked(running->making.run->cancel))
			return error_set(err, ERROR_CANCELLED, "interrupted; the export goes on where it was when it is asked for again");
		if (!work_file(running, file, err))
			return false;
		progress->done++;
		count_file(running, file);
	}
	return true;
}

static bool finish_run(struct running *running, struct error *err)
{
	struct feed_result *result = running->result;
	int64_t before = result->files; /* of an earlier run that was finished first */

	if (!work_files(running, err))
		return false;
	/* No news is no file, and nothing that would name none. */
	if (result->files > before) {
		result->run_ms = running->feed.run_ms;
		if (!put_manifest(running, err))
			return false;
	}
	return end_run(running, err);
}

/* Can each of its files still be made as it was planned? */
static bool is_good(struct running *running, bool *ret_good, struct error *err)
{
	*ret_good = true;
	for (size_t i = 0; i < running->count && *ret_good; i++) {
		struct feed_file *file = &running->files[i];
		struct feed_mark mark;
		char columns[20];
		bool found = true;

		if (!feed_mark_get(store_of(running), running->feed.no, file->object_no, &mark, columns, &found, err) ||
		    !look_after(running, file, err))
			return false;
		if (file->state == FEED_FILE_PLANNED)
			*ret_good = type_of(running, file->type) && (file->is_full || (found && mark.epoch == store_epoch(store_of(running))));
		else
			*ret_good = file->mark.epoch == store_epoch(store_of(running));
	}
	return true;
}

/* What an earlier call has left. One that a restored backup has made impossible is given up: what follows is whole again. */
static bool finish_earlier(struct running *running, struct error *err)
{
	struct feed_result result = { 0 }, *own = running->result;
	bool good;

	if (!running->feed.run_ms)
		return true;
	if (!feed_run_files(store_of(running), running->feed.no, &running->files, &running->count, err) || !is_good(running, &good, err))
		return false;
	running->room = running->count;
	if (!good)
		return true;
	running->result = &result;
	good = finish_run(running, err);
	running->result = own;
	own->resumed = result.files > 0;
	own->run_ms = result.run_ms;
	memcpy(own->manifest, result.manifest, sizeof(own->manifest));
	own->bytes += result.bytes;
	own->files += result.files;
	own->rows += result.rows;
	return good;
}

static bool take(struct running *running, struct error *err)
{
	AUTO(store_end) struct store *transaction = store_of(running);
	bool found, taken;

	if (!store_begin(transaction, err) || !feeds_get(transaction, running->feed.id, &running->feed, &found, err))
		return false;
	if (!found)
		return error_set(err, ERROR_INPUT, "there is no feed '%s'", running->feed.id);
	if (!feed_take(transaction, running->feed.no, running->making.run->holder,
		       *running->feed.holder && holder_is_dead(running->feed.holder) ? INT64_MAX : now_of(running), now_of(running) + LEASE_MS, &taken, err))
		return false;
	if (!taken)
		return error_set(err, ERROR_CONFLICT, "another program is writing this export right now (%s)", running->feed.holder);
	if (!accounts_get(transaction, running->feed.account_id, &running->account, &found, err))
		return false;
	return found ? store_commit(transaction, err) : error_set(err, ERROR_INPUT, "the account '%s' is gone", running->feed.account_id);
}

/* What a destination in a cloud is reached by, where it is one. */
static bool open_world(struct running *running, struct error *err)
{
	AUTO(str_clear) struct str owner = STR_INIT(FEED_DESTINATION_MAX);
	struct connect_world *world = running->making.run->world;

	str_init(&running->spools, 4000);
	if (!destination_owner(running->feed.destination, &owner))
		return true;
	if (!world)
		return error_set(err, ERROR_AUTH, "the vault is locked, and the key of '%.100s' with it", owner.text);
	if (!connect_secret_get(world, owner.text, &running->secret, err))
		return false;
	str_addf(&running->spools, "%s-spools", store_path(store_of(running)));
	running->http = (struct http){ .transport = world->transport, .env = world->env, .cancel = running->making.run->cancel, .sleep = world->sleep,
				       .sleep_ctx = world->sleep_ctx, .read_tries = SEND_TRIES };
	running->world = (struct destination_world){ .http = &running->http, .secret = running->secret, .spools = running->spools.text };
	return true;
}

static bool prepare(struct running *running, struct error *err)
{
	struct feed_making *making = &running->making;

	making->feed = &running->feed;
	making->account = &running->account;
	if (!feed_options_read(running->feed.options, &making->options) || !table_format_parse(running->feed.format, &making->format))
		return error_set(err, ERROR_STORE, "the feed '%s' is damaged, or of a newer program", running->feed.id);
	if (!open_world(running, err) || !destination_open(running->feed.destination, &running->world, &running->destination, err))
		return false;
	making->destination = running->destination;
	return true;
}

/* ---- the log, and when it is due again */

struct left {
	const char *feed_id;
	struct attempt items[10];
	size_t count;
};

static bool look_at_left(void *ctx, const struct attempt *attempt, const char *detail)
{
	struct left *left = ctx;

	if (attempt->took_ms < 0 && strncmp(detail, left->feed_id, strlen(left->feed_id)) == 0)
		left->items[left->count++] = *attempt;
	return left->count < ARRAY_LEN(left->items);
}

/* In a transaction: the run is ours, so whoever wrote that it runs is gone. */
static bool bury(struct running *running, struct error *err)
{
	const struct attempt_query query = { .account_id = running->account.id, .type = SYNC_EXPORT, .newest_first = true, .limit = 100 };
	struct left left = { .feed_id = running->feed.id };

	if (!attempts_list(store_of(running), &query, look_at_left, &left, NULL, err))
		return false;
	for (size_t i = 0; i < left.count; i++) {
		left.items[i].took_ms = 0;
		error_set(&left.items[i].error, ERROR_CANCELLED, "the program ended while this ran");
		if (!attempt_end(store_of(running), &left.items[i], running->feed.id, err))
			return false;
	}
	return true;
}

static bool note_start(struct running *running, struct error *err)
{
	AUTO(store_end) struct store *transaction = store_of(running);
	struct attempt *attempt = &running->attempt;

	snprintf(attempt->type, sizeof(attempt->type), SYNC_EXPORT);
	snprintf(attempt->account_id, sizeof(attempt->account_id), "%s", running->account.id);
	snprintf(attempt->job, sizeof(attempt->job), SYNC_EXPORT);
	snprintf(attempt->cause, sizeof(attempt->cause), "%s", running->making.run->cause);
	attempt->started_ms = now_of(running);
	attempt->tries = 1;
	attempt->took_ms = -1;
	/* Its end with -1 for the time that it took: whose it is is seen from the beginning. */
	return store_begin(transaction, err) && bury(running, err) && attempt_start(transaction, attempt, err) &&
	       attempt_end(transaction, attempt, running->feed.id, err) && store_commit(transaction, err);
}

/* After a failure sooner, and ever later, but never later than it would be anyhow. */
static void next_run(struct feed *feed, int64_t now_ms, const struct error *error)
{
	int64_t wait_ms = feed->interval_s * SECOND_MS, retry_ms = RETRY_MS;

	feed->failures = error->code == ERROR_NONE ? 0 : feed->failures + 1;
	feed->last_error = *error;
	for (int64_t i = 1; i < feed->failures && retry_ms < wait_ms; i++)
		retry_ms *= 2;
	if (feed->interval_s > 0)
		feed->next_ms = now_ms + (feed->failures && retry_ms < wait_ms ? retry_ms : wait_ms);
}

/* What a person has changed of it meanwhile stays. */
static bool save_next(struct running *running, const struct error *error, struct error *err)
{
	struct feed feed;
	bool found;

	if (!feeds_get(store_of(running), running->feed.id, &feed, &found, err))
		return false;
	if (!found || error->code == ERROR_CANCELLED)
		return true;
	next_run(&feed, now_of(running), error);
	return feeds_save(store_of(running), &feed, err);
}

static bool note_end(struct running *running, const struct error *error, struct error *err)
{
	AUTO(store_end) struct store *transaction = store_of(running);
	struct attempt *attempt = &running->attempt;
	const struct feed_result *result = running->result;
	AUTO(str_clear) struct str detail = STR_INIT(1000);

	attempt->took_ms = now_of(running) > attempt->started_ms ? now_of(running) - attempt->started_ms : 0;
	attempt->error = *error;
	attempt->bytes = result->bytes;
	attempt->counts.changed = result->rows;
	str_addf(&detail, "%s: %" PRId64 " files, %" PRId64 " rows to %s", running->feed.id, result->files, result->rows, running->feed.destination);
	return store_begin(transaction, err) && attempt_end(transaction, attempt, detail.text, err) && save_next(running, error, err) &&
	       feed_release(transaction, running->feed.no, running->making.run->holder, err) && store_commit(transaction, err);
}

bool feed_run(const struct feed_run *run, const char *feed_id, struct feed_result *ret_result, struct error *err)
{
	AUTO(running_clear) struct running running = { .making = { .run = run }, .result = ret_result };
	struct error error = { 0 }, unnoted = { 0 };
	bool good;

	*ret_result = (struct feed_result){ 0 };
	snprintf(running.feed.id, sizeof(running.feed.id), "%s", feed_id);
	if (!take(&running, err) || !note_start(&running, err))
		return false;
	good = prepare(&running, &error) && finish_earlier(&running, &error) && begin_run(&running, &error) && finish_run(&running, &error);
	if (!note_end(&running, &error, &unnoted) && good) {
		good = false;
		error = unnoted;
	}
	if (!good && err)
		*err = error;
	return good;
}
