/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The records of one type as a table. Only a window of them is held, some pages around the cursor; the reader finds the
 * place of the record under the cursor anew, so that it stays there whatever comes and goes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/records.h"
#include "trail.h"
#include "table.h"
#include "view.h"

#define WINDOW_ROWS 300         /* held at most */

struct kept_row { /* a row with all its texts */
	int64_t no, time_ms;
	enum record_state state;
	char *id, *title;           /* owned */
	char *cells[TYPE_FIELDS_MAX]; /* owned; as they are shown */
};

struct window {
	struct question question;
	char account_id[ACCOUNT_ID_MAX];
	const struct type *type;
	struct filter filter;
	bool filtered;
	enum record_order order;
	size_t field;
	bool descending;
	int64_t anchor;             /* record that stays where it is; 0: none */
	int64_t at;                 /* row that is wanted in the middle, when there is no anchor */
	/* the answer */
	bool found;                 /* the object is there */
	bool anchored;              /* the anchor is there still */
	int64_t place;              /* row of the anchor */
	int64_t count;
	int64_t first;              /* row of the first that is held */
	struct kept_row *rows;      /* owned */
	size_t row_count, room;
	int title_width, widths[TYPE_FIELDS_MAX]; /* of the widest of these rows, in columns */
	struct account account;
	struct object object;
};

struct records_view {
	struct view view;
	char account_id[ACCOUNT_ID_MAX];
	const struct type *type;    /* borrowed: the catalogue */
	struct window *window;      /* owned; NULL: nothing yet */
	struct error error;
	struct table table;
	char filter[400];           /* as typed */
	struct filter conditions;   /* of the last text that was right */
	bool filtered;
	int sort;                   /* as columns_of() says */
	bool descending;
	int64_t restored;           /* record that the cursor goes back to with the first answer; 0: none */
	bool jump;                  /* the anchor does not count: the cursor goes to a row */
};

static struct records_view *of(struct view *view)
{
	return (struct records_view *)view;
}

/* ---- the reader's thread */

static void free_window(struct question *question)
{
	struct window *window = (struct window *)question;

	for (size_t i = 0; i < window->row_count; i++) {
		free(window->rows[i].id);
		free(window->rows[i].title);
		for (size_t k = 0; k < TYPE_FIELDS_MAX; k++)
			free(window->rows[i].cells[k]);
	}
	free(window->rows);
	free(window);
}

static void widen(int *width, const char *text, size_t len)
{
	int columns = (int)text_width(TEXT_SAFE, text, len);

	if (columns > *width)
		*width = columns;
}

static bool take_row(void *ctx, const struct record_row *row)
{
	struct window *window = ctx;
	AUTO(str_clear) struct str text = STR_INIT(4096);
	struct kept_row *kept;

	memory_grow(&window->rows, &window->room, window->row_count + 1, sizeof(*window->rows));
	kept = &window->rows[window->row_count++];
	*kept = (struct kept_row){ .no = row->no, .time_ms = row->time_ms, .state = row->state, .id = memory_copy_text(row->id),
				   .title = memory_copy(row->title, row->title_len) };
	for (size_t i = 0; i < window->type->field_count; i++) {
		str_reset(&text);
		cell_add_text(&row->cells[i], window->type->fields[i].kind, &text);
		kept->cells[i] = memory_copy(text.text, text.len);
		widen(&window->widths[i], text.text, text.len);
	}
	widen(&window->title_width, kept->title, strlen(kept->title));
	return true;
}

static bool read_rows(struct window *window, struct store *store, struct error *err)
{
	struct record_query query = { .type = window->type, .filter = window->filtered ? &window->filter : NULL, .order = window->order,
				      .field = window->field, .descending = window->descending, .limit = WINDOW_ROWS };

	if (!records_count(store, window->object.no, &query, &window->count, err))
		return false;
	if (window->anchor && !records_place(store, window->object.no, &query, window->anchor, &window->place, &window->anchored, err))
		return false;
	window->first = (window->anchored ? window->place : window->at) - WINDOW_ROWS / 2;
	if (window->first > window->count - WINDOW_ROWS)
		window->first = window->count - WINDOW_ROWS;
	if (window->first < 0)
		window->first = 0;
	query.offset = window->first;
	return records_list(store, window->object.no, &query, take_row, window, err);
}

