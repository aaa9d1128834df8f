/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What libcurl's results mean to a person and to the retry table. Texts name the host and the cause
 * and nothing else: no path, no query, no header.
 */
#include "call.h"

#include <errno.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"

static bool has_passed(const struct call *call, CURLINFO stamp)
{
	curl_off_t us = 0;

	return libcurl()->easy_getinfo(call->easy, stamp, &us) == CURLE_OK && us > 0;
}

static long number(const struct call *call, CURLINFO info)
{
	long value = 0;

	return libcurl()->easy_getinfo(call->easy, info, &value) == CURLE_OK ? value : 0;
}

bool call_has_reached(const struct call *call)
{
	/*
	 * A body that was promised and has not come as a whole can't be carried out. What went to a
	 * proxy to open the way counts among the bytes sent, so the way must be open as well.
	 */
	return call->body_at == call->body_len && has_passed(call, CURLINFO_PRETRANSFER_TIME_T) &&
	       number(call, CURLINFO_REQUEST_SIZE) > 0;
}

/* libcurl names whom it could not connect to: if that is not our host, it was the proxy. */
static bool is_of_proxy(const struct call *call)
{
	return call->proxied && call->text[0] && !strstr(call->text, call->url.host);
}

/* The system's reason in small words where we have them. */
static bool fail_connect(const struct call *call, struct error *err)
{
	int reason = (int)number(call, CURLINFO_OS_ERRNO);
	const char *shown = is_of_proxy(call) ? "the proxy" : call->url.shown;

	if (reason == ECONNREFUSED)
		return error_set(err, ERROR_NETWORK, "'%.100s' refused the connection", shown);
	if (reason == ENETUNREACH || reason == EHOSTUNREACH)
		return error_set(err, ERROR_NETWORK,
				 "'%.100s' cannot be reached: there is no way to its network",
				 shown);
	return error_set(err, ERROR_NETWORK, "cannot connect to '%.100s'%s%.80s", shown,
			 reason ? ": " : "", reason ? strerror(reason) : "");
}

static bool fail_timeout(const struct call *call, struct error *err)
{
	long long seconds = (call->timeout_ms + 999) / 1000;
	const char *shown = call->url.shown;

	if (call_has_reached(call))
		return error_set(err, ERROR_NETWORK,
				 "'%.100s' did not answer in full within %lld s", shown, seconds);
	if (has_passed(call, CURLINFO_PRETRANSFER_TIME_T))
		return error_set(err, ERROR_NETWORK,
				 "'%.100s' did not take the request within %lld s", shown, seconds);
	/* The time of the connection stands there only once TLS is through. */
	if (call->url.secure && number(call, CURLINFO_LOCAL_PORT) > 0)
		return error_set(err, ERROR_NETWORK,
				 "'%.100s' is there but agreed on no encryption (TLS) in time",
				 shown);
	if (has_passed(call, CURLINFO_NAMELOOKUP_TIME_T))
		return error_set(err, ERROR_NETWORK, "no connection to '%.100s' in time", shown);
	return error_set(err, ERROR_NETWORK, "the host '%.100s' was not found in time", shown);
}

/* What libcurl says of TLS, without its own beginnings. */
static const char *tls_reason(const struct call *call)
{
	static const char *const beginnings[] = {
		"SSL certificate problem: ",
		"SSL: ",
		"server certificate verification failed. ",
		"TLS connect error: ",
		"OpenSSL SSL_connect: ",
	};
	const char *text = call->text;

	for (size_t i = 0; i < ARRAY_LEN(beginnings); i++) {
		if (strncmp(text, beginnings[i], strlen(beginnings[i])) == 0)
			text += strlen(beginnings[i]);
	}
	/* "error:0A000102:SSL routines::unsupported protocol" */
	if (strncmp(text, "error:", 6) == 0 && strrchr(text, ':')[1])
		text = strrchr(text, ':') + 1;
	return text[0] ? text : "no reason given";
}

