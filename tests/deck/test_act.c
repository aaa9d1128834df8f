/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What keys do: the cursor stays with its thing, one step back is one step, nothing is refused without a reason. */
#include "tests.h"

#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/random.h"
#include "ledgerdeck/store/records.h"

static void open_stage(struct stage *stage)
{
	stage_open(stage, false);
	stage_deck(stage, 24, 80, TEXT_SAFE);
	deck_paint(&stage->deck, &stage->deck.canvas);
}

/* Others come and go; the record under the cursor is the same, on the same row of the screen. */
static void test_cursor_stays(void **state)
{
	struct account account = { 0 };
	struct stage stage;
	AUTO(str_clear) struct str before = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str after = STR_INIT(STR_NO_LIMIT);
	struct error err = { 0 };
	const char *row;

	(void)state;
	open_stage(&stage);
	assert_true(accounts_find(stage.store, "Acme", &account, &err));
	stage_keys(&stage, "Tab Enter j j j j j");
	stage_dump(&stage, &before);
	row = strstr(before.text, "\n> ");
	assert_non_null(row);
	/* Changed later than all that is there, so they come before it. */
	for (int i = 55; i < 58; i++)
		stage_invoice(&stage, account.id, i, "Newcomer", "5.00");
	deck_store_changed(&stage.deck);
	stage_settle(&stage);
	stage_dump(&stage, &after);
	assert_non_null(strstr(after.text, "43 Invoice"));
	assert_memory_equal(row, after.text + (row - before.text), strcspn(row + 1, "\n") + 1);
	stage_close(&stage);
}

/* What somebody at the keys waits for is shown at once; what others do may wait for the next frame. */
static void test_urgent(void **state)
{
	struct stage stage;

	(void)state;
	open_stage(&stage);
	stage.deck.urgent = false;
	deck_store_changed(&stage.deck);
	stage_settle(&stage);
	assert_true(stage.deck.dirty);
	assert_false(stage.deck.urgent);
	stage_keys(&stage, "Tab Enter");
	assert_true(stage.deck.urgent);
	stage.deck.urgent = false;
	deck_store_changed(&stage.deck);
	stage_settle(&stage);
	assert_false(stage.deck.urgent);
	stage_keys(&stage, "I");
	assert_true(stage.deck.urgent);
	stage_close(&stage);
}

/* Where the deck was left there may be another store by now: nobody's books are called production. */
static void test_no_such_account(void **state)
{
	struct stage stage;

	(void)state;
	open_stage(&stage);
	deck_push(&stage.deck, records_new("ldgr_00000000000000000000000000",
					   catalogue_find(stage.catalogue, "quickbooks", "Invoice")));
	stage_settle(&stage);
	stage_expect(&stage, "the account is not in this store any more");
	stage_expect_not(&stage, "PRODUCTION");
	stage_close(&stage);
}

static void test_steps_back(void **state)
{
	struct stage stage;

	(void)state;
	open_stage(&stage);
	stage_keys(&stage, "Tab Enter / 'TotalAmt<0' Enter Enter v");
	stage_expect(&stage, "\"TotalAmt\": -310.00");
	stage_keys(&stage, "Esc");
	stage_expect(&stage, "5 Invoice that fit");
	stage_keys(&stage, "Esc");
	stage_expect(&stage, "40 Invoice, by");
	stage_keys(&stage, "Esc");
	stage_expect(&stage, "Types 5");
	assert_int_equal(stage.deck.view_count, 1);
	stage_keys(&stage, "Esc Esc");
	stage_expect(&stage, "This is the first view");
	assert_false(stage.deck.leaving);
	stage_keys(&stage, "q");
	assert_true(stage.deck.leaving);
	stage_close(&stage);
}

