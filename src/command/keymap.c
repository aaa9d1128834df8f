/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads keys files, and answers which key starts what. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/command/keys.h"
#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/model/nearest.h"

#define FILE_MAX ((size_t)65536)
#define EACH_MAX 8    /* keys of one action */
#define WORD_MAX 40   /* bytes of a word that an error shows */

struct binding {
	struct key keys[EACH_MAX];
	size_t count;
	size_t line;  /* of the file; 0: the table's own */
};

struct keys {
	struct binding bindings[ACTION_COUNT];
	char *file;   /* owned; NULL: none */
};

struct row { /* a line of a keys file */
	const char *file;
	size_t line;
};

static size_t word_len(const char *text)
{
	return strcspn(text, " \t\r\n");
}

static const char *skip_blanks(const char *text)
{
	return text + strspn(text, " \t\r");
}

/* ---- the table's own */

static void take_own(struct binding *binding, const char *names)
{
	while (*names && binding->count < EACH_MAX) {
		size_t len = word_len(names);

		if (key_parse(names, len, &binding->keys[binding->count]))
			binding->count++;
		names = skip_blanks(names + len);
	}
}

struct keys *keys_new(void)
{
	struct keys *keys = memory_new(sizeof(*keys));

	for (int i = 1; i < ACTION_COUNT; i++)
		take_own(&keys->bindings[i], action_row((enum action)i)->keys);
	return keys;
}

void keys_free(struct keys *keys)
{
	if (!keys)
		return;
	free(keys->file);
	free(keys);
}

void keys_freep(struct keys **keys)
{
	keys_free(*keys);
	*keys = NULL;
}

/* ---- rows of a file */

static bool refuse(const struct row *row, const char *what, const char *word, size_t len, const struct nearest *nearest, struct error *err)
{
	char hint[NEAREST_HINT_MAX] = "";

	if (nearest)
		nearest_hint(nearest, hint);
	return error_set(err, ERROR_INPUT, "%s:%zu: '%.*s' is no %s%s", row->file, row->line, (int)(len < WORD_MAX ? len : WORD_MAX), word,
			 what, hint);
}

static bool parse_id(const struct row *row, const char *word, size_t len, enum action *ret_action, struct error *err)
{
	struct nearest nearest = nearest_start(word, len);

	for (int i = 1; i < ACTION_COUNT; i++) {
		const struct action_row *action = action_row((enum action)i);

		if (action->where && strlen(action->id) == len && memcmp(action->id, word, len) == 0) {
			*ret_action = (enum action)i;
			return true;
		}
		if (action->where)
			nearest_try(&nearest, action->id);
	}
	return refuse(row, "action", word, len, &nearest, err);
}

static bool parse_keys(const struct row *row, const char *text, const char *id, struct binding *binding, struct error *err)
{
	bool none = false;

	for (text = skip_blanks(text); *text && *text != '\n'; text = skip_blanks(text + word_len(text))) {
		size_t len = word_len(text);

		if (none || (len == 4 && memcmp(text, "none", 4) == 0 && binding->count > 0))
			return error_set(err, ERROR_INPUT, "%s:%zu: 'none' stands alone", row->file, row->line);
		none = len == 4 && memcmp(text, "none", 4) == 0;
		if (none)
			continue;
		if (binding->count == EACH_MAX)
			return error_set(err, ERROR_INPUT, "%s:%zu: '%s' has more than %d keys", row->file, row->line, id, EACH_MAX);
		if (!key_parse(text, len, &binding->keys[binding->count++]))
			return refuse(row, "key", text, len, NULL, err);
	}
	if (!none && binding->count == 0)
		return error_set(err, ERROR_INPUT, "%s:%zu: '%s' needs its keys, or 'none'", row->file, row->line, id);
	return true;
}

