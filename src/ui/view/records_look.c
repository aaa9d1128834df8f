/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How a part of the list is found, by the reader. Nothing is counted off: it goes from a row on, by the index that keeps
 * records in the order of their change. A filter or another order may make it look at millions, so it comes back every
 * few milliseconds with what it has, and goes on when it is asked again: nothing waits for it, and whoever wants
 * something else just doesn't ask again.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/command/then.h"
#include "ledgerdeck/core/memory.h"
#include "records.h"

#define SLICE_MS 25
#define LOOK_AT_CLOCK 256 /* records between two looks at the clock */
#define MARKS_BYTES ((size_t)SELECTION_MAX * RECORD_ID_MAX)

/* ---- rows */

static void release(void *row)
{
	free(*(struct kept_row **)row);
}

struct window_rows kept_rows(void)
{
	return (struct window_rows){ .size = sizeof(struct kept_row *), .release = release };
}

static const char *put_text(char **at, const char *text, size_t len)
{
	const char *start = *at;

	memcpy(*at, text, len);
	(*at)[len] = '\0';
	*at += len + 1;
	return start;
}

bool looks_at_all(const struct looking_for *what)
{
	return what->order != RECORD_BY_TIME || what->then_ms != 0;
}

static struct cell key_of(const struct looking_for *what, const struct record_row *row)
{
	switch (what->order) {
	case RECORD_BY_TITLE:
		return (struct cell){ CELL_TEXT, 0, row->title, row->title_len };
	case RECORD_BY_ID:
		return (struct cell){ CELL_TEXT, 0, row->id, strlen(row->id) };
	case RECORD_BY_FIELD:
		return row->cells[what->field];
	default:
		return (struct cell){ .kind = looks_at_all(what) && row->has_time ? CELL_INTEGER : CELL_NONE, .integer = row->time_ms };
	}
}

static struct kept_row *keep(const struct looking_for *what, const struct record_row *row)
{
	AUTO(str_clear) struct str texts = STR_INIT(STR_NO_LIMIT);
	size_t ends[TYPE_FIELDS_MAX] = { 0 }, from = 0, size;
	struct cell key = key_of(what, row);
	struct kept_row *kept;
	char *at;

	for (size_t i = 0; i < what->type->field_count; i++) {
		cell_add_text(&row->cells[i], &what->type->fields[i], what->personal, &texts);
		ends[i] = texts.len;
	}
	size = sizeof(*kept) + strlen(row->id) + strlen(row->version) + row->title_len + texts.len + key.len + TYPE_FIELDS_MAX + 4;
	kept = memory_new(size);
	*kept = (struct kept_row){ .size = size, .key = { key, row->no }, .state = row->state,
				   .place = { PLACE_RECORD, row->has_time, row->time_ms, row->no } };
	at = (char *)(kept + 1);
	kept->id = put_text(&at, row->id, strlen(row->id));
	kept->version = put_text(&at, row->version, strlen(row->version));
	kept->title = put_text(&at, row->title, row->title_len);
	for (size_t i = 0; i < what->type->field_count; from = ends[i++])
		kept->cells[i] = put_text(&at, texts.len ? texts.text + from : "", ends[i] - from);
	if (key.kind == CELL_TEXT)
		kept->key.cell.text = put_text(&at, key.text, key.len);
	return kept;
}

static const char *moved(const char *text, const struct kept_row *from, struct kept_row *to)
{
	return text ? (char *)to + (text - (const char *)from) : NULL;
}

struct kept_row *kept_row_copy(const struct kept_row *row)
{
	struct kept_row *copy = memory_new(row->size);

	memcpy(copy, row, row->size);
	copy->id = moved(row->id, row, copy);
	copy->version = moved(row->version, row, copy);
	copy->title = moved(row->title, row, copy);
	for (size_t i = 0; i < TYPE_FIELDS_MAX; i++)
		copy->cells[i] = moved(row->cells[i], row, copy);
	if (row->key.cell.kind == CELL_TEXT)
		copy->key.cell.text = moved(row->key.cell.text, row, copy);
	return copy;
}

/* ---- walking */

struct pass {               /* one walk, or as much of it as there is time for */
	struct look *look;
	int64_t *nos;       /* owned */
	size_t count, room, most;
	struct window_rows *into;
};

static bool is_late(const struct look *look)
{
	return look->looked_at % LOOK_AT_CLOCK == 0 && look->env.ticks_ms(look->env.ctx) >= look->until_ms;
}

static void note(struct look *look, const struct record_step *step)
{
	look->at = step->place;
	look->looked_at++;
	look->count += step->fits;
}

