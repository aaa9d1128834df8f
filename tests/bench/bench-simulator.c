/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How fast the simulator hands out pages of 1,000 invoices over real sockets, to one client and to
 * eight, beside a server that does nothing but send the same bytes; and what many invoices cost in
 * memory. A run of its own: `bench-simulator --invoices 20000 --seconds 1` is a quick one.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"
#include "ledgerdeck/core/thread.h"

#define REALM "1"
#define PAGE 1000
#define CLIENTS_MAX 8
#define HEAD_MAX ((size_t)64 << 10)
#define BODY_MAX ((size_t)256 << 20)
#define BUFFER ((size_t)256 << 10)

struct settings {
	const char *program;
	long invoices;
	long seconds;
};

/* A server under measurement. */
struct target {
	const char *name;
	pid_t pid;
	int port;
};

/* A connection, read through a buffer. */
struct stream {
	int fd;
	char *bytes; /* owned, BUFFER */
	size_t at, end;
};

struct client {
	const struct target *target;
	const char *token; /* borrowed */
	long pages;        /* how many there are to ask for */
	long first;        /* the one to begin with */
	atomic_bool *stop;
	long done;
	long long body_bytes;
};

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "bench-simulator: %s%s%s\n", what, errno ? ": " : "", errno ? strerror(errno) : "");
	exit(1);
}

static int64_t now_ms(void)
{
	struct env env = env_real();

	return env.ticks_ms(env.ctx);
}

/* ---- HTTP */

static void stream_open(struct stream *stream, int port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port),
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	*stream = (struct stream){ .fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0),
				   .bytes = memory_new(BUFFER) };
	if (stream->fd < 0 || connect(stream->fd, (struct sockaddr *)&address, sizeof(address)) != 0)
		die("cannot connect");
}

static void stream_close(struct stream *stream)
{
	close(stream->fd);
	free(stream->bytes);
}

static void stream_send(struct stream *stream, const char *bytes, size_t len)
{
	if (send(stream->fd, bytes, len, MSG_NOSIGNAL) != (ssize_t)len)
		die("cannot send");
}

/* At least one more byte. */
static void stream_fill(struct stream *stream)
{
	ssize_t got;

	if (stream->at < stream->end)
		return;
	got = recv(stream->fd, stream->bytes, BUFFER, 0);
	if (got <= 0)
		die("the server ended the connection");
	stream->at = 0;
	stream->end = (size_t)got;
}

/* One line without its end, appended to `line`. */
static void stream_line(struct stream *stream, struct str *line)
{
	char c;

	for (;;) {
		stream_fill(stream);
		c = stream->bytes[stream->at++];
		if (c == '\n')
			return;
		if (c != '\r')
			str_add_char(line, c);
	}
}

/* `len` bytes of body, kept when `body` is not NULL. */
static void stream_body(struct stream *stream, size_t len, struct str *body)
{
	while (len > 0) {
		size_t step;

		stream_fill(stream);
		step = stream->end - stream->at < len ? stream->end - stream->at : len;
		if (body)
			str_add_bytes(body, stream->bytes + stream->at, step);
		stream->at += step;
		len -= step;
	}
}

/* A whole answer: its head into `head`, its body into `body` (may be NULL). Returns the body's length. */
static size_t stream_answer(struct stream *stream, struct str *head, struct str *body)
{
	AUTO(str_clear) struct str line = STR_INIT(HEAD_MAX);
	size_t len = 0, piece;
	const char *length;

	do {
		str_reset(&line);
		stream_line(stream, &line);
		str_addf(head, "%s\r\n", line.text);
	} while (line.len > 0);
	length = strstr(head->text, "Content-Length: ");
	if (length) {
		len = strtoul(length + strlen("Content-Length: "), NULL, 10);
		stream_body(stream, len, body);
		return len;
	}
	do {
		str_reset(&line);
		stream_line(stream, &line);
		piece = strtoul(line.text, NULL, 16);
		stream_body(stream, piece, body);
		len += piece;
		stream_line(stream, &line);
	} while (piece > 0);
	return len;
}

