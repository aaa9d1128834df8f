/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Thrift's compact protocol, as far as Parquet's headers and footers are written in it. A structure's fields go in the order of
 * their numbers. Integers are zigzag varints of any width.
 */
#ifndef LAKE_THRIFT_H
#define LAKE_THRIFT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledgerdeck/core/str.h"

#define THRIFT_DEPTH_MAX 8

enum thrift_type {
	THRIFT_I8 = 3,
	THRIFT_I16 = 4,
	THRIFT_I32 = 5,
	THRIFT_I64 = 6,
	THRIFT_BINARY = 8,
	THRIFT_LIST = 9,
	THRIFT_STRUCT = 12,
};

struct thrift {
	struct str *out; /* borrowed */
	int last[THRIFT_DEPTH_MAX]; /* number of the last field of each structure that is open */
	size_t depth;
};

void thrift_add_varint(struct str *out, uint64_t value); /* 7 bits a byte, the lowest first */

/* The outermost structure is open; thrift_end() ends it. */
struct thrift thrift_start(struct str *out);
void thrift_begin(struct thrift *thrift); /* a structure that is an item of a list */
void thrift_end(struct thrift *thrift);

void thrift_flag(struct thrift *thrift, int field, bool value);
void thrift_i8(struct thrift *thrift, int field, int8_t value);
void thrift_integer(struct thrift *thrift, int field, enum thrift_type type, int64_t value);
void thrift_bytes(struct thrift *thrift, int field, const char *bytes, size_t len);
void thrift_text(struct thrift *thrift, int field, const char *text);
void thrift_struct(struct thrift *thrift, int field); /* opens it */
void thrift_empty(struct thrift *thrift, int field);  /* a structure without fields */
/* The items follow: structures by thrift_begin() and thrift_end(), the rest by thrift_item() and thrift_item_text(). */
void thrift_list(struct thrift *thrift, int field, enum thrift_type type, size_t count);
void thrift_item(struct thrift *thrift, int64_t value);
void thrift_item_text(struct thrift *thrift, const char *text);

#endif
