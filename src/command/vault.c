/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `vault init | status | passwd | rotate | lock`: making the vault, and changing what opens it. */
#include <string.h>

#include "ledgerdeck/core/file.h"
#include "verbs.h"

#define HEADER "vault.header"
#define HEADER_LIMIT 65536

static enum vault_cost cost_of(const struct app *app)
{
	const char *word = settings_text(app->settings, "vault.cost");

	return strcmp(word, "interactive") == 0 ? VAULT_INTERACTIVE : strcmp(word, "sensitive") == 0 ? VAULT_SENSITIVE : VAULT_MODERATE;
}

/*
 * What shall open the vault from now on: a key file that was named, the credential, the settings' key file, else a
 * passphrase that is asked for.
 */
static bool new_opener(struct app *app, const struct arguments *arguments, const struct printer *printer,
		       struct opener *ret_opener, struct error *err)
{
	const char *path = argument(arguments, "--key-file");
	bool found = false, made;

	if (argument_given(arguments, "--passphrase"))
		return path ? error_set(err, ERROR_INPUT, "a passphrase or a key file opens the vault, not both")
			    : opener_ask_new(app, ret_opener, err);
	if (!path && !opener_credential(app, ret_opener, &found, err))
		return false;
	if (found)
		return true;
	if (!path && *settings_text(app->settings, "vault.key_file"))
		path = settings_text(app->settings, "vault.key_file");
	if (!path)
		return opener_ask_new(app, ret_opener, err);
	if (!opener_key_file(path, true, ret_opener, &made, err))
		return false;
	if (made)
		verb_note(printer, "Made the key file '%s'. Keep a copy elsewhere: without it nothing in the vault can be read again.", path);
	if (strcmp(path, settings_text(app->settings, "vault.key_file")) != 0)
		verb_note(printer, "So that it is found, set in ledgerdeck.conf: [vault] key_file = %s", path);
	return true;
}

/* Keep a new header beside its audit row, if nobody else has changed it meanwhile. */
static bool save_header(struct app *app, const struct str *before, const struct str *after, const char *what,
			const char *old_words, const char *new_words, struct error *err)
{
	AUTO(store_end) struct store *transaction = app->store;
	AUTO(str_clear) struct str now = STR_INIT(HEADER_LIMIT);

	if (!store_begin(app->store, err))
		return false;
	if (!store_get(app->store, HEADER, &now, err) && err->code != ERROR_NONE)
		return false;
	if (now.len != before->len || memcmp(now.text, before->text, now.len) != 0)
		return error_set(err, ERROR_CONFLICT, "somebody else has just changed the vault; look with 'ledgerdeck vault status'");
	return store_set(app->store, HEADER, after->text, after->len, err) &&
	       audit_add(app->store, app->who, what, "", old_words, new_words, verb_now(app), err) && store_commit(transaction, err);
}

/* ---- init */

static bool create_store(struct app *app, struct error *err)
{
	struct store *store;

	if (app_store(app, true, err))
		return true;
	/* Only here, and for the demo, a file that is not there is made. */
	if (err->code != ERROR_STORE || !*app->store_path || file_exists(app->store_path) || app->readonly)
		return false;
	error_clear(err);
	if (!store_open(app->store_path, STORE_CREATE, 0, &store, err))
		return false;
	app->store = store;
	app->store_writes = true;
	return true;
}

static void print_vault(struct app *app, const char *what, const struct opener *opener, const struct printer *printer)
{
	printer->begin(printer->ctx, what, NULL);
	printer->text(printer->ctx, "store", app->store_path);
	printer->text(printer->ctx, "opened_by", opener->source);
	printer->number(printer->ctx, "key_id", (int64_t)vault_key_id(app->vault));
	printer->end(printer->ctx);
}

static enum command_exit run_init(struct app *app, const struct arguments *arguments, const struct printer *printer,
				  struct error *err)
{
	AUTO(opener_clear) struct opener opener = { 0 };
	AUTO(str_clear) struct str before = STR_INIT(HEADER_LIMIT);
	AUTO(str_clear) struct str header = STR_INIT(HEADER_LIMIT);
	AUTO(str_clear) struct str text = STR_INIT(400);
	struct vault_opener by;

