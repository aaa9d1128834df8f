/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What it costs to take records in, from the socket to the committed row, beside the bound (bound.h): the whole
 * engine over HTTP, first load and the same again, unchanged. Each measurement is a process of its own; rounds of all
 * of them follow one another, and medians are told. Times are the client's processor's alone.
 *
 *     bench-ingest [INVOICES [CUSTOMERS [ROUNDS]]]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bound.h"
#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/memory.h"
#include "mirror.h"

#define RECORDS 60000
#define ROUNDS 3
#define ROUNDS_MAX 99

enum part { BOUND_LOAD, FIRST_LOAD, AGAIN, PART_COUNT };
static const char *const part_words[PART_COUNT] = { "bound, first load", "mirror, first load", "mirror, again unchanged" };

struct figure {
	int64_t cpu_us, wall_us, bytes; /* bytes: of the file; 0: not looked at */
};

struct round {
	struct figure parts[PART_COUNT];
};

static int64_t cpu_us(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * INT64_C(1000000) + usage.ru_utime.tv_usec +
	       usage.ru_stime.tv_usec;
}

static int64_t wall_us(void)
{
	struct env env = env_real();

	return env.ticks_ms(env.ctx) * 1000;
}

static struct figure begin(void)
{
	return (struct figure){ .cpu_us = -cpu_us(), .wall_us = -wall_us() };
}

static void end(struct figure *figure)
{
	figure->cpu_us += cpu_us();
	figure->wall_us += wall_us();
}

static int64_t size_of(const char *path)
{
	static const char *const endings[] = { "", "-wal" };
	int64_t bytes = 0;

	for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
		struct stat info;
		char name[160];

		snprintf(name, sizeof(name), "%s%s", path, endings[i]);
		bytes += stat(name, &info) == 0 ? (int64_t)info.st_size : 0;
	}
	return bytes;
}

static void expect(int64_t counted, long count)
{
	if (counted == count)
		return;
	fprintf(stderr, "bench-ingest: %lld records instead of %ld\n", (long long)counted, count);
	exit(1);
}

static void run_bound(const struct ledger *ledger, const struct ledger_type *type, const char *path, struct round *round)
{
	round->parts[BOUND_LOAD] = begin();
	bound_load(ledger, type, path);
	end(&round->parts[BOUND_LOAD]);
	round->parts[BOUND_LOAD].bytes = size_of(path);
}

static void run_mirror(const struct ledger *ledger, const struct ledger_type *type, const char *path, struct round *round)
{
	struct mirror *mirror = mirror_new(ledger, type->provider, path, 1, 4);
	const char *const types[] = { type->name, NULL };
	struct put_counts counts;

	round->parts[FIRST_LOAD] = begin();
	mirror_sync(mirror, types, SYNC_CHANGES, &counts);
	end(&round->parts[FIRST_LOAD]);
	expect(counts.added, type->count);
	round->parts[AGAIN] = begin();
	mirror_sync(mirror, types, SYNC_FULL, &counts);
	end(&round->parts[AGAIN]);
	expect(counts.added + counts.changed, 0);
	mirror_free(mirror);
	round->parts[FIRST_LOAD].bytes = size_of(path);
}

static void clean(const char *directory, const char *path)
{
	static const char *const endings[] = { "", "-wal", "-shm", "-bell", "-budget" };

	for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
		char name[160];

		snprintf(name, sizeof(name), "%s%s", path, endings[i]);
		unlink(name);
	}
	rmdir(directory);
}

