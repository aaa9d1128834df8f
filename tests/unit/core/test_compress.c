/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records packed and unpacked: everything comes back, and what was damaged never does. */
#include <string.h>

#include "ledgerdeck/core/compress.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/random.h"

#include "tests.h"

#define SAMPLES 600

struct samples {
	struct str text;
	size_t lens[SAMPLES];
};

static void samples_clear(struct samples *samples)
{
	str_clear(&samples->text);
}

/* Records as alike and as different as invoices are; each seed has words of its own. */
static void samples_make(struct samples *samples, uint64_t seed)
{
	struct random random;
	uint64_t tint;

	random_seed(&random, seed);
	tint = random_next(&random);
	str_init(&samples->text, STR_NO_LIMIT);
	for (size_t i = 0; i < SAMPLES; i++) {
		size_t start = samples->text.len;

		str_addf(&samples->text,
			 "{\"Id\":\"%zu\",\"Kind%llx\":\"Service\",\"Balance\":%d.%02d,"
			 "\"CustomerRef\":{\"value\":\"%d\",\"name\":\"Harbor %llx\"},"
			 "\"MetaData\":{\"CreateTime\":\"2026-01-%02dT09:00:00-08:00\"},"
			 "\"EmailStatus%llx\":\"NotSet\",\"SyncToken\":\"%d\"}",
			 i, (unsigned long long)tint, (int)random_below(&random, 5000),
			 (int)random_below(&random, 100), (int)random_below(&random, 900),
			 (unsigned long long)random_next(&random),
			 1 + (int)random_below(&random, 28), (unsigned long long)tint * 3,
			 (int)random_below(&random, 10));
		samples->lens[i] = samples->text.len - start;
	}
}

static struct compress_dictionary *train(uint64_t seed)
{
	AUTO(samples_clear) struct samples samples = { 0 };
	AUTO(str_clear) struct str bytes = STR_INIT(COMPRESS_DICTIONARY_MAX);

	samples_make(&samples, seed);
	assert_true(compress_train(samples.text.text, samples.lens, SAMPLES, &bytes));
	assert_false(str_is_cut(&bytes));
	assert_in_range(bytes.len, 256, COMPRESS_DICTIONARY_MAX);
	return compress_dictionary_new(bytes.text, bytes.len);
}

static void assert_comes_back(struct compress *compress,
			      const struct compress_dictionary *dictionary, const char *bytes,
			      size_t len)
{
	AUTO(str_clear) struct str packed = STR_INIT(STR_NO_LIMIT), out = STR_INIT(STR_NO_LIMIT);
	struct error err = { 0 };

	str_add(&packed, "p");
	str_add(&out, "o");
	compress_pack(compress, dictionary, bytes, len, &packed);
	assert_false(str_is_cut(&packed));
	assert_int_equal(packed.text[packed.len], 0);
	assert_true(compress_unpack(compress, dictionary, packed.text + 1, packed.len - 1, &out,
				    &err));
	assert_int_equal(out.len, len + 1);
	assert_memory_equal(out.text + 1, bytes, len);
	assert_int_equal(out.text[out.len], 0);
	assert_int_equal(packed.text[0], 'p');
	assert_int_equal(out.text[0], 'o');
}

static void everything_comes_back(void **state)
{
	static const size_t lens[] = { 0, 1, 7, 100, 4096, 70000, 1 << 20, COMPRESS_RECORD_MAX };
	AUTO(memory_freep) char *bytes = memory_new(COMPRESS_RECORD_MAX);
	struct compress_dictionary *dictionary = train(1);
	struct compress *compress = compress_new();
	struct random random;

	(void)state;
	random_seed(&random, 3);
	for (size_t i = 0; i < 1 << 20; i++)
		bytes[i] = (char)random_below(&random, i % 1000 < 500 ? 256 : 3);
	for (size_t i = 0; i < ARRAY_LEN(lens); i++) {
		assert_comes_back(compress, NULL, bytes, lens[i]);
		assert_comes_back(compress, dictionary, bytes, lens[i]);
	}
	compress_free(compress);
	compress_dictionary_free(dictionary);
}

/* What was packed before there was a dictionary can still be read with one. */
static void dictionaries_help(void **state)
{
	AUTO(samples_clear) struct samples samples = { 0 };
	AUTO(str_clear) struct str plain = STR_INIT(STR_NO_LIMIT), small = STR_INIT(STR_NO_LIMIT);
	struct compress_dictionary *dictionary = train(1);
	struct compress *compress = compress_new();
	struct error err = { 0 };
	const char *at;

	(void)state;
	samples_make(&samples, 1);
	at = samples.text.text;
	for (size_t i = 0; i < SAMPLES; at += samples.lens[i++]) {
		AUTO(str_clear) struct str out = STR_INIT(1000);
		size_t start = plain.len;

		compress_pack(compress, NULL, at, samples.lens[i], &plain);
		compress_pack(compress, dictionary, at, samples.lens[i], &small);
		assert_true(compress_unpack(compress, dictionary, plain.text + start,
					    plain.len - start, &out, &err));
		assert_int_equal(out.len, samples.lens[i]);
		assert_memory_equal(out.text, at, out.len);
	}
	assert_true(small.len * 2 < plain.len);
	compress_free(compress);
	compress_dictionary_free(dictionary);
}

