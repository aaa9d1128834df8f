/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing to the simulated Xledger: mutations, what it makes of imported lines, and what outlives it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ledgerdeck/core/memory.h"

#include "ledger_x.h"
#include "test_simulator.h"

static void parties_are_added(void **state)
{
	static const char query[] =
		"mutation($i:[AddCustomersInput!]!){addCustomers(inputs:$i){edges{clientId node{dbId code email address{fullAddress} "
		"company{description companyNumber taxNumber} payTerms{code} owner{description}}}}}";
	static const char inputs[] =
		"{\"i\":[{\"clientId\":\"b\",\"node\":{\"code\":\"X1\",\"description\":\"Ås \\\"bygg\\\" AS\",\"companyNumber\":"
		"\"999888777\",\"taxNumber\":\"NO1\",\"streetAddress\":\"Gata 1\",\"zipCode\":\"0101\",\"place\":\"Oslo\",\"payTerms\":"
		"{\"code\":\"14D\"},\"owner\":{\"ownerCode\":1001}}},{\"clientId\":\"a\",\"node\":{\"description\":\"To\",\"company\":"
		"null}}]}";
	struct xclient *client = *state;
	char dbid[40], update[200];

	xclient_ask(client, query, inputs);
	xclient_lacks(client, "errors");
	xclient_has(client, "{\"clientId\":\"b\",\"node\":{\"dbId\":");
	xclient_has(client, "\"code\":\"X1\",\"email\":null,\"address\":{\"fullAddress\":\"Gata 1, 0101 Oslo\"},\"company\":"
			    "{\"description\":\"Ås \\\"bygg\\\" AS\",\"companyNumber\":\"999888777\",\"taxNumber\":\"NO1\"},\"payTerms\":"
			    "{\"code\":\"14D\"},\"owner\":{\"description\":\"Avdeling Bergen\"}");
	assert_string_equal(xclient_text(client, "data.addCustomers.edges", 1, "node.code"), "10061");
	snprintf(dbid, sizeof(dbid), "%s", xclient_text(client, "data.addCustomers.edges", 0, "node.dbId"));
	snprintf(update, sizeof(update), "mutation{updateCustomers(inputs:[{node:{dbId:%s,email:\"a@b.no\",place:\"Bodø\","
					 "payTerms:null}}]){edges{node{email address{fullAddress} payTerms{code} code}}}}", dbid);
	xclient_ask(client, update, NULL);
	xclient_is(client, "{\"data\":{\"updateCustomers\":{\"edges\":[{\"node\":{\"email\":\"a@b.no\",\"address\":{\"fullAddress\":"
			   "\"Gata 1, 0101 Bodø\"},\"payTerms\":null,\"code\":\"X1\"}}]}}}");
	/* The same once more makes one more: nothing protects from repeats. */
	xclient_ask(client, query, inputs);
	xclient_ask(client, "{customers(filter:{code:\"X1\"},ownerSet:ALL){edges{node{number}}}}", NULL);
	assert_int_equal(xclient_count(client, "data.customers.edges"), 2);
	xclient_has(client, "{\"node\":{\"number\":null}}"); /* a code of letters is none */
}

static void all_or_nothing(void **state)
{
	struct xclient *client = *state;

	xclient_ask(client, "mutation{addCustomers(inputs:[{node:{code:\"G\"}},{node:{code:\"H\",payTerms:{code:\"NIX\"}}}]){"
			    "edges{clientId}}}", NULL);
	xclient_has(client, "\"payTerms.code: No value matching owner 777, code 'NIX'.\"");
	xclient_has(client, "\"data\":{\"addCustomers\":null}");
	xclient_ask(client, "{customers(filter:{code:\"G\"}){edges{cursor}}}", NULL);
	assert_int_equal(xclient_count(client, "data.customers.edges"), 0);
	xclient_ask(client, "mutation{updateProjects(inputs:[{node:{dbId:5}}]){edges{clientId}}}", NULL);
	xclient_has(client, "node.dbId: No value matching owner 777, dbId '5'.");
	xclient_ask(client, "mutation{updateProjects(inputs:[{node:{code:\"x\"}}]){edges{clientId}}}", NULL);
	xclient_has(client, "Field \\\"dbId\\\" of required type \\\"ID!\\\" was not provided.");
}

