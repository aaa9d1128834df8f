/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The deck itself, for the files that make it up: stack of views, lines around them, prompt, work under way. */
#ifndef UI_DECK_H
#define UI_DECK_H

#include "copies.h"
#include "ledgerdeck/command/keys.h"
#include "line.h"
#include "screen.h"
#include "strip.h"
#include "task.h"
#include "view.h"

#define DECK_VIEWS_MAX 16
#define DECK_MESSAGES_MAX 500
#define DECK_TEXT_MAX 400
#define DECK_HISTORY_MAX 50
#define DECK_PAST_MAX 50
#define DECK_OWN_COUNT 5       /* settings that can be changed while the deck is open */
#define DECK_UNDO_MAX 20
#define DECK_LINE_MAX 1200  /* bytes of such a line */

struct message {
	int64_t at_ms;       /* wall */
	enum role role;
	char text[DECK_TEXT_MAX];
};

struct progress_of { /* a type that is read just now */
	char account_id[ACCOUNT_ID_MAX];
	char type[64];
	int64_t records, of;
};

enum prompt_kind {
	PROMPT_NONE,
	PROMPT_COMMAND,  /* ":" */
	PROMPT_FILTER,   /* "/" of a list, "&" of the log */
	PROMPT_SEARCH,   /* "/" of a text or the log */
	PROMPT_PIPE,     /* "|" */
	PROMPT_TEXT,     /* what a view asked for */
};

struct prompt {
	enum prompt_kind kind;
	struct line line;
	char *history[DECK_HISTORY_MAX]; /* owned; of commands, the newest first */
	size_t history_count, history_at; /* history_at 0: the line itself */
	char before[512];                /* a filter as it stood */
	char complaint[DECK_TEXT_MAX];   /* what is wrong with what is typed; "" nothing */
	char label[80];                  /* PROMPT_TEXT: what is wanted */
	void *target;                    /* owned; of PROMPT_TEXT */
	void (*typed)(struct deck *deck, const void *target, const char *text);
};

struct done { /* a local act: the command that did it, and the one that undoes it, as lines of the ":" prompt */
	char act[DECK_LINE_MAX], undo[DECK_LINE_MAX], what[200];
};

struct deck {
	struct app *app;              /* borrowed: the main thread's */
	struct screen *screen;        /* owned; NULL in tests */
	struct canvas canvas;
	struct reader *reader;        /* owned */
	struct tasks *tasks;          /* owned */
	struct view *views[DECK_VIEWS_MAX]; /* owned; the last is on top */
	size_t view_count;
	uint64_t next_view;
	struct prompt prompt;
	struct dialog *dialog;        /* owned; it has all keys; NULL: none */
	struct done done[DECK_UNDO_MAX]; /* what can be undone, the oldest first; those behind done_at were undone */
	size_t done_count, done_at;
	struct keys *keys;            /* owned: those in force */
	char *past[DECK_PAST_MAX];    /* owned: where the operator was, as trail.h writes it, the oldest first */
	struct str chosen;            /* owned: columns by type, see chosen.h */
	uint64_t chosen_version;      /* grows with each choice */
	size_t past_count, past_at;   /* past_at: where he is among them; past_count: behind them */
	struct copies copies;         /* owned: those of the menu that is open, or is read for */
	struct strip strip;           /* below the list of the view on top */
	bool moved;                   /* since the last key the stack has changed */
	struct message *messages;     /* owned; DECK_MESSAGES_MAX, a ring */
	size_t message_count;         /* ever told */
	bool message_shown;           /* the newest stands on its line */
	struct progress_of *progress; /* owned */
	size_t progress_count, progress_room;
	struct job **jobs;            /* owned: kept when they are done, for their view; the oldest first */
	size_t job_count, job_room;
	bool unlocking;               /* the engine is being brought up */
	struct sync_task *later;      /* owned: what was asked for meanwhile, in order */
	bool scheduled;               /* the engine also does what falls due by itself */
	bool locked_by_hand;          /* an operator has locked it: it is not opened by itself */
	bool mouse;                   /* the mouse is ours, not the terminal's */
	uint64_t painted_view;        /* the number of the one that was on top when it was painted last */
	bool held;                    /* what others do is not shown */
	bool missed;                  /* ... and something was done */
	int64_t held_ms;              /* wall: since when */
	char own[DECK_OWN_COUNT][64]; /* what ":set" has set, by the rows of own.c; "" : nothing */
	bool dirty;
	bool urgent;                  /* somebody at the keys waits for what has come */
	bool ending;                  /* work is stopped, then the loop ends */
	bool leaving;                 /* the loop ends */
	bool plain;                   /* lines, no screen: see plain.h */
	bool demo;                    /* and the demo's deck comes after it */
	bool leave_at_once;           /* asked for while ending: what is under way is left to the next start */
	bool store_absent;            /* no store yet: the first run */
	int64_t interrupted_ms;       /* C-c on an idle view: when; 0: not lately */
};

