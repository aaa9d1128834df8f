/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the two files that read rows of the catalogue share: the lines of a text, and how a section of them becomes a type. */
#ifndef MODEL_CATALOGUE_ROWS_H
#define MODEL_CATALOGUE_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "catalogue_impl.h"

enum key {
	KEY_PROVIDER,
	KEY_QUERY,
	KEY_KEY,
	KEY_VERSION,
	KEY_TIME,
	KEY_TITLE,
	KEY_ACTIVE,
	KEY_READ,
	KEY_DELETED,
	KEY_ALLOW,
	KEY_DEPENDS,
	KEY_VOIDED,
	KEY_WEB,
	KEY_EXTRA,
	KEY_REFERS,
	KEY_CALLED,
	KEY_ZONE,
	KEY_SELECT,
	KEY_PERSONAL,
	KEY_EVERY,
	KEY_COLUMN,
	KEY_FIELD,
	KEY_COUNT
};

struct value {
	const char *text; /* borrowed: the catalogue; NULL: not said. Of several lines, a line break between them */
	const char *lines; /* borrowed likewise: their numbers, blank-separated; NULL: it is one line */
	size_t line;      /* the first */
};

struct section {
	const char *name;
	size_t line;
	struct value values[KEY_COUNT]; /* but for KEY_FIELD */
	struct value fields[TYPE_FIELDS_MAX];
	size_t field_count;
};

struct rows {
	struct catalogue *catalogue;
	int generation;
	const char *file; /* borrowed: the catalogue */
	size_t line;
	struct section common; /* before the first type */
	struct section section;
	struct error *err;
};

struct word {
	const char *text; /* borrowed; need not end at `len` */
	size_t len;
};

/* catalogue_rows.c. An error names the file and the line; false always. */
bool rows_refuse(const struct rows *rows, size_t line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
bool word_is_blank(char c);
bool word_next(const char **at, struct word *ret_word);
bool word_is(struct word word, const char *text);
int word_shown(struct word word); /* bytes of it that errors tell */
/* The place of a word among others; -1 with an error that names the nearest. */
int rows_find_word(const struct rows *rows, size_t line, const char *what, struct word word,
		   const char *const *words, size_t count);
const char *rows_keep(const struct rows *rows, struct word word); /* a copy that the catalogue owns */
bool rows_is_name(const char *text);
const char *rows_key_word(enum key key);

/* catalogue_make.c: the section that was read becomes a type of the catalogue. */
bool rows_make_type(const struct rows *rows);

#endif
