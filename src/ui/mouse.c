/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the mouse does is what keys do: the wheel steps, a click on a row steps to it, one on the row under the cursor opens
 * it, one on a view's name goes there. It means what was painted, so it is nothing once another view is on top.
 */
#include "deck.h"
#include "dialog.h"
#include "table.h"

#define WHEEL_ROWS 3

static void step(struct deck *deck, enum action action, int64_t count)
{
	while (count-- > 0)
		deck_act(deck, action);
}

/* True: the table's pane had the keys already. */
static bool take_focus(struct view *view, const struct table *table)
{
	return !view->kind->focus || view->kind->focus(view, table);
}

/* The list goes on below the cursor, which stays on its row of the screen. */
static void roll(struct deck *deck, struct table *table, enum action action)
{
	int64_t place;

	if (table) {
		take_focus(deck_top(deck), table);
		place = table->cursor - table->top;
	}
	step(deck, action, WHEEL_ROWS);
	if (table)
		table_place(table, place);
}

static void click(struct deck *deck, const struct canvas_spot *spot, bool gone)
{
	struct table *table = spot->table;
	int64_t rows;

	if (!table) {
		deck_act(deck, (enum action)spot->action);
		return;
	}
	/* What vanished was under the cursor: whatever stands there now was not chosen yet. */
	gone = !take_focus(deck_top(deck), table) || gone;
	rows = spot->row < 0 ? 0 : spot->row - table->cursor;
	if (rows != 0)
		step(deck, rows < 0 ? ACTION_UP : ACTION_DOWN, rows < 0 ? -rows : rows);
	else if (spot->row >= 0 && !gone)
		deck_act(deck, ACTION_OPEN);
}

void deck_mouse(struct deck *deck, struct mouse mouse)
{
	const struct canvas_spot *found = canvas_spot_at(&deck->canvas, mouse.y, mouse.x);
	struct canvas_spot spot = found ? *found : (struct canvas_spot){ .row = -1 };
	enum action action = mouse.kind == MOUSE_WHEEL_UP ? ACTION_UP : ACTION_DOWN;
	struct view *top = deck_top(deck);
	bool gone;

	/* Who types or is asked goes on with that. */
	if (deck->prompt.kind != PROMPT_NONE || (!deck->dialog && top->no != deck->painted_view))
		return;
	if (deck->dialog) {
		for (int i = 0; i < WHEEL_ROWS && mouse.kind != MOUSE_CLICK; i++)
			dialog_key(deck, (struct key){ .code = action == ACTION_UP ? INPUT_UP : INPUT_DOWN });
		return;
	}
	if (mouse.kind == MOUSE_CLICK && !found)
		return;
	deck_begin(deck);
	gone = deck_take_gone(top);
	if (mouse.kind == MOUSE_CLICK)
		click(deck, &spot, gone);
	else
		roll(deck, spot.table, action);
	top = deck_top(deck);
	top->keyed |= top->asking;
}
