/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "import_graph.h"

#include <stdlib.h>
#include <string.h>

#include "excerpt.h"
#include "ledgerdeck/core/memory.h"

void graph_clear(struct graph *graph)
{
	for (size_t i = 0; i < graph->count; i++) {
		free(graph->nodes[i].external_id);
		str_clear(&graph->nodes[i].data);
	}
	free(graph->nodes);
	free(graph->sorted);
	free(graph->edges);
	*graph = (struct graph){ 0 };
}

struct graph_node *graph_add(struct graph *graph, const struct resource_type *type, const char *external_id, struct json_slice source)
{
	memory_grow(&graph->nodes, &graph->room, graph->count + 1, sizeof(*graph->nodes));
	graph->nodes[graph->count] = (struct graph_node){
		.type = type, .external_id = memory_copy_text(external_id), .source = source, .data = STR_INIT(RESOURCE_BYTES_MAX),
	};
	return &graph->nodes[graph->count++];
}

/* ---- by name */

/* Types are compared by their rows, which stand in one table. */
static int compare(const struct resource_type *type, const char *external_id, const struct graph_node *node)
{
	if (type != node->type)
		return type < node->type ? -1 : 1;
	return strcmp(external_id, node->external_id);
}

static int compare_nodes(const struct graph *graph, size_t a, size_t b)
{
	return compare(graph->nodes[a].type, graph->nodes[a].external_id, &graph->nodes[b]);
}

/* Merge sort, since qsort() has no place for the graph. */
static void sort(const struct graph *graph, size_t *items, size_t count, size_t *spare)
{
	size_t half = count / 2, left = 0, right = half;

	if (count < 2)
		return;
	sort(graph, items, half, spare);
	sort(graph, items + half, count - half, spare);
	for (size_t i = 0; i < count; i++) {
		bool takes_left = right == count || (left < half && compare_nodes(graph, items[left], items[right]) <= 0);

		spare[i] = takes_left ? items[left++] : items[right++];
	}
	memcpy(items, spare, count * sizeof(*items));
}

bool graph_sort(struct graph *graph, const struct graph_node **ret_node)
{
	AUTO(memory_freep) size_t *spare = memory_new((graph->count + 1) * sizeof(*spare));

	graph->sorted = memory_new((graph->count + 1) * sizeof(*graph->sorted));
	for (size_t i = 0; i < graph->count; i++)
		graph->sorted[i] = i;
	sort(graph, graph->sorted, graph->count, spare);
	for (size_t i = 1; i < graph->count; i++)
		if (compare_nodes(graph, graph->sorted[i - 1], graph->sorted[i]) == 0) {
			*ret_node = &graph->nodes[graph->sorted[i]];
			return false;
		}
	return true;
}

const struct graph_node *graph_find(const struct graph *graph, const struct resource_type *type, const char *external_id)
{
	size_t from = 0, to = graph->count;

	while (from < to) {
		size_t middle = from + (to - from) / 2;
		const struct graph_node *node = &graph->nodes[graph->sorted[middle]];
		int order = compare(type, external_id, node);

		if (order == 0)
			return node;
		if (order < 0)
			to = middle;
		else
			from = middle + 1;
	}
	return NULL;
}

/* ---- who refers to whom */

static void connect_value(struct graph *graph, struct graph_node *node, const struct resource_field *field, struct json_slice value,
			  struct str *text)
{
	const struct resource_type *type = resource_type_of(field->target);
	const struct graph_node *found;

	if (!type || value.kind != JSON_STRING)
		return;
	str_reset(text);
	json_unquote(value, text);
	found = graph_find(graph, type, text->text);
	if (!found)
		return;
	memory_grow(&graph->edges, &graph->edge_room, graph->edge_count + 1, sizeof(*graph->edges));
	graph->edges[graph->edge_count++] = (size_t)(found - graph->nodes);
	node->edge_count++;
}

