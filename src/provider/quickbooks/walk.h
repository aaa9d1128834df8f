/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How far a type has been read: what to ask next, and what a page says about the one after it.
 *
 * The ledger's pages are separate queries; a record that changes in between moves to the end of the
 * order, and those behind it slide forward. So pages are never counted on. A walk in order of time
 * asks for what is at or after the last time seen, from the first place on (KEYSET). Only where
 * one second holds more than a page is that second walked by places (TIE), and types without a
 * time are walked so as a whole (PLACES): then each page starts with the last record of the one
 * before, and when it does not, something slid and the walk goes back to its first place.
 */
#ifndef QUICKBOOKS_WALK_H
#define QUICKBOOKS_WALK_H

#include "ledgerdeck/core/str.h"
#include "ledgerdeck/provider/provider.h"
#include "query.h"

#define WALK_RESTARTS_MAX 8
#define WALK_SIZE_MIN 10 /* records of a page */

enum walk_kind { WALK_KEYSET, WALK_TIE, WALK_PLACES };

struct walk {
	enum walk_kind kind;
	int size;	     /* records asked for */
	bool whole;	     /* no list of columns: the ledger refused it */
	bool without_active; /* the ledger knows no such property of the type */
	int64_t lower_s;     /* KEYSET: from here on, INT64_MIN: from the start; TIE: the second */
	int64_t start;	     /* TIE, PLACES: first place, from 1 */
	int restarts;	     /* how often something slid, in this second or this list */
	char last_id[64];    /* TIE, PLACES: the record that must come first; "" : none */
};

void walk_start(struct walk *walk, enum walk_kind kind, int64_t from_s, int size);
/* As text, to go on from after a crash. Appended. */
void walk_add_text(const struct walk *walk, struct str *out);
/* False: not such a text. */
bool walk_parse(const char *text, struct walk *ret_walk);

/* What to ask for the next page; `query` has its type and what belongs to no walk. */
void walk_ask(const struct walk *walk, int64_t to_s, struct query *query);
/*
 * Move behind a page of records that were asked for so. `ret_end`: that was the last one. Error
 * REMOTE: the answer makes no sense (not in order, from before what was asked for) or the records
 * keep sliding.
 */
bool walk_move(struct walk *walk, const struct type *type, int64_t to_s, const struct page *page,
	       bool *ret_end, struct error *err);

#endif
