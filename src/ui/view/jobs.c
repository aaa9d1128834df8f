/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is done: above the engine's work, whichever process does it, what waits for its time and what is paused; below the
 * commands of this session, and what they have said.
 */
#include "jobs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "job.h"
#include "ledgerdeck/core/memory.h"
#include "table.h"

#define BOTH_FROM_ROWS 9 /* smaller screens show the pane with the cursor alone */
#define MINUTE_MS 60000
#define KEY_MAX (ACCOUNT_ID_MAX + 66)

enum pane { PANE_WORK, PANE_COMMANDS, PANE_COUNT };

struct jobs_view {
	struct view view;
	struct work_answer *found;   /* owned; NULL: nothing yet */
	enum pane focus;
	struct table tables[PANE_COUNT];
	char key[KEY_MAX];           /* of the work under the cursor; "" : the first */
	int64_t cursor_no;           /* of the command under the cursor; 0: the newest */
};

static const struct table_column work_columns[] = {
	{ "STATE", 9, 9, 0, 0 },
	{ "TYPE", 8, 20, 0, COLUMN_ENOUGH(16) },
	{ "ACCOUNT", 12, 28, 2, COLUMN_ENOUGH(16) },
	{ "JOB", 7, 8, 7, COLUMN_EXTRA },
	{ "TIME", 9, 9, 3, COLUMN_RIGHT },
	{ "RECORDS", 9, 15, 4, COLUMN_RIGHT },
	{ "DONE", 5, 5, 5, COLUMN_RIGHT },
	{ "RATE", 8, 9, 6, COLUMN_RIGHT },
	{ "WHAT IT SAYS", 12, 40, 13, COLUMN_GROWS | COLUMN_EXTRA },
};

static const struct table_column command_columns[] = {
	{ "STATE", 9, 9, 0, 0 },       { "BEGAN", 6, 6, 10, 0 }, { "TOOK", 7, 7, 11, COLUMN_RIGHT },
	{ "COMMAND", 20, 36, 0, 0 }, { "WHAT IT SAYS", 10, 40, 3, COLUMN_GROWS },
};

static struct jobs_view *of(struct view *view)
{
	return (struct jobs_view *)view;
}

static size_t work_count(const struct jobs_view *view)
{
	return view->found ? view->found->count : 0;
}

/* The pane that has the cursor: an empty one has none while the other has rows. */
static enum pane pane_of(const struct jobs_view *view)
{
	if (view->view.deck->job_count == 0)
		return PANE_WORK;
	return work_count(view) == 0 ? PANE_COMMANDS : view->focus;
}

/* ---- the engine's work */

static const struct work_row *current(const struct jobs_view *view)
{
	if (pane_of(view) != PANE_WORK || view->tables[PANE_WORK].cursor >= (int64_t)work_count(view))
		return NULL;
	return &view->found->rows[view->tables[PANE_WORK].cursor];
}

static void key_of(const struct work_row *row, char *out)
{
	snprintf(out, KEY_MAX, "%s %s", row->account_id, row->type);
}

static void refresh(struct view *base)
{
	if (!deck_is_new(base->deck))
		work_ask(base);
}

/* The same work, running or waiting; of an account that was paused, or goes on, what it has now. -1: it has gone. */
static int64_t place_of(const struct work_answer *found, const char *key)
{
	size_t account_len = strcspn(key, " ");
	char other[KEY_MAX];
	int64_t place = -1;

	for (size_t i = 0; i < found->count; i++) {
		const struct work_row *row = &found->rows[i];

		key_of(row, other);
		if (strcmp(other, key) == 0)
			return (int64_t)i;
		if (place < 0 && strncmp(other, key, account_len + 1) == 0 && (row->state == WORK_PAUSED || !key[account_len + 1]))
			place = (int64_t)i;
	}
	return place;
}

static void note_cursor(struct jobs_view *view)
{
	const struct work_row *row = current(view);

	*view->key = '\0';
	if (row && view->tables[PANE_WORK].cursor > 0)
		key_of(row, view->key);
}

static void answer(struct view *base, struct question *question)
{
	struct jobs_view *view = of(base);
	struct table *table = &view->tables[PANE_WORK];
	int64_t place;

	if (!view_keeps(base, question, view->found ? &view->found->question : NULL))
		return;
	view->found = (struct work_answer *)question;
	place = *view->key ? place_of(view->found, view->key) : 0;
	table_keep(table, (int64_t)view->found->count, place < 0 ? table->cursor : place);
	if (place < 0)
		view_gone(base, table);
	if (*view->key)
		note_cursor(view);
}

