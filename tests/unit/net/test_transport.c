/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The transport against servers that answer well, badly, half, too much, or never. */
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ledgerdeck/core/cancel.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/thread.h"
#include "ledgerdeck/net/http.h"

#include "server.h"
#include "tests.h"

#define MARK "MARKED-SECRET"

struct setup {
	struct server *server;
	struct transport_curl *curl;
	struct transport transport;
};

static int set_up(void **state)
{
	struct setup *setup = memory_new(sizeof(*setup));

	setup->server = server_new();
	setup->curl = transport_curl_new(&(struct transport_curl_options){
		.user_agent = "tester/1", .proxy = "", /* whatever the environment says */
	});
	setup->transport = transport_of_curl(setup->curl);
	*state = setup;
	return 0;
}

static int tear_down(void **state)
{
	struct setup *setup = *state;

	transport_curl_free(setup->curl);
	server_free(setup->server);
	memory_freep(&setup);
	return 0;
}

static bool perform(struct setup *setup, const struct http_request *request,
		    struct http_answer *answer, struct error *err)
{
	return setup->transport.perform(setup->transport.ctx, request, answer, NULL, err);
}

/* A request for a path of the server; its address lives until the next. */
static struct http_request request_for(struct setup *setup, const char *method, const char *path)
{
	return (struct http_request){
		.method = method,
		.url = server_url(setup->server, path),
		.what = "a test",
		.class = HTTP_READ,
		.timeout_ms = 60000,
	};
}

static void get(struct setup *setup, const char *path, struct http_answer *answer)
{
	struct http_request request = request_for(setup, "GET", path);
	struct error err = { 0 };

	if (!perform(setup, &request, answer, &err))
		fail_msg("%s: %s", path, err.text);
}

/* The path leads to this error. */
static void fails(struct setup *setup, const struct http_request *request, enum error_code code,
		  bool outcome_unknown, const char *words)
{
	struct http_answer answer = HTTP_ANSWER_INIT;
	struct error err = { 0 };

	assert_false(perform(setup, request, &answer, &err));
	if (err.code != code || err.outcome_unknown != outcome_unknown || !strstr(err.text, words))
		fail_msg("%s: %d %d %s", request->url, err.code, err.outcome_unknown, err.text);
	assert_int_equal(answer.body.len, 0);
	http_answer_clear(&answer);
}

static void path_fails(struct setup *setup, const char *path, enum error_code code,
		       const char *words)
{
	struct http_request request = request_for(setup, "GET", path);

	request.answer_max = 1 << 20;
	fails(setup, &request, code, true, words);
}

/* ---- answers */

static void answers_come_over(void **state)
{
	struct setup *setup = *state;
	struct http_answer answer = HTTP_ANSWER_INIT;

	get(setup, "/ok", &answer);
	assert_int_equal(answer.status, 200);
	assert_string_equal(answer.body.text, "{\"ok\":true}");
	assert_string_equal(answer.content_type, "application/json");
	assert_string_equal(answer.trace_id, "");
	assert_int_equal(answer.retry_after_ms, -1);
	assert_int_equal(answer.date_ms, -1);
	assert_int_equal(answer.tries, 1);
	assert_true(answer.sent_bytes > 50 && answer.sent_bytes < 500);
	assert_true(answer.received_bytes > 50 && answer.received_bytes < 500);
	get(setup, "/html", &answer);
	assert_string_equal(answer.content_type, "text/html; charset=utf-8");
	get(setup, "/heads", &answer);
	assert_string_equal(answer.trace_id, "1-abc");
	assert_int_equal(answer.date_ms, INT64_C(1769860800000));
	assert_int_equal(answer.retry_after_ms, 125000);
	get(setup, "/status/503", &answer);
	assert_int_equal(answer.status, 503);
	assert_string_equal(answer.body.text, "body");
	assert_string_equal(answer.trace_id, "tid-9");
	assert_int_equal(answer.retry_after_ms, 7000);
	get(setup, "/gzip", &answer);
	assert_string_equal(answer.body.text, "packed");
	/* One connection served all of them. */
	assert_int_equal(server_connections(setup->server), 1);
	http_answer_clear(&answer);
}

