/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The text form of a profile, see docs/import.md: "word = value" is a setting, "column = field" maps a column, and
 * "field = "text"" is a constant. A column whose header is a setting's word stands in quotes.
 */
#include "import_profile.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "excerpt.h"
#include "import_bind.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/model/nearest.h"

#define ROWS_MAX 1000
#define TEXT_MAX 300 /* bytes of a column's header, a field or a constant */

/* A part of a row, without blanks around it and without its quotes. */
struct part {
	const char *text; /* borrowed */
	size_t len;
	bool is_quoted;
};

struct reader {
	struct import_profile *profile;
	size_t line;
	struct error *err;
};

static bool is(struct part part, const char *word)
{
	return strlen(word) == part.len && strncasecmp(part.text, word, part.len) == 0;
}

static bool refuse(const struct reader *reader, struct part part, const char *why)
{
	char shown[EXCERPT_MAX];

	return error_set(reader->err, ERROR_INPUT, "%s:%zu: '%s' %s", reader->profile->name, reader->line,
			 excerpt(part.text, part.len, shown), why);
}

/* ---- settings */

static bool set_type(struct reader *reader, struct part value)
{
	reader->profile->type = resource_type_find(value.text, value.len);
	return reader->profile->type ||
	       refuse(reader, value, "is no type: there are customer, vendor, item, invoice, credit_memo, bill, journal_entry, payment");
}

static bool set_date(struct reader *reader, struct part value)
{
	return date_form_parse(value.text, value.len, &reader->profile->date) ||
	       refuse(reader, value, "is no form of dates: write one like DD.MM.YYYY, MM/DD/YYYY or YYYYMMDD");
}

static bool set_decimal(struct reader *reader, struct part value)
{
	if (value.len != 1 || (*value.text != '.' && *value.text != ','))
		return refuse(reader, value, "is no decimal separator: it is . or ,");
	reader->profile->decimal = *value.text;
	return true;
}

static bool set_thousands(struct reader *reader, struct part value)
{
	if (is(value, "space") || is(value, " "))
		reader->profile->thousands = ' ';
	else if (value.len == 1 && strchr(".,'", *value.text))
		reader->profile->thousands = *value.text;
	else
		return refuse(reader, value, "is no separator of thousands: it is . or , or ' or space");
	return true;
}

