/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A document of one's own: what went wrong with it, where it stands in each account, what it says; and one key pushes it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deck.h"
#include "format.h"
#include "ledgerdeck/core/memory.h"
#include "outbox_view.h"
#include "pager.h"
#include "plan_view.h"
#include "trail.h"

struct document_place { /* in one account of its organization */
	struct account account;
	struct link link;
	bool linked;
	struct push_standing standing; /* of a linked one */
	struct intent intent;
	bool has_intent;               /* the newest */
	struct plan plan;
	struct plan_line line;         /* of the newest plan of all documents; its texts that are borrowed are not used */
	bool has_line;
};

struct document_answer {
	struct question question;
	const struct catalogue *catalogue; /* borrowed */
	char account_id[ACCOUNT_ID_MAX];
	int64_t no;                        /* 0: the one that is linked with the record */
	char record_type[64], record_id[RECORD_ID_MAX];
	struct resource resource;
	struct document_place *places;     /* owned */
	size_t count, room;
	struct str data;                   /* owned */
};

struct document_view {
	struct view view;
	char account_id[ACCOUNT_ID_MAX];   /* from which it was opened, and to which it is pushed */
	int64_t no;
	char record_type[64], record_id[RECORD_ID_MAX];
	struct document_answer *found;     /* owned; NULL: nothing yet */
	struct pager pager;
};

static struct document_view *of(struct view *view)
{
	return (struct document_view *)view;
}

static const struct document_view *of_const(const struct view *view)
{
	return (const struct document_view *)view;
}

/* ---- the reader's thread */

static void free_answer(struct question *question)
{
	struct document_answer *answer = (struct document_answer *)question;

	str_clear(&answer->data);
	free(answer->places);
	free(answer);
}

static bool find_document(struct document_answer *answer, struct store *store, struct error *err)
{
	struct link link;
	bool found = true;

	if (answer->no == 0) {
		if (!links_of_record(store, answer->account_id, answer->record_type, answer->record_id, &link, &found, err))
			return false;
		if (!found)
			return error_set(err, ERROR_INPUT, "no document of yours is linked with %s %s: it is the ledger's own", answer->record_type,
					 answer->record_id);
		answer->no = link.resource;
	}
	return resources_by_no(store, answer->no, &answer->resource, &answer->data, err);
}

static bool take_intent(void *ctx, const struct intent *intent)
{
	struct document_answer *answer = ctx;

	/* The newest comes first. */
	for (size_t i = 0; i < answer->count; i++) {
		struct document_place *place = &answer->places[i];

		if (place->has_intent || strcmp(place->account.id, intent->account_id) != 0)
			continue;
		place->intent = *intent;
		place->has_intent = true;
	}
	return true;
}

static bool look_at_plan(struct document_place *place, struct store *store, int64_t resource, struct error *err)
{
	AUTO(str_clear) struct str head = STR_INIT(STR_NO_LIMIT);
	bool found;

	return plans_newest(store, place->account.id, &place->plan, &head, &found, err) &&
	       (!found || plans_line_of(store, place->plan.id, resource, &place->line, &place->has_line, err));
}

static bool look_at_place(struct document_answer *answer, struct store *store, const struct account *account, struct error *err)
{
	char organization[RESOURCE_ID_MAX];
	struct document_place *place;

	if (!organization_of_account(store, account->id, organization, err))
		return false;
	if (strcmp(organization, answer->resource.organization) != 0)
		return true;
	memory_grow(&answer->places, &answer->room, answer->count + 1, sizeof(*answer->places));
	place = &answer->places[answer->count++];
	*place = (struct document_place){ .account = *account };
	return links_get(store, account->id, answer->no, &place->link, NULL, &place->linked, err) &&
	       (!place->linked || push_standing(store, answer->catalogue, account, &place->link, &place->standing, err)) &&
	       look_at_plan(place, store, answer->no, err);
}

