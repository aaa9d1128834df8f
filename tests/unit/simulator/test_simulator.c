/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The simulator as a whole, asked as a client asks it: what stands between the client and the
 * ledger. What the ledger itself says has tests of its own.
 */
#include "ledgerdeck/simulator.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/thread.h"

#include "answer.h"
#include "client.h"
#include "test_simulator.h"

/* ---- pages, headers */

static void answers_nonsense_with_pages(void **state)
{
	static const struct {
		const char *target;
		int status;
	} rows[] = {
		{ "", 400 }, { "/v3/%zz", 400 }, { "nonsense", 400 }, { "/", 404 }, { "/v3", 404 },
		{ "/v3/company", 404 }, { "/v3/companies/1/query", 404 }, { "/favicon.ico", 404 },
	};
	struct client *client = *state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct simulator_answer answer;

		client_send(client, "GET", rows[i].target, NULL, NULL, &answer);
		assert_int_equal(answer.status, rows[i].status);
		assert_string_equal(answer_get_header(&answer, "Content-Type"), "text/html");
		assert_non_null(strstr(answer.body.text, "<center>nginx</center>"));
		assert_string_equal(answer_get_header(&answer, "Server"), "nginx");
		assert_non_null(answer_get_header(&answer, "intuit_tid"));
		assert_null(answer.counted);
		simulator_done(client->simulator, &answer);
	}
}

static void take_trace(struct client *client, char *trace, size_t size)
{
	struct simulator_answer answer;

	client_send(client, "GET", "/", NULL, NULL, &answer);
	snprintf(trace, size, "%s", answer_get_header(&answer, "intuit_tid"));
	simulator_done(client->simulator, &answer);
}

/* Each answer has its own trace id, and the same again from the same seed. */
static void traces_repeatably(void **state)
{
	char traces[2][3][64];

	(void)state;
	for (size_t run = 0; run < 2; run++) {
		struct client client = { 0 };

		client.simulator = client_open(&client, NULL, NULL);
		assert_non_null(client.simulator);
		for (size_t i = 0; i < 3; i++)
			take_trace(&client, traces[run][i], sizeof(traces[run][i]));
		simulator_close(client.simulator);
	}
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(strlen(traces[0][i]),
				 strlen("1-5f732f5f-25dcb83b777d318c396aaf06"));
		assert_memory_equal(traces[0][i], "1-697deec0-", 11);
		assert_int_equal(strspn(traces[0][i] + 11, "0123456789abcdef"), 24);
		assert_string_equal(traces[0][i], traces[1][i]);
		assert_string_not_equal(traces[0][i], traces[0][(i + 1) % 3]);
	}
}

static void refuses_wrong_configurations(void **state)
{
	static const struct simulator_company unknown = { .kind = "enormous",
							  .customers = -1,
							  .invoices = -1 };
	struct client client = { 0 };
	struct simulator_config config = client_config(&client, "/nowhere/at/all");
	struct error err = { 0 };

	(void)state;
	assert_null(simulator_open(&config, &err));
	assert_int_equal(err.code, ERROR_STORE);
	config = client_config(&client, NULL);
	config.companies = &unknown;
	config.company_count = 1;
	assert_null(simulator_open(&config, &err));
	assert_int_equal(err.code, ERROR_INPUT);
	simulator_close(NULL);
}

/* ---- tokens, addresses, limits */

static int ask_status(struct client *client, const char *target, const char *authorization,
		      struct str *out)
{
	const char *const headers[] = { "Accept", "application/json",
					authorization ? "Authorization" : NULL, authorization,
					NULL };
	struct simulator_answer answer;
	int status;

	client_send(client, "GET", target, headers, NULL, &answer);
	status = answer.status;
	str_reset(out);
	str_add(out, answer.body.text);
	simulator_done(client->simulator, &answer);
	return status;
}

