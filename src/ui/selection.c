/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A set of ids, by their hash; and what the keys for marks make of it. */
#include "selection.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"

#define ROOM_FIRST 64

/* ---- the set */

static size_t hash(const char *id)
{
	uint64_t sum = UINT64_C(14695981039346656037);

	for (; *id; id++)
		sum = (sum ^ (unsigned char)*id) * UINT64_C(1099511628211);
	return (size_t)sum;
}

/* Where it stands, or would stand. */
static size_t place(const struct selection *selection, const char *id)
{
	size_t at = hash(id) & (selection->room - 1);

	while (selection->slots[at] && strcmp(selection->slots[at], id) != 0)
		at = (at + 1) & (selection->room - 1);
	return at;
}

static void make_room(struct selection *selection)
{
	struct selection larger = { .room = selection->room ? 2 * selection->room : ROOM_FIRST };

	larger.slots = memory_new(larger.room * sizeof(*larger.slots));
	for (size_t i = 0; i < selection->room; i++)
		if (selection->slots[i])
			larger.slots[place(&larger, selection->slots[i])] = selection->slots[i];
	free(selection->slots);
	selection->slots = larger.slots;
	selection->room = larger.room;
}

void selection_clear(struct selection *selection)
{
	for (size_t i = 0; i < selection->room; i++)
		free(selection->slots[i]);
	free(selection->slots);
	*selection = (struct selection){ 0 };
}

bool selection_has(const struct selection *selection, const char *id)
{
	return selection->count > 0 && selection->slots[place(selection, id)];
}

bool selection_add(struct selection *selection, const char *id)
{
	size_t at;

	if (selection_has(selection, id))
		return true;
	if (selection->count == SELECTION_MAX || strlen(id) >= SELECTION_ID_MAX)
		return false;
	/* At most half full, so that places are found soon. */
	if (2 * (selection->count + 1) > selection->room)
		make_room(selection);
	at = place(selection, id);
	selection->slots[at] = memory_copy_text(id);
	selection->count++;
	return true;
}

void selection_remove(struct selection *selection, const char *id)
{
	size_t at, mask = selection->room - 1;

	if (!selection_has(selection, id))
		return;
	at = place(selection, id);
	free(selection->slots[at]);
	selection->slots[at] = NULL;
	selection->count--;
	/* Those behind it may have stood here, had there been room. */
	for (at = (at + 1) & mask; selection->slots[at]; at = (at + 1) & mask) {
		char *moved = selection->slots[at];

		selection->slots[at] = NULL;
		selection->slots[place(selection, moved)] = moved;
	}
}

const char *selection_next(const struct selection *selection, size_t *at)
{
	while (*at < selection->room)
		if (selection->slots[(*at)++])
			return selection->slots[*at - 1];
	return NULL;
}

/* The shorter first: so numbers are in their order. */
static int compare(const void *left, const void *right)
{
	const char *const *a = left, *const *b = right;
	size_t len = strlen(*a), other = strlen(*b);

	return len == other ? strcmp(*a, *b) : len < other ? -1 : 1;
}

void selection_add_lines(const struct selection *selection, struct str *out)
{
	AUTO(memory_freep) const char **ids = memory_new((selection->count + 1) * sizeof(*ids));
	size_t at = 0, count = 0;
	const char *id;

	while ((id = selection_next(selection, &at)) != NULL)
		ids[count++] = id;
	qsort(ids, count, sizeof(*ids), compare);
	for (size_t i = 0; i < count; i++)
		str_addf(out, "%s%s", i > 0 ? "\n" : "", ids[i]);
}

void selection_add_title(const struct selection *selection, struct str *out)
{
	if (selection->count > 0)
		str_addf(out, ", %zu marked", selection->count);
}

/* ---- keys */

static void mark(struct selection *selection, const char *id)
{
	if (selection_add(selection, id))
		snprintf(selection->last, sizeof(selection->last), "%s", id);
}

/* All of them, or none of them once all are. */
static void mark_all(struct selection *selection, int64_t rows, bool (*id)(void *ctx, int64_t row, char *out), void *ctx)
{
	char each[SELECTION_ID_MAX];
	bool all = true;

	for (int64_t row = 0; row < rows && all; row++)
		all = !id(ctx, row, each) || selection_has(selection, each);
	for (int64_t row = 0; row < rows; row++) {
		if (!id(ctx, row, each))
			continue;
		if (all)
			selection_remove(selection, each);
		else
			mark(selection, each);
	}
}

/* From the one that was marked last; where that is gone, only the one under the cursor. */
static void mark_range(struct selection *selection, const struct table *table, bool (*id)(void *ctx, int64_t row, char *out), void *ctx)
{
	int64_t from = table->cursor, to = table->cursor;
	char each[SELECTION_ID_MAX];

	for (int64_t row = 0; row < table->count; row++) {
		if (!id(ctx, row, each) || strcmp(each, selection->last) != 0)
			continue;
		from = row < table->cursor ? row : table->cursor;
		to = row < table->cursor ? table->cursor : row;
	}
	for (int64_t row = from; row <= to; row++)
		if (id(ctx, row, each))
			selection_add(selection, each);
	if (id(ctx, table->cursor, each))
		mark(selection, each);
}

bool selection_act(struct selection *selection, struct table *table, enum action action,
		   bool (*id)(void *ctx, int64_t row, char *out), void *ctx)
{
	char here[SELECTION_ID_MAX];

	switch (action) {
	case ACTION_MARK:
		if (table->cursor < table->count && id(ctx, table->cursor, here)) {
			if (selection_has(selection, here))
				selection_remove(selection, here);
			else
				mark(selection, here);
		}
		table_move(table, 1);
		return true;
	case ACTION_MARK_ALL:
		mark_all(selection, table->count, id, ctx);
		return true;
	case ACTION_MARK_RANGE:
		if (table->cursor < table->count)
			mark_range(selection, table, id, ctx);
		return true;
	default:
		return false;
	}
}
