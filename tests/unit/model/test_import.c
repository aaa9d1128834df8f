/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "ledgerdeck/core/memory.h"

#include "test_import.h"
#include "tests.h"

bool import_write_document(void *ctx, const struct import_document *document, struct error *err)
{
	struct str *out = ctx;

	(void)err;
	str_addf(out, "%zu %s %s %s", document->line, document->type->name, document->external_id, import_method_word(document->method));
	if (!document->is_root || document->without_create_confirmation || *document->organization)
		str_addf(out, " [%zu%s%s%s]", document->request, document->is_root ? "" : " reference",
			 document->without_create_confirmation ? " sure " : " ", document->organization);
	if (document->is_sync)
		str_add(out, " sync");
	str_addf(out, " %.*s\n", (int)document->data.len, document->data.text);
	return true;
}

bool import_write_refusal(void *ctx, const struct import_refusal *refusal, struct error *err)
{
	struct str *out = ctx;

	(void)err;
	assert_true(str_is_utf8(refusal->text, strlen(refusal->text)) && str_is_utf8(refusal->why, strlen(refusal->why)));
	str_addf(out, "%zu:%zu %s '%s' %s", refusal->line, refusal->column, refusal->name, refusal->text, refusal->why);
	if (*refusal->external_id)
		str_addf(out, " (%s %s)", refusal->type ? refusal->type->name : "?", refusal->external_id);
	str_add(out, "\n");
	return true;
}

void import_run(struct tested_import how, const char *bytes, size_t len, size_t piece, struct str *out)
{
	AUTO(import_profile_freep) struct import_profile *profile = NULL;
	const struct import_sink sink = { .document = import_write_document, .refusal = import_write_refusal, .ctx = out };
	struct import_options options = { .form = how.form };
	AUTO(import_freep) struct import *import = NULL;
	struct error err = { 0 };
	bool is_good = true;

	if (how.profile && !import_profile_parse(how.profile, "profile", &profile, &err))
		fail_msg("%s", err.text);
	options.profile = profile;
	options.type = how.type ? resource_type_find(how.type, strlen(how.type)) : NULL;
	import = import_new(&options, &sink);
	for (size_t at = 0; at < len && is_good; at += piece)
		is_good = import_feed(import, bytes + at, len - at < piece ? len - at : piece, &err);
	if (!is_good || !import_end(import, &err)) {
		str_addf(out, "error: %s\n", err.text);
		assert_int_equal(err.code, ERROR_INPUT);
		assert_false(import_feed(import, "x", 1, &err));
	}
}

void import_whole(struct tested_import how, const char *bytes, size_t len, struct str *out)
{
	static const size_t pieces[] = { 1, 7, 64 };

	import_run(how, bytes, len, len + 1, out);
	for (size_t i = 0; len < 100000 && i < ARRAY_LEN(pieces); i++) {
		AUTO(str_clear) struct str other = STR_INIT(STR_NO_LIMIT);

		import_run(how, bytes, len, pieces[i], &other);
		assert_string_equal(other.text, out->text);
	}
}

void assert_import(struct tested_import how, const char *text, const char *expected)
{
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);

	import_whole(how, text, strlen(text), &out);
	if (strcmp(out.text, expected) != 0)
		fail_msg("of\n%s\ncame\n%s\nexpected\n%s", text, out.text, expected);
}
