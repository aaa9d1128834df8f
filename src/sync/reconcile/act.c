/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What people do about what does not agree. Each act is one transaction with its row among the session's acts, which holds how
 * everything stood before, so that the newest can be undone; what a ledger got, or was linked, stays.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "direct.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/provider/push.h"
#include "ledgerdeck/sync/link.h"
#include "ledgerdeck/sync/push.h"
#include "ledgerdeck/sync/reconcile.h"

#define TYPE_NAME_MAX 64

/* The exceptions of one act, as they were. */
struct acting {
	struct store *store;
	const struct reconcile_act *act;
	struct session_exception *items; /* owned */
	int64_t now_ms;
};

static void acting_clear(struct acting *acting)
{
	free(acting->items);
}

/* Asked first, since some acts reach beyond the session: its own changes are refused by the store anyway. */
static bool is_open(const struct acting *acting, struct error *err)
{
	const struct session *session = acting->act->session;
	struct session now;

	return sessions_find(acting->store, session->account_id, session->id, &now, err) &&
	       (now.state == SESSION_OPEN ||
		error_set(err, ERROR_CONFLICT, "session %s is %s; it does not change any more", session->id, session_state_word(now.state)));
}

static bool load(struct acting *acting, struct error *err)
{
	const struct reconcile_act *act = acting->act;
	bool found;

	acting->now_ms = act->env.wall_ms(act->env.ctx);
	if (!is_open(acting, err))
		return false;
	acting->items = memory_new((act->count + 1) * sizeof(*acting->items));
	for (size_t i = 0; i < act->count; i++) {
		if (!session_exception(acting->store, act->session->no, act->exceptions[i], &acting->items[i], &found, err))
			return false;
		if (!found)
			return error_set(err, ERROR_INPUT, "session %s has no exception %" PRId64, act->session->id, act->exceptions[i]);
	}
	return true;
}

struct one_match {
	struct session_match match;
	int64_t no;
	bool found;
};

static bool take_match(void *ctx, const struct session_match *match)
{
	struct one_match *one = ctx;

	one->found = match->no == one->no;
	if (one->found)
		one->match = *match;
	return false;
}

static bool find_match(struct store *store, const struct session *session, struct one_match *one, struct error *err)
{
	return one->no == 0 || session_matches(store, session->no, one->no - 1, 1, take_match, one, err);
}

/* How everything stands, as what takes an act back reads it: a suggested match with what was said of it. */
static bool add_before(struct acting *acting, struct str *out, struct error *err)
{
	str_add(out, "{\"exceptions\":[");
	for (size_t i = 0; i < acting->act->count; i++) {
		const struct session_exception *exception = &acting->items[i];
		struct one_match one = { .no = exception->match };

		if (!find_match(acting->store, acting->act->session, &one, err))
			return false;
		str_addf(out, "%s{\"no\":%" PRId64 ",\"state\":\"%s\",\"assignee\":", i ? "," : "", exception->no,
			 exception_state_word(exception->state));
		str_add_json(out, exception->assignee, strlen(exception->assignee));
		str_add(out, ",\"plan\":");
		str_add_json(out, exception->plan, strlen(exception->plan));
		str_addf(out, ",\"match\":%" PRId64 ",\"answer\":%d}", exception->match, one.found ? (int)one.match.state : 0);
	}
	str_add(out, "]}");
	return true;
}

/* What was done, and a note for each where there is one. */
static bool finish(struct acting *acting, const char *what, const char *before, struct error *err)
{
	const struct reconcile_act *act = acting->act;
	struct session_act row = { .at_ms = acting->now_ms, .who = act->who, .what = what, .before = before };

	for (size_t i = 0; i < act->count && act->note && *act->note; i++) {
		struct session_note note = { .exception = act->exceptions[i], .at_ms = acting->now_ms, .who = act->who, .text = act->note };

		if (!session_add_note(acting->store, act->session, &note, err))
			return false;
	}
	return session_add_act(acting->store, act->session, &row, err);
}

static bool save(struct acting *acting, struct session_exception *exception, struct error *err)
{
	exception->changed_ms = acting->now_ms;
	snprintf(exception->who, sizeof(exception->who), "%s", acting->act->who);
	return session_save_exception(acting->store, acting->act->session, exception, err);
}

static void name_act(const struct acting *acting, const char *word, char *out, size_t size)
{
	if (acting->act->count == 1)
		snprintf(out, size, "%s %" PRId64, word, acting->act->exceptions[0]);
	else
		snprintf(out, size, "%s %zu exceptions", word, acting->act->count);
}

