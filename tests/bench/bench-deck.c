/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The deck's records beside the least table that could show them (bare-table), each on a pty of its own, over the same
 * file: first paint, a step, a page, a flood of keys, bytes, memory, wake-ups. A key's time is from its writing to the last
 * byte before silence. Both are asked in turn, so that what else the machine does meets both.
 *
 *     bench-deck FILE DECK BARE [ROUNDS [LOAD]]
 *
 * FILE: as make-store writes it. DECK: the program; BARE: bare-table. LOAD: a program that keeps all processors busy with
 * what workers do (bench-ingest), beside which steps and pages are measured once more.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "ledgerdeck/core/memory.h"

#define ROWS 40
#define COLUMNS 120
#define ROUNDS 200
#define SILENCE_MS 25        /* after a key */
#define SILENCE_LONG_MS 400  /* after a start or a flood */
#define PATIENCE_MS 60000
#define FLOOD 10000
#define IDLE_S 5
#define LOAD_RECORDS "60000" /* so often that it is killed when all is measured */

struct program {
	const char *name;
	char **argv;
	pid_t pid;
	int fd;
};

/* What happened between a key and silence. */
struct reply {
	int64_t us;    /* until the last byte; 0: none came */
	int64_t bytes;
};

static int64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}

static _Noreturn void give_up(const char *what)
{
	perror(what);
	exit(1);
}

static _Noreturn void become(const struct program *program, const char *tty)
{
	struct winsize size = { .ws_row = ROWS, .ws_col = COLUMNS };
	int fd;

	setsid();
	fd = open(tty, O_RDWR);
	if (fd < 0)
		_exit(126);
	ioctl(fd, TIOCSWINSZ, &size);
	dup2(fd, STDIN_FILENO);
	dup2(fd, STDOUT_FILENO);
	setenv("TERM", "xterm-256color", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	unsetenv("TMUX");
	unsetenv("LINES");
	unsetenv("COLUMNS");
	execv(program->argv[0], program->argv);
	_exit(127);
}

static void start(struct program *program)
{
	program->fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (program->fd < 0 || grantpt(program->fd) != 0 || unlockpt(program->fd) != 0)
		give_up("pty");
	fflush(stdout);
	program->pid = fork();
	if (program->pid == 0)
		become(program, ptsname(program->fd));
	if (program->pid < 0)
		give_up("fork");
}

/* Read until nothing came for a while. */
static struct reply settle(const struct program *program, int64_t from_us, int silence_ms)
{
	struct pollfd ready = { .fd = program->fd, .events = POLLIN };
	struct reply reply = { 0 };
	static char bytes[65536];

	/* The first byte may take its time. */
	while (poll(&ready, 1, reply.bytes ? silence_ms : silence_ms * 4) > 0) {
		ssize_t got = read(program->fd, bytes, sizeof(bytes));

		if (got <= 0)
			break;
		reply.us = now_us() - from_us;
		reply.bytes += got;
		if (reply.us > PATIENCE_MS * INT64_C(1000))
			break;
	}
	return reply;
}

/* What has ended answers at once. */
static void expect_alive(const struct program *program)
{
	if (waitpid(program->pid, NULL, WNOHANG) == 0)
		return;
	fprintf(stderr, "bench-deck: the %s has ended\n", program->name);
	exit(1);
}

static void send(const struct program *program, const char *keys, size_t len)
{
	while (len > 0) {
		ssize_t sent = write(program->fd, keys, len);

		if (sent <= 0)
			give_up("write");
		keys += sent;
		len -= (size_t)sent;
	}
}

static struct reply press(const struct program *program, const char *keys, int silence_ms)
{
	int64_t from_us = now_us();

	send(program, keys, strlen(keys));
	return settle(program, from_us, silence_ms);
}

static void stop(struct program *program)
{
	kill(program->pid, SIGTERM);
	settle(program, now_us(), SILENCE_MS);
	close(program->fd);
	kill(program->pid, SIGKILL);
	waitpid(program->pid, NULL, 0);
}

/* ---- figures */

static int compare(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;

	return left < right ? -1 : left > right;
}

static int64_t percentile(const int64_t *sorted, size_t count, int percent)
{
	size_t at = count * (size_t)percent / 100;

	return sorted[at < count ? at : count - 1];
}

static void print_pair(const char *what, int64_t deck, int64_t bare, const char *unit)
{
	int64_t ratio = bare > 0 ? deck * 100 / bare : 0;

	printf("%-26s deck %8lld %s   bare %8lld %s   ratio %lld.%02lld\n", what, (long long)deck, unit, (long long)bare, unit,
	       (long long)(ratio / 100), (long long)(ratio % 100));
}

struct series {
	int64_t *us;     /* owned */
	int64_t bytes;
	size_t count;
};

static void add(struct series *series, struct reply reply)
{
	series->us[series->count++] = reply.us;
	series->bytes += reply.bytes;
}

/* One key, many times, both in turn. */
static void measure(const char *what, struct program both[2], const char *const keys[2], size_t rounds)
{
	struct series series[2] = { 0 };
	char line[64];

	for (int i = 0; i < 2; i++)
		series[i].us = memory_new(rounds * sizeof(int64_t));
	for (size_t round = 0; round < rounds; round++)
		for (int i = 0; i < 2; i++)
			add(&series[i], press(&both[i], keys[i], SILENCE_MS));
	for (int i = 0; i < 2; i++)
		qsort(series[i].us, rounds, sizeof(int64_t), compare);
	for (int percent = 50; percent <= 99; percent += percent == 50 ? 45 : 4) {
		snprintf(line, sizeof(line), "%s, p%d", what, percent);
		print_pair(line, percentile(series[0].us, rounds, percent), percentile(series[1].us, rounds, percent), "us");
	}
	snprintf(line, sizeof(line), "%s, bytes each", what);
	print_pair(line, series[0].bytes / (int64_t)rounds, series[1].bytes / (int64_t)rounds, "b ");
	for (int i = 0; i < 2; i++)
		free(series[i].us);
}

/* A number of a line of a file below /proc that begins with `name`. */
static int64_t line_number(const char *path, const char *name)
{
	FILE *file = fopen(path, "re");
	int64_t number = 0;
	char line[256];

	while (file && fgets(line, sizeof(line), file))
		if (strncmp(line, name, strlen(name)) == 0)
			number = strtoll(line + strlen(name), NULL, 10);
	if (file)
		fclose(file);
	return number;
}

static int64_t resident_kib(const struct program *program)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%ld/status", (long)program->pid);
	return line_number(path, "VmRSS:");
}

