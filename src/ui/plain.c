/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a view draws becomes lines here, and what is typed the keys and actions of the deck. */
#include "plain.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "dialog.h"
#include "job.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/utf8.h"
#include "pager.h"
#include "table.h"

#define ROWS 30          /* of a view that are told at once */
#define COLUMNS 118      /* narrow enough for one pane */
#define INPUT_MAX ((size_t)65536)
#define PENDING_MAX 4

struct plain {
	struct deck *deck;
	int in, out;
	struct canvas_plain canvas;
	struct secret *input;        /* owned: what was typed may be a secret */
	size_t len;
	bool person;                 /* types: he does not wait for what works, a script does */
	bool ended;                  /* no more input */
	bool gone;                   /* nobody reads what is written */
	bool due;                    /* the view is to be told */
	bool again;                  /* also when it is as it was told last */
	struct str view;             /* as it was told last */
	bool helped;                 /* what can be typed was told */
	size_t told;                 /* messages */
	enum action pending[PENDING_MAX]; /* done one after the other, each when the one before has settled */
	size_t pending_count;
};

/* ---- what is typed in secret: the terminal's own echo is off meanwhile */

static struct termios shown;
static volatile sig_atomic_t is_hidden;

void plain_restore(void)
{
	if (!is_hidden)
		return;
	tcsetattr(STDIN_FILENO, TCSADRAIN, &shown);
	is_hidden = 0;
}

static void hide(const struct plain *plain, bool hidden)
{
	struct termios silent;

	if (!hidden) {
		plain_restore();
		return;
	}
	if (is_hidden || plain->in != STDIN_FILENO || tcgetattr(STDIN_FILENO, &shown) != 0)
		return;
	silent = shown;
	silent.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
	is_hidden = 1;
	tcsetattr(STDIN_FILENO, TCSADRAIN, &silent);
}

/* ---- telling */

static void say(struct plain *plain, const char *text, size_t len)
{
	while (len > 0 && !plain->gone) {
		ssize_t written = write(plain->out, text, len);

		if (written < 0 && errno == EINTR)
			continue;
		plain->gone = written <= 0;
		text += written;
		len -= written > 0 ? (size_t)written : 0;
	}
}

static void add_line(const struct plain *plain, struct str *out, const char *text)
{
	text_add_line(out, plain->deck->canvas.mode, text, strlen(text));
	str_add_char(out, '\n');
}

static void say_line(struct plain *plain, const char *text)
{
	AUTO(str_clear) struct str line = STR_INIT(STR_NO_LIMIT);

	add_line(plain, &line, text);
	say(plain, line.text, line.len);
}

static void tell_messages(struct plain *plain)
{
	struct deck *deck = plain->deck;

	while (plain->told < deck->message_count) {
		const struct message *message = deck_message(deck, deck->message_count - 1 - plain->told++);

		if (message)
			say_line(plain, message->text);
	}
}

/* Two blanks are enough between columns that nobody sees. */
static void add_cells(const struct canvas *canvas, int y, int from, struct str *out)
{
	int blanks = 0;

	for (int x = from; x < canvas->columns; x++) {
		const struct canvas_cell *cell = canvas_at(canvas, y, x);

		if (cell->width == 0)
			continue;
		if (cell->bytes[0] == ' ' || cell->bytes[0] == '\0') {
			blanks++;
			continue;
		}
		if (out->len > 0 && blanks > 0)
			str_add(out, blanks > 1 ? "  " : " ");
		blanks = 0;
		str_add(out, cell->bytes);
	}
}

static const struct canvas_choice *choice_at(const struct canvas_plain *canvas, int y)
{
	for (size_t i = 0; i < canvas->count; i++)
		if (canvas->choices[i].y == y)
			return &canvas->choices[i];
	return NULL;
}

