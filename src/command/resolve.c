/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `resolve`, `sign`, `evidence`: what people do about a reconciliation session, until it is proven. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/model/plan.h"
#include "ledgerdeck/sync/reconcile.h"
#include "verbs.h"

/* ---- resolve */

static const struct printer_column columns[] = {
	{ "exception", false }, { "state", false }, { "reason", false }, { "ref", false }, { "assignee", false }, { "plan", false }, { NULL, false },
};

struct choosing {
	int64_t *numbers;            /* owned */
	size_t count, room;
};

static void choosing_clear(struct choosing *choosing)
{
	free(choosing->numbers);
}

static void choose(struct choosing *choosing, int64_t no)
{
	memory_grow(&choosing->numbers, &choosing->room, choosing->count + 1, sizeof(*choosing->numbers));
	choosing->numbers[choosing->count++] = no;
}

static bool choose_exception(void *ctx, const struct session_exception *exception)
{
	choose(ctx, exception->no);
	return true;
}

static bool take_numbers(const char *const *words, const char *what, struct choosing *choosing, struct error *err)
{
	int64_t number;

	for (; words && *words; words++) {
		if (!verb_number(*words, what, 1, INT64_MAX, &number, err))
			return false;
		choose(choosing, number);
	}
	return true;
}

/* Those that were named, or all open ones with a reason or cause. */
static bool take_exceptions(struct app *app, const struct arguments *arguments, const struct session *session, struct choosing *choosing,
			    struct error *err)
{
	struct session_exception_query query = { .session = session->no, .open_only = true, .cause = argument(arguments, "--cause"), .reason = -1 };
	const char *word = argument(arguments, "--reason");
	enum exception_reason reason;

	if (!take_numbers(argument_all(arguments, "EXCEPTION"), "EXCEPTION", choosing, err))
		return false;
	if (!query.cause && !word)
		return true;
	if (choosing->count > 0)
		return error_set(err, ERROR_INPUT, "exceptions are named by their numbers, or by --cause and --reason, not both");
	if (word && !exception_reason_parse(word, &reason))
		return error_set(err, ERROR_INPUT, "'%.60s' is no reason of exceptions", word);
	if (word)
		query.reason = (int)reason;
	return session_exceptions(app->store, &query, choose_exception, choosing, err) &&
	       (choosing->count > 0 || error_set(err, ERROR_INPUT, "no open exception of session %s is like that", session->id));
}

static bool print_resolved(struct app *app, const struct printer *printer, const struct session *session, const struct choosing *choosing,
			   struct error *err)
{
	printer->begin(printer->ctx, "resolve", columns);
	for (size_t i = 0; i < choosing->count; i++) {
		struct session_exception exception;
		bool found;

		if (!session_exception(app->store, session->no, choosing->numbers[i], &exception, &found, err))
			return false;
		if (!found)
			continue;
		printer->row(printer->ctx);
		printer->number(printer->ctx, "exception", exception.no);
		printer->text(printer->ctx, "state", exception_state_word(exception.state));
		printer->text(printer->ctx, "reason", exception_row(exception.reason)->word);
		printer->text(printer->ctx, "ref", exception.ref);
		verb_text(printer, "assignee", exception.assignee);
		verb_text(printer, "plan", exception.plan);
	}
	printer->end(printer->ctx);
	return true;
}

static bool step(struct app *app, const struct arguments *arguments, const struct reconcile_act *act, const struct printer *printer,
		 struct error *err)
{
	const char *word = argument(arguments, "--step");
	enum exception_step chosen;
	char plan[PLAN_ID_MAX] = "";

	if (!exception_step_parse(word, &chosen))
		return error_set(err, ERROR_INPUT, "'%.60s' is no step; there are reread, link, plan, adopt, accept, reject and ignore", word);
	if (chosen == STEP_REREAD && !app_sync(app, err))
		return false;
	if (!reconcile_step(app->sync, app->store, app->catalogue, act, chosen, argument(arguments, "--record"), plan, err))
		return false;
	if (*plan)
		verb_note(printer, "Planned as %s: 'ledgerdeck plans %s' shows it, 'ledgerdeck apply %s' carries it out.", plan, plan, plan);
	return true;
}

static bool undo(struct app *app, const struct session *session, const struct printer *printer, struct error *err)
{
	char what[RECONCILE_WHAT_MAX];
	struct error why = { 0 };

	if (reconcile_undo(app->store, session, app->who, verb_now(app), what, &why)) {
		verb_note(printer, "Taken back: %s.", what);
		return true;
	}
	if (why.code == ERROR_NONE)
		return error_set(err, ERROR_INPUT, "nothing was done in session %s that could be taken back", session->id);
	*err = why;
	return false;
}

