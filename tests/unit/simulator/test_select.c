/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Queries over small books whose answers can be read off, and what a page may cost. */
#include "quickbooks/select.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "books.h"
#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/random.h"

#include "test_simulator.h"

#define DAY1 "2026-01-01T09:00:00-08:00"
#define DAY2 "2026-01-02T09:00:00-08:00"
#define DAY3 "2026-01-03T09:00:00-08:00"
#define DAY4 "2026-01-04T09:00:00-08:00"
#define DAY5 "2026-01-05T09:00:00-08:00"

static void run(struct books *books, const char *text, struct str *out)
{
	struct fault fault;

	str_reset(out);
	if (!select_text(books->company, text, strlen(text), out, &fault))
		fail_msg("'%s': %d %s", text, fault.code, fault.detail);
	assert_true(json_check(out->text, out->len, NULL));
}

/* The ids of an answer: "3 1 2". */
static void ids_of(const char *answer, struct str *out)
{
	struct json_slice whole = { .text = answer, .len = strlen(answer), .kind = JSON_OBJECT }, list, item;

	str_reset(out);
	for (size_t at = 0; json_each(whole, &at, NULL, &list);)
		for (size_t inner = 0;
		     list.kind == JSON_ARRAY && json_each(list, &inner, NULL, &item);) {
			struct json_slice id = json_find(item.text, item.len, "Id");

			str_addf(out, "%s%.*s", out->len ? " " : "", (int)id.len - 2, id.text + 1);
		}
}

static void assert_ids(struct books *books, const char *text, const char *expected)
{
	AUTO(str_clear) struct str answer = STR_INIT(STR_NO_LIMIT), ids = STR_INIT(STR_NO_LIMIT);

	run(books, text, &answer);
	ids_of(answer.text, &ids);
	if (strcmp(ids.text, expected) != 0)
		fail_msg("'%s': expected %s, got %s", text, expected, ids.text);
}

static void assert_answer(struct books *books, const char *text, const char *expected)
{
	AUTO(str_clear) struct str answer = STR_INIT(STR_NO_LIMIT);

	run(books, text, &answer);
	assert_text(answer.text, expected);
}

static int fill(void **state)
{
	struct books *books;

	books_open(state);
	books = *state;
	books_add(
		books, "Customer", "1", DAY5,
		"`Balance`:50.00,`DisplayName`:`Amy's Bird Sanctuary`,`CompanyName`:"
		"`Birds`,`Active`:true,`Job`:false,"
		"`PrimaryEmailAddr`:{`Address`:`Amy@birds.example`}");
	books_add(books, "Customer", "2", DAY3,
		  "`Balance`:0,`DisplayName`:`zebra crossing`,`Active`:true,`Job`:false");
	books_add(books, "Customer", "10", DAY4,
		  "`Balance`:-7.5,`ParentRef`:{`value`:`1`},`FullyQualifiedName`:"
		  "`Amy's Bird Sanctuary:Cage`,`DisplayName`:`Cage`,`Active`:true,`Job`:true");
	books_add(books, "Customer", "3", DAY1,
		  "`Balance`:1200.10,`DisplayName`:`\xc3\x89mile`,`Active`:true,`Job`:false");
	books_add(books, "Customer", "4", DAY2,
		  "`Balance`:0,`DisplayName`:`Old Mill (deleted)`,`Active`:false,`Job`:false");
	books_add(books, "Invoice", "21", DAY1,
		  "`DocNumber`:`1001`,`TxnDate`:`2026-01-09`,`CustomerRef`:{`value`:`1`,"
		  "`name`:`Amy's`},`TotalAmt`:100.00,`Balance`:0");
	books_add(books, "Invoice", "22", DAY2,
		  "`DocNumber`:`1002`,`TxnDate`:`2026-01-07`,`CustomerRef`:{`value`:`2`,"
		  "`name`:`z`},`TotalAmt`:99.95,`Balance`:99.95,`DueDate`:`2026-02-06`");
	books_add(books, "Invoice", "23", DAY2,
		  "`DocNumber`:`A%1`,`TxnDate`:`2026-01-08`,`CustomerRef`:{`value`:`1`,"
		  "`name`:`Amy's`},`TotalAmt`:1000,`Balance`:20.5,`DueDate`:`2026-01-20`");
	books_add(books, "Invoice", "9", DAY2,
		  "`TxnDate`:`2026-01-07`,`CustomerRef`:{`value`:`10`,`name`:`Cage`},"
		  "`TotalAmt`:100,`Balance`:100.000,`DueDate`:`2026-01-20`");
	return 0;
}

