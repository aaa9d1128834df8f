/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Calls as they travel: made into the simulator's requests, carried out here or by the process at the other
 * end of a pair of sockets, spoilt when it is their turn, and made into answers.
 */
#include "net.h"

#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/memory.h"

#define LOCAL "http://127.0.0.1:8620"
#define GATHER_MS 60000
#define LATE_PATIENCE_MS 20000 /* after so much the sender has given up */
#define LATE_MOST_MS 100000    /* after so much at most it has arrived: sooner than anybody believes that it won't any more */

/* An answer on its way, without what belongs to the simulator. */
struct reply {
	int status;
	enum simulator_ending ending;
	size_t cut_at;
	int64_t delay_ms;
	struct str type, trace, retry_after, body;
};

static void reply_clear(struct reply *reply)
{
	str_clear(&reply->type);
	str_clear(&reply->trace);
	str_clear(&reply->retry_after);
	str_clear(&reply->body);
}

#define REPLY_INIT { .type = STR_INIT(STR_NO_LIMIT), .trace = STR_INIT(STR_NO_LIMIT), \
		     .retry_after = STR_INIT(STR_NO_LIMIT), .body = STR_INIT(STR_NO_LIMIT) }

static void handle(struct simulator *simulator, const struct simulator_request *request, struct reply *reply)
{
	struct { const char *name; struct str *out; } wanted[] = {
		{ "Content-Type", &reply->type }, { "intuit_tid", &reply->trace }, { "Retry-After", &reply->retry_after },
	};
	struct simulator_answer answer;

	simulator_handle(simulator, request, &answer);
	reply->status = answer.status;
	reply->ending = answer.ending;
	reply->cut_at = answer.cut_at;
	reply->delay_ms = answer.delay_ms;
	str_add_bytes(&reply->body, answer.body.text, answer.body.len);
	for (size_t i = 0; i < answer.header_count; i++)
		for (size_t j = 0; j < ARRAY_LEN(wanted); j++)
			if (strcasecmp(answer.headers[i].name, wanted[j].name) == 0)
				str_add(wanted[j].out, answer.headers[i].value);
	simulator_done(simulator, &answer);
}

/* ---- over sockets: numbers and texts with their lengths; false: the other end is gone */

static bool put_bytes(int fd, const void *bytes, size_t len)
{
	const char *at = bytes;

	while (len > 0) {
		ssize_t sent = send(fd, at, len, MSG_NOSIGNAL);

		if (sent <= 0)
			return false;
		at += sent;
		len -= (size_t)sent;
	}
	return true;
}

static bool get_bytes(int fd, void *bytes, size_t len)
{
	char *at = bytes;

	while (len > 0) {
		ssize_t got = recv(fd, at, len, 0);

		if (got <= 0)
			return false;
		at += got;
		len -= (size_t)got;
	}
	return true;
}

static bool put_number(int fd, int64_t number)
{
	return put_bytes(fd, &number, sizeof(number));
}

static bool get_number(int fd, int64_t *ret_number)
{
	return get_bytes(fd, ret_number, sizeof(*ret_number));
}

static bool put_text(int fd, const char *text, size_t len)
{
	return put_number(fd, (int64_t)len) && put_bytes(fd, text, len);
}

static bool get_text(int fd, struct str *out)
{
	AUTO(memory_freep) char *text = NULL;
	int64_t len;

	if (!get_number(fd, &len))
		return false;
	text = memory_new((size_t)len + 1);
	if (!get_bytes(fd, text, (size_t)len))
		return false;
	str_add_bytes(out, text, (size_t)len);
	return true;
}

static bool exchange(int fd, const struct simulator_request *request, struct reply *reply)
{
	int64_t status, ending, cut_at, delay_ms;
	bool good = put_text(fd, request->method, strlen(request->method)) &&
		    put_text(fd, request->target, strlen(request->target)) && put_number(fd, (int64_t)request->header_count);

	for (size_t i = 0; good && i < request->header_count; i++)
		good = put_text(fd, request->headers[i].name, strlen(request->headers[i].name)) &&
		       put_text(fd, request->headers[i].value, strlen(request->headers[i].value));
	if (!good || !put_text(fd, request->body ? request->body : "", request->body_len) || !get_number(fd, &status) ||
	    !get_number(fd, &ending) || !get_number(fd, &cut_at) || !get_number(fd, &delay_ms) || !get_text(fd, &reply->type) ||
	    !get_text(fd, &reply->trace) || !get_text(fd, &reply->retry_after) || !get_text(fd, &reply->body))
		return false;
	reply->status = (int)status;
	reply->ending = (enum simulator_ending)ending;
	reply->cut_at = (size_t)cut_at;
	reply->delay_ms = delay_ms;
	return true;
}

