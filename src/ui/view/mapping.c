/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mapping of an account: which codes its documents use, what each stands for, and what could; rules are made here. */
#include "mapping.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deck.h"
#include "ledgerdeck/core/memory.h"
#include "trail.h"

static struct mapping_view *of(struct view *view)
{
	return (struct mapping_view *)view;
}

static const struct mapping_view *of_const(const struct view *view)
{
	return (const struct mapping_view *)view;
}

/* ---- rows */

static void code_id(const void *ctx, size_t row, char *out)
{
	const struct mapping_view *view = ctx;

	mapping_row_id(&view->found->rows[row].code, out);
}

static bool code_fits(const void *ctx, size_t row)
{
	const struct mapping_view *view = ctx;
	const struct mapping_row *item = &view->found->rows[row];
	const char *const places[] = { item->code.code, target_title(item->code.target), mapper_state_word(item->code.state), item->code.name,
				       item->code.field };

	if (view->needed_only && (item->unset || (item->code.state != MAPPER_UNMAPPED && item->code.state != MAPPER_BAD)))
		return false;
	return listing_words_fit(view->filters[PANE_CODES], places, ARRAY_LEN(places));
}

static void candidate_id(const void *ctx, size_t row, char *out)
{
	const struct mapping_view *view = ctx;

	snprintf(out, LISTING_ID_MAX, "%s %.80s", row < view->sight->suggested ? "suggested" : "all", view->sight->items[row].record_id);
}

static bool candidate_fits(const void *ctx, size_t row)
{
	const struct mapping_view *view = ctx;
	const struct mapper_candidate *item = &view->sight->items[row];
	const char *const places[] = { item->name, item->number, item->kind, item->why };

	return listing_words_fit(view->filters[PANE_CANDIDATES], places, ARRAY_LEN(places));
}

struct listing_source mapping_source(const struct mapping_view *view, enum mapping_pane pane)
{
	if (pane == PANE_CODES)
		return (struct listing_source){ .count = view->found ? view->found->row_count : 0, .id = code_id, .fits = code_fits, .ctx = view };
	return (struct listing_source){ .count = view->sight ? view->sight->item_count : 0, .id = candidate_id, .fits = candidate_fits, .ctx = view };
}

void mapping_arrange(struct mapping_view *view, enum mapping_pane pane)
{
	struct listing_source source = mapping_source(view, pane);

	listing_arrange(&view->lists[pane], &source);
}

const struct mapping_row *mapping_row(const struct mapping_view *view)
{
	size_t row = view->found ? listing_current(&view->lists[PANE_CODES]) : LISTING_NONE;

	return row == LISTING_NONE ? NULL : &view->found->rows[row];
}

bool mapping_is_at_hand(const struct mapping_view *view)
{
	const struct mapping_row *row = mapping_row(view);
	char id[LISTING_ID_MAX];

	if (!row || !view->sight)
		return false;
	mapping_row_id(&row->code, id);
	return strcmp(id, view->sight->about) == 0;
}

const struct mapper_candidate *mapping_candidate(const struct mapping_view *view)
{
	size_t row = mapping_is_at_hand(view) ? listing_current(&view->lists[PANE_CANDIDATES]) : LISTING_NONE;

	return row == LISTING_NONE ? NULL : &view->sight->items[row];
}

const struct mapper_candidate *mapping_suggestion(const struct mapping_view *view)
{
	size_t row = listing_current(&view->lists[PANE_CANDIDATES]);

	if (!mapping_is_at_hand(view) || view->sight->suggested == 0)
		return NULL;
	if (view->focus == PANE_CODES)
		return &view->sight->items[0];
	return row < view->sight->suggested ? &view->sight->items[row] : NULL;
}

/* ---- answers */

