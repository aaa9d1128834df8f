/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What lines of all transactions share: their ids, their amounts, the addresses beside them. */
#ifndef QUICKBOOKS_LINES_H
#define QUICKBOOKS_LINES_H

#include "quickbooks/rules.h"

/* The draft's lines (never NULL; an empty array when there are none). Borrowed. */
json_object *lines_of(struct draft *draft);
/* DetailType of a line; 2020 when it says none or has no such detail. */
bool line_detail(json_object *line, const char **ret_type, json_object **ret_detail, struct fault *fault);
/* A line's amount in hundredths; 2020 when missing, 6070 when it is not Qty times UnitPrice. */
bool line_amount(json_object *line, json_object *detail, int64_t *ret_cents, struct fault *fault);
/* Keep the Id of lines that the old record has, give the others new ones; number them from 1. */
void lines_number(struct draft *draft, json_object *lines, int first_id);
/* Give an address that has changed a new id, one that has not its old. */
void address_settle(struct draft *draft, const char *member);
/* "CustomField": the company's definitions, with the values that were sent. */
void custom_fields(struct draft *draft);

/* LinkedTxn: who pays or deposits the record, newest first, then what it came from, as it was sent. */
void links_derive(const struct record *record, json_object *object);
/* The TxnType that a link to a record carries: "BillPaymentCheck" for every bill payment. */
const char *link_type(const struct record *record);

#endif
