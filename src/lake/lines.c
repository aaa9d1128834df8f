/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sink may be a file or a cloud: it is called for blocks, not for lines. */
#include "lines.h"

#include <stdlib.h>

#include "ledgerdeck/core/memory.h"

#define BLOCK_BYTES (1 << 16)

void *lines_open(const struct table_options *options, const struct table_sink *sink)
{
	struct lines *lines = memory_new(sizeof(*lines));

	*lines = (struct lines){ .options = options, .sink = sink, .block = STR_INIT(STR_NO_LIMIT) };
	return lines;
}

void lines_close(void *writer)
{
	struct lines *lines = writer;

	str_clear(&lines->block);
	free(lines);
}

bool lines_flush(struct lines *lines, struct error *err)
{
	if (lines->block.len > 0 && !lines->sink->write(lines->sink->ctx, lines->block.text, lines->block.len, err))
		return false;
	str_reset(&lines->block);
	return true;
}

bool lines_flush_full(struct lines *lines, struct error *err)
{
	return lines->block.len < BLOCK_BYTES || lines_flush(lines, err);
}
