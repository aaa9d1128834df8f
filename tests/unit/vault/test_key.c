/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys: derived, hashed, boxed and wrapped as the fixed formats say, and refused otherwise. */
#include <string.h>

#include "ledgerdeck/core/memory.h"

#include "key.h"
#include "tests.h"
#include "vectors.h"

static struct key_recipe recipe_of_vector(enum key_kdf kdf)
{
	AUTO(str_clear) struct str salt = STR_INIT(TEXT_MAX);
	struct key_recipe recipe = { .kdf = kdf };

	vector_add(&salt, VECTOR_SALT);
	memcpy(recipe.salt, salt.text, sizeof(recipe.salt));
	if (kdf == KEY_KDF_ARGON2ID) {
		recipe.passes = 2;
		recipe.memory_kib = 65536;
	}
	return recipe;
}

static void costs_are_fixed(void **state)
{
	static const struct {
		enum vault_cost cost;
		uint32_t passes, memory_kib;
	} rows[] = {
		{ VAULT_INTERACTIVE, 2, 65536 },
		{ VAULT_MODERATE, 3, 262144 },
		{ VAULT_SENSITIVE, 4, 1048576 },
	};
	AUTO(secret_freep) struct secret *passphrase = secret_of_text("x");
	AUTO(secret_freep) struct secret *key = secret_of_vector(VECTOR_FILE_KEY);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct vault_opener by_text = { .passphrase = passphrase };
		const struct vault_opener by_file = { .key = key };
		struct key_recipe recipe, other;

		assert_true(key_recipe_new(&by_text, rows[i].cost, &recipe, NULL));
		assert_int_equal(recipe.kdf, KEY_KDF_ARGON2ID);
		assert_int_equal(recipe.passes, rows[i].passes);
		assert_int_equal(recipe.memory_kib, rows[i].memory_kib);
		assert_true(key_recipe_check(&recipe, NULL));
		assert_true(key_recipe_new(&by_text, rows[i].cost, &other, NULL));
		assert_memory_not_equal(recipe.salt, other.salt, sizeof(recipe.salt));
		assert_true(key_recipe_new(&by_file, rows[i].cost, &recipe, NULL));
		assert_int_equal(recipe.kdf, KEY_KDF_FILE);
		assert_int_equal(recipe.passes, 0);
		assert_int_equal(recipe.memory_kib, 0);
		assert_true(key_recipe_check(&recipe, NULL));
	}
}

