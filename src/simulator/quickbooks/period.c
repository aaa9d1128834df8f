/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names of periods are put together from which one (this, last, next), what (week to calendar
 * year) and whether it ends today; they are read in that way instead of from a list.
 */
#include "quickbooks/period.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "ledgerdeck/core/memory.h"

#define FIRST_DAY INT32_C(-719162) /* 0001-01-01 */
#define LAST_DAY INT32_C(2932896)  /* 9999-12-31 */

struct date period_fiscal_start(struct date date, int first)
{
	struct calendar calendar = date_calendar(date);

	return date_of(calendar.month < first ? calendar.year - 1 : calendar.year, first, 1);
}

/* The first day of the week or of the months that `date` is in; years begin with month `first`. */
static struct date unit_start(struct date date, int months, int first)
{
	struct calendar calendar = date_calendar(date);
	int since;

	if (months == 0)
		return (struct date){ .day = date.day - date_weekday(date) };
	since = (calendar.month - first + 12) % 12 % months;
	return date_of(calendar.year, calendar.month - since, 1);
}

/* `count` units later. */
static struct date unit_add(struct date start, int months, int count)
{
	struct calendar calendar = date_calendar(start);

	if (months == 0)
		return (struct date){ .day = start.day + 7 * count };
	return date_of(calendar.year, calendar.month + months * count, 1);
}

/* The same day so many units later, or the last one of a month that has no such day. */
static struct date same_day(struct date date, int months, int count)
{
	struct calendar calendar = date_calendar(date), there;

	if (months == 0)
		return (struct date){ .day = date.day + 7 * count };
	there = date_calendar(date_of(calendar.year, calendar.month + months * count, 1));
	if (calendar.day > date_month_days(there.year, there.month))
		calendar.day = date_month_days(there.year, there.month);
	return date_of(there.year, there.month, calendar.day);
}

static bool take_word(const char **at, const char *word)
{
	size_t len = strlen(word);

	if (strncasecmp(*at, word, len) != 0)
		return false;
	*at += len;
	return true;
}

/* "This Fiscal Quarter-to-date" and its kind. */
static bool read_unit_macro(const char *text, struct date today, int fiscal_month,
			    struct period *period)
{
	static const struct {
		const char *word;
		int months;
		bool fiscal;
	} units[] = {
		{ "week", 0, false },
		{ "month", 1, false },
		{ "fiscal quarter", 3, true },
		{ "fiscal year", 12, true },
		{ "calendar quarter", 3, false },
		{ "calendar year", 12, false },
		{ "quarter", 3, false },
		{ "year", 12, false },
	};
	int which = take_word(&text, "this ")	? 0
		    : take_word(&text, "last ") ? -1
		    : take_word(&text, "next ") ? 1
						: 2;

	for (size_t i = 0; which < 2 && i < ARRAY_LEN(units); i++) {
		const char *rest = text;
		int months = units[i].months;
		struct date now;

		if (!take_word(&rest, units[i].word) ||
		    (*rest && strcasecmp(rest, "-to-date") != 0))
			continue;
		now = unit_start(today, months, units[i].fiscal ? fiscal_month : 1);
		period->start = unit_add(now, months, which);
		period->end.day = unit_add(now, months, which + 1).day - 1;
		if (*rest)
			period->end = same_day(today, months, which);
		return true;
	}
	return false;
}

static bool read_macro(const char *text, struct date today, int fiscal_month, struct period *period)
{
	period->start = period->end = today;
	snprintf(period->macro, sizeof(period->macro), "%s", text);
	for (char *at = period->macro; *at; at++)
		if (*at >= 'A' && *at <= 'Z')
			*at = (char)(*at - 'A' + 'a');
	if (strcmp(period->macro, "today") == 0)
		return true;
	if (strcmp(period->macro, "yesterday") == 0) {
		period->start.day = period->end.day = today.day - 1;
		return true;
	}
	if (strcmp(period->macro, "all") == 0) {
		period->start.day = FIRST_DAY;
		period->end.day = LAST_DAY;
		period->is_all = true;
		return true;
	}
	if (strcmp(period->macro, "next 4 weeks") == 0) {
		period->start = unit_add(unit_start(today, 0, 1), 0, 1);
		period->end.day = period->start.day + 27;
		return true;
	}
	return strlen(text) < sizeof(period->macro) &&
	       read_unit_macro(period->macro, today, fiscal_month, period);
}

/* Ten characters with dashes at their places name a day, if a wrong one. */
static bool read_date(const char *text, const char *name, struct date *ret_date,
		      struct fault *fault)
{
	if (date_parse(text, strlen(text), ret_date))
		return true;
	if (strlen(text) == 10 && text[4] == '-' && text[7] == '-')
		return fault_set(fault, 2070, name, "Invalid Date : %s", text);
	return fault_set(fault, 2060, name, "Invalid Date Format : %.200s", text);
}

static const char *parameter_of(const struct request *request, const char *name)
{
	const char *value = request_parameter(request, name);

	return value && *value ? value : NULL;
}

bool period_read_date(const struct request *request, const char *name, struct date *date,
		      struct fault *fault)
{
	const char *text = parameter_of(request, name);

	return !text || read_date(text, name, date, fault);
}

bool period_read(const struct company *company, const struct request *request,
		 struct period *ret_period, struct fault *fault)
{
	const char *start = parameter_of(request, "start_date"),
		   *end = parameter_of(request, "end_date");
	const char *macro = parameter_of(request, "date_macro");
	struct date today = company_today(company);
	struct period period = { .end = today };

	if (!start && !end) {
		if (!read_macro(macro ? macro : "this month-to-date", today,
				company->preferences.fiscal_month, &period))
			return fault_set(fault, 2170, "date_macro", "Invalid Enumeration : %.200s",
					 macro);
		*ret_period = period;
		return true;
	}
	if (!period_read_date(request, "end_date", &period.end, fault))
		return false;
	period.start = unit_start(period.end, 1, 1);
	if (!period_read_date(request, "start_date", &period.start, fault))
		return false;
	if (period.start.day > period.end.day)
		return fault_set(fault, 2190, "start_date",
				 "Invalid Date Range : start_date is later than end_date");
	*ret_period = period;
	return true;
}
