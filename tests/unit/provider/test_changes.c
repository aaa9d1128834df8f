/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Changes and deletions since a mark: by script, and from the simulated ledger with its two
 * kinds of limit.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/memory.h"

#include "dialogue.h"
#include "ledger.h"
#include "tests.h"

#define SINCE "&changedSince=2026-01-31T03:50:00-08:00"
#define MARK "2026-01-31T11:50:00.000+00:00"
#define STUB(id)                                                                                   \
	"{\"domain\":\"QBO\",\"status\":\"Deleted\",\"Id\":\"" id                                  \
	"\",\"MetaData\":{\"LastUpdatedTime\":\"x\"}}"
#define TYPES_MAX 8

/* Pages of several types, and the mark for the next time. */
struct result {
	const struct type *types[TYPES_MAX];
	struct page pages[TYPES_MAX];
	size_t count;
	char *mark;
	struct error err;
};

static void result_init(struct result *result, const char *names)
{
	*result = (struct result){ 0 };
	for (const char *at = names; *at;) {
		size_t len = strcspn(at, " ");
		AUTO(memory_freep) char *name = memory_copy(at, len);

		result->types[result->count] = type_named(name);
		page_init(&result->pages[result->count++]);
		at += len + (at[len] ? 1 : 0);
	}
}

static void result_clear(struct result *result)
{
	for (size_t i = 0; i < result->count; i++)
		page_clear(&result->pages[i]);
	free(result->mark);
	*result = (struct result){ 0 };
}

/* With a mark for each; all get the same one back. */
static bool ask_since(struct connection *connection, struct result *result, const char *const *marks)
{
	char *next[ARRAY_LEN(result->pages)] = { NULL };
	bool good;

	free(result->mark);
	error_clear(&result->err);
	good = connection->provider->changes(connection, result->types, result->count, marks, result->pages, next, &result->err);
	for (size_t i = 1; i < result->count; i++) {
		assert_true((next[i] == NULL) == (next[0] == NULL) && (!next[0] || strcmp(next[i], next[0]) == 0));
		free(next[i]);
	}
	result->mark = next[0];
	return good;
}

static bool ask(struct connection *connection, struct result *result, const char *mark)
{
	const char *marks[ARRAY_LEN(result->pages)];

	for (size_t i = 0; i < ARRAY_LEN(marks); i++)
		marks[i] = mark;
	return ask_since(connection, result, marks);
}

static void must_ask(struct connection *connection, struct result *result, const char *mark)
{
	if (!ask(connection, result, mark))
		fail_msg("%s", result->err.text);
}

/* ---- by script ---- */

static void changes_and_deletions_come_by_type(void **state)
{
	DIALOGUE(talk,
		 { .request = "GET cdc?entities=Invoice,Customer,CreditCardPayment,Bill" SINCE,
		   .trace_id = "t",
		   .body = "{\"CDCResponse\":[{\"QueryResponse\":[{\"Invoice\":[{\"Id\":\"1\"}"
			   "," STUB("2") ",{\"Id\":\"3\"}],"
					 "\"startPosition\":1,\"maxResults\":3},{},{"
					 "\"CreditCardPaymentTxn\":[{\"Id\":\"9\"}]},"
					 "{\"Bill\":[" STUB("4") "]}]}],\"time\":\"2026-01-31T04:"
								 "00:01.250-08:00\"}" });
	AUTO(result_clear) struct result result;
	AUTO(catalogue_freep)
	struct catalogue *catalogue = catalogue_of(
		"provider = quickbooks\nkey = Id\n[CreditCardPayment]\nquery = CreditCardPayment\n"
		"extra = json=CreditCardPaymentTxn\n");

	(void)state;
	result_init(&result, "Invoice Customer CreditCardPayment Bill");
	result.types[2] = catalogue_at(catalogue, 0);
	must_ask(&talk.connection, &result, MARK);
	assert_string_equal(page_ids(result.types[0], &result.pages[0]), "1 3");
	assert_string_equal(page_gone(&result.pages[0]), "2");
	assert_int_equal(result.pages[1].count, 0);
	assert_string_equal(page_ids(result.types[2], &result.pages[2]), "9");
	assert_string_equal(page_gone(&result.pages[3]), "4");
	for (size_t i = 0; i < result.count; i++)
		assert_false(result.pages[i].overflow);
	assert_string_equal(result.pages[0].trace_id, "t");
	assert_int_equal(result.pages[0].ledger_ms, DIALOGUE_NOW_MS + 1250);
	/* Ten minutes of overlap, by the ledger's clock. */
	assert_string_equal(result.mark, "2026-01-31T11:50:01.250+00:00");
}

