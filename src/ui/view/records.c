/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The records of one type as a list, however many there are: what keys do with it. */
#include "records.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "copies.h"
#include "ledgerdeck/command/address.h"
#include "ledgerdeck/core/memory.h"
#include "moment.h"
#include "trail.h"

static struct records_view *of(struct view *view)
{
	return (struct records_view *)view;
}

static const struct records_view *of_const(const struct view *view)
{
	return (const struct records_view *)view;
}

static void refresh(struct view *base)
{
	records_refresh(of(base));
}

static void answer(struct view *base, struct question *question)
{
	records_answer(of(base), question);
}

static void draw(struct view *base, struct canvas *canvas, struct rect rect)
{
	struct records_view *view = of(base);
	const char *text = base->error.code ? base->error.text : "Reading ...";

	records_follow_columns(view);
	if (view->is_read)
		records_draw(view, canvas, rect);
	else
		canvas_wrap(canvas, (struct rect){ rect.y, rect.x + 2, rect.rows, rect.columns - 3 },
			    base->error.code ? ROLE_ERROR : ROLE_DIM, text, strlen(text), true);
}

/* ---- sorting */

static void sort_by(struct records_view *view, int shows, bool descending)
{
	view->sort = shows;
	view->descending = descending;
	view->first = -1;
	/* Who is at the top looks at what comes first; any other stays with the record. */
	records_want(view, view->table.cursor == 0 ? WISH_TOP : WISH_AROUND);
}

static bool is_sortable(const struct records_view *view, int shows)
{
	struct error ignored;

	if (shows >= 0)
		return filter_may_use(view->type, (size_t)shows, app_personal(deck_app(view->view.deck)), &ignored);
	return shows != SHOWS_STATE && shows != SHOWS_VERSION;
}

static void sort_next(struct records_view *view, size_t step)
{
	size_t at = 0;

	for (size_t i = 0; i < view->column_count; i++)
		if (view->shows[i] == view->sort)
			at = i;
	for (size_t i = 0; i < view->column_count; i++) {
		at = (at + step) % view->column_count;
		if (is_sortable(view, view->shows[at]))
			break;
	}
	if (is_sortable(view, view->shows[at]))
		sort_by(view, view->shows[at], view->shows[at] == SHOWS_CHANGED);
}

/* ---- keys */

static bool id_of(void *ctx, int64_t row, char *out)
{
	const struct kept_row *kept = records_row(ctx, row);

	if (!kept)
		return false;
	snprintf(out, SELECTION_ID_MAX, "%s", kept->id);
	return true;
}

static bool act_mark(struct records_view *view, enum action action)
{
	/* All that fit are more than those that are held. */
	if (action == ACTION_MARK_ALL && !(view->is_top && view->is_bottom) && view->marks.count == 0) {
		records_want(view, WISH_MARK);
		return true;
	}
	if (action == ACTION_MARK_ALL && !(view->is_top && view->is_bottom)) {
		selection_clear(&view->marks);
		return true;
	}
	return selection_act(&view->marks, &view->table, action, id_of, view);
}

static bool act_move(struct records_view *view, enum action action)
{
	int64_t rows = table_step(&view->table, action);

	if (action == ACTION_FIRST || action == ACTION_LAST) {
		bool there = action == ACTION_FIRST ? view->is_top : view->is_bottom;

		if (!there || view->awaits)
			records_want(view, action == ACTION_FIRST ? WISH_TOP : WISH_BOTTOM);
		else
			table_go(&view->table, action == ACTION_FIRST ? 0 : view->table.count);
		records_follow(view);
		return true;
	}
	if (rows == 0)
		return false;
	records_move(view, rows);
	return true;
}

