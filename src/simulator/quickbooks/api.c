/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The accounting API: which path and method leads where, and what stands around every answer.
 * What is done there is in the files of their names.
 */
#include "quickbooks/api.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "answer.h"
#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"
#include "quickbooks/batch.h"
#include "quickbooks/call.h"
#include "quickbooks/cdc.h"
#include "quickbooks/document.h"
#include "quickbooks/report.h"
#include "quickbooks/select.h"
#include "quickbooks/xml.h"
#include "quickbooks/zone.h"

#define COMPANY_SEGMENTS 3 /* "v3", "company", the realm */

static void record_add(struct call *call, const struct record *record)
{
	str_addf(call->out, "\"%s\":", record->entity->key);
	str_add_bytes(call->out, record->text, record->len);
}

/* ---- reading ---- */

static bool query_get(struct call *call)
{
	const char *text = request_parameter(call->request, "query");

	str_add(call->out, "\"QueryResponse\":");
	return select_text(call->company, text ? text : "", text ? strlen(text) : 0, call->out,
			   &call->fault);
}

static bool query_post(struct call *call)
{
	static const char *const types[] = { "application/text", "text/plain", NULL };
	const struct simulator_request *raw = call->request->raw;

	if (raw->body_len == 0)
		return query_get(call);
	if (!call_has_type(call, types))
		return fault_set(&call->fault, 1050, NULL,
				 "Invalid content type: %.200s. A query is application/text.",
				 request_header(call->request, "Content-Type"));
	if (!call_is_utf8(call))
		return false;
	str_add(call->out, "\"QueryResponse\":");
	return select_text(call->company, raw->body, raw->body_len, call->out, &call->fault);
}

static bool changes_get(struct call *call)
{
	return cdc_run(call->company, request_parameter(call->request, "entities"),
		       request_parameter(call->request, "changedSince"), call->out, &call->fault);
}

static bool report_get(struct call *call)
{
	call_bare(call);
	return report_run(call->company, call->id, call->request, call->out, &call->fault);
}

/* The only record of its kind. */
static bool single_get(struct call *call)
{
	struct table *table = company_table(call->company, call->entity);

	if (table->count == 0)
		return fault_plain(&call->fault, 610);
	record_add(call, table->by_id[0]);
	return true;
}

static bool company_get_info(struct call *call)
{
	if (strcmp(call->id, call->company->realm) != 0 && strcmp(call->id, "1") != 0)
		return fault_plain(&call->fault, 610);
	return single_get(call);
}

/* The rate of the day, or the last one before it, or the first one there is. */
static bool rate_get(struct call *call)
{
	const char *code = request_parameter(call->request, "sourcecurrencycode");
	const char *as_of = request_parameter(call->request, "asofdate");
	struct table *table = company_table(call->company, call->entity);
	struct date day = company_today(call->company), best_day = { 0 };
	const struct record *best = NULL;

	if (!code || *code == '\0')
		return fault_set(&call->fault, 2020, "sourcecurrencycode",
				 "Required parameter sourcecurrencycode is missing in the request");
	if (as_of && *as_of && !date_parse(as_of, strlen(as_of), &day))
		return fault_set(&call->fault, 2060, "asofdate", "Invalid Date Format : %.200s",
				 as_of);
	for (size_t i = 0; i < table->count; i++) {
		const struct record *record = table->by_id[i];
		struct json_slice source =
			json_find(record->text, record->len, "SourceCurrencyCode");
		struct json_slice date = json_find(record->text, record->len, "AsOfDate");
		struct date at = { 0 };

		if (source.len != strlen(code) + 2 ||
		    strncasecmp(source.text + 1, code, source.len - 2) != 0)
			continue;
		if (date.kind == JSON_STRING)
			date_parse(date.text + 1, date.len - 2, &at);
		if (!best || (at.day <= day.day ? best_day.day > day.day || at.day >= best_day.day
						: at.day < best_day.day)) {
			best = record;
			best_day = at;
		}
	}
	if (!best)
		return fault_set(&call->fault, 2220, "sourcecurrencycode",
				 "Invalid Currency Type : %.50s", code);
	record_add(call, best);
	return true;
}

