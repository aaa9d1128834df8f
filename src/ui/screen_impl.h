/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of the screen share: screen.c takes the terminal and gives it back, screen_show.c draws, screen_keys.c
 * reads, screen_restore.c is what a dying program leaves behind.
 */
#ifndef UI_SCREEN_IMPL_H
#define UI_SCREEN_IMPL_H

#include <stdio.h>

#include <ncurses.h>

#include "screen.h"

#define SCREEN_SIDE_MAX 1000 /* rows, and columns; what a terminal claims beyond that is not used */

/* A look as curses wants it. */
struct ink {
	attr_t attributes;
	int pair;
};

/* The raw text that stands on the terminal. */
struct shown_raw {
	struct str text; /* empty: none */
	int y, x;
};

/* A report of the mouse that is under way: "ESC [ < button ; column ; row M", or three bytes behind "ESC [ M". */
struct screen_report {
	enum { REPORT_NONE, REPORT_NUMBERS, REPORT_OLD } state;
	int numbers[3];
	int count;                /* of those that are complete */
};

/* What is typed and not taken apart yet, and the paste that is under way. */
struct screen_input {
	struct secret *typed;     /* owned: from `at` to before `len` */
	size_t at, len;
	int waiting;              /* bytes that the terminal has still, as far as it is known */
	int64_t since_ms;         /* ticks: nothing has come behind the start of a key since; -1: there is none */
	struct secret *paste;     /* owned; NULL: none under way */
	size_t paste_len;
	size_t paste_mark;        /* bytes of its end mark that have come */
	bool paste_too_long;
	bool paste_return;        /* its last byte was a CR: a line feed behind it belongs to it */
	int64_t paste_ticks_ms;   /* when its last byte came */
	struct secret *done;      /* owned: the paste to be taken */
	struct screen_report report;
	struct mouse mouse;       /* of the INPUT_MOUSE that came last */
};

/* A key that is several bytes. */
struct key_sequence {
	char bytes[16];
	size_t len;
	uint32_t code;
};

struct screen {
	SCREEN *terminal;             /* owned */
	FILE *in, *out;               /* owned; curses' own, apart from the descriptors 0 to 2 */
	int in_fd, out_fd;            /* theirs */
	int error_fd;                 /* owned: what descriptor 2 was; -1: it is left alone */
	int chatter_fd;               /* where 1 and 2 go meanwhile; owned if `owns_chatter`, and can be read then */
	bool owns_chatter, diverted, was_nonblocking;
	char *locale;                 /* owned: the character set's as it was */
	bool utf8, coloured, gone, away, pastes, mouse, links;
	int rows, columns;
	struct theme theme;
	struct ink inks[ROLE_COUNT][2]; /* beside and on the cursor's row */
	bool everything;              /* nothing of what is shown can be relied upon */
	struct canvas_cell *shown;    /* owned; `rows` of `columns` */
	int cursor_y, cursor_x;       /* where the terminal's cursor was left */
	bool cursor_visible;
	struct shown_raw raw;
	struct screen_input input;
	struct key_sequence *sequences; /* owned */
	size_t sequence_count;
	bool sequence_starts[256];    /* by their first bytes */
	int escape_ms;                /* how long a key may take to arrive behind its ESC */
};

/* screen.c: has the terminal hung up? Asked where reading or writing had no effect. */
bool screen_check_gone(struct screen *screen);

/* A string of the terminal's description without its paddings, appended; NULL is nothing. */
void screen_add_capability(struct str *out, const char *capability);

#define SCREEN_LINK_END "\033]8;;\033\\"
#define SCREEN_MOUSE_OFF "\033[?1006l\033[?1000l"
void screen_arm(const struct screen *screen); /* what undoes our modes, as they are now, for screen_restore() */

/* screen_mouse.c */
enum report_end { REPORT_MORE, REPORT_WHOLE, REPORT_IGNORED /* of no meaning here */, REPORT_BROKEN /* the byte is none of it */ };
void screen_report_begin(struct screen_input *input, bool old);
enum report_end screen_report_take(struct screen_input *input, int byte);
void screen_mouse_add(const struct screen *screen, struct str *out); /* what switches it on, if it is; appended */

/* screen_show.c */
void screen_use_theme(struct screen *screen, const struct theme *theme);
void screen_forget_shown(struct screen *screen); /* after another size: all is drawn anew */

/* screen_keys.c */
enum bytes_are {
	BYTES_KEY,
	BYTES_NOTHING,            /* of no meaning */
	BYTES_MORE,               /* the start of a key, or a key if nothing comes behind it */
	BYTES_HALF,               /* ... of a character */
	BYTES_PASTE,              /* one begins behind them */
	BYTES_REPORT, BYTES_REPORT_OLD, /* of the mouse, too */
};
void screen_define_keys(struct screen *screen);
/* What stands at the start of `bytes`; `len` at least 1. Gives how many it takes. `late`: nothing comes behind them. */
size_t screen_decode(const struct screen *screen, const char *bytes, size_t len, bool late, enum bytes_are *ret_are, struct key *ret_key);

/* screen_input.c */
void screen_input_open(struct screen_input *input);
void screen_input_clear(struct screen_input *input);
void screen_input_forget(struct screen_input *input); /* what is typed, as it was for whoever has the terminal now */

/*
 * screen_restore.c: the terminal that is to be given back, if the program dies. `bytes` undo our modes; the settings of
 * the line discipline are read from it when none was armed before: then they must still be the former ones. Crash
 * handlers are in force until screen_restore_end(), also while the terminal is away.
 */
void screen_restore_arm(const struct screen *screen, const char *bytes, size_t len);
void screen_restore_disarm(void);    /* curses has given the terminal back */
bool screen_restore_is_armed(void);  /* false, though it was: somebody ends the program just now */
void screen_restore_catch(void);
void screen_restore_end(void);

#endif
