/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Carrying one request to the simulated ledger and its answer back. What costs memory is bounded
 * here: the body of a request by BODY_MAX, all bodies and answers together by the carrier's limit.
 */
#include "exchange.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"
#include "ledgerdeck/simulator.h"

#include "alarms.h"

#define BODY_MAX ((size_t)8 << 20)
/*
 * A body beyond BODY_MAX is read on and thrown away up to here, so that a client which writes its
 * whole request before it reads sees the refusal and not a broken connection.
 */
#define SWALLOW_MAX ((uint64_t)64 << 20)
/* Beyond these an address could need more than CONNECTION_BYTES of server.c. */
#define TARGET_MAX ((size_t)48 << 10)
#define PARAMETERS_MAX 200
#define BLOCK_BYTES ((size_t)64 << 10)
#define LOG_PATH_MAX 400
/* libmicrohttpd has had three names for it. */
#define TOO_LARGE 413
/* A slow body is sent in steps of this length; beyond this rate there is nothing to slow down. */
#define PACE_MS 50
#define RATE_MAX (INT64_C(1) << 40)

struct exchange {
	struct carrier *carrier;            /* borrowed: the server's */
	struct MHD_Connection *connection;  /* borrowed: libmicrohttpd's, outlives this */
	char *target;                       /* owned */
	char *method;                       /* owned; NULL until the head was read */
	int64_t start_ms;
	bool is_head, is_http_1_0;
	unsigned refusal;                   /* status of a refusal by the server itself; 0: none */
	uint64_t received;                  /* bytes of body that came */
	struct str body;                    /* those that were kept */
	size_t held;                        /* this one's share of the carrier's `held` */
	bool is_worked_out;                 /* the simulator made `answer` */
	bool is_given_back;                 /* simulator_done() was called for it */
	struct simulator_answer answer;
	unsigned status;                    /* as sent, for the log; 0: nothing was sent */
	int64_t body_start_ms;              /* when a slow body began, or -1 */
};

/* Account for the bytes that this exchange keeps from now on. */
static void exchange_hold(struct exchange *exchange, size_t bytes)
{
	if (bytes > exchange->held)
		atomic_fetch_add(&exchange->carrier->held, bytes - exchange->held);
	else
		atomic_fetch_sub(&exchange->carrier->held, exchange->held - bytes);
	exchange->held = bytes;
}

static int64_t carrier_now_ms(const struct carrier *carrier)
{
	return carrier->env.ticks_ms(carrier->env.ctx);
}

/* ---- the log line */

static void add_log_text(struct str *line, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		str_add_char(line, text[i] > ' ' && text[i] < 0x7f ? text[i] : '?');
}

/*
 * Path and parameter names. Values may be secrets, and so may what has no "=": both are left out.
 * Control characters may be anything.
 */
static void add_log_target(struct str *line, const char *target)
{
	const char *at = target + strcspn(target, "?");

	add_log_text(line, target, (size_t)(at - target));
	while (*at) {
		size_t len = strcspn(at + 1, "&"), name = strcspn(at + 1, "=&");

		str_add_char(line, *at);
		if (name < len)
			add_log_text(line, at + 1, name + 1);
		at += 1 + len;
	}
}

static void exchange_log(const struct exchange *exchange)
{
	int64_t took_ms = carrier_now_ms(exchange->carrier) - exchange->start_ms;
	AUTO(str_clear) struct str path = STR_INIT(LOG_PATH_MAX);
	AUTO(str_clear) struct str line = STR_INIT(LOG_PATH_MAX + 100);

	add_log_target(&path, exchange->target);
	str_addf(&line, "%.16s %s%s ", exchange->method ? exchange->method : "-", path.text,
		 str_is_cut(&path) ? "..." : "");
	if (exchange->status)
		str_addf(&line, "%u", exchange->status);
	else
		str_add(&line, "no answer");
	str_addf(&line, " %lld ms\n", (long long)took_ms);
	fputs(line.text, stderr);
}

/* ---- giving back */

/* As soon as it is delivered, so that the client's next request doesn't find it in flight. */
static void exchange_give_back(struct exchange *exchange)
{
	if (!exchange->is_worked_out || exchange->is_given_back)
		return;
	exchange->is_given_back = true;
	simulator_done(exchange->carrier->simulator, &exchange->answer);
	exchange_hold(exchange, 0);
}

