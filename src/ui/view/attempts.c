/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The log: every attempt, the newest first, or those of one account or type. "&" narrows it by the filter that the command
 * `log` takes, "/" looks for a text in it; what failed is tried again where it is seen, and its row says what came of it.
 */
#include "attempts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dashboard.h"
#include "deck.h"
#include "dialog.h"
#include "ledgerdeck/core/memory.h"
#include "trail.h"

static struct log_view *of(struct view *view)
{
	return (struct log_view *)view;
}

static void refresh(struct view *base)
{
	struct log_view *view = of(base);

	view->news = view->held.loaded;
	log_pump(view);
}

static void answer(struct view *base, struct question *question)
{
	struct log_view *view = of(base);

	if (view_failed(base, question, view->held.loaded)) {
		view->hunt.places = 0;
		view->marking = false;
		return;
	}
	log_answer(view, (struct log_question *)question);
}

/* ---- rows */

static bool is_healed(const struct log_view *view, const struct attempt *attempt)
{
	const struct fate *fate = fates_find(&view->fates, attempt->account_id, attempt->type);

	return fate && fate->success_ms > attempt->started_ms;
}

/* How it stands with what failed since; "" nothing is known. */
static void add_fate(const struct log_view *view, const struct attempt *attempt, struct str *out)
{
	const struct fate *fate = fates_find(&view->fates, attempt->account_id, attempt->type);
	int64_t records, of_all, now_ms = deck_now(view->view.deck);
	char text[FORMAT_MAX];

	if (!fate)
		return;
	if (deck_progress(view->view.deck, attempt->account_id, attempt->type, &records, &of_all))
		str_addf(out, "again: %s read; ", format_count(records, text));
	else if (fate->status == OBJECT_RUNNING && fate->attempt_ms > attempt->started_ms)
		str_add(out, "again running; ");
	else if (is_healed(view, attempt))
		str_addf(out, "again ok %s; ", format_clock(fate->success_ms, now_ms, text));
	else if (fate->asked_ms && fate->attempt_ms >= fate->asked_ms && fate->attempt_ms > attempt->started_ms)
		str_addf(out, "again failed %s; ", format_clock(fate->attempt_ms, now_ms, text));
	else if (fate->asked_ms)
		str_add(out, "asked again; ");
}

static void cell(void *ctx, int64_t row, size_t column, struct table_cell *cell)
{
	struct log_view *view = ctx;
	const struct attempt *attempt = log_row(view, row);
	const struct account *account = log_account(view, attempt->account_id);
	AUTO(str_clear) struct str what = STR_INIT(sizeof(view->line) - 1);

	dashboard_log_cell(attempt, account ? account->name : attempt->account_id, deck_now(view->view.deck), column, cell);
	/* What went well since needs nobody. */
	if (cell->role == ROLE_FAILED && is_healed(view, attempt))
		cell->role = ROLE_DIM;
	if (attempt->error.code == ERROR_NONE || cell->text != attempt->error.text)
		return;
	add_fate(view, attempt, &what);
	if (*attempt->error.ledger_code)
		str_addf(&what, "%s ", attempt->error.ledger_code);
	str_add(&what, attempt->error.text);
	snprintf(view->line, sizeof(view->line), "%s", what.text);
	table_text(cell, cell->role, view->line);
}

static bool id_of(void *ctx, int64_t row, char *out)
{
	const struct log_view *view = ctx;

	snprintf(out, SELECTION_ID_MAX, "%lld", (long long)log_row(view, row)->no);
	return true;
}

static bool marked(void *ctx, int64_t row)
{
	const struct log_view *view = ctx;
	char id[SELECTION_ID_MAX];

	return view->marks.count > 0 && id_of(ctx, row, id) && selection_has(&view->marks, id);
}

/* ---- drawing */

static const char *empty_text(const struct log_view *view)
{
	if (!view->held.loaded)
		return "Reading the log ...";
	if (!view->held.older.done)
		return "";
	if (*view->filter)
		return "Nothing fits the filter; {back} shows all.";
	if (*view->record_id || view->resource)
		return view->failed_only ? "No attempt about it has failed." :
		       *view->record_id  ? "No attempt was about this record alone; the log of its type tells of reads."
					 : "Nothing of it was sent yet.";
	return view->failed_only ? "No attempt has failed." : *view->type ? "This type was not tried yet." : "Nothing was tried yet.";
}

