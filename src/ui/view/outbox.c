/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is owed to the ledgers, over all accounts, or all that a plan became: its state, since when, what comes next, and why. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deck.h"
#include "dialog.h"
#include "format.h"
#include "ledgerdeck/core/memory.h"
#include "listing.h"
#include "outbox_view.h"
#include "strip.h"
#include "trail.h"

#define SHOWN_MAX 5000 /* the newest; where there are more, a filter looks through all of them */

struct outbox_row {
	char id[INTENT_ID_MAX], plan[PLAN_ID_MAX];
	size_t owner;               /* its account's place; LISTING_NONE: there is none any more */
	enum plan_act act;
	enum intent_state state;
	char type[64], number[64], currency[8], why[240], said[120];
	const char *advice;         /* borrowed: of the error; NULL: there is none */
	bool has_total;
	int64_t total, since_ms, next_ms, resource;
	int tries;
};

struct outbox_answer {
	struct question question;
	char plan[PLAN_ID_MAX];     /* "" : what is owed */
	struct account_list accounts;
	struct outbox_row *rows;    /* owned */
	size_t count, room;
	struct intent_counts counts; /* of all */
	int64_t total;              /* of all */
	int64_t now_ms;
	struct push_window *windows; /* owned: of each account */
	char filter[VIEW_FILTER_MAX]; /* where there are more than are shown: only what fits came */
	bool persons_only;
	bool more;                  /* that fit than came */
};

struct outbox_view {
	struct view view;
	char plan[PLAN_ID_MAX];     /* only this plan's; "" : what is owed */
	struct outbox_answer *found; /* owned; NULL: nothing yet */
	struct listing list;
	char filter[VIEW_FILTER_MAX];
	bool persons_only;
};

static struct outbox_view *of(struct view *view)
{
	return (struct outbox_view *)view;
}

static const struct outbox_view *of_const(const struct view *view)
{
	return (const struct outbox_view *)view;
}

/* ---- the reader's thread */

static void free_answer(struct question *question)
{
	struct outbox_answer *answer = (struct outbox_answer *)question;

	account_list_clear(&answer->accounts);
	free(answer->windows);
	free(answer->rows);
	free(answer);
}

static size_t owner_of(const struct account_list *accounts, const char *id)
{
	for (size_t i = 0; i < accounts->count; i++)
		if (strcmp(accounts->items[i].id, id) == 0)
			return i;
	return LISTING_NONE;
}

static bool is_meant(const struct outbox_row *row, const struct account_list *accounts, const char *filter, bool persons_only)
{
	const char *const places[] = { mark_of_intent(row->state).word, plan_act_word(row->act), row->type, row->number, row->why, row->said,
				       row->owner == LISTING_NONE ? "" : accounts->items[row->owner].name };

	return (!persons_only || intent_needs_person(row->state)) && listing_words_fit(filter, places, ARRAY_LEN(places));
}

static void fill(struct outbox_row *row, const struct outbox_answer *answer, const struct intent *intent)
{
	*row = (struct outbox_row){ .act = intent->act, .state = intent_shown(intent), .has_total = intent->has_total, .total = intent->total,
				    .since_ms = intent->since_ms, .tries = intent->tries, .resource = intent->resource };
	row->owner = owner_of(&answer->accounts, intent->account_id);
	row->next_ms = intent_is_open(intent->state) && !*intent->pause && intent->next_ms != INT64_MAX ? intent->next_ms : 0;
	snprintf(row->id, sizeof(row->id), "%s", intent->id);
	snprintf(row->type, sizeof(row->type), "%s", intent->record_type);
	snprintf(row->number, sizeof(row->number), "%s", intent->number);
	snprintf(row->currency, sizeof(row->currency), "%s", intent->currency);
	snprintf(row->why, sizeof(row->why), "%s", intent_reason(intent));
	snprintf(row->plan, sizeof(row->plan), "%s", intent->plan);
	if (row->owner != LISTING_NONE && push_window_holds(&answer->windows[row->owner], intent)) {
		row->next_ms = answer->windows[row->owner].opens_ms;
		snprintf(row->why, sizeof(row->why), "waits for %s (policy window)", answer->windows[row->owner].opens);
	}
	if (intent->error.code == ERROR_NONE || row->owner == LISTING_NONE)
		return;
	snprintf(row->said, sizeof(row->said), "%.119s", intent->error.text);
	row->advice = sync_advice(answer->accounts.items[row->owner].provider, &intent->error).act;
}

