/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Attempts to connect: from the precheck to the saved account. The state of an attempt is sealed in
 * the store, so that a lost session takes it up again; it is good for ten minutes and for one answer.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/digest.h"
#include "ledgerdeck/core/log.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/log.h"
#include "ledgerdeck/store/outbox.h"
#include "world.h"

#define ATTEMPT_MS (10 * 60 * 1000)
#define STATE_BYTES 32
#define SKEW_MAX_MS 60000

struct connect_attempt {
	const struct provider *provider;
	enum environment environment;
	char name[32];
	char redirect[512];
	char account_id[ACCOUNT_ID_MAX];   /* of a reconnect */
	char expected[ACCOUNT_NAME_MAX];
	struct secret *state;              /* owned; base64url */
	int64_t made_ms;
	char *url;                         /* owned */
	bool answered;                     /* its state was used */
	bool resumed;                      /* taken up by another session than began it */
	struct tokens tokens;              /* owned: until confirmed */
	struct identity identity;
	bool known;                        /* the company has an account already */
	struct account account;            /* as it will stand */
};

void connect_attempt_free(struct connect_attempt *attempt)
{
	if (!attempt)
		return;
	secret_free(attempt->state);
	tokens_clear(&attempt->tokens);
	free(attempt->url);
	free(attempt);
}

static void attempt_freep(struct connect_attempt **attempt)
{
	connect_attempt_free(*attempt);
}

const char *connect_name(const struct connect_attempt *attempt)
{
	return attempt->name;
}

const char *connect_url(const struct connect_attempt *attempt)
{
	return attempt->url;
}

const char *connect_redirect(const struct connect_attempt *attempt)
{
	return attempt->redirect;
}

const char *connect_expected(const struct connect_attempt *attempt)
{
	return attempt->expected;
}

static int64_t now_ms(const struct connect_world *world)
{
	return world->env.wall_ms(world->env.ctx);
}

bool connect_is_local(const char *address)
{
	static const char *const hosts[] = { "http://127.0.0.1", "http://localhost", "http://[::1]" };

	for (size_t i = 0; i < ARRAY_LEN(hosts); i++) {
		size_t len = strlen(hosts[i]);

		/* The name ends there: "http://localhost.example.com" and "http://localhost:1@example.com" are others'. */
		if (strncmp(address, hosts[i], len) != 0)
			continue;
		if (address[len] == ':')
			len += 1 + strspn(address + len + 1, "0123456789");
		return address[len] == '/' || address[len] == '\0';
	}
	return false;
}

static bool is_allowed(const struct settings *settings, const char *wanted)
{
	size_t len;

	for (const char *at = settings_text(settings, "quickbooks.redirect_allowed"); *at; at += len) {
		at += strspn(at, " ");
		len = strcspn(at, " ");
		if (len > 0 && strlen(wanted) == len && memcmp(at, wanted, len) == 0)
			return true;
	}
	return false;
}

/* An address of numbers: Intuit takes none in production. */
static bool is_number(const char *address)
{
	const char *host = strstr(address, "://");

	return host && (host[3] == '[' || strspn(host + 3, "0123456789.") == strcspn(host + 3, ":/"));
}

static bool is_here(const char *address)
{
	static const char here[] = "https://localhost";

	return strncmp(address, here, strlen(here)) == 0 && (!address[strlen(here)] || strchr(":/", address[strlen(here)]));
}

/* Production keys take neither plain http nor this machine; and no address that nobody allowed is ever used. */
static bool check_redirect(struct connect_world *world, struct connect_attempt *attempt, const char *wanted,
			   struct error *err)
{
	AUTO(str_clear) struct str name = STR_INIT(80);
	const char *usual;

