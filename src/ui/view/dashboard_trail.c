/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What of the dashboard is kept over a restart (the pane that has the keys, each pane's cursor and filter), and handed to others. */
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
		trail_put(out, names[i].cursor, view->lists[i].cursor);
		trail_put(out, names[i].filter, view->filter[i]);
	}
	trail_put_row(out, &view->lists[view->focus].table);
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
		trail_get(text, names[i].cursor, view->lists[i].cursor, sizeof(view->lists[i].cursor));
		trail_get(text, names[i].filter, view->filter[i], sizeof(view->filter[i]));
	}
	if (!view->snapshot)
		trail_get_row(text, &view->lists[view->focus].table);
	view->failed_only = trail_get_number(text, "failed");
	view->restored = true;
}

void dashboard_cli(const struct view *base, struct str *out)
{
	const struct dashboard *view = (const struct dashboard *)base;
	const struct dash_account *account = dashboard_account(view);

	switch (view->focus) {
	case PANE_ACCOUNTS:
		str_add(out, "accounts");
		break;
	case PANE_TYPES:
		str_add(out, "status");
		if (account)
			words_add(out, account->account.id);
		if (view->failed_only)
			str_add(out, " --state failed");
		break;
	default:
		str_add(out, view->failed_only ? "log --state failed" : "log");
		break;
	}
}

void dashboard_rows(struct view *base, struct str *out)
{
	const struct dashboard *view = (const struct dashboard *)base;
	const struct dash_account *account = dashboard_account(view);
	const struct object *object = dashboard_object(view);
	const struct attempt *attempt = dashboard_attempt(view);
	char number[32];

	if (view->focus == PANE_ACCOUNTS && account) {
		rows_add(out, (const char *const[]){ account->account.id, account->account.name, environment_word(account->account.environment),
						     account_state_word(account->account.state), NULL });
	} else if (view->focus == PANE_TYPES && object) {
		rows_add(out, (const char *const[]){ object->account_id, object->type, object_status_word(object->status), object->last_error.text,
						     NULL });
	} else if (view->focus == PANE_LOG && attempt) {
		snprintf(number, sizeof(number), "%lld", (long long)attempt->no);
		rows_add(out, (const char *const[]){ number, attempt->account_id, attempt->type, mark_of_attempt(attempt).word,
						     attempt->error.text, NULL });
	}
}
