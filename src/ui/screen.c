/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Takes the terminal and gives it back: which kind it is, its modes, its size, its character set, and what the descriptors
 * 0 to 2 mean meanwhile. Everything that is switched on here is switched off again by screen_restore.c, too.
 */
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/memory.h"
#include "screen_impl.h"

#define PASTES_ON "\033[?2004h"
#define PASTES_OFF "\033[?2004l"
#define ESCAPE_MS 25     /* how long a key may take to arrive behind its ESC */
#define ESCAPE_FAR_MS 60 /* over a network, or through a multiplexer */
#define ESCAPE_MAX_MS 10000
#define DESCRIPTOR_MIN 10 /* ours stand above those that a shell uses */
#define CHATTER_MAX 65536 /* bytes that are remembered of what libraries say */

/* ---- descriptors ---- */

static int own_copy(int fd)
{
	return fcntl(fd, F_DUPFD_CLOEXEC, DESCRIPTOR_MIN);
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* What libraries say on 1 and 2 must not reach the screen. An error output that is no terminal stays what it is. */
static void divert(struct screen *screen)
{
	int flags = fcntl(screen->out_fd, F_GETFL);

	fflush(stdout);
	fflush(stderr);
	/* Somebody else's mark on the terminal, with which curses would try without end while it is slow. */
	screen->was_nonblocking = flags >= 0 && (flags & O_NONBLOCK) && fcntl(screen->out_fd, F_SETFL, flags & ~O_NONBLOCK) == 0;
	dup2(screen->chatter_fd, STDOUT_FILENO);
	if (screen->error_fd >= 0)
		dup2(screen->chatter_fd, STDERR_FILENO);
	screen->diverted = true;
}

static void undivert(struct screen *screen)
{
	fflush(stdout);
	fflush(stderr);
	dup2(screen->out_fd, STDOUT_FILENO);
	if (screen->error_fd >= 0)
		dup2(screen->error_fd, STDERR_FILENO);
	if (screen->was_nonblocking)
		fcntl(screen->out_fd, F_SETFL, fcntl(screen->out_fd, F_GETFL) | O_NONBLOCK);
	screen->diverted = false;
}

/* A little memory that remembers it: an assertion speaks before it strikes. What has no room is lost. */
static int open_chatter(void)
{
	int fd = memfd_create("chatter", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0 || ftruncate(fd, CHATTER_MAX) != 0 || fcntl(fd, F_ADD_SEALS, F_SEAL_GROW) != 0) {
		close_fd(&fd);
		return open("/dev/null", O_WRONLY | O_CLOEXEC);
	}
	return fd;
}

static bool open_descriptors(struct screen *screen, const struct screen_options *options, struct error *err)
{
	int in = own_copy(STDIN_FILENO), out = own_copy(STDOUT_FILENO);

	screen->in = in >= 0 ? fdopen(in, "r") : NULL;
	screen->out = out >= 0 ? fdopen(out, "w") : NULL;
	screen->in_fd = in;
	screen->out_fd = out;
	screen->error_fd = isatty(STDERR_FILENO) ? own_copy(STDERR_FILENO) : -1;
	screen->owns_chatter = options->log_fd <= 0;
	screen->chatter_fd = screen->owns_chatter ? open_chatter() : options->log_fd;
	if (!screen->in || !screen->out || screen->chatter_fd < 0)
		return error_set(err, ERROR_INPUT, "the terminal cannot be opened: %s", strerror(errno));
	return true;
}

static void close_descriptors(struct screen *screen)
{
	if (screen->in)
		fclose(screen->in);
	else
		close_fd(&screen->in_fd);
	if (screen->out)
		fclose(screen->out);
	else
		close_fd(&screen->out_fd);
	close_fd(&screen->error_fd);
	if (screen->owns_chatter)
		close_fd(&screen->chatter_fd);
}

/* ---- character set ---- */

static bool names_utf8(const char *text)
{
	return text && (strcasestr(text, "UTF-8") || strcasestr(text, "UTF8"));
}

/* Where the operator's locale is not installed, as often behind SSH, its name still tells what the terminal speaks. */
bool screen_locale_speaks_utf8(void)
{
	static const char *const variables[] = { "LC_ALL", "LC_CTYPE", "LANG" };

	if (setlocale(LC_CTYPE, ""))
		return names_utf8(nl_langinfo(CODESET));
	for (size_t i = 0; i < ARRAY_LEN(variables); i++) {
		const char *value = env_variable(variables[i]);

		if (value && *value)
			return names_utf8(value);
	}
	return false;
}

/*
 * Only the character set is the operator's. What letters are stays as in C, so that comparing names without regard to
 * case means the same everywhere (in Turkish "I" is not the capital of "i").
 */
bool screen_take_locale(void)
{
	if (!screen_locale_speaks_utf8()) {
		setlocale(LC_CTYPE, "C");
		return false;
	}
	return setlocale(LC_CTYPE, "C.UTF-8") || (setlocale(LC_CTYPE, "") && names_utf8(nl_langinfo(CODESET)));
}

/* ---- the terminal's description ---- */

void screen_add_capability(struct str *out, const char *capability)
{
	/* "$<5/>" asks for a pause, which no terminal needs any more */
	while (capability && *capability) {
		const char *end = capability[0] == '$' && capability[1] == '<' ? strchr(capability, '>') : NULL;

		if (end)
			capability = end;
		else
			str_add_char(out, *capability);
		capability++;
	}
}

/* NULL also for what terminfo calls absent, or not a string. */
static const char *capability(const char *name)
{
	const char *text = tigetstr(name);

	return text == (const char *)-1 ? NULL : text;
}

/* What undoes our modes; written by screen_restore(). */
void screen_arm(const struct screen *screen)
{
	AUTO(str_clear) struct str bytes = STR_INIT(500);
	const char *place = capability("cup"), *region = capability("csr");

	if (screen->pastes)
		str_add(&bytes, PASTES_OFF);
	if (screen->mouse)
		str_add(&bytes, SCREEN_MOUSE_OFF);
	if (screen->links)
		str_add(&bytes, SCREEN_LINK_END);
	screen_add_capability(&bytes, capability("rmacs"));
	screen_add_capability(&bytes, capability("rmir"));
	screen_add_capability(&bytes, capability("sgr0"));
	screen_add_capability(&bytes, capability("op"));
	if (region)
		screen_add_capability(&bytes, tparm(region, 0L, screen->rows - 1L, 0L, 0L, 0L, 0L, 0L, 0L, 0L));
	screen_add_capability(&bytes, capability("cnorm"));
	screen_add_capability(&bytes, capability("rmkx"));
	if (place) /* for terminals without a second screen, and harmless on others */
		screen_add_capability(&bytes, tparm(place, screen->rows - 1L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L));
	if (capability("rmcup"))
		screen_add_capability(&bytes, capability("rmcup"));
	else
		str_add(&bytes, "\r\n");
	screen_restore_arm(screen, bytes.text, bytes.len);
}

static const struct fallback {
	const char *type;
	const char *note;
} fallbacks[] = {
	{ "xterm-256color", "this machine does not know the terminal in TERM: it is treated as xterm-256color" },
	{ "xterm", "this machine does not know the terminal in TERM: it is treated as xterm" },
	{ "vt100", "this machine does not know the terminal in TERM: it is treated as vt100" },
};

/* curses would handle signals by itself, and end the program from within a handler; it leaves alone what is not default. */
static const int curses_signals[] = { SIGINT, SIGTERM, SIGTSTP, SIGWINCH };

static bool open_curses(struct screen *screen, const char **ret_note, struct error *err)
{
	struct sigaction former[ARRAY_LEN(curses_signals)], ignore = { .sa_handler = SIG_IGN };
	const char *type = env_variable("TERM");

	for (size_t i = 0; i < ARRAY_LEN(curses_signals); i++) {
		sigaction(curses_signals[i], NULL, &former[i]);
		if (former[i].sa_handler == SIG_DFL)
			sigaction(curses_signals[i], &ignore, NULL);
	}
	*ret_note = NULL;
	use_tioctl(TRUE); /* what the terminal says counts more than LINES and COLUMNS of the environment */
	screen->terminal = type && *type ? newterm(type, screen->out, screen->in) : NULL;
	for (size_t i = 0; i < ARRAY_LEN(fallbacks) && !screen->terminal; i++) {
		screen->terminal = newterm(fallbacks[i].type, screen->out, screen->in);
		*ret_note = fallbacks[i].note;
	}
	for (size_t i = 0; i < ARRAY_LEN(curses_signals); i++)
		if (former[i].sa_handler == SIG_DFL)
			sigaction(curses_signals[i], &former[i], NULL);
	if (!screen->terminal)
		return error_set(err, ERROR_INPUT, "this machine knows neither the terminal '%.40s' nor xterm nor vt100",
				 type ? type : "");
	if (!capability("cup"))
		return error_set(err, ERROR_INPUT, "the terminal '%.40s' cannot move its cursor; all commands work without the deck",
				 type ? type : "");
	return true;
}

/* Colours that a theme can be made for. A terminal that counts in millions means something else by most numbers. */
static int theme_colours(void)
{
	return COLORS > 256 ? 8 : COLORS == 256 ? 256 : COLORS >= 16 ? 16 : COLORS >= 8 ? 8 : 0;
}

static void prepare(struct screen *screen)
{
	const char *place = capability("cup");
	const char *ssh = env_variable("SSH_CONNECTION"), *tmux = env_variable("TMUX"), *set = env_variable("ESCDELAY");
	long delay = set ? strtol(set, NULL, 10) : 0;

	raw();
	noecho();
	nonl();
	idlok(stdscr, TRUE);
	typeahead(-1); /* a painting is never left half done because a key waits */
	/* What takes this for an escape sequence of the usual kind takes the mode, or ignores it. */
	screen->pastes = place[0] == '\033' && place[1] == '[';
	screen->links = screen->links && screen->pastes;
	screen->escape_ms = delay > 0 && delay <= ESCAPE_MAX_MS ? (int)delay : (ssh && *ssh) || (tmux && *tmux) ? ESCAPE_FAR_MS : ESCAPE_MS;
	keypad(stdscr, TRUE);
	screen_define_keys(screen);
	/* Until it has been left once, curses sends a frame in a hundred pieces: one at each move of the cursor. */
	endwin();
	doupdate();
}

/* ---- size ---- */

static int within(int size)
{
	return size < 1 ? 1 : size > SCREEN_SIDE_MAX ? SCREEN_SIDE_MAX : size;
}

/* One that says nothing has the size of its kind. */
static void ask_size(struct screen *screen)
{
	struct winsize size = { 0 };

	if (ioctl(screen->out_fd, TIOCGWINSZ, &size) < 0 || size.ws_row == 0 || size.ws_col == 0) {
		screen->rows = within(screen->rows > 0 ? screen->rows : LINES);
		screen->columns = within(screen->columns > 0 ? screen->columns : COLS);
	} else {
		screen->rows = within(size.ws_row);
		screen->columns = within(size.ws_col);
	}
	if (screen->rows != LINES || screen->columns != COLS)
		resizeterm(screen->rows, screen->columns);
	wresize(stdscr, screen->rows, screen->columns);
	screen_forget_shown(screen);
	screen->everything = true;
}

/* Our modes again, as a shell may have changed them, if it had the terminal in between. */
static void enter(struct screen *screen)
{
	AUTO(str_clear) struct str bytes = STR_INIT(200);
	const char *region = capability("csr");

	reset_prog_mode();
	ask_size(screen);
	screen_arm(screen);
	/* curses sets what scrolls once, for the size that it began with. */
	if (region)
		screen_add_capability(&bytes, tparm(region, 0L, screen->rows - 1L, 0L, 0L, 0L, 0L, 0L, 0L, 0L));
	if (screen->pastes)
		str_add(&bytes, PASTES_ON);
	screen_mouse_add(screen, &bytes);
	screen_send(screen, bytes.text, bytes.len);
}

void screen_resize(struct screen *screen)
{
	if (!screen->away) /* else it is asked for when it comes back */
		enter(screen);
}

void screen_size(const struct screen *screen, int *ret_rows, int *ret_columns)
{
	*ret_rows = screen->rows;
	*ret_columns = screen->columns;
}

/* ---- open and close ---- */

static void free_screen(struct screen *screen)
{
	if (screen->terminal) {
		if (!screen->away)
			endwin();
		delscreen(screen->terminal);
	}
	screen_restore_end();
	close_descriptors(screen);
	if (screen->locale)
		setlocale(LC_CTYPE, screen->locale);
	screen_input_clear(&screen->input);
	str_clear(&screen->raw.text);
	free(screen->locale);
	free(screen->sequences);
	free(screen->shown);
	free(screen);
}

static bool start(struct screen *screen, const struct screen_options *options, const char **ret_note, struct error *err)
{
	const char *name = options->theme ? options->theme : "dark";
	struct theme theme;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return error_set(err, ERROR_INPUT, "the deck needs a terminal for input and output");
	/* Whatever is wrong is told before anything changes. */
	if (!theme_load(name, 0, &theme, err) || !open_descriptors(screen, options, err))
		return false;
	screen->locale = memory_copy_text(setlocale(LC_CTYPE, NULL));
	screen->utf8 = screen_take_locale();
	screen_restore_catch();
	screen_restore_arm(screen, "", 0);
	if (!open_curses(screen, ret_note, err))
		return false;
	screen->coloured = options->colour && has_colors() && start_color() == OK && use_default_colors() == OK && theme_colours() > 0;
	if (!theme_load(name, screen->coloured ? theme_colours() : 0, &theme, err))
		return false;
	prepare(screen);
	screen_use_theme(screen, &theme);
	divert(screen);
	enter(screen);
	return true;
}

bool screen_open(const struct screen_options *options, struct screen **ret_screen, const char **ret_note, struct error *err)
{
	struct screen *screen = memory_new(sizeof(*screen));

	screen->in_fd = screen->out_fd = screen->error_fd = screen->chatter_fd = -1;
	screen_input_open(&screen->input);
	screen->cursor_visible = true;
	screen->links = options->links;
	str_init(&screen->raw.text, STR_NO_LIMIT);
	if (!start(screen, options, ret_note, err)) {
		free_screen(screen);
		return false;
	}
	*ret_screen = screen;
	return true;
}

void screen_close(struct screen *screen)
{
	if (!screen)
		return;
	screen_leave(screen);
	free_screen(screen);
}

/* ---- to somebody else, and back ---- */

void screen_leave(struct screen *screen)
{
	if (screen->away)
		return;
	if (screen->pastes)
		screen_send(screen, PASTES_OFF, strlen(PASTES_OFF));
	if (screen->mouse)
		screen_send(screen, SCREEN_MOUSE_OFF, strlen(SCREEN_MOUSE_OFF));
	endwin();
	screen->away = true;
	screen_input_forget(&screen->input);
	screen_restore_disarm();
	undivert(screen);
}

void screen_return(struct screen *screen)
{
	screen->away = false;
	screen_restore_disarm();
	screen_restore_arm(screen, "", 0); /* with the settings as they were left by now */
	divert(screen);
	/* The second screen comes first: what some terminals save with it (the cursor's look) is the former state. */
	doupdate();
	enter(screen);
	screen->cursor_visible = true;
	screen_check_gone(screen);
}

static volatile sig_atomic_t continued;

static void on_continue(int number)
{
	(void)number;
	continued = 1;
}

/*
 * The whole job stops, as by the terminal's own ^Z: a script around us, too. A stop is thrown away by the system if no shell
 * could end it; that shows as nobody having continued us.
 */
static bool stop(void)
{
	struct sigaction note = { .sa_handler = on_continue, .sa_flags = SA_RESTART }, former;
	struct sigaction stops = { .sa_handler = SIG_DFL }, former_stops;
	sigset_t open, mask;

	continued = 0;
	sigemptyset(&open);
	sigaddset(&open, SIGTSTP);
	sigaddset(&open, SIGCONT);
	sigaction(SIGCONT, &note, &former);
	sigaction(SIGTSTP, &stops, &former_stops);
	sigprocmask(SIG_UNBLOCK, &open, &mask);
	kill(0, SIGTSTP);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	sigaction(SIGTSTP, &former_stops, NULL);
	sigaction(SIGCONT, &former, NULL);
	return continued;
}

bool screen_suspend(struct screen *screen)
{
	bool stopped;

	screen_leave(screen);
	stopped = stop();
	screen_return(screen);
	return stopped;
}

/* ---- small things ---- */

int screen_fd(const struct screen *screen)
{
	return screen->in_fd;
}

bool screen_speaks_utf8(const struct screen *screen)
{
	return screen->utf8;
}

void screen_repaint(struct screen *screen)
{
	screen->everything = true;
}

bool screen_theme(struct screen *screen, const char *name, struct error *err)
{
	struct theme theme;

	if (!theme_load(name, screen->coloured ? theme_colours() : 0, &theme, err))
		return false;
	screen_use_theme(screen, &theme);
	screen_forget_shown(screen);
	return true;
}

/* Readable without a byte to read is the end; twice, as somebody else may have been faster once. */
bool screen_check_gone(struct screen *screen)
{
	struct pollfd ready = { .fd = screen->in_fd, .events = POLLIN };
	int waiting = 0;

	for (int i = 0; i < 2 && waiting == 0 && !screen->gone; i++) {
		if (poll(&ready, 1, 0) <= 0)
			return false;
		screen->gone = (ready.revents & (POLLHUP | POLLERR | POLLNVAL)) || ioctl(screen->in_fd, FIONREAD, &waiting) < 0;
	}
	screen->gone = screen->gone || waiting == 0;
	return screen->gone;
}

bool screen_is_gone(const struct screen *screen)
{
	return screen->gone;
}

void screen_bell(struct screen *screen)
{
	if (!screen->away && !screen->gone)
		beep();
}

void screen_send(struct screen *screen, const char *bytes, size_t len)
{
	while (len > 0 && !screen->away && !screen->gone) {
		ssize_t written = write(screen->out_fd, bytes, len);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0) {
			screen->gone = true;
			return;
		}
		bytes += written;
		len -= (size_t)written;
	}
}
