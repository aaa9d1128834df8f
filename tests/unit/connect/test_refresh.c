/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Renewing tokens where each renewal ends the token before: threads and processes at once never lose the
 * connection, a crash in between is told for what it is, and an end at the ledger marks the account.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/thread.h"
#include "tests.h"

#define THREADS 8
#define PROCESSES 8

static const struct simulator_company one[] = {
	{ .kind = "small", .realm = "1001", .name = "Nine Pins", .customers = -1, .invoices = -1 },
};

static struct account account_now(struct world *world, const char *id)
{
	struct account account = { 0 };
	struct error err = { 0 };
	bool found = false;

	assert_true(accounts_get(world->store, id, &account, &found, &err) && found);
	return account;
}

struct runner {
	struct world *world;
	const char *account_id;
	struct error err;
	bool good;
};

/* One call's worth of a token that is about to end. */
static void run(void *ctx)
{
	struct runner *runner = ctx;
	struct connect_world connect = runner->world->connect;
	struct connect_session *session = NULL;
	const struct secret *value = NULL;
	struct store *store = NULL;
	struct connection *connection;

	if (!store_open(runner->world->store_path, STORE_WRITE, 0, &store, &runner->err))
		return;
	connect.store = store;
	if (connect_open(&connect, runner->account_id, NULL, NULL, &session, &runner->err)) {
		connection = connect_connection(session);
		runner->good = connection->authorization(connection->ctx, false, &value, &runner->err) && value;
	}
	connect_close(session);
	store_close(store);
}

static void test_threads(void **state)
{
	AUTO(world_freep) struct world *world = world_new(one, ARRAY_LEN(one), NULL);
	struct runner runners[THREADS];
	struct thread *threads[THREADS];
	struct account account;

	(void)state;
	world_control(world, "POST", "switches", "{\"rotation\":\"every\",\"race-revokes\":\"on\"}");
	world_connect(world, "1001", &account);
	/* Those that wait must not wait the lease of the one that works away. */
	world->shuffled = true;
	for (int round = 1; round <= 5; round++) {
		world_step(world, 3400);
		for (int i = 0; i < THREADS; i++) {
			runners[i] = (struct runner){ .world = world, .account_id = account.id };
			threads[i] = thread_new(run, &runners[i]);
		}
		for (int i = 0; i < THREADS; i++)
			thread_join(threads[i]);
		for (int i = 0; i < THREADS; i++)
			if (!runners[i].good)
				fail_msg("round %d, thread %d: %s", round, i, runners[i].err.text);
		/* All of them needed it, one did it. */
		assert_int_equal(account_now(world, account.id).generation, account.generation + round);
	}
	assert_int_equal(account_now(world, account.id).state, ACCOUNT_OK);
}

/* ---- a crash while the ledger renews */

static bool die_afterwards(void *ctx, const struct http_request *request, struct http_answer *answer, struct cancel *cancel,
			   struct error *err)
{
	struct world *world = ctx;

	/* The ledger has done it; nobody is there to hear of it. */
	world->connect.transport.perform(world, request, answer, cancel, err);
	_exit(WORLD_KILLED);
}

static void crash_in_refresh(struct world *world, const char *account_id)
{
	struct connect_world connect = world->connect;
	struct error err = { 0 };
	struct account account;
	int status;
	pid_t pid;

	store_close(world->store);
	world->store = NULL;
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (!store_open(world->store_path, STORE_WRITE, 0, &connect.store, &err))
			_exit(1);
		connect.transport = (struct transport){ .perform = die_afterwards, .ctx = world };
		connect_refresh(&connect, account_id, true, &account, &err);
		_exit(2);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == WORLD_KILLED);
	assert_true(store_open(world->store_path, STORE_WRITE, 0, &world->store, &err));
	world->connect.store = world->store;
}

