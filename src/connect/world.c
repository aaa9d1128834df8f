/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys and sealed values of the store, as everything in this folder needs them. */
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"
#include "ledgerdeck/store/log.h"

/* The vault's keys as the store has them now: another process may have rotated them. */
bool world_follow(struct connect_world *world, struct error *err)
{
	AUTO(str_clear) struct str header = STR_INIT(65536);

	if (!store_get(world->store, WORLD_HEADER, &header, err))
		return err->code == ERROR_NONE; /* a vault that is kept elsewhere */
	return vault_follow(world->vault, header.text, header.len, err);
}

bool world_key(struct connect_world *world, const char *account_id, struct str *ret_wrapped, struct error *err)
{
	AUTO(str_clear) struct str made = STR_INIT(4096);

	if (!world_follow(world, err))
		return false;
	if (*account_id)
		return accounts_key(world->store, account_id, ret_wrapped, err);
	if (store_get(world->store, WORLD_OWN_KEY, ret_wrapped, err))
		return true;
	if (err->code)
		return false;
	/* Two that make it at once would seal with keys of which one is lost: the caller is in a transaction. */
	if (!vault_account_key(world->vault, "", &made, err) ||
	    !store_set(world->store, WORLD_OWN_KEY, made.text, made.len, err))
		return false;
	str_add_bytes(ret_wrapped, made.text, made.len);
	return true;
}

bool world_seal(struct connect_world *world, const char *account_id, const struct vault_binding *binding,
		const struct secret *value, struct str *ret_sealed, struct error *err)
{
	AUTO(str_clear) struct str key = STR_INIT(4096);

	return world_key(world, account_id, &key, err) &&
	       vault_seal(world->vault, key.text, key.len, binding, value, ret_sealed, err);
}

static bool open_once(struct connect_world *world, const char *account_id, const struct vault_binding *binding,
		      const char *sealed, size_t len, struct secret **ret_value, struct error *err)
{
	AUTO(str_clear) struct str key = STR_INIT(4096);

	if (*account_id ? !accounts_key(world->store, account_id, &key, err)
			: !store_get(world->store, WORLD_OWN_KEY, &key, err))
		return err->code ? false : error_set(err, ERROR_AUTH, "the key of the app's own secrets is missing");
	/* The key first: whatever it is wrapped by was in the header by then. */
	return world_follow(world, err) && vault_open(world->vault, key.text, key.len, binding, sealed, len, ret_value, err);
}

bool world_open(struct connect_world *world, const char *account_id, const struct vault_binding *binding,
		const char *sealed, size_t len, struct secret **ret_value, struct error *err)
{
	/* Twice: a rotation may have ended between the two looks at the store. */
	if (open_once(world, account_id, binding, sealed, len, ret_value, err) ||
	    (err->code == ERROR_AUTH && open_once(world, account_id, binding, sealed, len, ret_value, err)))
		return true;
	/* Not the ledger refuses, this program does not have the key: nobody may take the connection for lost. */
	if (err->code == ERROR_AUTH) {
		error_prefix(err, "a sealed value does not open here");
		err->code = ERROR_STORE;
	}
	return false;
}

bool world_load(struct connect_world *world, const char *account_id, const char *realm, enum environment environment,
		const char *kind, int which, int64_t *ret_generation, struct secret **ret_value, struct error *err)
{
	AUTO(str_clear) struct str sealed = STR_INIT(2 * SECRET_MAX);
	struct vault_binding binding = { .account_id = account_id, .realm = realm,
					 .environment = environment_word(environment), .kind = kind };
	bool found;

	*ret_value = NULL;
	*ret_generation = 0;
	if (!sealed_get(world->store, account_id, kind, which, ret_generation, &sealed, &found, err))
		return false;
	if (!found)
		return true;
	binding.generation = (uint64_t)*ret_generation;
	return world_open(world, account_id, &binding, sealed.text, sealed.len, ret_value, err);
}

bool world_save(struct connect_world *world, const char *account_id, const char *realm, enum environment environment,
		const char *kind, int64_t generation, const struct secret *value, struct error *err)
{
	AUTO(str_clear) struct str sealed = STR_INIT(2 * SECRET_MAX);
	struct vault_binding binding = { .account_id = account_id, .realm = realm,
					 .environment = environment_word(environment), .kind = kind,
					 .generation = (uint64_t)generation };

	return world_seal(world, account_id, &binding, value, &sealed, err) &&
	       sealed_put(world->store, account_id, kind, generation, sealed.text, sealed.len, err);
}

