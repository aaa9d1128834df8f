/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A draft's way into the books: postings, links, and what they move in other records. */
#ifndef QUICKBOOKS_DRAFT_H
#define QUICKBOOKS_DRAFT_H

#include "quickbooks/rules.h"

void draft_clear(struct draft *draft);

/*
 * Put an agreed draft into the books: `record` (made, or the old one) gets its postings and links,
 * and all that they move is marked to be rendered anew. Cannot fail.
 */
void draft_commit(struct draft *draft, struct record *record);

/* Take what a record did to others out of the books again (before it is deleted or replaced). */
void draft_withdraw(struct company *company, struct record *record);

/*
 * A document goes or is voided and no longer takes what `payer` gave for it: that is of what the payer has left, which is `left`
 * then, counts for the payer's own customer or vendor, and stands at the payer's own exchange rate.
 */
void draft_release(struct company *company, struct record *payer, const struct record *document, int64_t left);

/* Render everything that was marked: balances, links, times. */
void draft_render(struct company *company);

/* Mark one record; `bump` says whether its SyncToken grows as well as its time. */
void draft_mark(struct company *company, struct record *record, bool bump);

/* Write an object with its MetaData and tokens as the record's text. */
void record_write(struct company *company, struct record *record, json_object *object);
/* The record's text as an object; the caller puts it. */
json_object *record_read(const struct record *record);

/* Open amount: what is left of a record after all that settles it. */
int64_t record_open(const struct record *record);

#endif
