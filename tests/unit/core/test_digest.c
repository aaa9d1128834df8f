/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fingerprints against published and separately computed ones, and base64url both ways. */
#include <string.h>

#include "ledgerdeck/core/digest.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/random.h"
#include "ledgerdeck/core/str.h"

#include "tests.h"

static void assert_digest(struct digest digest, const char *hex)
{
	char out[DIGEST_HEX];

	assert_ptr_equal(digest_hex(&digest, out), out);
	assert_string_equal(out, hex);
}

static void known_digests(void **state)
{
	(void)state;
	assert_digest(digest_blake2b(NULL, 0),
		      "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
	assert_digest(digest_blake2b("abc", 3),
		      "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
	assert_digest(digest_sha256(NULL, 0),
		      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	assert_digest(digest_sha256("abc", 3),
		      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_int_equal(digest_short("abc", 3), UINT64_C(0xbddd813c63423972));
}

static void keys_change_everything(void **state)
{
	uint8_t key[100];

	(void)state;
	for (size_t i = 0; i < sizeof(key); i++)
		key[i] = (uint8_t)i;
	assert_digest(digest_keyed("k", 1, "abc", 3),
		      "12f0b4a482a321476483eac3387d86e810573152916fb35bf7a6b9951f221db3");
	assert_digest(digest_keyed(key, 64, "realm 42", 8),
		      "399a9ff74e0294bdb00ba8811afbcf0ce3174267fedfee3ca9173b840c10beda");
	/* Longer than BLAKE2b takes: its digest is the key. */
	assert_digest(digest_keyed(key, 100, "realm 42", 8),
		      "14c273794c7e2053459a0bd203304c42d01b1039062fec350e63d760596d4e24");
}

static void known_base64url(void **state)
{
	static const char *const pairs[][2] = {
		{ "", "" }, { "f", "Zg" }, { "fo", "Zm8" }, { "foo", "Zm9v" },
		{ "foob", "Zm9vYg" }, { "fooba", "Zm9vYmE" }, { "foobar", "Zm9vYmFy" },
		{ "\xfb\xff\xfe", "-__-" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		AUTO(str_clear) struct str out = STR_INIT(100);

		str_add(&out, ">");
		digest_add_base64url(&out, pairs[i][0], strlen(pairs[i][0]));
		assert_string_equal(out.text + 1, pairs[i][1]);
		str_truncate(&out, 1);
		assert_true(digest_from_base64url(pairs[i][1], strlen(pairs[i][1]), &out));
		assert_string_equal(out.text + 1, pairs[i][0]);
	}
}

static void all_lengths_come_back(void **state)
{
	struct random random;
	char bytes[700];

	(void)state;
	random_seed(&random, 11);
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)random_next(&random);
	for (size_t len = 0; len <= sizeof(bytes); len++) {
		AUTO(str_clear) struct str text = STR_INIT(1000), back = STR_INIT(1000);

		digest_add_base64url(&text, bytes, len);
		assert_int_equal(text.len, (len * 4 + 2) / 3);
		assert_int_equal(strspn(text.text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
						   "abcdefghijklmnopqrstuvwxyz0123456789-_"),
				 text.len);
		assert_true(digest_from_base64url(text.text, text.len, &back));
		assert_int_equal(back.len, len);
		assert_memory_equal(back.text, bytes, len);
	}
}

static void others_are_refused(void **state)
{
	static const char *const bad[] = {
		"Z", "Zg==", "Zg=", "Zh", "Zm9", "Zm9v\n", "Zm 9v", "Zm9+", "Zm9/", "Zm9v!", "=",
		"Zm9vZ", "Z\xc3\xa5", ".",
	};
	AUTO(str_clear) struct str out = STR_INIT(1000), text = STR_INIT(1000);

	(void)state;
	str_add(&out, "kept");
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		assert_false(digest_from_base64url(bad[i], strlen(bad[i]), &out));
		assert_string_equal(out.text, "kept");
	}
	assert_false(digest_from_base64url("Zm9v\0Zm9", 8, &out));
	/* Far behind the start, or before more. */
	for (int i = 0; i < 120; i++)
		str_add(&text, "Zm9v");
	for (size_t at = 0; at < text.len; at += 7) {
		char before = text.text[at];

		text.text[at] = '+';
		assert_false(digest_from_base64url(text.text, text.len, &out));
		text.text[at] = (char)(before | 0x80);
		assert_false(digest_from_base64url(text.text, text.len, &out));
		text.text[at] = before;
	}
	assert_string_equal(out.text, "kept");
	assert_false(str_is_cut(&out));
}

/* RFC 4231 and the usual example; the pieces may part anywhere. */
static void known_signatures(void **state)
{
	static const char fox[] = "The quick brown fox jumps over the lazy dog";
	static const char long_key[] = "Test Using Larger Than Block-Size Key - Hash Key First";
	struct digest right = digest_hmac_sha256("key", 3, fox, 0, fox, sizeof(fox) - 1), other;
	unsigned char key[131];

	(void)state;
	memset(key, 0xaa, sizeof(key));
	assert_digest(right, "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8");
	assert_digest(digest_hmac_sha256(key, sizeof(key), long_key, 4, long_key + 4, sizeof(long_key) - 5),
		      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
	assert_digest(digest_hmac_sha256("", 0, "", 0, "", 0), "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
	for (size_t i = 0; i < sizeof(fox); i++) {
		other = digest_hmac_sha256("key", 3, fox, i, fox + i, sizeof(fox) - 1 - i);
		assert_true(digest_equals(&right, &other));
	}
	for (size_t i = 0; i < DIGEST_BYTES; i++) {
		other = right;
		other.bytes[i] ^= 1;
		assert_false(digest_equals(&right, &other));
	}
}

int test_digest(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_digests),
		cmocka_unit_test(keys_change_everything),
		cmocka_unit_test(known_signatures),
		cmocka_unit_test(known_base64url),
		cmocka_unit_test(all_lengths_come_back),
		cmocka_unit_test(others_are_refused),
	};

	return cmocka_run_group_tests_name("digest", tests, NULL, NULL);
}
