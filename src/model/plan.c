/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of plans and intents, as tables. */
#include "ledgerdeck/model/plan.h"

#include <strings.h>

#include "ledgerdeck/core/memory.h"

static const struct {
	const char *word;
	char sign;
	bool writes, waits;
} acts[] = {
	[PLAN_CREATE] = { "create", '+', true, false },   [PLAN_UPDATE] = { "update", '~', true, false },
	[PLAN_LINK] = { "link", '>', false, false },      [PLAN_SAME] = { "same", '=', false, false },
	[PLAN_VOID] = { "void", '-', true, false },       [PLAN_BLOCKED] = { "blocked", '!', false, true },
	[PLAN_DECIDE] = { "decide", '?', false, true },   [PLAN_SKIP] = { "skip", '.', false, false },
};
_Static_assert(ARRAY_LEN(acts) == PLAN_ACT_COUNT, "a row for each act");

const char *plan_act_word(enum plan_act act)
{
	return acts[act].word;
}

char plan_act_sign(enum plan_act act)
{
	return acts[act].sign;
}

bool plan_act_writes(enum plan_act act)
{
	return acts[act].writes;
}

bool plan_act_waits(enum plan_act act)
{
	return acts[act].waits;
}

bool plan_act_parse(const char *word, enum plan_act *ret_act)
{
	for (size_t i = 0; i < ARRAY_LEN(acts); i++)
		if (strcasecmp(acts[i].word, word) == 0) {
			*ret_act = (enum plan_act)i;
			return true;
		}
	return false;
}

static const char *const reasons[] = {
	[REASON_NONE] = "none",           [REASON_NEW] = "new",               [REASON_CHANGED] = "changed",
	[REASON_LEDGER_CHANGED] = "ledger-changed", [REASON_EQUAL] = "equal", [REASON_FOUND] = "found",
	[REASON_NEEDED] = "needed",       [REASON_VOIDED] = "voided",         [REASON_UNMAPPED] = "unmapped",
	[REASON_TARGET] = "target",       [REASON_PARENT] = "parent",         [REASON_APPROVAL] = "approval",
	[REASON_DUPLICATE] = "duplicate", [REASON_NAME_TAKEN] = "name-taken", [REASON_CLOSED] = "closed",
	[REASON_CURRENCY] = "currency",   [REASON_RATE] = "rate",             [REASON_TAX] = "tax",
	[REASON_TOTAL] = "total",         [REASON_LIMIT] = "limit",           [REASON_CONFLICT] = "conflict",
	[REASON_GONE] = "gone",           [REASON_LINKS] = "links",           [REASON_GO_LIVE] = "go-live",
	[REASON_DIRECTION] = "direction", [REASON_UNFIT] = "unfit",           [REASON_BUSY] = "busy",
	[REASON_REQUEST] = "request",     [REASON_OWNER] = "owner",
};
_Static_assert(ARRAY_LEN(reasons) == REASON_COUNT, "a word for each reason");

const char *plan_reason_word(enum plan_reason reason)
{
	return reasons[reason];
}

const char *plan_reason_decisions(enum plan_reason reason)
{
	static const char *const decisions[REASON_COUNT] = {
		[REASON_DUPLICATE] = "link create skip", [REASON_CONFLICT] = "ours theirs", [REASON_GONE] = "create skip",
		[REASON_APPROVAL] = "create skip", [REASON_CLOSED] = "first-open-day skip",
		[REASON_TAX] = "accept ours skip",     [REASON_OWNER] = "ours theirs",
	};

	return decisions[reason] ? decisions[reason] : "";
}

bool plan_reason_parse(const char *word, enum plan_reason *ret_reason)
{
	for (size_t i = 0; i < ARRAY_LEN(reasons); i++)
		if (strcasecmp(reasons[i], word) == 0) {
			*ret_reason = (enum plan_reason)i;
			return true;
		}
	return false;
}

static const struct {
	const char *word;
	bool open, person;
} states[] = {
	[INTENT_WAITING] = { "waiting", true, false },     [INTENT_QUEUED] = { "queued", true, false },
	[INTENT_SENDING] = { "sending", true, false },     [INTENT_RETRY] = { "retry", true, false },
	[INTENT_UNCERTAIN] = { "uncertain", true, false }, [INTENT_CONFIRMED] = { "confirmed", false, false },
	[INTENT_DIFFERENT] = { "different", false, true }, [INTENT_REJECTED] = { "rejected", false, true },
	[INTENT_CONFLICT] = { "conflict", false, true },   [INTENT_DEAD] = { "dead", false, true },
	[INTENT_CANCELLED] = { "cancelled", false, false }, [INTENT_SUPERSEDED] = { "superseded", false, false },
	[INTENT_PAUSED] = { "paused", false, true },
};
_Static_assert(ARRAY_LEN(states) == INTENT_STATE_COUNT, "a row for each state");

const char *intent_state_word(enum intent_state state)
{
	return states[state].word;
}

bool intent_state_parse(const char *word, enum intent_state *ret_state)
{
	for (size_t i = 0; i < ARRAY_LEN(states); i++)
		if (strcasecmp(states[i].word, word) == 0) {
			*ret_state = (enum intent_state)i;
			return true;
		}
	return false;
}

bool intent_is_open(enum intent_state state)
{
	return states[state].open;
}

bool intent_needs_person(enum intent_state state)
{
	return states[state].person;
}

bool intent_is_owed(enum intent_state state)
{
	return states[state].open || states[state].person;
}
