/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reconciliation sessions: begun, found again, signed and re-opened. What belongs to them is in session_*.c. */
#include "ledgerdeck/store/sessions.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/memory.h"
#include "session_rows.h"

struct query session_query(struct store *store, enum statement statement, int64_t session)
{
	struct query query = query_start(store, statement);

	query_integer(&query, session);
	return query;
}

void query_text_or_blank(struct query *query, const char *text)
{
	query_text(query, text ? text : "");
}

int64_t limit_or_all(int64_t limit)
{
	return limit > 0 ? limit : -1;
}

static void read_session(const struct query *query, struct session *session)
{
	*session = (struct session){
		.no = row_integer(query, 0), .from = { (int32_t)row_integer(query, 3) }, .to = { (int32_t)row_integer(query, 4) },
		.state = (enum session_state)row_integer(query, 10), .made_ms = row_integer(query, 12),
		.changed_ms = row_integer(query, 13), .rounds = row_integer(query, 14), .read_ms = row_integer(query, 15),
		.prepared_ms = row_integer(query, 18), .signed_ms = row_integer(query, 19), .reopened_ms = row_integer(query, 21),
	};
	row_copy(query, 1, session->id, sizeof(session->id));
	row_copy(query, 2, session->account_id, sizeof(session->account_id));
	row_copy(query, 5, session->types, sizeof(session->types));
	row_copy(query, 6, session->source, sizeof(session->source));
	row_copy(query, 7, session->source_digest, sizeof(session->source_digest));
	row_copy(query, 8, session->statement, sizeof(session->statement));
	row_copy(query, 9, session->currency, sizeof(session->currency));
	row_copy(query, 11, session->who, sizeof(session->who));
	row_copy(query, 16, session->preparer, sizeof(session->preparer));
	row_copy(query, 17, session->reviewer, sizeof(session->reviewer));
	row_copy(query, 20, session->reopened, sizeof(session->reopened));
	row_copy(query, 22, session->evidence, sizeof(session->evidence));
	row_copy(query, 23, session->path, sizeof(session->path));
	row_copy(query, 24, session->profile, sizeof(session->profile));
}

static bool one_of(struct query *query, struct session *ret_session, bool *ret_found, struct error *err)
{
	*ret_found = query_next(query);
	if (*ret_found)
		read_session(query, ret_session);
	return query_end(query, err);
}

static bool no_such_session(const struct session *session, struct error *err)
{
	return error_set(err, ERROR_INPUT, "there is no session %lld of account %s", (long long)session->no, session->account_id);
}

static bool get(struct store *store, const struct session *session, struct session *ret_session, struct error *err)
{
	struct query query = query_start(store, SESSION_GET);
	bool found;

	query_text(&query, session->account_id);
	query_integer(&query, session->no);
	return one_of(&query, ret_session, &found, err) && (found || no_such_session(session, err));
}

/* ---- what may change ---- */

static const char *const closed[SESSION_STATE_COUNT] = {
	[SESSION_PREPARED] = "is prepared and waits for its reviewer, who can send it back",
	[SESSION_SIGNED] = "is signed and doesn't change any more, unless the ledger does",
	[SESSION_DROPPED] = "was given up",
};

static bool refuse(const struct session *session, enum session_state state, struct error *err)
{
	return error_set(err, ERROR_CONFLICT, "session %s %s", session->id, closed[state]);
}

bool session_may_change(struct store *store, const struct session *session, struct error *err)
{
	struct query query = query_start(store, SESSION_STATE);
	enum session_state state = SESSION_OPEN;
	bool found;

	assert(store->in_transaction);
	query_text(&query, session->account_id);
	query_integer(&query, session->no);
	found = query_next(&query);
	if (found)
		state = (enum session_state)row_integer(&query, 0);
	if (!query_end(&query, err))
		return false;
	if (!found)
		return no_such_session(session, err);
	return state == SESSION_OPEN || refuse(session, state, err);
}

static bool same_subject(const struct session *a, const struct session *b)
{
	return a->from.day == b->from.day && a->to.day == b->to.day && strcmp(a->types, b->types) == 0 && strcmp(a->source, b->source) == 0 &&
	       strcmp(a->source_digest, b->source_digest) == 0 && strcmp(a->statement, b->statement) == 0 && strcmp(a->path, b->path) == 0 && strcmp(a->profile, b->profile) == 0 &&
	       strcmp(a->currency, b->currency) == 0 && strcmp(a->who, b->who) == 0 && a->made_ms == b->made_ms &&
	       strcmp(a->reopened, b->reopened) == 0 && a->reopened_ms == b->reopened_ms;
}

static bool same_signatures(const struct session *a, const struct session *b)
{
	return strcmp(a->preparer, b->preparer) == 0 && strcmp(a->reviewer, b->reviewer) == 0 && a->prepared_ms == b->prepared_ms &&
	       a->signed_ms == b->signed_ms;
}

/* ---- keeping ---- */

