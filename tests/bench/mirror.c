/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mirror.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "connect/world.h"
#include "ledgerdeck/core/memory.h"

#define REALM "9130000000000001"
#define DAY_MS INT64_C(86400000)

struct mirror {
	char path[128];
	struct store *store;         /* owned: to set up, and to look at the log */
	struct vault *vault;         /* owned */
	struct settings *settings;   /* owned */
	struct catalogue *catalogue; /* owned */
	int workers;
};

static void must(bool good, const struct error *err)
{
	if (good)
		return;
	fprintf(stderr, "bench: %s\n", err->text);
	exit(1);
}

/* As connecting would leave it, without a browser. */
static void add_account(struct mirror *mirror, const char *provider, int no)
{
	AUTO(secret_freep) struct secret *realm = secret_copy(REALM, strlen(REALM)), *access = secret_copy("token", 5);
	AUTO(str_clear) struct str key = STR_INIT(4096);
	struct env env = env_real();
	int64_t now_ms = env.wall_ms(env.ctx);
	struct connect_world world = { .store = mirror->store, .vault = mirror->vault, .settings = mirror->settings, .env = env };
	struct account account = { .environment = ENVIRONMENT_LOCAL, .country = "US", .currency = "USD",
				   .connected_ms = now_ms, .access_expires_ms = now_ms + DAY_MS,
				   .refresh_expires_ms = now_ms + 100 * DAY_MS, .refreshed_ms = now_ms, .generation = 1 };
	struct error err = { 0 };
	char mark[24];

	snprintf(account.provider, sizeof(account.provider), "%s", provider);
	snprintf(account.name, sizeof(account.name), "Company %d", no);
	snprintf(mark, sizeof(mark), "mark %d", no);
	must(store_begin(mirror->store, &err) && accounts_add(mirror->store, &account, mark, "", 0, &err) &&
	     vault_account_key(mirror->vault, account.id, &key, &err) &&
	     accounts_set_key(mirror->store, account.id, key.text, key.len, &err) &&
	     world_save(&world, account.id, "", ENVIRONMENT_LOCAL, "realm", 1, realm, &err) &&
	     world_save(&world, account.id, REALM, ENVIRONMENT_LOCAL, "access", 1, access, &err) &&
	     store_commit(mirror->store, &err), &err);
}

struct mirror *mirror_new(const struct ledger *ledger, const char *provider, const char *path, int accounts, int workers)
{
	AUTO(secret_freep) struct secret *key = secret_random(VAULT_KEY_BYTES);
	AUTO(str_clear) struct str header = STR_INIT(65536);
	struct vault_opener opener = { .key = key };
	struct mirror *mirror = memory_new(sizeof(*mirror));
	char address[80];
	const char *const flags[] = { "sync.per_minute=100000", "sync.per_second=10000", "sync.in_flight=8", "sync.sweep_interval=0",
				      "xledger.month_limit=0", address, NULL };
	struct settings_sources sources = { .flags = flags };
	struct error err = { 0 };

	memory_stay_small(); /* as the program does */
	snprintf(address, sizeof(address), "quickbooks.local_address=http://127.0.0.1:%d", ledger->port);
	snprintf(mirror->path, sizeof(mirror->path), "%s", path);
	mirror->workers = workers;
	must(settings_load(&sources, &mirror->settings, &err) && catalogue_load(NULL, &mirror->catalogue, &err) &&
	     store_open(path, STORE_CREATE, 0, &mirror->store, &err) &&
	     vault_new(store_uuid(mirror->store), &opener, VAULT_INTERACTIVE, &header, &mirror->vault, &err), &err);
	for (int i = 0; i < accounts; i++)
		add_account(mirror, provider, i + 1);
	return mirror;
}

void mirror_free(struct mirror *mirror)
{
	store_close(mirror->store);
	vault_free(mirror->vault);
	settings_free(mirror->settings);
	catalogue_free(mirror->catalogue);
	free(mirror);
}

static struct transport transport_new(void *ctx)
{
	return connect_transport_new(((struct mirror *)ctx)->settings);
}

static void transport_free(void *ctx, struct transport transport)
{
	(void)ctx;
	connect_transport_free(transport);
}

static bool add_counts(void *ctx, const struct attempt *attempt, const char *detail)
{
	struct put_counts *counts = ctx;

	(void)detail;
	must(attempt->error.code == ERROR_NONE, &attempt->error);
	counts->added += attempt->counts.added;
	counts->changed += attempt->counts.changed;
	counts->unchanged += attempt->counts.unchanged;
	return true;
}

static bool take_number(void *ctx, const struct attempt *attempt, const char *detail)
{
	(void)detail;
	*(int64_t *)ctx = attempt->no;
	return false;
}

void mirror_sync(struct mirror *mirror, const char *const *types, enum sync_mode mode, struct put_counts *ret_counts)
{
	struct sync_options options = { .store_path = mirror->path, .vault = mirror->vault, .settings = mirror->settings,
					.catalogue = mirror->catalogue, .env = env_real(), .who = "bench",
					.transport_new = transport_new, .transport_free = transport_free, .ctx = mirror };
	struct sync_wish wish = { .types = types, .mode = mode, .cause = "operator" };
	struct attempt_query before = { .limit = 1, .newest_first = true }, behind = { 0 };
	struct sync *sync = NULL;
	struct error err = { 0 };
	int64_t run = 0, jobs;

	*ret_counts = (struct put_counts){ 0 };
	must(attempts_list(mirror->store, &before, take_number, &behind.after_no, NULL, &err) && sync_new(&options, &sync, &err) &&
	     sync_ask(sync, &wish, &run, &jobs, &err) && sync_start(sync, mirror->workers, false, &err), &err);
	sync_wait(sync, run, INT64_MAX, NULL);
	sync_free(sync);
	must(attempts_list(mirror->store, &behind, add_counts, ret_counts, NULL, &err), &err);
}
