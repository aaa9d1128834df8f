/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dates as files write them: in which order day, month and year stand is said, or seen, and never guessed. */
#ifndef MODEL_IMPORT_DATE_H
#define MODEL_IMPORT_DATE_H

#include <stdbool.h>
#include <stddef.h>

#include "ledgerdeck/core/date.h"

enum date_order { DATE_NO_ORDER, DATE_YMD, DATE_MDY, DATE_DMY };

/* "DD.MM.YYYY" and its like. */
struct date_form {
	enum date_order order; /* DATE_NO_ORDER: none was given */
	char separator;        /* '\0': none */
	bool is_short;         /* a year of two digits, of this century */
};

bool date_form_parse(const char *text, size_t len, struct date_form *ret_form);
/* Day and month may lack their leading zero where there are separators. False: not of that form, or no day of the calendar. */
bool date_form_read(struct date_form form, const char *text, size_t len, struct date *ret_date);

/*
 * Without a form: a date with a year of four digits, and any one separator of "/.-". Returns the orders in which it is a day, as
 * bits 1 << order; what comes with the year first has that order only.
 */
unsigned date_orders(const char *text, size_t len);
bool date_read(enum date_order order, const char *text, size_t len, struct date *ret_date);

#endif