static bool step_row(void *ctx, const struct record_step *step)
{
	struct pass *pass = ctx;

	note(pass->look, step);
	if (step->fits) {
		memory_grow(&pass->nos, &pass->room, pass->count + 1, sizeof(*pass->nos));
		pass->nos[pass->count++] = step->place.no;
	}
	return pass->count < pass->most && !is_late(pass->look);
}

static bool step_move(void *ctx, const struct record_step *step)
{
	struct look *look = ((struct pass *)ctx)->look;

	note(look, step);
	if (step->fits) {
		look->middle = step->place;
		look->moved += look->move > 0 ? 1 : -1;
	}
	return look->moved != look->move && !is_late(look);
}

static bool step_id(void *ctx, const struct record_step *step)
{
	struct look *look = ((struct pass *)ctx)->look;

	note(look, step);
	if (look->wish == WISH_MARK && step->fits)
		str_add_bytes(&look->ids, step->key.text, step->key.len + 1);
	return (look->wish != WISH_MARK || look->count < SELECTION_MAX) && !is_late(look);
}

/* Before the anchor or behind it; the anchor itself is there already. */
static bool step_sort(void *ctx, const struct record_step *step)
{
	struct look *look = ((struct pass *)ctx)->look;
	const struct sort_key key = { step->key, step->place.no };
	int side = 1;

	note(look, step);
	if (!step->fits)
		return !is_late(look);
	if (look->anchor)
		side = sort_compare(look->what.order, &key, &look->anchor->key) * (look->what.descending ? -1 : 1);
	else if (look->wish == WISH_BOTTOM)
		side = -1;
	if (side > 0)
		sorter_take(&look->below, &key);
	else if (side < 0)
		sorter_take(&look->above, &key);
	return !is_late(look);
}

static bool take_row(void *ctx, const struct record_row *row)
{
	struct pass *pass = ctx;

	window_add(pass->into, &(struct kept_row *){ keep(&pass->look->what, row) });
	return true;
}

/* Where none is deleted, the index alone tells what is passed by: ten thousand rows in a millisecond. */
static struct record_query query_of(const struct look *look)
{
	static const struct filter everything = { .count = 0, .names_state = true };
	bool passes_by = look->stage == LOOK_MOVE && look->object.deleted == 0;

	return (struct record_query){ .type = look->what.type, .field = look->what.field,
				      .filter = look->what.filtered ? &look->what.filter : passes_by ? &everything : NULL,
				      .order = look->wish == WISH_MARK ? RECORD_BY_ID : look->what.order,
				      .then = look->what.then_ms ? &look->moment : NULL };
}

static bool rows_of(struct look *look, struct store *store, const int64_t *nos, size_t count, struct pass *pass, struct error *err)
{
	return records_rows(store, look->object.no, look->what.then_ms ? &look->moment : NULL, nos, count, take_row, pass, err);
}

static bool walk(struct look *look, struct store *store, bool back, bool (*step)(void *ctx, const struct record_step *step),
		 struct pass *pass, bool *ret_end, struct error *err)
{
	struct record_query query = query_of(look);
	struct record_place from = look->at;

	return records_walk(store, look->object.no, &query, &from, back, step, pass, ret_end, err);
}

static void clear_pass(struct pass *pass)
{
	free(pass->nos);
}

/* ---- where it begins */

static bool step_once(void *ctx, const struct record_step *step)
{
	*(struct record_step *)ctx = *step;
	return false;
}

static bool take_place(void *ctx, const struct record_row *row)
{
	*(struct record_place *)ctx = (struct record_place){ PLACE_RECORD, row->has_time, row->time_ms, row->no };
	return false;
}

/* Is the record there, and does the filter let it through? What it is now becomes the anchor. */
static bool look_at_anchor(struct look *look, struct store *store, struct error *err)
{
	AUTO(window_clear) struct window_rows fresh = kept_rows();
	struct pass pass = { .look = look, .into = &fresh };
	struct record_query query = query_of(look);
	struct record_step step = { .fits = false };
	struct record_place before;
	int64_t no = look->anchor ? look->anchor->place.no : 0;
	bool end;

	if (!look->anchor && !records_find(store, look->object.no, look->anchor_id, &no, err))
		return false;
	if (!rows_of(look, store, &no, 1, &pass, err))
		return false;
	if (fresh.count > 0) {
		free(look->anchor);
		look->anchor = *(struct kept_row **)window_row(&fresh, 0);
		fresh.count = 0; /* it is ours */
		before = look->anchor->place;
		/* One walks by the times of now. */
		if (look->what.then_ms && !records_rows(store, look->object.no, NULL, &no, 1, take_place, &before, err))
			return false;
		before.no--;
		if (!records_walk(store, look->object.no, &query, &before, false, step_once, &step, &end, err))
			return false;
	}
	look->is_gone = !step.fits || step.place.no != no;
	return true;
}

