/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any bytes as the ledger's answer, with any status, to each thing that a provider asks:
 * nothing is read beyond them, what comes out lies inside them, and what goes wrong is said in
 * one harmless line. The first byte chooses what is asked, and from 128 on of Xledger; the second the
 * status.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/provider/provider.h"
#include "ledgerdeck/provider/push.h"

#define REALM "9130347596"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct answering {
	const uint8_t *body;
	size_t len;
	int status;
	struct secret *token;
};

static void must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "broken: %s\n", what);
	abort();
}

static bool perform(void *ctx, const struct http_request *request, struct http_answer *answer,
		    struct cancel *cancel, struct error *err)
{
	const struct answering *answering = ctx;

	(void)request;
	(void)cancel;
	(void)err;
	http_answer_reset(answer);
	answer->body.limit = STR_NO_LIMIT;
	str_add_bytes(&answer->body, (const char *)answering->body, answering->len);
	answer->status = answering->status;
	answer->retry_after_ms = -1;
	answer->date_ms = 1769860800000;
	return true;
}

static int64_t no_time(void *ctx)
{
	(void)ctx;
	return 0;
}

static void no_random(void *ctx, void *bytes, size_t len)
{
	(void)ctx;
	memset(bytes, 0, len);
}

static bool no_sleep(void *ctx, int64_t ms, struct cancel *cancel)
{
	(void)ctx;
	(void)ms;
	(void)cancel;
	return true;
}

static bool authorization(void *ctx, bool rejected, const struct secret **ret_value,
			  struct error *err)
{
	(void)rejected;
	(void)err;
	*ret_value = ((struct answering *)ctx)->token;
	return true;
}

static void check_error(const struct error *err)
{
	must(err->code != ERROR_NONE && err->text[0], "failed without a word");
	must(str_is_utf8(err->text, strlen(err->text)), "an error that is no UTF-8");
	for (const char *at = err->text; *at; at++)
		must((unsigned char)*at >= ' ' && *at != 0x7f, "an error with control characters");
}

static void check_page(struct page *page)
{
	for (size_t i = 0; i < page->count; i++)
		must(page->records[i].text >= page->body.text &&
			     page->records[i].text + page->records[i].len <=
				     page->body.text + page->body.len,
		     "a record outside the answer");
	must(!page->position || strlen(page->position) < 512, "a position that cannot be stored");
	page_clear(page);
}

static void ask(struct connection *connection, const struct catalogue *catalogue, int what)
{
	const struct provider *provider = connection->provider;
	const struct type *types[3] = { catalogue_find(catalogue, "quickbooks", "Customer"),
					catalogue_find(catalogue, "quickbooks", "Attachable"),
					catalogue_find(catalogue, "quickbooks",
						       "RecurringTransaction") };
	struct identity identity;
	struct page pages[2];
	struct error err = { 0 };
	static const char *const since[] = { "2026-01-31T00:00:00Z", "2026-01-31T00:00:00Z" };
	char *marks[2] = { NULL };
	bool good = false;
	int64_t number;

	page_init(&pages[0]);
	page_init(&pages[1]);
	switch (what % 8) {
	case 0:
		good = provider->read(connection, types[0], INT64_MIN, 1769860800000,
				      "time 10 .. - 1 0 -", &pages[0], &err);
		break;
	case 1:
		good = provider->read(connection, types[1], 0, INT64_MAX,
				      "tie 10 .. 1769860800 10 0 10", &pages[0], &err);
		break;
	case 2:
		good = provider->sweep(connection, types[2], "places 10 .. - 10 0 10", &pages[0],
				       &err);
		break;
	case 3:
		types[1] = catalogue_find(catalogue, "quickbooks", "Invoice");
		good = provider->changes(connection, types, 2, since, pages, marks, &err);
		must(good == (marks[0] != NULL) && good == (marks[1] != NULL), "a mark without changes");
		break;
	case 4:
		good = provider->count(connection, types[0], INT64_MIN, INT64_MAX, &number, &err);
		break;
	case 5:
		good = provider->find(connection, types[0], "7", &pages[0], &err) != UNKNOWN_FOUND;
		break;
	case 6:
		good = provider->identity(connection, &identity, &err);
		break;
	default:
		good = provider->now(connection, &number, &err);
	}
	check_page(&pages[0]);
	check_page(&pages[1]);
	free(marks[0]);
	free(marks[1]);
	if (good)
		return;
	check_error(&err);
	must(!strstr(err.text, REALM), "an error that names the company");
}

