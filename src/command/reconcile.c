/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `reconcile`: compare an account's three sides over a period, and say what does not agree. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/digest.h"
#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/map.h"
#include "ledgerdeck/core/text.h"
#include "ledgerdeck/model/import.h"
#include "ledgerdeck/model/statement.h"
#include "ledgerdeck/sync/reconcile.h"
#include "verbs.h"

#define PROFILE_MAX ((size_t)64 << 10)
#define REFUSED_COLUMNS 40 /* of a header, and of what stands there */

static const struct printer_column columns[] = {
	{ "session", true }, { "kind", false }, { "what", false }, { "reason", true }, { "count", false }, { "currency", false },
	{ "source", false }, { "ledger", false }, { "amount", false }, { "why", false }, { "steps", true }, { NULL, false },
};

/* ---- a period */

static bool month_of(const char *text, struct date *ret_from, struct date *ret_to)
{
	struct calendar calendar;
	char day[DATE_TEXT_MAX];

	if (strlen(text) != 7)
		return false;
	snprintf(day, sizeof(day), "%s-01", text);
	if (!date_parse(day, strlen(day), ret_from))
		return false;
	calendar = date_calendar(*ret_from);
	*ret_to = date_of(calendar.year, calendar.month, date_month_days(calendar.year, calendar.month));
	return true;
}

static bool year_of(const char *text, struct date *ret_from, struct date *ret_to)
{
	char day[DATE_TEXT_MAX];

	if (strlen(text) != 4)
		return false;
	snprintf(day, sizeof(day), "%s-01-01", text);
	if (!date_parse(day, strlen(day), ret_from))
		return false;
	*ret_to = date_of(date_calendar(*ret_from).year, 12, 31);
	return true;
}

/* "2026-01", "2026", "2026-01-05..2026-02-04". */
bool verb_period(const char *text, struct date *ret_from, struct date *ret_to, struct error *err)
{
	const char *dots = strstr(text, "..");

	if (month_of(text, ret_from, ret_to) || year_of(text, ret_from, ret_to))
		return true;
	if (dots && date_parse(text, (size_t)(dots - text), ret_from) && date_parse(dots + 2, strlen(dots + 2), ret_to) &&
	    ret_from->day <= ret_to->day)
		return true;
	return error_set(err, ERROR_INPUT, "'%.60s' is no period: it is a month (2026-01), a year (2026), or two days (2026-01-05..2026-02-04)", text);
}

/* ---- documents of a file */

struct gathering {
	struct reconcile_line *lines; /* owned */
	size_t count, room;
	char **texts;                /* owned: what the lines point to */
	size_t text_count, text_room;
	bool looking;                /* the first pass: nothing is kept */
	struct str refusals;         /* owned: the first few, a line each */
	size_t refused;
};

static void gathering_clear(struct gathering *gathering)
{
	for (size_t i = 0; i < gathering->text_count; i++)
		free(gathering->texts[i]);
	free(gathering->texts);
	free(gathering->lines);
	str_clear(&gathering->refusals);
}

static const char *keep(struct gathering *gathering, const char *text)
{
	memory_grow(&gathering->texts, &gathering->text_room, gathering->text_count + 1, sizeof(*gathering->texts));
	return gathering->texts[gathering->text_count++] = memory_copy_text(text);
}

static bool take_document(void *ctx, const struct import_document *document, struct error *err)
{
	struct gathering *gathering = ctx;
	struct resource_summary summary;
	struct reconcile_line *line;

	if (gathering->looking || document->type->family != FAMILY_DOCUMENT)
		return true;
	resource_summarize(document->type, document->data, &summary);
	memory_grow(&gathering->lines, &gathering->room, gathering->count + 1, sizeof(*gathering->lines));
	line = &gathering->lines[gathering->count++];
	*line = (struct reconcile_line){ .type = document->type->name, .ref = keep(gathering, document->external_id), .date = summary.date,
					 .number = keep(gathering, summary.number), .party = keep(gathering, summary.party), .memo = "" };
	snprintf(line->currency, sizeof(line->currency), "%.3s", summary.currency);
	return !summary.has_total || decimal_to_millionths(summary.total, &line->amount) ||
	       error_set(err, ERROR_INPUT, "%.80s: its total has more digits than can be compared", document->external_id);
}

static void name_place(struct str *out, const char *before, const char *text, const char *behind)
{
	if (!*text)
		return;
	str_add(out, before);
	text_add(out, TEXT_FULL, text, strlen(text), REFUSED_COLUMNS, false);
	str_add(out, behind);
}

