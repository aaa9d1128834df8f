/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One policy of an account: its choices, or a field for its value, and what a plan would come to by it. What is chosen is saved by
 * the command, which also plans anew what waited.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deck.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/sync/push.h"
#include "listing.h"
#include "trail.h"

#define LABEL_COLUMNS 10
#define CHOICES_MAX 8

struct policy_answer {
	struct question question;
	char account_id[ACCOUNT_ID_MAX];
	enum policy policy;
	const struct catalogue *catalogue; /* borrowed; it outlives the deck */
	struct env env;
	bool found;
	struct account account;
	char now[POLICY_VALUE_MAX];        /* what is in force */
	char value[POLICY_VALUE_MAX];      /* what is foreseen instead */
	bool anew;                         /* `before` is to be counted, too */
	bool has_before, foreseen;
	struct push_totals before, after;
	struct error why;                  /* why nothing can be foreseen */
};

struct policy_view {
	struct view view;
	char account_id[ACCOUNT_ID_MAX];
	enum policy policy;
	struct policy_answer *found;       /* owned; NULL: nothing yet */
	char choices[CHOICES_MAX][POLICY_VALUE_MAX];
	size_t choice_count;               /* 0: a value is typed */
	struct listing list;
	struct line line;
	char complaint[240];               /* what is wrong with what is typed; "" nothing */
};

static struct policy_view *of(struct view *view)
{
	return (struct policy_view *)view;
}

static const struct policy_view *of_const(const struct view *view)
{
	return (const struct policy_view *)view;
}

/* ---- the reader's thread */

static void free_answer(struct question *question)
{
	cancel_free(question->cancel);
	free(question);
}

static bool count(struct policy_answer *answer, struct store *store, const struct policies *policies, struct push_totals *ret_totals)
{
	const struct push_wish wish = { .account_id = answer->account_id, .policies = policies, .who = "", .env = answer->env,
					.cancel = answer->question.cancel };

	return push_foresee(store, answer->catalogue, &wish, ret_totals, &answer->why);
}

static bool work(struct question *question, struct store *store, struct error *err)
{
	struct policy_answer *answer = (struct policy_answer *)question;
	const struct policy_row *row = policy_row(answer->policy);
	struct policies policies;

	if (!accounts_get(store, answer->account_id, &answer->account, &answer->found, err) ||
	    !policies_get(store, answer->account_id, &policies, err))
		return false;
	if (!answer->found)
		return error_set(err, ERROR_INPUT, "the account is not in this store any more");
	snprintf(answer->now, sizeof(answer->now), "%s", policies.values[answer->policy]);
	if (!row->of_plans || strcmp(answer->value, answer->now) == 0 || !policy_check(answer->policy, answer->value, NULL))
		return true;
	answer->has_before = !answer->anew || count(answer, store, &policies, &answer->before);
	memset(policies.values[answer->policy], 0, POLICY_VALUE_MAX);
	snprintf(policies.values[answer->policy], POLICY_VALUE_MAX, "%s", answer->value);
	answer->foreseen = answer->has_before && count(answer, store, &policies, &answer->after);
	return true;
}

/* ---- what is chosen */

static void row_id(const void *ctx, size_t row, char *out)
{
	snprintf(out, LISTING_ID_MAX, "%s", ((const struct policy_view *)ctx)->choices[row]);
}

static struct listing_source source_of(const struct policy_view *view)
{
	return (struct listing_source){ .count = view->choice_count, .id = row_id, .ctx = view };
}

static void arrange(struct policy_view *view)
{
	struct listing_source source = source_of(view);

	listing_arrange(&view->list, &source);
}

static const char *chosen(const struct policy_view *view)
{
	size_t row = listing_current(&view->list);

	if (view->choice_count == 0)
		return line_text(&view->line);
	return row == LISTING_NONE ? "" : view->choices[row];
}

/* Of "prefix=AC-" what stands before the text; 0: the choice takes none. */
static size_t choice_open(const char *choice)
{
	const char *sign = strchr(choice, '=');

	return sign ? (size_t)(sign - choice) + 1 : 0;
}

