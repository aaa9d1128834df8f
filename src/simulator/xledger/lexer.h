/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of a GraphQL document: names, numbers, strings and marks, each with its place. */
#ifndef XLEDGER_LEXER_H
#define XLEDGER_LEXER_H

#include <stdbool.h>
#include <stddef.h>

#include "ledgerdeck/core/error.h"

#include "xledger/arena.h"

enum gql_token_kind {
	GQL_TOKEN_END,
	GQL_TOKEN_MARK,   /* one of ! $ & ( ) : = @ [ ] { | } */
	GQL_TOKEN_SPREAD, /* ... */
	GQL_TOKEN_NAME,
	GQL_TOKEN_INT,
	GQL_TOKEN_FLOAT,
	GQL_TOKEN_STRING,
	GQL_TOKEN_BLOCK, /* """ as a string of lines """ */
};

struct gql_token {
	enum gql_token_kind kind;
	const char *text; /* borrowed: the document; strings with their quotes */
	size_t len;
	int line, column; /* from 1 */
};

struct gql_lexer {
	const char *text; /* borrowed, UTF-8 */
	size_t len, at;
	size_t line_start;
	int line;
};

void gql_lexer_init(struct gql_lexer *lexer, const char *text, size_t len);
/* The next word. Error: INPUT, a sentence with line and column. */
bool gql_lexer_next(struct gql_lexer *lexer, struct gql_token *ret_token, struct error *err);
/* What a string says, without quotes and escapes. Never fails: the lexer has checked it. */
const char *gql_token_string(const struct gql_token *token, struct arena *arena, size_t *ret_len);

#endif
