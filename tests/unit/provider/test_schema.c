/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of the catalogue against a schema that is written here: what of them does not fit, in which words, and on which line. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/provider/schema.h"

#include "tests.h"

#define SCALAR(name) "{\"kind\":\"SCALAR\",\"name\":\"" name "\",\"ofType\":null}"
#define OBJECT(name) "{\"kind\":\"OBJECT\",\"name\":\"" name "\",\"ofType\":null}"
#define NOT_NULL(type) "{\"kind\":\"NON_NULL\",\"name\":null,\"ofType\":" type "}"
#define LIST(type) "{\"kind\":\"LIST\",\"name\":null,\"ofType\":" type "}"
#define FIELD(name, type) "{\"name\":\"" name "\",\"args\":[],\"type\":" type "}"
#define ROOT(name, type, args) "{\"name\":\"" name "\",\"args\":[" args "],\"type\":" type "}"
#define ARGUMENT(name, type) "{\"name\":\"" name "\",\"type\":" type "}"
#define TYPE(name, fields) "{\"kind\":\"OBJECT\",\"name\":\"" name "\",\"fields\":[" fields "],\"inputFields\":null,\"enumValues\":null}"
#define INPUT(name, fields) "{\"kind\":\"INPUT_OBJECT\",\"name\":\"" name "\",\"fields\":null,\"inputFields\":[" fields "],\"enumValues\":null}"
#define PAGES ARGUMENT("first", SCALAR("Int")) "," ARGUMENT("after", SCALAR("String"))
#define OWNERS ARGUMENT("ownerSet", SCALAR("OwnerSet"))
#define CONNECTION(of) TYPE(of "Connection", FIELD("edges", LIST(NOT_NULL(OBJECT(of "Edge")))) "," FIELD("pageInfo", NOT_NULL(OBJECT("PageInfo")))) \
	"," TYPE(of "Edge", FIELD("cursor", SCALAR("String")) "," FIELD("node", NOT_NULL(OBJECT(of))))

static const char schema[] =
	"{\"queryType\":{\"name\":\"Root\"},\"types\":["
	TYPE("Root", ROOT("things", NOT_NULL(OBJECT("ThingConnection")), PAGES "," OWNERS "," ARGUMENT("objectStatus", SCALAR("Status")) ","
			  ARGUMENT("filter", SCALAR("Thing_Filter")))
		"," ROOT("thing_deltas", OBJECT("Thing_DeltaConnection"), PAGES "," OWNERS "," ARGUMENT("last", SCALAR("Int")))
		"," ROOT("bare_deltas", OBJECT("ThingConnection"), PAGES)
		"," ROOT("parts", OBJECT("PartConnection"), PAGES "," ARGUMENT("filter", SCALAR("Part_Filter")))
		"," ROOT("thing", OBJECT("Thing"), ""))
	"," CONNECTION("Thing") "," CONNECTION("Thing_Delta") "," CONNECTION("Part")
	"," TYPE("PageInfo", FIELD("hasNextPage", SCALAR("Boolean")))
	"," TYPE("Thing", FIELD("dbId", SCALAR("Int")) "," FIELD("code", SCALAR("String")) "," FIELD("description", SCALAR("String")) ","
			FIELD("modifiedAt", SCALAR("DateTimeString")) "," FIELD("part", OBJECT("Part")) "," FIELD("parts", LIST(OBJECT("Part"))))
	"," TYPE("Part", FIELD("dbId", NOT_NULL(SCALAR("Int64String"))) "," FIELD("name", SCALAR("String")))
	"," TYPE("Thing_Delta", FIELD("dbId", SCALAR("Int")) "," FIELD("mutationType", SCALAR("MutationType")))
	"," INPUT("Thing_Filter", ARGUMENT("dbId_in", LIST(NOT_NULL(SCALAR("Int")))) "," ARGUMENT("modifiedAt_gte", SCALAR("DateTimeString")))
	"," INPUT("Part_Filter", ARGUMENT("dbId_in", LIST(NOT_NULL(SCALAR("Int64String")))))
	",{\"kind\":\"ENUM\",\"name\":\"OwnerSet\",\"fields\":null,\"inputFields\":null,\"enumValues\":[{\"name\":\"CURRENT\"},{\"name\":\"ALL\"}]}"
	",{\"kind\":\"ENUM\",\"name\":\"Status\",\"fields\":null,\"inputFields\":null,\"enumValues\":[{\"name\":\"OPEN\"},{\"name\":\"ALL\"}]}"
	"]}";

