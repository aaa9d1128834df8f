/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A heap whose top is the last of those that are kept: what comes behind it is not looked at again. */
#include "sorter.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ledgerdeck/core/memory.h"

/* ---- order */

static int compare_numbers(int64_t a, int64_t b)
{
	return a < b ? -1 : a > b;
}

static int compare_texts(enum record_order order, const struct cell *a, const struct cell *b)
{
	size_t len = a->len < b->len ? a->len : b->len;
	int by_bytes;

	if (order == RECORD_BY_ID && a->len != b->len)
		return compare_numbers((int64_t)a->len, (int64_t)b->len);
	by_bytes = order == RECORD_BY_TITLE ? strncasecmp(a->text, b->text, len) : memcmp(a->text, b->text, len);
	return by_bytes ? by_bytes : compare_numbers((int64_t)a->len, (int64_t)b->len);
}

int sort_compare(enum record_order order, const struct sort_key *a, const struct sort_key *b)
{
	int by_key = compare_numbers(a->cell.kind, b->cell.kind);

	if (by_key == 0 && a->cell.kind == CELL_INTEGER)
		by_key = compare_numbers(a->cell.integer, b->cell.integer);
	else if (by_key == 0 && a->cell.kind == CELL_TEXT)
		by_key = compare_texts(order, &a->cell, &b->cell);
	return by_key ? by_key : compare_numbers(a->no, b->no);
}

void sort_key_copy(struct sort_key *key, const struct sort_key *from)
{
	*key = *from;
	if (from->cell.kind == CELL_TEXT)
		key->cell.text = memory_copy(from->cell.text, from->cell.len);
}

void sort_key_clear(struct sort_key *key)
{
	if (key->cell.kind == CELL_TEXT)
		free((char *)(uintptr_t)key->cell.text);
	key->cell = (struct cell){ .kind = CELL_NONE };
}

/* ---- the heap */

static int compare(const struct sorter *sorter, const struct sort_key *a, const struct sort_key *b)
{
	int upwards = sort_compare(sorter->order, a, b);

	return sorter->descending ? -upwards : upwards;
}

static void swap(struct sort_key *a, struct sort_key *b)
{
	struct sort_key kept = *a;

	*a = *b;
	*b = kept;
}

static void sink(struct sorter *sorter, size_t count)
{
	for (size_t at = 0, child; (child = 2 * at + 1) < count; at = child) {
		if (child + 1 < count && compare(sorter, &sorter->keys[child + 1], &sorter->keys[child]) > 0)
			child++;
		if (compare(sorter, &sorter->keys[at], &sorter->keys[child]) >= 0)
			return;
		swap(&sorter->keys[at], &sorter->keys[child]);
	}
}

static void rise(struct sorter *sorter, size_t at)
{
	for (size_t parent; at > 0; at = parent) {
		parent = (at - 1) / 2;
		if (compare(sorter, &sorter->keys[at], &sorter->keys[parent]) <= 0)
			return;
		swap(&sorter->keys[at], &sorter->keys[parent]);
	}
}

void sorter_take(struct sorter *sorter, const struct sort_key *key)
{
	if (sorter->count < sorter->most) {
		memory_grow(&sorter->keys, &sorter->room, sorter->count + 1, sizeof(*sorter->keys));
		sort_key_copy(&sorter->keys[sorter->count], key);
		rise(sorter, sorter->count++);
	} else if (sorter->most > 0 && compare(sorter, key, &sorter->keys[0]) < 0) {
		sort_key_clear(&sorter->keys[0]);
		sort_key_copy(&sorter->keys[0], key);
		sink(sorter, sorter->count);
	}
}

void sorter_finish(struct sorter *sorter)
{
	for (size_t left = sorter->count; left > 1; left--) {
		swap(&sorter->keys[0], &sorter->keys[left - 1]);
		sink(sorter, left - 1);
	}
}

void sorter_clear(struct sorter *sorter)
{
	for (size_t i = 0; i < sorter->count; i++)
		sort_key_clear(&sorter->keys[i]);
	free(sorter->keys);
	*sorter = (struct sorter){ 0 };
}
