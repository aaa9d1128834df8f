/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stage of tests.h: companies, records and attempts that never change, and a deck to look at them. */
#include "tests.h"

#include <dirent.h>
#include <poll.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dialog.h"
#include "job.h"
#include "ledgerdeck/core/compress.h"
#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/log.h"

#define PATIENCE_MS 20000

static int64_t read_clock(void *ctx)
{
	return ((struct stage *)ctx)->now_ms;
}

static _Thread_local bool is_tester;

/* Other threads may be held at their looks at the clock, so that a test sees what is half done. */
static int64_t read_ticks(void *ctx)
{
	struct stage *stage = ctx;

	if (!is_tester && atomic_load(&stage->looks) >= 0)
		while (atomic_fetch_sub(&stage->looks, 1) <= 0 && !atomic_load(&stage->let_go))
			atomic_store(&stage->looks, 0);
	return atomic_fetch_add(&stage->ticks_ms, stage->tick_ms);
}

static void fill_random(void *ctx, void *bytes, size_t len)
{
	struct stage *stage = ctx;

	/* Never the same twice, and in each run the same. */
	for (size_t i = 0; i < len; i++)
		((unsigned char *)bytes)[i] = (unsigned char)((atomic_fetch_add(&stage->drawn, 1) * 2654435761U) >> 13);
}

static void good(bool ok, const struct error *err)
{
	if (!ok)
		fail_msg("expected success, got code %d and '%s'", (int)err->code, err->text);
}

/* ---- the books */

void stage_account(struct stage *stage, const char *name, enum environment environment, enum account_state state, struct account *ret_account)
{
	AUTO(store_end) struct store *transaction = stage->store;
	struct error err = { 0 };
	char mark[80];

	*ret_account = (struct account){ .provider = "quickbooks", .environment = environment, .country = "US", .currency = "USD",
					 .connected_by = "ann", .connected_ms = NOW - 30 * DAY_MS, .state = state,
					 .refresh_expires_ms = NOW + 80 * DAY_MS, .hard_expires_ms = NOW + 1000 * DAY_MS };
	snprintf(ret_account->name, sizeof(ret_account->name), "%s", name);
	snprintf(ret_account->realm_tail, sizeof(ret_account->realm_tail), "%04d", (int)(strlen(name) * 37 % 10000));
	snprintf(ret_account->id, sizeof(ret_account->id), "ldgr_%026d", ++stage->accounts);
	if (state == ACCOUNT_RECONNECT)
		snprintf(ret_account->reason, sizeof(ret_account->reason), "the ledger no longer takes its tokens: connect it again");
	snprintf(mark, sizeof(mark), "mark of %.60s", name);
	good(store_begin(transaction, &err) && accounts_add(transaction, ret_account, mark, "key", 3, &err) &&
	     accounts_save(transaction, ret_account, &err) && store_commit(transaction, &err), &err);
}

/* Inside a transaction. */
static void put_in(struct stage *stage, const char *account_id, const char *type_name, const char *raw)
{
	struct store *transaction = stage->store;
	AUTO(str_clear) struct str scratch = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str bytes = STR_INIT(STR_NO_LIMIT);
	const struct type *type = catalogue_find(stage->catalogue, "quickbooks", type_name);
	struct compress *compress = compress_new();
	struct record record;
	struct packed packed = { .record = &record };
	struct put_counts counts = { 0 };
	struct object object;
	struct error err = { 0 };

	str_reserve(&scratch, strlen(raw));
	good(record_extract(type, (struct json_slice){ .text = raw, .len = strlen(raw), .kind = JSON_OBJECT }, &scratch, &record, &err), &err);
	compress_pack(compress, NULL, raw, strlen(raw), &bytes);
	compress_free(compress);
	packed.bytes = bytes.text;
	packed.len = bytes.len;
	packed.raw_len = (int64_t)strlen(raw);
	good(objects_ensure(transaction, account_id, type_name, &object, &err) &&
	     records_put(transaction, &object, &packed, 1, stage->now_ms, &counts, &err), &err);
	object.live += counts.added;
	good(objects_save(transaction, &object, 0, &err), &err);
}

