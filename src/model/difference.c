/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Two JSON values walked side by side. Of containers only what is in them is told, so that every change is
 * one of a field. What is remote may be large and strange: members and items are matched by sorting, and
 * whether unlike items are the same is asked once for each, so that the time is bounded by size and depth.
 */
#include "ledgerdeck/model/difference.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/decimal.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/utf8.h"

struct walk {
	struct differences *found; /* NULL: only whether there is any */
	bool differs;
	const struct type *type;   /* NULL: none */
	const char *version;       /* paths of bookkeeping; "" : none */
	const char *time;
	size_t time_len;           /* of what all of its container is */
	struct str path;           /* owned */
};

struct entry {
	struct json_slice key;     /* a name with its quotes, an Id; JSON_NONE: an item without */
	struct json_slice value;
	struct entry *other;       /* on the other side; NULL: none */
};

struct side {
	struct entry *entries;     /* owned; in the order of the text */
	size_t count, room;
};

static void walk_values(struct walk *walk, struct json_slice before, struct json_slice after);

/* ---- what is the same */

static bool is_escaped(struct json_slice string)
{
	return memchr(string.text, '\\', string.len) != NULL;
}

static int compare_bytes(const char *a, size_t a_len, const char *b, size_t b_len)
{
	int order = memcmp(a, b, a_len < b_len ? a_len : b_len);

	return order ? order : (a_len > b_len) - (a_len < b_len);
}

/* Numbers and words by their letters, strings by what they say. */
static int compare_scalars(struct json_slice a, struct json_slice b)
{
	if (a.kind == JSON_STRING && b.kind == JSON_STRING && (is_escaped(a) || is_escaped(b))) {
		AUTO(str_clear) struct str a_text = STR_INIT(STR_NO_LIMIT);
		AUTO(str_clear) struct str b_text = STR_INIT(STR_NO_LIMIT);

		json_unquote(a, &a_text);
		json_unquote(b, &b_text);
		return compare_bytes(a_text.text, a_text.len, b_text.text, b_text.len);
	}
	return compare_bytes(a.text, a.len, b.text, b.len);
}

static bool same_scalars(struct json_slice a, struct json_slice b)
{
	struct decimal x, y;

	if (a.kind != b.kind)
		return false;
	if (compare_scalars(a, b) == 0)
		return true;
	return a.kind == JSON_NUMBER && decimal_parse(a.text, a.len, &x) && decimal_parse(b.text, b.len, &y) &&
	       decimal_compare(x, y) == 0;
}

static bool same_bytes(struct json_slice a, struct json_slice b)
{
	return a.kind == b.kind && a.len == b.len && (a.len == 0 || memcmp(a.text, b.text, a.len) == 0);
}

static bool same_values(struct json_slice a, struct json_slice b)
{
	struct walk walk = { .found = NULL };

	walk_values(&walk, a, b);
	return !walk.differs;
}

/* ---- telling */

/* Does `path` lie at or below `pattern`, whose "*" is any name? */
static bool is_below(const char *path, const char *pattern, size_t len)
{
	const char *end = pattern + len;

	if (len == 0)
		return false;
	while (pattern < end) {
		size_t name = strcspn(path, "."), wanted = strcspn(pattern, ".");

		if (wanted > (size_t)(end - pattern))
			wanted = (size_t)(end - pattern);
		if (!(wanted == 1 && *pattern == '*') && (name != wanted || memcmp(path, pattern, name) != 0))
			return false;
		path += name;
		pattern += wanted;
		if (pattern < end && *path++ != '.')
			return false;
		pattern += pattern < end;
	}
	return *path == '\0' || *path == '.';
}

static char *copy_path(const struct str *path)
{
	char text[DIFFERENCE_PATH_MAX + 8];
	size_t len = DIFFERENCE_PATH_MAX;

	if (path->len <= DIFFERENCE_PATH_MAX)
		return memory_copy(path->text, path->len);
	while (len > 0 && utf8_is_tail(path->text[len]))
		len--;
	snprintf(text, sizeof(text), "%.*s…", (int)len, path->text);
	return memory_copy_text(text);
}

