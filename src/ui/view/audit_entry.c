/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One entry of the audit, all of it: who did what, and what was before and after. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/model/difference.h"
#include "ledgerdeck/store/log.h"
#include "pager.h"
#include "trail.h"
#include "view.h"

#define TEXT_MAX 65536 /* bytes of what was before, and after */

struct entry_answer {
	struct question question;
	int64_t no;
	bool found, has_account;
	struct audit_row row;         /* its texts are the two below */
	struct str before, after;     /* owned */
	struct account account;
};

struct entry_view {
	struct view view;
	int64_t no;
	struct entry_answer *found;   /* owned */
	struct pager pager;
};

static struct entry_view *of(struct view *view)
{
	return (struct entry_view *)view;
}

/* ---- the reader's thread */

static void free_answer(struct question *question)
{
	struct entry_answer *answer = (struct entry_answer *)question;

	str_clear(&answer->before);
	str_clear(&answer->after);
	free(answer);
}

static bool take(void *ctx, const struct audit_row *row)
{
	struct entry_answer *answer = ctx;

	answer->found = true;
	answer->row = *row;
	str_add(&answer->before, row->before);
	str_add(&answer->after, row->after);
	return true;
}

static bool work(struct question *question, struct store *store, struct error *err)
{
	struct entry_answer *answer = (struct entry_answer *)question;
	struct audit_query query = { .after_no = answer->no - 1, .before_no = answer->no + 1, .limit = 1 };

	/* 0 would be no bound. */
	query.after_no -= query.after_no == 0;
	if (!audit_list(store, &query, take, answer, NULL, err))
		return false;
	if (!answer->found || answer->row.no != answer->no)
		return error_set(err, ERROR_INPUT, "the audit has no entry %lld", (long long)answer->no);
	return accounts_get(store, answer->row.account_id, &answer->account, &answer->has_account, err);
}

static void refresh(struct view *base)
{
	struct entry_answer *answer = memory_new(sizeof(*answer));

	answer->question = (struct question){ .work = work, .free = free_answer };
	answer->no = of(base)->no;
	str_init(&answer->before, TEXT_MAX);
	str_init(&answer->after, TEXT_MAX);
	view_ask(base, &answer->question);
}

/* ---- its text */

static bool is_object(const struct str *text)
{
	size_t at;

	return text->len > 0 && !str_is_cut(text) && *text->text == '{' && json_check(text->text, text->len, &at);
}

/* Two objects member by member; anything else as it stands. */
static void write_change(struct pager *pager, const struct entry_answer *found)
{
	AUTO(str_clear) struct str lines = STR_INIT(STR_NO_LIMIT);
	struct differences changes = { 0 };

	if (!is_object(&found->before) || !is_object(&found->after)) {
		pager_field(pager, "Before", ROLE_TEXT, found->before.len ? found->before.text : "(nothing)");
		pager_field(pager, "After", ROLE_TEXT, found->after.len ? found->after.text : "(nothing)");
		return;
	}
	differences_find(NULL, (struct json_slice){ .text = found->before.text, .len = found->before.len, .kind = JSON_OBJECT },
			 (struct json_slice){ .text = found->after.text, .len = found->after.len, .kind = JSON_OBJECT }, &changes);
	for (size_t i = 0; i < changes.count; i++)
		difference_add_line(&changes.items[i], PERSONAL_SHOWN, &lines);
	differences_clear(&changes);
	pager_add(pager, ROLE_COLUMN, "What changed");
	pager_changes(pager, lines.len ? lines.text : "(nothing)");
}

static void write(struct entry_view *view)
{
	const struct entry_answer *found = view->found;
	struct pager *pager = &view->pager;
	char text[FORMAT_MAX];

	pager_clear(pager);
	pager_add(pager, ROLE_TITLE, found->row.what);
	pager_add(pager, ROLE_TEXT, "");
	pager_field(pager, "Who", ROLE_TEXT, found->row.who);
	pager_field(pager, "When", ROLE_TEXT, format_stamp(found->row.at_ms, text));
	pager_field(pager, "Company", ROLE_TEXT, found->has_account ? found->account.name : *found->row.account_id ? "(not in this store any more)" : "(none)");
	pager_field(pager, "Account", ROLE_TEXT, found->row.account_id);
	pager_add(pager, ROLE_TEXT, "");
	write_change(pager, found);
	pager_add(pager, ROLE_TEXT, "");
	pager_field(pager, "Entry", ROLE_TEXT, format_count(found->row.no, text));
	pager_field(pager, "Hash", ROLE_DIM, found->row.hash);
}

static void answer(struct view *base, struct question *question)
{
	struct entry_view *view = of(base);

	if (!view_keeps(base, question, view->found ? &view->found->question : NULL))
		return;
	view->found = (struct entry_answer *)question;
	write(view);
}

/* ---- the view */

static void draw(struct view *base, struct canvas *canvas, struct rect rect)
{
	struct entry_view *view = of(base);

	view_draw_text(base, view->found ? &view->pager : NULL, canvas, rect);
}

static bool act(struct view *base, enum action action)
{
	struct entry_view *view = of(base);
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);

	if (action != ACTION_COPY)
		return pager_act(&view->pager, action);
	pager_add_text(&view->pager, &text);
	if (view->found)
		deck_copy(base->deck, "Entry", text.text);
	return true;
}

static const char *refuses(const struct view *base, enum action action)
{
	(void)base;
	return action == ACTION_OPEN ? "this is all of it" : NULL;
}

static bool subject(const struct view *base, struct account *ret_account)
{
	const struct entry_view *view = (const struct entry_view *)base;

	if (!view->found || !view->found->has_account)
		return false;
	*ret_account = view->found->account;
	return true;
}

static void title(const struct view *base, struct str *out)
{
	str_addf(out, "entry %lld", (long long)((const struct entry_view *)base)->no);
}

static struct pager *pager_of(struct view *base)
{
	return &of(base)->pager;
}

static void cli(const struct view *base, struct str *out)
{
	int64_t no = ((const struct entry_view *)base)->no;

	str_addf(out, "audit --after %lld --limit 1", (long long)(no - 1));
}

static void save(const struct view *base, struct str *out)
{
	trail_put_number(out, "entry", ((const struct entry_view *)base)->no);
}

static void load(struct view *base, const char *text)
{
	(void)base;
	(void)text;
}

static void free_view(struct view *base)
{
	struct entry_view *view = of(base);

	if (view->found)
		question_free(&view->found->question);
	pager_clear(&view->pager);
	free(view);
}

static const struct view_kind kind = {
	.name = "audit-entry", .where = WHERE_MOVE | WHERE_TEXT, .title = title, .draw = draw, .act = act, .refuses = refuses,
	.refresh = refresh, .answer = answer, .subject = subject, .pager = pager_of, .cli = cli, .save = save, .load = load, .free = free_view,
};

struct view *audit_entry_new(int64_t no)
{
	struct entry_view *view = memory_new(sizeof(*view));

	view->view.kind = &kind;
	view->no = no;
	return &view->view;
}

struct view *audit_entry_again(struct deck *deck, const char *text)
{
	int64_t no = trail_get_number(text, "entry");

	(void)deck;
	return no > 0 && no < INT64_MAX ? audit_entry_new(no) : NULL;
}
