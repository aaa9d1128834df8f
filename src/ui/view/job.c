/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A command as a conversation: what it says, what it asks, what it gives. When it shows an address for a browser (the
 * guided connect), that stands raw at the left edge, so that it can be selected as one line, with keys of its own.
 */
#include <qrencode.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "job.h"
#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/memory.h"
#include "outside.h"
#include "pager.h"
#include "table.h"

#define QUIET 2              /* cells of light around a QR code */
#define BURST_MAX 65536      /* of a paste without marks */

struct job_view {
	struct view view;
	struct job *job;     /* borrowed: the deck's */
	struct line line;
	struct secret *burst; /* owned: keys that may be a paste; NULL: none */
	size_t burst_len;
	struct pager pager;
	struct table table;
	uint64_t written;    /* the job's news that the pager has */
	int note_rows;       /* that the notes took above a table */
	bool code;           /* a QR code covers the page */
};

static struct job_view *of(struct view *view)
{
	return (struct job_view *)view;
}

static const struct job_view *of_const(const struct view *view)
{
	return (const struct job_view *)view;
}

static bool has_table(const struct job *job)
{
	return job->result && !job->result->object && job->result->raw.len == 0;
}

/* ---- the page: an address and what is said around it */

static int rows_of(const struct canvas *canvas, const struct job_line *line, int columns)
{
	int rows;

	if (line->whole && canvas->columns > 0)
		return ((int)strlen(line->text) + canvas->columns - 1) / canvas->columns;
	rows = canvas_wrap((struct canvas *)(uintptr_t)canvas, (struct rect){ 0, 0, 0, columns }, ROLE_TEXT, line->text, strlen(line->text), false);
	return rows > 0 ? rows : 1;
}

/* What is said last stands last; what has no room is cut off above, but never the address. */
static void draw_page(struct job_view *view, struct canvas *canvas, struct rect rect)
{
	const struct job *job = view->job;
	const char *address = job_address(job);
	int columns = rect.columns - 2, total = 0, y = rect.y;
	size_t from = 0;

	for (size_t i = 0; i < job->line_count; i++)
		total += rows_of(canvas, &job->lines[i], columns);
	while (total > rect.rows && from < job->line_count && job->lines[from].text != address)
		total -= rows_of(canvas, &job->lines[from++], columns);
	for (size_t i = from; i < job->line_count && y < rect.y + rect.rows; i++) {
		const struct job_line *line = &job->lines[i];

		if (line->text == address)
			canvas_raw(canvas, y, 0, line->text);
		else
			canvas_wrap(canvas, (struct rect){ y, rect.x + 1, rect.y + rect.rows - y, columns }, line->role, line->text,
				    strlen(line->text), true);
		y += rows_of(canvas, line, columns);
	}
}

static bool is_dark(const QRcode *code, int row, int column)
{
	row -= QUIET;
	column -= QUIET;
	return row >= 0 && column >= 0 && row < code->width && column < code->width && (code->data[row * code->width + column] & 1);
}

/* Half blocks, dark on light whatever the terminal's colours are. */
static void draw_code(struct job_view *view, struct canvas *canvas, struct rect rect)
{
	const char *address = view->job->code ? view->job->code : job_address(view->job);
	QRcode *code = address && !canvas->ascii ? QRcode_encodeString8bit(address, 0, QR_ECLEVEL_L) : NULL;
	int size = code ? code->width + 2 * QUIET : 0;
	char text[160];

	if (!code || size > rect.columns || (size + 1) / 2 + 1 > rect.rows) {
		snprintf(text, sizeof(text), code ? "The QR code needs %d columns and %d rows; the screen has fewer."
						  : "This terminal shows no QR codes.", size, (size + 1) / 2 + 1);
		canvas_add(canvas, rect.y, rect.x + 1, rect.columns - 1, ROLE_WARN, text);
		QRcode_free(code);
		return;
	}
	for (int row = 0; row < size; row += 2) {
		for (int column = 0; column < size; column++) {
			bool upper = is_dark(code, row, column), lower = is_dark(code, row + 1, column);

			canvas_add(canvas, rect.y + row / 2, rect.x + column, 1, ROLE_CODE,
				   upper && lower ? "\u2588" : upper ? "\u2580" : lower ? "\u2584" : " ");
		}
	}
	deck_draw(view->view.deck, canvas, rect.y + (size + 1) / 2, rect.x + 1, rect.columns - 1, ROLE_DIM,
		  "What the phone ends on must be pasted here: the address of its last page. {qr} shows the page again.");
	QRcode_free(code);
}

/* ---- a result */

