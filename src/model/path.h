/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The paths that a type wants of its records, as one tree: a record is walked through once and
 * all of them are found on the way. "CustomerRef.value" is a member of a member; "*" stands for
 * any member ("*.Id" of a record that wraps another); of a list its first item is meant.
 */
#ifndef MODEL_PATH_H
#define MODEL_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledgerdeck/core/json.h"

#define PATH_SLOTS_MAX 64 /* different paths of a tree */
#define PATH_LEN_MAX 200  /* bytes of a path */
#define PATH_DEPTH_MAX 8  /* names in a path */
#define PATH_NO_SLOT 0xff
#define PATH_BUCKETS 32

struct path_node {
	const char *name; /* borrowed: the path it was made of; need not end at `len` */
	uint8_t len;
	uint8_t slot;  /* where its value goes; PATH_NO_SLOT: nobody wants it whole */
	uint16_t next; /* the next of the same bucket; 0: none */
	uint16_t any;  /* the child "*"; 0: none */
	uint16_t *
		children; /* owned: PATH_BUCKETS heads, 0: none; NULL while there are no children */
};

struct path_tree {
	struct path_node *nodes; /* owned; the first is the record itself */
	size_t count, room;
	size_t slots;
};

void path_tree_init(struct path_tree *tree);
void path_tree_clear(struct path_tree *tree);

/* Is it a path? Names without blanks, quotes and backslashes, "*" for any, no more than allowed. */
bool path_is_good(const char *path);
/*
 * Its slot, new or known; PATH_NO_SLOT when there are too many. `path` is good and outlives the
 * tree.
 */
uint8_t path_tree_add(struct path_tree *tree, const char *path);

/*
 * Fill `values`, one per slot, JSON_NONE where the record has no such member. Of members of the
 * same name the first one counts. `record` is checked text.
 */
void path_tree_walk(const struct path_tree *tree, struct json_slice record,
		    struct json_slice *values);
/* The same, as far as is needed for some of the slots: a bit for each. Others may be filled or not. */
void path_tree_find(const struct path_tree *tree, struct json_slice record, uint64_t slots, struct json_slice *values);

#endif
