/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Budgets as token buckets by the generic cell rate algorithm: a bucket is one number, the time at
 * which it is full again, so that taking a token is one compare-and-swap that several processes
 * can do at once and none can leave half done. In no window of a second (a minute) are there more
 * calls than the limit says. How long calls take, and which are made, is left to the callers.
 *
 * The clock: each slot has its own, which only goes forward. A process adds the ticks that pass
 * while it lives, so steps of the wall clock do nothing, and everybody follows who is ahead. What
 * passed while nobody was there is counted once, at the opening, by ticks and by the wall clock,
 * and the smaller one is believed: ticks begin anew with each start of the machine (then there is
 * only the wall clock), and the wall clock may have been set. What is missed so is a wait of
 * at most a minute; what is never done is a burst.
 */
#include "ledgerdeck/net/http.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "ledgerdeck/core/digest.h"
#include "ledgerdeck/core/log.h"
#include "ledgerdeck/core/memory.h"

#include "budget.h"
#include "budget_file.h"

#define SECOND_US INT64_C(1000000)
#define MINUTE_US (60 * SECOND_US)
#define CLOCK_MAX_US (INT64_C(1) << 60)		 /* further than any clock goes */
#define AWAY_MAX_US (INT64_C(86400) * SECOND_US) /* being away for longer changes nothing */
#define STEP_US (5 * SECOND_US)			 /* of the wall clock, that is worth a line */
#define PAUSE_MAX_MS (INT64_C(60) * 60 * 1000)
#define PAUSE_SANE_US (PAUSE_MAX_MS * 1000 + MINUTE_US) /* clocks may differ a little */
#define RATE_FULL 1000					/* thousandths */
#define RATE_LEAST 125
#define RECOVERY_US (INT64_C(600) * 1000) /* one thousandth of the rate comes back */
#define SLOWED_BITS 10
/* A whole period of a minute's bucket at the least rate, and as much again. */
#define DUE_MAX_US (2 * MINUTE_US * RATE_FULL / RATE_LEAST)
#define RETRY_INTERVAL_US (20 * SECOND_US) /* the few that are allowed to everybody */
#define RETRY_BURST 8
#define RETRY_TENTHS 10 /* a repeat, in what a call earns */
#define RETRY_TENTHS_MAX 1000
_Static_assert(RATE_FULL < 1 << SLOWED_BITS, "a rate fits beside its time");

/* A bucket's rule. Interval 0: no limit. */
struct rule {
	int64_t interval_us;  /* between calls in the long run */
	int64_t tolerance_us; /* how much earlier a call may come: the burst */
};

struct budget {
	struct env env;
	struct rule rules[BUDGET_BUCKETS];
	uint64_t key;
	struct budget_file *file;	    /* owned; NULL: of this process only */
	struct budget_slot *own;	    /* owned, without a file */
	_Atomic(struct budget_slot *) slot; /* in the file, or `own` */
	_Atomic(int64_t) shift_us;	    /* slot clock less ticks; only grows */
	int places_fd;			    /* free places, a semaphore; -1: no limit */
	atomic_int in_flight;
};

/* ---- the clock */

static int64_t ticks_us(const struct budget *budget)
{
	return budget->env.ticks_ms(budget->env.ctx) * 1000;
}

static int64_t wall_us(const struct budget *budget)
{
	return budget->env.wall_ms(budget->env.ctx) * 1000;
}

/* Make it at least `value`. */
static void raise_to(_Atomic(int64_t) *number, int64_t value)
{
	int64_t before = atomic_load(number);

	while (before < value && !atomic_compare_exchange_weak(number, &before, value))
		;
}

static bool is_time(int64_t us)
{
	return us >= 0 && us < CLOCK_MAX_US;
}

/*
 * What others have seen is read first: a time that was published before our ticks were read and
 * is still later than ours shows that we are behind, not that we were slow in reading.
 */
static int64_t clock_peek(const struct budget *budget, const struct budget_slot *slot)
{
	int64_t seen_us = atomic_load(&slot->now_us);
	int64_t now_us = ticks_us(budget) + atomic_load(&budget->shift_us);

	return is_time(seen_us) && seen_us > now_us ? seen_us : now_us;
}

