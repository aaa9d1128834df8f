/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The text form of the catalogue, see docs/catalogue.md: "[Name]" opens a type, "key = value" says
 * something about it, "#" starts a comment. What stands before the first type holds for all types
 * of the file that do not say otherwise.
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"
#include "ledgerdeck/model/nearest.h"
#include "catalogue_rows.h"

static const char *const key_words[] = {
	[KEY_PROVIDER] = "provider", [KEY_QUERY] = "query",	[KEY_KEY] = "key",
	[KEY_VERSION] = "version",   [KEY_TIME] = "time",	[KEY_TITLE] = "title",
	[KEY_ACTIVE] = "active",     [KEY_READ] = "read",	[KEY_DELETED] = "deleted",
	[KEY_ALLOW] = "allow",	     [KEY_DEPENDS] = "depends", [KEY_VOIDED] = "voided",
	[KEY_WEB] = "web",	     [KEY_EXTRA] = "extra",	     [KEY_FIELD] = "field",
	[KEY_REFERS] = "refers",     [KEY_CALLED] = "called",  [KEY_ZONE] = "zone",
	[KEY_SELECT] = "select",     [KEY_PERSONAL] = "personal", [KEY_EVERY] = "every",
	[KEY_COLUMN] = "column",
};
_Static_assert(ARRAY_LEN(key_words) == KEY_COUNT, "a word for each key");

const char *rows_key_word(enum key key)
{
	return key_words[key];
}

bool rows_refuse(const struct rows *rows, size_t line, const char *format, ...)
{
	char text[200]; /* less than an error's text */
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return error_set(rows->err, ERROR_INPUT, "%s:%zu: %s", rows->file, line, text);
}

/* ---- words ---- */

bool word_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

bool word_next(const char **at, struct word *ret_word)
{
	while (word_is_blank(**at))
		(*at)++;
	ret_word->text = *at;
	while (**at && !word_is_blank(**at))
		(*at)++;
	ret_word->len = (size_t)(*at - ret_word->text);
	return ret_word->len > 0;
}

bool word_is(struct word word, const char *text)
{
	return strlen(text) == word.len && memcmp(word.text, text, word.len) == 0;
}

int word_shown(struct word word)
{
	return word.len > 60 ? 60 : (int)word.len;
}

int rows_find_word(const struct rows *rows, size_t line, const char *what, struct word word,
		     const char *const *words, size_t count)
{
	struct nearest nearest = nearest_start(word.text, word.len);
	char hint[NEAREST_HINT_MAX];

	for (size_t i = 0; i < count; i++)
		if (word_is(word, words[i]))
			return (int)i;
	for (size_t i = 0; i < count; i++)
		nearest_try(&nearest, words[i]);
	rows_refuse(rows, line, "there is no %s '%.*s'%s", what, word_shown(word), word.text,
	       nearest_hint(&nearest, hint));
	return -1;
}

const char *rows_keep(const struct rows *rows, struct word word)
{
	return catalogue_text(rows->catalogue, word.text, word.len);
}

bool rows_is_name(const char *text)
{
	if (!isalpha((unsigned char)*text))
		return false;
	for (; *text; text++)
		if (!isalnum((unsigned char)*text) && *text != '_' && *text != '.')
			return false;
	return true;
}

/* ---- lines ---- */

/*
 * Without comment and the blanks around what is left. A comment's "#" starts the line or has a
 * blank before it.
 */
static struct word tidy(struct word line)
{
	for (size_t i = 0; i < line.len; i++)
		if (line.text[i] == '#' && (i == 0 || word_is_blank(line.text[i - 1])))
			line.len = i;
	while (line.len > 0 &&
	       (word_is_blank(line.text[line.len - 1]) || line.text[line.len - 1] == '\r'))
		line.len--;
	while (line.len > 0 && word_is_blank(*line.text)) {
		line.text++;
		line.len--;
	}
	return line;
}

static bool end_section(struct rows *rows)
{
	bool good = !rows->section.name || rows_make_type(rows);

	rows->section = (struct section){ 0 };
	return good;
}

static bool read_header(struct rows *rows, struct word line)
{
	struct word name = tidy((struct word){ line.text + 1, line.len - 1 });
	char text[TYPE_NAME_MAX + 1];

	if (name.len == 0 || name.text[name.len - 1] != ']')
		return rows_refuse(rows, rows->line, "']' is missing behind '%.*s'", word_shown(line),
			      line.text);
	name = tidy((struct word){ name.text, name.len - 1 });
	if (name.len == 0 || name.len > TYPE_NAME_MAX)
		return rows_refuse(rows, rows->line, "a type's name has 1 to %d letters", TYPE_NAME_MAX);
	memcpy(text, name.text, name.len);
	text[name.len] = '\0';
	if (!rows_is_name(text))
		return rows_refuse(rows, rows->line,
			      "'%s' is no name for a type: letters, digits, '_' and '.'", text);
	if (!end_section(rows))
		return false;
	rows->section.name = rows_keep(rows, name);
	rows->section.line = rows->line;
	return true;
}