void exchange_free(struct exchange *exchange)
{
	if (!exchange)
		return;
	if (exchange->carrier->verbose)
		exchange_log(exchange);
	exchange_give_back(exchange);
	exchange_hold(exchange, 0);
	str_clear(&exchange->body);
	free(exchange->target);
	free(exchange->method);
	free(exchange);
}

/* ---- waiting */

void exchange_park(void *exchange)
{
	MHD_suspend_connection(((struct exchange *)exchange)->connection);
}

void exchange_wake(void *exchange)
{
	MHD_resume_connection(((struct exchange *)exchange)->connection);
}

/* ---- refusals by the server itself */

static const struct refusal {
	unsigned status;
	const char *reason, *text;
} refusals[] = {
	{ MHD_HTTP_BAD_REQUEST, "Bad Request", "the address has too many parameters\n" },
	{ TOO_LARGE, "Content Too Large", "the request body is too large\n" },
	{ MHD_HTTP_URI_TOO_LONG, "URI Too Long", "the address is too long\n" },
	{ MHD_HTTP_SERVICE_UNAVAILABLE, "Service Unavailable", "too much at once, try again later\n" },
};

static const struct refusal *refusal_find(unsigned status)
{
	const struct refusal *refusal = refusals;

	while (refusal->status != status)
		refusal++;
	return refusal;
}

static enum MHD_Result exchange_refuse(struct exchange *exchange)
{
	const char *text = refusal_find(exchange->refusal)->text;
	struct MHD_Response *response;
	enum MHD_Result result;
	char *copy = memory_copy_text(text);

	response = MHD_create_response_from_buffer(strlen(text), copy, MHD_RESPMEM_MUST_FREE);
	if (!response) {
		free(copy);
		return MHD_NO;
	}
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "text/plain");
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
	exchange->status = exchange->refusal;
	result = MHD_queue_response(exchange->connection, exchange->refusal, response);
	MHD_destroy_response(response);
	return result;
}

/*
 * Where libmicrohttpd takes no answer (in the middle of a head or a body) the socket gets it
 * directly: nothing has been sent on it yet. The connection ends whether or not it is read.
 */
static void exchange_refuse_now(struct exchange *exchange)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	const struct refusal *refusal = refusal_find(exchange->refusal);
	AUTO(str_clear) struct str out = STR_INIT(400);

	str_addf(&out, "HTTP/1.1 %u %s\r\nContent-Type: text/plain\r\nConnection: close\r\n"
		 "Content-Length: %zu\r\n\r\n%s", refusal->status, refusal->reason,
		 strlen(refusal->text), refusal->text);
	if (send(info->connect_fd, out.text, out.len, MSG_NOSIGNAL | MSG_DONTWAIT) > 0)
		exchange->status = refusal->status;
	shutdown(info->connect_fd, SHUT_RDWR);
}

/* ---- the request */

/*
 * libmicrohttpd splits the query itself, though nobody asks for the parts, and when its memory
 * for that connection ends there it leaves the client without an answer.
 */
static unsigned target_refusal(const char *target)
{
	size_t count = 0;

	if (strlen(target) > TARGET_MAX)
		return MHD_HTTP_URI_TOO_LONG;
	for (const char *at = target; *at; at++)
		count += *at == '&';
	return count < PARAMETERS_MAX ? 0 : MHD_HTTP_BAD_REQUEST;
}

struct exchange *exchange_new(struct carrier *carrier, struct MHD_Connection *connection,
			      const char *target)
{
	struct exchange *exchange = memory_new(sizeof(*exchange));

	exchange->carrier = carrier;
	exchange->connection = connection;
	exchange->target = memory_copy_text(target ? target : "");
	exchange->start_ms = carrier_now_ms(carrier);
	exchange->body_start_ms = -1;
	str_init(&exchange->body, BODY_MAX);
	exchange->refusal = target_refusal(exchange->target);
	if (exchange->refusal)
		exchange_refuse_now(exchange);
	return exchange;
}

bool exchange_has_begun(const struct exchange *exchange)
{
	return exchange->method != NULL;
}

static const char *exchange_header(const struct exchange *exchange, const char *name)
{
	return MHD_lookup_connection_value(exchange->connection, MHD_HEADER_KIND, name);
}

enum MHD_Result exchange_begin(struct exchange *exchange, const char *method, const char *version)
{
	const char *length = exchange_header(exchange, MHD_HTTP_HEADER_CONTENT_LENGTH);
	uint64_t announced = length ? strtoull(length, NULL, 10) : 0;

