/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The world of world.h: its clock, its network, and how its two sides are compared. */
#include "world.h"

#include <fcntl.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ledgerdeck/core/memory.h"
#include "net.h"

static int64_t read_clock(void *ctx)
{
	return atomic_load(&((struct world *)ctx)->shared->now_ms);
}

/* Unguessable bytes are not needed here, but different ones in each process are. */
static void read_random(void *ctx, void *bytes, size_t len)
{
	const struct world *world = ctx;
	struct env real = env_real();
	unsigned char *at = bytes;

	if (!world->chance)
		real.random(real.ctx, bytes, len);
	for (size_t i = 0; world->chance && i < len; i++)
		at[i] = (unsigned char)random_next(world->chance);
}

struct env world_env(struct world *world)
{
	return (struct env){ .wall_ms = read_clock, .ticks_ms = read_clock, .random = read_random, .ctx = world };
}

void world_step(struct world *world, int64_t seconds)
{
	atomic_fetch_add(&world->shared->now_ms, seconds * 1000);
}

static bool no_sleep(void *ctx, int64_t ms, struct cancel *cancel)
{
	struct world *world = ctx;

	/* Where several threads wait at once, time must not run away from those that work. */
	if (world->shuffled)
		sched_yield();
	atomic_fetch_add(&world->shared->now_ms, world->shuffled && ms <= 100 ? 1 : ms);
	return !cancel_asked(cancel);
}

static struct transport transport_new(void *ctx)
{
	return (struct transport){ .perform = net_perform, .ctx = ctx };
}

static void transport_free(void *ctx, struct transport transport)
{
	(void)ctx;
	(void)transport;
}

static void make_directory(struct world *world)
{
	const char *place = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";

	snprintf(world->directory, sizeof(world->directory), "%s/ledgerdeck-test-XXXXXX", place);
	assert_non_null(mkdtemp(world->directory));
	snprintf(world->store_path, sizeof(world->store_path), "%s/books.db", world->directory);
}

static void open_simulator(struct world *world, const struct simulator_company *companies, size_t count)
{
	struct simulator_config config = { .seed = 11, .env = world_env(world), .start_ms = WORLD_START_MS,
					   .base_url = "http://127.0.0.1:8620", .auto_consent = true, .companies = companies,
					   .company_count = count };
	struct error err = { 0 };

	world->simulator = simulator_open(&config, &err);
	if (!world->simulator)
		fail_msg("%s", err.text);
}

static void open_store(struct world *world)
{
	AUTO(secret_freep) struct secret *key = secret_random(VAULT_KEY_BYTES);
	AUTO(str_clear) struct str header = STR_INIT(65536);
	struct vault_opener opener = { .key = key };
	struct error err = { 0 };

	if (!store_open(world->store_path, STORE_CREATE, 0, &world->store, &err) ||
	    !vault_new(store_uuid(world->store), &opener, VAULT_INTERACTIVE, &header, &world->vault, &err))
		fail_msg("%s", err.text);
}

static void give_app(struct world *world)
{
	AUTO(secret_freep) struct secret *secret = secret_copy("simulator-secret", 16);
	struct error err = { 0 };

	if (!connect_app_set(&world->connect, "quickbooks", ENVIRONMENT_LOCAL, "simulator-client", secret, &err))
		fail_msg("%s", err.text);
}

struct world *world_new(const struct simulator_company *companies, size_t count, const char *const *settings)
{
	struct world *world = memory_new(sizeof(*world));
	struct settings_sources sources = { .flags = settings };
	struct error err = { 0 };

