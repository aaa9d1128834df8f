/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Vault and engine. Opening is a command like others, in a job: it may ask for a passphrase, and takes a while. What it
 * has opened becomes the deck's; tasks that begin later share it.
 */
#include <stdio.h>
#include <stdlib.h>

#include "job.h"
#include "ledgerdeck/core/memory.h"

/* ---- opening */

/* Knows whether a person was asked: then a wrong answer is no end. */
struct asker {
	bool (*ask)(void *ctx, const char *prompt, enum ask_kind kind, struct cancel *until, struct secret **ret_text,
		    struct error *err);
	void *ctx;
	bool asked;
};

static bool ask_noted(void *ctx, const char *prompt, enum ask_kind kind, struct cancel *until, struct secret **ret_text,
		      struct error *err)
{
	struct asker *asker = ctx;

	asker->asked = true;
	return asker->ask(asker->ctx, prompt, kind, until, ret_text, err);
}

static bool open_vault(struct app *app, const struct printer *printer, struct error *err)
{
	struct asker asker = { .ask = app->ask, .ctx = app->ask_ctx };
	bool good;

	printer->note(printer->ctx, "The vault of this store is locked. With its passphrase the companies are kept in step; without it all "
		      "that is mirrored can be looked at.");
	app->ask = ask_noted;
	app->ask_ctx = &asker;
	while (!(good = app_vault(app, err)) && err->code == ERROR_AUTH && asker.asked && !cancel_asked(app->cancel)) {
		printer->must(printer->ctx, "That was not it, or the vault is damaged; nothing was changed.");
		error_clear(err);
		asker.asked = false;
	}
	app->ask = asker.ask;
	app->ask_ctx = asker.ctx;
	/* What was said before stands in the list of jobs otherwise, and is not so any more. */
	if (good)
		printer->note(printer->ctx, "The vault is open.");
	return good;
}

static enum command_exit run_open(struct app *app, const struct arguments *arguments, const struct printer *printer, struct error *err)
{
	int workers = (int)settings_number(app->settings, "sync.workers");

	(void)arguments;
	if (!open_vault(app, printer, err) || !app_sync(app, err))
		return command_exit_of(err);
	/* All that is due by itself is done while the deck is open, as by 'ledgerdeck run'. */
	if (!sync_start(app->sync, workers, true, err))
		return command_exit_of(err);
	app->sync_runs = true;
	return EXIT_DONE;
}

static const struct command command_open = {
	.name = "unlock", .summary = "open the vault and begin to work", .run = run_open,
};

void engine_open(struct deck *deck, bool ask)
{
	struct arguments *arguments;
	struct error err = { 0 };
	struct job *job;

	if (deck->ending || deck->unlocking || deck->scheduled || deck->app->readonly || deck->store_absent || (deck->locked_by_hand && !ask))
		return;
	if (!command_parse(&command_open, 0, NULL, &arguments, &err)) {
		deck_tell(deck, &err);
		return;
	}
	deck->unlocking = true;
	deck->locked_by_hand = false;
	job = job_start(deck, &command_open, arguments, "unlock", true);
	job->quiet = true;
	job->unlocks = true;
}

/* ---- the first run: a vault for the keys, then a company */

static enum command_exit run_begin(struct app *app, const struct arguments *arguments, const struct printer *printer, struct error *err)
{
	const struct command *init = command_find("vault init", NULL), *connect = command_find("connect", NULL);
	AUTO(memory_freep) char *provider = memory_copy_text(argument(arguments, "PROVIDER"));
	char *words[] = { provider };
	AUTO(arguments_freep) struct arguments *init_arguments = NULL;
	AUTO(arguments_freep) struct arguments *connect_arguments = NULL;
	enum command_exit code;

	if (!command_parse(init, 0, NULL, &init_arguments, err) || !command_parse(connect, 1, words, &connect_arguments, err))
		return command_exit_of(err);
	if (app_has_vault(app))
		return command_run(app, connect, connect_arguments, printer, err);
	printer->note(printer->ctx, "First a vault: the tokens of your companies are sealed in it. It opens with a passphrase of yours.");
	code = command_run(app, init, init_arguments, printer, err);
	return code == EXIT_DONE ? command_run(app, connect, connect_arguments, printer, err) : code;
}

