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
#define MEMBERS_MAX ((size_t)64 << 10)

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
	str_init(&work->members, MEMBERS_MAX);
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

bool drift_note(struct work *work, const struct page *page, struct error *err)
{
	bool learning = work->kept.full_ms == 0;
	struct json_slice name, value;

	if (!load(work, err))
		return false;
	for (size_t i = 0; i < page->count; i++) {
		for (size_t at = 0; json_each(page->records[i], &at, &name, &value);) {
			char line[MEMBER_MAX + 3];

			if (name.len < 3 || name.len - 2 > MEMBER_MAX || memchr(name.text, '\\', name.len))
				continue;
			snprintf(line, sizeof(line), "\n%.*s\n", (int)name.len - 2, name.text + 1);
			if (strstr(work->members.text, line))
				continue;
			str_add(&work->members, line + 1);
			work->members_changed = true;
			line[strlen(line) - 1] = '\0';
			if (!learning)
				tell(&work->object, line + 1);
		}
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