/* The candidates of another code begin with the first. */
static void show_sight(struct mapping_view *view, struct mapping_answer *sight)
{
	if (!view->sight || strcmp(view->sight->about, sight->about) != 0) {
		*view->lists[PANE_CANDIDATES].cursor = '\0';
		table_go(&view->lists[PANE_CANDIDATES].table, 0);
		*view->filters[PANE_CANDIDATES] = '\0';
	}
	if (view->sight != view->found)
		mapping_answer_free(view->sight);
	view->sight = sight;
	mapping_arrange(view, PANE_CANDIDATES);
}

static void show_all(struct mapping_view *view, struct mapping_answer *found)
{
	struct mapping_answer *former = view->found, *sight = view->sight;
	struct listing_source source;
	char was[LISTING_ID_MAX];

	/* What is shown on the right goes on to be compared with. */
	if (sight == former)
		former = NULL;
	view->found = found;
	mapping_answer_free(former);
	snprintf(view->account_id, sizeof(view->account_id), "%s", found->account_id);
	memcpy(was, view->lists[PANE_CODES].cursor, sizeof(was));
	mapping_arrange(view, PANE_CODES);
	source = mapping_source(view, PANE_CODES);
	if (sight && *was && !listing_knows(&source, was))
		view_gone(&view->view, &view->lists[PANE_CODES].table);
	show_sight(view, found);
}

static void ask_sight(struct mapping_view *view)
{
	if (mapping_row(view) && !mapping_is_at_hand(view))
		mapping_ask(view, false);
}

static void answer(struct view *base, struct question *question)
{
	struct mapping_view *view = of(base);
	struct mapping_answer *found = (struct mapping_answer *)question;

	if (view_failed(base, question, view->found))
		return;
	mapper_close(view->mapper);
	view->mapper = memory_steal(&found->mapper);
	if (found->anew)
		show_all(view, found);
	else
		show_sight(view, found);
	if (!base->stale)
		ask_sight(view);
}

static void refresh(struct view *base)
{
	mapping_ask(of(base), true);
}

/* ---- keys */

static void set_focus(struct mapping_view *view, enum mapping_pane pane)
{
	view->focus = pane;
}

static bool focus(struct view *base, const struct table *table)
{
	struct mapping_view *view = of(base);
	enum mapping_pane former = view->focus;

	for (int i = 0; i < MAPPING_PANES; i++)
		if (&view->lists[i].table == table)
			set_focus(view, (enum mapping_pane)i);
	return view->focus == former;
}

static void open_row(struct mapping_view *view)
{
	const struct mapper_candidate *candidate = mapping_candidate(view);

	if (view->focus == PANE_CODES)
		set_focus(view, PANE_CANDIDATES);
	else if (candidate)
		mapping_map(view, candidate);
}

/* Two that are as good are a person's to choose from. */
static void accept_one(struct mapping_view *view)
{
	const struct mapper_candidate *suggestion = mapping_suggestion(view);

	if (view->focus == PANE_CODES && view->sight->suggested > 1 && view->sight->items[1].score == suggestion->score)
		deck_say(view->view.deck, ROLE_WARN, "Two are as good: choose one in the other pane ({next-pane}).");
	else
		mapping_map(view, suggestion);
}

static bool act_rule(struct mapping_view *view, enum action action)
{
	const struct mapping_row *row = mapping_row(view);

	switch (action) {
	case ACTION_OPEN:
		open_row(view);
		return true;
	case ACTION_ACCEPT:
		accept_one(view);
		return true;
	case ACTION_ACCEPT_ALL:
		mapping_accept_all(view);
		return true;
	case ACTION_TAKE_AWAY:
		mapping_map(view, NULL);
		return true;
	case ACTION_UNDO:
	case ACTION_REDO:
		mapping_take_back(view, action == ACTION_REDO);
		return true;
	case ACTION_DOCUMENT:
		deck_push(view->view.deck, used_view_new(view->found->account_id, target_word(row->code.target), row->code.code));
		return true;
	case ACTION_COPY:
		if (row)
			deck_copy(view->view.deck, "Code", row->code.code);
		return true;
	default:
		return false;
	}
}

