/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reader's part of a session's view: where it stands, what does not agree, and the sums. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deck.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/accounts.h"
#include "session_view.h"

void session_found_free(struct session_found *found)
{
	if (!found)
		return;
	free(found->findings);
	free(found->ties);
	str_clear(&found->texts);
	session_sight_free(found->sight);
	free(found);
}

static void free_question(struct question *question)
{
	session_found_free((struct session_found *)question);
}

static uint32_t keep(struct session_found *found, const char *text)
{
	size_t at = found->texts.len;

	if (!*text || at > UINT32_MAX - 65536)
		return 0;
	str_add_bytes(&found->texts, text, strlen(text) + 1);
	return (uint32_t)at;
}

static void keep_finding(struct session_found *found, const struct session_exception *exception)
{
	struct finding *finding;

	memory_grow(&found->findings, &found->finding_room, found->finding_count + 1, sizeof(*found->findings));
	finding = &found->findings[found->finding_count++];
	*finding = (struct finding){ .no = exception->no, .amount = exception->amount, .since_ms = exception->since_ms, .reason = exception->reason,
				     .state = exception->state, .has_date = exception->has_date, .date = exception->date };
	finding->cause = keep(found, exception->cause);
	finding->text = keep(found, exception->text);
	finding->type = keep(found, exception->type);
	finding->ref = keep(found, exception->ref);
	finding->record = keep(found, exception->record);
	finding->currency = keep(found, exception->currency);
	finding->assignee = keep(found, exception->assignee);
	finding->plan = keep(found, exception->plan);
}

/* What is open comes first, so that it is never what is left out. */
static bool take_open(void *ctx, const struct session_exception *exception)
{
	struct session_found *found = ctx;

	found->more = found->finding_count == SESSION_SHOWN_MAX;
	if (!found->more && !exception_is_explained(exception->state))
		keep_finding(found, exception);
	return !found->more;
}

static bool end_open(struct session_found *found)
{
	found->open_count = found->finding_count;
	return true;
}

static bool take_explained(void *ctx, const struct session_exception *exception)
{
	struct session_found *found = ctx;

	if (!exception_is_explained(exception->state))
		return true;
	found->more = found->finding_count == SESSION_SHOWN_MAX;
	if (!found->more)
		keep_finding(found, exception);
	return !found->more;
}

static bool take_tie(void *ctx, const struct session_tie *tie)
{
	struct session_found *found = ctx;
	struct tied *tied;

	/* A sum that differs is always shown. */
	if (found->tie_count >= SESSION_SHOWN_MAX && tie->equal)
		return true;
	memory_grow(&found->ties, &found->tie_room, found->tie_count + 1, sizeof(*found->ties));
	tied = &found->ties[found->tie_count++];
	*tied = (struct tied){ .no = tie->no, .mirror = tie->mirror, .ledger = tie->ledger, .tie = tie->tie, .equal = tie->equal };
	tied->key = keep(found, tie->key);
	tied->name = keep(found, tie->name);
	tied->currency = keep(found, tie->currency);
	tied->detail = keep(found, tie->detail);
	return true;
}

static bool take_sum(void *ctx, const struct session_sum *sum)
{
	struct session_found *found = ctx;

	if (found->sum_count < SESSION_SUMS_MAX)
		found->sums[found->sum_count++] = *sum;
	return true;
}

static bool find(struct session_found *found, struct store *store, struct error *err)
{
	struct session like = { .from = found->from, .to = found->to, .source = "resources" };

	snprintf(like.account_id, sizeof(like.account_id), "%s", found->account_id);
	found->found = true;
	if (*found->id ? !sessions_find(store, NULL, found->id, &found->session, err)
		       : !sessions_same(store, &like, &found->session, &found->found, err))
		return false;
	if (found->found)
		snprintf(found->account_id, sizeof(found->account_id), "%s", found->session.account_id);
	return true;
}

static bool read_all(struct session_found *found, struct store *store, struct error *err)
{
	struct session_exception_query open = { .session = found->session.no, .open_only = true, .reason = -1 };
	struct session_exception_query all = { .session = found->session.no, .reason = -1 };

	str_add_char(&found->texts, '\0'); /* at 0 stands what is not there */
	return reconcile_standing(store, &found->session, date_of_ms(found->now_ms, 0), &found->standing, err) &&
	       session_sums(store, found->session.no, take_sum, found, err) && session_exceptions(store, &open, take_open, found, err) &&
	       end_open(found) && (found->more || session_exceptions(store, &all, take_explained, found, err)) &&
	       session_ties(store, found->session.no, take_tie, found, err);
}

static bool work(struct question *question, struct store *store, struct error *err)
{
	struct session_found *found = (struct session_found *)question;
	struct error why = { 0 };
	bool has_account;

	if (!find(found, store, err) || !accounts_get(store, found->account_id, &found->account, &has_account, err))
		return false;
	if (!found->found)
		return true;
	if (found->anew && !read_all(found, store, err))
		return false;
	if (found->about)
		found->sight = session_sight_read(store, found->catalogue, &found->session, &found->account, found->about, &why);
	if (err)
		*err = why;
	return why.code == ERROR_NONE;
}

void session_ask(struct session_view *view, bool anew)
{
	const struct finding *finding = session_finding(view);
	struct session_found *asked;

	if (deck_is_new(view->view.deck))
		return;
	asked = memory_new(sizeof(*asked));
	asked->question = (struct question){ .work = work, .free = free_question };
	str_init(&asked->texts, STR_NO_LIMIT);
	snprintf(asked->id, sizeof(asked->id), "%s", view->id);
	snprintf(asked->account_id, sizeof(asked->account_id), "%s", view->account_id);
	asked->from = view->from;
	asked->to = view->to;
	asked->catalogue = deck_app(view->view.deck)->catalogue;
	asked->now_ms = deck_now(view->view.deck);
	asked->anew = anew;
	/* Where nothing is known yet it is what the cursor was left on. */
	asked->about = finding ? finding->no : strtoll(view->lists[PANE_EXCEPTIONS].cursor, NULL, 10);
	view_ask(&view->view, &asked->question);
}
