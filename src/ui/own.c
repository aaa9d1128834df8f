/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ":theme" and ":set": how the deck looks and whether it takes the mouse, switched while it is open. What shall last stands in the settings. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "deck.h"
#include "ledgerdeck/core/memory.h"

/* Each says what it has done, or why not; true: it is in force. */
static bool set_theme(struct deck *deck, const char *value)
{
	struct error err = { 0 };
	struct theme theme;

	if (deck->screen ? !screen_theme(deck->screen, value, &err) : !theme_load(value, 256, &theme, &err)) {
		deck_tell(deck, &err);
		return false;
	}
	deck_say(deck, ROLE_MESSAGE, "The theme is '%s' until the deck is left; the setting ui.theme keeps one.", value);
	return true;
}

static bool speaks_utf8(const struct deck *deck)
{
	return !deck->screen || screen_speaks_utf8(deck->screen);
}

/* False: it is neither, which is told. */
static bool read_switch(struct deck *deck, const char *name, const char *value, bool *ret_on)
{
	*ret_on = strcmp(value, "on") == 0 || strcmp(value, "yes") == 0;
	if (*ret_on || strcmp(value, "off") == 0 || strcmp(value, "no") == 0)
		return true;
	deck_say(deck, ROLE_WARN, "'%s' is on or off, not '%.40s'.", name, value);
	return false;
}

static bool set_mouse(struct deck *deck, const char *value)
{
	bool on;

	if (!read_switch(deck, "mouse", value, &on))
		return false;
	deck->mouse = on && !deck->plain;
	if (deck->plain)
		deck_say(deck, ROLE_WARN, "The deck is lines: no mouse can point at them.");
	else
		deck_say(deck, ROLE_MESSAGE, on ? "The wheel moves, a click chooses, a second one opens; most terminals select text with Shift held."
						: "The mouse is the terminal's own: it selects text.");
	return !deck->plain;
}

static bool set_links(struct deck *deck, const char *value)
{
	bool on;

	if (!read_switch(deck, "links", value, &on))
		return false;
	if (deck->screen)
		screen_links_on(deck->screen, on);
	deck_say(deck, ROLE_MESSAGE, on ? "An address that is to be opened is a hyperlink for terminals that know them."
					: "An address that is to be opened is text alone.");
	return true;
}

static bool set_ascii(struct deck *deck, const char *value)
{
	bool on;

	if (!read_switch(deck, "ascii", value, &on))
		return false;
	if (!on && !speaks_utf8(deck)) {
		deck_say(deck, ROLE_WARN, "The locale says that this terminal shows nothing beyond ASCII.");
		return false;
	}
	deck->canvas.ascii = on;
	deck->canvas.mode = on ? TEXT_ASCII : strcmp(own_value(deck, "ui.width"), "full") == 0 ? TEXT_FULL : TEXT_SAFE;
	deck_say(deck, ROLE_MESSAGE, on ? "Nothing but ASCII is shown." : "Everything that the terminal can show is shown.");
	return true;
}

static bool set_width(struct deck *deck, const char *value)
{
	bool full = strcmp(value, "full") == 0;

	if (!full && strcmp(value, "safe") != 0) {
		deck_say(deck, ROLE_WARN, "'width' is safe or full, not '%.40s'.", value);
		return false;
	}
	if (deck->canvas.ascii) {
		deck_say(deck, ROLE_WARN, "Only ASCII is shown: there is nothing to choose.");
		return false;
	}
	deck->canvas.mode = full ? TEXT_FULL : TEXT_SAFE;
	deck_say(deck, ROLE_MESSAGE, full ? "Characters are shown as they are." : "Characters that terminals draw differently are replaced.");
	return true;
}

static const struct {
	const char *name;
	bool (*set)(struct deck *deck, const char *value);
	const char *values[5];
} looks[] = {
	{ "theme", set_theme, { "dark", "light", "mono", "clear" } },
	{ "ascii", set_ascii, { "on", "off" } },
	{ "width", set_width, { "safe", "full" } },
	{ "mouse", set_mouse, { "on", "off" } },
	{ "links", set_links, { "on", "off" } },
};

