/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "windows_1252.h"

#include <stdint.h>

#include "ledgerdeck/core/utf8.h"

/* 0x80 to 0x9f; all others stand where Unicode has them. 0: no letter. */
static const uint16_t letters[32] = {
	0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017d, 0,
	0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0, 0x017e, 0x0178,
};

bool windows_1252_read(const char *text, size_t len, struct str *out)
{
	for (size_t i = 0; i < len; i++) {
		uint32_t code = (unsigned char)text[i];
		char bytes[4];

		if (code >= 0x80 && code < 0xa0) {
			code = letters[code - 0x80];
			if (code == 0)
				return false;
		}
		str_add_bytes(out, bytes, utf8_encode(code, bytes));
	}
	return true;
}

static char find_byte(uint32_t code)
{
	if (code < 0x80 || (code >= 0xa0 && code < 0x100))
		return (char)code;
	for (size_t i = 0; i < 32; i++)
		if (letters[i] == code)
			return (char)(0x80 + i);
	return '\0';
}

bool windows_1252_write(const char *text, size_t len, struct str *out)
{
	bool is_whole = true;

	for (size_t at = 0; at < len;) {
		size_t step = utf8_len(text + at, len - at);
		char byte = step ? find_byte(utf8_decode(text + at, step)) : '\0';

		is_whole &= byte != '\0';
		str_add_char(out, byte ? byte : '?');
		at += step ? step : 1;
	}
	return is_whole;
}
