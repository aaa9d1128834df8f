/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One value of a resource: from what people and programs write to the one form that it is kept in. */
#include <ctype.h>
#include <string.h>

#include "excerpt.h"
#include "ledgerdeck/core/memory.h"
#include "resource_impl.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* What stands in a string or a number, without blanks around it, in `check->scratch`. */
static void read_text(struct check *check, struct json_slice value)
{
	struct str *text = &check->scratch;
	size_t from = 0;

	str_reset(text);
	if (value.kind == JSON_STRING)
		json_unquote(value, text);
	else
		str_add_bytes(text, value.text, value.len);
	while (text->len > 0 && is_blank(text->text[text->len - 1]))
		str_truncate(text, text->len - 1);
	while (from < text->len && is_blank(text->text[from]))
		from++;
	if (from > 0) {
		memmove(text->text, text->text + from, text->len - from + 1);
		text->len -= from;
	}
}

bool value_is_given(struct check *check, struct json_slice value)
{
	if (value.kind == JSON_NULL)
		return false;
	if (value.kind == JSON_ARRAY) {
		size_t at = 0;
		struct json_slice item;

		return json_each(value, &at, NULL, &item);
	}
	if (value.kind != JSON_STRING)
		return true;
	read_text(check, value);
	return check->scratch.len > 0;
}

static void refuse(struct check *check, const struct object *object, struct given *given, const char *why)
{
	char shown[EXCERPT_MAX];

	if (given->is_broken)
		return;
	given->is_broken = true;
	if (given->value.kind == JSON_STRING || given->value.kind == JSON_NUMBER)
		excerpt(check->scratch.text, check->scratch.len, shown);
	else
		excerpt(given->value.text, given->value.len, shown);
	check_refuse(check, object, given->field->name, (size_t)(given->value.text - check->text), "'%s' %s", shown, why);
}

/* ---- numbers */

static void read_minor(struct check *check, const struct object *object, struct given *given)
{
	struct decimal *number = &given->number;

	if (number->scale != 0)
		refuse(check, object, given, "is no integer: an amount named '_minor' counts hundredths, 1250 is 12.50");
	number->scale = MONEY_SCALE;
}

static void read_money(struct check *check, const struct object *object, struct given *given)
{
	if (decimal_trim(given->number).scale > MONEY_SCALE)
		refuse(check, object, given, "has more than two decimal places: amounts of money have two");
	else if (!decimal_round(given->number, MONEY_SCALE, &given->number))
		refuse(check, object, given, "is too large an amount");
}

void value_read_number(struct check *check, const struct object *object, struct given *given)
{
	const struct str *text = &check->scratch;

	if (given->value.kind != JSON_STRING && given->value.kind != JSON_NUMBER) {
		refuse(check, object, given, "is no number: write one like 12.50");
		return;
	}
	read_text(check, given->value);
	if (!decimal_parse(text->text, text->len, &given->number)) {
		refuse(check, object, given,
		       memchr(text->text, ',', text->len)
			       ? "is no number: write a point before the decimal places, and no comma between thousands"
			       : "is no number: write one like 12.50, of at most 18 digits");
		return;
	}
	if (given->field->kind == VALUE_MONEY && given->is_minor)
		read_minor(check, object, given);
	else if (given->field->kind == VALUE_MONEY)
		read_money(check, object, given);
	else
		given->number = decimal_trim(given->number);
}

/* ---- all others */

/* Line breaks of all kinds become one; other control characters have no place in a text. */
static bool unify_breaks(struct str *text)
{
	size_t to = 0;

	for (size_t from = 0; from < text->len; from++) {
		unsigned char c = (unsigned char)text->text[from];

		if (c == '\r' && from + 1 < text->len && text->text[from + 1] == '\n')
			continue;
		if ((c < 0x20 && !is_blank((char)c)) || c == 0x7f)
			return false;
		text->text[to++] = c == '\r' ? '\n' : (char)c;
	}
	str_truncate(text, to);
	return true;
}

static void write_text(struct check *check, const struct object *object, struct given *given, struct str *out)
{
	if (!unify_breaks(&check->scratch))
		refuse(check, object, given, "has control characters in it");
	else
		str_add_json(out, check->scratch.text, check->scratch.len);
}

