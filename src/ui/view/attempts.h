/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the log view share: the stretch of the log that is held, and what is asked to hold another one. */
#ifndef UI_VIEW_ATTEMPTS_H
#define UI_VIEW_ATTEMPTS_H

#include "ledgerdeck/store/log.h"
#include "ledgerdeck/store/resources.h"
#include "selection.h"
#include "stretch.h"
#include "view.h"

#define RUNNING_MAX 256

/* What became of a type since one of its attempts failed. */
struct fate {
	char account_id[ACCOUNT_ID_MAX];
	char type[64];
	enum object_status status;
	int64_t success_ms, attempt_ms;
	int64_t asked_ms;                  /* it was tried again from here; 0: not */
};

struct fates {
	struct fate *items;                /* owned */
	size_t count, room;
};
struct fate *fates_find(const struct fates *fates, const char *account_id, const char *type); /* NULL: none */
struct fate *fates_ensure(struct fates *fates, const char *account_id, const char *type);
void fates_clear(struct fates *fates);

enum log_asking { ASKS_STRETCH, ASKS_NEWS, ASKS_MARKS };

struct log_question {
	struct question question;          /* its kind: enum log_asking */
	uint64_t version;                  /* of the filter it was asked with */
	char account_id[ACCOUNT_ID_MAX];   /* "" : all */
	char type[64];
	char record_id[RECORD_ID_MAX];
	int64_t resource;
	char document[RESOURCE_EXTERNAL_MAX]; /* its name, looked up where it is "" */
	struct log_filter filter;
	bool failed_only;
	struct stretch_ask ask;            /* rows and edges of its answer, too; MARKS: where it goes on, and no rows */
	int64_t until;                     /* MARKS: not older than this; 0: all */
	bool wants_newest;                 /* NEWS: they are held, so what comes is wanted */
	int64_t running[RUNNING_MAX];      /* NEWS: those that ran before */
	size_t running_count;
	/* the answer */
	struct window_rows ended;         /* NEWS: of those that ran before, what fits */
	int64_t *marks;                    /* owned */
	size_t mark_count, mark_room;
	struct fates fates;
	struct account_list accounts;
	int64_t now_running[RUNNING_MAX];
	size_t now_count;
};

struct log_view {
	struct view view;
	char account_id[ACCOUNT_ID_MAX], type[64]; /* it is the log of these only; "" all */
	char record_id[RECORD_ID_MAX];     /* ... of this record of that type; "" : not of one */
	int64_t resource;                  /* ... of this document; 0: not of one */
	char document[RESOURCE_EXTERNAL_MAX]; /* what it is called */
	char filter[VIEW_FILTER_MAX];      /* as typed */
	struct log_filter conditions;      /* of the last text that was right */
	bool failed_only;
	uint64_t version;                  /* grows with each change of what fits */
	struct hunt hunt;
	struct stretch held;               /* attempts */
	struct fates fates;
	struct account_list accounts;
	int64_t running[RUNNING_MAX];
	size_t running_count;
	bool following;                    /* the cursor stays with the newest */
	struct selection marks;
	char line[800];                    /* what the last cell says */
	/* What is to be asked, one after the other. */
	bool starts, starts_last;
	int64_t start_no;
	bool marking;
	int64_t mark_from, mark_until;
	bool news;
};

/* attempts_read.c */
/* The question that comes next, if none is under way. */
void log_pump(struct log_view *view);
void log_answer(struct log_view *view, struct log_question *answer);
/* Another filter, or another place: what is held is read anew around an attempt (0: the newest). */
void log_restart(struct log_view *view, int64_t no);
void log_last(struct log_view *view);            /* to the oldest */
void log_changed(struct log_view *view);         /* what fits has changed */
void log_move(struct log_view *view, int64_t rows);
const struct attempt *log_row(const struct log_view *view, int64_t place);
const struct attempt *log_current(const struct log_view *view); /* under the cursor; NULL: nothing */
const struct account *log_account(const struct log_view *view, const char *id);

#endif