static void wants_a_token(void **state)
{
	struct client *client = *state;
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);

	assert_int_equal(ask_status(client, COUNT, NULL, &out), 401);
	assert_non_null(strstr(out.text, "\"code\":\"3202\""));
	assert_int_equal(ask_status(client, COUNT, "Bearer nobody", &out), 401);
	assert_non_null(strstr(out.text, "\"code\":\"3200\""));
	assert_non_null(strstr(out.text, "Token expired: nobody"));
	assert_int_equal(ask_status(client, COUNT, "Bearer \xff", &out), 401);
	assert_true(str_is_utf8(out.text, out.len));
	assert_int_equal(ask_status(client, "/v3/company/" OTHER "/companyinfo/" OTHER,
				    client->bearer, &out),
			 403);
	assert_non_null(strstr(out.text, "errorCode=003100"));
	assert_int_equal(
		ask_status(client, "/v3/company/999/companyinfo/999", client->bearer, &out), 403);
	assert_int_equal(
		ask_status(client, "/v3/company/999/companyinfo/999", "Bearer nobody", &out), 403);
	assert_int_equal(ask_status(client, "/v3/company/999/companyinfo/999", NULL, &out), 401);
	assert_int_equal(ask_status(client, COUNT, client->bearer, &out), 200);
	assert_int_equal(client_counter(client, "statuses.401"), 3);
	assert_int_equal(client_counter(client, "calls.query"), 1);
}

static void tokens_end_when_asked_to(void **state)
{
	struct client *client = *state;

	assert_int_equal(client_ask(client, "GET", COUNT, NULL, NULL), 200);
	assert_int_equal(client_control(client, "POST", "expire", "{\"realm\":\"" REALM "\"}"),
			 200);
	assert_int_equal(client_ask(client, "GET", COUNT, NULL, NULL), 401);
	client_connect(client);
	assert_int_equal(client_ask(client, "GET", COUNT, NULL, NULL), 200);
	simulator_step_clock(client->simulator, 3600000);
	assert_int_equal(simulator_now_ms(client->simulator), START_MS + 3600000);
	assert_int_equal(client_ask(client, "GET", COUNT, NULL, NULL), 401);
	client_connect(client);
	assert_int_equal(client_control(client, "POST", "disconnect", "{\"realm\":\"" REALM "\"}"),
			 200);
	assert_int_equal(client_ask(client, "GET", COUNT, NULL, NULL), 401);
}

static void refuses_long_addresses(void **state)
{
	struct client *client = *state;
	AUTO(str_clear) struct str target = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);

	client_set(client, "url-max", "100");
	str_add(&target, COUNT);
	while (target.len < 100)
		str_add_char(&target, '+');
	assert_int_equal(client_ask(client, "GET", target.text, NULL, NULL), 200);
	str_add_char(&target, '+');
	assert_int_equal(client_ask(client, "GET", target.text, NULL, &out), 414);
	assert_non_null(strstr(out.text, "414 Request-URI Too Large"));
}

static void throttles(void **state)
{
	const char *const headers[] = { "Authorization", ((struct client *)*state)->bearer, NULL };
	struct client *client = *state;
	struct simulator_answer answer;

	for (int i = 0; i < 10; i++)
		assert_int_equal(client_ask(client, "GET", COUNT, NULL, NULL), 200);
	client_send(client, "GET", COUNT, headers, NULL, &answer);
	assert_int_equal(answer.status, 429);
	assert_non_null(strstr(answer.body.text, "errorCode=003001; statusCode=429"));
	assert_null(answer_get_header(&answer, "Retry-After"));
	simulator_done(client->simulator, &answer);
	client_set(client, "retry-after", "on");
	client_send(client, "GET", COUNT, headers, NULL, &answer);
	assert_string_equal(answer_get_header(&answer, "Retry-After"), "1");
	simulator_done(client->simulator, &answer);
	assert_int_equal(client_counter(client, "throttled"), 2);
	assert_int_equal(client_counter(client, "statuses.429"), 2);
	client->now_ms += 1000;
	assert_int_equal(client_ask(client, "GET", COUNT, NULL, NULL), 200);
}

