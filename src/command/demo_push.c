/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A day's documents of an event rental: some are in order, and each of the others has a trouble of its own. */
#include "demo_push.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "demo_steps.h"
#include "ledgerdeck/core/file.h"
#include "ledgerdeck/store/outbox.h"
#include "ledgerdeck/sync/push.h"
#include "verbs.h"

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

static bool map_known(struct steps *steps, struct error *err)
{
	const char *words[3 + 2 * ARRAY_LEN(rules)] = { "map", steps->account };

	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		words[2 + 2 * i] = "--rule";
		words[3 + 2 * i] = rules[i];
	}
	return steps_do(steps, words, err);
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
	    !steps_do(steps, (const char *const[]){ "apply", plan->id, NULL }, err) ||
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
	struct steps steps;
	struct plan plan;

	str_addf(&path, "%s/" FILE_NAME, directory);
	if (!steps_begin(&steps, app, DEMO_COMPANY, printer, err) || !file_write(path.text, documents, sizeof(documents) - 1, 0600, err))
		return false;
	if (!steps_do(&steps, (const char *const[]){ "import", path.text, "--account", steps.account, "--write", NULL }, err) ||
	    !map_known(&steps, err) || !steps_do(&steps, (const char *const[]){ "plan", steps.account, NULL }, err) ||
	    !plans_find(app->store, steps.account, "", &plan, NULL, &head, err) ||
	    !apply(&steps, &plan, err))
		return false;
	return count(&steps, &plan, head.text, ret_written, ret_waiting, err);
}
