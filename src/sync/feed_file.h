/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One file of a feed's run. */
#ifndef SYNC_FEED_FILE_H
#define SYNC_FEED_FILE_H

#include "ledgerdeck/lake/destination.h"
#include "ledgerdeck/sync/feed.h"

struct feed_making {
	const struct feed_run *run;      /* borrowed */
	const struct feed *feed;         /* borrowed */
	const struct account *account;   /* borrowed */
	struct feed_options options;
	enum table_format format;
	struct destination *destination; /* borrowed */
	struct feed_progress progress;
};

/*
 * Makes the file's spool out of one moment of the store, and fills in what is known of it by then: its mark, columns, rows, bytes and
 * digest. Changes without any are no file.
 */
bool feed_file_make(struct feed_making *making, struct feed_file *file, struct error *err);

/* feed_make.c: of the store's text; false: it is damaged, or of a newer program. */
bool feed_options_read(const char *text, struct feed_options *ret_options);
/* Is there a file at all, once it was made? One without rows may be of no bytes. */
bool feed_file_is(const struct feed_file *file);
/* The columns that a type's file has; the caller frees. */
struct columns *feed_columns(const struct type *type, const struct feed_options *options);

#endif
