/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `sessions`, `exceptions`, `ties`: what reconciliation sessions there are, and what stands in one. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/sync/reconcile.h"
#include "verbs.h"

static const struct printer_column session_columns[] = {
	{ "session", false }, { "account", false }, { "account_id", true }, { "from", false }, { "to", false }, { "source", false }, { "path", true },
	{ "state", false }, { "open", false }, { "compared", false }, { "prepared_by", true }, { "reviewed_by", true }, { "signed", true },
	{ "reopened", true }, { "evidence", true }, { NULL, false },
};
static const struct printer_column exception_columns[] = {
	{ "exception", false }, { "state", false }, { "reason", false }, { "type", false }, { "ref", false }, { "date", false },
	{ "currency", true }, { "amount", false }, { "age_days", false }, { "assignee", false }, { "text", false }, { "cause", true },
	{ "record", true }, { "source_item", true }, { "ledger_item", true }, { "plan", true }, { "steps", true }, { "notes", true },
	{ NULL, false },
};
static const struct printer_column tie_columns[] = {
	{ "tie", false }, { "key", true }, { "name", false }, { "currency", true }, { "mirror", false }, { "ledger", false },
	{ "difference", false }, { "equal", false }, { "detail", true }, { NULL, false },
};

struct listing {
	struct app *app;
	const struct printer *printer;
	const struct session *session;
	const char *tie;             /* NULL: all */
	bool differing;
	int64_t open;
	struct error error;
};

/* ---- sessions */

static bool print_session(void *ctx, const struct session *session)
{
	struct listing *listing = ctx;
	const struct printer *printer = listing->printer;
	struct reconcile_standing standing;
	struct account account = { 0 };
	char day[DATE_TEXT_MAX];
	bool found;

	if (!accounts_get(listing->app->store, session->account_id, &account, &found, &listing->error) ||
	    !reconcile_standing(listing->app->store, session, date_of_ms(verb_now(listing->app), 0), &standing, &listing->error))
		return false;
	printer->row(printer->ctx);
	printer->text(printer->ctx, "session", session->id);
	verb_text(printer, "account", account.name);
	printer->text(printer->ctx, "account_id", session->account_id);
	printer->text(printer->ctx, "from", date_format(session->from, day));
	printer->text(printer->ctx, "to", date_format(session->to, day));
	printer->text(printer->ctx, "source", session->source);
	verb_text(printer, "path", session->path);
	printer->text(printer->ctx, "state", session_state_word(session->state));
	printer->number(printer->ctx, "open", standing.open);
	printer->time(printer->ctx, "compared", session->read_ms);
	verb_text(printer, "prepared_by", session->preparer);
	verb_text(printer, "reviewed_by", session->reviewer);
	printer->time(printer->ctx, "signed", session->signed_ms);
	verb_text(printer, "reopened", session->reopened);
	verb_text(printer, "evidence", session->evidence);
	return !printer->is_broken(printer->ctx);
}

static bool finish(struct listing *listing, bool listed, struct error *err)
{
	if (listing->error.code != ERROR_NONE && err)
		*err = listing->error;
	if (!listed || listing->error.code != ERROR_NONE)
		return false;
	listing->printer->end(listing->printer->ctx);
	return true;
}

static enum command_exit sessions_run(struct app *app, const struct arguments *arguments, const struct printer *printer, struct error *err)
{
	struct listing listing = { .app = app, .printer = printer };
	const char *word = argument(arguments, "--account");
	struct account account;

	if (word && !accounts_find(app->store, word, &account, err))
		return verb_failed(err);
	printer->begin(printer->ctx, "sessions", session_columns);
	return finish(&listing, sessions_all(app->store, word ? account.id : NULL, 0, print_session, &listing, err), err) ? EXIT_DONE
														     : verb_failed(err);
}

static const struct argument_row sessions_rows[] = {
	{ "--account", "ACCOUNT", false, false, "only of this account" },
};

