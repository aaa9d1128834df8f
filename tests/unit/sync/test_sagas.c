/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Exactly once, proven by sagas from seeds: customers, vendors and their documents are planned, applied, changed and made void,
 * while calls fail, answers are lost or come late, keys are forgotten, tokens end, others edit, delete and number in the ledger,
 * people decide, take back and settle, backups come back, and the process dies at its durable steps. wave_check.c says what must
 * hold then. Each wave of sagas is a process that begins with the same world, so that SAGA=seed repeats it alone, whatever else was
 * run; SAGAS=number runs so many, else as many as fit into the time.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crash.h"
#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/memory.h"
#include "tests.h"
#include "wave.h"

#define SHORT_MS 18000
#define SIDES_MAX 64

static const char *const events[EVENT_COUNT] = {
	[EVENT_SAGA] = "sagas", [EVENT_WRITE] = "writes", [EVENT_DEATH] = "deaths", [EVENT_BROKEN] = "calls that failed",
	[EVENT_LATE] = "that came late", [EVENT_TWICE] = "that came twice", [EVENT_STALE] = "stale plans", [EVENT_EDIT] = "edits by others",
	[EVENT_REMOVAL] = "deletions by others", [EVENT_TWIN] = "numbers taken by others", [EVENT_CHANGE] = "changes",
	[EVENT_VOID] = "made void", [EVENT_CANCEL] = "taken back", [EVENT_SETTLE] = "settled by a person", [EVENT_REDRIVE] = "planned anew",
	[EVENT_DECISION] = "decisions", [EVENT_RESTORE] = "restores", [EVENT_EXPIRY] = "tokens ended", [EVENT_RECONNECT] = "reconnects",
	[EVENT_SUSPENSION] = "suspensions", [EVENT_PAUSE] = "pauses", [EVENT_RESUME] = "resumed",
};

struct side {                    /* a process with a wave */
	pid_t pid;
	int from;                    /* where its tally comes from */
	uint64_t seed;
};

static void start_side(struct template *template, struct side *side, uint64_t seed)
{
	int64_t tally[EVENT_COUNT] = { 0 };
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	fflush(NULL);
	*side = (struct side){ .pid = fork(), .from = ends[0], .seed = seed };
	assert_true(side->pid >= 0);
	if (side->pid > 0) {
		close(ends[1]);
		return;
	}
	close(ends[0]);
	wave_run(template, seed, tally);
	_exit(write(ends[1], tally, sizeof(tally)) == sizeof(tally) ? 0 : 1);
}

/* False: something did not hold. */
static bool end_side(struct side *side, int64_t *all)
{
	int64_t tally[EVENT_COUNT];
	bool whole = read(side->from, tally, sizeof(tally)) == sizeof(tally);
	int status = 0;

	close(side->from);
	if (waitpid(side->pid, &status, 0) != side->pid || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
		whole = false;
	side->pid = 0;
	if (!whole)
		print_message("SAGA=%llu repeats what went wrong, after %lld sagas\n", (unsigned long long)side->seed,
			      (long long)all[EVENT_SAGA]);
	for (int i = 0; whole && i < EVENT_COUNT; i++)
		all[i] += tally[i];
	return whole;
}

static int64_t number(const char *name, int64_t otherwise)
{
	const char *text = env_variable(name);

	return text ? strtoll(text, NULL, 10) : otherwise;
}

/* As many processes as the machine has room for, each with one wave after the other, until one of them fails. */
static bool run_all(struct template *template, uint64_t seed, int64_t sagas, int64_t end_ms, int64_t *all, uint64_t *ret_waves)
{
	struct side sides[SIDES_MAX] = { 0 };
	struct env real = env_real();
	long count = sysconf(_SC_NPROCESSORS_ONLN);
	bool good = true;

	count = number("SAGA_JOBS", count > 0 && count < SIDES_MAX ? count : 1);
	for (long i = 0; good && all[EVENT_SAGA] < sagas && real.ticks_ms(real.ctx) < end_ms; i = (i + 1) % count) {
		if (sides[i].pid)
			good = end_side(&sides[i], all);
		if (good)
			start_side(template, &sides[i], seed + (*ret_waves)++);
	}
	for (long i = 0; i < count; i++)
		if (sides[i].pid)
			good = end_side(&sides[i], all) && good;
	return good;
}

static void tell(const int64_t *all, uint64_t waves, uint64_t seed, int64_t took_ms)
{
	print_message("%llu waves from seed %llu on, %lld sagas a second:", (unsigned long long)waves, (unsigned long long)seed,
		      (long long)(all[EVENT_SAGA] * 1000 / (took_ms > 0 ? took_ms : 1)));
	for (int i = 0; i < EVENT_COUNT; i++)
		print_message("%s %lld %s", i ? "," : "", (long long)all[i], events[i]);
	print_message("\n");
}

static void test_seeds(void **state)
{
	struct env real = env_real();
	int64_t all[EVENT_COUNT] = { 0 }, begun_ms = real.ticks_ms(real.ctx), sagas = number("SAGAS", 0);
	struct template template;
	struct side side;
	bool good;
	uint64_t waves = 0;
	uint64_t seed = 0;

	(void)state;
	crash_reset();
	template_make(&template);
	real.random(real.ctx, &seed, sizeof(uint32_t));
	if (env_variable("SAGA")) {
		seed = strtoull(env_variable("SAGA"), NULL, 10);
		start_side(&template, &side, seed);
		waves = 1;
		good = end_side(&side, all);
	} else {
		good = run_all(&template, seed, sagas ? sagas : INT64_MAX, sagas ? INT64_MAX : begun_ms + SHORT_MS, all, &waves);
	}
	tell(all, waves, seed, real.ticks_ms(real.ctx) - begun_ms);
	template_free(&template);
	assert_true(good);
}

int test_sagas(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_seeds),
	};

	return cmocka_run_group_tests_name("sagas", tests, NULL, NULL);
}