/* By the minutes of the clock, so that all rows tell another time at the same moment. */
static void put_until(const struct jobs_view *view, struct table_cell *cell, int64_t at_ms)
{
	int64_t now_ms = deck_now(view->view.deck), minutes = at_ms / MINUTE_MS - now_ms / MINUTE_MS;
	char text[FORMAT_MAX];

	if (at_ms <= now_ms)
		table_text(cell, ROLE_TEXT, "due");
	else if (minutes == 0)
		table_text(cell, ROLE_TEXT, "soon");
	else
		table_format(cell, ROLE_TEXT, "in %s", format_left(minutes * MINUTE_MS, text));
}

static struct mark mark_of_work(const struct work_row *row)
{
	if (row->state == WORK_RUNNING)
		return (struct mark){ "~", "running", ROLE_RUNNING };
	if (row->state == WORK_PAUSED)
		return (struct mark){ ".", "paused", ROLE_WAITING };
	return row->failures > 0 ? (struct mark){ "!", "again", ROLE_WARN } : (struct mark){ ".", "waiting", ROLE_WAITING };
}

/* How far it is: known of what this deck's own engine reads. A share only where the ledger has told of how many. */
static void put_progress(const struct jobs_view *view, const struct work_row *row, size_t column, struct table_cell *cell)
{
	int64_t records, of_all, took_ms = deck_now(view->view.deck) - row->at_ms;
	char read[FORMAT_MAX], all[FORMAT_MAX];

	if (row->state != WORK_RUNNING || !deck_progress(view->view.deck, row->account_id, row->type, &records, &of_all))
		return;
	format_count(records, read);
	if (column == 7) {
		if (took_ms >= 1000)
			table_format(cell, ROLE_RUNNING, "%s/s", format_count(records / (took_ms / 1000), read));
		return;
	}
	if (column == 6) {
		if (of_all > 0 && records <= of_all)
			table_format(cell, ROLE_RUNNING, "%lld %%", (long long)(records * 100 / of_all));
		return;
	}
	table_format(cell, ROLE_RUNNING, "%s", read);
	if (of_all > 0 && (int)(strlen(read) + 1 + strlen(format_count(of_all, all))) <= cell->columns)
		table_format(cell, ROLE_RUNNING, "%s/%s", read, all);
}

static void work_cell(void *ctx, int64_t place, size_t column, struct table_cell *cell)
{
	struct jobs_view *view = ctx;
	const struct work_row *row = &view->found->rows[place];
	struct mark mark = mark_of_work(row);
	char text[FORMAT_MAX];

	switch (column) {
	case 0:
		table_format(cell, mark.role, "%s %s", mark.glyph, mark.word);
		break;
	case 1:
		table_text(cell, ROLE_TEXT, *row->type ? row->type : "all types");
		break;
	case 2:
		table_text(cell, ROLE_DIM, row->account);
		break;
	case 3:
		table_text(cell, ROLE_TEXT, row->job);
		break;
	case 4:
		if (row->state == WORK_RUNNING)
			table_format(cell, ROLE_RUNNING, "%s", format_took(deck_now(view->view.deck) - row->at_ms, text));
		else if (row->state == WORK_WAITING)
			put_until(view, cell, row->at_ms);
		break;
	case 5:
	case 6:
	case 7:
		put_progress(view, row, column, cell);
		break;
	default:
		table_text(cell, row->failures > 0 ? ROLE_WARN : ROLE_DIM, row->says);
		break;
	}
}

/* ---- commands */

/* The newest first. */
static struct job *job_at(const struct deck *deck, int64_t row)
{
	return row < (int64_t)deck->job_count ? deck->jobs[deck->job_count - 1 - (size_t)row] : NULL;
}

static struct mark mark_of(const struct job *job)
{
	if (job->asks)
		return (struct mark){ "!", "asks", ROLE_WARN };
	if (job_is_running(job))
		return (struct mark){ "~", "running", ROLE_RUNNING };
	if (job->error.code == ERROR_CANCELLED)
		return (struct mark){ ".", "stopped", ROLE_WAITING };
	if (job->error.code != ERROR_NONE || (job->exit != EXIT_DONE && job->exit != EXIT_PARTLY))
		return (struct mark){ "x", "failed", ROLE_FAILED };
	return (struct mark){ "=", "done", ROLE_OK };
}