/* Of all that are marked, or else of the row. */
static void copy_ids(struct records_view *view, const struct kept_row *row)
{
	AUTO(str_clear) struct str ids = STR_INIT(STR_NO_LIMIT);
	char what[40];

	selection_add_lines(&view->marks, &ids);
	snprintf(what, sizeof(what), "%zu id%s", view->marks.count, view->marks.count == 1 ? "" : "s");
	if (view->marks.count > 0)
		deck_copy(view->view.deck, what, ids.text);
	else if (row)
		deck_copy(view->view.deck, "Id", row->id);
}

static bool act_list(struct records_view *view, enum action action)
{
	const struct kept_row *row = records_row(view, view->table.cursor);
	struct deck *deck = view->view.deck;

	switch (action) {
	case ACTION_OPEN:
	case ACTION_RAW:
	case ACTION_HISTORY:
		if (row)
			deck_push(deck, record_shown(view->account_id, view->type, row->id, action, view->then_ms));
		return true;
	case ACTION_LOG_OF:
		if (row)
			deck_push(deck, attempts_of_record(view->account_id, view->type->name, row->id));
		return row != NULL;
	case ACTION_DOCUMENT:
		if (row)
			deck_push(deck, document_of_record(view->account_id, view->type->name, row->id));
		return true;
	case ACTION_RETRY:
		deck_sync(deck, view->account_id, view->is_read ? view->account.name : view->account_id, view->type->name, "operator", false);
		return true;
	case ACTION_APPROVE:
		if (view->is_read)
			deck_approve(deck, &view->account, view->type->name);
		return true;
	case ACTION_COPY:
		copy_ids(view, row);
		return true;
	case ACTION_SORT_LEFT:
	case ACTION_SORT_RIGHT:
		sort_next(view, action == ACTION_SORT_RIGHT ? 1 : view->column_count - 1);
		return true;
	case ACTION_COLUMNS:
		view->is_choosing = true;
		view->choice = 0;
		return true;
	case ACTION_AS_OF:
		moment_ask(deck);
		return true;
	case ACTION_SORT_INVERT:
		sort_by(view, view->sort, !view->descending);
		return true;
	case ACTION_LEFT:
	case ACTION_RIGHT:
		table_scroll(&view->table, action == ACTION_RIGHT ? 1 : -1);
		return true;
	case ACTION_REREAD:
		view->is_forced = true;
		return false;
	default:
		return act_mark(view, action);
	}
}

static bool act(struct view *base, enum action action)
{
	struct records_view *view = of(base);

	records_follow_columns(view);
	if (view->is_choosing && records_choose(view, action))
		return true;
	view->is_halted = view->is_halted && action == ACTION_BACK;
	return act_move(view, action) || act_list(view, action);
}

static const char *refuses(const struct view *base, enum action action)
{
	const struct records_view *view = of_const(base);

	if (action == ACTION_APPROVE && (!view->is_read || !*view->object.guard))
		return "no sweep waits for approval here";
	if (action == ACTION_RETRY && view->is_read && view->account.state == ACCOUNT_RECONNECT)
		return "the account must be connected again first";
	return NULL;
}

/* ---- filter */

static char *filter(struct view *base)
{
	return of(base)->filter;
}

/* Half a condition is wrong until it is whole: the last right one goes on counting. */
static const char *conditions(struct view *base, const char *text, struct error *err)
{
	struct records_view *view = of(base);
	struct filter read;

	if (!filter_parse(view->type, text, app_personal(deck_app(base->deck)), &read, err))
		return err->text;
	view->conditions = read;
	return NULL;
}

static void filtered(struct view *base)
{
	struct records_view *view = of(base);

	view->filtered = strspn(view->filter, " ") != strlen(view->filter);
	view->is_other = true;
	view->is_counted = false;
	view->count = -1;
	records_want(view, WISH_TOP);
}

/* Another time, another list: who looked at a record looks at it as it was. */
static void look_back(struct records_view *view, int64_t then_ms)
{
	view->then_ms = then_ms;
	view->is_other = true;
	view->is_counted = false;
	view->count = view->first = -1;
	records_want(view, view->table.cursor == 0 ? WISH_TOP : WISH_AROUND);
}

