/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Takes the text of a filter apart, whatever its names mean. */
#include "filter_word.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "ledgerdeck/core/memory.h"

static const struct {
	const char *text;
	enum filter_operator op;
} operators[] = {
	/* Longer ones first. */
	{ "!=", FILTER_NOT_EQUAL }, { "<=", FILTER_LESS_EQUAL }, { ">=", FILTER_GREATER_EQUAL },
	{ "=", FILTER_EQUAL },	    { ":", FILTER_EQUAL },	 { "<", FILTER_LESS },
	{ ">", FILTER_GREATER },    { "~", FILTER_CONTAINS },
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool filter_word_comes(const char **at)
{
	while (is_blank(**at))
		(*at)++;
	return **at != '\0';
}

/*
 * The value up to the next blank outside quotes, without these; a backslash in quotes takes the
 * next letter as it is.
 */
static bool read_text(const char **at, struct filter_word *word, struct error *err)
{
	const char *start = *at;
	bool quoted = false;

	for (; **at && (quoted || !is_blank(**at)); (*at)++) {
		if (**at == '"') {
			quoted = !quoted;
			continue;
		}
		if (quoted && **at == '\\' && (*at)[1])
			(*at)++;
		if (word->text_len == sizeof(word->text) - 1)
			return error_set(err, ERROR_INPUT, "a value of a filter has at most %zu bytes", word->text_len);
		word->text[word->text_len++] = **at;
	}
	if (quoted)
		return error_set(err, ERROR_INPUT, "the quotes that open before '%.60s' are not closed", start + (*start == '"'));
	word->text[word->text_len] = '\0';
	if (!word->sign && word->text_len == 0)
		return error_set(err, ERROR_INPUT, "there is nothing between the quotes");
	return true;
}

static void read_name(const char **at, struct filter_word *word)
{
	const char *end = *at;

	if (isalpha((unsigned char)*end) || *end == '_')
		while (isalnum((unsigned char)*end) || *end == '_' || *end == '.')
			end++;
	for (size_t i = 0; i < ARRAY_LEN(operators) && end > *at; i++) {
		size_t len = strlen(operators[i].text);

		if (strncmp(end, operators[i].text, len) != 0)
			continue;
		word->name = *at;
		word->name_len = (size_t)(end - *at);
		word->sign = operators[i].text;
		word->op = operators[i].op;
		*at = end + len;
		return;
	}
}

bool filter_word_read(const char **at, struct filter_word *ret_word, struct error *err)
{
	*ret_word = (struct filter_word){ .op = FILTER_CONTAINS };
	read_name(at, ret_word);
	return read_text(at, ret_word, err);
}

bool filter_word_is(const struct filter_word *word, const char *name, bool any_case)
{
	return strlen(name) == word->name_len &&
	       (any_case ? strncasecmp(name, word->name, word->name_len) : memcmp(name, word->name, word->name_len)) == 0;
}
