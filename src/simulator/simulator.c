/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The world as a whole: made or loaded, asked, closed. A request passes here what stands between a
 * client and the ledger (addresses, tokens, limits, troubles, the network); what the ledger says
 * is made by quickbooks/ and oauth.c.
 */
#include "ledgerdeck/simulator.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ledgerdeck/core/memory.h"

#include "answer.h"
#include "company.h"
#include "control.h"
#include "limiter.h"
#include "oauth.h"
#include "quickbooks/api.h"
#include "quickbooks/fault.h"
#include "request.h"
#include "sample/sample.h"
#include "state.h"
#include "trouble.h"
#include "world.h"
#include "xledger/sample.h"
#include "xledger/state.h"

#define THROTTLE_WAIT_S 60 /* what Intuit says to wait when nothing else is known */

/* ---- life */

static void simulator_closep(struct simulator **simulator)
{
	simulator_close(*simulator);
}

/* The clock that was asked for; without one it runs with env, or as the state file left it. */
static void world_set_clock(struct simulator *simulator, const struct simulator_config *config)
{
	if (config->start_ms >= 0)
		simulator->clock_offset_ms =
			config->start_ms - config->env.wall_ms(config->env.ctx);
}

/* Load what the state file holds. `ret_any`: it held companies. */
static bool world_load(struct simulator *simulator, const struct simulator_config *config,
		       bool *ret_any, struct error *err)
{
	*ret_any = false;
	if (!config->state_path)
		return true;
	if (!state_open(simulator, config->state_path, &simulator->state, err) ||
	    !state_load(simulator, ret_any, err))
		return false;
	if (*ret_any && config->company_count > 0)
		return error_set(err, ERROR_INPUT,
				 "the state file '%s' holds companies already: ask for none, "
				 "or name another file",
				 config->state_path);
	world_set_clock(simulator, config);
	return true;
}

static bool world_make(struct simulator *simulator, const struct simulator_config *config,
		       struct error *err)
{
	static const struct simulator_company usual[] = {
		{ .kind = "us", .customers = -1, .invoices = -1 },
		{ .kind = "eu", .customers = -1, .invoices = -1 },
		{ .kind = "small", .customers = -1, .invoices = -1 },
		{ .kind = "closed", .customers = -1, .invoices = -1 },
	};
	const struct simulator_company *wanted =
		config->company_count > 0 ? config->companies : usual;
	size_t count = config->company_count > 0 ? config->company_count : ARRAY_LEN(usual);

	simulator->companies = memory_new(count * sizeof(*simulator->companies));
	for (size_t i = 0; i < count; i++) {
		if (strcmp(wanted[i].kind, XL_SAMPLE_KIND) == 0) {
			if (!xl_sample_make(simulator, &wanted[i], err))
				return false;
			continue;
		}
		if (wanted[i].realm && xledger_entity(simulator->xledger, wanted[i].realm))
			return error_set(err, ERROR_INPUT, "two companies cannot both have the id %s",
					 wanted[i].realm);
		if (!sample_make(simulator, &wanted[i], &simulator->companies[simulator->company_count], err))
			return false;
		simulator->company_count++;
	}
	return !simulator->state || state_save(simulator, err);
}

struct simulator *simulator_open(const struct simulator_config *config, struct error *err)
{
	AUTO(simulator_closep) struct simulator *simulator = memory_new(sizeof(*simulator));
	bool any;

	entity_start();
	simulator->lock = lock_new();
	simulator->env = config->env;
	simulator->seed = config->seed;
	random_seed(&simulator->random, config->seed);
	simulator->base_url = memory_copy_text(config->base_url);
	simulator->client_id =
		memory_copy_text(config->client_id ? config->client_id : "simulator-client");
	switches_init(&simulator->switches);
	world_set_clock(simulator, config);
	simulator->limiter = limiter_new();
	simulator->troubles = troubles_new();
	simulator->oauth = oauth_new(simulator, config);
	simulator->xledger = xledger_new();
	if (!world_load(simulator, config, &any, err) ||
	    (!any && !world_make(simulator, config, err)))
		return NULL;
	/* Counters show all companies from the start. */
	for (size_t i = 0; i < simulator->company_count; i++)
		limiter_in_flight(simulator, simulator->companies[i]->realm, CALL_OTHER, 0);
	for (size_t i = 0; i < xledger_count(simulator->xledger); i++)
		limiter_in_flight(simulator, simulator->xledger->entities[i]->realm, CALL_OTHER, 0);
	return memory_steal(&simulator);
}

