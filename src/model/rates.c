/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Exchange rates by currency and day, and the file that they come in. */
#include "ledgerdeck/model/rates.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/model/csv.h"

void rates_clear(struct rates *rates)
{
	free(rates->items);
	*rates = (struct rates){ 0 };
}

void rates_add(struct rates *rates, const struct rate *rate)
{
	memory_grow(&rates->items, &rates->room, rates->count + 1, sizeof(*rates->items));
	rates->items[rates->count++] = *rate;
}

int rate_compare(const struct rate *a, const struct rate *b)
{
	int order = strcmp(a->currency, b->currency);

	return order ? order : (a->from.day > b->from.day) - (a->from.day < b->from.day);
}

static int by_day(const void *a, const void *b)
{
	return rate_compare(a, b);
}

/* The place of the first one that is not before this. */
static size_t place_of(const struct rates *rates, const struct rate *wanted)
{
	size_t low = 0, high = rates->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (rate_compare(&rates->items[middle], wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct rate *rates_find(const struct rates *rates, const char *currency, struct date day, const struct rate **ret_first)
{
	struct rate wanted = { .from = { .day = INT32_MIN } };
	size_t first, next;

	snprintf(wanted.currency, sizeof(wanted.currency), "%.3s", currency);
	first = place_of(rates, &wanted);
	*ret_first = first < rates->count && strcmp(rates->items[first].currency, wanted.currency) == 0 ? &rates->items[first] : NULL;
	wanted.from.day = day.day + 1;
	next = place_of(rates, &wanted);
	return next > first ? &rates->items[next - 1] : NULL;
}

/* ---- the file */

enum column { COLUMN_CURRENCY, COLUMN_FROM, COLUMN_RATE, COLUMN_COUNT };
static const char *const names[] = { [COLUMN_CURRENCY] = "currency", [COLUMN_FROM] = "from", [COLUMN_RATE] = "rate" };
_Static_assert(ARRAY_LEN(names) == COLUMN_COUNT, "a name for each column");

struct reading {
	struct rates *rates;
	size_t columns[COLUMN_COUNT]; /* where each stands */
	bool has_head;
	struct error error;
};

static bool take_head(struct reading *reading, const struct csv_row *row)
{
	for (size_t column = 0; column < COLUMN_COUNT; column++) {
		size_t i = 0;

		while (i < row->count && strcasecmp(names[column], row->cells[i].text) != 0)
			i++;
		if (i == row->count || row->count != COLUMN_COUNT)
			return error_set(&reading->error, ERROR_INPUT, "line %zu: a file of rates has the columns currency, from and rate", row->line);
		reading->columns[column] = i;
	}
	reading->has_head = true;
	return true;
}

static bool take_currency(const struct csv_cell *cell, char *out)
{
	if (cell->len != 3)
		return false;
	for (size_t i = 0; i < 3; i++) {
		if (!isalpha((unsigned char)cell->text[i]))
			return false;
		out[i] = (char)toupper((unsigned char)cell->text[i]);
	}
	out[3] = '\0';
	return true;
}

static bool take_row(void *ctx, const struct csv_row *row)
{
	struct reading *reading = ctx;
	const struct csv_cell *currency, *from, *value;
	struct rate rate;

	if (row->fault == CSV_GOOD && row->count == 1 && row->cells[0].len == 0)
		return true;
	if (row->fault != CSV_GOOD || (reading->has_head && row->count != COLUMN_COUNT))
		return error_set(&reading->error, ERROR_INPUT, "line %zu: its quotes or its number of cells are not right", row->line);
	if (!reading->has_head)
		return take_head(reading, row);
	currency = &row->cells[reading->columns[COLUMN_CURRENCY]];
	from = &row->cells[reading->columns[COLUMN_FROM]];
	value = &row->cells[reading->columns[COLUMN_RATE]];
	if (!take_currency(currency, rate.currency))
		return error_set(&reading->error, ERROR_INPUT, "line %zu: '%.20s' is no currency; three letters such as EUR are", row->line, currency->text);
	if (!date_parse(from->text, from->len, &rate.from))
		return error_set(&reading->error, ERROR_INPUT, "line %zu: '%.20s' is no day; 2026-01-31 is", row->line, from->text);
	if (!decimal_parse(value->text, value->len, &rate.rate) || rate.rate.digits <= 0)
		return error_set(&reading->error, ERROR_INPUT, "line %zu: '%.30s' is no rate; digits with a point, above zero, such as 1.0842 are",
				 row->line, value->text);
	rates_add(reading->rates, &rate);
	return true;
}

static bool check_twice(const struct rates *rates, struct error *err)
{
	char day[DATE_TEXT_MAX];

	for (size_t i = 1; i < rates->count; i++)
		if (rate_compare(&rates->items[i - 1], &rates->items[i]) == 0)
			return error_set(err, ERROR_INPUT, "there are two rates of %s from %s", rates->items[i].currency,
					 date_format(rates->items[i].from, day));
	return true;
}

bool rates_read(const char *text, size_t len, struct rates *rates, struct error *err)
{
	struct reading reading = { .rates = rates };
	struct csv csv;

	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3;
		len -= 3;
	}
	if (!str_is_utf8(text, len) || memchr(text, '\0', len))
		return error_set(err, ERROR_INPUT, "a file of rates is text in UTF-8");
	csv_init(&csv, csv_separator_of(text, len), RATES_FILE_MAX, take_row, &reading);
	if (csv_feed(&csv, text, len))
		csv_end(&csv);
	csv_clear(&csv);
	if (reading.error.code == ERROR_NONE && rates->count == 0)
		error_set(&reading.error, ERROR_INPUT, "there is no rate in it");
	if (reading.error.code == ERROR_NONE) {
		qsort(rates->items, rates->count, sizeof(*rates->items), by_day);
		check_twice(rates, &reading.error);
	}
	if (reading.error.code == ERROR_NONE)
		return true;
	rates_clear(rates);
	if (err)
		*err = reading.error;
	return false;
}