	str_addf(&name, "quickbooks.redirect_%s", environment_word(attempt->environment));
	usual = settings_text(world->settings, name.text);
	if (!wanted || !*wanted)
		wanted = usual;
	if (!*wanted)
		return error_set(err, ERROR_INPUT, "no redirect address is set for %s: register one at Intuit and set '%s'",
				 environment_word(attempt->environment), name.text);
	if (strcmp(wanted, usual) != 0 && !connect_is_local(wanted) && !is_allowed(world->settings, wanted))
		return error_set(err, ERROR_INPUT, "the redirect address '%.120s' is not allowed; add it to 'quickbooks.redirect_allowed'",
				 wanted);
	if (attempt->environment == ENVIRONMENT_PRODUCTION && (strncmp(wanted, "https://", 8) != 0 || is_number(wanted) || is_here(wanted)))
		return error_set(err, ERROR_INPUT, "production needs a redirect address that is https, and neither localhost nor an IP "
				 "address, not '%.100s'", wanted);
	if (strpbrk(wanted, "?#") || strlen(wanted) >= sizeof(attempt->redirect))
		return error_set(err, ERROR_INPUT, "a redirect address has no query: '%.120s'", wanted);
	snprintf(attempt->redirect, sizeof(attempt->redirect), "%s", wanted);
	return true;
}

static bool make_url(struct connect_world *world, struct connect_attempt *attempt, struct error *err)
{
	AUTO(secret_freep) struct secret *id = NULL;
	AUTO(secret_freep) struct secret *secret = NULL;
	AUTO(str_clear) struct str url = STR_INIT(4096);
	struct provider_addresses addresses = { 0 };

	if (!world_app(world, attempt->provider->name, attempt->environment, &id, &secret, err) ||
	    !world_addresses(world, attempt->provider, attempt->environment, &addresses, err))
		return false;
	str_addf(&url, "%s?client_id=", addresses.authorize);
	str_add_percent(&url, secret_reveal(id));
	str_add(&url, "&response_type=code&scope=");
	str_add_percent(&url, attempt->provider->scopes);
	str_add(&url, "&redirect_uri=");
	str_add_percent(&url, attempt->redirect);
	str_add(&url, "&state=");
	str_add(&url, secret_reveal(attempt->state));
	if (str_is_cut(&url))
		return error_set(err, ERROR_INPUT, "the address to open is too long; use a shorter redirect address");
	attempt->url = str_take(&url);
	return true;
}

static bool check_store(struct connect_world *world, struct error *err)
{
	AUTO(store_end) struct store *transaction = world->store;

	return store_begin(world->store, err) && store_commit(transaction, err);
}

/* The clock must agree with the ledger's, or lifetimes and states make no sense; and the ledger must be there. */
static bool check_clock(struct connect_world *world, const struct connect_attempt *attempt, struct error *err)
{
	AUTO(http_answer_clear) struct http_answer answer = HTTP_ANSWER_INIT;
	struct http http = { .transport = world->transport, .env = world->env, .cancel = world->cancel, .read_tries = 2,
			     .sleep = world->sleep, .sleep_ctx = world->sleep_ctx };
	struct provider_addresses addresses = { 0 };
	struct http_request request = { .method = "GET", .what = "ask the sign-in's time", .class = HTTP_SIGN_IN,
					.timeout_ms = 30000, .answer_max = SECRET_MAX };
	int64_t skew_ms;

	if (!world_addresses(world, attempt->provider, attempt->environment, &addresses, err))
		return false;
	request.url = addresses.token;
	if (!http_send(&http, &request, &answer, err))
		return error_prefix(err, "cannot reach the ledger's sign-in");
	skew_ms = answer.date_ms < 0 ? 0 : now_ms(world) - answer.date_ms;
	if (skew_ms < SKEW_MAX_MS && skew_ms > -SKEW_MAX_MS)
		return true;
	return error_set(err, ERROR_INPUT, "this machine's clock is %lld seconds %s the ledger's; set it, then connect",
			 (long long)(skew_ms < 0 ? -skew_ms : skew_ms) / 1000, skew_ms > 0 ? "ahead of" : "behind");
}

/* Attempts that nobody can take up any more. */
static bool drop_old(struct connect_world *world, struct error *err)
{
	bool found = true;

	while (found) {
		AUTO(store_end) struct store *transaction = world->store;
		AUTO(str_clear) struct str sealed = STR_INIT(65536);
		int64_t made_ms = 0;
		char name[32];

		if (!store_begin(transaction, err) || !attempt_get(transaction, "", name, &made_ms, &sealed, &found, err))
			return false;
		found = found && now_ms(world) - made_ms > ATTEMPT_MS;
		if (found && (!attempt_drop(transaction, name, err) || !store_commit(transaction, err)))
			return false;
	}
	return true;
}

