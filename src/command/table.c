/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of all commands, finding one by its name, and running it with what it needs. */
#include <string.h>

#include "ledgerdeck/model/nearest.h"
#include "verbs.h"

static const struct command *const table[] = {
	&command_accounts, &command_connect, &command_disconnect, &command_refresh,
	&command_sync, &command_status, &command_attention, &command_log, &command_retry, &command_run_headless,
	&command_pause, &command_resume, &command_interval,
	&command_objects, &command_show, &command_types, &command_sql,
	&command_import, &command_export, &command_exports, &command_destinations, &command_resources, &command_link, &command_unlink, &command_requests, &command_organizations, &command_map, &command_policy, &command_rates,
	&command_plan, &command_plans, &command_decide, &command_apply, &command_outbox,
	&command_reconcile, &command_sessions, &command_exceptions, &command_ties, &command_resolve, &command_sign, &command_evidence,
	&command_vault_init, &command_vault_status, &command_vault_passwd, &command_vault_rotate, &command_vault_lock,
	&command_backup, &command_restore, &command_doctor, &command_who, &command_audit, &command_settings, &command_keys, &command_demo, &command_help, &command_version,
};

static const struct argument_row globals[] = {
	{ "--profile", "NAME", false, false, "lay the settings' sections [profile.NAME...] over the others" },
	{ "--env-file", "FILE", false, false, "take settings from a file of NAME=VALUE lines" },
	{ "--set", "NAME=VALUE", true, false, "set one setting; secrets are refused" },
	{ "--store", "PATH", false, false, "the file that holds everything" },
	{ "--json", NULL, false, false, "print one JSON document" },
	{ "--csv", NULL, false, false, "print tables as CSV" },
	{ "--quiet", NULL, false, false, "no notes and no progress, only results and errors" },
	{ "--readonly", NULL, false, false, "refuse whatever would change anything" },
	{ "--color", "WHEN", false, false, "colours in the deck: never, always, or auto, which heeds NO_COLOR" },
	{ "--plain", NULL, false, false, "the deck as lines, for screen readers, terminals that cannot be drawn on, and pipes" },
	{ "--fresh", NULL, false, false, "open the deck on the dashboard, not where it was left" },
	{ "--help", NULL, false, false, "print help, also on a command, and end" },
	{ "--version", NULL, false, false, "print the version and end" },
};

const struct argument_row *command_globals(size_t *ret_count)
{
	*ret_count = ARRAY_LEN(globals);
	return globals;
}

const struct command *const *command_all(size_t *ret_count)
{
	*ret_count = ARRAY_LEN(table);
	return table;
}

const struct command *command_find(const char *name, const char **ret_near)
{
	struct nearest nearest = nearest_start(name, strlen(name));

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		if (strcmp(table[i]->name, name) == 0)
			return table[i];
		nearest_try(&nearest, table[i]->name);
	}
	if (ret_near)
		*ret_near = nearest.best;
	return NULL;
}

enum command_exit command_exit_of(const struct error *error)
{
	static const enum command_exit exits[ERROR_CODE_COUNT] = {
		[ERROR_NONE] = EXIT_DONE,         [ERROR_INPUT] = EXIT_USAGE,      [ERROR_AUTH] = EXIT_LOCKED,
		[ERROR_LIMIT] = EXIT_BUDGET,      [ERROR_NETWORK] = EXIT_FAILED,   [ERROR_REMOTE] = EXIT_FAILED,
		[ERROR_CONFLICT] = EXIT_PERSON,   [ERROR_STORE] = EXIT_FAILED,     [ERROR_CANCELLED] = EXIT_INTERRUPTED,
		[ERROR_INTERNAL] = EXIT_FAILED,
	};

	return error->outcome_unknown && error->code != ERROR_NONE ? EXIT_UNKNOWN : exits[error->code];
}

enum command_exit command_run(struct app *app, const struct command *command, const struct arguments *arguments,
			      const struct printer *printer, struct error *err)
{
	unsigned needs = command->needs;

	error_clear(err);
	if ((needs & CHANGES_THINGS) && app->readonly) {
		error_set(err, ERROR_INPUT, "'%s' changes things, which --readonly forbids", command->name);
		return EXIT_USAGE;
	}
	if (((needs & (NEEDS_STORE | NEEDS_WRITE)) && !app_store(app, needs & NEEDS_WRITE, err)) ||
	    ((needs & NEEDS_VAULT) && !app_vault(app, err)) || ((needs & NEEDS_SYNC) && !app_sync(app, err)))
		return command_exit_of(err);
	return command->run(app, arguments, printer, err);
}
