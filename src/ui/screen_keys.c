/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which key some bytes are: characters, sequences of the terminal's description, those that terminals send whatever it says.
 * What is no key is never taken for several: an unknown sequence is one unknown key.
 */
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/utf8.h"
#include "screen_impl.h"

#define ESCAPE '\033'
#define DELETE 0x7f
#define F_KEYS 12

/* Names of the terminal's description. */
static const struct {
	const char *capability;
	uint32_t code;
} described[] = {
	{ "kcuu1", INPUT_UP },	    { "kcud1", INPUT_DOWN },	{ "kcub1", INPUT_LEFT },     { "kcuf1", INPUT_RIGHT },
	{ "kri", INPUT_UP },	    { "kind", INPUT_DOWN },	{ "kLFT", INPUT_LEFT },	     { "kRIT", INPUT_RIGHT },
	{ "khome", INPUT_HOME },    { "kfnd", INPUT_HOME },	{ "ka1", INPUT_HOME },	     { "kend", INPUT_END },
	{ "kslt", INPUT_END },	    { "kc1", INPUT_END },	{ "kll", INPUT_END },	     { "kpp", INPUT_PAGE_UP },
	{ "ka3", INPUT_PAGE_UP },   { "knp", INPUT_PAGE_DOWN }, { "kc3", INPUT_PAGE_DOWN },  { "kich1", INPUT_INSERT },
	{ "kdch1", INPUT_DELETE },  { "kbs", INPUT_BACKSPACE }, { "kcbt", INPUT_BACK_TAB },  { "kent", INPUT_ENTER },
};

/* What terminals send, whatever their description says, as they are often described as something else. */
static const struct {
	const char *sequence;
	uint32_t code;
} usual[] = {
	{ "\033OA", INPUT_UP },	    { "\033OB", INPUT_DOWN },	{ "\033OC", INPUT_RIGHT },   { "\033OD", INPUT_LEFT },
	{ "\033OH", INPUT_HOME },   { "\033OF", INPUT_END },	{ "\033[7~", INPUT_HOME },   { "\033[8~", INPUT_END },
	{ "\033[1~", INPUT_HOME },  { "\033[4~", INPUT_END },	{ "\033[Z", INPUT_BACK_TAB }, { "\033OM", INPUT_ENTER },
	{ "\033OP", INPUT_F1 },	    { "\033OQ", INPUT_F1 + 1 },	{ "\033OR", INPUT_F1 + 2 },  { "\033OS", INPUT_F1 + 3 },
	{ "\033[11~", INPUT_F1 },   { "\033[12~", INPUT_F1 + 1 }, { "\033[13~", INPUT_F1 + 2 }, { "\033[14~", INPUT_F1 + 3 },
	{ "\033[15~", INPUT_F1 + 4 }, { "\033[17~", INPUT_F1 + 5 }, { "\033[18~", INPUT_F1 + 6 }, { "\033[19~", INPUT_F1 + 7 },
	{ "\033[20~", INPUT_F1 + 8 }, { "\033[21~", INPUT_F1 + 9 }, { "\033[23~", INPUT_F1 + 10 }, { "\033[24~", INPUT_F12 },
};

/* Keys that come with modifiers, too: the byte that tells them in "ESC [ 1 ; m byte" or "ESC [ byte ; m ~". */
static const struct {
	char byte;
	uint32_t code;
} modified[] = {
	{ 'A', INPUT_UP },   { 'B', INPUT_DOWN },   { 'C', INPUT_RIGHT },  { 'D', INPUT_LEFT },	   { 'H', INPUT_HOME },
	{ 'F', INPUT_END },  { '2', INPUT_INSERT }, { '3', INPUT_DELETE }, { '5', INPUT_PAGE_UP }, { '6', INPUT_PAGE_DOWN },
};
enum { MODIFIER_SHIFT = 1, MODIFIER_ALT = 2, MODIFIER_CONTROL = 4 }; /* bits of m - 1 */

/* ---- the sequences of this terminal ---- */

static void add_sequence(struct screen *screen, const char *bytes, uint32_t code)
{
	struct key_sequence *sequence = &screen->sequences[screen->sequence_count];
	size_t len = bytes == (const char *)-1 || !bytes ? 0 : strlen(bytes);

	if (len == 0 || len > sizeof(sequence->bytes))
		return;
	memcpy(sequence->bytes, bytes, len);
	sequence->len = len;
	sequence->code = code;
	screen->sequence_starts[(unsigned char)*bytes] = true;
	screen->sequence_count++;
}