static void names_count_more_than_places(void **state)
{
	DIALOGUE(talk,
		 { .request = "GET cdc?entities=Invoice,Bill" SINCE,
		   .body = "{\"CDCResponse\":[{\"QueryResponse\":[{\"bill\":[{\"Id\":\"1\"}]}]},{"
			   "\"QueryResponse\":[{\"invoice\":"
			   "[{\"Id\":\"2\"}]}]}],\"time\":\"2026-01-31T04:00:00.000-08:00\"}" });
	AUTO(result_clear) struct result result;

	(void)state;
	result_init(&result, "Invoice Bill");
	must_ask(&talk.connection, &result, MARK);
	assert_string_equal(page_ids(result.types[0], &result.pages[0]), "2");
	assert_string_equal(page_ids(result.types[1], &result.pages[1]), "1");
}

static void from_now_on_reads_nothing(void **state)
{
	DIALOGUE(talk,
		 { .request = "GET companyinfo/" DIALOGUE_REALM,
		   .body = "{\"CompanyInfo\":{},\"time\":\"2026-01-31T04:00:00.000-08:00\"}" });
	AUTO(result_clear) struct result result;

	(void)state;
	result_init(&result, "Invoice");
	must_ask(&talk.connection, &result, "");
	assert_int_equal(result.pages[0].count, 0);
	assert_true(result.pages[0].ledger_ms == DIALOGUE_NOW_MS);
	assert_string_equal(result.mark, MARK);
}

static void types_without_a_list_are_not_asked(void **state)
{
	DIALOGUE(talk,
		 { .request = "GET cdc?entities=Invoice" SINCE,
		   .body = "{\"CDCResponse\":[{\"QueryResponse\":[{}]}],\"time\":\"2026-01-31T04:"
			   "00:00.000-08:00\"}" },
		 { .request = "GET companyinfo/" DIALOGUE_REALM,
		   .body = "{\"CompanyInfo\":{},\"time\":\"2026-01-31T04:00:00.000-08:00\"}" });
	AUTO(result_clear) struct result result, none;

	(void)state;
	result_init(&result, "TaxCode Invoice TimeActivity");
	must_ask(&talk.connection, &result, MARK);
	assert_true(result.pages[0].overflow);
	assert_false(result.pages[1].overflow);
	assert_true(result.pages[2].overflow);
	result_init(&none, "TaxRate");
	must_ask(&talk.connection, &none, MARK);
	assert_true(none.pages[0].overflow);
	assert_string_equal(none.mark, MARK);
}

static const char unknown_type[] =
	"{\"Fault\":{\"Error\":[{\"Message\":\"Unsupported Operation\",\"Detail\":\"Operation CDC "
	"is not supported\",\"code\":\"500\"}],"
	"\"type\":\"ValidationFault\"}}";
#define EMPTY(count)                                                                               \
	"{\"CDCResponse\":[{\"QueryResponse\":[" count                                             \
	"]}],\"time\":\"2026-01-31T04:00:00.000-08:00\"}"

static void a_refused_type_takes_no_other_down(void **state)
{
	DIALOGUE(talk,
		 { .request = "GET cdc?entities=Invoice,Term,Bill" SINCE,
		   .status = 400,
		   .body = unknown_type },
		 { .request = "GET cdc?entities=Invoice" SINCE,
		   .body = "{\"CDCResponse\":[{\"QueryResponse\":[{\"Invoice\":[" STUB(
			   "1") "]}]}],"
				"\"time\":\"2026-01-31T04:00:05.000-08:00\"}" },
		 { .request = "GET cdc?entities=Term,Bill" SINCE,
		   .status = 400,
		   .body = unknown_type },
		 { .request = "GET cdc?entities=Term" SINCE, .status = 400, .body = unknown_type },
		 { .request = "GET cdc?entities=Bill" SINCE, .body = EMPTY("{}") });
	AUTO(result_clear) struct result result;

	(void)state;
	result_init(&result, "Invoice Term Bill");
	must_ask(&talk.connection, &result, MARK);
	assert_string_equal(page_gone(&result.pages[0]), "1");
	assert_true(result.pages[1].overflow);
	assert_false(result.pages[2].overflow);
	/* The mark is that of the earliest answer. */
	assert_string_equal(result.mark, MARK);
}

