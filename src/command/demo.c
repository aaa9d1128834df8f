/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * `demo`: the whole product without any sign-up. A simulated ledger beside our own program, a store and key
 * file in a directory of its own, its companies connected and mirrored through real HTTP and OAuth; then what
 * was mirrored beside what the ledger holds.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "ledgerdeck/core/file.h"
#include "demo_books.h"
#include "demo_lake.h"
#include "demo_push.h"
#include "simulator.h"
#include "verbs.h"

#define PATH_LIMIT 3000
#define HEADER "vault.header"
#define CLIENT "simulator-client"
#define SECRET "simulator-secret"

static const struct printer_column columns[] = {
	{ "company", false }, { "account_id", true }, { "type", false }, { "mirrored", false }, { "ledger", false },
	{ "equal", false }, { "live", true }, { "inactive", true }, { "voided", true }, { "deleted", true }, { "parked", true },
	{ NULL, false },
};

struct demo {
	struct app app;                /* its own: store, vault, engine, settings */
	const struct printer *printer;
	char directory[PATH_LIMIT];
	int lock;                      /* descriptor; -1: none */
	struct simulator_child child;
	int64_t compared, differ;
	int64_t written, waiting;      /* documents of the made-up system */
	int64_t tied, ties;          /* sums of the days that were reconciled */
};

static void demo_clear(struct demo *demo)
{
	app_close(&demo->app);
	settings_free(demo->app.settings);
	simulator_end(&demo->child);
	if (demo->lock >= 0)
		close(demo->lock);
}

/* ---- its directory */

static bool find_directory(struct demo *demo, const char *named, struct error *err)
{
	AUTO(str_clear) struct str path = STR_INIT(PATH_LIMIT - 1);

	if (named)
		str_add(&path, named);
	else if (!file_add_place(FILE_DATA, &path, err))
		return error_prefix(err, "cannot tell where the demo is kept; name a directory with --dir");
	if (!named)
		str_add(&path, "/demo");
	if (path.len == 0 || str_is_cut(&path))
		return error_set(err, ERROR_INPUT, "the path of the demo's directory is empty or too long");
	memcpy(demo->directory, path.text, path.len + 1);
	return file_make_private_directory(demo->directory, err);
}

static void add_path(const struct demo *demo, const char *name, struct str *out)
{
	str_addf(out, "%s/%s", demo->directory, name);
}