static void command_cell(void *ctx, int64_t row, size_t column, struct table_cell *cell)
{
	struct jobs_view *view = ctx;
	const struct job *job = job_at(view->view.deck, row);
	int64_t now_ms = deck_now(view->view.deck);
	struct mark mark = mark_of(job);
	char text[FORMAT_MAX];

	switch (column) {
	case 0:
		table_format(cell, mark.role, "%s %s", mark.glyph, mark.word);
		break;
	case 1:
		table_format(cell, ROLE_TEXT, "%s", format_clock(job->begun_ms, now_ms, text));
		break;
	case 2:
		if (job->ended_ms)
			table_format(cell, ROLE_DIM, "%s", format_took(job->ended_ms - job->begun_ms, text));
		break;
	case 3:
		table_text(cell, ROLE_TEXT, job->title);
		break;
	default:
		if (job->asks)
			table_text(cell, ROLE_WARN, job->question);
		else if (job->error.code != ERROR_NONE)
			table_text(cell, mark.role, job->error.text);
		else if (job->line_count > 0)
			table_text(cell, ROLE_DIM, job->lines[job->line_count - 1].text);
		break;
	}
}

/* Those that came since are above: it stays on its own. */
static void keep_command(struct jobs_view *view)
{
	const struct deck *deck = view->view.deck;
	int64_t place = 0;

	for (size_t i = 0; i < deck->job_count; i++)
		if (view->cursor_no && job_at(deck, (int64_t)i)->no == view->cursor_no)
			place = (int64_t)i;
	table_keep(&view->tables[PANE_COMMANDS], (int64_t)deck->job_count, place);
}

/* ---- drawing */

static void draw_work(struct jobs_view *view, struct canvas *canvas, struct rect rect)
{
	struct table_source source = { .cell = work_cell, .ctx = view };

	if (!view->found && view->view.error.code != ERROR_NONE)
		canvas_add(canvas, rect.y, rect.x + 2, rect.columns - 2, ROLE_ERROR, view->view.error.text);
	else if (!view->found && !deck_is_new(view->view.deck))
		canvas_add(canvas, rect.y, rect.x + 2, rect.columns - 2, ROLE_DIM, "Looking ...");
	else if (work_count(view) == 0)
		deck_draw(view->view.deck, canvas, rect.y + (rect.rows > 1), rect.x + 2, rect.columns - 2, ROLE_DIM,
			  "Nothing is read and nothing waits. What was read is in the log: {log}.");
	else
		table_draw(&view->tables[PANE_WORK], canvas, rect, work_columns, ARRAY_LEN(work_columns), &source, true,
			   pane_of(view) == PANE_WORK);
}

static void draw(struct view *base, struct canvas *canvas, struct rect rect)
{
	struct jobs_view *view = of(base);
	struct table_source source = { .cell = command_cell, .ctx = view };
	bool both = rect.rows >= BOTH_FROM_ROWS;
	int below = base->deck->job_count == 0 ? 0 : rect.rows;

	keep_command(view);
	if (both && below > 0)
		below = (int64_t)base->deck->job_count + 2 < rect.rows / 2 ? (int)base->deck->job_count + 2 : rect.rows / 2;
	else if (pane_of(view) == PANE_WORK)
		below = 0;
	if (below < rect.rows)
		draw_work(view, canvas, (struct rect){ rect.y, rect.x, rect.rows - below, rect.columns });
	if (below == 0)
		return;
	rect = (struct rect){ rect.y + rect.rows - below, rect.x, below, rect.columns };
	if (both) {
		canvas_hline(canvas, rect.y, rect.x, rect.columns);
		rect.y++;
		rect.rows--;
	}
	table_draw(&view->tables[PANE_COMMANDS], canvas, rect, command_columns, ARRAY_LEN(command_columns), &source, true,
		   pane_of(view) == PANE_COMMANDS);
}

static void title(const struct view *base, struct str *out)
{
	const struct work_answer *found = ((const struct jobs_view *)base)->found;
	size_t waiting = 0;

	str_add(out, "jobs");
	if (!found)
		return;
	for (size_t i = found->running; i < found->count; i++)
		waiting += found->rows[i].state == WORK_WAITING;
	str_addf(out, ", %zu running, %zu waiting", found->running, waiting);
}

/* What runs tells its seconds, what waits the minutes of the clock. */
static int64_t ages_ms(const struct view *base)
{
	const struct work_answer *found = ((const struct jobs_view *)base)->found;

	if (!found || found->count == 0)
		return -1;
	return found->running > 0 ? 1000 : MINUTE_MS - deck_now(base->deck) % MINUTE_MS;
}

