/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One text for one value, in all formats. */
#include "values.h"

#include <inttypes.h>
#include <string.h>

#include "ledgerdeck/core/date.h"

#define SECOND 1000000    /* in microseconds */
#define MONEY_PLACES 2    /* at least */

__extension__ typedef unsigned __int128 unsigned_wide;

/* Without zeros at the end, but for the places that are wanted. */
static void add_decimal(column_wide value, int scale, int places, struct str *out)
{
	char digits[COLUMN_NUMBER_DIGITS + 2];
	unsigned_wide size = value < 0 ? 0 - (unsigned_wide)value : (unsigned_wide)value;
	size_t at = sizeof(digits);

	for (; scale > places && size % 10 == 0; scale--)
		size /= 10;
	for (int place = 0; size > 0 || place <= scale; place++) {
		if (place == scale && scale > 0)
			digits[--at] = '.';
		digits[--at] = (char)('0' + (int)(size % 10));
		size /= 10;
	}
	if (value < 0)
		str_add_char(out, '-');
	str_add_bytes(out, digits + at, sizeof(digits) - at);
}

/* As many places of a second as say something: none, three or six. */
static void add_time(int64_t microseconds, struct str *out)
{
	int64_t second = microseconds / SECOND - (microseconds % SECOND < 0), rest = microseconds - second * SECOND;
	char text[STAMP_TEXT_MAX];

	stamp_format(second * 1000, 0, false, text);
	str_add_bytes(out, text, strlen(text) - strlen("+00:00"));
	if (rest % 1000 != 0)
		str_addf(out, ".%06d", (int)rest);
	else if (rest != 0)
		str_addf(out, ".%03d", (int)rest / 1000);
	str_add_char(out, 'Z');
}

void value_add_text(const struct column_value *value, enum column_kind kind, struct str *out)
{
	char text[DATE_TEXT_MAX];

	switch (kind) {
	case COLUMN_MONEY:
		add_decimal(value->integer, COLUMN_MONEY_SCALE, MONEY_PLACES, out);
		return;
	case COLUMN_NUMBER:
		add_decimal(value->wide, COLUMN_NUMBER_SCALE, 0, out);
		return;
	case COLUMN_INTEGER:
		str_addf(out, "%" PRId64, value->integer);
		return;
	case COLUMN_DATE:
		str_add(out, date_format((struct date){ .day = (int32_t)value->integer }, text));
		return;
	case COLUMN_TIME:
		add_time(value->integer, out);
		return;
	case COLUMN_FLAG:
		str_add(out, value->integer ? "true" : "false");
		return;
	default:
		str_add_bytes(out, value->text, value->len);
	}
}
