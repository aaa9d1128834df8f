/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mapping on the canvas: both panes side by side, or one; and what mapping the code under the cursor would do. */
#include <stdio.h>
#include <string.h>

#include "deck.h"
#include "format.h"
#include "ledgerdeck/core/memory.h"
#include "mapping.h"
#include "strip.h"

#define TWO_FROM_COLUMNS 120
#define BOTH_FROM_COLUMNS 180 /* each pane has room for all that it tells */
#define HEAD_FROM_ROWS 6

static const char *const titles[MAPPING_PANES] = { "Codes", "Could stand for" };

/* ---- codes */

enum { CODE_STATE, CODE_CODE, CODE_KIND, CODE_DOCUMENTS, CODE_AMOUNT, CODE_NAME };
static const struct table_column code_columns[] = {
	[CODE_STATE] = { "STATE", 10, 10, 0, 0 },
	[CODE_CODE] = { "CODE", 7, 30, 1, COLUMN_ENOUGH(12) },
	[CODE_KIND] = { "FOR", 8, 14, 3, COLUMN_ENOUGH(14) },
	[CODE_DOCUMENTS] = { "DOCS", 4, 7, 5, COLUMN_RIGHT },
	[CODE_AMOUNT] = { "AT STAKE", 12, 40, 4, COLUMN_AMOUNT },
	[CODE_NAME] = { "STANDS FOR", 10, 60, 2, COLUMN_GROWS | COLUMN_ENOUGH(20) },
};

static struct mark mark_of_code(const struct mapping_row *row)
{
	static const struct mark marks[MAPPER_STATE_COUNT] = {
		[MAPPER_UNMAPPED] = { "x", "unmapped", ROLE_FAILED }, [MAPPER_BAD] = { "!", "bad", ROLE_WARN },
		[MAPPER_DEFAULT] = { ".", "default", ROLE_TEXT },     [MAPPER_MAPPED] = { "=", "mapped", ROLE_OK },
		[MAPPER_LINKED] = { "=", "linked", ROLE_OK },
	};

	return row->unset ? (struct mark){ ".", "none", ROLE_DIM } : marks[row->code.state];
}

static int within(int width, int least, int most)
{
	return width < least ? least : width > most ? most : width;
}

/* What a code stands for has the rest. */
static void fit_codes(const struct mapping_answer *found, struct table_column *columns)
{
	static const int amount_most = 30;

	memcpy(columns, code_columns, sizeof(code_columns));
	columns[CODE_CODE].most = within(found->widest[WIDE_CODE], columns[CODE_CODE].least, columns[CODE_CODE].most);
	columns[CODE_CODE].flags = COLUMN_ENOUGH(within(columns[CODE_CODE].most, 0, 12));
	columns[CODE_KIND].most = within(found->widest[WIDE_TARGET], columns[CODE_KIND].least, columns[CODE_KIND].most);
	columns[CODE_KIND].flags = COLUMN_ENOUGH(columns[CODE_KIND].most);
	columns[CODE_AMOUNT].least = within(found->widest[WIDE_AMOUNT], columns[CODE_AMOUNT].least, amount_most);
}

/* Sums of several currencies have no order: all of them, or how many they are; the strip below tells each. */
static void put_amount(struct table_cell *cell, const char *amounts)
{
	size_t count = *amounts != '\0';

	for (const char *at = amounts; *at; at++)
		count += *at == ',';
	if (count > 1 && (int)strlen(amounts) > cell->columns)
		table_format(cell, ROLE_TEXT, "%zu currencies", count);
	else
		table_text(cell, ROLE_TEXT, amounts);
}

static void code_cell(void *ctx, int64_t place, size_t column, struct table_cell *cell)
{
	struct mapping_view *view = ctx;
	const struct mapping_row *row = &view->found->rows[listing_row(&view->lists[PANE_CODES], place)];
	struct mark mark = mark_of_code(row);
	char count[FORMAT_MAX];

	switch (column) {
	case CODE_STATE:
		table_format(cell, mark.role, "%s %s", mark.glyph, mark.word);
		break;
	case CODE_CODE:
		table_text(cell, *row->code.code ? ROLE_TEXT : ROLE_DIM, mapping_code_word(&row->code));
		break;
	case CODE_KIND:
		table_text(cell, ROLE_DIM, target_title(row->code.target));
		break;
	case CODE_DOCUMENTS:
		table_format(cell, ROLE_TEXT, "%s", *row->code.code ? format_count(row->code.documents, count) : "");
		break;
	case CODE_AMOUNT:
		put_amount(cell, row->code.amounts);
		break;
	default:
		table_text(cell, row->code.state == MAPPER_BAD ? ROLE_WARN : ROLE_TEXT, row->code.name);
		break;
	}
}

