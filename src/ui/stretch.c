/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is read at the edges of a stretch, and how it finds its place in what is held. */
#include "stretch.h"

#include <string.h>

#include "format.h"
#include "ledgerdeck/core/memory.h"

#define READ_ROWS 200    /* that are read at once in one direction */
#define OWED_MAX 2000    /* more of them when the cursor has far to go */
#define HELD_MAX 1500

static int64_t no_at(const struct window_rows *rows, size_t at)
{
	int64_t no;

	memcpy(&no, window_row(rows, (int64_t)at), sizeof(no));
	return no;
}

/* ---- the reader's thread */

struct reading {
	struct stretch_ask *ask;
	stretch_list *list;
	void *ctx;
	struct store *store;
};

/* Where a look has ended; where nothing was looked at, it stays. */
static struct edge edge_of(const struct log_look *look, int64_t from)
{
	return (struct edge){ look->no ? look->no : from, look->at_ms, look->done };
}

static bool read_older(const struct reading *reading, int64_t before_no, struct error *err)
{
	struct stretch_bounds bounds = { .before_no = before_no, .limit = reading->ask->limit, .newest_first = true };
	struct log_look look;

	if (!reading->list(reading->ctx, reading->store, &bounds, &reading->ask->rows, &look, err))
		return false;
	reading->ask->older = edge_of(&look, before_no);
	return true;
}

static bool read_newer(const struct reading *reading, int64_t after_no, struct error *err)
{
	struct stretch_bounds bounds = { .after_no = after_no, .limit = reading->ask->limit };
	size_t before = reading->ask->rows.count;
	struct log_look look;

	if (!reading->list(reading->ctx, reading->store, &bounds, &reading->ask->rows, &look, err))
		return false;
	reading->ask->newer = edge_of(&look, after_no);
	window_reverse(&reading->ask->rows, before);
	return true;
}

/* What fits or not, all up to the newest has been seen. */
static bool read_start(const struct reading *reading, struct error *err)
{
	struct stretch_bounds newest = { .limit = 1, .newest_first = true, .any = true };
	struct window_rows row = { .size = reading->ask->rows.size };
	struct log_look look;
	int64_t no;
	bool good;

	if (reading->ask->from)
		return read_newer(reading, reading->ask->from, err) && read_older(reading, reading->ask->from + 1, err);
	good = reading->list(reading->ctx, reading->store, &newest, &row, &look, err);
	no = row.count > 0 ? no_at(&row, 0) : 0;
	window_clear(&row);
	if (!good)
		return false;
	reading->ask->newer = (struct edge){ .no = no, .done = true };
	return read_older(reading, no + 1, err);
}

static bool read_hit(const struct reading *reading, struct error *err)
{
	struct stretch_ask *ask = reading->ask;
	struct stretch_bounds bounds = { .limit = 1, .newest_first = !ask->backwards };
	struct log_look look;

	*(ask->backwards ? &bounds.after_no : &bounds.before_no) = ask->from;
	if (!reading->list(reading->ctx, reading->store, &bounds, &ask->rows, &look, err))
		return false;
	ask->hit = ask->rows.count > 0 ? no_at(&ask->rows, 0) : 0;
	ask->older = edge_of(&look, ask->from);
	return true;
}

bool stretch_read(struct stretch_ask *ask, stretch_list *list, void *ctx, struct store *store, struct error *err)
{
	struct reading reading = { ask, list, ctx, store };

	switch (ask->asking) {
	case STRETCH_START:
		return read_start(&reading, err);
	case STRETCH_LAST:
		ask->older = (struct edge){ .done = true };
		return read_newer(&reading, 0, err);
	case STRETCH_OLDER:
		return read_older(&reading, ask->from, err);
	case STRETCH_NEWER:
		return read_newer(&reading, ask->from, err);
	case STRETCH_HIT:
		return read_hit(&reading, err);
	}
	return false;
}

/* ---- what is held */

void stretch_clear(struct stretch *stretch)
{
	window_clear(&stretch->rows);
}

void *stretch_row(const struct stretch *stretch, int64_t place)
{
	return window_row(&stretch->rows, place);
}

int64_t stretch_no(const struct stretch *stretch, int64_t place)
{
	return stretch_row(stretch, place) ? no_at(&stretch->rows, (size_t)place) : 0;
}

size_t stretch_place(const struct stretch *stretch, int64_t no, bool *ret_there)
{
	size_t at = 0;

	while (at < stretch->rows.count && no_at(&stretch->rows, at) > no)
		at++;
	*ret_there = at < stretch->rows.count && no_at(&stretch->rows, at) == no;
	return at;
}

