/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any bytes as what the store keeps for the vault. The first byte says as what: 'h' a header,
 * 'w' a wrapped key, 's' a sealed secret, 'k' a key file. Nothing opens but the one right text,
 * and everything else is a clear error that leaves nothing behind.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/secret.h"
#include "ledgerdeck/core/str.h"
#include "ledgerdeck/vault/vault.h"

#include "unit/vault/vectors.h"

#define TEXT_MAX ((size_t)1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct vault_binding binding = {
	.account_id = VECTOR_ACCOUNT,
	.realm = VECTOR_REALM,
	.environment = "production",
	.kind = "refresh",
	.generation = 7,
};

static void must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "broken: %s\n", what);
	abort();
}

static bool is_vector(const char *bytes, size_t len, const char *digits)
{
	AUTO(str_clear) struct str vector = STR_INIT(TEXT_MAX);

	vector_add(&vector, digits);
	return vector.len == len && memcmp(vector.text, bytes, len) == 0;
}

static void must_be_refused(const struct error *err)
{
	must(err->code == ERROR_AUTH || err->code == ERROR_INPUT, "another error");
	must(*err->text && str_is_utf8(err->text, strlen(err->text)), "an error without a text");
}

/* With a key file, so that no header makes this derive anything. */
static struct vault *unlock(const char *header, size_t len, struct error *err)
{
	AUTO(secret_freep) struct secret *key = NULL;
	struct vault_opener opener = { 0 };
	struct vault *vault = NULL;

	must(vault_key_file_parse(VECTOR_KEY_FILE, strlen(VECTOR_KEY_FILE), &key, err),
	     "the key file is refused");
	opener.key = key;
	must(vault_unlock(VECTOR_STORE, &opener, header, len, &vault, err) == (vault != NULL),
	     "a vault without success");
	return vault;
}

/* The one good vault, for the program's life. */
static struct vault *good_vault(void)
{
	static struct vault *vault;
	AUTO(str_clear) struct str header = STR_INIT(TEXT_MAX);
	struct error err = { 0 };

	if (vault)
		return vault;
	vector_add(&header, VECTOR_FILE_HEADER);
	vault = unlock(header.text, header.len, &err);
	must(vault, "the good header does not open");
	return vault;
}

static void try_header(const char *bytes, size_t len)
{
	struct error err = { 0 };
	AUTO(vault_freep) struct vault *vault = unlock(bytes, len, &err);

	must((vault != NULL) == is_vector(bytes, len, VECTOR_FILE_HEADER), "a header opens");
	if (!vault)
		must_be_refused(&err);
}

static void try_open(const char *wrapped, size_t wrapped_len, const char *sealed, size_t len,
		     bool good)
{
	AUTO(secret_freep) struct secret *secret = NULL;
	struct error err = { 0 };
	bool ok = vault_open(good_vault(), wrapped, wrapped_len, &binding, sealed, len, &secret,
			     &err);

	must(ok == good && (secret != NULL) == good, "a sealed secret opens");
	if (ok)
		must(strcmp(secret_reveal(secret), VECTOR_SECRET) == 0, "another secret");
	else
		must_be_refused(&err);
}

static void try_wrapped(const char *bytes, size_t len)
{
	bool good = is_vector(bytes, len, VECTOR_WRAPPED_1) ||
		    is_vector(bytes, len, VECTOR_WRAPPED_2);
	AUTO(str_clear) struct str sealed = STR_INIT(TEXT_MAX), again = STR_INIT(TEXT_MAX);
	struct error err = { 0 };

	vector_add(&sealed, VECTOR_SEALED);
	try_open(bytes, len, sealed.text, sealed.len, good);
	must(vault_rewrap_account_key(good_vault(), VECTOR_ACCOUNT, bytes, len, &again, &err) ==
	     good, "a key is wrapped anew");
	must(vault_wrapped_by(again.text, again.len) == (good ? 2 : 0), "by another key");
	must(!good || vault_wrapped_by(bytes, len) > 0, "by no key");
	if (!good)
		must_be_refused(&err);
}

static void try_sealed(const char *bytes, size_t len)
{
	AUTO(str_clear) struct str wrapped = STR_INIT(TEXT_MAX);

	vector_add(&wrapped, VECTOR_WRAPPED_2);
	try_open(wrapped.text, wrapped.len, bytes, len, is_vector(bytes, len, VECTOR_SEALED));
}

/* Every key has one text; only blanks at its end are free. */
static void try_key_file(const char *bytes, size_t len)
{
	AUTO(secret_freep) struct secret *key = NULL, *text = NULL;
	struct error err = { 0 };
	size_t text_len;

	if (!vault_key_file_parse(bytes, len, &key, &err)) {
		must(!key, "a key without success");
		must_be_refused(&err);
		return;
	}
	vault_key_file_text(key, &text);
	text_len = secret_len(text) - 1;
	must(len >= text_len && memcmp(bytes, secret_reveal(text), text_len) == 0,
	     "two texts for one key");
	for (size_t i = text_len; i < len; i++)
		must(memchr(" \t\r\n", bytes[i], 4) != NULL, "something behind the key");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* Its own memory, so that a byte too far is seen. */
	size_t len = size > 0 ? size - 1 : 0;
	AUTO(memory_freep) char *bytes = memory_resize(NULL, len);

	if (size == 0 || size > TEXT_MAX)
		return 0;
	if (len)
		memcpy(bytes, data + 1, len);
	if (data[0] == 'h')
		try_header(bytes, len);
	else if (data[0] == 'w')
		try_wrapped(bytes, len);
	else if (data[0] == 's')
		try_sealed(bytes, len);
	else if (data[0] == 'k')
		try_key_file(bytes, len);
	return 0;
}
