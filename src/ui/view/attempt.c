/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One attempt: what happened, why, what to do; then the ledger's own words and what it cost. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "copies.h"
#include "format.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/log.h"
#include "ledgerdeck/store/resources.h"
#include "pager.h"
#include "trail.h"
#include "view.h"

#define DETAIL_MAX 65536
#define ITEMS_MAX 100 /* more than any one has */

struct attempt_answer {
	struct question question;
	int64_t no;
	bool found, has_account, has_object;
	struct attempt attempt;
	struct str detail;            /* owned */
	struct attempt_item *items;   /* owned: single records that it was about */
	size_t item_count, item_room;
	struct account account;
	struct object object;
};

struct attempt_view {
	struct view view;
	int64_t no;
	struct attempt_answer *found; /* owned */
	struct pager pager;
};

static struct attempt_view *of(struct view *view)
{
	return (struct attempt_view *)view;
}

/* ---- the reader's thread */

static void free_answer(struct question *question)
{
	struct attempt_answer *answer = (struct attempt_answer *)question;

	str_clear(&answer->detail);
	free(answer->items);
	free(answer);
}

static bool take_item(void *ctx, const struct attempt_item *item)
{
	struct attempt_answer *answer = ctx;

	memory_grow(&answer->items, &answer->item_room, answer->item_count + 1, sizeof(*answer->items));
	answer->items[answer->item_count++] = *item;
	return answer->item_count < ITEMS_MAX;
}

/* What has no id in the ledger yet is called as it is in the operator's own system. */
static bool name_items(struct attempt_answer *answer, struct store *store, struct error *err)
{
	for (size_t i = 0; i < answer->item_count; i++) {
		struct attempt_item *item = &answer->items[i];
		struct resource resource;

		if (*item->record_id || !item->resource)
			continue;
		if (!resources_by_no(store, item->resource, &resource, NULL, err))
			return false;
		snprintf(item->record_id, sizeof(item->record_id), "%.63s", resource.external_id);
	}
	return true;
}

static bool work(struct question *question, struct store *store, struct error *err)
{
	struct attempt_answer *answer = (struct attempt_answer *)question;

	if (!attempts_get(store, answer->no, &answer->attempt, &answer->detail, &answer->found, err) || !answer->found)
		return answer->found || error_set(err, ERROR_INPUT, "the log has no attempt %lld any more", (long long)answer->no);
	return attempt_items(store, &answer->attempt, take_item, answer, err) && name_items(answer, store, err) &&
	       accounts_get(store, answer->attempt.account_id, &answer->account, &answer->has_account, err) &&
	       objects_get(store, answer->attempt.account_id, answer->attempt.type, &answer->object, &answer->has_object, err);
}

static void refresh(struct view *base)
{
	struct attempt_view *view = of(base);
	struct attempt_answer *answer = memory_new(sizeof(*answer));

	answer->question = (struct question){ .work = work, .free = free_answer };
	answer->no = view->no;
	str_init(&answer->detail, DETAIL_MAX);
	view_ask(base, &answer->question);
}

/* ---- its text */

static void write_error(struct pager *pager, const struct attempt_answer *found)
{
	const struct attempt *attempt = &found->attempt;
	struct sync_advice advice = sync_advice(found->account.provider, &attempt->error);
	enum role role = mark_of_attempt(attempt).role;
	char when[FORMAT_MAX];

	pager_field(pager, "What", role, advice.what);
	pager_field(pager, "Why", ROLE_TEXT, advice.why);
	pager_field(pager, "Do", ROLE_TEXT, advice.act);
	if (found->has_object && found->object.status == OBJECT_DEAD)
		pager_add(pager, ROLE_DIM, "It is not tried again without a person: r does.");
	else if (attempt->next_ms > 0 && attempt->next_ms != INT64_MAX)
		pager_addf(pager, ROLE_DIM, "Planned to be tried again by itself: %s.", format_stamp(attempt->next_ms, when));
	pager_add(pager, ROLE_TEXT, "");
	pager_field(pager, "Message", role, attempt->error.text);
	pager_field(pager, "Code", ROLE_TEXT, attempt->error.ledger_code);
	pager_field(pager, "Trace id", ROLE_TEXT, attempt->error.trace_id);
	pager_add(pager, ROLE_TEXT, "");
}

