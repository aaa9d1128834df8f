/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "spark.h"

#include "ledgerdeck/core/memory.h"

#define LEVELS 8

static int bits(int64_t value)
{
	int count = 0;

	for (; value > 0; value >>= 1)
		count++;
	return count;
}

void spark_add(struct str *out, const int64_t *values, size_t count, bool ascii)
{
	static const char *const bars[LEVELS] = { "\xe2\x96\x81", "\xe2\x96\x82", "\xe2\x96\x83", "\xe2\x96\x84",
						  "\xe2\x96\x85", "\xe2\x96\x86", "\xe2\x96\x87", "\xe2\x96\x88" };
	static const char signs[LEVELS + 1] = "_.:-=+*#";
	int most = 1;

	for (size_t i = 0; i < count; i++)
		if (bits(values[i]) > most)
			most = bits(values[i]);
	/* A few records are a low bar, however few were the most. */
	most = most < LEVELS - 1 ? LEVELS - 1 : most;
	for (size_t i = 0; i < count; i++) {
		int level = (bits(values[i]) * (LEVELS - 1) + most - 1) / most;

		if (values[i] == SPARK_FAILED)
			str_add_char(out, 'x');
		else if (ascii)
			str_add_char(out, signs[level]);
		else
			str_add(out, bars[level]);
	}
}