static bool take(void *ctx, const struct intent *intent)
{
	struct outbox_answer *answer = ctx;
	struct outbox_row row;

	fill(&row, answer, intent);
	if (!is_meant(&row, &answer->accounts, answer->filter, answer->persons_only))
		return true;
	answer->more = answer->count == SHOWN_MAX;
	if (answer->more)
		return false;
	memory_grow(&answer->rows, &answer->room, answer->count + 1, sizeof(*answer->rows));
	answer->rows[answer->count++] = row;
	return true;
}

static void add_counts(struct outbox_answer *answer, const struct intent_counts *counts)
{
	for (int state = 0; state < INTENT_STATE_COUNT; state++) {
		answer->counts.states[state] += counts->states[state];
		answer->total += counts->states[state];
	}
}

static bool count_all(struct outbox_answer *answer, struct store *store, struct error *err)
{
	struct intent_counts counts;
	size_t lists = *answer->plan ? 1 : answer->accounts.count;

	for (size_t i = 0; i < lists; i++) {
		if (!intents_count(store, *answer->plan ? NULL : answer->accounts.items[i].id, *answer->plan ? answer->plan : NULL, &counts, err))
			return false;
		add_counts(answer, &counts);
	}
	return true;
}

static bool read_windows(struct outbox_answer *answer, struct store *store, struct error *err)
{
	answer->windows = memory_new((answer->accounts.count + 1) * sizeof(*answer->windows));
	for (size_t i = 0; i < answer->accounts.count; i++)
		if (!push_window(store, answer->accounts.items[i].id, answer->now_ms, &answer->windows[i], err))
			return false;
	return true;
}

static bool work(struct question *question, struct store *store, struct error *err)
{
	struct outbox_answer *answer = (struct outbox_answer *)question;
	struct intent_query query = { .plan = *answer->plan ? answer->plan : NULL, .owed_only = !*answer->plan };

	if (!accounts_all(store, &answer->accounts, err) || !read_windows(answer, store, err) || !count_all(answer, store, err))
		return false;
	/* What is held whole is filtered where it is shown. */
	if (answer->total <= SHOWN_MAX) {
		*answer->filter = '\0';
		answer->persons_only = false;
	}
	return intents_list(store, &query, take, answer, err);
}

static void refresh(struct view *base)
{
	struct outbox_answer *asked;

	if (deck_is_new(base->deck))
		return;
	asked = memory_new(sizeof(*asked));
	asked->question = (struct question){ .work = work, .free = free_answer };
	snprintf(asked->plan, sizeof(asked->plan), "%s", of(base)->plan);
	snprintf(asked->filter, sizeof(asked->filter), "%s", of(base)->filter);
	asked->persons_only = of(base)->persons_only;
	asked->now_ms = deck_now(base->deck);
	view_ask(base, &asked->question);
}

/* ---- rows */

struct mark mark_of_intent(enum intent_state state)
{
	static const struct mark marks[INTENT_STATE_COUNT] = {
		[INTENT_WAITING] = { ".", "waiting", ROLE_WAITING },     [INTENT_QUEUED] = { ".", "queued", ROLE_WAITING },
		[INTENT_SENDING] = { "~", "sending", ROLE_RUNNING },     [INTENT_RETRY] = { "!", "retry", ROLE_WARN },
		[INTENT_UNCERTAIN] = { "?", "uncertain", ROLE_STALE },   [INTENT_CONFIRMED] = { "=", "confirmed", ROLE_OK },
		[INTENT_DIFFERENT] = { "!", "different", ROLE_WARN },    [INTENT_REJECTED] = { "x", "rejected", ROLE_FAILED },
		[INTENT_CONFLICT] = { "x", "conflict", ROLE_FAILED },    [INTENT_DEAD] = { "x", "dead", ROLE_FAILED },
		[INTENT_CANCELLED] = { "-", "cancelled", ROLE_DIM },     [INTENT_SUPERSEDED] = { "-", "superseded", ROLE_DIM },
		[INTENT_PAUSED] = { ".", "paused", ROLE_WARN },
	};

	return marks[state];
}

static void row_id(const void *ctx, size_t row, char *out)
{
	snprintf(out, LISTING_ID_MAX, "%s", ((const struct outbox_view *)ctx)->found->rows[row].id);
}

