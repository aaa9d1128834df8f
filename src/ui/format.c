/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Short words for numbers and times. */
#include "format.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "ledgerdeck/core/date.h"

static struct tm local(int64_t ms)
{
	time_t seconds = (time_t)(ms / 1000);
	struct tm parts = { 0 };

	localtime_r(&seconds, &parts);
	return parts;
}

char *format_clock(int64_t ms, int64_t now_ms, char *out)
{
	static const char months[] = "Jan\0Feb\0Mar\0Apr\0May\0Jun\0Jul\0Aug\0Sep\0Oct\0Nov\0Dec";
	struct tm then, now;

	if (ms <= 0 || ms == INT64_MAX) {
		snprintf(out, FORMAT_MAX, "-");
		return out;
	}
	then = local(ms);
	now = local(now_ms);
	if (then.tm_year == now.tm_year && then.tm_yday == now.tm_yday)
		snprintf(out, FORMAT_MAX, "%02d:%02d", then.tm_hour, then.tm_min);
	else if (then.tm_year == now.tm_year || (ms > now_ms ? ms - now_ms : now_ms - ms) < 180 * DAY_MS)
		snprintf(out, FORMAT_MAX, "%d %s", then.tm_mday, months + (size_t)(then.tm_mon % 12) * 4);
	else
		snprintf(out, FORMAT_MAX, "%d", then.tm_year + 1900);
	return out;
}

char *format_stamp(int64_t ms, char *out)
{
	struct tm parts = local(ms);

	snprintf(out, FORMAT_MAX, "%04d-%02d-%02d %02d:%02d:%02d", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour,
		 parts.tm_min, parts.tm_sec);
	return out;
}

char *format_count(int64_t count, char *out)
{
	char digits[FORMAT_MAX];
	size_t len, used = 0;

	snprintf(digits, sizeof(digits), "%" PRId64, count);
	len = strlen(digits);
	for (size_t i = 0; i < len && used + 2 < FORMAT_MAX; i++) {
		size_t left = len - i;

		if (i > (digits[0] == '-') && left % 3 == 0)
			out[used++] = ',';
		out[used++] = digits[i];
	}
	out[used] = '\0';
	return out;
}

char *format_took(int64_t ms, char *out)
{
	int64_t seconds = ms / 1000;

	if (ms < 0)
		snprintf(out, FORMAT_MAX, "-");
	else if (seconds < 60)
		snprintf(out, FORMAT_MAX, "%" PRId64 ".%" PRId64 " s", seconds, ms % 1000 / 100);
	else if (seconds < 3600)
		snprintf(out, FORMAT_MAX, "%" PRId64 ":%02" PRId64, seconds / 60, seconds % 60);
	else
		snprintf(out, FORMAT_MAX, "%" PRId64 ":%02" PRId64 ":%02" PRId64, seconds / 3600, seconds / 60 % 60, seconds % 60);
	return out;
}

char *format_left(int64_t ms, char *out)
{
	if (ms < 0)
		snprintf(out, FORMAT_MAX, "ended");
	else if (ms >= 2 * DAY_MS)
		snprintf(out, FORMAT_MAX, "%" PRId64 " d", ms / DAY_MS);
	else if (ms >= 2 * 3600000)
		snprintf(out, FORMAT_MAX, "%" PRId64 " h", ms / 3600000);
	else
		snprintf(out, FORMAT_MAX, "%" PRId64 " min", ms / 60000);
	return out;
}

char *format_bytes(int64_t bytes, char *out)
{
	static const char *const units[] = { "B", "kB", "MB", "GB", "TB" };
	int64_t whole = bytes, rest = 0;
	size_t unit = 0;

	while (whole >= 1000 && unit + 1 < sizeof(units) / sizeof(units[0])) {
		rest = whole % 1000 / 100;
		whole /= 1000;
		unit++;
	}
	if (unit == 0)
		snprintf(out, FORMAT_MAX, "%" PRId64 " B", whole);
	else
		snprintf(out, FORMAT_MAX, "%" PRId64 ".%" PRId64 " %s", whole, rest, units[unit]);
	return out;
}
