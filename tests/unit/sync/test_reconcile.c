/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rounds of reconciling against a ledger that says something else than it has: what its reports are bent to is found, named by
 * its cause, and nothing else is; what is signed opens again when it is touched; what ends in the middle leaves nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine.h"
#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/mappings.h"
#include "ledgerdeck/sync/reconcile.h"
#include "tests.h"

#define BENDS_MAX 4

/* One digit that a report gets wrong: one more before the point, in the value so many behind an anchor. */
struct bend {
	const char *report;
	char anchor[80];
	int value;
	int spared;                  /* so often it is right before */
};
struct books {
	struct world *world;
	struct account account;
	struct sync *sync;
	struct bend bends[BENDS_MAX];
	size_t bend_count;
	struct session session;
	void (*meanwhile)(struct books *books); /* while the ledger is read; once */
	struct cancel *cancel;
};

/* ---- the ledger says something else */

static char *value_at(char *at, int value)
{
	for (int i = 0; at && i < value; i++) {
		at = strstr(at, "\"value\":\"");
		at = at ? at + strlen("\"value\":\"") : NULL;
	}
	return at;
}

static char *digit_of(char *value)
{
	size_t len = value ? strcspn(value, "\"") : 0;

	return len > 3 && value[len - 3] == '.' ? value + len - 4 : NULL;
}

static void bend_body(struct bend *bend, char *bytes)
{
	char head[80], *anchor, *digit;

	snprintf(head, sizeof(head), "\"ReportName\":\"%s\"", bend->report);
	if (!strstr(bytes, head) || bend->spared-- > 0)
		return;
	anchor = strstr(bytes, bend->anchor);
	digit = digit_of(value_at(anchor, bend->value));
	if (digit)
		*digit = *digit == '9' ? '0' : (char)(*digit + 1);
}

static void spy(void *ctx, char *bytes, size_t len)
{
	struct books *books = ctx;

	(void)len;
	for (size_t i = 0; i < books->bend_count; i++)
		bend_body(&books->bends[i], bytes);
}

static struct bend *bend(struct books *books, const char *report, const char *anchor, int value)
{
	struct bend *one = &books->bends[books->bend_count++];

	assert_true(books->bend_count <= BENDS_MAX);
	*one = (struct bend){ .report = report, .value = value };
	snprintf(one->anchor, sizeof(one->anchor), "%s", anchor);
	return one;
}

/* ---- a company, read, and compared */

static void read_all(struct books *books)
{
	struct sync_wish wish = { .cause = "operator" };
	struct outcome outcome;
	struct sync *sync = world_engine(books->world);

	world_sync(books->world, sync, &wish, &outcome);
	sync_free(sync);
	assert_int_equal(outcome.failed, 0);
}

static void books_open(struct books *books, const char *kind)
{
	/* The clock stands still while a report is waited for. */
	static const char *const fast[] = { "sync.per_second=5000", "sync.per_minute=100000", NULL };
	struct simulator_company company = { .kind = kind, .realm = "1001", .name = "Nine Pins" };

	*books = (struct books){ 0 };
	books->world = world_new(&company, 1, fast);
	world_control(books->world, "POST", "switches", "{\"limits\":\"off\"}");
	world_connect(books->world, "1001", &books->account);
	read_all(books);
	books->cancel = cancel_new();
	books->world->spy = spy;
	books->world->spy_ctx = books;
}

static void books_close(struct books *books)
{
	cancel_free(books->cancel);
	world_free(books->world);
}

static void on_progress(void *ctx, const char *what, int64_t done, int64_t of)
{
	struct books *books = ctx;
	void (*meanwhile)(struct books *books) = books->meanwhile;

	(void)done;
	(void)of;
	if (!meanwhile || strcmp(what, "what has changed") != 0)
		return;
	books->meanwhile = NULL;
	meanwhile(books);
}

static bool compare_as(struct books *books, bool offline, struct session *ret_session, struct error *err)
{
	struct reconcile_wish wish = { .account_id = books->account.id, .from = date_of(2026, 1, 1), .to = date_of(2026, 1, 31), .types = "",
				       .who = "ann", .env = world_env(books->world), .cancel = books->cancel, .progress = on_progress,
				       .ctx = books, .offline = offline };
	struct sync *sync = offline ? NULL : world_engine(books->world);
	bool good = reconcile_round(sync, books->world->store, books->world->catalogue, &wish, ret_session, err);

	sync_free(sync);
	return good;
}

static void compare(struct books *books)
{
	struct error err = { 0 };

	if (!compare_as(books, false, &books->session, &err))
		fail_msg("%s", err.text);
}