/* ---- candidates */

enum { CANDIDATE_FIT, CANDIDATE_NUMBER, CANDIDATE_NAME, CANDIDATE_KIND, CANDIDATE_BALANCE, CANDIDATE_WHY };
static const struct table_column candidate_columns[] = {
	[CANDIDATE_FIT] = { "FIT", 5, 5, 0, 0 },
	[CANDIDATE_NUMBER] = { "NUMBER", 6, 10, 3, 0 },
	[CANDIDATE_NAME] = { "NAME", 14, 44, 1, COLUMN_ENOUGH(22) },
	[CANDIDATE_KIND] = { "TYPE", 7, 22, 2, 0 },
	[CANDIDATE_BALANCE] = { "BALANCE", 9, 16, 4, COLUMN_AMOUNT },
	[CANDIDATE_WHY] = { "WHY", 14, 44, 5, COLUMN_GROWS | COLUMN_EXTRA },
};

static void fit_candidates(const struct mapping_answer *sight, struct table_column *columns)
{
	memcpy(columns, candidate_columns, sizeof(candidate_columns));
	if (sight->widest[WIDE_NUMBER] == 0)
		columns[CANDIDATE_NUMBER].least = columns[CANDIDATE_NUMBER].most = 0;
	columns[CANDIDATE_KIND].most = within(sight->widest[WIDE_KIND], columns[CANDIDATE_KIND].least, columns[CANDIDATE_KIND].most);
	columns[CANDIDATE_KIND].flags = COLUMN_ENOUGH(columns[CANDIDATE_KIND].most);
	if (sight->widest[WIDE_BALANCE] == 0)
		columns[CANDIDATE_BALANCE].least = columns[CANDIDATE_BALANCE].most = 0;
	else
		columns[CANDIDATE_BALANCE].least = within(sight->widest[WIDE_BALANCE], 7, DECIMAL_TEXT_MAX);
}

/* In the tree what stands below another is set in by its level; found by a search it has its whole name. */
static void put_name(const struct mapping_view *view, size_t row, enum role role, struct table_cell *cell)
{
	const struct mapper_candidate *item = &view->sight->items[row];
	const char *colon = strrchr(item->name, ':');
	bool below = colon && row > view->sight->suggested && !*view->filters[PANE_CANDIDATES];

	/* Where the numbers have another order than the tree, a part of the name would stand below the wrong one. */
	if (!below || strncmp(item[-1].name, item->name, (size_t)(colon - item->name)) != 0)
		table_text(cell, role, item->name);
	else
		table_format(cell, role, "%*s%.80s", 2 * (item->level < 8 ? item->level : 8), "", colon + 1);
}

/* The score of a suggestion; of the others in a word whether it does. */
static void put_fit(const struct mapper_candidate *item, bool is_now, bool suggested, struct table_cell *cell)
{
	if (!item->active)
		table_text(cell, ROLE_WARN, "! off");
	else if (!item->fits)
		table_text(cell, ROLE_WARN, "! no");
	else if (is_now)
		table_text(cell, ROLE_OK, "= now");
	else if (suggested)
		table_format(cell, ROLE_RUNNING, "%5d", item->score);
	else
		table_text(cell, ROLE_TEXT, "");
}

static void candidate_cell(void *ctx, int64_t place, size_t column, struct table_cell *cell)
{
	struct mapping_view *view = ctx;
	size_t row = listing_row(&view->lists[PANE_CANDIDATES], place);
	const struct mapper_candidate *item = &view->sight->items[row];
	const struct mapping_row *code = mapping_row(view);
	enum role role = item->fits ? ROLE_TEXT : ROLE_DIM;
	bool suggested = row < view->sight->suggested, is_now = code && strcmp(item->record_id, code->code.record_id) == 0;

	switch (column) {
	case CANDIDATE_FIT:
		put_fit(item, is_now, suggested, cell);
		break;
	case CANDIDATE_NUMBER:
		table_text(cell, role, item->number);
		break;
	case CANDIDATE_NAME:
		put_name(view, row, role, cell);
		break;
	case CANDIDATE_KIND:
		table_text(cell, ROLE_DIM, item->kind);
		break;
	case CANDIDATE_BALANCE:
		table_text(cell, role, item->balance);
		break;
	default:
		table_text(cell, role, suggested || !item->fits ? item->why : "");
		break;
	}
}

/* ---- panes */

