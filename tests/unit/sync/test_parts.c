/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How a read is cut, without threads, stores and ledgers: records are times, calls take a round, as many as there are readers
 * are made in each. Whatever the times are, each record is read, and it takes hardly more rounds and calls than it must.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/random.h"
#include "parts.h"
#include "tests.h"

#define PAGE 100
#define READERS 8
#define BEGIN INT64_C(1600000000)
#define YEARS3 (INT64_C(3) * 365 * 86400)
#define END (BEGIN + YEARS3)

struct book {
	int64_t *seconds; /* owned: of each record, in order */
	size_t count;
	unsigned char *seen; /* owned */
	struct parts parts;
	struct part *read_by[READERS];
	int64_t asked_to[READERS];
	size_t rounds, calls;
};

static int compare(const void *a, const void *b)
{
	int64_t first = *(const int64_t *)a, second = *(const int64_t *)b;

	return first < second ? -1 : first > second;
}

static void book_init(struct book *book, size_t count)
{
	*book = (struct book){ .count = count };
	book->seconds = memory_new((count + 1) * sizeof(*book->seconds));
	book->seen = memory_new(count + 1);
}

static void book_clear(struct book *book)
{
	free(book->seconds);
	free(book->seen);
}

static size_t first_from(const struct book *book, int64_t second)
{
	size_t low = 0, high = book->count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (book->seconds[middle] < second)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* A page as a ledger gives it: from the last second on, or by places within a second. The position: "second place". */
static void read_page(struct book *book, const struct part *part, int64_t to_s, struct page *page)
{
	long long second = part->from_ms / 1000, place = 0;
	char position[64];
	size_t first, end = first_from(book, to_s);

	if (*part->position)
		assert_int_equal(sscanf(part->position, "%lld %lld", &second, &place), 2);
	first = first_from(book, second) + (size_t)place;
	page_init(page);
	for (size_t i = first; i < end && page->count < PAGE; i++) {
		book->seen[i] = 1;
		page_add(page, (struct json_slice){ 0 });
	}
	if (page->count < PAGE)
		return;
	if (book->seconds[first] == book->seconds[first + PAGE - 1])
		snprintf(position, sizeof(position), "%lld %lld", (long long)book->seconds[first],
			 (long long)(first + PAGE - first_from(book, book->seconds[first])));
	else
		snprintf(position, sizeof(position), "%lld 0", (long long)book->seconds[first + PAGE - 1]);
	page->position = memory_copy_text(position);
	page->reached_ms = book->seconds[first + PAGE - 1] * 1000;
}

/* All who have nothing take something, all calls are made, all answers come. */
static bool round_of(struct book *book)
{
	struct error err = { 0 };
	bool any = false;

	for (int i = 0; i < READERS; i++) {
		size_t taken = parts_count(&book->parts, PART_TAKEN);

		if (!book->read_by[i])
			book->read_by[i] = parts_take(&book->parts, READERS - taken);
		if (book->read_by[i])
			book->asked_to[i] = book->read_by[i]->to_ms / 1000;
	}
	for (int i = 0; i < READERS; i++) {
		struct page page;

		if (!book->read_by[i])
			continue;
		any = true;
		book->calls++;
		read_page(book, book->read_by[i], book->asked_to[i], &page);
		if (!parts_move(&book->parts, book->read_by[i], &page, &err))
			fail_msg("%s", err.text);
		page_clear(&page);
		part_keep(book->read_by[i]);
		if (book->read_by[i]->state == PART_NONE)
			book->read_by[i] = NULL;
	}
	book->rounds += any;
	return any;
}

/* To the end; afterwards everything was seen. */
static void read_all(struct book *book, int64_t counted)
{
	struct slice rest = { .from_ms = BEGIN * 1000, .to_ms = END * 1000, .expected = counted };

	qsort(book->seconds, book->count, sizeof(*book->seconds), compare);
	parts_begin(&book->parts, &rest, 1, PAGE);
	while (round_of(book))
		assert_true(book->rounds < book->count);
	for (size_t i = 0; i < book->count; i++)
		assert_true(book->seen[i]);
	assert_true(book->parts.made < SLICES_MAX * 4);
}

static void expect_cheap(const struct book *book, const char *what, size_t most_rounds, size_t most_calls)
{
	if (book->rounds > most_rounds || book->calls > most_calls)
		fail_msg("%s: %zu rounds, %zu calls, %zu parts", what, book->rounds, book->calls, book->parts.made);
}

/* 80,000 records are 800 pages: 100 rounds of 8. */
#define MANY 80000
#define PAGES (MANY / PAGE)

static void test_even(void **state)
{
	AUTO(book_clear) struct book book;

	(void)state;
	book_init(&book, MANY);
	for (size_t i = 0; i < MANY; i++)
		book.seconds[i] = BEGIN + (int64_t)i * YEARS3 / MANY;
	read_all(&book, MANY);
	expect_cheap(&book, "evenly", PAGES / READERS + 8, PAGES + 30);
}

/* A company that grows: most of it is at the end. */
static void test_growing(void **state)
{
	AUTO(book_clear) struct book book;

	(void)state;
	book_init(&book, MANY);
	for (int64_t i = 0; i < MANY; i++)
		book.seconds[i] = END - 1 - (MANY - i) * (MANY - i) / MANY * (YEARS3 - 10) / MANY / 2;
	read_all(&book, MANY);
	expect_cheap(&book, "growing", PAGES / READERS + 16, PAGES + 60);
}

/* All of it was brought over within an hour, two years ago: each page begins with the second that the last one ended in. */
static void test_hour(void **state)
{
	AUTO(book_clear) struct book book;

	(void)state;
	book_init(&book, MANY);
	for (size_t i = 0; i < MANY; i++)
		book.seconds[i] = BEGIN + YEARS3 / 3 + (int64_t)i * 3600 / MANY;
	read_all(&book, MANY);
	expect_cheap(&book, "an hour", PAGES / READERS + 20, PAGES + 130);
}

/* ... or within a second: that takes as long as it takes, and no calls are wasted meanwhile. */
static void test_second(void **state)
{
	AUTO(book_clear) struct book book;

	(void)state;
	book_init(&book, MANY);
	for (size_t i = 0; i < MANY; i++)
		book.seconds[i] = BEGIN + YEARS3 / 3 + (i % 2 ? 0 : (int64_t)i * YEARS3 / 2 / MANY);
	read_all(&book, MANY);
	expect_cheap(&book, "a second", PAGES / 2 + 30, PAGES + 120);
}

/* Once a month 3,333 were brought over, as fast as it went: a few points in time hold it all. */
static void test_imports(void **state)
{
	AUTO(book_clear) struct book book;

	(void)state;
	book_init(&book, MANY);
	for (int64_t i = 0; i < MANY; i++)
		book.seconds[i] = BEGIN + i / 3333 * (YEARS3 / 25) + i % 3333 / 1500;
	read_all(&book, MANY);
	expect_cheap(&book, "imports", PAGES / READERS * 5 / 4, PAGES + 100);
}

/* What the ledger counts need not be true. */
static void test_miscounted(void **state)
{
	static const int64_t counts[] = { 0, MANY / 4, MANY * 3, INT64_C(1000000000) };

	(void)state;
	for (size_t c = 0; c < ARRAY_LEN(counts); c++) {
		AUTO(book_clear) struct book book;

		book_init(&book, MANY);
		for (size_t i = 0; i < MANY; i++)
			book.seconds[i] = BEGIN + (int64_t)i * YEARS3 / MANY;
		read_all(&book, counts[c]);
		expect_cheap(&book, "miscounted", PAGES + PAGES / 10, PAGES * 3 / 2);
	}
}

/* Any times, with clusters of any size: nothing is left out, and what is kept for a crash covers what is missing. */
static void test_any(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 60; seed++) {
		AUTO(book_clear) struct book book;
		struct slice kept[SLICES_MAX];
		struct random random;
		int64_t at = BEGIN;
		size_t count;

		random_seed(&random, seed);
		count = 1 + random_below(&random, 20000);
		book_init(&book, count);
		for (size_t i = 0; i < count; i++) {
			if (random_below(&random, 1 + seed * 3) == 0)
				at = BEGIN + (int64_t)random_below(&random, YEARS3);
			book.seconds[i] = at + (int64_t)random_below(&random, 1 + seed % 7);
			if (book.seconds[i] >= END)
				book.seconds[i] = END - 1;
		}
		read_all(&book, (int64_t)count);
		if (book.calls > count / PAGE * 3 / 2 + 60)
			fail_msg("seed %llu: %zu records, %zu calls, %zu parts", (unsigned long long)seed, count, book.calls,
				 book.parts.made);
		assert_int_equal(parts_list(&book.parts, kept), 0);
	}
}

