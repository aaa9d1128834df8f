/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes and reads where an operator is. What a file says is checked whole before any of it counts. */
#include "trail.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chosen.h"
#include "deck.h"
#include "ledgerdeck/core/digest.h"
#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/holder.h"
#include "ledgerdeck/core/memory.h"

#define STATE_MAX ((size_t)65536)
#define CHOSEN "columns" /* the part that is no view */
#define HEAD "ledgerdeck state 1\n"
#define TAIL "end\n" /* a file that was cut off lacks it */

/* ---- lines of a view */

static bool is_plain(const char *text)
{
	for (const char *at = text; *at; at++)
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			return false;
	return str_is_utf8(text, strlen(text));
}

void trail_put(struct str *out, const char *name, const char *value)
{
	if (*value && is_plain(value))
		str_addf(out, "%s %s\n", name, value);
}

void trail_put_number(struct str *out, const char *name, int64_t value)
{
	if (value)
		str_addf(out, "%s %lld\n", name, (long long)value);
}

bool trail_get(const char *text, const char *name, char *out, size_t size)
{
	size_t len = strlen(name);

	*out = '\0';
	for (; *text && *text != '['; text += strcspn(text, "\n"), text += *text == '\n') {
		size_t rest;

		if (strncmp(text, name, len) != 0 || text[len] != ' ')
			continue;
		rest = strcspn(text + len + 1, "\n");
		if (rest >= size)
			return false;
		memcpy(out, text + len + 1, rest);
		out[rest] = '\0';
		return rest > 0;
	}
	return false;
}

int64_t trail_get_number(const char *text, const char *name)
{
	char word[24], *end;
	long long number;

	if (!trail_get(text, name, word, sizeof(word)))
		return 0;
	number = strtoll(word, &end, 10);
	return *end ? 0 : number;
}

void trail_put_row(struct str *out, const struct table *table)
{
	trail_put_number(out, "row", table->cursor - table->top);
}

void trail_get_row(const char *text, struct table *table)
{
	int64_t row = trail_get_number(text, "row");

	table->top = 0;
	table->cursor = row > 0 && row < 10000 ? row : 0;
}

/* ---- the views */

static const struct {
	const char *name;
	struct view *(*make)(struct deck *deck, const char *text); /* NULL: what it is about is not there any more */
} kinds[] = {
	{ "log", attempts_again }, { "attempt", attempt_again }, { "records", records_again }, { "record", record_again },
	{ "attention", attention_again }, { "mapping", mapping_view_again }, { "plan", plan_view_again }, { "plan-line", plan_line_again }, { "used-by", used_view_again }, { "policies", policies_view_again }, { "policy", policy_again },
	{ "outbox", outbox_view_again },
	{ "intent", intent_view_again }, { "document", document_again }, { "requests", requests_view_again }, { "objects", objects_again },
	{ "reconcile", reconcile_view_again }, { "session", session_view_again }, { "exception", exception_view_again }, { "tie", tie_view_again },
	{ "settings", settings_view_again }, { "setting", setting_again }, { "audit", audit_view_again }, { "audit-entry", audit_entry_again },
};

void trail_add(const struct deck *deck, struct str *out)
{
	for (size_t i = 0; i < deck->view_count && deck->views[i]->kind->save; i++) {
		str_addf(out, "[%s]\n", deck->views[i]->kind->name);
		deck->views[i]->kind->save(deck->views[i], out);
	}
}

/* Behind the views, where a program that knows nothing of it has read all it knows. */
static void add_chosen(const struct deck *deck, struct str *out)
{
	if (deck->chosen.len > 0)
		str_addf(out, "[%s]\n%s", CHOSEN, deck->chosen.text);
}

static struct view *make(struct deck *deck, const char *name, size_t len, const char *text)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (strlen(kinds[i].name) == len && memcmp(kinds[i].name, name, len) == 0)
			return kinds[i].make(deck, text);
	return NULL;
}

static const char *next_part(const char *text)
{
	while (*text && *text != '[')
		text += strcspn(text, "\n"), text += *text == '\n';
	return text;
}

void trail_open(struct deck *deck, const char *text)
{
	struct view *first = deck->views[0];

	deck->moved = true; /* this is no step of the history */
	while (deck->view_count > 1)
		deck_close(deck);
	for (text = next_part(text); *text; text = next_part(text + 1)) {
		const char *name = text + 1, *lines = text + strcspn(text, "\n");
		size_t len = strcspn(name, "]\n");
		struct view *view;

		lines += *lines == '\n';
		if (strlen(first->kind->name) == len && memcmp(first->kind->name, name, len) == 0) {
			first->kind->load(first, lines);
			view_ask_anew(first);
			continue;
		}
		view = make(deck, name, len, lines);
		if (!view)
			break;
		view->kind->load(view, lines);
		deck_push(deck, view);
	}
	deck_dirty(deck);
}

/* ---- the file */

