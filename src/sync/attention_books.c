/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What reconciliation sessions have found, and periods that were signed and are open again. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "attention.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/sync/reconcile.h"

struct looking {
	struct gather *gather;
	const struct account *account;
	struct error *err;
	bool good;
};

static void tell_reopened(struct looking *looking, const struct session *session, const char *period)
{
	struct attention_item *item = attention_ensure(looking->gather, ATTENTION_REOPENED, "%s", session->id);

	item->frees = 1;
	item->since_ms = session->reopened_ms;
	attention_say(item->what, sizeof(item->what), "The signed period %s of '%.60s' is open again.", period, looking->account->name);
	attention_say(item->why, sizeof(item->why), "%s", session->reopened);
	attention_say(item->act, sizeof(item->act), "Compare it again, look at what has changed, and sign it anew.");
	attention_say(item->command, sizeof(item->command), "reconcile %s --period %s", looking->account->id, period);
	attention_add_account(looking->gather, item, looking->account);
}

static void tell_differences(struct looking *looking, const struct session *session, const char *period, int64_t open)
{
	struct attention_item *item = attention_ensure(looking->gather, ATTENTION_DIFFERS, "%s", session->id);

	item->frees = open;
	item->since_ms = session->read_ms ? session->read_ms : session->made_ms;
	attention_say(item->what, sizeof(item->what), "%" PRId64 " thing%s do%s not agree in %s of '%.60s'.", open, open == 1 ? "" : "s",
		      open == 1 ? "es" : "", period, looking->account->name);
	attention_say(item->why, sizeof(item->why), "Source, mirror and ledger were compared%s.", session->read_ms ? "" : ", but not with the ledger yet");
	attention_say(item->act, sizeof(item->act), "Work through them: accept, correct by a plan, or explain each.");
	attention_say(item->command, sizeof(item->command), "exceptions %s", session->id);
	attention_add_account(looking->gather, item, looking->account);
}

static bool look_at(void *ctx, const struct session *session)
{
	struct looking *looking = ctx;
	struct reconcile_standing standing;
	char from[DATE_TEXT_MAX], to[DATE_TEXT_MAX], period[2 * DATE_TEXT_MAX + 4];

	if (session->state != SESSION_OPEN || session->rounds == 0)
		return true;
	looking->good = reconcile_standing(looking->gather->store, session, date_of_ms(looking->gather->now_ms, 0), &standing, looking->err);
	if (!looking->good)
		return false;
	snprintf(period, sizeof(period), "%s..%s", date_format(session->from, from), date_format(session->to, to));
	if (*session->reopened)
		tell_reopened(looking, session, period);
	if (standing.open > 0)
		tell_differences(looking, session, period, standing.open);
	return true;
}

static bool tell_failure(struct looking *looking, struct error *err)
{
	AUTO(str_clear) struct str why = STR_INIT(400);
	struct attention_item *item;
	struct error failed = { 0 };
	char name[80];

	snprintf(name, sizeof(name), "reconcile.failed.%s", looking->account->id);
	if (!store_get(looking->gather->store, name, &why, &failed)) {
		if (failed.code != ERROR_NONE && err)
			*err = failed;
		return failed.code == ERROR_NONE;
	}
	if (why.len == 0)
		return true;
	item = attention_ensure(looking->gather, ATTENTION_DIFFERS, "%s failed", looking->account->id);
	attention_say(item->what, sizeof(item->what), "'%.60s' could not be reconciled last night.", looking->account->name);
	attention_say(item->why, sizeof(item->why), "%.230s", why.text);
	attention_say(item->act, sizeof(item->act), "Put that right; it is tried again the next night.");
	attention_say(item->command, sizeof(item->command), "sync %s", looking->account->id);
	attention_add_account(looking->gather, item, looking->account);
	return true;
}

bool attention_books(struct gather *gather, const struct account *account, struct error *err)
{
	struct looking looking = { .gather = gather, .account = account, .err = err, .good = true };

	return sessions_all(gather->store, account->id, 0, look_at, &looking, err) && looking.good && tell_failure(&looking, err);
}
