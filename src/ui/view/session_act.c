/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people do about what does not agree: each act is a command, taken back by one key; several at once are asked about. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "copies.h"
#include "deck.h"
#include "dialog.h"
#include "job.h"
#include "ledgerdeck/command/address.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/accounts.h"
#include "session_view.h"

#define DEEDS_MAX 2000 /* exceptions that one command takes */

/* What each of the actions is for the command, what is asked for, and what is said when it was done. */
static const struct act {
	enum action action;
	enum exception_step step;    /* STEP_COUNT: it is none */
	const char *ask;             /* NULL: nothing is asked for */
	const char *done, *title, *verb;
	bool stays;                  /* it can't be taken back */
} acts[] = {
	{ ACTION_ACCEPT, STEP_ACCEPT, "Accepted, because: ", "accepted", "Accept", "accept them", false },
	{ ACTION_REJECT, STEP_REJECT, NULL, "rejected", "Reject", "reject them", false },
	{ ACTION_IGNORE, STEP_IGNORE, "Left out, because: ", "left out", "Leave out", "leave them out", false },
	{ ACTION_ADOPT, STEP_ADOPT, NULL, "taken as the ledger has it", "Adopt", "adopt them", false },
	{ ACTION_SETTLE, STEP_LINK, "It is the record with the id (nothing: the one it names): ", "linked to its record", "Link", "link them", true },
	{ ACTION_CORRECT, STEP_PLAN, NULL, "planned to be put right", "Plan a correction", "plan it", false },
	{ ACTION_FETCH, STEP_REREAD, NULL, "read again", "Read again", "read them", true },
	{ ACTION_NOTE, STEP_COUNT, "Note: ", "explained", "Explain", "explain them", false },
	{ ACTION_ASSIGN, STEP_COUNT, "To whom (nothing: to nobody): ", "assigned", "Assign", "assign them", false },
};

static const struct act *act_of(enum action action)
{
	for (size_t i = 0; i < ARRAY_LEN(acts); i++)
		if (acts[i].action == action)
			return &acts[i];
	return NULL;
}

size_t session_deed_size(size_t count)
{
	return sizeof(struct session_deed) + count * sizeof(int64_t);
}

bool session_is_deed(enum action action)
{
	return act_of(action) != NULL;
}

/* ---- what is refused */

static const char *refuses_closed(const struct session *session)
{
	switch (session->state) {
	case SESSION_PREPARED:
		return "the session is signed by who prepared it; {unsign} takes that back";
	case SESSION_SIGNED:
		return "the session is signed by both: it does not change any more";
	case SESSION_DROPPED:
		return "the session was given up";
	default:
		return NULL;
	}
}

const char *session_refuses(const struct session *session, enum exception_reason reason, enum exception_state state, enum action action)
{
	static char room[200];
	const struct act *act = act_of(action);
	const char *closed = refuses_closed(session);

	if (!act || closed)
		return act ? closed : NULL;
	if (act->step == STEP_COUNT)
		return NULL;
	if (!exception_offers(reason, act->step)) {
		snprintf(room, sizeof(room), "what '%s' stands for is not put right by that; there are %s", exception_row(reason)->word,
			 exception_row(reason)->steps);
		return room;
	}
	return state == EXCEPTION_CLOSED && act->step != STEP_REREAD ? "it agrees now" : NULL;
}

const char *session_refuses_whole(const struct session *session, enum action action)
{
	switch (action) {
	case ACTION_RETRY:
	case ACTION_DROP:
		return refuses_closed(session);
	case ACTION_SIGN:
		return session->state == SESSION_SIGNED ? "both have signed it" : session->state == SESSION_DROPPED ? "the session was given up"
							: session->read_ms == 0 ? "it was never compared with the ledger to the end" : NULL;
	case ACTION_UNSIGN:
		return session->state == SESSION_PREPARED ? NULL : "only what waits for its reviewer is taken back";
	case ACTION_UNDO:
		return refuses_closed(session);
	default:
		return NULL;
	}
}

/* ---- the command */

