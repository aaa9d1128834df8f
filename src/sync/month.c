/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The month's meter: reads are counted over all accounts, and the ledger shuts an app that has used up its
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

static int64_t used(struct worker *worker)
{
	struct error ignored;
	int64_t calls = 0, bytes = 0;
	char month[16];

	month_of(sync_now(worker->sync), month, sizeof(month));
	return meter_get(worker->store, NULL, month, &calls, &bytes, &ignored) ? calls : 0;
}

bool month_is_scarce(struct worker *worker)
{
	int64_t limit = settings_number(worker->sync->options.settings, "sync.month_limit");

	return limit > 0 && used(worker) >= limit / 100 * SCARCE_PERCENT;
}

bool month_check(struct work *work, struct error *err)
{
	int64_t limit = settings_number(work->worker->sync->options.settings, "sync.month_limit"), calls;
	int64_t now_ms = sync_now(work->worker->sync);
	int days, day;

	if (limit == 0)
		return true;
	calls = used(work->worker);
	if (calls < limit)
		return true;
	month_days(now_ms, &days, &day);
	error_set(err, ERROR_LIMIT, "the month's calls are used up: %lld of %lld, at this pace %lld by its end; reading goes on in %d %s",
		  (long long)calls, (long long)limit, (long long)(calls / day * days), days - day + 1,
		  days == day ? "day" : "days");
	if (err)
		err->retry_after_s = (int)(((int64_t)(days - day + 1) * DAY_MS - now_ms % DAY_MS) / 1000);
	return false;
}
