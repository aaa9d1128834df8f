/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The lexical grammar of GraphQL (October 2021), section 2.1: blanks, commas and comments
 * separate, everything else is a word or a mistake.
 */
#include "xledger/lexer.h"

#include <stdint.h>
#include <string.h>

#include "ledgerdeck/core/str.h"

#define QUOTES "\"\"\""

void gql_lexer_init(struct gql_lexer *lexer, const char *text, size_t len)
{
	*lexer = (struct gql_lexer){ .text = text, .len = len, .line = 1 };
	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		lexer->at = lexer->line_start = 3;
}

static int column_of(const struct gql_lexer *lexer, size_t at)
{
	return (int)(at - lexer->line_start) + 1;
}

static bool refuse(const struct gql_lexer *lexer, size_t at, const char *what, struct error *err)
{
	return error_set(err, ERROR_INPUT, "Syntax Error: %s at line %d, column %d.", what, lexer->line,
			 column_of(lexer, at));
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_name_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* The byte at a place; NUL at the end, which is in no word either. */
static char byte_at(const struct gql_lexer *lexer, size_t at)
{
	return at < lexer->len ? lexer->text[at] : '\0';
}

static bool starts(const struct gql_lexer *lexer, size_t at, const char *text)
{
	size_t len = strlen(text);

	return lexer->len - at >= len && memcmp(lexer->text + at, text, len) == 0;
}

static void end_line(struct gql_lexer *lexer, size_t next)
{
	lexer->line++;
	lexer->line_start = next;
}

static void skip_blanks(struct gql_lexer *lexer)
{
	for (; lexer->at < lexer->len; lexer->at++) {
		char c = lexer->text[lexer->at];

		if (c == '#')
			while (lexer->at + 1 < lexer->len && lexer->text[lexer->at + 1] != '\n' &&
			       lexer->text[lexer->at + 1] != '\r')
				lexer->at++;
		else if (c == '\n' || (c == '\r' && byte_at(lexer, lexer->at + 1) != '\n'))
			end_line(lexer, lexer->at + 1);
		else if (c != ' ' && c != '\t' && c != ',' && c != '\r')
			return;
	}
}

static size_t digits_end(const struct gql_lexer *lexer, size_t at)
{
	while (is_digit(byte_at(lexer, at)))
		at++;
	return at;
}

/* -?(0|[1-9][0-9]*)(.[0-9]+)?([eE][+-]?[0-9]+)?, and no name or point right behind it */
static bool take_number(const struct gql_lexer *lexer, struct gql_token *token, size_t *at, struct error *err)
{
	size_t start = *at + (byte_at(lexer, *at) == '-'), end = digits_end(lexer, start);

	token->kind = GQL_TOKEN_INT;
	if (end == start || (end > start + 1 && lexer->text[start] == '0'))
		return refuse(lexer, *at, "Invalid number", err);
	if (byte_at(lexer, end) == '.') {
		token->kind = GQL_TOKEN_FLOAT;
		start = end + 1;
		end = digits_end(lexer, start);
		if (end == start)
			return refuse(lexer, *at, "Invalid number", err);
	}
	if (byte_at(lexer, end) == 'e' || byte_at(lexer, end) == 'E') {
		token->kind = GQL_TOKEN_FLOAT;
		start = end + 1;
		if (byte_at(lexer, start) == '+' || byte_at(lexer, start) == '-')
			start++;
		end = digits_end(lexer, start);
		if (end == start)
			return refuse(lexer, *at, "Invalid number", err);
	}
	if (is_name_start(byte_at(lexer, end)) || byte_at(lexer, end) == '.')
		return refuse(lexer, *at, "Invalid number", err);
	*at = end;
	return true;
}

static int hex_of(char c)
{
	if (is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Four hexadecimal digits; -1: they are not. */
static int hex_four(const char *text, size_t len)
{
	int value = 0;

	if (len < 4)
		return -1;
	for (size_t i = 0; i < 4; i++) {
		if (hex_of(text[i]) < 0)
			return -1;
		value = value * 16 + hex_of(text[i]);
	}
	return value;
}

/* Behind a backslash: how long the escape is; 0: there is none such. */
static size_t escape_len(const struct gql_lexer *lexer, size_t at)
{
	char c = byte_at(lexer, at);

	if (c == 'u')
		return hex_four(lexer->text + at + 1, lexer->len - at - 1) > 0 ? 5 : 0;
	return c && strchr("\"\\/bfnrt", c) ? 1 : 0;
}

static bool take_string(const struct gql_lexer *lexer, size_t *at, struct error *err)
{
	size_t end = *at + 1;

	for (;;) {
		unsigned char c = (unsigned char)byte_at(lexer, end);

		if (end >= lexer->len || c == '\n' || c == '\r')
			return refuse(lexer, *at, "Unterminated string", err);
		if (c == '"')
			break;
		if (c < 0x20 && c != '\t')
			return refuse(lexer, end, "Invalid character within String", err);
		if (c == '\\') {
			size_t len = escape_len(lexer, end + 1);

			if (len == 0)
				return refuse(lexer, end, "Invalid character escape sequence", err);
			end += len;
		}
		end++;
	}
	*at = end + 1;
	return true;
}

static bool take_block(struct gql_lexer *lexer, size_t *at, struct error *err)
{
	size_t end = *at + 3;

	while (!starts(lexer, end, QUOTES)) {
		if (end >= lexer->len)
			return refuse(lexer, *at, "Unterminated string", err);
		if (lexer->text[end] == '\n')
			end_line(lexer, end + 1);
		end += starts(lexer, end, "\\" QUOTES) ? 4 : 1;
	}
	*at = end + 3;
	return true;
}

static bool take_word(struct gql_lexer *lexer, struct gql_token *token, size_t *at, struct error *err)
{
	char c = lexer->text[*at];

	if (is_name_start(c)) {
		token->kind = GQL_TOKEN_NAME;
		while (is_name_start(byte_at(lexer, *at)) || is_digit(byte_at(lexer, *at)))
			++*at;
		return true;
	}
	if (is_digit(c) || c == '-')
		return take_number(lexer, token, at, err);
	if (c == '"') {
		bool block = starts(lexer, *at, QUOTES);

		token->kind = block ? GQL_TOKEN_BLOCK : GQL_TOKEN_STRING;
		return block ? take_block(lexer, at, err) : take_string(lexer, at, err);
	}
	if (starts(lexer, *at, "...")) {
		token->kind = GQL_TOKEN_SPREAD;
		*at += 3;
		return true;
	}
	token->kind = GQL_TOKEN_MARK;
	if (!c || !strchr("!$&():=@[]{|}", c))
		return refuse(lexer, *at, "Unexpected character", err);
	++*at;
	return true;
}

bool gql_lexer_next(struct gql_lexer *lexer, struct gql_token *ret_token, struct error *err)
{
	struct gql_token token = { .kind = GQL_TOKEN_END };
	size_t at;

	skip_blanks(lexer);
	at = lexer->at;
	token.text = lexer->text + at;
	token.line = lexer->line;
	token.column = column_of(lexer, at);
	if (at < lexer->len && !take_word(lexer, &token, &at, err))
		return false;
	token.len = at - lexer->at;
	lexer->at = at;
	*ret_token = token;
	return true;
}

/* ---- what strings say */

static void add_utf8(struct str *out, unsigned code)
{
	if (code < 0x80) {
		str_add_char(out, (char)code);
	} else if (code < 0x800) {
		str_add_char(out, (char)(0xc0 | code >> 6));
		str_add_char(out, (char)(0x80 | (code & 0x3f)));
	} else {
		if (code < 0x10000) {
			str_add_char(out, (char)(0xe0 | code >> 12));
		} else {
			str_add_char(out, (char)(0xf0 | code >> 18));
			str_add_char(out, (char)(0x80 | (code >> 12 & 0x3f)));
		}
		str_add_char(out, (char)(0x80 | (code >> 6 & 0x3f)));
		str_add_char(out, (char)(0x80 | (code & 0x3f)));
	}
}

/* `at` stands on the digits of \u; a lone surrogate becomes U+FFFD. Returns how many bytes it was. */
static size_t add_unicode(struct str *out, const char *at, size_t len)
{
	int high = hex_four(at, len), low = -1;

	if (high >= 0xd800 && high < 0xdc00 && len >= 10 && at[4] == '\\' && at[5] == 'u')
		low = hex_four(at + 6, len - 6);
	if (low >= 0xdc00 && low < 0xe000) {
		add_utf8(out, 0x10000u + ((unsigned)high - 0xd800) * 0x400 + ((unsigned)low - 0xdc00));
		return 10;
	}
	add_utf8(out, high >= 0xd800 && high < 0xe000 ? 0xfffd : (unsigned)high);
	return 4;
}

static void add_plain(struct str *out, const char *text, size_t len)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";

	for (size_t i = 0; i < len; i++) {
		if (text[i] != '\\') {
			str_add_char(out, text[i]);
			continue;
		}
		i++;
		if (text[i] == 'u')
			i += add_unicode(out, text + i + 1, len - i - 1);
		else
			str_add_char(out, to[strchr(from, text[i]) - from]);
	}
}

static size_t line_len(const char *text, size_t len)
{
	const char *end = memchr(text, '\n', len);

	return end ? (size_t)(end - text) : len;
}

static size_t indent_of(const char *line, size_t len)
{
	size_t indent = 0;

	while (indent < len && (line[indent] == ' ' || line[indent] == '\t'))
		indent++;
	return indent;
}

static bool is_blank(const char *line, size_t len)
{
	return indent_of(line, len) == len || (len > 0 && indent_of(line, len) == len - 1 && line[len - 1] == '\r');
}

/* The indentation that all lines but the first have, and which lines stand between blank ones. */
static size_t block_indent(const char *text, size_t len, size_t *ret_first, size_t *ret_last)
{
	size_t common = SIZE_MAX, number = 0;

	*ret_first = SIZE_MAX;
	*ret_last = 0;
	for (size_t at = 0; at <= len; number++) {
		size_t here = line_len(text + at, len - at);

		if (!is_blank(text + at, here)) {
			size_t indent = indent_of(text + at, here);

			if (number > 0 && indent < common)
				common = indent;
			if (*ret_first == SIZE_MAX)
				*ret_first = number;
			*ret_last = number;
		}
		at += here + 1;
	}
	return common == SIZE_MAX ? 0 : common;
}

static void add_block(struct str *out, const char *text, size_t len)
{
	size_t first, last, common = block_indent(text, len, &first, &last), number = 0;

	for (size_t at = 0; at <= len && first != SIZE_MAX; number++) {
		size_t here = line_len(text + at, len - at);
		size_t skip = number == 0 ? 0 : common < here ? common : here;
		const char *line = text + at + skip;
		size_t left = here - skip;

		at += here + 1;
		if (number < first || number > last)
			continue;
		if (number > first)
			str_add_char(out, '\n');
		if (left > 0 && line[left - 1] == '\r')
			left--;
		for (size_t i = 0; i < left; i++) {
			if (line[i] == '\\' && left - i >= 4 && memcmp(line + i + 1, QUOTES, 3) == 0)
				i++;
			str_add_char(out, line[i]);
		}
	}
}

const char *gql_token_string(const struct gql_token *token, struct arena *arena, size_t *ret_len)
{
	struct str out = STR_INIT(STR_NO_LIMIT);
	const char *text;

	if (token->kind == GQL_TOKEN_BLOCK)
		add_block(&out, token->text + 3, token->len - 6);
	else
		add_plain(&out, token->text + 1, token->len - 2);
	text = arena_text(arena, out.text, out.len);
	*ret_len = out.len;
	str_clear(&out);
	return text;
}
