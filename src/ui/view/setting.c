/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One setting: what it is for, what is in force and why, what it takes, and what to write where. */
#include "setting.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deck.h"
#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/memory.h"
#include "pager.h"
#include "trail.h"

#define LABEL_COLUMNS 12

struct setting_view {
	struct view view;
	const struct setting_row *row; /* borrowed: the table */
	struct pager pager;
	char value[64];                /* that it was written for, as far as it can change */
};

/* ---- in words */

static bool is_secret(const struct setting_row *row)
{
	return row->flags & SETTING_SENSITIVE;
}

const char *setting_value(const struct deck *deck, const struct setting_row *row)
{
	if (is_secret(row))
		return settings_secret(deck->app->settings, row->name) ? "<hidden>" : "";
	return own_value(deck, row->name);
}

const char *setting_from(const struct deck *deck, const struct setting_row *row)
{
	return own_has(deck, row->name) ? "this session" : settings_origin(deck->app->settings, row->name);
}

const char *setting_refuses(const struct setting_row *row, enum action action)
{
	if (action == ACTION_CHANGE && !(row && own_can(row->name)))
		return "while the deck is open only how it looks and the mouse can be changed; {open} shows what to write";
	return NULL;
}

void setting_add_help(const struct setting_row *row, struct str *out)
{
	str_add_char(out, (char)toupper((unsigned char)row->help[0]));
	str_addf(out, "%s.", row->help + 1);
}

void setting_add_lines(const struct setting_row *row, const char *value, struct str *out)
{
	size_t section = strcspn(row->name, ".");

	str_addf(out, "[%.*s]\n%s = %s", (int)section, row->name, row->name + section + 1, *value ? value : "VALUE");
}

/* ---- its text */

static void write_now(struct setting_view *view)
{
	const struct deck *deck = view->view.deck;
	const struct setting_row *row = view->row;
	const char *value = setting_value(deck, row);
	AUTO(str_clear) struct str built_in = STR_INIT(4000);

	pager_field(&view->pager, "Value", ROLE_TITLE, *value ? value : "(none)");
	pager_field(&view->pager, "From", ROLE_TEXT, setting_from(deck, row));
	if (own_has(deck, row->name)) {
		str_addf(&built_in, "%s, from %s", settings_text(deck->app->settings, row->name), settings_origin(deck->app->settings, row->name));
		pager_field(&view->pager, "Else", ROLE_TEXT, built_in.text);
		str_reset(&built_in);
	}
	pager_field(&view->pager, "Built in", ROLE_TEXT, *row->value ? row->value : "(none)");
}

/* Its names as a variable, by where they count. */
static void write_variables(struct setting_view *view)
{
	AUTO(str_clear) struct str any = STR_INIT(2000);
	AUTO(str_clear) struct str file = STR_INIT(2000);
	const char *variable;
	size_t at = 0;
	bool file_only;

	setting_add_variable(view->row->name, &any);
	while ((variable = settings_variable(view->row->name, &at, &file_only)) != NULL) {
		struct str *out = file_only ? &file : &any;

		str_addf(out, "%s%s", out->len ? ", " : "", variable);
	}
	pager_field(&view->pager, "Variables", ROLE_TEXT, any.text);
	pager_field(&view->pager, "", ROLE_TEXT, file.len ? file.text : "");
	if (file.len)
		pager_add(&view->pager, ROLE_DIM, "The names of the second row count only in a file behind --env-file.");
}

static void write_secret(struct setting_view *view)
{
	pager_add(&view->pager, ROLE_TEXT, "It is a secret: it is never shown, taken once and sealed in the vault. Commands that need it ask for "
		  "it; it should stand in no file.");
}

static void write_place(struct setting_view *view)
{
	const struct setting_row *row = view->row;
	AUTO(str_clear) struct str path = STR_INIT(4096);
	AUTO(str_clear) struct str lines = STR_INIT(20000);
	struct error ignored = { 0 };

	if (!file_add_place(FILE_CONFIG, &path, &ignored))
		str_add(&path, "~/.config/ledgerdeck");
	str_add(&path, "/ledgerdeck.conf");
	pager_add(&view->pager, ROLE_COLUMN, "To write");
	setting_add_lines(row, setting_value(view->view.deck, row), &lines);
	pager_add(&view->pager, ROLE_TEXT, lines.text);
	pager_add(&view->pager, ROLE_TEXT, "");
	pager_addf(&view->pager, ROLE_DIM, "It goes into %s and counts when the program is started anew.", path.text);
	if (row->flags & SETTING_NOT_LOCAL)
		pager_add(&view->pager, ROLE_DIM, "A .ledgerdeck.conf of a directory may not set it.");
	str_reset(&lines);
	str_addf(&lines, "For once: --set %s=VALUE on the command line.", row->name);
	pager_add(&view->pager, ROLE_DIM, lines.text);
}