static bool load_expected(struct connect_world *world, struct connect_attempt *attempt, const char *account_id,
			  struct error *err)
{
	struct account account;
	bool found;

	if (!account_id || !*account_id)
		return true;
	if (!accounts_get(world->store, account_id, &account, &found, err))
		return false;
	if (!found)
		return error_set(err, ERROR_INPUT, "there is no account '%s'", account_id);
	snprintf(attempt->account_id, sizeof(attempt->account_id), "%s", account.id);
	snprintf(attempt->expected, sizeof(attempt->expected), "%s", account.name);
	attempt->environment = account.environment;
	return true;
}

/* With its state also the address to open: that the app's keys are known shows before anything is asked. */
static bool make_state(struct connect_world *world, struct connect_attempt *attempt, struct error *err)
{
	static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789";
	AUTO(secret_freep) struct secret *bytes = secret_random(STATE_BYTES);
	AUTO(str_clear) struct str text = STR_INIT(128);
	uint8_t pick[6];

	digest_add_base64url(&text, secret_reveal(bytes), STATE_BYTES);
	attempt->state = secret_copy(text.text, text.len);
	secret_wipe(text.text, text.len);
	world->env.random(world->env.ctx, pick, sizeof(pick));
	for (size_t i = 0; i < sizeof(pick); i++)
		attempt->name[i] = letters[pick[i] % (sizeof(letters) - 1)];
	attempt->made_ms = now_ms(world);
	return make_url(world, attempt, err);
}

static void attempt_binding(const struct connect_attempt *attempt, struct vault_binding *binding)
{
	*binding = (struct vault_binding){ .account_id = "", .realm = attempt->name, .environment = "",
					   .kind = "connect", .generation = (uint64_t)attempt->made_ms };
}

static bool save_attempt(struct connect_world *world, const struct connect_attempt *attempt, struct error *err)
{
	AUTO(store_end) struct store *transaction = world->store;
	AUTO(str_clear) struct str sealed = STR_INIT(65536);
	AUTO(secret_freep) struct secret *text = NULL;
	struct vault_binding binding;

	text = secret_join((const char *const[]){ attempt->provider->name, "\n", environment_word(attempt->environment), "\n",
						  attempt->redirect, "\n", attempt->account_id, "\n" },
			   (const struct secret *const[]){ NULL, NULL, NULL, NULL, NULL, NULL, NULL, attempt->state }, 8);
	attempt_binding(attempt, &binding);
	return store_begin(world->store, err) && world_seal(world, "", &binding, text, &sealed, err) &&
	       attempt_put(world->store, attempt->name, attempt->provider->name, attempt->made_ms, sealed.text, sealed.len, err) &&
	       audit_add(world->store, world->who, "connect begun", attempt->account_id, "", environment_word(attempt->environment),
			 attempt->made_ms, err) &&
	       store_commit(transaction, err);
}

bool connect_begin(struct connect_world *world, const struct attempt_options *options,
		   struct connect_attempt **ret_attempt, struct error *err)
{
	AUTO(attempt_freep) struct connect_attempt *attempt = memory_new(sizeof(*attempt));

	attempt->provider = provider_find(options->provider);
	if (!attempt->provider)
		return error_set(err, ERROR_INPUT, "there is no provider '%s'", options->provider);
	if (!(attempt->provider->can & PROVIDER_OAUTH))
		return error_set(err, ERROR_INPUT, "%s is connected with a token, not in a browser", attempt->provider->title);
	attempt->environment = options->environment;
	if (!load_expected(world, attempt, options->account_id, err) ||
	    !check_redirect(world, attempt, options->redirect_uri, err) || !check_store(world, err) ||
	    !make_state(world, attempt, err) || !check_clock(world, attempt, err) || !drop_old(world, err))
		return false;
	attempt->made_ms = now_ms(world);
	if (!save_attempt(world, attempt, err))
		return false;
	*ret_attempt = memory_steal(&attempt);
	return true;
}

