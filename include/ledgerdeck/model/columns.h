/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A type's records as the rows of a table, for those who read them elsewhere: which columns there are, by name, each always of the
 * same kind, and the values that a record has in them. Pure. See docs/guide/lake.md for what readers make of the kinds.
 */
#ifndef LEDGERDECK_MODEL_COLUMNS_H
#define LEDGERDECK_MODEL_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/str.h"
#include "ledgerdeck/model/catalogue.h"
#include "ledgerdeck/model/personal.h"

#define COLUMN_MONEY_DIGITS 18
#define COLUMN_MONEY_SCALE 4
#define COLUMN_NUMBER_DIGITS 38
#define COLUMN_NUMBER_SCALE 10
const char *column_kind_word(enum column_kind kind); /* "text" */

struct column {
	const char *name;      /* of the table: "customer_ref_value", or the path itself */
	const char *path;      /* in the record; NULL: none, see below */
	enum column_kind kind;
	bool personal;
};

__extension__ typedef __int128 column_wide;

struct column_value {
	bool is_there;         /* else null, and nothing below counts */
	int64_t integer;       /* MONEY: ten-thousandths; INTEGER; DATE: days and TIME: microseconds since 1970 UTC; FLAG: 0 or 1 */
	column_wide wide;      /* NUMBER: times 10 to the 10 */
	const char *text;      /* TEXT; borrowed: the record, or the scratch of columns_read() */
	size_t len;
};

enum column_names {
	COLUMN_NAMES_PLAIN,    /* small letters, digits and '_', as all engines take them: "CustomerRef.value" is customer_ref_value */
	COLUMN_NAMES_PATH,     /* as the ledger has them */
	COLUMN_NAMES_COUNT
};

#define COLUMN_RAW "raw"                  /* the record as the ledger sent it, where it is asked for */
#define COLUMN_MUTATION "mutationType"    /* always the last one */

struct columns_options {
	enum column_names names;
	enum personal personal; /* masked: such columns are there and null, and `raw` has the mask */
	bool has_raw;
};

struct columns;
/*
 * Of a type: its key, version and time, whether it is active, its fields, and what else is asked for (`select`), each path once, in
 * the order of the row; then `raw`, then `mutationType`. Lives no longer than the type. Any thread once made.
 */
struct columns *columns_new(const struct type *type, const struct columns_options *options);
void columns_free(struct columns *columns); /* NULL does nothing */
void columns_freep(struct columns **columns);
size_t columns_count(const struct columns *columns);
const struct column *columns_all(const struct columns *columns); /* columns_count() of them */
/* Of the names and kinds in their order: tells one form of the table from another. */
void columns_digest(const struct columns *columns, char *out /* 20 bytes */);

enum mutation { MUTATION_ADDED, MUTATION_UPDATED, MUTATION_DELETED, MUTATION_COUNT };
const char *mutation_word(enum mutation mutation); /* "ADDED" */

/*
 * One row of it: `values` has room for all columns. Of a record that is gone only its key and the mutation are there. `raw` is checked
 * text. Unescaped texts are appended to `scratch`, which must not move while the values are used: columns_scratch() tells its
 * room. Adds to `unfit`, one for each column, where there is a value that the column can't hold: it is null then, never
 * rounded.
 */
size_t columns_scratch(const struct columns *columns, struct json_slice raw);
void columns_read(const struct columns *columns, struct json_slice raw, enum mutation mutation, struct str *scratch,
		  struct column_value *values, int64_t *unfit);

/* A decimal exactly as digits at a scale; false: it has more places, or more than so many digits. Also "1e3". */
bool column_read_decimal(const char *text, size_t len, int digits, int scale, column_wide *ret_value);

#endif