static void requests_go_as_they_are(void **state)
{
	struct setup *setup = *state;
	AUTO(secret_freep)
	struct secret *authorization = secret_copy("Bearer " MARK, 7 + strlen(MARK));
	struct http_request request = request_for(setup, "POST", "/echo/../x?query=a%20b");
	struct http_answer answer = HTTP_ANSWER_INIT;
	int64_t sent;

	request.headers[0].name = "Accept";
	request.headers[0].value = "application/json";
	request.headers[1].name = "X-Empty";
	request.headers[1].value = "";
	request.header_count = 2;
	request.authorization = authorization;
	request.body = "{\"a\":1}";
	request.body_len = 7;
	assert_true(perform(setup, &request, &answer, NULL));
	assert_non_null(strstr(answer.body.text, "POST /echo/../x?query=a%20b HTTP/1.1\r\n"));
	assert_non_null(strstr(answer.body.text, "\r\nAuthorization: Bearer " MARK "\r\n"));
	assert_non_null(strstr(answer.body.text, "\r\nAccept: application/json\r\n"));
	assert_non_null(strstr(answer.body.text, "\r\nX-Empty:\r\n"));
	assert_non_null(strstr(answer.body.text, "\r\nUser-Agent: tester/1\r\n"));
	assert_non_null(strstr(answer.body.text, "\r\nAccept-Encoding: gzip\r\n"));
	assert_non_null(strstr(answer.body.text, "\r\nContent-Length: 7\r\n"));
	assert_non_null(strstr(answer.body.text, "\r\n\r\n{\"a\":1}"));
	assert_null(strstr(answer.body.text, "Content-Type"));
	assert_null(strstr(answer.body.text, "Expect"));
	sent = answer.sent_bytes;
	assert_int_equal(sent, answer.body.len);
	/* Nothing of it stays for the next one. */
	get(setup, "/echo", &answer);
	assert_null(strstr(answer.body.text, "Authorization"));
	assert_null(strstr(answer.body.text, "Content-Length"));
	http_answer_clear(&answer);
}

static void bodies_of_each_kind(void **state)
{
	static const char *const methods[] = { "POST", "PUT", "DELETE" };
	struct setup *setup = *state;
	AUTO(secret_freep) struct secret *body = secret_copy("token=" MARK, 6 + strlen(MARK));
	struct http_answer answer = HTTP_ANSWER_INIT;
	char line[64];

	for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
		struct http_request request = request_for(setup, methods[i], "/echo");

		request.class = HTTP_SIGN_IN;
		request.secret_body = body;
		assert_true(perform(setup, &request, &answer, NULL));
		snprintf(line, sizeof(line), "%s /echo HTTP/1.1\r\n", methods[i]);
		assert_non_null(strstr(answer.body.text, line));
		assert_non_null(strstr(answer.body.text, "\r\n\r\ntoken=" MARK));
		request.secret_body = NULL;
		assert_true(perform(setup, &request, &answer, NULL));
		assert_non_null(strstr(answer.body.text, line));
		assert_null(strstr(answer.body.text, MARK));
	}
	assert_int_equal(server_requests(setup->server), 6);
	http_answer_clear(&answer);
}

static void large_bodies_go_whole(void **state)
{
	struct setup *setup = *state;
	struct http_request request = request_for(setup, "POST", "/echo");
	AUTO(memory_freep) char *body = memory_new(700001);
	struct http_answer answer = HTTP_ANSWER_INIT;

	memset(body, 'x', 700000);
	request.body = body;
	request.body_len = 700000;
	assert_true(perform(setup, &request, &answer, NULL));
	assert_string_equal(strstr(answer.body.text, "\r\n\r\n") + 4, body);
	http_answer_clear(&answer);
}

/* ---- limits */

static void answers_have_a_limit(void **state)
{
	struct setup *setup = *state;
	struct http_request request = request_for(setup, "GET", "/ok");
	struct http_answer answer = HTTP_ANSWER_INIT;

	request.answer_max = 11;
	assert_true(perform(setup, &request, &answer, NULL));
	http_answer_clear(&answer);
	request.answer_max = 10;
	fails(setup, &request, ERROR_REMOTE, true, "larger than 10 bytes");
	path_fails(setup, "/bomb", ERROR_REMOTE, "larger than 1048576 bytes");
	path_fails(setup, "/endless-body", ERROR_REMOTE, "larger than 1048576 bytes");
	path_fails(setup, "/endless-head", ERROR_REMOTE, "headers of more than 256 KiB");
	path_fails(setup, "/endless-100", ERROR_REMOTE, "headers of more than 256 KiB");
	get(setup, "/ok", &answer);
	http_answer_clear(&answer);
}

