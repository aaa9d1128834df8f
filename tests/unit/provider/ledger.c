/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ledger of ledger.h: the simulator's core behind struct transport. */
#include "ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/memory.h"

#include "tests.h"

#define BASE "http://127.0.0.1:8620"
#define START_MS INT64_C(1769860800000) /* 2026-01-31T12:00:00Z */
#define REDIRECT "http%3A%2F%2Flocalhost%2Fcb"

/* ---- the transport ---- */

static const char *header_of(const struct simulator_answer *answer, const char *name)
{
	for (size_t i = 0; i < answer->header_count; i++)
		if (strcasecmp(answer->headers[i].name, name) == 0)
			return answer->headers[i].value;
	return "";
}

static void take_answer(const struct ledger *ledger, const struct simulator_answer *from,
			struct http_answer *answer)
{
	const char *wait = header_of(from, "Retry-After");

	http_answer_reset(answer);
	answer->body.limit = STR_NO_LIMIT;
	str_add_bytes(&answer->body, from->body.text, from->body.len);
	answer->status = from->status;
	answer->date_ms = ledger->now_ms;
	answer->retry_after_ms = *wait ? strtol(wait, NULL, 10) * 1000 : -1;
	snprintf(answer->content_type, sizeof(answer->content_type), "%.100s",
		 header_of(from, "Content-Type"));
	snprintf(answer->trace_id, sizeof(answer->trace_id), "%.90s",
		 header_of(from, "intuit_tid"));
}

static bool perform(void *ctx, const struct http_request *request, struct http_answer *answer,
		    struct cancel *cancel, struct error *err)
{
	struct ledger *ledger = ctx;
	struct simulator_header headers[HTTP_HEADERS_MAX + 2];
	struct simulator_request sent = { .method = request->method,
					  .target = request->url + strlen(BASE),
					  .headers = headers,
					  .body = request->body,
					  .body_len = request->body_len };
	struct simulator_answer got;
	bool whole;

	(void)cancel;
	if (ledger->before)
		ledger->before(ledger);
	ledger->calls++;
	assert_int_equal(strncmp(request->url, BASE, strlen(BASE)), 0);
	for (size_t i = 0; i < request->header_count; i++)
		headers[sent.header_count++] =
			(struct simulator_header){ request->headers[i].name,
						   request->headers[i].value };
	headers[sent.header_count++] = (struct simulator_header){ "Host", "127.0.0.1:8620" };
	headers[sent.header_count++] =
		(struct simulator_header){ "Authorization", secret_reveal(request->authorization) };
	simulator_handle(ledger->simulator, &sent, &got);
	whole = got.ending == SIMULATOR_WHOLE;
	if (whole)
		take_answer(ledger, &got, answer);
	simulator_done(ledger->simulator, &got);
	return whole || error_set(err, ERROR_NETWORK, "the connection was closed");
}

/* ---- the world ---- */

static int64_t read_clock(void *ctx)
{
	return ((struct ledger *)ctx)->now_ms;
}

static void no_random(void *ctx, void *bytes, size_t len)
{
	(void)ctx;
	memset(bytes, 3, len);
}

static bool move_clock(void *ctx, int64_t ms, struct cancel *cancel)
{
	struct ledger *ledger = ctx;

	(void)cancel;
	ledger->now_ms += ms;
	ledger->waited_ms += ms;
	return true;
}

/* ---- a token ---- */

static void send_plain(struct ledger *ledger, const char *method, const char *target,
		       const char *const *pairs, const char *body, struct simulator_answer *answer)
{
	struct simulator_header headers[4];
	struct simulator_request request = { .method = method,
					     .target = target,
					     .headers = headers,
					     .body = body,
					     .body_len = body ? strlen(body) : 0 };

	for (; pairs[2 * request.header_count]; request.header_count++)
		headers[request.header_count] =
			(struct simulator_header){ pairs[2 * request.header_count],
						   pairs[2 * request.header_count + 1] };
	simulator_handle(ledger->simulator, &request, answer);
}

