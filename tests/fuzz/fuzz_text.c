/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any bytes as text for a terminal: clusters move on and are as wide as they may be, nothing that
 * comes out steers a terminal, cells are exactly as wide as asked, and what is harmless stays as it
 * is. The first byte says how many columns there are.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"
#include "ledgerdeck/core/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "broken: %s\n", what);
	abort();
}

/* Text that steers nothing: UTF-8 without control, bidi and tag characters. */
static void check_harmless(const char *text, size_t len, bool is_ascii)
{
	must(str_is_utf8(text, len), "the text is no UTF-8");
	for (size_t i = 0; i < len; i++) {
		const unsigned char *at = (const unsigned char *)text + i;
		size_t left = len - i;

		must(at[0] >= 0x20 && at[0] != 0x7f, "a control character came through");
		must(!is_ascii || at[0] < 0x80, "more than ASCII came through");
		must(left < 2 || at[0] != 0xc2 || at[1] >= 0xa0, "a C1 character came through");
		must(left < 3 || at[0] != 0xe2 || at[1] != 0x80 || at[2] < 0x8e || at[2] == 0x90 ||
		     (at[2] > 0x8f && at[2] < 0xa8) || at[2] > 0xae,
		     "U+200E, U+200F or one of U+2028 to U+202E came through");
		must(left < 3 || at[0] != 0xe2 || at[1] != 0x81 || at[2] < 0xa6 || at[2] > 0xa9,
		     "U+2066 to U+2069 came through");
		must(left < 3 || at[0] != 0xf3 || at[1] != 0xa0 || (at[2] != 0x80 && at[2] != 0x81),
		     "a tag character came through");
	}
}

/* Walk through the clusters; returns their columns. */
static size_t walk(enum text_mode mode, const char *text, size_t len)
{
	struct text_cluster cluster;
	size_t at = 0, last = 0, width = 0;

	while (text_next(mode, text, len, &at, &cluster)) {
		must(at > last && at <= len, "a cluster does not move on");
		must(cluster.width == 1 || cluster.width == 2, "a cluster has no width");
		must(cluster.len > 0, "a cluster is empty");
		must(cluster.bytes < text || cluster.bytes > text + len ||
		     (cluster.bytes >= text + last && cluster.bytes + cluster.len <= text + at),
		     "a cluster lies outside of what was passed");
		check_harmless(cluster.bytes, cluster.len, mode == TEXT_ASCII);
		width += cluster.width;
		last = at;
	}
	must(at == len, "something was left over");
	return width;
}

static void check_cells(enum text_mode mode, const char *text, size_t len, size_t columns)
{
	AUTO(str_clear) struct str filled = STR_INIT(STR_NO_LIMIT), cell = STR_INIT(STR_NO_LIMIT);
	size_t all = text_width(mode, text, len), width;

	text_add(&filled, mode, text, len, columns, true);
	text_add(&cell, mode, text, len, columns, false);
	must(text_width(mode, filled.text, filled.len) == columns,
	     "a filled cell has another width");
	width = text_width(mode, cell.text, cell.len);
	must(all <= columns ? width == all : width <= columns && width + 1 >= columns,
	     "a cell has another width");
	must(filled.len >= cell.len && memcmp(filled.text, cell.text, cell.len) == 0,
	     "filling changes the text");
	check_harmless(cell.text, cell.len, mode == TEXT_ASCII);
}

static void check_mode(enum text_mode mode, const char *text, size_t len, size_t columns)
{
	AUTO(str_clear) struct str once = STR_INIT(STR_NO_LIMIT), twice = STR_INIT(STR_NO_LIMIT);
	size_t width = walk(mode, text, len);

	must(text_width(mode, text, len) == width, "text_width() counts otherwise");
	check_cells(mode, text, len, columns);
	check_cells(mode, text, len, width);
	text_add_line(&once, mode, text, len);
	check_harmless(once.text, once.len, mode == TEXT_ASCII);
	text_add_line(&twice, mode, once.text, once.len);
	must(twice.len == once.len && memcmp(twice.text, once.text, once.len) == 0,
	     "a harmless line changes");
	/* But for line breaks of two characters, which become one blank. */
	if (!memmem(text, len, "\r\n", 2))
		must(walk(mode, once.text, once.len) == width, "a harmless line has another width");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(memory_freep) char *text = NULL;
	size_t columns, len;

	if (size == 0)
		return 0;
	columns = data[0];
	len = size - 1;
	/* Its own memory, so that a byte too far is seen. */
	text = memory_resize(NULL, len);
	if (len)
		memcpy(text, data + 1, len);
	for (int mode = TEXT_SAFE; mode <= TEXT_ASCII; mode++)
		check_mode((enum text_mode)mode, text, len, columns);
	return 0;
}