static bool take_refusal(void *ctx, const struct import_refusal *refusal, struct error *err)
{
	struct gathering *gathering = ctx;

	(void)err;
	if (!gathering->looking || gathering->refused++ >= 5)
		return true;
	str_addf(&gathering->refusals, "%sline %zu", gathering->refusals.len ? "; " : "", refusal->line);
	if (*refusal->name || *refusal->text)
		str_add_char(&gathering->refusals, ',');
	name_place(&gathering->refusals, " ", refusal->name, "");
	name_place(&gathering->refusals, " '", refusal->text, "'");
	str_addf(&gathering->refusals, ": %s", refusal->why);
	return true;
}

static bool nothing_refused(const struct source *source, const struct gathering *gathering, struct error *err)
{
	return gathering->refused == 0 ||
	       error_set(err, ERROR_INPUT, "'%.80s' has %zu thing%s that can't be taken, so nothing is compared: %.200s", source->name,
			 gathering->refused, gathering->refused == 1 ? "" : "s", gathering->refusals.text);
}

static bool feed(void *ctx, const char *bytes, size_t len, struct error *err)
{
	return import_feed(ctx, bytes, len, err);
}

static bool read_documents(struct source *source, const struct import_options *options, struct gathering *gathering, struct error *err)
{
	struct import_sink sink = { .document = take_document, .refusal = take_refusal, .ctx = gathering };
	AUTO(import_freep) struct import *import = import_new(options, &sink);

	gathering->looking = true;
	if (!source_read(source, feed, import, err) || !import_end(import, err) || !nothing_refused(source, gathering, err))
		return false;
	gathering->looking = false;
	import_again(import);
	return source_read(source, feed, import, err) && import_end(import, err);
}

/* ---- lines of a statement */

static bool take_statement_line(void *ctx, const struct statement_line *given, struct error *err)
{
	struct gathering *gathering = ctx;
	struct reconcile_line *line;
	char ref[24];

	(void)err;
	memory_grow(&gathering->lines, &gathering->room, gathering->count + 1, sizeof(*gathering->lines));
	line = &gathering->lines[gathering->count++];
	snprintf(ref, sizeof(ref), "line %zu", given->line);
	*line = (struct reconcile_line){ .type = "statement", .ref = keep(gathering, ref), .date = given->date, .amount = given->amount,
					 .number = keep(gathering, given->number), .party = keep(gathering, given->party),
					 .memo = keep(gathering, given->text) };
	memcpy(line->currency, given->currency, sizeof(line->currency));
	return true;
}

static bool feed_statement(void *ctx, const char *bytes, size_t len, struct error *err)
{
	return statement_feed(ctx, bytes, len, err);
}

static bool read_statement(struct source *source, const struct import_profile *profile, struct gathering *gathering, struct error *err)
{
	struct statement_sink sink = { .line = take_statement_line, .refusal = take_refusal, .ctx = gathering };
	AUTO(statement_freep) struct statement *statement = statement_new(profile, &sink);

	gathering->looking = true; /* refusals are counted; lines come the second time only */
	if (!source_read(source, feed_statement, statement, err) || !statement_end(statement, err))
		return false;
	statement_again(statement);
	return source_read(source, feed_statement, statement, err) && statement_end(statement, err) && nothing_refused(source, gathering, err);
}

/* ---- what is wished for */

struct wishing {
	const struct printer *printer;
	struct source source;
	struct import_profile *profile; /* owned */
	struct gathering gathering;
	struct str types;            /* owned */
	char digest[DIGEST_HEX], statement[RECORD_ID_MAX];
	char *path, *columns;        /* owned: from the root on; NULL: none */
	struct account account;
};

static void wishing_clear(struct wishing *wishing)
{
	source_close(&wishing->source);
	import_profile_free(wishing->profile);
	free(wishing->path);
	free(wishing->columns);
	gathering_clear(&wishing->gathering);
	str_clear(&wishing->types);
}

static bool take_types(struct wishing *wishing, const char *const *words, struct error *err)
{
	for (; words && *words; words++) {
		const struct resource_type *type = resource_type_find(*words, strlen(*words));

		if (!type || type->family != FAMILY_DOCUMENT)
			return error_set(err, ERROR_INPUT, "'%.60s' is no type of documents; there are invoices, credit memos, bills, journal "
					 "entries and payments", *words);
		str_addf(&wishing->types, "%s%s", wishing->types.len ? " " : "", type->name);
	}
	return true;
}