static void a_long_address_is_halved(void **state)
{
	DIALOGUE(talk, { .request = "GET cdc?entities=Invoice,Bill" SINCE, .status = 414 },
		 { .request = "GET cdc?entities=Invoice" SINCE, .body = EMPTY("{}") },
		 { .request = "GET cdc?entities=Bill" SINCE, .body = EMPTY("{}") },
		 { .request = "GET cdc?entities=Bill" SINCE, .status = 414 });
	AUTO(result_clear) struct result result, single;

	(void)state;
	result_init(&result, "Invoice Bill");
	must_ask(&talk.connection, &result, MARK);
	result_init(&single, "Bill");
	assert_false(ask(&talk.connection, &single, MARK));
	assert_int_equal(single.err.code, ERROR_REMOTE);
}

static void too_old_is_said_so(void **state)
{
	DIALOGUE(
		talk,
		{ .request = "GET cdc?entities=Invoice&changedSince=2025-12-31T03:59:59-08:00",
		  .body = "{\"CDCResponse\":[{\"QueryResponse\":[{\"Invoice\":[{\"Id\":\"1\"}]}]}],"
			  "\"time\":\"2026-01-31T04:00:00.000-08:00\"}" },
		{ .request = "GET cdc?entities=Invoice" SINCE,
		  .status = 400,
		  .body = "{\"Fault\":{\"Error\":[{\"Message\":\"Invalid Date "
			  "Range\",\"code\":\"2190\",\"element\":\"changedSince\"}]}}" });
	AUTO(result_clear) struct result result;

	(void)state;
	result_init(&result, "Invoice");
	assert_false(ask(&talk.connection, &result, "2025-12-31T11:59:59.000+00:00"));
	assert_int_equal(result.err.code, ERROR_INPUT);
	assert_string_equal(result.err.text, "too old");
	assert_int_equal(result.pages[0].count, 0);
	assert_null(result.mark);
	assert_false(ask(&talk.connection, &result, MARK));
	assert_string_equal(result.err.text, "too old");
	/* A mark that is none can't be trusted to be young. */
	assert_false(ask(&talk.connection, &result, "2026-01-31"));
	assert_string_equal(result.err.text, "too old");
}

/* Types whose marks differ are asked about since the earlier one; a mark that is none spoils all. */
static void the_earliest_mark_counts(void **state)
{
	static const char *const marks[] = { "2026-01-31T11:58:00.000+00:00", MARK }, *const bad[] = { MARK, "" };
	DIALOGUE(talk,
		 { .request = "GET cdc?entities=Invoice,Bill" SINCE, .body = EMPTY("{},{}") });
	AUTO(result_clear) struct result result;

	(void)state;
	result_init(&result, "Invoice Bill");
	assert_true(ask_since(&talk.connection, &result, marks));
	assert_false(ask_since(&talk.connection, &result, bad));
	assert_string_equal(result.err.text, "too old");
}

static void half_an_answer_is_none(void **state)
{
	static const char *const bodies[] = {
		EMPTY("{}"),
		EMPTY("{},{},{}"),
		EMPTY("{\"Invoice\":[{\"Id\":\"1\"}]},{\"Invoice\":[{\"Id\":\"1\"}]}"),
		EMPTY("{},{\"Fault\":{\"Error\":[{\"Message\":\"m\",\"code\":\"10000\"}],\"type\":"
		      "\"SystemFault\"}}"),
		"{\"CDCResponse\":[],\"time\":\"2026-01-31T04:00:00.000-08:00\"}",
		"{\"CDCResponse\":[{\"Fault\":{\"Error\":[{\"code\":\"10000\"}]}}]}",
		"{\"time\":\"2026-01-31T04:00:00.000-08:00\"}",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
		DIALOGUE(talk,
			 { .request = "GET cdc?entities=Invoice,Bill" SINCE, .body = bodies[i] });
		AUTO(result_clear) struct result result;

		result_init(&result, "Invoice Bill");
		assert_false(ask(&talk.connection, &result, MARK));
		assert_int_equal(result.err.code, ERROR_REMOTE);
		assert_int_equal(result.pages[0].count, 0);
		assert_int_equal(result.pages[1].count, 0);
		assert_null(result.mark);
	}
}