void simulator_close(struct simulator *simulator)
{
	if (!simulator)
		return;
	state_close(simulator->state);
	for (size_t i = 0; i < simulator->company_count; i++)
		company_free(simulator->companies[i]);
	free(simulator->companies);
	xledger_free(simulator->xledger);
	oauth_free(simulator->oauth);
	troubles_free(simulator->troubles);
	limiter_free(simulator->limiter);
	free(simulator->client_id);
	free(simulator->base_url);
	lock_free(simulator->lock);
	free(simulator);
}

bool simulator_set(struct simulator *simulator, const char *name, const char *value,
		   struct error *err)
{
	bool good;

	lock_enter(simulator->lock);
	good = switches_set(&simulator->switches, name, value, err);
	lock_leave(simulator->lock);
	return good;
}

void simulator_step_clock(struct simulator *simulator, int64_t ms)
{
	lock_enter(simulator->lock);
	simulator->clock_offset_ms += ms;
	lock_leave(simulator->lock);
}

int64_t simulator_now_ms(struct simulator *simulator)
{
	int64_t now_ms;

	lock_enter(simulator->lock);
	now_ms = world_now_ms(simulator);
	lock_leave(simulator->lock);
	return now_ms;
}

int64_t world_now_ms(const struct simulator *simulator)
{
	return simulator->env.wall_ms(simulator->env.ctx) + simulator->clock_offset_ms;
}

struct company *world_company(const struct simulator *simulator, const char *realm)
{
	for (size_t i = 0; i < simulator->company_count; i++)
		if (strcmp(simulator->companies[i]->realm, realm) == 0)
			return simulator->companies[i];
	return NULL;
}

/* ---- before and after the work */

static void answer_fault(struct simulator *simulator, const struct request *request, int code,
			 struct simulator_answer *answer)
{
	struct fault fault = { 0 };

	fault_plain(&fault, code);
	fault_answer(simulator, request, &fault, answer);
}

static void answer_throttled(struct simulator *simulator, const struct request *request, int wait_s,
			     struct simulator_answer *answer)
{
	char text[16];

	answer_fault(simulator, request, 3001, answer);
	if (!switches_is(&simulator->switches, SWITCH_RETRY_AFTER, "on"))
		return;
	snprintf(text, sizeof(text), "%d", wait_s);
	answer_header(answer, "Retry-After", text);
}

/* The gateway names the token that it does not take. */
static void answer_refused(struct simulator *simulator, const struct request *request,
			   enum oauth_verdict verdict, const char *token,
			   struct simulator_answer *answer)
{
	struct fault fault = { 0 };

	if (verdict == OAUTH_UNKNOWN && str_is_utf8(token, strlen(token)))
		fault_set(&fault, 3200, NULL, "Token expired: %s", token);
	else
		fault_plain(&fault, verdict == OAUTH_MISSING   ? 3202
				    : verdict == OAUTH_UNKNOWN ? 3200
							       : 3100);
	fault_answer(simulator, request, &fault, answer);
}

/* Token and limits. False: the answer is a refusal. */
static bool api_admits(struct simulator *simulator, const struct company *company,
		       const struct request *request, enum call_class call,
		       struct simulator_answer *answer)
{
	int64_t url_max = switches_get(&simulator->switches, SWITCH_URL_MAX);
	const char *token = NULL;
	enum oauth_verdict verdict;
	int wait_s = THROTTLE_WAIT_S;

	if (strlen(request->raw->target) > (size_t)url_max) {
		answer_page(answer, 414, NULL);
		return false;
	}
	verdict = oauth_check(simulator, request, request->segments[2], &token);
	if (!company && verdict != OAUTH_MISSING)
		verdict = OAUTH_FOREIGN;
	if (verdict != OAUTH_GOOD) {
		answer_refused(simulator, request, verdict, token, answer);
		return false;
	}
	if (limiter_enter(simulator, company->realm, call, &wait_s))
		return true;
	answer_throttled(simulator, request, wait_s, answer);
	return false;
}

/* Of the way to any ledger. True: it has made the answer, and the work is left undone. */
static bool trouble_cuts(const struct trouble *trouble, struct simulator_answer *answer)
{
	if (trouble->kind == TROUBLE_STATUS)
		answer_page(answer, trouble->status, NULL);
	else if (trouble->kind == TROUBLE_CUT_BEFORE)
		answer->ending = SIMULATOR_CUT_SILENT;
	else
		return false;
	return true;
}

