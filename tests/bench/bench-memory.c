/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is resident while many accounts are read for the first time at once: a million records over ten accounts by the
 * engine as it is shipped, from a ledger that answers at once, so that all of its threads are at work all the time. What
 * is told is the peak of the whole process since it began, before the first call beside it.
 *
 *     bench-memory [RECORDS [ACCOUNTS]]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"
#include "mirror.h"

#define RECORDS 1000000
#define ACCOUNTS 10

/* A line of the kernel's account of this process, in KiB. */
static long status_kib(const char *name)
{
	AUTO(str_clear) struct str text = STR_INIT(65536);
	const char *at;

	if (!file_read("/proc/self/status", 65536, &text, NULL))
		return 0;
	at = strstr(text.text, name);
	return at ? strtol(at + strlen(name), NULL, 10) : 0;
}

static void run(const struct ledger *ledger, const char *path, int accounts, int workers)
{
	struct mirror *mirror = mirror_new(ledger, "quickbooks", path, accounts, workers);
	const char *const types[] = { "Invoice", "Customer", NULL };
	long before = status_kib("VmRSS:");
	struct put_counts counts;

	mirror_sync(mirror, types, SYNC_CHANGES, &counts);
	printf("%lld records over %d accounts, %d workers: %ld MB resident at most (%ld MB before the first call; %ld MB of anonymous "
	       "memory at the end)\n", (long long)counts.added, accounts, workers, status_kib("VmHWM:") / 1024, before / 1024,
	       status_kib("RssAnon:") / 1024);
	mirror_free(mirror);
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

int main(int argc, char **argv)
{
	long records = argc > 1 ? strtol(argv[1], NULL, 10) : RECORDS, accounts = argc > 2 ? strtol(argv[2], NULL, 10) : ACCOUNTS;
	static const int workers[] = { 4, 10 };
	struct ledger ledger;
	int status = 0;

	if (accounts < 1 || accounts > 100 || records / accounts < 2 * LEDGER_PAGE || records > 100000000) {
		fprintf(stderr, "usage: bench-memory [RECORDS [ACCOUNTS]]\n");
		return 2;
	}
	/* The records are the ledger's process's: what is measured has none of them. */
	ledger_start(&ledger, records / accounts / 2, records / accounts / 2, 0);
	for (size_t i = 0; i < ARRAY_LEN(workers) && status == 0; i++) {
		char directory[] = "/tmp/bench-memory-XXXXXX", path[64];
		pid_t process;

		if (!mkdtemp(directory))
			return 1;
		snprintf(path, sizeof(path), "%s/books.db", directory);
		fflush(NULL);
		process = fork();
		if (process == 0) {
			run(&ledger, path, (int)accounts, workers[i]);
			exit(0);
		}
		if (waitpid(process, &status, 0) < 0)
			return 1;
		clean(directory, path);
	}
	ledger_stop(&ledger);
	return status != 0;
}