static void calls_have_a_size(void **state)
{
	AUTO(str_clear) struct str inputs = STR_INIT(STR_NO_LIMIT);
	static const char query[] = "mutation($i:[AddSuppliersInput!]!){addSuppliers(inputs:$i){edges{node{dbId}}}}";
	struct xclient *client = *state;

	str_add(&inputs, "{\"i\":[{\"node\":{\"description\":\"0\"}}");
	for (int i = 1; i < 500; i++)
		str_addf(&inputs, ",{\"node\":{\"description\":\"%d\"}}", i);
	str_add(&inputs, "]}");
	xclient_ask(client, query, inputs.text);
	assert_int_equal(xclient_count(client, "data.addSuppliers.edges"), 500);
	str_truncate(&inputs, inputs.len - 2);
	str_add(&inputs, ",{\"node\":{}}]}");
	xclient_ask(client, query, inputs.text);
	xclient_has(client, "At most 500 nodes");
}

static void the_real_one_lacks_some(void **state)
{
	static const char *const names[] = { "Timesheets", "Projects", "Employees", "Customers", "Suppliers",
					     "Transactions", "ARTransactions", "APTransactions" };
	struct xclient *client = *state;
	char query[160], path[60], dbid[40];

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		snprintf(query, sizeof(query), "mutation{remove%s(dbIds:[1]){numAffected}}", names[i]);
		xclient_ask(client, query, NULL);
		xclient_has(client, "Cannot query field \\\"remove");
		snprintf(query, sizeof(query), "mutation{add%s(inputs:[{node:{extIdentifier:\"e\"}}]){edges{node{dbId}}}}", names[i]);
		if (strcmp(names[i], "Timesheets") == 0)
			snprintf(query, sizeof(query), "mutation{addTimesheets(inputs:[{node:{workingHours:\"2.5\"}}]){edges{node{dbId}}}}");
		xclient_ask_other(client, query);
		snprintf(path, sizeof(path), "data.add%s.edges", names[i]);
		snprintf(dbid, sizeof(dbid), "%s", xclient_text(client, path, 0, "node.dbId"));
		snprintf(query, sizeof(query), "mutation{remove%s(dbIds:[\"%s\",3]){numAffected skippedDbIds}}", names[i], dbid);
		xclient_ask_other(client, query);
		xclient_has(client, "{\"numAffected\":1,\"skippedDbIds\":[\"3\"]}");
	}
}

/* ---- orders and invoices */

static void send_lines(struct xclient *client)
{
	xclient_ask(client,
		    "mutation{addInvoiceBaseItems(inputs:[{clientId:\"1\",node:{subledger:{code:\"10001\"},product:{code:\"TIME\"},"
		    "quantity:\"2\",unitPrice:1250.00,extOrder:\"E1\"}},{clientId:\"2\",node:{subledger:{code:\"10001\"},product:{"
		    "code:\"KURS\"},quantity:1,unitPrice:\"499.50\",extOrder:\"E1\"}},{clientId:\"3\",node:{subledger:{code:\"10002\"},"
		    "product:{code:\"TIME\"},unitPrice:1,extOrder:\"E1\"}}]){edges{clientId node{amount salesOrder{dbId}}}}}",
		    NULL);
	xclient_lacks(client, "errors");
}

