/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a profile says, row by row. What its columns and constants are, import_bind.c finds out once the type is known. */
#ifndef MODEL_IMPORT_PROFILE_H
#define MODEL_IMPORT_PROFILE_H

#include "import_date.h"
#include "ledgerdeck/model/import.h"

enum negative_form { NEGATIVE_MINUS, NEGATIVE_PARENTHESES, NEGATIVE_TRAILING };

struct profile_row {
	char *left, *right; /* owned: of a column its header and field, of a constant its field and text */
	size_t line;
	bool is_constant;
};

struct import_profile {
	char *name;                       /* owned */
	const struct resource_type *type; /* NULL: not said */
	struct date_form date;
	char decimal;                     /* '\0': not said, which is a point */
	char thousands;                   /* '\0': none; ' ': blanks of all kinds */
	enum negative_form negative;
	char *currency_sign;              /* owned; NULL: none */
	bool is_windows_1252;
	char separator;                   /* '\0': the header tells */
	bool ignores_unknown;
	struct profile_row *rows;         /* owned */
	size_t count, room;
};

#endif
