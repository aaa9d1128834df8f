/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Layers of settings, each laid over the one before it: built in, system file, user file, profile
 * sections, per-directory file, names of other services, our own names, flags. Names come from the
 * environment, then from --env-file. A name that nobody knows or a value that cannot be is an error
 * where it stands.
 */
#include "ledgerdeck/settings/settings.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"
#include "rows.h"
#include "value.h"
#include "variables.h"

#define PROSETTINGS_FILE_MAX 24           /* with it, a section's name stays as short as the parser wants it */
#define PREFIX "LEDGERDECK__"

struct value {
	char *text;             /* owned */
	int64_t number;
	char *origin;           /* owned */
	struct secret *secret;  /* owned; of sensitive rows, whose text stays "" */
};

struct settings {
	struct value *values;   /* owned: one a row */
};

static const struct setting_row *row_at(size_t index)
{
	size_t count;

	return &settings_rows(&count)[index];
}

static size_t row_count(void)
{
	size_t count;

	settings_rows(&count);
	return count;
}

/* SIZE_MAX: there is none. */
static size_t row_find(const char *name)
{
	for (size_t i = 0; i < row_count(); i++)
		if (strcmp(row_at(i)->name, name) == 0)
			return i;
	return SIZE_MAX;
}

/* Letters that must change to make one name the other. */
static size_t distance(const char *a, const char *b)
{
	size_t row[64], len = strlen(b);

	if (len >= ARRAY_LEN(row))
		return SIZE_MAX;
	for (size_t k = 0; k <= len; k++)
		row[k] = k;
	for (size_t i = 1; a[i - 1]; i++) {
		size_t before = row[0];

		row[0] = i;
		for (size_t k = 1; k <= len; k++) {
			size_t change = before + (a[i - 1] != b[k - 1]);

			before = row[k];
			row[k] = change;
			if (before + 1 < row[k])
				row[k] = before + 1;
			if (row[k - 1] + 1 < row[k])
				row[k] = row[k - 1] + 1;
		}
	}
	return row[len];
}

/* NULL: none comes near. A third of the letters may differ, two at least. */
static const char *nearest(const char *name)
{
	const char *best = NULL;
	size_t least = strlen(name) < 9 ? 3 : strlen(name) / 3 + 1;

	for (size_t i = 0; i < row_count(); i++) {
		size_t far = distance(name, row_at(i)->name);

		if (far < least) {
			least = far;
			best = row_at(i)->name;
		}
	}
	return best;
}

static bool set(struct settings *settings, size_t index, const char *text, const char *origin, struct error *err)
{
	const struct setting_row *row = row_at(index);
	struct value *value = &settings->values[index];
	const char *want = "";
	int64_t number;

	if (!setting_value_check(row, text, &number, &want)) {
		/* An address that is refused may hold a password. */
		bool hidden = (row->flags & SETTING_SENSITIVE) || (row->kind == SETTING_ADDRESS && strchr(text, '@'));
		const char *shown = hidden ? "<hidden>" : text;

		if (!want)
			return error_set(err, ERROR_INPUT, "%s: '%s' is '%.40s', but must lie between %lld and %lld", origin,
					 row->name, shown, (long long)row->min, (long long)row->max);
		return error_set(err, ERROR_INPUT, "%s: '%s' is '%.40s', but must be %s", origin, row->name, shown, want);
	}
	free(value->text);
	free(value->origin);
	secret_free(value->secret);
	value->secret = NULL;
	value->origin = memory_copy_text(origin);
	value->number = number;
	if ((row->flags & SETTING_SENSITIVE) && *text) {
		value->secret = secret_copy(text, strlen(text));
		text = "";
	}
	value->text = memory_copy_text(text);
	return true;
}

static bool set_by_name(struct settings *settings, const char *name, const char *text, const char *origin,
			struct error *err)
{
	size_t index = row_find(name);
	const char *near;

