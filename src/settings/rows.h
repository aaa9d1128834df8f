/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of the table of settings, and the names that other services have for some of them. */
#ifndef SETTINGS_ROWS_H
#define SETTINGS_ROWS_H

#include <stddef.h>

#include "ledgerdeck/settings/settings.h"

enum alias_form {
	ALIAS_PLAIN,
	ALIAS_MINUTES,  /* a bare number means minutes, not seconds */
	ALIAS_WORD,     /* in any letter case, and with their words for levels */
	ALIAS_REDIRECT, /* the name goes on with the environment's word */
};

/* A name from elsewhere: from the environment, or only from a file named with --env-file. */
struct settings_alias {
	const char *variable;
	const char *name;
	bool file_only;
	enum alias_form form;
};
extern const struct settings_alias settings_aliases[];
extern const size_t settings_alias_count;

#endif
