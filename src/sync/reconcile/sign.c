/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a session stands, and who signs it. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/accounts.h"
#include "ledgerdeck/store/mappings.h"
#include "ledgerdeck/sync/reconcile.h"
#include "reconcile/watch.h"

/* ---- where it stands */

struct counting {
	int64_t unequal;
};

static bool count_tie(void *ctx, const struct session_tie *tie)
{
	struct counting *counting = ctx;

	counting->unequal += !tie->equal;
	return true;
}

bool reconcile_standing(struct store *store, const struct session *session, struct date today, struct reconcile_standing *ret_standing,
			struct error *err)
{
	struct counting counting = { 0 };

	*ret_standing = (struct reconcile_standing){ .complete = session->read_ms != 0 };
	if (!session_totals(store, session->no, today, &ret_standing->totals, err) ||
	    !session_ties(store, session->no, count_tie, &counting, err))
		return false;
	for (int state = 0; state < EXCEPTION_STATE_COUNT; state++)
		if (!exception_is_explained((enum exception_state)state))
			ret_standing->open += ret_standing->totals.states[state];
	ret_standing->ties_unequal = counting.unequal;
	/* Each sum that does not tie has an exception that names what is behind it, or itself. */
	ret_standing->agrees = ret_standing->complete && ret_standing->open == 0;
	return true;
}

/* ---- signing */

static bool note(struct store *store, const struct session *session, const char *who, int64_t now_ms, const char *text, struct error *err)
{
	struct session_note row = { .at_ms = now_ms, .who = who, .text = text };

	return session_add_note(store, session, &row, err);
}

static bool audit(struct store *store, const struct session *session, const char *what, const char *who, int64_t now_ms, struct error *err)
{
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);
	char from[DATE_TEXT_MAX], to[DATE_TEXT_MAX];

	str_addf(&text, "%s %s to %s", session->id, date_format(session->from, from), date_format(session->to, to));
	return audit_add(store, who, what, session->account_id, "", text.text, now_ms, err);
}

static bool may_sign(struct store *store, const struct catalogue *catalogue, const struct session *session, const struct policies *policies,
		     int64_t now_ms, struct error *err)
{
	struct reconcile_standing standing;
	char changed[WATCH_WHY_MAX];

	if (session->state == SESSION_SIGNED)
		return error_set(err, ERROR_CONFLICT, "session %s is signed by both already", session->id);
	if (session->state == SESSION_DROPPED)
		return error_set(err, ERROR_CONFLICT, "session %s was dropped", session->id);
	if (!reconcile_standing(store, session, date_of_ms(now_ms, 0), &standing, err))
		return false;
	if (!standing.complete)
		return error_set(err, ERROR_INPUT, "session %s was never compared with the ledger itself", session->id);
	if (standing.open > 0 && policy_is(policies, POLICY_UNEXPLAINED, "zero"))
		return error_set(err, ERROR_INPUT, "%" PRId64 " exception%s of session %s %s not explained; the policy 'unexplained' wants none",
				 standing.open, standing.open == 1 ? "" : "s", session->id, standing.open == 1 ? "is" : "are");
	if (!watch_since(store, catalogue, session, changed, err))
		return false;
	if (*changed)
		return error_set(err, ERROR_INPUT, "what would be signed was not compared: since then %.200s; compare again", changed);
	return true;
}

static bool sign(struct store *store, struct session *session, const char *who, int64_t now_ms, struct error *err)
{
	if (session->state == SESSION_OPEN) {
		session->state = SESSION_PREPARED;
		session->prepared_ms = now_ms;
		snprintf(session->preparer, sizeof(session->preparer), "%s", who);
		return note(store, session, who, now_ms, "signed as preparer", err) && sessions_save(store, session, err) &&
		       audit(store, session, "reconcile prepared", who, now_ms, err);
	}
	session->state = SESSION_SIGNED;
	session->signed_ms = now_ms;
	snprintf(session->reviewer, sizeof(session->reviewer), "%s", who);
	return sessions_save(store, session, err) && audit(store, session, "reconcile signed", who, now_ms, err);
}

bool reconcile_sign(struct store *store, const struct catalogue *catalogue, struct session *session, const char *who, int64_t now_ms,
		    struct error *err)
{
	AUTO(store_end) struct store *transaction = store;
	struct session signing = *session;
	struct policies policies;

	if (!store_begin(transaction, err) || !sessions_find(store, session->account_id, session->id, &signing, err) ||
	    !policies_get(store, session->account_id, &policies, err) || !may_sign(store, catalogue, &signing, &policies, now_ms, err))
		return false;
	if (signing.state == SESSION_PREPARED && strcmp(signing.preparer, who) == 0 && policy_is(&policies, POLICY_REVIEWER, "other"))
		return error_set(err, ERROR_INPUT, "%.60s has prepared it: the policy 'reviewer' wants somebody else to sign now", who);
	if (!sign(store, &signing, who, now_ms, err) || !store_commit(transaction, err))
		return false;
	*session = signing;
	return true;
}

bool reconcile_unsign(struct store *store, struct session *session, const char *who, int64_t now_ms, struct error *err)
{
	AUTO(store_end) struct store *transaction = store;
	char why[200];

	if (session->state != SESSION_PREPARED)
		return error_set(err, ERROR_CONFLICT, "session %s is %s: only what waits for its reviewer can be taken back", session->id,
				 session_state_word(session->state));
	snprintf(why, sizeof(why), "Taken back by %.100s before it was reviewed.", who);
	return store_begin(transaction, err) && session_reopen(store, session, why, now_ms, err) &&
	       audit(store, session, "reconcile taken back", who, now_ms, err) && store_commit(transaction, err);
}

bool reconcile_drop(struct store *store, struct session *session, const char *who, int64_t now_ms, struct error *err)
{
	AUTO(store_end) struct store *transaction = store;

	if (session->state != SESSION_OPEN)
		return error_set(err, ERROR_CONFLICT, "session %s is %s", session->id, session_state_word(session->state));
	session->state = SESSION_DROPPED;
	session->changed_ms = now_ms;
	return store_begin(transaction, err) && sessions_save(store, session, err) &&
	       audit(store, session, "reconcile dropped", who, now_ms, err) && store_commit(transaction, err);
}