static bool entity_get(struct call *call)
{
	const struct record *record;

	record = company_find(call->company, call->entity, call->id);
	/* The codes TAX and NON are ids without being numbers. */
	if (!record && (*call->id == '\0' || strspn(call->id, "0123456789") != strlen(call->id)))
		return fault_set(&call->fault, 2030, "Id",
				 "Id should be a valid number. Supplied value:%.200s", call->id);
	if (!record)
		return fault_plain(&call->fault, 610);
	record_add(call, record);
	return true;
}

static bool pdf_get(struct call *call)
{
	AUTO(str_clear) struct str pdf = STR_INIT(ANSWER_BODY_MAX);

	if (!document_pdf(call->company, call->entity, call->id, &pdf, &call->fault))
		return false;
	str_reset(&call->answer->body);
	str_add_bytes(&call->answer->body, pdf.text, pdf.len);
	answer_set(call->answer, 200, "application/pdf");
	call->form = CALL_DONE;
	return true;
}

/* ---- writing ---- */

/*
 * Has this write been done before? Then its answer stands in `out` and `ret_done` is true.
 * False with a fault.
 */
static bool request_id_check(struct call *call, bool *ret_done)
{
	static const char allowed[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
	const struct switches *switches = &call->simulator->switches;
	const struct simulator_request *raw = call->request->raw;
	const char *id = request_parameter(call->request, "requestid");
	const char *operation = request_parameter(call->request, "operation");
	AUTO(str_clear) struct str target = STR_INIT(4096);
	enum replay_verdict verdict;
	const char *text;
	size_t len;

	*ret_done = false;
	if (!id || *id == '\0')
		return true;
	if (strlen(id) > REPLAY_ID_MAX || strspn(id, allowed) != strlen(id))
		return fault_set(&call->fault, 2130, NULL, "Invalid Request Id Format : %.100s",
				 id);
	str_addf(&target, "%s?%s%s", call->request->path, operation ? operation : "",
		 call_includes(call, "void") ? "&void" : "");
	snprintf(call->request_id, sizeof(call->request_id), "%s", id);
	call->request_hash = replay_hash(target.text, raw->body ? raw->body : "", raw->body_len);
	verdict = replay_find(call->company->replays, id, call->request_hash,
			      world_now_ms(call->simulator),
			      switches_get(switches, SWITCH_REQUESTID_S) * 1000, &text, &len);
	if (verdict == REPLAY_NEW)
		return true;
	call->request_id[0] = '\0'; /* is kept already */
	if (verdict == REPLAY_OTHER && switches_is(switches, SWITCH_REQUESTID_CONFLICT, "600"))
		return fault_plain(&call->fault, 600);
	call_bare(call);
	str_add_bytes(call->out, text, len);
	*ret_done = true;
	return true;
}

static bool operation_of(struct call *call, json_object *sent, enum write_operation *ret_operation)
{
	const char *name = request_parameter(call->request, "operation");
	bool is_update = name && strcasecmp(name, "update") == 0;

	*ret_operation = WRITE_SAVE;
	if (name && *name && !is_update && strcasecmp(name, "create") != 0) {
		if (strcasecmp(name, "delete") == 0)
			*ret_operation = WRITE_DELETE;
		else if (strcasecmp(name, "void") == 0)
			*ret_operation = WRITE_VOID;
		else
			return fault_set(&call->fault, 500, NULL,
					 "Operation %.200s is not supported.", name);
	} else if (call_includes(call, "void")) {
		*ret_operation = WRITE_VOID;
	} else if (is_update && !json_object_object_get_ex(sent, "Id", NULL) &&
		   strcmp(call->entity->name, "ExchangeRate") != 0) {
		return fault_set(&call->fault, 2020, "Id",
				 "Required parameter Id is missing in the request");
	}
	return true;
}

static bool sent_write(struct call *call, json_object *sent)
{
	struct write_options options = call_options(call);
	enum write_operation operation;

	if (!operation_of(call, sent, &operation))
		return false;
	str_addf(call->out, "\"%s\":", call->entity->key);
	return write_run(call->company, call->entity, operation, sent, &options, call->out,
			 &call->fault);
}

static bool sent_batch(struct call *call, json_object *sent)
{
	struct write_options options = call_options(call);

	return batch_run(call->company, sent, &options, call->out, &call->fault);
}

static bool sent_tax(struct call *call, json_object *sent)
{
	if (call->company->suspended && !call->request->as_other)
		return fault_plain(&call->fault, 6190);
	call_bare(call);
	return write_tax_service(call->company, sent, call->out, &call->fault);
}

/* A body that is to be carried out once, however often it comes. */
static bool body_run(struct call *call, bool (*run)(struct call *call, json_object *sent))
{
	json_object *sent = NULL;
	bool done;

	if (!request_id_check(call, &done))
		return false;
	if (done)
		return true;
	if (!call_json(call, &sent))
		return false;
	done = run(call, sent);
	json_object_put(sent);
	return done;
}

static bool entity_post(struct call *call)
{
	return body_run(call, sent_write);
}

static bool batch_post(struct call *call)
{
	return body_run(call, sent_batch);
}

static bool tax_post(struct call *call)
{
	return body_run(call, sent_tax);
}

static bool send_post(struct call *call)
{
	str_addf(call->out, "\"%s\":", call->entity->key);
	return document_send(call->company, call->entity, call->id, request_parameter(call->request, "sendTo"),
			     call->out, &call->fault);
}

/* ---- the routes ---- */

/*
 * Parts of the path behind /v3/company/<realm>: "@" is an entity's, "*" is anything (an id, a
 * report), else the word itself. The first row that fits counts.
 */
static const struct {
	const char *method;
	const char *parts[3];
	call_route *run;
} routes[] = {
	{ "GET", { "query" }, query_get },
	{ "POST", { "query" }, query_post },
	{ "GET", { "cdc" }, changes_get },
	{ "POST", { "batch" }, batch_post },
	{ "GET", { "reports", "*" }, report_get },
	{ "POST", { "taxservice", "taxcode" }, tax_post },
	{ "GET", { "companyinfo", "*" }, company_get_info },
	{ "GET", { "preferences" }, single_get },
	{ "GET", { "exchangerate" }, rate_get },
	{ "GET", { "@", "*", "pdf" }, pdf_get },
	{ "POST", { "@", "*", "send" }, send_post },
	{ "POST", { "@" }, entity_post },
	{ "GET", { "@", "*" }, entity_get },
};

/* The routes that have an entity though their word is not "@". */
static const struct entity *entity_of(const char *segment, bool any_case)
{
	return entity_by_path(segment, any_case);
}

static bool part_fits(const char *part, const char *segment, bool any_case)
{
	if (strcmp(part, "*") == 0)
		return true;
	if (strcmp(part, "@") == 0)
		return entity_of(segment, any_case) != NULL;
	return (any_case ? strcasecmp(part, segment) : strcmp(part, segment)) == 0;
}

static bool route_fits(size_t index, char *const *segments, size_t count, bool any_case)
{
	for (size_t i = 0; i < ARRAY_LEN(routes[index].parts); i++) {
		const char *part = routes[index].parts[i];

		if (!part || i >= count)
			return !part && i >= count;
		if (!part_fits(part, segments[i], any_case))
			return false;
	}
	return count == ARRAY_LEN(routes[index].parts);
}

static bool refuse_path(struct call *call)
{
	return fault_set(
		&call->fault, 500, NULL,
		"Operation Could not find resource for relative : %.600s of full path: "
		"%.200s%.800s is not supported.",
		call->request->path, call->simulator->base_url, call->request->raw->target);
}

static bool route_run(struct call *call)
{
	const struct request *request = call->request;
	bool any_case = switches_is(&call->simulator->switches, SWITCH_PATH_CASE, "any");
	char *const *segments = &request->segments[COMPANY_SEGMENTS];
	size_t count;
	bool known = false;

	if (request->segment_count <= COMPANY_SEGMENTS || strcmp(request->segments[0], "v3") != 0 ||
	    strcmp(request->segments[1], "company") != 0)
		return refuse_path(call);
	count = request->segment_count - COMPANY_SEGMENTS;
	for (size_t i = 0; i < ARRAY_LEN(routes); i++) {
		if (!route_fits(i, segments, count, any_case))
			continue;
		known = true;
		if (!request_is(request, routes[i].method))
			continue;
		call->entity = entity_of(segments[0], any_case);
		call->id = count > 1 ? segments[1] : "";
		return routes[i].run(call);
	}
	if (!known)
		return refuse_path(call);
	return fault_set(
		&call->fault, 500, NULL,
		"Operation No resource method found for %.40s, return 405 with Allow header is not "
		"supported.",
		request->method);
}

/* ---- around every answer ---- */

/* An id of the trace, as the machinery in front of the service gives each answer one. */
static void span_id(const struct simulator *simulator, char *out, size_t size)
{
	struct random random;
	uint64_t a, b;

	random_seed(&random,
		    simulator->seed ^ (simulator->trace_count * UINT64_C(0x9e3779b97f4a7c15)));
	a = random_next(&random);
	b = random_next(&random);
	snprintf(out, size, "%08x-%04x-4%03x-a%03x-%012llx", (unsigned)(a >> 32),
		 (unsigned)(a >> 16) & 0xffff, (unsigned)a & 0xfff, (unsigned)(b >> 52),
		 (unsigned long long)(b & UINT64_C(0xffffffffffff)));
}

static void success_headers(const struct call *call)
{
	struct simulator_answer *answer = call->answer;
	int total_ms = 21 + (int)(call->out->len >> 14);
	char text[64];

	answer_set(answer, 200, call->request->wants_xml ? "application/xml;charset=utf-8"
							 : "application/json;charset=utf-8");
	answer->chunked = true;
	answer_header(answer, "QBO-Version", "1944.190");
	snprintf(text, sizeof(text), "total=%d, db=%d", total_ms, total_ms / 3);
	answer_header(answer, "Service-Time", text);
	span_id(call->simulator, text, sizeof(text));
	answer_header(answer, "X-Spanid", text);
	answer_header(answer, "Cache-Control",
		      "max-age=0, no-cache, no-store, must-revalidate, private");
	answer_header(answer, "Expires", "0");
}

static void succeed(struct call *call)
{
	int64_t now_ms = world_now_ms(call->simulator);

	if (call->form == CALL_ENVELOPE) {
		str_add(call->out, ",\"time\":\"");
		zone_add_stamp(call->out, now_ms, true);
		str_add(call->out, "\"}");
	}
	if (str_is_cut(call->out)) {
		fault_plain(&call->fault, 10100);
		fault_answer(call->simulator, call->request, &call->fault, call->answer);
		return;
	}
	if (call->request_id[0])
		replay_keep(&call->company->replays, call->request_id, call->request_hash, now_ms,
			    call->out->text, call->out->len);
	if (call->request->wants_xml)
		xml_add_envelope(call->out->text, call->out->len, &call->answer->body);
	if (str_is_cut(&call->answer->body)) {
		fault_plain(&call->fault, 10100);
		fault_answer(call->simulator, call->request, &call->fault, call->answer);
		return;
	}
	success_headers(call);
}

void api_handle(struct simulator *simulator, struct company *company, const struct request *request,
		struct simulator_answer *answer)
{
	AUTO(str_clear) struct str json = STR_INIT(ANSWER_BODY_MAX); /* what becomes XML */
	struct call call = {
		.simulator = simulator, .company = company, .request = request, .id = "",
		.out = request->wants_xml ? &json : &answer->body, .answer = answer,
	};
	bool done;

	str_reset(&answer->body);
	str_add_char(call.out, '{');
	done = company ? route_run(&call) : fault_plain(&call.fault, 3100);
	if (!done)
		fault_answer(simulator, request, &call.fault, answer);
	else if (call.form != CALL_DONE)
		succeed(&call);
}
