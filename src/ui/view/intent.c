/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One intended write: where it stands and why, every step of it, what landed otherwise, and what the ledger said. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deck.h"
#include "format.h"
#include "ledgerdeck/core/memory.h"
#include "outbox_view.h"
#include "pager.h"
#include "trail.h"

struct intent_answer {
	struct question question;
	char id[INTENT_ID_MAX];
	struct intent intent;
	struct account account;
	bool has_account;
	struct resource resource; /* no 0: there is none any more */
	struct str steps, said, landed, body, parents; /* owned */
};

struct intent_view {
	struct view view;
	char id[INTENT_ID_MAX];
	struct intent_answer *found; /* owned; NULL: nothing yet */
	struct pager pager;
};

static struct intent_view *of(struct view *view)
{
	return (struct intent_view *)view;
}

static const struct intent_view *of_const(const struct view *view)
{
	return (const struct intent_view *)view;
}

/* ---- the reader's thread */

static void free_answer(struct question *question)
{
	struct intent_answer *answer = (struct intent_answer *)question;

	str_clear(&answer->steps);
	str_clear(&answer->said);
	str_clear(&answer->landed);
	str_clear(&answer->body);
	str_clear(&answer->parents);
	free(answer);
}

static bool take_step(void *ctx, int64_t at_ms, enum intent_state state, const char *who, const char *why)
{
	struct intent_answer *answer = ctx;
	char stamp[FORMAT_MAX];

	str_addf(&answer->steps, "%s  %s, by %s%s%s\n", format_stamp(at_ms, stamp), mark_of_intent(state).word, who, *why ? ": " : "", why);
	return true;
}

static bool take_parent(void *ctx, const struct intent *parent)
{
	struct intent_answer *answer = ctx;

	str_addf(&answer->parents, "%s%s %s (%s)", answer->parents.len ? ", " : "", parent->record_type, parent->number,
		 mark_of_intent(intent_shown(parent)).word);
	return true;
}

static bool work(struct question *question, struct store *store, struct error *err)
{
	struct intent_answer *answer = (struct intent_answer *)question;
	bool found;

	if (!intents_by_id(store, answer->id, &answer->intent, &found, err))
		return false;
	if (!found)
		return error_set(err, ERROR_INPUT, "the outbox has no intent %s any more", answer->id);
	if (!resources_by_no(store, answer->intent.resource, &answer->resource, NULL, NULL))
		answer->resource.no = 0;
	return accounts_get(store, answer->intent.account_id, &answer->account, &answer->has_account, err) &&
	       intents_get(store, answer->intent.no, &answer->intent, &answer->body, &found, err) &&
	       intents_said(store, answer->intent.no, &answer->said, &answer->landed, err) &&
	       intents_parents(store, answer->intent.no, take_parent, answer, err) &&
	       intents_steps(store, answer->intent.no, take_step, answer, err);
}

static void refresh(struct view *base)
{
	struct intent_answer *answer = memory_new(sizeof(*answer));

	answer->question = (struct question){ .work = work, .free = free_answer };
	memcpy(answer->id, of(base)->id, sizeof(answer->id));
	str_init(&answer->steps, STR_NO_LIMIT);
	str_init(&answer->said, STR_NO_LIMIT);
	str_init(&answer->landed, STR_NO_LIMIT);
	str_init(&answer->body, STR_NO_LIMIT);
	str_init(&answer->parents, 4000);
	view_ask(base, &answer->question);
}

/* ---- its text */

static void write_error(struct pager *pager, const struct intent_answer *found)
{
	const struct intent *intent = &found->intent;
	struct sync_advice advice;

	if (intent->error.code == ERROR_NONE)
		return;
	advice = sync_advice(found->account.provider, &intent->error);
	pager_add(pager, ROLE_TEXT, "");
	pager_field(pager, "What", mark_of_intent(intent->state).role, advice.what);
	pager_field(pager, "Why", ROLE_TEXT, advice.why);
	pager_field(pager, "Do", ROLE_TEXT, advice.act);
	pager_field(pager, "Message", ROLE_TEXT, intent->error.text);
	pager_field(pager, "Code", ROLE_TEXT, intent->error.ledger_code);
	pager_field(pager, "Trace id", ROLE_TEXT, intent->error.trace_id);
}

static void write_head(struct pager *pager, const struct intent_answer *found, int64_t now_ms)
{
	const struct intent *intent = &found->intent;
	struct mark mark = mark_of_intent(intent_shown(intent));
	struct decimal total = decimal_money(decimal_of(intent->total, 6));
	char text[DECIMAL_TEXT_MAX + 60], digits[DECIMAL_TEXT_MAX];

	pager_addf(pager, ROLE_TITLE, "%s %s %s", plan_act_word(intent->act), intent->record_type, intent->number);
	snprintf(text, sizeof(text), "%s %s, since %s", mark.glyph, mark.word, format_clock(intent->since_ms, now_ms, digits));
	pager_field(pager, "State", mark.role, text);
	pager_field(pager, "Because", ROLE_TEXT, intent_reason(intent));
	pager_field(pager, "Waits for", ROLE_TEXT, found->parents.len ? found->parents.text : "");
	snprintf(text, sizeof(text), "%s %s", decimal_format(total, digits), intent->currency);
	pager_field(pager, "Total", ROLE_TEXT, intent->has_total ? text : "");
	pager_field(pager, "Record", ROLE_TEXT, intent->record_id);
	snprintf(text, sizeof(text), "%d", intent->tries);
	pager_field(pager, "Sent", ROLE_TEXT, intent->tries ? text : "not yet");
	if (intent_is_open(intent->state) && !*intent->pause && intent->next_ms != INT64_MAX)
		pager_field(pager, "Next", ROLE_TEXT, format_stamp(intent->next_ms, digits));
	snprintf(text, sizeof(text), "%s, line %lld", intent->plan, (long long)intent->line);
	pager_field(pager, "Plan", ROLE_DIM, text);
	pager_field(pager, "Applied by", ROLE_DIM, intent->who);
	pager_field(pager, "Intent", ROLE_DIM, intent->id);
}

