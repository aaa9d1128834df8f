/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON objects written by paths, without a tree. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "push_parts.h"

void push_shape_begin(struct shape *shape, struct str *out)
{
	*shape = (struct shape){ .out = out };
	str_add_char(out, '{');
}

static void name(struct shape *shape, const char *text, size_t len)
{
	if (shape->follows[shape->depth])
		str_add_char(shape->out, ',');
	shape->follows[shape->depth] = true;
	str_add_json(shape->out, text, len);
	str_add_char(shape->out, ':');
}

static void close_to(struct shape *shape, size_t depth)
{
	for (; shape->depth > depth; shape->depth--)
		str_add_char(shape->out, '}');
}

void push_shape_member(struct shape *shape, const char *path)
{
	size_t depth = 0, len;
	const char *point;

	/* What is open and stands in the path, too, stays open. */
	for (; (point = strchr(path, '.')); path = point + 1, depth++) {
		len = (size_t)(point - path);
		if (depth >= shape->depth || strncmp(shape->open[depth], path, len) != 0 || shape->open[depth][len] != '\0')
			break;
	}
	close_to(shape, depth);
	for (; (point = strchr(path, '.')); path = point + 1) {
		assert(shape->depth < SHAPE_DEPTH);
		len = (size_t)(point - path);
		name(shape, path, len);
		str_add_char(shape->out, '{');
		snprintf(shape->open[shape->depth], sizeof(shape->open[0]), "%.*s", (int)len, path);
		shape->follows[++shape->depth] = false;
	}
	name(shape, path, strlen(path));
}

void push_shape_end(struct shape *shape)
{
	close_to(shape, 0);
	str_add_char(shape->out, '}');
}

void push_shape_raw(struct shape *shape, const char *path, const char *json)
{
	push_shape_member(shape, path);
	str_add(shape->out, json);
}

void push_shape_text(struct shape *shape, const char *path, const char *text, size_t len)
{
	push_shape_member(shape, path);
	str_add_json(shape->out, text, len);
}

void push_shape_number(struct shape *shape, const char *path, struct decimal value)
{
	char digits[DECIMAL_TEXT_MAX];

	push_shape_raw(shape, path, decimal_format(value, digits));
}
