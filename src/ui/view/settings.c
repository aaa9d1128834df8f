/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every setting, what is in force, and where that came from. They are constant but for those that ":set" changes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deck.h"
#include "ledgerdeck/core/memory.h"
#include "listing.h"
#include "setting.h"
#include "strip.h"
#include "trail.h"

#define HEAD_FROM_ROWS 4

struct settings_view {
	struct view view;
	struct listing list;
	char filter[VIEW_FILTER_MAX], search[100];
};

static const struct table_column columns[] = {
	{ "SETTING", 12, 30, 0, 0 },
	{ "VALUE", 8, 24, 1, 0 },
	{ "FROM", 12, 24, 2, 0 },
	{ "WHAT IT IS FOR", 16, 80, 3, COLUMN_GROWS },
};

static struct settings_view *of(struct view *view)
{
	return (struct settings_view *)view;
}

static const struct settings_view *of_const(const struct view *view)
{
	return (const struct settings_view *)view;
}

/* ---- which of them */

static const struct setting_row *row_at(size_t row)
{
	size_t count;
	const struct setting_row *rows = settings_rows(&count);

	return row < count ? &rows[row] : NULL;
}

static void id_of(const void *ctx, size_t row, char *out)
{
	(void)ctx;
	snprintf(out, LISTING_ID_MAX, "%s", row_at(row)->name);
}

#define PLACES 4

static void places_of(const struct settings_view *view, size_t row, const char **places /* PLACES */)
{
	const struct setting_row *setting = row_at(row);

	places[0] = setting->name;
	places[1] = setting_value(view->view.deck, setting);
	places[2] = setting_from(view->view.deck, setting);
	places[3] = setting->help;
}

static bool fits(const void *ctx, size_t row)
{
	const struct settings_view *view = ctx;
	const char *places[PLACES];

	places_of(view, row, places);
	return listing_words_fit(view->filter, places, PLACES);
}

/* As a whole, as it is shown where it stands. */
static bool is_found(const void *ctx, size_t row)
{
	const struct settings_view *view = ctx;
	const char *places[PLACES];

	places_of(view, row, places);
	for (size_t i = 0; i < PLACES; i++)
		if (strcasestr(places[i], view->search))
			return true;
	return false;
}

static struct listing_source source_of(const struct settings_view *view)
{
	struct listing_source source = { .id = id_of, .fits = fits, .ctx = view };

	settings_rows(&source.count);
	return source;
}

static void arrange(struct settings_view *view)
{
	struct listing_source source = source_of(view);

	listing_arrange(&view->list, &source);
}

static const struct setting_row *current(const struct settings_view *view)
{
	return row_at(listing_current(&view->list));
}

/* ---- drawing */

/* Of a path that has no room its end says more. */
static void put_from(struct table_cell *cell, enum role role, const char *from)
{
	const char *at = from;

	while ((int)strlen(at) > cell->columns && *at == '/' && strchr(at + 1, '/'))
		at = strchr(at + 1, '/');
	table_text(cell, role, at);
}

static void cell(void *ctx, int64_t place, size_t column, struct table_cell *cell)
{
	struct settings_view *view = ctx;
	const struct setting_row *row = row_at(listing_row(&view->list, place));
	const char *value = setting_value(view->view.deck, row), *from = setting_from(view->view.deck, row);
	enum role role = strcmp(from, "built in") == 0 ? ROLE_DIM : ROLE_TEXT;

	switch (column) {
	case 0:
		table_text(cell, ROLE_TEXT, row->name);
		break;
	case 1:
		table_text(cell, *value ? role : ROLE_DIM, *value ? value : "-");
		break;
	case 2:
		put_from(cell, role, from);
		break;
	default:
		table_text(cell, ROLE_DIM, row->help);
		break;
	}
}

static void draw_head(const struct settings_view *view, struct canvas *canvas, struct rect rect)
{
	size_t all, own = 0;
	const struct setting_row *rows = settings_rows(&all);
	char line[160];

	for (size_t i = 0; i < all; i++)
		own += strcmp(setting_from(view->view.deck, &rows[i]), "built in") != 0;
	if (view->list.count == all)
		snprintf(line, sizeof(line), "%zu settings, %zu of them not as built in", all, own);
	else
		snprintf(line, sizeof(line), "%zu setting%s of %zu that fit", view->list.count, view->list.count == 1 ? "" : "s", all);
	canvas_add(canvas, rect.y, rect.x + 1, rect.columns - 1, ROLE_DIM, line);
}

/* All of what has no room in the row. */
static void draw_strip(const struct settings_view *view, struct canvas *canvas, struct rect rect)
{
	AUTO(str_clear) struct str first = STR_INIT(1000);
	AUTO(str_clear) struct str second = STR_INIT(1000);
	const struct setting_row *row = current(view);
	const char *value = row ? setting_value(view->view.deck, row) : "";

	if (row) {
		setting_add_help(row, &first);
		str_addf(&second, "It is %.400s (%.300s), and takes ", *value ? value : "not set", setting_from(view->view.deck, row));
		setting_add_allowed(row, &second);
		str_add(&second, ".");
	}
	deck_draw_strip(view->view.deck, canvas, rect, ROLE_TEXT, &first, &second);
}

