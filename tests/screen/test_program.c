/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The whole program on a pty, against the real simulator over real sockets: the demo, a first run with a connection
 * made by hand, and every way to end.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/memory.h"
#include "place.h"
#include "tests.h"

#define PATIENCE_MS 40000
#define STATE_LEN 43 /* 32 bytes in base64url; it stands last */

/* With the left button, on the first of its characters. */
static void click(struct terminal *terminal, const char *text)
{
	int rows, columns;
	char report[64];

	vterm_get_size(terminal->vterm, &rows, &columns);
	for (int y = 0; y < rows; y++) {
		const char *row = terminal_row(terminal, y), *at = strstr(row, text);

		if (!at)
			continue;
		snprintf(report, sizeof(report), "\033[<0;%d;%dM\033[<0;%d;%dm", (int)(at - row) + 1, y + 1, (int)(at - row) + 1, y + 1);
		place_type(terminal, report);
		return;
	}
	place_fail(terminal, "there is nothing to click on");
}

/* ---- the simulator */

static void start_simulator(struct place *place)
{
	const char *path = env_variable("SIMULATOR_PROGRAM");
	char port_path[100], text[32] = "";
	AUTO(str_clear) struct str port = STR_INIT(32);
	struct error err = { 0 };
	int out[2];

	assert_non_null(path);
	snprintf(port_path, sizeof(port_path), "%s/port", place->directory);
	assert_int_equal(pipe(out), 0);
	place->simulator = fork();
	assert_true(place->simulator >= 0);
	if (place->simulator == 0) {
		dup2(out[1], STDOUT_FILENO);
		dup2(out[1], STDERR_FILENO);
		close(out[0]);
		execl(path, path, "--auto-consent", "--company", "small,realm=4620077", "--port", "0", "--port-file", port_path,
		      "--exit-with-parent", (char *)NULL);
		_exit(127);
	}
	close(out[1]);
	/* It says where it listens once it does, and the file is there by then. */
	assert_true(read(out[0], text, sizeof(text) - 1) > 0);
	assert_true(file_read(port_path, 32, &port, &err));
	place->port = (int)strtol(port.text, NULL, 10);
	close(out[0]);
}

/* What a browser ends on after consent: the address behind "Location:". */
static void consent(const struct place *place, const char *url, char *ret_address, size_t size)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)place->port),
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	AUTO(str_clear) struct str request = STR_INIT(4000);
	AUTO(str_clear) struct str answer = STR_INIT(65536);
	const char *target = strchr(url + 7, '/'), *location;
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	char bytes[4096];
	ssize_t got;

	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	str_addf(&request, "GET %s&realmId=4620077 HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n\r\n", target, place->port);
	assert_int_equal(write(fd, request.text, request.len), request.len);
	while ((got = read(fd, bytes, sizeof(bytes))) > 0)
		str_add_bytes(&answer, bytes, (size_t)got);
	close(fd);
	location = strcasestr(answer.text, "\r\nlocation: ");
	assert_non_null(location);
	location += strlen("\r\nlocation: ");
	snprintf(ret_address, size, "%.*s", (int)strcspn(location, "\r\n"), location);
}

/* The address stands raw on the screen, from the left edge on, over several rows: as much of it as has come. */
static void read_address(struct terminal *terminal, struct str *out)
{
	int rows, columns, y = 0;

	str_reset(out);
	vterm_get_size(terminal->vterm, &rows, &columns);
	while (y < rows && strncmp(terminal_row(terminal, y), "http://", 7) != 0)
		y++;
	for (; y < rows; y++) {
		const char *row = terminal_row(terminal, y);

		str_add(out, row);
		if ((int)strlen(row) < columns)
			break;
	}
}

/* It is sent behind what stands around it, and is complete with its state. */
static void await_address(struct terminal *terminal, struct str *out)
{
	const char *state;

	for (;;) {
		struct pollfd fd = { .fd = terminal->master, .events = POLLIN };

		read_address(terminal, out);
		state = strstr(out->text, "&state=");
		if (state && strlen(state + 7) >= STATE_LEN)
			return;
		if (poll(&fd, 1, PATIENCE_MS) <= 0 || !terminal_read(terminal))
			place_fail(terminal, "the address never came");
	}
}