const struct command command_sessions = {
	.name = "sessions", .summary = "list reconciliation sessions", .needs = NEEDS_STORE,
	.arguments = sessions_rows, .argument_count = ARRAY_LEN(sessions_rows), .run = sessions_run,
};

/* ---- exceptions */

struct noting {
	struct str *out;
	bool follows;
};

static bool add_note(void *ctx, const struct session_note *note)
{
	struct noting *noting = ctx;
	char at[STAMP_TEXT_MAX];

	str_addf(noting->out, "%s{\"at\":\"%s\",\"by\":", noting->follows ? "," : "", stamp_format(note->at_ms, 0, false, at));
	str_add_json(noting->out, note->who, strlen(note->who));
	str_add(noting->out, ",\"text\":");
	str_add_json(noting->out, note->text, strlen(note->text));
	str_add_char(noting->out, '}');
	noting->follows = true;
	return true;
}

static void print_item(const struct printer *printer, const char *name, int64_t no)
{
	if (no)
		printer->number(printer->ctx, name, no);
	else
		printer->text(printer->ctx, name, NULL);
}

static bool print_exception(void *ctx, const struct session_exception *exception)
{
	struct listing *listing = ctx;
	const struct printer *printer = listing->printer;
	AUTO(str_clear) struct str notes = STR_INIT(STR_NO_LIMIT);
	struct noting noting = { .out = &notes };
	char day[DATE_TEXT_MAX], amount[DECIMAL_TEXT_MAX];
	int64_t today = date_of_ms(verb_now(listing->app), 0).day;

	str_add_char(&notes, '[');
	if (!session_notes(listing->app->store, listing->session->no, exception->no, add_note, &noting, &listing->error))
		return false;
	str_add_char(&notes, ']');
	listing->open += !exception_is_explained(exception->state);
	printer->row(printer->ctx);
	printer->number(printer->ctx, "exception", exception->no);
	printer->text(printer->ctx, "state", exception_state_word(exception->state));
	printer->text(printer->ctx, "reason", exception_row(exception->reason)->word);
	verb_text(printer, "type", exception->type);
	verb_text(printer, "ref", exception->ref);
	printer->text(printer->ctx, "date", exception->has_date ? date_format(exception->date, day) : NULL);
	verb_text(printer, "currency", exception->currency);
	printer->decimal(printer->ctx, "amount", decimal_format_money(exception->amount, amount));
	printer->number(printer->ctx, "age_days", today - (exception->has_date ? exception->date.day : date_of_ms(exception->since_ms, 0).day));
	verb_text(printer, "assignee", exception->assignee);
	verb_text(printer, "text", exception->text);
	verb_text(printer, "cause", exception->cause);
	verb_text(printer, "record", exception->record);
	print_item(printer, "source_item", exception->source_item);
	print_item(printer, "ledger_item", exception->mirror_item);
	verb_text(printer, "plan", exception->plan);
	printer->text(printer->ctx, "steps", exception_row(exception->reason)->steps);
	printer->json(printer->ctx, "notes", notes.text, notes.len);
	return !printer->is_broken(printer->ctx);
}

static enum command_exit exceptions_run(struct app *app, const struct arguments *arguments, const struct printer *printer, struct error *err)
{
	struct session session;
	struct listing listing = { .app = app, .printer = printer, .session = &session };
	struct session_exception_query query = { .open_only = !argument_given(arguments, "--all"), .cause = argument(arguments, "--cause"),
						 .assignee = argument(arguments, "--assignee"), .reason = -1 };
	const char *word = argument(arguments, "--reason");
	enum exception_reason reason;

	if (word && !exception_reason_parse(word, &reason)) {
		error_set(err, ERROR_INPUT, "'%.60s' is no reason of exceptions", word);
		return verb_failed(err);
	}
	if (word)
		query.reason = (int)reason;
	if (!sessions_find(app->store, NULL, argument_given(arguments, "SESSION") ? argument(arguments, "SESSION") : "", &session, err))
		return verb_failed(err);
	query.session = session.no;
	printer->begin(printer->ctx, "exceptions", exception_columns);
	if (!finish(&listing, session_exceptions(app->store, &query, print_exception, &listing, err), err))
		return verb_failed(err);
	return listing.open > 0 ? EXIT_PERSON : EXIT_DONE;
}