/* ---- a step */

static bool check_step(const struct acting *acting, enum exception_step step, struct error *err)
{
	const struct reconcile_act *act = acting->act;
	bool noted = act->note && *act->note;

	for (size_t i = 0; i < act->count; i++) {
		const struct session_exception *exception = &acting->items[i];
		/* Two that are equal to the cent explain themselves. */
		bool plain = step == STEP_ACCEPT && exception->reason == EXCEPTION_SUGGESTED && exception->amount == 0;

		if (exception_step_needs_note(step) && !noted && !plain)
			return error_set(err, ERROR_INPUT, "to %s needs a reason in words", exception_step_word(step));
		if (!exception_offers(exception->reason, step))
			return error_set(err, ERROR_INPUT, "exception %" PRId64 " %s: it can be put right by '%s', not by '%s'", exception->no,
					 exception_row(exception->reason)->title, exception_row(exception->reason)->steps,
					 exception_step_word(step));
		if (exception->state == EXCEPTION_CLOSED && step != STEP_REREAD)
			return error_set(err, ERROR_INPUT, "exception %" PRId64 " is closed: it agrees", exception->no);
	}
	return true;
}

static bool decide_match(struct acting *acting, struct session_exception *exception, bool accept, struct error *err)
{
	struct one_match one = { .no = exception->match };

	if (!find_match(acting->store, acting->act->session, &one, err))
		return false;
	if (!one.found)
		return error_set(err, ERROR_INPUT, "the match of exception %" PRId64 " is not there any more; compare again", exception->no);
	one.match.state = accept ? SESSION_MATCH_ACCEPTED : SESSION_MATCH_REJECTED;
	one.match.at_ms = acting->now_ms;
	snprintf(one.match.who, sizeof(one.match.who), "%s", acting->act->who);
	exception->state = EXCEPTION_ACCEPTED;
	return session_save_match(acting->store, acting->act->session, &one.match, err);
}

static bool settle(struct acting *acting, enum exception_step step, const char *before, struct error *err)
{
	AUTO(store_end) struct store *transaction = acting->store;
	char what[80];

	if (!store_begin(transaction, err))
		return false;
	for (size_t i = 0; i < acting->act->count; i++) {
		struct session_exception *exception = &acting->items[i];
		bool accepts = step == STEP_ACCEPT || step == STEP_REJECT;

		if (accepts && exception->reason == EXCEPTION_SUGGESTED) {
			if (!decide_match(acting, exception, step == STEP_ACCEPT, err))
				return false;
		} else {
			exception->state = EXCEPTION_ACCEPTED;
		}
		if (!save(acting, exception, err))
			return false;
	}
	name_act(acting, exception_step_word(step), what, sizeof(what));
	return finish(acting, what, before, err) && store_commit(transaction, err);
}

/* ---- those that do more than say */

static bool take_type(void *ctx, const struct session_item *item)
{
	snprintf(ctx, TYPE_NAME_MAX, "%s", item->type);
	return false;
}

/* The ledger's type of the record that an exception is about: its thing of the mirror knows, else the exception's own tells. */
static bool record_type(const struct acting *acting, const struct account *account, const struct session_exception *exception,
			char *ret_type /* TYPE_NAME_MAX */, struct error *err)
{
	const struct provider *provider = provider_find(account->provider);
	const struct resource_type *type = resource_type_find(exception->type, strlen(exception->type));
	const char *name = type && provider && provider->push ? provider->push->type(type) : exception->type;

	snprintf(ret_type, TYPE_NAME_MAX, "%s", name ? name : "");
	return exception->mirror_item == 0 ||
	       session_item(acting->store, acting->act->session->no, exception->mirror_item, take_type, ret_type, err);
}

