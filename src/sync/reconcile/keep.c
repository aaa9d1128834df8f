/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A round as it is kept, in one transaction. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "reconcile/round.h"

static bool keep_thing(struct round *round, enum side side, struct thing *thing)
{
	struct session_item item = { .side = side, .type = side == SIDE_MIRROR ? thing->record_type : thing->type, .ref = thing->ref,
				     .version = thing->version, .date = thing->item.date, .amount = thing->item.amount,
				     .currency = thing->item.currency, .number = thing->item.number, .party = thing->item.party,
				     .party_name = thing->party_name, .memo = thing->item.text };

	if (!session_add_item(round->store, round->session, &item, &round->error))
		return false;
	thing->no = item.no;
	return true;
}

/* A match that lies outside the period as a whole is nobody's business here, nor are its things. */
static bool is_outside(const struct round *round, const struct match *match)
{
	bool inside = false;

	for (size_t i = 0; i < match->first_count; i++)
		inside = inside || round->source.items[match->first[i]].inside;
	for (size_t i = 0; i < match->second_count; i++)
		inside = inside || round->mirror.items[match->second[i]].inside;
	return !inside;
}

static void leave_outside(struct round *round)
{
	for (size_t i = 0; i < round->match_count; i++) {
		const struct match *match = &round->matches[i];

		if (!is_outside(round, match) || (i < round->recalled && round->decided[i].state == SESSION_MATCH_REJECTED))
			continue;
		for (size_t k = 0; k < match->first_count; k++)
			round->source.items[match->first[k]].match = 0;
		for (size_t k = 0; k < match->second_count; k++)
			round->mirror.items[match->second[k]].match = 0;
	}
}

/* What lies outside the period is kept only where it is somebody's other half; of a file all is, which may not be there again. */
static bool keep_side(struct round *round, enum side side, struct things *things)
{
	for (size_t i = 0; i < things->count; i++) {
		struct thing *thing = &things->items[i];

		if (!thing->inside && !thing->match && !thing->taken && !(side == SIDE_SOURCE && round->wish->source))
			continue;
		if (!keep_thing(round, side, thing))
			return false;
	}
	return true;
}

static bool keep_match(struct round *round, size_t i)
{
	const struct match *match = &round->matches[i];
	struct session_match kept = { .pass = match->pass, .score = match->score, .difference = match->difference,
				      .state = compare_is_sure(round, match) ? SESSION_MATCH_SURE : SESSION_MATCH_SUGGESTED };
	int64_t items[2 * MATCH_MANY_MAX];
	size_t count = 0;

	if (i < round->recalled)
		kept = round->decided[i];
	snprintf(kept.currency, sizeof(kept.currency), "%s", round->source.items[match->first[0]].item.currency);
	for (size_t k = 0; k < match->first_count; k++)
		items[count++] = round->source.items[match->first[k]].no;
	for (size_t k = 0; k < match->second_count; k++)
		items[count++] = round->mirror.items[match->second[k]].no;
	if (is_outside(round, match))
		return true;
	/* A rejected one may be of things that are not kept any more. */
	for (size_t k = 0; k < count; k++)
		if (items[k] == 0)
			return true;
	if (!session_add_match(round->store, round->session, &kept, items, count, &round->error))
		return false;
	round->match_numbers[i] = kept.no;
	return true;
}

static bool keep_matches(struct round *round)
{
	round->match_numbers = memory_new((round->match_count + 1) * sizeof(*round->match_numbers));
	for (size_t i = 0; i < round->match_count; i++)
		if (!keep_match(round, i))
			return false;
	return true;
}

/* What a plan was to put right, and is found again although that plan was applied or dropped, is somebody's work again. */
static bool reopen_uncorrected(struct round *round, struct session_exception *exception)
{
	char text[120];
	struct session_note note = { .exception = exception->no, .at_ms = round->planner.now_ms, .who = "engine", .text = text };
	struct plan plan;

	if (exception->state != EXCEPTION_CORRECTED || !*exception->plan)
		return true;
	if (!plans_find(round->store, round->planner.account.id, exception->plan, &plan, NULL, NULL, &round->error))
		return false;
	if (plan.state == PLAN_OPEN)
		return true;
	snprintf(text, sizeof(text), "Plan %.40s was %s, and it is found again.", plan.id, plan_state_word(plan.state));
	exception->state = *exception->assignee ? EXCEPTION_ASSIGNED : EXCEPTION_OPEN;
	exception->changed_ms = round->planner.now_ms;
	snprintf(exception->who, sizeof(exception->who), "engine");
	return session_save_exception(round->store, round->session, exception, &round->error) &&
	       session_add_note(round->store, round->session, &note, &round->error);
}

