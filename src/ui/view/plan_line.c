/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line of a plan: what would be written of which document, by which rules, and what holds it up. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deck.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/model/difference.h"
#include "pager.h"
#include "plan_view.h"
#include "trail.h"

struct line_answer {
	struct question question;
	char account_id[ACCOUNT_ID_MAX], plan_id[PLAN_ID_MAX];
	int64_t no;
	struct account account;
	struct plan plan;
	struct plan_line line;      /* its texts are the two below */
	struct str head, detail, body; /* owned */
	struct resource resource;
	bool has_resource;
};

struct line_view {
	struct view view;
	char account_id[ACCOUNT_ID_MAX], plan_id[PLAN_ID_MAX];
	int64_t no;
	struct line_answer *found;  /* owned; NULL: nothing yet */
	struct pager pager;
};

static struct line_view *of(struct view *view)
{
	return (struct line_view *)view;
}

static const struct line_view *of_const(const struct view *view)
{
	return (const struct line_view *)view;
}

/* ---- the reader's thread */

static void free_answer(struct question *question)
{
	struct line_answer *answer = (struct line_answer *)question;

	str_clear(&answer->head);
	str_clear(&answer->detail);
	str_clear(&answer->body);
	free(answer);
}

static bool work(struct question *question, struct store *store, struct error *err)
{
	struct line_answer *answer = (struct line_answer *)question;
	bool found, has_account;

	if (!plans_find(store, answer->account_id, answer->plan_id, &answer->plan, NULL, &answer->head, err) ||
	    !accounts_get(store, answer->account_id, &answer->account, &has_account, err) ||
	    !plans_line(store, answer->plan_id, answer->no, &answer->line, &answer->detail, &answer->body, &found, err))
		return false;
	if (!found || !has_account)
		return error_set(err, ERROR_INPUT, "the plan has no line %lld", (long long)answer->no);
	answer->has_resource = resources_by_no(store, answer->line.resource, &answer->resource, NULL, NULL);
	return true;
}

static void refresh(struct view *base)
{
	struct line_answer *answer;

	if (of(base)->found)
		return; /* it never changes */
	answer = memory_new(sizeof(*answer));
	answer->question = (struct question){ .work = work, .free = free_answer };
	memcpy(answer->account_id, of(base)->account_id, sizeof(answer->account_id));
	memcpy(answer->plan_id, of(base)->plan_id, sizeof(answer->plan_id));
	answer->no = of(base)->no;
	str_init(&answer->head, STR_NO_LIMIT);
	str_init(&answer->detail, STR_NO_LIMIT);
	str_init(&answer->body, STR_NO_LIMIT);
	view_ask(base, &answer->question);
}

/* ---- its text */

static void text_of(struct json_slice object, const char *member, struct str *out)
{
	str_reset(out);
	json_unquote(json_member(object, member), out);
}

static struct json_slice items(const struct line_answer *found, const char *member)
{
	return json_find(found->detail.text, found->detail.len, member);
}

static void write_mapped(struct pager *pager, const struct line_answer *found)
{
	AUTO(str_clear) struct str code = STR_INIT(400), name = STR_INIT(400), by = STR_INIT(100), target = STR_INIT(40);
	struct json_slice list = items(found, "mapped"), item;
	size_t at = 0;

	while (list.kind == JSON_ARRAY && json_each(list, &at, NULL, &item)) {
		AUTO(str_clear) struct str line = STR_INIT(1000);
		enum target kind = TARGET_NONE;

		text_of(item, "target", &target);
		text_of(item, "code", &code);
		text_of(item, "name", &name);
		text_of(item, "by", &by);
		target_parse(target.text, &kind);
		str_addf(&line, "'%s' stands for %s", code.text, by.len == 0 ? "nothing" : name.len ? name.text : "a record without a name");
		if (by.len > 0)
			str_addf(&line, ", by %s", by.text);
		pager_field(pager, kind == TARGET_NONE ? target.text : target_title(kind), by.len ? ROLE_TEXT : ROLE_FAILED, line.text);
	}
}

static void write_changes(struct pager *pager, const struct line_answer *found)
{
	AUTO(str_clear) struct str lines = STR_INIT(STR_NO_LIMIT), field = STR_INIT(200);
	struct json_slice list = items(found, "changes"), item;
	size_t at = 0;

	while (list.kind == JSON_ARRAY && json_each(list, &at, NULL, &item)) {
		struct difference difference = { .before = json_member(item, "before"), .after = json_member(item, "after") };

		text_of(item, "field", &field);
		difference.path = field.text;
		difference_add_line(&difference, PERSONAL_SHOWN, &lines);
	}
	if (lines.len == 0)
		return;
	pager_add(pager, ROLE_COLUMN, "Changes in the ledger");
	pager_changes(pager, lines.text);
}

