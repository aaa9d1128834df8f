/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the jobs view share: the engine's work as the store has it. */
#ifndef UI_VIEW_JOBS_H
#define UI_VIEW_JOBS_H

#include "ledgerdeck/store/log.h"
#include "view.h"

enum work_state { WORK_RUNNING, WORK_WAITING, WORK_PAUSED };

struct work_row {
	enum work_state state;
	char account_id[ACCOUNT_ID_MAX]; /* "" : of the whole store */
	char account[ACCOUNT_NAME_MAX];
	char type[64];                   /* "" : all of the account */
	char job[16];                    /* of what runs */
	char says[200];                  /* who does it, or why it waits */
	int64_t at_ms;                   /* running: since; waiting: next run, what has passed is due */
	int64_t attempt;                 /* of what runs */
	int failures;                    /* one after the other, before this */
};

struct work_answer {
	struct question question;
	int64_t now_ms;
	struct account_list accounts;
	struct work_row *rows;           /* owned: what runs, the oldest first; what waits, the soonest first; what is paused */
	size_t count, room;
	size_t running;
};

void work_ask(struct view *view);

#endif
