/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `export` of records: an account's mirror as files that other engines read; and `exports`, what is kept in step. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/lake/destination.h"
#include "ledgerdeck/lake/layout.h"
#include "ledgerdeck/sync/feed.h"
#include "verbs.h"

#define EVERY_MAX_S (30 * 86400)

/* ---- one run */

static const struct printer_column file_columns[] = {
	{ "type", false }, { "what", false }, { "rows", false }, { "deleted", false }, { "unfit", true }, { "bytes", false },
	{ "path", false }, { "sha256", true }, { NULL, false },
};

struct exporting {
	struct app *app;
	const struct printer *printer;
	const struct account *account;
	int64_t begun_ms, unfit;
};

static void print_count(const struct printer *printer, const char *name, bool has, int64_t count)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%lld", (long long)count);
	printer->decimal(printer->ctx, name, has ? digits : NULL);
}

static void tell(void *ctx, const struct feed_told *told)
{
	struct exporting *exporting = ctx;
	const struct printer *printer = exporting->printer;
	bool has = told->outcome == FEED_WRITTEN;

	exporting->unfit += told->unfit;
	/* People want to see what there is. */
	if (printer->brief && told->outcome == FEED_UNCHANGED)
		return;
	printer->row(printer->ctx);
	printer->text(printer->ctx, "type", told->type);
	printer->text(printer->ctx, "what", told->outcome == FEED_SKIPPED ? "skipped" : !has ? "unchanged" : told->is_full ? "full" : "changes");
	print_count(printer, "rows", has, told->rows);
	print_count(printer, "deleted", has, told->gone);
	print_count(printer, "unfit", has, told->unfit);
	print_count(printer, "bytes", has, told->bytes);
	printer->text(printer->ctx, "path", has ? told->path : NULL);
	printer->text(printer->ctx, "sha256", has ? told->digest : NULL);
}

static void tell_progress(void *ctx, const struct feed_progress *progress)
{
	const struct exporting *exporting = ctx;
	const struct env *env = &exporting->app->env;
	int64_t took_ms = env->ticks_ms(env->ctx) - exporting->begun_ms;
	const struct printer_progress shown = {
		.account = exporting->account->name, .type = progress->type, .done = progress->done, .all = progress->all, .records = progress->rows,
		.rate = took_ms > 0 ? progress->rows * 1000 / took_ms : 0, .took_ms = took_ms, .left_ms = -1,
	};

	exporting->printer->progress(exporting->printer->ctx, &shown);
}

static void join_types(const char *const *types, struct str *out)
{
	for (; types && *types; types++)
		str_addf(out, "%s%s", out->len ? " " : "", *types);
}

static bool take_level(const struct arguments *arguments, int *ret_level, struct error *err)
{
	const char *text = argument(arguments, "--level");
	int64_t level;

	if (!text)
		return true;
	if (!verb_number(text, "--level", 0, TABLE_LEVEL_MAX, &level, err))
		return false;
	*ret_level = (int)level;
	return true;
}

static bool take_names(const struct arguments *arguments, enum column_names *ret_names, struct error *err)
{
	const char *word = argument(arguments, "--names");

	return !word || column_names_parse(word, ret_names) ||
	       error_set(err, ERROR_INPUT, "--names is plain (customer_ref_value) or path (CustomerRef.value), not '%.40s'", word);
}

static bool take_every(const struct arguments *arguments, int64_t *ret_s, struct error *err)
{
	const char *text = argument(arguments, "--every");

	*ret_s = -1;
	return !text || (duration_parse(text, strlen(text), ret_s) && *ret_s >= 60 && *ret_s <= EVERY_MAX_S) ||
	       error_set(err, ERROR_INPUT, "--every takes a time from 1m to 30d, such as 15m, 1h or 1d, not '%.40s'", text);
}

static bool take_wish(struct app *app, const struct arguments *arguments, struct feed_wish *wish, struct error *err)
{
	if (!argument(arguments, "ACCOUNT"))
		return error_set(err, ERROR_INPUT, "whose records? name an account");
	if (!argument(arguments, "--to"))
		return error_set(err, ERROR_INPUT, "where to? name a directory, az://ACCOUNT/CONTAINER or s3://BUCKET with --to");
	wish->destination = argument(arguments, "--to");
	wish->layout = argument(arguments, "--layout");
	wish->options.has_raw = argument_given(arguments, "--raw");
	wish->options.personal = verb_personal(app, arguments);
	wish->who = app->who;
	return take_level(arguments, &wish->options.level, err) && take_names(arguments, &wish->options.names, err) &&
	       take_every(arguments, &wish->interval_s, err);
}