/* What stands between `start` and one of the `ends` in a text. */
static char *text_between(const char *text, const char *start, const char *ends)
{
	const char *at = strstr(text, start);

	if (!at)
		die("the simulator answers something else");
	at += strlen(start);
	return memory_copy(at, strcspn(at, ends));
}

/* Consent and code against an access token; the caller frees. */
static char *get_token(int port)
{
	AUTO(str_clear) struct str request = STR_INIT(HEAD_MAX), head = STR_INIT(HEAD_MAX);
	AUTO(str_clear) struct str form = STR_INIT(HEAD_MAX), body = STR_INIT(HEAD_MAX);
	AUTO(memory_freep) char *code = NULL;
	char *token;
	struct stream stream;

	stream_open(&stream, port);
	str_addf(&request, "GET /connect/oauth2?client_id=simulator-client&response_type=code&state=1"
		 "&scope=com.intuit.quickbooks.accounting&redirect_uri=http%%3A%%2F%%2F127.0.0.1%%2Fx"
		 " HTTP/1.1\r\nHost: localhost\r\n\r\n");
	stream_send(&stream, request.text, request.len);
	stream_answer(&stream, &head, NULL);
	code = text_between(head.text, "code=", "&\r");
	str_addf(&form, "grant_type=authorization_code&code=%s&redirect_uri=http%%3A%%2F%%2F127.0.0.1%%2Fx"
		 "&client_id=simulator-client&client_secret=simulator-secret", code);
	str_reset(&request);
	str_addf(&request, "POST /oauth2/v1/tokens/bearer HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
		 "application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n\r\n%s", form.len, form.text);
	stream_send(&stream, request.text, request.len);
	str_reset(&head);
	stream_answer(&stream, &head, &body);
	token = text_between(body.text, "\"access_token\":\"", "\"");
	stream_close(&stream);
	return token;
}

/* The pages that a client reads which takes over everything, oldest change first. */
static void add_page_request(struct str *out, const char *token, long page)
{
	str_addf(out, "GET /v3/company/" REALM "/query?query=select%%20*%%20from%%20Invoice%%20"
		 "orderby%%20MetaData.LastUpdatedTime%%20startposition%%20%ld%%20maxresults%%20%d"
		 "&minorversion=75 HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n"
		 "Authorization: Bearer %s\r\n\r\n", page * PAGE + 1, PAGE, token);
}

/* ---- the servers */

/* Its address line tells that it has made its companies. */
static pid_t start_simulator(const struct settings *settings, int *ret_port)
{
	AUTO(str_clear) struct str company = STR_INIT(100);
	char line[200] = "";
	int ends[2];
	FILE *out;
	pid_t pid;

	str_addf(&company, "us,realm=" REALM ",invoices=%ld", settings->invoices);
	if (pipe(ends) != 0)
		die("cannot make a pipe");
	pid = fork();
	if (pid == 0) {
		dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		close(ends[1]);
		execl(settings->program, settings->program, "--port", "0", "--company", company.text,
		      "--auto-consent", "--exit-with-parent", "--set", "limits=off", (char *)NULL);
		die(settings->program);
	}
	close(ends[1]);
	out = fdopen(ends[0], "r");
	if (pid < 0 || !out || !fgets(line, sizeof(line), out) || !strrchr(line, ':'))
		die("the simulator did not start");
	fclose(out);
	*ret_port = (int)strtol(strrchr(line, ':') + 1, NULL, 10);
	return pid;
}

struct static_connection {
	int fd;
	const struct str *bytes;
};

/* What could not be less: a request in, the same bytes out. */
static void static_serve(void *ctx)
{
	struct static_connection *connection = ctx;
	char request[4096];

	while (recv(connection->fd, request, sizeof(request), 0) > 0) {
		size_t sent = 0;

		while (sent < connection->bytes->len) {
			ssize_t step = send(connection->fd, connection->bytes->text + sent,
					    connection->bytes->len - sent, MSG_NOSIGNAL);

			if (step <= 0)
				break;
			sent += (size_t)step;
		}
	}
	close(connection->fd);
	free(connection);
}