static const struct account *account_of(const struct outbox_view *view, const struct outbox_row *row)
{
	return row && row->owner != LISTING_NONE ? &view->found->accounts.items[row->owner] : NULL;
}

static bool row_fits(const void *ctx, size_t place)
{
	const struct outbox_view *view = ctx;
	const struct outbox_row *row = &view->found->rows[place];

	return is_meant(row, &view->found->accounts, view->filter, view->persons_only);
}

static struct listing_source source_of(const struct outbox_view *view)
{
	return (struct listing_source){ .count = view->found ? view->found->count : 0, .id = row_id, .fits = row_fits, .ctx = view };
}

static void arrange(struct outbox_view *view)
{
	struct listing_source source = source_of(view);

	listing_arrange(&view->list, &source);
}

static const struct outbox_row *current(const struct outbox_view *view)
{
	size_t row = view->found ? listing_current(&view->list) : LISTING_NONE;

	return row == LISTING_NONE ? NULL : &view->found->rows[row];
}

/* All that fits is held, or the newest of it. */
static bool is_found(const struct outbox_view *view)
{
	const struct outbox_answer *found = view->found;

	return found->total <= SHOWN_MAX || (strcmp(found->filter, view->filter) == 0 && found->persons_only == view->persons_only);
}

static void look_through(struct outbox_view *view)
{
	if (view->found && !is_found(view) && !view->view.asking)
		refresh(&view->view);
}

static void narrowed(struct outbox_view *view)
{
	arrange(view);
	look_through(view);
}

static void answer(struct view *base, struct question *question)
{
	struct outbox_view *view = of(base);
	struct listing_source source;
	char was[LISTING_ID_MAX];

	if (!view_keeps(base, question, view->found ? &view->found->question : NULL))
		return;
	view->found = (struct outbox_answer *)question;
	memcpy(was, view->list.cursor, sizeof(was));
	arrange(view);
	source = source_of(view);
	if (*was && !listing_knows(&source, was) && view->found->total <= SHOWN_MAX)
		view_gone(base, &view->list.table);
	look_through(view);
}

/* ---- drawing */

enum { BOX_STATE, BOX_WHAT, BOX_TYPE, BOX_NUMBER, BOX_TOTAL, BOX_CURRENCY, BOX_COMPANY, BOX_SINCE, BOX_TRIES, BOX_NEXT, BOX_WHY };
static const struct table_column columns[] = {
	[BOX_STATE] = { "STATE", 11, 12, 0, 0 },
	[BOX_WHAT] = { "WHAT", 6, 6, 5, 0 },
	[BOX_TYPE] = { "TYPE", 8, 12, 4, 0 },
	[BOX_NUMBER] = { "NUMBER", 5, 14, 1, 0 },
	[BOX_TOTAL] = { "TOTAL", 10, 16, 2, COLUMN_AMOUNT },
	[BOX_CURRENCY] = { "", 3, 3, 2, 0 },
	[BOX_COMPANY] = { "COMPANY", 10, 24, 3, COLUMN_ENOUGH(12) },
	[BOX_SINCE] = { "SINCE", 6, 6, 6, COLUMN_RIGHT },
	[BOX_TRIES] = { "TRIES", 5, 5, 8, COLUMN_RIGHT | COLUMN_EXTRA },
	[BOX_NEXT] = { "NEXT", 6, 6, 7, COLUMN_RIGHT | COLUMN_EXTRA },
	[BOX_WHY] = { "WHY", 14, 80, 2, COLUMN_GROWS },
};

