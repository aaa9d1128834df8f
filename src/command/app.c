/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Brings up what a command may use: the store, the vault, the engine. Each once, when it is first needed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/holder.h"
#include "verbs.h"

#define EVENTS_MAX 4096

void app_close(struct app *app)
{
	struct error ignored;

	sync_free(app->sync);
	queue_free(app->events);
	vault_free(app->vault);
	connect_transport_free(app->transport);
	if (app->store && app->store_writes)
		store_checkpoint(app->store, &ignored);
	store_close(app->store);
	app->sync = NULL;
	app->events = NULL;
	app->vault = NULL;
	app->transport = (struct transport){ 0 };
	app->store = NULL;
}

bool app_find(struct app *app, struct error *err)
{
	AUTO(str_clear) struct str path = STR_INIT(sizeof(app->store_path) - 1);
	const char *set = *app->store_flag ? app->store_flag : settings_text(app->settings, "store.path");

	if (*app->store_path)
		return true;
	if (*set) {
		str_add(&path, set);
	} else {
		if (!file_add_place(FILE_DATA, &path, err))
			return error_prefix(err, "cannot tell where the store is; name it with --store");
		str_add(&path, "/ledgerdeck.db");
	}
	if (str_is_cut(&path))
		return error_set(err, ERROR_INPUT, "the path of the store is too long");
	memcpy(app->store_path, path.text, path.len + 1);
	return true;
}

/* One that is there but of an older program is brought up to date even if it is only to be read, where that is allowed. */
static bool open_store(const struct app *app, bool write, struct store **ret_store, struct error *err)
{
	int busy_ms = (int)settings_number(app->settings, "store.busy") * 1000;
	bool there = file_exists(app->store_path);

	/* One that isn't there is made by `vault init` and `demo` only. */
	if (write)
		return store_open(app->store_path, there ? STORE_CREATE : STORE_WRITE, busy_ms, ret_store, err);
	if (store_open(app->store_path, STORE_READ, busy_ms, ret_store, err))
		return true;
	if (app->readonly || !there || !store_open(app->store_path, STORE_CREATE, busy_ms, ret_store, NULL))
		return false;
	error_clear(err);
	return true;
}

bool app_store(struct app *app, bool write, struct error *err)
{
	struct store *store;

	if (app->store && (app->store_writes || !write))
		return true;
	if (write && app->readonly)
		return error_set(err, ERROR_INPUT, "this needs to write, which --readonly forbids");
	if (!app_find(app, err))
		return false;
	if (!open_store(app, write, &store, err))
		return false;
	store_close(app->store);
	app->store = store;
	app->store_writes = write;
	return true;
}

bool app_vault(struct app *app, struct error *err)
{
	AUTO(str_clear) struct str header = STR_INIT(65536);
	AUTO(opener_clear) struct opener opener = { 0 };
	struct vault_opener by;

	if (app->vault)
		return true;
	if (!app_store(app, false, err) || !opener_header(app, &header, err) ||
	    !opener_get(app, header.text, header.len, &opener, err))
		return false;
	by = opener_of(&opener);
	if (vault_unlock(store_uuid(app->store), &by, header.text, header.len, &app->vault, err))
		return true;
	if (err->code == ERROR_AUTH)
		return error_set(err, ERROR_AUTH, "the vault stays locked: the %s is wrong, or the vault is damaged; nothing was "
				 "changed", opener.source);
	return false;
}

enum personal app_personal(const struct app *app)
{
	return strcmp(settings_text(app->settings, "ui.personal"), "shown") == 0 ? PERSONAL_SHOWN : PERSONAL_MASKED;
}

bool app_has_vault(struct app *app)
{
	AUTO(str_clear) struct str header = STR_INIT(65536);
	struct error ignored = { 0 };

	return app_store(app, false, &ignored) && opener_header(app, &header, &ignored);
}

static struct transport new_transport(void *ctx)
{
	return connect_transport_new(ctx);
}

static void free_transport(void *ctx, struct transport transport)
{
	(void)ctx;
	connect_transport_free(transport);
}

bool app_sync(struct app *app, struct error *err)
{
	struct sync_options options = { .settings = app->settings, .catalogue = app->catalogue, .env = app->env, .who = app->who,
					.transport_new = new_transport, .transport_free = free_transport,
					.ctx = app->settings };

	if (app->sync)
		return true;
	if (!app_store(app, true, err) || !app_vault(app, err))
		return false;
	app->events = queue_new(EVENTS_MAX, free);
	options.store_path = app->store_path;
	options.vault = app->vault;
	options.events = app->events;
	if (sync_new(&options, &app->sync, err))
		return true;
	queue_free(app->events);
	app->events = NULL;
	return false;
}

void app_world(struct app *app, struct connect_world *ret_world)
{
	if (!app->transport.perform)
		app->transport = connect_transport_new(app->settings);
	if (!*app->holder) {
		char process[HOLDER_MAX];

		holder_name(process, sizeof(process));
		/* Not the engine's name: its leases are none of ours. */
		snprintf(app->holder, sizeof(app->holder), "%s:command", process);
	}
	*ret_world = (struct connect_world){ .store = app->store, .vault = app->vault, .settings = app->settings,
					     .env = app->env, .transport = app->transport, .cancel = app->cancel,
					     .who = app->who, .holder = app->holder };
}
