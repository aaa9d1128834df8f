/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `retry`: try again what failed, from where it is seen: by the number of an attempt, or all of it. */
#include <stdio.h>
#include <string.h>

#include "verbs.h"

struct wishes {
	struct sync_wish *items;   /* owned; each with one type */
	const char *(*types)[2];   /* owned: what their `types` point to */
	char (*accounts)[ACCOUNT_ID_MAX]; /* owned */
	size_t count, room;
	bool backup;
	char path[1000];           /* of the backup; "" the settings' directory */
};

static void wishes_clear(struct wishes *wishes)
{
	memory_freep(&wishes->items);
	memory_freep(&wishes->types);
	memory_freep(&wishes->accounts);
}

static void add(struct wishes *wishes, const char *account_id, const struct type *type)
{
	size_t room = wishes->room;

	for (size_t i = 0; i < wishes->count; i++)
		if (strcmp(wishes->accounts[i], account_id) == 0 && wishes->types[i][0] == type->name)
			return;
	if (wishes->count == room) {
		wishes->room = room ? 2 * room : 64;
		wishes->types = memory_resize(wishes->types, wishes->room * sizeof(*wishes->types));
		wishes->accounts = memory_resize(wishes->accounts, wishes->room * sizeof(*wishes->accounts));
	}
	wishes->types[wishes->count][0] = type->name;
	wishes->types[wishes->count][1] = NULL;
	memcpy(wishes->accounts[wishes->count], account_id, ACCOUNT_ID_MAX);
	wishes->count++;
}

/* Only now, when nothing moves any more. */
static void finish(struct wishes *wishes)
{
	wishes->items = memory_new((wishes->count + 1) * sizeof(*wishes->items));
	for (size_t i = 0; i < wishes->count; i++)
		wishes->items[i] = (struct sync_wish){ .account_id = wishes->accounts[i], .types = wishes->types[i],
						       .mode = SYNC_CHANGES, .cause = "retry" };
}

static bool add_attempt(struct app *app, const char *word, struct wishes *wishes, struct error *err)
{
	struct attempt attempt;
	struct account account;
	const struct type *type;
	int64_t no;
	bool found;

	if (!verb_number(word, "retry", 1, INT64_C(999999999999999999), &no, err) ||
	    !attempts_get(app->store, no, &attempt, &found, err))
		return false;
	if (!found)
		return error_set(err, ERROR_INPUT, "the log has no attempt %lld; see 'ledgerdeck log --state failed'", (long long)no);
	if (!*attempt.account_id && strcmp(attempt.type, SYNC_BACKUP) == 0) {
		wishes->backup = true;
		/* One that was made by name goes where it should have gone, the others under a new name. */
		snprintf(wishes->path, sizeof(wishes->path), "%s", strcmp(attempt.cause, "operator") == 0 ? attempt.detail : "");
		return true;
	}
	if (!accounts_get(app->store, attempt.account_id, &account, &found, err))
		return false;
	type = found ? catalogue_find(app->catalogue, account.provider, attempt.type) : NULL;
	if (!type)
		return error_set(err, ERROR_INPUT, "attempt %lld was a %s of '%.60s', which can't be tried again", (long long)no,
				 attempt.job, attempt.type);
	add(wishes, account.id, type);
	return true;
}

/* What did not go well and is not done yet; what waits for approval is `sync --approve`'s. */
static bool add_failed(struct app *app, const struct account_list *accounts, struct wishes *wishes, struct error *err)
{
	for (size_t i = 0; i < accounts->count; i++) {
		AUTO(object_list_clear) struct object_list objects = { 0 };

		if (accounts->items[i].state != ACCOUNT_OK)
			continue;
		if (!objects_all(app->store, accounts->items[i].id, &objects, err))
			return false;
		for (size_t k = 0; k < objects.count; k++) {
			const struct object *object = &objects.items[k];
			const struct type *type = catalogue_find(app->catalogue, accounts->items[i].provider, object->type);

			if ((object->status == OBJECT_FAILED || object->status == OBJECT_DEAD) && type)
				add(wishes, accounts->items[i].id, type);
		}
	}
	return true;
}

static enum command_exit run(struct app *app, const struct arguments *arguments, const struct printer *printer,
			     struct error *err)
{
	const char *const *ids = argument_all(arguments, "ID"), *const *names = argument_all(arguments, "--account");
	AUTO(account_list_clear) struct account_list accounts = { 0 };
	AUTO(wishes_clear) struct wishes wishes = { 0 };
	struct verb_tally tally;

	if ((ids != NULL) == (argument_given(arguments, "--all") || names)) {
		error_set(err, ERROR_INPUT, "what shall be tried again? numbers of 'ledgerdeck log --state failed', or --all");
		return EXIT_USAGE;
	}
	for (size_t i = 0; ids && ids[i]; i++)
		if (!add_attempt(app, ids[i], &wishes, err))
			return verb_failed(err);
	if (!ids && (!verb_accounts(app, names, &accounts, err) || !add_failed(app, &accounts, &wishes, err)))
		return verb_failed(err);
	if (wishes.backup && wishes.count > 0) {
		error_set(err, ERROR_INPUT, "a backup is tried again by itself: name it alone");
		return EXIT_USAGE;
	}
	if (wishes.backup)
		return verb_backup(app, *wishes.path ? wishes.path : NULL, false, *wishes.path ? "operator" : "retry", printer, err)
			       ? EXIT_DONE : verb_failed(err);
	if (wishes.count == 0)
		verb_note(printer, "Nothing has failed: there is nothing to try again.");
	finish(&wishes);
	if (!verb_sync(app, wishes.items, wishes.count, printer, true, &tally, err))
		return verb_failed(err);
	return verb_tally_exit(&tally);
}

static const struct argument_row rows[] = {
	{ "ID", NULL, true, false, "numbers of attempts, as 'ledgerdeck log' shows them" },
	{ "--all", NULL, false, false, "everything that has failed" },
	{ "--account", "ACCOUNT", true, false, "everything that has failed in this account" },
};

const struct command command_retry = {
	.name = "retry", .summary = "try again what failed", .needs = NEEDS_STORE | NEEDS_WRITE | NEEDS_VAULT | NEEDS_SYNC | CHANGES_THINGS,
	.arguments = rows, .argument_count = ARRAY_LEN(rows), .run = run,
};
