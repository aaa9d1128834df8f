/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Authorising an account: attempts, what a person pastes, whose company it is, tokens and their
 * refresh. One engine for plain lines and for the deck: it is told what happened and says what to
 * show next; it never prints and never waits for a person.
 */
#ifndef LEDGERDECK_CONNECT_CONNECT_H
#define LEDGERDECK_CONNECT_CONNECT_H

#include "ledgerdeck/core/cancel.h"
#include "ledgerdeck/core/env.h"
#include "ledgerdeck/model/account.h"
#include "ledgerdeck/provider/provider.h"
#include "ledgerdeck/settings/settings.h"
#include "ledgerdeck/store/accounts.h"
#include "ledgerdeck/vault/vault.h"

/* What connecting needs of the world; each thread has its own. */
struct connect_world {
	struct store *store;              /* this thread's */
	struct vault *vault;              /* unlocked; shared by threads, used under its own lock */
	const struct settings *settings;
	struct env env;
	struct transport transport;       /* this thread's */
	struct cancel *cancel;
	const char *who;                  /* operating-system login and where from */
	const char *holder;               /* host, pid and thread: for leases */
	/* How this thread waits, so that tests have a clock of their own; false: cancelled. NULL: cancel_sleep(). */
	bool (*sleep)(void *ctx, int64_t ms, struct cancel *cancel);
	void *sleep_ctx;
};

/* One thread's way to the ledgers, by the settings (proxy, certificates); given back with connect_transport_free(). */
struct transport connect_transport_new(const struct settings *settings);
void connect_transport_free(struct transport transport); /* one without `perform` does nothing */

/* How a provider's accounts are connected, and where they may be. False: there is no provider of that name. */
struct connect_way {
	const char *provider, *title;     /* static: "quickbooks", "QuickBooks Online" */
	const char *word;                 /* static: "QuickBooks" */
	bool by_token;                    /* that a person brings; else by signing in in a browser */
	enum environment environments[ENVIRONMENT_COUNT];
	size_t environment_count;
};
bool connect_way(const char *provider, struct connect_way *ret_way);
/* One after the other, from 0; false: there are no more. */
bool connect_way_at(size_t index, struct connect_way *ret_way);
/* The names of all: "'quickbooks' and 'xledger'". Appended. */
void connect_add_names(struct str *out);

/* --- the app's own credentials: client id and secret per provider and environment, sealed --- */
bool connect_app_set(struct connect_world *world, const char *provider, enum environment environment,
		     const char *client_id, const struct secret *client_secret, struct error *err);
bool connect_app_known(struct connect_world *world, const char *provider, enum environment environment,
		       bool *ret_known, struct error *err);
/* Are the known ones these? NULL is not compared. */
bool connect_app_is(struct connect_world *world, const char *provider, enum environment environment,
		    const char *client_id, const struct secret *client_secret, bool *ret_same, struct error *err);

/* --- secrets of other places that the program goes to, sealed, by their names --- */
bool connect_secret_set(struct connect_world *world, const char *place, const struct secret *secret, struct error *err);
bool connect_secret_get(struct connect_world *world, const char *place, struct secret **ret_secret /* NULL: none */, struct error *err);
bool connect_secret_known(struct store *store, const char *place, bool *ret_known, struct error *err); /* needs no key */
bool connect_secret_forget(struct connect_world *world, const char *place, struct error *err);

/* --- an attempt --- */
struct attempt_options {
	const char *provider;
	enum environment environment;
	const char *redirect_uri;         /* NULL: by the settings for that environment */
	const char *account_id;           /* a reconnect of this account; NULL: a new one */
};
struct connect_attempt;
/*
 * Precheck (app credentials, environment, redirect address on the allow-list, store writable, clock), then
 * a fresh state of 32 random bytes, kept sealed so that a lost session can take it up again.
 */
bool connect_begin(struct connect_world *world, const struct attempt_options *options,
		   struct connect_attempt **ret_attempt, struct error *err);
/* The newest unfinished attempt, or the one of that name. INPUT when there is none or it is older than ten minutes. */
bool connect_resume(struct connect_world *world, const char *name, struct connect_attempt **ret_attempt,
		    struct error *err);
void connect_attempt_free(struct connect_attempt *attempt);
const char *connect_name(const struct connect_attempt *attempt);          /* short, to resume by */
const char *connect_url(const struct connect_attempt *attempt);           /* for the browser: raw, one line */
const char *connect_redirect(const struct connect_attempt *attempt);
const char *connect_expected(const struct connect_attempt *attempt);      /* company to sign in to; "" any */

/* What a paste is; pure and fuzzed, nothing leaves it but codes. */
enum paste_kind {
	PASTE_ANSWER,      /* code, with state and company as far as they were in it */
	PASTE_BARE_CODE,   /* a code alone: the company id must be asked for */
	PASTE_ERROR,       /* the ledger's refusal: error=access_denied */
	PASTE_INCOMPLETE,  /* go on collecting */
	PASTE_MISTAKE,     /* something else; `err` says what it was and what to paste */
};
struct paste {
	enum paste_kind kind;
	struct secret *code;              /* owned */
	struct secret *state;             /* owned; NULL: none */
	char realm[64];
	char refusal[64];                 /* "access_denied" */
	char summary[160];                /* "received 412 characters: code, state, company id" */
};
bool paste_parse(const char *text, size_t len, const char *redirect_uri, struct paste *ret_paste, struct error *err);
void paste_clear(struct paste *paste);

