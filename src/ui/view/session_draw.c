/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A session on the canvas: the difference that is left, always; what does not agree; both sides of one; the sums. */
#include <stdio.h>
#include <string.h>

#include "deck.h"
#include "format.h"
#include "job.h"
#include "ledgerdeck/core/memory.h"
#include "session_view.h"
#include "strip.h"

#define TWO_FROM_COLUMNS 120
#define THREE_FROM_COLUMNS 200
#define SIGHT_COLUMNS 46
#define TIES_COLUMNS 62
#define BELOW_FROM_ROWS 30 /* of a narrow screen: both sides stand below the list */
#define BELOW_ROWS 13
#define COUNTS_FROM_ROWS 6

/* ---- words */

struct mark mark_of_session(enum session_state state)
{
	static const struct mark marks[SESSION_STATE_COUNT] = {
		[SESSION_OPEN] = { ".", "open", ROLE_WAITING },       [SESSION_PREPARED] = { "+", "prepared", ROLE_TEXT },
		[SESSION_SIGNED] = { "=", "signed", ROLE_OK },        [SESSION_DROPPED] = { "-", "dropped", ROLE_DIM },
	};

	return marks[state];
}

struct mark mark_of_exception(enum exception_state state)
{
	static const struct mark marks[EXCEPTION_STATE_COUNT] = {
		[EXCEPTION_OPEN] = { "!", "open", ROLE_WARN },            [EXCEPTION_ASSIGNED] = { "@", "assigned", ROLE_WARN },
		[EXCEPTION_EXPLAINED] = { "+", "explained", ROLE_TEXT },  [EXCEPTION_CORRECTED] = { "~", "corrected", ROLE_RUNNING },
		[EXCEPTION_ACCEPTED] = { "=", "accepted", ROLE_DIM },     [EXCEPTION_CLOSED] = { "-", "closed", ROLE_DIM },
	};

	return marks[state];
}

char *session_period(const struct session *session, char *out)
{
	struct calendar from = date_calendar(session->from), to = date_calendar(session->to);
	char first[DATE_TEXT_MAX], last[DATE_TEXT_MAX];

	date_format(session->from, first);
	date_format(session->to, last);
	if (from.day == 1 && from.year == to.year && from.month == to.month && to.day == date_month_days(to.year, to.month))
		snprintf(out, SESSION_PERIOD_MAX, "%.7s", first);
	else if (from.day == 1 && from.month == 1 && from.year == to.year && to.month == 12 && to.day == 31)
		snprintf(out, SESSION_PERIOD_MAX, "%.4s", first);
	else
		snprintf(out, SESSION_PERIOD_MAX, "%s..%s", first, last);
	return out;
}

int session_age(bool has_date, struct date date, int64_t since_ms, int64_t now_ms)
{
	int age = date_of_ms(now_ms, 0).day - (has_date ? date : date_of_ms(since_ms, 0)).day;

	return age > 0 ? age : 0;
}

/* The keys of what is offered, in the order in which it usually helps. */
void session_add_steps(const struct deck *deck, enum exception_reason reason, struct str *out)
{
	static const struct {
		const char *step, *text;
	} texts[] = {
		{ "accept", "{accept} accepts" },     { "reject", "{reject} rejects" },   { "plan", "{correct} plans a correction" },
		{ "adopt", "{adopt} adopts it" },     { "link", "{settle} links it" },    { "reread", "{fetch} reads it again" },
		{ "ignore", "{ignore} leaves it out" }, { "outbox", "{outbox} shows its write" },
	};
	const char *steps = exception_row(reason)->steps;
	bool follows = false;
	char room[80];

	for (const char *step = steps; *step; step += strcspn(step, " "), step += strspn(step, " "))
		for (size_t i = 0; i < ARRAY_LEN(texts); i++)
			if (strlen(texts[i].step) == strcspn(step, " ") && strncmp(texts[i].step, step, strlen(texts[i].step)) == 0) {
				str_addf(out, "%s%s", follows ? ", " : "", deck_keyed(deck, texts[i].text, room, sizeof(room)));
				follows = true;
			}
	str_addf(out, ", %s", deck_keyed(deck, "{note} explains.", room, sizeof(room)));
}

