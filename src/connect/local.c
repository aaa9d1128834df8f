/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The simulator as the ledger of environment `local`: it tells which companies it has, and agrees for
 * whoever asks. What comes back goes the same way as what a person pastes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/decimal.h"
#include "ledgerdeck/core/memory.h"
#include "world.h"

#define TOKEN_DAYS 90
#define PAGE_MAX ((size_t)4 << 20)

static bool call(struct connect_world *world, const char *method, const char *url, const char *body, const char *what,
		 struct http_answer *answer, struct error *err)
{
	struct http http = { .transport = world->transport, .env = world->env, .cancel = world->cancel, .read_tries = 4,
			     .sleep = world->sleep, .sleep_ctx = world->sleep_ctx };
	struct http_request request = { .method = method, .url = url, .secret_url = true, .what = what, .class = body ? HTTP_WRITE : HTTP_READ,
					.body = body, .body_len = body ? strlen(body) : 0, .answer_max = PAGE_MAX, .redirects = !body };

	if (!http_send(&http, &request, answer, err))
		return false;
	return answer->status == 200 ||
	       error_set(err, ERROR_REMOTE, "the simulator answered %s with status %d", what, answer->status);
}

static bool get(struct connect_world *world, const char *url, const char *what, struct http_answer *answer, struct error *err)
{
	return call(world, "GET", url, NULL, what, answer, err);
}

static void copy_text(struct json_slice object, const char *name, char *out, size_t size)
{
	AUTO(str_clear) struct str text = STR_INIT(size - 1);
	struct json_slice value = json_find(object.text, object.len, name);

	if (value.kind == JSON_STRING)
		json_unquote(value, &text);
	snprintf(out, size, "%s", text.text);
}

bool connect_local_companies(struct connect_world *world, struct connect_company **ret_companies, size_t *ret_count,
			     struct error *err)
{
	AUTO(http_answer_clear) struct http_answer answer = HTTP_ANSWER_INIT;
	AUTO(memory_freep) struct connect_company *companies = NULL;
	AUTO(str_clear) struct str url = STR_INIT(1024);
	struct json_slice list, each;
	size_t count = 0, room = 0;

	str_addf(&url, "%s/simulator/companies", settings_text(world->settings, "quickbooks.local_address"));
	if (!get(world, url.text, "for its companies", &answer, err))
		return false;
	if (!json_check(answer.body.text, answer.body.len, NULL))
		return error_set(err, ERROR_REMOTE, "what listens on '%.100s' is no simulator", url.text);
	list = json_find(answer.body.text, answer.body.len, "companies");
	for (size_t at = 0; list.kind == JSON_ARRAY && json_each(list, &at, NULL, &each);) {
		memory_grow(&companies, &room, count + 1, sizeof(*companies));
		copy_text(each, "provider", companies[count].provider, sizeof(companies[count].provider));
		/* An older one speaks nothing else. */
		if (!*companies[count].provider)
			snprintf(companies[count].provider, sizeof(companies[count].provider), "quickbooks");
		copy_text(each, "realm", companies[count].realm, sizeof(companies[count].realm));
		copy_text(each, "name", companies[count].name, sizeof(companies[count].name));
		count++;
	}
	*ret_companies = memory_steal(&companies);
	*ret_count = count;
	return true;
}

/* The page shows the whole answer in its first <pre>, with "&amp;" for "&". */
static struct secret *read_page(const struct str *page)
{
	AUTO(str_clear) struct str text = STR_INIT(4096);
	const char *at = strstr(page->text, "<pre>"), *end = at ? strstr(at, "</pre>") : NULL;
	struct secret *paste;

	if (!end)
		return NULL;
	str_reserve(&text, (size_t)(end - at));
	for (at += 5; at < end; at++) {
		str_add_char(&text, *at);
		if (strncmp(at, "&amp;", 5) == 0)
			at += 4;
	}
	paste = secret_copy(text.text, text.len);
	secret_wipe(text.text, text.len);
	return paste;
}

