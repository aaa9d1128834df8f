/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * To the operator's clipboard, which may be at the other end of an SSH connection. Secrets must not be copied: clipboards
 * are read by others and kept; that is the caller's duty. The clipboard is never read.
 */
#ifndef UI_COPY_H
#define UI_COPY_H

#include "screen.h"

/*
 * Through tmux if we run in it, else as a sequence that most terminals take (OSC 52). Says in words which way it
 * went, or why none. Waits for tmux, half a second at most.
 */
void copy_text(struct screen *screen, const char *text, char *report, size_t size);

/* The parts of it. Where we run, as the environment tells; NULL: it does not. */
struct copy_place {
	const char *tmux, *screen, *terminal; /* TMUX, STY, TERM */
};

/* Does tmux have it? */
bool copy_through_tmux(const char *text, size_t len);
/* The sequence, appended. False: this terminal has none, or the text is too long; why is said in `report`. */
bool copy_sequence(const struct copy_place *place, const char *text, size_t len, struct str *out, char *report, size_t size);

#endif
