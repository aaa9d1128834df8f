/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reconciling by itself, once a day at an hour that is set: the month as far as it has come, and in its first days the month before,
 * too. What does not agree is on the attention list; what a person has said stays. Signed periods are left alone.
 */
#include "reconcile/nightly.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "engine.h"
#include "ledgerdeck/core/log.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/sync/reconcile.h"

#define LOOK_MS 60000
#define LATE_DAYS 5   /* so long into a month the one before is still looked at */

/* The last time that this hour came, by the machine's clock. */
static int64_t last_turn_ms(int64_t now_ms, int hour)
{
	time_t seconds = (time_t)(now_ms / 1000);
	struct tm parts;

	localtime_r(&seconds, &parts);
	if (parts.tm_hour < hour)
		parts.tm_mday--;
	parts.tm_hour = hour;
	parts.tm_min = parts.tm_sec = 0;
	parts.tm_isdst = -1;
	return (int64_t)mktime(&parts) * 1000;
}

static void name_of(const struct account *account, const char *what, char *out, size_t size)
{
	snprintf(out, size, "reconcile.%s.%s", what, account->id);
}

static bool keep_number(struct store *store, const char *name, int64_t number, struct error *err)
{
	AUTO(store_end) struct store *transaction = store;
	char text[24];

	snprintf(text, sizeof(text), "%lld", (long long)number);
	return store_begin(transaction, err) && store_set(transaction, name, text, strlen(text), err) && store_commit(transaction, err);
}

static bool keep_failure(struct store *store, const struct account *account, const char *why, struct error *err)
{
	AUTO(store_end) struct store *transaction = store;
	char name[80];

	name_of(account, "failed", name, sizeof(name));
	return store_begin(transaction, err) && store_set(transaction, name, why, strlen(why), err) && store_commit(transaction, err);
}

/* Was its turn of this day taken already? An account that nobody has looked at yet begins with the next one. */
static bool is_due(struct store *store, const struct account *account, int64_t turn_ms, int64_t now_ms, bool *ret_due, struct error *err)
{
	AUTO(str_clear) struct str text = STR_INIT(24);
	struct error why = { 0 };
	char name[80];

	name_of(account, "turn", name, sizeof(name));
	*ret_due = false;
	if (store_get(store, name, &text, &why)) {
		*ret_due = strtoll(text.text, NULL, 10) < turn_ms;
		return !*ret_due || keep_number(store, name, now_ms, err);
	}
	if (why.code != ERROR_NONE)
		return err ? (*err = why, false) : false;
	return keep_number(store, name, now_ms, err);
}

static struct date month_start(struct date date, int months_before)
{
	struct calendar calendar = date_calendar(date);

	return months_before && calendar.month == 1 ? date_of(calendar.year - 1, 12, 1) : date_of(calendar.year, calendar.month - months_before, 1);
}

struct closing {
	const struct date from, to;
	bool closed;
};

static bool look_whether_closed(void *ctx, const struct session *session)
{
	struct closing *closing = ctx;

	closing->closed = closing->closed || ((session->state == SESSION_PREPARED || session->state == SESSION_SIGNED) &&
					      session->from.day == closing->from.day && session->to.day == closing->to.day);
	return !closing->closed;
}

static bool reconcile_month(struct sync *sync, struct store *store, const struct account *account, struct date from, struct error *err)
{
	struct calendar calendar = date_calendar(from);
	struct reconcile_wish wish = { .account_id = account->id, .from = from, .types = "", .who = "schedule", .env = sync->options.env,
				       .cancel = sync->cancel };
	struct closing closing = { .from = from, .to = date_of(calendar.year, calendar.month, date_month_days(calendar.year, calendar.month)) };
	struct session session;

	wish.to = closing.to;
	return sessions_all(store, account->id, 0, look_whether_closed, &closing, err) &&
	       (closing.closed || reconcile_round(sync, store, sync->options.catalogue, &wish, &session, err));
}

static void reconcile_account(struct sync *sync, struct store *store, const struct account *account)
{
	struct date today = date_of_ms(sync_now(sync), 0);
	struct error err = { 0 }, ignored;
	bool good = date_calendar(today).day > LATE_DAYS || reconcile_month(sync, store, account, month_start(today, 1), &err);

	good = good && reconcile_month(sync, store, account, month_start(today, 0), &err);
	if (!good && err.code == ERROR_CANCELLED)
		return;
	if (!good)
		log_warn("reconcile", "%s: %s", account->id, err.text);
	keep_failure(store, account, good ? "" : err.text, &ignored);
}

void nightly_due(struct sync *sync, struct store *store)
{
	AUTO(account_list_clear) struct account_list accounts = { 0 };
	const char *hour = settings_text(sync->options.settings, "reconcile.hour");
	int64_t now_ms = sync_now(sync);
	struct error err = { 0 };
	bool due;

	if (!accounts_all(store, &accounts, &err))
		log_warn("reconcile", "%s", err.text);
	for (size_t i = 0; i < accounts.count && !cancel_asked(sync->cancel); i++) {
		const struct account *account = &accounts.items[i];

		if (account->state != ACCOUNT_OK)
			continue;
		if (!is_due(store, account, last_turn_ms(now_ms, (int)strtol(hour, NULL, 10)), now_ms, &due, &err))
			log_warn("reconcile", "%s", err.text);
		else if (due)
			reconcile_account(sync, store, account);
	}
}

void nightly_keeper(void *ctx)
{
	struct sync *sync = ctx;
	struct store *store = NULL;
	struct error err = { 0 };
	int64_t wait_ms = 0;

	if (!store_open(sync->options.store_path, STORE_WRITE, 0, &store, &err)) {
		log_error("reconcile", "nothing is reconciled by itself: %s", err.text);
		return;
	}
	while (cancel_sleep(sync->cancel, wait_ms)) {
		nightly_due(sync, store);
		wait_ms = LOOK_MS;
	}
	store_close(store);
}