static bool work(struct question *question, struct store *store, struct error *err)
{
	struct window *window = (struct window *)question;
	bool has_account;

	if (!accounts_get(store, window->account_id, &window->account, &has_account, err) ||
	    !objects_get(store, window->account_id, window->type->name, &window->object, &window->found, err))
		return false;
	/* Columns of another row of the catalogue say nothing: they are filled anew in the background. */
	if (window->found && !object_is_current(&window->object, window->type))
		return error_set(err, ERROR_CONFLICT, "the catalogue's row of %s was changed; its columns are being filled anew",
				 window->type->name);
	return !window->found || read_rows(window, store, err);
}

static void ask(struct records_view *view)
{
	const struct window *now = view->window;
	int64_t at = view->table.cursor;
	struct window *window;

	if (view->view.asking) {
		view->view.stale = true;
		return;
	}
	window = memory_new(sizeof(*window));
	window->question = (struct question){ .work = work, .free = free_window };
	snprintf(window->account_id, sizeof(window->account_id), "%s", view->account_id);
	window->type = view->type;
	window->filter = view->conditions;
	window->filtered = view->filtered;
	window->order = view->sort == -2 ? RECORD_BY_TITLE : view->sort == -1 ? RECORD_BY_TIME : RECORD_BY_FIELD;
	window->field = view->sort >= 0 ? (size_t)view->sort : 0;
	window->descending = view->descending;
	window->at = at;
	if (!view->jump && now && at >= now->first && at < now->first + (int64_t)now->row_count && at > 0)
		window->anchor = now->rows[at - now->first].no;
	if (!now)
		window->anchor = view->restored;
	view_ask(&view->view, &window->question);
}

static void refresh(struct view *base)
{
	ask(of(base));
}

static void answer(struct view *base, struct question *question)
{
	struct records_view *view = of(base);
	struct window *window = (struct window *)question;
	int64_t before = view->table.cursor;

	if (question->error.code != ERROR_NONE) {
		view->error = question->error;
		/* Nobody shall look at what is not so any more. */
		if (view->window && question->error.code == ERROR_CONFLICT) {
			question_free(&view->window->question);
			view->window = NULL;
		}
		if (view->window)
			deck_tell(base->deck, &question->error);
		question_free(question);
		return;
	}
	if (view->window)
		question_free(&view->window->question);
	view->window = window;
	view->jump = false;
	/* Moved on meanwhile: then the row counts, not the record. */
	table_keep(&view->table, window->count, window->anchored && before == window->at ? window->place : before);
	if (window->anchor && !window->anchored && before == window->at)
		view_gone(base, &view->table);
}

/* ---- the view */

static const struct kept_row *row_at(const struct records_view *view, int64_t row)
{
	const struct window *window = view->window;

	if (!window || row < window->first || row >= window->first + (int64_t)window->row_count)
		return NULL;
	return &window->rows[row - window->first];
}

/* As wide as the widest, within bounds. */
static int at_least(int least, int width, int most)
{
	width = width < most ? width : most;
	return width > least ? width : least;
}