static const struct argument_row begin_rows[] = {
	{ "PROVIDER", NULL, false, true, "the accounting system" },
};

static const struct command command_begin = {
	.name = "begin", .summary = "make a vault and connect the first company", .needs = CHANGES_THINGS, .arguments = begin_rows,
	.argument_count = ARRAY_LEN(begin_rows), .run = run_begin,
};

void engine_begin(struct deck *deck, const char *provider)
{
	AUTO(memory_freep) char *word = memory_copy_text(provider);
	AUTO(str_clear) struct str line = STR_INIT(200);
	struct arguments *arguments;
	struct error err = { 0 };
	struct job *job;

	if (!command_parse(&command_begin, 1, (char *[]){ word }, &arguments, &err)) {
		deck_tell(deck, &err);
		return;
	}
	str_addf(&line, "connect %s", provider);
	job = job_start(deck, &command_begin, arguments, line.text, true);
	job->seen = true;
	deck_push(deck, job_view_new(job));
}

bool engine_take(struct deck *deck, struct task *task)
{
	struct app *app = deck->app;
	bool taken = false;

	if (task->app.vault && task->app.vault != task->shared_vault && !app->vault) {
		app->vault = task->app.vault;
		task->app.vault = NULL;
		taken = true;
	}
	if (task->app.sync && task->app.sync != task->shared_sync && !app->sync) {
		app->sync = task->app.sync;
		app->events = task->app.events;
		app->sync_runs = task->app.sync_runs;
		task->app.sync = NULL;
		task->app.events = NULL;
		taken = true;
	}
	return taken;
}

/* ---- locking: the engine ends first, which may take a second. */

struct lock_task {
	struct task task;
	struct sync *sync;     /* owned */
	struct vault *vault;   /* owned */
	struct queue *events;  /* owned */
};

static bool work_lock(struct task *base, struct app *app, struct error *err)
{
	struct lock_task *task = (struct lock_task *)base;

	(void)app;
	(void)err;
	sync_free(task->sync);
	queue_free(task->events);
	vault_free(task->vault);
	return true;
}

static void done_lock(struct task *task, struct deck *deck)
{
	(void)task;
	deck_say(deck, ROLE_MESSAGE, "The vault is locked; nothing is read any more. {unlock} opens it.");
	deck_dirty(deck);
}

static void done_end(struct task *task, struct deck *deck)
{
	(void)task;
	(void)deck;
}

static void free_lock(struct task *task)
{
	free(task);
}

static const struct task_kind kind_end = { .work = work_lock, .done = done_end, .free = free_lock };
static const struct task_kind kind_lock = { .work = work_lock, .done = done_lock, .free = free_lock };

/* Nobody begins anything with them any more; those who work already end first. */
static void put_away(struct deck *deck, const struct task_kind *kind, const char *title)
{
	struct lock_task *task = memory_new(sizeof(*task));

	task->task.kind = kind;
	snprintf(task->task.title, sizeof(task->task.title), "%s", title);
	task->sync = deck->app->sync;
	task->vault = deck->app->vault;
	task->events = deck->app->events;
	deck->app->sync = NULL;
	deck->app->sync_runs = false;
	deck->scheduled = false;
	deck->app->vault = NULL;
	deck->app->events = NULL;
	deck->progress_count = 0;
	tasks_start(deck->tasks, &task->task, deck->app);
}

void engine_end(struct deck *deck)
{
	if (deck->app->sync)
		sync_stop(deck->app->sync);
	if (deck->app->vault && tasks_running(deck->tasks) == 0)
		put_away(deck, &kind_end, "end");
}

void engine_lock(struct deck *deck)
{
	if (!deck->app->vault) {
		deck_say(deck, ROLE_MESSAGE, "The vault is locked already.");
		return;
	}
	if (tasks_running(deck->tasks) > 0) {
		deck_say(deck, ROLE_WARN, "Commands run still ({jobs} shows them): stop them, then lock.");
		return;
	}
	put_away(deck, &kind_lock, "vault lock");
	deck->locked_by_hand = true;
}