static bool work(struct question *question, struct store *store, struct error *err)
{
	struct document_answer *answer = (struct document_answer *)question;
	AUTO(account_list_clear) struct account_list accounts = { 0 };
	struct intent_query query;

	if (!find_document(answer, store, err) || !accounts_all(store, &accounts, err))
		return false;
	for (size_t i = 0; i < accounts.count; i++)
		if (!look_at_place(answer, store, &accounts.items[i], err))
			return false;
	query = (struct intent_query){ .resource = answer->no };
	return intents_list(store, &query, take_intent, answer, err);
}

static void refresh(struct view *base)
{
	struct document_view *view = of(base);
	struct document_answer *answer = memory_new(sizeof(*answer));

	answer->question = (struct question){ .work = work, .free = free_answer };
	answer->catalogue = deck_app(base->deck)->catalogue;
	answer->no = view->no;
	memcpy(answer->account_id, view->account_id, sizeof(answer->account_id));
	memcpy(answer->record_type, view->record_type, sizeof(answer->record_type));
	memcpy(answer->record_id, view->record_id, sizeof(answer->record_id));
	str_init(&answer->data, STR_NO_LIMIT);
	view_ask(base, &answer->question);
}

/* ---- its text */

/* What is the matter, before all else: of the last write, or of the last plan where nothing was written since. */
static bool is_newer(const struct document_place *place)
{
	return place->has_line && plan_act_waits(place->line.act) && (!place->has_intent || place->intent.made_ms < place->plan.made_ms);
}

static void write_banner(const struct document_view *view, const struct document_place *place)
{
	struct pager *pager = (struct pager *)(uintptr_t)&view->pager;
	const struct intent *intent = &place->intent;
	struct mark mark = mark_of_intent(intent_shown(intent));
	struct sync_advice advice;
	char room[DECK_TEXT_MAX];

	if (is_newer(place)) {
		mark = mark_of_act(place->line.act);
		pager_addf(pager, mark.role, "%s %s in %s: %s", mark.glyph, mark.word, place->account.name, place->line.why);
		pager_field(pager, "Do", ROLE_TEXT, deck_keyed(view->view.deck, "put that right; {retry} plans it anew", room, sizeof(room)));
		pager_add(pager, ROLE_TEXT, "");
		return;
	}
	if (!place->has_intent || (!intent_needs_person(intent_shown(intent)) && intent->error.code == ERROR_NONE))
		return;
	pager_addf(pager, mark.role, "%s %s in %s: %s", mark.glyph, mark.word, place->account.name, intent_reason(intent));
	if (intent->error.code != ERROR_NONE) {
		advice = sync_advice(place->account.provider, &intent->error);
		pager_field(pager, "What", ROLE_TEXT, advice.what);
		pager_field(pager, "Why", ROLE_TEXT, advice.why);
		pager_field(pager, "Do", ROLE_TEXT, advice.act);
		pager_field(pager, "Message", ROLE_TEXT, intent->error.text);
		pager_field(pager, "Code", ROLE_TEXT, intent->error.ledger_code);
		pager_field(pager, "Trace id", ROLE_TEXT, intent->error.trace_id);
	}
	pager_add(pager, ROLE_DIM, deck_keyed(view->view.deck, "{retry} plans it anew; {open} shows every step of the write.", room, sizeof(room)));
	pager_add(pager, ROLE_TEXT, "");
}