static int64_t clock_now(struct budget *budget, struct budget_slot *slot)
{
	int64_t seen_us = atomic_load(&slot->now_us);
	int64_t ticks = ticks_us(budget);
	int64_t now_us = ticks + atomic_load(&budget->shift_us);
	int64_t shift_us, step_us;

	if (is_time(seen_us) && seen_us > now_us) {
		now_us = seen_us;
		raise_to(&budget->shift_us, now_us - ticks);
	}
	if (is_time(seen_us))
		raise_to(&slot->now_us, now_us);
	else
		atomic_store(&slot->now_us, now_us);
	atomic_store(&slot->ticks_shift_us, ticks - now_us);
	shift_us = wall_us(budget) - now_us;
	step_us = shift_us - atomic_exchange(&slot->wall_shift_us, shift_us);
	if (step_us > STEP_US || step_us < -STEP_US)
		log_info("net",
			 "the wall clock moved by %lld s more than the ticks: set by hand, or the "
			 "machine slept; call budgets go on by ticks",
			 (long long)(step_us / SECOND_US));
	return now_us;
}

static int64_t clamp(int64_t value, int64_t least, int64_t most)
{
	return value < least ? least : value > most ? most : value;
}

/* Take up the slot's clock where it was left. */
static void clock_start(struct budget *budget, struct budget_slot *slot)
{
	int64_t ticks = ticks_us(budget), wall = wall_us(budget);
	int64_t seen_us = atomic_load(&slot->now_us);
	int64_t ticks_shift = atomic_load(&slot->ticks_shift_us);
	int64_t wall_shift = atomic_load(&slot->wall_shift_us);
	int64_t by_ticks, by_wall;

	/* Numbers that no clock shows: the slot is damaged. */
	if (!is_time(seen_us) || ticks_shift <= -CLOCK_MAX_US || ticks_shift >= CLOCK_MAX_US ||
	    wall_shift <= -CLOCK_MAX_US || wall_shift >= CLOCK_MAX_US) {
		atomic_store(&slot->careful, 1);
		seen_us = wall;
		ticks_shift = wall_shift = 0;
		atomic_store(&slot->now_us, wall);
	}
	by_ticks = ticks - ticks_shift - seen_us;
	by_wall = clamp(wall - wall_shift - seen_us, 0, AWAY_MAX_US);
	if (by_ticks < 0 || by_ticks > by_wall)
		by_ticks = by_wall;
	atomic_store(&budget->shift_us, seen_us + by_ticks - ticks);
	atomic_store(&slot->wall_shift_us, wall - seen_us - by_ticks);
}

/* ---- rules */

/*
 * With a burst of b, n calls need (n - b) intervals at least. So limit + 1 of them need the whole
 * period, and no period sees more than the limit.
 */
static struct rule rule_of(int limit, int64_t period_us, int burst_share)
{
	int64_t burst, count;

	if (limit <= 0)
		return (struct rule){ 0 };
	burst = limit / burst_share > 1 ? limit / burst_share : 1;
	count = limit + 1 - burst;
	return (struct rule){
		.interval_us = (period_us + count - 1) / count,
		.tolerance_us = (burst - 1) * ((period_us + count - 1) / count),
	};
}

static void set_rules(struct budget *budget, const struct budget_limits *limits)
{
	budget->rules[BUDGET_SECOND] = rule_of(limits->per_second, SECOND_US, 4);
	/* What a burst has more the long run has less: a large read makes 97 of 100 allowed calls. */
	budget->rules[BUDGET_MINUTE] = rule_of(limits->per_minute, MINUTE_US, 40);
	budget->rules[BUDGET_BATCH] = rule_of(limits->batches_per_minute, MINUTE_US, 20);
	budget->rules[BUDGET_RETRY] = (struct rule){
		.interval_us = RETRY_INTERVAL_US,
		.tolerance_us = (RETRY_BURST - 1) * RETRY_INTERVAL_US,
	};
}

/* ---- the rate after a throttle: thousandths, and since when, in one number */