static void table_cell(void *ctx, int64_t row, size_t column, struct table_cell *cell)
{
	struct job_view *view = ctx;
	const struct result *result = view->job->result;
	size_t at = 0;

	for (size_t i = 0; i < result->column_count; i++)
		if (!result->columns[i].detail && at++ == column)
			table_text(cell, ROLE_TEXT, result_cell(result, (size_t)row, i));
}

static void draw_table(struct job_view *view, struct canvas *canvas, struct rect rect)
{
	const struct result *result = view->job->result;
	struct table_source source = { .cell = table_cell, .ctx = view };
	struct table_column columns[TABLE_COLUMNS_MAX];
	size_t count = 0;

	for (size_t i = 0; i < result->column_count && count < TABLE_COLUMNS_MAX; i++) {
		const struct result_column *column = &result->columns[i];
		int least = column->width < 12 ? column->width : 12;

		if (column->detail)
			continue;
		columns[count] = (struct table_column){ column->name, least > 0 ? least : 1, column->width, (int)count,
							column->right ? COLUMN_RIGHT : 0 };
		count++;
	}
	if (count > 0 && !(columns[count - 1].flags & COLUMN_RIGHT))
		columns[count - 1].flags |= COLUMN_GROWS;
	table_keep(&view->table, (int64_t)result_rows(result), view->table.cursor);
	if (result_rows(result) == 0)
		canvas_add(canvas, rect.y + 1, rect.x + 2, rect.columns - 2, ROLE_DIM, "Nothing to show.");
	table_draw(&view->table, canvas, rect, columns, count, &source, true, true);
}

static int label_columns(const struct result *result)
{
	int longest = 0;

	for (size_t i = 0; result && i < result->column_count; i++)
		longest = (int)strlen(result->columns[i].name) > longest ? (int)strlen(result->columns[i].name) : longest;
	return longest + 2;
}

static void write_text(struct job_view *view)
{
	const struct job *job = view->job;
	const struct result *result = job->result;
	bool at_end = view->pager.top + (size_t)view->pager.page >= view->pager.row_count;
	char room[80];

	if (view->written == job->news && view->pager.line_count > 0)
		return;
	view->written = job->news;
	pager_clear(&view->pager);
	for (size_t i = 0; i < job->line_count; i++)
		pager_add(&view->pager, job->lines[i].role, job->lines[i].text);
	if (job->asks)
		result = NULL; /* of what came before the question */
	if (job->line_count > 0 && result)
		pager_add(&view->pager, ROLE_TEXT, "");
	if (result && result->raw.len > 0)
		pager_add(&view->pager, ROLE_TEXT, result->raw.text);
	view->pager.label_columns = label_columns(result);
	for (size_t i = 0; result && result->object && i < result->column_count; i++)
		pager_field(&view->pager, result->columns[i].name, ROLE_TEXT, result->cells[i] ? result->cells[i] : "");
	if (!job_is_running(job) && job->error.code != ERROR_NONE)
		pager_addf(&view->pager, job->error.code == ERROR_CANCELLED ? ROLE_WARN : ROLE_ERROR, "%s%s%s", job->error.text,
			   *job->error.trace_id ? ", trace id " : "", job->error.trace_id);
	if (view->pager.line_count == 0)
		pager_add(&view->pager, ROLE_DIM, job_is_running(job) ? deck_keyed(view->view.deck, "It runs; {cancel} stops it.", room, sizeof(room))
								      : "It had nothing to say.");
	if (at_end)
		view->pager.top = SIZE_MAX / 2;
}

/* ---- the question */

static void draw_question(struct job_view *view, struct canvas *canvas, struct rect rect)
{
	const struct job *job = view->job;
	int x = rect.x + 1;

	canvas_hline(canvas, rect.y, rect.x, rect.columns);
	view->line.hidden = job->kind != ASK_LINE;
	x += canvas_add(canvas, rect.y + 1, x, rect.columns - 1, ROLE_TITLE, job->question);
	if (job->kind == ASK_PASTE)
		canvas_add(canvas, rect.y + 1, x, rect.columns - (x - rect.x), ROLE_DIM, "(what you paste is not shown)");
	if (job->kind == ASK_HIDDEN && rect.columns - (x - rect.x) > 12)
		canvas_add(canvas, rect.y + 1, rect.x + rect.columns - 12, 12, ROLE_DIM, "(not shown)");
	if (job->kind == ASK_PASTE && view->burst_len == 0) {
		canvas->cursor_y = rect.y + 1;
		canvas->cursor_x = x < rect.columns ? x : rect.columns - 1;
		return;
	}
	line_draw(&view->line, canvas, rect.y + 1, x, rect.columns - (x - rect.x) - (job->kind == ASK_HIDDEN ? 13 : 1));
}

