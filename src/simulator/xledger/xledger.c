/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way of a request: method, body, token, limits, plan, answer. */
#include "xledger/xledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"

#include "answer.h"
#include "xledger/execute.h"
#include "xledger/import.h"
#include "xledger/zone.h"

#define JSON_TYPE "application/json; charset=utf-8"
#define NODES_PER_CREDIT 100

/* ---- the world's part */

struct xledger *xledger_new(void)
{
	xl_types_start();
	return memory_new(sizeof(struct xledger));
}

void xledger_free(struct xledger *xledger)
{
	if (!xledger)
		return;
	for (size_t i = 0; i < xledger->count; i++)
		xl_entity_free(xledger->entities[i]);
	free(xledger->entities);
	xl_tokens_clear(&xledger->tokens);
	gql_schema_free(xledger->schemas[0]);
	gql_schema_free(xledger->schemas[1]);
	free(xledger);
}

void xledger_add(struct xledger *xledger, struct xl_entity *entity)
{
	xledger->entities = memory_resize(xledger->entities, (xledger->count + 1) * sizeof(struct xl_entity *));
	xledger->entities[xledger->count++] = entity;
}

size_t xledger_count(const struct xledger *xledger)
{
	return xledger ? xledger->count : 0;
}

struct xl_entity *xledger_entity(const struct xledger *xledger, const char *realm)
{
	for (size_t i = 0; i < xledger_count(xledger); i++)
		if (strcmp(xledger->entities[i]->realm, realm) == 0)
			return xledger->entities[i];
	return NULL;
}

bool xledger_owns(const struct request *request)
{
	return request->segment_count == 1 && strcasecmp(request->segments[0], "graphql") == 0;
}

/* ---- answers */

static void add_error(const struct gql_error *error, struct str *out)
{
	bool in_extensions = error->code && strcmp(error->code, "INVALID_VALUE") == 0;

	str_add(out, "{\"message\":");
	str_add_json(out, error->message, strlen(error->message));
	if (error->code && !in_extensions)
		str_addf(out, ",\"code\":\"%s\"", error->code);
	if (error->line > 0)
		str_addf(out, ",\"locations\":[{\"line\":%d,\"column\":%d}]", error->line, error->column);
	if (error->path) {
		str_add(out, ",\"path\":[");
		str_add_json(out, error->path, strlen(error->path));
		str_add_char(out, ']');
	}
	if (in_extensions || error->extension) {
		str_add(out, ",\"extensions\":{");
		if (in_extensions)
			str_addf(out, "\"code\":\"%s\"", error->code);
		str_addf(out, "%s%s}", in_extensions && error->extension ? "," : "",
			 error->extension ? error->extension : "");
	}
	str_add_char(out, '}');
}

static void add_errors(const struct gql_errors *errors, struct str *out)
{
	str_add(out, "\"errors\":[");
	for (size_t i = 0; i < errors->count; i++) {
		str_add(out, i ? "," : "");
		add_error(&errors->items[i], out);
	}
	str_add_char(out, ']');
}

static void answer_errors(const struct gql_errors *errors, int status, struct simulator_answer *answer)
{
	answer_text(answer, status, JSON_TYPE, "{");
	add_errors(errors, &answer->body);
	str_add_char(&answer->body, '}');
}

void xl_answer_fault(int code, struct simulator_answer *answer)
{
	struct gql_errors errors = { .count = 1 };

	errors.items[0].message = code == 3001 ? "Too many requests in a short time." :
						 "An unexpected error has occurred.";
	errors.items[0].code = code == 3001 ? "BAD_REQUEST.BURST_RATE_LIMIT_REACHED" : "INTERNAL";
	answer_errors(&errors, 200, answer);
}

/* ---- reading */

static void refuse(struct xl_call *call, int status, const char *code, const char *message)
{
	gql_errors_add(&call->errors, &call->arena, "%s", message)->code = code;
	call->status = status;
}

static int validation_status(const struct simulator *simulator)
{
	return switches_is(&simulator->switches, SWITCH_XLEDGER_VALIDATION_STATUS, "400") ? 400 : 200;
}

