/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "excerpt.h"

#include <string.h>

#include "ledgerdeck/core/utf8.h"

#define MORE "…"

const char *excerpt(const char *text, size_t len, char *out)
{
	size_t at = 0, room = EXCERPT_MAX - sizeof(MORE), used = 0;

	while (at < len) {
		size_t step = utf8_len(text + at, len - at);

		if (used + (step ? step : 1) > room)
			break;
		if (step == 0 || (unsigned char)text[at] < 0x20 || text[at] == 0x7f) {
			out[used++] = step == 0 ? '?' : ' ';
			at++;
			continue;
		}
		memcpy(out + used, text + at, step);
		used += step;
		at += step;
	}
	if (at < len) {
		memcpy(out + used, MORE, sizeof(MORE) - 1);
		used += sizeof(MORE) - 1;
	}
	out[used] = '\0';
	return out;
}

const char *excerpt_json(const char *text, size_t len, size_t at, char *out)
{
	const char *from = text + at, *past = text + len, *end = from;

	if (from < past && *from == '"') {
		for (end = ++from; end < past && *end != '"'; end++)
			if (*end == '\\' && end + 1 < past)
				end++;
	} else if (from < past && *from != '{' && *from != '[') {
		while (end < past && *end && !strchr(",]} \t\r\n", *end))
			end++;
	}
	return excerpt(from, (size_t)(end - from), out);
}
