/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All reports say the same: over the sample companies, on several days, and after changes that move
 * what was open then. Each is read as a client reads it, from its JSON.
 */
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "ledgerdeck/core/decimal.h"
#include "ledgerdeck/core/memory.h"
#include "quickbooks/draft.h"
#include "quickbooks/rules.h"
#include "quickbooks/write.h"
#include "world.h"

#include "ledger.h"
#include "report_check.h"
#include "test_simulator.h"

#define NOW_MS INT64_C(1786040400000) /* 2026-08-06T18:20:00Z */

struct fixture {
	struct simulator *simulator; /* a company of each kind */
	int64_t now_ms;
};

static int64_t read_clock(void *ctx)
{
	return ((struct fixture *)ctx)->now_ms;
}

static void no_random(void *ctx, void *bytes, size_t len)
{
	(void)ctx;
	memset(bytes, 3, len);
}

static int make_world(void **state)
{
	struct fixture *fixture = memory_new(sizeof(*fixture));
	const struct simulator_config config = {
		.seed = 11,
		.env = { .wall_ms = read_clock,
			 .ticks_ms = read_clock,
			 .random = no_random,
			 .ctx = fixture },
		.start_ms = -1,
		.base_url = "http://127.0.0.1:8080",
	};
	struct error err = { 0 };

	*state = fixture;
	fixture->now_ms = NOW_MS;
	fixture->simulator = simulator_open(&config, &err);
	return fixture->simulator &&
			       simulator_set(fixture->simulator, "sub-account-id", "given", &err)
		       ? 0
		       : -1;
}

static int free_world(void **state)
{
	struct fixture *fixture = *state;

	simulator_close(fixture->simulator);
	free(fixture);
	return 0;
}

static void check_days(struct company *company)
{
	static const int32_t ages[] = { -40, 0, 3, 33, 220, 400 };

	for (size_t i = 0; i < ARRAY_LEN(ages); i++)
		report_check_day(company, (struct date){ company_today(company).day - ages[i] });
}

static void test_samples(void **state)
{
	struct fixture *fixture = *state;

	for (size_t c = 0; c < fixture->simulator->company_count; c++)
		check_days(fixture->simulator->companies[c]);
}

/* ---- changes */

static void put_object(json_object **object)
{
	json_object_put(*object);
}

/* The first record of an entity that passes; there must be one. */
static const struct record *pick(struct company *company, const char *entity,
				 bool (*passes)(const struct record *record))
{
	const struct table *table = company_table(company, entity_by_name(entity, false));

	for (size_t i = table->count; i-- > 0;)
		if (passes(table->by_id[i]))
			return table->by_id[i];
	fail_msg("%s has no such %s", company->kind, entity);
	return NULL;
}

static bool is_open(const struct record *record)
{
	return record_open(record) > 100 && record->link_count == 0;
}

static bool is_paid(const struct record *record)
{
	for (uint32_t i = 0; i < record->link_count; i++)
		if (record->links[i].from->link_count > 0)
			return false; /* deposited: nothing of it may change */
	return record->link_count > 0 && record_open(record) == 0 && record->balance > 0;
}

static bool is_applied(const struct record *record)
{
	return record->link_count == 0 && record_cents(record, "UnappliedAmt") == 0 &&
	       record_cents(record, "TotalAmt") > 0;
}

/* Write, as the user in the browser does, and look at all reports. */
static void change(struct company *company, enum write_operation operation, const char *entity,
		   const char *body)
{
	static const int32_t ages[] = { -20, 0, 2, 60 };
	const struct write_options options = { .as_other = true };
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT), text = STR_INIT(STR_NO_LIMIT);
	AUTO(put_object) json_object *sent = NULL;
	struct fault fault = { 0 };
	struct date today = company_today(company);

	books_quote(&text, body);
	sent = json_tokener_parse(text.text);
	assert_non_null(sent);
	if (!write_run(company, entity_by_name(entity, false), operation, sent, &options, &out,
		       &fault))
		fail_msg("%s %s: %d %s", entity, text.text, fault.code, fault.detail);
	for (size_t i = 0; i < ARRAY_LEN(ages); i++)
		report_check_day(company, (struct date){ today.day - ages[i] });
}