void stage_record(struct stage *stage, const char *account_id, const char *type_name, const char *raw)
{
	AUTO(store_end) struct store *transaction = stage->store;
	struct error err = { 0 };

	good(store_begin(transaction, &err), &err);
	put_in(stage, account_id, type_name, raw);
	good(store_commit(transaction, &err), &err);
}

void stage_gone(struct stage *stage, const char *account_id, const char *type_name, const char *id)
{
	AUTO(store_end) struct store *transaction = stage->store;
	struct put_counts counts = { 0 };
	char ids[1][RECORD_ID_MAX];
	struct object object;
	struct error err = { 0 };

	snprintf(ids[0], sizeof(ids[0]), "%s", id);
	good(store_begin(transaction, &err) && objects_ensure(transaction, account_id, type_name, &object, &err) &&
	     records_gone(transaction, &object, ids, 1, stage->now_ms, &counts, &err), &err);
	object.live -= counts.deleted;
	object.deleted += counts.deleted;
	good(objects_save(transaction, &object, 0, &err) && store_commit(transaction, &err), &err);
}

static void add_invoice(int number, const char *customer, const char *amount, struct str *raw)
{
	str_addf(raw, "{\"Id\":\"%d\",\"SyncToken\":\"0\",\"DocNumber\":\"%d\",\"TxnDate\":\"2026-09-%02d\",\"TotalAmt\":%s,\"Balance\":%s,"
		 "\"CurrencyRef\":{\"value\":\"USD\"},\"CustomerRef\":{\"value\":\"7\",\"name\":", number, 1000 + number, number % 28 + 1, amount,
		 amount);
	str_add_json(raw, customer, strlen(customer));
	str_addf(raw, "},\"MetaData\":{\"CreateTime\":\"2026-09-01T08:00:00Z\",\"LastUpdatedTime\":\"2026-09-%02dT08:00:00Z\"}}",
		 number % 28 + 1);
}

void stage_invoice(struct stage *stage, const char *account_id, int number, const char *customer, const char *amount)
{
	AUTO(str_clear) struct str raw = STR_INIT(4000);

	add_invoice(number, customer, amount, &raw);
	stage_record(stage, account_id, "Invoice", raw.text);
}

void stage_invoices(struct stage *stage, const char *account_id, int from, int to)
{
	AUTO(store_end) struct store *transaction = stage->store;
	struct error err = { 0 };

	good(store_begin(transaction, &err), &err);
	for (int number = from; number <= to; number++) {
		AUTO(str_clear) struct str raw = STR_INIT(4000);
		char amount[32];

		snprintf(amount, sizeof(amount), "%d.%02d", number * 7919 % 10000, number % 100);
		add_invoice(number, number % 3 ? "Amy's Bird Sanctuary" : "Cool Cars", amount, &raw);
		put_in(stage, account_id, "Invoice", raw.text);
	}
	good(store_commit(transaction, &err), &err);
}

void stage_versions(struct stage *stage, const char *account_id, int number, int versions)
{
	AUTO(store_end) struct store *transaction = stage->store;
	struct error err = { 0 };

	good(store_begin(transaction, &err), &err);
	for (int version = 1; version <= versions; version++) {
		AUTO(str_clear) struct str raw = STR_INIT(4000);
		char amount[32];

		snprintf(amount, sizeof(amount), "%d.00", version);
		add_invoice(number, "Cool Cars", amount, &raw);
		put_in(stage, account_id, "Invoice", raw.text);
	}
	good(store_commit(transaction, &err), &err);
}

