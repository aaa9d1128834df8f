/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The line at the bottom: ":" with all commands, completed and remembered; "/" with the view's filter; a question. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deck.h"
#include "ledgerdeck/core/memory.h"
#include "outside.h"
#include "pager.h"

/* ---- words */

void words_free(char ***words)
{
	for (size_t i = 0; *words && (*words)[i]; i++)
		free((*words)[i]);
	free(*words);
	*words = NULL;
}

static void add_word(char ***words, size_t *count, size_t *room, struct str *word)
{
	memory_grow(words, room, *count + 2, sizeof(char *));
	(*words)[(*count)++] = memory_copy(word->text, word->len);
	(*words)[*count] = NULL;
	str_reset(word);
}

bool words_split(const char *text, char ***ret_words, size_t *ret_count)
{
	AUTO(str_clear) struct str word = STR_INIT(LINE_MAX_BYTES);
	char **words = memory_new(sizeof(*words));
	size_t count = 0, room = 1;
	bool inside = false;
	char quote = '\0';

	for (; *text; text++) {
		if (quote ? *text == quote : (*text == '\'' || *text == '"')) {
			quote = quote ? '\0' : *text;
			inside = true;
		} else if (!quote && isspace((unsigned char)*text)) {
			if (inside)
				add_word(&words, &count, &room, &word);
			inside = false;
		} else {
			if (*text == '\\' && text[1] && quote != '\'')
				text++;
			str_add_char(&word, *text);
			inside = true;
		}
	}
	if (inside)
		add_word(&words, &count, &room, &word);
	*ret_words = words;
	*ret_count = count;
	return quote == '\0';
}

void words_add(struct str *out, const char *word)
{
	bool plain = *word != '\0';

	for (const char *at = word; *at; at++)
		plain = plain && (isalnum((unsigned char)*at) || strchr("-_./:,=@%+", *at));
	str_add_char(out, ' ');
	if (plain) {
		str_add(out, word);
		return;
	}
	str_add_char(out, '\'');
	for (; *word; word++)
		if (*word == '\'')
			str_add(out, "'\\''");
		else
			str_add_char(out, *word);
	str_add_char(out, '\'');
}

/* ---- opening and closing */

void prompt_clear(struct prompt *prompt)
{
	for (size_t i = 0; i < prompt->history_count; i++)
		free(prompt->history[i]);
	prompt->history_count = 0;
	line_clear(&prompt->line);
	free(memory_steal(&prompt->target));
}

void prompt_open(struct deck *deck, enum prompt_kind kind)
{
	struct view *top = deck_top(deck);
	struct prompt *prompt = &deck->prompt;

	prompt->kind = kind;
	prompt->history_at = 0;
	*prompt->complaint = '\0';
	line_clear(&prompt->line);
	*prompt->before = '\0';
	if (kind == PROMPT_FILTER) {
		snprintf(prompt->before, sizeof(prompt->before), "%s", top->kind->filter(top));
		line_set(&prompt->line, prompt->before);
	}
	deck_dirty(deck);
}

void prompt_want(struct deck *deck, const char *label, const void *target, size_t size,
		void (*typed)(struct deck *deck, const void *target, const char *text))
{
	prompt_close(deck);
	prompt_open(deck, PROMPT_TEXT);
	snprintf(deck->prompt.label, sizeof(deck->prompt.label), "%s", label);
	deck->prompt.target = memory_copy(target, size);
	deck->prompt.typed = typed;
}

void prompt_close(struct deck *deck)
{
	deck->prompt.kind = PROMPT_NONE;
	line_clear(&deck->prompt.line);
	free(memory_steal(&deck->prompt.target));
	deck_dirty(deck);
}

/* ---- ":" */

static void remember(struct prompt *prompt, const char *text)
{
	if (prompt->history_count > 0 && strcmp(prompt->history[0], text) == 0)
		return;
	if (prompt->history_count == DECK_HISTORY_MAX)
		free(prompt->history[--prompt->history_count]);
	memmove(prompt->history + 1, prompt->history, prompt->history_count * sizeof(prompt->history[0]));
	prompt->history[0] = memory_copy_text(text);
	prompt->history_count++;
}

static void recall(struct prompt *prompt, bool older)
{
	if (older && prompt->history_at < prompt->history_count)
		prompt->history_at++;
	else if (!older && prompt->history_at > 0)
		prompt->history_at--;
	else
		return;
	line_set(&prompt->line, prompt->history_at ? prompt->history[prompt->history_at - 1] : "");
}