static bool check_provider(const struct rows *rows, struct word name)
{
	bool good = name.len > 0 && name.len <= PROVIDER_NAME_MAX;

	for (size_t i = 0; good && i < name.len; i++)
		good = islower((unsigned char)name.text[i]) || isdigit((unsigned char)name.text[i]);
	if (!good)
		return rows_refuse(rows, rows->line,
			      "a provider's name has 1 to %d small letters and digits",
			      PROVIDER_NAME_MAX);
	return true;
}

/* There may be much of it: it may stand in several lines, and each is known for what is wrong with it. */
static void add_to_value(const struct rows *rows, struct value *value, struct word text)
{
	AUTO(str_clear) struct str joined = STR_INIT(STR_NO_LIMIT), lines = STR_INIT(STR_NO_LIMIT);

	str_addf(&joined, "%s\n", value->text);
	str_add_bytes(&joined, text.text, text.len);
	if (value->lines)
		str_addf(&lines, "%s %zu", value->lines, rows->line);
	else
		str_addf(&lines, "%zu %zu", value->line, rows->line);
	value->text = catalogue_text(rows->catalogue, joined.text, joined.len);
	value->lines = catalogue_text(rows->catalogue, lines.text, lines.len);
}

static bool read_value(struct rows *rows, enum key key, struct word text)
{
	struct section *section = rows->section.name ? &rows->section : &rows->common;
	struct value value = { .line = rows->line };

	if (key == KEY_PROVIDER && (section != &rows->common || !check_provider(rows, text)))
		return section == &rows->common
			       ? false
			       : rows_refuse(rows, rows->line,
					"'provider' stands before the first type of a file");
	if (key == KEY_FIELD && section == &rows->common)
		return rows_refuse(rows, rows->line, "'field' stands below a type");
	if (key == KEY_FIELD && section->field_count == TYPE_FIELDS_MAX)
		return rows_refuse(rows, rows->line, "more than %d fields", TYPE_FIELDS_MAX);
	if ((key == KEY_SELECT || key == KEY_PERSONAL || key == KEY_COLUMN) && section->values[key].text) {
		add_to_value(rows, &section->values[key], text);
		return true;
	}
	if (key != KEY_FIELD && section->values[key].text)
		return rows_refuse(rows, rows->line, "'%s' stands in line %zu already", key_words[key],
			      section->values[key].line);
	value.text = rows_keep(rows, text);
	if (key == KEY_FIELD)
		section->fields[section->field_count++] = value;
	else
		section->values[key] = value;
	return true;
}

static bool read_line(struct rows *rows, struct word line)
{
	const char *equals;
	struct word name, text;
	int key;

	line = tidy(line);
	if (line.len == 0)
		return true;
	if (*line.text == '[')
		return read_header(rows, line);
	equals = memchr(line.text, '=', line.len);
	if (!equals)
		return rows_refuse(rows, rows->line, "expected '[Type]' or 'key = value', not '%.*s'",
			      word_shown(line), line.text);
	name = tidy((struct word){ line.text, (size_t)(equals - line.text) });
	text = tidy((struct word){ equals + 1, (size_t)(line.text + line.len - equals - 1) });
	key = rows_find_word(rows, rows->line, "key", name, key_words, ARRAY_LEN(key_words));
	return key >= 0 && read_value(rows, (enum key)key, text);
}

bool catalogue_rows_read(struct catalogue *catalogue, int generation, const char *text, size_t len,
			 const char *name, struct error *err)
{
	struct rows rows = {
		.catalogue = catalogue,
		.generation = generation,
		.file = catalogue_text(catalogue, name, strlen(name)),
		.err = err,
	};

	if (!str_is_utf8(text, len) || memchr(text, '\0', len))
		return error_set(err, ERROR_INPUT, "%s: not a text in UTF-8", rows.file);
	for (size_t at = 0; at < len;) {
		const char *end = memchr(text + at, '\n', len - at);
		size_t line_len = end ? (size_t)(end - text) - at : len - at;

		rows.line++;
		if (!read_line(&rows, (struct word){ text + at, line_len }))
			return false;
		at += line_len + 1;
	}
	return end_section(&rows);
}
