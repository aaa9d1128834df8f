/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is planned and owed: what holds documents up, by cause, as the newest plan of an account has it; writes that were refused,
 * landed otherwise, or whose outcome nobody knows yet.
 */
#include <stdio.h>
#include <string.h>

#include "attention.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/requests.h"
#include "ledgerdeck/sync/push.h"
#include "plan.h"

/* ---- what waits by the newest plan of all, and by those of single documents since */

#define SINCE_MAX 100 /* of these, the newest */

static const struct {
	enum plan_reason reason;
	const char *act;             /* what to do */
	const char *command;         /* "map": on the account; "decide": on the plan; "policy", "plan" */
	const char *word;            /* of the command, behind the account or plan */
} fixes[] = {
	{ REASON_UNMAPPED, "Say what it stands for.", "map", "" },
	{ REASON_TARGET, "Map it to something else, or put it right in the ledger.", "map", "" },
	{ REASON_APPROVAL, "Approve them, or link them to what is there.", "decide", "create --reason approval" },
	{ REASON_DUPLICATE, "Link them, write them all the same, or leave them out.", "plans", "--what decide" },
	{ REASON_CONFLICT, "Choose whose values stay.", "plans", "--what decide" },
	{ REASON_GONE, "Create them again, or leave them out.", "plans", "--what decide" },
	{ REASON_CLOSED, "Change their days, open the books in the ledger, or let the policy closed-books post them on the first open day.",
	  "policy", "closed-books" },
	{ REASON_BUSY, "Sync it, or say in the outbox what becomes of the earlier write; then make a new plan.", "plan", "" },
	{ REASON_RATE, "Give the rate with the document, or let the policy rate take the ledger's.", "policy", "rate" },
	{ REASON_CURRENCY, "Map it to a customer or vendor that is kept in that currency.", "map", "" },
	{ REASON_PARENT, "Decide about what they wait for, or put what they point to right at its source.", "plans", "--what blocked" },
	{ REASON_TAX, "Put the tax right at its source, or see the policy tax-variance.", "policy", "tax-variance" },
	{ REASON_LIMIT, "Shorten it at its source, or see the policy truncate.", "policy", "truncate" },
};

static void fill(struct attention_item *item, const struct account *account, const struct plan *plan, enum plan_reason reason, bool asks)
{
	attention_say(item->act, sizeof(item->act), "Put it right at its source, import it again, then make a new plan.");
	attention_say(item->command, sizeof(item->command), "plan %s", account->id);
	for (size_t i = 0; i < ARRAY_LEN(fixes); i++) {
		bool of_plan = strcmp(fixes[i].command, "decide") == 0 || strcmp(fixes[i].command, "plans") == 0;

		if (fixes[i].reason != reason)
			continue;
		attention_say(item->act, sizeof(item->act), "%s", fixes[i].act);
		attention_say(item->command, sizeof(item->command), "%s %s%s%s", fixes[i].command, of_plan ? plan->id : account->id,
			      *fixes[i].word ? " " : "", fixes[i].word);
		/* What else the policy would block is asked of a person. */
		if (asks && !of_plan) {
			attention_say(item->act, sizeof(item->act), "Decide about each: %s.", plan_reason_decisions(reason));
			attention_say(item->command, sizeof(item->command), "plans %s --what decide", plan->id);
		}
	}
}

static void look_at_cause(struct gather *gather, const struct account *account, const struct plan *plan, struct json_slice cause)
{
	AUTO(str_clear) struct str text = STR_INIT(200), word = STR_INIT(40);
	struct json_slice under = json_member(cause, "under");
	struct attention_item *item;
	enum plan_reason reason;
	int64_t count = 0, behind = 0;

	if (!json_equals(json_member(cause, "act"), "blocked") && !json_equals(json_member(cause, "act"), "decide"))
		return;
	json_unquote(json_member(cause, "reason"), &word);
	json_unquote(json_member(cause, "text"), &text);
	/* What waits for another document, or behind a request, is freed with that one, which is told of. */
	if (!plan_reason_parse(word.text, &reason) || reason == REASON_REQUEST || (under.kind == JSON_BOOL && under.text[0] == 't'))
		return;
	item = attention_ensure(gather, ATTENTION_WAITING, "%s %.100s", account->id, text.text);
	plan_number(json_member(cause, "behind"), 0, &behind);
	plan_number(json_member(cause, "count"), 0, &count);
	count += behind;
	if (item->since_ms && item->since_ms != plan->made_ms) {
		/* What a single plan since says of it is most likely part of that. */
		item->frees = item->frees > count ? item->frees : count;
		item->behind = item->behind > behind ? item->behind : behind;
	} else {
		item->frees += count;
		item->behind += behind;
		item->since_ms = plan->made_ms;
		fill(item, account, plan, reason, json_equals(json_member(cause, "act"), "decide"));
	}
	if (item->behind > 0)
		attention_say(item->what, sizeof(item->what), "%lld documents wait, %lld of them for the other%s: %.150s.", (long long)item->frees,
			      (long long)item->behind, item->frees - item->behind == 1 ? "" : "s", text.text);
	else
		attention_say(item->what, sizeof(item->what), "%lld document%s wait%s: %.160s.", (long long)item->frees,
			      item->frees == 1 ? "" : "s", item->frees == 1 ? "s" : "", text.text);
	attention_say(item->why, sizeof(item->why), "The last plan for '%.60s' says so; nothing of them was written.", account->name);
	if (item->accounts == 0)
		attention_add_account(gather, item, account);
}

