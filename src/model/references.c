/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which records a record names in its lists: a walk along a path through all items, since there may be any number of them. */
#include <string.h>

#include "cell.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/model/record.h"

struct finding {
	const struct type_refers *refers;
	struct record_reference *found;
	size_t room, count;
	bool more;
};

static bool copy_member(struct json_slice item, const char *name, char *out, size_t size)
{
	AUTO(str_clear) struct str scratch = STR_INIT(STR_NO_LIMIT);
	struct cell_text text = cell_text_of(json_member(item, name), &scratch);

	if (text.len == 0 || text.len >= size || memchr(text.bytes, '\0', text.len))
		return false;
	memcpy(out, text.bytes, text.len);
	out[text.len] = '\0';
	return true;
}

static void take_item(struct finding *finding, struct json_slice item)
{
	struct record_reference reference;

	if (!copy_member(item, finding->refers->id, reference.id, sizeof(reference.id)) ||
	    !copy_member(item, finding->refers->type, reference.type, sizeof(reference.type)))
		return;
	for (size_t i = 0; i < finding->count; i++)
		if (strcmp(finding->found[i].id, reference.id) == 0 && strcmp(finding->found[i].type, reference.type) == 0)
			return;
	finding->more = finding->more || finding->count == finding->room;
	if (!finding->more)
		finding->found[finding->count++] = reference;
}

/* Path is no deeper than PATH_DEPTH_MAX names; lists are gone through where they stand. */
static void walk(struct finding *finding, struct json_slice value, const char *path)
{
	size_t len = strcspn(path, "."), at = 0;
	struct json_slice name, each;

	if (value.kind == JSON_ARRAY) {
		while (json_each(value, &at, NULL, &each))
			if (each.kind == JSON_OBJECT)
				walk(finding, each, path);
		return;
	}
	if (value.kind != JSON_OBJECT)
		return;
	if (len == 0) {
		take_item(finding, value);
		return;
	}
	while (json_each(value, &at, &name, &each))
		if (name.len - 2 == len && memcmp(name.text + 1, path, len) == 0)
			walk(finding, each, path[len] ? path + len + 1 : "");
}

size_t record_references(const struct type *type, struct json_slice raw, struct record_reference *ret_references, size_t room,
			 bool *ret_more)
{
	struct finding finding = { .found = ret_references, .room = room };

	for (size_t i = 0; i < type->refers_count; i++) {
		finding.refers = &type->refers[i];
		walk(&finding, raw, finding.refers->path);
	}
	*ret_more = finding.more;
	return finding.count;
}
