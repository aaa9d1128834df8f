/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads themes: a line per role. What a terminal with fewer colours shows follows from the same line: numbers name
 * the ANSI colour that stands in for them, or "default" where the attributes without colour do; bright colours become bold where
 * there are only eight.
 */
#include "theme.h"

#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"
#include "ledgerdeck/model/nearest.h"

#define FILE_MAX ((size_t)65536)
#define BRIGHT 8      /* the number of the first bright colour */
#define COLUMNS 5
#define WORD_MAX 40   /* bytes of a word that an error shows */

/* Made by scripts/embed from data/themes. */
extern const char *const themes_builtin[][2];

static const char *const theme_list[] = { "dark", "light", "mono", "clear", NULL };

static const char *const role_names[ROLE_COUNT] = {
	[ROLE_TEXT] = "text",       [ROLE_DIM] = "dim",         [ROLE_BORDER] = "border",
	[ROLE_TITLE] = "title",     [ROLE_FOCUS] = "focus",     [ROLE_COLUMN] = "column",
	[ROLE_OK] = "ok",           [ROLE_RUNNING] = "running", [ROLE_WAITING] = "waiting",
	[ROLE_WARN] = "warn",       [ROLE_FAILED] = "failed",   [ROLE_STALE] = "stale",
	[ROLE_MARKED] = "marked",   [ROLE_MATCH] = "match",     [ROLE_KEY] = "key",
	[ROLE_INPUT] = "input",     [ROLE_BAR] = "bar",         [ROLE_PRODUCTION] = "production",
	[ROLE_MESSAGE] = "message", [ROLE_ERROR] = "error",     [ROLE_LINK] = "link",
	[ROLE_CODE] = "code",
};

/* In the order of their ANSI numbers. */
static const char *const colour_names[] = {
	"black",	"red",		"green",	"yellow",	 "blue",	"magenta",	  "cyan",	 "white",
	"bright-black", "bright-red",	"bright-green", "bright-yellow", "bright-blue", "bright-magenta", "bright-cyan", "bright-white",
};

static const struct {
	const char *name;
	unsigned bit;
} attribute_names[] = {
	{ "bold", LOOK_BOLD },
	{ "dim", LOOK_DIM },
	{ "underline", LOOK_UNDERLINE },
	{ "reverse", LOOK_REVERSE },
};

struct word {
	const char *text; /* borrowed */
	size_t len;
};

/* A line of a theme: where it stands, for errors, and its words. */
struct row {
	const char *file;
	size_t line;
	struct word words[COLUMNS];
	int colours;
	bool stood_in;  /* "default" stands in for a colour that the terminal has not: so do the attributes without colour */
};

static bool word_is(struct word word, const char *text)
{
	return strlen(text) == word.len && memcmp(word.text, text, word.len) == 0;
}

static bool refuse(const struct row *row, const char *what, struct word word, const struct nearest *nearest, struct error *err)
{
	char hint[NEAREST_HINT_MAX] = "";

	if (nearest)
		nearest_hint(nearest, hint);
	return error_set(err, ERROR_INPUT, "%s:%zu: '%.*s' is no %s%s", row->file, row->line,
			 (int)(word.len < WORD_MAX ? word.len : WORD_MAX), word.text, what, hint);
}

/* ---- the words of a row ---- */

/* Only what is wrong is compared with what is right. */
static struct nearest nearest_of(struct word word, const char *const *names, size_t count)
{
	struct nearest nearest = nearest_start(word.text, word.len);

	for (size_t i = 0; i < count; i++)
		nearest_try(&nearest, names[i]);
	return nearest;
}

static bool parse_role(const struct row *row, int *ret_role, struct error *err)
{
	struct nearest nearest;

	for (int i = 0; i < ROLE_COUNT; i++)
		if (word_is(row->words[0], role_names[i])) {
			*ret_role = i;
			return true;
		}
	nearest = nearest_of(row->words[0], role_names, ROLE_COUNT);
	return refuse(row, "role", row->words[0], &nearest, err);
}

/* One of the sixteen by its name. */
static bool parse_ansi(struct word word, int *ret_colour)
{
	for (size_t i = 0; i < ARRAY_LEN(colour_names); i++)
		if (word_is(word, colour_names[i])) {
			*ret_colour = (int)i;
			return true;
		}
	return false;
}