	world->shared = mmap(NULL, sizeof(*world->shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(world->shared != MAP_FAILED);
	atomic_store(&world->shared->now_ms, WORLD_START_MS);
	world->socket = -1;
	world->line = lock_new();
	world->door = lock_new();
	make_directory(world);
	open_simulator(world, companies, count);
	open_store(world);
	if (!settings_load(&sources, &world->settings, &err) || !catalogue_load(NULL, &world->catalogue, &err))
		fail_msg("%s", err.text);
	world->cancel = cancel_new();
	world->connect = (struct connect_world){ .store = world->store, .vault = world->vault, .settings = world->settings,
						 .env = world_env(world), .transport = transport_new(world), .cancel = world->cancel,
						 .who = "tester", .holder = "test", .sleep = no_sleep, .sleep_ctx = world };
	give_app(world);
	return world;
}

void world_free(struct world *world)
{
	static const char *const endings[] = { "", "-wal", "-shm", "-budget", "-bell" };
	AUTO(str_clear) struct str path = STR_INIT(200);

	if (!world)
		return;
	store_close(world->store);
	vault_free(world->vault);
	simulator_close(world->simulator);
	settings_free(world->settings);
	catalogue_free(world->catalogue);
	cancel_free(world->cancel);
	lock_free(world->line);
	lock_free(world->door);
	for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
		str_reset(&path);
		str_addf(&path, "%s%s", world->store_path, endings[i]);
		unlink(path.text);
	}
	rmdir(world->directory);
	munmap(world->shared, sizeof(*world->shared));
	free(world);
}

void world_freep(struct world **world)
{
	world_free(*world);
}

/* ---- connecting */

char *world_consent(struct world *world, const char *url, const char *realm)
{
	AUTO(str_clear) struct str target = STR_INIT(8192);
	struct simulator_header host = { "Host", "127.0.0.1:8620" };
	struct simulator_request request = { .method = "GET", .headers = &host, .header_count = 1 };
	struct simulator_answer answer;
	char *address = NULL;

	str_add(&target, strchr(strstr(url, "://") + 3, '/'));
	if (realm)
		str_addf(&target, "&realmId=%s", realm);
	request.target = target.text;
	simulator_handle(world->simulator, &request, &answer);
	for (size_t i = 0; i < answer.header_count; i++)
		if (strcmp(answer.headers[i].name, "Location") == 0)
			address = memory_copy_text(answer.headers[i].value);
	simulator_done(world->simulator, &answer);
	assert_non_null(address);
	return address;
}

void world_connect(struct world *world, const char *realm, struct account *ret_account)
{
	struct attempt_options options = { .provider = "quickbooks", .environment = ENVIRONMENT_LOCAL };
	AUTO(memory_freep) char *address = NULL;
	struct connect_attempt *attempt = NULL;
	struct connect_result result;
	struct paste paste = { 0 };
	struct error err = { 0 };

	if (!connect_begin(&world->connect, &options, &attempt, &err))
		fail_msg("%s", err.text);
	address = world_consent(world, connect_url(attempt), realm);
	if (!paste_parse(address, strlen(address), connect_redirect(attempt), &paste, &err) ||
	    !connect_answer(&world->connect, attempt, &paste, &result, &err) ||
	    !connect_confirm(&world->connect, attempt, ret_account, &err))
		fail_msg("%s", err.text);
	assert_string_equal(result.identity.realm, realm);
	paste_clear(&paste);
	connect_attempt_free(attempt);
}

void world_connect_token(struct world *world, const char *provider, const char *realm, struct account *ret_account)
{
	struct attempt_options options = { .provider = provider, .environment = ENVIRONMENT_LOCAL };
	AUTO(secret_freep) struct secret *token = NULL;
	struct connect_attempt *attempt = NULL;
	struct connect_result result;
	int64_t expires_ms;
	struct error err = { 0 };

	if (!connect_local_token(&world->connect, realm, &token, &expires_ms, &err) ||
	    !connect_token(&world->connect, &options, token, expires_ms, &attempt, &result, &err) ||
	    !connect_confirm(&world->connect, attempt, ret_account, &err))
		fail_msg("%s", err.text);
	assert_string_equal(result.identity.realm, realm);
	connect_attempt_free(attempt);
}

/* ---- the engine */

struct sync_options world_options(struct world *world)
{
	return (struct sync_options){ .store_path = world->store_path, .vault = world->vault, .settings = world->settings,
				      .catalogue = world->catalogue, .env = world_env(world), .who = "tester",
				      .transport_new = transport_new, .transport_free = transport_free, .ctx = world,
				      .sleep = no_sleep };
}

struct sync *world_engine(struct world *world)
{
	struct sync_options options = world_options(world);
	struct sync *sync = NULL;
	struct error err = { 0 };

