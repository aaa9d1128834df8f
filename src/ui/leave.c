/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Leaving while work runs: what is read stops within a second, what is written is finished, and the screen says so
 * meanwhile. Whoever asks again leaves at once; the next start goes on where this one was.
 */
#include <stdio.h>

#include "deck.h"
#include "dialog.h"
#include "job.h"
#include "ledgerdeck/core/memory.h"

/* Whether it would be a loss: to be asked for a passphrase is none. */
static bool is_at_work(const struct job *job)
{
	return job_is_running(job) && !job->unlocks;
}

void deck_check_end(struct deck *deck)
{
	if (!deck->ending || deck->leaving || tasks_running(deck->tasks) > 0)
		return;
	/* The commands first, then the engine that they share. */
	engine_end(deck);
	deck->leaving = tasks_running(deck->tasks) == 0;
}

void deck_end(struct deck *deck)
{
	deck->ending = true;
	for (size_t i = 0; i < tasks_running(deck->tasks); i++)
		cancel_ask(tasks_at(deck->tasks, i)->cancel);
	if (deck->app->sync)
		sync_stop(deck->app->sync);
	deck_check_end(deck);
	if (!deck->leaving)
		deck_say(deck, ROLE_MESSAGE, "Reading stops; {quit} once more leaves at once, and the next start goes on there.");
}

static void end_now(struct deck *deck, const void *target)
{
	(void)target;
	deck_end(deck);
}

static void ask(struct deck *deck)
{
	AUTO(str_clear) struct str text = STR_INIT(8000);
	const struct dialog_wish wish = { .title = "Leave", .verb = "stop them and leave", .keys = "yqQ", .target = "", .size = 1,
					  .act = end_now };
	struct dialog_wish whole = wish;

	str_add(&text, "These commands run still:");
	for (size_t i = 0; i < deck->job_count; i++)
		if (is_at_work(deck->jobs[i]))
			str_addf(&text, "\n  %s%s", deck->jobs[i]->title, deck->jobs[i]->asks ? ", which asks something" : "");
	whole.text = text.text;
	dialog_open(deck, &whole);
}

void deck_leave(struct deck *deck)
{
	size_t working = 0;

	if (deck->ending) {
		deck->leaving = deck->leave_at_once = true;
		return;
	}
	for (size_t i = 0; i < deck->job_count; i++)
		working += is_at_work(deck->jobs[i]);
	if (working > 0)
		ask(deck);
	else
		deck_end(deck);
}
