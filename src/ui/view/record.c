/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One record: what the catalogue takes out of it, or all of it as the ledger sent it, set in lines. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/records.h"
#include "pager.h"
#include "trail.h"
#include "view.h"

#define LABEL_COLUMNS 14

struct record_answer {
	struct question question;
	char account_id[ACCOUNT_ID_MAX];
	const struct type *type;
	char id[RECORD_ID_MAX];
	bool has_object, found;
	struct account account;
	struct object object;
	struct record_row row;     /* borrows from `texts` */
	struct str raw, texts;
};

struct record_view {
	struct view view;
	char account_id[ACCOUNT_ID_MAX];
	const struct type *type;   /* borrowed: the catalogue */
	char id[RECORD_ID_MAX];
	struct record_answer *found; /* owned */
	bool raw;
	struct pager pager;
};

static struct record_view *of(struct view *view)
{
	return (struct record_view *)view;
}

/* ---- the reader's thread */

static void free_answer(struct question *question)
{
	struct record_answer *answer = (struct record_answer *)question;

	str_clear(&answer->raw);
	str_clear(&answer->texts);
	free(answer);
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
	return records_get(store, &answer->object, answer->type, answer->id, &answer->row, &answer->raw, &answer->texts, &answer->found, err);
}

static void refresh(struct view *base)
{
	struct record_view *view = of(base);
	struct record_answer *answer = memory_new(sizeof(*answer));

	answer->question = (struct question){ .work = work, .free = free_answer };
	answer->type = view->type;
	str_init(&answer->raw, STR_NO_LIMIT);
	str_init(&answer->texts, STR_NO_LIMIT);
	snprintf(answer->account_id, sizeof(answer->account_id), "%s", view->account_id);
	snprintf(answer->id, sizeof(answer->id), "%s", view->id);
	view_ask(base, &answer->question);
}

/* ---- its text */

static void indent(struct str *line, int depth)
{
	for (int i = 0; i < depth; i++)
		str_add(line, "  ");
}

/* A value, each member and item on a line of its own; its own bytes, not ours. */
static void write_json(struct pager *pager, struct str *line, struct json_slice value, int depth)
{
	struct json_slice name, item;
	size_t at = 0;
	bool open = value.kind == JSON_OBJECT || value.kind == JSON_ARRAY, first = true;

	if (!open) {
		str_add_bytes(line, value.text, value.len);
		return;
	}
	str_add_char(line, value.text[0]);
	while (json_each(value, &at, value.kind == JSON_OBJECT ? &name : NULL, &item)) {
		if (!first)
			str_add_char(line, ',');
		first = false;
		pager_add(pager, ROLE_TEXT, line->text);
		str_reset(line);
		indent(line, depth + 1);
		if (value.kind == JSON_OBJECT) {
			str_add_bytes(line, name.text, name.len);
			str_add(line, ": ");
		}
		write_json(pager, line, item, depth + 1);
	}
	if (!first) {
		pager_add(pager, ROLE_TEXT, line->text);
		str_reset(line);
		indent(line, depth);
	}
	str_add_char(line, value.kind == JSON_OBJECT ? '}' : ']');
}

static void write_raw(struct record_view *view)
{
	const struct str *raw = &view->found->raw;
	AUTO(str_clear) struct str line = STR_INIT(STR_NO_LIMIT);
	struct json_slice value = { .text = raw->text, .len = raw->len, .kind = JSON_OBJECT };

	/* What was kept was checked when it came; what was damaged since is shown as it is. */
	if (!json_check(raw->text, raw->len, NULL) || raw->text[0] != '{') {
		pager_add(&view->pager, ROLE_TEXT, raw->text);
		return;
	}
	write_json(&view->pager, &line, value, 0);
	pager_add(&view->pager, ROLE_TEXT, line.text);
}

