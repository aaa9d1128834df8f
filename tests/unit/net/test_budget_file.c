/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The side file: private, made and mended, never the reason for a crash, burst or long wait. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/random.h"
#include "ledgerdeck/net/http.h"

#include "budget.h"
#include "budget_file.h"
#include "tests.h"
#include "world.h"

#define FILE_BYTES ((size_t)128 * (BUDGET_FILE_SLOTS + 1))

static const struct budget_limits usual = { .per_second = 8, .per_minute = 400 };

struct setup {
	struct world world;
	char folder[64], path[96];
};

static int set_up(void **state)
{
	struct setup *setup = memory_new(sizeof(*setup));

	world_init(&setup->world);
	snprintf(setup->folder, sizeof(setup->folder), "/tmp/test-net-XXXXXX");
	if (!mkdtemp(setup->folder))
		return 1;
	snprintf(setup->path, sizeof(setup->path), "%s/budget", setup->folder);
	*state = setup;
	return 0;
}

static int tear_down(void **state)
{
	struct setup *setup = *state;

	unlink(setup->path);
	rmdir(setup->path);
	rmdir(setup->folder);
	free(setup);
	return 0;
}

static struct budget *open_usual(struct setup *setup)
{
	struct budget *budget = NULL;
	struct error err = { 0 };

	if (!budget_open(setup->path, "ldgr_1", &usual, world_env(&setup->world), &budget, &err))
		fail_msg("%s", err.text);
	return budget;
}

static int64_t call(struct budget *budget)
{
	int64_t wait_ms = -1;

	assert_true(budget_try(budget, HTTP_READ, NULL, &wait_ms));
	if (wait_ms == 0)
		budget_leave(budget);
	return wait_ms;
}

static int burst(struct budget *budget)
{
	int count = 0;

	while (call(budget) == 0)
		count++;
	return count;
}

/* How long until a call is made. */
static int64_t wait_for_call(struct setup *setup, struct budget *budget)
{
	int64_t waited = 0, wait_ms;

	while ((wait_ms = call(budget)) > 0) {
		waited += wait_ms;
		world_pass(&setup->world, wait_ms);
	}
	return waited;
}

