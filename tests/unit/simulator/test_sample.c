/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sample companies. The law that keeps those honest that are written without the rules' help: any
 * record sent back as it is changes nothing, and what it posted is what the rules would post.
 */
#include "sample/sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"
#include "quickbooks/draft.h"
#include "quickbooks/write.h"
#include "world.h"

#include "ledger.h"
#include "test_simulator.h"

#define NOW_MS INT64_C(1786040400000) /* 2026-08-06T18:20:00Z */
#define KINDS 4
#define SCALED_CUSTOMERS 600
#define SCALED_INVOICES 3200

struct fixture {
	struct simulator *simulator; /* the four kinds as they are */
	struct simulator *scaled;    /* the same with more of all */
	int64_t now_ms;
};

static const char *const kinds[KINDS] = { "us", "eu", "small", "closed" };

static int64_t read_clock(void *ctx)
{
	return ((struct fixture *)ctx)->now_ms;
}

static void no_random(void *ctx, void *bytes, size_t len)
{
	(void)ctx;
	memset(bytes, 3, len);
}

static struct simulator *open_world(struct fixture *fixture, uint64_t seed,
				    const struct simulator_company *companies, size_t count,
				    struct error *err)
{
	const struct simulator_config config = {
		.seed = seed,
		.env = { .wall_ms = read_clock,
			 .ticks_ms = read_clock,
			 .random = no_random,
			 .ctx = fixture },
		.start_ms = -1,
		.base_url = "http://127.0.0.1:8080",
		.companies = companies,
		.company_count = count,
	};

	return simulator_open(&config, err);
}

static struct simulator *open_kinds(struct fixture *fixture, uint64_t seed, int64_t customers,
				    int64_t invoices)
{
	struct simulator_company companies[KINDS];
	struct error err = { 0 };
	struct simulator *simulator;

	for (size_t i = 0; i < KINDS; i++)
		companies[i] = (struct simulator_company){ .kind = kinds[i],
							   .customers = customers,
							   .invoices = invoices };
	simulator = open_world(fixture, seed, companies, KINDS, &err);
	if (!simulator)
		print_error("%s\n", err.text);
	return simulator;
}

static int make_worlds(void **state)
{
	struct fixture *fixture = memory_new(sizeof(*fixture));

	*state = fixture;
	fixture->now_ms = NOW_MS;
	fixture->simulator = open_kinds(fixture, 7, -1, -1);
	fixture->scaled = open_kinds(fixture, 8, SCALED_CUSTOMERS, SCALED_INVOICES);
	return fixture->simulator && fixture->scaled ? 0 : -1;
}

static int free_worlds(void **state)
{
	struct fixture *fixture = *state;

	simulator_close(fixture->simulator);
	simulator_close(fixture->scaled);
	free(fixture);
	return 0;
}

/* ---- over all records */

static void each_record(void **state, void (*check)(struct company *company, struct record *record))
{
	struct fixture *fixture = *state;
	struct simulator *simulators[] = { fixture->simulator, fixture->scaled };

	for (size_t s = 0; s < ARRAY_LEN(simulators); s++)
		for (size_t c = 0; c < simulators[s]->company_count; c++)
			for (size_t e = 0; e < entity_count(); e++) {
				struct company *company = simulators[s]->companies[c];
				struct table *table = company_table(company, entity_at(e));

				for (size_t i = 0; i < table->count; i++)
					check(company, table->by_id[i]);
			}
}

static void each_company(void **state, void (*check)(struct company *company))
{
	struct fixture *fixture = *state;
	struct simulator *simulators[] = { fixture->simulator, fixture->scaled };

	for (size_t s = 0; s < ARRAY_LEN(simulators); s++)
		for (size_t c = 0; c < simulators[s]->company_count; c++)
			check(simulators[s]->companies[c]);
}

static void text_is_json(struct company *company, struct record *record)
{
	(void)company;
	assert_true(json_check(record->text, record->len, NULL));
	assert_true(str_is_utf8(record->text, record->len));
	assert_int_equal(strlen(record->text), record->len);
}

static void test_texts(void **state)
{
	each_record(state, text_is_json);
}

/* The trial balance, accounts, what parties owe, what invoices lack: see ledger.h. */
static void test_balances(void **state)
{
	each_company(state, ledger_check);
}

/* ---- the law */

/* Deposited money is frozen, and so are closed books. */
static bool is_frozen(const struct company *company, const struct record *record, int code)
{
	if (code == 6210)
		return record->entity->kind == ENTITY_TXN &&
		       record->date.day <= company->preferences.book_close.day;
	return code == 6540 && record->link_count > 0 &&
	       strcmp(record->links[0].from->entity->name, "Deposit") == 0;
}

