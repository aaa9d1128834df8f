/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writing to Xledger: what its files share. Customers and suppliers are written as they are; invoices, credit memos and bills
 * as vouchers through the journal import, all lines of one in one call. Names after the field lists of public clients.
 */
#ifndef XLEDGER_PUSH_H
#define XLEDGER_PUSH_H

#include "push_parts.h"

extern const struct provider_push xledger_push;

#define PUSH_NODES_MAX 500 /* of one call, says the vendor's help */

/* push_rows.c: where a resource's fields stand. */
struct push_row {
	const char *field;     /* of the resource */
	const char *input;     /* in what is sent */
	const char *path;      /* in the record */
};
struct push_rows {
	const char *type;      /* of the resource */
	const char *record;    /* "customers" */
	const char *plural;    /* in mutations: "Customers" */
	const struct push_row *rows; /* of a voucher: what of its party's line the record shows again */
	size_t count;
	bool voucher;
};
const struct push_rows *xledger_rows_of(const struct resource_type *type); /* NULL: the ledger has no such thing */
const struct push_rows *xledger_rows_of_record(const char *record); /* the first of them */

/* push_voucher.c: {"items":[..]}, the party's line first. */
void xledger_voucher(struct translating *work, struct str *out);
/* The first line of a voucher's body; JSON_NONE: it is none. */
struct json_slice xledger_voucher_head(struct json_slice body);

/* push_compare.c */
void xledger_compare(const char *type, struct json_slice body, struct json_slice raw, struct push_changes *changes);
void xledger_update(const char *type, struct json_slice body, struct json_slice raw, struct str *out);
void xledger_landed(const char *type, struct json_slice body, struct json_slice raw, struct str *out);
void xledger_likeness(const char *type, struct json_slice raw, struct likeness *ret_likeness);
void xledger_standing(const char *type, struct json_slice raw, struct standing *ret_standing);
void xledger_facts(enum target target, struct json_slice raw, struct target_facts *ret_facts);
bool xledger_voidable(const char *type, bool delete, struct json_slice raw, char *ret_why);

/* push_send.c */
size_t xledger_envelope(const struct push_item *items, size_t count, char *path, struct str *body);
bool xledger_send(struct connection *connection, const char *path, const char *key, const char *body, size_t len,
		  const struct push_item *items, size_t count, struct page *page, struct push_answer *answers, struct error *err);
int xledger_asks(const char *type);
enum push_refusal xledger_refusal(const struct error *error);

/* push_posted.c: what the import made of vouchers. */
struct posting_question {
	const struct push_item *item;
	char (*imported)[RECORD_ID_MAX]; /* ids of its lines, as the import gave them */
	size_t imported_count;
	struct push_answer *answer;      /* filled */
};
/* One call for all. The records borrow from `page`. False: nothing could be learnt. */
bool xledger_posted(struct connection *connection, struct posting_question *questions, size_t count, struct page *page, struct error *err);
enum push_look xledger_look(struct connection *connection, const struct push_item *item, struct page *page, struct push_answer *answer,
			    struct error *err);
/* What marks one try of a voucher in the import. */
void xledger_mark(const struct push_item *item, struct str *out);

#endif
