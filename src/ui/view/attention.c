/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What needs a person, over all accounts: a row for each cause, and below what is the matter with the one under the cursor. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deck.h"
#include "dialog.h"
#include "format.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/sync/attention.h"
#include "table.h"
#include "trail.h"
#include "view.h"

#define ABOUT_ROWS 6       /* what, why, do, and its command */
#define ABOUT_FROM_ROWS 12 /* smaller screens show the rows alone */

struct attention_answer {
	struct question question;
	const struct settings *settings;
	int64_t now_ms;
	struct attention attention; /* owned */
};

struct attention_view {
	struct view view;
	struct attention_answer *found; /* owned; NULL: nothing yet */
	struct table table;
	char key[180];                  /* of the item under the cursor; "" : the first */
};

static const struct table_column columns[] = {
	{ "CAUSE", 11, 11, 0, 0 },
	{ "WHAT", 20, 76, 1, COLUMN_ENOUGH(30) },
	{ "WHERE", 12, 48, 2, COLUMN_ENOUGH(18) },
	{ "TYPES", 5, 6, 5, COLUMN_RIGHT | COLUMN_EXTRA },
	{ "RECORDS", 8, 10, 3, COLUMN_RIGHT },
	{ "SINCE", 6, 6, 4, COLUMN_RIGHT },
};

static struct attention_view *of(struct view *view)
{
	return (struct attention_view *)view;
}

/* ---- the reader's thread */

static void free_answer(struct question *question)
{
	struct attention_answer *answer = (struct attention_answer *)question;

	attention_clear(&answer->attention);
	free(answer);
}

static bool work(struct question *question, struct store *store, struct error *err)
{
	struct attention_answer *answer = (struct attention_answer *)question;

	return attention_read(store, answer->settings, answer->now_ms, &answer->attention, err);
}

static void refresh(struct view *base)
{
	struct attention_answer *asked = memory_new(sizeof(*asked));

	asked->question = (struct question){ .work = work, .free = free_answer };
	asked->settings = deck_app(base->deck)->settings;
	asked->now_ms = deck_now(base->deck);
	view_ask(base, &asked->question);
}

/* ---- rows */

static const struct attention_item *current(const struct attention_view *view)
{
	if (!view->found || view->table.cursor >= (int64_t)view->found->attention.count)
		return NULL;
	return &view->found->attention.items[view->table.cursor];
}

static void key_of(const struct attention_item *item, char *out, size_t size)
{
	snprintf(out, size, "%s %s", attention_word(item->cause), item->key);
}

static void note_cursor(struct attention_view *view)
{
	const struct attention_item *item = current(view);

	*view->key = '\0';
	if (item)
		key_of(item, view->key, sizeof(view->key));
}

static void answer(struct view *base, struct question *question)
{
	struct attention_view *view = of(base);
	struct attention_answer *found = (struct attention_answer *)question;
	int64_t place = view->table.cursor;
	char key[180];

	if (view_failed(base, question, view->found))
		return;
	for (size_t i = 0; i < found->attention.count; i++) {
		key_of(&found->attention.items[i], key, sizeof(key));
		if (strcmp(key, view->key) == 0)
			place = (int64_t)i;
	}
	if (view->found)
		question_free(&view->found->question);
	view->found = found;
	table_keep(&view->table, (int64_t)found->attention.count, place);
	note_cursor(view);
}

/* As elsewhere: what has failed, or what only waits. */
static struct mark mark_of(const struct attention_item *item)
{
	bool failed = item->cause == ATTENTION_RECONNECT || item->cause == ATTENTION_DEAD || item->cause == ATTENTION_FAILING ||
		      item->cause == ATTENTION_CLOCK || item->cause == ATTENTION_BREAKER || item->cause == ATTENTION_BACKUP ||
		      item->cause == ATTENTION_REFUSED || item->cause == ATTENTION_EXPORT;

	if (failed && item->person)
		return (struct mark){ "x", attention_word(item->cause), ROLE_FAILED };
	return (struct mark){ "!", attention_word(item->cause), ROLE_WARN };
}

static void cell(void *ctx, int64_t row, size_t column, struct table_cell *cell)
{
	struct attention_view *view = ctx;
	const struct attention_item *item = &view->found->attention.items[row];
	struct mark mark = mark_of(item);
	char text[FORMAT_MAX];

	switch (column) {
	case 0:
		table_format(cell, mark.role, "%s %s", mark.glyph, mark.word);
		break;
	case 1:
		table_text(cell, ROLE_TEXT, item->what);
		break;
	case 2:
		table_text(cell, ROLE_DIM, *item->names ? item->names : "-");
		break;
	case 3:
		table_format(cell, ROLE_TEXT, "%s", item->types ? format_count(item->types, text) : "-");
		break;
	case 4:
		table_format(cell, ROLE_TEXT, "%s", item->frees ? format_count(item->frees, text) : "-");
		break;
	default:
		table_format(cell, ROLE_DIM, "%s", format_clock(item->since_ms, deck_now(view->view.deck), text));
		break;
	}
}

/* ---- drawing */

static void draw_line(struct canvas *canvas, struct rect *rect, const char *label, enum role role, const char *text)
{
	struct rect behind = { rect->y, rect->x + 6, rect->rows, rect->columns - 6 };
	int rows;

	if (!*text || rect->rows < 1)
		return;
	canvas_add(canvas, rect->y, rect->x, 5, ROLE_DIM, label);
	rows = canvas_wrap(canvas, behind, role, text, strlen(text), true);
	rect->y += rows;
	rect->rows -= rows;
}

