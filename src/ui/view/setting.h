/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a setting is told, in the list of all and by itself. */
#ifndef UI_VIEW_SETTING_H
#define UI_VIEW_SETTING_H

#include "ledgerdeck/settings/settings.h"
#include "view.h"

/* What is in force; a secret is "<hidden>". "" : nothing. Borrowed. */
const char *setting_value(const struct deck *deck, const struct setting_row *row);
/* Where it came from: "this session", or as settings_origin(). Borrowed. */
const char *setting_from(const struct deck *deck, const struct setting_row *row);
const char *setting_refuses(const struct setting_row *row, enum action action);
void setting_add_help(const struct setting_row *row, struct str *out); /* what it is for, as a sentence */
void setting_add_lines(const struct setting_row *row, const char *value, struct str *out); /* as they stand in a file */

#endif