static bool hash_feed(void *ctx, const char *bytes, size_t len, struct error *err)
{
	(void)err;
	digest_stream_add(ctx, bytes, len);
	return true;
}

static bool digest_source(struct wishing *wishing, struct error *err)
{
	struct digest_stream *stream = digest_stream_new();
	bool good = source_read(&wishing->source, hash_feed, stream, err);
	struct digest digest = digest_stream_end(stream);

	digest_hex(&digest, wishing->digest);
	return good;
}

static bool take_source(struct app *app, const struct arguments *arguments, struct wishing *wishing, struct reconcile_wish *wish,
			struct error *err)
{
	const char *path = argument(arguments, "--source"), *columns_path = argument(arguments, "--columns");
	AUTO(str_clear) struct str text = STR_INIT(PROFILE_MAX);
	struct import_options options = { 0 };

	const char *statement = argument(arguments, "--statement");

	if (!path)
		return (!columns_path && !statement) ||
		       error_set(err, ERROR_INPUT, "%s is about the file of --source; there is none", statement ? "--statement" : "--columns");
	if (statement && !reconcile_ledger_account(app->store, wishing->account.id, statement, wishing->statement, err))
		return false;
	wish->statement = statement ? wishing->statement : NULL;
	if (columns_path && (!file_read(columns_path, PROFILE_MAX, &text, err) ||
			     !import_profile_parse(text.text, columns_path, &wishing->profile, err)))
		return false;
	options.profile = wishing->profile;
	if (!source_open(&wishing->source, path, app->cancel, err) || !digest_source(wishing, err) ||
	    !(statement ? read_statement(&wishing->source, wishing->profile, &wishing->gathering, err)
			: read_documents(&wishing->source, &options, &wishing->gathering, err)))
		return false;
	wish->source = strcmp(path, "-") == 0 ? "standard input" : strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	wish->source_digest = wishing->digest;
	wish->path = wishing->path = strcmp(path, "-") == 0 ? NULL : realpath(path, NULL);
	wish->profile = wishing->columns = columns_path ? realpath(columns_path, NULL) : NULL;
	/* A file without documents has none, which is not the same as having those of the last time. */
	memory_grow(&wishing->gathering.lines, &wishing->gathering.room, wishing->gathering.count + 1, sizeof(*wishing->gathering.lines));
	wish->lines = wishing->gathering.lines;
	wish->line_count = wishing->gathering.count;
	return true;
}

/* ---- what came of it */

struct cause {
	enum exception_reason reason;
	char text[120], currency[8];
	int64_t count, amount;
};

struct summing {
	struct app *app;
	const struct printer *printer;
	const struct session *session;
	struct cause *causes;        /* owned */
	size_t count, room;
	struct map index;            /* of a cause's reason, text and currency, to its place + 1 */
	int64_t open;
};

static void begin_row(const struct summing *summing, const char *kind, const char *what)
{
	const struct printer *printer = summing->printer;

	printer->row(printer->ctx);
	printer->text(printer->ctx, "session", summing->session->id);
	printer->text(printer->ctx, "kind", kind);
	printer->text(printer->ctx, "what", what);
}

static bool print_sum(void *ctx, const struct session_sum *sum)
{
	const struct summing *summing = ctx;
	const struct printer *printer = summing->printer;
	char source[DECIMAL_TEXT_MAX], mirror[DECIMAL_TEXT_MAX], off[DECIMAL_TEXT_MAX];

	begin_row(summing, "sum", "compared");
	printer->text(printer->ctx, "reason", NULL);
	printer->text(printer->ctx, "count", NULL);
	printer->text(printer->ctx, "currency", sum->currency);
	printer->decimal(printer->ctx, "source", decimal_format_money(sum->source, source));
	printer->decimal(printer->ctx, "ledger", decimal_format_money(sum->mirror, mirror));
	printer->decimal(printer->ctx, "amount", decimal_format_money(sum->unexplained, off));
	printer->text(printer->ctx, "why", sum->unexplained ? "not explained yet" : "nothing is left to explain");
	printer->text(printer->ctx, "steps", NULL);
	return true;
}