void screen_define_keys(struct screen *screen)
{
	screen->sequences = memory_new((ARRAY_LEN(described) + F_KEYS + ARRAY_LEN(usual)) * sizeof(*screen->sequences));
	for (size_t i = 0; i < ARRAY_LEN(described); i++)
		add_sequence(screen, tigetstr(described[i].capability), described[i].code);
	for (uint32_t i = 0; i < F_KEYS; i++) {
		char name[8];

		snprintf(name, sizeof(name), "kf%u", i + 1);
		add_sequence(screen, tigetstr(name), INPUT_F1 + i);
	}
	/* Behind them: the description goes first. */
	for (size_t i = 0; i < ARRAY_LEN(usual); i++)
		add_sequence(screen, usual[i].sequence, usual[i].code);
}

/* The bytes of the longest sequence that stands there, 0: none. `ret_more`: a longer one may come of it. */
static size_t find_sequence(const struct screen *screen, const char *bytes, size_t len, struct key *ret_key, bool *ret_more)
{
	size_t longest = 0;

	*ret_more = false;
	for (size_t i = 0; i < screen->sequence_count && screen->sequence_starts[(unsigned char)*bytes]; i++) {
		const struct key_sequence *sequence = &screen->sequences[i];

		if (memcmp(sequence->bytes, bytes, sequence->len < len ? sequence->len : len) != 0)
			continue;
		*ret_more |= sequence->len > len;
		if (sequence->len <= len && sequence->len > longest) {
			longest = sequence->len;
			*ret_key = (struct key){ .code = sequence->code };
		}
	}
	return longest;
}

/* ---- characters ---- */

static size_t take(enum bytes_are *ret_are, size_t taken, enum bytes_are are)
{
	*ret_are = are;
	return taken;
}

static size_t take_key(enum bytes_are *ret_are, struct key *ret_key, size_t taken, uint32_t code)
{
	*ret_key = (struct key){ .code = code };
	return take(ret_are, taken, BYTES_KEY);
}

static struct key from_control(int code)
{
	switch (code) {
	case '\t':
		return (struct key){ .code = INPUT_TAB };
	case '\r':
	case '\n':
		return (struct key){ .code = INPUT_ENTER };
	case '\b':
	case DELETE:
		return (struct key){ .code = INPUT_BACKSPACE };
	case 0:
		return (struct key){ .code = ' ', .control = true };
	default: /* ^A to ^Z are letters, ^\ to ^_ stand 64 higher */
		return (struct key){ .code = (uint32_t)code + (code <= 26 ? 'a' - 1 : 64), .control = true };
	}
}

