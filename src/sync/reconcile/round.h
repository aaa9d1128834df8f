/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One round of a reconciliation session, in memory: the sides' things, the sums of what the mirror posts, the ledger's reports,
 * and what comes out. It is read from one moment of the store and kept in one transaction; between lie only the calls to the
 * ledger. round.c goes through it, sides.c gathers the things, books.c sums what they post, reports.c asks the ledger,
 * compare.c finds what does not agree among documents, ties.c among sums, keep.c writes it down.
 */
#ifndef RECONCILE_ROUND_H
#define RECONCILE_ROUND_H

#include "ledgerdeck/core/map.h"
#include "ledgerdeck/sync/reconcile.h"
#include "direct.h"
#include "plan.h"

#define ROUND_WINDOW_DAYS 45     /* what lies so far outside the period may still be the other half of what lies in it */
#define ROUND_REREAD_MAX 500     /* records that are read again in one round */
#define ROUND_CALLS_MAX 60       /* reports that are asked for to narrow differences down */

struct packed_exception;
struct text_block;
struct text_pool {                   /* texts that stay where they are until all are let go of */
	struct text_block *blocks;   /* owned */
	size_t left;
};
const char *text_pool_keep(struct text_pool *texts, const char *text);
void text_pool_clear(struct text_pool *texts);

/* Something of one side. */
struct thing {
	struct match_item item;      /* texts in round->texts */
	const char *type;            /* resource type; on a statement "statement" */
	const char *record_type;     /* of the mirror's, and of what a source's is linked to; NULL */
	const char *ref;             /* external id or line; record id */
	const char *record_id;       /* of what a source's is linked to; "" */
	const char *version, *party_name;
	int64_t resource;            /* source */
	int64_t tax;                 /* mirror: of its total */
	int64_t applied;             /* of a payment: what it settles, millionths */
	enum record_state state;     /* mirror */
	bool without_tax;            /* source: it says nothing of tax, which the ledger adds */
	bool has_applied, has_open;
	int64_t open;                /* mirror: what is still to be settled or applied, by the record's own word */
	bool is_void;                /* source: the operator's system made it void */
	bool inside;                 /* of the period */
	bool taken;                  /* told, in a match or an exception */
	int64_t match;               /* place of its match, from 1; 0: none */
	int64_t no;                  /* as the store numbered it; 0: it is not kept */
};
struct things {
	struct thing *items;         /* owned */
	size_t count, room;
};

/* What was posted to one ledger account on one day; at an index of the accounts. */
struct day_sum {
	uint32_t account;
	int32_t day;
	int64_t amount;              /* home, millionths, debit positive */
};
struct book_account {
	char id[RECORD_ID_MAX];      /* "" : postings of a class whose account can't be told */
	struct books_account facts;
	bool unknown;                /* a record that can't be told in full may post to it */
	int64_t opening, movement, balance; /* of the mirror: before the period, in it, at its end */
	int64_t ledger_movement, ledger_balance;
	int64_t foreign;             /* postings of records in other currencies: each may be rounded by the ledger in its own way */
	int32_t traced_day;          /* of the last earlier month whose postings were asked for, its first; 0: none */
	bool narrowed;               /* all of its difference was traced to records */
};
/* One transaction's amount on one ledger account: by the mirror, by the ledger. */
struct book_posting {
	const char *type, *id;       /* in round->texts */
	uint32_t account;
	int64_t mirror, ledger;
	const char *number;
	struct date date;
	bool in_mirror;              /* its record is live there */
	bool known;                  /* the mirror can tell all that it posts */
	const char *why;             /* when it can't */
};
struct party_sum {
	char id[RECORD_ID_MAX];
	char name[200];
	int64_t mirror, ledger, balance /* by the report of balances */;
	char currency[4];            /* in which it owes, where that is not the home one; "" */
	int64_t foreign, ledger_foreign; /* of that */
	bool in_ageing, in_balance;
	bool named;                  /* its name was looked for */
};
/* What is open of one document on receivables at the period's end. */
struct open_sum {
	int64_t home, foreign;       /* debit positive; `foreign` of its own currency, whichever that is */
	int64_t posted_home, posted_foreign; /* before anything settled it: its rate */
	int settled;                 /* so often was something converted */
};
struct type_sum {
	char type[64];
	int64_t mirror_count, ledger_count, mirror, ledger;
};
/* One document settles another. Texts in round->texts. */
struct settling {
	const char *by_type, *by_id, *type, *id;
	int64_t amount;              /* of their currency */
};
struct books {
	struct book_account *accounts; /* owned */
	size_t account_count, account_room;
	struct map account_index;    /* id to index + 1 */
	struct day_sum *days;        /* owned; by account and day once it is complete */
	size_t day_count, day_room;
	struct map day_index;
	struct map postings;         /* owned: "TYPE ID ACCOUNT" to struct book_posting, of the period and of what is narrowed */
	struct map parties;          /* owned: id to struct party_sum */
	struct map types;            /* owned: type to struct type_sum */
	struct map open;             /* owned: "TYPE ID" to struct open_sum, once sides_open() was asked */
	struct map applied;          /* owned: "TYPE ID" to int64_t: what others settle of it, ever, of its currency */
	struct settling *settlings;  /* owned: up to the period's end */
	size_t settling_count, settling_room;
	struct map foreign;          /* "TYPE ID" of what is in another currency than the home one */
	int fiscal_month;
	int64_t unknown;             /* records that can't be told in full */
	int64_t ledger_tax;          /* of the period, by the tax report */
	bool open_known;             /* the ledger has told what is open, document by document, in its own currency */
};