static const struct argument_row exceptions_rows[] = {
	{ "SESSION", NULL, false, false, "the session, by any unique part of its id; otherwise the newest" },
	{ "--all", NULL, false, false, "also those that are settled" },
	{ "--reason", "REASON", false, false, "only with this reason, as 'not-in-ledger' or 'amount'" },
	{ "--cause", "CAUSE", false, false, "only with this cause, in its own words" },
	{ "--assignee", "WHO", false, false, "only those assigned to this person" },
};
static const char *const exceptions_examples[] = { "ledgerdeck exceptions", "ledgerdeck exceptions rcn_01k2 --reason amount", NULL };

const struct command command_exceptions = {
	.name = "exceptions", .summary = "list what does not agree in a reconciliation session", .needs = NEEDS_STORE,
	.arguments = exceptions_rows, .argument_count = ARRAY_LEN(exceptions_rows), .examples = exceptions_examples, .run = exceptions_run,
};

/* ---- ties */

static bool print_tie(void *ctx, const struct session_tie *tie)
{
	struct listing *listing = ctx;
	const struct printer *printer = listing->printer;
	char mirror[DECIMAL_TEXT_MAX], ledger[DECIMAL_TEXT_MAX], off[DECIMAL_TEXT_MAX];

	if ((listing->tie && strcmp(listing->tie, tie_word(tie->tie)) != 0) || (listing->differing && tie->equal))
		return true;
	listing->open += !tie->equal;
	printer->row(printer->ctx);
	printer->text(printer->ctx, "tie", tie_word(tie->tie));
	verb_text(printer, "key", tie->key);
	verb_text(printer, "name", tie->name);
	verb_text(printer, "currency", tie->currency);
	printer->decimal(printer->ctx, "mirror", decimal_format_money(tie->mirror, mirror));
	printer->decimal(printer->ctx, "ledger", decimal_format_money(tie->ledger, ledger));
	printer->decimal(printer->ctx, "difference", decimal_format_money(tie->ledger - tie->mirror, off));
	printer->flag(printer->ctx, "equal", tie->equal);
	if (*tie->detail)
		printer->json(printer->ctx, "detail", tie->detail, strlen(tie->detail));
	else
		printer->text(printer->ctx, "detail", NULL);
	return !printer->is_broken(printer->ctx);
}

static enum command_exit ties_run(struct app *app, const struct arguments *arguments, const struct printer *printer, struct error *err)
{
	struct session session;
	struct listing listing = { .app = app, .printer = printer, .session = &session, .tie = argument(arguments, "--tie"),
				   .differing = argument_given(arguments, "--differing") };
	enum tie tie;

	if (listing.tie && !tie_parse(listing.tie, &tie)) {
		error_set(err, ERROR_INPUT, "'%.60s' is no kind of sum", listing.tie);
		return verb_failed(err);
	}
	if (!sessions_find(app->store, NULL, argument_given(arguments, "SESSION") ? argument(arguments, "SESSION") : "", &session, err))
		return verb_failed(err);
	printer->begin(printer->ctx, "ties", tie_columns);
	if (!finish(&listing, session_ties(app->store, session.no, print_tie, &listing, err), err))
		return verb_failed(err);
	return listing.open > 0 ? EXIT_PERSON : EXIT_DONE;
}

static const struct argument_row ties_rows[] = {
	{ "SESSION", NULL, false, false, "the session, by any unique part of its id; otherwise the newest" },
	{ "--tie", "KIND", false, false, "only sums of this kind, as 'account' or 'receivables'" },
	{ "--differing", NULL, false, false, "only those that do not tie" },
};

const struct command command_ties = {
	.name = "ties", .summary = "list the sums that a session has tied to the ledger's reports", .needs = NEEDS_STORE,
	.arguments = ties_rows, .argument_count = ARRAY_LEN(ties_rows), .run = ties_run,
};
