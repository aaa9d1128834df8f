/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The least and the greatest value of a column, by which readers pass over parts of a file. A bound that is too narrow loses rows
 * without a word: where a text is too long to be kept whole, the lower one is cut and the upper one is cut and raised.
 */
#ifndef LAKE_BOUNDS_H
#define LAKE_BOUNDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledgerdeck/core/str.h"
#include "ledgerdeck/model/columns.h"

#define BOUNDS_TEXT_MAX 64 /* bytes of a text that is kept whole */

struct bound {
	column_wide number;
	char text[BOUNDS_TEXT_MAX];
	uint8_t len;
	bool is_cut; /* the text goes on */
};

struct bounds {
	bool any;
	struct bound least, greatest;
};

void bounds_reset(struct bounds *bounds);
void bounds_add_number(struct bounds *bounds, column_wide number);
void bounds_add_text(struct bounds *bounds, const char *text, size_t len);
/* Appended. Of texts; `ret_exact` false: it is not a value of the column. False: there is no such bound. */
bool bounds_least_text(const struct bounds *bounds, struct str *out, bool *ret_exact);
bool bounds_greatest_text(const struct bounds *bounds, struct str *out, bool *ret_exact);

#endif
