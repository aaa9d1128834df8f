/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The one filter language of the deck and the command line: "Balance>0 CustomerRef.name~acme
 * state:inactive". Conditions are all meant; a word without operator is looked for in the title.
 */
#ifndef LEDGERDECK_MODEL_FILTER_H
#define LEDGERDECK_MODEL_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledgerdeck/core/error.h"
#include "ledgerdeck/model/catalogue.h"
#include "ledgerdeck/model/record.h"

#define FILTER_CONDITIONS_MAX 16

enum filter_operator { FILTER_EQUAL, FILTER_NOT_EQUAL, FILTER_LESS, FILTER_LESS_EQUAL, FILTER_GREATER,
		       FILTER_GREATER_EQUAL, FILTER_CONTAINS };
enum filter_subject { FILTER_FIELD, FILTER_ID, FILTER_TITLE, FILTER_STATE, FILTER_CHANGED };

struct filter_condition {
	enum filter_subject subject;
	size_t field;                 /* FILTER_FIELD: index in the type's fields */
	enum filter_operator op;
	struct cell value;            /* in the form of the field's cells; states as their number */
	char text[200];               /* what value.text points to */
};

struct filter {
	struct filter_condition conditions[FILTER_CONDITIONS_MAX];
	size_t count;
	bool names_state;             /* otherwise deleted records are left out */
};

/*
 * Error INPUT names the word, what is wrong with it, and the nearest field. What is personal and masked can't be looked for
 * either: one question after the other would find it out.
 */
bool filter_parse(const struct type *type, const char *text, enum personal personal, struct filter *ret_filter, struct error *err);
/* The same for a field that records are to be sorted by. */
bool filter_may_use(const struct type *type, size_t field, enum personal personal, struct error *err);

#endif
