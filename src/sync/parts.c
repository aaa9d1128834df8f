/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a read is cut; parts.h says why so. */
#include "parts.h"

#include <stdio.h>
#include <string.h>

#define SECOND INT64_C(1000) /* all cuts are at whole seconds: no ledger's bounds are finer, and some are not */

/* One at least. */
static int64_t whole_seconds(int64_t ms)
{
	return ms < SECOND ? SECOND : ms / SECOND * SECOND;
}

static struct part *make_part(struct parts *parts, const struct slice *slice)
{
	for (size_t i = 0; i < SLICES_MAX; i++) {
		struct part *part = &parts->items[i];

		if (part->state != PART_NONE)
			continue;
		*part = (struct part){ .state = PART_OPEN, .from_ms = slice->from_ms, .to_ms = slice->to_ms,
				       .reached_ms = slice->from_ms, .dense = slice->expected,
				       .dense_ms = whole_seconds(slice->to_ms - slice->from_ms), .cut = true, .kept = *slice };
		memcpy(part->position, slice->position, sizeof(part->position));
		parts->made++;
		return part;
	}
	return NULL;
}

void parts_begin(struct parts *parts, const struct slice *slices, size_t count, int64_t page)
{
	*parts = (struct parts){ .page = page > 0 ? page : 1 };
	for (size_t i = 0; i < count; i++) {
		make_part(parts, &slices[i])->cut = false; /* what is expected of it is known */
		parts->left += slices[i].expected;
	}
}

/* ---- what is expected */

/* As dense as it is where it is read. */
static int64_t guess(const struct part *part)
{
	if (part->state != PART_OPEN && part->state != PART_TAKEN)
		return 0;
	return (part->to_ms - part->reached_ms) / SECOND * part->dense / (part->dense_ms / SECOND);
}

/*
 * What is dense may end at any moment, and what is not may begin to be: all parts together hold what is left. Not exactly:
 * some records come twice, from where one page ends and the next begins.
 */
static int64_t expect(const struct parts *parts, const struct part *part)
{
	int64_t most = parts->left + parts->fetched / 8, sum = 0, count = guess(part);

	for (size_t i = 0; i < SLICES_MAX; i++)
		sum += guess(&parts->items[i]);
	if (sum > 0 && sum < parts->left)
		count = count * parts->left / sum;
	return count < most ? count : most;
}

/* ---- cutting */

/* The second behind an instant. */
static int64_t next_second(int64_t ms)
{
	return (ms / SECOND + 1) * SECOND;
}

/* How long a time holds what is expected: what is dense now may well end before the range does. */
static int64_t stretch_of(const struct part *part, int64_t expected)
{
	int64_t stretch = part->to_ms - part->reached_ms, dense_s = part->dense_ms / SECOND;

	if (part->dense > 0 && expected / part->dense < stretch / SECOND / dense_s)
		return expected * dense_s / part->dense * SECOND;
	return stretch;
}

/* Cut off what is behind an instant. */
static bool cut(struct parts *parts, struct part *part, int64_t at_ms)
{
	struct slice rest = { .from_ms = at_ms, .to_ms = part->to_ms };
	struct part *made = at_ms < part->to_ms ? make_part(parts, &rest) : NULL;

	if (!made)
		return false;
	made->dense = part->dense;
	made->dense_ms = part->dense_ms;
	part->to_ms = at_ms;
	return true;
}

/* Into pieces, so that each of the idle gets one. False: there is nothing to give away. */
static bool share_out(struct parts *parts, struct part *part, size_t idle)
{
	int64_t expected = expect(parts, part), pieces = expected / parts->page, stretch = stretch_of(part, expected);
	bool any = false;

	part->cut = true;
	/* The second that it is in can't be cut: it keeps that, and all behind it is given away. */
	if (part->tied)
		return cut(parts, part, next_second(part->reached_ms));
	if (pieces > (int64_t)idle + 1)
		pieces = (int64_t)idle + 1;
	/* From the end, so that each cut leaves the rest to be cut. */
	for (int64_t i = pieces - 1; i > 0; i--)
		any = cut(parts, part, next_second(part->reached_ms + stretch / pieces * i)) || any;
	return any;
}

static struct part *find_open(struct parts *parts)
{
	for (size_t i = 0; i < SLICES_MAX; i++)
		if (parts->items[i].state == PART_OPEN)
			return &parts->items[i];
	return NULL;
}

static struct part *find_largest(struct parts *parts)
{
	struct part *largest = NULL;
	int64_t most = -1;

	for (size_t i = 0; i < SLICES_MAX; i++) {
		struct part *part = &parts->items[i];
		int64_t expected = part->state == PART_TAKEN && !part->cut ? expect(parts, part) : -1;

		if (expected <= most)
			continue;
		largest = part;
		most = expected;
	}
	return largest;
}

struct part *parts_take(struct parts *parts, size_t idle)
{
	struct part *part = find_open(parts), *largest;

	/* What can't be shared out is not tried again before its next page. */
	while (!part && (largest = find_largest(parts)) != NULL)
		if (share_out(parts, largest, idle))
			part = find_open(parts);
	if (part)
		part->state = PART_TAKEN;
	return part;
}

/* ---- moving on */

bool parts_move(struct parts *parts, struct part *part, const struct page *page, struct error *err)
{
	int64_t count = (int64_t)page->count;

	if (page->position && strlen(page->position) >= sizeof(part->position))
		return error_set(err, ERROR_INTERNAL, "the place of the next page is too long to keep");
	if (page->position && strcmp(page->position, part->position) == 0)
		return error_set(err, ERROR_REMOTE, "the ledger gives the same page again and again; nothing was lost");
	part->tied = page->reached_ms == part->reached_ms && part->records > 0;
	if (page->reached_ms > part->reached_ms) {
		part->dense = count;
		part->dense_ms = whole_seconds(page->reached_ms - part->reached_ms);
		part->reached_ms = page->reached_ms;
	}
	part->records += count;
	part->cut = false;
	part->waits = true;
	parts->left = parts->left > count ? parts->left - count : 0;
	parts->fetched += count;
	parts->page = parts->page > count ? parts->page : count;
	/* A page that was asked for before something was cut off may reach beyond the new end. */
	if (!page->position || part->reached_ms >= part->to_ms)
		part->state = PART_FETCHED;
	else
		snprintf(part->position, sizeof(part->position), "%s", page->position);
	return true;
}

void part_keep(struct part *part)
{
	part->waits = false;
	part->kept.from_ms = part->reached_ms;
	memcpy(part->kept.position, part->position, sizeof(part->kept.position));
	if (part->state == PART_FETCHED)
		part->state = PART_NONE;
}

size_t parts_list(const struct parts *parts, struct slice *ret_slices)
{
	size_t count = 0;

	for (size_t i = 0; i < SLICES_MAX; i++) {
		const struct part *part = &parts->items[i];

		if (part->state == PART_NONE)
			continue;
		ret_slices[count] = part->kept;
		ret_slices[count].to_ms = part->to_ms;
		ret_slices[count++].expected = expect(parts, part);
	}
	return count;
}

size_t parts_count(const struct parts *parts, enum part_state state)
{
	size_t count = 0;

	for (size_t i = 0; i < SLICES_MAX; i++)
		count += parts->items[i].state == state;
	return count;
}