/* The table's columns, and what each shows: -3 state, -2 title, -1 time of change, else a field. */
static size_t columns_of(const struct records_view *view, struct table_column *columns, int *what)
{
	const struct type *type = view->type;
	size_t count = 0;

	columns[count] = (struct table_column){ "STATE", 10, 10, 3, 0 };
	what[count++] = -3;
	columns[count] = (struct table_column){ "TITLE", at_least(5, view->window ? view->window->title_width : 0, 24),
						at_least(5, view->window ? view->window->title_width : 0, 60), 0, COLUMN_GROWS };
	what[count++] = -2;
	for (size_t i = 0; i < type->field_count && count < TABLE_COLUMNS_MAX - 1; i++) {
		const struct type_field *field = &type->fields[i];
		bool money = field->kind == FIELD_MONEY || field->kind == FIELD_NUMBER;
		int name = (int)strlen(field->name), width = view->window ? view->window->widths[i] : 0;

		if (!field->listed || strcmp(field->path, type->title) == 0)
			continue;
		/* Amounts are what one looks for: they come first, and all of them is shown. */
		columns[count] = (struct table_column){ field->name, at_least(name < 12 ? name : 12, width, money ? 40 : 20),
							at_least(name, width, 40), money ? 1 : (int)i + 4, money ? COLUMN_AMOUNT : 0 };
		what[count++] = (int)i;
	}
	columns[count] = (struct table_column){ "CHANGED", 16, 16, 2, 0 };
	what[count++] = -1;
	return count;
}

static void put_state(const struct records_view *view, const struct kept_row *kept, struct table_cell *cell)
{
	struct mark mark = mark_of_record(view->type, kept->state);

	table_format(cell, mark.role, "%s %s", mark.glyph, mark.word);
}

static void cell(void *ctx, int64_t row, size_t column, struct table_cell *cell)
{
	struct records_view *view = ctx;
	struct table_column columns[TABLE_COLUMNS_MAX];
	const struct kept_row *kept = row_at(view, row);
	int what[TABLE_COLUMNS_MAX];
	enum role role;
	char text[FORMAT_MAX];

	columns_of(view, columns, what);
	if (!kept) {
		table_text(cell, ROLE_DIM, what[column] == -2 ? "..." : "");
		return;
	}
	role = kept->state == RECORD_LIVE ? ROLE_TEXT : ROLE_DIM;
	if (what[column] == -3)
		put_state(view, kept, cell);
	else if (what[column] == -2)
		table_text(cell, role, kept->title);
	else if (what[column] == -1)
		table_format(cell, ROLE_DIM, "%.16s", kept->time_ms ? format_stamp(kept->time_ms, text) : "");
	else
		table_text(cell, kept->cells[what[column]][0] == '-' && columns[column].flags ? ROLE_FAILED : role, kept->cells[what[column]]);
}

static void draw(struct view *base, struct canvas *canvas, struct rect rect)
{
	struct records_view *view = of(base);
	struct table_source source = { .cell = cell, .ctx = view };
	struct table_column columns[TABLE_COLUMNS_MAX];
	int what[TABLE_COLUMNS_MAX];
	size_t count = columns_of(view, columns, what);
	char line[160], read[FORMAT_MAX];

	if (!view->window) {
		canvas_wrap(canvas, (struct rect){ rect.y, rect.x + 2, rect.rows, rect.columns - 3 }, view->error.code ? ROLE_ERROR : ROLE_DIM,
			    view->error.code ? view->error.text : "Reading ...", strlen(view->error.code ? view->error.text : "Reading ..."), true);
		return;
	}
	snprintf(line, sizeof(line), "%s %s%s, by %s%s", format_count(view->window->count, read), view->type->name,
		 view->filtered ? " that fit" : "", view->sort == -2 ? "title" : view->sort == -1 ? "time of change"
									   : view->type->fields[view->sort].name,
		 view->descending ? ", the greatest first" : "");
	canvas_add(canvas, rect.y, rect.x + 1, rect.columns - 1, ROLE_DIM, line);
	if (view->window->count == 0)
		deck_draw(base->deck, canvas, rect.y + 2, rect.x + 2, rect.columns - 2, ROLE_DIM,
			  view->filtered ? "Nothing fits the filter; {back} shows all."
					 : view->window->object.success_ms ? "The ledger has none." : "Nothing was read yet; {retry} reads it.");
	table_draw(&view->table, canvas, (struct rect){ rect.y + 1, rect.x, rect.rows - 1, rect.columns }, columns, count, &source, true,
		   true);
}

