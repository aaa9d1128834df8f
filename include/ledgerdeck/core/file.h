/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files and directories of the program: private, written whole or not at all. */
#ifndef LEDGERDECK_CORE_FILE_H
#define LEDGERDECK_CORE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledgerdeck/core/digest.h"
#include "ledgerdeck/core/error.h"
#include "ledgerdeck/core/str.h"

/* Read a whole regular file of at most `limit` bytes. Errors: INPUT (absent, too large, not a file), STORE. */
bool file_read(const char *path, size_t limit, struct str *out, struct error *err);
/* Write by temporary name, fsync, rename, fsync of the directory. Mode 0600 unless told otherwise. */
bool file_write(const char *path, const char *bytes, size_t len, unsigned mode, struct error *err);
/*
 * The same for what is written bit by bit: nothing stands under the path before the commit, and nothing is left behind by
 * file_draft_clear() without one. Errors: STORE.
 */
struct file_draft {
	int fd;                      /* -1: none is open */
	struct str path, temporary;  /* owned */
};
void file_draft_init(struct file_draft *draft);
void file_draft_clear(struct file_draft *draft);
bool file_draft_open(struct file_draft *draft, const char *path, struct error *err);
bool file_draft_write(struct file_draft *draft, const char *bytes, size_t len, struct error *err);
bool file_draft_commit(struct file_draft *draft, unsigned mode, struct error *err); /* mode 0: private */
/*
 * A directory that is written as a whole, of files alone: what is written stands in `temporary`, beside its path, until the commit
 * gives it its name; directory_draft_clear() without one leaves nothing of it. At the path there may be an empty directory.
 * Errors: STORE; INPUT: something stands there by now.
 */
struct directory_draft {
	struct str path, temporary;  /* owned */
};
void directory_draft_init(struct directory_draft *draft);
void directory_draft_clear(struct directory_draft *draft);
bool directory_draft_open(struct directory_draft *draft, const char *path, struct error *err);
bool directory_draft_commit(struct directory_draft *draft, struct error *err);
/* Call for each name in a directory, but "." and ".."; false ends it. Errors: INPUT: there is no such directory; STORE. */
bool directory_each(const char *path, bool (*each)(void *ctx, const char *name), void *ctx, struct error *err);
/* SHA-256 of a regular file of any size, which is no symbolic link. Errors: INPUT, STORE. */
bool file_digest(const char *path, struct digest *ret_digest, struct error *err);
/* After a rename: that the directory holds the new name survives a loss of power, too. Error STORE. */
bool file_sync_parent(const char *path, struct error *err);
/* Make a directory and those above it; the last one with mode 0700. Errors: STORE. */
bool file_make_private_directory(const char *path, struct error *err);
/* Refuse what others can read or write, or what is not ours: what key files must pass. Error INPUT. */
bool file_check_private(const char *path, struct error *err);
/* Refuse what everybody can read or write: what systemd's credentials must pass, which may have an ACL. Error INPUT. */
bool file_check_not_public(const char *path, struct error *err);
bool file_exists(const char *path);
/* How many bytes may still be written where the file is; INT64_MAX: nobody can tell. */
int64_t file_room(const char *path);

/* XDG directories of the program ("$XDG_CONFIG_HOME/ledgerdeck" or "~/.config/ledgerdeck"), appended. */
enum file_place { FILE_CONFIG, FILE_DATA, FILE_STATE, FILE_CACHE };
bool file_add_place(enum file_place place, struct str *out, struct error *err);

#endif