/* Take the lines of a sealed attempt apart. */
static bool read_attempt(struct connect_world *world, struct connect_attempt *attempt, const struct secret *text,
			 struct error *err)
{
	const char *line = secret_reveal(text);
	char provider[32] = "", environment[32] = "", account_id[ACCOUNT_ID_MAX] = "";
	struct { char *out; size_t size; } parts[] = {
		{ provider, sizeof(provider) }, { environment, sizeof(environment) },
		{ attempt->redirect, sizeof(attempt->redirect) }, { account_id, sizeof(account_id) },
	};

	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		size_t len = strcspn(line, "\n");

		snprintf(parts[i].out, parts[i].size, "%.*s", (int)len, line);
		line += len + (line[len] != '\0');
	}
	attempt->provider = provider_find(provider);
	if (!attempt->provider || !environment_parse(environment, &attempt->environment) || !*line)
		return error_set(err, ERROR_INPUT, "that attempt can't be taken up again; begin a new one");
	attempt->state = secret_copy(line, strlen(line));
	return load_expected(world, attempt, account_id, err);
}

bool connect_resume(struct connect_world *world, const char *name, struct connect_attempt **ret_attempt,
		    struct error *err)
{
	AUTO(attempt_freep) struct connect_attempt *attempt = memory_new(sizeof(*attempt));
	AUTO(str_clear) struct str sealed = STR_INIT(65536);
	AUTO(secret_freep) struct secret *text = NULL;
	struct vault_binding binding;
	bool found;

	if (!attempt_get(world->store, name ? name : "", attempt->name, &attempt->made_ms, &sealed, &found, err))
		return false;
	if (!found)
		return error_set(err, ERROR_INPUT, "there is no unfinished attempt%s%.20s; begin with 'ledgerdeck connect'",
				 name && *name ? " " : "", name ? name : "");
	if (now_ms(world) - attempt->made_ms > ATTEMPT_MS || now_ms(world) < attempt->made_ms)
		return error_set(err, ERROR_INPUT, "the attempt is older than ten minutes; begin a new one");
	attempt_binding(attempt, &binding);
	if (!world_open(world, "", &binding, sealed.text, sealed.len, &text, err) || !read_attempt(world, attempt, text, err) ||
	    !make_url(world, attempt, err))
		return false;
	attempt->resumed = true;
	*ret_attempt = memory_steal(&attempt);
	return true;
}

/* Use the attempt up. It may have been resumed elsewhere as well: whoever finds it gone was too late. */
static bool use_up(struct connect_world *world, struct connect_attempt *attempt, struct error *err)
{
	AUTO(store_end) struct store *transaction = world->store;
	AUTO(str_clear) struct str sealed = STR_INIT(65536);
	int64_t made_ms = 0;
	char name[32];
	bool found;

	attempt->answered = true;
	if (!store_begin(transaction, err) || !attempt_get(transaction, attempt->name, name, &made_ms, &sealed, &found, err))
		return false;
	if (!found || made_ms != attempt->made_ms)
		return error_set(err, ERROR_INPUT, "this attempt has had its answer in another session; begin a new one");
	return attempt_drop(transaction, attempt->name, err) && store_commit(transaction, err);
}

/* Nothing but a code is ever sent as one. */
static bool check_code(struct connect_world *world, const struct connect_attempt *attempt, const struct secret *code,
		       struct error *err)
{
	AUTO(secret_freep) struct secret *id = NULL;
	AUTO(secret_freep) struct secret *secret = NULL;

	if (!world_app(world, attempt->provider->name, attempt->environment, &id, &secret, err))
		return false;
	if (secret_equals(code, secret) || secret_equals(code, id))
		return error_set(err, ERROR_INPUT, "this is the app's client %s, not a code; it was thrown away",
				 secret_equals(code, secret) ? "secret" : "id");
	return true;
}

