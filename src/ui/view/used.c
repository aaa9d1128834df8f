/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The documents of an operator's own that use a code in an account; each leads to its page. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deck.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/resources.h"
#include "ledgerdeck/sync/mapping.h"
#include "listing.h"
#include "trail.h"

#define SHOWN_MAX 5000 /* the newest */

struct used_row {
	int64_t no;
	const char *type;             /* borrowed: the table of types */
	char number[128], party[128], currency[8];
	char date[DATE_TEXT_MAX], total[DECIMAL_TEXT_MAX];
};

struct used_answer {
	struct question question;
	const struct catalogue *catalogue; /* borrowed; it outlives the deck */
	char account_id[ACCOUNT_ID_MAX], code[MAPPING_CODE_MAX];
	enum target target;
	bool found;
	struct account account;
	int64_t *nos;                 /* owned; the newest last */
	size_t no_count, no_room;
	struct used_row *rows;        /* owned */
	size_t count, room;
};

struct used_view {
	struct view view;
	char account_id[ACCOUNT_ID_MAX], code[MAPPING_CODE_MAX];
	enum target target;
	struct used_answer *found;    /* owned; NULL: nothing yet */
	struct listing list;
	char filter[VIEW_FILTER_MAX];
};

static struct used_view *of(struct view *view)
{
	return (struct used_view *)view;
}

static const struct used_view *of_const(const struct view *view)
{
	return (const struct used_view *)view;
}

/* ---- the reader's thread */

static void free_answer(struct question *question)
{
	struct used_answer *answer = (struct used_answer *)question;

	free(answer->nos);
	free(answer->rows);
	free(answer);
}

static void take(void *ctx, int64_t no)
{
	struct used_answer *answer = ctx;

	memory_grow(&answer->nos, &answer->no_room, answer->no_count + 1, sizeof(*answer->nos));
	answer->nos[answer->no_count++] = no;
}

static bool add_row(struct used_answer *answer, struct store *store, int64_t no, struct error *err)
{
	struct resource resource;
	struct used_row *row;
	struct decimal total;

	if (!resources_by_no(store, no, &resource, NULL, err))
		return false;
	memory_grow(&answer->rows, &answer->room, answer->count + 1, sizeof(*answer->rows));
	row = &answer->rows[answer->count++];
	*row = (struct used_row){ .no = no, .type = resource.type->name };
	snprintf(row->number, sizeof(row->number), "%.127s", *resource.summary.number ? resource.summary.number : resource.external_id);
	snprintf(row->party, sizeof(row->party), "%s", resource.summary.party);
	snprintf(row->currency, sizeof(row->currency), "%s", resource.summary.currency);
	if (resource.summary.has_date)
		date_format(resource.summary.date, row->date);
	total = decimal_money(resource.summary.total);
	if (resource.summary.has_total)
		decimal_format(total, row->total);
	return true;
}

static bool work(struct question *question, struct store *store, struct error *err)
{
	struct used_answer *answer = (struct used_answer *)question;
	AUTO(mapper_closep) struct mapper *mapper = NULL;

	if (!accounts_get(store, answer->account_id, &answer->account, &answer->found, err) ||
	    !mapper_open(store, answer->catalogue, answer->account_id, &mapper, err) ||
	    !mapper_documents(mapper, answer->target, answer->code, take, answer, NULL, err))
		return false;
	for (size_t i = answer->no_count; i > 0 && answer->count < SHOWN_MAX; i--)
		if (!add_row(answer, store, answer->nos[i - 1], err))
			return false;
	return true;
}

static void refresh(struct view *base)
{
	struct used_answer *asked = memory_new(sizeof(*asked));

	asked->question = (struct question){ .work = work, .free = free_answer };
	asked->catalogue = deck_app(base->deck)->catalogue;
	asked->target = of(base)->target;
	snprintf(asked->account_id, sizeof(asked->account_id), "%s", of(base)->account_id);
	snprintf(asked->code, sizeof(asked->code), "%s", of(base)->code);
	view_ask(base, &asked->question);
}

