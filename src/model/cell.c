/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Cells hold values in the form in which they sort: integers where that can be. What a ledger
 * sends in an unexpected form (a number too long, a text where a number should be) is kept as the
 * text that it is.
 */
#include "cell.h"

#include <assert.h>
#include <string.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/decimal.h"
#include "ledgerdeck/core/memory.h"

#define MONEY_PLACES 2

static const char *const kind_words[] = {
	[FIELD_TEXT] = "text", [FIELD_MONEY] = "money", [FIELD_NUMBER] = "number",
	[FIELD_DATE] = "date", [FIELD_TIME] = "time",	[FIELD_FLAG] = "flag",
};
_Static_assert(ARRAY_LEN(kind_words) == FIELD_KIND_COUNT, "a word for each kind");

const char *cell_kind_word(enum field_kind kind)
{
	assert(kind < FIELD_KIND_COUNT);
	return kind_words[kind];
}

struct cell_text cell_text_of(struct json_slice value, struct str *scratch)
{
	size_t start = scratch->len;

	switch (value.kind) {
	case JSON_NUMBER:
	case JSON_BOOL:
		return (struct cell_text){ value.text, value.len };
	case JSON_STRING:
		if (!memchr(value.text + 1, '\\', value.len - 2))
			return (struct cell_text){ value.text + 1, value.len - 2 };
		json_unquote(value, scratch);
		return (struct cell_text){ scratch->text + start, scratch->len - start };
	default:
		return (struct cell_text){ "", 0 };
	}
}

bool cell_of_decimal(const char *text, size_t len, int64_t *ret_integer)
{
	struct decimal value;
	int64_t digits;

	if (!decimal_parse(text, len, &value))
		return false;
	value = decimal_trim(value);
	if (value.scale > CELL_SCALE)
		return false;
	digits = value.digits;
	for (int places = value.scale; places < CELL_SCALE; places++) {
		if (digits > INT64_MAX / 10 || digits < INT64_MIN / 10)
			return false;
		digits *= 10;
	}
	*ret_integer = digits;
	return true;
}

static bool read_date(struct cell_text text, struct cell *cell)
{
	struct date date;
	int64_t ms;
	bool has_offset;

	/*
	 * Some write a day as an instant; its date is the day that is meant, whatever the
	 * offset.
	 */
	if (text.len > 10 && stamp_parse(text.bytes, text.len, &ms, &has_offset))
		text.len = 10;
	if (!date_parse(text.bytes, text.len, &date))
		return false;
	*cell = (struct cell){ .kind = CELL_INTEGER, .integer = date.day };
	return true;
}

bool cell_read_stamp(struct cell_text text, enum type_zone zone, int64_t *ret_ms)
{
	bool has_offset;

	if (!stamp_parse(text.bytes, text.len, ret_ms, &has_offset))
		return false;
	if (!has_offset && zone == TYPE_CENTRAL_EUROPEAN)
		*ret_ms = central_european_to_utc(*ret_ms);
	return true;
}

static bool read_time(struct cell_text text, enum type_zone zone, struct cell *cell)
{
	int64_t ms;

	if (!cell_read_stamp(text, zone, &ms))
		return false;
	*cell = (struct cell){ .kind = CELL_INTEGER, .integer = ms };
	return true;
}

static bool text_is(struct cell_text text, const char *word)
{
	return text.len == strlen(word) && memcmp(text.bytes, word, text.len) == 0;
}

bool cell_read(struct json_slice value, enum field_kind kind, enum type_zone zone, struct str *scratch,
	       struct cell *ret_cell)
{
	struct cell_text text = cell_text_of(value, scratch);

