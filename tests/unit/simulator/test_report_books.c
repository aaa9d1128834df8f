/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All reports say the same: over the sample companies, on several days, and after changes that move
 * what was open then. Each is read as a client reads it, from its JSON.
 */
#include "quickbooks/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "ledgerdeck/core/decimal.h"
#include "ledgerdeck/core/memory.h"
#include "quickbooks/draft.h"
#include "quickbooks/period.h"
#include "quickbooks/rules.h"
#include "quickbooks/write.h"
#include "world.h"

#include "ledger.h"
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

/* ---- reading reports */

static void put_object(json_object **object)
{
	json_object_put(*object);
}

/* The report as an object, which the caller puts. `parameters`: "end_date=2026-01-31". */
static json_object *report_ask(struct company *company, const char *name, const char *parameters)
{
	AUTO(str_clear) struct str target = STR_INIT(STR_NO_LIMIT), out = STR_INIT(STR_NO_LIMIT);
	AUTO(request_clear) struct request request = { 0 };
	struct simulator_request raw = { .method = "GET" };
	struct fault fault = { 0 };
	const char *why = NULL;
	json_object *object;

	str_addf(&target, "/v3/company/%s/reports/%s?%s", company->realm, name, parameters);
	raw.target = target.text;
	assert_true(request_parse(&raw, &request, &why));
	if (!report_run(company, name, &request, &out, &fault))
		fail_msg("%s: %d %s", target.text, fault.code, fault.detail);
	object = json_tokener_parse(out.text);
	assert_non_null(object);
	return object;
}

static json_object *report_rows(json_object *report)
{
	return object_get(report, "Rows.Row");
}

static const char *cell_text(json_object *row, size_t place, const char *member)
{
	json_object *cells = object_get(row, "ColData");

	assert_true(json_object_is_type(cells, json_type_array) &&
		    place < json_object_array_length(cells));
	return object_text(json_object_array_get_idx(cells, place), member);
}

/* Money as reports write it; nothing is zero. */
static int64_t cell_cents(json_object *row, size_t place)
{
	const char *text = cell_text(row, place, "value");
	struct decimal value = { 0, 2 };

	if (!*text)
		return 0;
	assert_true(decimal_parse(text, strlen(text), &value) && value.scale == 2);
	return value.digits;
}

/* ---- sums by record */

struct sums {
	const struct table *table;
	int64_t *cents; /* owned; by place in the table */
	int64_t other;  /* of no record */
};

static void sums_start(struct sums *sums, struct company *company, const char *entity)
{
	sums->table = company_table(company, entity_by_name(entity, false));
	sums->cents = memory_new((sums->table->count + 1) * sizeof(*sums->cents));
	sums->other = 0;
}

static void sums_clear(struct sums *sums)
{
	free(sums->cents);
}

static int64_t *sum_of(struct sums *sums, const char *id)
{
	if (!*id)
		return &sums->other;
	for (size_t i = 0; i < sums->table->count; i++)
		if (strcmp(sums->table->by_id[i]->id, id) == 0)
			return &sums->cents[i];
	fail_msg("a report names '%s', which there is not", id);
	return NULL;
}

static void assert_same(const struct company *company, const char *what, const struct sums *a,
			const struct sums *b)
{
	for (size_t i = 0; i < a->table->count; i++)
		if (a->cents[i] != b->cents[i])
			fail_msg("%s, %s, %s: %lld and %lld", company->kind, what,
				 a->table->by_id[i]->text, (long long)a->cents[i],
				 (long long)b->cents[i]);
	assert_int_equal(a->other, b->other);
}

/* ---- the trial balance and the general ledger */

