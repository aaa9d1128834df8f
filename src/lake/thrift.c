/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes of Thrift's compact protocol, one after the other; what they mean is Parquet's matter. */
#include "thrift.h"

#include <assert.h>
#include <string.h>

enum { TYPE_TRUE = 1, TYPE_FALSE = 2, STEP_MAX = 15 };

struct thrift thrift_start(struct str *out)
{
	return (struct thrift){ .out = out, .depth = 1 };
}

void thrift_add_varint(struct str *out, uint64_t value)
{
	char bytes[10];
	size_t len = 0;

	for (; value >= 0x80; value >>= 7)
		bytes[len++] = (char)(value | 0x80);
	bytes[len++] = (char)value;
	str_add_bytes(out, bytes, len);
}

static uint64_t zigzag(int64_t value)
{
	return ((uint64_t)value << 1) ^ (value < 0 ? UINT64_MAX : 0);
}

static void add_head(struct thrift *thrift, int field, int type)
{
	int *last = &thrift->last[thrift->depth - 1];
	int step = field - *last;

	assert(step > 0);
	if (step <= STEP_MAX) {
		str_add_char(thrift->out, (char)(step << 4 | type));
	} else {
		str_add_char(thrift->out, (char)type);
		thrift_add_varint(thrift->out, zigzag(field));
	}
	*last = field;
}

void thrift_begin(struct thrift *thrift)
{
	assert(thrift->depth < THRIFT_DEPTH_MAX);
	thrift->last[thrift->depth++] = 0;
}

void thrift_end(struct thrift *thrift)
{
	assert(thrift->depth > 0);
	thrift->depth--;
	str_add_char(thrift->out, '\0');
}

void thrift_flag(struct thrift *thrift, int field, bool value)
{
	add_head(thrift, field, value ? TYPE_TRUE : TYPE_FALSE);
}

void thrift_i8(struct thrift *thrift, int field, int8_t value)
{
	add_head(thrift, field, THRIFT_I8);
	str_add_char(thrift->out, (char)value);
}

void thrift_integer(struct thrift *thrift, int field, enum thrift_type type, int64_t value)
{
	add_head(thrift, field, type);
	thrift_add_varint(thrift->out, zigzag(value));
}

void thrift_bytes(struct thrift *thrift, int field, const char *bytes, size_t len)
{
	add_head(thrift, field, THRIFT_BINARY);
	thrift_add_varint(thrift->out, len);
	str_add_bytes(thrift->out, bytes, len);
}

void thrift_text(struct thrift *thrift, int field, const char *text)
{
	thrift_bytes(thrift, field, text, strlen(text));
}

void thrift_struct(struct thrift *thrift, int field)
{
	add_head(thrift, field, THRIFT_STRUCT);
	thrift_begin(thrift);
}

void thrift_empty(struct thrift *thrift, int field)
{
	thrift_struct(thrift, field);
	thrift_end(thrift);
}

void thrift_list(struct thrift *thrift, int field, enum thrift_type type, size_t count)
{
	add_head(thrift, field, THRIFT_LIST);
	if (count < STEP_MAX) {
		str_add_char(thrift->out, (char)(count << 4 | type));
	} else {
		str_add_char(thrift->out, (char)(0xf0 | type));
		thrift_add_varint(thrift->out, count);
	}
}

void thrift_item(struct thrift *thrift, int64_t value)
{
	thrift_add_varint(thrift->out, zigzag(value));
}

void thrift_item_text(struct thrift *thrift, const char *text)
{
	size_t len = strlen(text);

	thrift_add_varint(thrift->out, len);
	str_add_bytes(thrift->out, text, len);
}