static void it_is_private_and_small(void **state)
{
	struct setup *setup = *state;
	struct budget *budget;
	struct stat status;

	budget_close(open_usual(setup));
	assert_int_equal(stat(setup->path, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	assert_int_equal(status.st_size, FILE_BYTES);
	/* All of it is there: no full disk can take a page away. */
	assert_true((size_t)status.st_blocks * 512 >= FILE_BYTES);
	assert_int_equal(chmod(setup->path, 0644), 0);
	budget = open_usual(setup);
	assert_int_equal(stat(setup->path, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	budget_close(budget);
}

/* Cut, emptied, foreign, too long: it is made anew, and there is no burst for it. */
static void damaged_files_are_made_anew(void **state)
{
	static const size_t lengths[] = { 1, 64, 128, 4096, FILE_BYTES - 1, FILE_BYTES + 5000 };
	struct setup *setup = *state;
	AUTO(memory_freep) char *junk = memory_new(FILE_BYTES + 5000);

	memset(junk, 'j', FILE_BYTES + 5000);
	for (int way = 0; way < 2; way++) {
		for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
			struct budget *budget = open_usual(setup);
			struct stat status;

			wait_for_call(setup, budget);
			budget_close(budget);
			if (way == 0)
				assert_int_equal(truncate(setup->path, (off_t)lengths[i]), 0);
			else
				assert_true(file_write(setup->path, junk, lengths[i], 0, NULL));
			budget = open_usual(setup);
			assert_int_equal(burst(budget), 0);
			assert_true(wait_for_call(setup, budget) <= 1000);
			assert_int_equal(stat(setup->path, &status), 0);
			assert_int_equal(status.st_size, FILE_BYTES);
			budget_close(budget);
		}
	}
}

/* Any bytes in a slot: calls go on after a short wait, and the limit of a second holds. */
static void junk_in_slots_does_no_harm(void **state)
{
	static const unsigned char fills[] = { 0x00, 0x7f, 0x80, 0xff };
	struct setup *setup = *state;
	AUTO(str_clear) struct str bytes = STR_INIT(FILE_BYTES);
	struct random random;

	random_seed(&random, 3);
	for (int round = 0; round < 300; round++) {
		struct budget *budget = open_usual(setup);
		int64_t paused_ms;

		assert_true(wait_for_call(setup, budget) <= 20000);
		budget_close(budget);
		str_reset(&bytes);
		assert_true(file_read(setup->path, FILE_BYTES, &bytes, NULL));
		/* All slots, but not their keys, nor the file's header. */
		for (size_t at = 128; at < FILE_BYTES; at += 8) {
			int fill = round % 5;

			if (at % 128 == 0 || random_below(&random, 3) == 0)
				continue;
			for (size_t i = 0; i < 8; i++)
				bytes.text[at + i] =
					(char)(fill < 4 ? fills[fill] : random_next(&random));
		}
		assert_true(file_write(setup->path, bytes.text, bytes.len, 0, NULL));
		budget = open_usual(setup);
		assert_true(budget_paused_ms(budget) <= 3660000);
		paused_ms = budget_paused_ms(budget);
		budget_throttled(budget, 1000);
		world_pass(&setup->world, paused_ms > 1000 ? paused_ms : 1000);
		assert_true(burst(budget) <= usual.per_second);
		budget_earn_retry(budget);
		budget_spend_retry(budget);
		budget_close(budget);
	}
}

/* One has it mapped while it is damaged and another mends it: they share it still. */
static void mending_keeps_the_others(void **state)
{
	struct setup *setup = *state;
	struct budget *first = open_usual(setup), *second;
	int fd = open(setup->path, O_WRONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, "garbage!", 8, 0), 8);
	close(fd);
	second = open_usual(setup);
	wait_for_call(setup, second);
	burst(second);
	assert_true(call(first) > 0);
	wait_for_call(setup, first);
	budget_throttled(first, 5000);
	assert_int_equal(budget_paused_ms(second), 5000);
	budget_close(first);
	budget_close(second);
}

static void what_is_no_file_is_refused(void **state)
{
	struct setup *setup = *state;
	struct budget *budget = NULL;
	struct error err = { 0 };
	char target[128];

	assert_int_equal(mkdir(setup->path, 0700), 0);
	assert_false(budget_open(setup->path, "ldgr_1", &usual, world_env(&setup->world), &budget,
				 &err));
	assert_int_equal(err.code, ERROR_STORE);
	assert_int_equal(rmdir(setup->path), 0);
	snprintf(target, sizeof(target), "%s/target", setup->folder);
	assert_int_equal(symlink(target, setup->path), 0);
	assert_false(budget_open(setup->path, "ldgr_1", &usual, world_env(&setup->world), &budget,
				 &err));
	assert_int_equal(err.code, ERROR_STORE);
	assert_false(file_exists(target));
	assert_int_equal(unlink(setup->path), 0);
	assert_int_equal(mkfifo(setup->path, 0600), 0);
	assert_false(budget_open(setup->path, "ldgr_1", &usual, world_env(&setup->world), &budget,
				 &err));
	assert_int_equal(err.code, ERROR_STORE);
	assert_false(budget_open("/nowhere/at/all", "ldgr_1", &usual, world_env(&setup->world),
				 &budget, &err));
	assert_int_equal(err.code, ERROR_STORE);
	assert_null(budget);
}

/* More accounts than slots: those long unused give theirs, and then some are shared. */
static void full_files_go_on(void **state)
{
	struct setup *setup = *state;
	struct budget_file *file = NULL;
	struct budget_slot *slot, *kept;
	int64_t now_ms = setup->world.wall_ms;
	const uint64_t extra = 3 * (uint64_t)BUDGET_FILE_SLOTS;

	assert_true(budget_file_open(setup->path, now_ms, &file, NULL));
	for (uint64_t key = 1; key <= BUDGET_FILE_SLOTS; key++) {
		slot = budget_file_slot(file, key, now_ms);
		assert_int_equal(atomic_load(&slot->key), key);
	}
	slot = budget_file_slot(file, extra + 5, now_ms);
	assert_int_equal(atomic_load(&slot->key), 5);
	kept = budget_file_slot(file, 6, now_ms);
	assert_int_equal(atomic_load(&kept->key), 6);
	atomic_store(&kept->now_us, (now_ms + 8 * 86400000LL) * 1000);
	slot = budget_file_slot(file, extra + 6, now_ms + 8 * 86400000LL);
	assert_int_equal(atomic_load(&slot->key), extra + 6);
	assert_int_equal(atomic_load(&kept->key), 6);
	assert_ptr_equal(budget_file_slot(file, extra + 6, now_ms + 8 * 86400000LL), slot);
	budget_file_close(file);
}

#define WITH_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int test_budget_file(void)
{
	const struct CMUnitTest tests[] = {
		WITH_FOLDER(it_is_private_and_small),	 WITH_FOLDER(damaged_files_are_made_anew),
		WITH_FOLDER(junk_in_slots_does_no_harm), WITH_FOLDER(mending_keeps_the_others),
		WITH_FOLDER(what_is_no_file_is_refused), WITH_FOLDER(full_files_go_on),
	};

	return cmocka_run_group_tests_name("budget_file", tests, NULL, NULL);
}
