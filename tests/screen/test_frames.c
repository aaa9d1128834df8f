/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How often the deck paints: its loop on a clock that goes by only where the loop waits, a millisecond each time while
 * something is always going on. The child tells of its frames; the bytes are the terminal's.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "deck/scenes.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/random.h"
#include "terminal.h"
#include "tests.h"

#define STORM_MS 6000
#define SETTLED_MS 500 /* all that is to be seen was seen by then */
#define PATIENCE_MS 20000
#define FRAME_MS 50

enum { PROGRESS = 1, RINGS = 2, COMMITS = 4, SIZES = 8, NOTHING_NEW = 16 };

static const struct storm {
	const char *name, *keys; /* the view */
	unsigned of;
} storms[] = {
	{ "progress in the dashboard", "Tab", PROGRESS },
	{ "progress in the jobs", "5", PROGRESS },
	{ "commits in the dashboard", "", COMMITS | RINGS },
	{ "commits in the log", "4", COMMITS | RINGS },
	{ "commits in attention", "2", COMMITS | RINGS },
	{ "commits in the records", "Tab Enter", COMMITS | RINGS },
	{ "sizes", "4", SIZES },
	{ "all at once", "", PROGRESS | RINGS | COMMITS | SIZES },
	{ "all at once in the jobs", "5", PROGRESS | RINGS | COMMITS | SIZES },
	{ "all at once in a record", "Tab Enter Enter", PROGRESS | RINGS | COMMITS | SIZES },
	{ "nothing new in the dashboard", "Tab", PROGRESS | RINGS | NOTHING_NEW },
	{ "nothing new in the accounts", "", PROGRESS | RINGS | NOTHING_NEW },
	{ "nothing new in the log", "4", PROGRESS | RINGS | NOTHING_NEW },
	{ "nothing new in an attempt", "4 Enter", PROGRESS | RINGS | NOTHING_NEW },
	{ "nothing new in attention", "2", PROGRESS | RINGS | NOTHING_NEW },
	{ "nothing new in the types", "3", PROGRESS | RINGS | NOTHING_NEW },
	{ "nothing new in the jobs", "5", PROGRESS | RINGS | NOTHING_NEW },
	{ "nothing new in the records", "Tab Enter", PROGRESS | RINGS | NOTHING_NEW },
	{ "nothing new in a record", "Tab Enter Enter", PROGRESS | RINGS | NOTHING_NEW },
	{ "nothing new in a dialog", "D", PROGRESS | RINGS | NOTHING_NEW },
};
static const struct storm *storm; /* of the child that is started */

/* ---- the child: its loop's thread waits here */

struct storming {
	bool is_on;              /* in the loop's thread */
	struct stage stage;
	struct child *child;
	struct account account;
	struct random random;
	int64_t begun_ms, shown_ms; /* ticks; when the last frame was */
	int64_t frames, least_ms;   /* between two frames */
	int64_t records;
};
static _Thread_local struct storming *storming;

int __real_poll(struct pollfd *fds, nfds_t count, int wait_ms);
int __wrap_poll(struct pollfd *fds, nfds_t count, int wait_ms);
bool __real_screen_show(struct screen *screen, const struct canvas *canvas);
bool __wrap_screen_show(struct screen *screen, const struct canvas *canvas);

static void ring(struct storming *now)
{
	char path[120];

	snprintf(path, sizeof(path), "%s-bell", now->stage.path);
	utimensat(AT_FDCWD, path, NULL, 0);
}

/* What comes in a millisecond. */
static void rage(struct storming *now)
{
	unsigned of = storm->of;

	if (of & PROGRESS)
		stage_progress(&now->stage, now->account.id, "Invoice", of & NOTHING_NEW ? 5 : now->records++, 48000);
	if (of & RINGS)
		ring(now);
	if ((of & COMMITS) && random_below(&now->random, 40) == 0)
		stage_attempt(&now->stage, now->account.id, "Invoice", 0, ERROR_NONE, "");
	if ((of & SIZES) && random_below(&now->random, 7) == 0)
		raise(SIGWINCH);
}