/*
 * Take a paste: checks the state (constant time, once), exchanges the code, asks the ledger whose
 * company it is. What comes back is shown to the person; nothing of it is saved yet. After a lost answer the code is
 * not sent again: the error says that the outcome is unknown and to begin anew. Errors: INPUT, AUTH, NETWORK,
 * REMOTE, CONFLICT (another company than the account's).
 */
struct connect_result {
	struct identity identity;
	bool known;                       /* that company is connected already: saving renews its tokens */
	struct account account;           /* as it will stand */
};
bool connect_can_answer(const struct connect_world *world, const struct connect_attempt *attempt); /* not used up, in time */
bool connect_answer(struct connect_world *world, struct connect_attempt *attempt, const struct paste *paste,
		    struct connect_result *ret_result, struct error *err);
/* The person agreed: save account, sealed tokens and audit row in one transaction. */
bool connect_confirm(struct connect_world *world, struct connect_attempt *attempt, struct account *ret_account,
		     struct error *err);

/* Does the redirect address lead to this machine? Only there a listener makes sense. */
bool connect_is_local(const char *redirect_uri);
/*
 * Catch the redirect on this machine instead of having it pasted: opened before connect_begin(), whose redirect_uri is
 * connect_listener_uri() then. `uri` is a local address to listen on; NULL: a free port (or `port`, 0: any).
 * Errors: INPUT (not local), NETWORK (port taken).
 */
struct connect_listener;
bool connect_listen(const char *uri, int port, struct connect_listener **ret_listener, struct error *err);
void connect_listener_close(struct connect_listener *listener);
const char *connect_listener_uri(const struct connect_listener *listener);
int connect_listener_port(const struct connect_listener *listener);
/* Wait for the browser; what it brings is given like a paste. Any thread. Errors: CANCELLED, NETWORK, LIMIT (timeout). */
bool connect_listener_wait(struct connect_listener *listener, int64_t timeout_ms, struct cancel *cancel,
			   struct secret **ret_paste, struct error *err);

/* A provider whose access is a token that a person enters (Xledger): the same steps without a browser. */
bool connect_token(struct connect_world *world, const struct attempt_options *options, const struct secret *token,
		   int64_t expires_ms, struct connect_attempt **ret_attempt, struct connect_result *ret_result,
		   struct error *err);

/* Revoke at the ledger (a failure there is told, not fatal), drop the tokens, keep all else. */
bool connect_disconnect(struct connect_world *world, const char *account_id, char *ret_note /* 240 */,
			struct error *err);

/*
 * Wrap the keys of all accounts, and the program's own, by the newest vault key: each in a transaction of its own, so it
 * may be interrupted and taken up again.
 */
bool connect_rewrap_keys(struct connect_world *world, int64_t *ret_rewrapped, struct error *err);
/* How many keys there are, and how many of them are wrapped by another vault key than `key_id`; needs no vault. */
bool connect_count_keys(struct store *store, uint32_t key_id, int64_t *ret_keys, int64_t *ret_old, struct error *err);

/* --- environment local: the simulator, which has doors for programs --- */
struct connect_company {
	char provider[16];
	char realm[64];
	char name[ACCOUNT_NAME_MAX];
};
/* Its companies; the caller frees the array. Errors: NETWORK, REMOTE. */
bool connect_local_companies(struct connect_world *world, struct connect_company **ret_companies, size_t *ret_count,
			     struct error *err);
/* Agree to an attempt for one of them, as a person in a browser would; gives what that person would paste. */
bool connect_local_consent(struct connect_world *world, const struct connect_attempt *attempt, const char *realm,
			   struct secret **ret_paste, struct error *err);

/* A token for one of them whose provider takes tokens, and when it ends. Errors: NETWORK, REMOTE. */
bool connect_local_token(struct connect_world *world, const char *realm, struct secret **ret_token, int64_t *ret_expires_ms, struct error *err);

/* The next batch for one of them is carried out, and its answer does not come for ten minutes. Errors: NETWORK, REMOTE. */
bool connect_local_withhold(struct connect_world *world, const char *realm, struct error *err);
/* Batches that it has carried out, or refused, for one of them. */
bool connect_local_batches(struct connect_world *world, const char *realm, int64_t *ret_count, struct error *err);

/* --- living connections --- */
struct connect_session; /* one thread's connection to one account */
/*
 * Errors: AUTH (needs reconnect, disconnected), INPUT (unknown account). `session` gives struct connection to the
 * provider; its tokens are refreshed before they end, on 401 once, single flight over threads and processes,
 * durable before use.
 */
bool connect_open(struct connect_world *world, const char *account_id, struct budget *budget,
		  struct http_meter *meter, struct connect_session **ret_session, struct error *err);
void connect_close(struct connect_session *session);
struct connection *connect_connection(struct connect_session *session);
const struct account *connect_account(const struct connect_session *session);

/* By timer when less than the lead is left; `now` by hand, which goes to the audit. */
bool connect_refresh(struct connect_world *world, const char *account_id, bool now, struct account *ret_account,
		     struct error *err);

#endif