#define HEAD "provider = xledger\nkey = dbId\n"

static void add_misfit(void *ctx, const struct schema_misfit *misfit)
{
	str_addf(ctx, "%s %s: %s\n", misfit->word, misfit->path, misfit->text);
}

static bool check(const char *text, size_t len, const char *rows, struct str *out, struct error *err)
{
	AUTO(catalogue_freep) struct catalogue *catalogue = NULL;

	error_clear(err);
	if (!catalogue_parse(rows, "rows", &catalogue, err))
		fail_msg("%s", err->text);
	return provider_find("xledger")->schema->check(text, len, catalogue_at(catalogue, 0), add_misfit, out, err);
}

static void expect(const char *rows, const char *misfits)
{
	AUTO(str_clear) struct str said = STR_INIT(STR_NO_LIMIT);
	struct error err;

	if (!check(schema, strlen(schema), rows, &said, &err))
		fail_msg("%s", err.text);
	assert_string_equal(said.text, misfits);
}

static void rows_that_fit_are_told_nothing_of(void **state)
{
	(void)state;
	expect(HEAD "[things]\nquery = things\nread = delta\ndeleted = changes\ntime = modifiedAt\ntitle = description\nselect = part.dbId part\n"
	       "field = parts.name text\nfield = code text\nextra = owners=ALL status=OPEN page=5\n", "");
	expect(HEAD "[parts]\nquery = parts\ntitle = name\nextra = owners=no status=no ids=Int64String\n", "");
}

static void roots_and_what_they_give(void **state)
{
	(void)state;
	expect(HEAD "[things]\nquery = thigns\n", "query : the ledger has no root 'thigns', did you mean 'things'?\n");
	expect(HEAD "[things]\nquery = nothingLikeIt\n", "query : the ledger has no root 'nothingLikeIt'\n");
	expect(HEAD "[things]\nquery = thing\n", "query : 'thing' is no list of records: it lacks edges, cursor, node or pageInfo\n");
}

static void arguments_and_their_words(void **state)
{
	(void)state;
	expect(HEAD "[parts]\nquery = parts\nextra = ids=Int64String\n",
	       "extra : 'parts' takes no 'ownerSet': it needs owners=no in 'extra'\n"
	       "extra : 'parts' takes no 'objectStatus': it needs status=no in 'extra'\n");
	expect(HEAD "[things]\nquery = things\nextra = owners=CURENT status=SHUT\n",
	       "extra : owners=CURENT: the ledger has no OwnerSet 'CURENT', did you mean 'CURRENT'?\n"
	       "extra : status=SHUT: the ledger has no Status 'SHUT'\n");
	expect(HEAD "[parts]\nquery = parts\nextra = owners=no status=no\n",
	       "extra : ids are asked for as 'Int', and the ledger takes 'Int64String': it needs ids=Int64String in 'extra'\n");
	expect("provider = xledger\nkey = code\n[things]\nquery = things\n",
	       "key : 'Thing_Filter' has no 'code_in', by which single records are asked for\n");
	expect(HEAD "[parts]\nquery = parts\ntime = name\nextra = owners=no status=no ids=Int64String\n",
	       "extra : 'Part_Filter' has no 'name_gte': it needs since=no in 'extra'\n");
	expect(HEAD "[parts]\nquery = parts\ntime = name\nextra = owners=no status=no ids=Int64String since=no\n", "");
}