static bool parse_row(struct keys *keys, const struct row *row, const char *text, struct error *err)
{
	struct binding binding = { .line = row->line };
	size_t len = word_len(text);
	enum action action = ACTION_NONE;

	if (!parse_id(row, text, len, &action, err) || !parse_keys(row, text + len, action_row(action)->id, &binding, err))
		return false;
	if (keys->bindings[action].line)
		return error_set(err, ERROR_INPUT, "%s:%zu: '%s' stands in line %zu already", row->file, row->line, action_row(action)->id,
				 keys->bindings[action].line);
	keys->bindings[action] = binding;
	return true;
}

/* ---- what contradicts itself */

/* Views whose rows are of a kind of their own: what is done to accounts, types, attempts and records does not count in them. */
#define RECONCILING ((unsigned)(WHERE_SESSION | WHERE_EXCEPTION | WHERE_EXCEPTIONS)) /* one of them has all three */
#define PAGES ((unsigned)(WHERE_ADDRESS | WHERE_MAPPING | WHERE_PLAN | WHERE_OUTBOX) | RECONCILING)

static unsigned whole(unsigned where)
{
	return where & RECONCILING ? where | RECONCILING : where;
}

static bool meets_page(unsigned page, unsigned other)
{
	/* A page with an address has no rows and no text, but it is moved in. */
	unsigned common = page == WHERE_ADDRESS ? WHERE_MOVE : WHERE_MOVE | WHERE_LIST | WHERE_TEXT | WHERE_PANES | WHERE_MARKS | WHERE_DETAILS;

	return page && (other & common);
}

/* Can both count at once, so that neither is nearer? What counts everywhere gives way to what a view has for itself. */
static bool meet(unsigned a, unsigned b)
{
	unsigned else_a = a & ~PAGES, else_b = b & ~PAGES;

	if ((a == WHERE_ALL) != (b == WHERE_ALL))
		return false;
	return (whole(a) & whole(b) & PAGES) || (else_a && else_b) || meets_page(a & PAGES, else_b) || meets_page(b & PAGES, else_a);
}

static const struct key *common_key(const struct binding *a, const struct binding *b)
{
	for (size_t i = 0; i < a->count; i++)
		for (size_t k = 0; k < b->count; k++)
			if (key_equal(a->keys[i], b->keys[k]))
				return &a->keys[i];
	return NULL;
}

/* The row that came last is the one to be mended. */
static bool check_pair(const struct keys *keys, enum action a, enum action b, const char *file, struct error *err)
{
	const struct binding *first = &keys->bindings[a], *second = &keys->bindings[b];
	const struct key *key = common_key(first, second);
	char name[KEY_NAME_MAX];

	if (!key || !meet(action_row(a)->where, action_row(b)->where))
		return true;
	return error_set(err, ERROR_INPUT, "%s:%zu: '%s' would be both '%s' and '%s' in one place", file,
			 first->line > second->line ? first->line : second->line, key_text(*key, name), action_row(a)->id,
			 action_row(b)->id);
}

static bool check(const struct keys *keys, const char *file, struct error *err)
{
	static const enum action ways_out[] = { ACTION_QUIT, ACTION_CLOSE, ACTION_PALETTE, ACTION_CANCEL };
	size_t out = 0;

	for (int a = 1; a < ACTION_COUNT; a++)
		for (int b = a + 1; b < ACTION_COUNT; b++)
			if ((keys->bindings[a].line || keys->bindings[b].line) && !check_pair(keys, (enum action)a, (enum action)b, file, err))
				return false;
	for (size_t i = 0; i < ARRAY_LEN(ways_out); i++)
		out += keys->bindings[ways_out[i]].count;
	return out > 0 || error_set(err, ERROR_INPUT, "%s: no key would be left that leads out of the deck", file);
}