/* The store answers at once, however slow the machine is; unless the loop does not want to hear it yet. */
static void await_answer(struct storming *now, struct pollfd *fds, nfds_t count)
{
	int reader = reader_fd(now->stage.deck.reader);

	for (nfds_t i = 0; i < count; i++)
		if (fds[i].fd == reader && deck_top(&now->stage.deck)->asking)
			__real_poll(&fds[i], 1, PATIENCE_MS);
}

int __wrap_poll(struct pollfd *fds, nfds_t count, int wait_ms)
{
	struct storming *now = storming;
	int64_t passed_ms;

	if (!now || !now->is_on)
		return __real_poll(fds, count, wait_ms);
	passed_ms = atomic_fetch_add(&now->stage.ticks_ms, 1) - now->begun_ms;
	if (passed_ms >= STORM_MS)
		now->stage.deck.leaving = true;
	else
		rage(now);
	if (passed_ms == SETTLED_MS)
		child_step(now->child);
	await_answer(now, fds, count);
	return __real_poll(fds, count, 0);
}

bool __wrap_screen_show(struct screen *screen, const struct canvas *canvas)
{
	struct storming *now = storming;
	int64_t ticks_ms;

	if (!now || !now->is_on)
		return __real_screen_show(screen, canvas);
	ticks_ms = atomic_load(&now->stage.ticks_ms);
	if (now->frames++ > 0 && ticks_ms - now->shown_ms < now->least_ms)
		now->least_ms = ticks_ms - now->shown_ms;
	now->shown_ms = ticks_ms;
	return __real_screen_show(screen, canvas);
}

static void run_storm(struct child *child)
{
	const struct screen_options options = { .theme = "dark", .colour = true };
	struct storming now = { .child = child, .least_ms = INT64_MAX };
	struct error err = { 0 };
	char told[100];

	child_open(child, &options);
	stage_open(&now.stage, false);
	random_seed(&now.random, 4711);
	stage_work(&now.stage);
	stage_deck(&now.stage, 24, 80, TEXT_SAFE);
	stage_keys(&now.stage, storm->keys);
	now.stage.deck.screen = child->screen;
	if (!accounts_find(now.stage.store, "Acme", &now.account, &err))
		_exit(9);
	stage_progress(&now.stage, now.account.id, "Invoice", 1, 48000);
	storming = &now;
	now.begun_ms = atomic_load(&now.stage.ticks_ms);
	now.is_on = true;
	if (!loop_run(&now.stage.deck, &err))
		_exit(9);
	now.is_on = false;
	snprintf(told, sizeof(told), "%lld frames, %lld", (long long)now.frames, (long long)now.least_ms);
	child_step(child);
	child_tell(child, told);
	now.stage.deck.screen = NULL;
	stage_close(&now.stage);
}

/* ---- the tests */

static void storms_are_few_frames(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(storms); i++) {
		AUTO(terminal_clear) struct terminal terminal;
		long long frames, least_ms;
		size_t bytes;

		storm = &storms[i];
		terminal_start(&terminal, &(struct terminal_options){ 0 }, run_storm);
		terminal_step(&terminal);
		bytes = terminal_next(&terminal);
		terminal_go(&terminal);
		assert_int_equal(sscanf(terminal_told(&terminal), "%lld frames, %lld", &frames, &least_ms), 2);
		print_message("%s: %lld frames in %d s, %lld ms between two of them, %zu bytes\n", storm->name, frames, STORM_MS / 1000,
			      least_ms, bytes);
		if (least_ms < FRAME_MS)
			fail_msg("%s: two frames within %lld ms", storm->name, least_ms);
		/* And it is painted at all. */
		assert_in_range(frames, STORM_MS / FRAME_MS / 2, STORM_MS / FRAME_MS + 1);
		/* What has not changed is painted, and nothing is sent. */
		if (storm->of & NOTHING_NEW)
			assert_int_equal(bytes, 0);
		assert_int_equal(terminal_wait(&terminal), 0);
	}
}

int test_frames(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(storms_are_few_frames),
	};

	return cmocka_run_group_tests_name("screen_frames", tests, NULL, NULL);
}
