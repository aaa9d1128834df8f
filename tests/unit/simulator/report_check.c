/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See report_check.h. */
#include "report_check.h"

#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "ledgerdeck/core/decimal.h"
#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"
#include "quickbooks/draft.h"
#include "quickbooks/period.h"
#include "quickbooks/report.h"
#include "quickbooks/rules.h"
#include "world.h"

#include "test_simulator.h"

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

/* ---- the list of transactions */

/* Transactions of all types share one sequence of ids. */
static const struct record *transaction(struct company *company, const char *id)
{
	for (size_t i = 0; i < entity_count(); i++) {
		const struct record *record =
			entity_at(i)->kind == ENTITY_TXN ? company_find(company, entity_at(i), id) :
							   NULL;

		if (record)
			return record;
	}
	fail_msg("the list has a transaction '%s', which there is not", id);
	return NULL;
}

static size_t count_posting(struct company *company, struct date first, struct date last)
{
	size_t count = 0;

	for (size_t i = 0; i < entity_count(); i++) {
		const struct table *table = company_table(company, entity_at(i));

		for (size_t k = 0; k < table->count; k++)
			count += table->by_id[k]->posting_count > 0 &&
				 table->by_id[k]->date.day >= first.day &&
				 table->by_id[k]->date.day <= last.day;
	}
	return count;
}

/* Every document with postings in the period is there once, and no other with an amount. */
static void check_list(struct company *company, struct date first, struct date last)
{
	AUTO(str_clear) struct str parameters = STR_INIT(STR_NO_LIMIT);
	AUTO(put_object) json_object *report = NULL;
	char first_text[DATE_TEXT_MAX], last_text[DATE_TEXT_MAX];
	json_object *rows;
	size_t posting = 0;

	str_addf(&parameters, "start_date=%s&end_date=%s", date_format(first, first_text),
		 date_format(last, last_text));
	report = report_ask(company, "TransactionList", parameters.text);
	rows = report_rows(report);
	for (size_t i = 0; rows && i < json_object_array_length(rows); i++) {
		json_object *row = json_object_array_get_idx(rows, i);
		const char *id = cell_text(row, 1, "id");
		const struct record *record = *id ? transaction(company, id) : NULL;

		assert_true(strcmp(cell_text(row, 0, "value"), first_text) >= 0 &&
			    strcmp(cell_text(row, 0, "value"), last_text) <= 0);
		if (record && strcmp(cell_text(row, 3, "value"), "No") == 0)
			assert_int_equal(record->posting_count, 0);
		else if (record && record->posting_count == 0)
			assert_int_equal(cell_cents(row, 8), 0);
		posting += !record || record->posting_count > 0;
	}
	assert_int_equal(posting, count_posting(company, first, last));
}

/* ---- receivables */

/* Customers' rows with those in sections: the last figure; with more of them they are its parts. */
static void add_customers(json_object *rows, struct sums *sums, int64_t *total)
{
	for (size_t i = 0; rows && i < json_object_array_length(rows); i++) {
		json_object *row = json_object_array_get_idx(rows, i);
		json_object *cells = object_get(row, "Header") ? object_get(row, "Header") : row;
		size_t last;
		int64_t parts = 0;

		if (strcmp(object_text(row, "group"), "GrandTotal") == 0) {
			cells = object_get(row, "Summary");
			*total = cell_cents(cells,
					    json_object_array_length(object_get(cells, "ColData")) - 1);
			continue;
		}
		last = json_object_array_length(object_get(cells, "ColData")) - 1;
		for (size_t k = 1; k < last; k++)
			parts += cell_cents(cells, k);
		if (last > 1)
			assert_int_equal(parts, cell_cents(cells, last));
		*sum_of(sums, cell_text(cells, 0, "id")) += cell_cents(cells, last);
		add_customers(object_get(row, "Rows.Row"), sums, total);
	}
}

static int64_t add_report(struct company *company, const char *name, const char *parameters,
			  struct sums *sums)
{
	AUTO(put_object) json_object *report = report_ask(company, name, parameters);
	int64_t total = 0, sum = sums->other;

