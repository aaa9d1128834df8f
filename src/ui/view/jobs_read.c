/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the engine does and will do, whichever process works: attempts that run, types by their next run, paused accounts. */
#include "jobs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/utf8.h"

#define RUNNING_MAX 200
#define WAITING_MAX 500               /* the soonest; nobody reads further */
#define AHEAD_MS INT64_C(5184000000)  /* 60 days: further than any interval */

static void free_answer(struct question *question)
{
	struct work_answer *answer = (struct work_answer *)question;

	account_list_clear(&answer->accounts);
	free(answer->rows);
	free(answer);
}

static const struct account *account_of(const struct work_answer *answer, const char *id)
{
	for (size_t i = 0; i < answer->accounts.count; i++)
		if (strcmp(answer->accounts.items[i].id, id) == 0)
			return &answer->accounts.items[i];
	return NULL;
}

static struct work_row *add_row(struct work_answer *answer, enum work_state state, const char *account_id, const char *type)
{
	const struct account *account = account_of(answer, account_id);
	struct work_row *row;

	memory_grow(&answer->rows, &answer->room, answer->count + 1, sizeof(*answer->rows));
	row = &answer->rows[answer->count++];
	*row = (struct work_row){ .state = state };
	snprintf(row->account_id, sizeof(row->account_id), "%s", account_id);
	snprintf(row->account, sizeof(row->account), "%s", account ? account->name : account_id);
	snprintf(row->type, sizeof(row->type), "%s", type);
	return row;
}

static const struct lease *lease_of(const struct lease *leases, size_t count, const char *account_id, int64_t now_ms)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(leases[i].account_id, account_id) == 0 && leases[i].until_ms > now_ms)
			return &leases[i];
	return NULL;
}

/* What a crash has left behind seems to run, too; but nobody has the account then. */
static bool read_running(struct work_answer *answer, struct store *store, struct error *err)
{
	AUTO(memory_freep) struct lease *leases = NULL;
	int64_t nos[RUNNING_MAX];
	size_t count, lease_count;

	if (!attempts_running(store, RUNNING_MAX, nos, &count, err) || !lease_all(store, &leases, &lease_count, err))
		return false;
	for (size_t i = count; i-- > 0;) {
		const struct lease *lease;
		struct attempt attempt;
		struct work_row *row;
		bool found;

		if (!attempts_get(store, nos[i], &attempt, NULL, &found, err))
			return false;
		if (!found)
			continue;
		lease = lease_of(leases, lease_count, attempt.account_id, answer->now_ms);
		if (*attempt.account_id && !lease)
			continue;
		row = add_row(answer, WORK_RUNNING, attempt.account_id, attempt.type);
		row->attempt = attempt.no;
		row->at_ms = attempt.started_ms;
		row->failures = attempt.tries - 1;
		snprintf(row->job, sizeof(row->job), "%s", attempt.job);
		/* Host and process; when that began is nobody's concern here. */
		if (lease)
			snprintf(row->says, sizeof(row->says), "by %.*s", (int)strcspn(lease->holder, ":") + 1 +
				 (int)strcspn(lease->holder + strcspn(lease->holder, ":") + 1, ":"), lease->holder);
	}
	answer->running = answer->count;
	return true;
}

static bool is_running(const struct work_answer *answer, const struct object *object)
{
	for (size_t i = 0; i < answer->running; i++)
		if (strcmp(answer->rows[i].account_id, object->account_id) == 0 && strcmp(answer->rows[i].type, object->type) == 0)
			return true;
	return false;
}

static int by_time(const void *a, const void *b)
{
	const struct work_row *left = a, *right = b;

	return left->at_ms < right->at_ms ? -1 : left->at_ms > right->at_ms;
}

static bool read_waiting(struct work_answer *answer, struct store *store, struct error *err)
{
	AUTO(object_list_clear) struct object_list objects = { 0 };
	int64_t further_ms;
	size_t from = answer->count;

	if (!objects_due(store, answer->now_ms + AHEAD_MS, "", WAITING_MAX, &objects, &further_ms, err))
		return false;
	for (size_t i = 0; i < objects.count; i++) {
		const struct object *object = &objects.items[i];
		struct work_row *row;
		struct breaker breaker;

		if (is_running(answer, object))
			continue;
		if (!breaker_get(store, object->account_id, &breaker, err))
			return false;
		row = add_row(answer, WORK_WAITING, object->account_id, object->type);
		row->at_ms = breaker.open_until_ms > object->next_ms ? breaker.open_until_ms : object->next_ms;
		row->failures = object->failures;
		if (object->failures > 0)
			snprintf(row->says, sizeof(row->says), "%.*s", utf8_fit(object->last_error.text, 190), object->last_error.text);
		else if (object->status == OBJECT_NEW)
			snprintf(row->says, sizeof(row->says), "never read");
	}
	if (answer->count > from)
		qsort(answer->rows + from, answer->count - from, sizeof(*answer->rows), by_time);
	return true;
}

static bool work(struct question *question, struct store *store, struct error *err)
{
	struct work_answer *answer = (struct work_answer *)question;

	if (!accounts_all(store, &answer->accounts, err) || !read_running(answer, store, err) || !read_waiting(answer, store, err))
		return false;
	for (size_t i = 0; i < answer->accounts.count; i++) {
		const struct account *account = &answer->accounts.items[i];

		if (account->state == ACCOUNT_PAUSED)
			snprintf(add_row(answer, WORK_PAUSED, account->id, "")->says, sizeof(answer->rows->says), "%.190s", account->reason);
	}
	return true;
}

void work_ask(struct view *view)
{
	struct work_answer *asked = memory_new(sizeof(*asked));

	asked->question = (struct question){ .work = work, .free = free_answer };
	asked->now_ms = deck_now(view->deck);
	view_ask(view, &asked->question);
}