/* ---- the tests */

static void test_demo(void **state)
{
	AUTO(place_clear) struct place place;
	char directory[100];
	char *arguments[] = { (char[]){ "demo" }, (char[]){ "--dir" }, directory, NULL };

	(void)state;
	place_init(&place);
	snprintf(directory, sizeof(directory), "%s/demo", place.directory);
	place_start(&place, 24, 80, arguments);
	place_await(&place.terminal, "LIVE");
	place_await(&place.terminal, "Tidewater Bicycle");
	place_type(&place.terminal, "\t");
	place_await(&place.terminal, "CompanyInfo");
	place_type(&place.terminal, "/Invoice\r\r");
	place_await(&place.terminal, "by time of change");
	place_type(&place.terminal, "\r");
	place_await(&place.terminal, "DocNumber");
	place_type(&place.terminal, "v");
	place_await(&place.terminal, "\"SyncToken\"");
	place_type(&place.terminal, "Q");
	assert_int_equal(terminal_wait(&place.terminal), 0);
	terminal_expect_sane(&place.terminal);
}

/* From nothing to a mirrored company, by hand; what is secret is nowhere among the bytes. */
static void test_first_run(void **state)
{
	AUTO(place_clear) struct place place;
	AUTO(str_clear) struct str url = STR_INIT(4000);
	char local[100], redirect[100], address[2000], pasted[2100];
	char *arguments[] = { (char[]){ "--set" }, (char[]){ "quickbooks.environment=local" }, (char[]){ "--set" }, local, (char[]){ "--set" },
			      redirect, (char[]){ "--set" }, (char[]){ "vault.cost=interactive" }, (char[]){ "--set" },
			      (char[]){ "ui.mouse=yes" }, NULL };

	(void)state;
	place_init(&place);
	start_simulator(&place);
	snprintf(local, sizeof(local), "quickbooks.local_address=http://127.0.0.1:%d", place.port);
	snprintf(redirect, sizeof(redirect), "quickbooks.redirect_local=http://127.0.0.1:%d/oauth2/code", place.port);
	place_start(&place, 30, 90, arguments);
	place_await(&place.terminal, "connects a company");
	place_type(&place.terminal, "c");
	place_await(&place.terminal, "Which accounting system");
	place_type(&place.terminal, "1");
	place_await(&place.terminal, "New passphrase for the vault");
	place_type(&place.terminal, "MARKED-passphrase\r");
	place_await(&place.terminal, "The same again");
	place_type(&place.terminal, "MARKED-passphrase\r");
	place_await(&place.terminal, "Paste here");
	await_address(&place.terminal, &url);
	/* An address is there to be selected. */
	assert_false(place.terminal.mouse);
	consent(&place, url.text, address, sizeof(address));
	assert_non_null(strstr(address, "code="));
	/* First something else, which is named. */
	place_type(&place.terminal, "\033[200~https://example.com/?code=1&state=2\033[201~");
	place_await(&place.terminal, "Not yet: this address is of 'example.com'");
	snprintf(pasted, sizeof(pasted), "\033[200~%s\033[201~", address);
	place_type(&place.terminal, pasted);
	place_await(&place.terminal, "y/N");
	place_type(&place.terminal, "y\r");
	place_await(&place.terminal, "is done");
	click(&place.terminal, "1 dashboard");
	place_await(&place.terminal, "Accounts 1   Types 39");
	assert_true(place.terminal.mouse);
	place_type(&place.terminal, "\t/Customer\r");
	place_await(&place.terminal, "Types 2"); /* Customer and CustomerType */
	place_await(&place.terminal, "= ok");
	place_type(&place.terminal, "Q");
	assert_int_equal(terminal_wait(&place.terminal), 0);
	terminal_expect_sane(&place.terminal);
	assert_false(terminal_sent(&place.terminal, "MARKED"));
	assert_null(strstr(place.terminal.bytes.text, strstr(address, "code=") + 5));
}

