/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every type of every account in one list: sorted, filtered and marked; read again, paused and opened from there. */
#include "objects.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deck.h"
#include "dialog.h"
#include "ledgerdeck/core/memory.h"
#include "trail.h"

#define ASKS_FROM 21   /* objects */
#define LINE_MAX 1000  /* bytes of the types in one command */

static struct objects_view *of(struct view *view)
{
	return (struct objects_view *)view;
}

static const struct objects_view *of_const(const struct view *view)
{
	return (const struct objects_view *)view;
}

/* ---- the reader's thread */

static void free_answer(struct question *question)
{
	struct objects_answer *answer = (struct objects_answer *)question;

	account_list_clear(&answer->accounts);
	object_list_clear(&answer->objects);
	free(answer->owners);
	free(answer);
}

/* Both are by account; where one is unknown the rest is looked through. */
static size_t owner_of(const struct account_list *accounts, const char *id, size_t last)
{
	if (last != LISTING_NONE && strcmp(accounts->items[last].id, id) == 0)
		return last;
	for (size_t i = 0; i < accounts->count; i++)
		if (strcmp(accounts->items[i].id, id) == 0)
			return i;
	return LISTING_NONE;
}

static bool work(struct question *question, struct store *store, struct error *err)
{
	struct objects_answer *answer = (struct objects_answer *)question;
	size_t last = LISTING_NONE;

	if (!accounts_all(store, &answer->accounts, err) || !objects_all(store, NULL, &answer->objects, err))
		return false;
	answer->owners = memory_new((answer->objects.count + 1) * sizeof(*answer->owners));
	for (size_t i = 0; i < answer->objects.count; i++) {
		const struct object *object = &answer->objects.items[i];

		answer->owners[i] = last = owner_of(&answer->accounts, object->account_id, last);
		answer->failed += object->status == OBJECT_FAILED || object->status == OBJECT_DEAD;
		answer->waiting += *object->guard != '\0';
	}
	return true;
}

static void refresh(struct view *base)
{
	struct objects_answer *asked;

	if (deck_is_new(base->deck))
		return;
	asked = memory_new(sizeof(*asked));
	asked->question = (struct question){ .work = work, .free = free_answer };
	asked->settings = deck_app(base->deck)->settings;
	asked->now_ms = deck_now(base->deck);
	view_ask(base, &asked->question);
}

/* ---- what is under the cursor */

const struct account *objects_account(const struct objects_view *view, size_t row)
{
	size_t owner = view->found && row != LISTING_NONE ? view->found->owners[row] : LISTING_NONE;

	return owner == LISTING_NONE ? NULL : &view->found->accounts.items[owner];
}

const struct object *objects_current(const struct objects_view *view)
{
	size_t row = view->found ? listing_current(&view->list) : LISTING_NONE;

	return row == LISTING_NONE ? NULL : &view->found->objects.items[row];
}

static const struct account *account_here(const struct objects_view *view)
{
	return objects_account(view, listing_current(&view->list));
}

static void arrange(struct objects_view *view)
{
	struct listing_source source = objects_source(view);

	listing_arrange(&view->list, &source);
}

/* The cursor goes to a type of an account, or to the first that it has. */
static void go_to_wanted(struct objects_view *view)
{
	const struct object_list *objects = &view->found->objects;
	size_t best = LISTING_NONE;

	for (size_t i = 0; *view->at_account && i < objects->count; i++) {
		if (strcmp(objects->items[i].account_id, view->at_account) != 0)
			continue;
		if (best == LISTING_NONE || strcmp(objects->items[i].type, view->at_type) == 0)
			best = i;
	}
	if (best != LISTING_NONE)
		objects_id(view, best, view->list.cursor);
	*view->at_account = *view->at_type = '\0';
}

/* What is wanted is shown, whatever was filtered before. */
static void arrange_wanted(struct objects_view *view, bool wanted)
{
	struct listing_source source = objects_source(view);
	char id[LISTING_ID_MAX];

	go_to_wanted(view);
	memcpy(id, view->list.cursor, sizeof(id));
	if (listing_arrange(&view->list, &source) || !wanted)
		return;
	*view->filter = '\0';
	view->failed_only = false;
	memcpy(view->list.cursor, id, sizeof(id));
	listing_arrange(&view->list, &source);
}