static int rate_at(const struct budget_slot *slot, int64_t now_us)
{
	uint64_t slowed = atomic_load(&slot->slowed);
	uint64_t since_ms = slowed >> SLOWED_BITS;
	int64_t rate = (int64_t)(slowed & ((1 << SLOWED_BITS) - 1));
	int64_t since_us;

	if (since_ms >= CLOCK_MAX_US / 1000 || rate < RATE_LEAST || rate > RATE_FULL)
		return RATE_FULL;
	since_us = (int64_t)since_ms * 1000;
	/* `since` is when the pause ends; one that lies further off was never written by us. */
	if (since_us - now_us > PAUSE_SANE_US)
		return RATE_FULL;
	if (now_us > since_us)
		rate += clamp((now_us - since_us) / RECOVERY_US, 0, RATE_FULL);
	return rate < RATE_FULL ? (int)rate : RATE_FULL;
}

static void slow_down(struct budget_slot *slot, int64_t now_us, int64_t until_us)
{
	uint64_t before = atomic_load(&slot->slowed), after;

	do {
		int rate = rate_at(slot, now_us) / 2;

		rate = rate > RATE_LEAST ? rate : RATE_LEAST;
		after = (uint64_t)(until_us / 1000) << SLOWED_BITS | (uint64_t)rate;
	} while (!atomic_compare_exchange_weak(&slot->slowed, &before, after));
}

/* ---- buckets */

/* What the bucket says of one more call: 0, or how long to wait. */
static int64_t bucket_wait(const struct rule *rule, int64_t due_us, int64_t now_us)
{
	int64_t early_us = due_us > now_us ? due_us - now_us - rule->tolerance_us : 0;

	return early_us > 0 ? early_us : 0;
}

/*
 * A bucket that is full again further off than any rate of ours can bring it was damaged: it is
 * taken as just emptied.
 */
static void bucket_repair(struct budget_slot *slot, enum budget_bucket bucket,
			  const struct rule *rule, int64_t now_us)
{
	int64_t due_us = atomic_load(&slot->due_us[bucket]);

	if (due_us < 0 || (due_us > now_us && due_us - now_us > DUE_MAX_US))
		atomic_compare_exchange_strong(&slot->due_us[bucket], &due_us,
					       now_us + rule->tolerance_us + rule->interval_us);
}

/* Take a token, at `rate` thousandths of the rule's speed. 0, or how long to wait. */
static int64_t bucket_take(struct budget_slot *slot, enum budget_bucket bucket,
			   const struct rule *rule, int64_t now_us, int rate, int64_t *ret_before,
			   int64_t *ret_after)
{
	_Atomic(int64_t) *due = &slot->due_us[bucket];
	int64_t due_us;

	bucket_repair(slot, bucket, rule, now_us);
	due_us = atomic_load(due);
	for (;;) {
		int64_t wait_us = bucket_wait(rule, due_us, now_us);
		int64_t after_us =
			(due_us > now_us ? due_us : now_us) + rule->interval_us * RATE_FULL / rate;

		if (wait_us > 0)
			return wait_us;
		if (atomic_compare_exchange_weak(due, &due_us, after_us)) {
			*ret_before = due_us;
			*ret_after = after_us;
			return 0;
		}
	}
}

static bool is_asked(const struct budget *budget, enum budget_bucket bucket, enum http_class class)
{
	return budget->rules[bucket].interval_us > 0 && bucket != BUDGET_RETRY &&
	       (bucket != BUDGET_BATCH || class == HTTP_BATCH);
}

static int64_t pause_left(const struct budget_slot *slot, int64_t now_us)
{
	int64_t until_us = atomic_load(&slot->paused_until_us);

	if (!is_time(until_us) || until_us <= now_us || until_us - now_us > PAUSE_SANE_US)
		return 0;
	return until_us - now_us;
}

/* The longest that any of those that are asked wants; takes nothing. */
static int64_t rate_wait(const struct budget *budget, struct budget_slot *slot,
			 enum http_class class, int64_t now_us)
{
	int64_t wait_us = pause_left(slot, now_us);