/* "203/red": the number where there are 256 colours, the name elsewhere. */
static bool parse_number(struct row *row, struct word word, int *ret_colour, struct error *err)
{
	struct word name = { 0 };
	struct nearest nearest;
	size_t at = 0;
	int number = 0;

	while (at < word.len && at < 4 && word.text[at] >= '0' && word.text[at] <= '9')
		number = 10 * number + (word.text[at++] - '0');
	if (at > 3 || number > 255 || (at < word.len && word.text[at] != '/'))
		return refuse(row, "colour: a number is 0 to 255", word, NULL, err);
	if (at == word.len) {
		*ret_colour = number;
		if (number < 2 * BRIGHT)
			return true;
		return error_set(err, ERROR_INPUT, "%s:%zu: colour %d needs a name for terminals with fewer colours, as in '%d/red'",
				 row->file, row->line, number, number);
	}
	name.text = word.text + at + 1;
	name.len = word.len - at - 1;
	*ret_colour = -1;
	if (word_is(name, "default")) {
		row->stood_in = row->stood_in || row->colours < 256;
	} else if (!parse_ansi(name, ret_colour)) {
		nearest = nearest_of(name, colour_names, ARRAY_LEN(colour_names));
		return refuse(row, "colour", name, &nearest, err);
	}
	if (row->colours >= 256)
		*ret_colour = number;
	return true;
}

static bool parse_colour(struct row *row, struct word word, int *ret_colour, struct error *err)
{
	struct nearest nearest;

	if (word_is(word, "default")) {
		*ret_colour = -1;
		return true;
	}
	if (word.text[0] >= '0' && word.text[0] <= '9')
		return parse_number(row, word, ret_colour, err);
	if (parse_ansi(word, ret_colour))
		return true;
	nearest = nearest_of(word, colour_names, ARRAY_LEN(colour_names));
	nearest_try(&nearest, "default");
	return refuse(row, "colour", word, &nearest, err);
}

/* "bold+underline", or "-" for none. */
static bool parse_attributes(const struct row *row, struct word word, unsigned *ret_attributes, struct error *err)
{
	unsigned attributes = 0;

	for (size_t at = 0; !word_is(word, "-") && at <= word.len; at++) {
		struct word part = { word.text + at, 0 };
		struct nearest nearest;
		unsigned bit = 0;

		while (at < word.len && word.text[at] != '+')
			at++;
		part.len = (size_t)(word.text + at - part.text);
		for (size_t i = 0; i < ARRAY_LEN(attribute_names); i++)
			if (word_is(part, attribute_names[i].name))
				bit = attribute_names[i].bit;
		nearest = nearest_start(part.text, part.len);
		for (size_t i = 0; !bit && i < ARRAY_LEN(attribute_names); i++)
			nearest_try(&nearest, attribute_names[i].name);
		if (!bit)
			return refuse(row, "attribute", part, &nearest, err);
		attributes |= bit;
	}
	*ret_attributes = attributes;
	return true;
}

/* With eight colours a bright one is the plain one in bold; but bold black is invisible on many screens. */
static void fit_to_eight(struct look *look)
{
	if (look->foreground == BRIGHT) {
		look->foreground = -1;
		look->attributes |= LOOK_DIM;
	} else if (look->foreground > BRIGHT) {
		look->foreground -= BRIGHT;
		look->attributes |= LOOK_BOLD;
	}
	if (look->background >= BRIGHT)
		look->background -= BRIGHT;
}

/* ---- rows ---- */

static size_t split(const char *line, size_t len, struct word words[COLUMNS])
{
	size_t count = 0;

	for (size_t at = 0; at < len;) {
		size_t start;

		while (at < len && (line[at] == ' ' || line[at] == '\t' || line[at] == '\r'))
			at++;
		start = at;
		if (at == len || line[at] == '#')
			break;
		while (at < len && line[at] != ' ' && line[at] != '\t' && line[at] != '\r')
			at++;
		if (count < COLUMNS) {
			words[count].text = line + start;
			words[count].len = at - start;
		}
		count++;
	}
	return count;
}

