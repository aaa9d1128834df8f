/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading the simulated Xledger: books that agree, pages, filters, owners, deltas, tokens and limits. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/decimal.h"
#include "ledgerdeck/core/map.h"
#include "ledgerdeck/core/memory.h"

#include "answer.h"
#include "ledger_x.h"
#include "test_simulator.h"

static int64_t cents(const char *text)
{
	struct decimal value;

	assert_true(decimal_parse(text, strlen(text), &value));
	assert_true(decimal_round(value, 2, &value));
	return value.scale == 2 ? value.digits : value.scale == 1 ? value.digits * 10 : value.digits * 100;
}

static void add_to(struct map *map, const char *key, int64_t amount)
{
	void **place = map_place(map, key, strlen(key));

	*place = (void *)((intptr_t)*place + (intptr_t)amount);
}

/* Add up a field of a root by voucher, of lines on one account or (NULL) all. */
static void add_up(struct xclient *client, const char *query, const char *root, const char *header, const char *account,
		   struct map *sums, size_t *ret_count)
{
	char path[80], key[40];

	xclient_ask(client, query, NULL);
	snprintf(path, sizeof(path), "data.%s.edges", root);
	*ret_count = xclient_count(client, path);
	assert_true(*ret_count > 50 && *ret_count < 10000);
	for (size_t at = 0, i = 0; i < *ret_count; i++) {
		struct json_slice edges = xclient_find(client, path, -1, NULL), edge;
		AUTO(str_clear) struct str amount = STR_INIT(40);

		assert_true(json_each(edges, &at, NULL, &edge));
		if (account && !json_equals(json_member(edge, "node.account.code"), account))
			continue;
		json_unquote(json_member(edge, "node.amount"), &amount);
		snprintf(key, sizeof(key), "%.*s", (int)json_member(edge, header).len, json_member(edge, header).text);
		add_to(sums, key, cents(amount.text));
	}
}

static void vouchers_balance(void **state)
{
	struct xclient *client = *state;
	struct map all = { 0 }, receivable = { 0 };
	const struct map_entry *entry;
	size_t count;

	add_up(client, "{transactions(first:10000,ownerSet:ALL){edges{node{amount account{code} header{dbId}}}}}",
	       "transactions", "node.header.dbId", NULL, &all, &count);
	for (size_t at = 0; (entry = map_each(&all, &at)) != NULL;)
		assert_null(entry->value);
	/* What customers owe is what stands on the account for it. */
	add_up(client, "{transactions(first:10000,ownerSet:ALL){edges{node{amount account{code} header{dbId}}}}}",
	       "transactions", "node.header.dbId", "1500", &receivable, &count);
	for (size_t at = 0; (entry = map_each(&receivable, &at)) != NULL;)
		assert_non_null(entry->value);
	add_up(client,
	       "{arTransactions(first:10000,ownerSet:ALL){edges{node{amount account{code} transactionHeader{dbId}}}}}",
	       "arTransactions", "node.transactionHeader.dbId", NULL, &all, &count);
	for (size_t at = 0; (entry = map_each(&receivable, &at)) != NULL;)
		assert_ptr_equal(entry->value, map_get(&all, entry->key, entry->len));
	map_clear(&all, NULL);
	map_clear(&receivable, NULL);
}