static void put_cell(void *ctx, int64_t place, size_t column, struct table_cell *cell)
{
	struct outbox_view *view = ctx;
	const struct outbox_row *row = &view->found->rows[listing_row(&view->list, place)];
	const struct account *account = account_of(view, row);
	struct mark mark = mark_of_intent(row->state);
	struct decimal total = decimal_money(decimal_of(row->total, 6));
	char text[DECIMAL_TEXT_MAX + FORMAT_MAX];

	switch (column) {
	case BOX_STATE:
		table_format(cell, mark.role, "%s %s", mark.glyph, mark.word);
		break;
	case BOX_WHAT:
		table_text(cell, ROLE_DIM, plan_act_word(row->act));
		break;
	case BOX_TYPE:
		table_text(cell, ROLE_DIM, row->type);
		break;
	case BOX_NUMBER:
		table_text(cell, ROLE_TEXT, row->number);
		break;
	case BOX_TOTAL:
		table_format(cell, ROLE_TEXT, "%s", row->has_total ? decimal_format(total, text) : "");
		break;
	case BOX_CURRENCY:
		table_text(cell, ROLE_DIM, row->currency);
		break;
	case BOX_COMPANY:
		table_text(cell, ROLE_TEXT, account ? account->name : "-");
		break;
	case BOX_SINCE:
		table_format(cell, ROLE_DIM, "%s", format_clock(row->since_ms, deck_now(view->view.deck), text));
		break;
	case BOX_TRIES:
		table_format(cell, ROLE_DIM, "%d", row->tries);
		break;
	case BOX_NEXT:
		table_format(cell, ROLE_DIM, "%s", format_clock(row->next_ms, deck_now(view->view.deck), text));
		break;
	default:
		table_text(cell, intent_needs_person(row->state) ? mark.role : ROLE_DIM, row->why);
		break;
	}
}

static void draw_head(const struct outbox_view *view, struct canvas *canvas, struct rect rect)
{
	const struct outbox_answer *found = view->found;
	AUTO(str_clear) struct str line = STR_INIT(400);
	bool persons = false;

	if (*view->plan)
		str_addf(&line, "%s: ", view->plan);
	for (int state = 0; state < INTENT_STATE_COUNT; state++) {
		if (found->counts.states[state] == 0)
			continue;
		str_addf(&line, "%lld %s  ", (long long)found->counts.states[state], mark_of_intent((enum intent_state)state).word);
		persons = persons || intent_needs_person((enum intent_state)state);
	}
	if (!is_found(view))
		str_add(&line, "(looking through all ...)");
	else if (found->more)
		str_addf(&line, *found->filter || found->persons_only ? "(the newest %d that fit)" : "(the newest %d are shown, a filter finds all)", SHOWN_MAX);
	canvas_add(canvas, rect.y, rect.x + 1, rect.columns - 1, persons ? ROLE_WARN : ROLE_TEXT, line.text);
}

static const char *empty_text(const struct outbox_view *view)
{
	if (deck_is_new(view->view.deck))
		return VIEW_NO_ACCOUNTS;
	if (!view->found)
		return "Reading the outbox ...";
	if (view->found->total > 0)
		return is_found(view) ? "Nothing fits; {back} shows all." : "Looking through all of them ...";
	return *view->plan ? "Nothing of the plan was put into the outbox yet." : "= Nothing is owed to any ledger. {plan} shows what would be written.";
}

static void draw_strip(const struct outbox_view *view, struct canvas *canvas, struct rect rect)
{
	AUTO(str_clear) struct str first = STR_INIT(1000);
	AUTO(str_clear) struct str second = STR_INIT(2000);
	const struct outbox_row *row = current(view);
	int64_t now_ms = deck_now(view->view.deck);
	char clock[FORMAT_MAX];

	if (row) {
		str_addf(&first, "%s: %s.", mark_of_intent(row->state).word, *row->why ? row->why : intent_is_open(row->state) ? "its turn comes" : "as it should be");
		str_addf(&second, "Since %s, sent %d time%s", format_clock(row->since_ms, now_ms, clock), row->tries, row->tries == 1 ? "" : "s");
		if (row->next_ms)
			str_addf(&second, ", looked at again %s", format_clock(row->next_ms, now_ms, clock));
		str_add(&second, ". ");
		if (*row->said)
			str_addf(&second, "%s. ", row->said);
		if (row->advice)
			str_add(&second, row->advice);
	}
	deck_draw_strip(view->view.deck, canvas, rect, row ? mark_of_intent(row->state).role : ROLE_TEXT, &first, &second);
}

static void draw(struct view *base, struct canvas *canvas, struct rect rect)
{
	struct outbox_view *view = of(base);
	struct table_source source = { .cell = put_cell, .ctx = view };
	bool head = rect.rows >= 3;

	if (!view->found || view->list.count == 0) {
		view_draw_empty(&view->view, empty_text(view), canvas, rect);
		return;
	}
	if (head)
		draw_head(view, canvas, rect);
	rect.y += head;
	rect.rows -= head;
	draw_strip(view, canvas, strip_take(&rect));
	table_draw(&view->list.table, canvas, rect, columns, ARRAY_LEN(columns), &source, true, true);
}

