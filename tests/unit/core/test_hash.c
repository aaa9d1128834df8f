/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers of bytes against published ones, and of any length against the checksums of zstd's frames, which are their lower half. */
#include <string.h>

#include <zstd.h>

#include "ledgerdeck/core/hash.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/random.h"

#include "tests.h"

static void published_numbers(void **state)
{
	(void)state;
	assert_true(hash_bytes(NULL, 0) == UINT64_C(0xef46db3751d8e999));
	assert_true(hash_bytes("a", 1) == UINT64_C(0xd24ec4f1a98c6e5b));
	assert_true(hash_bytes("abc", 3) == UINT64_C(0x44bc2cf5ad770999));
}

/* The last four bytes of a frame that carries a checksum. */
static uint32_t checksum_of(ZSTD_CCtx *frames, const char *bytes, size_t len)
{
	unsigned char frame[1000];
	size_t size = ZSTD_compress2(frames, frame, sizeof(frame), bytes, len);

	assert_false(ZSTD_isError(size));
	return (uint32_t)frame[size - 4] | (uint32_t)frame[size - 3] << 8 | (uint32_t)frame[size - 2] << 16 |
	       (uint32_t)frame[size - 1] << 24;
}

static void all_lengths(void **state)
{
	ZSTD_CCtx *frames = ZSTD_createCCtx();
	struct random random;
	char bytes[400];

	(void)state;
	assert_false(ZSTD_isError(ZSTD_CCtx_setParameter(frames, ZSTD_c_checksumFlag, 1)));
	random_seed(&random, 3);
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)random_below(&random, 256);
	for (size_t from = 0; from < 9; from++)
		for (size_t len = 0; from + len < sizeof(bytes); len++)
			assert_true((uint32_t)hash_bytes(bytes + from, len) == checksum_of(frames, bytes + from, len));
	ZSTD_freeCCtx(frames);
}

static void each_bit_counts(void **state)
{
	char bytes[100] = { 0 };
	uint64_t before = hash_bytes(bytes, sizeof(bytes));

	(void)state;
	for (size_t i = 0; i < 8 * sizeof(bytes); i++) {
		bytes[i / 8] ^= (char)(1 << i % 8);
		assert_true(hash_bytes(bytes, sizeof(bytes)) != before);
		bytes[i / 8] ^= (char)(1 << i % 8);
	}
}

int test_hash(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(published_numbers),
		cmocka_unit_test(all_lengths),
		cmocka_unit_test(each_bit_counts),
	};

	return cmocka_run_group_tests_name("hash", tests, NULL, NULL);
}
