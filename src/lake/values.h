/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values of a table as text, for the formats that are made of it. */
#ifndef LAKE_VALUES_H
#define LAKE_VALUES_H

#include "ledgerdeck/core/str.h"
#include "ledgerdeck/model/columns.h"

/* Decimals by their digits, days and instants (with Z) as ISO 8601 has them, flags as true and false. It is there. Appended. */
void value_add_text(const struct column_value *value, enum column_kind kind, struct str *out);

#endif