static void trouble_is_told(void **state)
{
	DIALOGUE(talk,
		 { .request = "GET cdc?entities=Invoice,Bill" SINCE,
		   .status = 503,
		   .body = "<html></html>" },
		 { .request = "GET cdc?entities=Invoice,Bill" SINCE,
		   .body = EMPTY("{},{}"),
		   .no_date = true },
		 { .request = "GET cdc?entities=Invoice,Bill" SINCE,
		   .body = "{\"CDCResponse\":[{\"QueryResponse\":[{},{}]}]}",
		   .no_date = true });
	AUTO(result_clear) struct result result;

	(void)state;
	result_init(&result, "Invoice Bill");
	assert_false(ask(&talk.connection, &result, MARK));
	assert_int_equal(result.err.code, ERROR_REMOTE);
	must_ask(&talk.connection, &result, MARK);
	assert_string_equal(result.mark, MARK);
	assert_false(ask(&talk.connection, &result, MARK));
	assert_int_equal(result.err.code, ERROR_REMOTE);
}

/* ---- from the simulated ledger ---- */

static void the_ledger_tells_changes_and_deletions(void **state)
{
	AUTO(copy_clear) struct copy invoices = { 0 };
	AUTO(ledger_clear) struct ledger ledger;
	AUTO(result_clear) struct result result;
	AUTO(memory_freep) char *mark = NULL;
	char kept[64], gone[64], customer[64];

	(void)state;
	ledger_init(&ledger);
	ledger_step(&ledger, 3600000);
	result_init(&result, "Customer Invoice Term");
	must_ask(&ledger.connection, &result, "");
	mark = memory_copy_text(result.mark);
	ledger_step(&ledger, 3600000);
	memcpy(customer, ledger_add_customer(&ledger, "Comes"), sizeof(customer));
	ledger_add_invoice(&ledger, customer);
	ledger_add_invoice(&ledger, customer);
	must_ask(&ledger.connection, &result, mark);
	assert_string_equal(page_ids(result.types[0], &result.pages[0]), customer);
	assert_int_equal(result.pages[1].count, 2);
	assert_int_equal(result.pages[2].count, 0);
	copy_take(&invoices, result.types[1], &result.pages[1]);
	memcpy(gone, invoices.rows[0].id, sizeof(gone));
	memcpy(kept, invoices.rows[1].id, sizeof(kept));
	ledger_step(&ledger, 60000);
	ledger_delete_invoice(&ledger, gone);
	must_ask(&ledger.connection, &result, mark);
	assert_string_equal(page_ids(result.types[1], &result.pages[1]), kept);
	assert_string_equal(page_gone(&result.pages[1]), gone);
	/* From the new mark on, the overlap tells it once more, and an hour later nobody does. */
	free(mark);
	mark = memory_copy_text(result.mark);
	must_ask(&ledger.connection, &result, mark);
	assert_string_equal(page_gone(&result.pages[1]), gone);
	ledger_step(&ledger, 3600000);
	must_ask(&ledger.connection, &result, mark);
	free(mark);
	mark = memory_copy_text(result.mark);
	must_ask(&ledger.connection, &result, mark);
	assert_int_equal(result.pages[1].gone_count + result.pages[1].count, 0);
}

static void a_full_answer_is_split_then_told(void **state)
{
	static const char *const caps[] = { "answer", "entity" };
	AUTO(ledger_clear) struct ledger ledger;
	AUTO(memory_freep) char *mark = NULL;
	AUTO(result_clear) struct result first;
	char customer[64];

	(void)state;
	ledger_init(&ledger);
	result_init(&first, "Customer");
	must_ask(&ledger.connection, &first, "");
	mark = memory_copy_text(first.mark);
	ledger_step(&ledger, 3600000);
	for (int i = 0; i < 700; i++) {
		char name[20];

		snprintf(name, sizeof(name), "Number %d", i);
		ledger_add_customer(&ledger, name);
	}
	memcpy(customer, ledger_add_customer(&ledger, "Buys"), sizeof(customer));
	for (int i = 0; i < 400; i++)
		ledger_add_invoice(&ledger, customer);
	for (size_t i = 0; i < ARRAY_LEN(caps); i++) {
		AUTO(result_clear) struct result result;

		ledger_set(&ledger, "cdc-cap", caps[i]);
		result_init(&result, "Term Customer Invoice Bill");
		must_ask(&ledger.connection, &result, mark);
		assert_true(result.pages[1].count >= 700);
		assert_true(result.pages[2].count >= 400);
		for (size_t j = 0; j < result.count; j++)
			assert_false(result.pages[j].overflow);
	}
	for (int i = 0; i < 400; i++) {
		char name[20];

		snprintf(name, sizeof(name), "Other %d", i);
		ledger_add_customer(&ledger, name);
	}
	for (size_t i = 0; i < ARRAY_LEN(caps); i++) {
		AUTO(result_clear) struct result result;

		ledger_set(&ledger, "cdc-cap", caps[i]);
		result_init(&result, "Term Customer Invoice Bill");
		must_ask(&ledger.connection, &result, mark);
		assert_int_equal(result.pages[1].count, 1000);
		assert_true(result.pages[1].overflow);
		assert_false(result.pages[2].overflow);
		assert_true(result.pages[2].count >= 400);
	}
}