/* Verbatim, a line for each of its own. */
static void write_words(struct pager *pager, const char *label, const struct str *detail)
{
	if (detail->len == 0)
		return;
	pager_add(pager, ROLE_COLUMN, label);
	pager_add(pager, ROLE_TEXT, detail->text);
	pager_add(pager, ROLE_TEXT, "");
}

static void write_items(struct pager *pager, const struct attempt_answer *found)
{
	char label[64 + RECORD_ID_MAX];

	for (size_t i = 0; i < found->item_count; i++) {
		const struct attempt_item *item = &found->items[i];
		enum role role = item->error.code == ERROR_NONE ? ROLE_TEXT : item->error.outcome_unknown ? ROLE_WARN : ROLE_FAILED;

		if (i == 0)
			pager_add(pager, ROLE_COLUMN, "Each of them");
		snprintf(label, sizeof(label), "%s %s", item->type, item->record_id);
		pager_addf(pager, role, "%s: %s", label, *item->error.text ? item->error.text : "under way");
	}
	if (found->item_count > 0)
		pager_add(pager, ROLE_TEXT, "");
}

static void field_count(struct pager *pager, const char *label, int64_t count)
{
	char text[FORMAT_MAX];

	pager_field(pager, label, ROLE_TEXT, format_count(count, text));
}

static void write_costs(struct pager *pager, const struct attempt *attempt)
{
	const struct put_counts *counts = &attempt->counts;
	char text[FORMAT_MAX];

	field_count(pager, "Read", counts->added + counts->changed + counts->unchanged + counts->parked);
	field_count(pager, "  added", counts->added);
	field_count(pager, "  changed", counts->changed);
	field_count(pager, "  unchanged", counts->unchanged);
	field_count(pager, "  parked", counts->parked);
	field_count(pager, "Deleted", counts->deleted);
	field_count(pager, "Pages", attempt->pages);
	field_count(pager, "Calls", attempt->calls);
	pager_field(pager, "Bytes", ROLE_TEXT, format_bytes(attempt->bytes, text));
	if (attempt->throttled)
		field_count(pager, "Throttled", attempt->throttled);
}

static void write_now(struct pager *pager, const struct attempt_answer *found)
{
	const struct object *object = &found->object;
	char text[FORMAT_MAX];

	if (!found->has_object)
		return;
	pager_add(pager, ROLE_TEXT, "");
	pager_field(pager, "Now", mark_of_object(object, false).role, mark_of_object(object, false).word);
	pager_field(pager, "Last ok", ROLE_TEXT, object->success_ms ? format_stamp(object->success_ms, text) : "never");
	if (object->next_ms > 0 && object->next_ms != INT64_MAX && object->status != OBJECT_DEAD)
		pager_field(pager, "Next", ROLE_TEXT, format_stamp(object->next_ms, text));
}

static void write(struct attempt_view *view)
{
	const struct attempt *attempt = &view->found->attempt;
	struct mark mark = mark_of_attempt(attempt);
	struct pager *pager = &view->pager;
	char text[FORMAT_MAX];

	pager_clear(pager);
	pager_addf(pager, mark.role, "%s %s: %s of %s", mark.glyph, mark.word, attempt->job, attempt->type);
	pager_add(pager, ROLE_TEXT, "");
	if (attempt->error.code != ERROR_NONE) {
		write_error(pager, view->found);
		write_words(pager, *attempt->account_id ? "The ledger's own words" : "File", &view->found->detail);
	} else {
		pager_field(pager, *attempt->account_id ? "Note" : "File", *attempt->account_id ? ROLE_WARN : ROLE_TEXT, view->found->detail.text);
	}
	write_items(pager, view->found);
	pager_field(pager, "Company", ROLE_TEXT, view->found->has_account ? view->found->account.name : attempt->account_id);
	pager_field(pager, "Attempt", ROLE_TEXT, format_count(attempt->no, text));
	pager_field(pager, "Run", ROLE_TEXT, format_count(attempt->run, text));
	pager_field(pager, "Cause", ROLE_TEXT, attempt->cause);
	pager_field(pager, "Began", ROLE_TEXT, format_stamp(attempt->started_ms, text));
	pager_field(pager, "Took", ROLE_TEXT, attempt->took_ms < 0 ? "it runs still" : format_took(attempt->took_ms, text));
	if (attempt->waited_ms > 0)
		pager_field(pager, "  of it waiting", ROLE_TEXT, format_took(attempt->waited_ms, text));
	snprintf(text, sizeof(text), "%d", attempt->tries);
	pager_field(pager, "Try", ROLE_TEXT, text);
	write_costs(pager, attempt);
	write_now(pager, view->found);
}