struct reading {                 /* a report as it was read */
	struct report_wish wish;
	struct session_report row;
	char *raw;                   /* owned */
	size_t len;
};

/* Records that are not as the ledger's reports have them. */
struct suspect {
	const char *type, *id;
	bool healed;                 /* reading it again changed the mirror */
	bool was_missing;
};

struct round {
	struct sync *sync;           /* NULL: offline */
	struct store *store;
	const struct catalogue *catalogue;
	const struct reconcile_wish *wish;
	struct session *session;
	struct push_wish push_wish;
	struct planner planner;
	const struct provider_books *books_of; /* the provider's */
	struct books_desk desk;
	struct map finds;            /* owned: what was looked for, to its id */
	struct text_pool texts;
	struct things source, mirror;
	struct map mirror_index;     /* "TYPE ID" to index + 1 of the mirror's things */
	struct match *matches;       /* owned */
	size_t match_count, match_room;
	struct session_match *decided; /* owned: what people said of the first ones, `recalled` of them */
	size_t decided_room, recalled;
	int64_t *match_numbers;      /* owned: as the store numbered them; 0: not kept */
	struct books books;
	struct reading *readings;    /* owned */
	size_t reading_count, reading_room;
	bool tied;                   /* both readings agree */
	struct suspect *suspects;    /* owned */
	size_t suspect_count, suspect_room;
	int calls;                   /* to narrow down, so far */
	struct session_exception exception; /* the newest */
	struct packed_exception *packed; /* owned: those before it */
	size_t exception_count, packed_count, packed_room;
	struct session_tie *ties;    /* owned, and their details */
	size_t tie_count, tie_room;
	struct error error;
};

/* One more exception, to be filled in until the next; then each again as it was. */
struct session_exception *round_except(struct round *round, enum exception_reason reason, const char *type, const char *ref);
void round_exception(struct round *round, size_t at, struct session_exception *ret_exception);
void round_keep_path(char *out /* SESSION_PATH_MAX */, const char *path /* NULL: none */);
bool round_goes_on(struct round *round); /* false: cancelled, or the store failed: round->error */
void round_tell(const struct round *round, const char *what, int64_t done, int64_t of);
int64_t round_millionths(struct decimal value);
bool round_inside(const struct round *round, struct date date);

/* sides.c */
/* What records of these days post to this account, into books.postings. */
bool sides_narrow(struct round *round, uint32_t account, struct date from, struct date to);
bool sides_open(struct round *round);    /* what is open of each of the mirror's documents, into the books */
bool sides_mirror(struct round *round);  /* the mirror's things, and what all of it posts */
bool sides_source(struct round *round);
void sides_clear(struct round *round);
enum account_class sides_class(struct round *round, uint32_t kind); /* of items of this kind */
struct thing *sides_find(struct round *round, const char *type, const char *id); /* of the mirror; NULL */

/* books.c */
void books_desk_init(struct round *round);
void books_add(struct round *round, const char *type, const char *id, const char *number, const struct books_entry *entry);
/* One posting of a transaction, into books.postings. */
void books_note(struct round *round, const char *type, const char *id, const char *number, const struct books_entry *entry,
		const struct books_posting *posting, uint32_t account);
void books_finish(struct round *round);  /* all that posts was added */
void books_settle(struct round *round);  /* all accounts are known, also those that only the ledger has */
void books_clear(struct round *round);
uint32_t books_account(struct round *round, const char *id, enum account_class class);
/* By the mirror, as a trial balance has it: income and cost begin anew with each fiscal year. */
void books_add_void(struct round *round, const char *type, const struct books_entry *entry);
/* Take it as posted there, too: a difference that is explained. */
void books_correct(struct round *round, uint32_t account, struct date date, int64_t amount);
/* What is open on receivables at the period's end, document by document: each that posts, or settles, until then; then all at once. */
void books_add_open(struct round *round, const char *type, const char *id, const struct books_entry *entry);
void books_settle_open(struct round *round);
struct open_sum *books_open(const struct round *round, const char *type, const char *id); /* NULL: nothing was posted to receivables */
int64_t books_balance(const struct round *round, uint32_t account, struct date date);
bool books_is_foreign(const struct round *round, const char *type, const char *id);
struct book_posting *books_posting(struct round *round, const char *type, const char *id, uint32_t account);
struct party_sum *books_party(struct round *round, const char *id);
/* By its record, where no report has told it; "" : nobody knows. Stays where it is. */
const char *books_party_name(struct round *round, struct party_sum *party);

/* reports.c */
bool reports_read(struct round *round, int reading); /* the totals, before and after the lists */
bool reports_agree(struct round *round);
bool reports_detail(struct round *round);            /* all that is compared row by row */
bool reports_take(struct round *round);              /* all that was read, into round->books, beside what the mirror posts */
bool reports_balance(struct round *round, struct date date, bool (*each)(void *ctx, const struct report_row *row), void *ctx);
/* Into books.postings, beside what the mirror posts in these days. */
bool reports_account(struct round *round, const char *account, struct date from, struct date to);
bool reports_open(struct round *round, bool (*each)(void *ctx, const struct report_row *row), void *ctx);
void reports_clear(struct round *round);

/* compare.c, ties.c */
bool compare_run(struct round *round);
bool compare_is_sure(const struct round *round, const struct match *match); /* else it is only suggested */
bool ties_suspects(struct round *round);  /* records that are not as the ledger has them, to be read again */
bool ties_run(struct round *round);
struct session_tie *round_tie(struct round *round, enum tie tie, const char *key, const char *name, int64_t mirror, int64_t ledger);

/* keep.c */
bool keep_round(struct round *round);

#endif
