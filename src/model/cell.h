/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values of records: from the wire's form to the one that is kept. */
#ifndef MODEL_CELL_H
#define MODEL_CELL_H

#include "ledgerdeck/model/record.h"

struct cell_text {
	const char *bytes; /* borrowed: the record's text, or the scratch; never NULL */
	size_t len;
};

/*
 * A value's text without quotes and escapes (these make a copy at the end of `scratch`); "" for
 * null, lists, objects and what is not there.
 */
struct cell_text cell_text_of(struct json_slice value, struct str *scratch);

/*
 * False: a date or time that is none, or out of range. What is not there, null or "" is
 * CELL_NONE.
 */
bool cell_read(struct json_slice value, enum field_kind kind, enum type_zone zone, struct str *scratch,
	       struct cell *ret_cell);

/* An instant; one that names no offset is in the zone. False: it is none. */
bool cell_read_stamp(struct cell_text text, enum type_zone zone, int64_t *ret_ms);

/* A decimal in millionths; false when it has more places or does not fit. */
bool cell_of_decimal(const char *text, size_t len, int64_t *ret_integer);

const char *cell_kind_word(enum field_kind kind); /* "money", as rows have it */

#endif