/* What a request leaves open is the transport's own. */
static void transports_have_limits(void **state)
{
	struct setup *setup = *state;
	struct setup narrow = { .server = setup->server };
	struct http_request request = request_for(setup, "GET", "/ok");
	struct http_answer answer = HTTP_ANSWER_INIT;

	narrow.curl = transport_curl_new(&(struct transport_curl_options){
		.proxy = "", .timeout_ms = 400, .answer_max = 10,
	});
	narrow.transport = transport_of_curl(narrow.curl);
	fails(&narrow, &request, ERROR_REMOTE, true, "larger than 10 bytes");
	request.answer_max = 11;
	assert_true(perform(&narrow, &request, &answer, NULL));
	http_answer_clear(&answer);
	request = request_for(setup, "GET", "/stall");
	request.timeout_ms = 0;
	fails(&narrow, &request, ERROR_NETWORK, true, "in full within 1 s");
	transport_curl_free(narrow.curl);
}

/* ---- what goes wrong on the way */

static void cut_answers_are_no_answers(void **state)
{
	struct setup *setup = *state;

	path_fails(setup, "/close", ERROR_NETWORK, "without an answer");
	path_fails(setup, "/cut-body", ERROR_NETWORK, "was cut before");
	path_fails(setup, "/cut-head", ERROR_NETWORK, "");
	path_fails(setup, "/garbage", ERROR_NETWORK, "not HTTP");
	path_fails(setup, "/bad-gzip", ERROR_NETWORK, "decompressed");
}

static void time_runs_out(void **state)
{
	static const char *const paths[] = { "/stall", "/stall-body" };
	struct setup *setup = *state;

	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		struct http_request request = request_for(setup, "GET", paths[i]);

		request.timeout_ms = 400;
		fails(setup, &request, ERROR_NETWORK, true, "in full within 1 s");
	}
}

/* A port with nobody behind it. */
static int dead_port(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, len), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
	close(fd);
	return ntohs(address.sin_port);
}

static void nobody_there(void **state)
{
	struct setup *setup = *state;
	struct http_request request = request_for(setup, "POST", "/ok");
	char url[100];

	snprintf(url, sizeof(url), "http://127.0.0.1:%d/v3?" MARK, dead_port());
	request.url = url;
	request.body = "x";
	request.body_len = 1;
	fails(setup, &request, ERROR_NETWORK, false, "refused the connection");
	/* A name that exists nowhere, by standard. */
	request.url = "https://ledger.invalid/" MARK;
	fails(setup, &request, ERROR_NETWORK, false, "'ledger.invalid' was not found");
}

/* A server that takes connections and says nothing: TLS never begins. */
static void encryption_that_never_begins(void **state)
{
	struct setup *setup = *state;
	struct http_request request = request_for(setup, "POST", "/ok");
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char url[100];

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, len), 0);
	assert_int_equal(listen(fd, 4), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
	snprintf(url, sizeof(url), "https://127.0.0.1:%d/", ntohs(address.sin_port));
	request.url = url;
	request.timeout_ms = 400;
	fails(setup, &request, ERROR_NETWORK, false, "no encryption (TLS) in time");
	close(fd);
}

static void plain_servers_have_no_encryption(void **state)
{
	struct setup *setup = *state;
	struct http_request request = request_for(setup, "GET", "/ok");
	char url[100];

	snprintf(url, sizeof(url), "https://127.0.0.1:%d/ok", server_port(setup->server));
	request.url = url;
	request.timeout_ms = 400;
	fails(setup, &request, ERROR_NETWORK, false, "encryption (TLS)");
	assert_int_equal(server_requests(setup->server), 0);
}

static void what_cannot_be_sent_is_not(void **state)
{
	static const struct {
		const char *url, *method, *name, *value;
	} rows[] = {
		{ "http://ledger.example/", "GET", "A", "b" },
		{ "ftp://127.0.0.1/", "GET", "A", "b" },
		{ NULL, "GET", "A", "b\r\nHost: evil" },
		{ NULL, "GET", "A", "b\nc" },
		{ NULL, "GET", "A: b\r\nC", "d" },
		{ NULL, "GET", "", "d" },
		{ NULL, "GET / HTTP/1.1\r\nX:", "A", "b" },
		{ NULL, "", "A", "b" },
	};
	struct setup *setup = *state;
	AUTO(secret_freep) struct secret *broken = secret_copy("Bearer x\r\nX: y", 14);

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct http_request request = request_for(setup, rows[i].method, "/ok");

		if (rows[i].url)
			request.url = rows[i].url;
		request.headers[0].name = rows[i].name;
		request.headers[0].value = rows[i].value;
		request.header_count = 1;
		fails(setup, &request, ERROR_INPUT, false, "");
		request = request_for(setup, "GET", "/ok");
		request.authorization = broken;
		fails(setup, &request, ERROR_INPUT, false, "authorization");
	}
	assert_int_equal(server_requests(setup->server), 0);
}

/* ---- never twice */