/* One for each store and host: the same home may serve several machines. */
static bool add_path(const struct deck *deck, struct str *out, struct error *err)
{
	AUTO(memory_freep) char *store = realpath(deck->app->store_path, NULL);
	AUTO(str_clear) struct str whole = STR_INIT(8192);
	char host[HOLDER_MAX], hex[DIGEST_HEX];
	struct digest digest;

	holder_name(host, sizeof(host));
	str_addf(&whole, "%.*s %s", (int)strcspn(host, ":"), host, store ? store : deck->app->store_path);
	digest = digest_blake2b(whole.text, whole.len);
	if (!file_add_place(FILE_STATE, out, err) || !file_make_private_directory(out->text, err))
		return false;
	str_addf(out, "/deck-%.16s.state", digest_hex(&digest, hex));
	return true;
}

bool trail_save(const struct deck *deck, struct error *err)
{
	AUTO(str_clear) struct str path = STR_INIT(4096);
	AUTO(str_clear) struct str text = STR_INIT(STATE_MAX);

	if (deck->store_absent)
		return true;
	str_add(&text, HEAD);
	trail_add(deck, &text);
	add_chosen(deck, &text);
	str_add(&text, TAIL);
	return add_path(deck, &path, err) && file_write(path.text, text.text, text.len, 0600, err);
}

/* Lines "name value" below lines "[view]", between head and tail, and nothing else. */
static bool is_whole(const struct str *text)
{
	const char *at = text->text + strlen(HEAD), *end = text->text + text->len - strlen(TAIL);

	if (text->len < strlen(HEAD) + strlen(TAIL) || strlen(text->text) != text->len || !str_is_utf8(text->text, text->len) ||
	    strncmp(text->text, HEAD, strlen(HEAD)) != 0 || strcmp(end, TAIL) != 0)
		return false;
	for (size_t len; at < end; at += len + 1) {
		len = strcspn(at, "\n");
		for (size_t i = 0; i < len; i++)
			if ((unsigned char)at[i] < ' ' || at[i] == 0x7f)
				return false;
		if (*at == '[' ? at[len - 1] != ']' : strcspn(at, " ") == 0 || strcspn(at, " ") >= len)
			return false;
	}
	return true;
}

void trail_load(struct deck *deck)
{
	AUTO(str_clear) struct str path = STR_INIT(4096);
	AUTO(str_clear) struct str text = STR_INIT(STATE_MAX);
	struct error err = { 0 };
	const char *chosen;

	if (deck->store_absent || !add_path(deck, &path, &err) || !file_exists(path.text))
		return;
	if (!file_check_private(path.text, &err) || !file_read(path.text, STATE_MAX, &text, &err)) {
		deck_say(deck, ROLE_WARN, "Where you were last time is not known: %s", err.text);
	} else if (!is_whole(&text)) {
		deck_say(deck, ROLE_WARN, "Where you were last time is not known: '%s' is damaged.", path.text);
	} else {
		str_truncate(&text, text.len - strlen(TAIL));
		chosen = strstr(text.text, "\n[" CHOSEN "]\n");
		if (chosen)
			chosen_load(deck, chosen + strlen("\n[" CHOSEN "]\n"));
		trail_open(deck, text.text);
	}
}

/* ---- the history */

static void forget(struct deck *deck, size_t from)
{
	while (deck->past_count > from)
		free(deck->past[--deck->past_count]);
}

static void add_past(struct deck *deck, const struct str *text)
{
	if (deck->past_count > 0 && strcmp(deck->past[deck->past_count - 1], text->text) == 0)
		return;
	if (deck->past_count == DECK_PAST_MAX) {
		free(deck->past[0]);
		memmove(deck->past, deck->past + 1, (DECK_PAST_MAX - 1) * sizeof(deck->past[0]));
		deck->past_count--;
	}
	deck->past[deck->past_count++] = memory_copy_text(text->text);
}

void trail_note(struct deck *deck)
{
	AUTO(str_clear) struct str text = STR_INIT(STATE_MAX);

	if (deck->moved || deck->view_count == 0)
		return;
	deck->moved = true;
	trail_add(deck, &text);
	/* Whoever goes elsewhere from the middle of it has left what lay before him. */
	forget(deck, deck->past_at);
	add_past(deck, &text);
	deck->past_at = deck->past_count;
}

bool trail_step(struct deck *deck, int step)
{
	AUTO(str_clear) struct str now = STR_INIT(STATE_MAX);

	if (step < 0 ? deck->past_at == 0 : deck->past_at + 1 >= deck->past_count)
		return false;
	trail_add(deck, &now);
	/* Where one is, is the end of it, unless one has stepped back. */
	if (deck->past_at == deck->past_count) {
		add_past(deck, &now);
		deck->past_at = deck->past_count - 1;
	} else {
		free(deck->past[deck->past_at]);
		deck->past[deck->past_at] = memory_copy_text(now.text);
	}
	if (step < 0 && deck->past_at == 0)
		return false;
	deck->past_at = step < 0 ? deck->past_at - 1 : deck->past_at + 1;
	trail_open(deck, deck->past[deck->past_at]);
	return true;
}

bool trail_last(struct deck *deck)
{
	return trail_step(deck, deck->past_at + 1 == deck->past_count ? -1 : deck->past_at < deck->past_count ? 1 : -1);
}
