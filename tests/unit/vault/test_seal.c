/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sealed secrets: fixed bytes, every change to them, and every other place they could be put. */
#include <string.h>

#include "ledgerdeck/core/memory.h"

#include "key.h"
#include "seal.h"
#include "tests.h"
#include "vectors.h"

struct opening {
	struct secret *key; /* owned */
	struct vault_binding binding;
	struct seal_place place;
};

static void opening_init(struct opening *opening)
{
	opening->key = secret_of_vector(VECTOR_ACCOUNT_KEY);
	opening->binding = (struct vault_binding){
		.account_id = VECTOR_ACCOUNT,
		.realm = VECTOR_REALM,
		.environment = "production",
		.kind = "refresh",
		.generation = 7,
	};
	opening->place = (struct seal_place){
		.account_key = opening->key,
		.store_uuid = VECTOR_STORE,
		.binding = &opening->binding,
	};
}

static void opening_clear(struct opening *opening)
{
	secret_freep(&opening->key);
}

static bool opens(void *ctx, const char *bytes, size_t len, struct error *err)
{
	const struct opening *opening = ctx;
	AUTO(secret_freep) struct secret *secret = NULL;

	if (!seal_open(&opening->place, bytes, len, &secret, err)) {
		assert_null(secret);
		return false;
	}
	assert_true(secret_is_text(secret, VECTOR_SECRET));
	return true;
}

static void sealed_is_fixed(void **state)
{
	AUTO(opening_clear) struct opening opening = { 0 };
	AUTO(str_clear) struct str sealed = STR_INIT(TEXT_MAX);

	(void)state;
	opening_init(&opening);
	vector_add(&sealed, VECTOR_SEALED);
	expect_only_good(&sealed, opens, &opening);
}

static void sealing_comes_back(void **state)
{
	AUTO(opening_clear) struct opening opening = { 0 };
	AUTO(secret_freep) struct secret *secret = secret_of_text(VECTOR_SECRET);
	AUTO(str_clear) struct str vector = STR_INIT(TEXT_MAX), sealed = STR_INIT(TEXT_MAX);
	struct error err;

	(void)state;
	opening_init(&opening);
	vector_add(&vector, VECTOR_SEALED);
	assert_true(seal_add(&opening.place, secret, &sealed, &err));
	assert_true(opens(&opening, sealed.text, sealed.len, &err));
	assert_int_equal(sealed.len, vector.len);
	assert_memory_equal(sealed.text, vector.text, 31);
	assert_memory_not_equal(sealed.text + 31, vector.text + 31, KEY_BOX_NONCE);
	for (size_t at = 0; at + 8 <= strlen(VECTOR_SECRET); at++)
		assert_false(str_holds(&sealed, &VECTOR_SECRET[at], 8));
	assert_false(str_holds(&sealed, VECTOR_REALM, 8));
}

static void any_length(void **state)
{
	static const size_t lens[] = { 0, 1, 15, 16, 17, 4096, SECRET_MAX };
	AUTO(opening_clear) struct opening opening = { 0 };

	(void)state;
	opening_init(&opening);
	for (size_t i = 0; i < ARRAY_LEN(lens); i++) {
		AUTO(secret_freep) struct secret *secret = secret_random(lens[i]), *again = NULL;
		AUTO(str_clear) struct str sealed = STR_INIT(TEXT_MAX);

		assert_true(seal_add(&opening.place, secret, &sealed, NULL));
		assert_true(seal_open(&opening.place, sealed.text, sealed.len, &again, NULL));
		assert_true(secret_equals(secret, again));
	}
}

static void in_another_place(void **state)
{
	static const struct vault_binding bindings[] = {
		{ "acc-18", VECTOR_REALM, "production", "refresh", 7 },
		{ "", VECTOR_REALM, "production", "refresh", 7 },
		{ VECTOR_ACCOUNT, "9130357849113", "production", "refresh", 7 },
		{ VECTOR_ACCOUNT, "", "production", "refresh", 7 },
		{ VECTOR_ACCOUNT, VECTOR_REALM, "sandbox", "refresh", 7 },
		{ VECTOR_ACCOUNT, VECTOR_REALM, "", "refresh", 7 },
		{ VECTOR_ACCOUNT, VECTOR_REALM, "production", "access", 7 },
		{ VECTOR_ACCOUNT, VECTOR_REALM, "production", "", 7 },
		{ VECTOR_ACCOUNT, VECTOR_REALM, "production", "refresh", 6 },
		{ VECTOR_ACCOUNT, VECTOR_REALM, "production", "refresh", 8 },
		{ VECTOR_ACCOUNT, VECTOR_REALM, "production", "refresh", 7 + (UINT64_C(1) << 32) },
		{ VECTOR_ACCOUNT, VECTOR_REALM, "production", "refresh", 0 },
		/* the same text with the borders elsewhere */
		{ VECTOR_ACCOUNT "9", "130357849112", "production", "refresh", 7 },
		{ VECTOR_ACCOUNT, VECTOR_REALM "p", "roduction", "refresh", 7 },
		{ VECTOR_ACCOUNT, VECTOR_REALM, "productionr", "efresh", 7 },
		{ VECTOR_REALM, VECTOR_ACCOUNT, "production", "refresh", 7 },
	};
	AUTO(opening_clear) struct opening opening = { 0 };
	AUTO(str_clear) struct str sealed = STR_INIT(TEXT_MAX);
	struct error err = { 0 };

	(void)state;
	opening_init(&opening);
	vector_add(&sealed, VECTOR_SEALED);
	assert_true(opens(&opening, sealed.text, sealed.len, &err));
	for (size_t i = 0; i < ARRAY_LEN(bindings); i++) {
		opening.place.binding = &bindings[i];
		expect_error(opens(&opening, sealed.text, sealed.len, &err), &err, ERROR_AUTH,
			     "wrong key or damaged");
	}
	opening.place.binding = &opening.binding;
	opening.place.store_uuid = "3f8c2d51-7e4a-4c1b-9d20-5a6b7c8d9e0e";
	expect_error(opens(&opening, sealed.text, sealed.len, &err), &err, ERROR_AUTH,
		     "wrong key or damaged");
}