	if (!sync_new(&options, &sync, &err))
		fail_msg("%s", err.text);
	return sync;
}

static bool add_attempt(void *ctx, const struct attempt *attempt, const char *detail)
{
	struct outcome *outcome = ctx;

	(void)detail;
	outcome->attempts++;
	outcome->counts.added += attempt->counts.added;
	outcome->counts.changed += attempt->counts.changed;
	outcome->counts.unchanged += attempt->counts.unchanged;
	outcome->counts.deleted += attempt->counts.deleted;
	outcome->counts.parked += attempt->counts.parked;
	if (attempt->error.code) {
		outcome->failed++;
		outcome->error = attempt->error;
	}
	return true;
}

static bool take_number(void *ctx, const struct attempt *attempt, const char *detail)
{
	(void)detail;
	*(int64_t *)ctx = attempt->no;
	return false;
}

static int64_t last_attempt(struct world *world)
{
	struct attempt_query query = { .limit = 1, .newest_first = true };
	struct error err = { 0 };
	int64_t no = 0;

	if (!attempts_list(world->store, &query, take_number, &no, NULL, &err))
		fail_msg("%s", err.text);
	return no;
}

void world_sync(struct world *world, struct sync *sync, const struct sync_wish *wish, struct outcome *ret_outcome)
{
	struct attempt_query query = { .after_no = last_attempt(world) };
	struct outcome outcome = { 0 };
	struct error err = { 0 };
	int64_t run, next_ms;
	bool worked = true;

	if (!sync_ask(sync, wish, &run, &outcome.jobs, &err))
		fail_msg("%s", err.text);
	while (worked)
		if (!sync_step(sync, &worked, &next_ms, &err))
			fail_msg("%s", err.text);
	if (!sync_wait(sync, run, 0, NULL))
		fail_msg("a run is not done though nothing is left to do");
	if (!attempts_list(world->store, &query, add_attempt, &outcome, NULL, &err))
		fail_msg("%s", err.text);
	if (ret_outcome)
		*ret_outcome = outcome;
}

/* ---- the ledger's side */

int world_other(struct world *world, const char *method, const char *path, const char *body, struct str *out)
{
	AUTO(str_clear) struct str target = STR_INIT(STR_NO_LIMIT);
	struct simulator_header headers[] = { { "Host", "127.0.0.1:8620" }, { "Accept", "application/json" },
					      { "Content-Type", "application/json" } };
	struct simulator_request request = { .method = method, .headers = headers, .header_count = ARRAY_LEN(headers),
					     .body = body, .body_len = body ? strlen(body) : 0 };
	struct simulator_answer answer;
	int status;

	str_addf(&target, "/simulator/%s", path);
	request.target = target.text;
	simulator_handle(world->simulator, &request, &answer);
	status = answer.status;
	if (out) {
		str_reset(out);
		str_add_bytes(out, answer.body.text, answer.body.len);
	}
	simulator_done(world->simulator, &answer);
	return status;
}

void world_control(struct world *world, const char *method, const char *name, const char *body)
{
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);

	if (world_other(world, method, name, body, &out) != 200)
		fail_msg("%s %s: %s", name, body ? body : "", out.text);
}

void texts_clear(struct texts *texts)
{
	for (size_t i = 0; i < texts->count; i++)
		free(texts->items[i]);
	free(texts->items);
	*texts = (struct texts){ 0 };
}

static void texts_add(struct texts *texts, const char *text, size_t len)
{
	memory_grow(&texts->items, &texts->room, texts->count + 1, sizeof(char *));
	texts->items[texts->count++] = memory_copy(text, len);
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void texts_sort(struct texts *texts)
{
	if (texts->count > 1)
		qsort(texts->items, texts->count, sizeof(char *), compare_texts);
}

/* One page of a query; how many came. */
static size_t read_truth(struct world *world, const char *realm, const struct type *type, size_t start, struct texts *truth)
{
	AUTO(str_clear) struct str path = STR_INIT(4096);
	AUTO(str_clear) struct str query = STR_INIT(1024);
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);
	struct json_slice response, name, value, record;
	size_t count = 0;

	str_addf(&query, "select * from %s", type->query);
	if (*type->active && !strchr(type->active, '*'))
		str_addf(&query, " where %s in (true, false)", type->active);
	if (type->reading != TYPE_SINGLE)
		str_addf(&query, " startposition %zu maxresults 1000", start);
	str_addf(&path, "as-other-user/v3/company/%s/query?minorversion=75&query=", realm);
	str_add_percent(&path, query.text);
	if (world_other(world, "GET", path.text, NULL, &out) != 200)
		fail_msg("%s: %s", query.text, out.text);
	response = json_find(out.text, out.len, "QueryResponse");
	for (size_t at = 0; json_each(response, &at, &name, &value);)
		for (size_t item = 0; value.kind == JSON_ARRAY && json_each(value, &item, NULL, &record); count++)
			texts_add(truth, record.text, record.len);
	return count;
}

void world_truth(struct world *world, const char *realm, const struct type *type, struct texts *ret_truth)
{
	size_t start = 1, count = 0;

	texts_clear(ret_truth);
	do {
		count = read_truth(world, realm, type, start, ret_truth);
		start += count;
	} while (count == 1000);
	texts_sort(ret_truth);
}