static void draw_search(const struct log_view *view, struct canvas *canvas, struct rect rect)
{
	AUTO(str_clear) struct str line = STR_INIT(200);

	if (view->held.loaded && view->view.asking)
		stretch_add_search(&view->held, &view->hunt, rect.rows - 1, &line);
	if (view->marking && view->hunt.places == 0 && view->view.asking) {
		str_reset(&line);
		str_add(&line, "Marking all that fits ... {back} stops.");
	}
	if (line.len == 0)
		return;
	canvas_fill(canvas, (struct rect){ rect.y + rect.rows - 1, rect.x, 1, rect.columns }, ROLE_TEXT);
	deck_draw(view->view.deck, canvas, rect.y + rect.rows - 1, rect.x + 2, rect.columns - 2, ROLE_DIM, line.text);
}

static void draw(struct view *base, struct canvas *canvas, struct rect rect)
{
	struct log_view *view = of(base);
	struct table_source source = { .cell = cell, .marked = marked, .ctx = view };
	size_t count;
	const struct table_column *columns = dashboard_log_columns(&count);

	if (!view->held.loaded && base->error.code != ERROR_NONE)
		canvas_add(canvas, rect.y, rect.x + 2, rect.columns - 2, ROLE_ERROR, base->error.text);
	else if (view->held.rows.count == 0)
		deck_draw(base->deck, canvas, rect.y + (rect.rows > 1), rect.x + 2, rect.columns - 2, ROLE_DIM, empty_text(view));
	view->held.table.match = view->hunt.text;
	table_draw(&view->held.table, canvas, rect, columns, count, &source, true, true);
	if (rect.rows > 2)
		draw_search(view, canvas, rect);
}

static void title(const struct view *base, struct str *out)
{
	const struct log_view *view = (const struct log_view *)base;
	const struct account *account = log_account(view, view->account_id);

	str_add(out, *view->account_id ? "log of " : "log");
	if (*view->type || view->resource)
		str_addf(out, "%s%s%s in ", !view->resource ? view->type : *view->document ? view->document : "a document", *view->record_id ? " " : "", view->record_id);
	if (*view->account_id)
		str_add(out, account ? account->name : view->account_id);
	str_add(out, view->failed_only ? ", failed only" : "");
	str_add(out, view->following && deck_top(base->deck) == base ? ", following" : "");
	selection_add_title(&view->marks, out);
}

/* ---- trying again */

static void note_asked(struct log_view *view, const struct attempt *attempt)
{
	fates_ensure(&view->fates, attempt->account_id, attempt->type)->asked_ms = deck_now(view->view.deck);
}

#define ASKS_FROM 21 /* rows */

/* Numbers of attempts with blanks between: one command, which knows which of them are the same thing. */
static void retry_numbers(struct deck *deck, const void *target)
{
	AUTO(words_free) char **words = NULL;
	size_t count;

	if (words_split(target, &words, &count) && count > 0)
		deck_command(deck, (const char *const *)words, false);
}

/* Many at once are asked about first, with the count; what is marked then is what is meant. */
static void ask_retry(struct log_view *view)
{
	AUTO(str_clear) struct str words = STR_INIT(STR_NO_LIMIT);
	struct dialog_wish wish = { .kind = DIALOG_KEY, .title = "Try again", .verb = "try again", .act = retry_numbers };
	char text[160];
	size_t at = 0;
	const char *id;

	str_add(&words, "retry");
	while ((id = selection_next(&view->marks, &at)) != NULL)
		str_addf(&words, " %s", id);
	snprintf(text, sizeof(text), "%zu attempts are marked. The types that they were of are read again, each once.", view->marks.count);
	wish.text = text;
	wish.target = words.text;
	wish.size = words.len + 1;
	dialog_open(view->view.deck, &wish);
}

/* Those that are marked, as one command: it knows which of them are the same thing. */
static void retry_marked(struct log_view *view)
{
	AUTO(memory_freep) const char **words = memory_new((view->marks.count + 2) * sizeof(*words));
	size_t at = 0, count = 0;
	const char *id;

	words[count++] = "retry";
	while ((id = selection_next(&view->marks, &at)) != NULL)
		words[count++] = id;
	for (size_t i = 0; i < view->held.rows.count; i++)
		if (marked(view, (int64_t)i))
			note_asked(view, log_row(view, (int64_t)i));
	deck_command(view->view.deck, words, false);
	deck_say(view->view.deck, ROLE_MESSAGE, "%zu marked attempts are tried again; {jobs} shows how far.", view->marks.count);
	selection_clear(&view->marks);
}