static void trim(struct stretch *stretch)
{
	int64_t dropped = window_trim(&stretch->rows, &stretch->table, HELD_MAX);

	if (dropped > 0)
		stretch->newer = (struct edge){ .no = no_at(&stretch->rows, 0) };
	else if (dropped < 0)
		stretch->older = (struct edge){ .no = no_at(&stretch->rows, stretch->rows.count - 1) };
}

void stretch_move(struct stretch *stretch, int64_t rows)
{
	stretch->owed = window_move(&stretch->table, stretch->owed + rows, stretch->newer.done, stretch->older.done);
}

struct stretch_ask stretch_start(int64_t no)
{
	return (struct stretch_ask){ .asking = STRETCH_START, .from = no, .limit = READ_ROWS };
}

struct stretch_ask stretch_last(void)
{
	return (struct stretch_ask){ .asking = STRETCH_LAST, .limit = READ_ROWS };
}

bool stretch_wants(const struct stretch *stretch, bool follows, struct stretch_ask *ret_ask)
{
	int64_t owed = stretch->owed < 0 ? -stretch->owed : stretch->owed;
	int lacks = window_lacks(&stretch->table, stretch->owed, stretch->newer.done, stretch->older.done);

	if (lacks == 0 && (!follows || stretch->newer.done))
		return false;
	*ret_ask = (struct stretch_ask){ .asking = lacks > 0 ? STRETCH_OLDER : STRETCH_NEWER,
					 .from = lacks > 0 ? stretch->older.no : stretch->newer.no,
					 .limit = READ_ROWS + (owed < OWED_MAX ? owed : OWED_MAX) };
	return true;
}

static void take_start(struct stretch *stretch, const struct stretch_ask *ask)
{
	bool there;

	stretch->rows.count = 0;
	stretch->table.count = 0;
	if (ask->asking == STRETCH_START && ask->from == 0)
		stretch->table.cursor = stretch->table.top = 0;
	window_insert(&stretch->rows, &stretch->table, 0, ask->rows.items, ask->rows.count);
	stretch->newer = ask->newer;
	stretch->older = ask->older;
	if (ask->asking == STRETCH_LAST)
		table_keep(&stretch->table, stretch->table.count, stretch->table.count - 1);
	else if (ask->from)
		table_keep(&stretch->table, stretch->table.count, (int64_t)stretch_place(stretch, ask->from, &there));
	stretch->loaded = true;
}

void stretch_take(struct stretch *stretch, const struct stretch_ask *ask)
{
	bool older = ask->asking == STRETCH_OLDER;

	if (ask->asking == STRETCH_START || ask->asking == STRETCH_LAST) {
		take_start(stretch, ask);
		return;
	}
	window_insert(&stretch->rows, &stretch->table, older ? stretch->rows.count : 0, ask->rows.items, ask->rows.count);
	if (older)
		stretch->older = ask->older;
	else
		stretch->newer = ask->newer;
	if (stretch->owed != 0)
		stretch_move(stretch, 0);
	trim(stretch);
}

void stretch_add_search(const struct stretch *stretch, const struct hunt *hunt, int rows, struct str *out)
{
	char stamp[FORMAT_MAX];

	if (hunt->places != 0)
		str_addf(out, "Looking for '%.60s' ... {back} stops.", hunt->text);
	else if (!stretch->older.done && (int64_t)stretch->rows.count - stretch->table.top < rows)
		str_addf(out, "Looked back to %s ...", stretch->older.at_ms ? format_stamp(stretch->older.at_ms, stamp) : "now");
}

/* ---- looking for a text */

void hunt_go(struct hunt *hunt, const struct stretch *stretch, int places)
{
	int64_t here = stretch_no(stretch, stretch->table.cursor);

	if (hunt->places == 0)
		hunt->from = here ? here : INT64_MAX;
	hunt->places += places;
}

struct stretch_ask hunt_ask(const struct hunt *hunt)
{
	return (struct stretch_ask){ .asking = STRETCH_HIT, .from = hunt->from, .limit = 1, .backwards = hunt->places < 0 };
}

enum hunt_end hunt_take(struct hunt *hunt, struct stretch *stretch, const struct stretch_ask *ask)
{
	bool there;
	size_t at;

	hunt->from = ask->older.no;
	/* Called off meanwhile. */
	if (hunt->places == 0 || (!ask->hit && !ask->older.done))
		return HUNT_GOES_ON;
	if (!ask->hit) {
		hunt->places = 0;
		return HUNT_NOWHERE;
	}
	hunt->from = ask->hit;
	hunt->places += ask->backwards ? 1 : -1;
	if (hunt->places != 0)
		return HUNT_GOES_ON;
	at = stretch_place(stretch, ask->hit, &there);
	if (!there)
		return HUNT_ELSEWHERE;
	table_go(&stretch->table, (int64_t)at);
	return HUNT_THERE;
}