/* Troubles that leave the work undone. True: they have made the answer. */
static bool trouble_prevents(struct simulator *simulator, const struct request *request,
			     const struct trouble *trouble, struct simulator_answer *answer)
{
	if (trouble->kind != TROUBLE_FAULT)
		return trouble_cuts(trouble, answer);
	if (trouble->code == 3001)
		answer_throttled(simulator, request, THROTTLE_WAIT_S, answer);
	else
		answer_fault(simulator, request, trouble->code, answer);
	return true;
}

/* A change that would be forgotten at the next start must not look as if it had worked. */
static bool world_save(struct simulator *simulator, struct simulator_answer *answer)
{
	AUTO(str_clear) struct str sentence = STR_INIT(400);
	struct error err = { 0 };

	if (!simulator->state || state_save(simulator, &err))
		return true;
	str_addf(&sentence, "The simulator's state could not be written: %s.", err.text);
	answer_page(answer, 500, sentence.text);
	return false;
}

static bool call_writes(const struct request *request, enum call_class call)
{
	return call == CALL_OAUTH || !(request_is(request, "GET") || call == CALL_QUERY);
}

/* The ledger's own answer to a call that was let through. `company` is NULL for OAuth's. */
static void call_work(struct simulator *simulator, struct company *company,
		      const struct request *request, struct simulator_answer *answer)
{
	if (company)
		api_handle(simulator, company, request, answer);
	else
		oauth_handle(simulator, request, answer);
}

/* A query whose page, whatever was asked for, is the first one: in the address or in the body. */
static void call_repeat(struct simulator *simulator, struct company *company,
			struct request *request, struct simulator_answer *answer)
{
	const struct simulator_request *sent = request->raw;
	struct simulator_request changed = *sent;
	AUTO(memory_freep)
	char *body = memory_copy(sent->body_len > 0 ? sent->body : "", sent->body_len);

	trouble_repeat(body);
	changed.body = body;
	for (size_t i = 0; i < request->parameter_count; i++)
		if (strcmp(request->parameters[i].name, "query") == 0)
			trouble_repeat(request->parameters[i].value);
	request->raw = &changed;
	call_work(simulator, company, request, answer);
	request->raw = sent;
}

/* Somebody else writes while the answer is under way. A write that is refused is a mistake of the trouble's. */
static void call_meanwhile(struct simulator *simulator, struct company *company,
			   const struct trouble *trouble, struct simulator_answer *answer)
{
	static const struct simulator_header headers[] = {
		{ "Content-Type", "application/json" }, { "Accept", "application/json" },
	};
	AUTO(str_clear) struct str target = STR_INIT(STR_NO_LIMIT), why = STR_INIT(400);
	AUTO(request_clear) struct request request = { 0 };
	struct simulator_request raw = { .method = "POST", .headers = headers };
	struct simulator_answer done;
	const char *reason = NULL;

	str_addf(&target, "/simulator/as-other-user/v3/company/%s/%s", company->realm, trouble->text);
	raw.target = target.text;
	raw.header_count = ARRAY_LEN(headers);
	raw.body = trouble->body;
	raw.body_len = strlen(trouble->body);
	answer_init(&done);
	if (request_parse(&raw, &request, &reason))
		api_handle(simulator, company, &request, &done);
	if (done.status != 200) {
		str_addf(&why, "The write of the trouble was refused: %s",
			 reason ? reason : done.body.text);
		answer_page(answer, 500, why.text);
	}
	answer_clear(&done);
}

/* A call that was let through, with whatever trouble it meets. */
static void call_run(struct simulator *simulator, struct company *company, struct request *request,
		     enum call_class call, struct simulator_answer *answer)
{
	const struct trouble *trouble =
		troubles_meet(simulator, request, company ? company->realm : NULL, call);
	bool meanwhile = company && trouble && trouble->kind == TROUBLE_MEANWHILE;

	if (trouble && trouble_prevents(simulator, request, trouble, answer))
		return;
	if (trouble && trouble->kind == TROUBLE_REPEAT)
		call_repeat(simulator, company, request, answer);
	else
		call_work(simulator, company, request, answer);
	if (meanwhile)
		call_meanwhile(simulator, company, trouble, answer);
	if ((meanwhile || call_writes(request, call)) && !world_save(simulator, answer))
		return;
	if (trouble)
		trouble_spoil(trouble, answer);
}

