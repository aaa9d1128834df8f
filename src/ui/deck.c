/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stack of views and what is told them; messages; work that views ask for. */
#include "deck.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chosen.h"
#include "copy.h"
#include "dialog.h"
#include "job.h"
#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/memory.h"
#include "pager.h"
#include "table.h"
#include "trail.h"

#define JOBS_KEPT 50

struct app *deck_app(struct deck *deck)
{
	return deck->app;
}

int64_t deck_now(const struct deck *deck)
{
	return deck->app->env.wall_ms(deck->app->env.ctx);
}

bool deck_ascii(const struct deck *deck)
{
	return deck->canvas.ascii;
}

bool deck_is_new(const struct deck *deck)
{
	return deck->store_absent;
}

void deck_dirty(struct deck *deck)
{
	deck->dirty = true;
}

/* ---- the stack */

struct view *deck_top(const struct deck *deck)
{
	return deck->view_count ? deck->views[deck->view_count - 1] : NULL;
}

static void ask_again(struct view *view)
{
	if (!view->kind->refresh)
		return;
	if (view->asking)
		view->stale = true;
	else
		view->kind->refresh(view);
}

void deck_push(struct deck *deck, struct view *view)
{
	trail_note(deck);
	/* So deep nobody goes: the one above the first gives way. */
	if (deck->view_count == DECK_VIEWS_MAX) {
		deck->views[1]->kind->free(deck->views[1]);
		memmove(deck->views + 1, deck->views + 2, (DECK_VIEWS_MAX - 2) * sizeof(deck->views[0]));
		deck->view_count--;
	}
	view->deck = deck;
	view->no = ++deck->next_view;
	view->keyed = true;
	deck->views[deck->view_count++] = view;
	ask_again(view);
	deck_dirty(deck);
}

void deck_close(struct deck *deck)
{
	if (deck->view_count < 2)
		return;
	trail_note(deck);
	deck->view_count--;
	deck->views[deck->view_count]->kind->free(deck->views[deck->view_count]);
	/* It was not told of changes while it lay below. */
	ask_again(deck_top(deck));
	deck_dirty(deck);
}

void view_ask(struct view *view, struct question *question)
{
	question->view = view->no;
	view->asking = true;
	view->asked_ms = view->deck->app->env.ticks_ms(view->deck->app->env.ctx);
	view->stale = false;
	reader_ask(view->deck->reader, question);
}

bool view_failed(struct view *view, struct question *answer, bool shown)
{
	bool failed = answer->error.code != ERROR_NONE;

	if (failed && shown)
		deck_tell(view->deck, &answer->error);
	else
		view->error = answer->error;
	if (failed)
		question_free(answer);
	return failed;
}

bool view_keeps(struct view *view, struct question *answer, struct question *before)
{
	if (view_failed(view, answer, before))
		return false;
	question_free(before);
	return true;
}

void view_draw_text(const struct view *view, struct pager *text, struct canvas *canvas, struct rect rect)
{
	if (text)
		pager_draw(text, canvas, (struct rect){ rect.y, rect.x + 1, rect.rows, rect.columns - 2 });
	else
		view_draw_empty(view, view->asking ? "Reading ..." : "It is not there.", canvas, rect);
}

const char *view_filter(struct view *view, const char *text, struct error *err)
{
	const struct view_kind *kind = view->kind;
	const char *why = kind->conditions ? kind->conditions(view, text, err) : NULL;

	if (why)
		return why;
	snprintf(kind->filter(view), VIEW_FILTER_MAX, "%s", text);
	kind->filtered(view);
	return NULL;
}

void view_draw_empty(const struct view *view, const char *text, struct canvas *canvas, struct rect rect)
{
	bool failed = view->error.code != ERROR_NONE;
	char room[DECK_TEXT_MAX];

	if (failed)
		text = view->error.text;
	deck_keyed(view->deck, text, room, sizeof(room));
	canvas_wrap(canvas, (struct rect){ rect.y + (rect.rows > 2), rect.x + 2, rect.rows - (rect.rows > 2), rect.columns - 3 },
		    failed ? ROLE_ERROR : ROLE_DIM, room, strlen(room), true);
}

