/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mirror of mirror.h: records sorted by type and id. */
#include "mirror.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dialogue.h"
#include "ledgerdeck/core/memory.h"
#include "tests.h"

static int compare(const void *a, const void *b)
{
	const struct mirrored *x = a, *y = b;
	int order = strcmp(x->type, y->type);

	return order ? order : strcmp(x->id, y->id);
}

static bool is_single(const char *type)
{
	return strcmp(type, "CompanyInfo") == 0 || strcmp(type, "Preferences") == 0;
}

struct json_slice mirrored_slice(const struct mirrored *row)
{
	return (struct json_slice){ .text = row->raw, .len = strlen(row->raw), .kind = JSON_OBJECT };
}

static bool find_record(void *ctx, const char *type, const char *id, struct json_slice *ret_raw)
{
	struct mirror *mirror = ctx;
	struct mirrored key = { .raw = NULL }, *row;

	snprintf(key.type, sizeof(key.type), "%s", type);
	snprintf(key.id, sizeof(key.id), "%s", id);
	row = bsearch(&key, mirror->rows, mirror->count, sizeof(*mirror->rows), compare);
	if (row)
		*ret_raw = mirrored_slice(row);
	return row != NULL;
}

static bool has_words(const struct mirrored *row, const char *const *words)
{
	for (; *words; words += 2)
		if (!json_equals(json_member(mirrored_slice(row), words[0]), words[1]))
			return false;
	return true;
}

static struct found_before *look(struct mirror *mirror, const char *type, const char *const *words, const char *key)
{
	struct found_before *made;
	size_t count = 0;

	memory_grow(&mirror->before, &mirror->before_room, mirror->before_count + 1, sizeof(*mirror->before));
	made = &mirror->before[mirror->before_count++];
	*made = (struct found_before){ .found = false };
	snprintf(made->key, sizeof(made->key), "%s", key);
	for (size_t i = 0; i < mirror->count; i++) {
		if (strcmp(mirror->rows[i].type, type) != 0 || !has_words(&mirror->rows[i], words))
			continue;
		count++;
		snprintf(made->id, sizeof(made->id), "%s", mirror->rows[i].id);
	}
	made->found = count == 1;
	return made;
}

static bool find_words(void *ctx, const char *type, const char *const *words, char *ret_id)
{
	struct mirror *mirror = ctx;
	struct found_before *found = NULL;
	char key[300];
	size_t len = (size_t)snprintf(key, sizeof(key), "%s", type);

	for (size_t i = 0; words[i] && len < sizeof(key); i++)
		len += (size_t)snprintf(key + len, sizeof(key) - len, "|%s", words[i]);
	for (size_t i = 0; i < mirror->before_count && !found; i++)
		if (strcmp(mirror->before[i].key, key) == 0)
			found = &mirror->before[i];
	if (!found)
		found = look(mirror, type, words, key);
	if (found->found)
		snprintf(ret_id, RECORD_ID_MAX, "%s", found->id);
	return found->found;
}

void mirror_init(struct mirror *mirror)
{
	*mirror = (struct mirror){ .desk = { .record = find_record, .find = find_words, .ctx = mirror } };
}

void mirror_clear(struct mirror *mirror)
{
	for (size_t i = 0; i < mirror->count; i++)
		free(mirror->rows[i].raw);
	free(mirror->rows);
	free(mirror->before);
	*mirror = (struct mirror){ 0 };
}

void mirror_add(struct mirror *mirror, const char *type, const char *raw, size_t len)
{
	AUTO(str_clear) struct str id = STR_INIT(RECORD_ID_MAX - 1);
	struct mirrored *row;

	if (!is_single(type))
		json_unquote(json_find(raw, len, "Id"), &id);
	memory_grow(&mirror->rows, &mirror->room, mirror->count + 1, sizeof(*mirror->rows));
	row = &mirror->rows[mirror->count++];
	*row = (struct mirrored){ .raw = memory_copy(raw, len) };
	snprintf(row->type, sizeof(row->type), "%s", type);
	snprintf(row->id, sizeof(row->id), "%s", id.text);
}

/* Pages may bring a record twice. */
void mirror_sort(struct mirror *mirror)
{
	size_t kept = 0;

	qsort(mirror->rows, mirror->count, sizeof(*mirror->rows), compare);
	for (size_t i = 0; i < mirror->count; i++) {
		if (kept > 0 && compare(&mirror->rows[kept - 1], &mirror->rows[i]) == 0)
			free(mirror->rows[i].raw);
		else
			mirror->rows[kept++] = mirror->rows[i];
	}
	mirror->count = kept;
}

static void fill(struct mirror *mirror, struct connection *connection, const char *type)
{
	AUTO(memory_freep) char *position = NULL;
	struct error err = { 0 };

	do {
		AUTO(page_clearp) struct page page;

		page_init(&page);
		if (!connection->provider->read(connection, type_named(type), INT64_MIN, INT64_MAX, position, &page, &err))
			fail_msg("%s: %s", type, err.text);
		for (size_t i = 0; i < page.count; i++)
			mirror_add(mirror, type, page.records[i].text, page.records[i].len);
		free(position);
		position = memory_steal(&page.position);
	} while (position);
}

void mirror_fill(struct mirror *mirror, struct connection *connection)
{
	static const char *const lists[] = { "CompanyInfo", "Preferences", "TaxAgency", "TaxRate", "Account", "Customer", "Vendor",
					     "Item" };
	const struct provider_books *books = connection->provider->books;

	for (size_t i = 0; i < ARRAY_LEN(lists); i++)
		fill(mirror, connection, lists[i]);
	for (size_t i = 0; books->types[i]; i++)
		fill(mirror, connection, books->types[i]);
	mirror_sort(mirror);
}