	add_customers(report_rows(report), sums, &total);
	sum = sums->other;
	for (size_t i = 0; i < sums->table->count; i++)
		sum += sums->cents[i];
	assert_int_equal(sum, total);
	return total;
}

static void add_detail(struct company *company, const char *parameters, struct sums *sums)
{
	AUTO(put_object) json_object *report =
		report_ask(company, "AgedReceivableDetail", parameters);
	json_object *sections = report_rows(report);

	for (size_t i = 0; sections && i + 1 < json_object_array_length(sections); i++) {
		json_object *section = json_object_array_get_idx(sections, i);
		json_object *rows = object_get(section, "Rows.Row");
		int64_t sum = 0;

		for (size_t k = 0; k < json_object_array_length(rows); k++) {
			json_object *row = json_object_array_get_idx(rows, k);

			*sum_of(sums, cell_text(row, 3, "id")) += cell_cents(row, 6);
			sum += cell_cents(row, 6);
		}
		assert_int_equal(sum, cell_cents(object_get(section, "Summary"), 6));
	}
}

/* What was posted to receivables for each customer until that day. */
static void add_posted(struct company *company, struct date day, struct sums *sums)
{
	for (size_t i = 0; i < entity_count(); i++) {
		const struct table *table = company_table(company, entity_at(i));

		for (size_t k = 0; k < table->count; k++)
			for (uint32_t p = 0; p < table->by_id[k]->posting_count; p++) {
				const struct posting *posting = &table->by_id[k]->postings[p];

				if (table->by_id[k]->date.day <= day.day &&
				    account_is(posting->account, "Accounts Receivable"))
					*sum_of(sums, posting->party ? posting->party->id : "") +=
						posting->cents;
			}
	}
}

static int64_t control_total(struct company *company, const char *day)
{
	AUTO(sums_clear) struct sums trial;
	int64_t total = 0;

	sums_start(&trial, company, "Account");
	add_trial(company, day, &trial);
	for (size_t i = 0; i < trial.table->count; i++)
		if (account_is(trial.table->by_id[i], "Accounts Receivable"))
			total += trial.cents[i];
	return total;
}

static void check_receivables(struct company *company, struct date day)
{
	AUTO(str_clear) struct str parameters = STR_INIT(STR_NO_LIMIT);
	AUTO(sums_clear) struct sums posted, aged, detail, balance;
	char text[DATE_TEXT_MAX];

	sums_start(&posted, company, "Customer");
	sums_start(&aged, company, "Customer");
	sums_start(&detail, company, "Customer");
	sums_start(&balance, company, "Customer");
	str_addf(&parameters, "report_date=%s&aging_method=Report_Date", date_format(day, text));
	assert_int_equal(add_report(company, "AgedReceivables", parameters.text, &aged),
			 control_total(company, text));
	add_report(company, "CustomerBalance", parameters.text, &balance);
	add_detail(company, parameters.text, &detail);
	add_posted(company, day, &posted);
	assert_same(company, "AgedReceivables", &posted, &aged);
	assert_same(company, "AgedReceivableDetail", &posted, &detail);
	assert_same(company, "CustomerBalance", &posted, &balance);
}

int64_t record_cents(const struct record *record, const char *member)
{
	struct json_slice slice = json_find(record->text, record->len, member);
	struct decimal value = { 0, 2 };

	if (slice.kind == JSON_NUMBER)
		assert_true(decimal_parse(slice.text, slice.len, &value) &&
			    decimal_round(value, 2, &value));
	return value.digits;
}