/* A text is asked for before it is saved. */
static bool takes_text(const struct policy_view *view)
{
	return view->choice_count > 0 && choice_open(chosen(view)) > 0;
}

static bool is_now(const struct policy_view *view)
{
	return view->found && strcmp(view->found->now, chosen(view)) == 0;
}

/* What is shown is what the chosen value would do. */
static bool is_told(const struct policy_view *view)
{
	return view->found && strcmp(view->found->value, chosen(view)) == 0;
}

static void ask(struct policy_view *view, bool anew)
{
	struct policy_answer *asked;

	if (deck_is_new(view->view.deck))
		return;
	asked = memory_new(sizeof(*asked));
	/* To plan a hundred thousand documents twice takes seconds. */
	asked->question = (struct question){ .work = work, .free = free_answer, .cancel = cancel_new() };
	asked->catalogue = deck_app(view->view.deck)->catalogue;
	asked->env = deck_app(view->view.deck)->env;
	asked->policy = view->policy;
	asked->anew = anew || !view->found || !view->found->has_before;
	asked->has_before = !asked->anew;
	if (!asked->anew)
		asked->before = view->found->before;
	snprintf(asked->account_id, sizeof(asked->account_id), "%s", view->account_id);
	snprintf(asked->value, sizeof(asked->value), "%.*s", POLICY_VALUE_MAX - 1, chosen(view));
	view_ask(&view->view, &asked->question);
}

static void refresh(struct view *base)
{
	ask(of(base), true);
}

/* Another value is chosen, or typed. */
static void changed(struct policy_view *view)
{
	struct error err = { 0 };

	*view->complaint = '\0';
	if (!policy_check(view->policy, chosen(view), &err))
		snprintf(view->complaint, sizeof(view->complaint), "%s", err.text);
	if (*view->complaint || (is_told(view) && view->found->why.code != ERROR_CANCELLED))
		return;
	/* What was chosen before nobody wants to know any more. */
	if (view->view.asking)
		reader_withdraw(view->view.deck->reader, view->view.no);
	else
		ask(view, false);
}

/* A choice that takes a text is shown with the one that is in force, and is then the same as that. */
static void show_text(struct policy_view *view)
{
	for (size_t i = 0; i < view->choice_count; i++) {
		char *choice = view->choices[i];
		size_t len = choice_open(choice);

		if (len && strncmp(choice, view->found->now, len) == 0)
			snprintf(choice, POLICY_VALUE_MAX, "%s", view->found->now);
	}
}

static void answer(struct view *base, struct question *question)
{
	struct policy_view *view = of(base);
	bool first = !view->found;

	if (!view_keeps(base, question, view->found ? &view->found->question : NULL))
		return;
	view->found = (struct policy_answer *)question;
	show_text(view);
	/* It opens at what is in force. */
	if (first && view->choice_count == 0 && view->line.len == 0)
		line_set(&view->line, view->found->now);
	if (first && !*view->list.cursor)
		snprintf(view->list.cursor, sizeof(view->list.cursor), "%.*s", LISTING_ID_MAX - 1, view->found->now);
	arrange(view);
	changed(view);
}

/* ---- drawing */

static void add_totals(const struct push_totals *totals, struct str *out)
{
	const char *between = "";

	for (int act = 0; act < PLAN_ACT_COUNT; act++) {
		if (totals->acts[act] == 0)
			continue;
		str_addf(out, "%s%lld %s", between, (long long)totals->acts[act], plan_act_word((enum plan_act)act));
		between = ", ";
	}
	if (!*between)
		str_add(out, "nothing to do");
}

