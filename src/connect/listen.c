/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The redirect of a sign-in, caught on this machine: what the browser brings is taken like a paste. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/net/listener.h"
#include "world.h"

#define PATH_DEFAULT "/callback"

struct connect_listener {
	struct listener *listener;  /* owned */
	char uri[512];
};

void connect_listener_close(struct connect_listener *listener)
{
	if (!listener)
		return;
	listener_close(listener->listener);
	free(listener);
}

static void listener_freep(struct connect_listener **listener)
{
	connect_listener_close(*listener);
}

const char *connect_listener_uri(const struct connect_listener *listener)
{
	return listener->uri;
}

int connect_listener_port(const struct connect_listener *listener)
{
	return listener_port(listener->listener);
}

/* Port and path of "http://127.0.0.1:8080/callback"; the port of http when there is none. */
static bool take_apart(const char *uri, int *ret_port, const char **ret_path)
{
	const char *host = strstr(uri, "://") + 3, *slash = strchr(host, '/'), *end = slash ? slash : host + strlen(host);
	const char *colon = end;

	while (colon > host && colon[-1] >= '0' && colon[-1] <= '9')
		colon--;
	*ret_port = colon > host && colon[-1] == ':' && colon < end ? (int)strtol(colon, NULL, 10) : 80;
	*ret_path = slash ? slash : "/";
	return *ret_port > 0 && *ret_port < 65536;
}

bool connect_listen(const char *uri, int port, struct connect_listener **ret_listener, struct error *err)
{
	AUTO(listener_freep) struct connect_listener *listener = memory_new(sizeof(*listener));
	const char *path = PATH_DEFAULT;

	if (uri && (!connect_is_local(uri) || !take_apart(uri, &port, &path)))
		return error_set(err, ERROR_INPUT, "nobody can listen here for '%.120s': it leads to another machine; paste its page's "
				 "address instead", uri);
	if (!listener_open(port, path, &listener->listener, err))
		return false;
	if (uri)
		snprintf(listener->uri, sizeof(listener->uri), "%s", uri);
	else
		snprintf(listener->uri, sizeof(listener->uri), "http://127.0.0.1:%d%s", listener_port(listener->listener), path);
	*ret_listener = memory_steal(&listener);
	return true;
}

/* Is it an answer at all? Whether it belongs to the attempt is asked when it is taken. */
static bool check(void *ctx, const struct secret *query, struct error *err)
{
	const struct connect_listener *listener = ctx;
	struct paste paste;
	bool good = paste_parse(secret_reveal(query), secret_len(query), listener->uri, &paste, err);

	if (good && paste.kind == PASTE_ERROR)
		good = error_set(err, ERROR_AUTH, "consent was refused; nothing was connected");
	else if (good && paste.kind != PASTE_ANSWER)
		good = error_set(err, ERROR_INPUT, "there is no code in this address");
	paste_clear(&paste);
	return good;
}

bool connect_listener_wait(struct connect_listener *listener, int64_t timeout_ms, struct cancel *cancel,
			   struct secret **ret_paste, struct error *err)
{
	return listener_wait(listener->listener, timeout_ms, cancel, check, listener, ret_paste, err);
}