/* ---- acting */

static const struct account *account_of(const struct jobs_view *view)
{
	const struct work_row *row = current(view);

	for (size_t i = 0; row && i < view->found->accounts.count; i++)
		if (strcmp(view->found->accounts.items[i].id, row->account_id) == 0)
			return &view->found->accounts.items[i];
	return NULL;
}

static bool subject(const struct view *base, struct account *ret_account)
{
	const struct account *account = account_of((const struct jobs_view *)base);

	if (account)
		*ret_account = *account;
	return account != NULL;
}

static const char *topic(const struct view *base)
{
	const struct work_row *row = current((const struct jobs_view *)base);

	return row && *row->type ? row->type : NULL;
}

static unsigned places(const struct view *base)
{
	return account_of((const struct jobs_view *)base) ? WHERE_OBJECT : 0;
}

static const char *refuses(const struct view *base, enum action action)
{
	const struct jobs_view *view = (const struct jobs_view *)base;
	const struct work_row *row = current(view);

	if (action == ACTION_APPROVE)
		return "{attention} shows what waits for approval";
	if (action == ACTION_FAILED)
		return "{log} shows what failed";
	if (action == ACTION_RETRY && row && row->state == WORK_PAUSED)
		return "it is paused; {pause} lets it go on";
	return NULL;
}

static bool act_work(struct jobs_view *view, enum action action)
{
	struct deck *deck = view->view.deck;
	const struct work_row *row = current(view);
	const struct account *account = account_of(view);

	switch (action) {
	case ACTION_OPEN:
		if (row)
			deck_push(deck, row->attempt ? attempt_new(row->attempt) : attempts_new(row->account_id, row->type));
		return true;
	case ACTION_PAUSE:
		/* The cursor goes with the account: the same key again takes it back, and touches no other. */
		if (account) {
			key_of(row, view->key);
			deck_pause(deck, account, NULL, account->state != ACCOUNT_PAUSED);
		}
		return true;
	case ACTION_RETRY:
		if (account)
			deck_sync(deck, account->id, account->name, row->type, "operator", false);
		return true;
	case ACTION_COPY:
		if (account)
			deck_copy(deck, "Account id", account->id);
		return true;
	default:
		if (!table_act(&view->tables[PANE_WORK], action))
			return false;
		note_cursor(view);
		return true;
	}
}

static bool act_command(struct jobs_view *view, enum action action)
{
	struct table *table = &view->tables[PANE_COMMANDS];
	struct job *job = job_at(view->view.deck, table->cursor);

	switch (action) {
	case ACTION_OPEN:
		if (job)
			deck_push(view->view.deck, job_view_new(job));
		return true;
	case ACTION_CANCEL:
		if (!job || !job_is_running(job))
			return false;
		job_cancel(job);
		return true;
	default:
		if (!table_act(table, action))
			return false;
		job = job_at(view->view.deck, table->cursor);
		view->cursor_no = job && table->cursor > 0 ? job->no : 0;
		return true;
	}
}

static bool act(struct view *base, enum action action)
{
	struct jobs_view *view = of(base);

	if (action == ACTION_NEXT_PANE || action == ACTION_LAST_PANE) {
		view->focus = pane_of(view) == PANE_WORK ? PANE_COMMANDS : PANE_WORK;
		return true;
	}
	return pane_of(view) == PANE_WORK ? act_work(view, action) : act_command(view, action);
}

static void cli(const struct view *base, struct str *out)
{
	(void)base;
	str_add(out, "status");
}

static void free_view(struct view *base)
{
	struct jobs_view *view = of(base);

	if (view->found)
		question_free(&view->found->question);
	free(view);
}

static const struct view_kind kind = {
	.name = "jobs", .where = WHERE_MOVE | WHERE_PANES, .places = places, .title = title, .draw = draw, .act = act, .refuses = refuses,
	.refresh = refresh, .answer = answer, .ages_ms = ages_ms, .subject = subject, .topic = topic, .cli = cli, .free = free_view,
};

struct view *jobs_new(struct deck *deck)
{
	struct jobs_view *view = memory_new(sizeof(*view));

	view->view.kind = &kind;
	/* Whoever has begun a command looks for that. */
	for (size_t i = 0; i < deck->job_count; i++)
		if (job_is_running(deck->jobs[i]))
			view->focus = PANE_COMMANDS;
	return &view->view;
}
