/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one dialog: looks at its target when it opens, and once more when it is confirmed. */
#include "dialog.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "deck.h"
#include "ledgerdeck/core/memory.h"
#include "pager.h"

#define TEXT_MAX 65536
#define NARROW 50     /* columns below which less is said */
#define ROWS_AROUND 4 /* a line above, the title, one for air, the answers */

struct sight { /* at the target */
	struct question question;
	bool (*describe)(const void *target, struct store *store, struct str *out, struct error *err);
	void *target;      /* owned */
	struct str text;
};

struct dialog {
	uint64_t no;       /* as a view's: what it asked is answered to it */
	enum dialog_kind kind;
	char title[200], verb[40], keys[DIALOG_CHOICES_MAX + 1];
	char verbs[DIALOG_CHOICES_MAX][40]; /* of the choices */
	size_t choice_count;
	bool has_account;
	struct account account;
	char word[ACCOUNT_NAME_MAX]; /* to be typed */
	struct line line;
	struct pager pager;
	struct str text;   /* what the operator was shown */
	void *target;      /* owned */
	size_t size;
	bool (*describe)(const void *target, struct store *store, struct str *out, struct error *err);
	void (*act)(struct deck *deck, const void *target);
	bool looking;      /* an answer is awaited */
	bool confirmed;    /* the act follows when it is as it was */
	bool over;         /* it has changed, or could not be looked at: nothing can be done but go */
};

/* ---- what it is about */

char *dialog_short_name(const struct account *account, char *out)
{
	for (const char *at = account->name; *at;) {
		size_t len = strcspn(at, " ");
		bool typed = len > 1;

		for (size_t i = 0; i < len; i++)
			typed = typed && isalnum((unsigned char)at[i]);
		if (typed) {
			snprintf(out, ACCOUNT_NAME_MAX, "%.*s", (int)len, at);
			return out;
		}
		at += len + strspn(at + len, " ");
	}
	snprintf(out, ACCOUNT_NAME_MAX, "%s", account->realm_tail);
	return out;
}

static void free_look(struct question *question)
{
	struct sight *sight = (struct sight *)question;

	str_clear(&sight->text);
	free(sight->target);
	free(sight);
}

static bool work(struct question *question, struct store *store, struct error *err)
{
	struct sight *sight = (struct sight *)question;

	return sight->describe(sight->target, store, &sight->text, err);
}

static void look(struct deck *deck)
{
	struct dialog *dialog = deck->dialog;
	struct sight *sight = memory_new(sizeof(*sight));

	sight->question = (struct question){ .work = work, .free = free_look, .view = dialog->no };
	sight->describe = dialog->describe;
	sight->target = memory_copy(dialog->target, dialog->size);
	str_init(&sight->text, TEXT_MAX);
	dialog->looking = true;
	reader_ask(deck->reader, &sight->question);
}

/* ---- opening and closing */

void dialog_close(struct deck *deck)
{
	struct dialog *dialog = deck->dialog;

	if (!dialog)
		return;
	deck->dialog = NULL;
	line_clear(&dialog->line);
	pager_clear(&dialog->pager);
	str_clear(&dialog->text);
	free(dialog->target);
	free(dialog);
	deck_dirty(deck);
}

void dialog_open(struct deck *deck, const struct dialog_wish *wish)
{
	struct dialog *dialog = memory_new(sizeof(*dialog));

	dialog_close(deck);
	prompt_close(deck);
	deck->dialog = dialog;
	dialog->no = ++deck->next_view;
	dialog->kind = wish->kind;
	snprintf(dialog->title, sizeof(dialog->title), "%s", wish->title);
	snprintf(dialog->verb, sizeof(dialog->verb), "%s", wish->verb);
	snprintf(dialog->keys, sizeof(dialog->keys), "%s", wish->keys ? wish->keys : "y");
	for (; dialog->choice_count < wish->choice_count && dialog->choice_count < DIALOG_CHOICES_MAX; dialog->choice_count++) {
		dialog->keys[dialog->choice_count] = wish->choices[dialog->choice_count].key;
		dialog->keys[dialog->choice_count + 1] = '\0';
		snprintf(dialog->verbs[dialog->choice_count], sizeof(dialog->verbs[0]), "%s", wish->choices[dialog->choice_count].verb);
	}
	if (wish->account) {
		dialog->has_account = true;
		dialog->account = *wish->account;
		dialog_short_name(wish->account, dialog->word);
	}
	if (wish->word)
		snprintf(dialog->word, sizeof(dialog->word), "%s", wish->word);
	str_init(&dialog->text, TEXT_MAX);
	dialog->target = memory_copy(wish->target, wish->size);
	dialog->size = wish->size;
	dialog->describe = wish->describe;
	dialog->act = wish->act;
	if (wish->describe) {
		pager_add(&dialog->pager, ROLE_DIM, "Looking ...");
		look(deck);
	} else {
		pager_add(&dialog->pager, ROLE_TEXT, wish->text);
	}
	deck_dirty(deck);
}

