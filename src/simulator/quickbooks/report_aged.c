/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * AgedReceivables, AgedReceivableDetail and CustomerBalance: what of each document was open on a
 * day. All that is posted to receivables is shared out among documents and payments, so that the
 * reports' totals are what these accounts stood at.
 *
 * Money is the home currency's: a payment takes of a document what it settles at the document's
 * own rate, as it was posted.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ledgerdeck/core/decimal.h"
#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"
#include "quickbooks/report_impl.h"

#define PERIODS_MAX 50
#define PERIODS_USUAL 4
#define PERIOD_DAYS_MAX 999
#define PERIOD_DAYS_USUAL 30
#define FIGURES_MAX (PERIODS_MAX + 2) /* current, periods past due, total */

struct aged {
	struct report *report;
	struct report_columns columns;
	struct report_ids customers;
	struct date day;
	int periods, days;
	bool as_then; /* aging_method Report_Date: what was paid later was open then */
	bool descending;
	struct report_entries open;
};

/* ---- what is open */

static void add_open(struct aged *aged, const struct record *record, const struct posting *posting,
		     int64_t cents, int64_t open, int64_t foreign, int64_t foreign_open)
{
	report_entries_add(&aged->open, (struct report_entry){ .record = record,
							       .account = posting->account,
							       .party = posting->party,
							       .amount = cents,
							       .balance = open,
							       .foreign = foreign,
							       .foreign_balance = foreign_open });
}

static bool is_receivable(const struct posting *posting)
{
	return report_is_receivable(posting->account);
}

/* What a link takes of its document's receivable, debit positive, at the document's rate. */
static int64_t settled_home(const struct record *document, const struct link *link)
{
	struct json_slice slice = json_find(document->text, document->len, "ExchangeRate");
	struct decimal rate = { 1, 0 }, home = decimal_of(link->cents, 2);

	if (slice.kind == JSON_NUMBER && decimal_parse(slice.text, slice.len, &rate))
		decimal_multiply(decimal_of(link->cents, 2), rate, 2, &home);
	return strcmp(document->entity->name, "CreditMemo") == 0 ? -home.digits : home.digits;
}

/* Where a document stood open that a payment settles: with the payer, or with whom it pays for. */
static const struct posting *owed_by(const struct record *document, const struct record *payer)
{
	AUTO(str_clear) struct str id = STR_INIT(STR_NO_LIMIT);
	const struct posting *first = NULL, *known = NULL;

	report_text(payer, "CustomerRef.value", &id);
	for (uint32_t i = 0; i < document->posting_count; i++) {
		const struct posting *posting = &document->postings[i];

		if (!is_receivable(posting) || !posting->party)
			continue;
		if (strcmp(posting->party->id, id.text) == 0)
			return posting;
		for (uint32_t k = 0; k < payer->posting_count && !known; k++)
			if (payer->postings[k].account == posting->account &&
			    payer->postings[k].party == posting->party)
				known = posting;
		first = first ? first : posting;
	}
	return known ? known : first;
}

static void take_links(struct aged *aged, const struct record *document)
{
	bool is_there = document->date.day <= aged->day.day;

	for (uint32_t i = 0; i < document->link_count; i++) {
		const struct link *link = &document->links[i];
		bool is_paid = link->from->date.day <= aged->day.day;
		const struct posting *owed;
		int64_t cents, foreign;

		if (strcmp(link->from->entity->name, "Payment") != 0 || link->cents == 0 ||
		    (aged->as_then && !(is_there && is_paid)))
			continue;
		owed = owed_by(document, link->from);
		if (!owed)
			continue;
		cents = settled_home(document, link);
		foreign = cents < 0 ? -link->cents : link->cents;
		if (is_there)
			add_open(aged, document, owed, 0, -cents, 0, -foreign);
		if (is_paid)
			add_open(aged, link->from, owed, 0, cents, 0, foreign);
	}
}