static void from_edge(struct look *look, bool bottom)
{
	/* The top of a list that goes down is the end of the order. */
	look->at.edge = bottom == look->what.descending ? PLACE_FIRST : PLACE_LAST;
	look->is_top = !bottom;
	look->is_bottom = bottom;
	look->stage = bottom ? LOOK_UP : LOOK_DOWN;
}

static void begin_sort(struct look *look)
{
	size_t move = (size_t)(look->move < 0 ? -look->move : look->move);

	look->at.edge = PLACE_FIRST;
	look->stage = LOOK_SORT;
	look->is_top = look->wish == WISH_TOP;
	look->is_bottom = look->wish == WISH_BOTTOM;
	look->below = (struct sorter){ look->what.order, look->what.descending, 0, NULL, 0, 0 };
	look->above = (struct sorter){ look->what.order, !look->what.descending, 0, NULL, 0, 0 };
	if (look->wish != WISH_UP && look->wish != WISH_BOTTOM)
		look->below.most = look->rows + (look->move > 0 ? move : 0);
	if (look->wish != WISH_DOWN && look->wish != WISH_TOP)
		look->above.most = look->rows + (look->move < 0 ? move : 0);
}

static bool begin(struct look *look, struct store *store, struct error *err)
{
	bool has_account;

	if (!accounts_get(store, look->account_id, &look->account, &has_account, err) ||
	    !objects_get(store, look->account_id, look->what.type->name, &look->object, &look->is_object, err))
		return false;
	/* Where the deck was left, there may be another store by now. */
	if (!has_account)
		return error_set(err, ERROR_CONFLICT, "the account is not in this store any more");
	/* Columns of another row of the catalogue say nothing: they are filled anew in the background. */
	if (look->is_object && !object_is_current(&look->object, look->what.type))
		return error_set(err, ERROR_CONFLICT, "the catalogue's row of %s was changed; its columns are being filled anew",
				 look->what.type->name);
	if (look->what.then_ms && !then_is_known(&look->object, look->what.type, look->what.then_ms, err))
		return false;
	look->moment = (struct record_moment){ look->what.then_ms, &look->object, look->what.type };
	look->stage = LOOK_DONE;
	look->is_top = look->is_bottom = !look->is_object;
	if (!look->is_object)
		return true;
	if (look->wish == WISH_AROUND && !look_at_anchor(look, store, err))
		return false;
	if (!look->anchor && look->wish == WISH_AROUND)
		look->wish = WISH_TOP;
	if (look->wish == WISH_COUNT || look->wish == WISH_MARK) {
		look->at.edge = PLACE_FIRST;
		look->stage = LOOK_DOWN;
	} else if (looks_at_all(&look->what)) {
		begin_sort(look);
	} else if (look->wish == WISH_TOP || look->wish == WISH_BOTTOM) {
		from_edge(look, look->wish == WISH_BOTTOM);
	} else {
		look->middle = look->at = look->anchor->place;
		look->stage = look->wish == WISH_DOWN ? LOOK_DOWN : look->wish == WISH_UP || look->move == 0 ? LOOK_UP : LOOK_MOVE;
	}
	return true;
}

/* ---- its stages; each leaves when it is done or late */

static bool fetch(struct look *look, struct store *store, struct pass *pass, struct window_rows *into, struct error *err)
{
	pass->into = into;
	return rows_of(look, store, pass->nos, pass->count, pass, err);
}

static bool move(struct look *look, struct store *store, struct error *err)
{
	struct pass pass = { .look = look };
	bool end;

	if (!walk(look, store, (look->move > 0) == look->what.descending, step_move, &pass, &end, err))
		return false;
	if (end || look->moved == look->move) {
		look->is_gone = look->is_gone && look->moved == 0;
		look->at = look->middle;
		look->stage = LOOK_UP;
	}
	return true;
}

/* The middle one itself, which was found before. */
static bool take_middle(struct look *look, struct store *store, struct error *err)
{
	struct pass pass = { .look = look, .into = &look->down };

	return look->is_gone || rows_of(look, store, &look->middle.no, 1, &pass, err);
}