/* Two customers, or two vouchers with one number, which can't go together; what comes back is each one's record or its error. */
static void write_xledger(struct connection *connection, const struct catalogue *catalogue, bool vouchers)
{
	static const char customer[] = "{\"description\":\"Kari AS\"}";
	static const char voucher[] = "{\"items\":[{\"trRegNumber\":1,\"invoiceNumber\":\"7\",\"invoiceDate\":\"2026-01-31\",\"subledger\":{\"dbId\":\"5\"},"
				      "\"invoiceAmount\":\"10.00\",\"extIdentifier\":\"rsrc_1\"},{\"trRegNumber\":1,\"amount\":\"-10.00\"}]}";
	const struct provider_push *push = connection->provider->push;
	const char *type = vouchers ? "arTransactions" : "customers", *body = vouchers ? voucher : customer;
	struct push_item items[2];
	struct push_answer answers[PUSH_ITEMS_MAX] = { 0 };
	struct error err = { 0 };
	struct page page;
	AUTO(str_clear) struct str envelope = STR_INIT(STR_NO_LIMIT);
	char path[64];
	size_t count;

	page_init(&page);
	for (size_t i = 0; i < PUSH_ITEMS_MAX; i++)
		str_init(&answers[i].said, CONNECTION_SAID_MAX);
	for (size_t i = 0; i < ARRAY_LEN(items); i++)
		items[i] = (struct push_item){ .act = PLAN_CREATE, .type = type, .row = catalogue_find(catalogue, "xledger", type), .mark = i ? "b" : "a",
					       .body = body, .body_len = strlen(body) };
	count = push->envelope(items, ARRAY_LEN(items), path, &envelope);
	must(count == (vouchers ? 1 : 2), "an envelope of the wrong size");
	if (!push->send(connection, path, "key", envelope.text, envelope.len, items, count, &page, answers, &err))
		check_error(&err);
	for (size_t i = 0; i < count; i++) {
		struct json_slice record = answers[i].record;

		if (answers[i].error.code != ERROR_NONE)
			check_error(&answers[i].error);
		must(record.kind == JSON_NONE || (record.text >= page.body.text && record.text + record.len <= page.body.text + page.body.len),
		     "a written record outside the answer");
	}
	for (size_t i = 0; i < PUSH_ITEMS_MAX; i++)
		str_clear(&answers[i].said);
	check_page(&page);
}

static void look_xledger(struct connection *connection, const struct catalogue *catalogue)
{
	static const char voucher[] = "{\"items\":[{\"invoiceNumber\":\"7\",\"subledger\":{\"dbId\":\"5\"},\"invoiceAmount\":\"-10.00\"}]}";
	const struct push_item item = { .act = PLAN_CREATE, .type = "arTransactions", .row = catalogue_find(catalogue, "xledger", "arTransactions"),
					.mark = "a", .body = voucher, .body_len = strlen(voucher) };
	struct push_answer answer = { .said = STR_INIT(CONNECTION_SAID_MAX) };
	struct error err = { 0 };
	struct page page;
	enum push_look look;

	page_init(&page);
	look = connection->provider->push->look(connection, &item, &page, &answer, &err);
	if (look == PUSH_LOOK_FAILED)
		check_error(&err);
	if (look == PUSH_LOOK_REFUSED)
		check_error(&answer.error);
	must(look == PUSH_LOOK_DONE || page.count == 0, "a record that was not looked for");
	str_clear(&answer.said);
	check_page(&page);
}

