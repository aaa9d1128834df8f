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

struct json_map; /* where the containers of a checked text end */

/* A value inside somebody's text: strings with their quotes, arrays and objects with brackets. */
struct json_slice {
	const char *text; /* borrowed: the text that was scanned */
	size_t len;
	enum json_kind kind;
	const struct json_map *map; /* borrowed; NULL: what is passed over is read once more to find its end */
};

#define JSON_DEPTH_MAX 64

/* Is the whole text one well-formed value? On false `ret_at` (may be NULL) is where it breaks. */
bool json_check(const char *text, size_t len, size_t *ret_at);
/*
 * The same, and in that one pass a map for those who walk through the text: put into a slice of the whole it goes to all that
 * come of it, and containers are stepped over. It knows the text by its place. NULL for a text that is not good or beyond 4 GiB.
 */
bool json_check_map(const char *text, size_t len, struct json_map **ret_map /* owned by the caller */, size_t *ret_at);
void json_map_free(struct json_map *map); /* NULL does nothing */
void json_map_freep(struct json_map **map);

/*
 * The member of an object by its name, or by a path "CustomerRef.value"; names have no escapes
 * and no points in them. JSON_NONE when there is none. The text must have passed json_check().
 */
struct json_slice json_find(const char *text, size_t len, const char *path);
struct json_slice json_member(struct json_slice object, const char *path); /* the same in a slice */

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
