/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The vault's formats, fixed: what stands here must open for ever. The bytes were written by
 * another program in another language, from the descriptions in src/vault, with the nonces and
 * salts 10 11 12 ..., so they also prove those descriptions. Hexadecimal digits.
 */
#ifndef LEDGERDECK_TESTS_UNIT_VAULT_VECTORS_H
#define LEDGERDECK_TESTS_UNIT_VAULT_VECTORS_H

#include <string.h>

#include "ledgerdeck/core/str.h"

#define VECTOR_STORE "3f8c2d51-7e4a-4c1b-9d20-5a6b7c8d9e0f"
#define VECTOR_ACCOUNT "acc-17"
#define VECTOR_PASSPHRASE "a ledger needs 12 strong locks"
#define VECTOR_KEY_FILE "ledgerdeck-key-1 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n"

/* What VECTOR_KEY_FILE holds. */
#define VECTOR_FILE_KEY \
	"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

#define VECTOR_SALT \
	"404142434445464748494a4b4c4d4e4f"

#define VECTOR_MARK_KEY \
	"f8efe5ae792e97f2171a465d05efbe3afa6dad319ff0b803d9a4972d0bccc946"

#define VECTOR_VAULT_KEY_1 \
	"13ee8e9e5ddc17be30ed89fff14182d58c30df72bb5f187ebe5762be77f15423"

#define VECTOR_VAULT_KEY_2 \
	"11616ed3e2d56f325293e11a969bd5937068c5f5f9acaadaff3858b8435b47e2"

#define VECTOR_ACCOUNT_KEY \
	"0bcc4e91b1094e21876f3b89179da566314f9023d5fe5773a705b6c7099811d5"

/* The key-encryption keys that the file and the passphrase give with that salt. */
#define VECTOR_FILE_KEK \
	"b9cc0324276022060d0c2a73061b483a2c017b6fc1e504a747f4b66923c400f6"

#define VECTOR_PASSPHRASE_KEK \
	"f817c1a13b81bb69042d2702680a6b0b6ea0dda1431880ad81e91c84b06fa0ce"

/* Of the first vault key. */
#define VECTOR_COMMITMENT_1 \
	"bab9803da2f6459e5e5c0014edc12618d429359b2a1ecf3c7e395467d6d23cc4"

#define VECTOR_ACCOUNT_KEY_NAME \
	"dfedfc8994ca0ceae858b39ff9ba5005"

/* Two headers with both vault keys, 1 and 2. */
#define VECTOR_FILE_HEADER \
	"4c445648000101020000000000000000404142434445464748494a4b4c4d4e4f" \
	"0200000001bab9803da2f6459e5e5c0014edc12618d429359b2a1ecf3c7e3954" \
	"67d6d23cc400000002233540b8cb9ec657e64829a14ce7d4c86293c4836bb987" \
	"1c55a731450ccbff1d101112131415161718191a1b1c1d1e1f20212223242526" \
	"274d79e6f1bbe559a7b6a4d0ec157dcf88cdf469aa139448418a75b5b6c6ff4d" \
	"f2f55569560db5693a32ecb85aec8e519c44a0d27ad8832011285bbbafde336b" \
	"f21d06fb47bd2c30c26d4721573a6774378650314bd387221427e8bdcfd3d854" \
	"dc8c71df6dfee1df504f3c45bebce59457"

#define VECTOR_PASSPHRASE_HEADER \
	"4c445648000101010000000200010000404142434445464748494a4b4c4d4e4f" \
	"0200000001bab9803da2f6459e5e5c0014edc12618d429359b2a1ecf3c7e3954" \
	"67d6d23cc400000002233540b8cb9ec657e64829a14ce7d4c86293c4836bb987" \
	"1c55a731450ccbff1d505152535455565758595a5b5c5d5e5f60616263646566" \
	"67ce30b5723dc55ac15cbd36a4031b08a76385aac78534e3aad3e51edfd5d19b" \
	"70a899cd9a6f677d7fd4ac860d42724fc28f97ca72c59b9f235fd10321ed3c56" \
	"c13b34a3210bbb590a2fe8c1b8c771491ddb76ad1a708957cb593ad39828e2fa" \
	"f57dc4289d9ea65eaff73d6d012a103462"

/* The account key for VECTOR_ACCOUNT, by each vault key. */
#define VECTOR_WRAPPED_1 \
	"4c44574b00010100000001dfedfc8994ca0ceae858b39ff9ba50059091929394" \
	"95969798999a9b9c9d9e9fa0a1a2a3a4a5a6a73912f18036905a837c2c2d1895" \
	"acd21bb82f9b2faf552ef848cf3ba2151219324d5b537429227016f70bcddbce" \
	"b3f25e"

#define VECTOR_WRAPPED_2 \
	"4c44574b00010100000002dfedfc8994ca0ceae858b39ff9ba5005a0a1a2a3a4" \
	"a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7abcf25f1915bb69b6ff0bc5a88" \
	"e6fa7510ca73a428d4c3ed44303471708d206a9e545d53ab171e22abda740a6b" \
	"d90b01"

/* VECTOR_SECRET of VECTOR_ACCOUNT, VECTOR_REALM, "production", "refresh", generation 7. */
#define VECTOR_SECRET "RT1-example-of-a-refresh-token-71x"
#define VECTOR_REALM "9130357849112"
#define VECTOR_SEALED \
	"4c445352000101dfedfc8994ca0ceae858b39ff9ba50050000000000000007c0" \
	"c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7be6d6bd00dfac570ba" \
	"97d2577478571ca6f26d390ef0e1713375f1f0cb53d31e797bc65de51d183bd1" \
	"a9435e64d8b0f8d4d0"

/* Of VECTOR_REALM for the purpose "realm". */
#define VECTOR_MARK \
	"d39316941c24190c0cf18989d208691332c5cc407eda4db9cfb8f09ad9d18980"

static inline char vector_nibble(char digit)
{
	return (char)(strchr("0123456789abcdef", digit) - "0123456789abcdef");
}

/* The bytes that a vector's digits stand for, appended. */
static inline void vector_add(struct str *out, const char *digits)
{
	for (; *digits; digits += 2)
		str_add_char(out, (char)(vector_nibble(digits[0]) << 4 | vector_nibble(digits[1])));
}

#endif
