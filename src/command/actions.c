/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All actions of the deck. One letter means one thing everywhere: lower case for what is safe, upper case for the
 * stronger twin. Nothing that is hard to undo lies on a key that a hand finds by itself.
 */
#include "ledgerdeck/command/actions.h"

#include <string.h>

#include "ledgerdeck/core/memory.h"

static const struct action_row rows[ACTION_COUNT] = {
	[ACTION_NONE] = { "", "", 0, NULL, "", false },
	[ACTION_OPEN] = { "open", "Enter", WHERE_ALL, "open", "open what is under the cursor", false },
	[ACTION_RETRY] = { "retry", "r", WHERE_ACCOUNT | WHERE_OBJECT | WHERE_ATTEMPT | WHERE_OUTBOX | WHERE_DOCUMENT | WHERE_REQUESTS | WHERE_SESSION, "sync",
			   "read it again now: an account, a type, what failed; of a write or a document: plan it anew; a request: once more; a period: compare", true },
	[ACTION_APPROVE] = { "approve", "A", WHERE_ACCOUNT | WHERE_OBJECT, "approve", "let a sweep delete what it waits with", true },
	[ACTION_PAUSE] = { "pause", "P", WHERE_ACCOUNT | WHERE_OBJECT | WHERE_PLAN | WHERE_OUTBOX, NULL,
			   "leave the account or type alone for a while, or send no more of the plan; or go on with it", true },
	[ACTION_UNDO] = { "undo", "u", WHERE_ALL, NULL, "take back what was done last, where it can be", true },
	[ACTION_REDO] = { "redo", "C-r", WHERE_ALL, NULL, "do again what was taken back", true },
	[ACTION_CONNECT] = { "connect", "c", WHERE_ALL, "connect", "connect a company, or the one under the cursor again", true },
	[ACTION_RECONNECT] = { "reconnect", "", 0, NULL, "connect the account under the cursor again", true },
	[ACTION_RENEW] = { "renew", "T", WHERE_ACCOUNT, NULL, "renew the account's tokens now", true },
	[ACTION_DISCONNECT] = { "disconnect", "D", WHERE_ACCOUNT, NULL, "give the account's permission back; its mirror stays", true },
	[ACTION_FILTER] = { "filter", "/ \\", WHERE_LIST | WHERE_TEXT, "filter", "show only rows that fit; where & does that, and in texts: search", false },
	[ACTION_SORT_LEFT] = { "sort-left", "<", WHERE_RECORD | WHERE_OBJECTS | WHERE_EXCEPTIONS, NULL, "sort by the column to the left", false },
	[ACTION_SORT_RIGHT] = { "sort-right", ">", WHERE_RECORD | WHERE_OBJECTS | WHERE_EXCEPTIONS, NULL, "sort by the column to the right", false },
	[ACTION_SORT_INVERT] = { "sort-invert", "I", WHERE_RECORD | WHERE_OBJECTS | WHERE_EXCEPTIONS, NULL, "turn the order round", false },
	[ACTION_COLUMNS] = { "columns", "o", WHERE_COLUMNS, NULL, "choose the columns and their order", false },
	[ACTION_MARK] = { "mark", "Space", WHERE_MARKS, NULL, "mark what is under the cursor, or no more, and go on to the next", false },
	[ACTION_MARK_RANGE] = { "mark-range", "C-Space", WHERE_MARKS, NULL, "mark all from the last mark to here", false },
	[ACTION_MARK_ALL] = { "mark-all", "*", WHERE_MARKS, NULL, "mark all that fit the filter, or none of them", false },
	[ACTION_ACCEPT] = { "accept", "a", WHERE_MAPPING | WHERE_OUTBOX | WHERE_EXCEPTION, "accept",
			    "take the suggestion for the code or the match; what the ledger made of a write; or a difference, with a reason", true },
	[ACTION_ACCEPT_ALL] = { "accept-all", "A", WHERE_MAPPING, "accept all", "take all suggestions that are as good as this one, or better", true },
	[ACTION_TAKE_AWAY] = { "take-away", "X", WHERE_MAPPING | WHERE_OUTBOX | WHERE_REQUESTS, "take away",
			       "take the rule of the code away; or a write that was not sent; or skip a request", true },
	[ACTION_APPLY] = { "apply", "A", WHERE_PLAN, "apply", "write what the plan says, or its marked lines", true },
	[ACTION_DECIDE] = { "decide", "d", WHERE_PLAN, "decide", "answer what the plan asks about the line, or about all like it", true },
	[ACTION_FIX] = { "fix", "m", WHERE_PLAN, "map", "to the mapping, at the code that holds the line up", false },
	[ACTION_PLAN_ANEW] = { "plan-anew", "p", WHERE_PLAN, "plan anew", "plan again what would be written", true },
	[ACTION_SETTLE] = { "settle", "=", WHERE_OUTBOX | WHERE_EXCEPTION, "it is ...", "say which record it is, after an outcome that nobody could tell", true },
	[ACTION_BEGIN] = { "begin", "b", WHERE_SESSION, "begin", "reconcile a period", true },
	[ACTION_REJECT] = { "reject", "X", WHERE_EXCEPTION, "reject", "reject the suggested match", true },
	[ACTION_NOTE] = { "note", "e", WHERE_EXCEPTION, "note", "explain it in words", true },
	[ACTION_IGNORE] = { "ignore", "o", WHERE_EXCEPTION, "ignore", "leave it out, with a reason", true },
	[ACTION_ADOPT] = { "adopt", "+", WHERE_EXCEPTION, "adopt", "take it as the ledger has it", true },
	[ACTION_CORRECT] = { "correct", "p", WHERE_EXCEPTION, "correct", "plan what puts it right, or show that plan", true },
	[ACTION_FETCH] = { "fetch", "f", WHERE_EXCEPTION, NULL, "read its record again from the ledger", true },
	[ACTION_ASSIGN] = { "assign", "@", WHERE_EXCEPTION, NULL, "somebody shall look at it", true },
	[ACTION_MARK_CAUSE] = { "mark-cause", "C", WHERE_EXCEPTIONS, NULL, "mark all with this cause that fit the filter", false },
	[ACTION_SIGN] = { "sign", "S", WHERE_SESSION, "sign", "sign the session: first who prepared it, then a reviewer", true },
	[ACTION_UNSIGN] = { "unsign", "Z", WHERE_SESSION, NULL, "take the preparer's signature back, before it was reviewed", true },
	[ACTION_DROP] = { "drop", "D", WHERE_SESSION, NULL, "give the session up", true },
	[ACTION_EVIDENCE] = { "evidence", "P", WHERE_SESSION, "evidence", "write what proves the session to a directory", true },
	[ACTION_UNWRITTEN] = { "unwritten", "0", WHERE_OUTBOX, "not written", "it was not written, after such an outcome: send it anew", true },
	[ACTION_DOCUMENT] = { "document", "i", WHERE_RECORD | WHERE_PLAN | WHERE_OUTBOX | WHERE_DOCUMENT | WHERE_MAPPING | WHERE_EXCEPTION, NULL,
			      "the document of yours behind it: where it stands, what went wrong; there one key pushes it; of a code all that use it", false },
	[ACTION_NARROW] = { "narrow", "&", WHERE_LOG | WHERE_SEARCHED, "filter", "show only rows that fit, where / searches", false },
	[ACTION_CHANGE] = { "change", "=", WHERE_SETTINGS, "change", "another value until the deck is left, where that can be", false },
	[ACTION_FOLLOW] = { "follow", "F", WHERE_LOG, NULL, "stay with the newest", false },
	[ACTION_FAILED] = { "failed", "x", WHERE_LOG | WHERE_PANES | WHERE_OBJECTS | WHERE_OUTBOX | WHERE_REQUESTS, "failed only", "show only what did not go well, or all again", false },
	[ACTION_RAW] = { "raw", "v", WHERE_RECORD | WHERE_EXCEPTION, "raw", "the record as the ledger sent it, or its fields", false },
	[ACTION_HISTORY] = { "history", "H", WHERE_RECORD, "history", "every version of the record, and what changed in each", false },
	[ACTION_AS_OF] = { "as-of", "@", WHERE_RECORD, NULL, "as the mirror had it then: a day, a time, or how long ago; nothing or now: as it is", false },
	[ACTION_NEXT_MATCH] = { "next-match", "n", WHERE_TEXT | WHERE_LOG | WHERE_SEARCHED, NULL, "to the next place that was searched for", false },
	[ACTION_LAST_MATCH] = { "last-match", "N", WHERE_TEXT | WHERE_LOG | WHERE_SEARCHED, NULL, "to the place before", false },
	[ACTION_PAGER] = { "pager", "V", WHERE_TEXT, NULL, "show the text in $PAGER", false },
	[ACTION_COPY] = { "copy", "y", WHERE_ALL, NULL, "copy the id of what is under the cursor", false },
	[ACTION_COPY_AS] = { "copy-as", "Y", WHERE_ALL, NULL, "choose what to copy: a web address, an id, the row, JSON, a trace id", false },
	[ACTION_WRAP] = { "wrap", "w", WHERE_TEXT, NULL, "long lines in several rows, or in one that is moved sideways", false },
	[ACTION_TIMES] = { "times", "t", WHERE_TIMES, NULL, "times: whole, short, or none", false },
	[ACTION_EDIT] = { "edit", "e", WHERE_FILE, NULL, "change the file behind it in $EDITOR", true },
	[ACTION_PIPE] = { "pipe", "|", WHERE_ALL, NULL, "give what is marked, or under the cursor, to a command", false },
	[ACTION_CLI] = { "cli", "", WHERE_ALL, NULL, "say which command of the shell shows the same", false },
	[ACTION_LIVE] = { "live", "p", WHERE_ALL, NULL, "hold still what is shown, or follow the store again", false },
	[ACTION_NEXT_PANE] = { "next-pane", "Tab", WHERE_PANES | WHERE_LINKS, "pane", "to the next pane, or to the next record that is pointed to", false },
	[ACTION_LAST_PANE] = { "last-pane", "S-Tab", WHERE_PANES | WHERE_LINKS, NULL, "to the one before", false },
	[ACTION_UP] = { "up", "k Up", WHERE_MOVE, NULL, "a row up", false },
	[ACTION_DOWN] = { "down", "j Down", WHERE_MOVE, NULL, "a row down", false },
	[ACTION_FIRST] = { "first", "g Home", WHERE_MOVE, NULL, "to the first row", false },
	[ACTION_LAST] = { "last", "G End", WHERE_MOVE, NULL, "to the last row", false },
	[ACTION_HALF_UP] = { "half-up", "C-u", WHERE_MOVE, NULL, "half a page up", false },
	[ACTION_HALF_DOWN] = { "half-down", "C-d", WHERE_MOVE, NULL, "half a page down", false },
	[ACTION_PAGE_UP] = { "page-up", "PgUp C-b", WHERE_MOVE, NULL, "a page up", false },
	[ACTION_PAGE_DOWN] = { "page-down", "PgDn C-f", WHERE_MOVE, NULL, "a page down", false },
	[ACTION_LEFT] = { "left", "h Left", WHERE_MOVE, NULL, "out, or to the left", false },
	[ACTION_RIGHT] = { "right", "l Right", WHERE_MOVE, NULL, "in, or to the right", false },
	[ACTION_DETAILS_DOWN] = { "details-down", "J", WHERE_DETAILS, NULL, "what is told below the list, a row further; the list stays", false },
	[ACTION_DETAILS_UP] = { "details-up", "K", WHERE_DETAILS, NULL, "what is told below the list, a row back", false },
	[ACTION_COPY_URL] = { "copy-address", "y", WHERE_ADDRESS, "copy", "copy the address", false },
	[ACTION_PLAIN] = { "plain", "s", WHERE_ADDRESS, "plain screen", "leave the deck for a plain screen with the address", false },
	[ACTION_SAVE_URL] = { "save-address", "S", WHERE_ADDRESS, "save", "save the address to a private file", false },
	[ACTION_QR] = { "qr", "P", WHERE_ADDRESS, "QR", "show the address as a QR code", false },
	[ACTION_AGAIN] = { "again", "A", WHERE_ADDRESS, "new attempt", "give this attempt up and begin a new one", true },
	[ACTION_DASHBOARD] = { "dashboard", "1", WHERE_ALL, NULL, "accounts, their types and the log", false },
	[ACTION_ATTENTION] = { "attention", "2", WHERE_ALL, NULL, "what needs a person, over all accounts, each with its fix", false },
	[ACTION_OBJECTS] = { "objects", "3", WHERE_ALL, NULL, "every type of every account, and from there its records", false },
	[ACTION_LOG] = { "log", "4", WHERE_ALL, NULL, "every attempt: what was read, what failed and why", false },
	[ACTION_LOG_OF] = { "log-of", "L", WHERE_ACCOUNT | WHERE_OBJECT | WHERE_RECORD | WHERE_ATTEMPT | WHERE_OUTBOX | WHERE_PLAN | WHERE_DOCUMENT, NULL,
			    "the log of what is under the cursor alone: an account, a type, a record, a document", false },
	[ACTION_JOBS] = { "jobs", "5", WHERE_ALL, NULL, "what runs, what waits for its time, and what commands have said", false },
	[ACTION_MAPPING] = { "mapping", "6", WHERE_ALL, NULL, "what the codes of the account under the cursor stand for", false },
	[ACTION_PLAN] = { "plan", "7", WHERE_ALL, NULL, "what would be written to the account under the cursor", false },
	[ACTION_POLICIES] = { "policies", "9", WHERE_ALL, NULL, "what plans of the account under the cursor may do by themselves", false },
	[ACTION_RECONCILE] = { "reconcile", "8", WHERE_ALL, NULL, "whether the books of a period agree, and what does not", false },
	[ACTION_OUTBOX] = { "outbox", "B", WHERE_ALL, NULL, "what is owed to the ledgers, and what became of it", false },
	[ACTION_REQUESTS] = { "requests", "E", WHERE_ALL, NULL, "sync requests: how far each has come, and what holds the queue up", false },
	[ACTION_SETTINGS] = { "settings", "O", WHERE_ALL, NULL, "every setting, its value and where that came from", false },
	[ACTION_AUDIT] = { "audit", "W", WHERE_ALL, NULL, "who did what, and whether the record of it is sound", false },
	[ACTION_MESSAGES] = { "messages", "M", WHERE_ALL, NULL, "all messages of this session", false },
	[ACTION_UNLOCK] = { "unlock", "U", WHERE_ALL, NULL, "open the vault, so that work can begin", false },
	[ACTION_REREAD] = { "re-read", "R", WHERE_ALL, NULL, "ask the store again for what is shown", false },
	[ACTION_HELP] = { "help", "? F1", WHERE_ALL, "keys", "all keys that count here; Enter carries one out", false },
	[ACTION_PALETTE] = { "command", ":", WHERE_ALL, "command", "any command of the shell, completed with Tab", false },
	[ACTION_BACK] = { "back", "Esc", WHERE_ALL, "back", "one step back", false },
	[ACTION_EARLIER] = { "earlier", "[", WHERE_ALL, NULL, "to where you were before", false },
	[ACTION_LATER] = { "later", "]", WHERE_ALL, NULL, "forward again", false },
	[ACTION_LAST_VIEW] = { "last-view", "-", WHERE_ALL, NULL, "between this view and the one before", false },
	[ACTION_CLOSE] = { "close", "q", WHERE_ALL, NULL, "close this view; from the dashboard: leave", false },
	[ACTION_QUIT] = { "quit", "Q", WHERE_ALL, NULL, "leave the deck; what runs ends in good order", false },
	[ACTION_CANCEL] = { "cancel", "C-c", WHERE_ALL, NULL, "stop the command that is shown; twice when idle: leave", false },
	[ACTION_SUSPEND] = { "suspend", "C-z", WHERE_ALL, NULL, "back to the shell; 'fg' returns", false },
	[ACTION_REPAINT] = { "repaint", "C-l", WHERE_ALL, NULL, "paint the screen anew", false },
};