/* In good order the program says how it ended; by a crash the signal says it. The terminal is whole in any case. */
static void test_signals(void **state)
{
	static const struct {
		int signal;
		bool crash;
	} cases[] = { { SIGTERM, false }, { SIGHUP, false }, { SIGINT, false }, { SIGSEGV, true }, { SIGABRT, true }, { SIGBUS, true },
		      { SIGQUIT, true } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		AUTO(place_clear) struct place place;
		char *arguments[] = { (char[]){ "--set" }, (char[]){ "ui.mouse=yes" }, NULL };
		int status;

		place_init(&place);
		place_start(&place, 24, 80, arguments);
		place_await(&place.terminal, "connects a company");
		assert_true(place.terminal.mouse);
		kill(place.terminal.job, cases[i].signal);
		status = terminal_wait(&place.terminal);
		if (cases[i].crash)
			assert_true(SANITIZED || (WIFSIGNALED(status) && WTERMSIG(status) == cases[i].signal));
		else
			assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 130);
		terminal_expect_sane(&place.terminal);
	}
}

/* The connection is lost: the program ends by itself. */
static void test_hung_up(void **state)
{
	AUTO(place_clear) struct place place;
	struct pollfd fd = { .events = POLLIN };
	char *arguments[] = { NULL };
	char byte;

	(void)state;
	place_init(&place);
	place_start(&place, 24, 80, arguments);
	place_await(&place.terminal, "connects a company");
	close(place.terminal.master);
	place.terminal.master = -1;
	fd.fd = place.terminal.control;
	assert_true(poll(&fd, 1, PATIENCE_MS) > 0);
	assert_int_equal(read(place.terminal.control, &byte, 1), 0);
}

/* Any size at any moment, also while something is typed. */
static void test_resize(void **state)
{
	static const int sizes[][2] = { { 1, 1 }, { 5, 20 }, { 50, 200 }, { 2, 300 }, { 100, 3 }, { 24, 80 } };
	AUTO(place_clear) struct place place;
	char *arguments[] = { NULL };

	(void)state;
	place_init(&place);
	place_start(&place, 24, 80, arguments);
	place_await(&place.terminal, "connects a company");
	for (int round = 0; round < 5; round++)
		for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
			terminal_resize(&place.terminal, sizes[i][0], sizes[i][1]);
			place_type(&place.terminal, i % 2 ? "?" : "jk");
		}
	place_type(&place.terminal, "1:");
	place_await(&place.terminal, "list the connected accounts");
	place_type(&place.terminal, "\x03Q");
	assert_int_equal(terminal_wait(&place.terminal), 0);
	terminal_expect_sane(&place.terminal);
}

/* As lines, because it is asked for or since the terminal cannot be drawn on; what is secret is not echoed. */
static void test_plain(void **state)
{
	char *asked[] = { (char[]){ "--plain" }, (char[]){ "--set" }, (char[]){ "vault.cost=interactive" }, NULL };

	(void)state;
	for (int i = 0; i < 2; i++) {
		AUTO(place_clear) struct place place;

		place_init(&place);
		place.type = i ? "dumb" : NULL;
		place_start(&place, 60, 130, i ? asked + 1 : asked);
		if (i)
			place_await(&place.terminal, "This terminal cannot be drawn on, so the deck is lines.");
		place_await(&place.terminal, "connects a company");
		place_await(&place.terminal, "ledgerdeck:");
		place_type(&place.terminal, ":vault init\r");
		place_await(&place.terminal, "Answer (not shown):");
		place_type(&place.terminal, "MARKED-passphrase\r");
		place_await(&place.terminal, "The same again");
		place_type(&place.terminal, "MARKED-passphrase\r");
		place_await(&place.terminal, "'vault init' is done");
		assert_false(terminal_sent(&place.terminal, "MARKED"));
		assert_false(terminal_sent(&place.terminal, "\033"));
		place_type(&place.terminal, "b\rquit\r");
		assert_int_equal(terminal_wait(&place.terminal), 0);
		terminal_expect_sane(&place.terminal);
	}
}

int test_program(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_demo),    cmocka_unit_test(test_first_run), cmocka_unit_test(test_signals),
		cmocka_unit_test(test_hung_up), cmocka_unit_test(test_resize),
		cmocka_unit_test(test_plain),
	};

	return cmocka_run_group_tests_name("program", tests, NULL, NULL);
}
