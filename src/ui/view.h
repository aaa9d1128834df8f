/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A view, and what the deck does for it. A view draws from what it has and never waits: it asks the store by
 * questions, and lets commands run as jobs. Everything here is for the UI thread.
 */
#ifndef UI_VIEW_H
#define UI_VIEW_H

#include "canvas.h"
#include "ledgerdeck/command/actions.h"
#include "ledgerdeck/command/command.h"
#include "reader.h"

struct copies;
struct deck;
struct job;
struct pager;
struct table;
struct view;

#define VIEW_FILTER_MAX 400

struct view_kind {
	const char *name;                  /* "dashboard": its title, in help and messages */
	unsigned where;                    /* places of keys.h that count in it */
	unsigned (*places)(const struct view *view); /* those that count just now, besides; NULL: none */
	void (*title)(const struct view *view, struct str *out); /* what it shows now; NULL: its name */
	void (*draw)(struct view *view, struct canvas *canvas, struct rect rect);
	/* Carry out; false: not mine, the deck's. */
	bool (*act)(struct view *view, enum action action);
	/* NULL, or why an action does not make sense for what is under the cursor; NULL itself: all do. */
	const char *(*refuses)(const struct view *view, enum action action);
	/* A text field has the keys: true, it was taken. NULL: it has none. */
	bool (*key)(struct view *view, struct key key);
	void (*paste)(struct view *view, struct secret *text); /* takes it; NULL: pastes are refused */
	/* Keys were taken that may be the start of a paste without marks: settle() is called once none came for a while. */
	bool (*unsettled)(const struct view *view);            /* NULL: never */
	void (*settle)(struct view *view);
	void (*refresh)(struct view *view);                    /* the store has changed: ask again; NULL: nothing to ask */
	void (*answer)(struct view *view, struct question *question); /* takes it */
	void (*event)(struct view *view, const struct sync_event *event); /* NULL: none */
	int64_t (*ages_ms)(const struct view *view);           /* what it shows is true for so long by itself, -1: for good. NULL: for good */
	/* The text of its filter as it stands, "" : none, in VIEW_FILTER_MAX bytes; the deck sets it. NULL: it has none. */
	char *(*filter)(struct view *view);
	/* Read a filter; returns why it is wrong, NULL when taken, then filtered() comes. NULL itself: any words are right. */
	const char *(*conditions)(struct view *view, const char *text, struct error *err);
	void (*filtered)(struct view *view);                   /* its text has changed: show what fits */
	/* What is searched for, apart from the filter; `go`: to the first place. NULL: it is searched as a text, or not at all. */
	void (*search)(struct view *view, const char *text, bool go);
	/* Keys of its own on Esc, before it closes: true, it has gone one step back. NULL: none. */
	bool (*back)(struct view *view);
	/* A view that is a text: "/" searches it and V gives it to $PAGER, by the deck. NULL: it is none, or not just now. */
	struct pager *(*pager)(struct view *view);
	/* What is typed behind ":" and means something to it alone; false: it does not. NULL: nothing does. */
	bool (*words)(struct view *view, const char *const *words, size_t count);
	/* The command of the shell that shows the same, without the program's name. NULL: none does. */
	void (*cli)(const struct view *view, struct str *out);
	/* What is marked, or else under the cursor, for a command: a line each, with tabs. NULL: its text, if it is one. */
	void (*rows)(struct view *view, struct str *out);
	/* What can be copied of what is under the cursor, besides its rows, its text and its command; by copies_add(). NULL: nothing. */
	void (*copies)(struct view *view, struct copies *out);
	/* The account that it is about, for the line of identity; false: none. NULL: none. */
	bool (*subject)(const struct view *view, struct account *ret_account);
	/* The pane of one of its tables gets the keys; true: it had them. NULL: there is one pane. */
	bool (*focus)(struct view *view, const struct table *table);
	const char *(*topic)(const struct view *view); /* the type of it that it is about; NULL: none. NULL itself: never one */
	/*
	 * What makes it the same view again after a restart: its subject, cursor, filter, order, by trail_put() of trail.h; load()
	 * takes it with trail_get(), before the view asks for the first time. NULL: it is not opened again. With a row in trail.c.
	 */
	void (*save)(const struct view *view, struct str *out);
	void (*load)(struct view *view, const char *text);
	void (*free)(struct view *view);
};

struct view { /* the first member of each */
	const struct view_kind *kind;
	struct deck *deck;                 /* borrowed; set by deck_push() */
	uint64_t no;                       /* never used again */
	bool asking;                       /* an answer is awaited */
	bool stale;                        /* the store has changed since it asked */
	bool keyed;                        /* a key was pressed since the last answer: the next one is shown at once */
	bool owes;                         /* keys led past what is held: what comes is taken at once, and painted when it is there */
	int64_t asked_ms;                  /* ticks */
	struct error error;                /* why nothing is shown; by view_failed() */
	struct table *gone;                /* borrowed, its own: what its cursor stood on has vanished; NULL: it has not */
};