/* deck.c */
/* `store`: opened for reading, taken; NULL: it is opened when it is there. Without a screen, which is set behind it. */
void deck_init(struct deck *deck, struct app *app, const char *store_path, struct store *store);
void deck_clear(struct deck *deck);
void deck_deliver(struct deck *deck);         /* answers of the reader, posts of tasks, events of the engine */
void deck_store_changed(struct deck *deck);   /* show what it has now */
void deck_rung(struct deck *deck);            /* somebody has changed it: shown unless it is held still */
int64_t deck_waited_ms(const struct deck *deck); /* how long the view on top waits for its answer; -1: it does not */
#define DECK_WAIT_MS 300                      /* what is waited for longer than that is said */
void deck_hold(struct deck *deck);            /* hold still, or go on */
const struct message *deck_message(const struct deck *deck, size_t back); /* 0: the newest; NULL: none */

/* The keys file anew: a bad one changes nothing and is told. `again`: say so, too, when it is in order. */
void deck_load_keys(struct deck *deck, bool again);
/* The engine was brought up, or could not be: what was asked for meanwhile begins, or is dropped. */
void deck_opened(struct deck *deck);

/* dispatch.c */
void deck_key(struct deck *deck, struct key key);
void deck_paste(struct deck *deck, struct secret *text); /* takes it */
void deck_begin(struct deck *deck);                      /* of what a key or the mouse does */
bool deck_take_gone(struct view *view);                  /* what vanished from under its cursor says so until now */
bool deck_act(struct deck *deck, enum action action);    /* by the view on top, else by the deck */
const char *deck_refuses(const struct deck *deck, enum action action); /* NULL: it may be done */
unsigned deck_where(const struct deck *deck);
bool deck_searches(const struct deck *deck); /* "/" looks for a text in the view on top, instead of narrowing it */

/* mouse.c */
void deck_mouse(struct deck *deck, struct mouse mouse);

/* handed.c: what the view on top shows, for others */
bool deck_has_rows(const struct deck *deck);
void deck_add_rows(struct deck *deck, struct str *out); /* what is marked, or under the cursor; of a text all of it */
bool deck_add_cli(struct deck *deck, struct str *out); /* the command of the shell; false: none shows the same */
void deck_tell_cli(struct deck *deck);

/* leave.c */
void deck_leave(struct deck *deck);           /* asks when commands run; again: at once */
void deck_end(struct deck *deck);             /* stops all work, then the loop ends */
void deck_check_end(struct deck *deck);       /* has it all stopped? */

/* undo.c: a local act is done, and could be undone. */
void deck_note_done(struct deck *deck, const char *act, const char *undo, const char *what);
void deck_undo(struct deck *deck, bool again /* what was undone */);

/* own.c: words behind ":" that are the deck's alone. False: it is none of them. */
bool own_run(struct deck *deck, const char *const *words, size_t count);
/* Settings that they change until the deck is left: which, whether one was, what is in force, and asking for another value. */
bool own_can(const char *setting);
bool own_has(const struct deck *deck, const char *setting);
const char *own_value(const struct deck *deck, const char *setting); /* borrowed */
void own_change(struct deck *deck, const char *setting);             /* own_can() */
/* Those that begin so, and what may stand behind them. */
struct prompt_match;
size_t own_matches(const char *text, size_t most, struct prompt_match *ret_matches);

/* prompt.c */
void prompt_open(struct deck *deck, enum prompt_kind kind);
/* Ask for a line of text: `typed` gets it with a copy of the target, unless the operator steps back. */
void prompt_want(struct deck *deck, const char *label, const void *target, size_t size,
		void (*typed)(struct deck *deck, const void *target, const char *text));
void prompt_close(struct deck *deck);
void prompt_key(struct deck *deck, struct key key);
void prompt_clear(struct prompt *prompt);
struct prompt_match {
	const char *name, *help; /* literals */
};
/* What may stand behind ":" that begins so: commands, actions, then a command's options and words. Gives how many. */
size_t prompt_matches(const char *text, size_t most, struct prompt_match *ret_matches);
/* Words as a shell cuts them: blanks, quotes, backslashes. NULL at the end; free with words_free(). False: a quote is open. */
bool words_split(const char *text, char ***ret_words, size_t *ret_count);
void words_free(char ***words);

/* paint.c */
void deck_paint(struct deck *deck, struct canvas *canvas);

/* engine.c: vault and engine, brought up and put away in tasks. */
void engine_open(struct deck *deck, bool ask);  /* `ask`: a passphrase may be asked for */
void engine_begin(struct deck *deck, const char *provider); /* the first run: a vault, then a company of that one */
void engine_lock(struct deck *deck);
void engine_end(struct deck *deck);             /* the same without a word: the deck is being left */
bool engine_take(struct deck *deck, struct task *task); /* what a task has unlocked becomes the deck's; true: something did */

/* loop.c */
bool loop_run(struct deck *deck, struct error *err);

#endif
