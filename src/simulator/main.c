/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The program `ledgerdeck-simulator`: builds the real world (clocks, sockets, files), prints
 * where it listens, and waits for the signal to end.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"
#include "ledgerdeck/simulator.h"

#include "options.h"
#include "server.h"

enum exit_code {
	EXIT_DONE = 0,
	EXIT_WORK = 1,  /* something broke */
	EXIT_USAGE = 2, /* usage or settings */
};

static const char version_text[] =
	"ledgerdeck-simulator " PACKAGE_VERSION "\n"
	"License GPLv3+: GNU GPL version 3 or later <https://gnu.org/licenses/gpl.html>.\n"
	"This is free software: you are free to change and redistribute it.\n"
	"There is NO WARRANTY, to the extent permitted by law.\n";

static int fail(const struct error *err)
{
	fprintf(stderr, "ledgerdeck-simulator: %s\n", err->text);
	return err->code == ERROR_INPUT || err->code == ERROR_STORE ? EXIT_USAGE : EXIT_WORK;
}

static bool print(const char *text, struct error *err)
{
	if (fputs(text, stdout) == EOF || fflush(stdout) == EOF)
		return error_set(err, ERROR_INTERNAL, "cannot write to standard output: %s", strerror(errno));
	return true;
}

/*
 * Have the system end this program with its parent. It may have died before that was asked for;
 * then there is another one by now.
 */
static bool tie_to_parent(const struct options *options, pid_t parent_at_start, struct error *err)
{
	pid_t parent = options->parent ? (pid_t)options->parent : parent_at_start;

	if (!options->exit_with_parent)
		return true;
	if (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0)
		return error_set(err, ERROR_INTERNAL, "cannot follow the parent: %s", strerror(errno));
	if (getppid() != parent)
		return error_set(err, ERROR_INPUT, "the parent, process %ld, is gone", (long)parent);
	return true;
}

static bool announce(const struct options *options, const struct server *server, struct error *err)
{
	AUTO(str_clear) struct str line = STR_INIT(200);

	if (options->port_file && !server_write_port(server, options->port_file, err))
		return false;
	str_addf(&line, "ledgerdeck-simulator: listening on %s\n", server_url(server));
	return options->quiet || print(line.text, err);
}

/* One that was ignored when the program was started (nohup, a background job) stays so. */
static void add_end(sigset_t *ends, int signal_number)
{
	struct sigaction now;

	if (sigaction(signal_number, NULL, &now) == 0 && now.sa_handler != SIG_IGN)
		sigaddset(ends, signal_number);
}

/* Serve until a signal asks for the end; a second one then ends the program at once. */
static bool serve(const struct options *options, struct server *server, struct simulator *simulator,
		  struct error *err)
{
	sigset_t ends;
	int got;

	for (size_t i = 0; i < options->setting_count; i++)
		if (!simulator_set(simulator, options->settings[i].name, options->settings[i].value, err))
			return false;
	sigemptyset(&ends);
	add_end(&ends, SIGINT);
	add_end(&ends, SIGTERM);
	add_end(&ends, SIGHUP);
	sigprocmask(SIG_BLOCK, &ends, NULL);
	if (!server_start(server, simulator, err) || !announce(options, server, err))
		return false;
	sigwait(&ends, &got);
	sigprocmask(SIG_UNBLOCK, &ends, NULL);
	if (options->port_file)
		unlink(options->port_file);
	return true;
}

static bool run(struct options *options, pid_t parent_at_start, struct error *err)
{
	struct simulator *simulator = NULL;
	struct server *server = NULL;
	bool good;

	signal(SIGPIPE, SIG_IGN);
	options->server.env = options->simulator.env = env_real();
	if (!tie_to_parent(options, parent_at_start, err) ||
	    !server_open(&options->server, &server, err))
		return false;
	if (options->port_file)
		unlink(options->port_file); /* one that an earlier run left behind */
	options->simulator.base_url = server_url(server);
	simulator = simulator_open(&options->simulator, err);
	good = simulator && serve(options, server, simulator, err);
	server_close(server);
	simulator_close(simulator);
	return good;
}

int main(int argc, char **argv)
{
	pid_t parent = getppid();
	AUTO(options_clear) struct options options = { 0 };
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);
	struct error err = { 0 };

	if (!options_parse(&options, argc, argv, &err))
		return fail(&err);
	if (options.action == OPTIONS_RUN)
		return run(&options, parent, &err) ? EXIT_DONE : fail(&err);
	if (options.action == OPTIONS_HELP)
		options_add_help(&text);
	else if (options.action == OPTIONS_SWITCHES)
		options_add_switches(&text);
	else
		str_add(&text, version_text);
	return print(text.text, &err) ? EXIT_DONE : fail(&err);
}
