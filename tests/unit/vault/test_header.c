/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The vault's header: fixed bytes, every change to them, and headers that make no sense. */
#include <string.h>

#include "ledgerdeck/core/memory.h"

#include "header.h"
#include "tests.h"
#include "vectors.h"

#define KDF_AT 7
#define PASSES_AT 8
#define MEMORY_AT 12
#define COUNT_AT 32
#define KEYS_AT 33
#define KEY_STEP 36
#define BOX_AT (KEYS_AT + 2 * KEY_STEP)

/* Opens headers with a key-encryption key that is given, so that nothing is derived. */
struct opening {
	struct secret *kek; /* owned */
	const char *store_uuid;
};

static void opening_init(struct opening *opening, const char *kek)
{
	opening->kek = secret_of_vector(kek);
	opening->store_uuid = VECTOR_STORE;
}

static void opening_clear(struct opening *opening)
{
	secret_freep(&opening->kek);
}

static bool opens(void *ctx, const char *bytes, size_t len, struct error *err)
{
	const struct opening *opening = ctx;
	AUTO(secret_freep) struct secret *ring = NULL;
	struct header header;

	memset(&header, 0x55, sizeof(header));
	if (!header_open(bytes, len, opening->store_uuid, opening->kek, &header, &ring, err)) {
		assert_null(ring);
		assert_int_equal(header.count, (size_t)0x5555555555555555);
		return false;
	}
	assert_int_equal(header.count, 2);
	assert_int_equal(header.keys[0].id, 1);
	assert_int_equal(header.keys[1].id, 2);
	assert_true(secret_is_vector(ring, VECTOR_MARK_KEY VECTOR_VAULT_KEY_1 VECTOR_VAULT_KEY_2));
	assert_ptr_equal(header_mark_key(ring), secret_reveal(ring));
	assert_ptr_equal(header_vault_key(ring, 0), secret_reveal(ring) + 32);
	assert_ptr_equal(header_vault_key(ring, 1), secret_reveal(ring) + 64);
	return true;
}

static void file_header_is_fixed(void **state)
{
	AUTO(opening_clear) struct opening opening = { 0 };
	AUTO(str_clear) struct str bytes = STR_INIT(TEXT_MAX);

	(void)state;
	opening_init(&opening, VECTOR_FILE_KEK);
	vector_add(&bytes, VECTOR_FILE_HEADER);
	expect_only_good(&bytes, opens, &opening);
}

static void passphrase_header_is_fixed(void **state)
{
	AUTO(opening_clear) struct opening opening = { 0 };
	AUTO(str_clear) struct str bytes = STR_INIT(TEXT_MAX);

	(void)state;
	opening_init(&opening, VECTOR_PASSPHRASE_KEK);
	vector_add(&bytes, VECTOR_PASSPHRASE_HEADER);
	expect_only_good(&bytes, opens, &opening);
}

static void clear_part_is_read(void **state)
{
	AUTO(str_clear) struct str bytes = STR_INIT(TEXT_MAX), other = STR_INIT(TEXT_MAX);
	struct header header = { 0 };

	(void)state;
	vector_add(&bytes, VECTOR_PASSPHRASE_HEADER);
	assert_true(header_read(bytes.text, bytes.len, &header, NULL));
	assert_int_equal(header.recipe.kdf, KEY_KDF_ARGON2ID);
	assert_int_equal(header.recipe.passes, 2);
	assert_int_equal(header.recipe.memory_kib, 65536);
	vector_add(&other, VECTOR_SALT VECTOR_COMMITMENT_1);
	assert_memory_equal(header.recipe.salt, other.text, KEY_SALT_BYTES);
	assert_memory_equal(header.keys[0].commitment, other.text + KEY_SALT_BYTES,
			    KEY_COMMITMENT_BYTES);
	assert_int_equal(header.count, 2);
	str_reset(&bytes);
	vector_add(&bytes, VECTOR_FILE_HEADER);
	assert_true(header_read(bytes.text, bytes.len, &header, NULL));
	assert_int_equal(header.recipe.kdf, KEY_KDF_FILE);
}

