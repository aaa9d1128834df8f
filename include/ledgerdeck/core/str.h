/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Growing text with a limit: never NULL, always terminated. Appending returns nothing; passing
 * the limit sets a mark that is asked for once, where the text is used.
 */
#ifndef LEDGERDECK_CORE_STR_H
#define LEDGERDECK_CORE_STR_H

#include <stdbool.h>
#include <stddef.h>

struct str {
	char *text;   /* owned; never NULL, always terminated */
	size_t len;   /* bytes without the NUL */
	size_t room;  /* bytes allocated; 0 while nothing is */
	size_t limit; /* most bytes without the NUL */
	bool cut;     /* something did not fit */
};

extern char str_empty[1];
#define STR_INIT(bytes) { .text = str_empty, .limit = (bytes) }
#define STR_NO_LIMIT ((size_t)1 << 40)

void str_init(struct str *str, size_t limit);
void str_clear(struct str *str);   /* releases; can be used again */
void str_reset(struct str *str);   /* empty, keeps its room */
char *str_take(struct str *str);   /* moves the text out; the caller frees */
bool str_is_cut(const struct str *str);
void str_reserve(struct str *str, size_t more); /* room for `more` bytes behind the text */

void str_add(struct str *str, const char *text);
void str_add_bytes(struct str *str, const char *bytes, size_t len);
void str_add_char(struct str *str, char c);
void str_addf(struct str *str, const char *format, ...) __attribute__((format(printf, 2, 3)));
void str_truncate(struct str *str, size_t len);

void str_add_json(struct str *str, const char *text, size_t len); /* quoted JSON string */
/* The same of a text that was copied into a room of bytes: a character that did not fit whole is left out. */
void str_add_json_cut(struct str *str, const char *text);
void str_add_percent(struct str *str, const char *text);          /* percent-encoded, RFC 3986 */

/* Undo percent-encoding (and '+' when asked) into `str`. False on a bad escape or a NUL. */
bool str_add_unpercent(struct str *str, const char *text, size_t len, bool plus_is_blank);

/* Is it well-formed UTF-8 (no surrogates, no overlong forms)? */
bool str_is_utf8(const char *text, size_t len);

/* Simple case folding of UTF-8: ASCII, Latin-1, Latin Extended, Greek and Cyrillic letters. */
void str_add_folded(struct str *str, const char *text, size_t len);
/*
 * The form in which names, numbers and codes are compared: folded, letters and their marks composed (Unicode's NFC, in those
 * alphabets and kana), any blanks between words as one space and none around. Bytes that are no UTF-8 stay as they are.
 */
void str_add_alike(struct str *str, const char *text, size_t len);

#endif
