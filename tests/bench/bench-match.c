/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What matching 100,000 rows against a million costs, beside a bound: sorting the same rows by date, amount and number.
 * Once as books are, then with what would be worst: one amount, one number, one date and party for all, and all of that
 * together. `bench-match 10` takes ten times as many.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/random.h"
#include "ledgerdeck/model/match.h"

#define FIRST_COUNT ((size_t)100000)
#define SECOND_COUNT ((size_t)1000000)
#define TEXT_MAX 24
#define PARTIES 5000
#define DAYS 1000
#define CHANGED 50 /* one of so many rows of the first side is none of the second's */

enum same {
	SAME_AMOUNT = 1,
	SAME_NUMBER = 2,
	SAME_PARTY = 4,
	SAME_DATE = 8,
};

struct side {
	struct match_item *items; /* owned */
	size_t count;
	char (*texts)[2][TEXT_MAX]; /* owned: number and party */
};

static int64_t cpu_us(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * INT64_C(1000000) + usage.ru_utime.tv_usec +
	       usage.ru_stime.tv_usec;
}

static long peak_mib(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss / 1024;
}

/* Rows are known by a number: the same number makes the same row. */
static void make_row(struct side *side, size_t at, uint64_t row, unsigned int same)
{
	struct match_item *item = &side->items[at];
	struct random random;

	random_seed(&random, row);
	snprintf(side->texts[at][0], TEXT_MAX, "INV-%lu", same & SAME_NUMBER ? 1UL : (unsigned long)row);
	snprintf(side->texts[at][1], TEXT_MAX, "Customer %lu",
		 same & SAME_PARTY ? 1UL : (unsigned long)random_below(&random, PARTIES));
	*item = (struct match_item){ .kind = 1, .currency = "USD", .number = side->texts[at][0], .party = side->texts[at][1],
				     .text = "Thanks for it" };
	item->amount = same & SAME_AMOUNT ? 100000000 : (int64_t)(random_below(&random, 1000000) + 1) * 10000;
	item->date.day = 20000 + (same & SAME_DATE ? 0 : (int32_t)random_below(&random, DAYS));
}

static struct side make_side(size_t count, size_t of, unsigned int same, uint64_t seed)
{
	struct side side = { .count = count };
	size_t step = of / count;
	AUTO(memory_freep) size_t *rows = memory_new(count * sizeof(*rows));
	struct random random;

	side.items = memory_new(count * sizeof(*side.items));
	side.texts = memory_new(count * sizeof(*side.texts));
	random_seed(&random, seed);
	for (size_t i = 0; i < count; i++) {
		size_t other = random_below(&random, i + 1);

		rows[i] = rows[other];
		rows[other] = step > 1 && i % CHANGED == 0 ? of + i : i * step;
	}
	for (size_t i = 0; i < count; i++)
		make_row(&side, i, rows[i], same);
	return side;
}

static int compare(const void *a, const void *b)
{
	const struct match_item *one = a, *other = b;

	if (one->date.day != other->date.day)
		return one->date.day < other->date.day ? -1 : 1;
	if (one->amount != other->amount)
		return one->amount < other->amount ? -1 : 1;
	return strcmp(one->number, other->number);
}

static struct match_tolerance tolerate(void *ctx, uint32_t kind, const char *currency)
{
	(void)ctx;
	(void)kind;
	(void)currency;
	return (struct match_tolerance){ 50000, 50000, 10000, 10000, 3, 3 };
}

static bool count_match(void *ctx, const struct match *match)
{
	size_t *counts = ctx;

	counts[match_pass_is_sure(match->pass)]++;
	return true;
}

static int64_t sort_both(const struct side *first, const struct side *second)
{
	size_t count = first->count + second->count;
	AUTO(memory_freep) struct match_item *all = memory_new(count * sizeof(*all));
	int64_t from;

	memcpy(all, first->items, first->count * sizeof(*all));
	memcpy(all + first->count, second->items, second->count * sizeof(*all));
	from = cpu_us();
	qsort(all, count, sizeof(*all), compare);
	return cpu_us() - from;
}

static void measure(const char *what, size_t times, unsigned int same)
{
	struct match_rules rules = match_rules_usual();
	struct side first = make_side(times * FIRST_COUNT, times * SECOND_COUNT, same, 1);
	struct side second = make_side(times * SECOND_COUNT, times * SECOND_COUNT, same, 2);
	size_t counts[2] = { 0 };
	long before = peak_mib(), peak;
	int64_t from = cpu_us(), matching, sorting;

	rules.tolerance = tolerate;
	match_run(first.items, first.count, second.items, second.count, &rules, count_match, counts, NULL);
	matching = cpu_us() - from;
	peak = peak_mib();
	sorting = sort_both(&first, &second);
	printf("match %-22s %zu with %zu: %zu matched, %zu suggested, %ld ms, %ld.%ld times sorting them (%ld ms)", what,
	       first.count, second.count, counts[true], counts[false], (long)(matching / 1000), (long)(matching / sorting),
	       (long)(matching * 10 / sorting % 10), (long)(sorting / 1000));
	/* The peak only rises: what came before stands beside it. */
	printf("; %ld MiB at most, %ld before\n", peak, before);
	fflush(stdout);
	free(first.items);
	free(first.texts);
	free(second.items);
	free(second.texts);
}

int main(int argc, char **argv)
{
	size_t times = argc > 1 ? strtoul(argv[1], NULL, 10) : 1;

	measure("books", times ? times : 1, 0);
	measure("one amount", times ? times : 1, SAME_AMOUNT);
	measure("one number", times ? times : 1, SAME_NUMBER);
	measure("one amount and number", times ? times : 1, SAME_AMOUNT | SAME_NUMBER);
	measure("one party and date", times ? times : 1, SAME_PARTY | SAME_DATE);
	measure("all alike", times ? times : 1, SAME_AMOUNT | SAME_NUMBER | SAME_PARTY | SAME_DATE);
	return 0;
}