/* What cannot be done says why. */
static void test_refusals(void **state)
{
	struct stage stage;

	(void)state;
	open_stage(&stage);
	stage_keys(&stage, "r");
	stage_expect(&stage, "The vault is locked: U opens it.");
	stage_keys(&stage, "G A");
	stage_expect(&stage, "'approve' (A):");
	stage_keys(&stage, "k r");
	stage_expect(&stage, "it must be connected again first");
	stage.app.readonly = true;
	stage_keys(&stage, "D");
	stage_expect(&stage, "--readonly forbids it");
	stage_keys(&stage, "z");
	stage_expect(&stage, "'z' does nothing here");
	stage_close(&stage);
}

/* Hints, help and messages name the keys in force; what has none is named as behind ":". */
static void test_own_keys(void **state)
{
	struct stage stage;
	struct error err = { 0 };

	(void)state;
	open_stage(&stage);
	keys_free(stage.deck.keys);
	stage.deck.keys = NULL;
	assert_true(keys_parse("retry F5\nunlock none\nhelp F1", "keys", &stage.deck.keys, &err));
	stage_keys(&stage, "r");
	stage_expect(&stage, "'r' does nothing here; F1 shows the keys that do.");
	stage_expect(&stage, "F5 sync");
	stage_keys(&stage, "F5");
	stage_expect(&stage, "The vault is locked: :unlock opens it.");
	stage_keys(&stage, "F1 / 'again now' Enter");
	stage_expect(&stage, "F5          retry");
	stage_close(&stage);
}

/* A keys file with a fault changes nothing, and says where the fault is; one in order counts from then on. */
static void test_keys_file(void **state)
{
	static const char *const nothing[] = { NULL };
	struct settings_sources sources = { .environment = nothing };
	char path[120], flag[140];
	const char *flags[] = { flag, NULL };
	struct stage stage;
	struct error err = { 0 };

	(void)state;
	open_stage(&stage);
	snprintf(path, sizeof(path), "%s/keys", stage.directory);
	snprintf(flag, sizeof(flag), "ui.keys=%s", path);
	sources.flags = flags;
	settings_free(stage.settings);
	assert_true(settings_load(&sources, &stage.settings, &err));
	stage.app.settings = stage.settings;
	assert_true(file_write(path, "retry F5\n\nretry F6\n", 20, 0600, &err));
	deck_load_keys(&stage.deck, false);
	stage_expect(&stage, "The keys are those that are built in:");
	stage_expect(&stage, "keys:3: 'retry'");
	assert_true(file_write(path, "retry F5\n", 9, 0600, &err));
	deck_load_keys(&stage.deck, true);
	stage_expect(&stage, "The keys were read again.");
	assert_true(file_write(path, "pause r F5\n", 11, 0600, &err));
	deck_load_keys(&stage.deck, true);
	stage_expect(&stage, "The keys stay as they were:");
	stage_expect(&stage, "F5 sync");
	stage_close(&stage);
}

/* Escape puts a filter back as it was before it was touched; Enter keeps it. */
static void test_filter(void **state)
{
	struct stage stage;

	(void)state;
	open_stage(&stage);
	stage_keys(&stage, "/ 'korn'");
	stage_expect(&stage, "Accounts 1");
	stage_keys(&stage, "Esc");
	stage_expect(&stage, "Accounts 3");
	stage_keys(&stage, "/ 'korn' Enter");
	stage_expect(&stage, "Esc shows all again");
	stage_keys(&stage, "Esc");
	stage_expect(&stage, "Accounts 3");
	stage_keys(&stage, "Tab Enter / 'Nonsense>3'");
	stage_expect(&stage, "Nonsense");
	stage_keys(&stage, "Esc Esc 4 & '3100' Enter");
	stage_expect(&stage, "x failed");
	stage_expect_not(&stage, "= ok");
	stage_close(&stage);
}

