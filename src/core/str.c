/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Growing text with a limit, and the few ways of writing text that all folders share: JSON
 * strings, percent-encoding. What text means is left to others.
 */
#include "ledgerdeck/core/str.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/utf8.h"

#define ROOM_START 64

/* Read by all empty texts, written by none: threads share it. */
char str_empty[1];

void str_init(struct str *str, size_t limit)
{
	*str = (struct str)STR_INIT(limit);
}

void str_clear(struct str *str)
{
	if (str->room)
		free(str->text);
	str_init(str, str->limit);
}

void str_truncate(struct str *str, size_t len)
{
	if (len >= str->len)
		return;
	str->len = len;
	str->text[len] = '\0';
}

void str_reset(struct str *str)
{
	str_truncate(str, 0);
	str->cut = false;
}

char *str_take(struct str *str)
{
	char *text = str->room ? str->text : memory_copy_text("");

	str_init(str, str->limit);
	return text;
}

bool str_is_cut(const struct str *str)
{
	return str->cut;
}

/* Make room for `more` bytes and the NUL, as far as the limit lets; returns how many fit. */
static size_t str_fit(struct str *str, size_t more)
{
	size_t left = str->limit > str->len ? str->limit - str->len : 0;
	size_t needed, room;

	if (more > left)
		more = left;
	needed = str->len + more + 1;
	if (more == 0 || needed <= str->room)
		return more;
	room = str->room ? str->room : ROOM_START;
	while (room < needed)
		room *= 2;
	if (room > str->limit)
		room = str->limit + 1;
	str->text = memory_resize(str->room ? str->text : NULL, room);
	str->text[str->len] = '\0';
	str->room = room;
	return more;
}

void str_reserve(struct str *str, size_t more)
{
	str_fit(str, more);
}

void str_add_bytes(struct str *str, const char *bytes, size_t len)
{
	size_t fits = str_fit(str, len);

	if (fits < len)
		str->cut = true;
	if (fits == 0)
		return;
	memcpy(str->text + str->len, bytes, fits);
	str->len += fits;
	str->text[str->len] = '\0';
}

void str_add(struct str *str, const char *text)
{
	str_add_bytes(str, text, strlen(text));
}

void str_add_char(struct str *str, char c)
{
	str_add_bytes(str, &c, 1);
}

void str_addf(struct str *str, const char *format, ...)
{
	size_t room = str->room ? str->room - str->len : 0;
	va_list args, again;
	size_t fits;
	int len;

	va_start(args, format);
	va_copy(again, args);
	len = vsnprintf(room ? str->text + str->len : NULL, room, format, args);
	if (len < 0) {
		str->cut = true;
		if (room)
			str->text[str->len] = '\0';
	} else if ((size_t)len < room) {
		str->len += (size_t)len;
	} else {
		fits = str_fit(str, (size_t)len);
		if (fits > 0)
			vsnprintf(str->text + str->len, fits + 1, format, again);
		str->len += fits;
		if (fits < (size_t)len)
			str->cut = true;
	}
	va_end(again);
	va_end(args);
}

/* What stands behind the backslash; 'u' for \u00XX, 0 for bytes that stand as they are. */
static const char json_escapes[256] = {
	[0x00] = 'u', [0x01] = 'u', [0x02] = 'u', [0x03] = 'u', [0x04] = 'u', [0x05] = 'u',
	[0x06] = 'u', [0x07] = 'u', [0x08] = 'b', [0x09] = 't', [0x0a] = 'n', [0x0b] = 'u',
	[0x0c] = 'f', [0x0d] = 'r', [0x0e] = 'u', [0x0f] = 'u', [0x10] = 'u', [0x11] = 'u',
	[0x12] = 'u', [0x13] = 'u', [0x14] = 'u', [0x15] = 'u', [0x16] = 'u', [0x17] = 'u',
	[0x18] = 'u', [0x19] = 'u', [0x1a] = 'u', [0x1b] = 'u', [0x1c] = 'u', [0x1d] = 'u',
	[0x1e] = 'u', [0x1f] = 'u', ['"'] = '"', ['\\'] = '\\',
};

void str_add_json(struct str *str, const char *text, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	size_t done = 0;

	str_reserve(str, len < str->limit ? len + 2 : len);
	str_add_char(str, '"');
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];
		char escape = json_escapes[c];

		if (!escape)
			continue;
		str_add_bytes(str, text + done, i - done);
		done = i + 1;
		if (escape == 'u')
			str_add_bytes(str, (char[]){ '\\', 'u', '0', '0', digits[c >> 4],
						     digits[c & 15] }, 6);
		else
			str_add_bytes(str, (char[]){ '\\', escape }, 2);
	}
	if (done < len)
		str_add_bytes(str, text + done, len - done);
	str_add_char(str, '"');
}

void str_add_json_cut(struct str *str, const char *text)
{
	size_t len = strlen(text), at = len;

	while (at > 0 && len - at < 3 && utf8_is_tail(text[at - 1]))
		at--;
	if (at > 0 && ((unsigned char)text[at - 1] & 0xc0) == 0xc0 && utf8_len(text + at - 1, len - at + 1) == 0)
		len = at - 1;
	str_add_json(str, text, len);
}

static bool is_unreserved(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '.' || c == '_' || c == '~';
}

void str_add_percent(struct str *str, const char *text)
{
	static const char digits[] = "0123456789ABCDEF";

	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (is_unreserved(c))
			str_add_char(str, *text);
		else
			str_add_bytes(str, (char[]){ '%', digits[c >> 4], digits[c & 15] }, 3);
	}
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* The byte that `text` stands for, and how many bytes say so; 0 for a bad escape or a NUL. */
static size_t unpercent(const char *text, size_t left, bool plus_is_blank, char *ret_c)
{
	int high, low;

	*ret_c = *text == '+' && plus_is_blank ? ' ' : *text;
	if (*text != '%')
		return *text ? 1 : 0;
	if (left < 3)
		return 0;
	high = hex_value(text[1]);
	low = hex_value(text[2]);
	if (high < 0 || low < 0 || (high == 0 && low == 0))
		return 0;
	*ret_c = (char)(high << 4 | low);
	return 3;
}

bool str_add_unpercent(struct str *str, const char *text, size_t len, bool plus_is_blank)
{
	size_t start = str->len;
	bool was_cut = str->cut;
	size_t step;

	for (size_t i = 0; i < len; i += step) {
		char c;

		step = unpercent(text + i, len - i, plus_is_blank, &c);
		if (step == 0) {
			str_truncate(str, start);
			str->cut = was_cut;
			return false;
		}
		str_add_char(str, c);
	}
	return true;
}

bool str_is_utf8(const char *text, size_t len)
{
	size_t i = 0;

	while (i < len) {
		size_t step;

		if (len - i >= 8 && !utf8_word_has_high(utf8_word(text + i))) {
			i += 8;
			continue;
		}
		step = utf8_len(text + i, len - i);
		if (step == 0)
			return false;
		i += step;
	}
	return true;
}