bool world_realm(struct connect_world *world, const struct account *account, char *ret_realm, struct error *err)
{
	AUTO(secret_freep) struct secret *realm = NULL;
	int64_t generation;

	if (!world_load(world, account->id, "", account->environment, "realm", 0, &generation, &realm, err))
		return error_prefix(err, "cannot read the company id of '%s'", account->name);
	if (!realm)
		return error_set(err, ERROR_AUTH, "'%s' is not connected; run 'ledgerdeck connect %s'", account->name,
				 account->provider);
	snprintf(ret_realm, 64, "%s", secret_reveal(realm));
	return true;
}

static void app_kind(char *out, size_t size, const char *provider, const char *what)
{
	snprintf(out, size, "%s-%s", provider, what);
}

bool connect_app_set(struct connect_world *world, const char *provider, enum environment environment,
		     const char *client_id, const struct secret *client_secret, struct error *err)
{
	AUTO(secret_freep) struct secret *id = secret_copy(client_id, strlen(client_id));
	AUTO(store_end) struct store *transaction = world->store;
	char id_kind[32], secret_kind[32];
	int64_t generation = world->env.wall_ms(world->env.ctx);

	if (!*client_id || secret_len(client_secret) == 0)
		return error_set(err, ERROR_INPUT, "an app needs both its client id and its client secret");
	app_kind(id_kind, sizeof(id_kind), provider, environment_word(environment));
	app_kind(secret_kind, sizeof(secret_kind), environment_word(environment), provider);
	return store_begin(world->store, err) &&
	       world_save(world, "", "", environment, id_kind, generation, id, err) &&
	       world_save(world, "", "", environment, secret_kind, generation, client_secret, err) &&
	       audit_add(world->store, world->who, "app credentials", "", "", environment_word(environment), generation, err) &&
	       store_commit(transaction, err);
}

bool world_app(struct connect_world *world, const char *provider, enum environment environment,
	       struct secret **ret_id, struct secret **ret_secret, struct error *err)
{
	char id_kind[32], secret_kind[32];
	int64_t generation;

	app_kind(id_kind, sizeof(id_kind), provider, environment_word(environment));
	app_kind(secret_kind, sizeof(secret_kind), environment_word(environment), provider);
	if (!world_load(world, "", "", environment, id_kind, 0, &generation, ret_id, err) ||
	    !world_load(world, "", "", environment, secret_kind, 0, &generation, ret_secret, err))
		return error_prefix(err, "cannot read the app's credentials");
	if (*ret_id && *ret_secret)
		return true;
	error_set(err, ERROR_INPUT, "no client id and secret are known for %s (%s); give them once with "
		  "'ledgerdeck connect %s --client-id ID'", provider, environment_word(environment), provider);
	/* As if the ledger had refused them: a matter of the app, not of the type that was to be read. */
	if (err)
		snprintf(err->ledger_code, sizeof(err->ledger_code), "invalid_client");
	return false;
}

bool connect_app_known(struct connect_world *world, const char *provider, enum environment environment, bool *ret_known,
		       struct error *err)
{
	AUTO(secret_freep) struct secret *id = NULL;
	AUTO(secret_freep) struct secret *secret = NULL;
	struct error missing = { 0 };

	*ret_known = world_app(world, provider, environment, &id, &secret, &missing);
	if (*ret_known || missing.code == ERROR_INPUT)
		return true;
	*err = missing;
	return false;
}

bool connect_app_is(struct connect_world *world, const char *provider, enum environment environment, const char *client_id,
		    const struct secret *client_secret, bool *ret_same, struct error *err)
{
	AUTO(secret_freep) struct secret *id = NULL;
	AUTO(secret_freep) struct secret *secret = NULL;

	if (!world_app(world, provider, environment, &id, &secret, err))
		return false;
	*ret_same = (!client_id || strcmp(client_id, secret_reveal(id)) == 0) && (!client_secret || secret_equals(client_secret, secret));
	return true;
}

bool connect_way_at(size_t index, struct connect_way *ret_way)
{
	const struct provider *const *all = provider_all();

	*ret_way = (struct connect_way){ 0 };
	for (size_t i = 0; i <= index; i++)
		if (!all[i])
			return false;
	*ret_way = (struct connect_way){ .provider = all[index]->name, .title = all[index]->title, .word = all[index]->word,
					 .by_token = !(all[index]->can & PROVIDER_OAUTH),
					 .environment_count = all[index]->environment_count };
	memcpy(ret_way->environments, all[index]->environments, sizeof(ret_way->environments));
	return true;
}

bool connect_way(const char *name, struct connect_way *ret_way)
{
	for (size_t i = 0; connect_way_at(i, ret_way); i++)
		if (strcmp(ret_way->provider, name) == 0)
			return true;
	return false;
}