static void answer(struct view *base, struct question *question)
{
	struct objects_view *view = of(base);
	bool first = !view->found, wanted = *view->at_account;
	struct listing_source source;
	char was[LISTING_ID_MAX];

	if (!view_keeps(base, question, view->found ? &view->found->question : NULL))
		return;
	view->found = (struct objects_answer *)question;
	memcpy(was, view->list.cursor, sizeof(was));
	arrange_wanted(view, wanted);
	source = objects_source(view);
	if (!first && !wanted && *was && !listing_knows(&source, was))
		view_gone(base, &view->list.table);
}

/* ---- what is marked */

struct many_of { /* of one account */
	char account[ACCOUNT_NAME_MAX], account_id[ACCOUNT_ID_MAX];
	size_t count;
	char types[LINE_MAX]; /* with commas between them */
};

struct many {
	const char *verb, *undo; /* literals; undo NULL: it is not taken back */
	size_t count;
	struct many_of parts[];
};

/* False: the types of an account have no room in one command. */
static bool add_types(const struct objects_view *view, size_t owner, struct many_of *part)
{
	AUTO(str_clear) struct str types = STR_INIT(sizeof(part->types) - 1);
	const struct objects_answer *found = view->found;
	char id[LISTING_ID_MAX];

	for (size_t i = 0; i < found->objects.count; i++) {
		objects_id(view, i, id);
		if (found->owners[i] != owner || !selection_has(&view->marks, id))
			continue;
		str_addf(&types, "%s%s", part->count++ ? "," : "", found->objects.items[i].type);
	}
	snprintf(part->types, sizeof(part->types), "%s", types.len ? types.text : "");
	snprintf(part->account, sizeof(part->account), "%s", found->accounts.items[owner].name);
	snprintf(part->account_id, sizeof(part->account_id), "%s", found->accounts.items[owner].id);
	return !str_is_cut(&types);
}

/* A command for each account. */
static void do_many(struct deck *deck, const void *target)
{
	const struct many *many = target;

	for (size_t i = 0; i < many->count; i++) {
		const struct many_of *part = &many->parts[i];
		const char *words[] = { many->verb, part->account_id, "--type", part->types, NULL };
		char line[DECK_LINE_MAX], undo[DECK_LINE_MAX], what[200];

		if (!many->undo) {
			deck_command(deck, words, false);
			continue;
		}
		snprintf(line, sizeof(line), "%s %s --type %s", many->verb, part->account_id, part->types);
		snprintf(undo, sizeof(undo), "%s %s --type %s", many->undo, part->account_id, part->types);
		snprintf(what, sizeof(what), "%zu type%s of '%.100s' %s", part->count, part->count == 1 ? "" : "s", part->account,
			 strcmp(many->verb, "pause") != 0 ? "go on" : part->count == 1 ? "is paused" : "are paused");
		deck_do(deck, line, undo, what);
	}
}

/* Many at once are asked about first, with the count; what is marked then is what is meant. */
static void act_many(struct objects_view *view, const char *verb, const char *undo, const char *verb_text)
{
	size_t accounts = view->found->accounts.count, size = sizeof(struct many) + (accounts + 1) * sizeof(struct many_of);
	AUTO(memory_freep) struct many *many = memory_new(size);
	struct dialog_wish wish = { .kind = DIALOG_KEY, .title = "Marked objects", .verb = verb_text, .target = many, .act = do_many };
	struct deck *deck = view->view.deck;
	size_t objects = 0;
	char text[200];

	many->verb = verb;
	many->undo = undo;
	for (size_t i = 0; i < accounts; i++) {
		struct many_of *part = &many->parts[many->count];

		if (!add_types(view, i, part)) {
			deck_say(deck, ROLE_WARN, "More types of '%s' are marked than one command takes; nothing was done.", part->account);
			return;
		}
		objects += part->count;
		many->count += part->count > 0;
	}
	if (objects < ASKS_FROM) {
		do_many(deck, many);
		if (!undo)
			deck_say(deck, ROLE_MESSAGE, "%zu marked objects are read now; {jobs} shows how far.", objects);
		selection_clear(&view->marks);
		return;
	}
	snprintf(text, sizeof(text), "%zu objects of %zu accounts are marked.", objects, many->count);
	wish.text = text;
	wish.size = sizeof(*many) + many->count * sizeof(many->parts[0]);
	dialog_open(deck, &wish);
}