static void add_words(const struct session_deed *deed, struct str *out)
{
	const struct act *act = act_of(deed->action);

	str_addf(out, "resolve %s", deed->session);
	for (size_t i = 0; i < deed->count; i++)
		str_addf(out, " %lld", (long long)deed->numbers[i]);
	if (act->step != STEP_COUNT)
		str_addf(out, " --step %s", exception_step_word(act->step));
	if (act->step == STEP_LINK && *deed->text) {
		str_add(out, " --record");
		words_add(out, deed->text);
	} else if (deed->action == ACTION_ASSIGN) {
		str_add(out, " --assign");
		words_add(out, deed->text);
	} else if (*deed->text) {
		str_add(out, " --note");
		words_add(out, deed->text);
	}
}

static void carry_out(struct deck *deck, const void *target)
{
	const struct session_deed *deed = target;
	const struct act *act = act_of(deed->action);
	AUTO(str_clear) struct str line = STR_INIT(STR_NO_LIMIT);
	AUTO(words_free) char **words = NULL;
	char undo[80], what[160];
	size_t count;

	session_unmark(deck, deed->session);
	add_words(deed, &line);
	snprintf(undo, sizeof(undo), "resolve %s --undo", deed->session);
	if (deed->count == 1)
		snprintf(what, sizeof(what), "Exception %lld is %s", (long long)deed->numbers[0], act->done);
	else
		snprintf(what, sizeof(what), "%zu exceptions are %s", deed->count, act->done);
	if (line.len < DECK_LINE_MAX) {
		deck_do(deck, line.text, act->stays ? "" : undo, what);
		return;
	}
	/* Too long to be done again; the view takes it back. */
	words_split(line.text, &words, &count);
	deck_command(deck, (const char *const *)words, false);
}

/* ---- several at once: what they are, and how much */

struct amounts {
	struct {
		char currency[8];
		int64_t count;
		struct decimal sum;
	} items[16];
	size_t count;
};

static void add_amount(struct amounts *amounts, const struct session_exception *exception)
{
	struct decimal sum;
	size_t i = 0;

	while (i < amounts->count && strcmp(amounts->items[i].currency, exception->currency) != 0)
		i++;
	if (i == ARRAY_LEN(amounts->items))
		return;
	if (i == amounts->count)
		snprintf(amounts->items[amounts->count++].currency, sizeof(amounts->items[i].currency), "%s", exception->currency);
	amounts->items[i].count++;
	if (decimal_add(amounts->items[i].sum, decimal_of(exception->amount, 6), &sum))
		amounts->items[i].sum = sum;
}

static bool describe(const void *ctx, struct store *store, struct str *out, struct error *err)
{
	const struct session_deed *deed = ctx;
	const struct act *act = act_of(deed->action);
	AUTO(memory_freep) struct amounts *amounts = memory_new(sizeof(*amounts));
	struct session session;
	char digits[DECIMAL_TEXT_MAX];

	if (!sessions_find(store, deed->account.id, deed->session, &session, err))
		return false;
	if (refuses_closed(&session))
		return error_set(err, ERROR_CONFLICT, "The session is %s now.", session_state_word(session.state));
	for (size_t i = 0; i < deed->count; i++) {
		struct session_exception exception;
		bool found;

		if (!session_exception(store, session.no, deed->numbers[i], &exception, &found, err))
			return false;
		if (!found || (exception.state == EXCEPTION_CLOSED && act->step != STEP_REREAD))
			return error_set(err, ERROR_CONFLICT, "Exception %lld agrees now.", (long long)deed->numbers[i]);
		add_amount(amounts, &exception);
	}
	str_addf(out, "%zu exceptions are %s:", deed->count, act->done);
	for (size_t i = 0; i < amounts->count; i++) {
		struct decimal sum = decimal_money(amounts->items[i].sum);

		str_addf(out, "\n  %lld with %s %s", (long long)amounts->items[i].count, decimal_format(sum, digits), amounts->items[i].currency);
	}
	if (*deed->text)
		str_addf(out, "\n%s%s", act->ask ? act->ask : "", deed->text);
	str_add(out, act->step == STEP_PLAN ? "\nThey become one plan. Nothing is written to the ledger until that is applied."
		     : act->step == STEP_LINK ? "\nNothing is written to the ledger. A link is taken away by itself, not by undoing this."
					      : "\nNothing is written to the ledger by this.");
	return true;
}

