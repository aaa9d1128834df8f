/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A day's documents of an event rental: some are in order, and each of the others has a trouble of its own. */
#include "demo_push.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "demo_steps.h"
#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/outbox.h"
#include "ledgerdeck/store/records.h"
#include "ledgerdeck/sync/push.h"
#include "verbs.h"

#define FILE_NAME "documents.jsonl"

#define LEDGER_ZONE_S (-8 * 3600) /* where the sample companies are; what is today there is not tomorrow anywhere */
#define DAYS 30

struct demo_days demo_days(const struct app *app)
{
	struct date to = { date_of_ms(verb_now(app), LEDGER_ZONE_S).day - 1 }, from = { to.day - DAYS + 1 };
	struct date open = date_of(date_calendar(date_of_ms(verb_now(app), LEDGER_ZONE_S)).year, 1, 1);

	if (to.day < open.day)
		to = open;
	return (struct demo_days){ from.day < open.day ? open : from, to };
}

char *demo_day(const struct demo_days *days, int which, char *out)
{
	return date_format((struct date){ days->from.day + (days->to.day - days->from.day) * which / DEMO_DAYS_LAST }, out);
}

/* ---- the documents */

#define LINE(item, quantity, price) \
	"{\"item\":\"" item "\",\"quantity\":\"" quantity "\",\"unit_price\":\"" price "\",\"taxable\":false}"

static void add_invoice(const char *id, const char *number, const char *customer, const char *date, const char *more, const char *lines,
			struct str *out)
{
	str_addf(out, "{\"type\":\"invoice\",\"external_id\":\"%s\",\"data\":{\"number\":", id);
	str_add_json(out, number, strlen(number));
	str_addf(out, ",\"customer\":\"%s\",\"date\":\"%s\",%s\"lines\":[%s]}}\n", customer, date, more, lines);
}

struct taking {
	size_t field;
	char number[64];
};

static bool take_number(void *ctx, const struct record_row *row)
{
	struct taking *taking = ctx;
	const struct cell *number = &row->cells[taking->field];

	if (number->kind == CELL_TEXT && number->len > 0 && number->len < sizeof(taking->number))
		snprintf(taking->number, sizeof(taking->number), "%.*s", (int)number->len, number->text);
	return *taking->number == '\0';
}

/* The number of one of the ledger's own invoices of these days, or of the last one before. */
static bool find_taken(struct steps *steps, const struct demo_days *days, char *ret_number, size_t size, struct error *err)
{
	const struct type *type = catalogue_find(steps->app->catalogue, "quickbooks", "Invoice");
	struct record_query query = { .type = type, .order = RECORD_BY_FIELD, .descending = true };
	AUTO(memory_freep) struct filter *filter = memory_new(sizeof(*filter));
	struct taking taking = { .field = (size_t)(type_field(type, "DocNumber") - type->fields) };
	char text[80], date[DATE_TEXT_MAX];
	struct object object;
	bool found;

	snprintf(text, sizeof(text), "TxnDate<=%s state:live", date_format(days->to, date));
	query.field = (size_t)(type_field(type, "TxnDate") - type->fields);
	query.filter = filter;
	if (!filter_parse(type, text, PERSONAL_SHOWN, filter, err) || !objects_get(steps->app->store, steps->account, type->name, &object, &found, err))
		return false;
	if (found && !records_list(steps->app->store, object.no, &query, take_number, &taking, err))
		return false;
	snprintf(ret_number, size, "%s", taking.number);
	return *taking.number || error_set(err, ERROR_INTERNAL, "'%s' has no invoice with a number", steps->company);
}