static void take_record(void *ctx, const struct record *record)
{
	struct aged *aged = ctx;

	for (uint32_t i = 0; i < record->posting_count && record->date.day <= aged->day.day; i++)
		if (is_receivable(&record->postings[i]))
			add_open(aged, record, &record->postings[i], record->postings[i].cents,
				 record->postings[i].cents, record->postings[i].foreign,
				 record->postings[i].foreign);
	take_links(aged, record);
}

static int compare_places(const void *a, const void *b)
{
	const struct report_entry *x = a, *y = b;

	if (x->record != y->record)
		return x->record < y->record ? -1 : 1;
	if (x->account != y->account)
		return x->account < y->account ? -1 : 1;
	return x->party < y->party ? -1 : x->party > y->party;
}

/* One entry for each document, account and customer; what is settled goes. */
static void merge_open(struct aged *aged)
{
	struct report_entry *rows = aged->open.rows;
	size_t kept = 0, next;

	if (aged->open.count > 0)
		qsort(rows, aged->open.count, sizeof(*rows), compare_places);
	for (size_t i = 0; i < aged->open.count; i = next) {
		struct report_entry sum = rows[i];

		for (next = i + 1; next < aged->open.count &&
				   compare_places(&rows[i], &rows[next]) == 0;
		     next++) {
			sum.amount += rows[next].amount;
			sum.balance += rows[next].balance;
			sum.foreign += rows[next].foreign;
			sum.foreign_balance += rows[next].foreign_balance;
		}
		if (sum.balance == 0 || !report_ids_allow(&aged->customers, sum.party))
			continue;
		sum.due = report_due(sum.record);
		sum.past_due = aged->day.day - sum.due.day;
		rows[kept++] = sum;
	}
	aged->open.count = kept;
}

static void find_open(struct aged *aged)
{
	report_each(aged->report->company, (struct date){ INT32_MIN }, (struct date){ INT32_MAX },
		    take_record, aged);
	merge_open(aged);
}

static size_t bucket_of(const struct aged *aged, const struct report_entry *entry)
{
	int bucket = entry->past_due <= 0 ? 0 : 1 + (entry->past_due - 1) / aged->days;

	return (size_t)(bucket > aged->periods ? aged->periods : bucket);
}

/* "31 - 60", "91 and over" with `over` " and over". */
static void add_bucket_name(const struct aged *aged, size_t bucket, const char *over, struct str *out)
{
	int first = ((int)bucket - 1) * aged->days + 1;

	if (bucket == 0)
		str_add(out, "Current");
	else if ((int)bucket == aged->periods)
		str_addf(out, "%d%s", first, over);
	else
		str_addf(out, "%d - %d", first, first + aged->days - 1);
}

/* ---- customers, each with those below it */

struct party {
	const struct record *record; /* NULL: nobody named */
	char *key;                   /* owned: sorts those below behind what is above */
	int64_t cents[FIGURES_MAX];
};

struct parties {
	struct party *rows; /* owned */
	size_t count, room, figures;
};

static void parties_clear(struct parties *parties)
{
	for (size_t i = 0; i < parties->count; i++)
		free(parties->rows[i].key);
	free(parties->rows);
}

static struct party *party_add(struct parties *parties, const struct record *record)
{
	struct str name = STR_INIT(STR_NO_LIMIT), key = STR_INIT(STR_NO_LIMIT);

	memory_grow(&parties->rows, &parties->room, parties->count + 1, sizeof(*parties->rows));
	if (record)
		report_name(record, &name);
	str_add_folded(&key, name.text, name.len);
	for (char *c = key.text; *c; c++)
		*c = *c == ':' ? '\x01' : *c;
	str_clear(&name);
	parties->rows[parties->count] = (struct party){ .record = record, .key = str_take(&key) };
	return &parties->rows[parties->count++];
}

