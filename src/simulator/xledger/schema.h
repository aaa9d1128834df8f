/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The GraphQL schema, made from the tables of types: what can be asked for, with which arguments.
 * Documents are held against it and introspection prints it.
 */
#ifndef XLEDGER_SCHEMA_H
#define XLEDGER_SCHEMA_H

#include "ledgerdeck/core/map.h"
#include "ledgerdeck/core/str.h"

#include "xledger/arena.h"
#include "xledger/type.h"

enum gql_form { GQL_SCALAR_TYPE, GQL_ENUM_TYPE, GQL_INPUT_TYPE, GQL_OBJECT_TYPE };

/* What an object of the schema stands for when it is carried out. */
enum gql_shape {
	GQL_SHAPE_NONE,
	GQL_SHAPE_QUERY,
	GQL_SHAPE_MUTATION,
	GQL_SHAPE_RECORD,
	GQL_SHAPE_CONNECTION,
	GQL_SHAPE_EDGE,
	GQL_SHAPE_DELTA,
	GQL_SHAPE_PAGE_INFO,
	GQL_SHAPE_ADDED,   /* what addX and updateX answer */
	GQL_SHAPE_REMOVED, /* what removeX answers */
	GQL_SHAPE_META,    /* of introspection */
};

/* What a field, an argument or a member of an input is for. */
enum gql_role {
	GQL_ROLE_FIELD,    /* a record's own field */
	GQL_ROLE_TYPENAME,
	GQL_ROLE_PAGE,     /* root: a connection */
	GQL_ROLE_SINGLE,   /* root: one record by its dbId */
	GQL_ROLE_DELTAS,   /* root: the delta log */
	GQL_ROLE_META_SCHEMA,
	GQL_ROLE_META_TYPE,
	GQL_ROLE_ADD,
	GQL_ROLE_UPDATE,
	GQL_ROLE_REMOVE,
	GQL_ROLE_EDGES,
	GQL_ROLE_PAGE_INFO,
	GQL_ROLE_CURSOR,
	GQL_ROLE_NODE,
	GQL_ROLE_CLIENT_ID,
	GQL_ROLE_CHANGE,   /* mutationType */
	GQL_ROLE_CURRENT,  /* _current */
	GQL_ROLE_VERSION,  /* syncVersion */
	GQL_ROLE_OTHER,    /* told apart by its name */
	/* members of filters */
	GQL_ROLE_EQUAL, GQL_ROLE_IN, GQL_ROLE_GT, GQL_ROLE_GTE, GQL_ROLE_LT, GQL_ROLE_LTE, GQL_ROLE_AND, GQL_ROLE_OR,
};

enum gql_wrap { GQL_REQUIRED = 1, GQL_LIST_OF = 2, GQL_ITEM_REQUIRED = 4 };

struct gql_type;

/* A field of an object, an argument of a field, a member of an input, or a value of an enum. */
struct gql_slot {
	const char *name;
	const struct gql_type *type; /* NULL: of an enum's value */
	unsigned wrap;
	enum gql_role role;
	bool other_user;             /* only another user has it: no part of introspection */
	const struct xl_type *of;    /* the records that it is about */
	const struct xl_field *field;
	struct gql_slot *arguments;
	size_t argument_count;
};

struct gql_type {
	const char *name;
	enum gql_form form;
	enum gql_shape shape;
	const struct xl_type *of;
	enum xl_kind kind;           /* of a scalar, for checking values */
	struct gql_slot *slots;
	size_t count, room;
};

struct gql_schema {
	struct arena arena;
	struct map types;            /* by name */
	struct gql_type **list;      /* in the arena: in the order of making */
	size_t count;
	const struct gql_type *query, *mutation;
};

enum { GQL_TYPES_MAX = 600 };

/* `reversed`: dbIds are text where they are numbers otherwise, and numbers where they are text. */
struct gql_schema *gql_schema_new(bool reversed);
void gql_schema_free(struct gql_schema *schema); /* NULL does nothing */
const struct gql_type *gql_schema_type(const struct gql_schema *schema, const char *name); /* NULL: none */
const struct gql_slot *gql_slot_named(const struct gql_type *type, const char *name);      /* NULL: none */
const struct gql_slot *gql_argument_named(const struct gql_slot *slot, const char *name);  /* NULL: none */
/* "[Int!]" */
void gql_slot_add_type(const struct gql_slot *slot, struct str *out);
/* Is the dbId of such records text on the wire? */
bool gql_dbid_is_text(const struct gql_schema *schema, const struct xl_type *type);

#endif