static bool add_documents(struct steps *steps, struct str *out, struct error *err)
{
	struct demo_days days = demo_days(steps->app);
	char at[DEMO_DAYS_LAST + 1][DATE_TEXT_MAX], taken[64], closed[DATE_TEXT_MAX];

	if (!find_taken(steps, &days, taken, sizeof(taken), err))
		return false;
	for (int i = 0; i <= DEMO_DAYS_LAST; i++)
		demo_day(&days, i, at[i]);
	date_format(date_of(date_calendar(days.to).year - 1, 12, 30), closed);
	str_add(out, "{\"type\":\"customer\",\"external_id\":\"SPRING\",\"data\":{\"name\":\"Spring Fair Committee\",\"email\":\"fair@example.com\"}}\n"
		"{\"type\":\"customer\",\"external_id\":\"OHARA\",\"data\":{\"name\":\"O'Hara's \\\"Little\\\" Shop\"}}\n");
	add_invoice("EV-1001", "EV-1001", "LOCKHART", at[5], "", LINE("TENT20", "2", "180.00") "," LINE("CREW", "3", "45.00"), out);
	add_invoice("EV-1002", "EV-1002", "SPRING", at[6], "", LINE("TENT20", "4", "180.00"), out);
	add_invoice("EV-1003", "EV-1003", "LOCKHART", at[6], "", LINE("TENT20", "1", "180.00") "," LINE("FREIGHT", "1", "65.00"), out);
	add_invoice("EV-1007", taken, "LOCKHART", at[7], "", LINE("CREW", "2", "45.00"), out);
	add_invoice("EV-1004", "EV-1004", "LOCKHART", closed, "", LINE("CREW", "1", "45.00"), out);
	add_invoice("EV-1005", "EV-1005", "LOCKHART", at[8], "\"currency\":\"EUR\",", LINE("TENT20", "1", "170.00"), out);
	add_invoice("EV-1006", "EV-1006", "LOCKHART", at[9], "\"total\":\"99.00\",", LINE("CREW", "2", "45.00"), out);
	str_addf(out, "{\"type\":\"payment\",\"external_id\":\"PAY-1\",\"data\":{\"reference\":\"ACH 88231\",\"customer\":\"LOCKHART\",\"date\":\"%s\","
		 "\"amount\":\"300.00\",\"lines\":[{\"invoice\":\"EV-1001\",\"amount\":\"300.00\"}]}}\n", at[10]);
	demo_bill(&days, "640.00", out);
	str_addf(out, "{\"type\":\"journal_entry\",\"external_id\":\"J-11\",\"data\":{\"number\":\"J-11\",\"date\":\"%s\",\"lines\":[{\"account\":\"RENT\","
		 "\"debit\":\"20.00\"},{\"account\":\"PETTY\",\"credit\":\"20.00\"}]}}\n", at[10]);
	return true;
}

void demo_bill(const struct demo_days *days, const char *amount, struct str *out)
{
	char date[DATE_TEXT_MAX];

	str_addf(out, "{\"type\":\"bill\",\"external_id\":\"GAS-11\",\"data\":{\"number\":\"G-11\",\"vendor\":\"YARD\",\"date\":\"%s\",\"lines\":"
		 "[{\"account\":\"RENT\",\"description\":\"Yard rent\",\"amount\":\"%s\"}]}}\n", demo_day(days, 9, date), amount);
}

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

bool demo_count(struct app *app, const char *plan, int64_t *written, struct error *err)
{
	struct intent_query query = { .plan = plan };
	struct counting counting = { 0 };

	if (!intents_list(app->store, &query, count_written, &counting, err))
		return false;
	*written += counting.written;
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
	struct push_totals totals;

	*ret_written = 0;
	if (!demo_count(steps->app, plan->id, ret_written, err) || !push_totals(head, &totals))
		return false;
	*ret_waiting = totals.acts[PLAN_BLOCKED] + totals.acts[PLAN_DECIDE];
	return true;
}

bool demo_push(struct app *app, const char *directory, const struct printer *printer, int64_t *ret_written, int64_t *ret_waiting,
	       struct error *err)
{
	AUTO(str_clear) struct str path = STR_INIT(4200), head = STR_INIT(STR_NO_LIMIT), documents = STR_INIT(STR_NO_LIMIT);
	struct steps steps;
	struct plan plan;

	str_addf(&path, "%s/" FILE_NAME, directory);
	if (!steps_begin(&steps, app, DEMO_COMPANY, printer, err) || !add_documents(&steps, &documents, err) ||
	    !file_write(path.text, documents.text, documents.len, 0600, err))
		return false;
	if (!steps_do(&steps, (const char *const[]){ "import", path.text, "--account", steps.account, "--write", NULL }, err) ||
	    !map_known(&steps, err) || !steps_do(&steps, (const char *const[]){ "plan", steps.account, NULL }, err) ||
	    !plans_find(app->store, steps.account, "", &plan, NULL, &head, err) ||
	    !apply(&steps, &plan, err))
		return false;
	return count(&steps, &plan, head.text, ret_written, ret_waiting, err);
}
