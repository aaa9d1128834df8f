/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One record, and the counts of its object. */
#include "mirror.h"

#include <stdio.h>

#include "ledgerdeck/core/memory.h"

static bool put(const struct mirror_one *one, const struct object *object, struct json_slice raw, struct error *err)
{
	AUTO(str_clear) struct str scratch = STR_INIT(STR_NO_LIMIT), bytes = STR_INIT(STR_NO_LIMIT);
	const struct compress_dictionary *dictionary;
	struct record record;
	struct packed packed = { .record = &record, .raw_len = (int64_t)raw.len };
	struct error why = { 0 };

	str_reserve(&scratch, raw.len + 64);
	if (!record_extract(one->type, raw, &scratch, &record, err))
		return false;
	dictionary = records_dictionary(one->store, one->type->provider, one->type->name, &packed.dictionary, &why);
	if (why.code != ERROR_NONE)
		return err ? (*err = why, false) : false;
	compress_pack(one->compress, dictionary, raw.text, raw.len, &bytes);
	packed.bytes = bytes.text;
	packed.len = bytes.len;
	return records_put(one->store, object, &packed, 1, one->now_ms, one->counts, err);
}

static bool state_of(const struct mirror_one *one, const struct object *object, const char *id, int *ret_state, struct error *err)
{
	AUTO(str_clear) struct str raw = STR_INIT(STR_NO_LIMIT), texts = STR_INIT(STR_NO_LIMIT);
	struct record_row row;
	bool found;

	if (!records_get(one->store, object, one->type, id, &row, &raw, &texts, &found, err))
		return false;
	*ret_state = found ? (int)row.state : -1;
	return true;
}

bool mirror_take(const struct mirror_one *one, const char *id, struct json_slice raw, struct error *err)
{
	char ids[1][RECORD_ID_MAX];
	struct object object;
	int before, after;
	bool found;

	if (!objects_get(one->store, one->account_id, one->type->name, &object, &found, err))
		return false;
	if (!found || !object_is_current(&object, one->type))
		return true;
	snprintf(ids[0], sizeof(ids[0]), "%s", id);
	return state_of(one, &object, id, &before, err) &&
	       (raw.kind == JSON_NONE ? records_gone(one->store, &object, ids, 1, one->now_ms, one->counts, err) : put(one, &object, raw, err)) &&
	       state_of(one, &object, id, &after, err) && objects_moved(one->store, object.no, before, after, err);
}
