/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files that make a sample company share: its plan, how far it has come, and the few
 * ways of writing a record. Everything goes through write.c, so the rules and the double entry
 * are those of client data; bulk.c alone writes texts by itself, and a test compares.
 */
#ifndef SAMPLE_IMPL_H
#define SAMPLE_IMPL_H

#include "company.h"
#include "ledgerdeck/core/decimal.h"
#include "ledgerdeck/core/str.h"
#include "ledgerdeck/simulator.h"
#include "quickbooks/rules.h"
#include "sample/names.h"

#define SAMPLE_DAYS 730 /* from the founding to the last working day */

struct bulk;

/* What is made again and again over the two years; each has a function in sample.c's table. */
enum sample_document {
	DOCUMENT_CUSTOMER,
	DOCUMENT_INVOICE,
	DOCUMENT_ESTIMATE,
	DOCUMENT_RECEIPT,
	DOCUMENT_REFUND,
	DOCUMENT_CREDIT,
	DOCUMENT_BILL,
	DOCUMENT_VENDOR_CREDIT,
	DOCUMENT_PURCHASE,
	DOCUMENT_ORDER,
	DOCUMENT_JOURNAL,
	DOCUMENT_TRANSFER,
	DOCUMENT_CARD_PAYMENT,
	DOCUMENT_ADJUSTMENT,
	DOCUMENT_TIME,
	DOCUMENT_CHARGE,
	DOCUMENT_NOTE,
	DOCUMENT_COUNT
};

/* Ledger accounts by what the sample uses them for; a kind need not have them all. */
enum sample_account {
	ACCOUNT_NONE,
	ACCOUNT_BANK,
	ACCOUNT_SAVINGS,
	ACCOUNT_CASH,
	ACCOUNT_OLD_BANK,
	ACCOUNT_CARD,
	ACCOUNT_STOCK,
	ACCOUNT_PREPAID,
	ACCOUNT_EQUIPMENT,
	ACCOUNT_WORN,
	ACCOUNT_PAYROLL_TAX,
	ACCOUNT_LOAN,
	ACCOUNT_EQUITY,
	ACCOUNT_DRAWINGS,
	ACCOUNT_SALES,
	ACCOUNT_SERVICES,
	ACCOUNT_REPAIRS,
	ACCOUNT_DISCOUNT,
	ACCOUNT_COGS,
	ACCOUNT_SHRINKAGE,
	ACCOUNT_RENT,
	ACCOUNT_POWER,
	ACCOUNT_PHONE,
	ACCOUNT_OFFICE,
	ACCOUNT_ADS,
	ACCOUNT_INSURANCE,
	ACCOUNT_FEES,
	ACCOUNT_TRAVEL,
	ACCOUNT_MEALS,
	ACCOUNT_FUEL,
	ACCOUNT_WAGES,
	ACCOUNT_DEPRECIATION,
	ACCOUNT_INTEREST,
	ACCOUNT_INTEREST_EARNED,
	ACCOUNT_COUNT
};

enum sample_code { CODE_STANDARD, CODE_OTHER, CODE_ZERO, CODE_FOREIGN, CODE_COUNT };

struct sample_item {
	const char *name, *category, *description, *sku;
	const char *type; /* "Service", "Inventory", "NonInventory", "Group", "Category" */
	enum sample_account income;
	int price, cost; /* hundredths */
	int quantity;	 /* stock at the beginning */
	bool taxable;
	enum sample_code code;
};

struct sample_chart_row {
	enum sample_account use;
	const char *number, *name, *parent, *type, *subtype;
};

struct sample_kind {
	const char *name, *company, *legal;
	const char *country, *currency;
	const char *user, *other;	/* who writes through the API, and in the browser */
	enum language language;		/* of its own address */
	const enum language *languages; /* of its customers and vendors, ended by LANGUAGE_COUNT */
	enum tax_mode tax;
	bool multicurrency, custom_numbers, closes_books;
	const char *custom_field; /* NULL: none */
	int open_hour;		  /* on the clock of the US Pacific coast */
	int vendors, employees,
		leaving; /* leaving: customers that become inactive, on top of the others */
	const struct sample_chart_row *chart;
	size_t chart_count;
	const struct sample_item *items;
	size_t item_count;
	int counts[DOCUMENT_COUNT]; /* over the two years */
};

struct sample_list {
	struct record **records; /* owned array of borrowed records */
	size_t count, room;
};

struct sample;

/* Something to be done to a record on a day to come. */
struct sample_plan {
	int32_t day;
	struct record *record;
	void (*run)(struct sample *sample, struct record *record);
};

