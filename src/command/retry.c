/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `retry`: try again what failed, from where it is seen: by the number of an attempt, or all of it. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "ledgerdeck/sync/feed.h"
#include "verbs.h"

struct wishes {
	struct sync_wish *items;   /* owned; each with one type */
	const char *(*types)[2];   /* owned: what their `types` point to */
	char (*accounts)[ACCOUNT_ID_MAX]; /* owned */
	size_t count, room;
	bool backup;
	char path[1000];           /* of the backup; "" the settings' directory */
	char feed[FEED_ID_MAX];    /* of an export; "" : none */
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

/* `ret_none`: what can't be tried again by itself, such as a renewal of tokens. */
static bool add_attempt(struct app *app, const char *word, struct wishes *wishes, size_t *ret_none, struct error *err)
{
	AUTO(str_clear) struct str detail = STR_INIT(sizeof(wishes->path) - 1);
	struct attempt attempt;
	struct account account;
	const struct type *type;
	int64_t no;
	bool found;

	if (!verb_number(word, "retry", 1, INT64_C(999999999999999999), &no, err) ||
	    !attempts_get(app->store, no, &attempt, &detail, &found, err))
		return false;
	if (!found)
		return error_set(err, ERROR_INPUT, "the log has no attempt %lld; see 'ledgerdeck log --state failed'", (long long)no);
	if (!*attempt.account_id && strcmp(attempt.type, SYNC_BACKUP) == 0) {
		wishes->backup = true;
		/* One that was made by name goes where it should have gone, the others under a new name. */
		snprintf(wishes->path, sizeof(wishes->path), "%s", strcmp(attempt.cause, "operator") == 0 ? detail.text : "");
		return true;
	}
	if (strcmp(attempt.type, SYNC_EXPORT) == 0) {
		snprintf(wishes->feed, sizeof(wishes->feed), "%.*s", (int)strcspn(detail.text, ":"), detail.text);
		return true;
	}
	if (!accounts_get(app->store, attempt.account_id, &account, &found, err))
		return false;
	type = found ? catalogue_find(app->catalogue, account.provider, attempt.type) : NULL;
	if (!type) {
		(*ret_none)++;
		return error_set(err, ERROR_INPUT, "attempt %lld was a %s of '%.60s', which can't be tried again", (long long)no,
				 attempt.job, attempt.type);
	}
	add(wishes, account.id, type);
	return true;
}

static bool fails(const struct object *object)
{
	return object->status == OBJECT_FAILED || object->status == OBJECT_DEAD;
}

/* With one of these codes of the ledger, or without any with an error of that kind. */
static bool fails_so(const struct object *object, const char *const *codes)
{
	const struct error *error = &object->last_error;
	const char *code = *error->ledger_code ? error->ledger_code : error_word(error->code);

	for (size_t i = 0; codes && codes[i]; i++)
		if (strcasecmp(codes[i], code) == 0)
			return fails(object);
	return !codes && fails(object);
}

/* What did not go well and is not done yet; what waits for approval is `sync --approve`'s. `codes` NULL: with whatever. */
static bool add_failed(struct app *app, const struct account_list *accounts, const char *const *codes, struct wishes *wishes,
		       struct error *err)
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

			if (fails_so(object, codes) && type)
				add(wishes, accounts->items[i].id, type);
		}
	}
	return true;
}

/* ---- by numbers, or by a filter of the log */

/* One that can't be tried again is an error alone; among several the others are. */
static bool add_attempts(struct app *app, const char *const *ids, struct wishes *wishes, const struct printer *printer, struct error *err)
{
	size_t none = 0, before;

	for (size_t i = 0; ids[i]; i++) {
		before = none;
		if (add_attempt(app, ids[i], wishes, &none, err))
			continue;
		if (none == before || !ids[1])
			return false;
		error_clear(err);
	}
	if (none > 0)
		verb_note(printer, "%zu of these attempts were of what can't be tried again; they are left out.", none);
	return true;
}

struct matching {
	struct app *app;
	struct wishes *wishes;
	struct account_list accounts; /* owned */
	int64_t count;
};

static bool add_matching(void *ctx, const struct attempt *attempt, const char *detail)
{
	struct matching *matching = ctx;

	(void)detail;
	for (size_t i = 0; i < matching->accounts.count; i++) {
		const struct account *account = &matching->accounts.items[i];
		const struct type *type;

		if (strcmp(account->id, attempt->account_id) != 0)
			continue;
		type = catalogue_find(matching->app->catalogue, account->provider, attempt->type);
		if (type)
			add(matching->wishes, account->id, type);
		matching->count += type != NULL;
	}
	return true;
}

/* What has gone well since, or is being tried, is done: those are not tried again. */
static bool leave_out_healed(struct app *app, struct wishes *wishes, size_t *ret_healed, struct error *err)
{
	size_t kept = 0;

	for (size_t i = 0; i < wishes->count; i++) {
		struct object object;
		bool found;

		if (!objects_get(app->store, wishes->accounts[i], wishes->types[i][0], &object, &found, err))
			return false;
		if (found && !fails(&object))
			continue;
		wishes->types[kept][0] = wishes->types[i][0];
		memmove(wishes->accounts[kept++], wishes->accounts[i], ACCOUNT_ID_MAX);
	}
	*ret_healed = wishes->count - kept;
	wishes->count = kept;
	return true;
}