static void add_row(const struct plain *plain, int y, struct str *out)
{
	const struct canvas *canvas = &plain->deck->canvas;
	const struct canvas_choice *choice = choice_at(&plain->canvas, y);
	AUTO(str_clear) struct str line = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str cells = STR_INIT(STR_NO_LIMIT);

	/* The signs of cursor and mark stand in the first two columns. */
	if (choice)
		str_addf(&line, "%s%lld%s  ", canvas_at(canvas, y, 0)->bytes[0] == '>' ? "> " : "", (long long)choice->row + 1,
			 canvas_at(canvas, y, 1)->bytes[0] == '*' ? " marked" : "");
	add_cells(canvas, y, choice ? 2 : 0, &cells);
	str_add(&line, cells.text);
	if (line.len > 0)
		add_line(plain, out, line.text);
}

static void add_rest(const struct plain *plain, struct str *out)
{
	struct view *top = deck_top(plain->deck);
	const struct table *table = plain->canvas.table;
	const struct pager *pager = !table && top->kind->pager ? top->kind->pager(top) : NULL;
	long long first = 0, last = 0, all = 0;

	if (table && plain->canvas.count > 0) {
		first = plain->canvas.choices[0].row + 1;
		last = plain->canvas.choices[plain->canvas.count - 1].row + 1;
		all = table->count;
	} else if (pager) {
		first = (long long)pager->top + 1;
		last = (long long)(pager->top + (size_t)pager->page < pager->row_count ? pager->top + (size_t)pager->page : pager->row_count);
		all = (long long)pager->row_count;
	}
	if (first > 1 || last < all)
		str_addf(out, "%s %lld to %lld of %lld; 'more' and 'less' turn the page.\n", table ? "Rows" : "Lines", first, last, all);
}

static void paint(struct plain *plain)
{
	plain->deck->message_shown = false;
	/* Twice: what fits is known only once it was drawn. */
	for (int i = 0; i < 2; i++) {
		plain->canvas.count = 0;
		plain->canvas.table = NULL;
		deck_paint(plain->deck, &plain->deck->canvas);
	}
}

/* What was told last is not told again, unless it was asked for. */
static void tell_view(struct plain *plain)
{
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);
	struct canvas *canvas = &plain->deck->canvas;
	int raw_rows = 0;

	paint(plain);
	if (canvas->raw.text)
		raw_rows = (int)strlen(canvas->raw.text) / canvas->columns + 1;
	for (int y = 0; y < canvas->rows; y++) {
		if (canvas->raw.text && y == canvas->raw.y)
			add_line(plain, &text, canvas->raw.text); /* as one line, whatever its length */
		else if (!canvas->raw.text || y < canvas->raw.y || y >= canvas->raw.y + raw_rows)
			add_row(plain, y, &text);
	}
	if (!plain->deck->dialog)
		add_rest(plain, &text);
	if (plain->again || strcmp(text.text, plain->view.text) != 0) {
		say(plain, "\n", 1);
		say(plain, text.text, text.len);
	}
	str_reset(&plain->view);
	str_add(&plain->view, text.text);
	plain->due = plain->again = false;
	if (!plain->helped)
		say_line(plain, "Type a row's number to open it, a key or the name of an action to carry it out (behind a number: on that row), /words to "
				"filter, :command to run one, b to go back, ? for all keys, q to leave.");
	plain->helped = true;
}

/* ---- what is asked */

static struct job *asking_job(const struct deck *deck)
{
	for (size_t i = 0; i < deck->job_count; i++)
		if (deck->jobs[i]->asks && job_view_shows(deck_top(deck), deck->jobs[i]))
			return deck->jobs[i];
	return NULL;
}

static bool asks_secret(const struct deck *deck)
{
	const struct job *job = asking_job(deck);

	return job && job->kind != ASK_LINE && !deck->dialog;
}