static bool reread(struct sync *sync, struct acting *acting, const struct catalogue *catalogue, const char *before, struct error *err)
{
	AUTO(store_end) struct store *transaction = acting->store;
	char ids[1][RECORD_ID_MAX], what[80], name[TYPE_NAME_MAX];
	struct account account;
	bool found, changed, any = false;

	if (!sync)
		return error_set(err, ERROR_INPUT, "records can't be read again without the engine");
	if (!accounts_get(acting->store, acting->act->session->account_id, &account, &found, err))
		return false;
	for (size_t i = 0; i < acting->act->count; i++) {
		const struct session_exception *exception = &acting->items[i];
		const struct type *type;

		if (!*exception->record)
			return error_set(err, ERROR_INPUT, "exception %" PRId64 " is about no record that could be read again", exception->no);
		if (!record_type(acting, &account, exception, name, err))
			return false;
		type = catalogue_find(catalogue, account.provider, name);
		snprintf(ids[0], sizeof(ids[0]), "%s", exception->record);
		if (!type)
			return error_set(err, ERROR_INPUT, "records of type '%.60s' can't be read again", name);
		if (!sync_reread(sync, acting->store, account.id, type, (const char (*)[RECORD_ID_MAX])ids, 1, acting->act->cancel, &changed, err))
			return false;
		any = any || changed;
	}
	name_act(acting, any ? "read again, and it had changed:" : "read again, and it was as it is here:", what, sizeof(what));
	return store_begin(transaction, err) && finish(acting, what, before, err) && store_commit(transaction, err);
}

static bool link_all(struct acting *acting, const struct catalogue *catalogue, const char *record, const char *before, struct error *err)
{
	AUTO(store_end) struct store *transaction = acting->store;
	struct link link;
	char what[80];

	for (size_t i = 0; i < acting->act->count; i++) {
		struct session_exception *exception = &acting->items[i];
		struct link_wish wish = { .account_id = acting->act->session->account_id, .resource = exception->resource,
					  .who = acting->act->who, .now_ms = acting->now_ms };
		const char *to = record ? record : exception->record;

		if (!exception->resource || !*to)
			return error_set(err, ERROR_INPUT, "exception %" PRId64 " lacks %s to link", exception->no,
					 exception->resource ? "a record; name it" : "a document of yours");
		if (!link_assign(acting->store, catalogue, &wish, to, &link, err))
			return false;
		exception->state = EXCEPTION_CORRECTED;
	}
	if (!store_begin(transaction, err))
		return false;
	for (size_t i = 0; i < acting->act->count; i++)
		if (!save(acting, &acting->items[i], err))
			return false;
	name_act(acting, "link", what, sizeof(what));
	return finish(acting, what, before, err) && store_commit(transaction, err);
}

/* Only what the plan does write, or link, is corrected by it. */
static bool take_plan_line(void *ctx, const struct plan_line *line)
{
	struct acting *acting = ctx;

	for (size_t i = 0; i < acting->act->count; i++) {
		if (acting->items[i].resource != line->resource || (!plan_act_writes(line->act) && line->act != PLAN_LINK))
			continue;
		acting->items[i].state = EXCEPTION_CORRECTED;
	}
	return true;
}

static bool keep_plan(struct acting *acting, const struct plan *plan, const char *before, struct error *err)
{
	AUTO(store_end) struct store *transaction = acting->store;
	char what[80];

	if (!store_begin(transaction, err) || !plans_lines(transaction, plan->id, 1, 0, take_plan_line, acting, err))
		return false;
	for (size_t i = 0; i < acting->act->count; i++) {
		snprintf(acting->items[i].plan, sizeof(acting->items[i].plan), "%s", plan->id);
		if (!save(acting, &acting->items[i], err))
			return false;
	}
	name_act(acting, "plan", what, sizeof(what));
	return finish(acting, what, before, err) && store_commit(transaction, err);
}

static bool plan_all(struct acting *acting, const struct catalogue *catalogue, const char *before, char *ret_plan, struct error *err)
{
	AUTO(memory_freep) int64_t *resources = memory_new((acting->act->count + 1) * sizeof(*resources));
	struct push_wish wish = { .account_id = acting->act->session->account_id, .resources = resources,
				  .resource_count = acting->act->count, .who = acting->act->who, .env = acting->act->env,
				  .cancel = acting->act->cancel };
	struct plan plan;

	for (size_t i = 0; i < acting->act->count; i++) {
		resources[i] = acting->items[i].resource;
		if (!resources[i])
			return error_set(err, ERROR_INPUT, "exception %" PRId64 " is about nothing of yours that could be planned: put it right in "
					 "the ledger, or adopt it", acting->items[i].no);
	}
	if (!push_plan(acting->store, catalogue, &wish, &plan, err))
		return false;
	if (ret_plan)
		snprintf(ret_plan, PLAN_ID_MAX, "%s", plan.id);
	return keep_plan(acting, &plan, before, err);
}

