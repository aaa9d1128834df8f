/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How the log view comes by its rows. It holds a stretch of the log around the cursor, found by the numbers of attempts, so
 * that a million of them cost no more than ten. What fits a filter may be far apart: the reader looks at so many rows at
 * once, and goes on when the next question comes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attempts.h"
#include "ledgerdeck/core/memory.h"

#define STRETCH 200      /* rows that are read at once in one direction */
#define OWED_MAX 2000    /* more of them when the cursor has far to go */
#define HELD_MAX 1500
#define LOOKED_MAX 10000 /* rows that are looked at for one answer: some hundredths of a second */

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

static void add_row(struct attempt_rows *rows, const struct attempt *attempt)
{
	memory_grow(&rows->items, &rows->room, rows->count + 1, sizeof(*rows->items));
	rows->items[rows->count++] = *attempt;
}

static void reverse(struct attempt_rows *rows, size_t from)
{
	for (size_t i = from, k = rows->count; i + 1 < k; i++) {
		struct attempt swap = rows->items[i];

		rows->items[i] = rows->items[--k];
		rows->items[k] = swap;
	}
}

static struct attempt_query query_of(const struct log_question *asked)
{
	return (struct attempt_query){ .account_id = *asked->account_id ? asked->account_id : NULL, .type = *asked->type ? asked->type : NULL,
				       .filter = &asked->filter, .failed_only = asked->failed_only, .looked_max = LOOKED_MAX };
}

static bool take_row(void *ctx, const struct attempt *attempt, const char *detail)
{
	struct log_question *asked = ctx;

	(void)detail;
	add_row(&asked->rows, attempt);
	return true;
}

/* Where a look has ended; where nothing was looked at, it stays. */
static struct edge edge_of(const struct log_look *look, int64_t from)
{
	return (struct edge){ look->no ? look->no : from, look->at_ms, look->done };
}

static bool read_older(struct log_question *asked, struct store *store, int64_t before_no, struct error *err)
{
	struct attempt_query query = query_of(asked);
	struct log_look look;

	query.newest_first = true;
	query.before_no = before_no;
	query.limit = asked->limit;
	if (!attempts_list(store, &query, take_row, asked, &look, err))
		return false;
	asked->older = edge_of(&look, before_no);
	return true;
}

static bool read_newer(struct log_question *asked, struct store *store, int64_t after_no, struct error *err)
{
	struct attempt_query query = query_of(asked);
	struct log_look look;
	size_t before = asked->rows.count;

	query.after_no = after_no;
	query.limit = asked->limit;
	if (!attempts_list(store, &query, take_row, asked, &look, err))
		return false;
	asked->newer = edge_of(&look, after_no);
	reverse(&asked->rows, before);
	return true;
}

static bool take_no(void *ctx, const struct attempt *attempt, const char *detail)
{
	(void)detail;
	*(int64_t *)ctx = attempt->no;
	return true;
}

/* The number of the newest attempt of all: what fits or not, all up to it has been seen. */
static bool read_newest(struct store *store, int64_t *ret_no, struct error *err)
{
	struct attempt_query query = { .newest_first = true, .limit = 1 };

	*ret_no = 0;
	return attempts_list(store, &query, take_no, ret_no, NULL, err);
}

static bool read_start(struct log_question *asked, struct store *store, struct error *err)
{
	int64_t newest;

	if (asked->from)
		return read_newer(asked, store, asked->from, err) && read_older(asked, store, asked->from + 1, err);
	if (!read_newest(store, &newest, err))
		return false;
	asked->newer = (struct edge){ .no = newest, .done = true };
	return read_older(asked, store, newest + 1, err);
}

static bool take_ended(void *ctx, const struct attempt *attempt, const char *detail)
{
	struct log_question *asked = ctx;

	(void)detail;
	add_row(&asked->ended, attempt);
	return true;
}

static bool read_news(struct log_question *asked, struct store *store, struct error *err)
{
	struct attempt_query query = query_of(asked);

	for (size_t i = 0; i < asked->running_count; i++) {
		query.after_no = asked->running[i] - 1;
		query.before_no = asked->running[i] + 1;
		if (!attempts_list(store, &query, take_ended, asked, NULL, err))
			return false;
	}
	/* Where the newest are not held, they are not missed. */
	return asked->from < 0 || read_newer(asked, store, asked->from, err);
}

