/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `rates`: an account's table of exchange rates, for the policy rate=table. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/store/rates.h"
#include "verbs.h"

static const struct printer_column columns[] = { { "currency", false }, { "from", false }, { "rate", false }, { NULL, false } };
static const struct printer_column change_columns[] = {
	{ "currency", false }, { "from", false }, { "what", false }, { "before", false }, { "rate", false }, { NULL, false },
};
static const struct printer_column version_columns[] = {
	{ "version", false }, { "at", false }, { "by", false }, { "what", false }, { "rates", false }, { NULL, false },
};

struct rating {
	struct app *app;
	const struct printer *printer;
	struct account account;
	int64_t version;
	struct rates now;            /* owned: what is in force */
};

static void rating_clear(struct rating *rating)
{
	rates_clear(&rating->now);
}

static void print_rate(const struct printer *printer, const char *name, const struct rate *rate)
{
	char digits[DECIMAL_TEXT_MAX];

	printer->decimal(printer->ctx, name, rate ? decimal_format(rate->rate, digits) : NULL);
}

static void print_key(const struct printer *printer, const struct rate *rate)
{
	char day[DATE_TEXT_MAX];

	printer->row(printer->ctx);
	printer->text(printer->ctx, "currency", rate->currency);
	printer->text(printer->ctx, "from", date_format(rate->from, day));
}

static enum command_exit list(const struct rating *rating)
{
	const struct printer *printer = rating->printer;

	printer->begin(printer->ctx, "rates", columns);
	for (size_t i = 0; i < rating->now.count; i++) {
		print_key(printer, &rating->now.items[i]);
		print_rate(printer, "rate", &rating->now.items[i]);
	}
	printer->end(printer->ctx);
	if (rating->version == 0)
		verb_note(printer, "There is no table of rates yet; 'ledgerdeck rates ACCOUNT --import FILE' takes one in.");
	else
		verb_note(printer, "Version %lld.", (long long)rating->version);
	return EXIT_DONE;
}

static bool print_version(void *ctx, const struct rates_change *change)
{
	const struct printer *printer = *(const struct printer *const *)ctx;

	printer->row(printer->ctx);
	printer->number(printer->ctx, "version", change->version);
	printer->time(printer->ctx, "at", change->at_ms);
	printer->text(printer->ctx, "by", change->who);
	printer->text(printer->ctx, "what", change->what);
	printer->number(printer->ctx, "rates", change->count);
	return !printer->is_broken(printer->ctx);
}

static enum command_exit list_versions(struct rating *rating, struct error *err)
{
	rating->printer->begin(rating->printer->ctx, "versions", version_columns);
	if (!rates_history(rating->app->store, rating->account.id, print_version, &rating->printer, err))
		return verb_failed(err);
	rating->printer->end(rating->printer->ctx);
	return EXIT_DONE;
}

/* ---- another table */

static void print_change(const struct printer *printer, const struct rate *before, const struct rate *after)
{
	print_key(printer, after ? after : before);
	printer->text(printer->ctx, "what", !before ? "new" : !after ? "removed"
		      : decimal_compare(before->rate, after->rate) == 0 ? "same" : "changed");
	print_rate(printer, "before", before);
	print_rate(printer, "rate", after);
}

/* Both are in order; gives how many differ. */
static int64_t print_changes(const struct printer *printer, const struct rates *before, const struct rates *after)
{
	int64_t changed = 0;

	printer->begin(printer->ctx, "changes", change_columns);
	for (size_t i = 0, k = 0; i < before->count || k < after->count;) {
		const struct rate *old = i < before->count ? &before->items[i] : NULL, *new = k < after->count ? &after->items[k] : NULL;
		int order = !old ? 1 : !new ? -1 : rate_compare(old, new);

		if (order < 0)
			new = NULL;
		if (order > 0)
			old = NULL;
		i += old != NULL;
		k += new != NULL;
		changed += !old || !new || decimal_compare(old->rate, new->rate) != 0;
		print_change(printer, old, new);
	}
	printer->end(printer->ctx);
	return changed;
}

static bool keep(struct rating *rating, const struct rates *rates, const char *what, struct error *err)
{
	AUTO(store_end) struct store *transaction = NULL;
	struct app *app = rating->app;

	if (!app_store(app, true, err))
		return false;
	transaction = app->store;
	return store_begin(transaction, err) &&
	       rates_put(transaction, rating->account.id, rates, app->who, what, verb_now(app), &rating->version, err) &&
	       store_commit(transaction, err);
}