/* The window follows the cursor before it comes to its end. */
static void follow(struct records_view *view)
{
	const struct window *window = view->window;
	int64_t page = view->table.page + 1, last;

	if (!window)
		return;
	last = window->first + (int64_t)window->row_count;
	if ((view->table.top - page < window->first && window->first > 0) || (view->table.top + 2 * page > last && last < window->count)) {
		view->jump = row_at(view, view->table.cursor) == NULL;
		ask(view);
	}
}

static void sort_next(struct records_view *view, int step)
{
	struct table_column columns[TABLE_COLUMNS_MAX];
	int what[TABLE_COLUMNS_MAX];
	size_t count = columns_of(view, columns, what), at = 1;

	for (size_t i = 1; i < count; i++)
		if (what[i] == view->sort)
			at = i;
	at = step > 0 ? (at + 1 < count ? at + 1 : 1) : (at > 1 ? at - 1 : count - 1);
	view->sort = what[at];
	view->descending = view->sort == -1;
	ask(view);
}

static bool act(struct view *base, enum action action)
{
	struct records_view *view = of(base);
	const struct kept_row *kept = row_at(view, view->table.cursor);

	switch (action) {
	case ACTION_OPEN:
	case ACTION_RAW:
		if (kept)
			deck_push(base->deck, record_new(view->account_id, view->type, kept->id));
		return true;
	case ACTION_RETRY:
		deck_sync(base->deck, view->account_id, view->window ? view->window->account.name : view->account_id, view->type->name,
			  "operator", false);
		return true;
	case ACTION_APPROVE:
		if (view->window)
			deck_approve(base->deck, &view->window->account, view->type->name);
		return true;
	case ACTION_COPY:
		if (kept)
			deck_copy(base->deck, "Id", kept->id);
		return true;
	case ACTION_SORT_LEFT:
	case ACTION_SORT_RIGHT:
		sort_next(view, action == ACTION_SORT_RIGHT ? 1 : -1);
		return true;
	case ACTION_SORT_INVERT:
		view->descending = !view->descending;
		ask(view);
		return true;
	case ACTION_LEFT:
	case ACTION_RIGHT:
		table_scroll(&view->table, action == ACTION_RIGHT ? 1 : -1);
		return true;
	default:
		if (!table_act(&view->table, action))
			return false;
		follow(view);
		return true;
	}
}

static const char *refuses(const struct view *base, enum action action)
{
	const struct window *window = ((const struct records_view *)base)->window;

	if (action == ACTION_APPROVE && (!window || !*window->object.guard))
		return "no sweep waits for approval here";
	if (action == ACTION_RETRY && window && window->account.state == ACCOUNT_RECONNECT)
		return "the account must be connected again first";
	return NULL;
}

static void go_top(struct records_view *view)
{
	view->table.cursor = view->table.top = 0;
	view->jump = true;
	ask(view);
}

static const char *filter(struct view *base, const char *text, struct error *err)
{
	struct records_view *view = of(base);
	struct filter conditions;

	/* Half a condition is wrong until it is whole: the last right one goes on counting. */
	if (!filter_parse(view->type, text, &conditions, err))
		return err->text;
	snprintf(view->filter, sizeof(view->filter), "%s", text);
	view->conditions = conditions;
	view->filtered = strspn(text, " ") != strlen(text);
	go_top(view);
	return NULL;
}

static const char *filter_text(const struct view *base)
{
	return ((const struct records_view *)base)->filter;
}

static bool back(struct view *base)
{
	struct records_view *view = of(base);

	if (!view->filtered)
		return false;
	*view->filter = '\0';
	view->filtered = false;
	go_top(view);
	return true;
}

static bool subject(const struct view *base, struct account *ret_account)
{
	const struct records_view *view = (const struct records_view *)base;

	if (!view->window)
		return false;
	*ret_account = view->window->account;
	return true;
}

static void title(const struct view *base, struct str *out)
{
	str_add(out, ((const struct records_view *)base)->type->name);
}

/* "title", "time" or a field's name. */
static const char *order_name(const struct records_view *view)
{
	return view->sort == -2 ? "title" : view->sort == -1 ? "time" : view->type->fields[view->sort].name;
}