	if (!create_store(app, err))
		return verb_failed(err);
	if (store_get(app->store, HEADER, &before, err)) {
		error_set(err, ERROR_INPUT, "'%.160s' has a vault already; 'ledgerdeck vault passwd' changes what opens it",
			  app->store_path);
		return EXIT_USAGE;
	}
	if (err->code != ERROR_NONE || !new_opener(app, arguments, printer, &opener, err))
		return verb_failed(err);
	by = opener_of(&opener);
	if (!vault_new(store_uuid(app->store), &by, cost_of(app), &header, &app->vault, err) ||
	    !save_header(app, &before, &header, "vault init", "", opener.source, err))
		return verb_failed(err);
	print_vault(app, "vault", &opener, printer);
	verb_note(printer, "The vault is ready. Next: %s", verb_connect(&text));
	return EXIT_DONE;
}

static const struct argument_row init_rows[] = {
	{ "--key-file", "PATH", false, false, "open it with the key in this file, made if it is not there" },
	{ "--passphrase", NULL, false, false, "open it with a passphrase, whatever the settings say" },
};

const struct command command_vault_init = {
	.name = "vault init", .summary = "make the store and its vault", .needs = CHANGES_THINGS, .arguments = init_rows,
	.argument_count = ARRAY_LEN(init_rows), .run = run_init,
};

/* ---- status */

static enum command_exit run_status(struct app *app, const struct arguments *arguments, const struct printer *printer,
				    struct error *err)
{
	AUTO(str_clear) struct str header = STR_INIT(HEADER_LIMIT);
	struct vault_description description;
	int64_t keys, old;

	(void)arguments;
	if (!opener_header(app, &header, err) || !vault_describe(header.text, header.len, &description, err) ||
	    !connect_count_keys(app->store, description.key_id, &keys, &old, err))
		return verb_failed(err);
	printer->begin(printer->ctx, "vault", NULL);
	printer->text(printer->ctx, "store", app->store_path);
	printer->text(printer->ctx, "opened_by", description.passphrase ? "passphrase" : "key file");
	verb_text(printer, "key_file", description.passphrase ? "" : settings_text(app->settings, "vault.key_file"));
	printer->number(printer->ctx, "memory_mib", description.memory_kib / 1024);
	printer->number(printer->ctx, "passes", description.passes);
	printer->number(printer->ctx, "key_id", description.key_id);
	printer->number(printer->ctx, "vault_keys", (int64_t)description.keys);
	printer->number(printer->ctx, "account_keys", keys);
	printer->number(printer->ctx, "account_keys_of_old", old);
	printer->flag(printer->ctx, "rotating", description.keys > 1);
	printer->end(printer->ctx);
	if (description.keys > 1)
		verb_note(printer, "A rotation was interrupted; 'ledgerdeck vault rotate' finishes it.");
	return EXIT_DONE;
}

const struct command command_vault_status = {
	.name = "vault status", .summary = "say what opens the vault and how its keys stand", .needs = NEEDS_STORE,
	.run = run_status,
};

/* ---- passwd */

static enum command_exit run_passwd(struct app *app, const struct arguments *arguments, const struct printer *printer,
				    struct error *err)
{
	AUTO(opener_clear) struct opener opener = { 0 };
	AUTO(str_clear) struct str before = STR_INIT(HEADER_LIMIT);
	AUTO(str_clear) struct str header = STR_INIT(HEADER_LIMIT);
	struct vault_description description;
	struct vault_opener by;

	if (!opener_header(app, &before, err) || !vault_describe(before.text, before.len, &description, err) ||
	    !new_opener(app, arguments, printer, &opener, err))
		return verb_failed(err);
	by = opener_of(&opener);
	if (!vault_rewrap(app->vault, &by, cost_of(app), &header, err) ||
	    !save_header(app, &before, &header, "vault passwd", description.passphrase ? "passphrase" : "key file", opener.source, err))
		return verb_failed(err);
	print_vault(app, "vault", &opener, printer);
	verb_note(printer, "The vault opens with the new %s only. Old backups open with what opened them.", opener.source);
	return EXIT_DONE;
}

const struct command command_vault_passwd = {
	.name = "vault passwd", .summary = "change what opens the vault: passphrase or key file",
	.needs = NEEDS_STORE | NEEDS_WRITE | NEEDS_VAULT | CHANGES_THINGS, .arguments = init_rows,
	.argument_count = ARRAY_LEN(init_rows), .run = run_passwd,
};

/* ---- rotate */

