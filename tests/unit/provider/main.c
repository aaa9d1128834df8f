/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs the tests of src/provider: all of them, or the one group that is named as the argument. Ends
 * with 0 if all passed, 1 if some failed, 2 if there is no such group.
 */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"

#include "tests.h"

struct group {
	const char *name;
	int (*run)(void);
};

static const struct group groups[] = {
	{ "provider", test_provider }, { "answer", test_answer }, { "query", test_query },
	{ "xledger", test_xledger },
	{ "walk", test_walk }, { "webhook", test_webhook },	       { "read", test_read }, { "schema", test_schema },	  { "sweep", test_sweep },
	{ "changes", test_changes },   { "find", test_find },
	{ "push", test_push }, { "books", test_books },
	{ "books_ledger", test_books_ledger }, { "books_rows", test_books_rows },
};

static struct catalogue *builtin;

const struct type *type_named(const char *name)
{
	const struct type *type = catalogue_find(builtin, "quickbooks", name);

	assert_non_null(type);
	return type;
}

struct catalogue *catalogue_of(const char *rows)
{
	struct catalogue *catalogue = NULL;
	struct error err = { 0 };

	if (!catalogue_parse(rows, "rows", &catalogue, &err))
		fail_msg("%s", err.text);
	return catalogue;
}

void catalogue_freep(struct catalogue **catalogue)
{
	catalogue_free(*catalogue);
}

const char *page_ids(const struct type *type, const struct page *page)
{
	static char text[65536];
	struct str ids = STR_INIT(sizeof(text) - 1);

	for (size_t i = 0; i < page->count; i++) {
		struct json_slice key = json_find(page->records[i].text, page->records[i].len, type->key);

		if (i)
			str_add_char(&ids, ' ');
		if (key.kind == JSON_NUMBER)
			str_add_bytes(&ids, key.text, key.len);
		else
			json_unquote(key, &ids);
	}
	memcpy(text, ids.text, ids.len + 1);
	str_clear(&ids);
	return text;
}

const char *page_gone(const struct page *page)
{
	static char text[4096];
	struct str ids = STR_INIT(sizeof(text) - 1);

	for (size_t i = 0; i < page->gone_count; i++)
		str_addf(&ids, "%s%s", i ? " " : "", page->gone[i]);
	memcpy(text, ids.text, ids.len + 1);
	str_clear(&ids);
	return text;
}

int main(int argc, char **argv)
{
	const char *only = argc > 1 ? argv[1] : NULL;
	int ran = 0, failed = 0;
	struct error err = { 0 };

	if (!catalogue_load(NULL, &builtin, &err)) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	for (size_t i = 0; i < ARRAY_LEN(groups); i++) {
		if (only && strcmp(only, groups[i].name) != 0)
			continue;
		ran++;
		failed += groups[i].run() != 0;
	}
	catalogue_free(builtin);
	if (ran == 0) {
		fprintf(stderr, "no tests named '%s'\n", only);
		return 2;
	}
	return failed ? 1 : 0;
}
