/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sockets around simulator_handle(): a few threads of libmicrohttpd, each with an epoll of its own
 * over one listening socket. A connection that waits (idle, delayed, slow) holds no thread.
 */
#include "server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"
#include "ledgerdeck/core/thread.h"
#include "ledgerdeck/simulator.h"

#include "alarms.h"
#include "exchange.h"

#define CONNECTIONS_MAX 20000
#define DESCRIPTORS_KEPT 64 /* for everything but connections */
#define BACKLOG 1024
#define HANG_UP_MS 5000 /* more than enough for all connections to end */
#define THREADS_MIN 2
#define THREADS_MAX 8
/*
 * What a connection may hold: the head of its request, later one chunk of its answer. It is all
 * touched once a request was answered, so it counts for each connection that is kept alive.
 */
#define CONNECTION_BYTES ((size_t)64 << 10)

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

/* A connection, as far as the server itself knows it. */
struct line {
	struct line *next, *before;
	int fd; /* borrowed: libmicrohttpd's; open as long as the line is listed */
};

struct server {
	struct carrier carrier;
	int fd;                    /* owned until libmicrohttpd has it; -1 from then on */
	int port;
	int idle_timeout_s;
	char *url;                 /* owned */
	struct MHD_Daemon *daemon; /* owned; NULL: not started */
	struct lock *lock;         /* owned; guards all below */
	struct line *lines;        /* owned; all connections */
	bool ending;
};

/* ---- the address */

