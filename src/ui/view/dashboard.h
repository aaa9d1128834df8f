/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the dashboard share. */
#ifndef UI_VIEW_DASHBOARD_H
#define UI_VIEW_DASHBOARD_H

#include "format.h"
#include "ledgerdeck/store/log.h"
#include "listing.h"
#include "view.h"

#define DASHBOARD_LOG_MAX 100 /* lines of the log; all of it is the log view's */
#define DASHBOARD_RUNS 30     /* of a type that are shown beside it */

enum pane { PANE_ACCOUNTS, PANE_TYPES, PANE_LOG, PANE_COUNT };

struct dash_account {
	struct account account;
	int64_t types, failed, waiting, parked, records;
	int64_t documents;            /* of one's own that wait for a person */
	int64_t as_of_ms;             /* each wanted type was read completely since; 0: one was never */
	char oldest[64];              /* the type that was read longest ago; "" none */
	bool reads_only;              /* its policy lets nothing be written to it */
	bool stale;                   /* that was three intervals ago or more */
	int64_t next_ms;              /* next run of any type; 0: none */
	int64_t breaker_ms;           /* no calls until then; 0: closed */
	struct sync_month month;      /* of all accounts of its environment */
	char warning[240];            /* its connection ends soon; "" it does not */
	char problem[240];            /* the first failed type and why; "" none */
};

struct dash_runs { /* the last of a type, the newest first */
	struct attempt_brief items[DASHBOARD_RUNS];
	size_t count;
};

struct dash_snapshot { /* what the reader found */
	struct question question;
	char account_id[ACCOUNT_ID_MAX]; /* whose types; "" : the first's */
	bool failed_only;
	const struct settings *settings;
	int64_t now_ms;
	struct dash_account *accounts; /* owned */
	size_t account_count;
	struct object_list objects;
	struct dash_runs *runs;        /* owned: one for each object */
	struct attempt *attempts;      /* owned; the newest first */
	size_t attempt_count, attempt_room;
};

struct dashboard {
	struct view view;
	struct dash_snapshot *snapshot; /* owned; NULL: nothing yet */
	enum pane focus;
	struct listing lists[PANE_COUNT];
	char filter[PANE_COUNT][VIEW_FILTER_MAX];
	bool failed_only;
	bool ascii;                     /* what it was drawn on last */
	bool restored;                  /* its cursors were set by load(): the next answer keeps them */
};

/* dashboard_trail.c: what of it is kept, and handed to others */
void dashboard_cli(const struct view *view, struct str *out);
void dashboard_rows(struct view *view, struct str *out);
void dashboard_save(const struct view *view, struct str *out);
void dashboard_load(struct view *view, const char *text);

extern const char *const dashboard_titles[PANE_COUNT];

/* What is under the cursors; NULL: nothing. Borrowed until the next answer. */
const struct dash_account *dashboard_account(const struct dashboard *view);
const struct object *dashboard_object(const struct dashboard *view);
const struct attempt *dashboard_attempt(const struct dashboard *view);
const struct account *dashboard_account_of(const struct dashboard *view, const char *id);

/* dashboard_read.c */
void dashboard_ask(struct dashboard *view);
void dashboard_answer(struct dashboard *view, struct question *question); /* takes it */
void dashboard_arrange(struct dashboard *view);          /* filters anew; cursors stay on what they stood on */
bool dashboard_move(struct dashboard *view, enum action action); /* in the pane that has the keys; false: it moves nothing */

/* dashboard_draw.c */
void dashboard_table(struct dashboard *view, struct canvas *canvas, struct rect rect, enum pane pane, bool focus);
/* The log's columns and cells, the log view's too. */
const struct table_column *dashboard_log_columns(size_t *ret_count);
void dashboard_log_cell(const struct attempt *attempt, const char *company, int64_t now_ms, size_t column, struct table_cell *cell);
/* The runs of an object as bars, the oldest first, the newest at the right end of so many columns. Appended. */
void dashboard_add_runs(const struct dashboard *view, size_t object, int columns, struct str *out);

/* How an account fares, but for what runs. */
struct mark dashboard_mark(const struct dash_account *account);

/* dashboard_strip.c */
/* Why an account is as it is, in one sentence; nothing when it is well. Appended. */
void dashboard_add_why(const struct dash_account *account, int64_t now_ms, struct str *out, enum role *role);
/* All that is known of the account under the cursor. */
#define DASHBOARD_DETAIL_ROWS 10
void dashboard_details(const struct dashboard *view, struct canvas *canvas, struct rect rect);
/* In three rows what is the matter with the row under the cursor, and what to do. */
void dashboard_strip(struct dashboard *view, struct canvas *canvas, struct rect rect);

#endif