/* Kept, unless it is what is in force; then what waited is planned anew. */
static enum command_exit replace(struct rating *rating, const struct rates *rates, const char *what, bool writes, struct error *err)
{
	const struct printer *printer = rating->printer;
	int64_t changed = print_changes(printer, &rating->now, rates);

	if (!writes || changed == 0) {
		verb_note(printer, changed == 0 ? "Nothing changes." : "Nothing is kept: --write does.");
		return EXIT_DONE;
	}
	if (!keep(rating, rates, what, err))
		return verb_failed(err);
	verb_note(printer, "Version %lld, %lld rate%s changed.", (long long)rating->version, (long long)changed, changed == 1 ? "" : "s");
	return verb_replan(rating->app, rating->account.id, printer, err) ? EXIT_DONE : verb_failed(err);
}

static enum command_exit take_in(struct rating *rating, const char *path, bool writes, struct error *err)
{
	AUTO(str_clear) struct str text = STR_INIT(RATES_FILE_MAX);
	AUTO(rates_clear) struct rates rates = { 0 };
	char what[120];

	if (!verb_read(path, RATES_FILE_MAX, &text, err) || !rates_read(text.text, text.len, &rates, err))
		return verb_failed(err);
	snprintf(what, sizeof(what), "imported from %.90s", strcmp(path, "-") == 0 ? "a pipe" : path);
	return replace(rating, &rates, what, writes, err);
}

static enum command_exit use(struct rating *rating, const char *word, struct error *err)
{
	AUTO(rates_clear) struct rates rates = { 0 };
	int64_t version;
	char what[120];

	if (!verb_number(word, "--use", 0, rating->version, &version, err) ||
	    !rates_get(rating->app->store, rating->account.id, version, &rates, err))
		return verb_failed(err);
	snprintf(what, sizeof(what), "version %lld again", (long long)version);
	return replace(rating, &rates, what, true, err);
}

static bool makes_sense(const struct arguments *arguments, struct error *err)
{
	static const char *const ways[] = { "--import", "--history", "--use", NULL };
	size_t count;

	verb_given(arguments, ways, &count);
	if (count > 1)
		return error_set(err, ERROR_INPUT, "--import, --history and --use: one at a time");
	return !argument_given(arguments, "--write") || argument_given(arguments, "--import") ||
	       error_set(err, ERROR_INPUT, "--write goes with --import only");
}

static enum command_exit run(struct app *app, const struct arguments *arguments, const struct printer *printer, struct error *err)
{
	AUTO(rating_clear) struct rating rating = { .app = app, .printer = printer };

	if (!makes_sense(arguments, err) || !accounts_find(app->store, argument(arguments, "ACCOUNT"), &rating.account, err) ||
	    !rates_version(app->store, rating.account.id, &rating.version, err) ||
	    !rates_get(app->store, rating.account.id, rating.version, &rating.now, err))
		return verb_failed(err);
	if (argument_given(arguments, "--history"))
		return list_versions(&rating, err);
	if (argument(arguments, "--use"))
		return use(&rating, argument(arguments, "--use"), err);
	if (argument(arguments, "--import"))
		return take_in(&rating, argument(arguments, "--import"), argument_given(arguments, "--write"), err);
	return list(&rating);
}

static const struct argument_row rows[] = {
	{ "ACCOUNT", NULL, false, true, "the account, by any unique prefix of name or id" },
	{ "--import", "FILE", false, false, "read a table as CSV, with columns currency, from and rate, instead of the one in force; '-' reads what comes in" },
	{ "--write", NULL, false, false, "keep what was read; without it only what would change is shown" },
	{ "--history", NULL, false, false, "list every version of the table" },
	{ "--use", "VERSION", false, false, "put a version in force again; 0 is the empty table" },
};
static const char *const examples[] = { "ledgerdeck rates Acme --import rates.csv --write", "ledgerdeck rates Acme --use 2", NULL };

const struct command command_rates = {
	.name = "rates", .summary = "see or replace an account's table of exchange rates", .needs = NEEDS_STORE,
	.arguments = rows, .argument_count = ARRAY_LEN(rows), .examples = examples, .run = run,
};