static bool read_hit(struct log_question *asked, struct store *store, struct error *err)
{
	struct attempt_query query = query_of(asked);
	struct log_look look;

	query.limit = 1;
	query.newest_first = !asked->backwards;
	query.before_no = asked->backwards ? 0 : asked->from;
	query.after_no = asked->backwards ? asked->from : 0;
	if (!attempts_list(store, &query, take_no, &asked->hit, &look, err))
		return false;
	asked->older = edge_of(&look, asked->from);
	return true;
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
	query.before_no = asked->from;
	query.after_no = asked->until > 0 ? asked->until - 1 : 0;
	query.limit = asked->limit;
	if (!attempts_list(store, &query, take_mark, asked, &look, err))
		return false;
	asked->older = edge_of(&look, asked->from);
	return true;
}

static bool read_fates(struct log_question *asked, struct store *store, struct error *err)
{
	struct object object;
	bool found;

	for (size_t i = 0; i < asked->rows.count; i++)
		if (asked->rows.items[i].error.code != ERROR_NONE)
			fates_ensure(&asked->fates, asked->rows.items[i].account_id, asked->rows.items[i].type);
	for (size_t i = 0; i < asked->ended.count; i++)
		if (asked->ended.items[i].error.code != ERROR_NONE)
			fates_ensure(&asked->fates, asked->ended.items[i].account_id, asked->ended.items[i].type);
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
	case ASKS_START:
		return read_start(asked, store, err);
	case ASKS_LAST:
		asked->older = (struct edge){ .done = true };
		return read_newer(asked, store, 0, err);
	case ASKS_OLDER:
		return read_older(asked, store, asked->from, err);
	case ASKS_NEWER:
		return read_newer(asked, store, asked->from, err);
	case ASKS_NEWS:
		return read_news(asked, store, err);
	case ASKS_HIT:
		return read_hit(asked, store, err);
	case ASKS_MARKS:
		return read_marks(asked, store, err);
	}
	return false;
}

static bool work(struct question *question, struct store *store, struct error *err)
{
	struct log_question *asked = (struct log_question *)question;

	/* Those that run are named first: one that ends meanwhile is looked at again, none is missed. */
	return attempts_running(store, RUNNING_MAX, asked->now_running, &asked->now_count, err) && read_rows(asked, store, err) &&
	       read_fates(asked, store, err) && accounts_all(store, &asked->accounts, err);
}

static void free_question(struct question *question)
{
	struct log_question *asked = (struct log_question *)question;

	account_list_clear(&asked->accounts);
	fates_clear(&asked->fates);
	free(asked->rows.items);
	free(asked->ended.items);
	free(asked->marks);
	free(asked);
}

/* ---- what to ask next */

struct log_question *log_question_new(const struct log_view *view, enum log_asking asking)
{
	struct log_question *asked = memory_new(sizeof(*asked));

	asked->question = (struct question){ .work = work, .free = free_question, .kind = asking };
	asked->version = view->version;
	memcpy(asked->account_id, view->account_id, sizeof(asked->account_id));
	memcpy(asked->type, view->type, sizeof(asked->type));
	asked->filter = view->conditions;
	asked->failed_only = view->failed_only;
	asked->limit = STRETCH;
	return asked;
}

static struct log_question *ask_start(struct log_view *view)
{
	struct log_question *asked = log_question_new(view, view->starts_last ? ASKS_LAST : ASKS_START);

	asked->from = view->start_no;
	view->starts = false;
	return asked;
}

static struct log_question *ask_hit(struct log_view *view)
{
	struct log_question *asked = log_question_new(view, ASKS_HIT);
	struct log_filter *filter = &asked->filter;

	/* What is searched for must fit besides; of too many texts the last gives way. */
	if (filter->text_count == LOG_TEXTS_MAX)
		filter->text_count--;
	snprintf(filter->texts[filter->text_count++], sizeof(filter->texts[0]), "%s", view->search);
	asked->from = view->hit_from;
	asked->backwards = view->hits < 0;
	return asked;
}

static struct log_question *ask_marks(struct log_view *view)
{
	struct log_question *asked = log_question_new(view, ASKS_MARKS);

	asked->from = view->mark_from;
	asked->until = view->mark_until;
	asked->limit = (int64_t)(SELECTION_MAX - view->marks.count) + 1;
	return asked;
}

static struct log_question *ask_news(struct log_view *view)
{
	struct log_question *asked = log_question_new(view, ASKS_NEWS);