/* One demo at a time in a directory: it would lose its files. */
static bool lock_directory(struct demo *demo, struct error *err)
{
	AUTO(str_clear) struct str path = STR_INIT(PATH_LIMIT + 40);

	add_path(demo, "lock", &path);
	demo->lock = open(path.text, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (demo->lock < 0)
		return error_set(err, ERROR_STORE, "cannot make '%s': %s", path.text, strerror(errno));
	if (flock(demo->lock, LOCK_EX | LOCK_NB) != 0)
		return error_set(err, ERROR_CONFLICT, "another demo runs in '%.180s'; end it, or use --dir", demo->directory);
	return true;
}

/* Nothing but what an earlier demo has made, by name. */
static void forget_earlier(const struct demo *demo)
{
	static const char *const names[] = { "demo.db", "demo.db-wal", "demo.db-shm", "demo.db-journal", "demo.db-bell", "demo.db-budget",
					     "demo.key", "simulator.db", "simulator.db-wal", "simulator.db-shm", "simulator.db-journal",
					     "simulator.port" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		AUTO(str_clear) struct str path = STR_INIT(PATH_LIMIT + 40);

		add_path(demo, names[i], &path);
		unlink(path.text);
	}
	demo_lake_forget(demo->directory);
}

/* ---- its settings, store and vault */

struct flags {
	char **items;  /* owned, and each of them; NULL at the end */
	size_t count, room;
};

static void flags_clear(struct flags *flags)
{
	for (size_t i = 0; i < flags->count; i++)
		free(flags->items[i]);
	free(flags->items);
}

static void add_flag(struct flags *flags, struct str *text)
{
	memory_grow(&flags->items, &flags->room, flags->count + 2, sizeof(*flags->items));
	flags->items[flags->count++] = str_take(text);
	flags->items[flags->count] = NULL;
}

/* How the person wants to work counts here as well; where and with whose keys does not. */
static void add_own_flags(const struct app *app, struct flags *flags)
{
	static const char *const sections[] = { "sync.", "log.", "ui.", "net.timeout", "net.answer_max" };
	size_t count;
	const struct setting_row *settings = settings_rows(&count);

	for (size_t i = 0; i < count; i++) {
		AUTO(str_clear) struct str text = STR_INIT(8000);
		bool ours = false;

		for (size_t k = 0; k < ARRAY_LEN(sections); k++)
			ours = ours || strncmp(settings[i].name, sections[k], strlen(sections[k])) == 0;
		if (!ours || (settings[i].flags & SETTING_SENSITIVE) ||
		    strcmp(settings_origin(app->settings, settings[i].name), "built in") == 0)
			continue;
		str_addf(&text, "%s=%s", settings[i].name, settings_text(app->settings, settings[i].name));
		add_flag(flags, &text);
	}
}

static bool load_settings(struct demo *demo, const struct app *app, struct error *err)
{
	AUTO(flags_clear) struct flags flags = { 0 };
	struct settings_sources sources = { 0 };
	AUTO(str_clear) struct str text = STR_INIT(PATH_LIMIT + 200);

	/* The real ledger's limits would make a newcomer wait a minute; the person's own settings win. */
	str_add(&text, "sync.per_second=200");
	add_flag(&flags, &text);
	str_add(&text, "sync.per_minute=12000");
	add_flag(&flags, &text);
	add_own_flags(app, &flags);
	str_add(&text, "quickbooks.environment=local");
	add_flag(&flags, &text);
	str_addf(&text, "quickbooks.local_address=http://127.0.0.1:%d", demo->child.port);
	add_flag(&flags, &text);
	str_addf(&text, "quickbooks.redirect_local=http://127.0.0.1:%d/oauth2/code", demo->child.port);
	add_flag(&flags, &text);
	str_addf(&text, "vault.key_file=%s/demo.key", demo->directory);
	add_flag(&flags, &text);
	str_addf(&text, "store.path=%s/demo.db", demo->directory);
	add_flag(&flags, &text);
	sources.flags = (const char *const *)flags.items;
	return settings_load(&sources, &demo->app.settings, err);
}

static bool make_vault(struct demo *demo, struct error *err)
{
	AUTO(opener_clear) struct opener opener = { 0 };
	AUTO(str_clear) struct str header = STR_INIT(65536);
	AUTO(store_end) struct store *transaction = demo->app.store;
	struct vault_opener by;
	bool made;

	if (!opener_key_file(settings_text(demo->app.settings, "vault.key_file"), true, &opener, &made, err))
		return false;
	by = opener_of(&opener);
	if (store_get(demo->app.store, HEADER, &header, err))
		return vault_unlock(store_uuid(demo->app.store), &by, header.text, header.len, &demo->app.vault, err);
	return err->code == ERROR_NONE &&
	       vault_new(store_uuid(demo->app.store), &by, VAULT_INTERACTIVE, &header, &demo->app.vault, err) &&
	       store_begin(demo->app.store, err) && store_set(demo->app.store, HEADER, header.text, header.len, err) &&
	       audit_add(demo->app.store, demo->app.who, "vault init", "", "", "key file", verb_now(&demo->app), err) &&
	       store_commit(transaction, err);
}

static bool open_all(struct demo *demo, const struct app *app, struct error *err)
{
	demo->app.catalogue = app->catalogue;
	demo->app.env = app->env;
	demo->app.cancel = app->cancel;
	demo->app.ask = app->ask;
	demo->app.ask_ctx = app->ask_ctx;
	demo->app.interactive = app->interactive;
	memcpy(demo->app.who, app->who, sizeof(demo->app.who));
	if (!load_settings(demo, app, err))
		return false;
	snprintf(demo->app.store_path, sizeof(demo->app.store_path), "%s", settings_text(demo->app.settings, "store.path"));
	if (!store_open(demo->app.store_path, STORE_CREATE, 0, &demo->app.store, err))
		return false;
	demo->app.store_writes = true;
	return make_vault(demo, err) && app_sync(&demo->app, err);
}

/* ---- connecting */

static void attempt_freep(struct connect_attempt **attempt)
{
	connect_attempt_free(*attempt);
}

/* A token is made there, brought here, and agreed to. */
static bool bring_token(struct demo *demo, struct connect_world *world, const struct connect_company *company, struct error *err)
{
	struct attempt_options options = { .provider = company->provider, .environment = ENVIRONMENT_LOCAL };
	AUTO(attempt_freep) struct connect_attempt *attempt = NULL;
	AUTO(secret_freep) struct secret *token = NULL;
	struct connect_result result;
	struct account account;
	int64_t expires_ms;

	if (!connect_local_token(world, company->realm, &token, &expires_ms, err) ||
	    !connect_token(world, &options, token, expires_ms, &attempt, &result, err) ||
	    !connect_confirm(world, attempt, &account, err))
		return error_prefix(err, "cannot connect '%.60s'", company->name);
	verb_note(demo->printer, "Connected '%s'.", account.name);
	return true;
}

/* The way of a person, by a program: open the address, agree, paste what comes, look, confirm. */
static bool sign_in(struct demo *demo, struct connect_world *world, const struct connect_company *company, struct error *err)
{
	struct attempt_options options = { .provider = "quickbooks", .environment = ENVIRONMENT_LOCAL };
	AUTO(attempt_freep) struct connect_attempt *attempt = NULL;
	AUTO(secret_freep) struct secret *text = NULL;
	AUTO(paste_clear) struct paste paste = { 0 };
	struct connect_result result;
	struct account account;

	if (!connect_begin(world, &options, &attempt, err) || !connect_local_consent(world, attempt, company->realm, &text, err) ||
	    !paste_parse(secret_reveal(text), secret_len(text), connect_redirect(attempt), &paste, err) ||
	    !connect_answer(world, attempt, &paste, &result, err) || !connect_confirm(world, attempt, &account, err))
		return error_prefix(err, "cannot connect '%.60s'", company->name);
	verb_note(demo->printer, "Connected '%s'.", account.name);
	return true;
}

static bool connect_all(struct demo *demo, struct error *err)
{
	AUTO(memory_freep) struct connect_company *companies = NULL;
	AUTO(secret_freep) struct secret *secret = secret_copy(SECRET, strlen(SECRET));
	struct connect_world world;
	size_t count = 0;

	app_world(&demo->app, &world);
	if (!connect_app_set(&world, "quickbooks", ENVIRONMENT_LOCAL, CLIENT, secret, err) ||
	    !connect_local_companies(&world, &companies, &count, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		struct connect_way way;

		if (!connect_way(companies[i].provider, &way))
			return error_set(err, ERROR_REMOTE, "the simulator has a company of '%.15s', which this program does not know", companies[i].provider);
		if (!(way.by_token ? bring_token : sign_in)(demo, &world, &companies[i], err))
			return false;
	}
	return count > 0 || error_set(err, ERROR_REMOTE, "the simulator has no companies");
}

/* ---- comparing */

static void print_pair(struct demo *demo, const struct account *account, const struct object *object, int64_t ledger)
{
	const struct printer *printer = demo->printer;
	int64_t mirrored = object->live + object->inactive + object->voided;

	demo->compared++;
	demo->differ += mirrored != ledger;
	printer->row(printer->ctx);
	printer->text(printer->ctx, "company", account->name);
	printer->text(printer->ctx, "account_id", account->id);
	printer->text(printer->ctx, "type", object->type);
	printer->number(printer->ctx, "mirrored", mirrored);
	printer->number(printer->ctx, "ledger", ledger);
	printer->flag(printer->ctx, "equal", mirrored == ledger);
	printer->number(printer->ctx, "live", object->live);
	printer->number(printer->ctx, "inactive", object->inactive);
	printer->number(printer->ctx, "voided", object->voided);
	printer->number(printer->ctx, "deleted", object->deleted);
	printer->number(printer->ctx, "parked", object->parked);
}

static bool compare_account(struct demo *demo, const struct account *account, struct error *err)
{
	AUTO(object_list_clear) struct object_list objects = { 0 };

	if (!objects_all(demo->app.store, account->id, &objects, err))
		return false;
	for (size_t i = 0; i < objects.count; i++) {
		const struct type *type = catalogue_find(demo->app.catalogue, account->provider, objects.items[i].type);
		int64_t ledger;

		if (!type)
			continue;
		if (!sync_count(demo->app.sync, account->id, type, demo->app.cancel, &ledger, err))
			return error_prefix(err, "cannot count %s of '%.60s'", type->name, account->name);
		print_pair(demo, account, &objects.items[i], ledger);
	}
	return true;
}

static bool compare(struct demo *demo, struct error *err)
{
	AUTO(account_list_clear) struct account_list list = { 0 };

	if (!accounts_all(demo->app.store, &list, err))
		return false;
	demo->printer->begin(demo->printer->ctx, "demo", columns);
	for (size_t i = 0; i < list.count; i++)
		if (!compare_account(demo, &list.items[i], err))
			return false;
	demo->printer->end(demo->printer->ctx);
	return true;
}

/* ---- the command */

static bool prepare(struct demo *demo, const struct app *app, const struct arguments *arguments, struct error *err)
{
	if (!find_directory(demo, argument(arguments, "--dir"), err) || !lock_directory(demo, err))
		return false;
	if (!argument_given(arguments, "--keep"))
		forget_earlier(demo);
	verb_note(demo->printer, "Starting simulated ledgers; everything of the demo is kept in '%s'.", demo->directory);
	return simulator_start(demo->directory, app->cancel, &demo->child, err) && open_all(demo, app, err) && connect_all(demo, err);
}

static void say_next(struct demo *demo)
{
	AUTO(str_clear) struct str question = STR_INIT(2000);

	if (demo->differ == 0)
		verb_note(demo->printer, "All %lld types are mirrored completely.", (long long)demo->compared);
	else
		verb_note(demo->printer, "%lld of %lld types differ: see 'ledgerdeck log' below.", (long long)demo->differ,
			  (long long)demo->compared);
	verb_note(demo->printer, "Of the documents that came in, %lld were written and confirmed, %lld wait for a person: 'attention' says for what.",
		  (long long)demo->written, (long long)demo->waiting);
	if (demo->ties > 0)
		verb_note(demo->printer, "The last days were reconciled and signed: %lld of %lld sums tie to the ledger's own reports; the others hold what "
			  "stock costs, which the ledger alone knows.", (long long)demo->tied,
			  (long long)demo->ties);
	demo_lake_question(&demo->app, demo->directory, &question);
	verb_note(demo->printer, "Two companies' records are Parquet files in '%s/lake'. Who has DuckDB may ask them:", demo->directory);
	verb_must(demo->printer, "%s", question.text);
	verb_note(demo->printer, "To look around: ledgerdeck --store '%s' status", demo->app.store_path);
}

static enum command_exit run(struct app *app, const struct arguments *arguments, const struct printer *printer,
			     struct error *err)
{
	AUTO(demo_clear) struct demo demo = { .printer = printer, .lock = -1 };
	struct sync_wish wish = { .mode = SYNC_CHANGES, .cause = "connect" };
	struct verb_tally tally;

	if (!prepare(&demo, app, arguments, err) || !verb_sync(&demo.app, &wish, 1, printer, false, &tally, err))
		return verb_failed(err);
	/* Before anything is written there, and once more behind it: all that there was, and what has changed. */
	if (!argument_given(arguments, "--keep") && !demo_lake(&demo.app, demo.directory, printer, err))
		return verb_failed(err);
	/* One that is gone on with has its documents already. */
	if (!argument_given(arguments, "--keep") && !demo_push(&demo.app, demo.directory, printer, &demo.written, &demo.waiting, err))
		return verb_failed(err);
	if (!argument_given(arguments, "--keep") && !demo_entity(&demo.app, demo.directory, printer, &demo.written, err))
		return verb_failed(err);
	if (!argument_given(arguments, "--keep") && !demo_books(&demo.app, demo.directory, printer, &demo.tied, &demo.ties, err))
		return verb_failed(err);
	if (!demo_lake(&demo.app, demo.directory, printer, err) || !compare(&demo, err))
		return verb_failed(err);
	say_next(&demo);
	/* Where an earlier demo was left is not there any more. */
	demo.app.fresh = demo.app.fresh || !argument_given(arguments, "--keep");
	if (app->interactive && app->deck)
		return app->deck(&demo.app, err);
	return demo.differ == 0 && tally.failed == 0 && (demo.written > 0 || argument_given(arguments, "--keep")) ? EXIT_DONE : EXIT_FAILED;
}

static const struct argument_row rows[] = {
	{ "--dir", "PATH", false, false, "keep its files there, not in the data directory" },
	{ "--keep", NULL, false, false, "go on with what the last demo left" },
};

const struct command command_demo = {
	.name = "demo", .summary = "show it all with a simulated ledger, no sign-up needed", .arguments = rows,
	.argument_count = ARRAY_LEN(rows), .run = run,
};