static void lines_become_invoices(void **state)
{
	static const char orders[] = "{salesOrders(filter:{xorder:\"E1\"}){edges{node{dbId amount invoiced invoiceNumber customer{"
				     "code}}}}}";
	struct xclient *client = *state;

	send_lines(client);
	xclient_ask(client, orders, NULL);
	assert_int_equal(xclient_count(client, "data.salesOrders.edges"), 2);
	assert_string_equal(xclient_text(client, "data.salesOrders.edges", 0, "node.amount"), "2999.50");
	assert_string_equal(xclient_text(client, "data.salesOrders.edges", 0, "node.invoiced"), "false");
	xclient_step(client, 61);
	xclient_ask(client, orders, NULL);
	assert_string_equal(xclient_text(client, "data.salesOrders.edges", 0, "node.invoiced"), "true");
	/* 2500.00 with a quarter of tax, 499.50 without any. */
	xclient_ask(client, "{arTransactions(filter:{extIdentifier:null,invoiceRemaining:3624.5}){edges{node{extOrder amount "
			    "invoiceNumber subledger{code}}}} arTransaction_deltas(last:2){edges{node{mutationType _current{extOrder}}}}}",
		    NULL);
	xclient_has(client, "{\"extOrder\":\"E1\",\"amount\":\"3624.50\",\"invoiceNumber\":\"100301\",\"subledger\":{\"code\":"
			    "\"10001\"}}");
	assert_string_equal(xclient_text(client, "data.arTransaction_deltas.edges", 1, "node._current.extOrder"), "E1");
	/* By hand, when no time is set. */
	xclient_set(client, "xledger-invoice-delay-s", "0");
	send_lines(client);
	xclient_step(client, DAY_S);
	xclient_ask(client, orders, NULL);
	assert_string_equal(xclient_text(client, "data.salesOrders.edges", 2, "node.invoiced"), "false");
	xclient_control(client, "POST", "xledger/invoice", "{\"entity\":\"777\"}");
	xclient_is(client, "{\"invoiced\": 2}\n");
	xclient_control(client, "POST", "xledger/invoice", "{\"entity\":\"777\"}");
	xclient_is(client, "{\"invoiced\": 0}\n");
}

static const char *journal(struct xclient *client, const char *account, const char *amount)
{
	char query[500];

	snprintf(query, sizeof(query),
		 "mutation{addGLImportItems(inputs:[{node:{transactionSource:{code:\"GL\"},trRegNumber:9,postedDate:\"2026-01-15\","
		 "account:{code:\"1920\"},amount:\"100.00\",text:\"Inn\"}},{node:{transactionSource:{code:\"GL\"},trRegNumber:9,"
		 "account:{code:\"%s\"},amount:\"%s\"}}]){edges{node{dbId}}}}", account, amount);
	return xclient_ask(client, query, NULL);
}

static size_t posted(struct xclient *client)
{
	xclient_ask(client, "{transactions(first:100,filter:{text:\"Inn\"}){edges{node{amount header{trRegNumber postedDate}}}}}", NULL);
	return xclient_count(client, "data.transactions.edges");
}

static void journals_are_checked(void **state)
{
	struct xclient *client = *state;

	journal(client, "3000", "-100");
	assert_int_equal(posted(client), 1);
	xclient_has(client, "{\"amount\":\"100.00\",\"header\":{\"trRegNumber\":9,\"postedDate\":\"2026-01-15\"}}");
	xclient_ask(client, "{glImportItemErrors(first:9){edges{cursor}}}", NULL);
	assert_int_equal(xclient_count(client, "data.glImportItemErrors.edges"), 0);
	journal(client, "0000", "-90");
	xclient_lacks(client, "errors");
	assert_int_equal(posted(client), 1);
	xclient_ask(client, "{glImportItemErrors(first:9){edges{node{message transactionDbId errorLevel}}}}", NULL);
	xclient_has(client, "The account does not exist.");
	xclient_has(client, "the difference is 10.00.");
	xclient_set(client, "xledger-import-check", "refused");
	journal(client, "0000", "-100");
	xclient_has(client, "account.code: No value matching owner 777, code '0000'.");
	journal(client, "3000", "-90");
	xclient_has(client, "does not balance");
	assert_int_equal(posted(client), 1);
	xclient_set(client, "xledger-import-check", "off");
	journal(client, "3000", "-90");
	assert_int_equal(posted(client), 2);
}