static void written_as_read(void **state)
{
	AUTO(opening_clear) struct opening opening = { 0 };
	AUTO(str_clear) struct str bytes = STR_INIT(TEXT_MAX), again = STR_INIT(TEXT_MAX);
	AUTO(secret_freep) struct secret *ring = NULL;
	struct header header = { 0 };
	struct error err;

	(void)state;
	opening_init(&opening, VECTOR_FILE_KEK);
	vector_add(&bytes, VECTOR_FILE_HEADER);
	assert_true(header_open(bytes.text, bytes.len, VECTOR_STORE, opening.kek, &header, &ring,
				&err));
	header_set_key(&header, 0, 1, ring);
	header_set_key(&header, 1, 2, ring);
	assert_true(header_add(&header, VECTOR_STORE, opening.kek, ring, &again, &err));
	assert_int_equal(again.len, bytes.len);
	assert_memory_equal(again.text, bytes.text, BOX_AT);
	assert_memory_not_equal(again.text + BOX_AT, bytes.text + BOX_AT, KEY_BOX_NONCE);
	assert_true(opens(&opening, again.text, again.len, &err));
	for (int i = 0; i < 3; i++)
		assert_false(str_holds(&again, secret_reveal(ring) + 32 * i, 8));
}

static void of_another_store_or_key(void **state)
{
	AUTO(opening_clear) struct opening opening = { 0 }, other = { 0 };
	AUTO(str_clear) struct str bytes = STR_INIT(TEXT_MAX), name = STR_INIT(TEXT_MAX);
	struct error err = { 0 };

	(void)state;
	opening_init(&opening, VECTOR_FILE_KEK);
	opening_init(&other, VECTOR_PASSPHRASE_KEK);
	vector_add(&bytes, VECTOR_FILE_HEADER);
	expect_error(opens(&other, bytes.text, bytes.len, &err), &err, ERROR_AUTH,
		     "wrong key or damaged");
	opening.store_uuid = "3f8c2d51-7e4a-4c1b-9d20-5a6b7c8d9e0e";
	expect_error(opens(&opening, bytes.text, bytes.len, &err), &err, ERROR_AUTH,
		     "wrong key or damaged");
	while (name.len < KEY_AAD_MAX)
		str_add(&name, VECTOR_STORE);
	opening.store_uuid = name.text;
	expect_error(opens(&opening, bytes.text, bytes.len, &err), &err, ERROR_AUTH, "damaged");
}

/* Made by somebody who has the opener: the box is good, what stands before it is not. */
static void commitment_to_another_key(void **state)
{
	AUTO(secret_freep) struct secret *kek = secret_random(VAULT_KEY_BYTES);

	(void)state;
	for (size_t wrong = 0; wrong < 3; wrong++) {
		AUTO(secret_freep) struct secret *ring = header_ring_new(2), *opened = NULL;
		AUTO(str_clear) struct str bytes = STR_INIT(TEXT_MAX);
		struct header header = { .recipe.kdf = KEY_KDF_FILE, .count = 2 }, read;
		struct error err = { 0 };
		bool ok;

		header_set_key(&header, 0, 4, ring);
		header_set_key(&header, 1, 9, ring);
		if (wrong < 2)
			header.keys[wrong].commitment[31] ^= 1;
		assert_true(header_add(&header, VECTOR_STORE, kek, ring, &bytes, &err));
		ok = header_open(bytes.text, bytes.len, VECTOR_STORE, kek, &read, &opened, &err);
		if (wrong < 2)
			expect_error(ok, &err, ERROR_AUTH, "wrong key or damaged");
		else
			assert_true(ok);
	}
}

static void change_at(struct str *bytes, size_t at, const char *replacement, size_t len)
{
	assert_true(at + len <= bytes->len);
	memcpy(bytes->text + at, replacement, len);
}