/* ---- the head */

/* Amounts are whole or not there. */
static void put_whole(struct canvas *canvas, int y, int *x, int end, enum role role, const char *text)
{
	int len = (int)strlen(text);

	if (*x + len <= end)
		canvas_add(canvas, y, *x, len, role, text);
	*x += len;
}

static void draw_sums(const struct session_view *view, struct canvas *canvas, struct rect rect)
{
	const struct session_found *found = view->found;
	int x = rect.x + 1, end = rect.x + rect.columns;
	char text[3 * DECIMAL_TEXT_MAX], digits[DECIMAL_TEXT_MAX], more[DECIMAL_TEXT_MAX];

	if (found->sum_count == 0)
		canvas_add(canvas, rect.y, x, rect.columns - 1, ROLE_DIM, "Nothing of that period was compared.");
	/* What is left to explain comes first. */
	for (size_t i = 0; i < 2 * found->sum_count; i++) {
		const struct session_sum *sum = &found->sums[i % found->sum_count];

		if ((sum->unexplained == 0) != (i >= found->sum_count))
			continue;
		snprintf(text, sizeof(text), "%s %s %.7s", sum->unexplained ? "!" : "=", decimal_format_money(sum->unexplained, digits), sum->currency);
		put_whole(canvas, rect.y, &x, end, sum->unexplained ? ROLE_WARN : ROLE_OK, text);
		put_whole(canvas, rect.y, &x, end, ROLE_DIM, " unexplained");
		snprintf(text, sizeof(text), " of source %s, ledger %s   ", decimal_format_money(sum->source, digits), decimal_format_money(sum->mirror, more));
		put_whole(canvas, rect.y, &x, end, ROLE_DIM, text);
	}
}

static void add_signed(const struct session *session, int64_t now_ms, struct str *out)
{
	char clock[FORMAT_MAX];

	if (session->state == SESSION_PREPARED)
		str_addf(out, "; signed by %.60s %s, a reviewer is to sign", session->preparer, format_clock(session->prepared_ms, now_ms, clock));
	if (session->state == SESSION_SIGNED)
		str_addf(out, "; signed by %.60s and %.60s %s", session->preparer, session->reviewer, format_clock(session->signed_ms, now_ms, clock));
	if (session->state == SESSION_OPEN && *session->reopened)
		str_addf(out, "; open again: %s", session->reopened);
}

static void draw_counts(const struct session_view *view, struct canvas *canvas, struct rect rect)
{
	const struct session_found *found = view->found;
	const struct session_totals *totals = &found->standing.totals;
	const struct session *session = &found->session;
	const struct job *job = session_job(view->view.deck, view->job);
	AUTO(str_clear) struct str line = STR_INIT(1000);
	struct mark mark = mark_of_session(session->state);
	int64_t now_ms = deck_now(view->view.deck);
	char text[40], count[FORMAT_MAX], said[1000];
	int x = rect.x + 1;

	snprintf(text, sizeof(text), "%s %s  ", mark.glyph, mark.word);
	x += canvas_add(canvas, rect.y, x, rect.columns - 1, mark.role, text);
	if (job && job->has_progress && job->progress.records > 0)
		str_addf(&line, "being compared, %s read; {cancel} stops it", format_count(job->progress.records, count));
	else if (job)
		str_add(&line, "being compared; {cancel} stops it");
	else
		str_addf(&line, "%lld of %lld matched, %lld suggested, %lld open; %lld/%lld sums tie", (long long)totals->matched,
			 (long long)totals->items[SIDE_SOURCE], (long long)totals->suggested, (long long)found->standing.open,
			 (long long)totals->ties_equal, (long long)totals->ties);
	if (!found->standing.complete)
		str_add(&line, "; the ledger itself was not asked");
	else
		str_addf(&line, "; compared %s", format_clock(session->read_ms, now_ms, count));
	if (found->more)
		str_addf(&line, "; the first %d are shown", SESSION_SHOWN_MAX);
	add_signed(session, now_ms, &line);
	canvas_add(canvas, rect.y, x, rect.columns - (x - rect.x), job ? ROLE_RUNNING : found->standing.agrees ? ROLE_OK : ROLE_TEXT,
		   deck_keyed(view->view.deck, line.text, said, sizeof(said)));
}