static bool fail_tls(const struct call *call, CURLcode code, struct error *err)
{
	const char *shown = call->url.shown;

	switch (code) {
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_ISSUER_ERROR:
		return error_set(err, ERROR_REMOTE,
				 "the certificate of '%.80s' is not trusted: %.110s", shown,
				 tls_reason(call));
	case CURLE_SSL_CACERT_BADFILE:
		return error_set(err, ERROR_INPUT,
				 "the file of trusted certificates cannot be used, see the setting 'net.ca_file'");
	default:
		return error_set(err, ERROR_NETWORK, "no encryption (TLS) with '%.80s': %.120s",
				 shown, tls_reason(call));
	}
}

static bool is_tls(CURLcode code)
{
	return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_ISSUER_ERROR ||
	       code == CURLE_SSL_CACERT_BADFILE || code == CURLE_SSL_CONNECT_ERROR ||
	       code == CURLE_SSL_CIPHER || code == CURLE_USE_SSL_FAILED;
}

static bool fail_too_large(const struct call *call, struct error *err)
{
	if (call->head_too_large)
		return error_set(err, ERROR_REMOTE,
				 "'%.100s' answers with headers of more than %zu KiB",
				 call->url.shown, HEAD_BYTES_MAX >> 10);
	return error_set(err, ERROR_REMOTE, "the answer of '%.100s' is larger than %zu bytes",
			 call->url.shown, call->answer_max);
}

static bool fail_proxy(const struct call *call, struct error *err)
{
	long status = number(call, CURLINFO_HTTP_CONNECTCODE);

	if (status == 407)
		return error_set(err, ERROR_NETWORK,
				 "the proxy wants to know who we are (407): give the address with "
				 "user and password by 'https_proxy' in the environment");
	return error_set(err, ERROR_NETWORK, "the proxy refused to connect to '%.100s' (%ld)",
			 call->url.shown, status);
}

/* The words alone. */
static bool fail(const struct call *call, CURLcode code, struct error *err)
{
	const char *shown = call->url.shown;

	if (is_tls(code))
		return fail_tls(call, code, err);
	if (number(call, CURLINFO_HTTP_CONNECTCODE) >= 300 && !call_has_reached(call))
		return fail_proxy(call, err);
	switch (code) {
	case CURLE_COULDNT_RESOLVE_HOST:
		return error_set(err, ERROR_NETWORK, "the host '%.100s' was not found", shown);
	case CURLE_COULDNT_RESOLVE_PROXY:
		return error_set(err, ERROR_NETWORK, "the proxy was not found");
	case CURLE_COULDNT_CONNECT:
		return fail_connect(call, err);
	case CURLE_OPERATION_TIMEDOUT:
		return fail_timeout(call, err);
	case CURLE_GOT_NOTHING:
		return error_set(err, ERROR_NETWORK,
				 "'%.100s' closed the connection without an answer", shown);
	case CURLE_PARTIAL_FILE:
	case CURLE_RECV_ERROR:
		return error_set(err, ERROR_NETWORK,
				 "the connection was cut before '%.100s' had answered "
				 "in full",
				 shown);
	case CURLE_SEND_ERROR:
	case CURLE_SEND_FAIL_REWIND:
		return error_set(err, ERROR_NETWORK,
				 "the connection to '%.100s' was cut while the request "
				 "was sent",
				 shown);
	case CURLE_BAD_CONTENT_ENCODING:
		return error_set(err, ERROR_NETWORK,
				 "the answer of '%.100s' cannot be decompressed", shown);
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_WEIRD_SERVER_REPLY:
		return error_set(err, ERROR_NETWORK, "what '%.100s' answers is not HTTP", shown);
	default:
		return error_set(err, ERROR_NETWORK, "the call of '%.80s' failed: %.100s", shown,
				 libcurl()->easy_strerror(code));
	}
}

bool call_fail(const struct call *call, CURLcode code, struct error *err)
{
	if (code == CURLE_OUT_OF_MEMORY)
		memory_fatal();
	if (call->head_too_large || call->body_too_large)
		fail_too_large(call, err);
	else
		fail(call, code, err);
	if (err)
		err->outcome_unknown = call_has_reached(call);
	return false;
}
