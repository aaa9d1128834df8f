/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a key to what it does: the prompt first, then a text field, the view, the deck. */
#include <stdio.h>
#include <string.h>

#include "deck.h"
#include "dialog.h"
#include "job.h"
#include "ledgerdeck/connect/connect.h"
#include "ledgerdeck/core/memory.h"
#include "outside.h"
#include "pager.h"
#include "table.h"
#include "trail.h"

#define TWICE_MS 2000 /* C-c again within so long leaves */

unsigned deck_where(const struct deck *deck)
{
	const struct view *top = deck_top(deck);

	return WHERE_ALL | top->kind->where | (top->kind->places ? top->kind->places(top) : 0);
}

bool deck_searches(const struct deck *deck)
{
	const struct view_kind *kind = deck_top(deck)->kind;

	return kind->search || (kind->pager && !kind->filter);
}

const char *deck_refuses(const struct deck *deck, enum action action)
{
	const struct view *top = deck_top(deck);

	if (action_row(action)->changes && deck->app->readonly)
		return "--readonly forbids it";
	if (action == ACTION_FILTER && !top->kind->filter && !deck_searches(deck))
		return "there is nothing to filter";
	if (action == ACTION_DETAILS_DOWN && deck->strip.below == 0)
		return "all of it is shown";
	if (action == ACTION_DETAILS_UP && deck->strip.top == 0)
		return "it begins there";
	if (action == ACTION_PIPE && !deck_has_rows(deck))
		return "there is nothing to hand on";
	return top && top->kind->refuses ? top->kind->refuses(top, action) : NULL;
}

/* ---- what the deck does itself */

static void go_home(struct deck *deck)
{
	while (deck->view_count > 1)
		deck_close(deck);
}

/* A view of which one is enough: the one that is open comes up again by closing those above it. */
static void open_once(struct deck *deck, const char *name, struct view *(*make)(struct deck *))
{
	for (size_t i = 0; i < deck->view_count; i++) {
		if (strcmp(deck->views[i]->kind->name, name) != 0)
			continue;
		while (deck->view_count > i + 1)
			deck_close(deck);
		return;
	}
	deck_push(deck, make(deck));
}

/* What is about the account under the cursor, with or without a place in it. */
static void open_of_account(struct deck *deck, const char *name, struct view *(*make)(struct deck *),
			    void (*place)(struct view *view, const char *account_id, const char *at))
{
	struct view *top = deck_top(deck);
	struct account account = { 0 };
	bool placed = top->kind->subject && top->kind->subject(top, &account);

	open_once(deck, name, make);
	if (placed && deck_top(deck) != top)
		place(deck_top(deck), account.id, NULL);
}

/* All objects, at what is under the cursor. */
static void open_objects(struct deck *deck)
{
	struct view *top = deck_top(deck);
	struct account account = { 0 };
	const char *type = top->kind->topic ? top->kind->topic(top) : NULL;
	bool placed = top->kind->subject && top->kind->subject(top, &account);
	char name[64];

	/* What it is called belongs to a view that may be closed now. */
	snprintf(name, sizeof(name), "%s", type ? type : "");
	open_once(deck, "objects", objects_new);
	if (placed && deck_top(deck) != top)
		objects_place(deck_top(deck), account.id, name);
}

static struct view *make_attempts(struct deck *deck)
{
	(void)deck;
	return attempts_new("", "");
}

/* The log of what is under the cursor alone. */
static void open_log_of(struct deck *deck)
{
	struct view *top = deck_top(deck);
	struct account account;
	const char *type = top->kind->topic ? top->kind->topic(top) : NULL;

	if (!top->kind->subject || !top->kind->subject(top, &account))
		deck_say(deck, ROLE_WARN, "There is nothing under the cursor that has a log.");
	else
		deck_push(deck, attempts_new(account.id, type ? type : ""));
}

