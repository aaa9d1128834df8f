/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Two records of anything, a line each: a record differs in nothing from itself, backwards as much has changed as forwards,
 * and what is told lies in the texts.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/model/difference.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char rows[] = "provider = demo\nkey = Id\n[Sale]\nquery = sales\nversion = SyncToken\ntime = MetaData.LastUpdatedTime\n"
			   "field = Number text\n";

static void must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "broken: %s\n", what);
	abort();
}

static bool lies_in(struct json_slice value, struct json_slice text)
{
	return value.kind == JSON_NONE || (value.text >= text.text && value.text + value.len <= text.text + text.len && value.len > 0);
}

static void check(const struct type *type, struct json_slice before, struct json_slice after)
{
	AUTO(differences_clear) struct differences found = { 0 };
	AUTO(differences_clear) struct differences back = { 0 };

	differences_find(type, before, before, &found);
	must(found.count == 0 && found.more == 0, "it differs from itself");
	differences_find(type, before, after, &found);
	differences_find(type, after, before, &back);
	must(found.count == back.count && found.more == back.more, "backwards it is another number");
	must(found.count <= DIFFERENCES_MAX && (found.more == 0 || found.count == DIFFERENCES_MAX), "too many");
	for (size_t i = 0; i < found.count; i++) {
		const struct difference *each = &found.items[i];

		must(each->before.kind != JSON_NONE || each->after.kind != JSON_NONE, "nothing became nothing");
		must(lies_in(each->before, before) && lies_in(each->after, after), "a value that is somewhere else");
		must(strlen(each->path) <= DIFFERENCE_PATH_MAX + strlen("…"), "a path that is too long");
		must(str_is_utf8(each->path, strlen(each->path)), "a path that is no text");
		must(each->before.len != each->after.len || memcmp(each->before.text, each->after.text, each->before.len) != 0,
		     "a change to the same");
	}
}

static struct json_slice slice(const char *text, size_t len)
{
	const char *start = text;
	size_t at = 0;

	while (at < len && strchr(" \t\r\n", start[at]))
		at++;
	return (struct json_slice){ .text = text + at, .len = len - at, .kind = start[at] == '{' ? JSON_OBJECT : start[at] == '[' ? JSON_ARRAY : JSON_NONE };
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct catalogue *catalogue;
	const uint8_t *end = size ? memchr(data, '\n', size) : NULL;
	size_t first = end ? (size_t)(end - data) : 0, second = end ? size - first - 1 : 0;
	/* Memory of their own, so that a byte too far is seen. */
	AUTO(memory_freep) char *before = memory_resize(NULL, first + 1);
	AUTO(memory_freep) char *after = memory_resize(NULL, second + 1);
	struct json_slice a, b;

	if (!catalogue)
		must(catalogue_parse(rows, "rows", &catalogue, NULL), "the rows are refused");
	if (!end || first == 0 || second == 0)
		return 0;
	memcpy(before, data, first);
	memcpy(after, end + 1, second);
	if (!json_check(before, first, NULL) || !json_check(after, second, NULL))
		return 0;
	a = slice(before, first);
	b = slice(after, second);
	if (a.kind != JSON_NONE && b.kind != JSON_NONE)
		check(catalogue_at(catalogue, 0), a, b);
	return 0;
}