static void tell(struct walk *walk, struct json_slice before, struct json_slice after)
{
	struct differences *found = walk->found;

	walk->differs = true;
	if (!found)
		return;
	if (found->count == DIFFERENCES_MAX) {
		found->more++;
		return;
	}
	memory_grow(&found->items, &found->room, found->count + 1, sizeof(*found->items));
	found->items[found->count++] = (struct difference){
		.path = copy_path(&walk->path), .before = before, .after = after,
		.bookkeeping = is_below(walk->path.text, walk->version, strlen(walk->version)) ||
			       is_below(walk->path.text, walk->time, walk->time_len),
		.personal = personal_has(walk->type, walk->path.len ? walk->path.text : ""),
	};
}

/* ---- members and items, side by side */

static struct json_slice id_of(struct json_slice item)
{
	static const char *const names[] = { "Id", "dbId", "id" };
	struct json_slice id = { 0 };

	for (size_t i = 0; item.kind == JSON_OBJECT && i < ARRAY_LEN(names); i++) {
		id = json_find(item.text, item.len, names[i]);
		if (id.kind == JSON_STRING || id.kind == JSON_NUMBER)
			return id;
	}
	return (struct json_slice){ 0 };
}

static void side_read(struct json_slice container, struct side *side)
{
	struct json_slice name = { 0 }, value;

	for (size_t at = 0; container.kind != JSON_NONE && json_each(container, &at, &name, &value);) {
		memory_grow(&side->entries, &side->room, side->count + 1, sizeof(*side->entries));
		side->entries[side->count++] = (struct entry){
			.key = container.kind == JSON_OBJECT ? name : id_of(value), .value = value };
	}
}

static void side_clear(struct side *side)
{
	free(side->entries);
}

static int compare_keys(const struct entry *a, const struct entry *b)
{
	if (a->key.kind != b->key.kind)
		return a->key.kind < b->key.kind ? -1 : 1;
	return compare_scalars(a->key, b->key);
}

static int compare_places(const void *a, const void *b)
{
	const struct entry *x = *(struct entry *const *)a, *y = *(struct entry *const *)b;
	int order = compare_keys(x, y);

	return order ? order : (x > y) - (x < y);
}

/* Those with a key, by it; of the same key, in the order of the text. */
static struct entry **sorted(struct side *side, size_t *ret_count)
{
	struct entry **places = memory_new((side->count + 1) * sizeof(struct entry *));

	*ret_count = 0;
	for (size_t i = 0; i < side->count; i++)
		if (side->entries[i].key.kind != JSON_NONE)
			places[(*ret_count)++] = &side->entries[i];
	qsort(places, *ret_count, sizeof(struct entry *), compare_places);
	return places;
}

static void pair(struct entry *a, struct entry *b)
{
	a->other = b;
	b->other = a;
}

static void match_keys(struct side *before, struct side *after)
{
	size_t b_count, a_count, b = 0, a = 0;
	AUTO(memory_freep) struct entry **b_places = sorted(before, &b_count);
	AUTO(memory_freep) struct entry **a_places = sorted(after, &a_count);

	while (b < b_count && a < a_count) {
		int order = compare_keys(b_places[b], a_places[a]);

		if (order == 0)
			pair(b_places[b], a_places[a]);
		b += order <= 0;
		a += order >= 0;
	}
}

static struct entry **without_key(struct side *side, size_t *ret_count)
{
	struct entry **places = memory_new((side->count + 1) * sizeof(struct entry *));

	*ret_count = 0;
	for (size_t i = 0; i < side->count; i++)
		if (side->entries[i].key.kind == JSON_NONE)
			places[(*ret_count)++] = &side->entries[i];
	return places;
}

/* Items without an Id: the same at the front and at the back belong together, what is between them by its place. */
static void match_places(struct side *before, struct side *after, bool by_place)
{
	size_t b_end, a_end, start = 0;
	AUTO(memory_freep) struct entry **b = without_key(before, &b_end);
	AUTO(memory_freep) struct entry **a = without_key(after, &a_end);

	while (!by_place && start < b_end && start < a_end && same_values(b[start]->value, a[start]->value)) {
		pair(b[start], a[start]);
		start++;
	}
	while (!by_place && b_end > start && a_end > start && same_values(b[b_end - 1]->value, a[a_end - 1]->value))
		pair(b[--b_end], a[--a_end]);
	for (; start < b_end && start < a_end; start++)
		pair(b[start], a[start]);
}

