/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Waits on loopback for the browser that comes back from a sign-in, with libmicrohttpd in the
 * thread that waits. What the answer means is left to the caller's check; nothing of it is kept
 * here but in the secret that is handed out.
 */
#include "ledgerdeck/net/listener.h"

#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <poll.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"
#include "libmicrohttpd.h"

#define BACKLOG 8
#define CONNECTIONS_MAX 32
#define CLIENT_TIMEOUT_S 5
#define HEAD_MAX 8192	   /* bytes of a request's head */
#define CLIENT_BYTES 20480 /* of memory for one, which the library needs to take such a head */
#define QUERY_MAX 4096
#define PAGE_MAX 4096
#define FREE_PORT_TRIES 20
#define SHOW_MS 3000 /* at most, for the last page to reach the browser */
#define FAMILIES 2

struct listener {
	struct MHD_Daemon *daemons[FAMILIES]; /* owned; NULL: that family isn't there */
	int epolls[FAMILIES];		      /* the daemons'; -1: none */
	int port;
	char *path; /* owned */
	/* while somebody waits */
	bool (*check)(void *ctx, const struct secret *query, struct error *err);
	void *ctx;
	struct secret *accepted; /* owned; what the check took */
	bool answered;		 /* something was taken: nothing more is */
	bool shown;		 /* and the browser has the page */
};

/* One request. */
struct visit {
	struct secret *query; /* owned; NULL: another path, no query, or too long */
	char *raw;	      /* the library's own copy of it, to be wiped */
	size_t raw_len;
	bool too_long;
	bool accepted;
};

/* ---- pages */

static void response_freep(struct MHD_Response **response)
{
	if (*response)
		libmicrohttpd()->destroy_response(*response);
	*response = NULL;
}

static void add_html(struct str *page, const char *text)
{
	for (; *text; text++) {
		if (*text == '<')
			str_add(page, "&lt;");
		else if (*text == '>')
			str_add(page, "&gt;");
		else if (*text == '&')
			str_add(page, "&amp;");
		else if (*text == '"')
			str_add(page, "&quot;");
		else
			str_add_char(page, *text);
	}
}

static enum MHD_Result show(struct MHD_Connection *connection, unsigned status, const char *title,
			    const char *text)
{
	static const char *const headers[][2] = {
		{ "Content-Type", "text/html; charset=utf-8" },
		{ "Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; "
					     "frame-ancestors 'none'" },
		{ "Referrer-Policy", "no-referrer" },
		{ "X-Content-Type-Options", "nosniff" },
		{ "Cache-Control", "no-store" },
		{ "Connection", "close" },
	};
	AUTO(response_freep) struct MHD_Response *response = NULL;
	AUTO(str_clear) struct str page = STR_INIT(PAGE_MAX);

	str_add(&page, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>");
	add_html(&page, title);
	str_add(&page,
		"</title></head>\n<body style=\"font-family: sans-serif; margin: 3em\"><h1>");
	add_html(&page, title);
	str_add(&page, "</h1>\n<p>");
	add_html(&page, text);
	str_add(&page, "</p></body></html>\n");
	response = libmicrohttpd()->create_response_from_buffer(page.len, page.text, MHD_RESPMEM_MUST_COPY);
	if (!response)
		return MHD_NO;
	for (size_t i = 0; i < ARRAY_LEN(headers); i++) {
		if (libmicrohttpd()->add_response_header(response, headers[i][0], headers[i][1]) != MHD_YES)
			return MHD_NO;
	}
	if (status == MHD_HTTP_METHOD_NOT_ALLOWED &&
	    libmicrohttpd()->add_response_header(response, "Allow", "GET") != MHD_YES)
		return MHD_NO;
	return libmicrohttpd()->queue_response(connection, status, response);
}

/* ---- what libmicrohttpd calls */

/* The target as it came. The query is taken out of it before anybody takes it apart. */
static void *on_target(void *ctx, const char *target, struct MHD_Connection *connection)
{
	const struct listener *listener = ctx;
	struct visit *visit = memory_new(sizeof(*visit));
	size_t path_len = strlen(listener->path);
	const char *query;

	(void)connection;
	if (strncmp(target, listener->path, path_len) != 0 || target[path_len] != '?')
		return visit;
	query = target + path_len + 1;
	visit->raw_len = strlen(query);
	memcpy(&visit->raw, &query, sizeof(visit->raw)); /* its memory is the connection's own */
	visit->too_long = visit->raw_len > QUERY_MAX;
	if (visit->raw_len > 0 && !visit->too_long)
		visit->query = secret_copy(query, visit->raw_len);
	return visit;
}

static const char *header(struct MHD_Connection *connection, const char *name)
{
	const char *value = libmicrohttpd()->lookup_connection_value(connection, MHD_HEADER_KIND, name);

	return value ? value : "";
}

/* Browsers that fetch ahead of the person: their answer would never be seen. */
static bool is_prefetch(struct MHD_Connection *connection)
{
	return strstr(header(connection, "Sec-Purpose"), "prefetch") ||
	       strcasecmp(header(connection, "Purpose"), "prefetch") == 0 ||
	       strcasecmp(header(connection, "X-Moz"), "prefetch") == 0;
}

/* A foreign name that leads here is another's page trying. Any port: tunnels have their own. */
static bool is_our_name(struct MHD_Connection *connection)
{
	static const char *const names[] = { "localhost", "127.0.0.1", "[::1]" };
	const char *host = header(connection, "Host");

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		size_t len = strlen(names[i]);

		if (strncasecmp(host, names[i], len) == 0 &&
		    (host[len] == '\0' || host[len] == ':'))
			return true;
	}
	return false;
}

