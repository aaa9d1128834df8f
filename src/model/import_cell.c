/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "import_cell.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/decimal.h"
#include "ledgerdeck/core/memory.h"
#include "windows_1252.h"

static bool refuse(char *why, const char *text)
{
	snprintf(why, CELL_WHY_MAX, "%s", text);
	return false;
}

/* ---- texts */

/* Blanks, also the one that doesn't break. */
static size_t blank_before(const char *text, size_t len)
{
	if (len > 0 && strchr(" \t\r\n", *text) && *text)
		return 1;
	return len > 1 && memcmp(text, "\xc2\xa0", 2) == 0 ? 2 : 0;
}

static size_t blank_behind(const char *text, size_t len)
{
	if (len > 0 && text[len - 1] && strchr(" \t\r\n", text[len - 1]))
		return 1;
	return len > 1 && memcmp(text + len - 2, "\xc2\xa0", 2) == 0 ? 2 : 0;
}

bool cell_read_text(const struct cell_rules *rules, const char *text, size_t len, struct str *out, char *why)
{
	bool is_windows = rules->profile && rules->profile->is_windows_1252;
	size_t before = 0, step;

	if (is_windows && !windows_1252_read(text, len, out))
		return refuse(why, "has bytes that are no letters of Windows-1252");
	if (!is_windows && !str_is_utf8(text, len))
		return refuse(why, "is not UTF-8: save the file as UTF-8, or say 'encoding = windows-1252' in a profile");
	if (!is_windows)
		str_add_bytes(out, text, len);
	while ((step = blank_behind(out->text, out->len)) > 0)
		str_truncate(out, out->len - step);
	while ((step = blank_before(out->text + before, out->len - before)) > 0)
		before += step;
	if (before > 0) {
		memmove(out->text, out->text + before, out->len - before + 1);
		out->len -= before;
	}
	return true;
}

/* ---- numbers */

struct number {
	const struct import_profile *profile;
	char point, thousands;
	const char *at, *end;
	bool is_negative;
};

/* What separates thousands at `at`; 0: nothing. */
static size_t thousands_at(const struct number *number, const char *at)
{
	if (at == number->end || !number->thousands)
		return 0;
	if (number->thousands != ' ')
		return *at == number->thousands ? 1 : 0;
	if (*at == ' ')
		return 1;
	if (number->end - at >= 2 && memcmp(at, "\xc2\xa0", 2) == 0)
		return 2;
	return number->end - at >= 3 && (memcmp(at, "\xe2\x80\xaf", 3) == 0 || memcmp(at, "\xe2\x80\x89", 3) == 0) ? 3 : 0;
}

static void skip_blanks(struct number *number)
{
	while (number->at < number->end && *number->at == ' ')
		number->at++;
	while (number->at < number->end && number->end[-1] == ' ')
		number->end--;
}

static bool take_before(struct number *number, const char *sign)
{
	size_t len = strlen(sign);

	if ((size_t)(number->end - number->at) < len || memcmp(number->at, sign, len) != 0)
		return false;
	number->at += len;
	skip_blanks(number);
	return true;
}

static bool take_behind(struct number *number, const char *sign)
{
	size_t len = strlen(sign);

	if ((size_t)(number->end - number->at) < len || memcmp(number->end - len, sign, len) != 0)
		return false;
	number->end -= len;
	skip_blanks(number);
	return true;
}

/* Signs of the number and of the currency, in any order: "-$5", "$ -5", "(5 €)". */
static void take_signs(struct number *number)
{
	const struct import_profile *profile = number->profile;
	const char *currency = profile && profile->currency_sign ? profile->currency_sign : NULL;
	enum negative_form negative = profile ? profile->negative : NEGATIVE_MINUS;

	if (negative == NEGATIVE_PARENTHESES && number->at < number->end && *number->at == '(' && number->end[-1] == ')') {
		number->at++;
		number->end--;
		number->is_negative = true;
		skip_blanks(number);
	}
	if (currency && !take_before(number, currency))
		take_behind(number, currency);
	if (!number->is_negative && (take_before(number, "-") || (negative == NEGATIVE_TRAILING && take_behind(number, "-"))))
		number->is_negative = true;
	if (currency && !take_before(number, currency))
		take_behind(number, currency);
}

/* Groups of three behind the first, or no groups at all. */
static bool take_digits(struct number *number, struct str *out)
{
	size_t in_group = 0, groups = 0, step;

	while (number->at < number->end) {
		if (isdigit((unsigned char)*number->at)) {
			str_add_char(out, *number->at++);
			in_group++;
			continue;
		}
		step = thousands_at(number, number->at);
		if (step == 0)
			break;
		if (in_group == 0 || in_group > 3 || (groups > 0 && in_group != 3))
			return false;
		number->at += step;
		groups++;
		in_group = 0;
	}
	return out->len > 0 && (groups == 0 || in_group == 3);
}

static bool take_places(struct number *number, struct str *out)
{
	if (number->at == number->end)
		return true;
	if (*number->at++ != number->point || number->at == number->end)
		return false;
	str_add_char(out, '.');
	while (number->at < number->end && isdigit((unsigned char)*number->at))
		str_add_char(out, *number->at++);
	return number->at == number->end;
}