struct told {
	size_t count;
	struct session_exception first;
	struct str all;              /* owned: "reason type ref: text", a line each */
};

static bool tell(void *ctx, const struct session_exception *exception)
{
	struct told *told = ctx;

	/* The cost of what is sold from stock is the ledger's alone. */
	if (exception->reason == EXCEPTION_UNKNOWN)
		return true;
	if (told->count++ == 0)
		told->first = *exception;
	str_addf(&told->all, "%s %s %s: %s\n", exception_row(exception->reason)->word, exception->type, exception->ref, exception->text);
	return true;
}

/* So many that are not closed; the first of them. */
static struct session_exception expect(struct books *books, size_t count)
{
	struct session_exception_query query = { .session = books->session.no, .reason = -1, .open_only = true };
	struct told told = { .all = STR_INIT(STR_NO_LIMIT) };
	struct error err = { 0 };

	if (!session_exceptions(books->world->store, &query, tell, &told, &err))
		fail_msg("%s", err.text);
	if (told.count != count)
		fail_msg("%zu exceptions, not %zu:\n%s", told.count, count, told.all.text);
	str_clear(&told.all);
	return told.first;
}

struct ties {
	const char *home;
	size_t foreign, unequal;
	char last[200];
};

static bool count_tie(void *ctx, const struct session_tie *tie)
{
	struct ties *ties = ctx;

	ties->foreign += strcmp(tie->currency, ties->home) != 0;
	if (!tie->equal && !strstr(tie->detail, "\"rounding\":true")) {
		ties->unequal++;
		snprintf(ties->last, sizeof(ties->last), "%s %s %s", tie_word(tie->tie), tie->key, tie->currency);
	}
	return true;
}

static struct ties ties_of(struct books *books)
{
	struct ties ties = { .home = books->session.currency };
	struct error err = { 0 };

	if (!session_ties(books->world->store, books->session.no, count_tie, &ties, &err))
		fail_msg("%s", err.text);
	return ties;
}

/* ---- sums */

static void each_currency_of_each_customer_ties(void **state)
{
	struct books books;
	struct ties ties;

	(void)state;
	books_open(&books, "eu");
	compare(&books);
	expect(&books, 0);
	ties = ties_of(&books);
	assert_true(ties.foreign >= 2);
	books_close(&books);
}

/* The first open document in złoty, by the ledger: its id, its customer's, and its row up to there. */
static void find_foreign(struct books *books, char *ret_id, char *ret_customer)
{
	AUTO(str_clear) struct str answer = STR_INIT(STR_NO_LIMIT);
	char *row;

	assert_int_equal(world_other(books->world, "GET", "as-other-user/v3/company/1001/reports/AgedReceivableDetail?report_date=2026-01-31&"
				     "aging_method=Report_Date&columns=currency,txn_type,cust_name", NULL, &answer), 200);
	row = strstr(answer.text, "{\"value\":\"PLN\"},{\"value\":\"Invoice\"");
	assert_non_null(row);
	snprintf(ret_id, 20, "%.*s", (int)strcspn(strstr(row, "\"id\":\"") + 6, "\""), strstr(row, "\"id\":\"") + 6);
	row = strstr(strstr(row, "\"id\":\"") + 6, "\"id\":\"") + 6;
	snprintf(ret_customer, 20, "%.*s", (int)strcspn(row, "\""), row);
}

/* Values of an open document from its type on: number, customer, due, currency, total, open at home, open in its own. */
#define OPEN_AT_HOME 7
#define OPEN_IN_ITS_OWN 8

static void another_amount_in_its_own_currency_is_told(void **state)
{
	char id[20], customer[20], anchor[80];
	struct session_exception one;
	struct books books;
	size_t unequal;

	(void)state;
	books_open(&books, "eu");
	find_foreign(&books, id, customer);
	/* The cost of stock is the ledger's alone. */
	compare(&books);
	unequal = ties_of(&books).unequal;
	snprintf(anchor, sizeof(anchor), "\"value\":\"Invoice\",\"id\":\"%s\"", id);
	bend(&books, "AgedReceivableDetail", anchor, OPEN_IN_ITS_OWN);
	compare(&books);
	one = expect(&books, 1);
	assert_int_equal(one.reason, EXCEPTION_APPLIED);
	assert_string_equal(one.record, id);
	assert_string_equal(one.currency, "PLN");
	assert_true(one.amount == 1000000 || one.amount == -9000000);
	assert_int_equal(ties_of(&books).unequal, unequal + 1);
	books_close(&books);
}

