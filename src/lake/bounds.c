/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts compare by their bytes, as Parquet wants it; UTF-8 does so in the order of its characters. */
#include "bounds.h"

#include <string.h>

#include "ledgerdeck/core/utf8.h"

void bounds_reset(struct bounds *bounds)
{
	bounds->any = false;
}

void bounds_add_number(struct bounds *bounds, column_wide number)
{
	if (!bounds->any || number < bounds->least.number)
		bounds->least.number = number;
	if (!bounds->any || number > bounds->greatest.number)
		bounds->greatest.number = number;
	bounds->any = true;
}

/* Against what is kept of a bound: 0 may be cut. */
static int compare(const char *text, size_t len, const struct bound *bound)
{
	size_t shorter = len < bound->len ? len : bound->len;
	int order = shorter ? memcmp(text, bound->text, shorter) : 0;

	if (order != 0)
		return order;
	if (len <= bound->len)
		return len < bound->len ? -1 : 0;
	return bound->len < BOUNDS_TEXT_MAX ? 1 : 0;
}

static void keep(struct bound *bound, const char *text, size_t len)
{
	bound->is_cut = len > BOUNDS_TEXT_MAX;
	bound->len = (uint8_t)(bound->is_cut ? BOUNDS_TEXT_MAX : len);
	memcpy(bound->text, text, bound->len);
}

void bounds_add_text(struct bounds *bounds, const char *text, size_t len)
{
	int order;

	if (!bounds->any) {
		keep(&bounds->least, text, len);
		keep(&bounds->greatest, text, len);
		bounds->any = true;
		return;
	}
	if (compare(text, len, &bounds->least) < 0)
		keep(&bounds->least, text, len);
	order = compare(text, len, &bounds->greatest);
	if (order > 0)
		keep(&bounds->greatest, text, len);
	else if (order == 0 && len > BOUNDS_TEXT_MAX)
		bounds->greatest.is_cut = true;
}

/* Where the last character before `end` begins. */
static size_t last_start(const struct bound *bound, size_t end)
{
	do
		end--;
	while (end > 0 && utf8_is_tail(bound->text[end]));
	return end;
}

/* The bytes of whole characters among what is left of a text that was cut. */
static size_t whole_len(const struct bound *bound)
{
	size_t start;

	if (!bound->is_cut)
		return bound->len;
	start = last_start(bound, bound->len);
	return start + utf8_len(bound->text + start, bound->len - start);
}

bool bounds_least_text(const struct bounds *bounds, struct str *out, bool *ret_exact)
{
	if (!bounds->any)
		return false;
	str_add_bytes(out, bounds->least.text, whole_len(&bounds->least));
	*ret_exact = !bounds->least.is_cut;
	return true;
}

/* The last character that has one behind it is raised, and what follows it is left out. */
static bool add_raised(const struct bound *bound, struct str *out)
{
	char raised[4];
	size_t start;

	for (size_t end = whole_len(bound); end > 0; end = start) {
		uint32_t character;

		start = last_start(bound, end);
		character = utf8_decode(bound->text + start, end - start) + 1;
		if (character == 0xd800)
			character = 0xe000; /* halves of pairs are no characters */
		if (character > 0x10ffff)
			continue;
		str_add_bytes(out, bound->text, start);
		str_add_bytes(out, raised, utf8_encode(character, raised));
		return true;
	}
	return false;
}

bool bounds_greatest_text(const struct bounds *bounds, struct str *out, bool *ret_exact)
{
	const struct bound *bound = &bounds->greatest;

	if (!bounds->any)
		return false;
	*ret_exact = !bound->is_cut;
	if (bound->is_cut)
		return add_raised(bound, out);
	str_add_bytes(out, bound->text, bound->len);
	return true;
}