/* Whatever of them is read is paused; once none is, they go on. */
static void pause_marked(struct objects_view *view)
{
	const struct object_list *objects = &view->found->objects;
	char id[LISTING_ID_MAX];
	bool read = false;

	for (size_t i = 0; i < objects->count; i++) {
		objects_id(view, i, id);
		read = read || (objects->items[i].wanted && selection_has(&view->marks, id));
	}
	act_many(view, read ? "pause" : "resume", read ? "resume" : "pause", read ? "pause them" : "go on with them");
}

static bool id_at(void *ctx, int64_t place, char *out)
{
	const struct objects_view *view = ctx;

	objects_id(view, listing_row(&view->list, place), out);
	return true;
}

/* Of all that are marked, or else of the one under the cursor. */
static void copy(struct objects_view *view)
{
	AUTO(str_clear) struct str ids = STR_INIT(STR_NO_LIMIT);
	char what[40] = "Object";

	selection_add_lines(&view->marks, &ids);
	if (view->marks.count > 0)
		snprintf(what, sizeof(what), "%zu object%s", view->marks.count, view->marks.count == 1 ? "" : "s");
	else
		str_add(&ids, view->list.cursor);
	if (ids.len > 0)
		deck_copy(view->view.deck, what, ids.text);
}

/* ---- keys */

static void open_row(struct objects_view *view)
{
	const struct object *object = objects_current(view);
	const struct account *account = account_here(view);
	const struct type *type = account ? catalogue_find(deck_app(view->view.deck)->catalogue, account->provider, object->type) : NULL;

	if (type)
		deck_push(view->view.deck, records_new(object->account_id, type));
	else if (object)
		deck_say(view->view.deck, ROLE_WARN, "The catalogue has no '%s': its records cannot be told.", object->type);
}

static void sort_by(struct objects_view *view, enum objects_column column, bool descending)
{
	view->sort = column;
	view->descending = descending;
	arrange(view);
}

/* What one looks for comes first: of numbers and times the greatest. */
static void sort_next(struct objects_view *view, unsigned step)
{
	enum objects_column column = (view->sort + step) % BY_COUNT;

	sort_by(view, column, column != BY_STATE && column != BY_COMPANY && column != BY_TYPE && column != BY_NEXT);
}

static bool act_row(struct objects_view *view, enum action action)
{
	const struct object *object = objects_current(view);
	const struct account *account = account_here(view);
	struct deck *deck = view->view.deck;

	switch (action) {
	case ACTION_OPEN:
		open_row(view);
		return true;
	case ACTION_RETRY:
		if (view->marks.count > 0 && deck_ready(deck))
			act_many(view, "sync", NULL, "read them now");
		else if (view->marks.count == 0 && account)
			deck_sync(deck, account->id, account->name, object->type, "operator", false);
		return true;
	case ACTION_PAUSE:
		if (view->marks.count > 0)
			pause_marked(view);
		else if (account)
			deck_pause(deck, account, object->type, object->wanted);
		return true;
	case ACTION_APPROVE:
		if (account)
			deck_approve(deck, account, object->type);
		return true;
	case ACTION_COPY:
		copy(view);
		return true;
	default:
		return false;
	}
}

static bool act(struct view *base, enum action action)
{
	struct objects_view *view = of(base);
	struct listing_source source = objects_source(view);

	if (!view->found)
		return false;
	switch (action) {
	case ACTION_FAILED:
		view->failed_only = !view->failed_only;
		arrange(view);
		return true;
	case ACTION_SORT_LEFT:
	case ACTION_SORT_RIGHT:
		sort_next(view, action == ACTION_SORT_RIGHT ? 1 : BY_COUNT - 1);
		return true;
	case ACTION_SORT_INVERT:
		sort_by(view, view->sort, !view->descending);
		return true;
	case ACTION_LEFT:
	case ACTION_RIGHT:
		table_scroll(&view->list.table, action == ACTION_RIGHT ? 1 : -1);
		return true;
	default:
		break;
	}
	if (selection_act(&view->marks, &view->list.table, action, id_at, view)) {
		listing_note(&view->list, &source);
		return true;
	}
	return act_row(view, action) || listing_act(&view->list, &source, action);
}

static const char *refuses(const struct view *base, enum action action)
{
	const struct objects_view *view = of_const(base);
	const struct object *object = objects_current(view);
	const struct account *account = account_here(view);
	bool of_row = action == ACTION_RETRY || action == ACTION_PAUSE || action == ACTION_APPROVE;

	if (of_row && view->marks.count > 0 && action != ACTION_APPROVE)
		return NULL;
	if (of_row && !object)
		return "nothing is under the cursor";
	return account ? account_refuses(account, object, action) : NULL;
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
	struct objects_view *view = of(base);

	if (view->marks.count > 0) {
		selection_clear(&view->marks);
	} else if (*view->filter || view->failed_only) {
		*view->filter = '\0';
		view->failed_only = false;
		arrange(view);
	} else {
		return false;
	}
	return true;
}