static void bind_subject(struct query *query, const struct session *session)
{
	query_integer(query, session->from.day);
	query_integer(query, session->to.day);
	query_text(query, session->types);
	query_text(query, session->source);
	query_text(query, session->source_digest);
	query_text(query, session->statement);
	query_text(query, session->currency);
	query_integer(query, session->state);
	query_text(query, session->who);
	query_integer(query, session->made_ms);
	query_integer(query, session->changed_ms);
	query_text(query, session->preparer);
	query_text(query, session->reviewer);
	query_integer(query, session->prepared_ms);
	query_integer(query, session->signed_ms);
	query_text(query, session->reopened);
	query_integer(query, session->reopened_ms);
	query_text(query, session->evidence);
	query_text(query, session->path);
	query_text(query, session->profile);
}

bool sessions_add(struct store *store, struct session *session, struct error *err)
{
	struct query query = query_start(store, SESSION_ADD);
	struct env env = env_real();

	assert(store->in_transaction);
	env_id(&env, "rcn_", session->id);
	query_text(&query, session->id);
	query_text(&query, session->account_id);
	bind_subject(&query, session);
	if (!query_run(&query, err))
		return false;
	session->no = sqlite3_last_insert_rowid(store->db);
	return true;
}

static bool save(struct store *store, const struct session *session, struct error *err)
{
	struct query query = query_start(store, SESSION_SAVE);

	query_text(&query, session->account_id);
	query_integer(&query, session->no);
	bind_subject(&query, session);
	return query_run(&query, err);
}

bool sessions_save(struct store *store, const struct session *session, struct error *err)
{
	struct session stored;

	assert(store->in_transaction);
	if (!get(store, session, &stored, err))
		return false;
	if (stored.state == SESSION_SIGNED && (session->state != SESSION_SIGNED || !same_signatures(&stored, session)))
		return refuse(session, stored.state, err);
	if ((stored.state == SESSION_SIGNED || stored.state == SESSION_PREPARED) && !same_subject(&stored, session))
		return refuse(session, stored.state, err);
	return save(store, session, err);
}

static bool note_signatures(struct store *store, const struct session *session, const struct session *before, int64_t now_ms,
			    struct error *err)
{
	AUTO(str_clear) struct str text = STR_INIT(1000);
	char at[STAMP_TEXT_MAX];

	str_addf(&text, "opened again: %s; it had been prepared by %s at %s", session->reopened, before->preparer,
		 stamp_format(before->prepared_ms, 0, false, at));
	if (before->state == SESSION_SIGNED)
		str_addf(&text, ", and signed by %s at %s", before->reviewer, stamp_format(before->signed_ms, 0, false, at));
	return session_add_note(store, session, &(struct session_note){ .at_ms = now_ms, .who = "engine", .text = text.text }, err);
}

bool session_reopen(struct store *store, struct session *session, const char *why, int64_t now_ms, struct error *err)
{
	struct session before, after;

	assert(store->in_transaction);
	if (!get(store, session, &before, err))
		return false;
	if (before.state != SESSION_PREPARED && before.state != SESSION_SIGNED)
		return error_set(err, ERROR_CONFLICT, "session %s is %s, not signed", session->id, session_state_word(before.state));
	after = before;
	after.state = SESSION_OPEN;
	after.preparer[0] = after.reviewer[0] = '\0';
	after.prepared_ms = after.signed_ms = 0;
	after.reopened_ms = after.changed_ms = now_ms;
	snprintf(after.reopened, sizeof(after.reopened), "%s", why);
	if (!save(store, &after, err) || !note_signatures(store, &after, &before, now_ms, err))
		return false;
	*session = after;
	return true;
}

/* ---- finding ---- */

bool sessions_find(struct store *store, const char *account_id, const char *word, struct session *ret_session, struct error *err)
{
	struct query query = query_start(store, SESSION_FIND);
	bool found, several;

	query_text_or_blank(&query, account_id);
	query_text(&query, word);
	found = query_next(&query);
	if (found)
		read_session(&query, ret_session);
	several = found && *word && strcmp(ret_session->id, word) != 0 && query_next(&query);
	if (!query_end(&query, err))
		return false;
	if (several)
		return error_set(err, ERROR_INPUT, "'%.40s' fits several sessions; type more of the id", word);
	if (!found && !*word)
		return error_set(err, ERROR_INPUT, "there is no session; 'ledgerdeck reconcile ACCOUNT' begins one");
	return found || error_set(err, ERROR_INPUT, "there is no session '%.40s'%s", word, account_id ? " of that account" : "");
}

bool sessions_same(struct store *store, const struct session *like, struct session *ret_session, bool *ret_found, struct error *err)
{
	struct query query = query_start(store, SESSION_SAME);

	query_text(&query, like->account_id);
	query_integer(&query, like->from.day);
	query_integer(&query, like->to.day);
	query_text(&query, like->types);
	query_text(&query, like->source);
	query_text(&query, like->statement);
	return one_of(&query, ret_session, ret_found, err);
}

bool sessions_all(struct store *store, const char *account_id, int64_t limit,
		  bool (*each)(void *ctx, const struct session *session), void *ctx, struct error *err)
{
	struct query query = query_start(store, account_id ? SESSION_ALL_OF : SESSION_ALL);
	struct session session;

	query_integer(&query, limit_or_all(limit));
	if (account_id)
		query_text(&query, account_id);
	while (query_next(&query)) {
		read_session(&query, &session);
		if (!each(ctx, &session))
			break;
	}
	return query_end(&query, err);
}
