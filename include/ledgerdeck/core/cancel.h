/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A wish to stop that whoever waits can see: a flag and a descriptor. Everything that can wait takes one. */
#ifndef LEDGERDECK_CORE_CANCEL_H
#define LEDGERDECK_CORE_CANCEL_H

#include <stdbool.h>
#include <stdint.h>

struct cancel;

struct cancel *cancel_new(void);
void cancel_free(struct cancel *cancel);
void cancel_ask(struct cancel *cancel);          /* any thread, signal handlers too; stays asked */
bool cancel_asked(const struct cancel *cancel);  /* NULL: never */
int cancel_fd(const struct cancel *cancel);      /* readable once asked; for poll(), never read */
/* Sleep; false when cancelled meanwhile or before. NULL: only sleeps. */
bool cancel_sleep(const struct cancel *cancel, int64_t ms);

#endif