static bool is_too_large(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		libmicrohttpd()->get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);

	return info && info->header_size > HEAD_MAX;
}

/* First the check, then the page: what it says is true. */
static enum MHD_Result take_answer(struct listener *listener, struct MHD_Connection *connection,
				   struct visit *visit)
{
	struct error err = { 0 };

	if (!listener->check(listener->ctx, visit->query, &err))
		return show(connection, MHD_HTTP_BAD_REQUEST, "This did not work",
			    err.text[0] ? err.text
					: "The answer was not the one that is waited for.");
	listener->answered = true;
	visit->accepted = true;
	listener->accepted = memory_steal(&visit->query);
	return show(connection, MHD_HTTP_OK, "Received",
		    "You can close this window and go back to the terminal.");
}

static enum MHD_Result answer(struct listener *listener, struct MHD_Connection *connection,
			      const char *path, const char *method, struct visit *visit)
{
	if (is_too_large(connection))
		return show(connection, 431, "Too long", "The browser sends too much.");
	if (!is_our_name(connection))
		return show(connection, 421, "Not here", "This address is for the machine itself.");
	if (strcmp(path, listener->path) != 0)
		return show(connection, MHD_HTTP_NOT_FOUND, "Nothing here",
			    "There is no such page.");
	if (strcmp(method, "GET") != 0)
		return show(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "Not so",
			    "This address is only for a browser that comes back from a sign-in.");
	if (is_prefetch(connection))
		return show(connection, MHD_HTTP_SERVICE_UNAVAILABLE, "Not yet",
			    "This page is not to be fetched ahead.");
	if (visit->too_long)
		return show(connection, MHD_HTTP_URI_TOO_LONG, "Too long",
			    "The address is too long.");
	if (listener->answered)
		return show(connection, MHD_HTTP_GONE, "Received before",
			    "An answer is here already: go back to the terminal.");
	if (!visit->query)
		return show(connection, MHD_HTTP_BAD_REQUEST, "This did not work",
			    "The address has no answer in it.");
	return take_answer(listener, connection, visit);
}

/* The whole head is here. What is sent behind it is not read. */
static enum MHD_Result on_request(void *ctx, struct MHD_Connection *connection, const char *path,
				  const char *method, const char *version, const char *body,
				  size_t *body_len, void **visit)
{
	enum MHD_Result result;
	struct visit *here = *visit;

	(void)version;
	(void)body;
	(void)body_len;
	result = answer(ctx, connection, path, method, here);
	/* The library's memory is freed as it is: the code must not stay behind in it. */
	if (here->raw)
		secret_wipe(here->raw, here->raw_len);
	here->raw = NULL;
	return result;
}