/* What is asked for, from a body that is JSON. */
static void read_document(struct xl_call *call, struct json_slice body)
{
	struct json_slice query = json_member(body, "query"), variables = json_member(body, "variables");
	struct json_slice name = json_member(body, "operationName");
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT), wanted = STR_INIT(STR_NO_LIMIT);
	struct error err = { 0 };
	const char *copy;

	if (query.kind != JSON_STRING) {
		refuse(call, 400, NULL, "Must provide query string.");
		return;
	}
	json_unquote(query, &text);
	copy = arena_text(&call->arena, text.text, text.len);
	if (name.kind == JSON_STRING)
		json_unquote(name, &wanted);
	if (variables.kind == JSON_OBJECT)
		call->variables = gql_value_of_json(variables, &call->arena)->first;
	call->status = validation_status(call->simulator);
	if (!gql_parse(copy, text.len, &call->arena, &call->document, &err)) {
		gql_errors_add(&call->errors, &call->arena, "%s", err.text);
		return;
	}
	call->operation = gql_operation_pick(&call->document, wanted.text, &call->arena, &call->errors);
	if (call->operation && call->operation->is_mutation)
		call->class = CALL_WRITE;
}

static bool is_json_type(const char *type)
{
	static const char wanted[] = "application/json";
	size_t len = strlen(wanted);

	return type && strncasecmp(type, wanted, len) == 0 && (!type[len] || strchr("; \t", type[len]));
}

static void read_request(struct xl_call *call, const struct request *request)
{
	const struct simulator_request *raw = request->raw;
	struct json_slice body = { .text = raw->body, .len = raw->body_len, .kind = JSON_OBJECT };

	call->class = CALL_READ;
	if (!request_is(request, "POST"))
		refuse(call, 405, NULL, "Only POST is allowed.");
	else if (!is_json_type(request_header(request, "Content-Type")))
		refuse(call, 400, NULL, "The Content-Type must be application/json.");
	else if (raw->body_len == 0 || !json_check(raw->body, raw->body_len, NULL) ||
		 raw->body[strspn(raw->body, " \t\r\n")] != '{')
		refuse(call, 400, NULL, "The body must be a JSON object.");
	else
		read_document(call, body);
}

static const char *verdict_message(enum xl_verdict verdict)
{
	switch (verdict) {
	case XL_TOKEN_FORM:
		return "Bad format for API Token. Expected header: \"Authorization: token <your-token>\"";
	case XL_TOKEN_EXPIRED:
		return "The API token has expired.";
	case XL_TOKEN_REVOKED:
		return "The API token has been revoked.";
	default:
		return "The API token is invalid.";
	}
}

void xl_call_open(struct xl_call *call, struct simulator *simulator, const struct request *request)
{
	bool unauthorized = switches_is(&simulator->switches, SWITCH_XLEDGER_TOKEN_STATUS, "401");
	enum xl_verdict verdict;

	*call = (struct xl_call){ .simulator = simulator };
	verdict = xl_token_check(&simulator->xledger->tokens, request, &call->token);
	if (call->token)
		call->entity = call->token->entity;
	if (verdict == XL_TOKEN_GOOD)
		read_request(call, request);
	else
		refuse(call, unauthorized ? 401 : 200, "UNAUTHENTICATED", verdict_message(verdict));
}

void xl_call_open_other(struct xl_call *call, struct xl_entity *entity, const struct request *request)
{
	*call = (struct xl_call){ .simulator = entity->simulator, .entity = entity, .other_user = true };
	read_request(call, request);
}

void xl_call_clear(struct xl_call *call)
{
	arena_clear(&call->arena);
}

/* ---- limits */

static bool limits_are_on(const struct xl_call *call)
{
	return switches_is(&call->simulator->switches, SWITCH_LIMITS, "on");
}