/* The threads of a process share the line. */
static bool send_call(struct world *world, const struct simulator_request *request, struct reply *reply)
{
	bool good;

	lock_enter(world->line);
	good = exchange(world->socket, request, reply);
	lock_leave(world->line);
	return good;
}

static bool serve_one(struct world *world, int fd)
{
	AUTO(str_clear) struct str method = STR_INIT(STR_NO_LIMIT), target = STR_INIT(STR_NO_LIMIT), body = STR_INIT(STR_NO_LIMIT);
	struct str texts[2 * HTTP_HEADERS_MAX + 8];
	struct simulator_header headers[HTTP_HEADERS_MAX + 4];
	AUTO(reply_clear) struct reply reply = REPLY_INIT;
	struct simulator_request request = { .headers = headers };
	int64_t count = 0;
	size_t read = 0;
	bool good = get_text(fd, &method) && get_text(fd, &target) && get_number(fd, &count);

	for (size_t i = 0; good && i < 2 * (size_t)count; i++) {
		str_init(&texts[read], STR_NO_LIMIT);
		good = get_text(fd, &texts[read++]);
	}
	good = good && get_text(fd, &body);
	if (good) {
		for (size_t i = 0; i < (size_t)count; i++)
			headers[i] = (struct simulator_header){ texts[2 * i].text, texts[2 * i + 1].text };
		request.method = method.text;
		request.target = target.text;
		request.header_count = (size_t)count;
		request.body = body.text;
		request.body_len = body.len;
		handle(world->simulator, &request, &reply);
		good = put_number(fd, reply.status) && put_number(fd, reply.ending) && put_number(fd, (int64_t)reply.cut_at) &&
		       put_number(fd, reply.delay_ms) && put_text(fd, reply.type.text, reply.type.len) &&
		       put_text(fd, reply.trace.text, reply.trace.len) && put_text(fd, reply.retry_after.text, reply.retry_after.len) &&
		       put_text(fd, reply.body.text, reply.body.len);
	}
	for (size_t i = 0; i < read; i++)
		str_clear(&texts[i]);
	return good;
}

void world_serve(struct world *world, int fd)
{
	while (serve_one(world, fd))
		;
}

/* ---- what goes wrong */

static bool is_write(const struct http_request *request)
{
	return strcmp(request->method, "POST") == 0 && strstr(request->url, "requestid=") != NULL;
}

static enum breakage take_turn(struct world *world, const struct http_request *request)
{
	struct world_shared *shared = world->shared;
	int64_t number = atomic_fetch_add(&shared->calls, 1) + 1, at = atomic_load(&shared->break_at);

	if (atomic_load(&shared->break_write) ? at == 0 || number < at || !is_write(request) : number != at)
		return BREAK_NONE;
	atomic_store(&shared->break_write, false);
	return (enum breakage)atomic_load(&shared->break_how);
}

static void spoil(enum breakage how, struct reply *reply)
{
	switch (how) {
	case BREAK_CUT_BEFORE:
	case BREAK_CUT_AFTER:
		reply->ending = SIMULATOR_CUT_SILENT;
		break;
	case BREAK_STATUS:
	case BREAK_STATUS_AFTER:
	case BREAK_THROTTLE:
		reply->status = how == BREAK_THROTTLE ? 429 : 500;
		str_reset(&reply->body);
		break;
	case BREAK_HTML:
		str_reset(&reply->body);
		str_reset(&reply->type);
		str_add(&reply->type, "text/html");
		str_add(&reply->body, "<html><body>Please come back later.</body></html>");
		break;
	case BREAK_TRUNCATED:
		str_truncate(&reply->body, reply->body.len / 2);
		break;
	case BREAK_GARBAGE:
		for (size_t i = reply->body.len / 3; i < reply->body.len && i < reply->body.len / 3 + 40; i++)
			reply->body.text[i] = (char)(0x80 + i % 64);
		break;
	case BREAK_LATE:
		reply->ending = SIMULATOR_CUT_SILENT;
		reply->delay_ms = LATE_PATIENCE_MS;
		break;
	case BREAK_NONE:
	case BREAK_TWICE:
	case BREAK_ALL:
		break;
	}
}

