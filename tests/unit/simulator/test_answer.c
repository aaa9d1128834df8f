/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers: headers, pages, compression. */
#include "answer.h"

#include <string.h>
#include <zlib.h>

#include "ledgerdeck/core/memory.h"

#include "test_simulator.h"

static void starts_empty(void **state)
{
	struct simulator_answer answer;

	(void)state;
	answer_init(&answer);
	assert_int_equal(answer.status, 200);
	assert_int_equal(answer.header_count, 0);
	assert_string_equal(answer.body.text, "");
	assert_false(answer.chunked);
	assert_int_equal(answer.ending, SIMULATOR_WHOLE);
	assert_int_equal(answer.delay_ms, 0);
	answer_clear(&answer);
}

static void keeps_one_header_of_a_name(void **state)
{
	AUTO(answer_clear) struct simulator_answer answer;

	(void)state;
	answer_init(&answer);
	answer_header(&answer, "Content-Type", "text/html");
	answer_header(&answer, "Allow", "GET");
	answer_header(&answer, "content-type", "application/json");
	assert_int_equal(answer.header_count, 2);
	assert_string_equal(answer_get_header(&answer, "CONTENT-TYPE"), "application/json");
	assert_string_equal(answer_get_header(&answer, "Allow"), "GET");
	assert_null(answer_get_header(&answer, "Location"));
}

static void keeps_headers_in_their_line(void **state)
{
	AUTO(answer_clear) struct simulator_answer answer;

	(void)state;
	answer_init(&answer);
	answer_redirect(&answer, "http://localhost/\r\nSet-Cookie: a=b\x7f");
	assert_int_equal(answer.status, 302);
	assert_string_equal(answer_get_header(&answer, "Location"),
			    "http://localhost/  Set-Cookie: a=b ");
}

/* Whatever half an answer there was, a text replaces all of it. */
static void text_replaces_the_body(void **state)
{
	AUTO(answer_clear) struct simulator_answer answer;

	(void)state;
	answer_init(&answer);
	answer_set(&answer, 200, "application/json;charset=utf-8");
	answer.chunked = true;
	str_add(&answer.body, "{\"half\":");
	answer_text(&answer, 400, "text/plain", "no");
	assert_int_equal(answer.status, 400);
	assert_string_equal(answer.body.text, "no");
	assert_string_equal(answer_get_header(&answer, "Content-Type"), "text/plain");
	assert_false(answer.chunked);
	answer_set(&answer, 201, "text/html");
	assert_string_equal(answer.body.text, "no");
}

static void pages_are_html(void **state)
{
	AUTO(answer_clear) struct simulator_answer answer;

	(void)state;
	answer_init(&answer);
	answer_page(&answer, 502, NULL);
	assert_int_equal(answer.status, 502);
	assert_string_equal(answer_get_header(&answer, "Content-Type"), "text/html");
	assert_string_equal(answer.body.text,
			    "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
			    "<center><h1>502 Bad Gateway</h1></center>\r\n"
			    "<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n");
	answer_page(&answer, 500, "disk <full> & \"bad\"");
	assert_non_null(strstr(answer.body.text, "<title>500 Internal Server Error</title>"));
	assert_non_null(strstr(answer.body.text, "<p>disk &lt;full&gt; &amp; "));
	assert_null(strstr(answer.body.text, "<full>"));
}

/* What a client would unpack. */
static void unpack(const struct str *body, struct str *out)
{
	unsigned char piece[4096];
	z_stream stream = { 0 };
	int result;

	assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
	stream.next_in = (unsigned char *)body->text;
	stream.avail_in = (unsigned)body->len;
	do {
		stream.next_out = piece;
		stream.avail_out = sizeof(piece);
		result = inflate(&stream, Z_NO_FLUSH);
		assert_true(result == Z_OK || result == Z_STREAM_END);
		str_add_bytes(out, (const char *)piece, sizeof(piece) - stream.avail_out);
	} while (result != Z_STREAM_END);
	assert_int_equal(stream.avail_in, 0);
	inflateEnd(&stream);
}

static void fill(struct simulator_answer *answer, size_t rows)
{
	str_reset(&answer->body);
	for (size_t i = 0; i < rows; i++)
		str_addf(&answer->body, "{\"Id\":\"%zu\",\"SyncToken\":\"0\"},\n", i);
}

static void compresses_what_is_long(void **state)
{
	AUTO(answer_clear) struct simulator_answer answer;
	AUTO(str_clear) struct str plain = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str unpacked = STR_INIT(STR_NO_LIMIT);

	(void)state;
	answer_init(&answer);
	fill(&answer, 3000);
	str_add_bytes(&plain, answer.body.text, answer.body.len);
	answer.chunked = true;
	answer_compress(&answer, true);
	assert_string_equal(answer_get_header(&answer, "Content-Encoding"), "gzip");
	assert_string_equal(answer_get_header(&answer, "Vary"), "Accept-Encoding");
	assert_true(answer.chunked);
	assert_true(answer.body.len < plain.len / 3);
	assert_int_equal(answer.body.limit, ANSWER_BODY_MAX);
	unpack(&answer.body, &unpacked);
	assert_int_equal(unpacked.len, plain.len);
	assert_memory_equal(unpacked.text, plain.text, plain.len);
	/* Twice would be once too often. */
	unpacked.len = answer.body.len;
	answer_compress(&answer, true);
	assert_int_equal(answer.body.len, unpacked.len);
}

static void leaves_the_rest_plain(void **state)
{
	AUTO(answer_clear) struct simulator_answer answer;
	char last = 1;

	(void)state;
	answer_init(&answer);
	fill(&answer, 10);
	answer_compress(&answer, true);
	assert_null(answer_get_header(&answer, "Content-Encoding"));
	assert_null(answer_get_header(&answer, "Vary"));
	fill(&answer, 100);
	answer_compress(&answer, false);
	assert_null(answer_get_header(&answer, "Content-Encoding"));
	assert_string_equal(answer_get_header(&answer, "Vary"), "Accept-Encoding");
	/* Noise would only grow. */
	str_reset(&answer.body);
	for (uint32_t noise = 1; answer.body.len < 2000; noise = noise * 1664525 + 1013904223) {
		last = (char)(noise >> 24);
		str_add_char(&answer.body, last);
	}
	answer_compress(&answer, true);
	assert_null(answer_get_header(&answer, "Content-Encoding"));
	assert_int_equal(answer.body.len, 2000);
	assert_int_equal(answer.body.text[1999], last);
}

int test_answer(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(starts_empty),
		cmocka_unit_test(keeps_one_header_of_a_name),
		cmocka_unit_test(keeps_headers_in_their_line),
		cmocka_unit_test(text_replaces_the_body),
		cmocka_unit_test(pages_are_html),
		cmocka_unit_test(compresses_what_is_long),
		cmocka_unit_test(leaves_the_rest_plain),
	};

	return cmocka_run_group_tests_name("answer", tests, NULL, NULL);
}
