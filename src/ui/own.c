/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ":theme" and ":set": how the deck looks and whether it takes the mouse, switched while it is open. What shall last stands in the settings. */
#include <stdio.h>
#include <string.h>

#include "deck.h"
#include "ledgerdeck/core/memory.h"

static void set_theme(struct deck *deck, const char *value)
{
	struct error err = { 0 };
	struct theme theme;

	if (deck->screen ? !screen_theme(deck->screen, value, &err) : !theme_load(value, 256, &theme, &err))
		deck_tell(deck, &err);
	else
		deck_say(deck, ROLE_MESSAGE, "The theme is '%s' until the deck is left; the setting ui.theme keeps one.", value);
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

static void set_mouse(struct deck *deck, const char *value)
{
	bool on;

	if (!read_switch(deck, "mouse", value, &on))
		return;
	deck->mouse = on && !deck->plain;
	if (deck->plain)
		deck_say(deck, ROLE_WARN, "The deck is lines: no mouse can point at them.");
	else
		deck_say(deck, ROLE_MESSAGE, on ? "The wheel moves, a click chooses, a second one opens; most terminals select text with Shift held."
						: "The mouse is the terminal's own: it selects text.");
}

static void set_ascii(struct deck *deck, const char *value)
{
	bool on;

	if (!read_switch(deck, "ascii", value, &on))
		return;
	if (!on && !speaks_utf8(deck))
		deck_say(deck, ROLE_WARN, "The locale says that this terminal shows nothing beyond ASCII.");
	else {
		deck->canvas.ascii = on;
		deck->canvas.mode = on ? TEXT_ASCII : strcmp(settings_text(deck->app->settings, "ui.width"), "full") == 0 ? TEXT_FULL : TEXT_SAFE;
		deck_say(deck, ROLE_MESSAGE, on ? "Nothing but ASCII is shown." : "Everything that the terminal can show is shown.");
	}
}

static void set_width(struct deck *deck, const char *value)
{
	bool full = strcmp(value, "full") == 0;

	if (!full && strcmp(value, "safe") != 0)
		deck_say(deck, ROLE_WARN, "'width' is safe or full, not '%.40s'.", value);
	else if (deck->canvas.ascii)
		deck_say(deck, ROLE_WARN, "Only ASCII is shown: there is nothing to choose.");
	else {
		deck->canvas.mode = full ? TEXT_FULL : TEXT_SAFE;
		deck_say(deck, ROLE_MESSAGE, full ? "Characters are shown as they are." : "Characters that terminals draw differently are replaced.");
	}
}

static const struct {
	const char *name;
	void (*set)(struct deck *deck, const char *value);
	const char *values[5];
} looks[] = {
	{ "theme", set_theme, { "dark", "light", "mono", "clear" } },
	{ "ascii", set_ascii, { "on", "off" } },
	{ "width", set_width, { "safe", "full" } },
	{ "mouse", set_mouse, { "on", "off" } },
};

static const struct prompt_match words[] = {
	{ "theme", "other colours: dark, light, mono, clear, or one's own" },
	{ "set", "how it looks until the deck is left, and the mouse: theme, ascii, width, mouse" },
};

bool own_run(struct deck *deck, const char *const *line, size_t count)
{
	bool set = strcmp(line[0], "set") == 0;
	const char *name = set && count > 1 ? line[1] : line[0];

	if (!set && strcmp(line[0], "theme") != 0)
		return false;
	if (strncmp(name, "ui.", 3) == 0)
		name += 3;
	if (count != (set ? 3 : 2)) {
		deck_say(deck, ROLE_WARN, set ? ":set NAME VALUE, of theme, ascii, width, mouse." : ":theme NAME, of dark, light, mono, clear, or one's own.");
		return true;
	}
	for (size_t i = 0; i < ARRAY_LEN(looks); i++)
		if (strcmp(looks[i].name, name) == 0) {
			looks[i].set(deck, line[count - 1]);
			return true;
		}
	deck_say(deck, ROLE_WARN, "'%.40s' cannot be set here; 'settings' shows all, and where they belong.", name);
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
