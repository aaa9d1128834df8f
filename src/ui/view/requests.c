/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sync requests, the newest first: how far each has come and why it waits; a failed one is done once more, or left. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deck.h"
#include "dialog.h"
#include "format.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/requests.h"
#include "listing.h"
#include "strip.h"
#include "trail.h"

#define SHOWN_MAX 5000 /* the newest; where there are more, a filter looks through all of them */

struct requests_row {
	struct request request;
	char type[RESOURCE_TYPE_MAX], number[64], party[128];
	char behind[REQUEST_ID_MAX];  /* the open one that comes before it in its organization's queue; "" : none */
};

struct requests_answer {
	struct question question;
	struct requests_row *rows;    /* owned */
	size_t count, room;
	struct store *store;          /* borrowed while it works */
	struct request first;         /* open one of the organization that was looked at last */
	struct error why;             /* why a row could not be filled */
	int64_t statuses[REQUEST_STATUS_COUNT], total; /* of all */
	char filter[VIEW_FILTER_MAX]; /* where there are more than are shown: only what fits came */
	bool persons_only;
	bool more;                    /* that fit than came */
};

struct requests_view {
	struct view view;
	struct requests_answer *found; /* owned; NULL: nothing yet */
	struct listing list;
	char filter[VIEW_FILTER_MAX];
	bool persons_only;
};

static struct requests_view *of(struct view *view)
{
	return (struct requests_view *)view;
}

static const struct requests_view *of_const(const struct view *view)
{
	return (const struct requests_view *)view;
}

static bool needs_person(enum request_status status)
{
	return status == REQUEST_BLOCKED || status == REQUEST_FAILED;
}

/* ---- the reader's thread */

static void free_answer(struct question *question)
{
	struct requests_answer *answer = (struct requests_answer *)question;

	free(answer->rows);
	free(answer);
}

/* What it is about; and while it waits what it waits behind. `first`: of the organization that was looked at last. */
static bool fill(struct requests_row *row, struct store *store, struct request *first, struct error *err)
{
	struct resource resource;
	size_t count;

	if (!resources_by_no(store, row->request.resource, &resource, NULL, err))
		return false;
	snprintf(row->type, sizeof(row->type), "%s", resource.type->name);
	snprintf(row->number, sizeof(row->number), "%.63s", *resource.summary.number ? resource.summary.number : resource.external_id);
	snprintf(row->party, sizeof(row->party), "%s", resource.summary.party);
	if (!request_is_open(row->request.status))
		return true;
	if (strcmp(first->organization, row->request.organization) != 0 &&
	    !requests_open(store, row->request.organization, 0, first, 1, &count, err))
		return false;
	if (first->position > 0 && first->position < row->request.position)
		snprintf(row->behind, sizeof(row->behind), "%s", first->id);
	return true;
}

static bool is_meant(const struct requests_row *row, const char *filter, bool persons_only)
{
	const char *const places[] = { request_status_word(row->request.status), import_method_word(row->request.method), row->type, row->number,
				       row->party, row->request.message, row->request.id };

	return (!persons_only || needs_person(row->request.status)) && listing_words_fit(filter, places, ARRAY_LEN(places));
}

static bool take(void *ctx, const struct request *request)
{
	struct requests_answer *answer = ctx;
	struct requests_row row = { .request = *request };

	if (answer->persons_only && !needs_person(request->status))
		return true;
	if (!fill(&row, answer->store, &answer->first, &answer->why))
		return false;
	if (!is_meant(&row, answer->filter, answer->persons_only))
		return true;
	answer->more = answer->count == SHOWN_MAX;
	if (answer->more)
		return false;
	memory_grow(&answer->rows, &answer->room, answer->count + 1, sizeof(*answer->rows));
	answer->rows[answer->count++] = row;
	return true;
}

static bool work(struct question *question, struct store *store, struct error *err)
{
	struct requests_answer *answer = (struct requests_answer *)question;

	answer->store = store;
	if (!requests_count(store, answer->statuses, err))
		return false;
	for (int status = 0; status < REQUEST_STATUS_COUNT; status++)
		answer->total += answer->statuses[status];
	/* What is held whole is filtered where it is shown. */
	if (answer->total <= SHOWN_MAX) {
		*answer->filter = '\0';
		answer->persons_only = false;
	}
	if (!requests_list(store, NULL, 0, 0, take, answer, err))
		return false;
	if (answer->why.code != ERROR_NONE)
		*err = answer->why;
	return answer->why.code == ERROR_NONE;
}