/* Every field that the references name is there, and many are not null. */
static void fields_are_there(void **state)
{
	static const char *const queries[] = {
		"{timesheets(last:1){edges{node{dbId createdAt modifiedAt assignmentDate workingHours isHeaderApproved "
		"headerApprovedAt hourlyRevenueCurrency owner{dbId description ownerCode} employee{dbId description code} "
		"activity{code description} timeType{code description} project{dbId description code} "
		"timesheetStatus{name}}}}}",
		"{projects(last:1){edges{node{dbId description code shortInfo shortInternalInfo yourReference customer{dbId "
		"description email code address{country{description}}} company{dbId description companyNumber code country} "
		"glObject1{description dbId code objectKind{name}} projectManager{dbId description} toDate "
		"projectGroup{description code levelParent{description code}} flexiFieldsItem{code2{description code}}}}}}",
		"{employees(last:1){edges{node{dbId email description createdAt modifiedAt employmentFrom employmentTo "
		"positionValue{dbId description code} positionCategory{dbId} compensationType{code} "
		"employmentType{description owner{description} code} contact{firstName lastName birthday age "
		"country{description} gender{name}} exitReason{dbId description code} glObject1{dbId description code id} code "
		"owner{description ownerCode} employeeGroup{description code} superior{description} "
		"flexiFieldsItem{code1{description} code2{code}} flexiFieldDate1 flexiFieldNumber1}}}}",
		"{customers(last:1){edges{node{dbId description email code number company{dbId name description email "
		"companyNumber phone} address{streetAddress zipCode place fullAddress} billAddress{fullAddress} "
		"shipAddress{fullAddress} subledgerGroup{dbId description} accountsPayableAccount{description code "
		"accountGroup{description code}}}}}}",
		"{suppliers(last:1){edges{node{dbId description code companyDbId number phone address{dbId streetAddress zipCode "
		"place fullAddress} bankAccount notes company{dbId companyNumber} subledgerGroup{dbId description} contact{dbId "
		"name}}}}}",
		"{transactions(last:1){edges{node{dbId owner{description} account{accountGroup{description codeTranslated} "
		"sysAccount{description codeTranslated} descriptionTranslated code} company{description address{fullAddress}} "
		"glDimension{glObject1{description code objectKind{name}} glObject2{description code}} currency{code} "
		"invoiceAmount taxRule{description code} taxAmount trProcessLevel{name} header{postedDate} period{description "
		"fromDate toDate monthNumber}}}}}",
		"{arTransactions(last:1){edges{node{dbId owner{description} company{description phone email "
		"address{streetAddress zipCode place fullAddress}} billAddress{streetAddress zipCode place fullAddress} "
		"account{description code descriptionTranslated} slTransactionType{name} glDimension{glObject1{description "
		"objectKind{name}}} ledgerType{name} invoiceNumber period{description fiscalYear} invoiceDate dueDate "
		"paymentDate currency{code} exchangeRate invoiceAmount invoiceRemaining transactionHeader{postedDate "
		"trProcessLevel{name} transactionSource{description code} trRegNumber transactionNumber} bankAccount amount3 "
		"amount4 headerModifiedAt}}}}",
		"{apTransactions(last:1){edges{node{dbId amount subledger{code description} invoiceNumber matchId}}}}",
		"{companies(last:1){edges{node{dbId name companyNumber}}} accounts(last:1){edges{node{dbId code description}}} "
		"products(last:1){edges{node{code salesPrice}}} taxRules(last:1){edges{node{code percent}}} "
		"salesOrders(last:1){edges{node{xorder}}} webhook(dbId:1){state{code}}}",
	};
	struct xclient *client = *state;

	for (size_t i = 0; i < ARRAY_LEN(queries); i++) {
		xclient_ask(client, queries[i], NULL);
		xclient_lacks(client, "\"errors\"");
		xclient_has(client, "{\"node\":{\"");
	}
	xclient_ask(client, "{customers(first:1){edges{node{owner{dbId} ownerDbId}}} timesheets(first:1){edges{node{dbId}}}}",
		    NULL);
	xclient_has(client, "{\"owner\":{\"dbId\":777},\"ownerDbId\":777}");
	assert_int_equal(xclient_find(client, "data.timesheets.edges", 0, "node.dbId").kind, JSON_STRING);
	xclient_set(client, "xledger-dbid", "reversed");
	xclient_ask(client, "{customers(first:1){edges{node{dbId}}} timesheets(first:1){edges{node{dbId}}}}", NULL);
	assert_int_equal(xclient_find(client, "data.timesheets.edges", 0, "node.dbId").kind, JSON_NUMBER);
	assert_int_equal(xclient_find(client, "data.customers.edges", 0, "node.dbId").kind, JSON_STRING);
}

/* ---- pages */