void view_gone(struct view *view, struct table *table)
{
	view->gone = table;
	table->gone = true;
}

void view_ask_anew(struct view *view)
{
	view->no = ++view->deck->next_view;
	view->asking = false;
	ask_again(view);
}

static struct view *find_view(const struct deck *deck, uint64_t no)
{
	for (size_t i = 0; i < deck->view_count; i++)
		if (deck->views[i]->no == no)
			return deck->views[i];
	return NULL;
}

/* ---- what comes from elsewhere */

void deck_store_changed(struct deck *deck)
{
	struct view *top = deck_top(deck);

	if (deck->store_absent && file_exists(deck->app->store_path)) {
		deck->store_absent = false;
		deck_dirty(deck);
	}
	if (top)
		ask_again(top);
}

int64_t deck_waited_ms(const struct deck *deck)
{
	const struct view *top = deck_top(deck);

	return top->asking ? deck->app->env.ticks_ms(deck->app->env.ctx) - top->asked_ms : -1;
}

void deck_rung(struct deck *deck)
{
	deck->missed = deck->held;
	if (!deck->held)
		deck_store_changed(deck);
}

void deck_hold(struct deck *deck)
{
	deck->held = !deck->held;
	deck->held_ms = deck_now(deck);
	if (deck->held) {
		deck_say(deck, ROLE_MESSAGE, "What is shown stays as it is; {re-read} reads it once, {live} follows the store again.");
		return;
	}
	deck_store_changed(deck);
	deck_say(deck, ROLE_MESSAGE, deck->missed ? "Live again; something was changed meanwhile." : "Live again; nothing was changed meanwhile.");
	deck->missed = false;
}

static void take_answer(struct deck *deck, struct question *question)
{
	struct view *view = find_view(deck, question->view);

	if (dialog_answer(deck, question) || copies_answer(deck, question))
		return;
	if (!view) {
		question_free(question);
		return;
	}
	view->asking = false;
	view->kind->answer(view, question);
	deck_dirty(deck);
	deck->urgent |= view->keyed && !view->owes;
	if (view->stale)
		ask_again(view);
	else
		view->keyed = view->owes;
}

static struct progress_of *progress_find(const struct deck *deck, const char *account_id, const char *type)
{
	for (size_t i = 0; i < deck->progress_count; i++)
		if (strcmp(deck->progress[i].account_id, account_id) == 0 && strcmp(deck->progress[i].type, type) == 0)
			return &deck->progress[i];
	return NULL;
}

static void note_progress(struct deck *deck, const struct sync_event *event)
{
	struct progress_of *progress = progress_find(deck, event->account_id, event->type);

	if (event->kind == SYNC_ENDED) {
		if (progress)
			*progress = deck->progress[--deck->progress_count];
		return;
	}
	if (!progress) {
		memory_grow(&deck->progress, &deck->progress_room, deck->progress_count + 1, sizeof(*deck->progress));
		progress = &deck->progress[deck->progress_count++];
		*progress = (struct progress_of){ .of = -1 };
		snprintf(progress->account_id, sizeof(progress->account_id), "%s", event->account_id);
		snprintf(progress->type, sizeof(progress->type), "%s", event->type);
	}
	if (event->records > progress->records)
		progress->records = event->records;
	if (event->of >= 0)
		progress->of = event->of;
}

bool deck_progress(const struct deck *deck, const char *account_id, const char *type, int64_t *ret_records, int64_t *ret_of)
{
	const struct progress_of *progress = progress_find(deck, account_id, type);

	if (!progress)
		return false;
	*ret_records = progress->records;
	*ret_of = progress->of;
	return true;
}

static void take_events(struct deck *deck)
{
	struct view *top = deck_top(deck);
	struct sync_event *event;

	while (deck->app->events && (event = queue_take(deck->app->events, 0, NULL)) != NULL) {
		note_progress(deck, event);
		if (top && top->kind->event && !deck->held)
			top->kind->event(top, event);
		free(event);
		if (!deck->held)
			deck_dirty(deck);
	}
}

void deck_deliver(struct deck *deck)
{
	struct question *question;

	while ((question = reader_answer(deck->reader)) != NULL)
		take_answer(deck, question);
	tasks_deliver(deck->tasks, deck);
	take_events(deck);
	deck_check_end(deck);
}