static bool back(struct view *base)
{
	struct records_view *view = of(base);
	struct error err = { 0 };

	if (view->is_choosing) {
		view->is_choosing = false;
		return true;
	}
	if (records_stop(view))
		return true;
	if (view->marks.count > 0) {
		selection_clear(&view->marks);
		return true;
	}
	if (view->then_ms) {
		look_back(view, 0);
		return true;
	}
	if (!view->filtered)
		return false;
	view_filter(base, "", &err);
	return true;
}

/* ---- the view */

static bool subject(const struct view *base, struct account *ret_account)
{
	const struct records_view *view = of_const(base);

	if (view->is_read)
		*ret_account = view->account;
	return view->is_read;
}

static const char *topic(const struct view *base)
{
	return ((const struct records_view *)base)->type->name;
}

static void title(const struct view *base, struct str *out)
{
	const struct records_view *view = of_const(base);

	str_add(out, view->type->name);
	selection_add_title(&view->marks, out);
}

/* ---- the same again after a restart */

/* "title", "time", "id" or a field's name. */
static const char *order_name(const struct records_view *view)
{
	return view->sort == SHOWS_TITLE ? "title" : view->sort == SHOWS_ID ? "id" : view->sort < 0 ? "time"
										   : view->type->fields[view->sort].name;
}

/* ":columns ID,TotalAmt", or with blanks between; ":columns" alone opens the panel. ":as-of 2026-01-31". */
static bool words(struct view *base, const char *const *words, size_t count)
{
	AUTO(str_clear) struct str names = STR_INIT(2000);
	struct error err = { 0 };
	int64_t then_ms;

	if (moment_take(base->deck, words, count, &then_ms))
		look_back(of(base), then_ms);
	if (strcmp(words[0], "columns") != 0)
		return moment_is(words);
	for (size_t i = 1; i < count; i++)
		str_addf(&names, "%s%s", i > 1 ? "," : "", words[i]);
	if (records_take_columns(of(base), names.len ? names.text : "", &err))
		records_keep_columns(of(base));
	else
		deck_tell(base->deck, &err);
	return true;
}

static void save(const struct view *base, struct str *out)
{
	const struct records_view *view = of_const(base);
	const struct kept_row *row = records_row(view, view->table.cursor);
	bool at_top = view->is_top && view->table.cursor == 0;

	trail_put(out, "account", view->account_id);
	trail_put(out, "provider", view->type->provider);
	trail_put(out, "type", view->type->name);
	trail_put(out, "filter", view->filter);
	trail_put(out, "sort", order_name(view));
	trail_put_number(out, "descending", view->descending);
	trail_put_number(out, "then", view->then_ms);
	trail_put_row(out, &view->table);
	trail_put(out, "record", !view->is_read ? view->at_id : row && !at_top ? row->id : "");
}

static void load(struct view *base, const char *text)
{
	struct records_view *view = of(base);
	struct error ignored = { 0 };
	char sort[80];

	if (trail_get(text, "filter", view->filter, sizeof(view->filter)))
		view->filtered = filter_parse(view->type, view->filter, view->personal, &view->conditions, &ignored);
	if (!view->filtered)
		*view->filter = '\0';
	if (trail_get(text, "sort", sort, sizeof(sort))) {
		const struct type_field *field = type_field(view->type, sort);

		if (field && !filter_may_use(view->type, (size_t)(field - view->type->fields), view->personal, &ignored))
			field = NULL;
		view->sort = field ? (int)(field - view->type->fields) : strcmp(sort, "title") == 0 ? SHOWS_TITLE
			     : strcmp(sort, "id") == 0 ? SHOWS_ID : SHOWS_CHANGED;
		view->descending = trail_get_number(text, "descending");
	}
	view->then_ms = trail_get_number(text, "then");
	if (trail_get(text, "record", view->at_id, sizeof(view->at_id)))
		trail_get_row(text, &view->table);
}

