/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The values of a resource, as translations ask for them. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/utf8.h"
#include "push_parts.h"

#define CENTS 2

bool push_text(struct json_slice object, const char *field, struct str *out)
{
	struct json_slice value = json_member(object, field);

	if (value.kind != JSON_STRING)
		return false;
	json_unquote(value, out);
	return true;
}

bool push_decimal(struct json_slice object, const char *field, struct decimal *ret_value)
{
	struct json_slice value = json_member(object, field);

	if (value.kind == JSON_STRING)
		return decimal_parse(value.text + 1, value.len - 2, ret_value);
	return value.kind == JSON_NUMBER && decimal_parse(value.text, value.len, ret_value);
}

bool push_flag(struct json_slice object, const char *field, bool *ret_flag)
{
	struct json_slice value = json_member(object, field);

	if (value.kind != JSON_BOOL)
		return false;
	*ret_flag = value.text[0] == 't';
	return true;
}

bool push_is_word(struct json_slice object, const char *field, const char *word)
{
	return json_equals(json_member(object, field), word);
}

bool push_day(const struct translating *work, const char *field, struct date *ret_day)
{
	char day[DATE_TEXT_MAX];

	if (work->desk->dated && strcmp(field, "date") == 0) {
		*ret_day = *work->desk->dated;
		return true;
	}
	push_member(work->data, field, day, sizeof(day));
	return date_parse(day, strlen(day), ret_day);
}

struct decimal push_amount(struct json_slice line)
{
	struct decimal amount, quantity = decimal_of(1, 0), price;

	if (push_decimal(line, "amount", &amount) && decimal_round(amount, CENTS, &amount))
		return amount;
	push_decimal(line, "quantity", &quantity);
	return push_decimal(line, "unit_price", &price) && decimal_multiply(quantity, price, CENTS, &amount) ? amount : decimal_of(0, CENTS);
}

static bool ask(struct translating *work, bool line, const char *field, const struct str *code, char *ret_id)
{
	const struct resource_field *row = resource_field(work->type, line, field, strlen(field));

	*ret_id = '\0';
	return row && work->desk->code(work->desk->ctx, row, line, code->text, code->len, ret_id);
}

bool push_code(struct translating *work, struct json_slice object, bool line, const char *field, char *ret_id)
{
	AUTO(str_clear) struct str code = STR_INIT(STR_NO_LIMIT);

	*ret_id = '\0';
	return push_text(object, field, &code) && ask(work, line, field, &code, ret_id);
}

bool push_code_or_default(struct translating *work, struct json_slice object, bool line, const char *field, char *ret_id)
{
	AUTO(str_clear) struct str code = STR_INIT(STR_NO_LIMIT);

	push_text(object, field, &code);
	return ask(work, line, field, &code, ret_id);
}

size_t push_fitting(const char *text, size_t len, int max)
{
	size_t at = 0;

	for (int count = 0; at < len && count < max; count++)
		for (at++; at < len && ((unsigned char)text[at] & 0xc0) == 0x80;)
			at++;
	return at;
}

bool push_rate_of_table(struct translating *work, const char *currency, struct decimal *ret_rate)
{
	char digits[DECIMAL_TEXT_MAX], text[DATE_TEXT_MAX], why[160];
	struct date day = { 0 }, from;

	if (!push_day(work, "date", &day))
		return false;
	if (!work->desk->rate(work->desk->ctx, currency, day, ret_rate, &from, why)) {
		translation_obstacle(work->to, REASON_RATE, "%s", why);
		return false;
	}
	str_addf(&work->to->notes, "rate %s by the table of %s\n", decimal_format(*ret_rate, digits), date_format(from, text));
	return true;
}

/* ---- of records */

void push_plain(struct json_slice value, struct str *out)
{
	if (value.kind == JSON_STRING)
		json_unquote(value, out);
	else if (value.kind == JSON_NUMBER || value.kind == JSON_BOOL)
		str_add_bytes(out, value.text, value.len);
}

void push_member(struct json_slice object, const char *path, char *out, size_t size)
{
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);

	push_plain(json_member(object, path), &text);
	snprintf(out, size, "%.*s", utf8_fit(text.text, size - 1), text.text);
}

bool push_is_nothing(struct json_slice value)
{
	struct decimal number;

	switch (value.kind) {
	case JSON_NONE:
	case JSON_NULL:
		return true;
	case JSON_BOOL:
		return value.text[0] == 'f';
	case JSON_STRING:
		return value.len == 2;
	case JSON_NUMBER:
		return decimal_parse(value.text, value.len, &number) && decimal_is_zero(number);
	default:
		return false;
	}
}

void push_add_short(struct json_slice value, struct str *out)
{
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);

	if (value.kind == JSON_NONE || value.kind == JSON_NULL) {
		str_add(out, "nothing");
		return;
	}
	push_plain(value, &text);
	if (text.len == 0)
		str_add_bytes(&text, value.text, value.len);
	str_addf(out, text.len > 60 ? "%.57s..." : "%s", text.text);
}