static void look_at_causes(struct gather *gather, const struct account *account, const struct plan *plan, const char *head)
{
	struct json_slice causes = json_find(head, strlen(head), "causes"), cause;
	size_t at = 0;

	while (plan->state != PLAN_DROPPED && causes.kind == JSON_ARRAY && json_each(causes, &at, NULL, &cause))
		look_at_cause(gather, account, plan, cause);
}

struct since {
	struct gather *gather;
	const struct account *account;
	const char *whole_id;        /* "" : there is none */
	struct policies policies;
};

/* What would go by itself, but for its kind or size: a person applies it. */
static void look_at_ready(const struct since *since, const struct plan *plan, const char *head)
{
	struct attention_item *item;
	struct push_auto found;

	if (plan->state != PLAN_OPEN || strcmp(plan->who, PUSH_ENGINE) != 0)
		return;
	push_auto(head, &since->policies, &found);
	if (found.waits == 0)
		return;
	item = attention_ensure(since->gather, ATTENTION_WAITING, "%s ready", plan->id);
	/* With what depends on it: what doesn't has gone. */
	item->frees = found.waits + found.goes;
	item->since_ms = plan->made_ms;
	attention_say(item->what, sizeof(item->what), "%lld write%s to %.60s wait%s for a person to apply %s.", (long long)item->frees,
		      item->frees == 1 ? "" : "s", since->account->name, item->frees == 1 ? "s" : "", item->frees == 1 ? "it" : "them");
	attention_say(item->why, sizeof(item->why), "%c%s.", found.why[0] >= 'a' && found.why[0] <= 'z' ? found.why[0] - 'a' + 'A' : found.why[0],
		      found.why + 1);
	if (plan->expires_ms > since->gather->now_ms) {
		attention_say(item->act, sizeof(item->act), "Look at the plan, and apply it; or let the policy have such go by themselves.");
		attention_say(item->command, sizeof(item->command), "apply %s", plan->id);
	} else {
		attention_say(item->act, sizeof(item->act), "Make the plan anew, since it has expired, look at it, and apply it.");
		attention_say(item->command, sizeof(item->command), "plan %s", since->account->id);
	}
	attention_add_account(since->gather, item, since->account);
}

static bool look_at_since(void *ctx, const struct plan *plan, const char *head)
{
	const struct since *since = ctx;

	if (strcmp(plan->id, since->whole_id) == 0)
		return false;
	look_at_causes(since->gather, since->account, plan, head);
	look_at_ready(since, plan, head);
	return true;
}

static bool look_at_plans(struct gather *gather, const struct account *account, struct error *err)
{
	AUTO(str_clear) struct str head = STR_INIT(STR_NO_LIMIT);
	struct plan whole = { .state = PLAN_DROPPED };
	struct since since = { .gather = gather, .account = account, .whole_id = whole.id };
	bool found;

	if (!policies_get(gather->store, account->id, &since.policies, err) || !plans_newest(gather->store, account->id, &whole, &head, &found, err))
		return false;
	if (found)
		look_at_causes(gather, account, &whole, head.text);
	return plans_all(gather->store, account->id, SINCE_MAX, look_at_since, &since, err);
}

