/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One resource on its way to its line, and what the files that decide about it have in common. */
#ifndef SYNC_PLAN_LINE_H
#define SYNC_PLAN_LINE_H

#include "plan.h"

struct line_work {
	struct planner *planner;
	struct resource resource;
	struct str data;                 /* owned, as all here */
	struct link link;
	bool has_link;
	struct str base;                 /* the record as it came back from our last write */
	struct decision decision;        /* the last one that was asked for */
	const char *record_type;         /* borrowed */
	const struct known *known;       /* borrowed: the record that it is linked to */
	struct translation translation;
	struct bench bench;
	struct date dated;
	bool is_dated;
	bool closed;                     /* its day is in closed books */
	bool own_tax;                    /* a person wants our tax written, and not the ledger's */
	bool only_find;                  /* the sync request that brought it creates nothing */
	struct plan_line line;
	char about[120];                 /* the question that a decision would answer */
	struct str body, detail, changes;
};

/* The first answer that holds is the line's. True, always. */
bool line_settle(struct line_work *work, enum plan_act act, enum plan_reason reason, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* Has a person answered this very question? Then what. The question is noted, for whoever will. */
const char *line_decision(struct line_work *work, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Its number as it is to stand in the ledger; its own, where the ledger is to give one. "" : it has none. */
void line_number(const struct line_work *work, char *out /* 64 bytes */);
struct json_slice line_data(const struct line_work *work);
struct json_slice line_body(const struct line_work *work);

/* Is its day in closed books, and which one does it get then? */
void line_check_closed(struct line_work *work);
/* Is anything in the way? Then that is the line. */
bool line_is_obstructed(struct line_work *work);

/* plan_void.c: its owner made it void; it was to take an invoice back, and is not any more. True: that is the line. */
bool line_is_voided(struct line_work *work);
bool line_is_uncredited(struct line_work *work);
/* The line of a document that a plan has created, and that is undone. */
void line_undo(struct line_work *work);

/*
 * plan_owner.c: fields that are not ours by the policy are taken out of what is written, and said; `changes` is what is left then.
 * True: a person decides about one of them, and that is the line.
 */
bool line_is_owned(struct line_work *work, struct push_changes *changes);

/* plan_like.c: does something in the ledger look like it, and is that the line? */
bool line_has_duplicate(struct line_work *work);

#endif