/* The child's ledger is a copy: what it renewed there is not renewed here, as when the call never arrived. */
static void test_crash_before(void **state)
{
	AUTO(world_freep) struct world *world = world_new(one, ARRAY_LEN(one), NULL);
	struct account account, after;
	struct error err = { 0 };

	(void)state;
	world_control(world, "POST", "switches", "{\"rotation\":\"every\"}");
	world_connect(world, "1001", &account);
	crash_in_refresh(world, account.id);
	/* The dead one's lease runs out; the wait is on the world's clock. */
	assert_true(connect_refresh(&world->connect, account.id, true, &after, &err));
	assert_int_equal(after.generation, account.generation + 1);
}

static void test_answer_lost(void **state)
{
	AUTO(world_freep) struct world *world = world_new(one, ARRAY_LEN(one), NULL);
	struct account account, after;
	struct error err = { 0 };

	(void)state;
	world_control(world, "POST", "switches", "{\"rotation\":\"every\"}");
	world_connect(world, "1001", &account);
	atomic_store(&world->shared->break_how, BREAK_CUT_AFTER);
	atomic_store(&world->shared->break_at, atomic_load(&world->shared->calls) + 1);
	assert_false(connect_refresh(&world->connect, account.id, true, &after, &err));
	assert_int_equal(err.code, ERROR_NETWORK);
	assert_int_equal(account_now(world, account.id).state, ACCOUNT_OK);
	assert_false(connect_refresh(&world->connect, account.id, true, &after, &err));
	assert_int_equal(err.code, ERROR_AUTH);
	after = account_now(world, account.id);
	assert_int_equal(after.state, ACCOUNT_RECONNECT);
	if (!strstr(after.reason, "interrupted"))
		fail_msg("%s", after.reason);
}

static void test_ended_there(void **state)
{
	AUTO(world_freep) struct world *world = world_new(one, ARRAY_LEN(one), NULL);
	struct account account, after;
	struct error err = { 0 };
	int64_t calls;

	(void)state;
	world_connect(world, "1001", &account);
	world_control(world, "POST", "disconnect", "{\"realm\":\"1001\"}");
	assert_false(connect_refresh(&world->connect, account.id, true, &after, &err));
	assert_int_equal(err.code, ERROR_AUTH);
	after = account_now(world, account.id);
	assert_int_equal(after.state, ACCOUNT_RECONNECT);
	assert_non_null(strstr(after.reason, "connect it again"));
	/* Nobody tries by himself again. */
	calls = atomic_load(&world->shared->calls);
	assert_false(connect_refresh(&world->connect, account.id, true, &after, &err));
	assert_non_null(strstr(err.text, "must be connected again"));
	assert_int_equal(atomic_load(&world->shared->calls), calls);
}

/* A ledger that can't renew at the moment is read with the token that still lives. */
static void test_out_of_order(void **state)
{
	AUTO(world_freep) struct world *world = world_new(one, ARRAY_LEN(one), NULL);
	struct runner runner = { .world = world };
	struct account account;

	(void)state;
	world_connect(world, "1001", &account);
	runner.account_id = account.id;
	world_step(world, 3400);
	world_control(world, "POST", "troubles", "{\"kind\":\"status\",\"status\":503,\"call\":\"oauth\",\"times\":20}");
	run(&runner);
	if (!runner.good)
		fail_msg("%s", runner.err.text);
	assert_int_equal(account_now(world, account.id).state, ACCOUNT_OK);
}

/* ---- processes, over sockets */

struct ledger {
	pid_t pid;
	char address[64];
};

