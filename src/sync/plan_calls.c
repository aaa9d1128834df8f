/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How many calls it takes to carry a plan out: its writes are put into envelopes as the outbox will, what points to others behind
 * those. Only what an envelope lacks is held meanwhile, so a plan of any size costs the same.
 */
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "plan.h"

#define LEVELS_MAX 8 /* how far documents point to others that are new: customer, invoice, payment */

struct waiting { /* owned: a write until its envelope is full */
	enum plan_act act;
	char *type, *record_id, *version, *body;
	size_t body_len;
};
struct level {
	struct waiting items[PUSH_ITEMS_MAX];
	size_t count;
};
struct plan_calls {
	const struct provider_push *push; /* borrowed */
	struct level levels[LEVELS_MAX];
	struct push_calls calls;
};

struct plan_calls *plan_calls_new(const struct provider_push *push)
{
	struct plan_calls *calls = memory_new(sizeof(*calls));

	calls->push = push;
	return calls;
}

static void drop(struct level *level, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(level->items[i].type);
		free(level->items[i].record_id);
		free(level->items[i].version);
		free(level->items[i].body);
	}
	memmove(level->items, level->items + count, (level->count - count) * sizeof(level->items[0]));
	level->count -= count;
}

void plan_calls_free(struct plan_calls *calls)
{
	for (size_t i = 0; calls && i < LEVELS_MAX; i++)
		drop(&calls->levels[i], calls->levels[i].count);
	free(calls);
}

/* One envelope of what waits first. */
static void seal(struct plan_calls *calls, struct level *level)
{
	AUTO(str_clear) struct str body = STR_INIT(STR_NO_LIMIT);
	struct push_item items[PUSH_ITEMS_MAX];
	char path[64];
	size_t taken;

	for (size_t i = 0; i < level->count; i++) {
		const struct waiting *waiting = &level->items[i];

		items[i] = (struct push_item){ .act = waiting->act, .type = waiting->type, .mark = "01m8kx69kn5v4ny7hkrwz7ptfh", .body = waiting->body,
					       .body_len = waiting->body_len, .record_id = waiting->record_id, .version = waiting->version,
					       .delete = waiting->act == PLAN_VOID && strcmp(waiting->body, "delete") == 0 };
	}
	taken = calls->push->envelope(items, level->count, path, &body);
	if (calls->push->asks)
		calls->calls.asks += calls->push->asks(items[0].type);
	/* What is made void has a call of its own, which is no batch. */
	if (items[0].act == PLAN_VOID && !items[0].delete)
		calls->calls.singles++;
	else
		calls->calls.batches++;
	drop(level, taken);
}

void plan_calls_add(struct plan_calls *calls, const struct plan_line *line, int depth)
{
	struct level *level = &calls->levels[depth < LEVELS_MAX ? depth : LEVELS_MAX - 1];

	if (!plan_act_writes(line->act))
		return;
	level->items[level->count++] = (struct waiting){
		.act = line->act, .type = memory_copy_text(line->record_type), .record_id = memory_copy_text(line->record_id),
		.version = memory_copy_text(line->version), .body = memory_copy_text(line->body), .body_len = line->body_len,
	};
	if (level->count == PUSH_ITEMS_MAX)
		seal(calls, level);
}

struct push_calls plan_calls_end(struct plan_calls *calls)
{
	/* What fills no envelope goes all the same. */
	for (size_t i = 0; i < LEVELS_MAX; i++)
		while (calls->levels[i].count > 0)
			seal(calls, &calls->levels[i]);
	return calls->calls;
}

/* ---- told */

int64_t push_minutes(const struct settings *settings, const struct push_calls *calls)
{
	int64_t batches = settings_number(settings, "sync.batches_per_minute"), all = settings_number(settings, "sync.per_minute");
	int64_t by_batches = batches > 0 ? (calls->batches + batches - 1) / batches : 0;
	int64_t by_all = all > 0 ? (calls->batches + calls->singles + calls->asks + all - 1) / all : 0;
	int64_t minutes = by_batches > by_all ? by_batches : by_all;

	return minutes <= 1 ? 0 : minutes;
}

static void add_calls(const struct push_calls *calls, int64_t minutes, struct str *out)
{
	if (calls->batches > 0)
		str_addf(out, "%lld batch%s%s", (long long)calls->batches, calls->batches == 1 ? "" : "es", calls->singles > 0 ? " and " : "");
	if (calls->singles > 0)
		str_addf(out, "%lld to make void", (long long)calls->singles);
	if (calls->asks > 0)
		str_addf(out, " and %lld to ask what became of them", (long long)calls->asks);
	if (minutes == 0)
		str_add(out, ", less than a minute");
	else
		str_addf(out, ", about %lld minutes", (long long)minutes);
}

int64_t push_fact(const struct push_facts *facts, enum push_fact fact, const struct settings *settings, struct str *out)
{
	switch (fact) {
	case FACT_CALLS:
		add_calls(&facts->calls, push_minutes(settings, &facts->calls), out);
		return facts->calls.batches + facts->calls.singles + facts->calls.asks;
	case FACT_NEW:
		str_addf(out, "new customers, vendors or items; %lld document%s need%s one of them", (long long)facts->needing,
			 facts->needing == 1 ? "" : "s", facts->needing == 1 ? "s" : "");
		return facts->new_lists;
	case FACT_CLOSED:
		str_add(out, "dated in closed books");
		return facts->closed;
	default:
		str_add(out, "dated before the account went live");
		return facts->before_go_live;
	}
}

const char *push_fact_word(enum push_fact fact)
{
	static const char *const words[] = {
		[FACT_CALLS] = "calls", [FACT_NEW] = "new", [FACT_CLOSED] = "closed", [FACT_GO_LIVE] = "go-live",
	};
	_Static_assert(ARRAY_LEN(words) == FACT_COUNT, "a word for each fact");

	return words[fact];
}