bool keys_parse(const char *text, const char *file, struct keys **ret_keys, struct error *err)
{
	AUTO(keys_freep) struct keys *keys = keys_new();
	struct row row = { .file = file };

	keys->file = memory_copy_text(file);
	for (; *text; text += strcspn(text, "\n"), text += *text == '\n') {
		const char *start = skip_blanks(text);

		row.line++;
		/* A comment has its line to itself: "#" is a key, too. */
		if (*start && *start != '\n' && *start != '#' && !parse_row(keys, &row, start, err))
			return false;
	}
	if (!check(keys, file, err))
		return false;
	*ret_keys = memory_steal(&keys);
	return true;
}

bool keys_load_file(const char *path, struct keys **ret_keys, struct error *err)
{
	AUTO(str_clear) struct str text = STR_INIT(FILE_MAX);

	return file_read(path, FILE_MAX, &text, err) && keys_parse(text.text, path, ret_keys, err);
}

bool keys_load(const struct settings *settings, struct keys **ret_keys, struct error *err)
{
	AUTO(str_clear) struct str path = STR_INIT(4096);
	const char *set = settings_text(settings, "ui.keys");
	struct error ignored = { 0 };

	if (*set)
		return keys_load_file(set, ret_keys, err);
	if (file_add_place(FILE_CONFIG, &path, &ignored))
		str_add(&path, "/keys");
	if (path.len > 0 && file_exists(path.text))
		return keys_load_file(path.text, ret_keys, err);
	*ret_keys = keys_new();
	return true;
}

/* ---- asking */

enum action keys_action(const struct keys *keys, struct key key, unsigned where)
{
	enum action found = ACTION_NONE;

	/* The nearer place wins: what a view has for itself before what counts everywhere. */
	for (int i = 1; i < ACTION_COUNT; i++) {
		const struct binding *binding = &keys->bindings[i];
		bool has = false;

		for (size_t k = 0; k < binding->count; k++)
			has = has || key_equal(binding->keys[k], key);
		if (has && (action_row((enum action)i)->where & where) && (found == ACTION_NONE || action_row(found)->where == WHERE_ALL))
			found = (enum action)i;
	}
	return found;
}

bool keys_has(const struct keys *keys, enum action action)
{
	return keys->bindings[action].count > 0;
}

char *keys_name(const struct keys *keys, enum action action, char *out)
{
	if (keys_has(keys, action))
		return key_text(keys->bindings[action].keys[0], out);
	snprintf(out, KEYS_NAME_MAX, ":%s", action_row(action)->id);
	return out;
}

void keys_add_names(const struct keys *keys, enum action action, struct str *out)
{
	const struct binding *binding = &keys->bindings[action];
	char name[KEY_NAME_MAX];

	for (size_t i = 0; i < binding->count; i++)
		str_addf(out, "%s%s", i ? " " : "", key_text(binding->keys[i], name));
}

void keys_add_origin(const struct keys *keys, enum action action, struct str *out)
{
	if (keys->bindings[action].line)
		str_addf(out, "%s:%zu", keys->file, keys->bindings[action].line);
	else
		str_add(out, "built in");
}

static void add_text(const struct keys *keys, const char *text, bool format, struct str *out)
{
	for (; *text; text++) {
		size_t len = *text == '{' ? strcspn(text + 1, "}") : 0;
		char id[KEYS_NAME_MAX], name[KEYS_NAME_MAX];
		enum action action = ACTION_NONE;

		if (len > 0 && len < sizeof(id) && text[len + 1] == '}') {
			snprintf(id, sizeof(id), "%.*s", (int)len, text + 1);
			action = action_by_id(id);
		}
		if (action == ACTION_NONE) {
			str_add_char(out, *text);
			continue;
		}
		str_add(out, keys_name(keys, action, name));
		if (format && strchr(name, '%'))
			str_add_char(out, '%');
		text += len + 1;
	}
}

void keys_add_text(const struct keys *keys, const char *text, struct str *out)
{
	add_text(keys, text, false, out);
}

const char *keys_format(const struct keys *keys, const char *format, struct str *room)
{
	str_reset(room);
	add_text(keys, format, true, room);
	return room->text;
}
