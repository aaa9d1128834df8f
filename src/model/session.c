/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of reconciliation, as tables. */
#include "ledgerdeck/model/session.h"

#include <assert.h>
#include <limits.h>
#include <string.h>
#include <strings.h>

#include "ledgerdeck/core/memory.h"

/* Rows of any table that begin with their word. */
static bool find(const void *rows, size_t size, size_t count, const char *word, size_t *ret_at)
{
	for (size_t i = 0; i < count; i++) {
		const char *own;

		memcpy(&own, (const char *)rows + i * size, sizeof(own));
		if (strcasecmp(own, word) == 0) {
			*ret_at = i;
			return true;
		}
	}
	return false;
}

#define FIND(rows, word, ret_at) find(rows, sizeof((rows)[0]), ARRAY_LEN(rows), word, ret_at)

static const char *const session_states[] = {
	[SESSION_OPEN] = "open", [SESSION_PREPARED] = "prepared", [SESSION_SIGNED] = "signed", [SESSION_DROPPED] = "dropped",
};
_Static_assert(ARRAY_LEN(session_states) == SESSION_STATE_COUNT, "a word for each state");

const char *session_state_word(enum session_state state)
{
	return session_states[state];
}

bool session_state_parse(const char *word, enum session_state *ret_state)
{
	size_t at;

	if (!FIND(session_states, word, &at))
		return false;
	*ret_state = (enum session_state)at;
	return true;
}

static const char *const sides[] = { [SIDE_SOURCE] = "source", [SIDE_MIRROR] = "mirror", [SIDE_LEDGER] = "ledger" };
_Static_assert(ARRAY_LEN(sides) == SIDE_COUNT, "a word for each side");

const char *side_word(enum side side)
{
	return sides[side];
}

bool side_parse(const char *word, enum side *ret_side)
{
	size_t at;

	if (!FIND(sides, word, &at))
		return false;
	*ret_side = (enum side)at;
	return true;
}

/* ---- exceptions ---- */

static const struct exception_row reasons[] = {
	[EXCEPTION_SUGGESTED] = { "suggested", "may be the same",
		"the two are alike, but no number or reference says that they are one", "accept reject reread" },
	[EXCEPTION_NOT_IN_LEDGER] = { "not-in-ledger", "is not in the ledger",
		"its write is blocked or given up, or was never planned", "plan outbox link reread ignore" },
	[EXCEPTION_NOT_IN_SOURCE] = { "not-in-source", "is not in the source",
		"somebody entered it in the ledger by hand, or another program did", "adopt link reread ignore" },
	[EXCEPTION_AMOUNT] = { "amount", "has another amount",
		"one side was edited, tax was rounded another way, or a discount was given", "plan accept adopt reread ignore" },
	[EXCEPTION_DATE] = { "date", "has another date",
		"a time zone moved it, or closed books put it into another period", "accept plan adopt reread ignore" },
	[EXCEPTION_PARTY] = { "party", "is of another party",
		"customers or vendors were merged in the ledger, or a rule maps to the wrong one", "plan link adopt accept reread ignore" },
	[EXCEPTION_CURRENCY] = { "currency", "has another currency or rate",
		"no rate was sent, or the ledger took the rate of another day", "plan accept adopt reread ignore" },
	[EXCEPTION_DUPLICATE] = { "duplicate", "is there twice",
		"it was written again by another program or by hand, or the source lists it twice", "plan link accept reread ignore" },
	[EXCEPTION_APPLIED] = { "applied", "is not applied as it should be",
		"a link of the payment was dropped, or a credit was applied by itself", "plan accept reread ignore" },
	[EXCEPTION_GONE] = { "gone", "was deleted or voided in the ledger",
		"somebody deleted or voided it in the ledger", "plan adopt accept reread ignore" },
	[EXCEPTION_TIMING] = { "timing", "is in transit over the end of the period",
		"one side has it in this period, the other in the next", "accept reread ignore" },
	[EXCEPTION_ENGINE] = { "engine", "was not read again when it changed",
		"the mirror was behind the ledger: our own fault", "reread accept" },
	[EXCEPTION_TIE] = { "tie", "does not tie out",
		"a record is missing here, or the ledger's report counts what its lists don't show", "reread accept" },
	[EXCEPTION_UNKNOWN] = { "unknown", "can't be told what it does to the books",
		"its type or its fields are not known to this program", "reread accept ignore" },
};
_Static_assert(ARRAY_LEN(reasons) == EXCEPTION_REASON_COUNT, "a row for each reason");

const struct exception_row *exception_row(enum exception_reason reason)
{
	return &reasons[reason];
}