static void add_effect(const struct policy_view *view, struct str *out)
{
	const struct policy_answer *found = view->found;

	if (!policy_row(view->policy)->of_plans) {
		str_add(out, "It changes nothing that a plan holds; it counts from when it is saved.");
	} else if (!is_told(view)) {
		str_add(out, "Looking what a plan would come to ...");
	} else if (!found->foreseen) {
		str_addf(out, "What a plan would come to can't be told: %s.", found->why.text);
	} else if (memcmp(found->before.acts, found->after.acts, sizeof(found->after.acts)) == 0) {
		str_add(out, "A plan would come to as many of each as now: ");
		add_totals(&found->after, out);
		str_add_char(out, '.');
	} else {
		str_add(out, "A plan would come to ");
		add_totals(&found->after, out);
		str_add(out, "; as it is now, to ");
		add_totals(&found->before, out);
		str_add_char(out, '.');
	}
}

static void add_end(const struct policy_view *view, struct str *out)
{
	char room[300];

	if (*view->complaint)
		str_addf(out, "%s%s", view->complaint, view->complaint[strlen(view->complaint) - 1] == '?' ? "" : ".");
	else if (is_now(view))
		str_add(out, "It is so now.");
	else if (takes_text(view))
		str_add(out, "The text is an example: yours is asked for.");
	else
		add_effect(view, out);
	if (!*view->complaint && !is_now(view))
		str_add(out, deck_keyed(view->view.deck, policy_row(view->policy)->of_plans
					? "\n{open} saves it, and plans anew what waited; {undo} takes it back. Nothing is written to the ledger by it."
					: "\n{open} saves it; {undo} takes it back. Nothing is written to the ledger by it.", room, sizeof(room)));
}

enum { CHOICE_VALUE, CHOICE_NOW, CHOICE_WHAT };
static const struct table_column columns[] = {
	[CHOICE_VALUE] = { "VALUE", 8, 20, 0, 0 },
	[CHOICE_NOW] = { "", 8, 14, 2, 0 },
	[CHOICE_WHAT] = { "WHAT IT DOES", 16, 160, 1, COLUMN_GROWS },
};

static void put_cell(void *ctx, int64_t place, size_t column, struct table_cell *cell)
{
	struct policy_view *view = ctx;
	size_t row = listing_row(&view->list, place);
	AUTO(str_clear) struct str meaning = STR_INIT(sizeof(cell->room) - 1);
	bool now = view->found && strcmp(view->found->now, view->choices[row]) == 0;

	switch (column) {
	case CHOICE_VALUE:
		table_text(cell, now ? ROLE_TITLE : ROLE_TEXT, view->choices[row]);
		break;
	case CHOICE_NOW:
		table_text(cell, ROLE_DIM, now ? "now" : row == 0 ? "default" : "");
		break;
	default:
		policy_add_meaning(view->policy, view->choices[row], &meaning);
		table_format(cell, ROLE_DIM, "%s", meaning.text);
		break;
	}
}

/* Gives the rows that it takes. */
static int draw_head(const struct policy_view *view, struct canvas *canvas, struct rect rect)
{
	const struct policy_row *row = policy_row(view->policy);
	int rows = canvas_add(canvas, rect.y, rect.x, rect.columns, ROLE_TITLE, row->title) > 0;

	rect.y += rows;
	rect.rows -= rows;
	return rows + canvas_wrap(canvas, rect, ROLE_TEXT, row->help, strlen(row->help), true);
}

static void draw_field(struct policy_view *view, struct canvas *canvas, int y, int x, int columns_wide)
{
	char usual[POLICY_VALUE_MAX];
	AUTO(str_clear) struct str line = STR_INIT(200);
	const char *now = view->found ? view->found->now : "";

	canvas_add(canvas, y, x, columns_wide, ROLE_COLUMN, "Value");
	line_draw(&view->line, canvas, y, x + LABEL_COLUMNS, columns_wide - LABEL_COLUMNS);
	policy_usual(view->policy, usual);
	str_addf(&line, "now %s; the default is %s", *now ? now : "nothing", *usual ? usual : "nothing");
	canvas_add(canvas, y + 1, x + LABEL_COLUMNS, columns_wide - LABEL_COLUMNS, ROLE_DIM, line.text);
}

