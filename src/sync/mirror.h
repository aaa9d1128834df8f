/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A single record into the mirror, beside the reads of its type: what a write came back with, or what somebody wants as it is now. */
#ifndef SYNC_MIRROR_H
#define SYNC_MIRROR_H

#include "ledgerdeck/core/compress.h"
#include "ledgerdeck/store/records.h"

struct mirror_one {
	struct store *store;         /* in a transaction */
	struct compress *compress;
	const char *account_id;
	const struct type *type;
	int64_t now_ms;
	struct put_counts *counts;   /* added to */
};
/*
 * `raw` JSON_NONE: it is gone. Nothing happens where the type was never read, or its columns are being filled anew: a read brings
 * it. Error INPUT: it can't be kept as a record, and nothing was written.
 */
bool mirror_take(const struct mirror_one *one, const char *id, struct json_slice raw, struct error *err);

#endif
