/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the operator was: kept over a restart, stepped through by the history, and no way in for what somebody else wrote. */
#include "tests.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/memory.h"
#include "trail.h"

static void open_stage(struct stage *stage, bool books)
{
	struct session session;
	struct account account;
	char state[100];

	stage_open(stage, false);
	stage_audit(stage);
	if (books) {
		stage_books(stage, &account);
		stage_session(stage, account.id, &session);
	}
	snprintf(state, sizeof(state), "%s/state", stage->directory);
	setenv("XDG_STATE_HOME", state, 1);
	stage_deck(stage, 24, 80, TEXT_SAFE);
	deck_paint(&stage->deck, &stage->deck.canvas);
}

/* The deck is closed and opened again. */
static void restart(struct stage *stage)
{
	struct error err = { 0 };

	if (!trail_save(&stage->deck, &err))
		fail_msg("%s", err.text);
	deck_clear(&stage->deck);
	stage_deck(stage, 24, 80, TEXT_SAFE);
	trail_load(&stage->deck);
	stage_settle(stage);
	deck_paint(&stage->deck, &stage->deck.canvas);
}

static void find_file(const struct stage *stage, char *out, size_t size)
{
	char directory[100];
	struct dirent *entry;
	DIR *dir;

	snprintf(directory, sizeof(directory), "%s/state/ledgerdeck", stage->directory);
	dir = opendir(directory);
	assert_non_null(dir);
	*out = '\0';
	while ((entry = readdir(dir)) != NULL)
		if (strncmp(entry->d_name, "deck-", 5) == 0)
			snprintf(out, size, "%s/%s", directory, entry->d_name);
	closedir(dir);
	assert_true(*out);
}

static void close_stage(struct stage *stage)
{
	char path[400], directory[100];

	find_file(stage, path, sizeof(path));
	unlink(path);
	snprintf(directory, sizeof(directory), "%s/state/ledgerdeck", stage->directory);
	rmdir(directory);
	*strrchr(directory, '/') = '\0';
	rmdir(directory);
	stage_close(stage);
	unsetenv("XDG_STATE_HOME");
}

/* What stands on the screen is the same after a restart: view, cursor, filter, order. */
static void test_same_again(void **state)
{
	static const char *const ways[] = {
		"", "j", "G Tab", "Tab G k", "Tab x", "Tab Tab", "/ 'korn' Enter", "3", "Tab j 3", "3 > > I j", "3 x G", "3 / 'acme' Enter G", "O", "O j j j", "O & 'sync' Enter j", "O j j Enter", "W", "W j j", "W & 'acme' Enter G", "W j Enter", "8", "8 j", "8 Enter", "8 Enter j j", "8 Enter > > I j", "8 Enter x / 'INV' Enter j", "8 Enter Tab j", "8 Enter j Enter", "8 Enter Tab Enter", "4", "4 j j", "4 x", "4 & '3100' Enter", "4 j Enter",
		"Tab Enter", "Tab Enter j j j j", "Tab Enter > > I j j", "Tab Enter / 'TotalAmt<0' Enter j", "Tab Enter Enter",
		"Tab Enter j Enter v",
		"Tab Enter : 'columns id,TotalAmt' Enter", "Tab Enter o Space Esc j",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
		AUTO(str_clear) struct str before = STR_INIT(STR_NO_LIMIT);
		AUTO(str_clear) struct str after = STR_INIT(STR_NO_LIMIT);
		struct stage stage;
		char path[400];
		struct stat status;

		open_stage(&stage, true);
		stage_keys(&stage, ways[i]);
		stage_dump(&stage, &before);
		restart(&stage);
		stage_dump(&stage, &after);
		if (strcmp(before.text, after.text) != 0)
			fail_msg("'%s' is not as it was:\n%s\nbut:\n%s", ways[i], before.text, after.text);
		find_file(&stage, path, sizeof(path));
		assert_int_equal(stat(path, &status), 0);
		assert_int_equal(status.st_mode & 07777, 0600);
		close_stage(&stage);
	}
}

