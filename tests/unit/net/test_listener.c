/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The listener: a browser that comes back, and all who come instead. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "ledgerdeck/core/cancel.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"
#include "ledgerdeck/core/thread.h"
#include "ledgerdeck/net/listener.h"

#include "tests.h"

#define GOOD "code=Good%2FOne&state=right"
#define WAIT_MS 60000
#define REFUSED 1 /* any status but 200, or none */

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

static int connect_to(int family, int port)
{
	const struct timeval patience = { .tv_sec = 10 }; /* so that a failure ends the test, too */
	union address address = { 0 };
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (family == AF_INET) {
		address.v4.sin_family = AF_INET;
		address.v4.sin_port = htons((uint16_t)port);
		address.v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	} else {
		address.v6.sin6_family = AF_INET6;
		address.v6.sin6_port = htons((uint16_t)port);
		address.v6.sin6_addr = in6addr_loopback;
	}
	if (fd >= 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (fd >= 0 && connect(fd, &address.any,
			       family == AF_INET ? sizeof(address.v4) : sizeof(address.v6))) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Send it as it is and read all that comes; returns the status, 0 when there is no answer. */
static int ask(int family, int port, const char *request, struct str *out)
{
	int fd = connect_to(family, port);
	char bytes[4096];
	ssize_t got;

	if (fd < 0)
		return 0;
	/* A refusal may come before all of it was sent. */
	got = send(fd, request, strlen(request), MSG_NOSIGNAL);
	str_reset(out);
	while (got >= 0 && (got = recv(fd, bytes, sizeof(bytes), 0)) > 0)
		str_add_bytes(out, bytes, (size_t)got);
	close(fd);
	return out->len > 12 ? (int)strtol(out->text + 9, NULL, 10) : 0;
}

/* What one client does, in turn; the last is the good one. */
struct visit {
	const char *request;
	int status;
	const char *words; /* of the answer */
};

struct client {
	int port, family;
	const struct visit *visits;
	size_t count;
	int first_wrong;     /* -1: all were as expected */
	struct cancel *done; /* asked when all is done; NULL: nobody wants to know */
	struct str wrong;
};

static void visit_all(void *ctx)
{
	struct client *client = ctx;
	AUTO(str_clear) struct str out = STR_INIT(100000);

	client->first_wrong = -1;
	for (size_t i = 0; i < client->count; i++) {
		int status = ask(client->family, client->port, client->visits[i].request, &out);

		if (client->visits[i].status == REFUSED && status != 200)
			continue;
		if (client->first_wrong < 0 && (status != client->visits[i].status ||
						!strstr(out.text, client->visits[i].words))) {
			client->first_wrong = (int)i;
			str_addf(&client->wrong, "%d %s", status, out.text);
		}
	}
	if (client->done)
		cancel_ask(client->done);
}

static bool check_state(void *ctx, const struct secret *query, struct error *err)
{
	int *checked = ctx;

	(*checked)++;
	if (strstr(secret_reveal(query), "state=right"))
		return true;
	return error_set(err, ERROR_INPUT, "this answer <b>is not ours</b> & \"old\"");
}

/* Let a client visit while somebody waits; it must end with the good query. */
static int wait_for_client(struct listener *listener, struct client *client)
{
	AUTO(secret_freep) struct secret *query = NULL;
	struct thread *thread = thread_new(visit_all, client);
	struct error err = { 0 };
	int checked = 0;
	bool came = listener_wait(listener, WAIT_MS, NULL, check_state, &checked, &query, &err);

	thread_join(thread);
	if (client->first_wrong >= 0)
		fail_msg("visit %d: %s", client->first_wrong, client->wrong.text);
	if (!came)
		fail_msg("%s", err.text);
	assert_string_equal(secret_reveal(query), GOOD);
	assert_int_equal(secret_len(query), strlen(GOOD));
	return checked;
}

#define HOST "Host: localhost\r\n"
#define GOOD_VISIT                                                                                 \
	{                                                                                          \
		"GET /callback?" GOOD " HTTP/1.1\r\n" HOST "\r\n", 200, "go back to the terminal"  \
	}

static struct listener *open_free(void)
{
	struct listener *listener = NULL;
	struct error err = { 0 };

	if (!listener_open(0, "/callback", &listener, &err))
		fail_msg("%s", err.text);
	assert_true(listener_port(listener) > 0);
	return listener;
}

static void the_answer_is_handed_out(void **state)
{
	static const struct visit visits[] = { GOOD_VISIT };
	static const int families[] = { AF_INET, AF_INET6 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(families); i++) {
		struct listener *listener = open_free();
		struct client client = { .port = listener_port(listener),
					 .family = families[i],
					 .visits = visits,
					 .count = 1,
					 .wrong = STR_INIT(10000) };
		int probe = connect_to(families[i], client.port);

		/* Machines without IPv6 are known to the listener, too. */
		if (probe >= 0) {
			close(probe);
			assert_int_equal(wait_for_client(listener, &client), 1);
		} else {
			assert_int_equal(families[i], AF_INET6);
		}
		str_clear(&client.wrong);
		listener_close(listener);
	}
}

/* A request with so many letters in its middle. */
static void fill(char *room, size_t size, const char *start, size_t count, const char *end)
{
	AUTO(str_clear) struct str text = STR_INIT(size - 1);

	str_add(&text, start);
	for (size_t i = 0; i < count; i++)
		str_add_char(&text, 'x');
	str_add(&text, end);
	assert_false(str_is_cut(&text));
	memcpy(room, text.text, text.len + 1);
}

static void others_are_refused_and_waited_past(void **state)
{
	static char long_header[12000], huge_header[60000], long_query[9000];
	const struct visit visits[] = {
		{ "GET /favicon.ico HTTP/1.1\r\n" HOST "\r\n", 404, "no such page" },
		{ "GET / HTTP/1.1\r\n" HOST "\r\n", 404, "" },
		{ "GET /callback/more?" GOOD " HTTP/1.1\r\n" HOST "\r\n", 404, "" },
		{ "GET /callback HTTP/1.1\r\n" HOST "\r\n", 400, "no answer in it" },
		{ "GET /callback? HTTP/1.1\r\n" HOST "\r\n", 400, "no answer in it" },
		{ "POST /callback?" GOOD " HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n", 405,
		  "Allow: GET" },
		{ "HEAD /callback?" GOOD " HTTP/1.1\r\n" HOST "\r\n", 405, "" },
		{ "DELETE /callback?" GOOD " HTTP/1.1\r\n" HOST "\r\n", 405, "" },
		{ "GET /callback?" GOOD " HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421, "" },
		{ "GET /callback?" GOOD " HTTP/1.1\r\nHost: localhost.evil.example\r\n\r\n", 421,
		  "" },
		{ "GET /callback?" GOOD " HTTP/1.0\r\n\r\n", 421, "" },
		{ "GET /callback?" GOOD " HTTP/1.1\r\n" HOST
		  "Sec-Purpose: prefetch;prerender\r\n\r\n",
		  503, "" },
		{ "GET /callback?" GOOD " HTTP/1.1\r\n" HOST "Purpose: Prefetch\r\n\r\n", 503, "" },
		{ "GET /callback?code=x&state=wrong HTTP/1.1\r\n" HOST "\r\n", 400,
		  "this answer &lt;b&gt;is not ours&lt;/b&gt; &amp; &quot;old&quot;" },
		{ "nonsense\r\n\r\n", 0, "" }, /* not worth an answer */
		{ long_header, 431, "" },
		{ huge_header, REFUSED, "" }, /* the answer may be lost with what was not read */
		{ long_query, 414, "" },
		{ "GET /callback?" GOOD " HTTP/1.1\r\nHost: 127.0.0.1:9\r\nUser-Agent: a\r\n\r\n",
		  200, "Cache-Control: no-store" },
	};
	struct listener *listener = open_free();
	struct client client = { .port = listener_port(listener),
				 .family = AF_INET,
				 .visits = visits,
				 .count = ARRAY_LEN(visits),
				 .wrong = STR_INIT(10000) };

	(void)state;
	fill(long_header, sizeof(long_header),
	     "GET /callback?" GOOD " HTTP/1.1\r\n" HOST "X-Long: ", 8200, "\r\n\r\n");
	fill(huge_header, sizeof(huge_header),
	     "GET /callback?" GOOD " HTTP/1.1\r\n" HOST "X-Long: ", 50000, "\r\n\r\n");
	fill(long_query, sizeof(long_query), "GET /callback?" GOOD, 4500,
	     " HTTP/1.1\r\n" HOST "\r\n");
	assert_int_equal(wait_for_client(listener, &client), 2);
	str_clear(&client.wrong);
	listener_close(listener);
}

/* A usual browser's request, cookies of other programs on this machine included. */
static void usual_browsers_have_room(void **state)
{
	static char request[9000];
	const struct visit visits[] = { { request, 200, "terminal" } };
	struct listener *listener = open_free();
	struct client client = { .port = listener_port(listener),
				 .family = AF_INET,
				 .visits = visits,
				 .count = 1,
				 .wrong = STR_INIT(10000) };

	(void)state;
	fill(request, sizeof(request),
	     "GET /callback?" GOOD " HTTP/1.1\r\n" HOST
	     "User-Agent: Mozilla/5.0\r\nAccept: text/html\r\nSec-Fetch-Mode: navigate\r\n"
	     "Cookie: session=",
	     7500, "\r\n\r\n");
	assert_int_equal(wait_for_client(listener, &client), 1);
	str_clear(&client.wrong);
	listener_close(listener);
}

/* Somebody who connects and says nothing is in nobody's way. */
static void silent_ones_hold_nobody_up(void **state)
{
	static const struct visit visits[] = { GOOD_VISIT };
	struct listener *listener = open_free();
	struct client client = { .port = listener_port(listener),
				 .family = AF_INET,
				 .visits = visits,
				 .count = 1,
				 .wrong = STR_INIT(10000) };
	int silent[5];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(silent); i++) {
		silent[i] = connect_to(AF_INET, client.port);
		assert_true(silent[i] >= 0);
		assert_int_equal(send(silent[i], "GET /call", 9, MSG_NOSIGNAL), 9);
	}
	wait_for_client(listener, &client);
	for (size_t i = 0; i < ARRAY_LEN(silent); i++)
		close(silent[i]);
	str_clear(&client.wrong);
	listener_close(listener);
}

static void it_answers_once(void **state)
{
	static const struct visit visits[] = { GOOD_VISIT };
	static const struct visit late[] = {
		{ "GET /callback?" GOOD " HTTP/1.1\r\n" HOST "\r\n", 410, "is here already" },
	};
	struct listener *listener = open_free();
	struct client client = { .port = listener_port(listener),
				 .family = AF_INET,
				 .visits = visits,
				 .count = 1,
				 .wrong = STR_INIT(10000) };
	struct cancel *cancel = cancel_new();
	struct secret *query = NULL;
	struct thread *thread;
	struct error err = { 0 };
	int checked;

	(void)state;
	checked = wait_for_client(listener, &client);
	client.visits = late;
	client.done = cancel;
	thread = thread_new(visit_all, &client);
	assert_false(listener_wait(listener, WAIT_MS, cancel, check_state, &checked, &query, &err));
	assert_int_equal(err.code, ERROR_CANCELLED);
	assert_null(query);
	thread_join(thread);
	assert_int_equal(client.first_wrong, -1);
	assert_int_equal(checked, 1);
	cancel_free(cancel);
	str_clear(&client.wrong);
	listener_close(listener);
}

static void ask_to_stop(void *ctx)
{
	cancel_ask(ctx);
}

static void waiting_ends(void **state)
{
	struct listener *listener = open_free();
	struct cancel *cancel = cancel_new();
	struct secret *query = NULL;
	struct error err = { 0 };
	struct thread *thread;

	(void)state;
	assert_false(listener_wait(listener, 20, NULL, check_state, NULL, &query, &err));
	assert_int_equal(err.code, ERROR_LIMIT);
	thread = thread_new(ask_to_stop, cancel);
	assert_false(listener_wait(listener, 600000, cancel, check_state, NULL, &query, &err));
	assert_int_equal(err.code, ERROR_CANCELLED);
	thread_join(thread);
	assert_false(listener_wait(listener, 600000, cancel, check_state, NULL, &query, &err));
	assert_int_equal(err.code, ERROR_CANCELLED);
	assert_null(query);
	cancel_free(cancel);
	listener_close(listener);
}

/* A port that is taken, in either family, is an error, not half a listener. */
static void taken_ports_are_told(void **state)
{
	struct listener *listener = open_free(), *second = NULL;
	union address address = { 0 };
	socklen_t len = sizeof(address.v6);
	struct error err = { 0 };
	int fd;

	(void)state;
	assert_false(listener_open(listener_port(listener), "/callback", &second, &err));
	assert_int_equal(err.code, ERROR_NETWORK);
	assert_non_null(strstr(err.text, "taken by another program"));
	listener_close(listener);
	fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	address.v6.sin6_family = AF_INET6;
	address.v6.sin6_addr = in6addr_loopback;
	if (fd >= 0 && bind(fd, &address.any, len) == 0 && listen(fd, 1) == 0 &&
	    getsockname(fd, &address.any, &len) == 0) {
		assert_false(
			listener_open(ntohs(address.v6.sin6_port), "/callback", &second, &err));
		assert_int_equal(err.code, ERROR_NETWORK);
	}
	if (fd >= 0)
		close(fd);
	assert_null(second);
	listener_close(NULL);
}

/* The port can be had again at once, and nobody but this machine can reach it. */
static void ports_are_given_back(void **state)
{
	struct listener *listener = open_free();
	struct error err = { 0 };
	int port = listener_port(listener);

	(void)state;
	for (int i = 0; i < 3; i++) {
		int fd = connect_to(AF_INET, port);

		assert_true(fd >= 0);
		close(fd);
		listener_close(listener);
		if (!listener_open(port, "/callback", &listener, &err))
			fail_msg("%s", err.text);
		assert_int_equal(listener_port(listener), port);
	}
	listener_close(listener);
}

int test_listener(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_answer_is_handed_out),
		cmocka_unit_test(others_are_refused_and_waited_past),
		cmocka_unit_test(usual_browsers_have_room),
		cmocka_unit_test(silent_ones_hold_nobody_up),
		cmocka_unit_test(it_answers_once),
		cmocka_unit_test(waiting_ends),
		cmocka_unit_test(taken_ports_are_told),
		cmocka_unit_test(ports_are_given_back),
	};

	return cmocka_run_group_tests_name("listener", tests, NULL, NULL);
}
