/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * RS256 through OpenSSL's EVP. What stands in a token is decided by those who ask for one.
 */
#include "jwt.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>

#include "ledgerdeck/core/memory.h"

#define KEY_BITS 2048
#define KEY_BYTES (KEY_BITS / 8)

struct jwt_key {
	EVP_PKEY *key;	/* owned */
	char *modulus;	/* owned: base64url, as the key set writes it */
	char *exponent; /* owned: the same */
	char *id;	/* owned: the key's thumbprint */
};

static void bn_freep(BIGNUM **number)
{
	BN_free(*number);
}

static void context_freep(EVP_MD_CTX **context)
{
	EVP_MD_CTX_free(*context);
}

static void key_freep(struct jwt_key **key)
{
	jwt_key_free(*key);
}

void jwt_add_base64(struct str *out, const void *bytes, size_t len)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	const unsigned char *in = bytes;

	for (size_t i = 0; i < len; i += 3) {
		unsigned group = (unsigned)in[i] << 16;
		size_t left = len - i;

		if (left > 1)
			group |= (unsigned)in[i + 1] << 8;
		if (left > 2)
			group |= in[i + 2];
		str_add_char(out, digits[group >> 18]);
		str_add_char(out, digits[group >> 12 & 63]);
		if (left > 1)
			str_add_char(out, digits[group >> 6 & 63]);
		if (left > 2)
			str_add_char(out, digits[group & 63]);
	}
}

/* A number of the public key as base64url text, the caller frees; NULL when OpenSSL refuses. */
static char *key_number(const EVP_PKEY *key, const char *name)
{
	AUTO(bn_freep) BIGNUM *number = NULL;
	unsigned char bytes[KEY_BYTES];
	struct str text = STR_INIT(KEY_BYTES * 2);

	if (!EVP_PKEY_get_bn_param(key, name, &number) || BN_num_bytes(number) > KEY_BYTES)
		return NULL;
	jwt_add_base64(&text, bytes, (size_t)BN_bn2bin(number, bytes));
	return str_take(&text);
}

/* The key's name is its RFC 7638 thumbprint: it changes exactly when the key does. */
static char *key_thumbprint(const struct jwt_key *key)
{
	AUTO(str_clear) struct str plain = STR_INIT(KEY_BYTES * 4);
	struct str text = STR_INIT(SHA256_DIGEST_LENGTH * 2);
	unsigned char digest[SHA256_DIGEST_LENGTH];

	str_addf(&plain, "{\"e\":\"%s\",\"kty\":\"RSA\",\"n\":\"%s\"}", key->exponent,
		 key->modulus);
	SHA256((const unsigned char *)plain.text, plain.len, digest);
	jwt_add_base64(&text, digest, sizeof(digest));
	return str_take(&text);
}

bool jwt_key_make(struct jwt_key **ret_key, struct error *err)
{
	AUTO(key_freep) struct jwt_key *key = memory_new(sizeof(*key));

	key->key = EVP_RSA_gen(KEY_BITS);
	if (!key->key)
		return error_set(err, ERROR_INTERNAL, "cannot make a key for id tokens");
	key->modulus = key_number(key->key, OSSL_PKEY_PARAM_RSA_N);
	key->exponent = key_number(key->key, OSSL_PKEY_PARAM_RSA_E);
	if (!key->modulus || !key->exponent)
		return error_set(err, ERROR_INTERNAL, "cannot read the key for id tokens");
	key->id = key_thumbprint(key);
	*ret_key = memory_steal(&key);
	return true;
}

void jwt_key_free(struct jwt_key *key)
{
	if (!key)
		return;
	EVP_PKEY_free(key->key);
	free(key->modulus);
	free(key->exponent);
	free(key->id);
	free(key);
}

bool jwt_add_token(const struct jwt_key *key, const char *claims, struct str *out,
		   struct error *err)
{
	AUTO(context_freep) EVP_MD_CTX *context = EVP_MD_CTX_new();
	AUTO(str_clear) struct str header = STR_INIT(256);
	AUTO(str_clear) struct str token = STR_INIT(STR_NO_LIMIT);
	unsigned char signature[KEY_BYTES];
	size_t len = sizeof(signature);

	str_addf(&header, "{\"kid\":\"%s\",\"alg\":\"RS256\"}", key->id);
	jwt_add_base64(&token, header.text, header.len);
	str_add_char(&token, '.');
	jwt_add_base64(&token, claims, strlen(claims));
	if (!context || !EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key->key) ||
	    !EVP_DigestSign(context, signature, &len, (const unsigned char *)token.text, token.len))
		return error_set(err, ERROR_INTERNAL, "cannot sign an id token");
	str_add_char(&token, '.');
	jwt_add_base64(&token, signature, len);
	str_add(out, token.text);
	return true;
}

void jwt_add_keys(const struct jwt_key *key, struct str *out)
{
	str_addf(out,
		 "{\"keys\":[{\"kty\":\"RSA\",\"e\":\"%s\",\"use\":\"sig\",\"kid\":\"%s\","
		 "\"alg\":\"RS256\",\"n\":\"%s\"}]}",
		 key->exponent, key->id, key->modulus);
}
