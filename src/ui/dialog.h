/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is asked before an act that many feel or that is hard to take back. It freezes what the act is for, says what it
 * would do, rests on "Cancel", and is never answered by Enter alone. Before it acts it looks again: what has changed
 * meanwhile is shown, and nothing is done.
 */
#ifndef UI_DIALOG_H
#define UI_DIALOG_H

#include "canvas.h"
#include "ledgerdeck/command/key.h"
#include "ledgerdeck/core/secret.h"
#include "ledgerdeck/model/account.h"
#include "reader.h"

#define DIALOG_CHOICES_MAX 8

struct deck;
struct dialog;

enum dialog_kind {
	DIALOG_KEY,   /* y does it */
	DIALOG_NAME,  /* the company's short name is typed */
};

struct dialog_choice {
	char key;
	const char *verb;              /* "link": behind it */
};

struct dialog_wish { /* all of it is copied */
	enum dialog_kind kind;
	const char *title;             /* "Disconnect" */
	const char *verb;              /* "disconnect": behind the key that does it */
	const char *keys;              /* characters that do it; NULL: "y" */
	const char *word;              /* DIALOG_NAME: is typed instead of the name; NULL: the name is */
	/* One of several acts: the key that was pressed becomes the first byte of the target. NULL: there is one act. */
	const struct dialog_choice *choices;
	size_t choice_count;           /* at most DIALOG_CHOICES_MAX */
	const struct account *account; /* whose books: its name and environment are shown; NULL: several, or none */
	/* The frozen target: plain bytes without anything owned, also read by the reader's thread. */
	const void *target;
	size_t size;
	/* Lines that say what it would do, as it stands now; the reader's thread. Another text before the act: it is not done. */
	bool (*describe)(const void *target, struct store *store, struct str *out, struct error *err);
	const char *text;              /* the same without asking, when `describe` is NULL */
	void (*act)(struct deck *deck, const void *target);
};

void dialog_open(struct deck *deck, const struct dialog_wish *wish); /* instead of one that is open */
void dialog_close(struct deck *deck);
/* The first word of its name that keys can type, else the last characters of its company id. ACCOUNT_NAME_MAX bytes. */
char *dialog_short_name(const struct account *account, char *out);

/* For the deck alone. */
void dialog_key(struct deck *deck, struct key key);
void dialog_paste(struct deck *deck, struct secret *text);          /* takes it */
bool dialog_is_looking(const struct deck *deck);
bool dialog_answer(struct deck *deck, struct question *question);   /* false: not its own; else it is taken */
void dialog_draw(const struct deck *deck, struct canvas *canvas, struct rect rect);

#endif