static bool address_parse(const char *text, int port, union address *ret_address, socklen_t *ret_len)
{
	union address address = { 0 };

	if (strcmp(text, "localhost") == 0)
		text = "127.0.0.1";
	if (inet_pton(AF_INET, text, &address.v4.sin_addr) == 1) {
		address.v4.sin_family = AF_INET;
		address.v4.sin_port = htons((uint16_t)port);
		*ret_len = sizeof(address.v4);
		*ret_address = address;
		return ntohl(address.v4.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
	}
	if (inet_pton(AF_INET6, text, &address.v6.sin6_addr) == 1) {
		address.v6.sin6_family = AF_INET6;
		address.v6.sin6_port = htons((uint16_t)port);
		*ret_len = sizeof(address.v6);
		*ret_address = address;
		return IN6_IS_ADDR_LOOPBACK(&address.v6.sin6_addr);
	}
	return false;
}

/* Why an address can't be had, in words. */
static bool refuse_address(int reason, const char *address, int port, struct error *err)
{
	if (reason == EADDRINUSE)
		return error_set(err, ERROR_INPUT, "port %d of '%.60s' is in use", port, address);
	if (reason == EACCES)
		return error_set(err, ERROR_INPUT, "port %d of '%.60s' is not allowed to you", port,
				 address);
	return error_set(err, ERROR_INPUT, "cannot listen on port %d of '%.60s': %s", port, address,
			 strerror(reason));
}

static bool server_bind(struct server *server, const struct server_config *config, struct error *err)
{
	const int on = 1;
	union address address;
	socklen_t len;

	if (!address_parse(config->address, config->port, &address, &len))
		return error_set(err, ERROR_INPUT, "'%.60s' is no loopback address, as 127.0.0.1 or ::1 "
				 "is: the simulator listens nowhere else", config->address);
	server->fd = socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (server->fd < 0)
		return refuse_address(errno, config->address, config->port, err);
	setsockopt(server->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (address.any.sa_family == AF_INET6)
		setsockopt(server->fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	if (bind(server->fd, &address.any, len) != 0 ||
	    getsockname(server->fd, &address.any, &len) != 0)
		return refuse_address(errno, config->address, config->port, err);
	server->port = ntohs(address.any.sa_family == AF_INET6 ? address.v6.sin6_port
							       : address.v4.sin_port);
	return true;
}

static void server_make_url(struct server *server, const char *address)
{
	AUTO(str_clear) struct str url = STR_INIT(100);
	bool is_v6 = strchr(address, ':') != NULL;

	str_addf(&url, "http://%s%s%s:%d", is_v6 ? "[" : "", address, is_v6 ? "]" : "", server->port);
	server->url = str_take(&url);
}

bool server_open(const struct server_config *config, struct server **ret_server, struct error *err)
{
	struct server *server = memory_new(sizeof(*server));

	server->fd = -1;
	server->lock = lock_new();
	server->idle_timeout_s = config->idle_timeout_s;
	server->carrier.env = config->env;
	server->carrier.memory_limit = (size_t)config->memory_limit;
	server->carrier.verbose = config->verbose;
	if (!server_bind(server, config, err)) {
		server_close(server);
		return false;
	}
	server_make_url(server, config->address);
	*ret_server = server;
	return true;
}

const char *server_url(const struct server *server)
{
	return server->url;
}

/* Beside it first and renamed then: who finds the file finds a whole number in it. */
bool server_write_port(const struct server *server, const char *path, struct error *err)
{
	AUTO(str_clear) struct str beside = STR_INIT(STR_NO_LIMIT);
	FILE *file;
	bool good;

	str_addf(&beside, "%s.%ld", path, (long)getpid());
	file = fopen(beside.text, "we");
	if (!file)
		return error_set(err, ERROR_INPUT, "cannot write '%.100s': %s", path, strerror(errno));
	good = fprintf(file, "%d\n", server->port) > 0;
	good = fclose(file) == 0 && good && rename(beside.text, path) == 0;
	if (!good) {
		error_set(err, ERROR_INPUT, "cannot write '%.100s': %s", path, strerror(errno));
		unlink(beside.text);
	}
	return good;
}

/* ---- what libmicrohttpd calls */

/* The target as on the wire, before it is taken apart: the exchange begins here. */
static void *on_target(void *ctx, const char *target, struct MHD_Connection *connection)
{
	return exchange_new(ctx, connection, target);
}

/* Called for the head, for each piece of body, at the end of the request, and after each wait. */
static enum MHD_Result on_request(void *ctx, struct MHD_Connection *connection, const char *url,
				  const char *method, const char *version, const char *body,
				  size_t *body_len, void **exchange)
{
	size_t len = *body_len;

	(void)ctx;
	(void)connection;
	(void)url;
	if (!exchange_has_begun(*exchange))
		return exchange_begin(*exchange, method, version);
	if (len == 0)
		return exchange_answer(*exchange);
	*body_len = 0;
	return exchange_add_body(*exchange, body, len);
}

static void on_completed(void *ctx, struct MHD_Connection *connection, void **exchange,
			 enum MHD_RequestTerminationCode how)
{
	(void)ctx;
	(void)connection;
	(void)how;
	exchange_free(*exchange);
	*exchange = NULL;
}

/* ---- connections */

/* May somebody connect? Not any more once the end is under way. */
static enum MHD_Result on_accept(void *ctx, const struct sockaddr *address, socklen_t len)
{
	struct server *server = ctx;
	bool ending;

	(void)address;
	(void)len;
	lock_enter(server->lock);
	ending = server->ending;
	lock_leave(server->lock);
	return ending ? MHD_NO : MHD_YES;
}

/*
 * libmicrohttpd calls this before it reads from a new connection, and again before it closes its
 * descriptor. One that was let in just before the end began is hung up like all others.
 */
static void on_connection(void *ctx, struct MHD_Connection *connection, void **line_of,
			  enum MHD_ConnectionNotificationCode what)
{
	struct server *server = ctx;
	struct line *line = *line_of;

	lock_enter(server->lock);
	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		*line_of = line = memory_new(sizeof(*line));
		line->fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
		line->next = server->lines;
		if (line->next)
			line->next->before = line;
		server->lines = line;
		if (server->ending)
			shutdown(line->fd, SHUT_RDWR);
	} else {
		if (line->next)
			line->next->before = line->before;
		*(line->before ? &line->before->next : &server->lines) = line->next;
		free(line);
		if (server->ending)
			lock_wake(server->lock);
	}
	lock_leave(server->lock);
}

/*
 * libmicrohttpd follows a null pointer when a request that makes no sense arrives while its daemon
 * is being stopped. So it is stopped only once there are no connections.
 */
static void server_hang_up(struct server *server)
{
	int64_t left_ms = HANG_UP_MS, start_ms = server->carrier.env.ticks_ms(server->carrier.env.ctx);

	lock_enter(server->lock);
	server->ending = true;
	for (struct line *line = server->lines; line; line = line->next)
		shutdown(line->fd, SHUT_RDWR);
	while (server->lines && left_ms > 0) {
		lock_wait(server->lock, left_ms);
		left_ms = HANG_UP_MS - (server->carrier.env.ticks_ms(server->carrier.env.ctx) - start_ms);
	}
	lock_leave(server->lock);
}

/* ---- life */

/* As many descriptors as the system lets us have; returns how many connections that makes. */
static unsigned connection_limit(void)
{
	struct rlimit limit;
	rlim_t left;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return THREADS_MAX;
	if (limit.rlim_cur < limit.rlim_max) {
		struct rlimit raised = { limit.rlim_max, limit.rlim_max };

		if (setrlimit(RLIMIT_NOFILE, &raised) == 0)
			limit = raised;
	}
	left = limit.rlim_cur > DESCRIPTORS_KEPT ? limit.rlim_cur - DESCRIPTORS_KEPT : THREADS_MAX;
	return left < CONNECTIONS_MAX ? (unsigned)left : CONNECTIONS_MAX;
}

static unsigned thread_count(void)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	if (cores < THREADS_MIN)
		return THREADS_MIN;
	return cores < THREADS_MAX ? (unsigned)cores : THREADS_MAX;
}

bool server_start(struct server *server, struct simulator *simulator, struct error *err)
{
	server->carrier.simulator = simulator;
	if (listen(server->fd, BACKLOG) != 0) {
		if (errno == EADDRINUSE)
			return error_set(err, ERROR_INPUT, "port %d is in use", server->port);
		return error_set(err, ERROR_INPUT, "cannot listen on port %d: %s", server->port,
				 strerror(errno));
	}
	server->carrier.alarms = alarms_new(server->carrier.env, exchange_park, exchange_wake);
	server->daemon = MHD_start_daemon(
		MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, on_accept, server,
		on_request, NULL, MHD_OPTION_LISTEN_SOCKET, server->fd,
		MHD_OPTION_THREAD_POOL_SIZE, thread_count(),
		MHD_OPTION_CONNECTION_LIMIT, connection_limit(),
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_BYTES,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)server->idle_timeout_s,
		MHD_OPTION_URI_LOG_CALLBACK, on_target, &server->carrier,
		MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL,
		MHD_OPTION_NOTIFY_CONNECTION, on_connection, server, MHD_OPTION_END);
	if (!server->daemon)
		return error_set(err, ERROR_INTERNAL, "cannot start threads to serve with");
	server->fd = -1; /* closed with the daemon */
	return true;
}

/* Whatever waits is woken first: the daemon must not end with connections that are suspended. */
void server_close(struct server *server)
{
	if (!server)
		return;
	if (server->carrier.alarms)
		alarms_end(server->carrier.alarms);
	if (server->daemon) {
		server_hang_up(server);
		MHD_stop_daemon(server->daemon);
	}
	alarms_free(server->carrier.alarms);
	if (server->fd >= 0)
		close(server->fd);
	lock_free(server->lock);
	free(server->url);
	free(server);
}