static void save(const struct view *base, struct str *out)
{
	const struct records_view *view = (const struct records_view *)base;
	const struct kept_row *kept = row_at(view, view->table.cursor);

	trail_put(out, "account", view->account_id);
	trail_put(out, "provider", view->type->provider);
	trail_put(out, "type", view->type->name);
	trail_put(out, "filter", view->filter);
	trail_put(out, "sort", order_name(view));
	trail_put_number(out, "descending", view->descending);
	trail_put_row(out, &view->table);
	trail_put_number(out, "record", kept && view->table.cursor > 0 ? kept->no : view->window ? 0 : view->restored);
}

static void load(struct view *base, const char *text)
{
	struct records_view *view = of(base);
	struct error ignored = { 0 };
	char sort[80];

	if (trail_get(text, "filter", view->filter, sizeof(view->filter)))
		view->filtered = filter_parse(view->type, view->filter, &view->conditions, &ignored);
	if (!view->filtered)
		*view->filter = '\0';
	if (trail_get(text, "sort", sort, sizeof(sort))) {
		view->sort = strcmp(sort, "title") == 0 ? -2 : -1;
		for (size_t i = 0; i < view->type->field_count; i++)
			if (strcmp(view->type->fields[i].name, sort) == 0)
				view->sort = (int)i;
		view->descending = trail_get_number(text, "descending");
	}
	view->restored = trail_get_number(text, "record");
	if (view->restored)
		trail_get_row(text, &view->table);
}

static void cli(const struct view *base, struct str *out)
{
	const struct records_view *view = (const struct records_view *)base;
	char sort[120];

	str_add(out, "objects");
	words_add(out, view->account_id);
	words_add(out, view->type->name);
	if (view->filtered) {
		str_add(out, " --where");
		words_add(out, view->filter);
	}
	snprintf(sort, sizeof(sort), "%s%.100s", view->descending ? "-" : "", view->sort == -1 ? "changed_at" : order_name(view));
	str_add(out, " --sort");
	words_add(out, sort);
}

static void rows(struct view *base, struct str *out)
{
	struct records_view *view = of(base);
	const struct kept_row *kept = row_at(view, view->table.cursor);
	const char *cells[TYPE_FIELDS_MAX + 4] = { NULL };
	size_t count = 0;

	if (!kept)
		return;
	cells[count++] = kept->id;
	cells[count++] = mark_of_record(view->type, kept->state).word;
	cells[count++] = kept->title;
	for (size_t i = 0; i < view->type->field_count; i++)
		cells[count++] = kept->cells[i];
	rows_add(out, cells);
}

static void free_view(struct view *base)
{
	struct records_view *view = of(base);

	if (view->window)
		question_free(&view->window->question);
	free(view);
}

static const struct view_kind kind = {
	.name = "records", .where = WHERE_MOVE | WHERE_LIST | WHERE_OBJECT | WHERE_RECORD, .title = title, .draw = draw, .act = act,
	.refuses = refuses, .refresh = refresh, .answer = answer, .filter = filter, .filter_text = filter_text, .back = back, .subject = subject,
	.cli = cli, .rows = rows, .save = save, .load = load, .free = free_view,
};

struct view *records_new(const char *account_id, const struct type *type)
{
	struct records_view *view = memory_new(sizeof(*view));

	view->view.kind = &kind;
	view->type = type;
	view->sort = -1;
	view->descending = true;
	snprintf(view->account_id, sizeof(view->account_id), "%s", account_id);
	return &view->view;
}

struct view *records_again(struct deck *deck, const char *text)
{
	char account[ACCOUNT_ID_MAX], provider[40], name[80];
	const struct type *type;

	if (!trail_get(text, "account", account, sizeof(account)) || !trail_get(text, "provider", provider, sizeof(provider)) ||
	    !trail_get(text, "type", name, sizeof(name)))
		return NULL;
	type = catalogue_find(deck_app(deck)->catalogue, provider, name);
	return type ? records_new(account, type) : NULL;
}
