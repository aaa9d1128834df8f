/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `doctor`: looks at everything that work depends on, and says what to do. Changes nothing. */
#include "doctor.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>


#define LINE_MAX 1000

static const struct printer_column columns[] = {
	{ "state", false }, { "check", false }, { "account", false }, { "account_id", true }, { "what", false }, { "do", true },
	{ NULL, false },
};

static const struct {
	const char *word, *marked; /* for programs, and for people */
} words[] = {
	[FINDING_OK] = { "ok", "+ ok" }, [FINDING_WARN] = { "warn", "! warn" }, [FINDING_FAIL] = { "fail", "x fail" },
};

void doctor_tell(struct doctor *doctor, enum finding finding, const char *check, const struct account *account, const char *act,
		 const char *format, ...)
{
	const struct printer *printer = doctor->printer;
	char what[LINE_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	if (finding > doctor->worst)
		doctor->worst = finding;
	printer->row(printer->ctx);
	printer->text(printer->ctx, "state", printer->brief ? words[finding].marked : words[finding].word);
	printer->text(printer->ctx, "check", check);
	printer->text(printer->ctx, "account", account ? account->name : NULL);
	printer->text(printer->ctx, "account_id", account ? account->id : NULL);
	printer->text(printer->ctx, "what", what);
	verb_text(printer, "do", act);
	if (finding != FINDING_OK)
		str_addf(&doctor->notes, "%s: %s%s%s. %s\n", check, account ? account->name : "", account ? ": " : "", what, act);
}

void doctor_tell_error(struct doctor *doctor, const char *check, const struct account *account, const struct error *error)
{
	struct sync_advice advice = sync_advice(account ? account->provider : "", error);

	doctor_tell(doctor, FINDING_FAIL, check, account, advice.act, "%s", error->text);
}

/* Advice is too long for a table's cell: all of it again, below. */
static void advise(struct doctor *doctor)
{
	char *at = doctor->notes.text;

	while (*at) {
		size_t len = strcspn(at, "\n");

		at[len] = '\0';
		verb_note(doctor->printer, "%s", at);
		at += len + 1;
	}
}

static void look_inside(struct doctor *doctor)
{
	struct error err = { 0 };

	if (!app_store(doctor->app, false, &err) || !accounts_all(doctor->app->store, &doctor->accounts, &err)) {
		doctor_tell_error(doctor, "store", NULL, &err);
		return;
	}
	doctor_look_at_store(doctor);
	doctor_look_at_history(doctor);
	doctor_look_at_vault(doctor);
	doctor_look_at_leases(doctor);
	doctor_look_at_budgets(doctor);
	doctor_look_at_backups(doctor);
	doctor_look_at_accounts(doctor);
}

static enum command_exit run(struct app *app, const struct arguments *arguments, const struct printer *printer, struct error *err)
{
	static const enum command_exit exits[] = { [FINDING_OK] = EXIT_DONE, [FINDING_WARN] = EXIT_PERSON, [FINDING_FAIL] = EXIT_FAILED };
	struct doctor doctor = { .app = app, .printer = printer, .offline = argument_given(arguments, "--offline"),
				 .notes = STR_INIT(STR_NO_LIMIT) };

	if (!app_find(app, err))
		return verb_failed(err);
	printer->begin(printer->ctx, "doctor", columns);
	doctor_look_at_settings(&doctor);
	doctor_look_at_terminal(&doctor);
	doctor_look_at_files(&doctor);
	doctor_look_at_room(&doctor);
	look_inside(&doctor);
	printer->end(printer->ctx);
	advise(&doctor);
	account_list_clear(&doctor.accounts);
	str_clear(&doctor.notes);
	return exits[doctor.worst];
}

static const struct argument_row rows[] = {
	{ "--offline", NULL, false, false, "do not ask the ledgers" },
};

static const char *const examples[] = { "ledgerdeck doctor", "ledgerdeck doctor --offline --json", NULL };

const struct command command_doctor = {
	.name = "doctor", .summary = "look at all that work depends on, and say what to do", .arguments = rows,
	.argument_count = ARRAY_LEN(rows), .examples = examples, .run = run,
};
