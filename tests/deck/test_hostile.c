/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names and texts of strangers: nothing of them controls the terminal, turns an amount round or shifts a column. */
#include "tests.h"

#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"

static void test_names(void **state)
{
	struct stage stage;
	struct account account;

	(void)state;
	stage_open(&stage, false);
	for (size_t i = 0; i < stranger_count; i++)
		stage_account(&stage, strangers[i], ENVIRONMENT_SANDBOX, ACCOUNT_OK, &account);
	stage_deck(&stage, 24, 80, TEXT_SAFE);
	for (size_t i = 0; i < stranger_count + 3; i++) {
		stage_check(&stage);
		stage_keys(&stage, "j");
	}
	for (int columns = 1; columns < 130; columns += 7) {
		stage_resize(&stage, 20, columns);
		stage_check(&stage);
	}
	stage_close(&stage);
}

static void test_hostile_records(void **state)
{
	struct stage stage;
	struct account account;

	(void)state;
	stage_open(&stage, false);
	stage_account(&stage, "Zeta", ENVIRONMENT_SANDBOX, ACCOUNT_OK, &account);
	stage_invoice(&stage, account.id, 1, "\033[31mred\033[0m \xe2\x80\xae" "99\n\n", "123456789.01");
	stage_invoice(&stage, account.id, 2, "\xe6\x9d\xb1\xe4\xba\xac", "-0.01");
	stage_deck(&stage, 24, 80, TEXT_SAFE);
	deck_paint(&stage.deck, &stage.deck.canvas);
	stage_keys(&stage, "G Tab Enter");
	stage_check(&stage);
	stage_expect(&stage, "123456789.01");
	stage_keys(&stage, "Enter");
	stage_check(&stage);
	stage_keys(&stage, "v");
	stage_check(&stage);
	/* No amount is ever cut: without room it is no amount at all. */
	stage_keys(&stage, "Esc");
	for (int columns = 20; columns < 80; columns++) {
		AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);
		const char *at;

		stage_resize(&stage, 20, columns);
		stage_check(&stage);
		stage_dump(&stage, &text);
		for (at = strstr(text.text, "1234567"); at; at = strstr(at + 1, "1234567"))
			assert_memory_equal(at, "123456789.01", 12);
	}
	stage_close(&stage);
}

/* ---- all views */

/* Where the text stands in a row of cells, -1: nowhere. */
static int place_in_row(const struct canvas *canvas, int y, const char *text)
{
	int len = (int)strlen(text);

	for (int x = 0; x + len <= canvas->columns; x++) {
		int i = 0;

		while (i < len && canvas_at(canvas, y, x + i)->bytes[0] == text[i])
			i++;
		if (i == len)
			return x;
	}
	return -1;
}

/* The text stands in several rows of a table, in all of them at the same place. */
static void expect_column(struct stage *stage, const char *view, const char *text)
{
	const struct canvas *canvas = &stage->deck.canvas;
	int place = -1, rows = 0;

	deck_paint(&stage->deck, &stage->deck.canvas);
	for (int y = 2; y < canvas->rows; y++) {
		int x = place_in_row(canvas, y, text);
		const struct canvas_spot *spot = canvas_spot_at(canvas, y, x);

		if (x < 0 || !spot || !spot->table || spot->row < 0)
			continue;
		if (place >= 0 && x != place)
			fail_msg("%s: in row %d '%s' stands in column %d, above in %d", view, y, text, x, place);
		place = x;
		rows++;
	}
	if (rows < 8)
		fail_msg("%s: '%s' stands in %d rows", view, text, rows);
}

static void open_hostile(struct stage *stage)
{
	stage_open(stage, false);
	stage_strangers(stage);
	stage_deck(stage, 40, 132, TEXT_SAFE);
	deck_paint(&stage->deck, &stage->deck.canvas);
}