static size_t page_through(struct xclient *client, const char *arguments, size_t *ret_pages)
{
	AUTO(str_clear) struct str query = STR_INIT(STR_NO_LIMIT), after = STR_INIT(STR_NO_LIMIT);
	struct map seen = { 0 };
	size_t count = 0;
	bool next = true;

	for (*ret_pages = 0; next && *ret_pages < 100; ++*ret_pages) {
		size_t here;

		str_reset(&query);
		str_addf(&query, "{customers(first:7,after:\"%s\"%s){edges{cursor node{dbId}} pageInfo{hasNextPage}}}",
			 after.text, arguments);
		xclient_ask(client, query.text, NULL);
		here = xclient_count(client, "data.customers.edges");
		for (size_t i = 0; i < here; i++) {
			const char *dbid = xclient_text(client, "data.customers.edges", (int)i, "node.dbId");

			count += map_get(&seen, dbid, strlen(dbid)) == NULL;
			*map_place(&seen, dbid, strlen(dbid)) = client;
		}
		next = strcmp(xclient_text(client, "data.customers.pageInfo.hasNextPage", -1, NULL), "true") == 0;
		str_reset(&after);
		if (here > 0)
			str_add(&after, xclient_text(client, "data.customers.edges", (int)here - 1, "cursor"));
		else
			break;
	}
	map_clear(&seen, NULL);
	return count;
}

static void pages_come_to_an_end(void **state)
{
	struct xclient *client = *state;
	size_t pages, all = page_through(client, ",ownerSet:ALL", &pages);

	assert_int_equal(all, 60);
	assert_int_equal(pages, 9);
	assert_true(page_through(client, "", &pages) < all);
	assert_int_equal(page_through(client, ",ownerSet:MINE", &pages), all);
	assert_int_equal(page_through(client, ",ownerSet:ALL,objectStatus:OPEN", &pages) +
				 page_through(client, ",ownerSet:ALL,objectStatus:CLOSED", &pages),
			 all);
	assert_true(page_through(client, ",ownerSet:ALL,objectStatus:CLOSED", &pages) > 0);
	xclient_set(client, "xledger-cursor", "dotted");
	assert_int_equal(page_through(client, ",ownerSet:ALL", &pages), all);
	xclient_set(client, "xledger-repeat-record", "on");
	assert_int_equal(page_through(client, ",ownerSet:ALL", &pages), all);
	assert_true(pages > 9);
	xclient_set(client, "xledger-repeat-record", "off");
	xclient_set(client, "xledger-page-end", "more");
	assert_int_equal(page_through(client, ",ownerSet:ALL", &pages), all);
	assert_int_equal(pages, 9); /* and a tenth that is empty */
	xclient_has(client, "\"edges\":null,\"pageInfo\":{\"hasNextPage\":true}");
	xclient_set(client, "xledger-page-end", "repeat");
	page_through(client, ",ownerSet:ALL", &pages);
	assert_int_equal(pages, 100);
}

static void pages_go_backwards(void **state)
{
	struct xclient *client = *state;
	char first[40], query[160];

	xclient_ask(client, "{customers(last:2){edges{cursor node{dbId}} pageInfo{hasNextPage hasPreviousPage}}}", NULL);
	xclient_has(client, "{\"hasNextPage\":false,\"hasPreviousPage\":true}");
	snprintf(first, sizeof(first), "%s", xclient_text(client, "data.customers.edges", 0, "cursor"));
	assert_true(strtoll(first, NULL, 10) < strtoll(xclient_text(client, "data.customers.edges", 1, "cursor"), NULL, 10));
	snprintf(query, sizeof(query), "{customers(last:2,before:\"%s\"){edges{cursor} pageInfo{hasNextPage}}}", first);
	xclient_ask(client, query, NULL);
	assert_true(strtoll(xclient_text(client, "data.customers.edges", 1, "cursor"), NULL, 10) < strtoll(first, NULL, 10));
	xclient_has(client, "\"hasNextPage\":true");
	xclient_ask(client, "{customers(first:10001){__typename}}", NULL);
	xclient_has(client, "INVALID_VALUE");
	xclient_ask(client, "{customers(first:1,last:1){__typename}}", NULL);
	xclient_has(client, "Only one of first and last");
	xclient_ask(client, "{customers(first:-1){__typename}}", NULL);
	xclient_has(client, "INVALID_VALUE");
	xclient_ask(client, "{customers(after:\"x\"){__typename}}", NULL);
	xclient_has(client, "The cursor is invalid.");
}