static pid_t start_static(const struct str *bytes, int *ret_port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
	pid_t pid;

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, len) != 0 || listen(fd, 64) != 0 ||
	    getsockname(fd, (struct sockaddr *)&address, &len) != 0)
		die("cannot listen");
	*ret_port = ntohs(address.sin_port);
	pid = fork();
	if (pid < 0)
		die("cannot fork");
	if (pid > 0) {
		close(fd);
		return pid;
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		struct static_connection *connection = memory_new(sizeof(*connection));

		connection->fd = accept(fd, NULL, NULL);
		connection->bytes = bytes;
		setsockopt(connection->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
		thread_new(static_serve, connection);
	}
}

/* Chunked as the simulator sends it, in one piece. */
static void make_static_bytes(const char *token, int port, struct str *out)
{
	AUTO(str_clear) struct str request = STR_INIT(HEAD_MAX), head = STR_INIT(HEAD_MAX);
	AUTO(str_clear) struct str body = STR_INIT(BODY_MAX);
	struct stream stream;

	stream_open(&stream, port);
	add_page_request(&request, token, 0);
	stream_send(&stream, request.text, request.len);
	stream_answer(&stream, &head, &body);
	stream_close(&stream);
	if (strncmp(head.text, "HTTP/1.1 200 ", 13) != 0 || !strstr(body.text, "\"maxResults\":1000"))
		die("a page does not hold 1000 invoices");
	str_addf(out, "%s%zx\r\n", head.text, body.len);
	str_add_bytes(out, body.text, body.len);
	str_add(out, "\r\n0\r\n\r\n");
}

/* ---- measuring */

/* Milliseconds of processor time that a process has used. */
static int64_t cpu_ms(pid_t pid)
{
	char path[64], line[1024];
	unsigned long user, system_time;
	const char *behind_name;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%ld/stat", (long)pid);
	file = fopen(path, "re");
	if (!file || !fgets(line, sizeof(line), file) || !(behind_name = strrchr(line, ')')) ||
	    sscanf(behind_name + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
		   &system_time) != 2)
		die("cannot read the server's processor time");
	fclose(file);
	return (int64_t)(user + system_time) * 1000 / sysconf(_SC_CLK_TCK);
}

/* Most memory that a process has had, KiB. */
static long memory_kib(pid_t pid)
{
	char path[64], line[256];
	long kib = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%ld/status", (long)pid);
	file = fopen(path, "re");
	while (file && kib < 0 && fgets(line, sizeof(line), file))
		if (strncmp(line, "VmHWM:", 6) == 0)
			kib = strtol(line + 6, NULL, 10);
	if (kib < 0)
		die("cannot read the server's memory");
	fclose(file);
	return kib;
}

static void client_run(void *ctx)
{
	struct client *client = ctx;
	AUTO(str_clear) struct str request = STR_INIT(HEAD_MAX), head = STR_INIT(HEAD_MAX);
	struct stream stream;

	stream_open(&stream, client->target->port);
	for (long page = client->first; !atomic_load(client->stop); page = (page + 1) % client->pages) {
		str_reset(&request);
		str_reset(&head);
		add_page_request(&request, client->token, page);
		stream_send(&stream, request.text, request.len);
		client->body_bytes += (long long)stream_answer(&stream, &head, NULL);
		if (strncmp(head.text, "HTTP/1.1 200 ", 13) != 0)
			die("a page was refused");
		client->done++;
	}
	stream_close(&stream);
}