static void another_rate_is_told_from_another_amount(void **state)
{
	char id[20], customer[20], anchor[80];
	struct session_exception one;
	struct books books;

	(void)state;
	books_open(&books, "eu");
	find_foreign(&books, id, customer);
	snprintf(anchor, sizeof(anchor), "\"value\":\"Invoice\",\"id\":\"%s\"", id);
	bend(&books, "AgedReceivableDetail", anchor, OPEN_AT_HOME);
	/* Its customer's sum, behind five of ages, is off with it. */
	snprintf(anchor, sizeof(anchor), "\"id\":\"%s\"", customer);
	bend(&books, "AgedReceivables", anchor, 6);
	compare(&books);
	one = expect(&books, 1);
	assert_int_equal(one.reason, EXCEPTION_CURRENCY);
	assert_string_equal(one.record, id);
	assert_string_equal(one.currency, "EUR");
	assert_non_null(strstr(one.text, "PLN are open on both sides"));
	books_close(&books);
}

/* A ledger that has no such columns is tied to all the same. */
static void without_other_currencies_the_home_one_is_tied(void **state)
{
	char id[20], customer[20], anchor[80];
	struct session_exception one;
	struct books books;

	(void)state;
	books_open(&books, "eu");
	find_foreign(&books, id, customer);
	world_control(books.world, "POST", "troubles",
		      "{\"kind\":\"fault\",\"code\":2170,\"call\":\"report\",\"path\":\"AgedReceivableDetail\",\"times\":-1}");
	compare(&books);
	expect(&books, 0);
	assert_int_equal(ties_of(&books).foreign, 0);
	/* What can't be traced is told of its customer. */
	snprintf(anchor, sizeof(anchor), "\"id\":\"%s\"", customer);
	bend(&books, "AgedReceivables", anchor, 6);
	compare(&books);
	one = expect(&books, 1);
	assert_int_equal(one.reason, EXCEPTION_TIE);
	assert_string_equal(one.ref, customer);
	books_close(&books);
}

/* Whoever has no record for it: the sum is told, with what it is off. */
static void a_balance_that_no_record_explains_is_told(void **state)
{
	struct session_exception one;
	struct books books;

	(void)state;
	books_open(&books, "small");
	bend(&books, "TrialBalance", "\"value\":\"Checking\"", 2);
	compare(&books);
	one = expect(&books, 2);
	assert_int_equal(one.reason, EXCEPTION_TIE);
	assert_string_equal(one.type, "account");
	assert_true(llabs(one.amount) == 1000000 || llabs(one.amount) == 9000000);
	assert_string_equal(one.currency, "USD");
	/* It agrees again: closed, by itself. */
	books.bend_count = 0;
	compare(&books);
	expect(&books, 0);
	assert_int_equal(ties_of(&books).unequal, 0);
	books_close(&books);
}

static void a_posting_that_is_not_mirrored_so_is_named(void **state)
{
	struct session_exception one;
	struct books books;

	(void)state;
	books_open(&books, "small");
	/* The fifth value behind the type is the amount: number, name, memo, amount. */
	bend(&books, "GeneralLedger", "{\"value\":\"Invoice\",\"id\"", 5);
	compare(&books);
	one = expect(&books, 1);
	assert_int_equal(one.reason, EXCEPTION_TIE);
	assert_string_equal(one.type, "Invoice");
	assert_true(one.has_date && one.date.day >= date_of(2026, 1, 1).day && one.date.day <= date_of(2026, 1, 31).day);
	assert_non_null(strstr(one.text, "the ledger has"));
	books_close(&books);
}

/* ---- the ledger, or somebody else, moves meanwhile */

static void only_a_ledger_that_keeps_still_is_tied_to(void **state)
{
	struct error err = { 0 };
	struct books books;

	(void)state;
	books_open(&books, "small");
	/* The second reading is another one than the first: once, then it keeps still at what it says. */
	bend(&books, "TrialBalance", "\"value\":\"Checking\"", 2)->spared = 1;
	compare(&books);
	expect(&books, 2);
	/* Each pair of readings disagrees. */
	books.bend_count = 0;
	for (int i = 0; i < 3; i++)
		bend(&books, "TrialBalance", "\"value\":\"Checking\"", 2)->spared = 2 * i + 1;
	assert_false(compare_as(&books, false, &books.session, &err));
	assert_int_equal(err.code, ERROR_CONFLICT);
	assert_non_null(strstr(err.text, "changed while it was read"));
	books_close(&books);
}

static void compare_offline(struct books *books)
{
	struct session session;
	struct error err = { 0 };

	if (!compare_as(books, true, &session, &err))
		fail_msg("%s", err.text);
}