static void draw_table(struct mapping_view *view, struct canvas *canvas, struct rect rect, enum mapping_pane pane, bool focus)
{
	struct table_source source = { .cell = pane == PANE_CODES ? code_cell : candidate_cell, .ctx = view };
	struct table_column columns[ARRAY_LEN(candidate_columns)];
	const char *empty = pane == PANE_CODES ? "Nothing fits the filter; {back} shows all." : "The ledger has nothing that could stand for it.";

	if (view->lists[pane].count == 0) {
		if (*view->filters[pane])
			empty = "Nothing fits the filter; {back} shows all.";
		if (pane == PANE_CODES && view->needed_only)
			empty = "Every code that is used stands for something; {failed} shows all.";
		deck_draw(view->view.deck, canvas, rect.y, rect.x + 2, rect.columns - 2, ROLE_DIM, empty);
		return;
	}
	if (pane == PANE_CANDIDATES && !mapping_is_at_hand(view)) {
		canvas_add(canvas, rect.y, rect.x + 2, rect.columns - 2, ROLE_DIM, "Looking for what could stand for it ...");
		return;
	}
	if (pane == PANE_CODES) {
		fit_codes(view->found, columns);
		table_draw(&view->lists[pane].table, canvas, rect, columns, ARRAY_LEN(code_columns), &source, true, focus);
		return;
	}
	fit_candidates(view->sight, columns);
	if (mapping_row(view)->code.target == TARGET_ITEM)
		columns[CANDIDATE_BALANCE].name = "PRICE";
	table_draw(&view->lists[pane].table, canvas, rect, columns, ARRAY_LEN(columns), &source, true, focus);
}

static void add_title(const struct mapping_view *view, enum mapping_pane pane, struct str *out)
{
	const struct mapping_row *row = mapping_row(view);
	char count[FORMAT_MAX];

	str_addf(out, "%s ", titles[pane]);
	if (pane == PANE_CODES)
		str_add(out, format_count((int64_t)view->lists[pane].count, count));
	else if (row)
		str_addf(out, "%s %s", target_title(row->code.target), mapping_code_word(&row->code));
}

static void draw_pane(struct mapping_view *view, struct canvas *canvas, struct rect rect, enum mapping_pane pane)
{
	AUTO(str_clear) struct str title = STR_INIT(300);
	bool focus = view->focus == pane;

	add_title(view, pane, &title);
	canvas_spot(canvas, (struct canvas_spot){ .rect = { rect.y, rect.x, 1, rect.columns }, .table = &view->lists[pane].table, .row = -1 });
	canvas_add(canvas, rect.y, rect.x + 1, rect.columns - 2, focus ? ROLE_FOCUS : ROLE_TITLE, title.text);
	draw_table(view, canvas, (struct rect){ rect.y + 1, rect.x, rect.rows - 1, rect.columns }, pane, focus);
}

static void draw_one(struct mapping_view *view, struct canvas *canvas, struct rect rect)
{
	int x = rect.x + 1;

	for (int i = 0; i < MAPPING_PANES && rect.rows >= 3; i++) {
		AUTO(str_clear) struct str title = STR_INIT(300);
		int width;

		add_title(view, (enum mapping_pane)i, &title);
		width = canvas_add(canvas, rect.y, x, rect.columns - x, i == (int)view->focus ? ROLE_FOCUS : ROLE_DIM, title.text);
		canvas_spot(canvas, (struct canvas_spot){ .rect = { rect.y, x, 1, width }, .table = &view->lists[i].table, .row = -1 });
		x += width + 3;
	}
	if (rect.rows >= 3)
		rect = (struct rect){ rect.y + 1, rect.x, rect.rows - 1, rect.columns };
	draw_table(view, canvas, rect, view->focus, true);
}

/* ---- what it is all about */

static void add_steps(const struct mapping_view *view, struct str *out)
{
	const struct mapping_change *undo = &view->found->undo, *redo = &view->found->redo;
	char clock[FORMAT_MAX];

	if (redo->version > 0)
		str_addf(out, "{redo} makes version %lld again. ", (long long)redo->undoes);
	if (undo->version > 0)
		str_addf(out, "{undo} takes back version %lld: %s, by %s, %s.", (long long)undo->version, undo->what, undo->who,
			 format_clock(undo->at_ms, deck_now(view->view.deck), clock));
}

static void draw_head(const struct mapping_view *view, struct canvas *canvas, struct rect rect)
{
	const struct mapping_answer *found = view->found;
	AUTO(str_clear) struct str line = STR_INIT(400);
	bool waits = found->open + found->bad > 0;
	int x = rect.x + 1;

	if (!waits)
		str_add(&line, "= Every code that is used stands for something.");
	if (found->open > 0)
		str_addf(&line, "%zu code%s for nothing", found->open, found->open == 1 ? " stands" : "s stand");
	if (found->bad > 0)
		str_addf(&line, "%s%zu%s for what does not do", found->open > 0 ? ", " : "", found->bad,
			 found->open > 0 ? "" : found->bad == 1 ? " code stands" : " codes stand");
	if (waits)
		str_add_char(&line, '.');
	x += canvas_add(canvas, rect.y, x, rect.columns - 1, waits ? ROLE_WARN : ROLE_OK, line.text);
	str_reset(&line);
	add_steps(view, &line);
	deck_draw(view->view.deck, canvas, rect.y, x + 2, rect.columns - (x - rect.x) - 2, ROLE_DIM, line.text);
}