static bool up(struct look *look, struct store *store, struct error *err)
{
	AUTO(clear_pass) struct pass pass = { .look = look, .most = look->rows - look->up.count };
	bool end;

	if (!walk(look, store, !look->what.descending, step_row, &pass, &end, err) || !fetch(look, store, &pass, &look->up, err))
		return false;
	look->is_top = end;
	if (!end && look->up.count < look->rows)
		return true;
	look->stage = look->wish == WISH_AROUND ? LOOK_DOWN : LOOK_DONE;
	look->at = look->middle;
	return look->wish != WISH_AROUND || take_middle(look, store, err);
}

static bool down(struct look *look, struct store *store, struct error *err)
{
	AUTO(clear_pass) struct pass pass = { .look = look, .most = look->rows - look->down.count };
	bool end;

	if (look->wish == WISH_COUNT || look->wish == WISH_MARK) {
		if (!walk(look, store, false, step_id, &pass, &end, err))
			return false;
		look->stage = end || (look->wish == WISH_MARK && look->count >= SELECTION_MAX) ? LOOK_DONE : LOOK_DOWN;
		return true;
	}
	if (!walk(look, store, look->what.descending, step_row, &pass, &end, err) || !fetch(look, store, &pass, &look->down, err))
		return false;
	look->is_bottom = end;
	if (end || look->down.count >= look->rows)
		look->stage = LOOK_DONE;
	return true;
}

static bool take_sorted(struct look *look, struct store *store, struct sorter *sorter, struct window_rows *into, struct error *err)
{
	AUTO(clear_pass) struct pass pass = { .look = look };

	sorter_finish(sorter);
	for (size_t i = 0; i < sorter->count; i++) {
		memory_grow(&pass.nos, &pass.room, pass.count + 1, sizeof(*pass.nos));
		pass.nos[pass.count++] = sorter->keys[i].no;
	}
	return fetch(look, store, &pass, into, err);
}

static bool sort(struct look *look, struct store *store, struct error *err)
{
	struct pass pass = { .look = look };
	bool end;

	if (!walk(look, store, false, step_sort, &pass, &end, err))
		return false;
	if (!end)
		return true;
	look->is_top = look->wish == WISH_TOP || (look->wish != WISH_DOWN && look->above.count < look->above.most);
	look->is_bottom = look->wish == WISH_BOTTOM || (look->wish != WISH_UP && look->below.count < look->below.most);
	if (look->wish == WISH_AROUND) {
		int64_t most = (int64_t)(look->move < 0 ? look->above.count : look->below.count);

		look->moved = look->move < -most ? -most : look->move > most ? most : look->move;
		look->middle = look->anchor->place;
		if (!take_middle(look, store, err))
			return false;
	}
	look->stage = LOOK_DONE;
	return take_sorted(look, store, &look->above, &look->up, err) && take_sorted(look, store, &look->below, &look->down, err);
}

static bool work(struct question *question, struct store *store, struct error *err)
{
	struct look *look = (struct look *)question;
	int64_t start_ms = look->env.ticks_ms(look->env.ctx);
	bool good = look->stage != LOOK_BEGIN || begin(look, store, err);

	look->until_ms = start_ms + SLICE_MS;
	for (bool late = false; good && look->stage != LOOK_DONE && !late;) {
		enum look_stage stage = look->stage;

		switch (stage) {
		case LOOK_MOVE:
			good = move(look, store, err);
			break;
		case LOOK_UP:
			good = up(look, store, err);
			break;
		case LOOK_SORT:
			good = sort(look, store, err);
			break;
		default:
			good = down(look, store, err);
			break;
		}
		late = look->stage == stage;
	}
	look->took_ms += look->env.ticks_ms(look->env.ctx) - start_ms;
	return good;
}

static void free_look(struct question *question)
{
	struct look *look = (struct look *)question;

	free(look->anchor);
	sorter_clear(&look->above);
	sorter_clear(&look->below);
	window_clear(&look->up);
	window_clear(&look->down);
	str_clear(&look->ids);
	free(look);
}

struct look *look_new(const struct env *env, const char *account_id, const struct looking_for *what, enum wish wish, size_t rows)
{
	struct look *look = memory_new(sizeof(*look));

	look->question = (struct question){ .work = work, .free = free_look };
	look->env = *env;
	look->what = *what;
	look->wish = wish;
	look->rows = rows;
	look->up = look->down = kept_rows();
	str_init(&look->ids, MARKS_BYTES);
	snprintf(look->account_id, sizeof(look->account_id), "%s", account_id);
	return look;
}
