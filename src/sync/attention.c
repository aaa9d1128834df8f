/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Gathers what needs a person. Each look below adds what it sees under a key; what has the same key is one item, over as
 * many types and accounts as it meets.
 */
#include "attention.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/outbox.h"
#include "ledgerdeck/core/utf8.h"

#define NAMES_SHOWN 3
#define NAME_SHOWN 40        /* bytes of each */
#define FAILURES_PATIENCE 3 /* so often one after the other before somebody should look */

static const char *const words[ATTENTION_COUNT] = {
	[ATTENTION_RECONNECT] = "reconnect", [ATTENTION_ENDING] = "ending",   [ATTENTION_GUARD] = "approve",
	[ATTENTION_DEAD] = "dead",           [ATTENTION_FAILING] = "failing", [ATTENTION_CLOCK] = "clock",
	[ATTENTION_PARKED] = "parked",       [ATTENTION_DRIFT] = "drift",     [ATTENTION_BUDGET] = "budget",
	[ATTENTION_BREAKER] = "breaker",     [ATTENTION_BACKUP] = "backup",
	[ATTENTION_EXPORT] = "export",
	[ATTENTION_REFUSED] = "refused",     [ATTENTION_PAUSED] = "paused",   [ATTENTION_WAITING] = "waiting", [ATTENTION_WINDOW] = "window", [ATTENTION_UNCERTAIN] = "uncertain",
	[ATTENTION_DIFFERS] = "differs",     [ATTENTION_REOPENED] = "reopened",
};

const char *attention_word(enum attention_cause cause)
{
	return words[cause];
}

void attention_clear(struct attention *attention)
{
	free(attention->items);
	*attention = (struct attention){ 0 };
}

/* ---- items */

static struct attention_item *find(const struct attention *attention, enum attention_cause cause, const char *key)
{
	for (size_t i = 0; i < attention->count; i++)
		if (attention->items[i].cause == cause && strcmp(attention->items[i].key, key) == 0)
			return &attention->items[i];
	return NULL;
}

struct attention_item *attention_ensure(struct gather *gather, enum attention_cause cause, const char *format, ...)
{
	struct attention *attention = gather->attention;
	struct attention_item *item;
	char key[160];
	va_list args;

	va_start(args, format);
	vsnprintf(key, sizeof(key), format, args);
	va_end(args);
	item = find(attention, cause, key);
	if (item)
		return item;
	memory_grow(&attention->items, &attention->room, attention->count + 1, sizeof(*attention->items));
	attention->items[attention->count] = (struct attention_item){ .cause = cause, .person = true };
	snprintf(attention->items[attention->count].key, sizeof(key), "%s", key);
	return &attention->items[attention->count++];
}

void attention_say(char *out, size_t size, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(out, size, format, args);
	va_end(args);
}

/* It is of this account, too; of several of its types it counts once. */
void attention_add_account(struct gather *gather, struct attention_item *item, const struct account *account)
{
	size_t at = (size_t)(item - gather->attention->items), len = strlen(item->names);

	if (at == gather->last_item && strcmp(gather->last_account, account->id) == 0)
		return;
	gather->last_item = at;
	memcpy(gather->last_account, account->id, sizeof(gather->last_account));
	if (++item->accounts <= NAMES_SHOWN)
		attention_say(item->names + len, sizeof(item->names) - len, "%s%.*s%s", len ? ", " : "", utf8_fit(account->name, NAME_SHOWN),
		    account->name, strlen(account->name) > NAME_SHOWN ? "\xe2\x80\xa6" : "");
}

/* A stranger's word behind the command, as a shell and the deck's prompt take it. */
void attention_add_quoted(struct attention_item *item, const char *word)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-";
	size_t len = strlen(item->command);
	bool quotes = !*word || word[strspn(word, plain)];

	attention_say(item->command + len, sizeof(item->command) - len, quotes ? " '" : " ");
	for (; *word; word++) {
		len = strlen(item->command);
		attention_say(item->command + len, sizeof(item->command) - len, *word == '\'' ? "'\\''" : "%c", *word);
	}
	len = strlen(item->command);
	attention_say(item->command + len, sizeof(item->command) - len, quotes ? "'" : "");
}

/* All of a type is to be read again, of this account, too: of all there are, where they are too many to name. */
static void add_reading(struct attention_item *item, const char *type, const struct account *account)
{
	size_t len = strlen(item->command);

	if (len == 0)
		attention_say(item->command, sizeof(item->command), "sync --full --type %s %s", type, account->id);
	else if (len + strlen(account->id) + 2 > sizeof(item->command))
		attention_say(item->command, sizeof(item->command), "sync --full --type %s --all", type);
	else if (!strstr(item->command, " --all") && !strstr(item->command, account->id))
		attention_say(item->command + len, sizeof(item->command) - len, " %s", account->id);
}