/* Held still, nothing that others do is shown; read once on request, and told what was missed. */
static void test_held(void **state)
{
	struct account account = { 0 };
	struct stage stage;
	struct error err = { 0 };

	(void)state;
	open_stage(&stage);
	assert_true(accounts_find(stage.store, "Acme", &account, &err));
	stage_keys(&stage, "Tab Enter p");
	stage_expect(&stage, "PAUSED 14:13");
	stage_invoice(&stage, account.id, 77, "Newcomer", "5.00");
	deck_rung(&stage.deck);
	stage_settle(&stage);
	stage_expect(&stage, "40 Invoice");
	stage_keys(&stage, "R");
	stage_expect(&stage, "41 Invoice");
	stage_invoice(&stage, account.id, 78, "Newcomer", "5.00");
	deck_rung(&stage.deck);
	stage_settle(&stage);
	stage_expect(&stage, "41 Invoice");
	stage_keys(&stage, "p");
	stage_expect(&stage, "42 Invoice");
	stage_expect(&stage, "Live again; something was changed meanwhile.");
	stage_expect_not(&stage, "PAUSED");
	stage_keys(&stage, "p p");
	stage_expect(&stage, "Live again; nothing was changed meanwhile.");
	stage_close(&stage);
}

/* Each view says which command of the shell shows the same, quoted so that a shell takes it. */
static void test_cli(void **state)
{
	static const struct {
		const char *keys, *line;
	} cases[] = {
		{ "", "ledgerdeck accounts" },
		{ "Tab x", "ledgerdeck status ldgr_00000000000000000000000001 --state failed" },
		{ "4", "ledgerdeck log" },
		{ "Tab Enter / 'TotalAmt<0' Enter", "--where 'TotalAmt<0' --sort -changed_at" },
		{ "Tab Enter Enter v", "ledgerdeck show ldgr_00000000000000000000000001 Invoice 27 --raw" },
		{ ": 'types Invoice' Enter", "ledgerdeck types Invoice" },
		{ "?", "ledgerdeck keys" },
		{ "M", "No command of the shell shows this." },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct stage stage;

		open_stage(&stage);
		stage_keys(&stage, cases[i].keys);
		stage_keys(&stage, ": 'cli' Enter");
		if (!strstr(deck_message(&stage.deck, 0)->text, cases[i].line))
			fail_msg("'%s' gives '%s'", cases[i].keys, deck_message(&stage.deck, 0)->text);
		stage_close(&stage);
	}
}

/* Rows for a command: tabs between their cells, and nothing in them that could be another cell or row. */
static void test_rows(void **state)
{
	struct account account = { 0 };
	struct stage stage;
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);
	struct error err = { 0 };

	(void)state;
	open_stage(&stage);
	assert_true(accounts_find(stage.store, "Acme", &account, &err));
	stage_invoice(&stage, account.id, 28, "tab\there\nbreak", "-5.00");
	deck_add_rows(&stage.deck, &text);
	assert_string_equal(text.text, "ldgr_00000000000000000000000001\tAcme Bank AS\tproduction\tok\n");
	str_reset(&text);
	stage_keys(&stage, "Tab Enter / 'TotalAmt=-5' Enter");
	deck_add_rows(&stage.deck, &text);
	assert_non_null(strstr(text.text, "28\tlive\t1028\t"));
	assert_non_null(strstr(text.text, "tab here break"));
	assert_int_equal(strlen(text.text) - strcspn(text.text, "\n"), 1);
	str_reset(&text);
	stage_keys(&stage, "Enter");
	deck_add_rows(&stage.deck, &text);
	assert_non_null(strstr(text.text, "1028"));
	stage_keys(&stage, "5");
	stage_keys(&stage, "|");
	stage_expect(&stage, "there is nothing to hand on");
	stage_close(&stage);
}

static void test_quoting(void **state)
{
	static const char *const words[] = { "plain", "", "two words", "it's", "$HOME `x` \"y\"", "a\\b", "*" };
	AUTO(str_clear) struct str line = STR_INIT(1000);
	AUTO(words_free) char **split = NULL;
	size_t count;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		words_add(&line, words[i]);
	assert_true(words_split(line.text, &split, &count));
	assert_int_equal(count, ARRAY_LEN(words));
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		assert_string_equal(split[i], words[i]);
}