/* ---- the stack of views */
void deck_push(struct deck *deck, struct view *view);    /* takes it */
void deck_close(struct deck *deck);                      /* the top one; the last stays */
struct view *deck_top(const struct deck *deck);
void deck_dirty(struct deck *deck);                      /* paint again soon */

/* ---- what views need */
struct app *deck_app(struct deck *deck);
int64_t deck_now(const struct deck *deck);               /* wall */
bool deck_ascii(const struct deck *deck);
bool deck_is_new(const struct deck *deck);               /* there is no store yet: the first run */
/* Ask the store; at most one question of a view is under way, it is asked again when the store changes meanwhile. */
void view_ask(struct view *view, struct question *question);
/*
 * An answer that is an error: true, it is freed. It is told where something is `shown` already, and else stands where that
 * would be (view_draw_empty(), view_draw_text()).
 */
bool view_failed(struct view *view, struct question *answer, bool shown);
/* true: the answer takes the place of the one before, which is freed; false: it failed as above. */
bool view_keeps(struct view *view, struct question *answer, struct question *before /* NULL: none, so nothing is shown */);
/* The text of an answer, or what stands there before it has come. */
void view_draw_text(const struct view *view, struct pager *text /* NULL: none yet */, struct canvas *canvas, struct rect rect);
/* The view has a filter: set it. Returns why it is wrong, NULL when taken. */
const char *view_filter(struct view *view, const char *text, struct error *err);
#define VIEW_NO_ACCOUNTS "No accounts yet. Press {connect} to connect one."
/* Where a list would stand, why there is nothing: what went wrong, or else `text`, with keys as in deck_keyed(). */
void view_draw_empty(const struct view *view, const char *text, struct canvas *canvas, struct rect rect);
/* What the table's cursor stood on is not there any more: its row says so until the next key, which does nothing to another. */
void view_gone(struct view *view, struct table *table);
void view_ask_anew(struct view *view);                   /* what is under way is no answer any more */
/* Tell the operator on the message line and in the messages. "{retry}" in the format is the name of that action's key. */
void deck_say(struct deck *deck, enum role role, const char *format, ...) __attribute__((format(printf, 3, 4)));
void deck_tell(struct deck *deck, const struct error *error);
/* A text of ours in which "{retry}" stands for that action's key in force, as in deck_say()'s format. Returns `room`. */
const char *deck_keyed(const struct deck *deck, const char *text, char *room, size_t size);
int deck_draw(const struct deck *deck, struct canvas *canvas, int y, int x, int columns, enum role role, const char *text);
/* In what strip_take() of strip.h took: what is to be told of the row under the cursor, scrolled as far as the operator has. */
void deck_draw_strip(struct deck *deck, struct canvas *canvas, struct rect rect, enum role role, const struct str *first,
		     const struct str *second);
void deck_copy(struct deck *deck, const char *what, const char *text); /* to the clipboard, and say by which way */

/* For view_kind's cli and rows: a word of a command line, a blank before it and quoted where a shell would cut it. */
void words_add(struct str *out, const char *word);
/* A line of cells with tabs between them, NULL at the end; tabs and line breaks in them become blanks. */
void rows_add(struct str *out, const char *const *cells);

/* ---- work */
/* The engine runs? Else the vault is locked, or --readonly; says so. */
bool deck_ready(struct deck *deck);
/*
 * Read again without waiting: what comes of it shows in the log. `types` as in struct sync_wish, copied. Says what was
 * asked for. While the engine is being brought up it waits for that.
 */
void deck_sync(struct deck *deck, const char *account_id, const char *account_name, const char *type, const char *cause, bool approve);
/* Try an attempt of the log again. */
void deck_retry(struct deck *deck, const struct attempt *attempt, const char *account_name);
/* Run a command as the shell would, its words given one by one, NULL at the end; `show`: open its view. */
void deck_command(struct deck *deck, const char *const *words, bool show);
/* Acts that ask first, with what they would do; see dialog.h. `type` NULL: all of the account. */
void deck_approve(struct deck *deck, const struct account *account, const char *type);
void deck_disconnect(struct deck *deck, const struct account *account);
/* Pause or go on with it; can be undone. */
void deck_pause(struct deck *deck, const struct account *account, const char *type, bool pause);
/* Run a command line in the background; `undo`: the line that undoes it ("" : none does, or the view knows how), `done`: what is
 * said when it went well. */
void deck_do(struct deck *deck, const char *line, const char *undo, const char *done);
/* What is read of a type just now; false: nothing. */
bool deck_progress(const struct deck *deck, const char *account_id, const char *type, int64_t *ret_records, int64_t *ret_of);

/* ---- state words, glyphs and roles; one place for all views */
struct mark {
	const char *glyph;  /* one ASCII character */
	const char *word;
	enum role role;
};
const char *provider_word(const char *provider); /* "QuickBooks" */
struct mark mark_of_object(const struct object *object, bool running);
struct mark mark_of_account(enum account_state state, int64_t failed, int64_t waiting);
struct mark mark_of_attempt(const struct attempt *attempt);
struct mark mark_of_record(const struct type *type, enum record_state state);