/* ---- messages */

void deck_say(struct deck *deck, enum role role, const char *format, ...)
{
	struct message *message = &deck->messages[deck->message_count % DECK_MESSAGES_MAX];
	AUTO(str_clear) struct str keyed = STR_INIT(DECK_TEXT_MAX);
	va_list args;

	va_start(args, format);
	vsnprintf(message->text, sizeof(message->text), keys_format(deck->keys, format, &keyed), args);
	va_end(args);
	message->role = role;
	message->at_ms = deck_now(deck);
	deck->message_count++;
	deck->message_shown = true;
	deck_dirty(deck);
}

void deck_tell(struct deck *deck, const struct error *error)
{
	deck_say(deck, ROLE_ERROR, "%s%s%s", error->text, *error->trace_id ? ", trace id " : "", error->trace_id);
}

const char *deck_keyed(const struct deck *deck, const char *text, char *room, size_t size)
{
	AUTO(str_clear) struct str keyed = STR_INIT(size - 1);

	keys_add_text(deck->keys, text, &keyed);
	snprintf(room, size, "%s", keyed.text);
	return room;
}

int deck_draw(const struct deck *deck, struct canvas *canvas, int y, int x, int columns, enum role role, const char *text)
{
	char room[DECK_TEXT_MAX];

	return canvas_add(canvas, y, x, columns, role, deck_keyed(deck, text, room, sizeof(room)));
}

void deck_load_keys(struct deck *deck, bool again)
{
	struct keys *keys;
	struct error err = { 0 };

	if (!keys_load(deck->app->settings, &keys, &err)) {
		deck_say(deck, ROLE_ERROR, again ? "The keys stay as they were: %s" : "The keys are those that are built in: %s", err.text);
		return;
	}
	keys_free(deck->keys);
	deck->keys = keys;
	if (again)
		deck_say(deck, ROLE_MESSAGE, "The keys were read again.");
}

const struct message *deck_message(const struct deck *deck, size_t back)
{
	if (back >= deck->message_count || back >= DECK_MESSAGES_MAX)
		return NULL;
	return &deck->messages[(deck->message_count - 1 - back) % DECK_MESSAGES_MAX];
}

void deck_copy(struct deck *deck, const char *what, const char *text)
{
	char report[200];

	if (deck->plain)
		deck_say(deck, ROLE_MESSAGE, "%s: %s", what, text);
	if (!deck->screen)
		return;
	copy_text(deck->screen, text, report, sizeof(report));
	deck_say(deck, ROLE_MESSAGE, "%s: %s", what, report);
}

/* ---- work */

bool deck_ready(struct deck *deck)
{
	if (deck->app->readonly)
		deck_say(deck, ROLE_WARN, "This needs to change things, which --readonly forbids.");
	else if (deck->ending)
		deck_say(deck, ROLE_WARN, "The deck is being left.");
	else if (deck->unlocking)
		deck_say(deck, ROLE_MESSAGE, "The vault is being opened; a moment.");
	else if (!deck->app->sync)
		deck_say(deck, ROLE_WARN, "The vault is locked: {unlock} opens it.");
	else
		return true;
	return false;
}

struct sync_task {
	struct task task;
	struct sync_task *next;
	char account_id[ACCOUNT_ID_MAX];
	char account[ACCOUNT_NAME_MAX];
	char type[64];
	const char *types[2];
	struct sync_wish wish;
	char cause[24];
	int64_t jobs;
};

static bool work_sync(struct task *base, struct app *app, struct error *err)
{
	struct sync_task *task = (struct sync_task *)base;
	int64_t run;

	return sync_ask(app->sync, &task->wish, &run, &task->jobs, err);
}

static void done_sync(struct task *base, struct deck *deck)
{
	struct sync_task *task = (struct sync_task *)base;

	if (base->error.code != ERROR_NONE)
		deck_tell(deck, &base->error);
	else if (task->jobs == 0)
		deck_say(deck, ROLE_WARN, "Nothing to read: '%s' must be seen to first.", task->account);
	else if (*task->type)
		deck_say(deck, ROLE_MESSAGE, "%s of '%s' is read now.", task->type, task->account);
	else
		deck_say(deck, ROLE_MESSAGE, "%lld types of '%s' are read now.", (long long)task->jobs, task->account);
}