static void draw(struct view *base, struct canvas *canvas, struct rect rect)
{
	struct settings_view *view = of(base);
	struct table_source source = { .cell = cell, .ctx = view };
	bool head = rect.rows >= HEAD_FROM_ROWS;

	/* A value may have been set since, and fit no more. */
	arrange(view);
	if (head)
		draw_head(view, canvas, rect);
	rect.y += head;
	rect.rows -= head;
	if (view->list.count == 0)
		deck_draw(base->deck, canvas, rect.y + (rect.rows > 1), rect.x + 2, rect.columns - 2, ROLE_DIM,
			  "Nothing fits the filter; {back} shows all.");
	draw_strip(view, canvas, strip_take(&rect));
	view->list.table.match = view->search;
	table_draw(&view->list.table, canvas, rect, columns, ARRAY_LEN(columns), &source, true, true);
}

/* ---- keys */

static void look_for(struct settings_view *view, int step, bool here)
{
	struct listing_source source = source_of(view);

	if (!*view->search)
		deck_say(view->view.deck, ROLE_MESSAGE, "Nothing is looked for; {filter} begins.");
	else if (!listing_find(&view->list, &source, step, here, is_found))
		deck_say(view->view.deck, ROLE_WARN, "'%s' stands in no setting%s.", view->search, *view->filter ? " that fits the filter" : "");
}

static bool act(struct view *base, enum action action)
{
	struct settings_view *view = of(base);
	struct listing_source source = source_of(view);
	const struct setting_row *row = current(view);

	switch (action) {
	case ACTION_OPEN:
		if (row)
			deck_push(base->deck, setting_new(row->name));
		return true;
	case ACTION_CHANGE:
		own_change(base->deck, row->name);
		return true;
	case ACTION_COPY:
		if (row)
			deck_copy(base->deck, "Setting", row->name);
		return true;
	case ACTION_NEXT_MATCH:
	case ACTION_LAST_MATCH:
		look_for(view, action == ACTION_NEXT_MATCH ? 1 : -1, false);
		return true;
	case ACTION_LEFT:
	case ACTION_RIGHT:
		table_scroll(&view->list.table, action == ACTION_RIGHT ? 1 : -1);
		return true;
	default:
		return listing_act(&view->list, &source, action);
	}
}

static const char *refuses(const struct view *base, enum action action)
{
	return setting_refuses(current(of_const(base)), action);
}

static char *filter(struct view *base)
{
	return of(base)->filter;
}

static void filtered(struct view *base)
{
	arrange(of(base));
}

static void search(struct view *base, const char *text, bool go)
{
	struct settings_view *view = of(base);

	snprintf(view->search, sizeof(view->search), "%s", text);
	if (go && *view->search)
		look_for(view, 1, true);
}

static bool back(struct view *base)
{
	struct settings_view *view = of(base);

	if (*view->search)
		*view->search = '\0';
	else if (*view->filter)
		*view->filter = '\0';
	else
		return false;
	arrange(view);
	return true;
}

/* ---- the view */

static void cli(const struct view *base, struct str *out)
{
	(void)base;
	str_add(out, "settings --origin");
}

static void rows(struct view *base, struct str *out)
{
	const struct setting_row *row = current(of(base));

	if (row)
		rows_add(out, (const char *const[]){ row->name, setting_value(base->deck, row), setting_from(base->deck, row), row->help, NULL });
}

static void save(const struct view *base, struct str *out)
{
	const struct settings_view *view = of_const(base);

	trail_put(out, "setting", view->list.cursor);
	trail_put(out, "filter", view->filter);
	trail_put_row(out, &view->list.table);
}

static void load(struct view *base, const char *text)
{
	struct settings_view *view = of(base);

	trail_get(text, "setting", view->list.cursor, sizeof(view->list.cursor));
	trail_get(text, "filter", view->filter, sizeof(view->filter));
	trail_get_row(text, &view->list.table);
}

static void free_view(struct view *base)
{
	listing_clear(&of(base)->list);
	free(base);
}

static const struct view_kind kind = {
	.name = "settings", .where = WHERE_MOVE | WHERE_LIST | WHERE_SEARCHED | WHERE_SETTINGS | WHERE_DETAILS, .draw = draw, .act = act, .refuses = refuses,
	.filter = filter, .filtered = filtered, .search = search, .back = back, .cli = cli, .rows = rows, .save = save, .load = load,
	.free = free_view,
};

struct view *settings_view_new(struct deck *deck)
{
	struct settings_view *view = memory_new(sizeof(*view));

	view->view.kind = &kind;
	view->view.deck = deck;
	arrange(view);
	return &view->view;
}

struct view *settings_view_again(struct deck *deck, const char *text)
{
	(void)text;
	return settings_view_new(deck);
}
