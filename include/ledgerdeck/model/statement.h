/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Statements of banks and their like, as CSV: movements of one account with date, amount, and whatever else the file has. Bytes go
 * in as they come, lines and refusals come out by callbacks. Lines before the columns' names are passed over, names are known in
 * English, German and Norwegian, or a profile gives them; amounts may stand in one column or in two. Pure: opens nothing.
 */
#ifndef LEDGERDECK_MODEL_STATEMENT_H
#define LEDGERDECK_MODEL_STATEMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/error.h"
#include "ledgerdeck/model/import.h"

#define STATEMENT_LINES_MAX ((size_t)1000000) /* of one file */

struct statement_line {
	size_t line;                 /* of the file, where it begins */
	struct date date;
	int64_t amount;              /* millionths; money in is positive */
	char currency[4];            /* "" : the file says none */
	const char *number, *party, *text; /* borrowed for the call; "" : none */
};
struct statement_sink {
	/* False ends it; `err` says why. */
	bool (*line)(void *ctx, const struct statement_line *line, struct error *err);
	bool (*refusal)(void *ctx, const struct import_refusal *refusal, struct error *err); /* its type and external id are empty */
	void *ctx;
};

struct statement;
/* `profile` is borrowed and must outlive it; NULL: none. Its fields are date, amount, debit, credit, number, party, text, currency,
 * balance. The sink is copied. */
struct statement *statement_new(const struct import_profile *profile, const struct statement_sink *sink);
void statement_free(struct statement *statement);    /* NULL does nothing */
void statement_freep(struct statement **statement);
/*
 * The file is read twice, as an import is: first only to see how its dates are written and whether its balances, if it has them, go
 * on from line to line; statement_again() between. Refusals come the second time. Error INPUT: no names of columns are known, it is
 * no text, a balance does not follow from the one before.
 */
bool statement_feed(struct statement *statement, const char *bytes, size_t len, struct error *err);
bool statement_end(struct statement *statement, struct error *err);
void statement_again(struct statement *statement);

#endif
