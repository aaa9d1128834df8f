/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Requests of a JSON text: sync requests with all that they refer to, and resources alone. A request comes out as a whole or
 * not at all.
 */
#include <stdlib.h>
#include <string.h>

#include "excerpt.h"
#include "import_graph.h"
#include "import_impl.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/model/nearest.h"

#define REFUSALS_MAX RESOURCE_PROBLEMS_MAX /* of a request; further ones are counted */

/* How far lines were counted. */
struct text_place {
	const char *at, *line_start; /* borrowed: the text */
	size_t line;                 /* from 1 */
};

/* One item at hand. */
struct request {
	struct import *import;
	struct json_slice item;
	struct text_place start, last; /* the item's beginning, and where something was told of last */
	const struct resource_type *type; /* of the root; NULL: not known yet */
	struct str external_id, organization; /* owned */
	enum import_method method;
	bool without_create_confirmation;
	bool is_sync;              /* of the LedgerSync kind, not a resource alone */
	struct graph graph;        /* owned */
	struct error *err;
	size_t refusals, more;     /* told, and not told */
	bool is_refused;
	bool has_failed;           /* the sink wants no more; `err` says why */
};

static void request_clear(struct request *request)
{
	str_clear(&request->external_id);
	str_clear(&request->organization);
	graph_clear(&request->graph);
}

/* ---- refusals */

static void go_to(struct text_place *place, const char *at)
{
	const char *end;

	while (at > place->at && (end = memchr(place->at, '\n', (size_t)(at - place->at))) != NULL) {
		place->line++;
		place->at = place->line_start = end + 1;
	}
	place->at = at;
}

/* Things are told of mostly in the order in which they stand. */
static const struct text_place *place_of(struct request *request, const char *at)
{
	if (at < request->last.at)
		request->last = request->start;
	go_to(&request->last, at);
	return &request->last;
}

static void tell(struct request *request, const struct import_refusal *refusal)
{
	if (!request->is_refused)
		request->import->counts.refused++;
	request->is_refused = true;
	if (!request->has_failed && !import_refuse(request->import, refusal, request->err))
		request->has_failed = true;
}

static void refuse_resource(struct request *request, const char *at, const char *name, const char *why,
			    const struct resource_type *type, const char *external_id)
{
	const struct text_place *place;
	char shown[EXCERPT_MAX];
	struct import_refusal refusal = { .name = name, .why = why, .type = type, .external_id = external_id };

	if (request->refusals == REFUSALS_MAX) {
		request->more++;
		return;
	}
	request->refusals++;
	place = place_of(request, at);
	refusal.line = place->line;
	refusal.column = (size_t)(at - place->line_start) + 1;
	refusal.text = excerpt_json(request->item.text, request->item.len, (size_t)(at - request->item.text), shown);
	tell(request, &refusal);
}

static void tell_more(struct request *request)
{
	AUTO(str_clear) struct str why = STR_INIT(100);
	const struct import_refusal refusal = {
		.line = request->start.line, .name = "", .text = "", .why = why.text, .type = request->type,
		.external_id = request->external_id.text,
	};

	if (request->more == 0)
		return;
	str_addf(&why, "%zu more things are wrong with it", request->more);
	tell(request, &refusal);
}

static void refuse(struct request *request, const char *at, const char *name, const char *why)
{
	refuse_resource(request, at, name, why, request->type, request->external_id.text);
}

/* ---- members of a request */

static bool is_given(struct json_slice value)
{
	return value.kind != JSON_NONE && value.kind != JSON_NULL;
}

/* A string, or nothing: then false. A value of another kind is refused. */
static bool take_text(struct request *request, const char *name, struct str *out)
{
	struct json_slice value = json_member(request->item, name);

	if (!is_given(value))
		return false;
	if (value.kind == JSON_NUMBER)
		str_add_bytes(out, value.text, value.len);
	else if (value.kind == JSON_STRING)
		json_unquote(value, out);
	else
		refuse(request, value.text, name, "this is a text, as in \"a1\"");
	return out->len > 0;
}

static const struct resource_type *find_type(struct request *request, const char *at, const char *name, const char *word, size_t len)
{
	const struct resource_type *type = resource_type_find(word, len), *other;
	struct nearest nearest = nearest_start(word, len);
	AUTO(str_clear) struct str why = STR_INIT(300);
	char hint[NEAREST_HINT_MAX];

	if (type)
		return type;
	str_add(&why, "there is no such type of resource");
	for (size_t i = 0; (other = resource_type_at(i)) != NULL; i++)
		nearest_try(&nearest, other->name);
	str_add(&why, nearest_hint(&nearest, hint));
	if (!nearest.best)
		for (size_t i = 0; (other = resource_type_at(i)) != NULL; i++)
			str_addf(&why, "%s%s", i ? ", " : ": there are ", other->name);
	refuse(request, at, name, why.text);
	return NULL;
}