static void answer(struct view *base, struct question *question)
{
	struct attempt_view *view = of(base);

	if (!view_keeps(base, question, view->found ? &view->found->question : NULL))
		return;
	view->found = (struct attempt_answer *)question;
	write(view);
}

/* ---- the view */

static void draw(struct view *base, struct canvas *canvas, struct rect rect)
{
	struct attempt_view *view = of(base);

	view_draw_text(base, view->found ? &view->pager : NULL, canvas, rect);
}

static bool act(struct view *base, enum action action)
{
	struct attempt_view *view = of(base);
	const struct attempt_answer *found = view->found;
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);
	const struct type *type;

	if (pager_act(&view->pager, action))
		return true;
	if (!found)
		return false;
	switch (action) {
	case ACTION_RETRY:
		deck_retry(base->deck, &found->attempt, found->has_account ? found->account.name : found->attempt.account_id);
		return true;
	case ACTION_OPEN:
		type = found->has_account
			       ? catalogue_find(deck_app(base->deck)->catalogue, found->account.provider, found->attempt.type) : NULL;
		if (type)
			deck_push(base->deck, records_new(found->account.id, type));
		return true;
	case ACTION_COPY:
		/* What support asks for; the text has no secrets. */
		pager_add_text(&view->pager, &text);
		deck_copy(base->deck, "Report", text.text);
		return true;
	default:
		return false;
	}
}

static const char *topic(const struct view *base)
{
	const struct attempt_view *view = (const struct attempt_view *)base;

	return view->found ? view->found->attempt.type : NULL;
}

static bool subject(const struct view *base, struct account *ret_account)
{
	const struct attempt_view *view = (const struct attempt_view *)base;

	if (!view->found || !view->found->has_account)
		return false;
	*ret_account = view->found->account;
	return true;
}

static void title(const struct view *base, struct str *out)
{
	str_addf(out, "attempt %lld", (long long)((const struct attempt_view *)base)->no);
}

static struct pager *pager_of(struct view *base)
{
	return &((struct attempt_view *)base)->pager;
}

static void save(const struct view *base, struct str *out)
{
	trail_put_number(out, "attempt", ((const struct attempt_view *)base)->no);
}

static void load(struct view *base, const char *text)
{
	(void)base;
	(void)text;
}

static void cli(const struct view *base, struct str *out)
{
	(void)base;
	str_add(out, "log");
}

static void copies(struct view *base, struct copies *out)
{
	const struct attempt *attempt = of(base)->found ? &of(base)->found->attempt : NULL;
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
	struct attempt_view *view = of(base);

	if (view->found)
		question_free(&view->found->question);
	pager_clear(&view->pager);
	free(view);
}

static const struct view_kind kind = {
	.name = "attempt", .where = WHERE_MOVE | WHERE_TEXT | WHERE_ATTEMPT, .title = title, .draw = draw, .act = act,
	.refresh = refresh, .answer = answer, .subject = subject, .topic = topic, .pager = pager_of, .cli = cli, .copies = copies,
	.save = save, .load = load, .free = free_view,
};

struct view *attempt_new(int64_t no)
{
	struct attempt_view *view = memory_new(sizeof(*view));

	view->view.kind = &kind;
	view->no = no;
	return &view->view;
}

struct view *attempt_again(struct deck *deck, const char *text)
{
	int64_t no = trail_get_number(text, "attempt");

	(void)deck;
	return no > 0 ? attempt_new(no) : NULL;
}
