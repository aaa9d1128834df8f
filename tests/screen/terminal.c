/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pty, the child on it, and what its bytes make visible. */
#include "terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ledgerdeck/core/memory.h"
#include "tests.h"

#define PATIENCE_MS 20000
#define MARK "\033]7777;step\007"
#define BYTES_MAX ((size_t)1 << 22)

/* ---- what the emulator reports ---- */

static int on_property(VTermProp property, VTermValue *value, void *ctx)
{
	struct terminal *terminal = ctx;

	if (property == VTERM_PROP_ALTSCREEN)
		terminal->second_screen = value->boolean;
	if (property == VTERM_PROP_CURSORVISIBLE)
		terminal->cursor_visible = value->boolean;
	if (property == VTERM_PROP_MOUSE)
		terminal->mouse = value->number != VTERM_PROP_MOUSE_NONE;
	return 1;
}

static const VTermScreenCallbacks callbacks = { .settermprop = on_property };

static void open_emulator(struct terminal *terminal, int rows, int columns)
{
	terminal->vterm = vterm_new(rows, columns);
	vterm_set_utf8(terminal->vterm, 1);
	terminal->cells = vterm_obtain_screen(terminal->vterm);
	vterm_screen_enable_altscreen(terminal->cells, 1);
	vterm_screen_set_callbacks(terminal->cells, &callbacks, terminal);
	vterm_screen_reset(terminal->cells, 1);
	terminal->cursor_visible = true;
}

/* ---- starting ---- */