static void take_type(struct request *request, const char *name)
{
	AUTO(str_clear) struct str word = STR_INIT(100);
	struct json_slice value = json_member(request->item, name);

	if (take_text(request, name, &word))
		request->type = find_type(request, value.text, name, word.text, word.len);
	else if (!is_given(value) || value.kind == JSON_STRING)
		refuse(request, request->item.text, name, "it is missing: which type of resource is it");
}

/* True: it can be one. What is wrong is told. */
static bool check_external_id(struct request *request, const char *at, const char *name, const struct str *external_id)
{
	char why[EXTERNAL_ID_TEXT_MAX];

	if (memchr(external_id->text, '\0', external_id->len)) {
		refuse(request, at, name, "has control characters in it");
		return false;
	}
	if (external_id_check(external_id->text, "rsrc", why))
		return true;
	why[strlen(why) - 1] = '\0';
	refuse(request, at, name, why);
	return false;
}

/* Both are known to whoever reads what is wrong with either of them. */
static void take_name(struct request *request, const char *type, const char *external_id)
{
	struct json_slice value = json_member(request->item, external_id);

	take_text(request, external_id, &request->external_id);
	take_type(request, type);
	if (!is_given(value) || value.kind == JSON_STRING || value.kind == JSON_NUMBER)
		check_external_id(request, is_given(value) ? value.text : request->item.text, external_id, &request->external_id);
}

static void take_method(struct request *request)
{
	AUTO(str_clear) struct str word = STR_INIT(100);

	if (take_text(request, "operation_method", &word) && !import_method_parse(word.text, word.len, &request->method))
		refuse(request, json_member(request->item, "operation_method").text, "operation_method",
		       "this is create, find, update or upsert");
}

static void take_confirmation(struct request *request)
{
	struct json_slice value = json_member(request->item, "without_create_confirmation");

	if (is_given(value) && value.kind != JSON_BOOL)
		refuse(request, value.text, "without_create_confirmation", "this is true or false");
	request->without_create_confirmation = value.kind == JSON_BOOL && *value.text == 't';
}

static void take_common(struct request *request)
{
	take_method(request);
	if (!take_text(request, "organization_external_id", &request->organization))
		take_text(request, "organization", &request->organization);
	take_confirmation(request);
}

/* ---- what the request is made of */

static void take_reference(struct request *request, const struct resource_type *type, struct json_slice name, struct json_slice value)
{
	AUTO(str_clear) struct str external_id = STR_INIT(RESOURCE_EXTERNAL_MAX);
	struct json_slice data = value.kind == JSON_OBJECT ? json_member(value, "data") : (struct json_slice){ 0 };

	json_unquote(name, &external_id);
	if (!check_external_id(request, name.text, "references", &external_id))
		return;
	if (request->graph.count == IMPORT_REFERENCES_MAX) {
		if (!request->is_refused)
			refuse(request, name.text, "references", "a sync request refers to 10000 resources at most");
	} else if (data.kind == JSON_NONE) {
		refuse_resource(request, name.text, "data", "its data is missing", type, external_id.text);
	} else {
		graph_add(&request->graph, type, external_id.text, data)->line = place_of(request, name.text)->line;
	}
}

static void take_references(struct request *request)
{
	struct json_slice references = json_member(request->item, "references"), name, resources, id, value;
	size_t at = 0;

	if (references.kind != JSON_OBJECT) {
		refuse(request, is_given(references) ? references.text : request->item.text, "references",
		       "an object is needed here: type, then external id, then {\"data\": {…}}");
		return;
	}
	while (json_each(references, &at, &name, &resources)) {
		AUTO(str_clear) struct str word = STR_INIT(100);
		const struct resource_type *type;
		size_t in_type = 0;

		json_unquote(name, &word);
		type = find_type(request, name.text, "references", word.text, word.len);
		if (type && resources.kind != JSON_OBJECT)
			refuse(request, resources.text, "references", "an object is needed here: external id, then {\"data\": {…}}");
		while (type && resources.kind == JSON_OBJECT && json_each(resources, &in_type, &id, &value))
			take_reference(request, type, id, value);
	}
}

static void take_sync(struct request *request)
{
	take_name(request, "resource_type", "resource_external_id");
	take_common(request);
	take_references(request);
}

static void take_plain(struct request *request)
{
	static const char *const known[] = {
		"type", "external_id", "data", "operation_method", "organization", "organization_external_id",
		"without_create_confirmation",
	};
	struct json_slice name, value, data = json_member(request->item, "data");
	size_t at = 0;

	take_name(request, "type", "external_id");
	take_common(request);
	while (json_each(request->item, &at, &name, &value)) {
		struct nearest nearest = nearest_start(name.text + 1, name.len - 2);
		AUTO(str_clear) struct str why = STR_INIT(200);
		char hint[NEAREST_HINT_MAX];
		bool is_known = false;

		for (size_t i = 0; i < ARRAY_LEN(known); i++) {
			is_known |= json_equals(name, known[i]);
			nearest_try(&nearest, known[i]);
		}
		str_addf(&why, "a resource has no such member beside its data%s", nearest_hint(&nearest, hint));
		if (!is_known)
			refuse(request, name.text, "", why.text);
	}
	if (data.kind == JSON_NONE)
		refuse(request, request->item.text, "data", "its data is missing");
	else if (!request->is_refused)
		graph_add(&request->graph, request->type, request->external_id.text, data)->line = request->start.line;
}

