/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A day's documents of an event rental: some are in order, and each of the others has a trouble of its own. */
#include "demo_push.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/file.h"
#include "ledgerdeck/store/outbox.h"
#include "ledgerdeck/sync/push.h"
#include "verbs.h"

#define COMPANY "Halloran Event Rentals"
#define FILE_NAME "documents.jsonl"

#define INVOICE(number, customer, date, more, lines) \
	"{\"type\":\"invoice\",\"external_id\":\"" number "\",\"data\":{\"number\":\"" number "\",\"customer\":\"" customer "\",\"date\":\"" \
	date "\"," more "\"lines\":[" lines "]}}\n"
#define LINE(item, quantity, price) \
	"{\"item\":\"" item "\",\"quantity\":\"" quantity "\",\"unit_price\":\"" price "\",\"taxable\":false}"

static const char documents[] =
	"{\"type\":\"customer\",\"external_id\":\"SPRING\",\"data\":{\"name\":\"Spring Fair Committee\",\"email\":\"fair@example.com\"}}\n"
	"{\"type\":\"customer\",\"external_id\":\"OHARA\",\"data\":{\"name\":\"O'Hara's \\\"Little\\\" Shop\"}}\n"
	INVOICE("EV-1001", "LOCKHART", "2026-11-20", "", LINE("TENT20", "2", "180.00") "," LINE("CREW", "3", "45.00"))
	INVOICE("EV-1002", "SPRING", "2026-11-21", "", LINE("TENT20", "4", "180.00"))
	INVOICE("EV-1003", "LOCKHART", "2026-11-21", "", LINE("TENT20", "1", "180.00") "," LINE("FREIGHT", "1", "65.00"))
	INVOICE("I-2026/01352", "LOCKHART", "2026-11-22", "", LINE("CREW", "2", "45.00"))
	INVOICE("EV-1004", "LOCKHART", "2025-12-30", "", LINE("CREW", "1", "45.00"))
	INVOICE("EV-1005", "LOCKHART", "2026-11-23", "\"currency\":\"EUR\",", LINE("TENT20", "1", "170.00"))
	INVOICE("EV-1006", "LOCKHART", "2026-11-24", "\"total\":\"99.00\",", LINE("CREW", "2", "45.00"))
	"{\"type\":\"payment\",\"external_id\":\"PAY-1\",\"data\":{\"reference\":\"ACH 88231\",\"customer\":\"LOCKHART\",\"date\":\"2026-11-25\","
	"\"amount\":\"300.00\",\"lines\":[{\"invoice\":\"EV-1001\",\"amount\":\"300.00\"}]}}\n"
	"{\"type\":\"bill\",\"external_id\":\"GAS-11\",\"data\":{\"number\":\"G-11\",\"vendor\":\"YARD\",\"date\":\"2026-11-24\",\"lines\":"
	"[{\"account\":\"RENT\",\"description\":\"Yard, November\",\"amount\":\"640.00\"}]}}\n"
	"{\"type\":\"journal_entry\",\"external_id\":\"J-11\",\"data\":{\"number\":\"J-11\",\"date\":\"2026-11-25\",\"lines\":[{\"account\":\"RENT\","
	"\"debit\":\"20.00\"},{\"account\":\"PETTY\",\"credit\":\"20.00\"}]}}\n";

/* What of its codes is known; FREIGHT is not. */
static const char *const rules[] = {
	"customer:LOCKHART=Lockhart Hardware, Inc.", "item:TENT20=Tents:Tent 20x40", "item:CREW=Setup crew",
	"vendor:YARD=1", "account:RENT=Rent or Lease", "account:PETTY=Petty Cash",
};

/* ---- a printer that lets only notes through */

static void no_begin(void *ctx, const char *what, const struct printer_column *columns)
{
	(void)ctx;
	(void)what;
	(void)columns;
}

static void no_row(void *ctx)
{
	(void)ctx;
}

static void no_text(void *ctx, const char *name, const char *value)
{
	(void)ctx;
	(void)name;
	(void)value;
}

static void no_number(void *ctx, const char *name, int64_t value)
{
	(void)ctx;
	(void)name;
	(void)value;
}

static void no_flag(void *ctx, const char *name, bool value)
{
	(void)ctx;
	(void)name;
	(void)value;
}

static void no_json(void *ctx, const char *name, const char *json, size_t len)
{
	(void)ctx;
	(void)name;
	(void)json;
	(void)len;
}

static void no_raw(void *ctx, const char *bytes, size_t len)
{
	(void)ctx;
	(void)bytes;
	(void)len;
}

static struct printer notes_only(const struct printer *printer)
{
	struct printer notes = *printer;

	notes.begin = no_begin;
	notes.row = no_row;
	notes.text = no_text;
	notes.number = no_number;
	notes.decimal = no_text;
	notes.time = no_number;
	notes.flag = no_flag;
	notes.json = no_json;
	notes.end = no_row;
	notes.flush = no_row;
	notes.raw = no_raw;
	return notes;
}

/* ---- commands, as a user types them */