/* Where the texts part behind the time of the change, with some text around. */
static void report_change(const struct record *record, const char *before,
			  const struct fault *fault)
{
	const char *time = strstr(before, "\"LastUpdatedTime\"");
	size_t at = time && strcmp(before, record->text) != 0 ? (size_t)(time - before) + 50 : 0;

	while (before[at] && before[at] == record->text[at])
		at++;
	at = at < 300 ? 0 : at - 300;
	print_error("%s %s: %d %s\nbefore ..%.600s\nafter  ..%.600s\n", record->entity->name,
		    record->id, fault->code, fault->detail, before + at, record->text + at);
}

static void sent_back_changes_nothing(struct company *company, struct record *record)
{
	static const struct write_options options = { 0 };
	AUTO(memory_freep) char *before = memory_copy(record->text, record->len);
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);
	struct fault fault = { 0 };
	int64_t updated_ms = record->updated_ms;
	int32_t sync_token = record->sync_token;
	json_object *sent;
	bool good;

	if (!(record->entity->can & ENTITY_CAN_UPDATE))
		return;
	sent = json_tokener_parse(record->text);
	good = write_run(company, record->entity, WRITE_SAVE, sent, &options, &out, &fault);
	json_object_put(sent);
	if (!good && is_frozen(company, record, fault.code))
		return;
	if (!good || strcmp(before, record->text) != 0)
		report_change(record, before, &fault);
	assert_true(good && strcmp(record->text, before) == 0 && strcmp(out.text, before) == 0);
	assert_int_equal(record->sync_token, sync_token);
	assert_int_equal(record->updated_ms, updated_ms);
}

static void table_sent_back(struct company *company, const struct entity *entity)
{
	struct table *table = company_table(company, entity);

	for (size_t i = 0; i < table->count; i++)
		sent_back_changes_nothing(company, table->by_id[i]);
}

/* Of the scaled companies only what there is more of. */
static void test_sent_back(void **state)
{
	static const char *const scaled[] = { "Customer", "Invoice", "Payment" };
	struct fixture *fixture = *state;

	for (size_t c = 0; c < KINDS; c++) {
		for (size_t e = 0; e < entity_count(); e++)
			table_sent_back(fixture->simulator->companies[c], entity_at(e));
		for (size_t e = 0; e < ARRAY_LEN(scaled); e++)
			table_sent_back(fixture->scaled->companies[c],
					entity_by_name(scaled[e], false));
	}
}

/* The same with the books open, so that closed years are looked at too. */
static void open_books(struct company *company)
{
	company->preferences.book_close.day = INT32_MIN;
}

static void test_sent_back_open(void **state)
{
	struct fixture *fixture = *state;
	struct company *company = fixture->simulator->companies[3];
	struct date closed = company->preferences.book_close;

	assert_string_equal(company->kind, "closed");
	assert_true(closed.day > INT32_MIN);
	open_books(company);
	for (size_t e = 0; e < entity_count(); e++)
		table_sent_back(company, entity_at(e));
	company->preferences.book_close = closed;
}

static bool same_postings(const struct record *record, const struct posting *before, uint32_t count)
{
	if (record->posting_count != count)
		return false;
	for (uint32_t i = 0; i < count; i++) {
		const struct posting *now = &record->postings[i];
		bool found = false;

		for (uint32_t k = 0; k < count; k++)
			found = found ||
				(before[k].account == now->account &&
				 before[k].party == now->party && before[k].cents == now->cents &&
				 before[k].foreign == now->foreign);
		if (!found)
			return false;
	}
	return true;
}

/* A note added through the rules makes them post anew; it must come to the same. */
static void check_reposted(struct company *company, struct record *record)
{
	static const struct write_options options = { 0 };
	AUTO(memory_freep) struct posting *before = NULL;
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);
	uint32_t count = record->posting_count;
	int64_t balance = record->balance;
	struct fault fault = { 0 };
	json_object *sent;

	before = memory_new((count + 1) * sizeof(*before));
	memcpy(before, record->postings, count * sizeof(*before));
	str_addf(
		&text,
		"{\"Id\":\"%s\",\"SyncToken\":\"%d\",\"sparse\":true,\"PrivateNote\":\"once more\"",
		record->id, (int)record->sync_token);
	if (strcmp(record->entity->name, "Payment") == 0) {
		struct json_slice party = json_find(record->text, record->len, "CustomerRef");

		str_addf(&text, ",\"CustomerRef\":%.*s,\"TotalAmt\":%lld.%02d", (int)party.len,
			 party.text, (long long)(record->balance / 100),
			 (int)(record->balance % 100));
	}
	str_add_char(&text, '}');
	sent = json_tokener_parse(text.text);
	str_reset(&text);
	assert_true(write_run(company, record->entity, WRITE_SAVE, sent, &options, &text, &fault));
	json_object_put(sent);
	assert_true(same_postings(record, before, count));
	assert_int_equal(record->balance, balance);
}

