/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A table of exchange rates of the operator's own: what one unit of a currency is worth in the home currency, from a day on until
 * the next one. Comes as a file, see docs/import.md. Pure.
 */
#ifndef LEDGERDECK_MODEL_RATES_H
#define LEDGERDECK_MODEL_RATES_H

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/decimal.h"
#include "ledgerdeck/core/error.h"

#define RATES_FILE_MAX ((size_t)16 << 20)

struct rate {
	char currency[4];
	struct date from;
	struct decimal rate;
};
struct rates {
	struct rate *items;          /* owned: by currency and day */
	size_t count, room;
};
int rate_compare(const struct rate *a, const struct rate *b); /* by currency, then by day */
void rates_clear(struct rates *rates);
/* Behind those that are there: rates come in their order. */
void rates_add(struct rates *rates, const struct rate *rate);
/* What holds for a currency on a day; NULL: nothing. `ret_first` is the first of that currency, NULL: there is none. */
const struct rate *rates_find(const struct rates *rates, const char *currency, struct date day, const struct rate **ret_first);
/*
 * Read a CSV file with columns currency, from and rate into an empty table. INPUT: the first line that is wrong, and why; then
 * there is nothing in it.
 */
bool rates_read(const char *text, size_t len, struct rates *rates, struct error *err);

#endif
