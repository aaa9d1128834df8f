/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finding many paths in one walk. Members of an object are looked up by length and letters in
 * the tree's node, what nobody wants is passed over as a whole, and the walk ends with the last
 * path found.
 */
#include "path.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"

#define ROOT 0

_Static_assert(PATH_SLOTS_MAX <= 64, "a bit of a word for each slot");

void path_tree_init(struct path_tree *tree)
{
	*tree = (struct path_tree){ 0 };
	memory_grow(&tree->nodes, &tree->room, 1, sizeof(*tree->nodes));
	tree->nodes[tree->count++] = (struct path_node){ .name = "", .slot = PATH_NO_SLOT };
}

void path_tree_clear(struct path_tree *tree)
{
	for (size_t i = 0; i < tree->count; i++)
		free(tree->nodes[i].children);
	free(tree->nodes);
	*tree = (struct path_tree){ 0 };
}

bool path_is_good(const char *path)
{
	size_t names = 0;

	if (strlen(path) > PATH_LEN_MAX)
		return false;
	for (;;) {
		size_t len = strcspn(path, ".");

		if (len == 0 || ++names > PATH_DEPTH_MAX)
			return false;
		for (size_t i = 0; i < len; i++)
			if ((unsigned char)path[i] <= ' ' || path[i] == '"' || path[i] == '\\' ||
			    path[i] == 0x7f || (path[i] == '*' && len > 1))
				return false;
		if (path[len] == '\0')
			return true;
		path += len + 1;
	}
}

/* Members of one object mostly differ in length or in one of these letters. */
static size_t bucket_of(const char *name, size_t len)
{
	return (len + (unsigned char)name[0] * 3 + (unsigned char)name[len - 1] * 7 +
		(unsigned char)name[len / 2]) %
	       PATH_BUCKETS;
}

static uint16_t find_child(const struct path_tree *tree, const struct path_node *node,
			   const char *name, size_t len)
{
	uint16_t child;

	if (len == 0)
		return 0;
	for (child = node->children[bucket_of(name, len)]; child; child = tree->nodes[child].next)
		if (tree->nodes[child].len == len &&
		    memcmp(tree->nodes[child].name, name, len) == 0)
			return child;
	return 0;
}

static uint16_t add_child(struct path_tree *tree, size_t parent, const char *name, size_t len)
{
	bool any = len == 1 && *name == '*';
	struct path_node *node = &tree->nodes[parent];
	uint16_t child;

	if (!node->children)
		node->children = memory_new(PATH_BUCKETS * sizeof(*node->children));
	child = any ? node->any : find_child(tree, node, name, len);
	if (child)
		return child;
	memory_grow(&tree->nodes, &tree->room, tree->count + 1, sizeof(*tree->nodes));
	node = &tree->nodes[parent];
	child = (uint16_t)tree->count++;
	tree->nodes[child] =
		(struct path_node){ .name = name, .len = (uint8_t)len, .slot = PATH_NO_SLOT };
	if (any) {
		node->any = child;
	} else {
		tree->nodes[child].next = node->children[bucket_of(name, len)];
		node->children[bucket_of(name, len)] = child;
	}
	return child;
}

uint8_t path_tree_add(struct path_tree *tree, const char *path)
{
	size_t node = ROOT;

	assert(path_is_good(path));
	for (;;) {
		size_t len = strcspn(path, ".");

		node = add_child(tree, node, path, len);
		if (path[len] == '\0')
			break;
		path += len + 1;
	}
	if (tree->nodes[node].slot == PATH_NO_SLOT && tree->slots < PATH_SLOTS_MAX)
		tree->nodes[node].slot = (uint8_t)tree->slots++;
	return tree->nodes[node].slot;
}

struct walk {
	const struct path_tree *tree;
	struct json_slice *values;
	uint64_t missing; /* slots that are wanted and not found yet, a bit for each */
};

static void walk_value(struct walk *walk, size_t at, struct json_slice value);

static void walk_object(struct walk *walk, const struct path_node *node, struct json_slice object)
{
	struct json_slice name, value;

	for (size_t at = 0; walk->missing && json_each(object, &at, &name, &value);) {
		uint16_t child = find_child(walk->tree, node, name.text + 1, name.len - 2);

		if (child)
			walk_value(walk, child, value);
		if (node->any)
			walk_value(walk, node->any, value);
	}
}

/* No deeper than the tree. */
static void walk_value(struct walk *walk, size_t at, struct json_slice value)
{
	const struct path_node *node = &walk->tree->nodes[at];
	struct json_slice item;
	size_t first = 0;

	if (node->slot != PATH_NO_SLOT && walk->values[node->slot].kind == JSON_NONE) {
		walk->values[node->slot] = value;
		walk->missing &= ~(UINT64_C(1) << node->slot);
	}
	if (!node->children)
		return;
	if (value.kind == JSON_ARRAY && json_each(value, &first, NULL, &item))
		value = item;
	if (value.kind == JSON_OBJECT)
		walk_object(walk, node, value);
}

void path_tree_find(const struct path_tree *tree, struct json_slice record, uint64_t slots, struct json_slice *values)
{
	struct walk walk = { .tree = tree, .values = values, .missing = slots };

	for (size_t i = 0; i < tree->slots; i++)
		values[i] = (struct json_slice){ 0 };
	walk_value(&walk, ROOT, record);
}

void path_tree_walk(const struct path_tree *tree, struct json_slice record,
		    struct json_slice *values)
{
	path_tree_find(tree, record, tree->slots < PATH_SLOTS_MAX ? (UINT64_C(1) << tree->slots) - 1 : UINT64_MAX, values);
}