static void test_reposted(void **state)
{
	static const char *const entities[] = { "Invoice", "Payment" };
	struct fixture *fixture = *state;

	for (size_t c = 0; c < KINDS; c++) {
		struct company *company = fixture->scaled->companies[c];

		open_books(company);
		for (size_t e = 0; e < ARRAY_LEN(entities); e++) {
			struct table *table =
				company_table(company, entity_by_name(entities[e], false));

			/* Ids are not moved by this; the first belong to the kind itself. */
			for (size_t i = table->count / 2; i < table->count; i += 41)
				if (table->by_id[i]->link_count == 0 || e == 0)
					check_reposted(company, table->by_id[i]);
		}
		ledger_check(company);
	}
}

/* ---- numbers, names, times */

static void test_every_entity(void **state)
{
	struct fixture *fixture = *state;

	for (size_t e = 0; e < entity_count(); e++) {
		size_t count = 0;

		for (size_t c = 0; c < KINDS; c++)
			count += company_table(fixture->simulator->companies[c], entity_at(e))
					 ->count;
		if (count == 0)
			print_error("no %s anywhere\n", entity_at(e)->name);
		assert_true(count > 0);
	}
}

static size_t count_of(const struct simulator *simulator, size_t company, const char *entity,
		       bool active)
{
	const struct table *table =
		company_table(simulator->companies[company], entity_by_name(entity, false));

	return table->count - (active ? table->inactive_count : 0);
}

