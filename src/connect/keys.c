/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keys of accounts after a new vault key was made: each is wrapped anew in a transaction of its own. What it
 * seals stays as it is. Whoever is killed in between leaves keys of both kinds, and both open.
 */
#include "ledgerdeck/core/memory.h"
#include "world.h"

/* One wrapped key: of an account, or ("") the program's own, which may not be there yet. */
static bool load(struct store *store, const char *account_id, struct str *out, bool *ret_found, struct error *err)
{
	if (*account_id) {
		*ret_found = true;
		return accounts_key(store, account_id, out, err);
	}
	*ret_found = store_get(store, WORLD_OWN_KEY, out, err);
	return *ret_found || err->code == ERROR_NONE;
}

static bool rewrap(struct connect_world *world, const char *account_id, bool *ret_done, struct error *err)
{
	AUTO(store_end) struct store *transaction = world->store;
	AUTO(str_clear) struct str wrapped = STR_INIT(4096);
	AUTO(str_clear) struct str again = STR_INIT(4096);
	bool found;

	*ret_done = false;
	if (!store_begin(world->store, err) || !load(world->store, account_id, &wrapped, &found, err))
		return false;
	if (!found || vault_wrapped_by(wrapped.text, wrapped.len) == vault_key_id(world->vault))
		return true;
	*ret_done = true;
	return vault_rewrap_account_key(world->vault, account_id, wrapped.text, wrapped.len, &again, err) &&
	       (*account_id ? accounts_set_key(world->store, account_id, again.text, again.len, err)
			    : store_set(world->store, WORLD_OWN_KEY, again.text, again.len, err)) &&
	       store_commit(transaction, err);
}

bool connect_rewrap_keys(struct connect_world *world, int64_t *ret_rewrapped, struct error *err)
{
	AUTO(account_list_clear) struct account_list list = { 0 };
	bool done;

	*ret_rewrapped = 0;
	if (!accounts_all(world->store, &list, err))
		return false;
	for (size_t i = 0; i <= list.count; i++) {
		if (cancel_asked(world->cancel))
			return error_set(err, ERROR_CANCELLED, "stopped; run it again to go on");
		if (!rewrap(world, i < list.count ? list.items[i].id : "", &done, err))
			return false;
		*ret_rewrapped += done;
	}
	return true;
}

bool connect_count_keys(struct store *store, uint32_t key_id, int64_t *ret_keys, int64_t *ret_old, struct error *err)
{
	AUTO(account_list_clear) struct account_list list = { 0 };

	*ret_keys = *ret_old = 0;
	if (!accounts_all(store, &list, err))
		return false;
	for (size_t i = 0; i <= list.count; i++) {
		AUTO(str_clear) struct str wrapped = STR_INIT(4096);
		bool found;

		if (!load(store, i < list.count ? list.items[i].id : "", &wrapped, &found, err))
			return false;
		*ret_keys += found;
		*ret_old += found && vault_wrapped_by(wrapped.text, wrapped.len) != key_id;
	}
	return true;
}
