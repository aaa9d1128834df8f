/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading JSON text without building a tree: one strict pass (RFC 8259, UTF-8 checked) that
 * hands out slices of the text itself. Nothing is copied and nothing is allocated.
 */
#ifndef LEDGERDECK_CORE_JSON_H
#define LEDGERDECK_CORE_JSON_H

#include <stdbool.h>
#include <stddef.h>

enum json_kind {
	JSON_NONE, /* not there */
	JSON_NULL,
	JSON_BOOL,
	JSON_NUMBER,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT
};

/* A value inside somebody's text: strings with their quotes, arrays and objects with brackets. */
struct json_slice {
	const char *text; /* borrowed: the text that was scanned */
	size_t len;
	enum json_kind kind;
};

#define JSON_DEPTH_MAX 64

/* Is the whole text one well-formed value? On false `ret_at` (may be NULL) is where it breaks. */
bool json_check(const char *text, size_t len, size_t *ret_at);

/*
 * The member of an object by its name, or by a path "CustomerRef.value"; names have no escapes
 * and no points in them. JSON_NONE when there is none. The text must have passed json_check().
 */
struct json_slice json_find(const char *text, size_t len, const char *path);

/*
 * Walk through an array's items or an object's members: start with `*at` 0, stop when it returns
 * false. `ret_name` (may be NULL) is the member's name with its quotes. Checked text only.
 */
bool json_each(struct json_slice container, size_t *at, struct json_slice *ret_name,
	       struct json_slice *ret_value);

struct str;
/* A string's text without quotes and escapes, appended to `out`. Lone surrogates become U+FFFD. */
void json_unquote(struct json_slice string, struct str *out);
bool json_equals(struct json_slice string, const char *text); /* a string slice against plain text */

#endif
