/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The filter language of the log, of the deck and the command line: "account:acme type:Invoice state:failed code:3100
 * since:2h timeout". Conditions are all meant; ":" asks how a value begins, "=" for all of it, letter case aside. A word
 * without a name is looked for in what the log says. Which attempts fit is the store's to tell.
 *
 * The audit has the same language with names of its own: "account:acme who:anna what:pause since:7d invoice".
 */
#ifndef LEDGERDECK_MODEL_LOG_FILTER_H
#define LEDGERDECK_MODEL_LOG_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledgerdeck/core/error.h"
#include "ledgerdeck/core/str.h"

/* What became of an attempt. Those to decide have failed as well; those that were stopped on request have not. */
enum log_state { LOG_ANY, LOG_RUNNING, LOG_OK, LOG_FAILED, LOG_DECIDE, LOG_STOPPED, LOG_STATE_COUNT };
const char *log_state_word(enum log_state state);

#define LOG_TEXTS_MAX 8

struct log_match { /* "" : everything fits */
	char text[100];
	bool whole;
};

struct log_filter {
	struct log_match account;          /* its id or name */
	struct log_match type, job, cause, code, trace; /* of the log alone */
	struct log_match who, what;        /* of the audit alone */
	enum log_state state;              /* LOG_ANY: all */
	int64_t run;                       /* 0: all */
	int64_t since_ms, until_ms;        /* INT64_MIN and INT64_MAX: no bound */
	char texts[LOG_TEXTS_MAX][100];    /* each somewhere in it */
	size_t text_count;
};
void log_filter_init(struct log_filter *filter); /* everything fits */
/* `now_ms`: what "2h" is before. Error INPUT says what is wrong with which word. */
bool log_filter_parse(const char *text, int64_t now_ms, struct log_filter *ret_filter, struct error *err);
bool audit_filter_parse(const char *text, int64_t now_ms, struct log_filter *ret_filter, struct error *err);
bool log_filter_is_empty(const struct log_filter *filter);
/* One more text, which must stand in it, too; of too many the last gives way. */
void log_filter_add_text(struct log_filter *filter, const char *text);
bool log_match_fits(const struct log_match *match, const char *value);
/* A value as a filter's text takes it: in quotes where it needs them. Appended. */
void log_filter_add_value(struct str *out, const char *value);

#endif
