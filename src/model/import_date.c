/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "import_date.h"

#include <string.h>

static const char separators[] = "/.-";
static const char *const letters[] = { [DATE_YMD] = "YMD", [DATE_MDY] = "MDY", [DATE_DMY] = "DMY" };

static bool is_separator(char c)
{
	return c != '\0' && strchr(separators, c);
}

bool date_form_parse(const char *text, size_t len, struct date_form *ret_form)
{
	struct date_form form = { 0 };
	char order[4] = "";
	size_t at = 0, parts = 0;

	while (at < len && parts < 3) {
		char letter = (char)(text[at] & ~0x20);
		size_t run = 0;

		if (parts > 0 && is_separator(text[at])) {
			if (parts == 2 && text[at] != form.separator)
				return false;
			form.separator = text[at++];
			letter = at < len ? (char)(text[at] & ~0x20) : '\0';
		} else if (parts == 2 && form.separator) {
			return false;
		}
		while (at + run < len && (char)(text[at + run] & ~0x20) == letter)
			run++;
		if (letter == 'Y' ? run != 2 && run != 4 : run < 1 || run > 2)
			return false;
		form.is_short |= letter == 'Y' && run == 2;
		order[parts++] = letter;
		at += run;
	}
	for (int i = DATE_YMD; i <= DATE_DMY; i++)
		if (parts == 3 && strcmp(order, letters[i]) == 0)
			form.order = (enum date_order)i;
	if (at != len || form.order == DATE_NO_ORDER)
		return false;
	*ret_form = form;
	return true;
}

/* `least` to `most` digits; how many there are, 0: not so. */
static size_t read_digits(const char *text, size_t len, size_t least, size_t most, int *ret_value)
{
	size_t count = 0;

	*ret_value = 0;
	while (count < len && count < most && text[count] >= '0' && text[count] <= '9')
		*ret_value = *ret_value * 10 + (text[count++] - '0');
	return count >= least ? count : 0;
}

bool date_form_read(struct date_form form, const char *text, size_t len, struct date *ret_date)
{
	int parts[3] = { 0 }, year, month, day;
	size_t at = 0;

	for (int i = 0; i < 3; i++) {
		bool is_year = letters[form.order][i] == 'Y';
		size_t most = is_year && !form.is_short ? 4 : 2, least = is_year || !form.separator ? most : 1, count;

		if (i > 0 && form.separator && (at == len || text[at++] != form.separator))
			return false;
		count = read_digits(text + at, len - at, least, most, &parts[i]);
		if (count == 0)
			return false;
		at += count;
	}
	if (at != len)
		return false;
	year = parts[form.order == DATE_YMD ? 0 : 2] + (form.is_short ? 2000 : 0);
	month = parts[form.order == DATE_MDY ? 0 : 1];
	day = parts[form.order == DATE_YMD ? 2 : form.order == DATE_MDY ? 1 : 0];
	if (year < 1 || day < 1 || day > date_month_days(year, month))
		return false;
	*ret_date = date_of(year, month, day);
	return true;
}

bool date_read(enum date_order order, const char *text, size_t len, struct date *ret_date)
{
	struct date_form form = { .order = order };

	for (size_t i = 0; i < len && !form.separator; i++)
		if (is_separator(text[i]))
			form.separator = text[i];
	return form.separator && date_form_read(form, text, len, ret_date);
}

unsigned date_orders(const char *text, size_t len)
{
	struct date date;
	unsigned orders = 0;

	for (int order = DATE_YMD; order <= DATE_DMY; order++)
		if (date_read((enum date_order)order, text, len, &date))
			orders |= 1U << order;
	return orders;
}
