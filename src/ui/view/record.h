/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One record, for the files that show it. */
#ifndef UI_VIEW_RECORD_H
#define UI_VIEW_RECORD_H

#include "format.h"
#include "ledgerdeck/store/references.h"
#include "pager.h"
#include "view.h"

struct kept_version {
	struct record_version version;
	struct str raw;            /* as people may see it, once all is read */
	struct str changes;        /* as people may see them: a line for each field: its path, a tab, before and after */
	size_t more;               /* fields that changed, besides: they are not told */
};

struct record_answer {
	struct question question;
	char account_id[ACCOUNT_ID_MAX];
	const struct type *type;
	char id[RECORD_ID_MAX];
	bool wants_history;
	int64_t then_ms;           /* as the mirror had it then; 0: as it is */
	bool has_object, found;
	struct account account;
	struct object object;
	struct record_row row;     /* borrows from `texts` */
	struct record_version version; /* of then */
	enum personal personal;
	struct str whole, texts;   /* its bytes as they are: what is shown is `raw` */
	struct str raw;            /* as people may see it */
	const struct catalogue *catalogue; /* borrowed */
	struct references references; /* owned */
	struct kept_version *versions; /* owned; the newest first */
	size_t version_count, version_room;
	bool has_older;            /* versions, than those: they are not told */
};

struct record_link {
	const struct type *type;   /* borrowed: the catalogue */
	char id[RECORD_ID_MAX];
	char filter[200];          /* "" : the record with that id; else all that fit */
};

enum record_shows { RECORD_FIELDS, RECORD_RAW, RECORD_HISTORY };

struct record_view {
	struct view view;
	char account_id[ACCOUNT_ID_MAX];
	const struct type *type;   /* borrowed: the catalogue */
	char id[RECORD_ID_MAX];
	struct record_answer *found; /* owned */
	enum record_shows shows;
	int64_t then_ms;           /* as the mirror had it then; 0: as it is */
	size_t version;            /* of the history, from 1 on, as a whole; 0: all of them */
	struct record_link *links; /* owned; by their numbers in the text, from 1 on */
	size_t link_count, link_room;
	struct pager pager;
};

void record_write(struct record_view *view); /* record_text.c: what is shown, anew */

#endif
