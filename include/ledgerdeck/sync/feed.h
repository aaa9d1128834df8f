/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An account's records written out as files, and kept in step: store/feeds.h says what is kept of it, lake/ how files look and where
 * they go. What was begun is finished before anything else of the same feed is: no file twice, none left out, and none that is half.
 */
#ifndef LEDGERDECK_SYNC_FEED_H
#define LEDGERDECK_SYNC_FEED_H

#include "ledgerdeck/core/cancel.h"
#include "ledgerdeck/connect/connect.h"
#include "ledgerdeck/core/env.h"
#include "ledgerdeck/lake/table.h"
#include "ledgerdeck/model/columns.h"
#include "ledgerdeck/store/feeds.h"

/* Job and type of its attempts in the log. */
#define SYNC_EXPORT "export"

struct feed_options {
	int level;                /* of zstd; 0: not packed */
	enum column_names names;
	bool has_raw;
	enum personal personal;
};
#define FEED_OPTIONS_INIT { .level = TABLE_LEVEL }
const char *column_names_word(enum column_names names); /* "plain", "path" */
bool column_names_parse(const char *word, enum column_names *ret_names);

/* What a feed shall be. */
struct feed_wish {
	const char *account_id;
	const char *destination;  /* as it was given */
	const char *layout;       /* NULL: LAYOUT_DEFAULT */
	enum table_format format;
	struct feed_options options;
	const char *types;        /* blank-separated; "" : all */
	int64_t interval_s;       /* 0: only when asked; below: as it is */
	const char *who;
};
/*
 * The feed, made when absent, else with these options and types. Errors: INPUT (the destination is none, the layout is not good, or
 * another account's files there would have the same names), STORE.
 */
bool feed_make(struct store *store, const struct feed_wish *wish, int64_t now_ms, struct feed *ret_feed, struct error *err);

enum feed_outcome {
	FEED_WRITTEN,
	FEED_UNCHANGED, /* nothing has changed since the last run: there is no file */
	FEED_SKIPPED,   /* it was not read whole yet: a file of all of it would be a lie */
};
/* What has become of one type. Borrowed until the next. */
struct feed_told {
	enum feed_outcome outcome;
	const char *type, *path;
	bool is_full;
	int64_t rows, gone, unfit, bytes; /* gone: rows of deleted records; unfit: values that their column could not hold */
	const char *digest;
};

struct feed_progress {
	const char *account_id, *type;
	int64_t done, all;        /* types */
	int64_t rows;             /* of all types so far */
};

struct feed_run {
	struct store *store;
	const struct catalogue *catalogue;
	struct env env;
	const char *holder;
	struct cancel *cancel;
	struct connect_world *world; /* what destinations in clouds are reached by, with an open vault; NULL: only directories are */
	const char *cause;        /* as attempts have it */
	bool only_changes;        /* where the destination has all that came before; else all records of all types */
	const char *types;        /* blank-separated, of this run alone; "" : the feed's */
	void (*told)(void *ctx, const struct feed_told *told);            /* NULL: not wanted */
	void (*progress)(void *ctx, const struct feed_progress *progress); /* NULL: not wanted */
	void *ctx;
};
struct feed_result {
	int64_t run_ms;           /* which the files are named by; 0: there was nothing to write */
	int64_t files, rows, unchanged, skipped, bytes;
	bool resumed;             /* an earlier run was finished first */
	char manifest[FEED_PATH_MAX]; /* "" : none was written */
};
/* Errors: CONFLICT (another program is at it), STORE, INPUT, CANCELLED. What was begun goes on with the next call. */
bool feed_run(const struct feed_run *run, const char *feed_id, struct feed_result *ret_result, struct error *err);

#endif
