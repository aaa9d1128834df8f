/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What of the dashboard is kept over a restart: the pane that has the keys, and each pane's cursor and filter. */
#include <stdio.h>
#include <string.h>

#include "dashboard.h"
#include "trail.h"

static const struct {
	const char *cursor, *filter;
} names[PANE_COUNT] = {
	[PANE_ACCOUNTS] = { "account", "account-filter" },
	[PANE_TYPES] = { "type", "type-filter" },
	[PANE_LOG] = { "attempt", "attempt-filter" },
};

void dashboard_save(const struct view *base, struct str *out)
{
	const struct dashboard *view = (const struct dashboard *)base;

	trail_put(out, "pane", names[view->focus].cursor);
	for (int i = 0; i < PANE_COUNT; i++) {
		trail_put(out, names[i].cursor, view->cursor[i]);
		trail_put(out, names[i].filter, view->filter[i]);
	}
	trail_put_row(out, &view->tables[view->focus]);
	trail_put_number(out, "failed", view->failed_only);
}

void dashboard_load(struct view *base, const char *text)
{
	struct dashboard *view = (struct dashboard *)base;
	char pane[40];

	trail_get(text, "pane", pane, sizeof(pane));
	for (int i = 0; i < PANE_COUNT; i++) {
		if (strcmp(names[i].cursor, pane) == 0)
			view->focus = (enum pane)i;
		trail_get(text, names[i].cursor, view->cursor[i], sizeof(view->cursor[i]));
		trail_get(text, names[i].filter, view->filter[i], sizeof(view->filter[i]));
	}
	if (!view->snapshot)
		trail_get_row(text, &view->tables[view->focus]);
	view->failed_only = trail_get_number(text, "failed");
	view->restored = true;
}
