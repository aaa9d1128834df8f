/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands of this session: those that run, and what those that are done have said. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "job.h"
#include "ledgerdeck/core/memory.h"
#include "table.h"

struct jobs_view {
	struct view view;
	struct table table;
	int64_t cursor_no;
};

static const struct table_column columns[] = {
	{ "STATE", 9, 9, 0, 0 },       { "BEGAN", 6, 6, 10, 0 }, { "TOOK", 7, 7, 11, COLUMN_RIGHT },
	{ "COMMAND", 20, 36, 0, 0 }, { "WHAT IT SAYS", 10, 40, 3, COLUMN_GROWS },
};

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

static void cell(void *ctx, int64_t row, size_t column, struct table_cell *cell)
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

static void draw(struct view *base, struct canvas *canvas, struct rect rect)
{
	struct jobs_view *view = (struct jobs_view *)base;
	struct table_source source = { .cell = cell, .ctx = view };
	struct deck *deck = base->deck;
	int64_t place = 0;

	for (size_t i = 0; i < deck->job_count; i++)
		if (view->cursor_no && job_at(deck, (int64_t)i)->no == view->cursor_no)
			place = (int64_t)i;
	table_keep(&view->table, (int64_t)deck->job_count, place);
	if (deck->job_count == 0)
		canvas_add(canvas, rect.y + 1, rect.x + 2, rect.columns - 2, ROLE_DIM,
			   "No command was run in this session. What the engine reads is in the log: 4.");
	table_draw(&view->table, canvas, rect, columns, ARRAY_LEN(columns), &source, true, true);
}

static bool act(struct view *base, enum action action)
{
	struct jobs_view *view = (struct jobs_view *)base;
	struct job *job = job_at(base->deck, view->table.cursor);

	switch (action) {
	case ACTION_OPEN:
		if (job)
			deck_push(base->deck, job_view_new(job));
		return true;
	case ACTION_CANCEL:
		if (!job || !job_is_running(job))
			return false;
		job_cancel(job);
		return true;
	default:
		if (!table_act(&view->table, action))
			return false;
		job = job_at(base->deck, view->table.cursor);
		view->cursor_no = job && view->table.cursor > 0 ? job->no : 0;
		return true;
	}
}

static void free_view(struct view *base)
{
	free(base);
}

static const struct view_kind kind = { .name = "jobs", .where = WHERE_MOVE, .draw = draw, .act = act, .free = free_view };

struct view *jobs_new(struct deck *deck)
{
	struct jobs_view *view = memory_new(sizeof(*view));

	(void)deck;
	view->view.kind = &kind;
	return &view->view;
}
