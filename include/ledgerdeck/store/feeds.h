/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Feeds: an account's records as files at a destination, kept in step. What of a type stands there already is a mark in the order in
 * which this store wrote its records; a run moves all marks at once, when all of its files and what lists them stand there. A run
 * is durable before its first byte: whoever takes it up again writes the same names.
 */
#ifndef LEDGERDECK_STORE_FEEDS_H
#define LEDGERDECK_STORE_FEEDS_H

#include "ledgerdeck/core/digest.h"
#include "ledgerdeck/store/objects.h"

#define FEED_ID_MAX 32
#define FEED_DESTINATION_MAX 1024
#define FEED_LAYOUT_MAX 256
#define FEED_PATH_MAX 512

struct feed {
	int64_t no;
	char id[FEED_ID_MAX];        /* "feed_...", made of the four below: the same for whoever makes it */
	char account_id[ACCOUNT_ID_MAX];
	char destination[FEED_DESTINATION_MAX]; /* an address without secrets, or a directory's whole path */
	char layout[FEED_LAYOUT_MAX];
	char format[16];
	char options[160];           /* of the format and the columns, as sync/ writes them */
	char types[2048];            /* blank-separated; "" : all of the account */
	int64_t interval_s;          /* time between two runs; 0: only when asked */
	int64_t next_ms;             /* next run; 0: at once */
	int64_t made_ms;
	char who[128];
	int64_t run_ms;              /* the run that is under way, told by its time; 0: none */
	int64_t last_ms;             /* the last one that came to its end; 0: none. Each is later than the one before, by a second at least */
	char holder[96];             /* whose the run is; "" : nobody's */
	int64_t failures;            /* runs that failed since */
	struct error last_error;
};

/* The feed of an account, destination, layout and format, made when absent; `feed` has these, who and options, and gets the rest. */
bool feeds_ensure(struct store *store, struct feed *feed, int64_t now_ms, struct error *err);
bool feeds_get(struct store *store, const char *id, struct feed *ret_feed, bool *ret_found, struct error *err);
/* Of one account, or of all (NULL), in the order they were made. `each` borrows. */
bool feeds_all(struct store *store, const char *account_id, bool (*each)(void *ctx, const struct feed *feed), void *ctx, struct error *err);
/* Save options, types, interval, next run, failures and last error. */
bool feeds_save(struct store *store, const struct feed *feed, struct error *err);
/* With its marks, in a transaction; what it wrote stays where it is. */
bool feeds_drop(struct store *store, const struct feed *feed, struct error *err);

/* A feed's run is one holder's at a time; it lasts until then, and the holder renews it. In a transaction. */
bool feed_take(struct store *store, int64_t feed_no, const char *holder, int64_t now_ms, int64_t until_ms, bool *ret_taken, struct error *err);
bool feed_release(struct store *store, int64_t feed_no, const char *holder, struct error *err);

/* How far the store had written records; of another epoch (a backup was restored since) it says nothing. */
struct feed_mark {
	int64_t epoch, record, history;
};
/* As it is in this moment: within store_read_begin() it goes with all that is read there. */
bool feed_mark_now(struct store *store, struct feed_mark *ret_mark, struct error *err);
/* What stands at the destination of an object. `ret_columns`: the digest of the table that it was written as. */
bool feed_mark_get(struct store *store, int64_t feed_no, int64_t object_no, struct feed_mark *ret_mark, char *ret_columns /* 20 bytes */,
		   bool *ret_found, struct error *err);

/* All records that there are, in order of their ids. `each` borrows, and ends it with false. */
bool feed_records(struct store *store, const struct object *object, bool (*each)(void *ctx, const char *raw, size_t len), void *ctx,
		  struct error *err);

/* What became of a record since a mark, all that came after it taken together. */
struct feed_change {
	bool is_new;      /* it was not there, or was gone */
	bool is_gone;
	bool never;       /* it came and went: who has read up to the mark never heard of it */
};
/* In the order in which the records came. `each` borrows, and ends it with false. */
bool feed_changes(struct store *store, const struct object *object, const struct feed_mark *since,
		  bool (*each)(void *ctx, const struct feed_change *change, const char *raw, size_t len), void *ctx, struct error *err);
/* Whether there are any, of a few thousand types as quickly as of one: `ret_any`, one for each of the objects. */
bool feed_changed(struct store *store, const char *account_id, const struct feed_mark *since, const int64_t *object_nos, size_t count,
		  bool *ret_any, struct error *err);

/* A file of the run under way. */
enum feed_file_state {
	FEED_FILE_PLANNED,
	FEED_FILE_MADE,   /* its bytes are known and will not change */
	FEED_FILE_THERE,  /* they stand at the destination; or there was nothing to write, and there is no file */
};
struct feed_file {
	int64_t object_no;
	bool is_full;
	enum feed_file_state state;
	char type[64];
	char path[FEED_PATH_MAX];   /* at the destination */
	struct feed_mark mark;      /* what it goes up to; once made */
	char columns[20];           /* digest; once made */
	int64_t rows, gone, unfit, bytes; /* once made; without rows there is no file of changes */
	char digest[DIGEST_HEX];    /* SHA-256; once made */
};
/* In a transaction: the run begins. */
bool feed_run_begin(struct store *store, int64_t feed_no, int64_t run_ms, const struct feed_file *files, size_t count, struct error *err);
/* All of its files, in the order of the types. `ret_files` is owned by the caller. */
bool feed_run_files(struct store *store, int64_t feed_no, struct feed_file **ret_files, size_t *ret_count, struct error *err);
bool feed_file_save(struct store *store, int64_t feed_no, const struct feed_file *file, struct error *err);
/* In a transaction: all files are there. The marks move, and the run is over. */
bool feed_run_end(struct store *store, int64_t feed_no, struct error *err);

#endif
