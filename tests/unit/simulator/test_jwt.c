/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Id tokens: checked against the published key set by OpenSSL, as a client would. */
#include "jwt.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"

#include "test_simulator.h"

static const char claims[] = "{\"sub\":\"somebody\",\"name\":\"Zo\xc3\xab?>\"}";

/* The bytes that base64url text stands for, the caller frees. */
static unsigned char *bytes_of(const char *text, size_t len, size_t *ret_len)
{
	AUTO(str_clear) struct str plain = STR_INIT(STR_NO_LIMIT);
	unsigned char *bytes;

	for (size_t i = 0; i < len; i++)
		str_add_char(&plain, text[i] == '-' ? '+' : text[i] == '_' ? '/' : text[i]);
	*ret_len = len / 4 * 3 + (len % 4 ? len % 4 - 1 : 0);
	while (plain.len % 4)
		str_add_char(&plain, '=');
	bytes = memory_new(plain.len + 1);
	assert_true(EVP_DecodeBlock(bytes, (const unsigned char *)plain.text, (int)plain.len) >= 0);
	bytes[*ret_len] = '\0';
	return bytes;
}

/* A number of the key set's first key. */
static BIGNUM *number_of(const struct str *keys, const char *name)
{
	struct json_slice list = json_find(keys->text, keys->len, "keys"), key, value;
	unsigned char *bytes;
	size_t at = 0, len;
	BIGNUM *number;

	assert_true(json_each(list, &at, NULL, &key));
	value = json_find(key.text, key.len, name);
	assert_int_equal(value.kind, JSON_STRING);
	bytes = bytes_of(value.text + 1, value.len - 2, &len);
	number = BN_bin2bn(bytes, (int)len, NULL);
	free(bytes);
	return number;
}

static EVP_PKEY *public_key(const struct str *keys)
{
	BIGNUM *n = number_of(keys, "n"), *e = number_of(keys, "e");
	OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	EVP_PKEY *key = NULL;
	OSSL_PARAM *params;

	assert_int_equal(BN_num_bits(n), 2048);
	OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, n);
	OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, e);
	params = OSSL_PARAM_BLD_to_param(builder);
	assert_int_equal(EVP_PKEY_fromdata_init(context), 1);
	assert_int_equal(EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, params), 1);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(builder);
	EVP_PKEY_CTX_free(context);
	BN_free(n);
	BN_free(e);
	return key;
}

/* Does the token's signature hold under the key set? */
static bool is_signed(const char *token, const struct str *keys)
{
	const char *last = strrchr(token, '.');
	EVP_PKEY *key = public_key(keys);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	size_t len;
	unsigned char *signature = bytes_of(last + 1, strlen(last + 1), &len);
	bool good;

	assert_int_equal(EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key), 1);
	good = EVP_DigestVerify(context, signature, len, (const unsigned char *)token,
				(size_t)(last - token)) == 1;
	EVP_MD_CTX_free(context);
	EVP_PKEY_free(key);
	free(signature);
	return good;
}

static void base64_is_rfc4648(void **state)
{
	static const char *const rows[][2] = {
		{ "", "" },
		{ "f", "Zg" },
		{ "fo", "Zm8" },
		{ "foo", "Zm9v" },
		{ "foob", "Zm9vYg" },
		{ "fooba", "Zm9vYmE" },
		{ "foobar", "Zm9vYmFy" },
		{ "\xfb\xff", "-_8" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		AUTO(str_clear) struct str out = STR_INIT(100);

		jwt_add_base64(&out, rows[i][0], strlen(rows[i][0]));
		assert_string_equal(out.text, rows[i][1]);
	}
}

static void tokens_verify(void **state)
{
	AUTO(str_clear) struct str token = STR_INIT(4096);
	AUTO(str_clear) struct str keys = STR_INIT(4096);
	AUTO(str_clear) struct str other_keys = STR_INIT(4096);
	AUTO(memory_freep) unsigned char *header = NULL;
	AUTO(memory_freep) unsigned char *body = NULL;
	struct jwt_key *key, *other;
	struct error err = { 0 };
	const char *dot;
	size_t len;

	(void)state;
	assert_true(jwt_key_make(&key, &err));
	assert_true(jwt_key_make(&other, &err));
	assert_true(jwt_add_token(key, claims, &token, &err));
	jwt_add_keys(key, &keys);
	jwt_add_keys(other, &other_keys);
	assert_true(json_check(keys.text, keys.len, NULL));
	assert_true(is_signed(token.text, &keys));
	assert_false(is_signed(token.text, &other_keys));

	dot = strchr(token.text, '.');
	header = bytes_of(token.text, (size_t)(dot - token.text), &len);
	assert_true(json_equals(json_find((char *)header, len, "alg"), "RS256"));
	body = bytes_of(dot + 1, strcspn(dot + 1, "."), &len);
	assert_string_equal((char *)body, claims);

	/* One letter of the claims changed. */
	token.text[dot - token.text + 3] ^= 1;
	assert_false(is_signed(token.text, &keys));
	jwt_key_free(key);
	jwt_key_free(other);
	jwt_key_free(NULL);
}

/* A client finds the key by the name in the token's header. */
static void names_match(void **state)
{
	AUTO(str_clear) struct str token = STR_INIT(4096);
	AUTO(str_clear) struct str keys = STR_INIT(4096);
	AUTO(memory_freep) unsigned char *header = NULL;
	struct json_slice list, first, in_set, in_token;
	struct jwt_key *key;
	size_t len, at = 0;

	(void)state;
	assert_true(jwt_key_make(&key, NULL));
	assert_true(jwt_add_token(key, "{}", &token, NULL));
	jwt_add_keys(key, &keys);
	header = bytes_of(token.text, strcspn(token.text, "."), &len);
	list = json_find(keys.text, keys.len, "keys");
	assert_true(json_each(list, &at, NULL, &first));
	assert_true(json_equals(json_find(first.text, first.len, "kty"), "RSA"));
	assert_true(json_equals(json_find(first.text, first.len, "use"), "sig"));
	assert_true(json_equals(json_find(first.text, first.len, "e"), "AQAB"));
	in_set = json_find(first.text, first.len, "kid");
	in_token = json_find((char *)header, len, "kid");
	assert_int_equal(in_set.len, 45); /* a SHA-256 and its quotes */
	assert_int_equal(in_token.len, in_set.len);
	assert_memory_equal(in_token.text, in_set.text, in_set.len);
	/* Only the public half is told. */
	assert_int_equal(json_find(first.text, first.len, "d").kind, JSON_NONE);
	jwt_key_free(key);
}

int test_jwt(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(base64_is_rfc4648),
		cmocka_unit_test(tokens_verify),
		cmocka_unit_test(names_match),
	};

	return cmocka_run_group_tests_name("jwt", tests, NULL, NULL);
}