static_assert(ARRAY_LEN(looks) == DECK_OWN_COUNT, "each has a place in the deck for its value");

/* SIZE_MAX: it is not one of them. */
static size_t look_of(const char *setting)
{
	size_t len = strncmp(setting, "ui.", 3) == 0 ? 3 : 0;

	for (size_t i = 0; i < ARRAY_LEN(looks); i++)
		if (strcmp(looks[i].name, setting + len) == 0)
			return i;
	return SIZE_MAX;
}

bool own_can(const char *setting)
{
	return strncmp(setting, "ui.", 3) == 0 && look_of(setting) != SIZE_MAX;
}

bool own_has(const struct deck *deck, const char *setting)
{
	return own_can(setting) && *deck->own[look_of(setting)];
}

const char *own_value(const struct deck *deck, const char *setting)
{
	return own_has(deck, setting) ? deck->own[look_of(setting)] : settings_text(deck->app->settings, setting);
}

void own_change(struct deck *deck, const char *setting)
{
	char line[80];

	snprintf(line, sizeof(line), "set %.60s ", looks[look_of(setting)].name);
	prompt_open(deck, PROMPT_COMMAND);
	line_set(&deck->prompt.line, line);
}

static const struct prompt_match words[] = {
	{ "theme", "other colours: dark, light, mono, clear, or one's own" },
	{ "set", "how it looks until the deck is left, and the mouse: theme, ascii, width, mouse, links" },
};

/* With a period alone that of the account under the cursor is compared; else it is the command. */
static bool reconcile(struct deck *deck, const char *const *line, size_t count)
{
	const struct view *top = deck_top(deck);
	struct account account;

	return count == 2 && !deck->app->readonly && top->kind->subject && top->kind->subject(top, &account) &&
	       reconcile_view_begin(deck, &account, line[1]);
}

bool own_run(struct deck *deck, const char *const *line, size_t count)
{
	bool set = strcmp(line[0], "set") == 0;
	const char *name = set && count > 1 ? line[1] : line[0];
	size_t look;

	if (strcmp(line[0], "reconcile") == 0)
		return reconcile(deck, line, count);
	if (!set && strcmp(line[0], "theme") != 0)
		return false;
	if (count != (set ? 3 : 2)) {
		deck_say(deck, ROLE_WARN, set ? ":set NAME VALUE, of theme, ascii, width, mouse, links." : ":theme NAME, of dark, light, mono, clear, or one's own.");
		return true;
	}
	look = look_of(name);
	if (look == SIZE_MAX)
		deck_say(deck, ROLE_WARN, "'%.40s' cannot be set here; {settings} shows all, and where they belong.", name);
	else if (looks[look].set(deck, line[count - 1]))
		snprintf(deck->own[look], sizeof(deck->own[look]), "%s", line[count - 1]);
	return true;
}

static size_t values_of(const char *name, size_t len, const char *begun, size_t most, struct prompt_match *ret_matches)
{
	size_t found = 0;

	for (size_t i = 0; i < ARRAY_LEN(looks); i++) {
		if (strlen(looks[i].name) != len || memcmp(looks[i].name, name, len) != 0)
			continue;
		for (size_t k = 0; looks[i].values[k] && found < most; k++)
			if (strncmp(looks[i].values[k], begun, strlen(begun)) == 0)
				ret_matches[found++] = (struct prompt_match){ looks[i].values[k], "" };
	}
	return found;
}

size_t own_matches(const char *text, size_t most, struct prompt_match *ret_matches)
{
	const char *rest = strncmp(text, "set ", 4) == 0 ? text + 4 : text;
	size_t found = 0, len = strcspn(rest, " ");

	if (rest[len] == ' ')
		return values_of(rest, len, rest + len + 1, most, ret_matches);
	for (size_t i = 0; rest == text && i < ARRAY_LEN(words) && found < most; i++)
		if (strncmp(words[i].name, text, strlen(text)) == 0)
			ret_matches[found++] = words[i];
	for (size_t i = 0; rest != text && i < ARRAY_LEN(looks) && found < most; i++)
		if (strncmp(looks[i].name, rest, len) == 0)
			ret_matches[found++] = (struct prompt_match){ looks[i].name, "" };
	return found;
}