static void with_another_key(void **state)
{
	AUTO(opening_clear) struct opening opening = { 0 };
	AUTO(secret_freep) struct secret *other = secret_copy(VECTOR_STORE, VAULT_KEY_BYTES);
	AUTO(str_clear) struct str sealed = STR_INIT(TEXT_MAX);
	struct error err = { 0 };
	uint8_t name[KEY_ID_BYTES];

	(void)state;
	opening_init(&opening);
	vector_add(&sealed, VECTOR_SEALED);
	opening.place.account_key = other;
	expect_error(opens(&opening, sealed.text, sealed.len, &err), &err, ERROR_AUTH,
		     "wrong key or damaged");
	/* Nor does it help to write the other key's name over the right one's. */
	key_name(secret_reveal(other), name);
	memcpy(sealed.text + 7, name, sizeof(name));
	expect_error(opens(&opening, sealed.text, sealed.len, &err), &err, ERROR_AUTH,
		     "wrong key or damaged");
}

static void older_generation_relabelled(void **state)
{
	AUTO(opening_clear) struct opening opening = { 0 };
	AUTO(str_clear) struct str sealed = STR_INIT(TEXT_MAX);
	struct error err = { 0 };

	(void)state;
	opening_init(&opening);
	vector_add(&sealed, VECTOR_SEALED);
	assert_int_equal(sealed.text[30], 7);
	sealed.text[30] = 8;
	opening.binding.generation = 8;
	expect_error(opens(&opening, sealed.text, sealed.len, &err), &err, ERROR_AUTH,
		     "wrong key or damaged");
}

static void newer_formats(void **state)
{
	AUTO(opening_clear) struct opening opening = { 0 };
	AUTO(str_clear) struct str sealed = STR_INIT(TEXT_MAX);
	struct error err = { 0 };

	(void)state;
	opening_init(&opening);
	for (int at = 4; at <= 6; at++) {
		str_reset(&sealed);
		vector_add(&sealed, VECTOR_SEALED);
		sealed.text[at] = 9;
		expect_error(opens(&opening, sealed.text, sealed.len, &err), &err, ERROR_INPUT,
			     "upgrade");
	}
	sealed.text[0] = 'X';
	expect_error(opens(&opening, sealed.text, sealed.len, &err), &err, ERROR_AUTH, "damaged");
}

static void names_too_long(void **state)
{
	AUTO(opening_clear) struct opening opening = { 0 };
	AUTO(secret_freep) struct secret *secret = secret_of_text(VECTOR_SECRET);
	AUTO(str_clear) struct str name = STR_INIT(TEXT_MAX), sealed = STR_INIT(TEXT_MAX);
	AUTO(str_clear) struct str good = STR_INIT(TEXT_MAX);
	struct error err = { 0 };

	(void)state;
	opening_init(&opening);
	vector_add(&good, VECTOR_SEALED);
	while (name.len < KEY_AAD_MAX)
		str_add(&name, "long ");
	opening.binding.realm = name.text;
	expect_error(seal_add(&opening.place, secret, &sealed, &err), &err, ERROR_INPUT,
		     "too long");
	assert_int_equal(sealed.len, 0);
	expect_error(opens(&opening, good.text, good.len, &err), &err, ERROR_AUTH, "damaged");
}

int test_seal(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sealed_is_fixed),
		cmocka_unit_test(sealing_comes_back),
		cmocka_unit_test(any_length),
		cmocka_unit_test(in_another_place),
		cmocka_unit_test(with_another_key),
		cmocka_unit_test(older_generation_relabelled),
		cmocka_unit_test(newer_formats),
		cmocka_unit_test(names_too_long),
	};

	return cmocka_run_group_tests_name("seal", tests, NULL, NULL);
}
