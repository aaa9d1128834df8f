/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the audit's view share: the stretch of it that is held, and the check of its chain. */
#ifndef UI_VIEW_AUDIT_H
#define UI_VIEW_AUDIT_H

#include "ledgerdeck/store/log.h"
#include "stretch.h"
#include "view.h"

struct audit_brief { /* a row of the audit as a list shows it */
	int64_t no, at_ms;
	char who[128], what[64], account_id[ACCOUNT_ID_MAX];
	char before[120], after[200];      /* cut */
};

enum audit_asking { ASKS_ROWS, ASKS_CHECK };

struct audit_question {
	struct question question;          /* its kind: enum audit_asking */
	uint64_t version;                  /* of the filter it was asked with */
	struct log_filter filter;
	struct stretch_ask ask;
	struct audit_check check;
	struct account_list accounts;      /* of the answer */
};

struct audit_view {
	struct view view;
	char filter[VIEW_FILTER_MAX];      /* as typed */
	struct log_filter conditions;      /* of the last text that was right */
	uint64_t version;                  /* grows with each change of what fits */
	struct hunt hunt;
	struct stretch held;               /* struct audit_brief */
	struct account_list accounts;
	struct audit_check check;
	bool rechecks;                     /* it was begun anew while a piece of it was under way */
	char line[400];                    /* what the last cell says */
	bool starts, starts_last;          /* it is read anew from a row (0: the newest), or from the oldest */
	int64_t start_no;
};

/* audit_read.c */
void audit_pump(struct audit_view *view);            /* the question that comes next, if none is under way */
void audit_answer(struct audit_view *view, struct audit_question *answer);
void audit_restart(struct audit_view *view, int64_t no);
void audit_last(struct audit_view *view);            /* to the oldest */
void audit_changed(struct audit_view *view);         /* what fits has changed */
const struct audit_brief *audit_current(const struct audit_view *view); /* NULL: nothing */
const struct account *audit_account(const struct audit_view *view, const char *id);

#endif