static void add_step(struct walk *walk, bool member, const struct entry *entry, size_t place)
{
	if (!walk->found)
		return;
	if (!member)
		str_addf(&walk->path, "[%zu]", place + 1);
	if (member && walk->path.len > 0)
		str_add_char(&walk->path, '.');
	if (member)
		json_unquote(entry->key, &walk->path);
}

static void walk_containers(struct walk *walk, struct json_slice before, struct json_slice after)
{
	bool members = (before.kind == JSON_NONE ? after.kind : before.kind) == JSON_OBJECT;
	AUTO(side_clear) struct side old = { 0 };
	AUTO(side_clear) struct side new = { 0 };
	size_t len = walk->path.len;

	side_read(before, &old);
	side_read(after, &new);
	match_keys(&old, &new);
	if (!members)
		match_places(&old, &new, !walk->found);
	for (size_t i = 0; i < new.count && !(walk->differs && !walk->found); i++) {
		const struct entry *entry = &new.entries[i];

		add_step(walk, members, entry, i);
		walk_values(walk, entry->other ? entry->other->value : (struct json_slice){ 0 }, entry->value);
		str_truncate(&walk->path, len);
	}
	for (size_t i = 0; i < old.count && !(walk->differs && !walk->found); i++) {
		if (old.entries[i].other)
			continue;
		add_step(walk, members, &old.entries[i], i);
		walk_values(walk, old.entries[i].value, (struct json_slice){ 0 });
		str_truncate(&walk->path, len);
	}
}

static bool is_empty(struct json_slice container)
{
	struct json_slice value;
	size_t at = 0;

	return !json_each(container, &at, NULL, &value);
}

static bool is_container(struct json_slice value)
{
	return value.kind == JSON_OBJECT || value.kind == JSON_ARRAY;
}

/* Nothing on one side is as an empty container, unless the other one is empty, too. */
static void walk_values(struct walk *walk, struct json_slice before, struct json_slice after)
{
	struct json_slice there = before.kind == JSON_NONE ? after : before;
	bool one = before.kind == JSON_NONE || after.kind == JSON_NONE;

	if (same_bytes(before, after))
		return;
	if (is_container(there) && (one ? !is_empty(there) : before.kind == after.kind))
		walk_containers(walk, before, after);
	else if (!same_scalars(before, after))
		tell(walk, before, after);
}

/* ---- */

void differences_find(const struct type *type, struct json_slice before, struct json_slice after,
		      struct differences *differences)
{
	const char *point = type ? strrchr(type->time, '.') : NULL;
	struct walk walk = { .found = differences, .type = type, .version = type ? type->version : "", .time = type ? type->time : "",
			     .path = STR_INIT(STR_NO_LIMIT) };

	walk.time_len = point ? (size_t)(point - walk.time) : strlen(walk.time);
	differences_clear(differences);
	walk_values(&walk, before, after);
	str_clear(&walk.path);
}

void differences_clear(struct differences *differences)
{
	for (size_t i = 0; i < differences->count; i++)
		free(differences->items[i].path);
	free(differences->items);
	*differences = (struct differences){ 0 };
}

void difference_add_text(struct json_slice value, struct str *out)
{
	if (value.kind == JSON_STRING)
		json_unquote(value, out);
	else
		str_add_bytes(out, value.text, value.len);
}

struct json_slice difference_seen(const struct difference *difference, bool after, enum personal personal)
{
	static const char mask[] = "\"" PERSONAL_MASK "\"";
	struct json_slice value = after ? difference->after : difference->before;

	if (personal == PERSONAL_MASKED && difference->personal && value.kind != JSON_NONE && value.kind != JSON_NULL)
		return (struct json_slice){ .text = mask, .len = sizeof(mask) - 1, .kind = JSON_STRING };
	return value;
}

void difference_add_line(const struct difference *difference, enum personal personal, struct str *out)
{
	size_t begin = out->len, tab = begin + strlen(difference->path);

	str_add(out, difference->path);
	str_add(out, "\t");
	difference_add_text(difference_seen(difference, false, personal), out);
	str_add(out, difference->before.kind == JSON_NONE ? "(was not there) -> " : " -> ");
	difference_add_text(difference_seen(difference, true, personal), out);
	str_add(out, difference->after.kind == JSON_NONE ? "(is not there)" : "");
	for (size_t i = begin; i < out->len; i++)
		if ((unsigned char)out->text[i] < ' ' && i != tab)
			out->text[i] = ' ';
	str_add_char(out, '\n');
}