static void retry(struct log_view *view, const struct attempt *attempt)
{
	const struct account *account = attempt ? log_account(view, attempt->account_id) : NULL;

	if ((!attempt && view->marks.count == 0) || !deck_ready(view->view.deck))
		return;
	if (view->marks.count >= ASKS_FROM) {
		ask_retry(view);
		return;
	}
	if (view->marks.count > 0) {
		retry_marked(view);
		return;
	}
	note_asked(view, attempt);
	deck_retry(view->view.deck, attempt, account ? account->name : attempt->account_id);
}

/* ---- marks */

/* Once all that is seen is marked, nothing is any more. */
static void mark_all(struct log_view *view)
{
	bool all = view->held.rows.count > 0;

	for (size_t i = 0; i < view->held.rows.count; i++)
		all = all && marked(view, (int64_t)i);
	if (all) {
		selection_clear(&view->marks);
		return;
	}
	view->marking = true;
	view->mark_from = INT64_MAX;
	view->mark_until = 0;
	log_pump(view);
}

static void mark_range(struct log_view *view, const struct attempt *here)
{
	int64_t last = strtoll(view->marks.last, NULL, 10), from;

	if (!here)
		return;
	if (!last)
		last = here->no;
	from = last > here->no ? last : here->no;
	view->marking = true;
	view->mark_from = from + 1;
	view->mark_until = last > here->no ? here->no : last;
	snprintf(view->marks.last, sizeof(view->marks.last), "%lld", (long long)here->no);
	log_pump(view);
}

static bool act_marks(struct log_view *view, enum action action)
{
	switch (action) {
	case ACTION_MARK_ALL:
		mark_all(view);
		return true;
	case ACTION_MARK_RANGE:
		mark_range(view, log_current(view));
		return true;
	case ACTION_MARK:
		selection_act(&view->marks, &view->held.table, action, id_of, view);
		log_move(view, 0);
		return true;
	default:
		return false;
	}
}

/* ---- moving */

static void look_for(struct log_view *view, int places)
{
	if (!*view->hunt.text) {
		deck_say(view->view.deck, ROLE_MESSAGE, "Nothing is looked for; {filter} begins.");
		return;
	}
	hunt_go(&view->hunt, &view->held, places);
	log_pump(view);
}

static bool act_move(struct log_view *view, enum action action)
{
	int64_t page = view->held.table.page > 1 ? view->held.table.page - 1 : 1;

	switch (action) {
	case ACTION_UP:
	case ACTION_DOWN:
		log_move(view, action == ACTION_UP ? -1 : 1);
		return true;
	case ACTION_HALF_UP:
	case ACTION_HALF_DOWN:
		log_move(view, action == ACTION_HALF_UP ? -(page + 1) / 2 : (page + 1) / 2);
		return true;
	case ACTION_PAGE_UP:
	case ACTION_PAGE_DOWN:
		log_move(view, action == ACTION_PAGE_UP ? -page : page);
		return true;
	case ACTION_FIRST:
	case ACTION_FOLLOW:
		view->following = action == ACTION_FOLLOW && !view->following;
		if (view->held.newer.done)
			table_go(&view->held.table, 0);
		else
			log_restart(view, 0);
		return true;
	case ACTION_LAST:
		view->following = false;
		if (view->held.older.done) {
			table_go(&view->held.table, view->held.table.count);
			return true;
		}
		log_last(view);
		return true;
	default:
		return false;
	}
}

/* Of all that are marked, or else of the one under the cursor. */
static void copy_numbers(struct log_view *view, const struct attempt *attempt)
{
	AUTO(str_clear) struct str numbers = STR_INIT(STR_NO_LIMIT);
	char what[40] = "Attempt";

	selection_add_lines(&view->marks, &numbers);
	if (view->marks.count > 0)
		snprintf(what, sizeof(what), "%zu attempt%s", view->marks.count, view->marks.count == 1 ? "" : "s");
	else if (attempt)
		str_addf(&numbers, "%lld", (long long)attempt->no);
	if (numbers.len > 0)
		deck_copy(view->view.deck, what, numbers.text);
}