const struct action_row *action_row(enum action action)
{
	return &rows[action];
}

enum action action_by_id(const char *id)
{
	for (int i = 1; i < ACTION_COUNT; i++)
		if (strcmp(rows[i].id, id) == 0)
			return (enum action)i;
	return ACTION_NONE;
}

const char *where_word(unsigned place)
{
	static const struct {
		unsigned place;
		const char *word;
	} words[] = {
		{ WHERE_ALL, "everywhere" },   { WHERE_MOVE, "moving" },       { WHERE_PANES, "panes" },   { WHERE_ACCOUNT, "accounts" },
		{ WHERE_OBJECT, "types" },     { WHERE_ATTEMPT, "attempts" }, { WHERE_RECORD, "records" }, { WHERE_LIST, "lists" },
		{ WHERE_TEXT, "texts" },       { WHERE_ADDRESS, "connecting" }, { WHERE_LOG, "log" },
		{ WHERE_MARKS, "marks" },
		{ WHERE_TIMES, "times" }, { WHERE_FILE, "files" }, { WHERE_LINKS, "links" }, { WHERE_COLUMNS, "columns" }, { WHERE_OBJECTS, "objects" }, { WHERE_SEARCHED, "searched" },
		{ WHERE_SETTINGS, "settings" }, { WHERE_MAPPING, "mapping" }, { WHERE_PLAN, "plans" }, { WHERE_OUTBOX, "outbox" }, { WHERE_DOCUMENT, "documents" }, { WHERE_REQUESTS, "requests" },
		{ WHERE_DETAILS, "details" },
		{ WHERE_SESSION, "reconciling" }, { WHERE_EXCEPTION, "exceptions" }, { WHERE_EXCEPTIONS, "lists of exceptions" },
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (words[i].place == place)
			return words[i].word;
	return NULL;
}
