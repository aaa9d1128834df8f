/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Attempts: what is looked at before, whose answer it is, once and in time, whose company, and what is kept. */
#include <stdatomic.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "tests.h"

static const struct simulator_company two[] = {
	{ .kind = "small", .realm = "1001", .name = "Nine Pins", .customers = -1, .invoices = -1 },
	{ .kind = "small", .realm = "1002", .name = "Ten Pins", .customers = -1, .invoices = -1 },
};
static const struct attempt_options usual = { .provider = "quickbooks", .environment = ENVIRONMENT_LOCAL };

struct try {
	struct world *world;
	struct connect_attempt *attempt;
	struct paste paste;
	struct error err;
};

static struct try begin(const char *realm)
{
	struct try try = { .world = world_new(two, ARRAY_LEN(two), NULL) };
	AUTO(memory_freep) char *address = NULL;

	if (!connect_begin(&try.world->connect, &usual, &try.attempt, &try.err))
		fail_msg("%s", try.err.text);
	address = world_consent(try.world, connect_url(try.attempt), realm);
	assert_true(paste_parse(address, strlen(address), connect_redirect(try.attempt), &try.paste, &try.err));
	return try;
}

static void try_clear(struct try *try)
{
	paste_clear(&try->paste);
	connect_attempt_free(try->attempt);
	world_free(try->world);
}

static bool answer(struct try *try)
{
	struct connect_result result;

	return connect_answer(&try->world->connect, try->attempt, &try->paste, &result, &try->err);
}

static void assert_refused(bool good, const struct error *err, enum error_code code, const char *part)
{
	assert_false(good);
	if (err->code != code || !strstr(err->text, part))
		fail_msg("code %d: '%s', wanted %d with '%s'", err->code, err->text, code, part);
}

static void test_once(void **state)
{
	AUTO(try_clear) struct try try = begin("1001");
	struct account account, same;
	bool found;

	(void)state;
	assert_true(answer(&try));
	assert_refused(answer(&try), &try.err, ERROR_INPUT, "had its answer");
	assert_true(connect_confirm(&try.world->connect, try.attempt, &account, &try.err));
	assert_true(accounts_get(try.world->store, account.id, &same, &found, &try.err) && found);
	assert_int_equal(same.state, ACCOUNT_OK);
	assert_string_equal(same.connected_by, "tester");
	assert_refused(connect_resume(&try.world->connect, NULL, &(struct connect_attempt *){ NULL }, &try.err), &try.err,
		       ERROR_INPUT, "no unfinished attempt");
}

static void test_other_state(void **state)
{
	AUTO(try_clear) struct try try = begin("1001");

	(void)state;
	secret_edit(try.paste.state)[5] ^= 1;
	assert_refused(answer(&try), &try.err, ERROR_INPUT, "another attempt");
	secret_edit(try.paste.state)[5] ^= 1;
	assert_true(answer(&try));
}

static void test_too_late(void **state)
{
	AUTO(try_clear) struct try try = begin("1001");
	struct connect_attempt *again = NULL;

	(void)state;
	world_step(try.world, 601);
	assert_refused(answer(&try), &try.err, ERROR_INPUT, "ten minutes");
	assert_refused(connect_resume(&try.world->connect, NULL, &again, &try.err), &try.err, ERROR_INPUT, "ten minutes");
}

static void test_clock_back(void **state)
{
	AUTO(try_clear) struct try try = begin("1001");

	(void)state;
	world_step(try.world, -3600);
	assert_refused(answer(&try), &try.err, ERROR_INPUT, "ten minutes");
}

/* A lost session is taken up again; the answer counts once over both of them. */
static void test_resume(void **state)
{
	AUTO(try_clear) struct try try = begin("1001");
	struct connect_attempt *again = NULL;
	struct connect_result result;

	(void)state;
	assert_true(connect_resume(&try.world->connect, NULL, &again, &try.err));
	assert_string_equal(connect_url(again), connect_url(try.attempt));
	assert_true(connect_answer(&try.world->connect, again, &try.paste, &result, &try.err));
	assert_string_equal(result.identity.name, "Nine Pins");
	assert_refused(answer(&try), &try.err, ERROR_INPUT, "another session");
	connect_attempt_free(again);
}