/* Of the candidate under the cursor, or of the suggestion that would be taken: all of why it does, or not. */
static void add_candidate(const struct mapping_view *view, struct str *out)
{
	const struct mapper_candidate *suggestion = mapping_suggestion(view);
	const struct mapper_candidate *candidate = view->focus == PANE_CANDIDATES ? mapping_candidate(view) : suggestion;

	if (candidate && candidate == suggestion)
		str_addf(out, " %s is suggested, %d of 100: %s.", candidate->name, candidate->score, candidate->why);
	else if (candidate && !candidate->fits)
		str_addf(out, " %s does not fit: %s.", candidate->name, candidate->why);
}

/* What mapping the code would do; then where it is used. */
static enum role add_words(const struct mapping_view *view, struct str *first, struct str *second)
{
	const struct mapping_row *row = mapping_row(view);
	const struct mapper_effect *effect = &view->sight->effect;
	const struct mapper_code *code = &row->code;
	const char *title = target_title(code->target);

	if (code->state == MAPPER_BAD)
		str_addf(first, "%s. ", code->why);
	if (!mapping_is_at_hand(view))
		return ROLE_TEXT;
	if (effect->frees > 0)
		str_addf(first, "Mapping it frees %lld document%s, %s.", (long long)effect->frees, effect->frees == 1 ? "" : "s", effect->freed);
	else if (effect->moves > 0)
		str_addf(first, "Another rule moves %lld document%s, %s, from %s with what is written from then on.", (long long)effect->moves,
			 effect->moves == 1 ? "" : "s", effect->moved, *code->name ? code->name : "what it stands for");
	else if (row->unset)
		str_addf(first, "No default: each %s needs a rule of its own.", title);
	else if (code->state == MAPPER_UNMAPPED || code->state == MAPPER_BAD)
		str_add(first, "Other codes hold its documents up, too: mapping it alone frees none.");
	if (*code->code)
		str_addf(second, "%s '%s' stands in %s of %lld document%s, with %s.", title, code->code, code->field, (long long)code->documents,
			 code->documents == 1 ? "" : "s", code->amounts);
	add_candidate(view, second);
	return !row->unset && (code->state == MAPPER_UNMAPPED || code->state == MAPPER_BAD) ? ROLE_WARN : ROLE_TEXT;
}

static void draw_strip(const struct mapping_view *view, struct canvas *canvas, struct rect rect)
{
	AUTO(str_clear) struct str first = STR_INIT(1000);
	AUTO(str_clear) struct str second = STR_INIT(1000);
	enum role role = ROLE_TEXT;

	if (mapping_row(view))
		role = add_words(view, &first, &second);
	deck_draw_strip(view->view.deck, canvas, rect, role, &first, &second);
}

static const char *empty_text(const struct mapping_view *view)
{
	if (deck_is_new(view->view.deck))
		return VIEW_NO_ACCOUNTS;
	return view->found ? "No document of this organization uses a code yet. ':import FILE --account NAME --write' brings documents in."
			   : "Reading what codes the documents use ...";
}

/* In percent. Where not both can tell everything, it is the one that has the keys. */
static int left_share(const struct mapping_view *view, int columns)
{
	if (columns >= BOTH_FROM_COLUMNS)
		return 55;
	return view->focus == PANE_CODES ? 60 : 40;
}

void mapping_draw(struct mapping_view *view, struct canvas *canvas, struct rect rect)
{
	bool head = rect.rows >= HEAD_FROM_ROWS;
	int left = rect.columns * left_share(view, rect.columns) / 100;

	if (!view->found || view->found->row_count == 0) {
		view_draw_empty(&view->view, empty_text(view), canvas, rect);
		return;
	}
	if (head)
		draw_head(view, canvas, rect);
	rect.y += head;
	rect.rows -= head;
	draw_strip(view, canvas, strip_take(&rect));
	if (rect.columns < TWO_FROM_COLUMNS) {
		draw_one(view, canvas, rect);
		return;
	}
	draw_pane(view, canvas, (struct rect){ rect.y, rect.x, rect.rows, left }, PANE_CODES);
	canvas_vline(canvas, rect.y, rect.x + left, rect.rows);
	draw_pane(view, canvas, (struct rect){ rect.y, rect.x + left + 1, rect.rows, rect.columns - left - 1 }, PANE_CANDIDATES);
}