static bool has(const char *text, size_t len, const char *letters)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] && strchr(letters, text[i]))
			return true;
	return false;
}

static const char *const currency_signs[] = { "$", "\xe2\x82\xac", "\xc2\xa3", "\xc2\xa5", "\xe2\x82\xb9" };

static bool has_currency_sign(const char *text)
{
	for (size_t i = 0; i < ARRAY_LEN(currency_signs); i++)
		if (strstr(text, currency_signs[i]))
			return true;
	return false;
}

/* Why it is no number, and which row of a profile would make it one. */
static bool refuse_number(const struct number *number, const char *text, size_t len, char *why)
{
	if (len > 1 && *text == '(' && text[len - 1] == ')' && !(number->profile && number->profile->negative == NEGATIVE_PARENTHESES))
		return refuse(why, "is in parentheses: write -12.50, or say 'negative = parentheses' in a profile");
	if (has_currency_sign(text) && !(number->profile && number->profile->currency_sign))
		return refuse(why, "has a currency sign: leave it out, or name it in a profile, as in 'currency_sign = $'");
	if (len > 1 && text[len - 1] == '-' && !(number->profile && number->profile->negative == NEGATIVE_TRAILING))
		return refuse(why, "has its minus behind it: write -12.50, or say 'negative = trailing' in a profile");
	if (has(text, len, ",") && number->point == '.' && number->thousands != ',')
		return refuse(why, "has a comma in it: say in a profile what it is, 'decimal = ,' or 'thousands = ,'");
	if (has(text, len, ".") && number->point == ',' && number->thousands != '.')
		return refuse(why, "has a point in it, and the profile says 'decimal = ,': say 'thousands = .' too if that is what it is");
	return refuse(why, "is no number");
}

bool cell_read_number(const struct cell_rules *rules, const char *text, size_t len, struct str *out, char *why)
{
	AUTO(str_clear) struct str digits = STR_INIT(DECIMAL_TEXT_MAX);
	struct number number = { .profile = rules->profile, .point = '.', .at = text, .end = text + len };
	struct decimal value;

	if (rules->profile) {
		number.point = rules->profile->decimal ? rules->profile->decimal : '.';
		number.thousands = rules->profile->thousands;
	}
	take_signs(&number);
	if (!take_digits(&number, &digits) || !take_places(&number, &digits))
		return refuse_number(&number, text, len, why);
	if (!decimal_parse(digits.text, digits.len, &value))
		return refuse(why, "has more digits than a number may have");
	if (number.is_negative)
		str_add_char(out, '-');
	str_add_bytes(out, digits.text, digits.len);
	return true;
}

/* ---- dates */

/* Without a profile's form: what comes with the year first is clear, all else only when the file shows its order. */
static bool read_shown_date(const struct cell_rules *rules, const char *text, size_t len, struct date *ret_date, char *why)
{
	unsigned orders = date_orders(text, len);
	bool is_dmy = orders & 1U << DATE_DMY, is_mdy = orders & 1U << DATE_MDY;

	if (date_read(DATE_YMD, text, len, ret_date))
		return true;
	if (!orders)
		return refuse(why, "is no day: write it like 2026-01-31, or say in a profile how dates are written, as in 'date = DD.MM.YY'");
	if (rules->is_mixed) {
		snprintf(why, CELL_WHY_MAX,
			 "has day and month in an order that is not clear: line %zu has the day first, line %zu the month", rules->mixed_lines[0],
			 rules->mixed_lines[1]);
		return false;
	}
	if (rules->order != DATE_NO_ORDER)
		return date_read(rules->order, text, len, ret_date) ||
		       refuse(why, rules->order == DATE_MDY ? "is no day: other dates of the file have the month first"
							    : "is no day: other dates of the file have the day first");
	if (is_dmy && is_mdy)
		return refuse(why, "can be read with the day first or the month first: say in a profile which, 'date = DD/MM/YYYY' or "
				   "'date = MM/DD/YYYY'");
	return date_read(is_dmy ? DATE_DMY : DATE_MDY, text, len, ret_date);
}

static bool has_form_of_day(const char *text, size_t len)
{
	if (len != 10 || text[4] != '-' || text[7] != '-')
		return false;
	for (size_t i = 0; i < len; i++)
		if (i != 4 && i != 7 && !isdigit((unsigned char)text[i]))
			return false;
	return true;
}

bool cell_read_date(const struct cell_rules *rules, const char *text, size_t len, struct str *out, char *why)
{
	char day[DATE_TEXT_MAX];
	struct date date;

	if (!date_parse(text, len, &date)) {
		if (has_form_of_day(text, len))
			return refuse(why, "is no day of the calendar");
		if (!rules->profile || rules->profile->date.order == DATE_NO_ORDER) {
			if (!read_shown_date(rules, text, len, &date, why))
				return false;
		} else if (!date_form_read(rules->profile->date, text, len, &date)) {
			return refuse(why, "is no day in the form that the profile says");
		}
	}
	str_add(out, date_format(date, day));
	return true;
}