static int64_t records_of(const struct object *object)
{
	return object->live + object->inactive + object->voided;
}

/* ---- accounts */

/* Of what ends first: whatever is done, or for want of renewal? */
static bool ends_for_good(const struct account *account)
{
	return account->hard_expires_ms && (!account->refresh_expires_ms || account->hard_expires_ms <= account->refresh_expires_ms);
}

/* What is owed to it goes on by itself once it is connected again. */
static bool look_at_lost(struct gather *gather, const struct account *account, const char *reason, struct error *err)
{
	struct attention_item *item = attention_ensure(gather, ATTENTION_RECONNECT, "%s", account->id);
	struct intent_counts counts = { 0 };
	int64_t owed = 0;

	if (!intents_count(gather->store, account->id, NULL, &counts, err))
		return false;
	for (int state = 0; state < INTENT_STATE_COUNT; state++)
		owed += intent_is_open((enum intent_state)state) ? counts.states[state] : 0;
	attention_say(item->what, sizeof(item->what), "The connection to %.*s is lost; nothing is read.", utf8_fit(account->name, 100), account->name);
	if (owed > 0)
		attention_say(item->what, sizeof(item->what), "The connection to %.*s is lost; nothing is read, and %lld write%s wait%s.",
			      utf8_fit(account->name, 100), account->name, (long long)owed, owed == 1 ? "" : "s", owed == 1 ? "s" : "");
	attention_say(item->why, sizeof(item->why), "%s", reason);
	attention_say(item->act, sizeof(item->act), "Connect it again; an administrator of the company is needed.");
	attention_say(item->command, sizeof(item->command), "connect %s --account %s", account->provider, account->id);
	attention_add_account(gather, item, account);
	return true;
}

static bool look_at_account(struct gather *gather, const struct account *account, struct error *err)
{
	struct attention_item *item;
	struct breaker breaker;
	const char *reason = *account->reason ? account->reason : "The ledger no longer takes its tokens.";
	char warning[240];

	if (account->state == ACCOUNT_RECONNECT)
		return look_at_lost(gather, account, reason, err);
	if (account->state == ACCOUNT_OK && sync_warning(account, gather->now_ms, warning)) {
		item = attention_ensure(gather, ATTENTION_ENDING, "%s", account->id);
		attention_say(item->what, sizeof(item->what), "The connection to %.*s ends soon.", utf8_fit(account->name, 100), account->name);
		attention_say(item->why, sizeof(item->why), "%.230s", warning);
		attention_say(item->act, sizeof(item->act), ends_for_good(account) ? "Connect it again before it ends." : "Renew its tokens.");
		if (ends_for_good(account))
			attention_say(item->command, sizeof(item->command), "connect %s --account %s", account->provider, account->id);
		else
			attention_say(item->command, sizeof(item->command), "refresh %s", account->id);
		attention_add_account(gather, item, account);
	}
	if (!breaker_get(gather->store, account->id, &breaker, err))
		return false;
	if (breaker.open_until_ms > gather->now_ms && account->state == ACCOUNT_OK) {
		item = attention_ensure(gather, ATTENTION_BREAKER, "%s", account->id);
		item->person = breaker.openings >= FAILURES_PATIENCE;
		attention_say(item->what, sizeof(item->what), "No calls to %.*s for a while.", utf8_fit(account->name, 100), account->name);
		attention_say(item->why, sizeof(item->why), "Calls failed %d times in a row.", breaker.failures);
		attention_say(item->act, sizeof(item->act), "Nothing: it is tried again by itself. Look at the network and the ledger's status if it stays.");
		attention_say(item->command, sizeof(item->command), "sync %s", account->id);
		attention_add_account(gather, item, account);
	}
	return true;
}

static bool look_at_month(struct gather *gather, const struct account *account, struct error *err)
{
	struct sync_month month;

	if (!sync_month(gather->store, gather->settings, account->provider, account->environment, gather->now_ms, &month, err))
		return false;
	for (int i = 0; i < QUOTA_COUNT; i++) {
		const struct sync_quota *quota = &month.quotas[i];
		struct attention_item *item;

		if (!quota_is_short(quota))
			continue;
		item = attention_ensure(gather, ATTENTION_BUDGET, "%s %s", month.label, quota->what);
		attention_say(item->what, sizeof(item->what), "The month's %s of %s %s used up.", quota->what, month.label,
			      quota_is_used_up(quota) ? "are" : "will be");
		attention_say(item->why, sizeof(item->why), "%lld of %lld %s are used, %lld expected by the month's end.", (long long)quota->used,
			      (long long)quota->limit, quota->what, (long long)quota->forecast);
		attention_say(item->act, sizeof(item->act), "Read less often ('interval'), or raise %s.", quota->setting);
	}
	return true;
}

