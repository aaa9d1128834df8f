/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The program `ledgerdeck`: builds the real world (clocks, settings, signals, who is there), then hands over to
 * the deck, or to the face for shells.
 */
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledgerdeck/cli/cli.h"
#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/log.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/ui/ui.h"

#define SYSTEM_FILE SYSCONFDIR "/ledgerdeck/ledgerdeck.conf"
#define LOCAL_FILE ".ledgerdeck.conf"

extern char **environ;

static struct cancel *interrupt; /* what handlers ask; set before they are */
static volatile sig_atomic_t interrupts;

static void restore_terminal(void)
{
	ui_restore_terminal();
	cli_restore_terminal();
}

/* The first time everything ends in good order, the second time at once. */
static void on_end(int number)
{
	(void)number;
	if (interrupts++ > 0) {
		restore_terminal();
		_exit(EXIT_INTERRUPTED);
	}
	cancel_ask(interrupt);
}

static void catch_signals(void)
{
	static const int ends[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction action = { .sa_handler = on_end };
	struct sigaction now;

	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < ARRAY_LEN(ends); i++)
		/* One that was ignored when the program was started (nohup) stays so. */
		if (sigaction(ends[i], NULL, &now) == 0 && now.sa_handler != SIG_IGN)
			sigaction(ends[i], &action, NULL);
	/* A reader that has left, and a file that may not grow, show as failed writes. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
}

/* Where a standard stream is closed the next file that is opened would take its place, and get what is printed. */
static void hold_streams(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		/* The wrong way round, so that using it still fails. */
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
			_exit(EXIT_FAILED);
}

/* The operating-system login, and where from when over SSH: for the audit. */
static void find_who(char *out, size_t size)
{
	const struct passwd *user = getpwuid(getuid());
	const char *from = env_variable("SSH_CONNECTION");

	if (user && user->pw_name && *user->pw_name)
		snprintf(out, size, "%.60s", user->pw_name);
	else
		snprintf(out, size, "uid %ld", (long)getuid());
	if (from && *from)
		snprintf(out + strlen(out), size - strlen(out), " from %.*s", (int)(strcspn(from, " ") < 50 ? strcspn(from, " ") : 50),
			 from);
}

static bool load_settings(const struct cli_options *options, struct settings **ret_settings, struct error *err)
{
	AUTO(str_clear) struct str user_file = STR_INIT(4096);
	struct settings_sources sources = { .system_file = SYSTEM_FILE, .local_file = LOCAL_FILE, .profile = options->profile,
					    .env_file = options->env_file, .environment = (const char *const *)environ,
					    .flags = options->flags };

	if (file_add_place(FILE_CONFIG, &user_file, err)) {
		str_add(&user_file, "/ledgerdeck.conf");
		sources.user_file = user_file.text;
	}
	error_clear(err);
	return settings_load(&sources, ret_settings, err);
}

static bool load_catalogue(struct catalogue **ret_catalogue, struct error *err)
{
	AUTO(str_clear) struct str directory = STR_INIT(4096);
	bool found = file_add_place(FILE_CONFIG, &directory, err);

	error_clear(err);
	str_add(&directory, "/types");
	return catalogue_load(found ? directory.text : NULL, ret_catalogue, err);
}

static bool find_colour(const char *word, enum app_colour *ret_colour, struct error *err)
{
	static const char *const words[] = { [COLOUR_AUTO] = "auto", [COLOUR_NEVER] = "never", [COLOUR_ALWAYS] = "always" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (!word || strcmp(words[i], word) == 0) {
			*ret_colour = (enum app_colour)i;
			return true;
		}
	return error_set(err, ERROR_INPUT, "--color is never, always or auto, not '%.40s'", word);
}

static bool build(struct app *app, const struct cli_options *options, struct error *err)
{
	enum log_level level = LOG_LEVEL_INFO;
	const char *warning = NULL;

	app->env = env_real();
	app->readonly = options->readonly;
	app->fresh = options->fresh;
	app->plain = options->plain;
	app->cancel = interrupt;
	app->deck = ui_possible() || options->plain ? ui_run : NULL;
	app->terminal = ui_possible() ? ui_terminal : NULL;
	find_who(app->who, sizeof(app->who));
	if (options->store && (size_t)snprintf(app->store_flag, sizeof(app->store_flag), "%s", options->store) >= sizeof(app->store_flag))
		return error_set(err, ERROR_INPUT, "the path behind --store is too long");
	if (!find_colour(options->colour, &app->colour, err) || !secret_start(&warning, err) || !load_settings(options, &app->settings, err) || !load_catalogue(&app->catalogue, err))
		return false;
	log_level_parse(settings_text(app->settings, "log.level"), &level);
	/* A command says what it does; only a scheduler has more to tell than what goes wrong. */
	if (options->word_count > 0 && strcmp(options->words[0], "run") != 0 && level > LOG_LEVEL_WARN &&
	    strcmp(settings_origin(app->settings, "log.level"), "built in") == 0)
		level = LOG_LEVEL_WARN;
	log_open(STDERR_FILENO, options->quiet && level > LOG_LEVEL_ERROR ? LOG_LEVEL_ERROR : level, NULL, NULL);
	if (warning)
		log_debug("main", "%s", warning);
	return true;
}

/* Without a command, on a terminal or asked for in lines: the deck. */
static bool wants_deck(const struct cli_options *options)
{
	return options->word_count == 0 && !options->help && !options->version && options->format == CLI_TABLE &&
	       (ui_possible() || options->plain);
}

static int run_deck(struct app *app, const struct cli_options *options)
{
	struct error err = { 0 };
	enum command_exit code = ui_run(app, &err);

	return err.code == ERROR_NONE ? (int)code : cli_fail(options, &err);
}

int main(int argc, char **argv)
{
	AUTO(cli_options_clear) struct cli_options options = { 0 };
	struct app app = { 0 };
	struct error err = { 0 };
	int code;

	hold_streams();
	umask(077);
	interrupt = cancel_new();
	catch_signals();
	memory_stay_small();
	memory_on_fatal(restore_terminal);
	if (!cli_options_parse(argc, argv, &options, &err))
		return cli_fail(&options, &err);
	if (!wants_deck(&options) && !cli_needs_app(&options))
		return cli_main(NULL, &options);
	if (!build(&app, &options, &err))
		code = cli_fail(&options, &err);
	else
		code = wants_deck(&options) ? run_deck(&app, &options) : cli_main(&app, &options);
	app_close(&app);
	settings_free(app.settings);
	catalogue_free(app.catalogue);
	cancel_free(interrupt);
	return code;
}
