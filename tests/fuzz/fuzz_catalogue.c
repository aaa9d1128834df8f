/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any bytes as rows of the catalogue: refused with file and line, or types in an order in which
 * dependencies come first, that are found by their names and take any record apart.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"
#include "ledgerdeck/model/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char record_text[] =
	"{\"Id\":\"1\",\"SyncToken\":\"0\",\"Name\":\"a\\u00e9\",\"Balance\":12.50,\"Active\":"
	"false,\"TxnDate\":\"2026-01-31\","
	"\"Line\":[{\"Id\":\"9\",\"Amount\":1},2],\"CustomerRef\":{\"value\":\"5\",\"name\":\"b\"},"
	"\"Empty\":{},\"None\":null,"
	"\"MetaData\":{\"LastUpdatedTime\":\"2026-01-31T04:00:00-08:00\"}}";

static void must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "broken: %s\n", what);
	abort();
}

static void check_order(const struct catalogue *catalogue, size_t index)
{
	const struct type *type = catalogue_at(catalogue, index);

	for (size_t i = 0; type->depends[i]; i++) {
		size_t before = 0;

		while (before < index &&
		       (strcmp(catalogue_at(catalogue, before)->name, type->depends[i]) != 0 ||
			strcmp(catalogue_at(catalogue, before)->provider, type->provider) != 0))
			before++;
		must(before < index, "a type stands before one that it depends on");
	}
}

static void extract(const struct type *type)
{
	AUTO(str_clear) struct str scratch = STR_INIT(STR_NO_LIMIT), text = STR_INIT(STR_NO_LIMIT);
	struct json_slice raw = { .text = record_text, .len = sizeof(record_text) - 1, .kind = JSON_OBJECT };
	struct record record;
	struct error err = { 0 };

	str_reserve(&scratch, sizeof(record_text));
	if (!record_extract(type, raw, &scratch, &record, &err)) {
		must(err.code == ERROR_INPUT && err.text[0], "a record is refused without a word");
		return;
	}
	must(record.title && record.id[0], "a record without id or title");
	for (size_t i = 0; i < type->field_count; i++) {
		str_reset(&text);
		cell_add_text(&record.cells[i], &type->fields[i], PERSONAL_MASKED, &text);
		str_reset(&text);
		cell_add_json(&record.cells[i], type->fields[i].kind, &text);
		must(json_check(text.text, text.len, NULL), "a cell that is no JSON");
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(memory_freep) char *text = memory_resize(NULL, size + 1);
	struct catalogue *catalogue = NULL;
	struct error err = { 0 };

	if (size)
		memcpy(text, data, size);
	text[size] = '\0';
	if (!catalogue_parse(text, "rows", &catalogue, &err)) {
		must(err.code == ERROR_INPUT && strncmp(err.text, "rows:", 5) == 0,
		     "a mistake without its place");
		must(!catalogue, "refused, and made all the same");
		return 0;
	}
	for (size_t i = 0; i < catalogue_count(catalogue); i++) {
		const struct type *type = catalogue_at(catalogue, i);

		must(catalogue_find(catalogue, type->provider, type->name) == type,
		     "a type is not found by its name");
		must(*type->key && *type->query && strlen(type->digest) == 16,
		     "a type lacks what it must have");
		for (size_t j = 0; j < type->field_count; j++)
			must(type_field(type, type->fields[j].name) == &type->fields[j],
			     "a field is not found by its name");
		check_order(catalogue, i);
		extract(type);
	}
	catalogue_free(catalogue);
	return 0;
}