	exchange->method = memory_copy_text(method);
	exchange->is_head = strcmp(method, MHD_HTTP_METHOD_HEAD) == 0;
	exchange->is_http_1_0 = strcmp(version, MHD_HTTP_VERSION_1_0) == 0;
	if (exchange->refusal)
		return MHD_NO;
	if (announced <= BODY_MAX)
		return MHD_YES;
	exchange->refusal = TOO_LARGE;
	/* Who waits for "100 Continue" has sent nothing yet and never needs to. */
	if (announced > SWALLOW_MAX || exchange_header(exchange, MHD_HTTP_HEADER_EXPECT))
		return exchange_refuse(exchange);
	return MHD_YES;
}

enum MHD_Result exchange_add_body(struct exchange *exchange, const char *bytes, size_t len)
{
	struct carrier *carrier = exchange->carrier;

	exchange->received += len;
	if (exchange->received > BODY_MAX)
		exchange->refusal = TOO_LARGE;
	else if (atomic_load(&carrier->held) + len > carrier->memory_limit)
		exchange->refusal = MHD_HTTP_SERVICE_UNAVAILABLE;
	if (!exchange->refusal) {
		str_add_bytes(&exchange->body, bytes, len);
		exchange_hold(exchange, exchange->body.room);
		return MHD_YES;
	}
	str_clear(&exchange->body);
	exchange_hold(exchange, 0);
	if (exchange->received <= SWALLOW_MAX)
		return MHD_YES;
	exchange_refuse_now(exchange);
	return MHD_NO;
}

struct header_list {
	struct simulator_header *items; /* owned; names and values are libmicrohttpd's */
	size_t count, room;
};

static enum MHD_Result add_header(void *ctx, enum MHD_ValueKind kind, const char *name,
				  const char *value)
{
	struct header_list *list = ctx;

	(void)kind;
	memory_grow(&list->items, &list->room, list->count + 1, sizeof(*list->items));
	list->items[list->count++] = (struct simulator_header){ name, value ? value : "" };
	return MHD_YES;
}

/* Have the simulator make the answer. HEAD is GET whose body stays here. */
static void exchange_work_out(struct exchange *exchange)
{
	struct header_list headers = { 0 };

	MHD_get_connection_values(exchange->connection, MHD_HEADER_KIND, add_header, &headers);
	simulator_handle(exchange->carrier->simulator,
			 &(struct simulator_request){
				 .method = exchange->is_head ? MHD_HTTP_METHOD_GET : exchange->method,
				 .target = exchange->target,
				 .headers = headers.items,
				 .header_count = headers.count,
				 .body = exchange->body.text,
				 .body_len = exchange->body.len,
			 },
			 &exchange->answer);
	free(headers.items);
	str_clear(&exchange->body);
	exchange->is_worked_out = true;
	exchange_hold(exchange, exchange->answer.body.room);
}

/* ---- the answer's body */

/* HTTP/1.0 has no chunks, and libmicrohttpd ends the chunks of HEAD that it never began. */
static bool exchange_is_chunked(const struct exchange *exchange)
{
	return exchange->answer.chunked && !exchange->is_http_1_0 && !exchange->is_head;
}

/* How many of `len` bytes may be sent by now; 0: none before `ret_due_ms`. */
static size_t exchange_pace(struct exchange *exchange, uint64_t position, size_t len,
			    int64_t *ret_due_ms)
{
	int64_t rate = exchange->answer.bytes_per_s < RATE_MAX ? exchange->answer.bytes_per_s : RATE_MAX;
	int64_t now_ms = carrier_now_ms(exchange->carrier);
	int64_t step = rate / (1000 / PACE_MS), wanted;

	if (exchange->body_start_ms < 0)
		exchange->body_start_ms = now_ms;
	if (step < 1)
		step = 1;
	if ((int64_t)len > step)
		len = (size_t)step;
	wanted = (int64_t)position + (int64_t)len;
	*ret_due_ms = exchange->body_start_ms + wanted / rate * 1000 +
		      (wanted % rate * 1000 + rate - 1) / rate;
	return *ret_due_ms <= now_ms ? len : 0;
}