/* ---- out */

static void check_node(struct request *request, struct graph_node *node)
{
	struct resource_problems *problems = &request->import->problems;

	if (resource_check(node->type, node->source, &node->data, problems))
		return;
	for (size_t i = 0; i < problems->count; i++)
		refuse_resource(request, node->source.text + problems->items[i].at, problems->items[i].path, problems->items[i].text,
				node->type, node->external_id);
	request->more += problems->more;
}

static bool check_duplicate(struct request *request)
{
	AUTO(str_clear) struct str why = STR_INIT(200);

	if (!import_know(request->import, request->type, request->organization.text, request->external_id.text, request->start.line, &why,
			 request->err))
		return false;
	if (why.len > 0)
		refuse(request, request->item.text, "external_id", why.text);
	return !request->has_failed;
}

static bool give(struct request *request, const size_t *order, const struct graph_node *root)
{
	struct import *import = request->import;

	import->requests++;
	for (size_t i = 0; i < request->graph.count; i++) {
		const struct graph_node *node = &request->graph.nodes[order[i]];
		const struct import_document document = {
			.type = node->type,
			.external_id = node->external_id,
			.data = { .text = node->data.text, .len = node->data.len, .kind = JSON_OBJECT },
			.line = node->line,
			.method = node == root ? request->method : IMPORT_UPSERT,
			.request = import->requests,
			.is_root = node == root,
			.is_sync = request->is_sync,
			.without_create_confirmation = request->without_create_confirmation,
			.organization = request->organization.text,
		};

		if (!import_give(import, &document, request->err))
			return false;
	}
	return true;
}

static const struct graph_node *find_root(struct request *request)
{
	AUTO(str_clear) struct str why = STR_INIT(200);
	const struct graph_node *node = NULL;
	char shown[EXCERPT_MAX];

	if (!graph_sort(&request->graph, &node)) {
		refuse_resource(request, node->source.text, "references", "it is in 'references' twice", node->type, node->external_id);
		return NULL;
	}
	node = graph_find(&request->graph, request->type, request->external_id.text);
	if (node)
		return node;
	str_addf(&why, "'references' has no %s '%s', which the request is about", request->type->name,
		 excerpt(request->external_id.text, request->external_id.len, shown));
	refuse(request, request->item.text, "references", why.text);
	return NULL;
}

static bool put_in_order(struct request *request, const struct graph_node *root, size_t *ret_order)
{
	AUTO(str_clear) struct str cycle = STR_INIT(600);

	graph_connect(&request->graph);
	str_add(&cycle, "they refer to each other: ");
	if (graph_order(&request->graph, root, ret_order, &cycle))
		return true;
	refuse(request, request->item.text, "references", cycle.text);
	return false;
}

/* All that was taken: checked, put in order, and given out if nothing is wrong with any of it. */
static bool finish(struct request *request)
{
	AUTO(memory_freep) size_t *order = memory_new((request->graph.count + 1) * sizeof(*order));
	const struct graph_node *root = NULL;

	if (!request->is_refused && !check_duplicate(request))
		return false;
	if (!request->is_refused)
		root = find_root(request);
	for (size_t i = 0; i < request->graph.count && !request->has_failed; i++)
		check_node(request, &request->graph.nodes[i]);
	if (root && !request->is_refused && put_in_order(request, root, order))
		return give(request, order, root);
	tell_more(request);
	return !request->has_failed;
}

static bool read_item(struct import *import, struct json_slice item, struct text_place start, struct error *err)
{
	AUTO(request_clear) struct request request = {
		.import = import,
		.item = item,
		.start = start,
		.last = start,
		.external_id = STR_INIT(RESOURCE_EXTERNAL_MAX),
		.organization = STR_INIT(RESOURCE_EXTERNAL_MAX - 1),
		.err = err,
	};

	if (item.kind != JSON_OBJECT) {
		refuse(&request, item.text, "", "a document is an object in braces");
		return !request.has_failed;
	}
	request.is_sync = is_given(json_member(item, "resource_type")) || is_given(json_member(item, "references")) ||
			  is_given(json_member(item, "resource_external_id"));
	if (request.is_sync)
		take_sync(&request);
	else
		take_plain(&request);
	return !request.has_failed && finish(&request);
}

bool import_json_items(struct import *import, const char *text, size_t line, struct json_slice items, struct error *err)
{
	struct text_place place = { .at = text, .line_start = text, .line = line };
	struct json_slice item;
	size_t at = 0;

	go_to(&place, items.text);
	if (items.kind != JSON_ARRAY)
		return read_item(import, items, place, err);
	while (json_each(items, &at, NULL, &item)) {
		go_to(&place, item.text);
		if (!read_item(import, item, place, err))
			return false;
	}
	return true;
}