struct steps {
	struct app *app;
	struct printer printer;
	char account[ACCOUNT_ID_MAX], company[ACCOUNT_NAME_MAX];
};

/* A command that ends otherwise than expected ends the demo; what waits for a person is expected. */
static bool step(struct steps *steps, int count, const char *const *words, struct error *err)
{
	AUTO(arguments_freep) struct arguments *arguments = NULL;
	const struct command *command = command_find(words[0], NULL);
	AUTO(memory_freep) char **copies = memory_new(((size_t)count + 1) * sizeof(*copies));
	AUTO(str_clear) struct str line = STR_INIT(4000);
	enum command_exit code;
	bool parsed;

	for (int i = 0; i < count; i++) {
		copies[i] = memory_copy_text(words[i]);
		str_addf(&line, strchr(words[i], ' ') ? " '%s'" : " %s", words[i]);
	}
	verb_note(&steps->printer, "$ ledgerdeck%s", line.text);
	parsed = command_parse(command, count - 1, copies + 1, &arguments, err);
	code = parsed ? command_run(steps->app, command, arguments, &steps->printer, err) : EXIT_USAGE;
	for (int i = 0; i < count; i++)
		free(copies[i]);
	if (code == EXIT_DONE || code == EXIT_PERSON || code == EXIT_CHANGES || code == EXIT_PARTLY) {
		error_clear(err);
		return true;
	}
	return err->code != ERROR_NONE ? false : error_set(err, ERROR_INTERNAL, "'%s' of the demo ended with %d", words[0], (int)code);
}

static bool map_known(struct steps *steps, struct error *err)
{
	const char *words[2 + 2 * ARRAY_LEN(rules)] = { "map", steps->account };

	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		words[2 + 2 * i] = "--rule";
		words[3 + 2 * i] = rules[i];
	}
	return step(steps, (int)ARRAY_LEN(words), words, err);
}

struct counting {
	int64_t written, created;
};

static bool count_written(void *ctx, const struct intent *intent)
{
	struct counting *counting = ctx;

	counting->written += intent->state == INTENT_CONFIRMED;
	counting->created += intent->state == INTENT_CONFIRMED && intent->act == PLAN_CREATE;
	return true;
}

/* What was killed goes on where it was, and the ledger's own count tells whether anything is there twice. */
static bool apply(struct steps *steps, const struct plan *plan, struct error *err)
{
	struct intent_query query = { .plan = plan->id };
	struct counting counting = { 0 };
	int64_t before, after;

	if (!demo_standing(steps->app, steps->account, &before, err) ||
	    !demo_kill_apply(steps->app, steps->company, plan->id, &steps->printer, err) ||
	    !step(steps, 2, (const char *const[]){ "apply", plan->id }, err) ||
	    !intents_list(steps->app->store, &query, count_written, &counting, err) ||
	    !demo_standing(steps->app, steps->account, &after, err))
		return false;
	if (after - before != counting.created)
		return error_set(err, ERROR_INTERNAL, "%lld records were to be made, and the ledger has %lld more", (long long)counting.created,
				 (long long)(after - before));
	verb_note(&steps->printer, "Applied again, it went on: %lld were to be made, and the ledger, which had %lld, has %lld. Nothing is there twice.",
		  (long long)counting.created, (long long)before, (long long)after);
	return true;
}

static bool count(struct steps *steps, const struct plan *plan, const char *head, int64_t *ret_written, int64_t *ret_waiting,
		  struct error *err)
{
	struct intent_query query = { .plan = plan->id };
	struct counting counting = { 0 };
	struct push_totals totals;

	if (!intents_list(steps->app->store, &query, count_written, &counting, err) || !push_totals(head, &totals))
		return false;
	*ret_written = counting.written;
	*ret_waiting = totals.acts[PLAN_BLOCKED] + totals.acts[PLAN_DECIDE];
	return true;
}

bool demo_push(struct app *app, const char *directory, const struct printer *printer, int64_t *ret_written, int64_t *ret_waiting,
	       struct error *err)
{
	AUTO(str_clear) struct str path = STR_INIT(4200), head = STR_INIT(STR_NO_LIMIT);
	struct steps steps = { .app = app, .printer = notes_only(printer) };
	struct account account;
	struct plan plan;

	str_addf(&path, "%s/" FILE_NAME, directory);
	if (!app_store(app, true, err) || !accounts_find(app->store, COMPANY, &account, err) ||
	    !file_write(path.text, documents, sizeof(documents) - 1, 0600, err))
		return false;
	snprintf(steps.account, sizeof(steps.account), "%s", account.id);
	snprintf(steps.company, sizeof(steps.company), "%s", account.name);
	if (!step(&steps, 5, (const char *const[]){ "import", path.text, "--account", steps.account, "--write" }, err) ||
	    !map_known(&steps, err) || !step(&steps, 2, (const char *const[]){ "plan", steps.account }, err) ||
	    !plans_find(app->store, account.id, "", &plan, NULL, &head, err) ||
	    !apply(&steps, &plan, err))
		return false;
	return count(&steps, &plan, head.text, ret_written, ret_waiting, err);
}