static void test_counts(void **state)
{
	struct fixture *fixture = *state;

	for (size_t c = 0; c < KINDS; c++) {
		assert_int_equal(count_of(fixture->scaled, c, "Customer", true), SCALED_CUSTOMERS);
		assert_int_equal(count_of(fixture->scaled, c, "Invoice", true), SCALED_INVOICES);
	}
	assert_int_equal(count_of(fixture->simulator, 0, "Customer", true), 64);
	assert_int_equal(count_of(fixture->simulator, 0, "Invoice", true), 480);
	assert_int_equal(count_of(fixture->simulator, 2, "Customer", false), 5);
	assert_int_equal(count_of(fixture->simulator, 2, "Customer", true), 4);
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Names in lower case, of records of one space of names. */
struct names {
	char **texts; /* owned, each too */
	size_t count, room;
};

static void names_take(struct names *names, struct company *company, const char *entity,
		       const char *member)
{
	const struct table *table = company_table(company, entity_by_name(entity, false));

	for (size_t i = 0; i < table->count; i++) {
		AUTO(str_clear) struct str plain = STR_INIT(STR_NO_LIMIT);
		struct str folded = STR_INIT(STR_NO_LIMIT);

		json_unquote(json_find(table->by_id[i]->text, table->by_id[i]->len, member),
			     &plain);
		str_add_folded(&folded, plain.text, plain.len);
		assert_true(plain.len > 0);
		memory_grow(&names->texts, &names->room, names->count + 1, sizeof(*names->texts));
		names->texts[names->count++] = str_take(&folded);
	}
}

/* Releases them, too. */
static void names_check(struct names *names)
{
	if (names->count > 0)
		qsort(names->texts, names->count, sizeof(*names->texts), compare_texts);
	for (size_t i = 0; i + 1 < names->count; i++)
		if (strcmp(names->texts[i], names->texts[i + 1]) == 0)
			fail_msg("twice: %s", names->texts[i]);
	for (size_t i = 0; i < names->count; i++)
		free(names->texts[i]);
	free(names->texts);
	*names = (struct names){ 0 };
}

/* Customers, vendors and employees share one space of names, whatever the letter case. */
static void names_differ(struct company *company)
{
	static const char *const parties[] = { "Customer", "Vendor", "Employee" };
	static const char *const trees[] = { "Account", "Item", "Class", "Department" };
	struct names names = { 0 };

	for (size_t e = 0; e < ARRAY_LEN(parties); e++)
		names_take(&names, company, parties[e], "DisplayName");
	names_check(&names);
	for (size_t e = 0; e < ARRAY_LEN(trees); e++) {
		names_take(&names, company, trees[e], "FullyQualifiedName");
		names_check(&names);
	}
}

static void test_names(void **state)
{
	each_company(state, names_differ);
}

static void times_are_sound(struct company *company)
{
	int64_t last_ms = 0;

	for (size_t e = 0; e < entity_count(); e++) {
		const struct table *table = company_table(company, entity_at(e));

		for (size_t i = 0; i < table->count; i++) {
			const struct record *record = table->by_time[i];

			assert_true(record->created_ms >= NOW_MS - 740 * DAY_MS &&
				    record->created_ms <= record->updated_ms);
			assert_true(record->updated_ms < NOW_MS && record->created_ms % 1000 == 0);
			assert_true(i == 0 ||
				    table->by_time[i - 1]->updated_ms <= record->updated_ms);
			assert_true(i == 0 ||
				    id_compare(table->by_id[i - 1]->id, table->by_id[i]->id) < 0);
			last_ms = record->updated_ms > last_ms ? record->updated_ms : last_ms;
		}
	}
	assert_true(last_ms >= NOW_MS - 600000);
}

static void test_times(void **state)
{
	each_company(state, times_are_sound);
}

/* More records with one and the same time than a page of a thousand holds. */
static void test_bursts(void **state)
{
	struct fixture *fixture = *state;

	for (size_t c = 0; c < KINDS; c++) {
		const struct table *table = company_table(fixture->scaled->companies[c],
							  entity_by_name("Invoice", false));
		size_t most = 0, run = 0;

		for (size_t i = 0; i < table->count; i++) {
			run = i > 0 && table->by_time[i]->updated_ms ==
						      table->by_time[i - 1]->updated_ms
				      ? run + 1
				      : 1;
			most = run > most ? run : most;
		}
		assert_true(most > 1000);
	}
}

static void test_size(void **state)
{
	struct fixture *fixture = *state;
	size_t bytes = 0, count = 0;

	for (size_t c = 0; c < KINDS; c++) {
		const struct table *table = company_table(fixture->scaled->companies[c],
							  entity_by_name("Invoice", false));

		for (size_t i = 0; i < table->count; i++)
			bytes += table->by_id[i]->len;
		count += table->count;
	}
	assert_in_range(bytes / count, 2000, 2800);
}

static void test_closed_books(void **state)
{
	struct fixture *fixture = *state;
	const struct company *us = fixture->simulator->companies[0],
			     *closed = fixture->simulator->companies[3];
	const struct company *eu = fixture->simulator->companies[1],
			     *small = fixture->simulator->companies[2];

	assert_int_equal(us->preferences.tax_mode, TAX_US_MANUAL);
	assert_int_equal(us->preferences.book_close.day, INT32_MIN);
	assert_false(us->preferences.custom_numbers);
	assert_int_equal(closed->preferences.tax_mode, TAX_US_AUTOMATED);
	assert_int_equal(closed->preferences.book_close.day, date_of(2025, 12, 31).day);
	assert_true(closed->preferences.custom_numbers);
	assert_int_equal(eu->preferences.tax_mode, TAX_VAT);
	assert_true(eu->preferences.multicurrency);
	assert_string_equal(eu->preferences.country, "DE");
	assert_string_equal(eu->preferences.home_currency, "EUR");
	assert_int_equal(small->preferences.tax_mode, TAX_NONE);
}

/* ---- repeatable, and refusals */

static void add_all_texts(const struct simulator *simulator, struct str *out)
{
	for (size_t c = 0; c < simulator->company_count; c++) {
		str_addf(out, "%s %s\n", simulator->companies[c]->realm,
			 simulator->companies[c]->name);
		for (size_t e = 0; e < entity_count(); e++) {
			const struct table *table =
				company_table(simulator->companies[c], entity_at(e));

			for (size_t i = 0; i < table->count; i++)
				str_addf(out, "%s\n%s\n", table->by_id[i]->text,
					 table->by_time[i]->id);
		}
	}
}

static void test_same_seed(void **state)
{
	struct fixture fixture = { .now_ms = NOW_MS };
	AUTO(str_clear) struct str one = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str two = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str other = STR_INIT(STR_NO_LIMIT);
	uint64_t seeds[] = { 21, 21, 22 };
	struct str *texts[] = { &one, &two, &other };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(seeds); i++) {
		struct simulator *simulator = open_kinds(&fixture, seeds[i], 120, 700);

		assert_non_null(simulator);
		add_all_texts(simulator, texts[i]);
		simulator_close(simulator);
	}
	assert_true(one.len == two.len && memcmp(one.text, two.text, one.len) == 0);
	assert_string_not_equal(one.text, other.text);
}

