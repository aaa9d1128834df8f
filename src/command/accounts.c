/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `accounts`: which companies are connected, and how each fares. */
#include <string.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/sync/push.h"
#include "verbs.h"

static const struct printer_column columns[] = {
	{ "id", true }, { "name", false }, { "provider", false }, { "environment", false }, { "state", false }, { "reason", false },
	{ "company", true }, { "country", true }, { "currency", true }, { "types", false }, { "failed", false },
	{ "waiting", true }, { "documents_waiting", true }, { "records", false }, { "last_success_at", false }, { "connected_at", true },
	{ "connected_by", true }, { "refreshed_at", true }, { "access_expires_at", true }, { "refresh_expires_at", true },
	{ "hard_expires_at", true }, { "scopes", true }, { "breaker_until_at", true }, { "calls_this_month", true },
	{ "received_bytes_this_month", true }, { "sent_bytes_this_month", true },
	{ "interval_s", true }, { "warning", true }, { NULL, false },
};

struct sums {
	int64_t types, failed, waiting, records, documents, last_ms;
};

static void add_up(const struct object_list *objects, struct sums *sums)
{
	for (size_t i = 0; i < objects->count; i++) {
		const struct object *object = &objects->items[i];

		sums->types++;
		sums->failed += object->status == OBJECT_FAILED || object->status == OBJECT_DEAD;
		sums->waiting += *object->guard != '\0';
		sums->records += object->live + object->inactive + object->voided;
		if (object->success_ms > sums->last_ms)
			sums->last_ms = object->success_ms;
	}
}

static void month_of(int64_t ms, char *out)
{
	char text[STAMP_TEXT_MAX];

	stamp_format(ms, 0, false, text);
	memcpy(out, text, 7);
	out[7] = '\0';
}

static bool print_account(struct app *app, const struct account *account, const struct printer *printer, struct error *err)
{
	AUTO(object_list_clear) struct object_list objects = { 0 };
	struct sums sums = { 0 };
	struct breaker breaker;
	struct meter used;
	char month[8], warning[240];

	month_of(verb_now(app), month);
	if (!objects_all(app->store, account->id, &objects, err) || !breaker_get(app->store, account->id, &breaker, err) ||
	    !meter_get(app->store, account->id, month, &used, err) || !push_waiting(app->store, account->id, &sums.documents, err))
		return false;
	add_up(&objects, &sums);
	printer->row(printer->ctx);
	printer->text(printer->ctx, "id", account->id);
	printer->text(printer->ctx, "name", account->name);
	printer->text(printer->ctx, "provider", account->provider);
	printer->text(printer->ctx, "environment", environment_word(account->environment));
	printer->text(printer->ctx, "state", account_state_word(account->state));
	verb_text(printer, "reason", account->reason);
	verb_text(printer, "company", account->realm_tail);
	verb_text(printer, "country", account->country);
	verb_text(printer, "currency", account->currency);
	printer->number(printer->ctx, "types", sums.types);
	printer->number(printer->ctx, "failed", sums.failed);
	printer->number(printer->ctx, "waiting", sums.waiting);
	printer->number(printer->ctx, "documents_waiting", sums.documents);
	printer->number(printer->ctx, "records", sums.records);
	printer->time(printer->ctx, "last_success_at", sums.last_ms);
	printer->time(printer->ctx, "connected_at", account->connected_ms);
	verb_text(printer, "connected_by", account->connected_by);
	printer->time(printer->ctx, "refreshed_at", account->refreshed_ms);
	printer->time(printer->ctx, "access_expires_at", account->access_expires_ms);
	printer->time(printer->ctx, "refresh_expires_at", account->refresh_expires_ms);
	printer->time(printer->ctx, "hard_expires_at", account->hard_expires_ms);
	verb_text(printer, "scopes", account->scopes);
	printer->time(printer->ctx, "breaker_until_at", breaker.open_until_ms > verb_now(app) ? breaker.open_until_ms : 0);
	printer->number(printer->ctx, "calls_this_month", used.calls);
	printer->number(printer->ctx, "received_bytes_this_month", used.received_bytes);
	printer->number(printer->ctx, "sent_bytes_this_month", used.sent_bytes);
	if (account->interval_s)
		printer->number(printer->ctx, "interval_s", account->interval_s > 0 ? account->interval_s : 0);
	else
		printer->decimal(printer->ctx, "interval_s", NULL);
	sync_warning(account, verb_now(app), warning);
	verb_text(printer, "warning", warning);
	return true;
}

static void tell_quota(const struct printer *printer, const char *provider, const struct sync_month *month, const struct sync_quota *quota)
{
	AUTO(str_clear) struct str advice = STR_INIT(300);

	if (quota->forecast > quota->limit)
		str_addf(&advice, "; read less often (%s, 'ledgerdeck interval') or raise %s", settings_of_provider(provider, "interval"),
			 quota->setting);
	verb_note(printer, "This month's %s (%s): %lld of %lld, at this pace %lld by its end%s.", quota->what, month->label,
		  (long long)quota->used, (long long)quota->limit, (long long)quota->forecast, advice.text);
}

/* How far the month is, of each environment in which something is counted against a limit. */
static bool tell_month(struct app *app, const struct account_list *list, const struct printer *printer, struct error *err)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct account *account = &list->items[i];
		struct sync_month month;

		if (verb_had_month(list, i) || account->environment == ENVIRONMENT_LOCAL)
			continue;
		if (!sync_month(app->store, app->settings, account->provider, account->environment, verb_now(app), &month, err))
			return false;
		for (int k = 0; k < QUOTA_COUNT; k++)
			if (month.quotas[k].limit > 0)
				tell_quota(printer, account->provider, &month, &month.quotas[k]);
	}
	return true;
}

static void tell_warnings(struct app *app, const struct account_list *list, const struct printer *printer)
{
	char warning[240];

	for (size_t i = 0; i < list->count; i++)
		if (sync_warning(&list->items[i], verb_now(app), warning))
			verb_note(printer, "%s", warning);
}

static enum command_exit run(struct app *app, const struct arguments *arguments, const struct printer *printer,
			     struct error *err)
{
	AUTO(account_list_clear) struct account_list list = { 0 };
	AUTO(str_clear) struct str text = STR_INIT(400);

	if (!verb_accounts(app, argument_all(arguments, "ACCOUNT"), &list, err))
		return verb_failed(err);
	printer->begin(printer->ctx, "accounts", columns);
	for (size_t i = 0; i < list.count; i++)
		if (!print_account(app, &list.items[i], printer, err))
			return verb_failed(err);
	printer->end(printer->ctx);
	tell_warnings(app, &list, printer);
	if (!tell_month(app, &list, printer, err))
		return verb_failed(err);
	if (list.count == 0)
		verb_note(printer, "No accounts yet. Connect one with %s.", verb_connect(&text));
	return EXIT_DONE;
}

static const struct argument_row rows[] = {
	{ "ACCOUNT", NULL, true, false, "only these, by any unique prefix of name or id" },
};

const struct command command_accounts = {
	.name = "accounts", .summary = "list the connected accounts and how they fare", .needs = NEEDS_STORE,
	.arguments = rows, .argument_count = ARRAY_LEN(rows), .run = run,
};
