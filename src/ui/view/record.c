/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One record: its fields, all of it as the ledger sent it, or its history; and the way to what it points to. */
#include "record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "copies.h"
#include "ledgerdeck/command/address.h"
#include "ledgerdeck/command/then.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/model/difference.h"
#include "moment.h"
#include "trail.h"

#define VERSIONS_MAX 1000
#define CHANGES_MAX 65536 /* bytes told of one */

static struct record_view *of(struct view *view)
{
	return (struct record_view *)view;
}

/* ---- the reader's thread */

static void free_answer(struct question *question)
{
	struct record_answer *answer = (struct record_answer *)question;

	for (size_t i = 0; i < answer->version_count; i++) {
		str_clear(&answer->versions[i].raw);
		str_clear(&answer->versions[i].changes);
	}
	free(answer->versions);
	references_clear(&answer->references);
	str_clear(&answer->whole);
	str_clear(&answer->raw);
	str_clear(&answer->texts);
	free(answer);
}

struct telling {                   /* the history on its way */
	struct record_answer *answer;
	struct differences found;
};

static void add_changes(struct telling *telling, const char *older, size_t len, struct kept_version *newer)
{
	differences_find(telling->answer->type, (struct json_slice){ .text = older, .len = len, .kind = JSON_OBJECT },
			 (struct json_slice){ .text = newer->raw.text, .len = newer->raw.len, .kind = JSON_OBJECT }, &telling->found);
	newer->more = telling->found.more;
	for (size_t i = 0; i < telling->found.count; i++) {
		size_t whole = newer->changes.len;

		if (telling->found.items[i].bookkeeping)
			continue;
		difference_add_line(&telling->found.items[i], telling->answer->personal, &newer->changes);
		if (!str_is_cut(&newer->changes))
			continue;
		str_truncate(&newer->changes, whole);
		newer->more++;
	}
}

/* The newest comes first: what changed in it is known with the one before it. */
static bool take_version(void *ctx, const struct record_version *version, const char *raw, size_t len)
{
	struct telling *telling = ctx;
	struct record_answer *answer = telling->answer;
	struct kept_version *kept = answer->version_count > 0 ? &answer->versions[answer->version_count - 1] : NULL;

	if (kept && kept->version.state != RECORD_DELETED)
		add_changes(telling, raw, len, kept);
	answer->has_older = answer->version_count == VERSIONS_MAX;
	if (answer->has_older)
		return false;
	memory_grow(&answer->versions, &answer->version_room, answer->version_count + 1, sizeof(*answer->versions));
	kept = &answer->versions[answer->version_count++];
	*kept = (struct kept_version){ .version = *version, .raw = STR_INIT(STR_NO_LIMIT), .changes = STR_INIT(CHANGES_MAX) };
	str_add_bytes(&kept->raw, raw, len);
	return true;
}

/* Once each was held against the next: a change of what is masked is one, too. */
static void mask_versions(struct record_answer *answer)
{
	for (size_t i = 0; i < answer->version_count; i++) {
		struct str whole = answer->versions[i].raw;

		str_init(&answer->versions[i].raw, STR_NO_LIMIT);
		personal_add_json(answer->type, answer->personal, whole.text, whole.len, &answer->versions[i].raw);
		str_clear(&whole);
	}
}

static bool read_history(struct record_answer *answer, struct store *store, struct error *err)
{
	struct telling telling = { .answer = answer };
	bool good = records_history(store, &answer->object, answer->id, take_version, &telling, err);

	differences_clear(&telling.found);
	mask_versions(answer);
	return good;
}

static bool read_then(struct record_answer *answer, struct store *store, struct error *err)
{
	return then_find(store, &answer->account, &answer->object, answer->type, answer->id, answer->then_ms, &answer->version, &answer->whole,
			 &answer->row, &answer->found, err) &&
	       (!answer->found || then_fill(answer->type, &answer->whole, &answer->texts, &answer->row, err));
}

static bool read_record(struct record_answer *answer, struct store *store, struct error *err)
{
	if (answer->then_ms)
		return read_then(answer, store, err);
	return records_get(store, &answer->object, answer->type, answer->id, &answer->row, &answer->whole, &answer->texts, &answer->found, err);
}

static bool work(struct question *question, struct store *store, struct error *err)
{
	struct record_answer *answer = (struct record_answer *)question;
	bool has_account;

	if (!accounts_get(store, answer->account_id, &answer->account, &has_account, err) ||
	    !objects_get(store, answer->account_id, answer->type->name, &answer->object, &answer->has_object, err))
		return false;
	if (!answer->has_object)
		return error_set(err, ERROR_INPUT, "%s of this account was never read", answer->type->name);
	if (!read_record(answer, store, err))
		return false;
	if (answer->found)
		personal_add_json(answer->type, answer->personal, answer->whole.text, answer->whole.len, &answer->raw);
	return (!answer->found || references_find(store, answer->catalogue, answer->account_id, answer->type, answer->id, &answer->whole,
						  &answer->references, err)) &&
	       (!answer->wants_history || read_history(answer, store, err));
}