/* Long lines in one row, moved sideways; messages with whole, short or no times. */
static void test_texts(void **state)
{
	struct stage stage;

	(void)state;
	open_stage(&stage);
	stage_keys(&stage, "r M");
	stage_expect(&stage, "2026-09-21 14:13:20");
	stage_keys(&stage, "t");
	stage_expect(&stage, "14:13  The vault");
	stage_keys(&stage, "t");
	stage_expect_not(&stage, "14:13");
	stage_keys(&stage, "t Esc Tab Enter Enter v");
	stage_expect(&stage, "\"DocNumber\"");
	stage_resize(&stage, 24, 30);
	stage_keys(&stage, "w");
	stage_expect(&stage, "\"SyncToken\"");
	stage_keys(&stage, "Right Right");
	stage_expect_not(&stage, "\"SyncToken\"");
	stage_keys(&stage, "Left Left Left");
	stage_expect(&stage, "\"SyncToken\"");
	stage_keys(&stage, "w");
	stage_expect(&stage, "\"SyncToken\"");
	stage_close(&stage);
}

static void delete_invoice(struct stage *stage, const char *id)
{
	AUTO(store_end) struct store *transaction = stage->store;
	struct put_counts counts = { 0 };
	struct account account = { 0 };
	struct object object;
	struct error err = { 0 };
	char ids[1][RECORD_ID_MAX] = { "" };
	bool found;

	snprintf(ids[0], sizeof(ids[0]), "%s", id);
	assert_true(accounts_find(stage->store, "Acme", &account, &err) && objects_get(stage->store, account.id, "Invoice", &object, &found, &err));
	assert_true(store_begin(transaction, &err) &&
		    records_gone(transaction, &object, (const char(*)[RECORD_ID_MAX])ids, 1, NOW, &counts, &err) &&
		    store_commit(transaction, &err));
}

/*
 * What vanishes under the cursor says so until the next key, and a key that was meant for it does nothing to what has taken
 * its place: not even when it was typed before that was painted.
 */
static void test_gone(void **state)
{
	struct stage stage;
	AUTO(str_clear) struct str before = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str after = STR_INIT(STR_NO_LIMIT);
	const char *row;

	(void)state;
	open_stage(&stage);
	stage_keys(&stage, "Tab Enter j j j");
	stage_dump(&stage, &before);
	row = strstr(before.text, "\n> = live     1024");
	assert_non_null(row);
	delete_invoice(&stage, "24");
	deck_store_changed(&stage.deck);
	stage_settle(&stage);
	/* Typed before it was painted. */
	stage_keys(&stage, "Enter");
	assert_string_equal(deck_top(&stage.deck)->kind->name, "records");
	stage_expect(&stage, "What was under the cursor is gone; nothing was done.");
	delete_invoice(&stage, "23");
	deck_store_changed(&stage.deck);
	stage_settle(&stage);
	stage_dump(&stage, &after);
	row = after.text + (row - before.text);
	assert_memory_equal(row, "\n> gone", 7);
	assert_non_null(strstr(row, "\n  = live     1022"));
	stage_keys(&stage, "r");
	stage_expect(&stage, "What was under the cursor is gone; nothing was done.");
	stage_expect_not(&stage, "> gone");
	delete_invoice(&stage, "22");
	deck_store_changed(&stage.deck);
	stage_settle(&stage);
	stage_keys(&stage, "k Enter");
	assert_string_equal(deck_top(&stage.deck)->kind->name, "record");
	stage_close(&stage);
}