/* ---- answers */

static bool has_line(const char *text, const char *line, size_t len)
{
	for (; *text; text += strcspn(text, "\n"), text += *text == '\n')
		if (strcspn(text, "\n") == len && memcmp(text, line, len) == 0)
			return true;
	return false;
}

/* Lines of one that the other lacks. */
static void add_difference(struct pager *pager, const char *sign, enum role role, const char *of, const char *other)
{
	for (size_t len; *of; of += len, of += *of == '\n') {
		len = strcspn(of, "\n");
		if (!has_line(other, of, len))
			pager_addf(pager, role, "%s %.*s", sign, (int)len, of);
	}
}

static void tell_change(struct dialog *dialog, const struct str *now)
{
	pager_clear(&dialog->pager);
	dialog->pager.top = 0;
	pager_add(&dialog->pager, ROLE_ERROR, "It has changed meanwhile, so nothing was done:");
	add_difference(&dialog->pager, "-", ROLE_DIM, dialog->text.text, now->text);
	add_difference(&dialog->pager, "+", ROLE_WARN, now->text, dialog->text.text);
	dialog->over = true;
}

static void act(struct deck *deck)
{
	struct dialog *dialog = deck->dialog;
	AUTO(memory_freep) void *target = memory_copy(dialog->target, dialog->size);
	void (*carry_out)(struct deck *deck, const void *target) = dialog->act;

	dialog_close(deck);
	carry_out(deck, target);
}

bool dialog_is_looking(const struct deck *deck)
{
	return deck->dialog && deck->dialog->looking;
}

bool dialog_answer(struct deck *deck, struct question *question)
{
	struct dialog *dialog = deck->dialog;
	struct sight *sight = (struct sight *)question;

	if (!dialog || question->view != dialog->no)
		return false;
	dialog->looking = false;
	if (question->error.code != ERROR_NONE) {
		pager_clear(&dialog->pager);
		pager_add(&dialog->pager, ROLE_ERROR, question->error.text);
		dialog->over = true;
	} else if (!dialog->confirmed) {
		pager_clear(&dialog->pager);
		pager_add(&dialog->pager, ROLE_TEXT, sight->text.text);
		str_reset(&dialog->text);
		str_add(&dialog->text, sight->text.text);
	} else if (strcmp(sight->text.text, dialog->text.text) != 0) {
		tell_change(dialog, &sight->text);
	} else {
		question_free(question);
		act(deck);
		return true;
	}
	question_free(question);
	deck_dirty(deck);
	return true;
}

/* ---- keys */

static void confirm(struct deck *deck)
{
	struct dialog *dialog = deck->dialog;

	if (dialog->looking || dialog->over)
		return;
	dialog->confirmed = true;
	if (dialog->describe)
		look(deck);
	else
		act(deck);
}

static void cancel(struct deck *deck)
{
	dialog_close(deck);
	deck_say(deck, ROLE_MESSAGE, "Nothing was done.");
}

static void name_key(struct deck *deck, struct key key)
{
	struct dialog *dialog = deck->dialog;

	if (key.code != INPUT_ENTER) {
		line_key(&dialog->line, key);
	} else if (dialog->over || dialog->line.len == 0) {
		cancel(deck);
	} else if (strcasecmp(line_text(&dialog->line), dialog->word) == 0) {
		confirm(deck);
	} else {
		line_clear(&dialog->line);
		deck_say(deck, ROLE_WARN, "That is not '%s'; nothing was done yet.", dialog->word);
	}
}

void dialog_key(struct deck *deck, struct key key)
{
	struct dialog *dialog = deck->dialog;
	bool plain = !key.control && !key.alt;
	enum action action = keys_action(deck->keys, key, WHERE_ALL | WHERE_MOVE);

	if (key.code == INPUT_ESCAPE || (key.control && key.code == 'c')) {
		cancel(deck);
	} else if (action == ACTION_REPAINT || action == ACTION_SUSPEND) {
		deck_act(deck, action);
	} else if (key.code == INPUT_UP || key.code == INPUT_DOWN || key.code == INPUT_PAGE_UP || key.code == INPUT_PAGE_DOWN) {
		pager_act(&dialog->pager, action);
	} else if (dialog->kind == DIALOG_NAME && !dialog->over) {
		name_key(deck, key);
	} else if (plain && key.code < 0x80 && key.code && strchr(dialog->keys, (int)key.code) && !dialog->over) {
		if (dialog->choice_count > 0)
			*(char *)dialog->target = (char)key.code;
		confirm(deck);
	} else if (plain && (key.code == INPUT_ENTER || key.code == 'n' || key.code == 'N' || key.code == 'q')) {
		cancel(deck);
	} else {
		pager_act(&dialog->pager, action);
	}
	deck_dirty(deck);
}