static void write_fields(struct record_view *view)
{
	const struct record_row *row = &view->found->row;
	const struct type *type = view->type;
	struct mark mark = mark_of_record(type, row->state);
	struct pager *pager = &view->pager;
	AUTO(str_clear) struct str text = STR_INIT(65536);
	char stamp[FORMAT_MAX];

	pager->label_columns = LABEL_COLUMNS;
	for (size_t i = 0; i < type->field_count; i++)
		if ((int)strlen(type->fields[i].name) + 2 > pager->label_columns)
			pager->label_columns = (int)strlen(type->fields[i].name) + 2;
	pager_addf(pager, row->state == RECORD_LIVE ? ROLE_TEXT : ROLE_WARN, "%s %s %s", mark.glyph, mark.word, type->name);
	pager_add(pager, ROLE_TEXT, "");
	pager_field(pager, "Title", ROLE_TITLE, row->title);
	pager_field(pager, "Id", ROLE_TEXT, row->id);
	pager_field(pager, "Version", ROLE_TEXT, row->version);
	if (row->time_ms)
		pager_field(pager, "Changed", ROLE_TEXT, format_stamp(row->time_ms, stamp));
	pager_field(pager, "Mirrored", ROLE_TEXT, format_stamp(row->seen_ms, stamp));
	pager_add(pager, ROLE_TEXT, "");
	if (!object_is_current(&view->found->object, type))
		pager_add(pager, ROLE_WARN, "The catalogue's row was changed: the fields are being filled anew.");
	for (size_t i = 0; i < type->field_count && object_is_current(&view->found->object, type); i++) {
		str_reset(&text);
		cell_add_text(&row->cells[i], type->fields[i].kind, &text);
		if (text.len > 0)
			pager_field(pager, type->fields[i].name, text.text[0] == '-' ? ROLE_FAILED : ROLE_TEXT, text.text);
	}
	pager_add(pager, ROLE_TEXT, "");
	pager_add(pager, ROLE_DIM, "v shows the record as the ledger sent it.");
}

static void write(struct record_view *view)
{
	pager_clear(&view->pager);
	if (!view->found->found)
		pager_addf(&view->pager, ROLE_WARN, "%s %s is not in the mirror any more.", view->type->name, view->id);
	else if (view->raw)
		write_raw(view);
	else
		write_fields(view);
}

static void answer(struct view *base, struct question *question)
{
	struct record_view *view = of(base);

	if (question->error.code != ERROR_NONE) {
		deck_tell(base->deck, &question->error);
		question_free(question);
		return;
	}
	if (view->found)
		question_free(&view->found->question);
	view->found = (struct record_answer *)question;
	write(view);
}

/* ---- the view */

static void draw(struct view *base, struct canvas *canvas, struct rect rect)
{
	struct record_view *view = of(base);

	if (!view->found)
		canvas_add(canvas, rect.y, rect.x + 2, rect.columns - 2, ROLE_DIM, "Reading ...");
	else
		pager_draw(&view->pager, canvas, (struct rect){ rect.y, rect.x + 1, rect.rows, rect.columns - 2 });
}

static bool act(struct view *base, enum action action)
{
	struct record_view *view = of(base);

	if (pager_act(&view->pager, action))
		return true;
	switch (action) {
	case ACTION_RAW:
	case ACTION_OPEN:
		view->raw = !view->raw;
		view->pager.top = 0;
		if (view->found)
			write(view);
		return true;
	case ACTION_COPY:
		if (view->raw && view->found)
			deck_copy(base->deck, "Record", view->found->raw.text);
		else
			deck_copy(base->deck, "Id", view->id);
		return true;
	default:
		return false;
	}
}

static const char *topic(const struct view *base)
{
	return ((const struct record_view *)base)->type->name;
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

	str_addf(out, "%s%s", view->id, view->raw ? ", raw" : "");
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
	trail_put_number(out, "raw", view->raw);
}

static void load(struct view *base, const char *text)
{
	of(base)->raw = trail_get_number(text, "raw");
}

static void cli(const struct view *base, struct str *out)
{
	const struct record_view *view = (const struct record_view *)base;

	str_add(out, "show");
	words_add(out, view->account_id);
	words_add(out, view->type->name);
	words_add(out, view->id);
	if (view->raw)
		str_add(out, " --raw");
}

static void free_view(struct view *base)
{
	struct record_view *view = of(base);

	if (view->found)
		question_free(&view->found->question);
	pager_clear(&view->pager);
	free(view);
}

static const struct view_kind kind = {
	.name = "record", .where = WHERE_MOVE | WHERE_TEXT | WHERE_RECORD, .title = title, .draw = draw, .act = act, .refresh = refresh,
	.answer = answer, .subject = subject, .topic = topic, .pager = pager_of, .cli = cli,
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
