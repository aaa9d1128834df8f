/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any bytes as the user's file, the directory's file, --env-file, environment and flags, with lines
 * of "----" between them: either an error of the input that can be shown, or settings that are all
 * of their kind, that hide what is secret, and where the directory's file decided nothing it may not.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"
#include "ledgerdeck/settings/settings.h"
#include "settings/value.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define SEPARATOR "\n----\n"
#define LIST_MAX 32

enum piece { PIECE_USER, PIECE_LOCAL, PIECE_ENV, PIECE_ENVIRONMENT, PIECE_FLAGS, PIECE_COUNT };

struct file {
	int fd;
	char path[64];
};

static void must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "broken: %s\n", what);
	abort();
}

static void file_make(struct file *file, const char *bytes, size_t len)
{
	file->fd = memfd_create("settings", MFD_CLOEXEC);
	must(file->fd >= 0 && write(file->fd, bytes, len) == (ssize_t)len, "there is no memory for files");
	snprintf(file->path, sizeof(file->path), "/proc/self/fd/%d", file->fd);
}

/* Lines as a list of texts, NULL at the end; they stay in `text`. */
static void split_lines(char *text, const char **list)
{
	size_t count = 0;

	for (char *line = text, *next; *line && count < LIST_MAX - 1; line = next) {
		size_t len = strcspn(line, "\n");

		next = line + len + (line[len] == '\n');
		line[len] = '\0';
		list[count++] = line;
	}
	list[count] = NULL;
}

static void check_error(const struct error *err)
{
	must(err->code == ERROR_INPUT, "an error that is not the input's");
	must(*err->text && str_is_utf8(err->text, strlen(err->text)), "an error without a text");
	for (const char *at = err->text; *at; at++)
		must((unsigned char)*at >= ' ' && *at != 0x7f, "a control character in an error");
}

static void check_settings(const struct settings *settings, const char *local_path)
{
	size_t count;
	const struct setting_row *rows = settings_rows(&count);

	for (size_t i = 0; i < count; i++) {
		const char *text = settings_text(settings, rows[i].name), *origin = settings_origin(settings, rows[i].name);
		const char *want = "";
		int64_t number = -1;

		must(*origin != '\0', "a value from nowhere");
		must(setting_value_check(&rows[i], text, &number, &want), "a value that is not of its kind");
		must(settings_number(settings, rows[i].name) == number, "a number that is not its text's");
		must(!(rows[i].flags & SETTING_SENSITIVE) || !*text, "a secret with a text");
		must((rows[i].flags & SETTING_SENSITIVE) || !settings_secret(settings, rows[i].name), "a secret that is none");
		must(!(rows[i].flags & SETTING_NOT_LOCAL) || strncmp(origin, local_path, strlen(local_path)) != 0 ||
			     origin[strlen(local_path)] != ':', "a destination from the directory's file");
	}
}

/* Where a piece ends and the next begins; the last one takes the rest. */
static size_t piece_len(const char *text, size_t len, bool last)
{
	const char *end = last ? NULL : memmem(text, len, SEPARATOR, strlen(SEPARATOR));

	return end ? (size_t)(end - text) : len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *environment[LIST_MAX], *flags[LIST_MAX];
	char *pieces[PIECE_COUNT];
	struct file files[PIECE_ENV + 1];
	struct settings_sources sources = { .environment = environment, .flags = flags };
	struct settings *settings = NULL;
	struct error err = { 0 };

	for (int i = 0; i < PIECE_COUNT; i++) {
		size_t len = piece_len((const char *)data, size, i == PIECE_COUNT - 1);
		size_t taken = len + strlen(SEPARATOR) < size ? len + strlen(SEPARATOR) : size;

		pieces[i] = memory_copy((const char *)data, len);
		if (i <= PIECE_ENV)
			file_make(&files[i], (const char *)data, len);
		data += taken;
		size -= taken;
	}
	split_lines(pieces[PIECE_ENVIRONMENT], environment);
	split_lines(pieces[PIECE_FLAGS], flags);
	sources.user_file = files[PIECE_USER].path;
	sources.local_file = files[PIECE_LOCAL].path;
	sources.env_file = files[PIECE_ENV].path;
	sources.profile = environment[0] ? "test" : NULL;
	if (settings_load(&sources, &settings, &err))
		check_settings(settings, files[PIECE_LOCAL].path);
	else
		check_error(&err);
	settings_free(settings);
	for (int i = 0; i < PIECE_COUNT; i++)
		free(pieces[i]);
	for (int i = 0; i <= PIECE_ENV; i++)
		close(files[i].fd);
	return 0;
}
