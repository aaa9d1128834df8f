/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One key as the terminal gave it, and its name: "j", "C-d", "Enter", "PgDn", "F1". */
#ifndef LEDGERDECK_COMMAND_KEY_H
#define LEDGERDECK_COMMAND_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum key_code { /* above all characters */
	INPUT_NONE = 0x110000, INPUT_UP, INPUT_DOWN, INPUT_LEFT, INPUT_RIGHT, INPUT_HOME, INPUT_END, INPUT_PAGE_UP, INPUT_PAGE_DOWN,
	INPUT_INSERT, INPUT_DELETE, INPUT_BACKSPACE, INPUT_TAB, INPUT_BACK_TAB, INPUT_ENTER, INPUT_ESCAPE,
	INPUT_F1, INPUT_F12 = INPUT_F1 + 11,
	INPUT_PASTE,      /* a whole bracketed paste: its text is the screen's, see screen_take_paste() */
	INPUT_MOUSE,      /* a click or the wheel: where is the screen's, see screen_mouse() */
	INPUT_UNKNOWN
};

/* A character (with INPUT_CONTROL for C-a to C-z as their letters), or one of key_code. */
struct key {
	uint32_t code;
	bool control, alt;
};

#define KEY_NAME_MAX 24
bool key_equal(struct key a, struct key b);
char *key_text(struct key key, char *out); /* KEY_NAME_MAX bytes; returns `out` */
/* The name at the start of `text`, up to a blank or its end; false: no key has it. */
bool key_parse(const char *text, size_t len, struct key *ret_key);

#endif
