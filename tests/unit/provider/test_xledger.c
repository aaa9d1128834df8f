/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Xledger by script: what is asked, to the letter, and what becomes of each kind of answer. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/memory.h"

#include "tests.h"

#define NOW_MS INT64_C(1769860800000) /* 2026-01-31T12:00:00Z */

struct step {
	const char *document;  /* as it is sent */
	const char *variables; /* NULL: none */
	const char *body;      /* of the answer */
	int status;            /* 0: 200 */
};

struct talk {
	const struct step *steps;
	size_t count, at;
	int64_t now_ms;
	int rejections;
	struct str said;
	struct http http;
	struct provider_addresses addresses;
	struct connection connection;
	struct secret *token;
};

static const char rows[] = "provider = xledger\n"
			   "key = dbId\n"
			   "read = delta\n"
			   "deleted = changes\n"
			   "zone = central-european\n"
			   "[things]\nquery = things\ntime = modifiedAt\ntitle = name\n"
			   "select = owner.dbId owner.name\nselect = owner code\nfield = code text\nfield = owner.part.deep text as deep\n"
			   "[hours]\nquery = hours\ntitle = text\nextra = ids=Int64String page=20 owners=LOWER status=no\n"
			   "[entries]\nquery = entries\ntime = headerModifiedAt\nextra = since=no deltas=entry_changes\n";

#define THING "{ dbId modifiedAt name code owner { part { deep } dbId name } }"
#define THINGS(size, more) "query { r: things(first: " size more ", ownerSet: CURRENT, objectStatus: ALL) { edges { cursor node " THING \
			   " } pageInfo { hasNextPage } } }"
#define FOUND(type, arguments, node) "query($ids: [" type "!]) { r: " arguments ") { edges { cursor node " node " } pageInfo { hasNextPage } } }"
#define LIST(edges, more) "{\"data\":{\"r\":{\"edges\":" edges ",\"pageInfo\":{\"hasNextPage\":" more "}}}}"
#define EDGE(cursor, id) "{\"cursor\":\"" cursor "\",\"node\":{\"dbId\":" id "}}"

static bool perform(void *ctx, const struct http_request *request, struct http_answer *answer, struct cancel *cancel, struct error *err)
{
	struct talk *talk = ctx;
	const struct step *step = &talk->steps[talk->at];
	AUTO(str_clear) struct str query = STR_INIT(STR_NO_LIMIT), variables = STR_INIT(STR_NO_LIMIT);
	struct json_slice sent;

	(void)cancel;
	(void)err;
	assert_string_equal(request->method, "POST");
	assert_string_equal(request->url, "https://x.test/graphql");
	assert_ptr_equal(request->authorization, talk->token);
	assert_int_equal(request->class, HTTP_READ);
	assert_true(json_check(request->body, request->body_len, NULL));
	json_unquote(json_find(request->body, request->body_len, "query"), &query);
	if (talk->at == talk->count)
		fail_msg("not in the script: %s", query.text);
	assert_string_equal(query.text, step->document);
	sent = json_find(request->body, request->body_len, "variables");
	str_add_bytes(&variables, sent.text, sent.len);
	assert_string_equal(variables.text, step->variables ? step->variables : "{}");
	talk->at++;
	http_answer_reset(answer);
	answer->body.limit = STR_NO_LIMIT;
	str_add(&answer->body, step->body);
	answer->status = step->status ? step->status : 200;
	answer->date_ms = talk->now_ms;
	return true;
}

static int64_t read_clock(void *ctx)
{
	return ((struct talk *)ctx)->now_ms;
}

static void no_random(void *ctx, void *bytes, size_t len)
{
	(void)ctx;
	memset(bytes, 0, len);
}

static bool no_sleep(void *ctx, int64_t ms, struct cancel *cancel)
{
	(void)cancel;
	((struct talk *)ctx)->now_ms += ms;
	return true;
}

static bool authorization(void *ctx, bool rejected, const struct secret **ret_value, struct error *err)
{
	struct talk *talk = ctx;

	talk->rejections += rejected;
	*ret_value = talk->token;
	return !rejected || error_set(err, ERROR_AUTH, "connect it again");
}