static void absurd_recipes(void **state)
{
	static const struct {
		enum key_kdf kdf;
		uint32_t passes, memory_kib;
		bool sane;
	} rows[] = {
		{ KEY_KDF_ARGON2ID, 2, 65536, true },
		{ KEY_KDF_ARGON2ID, 20, 4194304, true },
		{ KEY_KDF_ARGON2ID, 1, 65536, false },
		{ KEY_KDF_ARGON2ID, 0, 65536, false },
		{ KEY_KDF_ARGON2ID, 21, 65536, false },
		{ KEY_KDF_ARGON2ID, UINT32_MAX, 65536, false },
		{ KEY_KDF_ARGON2ID, 2, 65535, false },
		{ KEY_KDF_ARGON2ID, 2, 0, false },
		{ KEY_KDF_ARGON2ID, 20, 4194305, false },
		{ KEY_KDF_ARGON2ID, 2, UINT32_MAX, false },
		{ KEY_KDF_FILE, 0, 0, true },
		{ KEY_KDF_FILE, 2, 65536, false },
		{ KEY_KDF_FILE, 1, 0, false },
		{ KEY_KDF_FILE, 0, 1, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct key_recipe recipe = {
			.kdf = rows[i].kdf,
			.passes = rows[i].passes,
			.memory_kib = rows[i].memory_kib,
		};
		struct error err = { 0 };

		if (rows[i].sane)
			assert_true(key_recipe_check(&recipe, &err));
		else
			expect_error(key_recipe_check(&recipe, &err), &err, ERROR_INPUT, "absurd");
	}
}

static void unknown_derivation(void **state)
{
	const struct key_recipe unknown = { .kdf = (enum key_kdf)3 }, none = { 0 };
	struct error err = { 0 };

	(void)state;
	expect_error(key_recipe_check(&unknown, &err), &err, ERROR_INPUT, "upgrade");
	expect_error(key_recipe_check(&none, &err), &err, ERROR_INPUT, "upgrade");
}

/* Not even tried: what is absurd costs nothing. */
static void absurd_is_not_derived(void **state)
{
	AUTO(secret_freep) struct secret *passphrase = secret_of_text(VECTOR_PASSPHRASE);
	const struct vault_opener opener = { .passphrase = passphrase };
	struct key_recipe recipe = recipe_of_vector(KEY_KDF_ARGON2ID);
	struct secret *key = NULL;
	struct error err = { 0 };

	(void)state;
	recipe.memory_kib = UINT32_MAX;
	expect_error(key_derive(&opener, &recipe, &key, &err), &err, ERROR_INPUT, "absurd");
	assert_null(key);
}

static void openers_that_are_none(void **state)
{
	AUTO(secret_freep) struct secret *text = secret_of_text("x"), *empty = secret_new(0);
	AUTO(secret_freep) struct secret *key = secret_random(VAULT_KEY_BYTES);
	AUTO(secret_freep) struct secret *cut = secret_random(VAULT_KEY_BYTES - 1);
	AUTO(secret_freep) struct secret *longer = secret_random(VAULT_KEY_BYTES + 1);
	const struct vault_opener openers[] = {
		{ 0 },
		{ .passphrase = text, .key = key },
		{ .passphrase = empty },
		{ .key = cut },
		{ .key = longer },
		{ .key = empty },
	};
	const struct key_recipe recipe = recipe_of_vector(KEY_KDF_FILE);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(openers); i++) {
		struct key_recipe made = { 0 };
		struct secret *derived = NULL;
		struct error err = { 0 };

		expect_error(key_recipe_new(&openers[i], VAULT_MODERATE, &made, &err), &err,
			     ERROR_INPUT, "");
		expect_error(key_derive(&openers[i], &recipe, &derived, &err), &err, ERROR_INPUT,
			     "");
		assert_null(derived);
		assert_int_equal(made.kdf, 0);
	}
}

static void openers_of_the_other_kind(void **state)
{
	AUTO(secret_freep) struct secret *text = secret_of_text("x");
	AUTO(secret_freep) struct secret *key = secret_of_vector(VECTOR_FILE_KEY);
	const struct vault_opener by_text = { .passphrase = text }, by_file = { .key = key };
	const struct key_recipe for_text = recipe_of_vector(KEY_KDF_ARGON2ID);
	const struct key_recipe for_file = recipe_of_vector(KEY_KDF_FILE);
	struct secret *derived = NULL;
	struct error err = { 0 };

	(void)state;
	expect_error(key_derive(&by_text, &for_file, &derived, &err), &err, ERROR_INPUT,
		     "opens with a key file");
	expect_error(key_derive(&by_file, &for_text, &derived, &err), &err, ERROR_INPUT,
		     "opens with a passphrase");
	assert_null(derived);
}

static void file_derivation_is_fixed(void **state)
{
	AUTO(secret_freep) struct secret *key = secret_of_vector(VECTOR_FILE_KEY);
	AUTO(secret_freep) struct secret *derived = NULL, *salted = NULL;
	const struct vault_opener opener = { .key = key };
	struct key_recipe recipe = recipe_of_vector(KEY_KDF_FILE);

	(void)state;
	assert_true(key_derive(&opener, &recipe, &derived, NULL));
	assert_true(secret_is_vector(derived, VECTOR_FILE_KEK));
	recipe.salt[15] ^= 1;
	assert_true(key_derive(&opener, &recipe, &salted, NULL));
	assert_false(secret_equals(derived, salted));
}

static void passphrase_derivation_is_fixed(void **state)
{
	AUTO(secret_freep) struct secret *passphrase = secret_of_text(VECTOR_PASSPHRASE);
	AUTO(secret_freep) struct secret *derived = NULL;
	const struct vault_opener opener = { .passphrase = passphrase };
	const struct key_recipe recipe = recipe_of_vector(KEY_KDF_ARGON2ID);

	(void)state;
	assert_true(key_derive(&opener, &recipe, &derived, NULL));
	assert_true(secret_is_vector(derived, VECTOR_PASSPHRASE_KEK));
}