static void ask_xledger(struct connection *connection, const struct catalogue *catalogue, int what)
{
	static const char *const names[] = { "customers", "timesheets" }, *const marks[] = { "7", "-" };
	const struct provider *provider = connection->provider;
	const struct type *types[2];
	struct identity identity;
	struct page pages[2];
	struct error err = { 0 };
	char *next[2] = { NULL };
	int64_t number;
	bool good;

	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		types[i] = catalogue_find(catalogue, "xledger", names[i]);
		page_init(&pages[i]);
	}
	switch (what % 9) {
	case 6:
	case 7:
		write_xledger(connection, catalogue, what % 9 == 7);
		return;
	case 8:
		look_xledger(connection, catalogue);
		return;
	case 0:
		good = provider->read(connection, types[0], INT64_MIN, INT64_MAX, "500 k", &pages[0], &err);
		break;
	case 1:
		good = provider->sweep(connection, types[1], NULL, &pages[0], &err);
		break;
	case 2:
		good = provider->changes(connection, types, ARRAY_LEN(types), marks, pages, next, &err);
		break;
	case 3:
		good = provider->find(connection, types[1], "7", &pages[0], &err) != UNKNOWN_FOUND;
		break;
	case 4:
		good = provider->identity(connection, &identity, &err);
		must(!good || (*identity.realm && *identity.name && str_is_utf8(identity.name, strlen(identity.name))), "an identity without a name");
		break;
	default:
		good = provider->now(connection, &number, &err);
	}
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		check_page(&pages[i]);
		free(next[i]);
	}
	if (!good)
		check_error(&err);
}

static void sign_in(const struct provider *provider, const struct answering *answering)
{
	struct http_answer answer = { .body = STR_INIT(STR_NO_LIMIT),
				      .status = answering->status,
				      .retry_after_ms = -1 };
	struct error err = { 0 };

	str_add_bytes(&answer.body, (const char *)answering->body, answering->len);
	must(!provider->sign_in_error(&answer, &err), "a refusal that is none");
	check_error(&err);
	http_answer_clear(&answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int statuses[] = { 200, 400, 401, 403, 404, 429, 500, 503 };
	static struct catalogue *catalogue;
	static struct secret *token;
	bool graphql = size > 0 && data[0] >= 128;
	const struct provider *provider = provider_find(graphql ? "xledger" : "quickbooks");
	struct provider_addresses addresses;
	struct answering answering = { 0 };
	struct http http = {
		.transport = { .perform = perform, .ctx = &answering },
		.env = { .wall_ms = no_time, .ticks_ms = no_time, .random = no_random },
		.sleep = no_sleep,
		.read_tries = 1,
	};
	struct connection connection = { .provider = provider,
					 .addresses = &addresses,
					 .environment = ENVIRONMENT_LOCAL,
					 .realm = REALM,
					 .http = &http,
					 .authorization = authorization,
					 .ctx = &answering };

	if (!catalogue) {
		must(catalogue_load(NULL, &catalogue, NULL), "the catalogue is refused");
		token = secret_copy("Bearer x", 8);
	}
	if (size < 2)
		return 0;
	must(provider->addresses(ENVIRONMENT_LOCAL, &addresses, NULL), "no addresses");
	answering = (struct answering){
		.body = data + 2,
		.len = size - 2,
		.token = token,
		.status = statuses[data[1] % (sizeof(statuses) / sizeof(statuses[0]))]
	};
	if (graphql)
		ask_xledger(&connection, catalogue, data[0] - 128);
	else
		ask(&connection, catalogue, data[0]);
	if (!graphql && data[0] % 8 == 7)
		sign_in(provider, &answering);
	return 0;
}
