/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Variables from the environment or from a file like it. */
#ifndef SETTINGS_VARIABLES_H
#define SETTINGS_VARIABLES_H

#include <stdbool.h>
#include <stddef.h>

#include "ledgerdeck/core/error.h"
#include "ledgerdeck/core/str.h"

#define SETTINGS_FILE_MAX ((size_t)1 << 20)

struct variable {
	const char *name;    /* borrowed; ends at `name_len` */
	size_t name_len;
	const char *value;   /* borrowed */
	int line;            /* of the file; 0: of the environment */
};

struct variables {
	struct str text;           /* what a file's variables point into; wiped when cleared */
	const char *path;          /* of the file; borrowed */
	struct variable *items;    /* owned */
	size_t count, room;
};
#define VARIABLES_INIT { .text = STR_INIT(SETTINGS_FILE_MAX) }

void variables_clear(struct variables *variables);
void variables_add_environment(struct variables *variables, const char *const *environment);
/* A file once: lines of NAME=value, "export" and quotes allowed; what is none is passed over. Error INPUT with file and line. */
bool variables_add_file(struct variables *variables, const char *path, struct error *err);

#endif
