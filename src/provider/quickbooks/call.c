/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sends one call to a company through the one HTTP path, which does all waiting and repeating. */
#include "call.h"

#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "answer.h"

#define URL_MAX 16384
#define MINOR_VERSION "75"

static bool make_url(const struct connection *connection, const char *path, struct str *url,
		     struct error *err)
{
	str_addf(url, "%s/v3/company/", connection->addresses->api);
	str_add_percent(url, connection->realm);
	str_addf(url, "/%s%cminorversion=" MINOR_VERSION, path, strchr(path, '?') ? '&' : '?');
	if (str_is_cut(url))
		return error_set(err, ERROR_INTERNAL, "an address is longer than %d bytes",
				 URL_MAX);
	return true;
}

/* One try with the token as it is, or renewed. */
static bool send_once(struct connection *connection, const struct call *call, const char *url,
		      bool renew, struct http_answer *answer, struct error *err)
{
	struct http_request request = {
		.method = call->body ? "POST" : "GET",
		.url = url,
		.secret_url = true, /* the company's id stands in it */
		.what = call->what,
		.class = call->class,
		.headers = { { "Accept", "application/json" } },
		.header_count = 1,
		.body = call->body,
		.body_len = call->body_len,
	};

	if (call->body) {
		request.headers[1].name = "Content-Type";
		request.headers[1].value = call->content_type;
		request.header_count = 2;
	}
	return connection->authorization(connection->ctx, renew, &request.authorization, err) &&
	       http_send(connection->http, &request, answer, err);
}

/* When all tries failed, the last answer may still say why in the ledger's own words. */
static void explain(const struct http_answer *answer, const struct asker *asker, struct error *err)
{
	struct fault fault;
	struct error said = { 0 };

	if (!err || answer->status < 400 ||
	    !fault_find(answer->body.text, answer->body.len, &fault))
		return;
	answer_refused(answer, &fault, asker, &said);
	said.code = err->code;
	said.outcome_unknown = err->outcome_unknown;
	said.retry_after_s = err->retry_after_s;
	*err = said;
}

bool call_send(struct connection *connection, const struct call *call,
	       struct http_answer *ret_answer, struct error *err)
{
	AUTO(str_clear) struct str url = STR_INIT(URL_MAX);
	struct asker asker = { .what = call->what, .realm = connection->realm, .said = connection->said };
	bool renew = false;

	if (!make_url(connection, call->path, &url, err))
		return false;
	for (;;) {
		http_answer_reset(ret_answer);
		if (connection->said)
			str_reset(connection->said);
		if (!send_once(connection, call, url.text, renew, ret_answer, err)) {
			explain(ret_answer, &asker, err);
			return false;
		}
		if (ret_answer->status != 401 || renew)
			return answer_accept(ret_answer, &asker, err);
		renew = true;
	}
}

void call_add_company(const struct connection *connection, struct str *path)
{
	str_add(path, "companyinfo/");
	str_add_percent(path, connection->realm);
}

void call_take_room(struct page *page, struct http_answer *answer)
{
	str_clear(&answer->body);
	answer->body = page->body;
	str_init(&page->body, STR_NO_LIMIT);
}
