/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signatures of AWS as its guide to S3 works them out ("Signature Calculations for the Authorization Header", with its example keys). */
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "lake/sign.h"

#include "tests.h"

#define KEY_ID "AKIAIOSFODNN7EXAMPLE"
#define KEY "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
#define EMPTY "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define HOST { "host", "examplebucket.s3.amazonaws.com" }
#define STAMP "20130524T000000Z"

static void expect_signature(const char *method, const char *path, const char *query, const struct sign_header *headers, size_t count,
			     const char *sha256, const char *names, const char *signature)
{
	AUTO(secret_freep) struct secret *key = secret_copy(KEY, strlen(KEY)), *value = NULL;
	AUTO(str_clear) struct str wanted = STR_INIT(1000);
	const struct sign_request request = { .method = method, .path = path, .query = query, .headers = headers, .header_count = count,
					      .body_sha256 = sha256, .region = "us-east-1", .stamp = STAMP };

	value = sign_aws(&request, KEY_ID, key);
	str_addf(&wanted, "AWS4-HMAC-SHA256 Credential=" KEY_ID "/20130524/us-east-1/s3/aws4_request, SignedHeaders=%s, Signature=%s", names, signature);
	assert_string_equal(secret_reveal(value), wanted.text);
}

static void the_examples_of_the_guide(void **state)
{
	static const char put_sha256[] = "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072";
	const struct sign_header get[] = { HOST, { "range", "bytes=0-9" }, { "x-amz-content-sha256", EMPTY }, { "x-amz-date", STAMP } };
	const struct sign_header put[] = { { "date", "Fri, 24 May 2013 00:00:00 GMT" }, HOST, { "x-amz-content-sha256", put_sha256 },
					   { "x-amz-date", STAMP }, { "x-amz-storage-class", "REDUCED_REDUNDANCY" } };
	const struct sign_header list[] = { HOST, { "x-amz-content-sha256", EMPTY }, { "x-amz-date", STAMP } };
	AUTO(str_clear) struct str path = STR_INIT(100);

	(void)state;
	expect_signature("GET", "/test.txt", "", get, 4, EMPTY, "host;range;x-amz-content-sha256;x-amz-date",
			 "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
	sign_add_path(&path, "/test$file.text");
	expect_signature("PUT", path.text, "", put, 5, put_sha256, "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
			 "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
	expect_signature("GET", "/", "lifecycle=", list, 3, EMPTY, "host;x-amz-content-sha256;x-amz-date",
			 "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
	expect_signature("GET", "/", "max-keys=2&prefix=J", list, 3, EMPTY, "host;x-amz-content-sha256;x-amz-date",
			 "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
}

static void expect_base64(const char *bytes, size_t len, const char *wanted)
{
	AUTO(str_clear) struct str out = STR_INIT(100);
	AUTO(secret_freep) struct secret *back = NULL;

	sign_add_base64(&out, bytes, len);
	assert_string_equal(out.text, wanted);
	back = sign_from_base64(wanted);
	assert_non_null(back);
	assert_int_equal(secret_len(back), len);
	assert_memory_equal(secret_reveal(back), bytes, len);
}

static void base64_as_rfc_4648_has_it(void **state)
{
	(void)state;
	expect_base64("f", 1, "Zg==");
	expect_base64("fo", 2, "Zm8=");
	expect_base64("foobar", 6, "Zm9vYmFy");
	expect_base64("\xfb\xff\xbf", 3, "+/+/");
	assert_null(sign_from_base64("no base64!"));
}

static void paths_keep_their_slashes_alone(void **state)
{
	AUTO(str_clear) struct str out = STR_INIT(100);

	(void)state;
	sign_add_path(&out, "a b/type=x/\xc3\xa5~._-/");
	assert_string_equal(out.text, "a%20b/type%3Dx/%C3%A5~._-/");
}

int test_sign(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_examples_of_the_guide),
		cmocka_unit_test(base64_as_rfc_4648_has_it),
		cmocka_unit_test(paths_keep_their_slashes_alone),
	};

	return cmocka_run_group_tests_name("sign", tests, NULL, NULL);
}
