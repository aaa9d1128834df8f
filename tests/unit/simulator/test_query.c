/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The query language: what is taken, and every refusal with its exact text. */
#include "quickbooks/query.h"

#include <stdio.h>
#include <string.h>

#include "books.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/random.h"

#include "test_simulator.h"

static bool parse(struct books *books, const char *text, struct query *query, struct fault *fault)
{
	memset(fault, 0, sizeof(*fault));
	return query_parse(&books->simulator, text, strlen(text), query, fault);
}

static void assert_taken(struct books *books, const char *text)
{
	AUTO(query_clear) struct query query = { 0 };
	struct fault fault;

	if (!parse(books, text, &query, &fault))
		fail_msg("'%s' was refused: %s", text, fault.detail);
}

static void assert_refused(struct books *books, const char *text, int code, const char *detail)
{
	AUTO(query_clear) struct query query = { 0 };
	struct fault fault;

	if (parse(books, text, &query, &fault))
		fail_msg("'%s' was taken", text);
	if (fault.code != code || strcmp(fault.detail, detail) != 0)
		fail_msg("'%s': expected %d '%s', got %d '%s'", text, code, detail, fault.code,
			 fault.detail);
}

#define TAIL "\n    "
#define OPERATORS                                                                                  \
	"\"in\" ..." TAIL "\"like\" ..." TAIL "\"=\" ..." TAIL "\"<\" ..." TAIL "\"<=\" ..." TAIL  \
	"\">\" ..." TAIL "\">=\" ..." TAIL
#define VALUES "\"false\" ..." TAIL "\"true\" ..." TAIL "<STRING> ..." TAIL
#define AFTER_CONDITION                                                                            \
	"<EOF> " TAIL "<AND> ..." TAIL "\"iterator\" ..." TAIL "\"maxresults\" ..." TAIL           \
	"<OR> ..." TAIL "\"order\" ..." TAIL "\"orderby\" ..." TAIL "\"startposition\" ..." TAIL
#define AFTER_ENTITY                                                                               \
	"<EOF> " TAIL "\"iterator\" ..." TAIL "\"maxresults\" ..." TAIL "\"order\" ..." TAIL       \
	"\"orderby\" ..." TAIL "\"startposition\" ..." TAIL "\"where\" ..." TAIL
#define MET(what, line, column)                                                                    \
	"QueryParserError: Encountered " what " at line " line ", column " column ".\nWas expecting"