static bool act(struct view *base, enum action action)
{
	struct log_view *view = of(base);
	const struct attempt *attempt = log_current(view);

	switch (action) {
	case ACTION_OPEN:
		if (attempt)
			deck_push(base->deck, attempt_new(attempt->no));
		return true;
	case ACTION_RETRY:
		retry(view, attempt);
		return true;
	case ACTION_COPY:
		copy_numbers(view, attempt);
		return true;
	case ACTION_FAILED:
		view->failed_only = !view->failed_only;
		log_changed(view);
		return true;
	case ACTION_NEXT_MATCH:
	case ACTION_LAST_MATCH:
		look_for(view, action == ACTION_NEXT_MATCH ? 1 : -1);
		return true;
	case ACTION_LEFT:
	case ACTION_RIGHT:
		table_scroll(&view->held.table, action == ACTION_RIGHT ? 1 : -1);
		return true;
	default:
		return act_marks(view, action) || act_move(view, action);
	}
}

/* ---- filter and search */

static char *filter(struct view *base)
{
	return of(base)->filter;
}

/* Half a condition is wrong until it is whole: the last right one goes on counting. */
static const char *conditions(struct view *base, const char *text, struct error *err)
{
	struct log_filter read;

	if (!log_filter_parse(text, deck_now(base->deck), &read, err))
		return err->text;
	of(base)->conditions = read;
	return NULL;
}

static void filtered(struct view *base)
{
	log_changed(of(base));
}

static void search(struct view *base, const char *text, bool go)
{
	struct log_view *view = of(base);

	snprintf(view->hunt.text, sizeof(view->hunt.text), "%s", text);
	view->hunt.places = 0;
	if (go && *view->hunt.text)
		look_for(view, 1);
}

static bool back(struct view *base)
{
	struct log_view *view = of(base);

	if (view->hunt.places != 0 || view->marking) {
		view->hunt.places = 0;
		view->marking = false;
	} else if (view->marks.count > 0) {
		selection_clear(&view->marks);
	} else if (*view->hunt.text) {
		*view->hunt.text = '\0';
	} else if (*view->filter || view->failed_only) {
		*view->filter = '\0';
		log_filter_init(&view->conditions);
		view->failed_only = false;
		log_changed(view);
	} else {
		return false;
	}
	return true;
}

/* ---- the view */

static bool subject(const struct view *base, struct account *ret_account)
{
	const struct log_view *view = (const struct log_view *)base;
	const struct attempt *attempt = log_current(view);
	const struct account *account = log_account(view, attempt ? attempt->account_id : view->account_id);

	if (account)
		*ret_account = *account;
	return account != NULL;
}

static const char *topic(const struct view *base)
{
	const struct log_view *view = (const struct log_view *)base;
	const struct attempt *attempt = log_current(view);

	return *view->type ? view->type : attempt ? attempt->type : NULL;
}

static void save(const struct view *base, struct str *out)
{
	const struct log_view *view = (const struct log_view *)base;
	const struct attempt *here = log_current(view);

	trail_put(out, "account", view->account_id);
	trail_put(out, "type", view->type);
	trail_put(out, "record", view->record_id);
	trail_put(out, "document", view->document);
	trail_put_number(out, "resource", view->resource);
	trail_put(out, "filter", view->filter);
	trail_put_number(out, "failed", view->failed_only);
	/* Who follows, follows again; before the first answer it is where it was to be. */
	trail_put_number(out, "attempt", view->following ? 0 : here ? here->no : view->start_no);
	trail_put_row(out, &view->held.table);
}

static void load(struct view *base, const char *text)
{
	struct log_view *view = of(base);
	struct error ignored = { 0 };

	if (!trail_get(text, "filter", view->filter, sizeof(view->filter)) ||
	    !log_filter_parse(view->filter, deck_now(base->deck), &view->conditions, &ignored)) {
		*view->filter = '\0';
		log_filter_init(&view->conditions);
	}
	view->failed_only = trail_get_number(text, "failed");
	view->start_no = trail_get_number(text, "attempt");
	view->following = view->start_no <= 0;
	if (view->following)
		view->start_no = 0;
	else
		trail_get_row(text, &view->held.table);
}