static int compare_parties(const void *a, const void *b)
{
	const struct party *x = a, *y = b;
	int order = strcmp(x->key, y->key);

	if (order || x->record == y->record)
		return order;
	return x->record < y->record ? -1 : 1;
}

static void parties_merge(struct parties *parties)
{
	size_t kept = 0;

	if (parties->count > 0)
		qsort(parties->rows, parties->count, sizeof(*parties->rows), compare_parties);
	for (size_t i = 0; i < parties->count; i++) {
		struct party *last = kept > 0 ? &parties->rows[kept - 1] : NULL;

		if (!last || last->record != parties->rows[i].record) {
			parties->rows[kept++] = parties->rows[i];
			continue;
		}
		for (size_t k = 0; k < parties->figures; k++)
			last->cents[k] += parties->rows[i].cents[k];
		free(parties->rows[i].key);
	}
	parties->count = kept;
}

static bool is_below(const struct record *record, const struct record *above)
{
	for (record = record ? record->above : NULL; record; record = record->above)
		if (record == above)
			return true;
	return false;
}

static void add_figures(struct report *report, const int64_t *cents, size_t count)
{
	for (size_t i = 0; i < count; i++)
		report_figure(report, cents[i]);
}

/* One customer, and as sections within it those below. Returns the place behind them all. */
static size_t add_party(struct report *report, const struct parties *parties, size_t at,
			int64_t *total)
{
	const struct party *party = &parties->rows[at];
	int64_t sum[FIGURES_MAX];
	AUTO(str_clear) struct str name = STR_INIT(STR_NO_LIMIT), text = STR_INIT(STR_NO_LIMIT);
	size_t next = at + 1;
	bool above = next < parties->count && is_below(parties->rows[next].record, party->record);

	memcpy(sum, party->cents, sizeof(sum));
	if (party->record)
		report_text(party->record, "DisplayName", &name);
	else
		str_add(&name, "Not Specified");
	report_open(report, above ? SECTION_OPEN : ROW_OPEN);
	report_cell(report, name.text, party->record ? party->record->id : "");
	add_figures(report, party->cents, parties->figures);
	report_add(report, above ? SECTION_ROWS : ROW_CLOSE);
	while (next < parties->count && is_below(parties->rows[next].record, party->record))
		next = add_party(report, parties, next, sum);
	if (above) {
		str_addf(&text, "Total %s", name.text);
		report_add(report, SECTION_SUMMARY);
		report_cell(report, text.text, NULL);
		add_figures(report, sum, parties->figures);
		report_add(report, SECTION_CLOSE);
	}
	for (size_t i = 0; i < parties->figures; i++)
		total[i] += sum[i];
	return next;
}

/* Those that are below nobody, in the order that was asked for. */
static void add_tops(struct aged *aged, const struct parties *parties, int64_t *total)
{
	size_t *tops = memory_new((parties->count + 1) * sizeof(*tops)), count = 0;

	for (size_t i = 0; i < parties->count; i++)
		if (count == 0 || !is_below(parties->rows[i].record, parties->rows[tops[count - 1]].record))
			tops[count++] = i;
	for (size_t i = 0; i < count; i++)
		add_party(aged->report, parties, tops[aged->descending ? count - 1 - i : i], total);
	free(tops);
}

static int compare_owners(const void *a, const void *b)
{
	const struct report_entry *x = a, *y = b;

	return x->party < y->party ? -1 : x->party > y->party;
}

/* One for each customer with anything open, and for those above it. */
static void collect_parties(struct aged *aged, struct parties *parties, bool with_buckets)
{
	size_t last = parties->figures - 1;

	if (aged->open.count > 0)
		qsort(aged->open.rows, aged->open.count, sizeof(*aged->open.rows), compare_owners);
	for (size_t i = 0, next; i < aged->open.count; i = next) {
		const struct record *owner = aged->open.rows[i].party;
		const struct record *above = owner ? owner->above : NULL;
		struct party *party = party_add(parties, owner);

		for (next = i; next < aged->open.count && aged->open.rows[next].party == owner;
		     next++) {
			const struct report_entry *entry = &aged->open.rows[next];

			if (with_buckets)
				party->cents[bucket_of(aged, entry)] += entry->balance;
			party->cents[last] += entry->balance;
		}
		for (; above; above = above->above)
			party_add(parties, above);
	}
}

