/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The policies of an account: what its plans may do by themselves, what is usual, and what is set otherwise. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deck.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/mappings.h"
#include "listing.h"
#include "strip.h"
#include "trail.h"

struct policies_answer {
	struct question question;
	char word[ACCOUNT_NAME_MAX]; /* the account, as it was asked for */
	struct account account;
	struct policies policies;
};

struct policies_view {
	struct view view;
	char word[ACCOUNT_NAME_MAX];    /* its id, or what was typed; "" : the first account */
	struct policies_answer *found;  /* owned; NULL: nothing yet */
	struct policies usual;
	struct listing list;
	char filter[VIEW_FILTER_MAX];
};

static struct policies_view *of(struct view *view)
{
	return (struct policies_view *)view;
}

static const struct policies_view *of_const(const struct view *view)
{
	return (const struct policies_view *)view;
}

/* ---- the reader's thread */

static void free_answer(struct question *question)
{
	free(question);
}

static bool work(struct question *question, struct store *store, struct error *err)
{
	struct policies_answer *answer = (struct policies_answer *)question;
	AUTO(account_list_clear) struct account_list accounts = { 0 };

	if (*answer->word) {
		if (!accounts_find(store, answer->word, &answer->account, err))
			return false;
	} else {
		if (!accounts_all(store, &accounts, err))
			return false;
		if (accounts.count == 0)
			return error_set(err, ERROR_INPUT, "no account is connected that could have policies");
		answer->account = accounts.items[0];
	}
	return policies_get(store, answer->account.id, &answer->policies, err);
}

static void refresh(struct view *base)
{
	struct policies_answer *asked;

	if (deck_is_new(base->deck))
		return;
	asked = memory_new(sizeof(*asked));
	asked->question = (struct question){ .work = work, .free = free_answer };
	snprintf(asked->word, sizeof(asked->word), "%s", of(base)->word);
	view_ask(base, &asked->question);
}

/* ---- rows */

static const char *value_of(const struct policies_view *view, size_t row)
{
	return view->found->policies.values[row];
}

static bool is_set(const struct policies_view *view, size_t row)
{
	return strcmp(value_of(view, row), view->usual.values[row]) != 0;
}

static void row_id(const void *ctx, size_t row, char *out)
{
	(void)ctx;
	snprintf(out, LISTING_ID_MAX, "%s", policy_row((enum policy)row)->name);
}

static bool row_fits(const void *ctx, size_t row)
{
	const struct policies_view *view = ctx;
	const struct policy_row *policy = policy_row((enum policy)row);
	const char *const places[] = { policy->name, value_of(view, row), policy->title, policy->help, is_set(view, row) ? "set" : "" };

	return listing_words_fit(view->filter, places, ARRAY_LEN(places));
}

static struct listing_source source_of(const struct policies_view *view)
{
	return (struct listing_source){ .count = view->found ? POLICY_COUNT : 0, .id = row_id, .fits = row_fits, .ctx = view };
}

static void arrange(struct policies_view *view)
{
	struct listing_source source = source_of(view);

	listing_arrange(&view->list, &source);
}

/* POLICY_COUNT: nothing is. */
static enum policy current(const struct policies_view *view)
{
	size_t row = view->found ? listing_current(&view->list) : LISTING_NONE;

	return row == LISTING_NONE ? POLICY_COUNT : (enum policy)row;
}

static void answer(struct view *base, struct question *question)
{
	struct policies_view *view = of(base);

	if (!view_keeps(base, question, view->found ? &view->found->question : NULL))
		return;
	view->found = (struct policies_answer *)question;
	snprintf(view->word, sizeof(view->word), "%s", view->found->account.id);
	arrange(view);
}

/* ---- drawing */

enum { RULED_NAME, RULED_VALUE, RULED_USUAL, RULED_WHAT };
static const struct table_column columns[] = {
	[RULED_NAME] = { "POLICY", 14, 16, 0, 0 },
	[RULED_VALUE] = { "VALUE", 8, 20, 1, 0 },
	[RULED_USUAL] = { "DEFAULT", 8, 16, 2, 0 },
	[RULED_WHAT] = { "WHAT IT DECIDES", 16, 60, 3, COLUMN_GROWS },
};

static void put_cell(void *ctx, int64_t place, size_t column, struct table_cell *cell)
{
	struct policies_view *view = ctx;
	size_t row = listing_row(&view->list, place);
	const char *usual = view->usual.values[row];

	switch (column) {
	case RULED_NAME:
		table_text(cell, ROLE_TEXT, policy_row((enum policy)row)->name);
		break;
	case RULED_VALUE:
		table_text(cell, is_set(view, row) ? ROLE_TITLE : ROLE_DIM, *value_of(view, row) ? value_of(view, row) : "-");
		break;
	case RULED_USUAL:
		table_text(cell, ROLE_DIM, *usual ? usual : "-");
		break;
	default:
		table_text(cell, is_set(view, row) ? ROLE_TEXT : ROLE_DIM, policy_row((enum policy)row)->title);
		break;
	}
}

static void draw_head(const struct policies_view *view, struct canvas *canvas, struct rect rect)
{
	size_t set = 0;
	char line[160];

	for (size_t i = 0; i < POLICY_COUNT; i++)
		set += is_set(view, i);
	if (view->list.count < POLICY_COUNT)
		snprintf(line, sizeof(line), "%zu of %d policies fit", view->list.count, POLICY_COUNT);
	else
		snprintf(line, sizeof(line), "%d policies, %zu not as usual", POLICY_COUNT, set);
	canvas_add(canvas, rect.y, rect.x + 1, rect.columns - 1, ROLE_DIM, line);
}