static size_t expected_len(unsigned char first)
{
	return first < 0xc2 || first > 0xf4 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/* Of several bytes. One that breaks off is one unknown key; what breaks it comes next. */
static size_t decode_high(const struct screen *screen, const char *bytes, size_t len, enum bytes_are *ret_are, struct key *ret_key)
{
	size_t expected = screen->utf8 ? expected_len((unsigned char)bytes[0]) : 0;
	uint32_t character;

	for (size_t i = 1; i < expected; i++) {
		if (i == len)
			return take(ret_are, 0, BYTES_HALF);
		if (((unsigned char)bytes[i] & 0xc0) != 0x80)
			return take_key(ret_are, ret_key, i, INPUT_UNKNOWN);
	}
	if (expected == 0 || utf8_len(bytes, expected) != expected)
		return take_key(ret_are, ret_key, expected ? expected : 1, INPUT_UNKNOWN);
	character = utf8_decode(bytes, expected);
	return take_key(ret_are, ret_key, expected, character > 0xa0 ? character : (uint32_t)INPUT_UNKNOWN);
}

static size_t decode_character(const struct screen *screen, const char *bytes, size_t len, enum bytes_are *ret_are, struct key *ret_key)
{
	unsigned char first = (unsigned char)bytes[0];

	if (first >= 0x80)
		return decode_high(screen, bytes, len, ret_are, ret_key);
	if (first >= ' ' && first != DELETE)
		return take_key(ret_are, ret_key, 1, first);
	*ret_key = from_control(first);
	return take(ret_are, 1, BYTES_KEY);
}

/* ---- escape sequences ---- */

/* A key with modifiers, by what stands between "ESC [" and the last byte. */
static struct key from_parameters(const char *text, size_t len, char last)
{
	struct key key = { .code = INPUT_UNKNOWN };
	char byte = last == '~' ? text[0] : last;
	int bits = 0;

	/* "1;m", or a number and ";m" */
	if (len == 3 && text[1] == ';' && text[2] >= '2' && text[2] <= '8' && (last == '~' || text[0] == '1'))
		bits = text[2] - '1';
	else if (len != (last == '~'))
		return key;
	for (size_t i = 0; i < ARRAY_LEN(modified); i++)
		if (modified[i].byte == byte)
			key = (struct key){ .code = modified[i].code, .control = bits & MODIFIER_CONTROL, .alt = bits & MODIFIER_ALT };
	return key;
}

static bool within(char byte, int from, int to)
{
	return (unsigned char)byte >= from && (unsigned char)byte <= to;
}

static bool is(const char *bytes, size_t len, const char *text)
{
	return len == strlen(text) && memcmp(bytes, text, len) == 0;
}

/* "ESC [": parameters, then one byte that ends it. */
static size_t decode_parameters(const char *bytes, size_t len, bool late, enum bytes_are *ret_are, struct key *ret_key)
{
	size_t at = 2;

	if (len > at && (bytes[at] == '<' || bytes[at] == 'M'))
		return take(ret_are, at + 1, bytes[at] == '<' ? BYTES_REPORT : BYTES_REPORT_OLD);
	while (at < len && within(bytes[at], ' ', 0x3f))
		at++;
	if (at == len && !late)
		return take(ret_are, 0, BYTES_MORE);
	/* It breaks off, or something else begins. */
	if (at == len || !within(bytes[at], 0x40, DELETE - 1))
		return take_key(ret_are, ret_key, at, INPUT_UNKNOWN);
	if (is(bytes + 2, at - 1, "200~"))
		return take(ret_are, at + 1, BYTES_PASTE);
	/* Of a paste that silence has ended. */
	if (is(bytes + 2, at - 1, "201~"))
		return take(ret_are, at + 1, BYTES_NOTHING);
	*ret_key = from_parameters(bytes + 2, at - 2, bytes[at]);
	return take(ret_are, at + 1, BYTES_KEY);
}

/* "ESC ESC": a key that is a sequence, with Alt, or Esc before something else. */
static size_t decode_twice(const struct screen *screen, const char *bytes, size_t len, bool late, enum bytes_are *ret_are, struct key *ret_key)
{
	size_t taken = 0;

	if (len == 2 && !late)
		return take(ret_are, 0, BYTES_MORE);
	if (len > 2 && bytes[2] != ESCAPE) {
		taken = screen_decode(screen, bytes + 1, len - 1, late, ret_are, ret_key);
		if (*ret_are == BYTES_MORE)
			return 0;
	}
	if (taken == 0 || *ret_are != BYTES_KEY || ret_key->alt || ret_key->code < INPUT_NONE || ret_key->code == INPUT_UNKNOWN)
		return take_key(ret_are, ret_key, 1, INPUT_ESCAPE);
	ret_key->alt = true;
	return taken + 1;
}

/* An ESC, and what stands behind it: a sequence, a key with Alt, or nothing. */
static size_t decode_escape(const struct screen *screen, const char *bytes, size_t len, bool late, enum bytes_are *ret_are, struct key *ret_key)
{
	size_t taken;

	if (len == 1)
		return late ? take_key(ret_are, ret_key, 1, INPUT_ESCAPE) : take(ret_are, 0, BYTES_MORE);
	if (len == 2 && !late && (bytes[1] == '[' || bytes[1] == 'O'))
		return take(ret_are, 0, BYTES_MORE);
	if (len > 2 && bytes[1] == '[')
		return decode_parameters(bytes, len, late, ret_are, ret_key);
	if (len > 2 && bytes[1] == 'O')
		return take_key(ret_are, ret_key, within(bytes[2], ' ', DELETE - 1) ? 3 : 2, INPUT_UNKNOWN);
	if (bytes[1] == ESCAPE)
		return decode_twice(screen, bytes, len, late, ret_are, ret_key);
	taken = decode_character(screen, bytes + 1, len - 1, ret_are, ret_key);
	if (*ret_are == BYTES_HALF)
		return late ? take_key(ret_are, ret_key, len, INPUT_UNKNOWN) : take(ret_are, 0, BYTES_MORE);
	ret_key->alt = ret_key->code != INPUT_UNKNOWN;
	return taken + 1;
}

size_t screen_decode(const struct screen *screen, const char *bytes, size_t len, bool late, enum bytes_are *ret_are, struct key *ret_key)
{
	bool more;
	size_t taken = find_sequence(screen, bytes, len, ret_key, &more);

	if (more && !late)
		return take(ret_are, 0, BYTES_MORE);
	if (taken > 0)
		return take(ret_are, taken, BYTES_KEY);
	if (bytes[0] == ESCAPE)
		return decode_escape(screen, bytes, len, late, ret_are, ret_key);
	return decode_character(screen, bytes, len, ret_are, ret_key);
}