static void filters_choose(void **state)
{
	static const struct {
		const char *filter;
		size_t count;
	} rows[] = {
		{ "{code:\"10001\"}", 1 },
		{ "{code_in:[\"10001\",\"10002\",\"x\"]}", 2 },
		{ "{code_gt:\"10058\"}", 2 },
		{ "{code_gte:\"10058\"}", 3 },
		{ "{code_lt:\"10003\",code_gte:\"10002\"}", 1 },
		{ "{number_lte:10003}", 3 },
		{ "{OR:[{code:\"10001\"},{AND:[{code_gt:\"10002\"},{code_lt:\"10004\"}]}]}", 2 },
		{ "{AND:[]}", 60 },
		{ "{OR:[]}", 0 },
		{ "{email:null}", 0 },
		{ "{toDate:null}", 58 },
		{ "{modifiedAt_gte:\"2030-01-01T00:00:00\"}", 0 },
		{ "{modifiedAt_lt:\"2030-01-01T00:00:00\"}", 60 },
		{ "{dbId_in:[1,2]}", 0 },
		{ "{dbId_gt:1}", 60 },
	};
	struct xclient *client = *state;
	char query[300];

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		snprintf(query, sizeof(query), "{customers(first:1000,ownerSet:ALL,filter:%s){edges{node{code}}}}",
			 rows[i].filter);
		xclient_ask(client, query, NULL);
		xclient_lacks(client, "errors");
		if (xclient_count(client, "data.customers.edges") != rows[i].count)
			fail_msg("%s: %zu records", rows[i].filter, xclient_count(client, "data.customers.edges"));
	}
	xclient_ask(client, "{arTransactions(first:10000,ownerSet:ALL,filter:{invoiceRemaining_gt:\"99999.5\"}){edges{node{"
			    "invoiceRemaining}}}}", NULL);
	for (size_t i = 0; i < xclient_count(client, "data.arTransactions.edges"); i++)
		assert_true(cents(xclient_text(client, "data.arTransactions.edges", (int)i, "node.invoiceRemaining")) >
			    9999950);
}

static void empty_pages_have_forms(void **state)
{
	static const char query[] = "{customers(filter:{dbId:1}){edges{cursor} pageInfo{hasNextPage}}}";
	struct xclient *client = *state;

	xclient_ask(client, query, NULL);
	xclient_is(client, "{\"data\":{\"customers\":{\"edges\":null,\"pageInfo\":{\"hasNextPage\":false}}}}");
	xclient_set(client, "xledger-empty-edges", "list");
	xclient_ask(client, query, NULL);
	xclient_is(client, "{\"data\":{\"customers\":{\"edges\":[],\"pageInfo\":{\"hasNextPage\":false}}}}");
	xclient_set(client, "xledger-empty-root", "null");
	xclient_ask(client, query, NULL);
	xclient_is(client, "{\"data\":{\"customers\":null}}");
}

/* ---- deltas */

static void deltas_keep_order(void **state)
{
	struct xclient *client = *state;
	char after[400], query[700], dbid[40];

	xclient_ask(client, "{customer_deltas(last:1){edges{cursor}}}", NULL);
	snprintf(after, sizeof(after), "%s", xclient_text(client, "data.customer_deltas.edges", 0, "cursor"));
	xclient_ask_other(client, "mutation{addCustomers(inputs:[{node:{description:\"Ny\"}}]){edges{node{dbId}}}}");
	snprintf(dbid, sizeof(dbid), "%s", xclient_text(client, "data.addCustomers.edges", 0, "node.dbId"));
	snprintf(query, sizeof(query), "mutation{updateCustomers(inputs:[{node:{dbId:%s,email:\"a@b.no\"}}]){__typename} "
				       "removeCustomers(dbIds:[%s]){numAffected}}", dbid, dbid);
	xclient_ask_other(client, query);
	xclient_has(client, "\"numAffected\":1");
	/* Somebody adds it again under the same dbId: an add after a delete. */
	snprintf(query, sizeof(query), "{\"entity\":\"777\",\"type\":\"customers\",\"dbId\":%s,\"mutationType\":\"ADDED\"}", dbid);
	xclient_control(client, "POST", "xledger/deltas", query);
	snprintf(query, sizeof(query), "{customer_deltas(first:10,after:\"%s\"){edges{mutationType node{dbId mutationType code "
				       "_current{code}}}}}", after);
	xclient_ask(client, query, NULL);
	assert_int_equal(xclient_count(client, "data.customer_deltas.edges"), 4);
	assert_string_equal(xclient_text(client, "data.customer_deltas.edges", 0, "node.mutationType"), "ADDED");
	assert_string_equal(xclient_text(client, "data.customer_deltas.edges", 1, "mutationType"), "UPDATED");
	assert_string_equal(xclient_text(client, "data.customer_deltas.edges", 2, "node.mutationType"), "DELETED");
	assert_string_equal(xclient_text(client, "data.customer_deltas.edges", 3, "node.mutationType"), "ADDED");
	assert_string_equal(xclient_text(client, "data.customer_deltas.edges", 3, "node.dbId"), dbid);
	xclient_has(client, "\"code\":null,\"_current\":null");
	xclient_set(client, "xledger-deletion", "deletion");
	xclient_ask(client, query, NULL);
	assert_string_equal(xclient_text(client, "data.customer_deltas.edges", 2, "node.mutationType"), "DELETION");
	xclient_set(client, "xledger-current", "off");
	xclient_ask(client, query, NULL);
	xclient_has(client, "Cannot query field \\\"_current\\\" on type \\\"Customer_Delta\\\".");
}