/* The budget is filled up again at the end of its time. */
static bool credits_last(struct xl_call *call, int64_t nodes, int64_t *ret_reset_ms)
{
	const struct switches *switches = &call->simulator->switches;
	int64_t budget = switches_get(switches, SWITCH_XLEDGER_CREDITS);
	int64_t span_ms = switches_get(switches, SWITCH_XLEDGER_CREDITS_S) * 1000;
	int64_t now_ms = world_now_ms(call->simulator), cost = 1 + nodes / NODES_PER_CREDIT;
	struct xl_entity *entity = call->entity;

	if (budget == 0 || !limits_are_on(call))
		return true;
	if (now_ms < entity->credits_since_ms || now_ms >= entity->credits_since_ms + span_ms) {
		entity->credits_since_ms = now_ms;
		entity->credits_used = 0;
	}
	*ret_reset_ms = entity->credits_since_ms + span_ms;
	if (entity->credits_used + cost > budget)
		return false;
	entity->credits_used += cost;
	return true;
}

bool xl_call_admit(struct xl_call *call, struct simulator_answer *answer)
{
	const char *realm = call->entity ? call->entity->realm : NULL;
	enum limiter_verdict verdict = limiter_enter_xledger(call->simulator, realm, call->class);

	if (verdict == LIMITER_BURST && call->errors.count == 0)
		refuse(call, 200, "BAD_REQUEST.BURST_RATE_LIMIT_REACHED", "Too many requests in a short time.");
	else if (verdict == LIMITER_CONCURRENT && call->errors.count == 0)
		refuse(call, 200, "BAD_REQUEST.CONCURRENCY_LIMIT_REACHED", "Too many requests at the same time.");
	if (call->errors.count == 0)
		return true;
	answer_errors(&call->errors, call->status, answer);
	if (call->status == 405)
		answer_header(answer, "Allow", "POST");
	return false;
}

/* ---- working */

static const struct gql_schema *schema_of(struct xl_call *call)
{
	bool reversed = switches_is(&call->simulator->switches, SWITCH_XLEDGER_DBID, "reversed");
	struct gql_schema **schema = &call->simulator->xledger->schemas[reversed];

	if (!*schema)
		*schema = gql_schema_new(reversed);
	return *schema;
}

static void answer_data(struct xl_call *call, const struct gql_run *run, struct simulator_answer *answer)
{
	bool partial = call->errors.count == 0 ||
		       switches_is(&call->simulator->switches, SWITCH_XLEDGER_PARTIAL, "on");

	if (str_is_cut(run->out)) {
		call->errors.count = 0;
		refuse(call, 200, NULL, "Your query timed out.");
		answer_errors(&call->errors, 200, answer);
		return;
	}
	answer_text(answer, 200, JSON_TYPE, "{");
	if (call->errors.count > 0) {
		add_errors(&call->errors, &answer->body);
		str_add_char(&answer->body, ',');
	}
	str_add(&answer->body, "\"data\":");
	if (partial)
		str_add_bytes(&answer->body, run->out->text, run->out->len);
	else
		str_add(&answer->body, "null");
	str_add_char(&answer->body, '}');
}

void xl_call_work(struct xl_call *call, struct simulator_answer *answer)
{
	AUTO(str_clear) struct str out = STR_INIT(ANSWER_BODY_MAX / 2);
	struct gql_run run = { .entity = call->entity, .schema = schema_of(call), .token = call->token,
			       .arena = &call->arena, .errors = &call->errors, .out = &out };
	bool without_current = switches_is(&call->simulator->switches, SWITCH_XLEDGER_CURRENT, "off");
	struct gql_plan *root = NULL;
	int64_t reset_ms = 0;

	if (call->errors.count > 0 ||
	    !gql_plan_make(run.schema, &call->document, call->operation, call->variables, call->other_user,
			   without_current, &call->arena, &root, &call->errors)) {
		answer_errors(&call->errors, call->status, answer);
		return;
	}
	if (!call->other_user && !credits_last(call, gql_plan_nodes(root), &reset_ms)) {
		char text[CENTRAL_TEXT_MAX];

		refuse(call, 200, "BAD_REQUEST.INSUFFICIENT_CREDITS", "Not enough credits");
		call->errors.items[0].extension =
			arena_print(&call->arena, "\"resetAt\":\"%s\"", central_format(reset_ms, text));
		answer_errors(&call->errors, 200, answer);
		return;
	}
	xl_import_invoice_due(call->entity);
	xl_import_post_due(call->entity);
	gql_execute(&run, root);
	answer_data(call, &run, answer);
}