static void counts_what_is_in_flight(void **state)
{
	const char *const headers[] = { "Authorization", ((struct client *)*state)->bearer, NULL };
	struct client *client = *state;
	struct simulator_answer answers[5];

	for (size_t i = 0; i < ARRAY_LEN(answers); i++)
		client_send(client, "GET", COUNT, headers, NULL, &answers[i]);
	assert_int_equal(client_counter(client, "in_flight"), 5);
	for (size_t i = 0; i < ARRAY_LEN(answers); i++)
		simulator_done(client->simulator, &answers[i]);
	assert_int_equal(client_counter(client, "in_flight"), 0);
	assert_int_equal(client_counter(client, "most_in_flight"), 5);
	assert_int_equal(client_counter(client, "statuses.200"), 5);
	assert_int_equal(client_control(client, "DELETE", "counters", NULL), 200);
	assert_int_equal(client_counter(client, "most_in_flight"), 0);
}

/* ---- troubles */

static void troubles_before_leave_the_work_undone(void **state)
{
	struct client *client = *state;
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);
	long before = client_customers(client);

	client_trouble(client, "{\"kind\":\"fault\",\"code\":6000}");
	assert_int_equal(client_ask(client, "POST", CUSTOMER, "{\"DisplayName\":\"Ada\"}", &out),
			 400);
	assert_true(json_check(out.text, out.len, NULL));
	assert_non_null(strstr(out.text, "\"code\":\"6000\""));
	client_trouble(client, "{\"kind\":\"status\",\"status\":502}");
	assert_int_equal(client_ask(client, "POST", CUSTOMER, "{\"DisplayName\":\"Ada\"}", &out),
			 502);
	assert_non_null(strstr(out.text, "<title>502 Bad Gateway</title>"));
	client_trouble(client, "{\"kind\":\"cut-before\"}");
	assert_int_equal(client_ask(client, "POST", CUSTOMER, "{\"DisplayName\":\"Ada\"}", &out),
			 0);
	assert_int_equal(client_counter(client, "cut"), 1);
	assert_int_equal(client_customers(client), before);
	client_set(client, "retry-after", "on");
	client_trouble(client, "{\"kind\":\"fault\",\"code\":3001}");
	assert_int_equal(client_ask(client, "GET", COUNT, NULL, &out), 429);
}

static void troubles_after_hide_that_it_was_done(void **state)
{
	struct client *client = *state;
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);
	long before = client_customers(client);

	client_trouble(client, "{\"kind\":\"cut-after\",\"call\":\"write\"}");
	assert_int_equal(
		client_ask(client, "POST", CUSTOMER, "{\"DisplayName\":\"Cut Ada\"}", NULL), 0);
	client_trouble(client, "{\"kind\":\"status-after\",\"status\":504}");
	assert_int_equal(
		client_ask(client, "POST", CUSTOMER, "{\"DisplayName\":\"Late Ada\"}", NULL), 504);
	client_trouble(client, "{\"kind\":\"truncate\"}");
	assert_int_equal(
		client_ask(client, "POST", CUSTOMER, "{\"DisplayName\":\"Half Ada\"}", &out), 200);
	assert_false(json_check(out.text, out.len, NULL));
	assert_int_equal(client_customers(client), before + 3);
	assert_int_equal(client_ask(client, "GET", COUNT, NULL, NULL), 200);
}

static void troubles_reach_oauth(void **state)
{
	struct client *client = *state;
	struct simulator_answer answer;

	client_trouble(client, "{\"kind\":\"status\",\"call\":\"oauth\"}");
	client_send(client, "GET", "/.well-known/openid_configuration", NULL, NULL, &answer);
	assert_int_equal(answer.status, 503);
	simulator_done(client->simulator, &answer);
	client_send(client, "GET", "/.well-known/openid_configuration", NULL, NULL, &answer);
	assert_int_equal(answer.status, 200);
	simulator_done(client->simulator, &answer);
}

/* The text of the first Id on a page of customers. */
static void first_id(struct client *client, const char *target, const char *body, struct str *id)
{
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);
	struct json_slice page, first = { 0 };
	size_t at = 0;

	assert_int_equal(client_ask(client, body ? "POST" : "GET", target, body, &out), 200);
	page = json_find(out.text, out.len, "QueryResponse.Customer");
	assert_true(json_each(page, &at, NULL, &first));
	str_reset(id);
	json_unquote(json_find(first.text, first.len, "Id"), id);
}

