/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The one loop: waits for keys, signals, answers, posts, events and the store's doorbell, takes all that is there, and
 * paints once. Without news it does not wake.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "deck.h"
#include "ledgerdeck/core/memory.h"

#define FRAME_MS 50          /* at most 20 frames a second of what others do; keys are answered at once */
#define RESIZE_MS 50         /* a burst of sizes is one */
#define SETTLE_MS 200        /* silence after which what was typed at once is a whole */

struct loop {
	struct deck *deck;
	int doorbell;            /* inotify; -1: none */
	bool watched;            /* the doorbell is watched */
	int awaited;             /* the watch of its directory until it is there; -1: none */
	bool rung;               /* the store has changed, not told yet */
	bool resized;
	int64_t resized_ms, frame_ms, key_ms; /* ticks; when last */
	int64_t aged_ms;         /* ticks: until then the last frame tells the time right; -1: it tells none */
	bool typed;              /* a key came: paint at once */
	bool pending;            /* something has come from elsewhere, and is taken with the next frame */
};

/* ---- signals: a handler writes a byte, the loop reads it */

static int signal_pipe[2] = { -1, -1 };

static void on_signal(int number)
{
	int kept = errno;
	char byte = (char)number;

	/* A full pipe has news enough. */
	if (write(signal_pipe[1], &byte, 1) < 0)
		errno = kept;
	errno = kept;
}

static bool signals_open(struct error *err)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };

	if (pipe2(signal_pipe, O_CLOEXEC | O_NONBLOCK) != 0)
		return error_set(err, ERROR_INTERNAL, "cannot make a pipe for signals: %s", strerror(errno));
	sigemptyset(&action.sa_mask);
	sigaction(SIGWINCH, &action, NULL);
	sigaction(SIGCONT, &action, NULL);
	sigaction(SIGUSR2, &action, NULL);
	return true;
}

static void signals_close(void)
{
	signal(SIGWINCH, SIG_DFL);
	signal(SIGCONT, SIG_DFL);
	signal(SIGUSR2, SIG_IGN);
	close(signal_pipe[0]);
	close(signal_pipe[1]);
	signal_pipe[0] = signal_pipe[1] = -1;
}

static int64_t ticks(const struct loop *loop)
{
	return loop->deck->app->env.ticks_ms(loop->deck->app->env.ctx);
}

static void take_signals(struct loop *loop)
{
	char bytes[64];
	ssize_t got;

	while ((got = read(signal_pipe[0], bytes, sizeof(bytes))) > 0)
		for (ssize_t i = 0; i < got; i++) {
			if (bytes[i] == SIGUSR2) {
				deck_load_keys(loop->deck, true);
				continue;
			}
			if (!loop->resized)
				loop->resized_ms = ticks(loop);
			loop->resized = true;
		}
}

/* ---- the doorbell */

static int watch_directory(int fd, const char *path)
{
	AUTO(str_clear) struct str directory = STR_INIT(8192);
	const char *slash = strrchr(path, '/');

	str_add_bytes(&directory, slash ? path : ".", slash && slash > path ? (size_t)(slash - path) : 1);
	return inotify_add_watch(fd, directory.text, IN_CREATE | IN_MOVED_TO);
}

static void watch(struct loop *loop)
{
	AUTO(str_clear) struct str path = STR_INIT(8192);

	if (loop->watched || loop->doorbell < 0)
		return;
	reader_add_doorbell(loop->deck->reader, &path);
	if (path.len == 0)
		return;
	loop->watched = inotify_add_watch(loop->doorbell, path.text, IN_MODIFY | IN_CLOSE_WRITE | IN_ATTRIB) >= 0;
	if (!loop->watched && loop->awaited >= 0)
		return;
	/* A copy that nobody has written to has none: it comes with the first writer. */
	if (!loop->watched)
		loop->awaited = watch_directory(loop->doorbell, path.text);
	else if (loop->awaited >= 0)
		inotify_rm_watch(loop->doorbell, loop->awaited);
	/* What happened between the answer and now. */
	loop->rung = true;
}

static void take_rings(struct loop *loop)
{
	char events[4096];

	while (read(loop->doorbell, events, sizeof(events)) > 0)
		loop->rung = true;
}

/* ---- painting */

static void show(struct loop *loop)
{
	struct deck *deck = loop->deck;
	const struct view *top = deck_top(deck);
	int64_t ages_ms = top->kind->ages_ms && !deck->held ? top->kind->ages_ms(top) : -1;

	deck_paint(deck, &deck->canvas);
	deck->dirty = deck->urgent = false;
	loop->typed = false;
	loop->frame_ms = ticks(loop);
	loop->aged_ms = ages_ms < 0 ? -1 : loop->frame_ms + ages_ms;
	/* An address is there to be selected, which only the terminal can. */
	screen_mouse_on(deck->screen, deck->mouse && !deck->canvas.raw.text);
	if (!screen_show(deck->screen, &deck->canvas))
		deck->leaving = true;
}

static void resize(struct loop *loop)
{
	struct deck *deck = loop->deck;
	int rows, columns;

	loop->resized = false;
	screen_resize(deck->screen);
	screen_size(deck->screen, &rows, &columns);
	canvas_resize(&deck->canvas, rows, columns);
}

/* What was asked first is there sooner than anybody could read that it is not yet: the first frame is one among others. */
static void begin(struct loop *loop)
{
	resize(loop);
	loop->frame_ms = ticks(loop);
	deck_dirty(loop->deck);
}

static bool unsettled(const struct loop *loop)
{
	const struct view *top = deck_top(loop->deck);

	return top->kind->unsettled && top->kind->unsettled(top);
}