/* The ledger account's name, as the plan's head has it. */
static void add_name(const struct line_answer *found, struct json_slice effect, struct str *out)
{
	AUTO(str_clear) struct str account = STR_INIT(RECORD_ID_MAX), other = STR_INIT(RECORD_ID_MAX), kind = STR_INIT(40);
	struct json_slice list = json_find(found->head.text, found->head.len, "effects"), item;
	size_t at = 0;

	text_of(effect, "account", &account);
	text_of(effect, "kind", &kind);
	while (account.len > 0 && list.kind == JSON_ARRAY && json_each(list, &at, NULL, &item)) {
		text_of(item, "account", &other);
		if (strcmp(other.text ? other.text : "", account.text) == 0) {
			text_of(item, "name", out);
			return;
		}
	}
	str_addf(out, "%s %s", kind.text, account.len ? account.text : "");
}

static void write_effects(struct pager *pager, const struct line_answer *found)
{
	struct json_slice list = items(found, "effects"), item;
	size_t at = 0;

	if (list.kind == JSON_ARRAY && list.len > 2)
		pager_add(pager, ROLE_COLUMN, "What it does to the ledger accounts");
	while (list.kind == JSON_ARRAY && json_each(list, &at, NULL, &item)) {
		AUTO(str_clear) struct str name = STR_INIT(300), line = STR_INIT(100);
		struct json_slice amount = json_member(item, "amount");

		add_name(found, item, &name);
		str_addf(&line, "%.*s %s", amount.len < 60 ? (int)amount.len : 60, amount.text, found->line.currency);
		pager_field(pager, name.text, ROLE_TEXT, line.text);
	}
}

static void write_obstacles(struct pager *pager, const struct line_answer *found)
{
	AUTO(str_clear) struct str text = STR_INIT(1000);
	struct json_slice list = items(found, "obstacles"), item;
	size_t at = 0;

	if (list.kind == JSON_ARRAY && list.len > 2)
		pager_add(pager, ROLE_COLUMN, "What holds it up");
	while (list.kind == JSON_ARRAY && json_each(list, &at, NULL, &item)) {
		text_of(item, "text", &text);
		pager_addf(pager, ROLE_FAILED, "! %s", text.text);
	}
}

static void write_head(struct pager *pager, const struct line_answer *found)
{
	const struct plan_line *line = &found->line;
	struct mark mark = mark_of_act(line->act);
	char text[DECIMAL_TEXT_MAX + 16], digits[DECIMAL_TEXT_MAX], day[DATE_TEXT_MAX];

	pager_addf(pager, ROLE_TITLE, "%s %s", line->record_type, line->number);
	snprintf(text, sizeof(text), "%s %s", mark.glyph, mark.word);
	pager_field(pager, "What", mark.role, text);
	pager_field(pager, "Why", ROLE_TEXT, line->why);
	if (found->has_resource)
		pager_field(pager, "Document", ROLE_TEXT, found->resource.external_id);
	pager_field(pager, "Record", ROLE_TEXT, line->record_id);
	pager_field(pager, "Party", ROLE_TEXT, line->party);
	pager_field(pager, "Date", ROLE_TEXT, line->has_date ? date_format(line->date, day) : "");
	snprintf(text, sizeof(text), "%s %s", plan_money(line->has_total, line->total, digits), line->currency);
	pager_field(pager, "Total", ROLE_TEXT, line->has_total ? text : "can't be foretold");
	snprintf(text, sizeof(text), "%s %s", plan_money(line->has_tax, line->tax, digits), line->currency);
	pager_field(pager, "Tax", ROLE_TEXT, line->has_tax ? text : "the ledger computes it");
}

static void write(struct line_view *view)
{
	const struct line_answer *found = view->found;
	AUTO(str_clear) struct str notes = STR_INIT(STR_NO_LIMIT);
	struct pager *pager = &view->pager;

	pager_clear(pager);
	write_head(pager, found);
	write_obstacles(pager, found);
	write_mapped(pager, found);
	write_changes(pager, found);
	write_effects(pager, found);
	json_unquote(items(found, "notes"), &notes);
	if (notes.len > 0)
		pager_add(pager, ROLE_COLUMN, "Done to make it fit");
	if (notes.len > 0)
		pager_add(pager, ROLE_WARN, notes.text);
	if (found->body.len > 0) {
		pager_add(pager, ROLE_COLUMN, "What would be sent");
		pager_json(pager, found->body.text, found->body.len);
	}
}

static void answer(struct view *base, struct question *question)
{
	struct line_view *view = of(base);

	if (!view_keeps(base, question, view->found ? &view->found->question : NULL))
		return;
	view->found = (struct line_answer *)question;
	write(view);
}

/* ---- the view */

static void draw(struct view *base, struct canvas *canvas, struct rect rect)
{
	struct line_view *view = of(base);

	view_draw_text(base, view->found ? &view->pager : NULL, canvas, rect);
}