static void hashes_are_fixed(void **state)
{
	AUTO(secret_freep) struct secret *vault_key = secret_of_vector(VECTOR_VAULT_KEY_1);
	AUTO(secret_freep) struct secret *account_key = secret_of_vector(VECTOR_ACCOUNT_KEY);
	AUTO(str_clear) struct str expected = STR_INIT(TEXT_MAX);
	uint8_t commitment[KEY_COMMITMENT_BYTES], other[KEY_COMMITMENT_BYTES], name[KEY_ID_BYTES];

	(void)state;
	vector_add(&expected, VECTOR_COMMITMENT_1 VECTOR_ACCOUNT_KEY_NAME);
	key_commit(1, secret_reveal(vault_key), commitment);
	assert_memory_equal(commitment, expected.text, sizeof(commitment));
	key_name(secret_reveal(account_key), name);
	assert_memory_equal(name, expected.text + sizeof(commitment), sizeof(name));
	key_commit(0x01000000, secret_reveal(vault_key), other);
	assert_memory_not_equal(commitment, other, sizeof(other));
}

static void boxes_differ_and_open(void **state)
{
	static const size_t lens[] = { 0, 1, 31, 64, 1000, SECRET_MAX };
	AUTO(secret_freep) struct secret *key = secret_random(VAULT_KEY_BYTES);
	struct str aad = { .text = (char[]){ "here" }, .len = 4 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lens); i++) {
		AUTO(secret_freep) struct secret *plain = secret_random(lens[i]), *again = NULL;
		AUTO(str_clear) struct str box = STR_INIT(TEXT_MAX), other = STR_INIT(TEXT_MAX);

		key_box_add(secret_reveal(key), &aad, secret_reveal(plain), lens[i], &box);
		key_box_add(secret_reveal(key), &aad, secret_reveal(plain), lens[i], &other);
		assert_int_equal(box.len, lens[i] + KEY_BOX_MORE);
		assert_memory_not_equal(box.text, other.text, KEY_BOX_NONCE);
		assert_true(key_box_open(secret_reveal(key), &aad, box.text, box.len, &again));
		assert_true(secret_equals(plain, again));
	}
}

/* Never made by us, and never to become a secret. */
static void boxes_too_large(void **state)
{
	AUTO(secret_freep) struct secret *key = secret_random(VAULT_KEY_BYTES);
	AUTO(memory_freep) char *plain = memory_new(SECRET_MAX + 1);
	AUTO(str_clear) struct str box = STR_INIT(TEXT_MAX), aad = STR_INIT(TEXT_MAX);
	struct secret *opened = NULL;

	(void)state;
	key_box_add(secret_reveal(key), &aad, plain, SECRET_MAX + 1, &box);
	assert_false(key_box_open(secret_reveal(key), &aad, box.text, box.len, &opened));
	assert_null(opened);
}

/* ---- wrapped keys */

struct unwrapping {
	struct secret *vault_key; /* owned */
	struct key_wrapper by;
};

static void unwrapping_init(struct unwrapping *unwrapping, const char *digits, uint32_t id)
{
	unwrapping->vault_key = secret_of_vector(digits);
	unwrapping->by = (struct key_wrapper){
		.key = secret_reveal(unwrapping->vault_key),
		.id = id,
		.store_uuid = VECTOR_STORE,
		.account_id = VECTOR_ACCOUNT,
	};
}

static void unwrapping_clear(struct unwrapping *unwrapping)
{
	secret_freep(&unwrapping->vault_key);
}

static bool unwraps(void *ctx, const char *bytes, size_t len, struct error *err)
{
	const struct unwrapping *unwrapping = ctx;
	AUTO(secret_freep) struct secret *key = NULL;

	if (key_unwrap(&unwrapping->by, bytes, len, &key, err)) {
		assert_true(secret_is_vector(key, VECTOR_ACCOUNT_KEY));
		return true;
	}
	assert_null(key);
	return false;
}