static void sign_in(struct ledger *ledger)
{
	static const char *const none[] = { "Host", "127.0.0.1:8620", NULL };
	static const char *const basic[] = { "Authorization",
					     "Basic c2ltdWxhdG9yLWNsaWVudDpzaW11bGF0b3Itc2VjcmV0",
					     "Content-Type", "application/x-www-form-urlencoded",
					     NULL };
	AUTO(str_clear) struct str form = STR_INIT(4000), token = STR_INIT(8000);
	struct simulator_answer answer;
	const char *code;

	send_plain(
		ledger, "GET",
		"/connect/"
		"oauth2?client_id=simulator-client&response_type=code&state=1&realmId=" LEDGER_REALM
		"&scope=com.intuit.quickbooks.accounting&redirect_uri=" REDIRECT,
		none, NULL, &answer);
	code = strstr(header_of(&answer, "Location"), "code=");
	assert_non_null(code);
	str_add(&form, "grant_type=authorization_code&redirect_uri=" REDIRECT "&");
	str_add_bytes(&form, code, strcspn(code, "&"));
	simulator_done(ledger->simulator, &answer);
	send_plain(ledger, "POST", "/oauth2/v1/tokens/bearer", basic, form.text, &answer);
	assert_int_equal(answer.status, 200);
	str_add(&token, "Bearer ");
	json_unquote(json_find(answer.body.text, answer.body.len, "access_token"), &token);
	simulator_done(ledger->simulator, &answer);
	secret_free(ledger->token);
	ledger->token = secret_copy(token.text, token.len);
}

static bool authorization(void *ctx, bool rejected, const struct secret **ret_value,
			  struct error *err)
{
	struct ledger *ledger = ctx;

	(void)err;
	if (rejected) {
		ledger->renewals++;
		sign_in(ledger);
	}
	*ret_value = ledger->token;
	return true;
}

void ledger_init(struct ledger *ledger)
{
	ledger_init_kind(ledger, "small");
}

void ledger_init_kind(struct ledger *ledger, const char *kind)
{
	const struct simulator_company company = { .kind = kind,
						   .realm = LEDGER_REALM,
						   .name = "Nine Pins",
						   .customers = -1,
						   .invoices = -1 };
	struct env env = {
		.wall_ms = read_clock, .ticks_ms = read_clock, .random = no_random, .ctx = ledger
	};
	struct simulator_config config = { .seed = 11,
					   .env = env,
					   .start_ms = START_MS,
					   .base_url = BASE,
					   .auto_consent = true,
					   .companies = &company,
					   .company_count = 1 };
	struct error err = { 0 };

	*ledger = (struct ledger){
		.now_ms = START_MS,
		.http = { .transport = { .perform = perform, .ctx = ledger },
			  .env = env,
			  .sleep = move_clock,
			  .sleep_ctx = ledger },
		.connection = { .provider = provider_find("quickbooks"),
				.environment = ENVIRONMENT_LOCAL,
				.realm = LEDGER_REALM,
				.authorization = authorization,
				.ctx = ledger },
		.record = STR_INIT(STR_NO_LIMIT),
	};
	assert_true(ledger->connection.provider->addresses(ENVIRONMENT_LOCAL, &ledger->addresses,
							   NULL));
	assert_string_equal(ledger->addresses.api, BASE);
	ledger->connection.addresses = &ledger->addresses;
	ledger->connection.http = &ledger->http;
	ledger->simulator = simulator_open(&config, &err);
	if (!ledger->simulator)
		fail_msg("%s", err.text);
	ledger_set(ledger, "limits", "off");
	sign_in(ledger);
}

void ledger_clear(struct ledger *ledger)
{
	simulator_close(ledger->simulator);
	secret_free(ledger->token);
	str_clear(&ledger->record);
}

void ledger_set(struct ledger *ledger, const char *name, const char *value)
{
	assert_true(simulator_set(ledger->simulator, name, value, NULL));
}