static void draw_about(const struct attention_item *item, struct canvas *canvas, struct rect rect)
{
	struct rect former = canvas_enter(canvas, rect);
	AUTO(str_clear) struct str command = STR_INIT(1100);

	canvas_hline(canvas, rect.y, rect.x, rect.columns);
	rect = (struct rect){ rect.y + 1, rect.x + 1, rect.rows - 1, rect.columns - 2 };
	draw_line(canvas, &rect, "What", mark_of(item).role, item->what);
	draw_line(canvas, &rect, "Why", ROLE_TEXT, item->why);
	draw_line(canvas, &rect, "Do", ROLE_TEXT, item->act);
	if (*item->command)
		str_addf(&command, ":%s", item->command);
	draw_line(canvas, &rect, "Enter", ROLE_DIM, command.text);
	canvas_leave(canvas, former);
}

static void draw_empty(struct attention_view *view, struct canvas *canvas, struct rect rect)
{
	const struct attention *attention = &view->found->attention;
	char line[200], stamp[FORMAT_MAX];

	canvas_add(canvas, rect.y + (rect.rows > 2), rect.x + 2, rect.columns - 2, ROLE_OK, "= Nothing needs you.");
	snprintf(line, sizeof(line), "Looked at %lld types of %lld accounts, their connections, the month's calls, backups and exports, at %s.",
		 (long long)attention->types, (long long)attention->accounts, format_stamp(view->found->now_ms, stamp));
	canvas_wrap(canvas, (struct rect){ rect.y + (rect.rows > 2) + 1, rect.x + 2, rect.rows - 2, rect.columns - 3 }, ROLE_DIM, line, strlen(line),
		    true);
}

static void draw(struct view *base, struct canvas *canvas, struct rect rect)
{
	struct attention_view *view = of(base);
	struct table_source source = { .cell = cell, .ctx = view };
	const struct attention_item *item = current(view);
	int about = item && rect.rows >= ABOUT_FROM_ROWS ? ABOUT_ROWS + 1 : 0;

	if (!view->found) {
		canvas_add(canvas, rect.y, rect.x + 2, rect.columns - 2, base->error.code ? ROLE_ERROR : ROLE_DIM,
			   base->error.code ? base->error.text : "Looking ...");
		return;
	}
	if (!item) {
		draw_empty(view, canvas, rect);
		return;
	}
	table_draw(&view->table, canvas, (struct rect){ rect.y, rect.x, rect.rows - about, rect.columns }, columns, ARRAY_LEN(columns), &source,
		   true, true);
	if (about > 0)
		draw_about(item, canvas, (struct rect){ rect.y + rect.rows - about, rect.x, about, rect.columns });
}

/* ---- the fix */

static void run_fix(struct deck *deck, const void *target)
{
	AUTO(words_free) char **words = NULL;
	size_t count;

	if (words_split(target, &words, &count) && count > 0)
		deck_command(deck, (const char *const *)words, true);
}

static void ask_fix(struct attention_view *view, const struct attention_item *item)
{
	AUTO(str_clear) struct str text = STR_INIT(2000);
	struct dialog_wish wish = { .kind = DIALOG_KEY, .title = attention_word(item->cause), .verb = "do it", .target = item->command,
				    .size = strlen(item->command) + 1, .act = run_fix };

	if (!*item->command) {
		deck_say(view->view.deck, ROLE_MESSAGE, "%s", item->act);
		return;
	}
	str_addf(&text, "%s\n%s\n%s\nledgerdeck %s", item->what, item->why, item->act, item->command);
	wish.text = text.text;
	dialog_open(view->view.deck, &wish);
}

static bool act(struct view *base, enum action action)
{
	struct attention_view *view = of(base);
	const struct attention_item *item = current(view);

	switch (action) {
	case ACTION_OPEN:
	case ACTION_RETRY:
		if (item)
			ask_fix(view, item);
		return true;
	case ACTION_COPY:
		if (item)
			deck_copy(base->deck, "Command", item->command);
		return true;
	default:
		if (!table_act(&view->table, action))
			return false;
		note_cursor(view);
		return true;
	}
}

static void title(const struct view *base, struct str *out)
{
	const struct attention_view *view = (const struct attention_view *)base;

	str_add(out, "attention");
	if (view->found)
		str_addf(out, ", %zu need you", view->found->attention.persons);
}

static void cli(const struct view *base, struct str *out)
{
	(void)base;
	str_add(out, "attention");
}

static void rows(struct view *base, struct str *out)
{
	const struct attention_item *item = current(of(base));

	if (item)
		rows_add(out, (const char *const[]){ attention_word(item->cause), item->names, item->what, item->command, NULL });
}

static void save(const struct view *base, struct str *out)
{
	trail_put(out, "item", ((const struct attention_view *)base)->key);
}

static void load(struct view *base, const char *text)
{
	trail_get(text, "item", of(base)->key, sizeof(of(base)->key));
}

static void free_view(struct view *base)
{
	struct attention_view *view = of(base);

	if (view->found)
		question_free(&view->found->question);
	free(view);
}

static const struct view_kind kind = {
	.name = "attention", .where = WHERE_MOVE, .title = title, .draw = draw, .act = act, .refresh = refresh, .answer = answer,
	.cli = cli, .rows = rows, .save = save, .load = load, .free = free_view,
};

struct view *attention_new(struct deck *deck)
{
	struct attention_view *view = memory_new(sizeof(*view));

	(void)deck;
	view->view.kind = &kind;
	return &view->view;
}

struct view *attention_again(struct deck *deck, const char *text)
{
	(void)text;
	return attention_new(deck);
}
