/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The table of reports, and what they share: cells, heads, parameters, the way over the books. All
 * are computed from the postings when they are asked for.
 */
#include "quickbooks/report.h"

#include <string.h>
#include <strings.h>

#include "ledgerdeck/core/decimal.h"
#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"
#include "quickbooks/report_impl.h"
#include "quickbooks/zone.h"
#include "world.h"

#define CUT_TEXT "Unable to display more data. Please reduce the date range."

/* ---- cells */

bool report_is_full(const struct report *report)
{
	return report->cells > report->most_cells;
}

static void add_comma(struct str *text, char opening)
{
	if (text->len > 0 && text->text[text->len - 1] != opening)
		str_add_char(text, ',');
}

void report_open(struct report *report, const char *text)
{
	if (report_is_full(report))
		return;
	add_comma(&report->rows, '[');
	str_add(&report->rows, text);
}

void report_add(struct report *report, const char *text)
{
	if (!report_is_full(report))
		str_add(&report->rows, text);
}

void report_cell(struct report *report, const char *text, const char *id)
{
	report->cells++;
	if (report_is_full(report))
		return;
	add_comma(&report->rows, '[');
	str_add(&report->rows, "{\"value\":");
	str_add_json(&report->rows, text, strlen(text));
	if (id)
		str_addf(&report->rows, ",\"id\":\"%s\"", id);
	str_add_char(&report->rows, '}');
}

void report_empty(struct report *report, size_t count)
{
	for (; count > 0; count--)
		report_cell(report, "", NULL);
}

void report_money(struct report *report, int64_t cents)
{
	char text[DECIMAL_TEXT_MAX];

	report_cell(report, decimal_format(decimal_of(cents, 2), text), NULL);
}

void report_figure(struct report *report, int64_t cents)
{
	if (cents)
		report_money(report, cents);
	else
		report_empty(report, 1);
}

/* ---- the whole */

void report_column(struct str *columns, const char *title, const char *type, const char *key)
{
	add_comma(columns, '[');
	str_addf(columns, "{\"ColTitle\":\"%s\",\"ColType\":\"%s\"", title, type);
	if (key)
		str_addf(columns, ",\"MetaData\":[{\"Name\":\"ColKey\",\"Value\":\"%s\"}]", key);
	str_add_char(columns, '}');
}

static void option_add(struct str *out, const char *name, const char *value)
{
	add_comma(out, '[');
	str_addf(out, "{\"Name\":\"%s\",\"Value\":\"%s\"}", name, value);
}

static void date_add(struct str *out, const char *name, struct date date)
{
	char text[DATE_TEXT_MAX];

	str_addf(out, ",\"%s\":\"%s\"", name, date_format(date, text));
}

static void head_add(const struct report *report, const struct report_head *head, struct str *out)
{
	const struct period *period = &report->period;
	char text[DATE_TEXT_MAX];

	str_add(out, "{\"Header\":{\"Time\":\"");
	zone_add_stamp(out, world_now_ms(report->company->simulator), false);
	str_addf(out, "\",\"ReportName\":\"%s\"", report->name);
	if (period->macro[0])
		str_addf(out, ",\"DateMacro\":\"%s\"", period->macro);
	if (head->basis)
		str_add(out, ",\"ReportBasis\":\"Accrual\"");
	if (!period->is_all) {
		date_add(out, "StartPeriod", period->start);
		date_add(out, "EndPeriod", period->end);
	}
	if (head->by_total)
		str_add(out, ",\"SummarizeColumnsBy\":\"Total\"");
	str_addf(out, ",\"Currency\":\"%s\"", report->company->preferences.home_currency);
	if (head->customer)
		str_addf(out, ",\"Customer\":\"%s\"", head->customer);
	if (head->vendor)
		str_addf(out, ",\"Vendor\":\"%s\"", head->vendor);
	str_add(out, ",\"Option\":[");
	if (head->has_date)
		option_add(out, "report_date", date_format(period->end, text));
	option_add(out, "NoReportData", head->row_count ? "false" : "true");
	str_add(out, "]}");
}

void report_finish(struct report *report, const struct report_head *head, struct str *out)
{
	if (report_is_full(report)) {
		str_reset(&report->rows);
		str_add(&report->rows, "{\"ColData\":[{\"value\":\"" CUT_TEXT "\"}]}");
	}
	head_add(report, head, out);
	str_addf(out, ",\"Columns\":{\"Column\":[%s]}", head->columns);
	if (head->row_count)
		str_addf(out, ",\"Rows\":{\"Row\":[%s]}}", report->rows.text);
	else
		str_add(out, ",\"Rows\":{}}");
}

/* ---- what a caller may ask for */

const char *report_parameter(const struct report *report, const char *name)
{
	const char *value = request_parameter(report->request, name);

	return value && *value ? value : NULL;
}

bool report_read_basis(struct report *report)
{
	const char *method = report_parameter(report, "accounting_method");

	if (method && strcasecmp(method, "Cash") == 0)
		return fault_set(report->fault, 5030, "accounting_method",
				 "Feature Not Supported Error : This company keeps its books on "
				 "the accrual basis only.");
	if (method && strcasecmp(method, "Accrual") != 0)
		return fault_set(report->fault, 2170, "accounting_method",
				 "Invalid Enumeration : %.200s", method);
	return true;
}