/* ---- what arrives late, and whoever listens to the line */

struct late_call {
	struct late_call *next;
	int64_t due_ms;
	char *method, *target, *body; /* owned */
	size_t body_len;
	size_t header_count;
	char *headers[2 * (HTTP_HEADERS_MAX + 4)]; /* owned */
};

static void tap(struct world *world, const struct simulator_request *request, const char *authorization, const struct reply *reply, bool late)
{
	if (world->tap)
		world->tap(world->tap_ctx, &(struct world_call){ .method = request->method, .target = request->target, .body = request->body,
								 .body_len = request->body_len, .authorization = authorization,
								 .status = reply->status, .answer = &reply->body, .late = late });
}

static void keep_for_later(struct world *world, const struct simulator_request *request)
{
	struct late_call *late = memory_new(sizeof(*late));

	*late = (struct late_call){ .next = world->late, .method = memory_copy_text(request->method), .body_len = request->body_len,
				    .target = memory_copy_text(request->target), .header_count = request->header_count,
				    .body = memory_copy(request->body_len > 0 ? request->body : "", request->body_len) };
	late->due_ms = atomic_load(&world->shared->now_ms) + LATE_PATIENCE_MS +
		       (int64_t)random_below(world->chance, LATE_MOST_MS - LATE_PATIENCE_MS);
	for (size_t i = 0; i < request->header_count; i++) {
		late->headers[2 * i] = memory_copy_text(request->headers[i].name);
		late->headers[2 * i + 1] = memory_copy_text(request->headers[i].value);
	}
	world->late = late;
}

static void late_free(struct late_call *late)
{
	for (size_t i = 0; i < 2 * late->header_count; i++)
		free(late->headers[i]);
	free(late->method);
	free(late->target);
	free(late->body);
	free(late);
}

static void arrive(struct world *world, const struct late_call *late)
{
	struct simulator_header headers[HTTP_HEADERS_MAX + 4];
	struct simulator_request request = { .method = late->method, .target = late->target, .headers = headers, .body = late->body,
					     .header_count = late->header_count, .body_len = late->body_len };
	AUTO(reply_clear) struct reply reply = REPLY_INIT;
	const char *authorization = NULL;

	for (size_t i = 0; i < late->header_count; i++) {
		headers[i] = (struct simulator_header){ late->headers[2 * i], late->headers[2 * i + 1] };
		if (strcmp(headers[i].name, "Authorization") == 0)
			authorization = headers[i].value;
	}
	handle(world->simulator, &request, &reply);
	tap(world, &request, authorization, &reply, true);
}

void world_deliver(struct world *world, bool all)
{
	struct late_call **place = &world->late;

	while (*place) {
		struct late_call *late = *place;

		if (!all && late->due_ms > atomic_load(&world->shared->now_ms)) {
			place = &late->next;
			continue;
		}
		*place = late->next;
		arrive(world, late);
		late_free(late);
	}
}

void world_forget_late(struct world *world)
{
	while (world->late) {
		struct late_call *late = world->late;

		world->late = late->next;
		late_free(late);
	}
}

static void dawdle(struct world *world)
{
	/* Whose turn it is next is the kernel's choice; how often it may choose differs from call to call. */
	if (world->shuffled)
		for (int i = (int)(world_env(world).wall_ms(world) % 7) * 3; i > 0; i--)
			sched_yield();
}

void world_gather(struct world *world, int wanted)
{
	world->wanted = wanted;
	world->waiting = -1;
}

