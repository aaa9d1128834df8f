/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The terminal: the only place that knows ncurses. It shows a canvas, sending no more than what changed, reads
 * keys without ever waiting, and gives the terminal back whole however the program ends. UI thread only.
 */
#ifndef UI_SCREEN_H
#define UI_SCREEN_H

#include "canvas.h"
#include "ledgerdeck/command/key.h"
#include "ledgerdeck/core/error.h"
#include "ledgerdeck/core/secret.h"
#include "theme.h"

struct screen;

enum mouse_kind { MOUSE_CLICK, MOUSE_WHEEL_UP, MOUSE_WHEEL_DOWN };
struct mouse {
	int y, x;
	enum mouse_kind kind;
};

struct screen_options {
	const char *theme;      /* its name */
	bool colour;            /* false: none, whatever the terminal can (NO_COLOR) */
	bool links;             /* an address is told to the terminal as a hyperlink (OSC 8), too */
	int log_fd;             /* where what others write to descriptors 1 and 2 goes meanwhile; 0: nowhere */
};

/*
 * Take the terminal: alternate screen, raw keys, bracketed paste. An unknown TERM falls back to xterm-256color,
 * xterm, vt100, told through `ret_note` (a literal; NULL: none). Errors: INPUT (no terminal, none of them known).
 */
bool screen_open(const struct screen_options *options, struct screen **ret_screen, const char **ret_note, struct error *err);
void screen_close(struct screen *screen);            /* gives it back; NULL does nothing */
int screen_fd(const struct screen *screen);          /* readable when keys wait */
bool screen_speaks_utf8(const struct screen *screen);
bool screen_locale_speaks_utf8(void); /* does the operator's locale say so? Takes it over */
/* Of it only the character set, as a screen does that is opened; before there are threads. Says what it is. */
bool screen_take_locale(void);
void screen_size(const struct screen *screen, int *ret_rows, int *ret_columns);
/*
 * The terminal has another size now, or we were stopped and go on (SIGCONT): modes are set again, and everything is
 * painted anew with the next screen_show().
 */
void screen_resize(struct screen *screen);
void screen_repaint(struct screen *screen);          /* all of it with the next screen_show() */
bool screen_theme(struct screen *screen, const char *name, struct error *err); /* another one, from the next show on */
/* Send what differs from what is shown; nothing visible differs: nothing is sent. False: the terminal is gone. */
bool screen_show(struct screen *screen, const struct canvas *canvas);
/* The next key; false when none waits. Keys behind it may wait in here: ask until false before polling. */
bool screen_key(struct screen *screen, struct key *ret_key);
/* The text of the INPUT_PASTE that came last; the caller's. NULL: taken, or it was longer than SECRET_MAX. */
struct secret *screen_take_paste(struct screen *screen);
/* The mouse tells clicks and its wheel, or (as at first) is the terminal's own, which selects text with it. */
void screen_mouse_on(struct screen *screen, bool on);
void screen_links_on(struct screen *screen, bool on);
struct mouse screen_mouse(const struct screen *screen); /* of the INPUT_MOUSE that came last */
/* A paste whose end mark never came, or the start of a key: how long until it is a whole by itself, -1: there is none. */
int screen_wait_ms(const struct screen *screen);
bool screen_is_gone(const struct screen *screen);    /* hung up */
void screen_bell(struct screen *screen);
/* Bytes for the terminal itself (a clipboard sequence), at once, outside the canvas. */
void screen_send(struct screen *screen, const char *bytes, size_t len);

/* Give the terminal to somebody else (a pager, the shell after C-z) and take it back. */
void screen_leave(struct screen *screen);
void screen_return(struct screen *screen);
/* Stop as a shell's job; returns when it goes on. False: nobody could wake it (an orphan), told to the operator. */
bool screen_suspend(struct screen *screen);

/* From a signal handler, at any instant: write what undoes our modes. Idempotent. */
void screen_restore(void);

#endif