static void set_environment(const struct terminal_options *options)
{
	static const char *const unwanted[] = { "TMUX", "STY", "SSH_CONNECTION", "ESCDELAY", "LINES", "COLUMNS", "NO_COLOR",
						"LC_CTYPE", "LANG", "TERMINFO" };

	for (size_t i = 0; i < ARRAY_LEN(unwanted); i++)
		unsetenv(unwanted[i]);
	setenv("TERM", options->type ? options->type : "xterm-256color", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	for (size_t i = 0; options->variables && options->variables[i]; i++) {
		char name[64];
		const char *value = strchr(options->variables[i], '=');

		snprintf(name, sizeof(name), "%.*s", (int)(value - options->variables[i]), options->variables[i]);
		setenv(name, value + 1, 1);
	}
}

/* A child that lost its test must not stay. */
static _Noreturn void run_child(int control, void (*run)(struct child *child))
{
	struct child child = { .control = control, .tty = dup(STDOUT_FILENO) };

	/* cmocka has handlers of its own. */
	for (int i = 1; i < NSIG; i++)
		signal(i, SIG_DFL);
	alarm(60);
	run(&child);
	child_close(&child);
	_exit(0);
}

/* What a shell does with its job: gives it the terminal, and takes it back when it stops or ends. */
static _Noreturn void run_shell(int control, void (*run)(struct child *child))
{
	char line[32];
	pid_t job;
	int status = 0;

	signal(SIGTTOU, SIG_IGN);
	job = fork();
	if (job == 0) {
		setpgid(0, 0);
		tcsetpgrp(STDIN_FILENO, getpid());
		signal(SIGTTOU, SIG_DFL);
		run_child(control, run);
	}
	setpgid(job, job);
	tcsetpgrp(STDIN_FILENO, job);
	alarm(60);
	snprintf(line, sizeof(line), "job %ld\n", (long)job);
	if (write(control, line, strlen(line)) < 0)
		_exit(9);
	while (waitpid(job, &status, WUNTRACED) == job && WIFSTOPPED(status)) {
		char go;

		tcsetpgrp(STDIN_FILENO, getpgrp());
		snprintf(line, sizeof(line), "stopped %d\n", WSTOPSIG(status));
		if (write(STDOUT_FILENO, MARK, strlen(MARK)) < 0 || write(control, line, strlen(line)) < 0 || read(control, &go, 1) != 1)
			break;
		if (go == 'g')
			tcsetpgrp(STDIN_FILENO, job);
		kill(-job, SIGCONT);
	}
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

void terminal_start(struct terminal *terminal, const struct terminal_options *options, void (*run)(struct child *child))
{
	struct winsize size = { .ws_row = (unsigned short)(options->rows ? options->rows : 24),
				.ws_col = (unsigned short)(options->columns ? options->columns : 80) };
	int ends[2];
	int slave;

	memset(terminal, 0, sizeof(*terminal));
	str_init(&terminal->bytes, BYTES_MAX);
	str_init(&terminal->told, BYTES_MAX);
	terminal->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert_true(terminal->master >= 0 && grantpt(terminal->master) == 0 && unlockpt(terminal->master) == 0);
	slave = open(ptsname(terminal->master), O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert_true(slave >= 0);
	assert_int_equal(ioctl(slave, TIOCSWINSZ, &size), 0);
	assert_int_equal(tcgetattr(slave, &terminal->before), 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	open_emulator(terminal, size.ws_row, size.ws_col);
	fflush(NULL);
	terminal->pid = fork();
	assert_true(terminal->pid >= 0);
	if (terminal->pid == 0) {
		setsid();
		ioctl(slave, TIOCSCTTY, 0);
		dup2(slave, STDIN_FILENO);
		dup2(slave, STDOUT_FILENO);
		dup2(slave, STDERR_FILENO);
		close(slave);
		close(terminal->master);
		close(ends[0]);
		set_environment(options);
		if (options->is_job)
			run_shell(ends[1], run);
		run_child(ends[1], run);
	}
	close(slave);
	close(ends[1]);
	fcntl(terminal->master, F_SETFL, O_NONBLOCK);
	terminal->control = ends[0];
	terminal->job = terminal->pid;
	if (options->is_job)
		terminal->job = (pid_t)strtol(terminal_told(terminal) + 4, NULL, 10);
}

void terminal_clear(struct terminal *terminal)
{
	if (terminal->pid > 0) {
		if (terminal->job != terminal->pid)
			kill(terminal->job, SIGKILL);
		kill(terminal->pid, SIGKILL);
		waitpid(terminal->pid, NULL, 0);
	}
	if (terminal->master >= 0)
		close(terminal->master);
	if (terminal->control > 0)
		close(terminal->control);
	if (terminal->vterm)
		vterm_free(terminal->vterm);
	str_clear(&terminal->bytes);
	str_clear(&terminal->told);
}

void terminal_hang_up(struct terminal *terminal)
{
	close(terminal->master);
	terminal->master = -1;
}

/* ---- reading ---- */

static void note_pastes(struct terminal *terminal)
{
	const char *at = terminal->bytes.text;

	for (terminal->pastes = false; (at = strstr(at, "\033[?2004")); at++)
		terminal->pastes = at[7] == 'h';
}

bool terminal_read(struct terminal *terminal)
{
	char bytes[4096];
	ssize_t got;

	while ((got = read(terminal->master, bytes, sizeof(bytes))) > 0) {
		str_add_bytes(&terminal->bytes, bytes, (size_t)got);
		vterm_input_write(terminal->vterm, bytes, (size_t)got);
	}
	note_pastes(terminal);
	return got < 0 && (errno == EAGAIN || errno == EINTR);
}

static bool read_control(struct terminal *terminal)
{
	char bytes[4096];
	ssize_t got = recv(terminal->control, bytes, sizeof(bytes), MSG_DONTWAIT);

	if (got > 0)
		str_add_bytes(&terminal->told, bytes, (size_t)got);
	return got > 0 || (got < 0 && errno == EAGAIN);
}

/* Waits for something more; fails the test when it is too long in coming. */
static void wait_more(struct terminal *terminal, const char *what)
{
	struct pollfd fds[2] = { { .fd = terminal->master, .events = POLLIN }, { .fd = terminal->control, .events = POLLIN } };

	if (poll(fds, 2, PATIENCE_MS) <= 0)
		fail_msg("waited too long for %s; on the screen: %s | %s", what, terminal_row(terminal, 0), terminal->told.text);
	if (fds[0].revents && !terminal_read(terminal))
		fds[0].revents = POLLHUP;
	if (fds[1].revents && !read_control(terminal))
		fail_msg("the child ended while the test waited for %s: %s", what, terminal->told.text);
}

size_t terminal_step(struct terminal *terminal)
{
	size_t before = terminal->step_at;
	char *mark;

	while (!(mark = strstr(terminal->bytes.text + before, MARK)))
		wait_more(terminal, "the end of a step");
	terminal->step_at = (size_t)(mark - terminal->bytes.text) + strlen(MARK);
	return (size_t)(mark - terminal->bytes.text) - before;
}

void terminal_go(struct terminal *terminal)
{
	assert_int_equal(send(terminal->control, "g", 1, MSG_NOSIGNAL), 1);
}

void terminal_go_behind(struct terminal *terminal)
{
	assert_int_equal(send(terminal->control, "b", 1, MSG_NOSIGNAL), 1);
}

size_t terminal_next(struct terminal *terminal)
{
	terminal_go(terminal);
	return terminal_step(terminal);
}

const char *terminal_told(struct terminal *terminal)
{
	static char line[70000]; /* as long as a paste */
	char *end;

	while (!(end = strchr(terminal->told.text, '\n'))) {
		struct pollfd fd = { .fd = terminal->control, .events = POLLIN };

		if (terminal->pid > 0)
			terminal_read(terminal);
		if (poll(&fd, 1, PATIENCE_MS) <= 0 || !read_control(terminal))
			fail_msg("the child told nothing; on the screen: %s", terminal_row(terminal, 0));
	}
	snprintf(line, sizeof(line), "%.*s", (int)(end - terminal->told.text), terminal->told.text);
	memmove(terminal->told.text, end + 1, strlen(end + 1) + 1);
	terminal->told.len = strlen(terminal->told.text);
	return line;
}

int terminal_wait(struct terminal *terminal)
{
	int status = 0;
	bool open = true;

	/* Its end shows on the control connection, which nobody else holds. */
	while (open) {
		struct pollfd fds[2] = { { .fd = terminal->master, .events = POLLIN }, { .fd = terminal->control, .events = POLLIN } };

		if (poll(fds, 2, PATIENCE_MS) <= 0)
			fail_msg("the child does not end");
		terminal_read(terminal);
		if (fds[1].revents)
			open = read_control(terminal);
	}
	assert_int_equal(waitpid(terminal->pid, &status, 0), terminal->pid);
	terminal->pid = 0;
	while (terminal_read(terminal))
		;
	return status;
}

/* ---- writing ---- */

void terminal_type(struct terminal *terminal, const char *bytes, size_t len)
{
	while (len > 0) {
		struct pollfd fd = { .fd = terminal->master, .events = POLLOUT };
		ssize_t written = write(terminal->master, bytes, len);

		if (written > 0) {
			bytes += written;
			len -= (size_t)written;
		} else if (errno != EAGAIN || poll(&fd, 1, PATIENCE_MS) <= 0) {
			fail_msg("cannot type: %s", strerror(errno));
		}
	}
}

void terminal_resize(struct terminal *terminal, int rows, int columns)
{
	struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns };

	assert_int_equal(ioctl(terminal->master, TIOCSWINSZ, &size), 0);
	vterm_set_size(terminal->vterm, rows, columns);
}

/* ---- what can be seen ---- */

VTermScreenCell terminal_cell(struct terminal *terminal, int y, int x)
{
	VTermScreenCell cell = { 0 };

	vterm_screen_get_cell(terminal->cells, (VTermPos){ .row = y, .col = x }, &cell);
	return cell;
}

const char *terminal_row(struct terminal *terminal, int y)
{
	static char text[8192]; /* 1000 columns of clusters of at most 8 bytes */
	int rows, columns;
	VTermRect row = { .start_row = y, .end_row = y + 1, .start_col = 0 };
	size_t len;

	vterm_get_size(terminal->vterm, &rows, &columns);
	row.end_col = columns;
	len = vterm_screen_get_text(terminal->cells, text, sizeof(text) - 1, row);
	while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == '\n'))
		len--;
	text[len] = '\0';
	return text;
}

VTermPos terminal_cursor(struct terminal *terminal)
{
	VTermPos at = { 0 };

	vterm_state_get_cursorpos(vterm_obtain_state(terminal->vterm), &at);
	return at;
}

bool terminal_sent(struct terminal *terminal, const char *bytes)
{
	return memmem(terminal->bytes.text, terminal->bytes.len, bytes, strlen(bytes)) != NULL;
}

void terminal_expect_sane(struct terminal *terminal)
{
	struct termios now;

	assert_int_equal(tcgetattr(terminal->master, &now), 0);
	assert_int_equal(now.c_lflag, terminal->before.c_lflag);
	assert_int_equal(now.c_iflag, terminal->before.c_iflag);
	assert_int_equal(now.c_oflag, terminal->before.c_oflag);
	assert_int_equal(now.c_cflag, terminal->before.c_cflag);
	assert_memory_equal(now.c_cc, terminal->before.c_cc, sizeof(now.c_cc));
	assert_false(terminal->second_screen);
	assert_true(terminal->cursor_visible);
	assert_false(terminal->pastes);
	assert_false(terminal->mouse);
}
