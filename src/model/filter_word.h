/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words that filters are made of: a name, a sign and a value, or a value alone; values may stand in quotes. */
#ifndef MODEL_FILTER_WORD_H
#define MODEL_FILTER_WORD_H

#include "ledgerdeck/model/filter.h"

struct filter_word {
	const char *name;         /* borrowed: the filter's text; need not end at `name_len` */
	size_t name_len;
	const char *sign;         /* the operator as it was written; NULL: a value alone */
	enum filter_operator op;
	char text[200];           /* the value without its quotes */
	size_t text_len;
};

/* Moves behind the blanks before a word; false: there is no more. */
bool filter_word_comes(const char **at);
/* The word there, which ends at a blank outside quotes. Errors: INPUT. */
bool filter_word_read(const char **at, struct filter_word *ret_word, struct error *err);
bool filter_word_is(const struct filter_word *word, const char *name, bool any_case);

#endif