static void test_envelope(void **state)
{
	struct books *books = *state;

	assert_answer(books, "select * from Term", "{}");
	assert_answer(books, "select * from Invoice startposition 5", "{}");
	assert_answer(books, "select count(*) from Term", "{`totalCount`:0}");
	assert_answer(books, "select count(*) from Invoice", "{`totalCount`:4}");
	assert_answer(books, "select count(*) from Invoice where Balance > '0'",
		      "{`totalCount`:3}");
	assert_answer(books, "select count(*) from Invoice startposition 3 maxresults 1",
		      "{`totalCount`:4}");
	assert_answer(books, "select * from Invoice maxresults 0",
		      "{`startPosition`:1,`maxResults`:0,`totalCount`:4}");
	books_add(books, "Term", "1", DAY1, "`Name`:`Net 9`,`Active`:true");
	assert_answer(
		books, "select * from term",
		"{`Term`:[{`Name`:`Net 9`,`Active`:true,`domain`:`QBO`,`sparse`:false,`Id`:`1`,"
		"`SyncToken`:`0`,"
		"`MetaData`:{`CreateTime`:`" DAY1 "`,`LastUpdatedTime`:`" DAY1 "`}}],"
		"`startPosition`:1,`maxResults`:1}");
	/* the key of an answer may differ from the name in the query */
	books_add(books, "CreditCardPayment", "30", DAY1, "`Amount`:5.00,`TxnDate`:`2026-01-01`");
	assert_answer(
		books, "select Id from creditcardpayment",
		"{`CreditCardPaymentTxn`:[{`sparse`:true,`Id`:`30`}],`startPosition`:1,"
		"`maxResults`:1}");
	/* settings have no place among others */
	books_add(books, "Preferences", "1", DAY1, "");
	assert_answer(books, "select Id from Preferences",
		      "{`Preferences`:[{`sparse`:true,`Id`:`1`}],`maxResults`:1}");
}

static void test_usual_order(void **state)
{
	struct books *books = *state;

	/* lists by full name, sub-customers behind their parents */
	assert_ids(books, "select * from Customer", "1 10 2 3");
	/* transactions latest first, those of one second as they came */
	assert_ids(books, "select * from Invoice", "22 23 9 21");
	assert_ids(books, "select * from Invoice startposition 2", "23 9 21");
	assert_ids(books, "select * from Invoice startposition 2 maxresults 2", "23 9");
	assert_ids(books, "select * from Invoice maxresults 1 startposition 4", "21");
	/* also when ids are named, each once, in whatever order */
	assert_ids(books, "select * from Customer where Id in ('2', '10', '1', '2', '77')",
		   "1 10 2");
	assert_ids(books, "select * from Invoice where Id in ('9','21','23')", "9 23 21");
	assert_ids(books,
		   "select * from Invoice where Id in ('9','21','23') startposition 2 maxresults 1",
		   "23");
}

static void test_inactive(void **state)
{
	struct books *books = *state;

	assert_ids(books, "select * from Customer where Active in (true, false)", "1 10 4 2 3");
	assert_ids(books, "select * from Customer where Active = false", "4");
	assert_ids(books, "select * from Customer where Active = true", "1 10 2 3");
	assert_ids(books, "select * from Customer where Active = true and Active = false", "");
	assert_ids(books, "select * from Customer where Id = '4'", "");
	assert_ids(books, "select * from Customer where Id = '4' and Active in (true,false)", "4");
	assert_answer(books, "select count(*) from Customer", "{`totalCount`:4}");
	assert_answer(books, "select count(*) from Customer where Active in (false,true)",
		      "{`totalCount`:5}");
}

