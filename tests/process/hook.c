/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What can be done to a program as it is shipped, from outside: loaded before the C library (LD_PRELOAD), this counts
 * what reaches the disk or the network and kills the process with SIGKILL at one of these steps, before it, after it or
 * with half of it done; and it sets the clock ahead.
 *
 *   HOOK_DIE_AT      the step, from 1; nothing or 0: never
 *   HOOK_DIE_HOW     before (if nothing is said), half, after
 *   HOOK_STEPS_FILE  a file that gets the number of steps when the process ends by itself
 *   HOOK_AHEAD_S     seconds that the wall clock is ahead
 */
#include <dlfcn.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

static atomic_long steps;

static long die_at(void)
{
	const char *text = getenv("HOOK_DIE_AT");

	return text ? strtol(text, NULL, 10) : 0;
}

static int die_how(const char *how)
{
	const char *text = getenv("HOOK_DIE_HOW");

	return strcmp(text ? text : "before", how) == 0;
}

static void die(void)
{
	kill(getpid(), SIGKILL);
	for (;;)
		pause();
}

/* Counts a step; true when it is the one to die at, and not before it. */
static int step(void)
{
	if (atomic_fetch_add(&steps, 1) + 1 != die_at())
		return 0;
	if (die_how("before"))
		die();
	return 1;
}

static int is_file(int fd)
{
	struct stat info;

	return fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && fd > STDERR_FILENO;
}

static void *next(const char *name)
{
	void *found = dlsym(RTLD_NEXT, name);

	if (!found)
		abort();
	return found;
}

/* A function that takes what `args` says, with the way to the true one behind it. */
#define TRUE_FUNCTION(result, name, ...) \
	result (*true_##name)(__VA_ARGS__); \
	void *found_##name = next(#name); \
	memcpy(&true_##name, &found_##name, sizeof(found_##name))

ssize_t pwrite64(int fd, const void *bytes, size_t len, off64_t at)
{
	TRUE_FUNCTION(ssize_t, pwrite64, int, const void *, size_t, off64_t);
	ssize_t written;
	int dies = step();

	written = true_pwrite64(fd, bytes, dies && die_how("half") ? len / 2 : len, at);
	if (dies)
		die();
	return written;
}

ssize_t pwrite(int fd, const void *bytes, size_t len, off_t at)
{
	TRUE_FUNCTION(ssize_t, pwrite, int, const void *, size_t, off_t);
	ssize_t written;
	int dies = step();

	written = true_pwrite(fd, bytes, dies && die_how("half") ? len / 2 : len, at);
	if (dies)
		die();
	return written;
}

ssize_t write(int fd, const void *bytes, size_t len)
{
	TRUE_FUNCTION(ssize_t, write, int, const void *, size_t);
	ssize_t written;
	int dies = is_file(fd) && step();

	written = true_write(fd, bytes, dies && die_how("half") ? len / 2 : len);
	if (dies)
		die();
	return written;
}

ssize_t send(int fd, const void *bytes, size_t len, int flags)
{
	TRUE_FUNCTION(ssize_t, send, int, const void *, size_t, int);
	ssize_t sent;
	int dies = step();

	sent = true_send(fd, bytes, dies && die_how("half") ? len / 2 : len, flags);
	if (dies)
		die();
	return sent;
}

/* Only what arrives is a step: how often a socket is asked in vain is chance. */
ssize_t recv(int fd, void *bytes, size_t len, int flags)
{
	TRUE_FUNCTION(ssize_t, recv, int, void *, size_t, int);
	ssize_t got = true_recv(fd, bytes, len, flags);

	if (got > 0 && step())
		die();
	return got;
}

int fdatasync(int fd)
{
	TRUE_FUNCTION(int, fdatasync, int);
	int result, dies = step();

	result = true_fdatasync(fd);
	if (dies)
		die();
	return result;
}

int fsync(int fd)
{
	TRUE_FUNCTION(int, fsync, int);
	int result, dies = step();

	result = true_fsync(fd);
	if (dies)
		die();
	return result;
}

int ftruncate64(int fd, off64_t len)
{
	TRUE_FUNCTION(int, ftruncate64, int, off64_t);
	int result, dies = step();

	result = true_ftruncate64(fd, len);
	if (dies)
		die();
	return result;
}

int unlink(const char *path)
{
	TRUE_FUNCTION(int, unlink, const char *);
	int result, dies = step();

	result = true_unlink(path);
	if (dies)
		die();
	return result;
}

int rename(const char *from, const char *to)
{
	TRUE_FUNCTION(int, rename, const char *, const char *);
	int result, dies = step();

	result = true_rename(from, to);
	if (dies)
		die();
	return result;
}

int link(const char *from, const char *to)
{
	TRUE_FUNCTION(int, link, const char *, const char *);
	int result, dies = step();

	result = true_link(from, to);
	if (dies)
		die();
	return result;
}

int renameat2(int from_directory, const char *from, int to_directory, const char *to, unsigned flags)
{
	TRUE_FUNCTION(int, renameat2, int, const char *, int, const char *, unsigned);
	int result, dies = step();

	result = true_renameat2(from_directory, from, to_directory, to, flags);
	if (dies)
		die();
	return result;
}

int mknod(const char *path, mode_t mode, dev_t device)
{
	TRUE_FUNCTION(int, mknod, const char *, mode_t, dev_t);
	int result, dies = step();

	result = true_mknod(path, mode, device);
	if (dies)
		die();
	return result;
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
	TRUE_FUNCTION(int, clock_gettime, clockid_t, struct timespec *);
	const char *ahead = getenv("HOOK_AHEAD_S");
	int result = true_clock_gettime(clock, now);

	if (result == 0 && clock == CLOCK_REALTIME && ahead)
		now->tv_sec += strtol(ahead, NULL, 10);
	return result;
}

static void __attribute__((destructor)) tell(void)
{
	const char *path = getenv("HOOK_STEPS_FILE");
	FILE *file = path ? fopen(path, "w") : NULL;

	if (!file)
		return;
	fprintf(file, "%ld\n", (long)atomic_load(&steps));
	fclose(file);
}