static void write(struct setting_view *view)
{
	const struct setting_row *row = view->row;
	AUTO(str_clear) struct str text = STR_INIT(2000);

	pager_clear(&view->pager);
	view->pager.label_columns = LABEL_COLUMNS;
	pager_add(&view->pager, ROLE_TITLE, row->name);
	setting_add_help(row, &text);
	pager_add(&view->pager, ROLE_TEXT, text.text);
	str_reset(&text);
	pager_add(&view->pager, ROLE_TEXT, "");
	write_now(view);
	setting_add_allowed(row, &text);
	pager_field(&view->pager, "Takes", ROLE_TEXT, text.text);
	write_variables(view);
	pager_add(&view->pager, ROLE_TEXT, "");
	if (is_secret(row))
		write_secret(view);
	else
		write_place(view);
	snprintf(view->value, sizeof(view->value), "%s", own_can(row->name) ? own_value(view->view.deck, row->name) : "");
}

/* ---- the view */

static struct setting_view *of(struct view *view)
{
	return (struct setting_view *)view;
}

static void draw(struct view *base, struct canvas *canvas, struct rect rect)
{
	struct setting_view *view = of(base);

	/* What was set meanwhile stands here, too. */
	if (view->pager.line_count == 0 || (own_can(view->row->name) && strcmp(view->value, own_value(base->deck, view->row->name)) != 0))
		write(view);
	pager_draw(&view->pager, canvas, (struct rect){ rect.y, rect.x + 1, rect.rows, rect.columns - 2 });
}

static bool act(struct view *base, enum action action)
{
	struct setting_view *view = of(base);
	AUTO(str_clear) struct str lines = STR_INIT(20000);

	switch (action) {
	case ACTION_CHANGE:
		own_change(base->deck, view->row->name);
		return true;
	case ACTION_COPY:
		if (is_secret(view->row)) {
			deck_say(base->deck, ROLE_WARN, "It is a secret: there is nothing to copy.");
			return true;
		}
		setting_add_lines(view->row, setting_value(base->deck, view->row), &lines);
		deck_copy(base->deck, "Lines to write", lines.text);
		return true;
	default:
		return pager_act(&view->pager, action);
	}
}

static const char *refuses(const struct view *base, enum action action)
{
	if (action == ACTION_OPEN)
		return "this is all of it";
	if (action == ACTION_CHANGE && setting_refuses(((const struct setting_view *)base)->row, action))
		return "while the deck is open only how it looks and the mouse can be changed; it says above what to write";
	return NULL;
}

static void title(const struct view *base, struct str *out)
{
	str_add(out, ((const struct setting_view *)base)->row->name);
}

static struct pager *pager_of(struct view *base)
{
	return &of(base)->pager;
}

static void cli(const struct view *base, struct str *out)
{
	str_add(out, "settings --origin");
	words_add(out, ((const struct setting_view *)base)->row->name);
}

static void save(const struct view *base, struct str *out)
{
	trail_put(out, "name", ((const struct setting_view *)base)->row->name);
}

static void load(struct view *base, const char *text)
{
	(void)base;
	(void)text;
}

static void free_view(struct view *base)
{
	pager_clear(&of(base)->pager);
	free(base);
}

static const struct view_kind kind = {
	.name = "setting", .where = WHERE_MOVE | WHERE_TEXT | WHERE_SETTINGS, .title = title, .draw = draw, .act = act, .refuses = refuses,
	.pager = pager_of, .cli = cli, .save = save, .load = load, .free = free_view,
};

struct view *setting_new(const char *name)
{
	size_t count;
	const struct setting_row *rows = settings_rows(&count);

	for (size_t i = 0; i < count; i++) {
		struct setting_view *view;

		if (strcmp(rows[i].name, name) != 0)
			continue;
		view = memory_new(sizeof(*view));
		view->view.kind = &kind;
		view->row = &rows[i];
		return &view->view;
	}
	return NULL;
}

struct view *setting_again(struct deck *deck, const char *text)
{
	char name[80];

	(void)deck;
	return trail_get(text, "name", name, sizeof(name)) ? setting_new(name) : NULL;
}