void connect_add_names(struct str *out)
{
	const struct provider *const *all = provider_all();

	for (size_t i = 0; all[i]; i++)
		str_addf(out, "%s'%s'", i == 0 ? "" : all[i + 1] ? ", " : " and ", all[i]->name);
}

/* The same path on another host: where the simulator listens. */
static void move(char *address, size_t size, const char *base)
{
	const char *host = strstr(address, "://"), *path = host ? strchr(host + 3, '/') : NULL;
	char rest[256];

	snprintf(rest, sizeof(rest), "%s", path ? path : "");
	if (*address)
		snprintf(address, size, "%.200s%.55s", base, rest);
}

bool world_addresses(struct connect_world *world, const struct provider *provider, enum environment environment,
		     struct provider_addresses *ret_addresses, struct error *err)
{
	const char *local = settings_text(world->settings, "quickbooks.local_address");
	char *const parts[] = { ret_addresses->api, ret_addresses->authorize, ret_addresses->token, ret_addresses->revoke };
	char endpoint[40];

	if (!provider->addresses(environment, ret_addresses, err))
		return false;
	snprintf(endpoint, sizeof(endpoint), "%.20s.api_endpoint", provider->name);
	if (environment != ENVIRONMENT_LOCAL && settings_known(endpoint) && *settings_text(world->settings, endpoint))
		snprintf(ret_addresses->api, sizeof(ret_addresses->api), "%.250s", settings_text(world->settings, endpoint));
	for (size_t i = 0; environment == ENVIRONMENT_LOCAL && *local && i < ARRAY_LEN(parts); i++)
		move(parts[i], sizeof(ret_addresses->api), local);
	return true;
}

bool world_sleep(const struct connect_world *world, int64_t ms)
{
	return world->sleep ? world->sleep(world->sleep_ctx, ms, world->cancel) : cancel_sleep(world->cancel, ms);
}

struct secret *secret_join(const char *const *texts, const struct secret *const *secrets, size_t count)
{
	struct secret *joined;
	size_t len = 0;
	char *out;

	for (size_t i = 0; i < count; i++)
		len += (texts[i] ? strlen(texts[i]) : 0) + (secrets[i] ? secret_len(secrets[i]) : 0);
	joined = secret_new(len);
	out = secret_edit(joined);
	for (size_t i = 0; i < count; i++) {
		if (texts[i]) {
			memcpy(out, texts[i], strlen(texts[i]));
			out += strlen(texts[i]);
		}
		if (secrets[i]) {
			memcpy(out, secret_reveal(secrets[i]), secret_len(secrets[i]));
			out += secret_len(secrets[i]);
		}
	}
	return joined;
}

struct secret *secret_percent(const struct secret *secret)
{
	static const char hex[] = "0123456789ABCDEF";
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
	AUTO(secret_freep) struct secret *wide = secret_new(3 * secret_len(secret) < SECRET_MAX ? 3 * secret_len(secret) : SECRET_MAX);
	const char *text = secret_reveal(secret);
	char *out = secret_edit(wide);
	size_t at = 0;

	for (size_t i = 0; i < secret_len(secret) && at + 3 <= secret_len(wide); i++) {
		unsigned char c = (unsigned char)text[i];

		if (c && strchr(plain, c)) {
			out[at++] = (char)c;
		} else {
			out[at++] = '%';
			out[at++] = hex[c >> 4];
			out[at++] = hex[c & 15];
		}
	}
	return secret_copy(out, at);
}

struct secret *secret_basic(const struct secret *id, const struct secret *password)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	AUTO(secret_freep) struct secret *pair =
		secret_join((const char *const[]){ NULL, ":" }, (const struct secret *const[]){ id, password }, 2);
	size_t len = secret_len(pair), at = 6;
	struct secret *basic = secret_new(6 + (len + 2) / 3 * 4);
	const unsigned char *in = (const unsigned char *)secret_reveal(pair);
	char *out = secret_edit(basic);

	memcpy(out, "Basic ", 6);
	for (size_t i = 0; i < len; i += 3) {
		uint32_t three = (uint32_t)in[i] << 16 | (i + 1 < len ? (uint32_t)in[i + 1] << 8 : 0) | (i + 2 < len ? in[i + 2] : 0);

		out[at++] = letters[three >> 18];
		out[at++] = letters[three >> 12 & 63];
		out[at++] = i + 1 < len ? letters[three >> 6 & 63] : '=';
		out[at++] = i + 2 < len ? letters[three & 63] : '=';
		secret_wipe(&three, sizeof(three));
	}
	return basic;
}
