/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A wave of sagas from its beginning to its end: the world it starts with, the engine that dies now and then, the line that fails. */
#include "wave.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdatomic.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crash.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/backup.h"

#define STEPS_MAX 6000
#define TROUBLE_STEPS 250 /* after so many nothing goes wrong any more, so that it comes to an end */

void wave_fail(const struct wave *wave, const char *format, ...)
{
	va_list values;

	fprintf(stderr, "seed %llu: ", (unsigned long long)wave->seed);
	va_start(values, format);
	vfprintf(stderr, format, values);
	va_end(values);
	fputc('\n', stderr);
	_exit(1);
}

void wave_must(const struct wave *wave, bool good, const struct error *err)
{
	if (!good)
		wave_fail(wave, "%s", err->text);
}

int64_t wave_below(struct wave *wave, uint64_t bound)
{
	return (int64_t)random_below(&wave->random, bound);
}

/* ---- the template: a company, connected and mirrored, with rules */

static const struct simulator_company one[] = {
	{ .kind = "small", .realm = REALM, .name = "Nine Pins", .customers = 2, .invoices = 2 },
};

static void find_record(struct world *world, const char *type, const char *member, const char *value, size_t which, char *ret_id)
{
	AUTO(texts_clear) struct texts truth = { 0 };

	world_truth(world, REALM, catalogue_find(world->catalogue, "quickbooks", type), &truth);
	for (size_t i = 0; i < truth.count; i++) {
		AUTO(str_clear) struct str id = STR_INIT(RECORD_ID_MAX - 1);
		size_t len = strlen(truth.items[i]);

		if ((member && !json_equals(json_find(truth.items[i], len, member), value)) || which-- > 0)
			continue;
		json_unquote(json_find(truth.items[i], len, "Id"), &id);
		memcpy(ret_id, id.text, id.len + 1);
		return;
	}
	fail_msg("the company has no %s with %s %s", type, member, value);
}

static void add_rule(struct mapping *rule, enum target target, const char *code, const char *id)
{
	*rule = (struct mapping){ .target = target };
	snprintf(rule->code, sizeof(rule->code), "%s", code);
	snprintf(rule->record_id, sizeof(rule->record_id), "%s", id);
	snprintf(rule->name, sizeof(rule->name), "%s", code);
}

static void map_codes(struct template *template)
{
	AUTO(store_end) struct store *transaction = template->world->store;
	char expense[RECORD_ID_MAX], bank[RECORD_ID_MAX];
	struct mapping rules[3];
	struct error err = { 0 };
	int64_t changed;
	bool set;

	find_record(template->world, "Account", "AccountType", "Expense", 0, expense);
	find_record(template->world, "Account", "AccountType", "Bank", 0, bank);
	find_record(template->world, "Customer", NULL, "", 0, template->customer);
	for (size_t i = 0; i < ARRAY_LEN(template->items); i++)
		find_record(template->world, "Item", "Type", "Service", i, template->items[i]);
	add_rule(&rules[0], TARGET_ITEM, "", template->items[0]);
	add_rule(&rules[1], TARGET_ACCOUNT, "RENT", expense);
	add_rule(&rules[2], TARGET_ACCOUNT, "CASH", bank);
	if (!store_begin(transaction, &err) ||
	    !mappings_change(transaction, template->account.id, rules, ARRAY_LEN(rules), "wave", "codes", 0, 0, &changed, &err) ||
	    !policies_set(transaction, template->account.id, POLICY_NEW_CUSTOMER, "create", "wave", 0, &set, &err) ||
	    !store_commit(transaction, &err))
		fail_msg("%s", err.text);
}

void template_make(struct template *template)
{
	struct sync_wish wish = { .cause = "operator" };
	struct world *world = world_new(one, ARRAY_LEN(one), NULL);
	struct outcome outcome;
	struct error err = { 0 };
	struct sync *sync;

	*template = (struct template){ .world = world };
	world_connect(world, REALM, &template->account);
	sync = world_engine(world);
	world_sync(world, sync, &wish, &outcome);
	sync_free(sync);
	assert_int_equal(outcome.failed, 0);
	map_codes(template);
	if (!store_checkpoint(world->store, &err))
		fail_msg("%s", err.text);
	/* A connection can't be used on the other side of a fork. */
	store_close(world->store);
	world->store = NULL;
	snprintf(template->path, sizeof(template->path), "%s", world->store_path);
}

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *place)
{
	(void)info;
	(void)kind;
	(void)place;
	return remove(path);
}