/* Looks are switched while the deck is open; what cannot be says why. */
static void test_looks(void **state)
{
	struct stage stage;

	(void)state;
	open_stage(&stage);
	stage_expect(&stage, "Kornblum & S\xc3\xb6hne");
	stage_keys(&stage, ": 'set ascii on' Enter");
	stage_expect(&stage, "Kornblum & S?hne");
	stage_keys(&stage, ": 'set ui.ascii off' Enter");
	stage_expect(&stage, "Kornblum & S\xc3\xb6hne");
	stage_keys(&stage, ": 'set width full' Enter");
	assert_int_equal(stage.deck.canvas.mode, TEXT_FULL);
	stage_keys(&stage, ": 'theme light' Enter");
	stage_expect(&stage, "The theme is 'light' until");
	stage_keys(&stage, ": 'theme ligth' Enter");
	stage_expect(&stage, "unknown theme 'ligth', did you mean 'light'?");
	stage_keys(&stage, ": 'theme ../../etc/passwd' Enter");
	stage_expect(&stage, "unknown theme");
	stage_keys(&stage, ": 'theme' Enter");
	stage_expect(&stage, ":theme NAME");
	stage_keys(&stage, ": 'set sync.interval 5' Enter");
	stage_expect(&stage, "'sync.interval' cannot be set here");
	stage_keys(&stage, ": 'set asc' Tab 'of' Tab");
	stage_expect(&stage, "set ascii off");
	stage_close(&stage);
}

/* Jumps over more than the window that is held show what is there. */
static void test_far(void **state)
{
	struct account account = { 0 };
	struct stage stage;
	struct error err = { 0 };

	(void)state;
	stage_open(&stage, false);
	assert_true(accounts_find(stage.store, "Korn", &account, &err));
	for (int i = 1; i <= 1000; i++)
		stage_invoice(&stage, account.id, i, "Somebody", "1.00");
	stage_deck(&stage, 24, 80, TEXT_SAFE);
	deck_paint(&stage.deck, &stage.deck.canvas);
	stage_keys(&stage, "G Tab Enter");
	deck_paint(&stage.deck, &stage.deck.canvas);
	stage_expect(&stage, "1,000 Invoice");
	stage_keys(&stage, "G");
	stage_expect_not(&stage, "...");
	for (int i = 0; i < 60; i++) {
		stage_keys(&stage, "PgUp");
		stage_expect_not(&stage, "...");
	}
	stage_keys(&stage, "g / 'DocNumber=1777' Enter");
	stage_expect(&stage, "1777");
	stage_close(&stage);
}

/* Whatever is pressed at whatever size, it goes on: seeds that are printed, so that a failure can be had again. */
static void test_any_keys(void **state)
{
	static const char *const names[] = { "Enter", "Esc", "Tab", "S-Tab", "Up", "Down", "Left", "Right", "Home", "End", "PgUp", "PgDn",
					     "Backspace", "Delete", "Space", "C-d", "C-u", "C-l", "C-a", "C-k", "C-w" };
	/* Not those that leave, and no command that asks or waits. */
	static const char letters[] = "jkhlgGrATx/\\nN<>IFvyMR?:1345z0-_=.a []pwtuDP|";

	(void)state;
	for (uint64_t seed = 1; seed <= 12; seed++) {
		struct stage stage;
		struct random random;

		print_message("seed %d\n", (int)seed);
		random_seed(&random, seed);
		stage_open(&stage, seed % 4 == 0);
		stage_deck(&stage, 24, 80, TEXT_SAFE);
		for (int i = 0; i < 250; i++) {
			struct key key = { 0 };

			if (random_below(&random, 3) == 0) {
				const char *name = names[random_below(&random, ARRAY_LEN(names))];

				assert_true(key_parse(name, strlen(name), &key));
			} else {
				key.code = (unsigned char)letters[random_below(&random, sizeof(letters) - 1)];
			}
			if (random_below(&random, 20) == 0)
				stage_resize(&stage, (int)random_below(&random, 60), (int)random_below(&random, 220));
			deck_key(&stage.deck, key);
			stage_settle(&stage);
			deck_paint(&stage.deck, &stage.deck.canvas);
			if (stage.deck.leaving)
				stage.deck.leaving = stage.deck.demo = false;
		}
		stage_close(&stage);
	}
}