/* ---- exceptions */

static const struct table_column columns[SESSION_COLUMNS] = {
	[BY_STATE] = { "STATE", 11, 11, 1, 0 },
	[BY_REASON] = { "REASON", 13, 13, 3, 0 },
	[BY_REF] = { "REF", 6, 18, 0, COLUMN_ENOUGH(10) },
	[BY_DATE] = { "DATE", 10, 10, 6, 0 },
	[BY_AMOUNT] = { "AMOUNT", 10, 16, 2, COLUMN_AMOUNT },
	[BY_CURRENCY] = { "", 3, 3, 2, 0 },
	[BY_AGE] = { "AGE", 5, 5, 7, COLUMN_RIGHT | COLUMN_EXTRA },
	[BY_WHO] = { "WHO", 6, 12, 8, COLUMN_EXTRA },
	[BY_TEXT] = { "WHAT", 14, 90, 4, COLUMN_GROWS | COLUMN_ENOUGH(36) },
};

static void exception_cell(void *ctx, int64_t place, size_t column, struct table_cell *cell)
{
	struct session_view *view = ctx;
	const struct finding *finding = &view->found->findings[listing_row(&view->lists[PANE_EXCEPTIONS], place)];
	struct mark mark = mark_of_exception(finding->state);
	enum role role = exception_is_open(finding->state) ? ROLE_TEXT : ROLE_DIM;
	char text[DECIMAL_TEXT_MAX];

	switch (column) {
	case BY_STATE:
		table_format(cell, mark.role, "%s %s", mark.glyph, mark.word);
		break;
	case BY_REASON:
		table_text(cell, role, exception_row(finding->reason)->word);
		break;
	case BY_REF:
		table_text(cell, role, session_text(view, finding->ref));
		break;
	case BY_DATE:
		table_format(cell, ROLE_DIM, "%s", finding->has_date ? date_format(finding->date, text) : "");
		break;
	case BY_AMOUNT:
		table_format(cell, role, "%s", decimal_format_money(finding->amount, text));
		break;
	case BY_CURRENCY:
		table_text(cell, ROLE_DIM, session_text(view, finding->currency));
		break;
	case BY_AGE:
		table_format(cell, ROLE_DIM, "%d d", session_age(finding->has_date, finding->date, finding->since_ms, deck_now(view->view.deck)));
		break;
	case BY_WHO:
		table_text(cell, ROLE_DIM, session_text(view, finding->assignee));
		break;
	default:
		table_text(cell, role, session_text(view, finding->text));
		break;
	}
}

static bool is_marked(void *ctx, int64_t place)
{
	const struct session_view *view = ctx;
	char id[32];

	snprintf(id, sizeof(id), "%lld", (long long)view->found->findings[listing_row(&view->lists[PANE_EXCEPTIONS], place)].no);
	return selection_has(&view->marks, id);
}

/* ---- sums */

enum { TIE_STATE, TIE_KIND, TIE_NAME, TIE_OURS, TIE_THEIRS, TIE_OFF, TIE_MONEY, TIE_BY };
static const struct table_column tie_columns[] = {
	[TIE_STATE] = { "", 1, 1, 0, 0 },
	[TIE_KIND] = { "SUM", 12, 12, 3, 0 },
	[TIE_NAME] = { "OF", 8, 32, 1, COLUMN_ENOUGH(14) },
	[TIE_OURS] = { "MIRROR", 10, 16, 4, COLUMN_AMOUNT },
	[TIE_THEIRS] = { "LEDGER", 10, 16, 4, COLUMN_AMOUNT },
	[TIE_OFF] = { "DIFFERENCE", 10, 16, 2, COLUMN_AMOUNT },
	[TIE_MONEY] = { "", 3, 3, 5, 0 },
	[TIE_BY] = { "BY", 20, 60, 8, COLUMN_GROWS | COLUMN_EXTRA },
};

