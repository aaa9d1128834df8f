/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A batch: its items are carried out one after the other, and what one of them meets with does
 * not touch the others. Only a batch that cannot be read at all is refused as a whole.
 */
#include "quickbooks/batch.h"

#include <string.h>
#include <strings.h>

#include "ledgerdeck/core/memory.h"
#include "quickbooks/select.h"

#define ITEMS_MAX 30
#define ITEM_TEXT_MAX ((size_t)64 << 20)

/* One item taken apart. */
struct item {
	const char *id;             /* borrowed; NULL: missing */
	const char *operation;      /* borrowed; NULL: missing */
	const char *options;        /* borrowed: optionsData; "" when missing */
	json_object *query;         /* borrowed; NULL: none */
	const struct entity *entity;
	json_object *object;        /* borrowed: what is to be written; NULL: none */
	const char *strange;        /* borrowed: a member that is none of these; NULL: none */
};

/* An entity by the name that its objects have in envelopes. */
static const struct entity *entity_by_key(const char *key)
{
	for (size_t i = 0; i < entity_count(); i++)
		if (strcmp(entity_at(i)->key, key) == 0)
			return entity_at(i);
	return entity_by_name(key, false);
}

static const char *text_of(json_object *value)
{
	return json_object_is_type(value, json_type_string) ? json_object_get_string(value) : NULL;
}

static struct item item_read(json_object *sent)
{
	struct item item = { .options = "" };

	json_object_object_foreach(sent, name, value) {
		if (strcmp(name, "bId") == 0) {
			item.id = json_object_is_type(value, json_type_int)
					  ? json_object_get_string(value)
					  : text_of(value);
		} else if (strcmp(name, "operation") == 0) {
			item.operation = text_of(value);
		} else if (strcmp(name, "optionsData") == 0) {
			item.options = text_of(value) ? text_of(value) : "";
		} else if (strcmp(name, "Query") == 0) {
			item.query = value;
		} else if (entity_by_key(name)) {
			item.entity = entity_by_key(name);
			item.object = value;
		} else {
			item.strange = name;
		}
	}
	return item;
}

/* {"QueryResponse":..} without its braces. */
static bool item_query(struct company *company, const struct item *item, struct str *out,
		       struct fault *fault)
{
	const char *text = text_of(item->query);

	str_add(out, "\"QueryResponse\":");
	return select_text(company, text ? text : "", text ? strlen(text) : 0, out, fault);
}

/* What an item with an object is to do with it. */
static bool item_operation(const struct item *item, enum write_operation *ret_operation,
			   struct fault *fault)
{
	bool has_id = json_object_object_get_ex(item->object, "Id", NULL);
	const char *name = item->operation;

	if (!name)
		return fault_set(fault, 2020, "operation",
				 "Required parameter operation is missing in the request");
	if (strcasecmp(name, "delete") == 0) {
		*ret_operation = WRITE_DELETE;
	} else if (strcasecmp(name, "void") == 0 ||
		   (strcasecmp(name, "update") == 0 && strcasestr(item->options, "void"))) {
		*ret_operation = WRITE_VOID;
	} else if (strcasecmp(name, "create") == 0) {
		*ret_operation = WRITE_SAVE;
	} else if (strcasecmp(name, "update") == 0) {
		*ret_operation = WRITE_SAVE;
		if (!has_id)
			return fault_set(fault, 2020, "Id",
					 "Required parameter Id is missing in the request");
	} else {
		return fault_set(fault, 500, NULL, "Operation %.200s is not supported.", name);
	}
	return true;
}

static bool item_write(struct company *company, const struct item *item,
		       const struct write_options *options, struct str *out, struct fault *fault)
{
	struct write_options own = *options;
	enum write_operation operation;

	if (!json_object_is_type(item->object, json_type_object))
		return fault_plain(fault, 2010);
	if (!item_operation(item, &operation, fault))
		return false;
	/* An Id makes an update of it, whatever the operation says; a create has none yet. */
	if (strcasecmp(item->operation, "create") == 0) {
		json_object_object_del(item->object, "Id");
		json_object_object_del(item->object, "SyncToken");
	}
	if (strcasestr(item->options, "allowduplicatedocnum"))
		own.allow_duplicate_number = true;
	str_addf(out, "\"%s\":", item->entity->key);
	return write_run(company, item->entity, operation, item->object, &own, out, fault);
}

static bool item_run(struct company *company, const struct item *item,
		     const struct write_options *options, struct str *out, struct fault *fault)
{
	if (!item->id)
		return fault_set(fault, 2020, "bId",
				 "Required parameter bId is missing in the request");
	if (item->query && !item->object)
		return item_query(company, item, out, fault);
	if (item->object && !item->query)
		return item_write(company, item, options, out, fault);
	if (item->object)
		return fault_set(fault, 2600, "Query", "An item is either a query or an object");
	if (item->strange)
		return fault_set(fault, 2000, NULL,
				 "Object Name: %.200s specified is unsupported or invalid",
				 item->strange);
	return fault_set(fault, 2020, "IntuitObject",
			 "Required parameter IntuitObject is missing in the request");
}

static void item_add(struct company *company, json_object *sent,
		     const struct write_options *options, struct str *out)
{
	AUTO(str_clear) struct str answer = STR_INIT(ITEM_TEXT_MAX);
	struct item item = { .options = "" };
	struct fault fault;
	bool done;

	if (json_object_is_type(sent, json_type_object)) {
		item = item_read(sent);
		done = item_run(company, &item, options, &answer, &fault);
	} else {
		done = fault_plain(&fault, 2010);
	}
	str_add_char(out, '{');
	if (done && !str_is_cut(&answer)) {
		str_add_bytes(out, answer.text, answer.len);
	} else {
		if (done)
			fault_plain(&fault, 10100);
		str_add(out, "\"Fault\":");
		fault_add_json(&fault, out);
	}
	if (item.id) {
		str_add(out, ",\"bId\":");
		str_add_json(out, item.id, strlen(item.id));
	}
	str_add_char(out, '}');
}

bool batch_run(struct company *company, json_object *sent, const struct write_options *options,
	       struct str *out, struct fault *fault)
{
	json_object *items = NULL;
	size_t count;

	if (!json_object_is_type(sent, json_type_object))
		return fault_plain(fault, 2010);
	json_object_object_foreach(sent, name, value) {
		if (strcmp(name, "BatchItemRequest") != 0)
			return fault_set(
				fault, 2010, NULL,
				"Property Name:Unrecognized field \"%.200s\" (class "
				"com.intuit.schema.finance.v3.IntuitBatchRequest),"
				" not marked as ignorable "
				"specified is unsupported or invalid",
				name);
		items = value;
	}
	if (!items)
		return fault_set(fault, 2020, "BatchItemRequest",
				 "Required parameter BatchItemRequest is missing in the request");
	if (!json_object_is_type(items, json_type_array))
		return fault_plain(fault, 2010);
	count = json_object_array_length(items);
	if (count > ITEMS_MAX)
		return fault_set(
			fault, 1040, NULL,
			"The batch size for the batch request or BatchItemRequest is too big. "
			"The batch limit size is %d.",
			ITEMS_MAX);
	str_add(out, "\"BatchItemResponse\":[");
	for (size_t i = 0; i < count; i++) {
		if (i)
			str_add_char(out, ',');
		item_add(company, json_object_array_get_idx(items, i), options, out);
	}
	str_add_char(out, ']');
	return true;
}
