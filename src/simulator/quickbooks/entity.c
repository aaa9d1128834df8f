/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads the rows of schema.c into the tables that everything else asks. */
#include "quickbooks/entity.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ledgerdeck/core/memory.h"
#include "quickbooks/rules.h"
#include "quickbooks/schema.h"

#define SHAPE_MAX 48

static struct shape shapes[SHAPE_MAX];
static struct entity entities[ENTITY_MAX];
static size_t entity_total;

/* What stands for "@" in a row. */
static const char base_members[] =
	"domain=t10- sparse=bool- Id=t30? SyncToken=t30 MetaData=ModificationMetaData-? ";

static const struct shape *shape_by_name(const char *name, size_t len)
{
	for (size_t i = 0; i < schema_shape_count; i++)
		if (strlen(shapes[i].name) == len && memcmp(shapes[i].name, name, len) == 0)
			return &shapes[i];
	assert(!"a row names a shape that is not there");
	return NULL;
}

/* The values inside "enum(..)" or "ref(..)"; lives as long as the program. */
static const char *inner_text(const char *text, const char **ret_end)
{
	const char *open = strchr(text, '('), *close = strchr(text, ')');

	assert(open && close && close > open);
	*ret_end = close + 1;
	return memory_copy(open + 1, (size_t)(close - open - 1));
}

static const char *parse_kind(const char *text, struct member *member)
{
	static const struct { const char *word; enum value_kind kind; } words[] = {
		{ "bool", VALUE_BOOL }, { "num", VALUE_NUMBER }, { "money", VALUE_MONEY },
		{ "int", VALUE_INTEGER }, { "date", VALUE_DATE }, { "time", VALUE_TIME },
		{ "any", VALUE_ANY },
	};
	const char *end = text;

	if (text[0] == 't' && isdigit((unsigned char)text[1])) {
		char *after;

		member->kind = VALUE_TEXT;
		member->max = (int)strtol(text + 1, &after, 10);
		return after;
	}
	if (strncmp(text, "ref(", 4) == 0 || strncmp(text, "enum(", 5) == 0) {
		member->kind = text[0] == 'r' ? VALUE_REF : VALUE_ENUM;
		member->values = inner_text(text, &end);
		return end;
	}
	if (text[0] == '[') {
		member->kind = VALUE_LIST;
		end = strchr(text, ']');
		member->shape = shape_by_name(text + 1, (size_t)(end - text - 1));
		return end + 1;
	}
	while (isalnum((unsigned char)*end))
		end++;
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strlen(words[i].word) == (size_t)(end - text) &&
		    memcmp(words[i].word, text, (size_t)(end - text)) == 0) {
			member->kind = words[i].kind;
			return end;
		}
	member->kind = VALUE_OBJECT;
	member->shape = shape_by_name(text, (size_t)(end - text));
	return end;
}

static const char *parse_member(const char *text, struct shape *shape, size_t *room)
{
	static const struct { char mark; unsigned flag; } marks[] = {
		{ '!', MEMBER_REQUIRED }, { '-', MEMBER_READONLY }, { '?', MEMBER_QUERY },
		{ '~', MEMBER_HIDDEN }, { ':', MEMBER_TYPED }, { '.', MEMBER_BARE },
	};
	const char *equals = strchr(text, '=');
	struct member *member;

	assert(equals);
	memory_grow(&shape->members, room, shape->count + 1, sizeof(*shape->members));
	member = &shape->members[shape->count];
	*member = (struct member){ .name = memory_copy(text, (size_t)(equals - text)) };
	text = parse_kind(equals + 1, member);
	for (; *text && *text != ' '; text++)
		for (size_t i = 0; i < ARRAY_LEN(marks); i++)
			if (marks[i].mark == *text)
				member->flags |= marks[i].flag;
	for (size_t i = 0; i < shape->count; i++)
		assert(strcmp(shape->members[i].name, member->name) != 0);
	shape->count++;
	return text;
}

static void parse_members(const char *text, struct shape *shape, size_t *room)
{
	while (*text) {
		if (*text == ' ') {
			text++;
		} else if (*text == '@') {
			parse_members(base_members, shape, room);
			text++;
		} else {
			text = parse_member(text, shape, room);
		}
	}
}

static unsigned parse_can(const char *letters)
{
	static const struct { char letter; unsigned can; } words[] = {
		{ 'Q', ENTITY_CAN_QUERY }, { 'C', ENTITY_CAN_CREATE }, { 'U', ENTITY_CAN_UPDATE },
		{ 'D', ENTITY_CAN_DELETE }, { 'V', ENTITY_CAN_VOID }, { 'c', ENTITY_CDC },
		{ '?', ENTITY_CDC_UNSURE }, { 'P', ENTITY_PAYS },
	};
	unsigned can = 0;

	for (; *letters; letters++)
		for (size_t i = 0; i < ARRAY_LEN(words); i++)
			if (words[i].letter == *letters)
				can |= words[i].can;
	return can;
}

