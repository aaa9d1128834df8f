/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is particular to writing one entity. A rule works on a draft: the object as it would
 * stand in the books, and lists of what it would post and settle. Nothing reaches the books
 * before every rule has agreed.
 */
#ifndef QUICKBOOKS_RULES_H
#define QUICKBOOKS_RULES_H

#include <json-c/json.h>

#include "company.h"
#include "ledgerdeck/core/decimal.h"
#include "quickbooks/fault.h"
#include "quickbooks/write.h"

#define DRAFT_POSTINGS_MAX 20000
#define DRAFT_LINKS_MAX 10000

/* What a draft would settle in another record: `cents` of its open balance. */
struct draft_link {
	struct record *target; /* borrowed */
	int64_t cents;
};

struct draft {
	struct company *company;
	const struct entity *entity;
	struct record *old;      /* NULL at create */
	json_object *before;     /* owned: the old record's object; NULL at create */
	json_object *object;     /* owned: what it will be */
	bool sparse, voiding;
	const struct write_options *options;
	struct posting *postings; /* owned */
	size_t posting_count, posting_room;
	struct draft_link *links; /* owned */
	size_t link_count, link_room;
	int64_t balance;         /* open amount before anything settles it, hundredths */
	struct date date;        /* TxnDate */
	struct decimal rate;     /* home units per foreign unit; 1 in the home currency */
};

struct entity_rules {
	const char *entity;
	/* MAY: the record that an object without Id means, by another key; NULL: a new one. */
	struct record *(*find)(struct company *company, json_object *sent);
	/* MAY: fill defaults, check, compute, post. The object's members are already checked by kind. */
	bool (*complete)(struct draft *draft, struct fault *fault);
	/* MAY: write the members that other records' changes move (balances, links) into its object. */
	void (*derive)(struct company *company, struct record *record, json_object *object);
	/* MAY: may it be deleted? (Deposited payments and the like.) */
	bool (*may_delete)(struct company *company, struct record *record, struct fault *fault);
	/* MAY: after it is in the books: what the company keeps beside it. */
	void (*stored)(struct company *company, struct record *record, json_object *object);
};

/* NULL for an entity without rules of its own. */
const struct entity_rules *rules_of(const char *entity);

/* The rules, by family; each file says what its entities have in common. */
bool sale_complete(struct draft *draft, struct fault *fault);     /* sale.c */
void sale_derive(struct company *company, struct record *record, json_object *object);
bool estimate_complete(struct draft *draft, struct fault *fault);
bool purchase_complete(struct draft *draft, struct fault *fault); /* purchase.c */
void purchase_derive(struct company *company, struct record *record, json_object *object);
bool purchase_order_complete(struct draft *draft, struct fault *fault);
bool payment_complete(struct draft *draft, struct fault *fault);  /* payment.c */
void payment_derive(struct company *company, struct record *record, json_object *object);
int payment_direction(const struct record *payer); /* 1: a customer's payment; -1: a bill payment */
/* 1 when settling it takes money of the payer, -1 when it gives (a credit), 0 when it cannot be settled so. */
int payment_sign(const struct record *payer, const struct record *target);
/* What a payment with these lines has not applied. */
int64_t payment_left(struct company *company, const struct record *payer, json_object *object);
bool payment_may_delete(struct company *company, struct record *record, struct fault *fault);
bool bill_payment_complete(struct draft *draft, struct fault *fault);
bool deposit_complete(struct draft *draft, struct fault *fault);  /* transfer.c: money moved and journals */
bool transfer_complete(struct draft *draft, struct fault *fault);
bool card_payment_complete(struct draft *draft, struct fault *fault);
bool journal_complete(struct draft *draft, struct fault *fault);
bool inventory_complete(struct draft *draft, struct fault *fault);
bool time_complete(struct draft *draft, struct fault *fault);
bool account_complete(struct draft *draft, struct fault *fault);  /* list.c */
void account_derive(struct company *company, struct record *record, json_object *object);
bool name_complete(struct draft *draft, struct fault *fault);     /* Customer, Vendor, Employee */
void customer_derive(struct company *company, struct record *record, json_object *object);
void vendor_derive(struct company *company, struct record *record, json_object *object);
bool item_complete(struct draft *draft, struct fault *fault);
void item_derive(struct company *company, struct record *record, json_object *object);
bool list_complete(struct draft *draft, struct fault *fault);     /* Class, Department, Term, ... */
bool currency_complete(struct draft *draft, struct fault *fault); /* special.c */
bool rate_complete(struct draft *draft, struct fault *fault);
bool attachable_complete(struct draft *draft, struct fault *fault);
struct record *rate_find(struct company *company, json_object *sent);
/* RecurringTransaction wraps another entity: {"Invoice":{..,"RecurringInfo":{..}}}. Posts nothing. */
bool recurring_save(struct company *company, json_object *sent, struct str *out, struct fault *fault);
void company_info_stored(struct company *company, struct record *record, json_object *object);
void preferences_stored(struct company *company, struct record *record, json_object *object);

