/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Values about a person (the catalogue's `personal`): whether people see them, and what they see instead. The mirror keeps them
 * as the ledger sent them; only what is shown is masked, and all that shows a record must say which of the two it does.
 */
#ifndef LEDGERDECK_MODEL_PERSONAL_H
#define LEDGERDECK_MODEL_PERSONAL_H

#include <stdbool.h>
#include <stddef.h>

#include "ledgerdeck/core/str.h"
#include "ledgerdeck/model/catalogue.h"

enum personal { PERSONAL_MASKED, PERSONAL_SHOWN };

/* Instead of the value, whatever its kind and length. ASCII: every terminal, CSV and JSON file shows it as it is. */
#define PERSONAL_MASK "***"

/*
 * Does a path lie at or below a personal one, or a personal one below it? Places in lists ("Line[2].Amount") don't count, "*" is
 * any name. `type` NULL: no.
 */
bool personal_has(const struct type *type, const char *path);

/*
 * A record's JSON text as people may see it, appended: where it is masked, the values at the type's personal paths are strings
 * of the mask, in all items of lists on the way; null and "" stay, since they say nothing. All other bytes are the same. What is
 * no well-formed JSON can't be looked through: it is masked as a whole, where the type has anything personal.
 */
void personal_add_json(const struct type *type, enum personal personal, const char *text, size_t len, struct str *out);

#endif