static void refresh(struct view *base)
{
	struct requests_answer *asked;

	if (deck_is_new(base->deck))
		return;
	asked = memory_new(sizeof(*asked));
	asked->question = (struct question){ .work = work, .free = free_answer };
	snprintf(asked->filter, sizeof(asked->filter), "%s", of(base)->filter);
	asked->persons_only = of(base)->persons_only;
	view_ask(base, &asked->question);
}

/* ---- rows */

static struct mark mark_of_request(enum request_status status)
{
	static const struct mark marks[REQUEST_STATUS_COUNT] = {
		[REQUEST_BLOCKED] = { "!", "blocked", ROLE_WARN },   [REQUEST_QUEUED] = { ".", "queued", ROLE_WAITING },
		[REQUEST_SUCCEEDED] = { "=", "succeeded", ROLE_OK }, [REQUEST_FAILED] = { "x", "failed", ROLE_FAILED },
		[REQUEST_SKIPPED] = { "-", "skipped", ROLE_DIM },
	};

	return marks[status];
}

static void row_id(const void *ctx, size_t row, char *out)
{
	snprintf(out, LISTING_ID_MAX, "%s", ((const struct requests_view *)ctx)->found->rows[row].request.id);
}

static bool row_fits(const void *ctx, size_t place)
{
	const struct requests_view *view = ctx;

	return is_meant(&view->found->rows[place], view->filter, view->persons_only);
}

static struct listing_source source_of(const struct requests_view *view)
{
	return (struct listing_source){ .count = view->found ? view->found->count : 0, .id = row_id, .fits = row_fits, .ctx = view };
}

static void arrange(struct requests_view *view)
{
	struct listing_source source = source_of(view);

	listing_arrange(&view->list, &source);
}

static const struct requests_row *current(const struct requests_view *view)
{
	size_t row = view->found ? listing_current(&view->list) : LISTING_NONE;

	return row == LISTING_NONE ? NULL : &view->found->rows[row];
}

/* All that fits is held, or the newest of it. */
static bool is_found(const struct requests_view *view)
{
	const struct requests_answer *found = view->found;

	return found->total <= SHOWN_MAX || (strcmp(found->filter, view->filter) == 0 && found->persons_only == view->persons_only);
}

static void look_through(struct requests_view *view)
{
	if (view->found && !is_found(view) && !view->view.asking)
		refresh(&view->view);
}

static void narrowed(struct requests_view *view)
{
	arrange(view);
	look_through(view);
}

static void answer(struct view *base, struct question *question)
{
	struct requests_view *view = of(base);

	if (!view_keeps(base, question, view->found ? &view->found->question : NULL))
		return;
	view->found = (struct requests_answer *)question;
	narrowed(view);
}

/* ---- drawing */

enum { ASKED_STATE, ASKED_WHAT, ASKED_TYPE, ASKED_NUMBER, ASKED_PARTY, ASKED_SINCE, ASKED_WHY };
static const struct table_column columns[] = {
	[ASKED_STATE] = { "STATE", 11, 11, 0, 0 },
	[ASKED_WHAT] = { "WHAT", 6, 6, 5, 0 },
	[ASKED_TYPE] = { "TYPE", 8, 14, 3, 0 },
	[ASKED_NUMBER] = { "NUMBER", 8, 20, 1, COLUMN_ENOUGH(12) },
	[ASKED_PARTY] = { "PARTY", 10, 24, 6, COLUMN_EXTRA },
	[ASKED_SINCE] = { "SINCE", 6, 6, 4, COLUMN_RIGHT },
	[ASKED_WHY] = { "WHY", 14, 80, 2, COLUMN_GROWS },
};

/* Its own message, or what it waits behind. */
static void put_why(const struct requests_row *row, enum role role, struct table_cell *cell)
{
	if (*row->behind)
		table_format(cell, ROLE_DIM, "waits for %s", row->behind);
	else
		table_text(cell, needs_person(row->request.status) ? role : ROLE_DIM, row->request.message);
}