void ledger_step(struct ledger *ledger, int64_t ms)
{
	ledger->now_ms += ms;
}

int ledger_call(struct ledger *ledger, const char *method, const char *path, const char *body)
{
	const char *const headers[] = { "Authorization",
					secret_reveal(ledger->token),
					"Accept",
					"application/json",
					"Content-Type",
					"application/json",
					"Host",
					"127.0.0.1:8620",
					NULL };
	AUTO(str_clear) struct str target = STR_INIT(STR_NO_LIMIT);
	struct simulator_answer answer;
	int status;

	/* Other users' calls are neither counted nor troubled. */
	str_addf(&target, "/simulator/%s%s%s",
		 *path == '/' ? "" : "as-other-user/v3/company/" LEDGER_REALM,
		 *path == '/' ? "" : "/", *path == '/' ? path + 1 : path);
	{
		struct simulator_header list[4];
		struct simulator_request request = { .method = method,
						     .target = target.text,
						     .headers = list,
						     .header_count = 4,
						     .body = body,
						     .body_len = body ? strlen(body) : 0 };

		for (size_t i = 0; i < 4; i++)
			list[i] = (struct simulator_header){ headers[2 * i], headers[2 * i + 1] };
		simulator_handle(ledger->simulator, &request, &answer);
	}
	status = answer.status;
	str_reset(&ledger->record);
	str_add_bytes(&ledger->record, answer.body.text, answer.body.len);
	simulator_done(ledger->simulator, &answer);
	return status;
}

void ledger_trouble(struct ledger *ledger, const char *json)
{
	assert_int_equal(ledger_call(ledger, "DELETE", "/troubles", NULL), 200);
	assert_int_equal(ledger_call(ledger, "POST", "/troubles", json), 200);
}

/* ---- writes ---- */

static void must_call(struct ledger *ledger, const char *path, const char *body)
{
	if (ledger_call(ledger, "POST", path, body) != 200)
		fail_msg("%s: %s", path, ledger->record.text);
}

static void add_member(const struct ledger *ledger, const char *path, struct str *out)
{
	json_unquote(json_find(ledger->record.text, ledger->record.len, path), out);
}

const char *ledger_add_customer(struct ledger *ledger, const char *name)
{
	static char id[64];
	AUTO(str_clear) struct str body = STR_INIT(1000), text = STR_INIT(sizeof(id) - 1);

	str_addf(&body, "{\"DisplayName\":\"%s\"}", name);
	must_call(ledger, "customer", body.text);
	add_member(ledger, "Customer.Id", &text);
	memcpy(id, text.text, text.len + 1);
	return id;
}

void ledger_touch_customer(struct ledger *ledger, const char *id, bool active)
{
	AUTO(str_clear)
	struct str path = STR_INIT(200),
		   body = STR_INIT(1000), version = STR_INIT(40);

	str_addf(&path, "customer/%s", id);
	assert_int_equal(ledger_call(ledger, "GET", path.text, NULL), 200);
	add_member(ledger, "Customer.SyncToken", &version);
	str_addf(&body,
		 "{\"Id\":\"%s\",\"SyncToken\":\"%s\",\"sparse\":true,\"Notes\":\"touch "
		 "%d\",\"Active\":%s}",
		 id, version.text, ledger->touches++, active ? "true" : "false");
	/* Who owes something can't be switched off. */
	if (!active && ledger_call(ledger, "POST", "customer", body.text) != 200)
		ledger_touch_customer(ledger, id, true);
	else if (active)
		must_call(ledger, "customer", body.text);
}

void ledger_add_invoice(struct ledger *ledger, const char *customer)
{
	AUTO(str_clear) struct str body = STR_INIT(1000);

	str_addf(&body,
		 "{\"CustomerRef\":{\"value\":\"%s\"},\"Line\":[{\"Amount\":5,\"DetailType\":"
		 "\"SalesItemLineDetail\","
		 "\"SalesItemLineDetail\":{}}]}",
		 customer);
	must_call(ledger, "invoice", body.text);
}