static void tie_cell(void *ctx, int64_t place, size_t column, struct table_cell *cell)
{
	struct session_view *view = ctx;
	const struct tied *tied = &view->found->ties[listing_row(&view->lists[PANE_TIES], place)];
	char text[DECIMAL_TEXT_MAX];

	switch (column) {
	case TIE_STATE:
		table_text(cell, tied->equal ? ROLE_OK : ROLE_FAILED, tied->equal ? "=" : "x");
		break;
	case TIE_KIND:
		table_text(cell, ROLE_DIM, tie_word(tied->tie));
		break;
	case TIE_NAME:
		table_text(cell, ROLE_TEXT, session_text(view, tied->name ? tied->name : tied->key));
		break;
	case TIE_OURS:
		table_format(cell, ROLE_TEXT, "%s", decimal_format_money(tied->mirror, text));
		break;
	case TIE_THEIRS:
		table_format(cell, ROLE_TEXT, "%s", decimal_format_money(tied->ledger, text));
		break;
	case TIE_OFF:
		table_format(cell, tied->equal ? ROLE_DIM : ROLE_FAILED, "%s", decimal_format_money(tied->ledger - tied->mirror, text));
		break;
	case TIE_MONEY:
		table_text(cell, ROLE_DIM, session_text(view, tied->currency));
		break;
	default:
		table_text(cell, ROLE_DIM, tie_title(tied->tie));
		break;
	}
}

/* ---- panes */

static const char *empty_pane(const struct session_view *view, enum session_pane pane)
{
	bool narrowed = *view->filters[pane] || view->open_only;

	if (pane == PANE_TIES)
		return narrowed ? "No sum is so; {back} shows all." : "No sum was tied yet: the ledger was not asked.";
	return narrowed ? "No exception is so; {back} shows all." : "= Nothing differs. {sign} signs it, {next-pane} shows the sums that tie.";
}

static void draw_pane(struct session_view *view, struct canvas *canvas, struct rect rect, enum session_pane pane)
{
	struct table_source exceptions = { .cell = exception_cell, .marked = is_marked, .ctx = view }, ties = { .cell = tie_cell, .ctx = view };
	char title[160], count[FORMAT_MAX], narrowed[FORMAT_MAX + 40] = "";
	bool titled = rect.rows > 2;

	if (pane == PANE_EXCEPTIONS && (view->sort != BY_STATE || view->descending))
		snprintf(narrowed, sizeof(narrowed), ", by %s%s", session_column_name(view->sort), view->descending ? ", downwards" : "");
	snprintf(title, sizeof(title), "%s %s%s%s", pane == PANE_TIES ? "Sums" : "Exceptions", format_count((int64_t)view->lists[pane].count, count),
		 narrowed, view->open_only ? pane == PANE_TIES ? ", differing only" : ", open only" : "");
	if (titled) {
		canvas_spot(canvas, (struct canvas_spot){ .rect = { rect.y, rect.x, 1, rect.columns }, .table = &view->lists[pane].table, .row = -1 });
		canvas_add(canvas, rect.y, rect.x + 1, rect.columns - 1, view->focus == pane ? ROLE_FOCUS : ROLE_TITLE, title);
	}
	rect.y += titled;
	rect.rows -= titled;
	if (view->lists[pane].count == 0)
		deck_draw(view->view.deck, canvas, rect.y, rect.x + 2, rect.columns - 2, ROLE_DIM, empty_pane(view, pane));
	else if (pane == PANE_EXCEPTIONS)
		table_draw(&view->lists[pane].table, canvas, rect, columns, SESSION_COLUMNS, &exceptions, true, view->focus == pane);
	else
		table_draw(&view->lists[pane].table, canvas, rect, tie_columns, ARRAY_LEN(tie_columns), &ties, true, view->focus == pane);
}

