/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The keys in force: those of the table of actions, with the rows of a keys file laid over them. A row is an action's id
 * and the keys that start it instead of its own, "none" for none.
 */
#ifndef LEDGERDECK_COMMAND_KEYS_H
#define LEDGERDECK_COMMAND_KEYS_H

#include "ledgerdeck/command/actions.h"
#include "ledgerdeck/core/error.h"
#include "ledgerdeck/core/str.h"
#include "ledgerdeck/settings/settings.h"

struct keys;

struct keys *keys_new(void);                  /* those of the table */
void keys_free(struct keys *keys);            /* NULL does nothing */
void keys_freep(struct keys **keys);          /* for AUTO() */
/*
 * Error INPUT, with file and line: an unknown id or key (with the nearest), an id twice, a key that means two things in
 * one place, no key left that leads out of the deck.
 */
bool keys_parse(const char *text, const char *file, struct keys **ret_keys, struct error *err);
/* The keys file of the settings; where it is absent and was not asked for by name, the table's alone. */
bool keys_load(const struct settings *settings, struct keys **ret_keys, struct error *err);
bool keys_load_file(const char *path, struct keys **ret_keys, struct error *err);

/* What a key starts where these places count; ACTION_NONE: nothing. */
enum action keys_action(const struct keys *keys, struct key key, unsigned where);
/* The name of its first key; ":retry" when it has none. KEYS_NAME_MAX bytes; returns `out`. */
#define KEYS_NAME_MAX 40
char *keys_name(const struct keys *keys, enum action action, char *out);
bool keys_has(const struct keys *keys, enum action action);   /* any key at all */
void keys_add_names(const struct keys *keys, enum action action, struct str *out); /* "j Down"; nothing when it has none */
void keys_add_origin(const struct keys *keys, enum action action, struct str *out); /* "built in", "FILE:LINE" */
/* A text of ours in which "{retry}" stands for the name of that action's key. */
void keys_add_text(const struct keys *keys, const char *text, struct str *out);
/* The same for a format that printf takes afterwards. Returns the text of `room`, which is filled with it. */
const char *keys_format(const struct keys *keys, const char *format, struct str *room) __attribute__((format_arg(2)));

#endif