static void wrapped_keys_are_fixed(void **state)
{
	static const struct {
		const char *vault_key, *wrapped;
		uint32_t id;
	} rows[] = {
		{ VECTOR_VAULT_KEY_1, VECTOR_WRAPPED_1, 1 },
		{ VECTOR_VAULT_KEY_2, VECTOR_WRAPPED_2, 2 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		AUTO(unwrapping_clear) struct unwrapping unwrapping = { 0 };
		AUTO(str_clear) struct str wrapped = STR_INIT(TEXT_MAX);

		unwrapping_init(&unwrapping, rows[i].vault_key, rows[i].id);
		vector_add(&wrapped, rows[i].wrapped);
		assert_int_equal(key_wrapped_by(wrapped.text, wrapped.len), rows[i].id);
		expect_only_good(&wrapped, unwraps, &unwrapping);
	}
}

static void wrapping_comes_back(void **state)
{
	AUTO(unwrapping_clear) struct unwrapping unwrapping = { 0 };
	AUTO(secret_freep) struct secret *key = secret_of_vector(VECTOR_ACCOUNT_KEY);
	AUTO(str_clear) struct str wrapped = STR_INIT(TEXT_MAX), vector = STR_INIT(TEXT_MAX);
	struct error err;

	(void)state;
	unwrapping_init(&unwrapping, VECTOR_VAULT_KEY_1, 1);
	assert_true(key_wrap(&unwrapping.by, key, &wrapped, &err));
	assert_true(unwraps(&unwrapping, wrapped.text, wrapped.len, &err));
	/* Everything but the nonce and what hangs on it is as fixed. */
	vector_add(&vector, VECTOR_WRAPPED_1);
	assert_int_equal(wrapped.len, vector.len);
	assert_memory_equal(wrapped.text, vector.text, 27);
	assert_memory_not_equal(wrapped.text + 27, vector.text + 27, KEY_BOX_NONCE);
	assert_false(str_holds(&wrapped, secret_reveal(key), 8));
}

static void wrapped_for_another(void **state)
{
	AUTO(unwrapping_clear) struct unwrapping right = { 0 }, other_key = { 0 };
	AUTO(str_clear) struct str wrapped = STR_INIT(TEXT_MAX);
	struct key_wrapper wrong[6];

	(void)state;
	unwrapping_init(&right, VECTOR_VAULT_KEY_1, 1);
	unwrapping_init(&other_key, VECTOR_VAULT_KEY_2, 1);
	vector_add(&wrapped, VECTOR_WRAPPED_1);
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		wrong[i] = right.by;
	wrong[0].account_id = "acc-18";
	wrong[1].account_id = "";
	wrong[2].store_uuid = "3f8c2d51-7e4a-4c1b-9d20-5a6b7c8d9e0e";
	wrong[3].id = 2;
	wrong[4].key = other_key.by.key;
	/* The same text, with the border between its parts elsewhere. */
	wrong[5].store_uuid = VECTOR_STORE "a";
	wrong[5].account_id = "cc-17";
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct secret *key = NULL;
		struct error err = { 0 };

		expect_error(key_unwrap(&wrong[i], wrapped.text, wrapped.len, &key, &err), &err,
			     ERROR_AUTH, "wrong key or damaged");
		assert_null(key);
	}
}

/* One box that says it holds another key: made by somebody who has the vault key. */
static void wrapped_under_another_name(void **state)
{
	AUTO(unwrapping_clear) struct unwrapping unwrapping = { 0 };
	AUTO(str_clear) struct str wrapped = STR_INIT(TEXT_MAX), aad = STR_INIT(TEXT_MAX);
	AUTO(secret_freep) struct secret *key = secret_of_vector(VECTOR_ACCOUNT_KEY);
	struct error err = { 0 };

	(void)state;
	unwrapping_init(&unwrapping, VECTOR_VAULT_KEY_1, 1);
	vector_add(&wrapped, VECTOR_WRAPPED_1);
	str_truncate(&wrapped, 27);
	for (int forged = 0; forged < 2; forged++) {
		wrapped.text[26] = (char)(wrapped.text[26] ^ forged);
		str_reset(&aad);
		str_add_bytes(&aad, "\0\0\0\033", 4);
		str_add_bytes(&aad, wrapped.text, 27);
		str_add_bytes(&aad, "\0\0\0\044" VECTOR_STORE, 4 + 36);
		str_add_bytes(&aad, "\0\0\0\006" VECTOR_ACCOUNT, 4 + 6);
		str_truncate(&wrapped, 27);
		key_box_add(unwrapping.by.key, &aad, secret_reveal(key), VAULT_KEY_BYTES, &wrapped);
		if (!forged)
			assert_true(unwraps(&unwrapping, wrapped.text, wrapped.len, &err));
		else
			expect_error(unwraps(&unwrapping, wrapped.text, wrapped.len, &err), &err,
				     ERROR_AUTH, "wrong key or damaged");
	}
}