static void repeats_a_page(void **state)
{
	static const char text[] = "select * from Customer startposition 2 maxresults 1";
	static const char target[] =
		QUERY "select%20*%20from%20Customer%20startposition%202%20maxresults%201";
	struct client *client = *state;
	AUTO(str_clear) struct str first = STR_INIT(64);
	AUTO(str_clear) struct str second = STR_INIT(64);
	AUTO(str_clear) struct str repeated = STR_INIT(64);

	first_id(client, QUERY "select%20*%20from%20Customer%20maxresults%201", NULL, &first);
	first_id(client, target, NULL, &second);
	assert_string_not_equal(first.text, second.text);
	client_trouble(client, "{\"kind\":\"repeat\",\"times\":2}");
	first_id(client, target, NULL, &repeated);
	assert_string_equal(repeated.text, first.text);
	first_id(client, "/v3/company/" REALM "/query", text, &repeated);
	assert_string_equal(repeated.text, first.text);
	first_id(client, "/v3/company/" REALM "/query", text, &repeated);
	assert_string_equal(repeated.text, second.text);
}

/* ---- the network between */

static void delays_and_slows(void **state)
{
	const char *const headers[] = { "Authorization", ((struct client *)*state)->bearer, LOCAL,
					NULL };
	struct client *client = *state;
	struct simulator_answer answer;
	int64_t least = 1000, most = 0;

	client_set(client, "limits", "off");
	client_set(client, "latency-ms", "200");
	client_set(client, "jitter-ms", "50");
	client_set(client, "bandwidth", "9000");
	for (int i = 0; i < 200; i++) {
		client_send(client, "GET", COUNT, headers, NULL, &answer);
		least = answer.delay_ms < least ? answer.delay_ms : least;
		most = answer.delay_ms > most ? answer.delay_ms : most;
		assert_int_equal(answer.bytes_per_s, 9000);
		simulator_done(client->simulator, &answer);
	}
	assert_in_range(least, 200, 205);
	assert_in_range(most, 245, 250);
	client_trouble(client, "{\"kind\":\"slow\",\"bytes\":10}");
	client_send(client, "GET", COUNT, headers, NULL, &answer);
	assert_int_equal(answer.bytes_per_s, 10);
	simulator_done(client->simulator, &answer);
	client_send(client, "GET", "/simulator/counters", headers, NULL, &answer);
	assert_int_equal(answer.delay_ms, 0);
	simulator_done(client->simulator, &answer);
}

static bool is_packed(struct client *client, const char *target, const char *accept)
{
	const char *const headers[] = {
		"Authorization",   client->bearer, "Accept", "application/json",
		"accept-encoding", accept,	   NULL
	};
	struct simulator_answer answer;
	bool packed;

	client_send(client, "GET", target, headers, NULL, &answer);
	assert_int_equal(answer.status, 200);
	packed = answer_get_header(&answer, "Content-Encoding") != NULL;
	if (packed)
		assert_memory_equal(answer.body.text, "\x1f\x8b", 2);
	else
		assert_memory_equal(answer.body.text, "{\"", 2);
	simulator_done(client->simulator, &answer);
	return packed;
}

static void packs_for_those_who_ask(void **state)
{
	static const char long_page[] = QUERY "select%20*%20from%20Account";
	struct client *client = *state;

	client_set(client, "limits", "off");
	assert_true(is_packed(client, long_page, "gzip"));
	assert_true(is_packed(client, long_page, "deflate, GZIP;q=0.5, br"));
	assert_true(is_packed(client, long_page, "gzip ;q=1.0"));
	assert_false(is_packed(client, long_page, "gzip;q=0"));
	assert_false(is_packed(client, long_page, "gzip; q=0.000, identity;q=1"));
	assert_false(is_packed(client, long_page, "gzipped, xgzip"));
	assert_false(is_packed(client, long_page, ""));
	assert_false(is_packed(client, COUNT, "gzip"));
	client_set(client, "gzip", "off");
	assert_false(is_packed(client, long_page, "gzip"));
}