static void draw(struct view *base, struct canvas *canvas, struct rect rect)
{
	struct policy_view *view = of(base);
	struct table_source source = { .cell = put_cell, .ctx = view };
	AUTO(str_clear) struct str end = STR_INIT(1000);
	struct rect text = { rect.y, rect.x + 1, rect.rows, rect.columns - 2 };
	int body = view->choice_count ? (int)view->choice_count + 1 : 2, head = 0;

	if (!view->found) {
		view_draw_empty(base, base->asking ? "Reading ..." : "It is not there.", canvas, rect);
		return;
	}
	/* The choices first, where there is little room. */
	if (rect.rows > body + 4)
		head = draw_head(view, canvas, (struct rect){ text.y, text.x, rect.rows - body - 4, text.columns }) + 1;
	if (head > rect.rows - body - 3 && head > 0)
		head = rect.rows - body - 3;
	rect.y += head;
	rect.rows -= head;
	if (view->choice_count)
		table_draw(&view->list.table, canvas, (struct rect){ rect.y, rect.x, body < rect.rows ? body : rect.rows, rect.columns }, columns,
			   ARRAY_LEN(columns), &source, rect.rows > 1, true);
	else
		draw_field(view, canvas, rect.y, text.x, text.columns);
	add_end(view, &end);
	text.y = rect.y + body + (rect.rows > body + 3);
	text.rows = rect.y + rect.rows - text.y;
	if (text.rows > 0)
		canvas_wrap(canvas, text, *view->complaint ? ROLE_WARN : ROLE_TEXT, end.text, end.len, true);
}

/* ---- keys */

struct saving {
	char account_id[ACCOUNT_ID_MAX];
	enum policy policy;
	char now[POLICY_VALUE_MAX];
	char before[POLICY_VALUE_MAX];     /* what stands before a text that is typed */
};

static struct saving saving_of(const struct policy_view *view)
{
	struct saving saving = { .policy = view->policy };

	memcpy(saving.account_id, view->account_id, sizeof(saving.account_id));
	memcpy(saving.now, view->found->now, sizeof(saving.now));
	snprintf(saving.before, sizeof(saving.before), "%.*s", (int)choice_open(chosen(view)), chosen(view));
	return saving;
}

static void save_value(struct deck *deck, const struct saving *saving, const char *value)
{
	AUTO(str_clear) struct str line = STR_INIT(DECK_LINE_MAX - 1);
	AUTO(str_clear) struct str undo = STR_INIT(DECK_LINE_MAX - 1);
	const struct policy_row *row = policy_row(saving->policy);
	char what[200], usual[POLICY_VALUE_MAX];

	str_addf(&line, "policy %s %s", saving->account_id, row->name);
	words_add(&line, value);
	str_addf(&undo, "policy %s %s", saving->account_id, row->name);
	/* What was as usual is not set afterwards either. */
	words_add(&undo, strcmp(saving->now, policy_usual(saving->policy, usual)) == 0 ? "" : saving->now);
	snprintf(what, sizeof(what), "%s is %s now", row->name, *value ? value : "not set");
	deck_do(deck, line.text, undo.text, what);
}

static void save_typed(struct deck *deck, const void *target, const char *text)
{
	const struct saving *saving = target;
	AUTO(str_clear) struct str value = STR_INIT(STR_NO_LIMIT);
	struct error err = { 0 };

	str_addf(&value, "%s%s", saving->before, text);
	if (policy_check(saving->policy, value.text, &err))
		save_value(deck, saving, value.text);
	else
		deck_say(deck, ROLE_WARN, "%s.", err.text);
}

static void save_chosen(struct policy_view *view)
{
	struct saving saving = saving_of(view);
	struct deck *deck = view->view.deck;
	char label[80];

	if (takes_text(view)) {
		snprintf(label, sizeof(label), "%.30s %.40s", policy_row(saving.policy)->name, saving.before);
		prompt_want(deck, label, &saving, sizeof(saving), save_typed);
		return;
	}
	save_value(deck, &saving, chosen(view));
	deck_close(deck);
}

