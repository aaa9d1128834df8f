/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sample companies: the order in which things happen. A company is founded two years ago, and
 * each working day since then brings its share of documents, until a few minutes ago.
 */
#include "sample/sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "quickbooks/draft.h"
#include "quickbooks/zone.h"
#include "sample/sample_impl.h"
#include "world.h"

#define QUIET_MS INT64_C(270000) /* the last document before now ... */
#define LAST_CHANGE_S 50	 /* ... and then some changes, so far apart */
#define NUMBER_MAX INT64_C(5000000)

/* What a day brings, in this order. */
static const struct {
	enum sample_document document;
	bool (*make)(struct sample *sample);
} makers[] = {
	{ DOCUMENT_CUSTOMER, party_add_customer },
	{ DOCUMENT_ESTIMATE, document_estimate },
	{ DOCUMENT_INVOICE, document_invoice },
	{ DOCUMENT_RECEIPT, document_receipt },
	{ DOCUMENT_CREDIT, document_credit },
	{ DOCUMENT_REFUND, document_refund },
	{ DOCUMENT_ORDER, spend_order },
	{ DOCUMENT_BILL, spend_bill },
	{ DOCUMENT_VENDOR_CREDIT, spend_vendor_credit },
	{ DOCUMENT_PURCHASE, spend_purchase },
	{ DOCUMENT_JOURNAL, ledger_journal },
	{ DOCUMENT_TRANSFER, ledger_transfer },
	{ DOCUMENT_CARD_PAYMENT, ledger_card_payment },
	{ DOCUMENT_ADJUSTMENT, ledger_adjustment },
	{ DOCUMENT_TIME, ledger_time },
	{ DOCUMENT_CHARGE, ledger_charge },
	{ DOCUMENT_NOTE, ledger_note },
};

static void sample_clear(struct sample *sample)
{
	struct sample_list *lists[] = {
		&sample->customers,  &sample->vendors, &sample->employees,   &sample->leaving,
		&sample->items,	     &sample->stock,   &sample->bundles,     &sample->terms,
		&sample->methods,    &sample->classes, &sample->departments, &sample->types,
		&sample->undeposited
	};

	for (size_t i = 0; i < ARRAY_LEN(lists); i++)
		free(lists[i]->records);
	free(sample->plans);
	bulk_free(sample->bulk);
}

/* ---- the days */

/* Do what was planned for today or before. What is done may plan more. */
static void run_plans(struct sample *sample)
{
	size_t kept = 0, count = sample->plan_count;

	for (size_t i = 0; i < count; i++) {
		struct sample_plan plan = sample->plans[i];

		if (plan.day <= sample->today.day) {
			sample->plans[i].run = NULL; /* nobody else finds it any more */
			plan.run(sample, plan.record);
		}
	}
	for (size_t i = 0; i < sample->plan_count; i++)
		if (sample->plans[i].run)
			sample->plans[kept++] = sample->plans[i];
	sample->plan_count = kept;
}

/* Bring each kind of document to the number that it should have by the end of this day. */
static void run_makers(struct sample *sample, int day)
{
	for (size_t i = 0; i < ARRAY_LEN(makers); i++) {
		enum sample_document document = makers[i].document;
		int64_t due = (int64_t)sample->wanted[document] * (day + 1) / (SAMPLE_DAYS + 1);

		while (sample->made[document] < due) {
			sample->made[document]++;
			makers[i].make(sample);
		}
	}
}

/* The clock goes to the morning of that day, unless it is later already. */
static void open_day(struct sample *sample, int day)
{
	struct company *company = sample->company;
	int64_t morning_ms;

	sample->today.day = sample->first.day + day;
	morning_ms = sample->today.day * DAY_MS + sample->kind->open_hour * INT64_C(3600000) +
		     sample_chance(sample, 2400) * INT64_C(1000);
	morning_ms -= zone_pacific_offset_s(morning_ms) * INT64_C(1000);
	if (morning_ms > sample->end_ms)
		morning_ms = sample->end_ms;
	if (morning_ms > company->loading_ms)
		company->loading_ms = morning_ms;
}

static void run_day(struct sample *sample, int day)
{
	int weekday = date_weekday((struct date){ sample->first.day + day });

	if ((weekday == 0 || weekday == 6) && day < SAMPLE_DAYS)
		return;
	open_day(sample, day);
	if (date_calendar(sample->today).month != sample->month && day > 0)
		settings_rates(sample);
	sample->month = date_calendar(sample->today).month;
	if (sample->bulk)
		bulk_day(sample->bulk);
	run_plans(sample);
	run_makers(sample, day);
	if (weekday == 5)
		settle_deposit(sample);
}

/* Things that happen once, on their day or the next working day. */
static void run_events(struct sample *sample, int day)
{
	if (day == SAMPLE_DAYS * 17 / 20) {
		open_day(sample, day);
		chart_retire(sample);
		party_retire(sample);
	}
	if (sample->kind->closes_books &&
	    sample->company->preferences.book_close.day == INT32_MIN &&
	    (sample->first.day + day > settings_closing_day(sample).day + 12 ||
	     day == SAMPLE_DAYS)) {
		open_day(sample, day);
		settings_close_books(sample);
	}
}

