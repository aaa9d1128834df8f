/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The screens that are kept as golden ones: the keys that lead there, and what the stage has besides. */
#include "scenes.h"

#include <stdio.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/log.h"

enum { EMPTY = 1, ASCII = 2, READONLY = 4, WORKS = 8, HISTORY = 16, STRANGERS = 32, SETTINGS = 64, AUDIT = 128, BROKEN = 256, BOOKS = 512, PLAN = 1024, OUTBOX = 2048,
       REQUESTS = 4096, LINKS = 8192, SESSION = 16384 };

static const struct {
	const char *name, *keys;
	unsigned with;
} rows[] = {
	{ "first-run", "", EMPTY },
	{ "accounts", "", 0 },
	{ "accounts-ascii", "", ASCII },
	{ "accounts-reconnect", "j", 0 },
	{ "types", "Tab", 0 },
	{ "types-guard", "Tab G k", 0 },
	{ "types-failed", "Tab x", 0 },
	{ "log", "Tab Tab", 0 },
	{ "log-view", "4", 0 },
	{ "attention", "2", 0 },
	{ "attention-fix", "2 Enter", 0 },
	{ "objects", "3", 0 },
	{ "objects-marked", "j 3 x > Space Space", ASCII | WORKS },
	{ "settings", "O", SETTINGS },
	{ "settings-filter", "O & 'sync' Enter / 'minute' Enter", SETTINGS },
	{ "setting", "O / 'sweep_i' Enter Enter", SETTINGS },
	{ "setting-secret", "O / 'client_secret' Enter Enter", SETTINGS },
	{ "setting-changed", "O / 'ui.width' Enter = 'full' Enter Enter", SETTINGS },
	{ "audit", "W", AUDIT },
	{ "audit-filter", "W & 'account:acme' Enter / 'paused' Enter", AUDIT },
	{ "audit-entry", "W j j Enter", AUDIT },
	{ "audit-broken", "W", AUDIT | BROKEN },
	{ "mapping", "6", BOOKS },
	{ "mapping-candidates", "6 Tab / 'pack' Enter", BOOKS },
	{ "mapping-used", "6 i", BOOKS },
	{ "mapping-accept", "6 A", BOOKS },
	{ "plan", "7", BOOKS | PLAN },
	{ "plan-lines", "7 Tab / 'blocked' Enter", BOOKS | PLAN },
	{ "plan-line", "7 Tab / 'inv-6' Enter Enter", BOOKS | PLAN },
	{ "plan-apply", "7 A", BOOKS | PLAN },
	{ "plan-decide", "7 Tab / 'decide' Enter d", BOOKS | PLAN },
	{ "policies", "9", BOOKS | PLAN },
	{ "policy", "9 j Enter j", BOOKS | PLAN },
	{ "policy-typed", "9 / 'go-live' Enter Enter '2026-02-3'", BOOKS | PLAN },
{ "outbox", "B", BOOKS | OUTBOX },
	{ "outbox-different", "B j Enter", BOOKS | OUTBOX },
	{ "document", "B j j i", BOOKS | OUTBOX },
	{ "requests", "E", BOOKS | REQUESTS },
	{ "outbox-unwritten", "B 0", BOOKS | OUTBOX },
	{ "reconcile", "8", BOOKS | SESSION },
	{ "session", "8 Enter", BOOKS | SESSION },
	{ "session-ties", "8 Enter Tab", BOOKS | SESSION },
	{ "session-bulk", "8 Enter / 'never' Enter * o 'later' Enter", BOOKS | SESSION },
	{ "session-sign", "8 Enter S", BOOKS | SESSION },
	{ "session-note", "8 Enter e 'a rounding'", BOOKS | SESSION },
	{ "exception", "8 Enter / 'INV-2' Enter Enter", BOOKS | SESSION },
	{ "tie", "8 Enter Tab Enter", BOOKS | SESSION },
	{ "log-filter", "4 & 'state:failed' Enter", 0 },
	{ "log-search", "4 / 'not allowed' Enter j j Space", 0 },
	{ "attempt", "4 Enter", 0 },
	{ "attempt-ok", "4 j Enter", 0 },
	{ "records", "Tab Enter", 0 },
	{ "records-filter", "Tab Enter / 'TotalAmt<0' Enter", 0 },
	{ "records-filter-wrong", "Tab Enter / 'TotalAmt<'", 0 },
	{ "records-sorted", "Tab Enter > > I j j", 0 },
	{ "records-columns", "Tab Enter o j j", 0 },
	{ "record", "Tab Enter Enter", 0 },
	{ "record-copies", "Tab Enter Enter Y", 0 },
	{ "record-links", "Tab Enter Enter", LINKS },
	{ "record-log", "Tab Enter L", LINKS },
	{ "record-attempt", "Tab Enter L Enter", LINKS },
	{ "record-raw", "Tab Enter Enter v", 0 },
	{ "record-history", "Tab Enter Enter H", HISTORY },
	{ "record-version", "Tab Enter Enter H Tab Enter", HISTORY },
	{ "dialog", "D", 0 },
	{ "dialog-ascii", "D", ASCII },
	{ "keys", "?", 0 },
	{ "keys-readonly", "?", READONLY },
	{ "palette", ": 'va'", 0 },
	{ "command", ": 'types Invoice' Enter", 0 },
	{ "unknown-command", ": 'syn' Enter", 0 },
	{ "jobs", "5", WORKS },
	{ "jobs-waiting", "5 j", ASCII },
	{ "jobs-commands", "P 5 j", WORKS },
	{ "messages", "5 r M", 0 },
	{ "strangers", "", STRANGERS },
	{ "strangers-log", "4 j", STRANGERS },
	{ "strangers-attempt", "4 Enter", STRANGERS },
	{ "strangers-attention", "2 G", STRANGERS },
	{ "strangers-objects", "3", STRANGERS },
	{ "strangers-audit", "W", STRANGERS },
	{ "strangers-entry", "W Enter", STRANGERS },
	{ "strangers-records", "/ 'acme' Enter Tab Enter", STRANGERS },
};
const size_t scene_count = ARRAY_LEN(rows);