/* What the way between adds. Slow answers keep the lesser of two speeds. */
static void network_apply(struct simulator *simulator, struct simulator_answer *answer)
{
	const struct switches *switches = &simulator->switches;
	int64_t jitter_ms = switches_get(switches, SWITCH_JITTER_MS);
	int64_t bandwidth = switches_get(switches, SWITCH_BANDWIDTH);

	answer->delay_ms += switches_get(switches, SWITCH_LATENCY_MS);
	if (jitter_ms > 0)
		answer->delay_ms +=
			(int64_t)random_below(&simulator->random, (uint64_t)jitter_ms + 1);
	if (bandwidth > 0 && (answer->bytes_per_s == 0 || bandwidth < answer->bytes_per_s))
		answer->bytes_per_s = bandwidth;
}

/* ---- Xledger's calls, which say more in their bodies than in their addresses */

/* Somebody else sends a document while the answer is under way. */
static void graphql_meanwhile(struct xl_entity *entity, const struct trouble *trouble,
			      struct simulator_answer *answer)
{
	static const struct simulator_header headers[] = { { "Content-Type", "application/json" } };
	struct simulator_request raw = { .method = "POST", .target = "/graphql", .headers = headers,
					 .header_count = ARRAY_LEN(headers), .body = trouble->body,
					 .body_len = strlen(trouble->body) };
	struct request request = { .raw = &raw, .method = raw.method };
	AUTO(xl_call_clear) struct xl_call call = { 0 };
	struct simulator_answer done;

	answer_init(&done);
	xl_call_open_other(&call, entity, &request);
	xl_call_work(&call, &done);
	if (call.errors.count > 0)
		answer_page(answer, 500, "The write of the trouble was refused.");
	answer_clear(&done);
}

static bool graphql_trouble_prevents(const struct trouble *trouble, struct simulator_answer *answer)
{
	if (trouble->kind != TROUBLE_FAULT)
		return trouble_cuts(trouble, answer);
	xl_answer_fault(trouble->code, answer);
	return true;
}

static void graphql_run(struct simulator *simulator, const struct request *request, struct xl_call *call,
			struct simulator_answer *answer)
{
	const struct trouble *trouble = troubles_meet(simulator, request, call->entity->realm, call->class);

	if (trouble && graphql_trouble_prevents(trouble, answer))
		return;
	xl_call_work(call, answer);
	if (trouble && trouble->kind == TROUBLE_MEANWHILE)
		graphql_meanwhile(call->entity, trouble, answer);
	/* Reading may have made an invoice whose time had come. */
	if (xl_entity_is_dirty(call->entity) && !world_save(simulator, answer))
		return;
	if (trouble)
		trouble_spoil(trouble, answer);
}

static void handle_graphql(struct simulator *simulator, const struct request *request,
			   struct simulator_answer *answer)
{
	AUTO(xl_call_clear) struct xl_call call = { 0 };

	xl_call_open(&call, simulator, request);
	if (call.entity) {
		limiter_in_flight(simulator, call.entity->realm, call.class, 1);
		answer->counted = call.entity->realm;
		answer->counted_call = (int)call.class;
	}
	if (xl_call_admit(&call, answer))
		graphql_run(simulator, request, &call, answer);
}

/* /simulator/as-other-user/xledger/ENTITY/graphql */
static struct xl_entity *other_entity(const struct simulator *simulator, const struct request *request)
{
	if (!request->as_other || request->segment_count != 3 || strcmp(request->segments[0], "xledger") != 0 ||
	    strcasecmp(request->segments[2], "graphql") != 0)
		return NULL;
	return xledger_entity(simulator->xledger, request->segments[1]);
}

static void handle_graphql_other(struct xl_entity *entity, const struct request *request,
				 struct simulator_answer *answer)
{
	AUTO(xl_call_clear) struct xl_call call = { 0 };

	xl_call_open_other(&call, entity, request);
	xl_call_work(&call, answer);
}

/* ---- which way a request goes */

static void handle_api(struct simulator *simulator, struct request *request,
		       struct simulator_answer *answer)
{
	struct company *company = world_company(simulator, request->segments[2]);
	enum call_class call = limiter_class(request);

	if (company) {
		limiter_in_flight(simulator, company->realm, call, 1);
		answer->counted = company->realm;
		answer->counted_call = (int)call;
	}
	if (api_admits(simulator, company, request, call, answer))
		call_run(simulator, company, request, call, answer);
}

static void handle_oauth(struct simulator *simulator, struct request *request,
			 struct simulator_answer *answer)
{
	int wait_s;

	limiter_enter(simulator, NULL, CALL_OAUTH, &wait_s);
	call_run(simulator, NULL, request, CALL_OAUTH, answer);
}

static bool is_api(const struct request *request)
{
	return request->segment_count >= 3 && strcmp(request->segments[0], "v3") == 0 &&
	       strcmp(request->segments[1], "company") == 0;
}

