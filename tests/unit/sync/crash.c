/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Crashes at durable steps, see crash.h: every other one just before the step, every other one just after it. */
#include "crash.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/store.h"
#include "world.h"

struct crash {
	_Atomic(int64_t) count, at;
	pid_t home; /* the process that never ends */
};

static struct crash *crash;

bool __real_store_commit(struct store *store, struct error *err);
bool __wrap_store_commit(struct store *store, struct error *err);

void crash_reset(void)
{
	if (!crash) {
		crash = mmap(NULL, sizeof(*crash), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
		if (crash == MAP_FAILED)
			abort();
	}
	atomic_store(&crash->count, 0);
	atomic_store(&crash->at, 0);
	crash->home = getpid();
}

void crash_at(int64_t number)
{
	atomic_store(&crash->at, number);
}

int64_t crash_count(void)
{
	return atomic_load(&crash->count);
}

/* As a kill does it: with threads under way, and without a word. */
static _Noreturn void die(void)
{
	syscall(SYS_exit_group, WORLD_KILLED);
	abort();
}

static struct {
	int64_t left; /* steps until it comes; 0: never */
	bool after, come;
} here;

void crash_here(int64_t number, bool after)
{
	here.left = number;
	here.after = after;
	here.come = false;
}

bool crash_has_come(void)
{
	return here.come;
}

static bool fail_here(struct store *store, struct error *err)
{
	bool last = !here.come;

	here.come = true;
	if (last && here.after)
		__real_store_commit(store, NULL);
	return error_set(err, ERROR_STORE, "the process is no more");
}

bool __wrap_store_commit(struct store *store, struct error *err)
{
	int64_t number = 0;
	bool dies;

	if (here.come || (here.left > 0 && --here.left == 0))
		return fail_here(store, err);
	if (crash && getpid() != crash->home)
		number = atomic_fetch_add(&crash->count, 1) + 1;
	dies = number > 0 && number == atomic_load(&crash->at);
	if (dies && number % 2)
		die();
	if (!__real_store_commit(store, err))
		return false;
	if (dies)
		die();
	return true;
}

/* ---- connections that outlive whoever closes them */

static struct {
	struct store *items[8];
	size_t count;
	bool on;
} idle;

bool __real_store_open(const char *path, enum store_mode mode, int busy_ms, struct store **ret_store, struct error *err);
bool __wrap_store_open(const char *path, enum store_mode mode, int busy_ms, struct store **ret_store, struct error *err);
void __real_store_close(struct store *store);
void __wrap_store_close(struct store *store);

bool __wrap_store_open(const char *path, enum store_mode mode, int busy_ms, struct store **ret_store, struct error *err)
{
	if (!idle.on || mode != STORE_WRITE || idle.count == 0 || strcmp(store_path(idle.items[idle.count - 1]), path) != 0)
		return __real_store_open(path, mode, busy_ms, ret_store, err);
	*ret_store = idle.items[--idle.count];
	return true;
}

void __wrap_store_close(struct store *store)
{
	struct store *open = store;

	if (!store || !idle.on || idle.count == ARRAY_LEN(idle.items)) {
		__real_store_close(store);
		return;
	}
	store_end(&open);
	store_take_turns(store, NULL);
	idle.items[idle.count++] = store;
}

void crash_keep_stores(bool keep)
{
	idle.on = keep;
	while (!keep && idle.count > 0)
		__real_store_close(idle.items[--idle.count]);
}