/* ---- the views */
struct view *dashboard_new(void);
struct view *records_new(const char *account_id, const struct type *type);
struct view *records_filtered(const char *account_id, const struct type *type, const char *filter);
/* By the action that opens it: ACTION_RAW as the ledger sent it, ACTION_HISTORY its history. */
struct view *record_shown(const char *account_id, const struct type *type, const char *id, enum action action, int64_t then_ms);
struct view *record_new(const char *account_id, const struct type *type, const char *id);
struct view *attempt_new(int64_t no);
struct view *attempts_new(const char *account_id, const char *type); /* of these only; "" all */
struct view *attempts_of_record(const char *account_id, const char *type, const char *id);
struct view *attempts_of_document(const char *account_id, int64_t resource, const char *external_id /* "" : it is looked up */);
/* Those that are opened again, by what their save() wrote; NULL: what it was about is not there any more. */
struct view *attempts_again(struct deck *deck, const char *text);
struct view *attempt_again(struct deck *deck, const char *text);
struct view *records_again(struct deck *deck, const char *text);
struct view *record_again(struct deck *deck, const char *text);
struct view *objects_again(struct deck *deck, const char *text);
struct view *settings_view_again(struct deck *deck, const char *text);
struct view *setting_again(struct deck *deck, const char *text);
struct view *audit_view_again(struct deck *deck, const char *text);
struct view *audit_entry_again(struct deck *deck, const char *text);
struct view *attention_again(struct deck *deck, const char *text);
struct view *objects_new(struct deck *deck);
/* The cursor of such a view goes to a type of an account; NULL: to the first it has. */
void objects_place(struct view *view, const char *account_id, const char *type);
struct view *settings_view_new(struct deck *deck);
struct view *setting_new(const char *name);
struct view *audit_view_new(struct deck *deck);
struct view *audit_entry_new(int64_t no);
struct view *attention_new(struct deck *deck);
struct view *mapping_view_new(struct deck *deck);
struct view *mapping_view_again(struct deck *deck, const char *text);
void mapping_view_open(struct deck *deck, const char *account_id, const char *target, const char *code); /* at "FREIGHT", an "item" */
/* Which documents use a code. */
struct view *used_view_new(const char *account_id, const char *target, const char *code); /* "item"; NULL: there is no such target */
struct view *used_view_again(struct deck *deck, const char *text);
struct view *plan_view_new(struct deck *deck);
struct view *plan_view_again(struct deck *deck, const char *text);
void plan_view_place(struct view *view, const char *account_id, const char *plan_id); /* NULL: its newest, unless it shows one */
/* ":plan ACCOUNT ...": that plan, which is made by it. */
void plan_view_command(struct deck *deck, const char *const *words);
/* The plan of one document of it, by its id, which is made by that. */
void plan_view_document(struct deck *deck, const char *account_id, const char *resource_id);
struct view *policies_view_new(struct deck *deck);
struct view *policies_view_again(struct deck *deck, const char *text);
struct view *policy_new(const char *account_id, const char *name); /* NULL: there is no such policy */
struct view *policy_again(struct deck *deck, const char *text);
void policies_view_place(struct view *view, const char *account /* id, or any word for it */, const char *policy); /* NULL: the cursor stays */
struct view *outbox_view_new(struct deck *deck);
struct view *outbox_view_again(struct deck *deck, const char *text);
struct view *outbox_view_of_plan(const char *plan_id); /* all that it became, settled or not */
/* A document of one's own, by its number in the store, or by the record that it is; as seen from an account. */
struct view *document_new(const char *account_id, int64_t no);
struct view *document_of_record(const char *account_id, const char *type, const char *id);
struct view *document_again(struct deck *deck, const char *text);
struct view *requests_view_new(struct deck *deck);
struct view *requests_view_again(struct deck *deck, const char *text);
struct view *intent_view_new(const char *id);
struct view *intent_view_again(struct deck *deck, const char *text);
struct view *reconcile_view_new(struct deck *deck);  /* all sessions */
struct view *reconcile_view_again(struct deck *deck, const char *text);
/* Compare a period of an account, and show its session; false: the text is no period. */
bool reconcile_view_begin(struct deck *deck, const struct account *account, const char *period);
struct view *session_view_again(struct deck *deck, const char *text);
struct view *exception_view_again(struct deck *deck, const char *text);
struct view *tie_view_again(struct deck *deck, const char *text);
struct view *plan_line_new(const char *account_id, const char *plan_id, int64_t no);
struct view *plan_line_again(struct deck *deck, const char *text);
/* It is about that account; the cursor goes to a code, as its view names it. NULL: it stays, or goes to the first. */
void mapping_view_place(struct view *view, const char *account_id, const char *code);
struct view *help_new(struct deck *deck);
struct view *messages_new(struct deck *deck);
struct view *jobs_new(struct deck *deck);
struct view *job_view_new(struct job *job);
bool job_view_shows(const struct view *view, const struct job *job);

#endif
