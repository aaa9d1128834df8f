/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The deck without a terminal: real store, real reader, real views, keys in and canvas out. Its clock stands still, so
 * what it shows can be compared with what it showed before.
 */
#ifndef LEDGERDECK_TESTS_DECK_TESTS_H
#define LEDGERDECK_TESTS_DECK_TESTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "deck.h"
#include "ledgerdeck/sync/mapping.h"
#include "ledgerdeck/sync/push.h"
#include "ledgerdeck/sync/reconcile.h"

#define NOW INT64_C(1790000000000) /* 2026-09-21 14:13:20 UTC */

int test_act(void);
int test_golden(void);
int test_history(void);
int test_hostile(void);
int test_attention(void);
int test_audit(void);
int test_dialog(void);
int test_jobs(void);
int test_log(void);
int test_mapping(void);
int test_mouse(void);
int test_objects(void);
int test_outbox(void);
int test_personal(void);
int test_plain(void);
int test_plan(void);
int test_policies(void);
int test_random(void);
int test_reader(void);
int test_settings(void);
int test_trail(void);
int test_records(void);
int test_session(void);

struct stage {
	char directory[64], path[96];
	struct store *store;      /* for changes; NULL: there is none yet */
	struct catalogue *catalogue;
	struct settings *settings;
	struct app app;
	struct deck deck;
	struct cancel *cancel;
	int64_t now_ms;
	_Atomic int64_t ticks_ms;
	int64_t tick_ms;          /* that go by whenever somebody looks at the clock: 0, it stands still */
	_Atomic int64_t looks;    /* at the clock that other threads have left before they are held; -1: any number */
	_Atomic uint32_t drawn;   /* random bytes so far */
	_Atomic bool let_go;
	int accounts;             /* made so far */
};

/* A store with three companies in several states and a log; `empty`: not even a store. */
void stage_open(struct stage *stage, bool empty);
void stage_close(struct stage *stage);
/* The deck on it, of that size; ends with stage_close(). */
void stage_deck(struct stage *stage, int rows, int columns, enum text_mode mode);
void stage_resize(struct stage *stage, int rows, int columns);
/* Keys by their names with blanks between; 'text' in quotes is typed. Waits after each until nothing is under way. */
void stage_keys(struct stage *stage, const char *keys);
/* Until every answer has come and every task is done, or waits for a person. */
void stage_settle(struct stage *stage);
void stage_dump(struct stage *stage, struct str *out);       /* paints first */
void stage_expect(struct stage *stage, const char *part);    /* stands on the screen */
void stage_expect_not(struct stage *stage, const char *part);
void stage_expect_cursor(struct stage *stage, const char *part); /* in the row under it; a blank stands behind the row */

/* Settings of several origins, a secret among them. Before stage_deck(). */
#define STAGE_SECRET "the app's own secret"
void stage_settings(struct stage *stage);

/* More for the store. */
void stage_account(struct stage *stage, const char *name, enum environment environment, enum account_state state, struct account *ret_account);
/* A sweep of a type that has seen the ids up to a number, and waits for approval with the rest. */
void stage_sweep(struct stage *stage, const char *account, const char *type, int seen);
void stage_record(struct stage *stage, const char *account_id, const char *type, const char *raw);
void stage_gone(struct stage *stage, const char *account_id, const char *type, const char *id);
/* So many versions of an invoice, each with its number as the amount; in one transaction. */
void stage_versions(struct stage *stage, const char *account_id, int number, int versions);
void stage_invoices(struct stage *stage, const char *account_id, int from, int to); /* in one transaction */
void stage_invoice(struct stage *stage, const char *account_id, int number, const char *customer, const char *amount);
/* An attempt that began so long ago; `text` "" : it went well. Gives its number. */
int64_t stage_attempt(struct stage *stage, const char *account_id, const char *type, int64_t ago_ms, enum error_code code, const char *text);
/* One that runs still, and its end. */
int64_t stage_begin(struct stage *stage, const char *account_id, const char *type);
void stage_end(struct stage *stage, int64_t no, enum error_code code, const char *text);
void stage_object(struct stage *stage, const char *account_id, const char *type, enum object_status status, enum error_code code,
		  const char *text);
/* What operators did with these companies: nine entries. */
void stage_audit(struct stage *stage);
void stage_act(struct stage *stage, const char *account_id, const char *who, const char *what, const char *before, const char *after,
	       int64_t ago_ms);
/* SQL on the audit behind the store's back, its guards taken away. */
void stage_break(struct stage *stage, const char *sql);
/* A lease of an account for the next minute: somebody works on it. */
void stage_lease(struct stage *stage, const char *account_id);
/* Acme's invoices are read by another process since 83 seconds. Gives the attempt's number. */
int64_t stage_work(struct stage *stage);
/* The deck's own engine tells how far it is; taken in by the next stage_settle(). */
void stage_progress(struct stage *stage, const char *account_id, const char *type, int64_t records, int64_t of);
/*
 * What strangers may write, to do harm. stage_strangers(): an account of each such name with all that fails in it saying so,
 * and in Acme a record of each, with the same amount.
 */
extern const char *const strangers[];
extern const size_t stranger_count;
void stage_strangers(struct stage *stage);
/* Paints: no cell has what controls a terminal, turns text round or is not seen, and each row is as wide as it is. */
void stage_check(struct stage *stage);
/* Acme's settings, accounts, items and customers, and documents of its operator's own system, some of whose codes stand for nothing. */
void stage_books(struct stage *stage, struct account *ret_account);
void stage_resource(struct stage *stage, const char *account_id, const char *type, const char *external_id, const char *data);
/* An invoice with one line. */
void stage_document(struct stage *stage, const char *account_id, const char *number, const char *customer, const char *date,
		    const char *item, const char *amount);
void stage_rule(struct stage *stage, const char *account_id, enum target target, const char *code, const char *record_id, const char *name);
/* A plan of all documents, as things stand. */
void stage_plan(struct stage *stage, const char *account_id, struct plan *ret_plan);
void stage_requests(struct stage *stage, const char *account_id); /* one of each status, a failed one before those that wait */
/* Such a plan, applied but not sent: three of its four writes have come to ends that need a person. */
void stage_outbox(struct stage *stage, const char *account_id, struct plan *ret_plan);
struct intents {
	struct intent items[20];
	size_t count;
};
void stage_intents(struct stage *stage, const char *plan_id, struct intents *ret_intents); /* newest first */
/*
 * August is signed; in September five kinds of exceptions, the first assigned with a note, and two of four sums that differ. Needs
 * stage_books(). A round of one's own is filled by `fill`, which stands in its transaction.
 */
void stage_session(struct stage *stage, const char *account_id, struct session *ret_session);
void stage_round(struct stage *stage, struct session *session, void (*fill)(struct stage *stage, const struct session *session));
/* The store has changed: what is shown is read again. */
void stage_news(struct stage *stage);

/* A stage with a deck on the list of the invoices of one company. */
#define LONG_LIST 1200

struct list {
	struct stage stage;
	struct account account;
};

void list_open(struct list *list);
void list_close(struct list *list);
int title_here(struct stage *stage); /* the number on the row under the cursor */
int title_at(int place);             /* the list goes by day of the month, 27 first, and among equals the later number */

#endif