void stage_object(struct stage *stage, const char *account_id, const char *type, enum object_status status, enum error_code code,
		  const char *text)
{
	AUTO(store_end) struct store *transaction = stage->store;
	struct object object;
	struct error err = { 0 };

	good(store_begin(transaction, &err) && objects_ensure(transaction, account_id, type, &object, &err), &err);
	object.status = status;
	object.attempt_ms = NOW - 60000;
	object.success_ms = status == OBJECT_NEW ? 0 : NOW - 3600000;
	object.cursor_ms = NOW - 3600000;
	object.next_ms = NOW + 240000;
	if (code != ERROR_NONE) {
		error_set(&object.last_error, code, "%s", text);
		object.failures = 3;
	}
	if (status == OBJECT_OK && *text)
		snprintf(object.guard, sizeof(object.guard), "%s", text);
	good(objects_save(transaction, &object, 0, &err) && store_commit(transaction, &err), &err);
}

static struct attempt begin_attempt(struct stage *stage, const char *account_id, const char *type, int64_t ago_ms)
{
	AUTO(store_end) struct store *transaction = stage->store;
	struct attempt attempt = { .run = 1, .job = "read", .cause = "schedule", .started_ms = NOW - ago_ms, .tries = 1, .pages = 2, .calls = 3,
				   .bytes = 20480, .counts = { .added = 12, .unchanged = 3 } };
	struct error err = { 0 };

	snprintf(attempt.account_id, sizeof(attempt.account_id), "%s", account_id);
	snprintf(attempt.type, sizeof(attempt.type), "%s", type);
	good(store_begin(transaction, &err) && attempt_start(transaction, &attempt, &err) && store_commit(transaction, &err), &err);
	return attempt;
}

static void end_attempt(struct stage *stage, struct attempt *attempt, enum error_code code, const char *text)
{
	AUTO(store_end) struct store *transaction = stage->store;
	const char *detail = "";
	struct error err = { 0 };

	attempt->took_ms = 1234;
	if (code != ERROR_NONE) {
		error_set(&attempt->error, code, "%s", text);
		snprintf(attempt->error.ledger_code, sizeof(attempt->error.ledger_code), "3100");
		snprintf(attempt->error.trace_id, sizeof(attempt->error.trace_id), "1-5f2a-77");
		detail = "ApplicationAuthorizationFailed: the app has no right here";
		attempt->counts = (struct put_counts){ 0 };
	}
	good(store_begin(transaction, &err) && attempt_end(transaction, attempt, detail, &err) && store_commit(transaction, &err), &err);
}

int64_t stage_begin(struct stage *stage, const char *account_id, const char *type)
{
	return begin_attempt(stage, account_id, type, 0).no;
}

void stage_end(struct stage *stage, int64_t no, enum error_code code, const char *text)
{
	struct attempt attempt;
	struct error err = { 0 };
	bool found;

	good(attempts_get(stage->store, no, &attempt, NULL, &found, &err), &err);
	assert_true(found);
	end_attempt(stage, &attempt, code, text);
}

void stage_lease(struct stage *stage, const char *account_id)
{
	AUTO(store_end) struct store *transaction = stage->store;
	struct error err = { 0 };
	int64_t fence;
	bool taken = false;

	good(store_begin(transaction, &err) &&
	     lease_take(transaction, account_id, "books:42:7", stage->now_ms, 60000, &taken, &fence, &err) && store_commit(transaction, &err), &err);
	assert_true(taken);
}

int64_t stage_work(struct stage *stage)
{
	struct account account;
	struct error err = { 0 };
	int64_t no;

	good(accounts_find(stage->store, "Acme", &account, &err), &err);
	no = begin_attempt(stage, account.id, "Invoice", 83000).no;
	stage_lease(stage, account.id);
	return no;
}

void stage_act(struct stage *stage, const char *account_id, const char *who, const char *what, const char *before, const char *after,
	       int64_t ago_ms)
{
	AUTO(store_end) struct store *transaction = stage->store;
	struct error err = { 0 };

	good(store_begin(transaction, &err) && audit_add(transaction, who, what, account_id, before, after, NOW - ago_ms, &err) &&
	     store_commit(transaction, &err), &err);
}