/* With what makes a vault first, where there is none that is open. */
static void connect_first(struct deck *deck, const char *provider)
{
	const char *words[] = { "connect", provider, NULL };

	if (deck->app->vault)
		deck_command(deck, words, true);
	else
		engine_begin(deck, provider);
}

static void connect_chosen(struct deck *deck, const void *target)
{
	struct connect_way way;

	if (connect_way_at((size_t)(*(const char *)target - '1'), &way))
		connect_first(deck, way.provider);
}

/* In which accounting system? Where there is only one nobody is asked. */
static void choose_way(struct deck *deck)
{
	AUTO(str_clear) struct str text = STR_INIT(2000);
	struct dialog_choice choices[DIALOG_CHOICES_MAX];
	struct dialog_wish wish = { .kind = DIALOG_KEY, .title = "Connect a company", .verb = "connect", .target = "", .size = 1,
				    .choices = choices, .act = connect_chosen };
	struct connect_way way, first = { 0 };

	str_add(&text, "Which accounting system is it in?\n");
	for (size_t i = 0; i < DIALOG_CHOICES_MAX && connect_way_at(i, &way); i++) {
		choices[wish.choice_count++] = (struct dialog_choice){ (char)('1' + i), way.title };
		first = i == 0 ? way : first;
		str_addf(&text, "\n%zu  %s: %s", i + 1, way.title, way.by_token
			 ? "an administrator makes an API token there, you enter it here and say when it ends"
			 : "you sign in in a browser, and paste the address of the page that comes then");
	}
	wish.text = text.text;
	if (wish.choice_count == 1)
		connect_first(deck, first.provider);
	else
		dialog_open(deck, &wish);
}

static void connect_one(struct deck *deck)
{
	const char *again[] = { "connect", NULL, "--account", NULL, NULL };
	struct view *top = deck_top(deck);
	struct account account;

	if (top->kind->subject && top->kind->subject(top, &account) && account.state != ACCOUNT_OK) {
		again[1] = account.provider;
		again[3] = account.id;
		deck_command(deck, again, true);
	} else {
		choose_way(deck);
	}
}

/* Once tells what it would do; twice leaves. */
static void interrupt(struct deck *deck)
{
	int64_t now_ms = deck->app->env.ticks_ms(deck->app->env.ctx);

	if (deck->interrupted_ms && now_ms - deck->interrupted_ms < TWICE_MS) {
		deck_leave(deck);
		return;
	}
	deck->interrupted_ms = now_ms;
	deck_say(deck, ROLE_MESSAGE, "Nothing to stop here; {cancel} once more leaves, as {quit} does.");
}

static void close_or_leave(struct deck *deck)
{
	if (deck->view_count > 1)
		deck_close(deck);
	else
		deck_leave(deck);
}

static void step_back(struct deck *deck)
{
	struct view *top = deck_top(deck);

	if (top->kind->back && top->kind->back(top)) {
		deck_dirty(deck);
		return;
	}
	if (deck->view_count > 1)
		deck_close(deck);
	else
		deck_say(deck, ROLE_MESSAGE, "This is the first view; {close} leaves the deck.");
}

static void suspend(struct deck *deck)
{
	if (deck->screen && !screen_suspend(deck->screen))
		deck_say(deck, ROLE_WARN, "No shell is there that could go on: not suspended.");
	deck_dirty(deck);
}

static void page(struct deck *deck)
{
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str safe = STR_INIT(STR_NO_LIMIT);
	struct view *top = deck_top(deck);

	if (!top->kind->pager || (!deck->screen && !deck->plain))
		return;
	pager_add_text(top->kind->pager(top), &text);
	/* Line by line: not every pager keeps control characters from the terminal. */
	for (const char *at = text.text; *at; at += *at == '\n') {
		size_t len = strcspn(at, "\n");

		text_add_line(&safe, TEXT_FULL, at, len);
		str_add_char(&safe, '\n');
		at += len;
	}
	outside_pager(deck, safe.text, safe.len);
}