static void write_code(struct check *check, const struct object *object, struct given *given, struct str *out)
{
	struct str *text = &check->scratch;

	for (size_t i = 0; i < text->len; i++)
		if ((unsigned char)text->text[i] < 0x20 || text->text[i] == 0x7f) {
			refuse(check, object, given, "has line breaks or control characters, which no code has");
			return;
		}
	if (text->len >= RESOURCE_EXTERNAL_MAX) {
		refuse(check, object, given, "is longer than the 255 bytes that a code may have");
		return;
	}
	if (given->field->target == TARGET_CURRENCY && text->len == 3)
		for (size_t i = 0; i < 3; i++)
			text->text[i] = (char)toupper((unsigned char)text->text[i]);
	str_add_json(out, text->text, text->len);
}

/* "2026-02-31" has the form of a day and is none. */
static bool has_form_of_day(const struct str *text)
{
	static const char form[] = "9999-99-99";

	if (text->len != sizeof(form) - 1)
		return false;
	for (size_t i = 0; i < text->len; i++)
		if (form[i] == '9' ? !isdigit((unsigned char)text->text[i]) : text->text[i] != '-')
			return false;
	return true;
}

static void write_date(struct check *check, const struct object *object, struct given *given, struct str *out)
{
	const struct str *text = &check->scratch;
	struct date date;

	if (date_parse(text->text, text->len, &date))
		str_add_json(out, text->text, text->len);
	else if (has_form_of_day(text))
		refuse(check, object, given, "is no day of the calendar");
	else
		refuse(check, object, given, "is no date: write year, month and day like 2026-01-31");
}

static bool is_one_of(const char *words, const struct str *text)
{
	for (const char *at = words; *at;) {
		size_t len = strcspn(at, " ");

		if (len == text->len && memcmp(at, text->text, len) == 0)
			return true;
		at += len + (at[len] == ' ' ? 1 : 0);
	}
	return false;
}

/* Small letters and digits alone: "Non-Inventory" is "noninventory". */
static void reduce(struct str *text)
{
	size_t to = 0;

	for (size_t from = 0; from < text->len; from++)
		if (isalnum((unsigned char)text->text[from]))
			text->text[to++] = (char)tolower((unsigned char)text->text[from]);
	str_truncate(text, to);
}

static void write_word(struct check *check, const struct object *object, struct given *given, struct str *out)
{
	AUTO(str_clear) struct str why = STR_INIT(150);

	reduce(&check->scratch);
	if (is_one_of(given->field->words, &check->scratch)) {
		str_add_json(out, check->scratch.text, check->scratch.len);
		return;
	}
	read_text(check, given->value);
	str_addf(&why, "is none of: %s", given->field->words);
	refuse(check, object, given, why.text);
}

static void write_flag(struct check *check, const struct object *object, struct given *given, struct str *out)
{
	if (given->value.kind == JSON_BOOL) {
		str_add_bytes(out, given->value.text, given->value.len);
		return;
	}
	reduce(&check->scratch);
	if (is_one_of("true yes y 1", &check->scratch)) {
		str_add(out, "true");
	} else if (is_one_of("false no n 0", &check->scratch)) {
		str_add(out, "false");
	} else {
		read_text(check, given->value);
		refuse(check, object, given, "is neither yes nor no");
	}
}

void value_write(struct check *check, const struct object *object, struct given *given, struct str *out)
{
	enum value_kind kind = given->field->kind;
	bool is_plain = given->value.kind == JSON_STRING || given->value.kind == JSON_NUMBER;

	if (is_plain)
		read_text(check, given->value);
	if (!is_plain && !(kind == VALUE_FLAG && given->value.kind == JSON_BOOL))
		refuse(check, object, given, kind == VALUE_FLAG ? "is neither yes nor no" : "is no text");
	else if (kind == VALUE_DATE)
		write_date(check, object, given, out);
	else if (kind == VALUE_FLAG)
		write_flag(check, object, given, out);
	else if (kind == VALUE_CODE)
		write_code(check, object, given, out);
	else if (kind == VALUE_WORD)
		write_word(check, object, given, out);
	else
		write_text(check, object, given, out);
}