static void refresh(struct view *base)
{
	struct record_view *view = of(base);
	struct record_answer *answer = memory_new(sizeof(*answer));

	answer->question = (struct question){ .work = work, .free = free_answer };
	answer->type = view->type;
	answer->catalogue = deck_app(base->deck)->catalogue;
	answer->wants_history = view->shows == RECORD_HISTORY;
	answer->then_ms = view->then_ms;
	answer->personal = app_personal(deck_app(base->deck));
	str_init(&answer->whole, STR_NO_LIMIT);
	str_init(&answer->raw, STR_NO_LIMIT);
	str_init(&answer->texts, STR_NO_LIMIT);
	snprintf(answer->account_id, sizeof(answer->account_id), "%s", view->account_id);
	snprintf(answer->id, sizeof(answer->id), "%s", view->id);
	view_ask(base, &answer->question);
}

static void look_back(struct record_view *view, int64_t then_ms)
{
	view->then_ms = then_ms;
	view->shows = view->shows == RECORD_HISTORY ? RECORD_FIELDS : view->shows;
	view->version = 0;
	view->pager.link = 0;
	view_ask_anew(&view->view);
}

static void answer(struct view *base, struct question *question)
{
	struct record_view *view = of(base);

	/* What nobody knows is not shown as if it were what is. */
	if (question->error.code != ERROR_NONE && view->then_ms) {
		deck_tell(base->deck, &question->error);
		question_free(question);
		look_back(view, 0);
		return;
	}
	if (!view_keeps(base, question, view->found ? &view->found->question : NULL))
		return;
	view->found = (struct record_answer *)question;
	record_write(view);
}

/* ---- the view */

static void draw(struct view *base, struct canvas *canvas, struct rect rect)
{
	struct record_view *view = of(base);

	view_draw_text(base, view->found ? &view->pager : NULL, canvas, rect);
}

static void show(struct record_view *view, enum record_shows shows)
{
	view->shows = shows;
	view->version = 0;
	view->pager.top = view->pager.link = 0;
	/* The history is read when it is asked for. */
	if (shows == RECORD_HISTORY)
		view_ask_anew(&view->view);
	else if (view->found)
		record_write(view);
}

static void follow(struct record_view *view)
{
	size_t link = view->pager.link;

	if (view->shows == RECORD_HISTORY) {
		view->version = link;
		view->pager.top = view->pager.link = 0;
		record_write(view);
	} else if (*view->links[link - 1].filter) {
		deck_push(view->view.deck, records_filtered(view->account_id, view->links[link - 1].type, view->links[link - 1].filter));
	} else {
		deck_push(view->view.deck, record_new(view->account_id, view->links[link - 1].type, view->links[link - 1].id));
	}
}

static bool act(struct view *base, enum action action)
{
	struct record_view *view = of(base);

	if (pager_act(&view->pager, action))
		return true;
	switch (action) {
	case ACTION_OPEN:
		if (view->pager.link) {
			follow(view);
			return true;
		}
		show(view, view->shows == RECORD_RAW ? RECORD_FIELDS : RECORD_RAW);
		return true;
	case ACTION_RAW:
		show(view, view->shows == RECORD_RAW ? RECORD_FIELDS : RECORD_RAW);
		return true;
	case ACTION_HISTORY:
		show(view, view->shows == RECORD_HISTORY ? RECORD_FIELDS : RECORD_HISTORY);
		return true;
	case ACTION_NEXT_PANE:
	case ACTION_LAST_PANE:
		pager_step_link(&view->pager, action == ACTION_NEXT_PANE ? 1 : -1);
		return true;
	case ACTION_AS_OF:
		moment_ask(base->deck);
		return true;
	case ACTION_LOG_OF:
		deck_push(base->deck, attempts_of_record(view->account_id, view->type->name, view->id));
		return true;
	case ACTION_DOCUMENT:
		deck_push(base->deck, document_of_record(view->account_id, view->type->name, view->id));
		return true;
	case ACTION_COPY:
		if (view->shows == RECORD_RAW && view->found)
			deck_copy(base->deck, "Record", view->found->raw.text);
		else
			deck_copy(base->deck, "Id", view->id);
		return true;
	default:
		return false;
	}
}

static const char *refuses(const struct view *base, enum action action)
{
	if ((action == ACTION_NEXT_PANE || action == ACTION_LAST_PANE) && pager_links(&((const struct record_view *)base)->pager) == 0)
		return "nothing here leads further";
	return NULL;
}

static const char *topic(const struct view *base)
{
	return ((const struct record_view *)base)->type->name;
}