static bool act(struct view *base, enum action action)
{
	struct mapping_view *view = of(base);
	struct listing_source source = mapping_source(view, view->focus);

	if (!view->found)
		return false;
	switch (action) {
	case ACTION_FAILED:
		view->needed_only = !view->needed_only;
		mapping_arrange(view, PANE_CODES);
		ask_sight(view);
		return true;
	case ACTION_NEXT_PANE:
	case ACTION_LAST_PANE:
		set_focus(view, view->focus == PANE_CODES ? PANE_CANDIDATES : PANE_CODES);
		return true;
	case ACTION_LEFT:
	case ACTION_RIGHT:
		table_scroll(&view->lists[view->focus].table, action == ACTION_RIGHT ? 1 : -1);
		return true;
	default:
		break;
	}
	if (act_rule(view, action))
		return true;
	if (!listing_act(&view->lists[view->focus], &source, action))
		return false;
	if (view->focus == PANE_CODES)
		ask_sight(view);
	return true;
}

static const char *refuses_accept(const struct mapping_view *view)
{
	const struct mapping_row *row = mapping_row(view);

	if (!row)
		return "nothing is under the cursor";
	if (!mapping_is_at_hand(view))
		return "what could stand for it is still being looked for";
	if (!mapping_suggestion(view))
		return view->sight->suggested == 0 ? "no suggestion for this code; {next-pane} shows all"
						   : "this one is not among the suggestions; {open} maps the code to it all the same";
	return NULL;
}

static const char *refuses(const struct view *base, enum action action)
{
	const struct mapping_view *view = of_const(base);
	const struct mapping_row *row = mapping_row(view);
	const struct mapper_candidate *candidate = mapping_candidate(view);

	switch (action) {
	case ACTION_ACCEPT:
	case ACTION_ACCEPT_ALL:
		return refuses_accept(view);
	case ACTION_OPEN:
		if (view->focus != PANE_CANDIDATES)
			return NULL;
		if (deck_app(base->deck)->readonly)
			return "--readonly forbids it";
		return candidate && !candidate->fits ? candidate->why : NULL;
	case ACTION_DOCUMENT:
		return row && *row->code.code ? NULL : "no code that documents use is under the cursor";
	case ACTION_TAKE_AWAY:
		if (!row || row->unset || row->code.state == MAPPER_UNMAPPED)
			return "there is no rule to take away";
		if (row->code.state == MAPPER_LINKED)
			return "that is a document of your own, not a rule";
		return row->code.state == MAPPER_DEFAULT && *row->code.code ? "the default takes it: that has a row of its own" : NULL;
	case ACTION_UNDO:
		return view->found && view->found->undo.version > 0 ? NULL : "no rule was made that could be taken back";
	case ACTION_REDO:
		return view->found && view->found->redo.version > 0 ? NULL : "nothing was taken back that could be made again";
	default:
		return NULL;
	}
}

/* Narrows the pane that has the keys. */
static char *filter(struct view *base)
{
	struct mapping_view *view = of(base);

	return view->filters[view->focus];
}

static void filtered(struct view *base)
{
	struct mapping_view *view = of(base);

	mapping_arrange(view, view->focus);
	if (view->focus == PANE_CODES)
		ask_sight(view);
}

static bool back(struct view *base)
{
	struct mapping_view *view = of(base);
	struct error ignored = { 0 };

	if (*view->filters[view->focus])
		view_filter(base, "", &ignored);
	else if (view->focus == PANE_CANDIDATES)
		set_focus(view, PANE_CODES);
	else if (view->needed_only)
		act(base, ACTION_FAILED);
	else
		return false;
	return true;
}

/* ---- the view */

static void draw(struct view *base, struct canvas *canvas, struct rect rect)
{
	mapping_draw(of(base), canvas, rect);
}

static void title(const struct view *base, struct str *out)
{
	const struct mapping_view *view = of_const(base);

	str_add(out, "mapping");
	if (view->found && view->found->open + view->found->bad > 0)
		str_addf(out, ", %zu to map", view->found->open + view->found->bad);
}