static void test_grammar_refusals(void **state)
{
	static const struct {
		const char *text, *detail;
	} cases[] = {
		/* as recorded */
		{ "SELECT * FROM NULL",
		  MET("\" \"null\" \"NULL \"\"", "1", "15") ":\n    <IDENTIFIER> ..." TAIL },
		{ "select * from vendor where DisplayName = 'Hat 'R Us'",
		  MET("\" <IDENTIFIER> \"R \"\"", "1", "48") " one of:\n    " AFTER_CONDITION },
		{ "", "QueryParserError: The query provided was empty" },
		{ "select * from Item where Name = %5",
		  "QueryParserError: Invalid content. Lexical error at line 1,"
		  " column 33.  Encountered: \"%\" (37), after : \"\"" },
		/* the beginning */
		{ " ", MET("\"<EOF>\"", "1", "1") ":\n    \"select\" ..." TAIL },
		{ "delete from Item",
		  MET("\" <IDENTIFIER> \"delete \"\"", "1", "1") ":\n    \"select\" ..." TAIL },
		{ "select", MET("\"<EOF>\"", "1", "6") " one of:\n    \"count\" ..." TAIL
						       "<IDENTIFIER> ..." TAIL "\"*\" ..." TAIL },
		{ "select from Item", MET("\" \"from\" \"from \"\"", "1",
					  "8") " one of:\n    \"count\" ..." TAIL
					       "<IDENTIFIER> ..." TAIL "\"*\" ..." TAIL },
		{ "select * Item",
		  MET("\" <IDENTIFIER> \"Item \"\"", "1", "10") ":\n    \"from\" ..." TAIL },
		{ "select count * from Item",
		  MET("\" \"*\" \"* \"\"", "1", "14") ":\n    \"(\" ..." TAIL },
		{ "select count(Id) from Item",
		  MET("\" <IDENTIFIER> \"Id \"\"", "1", "14") ":\n    \"*\" ..." TAIL },
		{ "select count(*", MET("\"<EOF>\"", "1", "14") ":\n    \")\" ..." TAIL },
		{ "select Id Name from Item",
		  MET("\" <IDENTIFIER> \"Name \"\"", "1", "11") " one of:\n    \"from\" ..." TAIL
								"\",\" ..." TAIL },
		{ "select Id, from Item",
		  MET("\" \"from\" \"from \"\"", "1", "12") ":\n    <IDENTIFIER> ..." TAIL },
		{ "select * from", MET("\"<EOF>\"", "1", "13") ":\n    <IDENTIFIER> ..." TAIL },
		{ "select * from Item, Bill",
		  MET("\" \",\" \", \"\"", "1", "19") " one of:\n    " AFTER_ENTITY },
		{ "select * from Item limit 5",
		  MET("\" <IDENTIFIER> \"limit \"\"", "1", "20") " one of:\n    " AFTER_ENTITY },
		/* conditions */
		{ "select * from Item where",
		  MET("\"<EOF>\"", "1", "24") ":\n    <IDENTIFIER> ..." TAIL },
		{ "select * from Item where ()",
		  MET("\" \"(\" \"( \"\"", "1", "26") ":\n    <IDENTIFIER> ..." TAIL },
		{ "select * from Item where Id",
		  MET("\"<EOF>\"", "1", "27") " one of:\n    " OPERATORS },
		{ "select * from Item where Id is null",
		  MET("\" <IDENTIFIER> \"is \"\"", "1", "29") " one of:\n    " OPERATORS },
		{ "select * from Item where Id <> '5'",
		  MET("\" \">\" \"> \"\"", "1", "30") " one of:\n    " VALUES },
		{ "select * from Item where UnitPrice > 5",
		  MET("\" <INTEGER> \"5 \"\"", "1", "38") " one of:\n    " VALUES },
		{ "select * from Item where Name = null",
		  MET("\" \"null\" \"null \"\"", "1", "33") " one of:\n    " VALUES },
		{ "select * from Item where Id in '5'",
		  MET("\" <STRING> \"\\'5\\' \"\"", "1", "32") ":\n    \"(\" ..." TAIL },
		{ "select * from Item where Id in ()",
		  MET("\" \")\" \") \"\"", "1", "33") " one of:\n    " VALUES },
		{ "select * from Item where Id in ('5' '6')",
		  MET("\" <STRING> \"\\'6\\' \"\"", "1", "37") " one of:\n    "
							       "\",\" ..." TAIL "\")\" ..." TAIL },
		{ "select * from Item where Name = 'a''b'",
		  MET("\" <STRING> \"\\'b\\' \"\"", "1", "36") " one of:\n    " AFTER_CONDITION },
		{ "select * from Item where Active = true group by Name",
		  MET("\" <IDENTIFIER> \"group \"\"", "1", "40") " one of:\n    " AFTER_CONDITION },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_refused(*state, cases[i].text, 4000, cases[i].detail);
}

static void test_tail_refusals(void **state)
{
	static const struct {
		const char *text, *detail;
	} cases[] = {
		/* order and paging */
		{ "select * from Item orderby",
		  MET("\"<EOF>\"", "1", "26") ":\n    <IDENTIFIER> ..." TAIL },
		{ "select * from Item order Name",
		  MET("\" <IDENTIFIER> \"Name \"\"", "1", "26") ":\n    \"by\" ..." TAIL },
		{ "select * from Item orderby Name up",
		  MET("\" <IDENTIFIER> \"up \"\"", "1",
		      "33") " one of:\n    <EOF> " TAIL "\"iterator\" ..." TAIL
			    "\"maxresults\" ..." TAIL "\"startposition\" ..." TAIL
			    "\",\" ..." TAIL },
		{ "select * from Item startposition",
		  MET("\"<EOF>\"", "1", "32") ":\n    <INTEGER> ..." TAIL },
		{ "select * from Item maxresults '5'",
		  MET("\" <STRING> \"\\'5\\' \"\"", "1", "31") ":\n    <INTEGER> ..." TAIL },
		{ "select * from Item maxresults 5 maxresults 6",
		  MET("\" \"maxresults\" \"maxresults \"\"", "1",
		      "33") " one of:\n    <EOF> " TAIL "\"iterator\" ..." TAIL
			    "\"startposition\" ..." TAIL },
		{ "select * from Item maxresults 5 where Id = '1'",
		  MET("\" \"where\" \"where \"\"", "1", "33") " one of:\n    <EOF> " TAIL
							      "\"iterator\" ..." TAIL
							      "\"startposition\" ..." TAIL },
		/* places: other lines, tabs, characters of two units */
		{ "select *\n\n\tfrom Item\r\nwhat",
		  MET("\" <IDENTIFIER> \"what \"\"", "4", "1") " one of:\n    " AFTER_ENTITY },
		{ "select *\n\tform",
		  MET("\" <IDENTIFIER> \"form \"\"", "2", "9") ":\n    \"from\" ..." TAIL },
		{ "select * from Item where Name = '\xf0\x9f\x8e\xb7\xc3\xa9' x",
		  MET("\" <IDENTIFIER> \"x \"\"", "1", "39") " one of:\n    " AFTER_CONDITION },
		/* characters that fit nowhere */
		{ "select * from Item where Name = \"a\" ",
		  "QueryParserError: Invalid content. Lexical error at line 1,"
		  " column 33.  Encountered: \"\\\"\" (34), after : \"\"" },
		{ "select * from Item where Id != '5'",
		  "QueryParserError: Invalid content. Lexical error at line 1,"
		  " column 29.  Encountered: \"!\" (33), after : \"\"" },
		{ "select * from Item where Name = \xe2\x80\x99x",
		  "QueryParserError: Invalid content. Lexical error at line 1,"
		  " column 33.  Encountered: \"\\u2019\" (8217), "
		  "after : \"\"" },
		{ "select * from Item;",
		  "QueryParserError: Invalid content. Lexical error at line 1,"
		  " column 20.  Encountered: "
		  "<EOF> after : \"\"" },
		{ "select * from Item where Name = 'Boot",
		  "QueryParserError: Invalid content. Lexical error at line 1, column "
		  "38.  Encountered: <EOF> after : \"\\'Boot\"" },
		{ "select * from Item where Name = 'Boot\\'",
		  "QueryParserError: Invalid content. Lexical error at line 1, "
		  "column 40.  Encountered: <EOF> after : \"\\'Boot\\\\\\'\"" },
		{ "select * from Item where Name = \xff",
		  "QueryParserError: Invalid content. The query is not UTF-8" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_refused(*state, cases[i].text, 4000, cases[i].detail);
}

static void test_meaning_refusals(void **state)
{
	static const struct {
		const char *text, *detail;
	} cases[] = {
		/* as recorded */
		{ "SELECT * FROM Custmoer", "invalid context declaration: Custmoer" },
		{ "select * from TaxService", "Metadata not found for Entity: TaxService" },
		{ "select * from Customer startposition 0",
		  "value 0 is too small. Min allowed value is 1" },
		{ "select * from Purchase where NoSuchField = '1'",
		  "Property NoSuchField not found for Entity Purchase" },
		{ "select * from JournalEntry where AccountRef = '1'",
		  "Property AccountRef not found for Entity JournalEntry" },
		{ "select * from Invoice where DepartmentRef = '1'",
		  "property 'DepartmentRef' is not queryable" },
		{ "select * from Customer where AcctNum = '1'",
		  "property 'AcctNum' is not queryable" },
		/* likewise */
		{ "select * from Invoice orderby DepartmentRef",
		  "property 'DepartmentRef' is not queryable" },
		{ "select * from Invoice orderby Colour",
		  "Property Colour not found for Entity Invoice" },
		{ "select Id, Colour from Invoice",
		  "Property Colour not found for Entity Invoice" },
		{ "select Line.Colour from Invoice",
		  "Property Line.Colour not found for Entity Invoice" },
		{ "select * from Customer where BillAddr.City = 'x'",
		  "property 'BillAddr.City' is not queryable" },
		{ "select * from Invoice where TotalAmt > 'much'", "invalid number value: much" },
		{ "select * from Invoice where TxnDate > '31.01.2026'",
		  "invalid date value: 31.01.2026" },
		{ "select * from Invoice where TxnDate > '2026-02-30'",
		  "invalid date value: 2026-02-30" },
		{ "select * from Invoice where MetaData.CreateTime > 'now'",
		  "invalid date value: now" },
		/* an unencoded plus is a blank when it arrives */
		{ "select * from Invoice where MetaData.CreateTime > '2026-01-31T12:00:00 01:00'",
		  "invalid date value: 2026-01-31T12:00:00 01:00" },
		{ "select * from Invoice where Id = '1' or Id = '2'",
		  "operator OR is not supported" },
		{ "select * from Invoice iterator 'x'", "iterator is not supported" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		AUTO(str_clear) struct str detail = STR_INIT(STR_NO_LIMIT);

		str_addf(&detail, "QueryValidationError: %s", cases[i].detail);
		assert_refused(*state, cases[i].text, 4001, detail.text);
	}
	/* the service looks at the grammar first */
	assert_refused(*state, "select * from Custmoer where", 4000,
		       MET("\"<EOF>\"", "1", "28") ":\n    <IDENTIFIER> ..." TAIL);
	/* truth values are bare, everything else is quoted */
	assert_refused(
		*state, "select * from Customer where Active = 'true'", 10000,
		"System Failure Error: java.lang.String cannot be cast to java.lang.Boolean");
	assert_refused(
		*state, "select * from Customer where DisplayName = true", 10000,
		"System Failure Error: java.lang.Boolean cannot be cast to java.lang.String");
}

/* What clients in use send. */
static void test_taken(void **state)
{
	static const char *const texts[] = {
		"select * from customer startposition 1 maxresults 1000",
		"SELECT * FROM Customer MAXRESULTS 2 STARTPOSITION 1",
		"select * from Customer maxresults 5",
		"select * from Customer startposition 5",
		"SELECT COUNT(*) FROM Customer",
		"select count ( * ) from Invoice where Balance > '0'",
		"select * from Invoice WHERE Id IN ('1', '2') ORDER BY Id ASC STARTPOSITION 1 "
		"MAXRESULTS 9",
		"select * from Invoice WHERE Metadata.LastUpdatedTime >= "
		"'2026-01-31T12:00:00-08:00'",
		"SELECT * FROM Vendor WHERE Active IN ( true, false ) ORDERBY DisplayName DESC,"
		" Id  ",
		"select * from Customer where DisplayName = 'Amy\\'s Bird Sanctuary'",
		"select * from Customer where displayname like '%bird%'",
		"select * from Customer where PrimaryEmailAddr = 'a@b.c'",
		"select * from Customer where PrimaryEmailAddr.Address = 'a@b.c'",
		"select * from Invoice where CustomerRef = '1'",
		"select * from Attachable where AttachableRef.EntityRef.Type = 'invoice' and "
		"AttachableRef.EntityRef.value = '75'",
		"select * from ExchangeRate where SourceCurrencyCode in ('EUR') and AsOfDate = "
		"'2026-01-31'",
		"select * from creditcardpayment",
		"select Id, DisplayName from Customer where Active = true",
		"select Id, Line.*, Line.Amount, MetaData.LastUpdatedTime,"
		" CustomerRef.value from Invoice",
		"select\t*\nfrom\r\nCustomer\n",
		"select * from Invoice where TxnDate = '2026-01-31T10:00:00Z'",
		"select * from Invoice where DocNumber = ' '",
	};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		assert_taken(*state, texts[i]);
}

static void test_statement(void **state)
{
	AUTO(query_clear) struct query query = { 0 };
	struct fault fault;

	assert_true(parse(
		*state,
		"select Id, Line.Amount from invoice where metadata.createtime > "
		"'2026-01-31T12:00:00-08:00' and "
		"customerref in ('a\\'b', 'c\\\\d') and totalamt<='-12.50' and "
		"txndate='2026-01-31' "
		"orderby txndate desc, DOCNUMBER startposition 7 maxresults 42",
		&query, &fault));
	assert_string_equal(query.entity->name, "Invoice");
	assert_false(query.count);
	assert_false(query.names_active);
	assert_int_equal(query.column_count, 2);
	assert_string_equal(query.columns[1].path, "Line.Amount");
	assert_int_equal(query.condition_count, 4);
	assert_string_equal(query.conditions[0].path, "MetaData.CreateTime");
	assert_int_equal(query.conditions[0].op, QUERY_GREATER);
	assert_int_equal(query.conditions[0].values[0].ms, BOOKS_NOW_MS);
	assert_string_equal(query.conditions[1].path, "CustomerRef.value");
	assert_int_equal(query.conditions[1].value_count, 2);
	assert_string_equal(query.conditions[1].values[0].text, "a'b");
	assert_string_equal(query.conditions[1].values[1].text, "c\\d");
	assert_int_equal(query.conditions[2].op, QUERY_LESS_EQUAL);
	assert_int_equal(decimal_compare(query.conditions[2].values[0].number, decimal_of(-125, 1)),
			 0);
	assert_int_equal(query.conditions[3].values[0].ms, date_of(2026, 1, 31).day * DAY_MS);
	assert_int_equal(query.order_count, 2);
	assert_true(query.orders[0].descending);
	assert_string_equal(query.orders[1].path, "DocNumber");
	assert_false(query.orders[1].descending);
	assert_int_equal(query.start, 7);
	assert_int_equal(query.max, 42);
}

static void test_paging(void **state)
{
	static const struct {
		const char *text;
		int64_t start, max;
	} cases[] = {
		{ "select * from Item", 1, 100 },
		{ "select * from Item maxresults 1000", 1, 1000 },
		{ "select * from Item maxresults 1001", 1, 1000 },
		{ "select * from Item maxresults 0", 1, 0 },
		{ "select * from Item startposition 99999999999999999999999 maxresults "
		  "99999999999999999999999",
		  INT64_MAX, 1000 },
	};
	struct fault fault;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		AUTO(query_clear) struct query query = { 0 };

		assert_true(parse(*state, cases[i].text, &query, &fault));
		assert_int_equal(query.start, cases[i].start);
		assert_int_equal(query.max, cases[i].max);
	}
}

static int64_t time_asked(struct books *books, const char *value)
{
	AUTO(query_clear) struct query query = { 0 };
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);
	struct fault fault;

	str_addf(&text, "select * from Item where MetaData.LastUpdatedTime > '%s'", value);
	assert_true(parse(books, text.text, &query, &fault));
	return query.conditions[0].values[0].ms;
}

static void test_choices(void **state)
{
	struct books *books = *state;

	assert_int_equal(time_asked(books, "2026-01-31T12:00:00"), BOOKS_NOW_MS);
	books_set(books, "date-zone", "utc");
	assert_int_equal(time_asked(books, "2026-01-31T20:00:00"), BOOKS_NOW_MS);
	assert_int_equal(time_asked(books, "2026-01-31T20:00:00.000Z"), BOOKS_NOW_MS);

	books_set(books, "maxresults-over", "refused");
	assert_refused(books, "select * from Item maxresults 1500", 4001,
		       "QueryValidationError: value 1500 is too large. Max allowed value is 1000");
	assert_taken(books, "select * from Item maxresults 1000");

	books_set(books, "entity-case", "exact");
	assert_refused(books, "select * from item", 4001,
		       "QueryValidationError: invalid context declaration: item");
	assert_taken(books, "select * from Item");

	books_set(books, "projection", "refused");
	assert_refused(books, "select Id from Item", 4001,
		       "QueryValidationError: projections are not supported");

	books_set(books, "order-by-id", "refused");
	assert_refused(books, "select * from Item orderby Id", 4001,
		       "QueryValidationError: property 'Id' is not sortable");
	assert_taken(books, "select * from Item where Id = '5' orderby Name");

	books_set(books, "order-by-words", "refused");
	assert_refused(books, "select * from Item order by Name", 4000,
		       MET("\" \"order\" \"order \"\"", "1",
			   "20") " one of:\n    <EOF> " TAIL "\"iterator\" ..." TAIL
				 "\"maxresults\" ..." TAIL "\"orderby\" ..." TAIL
				 "\"startposition\" ..." TAIL "\"where\" ..." TAIL);
	assert_taken(books, "select * from Item orderby Name");

	books_set(books, "in-max", "2");
	assert_refused(books, "select * from Item where Id in ('1','2','3')", 4001,
		       "QueryValidationError: value 3 is too large. Max allowed value is 2");
	assert_taken(books, "select * from Item where Id in ('1','2')");
}

static void test_bounds(void **state)
{
	struct books *books = *state;
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);

	str_add(&text, "select * from Item where Id = '1'");
	for (int i = 1; i < QUERY_CONDITIONS_MAX; i++)
		str_add(&text, " and Id = '1'");
	assert_taken(books, text.text);
	str_add(&text, " and Id = '1'");
	assert_refused(books, text.text, 4001,
		       "QueryValidationError: value 33 is too large. Max allowed value is 32");
	str_reset(&text);
	str_add(&text, "select * from Item orderby Name");
	for (int i = 1; i < QUERY_ORDERS_MAX; i++)
		str_add(&text, ",Name");
	assert_taken(books, text.text);
	str_add(&text, ",Name");
	assert_refused(books, text.text, 4001,
		       "QueryValidationError: value 9 is too large. Max allowed value is 8");
	str_reset(&text);
	str_add(&text, "select Id");
	for (int i = 0; i < QUERY_COLUMNS_MAX; i++)
		str_add(&text, ",Id");
	str_add(&text, " from Item");
	assert_refused(books, text.text, 4001,
		       "QueryValidationError: value 65 is too large. Max allowed value is 64");
	/* a word that is longer than any fault's text */
	str_reset(&text);
	str_add(&text, "select * from ");
	for (int i = 0; i < 5000; i++)
		str_add_char(&text, 'x');
	{
		AUTO(query_clear) struct query query = { 0 };
		struct fault fault;

		assert_false(parse(books, text.text, &query, &fault));
		assert_int_equal(fault.code, 4001);
	}
}

/* Pieces of queries put together at random are taken or refused with 4000, 4001 or 10000. */
static void test_random(void **state)
{
	static const char *const pieces[] = {
		"select",
		"*",
		"from",
		"Item",
		"Customer",
		"where",
		"Name",
		"Active",
		"MetaData.LastUpdatedTime",
		"=",
		"<",
		">=",
		"like",
		"in",
		"(",
		")",
		",",
		"'a'",
		"'2026-01-31'",
		"' '",
		"true",
		"false",
		"and",
		"or",
		"orderby",
		"order",
		"by",
		"asc",
		"desc",
		"startposition",
		"maxresults",
		"1",
		"count",
		"null",
		"\n",
		"\t",
		"'",
		"\\",
		"%",
		"\xc3\xa9",
		"Id",
	};
	struct random random;

	random_seed(&random, 20260131);
	for (int round = 0; round < 20000; round++) {
		AUTO(query_clear) struct query query = { 0 };
		AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);
		size_t count = random_below(&random, 14);
		struct fault fault;

		if (random_below(&random, 2))
			str_add(&text, "select * from Item where ");
		while (count-- > 0)
			str_addf(&text, "%s ", pieces[random_below(&random, ARRAY_LEN(pieces))]);
		if (!parse(*state, text.text, &query, &fault) && fault.code != 4000 &&
		    fault.code != 4001 && fault.code != 10000)
			fail_msg("'%s': %d", text.text, fault.code);
	}
}

int test_query(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_grammar_refusals, books_open, books_close),
		cmocka_unit_test_setup_teardown(test_tail_refusals, books_open, books_close),
		cmocka_unit_test_setup_teardown(test_meaning_refusals, books_open, books_close),
		cmocka_unit_test_setup_teardown(test_taken, books_open, books_close),
		cmocka_unit_test_setup_teardown(test_statement, books_open, books_close),
		cmocka_unit_test_setup_teardown(test_paging, books_open, books_close),
		cmocka_unit_test_setup_teardown(test_choices, books_open, books_close),
		cmocka_unit_test_setup_teardown(test_bounds, books_open, books_close),
		cmocka_unit_test_setup_teardown(test_random, books_open, books_close),
	};

	return cmocka_run_group_tests_name("query", tests, NULL, NULL);
}