static void on_completed(void *ctx, struct MHD_Connection *connection, void **visit,
			 enum MHD_RequestTerminationCode how)
{
	struct listener *listener = ctx;
	struct visit *here = *visit;

	(void)connection;
	(void)how;
	if (!here)
		return;
	if (here->accepted)
		listener->shown = true;
	secret_free(here->query);
	free(here);
	*visit = NULL;
}

/* ---- sockets */

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

static void fd_closep(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static socklen_t loopback(int family, int port, union address *address)
{
	*address = (union address){ 0 };
	if (family == AF_INET) {
		address->v4.sin_family = AF_INET;
		address->v4.sin_port = htons((uint16_t)port);
		address->v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		return sizeof(address->v4);
	}
	address->v6.sin6_family = AF_INET6;
	address->v6.sin6_port = htons((uint16_t)port);
	address->v6.sin6_addr = in6addr_loopback;
	return sizeof(address->v6);
}

/* A listening socket, and the port it got; -1 with errno. */
static int listen_on(int family, int *port)
{
	const int on = 1;
	AUTO(fd_closep) int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	union address address;
	socklen_t len = loopback(family, *port, &address);
	int taken;

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	if (bind(fd, &address.any, len) != 0 || listen(fd, BACKLOG) != 0 ||
	    getsockname(fd, &address.any, &len) != 0)
		return -1;
	*port = ntohs(family == AF_INET ? address.v4.sin_port : address.v6.sin6_port);
	taken = fd;
	fd = -1;
	return taken;
}

/* Machines without IPv6, or without its loopback address, have nobody who could come that way. */
static bool is_absent(int reason)
{
	return reason == EAFNOSUPPORT || reason == EADDRNOTAVAIL || reason == EPROTONOSUPPORT;
}

static bool fail_port(int port, int reason, struct error *err)
{
	if (reason == EADDRINUSE)
		return error_set(err, ERROR_NETWORK, "port %d is taken by another program", port);
	if (reason == EACCES)
		return error_set(err, ERROR_NETWORK,
				 "port %d is not allowed to you: take one above 1023", port);
	return error_set(err, ERROR_NETWORK, "cannot listen on port %d: %s", port,
			 strerror(reason));
}

/* The same port in both families. When any will do, one that is free in both is looked for. */
static bool listen_both(int wanted, int fds[FAMILIES], int *ret_port, struct error *err)
{
	int reason = 0;

	for (int tries = 0; tries < FREE_PORT_TRIES; tries++) {
		int port = wanted;

		fds[0] = listen_on(AF_INET, &port);
		if (fds[0] < 0)
			return fail_port(wanted, errno, err);
		fds[1] = listen_on(AF_INET6, &port);
		*ret_port = port;
		if (fds[1] >= 0 || is_absent(errno))
			return true;
		reason = errno;
		fd_closep(&fds[0]);
		if (wanted != 0)
			break;
	}
	return fail_port(wanted, reason, err);
}

/* ---- life */

/* Takes the socket, whether it works or not. */
static bool start(struct listener *listener, int family, int *fd)
{
	const union MHD_DaemonInfo *info;

	listener->daemons[family] = libmicrohttpd()->start_daemon(
		MHD_USE_EPOLL, 0, NULL, NULL, on_request, listener, MHD_OPTION_LISTEN_SOCKET, *fd,
		MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CLIENT_BYTES,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)CLIENT_TIMEOUT_S,
		MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_URI_LOG_CALLBACK, on_target, listener,
		MHD_OPTION_NOTIFY_COMPLETED, on_completed, listener, MHD_OPTION_END);
	if (!listener->daemons[family]) {
		fd_closep(fd);
		return false;
	}
	*fd = -1; /* closed with the daemon */
	info = libmicrohttpd()->get_daemon_info(listener->daemons[family], MHD_DAEMON_INFO_EPOLL_FD);
	if (!info)
		return false;
	listener->epolls[family] = info->epoll_fd;
	return true;
}