static bool refused_by_person(struct connect_world *world, struct connect_attempt *attempt, const struct paste *paste,
			      struct error *err)
{
	size_t len = strspn(paste->refusal, "abcdefghijklmnopqrstuvwxyz_");

	if (!use_up(world, attempt, err))
		return false;
	if (strcmp(paste->refusal, "access_denied") == 0)
		return error_set(err, ERROR_AUTH, "consent was refused in the browser; begin a new attempt to try again");
	return error_set(err, ERROR_AUTH, "the ledger refused: %.*s", len < 60 ? (int)len : 60, paste->refusal);
}

/* The answer must belong to this attempt, must be in time, and is taken once: before anything is sent. */
static bool check_answer(struct connect_world *world, struct connect_attempt *attempt, const struct paste *paste,
			 struct error *err)
{
	if (attempt->answered)
		return error_set(err, ERROR_INPUT, "this attempt has had its answer; begin a new one");
	if (!connect_can_answer(world, attempt))
		return error_set(err, ERROR_INPUT, "the attempt is older than ten minutes, and codes live for minutes only; begin a new one");
	if (paste->state && !secret_equals(paste->state, attempt->state))
		return error_set(err, ERROR_INPUT, "this answer belongs to another attempt; open the address shown here and paste what "
				 "comes then");
	/* Who took an attempt up again can't know that a code without state came from it. */
	if (!paste->state && attempt->resumed)
		return error_set(err, ERROR_INPUT, "an attempt that was taken up again needs the whole address, with its state; paste "
				 "that, or begin a new attempt");
	if (paste->kind == PASTE_ERROR)
		return refused_by_person(world, attempt, paste, err);
	if (!paste->code || !*paste->realm)
		return error_set(err, ERROR_INPUT, paste->code ? "the company id is missing: it stands as realmId in the address"
							       : "there is no code yet");
	return check_code(world, attempt, paste->code, err) && use_up(world, attempt, err);
}

/* Speak to the ledger with tokens that are not saved yet. */
struct trial {
	struct secret *value; /* owned */
};

static bool trial_authorization(void *ctx, bool rejected, const struct secret **ret_value, struct error *err)
{
	struct trial *trial = ctx;

	if (rejected)
		return error_set(err, ERROR_AUTH, "the ledger refuses the token that it has just given");
	*ret_value = trial->value;
	return true;
}

static bool ask_identity(struct connect_world *world, struct connect_attempt *attempt, const char *realm, struct error *err)
{
	struct provider_addresses addresses = { 0 };
	struct http http = { .transport = world->transport, .env = world->env, .cancel = world->cancel, .read_tries = 4,
			     .sleep = world->sleep, .sleep_ctx = world->sleep_ctx };
	const char *word = attempt->provider->can & PROVIDER_OAUTH ? "Bearer " : "token ";
	struct trial trial = { .value = secret_join((const char *const[]){ word },
						    (const struct secret *const[]){ attempt->tokens.access }, 1) };
	struct connection connection = { .provider = attempt->provider, .addresses = &addresses,
					 .environment = attempt->environment, .realm = realm, .http = &http,
					 .authorization = trial_authorization, .ctx = &trial };
	bool good = world_addresses(world, attempt->provider, attempt->environment, &addresses, err) &&
		    attempt->provider->identity(&connection, &attempt->identity, err);

	secret_free(trial.value);
	return good || error_prefix(err, "cannot ask whose company this is");
}