static bool set_negative(struct reader *reader, struct part value)
{
	static const char *const words[] = {
		[NEGATIVE_MINUS] = "minus", [NEGATIVE_PARENTHESES] = "parentheses", [NEGATIVE_TRAILING] = "trailing",
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (is(value, words[i])) {
			reader->profile->negative = (enum negative_form)i;
			return true;
		}
	return refuse(reader, value, "is no form of negative numbers: it is minus, parentheses or trailing");
}

static bool set_currency_sign(struct reader *reader, struct part value)
{
	if (value.len == 0 || value.len > 8)
		return refuse(reader, value, "is no currency sign: write one like $");
	free(reader->profile->currency_sign);
	reader->profile->currency_sign = memory_copy(value.text, value.len);
	return true;
}

static bool set_encoding(struct reader *reader, struct part value)
{
	bool is_windows = is(value, "windows-1252") || is(value, "cp1252");

	if (!is_windows && !is(value, "utf-8") && !is(value, "utf8"))
		return refuse(reader, value, "is no encoding that can be read: it is utf-8 or windows-1252");
	reader->profile->is_windows_1252 = is_windows;
	return true;
}

static bool set_separator(struct reader *reader, struct part value)
{
	if (is(value, "comma") || is(value, ","))
		reader->profile->separator = ',';
	else if (is(value, "semicolon") || is(value, ";"))
		reader->profile->separator = ';';
	else if (is(value, "tab"))
		reader->profile->separator = '\t';
	else
		return refuse(reader, value, "is no separator of columns: it is comma, semicolon or tab");
	return true;
}

static bool set_unknown(struct reader *reader, struct part value)
{
	if (!is(value, "refuse") && !is(value, "ignore"))
		return refuse(reader, value, "is neither refuse nor ignore");
	reader->profile->ignores_unknown = is(value, "ignore");
	return true;
}

static const struct setting {
	const char *word;
	bool (*set)(struct reader *reader, struct part value);
	bool is_field; /* too: then a text in quotes is its constant */
} settings[] = {
	{ "type", set_type, true },
	{ "date", set_date, true },
	{ "decimal", set_decimal, false },
	{ "thousands", set_thousands, false },
	{ "negative", set_negative, false },
	{ "currency_sign", set_currency_sign, false },
	{ "encoding", set_encoding, false },
	{ "separator", set_separator, false },
	{ "unknown", set_unknown, false },
};

static const struct setting *find_setting(struct part word)
{
	for (size_t i = 0; !word.is_quoted && i < ARRAY_LEN(settings); i++)
		if (is(word, settings[i].word))
			return &settings[i];
	return NULL;
}

/* ---- rows */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* What begins at `*at`: in quotes (two of them are one letter), or up to `end`. False: quotes that don't close. */
static bool take_part(const char **at, const char *end, char until, struct str *out, bool *ret_is_quoted)
{
	const char *from = *at;

	while (from < end && is_blank(*from))
		from++;
	*ret_is_quoted = from < end && *from == '"';
	if (*ret_is_quoted) {
		for (from++; from < end; from++) {
			if (*from == '"' && (from + 1 == end || from[1] != '"'))
				break;
			from += *from == '"' ? 1 : 0;
			str_add_char(out, *from);
		}
		if (from >= end)
			return false;
		from++;
	} else {
		const char *stop = from;

		while (stop < end && *stop != until)
			stop++;
		str_add_bytes(out, from, (size_t)(stop - from));
		while (out->len > 0 && is_blank(out->text[out->len - 1]))
			str_truncate(out, out->len - 1);
		from = stop;
	}
	while (from < end && is_blank(*from))
		from++;
	*at = from;
	return true;
}

static bool keep_row(struct reader *reader, const struct str *left, const struct str *right, bool is_constant)
{
	struct import_profile *profile = reader->profile;
	const struct part whole = { .text = left->text, .len = left->len };

	if (str_is_cut(left) || str_is_cut(right) || memchr(left->text, '\0', left->len) || memchr(right->text, '\0', right->len))
		return refuse(reader, whole, "is longer than anything that a profile maps");
	if (profile->count == ROWS_MAX)
		return refuse(reader, whole, "is one row too many: a profile has 1000 at most");
	memory_grow(&profile->rows, &profile->room, profile->count + 1, sizeof(*profile->rows));
	profile->rows[profile->count++] = (struct profile_row){
		.left = memory_copy(left->text, left->len),
		.right = memory_copy(right->text, right->len),
		.line = reader->line,
		.is_constant = is_constant,
	};
	return true;
}

static bool read_row(struct reader *reader, const char *at, const char *end)
{
	AUTO(str_clear) struct str left = STR_INIT(TEXT_MAX), right = STR_INIT(TEXT_MAX);
	const struct part row = { .text = at, .len = (size_t)(end - at) };
	struct part word = { 0 }, value = { 0 };
	const struct setting *setting;

	if (!take_part(&at, end, '=', &left, &word.is_quoted) || at == end || *at++ != '=')
		return refuse(reader, row, "is no row of a profile: write 'column = field', 'setting = value' or 'field = \"text\"'");
	if (!take_part(&at, end, '\n', &right, &value.is_quoted) || at != end)
		return refuse(reader, row, "has something wrong behind the '='");
	word.text = left.text;
	word.len = left.len;
	value.text = right.text;
	value.len = right.len;
	if (left.len == 0 || right.len == 0)
		return refuse(reader, row, "has nothing on one side of the '='");
	setting = find_setting(word);
	if (setting && !(setting->is_field && value.is_quoted))
		return setting->set(reader, value);
	return keep_row(reader, &left, &right, value.is_quoted);
}

static bool read_rows(struct reader *reader, const char *text)
{
	for (const char *at = text; *at;) {
		const char *end = at + strcspn(at, "\n"), *first = at + strspn(at, " \t\r");

		reader->line++;
		if (first < end && *first != '#' && *first != ';' && !read_row(reader, at, end))
			return false;
		at = *end ? end + 1 : end;
	}
	return true;
}

/* What can be told before a file is there. */
static bool check(const struct import_profile *profile, struct error *err)
{
	struct column column;

	if (profile->thousands && profile->thousands == (profile->decimal ? profile->decimal : '.'))
		return error_set(err, ERROR_INPUT, "%s: thousands and decimal places have the same separator '%c'", profile->name,
				 profile->thousands);
	for (size_t i = 0; profile->type && i < profile->count; i++)
		if (!bind_profile_row(profile, &profile->rows[i], profile->type, &column, err))
			return false;
	return true;
}

void import_profile_free(struct import_profile *profile)
{
	if (!profile)
		return;
	for (size_t i = 0; i < profile->count; i++) {
		free(profile->rows[i].left);
		free(profile->rows[i].right);
	}
	free(profile->rows);
	free(profile->currency_sign);
	free(profile->name);
	free(profile);
}

void import_profile_freep(struct import_profile **profile)
{
	import_profile_free(*profile);
	*profile = NULL;
}

bool import_profile_parse(const char *text, const char *name, struct import_profile **ret_profile, struct error *err)
{
	AUTO(import_profile_freep) struct import_profile *profile = memory_new(sizeof(*profile));
	struct reader reader = { .profile = profile, .err = err };

	profile->name = memory_copy_text(name);
	if (!str_is_utf8(text, strlen(text)))
		return error_set(err, ERROR_INPUT, "%s: a profile is a text in UTF-8", name);
	if (strncmp(text, "\xef\xbb\xbf", 3) == 0)
		text += 3;
	if (!read_rows(&reader, text) || !check(profile, err))
		return false;
	*ret_profile = memory_steal(&profile);
	return true;
}