/* Half of what goes over the wire, not of what it unpacks to. */
static void cuts_packed_bodies(void **state)
{
	const char *const headers[] = { "Authorization", ((struct client *)*state)->bearer,
					"Accept-Encoding", "gzip", NULL };
	struct client *client = *state;
	struct simulator_answer answer;

	client_trouble(client, "{\"kind\":\"cut-body\"}");
	client_send(client, "GET", QUERY "select%20*%20from%20Account", headers, NULL, &answer);
	assert_int_equal(answer.ending, SIMULATOR_CUT_BODY);
	assert_non_null(answer_get_header(&answer, "Content-Encoding"));
	assert_int_equal(answer.cut_at, answer.body.len / 2);
	simulator_done(client->simulator, &answer);
}

/* ---- what this machine's user does */

static void control_is_for_this_machine(void **state)
{
	static const char *const elsewhere[] = { "Host", "ledger.example.com", NULL };
	static const char *const targets[] = { "/simulator", "/simulator/counters",
					       "/simulator/as-other-user" CUSTOMER };
	struct client *client = *state;
	long before = client_customers(client);

	for (size_t i = 0; i < ARRAY_LEN(targets); i++) {
		struct simulator_answer answer;

		client_send(client, "POST", targets[i], elsewhere, "{\"DisplayName\":\"Eve\"}",
			    &answer);
		assert_int_equal(answer.status, 403);
		simulator_done(client->simulator, &answer);
		client_send(client, "POST", targets[i], NULL, "{\"DisplayName\":\"Eve\"}", &answer);
		assert_int_equal(answer.status, 403);
		simulator_done(client->simulator, &answer);
	}
	assert_int_equal(client_customers(client), before);
}

static void the_other_user_needs_nothing(void **state)
{
	static const char *const headers[] = { LOCAL, "Accept", "application/json", "Content-Type",
					       "application/json", NULL };
	struct client *client = *state;
	struct simulator_answer answer;
	long before = client_customers(client);

	client_trouble(client, "{\"kind\":\"cut-before\",\"times\":-1}");
	for (int i = 0; i < 20; i++) {
		AUTO(str_clear) struct str body = STR_INIT(100);

		str_addf(&body, "{\"DisplayName\":\"Browser %d\"}", i);
		client_send(client, "POST", "/simulator/as-other-user" CUSTOMER, headers, body.text,
			    &answer);
		assert_int_equal(answer.status, 200);
		assert_int_equal(answer.ending, SIMULATOR_WHOLE);
		assert_null(answer.counted);
		simulator_done(client->simulator, &answer);
	}
	assert_int_equal(client_customers(client), before + 20);
	assert_int_equal(client_counter(client, "calls.write"), 0);
	assert_int_equal(client_counter(client, "statuses.200"), 0);
	assert_int_equal(client_ask(client, "GET", "/simulator/as-other-user/v3/company/999/query",
				    NULL, NULL),
			 404);
	assert_int_equal(client_ask(client, "GET", "/simulator/as-other-user/x", NULL, NULL), 404);
}

/* ---- the state file */

struct folder {
	char path[64];
	char file[96];
};

static void folder_make(struct folder *folder)
{
	snprintf(folder->path, sizeof(folder->path), "/tmp/test-simulator-XXXXXX");
	assert_non_null(mkdtemp(folder->path));
	snprintf(folder->file, sizeof(folder->file), "%s/state", folder->path);
}

static void folder_remove(struct folder *folder)
{
	static const char *const ends[] = { "", "-journal", "-wal", "-shm" };

	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		AUTO(str_clear) struct str path = STR_INIT(200);

		str_addf(&path, "%s%s", folder->file, ends[i]);
		unlink(path.text);
	}
	rmdir(folder->path);
}