static void test_conditions(void **state)
{
	static const struct {
		const char *where, *ids;
	} invoices[] = {
		{ "TotalAmt = '100'", "9 21" },
		{ "TotalAmt = '100.00'", "9 21" },
		{ "TotalAmt > '100'", "23" },
		{ "TotalAmt >= '100.0'", "23 9 21" },
		{ "TotalAmt < '100'", "22" },
		{ "TotalAmt in ('1e3', '99.95')", "22 23" },
		{ "DocNumber = '1001'", "21" },
		{ "DocNumber in ('1001','a%1')", "23 21" },
		{ "DocNumber > '1001'", "22 23" },
		{ "DocNumber like '100%'", "22 21" },
		{ "DocNumber like '%1'", "23 21" },
		{ "DocNumber like '1002'", "22" },
		{ "DocNumber like 'A%1'", "23" },
		{ "DocNumber like '%'", "22 23 21" },
		{ "DocNumber = ' '", "9" },
		{ "DocNumber in (' ', '1001')", "9 21" },
		{ "TxnDate = '2026-01-07'", "22 9" },
		{ "TxnDate >= '2026-01-08'", "23 21" },
		{ "TxnDate < '2026-01-08'", "22 9" },
		{ "TxnDate like '2026-01%'", "22 23 9 21" },
		{ "DueDate = '2026-01-20'", "23 9" },
		{ "DueDate = ' '", "21" },
		{ "DueDate > '2026-01-20'", "22" },
		{ "CustomerRef = '1'", "23 21" },
		{ "CustomerRef in ('1','10')", "23 9 21" },
		{ "CustomerRef.name = 'cage'", "9" },
		{ "Balance = '0'", "21" },
		{ "Balance = '100'", "9" },
		{ "Id = '9'", "9" },
		{ "Id > '9'", "22 23 21" },
		{ "Id <= '21'", "9 21" },
		{ "Id like '2%'", "22 23 21" },
		{ "CustomerRef = '1' and TotalAmt > '500'", "23" },
		{ "Id in ('21','22') and Balance > '0'", "22" },
		{ "MetaData.LastUpdatedTime > '2026-01-01T09:00:00-08:00'", "22 23 9" },
		{ "MetaData.LastUpdatedTime >= '2026-01-01T17:00:00Z'", "22 23 9 21" },
		{ "MetaData.LastUpdatedTime < '2026-01-02T09:00:00-08:00'", "21" },
		{ "MetaData.LastUpdatedTime <= '2026-01-02T09:00:00'", "22 23 9 21" },
		{ "MetaData.LastUpdatedTime = '2026-01-02T09:00:00'", "22 23 9" },
		{ "MetaData.LastUpdatedTime > '2026-01-03' and MetaData.LastUpdatedTime < "
		  "'2026-01-02'",
		  "" },
		{ "MetaData.LastUpdatedTime >= '2026-01-02' and Id = '21'", "" },
		{ "MetaData.CreateTime < '2026-01-02'", "21" },
		{ "MetaData.LastUpdatedTime in ('2026-01-01T09:00:00')", "21" },
	};
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);

	for (size_t i = 0; i < ARRAY_LEN(invoices); i++) {
		str_reset(&text);
		str_addf(&text, "select * from Invoice where %s", invoices[i].where);
		assert_ids(*state, text.text, invoices[i].ids);
	}
}

static void test_list_conditions(void **state)
{
	static const struct {
		const char *where, *ids;
	} customers[] = {
		{ "DisplayName = 'Amy\\'s Bird Sanctuary'", "1" },
		{ "DisplayName = 'AMY\\'S BIRD sanctuary'", "1" },
		{ "DisplayName like '%bird%'", "1" },
		{ "FullyQualifiedName like '%bird%'", "10" },
		{ "DisplayName = '\xc3\xa9MILE'", "3" },
		{ "DisplayName like '\xc3\x89%'", "3" },
		{ "Job = true", "10" },
		{ "Job in (true,false)", "1 10 2 3" },
		{ "ParentRef = '1'", "10" },
		{ "Balance < '0'", "10" },
		{ "Balance = '0'", "2" },
		{ "CompanyName = ' '", "10 2 3" },
		{ "PrimaryEmailAddr = 'amy@birds.example'", "1" },
		{ "PrimaryEmailAddr like '%birds%'", "1" },
		{ "DisplayName like '(deleted)'", "" },
		{ "MetaData.LastUpdatedTime >= '2026-01-02' and Active in (true,false)",
		  "1 10 4 2" },
	};
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);

	for (size_t i = 0; i < ARRAY_LEN(customers); i++) {
		str_reset(&text);
		str_addf(&text, "select * from Customer where %s", customers[i].where);
		assert_ids(*state, text.text, customers[i].ids);
	}
}

