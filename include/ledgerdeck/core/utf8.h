/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Single characters of UTF-8, for scanners and for the terminal: how long, which, and written out.
 * Inline, because they stand in the innermost loops.
 */
#ifndef LEDGERDECK_CORE_UTF8_H
#define LEDGERDECK_CORE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define UTF8_REPLACEMENT 0xfffdU
#define UTF8_BYTES(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Has one of these eight bytes its high bit set? */
static inline bool utf8_word_has_high(uint64_t word)
{
	return (word & UTF8_BYTES(0x80)) != 0;
}

static inline uint64_t utf8_word(const char *text)
{
	uint64_t word;

	memcpy(&word, text, sizeof(word));
	return word;
}

static inline bool utf8_is_tail(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/*
 * The bytes of the character at `text`, 1 to 4; 0 if `left` bytes hold no well-formed one there:
 * wrong, overlong, a surrogate, above U+10FFFF or not all there.
 */
static inline size_t utf8_len(const char *text, size_t left)
{
	unsigned char first, second;

	if (left == 0)
		return 0;
	first = (unsigned char)text[0];
	if (first < 0x80)
		return 1;
	if (first < 0xc2 || first > 0xf4 || left < 2 || !utf8_is_tail(text[1]))
		return 0;
	if (first < 0xe0)
		return 2;
	second = (unsigned char)text[1];
	if (left < 3 || !utf8_is_tail(text[2]))
		return 0;
	if (first < 0xf0) {
		if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f))
			return 0;
		return 3;
	}
	if (left < 4 || !utf8_is_tail(text[3]))
		return 0;
	if ((first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f))
		return 0;
	return 4;
}

/* The character of `len` bytes, as utf8_len() gave it. */
static inline uint32_t utf8_decode(const char *text, size_t len)
{
	static const unsigned char first_bits[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	uint32_t code = (unsigned char)text[0] & first_bits[len];

	for (size_t i = 1; i < len; i++)
		code = code << 6 | ((unsigned char)text[i] & 0x3fU);
	return code;
}

/* How many of a text's bytes, at most so many, can stand alone without a character that is cut: for "%.*s". */
static inline int utf8_fit(const char *text, int most)
{
	int len = (int)strnlen(text, (size_t)most + 1), whole = most;

	if (len <= most)
		return len;
	/* A character has three bytes behind its first. */
	while (whole > 0 && most - whole < 3 && utf8_is_tail(text[whole]))
		whole--;
	return utf8_is_tail(text[whole]) ? most : whole;
}

/* Write the character; returns its bytes, 1 to 4. */
static inline size_t utf8_encode(uint32_t code, char out[4])
{
	if (code < 0x80) {
		out[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		out[0] = (char)(0xc0 | code >> 6);
		out[1] = (char)(0x80 | (code & 0x3f));
		return 2;
	}
	if (code < 0x10000) {
		out[0] = (char)(0xe0 | code >> 12);
		out[1] = (char)(0x80 | (code >> 6 & 0x3f));
		out[2] = (char)(0x80 | (code & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | code >> 18);
	out[1] = (char)(0x80 | (code >> 12 & 0x3f));
	out[2] = (char)(0x80 | (code >> 6 & 0x3f));
	out[3] = (char)(0x80 | (code & 0x3f));
	return 4;
}

#endif