/*
 * The second request meets a kept connection that takes it and dies: libcurl alone would send it
 * again. A body that left once does not leave a second time, and nothing without a body either.
 */
static void writes_leave_once(void **state)
{
	static const char *const bodies[] = { "{\"Invoice\":1}", "" };
	struct setup *setup = *state;

	for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
		struct http_answer answer = HTTP_ANSWER_INIT;
		struct http_request request;
		int before;

		get(setup, "/reset-second", &answer);
		http_answer_clear(&answer);
		before = server_requests(setup->server);
		request = request_for(setup, "POST", "/close");
		request.class = HTTP_WRITE;
		request.body = bodies[i];
		request.body_len = strlen(bodies[i]);
		fails(setup, &request, ERROR_NETWORK, true, "");
		assert_int_equal(server_requests(setup->server), before + 1);
	}
}

/* A body that did not leave as a whole can't be carried out. */
static void half_a_body_is_no_request(void **state)
{
	struct setup *setup = *state;
	struct http_request request = request_for(setup, "POST", "/refuse-body");
	const size_t len = (size_t)32 << 20;
	AUTO(memory_freep) char *body = memory_new(len);

	request.class = HTTP_WRITE;
	request.body = body;
	request.body_len = len;
	fails(setup, &request, ERROR_NETWORK, false, "was cut");
}

/* A kept connection that was closed in the quiet between two requests is no failure. */
static void closed_connections_are_replaced(void **state)
{
	struct setup *setup = *state;
	struct http_answer answer = HTTP_ANSWER_INIT;

	for (int i = 0; i < 3; i++) {
		get(setup, "/ok", &answer);
		server_free(setup->server);
		setup->server = server_new();
	}
	http_answer_clear(&answer);
}

/* ---- redirects */

static void redirect_ends(struct setup *setup, const char *path, bool follow, enum http_class class,
			  int status, int requests)
{
	struct http_request request = request_for(setup, "GET", path);
	struct http_answer answer = HTTP_ANSWER_INIT;
	int before = server_requests(setup->server);

	request.redirects = follow;
	request.class = class;
	assert_true(perform(setup, &request, &answer, NULL));
	assert_int_equal(answer.status, status);
	assert_int_equal(server_requests(setup->server) - before, requests);
	http_answer_clear(&answer);
}

static void redirects_stay_in_their_place(void **state)
{
	struct setup *setup = *state;
	struct http_request request;
	struct http_answer answer = HTTP_ANSWER_INIT;

	redirect_ends(setup, "/redirect", true, HTTP_READ, 200, 2);
	redirect_ends(setup, "/redirect", false, HTTP_READ, 302, 1);
	redirect_ends(setup, "/redirect", true, HTTP_SIGN_IN, 302, 1);
	redirect_ends(setup, "/away", true, HTTP_READ, 302, 1);
	redirect_ends(setup, "/port", true, HTTP_READ, 302, 1);
	redirect_ends(setup, "/loop", true, HTTP_READ, 307, 4);
	request = request_for(setup, "POST", "/redirect");
	request.redirects = true;
	request.body = "x";
	request.body_len = 1;
	assert_true(perform(setup, &request, &answer, NULL));
	assert_int_equal(answer.status, 302);
	http_answer_clear(&answer);
}

/* ---- proxies */

static void proxy_fails(const char *proxy, const char *words)
{
	struct setup setup = { 0 };
	struct http_request request = {
		.method = "GET",
		.url = "https://ledger.invalid/" MARK,
		.what = "a test",
		.timeout_ms = 60000,
	};

	setup.curl = transport_curl_new(&(struct transport_curl_options){ .proxy = proxy });
	setup.transport = transport_of_curl(setup.curl);
	fails(&setup, &request, ERROR_NETWORK, false, words);
	transport_curl_free(setup.curl);
}

static void proxies_are_named(void **state)
{
	struct setup *setup = *state;
	struct transport_curl_options options = { 0 };
	struct setup proxied = { .server = setup->server };
	struct http_answer answer = HTTP_ANSWER_INIT;
	char proxy[100];

	snprintf(proxy, sizeof(proxy), "http://user:" MARK "@127.0.0.1:%d",
		 server_port(setup->server));
	proxy_fails(proxy, "the proxy wants to know who we are (407)");
	options.proxy = proxy;
	/* This machine is never asked for through a proxy. */
	proxied.curl = transport_curl_new(&options);
	proxied.transport = transport_of_curl(proxied.curl);
	get(&proxied, "/ok", &answer);
	assert_int_equal(answer.status, 200);
	http_answer_clear(&answer);
	transport_curl_free(proxied.curl);
	snprintf(proxy, sizeof(proxy), "http://127.0.0.1:%d", dead_port());
	proxy_fails(proxy, "'the proxy' refused the connection");
	proxy_fails("http://proxy.invalid:8080", "the proxy was not found");
}

