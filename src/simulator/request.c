/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Taking a request apart. Everything that comes out is decoded, well-formed UTF-8 and bounded;
 * what it means is left to those who ask for it.
 */
#include "request.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ledgerdeck/core/memory.h"

/* What is wrong with an address or a form, as sentences for people. */
static const char why_start[] = "The address does not begin with a slash.";
static const char why_escape[] = "The address has a bad percent escape.";
static const char why_utf8[] = "The address is not UTF-8.";
static const char why_segments[] = "The path has too many parts.";
static const char why_parameters[] = "The query has too many parameters.";
static const char why_form[] = "The form in the body is malformed.";

static void parameters_clear(struct parameter *parameters, size_t *count)
{
	for (size_t i = 0; i < *count; i++) {
		free(parameters[i].name);
		free(parameters[i].value);
	}
	*count = 0;
}

void request_clear(struct request *request)
{
	for (size_t i = 0; i < request->segment_count; i++)
		free(request->segments[i]);
	free(request->path);
	parameters_clear(request->parameters, &request->parameter_count);
	parameters_clear(request->form, &request->form_count);
	*request = (struct request){ 0 };
}

/* The decoded text, the caller frees; NULL with the reason when it makes no sense. */
static char *text_decode(const char *text, size_t len, bool plus_is_blank, const char **ret_why)
{
	AUTO(str_clear) struct str out = STR_INIT(len);

	if (!str_add_unpercent(&out, text, len, plus_is_blank)) {
		*ret_why = why_escape;
		return NULL;
	}
	if (!str_is_utf8(out.text, out.len)) {
		*ret_why = why_utf8;
		return NULL;
	}
	return str_take(&out);
}

/* Empty parts, as in "/v3//company/", are passed over. */
static bool path_split(const char *text, size_t len, struct request *request, const char **ret_why)
{
	size_t end;

	for (size_t start = 0; start < len; start = end + 1) {
		const char *slash = memchr(text + start, '/', len - start);
		char *segment;

		end = slash ? (size_t)(slash - text) : len;
		if (end == start)
			continue;
		if (request->segment_count == REQUEST_SEGMENTS_MAX) {
			*ret_why = why_segments;
			return false;
		}
		segment = text_decode(text + start, end - start, false, ret_why);
		if (!segment)
			return false;
		request->segments[request->segment_count++] = segment;
	}
	return true;
}

static bool parameters_split(const char *text, size_t len, struct parameter *parameters,
			     size_t *count, const char **ret_why)
{
	size_t end;

	for (size_t start = 0; start < len; start = end + 1) {
		const char *amp = memchr(text + start, '&', len - start);
		const char *equals;
		size_t name_end;
		struct parameter *parameter;

		end = amp ? (size_t)(amp - text) : len;
		if (end == start)
			continue;
		if (*count == REQUEST_PARAMETERS_MAX) {
			*ret_why = why_parameters;
			return false;
		}
		equals = memchr(text + start, '=', end - start);
		name_end = equals ? (size_t)(equals - text) : end;
		parameter = &parameters[(*count)++];
		*parameter = (struct parameter){ 0 };
		parameter->name = text_decode(text + start, name_end - start, true, ret_why);
		if (!parameter->name)
			return false;
		name_end = equals ? name_end + 1 : end;
		parameter->value = text_decode(text + name_end, end - name_end, true, ret_why);
		if (!parameter->value)
			return false;
	}
	return true;
}

/* Is there a media type `type` among the comma-separated ones, whatever its parameters? */
static bool media_has(const char *list, const char *type)
{
	size_t type_len = strlen(type);

	while (*list) {
		size_t blanks = strspn(list, " \t,");
		size_t len;

		list += blanks;
		len = strcspn(list, ";, \t");
		if (len == type_len && strncasecmp(list, type, len) == 0)
			return true;
		list += strcspn(list, ",");
	}
	return false;
}