static void prompt(struct plain *plain)
{
	const struct job *job = asking_job(plain->deck);
	bool secret = asks_secret(plain->deck);

	if (plain->deck->dialog)
		say(plain, "Answer: ", 8);
	else if (plain->deck->prompt.kind == PROMPT_TEXT)
		say(plain, plain->deck->prompt.label, strlen(plain->deck->prompt.label));
	else if (job)
		say(plain, secret ? "Answer (not shown): " : "Answer: ", secret ? 20 : 8);
	else
		say(plain, "ledgerdeck: ", 12);
}

/* ---- what is typed */

static void type_text(struct deck *deck, const char *text)
{
	size_t len = strlen(text);

	for (size_t at = 0; at < len;) {
		size_t step = utf8_len(text + at, len - at);

		if (step > 0)
			deck_key(deck, (struct key){ .code = utf8_decode(text + at, step) });
		at += step > 0 ? step : 1;
	}
}

static void press(struct deck *deck, uint32_t code)
{
	deck_key(deck, (struct key){ .code = code });
}

static void answer_dialog(struct deck *deck, const char *line)
{
	if (*line)
		type_text(deck, line);
	/* Enter confirms a name; on what wants a key it cancels. */
	if (deck->dialog && !dialog_is_looking(deck))
		press(deck, *line ? INPUT_ENTER : INPUT_ESCAPE);
}

static void filter(struct plain *plain, const char *text)
{
	struct deck *deck = plain->deck;

	deck_act(deck, ACTION_FILTER);
	if (deck->prompt.kind != PROMPT_FILTER)
		return;
	line_set(&deck->prompt.line, "");
	press(deck, INPUT_BACKSPACE);
	type_text(deck, text);
	if (*deck->prompt.complaint)
		say_line(plain, deck->prompt.complaint);
	press(deck, *deck->prompt.complaint ? INPUT_ESCAPE : INPUT_ENTER);
}

static void command(struct deck *deck, enum action how, const char *text)
{
	deck_act(deck, how);
	if (deck->prompt.kind == PROMPT_NONE)
		return;
	line_insert(&deck->prompt.line, text, strlen(text));
	press(deck, INPUT_ENTER);
	if (*deck->prompt.complaint)
		deck_say(deck, ROLE_ERROR, "%s", deck->prompt.complaint);
	if (deck->prompt.kind != PROMPT_NONE)
		prompt_close(deck);
}

/* By its id, by a key in force, or by one of a few words. */
static enum action action_of_word(const struct deck *deck, const char *word)
{
	static const struct {
		const char *word;
		enum action action;
	} words[] = { { "more", ACTION_PAGE_DOWN }, { "less", ACTION_PAGE_UP }, { "b", ACTION_BACK }, { "?", ACTION_HELP }, { "q", ACTION_CLOSE } };
	enum action action = action_by_id(word);
	struct key key;

	if (action == ACTION_NONE && key_parse(word, strlen(word), &key))
		action = keys_action(deck->keys, key, deck_where(deck));
	for (size_t i = 0; action == ACTION_NONE && i < ARRAY_LEN(words); i++)
		if (strcmp(words[i].word, word) == 0)
			action = words[i].action;
	return action;
}

static void carry_out(struct deck *deck, enum action action)
{
	const struct view *top = deck_top(deck);

	/* What keys may do, and no more: a place where it does not count has no answer to it. */
	if (action == ACTION_QUIT || (deck->ending && action == ACTION_CLOSE))
		deck_leave(deck);
	else if (!deck_act(deck, action))
		deck_say(deck, ROLE_MESSAGE, "'%s' does nothing in '%s'.", action_row(action)->id, top->kind->name);
}

/* By a step, so that the view takes note of where its cursor is. */
static void go_to(struct plain *plain, int64_t row)
{
	struct table *table = plain->canvas.table;

	if (table->cursor == row)
		return;
	table_go(table, row > 0 ? row - 1 : 1);
	deck_act(plain->deck, row > 0 ? ACTION_DOWN : ACTION_UP);
}