bool connect_local_consent(struct connect_world *world, const struct connect_attempt *attempt, const char *realm,
			   struct secret **ret_paste, struct error *err)
{
	AUTO(http_answer_clear) struct http_answer answer = HTTP_ANSWER_INIT;
	AUTO(str_clear) struct str url = STR_INIT(8192);
	bool good;

	str_addf(&url, "%s&realmId=", connect_url(attempt));
	str_add_percent(&url, realm);
	good = get(world, url.text, "for consent", &answer, err);
	*ret_paste = good ? read_page(&answer.body) : NULL;
	secret_wipe(answer.body.text, answer.body.len);
	if (good && !*ret_paste)
		return error_set(err, ERROR_REMOTE, "the simulator did not agree; was it started with --auto-consent?");
	return good;
}

bool connect_local_token(struct connect_world *world, const char *realm, struct secret **ret_token, int64_t *ret_expires_ms, struct error *err)
{
	AUTO(http_answer_clear) struct http_answer answer = HTTP_ANSWER_INIT;
	AUTO(str_clear) struct str url = STR_INIT(1024), body = STR_INIT(400), token = STR_INIT(400);
	struct json_slice value;
	bool good;

	str_addf(&url, "%s/simulator/xledger/tokens", settings_text(world->settings, "quickbooks.local_address"));
	*ret_expires_ms = world->env.wall_ms(world->env.ctx) + TOKEN_DAYS * DAY_MS;
	str_addf(&body, "{\"days\":%d,\"entity\":", TOKEN_DAYS);
	str_add_json(&body, realm, strlen(realm));
	str_add_char(&body, '}');
	if (!call(world, "POST", url.text, body.text, "for a token", &answer, err))
		return false;
	good = json_check(answer.body.text, answer.body.len, NULL);
	value = good ? json_find(answer.body.text, answer.body.len, "token") : (struct json_slice){ 0 };
	if (value.kind == JSON_STRING)
		json_unquote(value, &token);
	good = token.len > 0;
	if (good)
		*ret_token = secret_copy(token.text, token.len);
	secret_wipe(token.text, token.len);
	secret_wipe(answer.body.text, answer.body.len);
	return good || error_set(err, ERROR_REMOTE, "the simulator gave no token");
}

bool connect_local_withhold(struct connect_world *world, const char *realm, struct error *err)
{
	AUTO(http_answer_clear) struct http_answer answer = HTTP_ANSWER_INIT;
	AUTO(str_clear) struct str url = STR_INIT(1024), body = STR_INIT(400);

	str_addf(&url, "%s/simulator/troubles", settings_text(world->settings, "quickbooks.local_address"));
	str_add(&body, "{\"kind\":\"delay\",\"ms\":600000,\"call\":\"batch\",\"realm\":");
	str_add_json(&body, realm, strlen(realm));
	str_add_char(&body, '}');
	return call(world, "POST", url.text, body.text, "for an answer that does not come", &answer, err);
}

bool connect_local_batches(struct connect_world *world, const char *realm, int64_t *ret_count, struct error *err)
{
	AUTO(http_answer_clear) struct http_answer answer = HTTP_ANSWER_INIT;
	AUTO(str_clear) struct str url = STR_INIT(1024);
	struct json_slice count = { 0 };
	struct decimal number;

	str_addf(&url, "%s/simulator/counters", settings_text(world->settings, "quickbooks.local_address"));
	if (!get(world, url.text, "for its counters", &answer, err))
		return false;
	if (json_check(answer.body.text, answer.body.len, NULL))
		count = json_member(json_member(json_find(answer.body.text, answer.body.len, "companies"), realm), "calls.batch");
	if (count.kind != JSON_NUMBER || !decimal_parse(count.text, count.len, &number) || number.scale != 0)
		return error_set(err, ERROR_REMOTE, "the simulator does not tell how many batches it has had");
	*ret_count = number.digits;
	return true;
}
