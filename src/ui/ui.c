/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Brings the deck up and takes it down again, whatever happens in between. */
#include "ledgerdeck/ui/ui.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "deck.h"
#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/log.h"
#include "ledgerdeck/core/memory.h"
#include "plain.h"
#include "result.h"
#include "trail.h"

bool ui_possible(void)
{
	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

void ui_restore_terminal(void)
{
	screen_restore();
	plain_restore();
}

/* What is wrong with the store is told before the screen is taken; NULL: it is not there yet, the first run. */
static bool find_store(struct app *app, struct store **ret_store, struct error *err)
{
	bool good = app_store(app, false, err);

	/* Each thread has its own; this one is the reader's. */
	*ret_store = app->store;
	app->store = NULL;
	app->store_writes = false;
	if (!good && *app->store_path && !file_exists(app->store_path)) {
		error_clear(err);
		return true;
	}
	return good;
}

static bool wants_colour(const struct app *app)
{
	const char *none = env_variable("NO_COLOR");

	return app->colour == COLOUR_ALWAYS || (app->colour == COLOUR_AUTO && (!none || !*none));
}

static enum text_mode mode_of(const struct app *app, const struct screen *screen)
{
	if (settings_flag(app->settings, "ui.ascii") || !(screen ? screen_speaks_utf8(screen) : screen_locale_speaks_utf8()))
		return TEXT_ASCII;
	return strcmp(settings_text(app->settings, "ui.width"), "full") == 0 ? TEXT_FULL : TEXT_SAFE;
}

/* While the screen is taken the log goes to a file: nothing may be written over the deck. -1: there is none. */
static int open_log(const struct app *app)
{
	AUTO(str_clear) struct str path = STR_INIT(4096);
	const char *set = settings_text(app->settings, "log.file");
	struct error ignored = { 0 };
	enum log_level level = LOG_LEVEL_INFO;
	int fd;

	if (*set)
		str_add(&path, set);
	else if (file_add_place(FILE_STATE, &path, &ignored) && file_make_private_directory(path.text, &ignored))
		str_add(&path, "/ledgerdeck.log");
	fd = path.len > 0 ? open(path.text, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600) : -1;
	log_level_parse(settings_text(app->settings, "log.level"), &level);
	log_open(fd, level, NULL, NULL);
	return fd;
}

static void close_log(int fd)
{
	log_open(STDERR_FILENO, LOG_LEVEL_WARN, NULL, NULL);
	if (fd >= 0)
		close(fd);
}

/* ---- the demo, which opens a deck of its own when it is ready */

static void demo_note(void *ctx, const char *text)
{
	(void)ctx;
	fprintf(stderr, "%s\n", text);
}

static void demo_code(void *ctx, const char *text)
{
	(void)ctx;
	(void)text;
}

static void demo_flush(void *ctx)
{
	(void)ctx;
}

static bool demo_broken(void *ctx)
{
	(void)ctx;
	return false;
}

static void demo_ready(struct result_maker *maker)
{
	(void)maker; /* the deck shows it */
}

static enum command_exit run_demo(struct app *app, struct error *err)
{
	AUTO(arguments_freep) struct arguments *arguments = NULL;
	const struct command *command = command_find("demo", NULL);
	struct result_maker maker = { .ready = demo_ready };
	struct printer printer = { 0 };
	enum command_exit code;

	result_printer(&printer);
	printer.note = demo_note;
	printer.must = demo_note;
	printer.code = demo_code;
	printer.flush = demo_flush;
	printer.is_broken = demo_broken;
	printer.ctx = &maker;
	app->interactive = true;
	if (!command_parse(command, 0, NULL, &arguments, err))
		return command_exit_of(err);
	code = command_run(app, command, arguments, &printer, err);
	result_free(maker.result);
	return code;
}

/* ---- lines instead of a screen */

static bool is_dumb(void)
{
	const char *type = env_variable("TERM");

	return !type || !*type || strcmp(type, "dumb") == 0;
}

static bool wants_lines(const struct app *app)
{
	const char *accessible = env_variable("ACCESSIBLE");

	return app->plain || (accessible && *accessible && strcmp(accessible, "0") != 0) || (ui_possible() && is_dumb());
}

/* ---- the deck, on a screen or as lines */

/* A theme with a fault is told in the deck, which looks as it would without. */
static const char *theme_of(const struct app *app, struct error *ret_fault)
{
	const char *name = settings_text(app->settings, "ui.theme");
	struct theme theme;

	return theme_load(name, 256, &theme, ret_fault) ? name : "dark";
}

static bool open_face(struct app *app, int log_fd, bool lines, struct screen **ret_screen, const char **ret_note, struct error *err)
{
	struct error fault = { 0 };
	const struct screen_options options = { .theme = theme_of(app, &fault), .colour = wants_colour(app),
						.links = settings_flag(app->settings, "ui.links"),
						.log_fd = log_fd > 0 ? log_fd : 0 };

	*ret_screen = NULL;
	if (!lines)
		return screen_open(&options, ret_screen, ret_note, err);
	*ret_note = !app->plain && is_dumb() ? "This terminal cannot be drawn on, so the deck is lines." : NULL;
	return true;
}

static void begin(struct deck *deck, const char *note)
{
	struct error fault = { 0 };

	theme_of(deck->app, &fault);
	if (fault.code != ERROR_NONE)
		deck_tell(deck, &fault);
	deck_load_keys(deck, false);
	deck->mouse = settings_flag(deck->app->settings, "ui.mouse");
	if (note)
		deck_say(deck, ROLE_WARN, "%s", note);
	if (!deck->app->fresh && settings_flag(deck->app->settings, "ui.restore"))
		trail_load(deck);
	engine_open(deck, true);
}

/* Nothing is lost: whatever is under way is taken up again by the next start. */
static void leave_at_once(struct screen *screen)
{
	screen_close(screen);
	fprintf(stderr, "ledgerdeck: left while work was under way; the next start goes on there.\n");
	_exit(EXIT_INTERRUPTED);
}

enum command_exit ui_run(struct app *app, struct error *err)
{
	struct screen *screen = NULL;
	struct store *store = NULL;
	const char *note = NULL;
	struct error ignored = { 0 };
	struct deck deck;
	bool lines = wants_lines(app), good, ended, demo;
	int log_fd;

	if (!lines && !ui_possible()) {
		error_set(err, ERROR_INPUT, "the deck needs a terminal, or --plain; see 'ledgerdeck help' for commands that need neither");
		return EXIT_USAGE;
	}
	if (!find_store(app, &store, err))
		return command_exit_of(err);
	log_fd = open_log(app);
	if (!lines)
		screen_take_locale();
	/* The store is read while the terminal is taken. */
	deck_init(&deck, app, app->store_path, store);
	if (!open_face(app, log_fd, lines, &deck.screen, &note, err)) {
		deck_clear(&deck);
		close_log(log_fd);
		return command_exit_of(err);
	}
	screen = deck.screen;
	canvas_init(&deck.canvas, mode_of(app, screen));
	begin(&deck, note);
	good = lines ? plain_run(&deck, STDIN_FILENO, STDOUT_FILENO, err) : loop_run(&deck, err);
	if (!trail_save(&deck, &ignored))
		log_warn("ui", "where the deck was left is not kept: %s", ignored.text);
	ended = cancel_asked(app->cancel) || (screen && screen_is_gone(screen));
	if (deck.leave_at_once)
		leave_at_once(screen);
	if (app->sync)
		sync_stop(app->sync);
	demo = deck.demo && !ended;
	screen_close(screen);
	deck_clear(&deck);
	close_log(log_fd);
	if (!good)
		return EXIT_FAILED;
	if (demo)
		return run_demo(app, err);
	return ended ? EXIT_INTERRUPTED : EXIT_DONE;
}