static void senseless(void **state)
{
	static const struct {
		size_t at, len;
		const char *bytes, *why;
	} rows[] = {
		{ 0, 4, "LDSR", "not the header of a vault" },
		{ 0, 4, "SQLi", "not the header of a vault" },
		{ 4, 2, "\0\2", "upgrade" },
		{ 4, 2, "\1\1", "upgrade" },
		{ 6, 1, "\2", "upgrade" },
		{ KDF_AT, 1, "\3", "upgrade" },
		{ KDF_AT, 1, "\0", "upgrade" },
		{ KDF_AT, 1, "\2", "absurd" },
		{ PASSES_AT, 4, "\0\0\0\1", "absurd" },
		{ PASSES_AT, 4, "\0\0\0\25", "absurd" },
		{ PASSES_AT, 4, "\377\377\377\377", "absurd" },
		{ MEMORY_AT, 4, "\0\0\377\377", "absurd" },
		{ MEMORY_AT, 4, "\0\100\0\1", "absurd" },
		{ COUNT_AT, 1, "\0", "damaged or cut" },
		{ COUNT_AT, 1, "\1", "damaged or cut" },
		{ COUNT_AT, 1, "\3", "damaged or cut" },
		{ COUNT_AT, 1, "\21", "damaged or cut" },
		{ COUNT_AT, 1, "\377", "damaged or cut" },
		{ KEYS_AT, 4, "\0\0\0\0", "damaged or cut" },
		{ KEYS_AT, 4, "\0\0\0\2", "damaged or cut" },
		{ KEYS_AT + KEY_STEP, 4, "\0\0\0\1", "damaged or cut" },
		{ KEYS_AT + KEY_STEP, 4, "\0\0\0\0", "damaged or cut" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		AUTO(str_clear) struct str bytes = STR_INIT(TEXT_MAX);
		struct header header;
		struct error err = { 0 };

		vector_add(&bytes, VECTOR_PASSPHRASE_HEADER);
		change_at(&bytes, rows[i].at, rows[i].bytes, rows[i].len);
		expect_error(header_read(bytes.text, bytes.len, &header, &err), &err, ERROR_INPUT,
			     rows[i].why);
	}
}

static void cut_anywhere(void **state)
{
	AUTO(str_clear) struct str bytes = STR_INIT(TEXT_MAX);
	struct header header;
	struct error err = { 0 };

	(void)state;
	vector_add(&bytes, VECTOR_FILE_HEADER);
	expect_error(header_read(NULL, 0, &header, &err), &err, ERROR_INPUT, "not the header");
	for (size_t len = 0; len < bytes.len; len++) {
		AUTO(memory_freep) char *cut = memory_resize(NULL, len);

		memcpy(cut, bytes.text, len);
		expect_error(header_read(cut, len, &header, &err), &err, ERROR_INPUT,
			     len < 4 ? "not the header" : "cut");
	}
	assert_true(header_read(bytes.text, bytes.len, &header, &err));
}

static void as_many_keys_as_fit(void **state)
{
	AUTO(secret_freep) struct secret *kek = secret_random(VAULT_KEY_BYTES);
	AUTO(secret_freep) struct secret *ring = header_ring_new(HEADER_KEYS_MAX), *again = NULL;
	AUTO(str_clear) struct str bytes = STR_INIT(HEADER_MAX);
	struct header header = { .recipe.kdf = KEY_KDF_FILE, .count = HEADER_KEYS_MAX }, read;

	(void)state;
	for (size_t i = 0; i < HEADER_KEYS_MAX; i++)
		header_set_key(&header, i, UINT32_MAX - HEADER_KEYS_MAX + (uint32_t)i + 1, ring);
	assert_true(header_add(&header, VECTOR_STORE, kek, ring, &bytes, NULL));
	assert_false(str_is_cut(&bytes));
	assert_true(header_open(bytes.text, bytes.len, VECTOR_STORE, kek, &read, &again, NULL));
	assert_true(secret_equals(ring, again));
	assert_true(read.keys[HEADER_KEYS_MAX - 1].id == UINT32_MAX);
}

static void rings_are_random(void **state)
{
	AUTO(secret_freep) struct secret *one = header_ring_new(1), *other = header_ring_new(1);
	static const char zeros[8];

	(void)state;
	assert_int_equal(secret_len(one), 2 * VAULT_KEY_BYTES);
	assert_false(secret_equals(one, other));
	for (size_t at = 0; at < secret_len(one); at += sizeof(zeros))
		assert_memory_not_equal(secret_reveal(one) + at, zeros, sizeof(zeros));
}

int test_header(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(file_header_is_fixed),
		cmocka_unit_test(passphrase_header_is_fixed),
		cmocka_unit_test(clear_part_is_read),
		cmocka_unit_test(written_as_read),
		cmocka_unit_test(of_another_store_or_key),
		cmocka_unit_test(commitment_to_another_key),
		cmocka_unit_test(senseless),
		cmocka_unit_test(cut_anywhere),
		cmocka_unit_test(as_many_keys_as_fit),
		cmocka_unit_test(rings_are_random),
	};

	return cmocka_run_group_tests_name("header", tests, NULL, NULL);
}