	asked->from = view->newer.done ? view->newer.no : -1;
	memcpy(asked->running, view->running, view->running_count * sizeof(view->running[0]));
	asked->running_count = view->running_count;
	for (size_t i = 0; i < view->rows.count; i++)
		if (view->rows.items[i].error.code != ERROR_NONE)
			fates_ensure(&asked->fates, view->rows.items[i].account_id, view->rows.items[i].type);
	view->news = false;
	return asked;
}

/* The next stretch is read before the cursor comes to the end of what is held. */
static struct log_question *ask_more(struct log_view *view)
{
	int64_t page = view->table.page > 0 ? view->table.page : 24, count = (int64_t)view->rows.count;
	bool down = !view->older.done && (view->debt > 0 || view->table.top + 3 * page > count);
	bool up = !view->newer.done && (view->debt < 0 || view->following || view->table.top < 2 * page);
	int64_t owed = view->debt < 0 ? -view->debt : view->debt;
	struct log_question *asked;

	if (!down && !up)
		return NULL;
	down = down && !(up && view->debt < 0);
	asked = log_question_new(view, down ? ASKS_OLDER : ASKS_NEWER);
	asked->from = down ? view->older.no : view->newer.no;
	asked->limit = STRETCH + (owed < OWED_MAX ? owed : OWED_MAX);
	return asked;
}

void log_pump(struct log_view *view)
{
	struct log_question *asked = NULL;

	view->view.owes = view->debt != 0;
	if (view->view.asking)
		return;
	if (view->starts || !view->loaded)
		asked = ask_start(view);
	else if (view->hits != 0)
		asked = ask_hit(view);
	else if (view->marking)
		asked = ask_marks(view);
	else if (view->news)
		asked = ask_news(view);
	else
		asked = ask_more(view);
	if (asked)
		view_ask(&view->view, &asked->question);
}

void log_restart(struct log_view *view, int64_t no)
{
	view->starts = true;
	view->starts_last = false;
	view->start_no = no;
	view->debt = 0;
	log_pump(view);
}

void log_last(struct log_view *view)
{
	view->starts = true;
	view->starts_last = true;
	view->start_no = 0;
	view->debt = 0;
	log_pump(view);
}