/* ---- rows */

static void row_id(const void *ctx, size_t row, char *out)
{
	snprintf(out, LISTING_ID_MAX, "%lld", (long long)((const struct used_view *)ctx)->found->rows[row].no);
}

static bool row_fits(const void *ctx, size_t place)
{
	const struct used_view *view = ctx;
	const struct used_row *row = &view->found->rows[place];
	const char *const places[] = { row->type, row->number, row->party, row->date, row->total, row->currency };

	return listing_words_fit(view->filter, places, ARRAY_LEN(places));
}

static struct listing_source source_of(const struct used_view *view)
{
	return (struct listing_source){ .count = view->found ? view->found->count : 0, .id = row_id, .fits = row_fits, .ctx = view };
}

static void arrange(struct used_view *view)
{
	struct listing_source source = source_of(view);

	listing_arrange(&view->list, &source);
}

static const struct used_row *current(const struct used_view *view)
{
	size_t row = view->found ? listing_current(&view->list) : LISTING_NONE;

	return row == LISTING_NONE ? NULL : &view->found->rows[row];
}

static void answer(struct view *base, struct question *question)
{
	struct used_view *view = of(base);

	if (!view_keeps(base, question, view->found ? &view->found->question : NULL))
		return;
	view->found = (struct used_answer *)question;
	arrange(view);
}

/* ---- drawing */

enum { USED_TYPE, USED_NUMBER, USED_DATE, USED_TOTAL, USED_CURRENCY, USED_PARTY };
static const struct table_column columns[] = {
	[USED_TYPE] = { "TYPE", 8, 14, 2, 0 },
	[USED_NUMBER] = { "NUMBER", 8, 24, 0, 0 },
	[USED_DATE] = { "DATE", 10, 10, 3, 0 },
	[USED_TOTAL] = { "TOTAL", 10, 16, 1, COLUMN_AMOUNT },
	[USED_CURRENCY] = { "", 3, 3, 1, 0 },
	[USED_PARTY] = { "PARTY", 10, 60, 4, COLUMN_GROWS },
};

static void put_cell(void *ctx, int64_t place, size_t column, struct table_cell *cell)
{
	struct used_view *view = ctx;
	const struct used_row *row = &view->found->rows[listing_row(&view->list, place)];
	const char *const cells[] = { [USED_TYPE] = row->type, [USED_NUMBER] = row->number, [USED_DATE] = row->date, [USED_TOTAL] = row->total,
				      [USED_CURRENCY] = row->currency, [USED_PARTY] = row->party };

	table_text(cell, column == USED_NUMBER || column == USED_TOTAL ? ROLE_TEXT : ROLE_DIM, cells[column]);
}

static void draw_head(const struct used_view *view, struct canvas *canvas, struct rect rect)
{
	const struct used_answer *found = view->found;
	AUTO(str_clear) struct str line = STR_INIT(500);

	str_addf(&line, "%zu document%s use%s %s '%s'", found->no_count, found->no_count == 1 ? "" : "s", found->no_count == 1 ? "s" : "",
		 target_title(view->target), view->code);
	if (found->no_count > found->count)
		str_addf(&line, ", the newest %d are shown", SHOWN_MAX);
	canvas_add(canvas, rect.y, rect.x + 1, rect.columns - 1, ROLE_DIM, line.text);
}

static const char *empty_text(const struct used_view *view)
{
	if (!view->found)
		return "Looking which documents use it ...";
	return view->found->count > 0 ? "Nothing fits the filter; {back} shows all." : "No document uses it any more.";
}