static void choose(struct plain *plain, long long number, enum action action)
{
	struct deck *deck = plain->deck;
	struct table *table = plain->canvas.table;
	bool is_shown = false;

	for (size_t i = 0; i < plain->canvas.count; i++)
		is_shown = is_shown || plain->canvas.choices[i].row + 1 == number;
	if (!table || !is_shown) {
		deck_say(deck, ROLE_WARN, "No row with the number %lld was told.", number);
		return;
	}
	go_to(plain, number - 1);
	plain->pending[plain->pending_count++] = action;
}

/* Rows are told by pages: the next one begins behind the last that was told. */
static bool turn_page(struct plain *plain, enum action action)
{
	struct table *table = plain->canvas.table;
	int64_t to;

	if (!table || plain->canvas.count == 0 || (action != ACTION_PAGE_DOWN && action != ACTION_PAGE_UP))
		return false;
	to = action == ACTION_PAGE_DOWN ? plain->canvas.choices[plain->canvas.count - 1].row + 1 : plain->canvas.choices[0].row - table->page;
	if (to >= table->count)
		to = table->count - 1;
	if (to < 0)
		to = 0;
	go_to(plain, to);
	table->top = to;
	return true;
}

static void take_words(struct plain *plain, const char *line)
{
	struct deck *deck = plain->deck;
	enum action action = ACTION_OPEN;
	char *rest;
	long long number = strtoll(line, &rest, 10);
	bool numbered = rest > line && number > 0 && (*rest == '\0' || *rest == ' ');

	while (numbered && *rest == ' ')
		rest++;
	/* A digit that is a key of the deck is one only behind a colon: numbers are rows here. */
	if (!numbered || *rest)
		action = action_of_word(deck, numbered ? rest : line);
	if (action == ACTION_NONE)
		deck_say(deck, ROLE_WARN, "'%.60s' is neither a row's number, nor a key or an action that counts here.", line);
	else if (numbered)
		choose(plain, number, action);
	else if (!turn_page(plain, action))
		carry_out(deck, action);
}

static void take_line(struct plain *plain, const char *line)
{
	struct deck *deck = plain->deck;
	struct job *job = asking_job(deck);

	plain->due = true;
	deck->moved = false;
	if (deck->dialog) {
		answer_dialog(deck, line);
	} else if (deck->prompt.kind == PROMPT_TEXT) {
		line_set(&deck->prompt.line, line);
		press(deck, INPUT_ENTER);
	} else if (job && strcmp(line, ":cancel") != 0) {
		/* Still hidden: the next question may be one for a secret, too, and some type ahead. */
		if (job->kind != ASK_LINE)
			say(plain, "\n", 1); /* the one that was typed was not shown */
		job_answer(job, secret_copy(line, strlen(line)));
	} else if (*line == '/') {
		filter(plain, line + 1);
	} else if (*line == ':' && line[1]) {
		command(deck, ACTION_PALETTE, line + 1);
	} else if (*line == '|' && line[1]) {
		command(deck, ACTION_PIPE, line + 1);
	} else if (*line) {
		take_words(plain, line);
	} else {
		plain->again = true;
		deck_store_changed(deck);
	}
}

/* ---- the loop */

/* The command that is shown, or a small act whose result is told on its own. */
static bool is_working(const struct deck *deck)
{
	for (size_t i = 0; i < deck->job_count; i++) {
		const struct job *job = deck->jobs[i];

		if (job_is_running(job) && !job->asks && (*job->done.act || job_view_shows(deck_top(deck), job)))
			return true;
	}
	return false;
}

/* What is taken while it works: what stops it, or goes away from it. */
static bool is_way_out(const char *bytes, size_t len)
{
	static const char *const lines[] = { "cancel", "b", "q", "quit" };

	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		if (strlen(lines[i]) == len && memcmp(lines[i], bytes, len) == 0)
			return true;
	return false;
}

static bool is_settled(const struct deck *deck)
{
	return !deck_top(deck)->asking && !dialog_is_looking(deck) && !copies_is_reading(deck) && !is_working(deck) && !deck->ending;
}

