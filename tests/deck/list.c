/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A deck on a long list of invoices. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "tests.h"

void list_open(struct list *list)
{
	struct error err = { 0 };

	stage_open(&list->stage, false);
	assert_true(accounts_find(list->stage.store, "Kornblum", &list->account, &err));
	stage_invoices(&list->stage, list->account.id, 1, LONG_LIST);
	stage_deck(&list->stage, 24, 80, TEXT_SAFE);
	deck_paint(&list->stage.deck, &list->stage.deck.canvas);
	stage_keys(&list->stage, "G Tab Enter");
	deck_paint(&list->stage.deck, &list->stage.deck.canvas);
	stage_settle(&list->stage);
}

void list_close(struct list *list)
{
	stage_close(&list->stage);
}

int title_here(struct stage *stage)
{
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);
	const char *row;
	int title = 0;

	stage_dump(stage, &text);
	row = strstr(text.text, "\n>");
	assert_non_null(row);
	for (row += 2; *row != '\n' && title == 0; row++)
		if (*row >= '1' && *row <= '9' && row[-1] == ' ')
			sscanf(row, "%d", &title);
	return title;
}

int title_at(int place)
{
	for (int day = 27; day >= 0; day--)
		for (int number = LONG_LIST; number > 0; number--)
			if (number % 28 == day && place-- == 0)
				return 1000 + number;
	return 0;
}