	if (index == SIZE_MAX) {
		if (strcmp(name, "vault.passphrase") == 0)
			return error_set(err, ERROR_INPUT, "%s: a passphrase is taken from no setting and no variable, where others can "
					 "read it; it is asked for, or comes on standard input", origin);
		near = nearest(name);
		return error_set(err, ERROR_INPUT, "%s: there is no setting '%.60s'%s%s%s", origin, name,
				 near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
	}
	return set(settings, index, text, origin, err);
}

/* What one pass over a file knows. */
struct reading {
	struct settings *settings;
	const char *path;
	const char *text;    /* what is left of it */
	struct str value;    /* of a line that is longer than the parser's; "" : the parser has it */
	int line;
	bool local;
	const char *profile; /* NULL: the plain sections; else only those of [profile.NAME.section] */
	struct error *err;
	int failed;          /* line of the first failure that err tells of; 0: none */
};

/* A long line: the parser gets its name, take_line() the value, as the parser would make it. */
static size_t split_line(struct reading *reading, const char *line, size_t len, size_t room)
{
	size_t name = strcspn(line, "=:"), end;

	if (*line == '#' || *line == ';')
		return 0;
	if (name >= len || name + 2 > room)
		return room - 1;
	for (end = name + 1; end < len; end++)
		if (line[end] == ';' && isspace((unsigned char)line[end - 1]))
			break;
	while (end > name + 1 && isspace((unsigned char)line[end - 1]))
		end--;
	line += name + 1;
	end -= name + 1;
	while (end > 0 && isspace((unsigned char)*line))
		line++, end--;
	str_add_bytes(&reading->value, line, end);
	return name + 1;
}

static char *next_line(char *out, int room, void *ctx)
{
	struct reading *reading = ctx;
	size_t len, taken;

	if (!*reading->text)
		return NULL;
	reading->line++;
	value_wipe(&reading->value);
	/* Blanks at the start mean nothing here; the parser would add the line to the value before it. */
	reading->text += strspn(reading->text, " \t");
	len = strcspn(reading->text, "\n");
	taken = len < (size_t)room ? len : split_line(reading, reading->text, len, (size_t)room);
	snprintf(out, (size_t)room, "%.*s", (int)taken, reading->text);
	reading->text += len + (reading->text[len] == '\n');
	return out;
}

/* Which setting a section and key mean in this pass; "" : none of ours. */
static bool full_name(struct reading *reading, const char *section, const char *key, struct str *out)
{
	size_t len = reading->profile ? strlen(reading->profile) : 0;

	if (strncmp(section, "profile.", 8) == 0) {
		if (!reading->profile || strncmp(section + 8, reading->profile, len) != 0 || section[8 + len] != '.')
			return false;
		section += 8 + len + 1;
	} else if (reading->profile) {
		return false;
	}
	str_addf(out, "%s%s%s", section, *section ? "." : "", key);
	return true;
}

static int take_line(void *ctx, const char *section, const char *key, const char *text)
{
	struct reading *reading = ctx;
	AUTO(str_clear) struct str name = STR_INIT(200);
	AUTO(str_clear) struct str origin = STR_INIT(5000);
	size_t index;

	if (reading->failed || !full_name(reading, section, key, &name))
		return 1;
	str_addf(&origin, "%s:%d", reading->path, reading->line);
	index = row_find(name.text);
	if (reading->local && index != SIZE_MAX && (row_at(index)->flags & SETTING_NOT_LOCAL)) {
		reading->failed = reading->line;
		error_set(reading->err, ERROR_INPUT, "%s: '%s' may not be set by a file of the directory", origin.text, name.text);
		return 0;
	}
	if (reading->value.len > 0)
		text = reading->value.text;
	if (!set_by_name(reading->settings, name.text, text, origin.text, reading->err)) {
		reading->failed = reading->line;
		return 0;
	}
	return 1;
}

static bool is_absent(const char *path)
{
	return access(path, F_OK) < 0 && (errno == ENOENT || errno == ENOTDIR);
}

static bool load_file(struct settings *settings, const char *path, bool local, const char *profile, struct error *err)
{
	AUTO(value_wipe) struct str text = STR_INIT(SETTINGS_FILE_MAX);
	struct reading reading = { .settings = settings, .path = path, .local = local, .profile = profile, .err = err,
				   .value = STR_INIT(SETTINGS_FILE_MAX) };
	int bad;

	if (!path || !*path || is_absent(path))
		return true;
	if (!file_read(path, SETTINGS_FILE_MAX, &text, err))
		return error_prefix(err, "cannot read the settings");
	if (strlen(text.text) != text.len)
		return error_set(err, ERROR_INPUT, "'%s' is no text: it holds a NUL byte", path);
	reading.text = text.text;
	bad = ini_parse_stream(next_line, &reading, take_line, &reading);
	value_wipe(&reading.value);
	/* The parser's own complaint may be about a line before. */
	if (reading.failed && reading.failed <= bad)
		return false;
	if (bad != 0)
		return error_set(err, ERROR_INPUT, "%s:%d: this is neither '[section]' nor 'name = value'", path, bad);
	return true;
}

/* "LEDGERDECK__SYNC__INTERVAL" to "sync.interval". */
static bool own_name(const char *variable, size_t len, struct str *out)
{
	if (len <= strlen(PREFIX) || strncmp(variable, PREFIX, strlen(PREFIX)) != 0)
		return false;
	for (size_t i = strlen(PREFIX); i < len; i++) {
		if (variable[i] == '_' && i + 1 < len && variable[i + 1] == '_') {
			str_add_char(out, '.');
			i++;
		} else {
			str_add_char(out, (char)tolower((unsigned char)variable[i]));
		}
	}
	return true;
}

/* Other services write some values in other ways. */
static void add_alias_value(const struct settings_alias *alias, const char *text, struct str *out)
{
	static const char *const levels[][2] = { { "warning", "warn" }, { "critical", "error" }, { "fatal", "error" } };

	str_add(out, text);
	if (alias->form == ALIAS_MINUTES && strspn(text, "0123456789") == strlen(text))
		str_add(out, "m");
	if (alias->form != ALIAS_WORD)
		return;
	for (size_t i = 0; i < out->len; i++)
		out->text[i] = (char)tolower((unsigned char)out->text[i]);
	for (size_t i = 0; i < ARRAY_LEN(levels); i++)
		if (strcmp(out->text, levels[i][0]) == 0) {
			str_reset(out);
			str_add(out, levels[i][1]);
		}
}

static void add_origin(const struct variables *variables, const struct variable *variable, struct str *out)
{
	if (variable->line)
		str_addf(out, "%s:%d", variables->path, variable->line);
	else
		str_addf(out, "environment %.*s", (int)variable->name_len, variable->name);
}

/* `redirect` is the ending of the row that a redirect address of another service means. */
static bool take_alias(struct settings *settings, const struct variables *variables, const struct settings_alias *alias,
		       const char *redirect, struct error *err)
{
	for (size_t i = 0; i < variables->count; i++) {
		const struct variable *variable = &variables->items[i];
		AUTO(value_wipe) struct str value = STR_INIT(STR_NO_LIMIT);
		AUTO(str_clear) struct str name = STR_INIT(200), origin = STR_INIT(5000);

		if (strlen(alias->variable) != variable->name_len || (alias->file_only && !variable->line) ||
		    strncmp(alias->variable, variable->name, variable->name_len) != 0 || !*variable->value)
			continue;
		add_alias_value(alias, variable->value, &value);
		str_addf(&name, "%s%s", alias->name, alias->form == ALIAS_REDIRECT ? redirect : "");
		add_origin(variables, variable, &origin);
		if (!set_by_name(settings, name.text, value.text, origin.text, err))
			return false;
	}
	return true;
}

static bool take_own(struct settings *settings, const struct variables *variables, const struct variable *variable,
		     struct error *err)
{
	AUTO(str_clear) struct str name = STR_INIT(200), origin = STR_INIT(5000);

