/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every setting with its value and where that came from; what can be changed is, until the deck is left; no secret is shown. */
#include "tests.h"

#include <stdio.h>
#include <string.h>

#include "job.h"
#include "ledgerdeck/core/memory.h"

static void open_settings(struct stage *stage, const char *keys)
{
	stage_open(stage, false);
	stage_settings(stage);
	stage_deck(stage, 24, 120, TEXT_SAFE);
	deck_paint(&stage->deck, &stage->deck.canvas);
	stage_keys(stage, keys);
	deck_paint(&stage->deck, &stage->deck.canvas);
}

/* Each is there, in the order of the manual, with what is in force. */
static void test_all(void **state)
{
	size_t count;
	const struct setting_row *rows = settings_rows(&count);
	struct stage stage;
	char head[80];

	(void)state;
	open_settings(&stage, ": 'settings' Enter");
	snprintf(head, sizeof(head), "%zu settings, 4 of them not as built in", count);
	stage_expect(&stage, head);
	for (size_t i = 0; i < count; i++) {
		stage_expect_cursor(&stage, rows[i].name);
		stage_keys(&stage, "j");
	}
	stage_keys(&stage, "& 'environment ledgerdeck__' Enter");
	stage_expect(&stage, "1 setting of");
	stage_expect(&stage, "environment LEDGERDECK__SYNC__WORKERS");
	stage_keys(&stage, "Esc & 'flag' Enter");
	stage_expect(&stage, "log.file");
	stage_expect(&stage, "ui.mouse");
	/* With words behind it, it is the command. */
	stage_keys(&stage, ": 'settings sync.workers --origin' Enter");
	assert_int_equal(stage.deck.job_count, 1);
	stage_expect(&stage, "environment LEDGERDECK__SYNC__WORKERS");
	stage_close(&stage);
}

static void test_found(void **state)
{
	struct stage stage;

	(void)state;
	open_settings(&stage, "O / 'minute' Enter");
	stage_expect_cursor(&stage, "sync.per_minute");
	stage_keys(&stage, "n");
	stage_expect_cursor(&stage, "sync.batches_per_minute");
	stage_keys(&stage, "n");
	stage_expect_cursor(&stage, "sync.per_minute");
	stage_keys(&stage, "N N");
	stage_expect_cursor(&stage, "sync.per_minute");
	stage_keys(&stage, "/ 'nothing of the kind' Enter");
	stage_expect(&stage, "'nothing of the kind' stands in no setting.");
	stage_keys(&stage, "& 'sync second' Enter");
	stage_expect(&stage, "1 setting of");
	stage_expect_cursor(&stage, "sync.per_second");
	/* One step back each: what is looked for, what is shown, the view. */
	stage_keys(&stage, "Esc");
	stage_expect(&stage, "1 setting of");
	stage_keys(&stage, "Esc");
	stage_expect_not(&stage, "1 setting of");
	stage_expect_cursor(&stage, "sync.per_second");
	stage_keys(&stage, "n");
	stage_expect(&stage, "Nothing is looked for; / begins.");
	stage_keys(&stage, "& C-u 'unheard of' Enter");
	stage_expect(&stage, "Nothing fits the filter; Esc shows all.");
	stage_keys(&stage, "Enter = y j n Esc Esc");
	assert_int_equal(stage.deck.view_count, 1);
	stage_close(&stage);
}