static void test_resume_needs_state(void **state)
{
	AUTO(try_clear) struct try try = begin("1001");
	struct connect_attempt *again = NULL;
	struct connect_result result;

	(void)state;
	secret_free(try.paste.state);
	try.paste.state = NULL;
	assert_true(connect_resume(&try.world->connect, connect_name(try.attempt), &again, &try.err));
	assert_refused(connect_answer(&try.world->connect, again, &try.paste, &result, &try.err), &try.err, ERROR_INPUT,
		       "whole address");
	connect_attempt_free(again);
	/* In the session that began it a bare code does: the company is shown before anything is kept. */
	assert_true(answer(&try));
}

static void test_wrong_company(void **state)
{
	AUTO(world_freep) struct world *world = world_new(two, ARRAY_LEN(two), NULL);
	struct account account, other;
	struct attempt_options options = usual;
	struct connect_attempt *attempt = NULL;
	AUTO(memory_freep) char *address = NULL;
	struct connect_result result;
	struct paste paste;
	struct error err = { 0 };
	bool found;

	(void)state;
	world_connect(world, "1001", &account);
	options.account_id = account.id;
	assert_true(connect_begin(&world->connect, &options, &attempt, &err));
	assert_string_equal(connect_expected(attempt), "Nine Pins");
	address = world_consent(world, connect_url(attempt), "1002");
	assert_true(paste_parse(address, strlen(address), connect_redirect(attempt), &paste, &err));
	assert_refused(connect_answer(&world->connect, attempt, &paste, &result, &err), &err, ERROR_CONFLICT, "Ten Pins");
	assert_refused(connect_confirm(&world->connect, attempt, &other, &err) && false, &err, ERROR_CONFLICT, "");
	assert_true(accounts_get(world->store, account.id, &other, &found, &err) && found);
	assert_int_equal(other.generation, account.generation);
	paste_clear(&paste);
	connect_attempt_free(attempt);
}

/* Disconnected and connected again: the same account, with all it had. */
static void test_reconnect(void **state)
{
	AUTO(world_freep) struct world *world = world_new(two, ARRAY_LEN(two), NULL);
	struct account first, again;
	struct error err = { 0 };
	char note[240];
	int64_t rows, broken;

	(void)state;
	world_connect(world, "1001", &first);
	assert_true(connect_disconnect(&world->connect, first.id, note, &err));
	assert_string_equal(note, "");
	assert_refused(connect_refresh(&world->connect, first.id, true, &again, &err), &err, ERROR_AUTH, "disconnected");
	world_connect(world, "1001", &again);
	assert_string_equal(again.id, first.id);
	assert_true(again.generation > first.generation);
	assert_true(audit_verify(world->store, &rows, &broken, &err));
	assert_int_equal(broken, 0);
	assert_true(rows >= 6);
}

static void test_refused_consent(void **state)
{
	AUTO(try_clear) struct try try = begin("1001");
	AUTO(str_clear) struct str text = STR_INIT(400);

	(void)state;
	str_addf(&text, "%s?error=access_denied&state=%s", connect_redirect(try.attempt), secret_reveal(try.paste.state));
	paste_clear(&try.paste);
	assert_true(paste_parse(text.text, text.len, connect_redirect(try.attempt), &try.paste, &try.err));
	assert_refused(answer(&try), &try.err, ERROR_AUTH, "consent was refused");
}

static void test_used_code(void **state)
{
	AUTO(try_clear) struct try try = begin("1001");

	(void)state;
	try.paste.code = (secret_free(try.paste.code), secret_copy("AB11000000000000000000000000", 28));
	assert_refused(answer(&try), &try.err, ERROR_AUTH, "codes work once");
}

static void test_lost_answer(void **state)
{
	AUTO(try_clear) struct try try = begin("1001");
	int64_t calls = atomic_load(&try.world->shared->calls);

	(void)state;
	atomic_store(&try.world->shared->break_how, BREAK_CUT_AFTER);
	atomic_store(&try.world->shared->break_at, calls + 1);
	assert_refused(answer(&try), &try.err, ERROR_NETWORK, "nobody knows");
	/* The code went over once and never again. */
	assert_int_equal(atomic_load(&try.world->shared->calls), calls + 1);
}

static void test_own_secret(void **state)
{
	AUTO(try_clear) struct try try = begin("1001");
	int64_t calls = atomic_load(&try.world->shared->calls);

	(void)state;
	try.paste.code = (secret_free(try.paste.code), secret_copy("simulator-secret", 16));
	assert_refused(answer(&try), &try.err, ERROR_INPUT, "client secret");
	assert_int_equal(atomic_load(&try.world->shared->calls), calls);
}