static void deltas_last_three_days(void **state)
{
	static const char *const roots[] = { "timesheet", "project", "employee", "customer", "supplier", "transaction",
					     "arTransaction", "apTransaction" };
	struct xclient *client = *state;
	char query[120], path[60];

	for (size_t i = 0; i < ARRAY_LEN(roots); i++) {
		snprintf(query, sizeof(query), "{%s_deltas(first:100,ownerSet:ALL){edges{node{syncVersion modifiedAt}}}}", roots[i]);
		snprintf(path, sizeof(path), "data.%s_deltas.edges", roots[i]);
		xclient_ask(client, query, NULL);
		assert_true(xclient_count(client, path) > 0);
	}
	xclient_ask_other(client, "mutation{addProjects(inputs:[{node:{description:\"P\"}}]){__typename}}");
	xclient_step(client, 3 * DAY_S - 10);
	xclient_ask(client, "{project_deltas(first:100){edges{node{_current{description}}}}}", NULL);
	assert_int_equal(xclient_count(client, "data.project_deltas.edges"), 1);
	xclient_has(client, "{\"description\":\"P\"}");
	xclient_step(client, 20);
	xclient_ask(client, "{project_deltas(last:1){edges{cursor}}}", NULL);
	xclient_is(client, "{\"data\":{\"project_deltas\":{\"edges\":null}}}");
}

static void records_vanish(void **state)
{
	struct xclient *client = *state;
	char query[160];

	xclient_ask(client, "{customers(first:1){edges{node{dbId}}}}", NULL);
	snprintf(query, sizeof(query), "{customers(filter:{dbId_in:[%s]}){edges{node{code}}}}",
		 xclient_text(client, "data.customers.edges", 0, "node.dbId"));
	xclient_ask(client, query, NULL);
	assert_int_equal(xclient_count(client, "data.customers.edges"), 1);
	xclient_set(client, "xledger-vanish", "1");
	xclient_ask(client, query, NULL);
	assert_int_equal(xclient_count(client, "data.customers.edges"), 0);
}

/* ---- tokens and limits */

