/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each kind of setting takes. */
#ifndef SETTINGS_VALUE_H
#define SETTINGS_VALUE_H

#include "ledgerdeck/core/str.h"
#include "ledgerdeck/settings/settings.h"

/* May the row have this value? If not, `ret_want` says what it takes; NULL: something between min and max. */
bool setting_value_check(const struct setting_row *row, const char *text, int64_t *ret_number, const char **ret_want);

/* Clear a text that may hold a secret: it is wiped before it is let go. */
void value_wipe(struct str *text);

#endif