/* As the account will stand, be it new or known. */
static bool compose(struct connect_world *world, struct connect_attempt *attempt, char *ret_mark, struct error *err)
{
	const struct identity *identity = &attempt->identity;
	struct account *account = &attempt->account;
	struct account before = { 0 };
	AUTO(str_clear) struct str unique = STR_INIT(200);
	size_t len = strlen(identity->realm);
	bool found;

	str_addf(&unique, "%s:%s:%s", attempt->provider->name, environment_word(attempt->environment), identity->realm);
	if (!vault_mark(world->vault, "realm", unique.text, ret_mark, err) ||
	    !accounts_by_mark(world->store, attempt->provider->name, attempt->environment, ret_mark, &before, &found, err))
		return false;
	if (*attempt->account_id && (!found || strcmp(before.id, attempt->account_id) != 0))
		return error_set(err, ERROR_CONFLICT, "you signed in to '%.80s', but this account is '%.80s'; choose that company in the "
				 "browser, or connect '%.40s' as a new account", identity->name, attempt->expected, identity->name);
	attempt->known = found;
	*account = before;
	snprintf(account->provider, sizeof(account->provider), "%s", attempt->provider->name);
	account->environment = attempt->environment;
	snprintf(account->name, sizeof(account->name), "%s", identity->name);
	snprintf(account->country, sizeof(account->country), "%s", identity->country);
	snprintf(account->currency, sizeof(account->currency), "%s", identity->currency);
	snprintf(account->created, sizeof(account->created), "%s", identity->created);
	snprintf(account->realm_tail, sizeof(account->realm_tail), "%.7s", len > 4 ? identity->realm + len - 4 : identity->realm);
	snprintf(account->scopes, sizeof(account->scopes), "%s", attempt->provider->scopes ? attempt->provider->scopes : "");
	snprintf(account->connected_by, sizeof(account->connected_by), "%.63s", world->who);
	account->connected_ms = account->refreshed_ms = now_ms(world);
	account->state = ACCOUNT_OK;
	account->reason[0] = '\0';
	account->access_expires_ms = attempt->tokens.access_expires_ms;
	account->refresh_expires_ms = attempt->tokens.refresh_expires_ms;
	account->hard_expires_ms = attempt->tokens.hard_expires_ms;
	account->generation = before.generation + 1;
	return true;
}

static bool finish(struct connect_world *world, struct connect_attempt *attempt, const char *realm,
		   struct connect_result *ret_result, struct error *err)
{
	char mark[DIGEST_HEX];

	if (!ask_identity(world, attempt, realm, err))
		return false;
	if (*realm && strcmp(attempt->identity.realm, realm) != 0)
		return error_set(err, ERROR_CONFLICT, "the ledger answered for another company than the one in the address");
	if (!compose(world, attempt, mark, err))
		return false;
	*ret_result = (struct connect_result){ .identity = attempt->identity, .known = attempt->known, .account = attempt->account };
	return true;
}

bool connect_can_answer(const struct connect_world *world, const struct connect_attempt *attempt)
{
	int64_t age_ms = now_ms(world) - attempt->made_ms;

	return !attempt->answered && age_ms >= 0 && age_ms <= ATTEMPT_MS;
}

bool connect_answer(struct connect_world *world, struct connect_attempt *attempt, const struct paste *paste,
		    struct connect_result *ret_result, struct error *err)
{
	if (!check_answer(world, attempt, paste, err))
		return false;
	if (!tokens_exchange(world, attempt->provider, attempt->environment, paste->code, attempt->redirect, &attempt->tokens, err)) {
		if (err->outcome_unknown)
			return error_prefix(err, "nobody knows whether the code was taken; begin a new attempt");
		if (err->code == ERROR_AUTH)
			return error_set(err, ERROR_AUTH, "the code was used already or is too old: codes work once and for minutes only; "
					 "begin a new attempt");
		return error_prefix(err, "cannot exchange the code");
	}
	return finish(world, attempt, paste->realm, ret_result, err);
}

/* All of an account's rows in one transaction: key, company id, tokens, audit. */
static bool save_account(struct connect_world *world, struct connect_attempt *attempt, struct error *err)
{
	AUTO(store_end) struct store *transaction = world->store;
	AUTO(secret_freep) struct secret *realm = secret_copy(attempt->identity.realm, strlen(attempt->identity.realm));
	AUTO(str_clear) struct str key = STR_INIT(4096);
	struct account *account = &attempt->account;
	bool renewed;
	char mark[DIGEST_HEX];

	if (!store_begin(world->store, err) || !compose(world, attempt, mark, err))
		return false;
	renewed = attempt->known;
	if (!renewed) {
		/* The account's id comes first: its key is bound to it. */
		if (!accounts_add(world->store, account, mark, "", 0, err) ||
		    !world_follow(world, err) || !vault_account_key(world->vault, account->id, &key, err) ||
		    !accounts_set_key(world->store, account->id, key.text, key.len, err))
			return false;
	} else if (!accounts_save(world->store, account, err) || !intents_hasten(world->store, account->id, now_ms(world), err)) {
		return false;
	}
	return world_save(world, account->id, "", account->environment, "realm", 1, realm, err) &&
	       world_save(world, account->id, attempt->identity.realm, account->environment, "access", account->generation,
			  attempt->tokens.access, err) &&
	       (!attempt->tokens.refresh ||
		world_save(world, account->id, attempt->identity.realm, account->environment, "refresh", account->generation,
			   attempt->tokens.refresh, err)) &&
	       audit_add(world->store, world->who, renewed ? "reconnect" : "connect", account->id, renewed ? "known" : "",
			 account->name, now_ms(world), err) &&
	       store_commit(transaction, err);
}