static void read_input(struct plain *plain)
{
	char *bytes = secret_edit(plain->input);
	ssize_t got = read(plain->in, bytes + plain->len, INPUT_MAX - 1 - plain->len);

	if (got > 0)
		plain->len += (size_t)got;
	else if (got == 0 || errno != EINTR)
		plain->ended = true;
	/* A line that is longer than anything is none. */
	if (plain->len == INPUT_MAX - 1 && !memchr(bytes, '\n', plain->len))
		plain->len = 0;
}

/* The line is gone from memory once it was taken. */
static bool take_input(struct plain *plain, bool settled)
{
	char *bytes = secret_edit(plain->input);
	char *end = memchr(bytes, '\n', plain->len);
	size_t len = end ? (size_t)(end - bytes) : plain->len;
	AUTO(secret_freep) struct secret *line = NULL;

	if (!end && !(plain->ended && plain->len > 0))
		return false;
	if (!settled && !(plain->person && (is_working(plain->deck) || plain->deck->ending) && is_way_out(bytes, len)))
		return false;
	line = secret_copy(bytes, len > 0 && bytes[len - 1] == '\r' ? len - 1 : len);
	len += end != NULL;
	memmove(bytes, bytes + len, plain->len - len);
	memset(bytes + plain->len - len, 0, len);
	plain->len -= len;
	take_line(plain, secret_reveal(line));
	return true;
}

/* One thing that can be done now; false: nothing but waiting is left. */
static bool step(struct plain *plain)
{
	struct deck *deck = plain->deck;
	bool settled;

	deck_deliver(deck);
	tell_messages(plain);
	settled = is_settled(deck);
	if (settled && plain->pending_count > 0) {
		enum action action = plain->pending[0];

		memmove(plain->pending, plain->pending + 1, --plain->pending_count * sizeof(action));
		carry_out(deck, action);
		return true;
	}
	if (settled && plain->due) {
		/* Before it is asked for. */
		hide(plain, asks_secret(deck));
		tell_view(plain);
		tell_messages(plain);
		prompt(plain);
	}
	if (take_input(plain, settled))
		return true;
	if (settled && plain->ended && !deck->leaving) {
		deck_end(deck);
		return true;
	}
	return false;
}

static void wait_for_news(struct plain *plain)
{
	struct deck *deck = plain->deck;
	struct pollfd fds[] = {
		{ .fd = plain->ended || plain->len == INPUT_MAX - 1 ? -1 : plain->in, .events = POLLIN },
		{ .fd = reader_fd(deck->reader), .events = POLLIN },
		{ .fd = tasks_fd(deck->tasks), .events = POLLIN },
		{ .fd = deck->app->events ? queue_fd(deck->app->events) : -1, .events = POLLIN },
		{ .fd = deck->app->cancel ? cancel_fd(deck->app->cancel) : -1, .events = POLLIN },
	};

	if (poll(fds, ARRAY_LEN(fds), -1) < 0 && errno != EINTR)
		deck->leaving = true;
	if (fds[0].revents)
		read_input(plain);
}

bool plain_run(struct deck *deck, int in, int out, struct error *err)
{
	struct plain plain = { .deck = deck, .in = in, .out = out, .due = true, .input = secret_new(INPUT_MAX),
			       .person = isatty(in) };

	(void)err;
	str_init(&plain.view, STR_NO_LIMIT);
	deck->plain = true;
	deck->canvas.plain = &plain.canvas;
	canvas_resize(&deck->canvas, ROWS, COLUMNS);
	while (!deck->leaving) {
		if (!step(&plain) && !deck->leaving)
			wait_for_news(&plain);
		if (cancel_asked(deck->app->cancel) || plain.gone)
			deck->leaving = true;
	}
	tell_messages(&plain);
	hide(&plain, false);
	deck->canvas.plain = NULL;
	free(plain.canvas.choices);
	str_clear(&plain.view);
	secret_free(plain.input);
	return true;
}
