/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people do in a session: decide, take back, and say. */
#include "session_rows.h"

bool session_save_exception(struct store *store, const struct session *session, const struct session_exception *exception,
			    struct error *err)
{
	struct query query;
	bool found;

	if (!session_may_change(store, session, err))
		return false;
	query = session_query(store, SESSION_EXCEPTION_SAVE, session->no);
	query_integer(&query, exception->no);
	query_integer(&query, exception->state);
	query_text(&query, exception->assignee);
	query_text(&query, exception->plan);
	query_text(&query, exception->who);
	query_integer(&query, exception->changed_ms);
	while (query_next(&query))
		continue;
	found = query_changes(&query) > 0;
	return query_end(&query, err) && (found || error_set(err, ERROR_INPUT, "session %s has no exception %lld", session->id,
							      (long long)exception->no));
}

/* ---- matches ---- */

static struct query of_match(struct store *store, enum statement statement, int64_t session, int64_t match)
{
	struct query query = session_query(store, statement, session);

	query_integer(&query, match);
	return query;
}

/* Its items were free for others meanwhile. */
static bool take_back(struct store *store, int64_t session, int64_t match, struct error *err)
{
	struct query query = of_match(store, SESSION_ITEM_TAKEN, session, match);
	int64_t taken = query_next(&query) ? row_integer(&query, 0) : 0;

	if (!query_end(&query, err))
		return false;
	if (taken > 0)
		return error_set(err, ERROR_CONFLICT, "what match %lld was of is matched with something else by now", (long long)match);
	query = of_match(store, SESSION_ITEM_TAKE_BACK, session, match);
	return query_run(&query, err);
}

static bool drop_answer(struct store *store, int64_t session, int64_t match, struct error *err)
{
	struct query query = of_match(store, SESSION_ANSWER_DROP, session, match);

	return query_run(&query, err);
}

bool session_save_match(struct store *store, const struct session *session, const struct session_match *match, struct error *err)
{
	struct session_match before;
	struct query query;
	bool found, was_answered, answered = session_match_is_answered(match);

	if (!session_may_change(store, session, err) || !session_one_match(store, session->no, match->no, &before, &found, err))
		return false;
	if (!found)
		return error_set(err, ERROR_INPUT, "session %s has no match %lld", session->id, (long long)match->no);
	was_answered = session_match_is_answered(&before);
	if (answered && !was_answered && !session_keep_answer(store, session->no, match->no, err))
		return false;
	if (match->state == SESSION_MATCH_REJECTED && !session_free_items(store, session->no, match->no, err))
		return false;
	if (before.state == SESSION_MATCH_REJECTED && match->state != SESSION_MATCH_REJECTED &&
	    !take_back(store, session->no, match->no, err))
		return false;
	if (was_answered && !answered && !drop_answer(store, session->no, match->no, err))
		return false;
	query = of_match(store, SESSION_MATCH_SAVE, session->no, match->no);
	query_integer(&query, match->state);
	query_text(&query, match->who);
	query_integer(&query, match->at_ms);
	return query_run(&query, err);
}

/* ---- notes and acts ---- */

bool session_add_note(struct store *store, const struct session *session, const struct session_note *note, struct error *err)
{
	struct query query;

	if (!session_may_change(store, session, err))
		return false;
	query = session_query(store, SESSION_NOTE_ADD, session->no);
	query_integer(&query, note->exception);
	query_integer(&query, note->at_ms);
	query_text_or_blank(&query, note->who);
	query_text_or_blank(&query, note->text);
	return query_run(&query, err);
}

bool session_notes(struct store *store, int64_t session, int64_t exception, bool (*each)(void *ctx, const struct session_note *note),
		   void *ctx, struct error *err)
{
	struct query query = session_query(store, exception < 0 ? SESSION_NOTE_LIST : SESSION_NOTE_LIST_OF, session);

	if (exception >= 0)
		query_integer(&query, exception);
	while (query_next(&query)) {
		struct session_note note = { .no = row_integer(&query, 0), .exception = row_integer(&query, 1),
					     .at_ms = row_integer(&query, 2), .who = row_text(&query, 3), .text = row_text(&query, 4) };

		if (!each(ctx, &note))
			break;
	}
	return query_end(&query, err);
}

bool session_add_act(struct store *store, const struct session *session, const struct session_act *act, struct error *err)
{
	struct query query;

	if (!session_may_change(store, session, err))
		return false;
	query = session_query(store, SESSION_ACT_ADD, session->no);
	query_integer(&query, act->at_ms);
	query_text_or_blank(&query, act->who);
	query_text_or_blank(&query, act->what);
	query_text_or_blank(&query, act->before);
	return query_run(&query, err);
}

bool session_act_undone(struct store *store, const struct session *session, int64_t no, struct error *err)
{
	struct query query;

	if (!session_may_change(store, session, err))
		return false;
	query = session_query(store, SESSION_ACT_UNDONE, session->no);
	query_integer(&query, no);
	return query_run(&query, err);
}

static bool list_acts(struct store *store, enum statement statement, int64_t session,
		      bool (*each)(void *ctx, const struct session_act *act), void *ctx, struct error *err)
{
	struct query query = session_query(store, statement, session);

	while (query_next(&query)) {
		struct session_act act = { .no = row_integer(&query, 0), .at_ms = row_integer(&query, 1), .who = row_text(&query, 2),
					   .what = row_text(&query, 3), .before = row_text(&query, 4),
					   .undone = row_integer(&query, 5) != 0 };

		if (!each(ctx, &act))
			break;
	}
	return query_end(&query, err);
}

bool session_last_act(struct store *store, int64_t session, bool (*each)(void *ctx, const struct session_act *act), void *ctx,
		      struct error *err)
{
	return list_acts(store, SESSION_ACT_LAST, session, each, ctx, err);
}

bool session_acts(struct store *store, int64_t session, bool (*each)(void *ctx, const struct session_act *act), void *ctx,
		  struct error *err)
{
	return list_acts(store, SESSION_ACT_LIST, session, each, ctx, err);
}
