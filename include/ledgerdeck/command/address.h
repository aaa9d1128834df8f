/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a record is seen in the ledger's own web page: the environment's address of the settings, the type's of the catalogue. */
#ifndef LEDGERDECK_COMMAND_ADDRESS_H
#define LEDGERDECK_COMMAND_ADDRESS_H

#include "ledgerdeck/core/str.h"
#include "ledgerdeck/model/account.h"
#include "ledgerdeck/model/catalogue.h"
#include "ledgerdeck/settings/settings.h"

/* Appended; false: the environment has no such pages, or nobody knows the type's. */
bool record_address(const struct settings *settings, const struct account *account, const struct type *type, const char *id,
		    struct str *out);

#endif
