/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each format of a table is made of. */
#ifndef LAKE_FORMAT_H
#define LAKE_FORMAT_H

#include "ledgerdeck/lake/table.h"

struct format {
	const char *word;
	void *(*open)(const struct table_options *options, const struct table_sink *sink); /* both outlive it, but for the notes */
	void (*close)(void *writer);
	bool (*add)(void *writer, const struct column_value *values, struct error *err);
	bool (*end)(void *writer, struct error *err);
};

extern const struct format format_parquet, format_csv, format_jsonl;

#endif