static bool print_tie(void *ctx, const struct session_tie *tie)
{
	const struct summing *summing = ctx;
	const struct printer *printer = summing->printer;
	char mirror[DECIMAL_TEXT_MAX], ledger[DECIMAL_TEXT_MAX], off[DECIMAL_TEXT_MAX];

	if (tie->equal)
		return true;
	begin_row(summing, "tie", tie_title(tie->tie));
	printer->text(printer->ctx, "reason", tie_word(tie->tie));
	printer->text(printer->ctx, "count", NULL);
	printer->text(printer->ctx, "currency", tie->currency);
	printer->decimal(printer->ctx, "source", decimal_format_money(tie->mirror, mirror));
	printer->decimal(printer->ctx, "ledger", decimal_format_money(tie->ledger, ledger));
	printer->decimal(printer->ctx, "amount", decimal_format_money(tie->ledger - tie->mirror, off));
	printer->text(printer->ctx, "why", tie->name);
	printer->text(printer->ctx, "steps", NULL);
	return true;
}

static bool add_cause(void *ctx, const struct session_exception *exception)
{
	struct summing *summing = ctx;
	char key[sizeof(exception->cause) + sizeof(exception->currency) + 24];
	size_t len = (size_t)snprintf(key, sizeof(key), "%d %s %s", (int)exception->reason, exception->currency, exception->cause);
	void **place = map_place(&summing->index, key, len);
	struct cause *cause;

	summing->open++;
	if (!*place) {
		memory_grow(&summing->causes, &summing->room, summing->count + 1, sizeof(*summing->causes));
		cause = &summing->causes[summing->count++];
		*cause = (struct cause){ .reason = exception->reason };
		snprintf(cause->text, sizeof(cause->text), "%s", exception->cause);
		snprintf(cause->currency, sizeof(cause->currency), "%s", exception->currency);
		*place = (void *)(uintptr_t)summing->count;
	}
	cause = &summing->causes[(uintptr_t)*place - 1];
	cause->count++;
	cause->amount += exception->amount;
	return true;
}

static void print_cause(const struct summing *summing, const struct cause *cause)
{
	const struct printer *printer = summing->printer;
	char amount[DECIMAL_TEXT_MAX];

	begin_row(summing, "exception", exception_row(cause->reason)->title);
	printer->text(printer->ctx, "reason", exception_row(cause->reason)->word);
	printer->number(printer->ctx, "count", cause->count);
	verb_text(printer, "currency", cause->currency);
	printer->decimal(printer->ctx, "source", NULL);
	printer->decimal(printer->ctx, "ledger", NULL);
	printer->decimal(printer->ctx, "amount", decimal_format_money(cause->amount, amount));
	printer->text(printer->ctx, "why", cause->text);
	printer->text(printer->ctx, "steps", exception_row(cause->reason)->steps);
}

static bool print_all(struct summing *summing, struct error *err)
{
	struct session_exception_query query = { .session = summing->session->no, .open_only = true, .reason = -1 };
	const struct printer *printer = summing->printer;
	struct store *store = summing->app->store;
	bool good;

	printer->begin(printer->ctx, "reconcile", columns);
	good = session_sums(store, summing->session->no, print_sum, summing, err) &&
	       session_ties(store, summing->session->no, print_tie, summing, err) &&
	       session_exceptions(store, &query, add_cause, summing, err);
	for (size_t i = 0; good && i < summing->count; i++)
		print_cause(summing, &summing->causes[i]);
	free(summing->causes);
	map_clear(&summing->index, NULL);
	if (good)
		printer->end(printer->ctx);
	return good;
}

static void conclude(const struct summing *summing, const struct reconcile_standing *standing)
{
	const struct printer *printer = summing->printer;

	verb_note(printer, "Session %s: %" PRId64 " of %" PRId64 " of the source matched, %" PRId64 " of %" PRId64 " sums tie.", summing->session->id,
		  standing->totals.matched, standing->totals.items[SIDE_SOURCE], standing->totals.ties_equal, standing->totals.ties);
	if (summing->open > 0)
		verb_note(printer, "%" PRId64 " exception%s: 'ledgerdeck exceptions %s' lists them, 'ledgerdeck resolve' works through them.",
			  summing->open, summing->open == 1 ? "" : "s", summing->session->id);
	else if (!standing->complete)
		verb_note(printer, "The ledger itself was not asked: without --offline its reports are tied to.");
	else
		verb_note(printer, "All agrees: 'ledgerdeck sign %s' signs it.", summing->session->id);
}

