/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads tokens and counts lines and columns as parsers made by JavaCC do, because clients are
 * shown these numbers: columns count UTF-16 units from 1, a tab goes to the next eighth, the end
 * of the text stands where its last character stands (0, 0 in an empty one), and a wrong
 * character at the very end is reported as the end.
 */
#include "quickbooks/lexer.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"

#define TAB_COLUMNS 8
#define DETAIL_MAX 1700

static const char *const images[] = {
	[TOKEN_EOF] = "<EOF>",
	[TOKEN_AND] = "<AND>",
	[TOKEN_ASC] = "\"asc\"",
	[TOKEN_BY] = "\"by\"",
	[TOKEN_COUNT] = "\"count\"",
	[TOKEN_DESC] = "\"desc\"",
	[TOKEN_FALSE] = "\"false\"",
	[TOKEN_FROM] = "\"from\"",
	[TOKEN_IN] = "\"in\"",
	[TOKEN_ITERATOR] = "\"iterator\"",
	[TOKEN_LIKE] = "\"like\"",
	[TOKEN_MAXRESULTS] = "\"maxresults\"",
	[TOKEN_NULL] = "\"null\"",
	[TOKEN_OR] = "<OR>",
	[TOKEN_ORDER] = "\"order\"",
	[TOKEN_ORDERBY] = "\"orderby\"",
	[TOKEN_SELECT] = "\"select\"",
	[TOKEN_STARTPOSITION] = "\"startposition\"",
	[TOKEN_TRUE] = "\"true\"",
	[TOKEN_WHERE] = "\"where\"",
	[TOKEN_IDENTIFIER] = "<IDENTIFIER>",
	[TOKEN_INTEGER] = "<INTEGER>",
	[TOKEN_STRING] = "<STRING>",
	[TOKEN_COMMA] = "\",\"",
	[TOKEN_OPEN] = "\"(\"",
	[TOKEN_CLOSE] = "\")\"",
	[TOKEN_STAR] = "\"*\"",
	[TOKEN_EQUAL] = "\"=\"",
	[TOKEN_LESS] = "\"<\"",
	[TOKEN_LESS_EQUAL] = "\"<=\"",
	[TOKEN_GREATER] = "\">\"",
	[TOKEN_GREATER_EQUAL] = "\">=\"",
};
static_assert(ARRAY_LEN(images) == TOKEN_KIND_COUNT && TOKEN_KIND_COUNT <= 32,
	      "a bit for each token");

static const struct {
	const char *word;
	enum token_kind kind;
} keywords[] = {
	{ "and", TOKEN_AND },
	{ "asc", TOKEN_ASC },
	{ "by", TOKEN_BY },
	{ "count", TOKEN_COUNT },
	{ "desc", TOKEN_DESC },
	{ "false", TOKEN_FALSE },
	{ "from", TOKEN_FROM },
	{ "in", TOKEN_IN },
	{ "iterator", TOKEN_ITERATOR },
	{ "like", TOKEN_LIKE },
	{ "maxresults", TOKEN_MAXRESULTS },
	{ "null", TOKEN_NULL },
	{ "or", TOKEN_OR },
	{ "order", TOKEN_ORDER },
	{ "orderby", TOKEN_ORDERBY },
	{ "select", TOKEN_SELECT },
	{ "startposition", TOKEN_STARTPOSITION },
	{ "true", TOKEN_TRUE },
	{ "where", TOKEN_WHERE },
};

