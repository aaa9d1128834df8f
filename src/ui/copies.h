/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can be copied of what is under the cursor, each by a key of its own: the menu behind that of ACTION_COPY_AS. */
#ifndef UI_COPIES_H
#define UI_COPIES_H

#include "ledgerdeck/core/str.h"
#include "ledgerdeck/model/record.h"
#include "ledgerdeck/store/accounts.h"

struct deck;
struct question;

#define COPIES_MAX 8
#define COPY_JSON 'j' /* of a record: read when it is wanted, where it is not at hand */

struct copy_item {
	char key;
	char what[40];     /* "web address" */
	struct str text;   /* owned; of COPY_JSON empty: it is read */
};

struct copies {
	struct copy_item items[COPIES_MAX];
	size_t count;
	const struct type *type; /* borrowed: the catalogue */
	char account_id[ACCOUNT_ID_MAX], record_id[RECORD_ID_MAX]; /* the record whose JSON is read */
	uint64_t no;       /* as a view's: what it asked is answered to it; 0: nothing is awaited */
};

/* For view_kind's copies: "" is left out. */
void copies_add(struct copies *copies, char key, const char *what, const char *text);
void copies_add_record(struct copies *copies, const char *account_id, const struct type *type, const char *record_id);

/* For the deck alone. */
void copies_open(struct deck *deck);
bool copies_is_reading(const struct deck *deck);
bool copies_answer(struct deck *deck, struct question *question); /* false: not its own; else it is taken */
void copies_clear(struct copies *copies);

#endif
