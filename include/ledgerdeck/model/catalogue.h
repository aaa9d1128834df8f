/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The catalogue: which object types each provider has, as rows of data. A type is added by a row,
 * the program's own (data/catalogue, built in) or the user's (types/ in the configuration
 * directory), and by nothing else. See docs/catalogue.md for the rows' form.
 */
#ifndef LEDGERDECK_MODEL_CATALOGUE_H
#define LEDGERDECK_MODEL_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledgerdeck/core/error.h"
#include "ledgerdeck/core/str.h"

#define TYPE_FIELDS_MAX 16    /* extracted fields of a type: the store's cells */
#define TYPE_DEPENDS_MAX 12
#define TYPE_REFERS_MAX 4
#define TYPE_PERSONAL_MAX 64

enum field_kind {
	FIELD_TEXT,
	FIELD_MONEY,     /* decimal, shown with two places at least */
	FIELD_NUMBER,    /* decimal */
	FIELD_DATE,      /* calendar date */
	FIELD_TIME,      /* instant */
	FIELD_FLAG,
	FIELD_KIND_COUNT
};

struct type_field {
	const char *name;      /* as columns and filters call it: "CustomerRef.name" or the row's own name */
	const char *path;      /* in the raw record: "CustomerRef.name" */
	enum field_kind kind;
	const char *refers_to; /* the type whose record this is the id of; NULL: none */
	bool listed;           /* a column of the record table unless the operator chooses others */
	bool personal;         /* at, above or below one of the type's personal paths: see personal.h */
};

/* What a value is in the tables that records are written out as, see columns.h. */
enum column_kind {
	COLUMN_TEXT,    /* UTF-8; what is no text in the record stands as its JSON */
	COLUMN_MONEY,   /* a decimal of 18 digits, 4 of them behind the point */
	COLUMN_NUMBER,  /* a decimal of 38 digits, 10 of them behind the point */
	COLUMN_INTEGER, /* 64 bits */
	COLUMN_DATE,    /* a calendar date */
	COLUMN_TIME,    /* an instant */
	COLUMN_FLAG,
	COLUMN_KIND_COUNT
};

struct type_column {             /* a row's own word about one of them */
	const char *path, *name; /* name NULL: made of the path */
	enum column_kind kind;
	bool is_own;             /* the type has it; else it is of this kind where the type has it */
	size_t line;
};

enum type_reading {
	TYPE_BY_TIME,   /* in order of its time of change, from a bound on */
	TYPE_BY_DELTA,  /* full once, then the ledger's own list of changes */
	TYPE_WHOLE,     /* all of it each time */
	TYPE_SINGLE,    /* one record: company info, preferences */
};

enum type_deletion { /* what proves that a record is gone */
	TYPE_DELETED_BY_CHANGES, /* the ledger's list of changes names it (CDC, deltas) */
	TYPE_DELETED_BY_SWEEP,   /* only listing all ids shows it */
	TYPE_NEVER_DELETED,      /* it can only be made inactive */
};

enum type_zone { /* what a time is in that names no offset */
	TYPE_UTC,
	TYPE_CENTRAL_EUROPEAN, /* with summer time */
};

enum { TYPE_CREATE = 1, TYPE_UPDATE = 2, TYPE_DELETE = 4, TYPE_VOID = 8 };

/* Where a record names others in lists, each with its type: "Line.LinkedTxn", "TxnId", "TxnType". All items of all lists count. */
struct type_refers {
	const char *path;      /* of the list, through other lists */
	const char *id, *type; /* members of an item */
};

struct type {
	const char *provider;  /* "quickbooks" */
	const char *name;      /* "Invoice": as the ledger spells it, and our name for it */
	const char *query;     /* what the provider asks for ("Invoice", GraphQL root "arTransactions") */
	const char *key;       /* path of the record's id */
	const char *version;   /* path of its version; "" when it has none */
	const char *time;      /* path of its time of change; "" when it has none */
	const char *title;     /* path of what a person calls it; "" : the id */
	const char *active;    /* path of a flag that says false when inactive; "" : none */
	enum type_reading reading;
	enum type_deletion deletion;
	enum type_zone zone;   /* of its times */
	unsigned operations;   /* TYPE_CREATE and its like: what the ledger allows */
	const char *depends[TYPE_DEPENDS_MAX]; /* types that its records point to; NULL at the end */
	struct type_field fields[TYPE_FIELDS_MAX];
	size_t field_count;
	struct type_refers refers[TYPE_REFERS_MAX];
	size_t refers_count;
	const char *called;    /* what such references call the type besides, blank-separated: "BillPaymentCheck"; "" : nothing else */
	const char *web;       /* where a record is seen, behind the address of the ledger's web pages: "invoice?txnId={id}"; "" : none */
	/* What a ledger that gives only what it is asked for is asked for beside all the paths above: paths, blank-separated; "" : no more. */
	const char *select;
	/* That it has in tables besides, or in another kind than it would have; of several for one path the last one counts. */
	struct type_column *columns; /* owned */
	size_t column_count;
	int64_t every_s;       /* seconds between two reads of it, in accounts that have no other interval for it; 0: as all else */
	const char *personal;  /* paths of values about a person, blank-separated, see personal.h; "" : none. Never its id or title */
	const char *extra;     /* the provider's own words for it, blank-separated ("cdc=no"); "" : none */
	const char *origin;    /* "FILE:LINE" of its row */
	char digest[20];       /* of what decides extraction: when it changes, cells are made anew */
};

struct catalogue;

/*
 * Read the built-in rows, then every *.catalogue file of `user_directory` (NULL or absent: none); a
 * user's row replaces a built-in one of the same provider and name. Error INPUT names file and line.
 */
bool catalogue_load(const char *user_directory, struct catalogue **ret_catalogue, struct error *err);
/* The built-in rows with those of one text above them, as a file of the user's would stand. `name` stands in errors. */
bool catalogue_try(const char *text, const char *name, struct catalogue **ret_catalogue, struct error *err);
bool type_is_own(const struct type *type); /* of a file of the user's, or such a text */
/* Rows of one text alone, for tests. `name` stands in errors. */
bool catalogue_parse(const char *text, const char *name, struct catalogue **ret_catalogue, struct error *err);
void catalogue_free(struct catalogue *catalogue); /* NULL does nothing */

/* In the order of the rows: what others depend on first. Borrowed: the catalogue. Any thread once loaded. */
size_t catalogue_count(const struct catalogue *catalogue);
const struct type *catalogue_at(const struct catalogue *catalogue, size_t index);
/* Exact name first, then any letter case, then a unique prefix; NULL: none, or several. */
const struct type *catalogue_find(const struct catalogue *catalogue, const char *provider, const char *name);
/* The type that a reference of another record means by this word: exactly its name, or what it is called besides; NULL: none. */
const struct type *catalogue_called(const struct catalogue *catalogue, const char *provider, const char *word);
/* A list whose records can be switched off and never deleted: one that is gone was merged into another. */
bool type_merges(const struct type *type);
/* Is a word among the blank-separated ones of the type's `extra`? What stands behind "word=" is borrowed; both may be NULL. */
bool type_extra(const struct type *type, const char *word, const char **ret_value, size_t *ret_len);
/*
 * "FILE:LINE" where a type's row says a word ("query", "select", "field") and, where that has several, this path of it; its first
 * line where it says no such thing. Appended.
 */
void type_add_place(const struct type *type, const char *word, const char *path, struct str *out);
const struct type_field *type_field(const struct type *type, const char *name); /* NULL: none */

#endif