/* ---- both sides of one */

/* `first` and `last`: the sides there are; one alone has all the room. */
static void draw_line(struct canvas *canvas, struct rect rect, int y, const struct sight_line *line, int first, int last)
{
	int label = 9, each = (rect.columns - label) / (last - first + 1);

	canvas_add(canvas, y, rect.x, label, ROLE_DIM, line->label);
	for (int side = first; side <= last; side++) {
		int x = rect.x + label + (side - first) * each;
		enum role role = line->differs ? ROLE_WARN : ROLE_TEXT;

		if (line->differs && side == 1)
			canvas_add(canvas, y, x - 2, 1, ROLE_WARN, "!");
		if (line->amount && (int)strlen(line->sides[side]) > each - 2)
			canvas_amount(canvas, y, x, each - 2, role, line->sides[side]);
		else
			canvas_add(canvas, y, x, each - 2, role, line->sides[side]);
	}
}

/* "Label   text", wrapped; gives the row behind. */
static int draw_field(struct canvas *canvas, struct rect rect, int y, const char *label, const char *text)
{
	struct rect field = { y, rect.x + 9, rect.y + rect.rows - y, rect.columns - 9 };

	if (!*text || field.rows <= 0)
		return y;
	canvas_add(canvas, y, rect.x, 8, ROLE_DIM, label);
	return y + canvas_wrap(canvas, field, ROLE_TEXT, text, strlen(text), true);
}

static void draw_sight(const struct session_view *view, struct canvas *canvas, struct rect rect)
{
	const struct session_sight *sight = view->sight;
	const struct sight_line head = { .label = "", .sides = { "SOURCE", "LEDGER" } };
	struct sight_line lines[SIGHT_LINES];
	struct rect former = canvas_enter(canvas, rect);
	char title[80];
	size_t count;
	int y = rect.y, first, last;

	if (session_is_at_hand(view)) {
		first = session_sight_of(sight, SIDE_SOURCE) ? 0 : 1;
		last = session_sight_of(sight, SIDE_MIRROR) ? 1 : 0;
		snprintf(title, sizeof(title), "Exception %lld %s", (long long)sight->about, exception_row(sight->exception.reason)->title);
		canvas_add(canvas, y++, rect.x, rect.columns, ROLE_TITLE, title);
		count = session_sight_lines(sight, lines);
		if (sight->count > 0)
			draw_line(canvas, rect, y++, &head, first, last);
		for (size_t i = 0; i < count && sight->count > 0 && y < rect.y + rect.rows; i++)
			draw_line(canvas, rect, y++, &lines[i], first, last);
		y = draw_field(canvas, rect, y, "Match", sight->match);
		y = draw_field(canvas, rect, y, "Now", sight->now);
		y = draw_field(canvas, rect, y, "For", sight->exception.assignee);
		y = draw_field(canvas, rect, y, "Plan", sight->exception.plan);
		draw_field(canvas, rect, y, "Notes", sight->notes.text ? sight->notes.text : "");
	}
	canvas_leave(canvas, former);
}

