/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plans as they were made: a plan and its lines never change, but for what became of the plan. */
#ifndef LEDGERDECK_STORE_PLANS_H
#define LEDGERDECK_STORE_PLANS_H

#include "ledgerdeck/model/account.h"
#include "ledgerdeck/model/plan.h"
#include "ledgerdeck/model/record.h"
#include "ledgerdeck/model/resource.h"
#include "ledgerdeck/store/store.h"

enum plan_state { PLAN_OPEN, PLAN_APPLIED, PLAN_DROPPED, PLAN_STATE_COUNT };
const char *plan_state_word(enum plan_state state);

struct plan {
	char id[PLAN_ID_MAX];
	char account_id[ACCOUNT_ID_MAX];
	int64_t made_ms, expires_ms;
	char who[128];
	enum plan_state state;
	int64_t state_ms;            /* since when */
	char state_who[128];         /* who applied or dropped it */
	int64_t mapping;             /* version of the rules it was made by */
	char policies[20];           /* digest of the policies */
	char digest[20];             /* of all its lines: two plans with the same one would write the same */
};

struct plan_line {
	int64_t line;                /* from 1, in the order of writing */
	enum plan_act act;
	enum plan_reason reason;
	int64_t resource, revision;
	char record_type[64];
	char record_id[RECORD_ID_MAX]; /* "" : none yet */
	char version[RECORD_VERSION_MAX]; /* of the record that the line was made from; "" : none */
	char why[240];               /* the reason as a sentence */
	char number[64], party[128], currency[8];
	bool has_date, has_total, has_tax;
	struct date date;
	int64_t total, tax;          /* millionths, in the document's currency, as the ledger is expected to have them */
	uint64_t digest;             /* of what would be written, and of what it was decided by */
	const char *detail;          /* JSON: changes, mapped, effects, needs; see docs/json.md. Borrowed */
	const char *body;            /* what would be sent, "@rsrc_..@" where an id is still to come; "" : nothing. Borrowed */
	size_t body_len;
};

/*
 * The plan under its id, with what was asked for (JSON); then its lines, in as many transactions as it takes (asserted); then
 * plans_finish(). Until then nobody sees it, and plans_sweep() takes away what was never finished and is a day old.
 */
bool plans_add(struct store *store, const struct plan *plan, const char *scope /* with "type", "undo", "resources" */, const char *head, struct error *err);
/* Its lines are all there: what they come to. */
bool plans_finish(struct store *store, const char *plan_id, const char *digest, const char *head, struct error *err);
bool plans_sweep(struct store *store, int64_t now_ms, struct error *err);
bool plans_add_line(struct store *store, const char *plan_id, const struct plan_line *line, struct error *err);
/* By id or any unique start or end of it, of one account or (NULL) all; "" : the newest that is open. INPUT: none, several. */
bool plans_find(struct store *store, const char *account_id, const char *word, struct plan *ret_plan, struct str *ret_scope,
		struct str *ret_head, struct error *err);
/* The newest, in whatever state, of all that an account has to write: of no single type or document, and no undoing. */
bool plans_newest(struct store *store, const char *account_id, struct plan *ret_plan, struct str *ret_head, bool *ret_found,
		  struct error *err);
/* The newest first. */
bool plans_all(struct store *store, const char *account_id /* NULL: all */, int64_t limit,
	       bool (*each)(void *ctx, const struct plan *plan, const char *head), void *ctx, struct error *err);
/* Its lines from one on, in order. Texts are borrowed until the next. */
bool plans_lines(struct store *store, const char *plan_id, int64_t from_line, int64_t limit,
		 bool (*each)(void *ctx, const struct plan_line *line), void *ctx, struct error *err);
bool plans_line(struct store *store, const char *plan_id, int64_t line, struct plan_line *ret_line, struct str *ret_detail,
		struct str *ret_body, bool *ret_found, struct error *err);
/* The one about a resource, with its number, act, reason and sentence alone. */
bool plans_line_of(struct store *store, const char *plan_id, int64_t resource, struct plan_line *ret_line, bool *ret_found,
		   struct error *err);
/* The first line that would write or link, and whose document or record is another than when it was planned. */
struct plan_moved {
	bool found;
	bool document;               /* it, rather than the ledger's record */
	char number[64], record_type[64];
};
bool plans_moved(struct store *store, const struct plan *plan, struct plan_moved *ret_moved, struct error *err);
/* One that is paused while it is carried out: nothing of it is sent that was not yet, but what was is looked after as ever. */
struct plan_pause {
	int64_t at_ms;
	char who[128], why[240];     /* a person, or "engine"; a sentence without its full stop */
};
bool plans_paused(struct store *store, const char *plan_id, struct plan_pause *ret_pause, bool *ret_paused, struct error *err);
/* `ret_changed` false: it was so already. In a transaction. */
bool plans_pause(struct store *store, const char *plan_id, const char *who, const char *why, int64_t now_ms, bool *ret_changed,
		 struct error *err);
bool plans_resume(struct store *store, const char *plan_id, const char *who, int64_t now_ms, bool *ret_changed, struct error *err);
/* What it becomes, or has become, doesn't wait for its account's window. In a transaction. */
bool plans_hurry(struct store *store, const char *plan_id, const char *who, int64_t now_ms, bool *ret_changed, struct error *err);
/* CONFLICT when it is not open any more. In a transaction. */
bool plans_settle(struct store *store, const char *plan_id, enum plan_state state, const char *who, int64_t now_ms, struct error *err);

#endif
