/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All keys that count in the view below, from the table of actions; Enter carries one out. "/" narrows the list. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deck.h"
#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/memory.h"
#include "outside.h"
#include "table.h"

struct help_view {
	struct view view;
	unsigned where;                  /* of the view below */
	enum action actions[ACTION_COUNT];
	size_t count;
	struct table table;
	char filter[VIEW_FILTER_MAX];
};

static struct help_view *of(struct view *view)
{
	return (struct help_view *)view;
}

static const struct table_column columns[] = {
	{ "KEYS", 10, 12, 0, 0 },
	{ "ACTION", 13, 14, 20, 0 },
	{ "WHAT IT DOES", 40, 62, 0, COLUMN_GROWS | COLUMN_ENOUGH(52) },
	{ "NOT NOW", 12, 40, 10, COLUMN_EXTRA },
};

static void arrange(struct help_view *view)
{
	view->count = 0;
	for (int i = 1; i < ACTION_COUNT; i++) {
		const struct action_row *row = action_row((enum action)i);

		if (keys_has(view->view.deck->keys, (enum action)i) && (row->where & view->where) && (strcasestr(row->help, view->filter) || strcasestr(row->id, view->filter)))
			view->actions[view->count++] = (enum action)i;
	}
	table_keep(&view->table, (int64_t)view->count, 0);
}

/* Why the view below refuses it; NULL: it does not. */
static const char *refusal(const struct help_view *view, enum action action)
{
	const struct deck *deck = view->view.deck;
	const struct view *below = deck->view_count > 1 ? deck->views[deck->view_count - 2] : NULL;

	if (action_row(action)->changes && deck->app->readonly)
		return "--readonly forbids it";
	return below && below->kind->refuses ? below->kind->refuses(below, action) : NULL;
}

static void cell(void *ctx, int64_t row, size_t column, struct table_cell *cell)
{
	struct help_view *view = ctx;
	const struct action_row *action = action_row(view->actions[row]);
	const struct deck *deck = view->view.deck;
	const char *why = refusal(view, view->actions[row]);
	AUTO(str_clear) struct str names = STR_INIT(sizeof(cell->room) - 1);

	switch (column) {
	case 0:
		keys_add_names(deck->keys, view->actions[row], &names);
		table_format(cell, why ? ROLE_DIM : ROLE_KEY, "%s", names.text);
		break;
	case 1:
		table_text(cell, ROLE_DIM, action->id);
		break;
	case 2:
		table_text(cell, why ? ROLE_DIM : ROLE_TEXT, action->help);
		break;
	default:
		table_text(cell, ROLE_WARN, deck_keyed(deck, why ? why : "", cell->room, sizeof(cell->room)));
		break;
	}
}

static void draw(struct view *base, struct canvas *canvas, struct rect rect)
{
	struct help_view *view = of(base);
	struct table_source source = { .cell = cell, .ctx = view };

	table_draw(&view->table, canvas, rect, columns, ARRAY_LEN(columns), &source, true, true);
}

/* The file of keys; what was changed counts at once, if it is in order. */
static void edit(struct deck *deck)
{
	AUTO(str_clear) struct str path = STR_INIT(4096);
	const char *set = settings_text(deck->app->settings, "ui.keys");
	struct error err = { 0 };

	if (*set)
		str_add(&path, set);
	else if (!file_add_place(FILE_CONFIG, &path, &err) || !file_make_private_directory(path.text, &err)) {
		deck_tell(deck, &err);
		return;
	} else {
		str_add(&path, "/keys");
	}
	if (outside_editor(deck, path.text))
		deck_load_keys(deck, true);
}

static bool act(struct view *base, enum action action)
{
	struct help_view *view = of(base);
	struct deck *deck = base->deck;
	enum action chosen;

	if (action == ACTION_HELP) {
		deck_close(deck);
		return true;
	}
	if (action == ACTION_EDIT) {
		edit(deck);
		return true;
	}
	if (action != ACTION_OPEN)
		return table_act(&view->table, action);
	chosen = view->table.cursor < (int64_t)view->count ? view->actions[view->table.cursor] : ACTION_NONE;
	deck_close(deck);
	if (chosen != ACTION_NONE)
		deck_act(deck, chosen);
	return true;
}

static char *filter(struct view *base)
{
	return ((struct help_view *)base)->filter;
}

static void filtered(struct view *base)
{
	arrange((struct help_view *)base);
}

static bool back(struct view *base)
{
	struct help_view *view = of(base);

	if (!*view->filter)
		return false;
	*view->filter = '\0';
	arrange(view);
	return true;
}

static void cli(const struct view *base, struct str *out)
{
	(void)base;
	str_add(out, "keys");
}

static void free_view(struct view *base)
{
	free(base);
}

static const struct view_kind kind = {
	.name = "keys", .where = WHERE_MOVE | WHERE_LIST | WHERE_FILE, .draw = draw, .act = act, .filter = filter, .filtered = filtered,
	.back = back, .cli = cli, .free = free_view,
};

struct view *help_new(struct deck *deck)
{
	struct help_view *view = memory_new(sizeof(*view));

	view->view.kind = &kind;
	view->view.deck = deck;
	view->where = deck_where(deck);
	arrange(view);
	return &view->view;
}
