/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A planner: one account's resources, looked at against its mirror, mappings and policies. What is asked often is kept in
 * memory. Its files: plan_desk.c answers a translation's questions, plan_names.c knows what the ledger has already, plan_line.c
 * decides what becomes of one resource, plan_like.c whether it is there already, plan_owner.c whose its fields are, plan_void.c what
 * becomes of one that is taken back; plan_head.c sums up, plan_calls.c counts calls.
 */
#ifndef SYNC_PLAN_H
#define SYNC_PLAN_H

#include "ledgerdeck/core/map.h"
#include "ledgerdeck/provider/push.h"
#include "ledgerdeck/store/rates.h"
#include "ledgerdeck/store/requests.h"
#include "ledgerdeck/sync/push.h"

struct cause; /* of plan_head.c: what holds lines up */

/* What became of a resource in this plan. */
struct outcome {
	enum plan_act act;
	bool settled;                /* false: it is being looked at, whoever asks goes in a circle */
	char record_id[RECORD_ID_MAX]; /* "" : none yet */
	char number[64];
	int depth;                   /* of writing: behind how many others, one after the other */
	bool is_new_list;            /* a customer, vendor or item that is created */
	struct cause *cause;         /* borrowed of the head: what holds it up, where it waits for another one what holds that up; NULL */
	char *body;                  /* owned: of an entry of a list that is still to be created: what its record will be like */
};
void outcome_free(void *outcome);

struct head;

struct planner {
	struct store *store;         /* borrowed, as all here that is not said to be owned */
	const struct catalogue *catalogue;
	const struct push_wish *wish;
	const struct provider *provider;
	const struct provider_push *push;
	struct account account;
	char organization[RESOURCE_ID_MAX];
	struct company company;
	struct policies policies;
	int64_t mapping;             /* version of the rules */
	int64_t rates_version;       /* of the table of exchange rates */
	struct rates rates;          /* owned: the table, where the policy wants it */
	int64_t now_ms;
	struct map rules;            /* owned: "TARGET\0KEY" to struct mapping */
	struct map records;          /* owned: "TYPE\0ID" to struct known */
	struct map objects;          /* owned: type to struct object */
	struct map names;            /* owned: type to struct names */
	struct map answers;          /* owned: "TARGET CODE" to struct code_answer, of codes that documents share */
	struct map tags;             /* owned: type to a map of our marks to ids, of what changed since a restored backup */
	int64_t restored_ms;         /* when the backup was taken that was restored; 0: none was */
	struct map outcomes;         /* owned: resource's number to struct outcome */
	bool asked_failed, has_failed; /* whether a sync request holds the organization's queue, and which */
	struct request failed;
	struct head *head;           /* owned */
	struct plan_calls *calls;    /* owned */
	struct push_facts facts;     /* so far, but for the calls */
	int64_t lines;               /* made so far */
	int64_t looked;              /* resources looked at, of those that are wished for */
	uint64_t digest;             /* of all lines so far */
	struct error error;          /* of the store; what goes on after it is thrown away */
	bool (*line)(void *ctx, const struct plan_line *line, struct error *err);
	void *ctx;
};

bool planner_open(struct planner *planner, struct store *store, const struct catalogue *catalogue, const struct push_wish *wish,
		  struct error *err);
void planner_close(struct planner *planner);
/* Everything that is wished for, line by line, to planner->line. */
bool planner_run(struct planner *planner, struct error *err);

/* What a plan was made by, to see whether they still are the same: policies, and the table of rates that one of them wants. */
void plan_policies_digest(const struct policies *policies, int64_t rates_version, char *out, size_t size);

/* What is decided about by whoever accepts how a write has landed: record, version, and the revision that was written. */
#define LANDED_ABOUT "landed:%s:%s:%lld"

/* Before what is decided about: whose value of a field stays, and whose tax. With a write that is not done. */
#define OWNER_ABOUT "owner:"
#define TAX_ABOUT "tax:"

/* settle.c: what is said of an intent behind "is": "being sent", "given up". */
const char *intent_state_phrase(enum intent_state state);
/* The newest intent of a resource in an account; its `no` is 0: there is none. */
bool intents_newest(struct store *store, const char *account_id, int64_t resource, struct intent *ret_intent, struct error *err);
/* Given up without anybody knowing what became of it: until a person says so, nothing of it is written anew. */
bool intent_is_untold(const struct intent *intent);
/* Earlier intents of a resource in an account, not sent or ended badly, give way. CONFLICT: one is being written. In a
 * transaction. */
bool intents_supersede(struct store *store, const char *account_id, int64_t resource, const char *who, const char *why, int64_t now_ms,
		       struct error *err);
/* Within a transaction: a resource is linked now; whoever waited until it would be created goes on. */
bool intents_linked(struct store *store, const char *account_id, int64_t resource, int64_t now_ms, struct error *err);

/* auto.c: does what becomes of a document of this type wait for a person, where a plan would go by itself? */
bool auto_waits(const struct policies *policies, enum plan_act act, const struct resource_type *type);

/* plan_line.c: what becomes of one resource; its line is handed out, those that it needs first. NULL: see planner->error. */
const struct outcome *plan_resource(struct planner *planner, int64_t no);

/* request.c: what a sync request says of a resource that it brought. True: that is the line. */
bool plan_request(struct planner *planner, const struct resource *resource, const struct link *link /* NULL: none */,
		  struct plan_line *line, bool *ret_only_find);
