/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The control endpoint: a table of what it can do, from which requests are answered and the page
 * at /simulator is printed. What a switch, a trouble or a counter is stands in its own file.
 */
#include "control.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <json-c/json.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"

#include "answer.h"
#include "company.h"
#include "limiter.h"
#include "oauth.h"
#include "quickbooks/xml.h"
#include "trouble.h"
#include "xledger/xledger.h"

#define BODY_MAX ((size_t)64 << 10)
#define JSON_TYPE "application/json"
#define STEP_MAX_S INT64_C(6311520000)         /* 200 years */
#define TIME_MAX_MS INT64_C(253402300799999)   /* the end of the year 9999 */

struct route {
	const char *method;
	const char *name; /* behind /simulator/; "": /simulator itself */
	/* Fills the answer's body; `sent` is NULL but for POST. Error: INPUT. */
	bool (*run)(struct simulator *simulator, json_object *sent, struct str *out,
		    struct error *err);
	const char *body; /* an example of what is sent; NULL: nothing is */
	const char *help; /* what it does, or answers */
};

/* ---- who may */

static bool host_is_loopback(const char *host, size_t len)
{
	char text[INET6_ADDRSTRLEN];
	struct in_addr v4;
	struct in6_addr v6;
	bool bracket = len > 0 && *host == '[';
	const char *end = memchr(host, bracket ? ']' : ':', len);
	size_t name_len = end ? (size_t)(end - host) : len;
	size_t behind = name_len + bracket;

	/* What may follow is ":" and a port. */
	if (bracket && !end)
		return false;
	if (behind < len && (host[behind] != ':' ||
			     strspn(host + behind + 1, "0123456789") < len - behind - 1))
		return false;
	host += bracket;
	name_len -= bracket;
	if (name_len >= sizeof(text))
		return false;
	memcpy(text, host, name_len);
	text[name_len] = '\0';
	if (bracket)
		return inet_pton(AF_INET6, text, &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
	return strcasecmp(text, "localhost") == 0 ||
	       (inet_pton(AF_INET, text, &v4) == 1 && ntohl(v4.s_addr) >> 24 == IN_LOOPBACKNET);
}

bool control_admits(const struct request *request, struct simulator_answer *answer)
{
	const char *host = request_header(request, "Host");
	const char *origin = request_header(request, "Origin");

	if (!host || !host_is_loopback(host, strlen(host))) {
		control_refuse(answer, 403, "the Host header must be a loopback name or address, "
			       "as localhost or 127.0.0.1 is");
		return false;
	}
	if (!origin)
		return true;
	host = strstr(origin, "://");
	if (!host || !host_is_loopback(host + 3, strlen(host + 3))) {
		control_refuse(answer, 403,
			       "web pages from elsewhere may not use the control endpoint");
		return false;
	}
	return true;
}

void control_refuse(struct simulator_answer *answer, int status, const char *sentence)
{
	answer_text(answer, status, JSON_TYPE, "{\"error\": ");
	str_add_json(&answer->body, sentence, strlen(sentence));
	str_add(&answer->body, "}\n");
}

bool control_owns(const struct request *request)
{
	return !request->as_other && request->segment_count > 0 &&
	       strcmp(request->segments[0], "simulator") == 0;
}

/* ---- what is sent */

bool control_check(json_object *sent, const char *const *names, struct error *err)
{
	json_object_object_foreach(sent, name, value) {
		const char *const *known = names;

		(void)value;
		while (*known && strcmp(*known, name) != 0)
			known++;
		if (!*known)
			return error_set(err, ERROR_INPUT, "there is no member '%s' here", name);
	}
	return true;
}

static bool sent_company(struct simulator *simulator, json_object *sent,
			 struct company **ret_company, struct error *err)
{
	json_object *realm = json_object_object_get(sent, "realm");
	struct company *company;

	if (!json_object_is_type(realm, json_type_string))
		return error_set(err, ERROR_INPUT, "'realm' must be a company id as text");
	company = world_company(simulator, json_object_get_string(realm));
	if (!company)
		return error_set(err, ERROR_INPUT, "there is no company '%s'",
				 json_object_get_string(realm));
	*ret_company = company;
	return true;
}

static void json_putp(json_object **json)
{
	json_object_put(*json);
}

static void tokener_freep(json_tokener **tokener)
{
	if (*tokener)
		json_tokener_free(*tokener);
}

/* The body as an object, the caller's to put. */
static bool body_parse(const struct request *request, json_object **ret_sent, struct error *err)
{
	AUTO(tokener_freep) json_tokener *tokener = NULL;
	AUTO(json_putp) json_object *sent = NULL;
	const char *body = request->raw->body;
	size_t len = request->raw->body_len, at = 0;

	if (len == 0)
		return error_set(err, ERROR_INPUT,
				 "the body must be a JSON object, but it is empty");
	if (len > BODY_MAX)
		return error_set(err, ERROR_INPUT, "the body is longer than %zu bytes", BODY_MAX);
	if (!json_check(body, len, &at))
		return error_set(err, ERROR_INPUT, "the body is not JSON: it breaks at byte %zu",
				 at);
	tokener = json_tokener_new_ex(JSON_DEPTH_MAX + 1);
	if (!tokener)
		memory_fatal();
	sent = json_tokener_parse_ex(tokener, body, (int)len);
	if (!json_object_is_type(sent, json_type_object))
		return error_set(err, ERROR_INPUT, "the body must be a JSON object");
	*ret_sent = memory_steal(&sent);
	return true;
}

/* ---- companies and counters */

static void table_add_json(const struct table *table, const char *name, bool first, struct str *out)
{
	str_addf(out, "%s\n    \"%s\": {\"live\": %zu, \"inactive\": %zu, \"deleted\": %zu}",
		 first ? "" : ",", name, table->count - table->inactive_count,
		 table->inactive_count, table->tombstone_count);
}

static void company_add_json(struct company *company, struct str *out)
{
	const struct preferences *preferences = &company->preferences;
	char close[DATE_TEXT_MAX];
	bool first = true;

	str_addf(out, "{\"realm\": \"%s\", \"name\": ", company->realm);
	str_add_json(out, company->name, strlen(company->name));
	str_addf(out,
		 ", \"provider\": \"quickbooks\", \"kind\": \"%s\", \"country\": \"%s\", \"home_currency\": \"%s\", "
		 "\"book_close\": ",
		 company->kind, preferences->country, preferences->home_currency);
	if (preferences->book_close.day == INT32_MIN)
		str_add(out, "null");
	else
		str_addf(out, "\"%s\"", date_format(preferences->book_close, close));
	str_addf(out, ", \"suspended\": %s, \"entities\": {",
		 company->suspended ? "true" : "false");
	for (size_t i = 0; i < entity_count(); i++) {
		const struct table *table = company_table(company, entity_at(i));

		if (table->count + table->tombstone_count == 0)
			continue;
		table_add_json(table, entity_at(i)->name, first, out);
		first = false;
	}
	str_add(out, "}}");
}

static bool run_companies(struct simulator *simulator, json_object *sent, struct str *out,
			  struct error *err)
{
	(void)sent;
	(void)err;
	str_add(out, "{\"companies\": [");
	for (size_t i = 0; i < simulator->company_count; i++) {
		str_add(out, i ? ",\n  " : "\n  ");
		company_add_json(simulator->companies[i], out);
	}
	for (size_t i = 0; i < xledger_count(simulator->xledger); i++) {
		str_add(out, i + simulator->company_count ? ",\n  " : "\n  ");
		xl_entity_add_json(simulator->xledger->entities[i], out);
	}
	str_add(out, "\n]}\n");
	return true;
}

static bool run_counters(struct simulator *simulator, json_object *sent, struct str *out,
			 struct error *err)
{
	(void)sent;
	(void)err;
	limiter_add_json(simulator->limiter, out);
	return true;
}

static bool run_counters_reset(struct simulator *simulator, json_object *sent, struct str *out,
			       struct error *err)
{
	limiter_reset(simulator->limiter);
	return run_counters(simulator, sent, out, err);
}

/* ---- switches and troubles */

static bool run_switches(struct simulator *simulator, json_object *sent, struct str *out,
			 struct error *err)
{
	(void)sent;
	(void)err;
	switches_add_json(&simulator->switches, out);
	return true;
}

static bool run_switches_set(struct simulator *simulator, json_object *sent, struct str *out,
			     struct error *err)
{
	struct switches changed = simulator->switches;

	json_object_object_foreach(sent, name, value) {
		if (!json_object_is_type(value, json_type_string) &&
		    !json_object_is_type(value, json_type_int))
			return error_set(err, ERROR_INPUT,
					 "the value of '%s' must be a text or a whole number",
					 name);
		if (!switches_set(&changed, name, json_object_get_string(value), err))
			return false;
	}
	simulator->switches = changed;
	return run_switches(simulator, NULL, out, err);
}

static bool run_troubles(struct simulator *simulator, json_object *sent, struct str *out,
			 struct error *err)
{
	(void)sent;
	(void)err;
	str_add(out, "{\"troubles\": ");
	troubles_add_json(simulator->troubles, out);
	str_add(out, "}\n");
	return true;
}

static bool run_trouble_add(struct simulator *simulator, json_object *sent, struct str *out,
			    struct error *err)
{
	int id;

	if (!troubles_add(simulator->troubles, sent, &id, err))
		return false;
	str_addf(out, "{\"id\": %d}\n", id);
	return true;
}

static bool run_troubles_clear(struct simulator *simulator, json_object *sent, struct str *out,
			       struct error *err)
{
	troubles_clear(simulator->troubles);
	return run_troubles(simulator, sent, out, err);
}

/* ---- the clock */

static bool run_clock(struct simulator *simulator, json_object *sent, struct str *out,
		      struct error *err)
{
	char now[STAMP_TEXT_MAX];

	(void)sent;
	(void)err;
	stamp_format(world_now_ms(simulator), 0, true, now);
	str_addf(out, "{\"now\": \"%s\", \"now_ms\": %lld}\n", now,
		 (long long)world_now_ms(simulator));
	return true;
}

/* The instant that was asked for. */
static bool clock_wanted(const struct simulator *simulator, json_object *sent, int64_t *ret_ms,
			 struct error *err)
{
	json_object *step = json_object_object_get(sent, "step_s");
	json_object *set = json_object_object_get(sent, "set");
	bool has_offset;
	int64_t step_s;

	if (!step == !set)
		return error_set(err, ERROR_INPUT, "the clock takes either 'step_s' or 'set'");
	if (set) {
		if (json_object_is_type(set, json_type_string) &&
		    stamp_parse(json_object_get_string(set),
				(size_t)json_object_get_string_len(set), ret_ms, &has_offset))
			return true;
		return error_set(err, ERROR_INPUT, "'set' must be a time as 2026-01-31T12:00:00Z");
	}
	step_s = json_object_get_int64(step);
	if (!json_object_is_type(step, json_type_int) || step_s < -STEP_MAX_S ||
	    step_s > STEP_MAX_S)
		return error_set(err, ERROR_INPUT,
				 "'step_s' must be a whole number of seconds from -%lld to %lld",
				 (long long)STEP_MAX_S, (long long)STEP_MAX_S);
	*ret_ms = world_now_ms(simulator) + step_s * 1000;
	return true;
}

static bool run_clock_set(struct simulator *simulator, json_object *sent, struct str *out,
			  struct error *err)
{
	static const char *const names[] = { "step_s", "set", NULL };
	int64_t wanted_ms = 0;

	if (!control_check(sent, names, err) || !clock_wanted(simulator, sent, &wanted_ms, err))
		return false;
	if (wanted_ms < 0 || wanted_ms > TIME_MAX_MS)
		return error_set(err, ERROR_INPUT,
				 "the clock runs from the year 1970 to 9999 only");
	simulator->clock_offset_ms += wanted_ms - world_now_ms(simulator);
	return run_clock(simulator, NULL, out, err);
}

/* ---- what befalls a company */

static bool run_expire(struct simulator *simulator, json_object *sent, struct str *out,
		       struct error *err)
{
	static const char *const names[] = { "realm", NULL };
	struct company *company = NULL;

	if (!control_check(sent, names, err) || !sent_company(simulator, sent, &company, err))
		return false;
	oauth_expire(simulator, company->realm);
	str_addf(out, "{\"realm\": \"%s\"}\n", company->realm);
	return true;
}

static bool run_disconnect(struct simulator *simulator, json_object *sent, struct str *out,
			   struct error *err)
{
	static const char *const names[] = { "realm", NULL };
	struct company *company = NULL;

	if (!control_check(sent, names, err) || !sent_company(simulator, sent, &company, err))
		return false;
	oauth_disconnect(simulator, company->realm);
	str_addf(out, "{\"realm\": \"%s\"}\n", company->realm);
	return true;
}

static bool run_suspend(struct simulator *simulator, json_object *sent, struct str *out,
			struct error *err)
{
	static const char *const names[] = { "realm", "suspended", NULL };
	json_object *suspended = json_object_object_get(sent, "suspended");
	struct company *company = NULL;

	if (!control_check(sent, names, err) || !sent_company(simulator, sent, &company, err))
		return false;
	if (!json_object_is_type(suspended, json_type_boolean))
		return error_set(err, ERROR_INPUT, "'suspended' must be true or false");
	company->suspended = json_object_get_boolean(suspended);
	str_addf(out, "{\"realm\": \"%s\", \"suspended\": %s}\n", company->realm,
		 company->suspended ? "true" : "false");
	return true;
}

/* ---- the table */

static bool run_page(struct simulator *simulator, json_object *sent, struct str *out,
		     struct error *err);

static const struct route routes[] = {
	{ "GET", "", run_page, NULL, "this page" },
	{ "GET", "companies", run_companies, NULL,
	  "the companies and how many objects of each type are live, inactive and deleted" },
	{ "GET", "counters", run_counters, NULL,
	  "per company: calls by class, answers by status, throttled calls, most calls in flight" },
	{ "DELETE", "counters", run_counters_reset, NULL, "counts from zero again" },
	{ "GET", "switches", run_switches, NULL,
	  "what can be chosen: values, defaults and meanings" },
	{ "POST", "switches", run_switches_set, "{\"latency-ms\": \"50\", \"limits\": \"off\"}",
	  "sets switches: all that are named, or none when one is wrong" },
	{ "GET", "troubles", run_troubles, NULL, "what goes wrong, and how often it did" },
	{ "POST", "troubles", run_trouble_add,
	  "{\"kind\": \"fault\", \"code\": 6000, \"call\": \"write\", \"times\": 2}",
	  "makes calls fail: the next few (times), or a share of them (percent)" },
	{ "DELETE", "troubles", run_troubles_clear, NULL, "ends all troubles" },
	{ "GET", "clock", run_clock, NULL, "the simulated time" },
	{ "POST", "clock", run_clock_set, "{\"step_s\": 3600}",
	  "moves the clock; or sets it: {\"set\": \"2026-01-31T12:00:00Z\"}" },
	{ "POST", "expire", run_expire, "{\"realm\": \"REALM\"}",
	  "ends a company's access tokens now; its refresh tokens go on" },
	{ "POST", "disconnect", run_disconnect, "{\"realm\": \"REALM\"}",
	  "ends a company's connection, as its user can" },
	{ "POST", "suspend", run_suspend, "{\"realm\": \"REALM\", \"suspended\": true}",
	  "ends a company's subscription (writes get fault 6190), or takes it up again" },
	{ "POST", "xledger/tokens", xl_door_token,
	  "{\"entity\": \"ENTITY\", \"days\": 14, \"scopes\": [\"Customer\"]}",
	  "makes an API token for an entity; without scopes it is good for everything" },
	{ "DELETE", "xledger/tokens", xl_door_revoke, "{\"token\": \"TOKEN\"}", "revokes an API token" },
	{ "POST", "xledger/invoice", xl_door_invoice, "{\"entity\": \"ENTITY\"}",
	  "invoices all orders of an entity that wait for it" },
	{ "POST", "xledger/deltas", xl_door_delta,
	  "{\"entity\": \"ENTITY\", \"type\": \"customers\", \"dbId\": 1, \"mutationType\": \"UPDATED\"}",
	  "one more entry in the delta log, of a record that there is or not" },
};

/* ---- the page */

/* `kinds` of trouble and their members are told in one paragraph: the rest says itself. */
static const char page_troubles[] =
	"<p>Kinds of trouble: <code>fault</code> (with <code>code</code>), <code>status</code> and "
	"<code>status-after</code> (<code>status</code>: 429, 500, 502, 503, 504; the latter once the "
	"work is done), <code>cut-before</code>, <code>cut-after</code>, <code>cut-body</code>, "
	"<code>truncate</code>, <code>oversize</code> (<code>bytes</code>), <code>html</code>, "
	"<code>content-type</code> (<code>content_type</code>), <code>garbage</code>, "
	"<code>delay</code> (<code>ms</code>), <code>slow</code> (<code>bytes</code> a second), "
	"<code>repeat</code> (the first page of a query again), <code>meanwhile</code> (somebody "
	"else writes before the answer is read: a target and a body). They "
	"can be kept to a "
	"<code>realm</code>, <code>method</code>, <code>path</code> (a part of it) or "
	"<code>call</code> (read, query, cdc, report, write, batch, other, oauth), and start after "
	"<code>skip</code> such calls.</p>\n"
	"<p>Below <code>/simulator/as-other-user</code> stands the API once more, without tokens, "
	"limits and troubles: what is written there was written by somebody else in a "
	"browser.</p>\n";

static const char page_head[] =
	"<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">"
	"<title>ledgerdeck-simulator</title>\n"
	"<style>body{font-family:sans-serif;margin:2em;max-width:70em}"
	"td,th{text-align:left;padding:.2em 1em .2em 0;vertical-align:top}"
	"pre{background:#eee;padding:1em;overflow:auto}</style></head>\n<body>\n"
	"<h1>ledgerdeck-simulator</h1>\n"
	"<p>A ledger that behaves as QuickBooks Online does, or as Xledger. Nothing here leaves this "
	"machine.</p>\n"
	"<h2>Companies</h2>\n<table>\n<tr><th>Realm</th><th>Name</th><th>Kind</th></tr>\n";

/* Lines to copy, in the order in which they are needed. */
static void page_add_lines(const struct simulator *simulator, const char *client, const char *realm,
			   struct str *out)
{
	AUTO(str_clear) struct str lines = STR_INIT(STR_NO_LIMIT);
	const char *base = simulator->base_url;

	str_addf(&lines,
		 "curl -u %s:SECRET -d grant_type=authorization_code -d code=CODE \\\n"
		 "  -d redirect_uri=%s/oauth2/code \\\n  %s/oauth2/v1/tokens/bearer\n",
		 client, base, base);
	str_addf(&lines,
		 "curl -H 'Authorization: Bearer TOKEN' -H 'Accept: application/json' \\\n"
		 "  '%s/v3/company/%s/query?query=select%%20*%%20from%%20Customer'\n",
		 base, realm);
	str_addf(
		&lines,
		"curl -H 'Content-Type: application/json' -d '{\"DisplayName\": \"Somebody\"}' \\\n"
		"  %s/simulator/as-other-user/v3/company/%s/customer\n",
		base, realm);
	if (xledger_count(simulator->xledger) > 0)
		str_addf(&lines,
			 "curl -d '{\"entity\": \"%s\"}' %s/simulator/xledger/tokens\n"
			 "curl -H 'Authorization: token TOKEN' -H 'Content-Type: application/json' \\\n"
			 "  -d '{\"query\": \"{ customers(first: 10) { edges { node { dbId code } } } }\"}' %s/graphql\n",
			 simulator->xledger->entities[0]->realm, base, base);
	for (size_t i = 0; i < ARRAY_LEN(routes); i++)
		if (routes[i].body && !strstr(routes[i].body, "REALM") && !strchr(routes[i].name, '/'))
			str_addf(&lines, "curl -d '%s' %s/simulator/%s\n", routes[i].body, base,
				 routes[i].name);
	str_add(out, "<pre>");
	xml_add_text(out, lines.text);
	str_add(out, "</pre>\n");
}

static void page_add_start(const struct simulator *simulator, struct str *out)
{
	AUTO(str_clear) struct str url = STR_INIT(STR_NO_LIMIT);
	const char *client = simulator->client_id;

	str_addf(&url, "%s/connect/oauth2?response_type=code&state=1", simulator->base_url);
	str_add(&url, "&scope=com.intuit.quickbooks.accounting&client_id=");
	str_add_percent(&url, client);
	str_add(&url, "&redirect_uri=");
	str_add_percent(&url, simulator->base_url);
	str_add_percent(&url, "/oauth2/code");
	str_add(out, "<h2>How to begin</h2>\n<p>The app that may connect is <code>");
	xml_add_text(out, client);
	str_add(out, "</code>; its secret is <code>simulator-secret</code> if none was chosen. "
		"<a href=\"");
	xml_add_text(out, url.text);
	str_add(out, "\">Connect a company</a> to get a code, then:</p>\n");
	page_add_lines(simulator, client,
		       simulator->company_count > 0 ? simulator->companies[0]->realm : "REALM",
		       out);
}

static void page_add_routes(struct str *out)
{
	str_add(out, "<table>\n<tr><th>Request</th><th>Body</th><th>What it does</th></tr>\n");
	for (size_t i = 0; i < ARRAY_LEN(routes); i++) {
		str_addf(out, "<tr><td><code>%s /simulator%s%s</code></td><td><code>",
			 routes[i].method, *routes[i].name ? "/" : "", routes[i].name);
		xml_add_text(out, routes[i].body ? routes[i].body : "");
		str_add(out, "</code></td><td>");
		xml_add_text(out, routes[i].help);
		str_add(out, "</td></tr>\n");
	}
	str_add(out, "</table>\n");
}

static bool run_page(struct simulator *simulator, json_object *sent, struct str *out,
		     struct error *err)
{
	(void)sent;
	(void)err;
	str_add(out, page_head);
	for (size_t i = 0; i < simulator->company_count; i++) {
		const struct company *company = simulator->companies[i];

		str_addf(out, "<tr><td><code>%s</code></td><td>", company->realm);
		xml_add_text(out, company->name);
		str_addf(out, "</td><td>%s</td></tr>\n", company->kind);
	}
	for (size_t i = 0; i < xledger_count(simulator->xledger); i++) {
		const struct xl_entity *entity = simulator->xledger->entities[i];

		str_addf(out, "<tr><td><code>%s</code></td><td>", entity->realm);
		xml_add_text(out, entity->name);
		str_add(out, "</td><td>xledger</td></tr>\n");
	}
	str_add(out, "</table>\n");
	page_add_start(simulator, out);
	str_add(out, "<h2>Control</h2>\n");
	page_add_routes(out);
	str_add(out, page_troubles);
	str_add(out, "</body>\n</html>\n");
	return true;
}

/* ---- the way in */

static void route_run(const struct route *route, struct simulator *simulator,
		      const struct request *request, struct simulator_answer *answer)
{
	AUTO(json_putp) json_object *sent = NULL;
	struct error err = { 0 };

	answer_text(answer, 200, *route->name ? JSON_TYPE : "text/html;charset=utf-8", "");
	if (route->body && !body_parse(request, &sent, &err)) {
		control_refuse(answer, 400, err.text);
		return;
	}
	if (!route->run(simulator, sent, &answer->body, &err))
		control_refuse(answer, 400, err.text);
}

void control_handle(struct simulator *simulator, const struct request *request,
		    struct simulator_answer *answer)
{
	AUTO(str_clear) struct str allowed = STR_INIT(64), name = STR_INIT(200);

	for (size_t i = 1; i < request->segment_count; i++)
		str_addf(&name, "%s%s", i > 1 ? "/" : "", request->segments[i]);
	for (size_t i = 0; i < ARRAY_LEN(routes); i++) {
		if (strcmp(routes[i].name, name.text) != 0)
			continue;
		if (request_is(request, routes[i].method)) {
			route_run(&routes[i], simulator, request, answer);
			return;
		}
		str_addf(&allowed, "%s%s", allowed.len > 0 ? ", " : "", routes[i].method);
	}
	if (allowed.len == 0) {
		control_refuse(answer, 404, "there is no such thing here, see /simulator");
		return;
	}
	control_refuse(answer, 405, "this can't be done here, see /simulator");
	answer_header(answer, "Allow", allowed.text);
}