/* All that is known of one, and the lines that keep a value of it. */
static void test_one(void **state)
{
	static const char *const parts[] = {
		"Time between two sweeps that prove what exists; 0: only when a gap demands one.", "Value       7d", "From        built in",
		"Takes       a time such as 90s, 5m, 2h or 1d, from 0 to 365d", "LEDGERDECK__SYNC__SWEEP_INTERVAL", "[sync]", "sweep_interval = 7d",
		"/home/ann/.config/ledgerdeck/ledgerdeck.conf", "--set sync.sweep_interval=VALUE",
	};
	struct stage stage;

	(void)state;
	open_settings(&stage, "O / 'sweep_i' Enter Enter");
	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		stage_expect(&stage, parts[i]);
	stage_keys(&stage, "=");
	stage_expect(&stage, "'change' (=): while the deck is open only how it looks and the mouse can be changed");
	stage_keys(&stage, "Enter");
	stage_expect(&stage, "'open' (Enter): this is all of it.");
	/* Lines take the place of the clipboard where there is no screen. */
	stage.deck.plain = true;
	stage_keys(&stage, "y");
	assert_non_null(strstr(deck_message(&stage.deck, 0)->text, "[sync]\nsweep_interval = 7d"));
	stage.deck.plain = false;
	stage_keys(&stage, "Esc / C-u 'key_file' Enter Enter");
	stage_expect(&stage, "key_file = VALUE");
	stage_expect(&stage, "A .ledgerdeck.conf of a directory may not set it.");
	stage_close(&stage);
}

static void test_changed(void **state)
{
	struct stage stage;

	(void)state;
	open_settings(&stage, "O / 'ui.width' Enter");
	stage_expect_cursor(&stage, "safe");
	stage_keys(&stage, "= 'wide' Enter");
	stage_expect(&stage, "'width' is safe or full, not 'wide'.");
	stage_expect_cursor(&stage, "built in");
	stage_keys(&stage, "= 'full' Enter");
	stage_expect_cursor(&stage, "full");
	stage_expect_cursor(&stage, "this session");
	assert_int_equal(stage.deck.canvas.mode, TEXT_FULL);
	/* It is one setting more that is not as built in, and found by that. */
	stage_expect(&stage, "5 of them not as built in");
	stage_keys(&stage, "& 'this session' Enter");
	stage_expect(&stage, "1 setting of");
	stage_keys(&stage, "Enter");
	stage_expect(&stage, "From        this session");
	stage_expect(&stage, "Else        safe, from built in");
	stage_keys(&stage, "= 'safe' Enter");
	stage_expect(&stage, "Value       safe");
	assert_int_equal(stage.deck.canvas.mode, TEXT_SAFE);
	/* ASCII and back keeps the width that was set. */
	stage_keys(&stage, ": 'set width full' Enter : 'set ascii on' Enter : 'set ascii off' Enter");
	assert_int_equal(stage.deck.canvas.mode, TEXT_FULL);
	/* What nobody can change here says so. */
	stage_keys(&stage, "Esc Esc Esc / C-u 'sync.workers' Enter =");
	stage_expect(&stage, "only how it looks and the mouse can be changed; Enter shows what to write.");
	stage_close(&stage);
}

/* Neither shown nor found nor handed on nor kept. */
static void test_secret(void **state)
{
	static const char *const ways[] = { "O / 'client_secret' Enter", "O / 'client_secret' Enter Enter", "O & 'client_secret' Enter",
					    "O / 'client_secret' Enter y M", "O / 'client_secret' Enter Enter y M",
					    ": 'settings quickbooks.client_secret' Enter" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
		AUTO(str_clear) struct str rows = STR_INIT(STR_NO_LIMIT);
		struct stage stage;

		open_settings(&stage, ways[i]);
		stage.deck.plain = true;
		stage_expect_not(&stage, STAGE_SECRET);
		deck_add_rows(&stage.deck, &rows);
		assert_null(rows.text ? strstr(rows.text, STAGE_SECRET) : NULL);
		stage_close(&stage);
	}
	struct stage stage;

	open_settings(&stage, "O / 'client_secret' Enter");
	stage_expect_cursor(&stage, "<hidden>");
	stage_keys(&stage, "Esc & 'own secret' Enter");
	stage_expect(&stage, "Nothing fits the filter");
	stage_close(&stage);
}

int test_settings(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all), cmocka_unit_test(test_found), cmocka_unit_test(test_one), cmocka_unit_test(test_changed),
		cmocka_unit_test(test_secret),
	};

	return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
