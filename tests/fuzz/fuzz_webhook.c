/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any bytes as what Xledger sends by itself, or says of itself: nothing is read beyond them, what comes out lies inside them, no
 * signature is right by chance, and what goes wrong is said in one harmless line. The first byte chooses: "d" a delivery, whose
 * date and signature are the first two lines; "s" a schema; else a body.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/provider/schema.h"
#include "provider/xledger/webhook.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "broken: %s\n", what);
	abort();
}

static void check_error(const struct error *err, enum error_code code)
{
	must(err->code == code, "another error");
	must(str_is_utf8(err->text, strlen(err->text)), "an error that is no text");
	for (const char *at = err->text; *at; at++)
		must((unsigned char)*at >= ' ' && *at != 0x7f, "an error that controls a terminal");
}

static void read_body(const struct catalogue *catalogue, const char *body, size_t len)
{
	struct webhook webhook;
	struct error err = { 0 };

	if (!webhook_read(catalogue, body, len, &webhook, &err)) {
		check_error(&err, ERROR_INPUT);
		must(webhook.count == 0, "pages of what was refused");
	}
	for (size_t i = 0; i < webhook.count; i++)
		for (size_t j = 0; j < webhook.pages[i].count; j++) {
			const struct webhook_change *change = &webhook.pages[i].changes[j];

			must(*change->id, "a change without an id");
			must(change->node.text >= body && change->node.text + change->node.len <= body + len, "a node from elsewhere");
			must(json_check(change->node.text, change->node.len, NULL), "a node that is no JSON");
		}
	webhook_clear(&webhook);
}

static void check_delivery(char *text, size_t len)
{
	static struct secret *token;
	struct webhook_delivery delivery = { .date = text };
	char *end = memchr(text, '\n', len);
	struct error err = { 0 };

	if (!token)
		token = secret_copy("bm9ib2R5IGtub3dzIGl0", 20);
	if (!end)
		return;
	*end = '\0';
	delivery.signature = end + 1;
	end = memchr(end + 1, '\n', len - (size_t)(end + 1 - text));
	if (!end)
		return;
	*end = '\0';
	delivery.body = end + 1;
	delivery.len = len - (size_t)(end + 1 - text);
	must(!webhook_check(token, &delivery, 784111777000, &err), "a signature of nobody");
	check_error(&err, ERROR_AUTH);
}

static void count_misfit(void *ctx, const struct schema_misfit *misfit)
{
	must(*misfit->word && *misfit->text, "a misfit without a word");
	++*(size_t *)ctx;
}

static void check_schema(const struct catalogue *catalogue, const char *text, size_t len)
{
	for (size_t i = 0; i < catalogue_count(catalogue); i++) {
		struct error err = { 0 };
		size_t misfits = 0;

		if (strcmp(catalogue_at(catalogue, i)->provider, "xledger") != 0)
			continue;
		if (!provider_find("xledger")->schema->check(text, len, catalogue_at(catalogue, i), count_misfit, &misfits, &err)) {
			check_error(&err, ERROR_INPUT);
			must(misfits == 0, "misfits of no schema");
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct catalogue *catalogue;
	AUTO(memory_freep) char *text = memory_copy(size ? (const char *)data + 1 : "", size ? size - 1 : 0);
	struct error err = { 0 };

	if (!catalogue)
		must(catalogue_load(NULL, &catalogue, &err), "the built-in catalogue");
	if (size == 0)
		return 0;
	if (*data == 'd')
		check_delivery(text, size - 1);
	else if (*data == 's')
		check_schema(catalogue, text, size - 1);
	else
		read_body(catalogue, text, size - 1);
	return 0;
}
