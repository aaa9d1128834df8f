/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The hours in which an account's writes may be sent (policy window), by this machine's clock and in its time zone. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "ledgerdeck/model/window.h"
#include "ledgerdeck/sync/push.h"

static struct tm local(int64_t ms)
{
	time_t seconds = (time_t)(ms / 1000);
	struct tm parts;

	localtime_r(&seconds, &parts);
	return parts;
}

bool push_window(struct store *store, const char *account_id, int64_t now_ms, struct push_window *ret_window, struct error *err)
{
	static const char *const days[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
	struct policies policies;
	struct window window;
	struct tm parts = local(now_ms);
	int minutes;

	*ret_window = (struct push_window){ .open = true };
	if (!policies_get(store, account_id, &policies, err))
		return false;
	if (!window_parse(policies.values[POLICY_WINDOW], &window))
		return true;
	minutes = window_opens_in(&window, parts.tm_wday, parts.tm_hour * 60 + parts.tm_min);
	if (minutes == 0)
		return true;
	/* Hours of the clock: the night that summer time begins in is shorter. */
	parts.tm_min += minutes;
	parts.tm_sec = 0;
	parts.tm_isdst = -1;
	ret_window->open = false;
	ret_window->opens_ms = (int64_t)mktime(&parts) * 1000;
	snprintf(ret_window->hours, sizeof(ret_window->hours), "%s", policies.values[POLICY_WINDOW]);
	/* mktime() has put it in order. */
	snprintf(ret_window->opens, sizeof(ret_window->opens), "%s%s%02d:%02d", parts.tm_yday == local(now_ms).tm_yday ? "" : days[parts.tm_wday],
		 parts.tm_yday == local(now_ms).tm_yday ? "" : " ", parts.tm_hour % 24, parts.tm_min % 60);
	return true;
}

bool push_window_holds(const struct push_window *window, const struct intent *intent)
{
	return !window->open && !intent->hurried && (intent_shown(intent) == INTENT_QUEUED || intent_shown(intent) == INTENT_RETRY);
}