/* Bytes of the UTF-8 character that begins with `c`. */
static size_t character_len(unsigned char c)
{
	return c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

static uint32_t character_code(const char *text, size_t len)
{
	uint32_t code = (unsigned char)text[0];

	if (len == 1)
		return code;
	code &= 0xffu >> (len + 1);
	for (size_t i = 1; i < len; i++)
		code = code << 6 | ((unsigned char)text[i] & 0x3f);
	return code;
}

/* Read one character, one place further. */
static void read_character(struct lexer *lexer)
{
	unsigned char c = (unsigned char)lexer->text[lexer->at];
	size_t len = character_len(c);
	struct place *place = &lexer->place;

	if (place->line == 0)
		place->line = 1;
	place->column += len == 4 ? 2 : 1;
	if (place->after_lf) {
		place->after_lf = false;
		place->column = 1;
		place->line++;
	} else if (place->after_cr) {
		place->after_cr = false;
		if (c == '\n') {
			place->after_lf = true;
		} else {
			place->column = 1;
			place->line++;
		}
	}
	if (c == '\r') {
		place->after_cr = true;
	} else if (c == '\n') {
		place->after_lf = true;
	} else if (c == '\t') {
		place->column--;
		place->column += TAB_COLUMNS - place->column % TAB_COLUMNS;
	}
	lexer->at += len;
}

static void unit_add(struct str *out, uint32_t unit)
{
	static const char plain[] = "\b\t\n\f\r\"'\\";
	static const char letters[] = "btnfr\"'\\";
	const char *found = unit && unit < 0x80 ? strchr(plain, (int)unit) : NULL;

	if (found)
		str_addf(out, "\\%c", letters[found - plain]);
	else if (unit < 0x20 || unit > 0x7e)
		str_addf(out, "\\u%04x", (unsigned)unit);
	else
		str_add_char(out, (char)unit);
}

/* A piece of the query as a Java string literal would hold it. */
static void escaped_add(struct str *out, const char *text, size_t len)
{
	for (size_t i = 0; i < len;) {
		size_t step = character_len((unsigned char)text[i]);
		uint32_t code = character_code(text + i, step);

		if (code >= 0x10000) {
			unit_add(out, 0xd800 + ((code - 0x10000) >> 10));
			unit_add(out, 0xdc00 + ((code - 0x10000) & 0x3ff));
		} else {
			unit_add(out, code);
		}
		i += step;
	}
}

/* The character at `lexer->at` fits nowhere; `start` is where its token began. */
static bool refuse_character(struct lexer *lexer, size_t start)
{
	AUTO(str_clear) struct str found = STR_INIT(DETAIL_MAX), after = STR_INIT(DETAIL_MAX);
	const char *bad = lexer->text + lexer->at;
	bool at_end = lexer->at == lexer->len;
	size_t bad_len = at_end ? 0 : character_len((unsigned char)*bad);
	size_t read = lexer->at - start + bad_len;
	struct place place;

	if (!at_end)
		read_character(lexer);
	place = lexer->place;
	if (lexer->at == lexer->len) {
		/* Also when it was a character, but the last one. */
		if (read > 1)
			escaped_add(&after, lexer->text + start, read);
		str_add(&found, "<EOF> ");
		place.line += place.after_lf || place.after_cr;
		place.column = place.after_lf || place.after_cr ? 0 : place.column + 1;
	} else {
		escaped_add(&after, lexer->text + start, read - bad_len);
		str_add_char(&found, '"');
		escaped_add(&found, bad, bad_len);
		str_addf(&found, "\" (%u), ", (unsigned)character_code(bad, bad_len));
	}
	return fault_set(lexer->fault, 4000, NULL,
			 "QueryParserError: Invalid content. Lexical error at line %d, column %d.  "
			 "Encountered: %safter : \"%s\"",
			 place.line, place.column, found.text, after.text);
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static char peek(const struct lexer *lexer, size_t ahead)
{
	return lexer->len - lexer->at > ahead ? lexer->text[lexer->at + ahead] : '\0';
}

/* A name, with parts behind points and perhaps ".*" at its end; or a keyword. */
static enum token_kind read_word(struct lexer *lexer, size_t start)
{
	while (is_letter(peek(lexer, 0)) || is_digit(peek(lexer, 0)) ||
	       (peek(lexer, 0) == '.' && (is_letter(peek(lexer, 1)) || peek(lexer, 1) == '*'))) {
		if (peek(lexer, 0) == '.' && peek(lexer, 1) == '*') {
			read_character(lexer);
			read_character(lexer);
			break;
		}
		read_character(lexer);
	}
	for (size_t i = 0; i < ARRAY_LEN(keywords); i++)
		if (strlen(keywords[i].word) == lexer->at - start &&
		    strncasecmp(keywords[i].word, lexer->text + start, lexer->at - start) == 0)
			return keywords[i].kind;
	return TOKEN_IDENTIFIER;
}

/* Apostrophes inside are escaped by a backslash, never doubled. */
static bool read_string(struct lexer *lexer, size_t start)
{
	read_character(lexer);
	for (;;) {
		if (lexer->at == lexer->len || peek(lexer, 0) == '\0')
			return refuse_character(lexer, start);
		if (peek(lexer, 0) == '\'')
			break;
		if (peek(lexer, 0) == '\\' && lexer->len - lexer->at > 1 && peek(lexer, 1) != '\0')
			read_character(lexer);
		read_character(lexer);
	}
	read_character(lexer);
	return true;
}

static bool read_sign(struct lexer *lexer, enum token_kind *ret_kind)
{
	static const struct {
		char text[3];
		enum token_kind kind;
	} signs[] = {
		{ "<=", TOKEN_LESS_EQUAL }, { ">=", TOKEN_GREATER_EQUAL }, { "<", TOKEN_LESS },
		{ ">", TOKEN_GREATER },	    { "=", TOKEN_EQUAL },	   { ",", TOKEN_COMMA },
		{ "(", TOKEN_OPEN },	    { ")", TOKEN_CLOSE },	   { "*", TOKEN_STAR },
	};

	for (size_t i = 0; i < ARRAY_LEN(signs); i++) {
		size_t len = strlen(signs[i].text);

		if (lexer->len - lexer->at < len ||
		    memcmp(lexer->text + lexer->at, signs[i].text, len) != 0)
			continue;
		while (len-- > 0)
			read_character(lexer);
		*ret_kind = signs[i].kind;
		return true;
	}
	return false;
}

/* Read the next token into `lexer->next`. */
static bool read_token(struct lexer *lexer)
{
	struct token *token = &lexer->next;
	struct place before;
	size_t start;

	while (lexer->at < lexer->len && strchr(" \t\r\n\f", lexer->text[lexer->at]) &&
	       peek(lexer, 0))
		read_character(lexer);
	*token = (struct token){ .kind = TOKEN_EOF, .text = lexer->text + lexer->at,
				 .line = lexer->place.line, .column = lexer->place.column };
	if (lexer->at == lexer->len)
		return true;
	start = lexer->at;
	before = lexer->place;
	read_character(lexer);
	token->line = lexer->place.line;
	token->column = lexer->place.column;
	lexer->at = start;
	lexer->place = before;
	if (is_letter(peek(lexer, 0))) {
		token->kind = read_word(lexer, start);
	} else if (is_digit(peek(lexer, 0))) {
		token->kind = TOKEN_INTEGER;
		while (is_digit(peek(lexer, 0)))
			read_character(lexer);
	} else if (peek(lexer, 0) == '\'') {
		token->kind = TOKEN_STRING;
		if (!read_string(lexer, start))
			return false;
	} else if (!read_sign(lexer, &token->kind)) {
		return refuse_character(lexer, start);
	}
	token->len = lexer->at - start;
	return true;
}

bool lexer_start(struct lexer *lexer, const char *text, size_t len, struct fault *fault)
{
	*lexer = (struct lexer){ .text = text, .len = len, .fault = fault };
	return read_token(lexer);
}

bool lexer_step(struct lexer *lexer, struct token *ret_token)
{
	if (ret_token)
		*ret_token = lexer->next;
	return read_token(lexer);
}

bool lexer_is(const struct lexer *lexer, enum token_kind kind)
{
	return lexer->next.kind == kind;
}

bool lexer_refuse(struct lexer *lexer, uint32_t expected)
{
	AUTO(str_clear) struct str met = STR_INIT(DETAIL_MAX), wanted = STR_INIT(DETAIL_MAX);
	const struct token *token = &lexer->next;

	if (token->kind == TOKEN_EOF) {
		str_add(&met, images[TOKEN_EOF]);
	} else {
		str_addf(&met, " %s \"", images[token->kind]);
		escaped_add(&met, token->text, token->len);
		str_add(&met, " \"");
	}
	for (int kind = 0; kind < TOKEN_KIND_COUNT; kind++)
		if (expected & TOKEN_BIT(kind))
			str_addf(&wanted, "%s %s\n    ", images[kind],
				 kind == TOKEN_EOF ? "" : "...");
	return fault_set(
		lexer->fault, 4000, NULL,
		"QueryParserError: Encountered \"%s\" at line %d, column %d.\nWas expecting%s:\n  "
		"  %s",
		met.text, token->line, token->column, expected & (expected - 1) ? " one of" : "",
		wanted.text);
}

bool lexer_take(struct lexer *lexer, uint32_t expected, struct token *ret_token)
{
	if (!(TOKEN_BIT(lexer->next.kind) & expected))
		return lexer_refuse(lexer, expected);
	return lexer_step(lexer, ret_token);
}

char *token_value(const struct token *token)
{
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);

	if (token->kind != TOKEN_STRING)
		return memory_copy(token->text, token->len);
	for (size_t i = 1; i + 1 < token->len; i++) {
		if (token->text[i] == '\\' && i + 2 < token->len)
			i++;
		str_add_char(&out, token->text[i]);
	}
	return str_take(&out);
}
