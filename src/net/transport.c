/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Carries requests over with libcurl: one handle and its connections per thread, driven by the
 * multi interface, since that can wait for a wish to stop as well. Nothing is tried twice here but
 * what libcurl repeats on a kept connection that died, and that never once a body has left.
 */
#include "ledgerdeck/net/http.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "ledgerdeck/core/memory.h"

#include "call.h"
#include "head.h"
#include "libcurl.h"
#include "url.h"

#define TIMEOUT_MS (INT64_C(130) * 1000)
#define CONNECT_TIMEOUT_MS (INT64_C(30) * 1000)
#define ANSWER_MAX ((size_t)64 << 20)
#define SIGN_IN_RESERVE ((size_t)64 << 10) /* tokens come in answers smaller than this */
#define AUTHORIZATION_MAX ((size_t)32 << 10)
#define HEADER_MAX ((size_t)16 << 10)
#define REDIRECTS_MAX 3
#define POLL_MS 1000

struct transport_curl {
	CURLM *multi;	  /* owned: it keeps the connections */
	CURL *easy;	  /* owned */
	char *proxy;	  /* owned; NULL: as the environment says */
	char *ca_file;	  /* owned; NULL: the system's */
	char *user_agent; /* owned */
	int64_t timeout_ms; /* for calls that name none */
	size_t answer_max;
};

struct transport_curl *transport_curl_new(const struct transport_curl_options *options)
{
	struct transport_curl *curl = memory_new(sizeof(*curl));

	curl->multi = libcurl()->multi_init();
	curl->easy = libcurl()->easy_init();
	if (!curl->multi || !curl->easy)
		memory_fatal();
	if (options->proxy)
		curl->proxy = memory_copy_text(options->proxy);
	if (options->ca_file)
		curl->ca_file = memory_copy_text(options->ca_file);
	curl->user_agent =
		memory_copy_text(options->user_agent ? options->user_agent : "ledgerdeck");
	curl->timeout_ms = options->timeout_ms > 0 ? options->timeout_ms : TIMEOUT_MS;
	curl->answer_max = options->answer_max > 0 ? options->answer_max : ANSWER_MAX;
	return curl;
}

void transport_curl_free(struct transport_curl *curl)
{
	if (!curl)
		return;
	libcurl()->easy_cleanup(curl->easy);
	libcurl()->multi_cleanup(curl->multi);
	if (curl->proxy)
		secret_wipe(curl->proxy, strlen(curl->proxy)); /* may hold a password */
	free(curl->proxy);
	free(curl->ca_file);
	free(curl->user_agent);
	free(curl);
}

/* ---- headers of the request */

static void slist_freep(struct curl_slist **list)
{
	libcurl()->slist_free_all(*list);
	*list = NULL;
}

static void list_add(struct curl_slist **list, const char *line)
{
	struct curl_slist *longer = libcurl()->slist_append(*list, line);

	if (!longer)
		memory_fatal();
	*list = longer;
}

/* Could it be taken for more than one header? */
static bool is_one_line(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if ((text[i] >= 0 && text[i] < ' ' && text[i] != '\t') || text[i] == 0x7f)
			return false;
	}
	return true;
}

static bool is_name(const char *text)
{
	return text[0] &&
	       strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
			    "!#$%&'*+-.^_`|~") == strlen(text);
}

static bool add_header(struct curl_slist **list, const char *name, const char *value,
		       struct error *err)
{
	AUTO(str_clear) struct str line = STR_INIT(HEADER_MAX);

	if (!is_name(name) || !is_one_line(value, strlen(value)))
		return error_set(err, ERROR_INPUT, "the header '%.60s' cannot be sent", name);
	/* libcurl's way to say that a header is sent and empty. */
	if (value[0])
		str_addf(&line, "%s: %s", name, value);
	else
		str_addf(&line, "%s;", name);
	if (str_is_cut(&line))
		return error_set(err, ERROR_INPUT, "the header '%.60s' is too long", name);
	list_add(list, line.text);
	return true;
}

/* In locked memory until libcurl makes its copy, which is wiped with the list. */
static bool add_authorization(struct curl_slist **list, const struct secret *value,
			      struct error *err)
{
	static const char name[] = "Authorization: ";
	AUTO(secret_freep) struct secret *line = NULL;
	size_t len = secret_len(value);

	if (len == 0 || len > AUTHORIZATION_MAX || !is_one_line(secret_reveal(value), len) ||
	    strlen(secret_reveal(value)) != len)
		return error_set(err, ERROR_INPUT, "the authorization cannot be sent");
	line = secret_new(sizeof(name) - 1 + len);
	memcpy(secret_edit(line), name, sizeof(name) - 1);
	memcpy(secret_edit(line) + sizeof(name) - 1, secret_reveal(value), len);
	list_add(list, secret_reveal(line));
	return true;
}

