/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is a process that wrote its name down still there? Its number alone may be another's by now, so its start counts too. */
#include "ledgerdeck/core/holder.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#define STAT_STATE 3  /* fields of /proc/PID/stat: what it does */
#define STAT_START 22 /* when it began */

struct process {
	unsigned long long start; /* in the kernel's ticks; 0: it is not known */
	bool ended;               /* and nobody has asked how */
};

static struct process look(long pid)
{
	struct process process = { 0 };
	char path[64], line[1024];
	char *at;
	FILE *file;
	size_t len;

	snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
	file = fopen(path, "re");
	if (!file)
		return process;
	len = fread(line, 1, sizeof(line) - 1, file);
	fclose(file);
	line[len] = '\0';
	/* The name is the second field and may hold anything. */
	at = strrchr(line, ')');
	for (int field = 2; at && field < STAT_START; field++) {
		at = strchr(at + 1, ' ');
		if (at && field + 1 == STAT_STATE)
			process.ended = at[1] == 'Z' || at[1] == 'X';
	}
	process.start = at ? strtoull(at + 1, NULL, 10) : 0;
	return process;
}

static void host_name(char *out, size_t size)
{
	memset(out, 0, size);
	if (gethostname(out, size - 1) != 0)
		snprintf(out, size, "localhost");
	for (char *at = out; *at; at++)
		if (*at == ':')
			*at = '-';
}

void holder_name(char *out, size_t size)
{
	char host[40];

	host_name(host, sizeof(host));
	snprintf(out, size, "%s:%ld:%llu", host, (long)getpid(), look((long)getpid()).start);
}

bool holder_is_dead(const char *name)
{
	char host[40];
	struct process now;
	unsigned long long start;
	size_t len;
	char *end;
	long pid;

	host_name(host, sizeof(host));
	len = strlen(host);
	if (strncmp(name, host, len) != 0 || name[len] != ':')
		return false;
	pid = strtol(name + len + 1, &end, 10);
	if (pid <= 0 || *end != ':')
		return false;
	start = strtoull(end + 1, &end, 10);
	if (kill((pid_t)pid, 0) != 0 && errno == ESRCH)
		return true;
	now = look(pid);
	return now.ended || (start != 0 && now.start != 0 && now.start != start);
}

static bool holds(long pid, const struct stat *file)
{
	char path[64];
	struct dirent *entry;
	bool found = false;
	DIR *files;

	snprintf(path, sizeof(path), "/proc/%ld/fd", pid);
	files = opendir(path);
	while (files && !found && (entry = readdir(files)) != NULL) {
		struct stat info;

		found = fstatat(dirfd(files), entry->d_name, &info, 0) == 0 && info.st_dev == file->st_dev && info.st_ino == file->st_ino;
	}
	if (files)
		closedir(files);
	return found;
}

static void add_process(long pid, char *out, size_t size)
{
	size_t len = strlen(out);
	char path[64], name[40] = "";
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%ld/comm", pid);
	file = fopen(path, "re");
	if (file && fgets(name, sizeof(name), file))
		name[strcspn(name, "\n")] = '\0';
	if (file)
		fclose(file);
	snprintf(out + len, size - len, "%sprocess %ld%s%s%s", len ? ", " : "", pid, *name ? " (" : "", name, *name ? ")" : "");
}

bool holder_of_file(const char *path, char *out, size_t size)
{
	struct dirent *entry;
	struct stat file;
	int found = 0;
	DIR *all;

	*out = '\0';
	if (stat(path, &file) != 0)
		return false;
	all = opendir("/proc");
	while (all && found < 3 && (entry = readdir(all)) != NULL) {
		long pid = strtol(entry->d_name, NULL, 10);

		if (pid <= 0 || !holds(pid, &file))
			continue;
		add_process(pid, out, size);
		found++;
	}
	if (all)
		closedir(all);
	return found > 0;
}
