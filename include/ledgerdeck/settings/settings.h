/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The table of settings and its layers: built in, system file, user file, profile, per-directory
 * file, names of other services, our own LEDGERDECK__SECTION__KEY, flags; the later wins. Names are
 * taken from the environment, then from --env-file. Each value knows where it came from. After
 * loading it is constant.
 */
#ifndef LEDGERDECK_SETTINGS_SETTINGS_H
#define LEDGERDECK_SETTINGS_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledgerdeck/core/error.h"
#include "ledgerdeck/core/secret.h"
#include "ledgerdeck/core/str.h"

enum setting_kind { SETTING_TEXT, SETTING_NUMBER, SETTING_DURATION /* seconds: "90", "5m", "2h", "1d" */,
		    SETTING_SIZE /* bytes: "64M" */, SETTING_FLAG, SETTING_WORD /* one of words */,
		    SETTING_PATH, SETTING_ADDRESS };

enum {
	SETTING_SENSITIVE = 1, /* never printed, taken once, sealed; its removal is advised */
	SETTING_NOT_LOCAL = 2, /* a per-directory file may not set it: addresses, keys, destinations */
};

struct setting_row {
	const char *name;      /* "sync.interval" */
	enum setting_kind kind;
	const char *value;     /* built-in; "" : none */
	const char *words;     /* SETTING_WORD: "a|b"; SETTING_ADDRESS: schemes, NULL: https, or http to this machine */
	int64_t min, max;      /* numbers, durations, sizes; both 0: any */
	unsigned flags;
	const char *help;      /* one line */
};
/* The table, in order of the man page. */
const struct setting_row *settings_rows(size_t *ret_count);
const char *setting_kind_word(enum setting_kind kind);  /* "duration" */
/* What it takes: "a time such as 90s, 5m, 2h or 1d, from 1m to 50m". Appended. */
void setting_add_allowed(const struct setting_row *row, struct str *out);
/* Its own name as a variable: "LEDGERDECK__SYNC__INTERVAL". Appended. */
void setting_add_variable(const char *setting, struct str *out);
/*
 * What other services call a setting: the first from place `*at` (0 to begin with) on, which is moved behind it; NULL:
 * no more. `ret_file_only`: it counts only in a file named with --env-file.
 */
const char *settings_variable(const char *setting, size_t *at, bool *ret_file_only);

struct settings;

struct settings_sources {
	const char *system_file;      /* NULL or absent: none */
	const char *user_file;        /* NULL or absent: none */
	const char *local_file;       /* NULL or absent: none */
	const char *profile;          /* --profile NAME: sections [profile.NAME.section]; NULL: none */
	const char *env_file;         /* --env-file FILE; NULL: none */
	const char *const *environment; /* "NAME=value" texts, NULL at the end */
	const char *const *flags;     /* "name=value" of --set, NULL at the end */
};
/* Errors INPUT: unknown name (with the nearest) or bad value, naming file and line. Absent files are no error. */
bool settings_load(const struct settings_sources *sources, struct settings **ret_settings, struct error *err);
void settings_free(struct settings *settings);

/* By a name of the table (asserted). Borrowed. */
const char *settings_text(const struct settings *settings, const char *name);
/* Is there such a row? What follows takes names of rows only. */
bool settings_known(const char *name);
/* What holds for one provider: its own row "xledger.interval", else the common one "sync.interval"; NULL: there is neither. Static. */
const char *settings_of_provider(const char *provider, const char *what);
int64_t settings_number(const struct settings *settings, const char *name); /* number, seconds, bytes, or flag as 0 and 1 */
bool settings_flag(const struct settings *settings, const char *name);
/* Where its value came from: "built in", "FILE:LINE", "environment NAME", "flag". */
const char *settings_origin(const struct settings *settings, const char *name);
/* A sensitive value found in one of the layers; NULL: none. Owned by the settings. */
const struct secret *settings_secret(const struct settings *settings, const char *name);

#endif
