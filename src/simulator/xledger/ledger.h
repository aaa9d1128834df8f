/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Vouchers with their lines, and the open items of customers and suppliers that tie to them. */
#ifndef XLEDGER_LEDGER_H
#define XLEDGER_LEDGER_H

#include "xledger/maker.h"

struct xl_voucher {
	struct xl_entity *entity;
	const char *source;      /* "AR", "AP", "GL", "OCR", "OS" */
	const char *text;
	struct date date;
	int64_t owner, ms;
	int64_t number;          /* trRegNumber; 0: the next one */
	struct xl_record *header; /* made by xl_voucher_start */
	int position;
};

/* An amount in another currency than the books'. */
struct xl_foreign {
	const struct xl_record *currency;
	int64_t cents;
	const char *rate;
};

struct xl_line {
	const struct xl_record *account, *company, *rule, *object1, *object2;
	int64_t cents, tax_cents;
	const struct xl_foreign *foreign; /* NULL: it is in the books' currency */
	const char *text;
};

struct xl_item {
	const struct xl_record *party, *company, *account, *object1;
	const char *kind;        /* "INVOICE", "CREDIT_MEMO", "ELECTRONIC_PAYMENT" */
	const char *number;      /* invoice number */
	const char *order;       /* extOrder; NULL: none */
	struct date date, due;
	int64_t cents, remaining;
	const struct xl_foreign *foreign; /* NULL: it is in the books' currency */
	int64_t match;           /* matchId; 0: unmatched */
	struct date paid;        /* day 0: not */
};

/* The period of a date, made if there is none. */
struct xl_record *xl_period_of(struct xl_entity *entity, struct date date);
/* By code, in a list of the service's own; must be there. */
struct xl_record *xl_listed(struct xl_entity *entity, const char *type, const char *code);

void xl_voucher_start(struct xl_voucher *voucher);
struct xl_record *xl_voucher_add(struct xl_voucher *voucher, const struct xl_line *line);
/* `receivable`: of a customer; otherwise of a supplier. */
struct xl_record *xl_voucher_add_item(struct xl_voucher *voucher, bool receivable, const struct xl_item *item);
/* A party as records of both ledgers and orders name it. */
struct xl_maker xl_subledger_of(struct xl_entity *entity, const struct xl_record *party);

#endif