static void paths_of_every_word(void **state)
{
	(void)state;
	expect(HEAD "[things]\nquery = things\ntitle = descriptoin\nversion = vers\nactive = part.on\nselect = cdoe part.nmae parts\nfield = code.x text\n"
	       "field = part text\nfield = parts.dbId.y text as z\nfield = parts.name.y text as w\nfield = *.name text as any\n",
	       "version vers: Thing has no 'vers'\n"
	       "title descriptoin: Thing has no 'descriptoin', did you mean 'description'?\n"
	       "active part.on: Part has no 'on'\n"
	       "select cdoe: Thing has no 'cdoe', did you mean 'code'?\n"
	       "select part.nmae: Part has no 'nmae', did you mean 'name'?\n"
	       "field code.x: 'code' is a String, which has no parts\n"
	       "field parts.dbId.y: 'parts.dbId' is a Int64String, which has no parts\n"
	       "field parts.name.y: 'parts.name' is a String, which has no parts\n"
	       "field *.name: Thing has no '*'\n");
	/* A whole object is one's parts only where they are named. */
	expect(HEAD "[things]\nquery = things\nselect = part\nfield = parts text\n",
	       "select part: 'part' is a whole Part: name a part of it, such as part.name\n"
	       "field parts: 'parts' is a whole Part: name a part of it, such as parts.name\n");
}

static void lists_of_changes(void **state)
{
	static const char *const rows = HEAD "[things]\nquery = things\nread = delta\ndeleted = changes\nextra = ";
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);

	(void)state;
	str_addf(&text, "%sdeltas=thing_delta\n", rows);
	expect(text.text, "deleted : the ledger has no root 'thing_delta', where its changes are listed: deltas=NAME in 'extra' names another, "
			  "did you mean 'thing_deltas'?\n");
	str_reset(&text);
	str_addf(&text, "%sdeltas=bare_deltas\n", rows);
	expect(text.text, "deleted : 'bare_deltas' takes no 'last', by which its pages are asked for\n"
			  "extra : 'bare_deltas' takes no 'ownerSet': it needs owners=no in 'extra'\n"
			  "deleted : 'bare_deltas' is no list of changes: its Thing has no 'mutationType'\n");
	str_reset(&text);
	str_addf(&text, "%sdeltas=thing\n", rows);
	expect(text.text, "deleted : 'thing' takes no 'first', by which its pages are asked for\n"
			  "deleted : 'thing' takes no 'last', by which its pages are asked for\n"
			  "deleted : 'thing' takes no 'after', by which its pages are asked for\n"
			  "extra : 'thing' takes no 'ownerSet': it needs owners=no in 'extra'\n"
			  "deleted : 'thing' is no list of changes: it lacks edges, cursor, node or pageInfo\n");
}

static void what_is_no_schema_is_refused(void **state)
{
	static const char *const texts[] = { "", "nonsense", "{}", "[]", "17", "{\"types\":[]}", "{\"queryType\":{\"name\":\"Root\"},\"types\":null}",
					     "{\"queryType\":null,\"types\":[{\"name\":\"Root\"}]}", "{\"queryType\":{\"name\":17},\"types\":[17,null]}" };
	static const char *const odd[] = { "{\"queryType\":{\"name\":\"Root\"},\"types\":[{\"name\":\"Root\"}]}",
					   "{\"queryType\":{\"name\":\"Root\"},\"types\":[{\"name\":\"Root\",\"fields\":[1,null,{},{\"name\":\"things\"}]}]}",
					   "{\"queryType\":{\"name\":\"Root\"},\"types\":[{\"name\":\"Root\",\"fields\":[{\"name\":\"things\",\"type\":{\"ofType\":[]}}]}]}" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		AUTO(str_clear) struct str said = STR_INIT(STR_NO_LIMIT);
		struct error err;

		assert_false(check(texts[i], strlen(texts[i]), HEAD "[things]\nquery = things\n", &said, &err));
		assert_int_equal(err.code, ERROR_INPUT);
		assert_int_equal(said.len, 0);
	}
	/* One that lacks much is a schema: then the row does not fit. */
	for (size_t i = 0; i < ARRAY_LEN(odd); i++) {
		AUTO(str_clear) struct str said = STR_INIT(STR_NO_LIMIT);
		struct error err;

		assert_true(check(odd[i], strlen(odd[i]), HEAD "[things]\nquery = things\n", &said, &err));
		assert_true(said.len > 0);
	}
	assert_null(provider_find("quickbooks")->schema);
}