static void connect_object(struct graph *graph, struct graph_node *node, struct json_slice object, bool is_line, struct str *text)
{
	struct json_slice name, value, line;
	size_t at = 0;

	while (json_each(object, &at, &name, &value)) {
		const struct resource_field *field = resource_field(node->type, is_line, name.text + 1, name.len - 2);
		size_t in_lines = 0;

		if (field && field->kind == VALUE_CODE)
			connect_value(graph, node, field, value, text);
		while (field && field->kind == VALUE_LINES && json_each(value, &in_lines, NULL, &line))
			connect_object(graph, node, line, true, text);
	}
}

void graph_connect(struct graph *graph)
{
	AUTO(str_clear) struct str text = STR_INIT(RESOURCE_EXTERNAL_MAX);

	for (size_t i = 0; i < graph->count; i++) {
		struct graph_node *node = &graph->nodes[i];
		struct json_slice data = { .text = node->data.text, .len = node->data.len, .kind = JSON_OBJECT };

		node->edge = graph->edge_count;
		connect_object(graph, node, data, false, &text);
	}
}

/* ---- the order */

struct step {
	size_t node, next; /* of its edges */
};

struct walk {
	const struct graph *graph;
	unsigned char *states; /* owned; of each node: 0 not seen, 1 open, 2 done */
	struct step *open;     /* owned: the way to the node at hand */
	size_t open_count;
	size_t *order;         /* borrowed */
	size_t order_count;
	struct str *cycle;     /* borrowed */
};

static void walk_clear(struct walk *walk)
{
	free(walk->states);
	free(walk->open);
}

static void add_name(struct str *out, const struct graph_node *node)
{
	char shown[EXCERPT_MAX];

	str_addf(out, "%s '%s'", node->type->title, excerpt(node->external_id, strlen(node->external_id), shown));
}

static void tell_cycle(const struct walk *walk, size_t node)
{
	size_t from = walk->open_count;

	while (walk->open[from - 1].node != node)
		from--;
	for (size_t i = from - 1; i < walk->open_count; i++) {
		if (i == from + 4 && walk->open_count > from + 6) {
			str_add(walk->cycle, "… -> ");
			i = walk->open_count - 1;
		}
		add_name(walk->cycle, &walk->graph->nodes[walk->open[i].node]);
		str_add(walk->cycle, " -> ");
	}
	add_name(walk->cycle, &walk->graph->nodes[node]);
}

/* All that the node refers to, then the node itself; without recursion, since a chain may be long. */
static bool visit(struct walk *walk, size_t start)
{
	if (walk->states[start] == 2)
		return true;
	walk->states[start] = 1;
	walk->open[walk->open_count++] = (struct step){ .node = start };
	while (walk->open_count > 0) {
		struct step *step = &walk->open[walk->open_count - 1];
		const struct graph_node *node = &walk->graph->nodes[step->node];
		size_t next;

		if (step->next == node->edge_count) {
			walk->states[step->node] = 2;
			walk->order[walk->order_count++] = step->node;
			walk->open_count--;
			continue;
		}
		next = walk->graph->edges[node->edge + step->next++];
		if (walk->states[next] == 1) {
			tell_cycle(walk, next);
			return false;
		}
		if (walk->states[next] == 0) {
			walk->states[next] = 1;
			walk->open[walk->open_count++] = (struct step){ .node = next };
		}
	}
	return true;
}

bool graph_order(const struct graph *graph, const struct graph_node *root, size_t *ret_order, struct str *ret_cycle)
{
	AUTO(walk_clear) struct walk walk = { .graph = graph, .order = ret_order, .cycle = ret_cycle };

	walk.states = memory_new(graph->count + 1);
	walk.open = memory_new((graph->count + 1) * sizeof(*walk.open));
	for (size_t i = 0; i < graph->count; i++)
		if (&graph->nodes[i] != root && !visit(&walk, i))
			return false;
	return visit(&walk, (size_t)(root - graph->nodes));
}