/* ---- for the rules: members of an object ---- */
json_object *object_get(json_object *object, const char *path);         /* NULL; borrowed */
json_object *object_first(json_object *object, const char *path);       /* of a list; NULL: none; borrowed */
const char *object_text(json_object *object, const char *path);         /* "" when missing; borrowed */
bool object_flag(json_object *object, const char *path, bool otherwise);
bool object_number(json_object *object, const char *path, struct decimal *ret_value);
/* Money in hundredths; 0 when missing. */
int64_t object_cents(json_object *object, const char *path);
struct date object_date(json_object *object, const char *path, struct date otherwise);
void object_set(json_object *object, const char *name, json_object *value); /* takes; NULL deletes */
void object_set_text(json_object *object, const char *name, const char *text);
void object_set_flag(json_object *object, const char *name, bool flag);
void object_set_cents(json_object *object, const char *name, int64_t cents);
void object_set_default(json_object *object, const char *name, json_object *value); /* takes; only when missing */
void object_set_date(json_object *object, const char *name, struct date date);
json_object *value_cents(int64_t cents);             /* 12.50, or 0 */
json_object *value_decimal(struct decimal value);    /* as short as exact */
/* {"value":id,"name":..} of a record. */
json_object *value_reference(struct company *company, const struct record *record);
/* "United States Dollar" for the home currency or one of the company's list; NULL: not theirs. New. */
json_object *currency_name(struct company *company, const char *code);
/* The entity that a LinkedTxn's TxnType means ("BillPaymentCheck": BillPayment); NULL: unknown. */
const struct entity *link_entity(const char *txn_type);
struct record *object_target(struct company *company, json_object *object, const char *path,
			     const char *entities); /* NULL when missing or unknown */

/* ---- for the rules: postings and links ---- */
/* Post hundredths of the transaction's currency (debit positive); home amount by the draft's rate. */
void draft_post(struct draft *draft, struct record *account, struct record *party, int64_t foreign);
void draft_post_home(struct draft *draft, struct record *account, struct record *party, int64_t cents,
		     int64_t foreign);
/* Let rounding of the exchange rate end in the last line that is no party's: the sum must be zero. */
void draft_balance(struct draft *draft);
void draft_settle(struct draft *draft, struct record *target, int64_t cents);
/* TxnDate, currency, exchange rate, closing date; the first thing that every transaction does. */
bool draft_begin(struct draft *draft, struct record *party, struct fault *fault);
bool draft_number(struct draft *draft, int64_t *next, bool always, struct fault *fault); /* DocNumber */
int64_t draft_home(const struct draft *draft, int64_t foreign);

/* The first account of a type (and subtype when not NULL) in a currency; made when there is none. */
struct record *account_of(struct company *company, const char *type, const char *subtype,
			  const char *name, const char *currency);
/* Is its AccountType one of "Bank|Credit Card"? */
bool account_is(const struct record *account, const char *types);
/* The account that is the company's own for a purpose; made when there is none. */
struct record *account_receivable(struct company *company, const char *currency);
struct record *account_payable(struct company *company, const char *currency);
struct record *account_undeposited(struct company *company);
struct record *account_equity(struct company *company);      /* Opening Balance Equity */
struct record *account_exchange(struct company *company);    /* Exchange Gain or Loss */
struct record *account_sales_tax(struct company *company, const char *agency);

#endif
