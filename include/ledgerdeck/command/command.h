/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Each verb once: for keys, for the ":" prompt and for the shell. A command takes its arguments by
 * name, does its work over sync, connect and store, and hands its result to a printer; it never
 * prints by itself and never asks a person but through `ask`.
 */
#ifndef LEDGERDECK_COMMAND_COMMAND_H
#define LEDGERDECK_COMMAND_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledgerdeck/model/personal.h"
#include "ledgerdeck/sync/sync.h"

/* Exit codes of the program, everywhere the same. */
enum command_exit {
	EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_PERSON = 3, EXIT_PARTLY = 4, EXIT_UNKNOWN = 5,
	EXIT_STALE = 6, EXIT_LOCKED = 7, EXIT_BUDGET = 8, EXIT_CHANGES = 9, EXIT_INTERRUPTED = 130,
};
/* What an error means to a shell: 2 for what was asked wrongly, 7 for what is locked or not connected, ... */
enum command_exit command_exit_of(const struct error *error);

/* A column of a table, in order; the last has no name. Each row gives a value for each of them. */
struct printer_column {
	const char *name;
	bool detail;             /* for programs: not in a table that people read */
};

/* How far work has come, all of it together. */
struct printer_progress {
	const char *account;     /* what was told of last; "" none */
	const char *type;
	int64_t done, all;       /* types */
	int64_t failed;          /* of the done ones */
	int64_t records;         /* read so far */
	int64_t rate;            /* records a second, lately */
	int64_t took_ms;
	int64_t left_ms;         /* -1: nobody can say */
	int64_t wait_ms;         /* what was told of last waits so long; 0: it does not */
	int64_t copied, to_copy; /* bytes of a file: nothing else is told then; to_copy 0: it is no copying */
	int64_t planned;         /* documents that were looked at: nothing else is told then; 0: it is no planning */
	const char *compared;    /* what is read to be compared, with `records` of it: nothing else is told then; NULL: it is no comparing */
};

/*
 * Where results go: a table of named columns, one object of named values, or text. Text, JSON
 * and CSV printers implement it; the deck has its own. A command gives at most one result.
 */
struct printer {
	/* "accounts": the result begins; a table with these columns, NULL: one object. */
	void (*begin)(void *ctx, const char *what, const struct printer_column *columns);
	void (*row)(void *ctx);                                          /* a row of the table begins */
	void (*text)(void *ctx, const char *name, const char *value);    /* NULL value: null */
	void (*number)(void *ctx, const char *name, int64_t value);
	void (*decimal)(void *ctx, const char *name, const char *digits); /* right-aligned, a JSON number; NULL: null */
	void (*time)(void *ctx, const char *name, int64_t ms);           /* 0: never */
	void (*flag)(void *ctx, const char *name, bool value);
	void (*json)(void *ctx, const char *name, const char *json, size_t len); /* a JSON value as it is */
	void (*end)(void *ctx);
	void (*flush)(void *ctx);  /* show what there is, more may come late; right after begin: each row is shown at once */
	void (*raw)(void *ctx, const char *bytes, size_t len);           /* instead of begin to end: bytes as they are */
	void (*note)(void *ctx, const char *text);                       /* for people, on stderr or the message line */
	void (*must)(void *ctx, const char *line);                       /* as note, quiet or not, one line, not wrapped */
	void (*code)(void *ctx, const char *text);                       /* a QR code of it, if it fits; NULL: there is none */
	void (*progress)(void *ctx, const struct printer_progress *progress); /* NULL: not wanted; a NULL one: it is over */
	bool (*is_broken)(void *ctx);                                    /* nobody takes more: a closed pipe, a full disk */
	bool brief;              /* for people: rows without news may be left out */
	void *ctx;
};

enum ask_kind {
	ASK_LINE,     /* one line, shown while it is typed */
	ASK_HIDDEN,   /* one line, never shown */
	ASK_PASTE,    /* all that is pasted, over several lines or not, never shown */
};

enum app_colour { COLOUR_AUTO /* unless NO_COLOR says otherwise */, COLOUR_NEVER, COLOUR_ALWAYS };

struct terminal_facts {
	char type[64];           /* TERM; "" none */
	bool known;              /* it is described on this machine */
	int colours;
	bool utf8;
};

/*
 * What a command may use. One in main; a program with several threads gives each a copy of its own, in which `store`,
 * `transport` and `holder` are empty (they are the thread's own), `events` is NULL (one thread takes them) and `cancel` is what
 * interrupts that thread. Settings, catalogue, vault and engine are shared: they are not changed, or lock by themselves. Before
 * app_close() such a copy gives up what is shared by setting `vault`, `sync` and `events` to NULL.
 */