static void put_cell(void *ctx, int64_t place, size_t column, struct table_cell *cell)
{
	struct requests_view *view = ctx;
	const struct requests_row *row = &view->found->rows[listing_row(&view->list, place)];
	struct mark mark = mark_of_request(row->request.status);
	char text[FORMAT_MAX];

	switch (column) {
	case ASKED_STATE:
		table_format(cell, mark.role, "%s %s", mark.glyph, mark.word);
		break;
	case ASKED_WHAT:
		table_text(cell, ROLE_DIM, import_method_word(row->request.method));
		break;
	case ASKED_TYPE:
		table_text(cell, ROLE_DIM, row->type);
		break;
	case ASKED_NUMBER:
		table_text(cell, ROLE_TEXT, row->number);
		break;
	case ASKED_PARTY:
		table_text(cell, ROLE_TEXT, row->party);
		break;
	case ASKED_SINCE:
		table_format(cell, ROLE_DIM, "%s", format_clock(row->request.changed_ms, deck_now(view->view.deck), text));
		break;
	default:
		put_why(row, mark.role, cell);
		break;
	}
}

static void draw_head(const struct requests_view *view, struct canvas *canvas, struct rect rect)
{
	const struct requests_answer *found = view->found;
	AUTO(str_clear) struct str line = STR_INIT(300);
	bool persons = false;

	for (int status = 0; status < REQUEST_STATUS_COUNT; status++) {
		if (found->statuses[status] == 0)
			continue;
		str_addf(&line, "%lld %s  ", (long long)found->statuses[status], request_status_word((enum request_status)status));
		persons = persons || needs_person((enum request_status)status);
	}
	if (!is_found(view))
		str_add(&line, "(looking through all ...)");
	else if (found->more)
		str_addf(&line, *found->filter || found->persons_only ? "(the newest %d that fit)" : "(the newest %d are shown, a filter finds all)", SHOWN_MAX);
	canvas_add(canvas, rect.y, rect.x + 1, rect.columns - 1, persons ? ROLE_WARN : ROLE_TEXT, line.text);
}

static void draw_strip(const struct requests_view *view, struct canvas *canvas, struct rect rect)
{
	AUTO(str_clear) struct str first = STR_INIT(1000);
	AUTO(str_clear) struct str second = STR_INIT(1000);
	const struct requests_row *row = current(view);
	int64_t now_ms = deck_now(view->view.deck);
	char clock[FORMAT_MAX], room[200];
	const char *does = "{open} shows its members.";

	if (row) {
		str_addf(&first, "%s: %s.", request_status_word(row->request.status), *row->request.message ? row->request.message
			 : request_is_open(row->request.status) ? "its turn comes" : "as it should be");
		if (row->request.status == REQUEST_FAILED)
			does = "{open} shows its members; {retry} does it once more, {take-away} skips it.";
		str_addf(&second, "%s, made %s", row->request.id, format_clock(row->request.made_ms, now_ms, clock));
		if (*row->behind)
			str_addf(&second, ", waits for %s", row->behind);
		str_addf(&second, ". %s", deck_keyed(view->view.deck, does, room, sizeof(room)));
	}
	deck_draw_strip(view->view.deck, canvas, rect, row ? mark_of_request(row->request.status).role : ROLE_TEXT, &first, &second);
}

static const char *empty_text(const struct requests_view *view)
{
	if (deck_is_new(view->view.deck))
		return VIEW_NO_ACCOUNTS;
	if (!view->found)
		return "Reading the requests ...";
	if (view->found->total > 0)
		return is_found(view) ? "Nothing fits; {back} shows all." : "Looking through all of them ...";
	return "No sync request was made yet. ':import FILE --account NAME --write' takes them in.";
}

static void draw(struct view *base, struct canvas *canvas, struct rect rect)
{
	struct requests_view *view = of(base);
	struct table_source source = { .cell = put_cell, .ctx = view };
	bool head = rect.rows >= 3;

	if (!view->found || view->list.count == 0) {
		view_draw_empty(&view->view, empty_text(view), canvas, rect);
		return;
	}
	if (head)
		draw_head(view, canvas, rect);
	rect.y += head;
	rect.rows -= head;
	draw_strip(view, canvas, strip_take(&rect));
	table_draw(&view->list.table, canvas, rect, columns, ARRAY_LEN(columns), &source, true, true);
}

/* ---- keys */

static void skip_it(struct deck *deck, const void *target)
{
	char line[100];

	snprintf(line, sizeof(line), "requests --skip %s", (const char *)target);
	deck_do(deck, line, "", "It is not done any more");
}

