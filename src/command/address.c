/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Addresses of records in the ledger's web pages. */
#include "ledgerdeck/command/address.h"

#include <stdio.h>
#include <string.h>

bool record_address(const struct settings *settings, const struct account *account, const struct type *type, const char *id,
		    struct str *out)
{
	const char *base, *hole = strstr(type->web, "{id}");
	char name[80];

	if (!hole)
		return false;
	snprintf(name, sizeof(name), "%.30s.web_%s", type->provider, environment_word(account->environment));
	/* Not every provider has every environment. */
	if (!settings_known(name))
		return false;
	base = settings_text(settings, name);
	if (!*base)
		return false;
	str_addf(out, "%s/%.*s", base, (int)(hole - type->web), type->web);
	/* An id may hold anything; an address may not. */
	str_add_percent(out, id);
	str_add(out, hole + strlen("{id}"));
	return true;
}
