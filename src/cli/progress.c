/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How far work has come, on standard error: on a terminal one line that is kept up to date, elsewhere a line
 * every ten seconds, so that a log tells what a long run did and a short one says nothing.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "ledgerdeck/core/memory.h"
#include "face.h"

#define TERMINAL_MS 100
#define LINES_MS 10000

struct progress {
	int64_t shown_ms;   /* ticks of the last one; 0: none yet */
	bool on_screen;
};

struct progress *progress_new(struct face *face)
{
	struct progress *progress = memory_new(sizeof(*progress));

	progress->shown_ms = face->env.ticks_ms(face->env.ctx);
	return progress;
}

void progress_free(struct progress *progress)
{
	free(progress);
}

static void write_error(const char *text, size_t len)
{
	/* Messages that nobody can read are lost; the exit code stays. */
	while (len > 0) {
		ssize_t written = write(STDERR_FILENO, text, len);

		if (written <= 0)
			return;
		text += written;
		len -= (size_t)written;
	}
}

void progress_hide(struct face *face)
{
	static const char clear[] = "\r\033[K";

	if (!face->progress || !face->progress->on_screen)
		return;
	face->progress->on_screen = false;
	write_error(clear, sizeof(clear) - 1);
}

static void add_time(struct str *out, int64_t ms)
{
	int64_t s = (ms + 999) / 1000;

	if (s < 120)
		str_addf(out, "%" PRId64 " s", s);
	else if (s < 7200)
		str_addf(out, "%" PRId64 " min", (s + 59) / 60);
	else
		str_addf(out, "%" PRId64 " h", (s + 3599) / 3600);
}

static void add_left(const struct printer_progress *progress, struct str *out)
{
	if (progress->left_ms < 0)
		return;
	str_add(out, ", ");
	add_time(out, progress->left_ms);
	str_add(out, " left");
}

static void add_text(struct face *face, const struct printer_progress *progress, struct str *out)
{
	if (progress->to_copy > 0) {
		str_addf(out, "%" PRId64 " of %" PRId64 " MB copied", progress->copied >> 20, (progress->to_copy >> 20) + 1);
		if (progress->copied == progress->to_copy)
			str_add(out, ", looking it over");
		add_left(progress, out);
		return;
	}
	if (progress->planned > 0) {
		str_addf(out, "%" PRId64 " documents looked at, ", progress->planned);
		add_time(out, progress->took_ms);
		return;
	}
	if (progress->compared) {
		str_addf(out, "reading %s", progress->compared);
		if (progress->records > 0)
			str_addf(out, ": %" PRId64, progress->records);
		return;
	}
	str_addf(out, "%" PRId64 "/%" PRId64 " types", progress->done, progress->all);
	if (progress->failed)
		str_addf(out, " (%" PRId64 " failed)", progress->failed);
	str_addf(out, ", %" PRId64 " records, %" PRId64 "/s", progress->records, progress->rate);
	add_left(progress, out);
	if (!*progress->account)
		return;
	str_add(out, "  ");
	text_add_line(out, face->mode, progress->account, strlen(progress->account));
	str_add(out, " ");
	text_add_line(out, face->mode, progress->type, strlen(progress->type));
	if (progress->wait_ms) {
		str_add(out, " waits ");
		add_time(out, progress->wait_ms);
	}
}

static size_t columns_of(void)
{
	struct winsize size;

	return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? (size_t)size.ws_col - 1 : 79;
}

void progress_show(void *ctx, const struct printer_progress *progress)
{
	AUTO(str_clear) struct str text = STR_INIT(4096);
	AUTO(str_clear) struct str line = STR_INIT(4096);
	struct face *face = ctx;
	int64_t now_ms = face->env.ticks_ms(face->env.ctx);

	if (!progress) {
		progress_hide(face);
		return;
	}
	if (now_ms - face->progress->shown_ms < (face->error_terminal ? TERMINAL_MS : LINES_MS))
		return;
	face->progress->shown_ms = now_ms;
	add_text(face, progress, &text);
	if (face->error_terminal) {
		str_add(&line, "\r");
		text_add(&line, face->mode, text.text, text.len, columns_of(), false);
		str_add(&line, "\033[K");
		face->progress->on_screen = true;
	} else {
		str_add(&line, text.text);
		str_add(&line, "\n");
	}
	write_error(line.text, line.len);
}