static void gather(struct world *world, const struct simulator_request *call)
{
	struct env env = env_real();
	int64_t left_ms, end_ms = env.ticks_ms(env.ctx) + GATHER_MS;

	if (world->wanted == 0 || !strstr(call->target, "/query") || strstr(call->target, "count"))
		return;
	lock_enter(world->door);
	if (++world->waiting >= world->wanted)
		lock_wake(world->door);
	while (world->waiting > 0 && world->waiting < world->wanted && (left_ms = end_ms - env.ticks_ms(env.ctx)) > 0)
		lock_wait(world->door, left_ms);
	lock_leave(world->door);
}

/* ---- as a transport */

static bool carry(struct world *world, const struct simulator_request *call, struct reply *reply)
{
	if (world->socket >= 0)
		return send_call(world, call, reply);
	handle(world->simulator, call, reply);
	return true;
}

static void add_header(struct simulator_request *request, struct simulator_header *headers, const char *name,
		       const char *value)
{
	headers[request->header_count++] = (struct simulator_header){ name, value };
}

static void make_answer(struct world *world, const struct reply *reply, size_t sent, struct http_answer *answer)
{
	answer->status = reply->status;
	if (world->spy) {
		lock_enter(world->line);
		world->spy(world->spy_ctx, reply->body.text, reply->body.len);
		lock_leave(world->line);
	}
	str_add_bytes(&answer->body, reply->body.text, reply->body.len);
	snprintf(answer->content_type, sizeof(answer->content_type), "%s", reply->type.text);
	snprintf(answer->trace_id, sizeof(answer->trace_id), "%s", reply->trace.text);
	answer->retry_after_ms = reply->retry_after.len > 0 ? strtoll(reply->retry_after.text, NULL, 10) * 1000 : -1;
	answer->date_ms = atomic_load(&world->shared->now_ms) / 1000 * 1000 + world->skew_s * 1000;
	answer->sent_bytes = (int64_t)sent;
	answer->received_bytes = (int64_t)reply->body.len;
}

bool net_perform(void *ctx, const struct http_request *request, struct http_answer *answer, struct cancel *cancel,
		 struct error *err)
{
	struct world *world = ctx;
	struct simulator_header headers[HTTP_HEADERS_MAX + 4];
	struct simulator_request call = { .method = request->method, .headers = headers, .body = request->body,
					  .body_len = request->body_len };
	AUTO(reply_clear) struct reply reply = REPLY_INIT;
	enum breakage how = take_turn(world, request);

	if (cancel_asked(cancel))
		return error_set(err, ERROR_CANCELLED, "cancelled");
	assert_memory_equal(request->url, LOCAL, strlen(LOCAL));
	call.target = request->url + strlen(LOCAL);
	add_header(&call, headers, "Host", "127.0.0.1:8620");
	for (size_t i = 0; i < request->header_count; i++)
		add_header(&call, headers, request->headers[i].name, request->headers[i].value);
	if (request->authorization)
		add_header(&call, headers, "Authorization", secret_reveal(request->authorization));
	if (request->secret_body) {
		call.body = secret_reveal(request->secret_body);
		call.body_len = secret_len(request->secret_body);
	}
	gather(world, &call);
	dawdle(world);
	if (how == BREAK_LATE)
		keep_for_later(world, &call);
	if (how == BREAK_CUT_BEFORE || how == BREAK_STATUS || how == BREAK_THROTTLE || how == BREAK_LATE)
		reply.status = 0; /* the ledger never gets it, or not yet */
	else if (!carry(world, &call, &reply))
		return error_set(err, ERROR_NETWORK, "the ledger's process is gone");
	tap(world, &call, request->authorization ? secret_reveal(request->authorization) : NULL, &reply, false);
	if (how == BREAK_TWICE) {
		AUTO(reply_clear) struct reply second = REPLY_INIT;

		handle(world->simulator, &call, &second);
		tap(world, &call, request->authorization ? secret_reveal(request->authorization) : NULL, &second, true);
	}
	spoil(how, &reply);
	dawdle(world);
	atomic_fetch_add(&world->shared->now_ms, 5 + reply.delay_ms);
	if (reply.ending == SIMULATOR_WHOLE) {
		make_answer(world, &reply, call.body_len + strlen(call.target), answer);
		return true;
	}
	error_set(err, ERROR_NETWORK, "the connection was cut");
	err->outcome_unknown = how != BREAK_CUT_BEFORE;
	return false;
}