static void draw_strip(const struct policies_view *view, struct canvas *canvas, struct rect rect)
{
	AUTO(str_clear) struct str first = STR_INIT(1000);
	AUTO(str_clear) struct str second = STR_INIT(1000);
	enum policy policy = current(view);
	char room[200];

	if (policy != POLICY_COUNT) {
		str_add(&first, policy_row(policy)->help);
		str_add(&second, deck_keyed(view->view.deck, "{open} changes it.", room, sizeof(room)));
	}
	deck_draw_strip(view->view.deck, canvas, rect, ROLE_TEXT, &first, &second);
}

static const char *empty_text(const struct policies_view *view)
{
	if (deck_is_new(view->view.deck))
		return VIEW_NO_ACCOUNTS;
	return view->found ? "Nothing fits the filter; {back} shows all." : "Reading the policies ...";
}

static void draw(struct view *base, struct canvas *canvas, struct rect rect)
{
	struct policies_view *view = of(base);
	struct table_source source = { .cell = put_cell, .ctx = view };
	bool head = rect.rows >= 3;

	if (view->list.count == 0) {
		view_draw_empty(base, empty_text(view), canvas, rect);
		return;
	}
	if (head)
		draw_head(view, canvas, rect);
	rect.y += head;
	rect.rows -= head;
	draw_strip(view, canvas, strip_take(&rect));
	table_draw(&view->list.table, canvas, rect, columns, ARRAY_LEN(columns), &source, true, true);
}

/* ---- keys */

static bool act(struct view *base, enum action action)
{
	struct policies_view *view = of(base);
	struct listing_source source = source_of(view);
	enum policy policy = current(view);

	switch (action) {
	case ACTION_OPEN:
		if (policy != POLICY_COUNT)
			deck_push(base->deck, policy_new(view->found->account.id, policy_row(policy)->name));
		return true;
	case ACTION_COPY:
		if (policy != POLICY_COUNT)
			deck_copy(base->deck, "Policy", policy_row(policy)->name);
		return true;
	case ACTION_LEFT:
	case ACTION_RIGHT:
		table_scroll(&view->list.table, action == ACTION_RIGHT ? 1 : -1);
		return true;
	default:
		return listing_act(&view->list, &source, action);
	}
}

static char *filter(struct view *base)
{
	return of(base)->filter;
}

static void filtered(struct view *base)
{
	arrange(of(base));
}

static bool back(struct view *base)
{
	struct policies_view *view = of(base);

	if (!*view->filter)
		return false;
	*view->filter = '\0';
	arrange(view);
	return true;
}

/* ---- the view */

static bool subject(const struct view *base, struct account *ret_account)
{
	const struct policies_view *view = of_const(base);

	if (view->found)
		*ret_account = view->found->account;
	return view->found != NULL;
}

static void cli(const struct view *base, struct str *out)
{
	const struct policies_view *view = of_const(base);

	str_add(out, "policy");
	words_add(out, view->found ? view->found->account.name : view->word);
}

static void rows(struct view *base, struct str *out)
{
	struct policies_view *view = of(base);
	enum policy policy = current(view);

	if (policy != POLICY_COUNT)
		rows_add(out, (const char *const[]){ policy_row(policy)->name, value_of(view, policy), view->usual.values[policy],
						     policy_row(policy)->title, NULL });
}

static void save(const struct view *base, struct str *out)
{
	const struct policies_view *view = of_const(base);

	trail_put(out, "account", view->word);
	trail_put(out, "policy", view->list.cursor);
	trail_put(out, "filter", view->filter);
	trail_put_row(out, &view->list.table);
}

static void load(struct view *base, const char *text)
{
	struct policies_view *view = of(base);

	trail_get(text, "account", view->word, sizeof(view->word));
	trail_get(text, "policy", view->list.cursor, sizeof(view->list.cursor));
	trail_get(text, "filter", view->filter, sizeof(view->filter));
	trail_get_row(text, &view->list.table);
}

static void free_view(struct view *base)
{
	struct policies_view *view = of(base);

	question_free(view->found ? &view->found->question : NULL);
	listing_clear(&view->list);
	free(view);
}

static const struct view_kind kind = {
	.name = "policies", .where = WHERE_MOVE | WHERE_LIST, .draw = draw, .act = act, .refresh = refresh, .answer = answer,
	.filter = filter, .filtered = filtered, .back = back, .subject = subject, .cli = cli, .rows = rows, .save = save, .load = load,
	.free = free_view,
};

struct view *policies_view_new(struct deck *deck)
{
	struct policies_view *view = memory_new(sizeof(*view));

	(void)deck;
	view->view.kind = &kind;
	policies_init(&view->usual);
	return &view->view;
}

struct view *policies_view_again(struct deck *deck, const char *text)
{
	(void)text;
	return policies_view_new(deck);
}

void policies_view_place(struct view *base, const char *account, const char *policy)
{
	struct policies_view *view = of(base);

	snprintf(view->word, sizeof(view->word), "%s", account);
	if (policy)
		snprintf(view->list.cursor, sizeof(view->list.cursor), "%s", policy);
	view_ask_anew(base);
}