static void test_views(void **state)
{
	static const struct {
		const char *keys, *column; /* what stands in most rows at one place; NULL: it is no table */
	} views[] = {
		{ "", "sandbox" },  { "Tab Tab", "read" },    { "2", " 1 " },           { "2 Enter", NULL },  { "4", "4.7 s" },
		{ "4 Enter", NULL }, { "5", "in 4 min" },     { "/ 'acme' Enter Tab Enter", "4711.25" }, { "/ 'acme' Enter Tab Enter o", NULL },
		{ "/ 'acme' Enter Tab Enter Enter", NULL }, { "/ 'acme' Enter Tab Enter Enter v", NULL }, { "/ 'acme' Enter Tab Enter Enter H", NULL }, { "G Tab", NULL },
		{ ": 'log --limit 50' Enter", NULL }, { ": 'attention --json' Enter", NULL }, { "3", "14:12  14:17" },
		{ "W", "14:12" }, { "W Enter", NULL }, { "W j j j Enter", NULL }, { "W / 'e' Enter n", NULL }, { ": 'accounts' Enter", NULL }, { "G D", NULL },
		{ "G r M", NULL }, { "k k P : 'nonsense' Enter M", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(views); i++) {
		struct stage stage;

		open_hostile(&stage);
		stage_keys(&stage, views[i].keys);
		stage_check(&stage);
		if (views[i].column)
			expect_column(&stage, views[i].keys, views[i].column);
		for (int columns = 1; columns <= 250; columns += columns < 40 ? 3 : 17) {
			stage_resize(&stage, columns % 7 * 5 + 1, columns);
			stage_check(&stage);
			stage_keys(&stage, "j");
			stage_check(&stage);
		}
		stage_close(&stage);
	}
}

/* Would it come in as a code? */
static bool is_code(const char *text)
{
	AUTO(str_clear) struct str data = STR_INIT(4000), checked = STR_INIT(4000);
	struct resource_problems problems = { .count = 0 };

	str_add(&data, "{\"name\":\"x\",\"currency\":\"USD\",\"term\":");
	str_add_json(&data, text, strlen(text));
	str_add_char(&data, '}');
	return resource_check(resource_type_find("customer", 8), (struct json_slice){ .text = data.text, .len = data.len, .kind = JSON_OBJECT },
			      &checked, &problems);
}

/* The operator's own documents, and rules that lead to what a stranger named. */
static void spoil_books(struct stage *stage)
{
	struct account account;
	char number[32];

	stage_books(stage, &account);
	for (size_t i = 0; i < stranger_count; i++) {
		AUTO(str_clear) struct str raw = STR_INIT(4000);

		/* Only what is text at all comes in. */
		if (!str_is_utf8(strangers[i], strlen(strangers[i])))
			continue;
		str_addf(&raw, "{\"Id\":\"%zu\",\"SyncToken\":\"0\",\"Type\":\"Service\",\"IncomeAccountRef\":{\"value\":\"1\"},\"Active\":true,"
			 "\"MetaData\":{\"CreateTime\":\"2026-09-01T08:00:00Z\",\"LastUpdatedTime\":\"2026-09-01T08:00:00Z\"},\"Name\":", 500 + i);
		str_add_json(&raw, strangers[i], strlen(strangers[i]));
		str_add(&raw, ",\"FullyQualifiedName\":");
		str_add_json(&raw, strangers[i], strlen(strangers[i]));
		str_add(&raw, ",\"Sku\":");
		str_add_json(&raw, strangers[i], strlen(strangers[i]));
		str_add_char(&raw, '}');
		stage_record(stage, account.id, "Item", raw.text);
		snprintf(number, sizeof(number), "S-%zu", i);
		if (is_code(strangers[i]))
			stage_document(stage, account.id, number, strangers[i], "2026-09-14", strangers[i], "4711.25");
	}
}

/* What became of a write, in the ledger's own words. */
static void spoil_outbox(struct stage *stage, const struct plan *plan)
{
	for (size_t i = 0; i < stranger_count; i++) {
		AUTO(store_end) struct store *transaction = stage->store;
		struct intent intent = { .line = 1, .resource = 1, .revision = 1, .act = PLAN_CREATE, .state = INTENT_REJECTED, .next_ms = INT64_MAX };
		struct error err = { 0 };

		snprintf(intent.id, sizeof(intent.id), "%026zu", i);
		snprintf(intent.account_id, sizeof(intent.account_id), "%s", plan->account_id);
		snprintf(intent.plan, sizeof(intent.plan), "%s", plan->id);
		snprintf(intent.record_type, sizeof(intent.record_type), "Invoice");
		snprintf(intent.number, sizeof(intent.number), "%.60s", strangers[i]);
		snprintf(intent.why, sizeof(intent.why), "%s", strangers[i]);
		assert_true(store_begin(transaction, &err) && intents_add(transaction, &intent, "{}", 2, &err));
		error_set(&intent.error, ERROR_REMOTE, "%s", strangers[i]);
		assert_true(intents_save(transaction, &intent, strangers[i], strangers[i], strangers[i], NOW, &err) && store_commit(transaction, &err));
	}
}

/* What does not agree, and the sums, in strangers' words. */
static void spoil_session(struct stage *stage, const struct session *session)
{
	struct error err = { 0 };

	for (size_t i = 0; i < stranger_count; i++) {
		const char *text = strangers[i];
		struct session_item item = { .side = SIDE_MIRROR, .type = "Invoice", .ref = text, .version = "0", .date = date_of(2026, 9, 1),
					     .amount = INT64_C(4711250000), .currency = "USD", .number = text, .party = text, .party_name = text,
					     .memo = text };
		struct session_tie tie = { .tie = TIE_CUSTOMER, .currency = "USD", .mirror = INT64_C(4711250000), .detail = "" };
		struct session_exception exception = { .reason = EXCEPTION_NOT_IN_SOURCE, .amount = INT64_C(4711250000), .currency = "USD",
						       .since_ms = NOW };

		assert_true(session_add_item(stage->store, session, &item, &err));
		exception.mirror_item = item.no;
		snprintf(exception.key, sizeof(exception.key), "%zu", i);
		snprintf(exception.cause, sizeof(exception.cause), "%.100s", text);
		snprintf(exception.text, sizeof(exception.text), "%s", text);
		snprintf(exception.type, sizeof(exception.type), "Invoice");
		snprintf(exception.ref, sizeof(exception.ref), "%s", text);
		snprintf(exception.record, sizeof(exception.record), "%.60s", text);
		snprintf(exception.assignee, sizeof(exception.assignee), "%.100s", text);
		assert_true(session_add_exception(stage->store, session, &exception, NOW, &err));
		snprintf(tie.key, sizeof(tie.key), "%zu", i);
		snprintf(tie.name, sizeof(tie.name), "%s", text);
		assert_true(session_add_tie(stage->store, session, &tie, &err));
	}
}

static void put_session(struct stage *stage)
{
	struct session session = { .account_id = "ldgr_00000000000000000000000001", .from = date_of(2026, 9, 1), .to = date_of(2026, 9, 30),
				   .currency = "USD", .made_ms = NOW, .changed_ms = NOW };
	const int64_t first = 1;
	struct reconcile_act act = { .session = &session, .exceptions = &first, .count = 1, .who = "ann", .env = stage->app.env };
	struct error err = { 0 };

	snprintf(session.source, sizeof(session.source), "%s", strangers[0]);
	snprintf(session.who, sizeof(session.who), "%.100s", strangers[1]);
	stage_round(stage, &session, spoil_session);
	for (size_t i = 0; i < stranger_count; i++) {
		act.note = strangers[i];
		assert_true(reconcile_note(stage->store, &act, &err));
	}
}

static void test_books(void **state)
{
	static const char *const keys[] = { "6", "6 Tab", "6 A", "6 Tab Enter", "6 j j j j Tab j Enter", "6 / 'a'", "6 | 'cat'",
					    "7", "7 Tab", "7 Tab G", "7 Tab Enter", "7 Tab G Enter", "7 Tab / 'blocked' Enter m", "7 j j j Enter", "7 A", "B", "B Enter",
					    "B / 's' Enter", "8", "8 Enter", "8 Enter g", "8 Enter g Enter", "8 Enter Tab", "8 Enter Tab Enter", "8 Enter * o 'x' Enter", "8 Enter S" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		struct stage stage;
		struct plan plan;

		stage_open(&stage, false);
		spoil_books(&stage);
		stage_plan(&stage, "ldgr_00000000000000000000000001", &plan);
		spoil_outbox(&stage, &plan);
		put_session(&stage);
		stage_deck(&stage, 40, 132, TEXT_SAFE);
		deck_paint(&stage.deck, &stage.deck.canvas);
		stage_keys(&stage, keys[i]);
		stage_check(&stage);
		for (int columns = 1; columns <= 250; columns += columns < 40 ? 3 : 17) {
			stage_resize(&stage, columns % 7 * 5 + 1, columns);
			stage_check(&stage);
			stage_keys(&stage, "j");
			stage_check(&stage);
		}
		stage_close(&stage);
	}
}

/* What is typed or pasted into a line is shown harmless, and so is what is said about it. */
static void test_lines(void **state)
{
	static const char *const prompts[] = { "/", ":", "4 &", "4 /", "1 Tab Enter /" };
	struct stage stage;

	(void)state;
	open_hostile(&stage);
	stage_resize(&stage, 24, 80);
	for (size_t i = 0; i < ARRAY_LEN(prompts); i++)
		for (size_t k = 0; k < stranger_count; k++) {
			stage_keys(&stage, prompts[i]);
			deck_paste(&stage.deck, secret_copy(strangers[k], strlen(strangers[k])));
			stage_settle(&stage);
			stage_check(&stage);
			stage_keys(&stage, "Left Left Home End Enter");
			stage_check(&stage);
			stage_keys(&stage, "Esc Esc Esc 1");
			stage_check(&stage);
		}
	stage_close(&stage);
}

/* What is pasted where nothing is asked is never run as keys. */
static void test_paste(void **state)
{
	struct stage stage;

	(void)state;
	stage_open(&stage, false);
	stage_deck(&stage, 24, 80, TEXT_SAFE);
	deck_paste(&stage.deck, secret_copy("Q\rD\rqqq", 7));
	stage_settle(&stage);
	assert_false(stage.deck.leaving);
	stage_expect(&stage, "not run as keys");
	stage_close(&stage);
}

int test_hostile(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names), cmocka_unit_test(test_hostile_records), cmocka_unit_test(test_views),
		cmocka_unit_test(test_books), cmocka_unit_test(test_lines), cmocka_unit_test(test_paste),
	};

	return cmocka_run_group_tests_name("hostile", tests, NULL, NULL);
}