	for (int i = 0; i < BUDGET_BUCKETS; i++) {
		const struct rule *rule = &budget->rules[i];
		int64_t bucket_us = 0;

		if (is_asked(budget, i, class)) {
			bucket_repair(slot, i, rule, now_us);
			bucket_us = bucket_wait(rule, atomic_load(&slot->due_us[i]), now_us);
		}
		if (bucket_us > wait_us)
			wait_us = bucket_us;
	}
	return wait_us;
}

/*
 * One token of each, or none. Where another process took the last of one meanwhile, those taken
 * before are put back if nobody came in between, and else are lost: that is never too many calls.
 */
static int64_t rate_take(struct budget *budget, struct budget_slot *slot, enum http_class class)
{
	int64_t now_us = clock_now(budget, slot);
	int64_t wait_us = rate_wait(budget, slot, class, now_us);
	int rate = rate_at(slot, now_us);
	int64_t before[BUDGET_BUCKETS], after[BUDGET_BUCKETS];

	for (int i = 0; i < BUDGET_BUCKETS && wait_us == 0; i++) {
		if (!is_asked(budget, i, class))
			continue;
		wait_us = bucket_take(slot, i, &budget->rules[i], now_us, rate, &before[i],
				      &after[i]);
		for (int back = i - 1; back >= 0 && wait_us > 0; back--) {
			if (is_asked(budget, back, class))
				atomic_compare_exchange_strong(&slot->due_us[back], &after[back],
							       before[back]);
		}
	}
	return wait_us;
}

/* ---- life */

/* What was lost may have been a burst just now: all buckets start empty. */
static void start_carefully(struct budget *budget, struct budget_slot *slot)
{
	int64_t now_us = clock_now(budget, slot);

	if (atomic_exchange(&slot->careful, 0) == 0)
		return;
	for (int i = 0; i < BUDGET_BUCKETS; i++)
		raise_to(&slot->due_us[i],
			 now_us + budget->rules[i].tolerance_us + budget->rules[i].interval_us);
}

/* The slot, looked up again when another account has got it since. */
static struct budget_slot *slot_of(struct budget *budget)
{
	struct budget_slot *slot = atomic_load(&budget->slot);

	if (!budget->file || (slot && atomic_load(&slot->key) == budget->key))
		return slot;
	slot = budget_file_slot(budget->file, budget->key, budget->env.wall_ms(budget->env.ctx));
	if (slot != atomic_exchange(&budget->slot, slot))
		clock_start(budget, slot);
	start_carefully(budget, slot);
	return slot;
}

static int places_new(int count)
{
	int fd = count > 0 ? eventfd((unsigned)count, EFD_SEMAPHORE | EFD_CLOEXEC | EFD_NONBLOCK)
			   : -1;

	if (count > 0 && fd < 0)
		memory_fatal();
	return fd;
}

bool budget_open(const char *path, const char *account_id, const struct budget_limits *limits,
		 struct env env, struct budget **ret_budget, struct error *err)
{
	struct budget *budget = memory_new(sizeof(*budget));

	budget->env = env;
	budget->key = digest_short(account_id, strlen(account_id));
	if (budget->key == 0)
		budget->key = 1;
	budget->places_fd = places_new(limits->in_flight);
	set_rules(budget, limits);
	if (path && !budget_file_open(path, env.wall_ms(env.ctx), &budget->file, err)) {
		budget_close(budget);
		return false;
	}
	if (!path) {
		budget->own = memory_new(sizeof(*budget->own));
		atomic_store(&budget->slot, budget->own);
		clock_start(budget, budget->own);
	}
	slot_of(budget);
	*ret_budget = budget;
	return true;
}

void budget_close(struct budget *budget)
{
	if (!budget)
		return;
	budget_file_close(budget->file);
	if (budget->places_fd >= 0)
		close(budget->places_fd);
	free(budget->own);
	free(budget);
}

/* ---- places in flight */