void log_changed(struct log_view *view)
{
	const struct attempt *here = log_current(view);

	view->version++;
	view->hits = 0;
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

const struct attempt *log_current(const struct log_view *view)
{
	return view->table.cursor < (int64_t)view->rows.count ? &view->rows.items[view->table.cursor] : NULL;
}

/* Rows before `at` come from elsewhere: the cursor stays with its attempt, on its row of the screen. */
static void insert(struct log_view *view, size_t at, const struct attempt *rows, size_t count)
{
	struct attempt_rows *held = &view->rows;

	if (count == 0)
		return;
	memory_grow(&held->items, &held->room, held->count + count, sizeof(*held->items));
	memmove(held->items + at + count, held->items + at, (held->count - at) * sizeof(*held->items));
	memcpy(held->items + at, rows, count * sizeof(*rows));
	if (held->count > 0 && (int64_t)at <= view->table.cursor)
		table_keep(&view->table, (int64_t)(held->count + count), view->table.cursor + (int64_t)count);
	held->count += count;
	view->table.count = (int64_t)held->count;
}

static void drop(struct log_view *view, size_t at, size_t count)
{
	struct attempt_rows *held = &view->rows;

	memmove(held->items + at, held->items + at + count, (held->count - at - count) * sizeof(*held->items));
	held->count -= count;
	table_keep(&view->table, (int64_t)held->count, view->table.cursor - ((int64_t)at < view->table.cursor ? (int64_t)count : 0));
}

/* What lies far from the cursor is given up. */
static void trim(struct log_view *view, bool newer)
{
	struct attempt_rows *held = &view->rows;
	size_t more = held->count > HELD_MAX ? held->count - HELD_MAX : 0;
	size_t room = newer ? (size_t)view->table.top : held->count - (size_t)view->table.top - 1;

	more = more < room ? more : room;
	if (more == 0)
		return;
	drop(view, newer ? 0 : held->count - more, more);
	if (newer)
		view->newer = (struct edge){ .no = held->items[0].no };
	else
		view->older = (struct edge){ .no = held->items[held->count - 1].no };
}

static size_t place_of(const struct log_view *view, int64_t no, bool *ret_there)
{
	size_t at = 0;

	while (at < view->rows.count && view->rows.items[at].no > no)
		at++;
	*ret_there = at < view->rows.count && view->rows.items[at].no == no;
	return at;
}

static void take_start(struct log_view *view, const struct log_question *answer)
{
	bool there;

	view->rows.count = 0;
	view->table.count = 0;
	if (answer->question.kind == ASKS_START && answer->from == 0)
		view->table.cursor = view->table.top = 0;
	insert(view, 0, answer->rows.items, answer->rows.count);
	view->newer = answer->newer;
	view->older = answer->older;
	if (answer->question.kind == ASKS_LAST)
		table_keep(&view->table, view->table.count, view->table.count - 1);
	else if (answer->from)
		table_keep(&view->table, view->table.count, (int64_t)place_of(view, answer->from, &there));
	view->loaded = true;
}

static void take_news(struct log_view *view, const struct log_question *answer)
{
	for (size_t i = 0; i < answer->running_count; i++) {
		const struct attempt *now = NULL;
		bool there;
		size_t at = place_of(view, answer->running[i], &there);

		for (size_t k = 0; k < answer->ended.count; k++)
			if (answer->ended.items[k].no == answer->running[i])
				now = &answer->ended.items[k];
		if (now && there)
			view->rows.items[at] = *now;
		else if (now && (now->no >= view->older.no || view->older.done) && (now->no <= view->newer.no || view->newer.done))
			insert(view, at, now, 1);
		else if (!now && there) {
			if ((int64_t)at == view->table.cursor)
				view_gone(&view->view, &view->table);
			drop(view, at, 1);
		}
	}
	if (answer->from < 0)
		return;
	insert(view, 0, answer->rows.items, answer->rows.count);
	view->newer = answer->newer;
}

/* As far as there are rows; the rest is owed until more are held. */
static void move(struct log_view *view, int64_t rows)
{
	int64_t to = view->table.cursor + rows;

	table_go(&view->table, to);
	view->debt = 0;
	if (to >= view->table.count && !view->older.done)
		view->debt = to - view->table.cursor;
	else if (to < 0 && !view->newer.done)
		view->debt = to;
}

static void take_more(struct log_view *view, const struct log_question *answer)
{
	bool older = answer->question.kind == ASKS_OLDER;

	insert(view, older ? view->rows.count : 0, answer->rows.items, answer->rows.count);
	if (older)
		view->older = answer->older;
	else
		view->newer = answer->newer;
	trim(view, older);
	if (view->debt != 0)
		move(view, view->debt);
}

static void take_hit(struct log_view *view, const struct log_question *answer)
{
	bool there;
	size_t at;

	view->hit_from = answer->older.no;
	if (!answer->hit) {
		if (!answer->older.done)
			return;
		deck_say(view->view.deck, ROLE_WARN, "'%s' stands in no %s attempt.", view->search, view->hits < 0 ? "newer" : "older");
		view->hits = 0;
		return;
	}
	view->hit_from = answer->hit;
	view->hits += view->hits < 0 ? 1 : -1;
	if (view->hits != 0)
		return;
	at = place_of(view, answer->hit, &there);
	view->following = false;
	if (there)
		table_go(&view->table, (int64_t)at);
	else
		log_restart(view, answer->hit);
}

static void take_marks(struct log_view *view, const struct log_question *answer)
{
	char id[SELECTION_ID_MAX];
	bool room = true;

	for (size_t i = 0; i < answer->mark_count && room; i++) {
		snprintf(id, sizeof(id), "%lld", (long long)answer->marks[i]);
		room = selection_add(&view->marks, id);
	}
	view->mark_from = answer->older.no;
	view->marking = room && !answer->older.done;
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
	bool anew = answer->question.kind == ASKS_NEWS || answer->question.kind == ASKS_START || answer->question.kind == ASKS_LAST;

	if (anew)
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
		take_fates(view, answer);
		switch ((enum log_asking)answer->question.kind) {
		case ASKS_START:
		case ASKS_LAST:
			take_start(view, answer);
			break;
		case ASKS_OLDER:
		case ASKS_NEWER:
			take_more(view, answer);
			break;
		case ASKS_NEWS:
			take_news(view, answer);
			break;
		case ASKS_HIT:
			take_hit(view, answer);
			break;
		case ASKS_MARKS:
			take_marks(view, answer);
			break;
		}
		note_running(view, answer);
		if (view->following)
			table_go(&view->table, 0);
	}
	question_free(&answer->question);
	log_pump(view);
}

void log_move(struct log_view *view, int64_t rows)
{
	view->following = false;
	move(view, view->debt + rows);
	log_pump(view);
}
