/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a record names in lists, such as the payments of an invoice, and which of these name it in turn: the way back. No index is
 * kept for it and nothing is searched: a ledger that links two documents tells both of them (QuickBooks: Payment.Line.LinkedTxn and
 * Invoice.LinkedTxn, Deposit.Line.LinkedTxn and Payment.LinkedTxn, Invoice.LinkedTxn and Estimate.LinkedTxn). So the records that
 * can point to one are those that it names, at most REFERENCES_MAX, each found by its id: as quick beside ten million others.
 * What a ledger tells one side only, as a payment of a journal entry, is seen from that side.
 */
#ifndef LEDGERDECK_STORE_REFERENCES_H
#define LEDGERDECK_STORE_REFERENCES_H

#include "ledgerdeck/store/records.h"

#define REFERENCES_MAX 200

struct reference {
	const struct type *type;     /* borrowed: the catalogue; NULL: it has no such type */
	struct record_reference to;
	bool found;                  /* the mirror has it: */
	enum record_state state;
	char title[100];             /* cut */
	bool points_back;            /* it names the record, too */
};
struct references {
	struct reference *items;     /* owned */
	size_t count;
	size_t back;                 /* of them that point back */
	bool more;                   /* it names more than REFERENCES_MAX */
};
void references_clear(struct references *references);
/* Of the record of an account that has these bytes; `ret_references` is empty or cleared before. */
bool references_find(struct store *store, const struct catalogue *catalogue, const char *account_id, const struct type *type,
		     const char *id, const struct str *raw, struct references *ret_references, struct error *err);

#endif