/* Wait for a free one; the descriptor counts them. False: cancelled. */
static bool place_take(struct budget *budget, const struct cancel *cancel)
{
	struct pollfd waits[] = {
		{ .fd = budget->places_fd, .events = POLLIN },
		{ .fd = cancel ? cancel_fd(cancel) : -1, .events = POLLIN },
	};
	uint64_t one;

	if (cancel_asked(cancel))
		return false;
	while (budget->places_fd >= 0 && read(budget->places_fd, &one, sizeof(one)) < 0) {
		if (errno != EAGAIN && errno != EINTR)
			memory_fatal();
		if (poll(waits, 2, -1) < 0 && errno != EINTR)
			memory_fatal();
		if (cancel_asked(cancel))
			return false;
	}
	atomic_fetch_add(&budget->in_flight, 1);
	return true;
}

void budget_leave(struct budget *budget)
{
	const uint64_t one = 1;

	atomic_fetch_sub(&budget->in_flight, 1);
	if (budget->places_fd >= 0 && write(budget->places_fd, &one, sizeof(one)) < 0)
		memory_fatal();
}

int budget_in_flight(const struct budget *budget)
{
	return atomic_load(&budget->in_flight);
}

/* ---- the contract */

bool budget_try(struct budget *budget, enum http_class class, struct cancel *cancel,
		int64_t *ret_wait_ms)
{
	int64_t wait_us;

	/* Signing in is not of the account's budget. */
	if (!place_take(budget, cancel))
		return false;
	wait_us = class == HTTP_SIGN_IN ? 0 : rate_take(budget, slot_of(budget), class);
	/* Whoever waits for the rate holds no place: another class may go ahead. */
	if (wait_us > 0)
		budget_leave(budget);
	*ret_wait_ms = (wait_us + 999) / 1000;
	return true;
}

bool budget_enter(struct budget *budget, enum http_class class, struct cancel *cancel)
{
	int64_t wait_ms;

	for (;;) {
		if (!budget_try(budget, class, cancel, &wait_ms))
			return false;
		if (wait_ms == 0)
			return true;
		if (!cancel_sleep(cancel, wait_ms))
			return false;
	}
}

void budget_throttled(struct budget *budget, int64_t wait_ms)
{
	struct budget_slot *slot = slot_of(budget);
	int64_t now_us = clock_now(budget, slot);
	int64_t until_us = now_us + clamp(wait_ms, 0, PAUSE_MAX_MS) * 1000;
	int64_t before = atomic_load(&slot->paused_until_us);

	while ((before < until_us || !is_time(before) || before - now_us > PAUSE_SANE_US) &&
	       !atomic_compare_exchange_weak(&slot->paused_until_us, &before, until_us))
		;
	/* Calls that were on their way together are refused together: that is one event. */
	if (!is_time(before) || before <= now_us || before - now_us > PAUSE_SANE_US)
		slow_down(slot, now_us, until_us);
}

int64_t budget_paused_ms(const struct budget *budget)
{
	const struct budget_slot *slot = atomic_load(&budget->slot);

	return (pause_left(slot, clock_peek(budget, slot)) + 999) / 1000;
}

/* ---- repeats */

void budget_earn_retry(struct budget *budget)
{
	struct budget_slot *slot = slot_of(budget);
	int64_t before = atomic_load(&slot->retry_tenths), after;

	do
		after = clamp(before, 0, RETRY_TENTHS_MAX - 1) + 1;
	while (!atomic_compare_exchange_weak(&slot->retry_tenths, &before, after));
}

bool budget_spend_retry(struct budget *budget)
{
	struct budget_slot *slot = slot_of(budget);
	int64_t now_us = clock_now(budget, slot);
	int64_t tenths = atomic_load(&slot->retry_tenths);
	int64_t before, after;

	if (bucket_take(slot, BUDGET_RETRY, &budget->rules[BUDGET_RETRY], now_us, RATE_FULL,
			&before, &after) == 0)
		return true;
	while (tenths >= RETRY_TENTHS && tenths <= RETRY_TENTHS_MAX) {
		if (atomic_compare_exchange_weak(&slot->retry_tenths, &tenths,
						 tenths - RETRY_TENTHS))
			return true;
	}
	return false;
}
