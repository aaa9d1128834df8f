/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two sides of a job: its thread, which sends posts, and the UI thread, which keeps what they bring. */
#include "job.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"

#define LOOK_MS 100

enum post_kind { POST_LINE, POST_WHOLE, POST_CODE, POST_PROGRESS, POST_RESULT, POST_ASK, POST_ASKED /* no answer is wanted any more */ };

struct post {
	enum post_kind kind;
	char *text;           /* owned */
	struct result *result; /* owned */
	struct printer_progress progress;
	enum ask_kind ask;
};

struct job_task;

struct job_printer {
	struct result_maker maker;
	struct job_task *task;
};

struct job_task {
	struct task task;
	struct job *job;             /* UI thread only */
	const struct command *command;
	struct arguments *arguments; /* owned */
	struct queue *answers;       /* owned: of struct secret */
	struct job_printer printer;
	enum command_exit exit;
};

/* ---- its thread */

static void post_free(void *item)
{
	struct post *post = item;

	free(post->text);
	result_free(post->result);
	free(post);
}

static void send_post(struct job_task *task, struct post what)
{
	struct post *post = memory_new(sizeof(*post));

	*post = what;
	task_post(&task->task, post);
}

static struct job_task *task_of(void *ctx)
{
	struct job_printer *printer = ctx;

	return printer->task;
}

static void note(void *ctx, const char *text)
{
	send_post(task_of(ctx), (struct post){ .kind = POST_LINE, .text = memory_copy_text(text) });
}

static void must(void *ctx, const char *line)
{
	send_post(task_of(ctx), (struct post){ .kind = POST_WHOLE, .text = memory_copy_text(line) });
}

static void code(void *ctx, const char *text)
{
	send_post(task_of(ctx), (struct post){ .kind = POST_CODE, .text = memory_copy_text(text) });
}

static void progress(void *ctx, const struct printer_progress *progress)
{
	struct post post = { .kind = POST_PROGRESS };

	if (!progress)
		return;
	post.progress = *progress;
	post.progress.account = post.progress.type = "";
	send_post(task_of(ctx), post);
}

static bool is_broken(void *ctx)
{
	return cancel_asked(task_of(ctx)->task.cancel);
}

static void ready(struct result_maker *maker)
{
	struct job_printer *printer = (struct job_printer *)maker;

	send_post(printer->task, (struct post){ .kind = POST_RESULT, .result = memory_steal(&maker->result) });
}

/* Rows that are wanted at once would come one by one; here they come when the result is complete. */
static void flush(void *ctx)
{
	(void)ctx;
}

static bool ask(void *ctx, const char *prompt, enum ask_kind kind, struct cancel *until, struct secret **ret_text, struct error *err)
{
	struct job_task *task = ctx;
	struct secret *text = NULL;

	send_post(task, (struct post){ .kind = POST_ASK, .text = memory_copy_text(prompt), .ask = kind });
	while (!text && !cancel_asked(task->task.cancel) && !(until && cancel_asked(until)))
		text = queue_take(task->answers, until ? LOOK_MS : -1, task->task.cancel);
	if (text) {
		*ret_text = text;
		return true;
	}
	send_post(task, (struct post){ .kind = POST_ASKED });
	return error_set(err, ERROR_CANCELLED, "stopped");
}

static void secret_item_free(void *item)
{
	secret_free(item);
}

static bool work(struct task *base, struct app *app, struct error *err)
{
	struct job_task *task = (struct job_task *)base;
	struct printer printer = { 0 };

	result_printer(&printer);
	printer.flush = flush;
	printer.note = note;
	printer.must = must;
	printer.code = code;
	printer.progress = progress;
	printer.is_broken = is_broken;
	printer.ctx = &task->printer;
	app->ask = ask;
	app->ask_ctx = task;
	app->interactive = true;
	app->deck = NULL;
	app->terminal = NULL; /* it is taken, and not by a shell */
	task->exit = command_run(app, task->command, task->arguments, &printer, err);
	result_free(task->printer.maker.result);
	task->printer.maker.result = NULL;
	/* A code without an error: then the result says why. */
	return err->code == ERROR_NONE;
}

/* ---- the UI thread */

static void add_line(struct job *job, enum role role, bool whole, const char *text)
{
	if (job->line_count == JOB_LINES_MAX) {
		free(job->lines[0].text);
		memmove(job->lines, job->lines + 1, (job->line_count - 1) * sizeof(*job->lines));
		job->line_count--;
	}
	memory_grow(&job->lines, &job->line_room, job->line_count + 1, sizeof(*job->lines));
	job->lines[job->line_count++] = (struct job_line){ .text = memory_copy_text(text), .role = role, .whole = whole };
}

static void take_question(struct job *job, struct post *post)
{
	free(job->question);
	job->question = memory_steal(&post->text);
	job->kind = post->ask;
	job->asks = true;
	/* Never under somebody's fingers: what is being typed elsewhere is no answer, and an answer is not to be seen there. */
	if (job->pop && !job->seen && job->deck->prompt.kind == PROMPT_NONE && !job->deck->dialog) {
		job->seen = true;
		deck_push(job->deck, job_view_new(job));
	} else if (!job->seen) {
		deck_say(job->deck, ROLE_MESSAGE, "'%s' asks something: {jobs} shows it.", job->title);
	}
}

