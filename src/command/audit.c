/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `audit`: what operators did, and the check that nobody has changed the record of it. */
#include "verbs.h"

static const struct printer_column columns[] = {
	{ "id", false }, { "at", false }, { "who", false }, { "what", false }, { "account_id", false }, { "before", false },
	{ "after", false }, { "hash", true }, { NULL, false },
};

static bool each(void *ctx, const struct audit_row *row)
{
	const struct printer *printer = ctx;

	printer->row(printer->ctx);
	printer->number(printer->ctx, "id", row->no);
	printer->time(printer->ctx, "at", row->at_ms);
	printer->text(printer->ctx, "who", row->who);
	printer->text(printer->ctx, "what", row->what);
	verb_text(printer, "account_id", row->account_id);
	verb_text(printer, "before", row->before);
	verb_text(printer, "after", row->after);
	printer->text(printer->ctx, "hash", row->hash);
	return !printer->is_broken(printer->ctx);
}

static enum command_exit verify(struct app *app, const struct printer *printer, struct error *err)
{
	int64_t count, broken;

	if (!audit_verify(app->store, &count, &broken, err))
		return verb_failed(err);
	printer->begin(printer->ctx, "audit", NULL);
	printer->flag(printer->ctx, "sound", broken == 0);
	printer->number(printer->ctx, "rows", count);
	if (broken)
		printer->number(printer->ctx, "first_broken", broken);
	else
		printer->decimal(printer->ctx, "first_broken", NULL);
	printer->end(printer->ctx);
	if (broken)
		verb_note(printer, "Row %lld does not fit to the one before it: it, or one before it, was changed outside this program.",
			  (long long)broken);
	return broken ? EXIT_FAILED : EXIT_DONE;
}

static enum command_exit run(struct app *app, const struct arguments *arguments, const struct printer *printer,
			     struct error *err)
{
	const char *after = argument(arguments, "--after"), *limit = argument(arguments, "--limit");
	struct audit_query query = { .newest_first = argument_given(arguments, "--newest") };
	struct printer to = *printer;
	struct log_filter filter;

	if (argument_given(arguments, "--verify"))
		return verify(app, printer, err);
	if (!verb_number(after ? after : "0", "--after", 0, INT64_C(999999999999999999), &query.after_no, err) ||
	    !verb_number(limit ? limit : "0", "--limit", 0, 1000000000, &query.limit, err) ||
	    !verb_audit_filter(app, argument_all(arguments, "--where"), &filter, err))
		return verb_failed(err);
	query.filter = &filter;
	printer->begin(printer->ctx, "audit", columns);
	if (!audit_list(app->store, &query, each, &to, NULL, err))
		return verb_failed(err);
	printer->end(printer->ctx);
	return EXIT_DONE;
}

static const struct argument_row rows[] = {
	{ "--verify", NULL, false, false, "check the chain of hashes instead" },
	{ "--after", "ID", false, false, "only rows behind this one" },
	{ "--where", "FILTER", true, false, "only rows that fit: 'account:acme who:anna what:pause since:7d invoice'" },
	{ "--newest", NULL, false, false, "the newest first" },
	{ "--limit", "N", false, false, "at most so many, the oldest first" },
};

const struct command command_audit = {
	.name = "audit", .summary = "show what operators did, or check that it is complete", .needs = NEEDS_STORE,
	.arguments = rows, .argument_count = ARRAY_LEN(rows), .run = run,
};