static void show_progress(void *ctx, const char *what, int64_t done, int64_t of)
{
	const struct printer *printer = ((const struct wishing *)ctx)->printer;
	struct printer_progress progress = { .account = "", .type = "", .compared = what, .records = done, .left_ms = -1 };

	(void)of;
	if (printer->progress)
		printer->progress(printer->ctx, &progress);
}

static bool wish_for(struct app *app, const struct arguments *arguments, struct wishing *wishing, struct reconcile_wish *wish,
		     struct error *err)
{
	*wish = (struct reconcile_wish){ .offline = argument_given(arguments, "--offline"), .who = app->who, .env = app->env,
					 .cancel = app->cancel, .progress = show_progress, .ctx = wishing };
	if (!accounts_find(app->store, argument(arguments, "ACCOUNT"), &wishing->account, err) ||
	    !verb_period(argument(arguments, "--period"), &wish->from, &wish->to, err) ||
	    !take_types(wishing, argument_all(arguments, "--type"), err) || !take_source(app, arguments, wishing, wish, err))
		return false;
	wish->account_id = wishing->account.id;
	wish->types = wishing->types.len ? wishing->types.text : "";
	return wish->offline || app_sync(app, err);
}

/* Is it another file than the session had? */
static bool has_changed(struct store *store, const struct reconcile_wish *wish, bool *ret_changed, struct error *err)
{
	struct session like = { .from = wish->from, .to = wish->to }, known;
	bool found = false;

	*ret_changed = false;
	if (!wish->source)
		return true;
	snprintf(like.account_id, sizeof(like.account_id), "%s", wish->account_id);
	snprintf(like.types, sizeof(like.types), "%s", wish->types);
	snprintf(like.source, sizeof(like.source), "%s", wish->source);
	snprintf(like.statement, sizeof(like.statement), "%s", wish->statement ? wish->statement : "");
	if (!sessions_same(store, &like, &known, &found, err))
		return false;
	*ret_changed = found && strcmp(known.source_digest, wish->source_digest) != 0;
	return true;
}

static enum command_exit run(struct app *app, const struct arguments *arguments, const struct printer *printer, struct error *err)
{
	AUTO(wishing_clear) struct wishing wishing = { .printer = printer, .source = { .fd = -1 }, .types = STR_INIT(STR_NO_LIMIT),
						       .gathering = { .refusals = STR_INIT(1000) } };
	struct reconcile_standing standing;
	struct reconcile_wish wish;
	struct session session;
	struct summing summing = { .app = app, .printer = printer, .session = &session };
	bool good, changed;

	if (!wish_for(app, arguments, &wishing, &wish, err) || !has_changed(app->store, &wish, &changed, err))
		return verb_failed(err);
	good = reconcile_round(app->sync, app->store, app->catalogue, &wish, &session, err);
	if (printer->progress)
		printer->progress(printer->ctx, NULL);
	if (!good || !reconcile_standing(app->store, &session, date_of_ms(verb_now(app), 0), &standing, err) || !print_all(&summing, err))
		return verb_failed(err);
	if (changed)
		verb_note(printer, "'%.120s' is not as it was when it was compared before.", wish.source);
	conclude(&summing, &standing);
	return summing.open > 0 ? EXIT_PERSON : EXIT_DONE;
}

static const struct argument_row rows[] = {
	{ "ACCOUNT", NULL, false, true, "the account, by any unique prefix of name or id" },
	{ "--period", "PERIOD", false, true, "a month (2026-01), a year (2026), or two days (2026-01-05..2026-02-04)" },
	{ "--type", "TYPE", true, false, "only documents of this type; may be repeated" },
	{ "--source", "FILE", false, false, "compare the documents of this file (CSV, JSON) instead of those that were imported; '-' reads what comes in" },
	{ "--statement", "LEDGERACCOUNT", false, false, "the file is a statement of this ledger account (id, number or name): a bank's, say" },
	{ "--columns", "PROFILE", false, false, "a file that says what the columns of a CSV file mean" },
	{ "--offline", NULL, false, false, "do not ask the ledger: source against mirror only" },
};
static const char *const examples[] = { "ledgerdeck reconcile Acme --period 2026-01", "ledgerdeck reconcile Acme --period 2026-01 --source books.csv", NULL };

const struct command command_reconcile = {
	.name = "reconcile", .summary = "prove that the books of a period agree, or name what does not",
	.needs = NEEDS_STORE | NEEDS_WRITE | CHANGES_THINGS,
	.arguments = rows, .argument_count = ARRAY_LEN(rows), .examples = examples, .run = run,
};
