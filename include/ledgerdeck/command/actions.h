/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The table of actions: for each its id, the keys that start it unless a keys file says otherwise, where they count, and
 * what help says. Help, hints, the ":" prompt and the man page are printed from it.
 */
#ifndef LEDGERDECK_COMMAND_ACTIONS_H
#define LEDGERDECK_COMMAND_ACTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "ledgerdeck/command/key.h"

enum action {
	ACTION_NONE,
	/* everywhere */
	ACTION_OPEN, ACTION_BACK, ACTION_CLOSE, ACTION_QUIT, ACTION_HELP, ACTION_PALETTE, ACTION_MESSAGES, ACTION_REREAD,
	ACTION_REPAINT, ACTION_CANCEL, ACTION_SUSPEND, ACTION_DASHBOARD, ACTION_ATTENTION, ACTION_OBJECTS, ACTION_LOG, ACTION_JOBS, ACTION_UNLOCK,
	ACTION_CONNECT, ACTION_NEXT_PANE, ACTION_LAST_PANE, ACTION_EARLIER, ACTION_LATER, ACTION_LAST_VIEW,
	ACTION_LIVE, ACTION_PIPE, ACTION_CLI, ACTION_EDIT, ACTION_SETTINGS, ACTION_AUDIT, ACTION_MAPPING, ACTION_PLAN, ACTION_OUTBOX,
	ACTION_REQUESTS, ACTION_POLICIES,
	/* moving */
	ACTION_UP, ACTION_DOWN, ACTION_FIRST, ACTION_LAST, ACTION_HALF_UP, ACTION_HALF_DOWN, ACTION_PAGE_UP, ACTION_PAGE_DOWN,
	ACTION_LEFT, ACTION_RIGHT, ACTION_DETAILS_UP, ACTION_DETAILS_DOWN,
	/* on a row */
	ACTION_RETRY, ACTION_APPROVE, ACTION_PAUSE, ACTION_UNDO, ACTION_REDO, ACTION_RECONNECT, ACTION_RENEW, ACTION_DISCONNECT, ACTION_COPY,
	ACTION_LOG_OF,
	/* lists */
	ACTION_FILTER, ACTION_NARROW, ACTION_SORT_LEFT, ACTION_SORT_RIGHT, ACTION_SORT_INVERT, ACTION_COLUMNS, ACTION_FOLLOW, ACTION_FAILED,
	ACTION_MARK, ACTION_MARK_RANGE, ACTION_MARK_ALL, ACTION_CHANGE,
	/* what is to be written */
	ACTION_ACCEPT, ACTION_ACCEPT_ALL, ACTION_TAKE_AWAY, ACTION_PLAN_ANEW, ACTION_APPLY, ACTION_DECIDE, ACTION_FIX, ACTION_SETTLE, ACTION_UNWRITTEN,
	ACTION_DOCUMENT,
	/* texts */
	ACTION_NEXT_MATCH, ACTION_LAST_MATCH, ACTION_RAW, ACTION_HISTORY, ACTION_COPY_AS, ACTION_PAGER, ACTION_WRAP, ACTION_TIMES,
	/* connecting */
	ACTION_COPY_URL, ACTION_PLAIN, ACTION_SAVE_URL, ACTION_QR, ACTION_AGAIN,
	ACTION_COUNT
};

enum { /* where a key counts; a view has some of them */
	WHERE_ALL = 1, WHERE_MOVE = 2, WHERE_PANES = 4, WHERE_ACCOUNT = 8, WHERE_OBJECT = 16, WHERE_ATTEMPT = 32, WHERE_RECORD = 64,
	WHERE_LIST = 128, WHERE_TEXT = 256, WHERE_ADDRESS = 512, WHERE_LOG = 1024,
	WHERE_MARKS = 2048,
	WHERE_LINKS = 16384, WHERE_COLUMNS = 32768, WHERE_TIMES = 4096, WHERE_FILE = 8192,
	WHERE_OBJECTS = 65536, WHERE_SEARCHED = 131072, WHERE_SETTINGS = 262144, WHERE_MAPPING = 524288, WHERE_PLAN = 1048576, WHERE_OUTBOX = 2097152,
	WHERE_DOCUMENT = 4194304, WHERE_REQUESTS = 8388608, WHERE_DETAILS = 16777216,
};

struct action_row {
	const char *id;      /* "retry": for the ":" prompt and for rebinding */
	const char *keys;    /* "r", "j Down": names of input.h with blanks between */
	unsigned where;
	const char *hint;    /* one or two words for the line of hints; NULL: not there */
	const char *help;    /* one line */
	bool changes;        /* not with --readonly */
};
const struct action_row *action_row(enum action action);
enum action action_by_id(const char *id);            /* ACTION_NONE: none has it */
const char *where_word(unsigned place);              /* "everywhere", of one bit; NULL: there is no such place */

#endif