/* With what waves that failed have left. */
void template_free(struct template *template)
{
	nftw(template->world->directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	world_free(template->world);
}

/* ---- a world of its own */

static void copy_file(const struct wave *wave, const char *from, const char *to)
{
	int in = open(from, O_RDONLY | O_CLOEXEC), out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	struct stat info;
	off_t at = 0;

	if (in < 0 || out < 0 || fstat(in, &info) < 0)
		wave_fail(wave, "'%s' cannot be copied", from);
	while (at < info.st_size)
		if (sendfile(out, in, &at, (size_t)(info.st_size - at)) <= 0)
			wave_fail(wave, "'%s' cannot be copied", from);
	close(in);
	close(out);
}

void wave_open_store(struct wave *wave)
{
	struct error err = { 0 };

	wave_must(wave, store_open(wave->world->store_path, STORE_WRITE, 0, &wave->world->store, &err), &err);
	wave->world->connect.store = wave->world->store;
}

static void remove_files(const struct wave *wave)
{
	DIR *directory = opendir(wave->world->directory);
	struct dirent *entry;

	while (directory && (entry = readdir(directory)) != NULL)
		unlinkat(dirfd(directory), entry->d_name, 0);
	if (directory)
		closedir(directory);
	rmdir(wave->world->directory);
}

static void set_policy(struct wave *wave, enum policy policy, const char *value)
{
	AUTO(store_end) struct store *transaction = wave->world->store;
	struct error err = { 0 };
	bool set;

	wave_must(wave, store_begin(transaction, &err) &&
		  policies_set(transaction, wave->account.id, policy, value, "wave", 0, &set, &err) && store_commit(transaction, &err), &err);
}

#define CHOOSE(wave, ...) \
	((const char *const[]){ __VA_ARGS__ })[wave_below(wave, ARRAY_LEN(((const char *const[]){ __VA_ARGS__ })))]

/* No trust in keys, or in some a budget so small that a wave of this size meets its limits. */
static void set_up(struct wave *wave, bool scarce)
{
	const char *const flags[] = { wave->wary ? "push.replay_window=0" : "push.replay_window=10m",
				      scarce ? "sync.batches_per_minute=3" : "sync.batches_per_minute=36",
				      scarce ? "sync.per_minute=60" : "sync.per_minute=400", NULL };
	struct settings_sources sources = { .flags = flags };
	struct error err = { 0 };

	settings_free(wave->world->settings);
	wave_must(wave, settings_load(&sources, &wave->world->settings, &err), &err);
	wave->world->connect.settings = wave->world->settings;
}

static void choose_world(struct wave *wave)
{
	char body[400];

	/*
	 * A ledger that does not remember keys carries out what comes twice, and no client can help that; nor what comes late, but by
	 * not trusting in keys and waiting.
	 */
	wave->forgetful = wave_below(wave, 2);
	wave->wary = wave_below(wave, 2);
	set_up(wave, wave_below(wave, 4) == 0);
	/* A ledger that refuses what it has already would hide that it was sent twice. */
	snprintf(body, sizeof(body), "{\"requestid-s\":\"%s\",\"requestid-conflict\":\"%s\",\"duplicate-number\":\"%s\",\"rotation\":\"%s\","
		 "\"race-revokes\":\"%s\",\"retry-after\":\"%s\",\"throttle-form\":\"%s\"}", wave->forgetful ? "0" : "86400",
		 CHOOSE(wave, "first", "600"), CHOOSE(wave, "accepted", "accepted", "refused"), CHOOSE(wave, "daily", "every", "every-with-grace"),
		 CHOOSE(wave, "off", "on"), CHOOSE(wave, "off", "on"), CHOOSE(wave, "xml", "json"));
	world_control(wave->world, "POST", "switches", body);
	set_policy(wave, POLICY_CONFLICT, CHOOSE(wave, "ask", "ours", "theirs"));
	set_policy(wave, POLICY_DUPLICATE, CHOOSE(wave, "ask", "link-if-exact", "block", "create", "skip"));
	wave->deletes = wave_below(wave, 2);
	set_policy(wave, POLICY_VOID, wave->deletes ? "delete" : "void");
	if (wave_below(wave, 4) == 0)
		set_policy(wave, POLICY_NEW_CUSTOMER, "approve");
	/* Half a day at a time, whatever time zone this runs in. */
	if (wave_below(wave, 4) == 0)
		set_policy(wave, POLICY_WINDOW, CHOOSE(wave, "00:00-12:00", "12:00-24:00", "Mon-Fri 18:00-06:00"));
	set_policy(wave, POLICY_STOP, CHOOSE(wave, "never", "uncertain", "untold", "1", "5 uncertain", "untold 25%"));
	/* Without number and mark nobody but a person can tell which record a lost answer was about. */
	wave->nameless = wave_below(wave, 8) == 0;
	if (wave->nameless) {
		set_policy(wave, POLICY_TAG, "none");
		set_policy(wave, POLICY_NUMBERING, "ledger");
	}
}

static void begin_world(struct wave *wave, struct template *template)
{
	struct world *world = template->world;
	struct world_shared *shared = memory_new(sizeof(*shared));
	struct error err = { 0 };

	atomic_store(&shared->now_ms, atomic_load(&world->shared->now_ms));
	world->shared = shared;
	world->chance = &wave->chance;
	snprintf(world->directory + strlen(world->directory), 20, "/%llx", (unsigned long long)(wave->seed & UINT32_MAX));
	snprintf(world->store_path, sizeof(world->store_path), "%s/books.db", world->directory);
	if (mkdir(world->directory, 0700) < 0)
		wave_fail(wave, "'%s' cannot be made", world->directory);
	copy_file(wave, template->path, world->store_path);
	crash_keep_stores(true);
	wave_open_store(wave);
	wave_must(wave, organization_of_account(world->store, wave->account.id, wave->organization, &err), &err);
	wave->wire = wire_new(wave);
}

/* ---- the engine, which dies now and then */

static void begin(struct wave *wave)
{
	struct error err = { 0 };

	wave->sync = world_engine(wave->world);
	wave->sync->pushes_all = true;
	wave_must(wave, worker_open(wave->sync, &wave->worker, &err), &err);
	wave->working = true;
	if (!wave->calm && wave_below(wave, 4))
		crash_here(1 + wave_below(wave, 10), wave_below(wave, 2));
}

static void end(struct wave *wave)
{
	if (!wave->working)
		return;
	worker_close(&wave->worker);
	sync_free(wave->sync);
	wave->working = false;
	crash_here(0, false);
}

static enum breakage choose_trouble(struct wave *wave)
{
	enum breakage how = (enum breakage)(1 + wave_below(wave, BREAK_ALL - 1));

	/* While something is on its way, what repeats it is put off: that is no answer to what was sent first. */
	if (wave->late)
		how = BREAK_CUT_BEFORE;
	else if (wave_below(wave, 5) == 0)
		how = BREAK_LATE;
	if ((how == BREAK_TWICE && wave->forgetful) || (how == BREAK_LATE && wave->forgetful && !wave->wary))
		how = BREAK_CUT_AFTER;
	wave->late = how == BREAK_LATE && wave_below(wave, 2);
	return how;
}

/* Trouble for the call that comes next but so many, or for the next one that writes. */
static void trouble(struct wave *wave)
{
	struct world_shared *shared = wave->world->shared;
	int64_t calls = atomic_load(&shared->calls);
	bool again = wave->late;
	enum breakage how;

	if (atomic_load(&shared->break_at) > calls || atomic_load(&shared->break_write) || (!again && wave_below(wave, 2)))
		return;
	how = choose_trouble(wave);
	wave->tally[how == BREAK_TWICE ? EVENT_TWICE : how == BREAK_LATE ? EVENT_LATE : EVENT_BROKEN]++;
	atomic_store(&shared->break_how, (int)how);
	atomic_store(&shared->break_write, again || wave->late || wave_below(wave, 2));
	atomic_store(&shared->break_at, calls + 1 + (atomic_load(&shared->break_write) ? 0 : wave_below(wave, 3)));
}

/* Its subscription ends: it takes no writes, until it does again. */
static void suspend(struct wave *wave, bool suspended)
{
	wave->suspended = suspended;
	wave->tally[EVENT_SUSPENSION] += suspended;
	world_control(wave->world, "POST", "suspend", suspended ? "{\"realm\":\"" REALM "\",\"suspended\":true}"
								: "{\"realm\":\"" REALM "\",\"suspended\":false}");
}

/* Is something to do that time will bring? What is paused only a person brings on. */
static bool is_open(struct wave *wave)
{
	struct intent_counts counts;
	struct error err = { 0 };
	bool open = false;

	wave_must(wave, intents_count(wave->world->store, wave->account.id, NULL, &counts, &err), &err);
	for (int state = 0; state < INTENT_STATE_COUNT; state++)
		open = open || (counts.states[state] > 0 && state != INTENT_WAITING && intent_is_open((enum intent_state)state));
	return open;
}

/* ---- what is paused, or outside of its hours: nothing of it is sent before that is over, whoever dies meanwhile */

struct resting {
	struct wave *wave;
	struct push_window window;   /* as it is before the step, and all through it */
	struct {
		int64_t no;
		int tries;
	} *items;                    /* owned */
	size_t count, room;
};

static bool note_resting(void *ctx, const struct intent *intent)
{
	struct resting *resting = ctx;

	if (!*intent->pause && !push_window_holds(&resting->window, intent))
		return true;
	memory_grow(&resting->items, &resting->room, resting->count + 1, sizeof(*resting->items));
	resting->items[resting->count].no = intent->no;
	resting->items[resting->count++].tries = intent->tries;
	return true;
}

static void note_all_resting(struct wave *wave, struct resting *resting)
{
	struct intent_query query = { .account_id = wave->account.id, .owed_only = true };
	struct error err = { 0 };

	*resting = (struct resting){ .wave = wave };
	wave_must(wave, push_window(wave->world->store, wave->account.id, atomic_load(&wave->world->shared->now_ms), &resting->window, &err), &err);
	wave_must(wave, intents_list(wave->world->store, &query, note_resting, resting, &err), &err);
}

static void check_resting(struct resting *resting)
{
	struct wave *wave = resting->wave;

	for (size_t i = 0; i < resting->count; i++) {
		struct intent intent;
		struct error err = { 0 };
		bool found;

		wave_must(wave, intents_get(wave->world->store, resting->items[i].no, &intent, NULL, &found, &err), &err);
		/* What it points to may turn out to be lost: that is an end, too, without being sent. */
		if (intent.tries != resting->items[i].tries ||
		    (!*intent.pause && !push_window_holds(&resting->window, &intent) && intent_is_open(intent.state)))
			wave_fail(wave, "%s %s was not to be sent, and is %s: %s", intent.record_type, intent.number, intent_state_word(intent.state),
				  intent.why);
	}
	free(resting->items);
}

static bool is_connected(struct wave *wave)
{
	struct account account;
	struct error err = { 0 };
	bool found;

	wave_must(wave, accounts_get(wave->world->store, wave->account.id, &account, &found, &err), &err);
	return account.state == ACCOUNT_OK;
}

static void expire_access(struct wave *wave)
{
	/* Its time is over; or the ledger ends it before, and answers 401. */
	wave->tally[EVENT_EXPIRY]++;
	if (wave_below(wave, 2))
		world_step(wave->world, 3700);
	else
		world_control(wave->world, "POST", "expire", "{\"realm\":\"" REALM "\"}");
}

static void step(struct wave *wave)
{
	int64_t next_ms = INT64_MAX, now_ms = atomic_load(&wave->world->shared->now_ms);
	struct resting resting;
	struct error err = { 0 };
	bool worked = false, good;

	world_deliver(wave->world, false);
	note_all_resting(wave, &resting);
	good = outbox_step(&wave->worker, &worked, &next_ms, &err);
	check_resting(&resting);
	if (crash_has_come()) {
		wave->tally[EVENT_DEATH]++;
		end(wave);
		/* Its lease runs out: this process is still there. */
		world_step(wave->world, 61);
	} else if (!good || !worked) {
		world_step(wave->world, good && next_ms != INT64_MAX && next_ms > now_ms ? (next_ms - now_ms) / 1000 + 1 : 15);
	}
}

static bool any(void *ctx, const struct intent *intent)
{
	(void)intent;
	*(bool *)ctx = true;
	return false;
}

static bool check_waiting(void *ctx, const struct intent *intent)
{
	struct wave *wave = ctx;
	struct error err = { 0 };
	bool waits = intent->state != INTENT_WAITING;

	wave_must(wave, waits || intents_parents(wave->world->store, intent->no, any, &waits, &err), &err);
	if (!waits)
		wave_fail(wave, "%s %s waits, and all that it points to is there", intent->record_type, intent->number);
	return true;
}

static void check_all_waiting(struct wave *wave)
{
	struct intent_query query = { .account_id = wave->account.id, .owed_only = true };
	struct error err = { 0 };

	wave_must(wave, intents_list(wave->world->store, &query, check_waiting, wave, &err), &err);
}

void wave_drive(struct wave *wave)
{
	for (int steps = 0; is_connected(wave); steps++) {
		if (!is_open(wave)) {
			end(wave);
			if (!acts_resume(wave))
				break;
		}
		if (steps > STEPS_MAX)
			wave_fail(wave, "it does not come to rest");
		if (!wave->working)
			begin(wave);
		if (!wave->calm && steps < TROUBLE_STEPS) {
			trouble(wave);
			acts_meanwhile(wave);
			if (wave_below(wave, 30) == 0)
				expire_access(wave);
			if (wave_below(wave, wave->suspended ? 2 : 40) == 0)
				suspend(wave, !wave->suspended);
		} else if (wave->suspended) {
			suspend(wave, false);
		}
		step(wave);
	}
	end(wave);
	if (wave->suspended)
		suspend(wave, false);
	atomic_store(&wave->world->shared->break_at, 0);
	atomic_store(&wave->world->shared->break_write, false);
	check_all_waiting(wave);
	/* Whatever is on its way yet arrives. */
	world_step(wave->world, 120);
	world_deliver(wave->world, true);
}

/* ---- people: what was ended is connected again, what has moved is read */

static void reconnect(struct wave *wave)
{
	struct account account;

	if (is_connected(wave))
		return;
	wave->tally[EVENT_RECONNECT]++;
	/* Its few calls are made before there is an account with a budget. */
	wave->unmetered = true;
	world_connect(wave->world, REALM, &account);
	world_step(wave->world, 2);
	wave->unmetered = false;
	if (strcmp(account.id, wave->account.id) != 0)
		wave_fail(wave, "the company was connected as another account");
}

void wave_read(struct wave *wave)
{
	static const char *const types[] = { "Preferences", "CompanyInfo", "Customer", "Vendor", "Invoice", "CreditMemo", "Bill", "JournalEntry",
					     "Payment", NULL };
	struct sync_wish wish = { .account_id = wave->account.id, .types = types, .cause = "operator" };
	struct outcome outcome;
	struct sync *sync;

	do {
		reconnect(wave);
		sync = world_engine(wave->world);
		world_sync(wave->world, sync, &wish, &outcome);
		sync_free(sync);
	} while (outcome.failed > 0 && !is_connected(wave));
	if (outcome.failed > 0)
		wave_fail(wave, "the ledger could not be read: %s", outcome.error.text);
	world_step(wave->world, 60);
}

/* ---- a backup that comes back: what was written since is not known any more */

static void make_backup(struct wave *wave, const char *path)
{
	struct backup_how how = { .now_ms = atomic_load(&wave->world->shared->now_ms) };
	struct backup_facts facts;
	struct error err = { 0 };

	wave_must(wave, store_backup(wave->world->store, path, &how, &facts, &err), &err);
}

static void restore_backup(struct wave *wave, const char *path)
{
	struct backup_how how = { .now_ms = atomic_load(&wave->world->shared->now_ms) };
	struct restored restored;
	struct error err = { 0 };

	wave->tally[EVENT_RESTORE]++;
	wave->restored = true;
	store_close(wave->world->store);
	crash_keep_stores(false);
	wave_must(wave, store_restore(wave->world->store_path, path, &how, "wave", &restored, &err), &err);
	unlink(path);
	unlink(restored.kept_as);
	crash_keep_stores(true);
	wave_open_store(wave);
}

/* ---- from the beginning to the end */

void wave_run(struct template *template, uint64_t seed, int64_t *ret_tally)
{
	struct wave *wave = memory_new(sizeof(*wave));
	char backup[160];
	bool restores;

	*wave = (struct wave){ .world = template->world, .account = template->account, .seed = seed };
	wave->items[0] = wave->item = template->items[0];
	wave->items[1] = template->items[1];
	wave->customer = template->customer;
	random_seed(&wave->random, seed);
	random_seed(&wave->chance, ~seed);
	begin_world(wave, template);
	choose_world(wave);
	acts_begin(wave);
	snprintf(backup, sizeof(backup), "%s.backup", wave->world->store_path);
	restores = wave_below(wave, 12) == 0 && !wave->nameless;
	for (int64_t rounds = 1 + wave_below(wave, 3); rounds > 0; rounds--) {
		if (restores)
			make_backup(wave, backup);
		acts_apply(wave);
		wave_drive(wave);
		if (restores) {
			restore_backup(wave, backup);
			restores = false;
		}
		if (wave_below(wave, 2))
			wave_read(wave);
		if (rounds > 1)
			acts_change(wave);
	}
	wave->calm = true;
	acts_settle(wave);
	wave_check(wave);
	memcpy(ret_tally, wave->tally, sizeof(wave->tally));
	store_close(wave->world->store);
	crash_keep_stores(false);
	remove_files(wave);
	wire_free(wave->wire);
	free(wave);
}