/* All types of which an attempt fits that did not go well, and that have not gone well since. */
static bool add_where(struct app *app, const char *const *texts, struct wishes *wishes, const struct printer *printer, struct error *err)
{
	struct matching matching = { .app = app, .wishes = wishes };
	struct log_filter filter;
	struct attempt_query query = { .newest_first = true, .failed_only = true, .filter = &filter };
	size_t healed = 0;
	bool good = verb_log_filter(app, texts, NULL, &filter, err) && accounts_all(app->store, &matching.accounts, err) &&
		    attempts_list(app->store, &query, add_matching, &matching, NULL, err) && leave_out_healed(app, wishes, &healed, err);

	if (good && healed > 0)
		verb_note(printer, "%lld failed attempts fit, of %zu types; %zu of these no longer fail and are left out.",
			  (long long)matching.count, wishes->count + healed, healed);
	else if (good)
		verb_note(printer, "%lld failed attempts fit, of %zu types.", (long long)matching.count, wishes->count);
	account_list_clear(&matching.accounts);
	return good;
}

static const struct printer_column planned_columns[] = { { "account", false }, { "account_id", true }, { "type", false }, { NULL, false } };

static bool print_planned(struct app *app, const struct wishes *wishes, const struct printer *printer, struct error *err)
{
	printer->begin(printer->ctx, "retry", planned_columns);
	for (size_t i = 0; i < wishes->count; i++) {
		struct account account;
		bool found;

		if (!accounts_get(app->store, wishes->accounts[i], &account, &found, err))
			return false;
		printer->row(printer->ctx);
		printer->text(printer->ctx, "account", found ? account.name : wishes->accounts[i]);
		printer->text(printer->ctx, "account_id", wishes->accounts[i]);
		printer->text(printer->ctx, "type", wishes->types[i][0]);
	}
	printer->end(printer->ctx);
	return true;
}

static bool gather(struct app *app, const struct arguments *arguments, const struct printer *printer, struct wishes *wishes,
		   struct error *err)
{
	const char *const *ids = argument_all(arguments, "ID"), *const *names = argument_all(arguments, "--account");
	const char *const *where = argument_all(arguments, "--where");
	AUTO(account_list_clear) struct account_list accounts = { 0 };
	const char *const *codes = argument_all(arguments, "--code");
	bool all = argument_given(arguments, "--all") || names || codes;

	if ((ids != NULL) + (where != NULL) + all != 1)
		return error_set(err, ERROR_INPUT, "what shall be tried again? numbers of 'ledgerdeck log --state failed', --code, --where, "
				 "or --all");
	if (ids)
		return add_attempts(app, ids, wishes, printer, err);
	if (where)
		return add_where(app, where, wishes, printer, err);
	return verb_accounts(app, names, &accounts, err) && add_failed(app, &accounts, codes, wishes, err);
}

static enum command_exit run(struct app *app, const struct arguments *arguments, const struct printer *printer,
			     struct error *err)
{
	AUTO(wishes_clear) struct wishes wishes = { 0 };
	struct verb_tally tally;

	if (!gather(app, arguments, printer, &wishes, err))
		return verb_failed(err);
	if ((wishes.backup || *wishes.feed) && (wishes.count > 0 || (wishes.backup && *wishes.feed))) {
		error_set(err, ERROR_INPUT, "a backup or an export is tried again by itself: name it alone");
		return EXIT_USAGE;
	}
	if (wishes.backup && !argument_given(arguments, "--dry-run"))
		return verb_backup(app, *wishes.path ? wishes.path : NULL, false, *wishes.path ? "operator" : "retry", printer, err)
			       ? EXIT_DONE : verb_failed(err);
	if (*wishes.feed && !argument_given(arguments, "--dry-run"))
		return verb_export_again(app, wishes.feed, printer, err);
	if (wishes.count == 0)
		verb_note(printer, argument_given(arguments, "--code") || argument_given(arguments, "--where")
					   ? "Nothing of that fails any more: there is nothing to try again."
					   : "Nothing has failed: there is nothing to try again.");
	if (argument_given(arguments, "--dry-run"))
		return print_planned(app, &wishes, printer, err) ? EXIT_DONE : verb_failed(err);
	finish(&wishes);
	/* Only now: who only asks what would be done needs no key. */
	if (!app_vault(app, err) || !app_sync(app, err))
		return command_exit_of(err);
	if (!verb_sync(app, wishes.items, wishes.count, printer, true, &tally, err))
		return verb_failed(err);
	return verb_tally_exit(&tally);
}

static const struct argument_row rows[] = {
	{ "ID", NULL, true, false, "numbers of attempts, as 'ledgerdeck log' shows them" },
	{ "--all", NULL, false, false, "everything that has failed" },
	{ "--account", "ACCOUNT", true, false, "everything that has failed in this account" },
	{ "--code", "CODE", true, false, "everything that fails with this code of the ledger, or this kind of error" },
	{ "--where", "FILTER", true, false, "of failed attempts those that fit, as in 'ledgerdeck log'" },
	{ "--dry-run", NULL, false, false, "only show what would be tried again" },
};

const struct command command_retry = {
	.name = "retry", .summary = "try again what failed", .needs = NEEDS_STORE | NEEDS_WRITE | CHANGES_THINGS,
	.arguments = rows, .argument_count = ARRAY_LEN(rows), .run = run,
};
