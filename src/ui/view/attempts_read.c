/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the log view comes by its rows, which are a stretch of the log; and by what became since of what had failed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attempts.h"
#include "ledgerdeck/core/memory.h"

#define NEWS_MAX 200 /* rows that are read at once */

/* ---- what became of it since */

struct fate *fates_find(const struct fates *fates, const char *account_id, const char *type)
{
	for (size_t i = 0; i < fates->count; i++)
		if (strcmp(fates->items[i].account_id, account_id) == 0 && strcmp(fates->items[i].type, type) == 0)
			return &fates->items[i];
	return NULL;
}

struct fate *fates_ensure(struct fates *fates, const char *account_id, const char *type)
{
	struct fate *fate = fates_find(fates, account_id, type);

	if (fate)
		return fate;
	memory_grow(&fates->items, &fates->room, fates->count + 1, sizeof(*fates->items));
	fate = &fates->items[fates->count++];
	*fate = (struct fate){ 0 };
	snprintf(fate->account_id, sizeof(fate->account_id), "%s", account_id);
	snprintf(fate->type, sizeof(fate->type), "%s", type);
	return fate;
}

void fates_clear(struct fates *fates)
{
	free(fates->items);
	*fates = (struct fates){ 0 };
}

/* ---- the reader's thread */

static struct attempt_query query_of(const struct log_question *asked)
{
	return (struct attempt_query){ .account_id = *asked->account_id ? asked->account_id : NULL, .type = *asked->type ? asked->type : NULL,
				       .record_id = *asked->record_id ? asked->record_id : NULL, .resource = asked->resource,
				       .filter = &asked->filter, .failed_only = asked->failed_only, .looked_max = STRETCH_LOOKED_MAX };
}

static bool take_row(void *ctx, const struct attempt *attempt, const char *detail)
{
	(void)detail;
	window_add(ctx, attempt);
	return true;
}

static bool list(void *ctx, struct store *store, const struct stretch_bounds *bounds, struct window_rows *rows, struct log_look *ret_look,
		 struct error *err)
{
	struct attempt_query query = bounds->any ? (struct attempt_query){ 0 } : query_of(ctx);

	query.newest_first = bounds->newest_first;
	query.after_no = bounds->after_no;
	query.before_no = bounds->before_no;
	query.limit = bounds->limit;
	return attempts_list(store, &query, take_row, rows, ret_look, err);
}

static bool read_news(struct log_question *asked, struct store *store, struct error *err)
{
	struct attempt_query query = query_of(asked);

	for (size_t i = 0; i < asked->running_count; i++) {
		query.after_no = asked->running[i] - 1;
		query.before_no = asked->running[i] + 1;
		if (!attempts_list(store, &query, take_row, &asked->ended, NULL, err))
			return false;
	}
	/* Where the newest are not held, they are not missed. */
	return !asked->wants_newest || stretch_read(&asked->ask, list, asked, store, err);
}

static bool take_mark(void *ctx, const struct attempt *attempt, const char *detail)
{
	struct log_question *asked = ctx;

	(void)detail;
	memory_grow(&asked->marks, &asked->mark_room, asked->mark_count + 1, sizeof(*asked->marks));
	asked->marks[asked->mark_count++] = attempt->no;
	return true;
}

static bool read_marks(struct log_question *asked, struct store *store, struct error *err)
{
	struct attempt_query query = query_of(asked);
	struct log_look look;

	query.newest_first = true;
	query.before_no = asked->ask.from;
	query.after_no = asked->until > 0 ? asked->until - 1 : 0;
	query.limit = asked->ask.limit;
	if (!attempts_list(store, &query, take_mark, asked, &look, err))
		return false;
	asked->ask.older = (struct edge){ look.no ? look.no : asked->ask.from, look.at_ms, look.done };
	return true;
}

static void note_failed(struct fates *fates, const struct window_rows *rows)
{
	const struct attempt *attempts = (const struct attempt *)(const void *)rows->items;

	for (size_t i = 0; i < rows->count; i++)
		if (attempts[i].error.code != ERROR_NONE)
			fates_ensure(fates, attempts[i].account_id, attempts[i].type);
}

static bool read_fates(struct log_question *asked, struct store *store, struct error *err)
{
	struct object object;
	bool found;

	note_failed(&asked->fates, &asked->ask.rows);
	note_failed(&asked->fates, &asked->ended);
	for (size_t i = 0; i < asked->fates.count; i++) {
		struct fate *fate = &asked->fates.items[i];

		if (!objects_get(store, fate->account_id, fate->type, &object, &found, err))
			return false;
		if (!found)
			continue;
		fate->status = object.status;
		fate->success_ms = object.success_ms;
		fate->attempt_ms = object.attempt_ms;
	}
	return true;
}

static bool read_rows(struct log_question *asked, struct store *store, struct error *err)
{
	switch ((enum log_asking)asked->question.kind) {
	case ASKS_STRETCH:
		return stretch_read(&asked->ask, list, asked, store, err);
	case ASKS_NEWS:
		return read_news(asked, store, err);
	case ASKS_MARKS:
		return read_marks(asked, store, err);
	}
	return false;
}