	*ret_cell = (struct cell){ 0 };
	if (text.len == 0)
		return true;
	*ret_cell = (struct cell){ .kind = CELL_TEXT, .text = text.bytes, .len = text.len };
	switch (kind) {
	case FIELD_MONEY:
	case FIELD_NUMBER:
		if (cell_of_decimal(text.bytes, text.len, &ret_cell->integer))
			*ret_cell =
				(struct cell){ .kind = CELL_INTEGER, .integer = ret_cell->integer };
		return true;
	case FIELD_FLAG:
		if (text_is(text, "true") || text_is(text, "false"))
			*ret_cell = (struct cell){ .kind = CELL_INTEGER,
						   .integer = text.bytes[0] == 't' };
		return true;
	case FIELD_DATE:
		return read_date(text, ret_cell);
	case FIELD_TIME:
		return read_time(text, zone, ret_cell);
	default:
		return true;
	}
}

/* Millionths as plain digits, with at least `places` of them behind the point. */
static void add_decimal(int64_t integer, uint8_t places, struct str *out)
{
	struct decimal value = decimal_trim(decimal_of(integer, CELL_SCALE));
	char text[DECIMAL_TEXT_MAX];

	str_add(out, decimal_format(value, text));
	if (value.scale >= places)
		return;
	if (value.scale == 0)
		str_add_char(out, '.');
	for (int place = value.scale; place < places; place++)
		str_add_char(out, '0');
}

/* Days and instants that no text can say can't come from a record, but from a damaged store. */
static bool is_in_range(int64_t value, int64_t unit)
{
	int64_t first = date_of(1, 1, 1).day, last = date_of(9999, 12, 31).day;

	return value >= first * unit && value < (last + 1) * unit;
}

static void add_instant(int64_t ms, struct str *out)
{
	char text[STAMP_TEXT_MAX];

	stamp_format(ms, 0, ms % 1000 != 0, text);
	str_add_bytes(out, text, strlen(text) - strlen("+00:00"));
	str_add_char(out, 'Z');
}

static void add_integer(int64_t integer, enum field_kind kind, struct str *out)
{
	char text[DATE_TEXT_MAX];

	if (kind == FIELD_MONEY || kind == FIELD_NUMBER)
		add_decimal(integer, kind == FIELD_MONEY ? MONEY_PLACES : 0, out);
	else if (kind == FIELD_DATE && is_in_range(integer, 1))
		str_add(out, date_format((struct date){ .day = (int32_t)integer }, text));
	else if (kind == FIELD_TIME && is_in_range(integer, DAY_MS))
		add_instant(integer, out);
	else
		str_addf(out, "%lld", (long long)integer);
}

void cell_add_text(const struct cell *cell, const struct type_field *field, enum personal personal, struct str *out)
{
	enum field_kind kind = field->kind;

	if (field->personal && personal == PERSONAL_MASKED && cell->kind != CELL_NONE)
		str_add(out, PERSONAL_MASK);
	else if (cell->kind == CELL_TEXT)
		str_add_bytes(out, cell->text, cell->len);
	else if (cell->kind == CELL_INTEGER && kind == FIELD_FLAG)
		str_add(out, cell->integer ? "yes" : "no");
	else if (cell->kind == CELL_INTEGER)
		add_integer(cell->integer, kind, out);
}

/* Does the text stand as a JSON number? */
static bool is_number(const struct cell *cell)
{
	char first = cell->len ? cell->text[0] : '\0';

	return (first == '-' || (first >= '0' && first <= '9')) &&
	       json_check(cell->text, cell->len, NULL);
}

void cell_add_json(const struct cell *cell, enum field_kind kind, struct str *out)
{
	bool decimal = kind == FIELD_MONEY || kind == FIELD_NUMBER;
	bool quoted = kind == FIELD_DATE || kind == FIELD_TIME;

	if (cell->kind == CELL_NONE) {
		str_add(out, "null");
	} else if (cell->kind == CELL_TEXT && decimal && is_number(cell)) {
		str_add_bytes(out, cell->text, cell->len);
	} else if (cell->kind == CELL_TEXT) {
		str_add_json(out, cell->text, cell->len);
	} else if (kind == FIELD_FLAG) {
		str_add(out, cell->integer ? "true" : "false");
	} else {
		if (quoted)
			str_add_char(out, '"');
		add_integer(cell->integer, kind, out);
		if (quoted)
			str_add_char(out, '"');
	}
}