static void take_post(struct task *base, struct deck *deck, void *item)
{
	struct job_task *task = (struct job_task *)base;
	struct job *job = task->job;
	struct post *post = item;

	switch (post->kind) {
	case POST_LINE:
	case POST_WHOLE:
		add_line(job, ROLE_TEXT, post->kind == POST_WHOLE, post->text);
		break;
	case POST_CODE:
		free(job->code);
		job->code = memory_steal(&post->text);
		break;
	case POST_PROGRESS:
		job->progress = post->progress;
		job->has_progress = true;
		break;
	case POST_RESULT:
		result_free(job->result);
		job->result = memory_steal(&post->result);
		break;
	case POST_ASK:
		take_question(job, post);
		break;
	case POST_ASKED:
		job->asks = false;
		break;
	}
	post_free(post);
	job->news++;
	deck_dirty(deck);
}

/* It did what it was to do, though there may be more for a person. */
static bool is_good(enum command_exit exit)
{
	return exit == EXIT_DONE || exit == EXIT_PERSON || exit == EXIT_CHANGES || exit == EXIT_PARTLY;
}

static void tell_end(struct job *job)
{
	if (job->error.code == ERROR_CANCELLED)
		deck_say(job->deck, ROLE_MESSAGE, "'%s' was stopped.", job->title);
	else if (job->error.code != ERROR_NONE)
		deck_say(job->deck, ROLE_ERROR, "%s: %s", job->title, job->error.text);
	else if (*job->done.act && !*job->done.undo && is_good(job->exit))
		deck_say(job->deck, ROLE_MESSAGE, "%s.", job->done.what);
	else if (*job->done.act && job->exit == EXIT_DONE)
		deck_note_done(job->deck, job->done.act, job->done.undo, job->done.what);
	else if (!job->quiet && job->exit == EXIT_DONE)
		deck_say(job->deck, ROLE_MESSAGE, "'%s' is done.", job->title);
	else if (!job->quiet)
		deck_say(job->deck, ROLE_WARN, "'%s' is done, not everything went well: {jobs} shows it.", job->title);
}

/* Of one object; "" when it has none of that name. */
static const char *value_of(const struct result *result, const char *name)
{
	for (size_t i = 0; i < result->column_count; i++)
		if (strcmp(result->columns[i].name, name) == 0)
			return result->cells[i] ? result->cells[i] : "";
	return "";
}

/* What was connected is read at once: whoever did it wants to see that it works. */
static void done(struct task *base, struct deck *deck)
{
	struct job_task *task = (struct job_task *)base;
	struct job *job = task->job;

	job->task = NULL;
	job->asks = false;
	job->has_progress = false;
	job->ended_ms = deck_now(deck);
	job->error = base->error;
	job->exit = task->exit;
	job->news++;
	engine_take(deck, base);
	deck_store_changed(deck);
	if (job->unlocks) {
		deck->unlocking = false;
		deck->scheduled = job->error.code == ERROR_NONE;
		deck_opened(deck);
	}
	/* There is nothing more to see. */
	if (job->unlocks && job->error.code == ERROR_NONE && job_view_shows(deck_top(deck), job))
		deck_close(deck);
	if (!job->unlocks && deck->app->vault)
		engine_open(deck, false); /* one was just made, or opened by a command: then work can begin, too */
	tell_end(job);
	if (job->error.code == ERROR_NONE && job->result && strcmp(job->result->what, "connected") == 0 && deck->app->sync)
		deck_sync(deck, value_of(job->result, "id"), value_of(job->result, "name"), NULL, "connect", false);
	deck_dirty(deck);
}

static void free_task(struct task *base)
{
	struct job_task *task = (struct job_task *)base;

	arguments_free(task->arguments);
	queue_free(task->answers);
	free(task);
}

static const struct task_kind kind = { .work = work, .done = done, .post = take_post, .post_free = post_free, .free = free_task };

struct job *job_start(struct deck *deck, const struct command *command, struct arguments *arguments, const char *title, bool pop)
{
	struct job_task *task = memory_new(sizeof(*task));
	struct job *job = memory_new(sizeof(*job));

	task->task.kind = &kind;
	task->job = job;
	task->command = command;
	task->arguments = arguments;
	task->answers = queue_new(4, secret_item_free);
	task->printer = (struct job_printer){ .maker = { .ready = ready }, .task = task };
	snprintf(task->task.title, sizeof(task->task.title), "%s", title);
	*job = (struct job){ .deck = deck, .pop = pop, .begun_ms = deck_now(deck), .task = &task->task };
	snprintf(job->title, sizeof(job->title), "%s", title);
	memory_grow(&deck->jobs, &deck->job_room, deck->job_count + 1, sizeof(struct job *));
	deck->jobs[deck->job_count++] = job;
	tasks_start(deck->tasks, &task->task, deck->app);
	job->no = task->task.no;
	return job;
}

void job_answer(struct job *job, struct secret *text)
{
	struct job_task *task = (struct job_task *)job->task;

	if (!task || !job->asks || !queue_put(task->answers, text)) {
		secret_free(text);
		return;
	}
	job->asks = false;
	job->news++;
}

bool job_is_running(const struct job *job)
{
	return job->task != NULL;
}

void job_cancel(struct job *job)
{
	if (job->task)
		cancel_ask(job->task->cancel);
}

void job_free(struct job *job)
{
	if (!job)
		return;
	for (size_t i = 0; i < job->line_count; i++)
		free(job->lines[i].text);
	free(job->lines);
	result_free(job->result);
	free(job->code);
	free(job->question);
	free(job);
}

const char *job_address(const struct job *job)
{
	for (size_t i = job->line_count; i-- > 0;)
		if (job->lines[i].whole && (strncmp(job->lines[i].text, "https://", 8) == 0 || strncmp(job->lines[i].text, "http://", 7) == 0))
			return job->lines[i].text;
	return NULL;
}