/* ---- the mirror's side */

static bool add_raw(void *ctx, const struct record_row *row, const char *raw, size_t len)
{
	struct texts *texts = ctx;
	struct json_slice active = json_find(raw, len, "Active");

	if (row->state == RECORD_DELETED)
		return true;
	if (active.len == 5 && row->state != RECORD_INACTIVE)
		fail_msg("%s is not active, but its state is %s", row->id, record_state_word(row->state));
	texts_add(texts, raw, len);
	return true;
}

struct object world_object(struct world *world, const struct account *account, const char *type)
{
	struct object object = { 0 };
	struct error err = { 0 };
	bool found = false;

	if (!objects_get(world->store, account->id, type, &object, &found, &err))
		fail_msg("%s", err.text);
	if (!found)
		fail_msg("%s has no object %s", account->name, type);
	return object;
}

/* Where two records part. */
static void say_difference(const char *here, const char *there, char *out)
{
	size_t same = 0;

	while (here[same] && here[same] == there[same])
		same++;
	same -= same < 40 ? same : 40;
	snprintf(out, 300, "here: %.130s there: %.130s", here + same, there + same);
}

struct past {
	struct store *store;
	const struct object *object;
	struct record_version newer;
	struct str raw;              /* of the newer one; owned */
	size_t seen;
	bool sound;
};

static bool check_version(void *ctx, const struct record_version *version, const char *raw, size_t len)
{
	struct past *past = ctx;

	if (past->seen++ > 0)
		past->sound = past->sound && version->until_ms == past->newer.seen_ms && version->seen_ms <= version->until_ms &&
			      (version->state != past->newer.state || strcmp(version->version, past->newer.version) != 0 ||
			       len != past->raw.len || memcmp(raw, past->raw.text, len) != 0);
	past->newer = *version;
	str_reset(&past->raw);
	str_add_bytes(&past->raw, raw, len);
	return past->sound;
}

static bool check_history(void *ctx, const struct record_row *row, const char *raw, size_t len)
{
	struct past *past = ctx;
	struct error err = { 0 };

	(void)raw;
	(void)len;
	past->seen = 0;
	if (!records_history(past->store, past->object, row->id, check_version, past, &err))
		fail_msg("%s", err.text);
	return past->sound && past->seen > 0;
}

/* What records were, told without a gap, each version another than the one after it. */
static bool is_sound(struct world *world, const struct object *object)
{
	struct past past = { .store = world->store, .object = object, .raw = STR_INIT(STR_NO_LIMIT), .sound = true };
	struct error err = { 0 };

	if (!records_raw(world->store, object, "", check_history, &past, &err))
		fail_msg("%s", err.text);
	str_clear(&past.raw);
	return past.sound;
}

bool world_same(struct world *world, const struct account *account, const char *realm, const struct type *type,
		char *ret_difference)
{
	AUTO(texts_clear) struct texts truth = { 0 }, mirror = { 0 };
	struct object object = world_object(world, account, type->name);
	struct error err = { 0 };
	char words[300];
	size_t i = 0;

	if (!is_sound(world, &object)) {
		snprintf(ret_difference, 400, "%s of %.30s: its history is not sound", type->name, account->name);
		return false;
	}
	world_truth(world, realm, type, &truth);
	if (!records_raw(world->store, &object, "", add_raw, &mirror, &err))
		fail_msg("%s", err.text);
	texts_sort(&mirror);
	/* Passing secrets are blanked on the way: those types have the same records, but not the same bytes. */
	while (i < truth.count && i < mirror.count &&
	       (strcmp(truth.items[i], mirror.items[i]) == 0 || strstr(type->extra, "mask=")))
		i++;
	if (i == truth.count && i == mirror.count && object.live + object.inactive + object.voided == (int64_t)i)
		return true;
	say_difference(i < mirror.count ? mirror.items[i] : "-", i < truth.count ? truth.items[i] : "-", words);
	snprintf(ret_difference, 400, "%s of %.30s: the ledger has %zu, the mirror %zu, counted %lld; %s", type->name, account->name,
		 truth.count, mirror.count, (long long)(object.live + object.inactive + object.voided), words);
	return false;
}

void world_check(struct world *world, const struct account *account, const char *realm)
{
	char difference[400];

	for (size_t i = 0; i < catalogue_count(world->catalogue); i++)
		if (strcmp(catalogue_at(world->catalogue, i)->provider, account->provider) == 0 &&
		    !world_same(world, account, realm, catalogue_at(world->catalogue, i), difference))
			fail_msg("%s", difference);
}