static void make_entity(const struct entity_row *row, size_t index)
{
	struct entity *entity = &entities[index];
	size_t room = 0;

	entity->index = (int)index;
	entity->name = row->name;
	entity->key = row->key ? row->key : row->name;
	for (size_t i = 0; row->name[i]; i++)
		entity->path[i] = (char)tolower((unsigned char)row->name[i]);
	entity->internal = row->internal ? row->internal : row->name;
	entity->kind = strcmp(row->kind, "list") == 0  ? ENTITY_LIST
		       : strcmp(row->kind, "txn") == 0 ? ENTITY_TXN
						       : ENTITY_SPECIAL;
	entity->can = parse_can(row->can);
	entity->name_member = row->label;
	entity->shape.name = row->name;
	parse_members(row->members, &entity->shape, &room);
	entity->rules = rules_of(row->name);
}

void entity_start(void)
{
	if (entity_total)
		return;
	assert(schema_shape_count <= SHAPE_MAX && schema_entity_count <= ENTITY_MAX);
	for (size_t i = 0; i < schema_shape_count; i++)
		shapes[i].name = schema_shapes[i].name;
	for (size_t i = 0; i < schema_shape_count; i++) {
		size_t room = 0;

		parse_members(schema_shapes[i].members, &shapes[i], &room);
	}
	for (size_t i = 0; i < schema_entity_count; i++)
		make_entity(&schema_entities[i], i);
	entity_total = schema_entity_count;
}

size_t entity_count(void)
{
	entity_start();
	return entity_total;
}

const struct entity *entity_at(size_t index)
{
	entity_start();
	assert(index < entity_total);
	return &entities[index];
}

const struct entity *entity_by_name(const char *name, bool any_case)
{
	entity_start();
	for (size_t i = 0; i < entity_total; i++)
		if ((any_case ? strcasecmp(entities[i].name, name) : strcmp(entities[i].name, name)) == 0)
			return &entities[i];
	return NULL;
}

const struct entity *entity_by_path(const char *path, bool any_case)
{
	entity_start();
	for (size_t i = 0; i < entity_total; i++)
		if ((any_case ? strcasecmp(entities[i].path, path) : strcmp(entities[i].path, path)) == 0)
			return &entities[i];
	return NULL;
}

const struct member *shape_member(const struct shape *shape, const char *name)
{
	for (size_t i = 0; i < shape->count; i++)
		if (strcmp(shape->members[i].name, name) == 0)
			return &shape->members[i];
	return NULL;
}

/* A member by the first `len` bytes of a name in any letter case. */
static const struct member *member_any_case(const struct shape *shape, const char *name, size_t len)
{
	for (size_t i = 0; i < shape->count; i++)
		if (strlen(shape->members[i].name) == len &&
		    strncasecmp(shape->members[i].name, name, len) == 0)
			return &shape->members[i];
	return NULL;
}

/* The target of an attachment is queried by "AttachableRef.EntityRef.Type" and ".value". */
static const struct member *attachable_property(const char *name, char *ret_path, size_t path_size)
{
	static const struct member type = { .name = "type", .kind = VALUE_TEXT, .flags = MEMBER_QUERY };
	static const struct member value = { .name = "value", .kind = VALUE_TEXT, .flags = MEMBER_QUERY };
	const struct member *member = NULL;

	if (strcasecmp(name, "AttachableRef.EntityRef.Type") == 0)
		member = &type;
	else if (strcasecmp(name, "AttachableRef.EntityRef.value") == 0 ||
		 strcasecmp(name, "AttachableRef.EntityRef") == 0)
		member = &value;
	if (member)
		snprintf(ret_path, path_size, "AttachableRef.EntityRef.%s", member->name);
	return member;
}

const struct member *entity_property(const struct entity *entity, const char *name, char *ret_path,
				     size_t path_size)
{
	size_t first = strcspn(name, ".");
	const struct member *member = member_any_case(&entity->shape, name, first), *inner;

	if (!member)
		return NULL;
	if (strcmp(entity->name, "Attachable") == 0 && strcmp(member->name, "AttachableRef") == 0)
		return attachable_property(name, ret_path, path_size);
	if (member->kind == VALUE_OBJECT) {
		/* An address of mail or web is compared by its only text. */
		const char *rest = name[first] ? name + first + 1 : member->shape->members[0].name;

		inner = member_any_case(member->shape, rest, strlen(rest));
		if (!inner || (!name[first] && strcmp(member->name, "MetaData") == 0))
			return NULL;
		snprintf(ret_path, path_size, "%s.%s", member->name, inner->name);
		return inner;
	}
	if (member->kind == VALUE_REF) {
		if (name[first] && strcasecmp(name + first, ".value") != 0 &&
		    strcasecmp(name + first, ".name") != 0)
			return NULL;
		snprintf(ret_path, path_size, "%s.%s", member->name,
			 name[first] && strcasecmp(name + first, ".name") == 0 ? "name" : "value");
		return member;
	}
	if (name[first])
		return NULL;
	snprintf(ret_path, path_size, "%s", member->name);
	return member;
}
