/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files about reconciliation sessions share: who may change what, and rows as they are read. */
#ifndef STORE_SESSION_ROWS_H
#define STORE_SESSION_ROWS_H

#include "ledgerdeck/store/sessions.h"
#include "query.h"

/* CONFLICT with why, unless it is open; INPUT: its account has no such session. In a transaction (asserted). */
bool session_may_change(struct store *store, const struct session *session, struct error *err);

/* A statement whose first parameter is the session's number, which is bound. */
struct query session_query(struct store *store, enum statement statement, int64_t session);
void query_text_or_blank(struct query *query, const char *text); /* NULL: "" */
int64_t limit_or_all(int64_t limit);                             /* 0: all */

/* The columns of all statements that read matches or exceptions. */
#define ROW_MATCH_END 8
void row_match(const struct query *query, struct session_match *match);
void row_exception(const struct query *query, struct session_exception *exception);
/* Of a query that finds at most one, which it ends. */
bool session_one_exception(struct query *query, struct session_exception *ret_exception, bool *ret_found, struct error *err);
bool session_one_match(struct store *store, int64_t session, int64_t no, struct session_match *ret_match, bool *ret_found,
		       struct error *err);
bool session_match_is_answered(const struct session_match *match);
/* What answers need of a match that stands in the file: the items that it was of; that they are free for others. */
bool session_keep_answer(struct store *store, int64_t session, int64_t match, struct error *err);
bool session_free_items(struct store *store, int64_t session, int64_t match, struct error *err);

#endif