void ledger_delete_invoice(struct ledger *ledger, const char *id)
{
	AUTO(str_clear)
	struct str path = STR_INIT(200),
		   body = STR_INIT(1000), version = STR_INIT(40);

	str_addf(&path, "invoice/%s", id);
	assert_int_equal(ledger_call(ledger, "GET", path.text, NULL), 200);
	add_member(ledger, "Invoice.SyncToken", &version);
	str_addf(&body, "{\"Id\":\"%s\",\"SyncToken\":\"%s\"}", id, version.text);
	must_call(ledger, "invoice?operation=delete", body.text);
}

/* ---- copies ---- */

void copy_clear(struct copy *copy)
{
	free(copy->rows);
	*copy = (struct copy){ 0 };
}

static struct copied *copy_find(const struct copy *copy, const char *id)
{
	for (size_t i = 0; i < copy->count; i++)
		if (strcmp(copy->rows[i].id, id) == 0)
			return &copy->rows[i];
	return NULL;
}

bool copy_has(const struct copy *copy, const char *id)
{
	return copy_find(copy, id) != NULL;
}

void copy_put(struct copy *copy, const char *id, const char *version)
{
	struct copied *row = copy_find(copy, id);

	if (!row) {
		memory_grow(&copy->rows, &copy->room, copy->count + 1, sizeof(*copy->rows));
		row = &copy->rows[copy->count++];
		snprintf(row->id, sizeof(row->id), "%s", id);
		row->version[0] = '\0';
	}
	/* Pages may bring an older version of what is there already. */
	if (strtol(version, NULL, 10) >= strtol(row->version, NULL, 10))
		snprintf(row->version, sizeof(row->version), "%s", version);
}

void copy_remove(struct copy *copy, const char *id)
{
	struct copied *row = copy_find(copy, id);

	if (row)
		*row = copy->rows[--copy->count];
}

void copy_take(struct copy *copy, const struct type *type, const struct page *page)
{
	for (size_t i = 0; i < page->count; i++) {
		AUTO(str_clear) struct str id = STR_INIT(63), version = STR_INIT(39);
		struct json_slice record = page->records[i];

		json_unquote(json_find(record.text, record.len, type->key), &id);
		json_unquote(json_find(record.text, record.len, type->version), &version);
		assert_true(id.len > 0);
		copy_put(copy, id.text, version.text);
	}
}

void ledger_truth(struct ledger *ledger, const struct type *type, struct copy *ret_copy)
{
	copy_clear(ret_copy);
	for (int start = 1;; start += 1000) {
		AUTO(str_clear) struct str path = STR_INIT(2000), query = STR_INIT(1000);
		struct json_slice list, record;
		struct page page;
		size_t count;

		str_addf(&query, "select * from %s%s startposition %d maxresults 1000", type->query,
			 *type->active ? " where Active in (true, false)" : "", start);
		str_add(&path, "query?query=");
		str_add_percent(&path, query.text);
		assert_int_equal(ledger_call(ledger, "GET", path.text, NULL), 200);
		page_init(&page);
		list = json_find(ledger->record.text, ledger->record.len, "QueryResponse");
		list = json_find(list.text, list.len, type->query);
		for (size_t at = 0; json_each(list, &at, NULL, &record);)
			page_add(&page, record);
		copy_take(ret_copy, type, &page);
		count = page.count;
		page_clear(&page);
		if (count < 1000)
			return;
	}
}

void copy_assert_equal(const struct copy *a, const struct copy *b)
{
	assert_int_equal(a->count, b->count);
	for (size_t i = 0; i < a->count; i++) {
		const struct copied *other = copy_find(b, a->rows[i].id);

		if (!other)
			fail_msg("%s is missing", a->rows[i].id);
		assert_string_equal(a->rows[i].version, other->version);
	}
}