/* Prints a row; returns pages per second. */
static long measure(const struct settings *settings, const struct target *target, const char *token,
		    int count, long beside)
{
	struct client clients[CLIENTS_MAX];
	struct thread *threads[CLIENTS_MAX];
	struct lock *lock = lock_new();
	atomic_bool stop = false;
	int64_t start_ms = now_ms(), start_cpu_ms = cpu_ms(target->pid), took_ms, used_ms;
	long pages = settings->invoices / PAGE, done = 0, rate;
	long long bytes = 0;

	for (int i = 0; i < count; i++) {
		clients[i] = (struct client){ .target = target, .token = token, .pages = pages,
					      .first = pages * i / count, .stop = &stop };
		threads[i] = thread_new(client_run, &clients[i]);
	}
	lock_enter(lock);
	while (now_ms() - start_ms < settings->seconds * 1000)
		lock_wait(lock, settings->seconds * 1000 - (now_ms() - start_ms));
	lock_leave(lock);
	atomic_store(&stop, true);
	for (int i = 0; i < count; i++) {
		thread_join(threads[i]);
		done += clients[i].done;
		bytes += clients[i].body_bytes;
	}
	took_ms = now_ms() - start_ms;
	used_ms = cpu_ms(target->pid) - start_cpu_ms;
	lock_free(lock);
	rate = (long)(done * 1000 / took_ms);
	printf("%7d  %-10s %7ld %10ld %9lld  %6lld.%02lld", count, target->name, rate, rate * PAGE,
	       bytes / 1000 / took_ms, (long long)(used_ms / (done ? done : 1)),
	       (long long)(used_ms * 100 / (done ? done : 1) % 100));
	if (beside > 0)
		printf("  %3ld.%02ld", rate / beside, rate * 100 / beside % 100);
	printf("\n");
	fflush(stdout);
	return rate;
}

static void end(pid_t pid, int number)
{
	kill(pid, number);
	waitpid(pid, NULL, 0);
}

static void run(const struct settings *settings)
{
	static const int counts[] = { 1, CLIENTS_MAX };
	struct target simulator = { .name = "simulator" }, still = { .name = "static" };
	AUTO(str_clear) struct str bytes = STR_INIT(BODY_MAX);
	AUTO(memory_freep) char *token = NULL;
	int64_t start_ms = now_ms(), load_ms;
	long kib;

	simulator.pid = start_simulator(settings, &simulator.port);
	load_ms = now_ms() - start_ms;
	kib = memory_kib(simulator.pid);
	printf("%ld invoices: made in %lld.%lld s, %ld MiB at most (%ld bytes an invoice)\n\n",
	       settings->invoices, (long long)(load_ms / 1000), (long long)(load_ms / 100 % 10), kib / 1024,
	       settings->invoices ? kib * 1024 / settings->invoices : 0);
	token = get_token(simulator.port);
	make_static_bytes(token, simulator.port, &bytes);
	still.pid = start_static(&bytes, &still.port);
	printf("pages of %d invoices, %zu KB each\n", PAGE, bytes.len / 1000);
	printf("clients  server     pages/s  objects/s      MB/s  CPU us/obj  of static\n");
	for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
		long most = measure(settings, &still, token, counts[i], 0);

		measure(settings, &simulator, token, counts[i], most);
	}
	printf("\nmemory afterwards: %ld MiB at most\n", memory_kib(simulator.pid) / 1024);
	end(still.pid, SIGKILL);
	end(simulator.pid, SIGTERM);
}

static long number_option(const char *name, const char *text, long least)
{
	char *rest;
	long number;

	errno = 0;
	number = strtol(text, &rest, 10);
	if (errno || *rest || rest == text || number < least || number > 10000000) {
		fprintf(stderr, "bench-simulator: --%s takes a number from %ld to 10000000\n", name, least);
		exit(2);
	}
	return number;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "program", required_argument, NULL, 'p' },
		{ "invoices", required_argument, NULL, 'i' },
		{ "seconds", required_argument, NULL, 's' },
		{ NULL, 0, NULL, 0 },
	};
	struct settings settings = { "./ledgerdeck-simulator", 1000000, 5 };
	const char *program = env_variable("SIMULATOR_PROGRAM");
	int found;

	if (program && *program)
		settings.program = program;
	while ((found = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (found == 'p')
			settings.program = optarg;
		else if (found == 'i')
			settings.invoices = number_option("invoices", optarg, PAGE);
		else if (found == 's')
			settings.seconds = number_option("seconds", optarg, 1);
		else
			return 2;
	}
	if (optind < argc) {
		fprintf(stderr, "usage: bench-simulator [--program FILE] [--invoices N] [--seconds N]\n");
		return 2;
	}
	errno = 0;
	run(&settings);
	return 0;
}
