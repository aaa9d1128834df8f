/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A terminal for tests: a pty whose other end is a child of ours with a screen on it, and libvterm, which makes of
 * the bytes what an operator sees. Nothing sleeps: the child marks each step in its output and waits there
 * for the test; every wait has an end.
 */
#ifndef LEDGERDECK_TESTS_SCREEN_TERMINAL_H
#define LEDGERDECK_TESTS_SCREEN_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <termios.h>

#include <vterm.h>

#include "ledgerdeck/core/str.h"
#include "ui/screen.h"

/* ---- the child's side ---- */

struct child {
	int control;            /* to the test */
	int tty;                /* the terminal, whatever happens to descriptors 0 to 2 */
	struct screen *screen;  /* owned; NULL while there is none */
	struct canvas canvas;
	const char *note;       /* of screen_open() */
};

/* Opens the screen with a canvas of its size; ends the child with status 3 and tells the error if it can't. */
void child_open(struct child *child, const struct screen_options *options);
void child_close(struct child *child);
/* All that was sent so far belongs to the step that ends here; waits until the test says go. */
void child_step(struct child *child);
void child_tell(struct child *child, const char *text); /* a line for terminal_told() */
/* Wait for `count` keys, telling each one's name; a paste is told as "paste <text>". */
void child_tell_keys(struct child *child, int count);

/* The canvas, without canvas.c: text is ASCII, a cell is anything. */
void child_size(struct child *child, int rows, int columns); /* blank */
void child_text(struct child *child, int y, int x, enum role role, const char *text);
void child_cell(struct child *child, int y, int x, enum role role, const char *bytes, int width);
void child_bar(struct child *child, int y, bool on);         /* the row under the cursor, and the cursor with it */

/* ---- the test's side ---- */

struct terminal_options {
	int rows, columns;             /* 0: 24 and 80 */
	const char *type;              /* TERM; NULL: xterm-256color */
	const char *const *variables;  /* more of the environment, "NAME=value", NULL at the end */
	bool is_job;                   /* of a small shell that stops and continues with it */
};

struct terminal {
	int master, control;
	pid_t pid;                     /* the child, or its shell */
	pid_t job;                     /* the child */
	VTerm *vterm;
	VTermScreen *cells;
	struct str bytes;              /* all that came */
	size_t step_at;                /* where the step began that is under way */
	struct str told;
	bool second_screen, cursor_visible, pastes, mouse;
	struct termios before;
};

void terminal_start(struct terminal *terminal, const struct terminal_options *options, void (*run)(struct child *child));
void terminal_clear(struct terminal *terminal);       /* for AUTO(): kills what is left */
/* Wait for the end of the child's step; gives the bytes that were sent in it. */
size_t terminal_step(struct terminal *terminal);
void terminal_go(struct terminal *terminal);          /* the child goes on behind its step */
void terminal_go_behind(struct terminal *terminal);   /* its shell lets the job that has stopped go on in the background */
size_t terminal_next(struct terminal *terminal);      /* go, then step */
void terminal_type(struct terminal *terminal, const char *bytes, size_t len);
void terminal_hang_up(struct terminal *terminal);
void terminal_resize(struct terminal *terminal, int rows, int columns);
const char *terminal_told(struct terminal *terminal); /* the next line that the child tells */
int terminal_wait(struct terminal *terminal);         /* for the end: the wait status */
/* Everything is as it was before the child began, and nothing is left of the screen. */
void terminal_expect_sane(struct terminal *terminal);

bool terminal_read(struct terminal *terminal);        /* what is there to be read now; false at the end */
/* What stands on a row, without the blanks at its end; good until the next call. */
const char *terminal_row(struct terminal *terminal, int y);
VTermScreenCell terminal_cell(struct terminal *terminal, int y, int x);
VTermPos terminal_cursor(struct terminal *terminal);
/* Did these bytes come, in one piece, since the step before the last began? */
bool terminal_sent(struct terminal *terminal, const char *bytes);

#endif
