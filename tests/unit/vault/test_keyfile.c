/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Key files: their one text, what an editor may do to it, and what is refused. */
#include <string.h>

#include "ledgerdeck/core/memory.h"

#include "tests.h"
#include "vectors.h"

static bool parses(void *ctx, const char *bytes, size_t len, struct error *err)
{
	AUTO(secret_freep) struct secret *key = NULL;

	(void)ctx;
	return vault_key_file_parse(bytes, len, &key, err);
}

static void text_is_fixed(void **state)
{
	AUTO(secret_freep) struct secret *key = secret_of_vector(VECTOR_FILE_KEY);
	AUTO(secret_freep) struct secret *text = NULL, *again = NULL;
	struct error err;

	(void)state;
	vault_key_file_text(key, &text);
	assert_int_equal(secret_len(text), strlen(VECTOR_KEY_FILE));
	assert_string_equal(secret_reveal(text), VECTOR_KEY_FILE);
	assert_true(vault_key_file_parse(secret_reveal(text), secret_len(text), &again, &err));
	assert_true(secret_is_vector(again, VECTOR_FILE_KEY));
}

static void letters_of_urls(void **state)
{
	static const char text[] = "ledgerdeck-key-1 __79_Pv6-fj39vX08_Lx8O_u7ezr6uno5-bl5OPi4eA\n";
	AUTO(secret_freep) struct secret *key = secret_new(VAULT_KEY_BYTES);
	AUTO(secret_freep) struct secret *written = NULL, *again = NULL;

	(void)state;
	for (int i = 0; i < VAULT_KEY_BYTES; i++)
		secret_edit(key)[i] = (char)(255 - i);
	vault_key_file_text(key, &written);
	assert_string_equal(secret_reveal(written), text);
	assert_true(vault_key_file_parse(text, strlen(text), &again, NULL));
	assert_true(secret_equals(key, again));
}

static void any_key_comes_back(void **state)
{
	(void)state;
	for (int i = 0; i < 100; i++) {
		AUTO(secret_freep) struct secret *key = secret_random(VAULT_KEY_BYTES);
		AUTO(secret_freep) struct secret *text = NULL, *again = NULL;

		vault_key_file_text(key, &text);
		assert_true(vault_key_file_parse(secret_reveal(text), secret_len(text), &again,
						 NULL));
		assert_true(secret_equals(key, again));
	}
}

static void line_ends_of_editors(void **state)
{
	static const char *const ends[] = { "", "\n", "\r\n", "\n\n", " \t\r\n \n" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		AUTO(str_clear) struct str text = STR_INIT(TEXT_MAX);
		AUTO(secret_freep) struct secret *key = NULL;

		str_add_bytes(&text, VECTOR_KEY_FILE, strlen(VECTOR_KEY_FILE) - 1);
		str_add(&text, ends[i]);
		assert_true(vault_key_file_parse(text.text, text.len, &key, NULL));
		assert_true(secret_is_vector(key, VECTOR_FILE_KEY));
	}
}

/* Errors repeat nothing of the text, in which a whole key may stand. */
static void refused(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{ "", "not a key file" },
		{ "\n", "not a key file" },
		{ "ledgerdeck-key-", "not a key file" },
		{ "ledgerdeck-key-1", "not a key file" },
		{ "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n", "not a key file" },
		{ " " VECTOR_KEY_FILE, "not a key file" },
		{ "Ledgerdeck-key-1 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", "not a key" },
		{ "ledgerdeck-key-2 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", "upgrade" },
		{ "ledgerdeck-key-10 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", "upgrade" },
		{ "ledgerdeck-key-1 A", "damaged" },
		{ "ledgerdeck-key-1 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh", "damaged" },
		{ "ledgerdeck-key-1 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8A", "damaged" },
		{ "ledgerdeck-key-1 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "damaged" },
		{ "ledgerdeck-key-1 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9", "damaged" },
		{ "ledgerdeck-key-1  AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", "damaged" },
		{ "ledgerdeck-key-1 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh/", "damaged" },
		{ "ledgerdeck-key-1 AAECAwQFBgcICQoLDA0O DxAREhMUFRYXGBkaGxwdHh8", "damaged" },
		{ "ledgerdeck-key-1 AAECAwQFBgcICQoLDA0ODxAREhMUF\270\246XGBkaGxwdHh8", "damaged" },
		{ VECTOR_KEY_FILE VECTOR_KEY_FILE, "damaged" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct secret *key = NULL;
		struct error err = { 0 };
		bool ok = vault_key_file_parse(cases[i].text, strlen(cases[i].text), &key, &err);

		expect_error(ok, &err, ERROR_INPUT, cases[i].why);
		assert_null(key);
		assert_null(strstr(err.text, "AAECA"));
	}
}

/* Any other digit is another key, so not every change can be seen, but each cut and each NUL. */
static void cut_or_binary(void **state)
{
	struct error err;

	(void)state;
	for (size_t len = 0; len < strlen(VECTOR_KEY_FILE) - 1; len++) {
		AUTO(memory_freep) char *bytes = memory_resize(NULL, len);

		memcpy(bytes, VECTOR_KEY_FILE, len);
		assert_false(parses(NULL, bytes, len, &err));
		assert_int_equal(err.code, ERROR_INPUT);
	}
	for (size_t at = 0; at < strlen(VECTOR_KEY_FILE); at++) {
		char bytes[] = VECTOR_KEY_FILE;

		bytes[at] = '\0';
		assert_false(parses(NULL, bytes, strlen(VECTOR_KEY_FILE), &err));
		assert_int_equal(err.code, ERROR_INPUT);
	}
	assert_true(parses(NULL, VECTOR_KEY_FILE, strlen(VECTOR_KEY_FILE), &err));
}

int test_keyfile(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_fixed),
		cmocka_unit_test(letters_of_urls),
		cmocka_unit_test(any_key_comes_back),
		cmocka_unit_test(line_ends_of_editors),
		cmocka_unit_test(refused),
		cmocka_unit_test(cut_or_binary),
	};

	return cmocka_run_group_tests_name("keyfile", tests, NULL, NULL);
}