static void thirty_days_are_the_end(void **state)
{
	static const char *const answers[] = { "answered", "refused" };
	AUTO(ledger_clear) struct ledger ledger;
	AUTO(result_clear) struct result result;
	AUTO(memory_freep) char *mark = NULL;

	(void)state;
	ledger_init(&ledger);
	result_init(&result, "Customer");
	must_ask(&ledger.connection, &result, "");
	mark = memory_copy_text(result.mark);
	ledger_step(&ledger, 28 * DAY_MS);
	must_ask(&ledger.connection, &result, mark);
	ledger_step(&ledger, 3 * DAY_MS);
	for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
		ledger_set(&ledger, "cdc-old", answers[i]);
		assert_false(ask(&ledger.connection, &result, mark));
		assert_int_equal(result.err.code, ERROR_INPUT);
		assert_string_equal(result.err.text, "too old");
	}
}

/* Whether or not the ledger lists changes of the types that nobody is sure of, all others come. */
static void unsure_types_do_no_harm(void **state)
{
	static const char *const answers[] = { "on", "off" };
	AUTO(catalogue_freep)
	struct catalogue *catalogue =
		catalogue_of("provider = quickbooks\nkey = Id\n[Budget]\nquery = "
			     "Budget\n[Nonsense]\nquery = Nonsense\n");
	AUTO(ledger_clear) struct ledger ledger;
	AUTO(memory_freep) char *mark = NULL;
	AUTO(result_clear) struct result first;

	(void)state;
	ledger_init(&ledger);
	ledger_step(&ledger, 3600000);
	result_init(&first, "Customer");
	must_ask(&ledger.connection, &first, "");
	mark = memory_copy_text(first.mark);
	ledger_step(&ledger, 3600000);
	ledger_add_customer(&ledger, "Somebody");
	for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
		AUTO(result_clear) struct result result;

		ledger_set(&ledger, "cdc-extra", answers[i]);
		result_init(&result, "Customer Invoice Term Bill");
		result.types[1] = catalogue_at(catalogue, 0);
		result.types[3] = catalogue_at(catalogue, 1);
		must_ask(&ledger.connection, &result, mark);
		assert_int_equal(result.pages[0].count, 1);
		assert_int_equal(result.pages[1].overflow, i == 1);
		assert_false(result.pages[2].overflow);
		assert_true(result.pages[3].overflow);
	}
}

int test_changes(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(changes_and_deletions_come_by_type),
		cmocka_unit_test(names_count_more_than_places),
		cmocka_unit_test(from_now_on_reads_nothing),
		cmocka_unit_test(types_without_a_list_are_not_asked),
		cmocka_unit_test(a_refused_type_takes_no_other_down),
		cmocka_unit_test(a_long_address_is_halved),
		cmocka_unit_test(too_old_is_said_so),
		cmocka_unit_test(the_earliest_mark_counts),
		cmocka_unit_test(half_an_answer_is_none),
		cmocka_unit_test(trouble_is_told),
		cmocka_unit_test(the_ledger_tells_changes_and_deletions),
		cmocka_unit_test(a_full_answer_is_split_then_told),
		cmocka_unit_test(thirty_days_are_the_end),
		cmocka_unit_test(unsure_types_do_no_harm),
	};

	return cmocka_run_group_tests_name("changes", tests, NULL, NULL);
}
