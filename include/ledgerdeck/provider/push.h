/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writing to a ledger, as a provider translates it: what becomes of a resource, what a record lacks of it, how several go
 * together, and what came back. All but send() is pure and looks at the mirror through a desk. Nothing is decided here.
 */
#ifndef LEDGERDECK_PROVIDER_PUSH_H
#define LEDGERDECK_PROVIDER_PUSH_H

#include "ledgerdeck/model/plan.h"
#include "ledgerdeck/model/policy.h"
#include "ledgerdeck/model/record.h"
#include "ledgerdeck/model/resource.h"
#include "ledgerdeck/provider/provider.h"

/* How a company's ledger taxes sales. */
enum company_tax {
	COMPANY_TAX_NONE,        /* not at all */
	COMPANY_TAX_AUTOMATED,   /* the ledger computes it from addresses: it can't be foretold */
	COMPANY_TAX_DOCUMENT,    /* one code for the document, lines are taxable or not */
	COMPANY_TAX_LINE,        /* a code on each line */
};
const char *company_tax_word(enum company_tax tax); /* "automated" */

/* What holds for all documents of a company. */
struct company {
	char home[8];            /* home currency */
	char country[8];
	bool currencies;         /* it keeps books in others, too */
	bool has_close;
	struct date close;       /* the last day of closed books */
	enum company_tax tax;
	bool keeps_numbers;      /* documents keep the numbers that they are sent with */
	bool applies_credits;    /* by itself, to new invoices */
};

/* Whom a translation asks. One thread's; what it hands out is borrowed until the translation ends. */
struct desk {
	const struct company *company;
	const struct policies *policies;
	const struct date *dated;    /* instead of the document's own date; NULL: its own */
	bool own_tax;                /* a person wants the document's own tax to stand there, not what the ledger computes */
	struct json_slice stands;    /* its record, which is to become so; JSON_NONE: it is not in the ledger yet */
	/* The id of what a code stands for, as the plan has it; "@rsrc_..@" while it is still to be written. False: it can't be told,
	 * and the desk has noted why. `field` is whose code it is. */
	bool (*code)(void *ctx, const struct resource_field *field, bool line, const char *code, size_t len,
		     char *ret_id /* RECORD_ID_MAX */);
	/* The rate of a currency on a day by the account's own table, and from which day on it holds. False: `ret_why` (160 bytes). */
	bool (*rate)(void *ctx, const char *currency, struct date day, struct decimal *ret_rate, struct date *ret_from, char *ret_why);
	/* A mirrored record's bytes; false: there is none. */
	bool (*record)(void *ctx, const char *type, const char *id, struct json_slice *ret_raw);
	void *ctx;
};

/* What it would do to a ledger account. */
enum posting_kind { POSTING_ACCOUNT, POSTING_RECEIVABLE, POSTING_PAYABLE, POSTING_TAX, POSTING_UNDEPOSITED, POSTING_UNKNOWN,
		    POSTING_KIND_COUNT };
const char *posting_word(enum posting_kind kind); /* "A/R" */
struct posting {
	enum posting_kind kind;
	char account[RECORD_ID_MAX]; /* POSTING_ACCOUNT: its id */
	struct decimal amount;       /* of the document's currency; debits are positive */
};

struct obstacle { /* why it can't be written as it is */
	enum plan_reason reason;
	char text[200];
};
#define OBSTACLES_MAX 16
#define POSTINGS_MAX 64