static void free_sync(struct task *task)
{
	free(task);
}

static const struct task_kind kind_sync = { .work = work_sync, .done = done_sync, .free = free_sync };

void deck_sync(struct deck *deck, const char *account_id, const char *account_name, const char *type, const char *cause, bool approve)
{
	bool later = deck->unlocking && !deck->ending && !deck->app->readonly;
	struct sync_task *task, **end = &deck->later;

	if (!later && !deck_ready(deck))
		return;
	task = memory_new(sizeof(*task));
	task->task.kind = &kind_sync;
	snprintf(task->task.title, sizeof(task->task.title), "sync %.100s", account_name);
	snprintf(task->account_id, sizeof(task->account_id), "%s", account_id);
	snprintf(task->account, sizeof(task->account), "%s", account_name);
	snprintf(task->type, sizeof(task->type), "%s", type ? type : "");
	snprintf(task->cause, sizeof(task->cause), "%s", cause);
	task->types[0] = task->type;
	task->wish = (struct sync_wish){ .account_id = task->account_id, .types = type ? task->types : NULL, .mode = SYNC_CHANGES,
					 .cause = task->cause, .approve_guard = approve };
	if (!later) {
		tasks_start(deck->tasks, &task->task, deck->app);
		return;
	}
	while (*end)
		end = &(*end)->next;
	*end = task;
	deck_say(deck, ROLE_MESSAGE, "The vault is being opened; then %s%s'%s' is read.", type ? type : "", type ? " of " : "", account_name);
}

void deck_opened(struct deck *deck)
{
	struct sync_task *task;

	while ((task = deck->later)) {
		deck->later = task->next;
		if (deck->app->sync)
			tasks_start(deck->tasks, &task->task, deck->app);
		else
			free_sync(&task->task);
	}
}

void deck_retry(struct deck *deck, const struct attempt *attempt, const char *account_name)
{
	char number[32];
	const char *words[] = { "retry", number, NULL };

	snprintf(number, sizeof(number), "%lld", (long long)attempt->no);
	/* A backup is no account's. */
	if (*attempt->account_id)
		deck_sync(deck, attempt->account_id, account_name, attempt->type, "retry", false);
	else
		deck_command(deck, words, false);
}

static const struct command *command_of(const char *const *words, int *ret_used)
{
	const struct command *command = NULL;
	char two[100];

	if (words[0] && words[1]) {
		snprintf(two, sizeof(two), "%.48s %.48s", words[0], words[1]);
		command = command_find(two, NULL);
	}
	*ret_used = command ? 2 : 1;
	return command || !words[0] ? command : command_find(words[0], NULL);
}

static bool has_word(const char *const *words, const char *word)
{
	for (; *words; words++)
		if (strcmp(*words, word) == 0)
			return true;
	return false;
}

static enum action view_by_name(const char *name)
{
	static const enum action views[] = { ACTION_ATTENTION, ACTION_OBJECTS, ACTION_LOG, ACTION_SETTINGS, ACTION_AUDIT, ACTION_PLAN, ACTION_OUTBOX, ACTION_REQUESTS,
					       ACTION_RECONCILE };

	if (strcmp(name, "map") == 0)
		return ACTION_MAPPING;
	if (strcmp(name, "plans") == 0)
		return ACTION_PLAN;
	if (strcmp(name, "sessions") == 0)
		return ACTION_RECONCILE;

	for (size_t i = 0; i < ARRAY_LEN(views); i++)
		if (strcmp(action_row(views[i])->id, name) == 0)
			return views[i];
	return ACTION_NONE;
}