/* Through where one was before. */
static void step_history(struct deck *deck, enum action action)
{
	if (action == ACTION_LAST_VIEW ? trail_last(deck) : trail_step(deck, action == ACTION_EARLIER ? -1 : 1))
		return;
	deck_say(deck, ROLE_MESSAGE, action == ACTION_LATER ? "Nothing was opened after this." : "Nothing was opened before this.");
}

static bool act_view(struct deck *deck, enum action action)
{
	switch (action) {
	case ACTION_EARLIER:
	case ACTION_LATER:
	case ACTION_LAST_VIEW:
		step_history(deck, action);
		return true;
	case ACTION_DASHBOARD:
		go_home(deck);
		return true;
	case ACTION_OBJECTS:
		open_objects(deck);
		return true;
	case ACTION_LOG:
		open_once(deck, "log", make_attempts);
		return true;
	case ACTION_LOG_OF:
		open_log_of(deck);
		return true;
	case ACTION_MAPPING:
		open_of_account(deck, "mapping", mapping_view_new, mapping_view_place);
		return true;
	case ACTION_PLAN:
		open_of_account(deck, "plan", plan_view_new, plan_view_place);
		return true;
	case ACTION_POLICIES:
		open_of_account(deck, "policies", policies_view_new, policies_view_place);
		return true;
	case ACTION_OUTBOX:
		open_once(deck, "outbox", outbox_view_new);
		return true;
	case ACTION_REQUESTS:
		open_once(deck, "requests", requests_view_new);
		return true;
	case ACTION_RECONCILE:
		open_once(deck, "reconcile", reconcile_view_new);
		return true;
	case ACTION_ATTENTION:
		open_once(deck, "attention", attention_new);
		return true;
	case ACTION_JOBS:
		open_once(deck, "jobs", jobs_new);
		return true;
	case ACTION_SETTINGS:
		open_once(deck, "settings", settings_view_new);
		return true;
	case ACTION_AUDIT:
		open_once(deck, "audit", audit_view_new);
		return true;
	case ACTION_MESSAGES:
		open_once(deck, "messages", messages_new);
		return true;
	case ACTION_HELP:
		open_once(deck, "keys", help_new);
		return true;
	default:
		return false;
	}
}

static bool act_deck(struct deck *deck, enum action action)
{
	switch (action) {
	case ACTION_BACK:
		step_back(deck);
		return true;
	case ACTION_CLOSE:
		close_or_leave(deck);
		return true;
	case ACTION_QUIT:
		deck_leave(deck);
		return true;
	case ACTION_UNDO:
	case ACTION_REDO:
		deck_undo(deck, action == ACTION_REDO);
		return true;
	case ACTION_PALETTE:
	case ACTION_PIPE:
		prompt_open(deck, action == ACTION_PIPE ? PROMPT_PIPE : PROMPT_COMMAND);
		return true;
	case ACTION_LIVE:
		deck_hold(deck);
		return true;
	case ACTION_COPY_AS:
		copies_open(deck);
		return true;
	case ACTION_CLI:
		deck_tell_cli(deck);
		return true;
	case ACTION_FILTER:
		prompt_open(deck, deck_searches(deck) ? PROMPT_SEARCH : PROMPT_FILTER);
		return true;
	case ACTION_NARROW:
		prompt_open(deck, PROMPT_FILTER);
		return true;
	case ACTION_REREAD:
		deck_store_changed(deck);
		deck_say(deck, ROLE_MESSAGE, "Read again.");
		return true;
	case ACTION_REPAINT:
		if (deck->screen)
			screen_repaint(deck->screen);
		return true;
	case ACTION_DETAILS_DOWN:
	case ACTION_DETAILS_UP:
		deck->strip.top += action == ACTION_DETAILS_DOWN ? 1 : -1;
		return true;
	case ACTION_CANCEL:
		interrupt(deck);
		return true;
	case ACTION_SUSPEND:
		suspend(deck);
		return true;
	case ACTION_PAGER:
		page(deck);
		return true;
	case ACTION_UNLOCK:
		if (deck->app->sync)
			deck_say(deck, ROLE_MESSAGE, "The vault is open already.");
		else if (deck->store_absent)
			deck_say(deck, ROLE_WARN, "There is no vault yet: {connect} makes one and connects a company.");
		engine_open(deck, true);
		return true;
	case ACTION_CONNECT:
		connect_one(deck);
		return true;
	default:
		return act_view(deck, action);
	}
}

