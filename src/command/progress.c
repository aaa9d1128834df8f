/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Adds up what the workers tell: how many types and records, how fast, and how long it may still take. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verbs.h"

#define RATE_MS 2000 /* the rate is that of so long */

void progress_sum_clear(struct progress_sum *sum)
{
	free(sum->jobs);
	sum->jobs = NULL;
	sum->count = sum->room = 0;
}

static struct progress_job *job_of(struct progress_sum *sum, const struct sync_event *event)
{
	struct progress_job *job;

	for (size_t i = 0; i < sum->count; i++)
		if (strcmp(sum->jobs[i].account_id, event->account_id) == 0 && strcmp(sum->jobs[i].type, event->type) == 0)
			return &sum->jobs[i];
	memory_grow(&sum->jobs, &sum->room, sum->count + 1, sizeof(*sum->jobs));
	job = &sum->jobs[sum->count++];
	*job = (struct progress_job){ .of = -1 };
	memcpy(job->account_id, event->account_id, sizeof(job->account_id));
	memcpy(job->type, event->type, sizeof(job->type));
	return job;
}

static void name_last(struct progress_sum *sum, const struct sync_event *event)
{
	snprintf(sum->account, sizeof(sum->account), "%s", event->account_id);
	for (size_t i = 0; sum->accounts && i < sum->accounts->count; i++)
		if (strcmp(sum->accounts->items[i].id, event->account_id) == 0)
			snprintf(sum->account, sizeof(sum->account), "%s", sum->accounts->items[i].name);
	snprintf(sum->type, sizeof(sum->type), "%s", event->type);
}

void progress_sum_take(struct progress_sum *sum, const struct sync_event *event)
{
	struct progress_job *job = job_of(sum, event);

	name_last(sum, event);
	sum->wait_ms = event->kind == SYNC_WAITING ? event->wait_ms : 0;
	if (event->records > job->records)
		job->records = event->records;
	if (event->of >= 0)
		job->of = event->of;
	if (event->kind != SYNC_ENDED || job->ended)
		return;
	job->ended = true;
	sum->done++;
	sum->failed += event->error.code != ERROR_NONE;
}

/* By records when every type that is left has begun and is known, else by types. */
static int64_t time_left(const struct progress_sum *sum, int64_t took_ms)
{
	int64_t left = 0, begun = 0;
	bool known = sum->rate > 0;

	for (size_t i = 0; i < sum->count; i++) {
		const struct progress_job *job = &sum->jobs[i];

		if (job->ended)
			continue;
		begun++;
		known = known && job->of >= 0;
		left += job->of > job->records ? job->of - job->records : 0;
	}
	if (known && sum->done + begun >= sum->all)
		return left * 1000 / sum->rate;
	if (sum->done == 0 || sum->done > sum->all || took_ms < RATE_MS)
		return -1;
	return took_ms * (sum->all - sum->done) / sum->done;
}

void progress_sum_give(struct progress_sum *sum, int64_t ticks_ms, struct printer_progress *ret_progress)
{
	int64_t records = 0, since_ms;

	for (size_t i = 0; i < sum->count; i++)
		records += sum->jobs[i].records;
	if (!sum->mark_ms)
		sum->mark_ms = sum->begun_ms;
	since_ms = ticks_ms - sum->mark_ms;
	if (since_ms >= RATE_MS || (sum->rate == 0 && since_ms > 0))
		sum->rate = (records - sum->mark_records) * 1000 / since_ms;
	if (since_ms >= RATE_MS) {
		sum->mark_ms = ticks_ms;
		sum->mark_records = records;
	}
	*ret_progress = (struct printer_progress){ .account = sum->account, .type = sum->type, .done = sum->done, .all = sum->all,
						   .failed = sum->failed, .records = records, .rate = sum->rate,
						   .took_ms = ticks_ms - sum->begun_ms, .wait_ms = sum->wait_ms };
	ret_progress->left_ms = time_left(sum, ret_progress->took_ms);
}
