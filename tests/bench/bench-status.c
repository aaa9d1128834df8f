/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How soon a large store tells how it stands: `ledgerdeck status --json` beside `sqlite3 FILE 'select 1'`, which does
 * nothing but open the file; one after the other, medians. Without an sqlite3 on the machine only our own figure is told.
 *
 *     bench-status STORE LEDGERDECK
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS 31

static long now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* Its output goes nowhere; -1 when it failed, or is not there. */
static long run(char *const *arguments)
{
	long start = now_us();
	pid_t process = fork();
	int status = 0;

	if (process == 0) {
		int nowhere = open("/dev/null", O_WRONLY);

		dup2(nowhere, STDOUT_FILENO);
		execvp(arguments[0], arguments);
		_exit(127);
	}
	return process > 0 && waitpid(process, &status, 0) == process && status == 0 ? now_us() - start : -1;
}

static int compare(const void *a, const void *b)
{
	long left = *(const long *)a, right = *(const long *)b;

	return left < right ? -1 : left > right;
}

int main(int argc, char **argv)
{
	char sqlite[] = "sqlite3", select[] = "select 1", store[] = "--store", status[] = "status", json[] = "--json";
	char *ours[] = { argc == 3 ? argv[2] : NULL, store, argv[1], status, json, NULL };
	char *bare[] = { sqlite, argv[1], select, NULL };
	long our[ROUNDS], their[ROUNDS], middle;

	if (argc != 3) {
		fprintf(stderr, "usage: bench-status STORE LEDGERDECK\n");
		return 2;
	}
	for (int i = 0; i < ROUNDS; i++) {
		our[i] = run(ours);
		their[i] = run(bare);
	}
	qsort(our, ROUNDS, sizeof(*our), compare);
	qsort(their, ROUNDS, sizeof(*their), compare);
	if (our[0] < 0) {
		fprintf(stderr, "bench-status: '%s --store %s status --json' fails\n", argv[2], argv[1]);
		return 1;
	}
	middle = our[ROUNDS / 2];
	printf("status --json: %ld.%02ld ms", middle / 1000, middle % 1000 / 10);
	if (their[0] > 0)
		printf(", %ld.%02ld of sqlite3 'select 1'", middle / their[ROUNDS / 2], middle * 100 / their[ROUNDS / 2] % 100);
	printf("\n");
	return 0;
}
