/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a file of rules: refused with a sentence, or rules that go out in either form and come back the same. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/model/mapping_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct out {
	struct str text;  /* owned: the rules, each value with its length */
	struct str files[2]; /* owned: CSV and JSON */
	size_t count;
};

static void must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "broken: %s\n", what);
	abort();
}

static bool take(void *ctx, const struct mapping_row *row)
{
	struct out *out = ctx;
	const char *const values[] = { row->target, row->code, row->id, row->number, row->name };

	must(row->line > 0, "a rule on no line");
	for (size_t i = 0; i < ARRAY_LEN(values); i++)
		str_addf(&out->text, "%zu:%s", strlen(values[i]), values[i]);
	for (int json = 0; json < 2; json++)
		mapping_file_add(json, out->count == 0, row, &out->files[json]);
	out->count++;
	return true;
}

static void out_init(struct out *out)
{
	*out = (struct out){ .count = 0 };
	str_init(&out->text, STR_NO_LIMIT);
	for (int json = 0; json < 2; json++) {
		str_init(&out->files[json], STR_NO_LIMIT);
		mapping_file_begin(json, &out->files[json]);
	}
}

static void out_clear(struct out *out)
{
	str_clear(&out->text);
	str_clear(&out->files[0]);
	str_clear(&out->files[1]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(memory_freep) char *text = memory_copy((const char *)data, size);
	struct error err = { 0 };
	struct out first, again;
	bool good;

	out_init(&first);
	good = mapping_file_read(text, size, take, &first, &err);
	must(good == (err.code == ERROR_NONE) && (good || *err.text), "a refusal without a sentence");
	for (int json = 0; json < 2; json++) {
		mapping_file_end(json, &first.files[json]);
		out_init(&again);
		must(mapping_file_read(first.files[json].text, first.files[json].len, take, &again, &err) || !good, "what went out does not come in");
		must(!good || (again.count == first.count && strcmp(again.text.text, first.text.text) == 0), "it came back otherwise");
		out_clear(&again);
	}
	out_clear(&first);
	return 0;
}
