/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The server of the tests: a thread that accepts, and one for each connection. */
#include "server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <zlib.h>

#include "ledgerdeck/core/cancel.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/thread.h"

#define CONNECTIONS_MAX 64
#define REQUEST_MAX ((size_t)1 << 20)
#define BOMB_BYTES ((size_t)32 << 20)

struct peer {
	struct server *server;
	struct thread *thread;
	int fd;
	int served;	    /* requests on this connection */
	struct str request; /* head and body of the one being served */
	char method[16], path[256];
};

struct server {
	int fd, port;
	struct cancel *stop;
	struct thread *thread;
	struct lock *lock;
	char url[400];
	/* under the lock */
	struct peer *peers[CONNECTIONS_MAX];
	int peer_count, requests, awaited;
	struct str last;
};

/* ---- a connection's bytes */

static bool peer_wait(struct peer *peer, short events)
{
	struct pollfd waits[] = {
		{ .fd = peer->fd, .events = events },
		{ .fd = cancel_fd(peer->server->stop), .events = POLLIN },
	};

	return poll(waits, 2, -1) > 0 && waits[1].revents == 0;
}

static bool peer_send(struct peer *peer, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t sent = send(peer->fd, bytes, len, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (sent < 0 && errno == EAGAIN) {
			if (!peer_wait(peer, POLLOUT))
				return false;
			continue;
		}
		if (sent < 0)
			return false;
		bytes += sent;
		len -= (size_t)sent;
	}
	return true;
}

static bool peer_say(struct peer *peer, const char *text)
{
	return peer_send(peer, text, strlen(text));
}

static bool peer_read(struct peer *peer)
{
	char bytes[4096];
	ssize_t got;

	if (!peer_wait(peer, POLLIN))
		return false;
	got = recv(peer->fd, bytes, sizeof(bytes), 0);
	if (got <= 0)
		return false;
	str_add_bytes(&peer->request, bytes, (size_t)got);
	return true;
}

static size_t body_len(const char *head)
{
	for (const char *line = strstr(head, "\r\n"); line && line[2];
	     line = strstr(line + 2, "\r\n")) {
		if (strncasecmp(line + 2, "content-length:", 15) == 0)
			return (size_t)strtoul(line + 17, NULL, 10);
	}
	return 0;
}

/* A whole request; false: there are no more. */
static bool peer_next(struct peer *peer)
{
	struct server *server = peer->server;
	const char *end;
	size_t whole;

	str_reset(&peer->request);
	while (!(end = strstr(peer->request.text, "\r\n\r\n"))) {
		if (!peer_read(peer))
			return false;
	}
	if (strstr(peer->request.text, " /refuse-body"))
		return false;
	whole = (size_t)(end - peer->request.text) + 4 + body_len(peer->request.text);
	while (peer->request.len < whole) {
		if (!peer_read(peer))
			return false;
	}
	if (sscanf(peer->request.text, "%15s %255s", peer->method, peer->path) != 2)
		return false;
	peer->served++;
	lock_enter(server->lock);
	server->requests++;
	str_reset(&server->last);
	str_add(&server->last, peer->request.text);
	lock_wake(server->lock);
	lock_leave(server->lock);
	return true;
}

/* ---- ways to answer; true: the connection is kept */

static bool say_whole(struct peer *peer, const char *status, const char *headers, const char *body,
		      size_t len)
{
	AUTO(str_clear) struct str head = STR_INIT(4096);

	str_addf(&head, "HTTP/1.1 %s\r\n%sContent-Length: %zu\r\n\r\n", status, headers, len);
	return peer_send(peer, head.text, head.len) && peer_send(peer, body, len);
}

static bool answer_ok(struct peer *peer)
{
	return say_whole(peer, "200 OK", "Content-Type: application/json\r\n", "{\"ok\":true}", 11);
}

static bool answer_html(struct peer *peer)
{
	return say_whole(peer, "200 OK", "content-type: text/html; charset=utf-8\r\n",
			 "<html></html>", 13);
}

static bool answer_echo(struct peer *peer)
{
	return say_whole(peer, "200 OK", "Content-Type: text/plain\r\n", peer->request.text,
			 peer->request.len);
}

static bool answer_heads(struct peer *peer)
{
	return say_whole(peer, "200 OK",
			 "X-Request-Id: other\r\nIntuit_TID: 1-abc\r\nX-Amzn-Trace-Id: third\r\n"
			 "Date: Sat, 31 Jan 2026 12:00:00 GMT\r\nRETRY-AFTER: Sat, 31 Jan 2026 "
			 "12:02:05 GMT\r\n"
			 "Content-Type: application/json;charset=utf-8\r\n",
			 "{}", 2);
}

