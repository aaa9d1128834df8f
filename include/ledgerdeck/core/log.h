/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The program's own log: lines with time, level and area (the folder's name), to one sink. What
 * a ledger's operator reads is the sync log in the store; this is for the people who run the
 * program. Lines carry no secret and no raw customer data.
 */
#ifndef LEDGERDECK_CORE_LOG_H
#define LEDGERDECK_CORE_LOG_H

#include <stdbool.h>
#include <stdint.h>

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARN, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

/* "error", "warn" ("warning"), "info", "debug" in any letter case. */
bool log_level_parse(const char *text, enum log_level *ret_level);

/* Where lines go: a descriptor (-1: nowhere), and a callback besides (NULL: none; called on the writing thread with the whole line, without its end). */
void log_open(int fd, enum log_level level, void (*line)(void *ctx, enum log_level level, const char *text),
	      void *ctx);
void log_set_level(enum log_level level);

/* Any thread. Control characters in the text are written visibly. */
void log_error(const char *area, const char *format, ...) __attribute__((format(printf, 2, 3)));
void log_warn(const char *area, const char *format, ...) __attribute__((format(printf, 2, 3)));
void log_info(const char *area, const char *format, ...) __attribute__((format(printf, 2, 3)));
void log_debug(const char *area, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