static void ask_or_do(struct deck *deck, const struct session_deed *deed)
{
	const struct act *act = act_of(deed->action);
	const struct dialog_wish wish = { .kind = DIALOG_KEY, .title = act->title, .verb = act->verb, .account = &deed->account, .target = deed,
					  .size = session_deed_size(deed->count), .describe = describe, .act = carry_out };

	if (deed->count > 1)
		dialog_open(deck, &wish);
	else
		carry_out(deck, deed);
}

/* ---- words first */

static bool needs_text(const struct session_deed *deed)
{
	/* Several are linked each to the record that it names. */
	if ((deed->action == ACTION_ACCEPT && deed->suggested) || (deed->action == ACTION_SETTLE && deed->count > 1))
		return false;
	return act_of(deed->action)->ask;
}

static void typed(struct deck *deck, const void *target, const char *text)
{
	const struct session_deed *asked = target;
	AUTO(memory_freep) struct session_deed *deed = (void *)memory_copy(target, session_deed_size(asked->count));

	if (!*text && deed->action != ACTION_ASSIGN && deed->action != ACTION_SETTLE) {
		deck_say(deck, ROLE_WARN, "Without words nothing was done.");
		return;
	}
	if (strlen(text) >= sizeof(deed->text)) {
		deck_say(deck, ROLE_WARN, "That is longer than %zu bytes; nothing was done.", sizeof(deed->text) - 1);
		return;
	}
	snprintf(deed->text, sizeof(deed->text), "%s", text);
	ask_or_do(deck, deed);
}

void session_do(struct deck *deck, const struct session_deed *deed)
{
	if (deed->count > DEEDS_MAX)
		deck_say(deck, ROLE_WARN, "More than %d are marked; fewer at a time.", DEEDS_MAX);
	else if (needs_text(deed))
		prompt_want(deck, act_of(deed->action)->ask, deed, session_deed_size(deed->count), typed);
	else
		ask_or_do(deck, deed);
}

bool session_take_back(struct deck *deck, const char *session)
{
	char line[80];

	snprintf(line, sizeof(line), "resolve %s --undo", session);
	if (deck->done_at > 0 && strcmp(deck->done[deck->done_at - 1].undo, line) == 0)
		return false;
	deck_do(deck, line, "", "The last act of the session was taken back");
	return true;
}

void session_copies(const struct deck *deck, const struct account *account, const struct session_sight *sight, struct copies *out)
{
	AUTO(str_clear) struct str address = STR_INIT(2000);
	bool has_record = sight->type && *sight->exception.record;

	if (has_record && record_address(deck->app->settings, account, sight->type, sight->exception.record, &address))
		copies_add(out, 'w', "web address", address.text);
	copies_add(out, 'i', "reference", sight->exception.ref);
	copies_add(out, 'r', "record's id", sight->exception.record);
	copies_add(out, 'm', "what differs", sight->exception.text);
	if (has_record)
		copies_add_record(out, account->id, sight->type, sight->exception.record);
}

/* ---- the session as a whole */

int64_t session_compare(struct deck *deck, const struct session *session)
{
	size_t before = deck->job_count ? (size_t)deck->jobs[deck->job_count - 1]->no : 0;
	AUTO(str_clear) struct str line = STR_INIT(DECK_LINE_MAX - 1);
	char period[SESSION_PERIOD_MAX];
	bool resources = !*session->source_digest;

	str_addf(&line, "reconcile %s --period %s", session->account_id, session_period(session, period));
	for (const char *type = session->types; *type; type += strcspn(type, " "), type += strspn(type, " "))
		str_addf(&line, " --type %.*s", (int)strcspn(type, " "), type);
	if (*session->statement) {
		str_add(&line, " --statement");
		words_add(&line, session->statement);
	}
	if (*session->profile) {
		str_add(&line, " --columns");
		words_add(&line, session->profile);
	}
	if (*session->path) {
		str_add(&line, " --source");
		words_add(&line, session->path);
	} else if (!resources) {
		/* Where it is now, its operator knows. */
		str_add(&line, " --source ");
		prompt_open(deck, PROMPT_COMMAND);
		line_set(&deck->prompt.line, line.text);
		return 0;
	}
	if (str_is_cut(&line)) {
		deck_say(deck, ROLE_WARN, "That is too much for one line here: 'ledgerdeck reconcile' in a shell compares it.");
		return 0;
	}
	deck_do(deck, line.text, "", "The period was compared");
	return deck->job_count && (size_t)deck->jobs[deck->job_count - 1]->no != before ? deck->jobs[deck->job_count - 1]->no : 0;
}

