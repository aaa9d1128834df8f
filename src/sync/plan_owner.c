/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fields that are not always ours (policy field-owner), of a record that is there: what is the ledger's is put into the body as it
 * stands there, so that neither the update nor the comparison knows of a difference. What is left so is said in the notes.
 */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/hash.h"
#include "ledgerdeck/core/memory.h"
#include "plan_line.h"

/* ---- a body with another value at a path */

/* What of the path is below a member of that name; NULL: it is another one. */
static const char *below(struct json_slice name, const char *path)
{
	size_t len = name.len - 2;

	if (strncmp(name.text + 1, path, len) != 0 || (path[len] != '\0' && path[len] != '.'))
		return NULL;
	return path[len] == '.' ? path + len + 1 : path + len;
}

static void put_at(struct json_slice object, const char *path, struct json_slice value, struct str *out)
{
	struct json_slice name, member;
	const char *rest;
	size_t at = 0;

	str_add_char(out, '{');
	while (json_each(object, &at, &name, &member)) {
		size_t before = out->len;

		rest = below(name, path);
		if (rest && !*rest && value.kind == JSON_NONE)
			continue;
		if (out->text[before - 1] != '{')
			str_add_char(out, ',');
		str_add_bytes(out, name.text, name.len);
		str_add_char(out, ':');
		if (!rest)
			str_add_bytes(out, member.text, member.len);
		else if (!*rest)
			str_add_bytes(out, value.text, value.len);
		else
			put_at(member, rest, value, out);
		/* What has lost its only member is gone, too. */
		if (rest && *rest && strcmp(out->text + out->len - 2, "{}") == 0)
			str_truncate(out, before);
	}
	str_add_char(out, '}');
}

/* ---- whose it is */

static const struct resource_field *owned_field(const struct line_work *work, const struct push_change *change, enum field_owner owner)
{
	const struct planner *planner = work->planner;
	const struct resource_type *type = work->resource.type;

	for (size_t i = 0; i < type->field_count; i++) {
		const char *place = planner->push->place(type, type->fields[i].name);

		if (place && strcmp(place, change->field) == 0)
			return field_owner(&planner->policies, type, &type->fields[i]) == owner ? &type->fields[i] : NULL;
	}
	return NULL;
}

/* As people know it: of what has an id the name, where it is known. */
static void add_value(const struct line_work *work, struct json_slice value, struct str *out)
{
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);

	if (value.kind == JSON_STRING)
		json_unquote(value, &text);
	else
		str_add_bytes(&text, value.text, value.len);
	for (size_t i = 0; i < work->bench.code_count; i++)
		if (*work->bench.codes[i].name && strcmp(work->bench.codes[i].id, text.text) == 0) {
			str_reset(&text);
			str_add(&text, work->bench.codes[i].name);
		}
	if (text.len == 0)
		str_add(out, "nothing");
	else
		str_addf(out, text.len > 60 ? "'%.57s...'" : "'%s'", text.text);
}

static void leave(struct line_work *work, const struct resource_field *field, const struct push_change *change, const char *by)
{
	AUTO(str_clear) struct str body = STR_INIT(STR_NO_LIMIT);
	struct str *notes = &work->translation.notes;

	str_addf(notes, "%s: the ledger's ", field->name);
	add_value(work, change->before, notes);
	str_add(notes, " stays, yours is ");
	add_value(work, change->after, notes);
	str_addf(notes, " (%s)\n", by);
	put_at(line_body(work), change->field, change->before, &body);
	str_reset(&work->translation.body);
	str_add_bytes(&work->translation.body, body.text, body.len);
}

/* What differs by a field of that owner; the comparison is made anew, since what is compared has changed. */
static void leave_all(struct line_work *work, struct push_changes *changes, enum field_owner owner, const char *by)
{
	const struct resource_field *field;
	size_t at = 0;

	while (at < changes->count) {
		field = owned_field(work, &changes->items[at], owner);
		if (!field) {
			at++;
			continue;
		}
		leave(work, field, &changes->items[at], by);
		work->planner->push->compare(work->record_type, line_body(work), plan_slice(work->known), changes);
		at = 0;
	}
}

/* ---- what a person decides about */

/* Asked anew when either side has another value, and not when something else of the record has changed. */
static size_t count_manual(const struct line_work *work, const struct push_changes *changes, const char **ret_field, uint64_t *ret_hash)
{
	AUTO(str_clear) struct str values = STR_INIT(STR_NO_LIMIT);
	size_t count = 0;

	for (size_t i = 0; i < changes->count; i++) {
		const struct push_change *change = &changes->items[i];
		const struct resource_field *field = owned_field(work, change, OWNER_MANUAL);

		if (!field)
			continue;
		*ret_field = field->name;
		count++;
		str_addf(&values, "%s ", field->name);
		str_add_bytes(&values, change->before.text, change->before.len);
		str_add_char(&values, ' ');
		str_add_bytes(&values, change->after.text, change->after.len);
	}
	*ret_hash = hash_bytes(values.text, values.len);
	return count;
}

bool line_is_owned(struct line_work *work, struct push_changes *changes)
{
	const char *field = "", *decision;
	uint64_t hash;
	size_t count;

	if (!*work->planner->policies.values[POLICY_OWNER])
		return false;
	leave_all(work, changes, OWNER_LEDGER, "policy field-owner");
	count = count_manual(work, changes, &field, &hash);
	if (count == 0)
		return false;
	decision = line_decision(work, OWNER_ABOUT "%.60s:%016llx", work->link.record_id, (unsigned long long)hash);
	if (decision && strcmp(decision, "theirs") == 0)
		leave_all(work, changes, OWNER_MANUAL, "a person's decision");
	if (decision)
		return false;
	if (count == 1)
		return line_settle(work, PLAN_DECIDE, REASON_OWNER, "%s differs, and a person decides about it", field);
	return line_settle(work, PLAN_DECIDE, REASON_OWNER, "%zu fields differ that a person decides about", count);
}
