/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The texts are made when the menu opens, so that what is copied is what was under the cursor then. */
#include "copies.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deck.h"
#include "dialog.h"
#include "ledgerdeck/core/memory.h"

#define SHOWN_MAX 54 /* bytes of each that the menu shows */

void copies_clear(struct copies *copies)
{
	for (size_t i = 0; i < copies->count; i++)
		str_clear(&copies->items[i].text);
	*copies = (struct copies){ 0 };
}

static struct copy_item *add(struct copies *copies, char key, const char *what)
{
	struct copy_item *item = &copies->items[copies->count++];

	*item = (struct copy_item){ .key = key, .text = STR_INIT(STR_NO_LIMIT) };
	snprintf(item->what, sizeof(item->what), "%s", what);
	return item;
}

void copies_add(struct copies *copies, char key, const char *what, const char *text)
{
	if (*text && copies->count < COPIES_MAX)
		str_add(&add(copies, key, what)->text, text);
}

void copies_add_record(struct copies *copies, const char *account_id, const struct type *type, const char *record_id)
{
	if (copies->count == COPIES_MAX)
		return;
	add(copies, COPY_JSON, "JSON");
	snprintf(copies->account_id, sizeof(copies->account_id), "%s", account_id);
	copies->type = type;
	snprintf(copies->record_id, sizeof(copies->record_id), "%s", record_id);
}

/* ---- a record's JSON: the reader's thread */

struct json_question {
	struct question question;
	struct copies of;         /* its record alone */
	enum personal personal;
	struct str raw;           /* as people may see it */
};

static void free_json(struct question *question)
{
	struct json_question *asked = (struct json_question *)question;

	str_clear(&asked->raw);
	free(asked);
}

static bool work(struct question *question, struct store *store, struct error *err)
{
	AUTO(str_clear) struct str texts = STR_INIT(STR_NO_LIMIT), whole = STR_INIT(STR_NO_LIMIT);
	struct json_question *asked = (struct json_question *)question;
	struct object object;
	struct record_row row;
	bool found;

	if (!objects_get(store, asked->of.account_id, asked->of.type->name, &object, &found, err) ||
	    (found && !records_get(store, &object, asked->of.type, asked->of.record_id, &row, &whole, &texts, &found, err)))
		return false;
	if (found)
		personal_add_json(asked->of.type, asked->personal, whole.text, whole.len, &asked->raw);
	return found || error_set(err, ERROR_INPUT, "%s %s is not there any more", asked->of.type->name, asked->of.record_id);
}

static void read_json(struct deck *deck)
{
	struct json_question *asked = memory_new(sizeof(*asked));
	struct copies *copies = &deck->copies;

	copies->no = ++deck->next_view;
	asked->question = (struct question){ .work = work, .free = free_json, .view = copies->no };
	memcpy(asked->of.account_id, copies->account_id, sizeof(asked->of.account_id));
	asked->of.type = copies->type;
	memcpy(asked->of.record_id, copies->record_id, sizeof(asked->of.record_id));
	asked->personal = app_personal(deck->app);
	str_init(&asked->raw, STR_NO_LIMIT);
	reader_ask(deck->reader, &asked->question);
}

bool copies_is_reading(const struct deck *deck)
{
	return deck->copies.no != 0;
}

bool copies_answer(struct deck *deck, struct question *question)
{
	struct json_question *asked = (struct json_question *)question;

	if (deck->copies.no == 0 || question->view != deck->copies.no)
		return false;
	if (question->error.code != ERROR_NONE)
		deck_tell(deck, &question->error);
	else
		deck_copy(deck, "JSON", asked->raw.text);
	copies_clear(&deck->copies);
	question_free(question);
	deck_dirty(deck);
	return true;
}

/* ---- the menu */

static void copy(struct deck *deck, const void *target)
{
	struct copies *copies = &deck->copies;
	char what[sizeof(copies->items[0].what)];

	for (size_t i = 0; i < copies->count; i++) {
		struct copy_item *item = &copies->items[i];

		if (item->key != *(const char *)target)
			continue;
		if (item->text.len == 0) {
			read_json(deck);
			return;
		}
		snprintf(what, sizeof(what), "%s", item->what);
		if (*what >= 'a' && *what <= 'z')
			*what = (char)(*what - 'a' + 'A');
		deck_copy(deck, what, item->text.text);
		break;
	}
	copies_clear(copies);
}

/* What any view has: its rows or its text, its account, and the command that shows the same. */
static void add_usual(struct deck *deck, struct copies *copies)
{
	AUTO(str_clear) struct str rows = STR_INIT(STR_NO_LIMIT), command = STR_INIT(DECK_TEXT_MAX);
	struct view *top = deck_top(deck);
	struct account account = { 0 };

	deck_add_rows(deck, &rows);
	/* What is pasted into one cell is to stay in it. */
	if (rows.len > 0 && strchr(rows.text, '\n') == rows.text + rows.len - 1)
		str_truncate(&rows, rows.len - 1);
	copies_add(copies, 't', !top->kind->rows ? "text" : strchr(rows.text ? rows.text : "", '\n') ? "rows with tabs" : "row with tabs",
		   rows.len ? rows.text : "");
	if (top->kind->subject && top->kind->subject(top, &account))
		copies_add(copies, 'a', "account id", account.id);
	if (deck_add_cli(deck, &command))
		copies_add(copies, 'c', "command", command.text);
}

static void add_line(const struct copy_item *item, struct str *out)
{
	size_t len = strcspn(item->text.len ? item->text.text : "", "\n"), shown = 0;

	str_addf(out, "%s%c  %-16s", out->len ? "\n" : "", item->key, item->what);
	if (item->text.len == 0) {
		str_add(out, "as the ledger sent it");
		return;
	}
	while (shown < len && shown < SHOWN_MAX)
		shown++;
	/* Not in the middle of a character. */
	while (shown > 0 && shown < len && (item->text.text[shown] & 0xc0) == 0x80)
		shown--;
	str_add_bytes(out, item->text.text, shown);
	if (shown < item->text.len)
		str_add(out, " ...");
}

void copies_open(struct deck *deck)
{
	AUTO(str_clear) struct str text = STR_INIT(4000);
	struct dialog_choice choices[COPIES_MAX];
	struct view *top = deck_top(deck);
	struct copies *copies = &deck->copies;
	struct dialog_wish wish = { .kind = DIALOG_KEY, .title = "Copy", .verb = "copy", .target = "", .size = 1, .choices = choices, .act = copy };

	copies_clear(copies);
	if (top->kind->copies)
		top->kind->copies(top, copies);
	add_usual(deck, copies);
	for (size_t i = 0; i < copies->count; i++) {
		choices[i] = (struct dialog_choice){ copies->items[i].key, copies->items[i].what };
		add_line(&copies->items[i], &text);
	}
	wish.choice_count = copies->count;
	wish.text = text.text;
	if (copies->count > 0)
		dialog_open(deck, &wish);
	else
		deck_say(deck, ROLE_MESSAGE, "There is nothing here to copy.");
}