/* The customers' rows and their total; what is open is in figure `bucket` and in the last one. */
static size_t add_parties(struct aged *aged, bool with_buckets)
{
	AUTO(parties_clear) struct parties parties = { 0 };
	struct report *report = aged->report;
	int64_t total[FIGURES_MAX] = { 0 };

	parties.figures = with_buckets ? (size_t)aged->periods + 2 : 1;
	collect_parties(aged, &parties, with_buckets);
	parties_merge(&parties);
	add_tops(aged, &parties, total);
	if (parties.count > 0) {
		report_open(report, TOTAL_OPEN);
		report_cell(report, "TOTAL", NULL);
		for (size_t i = 0; i < parties.figures; i++)
			report_money(report, total[i]);
		report_add(report, TOTAL_CLOSE);
	}
	return parties.count;
}

/* ---- what is asked for */

/* These reports look at report_date only, and at no other day. */
static bool read_day(struct aged *aged)
{
	struct report *report = aged->report;

	aged->day = company_today(report->company);
	if (!period_read_date(report->request, "report_date", &aged->day, report->fault))
		return false;
	report->period = (struct period){ .start = aged->day, .end = aged->day };
	if (!report_parameter(report, "report_date"))
		memcpy(report->period.macro, "today", sizeof("today"));
	return true;
}

static bool read_aging(struct aged *aged)
{
	struct report *report = aged->report;
	const char *method = report_parameter(report, "aging_method");

	aged->periods = PERIODS_USUAL;
	aged->days = PERIOD_DAYS_USUAL;
	aged->as_then = method && strcasecmp(method, "Report_Date") == 0;
	if (method && !aged->as_then && strcasecmp(method, "Current") != 0)
		return fault_set(report->fault, 2170, "aging_method",
				 "Invalid Enumeration : %.200s", method);
	return report_read_number(report, "num_periods", PERIODS_MAX, &aged->periods) &&
	       report_read_number(report, "aging_period", PERIOD_DAYS_MAX, &aged->days);
}

static bool read_common(struct aged *aged)
{
	return report_refuse(aged->report, "vendor|department|class|term|arpaid|past_due|"
					   "start_duedate|end_duedate|duedate_macro") &&
	       report_read_ids(aged->report, "customer", "Customer", &aged->customers) &&
	       read_day(aged);
}

static void aged_clear(struct aged *aged)
{
	report_entries_clear(&aged->open);
}

/* ---- the reports */

static void finish(struct aged *aged, const char *columns, size_t rows, struct str *out)
{
	struct report_head head = { .has_date = true,
				    .customer = report_parameter(aged->report, "customer"),
				    .columns = columns,
				    .row_count = rows };

	report_finish(aged->report, &head, out);
}

bool report_aged(struct report *report, struct str *out)
{
	AUTO(aged_clear) struct aged aged = { .report = report };
	AUTO(str_clear) struct str columns = STR_INIT(STR_NO_LIMIT);

	if (!read_common(&aged) || !read_aging(&aged) ||
	    !report_read_order(report, &aged.descending))
		return false;
	find_open(&aged);
	report_column(&columns, "", "Customer", "customer");
	for (size_t i = 0; i <= (size_t)aged.periods; i++) {
		AUTO(str_clear) struct str title = STR_INIT(100), key = STR_INIT(100);

		add_bucket_name(&aged, i, " and over", &title);
		if (i == 0)
			str_add(&key, "current");
		else
			str_addf(&key, "%zu", i - 1);
		report_column(&columns, title.text, "Money", key.text);
	}
	report_column(&columns, "Total", "Money", "total");
	finish(&aged, columns.text, add_parties(&aged, true), out);
	return true;
}