static void draw(struct view *base, struct canvas *canvas, struct rect rect)
{
	struct used_view *view = of(base);
	struct table_source source = { .cell = put_cell, .ctx = view };
	bool head = rect.rows >= 3;

	if (view->list.count == 0) {
		view_draw_empty(base, empty_text(view), canvas, rect);
		return;
	}
	if (head)
		draw_head(view, canvas, rect);
	rect.y += head;
	rect.rows -= head;
	table_draw(&view->list.table, canvas, rect, columns, ARRAY_LEN(columns), &source, true, true);
}

/* ---- keys */

static bool act(struct view *base, enum action action)
{
	struct used_view *view = of(base);
	struct listing_source source = source_of(view);
	const struct used_row *row = current(view);

	switch (action) {
	case ACTION_OPEN:
		if (row)
			deck_push(base->deck, document_new(view->account_id, row->no));
		return true;
	case ACTION_COPY:
		if (row)
			deck_copy(base->deck, "Number", row->number);
		return true;
	case ACTION_LEFT:
	case ACTION_RIGHT:
		table_scroll(&view->list.table, action == ACTION_RIGHT ? 1 : -1);
		return true;
	default:
		return listing_act(&view->list, &source, action);
	}
}

static char *filter(struct view *base)
{
	return of(base)->filter;
}

static void filtered(struct view *base)
{
	arrange(of(base));
}

static bool back(struct view *base)
{
	struct used_view *view = of(base);

	if (!*view->filter)
		return false;
	*view->filter = '\0';
	arrange(view);
	return true;
}

/* ---- the view */

static void title(const struct view *base, struct str *out)
{
	str_addf(out, "used by, %s", of_const(base)->code);
}

static bool subject(const struct view *base, struct account *ret_account)
{
	const struct used_view *view = of_const(base);

	if (view->found)
		*ret_account = view->found->account;
	return view->found != NULL;
}

static void rows(struct view *base, struct str *out)
{
	const struct used_row *row = current(of(base));

	if (row)
		rows_add(out, (const char *const[]){ row->type, row->number, row->date, row->total, row->currency, row->party, NULL });
}

static void save(const struct view *base, struct str *out)
{
	const struct used_view *view = of_const(base);

	trail_put(out, "account", view->account_id);
	trail_put(out, "target", target_word(view->target));
	trail_put(out, "code", view->code);
	trail_put(out, "document", view->list.cursor);
	trail_put_row(out, &view->list.table);
}

static void load(struct view *base, const char *text)
{
	struct used_view *view = of(base);

	trail_get(text, "document", view->list.cursor, sizeof(view->list.cursor));
	trail_get_row(text, &view->list.table);
}

static void free_view(struct view *base)
{
	struct used_view *view = of(base);

	question_free(view->found ? &view->found->question : NULL);
	listing_clear(&view->list);
	free(view);
}

static const struct view_kind kind = {
	.name = "used-by", .where = WHERE_MOVE | WHERE_LIST, .title = title, .draw = draw, .act = act, .refresh = refresh, .answer = answer,
	.filter = filter, .filtered = filtered, .back = back, .subject = subject, .rows = rows, .save = save, .load = load, .free = free_view,
};

struct view *used_view_new(const char *account_id, const char *target, const char *code)
{
	struct used_view *view;
	enum target found;

	if (!target_parse(target, &found))
		return NULL;
	view = memory_new(sizeof(*view));
	view->view.kind = &kind;
	view->target = found;
	snprintf(view->account_id, sizeof(view->account_id), "%s", account_id);
	snprintf(view->code, sizeof(view->code), "%s", code);
	return &view->view;
}

struct view *used_view_again(struct deck *deck, const char *text)
{
	char account_id[ACCOUNT_ID_MAX], code[MAPPING_CODE_MAX], target[40];

	(void)deck;
	if (!trail_get(text, "account", account_id, sizeof(account_id)) || !trail_get(text, "code", code, sizeof(code)) ||
	    !trail_get(text, "target", target, sizeof(target)))
		return NULL;
	return used_view_new(account_id, target, code);
}