/* Of its first thread, and those whose numbers follow closely: how often they were woken. */
static int64_t wakes(const struct program *program)
{
	int64_t sum = 0;
	char path[96];

	for (long task = program->pid; task < program->pid + 64; task++) {
		snprintf(path, sizeof(path), "/proc/%ld/task/%ld/status", (long)program->pid, task);
		sum += line_number(path, "voluntary_ctxt_switches:");
	}
	return sum;
}

static void measure_idle(struct program both[2])
{
	int64_t before[2], bytes[2];

	for (int i = 0; i < 2; i++) {
		settle(&both[i], now_us(), SILENCE_LONG_MS);
		before[i] = wakes(&both[i]);
	}
	sleep(IDLE_S);
	for (int i = 0; i < 2; i++)
		bytes[i] = settle(&both[i], now_us(), 1).bytes;
	print_pair("idle, wake-ups in 5 s", wakes(&both[0]) - before[0], wakes(&both[1]) - before[1], "  ");
	print_pair("idle, bytes in 5 s", bytes[0], bytes[1], "b ");
}

static void measure_flood(struct program both[2])
{
	struct reply replies[2];
	char keys[FLOOD];

	memset(keys, 'j', sizeof(keys));
	for (int i = 0; i < 2; i++) {
		struct pollfd writable = { .fd = both[i].fd, .events = POLLIN | POLLOUT };
		int64_t from_us = now_us();
		size_t sent = 0;

		replies[i] = (struct reply){ 0 };
		/* A pty takes some thousands; what it says meanwhile must be read, or both wait for ever. */
		fcntl(both[i].fd, F_SETFL, O_NONBLOCK);
		while (sent < sizeof(keys) && poll(&writable, 1, PATIENCE_MS) > 0) {
			static char bytes[65536];
			ssize_t done = write(both[i].fd, keys + sent, sizeof(keys) - sent);
			ssize_t got = read(both[i].fd, bytes, sizeof(bytes));

			sent += done > 0 ? (size_t)done : 0;
			replies[i].bytes += got > 0 ? got : 0;
		}
		fcntl(both[i].fd, F_SETFL, 0);
		replies[i].us = settle(&both[i], from_us, SILENCE_LONG_MS).us;
	}
	print_pair("10,000 keys at once", replies[0].us, replies[1].us, "us");
}