static bool parse_row(struct row *row, struct theme *theme, bool given[ROLE_COUNT], struct error *err)
{
	struct look look = { 0 }, plain = { .foreground = -1, .background = -1 };
	int role = 0;

	row->stood_in = false;
	if (!parse_role(row, &role, err) || !parse_colour(row, row->words[1], &look.foreground, err) ||
	    !parse_colour(row, row->words[2], &look.background, err) ||
	    !parse_attributes(row, row->words[3], &look.attributes, err) ||
	    !parse_attributes(row, row->words[4], &plain.attributes, err))
		return false;
	if (row->stood_in)
		look.attributes = plain.attributes;
	if (given[role])
		return error_set(err, ERROR_INPUT, "%s:%zu: '%s' stands here twice", row->file, row->line, role_names[role]);
	if (row->colours < 2 * BRIGHT)
		fit_to_eight(&look);
	given[role] = true;
	theme->looks[role] = row->colours > 0 ? look : plain;
	theme->plain[role] = plain;
	return true;
}

bool theme_parse(const char *text, const char *file, int colours, struct theme *ret_theme, struct error *err)
{
	const struct look none = { .foreground = -1, .background = -1 };
	struct row row = { .file = file, .colours = colours };
	struct theme theme = { 0 };
	bool given[ROLE_COUNT] = { false };

	theme.looks[ROLE_TEXT] = theme.plain[ROLE_TEXT] = none;
	while (*text) {
		size_t len = strcspn(text, "\n");
		size_t count = split(text, len, row.words);

		row.line++;
		if (count > 0 && count != COLUMNS)
			return error_set(err, ERROR_INPUT,
					 "%s:%zu: a row has role, foreground, background, attributes, and attributes without colour",
					 file, row.line);
		if (count > 0 && !parse_row(&row, &theme, given, err))
			return false;
		text += len + (text[len] == '\n');
	}
	for (int i = 0; i < ROLE_COUNT; i++)
		if (!given[i]) {
			theme.looks[i] = theme.looks[ROLE_TEXT];
			theme.plain[i] = theme.plain[ROLE_TEXT];
		}
	snprintf(theme.name, sizeof(theme.name), "%.*s", (int)strcspn(file, "."), file);
	*ret_theme = theme;
	return true;
}

const char *const *theme_names(void)
{
	return theme_list;
}

static bool load_built_in(const char *name, int colours, struct theme *ret_theme, struct error *err)
{
	AUTO(str_clear) struct str known = STR_INIT(120);
	struct nearest nearest = nearest_start(name, strlen(name));
	char hint[NEAREST_HINT_MAX];

	for (size_t i = 0; themes_builtin[i][0]; i++) {
		const char *file = themes_builtin[i][0];
		struct word stem = { file, strcspn(file, ".") };

		if (word_is(stem, name))
			return theme_parse(themes_builtin[i][1], file, colours, ret_theme, err);
	}
	for (size_t i = 0; theme_list[i]; i++) {
		nearest_try(&nearest, theme_list[i]);
		str_addf(&known, "%s%s", i ? ", " : "", theme_list[i]);
	}
	return error_set(err, ERROR_INPUT, "unknown theme '%.40s'%s (there are %s)", name, nearest_hint(&nearest, hint), known.text);
}

/* One of the user's own, before those that are built in. `ret_found` false: he has none of that name. */
static bool load_own(const char *name, int colours, bool *ret_found, struct theme *ret_theme, struct error *err)
{
	AUTO(str_clear) struct str path = STR_INIT(4096);
	AUTO(str_clear) struct str text = STR_INIT(FILE_MAX);
	struct error ignored = { 0 };

	*ret_found = false;
	/* A name, no path. */
	if (!*name || strlen(name) >= sizeof(ret_theme->name) || strchr(name, '/') || name[0] == '.' || !file_add_place(FILE_CONFIG, &path, &ignored))
		return true;
	str_addf(&path, "/themes/%s.theme", name);
	*ret_found = file_exists(path.text);
	if (!*ret_found)
		return true;
	if (!file_read(path.text, FILE_MAX, &text, err) || !theme_parse(text.text, path.text, colours, ret_theme, err))
		return false;
	snprintf(ret_theme->name, sizeof(ret_theme->name), "%s", name);
	return true;
}

bool theme_load(const char *name, int colours, struct theme *ret_theme, struct error *err)
{
	bool found;

	if (!load_own(name, colours, &found, ret_theme, err))
		return false;
	if (found)
		return true;
	return load_built_in(name, colours, ret_theme, err);
}