static void cli(const struct view *base, struct str *out)
{
	const struct log_view *view = (const struct log_view *)base;

	str_add(out, view->failed_only ? "log --state failed" : "log");
	if (*view->account_id)
		str_addf(out, " --account %s", view->account_id);
	if (*view->record_id) {
		AUTO(str_clear) struct str record = STR_INIT(sizeof(view->type) + RECORD_ID_MAX);

		str_addf(&record, "%s/%s", view->type, view->record_id);
		str_add(out, " --record");
		words_add(out, record.text);
	} else if (*view->type || view->resource) {
		str_add(out, view->resource ? " --document" : " --type");
		words_add(out, view->resource ? view->document : view->type);
	}
	if (*view->filter) {
		str_add(out, " --where");
		words_add(out, view->filter);
	}
}

static void add_row(const struct log_view *view, const struct attempt *attempt, struct str *out)
{
	const struct account *account = log_account(view, attempt->account_id);
	char number[32];

	snprintf(number, sizeof(number), "%lld", (long long)attempt->no);
	rows_add(out, (const char *const[]){ number, account ? account->name : attempt->account_id, attempt->type, mark_of_attempt(attempt).word,
					     attempt->error.text, NULL });
}

/* Of those that are marked, the ones that are held. */
static void rows(struct view *base, struct str *out)
{
	struct log_view *view = of(base);
	const struct attempt *here = log_current(view);

	for (size_t i = 0; i < view->held.rows.count; i++)
		if (marked(view, (int64_t)i))
			add_row(view, log_row(view, (int64_t)i), out);
	if (view->marks.count == 0 && here)
		add_row(view, here, out);
}

static void copies(struct view *base, struct copies *out)
{
	const struct attempt *attempt = log_current(of(base));
	char number[32];

	if (!attempt)
		return;
	snprintf(number, sizeof(number), "%lld", (long long)attempt->no);
	copies_add(out, 'i', "number", number);
	copies_add(out, 'x', "trace id", attempt->error.trace_id);
	copies_add(out, 'm', "message", attempt->error.text);
}

static void free_view(struct view *base)
{
	struct log_view *view = of(base);

	account_list_clear(&view->accounts);
	fates_clear(&view->fates);
	selection_clear(&view->marks);
	stretch_clear(&view->held);
	free(view);
}

static const struct view_kind kind = {
	.name = "log", .where = WHERE_MOVE | WHERE_LIST | WHERE_ATTEMPT | WHERE_LOG | WHERE_MARKS, .title = title, .draw = draw, .act = act,
	.refresh = refresh, .answer = answer, .filter = filter, .conditions = conditions, .filtered = filtered, .search = search, .back = back,
	.subject = subject, .topic = topic, .cli = cli, .copies = copies, .rows = rows, .save = save, .load = load, .free = free_view,
};

struct view *attempts_new(const char *account_id, const char *type)
{
	struct log_view *view = memory_new(sizeof(*view));

	view->view.kind = &kind;
	view->following = true;
	view->held.rows.size = sizeof(struct attempt);
	snprintf(view->account_id, sizeof(view->account_id), "%s", account_id);
	snprintf(view->type, sizeof(view->type), "%s", type);
	log_filter_init(&view->conditions);
	return &view->view;
}

struct view *attempts_of_record(const char *account_id, const char *type, const char *id)
{
	struct view *view = attempts_new(account_id, type);

	snprintf(of(view)->record_id, sizeof(of(view)->record_id), "%s", id);
	return view;
}

struct view *attempts_of_document(const char *account_id, int64_t resource, const char *external_id)
{
	struct view *view = attempts_new(account_id, "");

	of(view)->resource = resource;
	snprintf(of(view)->document, sizeof(of(view)->document), "%s", external_id);
	return view;
}

struct view *attempts_again(struct deck *deck, const char *text)
{
	char account[ACCOUNT_ID_MAX], type[64];
	struct view *view;

	trail_get(text, "account", account, sizeof(account));
	trail_get(text, "type", type, sizeof(type));
	view = attempts_new(account, type);
	if (*account && *type)
		trail_get(text, "record", of(view)->record_id, sizeof(of(view)->record_id));
	if (*account && trail_get(text, "document", of(view)->document, sizeof(of(view)->document)))
		of(view)->resource = trail_get_number(text, "resource");
	view->deck = deck; /* its filter is read before it is pushed, and asks what time it is */
	return view;
}