/* A page that was under way when its part was cut: nothing of either part is left out. */
static void test_ends(void **state)
{
	struct slice rest = { .from_ms = 0, .to_ms = 1000000, .expected = 1000 }, kept[SLICES_MAX];
	struct page page;
	struct parts parts;
	struct part *first, *second;
	struct error err = { 0 };
	int64_t covered = 0;
	size_t before;

	(void)state;
	parts_begin(&parts, &rest, 1, PAGE);
	first = parts_take(&parts, 8);
	assert_non_null(first);
	assert_true(first->to_ms == 1000000);
	second = parts_take(&parts, 7);
	assert_non_null(second);
	assert_true(second->from_ms >= first->to_ms && first->to_ms % 1000 == 0);
	before = parts_list(&parts, kept);
	assert_true(before > 2);
	page_init(&page);
	page.position = memory_copy_text("here");
	page.reached_ms = first->to_ms + 5000;
	assert_true(parts_move(&parts, first, &page, &err));
	assert_int_equal(first->state, PART_FETCHED);
	/* It stays in what is kept until its page is; all together they are the range. */
	assert_int_equal(parts_list(&parts, kept), before);
	for (size_t i = 0; i < before; i++)
		covered += kept[i].to_ms - kept[i].from_ms;
	assert_true(covered == 1000000);
	/* A ledger that does not move on. */
	page.reached_ms = second->from_ms;
	assert_true(parts_move(&parts, second, &page, &err));
	assert_false(parts_move(&parts, second, &page, &err));
	assert_int_equal(err.code, ERROR_REMOTE);
	page_clear(&page);
}

int test_parts(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_even),	   cmocka_unit_test(test_growing), cmocka_unit_test(test_hour),
		cmocka_unit_test(test_second),	   cmocka_unit_test(test_imports), cmocka_unit_test(test_miscounted),
		cmocka_unit_test(test_any),	   cmocka_unit_test(test_ends),
	};

	return cmocka_run_group_tests_name("parts", tests, NULL, NULL);
}
