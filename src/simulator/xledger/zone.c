/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How Central European times are written and understood there; the rule of summer time is the core's. */
#include "xledger/zone.h"

#include <string.h>

#define SHORT_LEN 19 /* "2026-01-31T12:00:00" */

char *central_format(int64_t ms, char *out)
{
	char text[STAMP_TEXT_MAX];

	stamp_format(ms, central_european_offset_s(ms), false, text);
	memcpy(out, text, SHORT_LEN);
	out[SHORT_LEN] = '\0';
	return out;
}

int64_t central_local(int64_t ms)
{
	return ms + central_european_offset_s(ms) * INT64_C(1000);
}

bool central_parse(const char *text, size_t len, int64_t *ret_local_ms)
{
	bool has_offset;

	if (!stamp_parse(text, len, ret_local_ms, &has_offset))
		return false;
	if (has_offset)
		*ret_local_ms = central_local(*ret_local_ms);
	return true;
}

struct date central_today(int64_t ms)
{
	return date_of_ms(ms, central_european_offset_s(ms));
}