struct sample {
	struct company *company;
	const struct sample_kind *kind;
	struct names names;
	int64_t end_ms; /* no record is later */
	struct date first, last, today;
	int month; /* of the last working day */
	int wanted[DOCUMENT_COUNT], made[DOCUMENT_COUNT];
	struct record *accounts[ACCOUNT_COUNT]; /* NULL: the kind has none */
	struct record *codes[CODE_COUNT];	/* tax codes; NULL: none */
	struct sample_list customers, vendors, employees, leaving, items, stock, bundles, terms,
		methods, classes, departments, types, undeposited;
	struct record *old_item, *old_class; /* used in the first year only, then inactive */
	struct sample_plan *plans;	     /* owned */
	size_t plan_count, plan_room;
	struct bulk *bulk; /* owned; NULL: nothing beyond the kind's own numbers */
};

/* ---- kinds.c */
const struct sample_kind *sample_kind_named(const char *name); /* NULL: unknown */

/* ---- make.c: records, times, chance */
struct record *sample_add(struct sample *sample, const char *entity, struct str *form);
/* Change members of a record: `members` is "\"Active\":false". */
struct record *sample_change(struct sample *sample, struct record *record, const char *members);
void sample_void(struct sample *sample, struct record *record);
void sample_delete(struct sample *sample, struct record *record);
void sample_tick(struct sample *sample, int64_t seconds);
void sample_plan(struct sample *sample, int days, struct record *record,
		 void (*run)(struct sample *sample, struct record *record));
int sample_chance(struct sample *sample, int limit); /* 0 to limit - 1 */
bool sample_percent(struct sample *sample, int percent);
void sample_list_add(struct sample_list *list, struct record *record);
struct record *sample_pick(struct sample *sample, const struct sample_list *list); /* NULL: empty */
void sample_text(const struct record *record, const char *path,
		 struct str *out); /* replaces `out` */
bool sample_has(const struct record *record, const char *path, const char *text);
int64_t sample_cents(const struct record *record, const char *path);
/* The record that a member such as "CustomerRef" names; NULL when there is none. */
struct record *sample_target(struct sample *sample, const struct record *record,
			     const char *reference, const char *entity);
/* The day that the clock shows, and another before or after it. */
struct date sample_day(const struct sample *sample, int days);

/* ---- make.c: JSON text, member by member */
void form_open(struct str *form); /* '{', after a comma where one is needed */
void form_open_member(struct str *form, const char *name, char bracket);
void form_close(struct str *form, char bracket);
void form_text(struct str *form, const char *name, const char *text); /* not when NULL or empty */
void form_raw(struct str *form, const char *name, const char *json);
void form_ref(struct str *form, const char *name, const struct record *record); /* not when NULL */
void form_date(struct str *form, const char *name, struct date date);
void form_cents(struct str *form, const char *name, int64_t cents);

/* ---- settings.c: the company itself, taxes, currencies */
void settings_make(struct sample *sample);
void settings_rates(struct sample *sample); /* exchange rates of the month */
void settings_close_books(struct sample *sample);
struct date settings_closing_day(const struct sample *sample);

/* ---- chart.c: accounts, items and the small lists */
void chart_make(struct sample *sample);
void chart_make_items(struct sample *sample);
void chart_retire(struct sample *sample); /* makes some inactive */

/* ---- party.c: customers, vendors, employees */
void party_make(struct sample *sample);
bool party_add_customer(struct sample *sample);
void party_retire(struct sample *sample);

/* ---- document.c: sales forms */
bool document_invoice(struct sample *sample);
bool document_estimate(struct sample *sample);
bool document_receipt(struct sample *sample);
bool document_refund(struct sample *sample);
bool document_credit(struct sample *sample);

/* ---- settle.c: payments, deposits, bill payments */
void settle_invoice(struct sample *sample, struct record *invoice);
void settle_part(struct sample *sample, struct record *invoice);
void settle_credit(struct sample *sample, struct record *credit);
void settle_journal(struct sample *sample, struct record *journal);
void settle_bill(struct sample *sample, struct record *bill);
void settle_deposit(struct sample *sample);

/* ---- spend.c: bills and other purchases */
bool spend_bill(struct sample *sample);
bool spend_vendor_credit(struct sample *sample);
bool spend_purchase(struct sample *sample);
bool spend_order(struct sample *sample);

/* ---- ledger.c: what is neither sold nor bought */
void ledger_open(struct sample *sample); /* opening balances, budget, templates */
bool ledger_journal(struct sample *sample);
bool ledger_transfer(struct sample *sample);
void ledger_close_bank(struct sample *sample,
		       struct record *bank); /* what is left moves to the first */
bool ledger_card_payment(struct sample *sample);
bool ledger_adjustment(struct sample *sample);
bool ledger_time(struct sample *sample);
bool ledger_charge(struct sample *sample);
bool ledger_note(struct sample *sample);

/* ---- bulk.c: what is asked for beyond the kind's own numbers */
struct bulk *bulk_new(struct sample *sample, int64_t customers, int64_t invoices);
void bulk_free(struct bulk *bulk); /* NULL does nothing */
void bulk_day(struct bulk *bulk);  /* an import, when it is time for one */
void bulk_end(struct bulk *bulk);  /* into the company's tables */

#endif