static bool answer_status(struct peer *peer)
{
	char status[64];

	snprintf(status, sizeof(status), "%s Words", peer->path + strlen("/status/"));
	return say_whole(peer, status, "Retry-After: 7\r\nintuit_tid: tid-9\r\n", "body", 4);
}

static size_t pack(const char *bytes, size_t len, unsigned char *room, size_t size)
{
	z_stream stream = { 0 };
	AUTO(memory_freep) char *copy = memory_copy(bytes, len);
	size_t made;

	if (deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		return 0;
	stream.next_in = (unsigned char *)copy;
	stream.avail_in = (unsigned)len;
	stream.next_out = room;
	stream.avail_out = (unsigned)size;
	made = deflate(&stream, Z_FINISH) == Z_STREAM_END ? size - stream.avail_out : 0;
	deflateEnd(&stream);
	return made;
}

static bool say_packed(struct peer *peer, const char *bytes, size_t len)
{
	AUTO(memory_freep) unsigned char *room = memory_new(len / 100 + 1000);
	size_t made = pack(bytes, len, room, len / 100 + 1000);

	return say_whole(peer, "200 OK", "Content-Encoding: gzip\r\n", (char *)room, made);
}

static bool answer_gzip(struct peer *peer)
{
	return say_packed(peer, "packed", 6);
}

static bool answer_bomb(struct peer *peer)
{
	AUTO(memory_freep) char *zeros = memory_new(BOMB_BYTES);

	return say_packed(peer, zeros, BOMB_BYTES);
}

static bool answer_bad_gzip(struct peer *peer)
{
	return say_whole(peer, "200 OK", "Content-Encoding: gzip\r\n", "this is no gzip at all",
			 22);
}

static bool answer_endless_head(struct peer *peer)
{
	bool going = peer_say(peer, "HTTP/1.1 200 OK\r\n");

	while (going)
		going = peer_say(
			peer, "X-More: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n");
	return false;
}

static bool answer_endless_100(struct peer *peer)
{
	while (peer_say(peer, "HTTP/1.1 100 Continue\r\n\r\n"))
		;
	return false;
}

static bool answer_endless_body(struct peer *peer)
{
	bool going = peer_say(peer, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");

	while (going)
		going = peer_say(peer, "10\r\naaaaaaaaaaaaaaaa\r\n");
	return false;
}

static bool answer_garbage(struct peer *peer)
{
	peer_say(peer, "220 mail.example ESMTP\r\n");
	return false;
}

static bool answer_close(struct peer *peer)
{
	(void)peer;
	return false;
}

static bool answer_cut_head(struct peer *peer)
{
	peer_say(peer, "HTTP/1.1 200 OK\r\nContent-Ty");
	return false;
}

static bool answer_cut_body(struct peer *peer)
{
	peer_say(peer, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this");
	return false;
}

/* Until the other side hangs up, or the test is over. */
static bool answer_stall(struct peer *peer)
{
	char byte;

	while (peer_wait(peer, POLLIN) && recv(peer->fd, &byte, 1, 0) > 0)
		;
	return false;
}

static bool answer_stall_body(struct peer *peer)
{
	peer_say(peer, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
	return answer_stall(peer);
}

static bool answer_reset_second(struct peer *peer)
{
	return peer->served < 2 && answer_ok(peer);
}

static bool answer_redirect(struct peer *peer)
{
	return say_whole(peer, "302 Found", "Location: /ok\r\n", "", 0);
}

static bool answer_loop(struct peer *peer)
{
	return say_whole(peer, "307 Again", "Location: /loop\r\n", "", 0);
}

static bool answer_away(struct peer *peer)
{
	return say_whole(peer, "302 Found", "Location: https://elsewhere.invalid/ok\r\n", "", 0);
}

static bool answer_port(struct peer *peer)
{
	return say_whole(peer, "302 Found", "Location: http://127.0.0.1:1/ok\r\n", "", 0);
}

static bool answer_nothing_here(struct peer *peer)
{
	return say_whole(peer, "404 Not Found", "", "", 0);
}

static const struct way {
	const char *path;
	bool (*answer)(struct peer *peer);
} ways[] = {
	{ "/ok", answer_ok },
	{ "/html", answer_html },
	{ "/echo", answer_echo },
	{ "/heads", answer_heads },
	{ "/status/", answer_status },
	{ "/gzip", answer_gzip },
	{ "/bomb", answer_bomb },
	{ "/bad-gzip", answer_bad_gzip },
	{ "/endless-head", answer_endless_head },
	{ "/endless-100", answer_endless_100 },
	{ "/endless-body", answer_endless_body },
	{ "/garbage", answer_garbage },
	{ "/close", answer_close },
	{ "/cut-head", answer_cut_head },
	{ "/cut-body", answer_cut_body },
	{ "/stall-body", answer_stall_body },
	{ "/stall", answer_stall },
	{ "/reset-second", answer_reset_second },
	{ "/redirect", answer_redirect },
	{ "/loop", answer_loop },
	{ "/away", answer_away },
	{ "/port", answer_port },
};

static bool answer(struct peer *peer)
{
	if (strcmp(peer->method, "CONNECT") == 0)
		return say_whole(peer, "407 Who Are You", "", "", 0);
	for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
		if (strncmp(peer->path, ways[i].path, strlen(ways[i].path)) == 0)
			return ways[i].answer(peer);
	}
	return answer_nothing_here(peer);
}

/* ---- threads */

static void peer_run(void *ctx)
{
	struct peer *peer = ctx;

	while (peer_next(peer) && answer(peer))
		;
	/* The other side must see the end now, not when the test ends. */
	shutdown(peer->fd, SHUT_RDWR);
}

static void server_accept(struct server *server)
{
	const int on = 1;
	int fd = accept(server->fd, NULL, NULL);
	struct peer *peer;

	if (fd < 0)
		return;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	peer = memory_new(sizeof(*peer));
	peer->server = server;
	peer->fd = fd;
	str_init(&peer->request, REQUEST_MAX);
	lock_enter(server->lock);
	if (server->peer_count == CONNECTIONS_MAX)
		abort();
	server->peers[server->peer_count++] = peer;
	peer->thread = thread_new(peer_run, peer);
	lock_leave(server->lock);
}

static void server_run(void *ctx)
{
	struct server *server = ctx;
	struct pollfd waits[] = {
		{ .fd = server->fd, .events = POLLIN },
		{ .fd = cancel_fd(server->stop), .events = POLLIN },
	};

	while (poll(waits, 2, -1) > 0 && waits[1].revents == 0)
		server_accept(server);
}

struct server *server_new(void)
{
	struct server *server = memory_new(sizeof(*server));
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t len = sizeof(address);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	server->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (server->fd < 0 || bind(server->fd, (struct sockaddr *)&address, len) != 0 ||
	    listen(server->fd, 16) != 0 ||
	    getsockname(server->fd, (struct sockaddr *)&address, &len) != 0)
		abort();
	server->port = ntohs(address.sin_port);
	server->stop = cancel_new();
	server->lock = lock_new();
	str_init(&server->last, REQUEST_MAX);
	server->thread = thread_new(server_run, server);
	return server;
}

void server_free(struct server *server)
{
	if (!server)
		return;
	cancel_ask(server->stop);
	thread_join(server->thread);
	for (int i = 0; i < server->peer_count; i++) {
		thread_join(server->peers[i]->thread);
		close(server->peers[i]->fd);
		str_clear(&server->peers[i]->request);
		free(server->peers[i]);
	}
	close(server->fd);
	cancel_free(server->stop);
	lock_free(server->lock);
	str_clear(&server->last);
	free(server);
}

int server_port(const struct server *server)
{
	return server->port;
}

const char *server_url(struct server *server, const char *path)
{
	snprintf(server->url, sizeof(server->url), "http://127.0.0.1:%d%s", server->port, path);
	return server->url;
}

int server_requests(struct server *server)
{
	int count;

	lock_enter(server->lock);
	count = server->requests;
	lock_leave(server->lock);
	return count;
}

int server_connections(struct server *server)
{
	int count;

	lock_enter(server->lock);
	count = server->peer_count;
	lock_leave(server->lock);
	return count;
}

void server_await_request(struct server *server)
{
	lock_enter(server->lock);
	while (server->requests == server->awaited)
		lock_wait(server->lock, -1);
	server->awaited = server->requests;
	lock_leave(server->lock);
}

void server_add_last(struct server *server, struct str *out)
{
	lock_enter(server->lock);
	str_add(out, server->last.text);
	lock_leave(server->lock);
}