static void test_like_case(void **state)
{
	struct books *books = *state;

	books_set(books, "like-case", "sensitive");
	assert_ids(books, "select * from Customer where DisplayName like '%bird%'", "");
	assert_ids(books, "select * from Customer where DisplayName like '%Bird%'", "1");
	assert_ids(books, "select * from Customer where DisplayName = 'amy\\'s bird sanctuary'",
		   "1");
}

static void test_attachments(void **state)
{
	struct books *books = *state;

	books_add(
		books, "Attachable", "200900000000000008541", DAY1,
		"`FileName`:`a.pdf`,`AttachableRef`:[{`EntityRef`:"
		"{`value`:`22`,`type`:`Invoice`}},{`EntityRef`:{`value`:`1`,`type`:`Customer`}}]");
	books_add(books, "Attachable", "5000000000000503624", DAY2, "`Note`:`n`");
	assert_ids(books,
		   "select * from Attachable where AttachableRef.EntityRef.Type = 'invoice' and "
		   "AttachableRef.EntityRef.value = '22'",
		   "200900000000000008541");
	assert_ids(books, "select * from Attachable where AttachableRef.EntityRef.value = '2'", "");
	assert_ids(books, "select * from Attachable where Id > '5000000000000503624'",
		   "200900000000000008541");
	assert_ids(books, "select * from Attachable", "5000000000000503624 200900000000000008541");
}

static void test_orders(void **state)
{
	static const struct {
		const char *order, *ids;
	} invoices[] = {
		{ "MetaData.LastUpdatedTime", "21 22 23 9" },
		{ "Metadata.lastupdatedtime desc", "22 23 9 21" },
		{ "Id", "9 21 22 23" },
		{ "Id desc", "23 22 21 9" },
		{ "Id, TotalAmt desc", "9 21 22 23" },
		{ "TotalAmt", "22 9 21 23" },
		{ "TotalAmt desc", "23 9 21 22" },
		{ "TotalAmt desc, Id desc", "23 21 9 22" },
		{ "TxnDate, TotalAmt", "22 9 23 21" },
		{ "TxnDate desc", "21 23 9 22" },
		{ "DocNumber", "9 21 22 23" },
		{ "DocNumber desc", "23 22 21 9" }, /* nulls first, or last */
		{ "DueDate, Id desc", "21 23 9 22" },
		{ "MetaData.LastUpdatedTime desc, TotalAmt", "22 9 23 21" },
		{ "MetaData.CreateTime, DocNumber desc", "21 23 22 9" },
		{ "CustomerRef, Id", "21 23 9 22" },
	};
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);

	for (size_t i = 0; i < ARRAY_LEN(invoices); i++) {
		str_reset(&text);
		str_addf(&text, "select * from Invoice orderby %s", invoices[i].order);
		assert_ids(*state, text.text, invoices[i].ids);
	}
	assert_ids(*state, "select * from Customer orderby Balance desc", "3 1 2 10");
	assert_ids(*state, "select * from Customer orderby DisplayName", "1 10 2 3");
	assert_ids(*state,
		   "select * from Customer orderby DisplayName startposition 2 maxresults 2",
		   "10 2");
	assert_ids(*state,
		   "select * from Customer where Active in (true,false) orderby Active desc, Id",
		   "1 2 3 10 4");
	assert_ids(*state, "select * from Customer where Id in ('3','1') orderby Balance", "1 3");
}

