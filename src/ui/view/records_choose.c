/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Choosing the columns of the list: shown or not, and in which order; by a panel beside it, or by their names. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "chosen.h"
#include "ledgerdeck/core/memory.h"
#include "records.h"

#define PANEL_COLUMNS 34

static bool is_shown(const struct records_view *view, int shows)
{
	for (size_t i = 0; i < view->column_count; i++)
		if (view->shows[i] == shows)
			return true;
	return false;
}

/* All there are: the shown ones in their order, then the others. */
static size_t choices_of(const struct records_view *view, int *choices)
{
	size_t count = view->column_count;

	memcpy(choices, view->shows, count * sizeof(*choices));
	for (int shows = SHOWS_VERSION; shows < (int)view->type->field_count; shows++)
		if (!is_shown(view, shows))
			choices[count++] = shows;
	return count;
}

static void go_to(struct records_view *view, int shows)
{
	int choices[RECORDS_COLUMNS_MAX];
	size_t count = choices_of(view, choices);

	for (size_t i = 0; i < count; i++)
		if (choices[i] == shows)
			view->choice = i;
}

static void toggle(struct records_view *view)
{
	int choices[RECORDS_COLUMNS_MAX];
	size_t count = choices_of(view, choices);
	int shows = choices[view->choice];

	if (view->choice >= view->column_count) {
		view->shows[view->column_count++] = shows;
	} else if (view->column_count > 1) {
		memmove(view->shows + view->choice, view->shows + view->choice + 1,
			(view->column_count - view->choice - 1) * sizeof(view->shows[0]));
		view->column_count--;
	}
	view->choice = view->choice + 1 < count ? view->choice + 1 : view->choice;
	view->is_chosen = true;
	records_keep_columns(view);
}

static void swap(struct records_view *view, size_t at, size_t with)
{
	int kept;

	if (at >= view->column_count || with >= view->column_count)
		return;
	kept = view->shows[at];
	view->shows[at] = view->shows[with];
	view->shows[with] = kept;
	view->is_chosen = true;
	records_keep_columns(view);
	go_to(view, kept);
}

bool records_choose(struct records_view *view, enum action action)
{
	int choices[RECORDS_COLUMNS_MAX];
	size_t count = choices_of(view, choices);

	switch (action) {
	case ACTION_COLUMNS:
	case ACTION_OPEN:
		view->is_choosing = false;
		return true;
	case ACTION_UP:
		view->choice -= view->choice > 0;
		return true;
	case ACTION_DOWN:
		view->choice += view->choice + 1 < count;
		return true;
	case ACTION_FIRST:
	case ACTION_LAST:
		view->choice = action == ACTION_FIRST ? 0 : count - 1;
		return true;
	case ACTION_MARK:
		toggle(view);
		return true;
	case ACTION_SORT_LEFT:
	case ACTION_SORT_RIGHT:
		swap(view, view->choice, view->choice + (action == ACTION_SORT_RIGHT ? 1 : SIZE_MAX));
		return true;
	default:
		return false;
	}
}

int records_choices_columns(int columns)
{
	return columns > 2 * PANEL_COLUMNS ? PANEL_COLUMNS : columns;
}

void records_draw_choices(const struct records_view *view, struct canvas *canvas, struct rect rect)
{
	int choices[RECORDS_COLUMNS_MAX];
	size_t count = choices_of(view, choices), top;
	int page = rect.rows - 2;

	top = page > 0 && view->choice >= (size_t)page ? view->choice - (size_t)page + 1 : 0;
	for (int y = rect.y; y < rect.y + rect.rows; y++)
		canvas_fill(canvas, (struct rect){ y, rect.x, 1, rect.columns }, ROLE_TEXT);
	canvas_vline(canvas, rect.y, rect.x, rect.rows);
	deck_draw(view->view.deck, canvas, rect.y, rect.x + 2, rect.columns - 2, ROLE_TITLE, "Columns");
	deck_draw(view->view.deck, canvas, rect.y + rect.rows - 1, rect.x + 2, rect.columns - 2, ROLE_DIM,
		  "{mark} shows or hides, {sort-left} {sort-right} moves");
	for (size_t i = top; i < count && i - top < (size_t)(page > 0 ? page : 0); i++) {
		int y = rect.y + 1 + (int)(i - top);
		char text[120];

		snprintf(text, sizeof(text), "%s %.100s", i < view->column_count ? "[x]" : "[ ]", records_column_name(view->type, choices[i]));
		canvas_add(canvas, y, rect.x + 2, rect.columns - 2, i < view->column_count ? ROLE_TEXT : ROLE_DIM, text);
		if (i != view->choice)
			continue;
		canvas_cursor_row(canvas, y, rect.x + 1, rect.columns - 1);
		canvas->cursor_y = y;
		canvas->cursor_x = rect.x + 1;
	}
}

/* ---- by their names */

static bool find(const struct type *type, const char *name, size_t len, int *ret_shows)
{
	for (int shows = SHOWS_VERSION; shows < (int)type->field_count; shows++) {
		const char *each = records_column_name(type, shows);

		if (strlen(each) == len && strncasecmp(each, name, len) == 0) {
			*ret_shows = shows;
			return true;
		}
	}
	return false;
}

bool records_take_columns(struct records_view *view, const char *names, struct error *err)
{
	int shows[RECORDS_COLUMNS_MAX];
	size_t count = 0;

	for (const char *at = names; *at;) {
		size_t len = strcspn(at, ",");

		if (count == RECORDS_COLUMNS_MAX)
			return error_set(err, ERROR_INPUT, "more than %d columns", RECORDS_COLUMNS_MAX);
		if (!find(view->type, at, len, &shows[count]))
			return error_set(err, ERROR_INPUT, "%s has no column '%.*s'", view->type->name, len > 60 ? 60 : (int)len, at);
		for (size_t i = 0; i < count; i++)
			if (shows[i] == shows[count])
				return error_set(err, ERROR_INPUT, "'%.*s' is named twice", len > 60 ? 60 : (int)len, at);
		count++;
		at += len + (at[len] == ',');
	}
	view->is_chosen = count > 0;
	view->column_count = count > 0 ? count : records_usual(view->type, view->shows);
	if (count > 0)
		memcpy(view->shows, shows, count * sizeof(shows[0]));
	return true;
}

void records_keep_columns(struct records_view *view)
{
	AUTO(str_clear) struct str names = STR_INIT(2000);

	for (size_t i = 0; view->is_chosen && i < view->column_count; i++)
		str_addf(&names, "%s%s", i ? "," : "", records_column_name(view->type, view->shows[i]));
	chosen_put(view->view.deck, view->type, names.len ? names.text : "");
	view->chosen_version = chosen_version(view->view.deck);
}

void records_follow_columns(struct records_view *view)
{
	const struct deck *deck = view->view.deck;
	struct error ignored = { 0 };
	char names[2000];

	if (view->chosen_version == chosen_version(deck))
		return;
	view->chosen_version = chosen_version(deck);
	/* A column that the catalogue has no more: the usual ones. */
	if (!chosen_get(deck, view->type, names, sizeof(names)) || !records_take_columns(view, names, &ignored))
		records_take_columns(view, "", &ignored);
}
