/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Schema drift: members of records that the ledger never showed before. What the first full read of an
 * object shows is what the ledger has; what comes later is told. Nothing depends on it: the raw
 * record keeps all members anyhow.
 */
#include <stdio.h>
#include <string.h>

#include "engine.h"
#include "ledgerdeck/core/memory.h"

#define MEMBER_MAX 80

static void make_name(const struct work *work, char *out, size_t size)
{
	snprintf(out, size, "members:%lld", (long long)work->object.no);
}

static bool load(struct work *work, struct error *err)
{
	char name[40];

	if (work->members_loaded)
		return true;
	make_name(work, name, sizeof(name));
	str_init(&work->members, DRIFT_MEMBERS_MAX);
	if (!store_get(work->worker->store, name, &work->members, err) && err->code)
		return false;
	if (work->members.len == 0)
		str_add_char(&work->members, '\n');
	work->members_loaded = true;
	return true;
}

static void tell(struct object *object, const char *member)
{
	size_t len = strlen(object->drift), more = strlen(member);

	if (len + more + 3 >= sizeof(object->drift))
		return; /* that there is something is told */
	snprintf(object->drift + len, sizeof(object->drift) - len, "%s%s", len ? ", " : "", member);
}

static bool starts_with(const char *line, const char *name, size_t len)
{
	return strncmp(line, name, len) == 0 && line[len] == '\n';
}

/* The line of a name; members mostly come in the same order, so the one at `next` is looked at first. NULL: none. */
static const char *find_line(const struct str *members, const char *next, const char *name, size_t len)
{
	const char *line = members->text;

	if (starts_with(next, name, len))
		return next;
	while (*line && !starts_with(line, name, len)) {
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
	return *line ? line : NULL;
}

/* False: so many that one more doesn't matter. */
static bool add_line(struct str *members, const char *name, size_t len)
{
	if (members->len + len + 1 > members->limit)
		return false;
	str_add_bytes(members, name, len);
	str_add_char(members, '\n');
	return true;
}

void drift_collect(struct json_slice record, struct str *members)
{
	const char *next = members->text;
	struct json_slice name, value;

	for (size_t at = 0; json_each(record, &at, &name, &value);) {
		const char *line;

		if (name.len < 3 || name.len - 2 > MEMBER_MAX || memchr(name.text, '\\', name.len))
			continue;
		line = find_line(members, next, name.text + 1, name.len - 2);
		if (line)
			next = line + name.len - 1;
		else if (add_line(members, name.text + 1, name.len - 2))
			next = members->text + members->len;
	}
}

bool drift_note(struct work *work, const struct str *members, struct error *err)
{
	bool learning = work->kept.full_ms == 0;

	if (!load(work, err))
		return false;
	for (const char *line = members->text; *line; line += strcspn(line, "\n") + 1) {
		size_t len = strcspn(line, "\n");
		char member[MEMBER_MAX + 1];

		if (find_line(&work->members, work->members.text, line, len) || !add_line(&work->members, line, len))
			continue;
		work->members_changed = true;
		snprintf(member, sizeof(member), "%.*s", (int)len, line);
		if (!learning)
			tell(&work->object, member);
	}
	return true;
}

bool drift_keep(struct work *work, struct error *err)
{
	char name[40];

	if (!work->members_changed)
		return true;
	make_name(work, name, sizeof(name));
	work->members_changed = false;
	return store_set(work->worker->store, name, work->members.text, work->members.len, err);
}