static void test_projection(void **state)
{
	struct books *books = *state;

	assert_answer(books, "select Id, DisplayName from Customer where Id = '1'",
		      "{`Customer`:[{`DisplayName`:`Amy's Bird Sanctuary`,`sparse`:true,`Id`:`1`}],"
		      "`startPosition`:1,`maxResults`:1}");
	/* in the record's order, with the Id even when it was not asked for */
	assert_answer(
		books,
		"select TotalAmt, customerref, Metadata.CreateTime from Invoice where Id = '21'",
		"{`Invoice`:[{`CustomerRef`:{`value`:`1`,`name`:`Amy's`},`TotalAmt`:100.00,"
		"`sparse`:true,"
		"`Id`:`21`,`MetaData`:{`CreateTime`:`" DAY1
		"`}}],`startPosition`:1,`maxResults`:1}");
	books_add(books, "Bill", "40", DAY1,
		  "`TxnDate`:`2026-01-01`,`Line`:[{`Id`:`1`,`Amount`:5.00},{`Id`:`2`,"
		  "`Amount`:6}],`LinkedTxn`:[]");
	assert_answer(
		books, "select Line.Amount, LinkedTxn from Bill",
		"{`Bill`:[{`Line`:[{`Amount`:5.00},{`Amount`:6}],`LinkedTxn`:[],`sparse`:true,"
		"`Id`:`40`}],"
		"`startPosition`:1,`maxResults`:1}");
	assert_answer(
		books, "select Line.* from Bill",
		"{`Bill`:[{`Line`:[{`Id`:`1`,`Amount`:5.00},{`Id`:`2`,`Amount`:6}],`sparse`:true,"
		"`Id`:`40`}],"
		"`startPosition`:1,`maxResults`:1}");
}

#define MANY 3000

static void fill_many(struct books *books)
{
	for (int i = 0; i < MANY; i++) {
		char id[16], stamp[40], members[80];

		snprintf(id, sizeof(id), "%d", 1000 + i);
		snprintf(stamp, sizeof(stamp), "2026-01-10T%02d:%02d:00-08:00", i / 600,
			 i / 10 % 60);
		snprintf(members, sizeof(members), "`TxnDate`:`2026-01-10`,`TotalAmt`:%d.00",
			 i % 7);
		books_add(books, "Bill", id, stamp, members);
	}
}

static void assert_cost(struct books *books, const char *text, uint64_t most)
{
	AUTO(str_clear) struct str answer = STR_INIT(STR_NO_LIMIT);
	uint64_t before = books->company->query_plan_scans;

	run(books, text, &answer);
	if (books->company->query_plan_scans - before > most)
		fail_msg("'%s' looked at %llu records", text,
			 (unsigned long long)(books->company->query_plan_scans - before));
}

/* A page in the order of update times looks at its own records only, wherever it is. */
static void test_cost(void **state)
{
	struct books *books = *state;

	fill_many(books);
	assert_cost(
		books,
		"select * from Bill where MetaData.LastUpdatedTime >= '2026-01-10T01:00:00-08:00' "
		"orderby MetaData.LastUpdatedTime startposition 1001 maxresults 1000",
		1000);
	assert_cost(
		books,
		"select * from Bill where MetaData.LastUpdatedTime >= '2026-01-10T00:30:00' and "
		"MetaData.LastUpdatedTime < "
		"'2026-01-10T03:00:00' orderby MetaData.LastUpdatedTime startposition 500 "
		"maxresults 100",
		100);
	assert_cost(books, "select * from Bill startposition 2901", 100);
	assert_cost(books, "select * from Bill orderby Id startposition 2000 maxresults 5", 5);
	assert_cost(books, "select count(*) from Bill", 0);
	assert_cost(
		books,
		"select count(*) from Bill where MetaData.LastUpdatedTime > '2026-01-10T03:00:00'",
		0);
	assert_cost(books, "select * from Bill where Id in ('1000','2000','4000')", 3);
	assert_cost(
		books,
		"select * from Bill where MetaData.LastUpdatedTime > '2026-01-10T04:50:00' and "
		"TotalAmt = '3'",
		110);
	assert_cost(books, "select * from Bill where TotalAmt = '3' maxresults 10", 80);
	/* lists: with all of them active, or both kinds asked for */
	assert_cost(
		books,
		"select * from Customer where Active in (true,false) and MetaData.LastUpdatedTime "
		">= '2026-01-01' "
		"orderby MetaData.LastUpdatedTime maxresults 2",
		2);
	assert_cost(
		books,
		"select * from Customer where Active in (true,false) startposition 4 maxresults 1",
		1);
}