static void ask_skip(struct requests_view *view, const struct requests_row *row)
{
	const struct dialog_wish wish = { .kind = DIALOG_KEY, .title = "Skip", .verb = "skip it", .target = row->request.id,
					  .size = strlen(row->request.id) + 1, .act = skip_it,
					  .text = "It is not done any more, and holds up nothing behind it. What was written of it stays in the ledger." };

	dialog_open(view->view.deck, &wish);
}

static void retry(struct requests_view *view, const struct requests_row *row)
{
	char line[100], what[120];

	snprintf(line, sizeof(line), "requests --retry %s", row->request.id);
	snprintf(what, sizeof(what), "%.60s is done once more, by the next plan", row->number);
	deck_do(view->view.deck, line, "", what);
}

static bool act(struct view *base, enum action action)
{
	struct requests_view *view = of(base);
	struct listing_source source = source_of(view);
	const struct requests_row *row = current(view);
	const char *words[] = { "requests", row ? row->request.id : NULL, NULL };

	switch (action) {
	case ACTION_OPEN:
		if (row)
			deck_command(base->deck, words, true);
		return true;
	case ACTION_RETRY:
		retry(view, row);
		return true;
	case ACTION_TAKE_AWAY:
		ask_skip(view, row);
		return true;
	case ACTION_COPY:
		if (row)
			deck_copy(base->deck, "Request", row->request.id);
		return true;
	case ACTION_FAILED:
		view->persons_only = !view->persons_only;
		narrowed(view);
		return true;
	case ACTION_LEFT:
	case ACTION_RIGHT:
		table_scroll(&view->list.table, action == ACTION_RIGHT ? 1 : -1);
		return true;
	default:
		return listing_act(&view->list, &source, action);
	}
}

static const char *refuses(const struct view *base, enum action action)
{
	const struct requests_row *row = current(of_const(base));

	if (action != ACTION_RETRY && action != ACTION_TAKE_AWAY)
		return NULL;
	if (!row)
		return "nothing is under the cursor";
	if (action == ACTION_RETRY)
		return row->request.status == REQUEST_FAILED ? NULL : "only a failed one is done once more";
	return request_is_open(row->request.status) ? NULL : "it has ended";
}

static char *filter(struct view *base)
{
	return of(base)->filter;
}

static void filtered(struct view *base)
{
	narrowed(of(base));
}

static bool back(struct view *base)
{
	struct requests_view *view = of(base);

	if (!*view->filter && !view->persons_only)
		return false;
	*view->filter = '\0';
	view->persons_only = false;
	narrowed(view);
	return true;
}

/* ---- the view */

static void cli(const struct view *base, struct str *out)
{
	(void)base;
	str_add(out, "requests --all");
}

static void rows(struct view *base, struct str *out)
{
	const struct requests_row *row = current(of(base));

	if (row)
		rows_add(out, (const char *const[]){ row->request.id, request_status_word(row->request.status), import_method_word(row->request.method),
						     row->type, row->number, row->request.message, NULL });
}

static void save(const struct view *base, struct str *out)
{
	const struct requests_view *view = of_const(base);

	trail_put(out, "request", view->list.cursor);
	trail_put(out, "filter", view->filter);
	trail_put_row(out, &view->list.table);
}

static void load(struct view *base, const char *text)
{
	struct requests_view *view = of(base);

	trail_get(text, "request", view->list.cursor, sizeof(view->list.cursor));
	trail_get(text, "filter", view->filter, sizeof(view->filter));
	trail_get_row(text, &view->list.table);
}

static void free_view(struct view *base)
{
	struct requests_view *view = of(base);

	if (view->found)
		question_free(&view->found->question);
	listing_clear(&view->list);
	free(view);
}

static const struct view_kind kind = {
	.name = "requests", .where = WHERE_MOVE | WHERE_LIST | WHERE_REQUESTS | WHERE_DETAILS, .draw = draw, .act = act, .refuses = refuses, .refresh = refresh,
	.answer = answer, .filter = filter, .filtered = filtered, .back = back, .cli = cli, .rows = rows, .save = save, .load = load,
	.free = free_view,
};

struct view *requests_view_new(struct deck *deck)
{
	struct requests_view *view = memory_new(sizeof(*view));

	(void)deck;
	view->view.kind = &kind;
	return &view->view;
}

struct view *requests_view_again(struct deck *deck, const char *text)
{
	(void)text;
	return requests_view_new(deck);
}
