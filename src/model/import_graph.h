/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The resources of one sync request, and the order in which those come first that others refer to. */
#ifndef MODEL_IMPORT_GRAPH_H
#define MODEL_IMPORT_GRAPH_H

#include <stdbool.h>
#include <stddef.h>

#include "ledgerdeck/core/str.h"
#include "ledgerdeck/model/resource.h"

struct graph_node {
	const struct resource_type *type;
	char *external_id;           /* owned */
	struct json_slice source;    /* borrowed: its data as it came */
	size_t line;                 /* of the file */
	struct str data;             /* owned: as resource_check() makes it */
	size_t edge, edge_count;     /* to what it refers, in the graph's edges */
};

struct graph {
	struct graph_node *nodes;    /* owned */
	size_t count, room;
	size_t *sorted;              /* owned: the nodes in order of their names; NULL: not made yet */
	size_t *edges;               /* owned: nodes that are referred to */
	size_t edge_count, edge_room;
};

void graph_clear(struct graph *graph);
struct graph_node *graph_add(struct graph *graph, const struct resource_type *type, const char *external_id, struct json_slice source);
/* When all are added: by name. False: `ret_node` came twice. */
bool graph_sort(struct graph *graph, const struct graph_node **ret_node);
const struct graph_node *graph_find(const struct graph *graph, const struct resource_type *type, const char *external_id);
/* When each has its data: find out who refers to whom. */
void graph_connect(struct graph *graph);
/*
 * Numbers of nodes, what others refer to first and else in the order in which they came, the root as late as may be. False: they
 * refer to each other, and `ret_cycle` (appended to) says how.
 */
bool graph_order(const struct graph *graph, const struct graph_node *root, size_t *ret_order, struct str *ret_cycle);

#endif
