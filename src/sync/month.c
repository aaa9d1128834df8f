/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The month's meter: reads are counted over all accounts of a provider's environment, and the ledger shuts whoever has used up its
 * month. Before that happens sweeps are put off, and at the end all reading stops and says when it goes on.
 */
#include <stdio.h>

#include "engine.h"
#include "ledgerdeck/core/date.h"

#define DAY_MS INT64_C(86400000)
#define SCARCE_PERCENT 90

void month_of(int64_t ms, char *out, size_t size)
{
	struct calendar calendar = date_calendar(date_of_ms(ms, 0));

	snprintf(out, size, "%04d-%02d", calendar.year, calendar.month);
}

/* Days of the month that `ms` is in, and the place of its day in it, from 1. */
static void month_days(int64_t ms, int *ret_days, int *ret_day)
{
	struct calendar now = date_calendar(date_of_ms(ms, 0)), at = now;
	int days = now.day;

	for (int64_t next_ms = ms; at.month == now.month; days += at.month == now.month) {
		next_ms += DAY_MS;
		at = date_calendar(date_of_ms(next_ms, 0));
	}
	*ret_days = days;
	*ret_day = now.day;
}

bool sync_month(struct store *store, const struct settings *settings, const char *provider, enum environment environment, int64_t now_ms,
		struct sync_month *ret_month, struct error *err)
{
	int days, day;
	char month[16];

	*ret_month = (struct sync_month){ 0 };
	snprintf(ret_month->label, sizeof(ret_month->label), "%.15s %s", provider, environment_word(environment));
	snprintf(ret_month->setting, sizeof(ret_month->setting), "%.15s.month_limit", provider);
	if (!settings_known(ret_month->setting))
		snprintf(ret_month->setting, sizeof(ret_month->setting), "sync.month_limit");
	ret_month->limit = settings_number(settings, ret_month->setting);
	month_of(now_ms, month, sizeof(month));
	if (!meter_sum(store, provider, environment, month, &ret_month->calls, err))
		return false;
	month_days(now_ms, &days, &day);
	/* The day that has begun counts whole: its first hour frightens nobody. */
	ret_month->forecast = ret_month->calls * days / day;
	return true;
}

static struct sync_month month_now(struct worker *worker, const char *account_id)
{
	struct sync_month month = { 0 };
	struct account account;
	struct error ignored;
	bool found;

	if (!accounts_get(worker->store, account_id, &account, &found, &ignored) || !found ||
	    !sync_month(worker->store, worker->sync->options.settings, account.provider, account.environment, sync_now(worker->sync), &month, &ignored))
		return (struct sync_month){ 0 };
	return month;
}

bool month_is_scarce(struct worker *worker, const char *account_id)
{
	struct sync_month month = month_now(worker, account_id);

	return month.limit > 0 && month.calls >= month.limit / 100 * SCARCE_PERCENT;
}

bool month_is_used_up(struct worker *worker, const char *account_id)
{
	struct sync_month month = month_now(worker, account_id);

	return month.limit > 0 && month.calls >= month.limit;
}

bool month_check(struct work *work, struct error *err)
{
	struct sync_month month = month_now(work->worker, work->object.account_id);
	int64_t now_ms = sync_now(work->worker->sync);
	int days, day;

	work->scarce = month.limit > 0 && month.calls >= month.limit / 100 * SCARCE_PERCENT;
	if (month.limit == 0 || month.calls < month.limit)
		return true;
	month_days(now_ms, &days, &day);
	error_set(err, ERROR_LIMIT, "the month's calls are used up: %lld of %lld, at this pace %lld by its end; reading goes on in %d %s",
		  (long long)month.calls, (long long)month.limit, (long long)month.forecast, days - day + 1,
		  days == day ? "day" : "days");
	if (err)
		err->retry_after_s = (int)(((int64_t)(days - day + 1) * DAY_MS - now_ms % DAY_MS) / 1000);
	return false;
}