bool deck_act(struct deck *deck, enum action action)
{
	struct view *top = deck_top(deck);
	const char *why = deck_refuses(deck, action);
	char key[KEYS_NAME_MAX], reason[200];

	if (action == ACTION_NONE)
		return false;
	deck_dirty(deck);
	if (why) {
		deck_say(deck, ROLE_WARN, "'%s' (%s): %s.", action_row(action)->id, keys_name(deck->keys, action, key),
			 deck_keyed(deck, why, reason, sizeof(reason)));
		return true;
	}
	/* Of another row the beginning is told. */
	if (action != ACTION_DETAILS_DOWN && action != ACTION_DETAILS_UP)
		deck->strip.top = 0;
	return top->kind->act(top, action) || act_deck(deck, action);
}

/* ---- keys and pastes */

/* Does it do something to what is under the cursor? */
static bool is_of_row(enum action action)
{
	const struct action_row *row = action_row(action);

	return action == ACTION_OPEN || action == ACTION_COPY || action == ACTION_PIPE || action == ACTION_CONNECT ||
	       (row->changes && row->where != WHERE_ALL) || (row->where & WHERE_MARKS);
}

bool deck_take_gone(struct view *view)
{
	if (!view->gone)
		return false;
	view->gone->gone = false;
	view->gone = NULL;
	return true;
}

void deck_begin(struct deck *deck)
{
	deck->message_shown = false;
	deck->moved = false;
	deck_dirty(deck);
}

static void take_key(struct deck *deck, struct key key)
{
	struct view *top = deck_top(deck);
	enum action action;
	char name[KEY_NAME_MAX];
	bool gone;

	deck_begin(deck);
	if (deck->dialog) {
		dialog_key(deck, key);
		return;
	}
	if (deck->prompt.kind != PROMPT_NONE) {
		prompt_key(deck, key);
		return;
	}
	gone = deck_take_gone(top);
	if (!deck->ending && top->kind->key && top->kind->key(top, key))
		return;
	action = keys_action(deck->keys, key, deck_where(deck));
	/* Whoever wants to go wants to go, in whichever view. */
	if (deck->ending && (action == ACTION_CLOSE || action == ACTION_CANCEL))
		action = ACTION_QUIT;
	if (action != ACTION_CANCEL)
		deck->interrupted_ms = 0;
	if (gone && is_of_row(action)) {
		deck_say(deck, ROLE_WARN, "What was under the cursor is gone; nothing was done.");
		return;
	}
	if (action != ACTION_NONE && deck_act(deck, action))
		return;
	if (action == ACTION_NONE)
		deck_say(deck, ROLE_DIM, "'%s' does nothing here; {help} shows the keys that do.", key_text(key, name));
}

void deck_key(struct deck *deck, struct key key)
{
	struct view *top;

	take_key(deck, key);
	top = deck_top(deck);
	top->keyed |= top->asking;
}

void deck_paste(struct deck *deck, struct secret *text)
{
	struct view *top = deck_top(deck);

	deck->message_shown = false;
	deck_dirty(deck);
	if (deck->dialog) {
		dialog_paste(deck, text);
	} else if (deck->prompt.kind != PROMPT_NONE) {
		line_insert(&deck->prompt.line, secret_reveal(text), secret_len(text));
		secret_free(text);
	} else if (top->kind->paste) {
		top->kind->paste(top, text);
	} else {
		deck_say(deck, ROLE_WARN, "What was pasted is not run as keys; nothing was done with it.");
		secret_free(text);
	}
}
