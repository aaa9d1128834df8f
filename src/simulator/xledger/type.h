/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The types of Xledger's records and their fields, as rows. Names of fields are those that public
 * clients use; names of types are unconfirmed but for ARTransaction, and so is the root of the
 * chart of accounts.
 */
#ifndef XLEDGER_TYPE_H
#define XLEDGER_TYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define XL_TYPE_MAX 48   /* there are fewer types */
#define XL_FIELD_MAX 128 /* and each has fewer fields */
#define XL_STEPS_MAX 3

enum xl_kind {
	XL_STRING,
	XL_INT,
	XL_BOOLEAN,
	XL_DATE,
	XL_TIME,     /* DateTimeString: kept as text */
	XL_DECIMAL,  /* JSON text */
	XL_FLOAT,    /* JSON number */
	XL_REF,      /* a record of another type, by its dbId */
	XL_PART,     /* an object that is part of the record */
	/* what the record says of itself */
	XL_DBID,
	XL_CREATED,
	XL_MODIFIED,
	XL_OWNER,
	XL_OWNER_DBID,
};

enum xl_field_flag {
	XL_FILTER_ONLY = 1, /* clients filter by it, but it is no field of the node */
};

struct xl_field {
	const char *name;
	enum xl_kind kind;
	const char *of;   /* XL_REF, XL_PART: the type's name */
	const char *from; /* the path of the field whose value (or dbId) it repeats; NULL: its own */
	unsigned flags;
};

/* Rows of the commonest forms: a value of its own, and an object of another type. */
#define XL_PLAIN(field_name, field_kind) { .name = (field_name), .kind = (field_kind) }
#define XL_LINK(field_name, field_kind, type_name) { .name = (field_name), .kind = (field_kind), .of = (type_name) }

enum xl_type_flag {
	XL_ROOT = 1,    /* queries ask for it: `plural` and `single` are root fields */
	XL_DELTAS = 2,  /* it has <single>_deltas */
	XL_TEXT_ID = 4, /* its dbId is text */
	XL_OTHER_USER = 8, /* another user may add, update and remove it */
};

struct xl_type {
	const char *name;    /* "Customer" */
	const char *plural;  /* "customers" */
	const char *single;  /* "customer" */
	const char *many;    /* as mutations write it: "Customers" */
	const char *scope;   /* what a token must allow, "Customer"; NULL: any token may */
	const char *ends;    /* the field with the date after which it is closed; NULL: never */
	unsigned flags;
	const struct xl_field *fields;
	size_t count;
};

/* Where a field's value is, as indices from the type of its record; one step for most. */
struct xl_path {
	uint8_t count;
	uint8_t steps[XL_STEPS_MAX];
};

void xl_types_start(void); /* once before all else; again does nothing */
size_t xl_type_count(void);
const struct xl_type *xl_type_at(size_t index);
size_t xl_type_index(const struct xl_type *type);
const struct xl_type *xl_type_named(const char *name);     /* NULL: none */
const struct xl_field *xl_field_named(const struct xl_type *type, const char *name); /* NULL: none */
size_t xl_field_index(const struct xl_type *type, const struct xl_field *field);
/* The type of a reference or a part; NULL for other kinds. */
const struct xl_type *xl_field_of(const struct xl_type *type, const struct xl_field *field);
const struct xl_path *xl_field_path(const struct xl_type *type, const struct xl_field *field);
/* Does the record keep it itself, so that it can be written? */
bool xl_field_is_kept(const struct xl_field *field);

/* The tables, by file. */
extern const struct xl_type xl_party_types[], xl_work_types[], xl_ledger_types[], xl_list_types[];
extern const size_t xl_party_count, xl_work_count, xl_ledger_count, xl_list_count;

#define XL_FIELDS(rows) .fields = rows, .count = sizeof(rows) / sizeof((rows)[0])

#endif