/* ---- the view */

static void draw(struct view *base, struct canvas *canvas, struct rect rect)
{
	objects_draw(of(base), canvas, rect);
}

static void title(const struct view *base, struct str *out)
{
	str_add(out, "objects");
	selection_add_title(&of_const(base)->marks, out);
}

static bool subject(const struct view *base, struct account *ret_account)
{
	const struct account *account = account_here(of_const(base));

	if (account)
		*ret_account = *account;
	return account != NULL;
}

static const char *topic(const struct view *base)
{
	const struct object *object = objects_current(of_const(base));

	return object ? object->type : NULL;
}

/* How far behind it is grows by the minutes of the clock. */
static int64_t ages_ms(const struct view *base)
{
	const struct objects_view *view = of_const(base);

	return view->found && view->found->objects.count > 0 ? OBJECTS_MINUTE_MS - deck_now(base->deck) % OBJECTS_MINUTE_MS : -1;
}

static void cli(const struct view *base, struct str *out)
{
	str_add(out, of_const(base)->failed_only ? "status --state failed" : "status");
}

static void rows(struct view *base, struct str *out)
{
	struct objects_view *view = of(base);
	char id[LISTING_ID_MAX];

	for (size_t i = 0; view->found && i < view->found->objects.count; i++) {
		const struct object *object = &view->found->objects.items[i];
		const struct account *account = objects_account(view, i);

		objects_id(view, i, id);
		if (view->marks.count > 0 ? selection_has(&view->marks, id) : i == listing_current(&view->list))
			rows_add(out, (const char *const[]){ object->account_id, account ? account->name : "", object->type,
							     object_status_word(object->status), objects_why(object), NULL });
	}
}

static void save(const struct view *base, struct str *out)
{
	const struct objects_view *view = of_const(base);

	trail_put(out, "object", view->list.cursor);
	trail_put(out, "filter", view->filter);
	trail_put(out, "sort", objects_column_name(view->sort));
	trail_put_number(out, "descending", view->descending);
	trail_put_number(out, "failed", view->failed_only);
	trail_put_row(out, &view->list.table);
}

static void load(struct view *base, const char *text)
{
	struct objects_view *view = of(base);
	char sort[20];

	trail_get(text, "object", view->list.cursor, sizeof(view->list.cursor));
	trail_get(text, "filter", view->filter, sizeof(view->filter));
	trail_get(text, "sort", sort, sizeof(sort));
	for (int i = 0; i < BY_COUNT; i++)
		if (strcmp(objects_column_name((enum objects_column)i), sort) == 0)
			view->sort = (enum objects_column)i;
	view->descending = trail_get_number(text, "descending");
	view->failed_only = trail_get_number(text, "failed");
	trail_get_row(text, &view->list.table);
}

static void free_view(struct view *base)
{
	struct objects_view *view = of(base);

	if (view->found)
		question_free(&view->found->question);
	listing_clear(&view->list);
	selection_clear(&view->marks);
	free(view);
}

static const struct view_kind kind = {
	.name = "objects", .where = WHERE_MOVE | WHERE_LIST | WHERE_OBJECT | WHERE_OBJECTS | WHERE_MARKS | WHERE_DETAILS, .title = title, .draw = draw, .act = act,
	.refuses = refuses, .refresh = refresh, .answer = answer, .ages_ms = ages_ms, .filter = filter, .filtered = filtered, .back = back,
	.subject = subject, .topic = topic, .cli = cli, .rows = rows, .save = save, .load = load, .free = free_view,
};

void objects_place(struct view *base, const char *account_id, const char *type)
{
	struct objects_view *view = of(base);

	snprintf(view->at_account, sizeof(view->at_account), "%s", account_id);
	snprintf(view->at_type, sizeof(view->at_type), "%s", type ? type : "");
	if (!view->found)
		return;
	arrange_wanted(view, true);
}

struct view *objects_new(struct deck *deck)
{
	struct objects_view *view = memory_new(sizeof(*view));

	(void)deck;
	view->view.kind = &kind;
	view->sort = BY_COMPANY;
	return &view->view;
}

struct view *objects_again(struct deck *deck, const char *text)
{
	(void)text;
	return objects_new(deck);
}