/* ---- types */

static bool is_clock(const struct error *error)
{
	return error->code == ERROR_STORE && strstr(error->text, "machine's clock") != NULL;
}

static const struct sync_advice clock_advice = {
	"This machine's clock is wrong.", "", "Set it, or let it be set: timedatectl set-ntp true. Reading goes on by itself then.",
};

static void look_at_failure(struct gather *gather, const struct account *account, const struct object *object)
{
	const struct error *error = &object->last_error;
	struct sync_advice advice = sync_advice(account->provider, error);
	bool dead = object->status == OBJECT_DEAD;
	enum attention_cause cause = is_clock(error) ? ATTENTION_CLOCK : dead ? ATTENTION_DEAD : ATTENTION_FAILING;
	struct attention_item *item;

	/* The same cause: the same code of the ledger, else the same advice. */
	item = attention_ensure(gather, cause, "%s %s", account->provider, *error->ledger_code ? error->ledger_code : advice.what);
	if (item->types == 0) {
		item->person = false;
		if (cause == ATTENTION_CLOCK)
			advice = clock_advice;
		attention_say(item->what, sizeof(item->what), "%s%s%s%s", advice.what, *error->ledger_code ? " (code " : "", error->ledger_code,
		    *error->ledger_code ? ")" : "");
		attention_say(item->why, sizeof(item->why), "%s", *advice.why ? advice.why : error->text);
		attention_say(item->act, sizeof(item->act), "%s", advice.act);
		attention_say(item->command, sizeof(item->command), "retry --code");
		attention_add_quoted(item, *error->ledger_code ? error->ledger_code : error_word(error->code));
	}
	item->person = item->person || dead || cause == ATTENTION_CLOCK || error->code == ERROR_INPUT || error->code == ERROR_CONFLICT ||
		       error->code == ERROR_AUTH || object->failures >= FAILURES_PATIENCE;
	item->types++;
	item->frees += records_of(object);
	if (object->success_ms && (item->since_ms == 0 || object->success_ms < item->since_ms))
		item->since_ms = object->success_ms;
	attention_add_account(gather, item, account);
}

static void look_at_object(struct gather *gather, const struct account *account, const struct object *object)
{
	struct attention_item *item;

	if (*object->guard && strcmp(object->guard, "approved") != 0) {
		item = attention_ensure(gather, ATTENTION_GUARD, "%s %s", account->id, object->type);
		attention_say(item->what, sizeof(item->what), "A sweep of %.60s in %.*s waits for approval.", object->type,
		    utf8_fit(account->name, 80), account->name);
		attention_say(item->why, sizeof(item->why), "%.230s", object->guard);
		attention_say(item->act, sizeof(item->act), "Check the company and its permission, then let it delete them.");
		attention_say(item->command, sizeof(item->command), "sync %s --type %s --approve", account->id, object->type);
		item->types = 1;
		item->frees = records_of(object);
		attention_add_account(gather, item, account);
	} else if (object->wanted && (object->status == OBJECT_FAILED || object->status == OBJECT_DEAD) &&
		   object->last_error.code != ERROR_CANCELLED) {
		look_at_failure(gather, account, object);
	}
	if (*object->drift) {
		item = attention_ensure(gather, ATTENTION_DRIFT, "%s %s", account->provider, object->type);
		item->person = false;
		attention_say(item->what, sizeof(item->what), "The ledger has new members in %.60s.", object->type);
		attention_say(item->why, sizeof(item->why), "Nobody knew: %.*s", utf8_fit(object->drift, 200), object->drift);
		attention_say(item->act, sizeof(item->act), "They are kept. Add a field to the catalogue to see them, or read all of it again to take note.");
		add_reading(item, object->type, account);
		item->types++;
		attention_add_account(gather, item, account);
	}
}

/* ---- what was parked, and backups */