bool listener_open(int port, const char *path, struct listener **ret_listener, struct error *err)
{
	struct listener *listener = memory_new(sizeof(*listener));
	int fds[FAMILIES] = { -1, -1 };
	bool good;

	listener->epolls[0] = listener->epolls[1] = -1;
	listener->path = memory_copy_text(path);
	good = listen_both(port, fds, &listener->port, err);
	for (int i = 0; i < FAMILIES; i++) {
		if (good && fds[i] >= 0 && !start(listener, i, &fds[i]))
			good = error_set(err, ERROR_INTERNAL, "cannot serve on port %d",
					 listener->port);
		fd_closep(&fds[i]);
	}
	if (!good) {
		listener_close(listener);
		return false;
	}
	*ret_listener = listener;
	return true;
}

void listener_close(struct listener *listener)
{
	if (!listener)
		return;
	for (int i = 0; i < FAMILIES; i++) {
		if (listener->daemons[i])
			libmicrohttpd()->stop_daemon(listener->daemons[i]);
	}
	secret_free(listener->accepted);
	free(listener->path);
	free(listener);
}

int listener_port(const struct listener *listener)
{
	return listener->port;
}

/* ---- waiting */

/* How long may we sleep: to `until_ms`, or less where a client's time is up before. */
static int poll_time(const struct listener *listener, int64_t left_ms)
{
	MHD_UNSIGNED_LONG_LONG ms;

	for (int i = 0; i < FAMILIES; i++) {
		if (listener->daemons[i] && libmicrohttpd()->get_timeout(listener->daemons[i], &ms) == MHD_YES &&
		    ms < (uint64_t)left_ms)
			left_ms = (int64_t)ms;
	}
	return left_ms < INT_MAX ? (int)left_ms : INT_MAX;
}

/* Serve whoever is there, waiting at most `left_ms`. */
static bool serve(struct listener *listener, int64_t left_ms, const struct cancel *cancel,
		  struct error *err)
{
	struct pollfd waits[FAMILIES + 1] = {
		{ .fd = listener->epolls[0], .events = POLLIN },
		{ .fd = listener->epolls[1], .events = POLLIN },
		{ .fd = cancel ? cancel_fd(cancel) : -1, .events = POLLIN },
	};

	if (poll(waits, ARRAY_LEN(waits), poll_time(listener, left_ms)) < 0 && errno != EINTR)
		return error_set(err, ERROR_NETWORK, "cannot wait on port %d: %s", listener->port,
				 strerror(errno));
	for (int i = 0; i < FAMILIES; i++) {
		if (listener->daemons[i] && libmicrohttpd()->run(listener->daemons[i]) != MHD_YES)
			return error_set(err, ERROR_NETWORK, "cannot serve on port %d",
					 listener->port);
	}
	return true;
}

/* The answer is here; give the browser a moment to fetch its page. */
static void finish(struct listener *listener, const struct cancel *cancel)
{
	struct env env = env_real();
	int64_t until_ms = env.ticks_ms(env.ctx) + SHOW_MS, left_ms = SHOW_MS;

	while (!listener->shown && left_ms > 0 && !cancel_asked(cancel) &&
	       serve(listener, left_ms, cancel, NULL))
		left_ms = until_ms - env.ticks_ms(env.ctx);
}

bool listener_wait(struct listener *listener, int64_t timeout_ms, struct cancel *cancel,
		   bool (*check)(void *ctx, const struct secret *query, struct error *err),
		   void *ctx, struct secret **ret_query, struct error *err)
{
	struct env env = env_real();
	int64_t start_ms = env.ticks_ms(env.ctx);

	listener->check = check;
	listener->ctx = ctx;
	while (!listener->accepted) {
		int64_t left_ms = timeout_ms - (env.ticks_ms(env.ctx) - start_ms);

		if (cancel_asked(cancel))
			return error_set(err, ERROR_CANCELLED,
					 "nobody waits for the browser any more");
		if (left_ms <= 0)
			return error_set(err, ERROR_LIMIT, "no browser came back within %lld s",
					 (long long)((timeout_ms + 999) / 1000));
		if (!serve(listener, left_ms, cancel, err))
			return false;
	}
	finish(listener, cancel);
	*ret_query = memory_steal(&listener->accepted);
	return true;
}
