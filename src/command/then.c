/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looking back: which time is meant, and what the mirror knows of it. */
#include "ledgerdeck/command/then.h"

#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/date.h"
#include "verbs.h"

bool then_parse(struct app *app, const char *option, const char *text, int64_t *ret_ms, struct error *err)
{
	struct date day;

	if (!verb_time(app, option, text, ret_ms, err))
		return false;
	if (date_parse(text, strlen(text), &day))
		*ret_ms += DAY_MS - 1;
	return true;
}

static void stamp_of(int64_t ms, char *out)
{
	stamp_format(ms, 0, false, out);
	snprintf(out + 19, STAMP_TEXT_MAX - 19, "Z");
}

bool then_is_known(const struct object *object, const struct type *type, int64_t at_ms, struct error *err)
{
	char at[STAMP_TEXT_MAX], whole[STAMP_TEXT_MAX];

	if (object->whole_ms == 0)
		return error_set(err, ERROR_INPUT, "nobody knows what was then: %s was not read completely yet", type->name);
	stamp_of(at_ms, at);
	stamp_of(object->whole_ms, whole);
	return object->whole_ms <= at_ms ||
	       error_set(err, ERROR_INPUT, "nobody knows all that was at %s: the mirror has all of %s since %s", at, type->name, whole);
}

/* Why there is none as of then, and what is known instead. */
static bool refuse(const struct account *account, const struct object *object, const struct type *type, const char *id, int64_t at_ms,
		   enum record_then then, const struct record_version *version, struct error *err)
{
	char at[STAMP_TEXT_MAX], whole[STAMP_TEXT_MAX], first[STAMP_TEXT_MAX], changed[STAMP_TEXT_MAX];

	stamp_of(at_ms, at);
	stamp_of(object->whole_ms, whole);
	stamp_of(version->seen_ms, first);
	stamp_of(version->time_ms, changed);
	if (then == RECORD_THEN_ABSENT)
		return error_set(err, ERROR_INPUT, "'%.60s' had no %s with id '%.60s' at %s: the mirror has it since %s", account->name, type->name,
				 id, at, first);
	if (object->whole_ms == 0)
		return error_set(err, ERROR_INPUT, "nobody knows what was at %s: %s is not read completely yet", at, type->name);
	if (version->has_time && version->time_ms <= at_ms)
		return error_set(err, ERROR_INPUT, "the mirror has this record since %s and knows nothing of %s; the ledger says that it was last "
				 "changed at %s, so it was then as the first version of its history", first, at, changed);
	return error_set(err, ERROR_INPUT, "nobody knows what was at %s: the mirror has this record since %s, and all of %s since %s", at, first,
			 type->name, whole);
}

bool then_find(struct store *store, const struct account *account, const struct object *object, const struct type *type, const char *id,
	       int64_t at_ms, struct record_version *ret_version, struct str *ret_raw, struct record_row *ret_row, bool *ret_found,
	       struct error *err)
{
	enum record_then then;

	if (!records_as_of(store, object, id, at_ms, &then, ret_version, ret_raw, err))
		return false;
	*ret_found = ret_version->seen_ms != 0;
	if (*ret_found && then != RECORD_THEN_THERE && then != RECORD_THEN_DELETED)
		return refuse(account, object, type, id, at_ms, then, ret_version, err);
	*ret_row = (struct record_row){ .id = id, .version = ret_version->version, .state = ret_version->state, .has_time = ret_version->has_time,
					.time_ms = ret_version->time_ms, .seen_ms = ret_version->seen_ms };
	return true;
}

bool then_fill(const struct type *type, const struct str *raw, struct str *scratch, struct record_row *row, struct error *err)
{
	struct record record;

	str_reserve(scratch, raw->len + 1);
	if (!record_extract(type, (struct json_slice){ .text = raw->text, .len = raw->len, .kind = JSON_OBJECT }, scratch, &record, err))
		return error_prefix(err, "the catalogue's row of %s was changed and does not fit; the raw record can be shown", type->name);
	row->title = record.title;
	row->title_len = record.title_len;
	memcpy(row->cells, record.cells, sizeof(row->cells));
	return true;
}