struct translation {
	struct str body;             /* owned: what the ledger is to get, without id and version */
	struct str notes;            /* owned: a line each of what was done to make it fit ("memo cut to 4000 characters") */
	struct obstacle obstacles[OBSTACLES_MAX];
	size_t obstacle_count;
	struct posting postings[POSTINGS_MAX]; /* summed up; the last one takes all that have no room */
	size_t posting_count;
	bool has_total, has_tax;     /* can be foretold */
	struct decimal total, tax;
	char currency[8];
};
void translation_init(struct translation *translation);
void translation_clear(struct translation *translation);
void translation_reset(struct translation *translation);
void translation_obstacle(struct translation *translation, enum plan_reason reason, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void translation_post(struct translation *translation, enum posting_kind kind, const char *account, struct decimal amount);

/* By what people, and we, know a record again. */
struct likeness {
	char number[64];
	char party[RECORD_ID_MAX];   /* id of its customer or vendor */
	char currency[8];            /* "" : home */
	bool has_date, has_total;
	struct date date;
	struct decimal total;
	char tag[INTENT_ID_MAX];     /* the mark of ours in it; "" : none */
};

/* A record that a code can stand for, as people choose it from a list. "" where it has no such thing. */
struct target_facts {
	char name[200];              /* with what it stands below: "Sales:Services" */
	char number[64];
	char kind[64];               /* its type in the ledger's words: "Income" */
	char balance[DECIMAL_TEXT_MAX];
};

/* How a document stands in the ledger by its record: derived each time, never kept. */
enum standing_word { STANDING_NONE /* it can't be paid */, STANDING_OPEN, STANDING_PARTLY, STANDING_PAID, STANDING_COUNT };
const char *standing_word(enum standing_word word); /* "partly paid" */
struct standing {
	enum standing_word word;
	bool has_open;
	struct decimal open;         /* what is still to be paid, or to be applied, in its currency */
};

struct push_change {
	char field[80];              /* the ledger's name: "DueDate", "Line[2].Amount" */
	struct json_slice before, after; /* borrowed: the record and the body; JSON_NONE: not there */
};
struct push_changes {
	struct push_change *items;   /* owned */
	size_t count, room;
	bool foreign_lines;          /* lines that we know nothing of would vanish */
	bool fixed;                  /* the ledger lets nobody change such a record */
};
void push_changes_clear(struct push_changes *changes);

struct push_item {
	enum plan_act act;           /* create, update, void */
	bool delete;                 /* instead of void */
	const char *type;            /* of the record */
	const struct type *row;      /* the same, of the catalogue; NULL: unknown, or nothing is to be sent */
	int tries;                   /* how often it was sent before */
	const char *mark;            /* names the item within the envelope, and its intent: no other one ever has it */
	const char *body;            /* as translate() and update() made it */
	size_t body_len;
	const char *record_id, *version; /* of a void */
};

/* What became of one item of an envelope. */
struct push_answer {
	struct error error;          /* code NONE: written */
	struct json_slice record;    /* borrowed: the page; as the ledger has it now; JSON_NONE: it said nothing of it (deleted) */
	struct str said;             /* owned: the ledger's own words of a refusal */
};
#define PUSH_ITEMS_MAX 30

/* What a refusal of one item means for what is to be done. */
enum push_refusal {
	PUSH_REFUSED,      /* the last word: a person puts it right */
	PUSH_STALE,        /* the record has moved on: read it, merge, once more */
	PUSH_MAYBE_DONE,   /* it may have been carried out after all: to be looked up */
	PUSH_TAKEN,        /* its number or name is: by an earlier try of ours, if there was one, else by somebody else */
	PUSH_LATER,        /* not now, nothing was written */
};

/* What became of a create that nobody answered. */
enum push_look {
	PUSH_LOOK_FAILED,  /* it could not be asked */
	PUSH_LOOK_READ,    /* the ledger can be asked what changed since it was sent: the caller looks through that */
	PUSH_LOOK_DONE,    /* the page has all records that could be it; none: it is not there */
	PUSH_LOOK_WAITS,   /* the ledger took it in and has made no record of it yet */
	PUSH_LOOK_REFUSED, /* it took it in and refused it then */
};

struct provider_push {
	/* The ledger's type of a resource, of a target's records; NULL: it has no such thing. */
	const char *(*type)(const struct resource_type *type);
	const char *(*target)(enum target target);
	/* Types whose mirror must be fresh for a plan of this resource type; NULL at the end. */
	const char *const *(*reads)(const struct resource_type *type);
	/* What holds for the company, from its mirrored settings. Error INPUT: they are not mirrored yet. */
	bool (*company)(bool (*record)(void *ctx, const char *type, const char *id, struct json_slice *ret_raw), void *ctx,
			struct company *ret_company, struct error *err);
	/* Would a record do where a field's code is meant? False: `ret_why` (200 bytes) says why not. */
	bool (*fits)(const struct company *company, const struct resource_type *type, const struct resource_field *field, bool line,
		     struct json_slice raw, char *ret_why);
	/* Where a field of a resource stands in its record, as compare() names it; NULL: nowhere by itself. */
	const char *(*place)(const struct resource_type *type, const char *field);
	void (*translate)(const struct desk *desk, const struct resource_type *type, struct json_slice data, const char *tag,
			  struct translation *translation);
	/* What a record has otherwise than a body wants it. */
	void (*compare)(const char *type, struct json_slice body, struct json_slice raw, struct push_changes *changes);
	/* The body of an update to what `body` wants, from a record as it is; and of a void. Appended. */
	void (*update)(const char *type, struct json_slice body, struct json_slice raw, struct str *out);
	void (*likeness)(const char *type, struct json_slice raw, struct likeness *ret_likeness);
	void (*standing)(const char *type, struct json_slice raw, struct standing *ret_standing);
	void (*facts)(enum target target, struct json_slice raw, struct target_facts *ret_facts);
	/* Can it be made void (or deleted) as it is? False: `ret_why` names what is in the way. */
	bool (*voidable)(const char *type, bool delete, struct json_slice raw, char *ret_why);
	/* The names that are unique over several types: they take their names from one pot. NULL at the end; NULL: none. */
	const char *const *(*name_types)(const struct resource_type *type);
	/* Put the first items that can go together into one body; returns how many, 1 at least. `path` (64 bytes) is a word for send(). */
	size_t (*envelope)(const struct push_item *items, size_t count, char *path, struct str *body);
	/* MAY. Calls that send() makes behind the one that writes, to ask what became of records of a type. NULL: none. */
	int (*asks)(const char *type);
	/*
	 * Send frozen bytes with their key. True: `answers` has what became of each item, by its mark; the page owns what they borrow.
	 * False: of all of them, with err->outcome_unknown where they may have been carried out.
	 */
	bool (*send)(struct connection *connection, const char *path, const char *key, const char *body, size_t len,
		     const struct push_item *items, size_t count, struct page *page, struct push_answer *answers, struct error *err);
	enum push_refusal (*refusal)(const struct error *error);
	/*
	 * MAY. Look for a create by what names it, in ledgers that can't be asked for what changed since, or that take in first and
	 * post later. `answer` is filled with REFUSED; its `said` is the caller's. NULL: PUSH_LOOK_READ always.
	 */
	enum push_look (*look)(struct connection *connection, const struct push_item *item, struct page *page, struct push_answer *answer,
			       struct error *err);
	/* What the ledger made of a body otherwise than it was asked, a line each. Appended; nothing when it is as planned. */
	void (*landed)(const char *type, struct json_slice body, struct json_slice raw, struct str *out);
};

#endif