static bool add_headers(const struct http_request *request, struct curl_slist **list,
			struct error *err)
{
	bool has_type = false;

	for (size_t i = 0; i < request->header_count; i++) {
		if (!add_header(list, request->headers[i].name, request->headers[i].value, err))
			return false;
		has_type = has_type || strcasecmp(request->headers[i].name, "Content-Type") == 0;
	}
	/* What libcurl would add by itself: a type that the caller did not name, and a wait. */
	if (!has_type)
		list_add(list, "Content-Type:");
	list_add(list, "Expect:");
	return !request->authorization || add_authorization(list, request->authorization, err);
}

/* ---- what libcurl calls */

static size_t on_head(char *line, size_t size, size_t count, void *ctx)
{
	struct call *call = ctx;

	if (!head_add(&call->head, line, size * count)) {
		call->head_too_large = true;
		return 0;
	}
	return size * count;
}

/* Decompressed bytes: a small answer that unfolds into a huge one ends here as well. */
static size_t on_body(char *bytes, size_t size, size_t count, void *ctx)
{
	struct call *call = ctx;
	size_t len = size * count;

	if (len > call->answer_max - call->answer->body.len) {
		call->body_too_large = true;
		return 0;
	}
	str_add_bytes(&call->answer->body, bytes, len);
	return len;
}

/*
 * The request's body, straight from where it lies. There is no way back in it on purpose: when a
 * kept connection dies under a request, libcurl would send it again on a new one, and without a
 * way back it does so only while nothing of the body has left.
 */
static size_t on_send(char *room, size_t size, size_t count, void *ctx)
{
	struct call *call = ctx;
	size_t len = call->body_len - call->body_at;

	if (len > size * count)
		len = size * count;
	if (len > 0)
		memcpy(room, call->body + call->body_at, len);
	call->body_at += len;
	return len;
}

