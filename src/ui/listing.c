/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers of rows, filtered and sorted. */
#include "listing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"

static bool word_fits(const char *word, size_t len, const char *const *places, size_t count)
{
	char text[100];

	snprintf(text, sizeof(text), "%.*s", len < sizeof(text) ? (int)len : (int)sizeof(text) - 1, word);
	for (size_t i = 0; i < count; i++)
		if (strcasestr(places[i], text))
			return true;
	return false;
}

bool listing_words_fit(const char *filter, const char *const *places, size_t count)
{
	while (*(filter += strspn(filter, " "))) {
		size_t len = strcspn(filter, " ");

		if (!word_fits(filter, len, places, count))
			return false;
		filter += len;
	}
	return true;
}

bool listing_knows(const struct listing_source *source, const char *id)
{
	char each[LISTING_ID_MAX];

	for (size_t row = 0; row < source->count; row++) {
		source->id(source->ctx, row, each);
		if (strcmp(each, id) == 0)
			return true;
	}
	return false;
}

void listing_clear(struct listing *listing)
{
	free(listing->rows);
	*listing = (struct listing){ 0 };
}

size_t listing_row(const struct listing *listing, int64_t place)
{
	return place >= 0 && place < (int64_t)listing->count ? listing->rows[place] : LISTING_NONE;
}

size_t listing_current(const struct listing *listing)
{
	return listing_row(listing, listing->table.cursor);
}

void listing_note(struct listing *listing, const struct listing_source *source)
{
	size_t row = listing_current(listing);

	*listing->cursor = '\0';
	if (row != LISTING_NONE && !(listing->tops && listing->table.cursor == 0))
		source->id(source->ctx, row, listing->cursor);
}

/* ---- the order */

static bool comes_after(const struct listing_source *source, size_t a, size_t b)
{
	int order = source->compare(source->ctx, a, b);

	return order > 0 || (order == 0 && a > b);
}

/* Halves that are in order become one that is. */
static void merge(const struct listing_source *source, size_t *rows, size_t count, size_t *scratch)
{
	size_t half = count / 2, left = 0, right = half;

	if (count < 2)
		return;
	merge(source, rows, half, scratch);
	merge(source, rows + half, count - half, scratch);
	memcpy(scratch, rows, count * sizeof(*rows));
	for (size_t i = 0; i < count; i++)
		if (left < half && (right == count || !comes_after(source, scratch[left], scratch[right])))
			rows[i] = scratch[left++];
		else
			rows[i] = scratch[right++];
}

static void sort(struct listing *listing, const struct listing_source *source)
{
	AUTO(memory_freep) size_t *scratch = memory_new((listing->count + 1) * sizeof(*scratch));

	merge(source, listing->rows, listing->count, scratch);
}

bool listing_arrange(struct listing *listing, const struct listing_source *source)
{
	char id[LISTING_ID_MAX];
	int64_t place = -1;
	bool stays;

	listing->count = 0;
	for (size_t row = 0; row < source->count; row++) {
		if (source->fits && !source->fits(source->ctx, row))
			continue;
		memory_grow(&listing->rows, &listing->room, listing->count + 1, sizeof(*listing->rows));
		listing->rows[listing->count++] = row;
	}
	if (source->compare)
		sort(listing, source);
	for (size_t i = 0; *listing->cursor && place < 0 && i < listing->count; i++) {
		source->id(source->ctx, listing->rows[i], id);
		if (strcmp(id, listing->cursor) == 0)
			place = (int64_t)i;
	}
	stays = place >= 0 || !*listing->cursor;
	if (place < 0)
		place = *listing->cursor ? listing->table.cursor : 0;
	table_keep(&listing->table, (int64_t)listing->count, place);
	listing_note(listing, source);
	return stays;
}

/* ---- moving */

bool listing_act(struct listing *listing, const struct listing_source *source, enum action action)
{
	if (!table_act(&listing->table, action))
		return false;
	listing_note(listing, source);
	return true;
}

bool listing_find(struct listing *listing, const struct listing_source *source, int step, bool here,
		  bool (*has)(const void *ctx, size_t row))
{
	int64_t count = (int64_t)listing->count;

	for (int64_t i = here ? 0 : 1; count > 0 && i <= count; i++) {
		int64_t place = ((listing->table.cursor + step * i) % count + count) % count;

		if (!has(source->ctx, listing->rows[place]))
			continue;
		table_go(&listing->table, place);
		listing_note(listing, source);
		return true;
	}
	return false;
}