void stage_audit(struct stage *stage)
{
	struct account acme, beta;
	struct error err = { 0 };

	good(accounts_find(stage->store, "Acme", &acme, &err) && accounts_find(stage->store, "Beta", &beta, &err), &err);
	stage_act(stage, "", "ann", "vault init", "", "key file", 30 * DAY_MS);
	stage_act(stage, "", "ann", "app credentials", "", "production", 30 * DAY_MS - 60000);
	stage_act(stage, "", "ann", "connect begun", "", "production", 30 * DAY_MS - 120000);
	stage_act(stage, acme.id, "ann", "connect", "", "Acme Bank AS", 30 * DAY_MS - 180000);
	stage_act(stage, acme.id, "bob from 10.0.0.7", "type left out", "", "TimeActivity", 3 * DAY_MS);
	stage_act(stage, beta.id, "ann", "refresh failed", "ok", "reconnect", 7200000);
	stage_act(stage, acme.id, "bob from 10.0.0.7", "interval", "{\"Invoice\":300,\"Bill\":300}", "{\"Invoice\":60,\"Vendor\":900}", 3600000);
	stage_act(stage, acme.id, "bob from 10.0.0.7", "pause", "ok", "paused", 1800000);
	stage_act(stage, acme.id, "bob from 10.0.0.7", "resume", "paused", "ok", 600000);
}

