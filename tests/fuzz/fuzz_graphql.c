/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any text as a GraphQL document, up to a NUL, and behind it any JSON as its variables: sent by
 * another user, so that everything can be reached, to a small entity. The answer is JSON with
 * data or errors, and the books stay whole.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/simulator.h"

#include "world.h"
#include "xledger/books.h"
#include "xledger/xledger.h"

#define NOW_MS INT64_C(1769889600000)
#define MANY 3000 /* records; then the entity is made anew */

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

static void no_random(void *ctx, void *bytes, size_t len)
{
	(void)ctx;
	memset(bytes, 7, len);
}

static struct simulator *world(bool anew)
{
	static const struct simulator_company entity = { .kind = "xledger", .realm = "777", .customers = -1, .invoices = -1 };
	static struct simulator *simulator;
	struct simulator_config config = { .seed = 1, .start_ms = NOW_MS, .base_url = "http://127.0.0.1:1",
					   .env = { .wall_ms = read_clock, .ticks_ms = read_clock, .random = no_random },
					   .companies = &entity, .company_count = 1 };
	struct error err = { 0 };

	if (anew) {
		simulator_close(simulator);
		simulator = NULL;
	}
	if (!simulator)
		simulator = simulator_open(&config, &err);
	must(simulator, err.text);
	return simulator;
}

/* Tables ascend, and what is packed is of the type. */
static void check_books(struct xl_entity *entity)
{
	size_t count = 0;

	for (size_t i = 0; i < xl_type_count(); i++) {
		const struct xl_table *table = &entity->tables[i];

		count += table->count;
		for (size_t k = 0; k < table->count; k++) {
			const struct xl_record *record = table->records[k];

			must(k == 0 || table->records[k - 1]->dbid < record->dbid, "a table is out of order");
			must(xl_pack_check(record->type, record->pack, record->len, 4), "a record is damaged");
		}
	}
	if (count > MANY * 4)
		world(true);
}

static void add_body(struct str *body, const uint8_t *bytes, size_t len)
{
	const uint8_t *end = len > 0 ? memchr(bytes, '\0', len) : NULL;
	size_t query_len = end ? (size_t)(end - bytes) : len, rest = end ? len - query_len - 1 : 0;
	const char *variables = rest > 0 ? (const char *)end + 1 : NULL;

	str_add(body, "{\"query\":");
	if (str_is_utf8((const char *)bytes, query_len))
		str_add_json(body, (const char *)bytes, query_len);
	else
		str_add(body, "\"\"");
	if (variables && json_check(variables, rest, NULL)) {
		str_add(body, ",\"variables\":");
		str_add_bytes(body, variables, rest);
	}
	str_add_char(body, '}');
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const struct simulator_header headers[] = { { "Content-Type", "application/json" },
							   { "Host", "127.0.0.1" } };
	struct simulator *simulator = world(false);
	AUTO(str_clear) struct str body = STR_INIT((size_t)1 << 24);
	struct simulator_request request = { .method = "POST",
					     .target = "/simulator/as-other-user/xledger/777/graphql",
					     .headers = headers, .header_count = ARRAY_LEN(headers) };
	struct simulator_answer answer;

	add_body(&body, bytes, len);
	request.body = body.text;
	request.body_len = body.len;
	simulator_handle(simulator, &request, &answer);
	must(json_check(answer.body.text, answer.body.len, NULL), "the answer is no JSON");
	must(json_find(answer.body.text, answer.body.len, "errors").kind == JSON_ARRAY ||
		     json_find(answer.body.text, answer.body.len, "data").kind == JSON_OBJECT,
	     "neither data nor errors");
	must(answer.status == 200 || answer.status == 400, "another status");
	simulator_done(simulator, &answer);
	check_books(simulator->xledger->entities[0]);
	return 0;
}