static bool request_accepts_json(const struct request *request)
{
	const char *format = request_parameter(request, "format");

	if (format && strcasecmp(format, "json") == 0)
		return true;
	for (size_t i = 0; i < request->raw->header_count; i++)
		if (strcasecmp(request->raw->headers[i].name, "Accept") == 0 &&
		    media_has(request->raw->headers[i].value, "application/json"))
			return true;
	return false;
}

/* The API and the control endpoint take no forms: a body that only calls itself one there, because
 * curl's -d says so of any body, is left alone. */
static bool takes_forms(const struct request *request)
{
	static const char *const without[] = { "v3", "simulator", "xledger", "graphql" };

	for (size_t i = 0; request->segment_count > 0 && i < ARRAY_LEN(without); i++)
		if (strcasecmp(request->segments[0], without[i]) == 0)
			return false;
	return true;
}

static bool form_parse(struct request *request, const char **ret_why)
{
	const char *type = request_header(request, "Content-Type");
	const char *why;

	if (!type || !media_has(type, "application/x-www-form-urlencoded") ||
	    !takes_forms(request) || request->raw->body_len == 0)
		return true;
	if (!parameters_split(request->raw->body, request->raw->body_len, request->form,
			      &request->form_count, &why)) {
		*ret_why = why_form;
		return false;
	}
	return true;
}

/* "/simulator/as-other-user/v3/..." is "/v3/..." by somebody else. */
static void other_user_strip(struct request *request)
{
	AUTO(str_clear) struct str path = STR_INIT(STR_NO_LIMIT);

	if (request->segment_count < 2 || strcmp(request->segments[0], "simulator") != 0 ||
	    strcmp(request->segments[1], "as-other-user") != 0)
		return;
	request->as_other = true;
	free(request->segments[0]);
	free(request->segments[1]);
	request->segment_count -= 2;
	memmove(request->segments, request->segments + 2,
		request->segment_count * sizeof(request->segments[0]));
	for (size_t i = 0; i < request->segment_count; i++)
		str_addf(&path, "/%s", request->segments[i]);
	free(request->path);
	request->path = str_take(&path);
}

static bool target_parse(const char *target, struct request *request, const char **ret_why)
{
	size_t path_len = strcspn(target, "?");
	const char *query = target[path_len] ? target + path_len + 1 : target + path_len;

	if (*target != '/') {
		*ret_why = why_start;
		return false;
	}
	request->path = text_decode(target, path_len, false, ret_why);
	return request->path && path_split(target, path_len, request, ret_why) &&
	       parameters_split(query, strlen(query), request->parameters,
				&request->parameter_count, ret_why);
}

bool request_parse(const struct simulator_request *raw, struct request *request,
		   const char **ret_why)
{
	*request = (struct request){ .raw = raw, .method = raw->method };
	if (!target_parse(raw->target, request, ret_why)) {
		request_clear(request);
		return false;
	}
	other_user_strip(request);
	if (!form_parse(request, ret_why)) {
		request_clear(request);
		return false;
	}
	request->wants_xml = !request_accepts_json(request);
	return true;
}

const char *request_header(const struct request *request, const char *name)
{
	for (size_t i = 0; i < request->raw->header_count; i++)
		if (strcasecmp(request->raw->headers[i].name, name) == 0)
			return request->raw->headers[i].value;
	return NULL;
}

static const char *parameters_get(const struct parameter *parameters, size_t count,
				  const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(parameters[i].name, name) == 0)
			return parameters[i].value;
	return NULL;
}

const char *request_parameter(const struct request *request, const char *name)
{
	return parameters_get(request->parameters, request->parameter_count, name);
}

const char *request_field(const struct request *request, const char *name)
{
	return parameters_get(request->form, request->form_count, name);
}

bool request_is(const struct request *request, const char *method)
{
	return strcasecmp(request->method, method) == 0;
}