void dialog_paste(struct deck *deck, struct secret *text)
{
	if (deck->dialog->kind == DIALOG_NAME)
		line_insert(&deck->dialog->line, secret_reveal(text), secret_len(text));
	secret_free(text);
}

/* ---- drawing */

static int draw_title(const struct dialog *dialog, struct canvas *canvas, struct rect rect)
{
	int x = rect.x + 1, y = rect.y, end = rect.x + rect.columns;

	x += canvas_add(canvas, y, x, end - x, ROLE_FOCUS, dialog->title) + 1;
	if (!dialog->has_account)
		return 1;
	if (dialog->account.environment == ENVIRONMENT_PRODUCTION)
		x += canvas_add(canvas, y, x, end - x, ROLE_PRODUCTION, " PRODUCTION ") + 1;
	else
		x += canvas_add(canvas, y, x, end - x, ROLE_TEXT, environment_word(dialog->account.environment)) + 1;
	x += canvas_add(canvas, y, x, end - x, ROLE_TITLE, dialog->account.name) + 2;
	canvas_add(canvas, y, x, end - x, ROLE_DIM, dialog->account.realm_tail);
	return 1;
}

static void draw_answers(const struct dialog *dialog, struct canvas *canvas, struct rect rect)
{
	int x = rect.x + 1, y = rect.y, end = rect.x + rect.columns;
	char key[2];

	if (dialog->kind == DIALOG_NAME && !dialog->over) {
		if (rect.columns >= NARROW) {
			x += canvas_add(canvas, y, x, end - x, ROLE_DIM, canvas->plain ? "An empty line cancels. To " : "Esc cancels. To ");
			x += canvas_add(canvas, y, x, end - x, ROLE_TEXT, dialog->verb);
			x += canvas_add(canvas, y, x, end - x, ROLE_TEXT, ", ");
		}
		x += canvas_add(canvas, y, x, end - x, ROLE_TEXT, "type ");
		x += canvas_add(canvas, y, x, end - x, ROLE_KEY, dialog->word);
		x += canvas_add(canvas, y, x, end - x, ROLE_TEXT, ": ");
		line_draw(&dialog->line, canvas, y, x, end - x);
		return;
	}
	canvas->cursor_y = y;
	canvas->cursor_x = x;
	x += canvas_add(canvas, y, x, end - x, ROLE_KEY, dialog->over ? " Close " : " Cancel ");
	canvas_cursor_row(canvas, y, rect.x + 1, x - rect.x - 1);
	if (dialog->over)
		return;
	x += 2;
	for (size_t i = 0; i < dialog->choice_count; i++) {
		snprintf(key, sizeof(key), "%c", dialog->keys[i]);
		x += canvas_add(canvas, y, x, end - x, ROLE_KEY, key) + 1;
		x += canvas_add(canvas, y, x, end - x, ROLE_DIM, dialog->verbs[i]) + 2;
	}
	if (dialog->choice_count > 0)
		return;
	snprintf(key, sizeof(key), "%c", dialog->keys[0]);
	x += canvas_add(canvas, y, x, end - x, dialog->looking ? ROLE_DIM : ROLE_KEY, key) + 1;
	canvas_add(canvas, y, x, end - x, ROLE_DIM, dialog->looking ? "looking ..." : dialog->verb);
}

void dialog_draw(const struct deck *deck, struct canvas *canvas, struct rect rect)
{
	struct dialog *dialog = deck->dialog;
	struct rect box = rect, former;
	int wanted, gap;

	/* The text once, to know its rows. */
	former = canvas_enter(canvas, (struct rect){ 0 });
	pager_draw(&dialog->pager, canvas, (struct rect){ rect.y, rect.x + 1, rect.rows, rect.columns - 2 });
	canvas_leave(canvas, former);
	wanted = (int)dialog->pager.row_count + ROWS_AROUND;
	if (wanted < rect.rows) {
		box.y += rect.rows - wanted;
		box.rows = wanted;
	}
	former = canvas_enter(canvas, rect);
	canvas_fill(canvas, box, ROLE_TEXT);
	/* Without room it is the answers that stay, then what it is about. */
	gap = box.rows >= ROWS_AROUND;
	draw_answers(dialog, canvas, (struct rect){ box.y + box.rows - 1, box.x, 1, box.columns });
	if (gap)
		canvas_hline(canvas, box.y, box.x, box.columns);
	if (box.rows > 1)
		draw_title(dialog, canvas, (struct rect){ box.y + gap, box.x, 1, box.columns });
	if (box.rows > 2)
		pager_draw(&dialog->pager, canvas, (struct rect){ box.y + gap + 1, box.x + 1, box.rows - 2 - 2 * gap, box.columns - 2 });
	canvas_leave(canvas, former);
}
