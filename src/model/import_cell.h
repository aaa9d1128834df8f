/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One cell of a CSV file: from how the file writes texts, dates and numbers to how resource_check() wants them. */
#ifndef MODEL_IMPORT_CELL_H
#define MODEL_IMPORT_CELL_H

#include "import_profile.h"
#include "ledgerdeck/core/str.h"

#define CELL_WHY_MAX 240

struct cell_rules {
	const struct import_profile *profile; /* borrowed; NULL: none */
	enum date_order order;   /* that the file itself showed; DATE_NO_ORDER: none */
	bool is_mixed;           /* it showed several */
	size_t mixed_lines[2];
};

/* In UTF-8, without blanks around it. False: its bytes are no text, and `why` says so. */
bool cell_read_text(const struct cell_rules *rules, const char *text, size_t len, struct str *out, char *why);
bool cell_read_number(const struct cell_rules *rules, const char *text, size_t len, struct str *out, char *why);
bool cell_read_date(const struct cell_rules *rules, const char *text, size_t len, struct str *out, char *why);

#endif
