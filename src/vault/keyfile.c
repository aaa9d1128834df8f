/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A key file's text: "ledgerdeck-key-1", a blank, 32 bytes in base64url without padding, a line
 * end. Reading the file, its mode and its owner are left to the caller. The text is as secret as
 * the key, so it is written into locked memory and no error repeats any of it.
 */
#include "ledgerdeck/vault/vault.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"

#define KEY_FILE_NAME "ledgerdeck-key-"
#define KEY_FILE_START KEY_FILE_NAME "1 "
#define KEY_FILE_START_LEN (sizeof(KEY_FILE_START) - 1)
#define KEY_FILE_BASE64 sodium_base64_VARIANT_URLSAFE_NO_PADDING
#define KEY_FILE_DIGITS (sodium_base64_ENCODED_LEN(VAULT_KEY_BYTES, KEY_FILE_BASE64) - 1)

void vault_key_file_text(const struct secret *key, struct secret **ret_text)
{
	AUTO(secret_freep) struct secret *text = NULL;
	char *at;

	assert(secret_len(key) == VAULT_KEY_BYTES);
	text = secret_new(KEY_FILE_START_LEN + KEY_FILE_DIGITS + 1);
	at = secret_edit(text);
	memcpy(at, KEY_FILE_START, KEY_FILE_START_LEN);
	at += KEY_FILE_START_LEN;
	/* Its NUL is where the line end will be. */
	sodium_bin2base64(at, KEY_FILE_DIGITS + 1, (const unsigned char *)secret_reveal(key),
			  VAULT_KEY_BYTES, KEY_FILE_BASE64);
	at[KEY_FILE_DIGITS] = '\n';
	*ret_text = memory_steal(&text);
}

/* Blanks and line ends at the end are what editors leave there. */
static size_t len_without_blanks(const char *text, size_t len)
{
	while (len > 0 && strchr(" \t\r\n", text[len - 1]) && text[len - 1])
		len--;
	return len;
}

/*
 * The key in a text that starts as it should. Some versions of libsodium take bytes above 127 for
 * digits, so what was read is written again and compared: a key has one text only.
 */
static bool key_decode(const char *text, size_t len, struct secret *key)
{
	AUTO(secret_freep) struct secret *again = NULL;
	size_t key_len = 0;

	if (len - KEY_FILE_START_LEN != KEY_FILE_DIGITS ||
	    sodium_base642bin((unsigned char *)secret_edit(key), VAULT_KEY_BYTES,
			      text + KEY_FILE_START_LEN, KEY_FILE_DIGITS, NULL, &key_len, NULL,
			      KEY_FILE_BASE64) != 0 ||
	    key_len != VAULT_KEY_BYTES)
		return false;
	vault_key_file_text(key, &again);
	return sodium_memcmp(secret_reveal(again), text, len) == 0;
}

bool vault_key_file_parse(const char *text, size_t len, struct secret **ret_key, struct error *err)
{
	AUTO(secret_freep) struct secret *key = NULL;

	len = len_without_blanks(text, len);
	if (len < KEY_FILE_START_LEN || memcmp(text, KEY_FILE_NAME, strlen(KEY_FILE_NAME)) != 0)
		return error_set(err, ERROR_INPUT, "this is not a key file of ledgerdeck");
	if (memcmp(text, KEY_FILE_START, KEY_FILE_START_LEN) != 0)
		return error_set(err, ERROR_INPUT, "the key file has a format that this version of "
						   "ledgerdeck does not know: upgrade it");
	key = secret_new(VAULT_KEY_BYTES);
	if (!key_decode(text, len, key))
		return error_set(err, ERROR_INPUT, "the key file is damaged");
	*ret_key = memory_steal(&key);
	return true;
}
