/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All that the message line has said in this session, the newest last. */
#include <stdlib.h>

#include "deck.h"
#include "format.h"
#include "ledgerdeck/core/memory.h"
#include "pager.h"

struct messages_view {
	struct view view;
	struct pager pager;
	size_t written;      /* messages that it holds */
	int times;           /* 0 whole, 1 short, 2 none */
};

static void write_new(struct messages_view *view)
{
	const struct deck *deck = view->view.deck;
	char stamp[FORMAT_MAX];
	int64_t now_ms = deck_now(deck);

	while (view->written < deck->message_count) {
		const struct message *message = deck_message(deck, deck->message_count - 1 - view->written);

		view->written++;
		if (message)
			pager_addf(&view->pager, message->role, "%s%s%s",
				   view->times == 0 ? format_stamp(message->at_ms, stamp) : view->times == 1 ? format_clock(message->at_ms, now_ms, stamp) : "",
				   view->times == 2 ? "" : "  ", message->text);
	}
}

static void draw(struct view *base, struct canvas *canvas, struct rect rect)
{
	struct messages_view *view = (struct messages_view *)base;
	bool first = view->written == 0;

	write_new(view);
	if (view->written == 0)
		canvas_add(canvas, rect.y, rect.x + 2, rect.columns - 2, ROLE_DIM, "Nothing was said yet.");
	pager_draw(&view->pager, canvas, (struct rect){ rect.y, rect.x + 1, rect.rows, rect.columns - 2 });
	if (!first || view->written == 0)
		return;
	pager_act(&view->pager, ACTION_LAST);
	canvas_fill(canvas, rect, ROLE_TEXT);
	pager_draw(&view->pager, canvas, (struct rect){ rect.y, rect.x + 1, rect.rows, rect.columns - 2 });
}

static bool act(struct view *base, enum action action)
{
	struct messages_view *view = (struct messages_view *)base;
	const struct message *message = deck_message(base->deck, 0);

	if (action == ACTION_COPY && message) {
		deck_copy(base->deck, "Message", message->text);
		return true;
	}
	if (action == ACTION_TIMES) {
		view->times = (view->times + 1) % 3;
		pager_clear(&view->pager);
		view->written = 0;
		return true;
	}
	return pager_act(&view->pager, action);
}

static struct pager *pager_of(struct view *base)
{
	return &((struct messages_view *)base)->pager;
}

static void free_view(struct view *base)
{
	struct messages_view *view = (struct messages_view *)base;

	pager_clear(&view->pager);
	free(view);
}

static const struct view_kind kind = {
	.name = "messages", .where = WHERE_MOVE | WHERE_TEXT | WHERE_TIMES, .draw = draw, .act = act, .pager = pager_of, .free = free_view,
};

struct view *messages_new(struct deck *deck)
{
	struct messages_view *view = memory_new(sizeof(*view));

	(void)deck;
	view->view.kind = &kind;
	return &view->view;
}
