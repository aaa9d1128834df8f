/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A company's books in memory: per entity a table of records, each held as the JSON text that the
 * API hands out, with what queries and reports ask for beside it. Money is in hundredths of the
 * home currency; a debit is positive.
 */
#ifndef COMPANY_H
#define COMPANY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/random.h"
#include "quickbooks/entity.h"

#define ID_MAX 24 /* bytes of the longest id with its NUL: ids are digits, beyond 2^63 too */

struct posting {
	struct record *account; /* borrowed: the company's Account table; ledger accounts never go */
	struct record *party;   /* borrowed: Customer or Vendor whose open balance it moves, Item whose
				   stock it moves; else NULL */
	int64_t cents;          /* home currency; debit positive */
	int64_t foreign;        /* the same in the transaction's currency; hundredths of a piece for items */
};

/* A record that settles another: a payment on an invoice, a deposit of a payment. */
struct link {
	struct record *from;    /* borrowed: the paying record */
	int64_t cents;          /* in the currency of the transaction */
};

struct record {
	const struct entity *entity; /* borrowed: the table of entities */
	char *text;               /* owned: compact JSON object, members in the entity's order */
	size_t len;
	char id[ID_MAX];
	int32_t sync_token;
	int64_t created_ms;       /* whole seconds */
	int64_t updated_ms;       /* whole seconds */
	struct date date;         /* TxnDate; day 0 where there is none */
	bool active;              /* false: a list object made inactive */
	bool dirty;               /* on the company's list of what the state file lacks */
	bool stale;               /* on the company's list of what must be rendered anew */
	uint32_t posting_count;
	uint32_t link_count;
	struct posting *postings; /* owned: what it did to the ledger accounts */
	struct link *links;       /* owned: what settles it */
	struct record *above;     /* borrowed: its parent in the same table, NULL at the top */
	int64_t below;            /* sum of the balances of all records below it */
	struct record *next_dirty, *next_stale; /* borrowed: the company's lists */
	int64_t balance;          /* hundredths: Account: sum of postings, home; Customer, Vendor: open, in
				     their currency; sales and bills: open; Payment and credits: left */
};

struct tombstone {
	char id[ID_MAX];
	int64_t deleted_ms;
};

struct table {
	struct record **by_id;    /* owned records; ascending by length and digits of the id */
	struct record **by_time;  /* ascending by updated_ms, then as they came */
	struct record **by_name;  /* valid while name_count is count; list entities only */
	size_t count, name_count, room;
	size_t inactive_count;
	struct tombstone *tombstones; /* ascending by time */
	size_t tombstone_count, tombstone_room;
};

enum tax_mode { TAX_NONE, TAX_US_MANUAL, TAX_US_AUTOMATED, TAX_VAT };

/* What the company's Preferences and CompanyInfo say, kept beside them for the rules. */
struct preferences {
	char country[4];           /* "US", "DE" */
	char home_currency[4];
	bool multicurrency;
	enum tax_mode tax_mode;
	bool custom_numbers;       /* CustomTxnNumbers */
	bool uses_discount;        /* AllowDiscount */
	struct date book_close;    /* transactions on or before are refused; day INT32_MIN: open */
	int fiscal_month;          /* 1 to 12 */
	char default_term[ID_MAX]; /* Term id, "" for none */
	char default_tax_code[ID_MAX]; /* US manual: TaxCode for TAX lines; VAT: the standard code */
	char custom_field[40];     /* name of the sales forms' own field, "" for none */
};

struct company {
	struct simulator *simulator; /* borrowed: its world */
	char realm[ID_MAX];
	char *name;                  /* owned */
	char kind[12];               /* of sample: "us", ... */
	char user_name[40];          /* who writes through the API: "Leo Nikkila" */
	char other_name[40];         /* who edits in the browser, named by 5010 */
	struct preferences preferences;
	struct table tables[ENTITY_MAX];
	int64_t next_name_id;        /* Customer, Vendor and Employee share one sequence */
	int64_t next_txn_id;         /* all transactions share one */
	int64_t next_list_id[ENTITY_MAX]; /* the others have one each */
	int64_t next_number;         /* next DocNumber of sales forms */
	int64_t next_bill_number;    /* check numbers of bill payments and checks */
	int64_t next_address_id;
	struct record *dirty, *stale; /* borrowed: heads of the lists of changed records */
	bool loading;                /* sample data is being made: times come from `loading_ms` */
	int64_t loading_ms;
	bool suspended;              /* subscription ended: writes get 6190 */
	struct random random;        /* sample data */
	struct replays *replays;     /* owned: answers by requestid; NULL: none yet */
	uint64_t query_plan_scans;   /* records looked at by queries, for tests */
};

struct company *company_new(struct simulator *simulator, const char *realm, const char *name);
void company_free(struct company *company); /* NULL does nothing */

struct table *company_table(struct company *company, const struct entity *entity);
/* NULL when there is none. Inactive records are found too. */
struct record *company_find(struct company *company, const struct entity *entity, const char *id);
/* The same by the entity's name, which must exist. */
struct record *company_get(struct company *company, const char *entity, const char *id);

/* Records in name order (case folded FullyQualifiedName, DisplayName or Name), sorted when needed. */
struct record **table_by_name(struct table *table);
/* First place in by_time whose updated_ms is at least `ms`. */
size_t table_time_bound(const struct table *table, int64_t ms);

/* A new record with the next id of its sequence, not yet in its table. */
struct record *company_make(struct company *company, const struct entity *entity);
/* Put a made record into its table, or tell the table that updated_ms moved from `old_updated_ms`. */
void company_add(struct company *company, struct record *record);
void company_touch(struct company *company, struct record *record, int64_t updated_ms);
/* Put many made records of one entity, ascending by id, into their table at once. */
void company_add_all(struct company *company, const struct entity *entity, struct record *const *records,
		     size_t count);
/* Take it out for good and leave a tombstone. Frees the record; links from it must be gone. */
void company_remove(struct company *company, struct record *record, int64_t deleted_ms);
/* Take back what was made of an entity since its next id was `next_id`, as if it had never been. */
void company_take_back(struct company *company, const struct entity *entity, int64_t next_id);
void record_set_text(struct record *record, char *text, size_t len); /* takes `text` */
void record_free(struct record *record);

/* The time that a change gets: whole seconds of now, or of the sample's own time while loading. */
int64_t company_stamp_ms(const struct company *company);
struct date company_today(const struct company *company);

/* Set who is above a record, from its text, and move its balance from the old tree to the new. */
void company_place(struct company *company, struct record *record);
/* Put a record on the list of what the state file lacks; company_add and company_touch do it too. */
void company_mark_dirty(struct company *company, struct record *record);

int id_compare(const char *a, const char *b); /* by length, then digits */

#endif
