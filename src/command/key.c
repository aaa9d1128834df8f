/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names of keys, both ways: what a key is called in hints and help, and which key a keys file means. Reading keys from a
 * terminal is screen_keys.c.
 */
#include "ledgerdeck/command/key.h"

#include <string.h>
#include <strings.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/utf8.h"

struct name {
	uint32_t code;
	const char *text;
};

/* The first name of a code is the one that is shown; all are understood. */
static const struct name names[] = {
	{ INPUT_UP, "Up" },
	{ INPUT_DOWN, "Down" },
	{ INPUT_LEFT, "Left" },
	{ INPUT_RIGHT, "Right" },
	{ INPUT_HOME, "Home" },
	{ INPUT_END, "End" },
	{ INPUT_PAGE_UP, "PgUp" },
	{ INPUT_PAGE_UP, "PageUp" },
	{ INPUT_PAGE_DOWN, "PgDn" },
	{ INPUT_PAGE_DOWN, "PageDown" },
	{ INPUT_INSERT, "Ins" },
	{ INPUT_INSERT, "Insert" },
	{ INPUT_DELETE, "Del" },
	{ INPUT_DELETE, "Delete" },
	{ INPUT_BACKSPACE, "Backspace" },
	{ INPUT_TAB, "Tab" },
	{ INPUT_BACK_TAB, "S-Tab" },
	{ INPUT_ENTER, "Enter" },
	{ INPUT_ENTER, "Return" },
	{ INPUT_ESCAPE, "Esc" },
	{ INPUT_ESCAPE, "Escape" },
	{ INPUT_F1, "F1" },
	{ INPUT_F1 + 1, "F2" },
	{ INPUT_F1 + 2, "F3" },
	{ INPUT_F1 + 3, "F4" },
	{ INPUT_F1 + 4, "F5" },
	{ INPUT_F1 + 5, "F6" },
	{ INPUT_F1 + 6, "F7" },
	{ INPUT_F1 + 7, "F8" },
	{ INPUT_F1 + 8, "F9" },
	{ INPUT_F1 + 9, "F10" },
	{ INPUT_F1 + 10, "F11" },
	{ INPUT_F12, "F12" },
	{ ' ', "Space" },
};

bool key_equal(struct key a, struct key b)
{
	return a.code == b.code && a.control == b.control && a.alt == b.alt;
}

static size_t add(char *out, size_t at, const char *text)
{
	size_t len = strlen(text);

	/* The longest name is "C-A-Backspace": it fits. */
	memcpy(out + at, text, len + 1);
	return at + len;
}

static const char *special_name(uint32_t code)
{
	if (code == INPUT_PASTE)
		return "a paste";
	if (code == INPUT_MOUSE)
		return "the mouse";
	if (code == INPUT_NONE)
		return "no key";
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (names[i].code == code)
			return names[i].text;
	return code >= INPUT_NONE ? "an unknown key" : NULL;
}

char *key_text(struct key key, char *out)
{
	const char *special = special_name(key.code);
	size_t at = 0;

	if (key.control)
		at = add(out, at, "C-");
	if (key.alt)
		at = add(out, at, "A-");
	if (special) {
		add(out, at, special);
		return out;
	}
	at += utf8_encode(key.code, out + at);
	out[at] = '\0';
	return out;
}

/* ---- which key a name means ---- */

/* One printable character that fills all of the text. */
static bool parse_character(const char *text, size_t len, uint32_t *ret_code)
{
	uint32_t code;

	if (len == 0 || utf8_len(text, len) != len)
		return false;
	code = utf8_decode(text, len);
	if (code <= ' ' || (code >= 0x7f && code <= 0xa0))
		return false;
	*ret_code = code;
	return true;
}

static bool parse_code(const char *text, size_t len, uint32_t *ret_code)
{
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (strlen(names[i].text) == len && strncasecmp(names[i].text, text, len) == 0) {
			*ret_code = names[i].code;
			return true;
		}
	return parse_character(text, len, ret_code);
}

/* Control with a character is what terminals make of it: some are keys of their own, most have no code at all. */
static bool apply_control(struct key *key)
{
	static const struct name same[] = { { INPUT_TAB, "i" }, { INPUT_ENTER, "m" }, { INPUT_ENTER, "j" }, { INPUT_ESCAPE, "[" },
					    { INPUT_BACKSPACE, "h" }, { INPUT_BACKSPACE, "?" } };

	key->control = true;
	if (key->code >= INPUT_NONE)
		return key->code < INPUT_BACKSPACE; /* arrows and their like */
	if (key->code >= 'A' && key->code <= 'Z')
		key->code += 'a' - 'A';
	for (size_t i = 0; i < ARRAY_LEN(same); i++)
		if (key->code == (uint32_t)same[i].text[0]) {
			key->code = same[i].code;
			key->control = false;
			return true;
		}
	if (key->code == '/')
		key->code = '_';
	if (key->code == '@')
		key->code = ' ';
	return (key->code >= 'a' && key->code <= 'z') || (key->code < 0x80 && strchr(" \\]^_", (int)key->code));
}

bool key_parse(const char *text, size_t len, struct key *ret_key)
{
	bool control = false, alt = false;
	struct key key = { 0 };

	for (size_t i = 0; i < len; i++)
		if (text[i] == ' ' || text[i] == '\t' || text[i] == '\0')
			len = i;
	while (len > 2 && text[1] == '-' && ((text[0] == 'C' && !control) || (text[0] == 'A' && !alt))) {
		control = control || text[0] == 'C';
		alt = alt || text[0] == 'A';
		text += 2;
		len -= 2;
	}
	if (!parse_code(text, len, &key.code) || (control && !apply_control(&key)))
		return false;
	key.alt = alt;
	*ret_key = key;
	return true;
}