static bool resolve(struct app *app, const struct arguments *arguments, const struct session *session, const struct choosing *choosing,
		    const struct printer *printer, struct error *err)
{
	static const char *const acts[] = { "--step", "--assign", "--note", "--match", "--undo", NULL };
	struct reconcile_act act = { .session = session, .exceptions = choosing->numbers, .count = choosing->count,
				     .note = argument(arguments, "--note"), .who = app->who, .env = app->env, .cancel = app->cancel };
	AUTO(choosing_clear) struct choosing items = { 0 };
	size_t given;

	if (!verb_given(arguments, acts, &given))
		return error_set(err, ERROR_INPUT, "what is to be done? --step, --assign, --note, --match or --undo");
	if (argument_given(arguments, "--undo"))
		return given == 1 && choosing->count == 0 ? undo(app, session, printer, err)
							  : error_set(err, ERROR_INPUT, "--undo stands alone: it takes back what was done last");
	if (argument_given(arguments, "--match") &&
	    (choosing->count > 0 || argument_given(arguments, "--step") || argument_given(arguments, "--assign")))
		return error_set(err, ERROR_INPUT, "--match is about items alone, with a --note at most");
	if (argument_given(arguments, "--match"))
		return take_numbers(argument_all(arguments, "--match"), "--match", &items, err) &&
		       reconcile_match(app->store, &act, items.numbers, items.count, err);
	if (choosing->count == 0 && !argument_given(arguments, "--note"))
		return error_set(err, ERROR_INPUT, "which exceptions? 'ledgerdeck exceptions %s' lists them", session->id);
	if (argument_given(arguments, "--assign") && !reconcile_assign(app->store, &act, argument(arguments, "--assign"), err))
		return false;
	if (argument_given(arguments, "--step"))
		return step(app, arguments, &act, printer, err);
	return !argument_given(arguments, "--note") || reconcile_note(app->store, &act, err);
}

static enum command_exit resolve_run(struct app *app, const struct arguments *arguments, const struct printer *printer, struct error *err)
{
	AUTO(choosing_clear) struct choosing choosing = { 0 };
	const char *word = argument(arguments, "SESSION");
	struct session session;

	if (!sessions_find(app->store, NULL, word, &session, err) || !take_exceptions(app, arguments, &session, &choosing, err) ||
	    !resolve(app, arguments, &session, &choosing, printer, err) || !print_resolved(app, printer, &session, &choosing, err))
		return verb_failed(err);
	return EXIT_DONE;
}

static const struct argument_row resolve_rows[] = {
	{ "SESSION", NULL, false, true, "the session, by any unique part of its id" },
	{ "EXCEPTION", NULL, true, false, "exceptions, by their numbers" },
	{ "--reason", "REASON", false, false, "instead: all open ones with this reason" },
	{ "--cause", "CAUSE", false, false, "instead: all open ones with this cause" },
	{ "--step", "STEP", false, false, "accept, reject, ignore, adopt, link, plan or reread" },
	{ "--record", "RECORD", false, false, "with --step link: to this record" },
	{ "--note", "TEXT", false, false, "why; alone it explains them" },
	{ "--assign", "WHO", false, false, "somebody shall look at them; '' for nobody" },
	{ "--match", "ITEM", true, false, "these items are one; may be repeated" },
	{ "--undo", NULL, false, false, "take back what was done last" },
};
static const char *const resolve_examples[] = {
	"ledgerdeck resolve rcn_01k2 3 --step accept --note 'paid in cash'", "ledgerdeck resolve rcn_01k2 --reason not-in-ledger --step plan", NULL,
};

const struct command command_resolve = {
	.name = "resolve", .summary = "do something about what does not agree", .needs = NEEDS_STORE | NEEDS_WRITE | CHANGES_THINGS,
	.arguments = resolve_rows, .argument_count = ARRAY_LEN(resolve_rows), .examples = resolve_examples, .run = resolve_run,
};

/* ---- sign */

static const struct printer_column sign_columns[] = {
	{ "session", false }, { "state", false }, { "prepared_by", false }, { "reviewed_by", false }, { "signed", false }, { NULL, false },
};

static bool sign(struct app *app, const struct arguments *arguments, struct session *session, struct error *err)
{
	if (argument_given(arguments, "--take-back") && argument_given(arguments, "--drop"))
		return error_set(err, ERROR_INPUT, "--take-back and --drop: one at a time");
	if (argument_given(arguments, "--take-back"))
		return reconcile_unsign(app->store, session, app->who, verb_now(app), err);
	if (argument_given(arguments, "--drop"))
		return reconcile_drop(app->store, session, app->who, verb_now(app), err);
	return reconcile_sign(app->store, app->catalogue, session, app->who, verb_now(app), err);
}

static enum command_exit sign_run(struct app *app, const struct arguments *arguments, const struct printer *printer, struct error *err)
{
	struct session session;