/* ---- asking for it */

struct asked {
	const char *answer;
	int calls;
	const struct secret *token;
};

static bool perform(void *ctx, const struct http_request *request, struct http_answer *answer, struct cancel *cancel, struct error *err)
{
	struct asked *asked = ctx;

	(void)cancel;
	(void)err;
	asked->calls++;
	assert_non_null(strstr(request->body, "__schema"));
	http_answer_reset(answer);
	answer->body.limit = STR_NO_LIMIT;
	str_add(&answer->body, asked->answer);
	answer->status = 200;
	return true;
}

static int64_t no_clock(void *ctx)
{
	(void)ctx;
	return INT64_C(1769860800000);
}

static bool authorization(void *ctx, bool rejected, const struct secret **ret_value, struct error *err)
{
	(void)rejected;
	(void)err;
	*ret_value = ((struct asked *)ctx)->token;
	return true;
}

static bool fetch(const char *answer, struct str *out, struct error *err)
{
	struct secret *token = secret_copy("token letmein", 13);
	struct asked asked = { .answer = answer, .token = token };
	struct provider_addresses addresses = { .api = "https://x.test/graphql" };
	struct http http = { .transport = { .perform = perform, .ctx = &asked }, .read_tries = 1,
			     .env = { .wall_ms = no_clock, .ticks_ms = no_clock, .ctx = &asked } };
	struct connection connection = { .provider = provider_find("xledger"), .addresses = &addresses, .http = &http,
					 .authorization = authorization, .ctx = &asked };
	bool good;

	error_clear(err);
	good = connection.provider->schema->fetch(&connection, out, err);
	assert_int_equal(asked.calls, 1);
	secret_free(token);
	return good;
}

static void it_is_asked_for_once(void **state)
{
	static const char *const bad[] = { "{\"data\":{}}", "{\"data\":{\"__schema\":null}}", "{\"data\":{\"__schema\":{\"types\":[]}}}",
					   "{\"data\":{\"__schema\":[]}}" };
	AUTO(str_clear) struct str answer = STR_INIT(STR_NO_LIMIT), got = STR_INIT(STR_NO_LIMIT);
	struct error err;

	(void)state;
	str_addf(&answer, "{\"data\":{\"__schema\":%s}}", schema);
	assert_true(fetch(answer.text, &got, &err));
	assert_string_equal(got.text, schema);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		str_reset(&got);
		assert_false(fetch(bad[i], &got, &err));
		assert_int_equal(err.code, ERROR_REMOTE);
		assert_int_equal(got.len, 0);
	}
	assert_false(fetch("{\"errors\":[{\"message\":\"no introspection\"}]}", &got, &err));
	assert_int_equal(err.code, ERROR_INPUT);
	assert_non_null(strstr(err.text, "no introspection"));
}

int test_schema(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_that_fit_are_told_nothing_of),
		cmocka_unit_test(roots_and_what_they_give),
		cmocka_unit_test(arguments_and_their_words),
		cmocka_unit_test(paths_of_every_word),
		cmocka_unit_test(lists_of_changes),
		cmocka_unit_test(what_is_no_schema_is_refused),
		cmocka_unit_test(it_is_asked_for_once),
	};

	return cmocka_run_group_tests_name("schema", tests, NULL, NULL);
}
