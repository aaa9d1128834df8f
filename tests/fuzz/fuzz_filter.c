/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any bytes as a filter: refused with a sentence, or conditions that fit the fields they are
 * about.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"
#include "ledgerdeck/model/filter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char rows[] =
	"provider = demo\nkey = Id\n[Sale]\nquery = sales\nfield = Number text\nfield = Balance "
	"money\nfield = Rate number\n"
	"field = Day date\nfield = Seen time\nfield = Paid flag\nfield = Who.name text\n";

static void must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "broken: %s\n", what);
	abort();
}

static bool is_text(const struct type *type, const struct filter_condition *condition)
{
	switch (condition->subject) {
	case FILTER_FIELD:
		return type->fields[condition->field].kind == FIELD_TEXT;
	case FILTER_ID:
	case FILTER_TITLE:
		return true;
	default:
		return false;
	}
}

static void check(const struct type *type, const struct filter *filter)
{
	must(filter->count <= FILTER_CONDITIONS_MAX, "too many conditions");
	for (size_t i = 0; i < filter->count; i++) {
		const struct filter_condition *condition = &filter->conditions[i];

		must(condition->subject != FILTER_FIELD || condition->field < type->field_count,
		     "a field that is none");
		must(condition->value.kind == (is_text(type, condition) ? CELL_TEXT : CELL_INTEGER),
		     "a value of another kind than its field");
		if (condition->value.kind == CELL_TEXT) {
			must(condition->value.text == condition->text,
			     "a text that is somewhere else");
			must(condition->value.len > 0 &&
				     condition->value.len < sizeof(condition->text) &&
				     strlen(condition->text) == condition->value.len,
			     "a text of another length");
		} else {
			must(condition->op != FILTER_CONTAINS, "a number that contains");
		}
		if (condition->subject == FILTER_STATE)
			must(filter->names_state && condition->value.integer >= 0 &&
				     condition->value.integer < RECORD_STATE_COUNT,
			     "a state that is none");
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct catalogue *catalogue;
	AUTO(memory_freep) char *text = memory_resize(NULL, size + 1);
	struct error err = { 0 };
	struct filter filter;

	if (!catalogue)
		must(catalogue_parse(rows, "rows", &catalogue, NULL), "the rows are refused");
	if (size)
		memcpy(text, data, size);
	text[size] = '\0';
	if (filter_parse(catalogue_at(catalogue, 0), text, PERSONAL_SHOWN, &filter, &err))
		check(catalogue_at(catalogue, 0), &filter);
	else
		must(err.code == ERROR_INPUT && err.text[0] &&
			     str_is_utf8(err.text, strlen(err.text)),
		     "refused without a word");
	return 0;
}
