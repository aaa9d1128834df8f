/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A command that runs in the deck: the same code as in the shell, in a task. What it says and gives is kept for its
 * view, what it asks is answered there.
 */
#ifndef UI_JOB_H
#define UI_JOB_H

#include "deck.h"
#include "result.h"

#define JOB_LINES_MAX 2000

struct job_line {
	char *text;           /* owned */
	enum role role;
	bool whole;           /* not wrapped: an address, a command to copy */
};

struct job {
	struct deck *deck;    /* borrowed */
	int64_t no;
	char title[160];
	int64_t begun_ms, ended_ms; /* wall */
	struct task *task;    /* borrowed: the tasks'; NULL once it is done */
	struct job_line *lines; /* owned */
	size_t line_count, line_room;
	struct result *result; /* owned; NULL: none yet */
	char *code;           /* owned: what a QR code is wanted of; NULL: nothing */
	struct printer_progress progress; /* its texts are not used */
	bool has_progress;
	/* A question. */
	bool asks;
	char *question;       /* owned */
	enum ask_kind kind;
	bool pop;             /* its view opens by itself when it asks */
	bool seen;            /* its view was opened */
	int views;            /* that show it now */
	bool quiet;           /* says nothing when it goes well */
	struct done done;     /* a local act that can be undone: what is said and kept when it goes well; "" none */
	bool unlocks;         /* engine.c's own */
	enum command_exit exit;
	struct error error;   /* once done */
	uint64_t news;        /* grows with all that its view should show */
};

/* The words of a command line; shown in its title but for nothing secret, since secrets are asked for. */
struct job *job_start(struct deck *deck, const struct command *command, struct arguments *arguments /* taken */, const char *title,
		      bool pop);
/* Answer its question; takes the text. */
void job_answer(struct job *job, struct secret *text);
bool job_is_running(const struct job *job);
void job_cancel(struct job *job);
void job_free(struct job *job);                /* must not run */
/* The address that a browser shall open, NULL: none was told. Borrowed until the next line. */
const char *job_address(const struct job *job);

#endif