bool push_waiting(struct store *store, const char *account_id, int64_t *ret_count, struct error *err)
{
	AUTO(str_clear) struct str head = STR_INIT(STR_NO_LIMIT);
	struct intent_counts counts = { 0 };
	struct push_totals totals;
	struct plan plan;
	bool found;

	*ret_count = 0;
	if (!plans_newest(store, account_id, &plan, &head, &found, err) || !intents_count(store, account_id, NULL, &counts, err))
		return false;
	if (found && plan.state != PLAN_DROPPED && push_totals(head.text, &totals))
		*ret_count = totals.acts[PLAN_BLOCKED] + totals.acts[PLAN_DECIDE];
	for (int state = 0; state < INTENT_STATE_COUNT; state++)
		if (intent_needs_person((enum intent_state)state))
			*ret_count += counts.states[state];
	return true;
}

/* ---- what holds a queue */

static bool look_at_request(struct gather *gather, const struct account *account, struct error *err)
{
	struct attention_item *item;
	struct request request;
	struct resource resource;
	char organization[RESOURCE_ID_MAX];
	bool found;

	if (!organization_of_account(gather->store, account->id, organization, err) ||
	    !requests_failed(gather->store, organization, &request, &found, err))
		return false;
	if (!found)
		return true;
	if (!resources_by_no(gather->store, request.resource, &resource, NULL, err))
		return false;
	item = attention_ensure(gather, ATTENTION_WAITING, "%s", request.id);
	item->frees = 1;
	item->since_ms = request.changed_ms;
	attention_say(item->what, sizeof(item->what), "The sync request to %s %s '%.60s' has failed and holds those behind it.",
		      import_method_word(request.method), resource.type->title, resource.external_id);
	attention_say(item->why, sizeof(item->why), "%s.", request.message);
	attention_say(item->act, sizeof(item->act), "Put right what it lacks and retry it, or skip it.");
	attention_say(item->command, sizeof(item->command), "requests %s", request.id);
	attention_add_account(gather, item, account);
	return true;
}

/* ---- what is owed */

struct owing {
	struct gather *gather;
	const struct account *account;
	struct push_window window;
};

static void look_at_bad(struct owing *owing, const struct intent *intent)
{
	const struct account *account = owing->account;
	bool refused = intent->state == INTENT_REJECTED;
	struct sync_advice advice = sync_advice(account->provider, &intent->error);
	struct attention_item *item = attention_ensure(owing->gather, ATTENTION_REFUSED, "%s %s %s", account->id,
						       intent_is_untold(intent) ? "untold" : intent_state_word(intent->state),
						       refused ? intent->error.ledger_code : intent->record_type);

	item->frees++;
	attention_say(item->what, sizeof(item->what), "%lld write%s %s: %.60s %.40s.", (long long)item->frees, item->frees == 1 ? "" : "s",
		      refused ? "refused" : intent->state == INTENT_DIFFERENT ? "landed otherwise than planned" : intent_state_phrase(intent->state),
		      intent->record_type, intent->number);
	attention_say(item->why, sizeof(item->why), "%.230s", refused && *advice.why ? advice.why : intent->why);
	attention_say(item->act, sizeof(item->act), "%s", refused && *advice.act ? advice.act
		      : intent->state == INTENT_DIFFERENT ? "Accept it as it is, or put it right in the ledger."
		      : intent_is_untold(intent) ? "Look into the ledger, then say which record it is, or that it was not written."
		      : intent->state == INTENT_DEAD ? "See to its cause, then plan anew what was given up."
		      : "Make a new plan, and decide there.");
	if (intent->state == INTENT_DEAD && !intent_is_untold(intent))
		attention_say(item->command, sizeof(item->command), "outbox --redrive --account %s --state dead", account->id);
	else
		attention_say(item->command, sizeof(item->command), "outbox --account %s", account->id);
	item->since_ms = !item->since_ms || intent->since_ms < item->since_ms ? intent->since_ms : item->since_ms;
	attention_add_account(owing->gather, item, account);
}

static void look_at_uncertain(struct owing *owing, const struct intent *intent)
{
	struct attention_item *item = attention_ensure(owing->gather, ATTENTION_UNCERTAIN, "%s", owing->account->id);

	item->person = false;
	item->frees++;
	attention_say(item->what, sizeof(item->what), "The outcome of %lld write%s is not known yet: %.60s %.40s.", (long long)item->frees,
		      item->frees == 1 ? "" : "s", intent->record_type, intent->number);
	attention_say(item->why, sizeof(item->why), "No answer came back. Nothing is sent twice: it is looked for in the ledger.");
	attention_say(item->act, sizeof(item->act), "Nothing, while a deck or 'ledgerdeck run' works.");
	attention_say(item->command, sizeof(item->command), "outbox --account %s", owing->account->id);
	item->since_ms = intent->since_ms;
	attention_add_account(owing->gather, item, owing->account);
}