/* The command that the text begins with, and the word that is being typed. */
static const struct command *command_of_text(const char *text, const char **ret_word)
{
	size_t count, best = 0;
	const struct command *const *commands = command_all(&count), *command = NULL;
	const char *blank = strrchr(text, ' ');

	for (size_t i = 0; i < count; i++) {
		size_t len = strlen(commands[i]->name);

		if (len > best && strncmp(commands[i]->name, text, len) == 0 && text[len] == ' ') {
			command = commands[i];
			best = len;
		}
	}
	*ret_word = blank ? blank + 1 : text;
	return command;
}

static size_t options_of(const char *text, size_t most, struct prompt_match *ret_matches)
{
	const char *word;
	const struct command *command = command_of_text(text, &word);
	size_t found = 0;

	for (size_t i = 0; command && i < command->argument_count && found < most; i++) {
		const struct argument_row *row = &command->arguments[i];

		if (*word ? strncmp(row->name, word, strlen(word)) == 0 : true)
			ret_matches[found++] = (struct prompt_match){ row->name, row->help };
	}
	return found;
}

size_t prompt_matches(const char *text, size_t most, struct prompt_match *ret_matches)
{
	size_t count, found = 0, len = strlen(text);
	const struct command *const *commands = command_all(&count);

	for (size_t i = 0; i < count && found < most; i++)
		if (strncmp(commands[i]->name, text, len) == 0)
			ret_matches[found++] = (struct prompt_match){ commands[i]->name, commands[i]->summary };
	for (int i = 1; i < ACTION_COUNT && found < most; i++) {
		const struct action_row *row = action_row((enum action)i);

		if (strncmp(row->id, text, len) == 0 && !command_find(row->id, NULL))
			ret_matches[found++] = (struct prompt_match){ row->id, row->help };
	}
	found += own_matches(text, most - found, ret_matches + found);
	/* Behind a command its options. */
	if (found == 0)
		found = options_of(text, most, ret_matches);
	return found;
}

/* As far as all that fits goes on in the same way. */
static void complete(struct prompt *prompt)
{
	struct prompt_match matches[64];
	const char *text = line_text(&prompt->line), *blank = strrchr(text, ' '), *word = text;
	size_t found = prompt_matches(text, ARRAY_LEN(matches), matches), common;
	AUTO(str_clear) struct str whole = STR_INIT(LINE_MAX_BYTES - 1);

	if (found == 0)
		return;
	if (blank && strncmp(matches[0].name, text, strlen(text)) != 0)
		word = blank + 1;
	common = strlen(matches[0].name);
	for (size_t i = 1; i < found; i++) {
		size_t same = 0;

		while (same < common && matches[i].name[same] == matches[0].name[same])
			same++;
		common = same;
	}
	/* A word by its place is not completed: it only says what is wanted. */
	if (matches[0].name[0] >= 'A' && matches[0].name[0] <= 'Z')
		return;
	if (common < strlen(word))
		return;
	str_add_bytes(&whole, text, (size_t)(word - text));
	str_add_bytes(&whole, matches[0].name, common);
	if (found == 1)
		str_add_char(&whole, ' ');
	line_set(&prompt->line, whole.text);
}

/* What the view that is shown has for itself comes first. */
static bool view_takes(struct view *view, const char *const *words, size_t count)
{
	return view->kind->words && view->kind->words(view, words, count);
}

/* Those of an account that is named, or of the one under the cursor. */
static void open_policies(struct deck *deck, const char *account)
{
	if (!account) {
		deck_act(deck, ACTION_POLICIES);
		return;
	}
	deck_push(deck, policies_view_new(deck));
	policies_view_place(deck_top(deck), account, NULL);
}

