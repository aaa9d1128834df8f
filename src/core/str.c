/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Growing text with a limit, and the few ways of writing text that all folders share: JSON
 * strings, percent-encoding, case folding. What text means is left to others.
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

/* Characters from `first` to `last`, every `stride`th, fold to themselves plus `delta`. */
struct fold {
	uint16_t first, last;
	int16_t stride, delta;
};

/* Unicode's CaseFolding.txt, status C and S, of the blocks that str.h names; ascending. */
static const struct fold folds[] = {
	{ 0x00B5, 0x00B5, 1, 775 }, { 0x00C0, 0x00D6, 1, 32 }, { 0x00D8, 0x00DE, 1, 32 },
	{ 0x0100, 0x012E, 2, 1 }, { 0x0132, 0x0136, 2, 1 }, { 0x0139, 0x0147, 2, 1 },
	{ 0x014A, 0x0176, 2, 1 }, { 0x0178, 0x0178, 1, -121 }, { 0x0179, 0x017D, 2, 1 },
	{ 0x017F, 0x017F, 1, -268 }, { 0x0181, 0x0181, 1, 210 }, { 0x0182, 0x0184, 2, 1 },
	{ 0x0186, 0x0186, 1, 206 }, { 0x0187, 0x0187, 1, 1 }, { 0x0189, 0x018A, 1, 205 },
	{ 0x018B, 0x018B, 1, 1 }, { 0x018E, 0x018E, 1, 79 }, { 0x018F, 0x018F, 1, 202 },
	{ 0x0190, 0x0190, 1, 203 }, { 0x0191, 0x0191, 1, 1 }, { 0x0193, 0x0193, 1, 205 },
	{ 0x0194, 0x0194, 1, 207 }, { 0x0196, 0x0196, 1, 211 }, { 0x0197, 0x0197, 1, 209 },
	{ 0x0198, 0x0198, 1, 1 }, { 0x019C, 0x019C, 1, 211 }, { 0x019D, 0x019D, 1, 213 },
	{ 0x019F, 0x019F, 1, 214 }, { 0x01A0, 0x01A4, 2, 1 }, { 0x01A6, 0x01A6, 1, 218 },
	{ 0x01A7, 0x01A7, 1, 1 }, { 0x01A9, 0x01A9, 1, 218 }, { 0x01AC, 0x01AC, 1, 1 },
	{ 0x01AE, 0x01AE, 1, 218 }, { 0x01AF, 0x01AF, 1, 1 }, { 0x01B1, 0x01B2, 1, 217 },
	{ 0x01B3, 0x01B5, 2, 1 }, { 0x01B7, 0x01B7, 1, 219 }, { 0x01B8, 0x01B8, 1, 1 },
	{ 0x01BC, 0x01BC, 1, 1 }, { 0x01C4, 0x01C4, 1, 2 }, { 0x01C5, 0x01C5, 1, 1 },
	{ 0x01C7, 0x01C7, 1, 2 }, { 0x01C8, 0x01C8, 1, 1 }, { 0x01CA, 0x01CA, 1, 2 },
	{ 0x01CB, 0x01DB, 2, 1 }, { 0x01DE, 0x01EE, 2, 1 }, { 0x01F1, 0x01F1, 1, 2 },
	{ 0x01F2, 0x01F4, 2, 1 }, { 0x01F6, 0x01F6, 1, -97 }, { 0x01F7, 0x01F7, 1, -56 },
	{ 0x01F8, 0x021E, 2, 1 }, { 0x0220, 0x0220, 1, -130 }, { 0x0222, 0x0232, 2, 1 },
	{ 0x023A, 0x023A, 1, 10795 }, { 0x023B, 0x023B, 1, 1 }, { 0x023D, 0x023D, 1, -163 },
	{ 0x023E, 0x023E, 1, 10792 }, { 0x0241, 0x0241, 1, 1 }, { 0x0243, 0x0243, 1, -195 },
	{ 0x0244, 0x0244, 1, 69 }, { 0x0245, 0x0245, 1, 71 }, { 0x0246, 0x024E, 2, 1 },
	{ 0x0370, 0x0372, 2, 1 }, { 0x0376, 0x0376, 1, 1 }, { 0x037F, 0x037F, 1, 116 },
	{ 0x0386, 0x0386, 1, 38 }, { 0x0388, 0x038A, 1, 37 }, { 0x038C, 0x038C, 1, 64 },
	{ 0x038E, 0x038F, 1, 63 }, { 0x0391, 0x03A1, 1, 32 }, { 0x03A3, 0x03AB, 1, 32 },
	{ 0x03C2, 0x03C2, 1, 1 }, { 0x03CF, 0x03CF, 1, 8 }, { 0x03D0, 0x03D0, 1, -30 },
	{ 0x03D1, 0x03D1, 1, -25 }, { 0x03D5, 0x03D5, 1, -15 }, { 0x03D6, 0x03D6, 1, -22 },
	{ 0x03D8, 0x03EE, 2, 1 }, { 0x03F0, 0x03F0, 1, -54 }, { 0x03F1, 0x03F1, 1, -48 },
	{ 0x03F4, 0x03F4, 1, -60 }, { 0x03F5, 0x03F5, 1, -64 }, { 0x03F7, 0x03F7, 1, 1 },
	{ 0x03F9, 0x03F9, 1, -7 }, { 0x03FA, 0x03FA, 1, 1 }, { 0x03FD, 0x03FF, 1, -130 },
	{ 0x0400, 0x040F, 1, 80 }, { 0x0410, 0x042F, 1, 32 }, { 0x0460, 0x0480, 2, 1 },
	{ 0x048A, 0x04BE, 2, 1 }, { 0x04C0, 0x04C0, 1, 15 }, { 0x04C1, 0x04CD, 2, 1 },
	{ 0x04D0, 0x052E, 2, 1 }, { 0x1E00, 0x1E94, 2, 1 }, { 0x1E9B, 0x1E9B, 1, -58 },
	{ 0x1E9E, 0x1E9E, 1, -7615 }, { 0x1EA0, 0x1EFE, 2, 1 }, { 0x1F08, 0x1F0F, 1, -8 },
	{ 0x1F18, 0x1F1D, 1, -8 }, { 0x1F28, 0x1F2F, 1, -8 }, { 0x1F38, 0x1F3F, 1, -8 },
	{ 0x1F48, 0x1F4D, 1, -8 }, { 0x1F59, 0x1F5F, 2, -8 }, { 0x1F68, 0x1F6F, 1, -8 },
	{ 0x1F88, 0x1F8F, 1, -8 }, { 0x1F98, 0x1F9F, 1, -8 }, { 0x1FA8, 0x1FAF, 1, -8 },
	{ 0x1FB8, 0x1FB9, 1, -8 }, { 0x1FBA, 0x1FBB, 1, -74 }, { 0x1FBC, 0x1FBC, 1, -9 },
	{ 0x1FBE, 0x1FBE, 1, -7173 }, { 0x1FC8, 0x1FCB, 1, -86 }, { 0x1FCC, 0x1FCC, 1, -9 },
	{ 0x1FD8, 0x1FD9, 1, -8 }, { 0x1FDA, 0x1FDB, 1, -100 }, { 0x1FE8, 0x1FE9, 1, -8 },
	{ 0x1FEA, 0x1FEB, 1, -112 }, { 0x1FEC, 0x1FEC, 1, -7 }, { 0x1FF8, 0x1FF9, 1, -128 },
	{ 0x1FFA, 0x1FFB, 1, -126 }, { 0x1FFC, 0x1FFC, 1, -9 }, { 0x2126, 0x2126, 1, -7517 },
	{ 0x212A, 0x212A, 1, -8383 }, { 0x212B, 0x212B, 1, -8262 },
};

static uint32_t fold_code(uint32_t code)
{
	size_t low = 0, high = ARRAY_LEN(folds);

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct fold *fold = &folds[middle];

		if (code > fold->last)
			low = middle + 1;
		else if (code < fold->first)
			high = middle;
		else if ((code - fold->first) % (uint32_t)fold->stride == 0)
			return (uint32_t)((int32_t)code + fold->delta);
		else
			return code;
	}
	return code;
}

/* Bytes that are no UTF-8 stay as they are. */
void str_add_folded(struct str *str, const char *text, size_t len)
{
	size_t step;

	str_reserve(str, len);
	for (size_t i = 0; i < len; i += step) {
		char c = text[i];
		char out[4];

		step = 1;
		if ((unsigned char)c < 0x80) {
			str_add_char(str, c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c);
			continue;
		}
		step = utf8_len(text + i, len - i);
		if (step == 0) {
			step = 1;
			str_add_char(str, c);
			continue;
		}
		str_add_bytes(str, out, utf8_encode(fold_code(utf8_decode(text + i, step)), out));
	}
}
