/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The program's log: "2026-01-31T12:00:00.000Z warn sync: text", one write per line. Where the
 * lines end up, and how long they are kept, is left to whoever opens it.
 */
#include "ledgerdeck/core/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"
#include "ledgerdeck/core/thread.h"
#include "ledgerdeck/core/utf8.h"

#define TEXT_MAX 2048        /* bytes of one line's text; the rest is cut */
#define STAMP_SECONDS_LEN 23 /* "2026-01-31T12:00:00.000" */

static const char *const level_words[] = {
	[LOG_LEVEL_ERROR] = "error",
	[LOG_LEVEL_WARN] = "warn",
	[LOG_LEVEL_INFO] = "info",
	[LOG_LEVEL_DEBUG] = "debug",
};

/* The log is one per process by nature. The sink changes and is used under the lock. */
static _Atomic(struct lock *) log_lock; /* NULL until log_open(); lives as long as the process */
static _Atomic(enum log_level) log_level = LOG_LEVEL_INFO;
static struct {
	int fd;
	void (*line)(void *ctx, enum log_level level, const char *text);
	void *ctx; /* borrowed: whoever called log_open() */
} sink = { .fd = -1 };
/* Is this thread in the callback? It holds the lock then. */
static _Thread_local bool in_callback;

bool log_level_parse(const char *text, enum log_level *ret_level)
{
	if (strcasecmp(text, "warning") == 0) {
		*ret_level = LOG_LEVEL_WARN;
		return true;
	}
	for (size_t i = 0; i < ARRAY_LEN(level_words); i++) {
		if (strcasecmp(text, level_words[i]) == 0) {
			*ret_level = (enum log_level)i;
			return true;
		}
	}
	return false;
}

/* The lock, made by the first that needs it. */
static struct lock *make_lock(void)
{
	struct lock *lock = atomic_load(&log_lock), *fresh;

	if (lock)
		return lock;
	fresh = lock_new();
	if (atomic_compare_exchange_strong(&log_lock, &lock, fresh))
		return fresh;
	lock_free(fresh);
	return lock;
}

void log_open(int fd, enum log_level level,
	      void (*line)(void *ctx, enum log_level level, const char *text), void *ctx)
{
	struct lock *lock = make_lock();

	lock_enter(lock);
	sink.fd = fd;
	sink.line = line;
	sink.ctx = ctx;
	lock_leave(lock);
	log_set_level(level);
}

void log_set_level(enum log_level level)
{
	atomic_store(&log_level, level);
}

/* Characters that move the cursor or turn the reading direction, beyond ASCII. */
static bool is_unsafe(uint32_t code)
{
	return (code >= 0x80 && code < 0xa0) || code == 0x061c || code == 0x200e ||
	       code == 0x200f || (code >= 0x2028 && code <= 0x202e) ||
	       (code >= 0x2066 && code <= 0x2069);
}

/* Control characters and bytes that are no UTF-8 are written as C would. */
static void add_visible(struct str *line, const char *text, size_t len)
{
	size_t step;

	for (size_t i = 0; i < len; i += step) {
		unsigned char c = (unsigned char)text[i];

		step = utf8_len(text + i, len - i);
		if (c == '\n')
			str_add(line, "\\n");
		else if (c == '\t')
			str_add(line, "\\t");
		else if (c == '\r')
			str_add(line, "\\r");
		else if (step == 0 || c < 0x20 || c == 0x7f)
			str_addf(line, "\\x%02x", c);
		else if (step > 1 && is_unsafe(utf8_decode(text + i, step)))
			str_addf(line, "\\u%04x", (unsigned int)utf8_decode(text + i, step));
		else
			str_add_bytes(line, text + i, step);
		if (step == 0)
			step = 1;
	}
}

/* The length of a text that was cut, without the part of a character that may stand at its end. */
static size_t whole_len(const char *text, size_t len)
{
	for (size_t i = 1; i < 4 && i <= len; i++) {
		if (!utf8_is_tail(text[len - i]))
			return utf8_len(text + len - i, i) == 0 ? len - i : len;
	}
	return len;
}

static void add_line(struct str *line, enum log_level level, const char *area, const char *format,
		     va_list args) __attribute__((format(printf, 4, 0)));
static void log_line(enum log_level level, const char *area, const char *format, va_list args)
	__attribute__((format(printf, 3, 0)));

/* The whole line, without its end. */
static void add_line(struct str *line, enum log_level level, const char *area, const char *format,
		     va_list args)
{
	struct env env = env_real();
	char stamp[STAMP_TEXT_MAX], text[TEXT_MAX];
	size_t used;
	int len;

	stamp_format(env.wall_ms(env.ctx), 0, true, stamp);
	stamp[STAMP_SECONDS_LEN] = '\0';
	str_addf(line, "%sZ %s %s: ", stamp, level_words[level], area);
	len = vsnprintf(text, sizeof(text), format, args);
	if (len < 0) {
		str_add(line, "(a message that cannot be formatted)");
		return;
	}
	used = strlen(text);
	if ((size_t)len == used) {
		add_visible(line, text, used);
		return;
	}
	add_visible(line, text, whole_len(text, used));
	str_add(line, "\xe2\x80\xa6");
}

/* One write; only what the system left over of it is written after. Nobody hears of failures. */
static void write_line(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t written = write(fd, bytes, len);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return;
		bytes += written;
		len -= (size_t)written;
	}
}

static void log_line(enum log_level level, const char *area, const char *format, va_list args)
{
	AUTO(str_clear) struct str line = STR_INIT(8 * TEXT_MAX);
	struct lock *lock = atomic_load(&log_lock);
	bool nested = in_callback;
	int before = errno;

	if (!lock || level > atomic_load(&log_level))
		return;
	add_line(&line, level, area, format, args);
	str_add_char(&line, '\n');
	if (!nested)
		lock_enter(lock);
	if (sink.fd >= 0)
		write_line(sink.fd, line.text, line.len);
	/* What the callback itself logs would come back to it without end. */
	if (sink.line && !nested) {
		str_truncate(&line, line.len - 1);
		in_callback = true;
		sink.line(sink.ctx, level, line.text);
		in_callback = false;
	}
	if (!nested)
		lock_leave(lock);
	errno = before;
}

void log_error(const char *area, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	log_line(LOG_LEVEL_ERROR, area, format, args);
	va_end(args);
}

void log_warn(const char *area, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	log_line(LOG_LEVEL_WARN, area, format, args);
	va_end(args);
}

void log_info(const char *area, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	log_line(LOG_LEVEL_INFO, area, format, args);
	va_end(args);
}

void log_debug(const char *area, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	log_line(LOG_LEVEL_DEBUG, area, format, args);
	va_end(args);
}
