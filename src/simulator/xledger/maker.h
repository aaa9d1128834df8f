/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making records by the names of their fields, for samples and for what the service makes itself. */
#ifndef XLEDGER_MAKER_H
#define XLEDGER_MAKER_H

#include "ledgerdeck/core/date.h"

#include "xledger/books.h"

struct xl_maker {
	const struct xl_type *type;
	struct str pack;
};

struct xl_maker xl_maker_of(const char *type); /* the type must exist; end with add or clear */
/* Fields must exist and not be set yet. A text that is NULL or empty is left out, a number of 0 is not. */
void xl_maker_text(struct xl_maker *maker, const char *field, const char *text);
void xl_maker_number(struct xl_maker *maker, const char *field, int64_t number);
void xl_maker_money(struct xl_maker *maker, const char *field, int64_t cents); /* "12.50" */
void xl_maker_flag(struct xl_maker *maker, const char *field, bool flag);
void xl_maker_date(struct xl_maker *maker, const char *field, struct date date);
void xl_maker_ref(struct xl_maker *maker, const char *field, const struct xl_record *record); /* NULL: left out */
void xl_maker_part(struct xl_maker *maker, const char *field, struct xl_maker *part);         /* clears it */
struct xl_record *xl_maker_add(struct xl_maker *maker, struct xl_entity *entity, int64_t owner, int64_t ms);
void xl_maker_clear(struct xl_maker *maker);

/* A record's field as text, "" when it is null; `out` holds `size` bytes. */
const char *xl_text_of(struct xl_entity *entity, const struct xl_record *record, const char *field, char *out,
		       size_t size);
/* As hundredths; 0 when it is null. */
int64_t xl_cents_of(struct xl_entity *entity, const struct xl_record *record, const char *field);
/* The record that a field refers to; NULL: none. */
struct xl_record *xl_ref_of(struct xl_entity *entity, const struct xl_record *record, const char *field);
/* Set one field of a record (NULL: to null), and tell the delta log. */
void xl_set_text(struct xl_entity *entity, struct xl_record *record, const char *field, const char *text);

#endif