static void tokens_are_checked(void **state)
{
	struct xclient *client = *state;
	char good[64], body[120];

	snprintf(good, sizeof(good), "%s", client->token);
	assert_int_equal(strspn(good + 6, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"), 32);
	snprintf(client->token, sizeof(client->token), "Bearer %.40s", good + 6);
	xclient_ask(client, "{__typename}", NULL);
	xclient_has(client, "\"Bad format for API Token. Expected header: \\\"Authorization: token <your-token>\\\"\"");
	assert_int_equal(client->status, 200);
	snprintf(client->token, sizeof(client->token), "token nix");
	xclient_set(client, "xledger-token-status", "401");
	xclient_ask(client, "{__typename}", NULL);
	xclient_has(client, "invalid");
	assert_int_equal(client->status, 401);
	xclient_connect(client, ",\"days\":1");
	xclient_step(client, DAY_S - 1);
	xclient_ask(client, "{__typename}", NULL);
	xclient_is(client, "{\"data\":{\"__typename\":\"Query\"}}");
	xclient_step(client, 1);
	xclient_ask(client, "{__typename}", NULL);
	xclient_has(client, "expired");
	snprintf(client->token, sizeof(client->token), "%s", good);
	xclient_ask(client, "{__typename}", NULL);
	xclient_is(client, "{\"data\":{\"__typename\":\"Query\"}}");
	snprintf(body, sizeof(body), "{\"token\":\"%.40s\"}", good + 6);
	xclient_control(client, "DELETE", "xledger/tokens", body);
	xclient_ask(client, "{__typename}", NULL);
	xclient_has(client, "revoked");
}

static void scopes_are_kept(void **state)
{
	static const char query[] = "{customers(first:1){edges{node{code}}} suppliers(first:1){edges{node{code}}}}";
	struct xclient *client = *state;

	xclient_connect(client, ",\"scopes\":[\"Customer\"]");
	xclient_ask(client, query, NULL);
	xclient_has(client, "\"data\":{\"customers\":{\"edges\":[{\"node\":{\"code\":\"10001\"}}]},\"suppliers\":null}");
	xclient_has(client, "\"path\":[\"suppliers\"]");
	xclient_set(client, "xledger-partial", "off");
	xclient_ask(client, query, NULL);
	xclient_has(client, "\"data\":null");
	xclient_lacks(client, "10001");
}

static void limits_are_told(void **state)
{
	struct xclient *client = *state;

	xclient_set(client, "limits", "on");
	for (int i = 0; i < 20; i++) {
		xclient_ask(client, "{__typename}", NULL);
		xclient_is(client, "{\"data\":{\"__typename\":\"Query\"}}");
	}
	xclient_ask(client, "{__typename}", NULL);
	xclient_has(client, "\"code\":\"BAD_REQUEST.BURST_RATE_LIMIT_REACHED\"");
	assert_int_equal(client->status, 200);
	xclient_step(client, 5);
	xclient_ask(client, "{__typename}", NULL);
	xclient_is(client, "{\"data\":{\"__typename\":\"Query\"}}");
	xclient_set(client, "xledger-page-timeout", "500");
	xclient_ask(client, "{customers(first:501){__typename}}", NULL);
	xclient_has(client, "\"Your query timed out.\"");
	xclient_set(client, "xledger-credits", "12");
	xclient_ask(client, "{a:customers(first:500){__typename} b:suppliers(first:500){__typename}}", NULL);
	xclient_lacks(client, "errors");
	xclient_ask(client, "{customers(first:500){__typename}}", NULL);
	xclient_has(client, "\"code\":\"BAD_REQUEST.INSUFFICIENT_CREDITS\"");
	xclient_has(client, "\"extensions\":{\"resetAt\":\"2026-01-31T14:00:05\"}");
	xclient_step(client, 3600);
	xclient_ask(client, "{customers(first:500){__typename}}", NULL);
	xclient_lacks(client, "errors");
}

/* Answers that nobody has taken yet are in flight. */
static void calls_at_once_are_limited(void **state)
{
	struct xclient *client = *state;
	const char *const headers[] = { "Authorization", client->token, "Content-Type", "application/json", NULL };
	struct simulator_answer answers[3];

	xclient_set(client, "limits", "on");
	for (size_t i = 0; i < ARRAY_LEN(answers); i++)
		client_send(&client->client, "POST", "/GraphQL", headers, "{\"query\":\"{__typename}\"}", &answers[i]);
	assert_non_null(strstr(answers[1].body.text, "\"data\""));
	assert_non_null(strstr(answers[2].body.text, "BAD_REQUEST.CONCURRENCY_LIMIT_REACHED"));
	for (size_t i = 0; i < ARRAY_LEN(answers); i++)
		simulator_done(client->client.simulator, &answers[i]);
	xclient_ask(client, "{__typename}", NULL);
	xclient_has(client, "\"data\"");
	xclient_control(client, "GET", "counters", NULL);
	assert_string_equal(xclient_text(client, "companies.777.throttled", -1, NULL), "1");
	assert_string_equal(xclient_text(client, "companies.777.most_in_flight", -1, NULL), "3");
	assert_true(strtoll(xclient_text(client, "companies.777.bytes_up", -1, NULL), NULL, 10) > 60);
	assert_true(strtoll(xclient_text(client, "companies.777.bytes_down", -1, NULL), NULL, 10) > 60);
}

static void troubles_hit(void **state)
{
	static const struct {
		const char *trouble;
		int status;
		const char *has;
	} rows[] = {
		{ "{\"kind\":\"status\",\"status\":429,\"path\":\"/graphql\"}", 429, "Too Many Requests" },
		{ "{\"kind\":\"status\",\"status\":504,\"realm\":\"777\",\"call\":\"read\"}", 504, "Gateway" },
		{ "{\"kind\":\"fault\",\"code\":3001}", 200, "BURST_RATE_LIMIT_REACHED" },
		{ "{\"kind\":\"fault\",\"code\":10000}", 200, "INTERNAL" },
		{ "{\"kind\":\"cut-before\"}", 0, "" },
		{ "{\"kind\":\"cut-after\"}", 0, "" },
		{ "{\"kind\":\"html\"}", 200, "<html>" },
		{ "{\"kind\":\"status\",\"call\":\"write\"}", 200, "\"data\"" },
	};
	struct xclient *client = *state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		xclient_control(client, "DELETE", "troubles", NULL);
		xclient_control(client, "POST", "troubles", rows[i].trouble);
		xclient_ask(client, "{customers(first:1){edges{cursor}}}", NULL);
		assert_int_equal(client->status, rows[i].status);
		if (rows[i].status)
			xclient_has(client, rows[i].has);
	}
	/* The one for writes is left over. */
	xclient_ask(client, "mutation{addCompanies(inputs:[]){__typename}}", NULL);
	assert_int_equal(client->status, 503);
	xclient_control(client, "POST", "troubles",
			"{\"kind\":\"meanwhile\",\"target\":\"graphql\",\"body\":{\"query\":\"mutation{addCustomers(inputs:[{node:{code:"
			"\\\"MW\\\"}}]){__typename}}\"}}");
	xclient_ask(client, "{customers(filter:{code:\"MW\"}){edges{cursor}}}", NULL);
	assert_int_equal(xclient_count(client, "data.customers.edges"), 0);
	xclient_ask(client, "{customers(filter:{code:\"MW\"}){edges{cursor}}}", NULL);
	assert_int_equal(xclient_count(client, "data.customers.edges"), 1);
}

static void companies_are_listed(void **state)
{
	struct xclient *client = *state;

	xclient_control(client, "GET", "companies", NULL);
	assert_string_equal(xclient_text(client, "companies", 0, "provider"), "xledger");
	assert_string_equal(xclient_text(client, "companies", 0, "realm"), "777");
	assert_string_equal(xclient_text(client, "companies", 0, "entities.customers.live"), "60");
}

int test_xledger(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(vouchers_balance, xclient_setup, xclient_teardown),
		cmocka_unit_test_setup_teardown(fields_are_there, xclient_setup, xclient_teardown),
		cmocka_unit_test_setup_teardown(pages_come_to_an_end, xclient_setup, xclient_teardown),
		cmocka_unit_test_setup_teardown(pages_go_backwards, xclient_setup, xclient_teardown),
		cmocka_unit_test_setup_teardown(filters_choose, xclient_setup, xclient_teardown),
		cmocka_unit_test_setup_teardown(empty_pages_have_forms, xclient_setup, xclient_teardown),
		cmocka_unit_test_setup_teardown(deltas_keep_order, xclient_setup, xclient_teardown),
		cmocka_unit_test_setup_teardown(deltas_last_three_days, xclient_setup, xclient_teardown),
		cmocka_unit_test_setup_teardown(records_vanish, xclient_setup, xclient_teardown),
		cmocka_unit_test_setup_teardown(tokens_are_checked, xclient_setup, xclient_teardown),
		cmocka_unit_test_setup_teardown(scopes_are_kept, xclient_setup, xclient_teardown),
		cmocka_unit_test_setup_teardown(limits_are_told, xclient_setup, xclient_teardown),
		cmocka_unit_test_setup_teardown(calls_at_once_are_limited, xclient_setup, xclient_teardown),
		cmocka_unit_test_setup_teardown(troubles_hit, xclient_setup, xclient_teardown),
		cmocka_unit_test_setup_teardown(companies_are_listed, xclient_setup, xclient_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
