/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The month's meter: calls, and bytes each way, are counted over all accounts of a provider's environment, and the ledger shuts whoever
 * has used up its month, or charges for more. Before that happens sweeps are put off, and at the end all reading stops and says when
 * it goes on.
 */
#include <stdio.h>

#include "engine.h"
#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/memory.h"

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

static const struct {
	const char *what, *limit; /* the limit's row: of the provider, or of all */
	int64_t unit;
} rows[] = {
	[QUOTA_CALLS] = { "calls", "month_limit", 1 },
	[QUOTA_RECEIVED] = { "megabytes down", "month_megabytes", 1000000 },
	[QUOTA_SENT] = { "megabytes up", "month_megabytes", 1000000 },
};
_Static_assert(ARRAY_LEN(rows) == QUOTA_COUNT, "a row for each quota");

bool quota_is_used_up(const struct sync_quota *quota)
{
	return quota->limit > 0 && quota->used >= quota->limit;
}

bool quota_is_short(const struct sync_quota *quota)
{
	return quota_is_used_up(quota) || (quota->limit > 0 && quota->forecast > quota->limit);
}

bool sync_month(struct store *store, const struct settings *settings, const char *provider, enum environment environment, int64_t now_ms,
		struct sync_month *ret_month, struct error *err)
{
	int64_t used[QUOTA_COUNT];
	struct meter meter;
	int days, day;
	char month[16];

	*ret_month = (struct sync_month){ 0 };
	snprintf(ret_month->label, sizeof(ret_month->label), "%.15s %s", provider, environment_word(environment));
	month_of(now_ms, month, sizeof(month));
	if (!meter_sum(store, provider, environment, month, &meter, err))
		return false;
	month_days(now_ms, &days, &day);
	used[QUOTA_CALLS] = meter.calls;
	used[QUOTA_RECEIVED] = meter.received_bytes;
	used[QUOTA_SENT] = meter.sent_bytes;
	for (int i = 0; i < QUOTA_COUNT; i++) {
		struct sync_quota *quota = &ret_month->quotas[i];
		const char *setting = settings_of_provider(provider, rows[i].limit);

		quota->what = rows[i].what;
		quota->setting = setting ? setting : "";
		quota->limit = setting ? settings_number(settings, setting) : 0;
		quota->used = used[i] / rows[i].unit;
		/* The day that has begun counts whole: its first hour frightens nobody. */
		quota->forecast = (used[i] * days / day + rows[i].unit - 1) / rows[i].unit;
	}
	return true;
}

struct meter month_spent(const struct provider *provider, const struct http_meter *spent)
{
	struct meter meter = { spent->calls[HTTP_READ] + spent->calls[HTTP_REPORT], spent->received_bytes, spent->sent_bytes };

	if (provider && (provider->can & PROVIDER_METERS_ALL))
		meter.calls += spent->calls[HTTP_WRITE] + spent->calls[HTTP_BATCH];
	return meter;
}

bool month_add(struct store *store, const char *account_id, int64_t now_ms, const struct meter *spent, struct meter *metered,
	       struct error *err)
{
	struct meter more = { spent->calls - metered->calls, spent->received_bytes - metered->received_bytes,
			      spent->sent_bytes - metered->sent_bytes };
	char month[16];

	if (!more.calls && !more.received_bytes && !more.sent_bytes)
		return true;
	month_of(now_ms, month, sizeof(month));
	if (!meter_add(store, account_id, month, &more, err))
		return false;
	*metered = *spent;
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

static bool is_scarce(const struct sync_month *month)
{
	bool scarce = false;

	for (int i = 0; i < QUOTA_COUNT; i++)
		scarce = scarce || (month->quotas[i].limit > 0 && month->quotas[i].used * 100 >= month->quotas[i].limit * SCARCE_PERCENT);
	return scarce;
}

/* The first that is used up; NULL: none is. */
static const struct sync_quota *used_up(const struct sync_month *month)
{
	for (int i = 0; i < QUOTA_COUNT; i++)
		if (quota_is_used_up(&month->quotas[i]))
			return &month->quotas[i];
	return NULL;
}

bool month_is_scarce(struct worker *worker, const char *account_id)
{
	struct sync_month month = month_now(worker, account_id);

	return is_scarce(&month);
}

bool month_is_used_up(struct worker *worker, const char *account_id)
{
	struct sync_month month = month_now(worker, account_id);

	return used_up(&month) != NULL;
}

bool month_check(struct work *work, struct error *err)
{
	struct sync_month month = month_now(work->worker, work->object.account_id);
	const struct sync_quota *quota = used_up(&month);
	int64_t now_ms = sync_now(work->worker->sync);
	int days, day;

	work->scarce = is_scarce(&month);
	if (!quota)
		return true;
	month_days(now_ms, &days, &day);
	error_set(err, ERROR_LIMIT, "the month's %s are used up: %lld of %lld, at this pace %lld by its end; reading goes on in %d %s", quota->what,
		  (long long)quota->used, (long long)quota->limit, (long long)quota->forecast, days - day + 1, days == day ? "day" : "days");
	if (err)
		err->retry_after_s = (int)(((int64_t)(days - day + 1) * DAY_MS - now_ms % DAY_MS) / 1000);
	return false;
}