/* ---- what is done to an intent */

const char *intent_refuses(enum intent_state state, enum action action)
{
	switch (action) {
	case ACTION_ACCEPT:
		return state == INTENT_DIFFERENT ? NULL : "only what landed otherwise than planned is accepted";
	case ACTION_TAKE_AWAY:
		if (state == INTENT_SENDING || state == INTENT_UNCERTAIN)
			return "it was sent: what became of it is looked up first";
		if (state == INTENT_DIFFERENT)
			return "it was written: {accept} takes it as it landed";
		return intent_is_owed(state) ? NULL : "it is settled";
	case ACTION_RETRY:
		return state == INTENT_REJECTED || state == INTENT_CONFLICT || state == INTENT_DEAD || state == INTENT_CANCELLED || state == INTENT_PAUSED
			       ? NULL : intent_is_open(state) ? "it is under way" : "it is written";
	case ACTION_SETTLE:
	case ACTION_UNWRITTEN:
		return state == INTENT_UNCERTAIN || state == INTENT_DEAD ? NULL : "its outcome is known";
	default:
		return NULL;
	}
}

static void write_anew(struct deck *deck, const void *target)
{
	char line[100];

	snprintf(line, sizeof(line), "outbox %s --unwritten", (const char *)target);
	deck_do(deck, line, "", "It is sent anew");
}

bool intent_act(struct deck *deck, const struct account *account, const char *id, const char *number, enum action action)
{
	struct dialog_wish wish = { .kind = DIALOG_KEY, .title = "Not written", .verb = "send it anew", .account = account, .target = id,
				    .size = strlen(id) + 1, .act = write_anew };
	char line[160], what[120];

	switch (action) {
	case ACTION_ACCEPT:
		snprintf(line, sizeof(line), "outbox %s --accept", id);
		snprintf(what, sizeof(what), "%.60s is well as the ledger has it", number);
		deck_do(deck, line, "", what);
		return true;
	case ACTION_TAKE_AWAY:
		snprintf(line, sizeof(line), "outbox %s --cancel", id);
		snprintf(what, sizeof(what), "%.60s is not written; a new plan would have it again", number);
		deck_do(deck, line, "", what);
		return true;
	case ACTION_SETTLE:
		snprintf(line, sizeof(line), "outbox %s --record ", id);
		prompt_open(deck, PROMPT_COMMAND);
		line_set(&deck->prompt.line, line);
		deck_say(deck, ROLE_MESSAGE, "Type the id of the record that it is in the ledger.");
		return true;
	case ACTION_UNWRITTEN:
		wish.text = "Somebody has looked into the ledger, and it is not there. It is sent anew then, with a key of its own: if it is there after "
			    "all, it is there twice.";
		dialog_open(deck, &wish);
		return true;
	default:
		return false;
	}
}

void plan_pause(struct deck *deck, const char *plan_id, bool paused)
{
	char line[80], undo[80], what[120];

	snprintf(line, sizeof(line), "apply %s --%s", plan_id, paused ? "resume --queue" : "pause");
	snprintf(undo, sizeof(undo), "apply %s --%s", plan_id, paused ? "pause" : "resume --queue");
	snprintf(what, sizeof(what), paused ? "%s goes on" : "%s is paused, what is being sent is brought to its end", plan_id);
	deck_do(deck, line, undo, what);
}

/* ---- keys */

static bool act(struct view *base, enum action action)
{
	struct outbox_view *view = of(base);
	struct listing_source source = source_of(view);
	const struct outbox_row *row = current(view);

	switch (action) {
	case ACTION_OPEN:
		if (row)
			deck_push(base->deck, intent_view_new(row->id));
		return true;
	case ACTION_LOG_OF:
		if (row && row->resource && account_of(view, row))
			deck_push(base->deck, attempts_of_document(account_of(view, row)->id, row->resource, ""));
		return row && row->resource;
	case ACTION_COPY:
		if (row)
			deck_copy(base->deck, "Intent", row->id);
		return true;
	case ACTION_DOCUMENT:
		if (row && account_of(view, row))
			deck_push(base->deck, document_new(account_of(view, row)->id, row->resource));
		return true;
	case ACTION_FAILED:
		view->persons_only = !view->persons_only;
		narrowed(view);
		return true;
	case ACTION_LEFT:
	case ACTION_RIGHT:
		table_scroll(&view->list.table, action == ACTION_RIGHT ? 1 : -1);
		return true;
	case ACTION_PAUSE:
		if (row)
			plan_pause(base->deck, row->plan, row->state == INTENT_PAUSED || (*view->plan && view->found->counts.states[INTENT_PAUSED] > 0));
		return true;
	default:
		return (row && intent_act(base->deck, account_of(view, row), row->id, row->number, action)) ||
		       listing_act(&view->list, &source, action);
	}
}