static void test_redirects(void **state)
{
	static const char *const allowed[] = { "quickbooks.redirect_allowed=https://a.example/cb2 https://a.example/cb https://localhost/x "
					     "https://localhost.example/x https://192.0.2.7/x https://[::1]/x", NULL };
	AUTO(world_freep) struct world *world = world_new(two, 1, allowed);
	static const struct { const char *uri, *says; enum environment environment; } cases[] = {
		{ "https://a.example/cb", NULL, ENVIRONMENT_LOCAL }, { "https://a.example/cb2", NULL, ENVIRONMENT_LOCAL },
		{ "http://127.0.0.1:9000/x", NULL, ENVIRONMENT_LOCAL }, { "http://localhost/x", NULL, ENVIRONMENT_LOCAL },
		{ "https://a.example/c", "not allowed", ENVIRONMENT_LOCAL },
		{ "https://a.example/cb3", "not allowed", ENVIRONMENT_LOCAL },
		{ "http://localhost.example.com/x", "not allowed", ENVIRONMENT_LOCAL },
		{ "http://localhost:1@example.com/x", "not allowed", ENVIRONMENT_LOCAL },
		{ "http://127.0.0.1.example.com/", "not allowed", ENVIRONMENT_LOCAL },
		{ "http://localhost/x?y=1", "no query", ENVIRONMENT_LOCAL },
		{ "http://localhost/x", "https", ENVIRONMENT_PRODUCTION },
		{ "https://localhost/x", "neither localhost nor", ENVIRONMENT_PRODUCTION },
		{ "https://192.0.2.7/x", "neither localhost nor", ENVIRONMENT_PRODUCTION },
		{ "https://[::1]/x", "neither localhost nor", ENVIRONMENT_PRODUCTION },
		{ "https://localhost.example/x", "no client id", ENVIRONMENT_PRODUCTION },
		{ NULL, "no redirect address", ENVIRONMENT_PRODUCTION },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct attempt_options options = { .provider = "quickbooks", .environment = cases[i].environment,
						   .redirect_uri = cases[i].uri };
		struct connect_attempt *attempt = NULL;
		struct error err = { 0 };
		bool good = connect_begin(&world->connect, &options, &attempt, &err);

		if (good != !cases[i].says || (cases[i].says && !strstr(err.text, cases[i].says)))
			fail_msg("%s: %s", cases[i].uri, err.text);
		connect_attempt_free(attempt);
	}
}

static void test_precheck(void **state)
{
	AUTO(world_freep) struct world *world = world_new(two, 1, NULL);
	struct attempt_options options = { .provider = "quickbooks", .environment = ENVIRONMENT_SANDBOX };
	struct connect_attempt *attempt = NULL;
	struct error err = { 0 };

	(void)state;
	assert_refused(connect_begin(&world->connect, &options, &attempt, &err), &err, ERROR_INPUT, "no client id");
	options.provider = "nobody";
	assert_refused(connect_begin(&world->connect, &options, &attempt, &err), &err, ERROR_INPUT, "no provider");
	world->skew_s = 90;
	assert_refused(connect_begin(&world->connect, &usual, &attempt, &err), &err, ERROR_INPUT, "behind");
	world->skew_s = -90;
	assert_refused(connect_begin(&world->connect, &usual, &attempt, &err), &err, ERROR_INPUT, "ahead of");
	world->skew_s = 30;
	assert_true(connect_begin(&world->connect, &usual, &attempt, &err));
	connect_attempt_free(attempt);
}

int test_attempt(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_once),
		cmocka_unit_test(test_other_state),
		cmocka_unit_test(test_too_late),
		cmocka_unit_test(test_clock_back),
		cmocka_unit_test(test_resume),
		cmocka_unit_test(test_resume_needs_state),
		cmocka_unit_test(test_wrong_company),
		cmocka_unit_test(test_reconnect),
		cmocka_unit_test(test_refused_consent),
		cmocka_unit_test(test_used_code),
		cmocka_unit_test(test_lost_answer),
		cmocka_unit_test(test_own_secret),
		cmocka_unit_test(test_redirects),
		cmocka_unit_test(test_precheck),
	};

	return cmocka_run_group_tests_name("attempt", tests, NULL, NULL);
}