static void add_row(struct stage *stage, const char *account_id, const char *type, const char *cause, int64_t changed, const char *why)
{
	AUTO(store_end) struct store *transaction = stage->store;
	struct attempt attempt = { .job = "read", .started_ms = NOW - 1000, .tries = 1, .counts = { .changed = changed } };
	struct error err = { 0 };

	snprintf(attempt.account_id, sizeof(attempt.account_id), "%s", account_id);
	snprintf(attempt.type, sizeof(attempt.type), "%s", type);
	snprintf(attempt.cause, sizeof(attempt.cause), "%s", cause);
	assert_true(store_begin(transaction, &err) && attempt_start(transaction, &attempt, &err));
	if (*why)
		error_set(&attempt.error, ERROR_STORE, "%s", why);
	attempt.took_ms = 20;
	assert_true(attempt_end(transaction, &attempt, "/mnt/books.db", &err) && store_commit(transaction, &err));
}

/* A backup has a row in the log and no account: it can be looked at and tried again like the others. */
static void test_backup(void **state)
{
	struct stage stage;

	(void)state;
	stage_open(&stage, false);
	add_row(&stage, "", SYNC_BACKUP, "schedule", 0, "there is no room for it");
	stage_deck(&stage, 24, 80, TEXT_SAFE);
	stage_keys(&stage, "4");
	stage_expect(&stage, "backup");
	stage_keys(&stage, "Enter");
	stage_expect(&stage, "/mnt/books.db");
	stage_keys(&stage, "r 5");
	stage_expect(&stage, "retry 4");
	stage_close(&stage);
	/* One that went well says where it is. */
	stage_open(&stage, false);
	add_row(&stage, "", SYNC_BACKUP, "schedule", 0, "");
	stage_deck(&stage, 24, 80, TEXT_SAFE);
	stage_keys(&stage, "Tab Tab");
	stage_expect(&stage, "A backup by schedule went well.");
	stage_keys(&stage, "Enter");
	stage_expect(&stage, "/mnt/books.db");
	stage_close(&stage);
}

/* The last runs of a type beside it: the newest at the right, as many as there is room for. */
static void test_runs(void **state)
{
	struct stage stage;

	(void)state;
	stage_open(&stage, false);
	for (int i = 0; i < 40; i++)
		add_row(&stage, "ldgr_00000000000000000000000001", "Invoice", "schedule", i == 38 ? 1000 : 0, i == 37 ? "it broke" : "");
	stage_deck(&stage, 24, 80, TEXT_ASCII);
	stage_keys(&stage, "Tab");
	stage_expect(&stage, " ____x#_ ");
	stage_expect(&stage, " ___________________________x#_  Last run: 0 read, 0 changed");
	stage_resize(&stage, 50, 250);
	stage_expect(&stage, "______x#_ ");
	stage_close(&stage);
}

int test_act(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cursor_stays), cmocka_unit_test(test_urgent),     cmocka_unit_test(test_steps_back), cmocka_unit_test(test_no_such_account),
		cmocka_unit_test(test_refusals),     cmocka_unit_test(test_own_keys),   cmocka_unit_test(test_keys_file),
		cmocka_unit_test(test_filter),       cmocka_unit_test(test_far),        cmocka_unit_test(test_any_keys),
		cmocka_unit_test(test_held), cmocka_unit_test(test_cli), cmocka_unit_test(test_rows), cmocka_unit_test(test_quoting),
		cmocka_unit_test(test_texts), cmocka_unit_test(test_gone), cmocka_unit_test(test_looks),
		cmocka_unit_test(test_backup), cmocka_unit_test(test_runs),
	};

	return cmocka_run_group_tests_name("act", tests, NULL, NULL);
}
