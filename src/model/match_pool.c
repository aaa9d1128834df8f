/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The items that are left. They are put in order once, so that whatever order they came in no longer matters, and texts
 * become numbers once. After that each pass sorts a list of keys, by digits and not by comparing: a key that everybody
 * has costs no more than others. Equal keys stand together then, both sides in order of date.
 */
#include "match_impl.h"

#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/hash.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"

#define DIGIT_COUNT (1 << POOL_DIGIT_BITS)
#define LOOK_UP 65536 /* items between two questions whether to stop */

static bool must_stop(struct pool *pool)
{
	if (!pool->is_stopped && pool->stopped && pool->stopped(pool->ctx))
		pool->is_stopped = true;
	return pool->is_stopped;
}

static size_t digit(uint64_t key, int place)
{
	return key >> (place * POOL_DIGIT_BITS) & (DIGIT_COUNT - 1);
}

/* One digit's turn: equal digits stay in the order in which they stand. */
static void sort_digit(struct pool *pool, int place, uint32_t *starts)
{
	struct pool_entry *sorted = pool->spare;
	uint32_t start = 0;

	for (size_t i = 0; i < DIGIT_COUNT; i++) {
		uint32_t count = starts[i];

		starts[i] = start;
		start += count;
	}
	for (size_t i = 0; i < pool->entry_count; i++)
		sorted[starts[digit(pool->entries[i].key, place)]++] = pool->entries[i];
	pool->spare = pool->entries;
	pool->entries = sorted;
}

/* By key, stable. */
static void sort_entries(struct pool *pool)
{
	if (pool->entry_count == 0)
		return;
	memset(pool->digits, 0, sizeof(pool->digits));
	for (size_t i = 0; i < pool->entry_count; i++)
		for (int place = 0; place < POOL_DIGITS; place++)
			pool->digits[place][digit(pool->entries[i].key, place)]++;
	for (int place = 0; place < POOL_DIGITS; place++)
		if (pool->digits[place][digit(pool->entries[0].key, place)] != pool->entry_count)
			sort_digit(pool, place, pool->digits[place]);
}

/* Where the entries end that have the key of the one at `from`. */
static size_t run_end(const struct pool *pool, size_t from)
{
	size_t to = from + 1;

	while (to < pool->entry_count && pool->entries[to].key == pool->entries[from].key)
		to++;
	return to;
}

/* What is in order already, as very many equal ones are, is only looked through. */
static void sort_run(struct pool_entry *entries, size_t count, int (*compare)(const void *a, const void *b))
{
	for (size_t i = 1; i < count; i++) {
		if (compare(&entries[i - 1], &entries[i]) <= 0)
			continue;
		qsort(entries, count, sizeof(*entries), compare);
		return;
	}
}