/* The first code of it that stands for nothing. */
static bool open_code(const struct line_answer *found, enum target *ret_target, struct str *ret_code)
{
	AUTO(str_clear) struct str by = STR_INIT(100), target = STR_INIT(40);
	struct json_slice list = items(found, "mapped"), item;
	size_t at = 0;

	while (list.kind == JSON_ARRAY && json_each(list, &at, NULL, &item)) {
		text_of(item, "by", &by);
		text_of(item, "target", &target);
		text_of(item, "code", ret_code);
		if (by.len == 0 && target_parse(target.text, ret_target))
			return true;
	}
	return false;
}

static bool act(struct view *base, enum action action)
{
	struct line_view *view = of(base);
	AUTO(str_clear) struct str code = STR_INIT(MAPPING_CODE_MAX);
	enum target target;

	if (!view->found)
		return false;
	switch (action) {
	case ACTION_DECIDE:
		plan_decide(base->deck, &view->found->account, &view->found->plan, view->found->line.reason, view->no, view->found->line.number,
			    view->found->line.why);
		return true;
	case ACTION_FIX:
		if (open_code(view->found, &target, &code))
			mapping_view_open(base->deck, view->account_id, target_word(target), code.text);
		return true;
	case ACTION_LOG_OF:
		if (view->found->has_resource)
			deck_push(base->deck, attempts_of_document(view->account_id, view->found->resource.no, view->found->resource.external_id));
		return view->found->has_resource;
	case ACTION_DOCUMENT:
		deck_push(base->deck, document_new(view->account_id, view->found->line.resource));
		return true;
	case ACTION_COPY:
		deck_copy(base->deck, "Document", view->found->has_resource ? view->found->resource.external_id : view->found->line.number);
		return true;
	default:
		return pager_act(&view->pager, action);
	}
}

static const char *refuses(const struct view *base, enum action action)
{
	const struct line_view *view = of_const(base);
	AUTO(str_clear) struct str code = STR_INIT(MAPPING_CODE_MAX);
	enum target target;

	switch (action) {
	case ACTION_OPEN:
		return "this is all of it";
	case ACTION_APPLY:
	case ACTION_PAUSE:
	case ACTION_PLAN_ANEW:
		return "that is done from the plan: {back}";
	case ACTION_DECIDE:
		return view->found && view->found->line.act == PLAN_DECIDE && *plan_reason_decisions(view->found->line.reason)
			       ? NULL : "nothing is to be decided about it";
	case ACTION_FIX:
		return view->found && open_code(view->found, &target, &code) ? NULL : "no code of it stands for nothing";
	default:
		return NULL;
	}
}

static void title(const struct view *base, struct str *out)
{
	str_addf(out, "line %lld", (long long)of_const(base)->no);
}

static bool subject(const struct view *base, struct account *ret_account)
{
	const struct line_view *view = of_const(base);

	if (view->found)
		*ret_account = view->found->account;
	return view->found != NULL;
}

static struct pager *pager_of(struct view *base)
{
	return &of(base)->pager;
}

static void cli(const struct view *base, struct str *out)
{
	str_addf(out, "plans %s", of_const(base)->plan_id);
}

static void save(const struct view *base, struct str *out)
{
	trail_put(out, "account", of_const(base)->account_id);
	trail_put(out, "plan", of_const(base)->plan_id);
	trail_put_number(out, "line", of_const(base)->no);
}

static void load(struct view *base, const char *text)
{
	(void)base;
	(void)text;
}

static void free_view(struct view *base)
{
	struct line_view *view = of(base);

	if (view->found)
		question_free(&view->found->question);
	pager_clear(&view->pager);
	free(view);
}

static const struct view_kind kind = {
	.name = "plan-line", .where = WHERE_MOVE | WHERE_TEXT | WHERE_PLAN, .title = title, .draw = draw, .act = act, .refuses = refuses,
	.refresh = refresh, .answer = answer, .subject = subject, .pager = pager_of, .cli = cli, .save = save, .load = load, .free = free_view,
};

struct view *plan_line_new(const char *account_id, const char *plan_id, int64_t no)
{
	struct line_view *view = memory_new(sizeof(*view));

	view->view.kind = &kind;
	snprintf(view->account_id, sizeof(view->account_id), "%s", account_id);
	snprintf(view->plan_id, sizeof(view->plan_id), "%s", plan_id);
	view->no = no;
	return &view->view;
}

struct view *plan_line_again(struct deck *deck, const char *text)
{
	char account_id[ACCOUNT_ID_MAX], plan_id[PLAN_ID_MAX];

	(void)deck;
	return trail_get(text, "account", account_id, sizeof(account_id)) && trail_get(text, "plan", plan_id, sizeof(plan_id))
		       ? plan_line_new(account_id, plan_id, trail_get_number(text, "line")) : NULL;
}