static void note_end(const struct exporting *exporting, const struct feed *feed, const struct feed_result *result)
{
	const struct printer *printer = exporting->printer;

	if (result->resumed)
		verb_note(printer, "An export that had not come to its end was finished first.");
	if (result->files == 0)
		verb_note(printer, "Nothing has changed since the last export to %.300s: no file was written.", feed->destination);
	else
		verb_note(printer, "%lld files, %lld rows to %.300s. They are listed in %.300s", (long long)result->files, (long long)result->rows,
			  feed->destination, result->manifest);
	if (result->skipped)
		verb_note(printer, "%lld types were not read whole yet and have no file: 'ledgerdeck sync' reads them.", (long long)result->skipped);
	if (exporting->unfit)
		verb_note(printer, "%lld values did not fit into their columns and are empty there; --raw has them.", (long long)exporting->unfit);
}

/* Who only writes to directories needs no vault. */
static bool take_world(struct app *app, const struct feed *feed, struct feed_run *run, struct connect_world *world, struct error *err)
{
	AUTO(str_clear) struct str owner = STR_INIT(1000);

	if (!destination_owner(feed->destination, &owner))
		return true;
	if (!app_vault(app, err))
		return false;
	app_world(app, world);
	run->world = world;
	return true;
}

enum command_exit verb_export_records(struct app *app, enum table_format format, const struct arguments *arguments,
				      const struct printer *printer, struct error *err)
{
	AUTO(memory_freep) const char **types = NULL;
	AUTO(str_clear) struct str list = STR_INIT(sizeof(((struct feed *)NULL)->types) - 1);
	struct account account;
	struct feed_wish wish = { .format = format, .options = FEED_OPTIONS_INIT };
	struct exporting exporting = { .app = app, .printer = printer, .account = &account, .begun_ms = app->env.ticks_ms(app->env.ctx) };
	struct feed_run run = { .catalogue = app->catalogue, .env = app->env, .holder = app->holder, .cancel = app->cancel, .cause = "operator",
				.only_changes = argument_given(arguments, "--changes"), .told = tell,
				.progress = printer->progress ? tell_progress : NULL, .ctx = &exporting };
	struct connect_world world;
	struct feed_result result;
	struct feed feed;
	bool good;

	if (app->readonly)
		error_set(err, ERROR_INPUT, "an export keeps what it has written, and --readonly lets nothing be kept");
	if (app->readonly || !take_wish(app, arguments, &wish, err) || !app_store(app, true, err) ||
	    !accounts_find(app->store, argument(arguments, "ACCOUNT"), &account, err) ||
	    !verb_types(app, account.provider, argument_all(arguments, "TYPE"), &types, err))
		return verb_failed(err);
	join_types(types, &list);
	wish.account_id = account.id;
	wish.types = list.text;
	run.store = app->store;
	run.types = list.text;
	if (!feed_make(app->store, &wish, verb_now(app), &feed, err) || !take_world(app, &feed, &run, &world, err))
		return verb_failed(err);
	printer->begin(printer->ctx, "files", file_columns);
	good = feed_run(&run, feed.id, &result, err);
	if (printer->progress)
		printer->progress(printer->ctx, NULL);
	if (!good)
		return verb_failed(err);
	printer->end(printer->ctx);
	note_end(&exporting, &feed, &result);
	return result.skipped ? EXIT_PARTLY : EXIT_DONE;
}

/* ---- what is kept in step */

static const struct printer_column feed_columns[] = {
	{ "id", false }, { "account", false }, { "account_id", true }, { "destination", false }, { "layout", true }, { "format", false },
	{ "names", true }, { "types", true }, { "every_s", false }, { "last_at", false }, { "next_at", false }, { "unfinished", true },
	{ "failures", true }, { "error", true }, { "message", false }, { NULL, false },
};

struct listing {
	struct app *app;
	const struct printer *printer;
	struct account_list accounts;
};

static void listing_clear(struct listing *listing)
{
	account_list_clear(&listing->accounts);
}

static const char *name_of(const struct listing *listing, const char *account_id)
{
	for (size_t i = 0; i < listing->accounts.count; i++)
		if (strcmp(listing->accounts.items[i].id, account_id) == 0)
			return listing->accounts.items[i].name;
	return account_id;
}

static bool print_feed(void *ctx, const struct feed *feed)
{
	const struct listing *listing = ctx;
	const struct printer *printer = listing->printer;

	printer->row(printer->ctx);
	printer->text(printer->ctx, "id", feed->id);
	printer->text(printer->ctx, "account", name_of(listing, feed->account_id));
	printer->text(printer->ctx, "account_id", feed->account_id);
	printer->text(printer->ctx, "destination", feed->destination);
	printer->text(printer->ctx, "layout", feed->layout);
	printer->text(printer->ctx, "format", feed->format);
	printer->text(printer->ctx, "names", strstr(feed->options, "names=path") ? "path" : "plain");
	verb_text(printer, "types", feed->types);
	print_count(printer, "every_s", feed->interval_s > 0, feed->interval_s);
	printer->time(printer->ctx, "last_at", feed->last_ms);
	printer->time(printer->ctx, "next_at", feed->interval_s ? feed->next_ms : 0);
	printer->flag(printer->ctx, "unfinished", feed->run_ms != 0);
	printer->number(printer->ctx, "failures", feed->failures);
	verb_text(printer, "error", feed->last_error.code ? error_word(feed->last_error.code) : "");
	verb_text(printer, "message", feed->last_error.text);
	return true;
}