static void draw(struct view *base, struct canvas *canvas, struct rect rect)
{
	struct job_view *view = of(base);
	struct job *job = view->job;
	struct rect text = rect;
	int notes = 0;

	if (job->asks && rect.rows > 2) {
		text.rows -= 2;
		draw_question(view, canvas, (struct rect){ rect.y + text.rows, rect.x, 2, rect.columns });
	}
	if (view->code && job_address(job)) {
		draw_code(view, canvas, text);
		return;
	}
	if (job->asks && job->kind == ASK_PASTE && job_address(job)) {
		draw_page(view, canvas, text);
		return;
	}
	write_text(view);
	if (has_table(job)) {
		for (size_t i = 0; i < job->line_count && notes < text.rows / 3; i++)
			notes += canvas_wrap(canvas, (struct rect){ text.y + notes, text.x + 1, text.rows / 3 - notes, text.columns - 2 },
					     ROLE_DIM, job->lines[i].text, strlen(job->lines[i].text), true);
		draw_table(view, canvas, (struct rect){ text.y + notes, text.x, text.rows - notes, text.columns });
		return;
	}
	pager_draw(&view->pager, canvas, (struct rect){ text.y, text.x + 1, text.rows, text.columns - 2 });
}

/* ---- answers */

static void forget_typed(struct job_view *view)
{
	line_clear(&view->line);
	secret_free(view->burst);
	view->burst = NULL;
	view->burst_len = 0;
}

static void submit_line(struct job_view *view)
{
	job_answer(view->job, secret_copy(line_text(&view->line), view->line.len));
	forget_typed(view);
}

static void submit_burst(struct job_view *view)
{
	job_answer(view->job, secret_copy(secret_reveal(view->burst), view->burst_len));
	forget_typed(view);
}

static void add_burst(struct job_view *view, struct key key)
{
	char byte = key.code == INPUT_ENTER ? '\n' : key.code == INPUT_TAB ? '\t' : (char)key.code;

	if (!view->burst)
		view->burst = secret_new(BURST_MAX);
	if (view->burst_len + 1 < BURST_MAX)
		secret_edit(view->burst)[view->burst_len++] = byte;
}

/*
 * A paste into a terminal that does not mark it comes as keys, all at once; a single key is one of the page. Which of
 * the two it was shows when no more come.
 */
static bool paste_key(struct job_view *view, struct key key)
{
	bool printable = key.code > ' ' && key.code < 0x7f && !key.control && !key.alt;

	if (key.code == INPUT_BACKSPACE && view->burst_len > 0) {
		view->burst_len--;
		return true;
	}
	if (!printable && !(view->burst_len > 0 && (key.code == INPUT_ENTER || key.code == INPUT_TAB || key.code == ' ')))
		return false;
	add_burst(view, key);
	return true;
}

static bool unsettled(const struct view *base)
{
	const struct job_view *view = of_const(base);

	return view->job->asks && view->job->kind == ASK_PASTE && view->burst_len > 0;
}

static void settle(struct view *base)
{
	struct job_view *view = of(base);
	struct key key = { .code = view->burst_len ? (uint32_t)(unsigned char)secret_reveal(view->burst)[0] : 0 };
	bool single = view->burst_len == 1;
	enum action action;

	if (!single) {
		submit_burst(view);
		return;
	}
	forget_typed(view);
	action = keys_action(base->deck->keys, key, deck_where(base->deck));
	if (action != ACTION_NONE)
		deck_act(base->deck, action);
}

static bool key(struct view *base, struct key key)
{
	struct job_view *view = of(base);

	if (!view->job->asks)
		return false;
	if (view->job->kind == ASK_PASTE)
		return paste_key(view, key);
	if (key.code == INPUT_ENTER) {
		submit_line(view);
		return true;
	}
	if (key.control && (key.code == 'c' || key.code == 'z' || key.code == 'l'))
		return false;
	return line_key(&view->line, key);
}

static void paste(struct view *base, struct secret *text)
{
	struct job_view *view = of(base);

	if (!view->job->asks) {
		deck_say(base->deck, ROLE_WARN, "Nothing is asked for; what was pasted was thrown away.");
		secret_free(text);
	} else if (view->job->kind == ASK_PASTE) {
		job_answer(view->job, text);
		forget_typed(view);
	} else {
		line_insert(&view->line, secret_reveal(text), secret_len(text));
		secret_free(text);
	}
}

/* ---- the page's keys */

static void save_address(struct job_view *view)
{
	AUTO(str_clear) struct str path = STR_INIT(4096);
	const char *address = job_address(view->job);
	struct deck *deck = view->view.deck;
	struct error err = { 0 };

	if (!file_add_place(FILE_STATE, &path, &err) || !file_make_private_directory(path.text, &err)) {
		deck_tell(deck, &err);
		return;
	}
	str_add(&path, "/connect-address.txt");
	if (file_write(path.text, address, strlen(address), 0600, &err))
		deck_say(deck, ROLE_MESSAGE, "The address is in '%s', which only you can read.", path.text);
	else
		deck_tell(deck, &err);
}