	if (!own_name(variable->name, variable->name_len, &name))
		return true;
	add_origin(variables, variable, &origin);
	return set_by_name(settings, name.text, variable->value, origin.text, err);
}

static bool load_flags(struct settings *settings, const char *const *flags, struct error *err)
{
	for (size_t i = 0; flags && flags[i]; i++) {
		size_t len = strcspn(flags[i], "=");
		AUTO(memory_freep) char *name = memory_copy(flags[i], len);

		/* Only what looks like a name is shown: the rest may be a secret. */
		if (!flags[i][len])
			return error_set(err, ERROR_INPUT, "--set needs NAME=VALUE, not '%.*s'",
					 (int)strspn(name, "abcdefghijklmnopqrstuvwxyz_."), name);
		if (row_find(name) != SIZE_MAX && (row_at(row_find(name))->flags & SETTING_SENSITIVE))
			return error_set(err, ERROR_INPUT, "'%s' is a secret: argument lists are public, so it is not taken from one",
					 name);
		if (!set_by_name(settings, name, flags[i] + len + 1, "flag", err))
			return false;
	}
	return true;
}

static void settings_freep(struct settings **settings)
{
	settings_free(*settings);
}

static bool check_profile(const char *profile, struct error *err)
{
	size_t len = profile ? strlen(profile) : 1;

	if (len > 0 && len <= PROSETTINGS_FILE_MAX &&
	    (!profile || strspn(profile, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") == len))
		return true;
	return error_set(err, ERROR_INPUT, "--profile needs a name of at most %d letters, digits, '-' and '_', not '%.40s'",
			 PROSETTINGS_FILE_MAX, profile);
}

static bool load_files(struct settings *settings, const struct settings_sources *sources, struct error *err)
{
	const char *files[] = { sources->system_file, sources->user_file };

	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		if (!load_file(settings, files[i], false, NULL, err))
			return false;
	for (size_t i = 0; sources->profile && i < ARRAY_LEN(files); i++)
		if (!load_file(settings, files[i], false, sources->profile, err))
			return false;
	return load_file(settings, sources->local_file, true, NULL, err);
}

static bool load_variables(struct settings *settings, const struct settings_sources *sources, const char *redirect,
			   struct error *err)
{
	AUTO(variables_clear) struct variables environment = VARIABLES_INIT, file = VARIABLES_INIT;
	const struct variables *both[] = { &environment, &file };

	variables_add_environment(&environment, sources->environment);
	if (sources->env_file && !variables_add_file(&file, sources->env_file, err))
		return false;
	/* Of several names for one setting the first of the table counts, in whatever order they come. */
	for (size_t i = 0; i < ARRAY_LEN(both); i++)
		for (size_t k = settings_alias_count; k-- > 0;)
			if (!take_alias(settings, both[i], &settings_aliases[k], redirect, err))
				return false;
	for (size_t i = 0; i < ARRAY_LEN(both); i++)
		for (size_t k = 0; k < both[i]->count; k++)
			if (!take_own(settings, both[i], &both[i]->items[k], err))
				return false;
	return true;
}

static struct settings *load(const struct settings_sources *sources, const char *redirect, struct error *err)
{
	AUTO(settings_freep) struct settings *settings = memory_new(sizeof(*settings));

	settings->values = memory_new(row_count() * sizeof(*settings->values));
	for (size_t i = 0; i < row_count(); i++)
		if (!set(settings, i, row_at(i)->value, "built in", err))
			return NULL;
	if (!load_files(settings, sources, err) || !load_variables(settings, sources, redirect, err) ||
	    !load_flags(settings, sources->flags, err))
		return NULL;
	return memory_steal(&settings);
}

bool settings_load(const struct settings_sources *sources, struct settings **ret_settings, struct error *err)
{
	AUTO(settings_freep) struct settings *first = NULL;
	struct settings *settings;

	if (!check_profile(sources->profile, err))
		return false;
	/* Other services have one redirect address: it is that of the environment, which any layer may choose. */
	first = load(sources, "production", err);
	settings = first ? load(sources, settings_text(first, "quickbooks.environment"), err) : NULL;
	if (!settings)
		return false;
	*ret_settings = settings;
	return true;
}

void settings_free(struct settings *settings)
{
	if (!settings)
		return;
	for (size_t i = 0; settings->values && i < row_count(); i++) {
		free(settings->values[i].text);
		free(settings->values[i].origin);
		secret_free(settings->values[i].secret);
	}
	free(settings->values);
	free(settings);
}

bool settings_known(const char *name)
{
	return row_find(name) != SIZE_MAX;
}

const char *settings_of_provider(const char *provider, const char *what)
{
	const char *const sections[] = { provider, "sync" };

	for (size_t i = 0; i < ARRAY_LEN(sections); i++) {
		AUTO(str_clear) struct str name = STR_INIT(200);
		size_t index;

		str_addf(&name, "%s.%s", sections[i], what);
		index = row_find(name.text);
		if (index != SIZE_MAX)
			return row_at(index)->name;
	}
	return NULL;
}

static const struct value *value_of(const struct settings *settings, const char *name)
{
	size_t index = row_find(name);

	assert(index != SIZE_MAX);
	return &settings->values[index];
}

const char *settings_text(const struct settings *settings, const char *name)
{
	return value_of(settings, name)->text;
}

int64_t settings_number(const struct settings *settings, const char *name)
{
	return value_of(settings, name)->number;
}

bool settings_flag(const struct settings *settings, const char *name)
{
	return value_of(settings, name)->number != 0;
}

const char *settings_origin(const struct settings *settings, const char *name)
{
	return value_of(settings, name)->origin;
}

const struct secret *settings_secret(const struct settings *settings, const char *name)
{
	return value_of(settings, name)->secret;
}
