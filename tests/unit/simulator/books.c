/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See books.h. */
#include "books.h"

#include <stdio.h>
#include <string.h>

#include "answer.h"
#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"
#include "quickbooks/api.h"
#include "quickbooks/replay.h"
#include "request.h"

#include "test_simulator.h"

static int64_t read_clock(void *ctx)
{
	return ((struct books *)ctx)->now_ms;
}

int books_open(void **state)
{
	static char base_url[] = "http://127.0.0.1:8080";
	struct books *books = memory_new(sizeof(*books));

	entity_start();
	books->now_ms = BOOKS_NOW_MS;
	books->simulator.env =
		(struct env){ .wall_ms = read_clock, .ticks_ms = read_clock, .ctx = books };
	books->simulator.base_url = base_url;
	switches_init(&books->simulator.switches);
	books->company = company_new(&books->simulator, BOOKS_REALM, "Kettle & Sons");
	snprintf(books->company->preferences.home_currency, 4, "USD");
	snprintf(books->company->preferences.country, 4, "US");
	snprintf(books->company->user_name, sizeof(books->company->user_name), "Ada Kettle");
	snprintf(books->company->other_name, sizeof(books->company->other_name), "Bo Kettle");
	*state = books;
	return 0;
}

int books_close(void **state)
{
	struct books *books = *state;

	replay_free(books->company->replays);
	books->company->replays = NULL;
	company_free(books->company);
	memory_freep(state);
	return 0;
}

void books_set(struct books *books, const char *name, const char *value)
{
	struct error err = { 0 };

	if (!switches_set(&books->simulator.switches, name, value, &err))
		fail_msg("%s", err.text);
}

struct record *books_add(struct books *books, const char *entity, const char *id, const char *stamp,
			 const char *members)
{
	const struct entity *kind = entity_by_name(entity, false);
	struct record *record = company_make(books->company, kind);
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);
	struct json_slice slice;
	bool has_offset;
	size_t len;

	assert_true(stamp_parse(stamp, strlen(stamp), &record->updated_ms, &has_offset));
	record->created_ms = record->updated_ms;
	snprintf(record->id, sizeof(record->id), "%s", id);
	str_add_char(&text, '{');
	books_quote(&text, members);
	str_addf(&text,
		 "%s\"domain\":\"QBO\",\"sparse\":false,\"Id\":\"%s\",\"SyncToken\":\"0\","
		 "\"MetaData\":{\"CreateTime\":\"%s\",\"LastUpdatedTime\":\"%s\"}}",
		 *members ? "," : "", id, stamp, stamp);
	assert_true(json_check(text.text, text.len, NULL));
	slice = json_find(text.text, text.len, "TxnDate");
	if (slice.kind == JSON_STRING)
		assert_true(date_parse(slice.text + 1, slice.len - 2, &record->date));
	slice = json_find(text.text, text.len, "Active");
	record->active = slice.kind != JSON_BOOL || slice.text[0] == 't';
	len = text.len;
	record_set_text(record, str_take(&text), len);
	company_add(books->company, record);
	return record;
}

void books_post(struct record *record, struct record *account, int64_t cents)
{
	record->postings = memory_resize(record->postings,
					 (record->posting_count + 1) * sizeof(*record->postings));
	record->postings[record->posting_count++] =
		(struct posting){ .account = account, .cents = cents, .foreign = cents };
}

void books_ask(struct books *books, const char *method, const char *target,
	       const char *const *headers, const char *body, size_t len,
	       struct books_answer *ret_answer)
{
	static const char *const usual[] = { "Accept", "application/json", "Content-Type",
					     "application/json", NULL };
	struct simulator_header list[8];
	struct simulator_request raw = {
		.method = method, .target = target, .headers = list, .body = body, .body_len = len
	};
	AUTO(request_clear) struct request request = { 0 };
	const char *why;

	if (!headers)
		headers = usual;
	for (; headers[raw.header_count * 2]; raw.header_count++)
		list[raw.header_count] =
			(struct simulator_header){ headers[raw.header_count * 2],
						   headers[raw.header_count * 2 + 1] };
	answer_init(&ret_answer->answer);
	assert_true(request_parse(&raw, &request, &why));
	api_handle(&books->simulator, books->company, &request, &ret_answer->answer);
	ret_answer->text = ret_answer->answer.body.text;
}

void books_answer_clear(struct books_answer *answer)
{
	answer_clear(&answer->answer);
}

void books_get(struct books *books, const char *target, struct str *out)
{
	AUTO(books_answer_clear) struct books_answer got = { 0 };
	const char *time;

	books_ask(books, "GET", target, NULL, NULL, 0, &got);
	if (got.answer.status != 200)
		fail_msg("%s: %d %s", target, got.answer.status, got.text);
	assert_true(json_check(got.text, got.answer.body.len, NULL));
	str_reset(out);
	str_add(out, got.text);
	time = strstr(out->text, ",\"time\":\"");
	if (time) {
		str_truncate(out, (size_t)(time - out->text));
		str_add_char(out, '}');
	}
}

void books_quote(struct str *out, const char *text)
{
	for (; *text; text++)
		str_add_char(out, *text == '`' ? '"' : *text);
}

void assert_text(const char *text, const char *expected)
{
	AUTO(str_clear) struct str quoted = STR_INIT(STR_NO_LIMIT);

	books_quote(&quoted, expected);
	assert_string_equal(text, quoted.text);
}

void assert_has(const char *text, const char *part)
{
	AUTO(str_clear) struct str quoted = STR_INIT(STR_NO_LIMIT);

	books_quote(&quoted, part);
	if (!strstr(text, quoted.text))
		fail_msg("expected '%s' in %s", quoted.text, text);
}

void assert_fault(const struct fault *fault, int code, const char *detail)
{
	if (fault->code != code || strcmp(fault->detail, detail) != 0)
		fail_msg("expected %d '%s', got %d '%s'", code, detail, fault->code, fault->detail);
}

void assert_json(const char *text, const char *path, const char *expected)
{
	struct json_slice slice = json_find(text, strlen(text), path);
	AUTO(str_clear) struct str plain = STR_INIT(STR_NO_LIMIT);

	if (slice.kind == JSON_STRING)
		json_unquote(slice, &plain);
	else if (slice.kind != JSON_NONE)
		str_add_bytes(&plain, slice.text, slice.len);
	else
		str_add(&plain, "(nothing)");
	if (strcmp(plain.text, expected) != 0)
		fail_msg("%s: expected '%s', got '%s' in %s", path, expected, plain.text, text);
}