static void stop(struct books *books)
{
	cancel_ask(books->cancel);
}

static struct session kept(struct books *books)
{
	struct session session = { 0 };
	struct error err = { 0 };

	sessions_find(books->world->store, books->account.id, "", &session, &err);
	return session;
}

static void a_round_is_kept_as_a_whole_or_not_at_all(void **state)
{
	struct session session;
	struct error err = { 0 };
	struct books books;

	(void)state;
	books_open(&books, "small");
	books.meanwhile = stop;
	assert_false(compare_as(&books, false, &session, &err));
	assert_int_equal(err.code, ERROR_CANCELLED);
	assert_int_equal(kept(&books).no, 0);
	cancel_free(books.cancel);
	books.cancel = cancel_new();
	compare(&books);
	assert_int_equal(kept(&books).rounds, 1);
	assert_true(kept(&books).read_ms > 0);
	/* Somebody else was faster: what he found stays. */
	books.meanwhile = compare_offline;
	error_clear(&err);
	assert_false(compare_as(&books, false, &session, &err));
	assert_int_equal(err.code, ERROR_CONFLICT);
	assert_non_null(strstr(err.text, "compared by somebody else"));
	session = kept(&books);
	assert_int_equal(session.rounds, 2);
	/* Without the ledger nothing is whole. */
	assert_int_equal(session.read_ms, 0);
	assert_false(reconcile_sign(books.world->store, books.world->catalogue, &session, "ann", 1, &err));
	books_close(&books);
}

/* ---- what was signed */

static void sign(struct books *books)
{
	struct env env = world_env(books->world);
	struct session session = kept(books);
	struct error err = { 0 };

	assert_int_equal(session.state, SESSION_OPEN);
	for (int i = 0; i < 2; i++)
		if (!reconcile_sign(books->world->store, books->world->catalogue, &session, i == 0 ? "ann" : "bob", env.wall_ms(env.ctx), &err))
			fail_msg("%s", err.text);
	assert_int_equal(kept(books).state, SESSION_SIGNED);
}

static void set_policy(struct books *books, enum policy policy, const char *value)
{
	AUTO(store_end) struct store *transaction = books->world->store;
	struct error err = { 0 };
	bool changed;

	if (!store_begin(transaction, &err) || !policies_set(transaction, books->account.id, policy, value, "test", 0, &changed, &err) ||
	    !store_commit(transaction, &err))
		fail_msg("%s", err.text);
}

/* As somebody else in the ledger, and read afterwards. */
static void post(struct books *books, const char *path, const char *body, struct str *answer)
{
	if (world_other(books->world, "POST", path, body, answer) != 200)
		fail_msg("%s: %s", body, answer->text);
	world_step(books->world, 60);
	read_all(books);
}

/* An invoice of that day; its id. */
static void enter(struct books *books, const char *day, char *ret_id)
{
	AUTO(str_clear) struct str customer = STR_INIT(STR_NO_LIMIT), id = STR_INIT(STR_NO_LIMIT), body = STR_INIT(STR_NO_LIMIT),
				   answer = STR_INIT(STR_NO_LIMIT);

	assert_int_equal(world_other(books->world, "GET", "as-other-user/v3/company/1001/query?query=select%20Id%20from%20Customer%20maxresults%201",
				     NULL, &customer), 200);
	assert_non_null(strstr(customer.text, "\"Id\":\""));
	str_add(&id, strstr(customer.text, "\"Id\":\"") + 6);
	str_truncate(&id, strcspn(id.text, "\""));
	str_addf(&body, "{\"CustomerRef\":{\"value\":\"%s\"},\"TxnDate\":\"%s\",\"Line\":[{\"Amount\":5,\"DetailType\":\"SalesItemLineDetail\","
			"\"SalesItemLineDetail\":{}}]}", id.text, day);
	post(books, "as-other-user/v3/company/1001/invoice", body.text, &answer);
	str_reset(&id);
	json_unquote(json_find(answer.text, answer.len, "Invoice.Id"), &id);
	snprintf(ret_id, 20, "%s", id.text);
}

static void change(struct books *books, const char *id, int token, const char *operation, const char *members)
{
	AUTO(str_clear) struct str path = STR_INIT(STR_NO_LIMIT), body = STR_INIT(STR_NO_LIMIT), answer = STR_INIT(STR_NO_LIMIT);

	str_addf(&path, "as-other-user/v3/company/1001/invoice%s", operation);
	str_addf(&body, "{\"Id\":\"%s\",\"SyncToken\":\"%d\",\"sparse\":true%s}", id, token, members);
	post(books, path.text, body.text, &answer);
}