static void goes_on_from_its_file(void **state)
{
	struct client client = { .now_ms = START_MS };
	AUTO(folder_remove) struct folder folder;
	struct error err = { 0 };
	long before;

	(void)state;
	folder_make(&folder);
	client.simulator = client_open(&client, folder.file, &err);
	assert_non_null(client.simulator);
	client_connect(&client);
	before = client_customers(&client);
	assert_int_equal(client_ask(&client, "POST", CUSTOMER, "{\"DisplayName\":\"Kept\"}", NULL),
			 200);
	simulator_step_clock(client.simulator, 60000);
	assert_int_equal(
		client_ask(&client, "POST", CUSTOMER, "{\"DisplayName\":\"Kept too\"}", NULL), 200);
	simulator_close(client.simulator);
	client.simulator = client_reopen(&client, folder.file, &err);
	assert_non_null(client.simulator);
	assert_int_equal(simulator_now_ms(client.simulator), START_MS + 60000);
	assert_int_equal(client_ask(&client, "GET", COUNT, NULL, NULL), 200);
	assert_int_equal(client_customers(&client), before + 2);
	simulator_close(client.simulator);
	/* Companies are made in a new file only. */
	assert_null(client_open(&client, folder.file, &err));
	assert_int_equal(err.code, ERROR_INPUT);
	assert_non_null(strstr(err.text, "holds companies already"));
}

/* A disk that takes no more, for as long as one call lasts. */
static int ask_without_disk(struct client *client, const char *body, struct str *out)
{
	struct rlimit before, none;
	void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
	int status;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	none = before;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	status = client_ask(client, "POST", CUSTOMER, body, out);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	signal(SIGXFSZ, handler);
	return status;
}

static void tells_when_it_cannot_save(void **state)
{
	struct client client = { .now_ms = START_MS };
	AUTO(folder_remove) struct folder folder;
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);

	(void)state;
	folder_make(&folder);
	client.simulator = client_open(&client, folder.file, NULL);
	assert_non_null(client.simulator);
	client_connect(&client);
	assert_int_equal(ask_without_disk(&client, "{\"DisplayName\":\"Lost\"}", &out), 500);
	assert_non_null(strstr(out.text, "<p>The simulator's state could not be written: "));
	assert_int_equal(client_counter(&client, "statuses.500"), 1);
	/* The next save catches up. */
	assert_int_equal(client_ask(&client, "POST", CUSTOMER, "{\"DisplayName\":\"Kept\"}", NULL),
			 200);
	simulator_close(client.simulator);
}

/* ---- many at once */

#define THREADS 4
#define CALLS 100

static void ask_often(void *ctx)
{
	struct client *client = ctx;

	for (int i = 0; i < CALLS; i++) {
		if (client_ask(client, "GET", COUNT, NULL, NULL) != 200)
			return;
		simulator_set(client->simulator, "jitter-ms", i % 2 ? "5" : "0", NULL);
		simulator_step_clock(client->simulator, 1);
	}
}

static void serves_threads(void **state)
{
	struct client *client = *state;
	struct thread *threads[THREADS];

	client_set(client, "limits", "off");
	for (size_t i = 0; i < THREADS; i++)
		threads[i] = thread_new(ask_often, client);
	for (size_t i = 0; i < THREADS; i++)
		thread_join(threads[i]);
	assert_int_equal(client_counter(client, "statuses.200"), THREADS * CALLS);
	assert_int_equal(client_counter(client, "in_flight"), 0);
	assert_int_equal(simulator_now_ms(client->simulator), START_MS + THREADS * CALLS);
}

#define TRIAL "/v3/company/" REALM "/reports/TrialBalance?end_date=2026-01-31"

/* The ledger changes between two reads of a report, and both are right. */
static void writes_meanwhile(void **state)
{
	struct client *client = *state;
	AUTO(str_clear) struct str first = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str second = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str third = STR_INIT(STR_NO_LIMIT);
	long before = client_customers(client);

	client_trouble(client, "{\"kind\":\"meanwhile\",\"call\":\"report\",\"path\":\"Trial\","
			       "\"target\":\"journalentry\",\"body\":{\"TxnDate\":\"2026-01-30\","
			       "\"Line\":[{\"Amount\":1.25,\"DetailType\":\"JournalEntryLineDetail\","
			       "\"JournalEntryLineDetail\":{\"PostingType\":\"Debit\","
			       "\"AccountRef\":{\"value\":\"1\"}}},{\"Amount\":1.25,"
			       "\"DetailType\":\"JournalEntryLineDetail\",\"JournalEntryLineDetail\":"
			       "{\"PostingType\":\"Credit\",\"AccountRef\":{\"value\":\"3\"}}}]}}");
	assert_int_equal(client_ask(client, "GET", TRIAL, NULL, &first), 200);
	assert_int_equal(client_ask(client, "GET", TRIAL, NULL, &second), 200);
	assert_int_equal(client_ask(client, "GET", TRIAL, NULL, &third), 200);
	assert_string_not_equal(first.text, second.text);
	assert_string_equal(second.text, third.text);
	/* what the other user may not write is told */
	client_trouble(client, "{\"kind\":\"meanwhile\",\"target\":\"customer\",\"body\":{}}");
	assert_int_equal(client_ask(client, "GET", TRIAL, NULL, &first), 500);
	assert_non_null(strstr(first.text, "The write of the trouble was refused"));
	client_trouble(client, "{\"kind\":\"meanwhile\",\"target\":\"customer\","
			       "\"body\":{\"DisplayName\":\"Somebody new\"}}");
	assert_int_equal(client_ask(client, "GET", TRIAL, NULL, NULL), 200);
	assert_int_equal(client_customers(client), before + 1);
}