static void webhooks_are_kept(void **state)
{
	struct xclient *client = *state;
	char query[120];

	xclient_ask(client, "mutation{addWebhooks(inputs:[{node:{description:\"d\",url:\"https://x.no\",serializedPayload:\"s\"}}]){"
			    "edges{node{dbId url state{code} lastSuccessfulPost}}}}", NULL);
	xclient_has(client, "\"url\":\"https://x.no\",\"state\":{\"code\":\"RUNNING\"},\"lastSuccessfulPost\":null");
	snprintf(query, sizeof(query), "mutation{removeWebhooks(dbIds:[\"%s\"]){numAffected}}",
		 xclient_text(client, "data.addWebhooks.edges", 0, "node.dbId"));
	xclient_ask(client, query, NULL);
	xclient_is(client, "{\"data\":{\"removeWebhooks\":{\"numAffected\":1}}}");
}

/* ---- what outlives it */

static void everything_survives(void **state)
{
	static const char query[] = "{a:customers(first:100,ownerSet:ALL){edges{cursor node{dbId code description createdAt "
				    "modifiedAt company{name} address{fullAddress country{code}} owner{description}}}} "
				    "b:customer_deltas(first:100,ownerSet:ALL){edges{cursor node{dbId mutationType modifiedAt}}} "
				    "c:arTransactions(last:50){edges{node{dbId amount transactionHeader{trRegNumber}}}} "
				    "d:employees(last:1){edges{node{contact{firstName age} flexiFieldsItem{number1}}}}}";
	AUTO(str_clear) struct str before = STR_INIT(STR_NO_LIMIT);
	char path[] = "/tmp/xledger-state-XXXXXX", token[64], log[80];
	struct xclient *client;
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	client = xclient_new(path, false);
	xclient_connect(client, ",\"scopes\":[\"Customer\",\"ARTransaction\",\"Employee\"]");
	snprintf(token, sizeof(token), "%s", client->token);
	xclient_ask(client, "mutation{addCustomers(inputs:[{node:{code:\"Æ\",description:\"Ny\"}}]){edges{node{dbId}}}}", NULL);
	xclient_ask_other(client, "mutation{removeCustomers(dbIds:[20000149]){numAffected}}");
	str_add(&before, xclient_ask(client, query, NULL));
	xclient_has(client, "\"code\":\"\xc3\x86\"");
	xclient_free(client);
	client = xclient_new(path, true);
	snprintf(client->token, sizeof(client->token), "%s", token);
	xclient_ask(client, query, NULL);
	assert_string_equal(client->body.text, before.text);
	xclient_ask(client, "{suppliers{__typename}}", NULL);
	xclient_has(client, "no access to Supplier");
	/* Numbers go on where they stood. */
	xclient_ask(client, "mutation{addCustomers(inputs:[{node:{description:\"N\"}}]){edges{node{code dbId}}}}", NULL);
	assert_string_equal(xclient_text(client, "data.addCustomers.edges", 0, "node.code"), "10061");
	xclient_free(client);
	unlink(path);
	snprintf(log, sizeof(log), "%s-wal", path);
	unlink(log);
}

static void same_seed_same_books(void **state)
{
	static const char query[] = "{customers(first:100){edges{node{dbId code description company{companyNumber}}}}}";
	struct xclient *one = xclient_new(NULL, false), *other = xclient_new(NULL, false);

	(void)state;
	xclient_connect(one, "");
	xclient_connect(other, "");
	assert_string_equal(one->token, other->token);
	assert_string_equal(xclient_ask(one, query, NULL), xclient_ask(other, query, NULL));
	xclient_free(one);
	xclient_free(other);
}

int test_xledger_write(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(parties_are_added, xclient_setup, xclient_teardown),
		cmocka_unit_test_setup_teardown(all_or_nothing, xclient_setup, xclient_teardown),
		cmocka_unit_test_setup_teardown(calls_have_a_size, xclient_setup, xclient_teardown),
		cmocka_unit_test_setup_teardown(the_real_one_lacks_some, xclient_setup, xclient_teardown),
		cmocka_unit_test_setup_teardown(lines_become_invoices, xclient_setup, xclient_teardown),
		cmocka_unit_test_setup_teardown(journals_are_checked, xclient_setup, xclient_teardown),
		cmocka_unit_test_setup_teardown(webhooks_are_kept, xclient_setup, xclient_teardown),
		cmocka_unit_test(everything_survives),
		cmocka_unit_test(same_seed_same_books),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
