/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What several views can do to an account or a type. What is hard to take back asks first, in a dialog. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deck.h"
#include "dialog.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/records.h"

#define LISTED_MAX 100 /* records that a dialog names */

struct target { /* of a dialog: plain bytes */
	char account_id[ACCOUNT_ID_MAX];
	char account[ACCOUNT_NAME_MAX];
	char type[64];                     /* "" : all types */
	const struct catalogue *catalogue; /* borrowed; it outlives the deck */
};

static struct target target_of(const struct deck *deck, const struct account *account, const char *type)
{
	struct target target = { .catalogue = deck->app->catalogue };

	snprintf(target.account_id, sizeof(target.account_id), "%s", account->id);
	snprintf(target.account, sizeof(target.account), "%s", account->name);
	snprintf(target.type, sizeof(target.type), "%s", type ? type : "");
	return target;
}

/* ---- deletions that a sweep waits with */

/* Which records would go, by the sweep's own list. */
static bool add_missing(struct store *store, const struct object *object, const struct type *type, struct str *out, struct error *err)
{
	AUTO(memory_freep) char(*ids)[RECORD_ID_MAX] = memory_new(LISTED_MAX * RECORD_ID_MAX);
	size_t listed = 0;
	int64_t missing = 0;

	if (!sweep_missing(store, object, LISTED_MAX, ids, &listed, &missing, err))
		return false;
	for (size_t i = 0; type && i < listed; i++) {
		AUTO(str_clear) struct str raw = STR_INIT(STR_NO_LIMIT);
		AUTO(str_clear) struct str texts = STR_INIT(STR_NO_LIMIT);
		struct record_row row = { 0 };
		bool found;

		if (!records_get(store, object, type, ids[i], &row, &raw, &texts, &found, err))
			return false;
		str_addf(out, "\n  %s", ids[i]);
		if (found && row.title_len > 0) {
			str_add(out, "  ");
			str_add_bytes(out, row.title, row.title_len);
		}
	}
	if (missing > (int64_t)listed)
		str_addf(out, "\n  and %lld more", (long long)missing - (long long)listed);
	return true;
}

static bool describe_approval(const void *ctx, struct store *store, struct str *out, struct error *err)
{
	const struct target *target = ctx;
	AUTO(object_list_clear) struct object_list list = { 0 };
	struct account account;
	bool found;

	if (!accounts_get(store, target->account_id, &account, &found, err) || !objects_all(store, target->account_id, &list, err))
		return false;
	for (size_t i = 0; i < list.count; i++) {
		const struct object *object = &list.items[i];

		if (!*object->guard || (*target->type && strcmp(object->type, target->type) != 0))
			continue;
		str_addf(out, "%s%s: %s.", out->len ? "\n\n" : "", object->type, object->guard);
		str_add(out, "\nThese would be marked as deleted here, once the ledger confirms for each that it is gone:");
		if (!add_missing(store, object, found ? catalogue_find(target->catalogue, account.provider, object->type) : NULL, out, err))
			return false;
	}
	return out->len > 0 || error_set(err, ERROR_CONFLICT, "No sweep waits for approval here any more.");
}

static void approve(struct deck *deck, const void *ctx)
{
	const struct target *target = ctx;

	deck_sync(deck, target->account_id, target->account, *target->type ? target->type : NULL, "approval", true);
}

void deck_approve(struct deck *deck, const struct account *account, const char *type)
{
	const struct target target = target_of(deck, account, type);
	const struct dialog_wish wish = { .kind = DIALOG_KEY, .title = "Approve deletions", .verb = "let them go", .account = account,
					  .target = &target, .size = sizeof(target), .describe = describe_approval, .act = approve };

	if (deck_ready(deck))
		dialog_open(deck, &wish);
}

/* ---- disconnecting */

static bool describe_disconnect(const void *ctx, struct store *store, struct str *out, struct error *err)
{
	const struct target *target = ctx;
	AUTO(object_list_clear) struct object_list list = { 0 };
	struct account account;
	bool found;

	if (!accounts_get(store, target->account_id, &account, &found, err) || !objects_all(store, target->account_id, &list, err))
		return false;
	if (!found || account.state == ACCOUNT_DISCONNECTED)
		return error_set(err, ERROR_CONFLICT, "It is disconnected already.");
	str_addf(out, "Its permission is given back to the ledger, and its tokens are destroyed. Its %zu types are not read any more.\n",
		 list.count);
	str_add(out, "What is mirrored stays, and so do log and audit. Whoever wants to go on connects it again, in a browser.");
	if (account.state != ACCOUNT_OK)
		str_addf(out, "\nIt is '%s' now%s%s.", account_state_word(account.state), *account.reason ? ": " : "", account.reason);
	return true;
}

static void disconnect(struct deck *deck, const void *ctx)
{
	const struct target *target = ctx;
	const char *words[] = { "disconnect", target->account_id, "--yes", NULL };

	deck_command(deck, words, true);
}

void deck_disconnect(struct deck *deck, const struct account *account)
{
	const struct target target = target_of(deck, account, NULL);
	const struct dialog_wish wish = { .kind = DIALOG_NAME, .title = "Disconnect", .verb = "disconnect", .account = account,
					  .target = &target, .size = sizeof(target), .describe = describe_disconnect, .act = disconnect };

	dialog_open(deck, &wish);
}

/* ---- pausing: taken back with one key */

void deck_pause(struct deck *deck, const struct account *account, const char *type, bool pause)
{
	char line[200], undo[200], what[200], option[80] = "";

	if (type)
		snprintf(option, sizeof(option), " --type %s", type);
	snprintf(line, sizeof(line), "%s %s%s", pause ? "pause" : "resume", account->id, option);
	snprintf(undo, sizeof(undo), "%s %s%s", pause ? "resume" : "pause", account->id, option);
	snprintf(what, sizeof(what), "%s%s'%.100s' %s", type ? type : "", type ? " of " : "", account->name, pause ? "is paused" : "goes on");
	deck_do(deck, line, undo, what);
}
