/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Eight of the same value or more are a run, what lies between runs is packed in groups of eight. A run starts where a group does,
 * since only the last group may be filled up with zeros: readers know how many values there are.
 */
#include "hybrid.h"

#include <assert.h>

#include "thrift.h"

#define GROUP 8

int hybrid_width(size_t count)
{
	int width = 1;

	while (width < HYBRID_WIDTH_MAX && (size_t)1 << width < count)
		width++;
	return width;
}

static void add_run(struct str *out, uint32_t value, size_t count, int width)
{
	thrift_add_varint(out, (uint64_t)count << 1);
	for (int bits = 0; bits < width; bits += 8)
		str_add_char(out, (char)(value >> bits));
}

static void add_packed(struct str *out, const uint32_t *numbers, size_t count, int width)
{
	size_t groups = (count + GROUP - 1) / GROUP;
	uint64_t pending = 0;
	int bits = 0;

	if (count == 0)
		return;
	thrift_add_varint(out, (uint64_t)groups << 1 | 1);
	str_reserve(out, groups * (size_t)width);
	for (size_t i = 0; i < groups * GROUP; i++) {
		pending |= (uint64_t)(i < count ? numbers[i] : 0) << bits;
		for (bits += width; bits >= 8; bits -= 8) {
			out->text[out->len++] = (char)pending;
			pending >>= 8;
		}
	}
	out->text[out->len] = '\0';
}

static size_t run_at(const uint32_t *numbers, size_t count)
{
	size_t len = 1;

	while (len < count && numbers[len] == numbers[0])
		len++;
	return len;
}

void hybrid_add(struct str *out, const uint32_t *numbers, size_t count, int width)
{
	size_t packed_from = 0, at = 0;

	assert(width > 0 && width <= HYBRID_WIDTH_MAX);
	while (at < count) {
		size_t run = run_at(numbers + at, count - at);

		if (run >= GROUP && (at - packed_from) % GROUP == 0) {
			add_packed(out, numbers + packed_from, at - packed_from, width);
			add_run(out, numbers[at], run, width);
			at += run;
			packed_from = at;
		} else if (run >= 2 * GROUP) {
			/* Its first ones fill the group up. */
			at += GROUP - (at - packed_from) % GROUP;
		} else {
			at += run;
		}
	}
	add_packed(out, numbers + packed_from, count - packed_from, width);
}

void hybrid_add_bits(struct str *out, const uint8_t *bits, size_t count, size_t ones)
{
	size_t groups = (count + GROUP - 1) / GROUP;

	if (count == 0)
		return;
	if (ones == 0 || ones == count) {
		add_run(out, ones > 0, count, 1);
		return;
	}
	thrift_add_varint(out, (uint64_t)groups << 1 | 1);
	str_add_bytes(out, (const char *)bits, groups);
}