bool report_customers(struct report *report, struct str *out)
{
	AUTO(aged_clear) struct aged aged = { .report = report, .as_then = true };
	AUTO(str_clear) struct str columns = STR_INIT(STR_NO_LIMIT);

	if (!read_common(&aged) || !report_read_order(report, &aged.descending))
		return false;
	find_open(&aged);
	report_column(&columns, "", "Customer", "customer");
	report_column(&columns, "Total", "Money", "total");
	finish(&aged, columns.text, add_parties(&aged, false), out);
	return true;
}

static const enum report_column usual[] = {
	COLUMN_DATE, COLUMN_TYPE,  COLUMN_NUMBER, COLUMN_CUSTOMER,
	COLUMN_DUE,  COLUMN_TOTAL, COLUMN_OPEN,
};
#define ALLOWED                                                                                    \
	(1u << COLUMN_DATE | 1u << COLUMN_TYPE | 1u << COLUMN_NUMBER | 1u << COLUMN_CUSTOMER |     \
	 1u << COLUMN_MEMO | 1u << COLUMN_DUE | 1u << COLUMN_PAST_DUE | 1u << COLUMN_CREATED |     \
	 1u << COLUMN_CHANGED | 1u << COLUMN_TOTAL | 1u << COLUMN_OPEN |                           \
	 1u << COLUMN_CURRENCY | 1u << COLUMN_RATE | 1u << COLUMN_FOREIGN |                        \
	 1u << COLUMN_FOREIGN_OPEN)

/* The documents of one period, when there are any. */
static void add_bucket(struct aged *aged, size_t bucket, int64_t *amounts, int64_t *opens)
{
	struct report *report = aged->report;
	AUTO(str_clear) struct str name = STR_INIT(100), total = STR_INIT(100);
	int64_t amount = 0, open = 0;
	bool begun = false;

	add_bucket_name(aged, bucket, " or more", &name);
	if (bucket > 0)
		str_add(&name, " days past due");
	for (size_t i = 0; i < aged->open.count; i++) {
		const struct report_entry *entry = &aged->open.rows[i];

		if (bucket_of(aged, entry) != bucket)
			continue;
		if (!begun) {
			report_open(report, SECTION_OPEN);
			report_cell(report, name.text, NULL);
			report_empty(report, aged->columns.count - 1);
			report_add(report, SECTION_ROWS);
		}
		begun = true;
		amount += entry->amount;
		open += entry->balance;
		report_entry_row(report, &aged->columns, entry);
	}
	if (!begun)
		return;
	str_addf(&total, "Total for %s", name.text);
	report_add(report, SECTION_SUMMARY);
	report_entry_total(report, &aged->columns, total.text, NULL, &amount, &open);
	report_add(report, SECTION_CLOSE);
	*amounts += amount;
	*opens += open;
}

bool report_aged_detail(struct report *report, struct str *out)
{
	AUTO(aged_clear) struct aged aged = { .report = report };
	AUTO(str_clear) struct str columns = STR_INIT(STR_NO_LIMIT);
	int64_t amount = 0, open = 0;

	if (!read_common(&aged) || !read_aging(&aged) ||
	    !report_columns_read(report, usual, ARRAY_LEN(usual), ALLOWED, &aged.columns))
		return false;
	find_open(&aged);
	report_entries_sort(&aged.columns, &aged.open);
	for (size_t i = (size_t)aged.periods + 1; i-- > 0;)
		add_bucket(&aged, i, &amount, &open);
	if (aged.open.count > 0) {
		report_open(report, TOTAL_OPEN);
		report_entry_total(report, &aged.columns, "TOTAL", NULL, &amount, &open);
		report_add(report, TOTAL_CLOSE);
	}
	report_columns_json(report, &aged.columns, &columns);
	finish(&aged, columns.text, aged.open.count, out);
	return true;
}
