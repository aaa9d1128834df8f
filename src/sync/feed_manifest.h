/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a feed's run has written, for those who read it: only what a manifest names is whole with all the rest of its run. */
#ifndef SYNC_FEED_MANIFEST_H
#define SYNC_FEED_MANIFEST_H

#include "ledgerdeck/lake/layout.h"
#include "feed_file.h"

/* What a layout is filled in with for a file of the run under way. */
void feed_layout_values(const struct feed *feed, const struct account *account, const char *type, bool is_full,
			struct layout_values *ret_values);

/* Its path at the destination, and its text; the same run gives the same bytes. Both appended. */
void feed_manifest_add_path(const struct feed *feed, const struct account *account, struct str *out);
void feed_manifest_add(const struct feed *feed, const struct account *account, const struct feed_file *files, size_t count, struct str *out);

#endif