static void talk_init(struct talk *talk, const struct step *steps, size_t count)
{
	*talk = (struct talk){
		.steps = steps, .count = count, .now_ms = NOW_MS, .addresses = { .api = "https://x.test/graphql" },
		.token = secret_copy("token letmein", 13),
		.said = STR_INIT(CONNECTION_SAID_MAX),
		.http = { .transport = { .perform = perform, .ctx = talk }, .sleep = no_sleep, .sleep_ctx = talk, .read_tries = 1,
			  .env = { .wall_ms = read_clock, .ticks_ms = read_clock, .random = no_random, .ctx = talk } },
		.connection = { .provider = provider_find("xledger"), .environment = ENVIRONMENT_DEMO, .realm = "77",
				.authorization = authorization, .ctx = talk },
	};
	talk->connection.addresses = &talk->addresses;
	talk->connection.http = &talk->http;
	talk->connection.said = &talk->said;
}

static void talk_clear(struct talk *talk)
{
	secret_free(talk->token);
	str_clear(&talk->said);
	if (talk->at < talk->count)
		print_error("never asked: %s\n", talk->steps[talk->at].document);
	assert_int_equal(talk->at, talk->count);
}

#define TALK(name, ...)                                                                            \
	const struct step name##_steps[] = { __VA_ARGS__ };                                        \
	AUTO(talk_clear) struct talk name;                                                         \
	talk_init(&name, name##_steps, ARRAY_LEN(name##_steps))

static struct catalogue *catalogue;

static const struct type *type_of(const char *name)
{
	return catalogue_find(catalogue, "xledger", name);
}

static bool read(struct talk *talk, const char *type, int64_t from_ms, const char *position, struct page *page, struct error *err)
{
	AUTO(memory_freep) char *place = position ? memory_copy_text(position) : NULL;

	error_clear(err);
	return talk->connection.provider->read(&talk->connection, type_of(type), from_ms, NOW_MS, place, page, err);
}

/* ---- pages */

static void pages_follow_a_cursor(void **state)
{
	TALK(talk,
	     { .document = THINGS("1000", ""), .body = LIST("[" EDGE("a", "1") "," EDGE("b\\\"}", "\"2\"") "]", "true") },
	     { .document = THINGS("1000", ", after: \"b\\\"}\""), .body = LIST("[" EDGE("c", "3") "]", "false") });
	AUTO(page_clear) struct page page;
	struct error err;

	(void)state;
	page_init(&page);
	assert_true(read(&talk, "things", INT64_MIN, NULL, &page, &err));
	assert_string_equal(page_ids(type_of("things"), &page), "1 2");
	assert_string_equal(page.position, "1000 b\"}");
	assert_true(page.ledger_ms == NOW_MS);
	assert_true(read(&talk, "things", INT64_MIN, page.position, &page, &err));
	assert_string_equal(page_ids(type_of("things"), &page), "3");
	assert_null(page.position);
}

static void what_is_empty_has_many_forms(void **state)
{
	static const char *const bodies[] = {
		LIST("[]", "false"), LIST("null", "false"), LIST("null", "true"), LIST("[]", "true"), "{\"data\":{\"r\":null}}",
		"{\"data\":{\"r\":{\"edges\":null,\"pageInfo\":null}}}",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
		TALK(talk, { .document = THINGS("1000", ""), .body = bodies[i] });
		AUTO(page_clear) struct page page;
		struct error err;

		page_init(&page);
		assert_true(read(&talk, "things", INT64_MIN, NULL, &page, &err));
		assert_int_equal(page.count, 0);
		assert_null(page.position);
	}
}

/* Nothing of these may look like an empty list. */
static void half_an_answer_is_no_answer(void **state)
{
	static const struct {
		const char *body;
		int status;
	} answers[] = {
		{ "{\"data\":null}", 0 },
		{ "{}", 0 },
		{ "[]", 0 },
		{ "", 0 },
		{ "<html></html>", 0 },
		{ "{\"data\":{}}", 0 },
		{ "{\"data\":{\"r\":[]}}", 0 },
		{ "{\"data\":{\"r\":{}}}", 0 },
		{ "{\"data\":{\"r\":{\"edges\":[],\"pageInfo\":{\"hasNext", 0 },
		{ LIST("[]", "false"), 400 },
		{ "{\"data\":{\"r\":null},\"errors\":[{\"message\":\"internal error\",\"code\":\"INTERNAL\"}]}", 0 },
		{ "{\"data\":{\"r\":{\"edges\":[]}},\"errors\":[{\"message\":\"x\",\"code\":\"INTERNAL\"}]}", 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
		TALK(talk, { .document = THINGS("1000", ""), .body = answers[i].body, .status = answers[i].status });
		AUTO(page_clear) struct page page;
		struct error err;

		page_init(&page);
		if (read(&talk, "things", INT64_MIN, NULL, &page, &err))
			fail_msg("taken: %s", answers[i].body);
		assert_int_equal(err.code, ERROR_REMOTE);
		assert_int_equal(page.count, 0);
	}
}

static void the_same_place_is_no_progress(void **state)
{
	TALK(talk, { .document = THINGS("1000", ", after: \"a\""), .body = LIST("[" EDGE("a", "1") "]", "true") });
	AUTO(page_clear) struct page page;
	struct error err;

	(void)state;
	page_init(&page);
	assert_false(read(&talk, "things", INT64_MIN, "1000 a", &page, &err));
	assert_int_equal(err.code, ERROR_REMOTE);
	assert_non_null(strstr(err.text, "the same page again and again"));
}

#define TIMED_OUT "{\"data\":null,\"errors\":[{\"message\":\"Your query timed out.\"}]}"

static void what_takes_too_long_is_halved(void **state)
{
	TALK(talk,
	     { .document = THINGS("1000", ", after: \"k\""), .body = TIMED_OUT },
	     { .document = THINGS("500", ", after: \"k\""), .body = TIMED_OUT },
	     { .document = THINGS("250", ", after: \"k\""), .body = LIST("[" EDGE("l", "1") "]", "true") },
	     { .document = THINGS("250", ", after: \"l\""), .body = LIST("[]", "false") });
	AUTO(page_clear) struct page page;
	struct error err;

	(void)state;
	page_init(&page);
	assert_true(read(&talk, "things", INT64_MIN, "1000 k", &page, &err));
	assert_string_equal(page.position, "250 l");
	assert_true(read(&talk, "things", INT64_MIN, page.position, &page, &err));
}

#define HOURS_PAGE "query { r: hours(first: %d, ownerSet: LOWER) { edges { cursor node { dbId text } } pageInfo { hasNextPage } } }"

static void halving_has_an_end(void **state)
{
	char first[200], second[200];
	AUTO(page_clear) struct page page;
	struct error err;

	(void)state;
	page_init(&page);
	snprintf(first, sizeof(first), HOURS_PAGE, 20);
	snprintf(second, sizeof(second), HOURS_PAGE, 10);
	TALK(talk, { .document = first, .body = TIMED_OUT }, { .document = second, .body = TIMED_OUT });
	assert_false(read(&talk, "hours", INT64_MIN, NULL, &page, &err));
	assert_int_equal(err.code, ERROR_REMOTE);
	assert_non_null(strstr(err.text, "took the ledger too long"));
}

/* Local time there; from the first of two hours with the same name; not asked for where it can't be. */
#define SINCE(time) "query { r: things(first: 1000, ownerSet: CURRENT, objectStatus: ALL, filter: {modifiedAt_gte: \"" time "\"}) { edges { cursor node " \
		    THING " } pageInfo { hasNextPage } } }"

static void what_changed_since_is_asked_in_local_time(void **state)
{
	static const struct {
		const char *type, *utc, *document;
	} table[] = {
		{ "things", "2026-01-31T11:00:00Z", SINCE("2026-01-31T12:00:00") },
		{ "things", "2026-07-01T11:00:00Z", SINCE("2026-07-01T13:00:00") },
		{ "things", "2026-10-24T23:59:59Z", SINCE("2026-10-25T01:59:59") },
		{ "things", "2026-10-25T00:59:00Z", SINCE("2026-10-25T02:00:00") }, /* 01:10 UTC is 02:10 there once more */
		{ "things", "2026-10-25T01:30:00Z", SINCE("2026-10-25T02:30:00") },
		{ "entries", "2026-01-31T11:00:00Z", "query { r: entries(first: 1000, ownerSet: CURRENT, objectStatus: ALL) { edges { cursor node "
						     "{ dbId headerModifiedAt } } pageInfo { hasNextPage } } }" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		TALK(talk, { .document = table[i].document, .body = LIST("[]", "false") });
		AUTO(page_clear) struct page page;
		bool has_offset;
		int64_t from_ms;
		struct error err;

		page_init(&page);
		assert_true(stamp_parse(table[i].utc, strlen(table[i].utc), &from_ms, &has_offset));
		assert_true(read(&talk, table[i].type, from_ms, NULL, &page, &err));
	}
}

/* ---- refusals */

#define REFUSED(message, code, more) "{\"errors\":[{\"message\":\"" message "\",\"code\":\"" code "\"" more "}]}"

static void refusals_are_told_apart(void **state)
{
	static const struct {
		const char *body;
		int status;
		enum error_code code;
		int retry_after_s;     /* -1: not by itself */
		const char *words;
	} table[] = {
		{ REFUSED("Bad format for API Token. Expected header: \\\"Authorization: token <your-token>\\\"", "", ""), 0, ERROR_AUTH, -1, "refused the token" },
		{ REFUSED("Invalid API Token", "UNAUTHORIZED", ""), 401, ERROR_AUTH, -1, "connect it again" },
		{ REFUSED("Not allowed", "FORBIDDEN", ""), 0, ERROR_INPUT, -1, "no right" },
		{ REFUSED("Cannot query field \\\"colour\\\" on type \\\"Customer\\\".", "", ""), 0, ERROR_INPUT, -1, "\"colour\"" },
		{ REFUSED("Cannot query field \\\"colour\\\" on type \\\"Customer\\\".", "", ""), 400, ERROR_INPUT, -1, "\"colour\"" },
		{ REFUSED("bad", "", ",\"extensions\":{\"code\":\"INVALID_VALUE\"}"), 0, ERROR_INPUT, -1, "bad" },
		{ REFUSED("subledger.code: No value matching owner 7, code 'X'.", "", ""), 0, ERROR_INPUT, -1, "No value matching" },
		{ REFUSED("it broke", "INTERNAL_SERVER_ERROR", ""), 0, ERROR_REMOTE, 60, "it broke" },
		{ REFUSED("Not enough credits", "BAD_REQUEST.INSUFFICIENT_CREDITS", ""), 0, ERROR_LIMIT, 1200, "1200 s" },
		{ REFUSED("Not enough credits", "BAD_REQUEST.INSUFFICIENT_CREDITS", ",\"extensions\":{\"resetAt\":\"2026-01-31T14:00:00\"}"), 0,
		  ERROR_LIMIT, 3600, "3600 s" },
		{ REFUSED("Not enough credits", "BAD_REQUEST.INSUFFICIENT_CREDITS", ",\"extensions\":{\"resetAt\":\"2026-01-31T12:50:00Z\"}"), 0,
		  ERROR_LIMIT, 3000, "3000 s" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		TALK(talk, { .document = THINGS("1000", ""), .body = table[i].body, .status = table[i].status });
		AUTO(page_clear) struct page page;
		struct error err;

		page_init(&page);
		assert_false(read(&talk, "things", INT64_MIN, NULL, &page, &err));
		if (err.code != table[i].code || !strstr(err.text, table[i].words) || err.retry_after_s != table[i].retry_after_s)
			fail_msg("%s: %s, %d s: %s", table[i].body, error_word(err.code), err.retry_after_s, err.text);
		assert_null(strstr(err.text, "letmein"));
	}
}

static void what_is_refused_for_now_is_waited_for(void **state)
{
	TALK(talk,
	     { .document = THINGS("1000", ""), .body = REFUSED("slow down", "BAD_REQUEST.BURST_RATE_LIMIT_REACHED", "") },
	     { .document = THINGS("1000", ""), .body = REFUSED("one at a time", "BAD_REQUEST.CONCURRENCY_LIMIT_REACHED", "") },
	     { .document = THINGS("1000", ""), .body = LIST("[" EDGE("a", "1") "]", "false") });
	AUTO(page_clear) struct page page;
	struct error err;

	(void)state;
	page_init(&page);
	assert_true(read(&talk, "things", INT64_MIN, NULL, &page, &err));
	assert_int_equal(page.count, 1);
	assert_true(talk.now_ms - NOW_MS >= 6000 && talk.now_ms - NOW_MS < 8000);
}

/* ---- one record */

static void a_record_is_there_or_not_or_nobody_knows(void **state)
{
	static const struct {
		const char *body;
		enum found found;
	} table[] = {
		{ LIST("[" EDGE("a", "9") "]", "false"), FOUND },
		{ LIST("[]", "false"), ABSENT },
		{ LIST("null", "false"), ABSENT },
		{ LIST("[" EDGE("a", "9") "," EDGE("b", "10") "]", "true"), UNKNOWN_FOUND }, /* the filter was not obeyed */
		{ REFUSED("it broke", "INTERNAL", ""), UNKNOWN_FOUND },
		{ "{\"data\":null}", UNKNOWN_FOUND },
		{ "{\"data\":{\"r\":null},\"errors\":[{\"message\":\"no right\",\"code\":\"FORBIDDEN\"}]}", UNKNOWN_FOUND },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		TALK(talk, { .document = FOUND("Int", "things(first: 2, ownerSet: CURRENT, objectStatus: ALL, filter: {dbId_in: $ids}", THING),
			     .variables = "{\"ids\":[9]}", .body = table[i].body });
		AUTO(page_clear) struct page page;
		struct error err = { 0 };

		page_init(&page);
		assert_int_equal(talk.connection.provider->find(&talk.connection, type_of("things"), "9", &page, &err), table[i].found);
		assert_true((err.code == ERROR_NONE) == (table[i].found != UNKNOWN_FOUND));
	}
	{
		TALK(talk, { .document = FOUND("Int64String", "hours(first: 2, ownerSet: LOWER, filter: {dbId_in: $ids}", "{ dbId text }"),
			     .variables = "{\"ids\":[\"9\"]}", .body = LIST("[" EDGE("a", "\"9\"") "]", "false") });
		AUTO(page_clear) struct page page;
		struct error err;

		page_init(&page);
		assert_int_equal(talk.connection.provider->find(&talk.connection, type_of("hours"), "9", &page, &err), FOUND);
	}
}

/* ---- changes */

struct changes {
	const struct type *types[3];
	struct page pages[3];
	char *marks[3];
	size_t count;
	struct error err;
};

static void changes_init(struct changes *changes, const char *const *types, size_t count)
{
	*changes = (struct changes){ .count = count };
	for (size_t i = 0; i < count; i++) {
		changes->types[i] = type_of(types[i]);
		page_init(&changes->pages[i]);
	}
}

static void changes_clear(struct changes *changes)
{
	for (size_t i = 0; i < changes->count; i++) {
		page_clear(&changes->pages[i]);
		free(changes->marks[i]);
	}
}

static bool ask(struct talk *talk, struct changes *changes, const char *const *marks)
{
	return talk->connection.provider->changes(&talk->connection, changes->types, changes->count, marks, changes->pages, changes->marks,
						  &changes->err);
}

#define DELTAS(alias, root, arguments, owners) alias ": " root "(" arguments ", ownerSet: " owners ") { edges { cursor node { dbId mutationType } } " \
					       "pageInfo { hasNextPage } }"
#define DELTA(cursor, id, what) "{\"cursor\":\"" cursor "\",\"node\":{\"dbId\":" id ",\"mutationType\":\"" what "\"}}"
#define ROOT(alias, edges, more) "\"" alias "\":{\"edges\":" edges ",\"pageInfo\":{\"hasNextPage\":" more "}}"
#define DATA(roots) "{\"data\":{" roots "}}"

static void a_mark_is_the_newest_delta_or_none(void **state)
{
	static const char *const types[] = { "things" }, *const none[] = { "" };
	static const char *const bodies[] = { DATA(ROOT("t0", "[" DELTA("x9", "1", "UPDATED") "]", "false")), DATA(ROOT("t0", "null", "false")) };
	static const char *const marks[] = { "x9", "-" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
		TALK(talk, { .document = "query { " DELTAS("t0", "thing_deltas", "last: 1", "CURRENT") " }", .body = bodies[i] });
		AUTO(changes_clear) struct changes changes;

		changes_init(&changes, types, 1);
		assert_true(ask(&talk, &changes, none));
		assert_string_equal(changes.marks[0], marks[i]);
		assert_int_equal(changes.pages[0].count + changes.pages[0].gone_count, 0);
		assert_true(changes.pages[0].ledger_ms == NOW_MS);
	}
}

/* All types in one document; the last word on an id counts; what changed comes in one more. */
static void changes_of_all_types_cost_two_calls(void **state)
{
	static const char *const types[] = { "things", "hours", "entries" }, *const marks[] = { "5", "-", "e" };
	TALK(talk,
	     { .document = "query { " DELTAS("t0", "thing_deltas", "first: 1000, after: \"5\"", "CURRENT") " "
			   DELTAS("t1", "hour_deltas", "first: 1000", "LOWER") " "
			   DELTAS("t2", "entry_changes", "first: 1000, after: \"e\"", "CURRENT") " }",
	       .body = DATA(ROOT("t0", "[" DELTA("6", "1", "ADDED") "," DELTA("7", "2", "UPDATED") "," DELTA("8", "3", "DELETED") ","
				 DELTA("9", "3", "ADDED") "," DELTA("10", "4", "UPDATED") "," DELTA("11", "4", "DELETION") "]", "false") ","
			    ROOT("t1", "[" DELTA("h1", "\"70\"", "RENAMED") "]", "false") ","
			    ROOT("t2", "null", "false")) },
	     { .document = "query($i0: [Int!], $i1: [Int64String!]) { "
			   "t0: things(first: 3, ownerSet: CURRENT, objectStatus: ALL, filter: {dbId_in: $i0}) { edges { cursor node " THING
			   " } pageInfo { hasNextPage } } "
			   "t1: hours(first: 1, ownerSet: LOWER, filter: {dbId_in: $i1}) { edges { cursor node { dbId text } } pageInfo { hasNextPage } } }",
	       .variables = "{\"i0\":[1,2,3],\"i1\":[\"70\"]}",
	       .body = DATA(ROOT("t0", "[" EDGE("a", "3") "," EDGE("b", "1") "," EDGE("c", "2") "," EDGE("d", "2") "]", "false") ","
			    ROOT("t1", "[" EDGE("a", "\"70\"") "]", "false")) });
	AUTO(changes_clear) struct changes changes;

	(void)state;
	changes_init(&changes, types, 3);
	if (!ask(&talk, &changes, marks))
		fail_msg("%s", changes.err.text);
	assert_string_equal(page_ids(changes.types[0], &changes.pages[0]), "3 1 2");
	assert_string_equal(page_gone(&changes.pages[0]), "4");
	assert_string_equal(page_ids(changes.types[1], &changes.pages[1]), "70");
	assert_int_equal(changes.pages[2].count + changes.pages[2].gone_count, 0);
	assert_string_equal(changes.marks[0], "11");
	assert_string_equal(changes.marks[1], "h1");
	assert_string_equal(changes.marks[2], "e");
	assert_false(changes.pages[0].overflow);
}

static void nothing_new_costs_one_call(void **state)
{
	static const char *const types[] = { "things", "hours" }, *const marks[] = { "5", "6" };
	TALK(talk, { .document = "query { " DELTAS("t0", "thing_deltas", "first: 1000, after: \"5\"", "CURRENT") " "
				 DELTAS("t1", "hour_deltas", "first: 1000, after: \"6\"", "LOWER") " }",
		     .body = DATA(ROOT("t0", "[]", "false") "," ROOT("t1", "null", "false")) });
	AUTO(changes_clear) struct changes changes;

	(void)state;
	changes_init(&changes, types, 2);
	assert_true(ask(&talk, &changes, marks));
	assert_string_equal(changes.marks[0], "5");
	assert_string_equal(changes.marks[1], "6");
}

/* Page after page; what is not shown is asked for once more, and then said to be gone. */
static void what_vanishes_is_asked_for_twice(void **state)
{
	static const char *const types[] = { "hours" }, *const marks[] = { "a" };
#define HOURS(n) "query($i0: [Int64String!]) { t0: hours(first: " n ", ownerSet: LOWER, filter: {dbId_in: $i0}) { edges { cursor node { dbId text } } " \
		 "pageInfo { hasNextPage } } }"
	TALK(talk,
	     { .document = "query { " DELTAS("t0", "hour_deltas", "first: 1000, after: \"a\"", "LOWER") " }",
	       .body = DATA(ROOT("t0", "[" DELTA("b", "1", "UPDATED") "]", "true")) },
	     { .document = "query { " DELTAS("t0", "hour_deltas", "first: 1000, after: \"b\"", "LOWER") " }",
	       .body = DATA(ROOT("t0", "[" DELTA("c", "2", "ADDED") "," DELTA("d", "3", "ADDED") "]", "false")) },
	     { .document = HOURS("3"), .variables = "{\"i0\":[\"1\",\"2\",\"3\"]}", .body = DATA(ROOT("t0", "[" EDGE("x", "\"2\"") "]", "false")) },
	     { .document = HOURS("2"), .variables = "{\"i0\":[\"1\",\"3\"]}", .body = DATA(ROOT("t0", "[" EDGE("x", "\"3\"") "]", "false")) });
	AUTO(changes_clear) struct changes changes;

	(void)state;
	changes_init(&changes, types, 1);
	assert_true(ask(&talk, &changes, marks));
	assert_string_equal(page_ids(changes.types[0], &changes.pages[0]), "2 3");
	assert_string_equal(page_gone(&changes.pages[0]), "1");
	assert_string_equal(changes.marks[0], "d");
}

/* A type whose row is wrong holds up no other: nothing is known of it, and its mark stays. */
static void a_type_that_is_refused_is_alone(void **state)
{
	static const char *const types[] = { "things", "hours" }, *const marks[] = { "5", "6" };
	const char *refused = REFUSED("Cannot query field \\\"hour_deltas\\\" on type \\\"Query\\\".", "", "");
	TALK(talk,
	     { .document = "query { " DELTAS("t0", "thing_deltas", "first: 1000, after: \"5\"", "CURRENT") " "
			   DELTAS("t1", "hour_deltas", "first: 1000, after: \"6\"", "LOWER") " }", .body = refused },
	     { .document = "query { " DELTAS("t0", "thing_deltas", "first: 1000, after: \"5\"", "CURRENT") " }",
	       .body = DATA(ROOT("t0", "[" DELTA("7", "2", "DELETED") "]", "false")) },
	     { .document = "query { " DELTAS("t1", "hour_deltas", "first: 1000, after: \"6\"", "LOWER") " }", .body = refused });
	AUTO(changes_clear) struct changes changes;

	(void)state;
	changes_init(&changes, types, 2);
	assert_true(ask(&talk, &changes, marks));
	assert_string_equal(page_gone(&changes.pages[0]), "2");
	assert_false(changes.pages[0].overflow);
	assert_string_equal(changes.marks[0], "7");
	assert_true(changes.pages[1].overflow);
	assert_null(changes.marks[1]);
}

static void a_place_that_is_not_kept_is_too_old(void **state)
{
	static const char *const types[] = { "things" }, *const marks[] = { "5" };
	TALK(talk, { .document = "query { " DELTAS("t0", "thing_deltas", "first: 1000, after: \"5\"", "CURRENT") " }",
		     .body = REFUSED("Invalid cursor.", "BAD_REQUEST", "") });
	AUTO(changes_clear) struct changes changes;

	(void)state;
	changes_init(&changes, types, 1);
	assert_false(ask(&talk, &changes, marks));
	assert_int_equal(changes.err.code, ERROR_INPUT);
	assert_string_equal(changes.err.text, "too old");
}

/* ---- whose it is */

#define WHOSE "query { __typename a: employees(first: 1, ownerSet: CURRENT) { edges { node { ownerDbId owner { dbId description } } } } " \
	      "b: timesheets(first: 1, ownerSet: CURRENT) { edges { node { ownerDbId owner { dbId description } } } } " \
	      "c: transactions(first: 1, ownerSet: CURRENT) { edges { node { ownerDbId owner { dbId description } } } } " \
	      "d: transactions(first: 20, ownerSet: CURRENT) { edges { node { amount invoiceAmount currency { code } } } } }"
#define BOOKED(amount, own, code) "{\"node\":{\"amount\":\"" amount "\",\"invoiceAmount\":\"" own "\",\"currency\":{\"code\":\"" code "\"}}}"
#define WHOSE_ID "query { __typename a: customers(first: 1, ownerSet: CURRENT) { edges { node { ownerDbId } } } " \
		 "b: suppliers(first: 1, ownerSet: CURRENT) { edges { node { ownerDbId } } } " \
		 "c: projects(first: 1, ownerSet: CURRENT) { edges { node { ownerDbId } } } }"

#define WHOSE_HOURS "query { __typename a: timesheets(first: 1, ownerSet: CURRENT) { edges { node { owner { dbId description } } } } }"
#define WHOSE_NAME "query { __typename a: transactions(first: 1, ownerSet: CURRENT) { edges { node { owner { description } } } } " \
		   "b: arTransactions(first: 1, ownerSet: CURRENT) { edges { node { owner { description } } } } " \
		   "c: apTransactions(first: 1, ownerSet: CURRENT) { edges { node { owner { description } } } } }"

static void records_tell_whose_they_are(void **state)
{
	static const struct step good[] = {
		{ .document = WHOSE, .body = "{\"data\":{\"__typename\":\"Query\",\"a\":null,\"b\":{\"edges\":null},\"c\":{\"edges\":[{\"node\":{\"ownerDbId\":"
					     "\"4711\",\"owner\":{\"dbId\":4711,\"description\":\"Fjord & Sønn AS\"}}}]},\"d\":{\"edges\":[" BOOKED("0.00", "0.00", "SEK") ","
					     BOOKED("115.10", "10.00", "EUR") "," BOOKED("10.00", "10.00", "NOK") "]}},\"errors\":[{\"message\":\"no right\"}]}" },
	}, plain[] = {
		{ .document = WHOSE, .body = REFUSED("Cannot query field \\\"owner\\\" on type \\\"Employee\\\".", "", "") },
		{ .document = WHOSE_ID, .body = "{\"data\":{\"a\":{\"edges\":[]},\"b\":{\"edges\":[{\"node\":{\"ownerDbId\":12}}]},\"c\":null}}" },
	}, owned[] = {
		{ .document = WHOSE, .body = REFUSED("Cannot query field \\\"ownerDbId\\\" on type \\\"Employee\\\".", "", "") },
		{ .document = WHOSE_ID, .body = REFUSED("Cannot query field \\\"ownerDbId\\\" on type \\\"Customer\\\".", "", "") },
		{ .document = WHOSE_HOURS, .body = "{\"data\":{\"a\":{\"edges\":[{\"node\":{\"owner\":{\"dbId\":\"31\",\"description\":\"Fjell AS\"}}}]}}}" },
	}, named[] = {
		{ .document = WHOSE, .body = "{\"data\":{\"a\":{\"edges\":[]},\"b\":{\"edges\":[]},\"c\":{\"edges\":[]}}}" },
		{ .document = WHOSE_ID, .body = "{\"data\":{\"a\":{\"edges\":[]},\"b\":{\"edges\":[]},\"c\":{\"edges\":[]}}}" },
		{ .document = WHOSE_HOURS, .body = "{\"data\":{\"a\":{\"edges\":null}}}" },
		{ .document = WHOSE_NAME, .body = "{\"data\":{\"a\":null,\"b\":{\"edges\":[{\"node\":{\"owner\":{\"description\":\"Fjell AS\"}}}]},\"c\":null}}" },
	}, nobody[] = {
		{ .document = WHOSE, .body = "{\"data\":{\"a\":{\"edges\":[]},\"b\":{\"edges\":[]},\"c\":{\"edges\":[]}}}" },
		{ .document = WHOSE_ID, .body = "{\"data\":{\"a\":{\"edges\":[]},\"b\":{\"edges\":[]},\"c\":{\"edges\":[]}}}" },
		{ .document = WHOSE_HOURS, .body = "{\"data\":{\"a\":null}}" },
		{ .document = WHOSE_NAME, .body = "{\"data\":{\"a\":null,\"b\":null,\"c\":null}}" },
	}, wrong[] = {
		{ .document = WHOSE, .body = REFUSED("Invalid API Token", "UNAUTHORIZED", "") },
	};
	static const struct {
		const struct step *steps;
		size_t count;
		const char *realm, *name, *currency;
		enum error_code code;
	} table[] = {
		{ good, ARRAY_LEN(good), "4711", "Fjord & Sønn AS", "NOK", ERROR_NONE },
		{ plain, ARRAY_LEN(plain), "12", "entity 12", "", ERROR_NONE },
		{ owned, ARRAY_LEN(owned), "31", "Fjell AS", "", ERROR_NONE },
		{ named, ARRAY_LEN(named), "Fjell AS", "Fjell AS", "", ERROR_NONE },
		{ nobody, ARRAY_LEN(nobody), "", "", "", ERROR_INPUT },
		{ wrong, ARRAY_LEN(wrong), "", "", "", ERROR_AUTH },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		AUTO(talk_clear) struct talk talk;
		struct identity identity;
		struct error err = { 0 };

		talk_init(&talk, table[i].steps, table[i].count);
		assert_true(talk.connection.provider->identity(&talk.connection, &identity, &err) == (table[i].code == ERROR_NONE));
		assert_int_equal(err.code, table[i].code);
		assert_string_equal(identity.realm, table[i].realm);
		assert_string_equal(identity.name, table[i].name);
		assert_string_equal(identity.currency, table[i].currency);
	}
}

static void the_date_tells_the_time(void **state)
{
	TALK(talk, { .document = "query { __typename }", .body = "{\"data\":{\"__typename\":\"Query\"}}" });
	struct error err;
	int64_t ms = 0;

	(void)state;
	assert_true(talk.connection.provider->now(&talk.connection, &ms, &err));
	assert_true(ms == NOW_MS);
}

static int begin(void **state)
{
	(void)state;
	catalogue = catalogue_of(rows);
	return 0;
}

static int end(void **state)
{
	(void)state;
	catalogue_free(catalogue);
	return 0;
}

int test_xledger(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_follow_a_cursor),
		cmocka_unit_test(what_is_empty_has_many_forms),
		cmocka_unit_test(half_an_answer_is_no_answer),
		cmocka_unit_test(the_same_place_is_no_progress),
		cmocka_unit_test(what_takes_too_long_is_halved),
		cmocka_unit_test(halving_has_an_end),
		cmocka_unit_test(what_changed_since_is_asked_in_local_time),
		cmocka_unit_test(refusals_are_told_apart),
		cmocka_unit_test(what_is_refused_for_now_is_waited_for),
		cmocka_unit_test(a_record_is_there_or_not_or_nobody_knows),
		cmocka_unit_test(a_mark_is_the_newest_delta_or_none),
		cmocka_unit_test(changes_of_all_types_cost_two_calls),
		cmocka_unit_test(nothing_new_costs_one_call),
		cmocka_unit_test(what_vanishes_is_asked_for_twice),
		cmocka_unit_test(a_type_that_is_refused_is_alone),
		cmocka_unit_test(a_place_that_is_not_kept_is_too_old),
		cmocka_unit_test(records_tell_whose_they_are),
		cmocka_unit_test(the_date_tells_the_time),
	};

	return cmocka_run_group_tests_name("xledger", tests, begin, end);
}