static bool take_parked(void *ctx, const struct parked_cause *parked)
{
	struct gather *gather = ctx;
	const struct account *account = NULL;
	struct attention_item *item;

	for (size_t i = 0; i < gather->accounts.count; i++)
		if (strcmp(gather->accounts.items[i].id, parked->account_id) == 0)
			account = &gather->accounts.items[i];
	/* Nothing can be read again before it is connected, or goes on. */
	if (!account || account->state != ACCOUNT_OK)
		return true;
	item = attention_ensure(gather, ATTENTION_PARKED, "%s %s %.80s", account->provider, parked->type, parked->why);
	attention_say(item->what, sizeof(item->what), "Records of %.60s could not be kept as such.", parked->type);
	attention_say(item->why, sizeof(item->why), "%.*s", utf8_fit(parked->why, 230), parked->why);
	attention_say(item->act, sizeof(item->act), "Their bytes are kept. Mend the catalogue's row or the record in the ledger, then read them again.");
	add_reading(item, parked->type, account);
	item->types++;
	item->frees += parked->count;
	attention_add_account(gather, item, account);
	return true;
}

static bool look_at_backups(struct gather *gather, struct error *err)
{
	struct sync_backups backups;
	struct attention_item *item;

	if (!sync_backup_state(gather->store, gather->settings, &backups, err))
		return false;
	if (!backups.scheduled || backups.failures == 0)
		return true;
	item = attention_ensure(gather, ATTENTION_BACKUP, "backup");
	attention_say(item->what, sizeof(item->what), "Scheduled backups fail, %d in a row.", backups.failures);
	attention_say(item->why, sizeof(item->why), "%.230s", backups.error.text);
	attention_say(item->act, sizeof(item->act), "Mend what the message names, then make one.");
	attention_say(item->command, sizeof(item->command), "retry %lld", (long long)backups.failed);
	item->since_ms = backups.last_ms;
	return true;
}

/* ---- all of it */

static int by_weight(const void *a, const void *b)
{
	const struct attention_item *first = a, *second = b;

	if (first->person != second->person)
		return first->person ? -1 : 1;
	if (first->cause != second->cause)
		return first->cause < second->cause ? -1 : 1;
	if (first->frees != second->frees)
		return first->frees > second->frees ? -1 : 1;
	return strcmp(first->key, second->key);
}

static void finish(struct attention *attention)
{
	for (size_t i = 0; i < attention->count; i++) {
		struct attention_item *item = &attention->items[i];
		size_t len = strlen(item->names);

		if (item->accounts > NAMES_SHOWN)
			attention_say(item->names + len, sizeof(item->names) - len, " and %lld more", (long long)item->accounts - NAMES_SHOWN);
		attention->persons += item->person;
	}
	if (attention->count > 1)
		qsort(attention->items, attention->count, sizeof(*attention->items), by_weight);
}

/* Records of an account that nothing is read of for now. */
static void add_waiting(struct gather *gather, const struct account *account, int64_t records)
{
	static const enum attention_cause causes[] = { ATTENTION_RECONNECT, ATTENTION_BREAKER };

	for (size_t i = 0; i < ARRAY_LEN(causes); i++) {
		struct attention_item *item = find(gather->attention, causes[i], account->id);

		if (item)
			item->frees += records;
	}
}

static bool look(struct gather *gather, struct error *err)
{

	for (size_t i = 0; i < gather->accounts.count; i++) {
		AUTO(object_list_clear) struct object_list objects = { 0 };
		const struct account *account = &gather->accounts.items[i];

		if (account->state == ACCOUNT_DISCONNECTED || account->state == ACCOUNT_PAUSED)
			continue;
		gather->attention->accounts++;
		if (!look_at_account(gather, account, err) || !attention_push(gather, account, err) ||
		    !attention_books(gather, account, err) || !objects_all(gather->store, account->id, &objects, err))
			return false;
		gather->attention->types += (int64_t)objects.count;
		for (size_t k = 0; k < objects.count && account->state == ACCOUNT_OK; k++)
			look_at_object(gather, account, &objects.items[k]);
		for (size_t k = 0; k < objects.count; k++)
			add_waiting(gather, account, records_of(&objects.items[k]));
		if (!look_at_month(gather, account, err))
			return false;
	}
	return parked_causes(gather->store, take_parked, gather, err) && look_at_backups(gather, err) && attention_feeds(gather, err);
}

bool attention_read(struct store *store, const struct settings *settings, int64_t now_ms, struct attention *ret_attention,
		    struct error *err)
{
	struct gather gather = { .store = store, .settings = settings, .now_ms = now_ms, .attention = ret_attention, .last_item = SIZE_MAX };
	bool good;

	*ret_attention = (struct attention){ 0 };
	good = accounts_all(store, &gather.accounts, err) && look(&gather, err);
	account_list_clear(&gather.accounts);
	finish(ret_attention);
	return good;
}