/* Reports take longer than other calls, and may be kept to one at a time. */
static void slows_reports(void **state)
{
	struct client *client = *state;
	const char *const headers[] = { "Authorization", client->bearer, "Accept",
					"application/json", NULL };
	struct simulator_answer held, other;

	client_set(client, "report-ms", "700");
	client_set(client, "limit-reports", "1");
	client_send(client, "GET", TRIAL, headers, NULL, &held);
	assert_int_equal(held.status, 200);
	assert_int_equal(held.delay_ms, 700);
	client_send(client, "GET", TRIAL, headers, NULL, &other);
	assert_int_equal(other.status, 429);
	simulator_done(client->simulator, &other);
	client_send(client, "GET", COUNT, headers, NULL, &other);
	assert_int_equal(other.status, 200);
	assert_int_equal(other.delay_ms, 0);
	simulator_done(client->simulator, &other);
	simulator_done(client->simulator, &held);
	assert_int_equal(client_ask(client, "GET", TRIAL, NULL, NULL), 200);
}

int test_simulator(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(answers_nonsense_with_pages, client_setup,
						client_teardown),
		cmocka_unit_test(traces_repeatably),
		cmocka_unit_test(refuses_wrong_configurations),
		cmocka_unit_test_setup_teardown(wants_a_token, client_setup, client_teardown),
		cmocka_unit_test_setup_teardown(tokens_end_when_asked_to, client_setup,
						client_teardown),
		cmocka_unit_test_setup_teardown(refuses_long_addresses, client_setup,
						client_teardown),
		cmocka_unit_test_setup_teardown(throttles, client_setup, client_teardown),
		cmocka_unit_test_setup_teardown(counts_what_is_in_flight, client_setup,
						client_teardown),
		cmocka_unit_test_setup_teardown(troubles_before_leave_the_work_undone, client_setup,
						client_teardown),
		cmocka_unit_test_setup_teardown(troubles_after_hide_that_it_was_done, client_setup,
						client_teardown),
		cmocka_unit_test_setup_teardown(troubles_reach_oauth, client_setup,
						client_teardown),
		cmocka_unit_test_setup_teardown(repeats_a_page, client_setup, client_teardown),
		cmocka_unit_test_setup_teardown(delays_and_slows, client_setup, client_teardown),
		cmocka_unit_test_setup_teardown(writes_meanwhile, client_setup, client_teardown),
		cmocka_unit_test_setup_teardown(slows_reports, client_setup, client_teardown),
		cmocka_unit_test_setup_teardown(packs_for_those_who_ask, client_setup,
						client_teardown),
		cmocka_unit_test_setup_teardown(cuts_packed_bodies, client_setup, client_teardown),
		cmocka_unit_test_setup_teardown(control_is_for_this_machine, client_setup,
						client_teardown),
		cmocka_unit_test_setup_teardown(the_other_user_needs_nothing, client_setup,
						client_teardown),
		cmocka_unit_test(goes_on_from_its_file),
		cmocka_unit_test(tells_when_it_cannot_save),
		cmocka_unit_test_setup_teardown(serves_threads, client_setup, client_teardown),
	};

	return cmocka_run_group_tests_name("simulator", tests, NULL, NULL);
}
