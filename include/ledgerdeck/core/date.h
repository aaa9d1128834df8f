/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Calendar dates have no time zone: a date is the count of days since 1970-01-01. Instants are
 * int64_t milliseconds since 1970 UTC.
 */
#ifndef LEDGERDECK_CORE_DATE_H
#define LEDGERDECK_CORE_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DATE_TEXT_MAX 16  /* "2026-01-31" and room */
#define STAMP_TEXT_MAX 40 /* "2026-01-31T12:00:00.000-08:00" and room */
#define DAY_MS INT64_C(86400000)

struct date {
	int32_t day; /* since 1970-01-01; years 0001 to 9999 */
};

struct calendar {
	int year, month, day; /* month and day from 1 */
};

/* "2026-01-31" and nothing else; days that don't exist are refused. */
bool date_parse(const char *text, size_t len, struct date *ret_date);
char *date_format(struct date date, char *out); /* DATE_TEXT_MAX bytes; returns `out` */
struct date date_of(int year, int month, int day); /* day may run over the month's end */
struct calendar date_calendar(struct date date);
int date_weekday(struct date date);             /* 0 is Sunday */
int date_month_days(int year, int month);
struct date date_of_ms(int64_t ms, int offset_s); /* the day it is at that instant, that offset */

/*
 * Central European time, with summer time as the European Union has had it since 1996: from the last Sunday of March
 * to the last one of October, both at 01:00 UTC (directive 2000/84/EC). A local time is given as if it were UTC.
 */
int central_european_offset_s(int64_t utc_ms); /* seconds ahead of UTC: 3600 or 7200 */
/* Of the hour that comes twice in October the first is meant; in the one that March leaves out the clock was not set yet. */
int64_t central_european_to_utc(int64_t local_ms);

/*
 * An instant: a date alone (midnight), or a date and a time with optional fraction, and "Z",
 * "+hh:mm", "+hhmm" or nothing. `ret_has_offset` says whether the text named an offset; without
 * one the instant is as if in UTC.
 */
bool stamp_parse(const char *text, size_t len, int64_t *ret_ms, bool *ret_has_offset);
/*
 * An instant as HTTP's headers write it: "Sun, 06 Nov 1994 08:49:37 GMT", and the two older forms that RFC 9110 wants to be
 * taken, "Sunday, 06-Nov-94 08:49:37 GMT" (years from 70 on are of the last century) and "Sun Nov  6 08:49:37 1994".
 */
bool stamp_parse_http(const char *text, size_t len, int64_t *ret_ms);
char *stamp_format_http(int64_t ms, char *out); /* the first of these forms; STAMP_TEXT_MAX bytes; returns `out` */
/* "2026-01-31T12:00:00[.000]-08:00"; an offset of 0 is written "+00:00". Returns `out`. */
char *stamp_format(int64_t ms, int offset_s, bool with_ms, char *out); /* STAMP_TEXT_MAX bytes */
/* "20260131T120000Z", for names of files: sorted as text they are in order of time. UTC. Returns `out`. */
char *stamp_format_name(int64_t ms, char *out); /* STAMP_TEXT_MAX bytes */

/* "90s", "15m", "2h", "3d", "1w", as seconds. */
bool duration_parse(const char *text, size_t len, int64_t *ret_s);

#endif