static void write_head(struct pager *pager, const struct resource *resource, int64_t now_ms)
{
	const struct resource_summary *summary = &resource->summary;
	struct decimal total = decimal_money(summary->total);
	char text[DECIMAL_TEXT_MAX + 60], digits[DECIMAL_TEXT_MAX], clock[FORMAT_MAX];

	pager_field(pager, "Document", ROLE_TEXT, resource->external_id);
	pager_field(pager, "Party", ROLE_TEXT, summary->party);
	pager_field(pager, "Date", ROLE_TEXT, summary->has_date ? date_format(summary->date, digits) : "");
	snprintf(text, sizeof(text), "%s %s", decimal_format(total, digits), summary->currency);
	pager_field(pager, "Total", ROLE_TEXT, summary->has_total ? text : "");
	snprintf(text, sizeof(text), "%lld, since %s", (long long)resource->revision, format_clock(resource->changed_ms, now_ms, clock));
	pager_field(pager, "Revision", ROLE_TEXT, text);
	pager_field(pager, "Id", ROLE_DIM, resource->id);
}

static void write_place(struct pager *pager, const struct document_place *place, int64_t revision, int64_t now_ms)
{
	AUTO(str_clear) struct str line = STR_INIT(1000);
	struct mark mark = mark_of_intent(intent_shown(&place->intent));
	char text[DECIMAL_TEXT_MAX + FORMAT_MAX];

	if (place->linked && *place->link.record_id) {
		str_addf(&line, "%s %s", place->link.record_type, place->link.record_id);
		if (*place->standing.word)
			str_addf(&line, ", %s", place->standing.word);
		if (place->standing.has_open)
			str_addf(&line, ", %s open", decimal_format(place->standing.open, text));
		if (place->link.revision > 0 && place->link.revision < revision)
			str_addf(&line, "; written as revision %lld, this is %lld", (long long)place->link.revision, (long long)revision);
	} else {
		str_add(&line, "not there yet");
	}
	pager_field(pager, "Record", ROLE_TEXT, line.text);
	str_reset(&line);
	if (place->has_intent)
		str_addf(&line, "%s %s, %s, since %s", mark.glyph, plan_act_word(place->intent.act), mark.word,
			 format_clock(place->intent.since_ms, now_ms, text));
	pager_field(pager, "Last write", mark.role, line.len ? line.text : "");
	str_reset(&line);
	if (place->has_line)
		str_addf(&line, "%s %s: %s", mark_of_act(place->line.act).glyph, mark_of_act(place->line.act).word, place->line.why);
	pager_field(pager, "Last plan", mark_of_act(place->line.act).role, line.len ? line.text : "");
}

static void write(struct document_view *view)
{
	const struct document_answer *found = view->found;
	int64_t now_ms = deck_now(view->view.deck);
	struct pager *pager = &view->pager;

	pager_clear(pager);
	for (size_t i = 0; i < found->count; i++)
		write_banner(view, &found->places[i]);
	pager_addf(pager, ROLE_TITLE, "%s %s", found->resource.type->name, found->resource.summary.number);
	write_head(pager, &found->resource, now_ms);
	for (size_t i = 0; i < found->count; i++) {
		pager_add(pager, ROLE_TEXT, "");
		pager_addf(pager, ROLE_COLUMN, "In %s", found->places[i].account.name);
		write_place(pager, &found->places[i], found->resource.revision, now_ms);
	}
	pager_add(pager, ROLE_TEXT, "");
	pager_add(pager, ROLE_COLUMN, "What it says");
	pager_json(pager, found->data.text, found->data.len);
}

static void answer(struct view *base, struct question *question)
{
	struct document_view *view = of(base);

	if (!view_keeps(base, question, view->found ? &view->found->question : NULL))
		return;
	view->found = (struct document_answer *)question;
	view->no = view->found->no;
	write(view);
}

/* ---- the view */

/* The account that it is about; of several that it was opened from. */
static const struct document_place *place_of(const struct document_view *view)
{
	for (size_t i = 0; view->found && i < view->found->count; i++)
		if (strcmp(view->found->places[i].account.id, view->account_id) == 0)
			return &view->found->places[i];
	return NULL;
}