static void wrapped_in_newer_formats(void **state)
{
	AUTO(unwrapping_clear) struct unwrapping unwrapping = { 0 };
	AUTO(str_clear) struct str wrapped = STR_INIT(TEXT_MAX);
	struct error err = { 0 };

	(void)state;
	unwrapping_init(&unwrapping, VECTOR_VAULT_KEY_1, 1);
	for (int at = 5; at <= 6; at++) {
		str_reset(&wrapped);
		vector_add(&wrapped, VECTOR_WRAPPED_1);
		wrapped.text[at] = 2;
		expect_error(unwraps(&unwrapping, wrapped.text, wrapped.len, &err), &err,
			     ERROR_INPUT, "upgrade");
		assert_int_equal(key_wrapped_by(wrapped.text, wrapped.len), 0);
	}
}

static void wrapped_by_nobody(void **state)
{
	AUTO(str_clear) struct str wrapped = STR_INIT(TEXT_MAX);

	(void)state;
	vector_add(&wrapped, VECTOR_WRAPPED_2);
	for (size_t len = 0; len < wrapped.len; len++)
		assert_int_equal(key_wrapped_by(wrapped.text, len), 0);
	assert_int_equal(key_wrapped_by(wrapped.text, wrapped.len), 2);
	str_add_char(&wrapped, 'x');
	assert_int_equal(key_wrapped_by(wrapped.text, wrapped.len), 0);
	str_truncate(&wrapped, wrapped.len - 1);
	wrapped.text[10] = 0;
	assert_int_equal(key_wrapped_by(wrapped.text, wrapped.len), 0);
	wrapped.text[7] = (char)0xff;
	assert_true(key_wrapped_by(wrapped.text, wrapped.len) == 0xff000000);
	wrapped.text[0] = 'l';
	assert_int_equal(key_wrapped_by(wrapped.text, wrapped.len), 0);
}

static void names_too_long(void **state)
{
	AUTO(unwrapping_clear) struct unwrapping unwrapping = { 0 };
	AUTO(secret_freep) struct secret *key = secret_random(VAULT_KEY_BYTES);
	AUTO(str_clear) struct str name = STR_INIT(TEXT_MAX), wrapped = STR_INIT(TEXT_MAX);
	AUTO(str_clear) struct str good = STR_INIT(TEXT_MAX);
	struct error err = { 0 };

	(void)state;
	unwrapping_init(&unwrapping, VECTOR_VAULT_KEY_1, 1);
	vector_add(&good, VECTOR_WRAPPED_1);
	while (name.len < KEY_AAD_MAX)
		str_add(&name, "long ");
	unwrapping.by.account_id = name.text;
	expect_error(key_wrap(&unwrapping.by, key, &wrapped, &err), &err, ERROR_INPUT, "too long");
	assert_int_equal(wrapped.len, 0);
	expect_error(unwraps(&unwrapping, good.text, good.len, &err), &err, ERROR_AUTH, "damaged");
}

int test_key(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(costs_are_fixed),
		cmocka_unit_test(absurd_recipes),
		cmocka_unit_test(unknown_derivation),
		cmocka_unit_test(absurd_is_not_derived),
		cmocka_unit_test(openers_that_are_none),
		cmocka_unit_test(openers_of_the_other_kind),
		cmocka_unit_test(file_derivation_is_fixed),
		cmocka_unit_test(passphrase_derivation_is_fixed),
		cmocka_unit_test(hashes_are_fixed),
		cmocka_unit_test(boxes_differ_and_open),
		cmocka_unit_test(boxes_too_large),
		cmocka_unit_test(wrapped_keys_are_fixed),
		cmocka_unit_test(wrapping_comes_back),
		cmocka_unit_test(wrapped_for_another),
		cmocka_unit_test(wrapped_under_another_name),
		cmocka_unit_test(wrapped_in_newer_formats),
		cmocka_unit_test(wrapped_by_nobody),
		cmocka_unit_test(names_too_long),
	};

	return cmocka_run_group_tests_name("key", tests, NULL, NULL);
}
