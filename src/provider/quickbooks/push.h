/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing to QuickBooks Online: what its files share. Forms and rules after Intuit's documentation and recorded answers. */
#ifndef QUICKBOOKS_PUSH_H
#define QUICKBOOKS_PUSH_H

#include "ledgerdeck/provider/push.h"
#include "push_parts.h"

extern const struct provider_push quickbooks_push;

/* push_rows.c: where a resource's fields stand in the ledger's record. */
struct push_row {
	const char *field;           /* of the resource */
	const char *path;            /* in the record */
	int max;                     /* characters of a text; 0: no limit known */
	const char *words;           /* VALUE_WORD: "service=Service noninventory=NonInventory" */
};
struct push_rows {
	const char *type;            /* of the resource */
	const char *record;          /* "Invoice" */
	const struct push_row *rows;
	size_t count;
	const struct push_row *lines; /* in a line's detail */
	size_t line_count;
};
const struct push_rows *push_rows_of(const struct resource_type *type); /* NULL: the ledger has no such thing */

/* Write a text by its row: cut or refused where it is too long, as the policy says. */
void push_row_text(struct translating *work, struct shape *shape, const struct push_row *row, struct str *text);
/* Write a field by its row, as far as it is there. */
void push_field(struct translating *work, struct shape *shape, struct json_slice object, bool line, const struct push_row *row);

/* push_lines.c: the lines of a document, and what they do to the books. */
void push_lines(struct translating *work, struct shape *shape);

/* push_compare.c */
void quickbooks_compare(const char *type, struct json_slice body, struct json_slice raw, struct push_changes *changes);
void quickbooks_update(const char *type, struct json_slice body, struct json_slice raw, struct str *out);
void quickbooks_landed(const char *type, struct json_slice body, struct json_slice raw, struct str *out);
void quickbooks_likeness(const char *type, struct json_slice raw, struct likeness *ret_likeness);
void quickbooks_standing(const char *type, struct json_slice raw, struct standing *ret_standing);
void quickbooks_facts(enum target target, struct json_slice raw, struct target_facts *ret_facts);
bool quickbooks_voidable(const char *type, bool delete, struct json_slice raw, char *ret_why);

/* push_send.c */
size_t quickbooks_envelope(const struct push_item *items, size_t count, char *path, struct str *body);
bool quickbooks_send(struct connection *connection, const char *path, const char *key, const char *body, size_t len,
		     const struct push_item *items, size_t count, struct page *page, struct push_answer *answers, struct error *err);

enum push_refusal quickbooks_refusal(const struct error *error);

#define PUSH_TAG "ledgerdeck " /* before the resource's id, at the end of a private note */

#endif