static bool act(struct view *base, enum action action)
{
	struct policy_view *view = of(base);
	struct listing_source source = source_of(view);

	switch (action) {
	case ACTION_OPEN:
		if (is_now(view) && !takes_text(view))
			deck_say(base->deck, ROLE_MESSAGE, "It is so already.");
		else
			save_chosen(view);
		return true;
	case ACTION_COPY:
		deck_copy(base->deck, "Value", chosen(view));
		return true;
	default:
		if (view->choice_count == 0 || !listing_act(&view->list, &source, action))
			return false;
		changed(view);
		return true;
	}
}

static const char *refuses(const struct view *base, enum action action)
{
	const struct policy_view *view = of_const(base);

	if (action != ACTION_OPEN)
		return NULL;
	if (deck_app(base->deck)->readonly)
		return "--readonly forbids it";
	if (!view->found)
		return "it is being read still";
	return *view->complaint ? view->complaint : NULL;
}

/* What is typed goes into the field. */
static bool key(struct view *base, struct key key)
{
	struct policy_view *view = of(base);

	if (view->choice_count > 0 || !line_key(&view->line, key))
		return false;
	changed(view);
	return true;
}

static void paste(struct view *base, struct secret *text)
{
	struct policy_view *view = of(base);

	if (view->choice_count == 0) {
		line_insert(&view->line, secret_reveal(text), secret_len(text));
		changed(view);
	}
	secret_free(text);
}

/* ---- the view */

static bool subject(const struct view *base, struct account *ret_account)
{
	const struct policy_view *view = of_const(base);

	if (view->found)
		*ret_account = view->found->account;
	return view->found != NULL;
}

static void title(const struct view *base, struct str *out)
{
	str_add(out, policy_row(of_const(base)->policy)->name);
}

static void cli(const struct view *base, struct str *out)
{
	const struct policy_view *view = of_const(base);

	str_add(out, "policy");
	words_add(out, view->found ? view->found->account.name : view->account_id);
	words_add(out, policy_row(view->policy)->name);
}

static void save(const struct view *base, struct str *out)
{
	const struct policy_view *view = of_const(base);

	trail_put(out, "account", view->account_id);
	trail_put(out, "policy", policy_row(view->policy)->name);
	trail_put(out, "value", view->list.cursor);
}

static void load(struct view *base, const char *text)
{
	struct policy_view *view = of(base);

	trail_get(text, "value", view->list.cursor, sizeof(view->list.cursor));
}

static void free_view(struct view *base)
{
	struct policy_view *view = of(base);

	if (base->deck)
		reader_withdraw(base->deck->reader, base->no);
	question_free(view->found ? &view->found->question : NULL);
	listing_clear(&view->list);
	line_clear(&view->line);
	free(view);
}

static const struct view_kind kind = {
	.name = "policy", .where = WHERE_MOVE, .title = title, .draw = draw, .act = act, .refuses = refuses, .key = key, .paste = paste,
	.refresh = refresh, .answer = answer, .subject = subject, .cli = cli, .save = save, .load = load, .free = free_view,
};

struct view *policy_new(const char *account_id, const char *name)
{
	AUTO(str_clear) struct str word = STR_INIT(POLICY_VALUE_MAX - 1);
	struct policy_view *view;
	enum policy policy;

	if (!policy_find(name, &policy, NULL))
		return NULL;
	view = memory_new(sizeof(*view));
	view->view.kind = &kind;
	view->policy = policy;
	snprintf(view->account_id, sizeof(view->account_id), "%s", account_id);
	for (; view->choice_count < CHOICES_MAX && policy_value(policy, view->choice_count, &word); str_reset(&word))
		snprintf(view->choices[view->choice_count++], POLICY_VALUE_MAX, "%s", word.text);
	arrange(view);
	return &view->view;
}

struct view *policy_again(struct deck *deck, const char *text)
{
	char account_id[ACCOUNT_ID_MAX], name[64];

	(void)deck;
	if (!trail_get(text, "account", account_id, sizeof(account_id)) || !trail_get(text, "policy", name, sizeof(name)))
		return NULL;
	return policy_new(account_id, name);
}