/* {"CustomerRef":..,"TotalAmt":..,"TxnDate":..,"Line":[..]} of a payment on one or two documents. */
static void pay(struct company *company, const struct record *document, const struct record *credit,
		int32_t days, int64_t cents, int64_t total)
{
	AUTO(str_clear) struct str body = STR_INIT(STR_NO_LIMIT);
	json_object *object = record_read(document);
	char day[DATE_TEXT_MAX], amount[DECIMAL_TEXT_MAX], whole[DECIMAL_TEXT_MAX];

	decimal_format(decimal_of(cents, 2), amount);
	decimal_format(decimal_of(total, 2), whole);
	date_format((struct date){ company_today(company).day + days }, day);
	str_addf(&body,
		 "{`CustomerRef`:{`value`:`%s`},`CurrencyRef`:{`value`:`%s`},`TotalAmt`:%s,"
		 "`TxnDate`:`%s`,`Line`:[{`Amount`:%s,`LinkedTxn`:[{`TxnId`:`%s`,"
		 "`TxnType`:`Invoice`}]}",
		 object_text(object, "CustomerRef.value"), object_text(object, "CurrencyRef.value"),
		 whole, day, amount, document->id);
	if (credit)
		str_addf(&body,
			 ",{`Amount`:%s,`LinkedTxn`:[{`TxnId`:`%s`,`TxnType`:`CreditMemo`}]}",
			 amount, credit->id);
	str_add(&body, "]}");
	json_object_put(object);
	change(company, WRITE_SAVE, "Payment", body.text);
}

static void touch(struct company *company, enum write_operation operation,
		  const struct record *record, const char *members)
{
	AUTO(str_clear) struct str body = STR_INIT(STR_NO_LIMIT);

	str_addf(&body, "{`Id`:`%s`,`SyncToken`:`%d`,`sparse`:true%s}", record->id,
		 (int)record->sync_token, members);
	change(company, operation, record->entity->name, body.text);
}

/* The invoice's own customer, lines and currency, as a credit memo of another day. */
static const struct record *credit_for(struct company *company, const struct record *invoice,
				       int32_t days)
{
	AUTO(str_clear) struct str body = STR_INIT(STR_NO_LIMIT);
	json_object *object = record_read(invoice);
	const struct table *table = company_table(company, entity_by_name("CreditMemo", false));
	char day[DATE_TEXT_MAX];

	date_format((struct date){ company_today(company).day + days }, day);
	str_addf(&body,
		 "{`CustomerRef`:{`value`:`%s`},`TxnDate`:`%s`,`Line`:[{`Amount`:7.05,"
		 "`DetailType`:`SalesItemLineDetail`,`SalesItemLineDetail`:{}}]}",
		 object_text(object, "CustomerRef.value"), day);
	json_object_put(object);
	change(company, WRITE_SAVE, "CreditMemo", body.text);
	return table->by_id[table->count - 1];
}

static void change_all(struct company *company)
{
	const struct record *invoice = pick(company, "Invoice", is_open);
	int64_t part = record_open(invoice) / 3;
	const struct record *credit = credit_for(company, invoice, -2);

	pay(company, invoice, NULL, 12, part, part);       /* after the day of most reports */
	pay(company, invoice, NULL, -800, part, part + 7); /* before there was any invoice; a rest */
	pay(company, invoice, credit, -1, 200, 0);         /* a credit, and no money */
	touch(company, WRITE_SAVE, pick(company, "Payment", is_applied), ",`Line`:[]");
	touch(company, WRITE_VOID, pick(company, "Payment", is_applied), "");
	touch(company, WRITE_DELETE, pick(company, "Payment", is_applied), "");
	touch(company, WRITE_VOID, pick(company, "Invoice", is_paid), "");
	touch(company, WRITE_DELETE, pick(company, "Invoice", is_paid), "");
	touch(company, WRITE_DELETE, credit, "");
}

static void test_changes(void **state)
{
	struct fixture *fixture = *state;

	for (size_t c = 0; c < fixture->simulator->company_count; c++)
		if (strcmp(fixture->simulator->companies[c]->kind, "us") == 0 ||
		    strcmp(fixture->simulator->companies[c]->kind, "eu") == 0)
			change_all(fixture->simulator->companies[c]);
}

int test_report_books(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_samples),
		cmocka_unit_test(test_changes),
	};

	return cmocka_run_group_tests_name("report_books", tests, make_world, free_world);
}