static void add_trial(struct company *company, const char *day, struct sums *sums)
{
	AUTO(str_clear) struct str parameters = STR_INIT(STR_NO_LIMIT);
	AUTO(put_object) json_object *report = NULL;
	json_object *rows;
	int64_t sum = 0;

	str_addf(&parameters, "start_date=1999-01-01&end_date=%s", day);
	report = report_ask(company, "TrialBalance", parameters.text);
	rows = report_rows(report);
	assert_true(json_object_array_length(rows) > 5);
	for (size_t i = 0; i + 1 < json_object_array_length(rows); i++) {
		json_object *row = json_object_array_get_idx(rows, i);
		int64_t cents = cell_cents(row, 1) - cell_cents(row, 2);

		*sum_of(sums, cell_text(row, 0, "id")) += cents;
		sum += cents;
	}
	assert_int_equal(sum, 0);
}

/* +1 where debits are shown as they are, -1 where they are turned round. */
static int64_t natural(const struct sums *sums, const char *id)
{
	for (size_t i = 0; *id && i < sums->table->count; i++)
		if (strcmp(sums->table->by_id[i]->id, id) == 0)
			return account_is(sums->table->by_id[i],
					  "Bank|Accounts Receivable|Other Current Asset|Fixed Asset|"
					  "Other Asset|Cost of Goods Sold|Expense|Other Expense")
				       ? 1
				       : -1;
	return -1;
}

/* What a section's account stands at, and those of the sections within. Returns what moved. */
static int64_t add_section(json_object *section, struct sums *sums)
{
	json_object *rows = object_get(section, "Rows.Row");
	const char *id = cell_text(object_get(section, "Header"), 0, "id");
	int64_t balance = 0, moved = 0;

	for (size_t i = 0; i < json_object_array_length(rows); i++) {
		json_object *row = json_object_array_get_idx(rows, i);

		if (strcmp(object_text(row, "type"), "Section") == 0) {
			moved += add_section(row, sums);
			continue;
		}
		if (strcmp(cell_text(row, 0, "value"), "Beginning Balance") == 0) {
			balance = cell_cents(row, 7);
			continue;
		}
		balance += cell_cents(row, 6);
		moved += cell_cents(row, 6);
		assert_int_equal(cell_cents(row, 7), balance);
	}
	assert_int_equal(cell_cents(object_get(section, "Summary"), 6), moved);
	*sum_of(sums, id) += natural(sums, id) * balance;
	return moved;
}

static void check_ledger(struct company *company, const char *first, const char *day)
{
	AUTO(str_clear) struct str parameters = STR_INIT(STR_NO_LIMIT);
	AUTO(put_object) json_object *report = NULL;
	AUTO(sums_clear) struct sums trial, ledger;
	json_object *rows;

	sums_start(&trial, company, "Account");
	sums_start(&ledger, company, "Account");
	add_trial(company, day, &trial);
	str_addf(&parameters, "start_date=%s&end_date=%s", first, day);
	report = report_ask(company, "GeneralLedger", parameters.text);
	rows = report_rows(report);
	for (size_t i = 0; i < json_object_array_length(rows); i++)
		add_section(json_object_array_get_idx(rows, i), &ledger);
	assert_same(company, day, &trial, &ledger);
}

/* ---- on several days */

static void check_day(struct company *company, struct date day)
{
	struct date year = period_fiscal_start(day, company->preferences.fiscal_month);
	struct date first = { .day = day.day - 25 < year.day ? year.day : day.day - 25 };
	char first_text[DATE_TEXT_MAX], day_text[DATE_TEXT_MAX];

	date_format(first, first_text);
	date_format(day, day_text);
	check_ledger(company, first_text, day_text);
}

static void check_all(struct simulator *simulator)
{
	static const int32_t ages[] = { -40, 0, 3, 33, 220, 400 };

	for (size_t c = 0; c < simulator->company_count; c++)
		for (size_t i = 0; i < ARRAY_LEN(ages); i++) {
			struct company *company = simulator->companies[c];

			check_day(company, (struct date){ company_today(company).day - ages[i] });
		}
}

static void test_samples(void **state)
{
	struct fixture *fixture = *state;

	check_all(fixture->simulator);
}

int test_report_books(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_samples),
	};

	return cmocka_run_group_tests_name("report_books", tests, make_world, free_world);
}
