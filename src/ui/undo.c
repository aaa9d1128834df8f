/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Local acts that were done, and can be taken back: each is a command, and so is what undoes it. */
#include <stdio.h>
#include <string.h>

#include "deck.h"
#include "job.h"
#include "ledgerdeck/core/memory.h"

void deck_note_done(struct deck *deck, const char *act, const char *undo, const char *what)
{
	struct done *done;

	/* What was taken back before is no more to be had: the world is another. */
	deck->done_count = deck->done_at;
	if (deck->done_count == DECK_UNDO_MAX) {
		memmove(deck->done, deck->done + 1, (DECK_UNDO_MAX - 1) * sizeof(deck->done[0]));
		deck->done_count--;
	}
	done = &deck->done[deck->done_count++];
	snprintf(done->act, sizeof(done->act), "%s", act);
	snprintf(done->undo, sizeof(done->undo), "%s", undo);
	snprintf(done->what, sizeof(done->what), "%s", what);
	deck->done_at = deck->done_count;
	deck_say(deck, ROLE_MESSAGE, "%s; {undo} undoes it.", what);
}

static void run(struct deck *deck, const char *line)
{
	AUTO(words_free) char **words = NULL;
	size_t count;

	words_split(line, &words, &count);
	deck_command(deck, (const char *const *)words, false);
}

void deck_undo(struct deck *deck, bool again)
{
	const struct done *done;

	if (again ? deck->done_at == deck->done_count : deck->done_at == 0) {
		deck_say(deck, ROLE_MESSAGE, again ? "Nothing was taken back." : "Nothing was done that could be taken back.");
		return;
	}
	done = &deck->done[again ? deck->done_at : deck->done_at - 1];
	deck->done_at = again ? deck->done_at + 1 : deck->done_at - 1;
	run(deck, again ? done->act : done->undo);
}

void deck_do(struct deck *deck, const char *line, const char *undo, const char *what)
{
	size_t before = deck->job_count ? (size_t)deck->jobs[deck->job_count - 1]->no : 0;
	struct job *job;

	run(deck, line);
	job = deck->job_count ? deck->jobs[deck->job_count - 1] : NULL;
	if (!job || (size_t)job->no == before)
		return;
	snprintf(job->done.act, sizeof(job->done.act), "%s", line);
	snprintf(job->done.undo, sizeof(job->done.undo), "%s", undo);
	snprintf(job->done.what, sizeof(job->done.what), "%s", what);
}