static void run_line(struct deck *deck)
{
	AUTO(words_free) char **words = NULL;
	AUTO(memory_freep) char *text = memory_copy_text(line_text(&deck->prompt.line));
	enum action action;
	size_t count;

	if (!words_split(text, &words, &count)) {
		snprintf(deck->prompt.complaint, sizeof(deck->prompt.complaint), "a quote is not closed");
		return;
	}
	prompt_close(deck);
	if (count == 0)
		return;
	remember(&deck->prompt, text);
	action = count == 1 && !command_find(words[0], NULL) ? action_by_id(words[0]) : ACTION_NONE;
	if (action != ACTION_NONE)
		deck_act(deck, action);
	else if (count <= 2 && strcmp(words[0], "policy") == 0)
		open_policies(deck, words[1]);
	else if (count > 1 && strcmp(words[0], "plan") == 0 && *words[1] != '-')
		plan_view_command(deck, (const char *const *)words);
	else if (!view_takes(deck_top(deck), (const char *const *)words, count) && !own_run(deck, (const char *const *)words, count))
		deck_command(deck, (const char *const *)words, true);
}

/* ---- "|" */

static void run_pipe(struct deck *deck)
{
	AUTO(words_free) char **words = NULL;
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);
	size_t count;

	if (!words_split(line_text(&deck->prompt.line), &words, &count)) {
		snprintf(deck->prompt.complaint, sizeof(deck->prompt.complaint), "a quote is not closed");
		return;
	}
	remember(&deck->prompt, line_text(&deck->prompt.line));
	prompt_close(deck);
	if (count == 0)
		return;
	deck_add_rows(deck, &text);
	outside_pipe(deck, words, text.text, text.len);
}

/* ---- a text that was asked for */

static void run_text(struct deck *deck)
{
	AUTO(memory_freep) char *text = memory_copy_text(line_text(&deck->prompt.line));
	AUTO(memory_freep) void *target = memory_steal(&deck->prompt.target);

	prompt_close(deck);
	deck->prompt.typed(deck, target, text);
}

/* ---- "/": what is typed counts at once */

/* Lists show what fits, texts what was found, the log both. */
static const char *filter_by(struct deck *deck, const char *text, struct error *err)
{
	struct view *top = deck_top(deck);

	if (deck->prompt.kind == PROMPT_FILTER)
		return view_filter(top, text, err);
	if (top->kind->search) {
		top->kind->search(top, text, false);
		return NULL;
	}
	return pager_search(top->kind->pager(top), text) ? NULL : "it stands nowhere here";
}

static void filter_now(struct deck *deck)
{
	struct error err = { 0 };
	const char *why = filter_by(deck, line_text(&deck->prompt.line), &err);

	snprintf(deck->prompt.complaint, sizeof(deck->prompt.complaint), "%s", why ? why : "");
}

/* Stop typing: as it was before. */
static void filter_back(struct deck *deck)
{
	struct error err = { 0 };

	filter_by(deck, deck->prompt.before, &err);
}

/* ---- keys */

static void command_key(struct deck *deck, struct key key)
{
	struct prompt *prompt = &deck->prompt;

	*prompt->complaint = '\0';
	if (key.code == INPUT_ENTER && prompt->kind == PROMPT_PIPE)
		run_pipe(deck);
	else if (key.code == INPUT_ENTER && prompt->kind == PROMPT_TEXT)
		run_text(deck);
	else if (key.code == INPUT_ENTER)
		run_line(deck);
	else if (key.code == INPUT_TAB && prompt->kind == PROMPT_COMMAND)
		complete(prompt);
	else if ((key.code == INPUT_UP || key.code == INPUT_DOWN) && prompt->kind != PROMPT_TEXT)
		recall(prompt, key.code == INPUT_UP);
	else if (key.code == INPUT_BACKSPACE && prompt->line.len == 0)
		prompt_close(deck);
	else
		line_key(&prompt->line, key);
}

static void filter_key(struct deck *deck, struct key key)
{
	struct view *top = deck_top(deck);

	if (key.code == INPUT_ENTER) {
		if (deck->prompt.kind == PROMPT_SEARCH && top->kind->search)
			top->kind->search(top, line_text(&deck->prompt.line), true);
		prompt_close(deck);
		return;
	}
	line_key(&deck->prompt.line, key);
	filter_now(deck);
}

void prompt_key(struct deck *deck, struct key key)
{
	bool stop = key.code == INPUT_ESCAPE || (key.control && (key.code == 'c' || key.code == 'g'));

	if (stop) {
		if (deck->prompt.kind == PROMPT_FILTER || deck->prompt.kind == PROMPT_SEARCH)
			filter_back(deck);
		prompt_close(deck);
	} else if (deck->prompt.kind != PROMPT_FILTER && deck->prompt.kind != PROMPT_SEARCH) {
		command_key(deck, key);
	} else {
		filter_key(deck, key);
	}
}
