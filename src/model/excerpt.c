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
