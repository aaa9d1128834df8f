/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a type carries besides its contract: the tree of its paths, and what they are for. Types
 * are made here and nowhere else, so record.c finds it behind each of them.
 */
#ifndef MODEL_CATALOGUE_IMPL_H
#define MODEL_CATALOGUE_IMPL_H

#include <stdint.h>

#include "ledgerdeck/core/decimal.h"
#include "ledgerdeck/model/catalogue.h"
#include "path.h"

#define TYPES_MAX 1000 /* of a catalogue */
#define TYPE_CONDITIONS_MAX 4
#define TYPE_NAME_MAX 63 /* bytes; the store's keys hold as much */
#define PROVIDER_NAME_MAX 15

/* A test of one value; a record is void when all of its type's hold. */
struct type_condition {
	const char *path; /* borrowed: the catalogue */
	uint8_t slot;
	bool begins;	  /* else: equals */
	const char *text; /* borrowed: the catalogue */
	bool is_number;
	struct decimal number;
};

struct type_line {	  /* where a row said something, for errors that are found later */
	const char *file; /* borrowed: the catalogue */
	size_t line;
};

#define TYPE_SAID_MAX 24
struct type_said { /* "query", and the line where the row says it */
	const char *word;
	size_t line;
};

struct catalogue_type {
	struct type type; /* first, so that a type's address is also this one's */
	struct path_tree paths;
	uint8_t key, version, time, title, active; /* slots; PATH_NO_SLOT: none */
	uint8_t second_key; /* of a key of two paths, for records that have no id of their own */
	uint8_t fields[TYPE_FIELDS_MAX];
	struct type_condition conditions[TYPE_CONDITIONS_MAX];
	size_t condition_count;
	int generation; /* 0: built in, 1: the user's */
	struct type_line at;
	struct type_line depends_at;
	struct type_line field_at[TYPE_FIELDS_MAX];
	struct type_said said[TYPE_SAID_MAX]; /* of the lines that say one thing each */
	size_t said_count;
	size_t *select_at;	/* owned: the line of each path of the type's select */
};

struct catalogue {
	struct catalogue_type **types; /* owned, each too */
	size_t count, room;
	char **texts; /* owned, each too: what types point to */
	size_t text_count, text_room;
};

/* catalogue.c */
const char *catalogue_text(struct catalogue *catalogue, const char *bytes,
			   size_t len); /* a copy it owns */
void catalogue_type_free(struct catalogue_type *type);

/*
 * catalogue_rows.c: take in the types of one text. One that is there already is replaced when it
 * is of a lower generation, else that is an error. What a type depends on is not looked at.
 */
bool catalogue_rows_read(struct catalogue *catalogue, int generation, const char *text, size_t len,
			 const char *name, struct error *err);

/* The files that are built in, { name, text }, NULL at the end; made by scripts/embed. */
extern const char *const catalogue_builtin[][2];

#endif
