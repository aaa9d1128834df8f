/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Batches: items of all kinds side by side, each with an answer or a fault of its own. */
#include "quickbooks/batch.h"

#include <string.h>

#include "books.h"
#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"

#include "test_simulator.h"

#define STAMP "2026-01-20T10:00:00-08:00"
#define NOW "2026-01-31T12:00:00-08:00"

/* A fault without its end, behind which the bId may stand. */
#define FAULT(message, detail, rest) \
	"{`Fault`:{`Error`:[{`Message`:`" message "`,`Detail`:`" detail "`,`code`:" rest "}]," \
	"`type`:`ValidationFault`}"
#define MISSING(name) \
	FAULT("Required param missing, need to supply the required value for the API", \
	      "Required parameter " name " is missing in the request", \
	      "`2020`,`element`:`" name "`")
#define NOT_FOUND \
	FAULT("Object Not Found", \
	      "Object Not Found : Something you're trying to use has been made inactive. Check " \
	      "the fields with accounts, customers, items, vendors or employees.", \
	      "`610`,`element`:``")
#define STALE \
	FAULT("Stale Object Error", \
	      "Stale Object Error : You and Bo Kettle were working on this at the same time. Bo " \
	      "Kettle finished before you did, so your work was not saved.", \
	      "`5010`,`element`:``")
#define UNSUPPORTED(name) \
	FAULT("Unsupported Operation", "Operation " name " is not supported.", "`500`")
#define BROKEN_DETAIL \
	"Property Name:failed to parse json object; a property specified is unsupported or invalid"
#define BROKEN FAULT("Request has invalid or unsupported property", BROKEN_DETAIL, "`2010`")

static bool run(struct books *books, const char *text, struct str *out, struct fault *fault)
{
	const struct write_options options = { 0 };
	AUTO(str_clear) struct str quoted = STR_INIT(STR_NO_LIMIT);
	json_object *sent;
	bool done;

	books_quote(&quoted, text);
	sent = json_tokener_parse(quoted.text);
	str_reset(out);
	done = batch_run(books->company, sent, &options, out, fault);
	json_object_put(sent);
	return done;
}

/* `items` is what stands inside the request's list, `expected` inside the answer's. */
static void assert_items(struct books *books, const char *items, const char *expected)
{
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT), sent = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str whole = STR_INIT(STR_NO_LIMIT);
	struct fault fault;

	str_addf(&sent, "{`BatchItemRequest`:[%s]}", items);
	if (!run(books, sent.text, &out, &fault))
		fail_msg("%d %s", fault.code, fault.detail);
	str_addf(&whole, "`BatchItemResponse`:[%s]", expected);
	assert_text(out.text, whole.text);
}

static void assert_refused(struct books *books, const char *text, int code, const char *detail)
{
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);
	struct fault fault = { 0 };

	assert_false(run(books, text, &out, &fault));
	assert_fault(&fault, code, detail);
}

static void test_mixed(void **state)
{
	struct books *books = *state;

	books_add(books, "Department", "7", STAMP,
		  "`Name`:`North`,`SubDepartment`:false,`FullyQualifiedName`:`North`,"
		  "`Active`:true");
	assert_items(books,
		     "{`bId`:`a`,`operation`:`create`,"
		     "`PaymentMethod`:{`Name`:`Barter`,`Type`:`NON_CREDIT_CARD`}},"
		     "{`bId`:`b`,`operation`:`delete`,`Invoice`:{`Id`:`129`,`SyncToken`:`0`}},"
		     "{`bId`:`c`,`operation`:`update`,"
		     "`Department`:{`sparse`:true,`Id`:`7`,`SyncToken`:`3`,`Name`:`N`}},"
		     "{`bId`:`d`,`Query`:`select Name from PaymentMethod`},"
		     "{`bId`:`e`,`Query`:`select Name from Nothing`},"
		     "{`bId`:`a`,`operation`:`query`,`Query`:`select count(*) from Department`}",
		     "{`PaymentMethod`:{`Name`:`Barter`,`Active`:true,`Type`:`NON_CREDIT_CARD`,"
		     "`domain`:`QBO`,`sparse`:false,`Id`:`1`,`SyncToken`:`0`,"
		     "`MetaData`:{`CreateTime`:`" NOW "`,`LastUpdatedTime`:`" NOW "`}},`bId`:`a`},"
		     NOT_FOUND ",`bId`:`b`},"
		     STALE ",`bId`:`c`},"
		     "{`QueryResponse`:{`PaymentMethod`:[{`Name`:`Barter`,`sparse`:true,`Id`:`1`}],"
		     "`startPosition`:1,`maxResults`:1},`bId`:`d`},"
		     FAULT("Invalid query",
			   "QueryValidationError: invalid context declaration: Nothing", "`4001`")
		     ",`bId`:`e`},"
		     "{`QueryResponse`:{`totalCount`:1},`bId`:`a`}");
}

