/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The words of the query language, read one ahead as the service's own parser does, with its way
 * of saying what it met and what it expected instead.
 */
#ifndef QUICKBOOKS_LEXER_H
#define QUICKBOOKS_LEXER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "quickbooks/fault.h"

/* In the order in which the service lists what it expected. */
enum token_kind {
	TOKEN_EOF,
	TOKEN_AND,
	TOKEN_ASC,
	TOKEN_BY,
	TOKEN_COUNT,
	TOKEN_DESC,
	TOKEN_FALSE,
	TOKEN_FROM,
	TOKEN_IN,
	TOKEN_ITERATOR,
	TOKEN_LIKE,
	TOKEN_MAXRESULTS,
	TOKEN_NULL,
	TOKEN_OR,
	TOKEN_ORDER,
	TOKEN_ORDERBY,
	TOKEN_SELECT,
	TOKEN_STARTPOSITION,
	TOKEN_TRUE,
	TOKEN_WHERE,
	TOKEN_IDENTIFIER,
	TOKEN_INTEGER,
	TOKEN_STRING,
	TOKEN_COMMA,
	TOKEN_OPEN,
	TOKEN_CLOSE,
	TOKEN_STAR,
	TOKEN_EQUAL,
	TOKEN_LESS,
	TOKEN_LESS_EQUAL,
	TOKEN_GREATER,
	TOKEN_GREATER_EQUAL,
	TOKEN_KIND_COUNT
};

#define TOKEN_BIT(kind) (UINT32_C(1) << (kind))

struct token {
	enum token_kind kind;
	const char *text; /* borrowed: the query; a string with its quotes */
	size_t len;
	int line, column; /* of its first character; of the text's last one for TOKEN_EOF */
};

struct place {
	int line, column;
	bool after_cr, after_lf;
};

struct lexer {
	const char *text;   /* borrowed */
	size_t len, at;
	struct place place; /* of the last character that was read */
	struct token next;  /* the one that has not been used yet */
	struct fault *fault; /* borrowed: filled with 4000 */
};

/* `text` is UTF-8. False when the first token is none. */
bool lexer_start(struct lexer *lexer, const char *text, size_t len, struct fault *fault);
/* Use up the next token, which goes to `ret_token` (may be NULL). */
bool lexer_step(struct lexer *lexer, struct token *ret_token);
/* The same when it is one of `expected` (TOKEN_BITs), else the fault that says so. */
bool lexer_take(struct lexer *lexer, uint32_t expected, struct token *ret_token);
/* The fault for the next token, which is none of `expected`. Returns false. */
bool lexer_refuse(struct lexer *lexer, uint32_t expected);
bool lexer_is(const struct lexer *lexer, enum token_kind kind);

/* A string token's text without quotes and escapes, or the text of any other; the caller frees. */
char *token_value(const struct token *token);

#endif