static bool subject(const struct view *base, struct account *ret_account)
{
	const struct mapping_view *view = of_const(base);

	if (view->found)
		*ret_account = view->found->account;
	return view->found != NULL;
}

static void cli(const struct view *base, struct str *out)
{
	const struct mapping_view *view = of_const(base);

	str_add(out, "map");
	words_add(out, view->found ? view->found->account.name : view->account_id);
}

static void rows(struct view *base, struct str *out)
{
	const struct mapping_row *row = mapping_row(of(base));

	if (row)
		rows_add(out, (const char *const[]){ target_word(row->code.target), row->code.code, mapper_state_word(row->code.state),
						     row->code.record_id, row->code.name, row->code.amounts, NULL });
}

static void save(const struct view *base, struct str *out)
{
	const struct mapping_view *view = of_const(base);

	trail_put(out, "account", view->account_id);
	trail_put(out, "code", view->lists[PANE_CODES].cursor);
	trail_put(out, "filter", view->filters[PANE_CODES]);
	trail_put_number(out, "pane", view->focus);
	trail_put_row(out, &view->lists[PANE_CODES].table);
}

static void load(struct view *base, const char *text)
{
	struct mapping_view *view = of(base);

	trail_get(text, "account", view->account_id, sizeof(view->account_id));
	trail_get(text, "code", view->lists[PANE_CODES].cursor, sizeof(view->lists[PANE_CODES].cursor));
	trail_get(text, "filter", view->filters[PANE_CODES], sizeof(view->filters[PANE_CODES]));
	view->focus = trail_get_number(text, "pane") ? PANE_CANDIDATES : PANE_CODES;
	trail_get_row(text, &view->lists[PANE_CODES].table);
}

static void free_view(struct view *base)
{
	struct mapping_view *view = of(base);

	if (view->sight != view->found)
		mapping_answer_free(view->sight);
	mapping_answer_free(view->found);
	mapper_close(view->mapper);
	for (int i = 0; i < MAPPING_PANES; i++)
		listing_clear(&view->lists[i]);
	free(view);
}

static const struct view_kind kind = {
	.name = "mapping", .where = WHERE_MOVE | WHERE_LIST | WHERE_PANES | WHERE_MAPPING | WHERE_DETAILS, .title = title, .draw = draw, .act = act,
	.refuses = refuses, .refresh = refresh, .answer = answer, .filter = filter, .filtered = filtered, .back = back, .subject = subject,
	.focus = focus, .cli = cli, .rows = rows, .save = save, .load = load, .free = free_view,
};

struct view *mapping_view_new(struct deck *deck)
{
	struct mapping_view *view = memory_new(sizeof(*view));

	(void)deck;
	view->view.kind = &kind;
	return &view->view;
}

void mapping_view_place(struct view *base, const char *account_id, const char *code)
{
	struct mapping_view *view = of(base);

	if (strcmp(view->account_id, account_id) == 0 && !code)
		return;
	snprintf(view->account_id, sizeof(view->account_id), "%s", account_id);
	snprintf(view->lists[PANE_CODES].cursor, sizeof(view->lists[PANE_CODES].cursor), "%s", code ? code : "");
	*view->filters[PANE_CODES] = '\0';
	view->focus = PANE_CODES;
	view_ask_anew(base);
}

void mapping_view_open(struct deck *deck, const char *account_id, const char *target, const char *code)
{
	struct mapper_code wanted = { .target = TARGET_NONE };
	char id[LISTING_ID_MAX];

	target_parse(target, &wanted.target);
	snprintf(wanted.code, sizeof(wanted.code), "%s", code);
	mapping_row_id(&wanted, id);
	deck_push(deck, mapping_view_new(deck));
	mapping_view_place(deck_top(deck), account_id, id);
}

struct view *mapping_view_again(struct deck *deck, const char *text)
{
	(void)text;
	return mapping_view_new(deck);
}
