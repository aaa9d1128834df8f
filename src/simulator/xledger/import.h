/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What Xledger makes of imported lines: orders and invoices of invoice lines, vouchers of journal lines. */
#ifndef XLEDGER_IMPORT_H
#define XLEDGER_IMPORT_H

#include "xledger/mutate.h"

/* Put new invoice lines into orders: those of one extOrder and subledger belong together. */
void xl_import_order(struct xl_entity *entity, struct xl_record *const *items, size_t count);
/* Invoice the orders whose time has come, or (now) all that wait. Returns how many. */
size_t xl_import_invoice_due(struct xl_entity *entity);
size_t xl_import_invoice_all(struct xl_entity *entity);
/* Post the journal lines whose time has come, voucher by voucher, or leave errors to be read. */
void xl_import_post_due(struct xl_entity *entity);
/* What is wrong with journal lines before they are taken, if the switch has them refused. */
bool xl_import_check(struct gql_run *run, const struct gql_plan *field, const struct gql_value *inputs);

#endif
