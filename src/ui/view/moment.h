/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A time in the past at which records are looked at: asked for, or typed behind ":as-of". */
#ifndef UI_VIEW_MOMENT_H
#define UI_VIEW_MOMENT_H

#include "view.h"

/* Asks for it: what is typed comes to the view that is on top, by its words, as "as-of" and the time. */
void moment_ask(struct deck *deck);
bool moment_is(const char *const *words);
/* What such words mean; 0: now. False: they are others, or no time, which is told. */
bool moment_take(struct deck *deck, const char *const *words, size_t count, int64_t *ret_ms);
/* ", as of 2026-01-31 23:59:59Z", or nothing. */
void moment_add(int64_t at_ms, struct str *out);
/* What the shell's commands take for it: " --as-of TIME", or nothing. */
void moment_add_cli(int64_t at_ms, struct str *out);

#endif
