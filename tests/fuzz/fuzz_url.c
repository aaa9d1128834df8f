/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Requests taken apart, whatever comes: the first line is the target, then header lines as
 * "Name: value" up to an empty line, then the body. What comes out must be bounded, decoded and
 * well-formed.
 */
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"

#include "request.h"

#define HEADERS 8

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void must(bool good)
{
	if (!good)
		abort();
}

static void check_text(const char *text)
{
	must(text && str_is_utf8(text, strlen(text)));
}

static void check_parameters(const struct parameter *parameters, size_t count)
{
	must(count <= REQUEST_PARAMETERS_MAX);
	for (size_t i = 0; i < count; i++) {
		check_text(parameters[i].name);
		check_text(parameters[i].value);
	}
}

static void check_request(const struct request *request)
{
	check_text(request->path);
	must(request->segment_count <= REQUEST_SEGMENTS_MAX);
	for (size_t i = 0; i < request->segment_count; i++) {
		check_text(request->segments[i]);
		must(*request->segments[i]);
	}
	check_parameters(request->parameters, request->parameter_count);
	check_parameters(request->form, request->form_count);
	if (request->parameter_count > 0)
		must(request_parameter(request, request->parameters[0].name) ==
		     request->parameters[0].value);
	if (request->form_count > 0)
		must(request_field(request, request->form[0].name) == request->form[0].value);
	if (request->raw->header_count > 0)
		must(request_header(request, request->raw->headers[0].name) ==
		     request->raw->headers[0].value);
}

/* The line at `*at`, ended by a NUL in place of its line break; moves behind it. */
static char *line_take(char *text, size_t len, size_t *at)
{
	char *line = text + *at;
	char *end = memchr(line, '\n', len - *at);

	if (!end) {
		*at = len;
		return line;
	}
	*end = '\0';
	*at = (size_t)(end - text) + 1;
	return line;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	AUTO(memory_freep) char *text = memory_copy((const char *)bytes, len);
	struct simulator_header headers[HEADERS];
	struct simulator_request raw = { .method = "POST", .headers = headers };
	AUTO(request_clear) struct request request = { 0 };
	const char *why = NULL;
	size_t at = 0;

	raw.target = line_take(text, len, &at);
	while (at < len && raw.header_count < HEADERS) {
		char *name = line_take(text, len, &at);
		char *colon = strchr(name, ':');

		if (*name == '\0')
			break;
		if (!colon)
			continue;
		*colon = '\0';
		headers[raw.header_count++] =
			(struct simulator_header){ name, colon + 1 + strspn(colon + 1, " ") };
	}
	raw.body = text + at;
	raw.body_len = len - at;
	if (request_parse(&raw, &request, &why))
		check_request(&request);
	else
		must(why && *why && !request.path && request.segment_count == 0 &&
		     request.form_count == 0);
	return 0;
}