static void test_wanted(void **state)
{
	struct fixture fixture = { .now_ms = NOW_MS };
	struct simulator_company companies[] = {
		{ .kind = "small",
		  .realm = "123146096291789",
		  .name = "Ünder \"Test\"",
		  .customers = -1,
		  .invoices = -1 },
		{ .kind = "small", .customers = 0, .invoices = 0 },
		{ .kind = "small", .customers = -1, .invoices = -1 },
	};
	struct error err = { 0 };
	struct simulator *simulator = open_world(&fixture, 5, companies, 3, &err);
	struct record *info;

	(void)state;
	assert_non_null(simulator);
	assert_string_equal(simulator->companies[0]->realm, "123146096291789");
	assert_string_equal(simulator->companies[0]->name, "Ünder \"Test\"");
	info = company_get(simulator->companies[0], "CompanyInfo", "1");
	assert_true(json_equals(json_find(info->text, info->len, "CompanyName"), "Ünder \"Test\""));
	assert_memory_equal(simulator->companies[1]->realm, "9341452", 7);
	assert_int_equal(strlen(simulator->companies[1]->realm), 19);
	assert_string_not_equal(simulator->companies[1]->realm, simulator->companies[2]->realm);
	assert_int_equal(count_of(simulator, 1, "Invoice", false), 6);
	simulator_close(simulator);
}

static void test_refused(void **state)
{
	static const struct simulator_company bad[] = {
		{ .kind = "large", .customers = -1, .invoices = -1 },
		{ .kind = "us", .realm = "12a", .customers = -1, .invoices = -1 },
		{ .kind = "us", .realm = "", .customers = -1, .invoices = -1 },
		{ .kind = "us",
		  .realm = "123456789012345678901234",
		  .customers = -1,
		  .invoices = -1 },
		{ .kind = "us", .realm = "1001", .customers = -1, .invoices = -1 }, /* taken */
		{ .kind = "us", .customers = 5000001, .invoices = -1 },
		{ .kind = "us", .customers = -1, .invoices = 5000001 },
		{ .kind = "us", .customers = -2, .invoices = -1 },
		{ .kind = "us", .customers = -1, .invoices = INT64_MIN },
		{ .kind = "us", .name = "", .customers = -1, .invoices = -1 },
		{ .kind = "us", .name = "\xff", .customers = -1, .invoices = -1 },
	};
	struct fixture fixture = { .now_ms = NOW_MS };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct simulator_company companies[2] = {
			{ .kind = "small", .realm = "1001", .customers = -1, .invoices = -1 }
		};
		struct error err = { 0 };

		companies[1] = bad[i];
		assert_null(open_world(&fixture, 1, companies, 2, &err));
		assert_int_equal(err.code, ERROR_INPUT);
		assert_true(err.text[0] != '\0' && str_is_utf8(err.text, strlen(err.text)));
	}
}

/* Nights, weekends, leap days, the turn of the year and of summer time are days like others. */
static void test_clocks(void **state)
{
	static const int64_t clocks[] = { 1767254400000, 1772928000000, 1793520000000,
					  1835395200000, 1767250800000, 1709251200000 };
	struct fixture fixture = { 0 };
	struct simulator_company company = { .kind = "closed", .customers = -1, .invoices = -1 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(clocks); i++) {
		struct error err = { 0 };
		struct simulator *simulator;

		fixture.now_ms = clocks[i] + (int64_t)i * 5400000;
		simulator = open_world(&fixture, i, &company, 1, &err);
		assert_non_null(simulator);
		ledger_check(simulator->companies[0]);
		assert_int_equal(count_of(simulator, 0, "Invoice", false), 300);
		simulator_close(simulator);
	}
}

int test_sample(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),	       cmocka_unit_test(test_balances),
		cmocka_unit_test(test_every_entity),   cmocka_unit_test(test_counts),
		cmocka_unit_test(test_names),	       cmocka_unit_test(test_times),
		cmocka_unit_test(test_bursts),	       cmocka_unit_test(test_size),
		cmocka_unit_test(test_closed_books),   cmocka_unit_test(test_sent_back),
		cmocka_unit_test(test_sent_back_open), cmocka_unit_test(test_reposted),
		cmocka_unit_test(test_same_seed),      cmocka_unit_test(test_wanted),
		cmocka_unit_test(test_refused),	       cmocka_unit_test(test_clocks),
	};

	return cmocka_run_group_tests_name("sample", tests, make_worlds, free_worlds);
}
