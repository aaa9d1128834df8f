/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any size that a terminal has, any key, anything that comes meanwhile, in each of the scenes. What is drawn by chance comes
 * from a seed, which is told: LEDGERDECK_SEED repeats it. With LEDGERDECK_SOAK it is another one each time, and far more.
 */
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/random.h"
#include "scenes.h"

#define ROWS_MAX 100
#define COLUMNS_MAX 300

/* All but what leaves the deck, starts other programs, or ends in "yes". */
static const char *const keys[] = {
	"j", "k", "g", "G", "C-d", "C-u", "PgUp", "PgDn", "Tab", "S-Tab", "Left", "Right", "Up", "Down", "Home", "End", "Space", "C-Space",
	"Enter", "Esc", "Esc", "Backspace", "w", "I", ">", "<", "n", "N", "[", "]", "-", "p", "v", "H", "o", "x", "F", "&", "/", "L", "h", "l",
	"t", "*", "R", "r", "P", "u", "A", "D", "y", "Y", "1", "2", "3", "4", "5", "6", "7", "X", "m", "d", "B", "M", "?", "0", "a", ".", "=", "C-l",
};

static void press(struct stage *stage, const char *key)
{
	/* Help carries out what is under its cursor, and a dialog does what it is about. */
	if (strcmp(key, "Enter") == 0 && strcmp(deck_top(&stage->deck)->kind->name, "keys") == 0)
		return;
	if (strcmp(key, "y") == 0 && stage->deck.dialog)
		return;
	stage_keys(stage, key);
}

/* What others do meanwhile. */
static void meddle(struct stage *stage, struct random *random)
{
	struct account account;
	struct error err = { 0 };

	if (!stage->store || !accounts_find(stage->store, "Acme", &account, &err))
		return;
	switch (random_below(random, 5)) {
	case 0:
		stage_attempt(stage, account.id, "Invoice", 0, random_below(random, 2) ? ERROR_REMOTE : ERROR_NONE, "something");
		break;
	case 1:
		stage_invoice(stage, account.id, 1 + (int)random_below(random, 60), "Somebody", "12.34");
		break;
	case 2:
		stage_gone(stage, account.id, "Invoice", "27");
		break;
	case 3:
		stage_progress(stage, account.id, "Invoice", (int64_t)random_below(random, 1000), 1000);
		break;
	default:
		break;
	}
	stage_news(stage);
}

static void run_scene(size_t scene, uint64_t seed, int rounds)
{
	static const enum text_mode modes[] = { TEXT_SAFE, TEXT_FULL, TEXT_ASCII };
	struct random random;
	struct stage stage;

	print_message("scene %s, LEDGERDECK_SEED=%llu\n", scene_name(scene), (unsigned long long)seed);
	random_seed(&random, seed);
	scene_open(&stage, scene);
	scene_mode(&stage, modes[random_below(&random, ARRAY_LEN(modes))]);
	for (int i = 0; i < rounds; i++) {
		if (random_below(&random, 3) == 0)
			stage_resize(&stage, 1 + (int)random_below(&random, ROWS_MAX), 1 + (int)random_below(&random, COLUMNS_MAX));
		stage_check(&stage);
		press(&stage, keys[random_below(&random, ARRAY_LEN(keys))]);
		stage_check(&stage);
		if (random_below(&random, 20) == 0)
			meddle(&stage, &random);
	}
	stage_close(&stage);
}

static uint64_t seed_of(size_t scene)
{
	const char *given = env_variable("LEDGERDECK_SEED");
	struct env env = env_real();
	uint64_t seed = scene;

	if (given)
		return strtoull(given, NULL, 10);
	if (env_variable("LEDGERDECK_SOAK"))
		env.random(env.ctx, &seed, sizeof(seed));
	return seed;
}

static void test_any_size_any_key(void **state)
{
	(void)state;
	for (size_t scene = 0; scene < scene_count; scene++)
		run_scene(scene, seed_of(scene), env_variable("LEDGERDECK_SOAK") ? 2000 : 60);
}

int test_random(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_any_size_any_key),
	};

	return cmocka_run_group_tests_name("random", tests, NULL, NULL);
}
