/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any body sent to the API: the first line is the address behind /v3/company/1/, the rest the
 * body of a POST (without a rest it is a GET). Whatever comes, the answer is JSON, and the books
 * are in order afterwards: every record is JSON and debits equal credits.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"

#include "answer.h"
#include "company.h"
#include "quickbooks/api.h"
#include "quickbooks/replay.h"
#include "quickbooks/write.h"
#include "request.h"
#include "world.h"

#define NOW_MS INT64_C(1769889600000)
#define ADDRESS_MAX 500

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "broken: %s\n", what);
	abort();
}

static int64_t read_clock(void *ctx)
{
	(void)ctx;
	return NOW_MS;
}

static struct simulator *world(void)
{
	static char base_url[] = "http://127.0.0.1:8080";
	static struct simulator simulator;

	if (simulator.base_url)
		return &simulator;
	entity_start();
	simulator.env = (struct env){ .wall_ms = read_clock, .ticks_ms = read_clock };
	simulator.base_url = base_url;
	switches_init(&simulator.switches);
	return &simulator;
}

static void company_freep(struct company **company)
{
	if (!*company)
		return;
	replay_free((*company)->replays);
	(*company)->replays = NULL;
	company_free(*company);
}

/* A little of everything that others refer to. */
static struct company *make_books(struct simulator *simulator)
{
	static const char *const rows[][2] = {
		{ "Account", "{\"Name\":\"Till\",\"AccountType\":\"Bank\"}" },
		{ "Account", "{\"Name\":\"Sales\",\"AccountType\":\"Income\"}" },
		{ "Account", "{\"Name\":\"Rent\",\"AccountType\":\"Expense\"}" },
		{ "Term", "{\"Name\":\"Net 9\",\"DueDays\":9}" },
		{ "Customer", "{\"DisplayName\":\"Ann\"}" },
		{ "Vendor", "{\"DisplayName\":\"Ben\"}" },
		{ "Item",
		  "{\"Name\":\"Hats\",\"Type\":\"Service\","
		  "\"IncomeAccountRef\":{\"value\":\"2\"}}" },
		{ "Invoice",
		  "{\"CustomerRef\":{\"value\":\"1\"},\"Line\":[{\"Amount\":10,\"DetailType\":"
		  "\"SalesItemLineDetail\","
		  "\"SalesItemLineDetail\":{\"ItemRef\":{\"value\":\"1\"}}}]}" },
	};
	struct company *company = company_new(simulator, "1", "Fuzz");

	snprintf(company->preferences.home_currency, sizeof(company->preferences.home_currency),
		 "USD");
	snprintf(company->preferences.country, sizeof(company->preferences.country), "US");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		write_sample(company, rows[i][0], rows[i][1]);
	return company;
}

/* One request; its answer is checked and, when wanted, kept in `out`. */
static void ask(struct simulator *simulator, struct company *company, const char *target,
		const char *body, size_t len, struct str *out)
{
	static const struct simulator_header headers[] = { { "Accept", "application/json" } };
	struct simulator_request raw = { .method = len ? "POST" : "GET",
					 .target = target,
					 .headers = headers,
					 .header_count = 1,
					 .body = body,
					 .body_len = len };
	AUTO(request_clear) struct request request = { 0 };
	AUTO(answer_clear) struct simulator_answer answer = { 0 };
	const char *why;

	answer_init(&answer);
	if (!request_parse(&raw, &request, &why))
		return;
	api_handle(simulator, company, &request, &answer);
	must(answer.status >= 200 && answer.status < 600, "no status");
	if (answer.body.text[0] != '<')
		must(json_check(answer.body.text, answer.body.len, NULL), "the answer is no JSON");
	if (out)
		str_add_bytes(out, answer.body.text, answer.body.len);
}

static void check_books(struct simulator *simulator, struct company *company)
{
	AUTO(str_clear) struct str report = STR_INIT((size_t)1 << 24);
	const char *total, *debit, *credit;
	size_t width;

	for (size_t i = 0; i < entity_count(); i++) {
		const struct table *table = company_table(company, entity_at(i));

		for (size_t k = 0; k < table->count; k++)
			must(json_check(table->by_id[k]->text, table->by_id[k]->len, NULL),
			     "a record is no JSON");
	}
	ask(simulator, company, "/v3/company/1/reports/TrialBalance?date_macro=All", NULL, 0,
	    &report);
	total = strstr(report.text, "{\"value\":\"TOTAL\"},");
	if (!total)
		return;
	debit = total + strlen("{\"value\":\"TOTAL\"},");
	width = strcspn(debit, "}") + 1;
	credit = debit + width + 1;
	must(strncmp(debit, credit, width) == 0, "debits and credits differ");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	const uint8_t *line_end = memchr(bytes, '\n', len);
	size_t line_len = line_end ? (size_t)(line_end - bytes) : len;
	size_t body_at = line_end ? line_len + 1 : len;
	/* Its own memory, so that a byte too far is seen. */
	AUTO(memory_freep) char *body = memory_resize(NULL, len > body_at ? len - body_at : 1);
	AUTO(company_freep) struct company *company = NULL;
	char target[ADDRESS_MAX + 32];

	if (line_len > ADDRESS_MAX || memchr(bytes, '\0', line_len))
		return 0;
	snprintf(target, sizeof(target), "/v3/company/1/%.*s", (int)line_len, (const char *)bytes);
	memcpy(body, bytes + body_at, len - body_at);
	company = make_books(world());
	ask(world(), company, target, body, len - body_at, NULL);
	check_books(world(), company);
	return 0;
}
