/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a session stands, who signs it, and what opens it again. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/accounts.h"
#include "ledgerdeck/store/mappings.h"
#include "ledgerdeck/store/records.h"
#include "ledgerdeck/sync/reconcile.h"

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

static bool may_sign(struct store *store, const struct session *session, const struct policies *policies, int64_t now_ms, struct error *err)
{
	struct reconcile_standing standing;

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

bool reconcile_sign(struct store *store, struct session *session, const char *who, int64_t now_ms, struct error *err)
{
	AUTO(store_end) struct store *transaction = store;
	struct session signing = *session;
	struct policies policies;

	if (!store_begin(transaction, err) || !sessions_find(store, session->account_id, session->id, &signing, err) ||
	    !policies_get(store, session->account_id, &policies, err) || !may_sign(store, &signing, &policies, now_ms, err))
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

/* ---- what changes afterwards */

#define WATCH_MOST 200

struct watched {
	struct session *items;       /* owned: prepared or signed ones */
	size_t count, room;
};

static bool keep_closed(void *ctx, const struct session *session)
{
	struct watched *watched = ctx;

	if (session->state != SESSION_PREPARED && session->state != SESSION_SIGNED)
		return true;
	memory_grow(&watched->items, &watched->room, watched->count + 1, sizeof(*watched->items));
	watched->items[watched->count++] = *session;
	return true;
}

/* When a record is dated, by its newest versions: a change of date concerns both days. */
struct dating {
	const char *date_field;
	struct date dates[2];
	size_t count, versions;
	enum record_state state;
};

static bool take_version(void *ctx, const struct record_version *version, const char *raw, size_t len)
{
	struct dating *dating = ctx;
	struct json_slice value = json_find(raw, len, dating->date_field);

	if (dating->versions++ == 0)
		dating->state = version->state;
	if (value.kind == JSON_STRING && value.len > 2 && date_parse(value.text + 1, value.len - 2, &dating->dates[dating->count]))
		dating->count++;
	return dating->versions < 2;
}

/* The first date that a type's row lists: the day that a transaction counts for. */
static const char *date_field(const struct type *type)
{
	for (size_t i = 0; i < type->field_count; i++)
		if (type->fields[i].kind == FIELD_DATE && strcmp(type->fields[i].name, "DueDate") != 0)
			return type->fields[i].name;
	return NULL;
}

static bool concerns(const struct dating *dating, const struct session *session)
{
	for (size_t i = 0; i < dating->count; i++)
		if (dating->dates[i].day <= session->to.day)
			return true;
	return false;
}

static bool reopen(struct store *store, struct session *session, const struct touched *touched, const struct dating *dating, int64_t now_ms,
		   struct error *err)
{
	char why[240], date[DATE_TEXT_MAX];
	bool earlier = dating->dates[0].day < session->from.day && (dating->count < 2 || dating->dates[1].day < session->from.day);

	snprintf(why, sizeof(why), "%s %s of %s was %s in the ledger%s.", touched->type, touched->id, date_format(dating->dates[0], date),
		 dating->state == RECORD_DELETED ? "deleted" : dating->versions < 2 ? "added" : "changed",
		 earlier ? ", before the period: what it began with is not what was signed" : "");
	return session_reopen(store, session, why, now_ms, err) && audit(store, session, "reconcile re-opened", "engine", now_ms, err);
}

static bool watch_one(struct store *store, const struct catalogue *catalogue, const struct account *account, struct watched *watched,
		      const struct touched *touched, int64_t now_ms, struct error *err)
{
	const struct type *type = catalogue_find(catalogue, account->provider, touched->type);
	struct dating dating = { .date_field = type ? date_field(type) : NULL };
	struct object object;
	bool found;

	if (!dating.date_field || !objects_get(store, account->id, touched->type, &object, &found, err))
		return dating.date_field == NULL;
	if (found && !records_history(store, &object, touched->id, take_version, &dating, err))
		return false;
	for (size_t i = 0; dating.count > 0 && i < watched->count; i++) {
		struct session *session = &watched->items[i];

		if (session->state != SESSION_OPEN && concerns(&dating, session) &&
		    !reopen(store, session, touched, &dating, now_ms, err))
			return false;
	}
	return true;
}

static bool watch(struct store *store, const struct catalogue *catalogue, const struct account *account, struct watched *watched,
		  int64_t now_ms, bool *ret_more, struct error *err)
{
	AUTO(store_end) struct store *transaction = store;
	AUTO(memory_freep) struct touched *touched = memory_new(WATCH_MOST * sizeof(*touched));
	size_t count;

	*ret_more = false;
	if (!store_begin(transaction, err) || !touched_next(store, account->id, WATCH_MOST, touched, &count, err))
		return false;
	if (count == 0)
		return true;
	for (size_t i = 0; i < count; i++)
		if (!watch_one(store, catalogue, account, watched, &touched[i], now_ms, err))
			return false;
	*ret_more = count == WATCH_MOST;
	return touched_drop(store, account->id, touched[count - 1].no, err) && store_commit(transaction, err);
}

bool reconcile_watch(struct store *store, const struct catalogue *catalogue, const char *account_id, int64_t now_ms, struct error *err)
{
	struct watched watched = { 0 };
	struct touched first;
	struct account account;
	bool good, found, more = true;
	size_t count;

	/* Mostly there is nothing. */
	if (!touched_next(store, account_id, 1, &first, &count, err) || count == 0)
		return count == 0 && (!err || err->code == ERROR_NONE);
	good = accounts_get(store, account_id, &account, &found, err) && found && sessions_all(store, account_id, 0, keep_closed, &watched, err);
	while (good && more)
		good = watch(store, catalogue, &account, &watched, now_ms, &more, err);
	memory_freep(&watched.items);
	return good;
}