static void write_part(struct pager *pager, const char *title, enum role role, const struct str *text)
{
	if (text->len == 0)
		return;
	pager_add(pager, ROLE_TEXT, "");
	pager_add(pager, ROLE_COLUMN, title);
	pager_add(pager, role, text->text);
}

static void write(struct intent_view *view)
{
	const struct intent_answer *found = view->found;
	struct pager *pager = &view->pager;

	pager_clear(pager);
	write_head(pager, found, deck_now(view->view.deck));
	write_error(pager, found);
	write_part(pager, "Landed otherwise", ROLE_WARN, &found->landed);
	write_part(pager, "The ledger's own words", ROLE_TEXT, &found->said);
	write_part(pager, "Its steps", ROLE_TEXT, &found->steps);
	if (found->body.len == 0)
		return;
	pager_add(pager, ROLE_TEXT, "");
	pager_add(pager, ROLE_COLUMN, "What is sent");
	pager_json(pager, found->body.text, found->body.len);
}

static void answer(struct view *base, struct question *question)
{
	struct intent_view *view = of(base);

	if (!view_keeps(base, question, view->found ? &view->found->question : NULL))
		return;
	view->found = (struct intent_answer *)question;
	write(view);
}

/* ---- the view */

static void draw(struct view *base, struct canvas *canvas, struct rect rect)
{
	struct intent_view *view = of(base);

	view_draw_text(base, view->found ? &view->pager : NULL, canvas, rect);
}

static bool act(struct view *base, enum action action)
{
	struct intent_view *view = of(base);
	const struct intent_answer *found = view->found;

	if (action == ACTION_COPY) {
		deck_copy(base->deck, "Intent", view->id);
		return true;
	}
	if (action == ACTION_LOG_OF && found && found->resource.no) {
		deck_push(base->deck, attempts_of_document(found->intent.account_id, found->resource.no, found->resource.external_id));
		return true;
	}
	if (action == ACTION_DOCUMENT) {
		if (found)
			deck_push(base->deck, document_new(found->intent.account_id, found->intent.resource));
		return true;
	}
	if (action == ACTION_PAUSE) {
		if (found)
			plan_pause(base->deck, found->intent.plan, *found->intent.pause);
		return true;
	}
	if (action == ACTION_RETRY) {
		if (found && found->resource.no)
			plan_view_document(base->deck, found->intent.account_id, found->resource.id);
		return true;
	}
	return (found && intent_act(base->deck, found->has_account ? &found->account : NULL, view->id, found->intent.number, action)) ||
	       pager_act(&view->pager, action);
}

static const char *refuses(const struct view *base, enum action action)
{
	const struct intent_view *view = of_const(base);

	if (action == ACTION_OPEN)
		return "this is all of it";
	return view->found ? intent_refuses(intent_shown(&view->found->intent), action) : NULL;
}

static bool subject(const struct view *base, struct account *ret_account)
{
	const struct intent_view *view = of_const(base);

	if (!view->found || !view->found->has_account)
		return false;
	*ret_account = view->found->account;
	return true;
}

static void title(const struct view *base, struct str *out)
{
	const struct intent_view *view = of_const(base);

	str_add(out, view->found ? view->found->intent.number : "intent");
}

static struct pager *pager_of(struct view *base)
{
	return &of(base)->pager;
}

static void cli(const struct view *base, struct str *out)
{
	str_addf(out, "outbox %s", of_const(base)->id);
}

static void save(const struct view *base, struct str *out)
{
	trail_put(out, "intent", of_const(base)->id);
}

static void load(struct view *base, const char *text)
{
	(void)base;
	(void)text;
}

static void copies(struct view *base, struct copies *out)
{
	const struct intent_view *view = of(base);

	copies_add(out, 'i', "id", view->id);
	if (!view->found)
		return;
	copies_add(out, 'r', "record's id", view->found->intent.record_id);
	copies_add(out, 'd', "document", view->found->resource.external_id);
	copies_add(out, 'x', "trace id", view->found->intent.error.trace_id);
	copies_add(out, 'm', "message", view->found->intent.error.text);
}

static void free_view(struct view *base)
{
	struct intent_view *view = of(base);

	if (view->found)
		question_free(&view->found->question);
	pager_clear(&view->pager);
	free(view);
}

static const struct view_kind kind = {
	.name = "intent", .where = WHERE_MOVE | WHERE_TEXT | WHERE_OUTBOX, .title = title, .draw = draw, .act = act, .refuses = refuses,
	.refresh = refresh, .answer = answer, .subject = subject, .pager = pager_of, .cli = cli, .copies = copies, .save = save, .load = load, .free = free_view,
};

struct view *intent_view_new(const char *id)
{
	struct intent_view *view = memory_new(sizeof(*view));

	view->view.kind = &kind;
	snprintf(view->id, sizeof(view->id), "%s", id);
	return &view->view;
}

struct view *intent_view_again(struct deck *deck, const char *text)
{
	char id[INTENT_ID_MAX];

	(void)deck;
	return trail_get(text, "intent", id, sizeof(id)) ? intent_view_new(id) : NULL;
}
