/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A plan, for the files of its view: what it comes to above, its lines below. */
#ifndef UI_VIEW_PLAN_VIEW_H
#define UI_VIEW_PLAN_VIEW_H

#include "ledgerdeck/sync/push.h"
#include "listing.h"
#include "view.h"

enum plan_pane { PANE_SUMS, PANE_LINES, PLAN_PANES };

enum plan_sum_kind { SUM_ACT, SUM_CAUSE, SUM_FACT, SUM_EFFECT };
struct plan_sum { /* of its head: a group of lines, what holds lines up, or what it does to a ledger account */
	enum plan_sum_kind kind;
	enum plan_act act;
	enum plan_reason reason;     /* SUM_CAUSE */
	int64_t count;
	char type[RESOURCE_TYPE_MAX], currency[8];
	char total[DECIMAL_TEXT_MAX], tax[DECIMAL_TEXT_MAX];
	char text[200];              /* the cause, the ledger account, or what the fact is about */
	const char *word;            /* SUM_FACT: "calls" */
};

struct plan_brief { /* a line; its texts stand in `texts` of the answer */
	int64_t line, total, resource;
	enum plan_act act;
	enum plan_reason reason;
	enum target open;            /* of the first code that stands for nothing; TARGET_NONE: it has none */
	bool has_total;
	struct date date;
	bool has_date;
	uint32_t type, number, party, currency, why, obstacles, code;
};

struct plan_answer {
	struct question question;
	char account_id[ACCOUNT_ID_MAX];   /* "" : the first there is */
	char word[ACCOUNT_NAME_MAX];       /* instead: what was typed for it; "" : nothing */
	char plan_id[PLAN_ID_MAX];         /* "" : the newest that is open */
	const struct settings *settings;   /* borrowed: what the calls take by them */
	bool keeps_lines;                  /* those of `plan_id` are at hand already */
	struct account account;
	bool found;                        /* there is a plan */
	struct plan plan;
	char moved[PUSH_MOVED_MAX];        /* what has since it was made; "" : nothing */
	char calls[80];                    /* that it takes; "" : none */
	struct intent_counts counts;       /* of what it became */
	struct plan_pause pause;           /* while some of it is paused */
	struct plan_sum *sums;             /* owned */
	size_t sum_count, sum_room;
	struct plan_brief *lines;          /* owned */
	size_t line_count, line_room;
	struct str texts;
};

struct plan_view {
	struct view view;
	char account_id[ACCOUNT_ID_MAX];   /* "" : the first there is */
	char word[ACCOUNT_NAME_MAX];       /* instead: what was typed for it, until it is found */
	char plan_id[PLAN_ID_MAX];         /* that is shown; "" : the newest that is open */
	int64_t job;                       /* number of the command that plans anew; 0: none */
	struct plan_answer *found;         /* owned; NULL: nothing yet */
	struct listing lists[PLAN_PANES];
	struct selection marks;            /* lines, by their numbers */
	char filter[VIEW_FILTER_MAX];      /* of the lines */
	bool waits_only;                   /* only lines that wait for a person */
	enum plan_pane focus;
};

/* Borrowed until the next answer; NULL: there is none. */
const struct plan *plan_view_plan(const struct plan_view *view);
const struct plan_brief *plan_view_line(const struct plan_view *view);   /* under the cursor */
const struct plan_sum *plan_view_sum(const struct plan_view *view);      /* under the cursor */
const char *plan_view_text(const struct plan_view *view, uint32_t text);
struct listing_source plan_view_source(const struct plan_view *view, enum plan_pane pane);
bool plan_view_is_planning(const struct plan_view *view);
/* Why it can't be applied any more, as far as is known; NULL: it can. */
const char *plan_view_over(const struct plan *plan, const char *moved, int64_t now_ms, char *room, size_t size);

/* plan_read.c */
void plan_view_ask(struct plan_view *view);
void plan_answer_free(struct plan_answer *answer); /* NULL does nothing */

/* plan_act.c */
void plan_view_apply(struct plan_view *view);
void plan_view_anew(struct plan_view *view, const char *resource_id /* NULL: of all documents */);
/* Asks what a line, or all with its reason, are to become. */
void plan_decide(struct deck *deck, const struct account *account, const struct plan *plan, enum plan_reason reason, int64_t line,
		 const char *number, const char *why);

/* plan_draw.c */
struct mark mark_of_act(enum plan_act act);
const char *plan_money(bool has, int64_t millionths, char *out /* DECIMAL_TEXT_MAX */);
void plan_view_draw(struct plan_view *view, struct canvas *canvas, struct rect rect);

#endif