static bool work(struct question *question, struct store *store, struct error *err)
{
	struct log_question *asked = (struct log_question *)question;

	AUTO(memory_freep) struct resource *resource = NULL;

	if (asked->resource && !*asked->document) {
		resource = memory_new(sizeof(*resource));
		if (!resources_by_no(store, asked->resource, resource, NULL, err))
			return false;
		snprintf(asked->document, sizeof(asked->document), "%s", resource->external_id);
	}
	/* Those that run are named first: one that ends meanwhile is looked at again, none is missed. */
	return attempts_running(store, RUNNING_MAX, asked->now_running, &asked->now_count, err) && read_rows(asked, store, err) &&
	       read_fates(asked, store, err) && accounts_all(store, &asked->accounts, err);
}

static void free_question(struct question *question)
{
	struct log_question *asked = (struct log_question *)question;

	account_list_clear(&asked->accounts);
	fates_clear(&asked->fates);
	window_clear(&asked->ask.rows);
	window_clear(&asked->ended);
	free(asked->marks);
	free(asked);
}

/* ---- what to ask next */

static struct log_question *question_new(const struct log_view *view, enum log_asking asking, struct stretch_ask ask)
{
	struct log_question *asked = memory_new(sizeof(*asked));

	asked->question = (struct question){ .work = work, .free = free_question, .kind = asking };
	asked->version = view->version;
	memcpy(asked->account_id, view->account_id, sizeof(asked->account_id));
	memcpy(asked->type, view->type, sizeof(asked->type));
	memcpy(asked->record_id, view->record_id, sizeof(asked->record_id));
	asked->resource = view->resource;
	memcpy(asked->document, view->document, sizeof(asked->document));
	asked->filter = view->conditions;
	asked->failed_only = view->failed_only;
	asked->ask = ask;
	asked->ask.rows.size = asked->ended.size = sizeof(struct attempt);
	return asked;
}

static struct log_question *ask_start(struct log_view *view)
{
	view->starts = false;
	return question_new(view, ASKS_STRETCH, view->starts_last ? stretch_last() : stretch_start(view->start_no));
}

static struct log_question *ask_hit(struct log_view *view)
{
	struct log_question *asked = question_new(view, ASKS_STRETCH, hunt_ask(&view->hunt));

	log_filter_add_text(&asked->filter, view->hunt.text);
	return asked;
}

static struct log_question *ask_marks(struct log_view *view)
{
	struct stretch_ask from = { .from = view->mark_from, .limit = (int64_t)(SELECTION_MAX - view->marks.count) + 1 };
	struct log_question *asked = question_new(view, ASKS_MARKS, from);

	asked->until = view->mark_until;
	return asked;
}

static struct log_question *ask_news(struct log_view *view)
{
	struct stretch_ask newer = { .asking = STRETCH_NEWER, .from = view->held.newer.no, .limit = NEWS_MAX };
	struct log_question *asked = question_new(view, ASKS_NEWS, newer);

	asked->wants_newest = view->held.newer.done;
	memcpy(asked->running, view->running, view->running_count * sizeof(view->running[0]));
	asked->running_count = view->running_count;
	note_failed(&asked->fates, &view->held.rows);
	view->news = false;
	return asked;
}

void log_pump(struct log_view *view)
{
	struct log_question *asked = NULL;
	struct stretch_ask more;

	view->view.owes = view->held.owed != 0;
	if (view->view.asking)
		return;
	if (view->starts || !view->held.loaded)
		asked = ask_start(view);
	else if (view->hunt.places != 0)
		asked = ask_hit(view);
	else if (view->marking)
		asked = ask_marks(view);
	else if (view->news)
		asked = ask_news(view);
	else if (stretch_wants(&view->held, view->following, &more))
		asked = question_new(view, ASKS_STRETCH, more);
	if (asked)
		view_ask(&view->view, &asked->question);
}

void log_restart(struct log_view *view, int64_t no)
{
	view->starts = true;
	view->starts_last = false;
	view->start_no = no;
	view->held.owed = 0;
	log_pump(view);
}

void log_last(struct log_view *view)
{
	view->starts = true;
	view->starts_last = true;
	view->start_no = 0;
	view->held.owed = 0;
	log_pump(view);
}

void log_changed(struct log_view *view)
{
	const struct attempt *here = log_current(view);

	view->version++;
	view->hunt.places = 0;
	view->marking = false;
	log_restart(view, view->following || !here ? 0 : here->no);
}

/* ---- what came */

const struct account *log_account(const struct log_view *view, const char *id)
{
	for (size_t i = 0; i < view->accounts.count; i++)
		if (strcmp(view->accounts.items[i].id, id) == 0)
			return &view->accounts.items[i];
	return NULL;
}

const struct attempt *log_row(const struct log_view *view, int64_t place)
{
	return stretch_row(&view->held, place);
}

