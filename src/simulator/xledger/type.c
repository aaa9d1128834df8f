/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is asked of the tables of types: by name, by number, and where fields are that repeat others. */
#include "xledger/type.h"

#include <assert.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"

static const struct xl_type *types[XL_TYPE_MAX];
static size_t type_count;

/* What is known of each field once all types are there. */
static struct link {
	const struct xl_type *of;
	struct xl_path path;
} links[XL_TYPE_MAX][XL_FIELD_MAX];

static void types_add(const struct xl_type *rows, size_t count)
{
	assert(type_count + count <= XL_TYPE_MAX);
	for (size_t i = 0; i < count; i++)
		types[type_count++] = &rows[i];
}

/* "glDimension.glObject1", from the type: through parts and references to the field itself. */
static void path_set(const struct xl_type *type, const char *text, struct xl_path *path)
{
	while (*text) {
		size_t len = strcspn(text, ".");
		const struct xl_field *field = NULL;

		for (size_t i = 0; i < type->count && !field; i++)
			if (strlen(type->fields[i].name) == len && memcmp(type->fields[i].name, text, len) == 0)
				field = &type->fields[i];
		assert(field && path->count < XL_STEPS_MAX);
		path->steps[path->count++] = (uint8_t)(field - type->fields);
		text += len;
		if (*text == '.') {
			text++;
			type = xl_type_named(field->of);
			assert(type);
		}
	}
}

static void field_link(const struct xl_type *type, size_t at)
{
	const struct xl_field *field = &type->fields[at];
	struct link *link = &links[xl_type_index(type)][at];

	if (field->kind == XL_OWNER)
		link->of = xl_type_named("Owner");
	else if (field->of)
		link->of = xl_type_named(field->of);
	assert((field->kind == XL_REF || field->kind == XL_PART || field->kind == XL_OWNER) == (link->of != NULL));
	path_set(type, field->from ? field->from : field->name, &link->path);
}

void xl_types_start(void)
{
	if (type_count > 0)
		return;
	types_add(xl_party_types, xl_party_count);
	types_add(xl_work_types, xl_work_count);
	types_add(xl_ledger_types, xl_ledger_count);
	types_add(xl_list_types, xl_list_count);
	for (size_t i = 0; i < type_count; i++) {
		assert(types[i]->count <= XL_FIELD_MAX);
		for (size_t k = 0; k < types[i]->count; k++)
			field_link(types[i], k);
	}
}

size_t xl_type_count(void)
{
	return type_count;
}

const struct xl_type *xl_type_at(size_t index)
{
	return types[index];
}

size_t xl_type_index(const struct xl_type *type)
{
	size_t index = 0;

	while (types[index] != type)
		index++;
	return index;
}

const struct xl_type *xl_type_named(const char *name)
{
	for (size_t i = 0; i < type_count; i++)
		if (strcmp(types[i]->name, name) == 0)
			return types[i];
	return NULL;
}

const struct xl_field *xl_field_named(const struct xl_type *type, const char *name)
{
	for (size_t i = 0; i < type->count; i++)
		if (strcmp(type->fields[i].name, name) == 0)
			return &type->fields[i];
	return NULL;
}

size_t xl_field_index(const struct xl_type *type, const struct xl_field *field)
{
	return (size_t)(field - type->fields);
}

const struct xl_type *xl_field_of(const struct xl_type *type, const struct xl_field *field)
{
	return links[xl_type_index(type)][xl_field_index(type, field)].of;
}

const struct xl_path *xl_field_path(const struct xl_type *type, const struct xl_field *field)
{
	return &links[xl_type_index(type)][xl_field_index(type, field)].path;
}

bool xl_field_is_kept(const struct xl_field *field)
{
	return field->kind <= XL_PART && !field->from && !(field->flags & XL_FILTER_ONLY);
}