/* Places become numbers. */
static bool keep_exception(struct round *round, struct map *seen, struct session_exception *exception)
{
	void **place = map_place(seen, exception->key, strlen(exception->key));

	if (*place)
		return true; /* told already, for another reason that comes to the same */
	*place = seen;
	if (exception->source_item)
		exception->source_item = round->source.items[exception->source_item - 1].no;
	if (exception->mirror_item)
		exception->mirror_item = round->mirror.items[exception->mirror_item - 1].no;
	if (exception->match)
		exception->match = round->match_numbers[exception->match - 1];
	return session_add_exception(round->store, round->session, exception, round->planner.now_ms, &round->error) &&
	       reopen_uncorrected(round, exception);
}

static bool keep_exceptions(struct round *round)
{
	struct session_exception exception;
	struct map seen = { 0 };
	bool good = true;

	for (size_t i = 0; good && i < round->exception_count; i++) {
		enum exception_state state;

		round_exception(round, i, &exception);
		state = exception.state;
		good = keep_exception(round, &seen, &exception);
		if (!good || state != EXCEPTION_CLOSED || exception.state == EXCEPTION_CLOSED)
			continue;
		/* Right already: it is only told. */
		exception.state = EXCEPTION_CLOSED;
		exception.changed_ms = round->planner.now_ms;
		snprintf(exception.who, sizeof(exception.who), "engine");
		good = session_save_exception(round->store, round->session, &exception, &round->error);
	}
	map_clear(&seen, NULL);
	return good;
}

static bool keep_findings(struct round *round)
{
	for (size_t i = 0; i < round->tie_count; i++)
		if (!session_add_tie(round->store, round->session, &round->ties[i], &round->error))
			return false;
	for (size_t i = 0; i < round->reading_count; i++)
		if (!session_add_report(round->store, round->session, &round->readings[i].row, round->readings[i].raw, round->readings[i].len,
					&round->error))
			return false;
	return keep_exceptions(round);
}

/* Neither has the file changed, nor does it lie elsewhere. */
static bool same_file(const struct session *one, const struct session *other)
{
	return strcmp(one->source_digest, other->source_digest) == 0 && strcmp(one->path, other->path) == 0 &&
	       strcmp(one->profile, other->profile) == 0;
}

/* As it was when this round began: what others found and said since would be lost otherwise. */
static bool take_session(struct round *round)
{
	struct session *session = round->session, now;
	bool found;

	if (!sessions_same(round->store, session, &now, &found, &round->error))
		return false;
	if (!found && session->no == 0)
		return sessions_add(round->store, session, &round->error);
	if (!found || now.no != session->no || now.rounds != session->rounds)
		return error_set(&round->error, ERROR_CONFLICT, "session %s was %s meanwhile; nothing of this round was kept",
				 found ? now.id : session->id, found ? "compared by somebody else" : "dropped");
	if (!round->wish->source_digest)
		return true;
	*session = now;
	snprintf(session->source_digest, sizeof(session->source_digest), "%s", round->wish->source_digest);
	round_keep_path(session->path, round->wish->path);
	round_keep_path(session->profile, round->wish->profile);
	return same_file(session, &now) || sessions_save(round->store, session, &round->error);
}

bool keep_round(struct round *round)
{
	AUTO(store_end) struct store *transaction = round->store;
	struct session *session = round->session;

	leave_outside(round);
	if (!store_begin(transaction, &round->error) || !take_session(round))
		return false;
	if (!session_round_begin(transaction, session, &round->error) || !keep_side(round, SIDE_SOURCE, &round->source) ||
	    !keep_side(round, SIDE_MIRROR, &round->mirror) || !keep_matches(round) || !keep_findings(round))
		return false;
	return session_round_end(transaction, session, round->tied, round->planner.now_ms, &round->error) &&
	       store_commit(transaction, &round->error);
}