bool reconcile_step(struct sync *sync, struct store *store, const struct catalogue *catalogue, const struct reconcile_act *act,
		    enum exception_step step, const char *record, char *ret_plan, struct error *err)
{
	AUTO(acting_clear) struct acting acting = { .store = store, .act = act };
	AUTO(str_clear) struct str before = STR_INIT(STR_NO_LIMIT);

	if (!load(&acting, err) || !check_step(&acting, step, err))
		return false;
	if (!add_before(&acting, &before, err))
		return false;
	switch (step) {
	case STEP_REREAD:
		return reread(sync, &acting, catalogue, before.text, err);
	case STEP_LINK:
		return link_all(&acting, catalogue, record, before.text, err);
	case STEP_PLAN:
		return plan_all(&acting, catalogue, before.text, ret_plan, err);
	case STEP_OUTBOX:
		return error_set(err, ERROR_INPUT, "'outbox' shows its write; there is nothing to be done here");
	default:
		return settle(&acting, step, before.text, err);
	}
}

/* ---- words */

bool reconcile_note(struct store *store, const struct reconcile_act *act, struct error *err)
{
	AUTO(acting_clear) struct acting acting = { .store = store, .act = act };
	AUTO(store_end) struct store *transaction = store;
	AUTO(str_clear) struct str before = STR_INIT(STR_NO_LIMIT);
	struct session_note note = { .who = act->who, .text = act->note };
	char what[80];

	if (!act->note || !*act->note)
		return error_set(err, ERROR_INPUT, "a note needs words");
	if (!load(&acting, err))
		return false;
	note.at_ms = acting.now_ms;
	if (!add_before(&acting, &before, err) || !store_begin(transaction, err))
		return false;
	if (act->count == 0)
		return session_add_note(store, act->session, &note, err) && store_commit(transaction, err);
	for (size_t i = 0; i < act->count; i++) {
		/* Words explain; what was decided before stays decided. */
		if (exception_is_open(acting.items[i].state))
			acting.items[i].state = EXCEPTION_EXPLAINED;
		if (!save(&acting, &acting.items[i], err))
			return false;
	}
	name_act(&acting, "explain", what, sizeof(what));
	return finish(&acting, what, before.text, err) && store_commit(transaction, err);
}

bool reconcile_assign(struct store *store, const struct reconcile_act *act, const char *to, struct error *err)
{
	AUTO(acting_clear) struct acting acting = { .store = store, .act = act };
	AUTO(store_end) struct store *transaction = store;
	AUTO(str_clear) struct str before = STR_INIT(STR_NO_LIMIT);
	char what[80];

	if (!load(&acting, err) || !add_before(&acting, &before, err) || !store_begin(transaction, err))
		return false;
	for (size_t i = 0; i < act->count; i++) {
		struct session_exception *exception = &acting.items[i];

		snprintf(exception->assignee, sizeof(exception->assignee), "%s", to);
		if (exception_is_open(exception->state))
			exception->state = *to ? EXCEPTION_ASSIGNED : EXCEPTION_OPEN;
		if (!save(&acting, exception, err))
			return false;
	}
	name_act(&acting, "assign", what, sizeof(what));
	return finish(&acting, what, before.text, err) && store_commit(transaction, err);
}

/* ---- by hand */

struct picking {
	const int64_t *items;
	size_t count;
	size_t sides[SIDE_COUNT];
	int64_t sums[SIDE_COUNT];
	char currency[8];
	bool taken, mixed;
};

static bool pick(void *ctx, const struct session_item *item)
{
	struct picking *picking = ctx;

	picking->sides[item->side]++;
	picking->sums[item->side] += item->amount;
	picking->taken = picking->taken || item->match != 0;
	picking->mixed = picking->mixed || (*picking->currency && strcmp(picking->currency, item->currency) != 0);
	snprintf(picking->currency, sizeof(picking->currency), "%s", item->currency);
	return true;
}

static bool pick_item(struct store *store, const struct reconcile_act *act, const int64_t *items, size_t i, struct picking *picking,
		      struct error *err)
{
	size_t before = picking->sides[SIDE_SOURCE] + picking->sides[SIDE_MIRROR];

	for (size_t k = 0; k < i; k++)
		if (items[k] == items[i])
			return error_set(err, ERROR_INPUT, "item %" PRId64 " is named twice", items[i]);
	return session_item(store, act->session->no, items[i], pick, picking, err) &&
	       (picking->sides[SIDE_SOURCE] + picking->sides[SIDE_MIRROR] > before ||
		error_set(err, ERROR_INPUT, "session %s has no item %" PRId64, act->session->id, items[i]));
}