void stage_break(struct stage *stage, const char *sql)
{
	AUTO(str_clear) struct str all = STR_INIT(4000);
	sqlite3 *db;

	str_addf(&all, "DROP TRIGGER IF EXISTS audit_insert; DROP TRIGGER IF EXISTS audit_update; DROP TRIGGER IF EXISTS audit_delete; %s", sql);
	assert_int_equal(sqlite3_open(stage->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, all.text, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

void stage_progress(struct stage *stage, const char *account_id, const char *type, int64_t records, int64_t of)
{
	struct sync_event *event = memory_new(sizeof(*event));

	if (!stage->app.events)
		stage->app.events = queue_new(10, free);
	*event = (struct sync_event){ .kind = SYNC_PROGRESS, .records = records, .of = of };
	snprintf(event->account_id, sizeof(event->account_id), "%s", account_id);
	snprintf(event->type, sizeof(event->type), "%s", type);
	/* As the engine does where nobody reads so fast. */
	if (!queue_put(stage->app.events, event))
		free(event);
}

int64_t stage_attempt(struct stage *stage, const char *account_id, const char *type, int64_t ago_ms, enum error_code code, const char *text)
{
	struct attempt attempt = begin_attempt(stage, account_id, type, ago_ms);

	end_attempt(stage, &attempt, code, text);
	return attempt.no;
}

void stage_sweep(struct stage *stage, const char *name, const char *type, int seen)
{
	AUTO(store_end) struct store *transaction = stage->store;
	struct account account = { 0 };
	struct object object;
	struct error err = { 0 };
	bool found;

	good(accounts_find(stage->store, name, &account, &err) && objects_get(stage->store, account.id, type, &object, &found, &err), &err);
	good(store_begin(transaction, &err) && sweep_begin(transaction, &object, &err), &err);
	for (int i = 1; i <= seen; i++) {
		char id[1][RECORD_ID_MAX], version[1][RECORD_VERSION_MAX] = { "0" };

		snprintf(id[0], sizeof(id[0]), "%d", i);
		good(sweep_note(transaction, &object, (const char(*)[RECORD_ID_MAX])id, (const char(*)[RECORD_VERSION_MAX])version, 1, &err), &err);
	}
	snprintf(object.guard, sizeof(object.guard), "a sweep found %d of %lld records gone at once", (int)object.live - seen, (long long)object.live);
	good(objects_save(transaction, &object, 0, &err) && store_commit(transaction, &err), &err);
}

static void fill(struct stage *stage)
{
	struct account acme, beta, gamma;

	stage_account(stage, "Acme Bank AS", ENVIRONMENT_PRODUCTION, ACCOUNT_OK, &acme);
	stage_account(stage, "Beta Rentals", ENVIRONMENT_SANDBOX, ACCOUNT_RECONNECT, &beta);
	stage_account(stage, "Kornblum & S\xc3\xb6hne", ENVIRONMENT_LOCAL, ACCOUNT_OK, &gamma);
	for (int i = 1; i <= 40; i++)
		stage_invoice(stage, acme.id, i, i % 3 ? "Amy's Bird Sanctuary" : "B\xc3\xa4" "cker \xe6\x9d\xb1\xe4\xba\xac", i % 7 ? "1200.50" : "-310.00");
	stage_object(stage, acme.id, "Invoice", OBJECT_OK, ERROR_NONE, "");
	stage_object(stage, acme.id, "Customer", OBJECT_FAILED, ERROR_REMOTE, "query Customer: the app is not allowed here");
	stage_object(stage, acme.id, "Payment", OBJECT_DEAD, ERROR_INPUT, "the ledger does not know this type");
	stage_object(stage, acme.id, "Vendor", OBJECT_OK, ERROR_NONE, "a sweep would delete 120 of 300 records");
	stage_object(stage, acme.id, "Bill", OBJECT_NEW, ERROR_NONE, "");
	stage_object(stage, gamma.id, "Invoice", OBJECT_OK, ERROR_NONE, "");
	stage_attempt(stage, acme.id, "Invoice", 7200000, ERROR_NONE, "");
	stage_attempt(stage, gamma.id, "Invoice", 3600000, ERROR_NONE, "");
	stage_attempt(stage, acme.id, "Customer", 60000, ERROR_REMOTE, "query Customer: the app is not allowed here");
}

/* ---- opening and closing */

void stage_open(struct stage *stage, bool empty)
{
	static const char *const nothing[] = { NULL };
	struct settings_sources sources = { .environment = nothing, .flags = nothing };
	struct error err = { 0 };

	*stage = (struct stage){ .now_ms = NOW, .looks = -1 };
	is_tester = true;
	snprintf(stage->directory, sizeof(stage->directory), "/tmp/deck-test-XXXXXX");
	assert_non_null(mkdtemp(stage->directory));
	snprintf(stage->path, sizeof(stage->path), "%s/books.db", stage->directory);
	good(catalogue_load(NULL, &stage->catalogue, &err), &err);
	good(settings_load(&sources, &stage->settings, &err), &err);
	stage->cancel = cancel_new();
	stage->app = (struct app){ .settings = stage->settings, .catalogue = stage->catalogue, .cancel = stage->cancel, .who = "ann",
				   .env = { read_clock, read_ticks, fill_random, stage } };
	snprintf(stage->app.store_path, sizeof(stage->app.store_path), "%s", stage->path);
	if (empty)
		return;
	good(store_open(stage->path, STORE_CREATE, 0, &stage->store, &err), &err);
	fill(stage);
}

void stage_settings(struct stage *stage)
{
	static const char *const environment[] = { "LEDGERDECK__SYNC__WORKERS=6", "QB_CLIENT_SECRET=" STAGE_SECRET, NULL };
	static const char *const flags[] = { "ui.mouse=yes", "log.file=/var/log/ledgerdeck/deck.log", NULL };
	struct settings_sources sources = { .environment = environment, .flags = flags };
	struct error err = { 0 };

	settings_free(stage->settings);
	stage->settings = NULL;
	good(settings_load(&sources, &stage->settings, &err), &err);
	stage->app.settings = stage->settings;
}

void stage_deck(struct stage *stage, int rows, int columns, enum text_mode mode)
{
	deck_init(&stage->deck, &stage->app, stage->path, NULL);
	canvas_init(&stage->deck.canvas, mode);
	canvas_resize(&stage->deck.canvas, rows, columns);
	stage_settle(stage);
}

void stage_resize(struct stage *stage, int rows, int columns)
{
	canvas_resize(&stage->deck.canvas, rows, columns);
}

static void remove_tree(const char *directory)
{
	DIR *dir = opendir(directory);
	struct dirent *entry;
	char path[400];

	while (dir && (entry = readdir(dir)) != NULL) {
		snprintf(path, sizeof(path), "%s/%s", directory, entry->d_name);
		if (entry->d_name[0] != '.' || strlen(entry->d_name) > 2)
			unlink(path);
	}
	if (dir)
		closedir(dir);
	rmdir(directory);
}

void stage_close(struct stage *stage)
{
	if (stage->deck.app)
		deck_clear(&stage->deck);
	app_close(&stage->app);
	store_close(stage->store);
	settings_free(stage->settings);
	catalogue_free(stage->catalogue);
	cancel_free(stage->cancel);
	remove_tree(stage->directory);
}

/* ---- living */

static bool is_busy(const struct deck *deck)
{
	size_t asking = 0;

	for (size_t i = 0; i < deck->job_count; i++)
		asking += deck->jobs[i]->asks && !cancel_asked(deck->jobs[i]->task->cancel);
	return deck_top(deck)->asking || dialog_is_looking(deck) || copies_is_reading(deck) || tasks_running(deck->tasks) > asking;
}

void stage_settle(struct stage *stage)
{
	struct deck *deck = &stage->deck;
	struct pollfd fds[] = { { .fd = reader_fd(deck->reader), .events = POLLIN }, { .fd = tasks_fd(deck->tasks), .events = POLLIN } };

	deck_deliver(deck);
	while (is_busy(deck)) {
		if (poll(fds, 2, PATIENCE_MS) == 0)
			fail_msg("nothing came for %d ms", PATIENCE_MS);
		deck_deliver(deck);
	}
}

static void type_text(struct stage *stage, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		deck_key(&stage->deck, (struct key){ .code = (unsigned char)text[i] });
		stage_settle(stage);
	}
}

void stage_keys(struct stage *stage, const char *keys)
{
	while (*keys) {
		size_t len = *keys == '\'' ? strcspn(keys + 1, "'") + 2 : strcspn(keys, " ");
		struct key key;

		if (*keys == '\'') {
			type_text(stage, keys + 1, len - 2);
		} else {
			if (!key_parse(keys, len, &key))
				fail_msg("there is no key '%.*s'", (int)len, keys);
			deck_key(&stage->deck, key);
			stage_settle(stage);
		}
		keys += len + (keys[len] == ' ');
	}
}

void stage_news(struct stage *stage)
{
	deck_store_changed(&stage->deck);
	stage_settle(stage);
}

void stage_dump(struct stage *stage, struct str *out)
{
	deck_paint(&stage->deck, &stage->deck.canvas);
	canvas_dump(&stage->deck.canvas, out);
}

void stage_expect(struct stage *stage, const char *part)
{
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);

	stage_dump(stage, &text);
	if (!strstr(text.text, part))
		fail_msg("'%s' is not on the screen:\n%s", part, text.text);
}

void stage_expect_not(struct stage *stage, const char *part)
{
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);

	stage_dump(stage, &text);
	if (strstr(text.text, part))
		fail_msg("'%s' is on the screen:\n%s", part, text.text);
}

void stage_expect_cursor(struct stage *stage, const char *part)
{
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);
	char line[400];
	const char *row;

	stage_dump(stage, &text);
	row = strstr(text.text, "\n> ");
	if (!row)
		fail_msg("there is no cursor:\n%s", text.text);
	snprintf(line, sizeof(line), "%.*s ", (int)strcspn(row + 1, "\n"), row + 1);
	if (!strstr(line, part))
		fail_msg("the cursor is not on '%s':\n%s", part, text.text);
}