/* What this machine's user does by hand: neither counted nor delayed. */
static void handle_local(struct simulator *simulator, const struct request *request,
			 struct simulator_answer *answer)
{
	struct company *company =
		is_api(request) ? world_company(simulator, request->segments[2]) : NULL;
	struct xl_entity *entity = other_entity(simulator, request);

	if (!control_admits(request, answer))
		return;
	if (!request->as_other)
		control_handle(simulator, request, answer);
	else if (company)
		api_handle(simulator, company, request, answer);
	else if (entity)
		handle_graphql_other(entity, request, answer);
	else
		control_refuse(answer, 404, "there is no such company, see /simulator/companies");
	if (!request_is(request, "GET"))
		world_save(simulator, answer);
}

static void handle_parsed(struct simulator *simulator, struct request *request,
			  struct simulator_answer *answer)
{
	if (request->as_other || control_owns(request)) {
		handle_local(simulator, request, answer);
		return;
	}
	if (oauth_owns(request))
		handle_oauth(simulator, request, answer);
	else if (is_api(request))
		handle_api(simulator, request, answer);
	else if (xledger_owns(request))
		handle_graphql(simulator, request, answer);
	else
		answer_page(answer, 404, NULL);
	if (is_api(request) && limiter_class(request) == CALL_REPORT)
		answer->delay_ms += switches_get(&simulator->switches, SWITCH_REPORT_MS);
	network_apply(simulator, answer);
	limiter_answered(simulator, answer->counted,
			 answer->ending == SIMULATOR_CUT_SILENT ? 0 : answer->status);
	limiter_carried(simulator, answer->counted, request->raw->body_len,
			answer->ending == SIMULATOR_CUT_SILENT ? 0 : answer->body.len);
}

/* "1-5f732f5f-25dcb83b777d318c396aaf06": the second, then 24 digits of noise. Xledger has no such thing. */
static void answer_add_trace(struct simulator *simulator, bool is_xledger, struct simulator_answer *answer)
{
	struct random random;
	uint64_t high, low;
	char text[48];

	random_seed(&random,
		    simulator->seed + ++simulator->trace_count * UINT64_C(0xd1342543de82ef95));
	high = random_next(&random);
	low = random_next(&random);
	snprintf(text, sizeof(text), "1-%08x-%08x%016llx",
		 (unsigned)(world_now_ms(simulator) / 1000), (unsigned)high,
		 (unsigned long long)low);
	if (!is_xledger)
		answer_header(answer, "intuit_tid", text);
	answer_header(answer, "Server", "nginx");
}

/* Does an Accept-Encoding header name gzip, and not with a quality of nothing? */
static bool accepts_gzip(const struct simulator_request *raw)
{
	for (size_t i = 0; i < raw->header_count; i++) {
		const char *at = raw->headers[i].value;

		if (strcasecmp(raw->headers[i].name, "Accept-Encoding") != 0)
			continue;
		while (*at) {
			size_t len;

			at += strspn(at, " \t,");
			len = strcspn(at, ";, \t");
			if (len == 4 && strncasecmp(at, "gzip", len) == 0) {
				at += len + strspn(at + len, " \t");
				return *at != ';' || strspn(at, "; \tqQ=0.") < strcspn(at, ",");
			}
			at += strcspn(at, ",");
		}
	}
	return false;
}

void simulator_handle(struct simulator *simulator, const struct simulator_request *raw,
		      struct simulator_answer *ret_answer)
{
	AUTO(request_clear) struct request request = { 0 };
	const char *why = NULL;
	bool good = request_parse(raw, &request, &why);
	bool compress;

	answer_init(ret_answer);
	lock_enter(simulator->lock);
	if (good)
		handle_parsed(simulator, &request, ret_answer);
	else
		answer_page(ret_answer, 400, why);
	answer_add_trace(simulator, good && xledger_owns(&request), ret_answer);
	compress = switches_is(&simulator->switches, SWITCH_GZIP, "on");
	lock_leave(simulator->lock);
	/* Outside the lock: this takes longer than all the rest, and others may go on meanwhile. */
	if (compress)
		answer_compress(ret_answer, accepts_gzip(raw));
	if (ret_answer->ending == SIMULATOR_CUT_BODY)
		ret_answer->cut_at = ret_answer->body.len / 2;
}

void simulator_done(struct simulator *simulator, struct simulator_answer *answer)
{
	if (answer->counted) {
		lock_enter(simulator->lock);
		limiter_in_flight(simulator, answer->counted, (enum call_class)answer->counted_call,
				  -1);
		lock_leave(simulator->lock);
	}
	answer_clear(answer);
}