static int compare_texts(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

/* What tells items of one date and amount apart; 0: nothing does. */
static int compare_items(const void *a, const void *b)
{
	const struct match_item *one = (const void *)(uintptr_t)((const struct pool_entry *)a)->key;
	const struct match_item *other = (const void *)(uintptr_t)((const struct pool_entry *)b)->key;
	int order = compare_texts(one->number, other->number);

	if (order == 0)
		order = compare_texts(one->party, other->party);
	if (order == 0)
		order = compare_texts(one->link, other->link);
	if (order == 0)
		order = compare_texts(one->tag, other->tag);
	if (order == 0)
		order = compare_texts(one->text, other->text);
	if (order == 0)
		order = strncmp(one->currency, other->currency, sizeof(one->currency));
	return order ? order : (one->kind > other->kind) - (one->kind < other->kind);
}

/* The items become those that the entries name, in their order. */
static void permute(struct pool *pool, struct pool_item *items)
{
	struct pool_entry *entries = pool->entries;

	for (uint32_t i = 0; i < pool->entry_count; i++) {
		struct pool_item moved = items[i];
		uint32_t at = i;

		while (entries[at].item != i) {
			uint32_t from = entries[at].item;

			items[at] = items[from];
			entries[at].item = at;
			at = from;
		}
		items[at] = moved;
		entries[at].item = at;
	}
}

/* A side in order of date and amount, and of all else where those are equal. */
static void order_side(struct pool *pool, const struct match_item *side, size_t count, struct pool_item *items)
{
	pool->entry_count = count;
	for (size_t i = 0; i < count; i++)
		pool->entries[i] = (struct pool_entry){ (uint64_t)items[i].amount ^ UINT64_C(1) << 63, (uint32_t)i, items[i].day };
	sort_entries(pool);
	for (size_t i = 0; i < count; i++)
		pool->entries[i].key = (uint32_t)pool->entries[i].day ^ UINT32_C(1) << 31;
	sort_entries(pool);
	for (size_t from = 0, to; from < count; from = to) {
		const struct pool_item *first = &items[pool->entries[from].item], *other = first;

		for (to = from; to < count; to++) {
			other = &items[pool->entries[to].item];
			if (other->day != first->day || other->amount != first->amount)
				break;
			pool->entries[to].key = (uintptr_t)&side[other->place];
		}
		sort_run(pool->entries + from, to - from, compare_items);
	}
	permute(pool, items);
}

const struct match_item *pool_source(const struct pool *pool, uint32_t item)
{
	uint32_t place = pool->items[item].place;

	return pool_is_first(pool, item) ? &pool->first[place] : &pool->second[place];
}

/* ---- numbers for texts ---- */

static const char *link_of(const struct match_item *item)
{
	return item->link;
}

static const char *tag_of(const struct match_item *item)
{
	return item->tag;
}

static const char *number_of(const struct match_item *item)
{
	return item->number;
}

static const char *party_of(const struct match_item *item)
{
	return item->party;
}

static void set_number(struct pool_item *item, uint32_t number)
{
	item->number = number;
}

static void set_party(struct pool_item *item, uint32_t party)
{
	item->party = party;
}

static void set_link(struct pool_item *item, uint32_t number)
{
	item->link = number;
}

static void set_tag(struct pool_item *item, uint32_t number)
{
	item->tag = number;
}

static int compare_forms(const void *a, const void *b)
{
	const char *one = (const void *)(uintptr_t)((const struct pool_entry *)a)->key;
	const char *other = (const void *)(uintptr_t)((const struct pool_entry *)b)->key;
	AUTO(str_clear) struct str one_form = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str other_form = STR_INIT(STR_NO_LIMIT);

	str_add_alike(&one_form, one, strlen(one));
	str_add_alike(&other_form, other, strlen(other));
	return strcmp(one_form.text, other_form.text);
}

/* Texts of one hash are nearly always one text; then it has one number, else each has its own. Returns the last number. */
static uint32_t number_run(struct pool *pool, size_t from, size_t to, uint32_t last,
			   const char *(*text_of)(const struct match_item *item),
			   void (*set)(struct pool_item *item, uint32_t number))
{
	const char *text = to - from > 1 ? text_of(pool_source(pool, pool->entries[from].item)) : NULL;
	bool is_one = true;

	for (size_t i = from + 1; i < to && is_one; i++)
		is_one = match_alike(text, text_of(pool_source(pool, pool->entries[i].item)));
	if (!is_one) {
		for (size_t i = from; i < to; i++)
			pool->entries[i].key = (uintptr_t)text_of(pool_source(pool, pool->entries[i].item));
		sort_run(pool->entries + from, to - from, compare_forms);
	}
	last++;
	for (size_t i = from; i < to; i++) {
		if (!is_one && i > from && compare_forms(&pool->entries[i - 1], &pool->entries[i]) != 0)
			last++;
		set(&pool->items[pool->entries[i].item], last);
	}
	return last;
}

static void number_texts(struct pool *pool, const char *(*text_of)(const struct match_item *item),
			 void (*set)(struct pool_item *item, uint32_t number))
{
	AUTO(str_clear) struct str form = STR_INIT(STR_NO_LIMIT);
	uint32_t last = 0;

	pool->entry_count = 0;
	for (size_t i = 0; i < pool->count; i++) {
		const char *text = text_of(pool_source(pool, (uint32_t)i));

		if (!text || !text[0])
			continue;
		str_reset(&form);
		str_add_alike(&form, text, strlen(text));
		if (form.len > 0)
			pool->entries[pool->entry_count++] = (struct pool_entry){ hash_bytes(form.text, form.len), (uint32_t)i, 0 };
	}
	sort_entries(pool);
	for (size_t from = 0, to; from < pool->entry_count; from = to) {
		to = run_end(pool, from);
		last = number_run(pool, from, to, last, text_of, set);
	}
}

static void number_pairs(struct pool *pool)
{
	uint32_t last = 0;

	pool->entry_count = 0;
	for (size_t i = 0; i < pool->count; i++) {
		struct pool_item *item = &pool->items[i];

		if (item->number != 0)
			pool->entries[pool->entry_count++] =
				(struct pool_entry){ (uint64_t)item->number << 32 | item->value, (uint32_t)i, 0 };
	}
	sort_entries(pool);
	for (size_t from = 0, to; from < pool->entry_count; from = to) {
		to = run_end(pool, from);
		last++;
		for (size_t i = from; i < to; i++)
			pool->items[pool->entries[i].item].both = last;
	}
}

static uint64_t group_key(const struct match_item *item)
{
	uint64_t key = item->kind;

	for (size_t i = 0, len = strnlen(item->currency, sizeof(item->currency)); i < sizeof(item->currency); i++)
		key = key << 8 | (i < len ? (unsigned char)item->currency[i] : 0);
	return key;
}

static void number_groups(struct pool *pool)
{
	pool->entry_count = pool->count;
	for (size_t i = 0; i < pool->count; i++)
		pool->entries[i] = (struct pool_entry){ group_key(pool_source(pool, (uint32_t)i)), (uint32_t)i, 0 };
	sort_entries(pool);
	for (size_t from = 0, to; from < pool->count; from = to) {
		to = run_end(pool, from);
		pool->groups++;
		for (size_t i = from; i < to; i++)
			pool->items[pool->entries[i].item].group = (uint32_t)pool->groups;
	}
}

static void number_values(struct pool *pool)
{
	const struct pool_item *before = NULL;
	uint32_t last = 0;

	pool->entry_count = pool->count;
	for (size_t i = 0; i < pool->count; i++)
		pool->entries[i] = (struct pool_entry){ (uint64_t)pool->items[i].amount, (uint32_t)i, 0 };
	sort_entries(pool);
	for (size_t i = 0; i < pool->count; i++)
		pool->entries[i].key = pool->items[pool->entries[i].item].group;
	sort_entries(pool);
	for (size_t i = 0; i < pool->count; i++) {
		struct pool_item *item = &pool->items[pool->entries[i].item];

		if (!before || before->group != item->group || before->amount != item->amount)
			last++;
		item->value = last;
		before = item;
	}
}

static void place_items(const struct match_item *side, size_t count, struct pool_item *items)
{
	for (size_t i = 0; i < count; i++)
		items[i] = (struct pool_item){ .amount = side[i].amount, .day = side[i].date.day, .place = (uint32_t)i };
}

/* What needs the caller's items comes before they are put in order: memory is read from front to back then. */
bool pool_fill(struct pool *pool, const struct match_item *first, size_t first_count, const struct match_item *second,
	       size_t second_count)
{
	pool->first = first;
	pool->second = second;
	pool->first_count = first_count;
	pool->count = first_count + second_count;
	pool->items = memory_new((pool->count + 1) * sizeof(*pool->items));
	pool->entries = memory_new((pool->count + 1) * sizeof(*pool->entries));
	pool->spare = memory_new((pool->count + 1) * sizeof(*pool->spare));
	place_items(first, first_count, pool->items);
	place_items(second, second_count, pool->items + first_count);
	number_groups(pool);
	number_texts(pool, link_of, set_link);
	number_texts(pool, tag_of, set_tag);
	if (must_stop(pool))
		return false;
	number_texts(pool, number_of, set_number);
	number_texts(pool, party_of, set_party);
	if (must_stop(pool))
		return false;
	number_values(pool);
	number_pairs(pool);
	order_side(pool, first, first_count, pool->items);
	order_side(pool, second, second_count, pool->items + first_count);
	return !must_stop(pool);
}

void pool_clear(struct pool *pool)
{
	free(pool->items);
	free(pool->entries);
	free(pool->spare);
}

/* ---- bringing together ---- */

/* Items from `from` to `to` with what is near of the others: in order of date, so both its ends only go forward. */
static bool sweep(struct pool *pool, const struct pool_join *join, size_t from, size_t to, size_t others_from,
		  size_t others_to, struct pool_span span)
{
	const struct pool_entry *entries = pool->entries;
	size_t low = others_from, high = others_from;

	for (size_t i = from; i < to; i++) {
		if (i % LOOK_UP == 0 && must_stop(pool))
			return false;
		while (low < others_to && entries[low].day < entries[i].day - span.before)
			low++;
		while (high < others_to && entries[high].day <= entries[i].day + span.after)
			high++;
		if (high > low)
			join->visit(join->ctx, entries[i].item, &entries[low], high - low);
	}
	return true;
}

/* Marks for keys of the smaller side, where spare entries are: most of the larger side's have no such key. */
struct marks {
	uint64_t *words;
	int shift;
};

static uint64_t mark_of(const struct marks *marks, uint64_t key)
{
	return key * UINT64_C(0x9e3779b97f4a7c15) >> marks->shift;
}

static struct marks mark_smaller(struct pool *pool, const struct pool_join *join)
{
	size_t from = 0, to = pool->first_count, bits = 64;
	struct marks marks = { .words = (uint64_t *)pool->spare, .shift = 64 - 6 };

	if (pool->count - pool->first_count < pool->first_count) {
		from = pool->first_count;
		to = pool->count;
	}
	for (; bits < 16 * (to - from); bits *= 2)
		marks.shift--;
	memset(marks.words, 0, bits / 8);
	for (size_t i = from; i < to; i++) {
		uint64_t key;

		if (pool->items[i].pass == MATCH_NONE && join->key(&pool->items[i], &key))
			marks.words[mark_of(&marks, key) / 64] |= UINT64_C(1) << mark_of(&marks, key) % 64;
	}
	return marks;
}

static void list_entries(struct pool *pool, const struct pool_join *join)
{
	struct marks marks = mark_smaller(pool, join);

	pool->entry_count = 0;
	for (size_t i = 0; i < pool->count; i++) {
		struct pool_item *item = &pool->items[i];
		uint64_t key;

		if (item->pass == MATCH_NONE && join->key(item, &key) &&
		    marks.words[mark_of(&marks, key) / 64] >> mark_of(&marks, key) % 64 & 1)
			pool->entries[pool->entry_count++] = (struct pool_entry){ key, (uint32_t)i, item->day };
	}
}

bool pool_go(struct pool *pool, const struct pool_join *join)
{
	list_entries(pool, join);
	sort_entries(pool);
	for (size_t from = 0, to; from < pool->entry_count; from = to) {
		size_t middle = from;
		struct pool_span span, back;

		to = run_end(pool, from);
		while (middle < to && pool_is_first(pool, pool->entries[middle].item))
			middle++;
		if (middle == from || middle == to)
			continue;
		span = join->span(join->ctx, pool->items[pool->entries[from].item].group);
		back = (struct pool_span){ .before = span.after, .after = span.before };
		if (!sweep(pool, join, from, middle, middle, to, span) || !sweep(pool, join, middle, to, from, middle, back))
			return false;
	}
	return !must_stop(pool);
}