/* The last changes lie between the last document and now. */
static void touch_last(struct sample *sample)
{
	sample->end_ms += QUIET_MS;
	sample->company->loading_ms = sample->end_ms - 4 * LAST_CHANGE_S * INT64_C(1000);
	sample_change(sample, sample->customers.records[0], "\"Notes\":\"Called today\"");
	sample_tick(sample, LAST_CHANGE_S);
	sample_change(sample, sample->vendors.records[0], "\"AcctNum\":\"K-2/7\"");
	sample_tick(sample, LAST_CHANGE_S);
	sample_change(sample, sample->items.records[0], "\"Description\":\"New text\"");
}

static void run_all(struct sample *sample)
{
	struct company *company = sample->company;

	open_day(sample, 0);
	settings_make(sample);
	chart_make_items(sample);
	party_make(sample);
	ledger_open(sample);
	for (int day = 0; day <= SAMPLE_DAYS; day++) {
		run_events(sample, day);
		run_day(sample, day);
	}
	touch_last(sample);
	if (sample->bulk)
		bulk_end(sample->bulk);
	draft_render(company);
}

/* ---- what was asked for */

static bool check_wanted(const struct simulator *simulator, const struct simulator_company *wanted,
			 const struct sample_kind *kind, struct error *err)
{
	const char *realm = wanted->realm;

	if (!kind)
		return error_set(
			err, ERROR_INPUT,
			"there is no sample company of the kind '%s'; the kinds are us, eu, small, "
			"closed and xledger",
			wanted->kind);
	if (realm &&
	    (!*realm || strlen(realm) >= ID_MAX || strspn(realm, "0123456789") != strlen(realm)))
		return error_set(err, ERROR_INPUT, "'%s' is no company id: use 1 to %d digits",
				 realm, ID_MAX - 1);
	if (realm && world_company(simulator, realm))
		return error_set(err, ERROR_INPUT, "two companies cannot both have the id %s",
				 realm);
	if (wanted->customers > NUMBER_MAX || wanted->customers < -1)
		return error_set(
			err, ERROR_INPUT,
			"%lld customers are too many or too few: a sample company has up to %lld",
			(long long)wanted->customers, (long long)NUMBER_MAX);
	if (wanted->invoices > NUMBER_MAX || wanted->invoices < -1)
		return error_set(
			err, ERROR_INPUT,
			"%lld invoices are too many or too few: a sample company has up to %lld",
			(long long)wanted->invoices, (long long)NUMBER_MAX);
	if (wanted->name && (!*wanted->name || strlen(wanted->name) > 1024 ||
			     !str_is_utf8(wanted->name, strlen(wanted->name))))
		return error_set(err, ERROR_INPUT, "a company's name has 1 to 1024 bytes of UTF-8");
	return true;
}

/* Nineteen digits as Intuit's ids have; made from the seed, and not taken. */
static void make_realm(const struct simulator *simulator, struct random *random, char *realm)
{
	do
		snprintf(realm, ID_MAX, "9341452%012llu",
			 (unsigned long long)random_below(random, 1000000000000));
	while (world_company(simulator, realm));
}

/* The same seed, kind and place among the companies: the same company. */
static void seed_random(const struct simulator *simulator, const struct sample_kind *kind,
			struct random *random)
{
	uint64_t seed = simulator->seed * UINT64_C(0x9e3779b97f4a7c15) + simulator->company_count;

	for (const char *c = kind->name; *c; c++)
		seed = seed * 131 + (unsigned char)*c;
	random_seed(random, seed);
}

static void start_sample(struct sample *sample, const struct simulator_company *wanted)
{
	struct company *company = sample->company;
	const struct sample_kind *kind = sample->kind;
	int64_t now_ms = world_now_ms(company->simulator);

	snprintf(company->kind, sizeof(company->kind), "%s", kind->name);
	snprintf(company->user_name, sizeof(company->user_name), "%s", kind->user);
	snprintf(company->other_name, sizeof(company->other_name), "%s", kind->other);
	company->next_number = 1001;
	company->next_bill_number = 101;
	company->loading = true;
	company->loading_ms = INT64_MIN;
	sample->end_ms = now_ms - now_ms % 1000 - QUIET_MS;
	sample->last = date_of_ms(sample->end_ms, zone_pacific_offset_s(sample->end_ms));
	sample->first.day = sample->last.day - SAMPLE_DAYS;
	memcpy(sample->wanted, kind->counts, sizeof(sample->wanted));
	/* As many as were asked for can be seen by queries, which leave out the inactive. */
	sample->bulk = bulk_new(sample, wanted->customers - kind->counts[DOCUMENT_CUSTOMER],
				wanted->invoices - kind->counts[DOCUMENT_INVOICE]);
}

bool sample_make(struct simulator *simulator, const struct simulator_company *wanted,
		 struct company **ret_company, struct error *err)
{
	const struct sample_kind *kind = sample_kind_named(wanted->kind);
	struct sample sample = { .kind = kind };
	struct random random;
	char realm[ID_MAX];

	if (!check_wanted(simulator, wanted, kind, err))
		return false;
	seed_random(simulator, kind, &random);
	make_realm(simulator, &random, realm);
	sample.company = company_new(simulator, wanted->realm ? wanted->realm : realm,
				     wanted->name ? wanted->name : kind->company);
	sample.company->random = random;
	start_sample(&sample, wanted);
	run_all(&sample);
	sample.company->loading = false;
	sample_clear(&sample);
	*ret_company = sample.company;
	return true;
}
