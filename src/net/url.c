/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Takes addresses apart, with libcurl's own parser, so that what is checked here is what it will
 * do. Paths and queries are nobody's business: they may hold a company's id or a signature.
 */
#include "url.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ledgerdeck/core/memory.h"

#include "libcurl.h"

static void curlu_freep(CURLU **handle)
{
	libcurl()->url_cleanup(*handle);
	*handle = NULL;
}

static void part_freep(char **part)
{
	libcurl()->free(*part);
	*part = NULL;
}

static bool is_loopback(const char *host)
{
	struct in_addr v4;
	struct in6_addr v6;

	if (inet_pton(AF_INET, host, &v4) == 1)
		return ntohl(v4.s_addr) >> 24 == IN_LOOPBACKNET;
	if (inet_pton(AF_INET6, host, &v6) == 1)
		return IN6_IS_ADDR_LOOPBACK(&v6);
	return strcmp(host, "localhost") == 0;
}

static bool has_part(CURLU *handle, CURLUPart part)
{
	AUTO(part_freep) char *text = NULL;

	return libcurl()->url_get(handle, part, &text, 0) == CURLUE_OK;
}

/* The host without the brackets of an IPv6 address; false: too long. */
static bool take_host(const char *host, struct url *url)
{
	size_t len = strlen(host);

	if (len >= 2 && host[0] == '[' && host[len - 1] == ']') {
		host++;
		len -= 2;
	}
	if (len == 0 || len >= sizeof(url->host))
		return false;
	for (size_t i = 0; i < len; i++)
		url->host[i] =
			host[i] >= 'A' && host[i] <= 'Z' ? (char)(host[i] - 'A' + 'a') : host[i];
	url->host[len] = '\0';
	return true;
}

static bool read_parts(CURLU *handle, struct url *url, struct error *err)
{
	AUTO(part_freep) char *scheme = NULL;
	AUTO(part_freep) char *host = NULL;
	AUTO(part_freep) char *port = NULL;

	if (libcurl()->url_get(handle, CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK ||
	    libcurl()->url_get(handle, CURLUPART_HOST, &host, 0) != CURLUE_OK || !take_host(host, url))
		return error_set(err, ERROR_INPUT, "the address has no host");
	url->secure = strcasecmp(scheme, "https") == 0;
	url->loopback = is_loopback(url->host);
	if (!url->secure && strcasecmp(scheme, "http") != 0)
		return error_set(err, ERROR_INPUT,
				 "the address of '%.100s' is neither https nor http", url->host);
	if (!url->secure && !url->loopback)
		return error_set(
			err, ERROR_INPUT,
			"the address of '%.100s' is not https: plain http is for this machine only",
			url->host);
	if (has_part(handle, CURLUPART_USER) || has_part(handle, CURLUPART_PASSWORD))
		return error_set(err, ERROR_INPUT,
				 "the address of '%.100s' holds a user or a password", url->host);
	if (libcurl()->url_get(handle, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) != CURLUE_OK)
		return error_set(err, ERROR_INPUT, "the address of '%.100s' has no port",
				 url->host);
	url->port = (int)strtol(port, NULL, 10);
	return true;
}

bool url_read(const char *text, struct url *ret_url, struct error *err)
{
	AUTO(curlu_freep) CURLU *handle = NULL;
	struct url url = { 0 };

	handle = libcurl()->url();
	if (!handle)
		memory_fatal();
	if (libcurl()->url_set(handle, CURLUPART_URL, text, CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
		return error_set(err, ERROR_INPUT, "the address of the call is not one");
	if (!read_parts(handle, &url, err))
		return false;
	if (url.port == (url.secure ? 443 : 80))
		snprintf(url.shown, sizeof(url.shown), "%s", url.host);
	else
		snprintf(url.shown, sizeof(url.shown), "%s:%u", url.host,
			 (unsigned)(uint16_t)url.port);
	*ret_url = url;
	return true;
}

bool url_is_same_place(const struct url *a, const struct url *b)
{
	return a->secure == b->secure && a->port == b->port && strcmp(a->host, b->host) == 0;
}