const struct attempt *log_current(const struct log_view *view)
{
	return log_row(view, view->held.table.cursor);
}

static bool is_within(const struct stretch *held, int64_t no)
{
	return (no >= held->older.no || held->older.done) && (no <= held->newer.no || held->newer.done);
}

/* One that ran before: as it is now, if it fits. */
static void take_ended(struct log_view *view, int64_t no, const struct attempt *now)
{
	bool there;
	size_t at = stretch_place(&view->held, no, &there);

	if (now && there) {
		memcpy(stretch_row(&view->held, (int64_t)at), now, sizeof(*now));
	} else if (now && is_within(&view->held, no)) {
		window_insert(&view->held.rows, &view->held.table, at, now, 1);
	} else if (!now && there) {
		if ((int64_t)at == view->held.table.cursor)
			view_gone(&view->view, &view->held.table);
		window_drop(&view->held.rows, &view->held.table, at, 1);
	}
}

static void take_news(struct log_view *view, const struct log_question *answer)
{
	const struct attempt *ended = (const struct attempt *)(const void *)answer->ended.items;

	for (size_t i = 0; i < answer->running_count; i++) {
		const struct attempt *now = NULL;

		for (size_t k = 0; k < answer->ended.count; k++)
			if (ended[k].no == answer->running[i])
				now = &ended[k];
		take_ended(view, answer->running[i], now);
	}
	if (!answer->wants_newest)
		return;
	window_insert(&view->held.rows, &view->held.table, 0, answer->ask.rows.items, answer->ask.rows.count);
	view->held.newer = answer->ask.newer;
}

static void take_hit(struct log_view *view, const struct log_question *answer)
{
	switch (hunt_take(&view->hunt, &view->held, &answer->ask)) {
	case HUNT_GOES_ON:
		break;
	case HUNT_NOWHERE:
		deck_say(view->view.deck, ROLE_WARN, "'%s' stands in no %s attempt.", view->hunt.text, answer->ask.backwards ? "newer" : "older");
		break;
	case HUNT_ELSEWHERE:
		log_restart(view, view->hunt.from);
		view->following = false;
		break;
	case HUNT_THERE:
		view->following = false;
		break;
	}
}

static void take_marks(struct log_view *view, const struct log_question *answer)
{
	char id[SELECTION_ID_MAX];
	bool room = true;

	for (size_t i = 0; i < answer->mark_count && room; i++) {
		snprintf(id, sizeof(id), "%lld", (long long)answer->marks[i]);
		room = selection_add(&view->marks, id);
	}
	view->mark_from = answer->ask.older.no;
	view->marking = room && !answer->ask.older.done;
	if (!room)
		deck_say(view->view.deck, ROLE_WARN, "Only the newest %d are marked: a filter may say better what is meant.", SELECTION_MAX);
}

static void take_fates(struct log_view *view, const struct log_question *answer)
{
	for (size_t i = 0; i < answer->fates.count; i++) {
		const struct fate *from = &answer->fates.items[i];
		struct fate *to = fates_ensure(&view->fates, from->account_id, from->type);
		int64_t asked_ms = to->asked_ms;

		*to = *from;
		to->asked_ms = asked_ms;
	}
}

/* Those that run now are looked at again with the next news, as are those that ran before and have not been since. */
static void note_running(struct log_view *view, const struct log_question *answer)
{
	bool starts = answer->question.kind == ASKS_STRETCH && (answer->ask.asking == STRETCH_START || answer->ask.asking == STRETCH_LAST);

	if (starts || answer->question.kind == ASKS_NEWS)
		view->running_count = 0;
	for (size_t i = 0; i < answer->now_count && view->running_count < RUNNING_MAX; i++) {
		bool known = false;

		for (size_t k = 0; k < view->running_count; k++)
			known = known || view->running[k] == answer->now_running[i];
		if (!known)
			view->running[view->running_count++] = answer->now_running[i];
	}
}

void log_answer(struct log_view *view, struct log_question *answer)
{
	struct account_list accounts = view->accounts;

	if (answer->version == view->version) {
		/* Names first: what is drawn with the rows. */
		view->accounts = answer->accounts;
		answer->accounts = accounts;
		memcpy(view->document, answer->document, sizeof(view->document));
		take_fates(view, answer);
		switch ((enum log_asking)answer->question.kind) {
		case ASKS_STRETCH:
			if (answer->ask.asking == STRETCH_HIT)
				take_hit(view, answer);
			else
				stretch_take(&view->held, &answer->ask);
			break;
		case ASKS_NEWS:
			take_news(view, answer);
			break;
		case ASKS_MARKS:
			take_marks(view, answer);
			break;
		}
		note_running(view, answer);
		if (view->following)
			table_go(&view->held.table, 0);
	}
	question_free(&answer->question);
	log_pump(view);
}

void log_move(struct log_view *view, int64_t rows)
{
	view->following = false;
	stretch_move(&view->held, rows);
	log_pump(view);
}
