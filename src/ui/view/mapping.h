/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an account's codes stand for, for the files of its view: codes on the left, what could take them on the right. */
#ifndef UI_VIEW_MAPPING_H
#define UI_VIEW_MAPPING_H

#include "ledgerdeck/sync/mapping.h"
#include "listing.h"
#include "view.h"

/* Columns that are as wide as what stands in them: of the left pane, then of the right one. */
enum mapping_wide { WIDE_CODE, WIDE_TARGET, WIDE_AMOUNT, WIDE_NUMBER, WIDE_KIND, WIDE_BALANCE, MAPPING_WIDE };

enum mapping_pane { PANE_CODES, PANE_CANDIDATES, MAPPING_PANES };

struct mapping_row { /* of the left pane: a code, or the default of a target */
	struct mapper_code code;     /* of a default its code is "" */
	bool unset;                  /* a default that there is none of */
};

/* What the reader's thread finds out; the mapper goes with it and comes back. */
struct mapping_answer {
	struct question question;
	const struct catalogue *catalogue; /* borrowed */
	char account_id[ACCOUNT_ID_MAX];   /* "" : the first there is */
	char wanted[LISTING_ID_MAX];       /* the code whose candidates are wanted; "" : the first */
	struct mapper *mapper;             /* owned; NULL when asked: all is read anew */
	bool anew;                         /* it was: what follows up to `version` is filled */
	struct account account;
	struct mapping_row *rows;          /* owned */
	size_t row_count, room;
	size_t open, bad;                  /* codes */
	struct mapping_change undo, redo;  /* the version that can be taken back, and the one that took one back; their number 0: none */
	int widest[MAPPING_WIDE];          /* columns of the longest */
	/* of the wanted code */
	char about[LISTING_ID_MAX];        /* "" : there is none */
	struct mapper_candidate *items;    /* owned: suggestions first, then all in their order */
	size_t suggested, item_count;
	struct mapper_effect effect;       /* of a rule for it */
};

struct mapping_view {
	struct view view;
	char account_id[ACCOUNT_ID_MAX];   /* "" : the first there is */
	struct mapping_answer *found;      /* owned: rows and account; NULL: nothing yet */
	struct mapping_answer *sight;      /* owned, or `found` itself: candidates; NULL: none yet */
	struct mapper *mapper;             /* owned; NULL: it is on its way */
	struct listing lists[MAPPING_PANES];
	char filters[MAPPING_PANES][VIEW_FILTER_MAX];
	bool needed_only;                  /* only codes that stand for nothing, or for what does not do */
	enum mapping_pane focus;
};

/* Borrowed until the next answer; NULL: there is none. */
const struct mapping_row *mapping_row(const struct mapping_view *view);                 /* under the cursor */
const struct mapper_candidate *mapping_candidate(const struct mapping_view *view);      /* under the cursor */
const struct mapper_candidate *mapping_suggestion(const struct mapping_view *view);     /* that "accept" would take */
bool mapping_is_at_hand(const struct mapping_view *view); /* the candidates are those of the code under the cursor */
struct listing_source mapping_source(const struct mapping_view *view, enum mapping_pane pane);
void mapping_arrange(struct mapping_view *view, enum mapping_pane pane);

/* mapping_read.c */
void mapping_ask(struct mapping_view *view, bool anew);
void mapping_answer_free(struct mapping_answer *answer); /* NULL does nothing */
const char *mapping_code_word(const struct mapper_code *code); /* of a default, too */
void mapping_row_id(const struct mapper_code *code, char *out /* LISTING_ID_MAX */);

/* mapping_save.c: what changes the rules, asking first where much hangs on it */
void mapping_map(struct mapping_view *view, const struct mapper_candidate *candidate /* NULL: take the rule away */);
void mapping_accept_all(struct mapping_view *view);
void mapping_take_back(struct mapping_view *view, bool again);

/* mapping_draw.c */
void mapping_draw(struct mapping_view *view, struct canvas *canvas, struct rect rect);

#endif