static const char *refuses(const struct view *base, enum action action)
{
	const struct outbox_row *row = current(of_const(base));

	if (!row && (action == ACTION_PAUSE || action == ACTION_ACCEPT || action == ACTION_TAKE_AWAY || action == ACTION_SETTLE || action == ACTION_UNWRITTEN))
		return "nothing is under the cursor";
	if (action == ACTION_RETRY)
		return "{open} shows all of it first, and plans its document anew from there";
	return row ? intent_refuses(row->state, action) : NULL;
}

static char *filter(struct view *base)
{
	return of(base)->filter;
}

static void filtered(struct view *base)
{
	narrowed(of(base));
}

/* From what a plan became to all that is owed. */
static bool back(struct view *base)
{
	struct outbox_view *view = of(base);

	if (*view->filter || view->persons_only) {
		*view->filter = '\0';
		view->persons_only = false;
		narrowed(view);
		return true;
	}
	return false;
}

/* ---- the view */

static void title(const struct view *base, struct str *out)
{
	str_add(out, *of_const(base)->plan ? "outbox of the plan" : "outbox");
}

static bool subject(const struct view *base, struct account *ret_account)
{
	const struct outbox_view *view = of_const(base);
	const struct account *account = account_of(view, current(view));

	if (account)
		*ret_account = *account;
	return account != NULL;
}

static void cli(const struct view *base, struct str *out)
{
	const struct outbox_view *view = of_const(base);

	str_add(out, "outbox");
	if (*view->plan)
		str_addf(out, " --plan %s", view->plan);
}

static void rows(struct view *base, struct str *out)
{
	const struct outbox_view *view = of(base);
	const struct outbox_row *row = current(view);
	const struct account *account = account_of(view, row);

	if (row)
		rows_add(out, (const char *const[]){ row->id, mark_of_intent(row->state).word, plan_act_word(row->act), row->type, row->number,
						     account ? account->name : "", row->why, NULL });
}

static void save(const struct view *base, struct str *out)
{
	const struct outbox_view *view = of_const(base);

	trail_put(out, "plan", view->plan);
	trail_put(out, "intent", view->list.cursor);
	trail_put(out, "filter", view->filter);
	trail_put_row(out, &view->list.table);
}

static void load(struct view *base, const char *text)
{
	struct outbox_view *view = of(base);

	trail_get(text, "plan", view->plan, sizeof(view->plan));
	trail_get(text, "intent", view->list.cursor, sizeof(view->list.cursor));
	trail_get(text, "filter", view->filter, sizeof(view->filter));
	trail_get_row(text, &view->list.table);
}

static void free_view(struct view *base)
{
	struct outbox_view *view = of(base);

	if (view->found)
		question_free(&view->found->question);
	listing_clear(&view->list);
	free(view);
}

static const struct view_kind kind = {
	.name = "outbox", .where = WHERE_MOVE | WHERE_LIST | WHERE_OUTBOX | WHERE_DETAILS, .title = title, .draw = draw, .act = act, .refuses = refuses,
	.refresh = refresh, .answer = answer, .filter = filter, .filtered = filtered, .back = back, .subject = subject, .cli = cli,
	.rows = rows, .save = save, .load = load, .free = free_view,
};

struct view *outbox_view_new(struct deck *deck)
{
	struct outbox_view *view = memory_new(sizeof(*view));

	(void)deck;
	view->view.kind = &kind;
	return &view->view;
}

struct view *outbox_view_of_plan(const char *plan_id)
{
	struct view *view = outbox_view_new(NULL);

	snprintf(of(view)->plan, sizeof(of(view)->plan), "%s", plan_id);
	return view;
}

struct view *outbox_view_again(struct deck *deck, const char *text)
{
	(void)text;
	return outbox_view_new(deck);
}
