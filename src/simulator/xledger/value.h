/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values as GraphQL knows them, from a document's text or from the JSON of its variables. */
#ifndef XLEDGER_VALUE_H
#define XLEDGER_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/str.h"

#include "xledger/arena.h"

enum gql_kind {
	GQL_NULL,
	GQL_INT,      /* text: as written, in JSON too */
	GQL_FLOAT,
	GQL_STRING,
	GQL_BOOL,     /* text: "true" or "false" */
	GQL_ENUM,
	GQL_LIST,
	GQL_OBJECT,
	GQL_VARIABLE, /* text: its name; in documents only */
};

struct gql_value {
	enum gql_kind kind;
	const char *name;        /* of a member or an argument; NULL: an item */
	const char *text;        /* with a NUL behind it */
	size_t len;
	struct gql_value *first; /* items or members */
	struct gql_value *next;  /* beside this one */
	int line, column;        /* 0: from JSON */
};

#define GQL_DEPTH_MAX 40 /* of values, and of selections within each other */

/* A value of a checked JSON text, copied into the arena. */
struct gql_value *gql_value_of_json(struct json_slice slice, struct arena *arena);
/* A member by name; NULL when there is none. Also for lists of arguments, by their first. */
const struct gql_value *gql_member(const struct gql_value *first, const char *name);
/* The number of an Int, or of a text of digits as Int64String has them. False: it is none. */
bool gql_value_number(const struct gql_value *value, int64_t *ret_number);
/* The value as JSON text, enums as strings. */
void gql_value_add_json(const struct gql_value *value, struct str *out);

#endif