/* What `--stop` and `--forget` do to one of them. */
static bool change(struct app *app, const char *id, bool forget, struct error *err)
{
	AUTO(store_end) struct store *transaction = app->store;
	struct feed feed;
	bool found;

	if (!store_begin(app->store, err) || !feeds_get(app->store, id, &feed, &found, err))
		return false;
	if (!found)
		return error_set(err, ERROR_INPUT, "there is no export '%.40s'; 'ledgerdeck exports' lists them", id);
	feed.interval_s = feed.next_ms = 0;
	return (forget ? feeds_drop(app->store, &feed, err) : feeds_save(app->store, &feed, err)) &&
	       audit_add(app->store, app->who, forget ? "export forgotten" : "export stopped", feed.account_id, feed.destination, "", verb_now(app), err) &&
	       store_commit(transaction, err);
}

struct wanted {
	const char *word;      /* an id, or where it goes */
	struct feed *items;    /* owned */
	size_t count, room;
};

static void wanted_clear(struct wanted *wanted)
{
	free(wanted->items);
}

static bool look_at(void *ctx, const struct feed *feed)
{
	struct wanted *wanted = ctx;

	if (strcmp(feed->id, wanted->word) != 0 && strcmp(feed->destination, wanted->word) != 0)
		return true;
	memory_grow(&wanted->items, &wanted->room, wanted->count + 1, sizeof(*wanted->items));
	wanted->items[wanted->count++] = *feed;
	return true;
}

/* One, or all that go to one place, by what they are told already. */
static bool run_now(struct app *app, const char *word, const struct printer *printer, struct error *err)
{
	AUTO(wanted_clear) struct wanted wanted = { .word = word };

	if (!feeds_all(app->store, NULL, look_at, &wanted, err))
		return false;
	if (wanted.count == 0)
		return error_set(err, ERROR_INPUT, "there is no export '%.100s'; 'ledgerdeck exports' lists them", word);
	for (size_t i = 0; i < wanted.count; i++) {
		struct feed_run run = { .store = app->store, .catalogue = app->catalogue, .env = app->env, .holder = app->holder, .cancel = app->cancel,
					.cause = "operator", .only_changes = true, .types = "" };
		struct connect_world world;
		struct feed_result result;

		if (!take_world(app, &wanted.items[i], &run, &world, err) || !feed_run(&run, wanted.items[i].id, &result, err))
			return false;
		verb_note(printer, "%s: %lld files, %lld rows to %.300s.", wanted.items[i].id, (long long)result.files, (long long)result.rows,
			  wanted.items[i].destination);
	}
	return true;
}

static bool print_feeds(struct app *app, const char *account_id, const struct printer *printer, struct error *err)
{
	AUTO(listing_clear) struct listing listing = { .app = app, .printer = printer };

	if (!accounts_all(app->store, &listing.accounts, err))
		return false;
	printer->begin(printer->ctx, "exports", feed_columns);
	if (!feeds_all(app->store, account_id, print_feed, &listing, err))
		return false;
	printer->end(printer->ctx);
	return true;
}

enum command_exit verb_export_again(struct app *app, const char *id, const struct printer *printer, struct error *err)
{
	return run_now(app, id, printer, err) && print_feeds(app, NULL, printer, err) ? EXIT_DONE : verb_failed(err);
}

static enum command_exit exports_run(struct app *app, const struct arguments *arguments, const struct printer *printer, struct error *err)
{
	const char *stop = argument(arguments, "--stop"), *forget = argument(arguments, "--forget"), *now = argument(arguments, "--run");
	const char *word = argument(arguments, "ACCOUNT");
	bool changes = stop || forget || now;
	struct account account;

	if (changes && app->readonly)
		error_set(err, ERROR_INPUT, "--readonly lets nothing be changed");
	if ((changes && (app->readonly || !app_store(app, true, err))) || (stop && !change(app, stop, false, err)) ||
	    (forget && !change(app, forget, true, err)) || (now && !run_now(app, now, printer, err)) ||
	    (word && !accounts_find(app->store, word, &account, err)) || !print_feeds(app, word ? account.id : NULL, printer, err))
		return verb_failed(err);
	return EXIT_DONE;
}

static const struct argument_row exports_rows[] = {
	{ "ACCOUNT", NULL, false, false, "only those of this account" },
	{ "--run", "PLACE", false, false, "write what has changed now: of one, by its id, or of all that go to this place" },
	{ "--stop", "ID", false, false, "it is written only when asked from now on" },
	{ "--forget", "ID", false, false, "what stands there is not known any more: the next export writes all of it. No file is removed" },
};
static const char *const exports_examples[] = { "ledgerdeck exports", "ledgerdeck exports --stop feed_8k2m", NULL };

const struct command command_exports = {
	.name = "exports", .summary = "list where records are exported to, and how that fares", .needs = NEEDS_STORE, .arguments = exports_rows,
	.argument_count = ARRAY_LEN(exports_rows), .examples = exports_examples, .run = exports_run,
};
