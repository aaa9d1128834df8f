/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A GraphQL document as a tree: operations and fragments, as they were written. What the names
 * in it mean is not asked here.
 */
#ifndef XLEDGER_PARSER_H
#define XLEDGER_PARSER_H

#include "xledger/lexer.h"
#include "xledger/value.h"

/* A type as a variable names it: a name, or a list of another. */
struct gql_type_ref {
	const char *name;          /* NULL: a list */
	struct gql_type_ref *item; /* of a list */
	bool required;
};

struct gql_variable {
	const char *name;
	struct gql_type_ref *type;
	struct gql_value *fallback; /* NULL: none */
	struct gql_variable *next;
};

struct gql_directive {
	const char *name;
	struct gql_value *arguments; /* the first of them, by name */
	struct gql_directive *next;
};

enum gql_selection_kind { GQL_FIELD, GQL_SPREAD, GQL_INLINE };

struct gql_selection {
	enum gql_selection_kind kind;
	const char *name;                 /* of the field or the fragment */
	const char *alias;                /* NULL: none */
	const char *on;                   /* of an inline fragment: the type; NULL: none is named */
	struct gql_value *arguments;      /* the first of them */
	struct gql_directive *directives; /* the first of them */
	struct gql_selection *selections; /* the first of those inside; NULL: none */
	struct gql_selection *next;
	int line, column;
};

struct gql_operation {
	const char *name; /* NULL: none */
	bool is_mutation;
	struct gql_variable *variables;
	struct gql_selection *selections;
	struct gql_operation *next;
};

struct gql_fragment {
	const char *name, *on;
	struct gql_selection *selections;
	struct gql_fragment *next;
};

struct gql_document {
	struct gql_operation *operations; /* at least one */
	struct gql_fragment *fragments;
};

#define GQL_DOCUMENT_MAX ((size_t)8 << 20) /* bytes */

/* Everything is in the arena. Error: INPUT, a sentence with line and column. */
bool gql_parse(const char *text, size_t len, struct arena *arena, struct gql_document *ret_document,
	       struct error *err);

#endif