/* Both beside the same workers. */
static void measure_beside(struct program both[2], const char *load, size_t rounds)
{
	pid_t pid = fork();

	if (pid == 0) {
		int nowhere = open("/dev/null", O_RDWR);

		setpgid(0, 0);
		dup2(nowhere, STDOUT_FILENO);
		dup2(nowhere, STDERR_FILENO);
		execl(load, load, LOAD_RECORDS, "1000", "99", (char *)NULL);
		_exit(127);
	}
	if (pid < 0)
		give_up("fork");
	setpgid(pid, pid);
	measure("step beside workers", both, (const char *const[]){ "j", "j" }, rounds);
	measure("page beside workers", both, (const char *const[]){ "\x06", " " }, rounds);
	if (waitpid(pid, NULL, WNOHANG) != 0)
		fprintf(stderr, "bench-deck: the load ended too early; these figures say nothing\n");
	kill(-pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void measure_start(struct program both[2], size_t rounds)
{
	struct series series[2] = { 0 };

	for (int i = 0; i < 2; i++)
		series[i].us = memory_new(rounds * sizeof(int64_t));
	for (size_t round = 0; round < rounds; round++)
		for (int i = 0; i < 2; i++) {
			int64_t from_us = now_us();

			start(&both[i]);
			add(&series[i], settle(&both[i], from_us, SILENCE_LONG_MS));
			expect_alive(&both[i]);
			stop(&both[i]);
		}
	for (int i = 0; i < 2; i++)
		qsort(series[i].us, rounds, sizeof(int64_t), compare);
	print_pair("first paint, settled, p50", percentile(series[0].us, rounds, 50), percentile(series[1].us, rounds, 50), "us");
	for (int i = 0; i < 2; i++)
		free(series[i].us);
}

int main(int argc, char **argv)
{
	char fresh[] = "--fresh", readonly[] = "--readonly", store[] = "--store";
	char *deck_argv[] = { argv[argc > 3 ? 2 : 0], fresh, readonly, store, argv[argc > 3 ? 1 : 0], NULL };
	char *bare_argv[] = { argv[argc > 3 ? 3 : 0], argv[argc > 3 ? 1 : 0], NULL };
	struct program both[2] = { { "deck", deck_argv, 0, -1 }, { "bare", bare_argv, 0, -1 } };
	size_t rounds = argc > 4 ? strtoul(argv[4], NULL, 10) : ROUNDS;

	if (argc < 4 || rounds < 1) {
		fprintf(stderr, "usage: bench-deck FILE DECK BARE [ROUNDS [LOAD]]\n");
		return 2;
	}
	measure_start(both, rounds < 15 ? rounds : 15);
	for (int i = 0; i < 2; i++) {
		start(&both[i]);
		settle(&both[i], now_us(), SILENCE_LONG_MS);
	}
	print_pair("resident, dashboard", resident_kib(&both[0]), resident_kib(&both[1]), "K ");
	measure_idle(both);
	/* The invoices of the second account, which has most of them. */
	press(&both[0], "j", SILENCE_LONG_MS);
	press(&both[0], "\t/Invoice\r", SILENCE_LONG_MS);
	press(&both[0], "\r", SILENCE_LONG_MS);
	measure("step", both, (const char *const[]){ "j", "j" }, rounds);
	measure("page", both, (const char *const[]){ "\x06", " " }, rounds);
	measure("page back", both, (const char *const[]){ "\x02", "b" }, rounds);
	measure("last and first", both, (const char *const[]){ "G", "G" }, 1);
	measure("first", both, (const char *const[]){ "g", "g" }, 1);
	measure_flood(both);
	measure_idle(both);
	if (argc > 5)
		measure_beside(both, argv[5], rounds);
	print_pair("resident, records", resident_kib(&both[0]), resident_kib(&both[1]), "K ");
	for (int i = 0; i < 2; i++)
		stop(&both[i]);
	return 0;
}