static struct ledger start_ledger(const char *program)
{
	struct ledger ledger = { 0 };
	char line[200] = "";
	size_t len = 0;
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	ledger.pid = fork();
	assert_true(ledger.pid >= 0);
	if (ledger.pid == 0) {
		dup2(ends[1], 1);
		close(ends[0]);
		close(ends[1]);
		execl(program, program, "--port", "0", "--company", "small,realm=1001", "--auto-consent", "--set",
		      "rotation=every", "--set", "race-revokes=on", "--exit-with-parent", (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	while (len + 1 < sizeof(line) && !strchr(line, '\n') && read(ends[0], line + len, 1) == 1)
		len++;
	close(ends[0]);
	assert_int_equal(sscanf(line, "ledgerdeck-simulator: listening on %60s", ledger.address), 1);
	return ledger;
}

static void use_sockets(struct world *world)
{
	world->connect.env = env_real();
	world->connect.sleep = NULL;
	world->connect.transport = connect_transport_new(world->settings);
}

static void connect_over_sockets(struct world *world, struct account *ret_account)
{
	struct attempt_options options = { .provider = "quickbooks", .environment = ENVIRONMENT_LOCAL };
	AUTO(secret_freep) struct secret *text = NULL;
	struct connect_attempt *attempt = NULL;
	struct connect_result result;
	struct paste paste = { 0 };
	struct error err = { 0 };

	if (!connect_begin(&world->connect, &options, &attempt, &err) ||
	    !connect_local_consent(&world->connect, attempt, "1001", &text, &err) ||
	    !paste_parse(secret_reveal(text), secret_len(text), connect_redirect(attempt), &paste, &err) ||
	    !connect_answer(&world->connect, attempt, &paste, &result, &err) ||
	    !connect_confirm(&world->connect, attempt, ret_account, &err))
		fail_msg("%s", err.text);
	paste_clear(&paste);
	connect_attempt_free(attempt);
}

static void process_life(struct world *world, const char *account_id, int rounds)
{
	struct error err = { 0 };
	struct account account;

	if (!store_open(world->store_path, STORE_WRITE, 60000, &world->connect.store, &err))
		_exit(1);
	world->connect.holder = "other";
	use_sockets(world);
	for (int i = 0; i < rounds; i++)
		if (!connect_refresh(&world->connect, account_id, true, &account, &err)) {
			fprintf(stderr, "%s\n", err.text);
			_exit(2);
		}
	_exit(0);
}

static void race(struct world *world, const struct account *account, int rounds)
{
	pid_t pids[PROCESSES];
	int status, failed = 0;

	for (int i = 0; i < PROCESSES; i++) {
		pids[i] = fork();
		assert_true(pids[i] >= 0);
		if (pids[i] == 0)
			process_life(world, account->id, rounds);
	}
	for (int i = 0; i < PROCESSES; i++)
		failed += waitpid(pids[i], &status, 0) != pids[i] || !WIFEXITED(status) || WEXITSTATUS(status) != 0;
	assert_int_equal(failed, 0);
}

static void test_processes(void **state)
{
	const char *program = env_variable("SIMULATOR_PROGRAM");
	char address[120], redirect[160];
	const char *const settings[] = { address, redirect, NULL };
	AUTO(world_freep) struct world *world = NULL;
	struct account account, after;
	struct ledger ledger;
	struct error err = { 0 };

	(void)state;
	if (!program)
		skip();
	ledger = start_ledger(program);
	snprintf(address, sizeof(address), "quickbooks.local_address=%s", ledger.address);
	snprintf(redirect, sizeof(redirect), "quickbooks.redirect_local=%s/oauth2/code", ledger.address);
	world = world_new(one, ARRAY_LEN(one), settings);
	use_sockets(world);
	connect_over_sockets(world, &account);
	connect_transport_free(world->connect.transport);
	/* No connection to the store may live on in another process. */
	store_close(world->store);
	world->store = world->connect.store = NULL;
	race(world, &account, env_variable("LEDGERDECK_SOAK") ? 200 : 6);
	assert_true(store_open(world->store_path, STORE_WRITE, 0, &world->store, &err));
	world->connect.store = world->store;
	use_sockets(world);
	after = account_now(world, account.id);
	assert_int_equal(after.state, ACCOUNT_OK);
	assert_true(after.generation > account.generation);
	/* What is kept is what the ledger takes. */
	if (!connect_refresh(&world->connect, account.id, true, &after, &err))
		fail_msg("%s", err.text);
	connect_transport_free(world->connect.transport);
	kill(ledger.pid, SIGTERM);
	waitpid(ledger.pid, NULL, 0);
}

int test_refresh(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_threads),
		cmocka_unit_test(test_crash_before),
		cmocka_unit_test(test_answer_lost),
		cmocka_unit_test(test_ended_there),
		cmocka_unit_test(test_out_of_order),
		cmocka_unit_test(test_processes),
	};

	return cmocka_run_group_tests_name("refresh", tests, NULL, NULL);
}
