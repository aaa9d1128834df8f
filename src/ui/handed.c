/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is seen, handed to others: its rows to a command, and the command of the shell that shows the same. */
#include <string.h>

#include "deck.h"
#include "ledgerdeck/core/memory.h"
#include "pager.h"

void rows_add(struct str *out, const char *const *cells)
{
	for (size_t i = 0; cells[i]; i++) {
		if (i > 0)
			str_add_char(out, '\t');
		for (const char *at = cells[i]; *at; at++)
			str_add_char(out, (unsigned char)*at < ' ' || *at == 0x7f ? ' ' : *at);
	}
	str_add_char(out, '\n');
}

bool deck_has_rows(const struct deck *deck)
{
	const struct view *top = deck_top(deck);

	return top->kind->rows || top->kind->pager;
}

void deck_add_rows(struct deck *deck, struct str *out)
{
	struct view *top = deck_top(deck);

	if (top->kind->rows)
		top->kind->rows(top, out);
	else if (top->kind->pager)
		pager_add_text(top->kind->pager(top), out);
}

bool deck_add_cli(struct deck *deck, struct str *out)
{
	const struct view *top = deck_top(deck);

	if (!top->kind->cli)
		return false;
	str_add(out, "ledgerdeck");
	if (*deck->app->store_flag) {
		str_add(out, " --store");
		words_add(out, deck->app->store_flag);
	}
	str_add_char(out, ' ');
	top->kind->cli(top, out);
	return true;
}

void deck_tell_cli(struct deck *deck)
{
	AUTO(str_clear) struct str line = STR_INIT(DECK_TEXT_MAX);

	if (deck_add_cli(deck, &line))
		deck_say(deck, ROLE_MESSAGE, "%s", line.text);
	else
		deck_say(deck, ROLE_MESSAGE, "No command of the shell shows this.");
}