/* What the documents themselves say is open, in books of one currency. */
static void add_documents(struct company *company, struct date day, struct sums *sums)
{
	static const struct {
		const char *entity, *member;
		int sign;
	} kinds[] = { { "Invoice", "Balance", 1 },
		      { "CreditMemo", "Balance", -1 },
		      { "Payment", "UnappliedAmt", -1 } };
	const struct table *journals = company_table(company, entity_by_name("JournalEntry", false));

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		const struct table *table =
			company_table(company, entity_by_name(kinds[i].entity, false));

		for (size_t k = 0; k < table->count; k++) {
			const struct record *record = table->by_id[k];
			AUTO(str_clear) struct str id = STR_INIT(ID_MAX);

			json_unquote(json_find(record->text, record->len, "CustomerRef.value"), &id);
			if (record->date.day <= day.day)
				*sum_of(sums, id.text) +=
					kinds[i].sign * record_cents(record, kinds[i].member);
		}
	}
	for (size_t i = 0; i < journals->count; i++)
		for (uint32_t k = 0; k < journals->by_id[i]->posting_count; k++) {
			const struct posting *posting = &journals->by_id[i]->postings[k];

			if (posting->party && strcmp(posting->party->entity->name, "Customer") == 0 &&
			    journals->by_id[i]->date.day <= day.day)
				*sum_of(sums, posting->party->id) += record_open(journals->by_id[i]);
		}
}

/* As things are now, of what was there on that day: the method that is used when none is named. */
static void check_current(struct company *company, struct date day)
{
	AUTO(str_clear) struct str parameters = STR_INIT(STR_NO_LIMIT);
	AUTO(sums_clear) struct sums documents, aged, detail;
	char text[DATE_TEXT_MAX];

	sums_start(&documents, company, "Customer");
	sums_start(&aged, company, "Customer");
	sums_start(&detail, company, "Customer");
	str_addf(&parameters, "report_date=%s", date_format(day, text));
	add_report(company, "AgedReceivables", parameters.text, &aged);
	add_detail(company, parameters.text, &detail);
	assert_same(company, "current", &aged, &detail);
	if (company->preferences.multicurrency)
		return;
	add_documents(company, day, &documents);
	assert_same(company, "current", &documents, &aged);
}

/* ---- taxes */

static void check_taxes(struct company *company, struct date first, struct date last)
{
	AUTO(str_clear) struct str parameters = STR_INIT(STR_NO_LIMIT);
	AUTO(put_object) json_object *report = NULL;
	AUTO(sums_clear) struct sums before, after, taxes;
	char first_text[DATE_TEXT_MAX], last_text[DATE_TEXT_MAX], day_text[DATE_TEXT_MAX];
	json_object *rows;

	sums_start(&before, company, "Account");
	sums_start(&after, company, "Account");
	sums_start(&taxes, company, "Account");
	add_trial(company, date_format((struct date){ first.day - 1 }, day_text), &before);
	add_trial(company, date_format(last, last_text), &after);
	str_addf(&parameters, "start_date=%s&end_date=%s", date_format(first, first_text), last_text);
	report = report_ask(company, "TaxSummary", parameters.text);
	rows = report_rows(report);
	for (size_t i = 0; rows && i + 1 < json_object_array_length(rows); i++) {
		json_object *section = json_object_array_get_idx(rows, i);
		const char *id = cell_text(object_get(section, "Header"), 0, "id");

		*sum_of(&taxes, id) -= cell_cents(object_get(section, "Summary"), 1);
	}
	for (size_t i = 0; i < after.table->count; i++) {
		const struct record *account = after.table->by_id[i];

		after.cents[i] -= before.cents[i];
		if (!strstr(account->text, "\"AccountSubType\":\"GlobalTaxPayable\""))
			after.cents[i] = 0;
	}
	assert_same(company, "TaxSummary", &after, &taxes);
}

/* ---- all of it */

void report_check_day(struct company *company, struct date day)
{
	struct date year = period_fiscal_start(day, company->preferences.fiscal_month);
	struct date first = { .day = day.day - 25 < year.day ? year.day : day.day - 25 };
	char first_text[DATE_TEXT_MAX], day_text[DATE_TEXT_MAX];

	date_format(first, first_text);
	date_format(day, day_text);
	check_ledger(company, first_text, day_text);
	check_list(company, first, day);
	check_receivables(company, day);
	check_current(company, day);
	if (company->preferences.tax_mode == TAX_VAT)
		check_taxes(company, first, day);
}