bool exception_reason_parse(const char *word, enum exception_reason *ret_reason)
{
	size_t at;

	if (!FIND(reasons, word, &at))
		return false;
	*ret_reason = (enum exception_reason)at;
	return true;
}

static const struct {
	const char *word, *title;
	bool needs_note;
} steps[] = {
	[STEP_REREAD] = { "reread", "read it again from the ledger", false },
	[STEP_LINK] = { "link", "link it to the record that it is", false },
	[STEP_PLAN] = { "plan", "plan a correction", false },
	[STEP_ADOPT] = { "adopt", "take it as the ledger has it", false },
	[STEP_ACCEPT] = { "accept", "accept it, with a reason", true },
	[STEP_REJECT] = { "reject", "reject the suggested match", false },
	[STEP_IGNORE] = { "ignore", "leave it out, with a reason", true },
	[STEP_OUTBOX] = { "outbox", "look at its write in the outbox", false },
};
_Static_assert(ARRAY_LEN(steps) == STEP_COUNT, "a row for each step");

const char *exception_step_word(enum exception_step step)
{
	return steps[step].word;
}

const char *exception_step_title(enum exception_step step)
{
	return steps[step].title;
}

bool exception_step_parse(const char *word, enum exception_step *ret_step)
{
	size_t at;

	if (!FIND(steps, word, &at))
		return false;
	*ret_step = (enum exception_step)at;
	return true;
}

bool exception_offers(enum exception_reason reason, enum exception_step step)
{
	const char *word = steps[step].word, *at = reasons[reason].steps;
	size_t len = strlen(word);

	for (; *at; at += strspn(at, " ")) {
		size_t own = strcspn(at, " ");

		if (own == len && memcmp(at, word, len) == 0)
			return true;
		at += own;
	}
	return false;
}

bool exception_step_needs_note(enum exception_step step)
{
	return steps[step].needs_note;
}

static const struct {
	const char *word;
	bool open;
} exception_states[] = {
	[EXCEPTION_OPEN] = { "open", true },            [EXCEPTION_ASSIGNED] = { "assigned", true },
	[EXCEPTION_EXPLAINED] = { "explained", false }, [EXCEPTION_CORRECTED] = { "corrected", false },
	[EXCEPTION_ACCEPTED] = { "accepted", false },   [EXCEPTION_CLOSED] = { "closed", false },
};
_Static_assert(ARRAY_LEN(exception_states) == EXCEPTION_STATE_COUNT, "a row for each state");

const char *exception_state_word(enum exception_state state)
{
	return exception_states[state].word;
}

bool exception_state_parse(const char *word, enum exception_state *ret_state)
{
	size_t at;

	if (!FIND(exception_states, word, &at))
		return false;
	*ret_state = (enum exception_state)at;
	return true;
}

bool exception_is_open(enum exception_state state)
{
	return exception_states[state].open;
}

bool exception_is_explained(enum exception_state state)
{
	return !exception_states[state].open;
}

static const struct {
	int days; /* up to */
	const char *title;
} ages[] = { { 7, "0-7" }, { 30, "8-30" }, { 60, "31-60" }, { INT_MAX, "over 60" } };
_Static_assert(ARRAY_LEN(ages) == EXCEPTION_AGES, "a row for each age");

size_t exception_age(int days)
{
	size_t age = 0;

	while (days > ages[age].days)
		age++;
	return age;
}

const char *exception_age_title(size_t age)
{
	assert(age < EXCEPTION_AGES);
	return ages[age].title;
}

/* ---- ties ---- */

static const struct {
	const char *word, *title;
} ties[] = {
	[TIE_ACCOUNT] = { "account", "balance of a ledger account, by the trial balance" },
	[TIE_MOVEMENT] = { "movement", "movement of a ledger account, by the general ledger" },
	[TIE_RECEIVABLES] = { "receivables", "open balance of a customer, by the aged receivables" },
	[TIE_CONTROL] = { "control", "all receivables, by the control account" },
	[TIE_CUSTOMER] = { "customer", "balance of a customer, by the customer balance" },
	[TIE_TRANSACTIONS] = { "transactions", "total of a type, by the transaction list" },
	[TIE_TAX] = { "tax", "tax, by the tax report" },
	[TIE_ZERO] = { "zero", "sum of the trial balance, which is zero" },
};
_Static_assert(ARRAY_LEN(ties) == TIE_COUNT, "a row for each tie");

const char *tie_word(enum tie tie)
{
	return ties[tie].word;
}

const char *tie_title(enum tie tie)
{
	return ties[tie].title;
}

bool tie_parse(const char *word, enum tie *ret_tie)
{
	size_t at;

	if (!FIND(ties, word, &at))
		return false;
	*ret_tie = (enum tie)at;
	return true;
}