static void expect_open(struct books *books, const char *why)
{
	struct session session = kept(books);

	assert_int_equal(session.state, SESSION_OPEN);
	if (!strstr(session.reopened, why))
		fail_msg("'%s' is not in '%s'", why, session.reopened);
	compare(books);
	sign(books);
}

static void what_was_signed_opens_when_it_is_touched(void **state)
{
	char inside[20], later[20];
	struct books books;

	(void)state;
	books_open(&books, "small");
	set_policy(&books, POLICY_UNEXPLAINED, "any");
	world_step(books.world, 86400 * 3);
	compare(&books);
	sign(&books);
	/* What is of a later day is nobody's business here. */
	enter(&books, "2026-02-01", later);
	change(&books, later, 0, "", ",\"PrivateNote\":\"x\"");
	assert_int_equal(kept(&books).state, SESSION_SIGNED);
	enter(&books, "2026-01-31", inside);
	assert_non_null(strstr(kept(&books).reopened, inside));
	expect_open(&books, "2026-01-31 was added");
	/* It leaves the period: where it was is what counts, and only once. */
	change(&books, inside, 0, "", ",\"TxnDate\":\"2026-02-02\"");
	expect_open(&books, "was changed");
	change(&books, inside, 1, "", ",\"PrivateNote\":\"of February by now\"");
	assert_int_equal(kept(&books).state, SESSION_SIGNED);
	change(&books, inside, 2, "", ",\"TxnDate\":\"2025-12-30\"");
	expect_open(&books, "before the period");
	change(&books, inside, 3, "?operation=delete", "");
	expect_open(&books, "was deleted");
	books_close(&books);
}

/* ---- evidence */

struct faults {
	size_t count, most;
};

static bool take_fault(void *ctx, const struct evidence_fault *fault)
{
	struct faults *faults = ctx;

	assert_true(*fault->file && *fault->text);
	return ++faults->count < faults->most;
}

static struct faults verify(const char *directory, size_t most)
{
	struct faults faults = { .most = most };
	char digest[DIGEST_HEX];
	struct error err = { 0 };
	int64_t files;

	if (!evidence_verify(directory, NULL, take_fault, &faults, &files, digest, &err))
		fail_msg("%s", err.text);
	return faults;
}

static void evidence_is_of_what_is_kept(void **state)
{
	char digest[DIGEST_HEX], again[DIGEST_HEX], directory[120], path[200];
	struct session before;
	struct error err = { 0 };
	struct books books;

	(void)state;
	books_open(&books, "small");
	compare(&books);
	before = kept(&books);
	snprintf(directory, sizeof(directory), "%s/pack", books.world->directory);
	/* Whoever asked knows an older session than the store has: what is written is the store's. */
	compare(&books);
	if (!evidence_write(books.world->store, books.world->catalogue, &before, directory, digest, &err))
		fail_msg("%s", err.text);
	assert_int_equal(kept(&books).rounds, 2);
	assert_string_equal(kept(&books).evidence, digest);
	assert_int_equal(verify(directory, 9).count, 0);
	assert_true(evidence_write(books.world->store, books.world->catalogue, &before, directory, again, &err));
	assert_string_equal(digest, again);
	/* All that is wrong is told, unless that is not wanted. */
	snprintf(path, sizeof(path), "%s/items.csv", directory);
	assert_true(file_write(path, "x", 1, 0, &err));
	snprintf(path, sizeof(path), "%s/ties.csv", directory);
	unlink(path);
	assert_int_equal(verify(directory, 9).count, 2);
	assert_int_equal(verify(directory, 1).count, 1);
	assert_false(evidence_write(books.world->store, books.world->catalogue, &before, directory, again, &err));
	assert_int_equal(err.code, ERROR_INPUT);
	books_close(&books);
}

int test_reconcile(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_currency_of_each_customer_ties),
		cmocka_unit_test(another_amount_in_its_own_currency_is_told),
		cmocka_unit_test(another_rate_is_told_from_another_amount),
		cmocka_unit_test(without_other_currencies_the_home_one_is_tied),
		cmocka_unit_test(a_balance_that_no_record_explains_is_told),
		cmocka_unit_test(a_posting_that_is_not_mirrored_so_is_named),
		cmocka_unit_test(only_a_ledger_that_keeps_still_is_tied_to),
		cmocka_unit_test(a_round_is_kept_as_a_whole_or_not_at_all),
		cmocka_unit_test(what_was_signed_opens_when_it_is_touched),
		cmocka_unit_test(evidence_is_of_what_is_kept),
	};

	return cmocka_run_group_tests_name("reconcile", tests, NULL, NULL);
}
