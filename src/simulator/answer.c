/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Filling answers: status, headers, body. What stands in them is decided elsewhere; only the
 * HTML pages with which a gateway speaks for itself are made here.
 */
#include "answer.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>

#include "ledgerdeck/core/memory.h"

#include "quickbooks/xml.h"

#define COMPRESS_ABOVE 1024
#define COMPRESS_LEVEL 1
#define COMPRESS_GZIP (15 + 16) /* zlib: the largest window, with gzip's head and tail */

static const struct {
	int status;
	const char *reason;
} reasons[] = {
	{ 400, "Bad Request" },
	{ 403, "Forbidden" },
	{ 404, "Not Found" },
	{ 405, "Method Not Allowed" },
	{ 413, "Request Entity Too Large" },
	{ 414, "Request-URI Too Large" },
	{ 429, "Too Many Requests" },
	{ 500, "Internal Server Error" },
	{ 502, "Bad Gateway" },
	{ 503, "Service Temporarily Unavailable" },
	{ 504, "Gateway Time-out" },
};

void answer_init(struct simulator_answer *answer)
{
	*answer = (struct simulator_answer){ .status = 200 };
	str_init(&answer->body, ANSWER_BODY_MAX);
}

void answer_clear(struct simulator_answer *answer)
{
	for (size_t i = 0; i < answer->header_count; i++)
		free(answer->headers[i].value);
	str_clear(&answer->body);
	answer_init(answer);
}

/* A line break in a value, a redirect's address say, would start another header. */
static char *header_value(const char *value)
{
	char *copy = memory_copy_text(value);

	for (char *at = copy; *at; at++) {
		unsigned char c = (unsigned char)*at;

		if (c < 0x20 || c == 0x7f)
			*at = ' ';
	}
	return copy;
}

void answer_header(struct simulator_answer *answer, const char *name, const char *value)
{
	char *copy = header_value(value);

	for (size_t i = 0; i < answer->header_count; i++) {
		if (strcasecmp(answer->headers[i].name, name) != 0)
			continue;
		free(answer->headers[i].value);
		answer->headers[i].value = copy;
		return;
	}
	assert(answer->header_count < SIMULATOR_HEADERS_MAX);
	answer->headers[answer->header_count].name = name;
	answer->headers[answer->header_count].value = copy;
	answer->header_count++;
}

const char *answer_get_header(const struct simulator_answer *answer, const char *name)
{
	for (size_t i = 0; i < answer->header_count; i++)
		if (strcasecmp(answer->headers[i].name, name) == 0)
			return answer->headers[i].value;
	return NULL;
}

void answer_set(struct simulator_answer *answer, int status, const char *content_type)
{
	answer->status = status;
	answer_header(answer, "Content-Type", content_type);
}

void answer_text(struct simulator_answer *answer, int status, const char *content_type,
		 const char *body)
{
	answer_set(answer, status, content_type);
	answer->chunked = false;
	str_reset(&answer->body);
	str_add(&answer->body, body);
}

void answer_redirect(struct simulator_answer *answer, const char *location)
{
	answer->status = 302;
	answer->chunked = false;
	str_reset(&answer->body);
	answer_header(answer, "Location", location);
}

void answer_page(struct simulator_answer *answer, int status, const char *sentence)
{
	const char *reason = "Error";

	for (size_t i = 0; i < ARRAY_LEN(reasons); i++)
		if (reasons[i].status == status)
			reason = reasons[i].reason;
	answer_text(answer, status, "text/html", "");
	str_addf(&answer->body, "<html>\r\n<head><title>%d %s</title></head>\r\n<body>\r\n", status,
		 reason);
	str_addf(&answer->body, "<center><h1>%d %s</h1></center>\r\n", status, reason);
	if (sentence) {
		str_add(&answer->body, "<p>");
		xml_add_text(&answer->body, sentence);
		str_add(&answer->body, "</p>\r\n");
	}
	str_add(&answer->body, "<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n");
}

/* ANSWER_BODY_MAX fits zlib's counters. */
static void body_compress(const struct str *body, struct str *out)
{
	char piece[16384];
	z_stream stream = { 0 };
	int result;

	if (deflateInit2(&stream, COMPRESS_LEVEL, Z_DEFLATED, COMPRESS_GZIP, 8,
			 Z_DEFAULT_STRATEGY) != Z_OK)
		memory_fatal();
	stream.next_in = (unsigned char *)body->text;
	stream.avail_in = (unsigned)body->len;
	do {
		stream.next_out = (unsigned char *)piece;
		stream.avail_out = sizeof(piece);
		result = deflate(&stream, Z_FINISH);
		str_add_bytes(out, piece, sizeof(piece) - stream.avail_out);
	} while (result == Z_OK);
	deflateEnd(&stream);
}

void answer_compress(struct simulator_answer *answer, bool accepted)
{
	AUTO(str_clear) struct str out = STR_INIT(answer->body.len);
	struct str plain;

	if (answer->body.len <= COMPRESS_ABOVE || answer_get_header(answer, "Content-Encoding"))
		return;
	answer_header(answer, "Vary", "Accept-Encoding");
	if (!accepted)
		return;
	body_compress(&answer->body, &out);
	if (str_is_cut(&out))
		return;
	plain = answer->body;
	answer->body = out;
	answer->body.limit = plain.limit;
	out = plain;
	answer_header(answer, "Content-Encoding", "gzip");
}