static void draw_panes(struct session_view *view, struct canvas *canvas, struct rect rect)
{
	bool three = rect.columns >= THREE_FROM_COLUMNS, two = three || (rect.columns >= TWO_FROM_COLUMNS && view->focus == PANE_EXCEPTIONS);
	int ties = three ? TIES_COLUMNS : 0, sight = two ? SIGHT_COLUMNS : 0, list = rect.columns - ties - sight;
	int below = !two && view->focus == PANE_EXCEPTIONS && rect.rows >= BELOW_FROM_ROWS ? BELOW_ROWS : 0;

	draw_pane(view, canvas, (struct rect){ rect.y, rect.x, rect.rows - below, list }, three ? PANE_EXCEPTIONS : view->focus);
	if (below) {
		canvas_hline(canvas, rect.y + rect.rows - below, rect.x, rect.columns);
		draw_sight(view, canvas, (struct rect){ rect.y + rect.rows - below + 1, rect.x + 1, below - 1, rect.columns - 2 });
	}
	if (two) {
		canvas_vline(canvas, rect.y, rect.x + list, rect.rows);
		draw_sight(view, canvas, (struct rect){ rect.y, rect.x + list + 2, rect.rows, sight - 3 });
	}
	if (three) {
		canvas_vline(canvas, rect.y, rect.x + list + sight, rect.rows);
		draw_pane(view, canvas, (struct rect){ rect.y, rect.x + list + sight + 1, rect.rows, ties - 1 }, PANE_TIES);
	}
}

/* ---- what is told of the row under the cursor */

static void add_tie(const struct session_view *view, const struct tied *tied, struct str *first, struct str *second)
{
	char ours[DECIMAL_TEXT_MAX], theirs[DECIMAL_TEXT_MAX], room[200];

	str_addf(first, "%s: %s. The mirror makes %s, the ledger has %s.", session_text(view, tied->name ? tied->name : tied->key),
		 tie_title(tied->tie), decimal_format_money(tied->mirror, ours), decimal_format_money(tied->ledger, theirs));
	if (!tied->equal)
		str_add(second, deck_keyed(view->view.deck, "{open} names the records behind it, as far as they are known.", room, sizeof(room)));
}

static void draw_strip(const struct session_view *view, struct canvas *canvas, struct rect rect)
{
	AUTO(str_clear) struct str first = STR_INIT(1000);
	AUTO(str_clear) struct str second = STR_INIT(1000);
	const struct finding *finding = view->focus == PANE_EXCEPTIONS ? session_finding(view) : NULL;
	const struct tied *tied = view->focus == PANE_TIES ? session_tied(view) : NULL;
	enum role role = ROLE_TEXT;

	if (finding) {
		str_addf(&first, "%s %s: %s.", session_text(view, finding->type), exception_row(finding->reason)->title,
			 session_text(view, finding->text));
		if (exception_is_open(finding->state)) {
			str_addf(&second, "Usually %s. ", exception_row(finding->reason)->cause);
			session_add_steps(view->view.deck, finding->reason, &second);
		} else if (finding->plan) {
			str_addf(&second, "%s puts it right.", session_text(view, finding->plan));
		}
		role = exception_is_open(finding->state) ? ROLE_WARN : ROLE_TEXT;
	} else if (tied) {
		add_tie(view, tied, &first, &second);
		role = tied->equal ? ROLE_TEXT : ROLE_FAILED;
	}
	deck_draw_strip(view->view.deck, canvas, rect, role, &first, &second);
}

static const char *empty_text(const struct session_view *view)
{
	if (deck_is_new(view->view.deck))
		return VIEW_NO_ACCOUNTS;
	if (session_job(view->view.deck, view->job))
		return "The period is being compared: the ledger's reports and what has changed are read. {jobs} shows how far it is, {cancel} stops it.";
	return view->found ? "Nothing of that period was kept; {jobs} shows what the comparing said." : "Reading the session ...";
}

void session_draw(struct session_view *view, struct canvas *canvas, struct rect rect)
{
	int head = (rect.rows >= 2) + (rect.rows >= COUNTS_FROM_ROWS);

	if (!session_of(view)) {
		view_draw_empty(&view->view, empty_text(view), canvas, rect);
		return;
	}
	if (head > 0)
		draw_sums(view, canvas, rect);
	if (head > 1)
		draw_counts(view, canvas, (struct rect){ rect.y + 1, rect.x, 1, rect.columns });
	rect.y += head;
	rect.rows -= head;
	draw_strip(view, canvas, strip_take(&rect));
	draw_panes(view, canvas, rect);
}