/* Commands that have another meaning here, or none. */
static bool special(struct deck *deck, const struct command *command, const char *const *words)
{
	/* The log view follows by itself. */
	if (strcmp(command->name, "log") == 0 && has_word(words, "--follow")) {
		deck_push(deck, attempts_new("", ""));
		return true;
	}
	/* What is a view here, as a word by itself. */
	if (!words[1] && view_by_name(command->name) != ACTION_NONE) {
		deck_act(deck, view_by_name(command->name));
		return true;
	}
	if (strcmp(command->name, "vault lock") == 0) {
		engine_lock(deck);
		return true;
	}
	if (strcmp(command->name, "help") == 0) {
		deck_push(deck, help_new(deck));
		return true;
	}
	if (strcmp(command->name, "run") == 0) {
		deck_say(deck, ROLE_MESSAGE, "The deck does what 'run' does, as long as its vault is open.");
		return true;
	}
	/* The demo has a store of its own, so this deck makes room for its. */
	if (strcmp(command->name, "demo") == 0) {
		deck->demo = true;
		deck_leave(deck);
		return true;
	}
	return false;
}

/* The oldest that are done are forgotten, but for those that are shown. */
static void forget_jobs(struct deck *deck)
{
	size_t kept = 0, many = deck->job_count > JOBS_KEPT ? deck->job_count - JOBS_KEPT : 0;

	for (size_t i = 0; i < deck->job_count; i++) {
		struct job *job = deck->jobs[i];

		if (many > 0 && !job_is_running(job) && job->views == 0) {
			job_free(job);
			many--;
		} else {
			deck->jobs[kept++] = job;
		}
	}
	deck->job_count = kept;
}

void deck_command(struct deck *deck, const char *const *words, bool show)
{
	AUTO(str_clear) struct str title = STR_INIT(150);
	struct arguments *arguments;
	const struct command *command;
	struct error err = { 0 };
	const char *near = NULL;
	int used, count = 0;
	struct job *job;

	if (deck->ending) {
		deck_say(deck, ROLE_WARN, "The deck is being left.");
		return;
	}
	command = command_of(words, &used);
	if (!command) {
		command_find(words[0], &near);
		deck_say(deck, ROLE_ERROR, near ? "There is no command '%.60s'; did you mean '%s'?" : "There is no command '%.60s'; {help} shows all.",
			 words[0], near);
		return;
	}
	if (special(deck, command, words))
		return;
	while (words[count])
		str_addf(&title, "%s%s", count ? " " : "", words[count]), count++;
	/* The words are copied; nothing of them is written. */
	if (!command_parse(command, count - used, (char *const *)(uintptr_t)(words + used), &arguments, &err)) {
		deck_tell(deck, &err);
		return;
	}
	forget_jobs(deck);
	job = job_start(deck, command, arguments, title.text, true);
	if (!show)
		return;
	job->seen = true;
	deck_push(deck, job_view_new(job));
}

/* ---- the whole */

void deck_init(struct deck *deck, struct app *app, const char *store_path, struct store *store)
{
	*deck = (struct deck){ .app = app, .chosen = STR_INIT(CHOSEN_MAX) };
	canvas_init(&deck->canvas, TEXT_SAFE);
	deck->keys = keys_new();
	deck->messages = memory_new(DECK_MESSAGES_MAX * sizeof(*deck->messages));
	deck->reader = reader_new(store_path, (int)settings_number(app->settings, "store.busy") * 1000, store);
	deck->tasks = tasks_new();
	deck->store_absent = !file_exists(store_path);
	deck_push(deck, dashboard_new());
}

void deck_clear(struct deck *deck)
{
	/* Whoever works ends first: it may use what is given back below. */
	tasks_free(deck->tasks);
	while (deck->later) {
		struct sync_task *task = deck->later;

		deck->later = task->next;
		free_sync(&task->task);
	}
	dialog_close(deck);
	copies_clear(&deck->copies);
	while (deck->view_count > 0) {
		deck->view_count--;
		deck->views[deck->view_count]->kind->free(deck->views[deck->view_count]);
	}
	for (size_t i = 0; i < deck->job_count; i++)
		job_free(deck->jobs[i]);
	reader_free(deck->reader);
	free(deck->jobs);
	free(deck->progress);
	free(deck->messages);
	keys_free(deck->keys);
	for (size_t i = 0; i < deck->past_count; i++)
		free(deck->past[i]);
	str_clear(&deck->chosen);
	prompt_clear(&deck->prompt);
	canvas_clear(&deck->canvas);
}