/* Give this one up and begin anew with the same words. */
static void begin_again(struct job_view *view)
{
	AUTO(words_free) char **words = NULL;
	struct deck *deck = view->view.deck;
	struct job *job = view->job;
	size_t count;

	words_split(job->title, &words, &count);
	job_cancel(job);
	deck_close(deck);
	deck_command(deck, (const char *const *)words, true);
}

static bool act_address(struct job_view *view, enum action action)
{
	struct deck *deck = view->view.deck;

	switch (action) {
	case ACTION_COPY_URL:
		deck_copy(deck, "Address", job_address(view->job));
		return true;
	case ACTION_SAVE_URL:
		save_address(view);
		return true;
	case ACTION_QR:
		view->code = !view->code;
		return true;
	case ACTION_PLAIN:
		if (deck->screen)
			outside_plain(deck, job_address(view->job));
		return true;
	case ACTION_AGAIN:
		begin_again(view);
		return true;
	default:
		return false;
	}
}

static bool act(struct view *base, enum action action)
{
	struct job_view *view = of(base);
	struct deck *deck = base->deck;
	struct job *job = view->job;

	if (job_address(job) && job_is_running(job) && act_address(view, action))
		return true;
	if (action == ACTION_CANCEL && job_is_running(job)) {
		job_cancel(job);
		return true;
	}
	if (action == ACTION_BACK && job->unlocks && job_is_running(job)) {
		job_cancel(job);
		deck_close(deck);
		deck_say(deck, ROLE_MESSAGE, "The vault stays locked: everything can be looked at, nothing is read. {unlock} opens it.");
		return true;
	}
	if (has_table(job) && !job->asks)
		return table_act(&view->table, action);
	return pager_act(&view->pager, action);
}

static unsigned places(const struct view *base)
{
	const struct job *job = of_const(base)->job;
	unsigned where = 0;

	if (job->asks && job->kind == ASK_PASTE && job_address(job))
		where |= WHERE_ADDRESS;
	else if (!job->asks && !has_table(job))
		where |= WHERE_TEXT;
	return where;
}

static const char *refuses(const struct view *base, enum action action)
{
	(void)base;
	return action == ACTION_OPEN ? "there is nothing to open" : NULL;
}

static void title(const struct view *base, struct str *out)
{
	const struct job *job = of_const(base)->job;

	str_add(out, job->title);
	if (job->has_progress && job->progress.to_copy > 0)
		str_addf(out, "  %lld of %lld MB", (long long)job->progress.copied >> 20, ((long long)job->progress.to_copy >> 20) + 1);
	else if (job->has_progress && job->progress.planned > 0)
		str_addf(out, "  %lld documents looked at", (long long)job->progress.planned);
	else if (job->has_progress)
		str_addf(out, "  %lld of %lld types, %lld records", (long long)job->progress.done, (long long)job->progress.all,
			 (long long)job->progress.records);
}

static struct pager *pager_of(struct view *base)
{
	return &((struct job_view *)base)->pager;
}

static void cli(const struct view *base, struct str *out)
{
	str_add(out, of_const(base)->job->title);
}

static void rows(struct view *base, struct str *out)
{
	struct job_view *view = of(base);
	const struct result *result = view->job->result;
	const char *cells[TABLE_COLUMNS_MAX + 1] = { NULL };
	size_t count = 0;

	if (!has_table(view->job)) {
		pager_add_text(&view->pager, out);
		return;
	}
	if (view->table.cursor >= (int64_t)result_rows(result))
		return;
	for (size_t i = 0; i < result->column_count && count < TABLE_COLUMNS_MAX; i++)
		cells[count++] = result_cell(result, (size_t)view->table.cursor, i);
	rows_add(out, cells);
}

static void free_view(struct view *base)
{
	struct job_view *view = of(base);

	view->job->views--;
	forget_typed(view);
	pager_clear(&view->pager);
	free(view);
}

static const struct view_kind kind = {
	.name = "command", .where = WHERE_MOVE, .places = places, .title = title, .draw = draw, .act = act, .refuses = refuses, .key = key, .paste = paste,
	.unsettled = unsettled, .settle = settle, .pager = pager_of, .cli = cli, .rows = rows, .free = free_view,
};

bool job_view_shows(const struct view *view, const struct job *job)
{
	return view->kind == &kind && of_const(view)->job == job;
}

struct view *job_view_new(struct job *job)
{
	struct job_view *view = memory_new(sizeof(*view));

	view->view.kind = &kind;
	view->job = job;
	job->views++;
	job->seen = true;
	return &view->view;
}
