/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Invoices and customers as files that QuickBooks imports, for companies that are not connected: CSV for QuickBooks Online, IIF
 * for QuickBooks Desktop. Resources go in, bytes come out by callbacks. Pure: opens nothing. What such a file has no place for
 * is told, never left out in silence.
 */
#ifndef LEDGERDECK_MODEL_EXPORT_H
#define LEDGERDECK_MODEL_EXPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "ledgerdeck/core/error.h"
#include "ledgerdeck/core/json.h"
#include "ledgerdeck/model/resource.h"

#define EXPORT_CSV_INVOICES_MAX 100 /* of a file that QuickBooks Online takes */
#define EXPORT_CSV_ROWS_MAX 1000    /* of such a file, without the columns' names */

enum export_format { EXPORT_QUICKBOOKS_CSV, EXPORT_IIF, EXPORT_FORMAT_COUNT };
const char *export_format_word(enum export_format format); /* "quickbooks-csv" */
bool export_format_parse(const char *word, enum export_format *ret_format);

struct export_options {
	enum export_format format;
	const struct resource_type *type; /* invoices or customers, see export_takes() */
	bool has_iso_dates;               /* CSV: 2026-01-31 instead of 01/31/2026, which QuickBooks always offers */
	/* IIF: names of ledger accounts, of the tax item and the tax agency; NULL: those of a new company file. */
	const char *receivable, *income, *tax_account, *tax_item, *tax_agency;
	/* What QuickBooks calls a code; borrowed until the next call, NULL: as the code itself. The slot may be NULL. */
	const char *(*name)(void *ctx, enum target target, const char *code);
	void *ctx;
};

struct export_note {
	const char *external_id;
	bool is_left_out; /* all of it */
	const char *text; /* one sentence without its dot */
};

struct export_sink { /* each: false ends the export; `err` says why */
	bool (*begin)(void *ctx, size_t file, struct error *err); /* from 1; what is written next is its */
	bool (*write)(void *ctx, const char *bytes, size_t len, struct error *err);
	bool (*note)(void *ctx, const struct export_note *note, struct error *err);
	void *ctx;
};

struct export_counts {
	size_t documents, left_out, files;
};

bool export_takes(enum export_format format, const struct resource_type *type);
struct export;
struct export *export_new(const struct export_options *options, const struct export_sink *sink); /* both are copied */
void export_free(struct export *export); /* NULL does nothing */
void export_freep(struct export **export);
/* `data` as resource_check() makes it. Without resources there is no file. */
bool export_add(struct export *export, const char *external_id, struct json_slice data, struct error *err);
struct export_counts export_counts(const struct export *export);

#endif