static bool check_picking(const struct picking *picking, const struct reconcile_act *act, struct error *err)
{
	if (picking->sides[SIDE_SOURCE] == 0 || picking->sides[SIDE_MIRROR] == 0)
		return error_set(err, ERROR_INPUT, "a match needs something of the source and something of the ledger");
	if (picking->sides[SIDE_SOURCE] > MATCH_MANY_MAX || picking->sides[SIDE_MIRROR] > MATCH_MANY_MAX)
		return error_set(err, ERROR_INPUT, "a match has %d of a side at most", MATCH_MANY_MAX);
	if (picking->taken)
		return error_set(err, ERROR_CONFLICT, "one of them is matched already; reject that match first");
	if (picking->mixed)
		return error_set(err, ERROR_INPUT, "they are of different currencies");
	if (picking->sums[SIDE_SOURCE] != picking->sums[SIDE_MIRROR] && (!act->note || !*act->note))
		return error_set(err, ERROR_INPUT, "they are not equal: that needs a reason in words");
	return true;
}

struct touching {
	const int64_t *items;
	size_t count;
	int64_t *exceptions;         /* owned */
	size_t exception_count, room;
};

static bool is_among(const struct touching *touching, int64_t item)
{
	for (size_t i = 0; i < touching->count; i++)
		if (touching->items[i] == item && item != 0)
			return true;
	return false;
}

static bool note_exception(void *ctx, const struct session_exception *exception)
{
	struct touching *touching = ctx;

	if (!is_among(touching, exception->source_item) && !is_among(touching, exception->mirror_item))
		return true;
	memory_grow(&touching->exceptions, &touching->room, touching->exception_count + 1, sizeof(*touching->exceptions));
	touching->exceptions[touching->exception_count++] = exception->no;
	return true;
}

static bool match_by_hand(struct store *store, const struct reconcile_act *act, const int64_t *items, size_t count,
			  const struct picking *picking, const struct touching *touching, struct error *err)
{
	struct reconcile_act about = *act;
	AUTO(acting_clear) struct acting acting = { .store = store, .act = &about };
	AUTO(store_end) struct store *transaction = store;
	struct session_match match = { .pass = MATCH_HAND, .difference = picking->sums[SIDE_MIRROR] - picking->sums[SIDE_SOURCE],
				       .state = SESSION_MATCH_ACCEPTED };
	AUTO(str_clear) struct str before = STR_INIT(STR_NO_LIMIT);

	about.exceptions = touching->exceptions;
	about.count = touching->exception_count;
	if (!load(&acting, err))
		return false;
	match.at_ms = acting.now_ms;
	snprintf(match.who, sizeof(match.who), "%s", act->who);
	snprintf(match.currency, sizeof(match.currency), "%s", picking->currency);
	if (!add_before(&acting, &before, err) || !store_begin(transaction, err) ||
	    !session_add_match(store, act->session, &match, items, count, err))
		return false;
	str_truncate(&before, before.len - 1);
	str_addf(&before, ",\"made\":%" PRId64 "}", match.no);
	for (size_t i = 0; i < about.count; i++) {
		acting.items[i].state = EXCEPTION_ACCEPTED;
		if (!save(&acting, &acting.items[i], err))
			return false;
	}
	/* Why they are one is said somewhere, whether an exception was about them or not. */
	if (about.count == 0 && act->note && *act->note &&
	    !session_add_note(store, act->session, &(struct session_note){ .at_ms = acting.now_ms, .who = act->who, .text = act->note }, err))
		return false;
	return finish(&acting, "match by hand", before.text, err) && store_commit(transaction, err);
}

bool reconcile_match(struct store *store, const struct reconcile_act *act, const int64_t *items, size_t item_count, struct error *err)
{
	struct picking picking = { .items = items, .count = item_count };
	struct touching touching = { .items = items, .count = item_count };
	struct session_exception_query query = { .session = act->session->no, .open_only = true, .reason = -1 };
	bool good = true;

	for (size_t i = 0; good && i < item_count; i++)
		good = pick_item(store, act, items, i, &picking, err);
	good = good && check_picking(&picking, act, err) && session_exceptions(store, &query, note_exception, &touching, err) &&
	       match_by_hand(store, act, items, item_count, &picking, &touching, err);
	free(touching.exceptions);
	return good;
}

/* ---- back */

struct undoing {
	struct store *store;
	const struct session *session;
	const char *who;
	int64_t now_ms;
	int64_t no;
	struct str what, before;     /* owned */
	struct error *err;
};