bool report_read_order(struct report *report, bool *ret_descending)
{
	const char *order = report_parameter(report, "sort_order");

	*ret_descending = order && strcasecmp(order, "descend") == 0;
	if (order && !*ret_descending && strcasecmp(order, "ascend") != 0)
		return fault_set(report->fault, 2170, "sort_order", "Invalid Enumeration : %.200s",
				 order);
	return true;
}

bool report_read_number(struct report *report, const char *name, int most, int *number)
{
	const char *text = report_parameter(report, name);

	if (!text)
		return true;
	if (strspn(text, "0123456789") != strlen(text))
		return fault_set(report->fault, 2080, name, "Invalid Number Format : %.200s", text);
	*number = 0;
	for (const char *c = text; *c && *number <= most; c++)
		*number = *number * 10 + (*c - '0');
	if (*number < 1 || *number > most)
		return fault_set(report->fault, 2240, name,
				 "Invalid Number Range : %s is from 1 to %d. Supplied value:%.50s",
				 name, most, text);
	return true;
}

bool report_refuse(struct report *report, const char *names)
{
	while (*names) {
		size_t len = strcspn(names, "|");
		AUTO(memory_freep) char *name = memory_copy(names, len);

		if (report_parameter(report, name))
			return fault_set(report->fault, 5030, name,
					 "Feature Not Supported Error : %s can't be limited by %s.",
					 report->name, name);
		names += len + (names[len] == '|');
	}
	return true;
}

bool report_read_ids(struct report *report, const char *name, const char *entity,
		     struct report_ids *ret_ids)
{
	const char *at = report_parameter(report, name);
	const struct entity *which = entity_by_name(entity, false);

	*ret_ids = (struct report_ids){ 0 };
	while (at && *at) {
		size_t len = strcspn(at, ",");
		AUTO(memory_freep) char *id = memory_copy(at, len);
		const struct record *record;

		if (len == 0 || len >= ID_MAX || strspn(id, "0123456789") != len)
			return fault_set(report->fault, 2030, name,
					 "Id should be a valid number. Supplied value:%.100s", id);
		record = company_find(report->company, which, id);
		if (!record)
			return fault_set(report->fault, 2500, name,
					 "Invalid Reference Id : %s element id %s not found",
					 which->internal ? which->internal : which->name, id);
		if (ret_ids->count == REPORT_IDS_MAX)
			return fault_set(report->fault, 2240, name,
					 "Invalid Number Range : %s has more than %d ids", name,
					 REPORT_IDS_MAX);
		ret_ids->records[ret_ids->count++] = record;
		at += len + (at[len] == ',');
	}
	return true;
}

bool report_ids_allow(const struct report_ids *ids, const struct record *record)
{
	for (size_t i = 0; i < ids->count; i++)
		if (ids->records[i] == record)
			return true;
	return ids->count == 0;
}

/* ---- the books */

void report_each(struct company *company, struct date first, struct date last,
		 void (*take)(void *ctx, const struct record *record), void *ctx)
{
	for (size_t i = 0; i < entity_count(); i++) {
		const struct table *table = company_table(company, entity_at(i));

		for (size_t k = 0; k < table->count; k++) {
			const struct record *record = table->by_id[k];

			if ((record->posting_count > 0 || record->entity->kind == ENTITY_TXN) &&
			    record->date.day >= first.day && record->date.day <= last.day)
				take(ctx, record);
		}
	}
}

const char *report_text(const struct record *record, const char *path, struct str *out)
{
	struct json_slice slice = json_find(record->text, record->len, path);

	str_reset(out);
	if (slice.kind == JSON_STRING)
		json_unquote(slice, out);
	return out->text;
}

const char *report_name(const struct record *record, struct str *out)
{
	static const char *const members[] = { "FullyQualifiedName", "DisplayName", "Name" };

	str_reset(out);
	for (size_t i = 0; i < ARRAY_LEN(members) && out->len == 0; i++)
		report_text(record, members[i], out);
	return out->text;
}

bool report_is_receivable(const struct record *account)
{
	return json_equals(json_find(account->text, account->len, "AccountType"),
			   "Accounts Receivable");
}

struct date report_due(const struct record *record)
{
	struct json_slice slice = json_find(record->text, record->len, "DueDate");
	struct date due;

	return slice.kind == JSON_STRING && date_parse(slice.text + 1, slice.len - 2, &due)
		       ? due
		       : record->date;
}

/* ---- the table */

static const struct {
	const char *name;
	bool (*run)(struct report *report, struct str *out);
} reports[] = {
	{ "TrialBalance", report_trial },
	{ "GeneralLedger", report_ledger },
	{ "TransactionList", report_list },
	{ "AgedReceivables", report_aged },
	{ "AgedReceivableDetail", report_aged_detail },
	{ "CustomerBalance", report_customers },
	{ "TaxSummary", report_tax },
};

static void report_clear(struct report *report)
{
	str_clear(&report->rows);
}

bool report_run(struct company *company, const char *name, const struct request *request,
		struct str *out, struct fault *fault)
{
	AUTO(report_clear) struct report report = {
		.company = company,
		.request = request,
		.fault = fault,
		.rows = STR_INIT(STR_NO_LIMIT),
		.most_cells = switches_get(&company->simulator->switches, SWITCH_REPORT_CELLS),
	};

	for (size_t i = 0; i < ARRAY_LEN(reports); i++) {
		if (strcmp(reports[i].name, name) != 0)
			continue;
		report.name = reports[i].name;
		return reports[i].run(&report, out);
	}
	return fault_set(
		fault, 5020, "ReportName",
		"Permission Denied Error : You do not have the access rights to use this feature.");
}
