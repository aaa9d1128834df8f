/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A reconciliation session, for the files of its views: what does not agree, the sums that were tied, what is done about it. */
#ifndef UI_VIEW_SESSION_VIEW_H
#define UI_VIEW_SESSION_VIEW_H

#include "ledgerdeck/sync/reconcile.h"
#include "listing.h"
#include "view.h"

enum session_pane { PANE_EXCEPTIONS, PANE_TIES, SESSION_PANES };

struct finding { /* an exception; its texts stand in `texts` of the answer */
	int64_t no, amount, since_ms;
	enum exception_reason reason;
	enum exception_state state;
	bool has_date;
	struct date date;
	uint32_t cause, text, type, ref, record, currency, assignee, plan;
};

struct tied { /* a sum; likewise */
	int64_t no, mirror, ledger;
	enum tie tie;
	bool equal;
	uint32_t key, name, currency, detail;
};

/* ---- session_sight.c: what stands behind one exception */

struct sight_item { /* a thing of one side, as it was compared */
	enum side side;
	char type[64], ref[RECORD_ID_MAX + 200], version[RECORD_VERSION_MAX];
	struct date date;
	int64_t amount;
	char currency[8], number[100], party[200], memo[240];
};
#define SIGHT_ITEMS_MAX (2 * MATCH_MANY_MAX)

struct session_sight {
	int64_t about;                     /* number of the exception */
	struct session_exception exception;
	struct sight_item items[SIGHT_ITEMS_MAX];
	size_t count;
	const struct type *type;           /* of the record; NULL: it is not known which type it is, or there is none */
	char now[160];                     /* the record as the mirror has it now: "live, version 3"; "" : there is none */
	char match[160];                   /* what put the items together, and who decided about it; "" : nothing */
	struct str notes;                  /* owned; a line each: when, who, what */
};
/* NULL: the session has no such exception, or `err`. Owned by the caller. */
struct session_sight *session_sight_read(struct store *store, const struct catalogue *catalogue, const struct session *session,
					 const struct account *account, int64_t no, struct error *err);
void session_sight_free(struct session_sight *sight); /* NULL does nothing */
/* The first of a side; NULL: it has none. */
const struct sight_item *session_sight_of(const struct session_sight *sight, enum side side);

/* Lines of it: what a thing is called, as each side has it, and whether that differs. */
struct sight_line {
	const char *label;
	char sides[2][RECORD_ID_MAX + 200]; /* source, ledger as it was compared */
	bool differs, amount;
};
#define SIGHT_LINES 6
size_t session_sight_lines(const struct session_sight *sight, struct sight_line *lines /* SIGHT_LINES */);

/* ---- session_read.c */

#define SESSION_SHOWN_MAX 200000 /* exceptions, and sums */
#define SESSION_SUMS_MAX 16

struct session_found {
	struct question question;
	char id[SESSION_ID_MAX];           /* asked for; "" : by what follows */
	char account_id[ACCOUNT_ID_MAX];
	struct date from, to;
	const struct catalogue *catalogue; /* borrowed */
	int64_t now_ms;
	int64_t about;                     /* exception that is shown whole; 0: none */
	bool anew;                         /* all of it, not only what stands behind one exception */
	bool found;
	struct session session;
	struct account account;
	struct reconcile_standing standing;
	struct session_sum sums[SESSION_SUMS_MAX];
	size_t sum_count;
	struct finding *findings;          /* owned */
	size_t finding_count, finding_room;
	size_t open_count;                 /* of the first ones, which are open; these and the others stand in the order of their numbers */
	struct tied *ties;                 /* owned */
	size_t tie_count, tie_room;
	bool more;                         /* exceptions than are shown */
	struct str texts;
	struct session_sight *sight;       /* owned; NULL: none */
};
void session_found_free(struct session_found *found); /* NULL does nothing */

enum session_column { BY_STATE, BY_REASON, BY_REF, BY_DATE, BY_AMOUNT, BY_CURRENCY, BY_AGE, BY_WHO, BY_TEXT, SESSION_COLUMNS };