static void some_samples_teach_nothing(void **state)
{
	static const size_t lens[] = { 3, 3 };
	AUTO(memory_freep) char *same = memory_new(100);
	AUTO(str_clear) struct str out = STR_INIT(COMPRESS_DICTIONARY_MAX);
	size_t ones[100];

	(void)state;
	for (size_t i = 0; i < 100; i++)
		ones[i] = 1;
	assert_false(compress_train("", NULL, 0, &out));
	assert_false(compress_train("abcabd", lens, 2, &out));
	assert_false(compress_train(same, ones, 100, &out));
	assert_int_equal(out.len, 0);
}

static void assert_damaged(struct compress *compress, const struct compress_dictionary *dictionary,
			   const char *bytes, size_t len)
{
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);
	struct error err = { 0 };

	str_add(&out, "kept");
	assert_false(compress_unpack(compress, dictionary, bytes, len, &out, &err));
	assert_int_equal(err.code, ERROR_STORE);
	assert_string_equal(out.text, "kept");
	assert_int_equal(out.len, 4);
}

static void other_dictionaries_are_refused(void **state)
{
	struct compress_dictionary *dictionary = train(1), *other = train(2);
	struct compress *compress = compress_new();
	AUTO(str_clear) struct str packed = STR_INIT(1000);

	(void)state;
	compress_pack(compress, dictionary, "{\"Id\":\"1\"}", 10, &packed);
	assert_damaged(compress, other, packed.text, packed.len);
	assert_damaged(compress, NULL, packed.text, packed.len);
	assert_damaged(compress, dictionary, "", 0);
	assert_damaged(compress, dictionary, "no frame at all", 15);
	compress_free(compress);
	compress_dictionary_free(other);
	compress_dictionary_free(dictionary);
}

/* One bit, wherever: an error, or a bit that says nothing and the record as it was. */
static void damage_is_found(void **state)
{
	static const char record[] =
		"{\"Id\":\"301\",\"Kind\":\"Service\",\"Service\":\"Kind of\"}";
	struct compress_dictionary *dictionaries[] = { NULL, train(1) };
	struct compress *compress = compress_new();
	size_t refused = 0;

	(void)state;
	for (size_t d = 0; d < ARRAY_LEN(dictionaries); d++) {
		AUTO(str_clear) struct str packed = STR_INIT(1000);

		compress_pack(compress, dictionaries[d], record, sizeof(record), &packed);
		for (size_t bit = 0; bit < packed.len * 8; bit++) {
			AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);
			struct error err = { 0 };

			packed.text[bit / 8] ^= (char)(1 << bit % 8);
			if (compress_unpack(compress, dictionaries[d], packed.text, packed.len,
					    &out, &err)) {
				assert_int_equal(out.len, sizeof(record));
				assert_memory_equal(out.text, record, sizeof(record));
			} else {
				refused++;
				assert_int_equal(out.len, 0);
			}
			packed.text[bit / 8] ^= (char)(1 << bit % 8);
		}
		assert_true(refused > packed.len * 6);
		for (size_t len = 0; len < packed.len; len++)
			assert_damaged(compress, dictionaries[d], packed.text, len);
		str_add_char(&packed, '\0');
		assert_damaged(compress, dictionaries[d], packed.text, packed.len);
		compress_dictionary_free(dictionaries[d]);
		refused = 0;
	}
	compress_free(compress);
}

static void limits_hold(void **state)
{
	/* A frame that promises 2^40 bytes and has one empty block. */
	static const char huge[] = "\x28\xb5\x2f\xfd\xe0\0\0\0\0\0\1\0\0\1\0";
	AUTO(memory_freep) char *bytes = memory_new(COMPRESS_RECORD_MAX + 1);
	AUTO(str_clear) struct str packed = STR_INIT(STR_NO_LIMIT), out = STR_INIT(99);
	AUTO(str_clear) struct str tight = STR_INIT(10);
	struct compress *compress = compress_new();
	struct error err = { 0 };

	(void)state;
	compress_pack(compress, NULL, bytes, COMPRESS_RECORD_MAX + 1, &packed);
	assert_true(str_is_cut(&packed));
	assert_int_equal(packed.len, 0);
	str_clear(&packed);
	assert_damaged(compress, NULL, huge, sizeof(huge) - 1);
	compress_pack(compress, NULL, bytes, 100, &packed);
	assert_false(compress_unpack(compress, NULL, packed.text, packed.len, &out, &err));
	assert_int_equal(err.code, ERROR_STORE);
	out.limit = 100;
	assert_true(compress_unpack(compress, NULL, packed.text, packed.len, &out, &err));
	assert_int_equal(out.len, 100);
	compress_pack(compress, NULL, bytes, 100, &tight);
	assert_true(str_is_cut(&tight));
	assert_int_equal(tight.len, 0);
	compress_free(compress);
}

/* A dictionary in form whose insides are not. */
static void broken_dictionaries_are_none(void **state)
{
	static const char broken[] = "\x37\xa4\x30\xec\1\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff";

	(void)state;
	assert_null(compress_dictionary_new(broken, sizeof(broken) - 1));
	compress_dictionary_free(NULL);
	compress_free(NULL);
}

int test_compress(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_comes_back),
		cmocka_unit_test(dictionaries_help),
		cmocka_unit_test(some_samples_teach_nothing),
		cmocka_unit_test(other_dictionaries_are_refused),
		cmocka_unit_test(damage_is_found),
		cmocka_unit_test(limits_hold),
		cmocka_unit_test(broken_dictionaries_are_none),
	};

	return cmocka_run_group_tests_name("compress", tests, NULL, NULL);
}
