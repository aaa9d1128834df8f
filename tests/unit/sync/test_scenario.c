/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Each scenario of tests/sync, in five ways. With LEDGERDECK_SOAK set durable steps and calls are hit for SOAK_SECONDS
 * each, all of them if that suffices; without, a share of them that differs from scenario to scenario.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/memory.h"
#include "script.h"
#include "tests.h"

#define SAMPLES 6

static char *directory(void)
{
	const char *source = env_variable("SOURCE_DIR");
	AUTO(str_clear) struct str path = STR_INIT(4096);

	str_addf(&path, "%s/tests/sync", source ? source : ".");
	return memory_copy_text(path.text);
}

static bool soaks(void)
{
	return env_variable("LEDGERDECK_SOAK") != NULL;
}

/* So much time a scenario has in each way: in a soak SOAK_SECONDS. */
static bool has_time(int64_t begun_ms)
{
	const char *seconds = env_variable("SOAK_SECONDS");
	int64_t most_ms = !soaks() ? 4000 : seconds && *seconds ? strtoll(seconds, NULL, 10) * 1000 : 60000;
	struct env env = env_real();

	return env.ticks_ms(env.ctx) - begun_ms < most_ms;
}

/* The n-th of `count` places from 1 on, each once, neighbours far from each other: wherever time ends, all parts have been tried. */
static int64_t spread(int64_t n, int64_t count)
{
	int64_t stride = count * 5 / 8 + 1;

	for (;; stride++) {
		int64_t a = stride, b = count;

		while (b) {
			int64_t rest = a % b;

			a = b;
			b = rest;
		}
		if (a == 1)
			return 1 + n * stride % count;
	}
}

static int64_t real_ms(void)
{
	struct env env = env_real();

	return env.ticks_ms(env.ctx);
}

static void test_straight(void **state)
{
	script_run(*state, &(struct plan){ .way = WAY_STRAIGHT }, NULL, NULL);
}

static void test_killed(void **state)
{
	int64_t commits = 0, step, begun_ms = real_ms();

	script_run(*state, &(struct plan){ .way = WAY_KILLED }, NULL, NULL);
	script_run(*state, &(struct plan){ .way = WAY_KILLED, .at = INT64_MAX }, NULL, &commits);
	assert_true(commits > 0);
	step = soaks() || commits < SAMPLES ? 1 : commits / SAMPLES;
	for (int64_t at = 1 + (int64_t)strlen(*state) % step; at <= commits && has_time(begun_ms); at += step)
		script_run(*state, &(struct plan){ .way = WAY_KILLED, .at = soaks() ? spread(at, commits) : at }, NULL, NULL);
}

static void test_failing(void **state)
{
	int64_t calls = 0, step, begun_ms = real_ms();
	int how = (int)strlen(*state);

	script_run(*state, &(struct plan){ .way = WAY_STRAIGHT }, &calls, NULL);
	step = soaks() || calls < 2 * SAMPLES ? 1 : calls / (2 * SAMPLES);
	for (int64_t at = 1; at <= calls && has_time(begun_ms); at += step)
		for (int i = 0; i < (soaks() ? BREAK_COUNT - 1 : 1); i++)
			script_run(*state, &(struct plan){ .way = WAY_FAILING, .at = soaks() ? spread(at, calls) : at,
							   .how = 1 + how++ % (BREAK_COUNT - 1) }, NULL, NULL);
}

static void test_shuffled(void **state)
{
	script_run(*state, &(struct plan){ .way = WAY_SHUFFLED }, NULL, NULL);
}

/* PLAN=way,at,how runs that one alone: what an error names. */
static void test_chosen(void **state)
{
	struct plan plan = { 0 };
	int way = 0, how = 0;
	long long at = 0;

	assert_int_equal(sscanf(env_variable("PLAN"), "%d,%lld,%d", &way, &at, &how), 3);
	plan.way = (enum way)way;
	plan.at = at;
	plan.how = (enum breakage)how;
	script_run(*state, &plan, NULL, NULL);
}

static int run_one(const char *path, const char *name)
{
	AUTO(memory_freep) char *copy = memory_copy_text(path);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(test_straight, copy),
		cmocka_unit_test_prestate(test_killed, copy),
		cmocka_unit_test_prestate(test_failing, copy),
		cmocka_unit_test_prestate(test_shuffled, copy),
	};

	const struct CMUnitTest plan[] = { cmocka_unit_test_prestate(test_chosen, copy) };

	return env_variable("PLAN") ? cmocka_run_group_tests_name(name, plan, NULL, NULL)
				    : cmocka_run_group_tests_name(name, tests, NULL, NULL);
}

static int is_scenario(const struct dirent *entry)
{
	const char *point = strrchr(entry->d_name, '.');
	const char *only = env_variable("SCENARIO");

	return point && strcmp(point, ".scenario") == 0 && (!only || strstr(entry->d_name, only));
}

int test_scenario(void)
{
	AUTO(memory_freep) char *place = directory();
	struct dirent **entries = NULL;
	int count = scandir(place, &entries, is_scenario, alphasort), failed = 0;

	if (count <= 0) {
		fprintf(stderr, "there are no scenarios in %s\n", place);
		return 1;
	}
	for (int i = 0; i < count; i++) {
		AUTO(str_clear) struct str path = STR_INIT(4096);

		str_addf(&path, "%s/%s", place, entries[i]->d_name);
		failed += run_one(path.text, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	return failed;
}