bool connect_confirm(struct connect_world *world, struct connect_attempt *attempt, struct account *ret_account,
		     struct error *err)
{
	if (!attempt->tokens.access)
		return error_set(err, ERROR_INPUT, "there is nothing to confirm yet");
	if (!save_account(world, attempt, err))
		return error_prefix(err, "cannot save the connection");
	log_info("connect", "connected %s (%s, %s)", attempt->account.id, attempt->provider->name,
		 environment_word(attempt->environment));
	tokens_clear(&attempt->tokens);
	*ret_account = attempt->account;
	return true;
}

bool connect_token(struct connect_world *world, const struct attempt_options *options, const struct secret *token,
		   int64_t expires_ms, struct connect_attempt **ret_attempt, struct connect_result *ret_result,
		   struct error *err)
{
	AUTO(attempt_freep) struct connect_attempt *attempt = memory_new(sizeof(*attempt));

	attempt->provider = provider_find(options->provider);
	if (!attempt->provider || (attempt->provider->can & PROVIDER_OAUTH))
		return error_set(err, ERROR_INPUT, "'%s' is not connected with a token", options->provider);
	attempt->environment = options->environment;
	if (!load_expected(world, attempt, options->account_id, err))
		return false;
	attempt->tokens.access = secret_copy(secret_reveal(token), secret_len(token));
	attempt->tokens.access_expires_ms = attempt->tokens.hard_expires_ms = expires_ms;
	if (!finish(world, attempt, "", ret_result, err))
		return false;
	*ret_attempt = memory_steal(&attempt);
	return true;
}

bool connect_disconnect(struct connect_world *world, const char *account_id, char *ret_note, struct error *err)
{
	AUTO(store_end) struct store *transaction = world->store;
	AUTO(secret_freep) struct secret *token = NULL;
	struct error refused = { 0 };
	struct account account;
	int64_t generation;
	char realm[64];
	bool found;

	ret_note[0] = '\0';
	if (!accounts_get(world->store, account_id, &account, &found, err))
		return false;
	if (!found)
		return error_set(err, ERROR_INPUT, "there is no account '%s'", account_id);
	if (account.state == ACCOUNT_DISCONNECTED)
		return true;
	if (provider_find(account.provider) && (provider_find(account.provider)->can & PROVIDER_OAUTH) &&
	    world_realm(world, &account, realm, &refused) &&
	    world_load(world, account.id, realm, account.environment, "refresh", 0, &generation, &token, &refused) && token)
		tokens_revoke(world, provider_find(account.provider), account.environment, token, &refused);
	if (refused.code)
		snprintf(ret_note, 240, "the ledger was not told (%.150s); remove the app there as well", refused.text);
	account.state = ACCOUNT_DISCONNECTED;
	snprintf(account.reason, sizeof(account.reason), "disconnected by %.100s", world->who);
	account.access_expires_ms = account.refresh_expires_ms = account.hard_expires_ms = 0;
	return store_begin(world->store, err) && sealed_drop(world->store, account.id, err) &&
	       accounts_save(world->store, &account, err) &&
	       audit_add(world->store, world->who, "disconnect", account.id, "ok", refused.code ? "not revoked" : "revoked",
			 now_ms(world), err) &&
	       store_commit(transaction, err);
}