/* ":as-of 2026-01-31" */
static bool words(struct view *base, const char *const *words, size_t count)
{
	int64_t then_ms;

	if (moment_take(base->deck, words, count, &then_ms))
		look_back(of(base), then_ms);
	return moment_is(words);
}

/* From a version to the history, from there to the fields. */
static bool back(struct view *base)
{
	struct record_view *view = of(base);

	if (view->version) {
		view->pager.link = view->version;
		view->version = 0;
		view->pager.top = 0;
		record_write(view);
		return true;
	}
	if (view->shows != RECORD_HISTORY)
		return false;
	show(view, RECORD_FIELDS);
	return true;
}

static bool subject(const struct view *base, struct account *ret_account)
{
	const struct record_view *view = (const struct record_view *)base;

	if (!view->found)
		return false;
	*ret_account = view->found->account;
	return true;
}

static void title(const struct view *base, struct str *out)
{
	const struct record_view *view = (const struct record_view *)base;

	str_addf(out, "%s%s", view->id, view->version ? ", a version" : view->shows == RECORD_RAW ? ", raw" : view->shows == RECORD_HISTORY ? ", history" : "");
	if (view->shows != RECORD_HISTORY)
		moment_add(view->then_ms, out);
}

static struct pager *pager_of(struct view *base)
{
	return &((struct record_view *)base)->pager;
}

static void save(const struct view *base, struct str *out)
{
	const struct record_view *view = (const struct record_view *)base;

	trail_put(out, "account", view->account_id);
	trail_put(out, "provider", view->type->provider);
	trail_put(out, "type", view->type->name);
	trail_put(out, "id", view->id);
	trail_put_number(out, "raw", view->shows);
	trail_put_number(out, "then", view->then_ms);
}

static void load(struct view *base, const char *text)
{
	int64_t shows = trail_get_number(text, "raw");

	of(base)->then_ms = trail_get_number(text, "then");
	of(base)->shows = shows == RECORD_RAW || shows == RECORD_HISTORY ? (enum record_shows)shows : RECORD_FIELDS;
}

static void cli(const struct view *base, struct str *out)
{
	const struct record_view *view = (const struct record_view *)base;

	str_add(out, "show");
	words_add(out, view->account_id);
	words_add(out, view->type->name);
	words_add(out, view->id);
	if (view->shows != RECORD_FIELDS)
		str_add(out, view->shows == RECORD_RAW ? " --raw" : " --history");
	if (view->shows != RECORD_HISTORY)
		moment_add_cli(view->then_ms, out);
}

static void copies(struct view *base, struct copies *out)
{
	AUTO(str_clear) struct str address = STR_INIT(2000);
	struct record_view *view = of(base);

	if (view->found && record_address(deck_app(base->deck)->settings, &view->found->account, view->type, view->id, &address))
		copies_add(out, 'w', "web address", address.text);
	copies_add(out, 'i', "id", view->id);
	if (view->found)
		copies_add(out, COPY_JSON, "JSON", view->found->raw.text);
}

static void free_view(struct view *base)
{
	struct record_view *view = of(base);

	if (view->found)
		question_free(&view->found->question);
	pager_clear(&view->pager);
	free(view->links);
	free(view);
}

static const struct view_kind kind = {
	.name = "record", .where = WHERE_MOVE | WHERE_TEXT | WHERE_RECORD | WHERE_LINKS, .title = title, .draw = draw, .act = act,
	.refuses = refuses, .refresh = refresh, .answer = answer, .back = back, .words = words, .subject = subject, .topic = topic, .pager = pager_of, .cli = cli, .copies = copies,
	.save = save, .load = load, .free = free_view,
};

struct view *record_new(const char *account_id, const struct type *type, const char *id)
{
	struct record_view *view = memory_new(sizeof(*view));

	view->view.kind = &kind;
	view->type = type;
	snprintf(view->account_id, sizeof(view->account_id), "%s", account_id);
	snprintf(view->id, sizeof(view->id), "%s", id);
	return &view->view;
}

struct view *record_shown(const char *account_id, const struct type *type, const char *id, enum action action, int64_t then_ms)
{
	struct view *base = record_new(account_id, type, id);

	of(base)->then_ms = then_ms;
	of(base)->shows = action == ACTION_RAW ? RECORD_RAW : action == ACTION_HISTORY ? RECORD_HISTORY : RECORD_FIELDS;
	return base;
}

struct view *record_again(struct deck *deck, const char *text)
{
	char account[ACCOUNT_ID_MAX], provider[40], name[80], id[RECORD_ID_MAX];
	const struct type *type;

	if (!trail_get(text, "account", account, sizeof(account)) || !trail_get(text, "provider", provider, sizeof(provider)) ||
	    !trail_get(text, "type", name, sizeof(name)) || !trail_get(text, "id", id, sizeof(id)))
		return NULL;
	type = catalogue_find(deck_app(deck)->catalogue, provider, name);
	return type ? record_new(account, type, id) : NULL;
}