struct app {
	struct settings *settings;
	struct catalogue *catalogue;
	struct env env;
	char store_path[4096];
	char store_flag[4096];        /* --store; "" : by the settings */
	struct store *store;          /* this thread's; NULL until needed */
	bool store_writes;
	struct vault *vault;          /* NULL until unlocked */
	struct sync *sync;            /* NULL until needed */
	bool sync_runs;               /* its workers are started */
	struct queue *events;         /* of the engine; NULL until needed */
	struct transport transport;   /* this thread's; without `perform` until needed */
	struct cancel *cancel;        /* interrupt */
	char who[128];
	char holder[96];              /* host and pid */
	bool readonly;
	bool interactive;             /* a person is there */
	bool fresh;                   /* the deck opens on the dashboard */
	bool plain;                   /* the deck is lines */
	enum app_colour colour;
	/*
	 * Ask a person ("Company id: "). The text is the caller's. Errors: INPUT (nobody there), CANCELLED (interrupted, or
	 * `until` was asked while waiting).
	 */
	bool (*ask)(void *ctx, const char *prompt, enum ask_kind kind, struct cancel *until, struct secret **ret_text,
		    struct error *err);
	void *ask_ctx;
	/* Open the deck where the demo has prepared everything; NULL: this program has none. */
	enum command_exit (*deck)(struct app *app, struct error *err);
	void (*terminal)(struct terminal_facts *ret_facts); /* what the shell's terminal is like; NULL: there is none */
};
void app_close(struct app *app);
/*
 * Bring up what a command needs; each is idempotent. Errors: STORE, AUTH (locked, no vault), INPUT. app_vault() may ask
 * for the passphrase.
 */
bool app_store(struct app *app, bool write, struct error *err);
bool app_vault(struct app *app, struct error *err);
/* Are values about persons shown, by the setting ui.personal? */
enum personal app_personal(const struct app *app);
bool app_has_vault(struct app *app);         /* is there a store, and a vault in it? Needs no key */
bool app_sync(struct app *app, struct error *err);
/* What connect/ works with, in this thread; needs vault and a store that is open for writing. Valid as long as `app`. */
void app_world(struct app *app, struct connect_world *ret_world);

struct argument_row {
	const char *name;       /* "--type", "ACCOUNT" (a word by its place) */
	const char *value;      /* "TYPE" for options with a value, "[NAME]" when it may be left out, NULL for flags; words: NULL */
	bool many;              /* may come several times */
	bool required;
	const char *help;
};

struct arguments;           /* parsed; by command_parse() */
const char *argument(const struct arguments *arguments, const char *name);          /* the last; NULL: not given */
const char *const *argument_all(const struct arguments *arguments, const char *name); /* NULL at the end; NULL: not given */
bool argument_given(const struct arguments *arguments, const char *name);

enum { NEEDS_STORE = 1, NEEDS_WRITE = 2, NEEDS_VAULT = 4, NEEDS_SYNC = 8, CHANGES_THINGS = 16 /* not with --readonly */ };

struct command {
	const char *name;            /* "sync", "vault status" */
	const char *summary;         /* one line, lower case start */
	unsigned needs;
	const struct argument_row *arguments;
	size_t argument_count;
	const char *const *examples; /* for help, NULL at the end; NULL: none */
	enum command_exit (*run)(struct app *app, const struct arguments *arguments, const struct printer *printer,
				 struct error *err);
};

/* Options that stand before or behind any command; what they mean is the face's. */
const struct argument_row *command_globals(size_t *ret_count);
/* In the order of help. */
const struct command *const *command_all(size_t *ret_count);
/* By name; `ret_near` (may be NULL) is the nearest name when there is none, NULL when none comes near. */
const struct command *command_find(const char *name, const char **ret_near);
/* Words to arguments. Error INPUT: unknown option (with the nearest), missing word, value missing. */
bool command_parse(const struct command *command, int count, char *const *words, struct arguments **ret_arguments,
		   struct error *err);
void arguments_free(struct arguments *arguments);
void arguments_freep(struct arguments **arguments); /* for AUTO() */
/* Bring up what it needs, run it. A code other than EXIT_DONE may come without an error: then the result says why. */
enum command_exit command_run(struct app *app, const struct command *command, const struct arguments *arguments,
			      const struct printer *printer, struct error *err);

#endif