/* Plain http stays on this machine, whatever a name may resolve to. */
static curl_socket_t on_plain_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *address)
{
	const struct sockaddr *any = &address->addr;
	struct sockaddr_in v4 = { 0 };
	struct sockaddr_in6 v6 = { 0 };
	bool loopback = false;

	(void)ctx;
	(void)purpose;
	if (any->sa_family == AF_INET) {
		memcpy(&v4, any, sizeof(v4));
		loopback = ntohl(v4.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
	} else if (any->sa_family == AF_INET6) {
		memcpy(&v6, any, sizeof(v6));
		loopback = IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr);
	}
	if (!loopback) {
		errno = EACCES;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* ---- options */

/* All options are copied into one result: that some are there is not for each line to ask. */
struct setter {
	CURL *easy;
	bool failed;
};

#define SET(setter, option, value)                                                                 \
	((setter)->failed |= libcurl()->easy_setopt((setter)->easy, (option), (value)) != CURLE_OK)

static void set_security(struct setter *set, const struct transport_curl *curl,
			 const struct url *url)
{
#if LIBCURL_VERSION_NUM >= 0x075500
	SET(set, CURLOPT_PROTOCOLS_STR, url->secure ? "https" : "http");
#else
	SET(set, CURLOPT_PROTOCOLS, (long)(url->secure ? CURLPROTO_HTTPS : CURLPROTO_HTTP));
#endif
	SET(set, CURLOPT_FOLLOWLOCATION, 0L);
	SET(set, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	SET(set, CURLOPT_SSL_VERIFYPEER, 1L);
	SET(set, CURLOPT_SSL_VERIFYHOST, 2L);
	SET(set, CURLOPT_PROXY_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	SET(set, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	if (curl->ca_file)
		SET(set, CURLOPT_CAINFO, curl->ca_file);
	if (url->loopback)
		SET(set, CURLOPT_PROXY, "");
	else if (curl->proxy)
		SET(set, CURLOPT_PROXY, curl->proxy);
	if (!url->secure)
		SET(set, CURLOPT_OPENSOCKETFUNCTION, on_plain_socket);
}

static void set_method(struct setter *set, struct call *call)
{
	const char *method = call->request->method;
	bool has_body = call->body != NULL;

	if (strcmp(method, "HEAD") == 0) {
		SET(set, CURLOPT_NOBODY, 1L);
	} else if (has_body || strcmp(method, "POST") == 0 || strcmp(method, "PUT") == 0) {
		SET(set, CURLOPT_POST, 1L);
		SET(set, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)call->body_len);
		SET(set, CURLOPT_READFUNCTION, on_send);
		SET(set, CURLOPT_READDATA, call);
		SET(set, CURLOPT_CUSTOMREQUEST, method);
	} else if (strcmp(method, "GET") == 0) {
		SET(set, CURLOPT_HTTPGET, 1L);
	} else {
		SET(set, CURLOPT_CUSTOMREQUEST, method);
	}
	/* Without a body nothing would keep libcurl from repeating it: see on_send(). */
	if (call->body_len == 0 && strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
		SET(set, CURLOPT_FRESH_CONNECT, 1L);
}

static bool set_options(struct call *call, const struct transport_curl *curl, const char *address,
			struct curl_slist *headers, struct error *err)
{
	struct setter set = { .easy = call->easy };
	int64_t connect_ms =
		call->timeout_ms < CONNECT_TIMEOUT_MS ? call->timeout_ms : CONNECT_TIMEOUT_MS;

	SET(&set, CURLOPT_URL, address);
	SET(&set, CURLOPT_PATH_AS_IS, 1L);
	SET(&set, CURLOPT_NOSIGNAL, 1L);
	SET(&set, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	SET(&set, CURLOPT_ACCEPT_ENCODING, "gzip");
	SET(&set, CURLOPT_USERAGENT, curl->user_agent);
	SET(&set, CURLOPT_HTTPHEADER, headers);
	SET(&set, CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE);
	SET(&set, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	SET(&set, CURLOPT_TIMEOUT_MS, (long)call->timeout_ms);
	SET(&set, CURLOPT_CONNECTTIMEOUT_MS, (long)connect_ms);
	SET(&set, CURLOPT_TCP_KEEPALIVE, 1L);
	SET(&set, CURLOPT_BUFFERSIZE, 128L << 10);
	SET(&set, CURLOPT_ERRORBUFFER, call->text);
	SET(&set, CURLOPT_HEADERFUNCTION, on_head);
	SET(&set, CURLOPT_HEADERDATA, call);
	SET(&set, CURLOPT_WRITEFUNCTION, on_body);
	SET(&set, CURLOPT_WRITEDATA, call);
#if LIBCURL_VERSION_NUM >= 0x075700
	/* Or the end of a call would wait for a resolver that hangs. */
	SET(&set, CURLOPT_QUICK_EXIT, 1L);
#endif
	set_security(&set, curl, &call->url);
	set_method(&set, call);
	if (set.failed)
		return error_set(err, ERROR_INTERNAL, "libcurl lacks something that is needed");
	return true;
}

/* ---- one call */

/* Until it is done. False: cancelled. */
static bool drive(CURLM *multi, const struct cancel *cancel, CURLcode *ret_code)
{
	struct curl_waitfd stop = { .fd = cancel ? cancel_fd(cancel) : -1,
				    .events = CURL_WAIT_POLLIN };
	const CURLMsg *message;
	int running, left;

	for (;;) {
		if (cancel_asked(cancel))
			return false;
		if (libcurl()->multi_perform(multi, &running) != CURLM_OK)
			memory_fatal();
		while ((message = libcurl()->multi_info_read(multi, &left))) {
			if (message->msg == CURLMSG_DONE) {
				*ret_code = message->data.result;
				return true;
			}
		}
		if (libcurl()->multi_poll(multi, &stop, cancel ? 1 : 0, POLL_MS, NULL) != CURLM_OK)
			memory_fatal();
	}
}

static int64_t get_count(CURL *easy, CURLINFO info)
{
	curl_off_t value = 0;

	return libcurl()->easy_getinfo(easy, info, &value) == CURLE_OK ? (int64_t)value : 0;
}

/* What went over the wire, added to what earlier hops took. */
static void count(struct call *call)
{
	struct http_answer *answer = call->answer;
	long request = 0, head = 0;

	libcurl()->easy_getinfo(call->easy, CURLINFO_REQUEST_SIZE, &request);
	libcurl()->easy_getinfo(call->easy, CURLINFO_HEADER_SIZE, &head);
	answer->sent_bytes += request + get_count(call->easy, CURLINFO_SIZE_UPLOAD_T);
	answer->received_bytes += head + get_count(call->easy, CURLINFO_SIZE_DOWNLOAD_T);
	answer->took_ms += get_count(call->easy, CURLINFO_TOTAL_TIME_T) / 1000;
}

static bool run(struct call *call, struct transport_curl *curl, struct cancel *cancel,
		struct error *err)
{
	struct env env = env_real();
	CURLcode code = CURLE_OK;
	long status = 0;
	bool ended;

	if (libcurl()->multi_add_handle(curl->multi, call->easy) != CURLM_OK)
		memory_fatal();
	ended = drive(curl->multi, cancel, &code);
	/* To libcurl an answer that ends within its head is a whole one, without a body. */
	if (code == CURLE_OK && !call->head.ended)
		code = CURLE_RECV_ERROR;
	count(call);
	if (!ended) {
		error_set(err, ERROR_CANCELLED, "the call of '%.100s' was cancelled",
			  call->url.shown);
		if (err)
			err->outcome_unknown = call_has_reached(call);
	} else if (code != CURLE_OK) {
		call_fail(call, code, err);
	}
	libcurl()->multi_remove_handle(curl->multi, call->easy);
	if (!ended || code != CURLE_OK)
		return false;
	libcurl()->easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status);
	call->answer->status = (int)status;
	head_finish(&call->head, env.wall_ms(env.ctx), call->answer);
	return true;
}

/* One address, once. */
static bool call_once(struct transport_curl *curl, const struct http_request *request,
		      const char *address, struct http_answer *answer, struct cancel *cancel,
		      struct call *call, struct error *err)
{
	AUTO(slist_freep) struct curl_slist *headers = NULL;
	bool done;

	call->easy = curl->easy;
	call->request = request;
	call->answer = answer;
	call->head = (struct head){ .keep = call->request->keep };
	call->body_at = 0;
	call->proxied = !call->url.loopback;
	call->text[0] = '\0';
	str_reset(&answer->body);
	done = add_headers(request, &headers, err) &&
	       set_options(call, curl, address, headers, err) && run(call, curl, cancel, err);
	return done;
}

/* ---- redirects */

static void text_wipep(char **text)
{
	if (*text)
		secret_wipe(*text, strlen(*text));
	free(*text);
	*text = NULL;
}

/*
 * The next address, if the answer names one that is followed: a GET's, in the same place. Any other
 * redirect is the caller's to look at.
 */
static char *next_address(const struct call *call, int hops)
{
	const struct http_request *request = call->request;
	int status = call->answer->status;
	char *address = NULL;
	struct url url;

	if (!request->redirects || request->class == HTTP_SIGN_IN || hops >= REDIRECTS_MAX ||
	    strcmp(request->method, "GET") != 0 ||
	    !(status == 301 || status == 302 || status == 303 || status == 307 || status == 308) ||
	    libcurl()->easy_getinfo(call->easy, CURLINFO_REDIRECT_URL, &address) != CURLE_OK ||
	    !address || !url_read(address, &url, NULL) || !url_is_same_place(&url, &call->url))
		return NULL;
	return memory_copy_text(address);
}

/* ---- the transport */

static void answer_begin(struct http_answer *answer, const struct http_request *request,
			 size_t answer_max)
{
	http_answer_reset(answer);
	answer->body.limit = answer_max;
	/* So that growing leaves no copies of tokens behind. */
	if (request->class == HTTP_SIGN_IN)
		str_reserve(&answer->body,
			    answer_max < SIGN_IN_RESERVE ? answer_max : SIGN_IN_RESERVE);
}

static void renew_handle(struct transport_curl *curl)
{
	libcurl()->easy_cleanup(curl->easy);
	curl->easy = libcurl()->easy_init();
	if (!curl->easy)
		memory_fatal();
}

static bool perform(void *ctx, const struct http_request *request, struct http_answer *answer,
		    struct cancel *cancel, struct error *err)
{
	struct transport_curl *curl = ctx;
	const struct secret *secret = request->secret_body;
	int64_t timeout_ms = request->timeout_ms > 0 ? request->timeout_ms : curl->timeout_ms;
	AUTO(text_wipep) char *address = memory_copy_text(request->url);
	struct call call = {
		.body = secret ? secret_reveal(secret) : request->body,
		.body_len = secret	    ? secret_len(secret)
			    : request->body ? request->body_len
					    : 0,
		.answer_max = request->answer_max ? request->answer_max : curl->answer_max,
	};
	bool done;

	answer_begin(answer, request, call.answer_max);
	if (!is_name(request->method))
		return error_set(err, ERROR_INPUT, "the method of the call is not one");
	if (cancel_asked(cancel))
		return error_set(err, ERROR_CANCELLED, "cancelled before the call");
	if (!url_read(address, &call.url, err))
		return false;
	for (int hops = 0;; hops++) {
		char *next;

		call.timeout_ms = timeout_ms > answer->took_ms ? timeout_ms - answer->took_ms : 1;
		done = call_once(curl, request, address, answer, cancel, &call, err);
		next = done ? next_address(&call, hops) : NULL;
		libcurl()->easy_reset(curl->easy);
		if (!next)
			break;
		text_wipep(&address);
		address = next;
	}
	/*
	 * Its buffers may hold the body still: they go and are wiped, the connections stay. One that failed early may take
	 * no options any more.
	 */
	if (secret || !done)
		renew_handle(curl);
	if (!done)
		str_reset(&answer->body);
	answer->tries = 1;
	return done;
}

struct transport transport_of_curl(struct transport_curl *curl)
{
	return (struct transport){ .perform = perform, .ctx = curl };
}
