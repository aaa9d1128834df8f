/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Templates of paths. What is filled in can never add a directory or lead out of one. */
#include "ledgerdeck/lake/layout.h"

#include <ctype.h>
#include <string.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/memory.h"

enum word { WORD_ACCOUNT, WORD_NAME, WORD_PROVIDER, WORD_ENVIRONMENT, WORD_TYPE, WORD_KIND, WORD_TIME, WORD_FORMAT, WORD_COUNT };

static const char *const words[] = {
	[WORD_ACCOUNT] = "account", [WORD_NAME] = "name", [WORD_PROVIDER] = "provider", [WORD_ENVIRONMENT] = "environment",
	[WORD_TYPE] = "type",	    [WORD_KIND] = "kind", [WORD_TIME] = "time",		[WORD_FORMAT] = "format",
};
_Static_assert(ARRAY_LEN(words) == WORD_COUNT, "a text for each word");

/* What stands in braces at `at`; WORD_COUNT: nothing known. `ret_end` is behind the brace. */
static enum word word_at(const char *at, const char **ret_end)
{
	size_t len = strcspn(at + 1, "{}/");

	*ret_end = at + 1 + len + (at[1 + len] == '}');
	for (int i = 0; i < WORD_COUNT && at[1 + len] == '}'; i++)
		if (strlen(words[i]) == len && strncmp(words[i], at + 1, len) == 0)
			return (enum word)i;
	return WORD_COUNT;
}

bool layout_has(const char *layout, const char *word)
{
	for (const char *at = layout, *end; *at; at = end) {
		enum word found = *at == '{' ? word_at(at, &end) : WORD_COUNT;

		if (*at != '{')
			end = at + 1;
		if (found < WORD_COUNT && strcmp(words[found], word) == 0)
			return true;
	}
	return false;
}

/* Letters of file names that every file system and cloud takes as they are. */
static bool is_plain(char c)
{
	return isalnum((unsigned char)c) || strchr("-_.=,+@ ", c);
}

static bool check_part(const char *part, size_t len, struct error *err)
{
	if (len == 0)
		return error_set(err, ERROR_INPUT, "a layout is a path below the destination: no slash at its start or end, and not two in a row");
	if (part[0] == '.' || part[len - 1] == '.' || part[0] == ' ' || part[len - 1] == ' ')
		return error_set(err, ERROR_INPUT, "'%.*s' begins or ends with a dot or a blank, which not every destination takes",
				 (int)(len > 60 ? 60 : len), part);
	return true;
}

bool layout_check(const char *layout, struct error *err)
{
	for (const char *at = layout, *end; *at; at = end) {
		end = at + 1;
		if (*at == '{' && word_at(at, &end) == WORD_COUNT)
			return error_set(err, ERROR_INPUT,
					 "there is no '%.*s' in layouts: they have {account}, {name}, {provider}, {environment}, {type}, {kind}, {time} and {format}",
					 (int)(end - at > 40 ? 40 : end - at), at);
		if (*at != '{' && *at != '/' && !is_plain(*at))
			return error_set(err, ERROR_INPUT, "a layout has letters, digits and - _ . = , + @ besides its words, not '%.1s'",
					 isprint((unsigned char)*at) ? at : "?");
	}
	for (const char *part = layout;;) {
		size_t len = strcspn(part, "/");

		if (!check_part(part, len, err))
			return false;
		if (!part[len])
			break;
		part += len + 1;
	}
	if (!layout_has(layout, "type") || !layout_has(layout, "time"))
		return error_set(err, ERROR_INPUT, "a layout needs {type} and {time}: else one file would stand in another's place");
	return true;
}

void layout_add_time(int64_t time_ms, struct str *out)
{
	char stamp[STAMP_TEXT_MAX];

	/* "2026-01-31T23:59:59+00:00" */
	stamp_format(time_ms, 0, false, stamp);
	str_addf(out, "%.4s%.2s%.2s_%.2s_%.2s_%.2s", stamp, stamp + 5, stamp + 8, stamp + 11, stamp + 14, stamp + 17);
}

static void add_slug(const char *text, struct str *out)
{
	size_t start = out->len;

	for (; *text; text++) {
		bool plain = isalnum((unsigned char)*text) || *text == '_';

		if (plain)
			str_add_char(out, *text);
		else if (out->len > start && out->text[out->len - 1] != '-')
			str_add_char(out, '-');
	}
	while (out->len > start && out->text[out->len - 1] == '-')
		str_truncate(out, out->len - 1);
	if (out->len == start)
		str_add(out, "company");
}

static void add_word(enum word word, const struct layout_values *values, struct str *out)
{
	const char *const texts[] = {
		[WORD_ACCOUNT] = values->account, [WORD_PROVIDER] = values->provider, [WORD_ENVIRONMENT] = values->environment,
		[WORD_TYPE] = values->type,	  [WORD_KIND] = values->kind,	      [WORD_FORMAT] = values->format,
	};

	if (word == WORD_TIME)
		layout_add_time(values->time_ms, out);
	else if (word == WORD_NAME)
		add_slug(values->name, out);
	else
		str_add(out, texts[word]);
}

static void add_up_to(const char *layout, const char *stop, const struct layout_values *values, struct str *out)
{
	for (const char *at = layout, *end; at < stop; at = end) {
		if (*at == '{') {
			add_word(word_at(at, &end), values, out);
			continue;
		}
		end = at + 1;
		str_add_char(out, *at);
	}
}

void layout_add(const char *layout, const struct layout_values *values, struct str *out)
{
	add_up_to(layout, layout + strlen(layout), values, out);
}

void layout_add_root(const char *layout, const struct layout_values *values, struct str *out)
{
	const char *slash = layout;

	/* The last slash before the first word that differs from file to file. */
	for (const char *at = layout, *end; *at; at = end) {
		enum word word = *at == '{' ? word_at(at, &end) : WORD_COUNT;

		if (word == WORD_TYPE || word == WORD_KIND || word == WORD_TIME)
			break;
		if (*at != '{')
			end = at + 1;
		if (*at == '/')
			slash = end;
	}
	add_up_to(layout, slash, values, out);
}