static void test_item_faults(void **state)
{
	static const struct {
		const char *item, *answer;
	} cases[] = {
		{ "{`operation`:`create`,`Term`:{`Name`:`x`}}", MISSING("bId") "}" },
		{ "{`bId`:`1`,`Term`:{`Name`:`x`}}", MISSING("operation") ",`bId`:`1`}" },
		{ "{`bId`:`1`,`operation`:`upsert`,`Term`:{`Name`:`x`}}",
		  UNSUPPORTED("upsert") ",`bId`:`1`}" },
		{ "{`bId`:`1`,`operation`:`update`,`Term`:{`Name`:`x`}}",
		  MISSING("Id") ",`bId`:`1`}" },
		{ "{`bId`:`1`,`operation`:`create`}", MISSING("IntuitObject") ",`bId`:`1`}" },
		{ "{`bId`:`1`,`operation`:`create`,`Terms`:{`Name`:`x`}}",
		  FAULT("Invalid or unsupported object name",
			"Object Name: Terms specified is unsupported or invalid", "`2000`")
		  ",`bId`:`1`}" },
		{ "{`bId`:`1`,`operation`:`create`,`Term`:[]}", BROKEN ",`bId`:`1`}" },
		{ "{`bId`:`1`,`Query`:`select * from Term`,`Term`:{}}",
		  FAULT("Invalid Request Conflict Element in Request",
			"An item is either a query or an object", "`2600`,`element`:`Query`")
		  ",`bId`:`1`}" },
		{ "{`bId`:`1`,`Query`:7}",
		  FAULT("Error parsing query", "QueryParserError: The query provided was empty",
			"`4000`") ",`bId`:`1`}" },
		{ "5", BROKEN "}" },
		/* numbers are taken for texts */
		{ "{`bId`:17,`Query`:`select count(*) from Term`}",
		  "{`QueryResponse`:{`totalCount`:0},`bId`:`17`}" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_items(*state, cases[i].item, cases[i].answer);
}

/* A create makes a new object even when an Id stands in it; a void comes in two spellings. */
static void test_operations(void **state)
{
	struct books *books = *state;
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);
	struct fault fault;

	assert_true(run(books,
			"{`BatchItemRequest`:[{`bId`:`1`,`operation`:`create`,"
			"`Department`:{`Id`:`99`,`SyncToken`:`4`,`Name`:`South`}}]}",
			&out, &fault));
	assert_has(out.text, "`Id`:`1`,`SyncToken`:`0`");
	assert_items(books,
		     "{`bId`:`1`,`operation`:`void`,`Invoice`:{`Id`:`5`,`SyncToken`:`0`}},"
		     "{`bId`:`2`,`operation`:`update`,`optionsData`:`include=void`,"
		     "`Payment`:{`Id`:`5`,`SyncToken`:`0`}},"
		     "{`bId`:`3`,`operation`:`void`,`Bill`:{`Id`:`5`,`SyncToken`:`0`}}",
		     NOT_FOUND ",`bId`:`1`}," NOT_FOUND ",`bId`:`2`},"
		     UNSUPPORTED("void") ",`bId`:`3`}");
}

static size_t departments(struct books *books)
{
	return company_table(books->company, entity_by_name("Department", false))->count;
}

static void test_size(void **state)
{
	struct books *books = *state;
	AUTO(str_clear) struct str sent = STR_INIT(STR_NO_LIMIT), out = STR_INIT(STR_NO_LIMIT);
	struct fault fault;

	assert_items(books, "", "");
	for (int count = 30; count <= 31; count++) {
		str_reset(&sent);
		str_add(&sent, "{`BatchItemRequest`:[");
		for (int i = 0; i < count; i++)
			str_addf(&sent, "%s{`bId`:`%d`,`operation`:`create`,`Department`:"
				 "{`Name`:`D%d-%d`}}", i ? "," : "", i, count, i);
		str_add(&sent, "]}");
		if (count == 30)
			assert_true(run(books, sent.text, &out, &fault));
		else
			assert_refused(books, sent.text, 1040,
				       "The batch size for the batch request or BatchItemRequest "
				       "is too big. The batch limit size is 30.");
	}
	assert_int_equal(departments(books), 30);
}

static void test_whole(void **state)
{
	struct books *books = *state;

	assert_refused(books, "{}", 2020,
		       "Required parameter BatchItemRequest is missing in the request");
	assert_refused(books, "[]", 2010, BROKEN_DETAIL);
	assert_refused(books, "{`BatchItemRequest`:{}}", 2010, BROKEN_DETAIL);
	assert_refused(books, "{`Items`:[]}", 2010,
		       "Property Name:Unrecognized field \"Items\" (class "
		       "com.intuit.schema.finance.v3.IntuitBatchRequest), not marked as ignorable "
		       "specified is unsupported or invalid");
}

/* A company whose subscription ended: reads go on. */
static void test_suspended(void **state)
{
	struct books *books = *state;
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);
	struct fault fault;

	books->company->suspended = true;
	assert_true(run(books,
			"{`BatchItemRequest`:[{`bId`:`1`,`operation`:`create`,"
			"`Department`:{`Name`:`S`}},"
			"{`bId`:`2`,`Query`:`select count(*) from Department`}]}",
			&out, &fault));
	assert_has(out.text, "`code`:`6190`");
	assert_has(out.text, "{`QueryResponse`:{`totalCount`:0},`bId`:`2`}");
}

int test_batch(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_mixed, books_open, books_close),
		cmocka_unit_test_setup_teardown(test_item_faults, books_open, books_close),
		cmocka_unit_test_setup_teardown(test_operations, books_open, books_close),
		cmocka_unit_test_setup_teardown(test_size, books_open, books_close),
		cmocka_unit_test_setup_teardown(test_whole, books_open, books_close),
		cmocka_unit_test_setup_teardown(test_suspended, books_open, books_close),
	};

	return cmocka_run_group_tests_name("batch", tests, NULL, NULL);
}
