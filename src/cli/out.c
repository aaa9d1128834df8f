/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Standard output. Who reads it may leave early (head), or the disk may be full: neither looks like success. */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "ledgerdeck/core/env.h"
#include "face.h"

#define PIECE 65536

void out_open(struct out *out)
{
	struct winsize size;

	*out = (struct out){ .terminal = isatty(STDOUT_FILENO) };
	str_init(&out->text, STR_NO_LIMIT);
	if (out->terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
		out->columns = size.ws_col;
}

void out_clear(struct out *out)
{
	str_clear(&out->text);
}

void out_flush(struct out *out)
{
	const char *at = out->text.text;
	size_t left = out->text.len;

	while (left > 0 && !out->failed) {
		ssize_t written = write(STDOUT_FILENO, at, left);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0) {
			out->failed = errno;
			break;
		}
		at += written;
		left -= (size_t)written;
	}
	str_reset(&out->text);
}

/* On a terminal every line of it is made harmless; line ends and indents stay. */
static void add_safe(struct out *out, const char *text, size_t len)
{
	while (len > 0) {
		size_t part = 0;

		while (part < len && text[part] != '\n')
			part++;
		text_add_line(&out->text, TEXT_FULL, text, part);
		if (part < len)
			str_add_char(&out->text, '\n');
		part += part < len;
		text += part;
		len -= part;
	}
}

void out_add(struct out *out, const char *text, size_t len)
{
	if (out->failed)
		return;
	if (out->terminal)
		add_safe(out, text, len);
	else
		str_add_bytes(&out->text, text, len);
	if (out->text.len >= PIECE)
		out_flush(out);
}