static bool act(struct view *base, enum action action)
{
	struct document_view *view = of(base);
	const struct document_place *place = place_of(view);

	switch (action) {
	case ACTION_RETRY:
		plan_view_document(base->deck, place->account.id, view->found->resource.id);
		return true;
	case ACTION_OPEN:
		deck_push(base->deck, intent_view_new(place->intent.id));
		return true;
	case ACTION_LOG_OF:
		deck_push(base->deck, attempts_of_document(place->account.id, view->found->resource.no, view->found->resource.external_id));
		return true;
	case ACTION_COPY:
		if (view->found)
			deck_copy(base->deck, "Document", view->found->resource.external_id);
		return true;
	default:
		return pager_act(&view->pager, action);
	}
}

static const char *refuses(const struct view *base, enum action action)
{
	const struct document_place *place = place_of(of_const(base));

	switch (action) {
	case ACTION_RETRY:
		if (!place)
			return "it is not known yet which account it goes to";
		return place->has_intent && intent_is_open(place->intent.state) ? "it is under way; {open} shows how far" : NULL;
	case ACTION_LOG_OF:
		return place ? NULL : "it was sent nowhere yet";
	case ACTION_OPEN:
		return place && place->has_intent ? NULL : "nothing of it was put into the outbox yet";
	case ACTION_DOCUMENT:
		return "this is it";
	default:
		return NULL;
	}
}

static bool subject(const struct view *base, struct account *ret_account)
{
	const struct document_place *place = place_of(of_const(base));

	if (place)
		*ret_account = place->account;
	return place != NULL;
}

static void title(const struct view *base, struct str *out)
{
	const struct document_answer *found = of_const(base)->found;

	if (found)
		str_addf(out, "%s %s", found->resource.type->name, *found->resource.summary.number ? found->resource.summary.number
									: found->resource.external_id);
	else
		str_add(out, "document");
}

static void draw(struct view *base, struct canvas *canvas, struct rect rect)
{
	struct document_view *view = of(base);

	view_draw_text(base, view->found ? &view->pager : NULL, canvas, rect);
}

static struct pager *pager_of(struct view *base)
{
	return &of(base)->pager;
}

static void cli(const struct view *base, struct str *out)
{
	const struct document_view *view = of_const(base);

	str_add(out, "resources");
	words_add(out, view->account_id);
	if (view->found)
		str_addf(out, " --type %s", view->found->resource.type->name);
}

static void save(const struct view *base, struct str *out)
{
	trail_put(out, "account", of_const(base)->account_id);
	trail_put_number(out, "document", of_const(base)->no);
}

static void load(struct view *base, const char *text)
{
	(void)base;
	(void)text;
}

static void free_view(struct view *base)
{
	struct document_view *view = of(base);

	if (view->found)
		question_free(&view->found->question);
	pager_clear(&view->pager);
	free(view);
}

static const struct view_kind kind = {
	.name = "document", .where = WHERE_MOVE | WHERE_TEXT | WHERE_DOCUMENT, .title = title, .draw = draw, .act = act, .refuses = refuses,
	.refresh = refresh, .answer = answer, .subject = subject, .pager = pager_of, .cli = cli, .save = save, .load = load, .free = free_view,
};

struct view *document_new(const char *account_id, int64_t no)
{
	struct document_view *view = memory_new(sizeof(*view));

	view->view.kind = &kind;
	snprintf(view->account_id, sizeof(view->account_id), "%s", account_id);
	view->no = no;
	return &view->view;
}

struct view *document_of_record(const char *account_id, const char *type, const char *id)
{
	struct view *view = document_new(account_id, 0);

	snprintf(of(view)->record_type, sizeof(of(view)->record_type), "%s", type);
	snprintf(of(view)->record_id, sizeof(of(view)->record_id), "%s", id);
	return view;
}

struct view *document_again(struct deck *deck, const char *text)
{
	char account_id[ACCOUNT_ID_MAX];
	int64_t no = trail_get_number(text, "document");

	(void)deck;
	return trail_get(text, "account", account_id, sizeof(account_id)) && no > 0 ? document_new(account_id, no) : NULL;
}