/* Every cut, and what nobody of us wrote, changes nothing and is told. */
static void test_damaged(void **state)
{
	AUTO(str_clear) struct str whole = STR_INIT(1 << 16);
	struct stage stage;
	struct error err = { 0 };
	char path[400], other[120];

	(void)state;
	open_stage(&stage, false);
	stage_keys(&stage, "Tab Enter Enter");
	restart(&stage);
	find_file(&stage, path, sizeof(path));
	assert_true(file_read(path, 1 << 16, &whole, &err));
	for (size_t len = 0; len < whole.len; len++) {
		assert_true(file_write(path, whole.text, len, 0600, &err));
		stage_keys(&stage, "1");
		trail_load(&stage.deck);
		assert_int_equal(stage.deck.view_count, 1);
		stage_expect(&stage, "Where you were last time is not known");
	}
	static const char *const others[] = { "ledgerdeck state 1\nno part\nx\nend\n", "ledgerdeck state 1\n[log\nend\n",
					      "ledgerdeck state 1\n[log]\nfilter \033[2J\nend\n", "ledgerdeck state 1\n\nend\n",
					      "ledgerdeck state 1\n[log]\nfilter \xff\nend\n" };

	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		assert_true(file_write(path, others[i], strlen(others[i]), 0600, &err));
		stage_keys(&stage, "j");
		trail_load(&stage.deck);
		assert_int_equal(stage.deck.view_count, 1);
		stage_expect(&stage, "Where you were last time is not known");
	}
	/* Neither a link nor what others can write. */
	assert_true(file_write(path, whole.text, whole.len, 0620, &err));
	stage_keys(&stage, "j");
	trail_load(&stage.deck);
	assert_non_null(strstr(deck_message(&stage.deck, 0)->text, "others can use"));
	snprintf(other, sizeof(other), "%s/elsewhere", stage.directory);
	assert_true(file_write(other, whole.text, whole.len, 0600, &err));
	unlink(path);
	assert_int_equal(symlink(other, path), 0);
	stage_keys(&stage, "j");
	trail_load(&stage.deck);
	assert_non_null(strstr(deck_message(&stage.deck, 0)->text, "symbolic link"));
	assert_int_equal(stage.deck.view_count, 1);
	/* Saving puts a file in the link's place, and leaves alone what it pointed to. */
	stage_keys(&stage, "4");
	restart(&stage);
	assert_string_equal(deck_top(&stage.deck)->kind->name, "log");
	str_reset(&whole);
	assert_true(file_read(other, 1 << 16, &whole, &err));
	assert_non_null(strstr(whole.text, "[record]"));
	close_stage(&stage);
}

/* What is not there any more is left out; the rest is opened. */
static void test_gone(void **state)
{
	static const char gone[] = "[dashboard]\npane type\naccount ldgr_nobody\n[records]\naccount a\nprovider quickbooks\ntype Nonsense\n"
				   "[record]\naccount a\nprovider quickbooks\ntype Invoice\nid 1\n";
	struct stage stage;

	(void)state;
	open_stage(&stage, false);
	trail_open(&stage.deck, gone);
	stage_settle(&stage);
	assert_int_equal(stage.deck.view_count, 1);
	stage_expect(&stage, "Types");
	stage_expect(&stage, "Acme Bank AS");
	trail_open(&stage.deck, "[nonsense]\n[log]\n");
	assert_int_equal(stage.deck.view_count, 1);
	restart(&stage);
	close_stage(&stage);
}

static void test_places(void **state)
{
	struct stage stage;

	(void)state;
	open_stage(&stage, false);
	stage_keys(&stage, "[");
	stage_expect(&stage, "Nothing was opened before this.");
	stage_keys(&stage, "Tab Enter j j Enter");
	assert_string_equal(deck_top(&stage.deck)->kind->name, "record");
	stage_keys(&stage, "4");
	assert_string_equal(deck_top(&stage.deck)->kind->name, "log");
	stage_keys(&stage, "[");
	assert_string_equal(deck_top(&stage.deck)->kind->name, "record");
	stage_keys(&stage, "[");
	assert_string_equal(deck_top(&stage.deck)->kind->name, "records");
	deck_paint(&stage.deck, &stage.deck.canvas);
	stage_expect(&stage, "40 Invoice");
	stage_keys(&stage, "[");
	assert_string_equal(deck_top(&stage.deck)->kind->name, "dashboard");
	stage_keys(&stage, "[");
	stage_expect(&stage, "Nothing was opened before this.");
	stage_keys(&stage, "] ] ]");
	assert_string_equal(deck_top(&stage.deck)->kind->name, "log");
	stage_keys(&stage, "]");
	stage_expect(&stage, "Nothing was opened after this.");
	stage_keys(&stage, "-");
	assert_string_equal(deck_top(&stage.deck)->kind->name, "record");
	stage_keys(&stage, "-");
	assert_string_equal(deck_top(&stage.deck)->kind->name, "log");
	/* To go elsewhere from the middle leaves what lay before. */
	stage_keys(&stage, "[ [ Esc");
	stage_keys(&stage, "]");
	stage_expect(&stage, "Nothing was opened after this.");
	for (int i = 0; i < 3 * DECK_PAST_MAX; i++)
		stage_keys(&stage, i % 2 ? "1" : "4");
	assert_true(stage.deck.past_count <= DECK_PAST_MAX);
	restart(&stage);
	close_stage(&stage);
}

int test_trail(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_again), cmocka_unit_test(test_damaged), cmocka_unit_test(test_gone), cmocka_unit_test(test_places),
	};

	return cmocka_run_group_tests_name("trail", tests, NULL, NULL);
}