#define TRIES_TOLD 8 /* hours, nearly: until then nobody has to know */

/* What the ledger does not take for the time being, again and again; that of a lost connection is told with the account. */
static void look_at_late(struct owing *owing, const struct intent *intent)
{
	struct sync_advice advice = sync_advice(owing->account->provider, &intent->error);
	struct attention_item *item = attention_ensure(owing->gather, ATTENTION_FAILING, "%s writes %s", owing->account->id,
						       intent->error.ledger_code);

	item->person = false;
	item->frees++;
	attention_say(item->what, sizeof(item->what), "%lld write%s put off again and again: %.60s %.40s, %d tries.", (long long)item->frees,
		      item->frees == 1 ? " is" : "s are", intent->record_type, intent->number, intent->tries);
	attention_say(item->why, sizeof(item->why), "%.230s", *advice.why ? advice.why : intent->why);
	attention_say(item->act, sizeof(item->act), "%s", *advice.act ? advice.act : "Nothing: it is tried again, and given up after some days.");
	attention_say(item->command, sizeof(item->command), "outbox --account %s", owing->account->id);
	item->since_ms = !item->since_ms || intent->since_ms < item->since_ms ? intent->since_ms : item->since_ms;
	attention_add_account(owing->gather, item, owing->account);
}

static void look_at_paused(struct owing *owing, const struct intent *intent)
{
	struct attention_item *item = attention_ensure(owing->gather, ATTENTION_PAUSED, "%s", intent->plan);
	struct plan_pause pause;
	struct error ignored;
	bool paused;

	item->frees++;
	attention_say(item->what, sizeof(item->what), "A plan for %.60s is paused: %lld write%s not sent.", owing->account->name,
		      (long long)item->frees, item->frees == 1 ? " is" : "s are");
	attention_say(item->why, sizeof(item->why), "%.230s.", intent->pause);
	attention_say(item->act, sizeof(item->act), "See what has gone wrong, then go on with it; --cancel instead takes the rest back.");
	attention_say(item->command, sizeof(item->command), "apply %s --resume", intent->plan);
	if (item->since_ms == 0 && plans_paused(owing->gather->store, intent->plan, &pause, &paused, &ignored) && paused)
		item->since_ms = pause.at_ms;
	attention_add_account(owing->gather, item, owing->account);
}

static void look_at_held(struct owing *owing, const struct intent *intent)
{
	struct attention_item *item = attention_ensure(owing->gather, ATTENTION_WINDOW, "%s", owing->account->id);

	item->person = false;
	item->frees++;
	attention_say(item->what, sizeof(item->what), "%lld write%s to %.60s wait%s for %s.", (long long)item->frees, item->frees == 1 ? "" : "s",
		      owing->account->name, item->frees == 1 ? "s" : "", owing->window.opens);
	attention_say(item->why, sizeof(item->why), "Its hours are %s (policy window), in this machine's time.", owing->window.hours);
	attention_say(item->act, sizeof(item->act), "Nothing: a deck or 'ledgerdeck run' sends them then. What can't wait is applied with --now.");
	attention_say(item->command, sizeof(item->command), "outbox --account %s", owing->account->id);
	item->since_ms = !item->since_ms || intent->since_ms < item->since_ms ? intent->since_ms : item->since_ms;
	attention_add_account(owing->gather, item, owing->account);
}

static bool look_at_intent(void *ctx, const struct intent *intent)
{
	struct owing *owing = ctx;

	if (push_window_holds(&owing->window, intent))
		look_at_held(owing, intent);
	if (*intent->pause)
		look_at_paused(ctx, intent);
	else if (intent_needs_person(intent->state))
		look_at_bad(ctx, intent);
	else if (intent->state == INTENT_UNCERTAIN)
		look_at_uncertain(ctx, intent);
	else if (intent->state == INTENT_RETRY && intent->tries >= TRIES_TOLD && intent->error.code != ERROR_AUTH)
		look_at_late(ctx, intent);
	return true;
}

bool attention_push(struct gather *gather, const struct account *account, struct error *err)
{
	struct intent_query query = { .account_id = account->id, .owed_only = true };
	struct owing owing = { .gather = gather, .account = account };

	return push_window(gather->store, account->id, gather->now_ms, &owing.window, err) && look_at_plans(gather, account, err) && look_at_request(gather, account, err) && intents_list(gather->store, &query, look_at_intent, &owing, err);
}