static bool take_act(void *ctx, const struct session_act *act)
{
	struct undoing *undoing = ctx;

	undoing->no = act->no;
	str_add(&undoing->what, act->what);
	str_add(&undoing->before, act->before);
	return false;
}

static int64_t number_of(struct json_slice object, const char *member)
{
	struct json_slice value = json_member(object, member);

	return value.kind == JSON_NUMBER ? strtoll(value.text, NULL, 10) : 0;
}

static void text_of(struct json_slice object, const char *member, char *out, size_t size)
{
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);

	json_unquote(json_member(object, member), &text);
	snprintf(out, size, "%s", text.text);
}

/* What was said of a suggested match is what was said before. */
static bool put_match_back(struct undoing *undoing, int64_t no, int answer, struct error *err)
{
	struct one_match one = { .no = no };
	bool answered = answer == SESSION_MATCH_ACCEPTED || answer == SESSION_MATCH_REJECTED;

	if (!find_match(undoing->store, undoing->session, &one, err))
		return false;
	if (!one.found || (int)one.match.state == answer)
		return true;
	one.match.state = answered ? (unsigned int)answer : SESSION_MATCH_SUGGESTED;
	one.match.at_ms = answered ? undoing->now_ms : 0;
	snprintf(one.match.who, sizeof(one.match.who), "%s", answered ? undoing->who : "");
	return session_save_match(undoing->store, undoing->session, &one.match, err);
}

static bool put_back(struct undoing *undoing, struct json_slice was, struct error *err)
{
	struct session_exception exception;
	char state[24];
	bool found;

	if (!session_exception(undoing->store, undoing->session->no, number_of(was, "no"), &exception, &found, err))
		return false;
	if (!found)
		return true;
	text_of(was, "state", state, sizeof(state));
	text_of(was, "assignee", exception.assignee, sizeof(exception.assignee));
	text_of(was, "plan", exception.plan, sizeof(exception.plan));
	exception_state_parse(state, &exception.state);
	exception.changed_ms = undoing->now_ms;
	snprintf(exception.who, sizeof(exception.who), "%s", undoing->who);
	return session_save_exception(undoing->store, undoing->session, &exception, err) &&
	       (exception.reason != EXCEPTION_SUGGESTED ||
		/* One that a later round has closed names its match no more; what was answered keeps its number. */
		put_match_back(undoing, exception.match ? exception.match : number_of(was, "match"), (int)number_of(was, "answer"), err));
}

/* One that was made by hand is rejected: that it was made stays told. */
static bool unmake(struct undoing *undoing, int64_t no, struct error *err)
{
	struct one_match one = { .no = no };

	if (!find_match(undoing->store, undoing->session, &one, err))
		return false;
	one.match.state = SESSION_MATCH_REJECTED;
	one.match.at_ms = undoing->now_ms;
	snprintf(one.match.who, sizeof(one.match.who), "%s", undoing->who);
	return !one.found || session_save_match(undoing->store, undoing->session, &one.match, err);
}

static bool undo(struct undoing *undoing, struct error *err)
{
	AUTO(store_end) struct store *transaction = undoing->store;
	struct json_slice list = json_find(undoing->before.text, undoing->before.len, "exceptions"), was;
	struct json_slice all = { .text = undoing->before.text, .len = undoing->before.len, .kind = JSON_OBJECT };
	size_t at = 0;

	if (!store_begin(transaction, err) || !unmake(undoing, number_of(all, "made"), err))
		return false;
	while (list.kind == JSON_ARRAY && json_each(list, &at, NULL, &was))
		if (!put_back(undoing, was, err))
			return false;
	return session_act_undone(undoing->store, undoing->session, undoing->no, err) && store_commit(transaction, err);
}

bool reconcile_undo(struct store *store, const struct session *session, const char *who, int64_t now_ms, char *ret_what, struct error *err)
{
	struct undoing undoing = { .store = store, .session = session, .who = who, .now_ms = now_ms, .what = STR_INIT(STR_NO_LIMIT),
				   .before = STR_INIT(STR_NO_LIMIT) };
	bool good = session_last_act(store, session->no, take_act, &undoing, err);

	snprintf(ret_what, RECONCILE_WHAT_MAX, "%s", undoing.what.text ? undoing.what.text : "");
	good = good && undoing.no != 0 && undo(&undoing, err);
	str_clear(&undoing.what);
	str_clear(&undoing.before);
	return good;
}
