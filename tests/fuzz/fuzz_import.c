/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any bytes as a file, with any bytes as its profile before a line of three dashes: what comes out is whole and in the form
 * that resource_check() gives, what is refused says why, and it is the same however the bytes come.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"
#include "ledgerdeck/model/import.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "broken: %s\n", what);
	abort();
}

static bool take_document(void *ctx, const struct import_document *document, struct error *err)
{
	AUTO(str_clear) struct str again = STR_INIT(RESOURCE_BYTES_MAX);
	static struct resource_problems problems;
	struct str *out = ctx;
	char why[EXTERNAL_ID_TEXT_MAX];

	(void)err;
	must(json_check(document->data.text, document->data.len, NULL), "data that is no JSON");
	must(resource_check(document->type, document->data, &again, &problems), "data that is wrong");
	must(again.len == document->data.len && memcmp(again.text, document->data.text, again.len) == 0, "data in another form");
	must(external_id_check(document->external_id, "rsrc", why), "an external id that is none");
	must(document->line > 0 && document->request > 0, "a document from nowhere");
	str_addf(out, "%zu %s %d %zu %d %s\n", document->line, document->external_id, (int)document->method, document->request,
		 document->is_root, again.text);
	return true;
}

static bool take_refusal(void *ctx, const struct import_refusal *refusal, struct error *err)
{
	struct str *out = ctx;

	(void)err;
	must(*refusal->why && str_is_utf8(refusal->why, strlen(refusal->why)), "refused without a word");
	must(str_is_utf8(refusal->text, strlen(refusal->text)), "an excerpt that is no text");
	must(str_is_utf8(refusal->name, strlen(refusal->name)), "a name that is no text");
	must(refusal->line > 0, "a refusal from nowhere");
	str_addf(out, "%zu:%zu %s %s %s\n", refusal->line, refusal->column, refusal->name, refusal->text, refusal->why);
	return true;
}

static void run(const struct import_options *options, const char *bytes, size_t len, size_t piece, struct str *out)
{
	const struct import_sink sink = { .document = take_document, .refusal = take_refusal, .ctx = out };
	AUTO(import_freep) struct import *import = import_new(options, &sink);
	struct error err = { 0 };
	bool is_good = true;

	for (size_t at = 0; at < len && is_good; at += piece)
		is_good = import_feed(import, bytes + at, len - at < piece ? len - at : piece, &err);
	if (is_good)
		is_good = import_end(import, &err);
	must(is_good || (err.code == ERROR_INPUT && err.text[0] && str_is_utf8(err.text, strlen(err.text))), "failed without a word");
	if (!is_good)
		str_add(out, err.text);
	must(import_counts(import).refused <= import_counts(import).refusals, "refused without a reason");
	import_again(import);
	must(!is_good || (import_feed(import, bytes, len, NULL) && import_end(import, NULL)), "fails when it comes again");
}

/* What stands before "---", a line of its own. */
static const char *find_bytes(const char *text, size_t size)
{
	const char *border = size ? memmem(text, size, "\n---\n", 5) : NULL;

	return border ? border + 5 : text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(import_profile_freep) struct import_profile *profile = NULL;
	AUTO(str_clear) struct str whole = STR_INIT((size_t)1 << 26), pieces = STR_INIT((size_t)1 << 26);
	AUTO(memory_freep) char *text = memory_copy((const char *)data, size);
	const char *bytes = find_bytes(text, size);
	struct import_options options = { .type = size ? resource_type_at(data[0] % 16) : NULL };
	size_t len = size - (size_t)(bytes - text);
	struct error err = { 0 };

	if (bytes > text) {
		text[bytes - text - 5] = '\0';
		if (!import_profile_parse(text, "profile", &profile, &err))
			must(err.code == ERROR_INPUT && err.text[0] && str_is_utf8(err.text, strlen(err.text)), "a profile refused without a word");
	}
	options.profile = profile;
	run(&options, bytes, len, len + 1, &whole);
	run(&options, bytes, len, 1 + size % 13, &pieces);
	must(strcmp(whole.text, pieces.text) == 0, "pieces make another file");
	return 0;
}