	if (!sessions_find(app->store, NULL, argument(arguments, "SESSION"), &session, err) || !sign(app, arguments, &session, err))
		return verb_failed(err);
	printer->begin(printer->ctx, "sign", sign_columns);
	printer->row(printer->ctx);
	printer->text(printer->ctx, "session", session.id);
	printer->text(printer->ctx, "state", session_state_word(session.state));
	verb_text(printer, "prepared_by", session.preparer);
	verb_text(printer, "reviewed_by", session.reviewer);
	printer->time(printer->ctx, "signed", session.signed_ms);
	printer->end(printer->ctx);
	if (session.state == SESSION_PREPARED)
		verb_note(printer, "Somebody else signs it as reviewer: 'ledgerdeck sign %s'.", session.id);
	if (session.state == SESSION_SIGNED)
		verb_note(printer, "'ledgerdeck evidence %s DIRECTORY' writes what proves it.", session.id);
	return EXIT_DONE;
}

static const struct argument_row sign_rows[] = {
	{ "SESSION", NULL, false, true, "the session, by any unique part of its id" },
	{ "--take-back", NULL, false, false, "take the preparer's signature back, before it was reviewed" },
	{ "--drop", NULL, false, false, "give the session up instead" },
};

const struct command command_sign = {
	.name = "sign", .summary = "sign a reconciliation session, as preparer or reviewer", .needs = NEEDS_STORE | NEEDS_WRITE | CHANGES_THINGS,
	.arguments = sign_rows, .argument_count = ARRAY_LEN(sign_rows), .run = sign_run,
};

/* ---- evidence */

static const struct printer_column evidence_columns[] = {
	{ "directory", false }, { "files", false }, { "file", false }, { "fault", false }, { "manifest", false }, { NULL, false },
};

struct verifying {
	const struct printer *printer;
	const char *directory;
	int64_t faults;
};

static void print_evidence(const struct printer *printer, const char *directory, int64_t files, const char *file, const char *fault,
			   const char *digest)
{
	printer->row(printer->ctx);
	printer->text(printer->ctx, "directory", directory);
	if (files >= 0)
		printer->number(printer->ctx, "files", files);
	else
		printer->text(printer->ctx, "files", NULL);
	printer->text(printer->ctx, "file", file);
	printer->text(printer->ctx, "fault", fault);
	printer->text(printer->ctx, "manifest", digest);
}

static bool print_fault(void *ctx, const struct evidence_fault *fault)
{
	struct verifying *verifying = ctx;

	verifying->faults++;
	print_evidence(verifying->printer, verifying->directory, -1, fault->file, fault->text, NULL);
	return true;
}

static enum command_exit verify(const struct arguments *arguments, const struct printer *printer, struct error *err)
{
	struct verifying verifying = { .printer = printer, .directory = argument(arguments, "--verify") };
	char digest[DIGEST_HEX];
	int64_t files;

	printer->begin(printer->ctx, "evidence", evidence_columns);
	if (!evidence_verify(verifying.directory, argument(arguments, "--previous"), print_fault, &verifying, &files, digest, err))
		return verb_failed(err);
	if (verifying.faults == 0)
		print_evidence(printer, verifying.directory, files, NULL, NULL, digest);
	printer->end(printer->ctx);
	verb_note(printer, verifying.faults == 0 ? "Every byte is as it was written." : "This is not the evidence that was written.");
	return verifying.faults == 0 ? EXIT_DONE : EXIT_FAILED;
}

static enum command_exit evidence_run(struct app *app, const struct arguments *arguments, const struct printer *printer, struct error *err)
{
	const char *word = argument(arguments, "SESSION"), *directory = argument(arguments, "DIRECTORY");
	struct session session;
	char digest[DIGEST_HEX];

	if (argument_given(arguments, "--verify")) {
		if (!word)
			return verify(arguments, printer, err);
		error_set(err, ERROR_INPUT, "--verify reads a directory; no session is named with it");
		return verb_failed(err);
	}
	if (!word || !directory || argument_given(arguments, "--previous")) {
		error_set(err, ERROR_INPUT, "evidence of which session, and into which directory? Or --verify DIRECTORY");
		return verb_failed(err);
	}
	if (!app_store(app, true, err) || !sessions_find(app->store, NULL, word, &session, err) ||
	    !evidence_write(app->store, app->catalogue, &session, directory, digest, err))
		return verb_failed(err);
	printer->begin(printer->ctx, "evidence", evidence_columns);
	print_evidence(printer, directory, -1, NULL, NULL, digest);
	printer->end(printer->ctx);
	return EXIT_DONE;
}

static const struct argument_row evidence_rows[] = {
	{ "SESSION", NULL, false, false, "the session, by any unique part of its id" },
	{ "DIRECTORY", NULL, false, false, "a new or empty directory for it" },
	{ "--verify", "DIRECTORY", false, false, "instead: find any byte of this pack that is not as it was written; needs no store" },
	{ "--previous", "DIRECTORY", false, false, "with --verify: the pack before it must be this one" },
};
static const char *const evidence_examples[] = { "ledgerdeck evidence rcn_01k2 ./january", "ledgerdeck evidence --verify ./january", NULL };

const struct command command_evidence = {
	.name = "evidence", .summary = "write what proves a reconciliation session, or verify it",
	.arguments = evidence_rows, .argument_count = ARRAY_LEN(evidence_rows), .examples = evidence_examples, .run = evidence_run,
};