/* All pages together are the whole, once each, whatever the size of the pages. */
static void test_pages(void **state)
{
	static const char *const tails[] = {
		"",
		"orderby MetaData.LastUpdatedTime",
		"orderby MetaData.LastUpdatedTime desc",
		"orderby TotalAmt",
		"where TotalAmt > '2'",
		"where TotalAmt > '2' orderby MetaData.LastUpdatedTime desc",
		"orderby Id desc",
		"where MetaData.LastUpdatedTime >= '2026-01-10T00:07:00'",
		"where MetaData.LastUpdatedTime < '2026-01-10T04:33:00'",
	};
	struct books *books = *state;
	AUTO(str_clear) struct str answer = STR_INIT(STR_NO_LIMIT), ids = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);

	fill_many(books);
	for (size_t i = 0; i < ARRAY_LEN(tails); i++) {
		AUTO(str_clear) struct str first = STR_INIT(STR_NO_LIMIT);

		for (int size = 1000; size >= 333; size -= 667) {
			AUTO(str_clear) struct str all = STR_INIT(STR_NO_LIMIT);

			for (int start = 1; start <= MANY; start += size) {
				str_reset(&text);
				str_addf(&text,
					 "select Id from Bill %s startposition %d maxresults %d",
					 tails[i], start, size);
				run(books, text.text, &answer);
				ids_of(answer.text, &ids);
				str_addf(&all, "%s%s", all.len && ids.len ? " " : "", ids.text);
			}
			if (size == 1000)
				str_add(&first, all.text);
			else
				assert_string_equal(first.text, all.text);
		}
		str_reset(&text);
		str_addf(&text, "select count(*) from Bill %s", tails[i]);
		run(books, text.text, &answer);
		{
			size_t count = first.len ? 1 : 0;
			char expected[40];

			for (const char *at = first.text; *at; at++)
				count += *at == ' ';
			snprintf(expected, sizeof(expected), "{`totalCount`:%zu}", count);
			assert_text(answer.text, expected);
		}
	}
}

/* Latest first with ties and bounds, against a plain sort. */
static void test_walk_down(void **state)
{
	struct books *books = *state;
	struct random random;

	random_seed(&random, 7);
	for (int i = 0; i < 200; i++) {
		char id[16], stamp[40];

		snprintf(id, sizeof(id), "%d", 100 + i);
		snprintf(stamp, sizeof(stamp), "2026-01-10T00:00:%02d-08:00",
			 (int)random_below(&random, 12));
		books_add(books, "Estimate", id, stamp, "");
	}
	for (int low = 0; low < 12; low++) {
		AUTO(str_clear)
		struct str expected = STR_INIT(STR_NO_LIMIT),
			   text = STR_INIT(STR_NO_LIMIT);
		const struct table *table =
			company_table(books->company, entity_by_name("Estimate", false));

		for (int second = 11; second >= low; second--)
			for (size_t k = 0; k < table->count; k++)
				if ((table->by_time[k]->updated_ms / 1000) % 60 == second &&
				    (second < 9 || low > 2))
					str_addf(&expected, "%s%s", expected.len ? " " : "",
						 table->by_time[k]->id);
		str_addf(
			&text,
			"select Id from Estimate where MetaData.LastUpdatedTime >= "
			"'2026-01-10T00:00:%02d-08:00' %s"
			"orderby MetaData.LastUpdatedTime desc maxresults 1000",
			low,
			low > 2 ? ""
				: "and MetaData.LastUpdatedTime < '2026-01-10T00:00:09-08:00' ");
		assert_ids(books, text.text, expected.text);
	}
}

int test_select(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_envelope, fill, books_close),
		cmocka_unit_test_setup_teardown(test_usual_order, fill, books_close),
		cmocka_unit_test_setup_teardown(test_inactive, fill, books_close),
		cmocka_unit_test_setup_teardown(test_conditions, fill, books_close),
		cmocka_unit_test_setup_teardown(test_list_conditions, fill, books_close),
		cmocka_unit_test_setup_teardown(test_like_case, fill, books_close),
		cmocka_unit_test_setup_teardown(test_attachments, fill, books_close),
		cmocka_unit_test_setup_teardown(test_orders, fill, books_close),
		cmocka_unit_test_setup_teardown(test_projection, fill, books_close),
		cmocka_unit_test_setup_teardown(test_cost, fill, books_close),
		cmocka_unit_test_setup_teardown(test_pages, fill, books_close),
		cmocka_unit_test_setup_teardown(test_walk_down, books_open, books_close),
	};

	return cmocka_run_group_tests_name("select", tests, NULL, NULL);
}