bool plan_unfound(struct plan_line *line); /* it was only to be found, and wasn't: true */

/*
 * credit.c: before a plan, where the policy takes invoices back by credit notes: the documents that do so are made, or follow what
 * has become of the invoice.
 */
bool credit_prepare(struct store *store, const struct catalogue *catalogue, const struct push_wish *wish, struct error *err);
/* Is an invoice taken back by a credit note? Then what belongs to that is planned; `ret_written`: it is there, or on its way. */
bool plan_credits(struct planner *planner, int64_t invoice, bool *ret_written);
/* Why a document that was made to take an invoice back is not written (any more); NULL: nothing is in the way. */
const char *plan_uncredited(struct planner *planner, const struct resource *resource, bool linked);
/* The total in the ledger of the invoice that a credit memo takes back; false: it was not made for that. */
bool plan_credited_total(struct planner *planner, const struct resource *resource, struct decimal *ret_total);

/* plan_desk.c */
struct known { /* a mirrored record */
	char *raw;                   /* owned; NULL: there is none */
	size_t len;
	enum record_state state;
	char version[RECORD_VERSION_MAX];
};
/* `id` "" : the only one of its type. Kept as long as the planner. NULL: the store failed. */
const struct known *plan_record(struct planner *planner, const char *type, const char *id);
const struct object *plan_object(struct planner *planner, const char *type); /* NULL: not mirrored */
struct json_slice plan_slice(const struct known *known);
/* By the id that a code has become: "@rsrc_..@" is what is still to be created. */
const struct known *plan_target(struct planner *planner, const char *type, const char *id);

struct used_code { /* a code of the resource, and what it stands for */
	enum target target;
	char code[MAPPING_CODE_MAX], id[RECORD_ID_MAX], name[MAPPING_NAME_MAX], by[40];
};
#define USED_CODES_MAX 200
/* One resource's way through the translation: what its desk answers with. */
struct bench {
	struct planner *planner;
	const struct resource_type *type;
	struct translation *translation;
	struct used_code *codes;     /* owned */
	size_t code_count, code_room;
	int64_t *needs;              /* owned: resources that are written before */
	size_t need_count, need_room;
	int64_t *awaits;             /* owned: resources that it points to and that are held up themselves */
	size_t await_count, await_room;
	bool quiet;                  /* what can't be told is no obstacle: it is only looked at */
};
void bench_clear(struct bench *bench);
bool desk_code(void *ctx, const struct resource_field *field, bool line, const char *code, size_t len, char *ret_id);
bool desk_rate(void *ctx, const char *currency, struct date day, struct decimal *ret_rate, struct date *ret_from, char *ret_why);
bool desk_record(void *ctx, const char *type, const char *id, struct json_slice *ret_raw);

/* What a code stands for, and by what; `ret_why` says what is wrong with it. */
enum code_state { CODE_IS_UNKNOWN, CODE_IS_LINKED, CODE_IS_MAPPED, CODE_IS_DEFAULT, CODE_IS_OWN, CODE_IS_BAD };
struct code_answer {
	enum code_state state;
	enum plan_reason reason;     /* CODE_IS_BAD, CODE_IS_UNKNOWN */
	char id[RECORD_ID_MAX], name[MAPPING_NAME_MAX], by[40];
	int64_t needs;               /* resource that is written before; 0: none */
	int64_t awaits;              /* resource that is held up itself; 0: none */
	char why[160];
};
/* `plan`: a resource that it names is planned, if need be. */
void desk_find(struct planner *planner, enum target target, const char *code, size_t len, bool plan, struct code_answer *ret_answer);

/* plan_names.c: records of a type with a name or number; `ret_ids` has room for NAMES_FOUND_MAX. */
#define NAMES_FOUND_MAX 8
size_t plan_names(struct planner *planner, const char *type, const char *name, char (*ret_ids)[RECORD_ID_MAX]);
void plan_names_free(void *names);
/* The record with our mark of a resource, among those that changed since a restored backup was taken: its link went with what came
 * after the backup. False: there is none. */
bool plan_tagged(struct planner *planner, const char *type, const char *tag, char *ret_id /* RECORD_ID_MAX */);
void plan_tags_free(void *tags);

/* plan_calls.c */
struct plan_calls *plan_calls_new(const struct provider_push *push);
void plan_calls_free(struct plan_calls *calls);
void plan_calls_add(struct plan_calls *calls, const struct plan_line *line, int depth);
struct push_calls plan_calls_end(struct plan_calls *calls);

/* plan_head.c */
struct head *plan_head_new(void);
void plan_head_free(struct head *head);
/* Gives what holds the line up first; NULL: nothing. */
struct cause *plan_head_add(struct head *head, const struct plan_line *line, const struct resource_type *type,
			    const struct translation *translation);
/* One line more waits for a document that a cause holds up; all that wait as `cause` says do so. */
void plan_head_behind(struct cause *root, struct cause *cause);
void plan_head_same(struct head *head, const struct resource_type *type);
void plan_head_json(const struct head *head, struct planner *planner, struct str *out);
/* replan.c: one that lies open is nobody's any more; else nothing is done. In a transaction of its own. */
bool plan_drop(struct store *store, const struct plan *plan, const char *who, int64_t now_ms, struct error *err);
/* A number that stands in a head, or in what a plan was made of, in units of 10^-scale. False: it is none, and stays as it was. */
bool plan_number(struct json_slice value, uint8_t scale, int64_t *ret_number);

#endif
