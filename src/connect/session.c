/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A living connection to one account, for one thread: what a provider gets to work with. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "world.h"

#define QUIET_MS 30000

struct connect_session {
	struct connect_world *world;      /* borrowed */
	struct account account;
	char realm[64];
	struct provider_addresses addresses;
	struct http http;
	struct connection connection;
	struct secret *access;            /* owned */
	struct secret *value;             /* owned: the header's value made of it */
	int64_t value_generation;
	struct str said;                  /* owned: the connection's */
	int64_t quiet_until_ms;           /* a renewal failed and the old token still lives: not asked again before */
};

void connect_close(struct connect_session *session)
{
	if (!session)
		return;
	secret_free(session->access);
	secret_free(session->value);
	str_clear(&session->said);
	secret_wipe(session->realm, sizeof(session->realm));
	free(session);
}

static void connect_closep(struct connect_session **session)
{
	connect_close(*session);
}

static const char *token_word(const struct provider *provider)
{
	return provider->can & PROVIDER_OAUTH ? "Bearer " : "token ";
}

/* The header's value for the access token that there is now. */
static bool hand_out(struct connect_session *session, const struct secret **ret_value, struct error *err)
{
	if (!session->access)
		return error_set(err, ERROR_AUTH, "'%s' has no tokens; run 'ledgerdeck connect %s'", session->account.name,
				 session->account.provider);
	if (!session->value || session->value_generation != session->account.generation) {
		secret_free(session->value);
		session->value = secret_join((const char *const[]){ token_word(session->connection.provider) },
					     (const struct secret *const[]){ session->access }, 1);
		session->value_generation = session->account.generation;
	}
	*ret_value = session->value;
	return true;
}

static bool authorization(void *ctx, bool rejected, const struct secret **ret_value, struct error *err)
{
	struct connect_session *session = ctx;
	int64_t lead_ms = settings_number(session->world->settings, "connect.refresh_lead") * 1000;
	int64_t now_ms = session->world->env.wall_ms(session->world->env.ctx);
	bool renews = session->connection.provider->can & PROVIDER_REFRESHES, ends;

	if (rejected && !renews)
		return error_set(err, ERROR_AUTH, "'%s' refuses its token: it is wrong or has ended; connect it again",
				 session->account.name);
	ends = session->account.access_expires_ms - now_ms <= lead_ms && now_ms >= session->quiet_until_ms;
	if (renews && (rejected || !session->access || ends)) {
		if (!refresh_access(session->world, &session->account, session->realm, rejected, false, &session->access, err)) {
			/* The renewal may have been carried out; the call that it was for was not. */
			if (err)
				err->outcome_unknown = false;
			return false;
		}
		if (session->account.access_expires_ms - now_ms <= lead_ms)
			session->quiet_until_ms = now_ms + QUIET_MS;
	}
	return hand_out(session, ret_value, err);
}

bool connect_open(struct connect_world *world, const char *account_id, struct budget *budget,
		  struct http_meter *meter, struct connect_session **ret_session, struct error *err)
{
	AUTO(connect_closep) struct connect_session *session = memory_new(sizeof(*session));
	const struct provider *provider;
	int64_t generation;
	bool found;

	session->world = world;
	str_init(&session->said, CONNECTION_SAID_MAX);
	if (!accounts_get(world->store, account_id, &session->account, &found, err))
		return false;
	if (!found)
		return error_set(err, ERROR_INPUT, "there is no account '%s'", account_id);
	if (session->account.state == ACCOUNT_DISCONNECTED || session->account.state == ACCOUNT_RECONNECT)
		return error_set(err, ERROR_AUTH, "'%s' must be connected again; run 'ledgerdeck connect %s'", session->account.name,
				 session->account.provider);
	provider = provider_find(session->account.provider);
	if (!provider)
		return error_set(err, ERROR_INPUT, "this program has no provider '%s'", session->account.provider);
	if (!world_realm(world, &session->account, session->realm, err) ||
	    !world_addresses(world, provider, session->account.environment, &session->addresses, err) ||
	    !world_load(world, account_id, session->realm, session->account.environment, "access", 0, &generation,
			&session->access, err))
		return false;
	session->http = (struct http){ .transport = world->transport, .budget = budget, .env = world->env,
				       .cancel = world->cancel, .meter = meter, .sleep = world->sleep,
				       .sleep_ctx = world->sleep_ctx,
				       .read_tries = (int)settings_number(world->settings, "sync.tries") };
	session->connection = (struct connection){ .provider = provider, .addresses = &session->addresses,
						   .environment = session->account.environment, .realm = session->realm,
						   .http = &session->http,
						   .page_max = (int)settings_number(world->settings, "sync.max_results"),
						   .authorization = authorization, .ctx = session, .said = &session->said };
	*ret_session = memory_steal(&session);
	return true;
}

struct connection *connect_connection(struct connect_session *session)
{
	return &session->connection;
}

const struct account *connect_account(const struct connect_session *session)
{
	return &session->account;
}
