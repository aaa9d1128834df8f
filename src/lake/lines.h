/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What formats of lines share: lines are gathered and handed on in blocks. */
#ifndef LAKE_LINES_H
#define LAKE_LINES_H

#include "ledgerdeck/core/str.h"
#include "format.h"

struct lines {
	const struct table_options *options; /* borrowed */
	const struct table_sink *sink;       /* borrowed */
	struct str block;                    /* owned */
	bool is_started;                     /* a head, if any, has been written */
};

void *lines_open(const struct table_options *options, const struct table_sink *sink);
void lines_close(void *writer);
bool lines_flush(struct lines *lines, struct error *err);
bool lines_flush_full(struct lines *lines, struct error *err); /* where there is a block's worth of it */

#endif