static void cli(const struct view *base, struct str *out)
{
	const struct records_view *view = of_const(base);
	char sort[120];

	str_add(out, "objects");
	words_add(out, view->account_id);
	words_add(out, view->type->name);
	if (view->filtered) {
		str_add(out, " --where");
		words_add(out, view->filter);
	}
	snprintf(sort, sizeof(sort), "%s%.100s", view->descending ? "-" : "", view->sort == SHOWS_CHANGED ? "changed_at" : order_name(view));
	str_add(out, " --sort");
	words_add(out, sort);
	moment_add_cli(view->then_ms, out);
}

static void rows(struct view *base, struct str *out)
{
	struct records_view *view = of(base);
	const struct kept_row *row = records_row(view, view->table.cursor);
	const char *cells[TYPE_FIELDS_MAX + 4] = { NULL };
	size_t count = 0;

	if (!row)
		return;
	cells[count++] = row->id;
	cells[count++] = mark_of_record(view->type, row->state).word;
	cells[count++] = row->title;
	for (size_t i = 0; i < view->type->field_count; i++)
		cells[count++] = row->cells[i];
	rows_add(out, cells);
}

static void copies(struct view *base, struct copies *out)
{
	AUTO(str_clear) struct str address = STR_INIT(2000);
	struct records_view *view = of(base);
	const struct kept_row *row = records_row(view, view->table.cursor);

	if (!row)
		return;
	if (record_address(deck_app(base->deck)->settings, &view->account, view->type, row->id, &address))
		copies_add(out, 'w', "web address", address.text);
	copies_add(out, 'i', "id", row->id);
	copies_add_record(out, view->account_id, view->type, row->id);
}

static void free_view(struct view *base)
{
	struct records_view *view = of(base);

	window_clear(&view->rows);
	selection_clear(&view->marks);
	free(view);
}

static const struct view_kind kind = {
	.name = "records", .where = WHERE_MOVE | WHERE_LIST | WHERE_OBJECT | WHERE_RECORD | WHERE_COLUMNS | WHERE_MARKS, .title = title, .draw = draw,
	.act = act, .refuses = refuses, .refresh = refresh, .answer = answer, .filter = filter, .conditions = conditions, .filtered = filtered, .back = back, .words = words,
	.subject = subject, .topic = topic, .cli = cli, .copies = copies, .rows = rows, .save = save, .load = load, .free = free_view,
};

struct view *records_new(const char *account_id, const struct type *type)
{
	struct records_view *view = memory_new(sizeof(*view));

	view->view.kind = &kind;
	view->rows = kept_rows();
	view->type = type;
	view->sort = SHOWS_CHANGED;
	view->descending = true;
	view->first = -1;
	view->count = -1;
	view->column_count = records_usual(type, view->shows);
	snprintf(view->account_id, sizeof(view->account_id), "%s", account_id);
	return &view->view;
}

struct view *records_filtered(const char *account_id, const struct type *type, const char *filter)
{
	struct view *base = records_new(account_id, type);
	struct records_view *view = of(base);
	struct error ignored = { 0 };

	view->filtered = filter_parse(type, filter, PERSONAL_MASKED, &view->conditions, &ignored);
	if (view->filtered)
		snprintf(view->filter, sizeof(view->filter), "%s", filter);
	return base;
}

struct view *records_again(struct deck *deck, const char *text)
{
	char account[ACCOUNT_ID_MAX], provider[40], name[80];
	const struct type *type;
	struct view *view;

	if (!trail_get(text, "account", account, sizeof(account)) || !trail_get(text, "provider", provider, sizeof(provider)) ||
	    !trail_get(text, "type", name, sizeof(name)))
		return NULL;
	type = catalogue_find(deck_app(deck)->catalogue, provider, name);
	if (!type)
		return NULL;
	view = records_new(account, type);
	of(view)->personal = app_personal(deck_app(deck));
	return view;
}