/* The same, but waits as long as it takes: 0 while suspended, and with `ret_broken` at the end of all. */
static size_t exchange_wait(struct exchange *exchange, uint64_t position, size_t len, bool *ret_broken)
{
	struct alarms *alarms = exchange->carrier->alarms;
	int64_t due_ms;
	size_t paced;

	*ret_broken = false;
	while ((paced = exchange_pace(exchange, position, len, &due_ms)) == 0) {
		if (alarms_add(alarms, due_ms, exchange))
			return 0;
		if (alarms_is_ending(alarms)) {
			*ret_broken = true;
			return 0;
		}
	}
	return paced;
}

/* For libmicrohttpd: the next bytes of the body, 0 while it has to wait (then suspended). */
static ssize_t exchange_read_body(void *ctx, uint64_t position, char *out, size_t room)
{
	struct exchange *exchange = ctx;
	const struct simulator_answer *answer = &exchange->answer;
	bool is_cut = answer->ending == SIMULATOR_CUT_BODY, broken = false;
	size_t end = answer->body.len, len;

	if (is_cut && answer->cut_at < end)
		end = answer->cut_at;
	if (position >= end) {
		exchange_give_back(exchange);
		return is_cut ? MHD_CONTENT_READER_END_WITH_ERROR : MHD_CONTENT_READER_END_OF_STREAM;
	}
	len = end - (size_t)position;
	if (len > room)
		len = room;
	if (answer->bytes_per_s > 0)
		len = exchange_wait(exchange, position, len, &broken);
	if (len == 0)
		return broken ? MHD_CONTENT_READER_END_WITH_ERROR : 0;
	memcpy(out, answer->body.text + position, len);
	/* With a Content-Length nobody asks again after the last byte. */
	if (!is_cut && position + len == end && !exchange_is_chunked(exchange))
		exchange_give_back(exchange);
	return (ssize_t)len;
}

/* ---- the answer's head */

/* The simulated time, which a client may take for the ledger's. */
static void add_date(struct MHD_Response *response, int64_t now_ms)
{
	char text[STAMP_TEXT_MAX];

	MHD_add_response_header(response, MHD_HTTP_HEADER_DATE, stamp_format_http(now_ms, text));
}

/* How the body travels is decided here, whatever the answer's own headers say. */
static bool is_framing(const char *name)
{
	return strcasecmp(name, MHD_HTTP_HEADER_CONTENT_LENGTH) == 0 ||
	       strcasecmp(name, MHD_HTTP_HEADER_TRANSFER_ENCODING) == 0;
}

static struct MHD_Response *exchange_make_response(struct exchange *exchange)
{
	const struct simulator_answer *answer = &exchange->answer;
	size_t len = answer->body.len, block = len < BLOCK_BYTES ? len + 1 : BLOCK_BYTES;
	bool chunked = exchange_is_chunked(exchange), has_date = false;
	struct MHD_Response *response =
		MHD_create_response_from_callback(chunked ? MHD_SIZE_UNKNOWN : len,
						  chunked ? 1 : block, exchange_read_body,
						  exchange, NULL);

	if (!response)
		return NULL;
	for (size_t i = 0; i < answer->header_count; i++) {
		const char *name = answer->headers[i].name;

		has_date = has_date || strcasecmp(name, MHD_HTTP_HEADER_DATE) == 0;
		if (!is_framing(name))
			MHD_add_response_header(response, name, answer->headers[i].value);
	}
	if (!has_date)
		add_date(response, simulator_now_ms(exchange->carrier->simulator));
	return response;
}

static enum MHD_Result exchange_send(struct exchange *exchange)
{
	struct MHD_Response *response;
	enum MHD_Result result;

	if (exchange->answer.ending == SIMULATOR_CUT_SILENT)
		return MHD_NO;
	response = exchange_make_response(exchange);
	if (!response)
		return MHD_NO;
	exchange->status = (unsigned)exchange->answer.status;
	result = MHD_queue_response(exchange->connection, exchange->status, response);
	MHD_destroy_response(response);
	return result;
}

enum MHD_Result exchange_answer(struct exchange *exchange)
{
	struct carrier *carrier = exchange->carrier;

	if (!exchange->is_worked_out) {
		if (!exchange->refusal && atomic_load(&carrier->held) > carrier->memory_limit)
			exchange->refusal = MHD_HTTP_SERVICE_UNAVAILABLE;
		if (exchange->refusal)
			return exchange_refuse(exchange);
		exchange_work_out(exchange);
		if (exchange->answer.delay_ms > 0 &&
		    alarms_add(carrier->alarms,
			       carrier_now_ms(carrier) + exchange->answer.delay_ms, exchange))
			return MHD_YES;
	}
	return exchange_send(exchange);
}