/* ---- cancelling */

struct canceller {
	struct server *server;
	struct cancel *cancel;
};

static void cancel_when_asked(void *ctx)
{
	struct canceller *canceller = ctx;

	server_await_request(canceller->server);
	cancel_ask(canceller->cancel);
}

/* The call would wait for ten minutes: that the test ends is what it shows. */
static void cancel_ends_a_hanging_call(void **state)
{
	static const char *const paths[] = { "/stall", "/stall-body", "/endless-body" };
	struct setup *setup = *state;

	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		struct canceller canceller = { .server = setup->server, .cancel = cancel_new() };
		struct http_request request = request_for(setup, "GET", paths[i]);
		struct thread *thread = thread_new(cancel_when_asked, &canceller);
		struct http_answer answer = HTTP_ANSWER_INIT;
		struct error err = { 0 };

		request.timeout_ms = 600000;
		request.answer_max = (size_t)1 << 38;
		assert_false(setup->transport.perform(setup->transport.ctx, &request, &answer,
						      canceller.cancel, &err));
		assert_int_equal(err.code, ERROR_CANCELLED);
		assert_true(err.outcome_unknown);
		http_answer_clear(&answer);
		thread_join(thread);
		cancel_free(canceller.cancel);
	}
}

static void cancelled_before_is_not_sent(void **state)
{
	struct setup *setup = *state;
	struct http_request request = request_for(setup, "GET", "/ok");
	struct http_answer answer = HTTP_ANSWER_INIT;
	struct cancel *cancel = cancel_new();
	struct error err = { 0 };

	cancel_ask(cancel);
	assert_false(
		setup->transport.perform(setup->transport.ctx, &request, &answer, cancel, &err));
	assert_int_equal(err.code, ERROR_CANCELLED);
	assert_false(err.outcome_unknown);
	assert_int_equal(server_requests(setup->server), 0);
	cancel_free(cancel);
	http_answer_clear(&answer);
}

/* ---- secrets */

/* Whatever goes wrong, no error says what was in the address, the headers or the body. */
static void errors_carry_no_secret(void **state)
{
	static const char *const paths[] = {
		"/close?" MARK,	   "/cut-body?" MARK, "/cut-head?" MARK,     "/garbage?" MARK,
		"/bad-gzip?" MARK, "/stall?" MARK,    "/endless-head?" MARK, "/endless-body?" MARK,
	};
	struct setup *setup = *state;
	AUTO(secret_freep) struct secret *authorization = secret_copy(MARK, strlen(MARK));

	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		struct http_request request = request_for(setup, "POST", paths[i]);
		struct http_answer answer = HTTP_ANSWER_INIT;
		struct error err = { 0 };

		request.authorization = authorization;
		request.secret_body = authorization;
		request.secret_url = true;
		request.timeout_ms = 200;
		request.answer_max = 100000;
		assert_false(perform(setup, &request, &answer, &err));
		assert_true(err.text[0] != '\0');
		assert_null(strstr(err.text, MARK));
		assert_null(strstr(err.text, "/"));
		http_answer_clear(&answer);
	}
}

#define WITH_SERVER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int test_transport(void)
{
	const struct CMUnitTest tests[] = {
		WITH_SERVER(answers_come_over),
		WITH_SERVER(requests_go_as_they_are),
		WITH_SERVER(bodies_of_each_kind),
		WITH_SERVER(large_bodies_go_whole),
		WITH_SERVER(answers_have_a_limit),
		WITH_SERVER(transports_have_limits),
		WITH_SERVER(cut_answers_are_no_answers),
		WITH_SERVER(time_runs_out),
		WITH_SERVER(nobody_there),
		WITH_SERVER(encryption_that_never_begins),
		WITH_SERVER(plain_servers_have_no_encryption),
		WITH_SERVER(what_cannot_be_sent_is_not),
		WITH_SERVER(writes_leave_once),
		WITH_SERVER(half_a_body_is_no_request),
		WITH_SERVER(closed_connections_are_replaced),
		WITH_SERVER(redirects_stay_in_their_place),
		WITH_SERVER(proxies_are_named),
		WITH_SERVER(cancel_ends_a_hanging_call),
		WITH_SERVER(cancelled_before_is_not_sent),
		WITH_SERVER(errors_carry_no_secret),
	};

	return cmocka_run_group_tests_name("transport", tests, NULL, NULL);
}