struct session_view {
	struct view view;
	char id[SESSION_ID_MAX];           /* "" : the one of the account and period, which may be still to come */
	char account_id[ACCOUNT_ID_MAX];
	struct date from, to;
	int64_t job;                       /* number of the command that compares; 0: none */
	int64_t planned;                   /* exception whose plan is shown once it is made; 0: none */
	struct session_found *found;       /* owned; NULL: nothing yet */
	struct session_sight *sight;       /* owned; NULL: none */
	struct listing lists[SESSION_PANES];
	struct selection marks;            /* exceptions, by their numbers */
	char filters[SESSION_PANES][VIEW_FILTER_MAX];
	bool open_only;                    /* only what somebody has to do something about, and sums that differ */
	enum session_pane focus;
	enum session_column sort;
	bool descending;
};
void session_ask(struct session_view *view, bool anew);
const struct session *session_of(const struct session_view *view);  /* NULL: none yet */
const char *session_text(const struct session_view *view, uint32_t text);
const struct finding *session_finding(const struct session_view *view); /* under the cursor; NULL: none */
const struct tied *session_tied(const struct session_view *view);
bool session_is_at_hand(const struct session_view *view);              /* what stands behind the exception under the cursor */
const struct job *session_job(const struct deck *deck, int64_t no);    /* NULL: there is none, or it has ended */
/* Something was done to what was marked: it is marked no more. */
void session_unmark(struct deck *deck, const char *id);
/* The view of a session by its id. */
struct view *session_view_new(const char *id);

/* ---- session_list.c */
struct listing_source session_source(const struct session_view *view, enum session_pane pane);
void session_arrange(struct session_view *view, enum session_pane pane);
const char *session_column_name(enum session_column column);

/* ---- session_draw.c */
struct mark mark_of_session(enum session_state state);
struct mark mark_of_exception(enum exception_state state);
void session_draw(struct session_view *view, struct canvas *canvas, struct rect rect);
#define SESSION_PERIOD_MAX (2 * DATE_TEXT_MAX + 2)
/* "2026-01", "2026", or two days. Returns `out`. */
char *session_period(const struct session *session, char *out);
/* Days since an exception's date, or else since it was found. */
int session_age(bool has_date, struct date date, int64_t since_ms, int64_t now_ms);
/* What can be done, each with its key. */
void session_add_steps(const struct deck *deck, enum exception_reason reason, struct str *out);

/* ---- session_act.c: what people do; each is a command of the shell */

struct session_deed { /* plain bytes, also a dialog's target */
	char session[SESSION_ID_MAX];
	struct account account;
	enum action action;
	bool suggested;                    /* all of them are suggested matches, equal to the cent: to accept them is reason enough */
	char text[400];
	size_t count;
	int64_t numbers[];
};
size_t session_deed_size(size_t count); /* bytes */
/* NULL, or why an operator can't do that to an exception. Borrowed until the next call. */
const char *session_refuses(const struct session *session, enum exception_reason reason, enum exception_state state, enum action action);
bool session_is_deed(enum action action);
/* Asks for words where they are needed, and before it does so to several. */
void session_do(struct deck *deck, const struct session_deed *deed);
/* What is done to a session as a whole; false: it is none of these. */
bool session_act_whole(struct deck *deck, const struct session *session, const struct account *account, enum action action);
const char *session_refuses_whole(const struct session *session, enum action action);
/* Compare again; gives the number of the job, 0: it didn't begin. */
int64_t session_compare(struct deck *deck, const struct session *session);
struct copies;
/* What can be copied of an exception. */
void session_copies(const struct deck *deck, const struct account *account, const struct session_sight *sight, struct copies *out);
/* The last act of a session is taken back: by the deck, where it was its own last one (false). */
bool session_take_back(struct deck *deck, const char *session);

/* ---- exception.c, tie.c */
struct view *exception_view_new(const char *session, int64_t no);
struct view *tie_view_new(const char *session, enum tie tie, const char *key, const char *currency);

#endif
