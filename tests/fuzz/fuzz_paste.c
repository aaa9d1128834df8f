/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whatever is pasted: what comes out is a code as codes are, or a mistake that is named without
 * repeating more of the paste than a host name; and the same text gives the same answer again.
 */
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/connect/connect.h"
#include "ledgerdeck/core/memory.h"

#define REDIRECT "https://relay.example.com/oauth2/code"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void must(bool good)
{
	if (!good)
		abort();
}

static void check_code(const struct secret *code)
{
	const char *text = secret_reveal(code);

	must(secret_len(code) >= 8 && secret_len(code) <= 512 && strlen(text) == secret_len(code));
	for (const char *at = text; *at; at++)
		must((*at >= '0' && *at <= '9') || (*at >= 'A' && *at <= 'Z') || (*at >= 'a' && *at <= 'z') || strchr("-_.~", *at));
}

static void check(const struct paste *paste, bool good, const struct error *err)
{
	must(good == (paste->kind != PASTE_MISTAKE) && good == (err->code == ERROR_NONE));
	must((paste->code != NULL) == (paste->kind == PASTE_ANSWER || paste->kind == PASTE_BARE_CODE));
	must(strspn(paste->realm, "0123456789") == strlen(paste->realm));
	must(paste->kind != PASTE_ERROR || *paste->refusal);
	must(good || *err->text);
	if (paste->code)
		check_code(paste->code);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct paste first, second;
	struct error err = { 0 }, again = { 0 };
	bool good;

	good = paste_parse((const char *)bytes, len, REDIRECT, &first, &err);
	check(&first, good, &err);
	must(paste_parse((const char *)bytes, len, REDIRECT, &second, &again) == good && second.kind == first.kind);
	must(strcmp(err.text, again.text) == 0);
	paste_clear(&first);
	paste_clear(&second);
	return 0;
}