/* An invoice with its payment and its estimate, and two writes of it: one in an envelope with another, which was refused. */
static void fill_links(struct stage *stage, const char *account_id)
{
#define META ",\"MetaData\":{\"LastUpdatedTime\":\"2026-09-29T08:00:00Z\"}}"
	struct attempt_item items[] = { { .type = "Invoice", .record_id = "98" }, { .type = "Invoice", .record_id = "97" } };
	struct attempt attempt;
	struct error err = { 0 };
	bool found;

	stage_record(stage, account_id, "Payment", "{\"Id\":\"142\",\"SyncToken\":\"0\",\"TotalAmt\":19.00,\"Line\":["
		     "{\"Amount\":19,\"LinkedTxn\":[{\"TxnId\":\"98\",\"TxnType\":\"Invoice\"}]}]" META);
	stage_record(stage, account_id, "Invoice", "{\"Id\":\"98\",\"SyncToken\":\"3\",\"DocNumber\":\"A-98\",\"CustomerRef\":{\"value\":\"1\","
		     "\"name\":\"Amy's Bird Sanctuary\"},\"TotalAmt\":119.00,\"Balance\":100.00,\"LinkedTxn\":[{\"TxnId\":\"142\",\"TxnType\":\"Payment\"},"
		     "{\"TxnId\":\"7\",\"TxnType\":\"Estimate\"}]" META);
	for (int i = 0; i < 2; i++) {
		assert_true(attempts_get(stage->store, stage_attempt(stage, account_id, "Invoice", 90000 - 60000 * i, i ? ERROR_REMOTE : ERROR_NONE,
								     i ? "1 of 2 writes was refused" : ""), &attempt, NULL, &found, &err) && found);
		snprintf(items[0].error.text, sizeof(items[0].error.text), "%s", i ? "written, as planned" : "written");
		snprintf(items[1].error.text, sizeof(items[1].error.text), "Duplicate Document Number Error");
		items[1].error.code = ERROR_REMOTE;
		assert_true(store_begin(stage->store, &err) && attempt_items_put(stage->store, &attempt, items, i ? 2 : 1, &err) &&
			    store_commit(stage->store, &err));
	}
#undef META
}

static void fill(struct stage *stage, unsigned with)
{
	struct account account;
	struct error err = { 0 };

	if (with & SETTINGS)
		stage_settings(stage);
	if (with & EMPTY)
		return;
	assert_true(accounts_find(stage->store, "Acme", &account, &err));
	if (with & WORKS) {
		stage_work(stage);
		stage_progress(stage, account.id, "Invoice", 12450, 48000);
	}
	if (with & AUDIT)
		stage_audit(stage);
	if (with & BROKEN)
		stage_break(stage, "UPDATE audit SET who = 'nobody' WHERE no = 4");
	if (with & STRANGERS)
		stage_strangers(stage);
	if (with & BOOKS)
		stage_books(stage, &account);
	if (with & (PLAN | OUTBOX)) {
		struct plan plan;

		stage_rule(stage, account.id, TARGET_ITEM, "DESIGN", "12", "Services:Design");
		if (with & OUTBOX)
			stage_outbox(stage, account.id, &plan);
		else
			stage_plan(stage, account.id, &plan);
	}
	if (with & LINKS)
		fill_links(stage, account.id);
	if (with & REQUESTS)
		stage_requests(stage, account.id);
	if (with & SESSION) {
		struct session session;

		stage_session(stage, account.id, &session);
	}
	if (with & HISTORY)
		stage_versions(stage, account.id, 27, 2);
}

void scene_open(struct stage *stage, size_t scene)
{
	unsigned with = rows[scene].with;

	stage_open(stage, with & EMPTY);
	stage->app.readonly = with & READONLY;
	fill(stage, with);
	stage_deck(stage, 24, 80, with & ASCII ? TEXT_ASCII : TEXT_SAFE);
	deck_paint(&stage->deck, &stage->deck.canvas);
	stage_keys(stage, rows[scene].keys);
}

const char *scene_name(size_t scene)
{
	return rows[scene].name;
}

void scene_size(struct stage *stage, int rows_wanted, int columns)
{
	stage_resize(stage, rows_wanted, columns);
	/* Twice: what fits is known only once it was drawn. */
	deck_paint(&stage->deck, &stage->deck.canvas);
	stage_settle(stage);
	deck_paint(&stage->deck, &stage->deck.canvas);
}

void scene_mode(struct stage *stage, enum text_mode mode)
{
	stage->deck.canvas.mode = mode;
	stage->deck.canvas.ascii = mode == TEXT_ASCII;
	scene_size(stage, stage->deck.canvas.rows, stage->deck.canvas.columns);
}