static int sooner(int wait, int64_t left)
{
	if (left < 0)
		left = 0;
	return wait < 0 || left < wait ? (int)left : wait;
}

/* A burst of sizes is one frame, and that one of the twenty, too. */
static int64_t resize_due_ms(const struct loop *loop)
{
	int64_t whole_ms = loop->resized_ms + RESIZE_MS, frame_ms = loop->frame_ms + FRAME_MS;

	return whole_ms > frame_ms ? whole_ms : frame_ms;
}

/* How long the loop may sleep; -1: until something comes. */
static int wait_ms(const struct loop *loop)
{
	int paste_ms = screen_wait_ms(loop->deck->screen), wait = -1;
	int64_t now_ms = ticks(loop), waited_ms = deck_waited_ms(loop->deck);

	if (loop->aged_ms >= 0)
		wait = sooner(wait, loop->aged_ms - now_ms);
	if (loop->resized)
		wait = sooner(wait, resize_due_ms(loop) - now_ms);
	else if (loop->deck->dirty || loop->rung || loop->pending)
		wait = sooner(wait, loop->frame_ms + FRAME_MS - now_ms);
	/* What does not come is told, and how long it takes already. */
	if (waited_ms >= 0)
		wait = sooner(wait, waited_ms < DECK_WAIT_MS ? DECK_WAIT_MS - waited_ms : 1000 - waited_ms % 1000);
	if (unsettled(loop))
		wait = sooner(wait, loop->key_ms + SETTLE_MS - now_ms);
	if (paste_ms >= 0)
		wait = sooner(wait, paste_ms);
	return wait;
}

/*
 * What comes from elsewhere is taken in only where it is painted at once: a key acts on what was on the screen when it
 * was typed.
 */
static bool may_take(const struct loop *loop)
{
	const struct view *top = deck_top(loop->deck);

	return loop->typed || (top->asking && top->keyed) || ticks(loop) - loop->frame_ms >= FRAME_MS;
}

static void take_paste(struct deck *deck)
{
	struct secret *text = screen_take_paste(deck->screen);

	if (text)
		deck_paste(deck, text);
	else
		deck_say(deck, ROLE_WARN, "What was pasted is longer than anything that is asked for here; nothing was done with it.");
}

static void take_keys(struct loop *loop)
{
	struct deck *deck = loop->deck;
	struct key key;

	/* All that wait, then one frame. */
	while (!deck->leaving && screen_key(deck->screen, &key)) {
		loop->typed = true;
		loop->key_ms = ticks(loop);
		if (key.code == INPUT_PASTE)
			take_paste(deck);
		else if (key.code == INPUT_MOUSE)
			deck_mouse(deck, screen_mouse(deck->screen));
		else
			deck_key(deck, key);
	}
	if (screen_is_gone(deck->screen))
		deck->leaving = true;
}

static void turn(struct loop *loop)
{
	struct deck *deck = loop->deck;
	bool held = loop->pending && !may_take(loop), other_size;
	struct pollfd fds[] = {
		{ .fd = screen_fd(deck->screen), .events = POLLIN },
		{ .fd = signal_pipe[0], .events = POLLIN },
		{ .fd = held ? -1 : reader_fd(deck->reader), .events = POLLIN },
		{ .fd = held ? -1 : tasks_fd(deck->tasks), .events = POLLIN },
		{ .fd = held || !deck->app->events ? -1 : queue_fd(deck->app->events), .events = POLLIN },
		{ .fd = loop->doorbell, .events = POLLIN },
		{ .fd = deck->app->cancel ? cancel_fd(deck->app->cancel) : -1, .events = POLLIN },
	};
	int ready = poll(fds, ARRAY_LEN(fds), wait_ms(loop));
	int64_t now_ms = ticks(loop);

	if (loop->aged_ms >= 0 && now_ms >= loop->aged_ms)
		deck_dirty(deck);
	if (ready < 0 && errno != EINTR)
		deck->leaving = true;
	if (cancel_asked(deck->app->cancel) || (fds[0].revents & (POLLHUP | POLLERR | POLLNVAL)))
		deck->leaving = true;
	take_signals(loop);
	if (fds[5].revents)
		take_rings(loop);
	if (!deck->leaving)
		take_keys(loop);
	if (unsettled(loop) && now_ms - loop->key_ms >= SETTLE_MS) {
		deck_top(deck)->kind->settle(deck_top(deck));
		deck_dirty(deck);
	}
	if (deck_waited_ms(deck) >= DECK_WAIT_MS)
		deck_dirty(deck);
	loop->pending = loop->pending || fds[2].revents || fds[3].revents || fds[4].revents;
	if (may_take(loop)) {
		loop->pending = false;
		deck_deliver(deck);
	}
	watch(loop);
	if (loop->rung && now_ms - loop->frame_ms >= FRAME_MS) {
		loop->rung = false;
		deck_rung(deck);
	}
	other_size = loop->resized && now_ms >= resize_due_ms(loop);
	if (other_size)
		resize(loop);
	if (other_size || (!deck->leaving && deck->dirty &&
			   (loop->typed || deck->urgent || (!loop->resized && now_ms - loop->frame_ms >= FRAME_MS))))
		show(loop);
}

bool loop_run(struct deck *deck, struct error *err)
{
	struct loop loop = { .deck = deck, .doorbell = inotify_init1(IN_CLOEXEC | IN_NONBLOCK), .awaited = -1 };

	if (!signals_open(err))
		return false;
	begin(&loop);
	while (!deck->leaving)
		turn(&loop);
	signals_close();
	if (loop.doorbell >= 0)
		close(loop.doorbell);
	return true;
}
