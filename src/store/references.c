/* SPDX-License-Identifier: GPL-3.0-or-later */
/* References in lists, there and back. */
#include "ledgerdeck/store/references.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"

void references_clear(struct references *references)
{
	free(references->items);
	*references = (struct references){ 0 };
}

struct asking {
	struct store *store;
	const struct catalogue *catalogue;
	const char *account_id, *id;
	const struct type *type;
	struct record_reference *room; /* owned: REFERENCES_MAX */
};

static struct json_slice slice_of(const struct str *raw)
{
	return (struct json_slice){ .text = raw->text, .len = raw->len, .kind = JSON_OBJECT };
}

static bool names_it(const struct asking *asking, const struct type *type, const struct str *raw)
{
	bool more;
	size_t count = record_references(type, slice_of(raw), asking->room, REFERENCES_MAX, &more);

	for (size_t i = 0; i < count; i++)
		if (strcmp(asking->room[i].id, asking->id) == 0 &&
		    catalogue_called(asking->catalogue, type->provider, asking->room[i].type) == asking->type)
			return true;
	return false;
}

static bool look_at(const struct asking *asking, struct reference *reference, struct error *err)
{
	AUTO(str_clear) struct str raw = STR_INIT(STR_NO_LIMIT), texts = STR_INIT(STR_NO_LIMIT);
	struct record_row row;
	struct object object;

	reference->type = catalogue_called(asking->catalogue, asking->type->provider, reference->to.type);
	if (!reference->type)
		return true;
	if (!objects_get(asking->store, asking->account_id, reference->type->name, &object, &reference->found, err))
		return false;
	if (!reference->found)
		return true;
	if (!records_get(asking->store, &object, reference->type, reference->to.id, &row, &raw, &texts, &reference->found, err))
		return false;
	if (!reference->found)
		return true;
	reference->state = row.state;
	snprintf(reference->title, sizeof(reference->title), "%s", row.title);
	reference->points_back = row.state != RECORD_DELETED && names_it(asking, reference->type, &raw);
	return true;
}

bool references_find(struct store *store, const struct catalogue *catalogue, const char *account_id, const struct type *type,
		     const char *id, const struct str *raw, struct references *ret_references, struct error *err)
{
	AUTO(memory_freep) struct record_reference *room = memory_new(REFERENCES_MAX * sizeof(*room));
	struct asking asking = { store, catalogue, account_id, id, type, room };
	size_t count = record_references(type, slice_of(raw), room, REFERENCES_MAX, &ret_references->more);

	if (count == 0)
		return true;
	ret_references->items = memory_new(count * sizeof(*ret_references->items));
	ret_references->count = count;
	for (size_t i = 0; i < count; i++)
		ret_references->items[i].to = room[i];
	for (size_t i = 0; i < count; i++) {
		if (!look_at(&asking, &ret_references->items[i], err))
			return false;
		ret_references->back += ret_references->items[i].points_back;
	}
	return true;
}
