/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Invoices of an account that are taken back by a credit note, and the documents that were made for it. */
#ifndef LEDGERDECK_STORE_CREDIT_NOTES_H
#define LEDGERDECK_STORE_CREDIT_NOTES_H

#include "ledgerdeck/store/resources.h"

struct credit_note {
	char account_id[ACCOUNT_ID_MAX];
	int64_t invoice, note;       /* resources */
	int64_t payment;             /* which applies the note to the invoice; 0: none */
};
bool credit_notes_get(struct store *store, const char *account_id, int64_t invoice, struct credit_note *ret_note, bool *ret_found,
		      struct error *err);
/* Whose note or payment a resource is. */
bool credit_notes_of(struct store *store, int64_t resource, struct credit_note *ret_note, bool *ret_found, struct error *err);
/* New, or with another payment. In a transaction (asserted). */
bool credit_notes_put(struct store *store, const struct credit_note *note, struct error *err);
bool credit_notes_all(struct store *store, const char *account_id, bool (*each)(void *ctx, const struct credit_note *note), void *ctx,
		      struct error *err);

#endif