struct whole { /* of a dialog: plain bytes */
	char session[SESSION_ID_MAX], account_id[ACCOUNT_ID_MAX];
	int64_t now_ms;
	bool drops;
};

static bool describe_whole(const void *ctx, struct store *store, struct str *out, struct error *err)
{
	const struct whole *whole = ctx;
	struct reconcile_standing standing;
	struct session session;
	const char *why;
	char period[SESSION_PERIOD_MAX];

	if (!sessions_find(store, whole->account_id, whole->session, &session, err) ||
	    !reconcile_standing(store, &session, date_of_ms(whole->now_ms, 0), &standing, err))
		return false;
	why = session_refuses_whole(&session, whole->drops ? ACTION_DROP : ACTION_SIGN);
	if (why)
		return error_set(err, ERROR_CONFLICT, "The session is %s now.", session_state_word(session.state));
	str_addf(out, "%s against %.200s: %lld of %lld of the source matched, %lld of %lld sums tie, %lld exception%s open.\n",
		 session_period(&session, period), session.source, (long long)standing.totals.matched, (long long)standing.totals.items[SIDE_SOURCE],
		 (long long)standing.totals.ties_equal, (long long)standing.totals.ties, (long long)standing.open, standing.open == 1 ? " is" : "s are");
	if (whole->drops)
		str_add(out, "The session is given up: what was said and decided in it is kept, and not gone on with.");
	else if (session.state == SESSION_OPEN)
		str_add(out, "You sign as who prepared it. Nothing in it changes from then on, until that is taken back, somebody reviews it, or "
			     "the ledger changes in that period.");
	else
		str_addf(out, "%.100s has prepared it; you sign as reviewer. That is for good: only a change of the ledger in that period opens it again.",
			 session.preparer);
	return true;
}

static void do_whole(struct deck *deck, const void *ctx)
{
	const struct whole *whole = ctx;
	char line[100];

	snprintf(line, sizeof(line), "sign %s%s", whole->session, whole->drops ? " --drop" : "");
	deck_do(deck, line, "", whole->drops ? "The session was given up" : "The session is signed");
}

static void ask_whole(struct deck *deck, const struct session *session, const struct account *account, bool drops)
{
	struct whole whole = { .now_ms = deck_now(deck), .drops = drops };
	const struct dialog_wish wish = { .kind = DIALOG_KEY, .title = drops ? "Give up" : "Sign", .verb = drops ? "give it up" : "sign it",
					  .account = account, .target = &whole, .size = sizeof(whole), .describe = describe_whole, .act = do_whole };

	snprintf(whole.session, sizeof(whole.session), "%s", session->id);
	snprintf(whole.account_id, sizeof(whole.account_id), "%s", session->account_id);
	dialog_open(deck, &wish);
}

struct packing { /* of a prompt */
	char session[SESSION_ID_MAX];
};

static void write_evidence(struct deck *deck, const void *target, const char *text)
{
	const struct packing *packing = target;
	AUTO(str_clear) struct str line = STR_INIT(DECK_LINE_MAX - 1);
	char what[200];

	if (!*text) {
		deck_say(deck, ROLE_WARN, "Without a directory nothing was written.");
		return;
	}
	str_addf(&line, "evidence %s", packing->session);
	words_add(&line, text);
	snprintf(what, sizeof(what), "The evidence stands in '%.150s'", text);
	if (str_is_cut(&line))
		deck_say(deck, ROLE_WARN, "That name is too long; nothing was written.");
	else
		deck_do(deck, line.text, "", what);
}

bool session_act_whole(struct deck *deck, const struct session *session, const struct account *account, enum action action)
{
	struct packing packing;
	char line[100];

	switch (action) {
	case ACTION_SIGN:
	case ACTION_DROP:
		ask_whole(deck, session, account, action == ACTION_DROP);
		return true;
	case ACTION_UNSIGN:
		snprintf(line, sizeof(line), "sign %s --take-back", session->id);
		deck_do(deck, line, "", "The signature was taken back");
		return true;
	case ACTION_EVIDENCE:
		snprintf(packing.session, sizeof(packing.session), "%s", session->id);
		prompt_want(deck, "Evidence, into which new directory: ", &packing, sizeof(packing), write_evidence);
		return true;
	default:
		return false;
	}
}