/* A new key beside the old ones, unless an interrupted rotation has made it. */
static bool make_key(struct app *app, const struct vault_opener *by, struct str *header, struct error *err)
{
	AUTO(str_clear) struct str after = STR_INIT(HEADER_LIMIT);
	struct vault_description description;

	if (!vault_describe(header->text, header->len, &description, err))
		return false;
	if (description.keys > 1)
		return true;
	if (!vault_rotate(app->vault, by, &after, err) || !save_header(app, header, &after, "vault rotate", "", "a new key", err))
		return false;
	str_reset(header);
	str_add_bytes(header, after.text, after.len);
	return true;
}

static bool rotate(struct app *app, const struct vault_opener *by, struct str *header, int64_t *ret_rewrapped, struct error *err)
{
	AUTO(str_clear) struct str after = STR_INIT(HEADER_LIMIT);
	struct connect_world world;
	int64_t keys, old;

	app_world(app, &world);
	if (!make_key(app, by, header, err) || !connect_rewrap_keys(&world, ret_rewrapped, err) ||
	    !connect_count_keys(app->store, vault_key_id(app->vault), &keys, &old, err))
		return false;
	/* An account that was connected meanwhile by a process with the old key. */
	if (old > 0)
		return error_set(err, ERROR_CONFLICT, "%lld keys are still wrapped by the old one; run 'ledgerdeck vault rotate' again",
				 (long long)old);
	if (!vault_retire(app->vault, by, &after, err) ||
	    !save_header(app, header, &after, "vault rotate", "", "old keys retired", err))
		return false;
	/* What was overwritten must not live on in the log beside the file. */
	return store_checkpoint(app->store, err);
}

static enum command_exit run_rotate(struct app *app, const struct arguments *arguments, const struct printer *printer,
				    struct error *err)
{
	AUTO(opener_clear) struct opener opener = { 0 };
	AUTO(str_clear) struct str header = STR_INIT(HEADER_LIMIT);
	struct vault_opener by;
	int64_t rewrapped;

	(void)arguments;
	if (!opener_header(app, &header, err) || !opener_get(app, header.text, header.len, &opener, err))
		return verb_failed(err);
	by = opener_of(&opener);
	if (!app->vault && !vault_unlock(store_uuid(app->store), &by, header.text, header.len, &app->vault, err)) {
		if (err->code == ERROR_AUTH)
			error_set(err, ERROR_AUTH, "the vault stays locked: the %s is wrong, or the vault is damaged; nothing was changed",
				  opener.source);
		return verb_failed(err);
	}
	if (!rotate(app, &by, &header, &rewrapped, err)) {
		if (err->code == ERROR_CANCELLED)
			verb_note(printer, "Interrupted; everything can be read, and 'ledgerdeck vault rotate' finishes it.");
		return verb_failed(err);
	}
	printer->begin(printer->ctx, "vault", NULL);
	printer->text(printer->ctx, "store", app->store_path);
	printer->text(printer->ctx, "opened_by", opener.source);
	printer->number(printer->ctx, "key_id", (int64_t)vault_key_id(app->vault));
	printer->number(printer->ctx, "rewrapped", rewrapped);
	printer->end(printer->ctx);
	return EXIT_DONE;
}

const struct command command_vault_rotate = {
	.name = "vault rotate", .summary = "make a new vault key and retire the old one",
	.needs = NEEDS_STORE | NEEDS_WRITE | CHANGES_THINGS, .run = run_rotate,
};

/* ---- lock */

static enum command_exit run_lock(struct app *app, const struct arguments *arguments, const struct printer *printer,
				  struct error *err)
{
	bool was_open = app->vault != NULL;

	(void)arguments;
	(void)err;
	sync_free(app->sync);
	app->sync = NULL;
	app->sync_runs = false;
	queue_free(app->events);
	app->events = NULL;
	vault_free(app->vault);
	app->vault = NULL;
	printer->begin(printer->ctx, "vault", NULL);
	printer->flag(printer->ctx, "locked", true);
	printer->flag(printer->ctx, "was_open", was_open);
	printer->end(printer->ctx);
	verb_note(printer, was_open ? "Locked: the keys are forgotten, and what ran was stopped."
				    : "Nothing was open here: each command forgets the keys when it ends. A scheduler that runs elsewhere "
				      "keeps them until it is stopped.");
	return EXIT_DONE;
}

const struct command command_vault_lock = {
	.name = "vault lock", .summary = "forget the keys that this program holds", .run = run_lock,
};