/* In a process and a directory of its own; its figures come through a pipe. */
static void apart(void (*run)(const struct ledger *ledger, const struct ledger_type *type, const char *path, struct round *round),
		  const struct ledger *ledger, const struct ledger_type *type, struct round *round)
{
	char directory[] = "/tmp/bench-ingest-XXXXXX", path[64];
	int ends[2], status = 0;
	pid_t process;

	if (!mkdtemp(directory) || pipe(ends) < 0)
		exit(1);
	snprintf(path, sizeof(path), "%s/books.db", directory);
	process = fork();
	if (process == 0) {
		run(ledger, type, path, round);
		_exit(write(ends[1], round, sizeof(*round)) != sizeof(*round));
	}
	if (read(ends[0], round, sizeof(*round)) != sizeof(*round) || waitpid(process, &status, 0) < 0 || status != 0)
		exit(1);
	close(ends[0]);
	close(ends[1]);
	clean(directory, path);
}

static int compare(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;

	return left < right ? -1 : left > right;
}

static int64_t median(int64_t *numbers, int count)
{
	qsort(numbers, (size_t)count, sizeof(*numbers), compare);
	return numbers[count / 2];
}

static struct figure middle(const struct round *rounds, int count, enum part part)
{
	int64_t cpu[ROUNDS_MAX], wall[ROUNDS_MAX];

	for (int i = 0; i < count; i++) {
		cpu[i] = rounds[i].parts[part].cpu_us;
		wall[i] = rounds[i].parts[part].wall_us;
	}
	return (struct figure){ median(cpu, count), median(wall, count), rounds[0].parts[part].bytes };
}

/* Hundredths as "12.34": no binary fraction is needed. */
static void print_hundredths(const char *before, int64_t hundredths, const char *behind)
{
	printf("%s%lld.%02lld%s", before, (long long)(hundredths / 100), (long long)(hundredths % 100), behind);
}

static void print_type(const struct ledger_type *type, const struct round *rounds, int count)
{
	struct figure middles[PART_COUNT];

	printf("%ld of %s (%s), %lld bytes each, medians of %d\n", type->count, type->name, type->provider, (long long)(type->bytes / type->count),
	       count);
	for (int i = 0; i < PART_COUNT; i++) {
		struct figure *figure = &middles[i];

		*figure = middle(rounds, count, (enum part)i);
		printf("  %-26s", part_words[i]);
		print_hundredths("", figure->cpu_us * 100 / type->count, " us each");
		printf(", %lld a second", (long long)(type->count * INT64_C(1000000) / (figure->wall_us + 1)));
		if (figure->bytes)
			print_hundredths(", ", figure->bytes * 100 / type->bytes, " bytes in the file per raw byte");
		printf("\n");
	}
	print_hundredths("  first load is ", middles[FIRST_LOAD].cpu_us * 100 / middles[BOUND_LOAD].cpu_us, " of the bound; ");
	print_hundredths("again is ", middles[AGAIN].cpu_us * 100 / middles[FIRST_LOAD].cpu_us, " of the first load\n");
}

int main(int argc, char **argv)
{
	long invoices = argc > 1 ? strtol(argv[1], NULL, 10) : RECORDS, customers = argc > 2 ? strtol(argv[2], NULL, 10) : invoices;
	int rounds = argc > 3 ? (int)strtol(argv[3], NULL, 10) : ROUNDS;
	static struct round figures[LEDGER_TYPES][ROUNDS_MAX];
	struct ledger ledger;

	if (invoices < LEDGER_PAGE || invoices > 2000000 || customers < LEDGER_PAGE || customers > 2000000 || rounds < 1 ||
	    rounds > ROUNDS_MAX) {
		fprintf(stderr, "usage: bench-ingest [INVOICES [CUSTOMERS [ROUNDS]]]\n");
		return 2;
	}
	ledger_start(&ledger, invoices, customers, customers);
	for (int i = 0; i < rounds; i++) {
		for (int k = 0; k < LEDGER_TYPES; k++) {
			apart(run_bound, &ledger, &ledger.types[k], &figures[k][i]);
			apart(run_mirror, &ledger, &ledger.types[k], &figures[k][i]);
		}
	}
	for (int k = 0; k < LEDGER_TYPES; k++)
		print_type(&ledger.types[k], figures[k], rounds);
	ledger_stop(&ledger);
	return 0;
}
