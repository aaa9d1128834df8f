/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of this folder share: keys and sealed values of the store, small texts made of secrets. */
#ifndef CONNECT_WORLD_H
#define CONNECT_WORLD_H

#include "ledgerdeck/connect/connect.h"

#define WORLD_HEADER "vault.header"   /* in the store: the vault's header */
#define WORLD_OWN_KEY "vault.own_key" /* in the store: the wrapped key of the program's own secrets */

/* Seal or open one value of an account ("" for the program's own). `realm` "" where it is not known yet. */
bool world_seal(struct connect_world *world, const char *account_id, const struct vault_binding *binding,
		const struct secret *value, struct str *ret_sealed, struct error *err);
bool world_open(struct connect_world *world, const char *account_id, const struct vault_binding *binding,
		const char *sealed, size_t len, struct secret **ret_value, struct error *err);
/* Take over what another process has made of the vault's keys. Before a new key is wrapped: within the transaction. */
bool world_follow(struct connect_world *world, struct error *err);
/* The wrapped key that belongs to an account; the program's own is made when first needed: within a transaction. */
bool world_key(struct connect_world *world, const char *account_id, struct str *ret_wrapped, struct error *err);

/* A sealed value of the store by kind; `which` 0 the newest, 1 the one before it. */
bool world_load(struct connect_world *world, const char *account_id, const char *realm, enum environment environment,
		const char *kind, int which, int64_t *ret_generation, struct secret **ret_value /* NULL: none */,
		struct error *err);
/* Within a transaction. */
bool world_save(struct connect_world *world, const char *account_id, const char *realm, enum environment environment,
		const char *kind, int64_t generation, const struct secret *value, struct error *err);

/* The app's credentials for a provider and environment. Error INPUT when unknown, with what to do. */
bool world_app(struct connect_world *world, const char *provider, enum environment environment,
	       struct secret **ret_id, struct secret **ret_secret, struct error *err);

/* The addresses of an environment, with the settings laid over. */
bool world_addresses(struct connect_world *world, const struct provider *provider, enum environment environment,
		     struct provider_addresses *ret_addresses, struct error *err);

/* Wait as this world waits; false: cancelled. */
bool world_sleep(const struct connect_world *world, int64_t ms);

/* Secrets put together from texts and secrets; NULL pieces are passed over. */
struct secret *secret_join(const char *const *texts, const struct secret *const *secrets, size_t count);
struct secret *secret_percent(const struct secret *secret);     /* percent-encoded */
struct secret *secret_basic(const struct secret *id, const struct secret *password); /* "Basic BASE64(id:password)" */

/* A pair of tokens as the ledger gave it. */
struct tokens {
	struct secret *access;   /* owned */
	struct secret *refresh;  /* owned; NULL where there is none */
	int64_t access_expires_ms, refresh_expires_ms, hard_expires_ms; /* 0: not said */
};
void tokens_clear(struct tokens *tokens);

/*
 * Ask the token address: `grant` is the form body. False with AUTH when the ledger says invalid_grant (err->ledger_code
 * holds the OAuth error), INPUT for wrong app credentials, NETWORK (outcome_unknown when it may have been carried out).
 */
bool tokens_ask(struct connect_world *world, const struct provider *provider, enum environment environment,
		const struct secret *form, const char *what, bool repeatable, struct tokens *ret_tokens, struct error *err);
bool tokens_exchange(struct connect_world *world, const struct provider *provider, enum environment environment,
		     const struct secret *code, const char *redirect_uri, struct tokens *ret_tokens, struct error *err);
bool tokens_renew(struct connect_world *world, const struct provider *provider, enum environment environment,
		  const struct secret *refresh, struct tokens *ret_tokens, struct error *err);
bool tokens_revoke(struct connect_world *world, const struct provider *provider, enum environment environment,
		   const struct secret *token, struct error *err);

/*
 * The account's access token, renewed when needed (refresh.c): single flight over threads and processes, saved
 * before it is used. `rejected`: the ledger refused the one of the account's generation. `force` renews anyhow.
 */
bool refresh_access(struct connect_world *world, struct account *account, const char *realm, bool rejected, bool force,
		    struct secret **access /* in and out */, struct error *err);

/* The realm of an account, kept sealed. */
bool world_realm(struct connect_world *world, const struct account *account, char *ret_realm /* 64 */, struct error *err);

#endif
