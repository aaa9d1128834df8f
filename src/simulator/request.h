/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A request taken apart: path segments, query parameters, form fields, headers by name. */
#ifndef REQUEST_H
#define REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#include "ledgerdeck/simulator.h"

#define REQUEST_SEGMENTS_MAX 12
#define REQUEST_PARAMETERS_MAX 64

struct parameter {
	char *name;  /* owned, decoded */
	char *value; /* owned, decoded */
};

struct request {
	const struct simulator_request *raw; /* borrowed: the caller's */
	const char *method;
	char *path;                                /* owned, decoded, without the query */
	char *segments[REQUEST_SEGMENTS_MAX];      /* owned, decoded: "v3", "company", ... */
	size_t segment_count;
	struct parameter parameters[REQUEST_PARAMETERS_MAX]; /* of the query part */
	size_t parameter_count;
	struct parameter form[REQUEST_PARAMETERS_MAX];       /* of a form body, else none */
	size_t form_count;
	bool as_other;   /* came through /simulator/as-other-user: no token, no limits, no troubles;
			    path and segments are those behind that prefix */
	bool wants_xml;  /* neither Accept nor format= asks for JSON */
};

/*
 * Take a request apart. False when it makes no sense: a bad escape, too many parts, bytes that
 * are not UTF-8; `ret_why` then points to a fixed sentence and `request` is empty. Empty path
 * segments are left out. /v3 and /simulator take no forms: there a form body is left alone.
 */
bool request_parse(const struct simulator_request *raw, struct request *request, const char **ret_why);
void request_clear(struct request *request);

/* NULL when it is not there. Header and method names in any letter case. Borrowed: the request. */
const char *request_header(const struct request *request, const char *name);
const char *request_parameter(const struct request *request, const char *name);
const char *request_field(const struct request *request, const char *name); /* form field */
bool request_is(const struct request *request, const char *method);

#endif
