/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What kinds of ledger accounts there are, in any ledger. */
#ifndef LEDGERDECK_MODEL_ACCOUNT_CLASS_H
#define LEDGERDECK_MODEL_ACCOUNT_CLASS_H

#include <stdbool.h>
#include <stddef.h>

enum account_class {
	CLASS_UNKNOWN, CLASS_BANK, CLASS_CARD, CLASS_RECEIVABLE, CLASS_PAYABLE, CLASS_TAX, CLASS_UNDEPOSITED, CLASS_ASSET, CLASS_LIABILITY,
	CLASS_EQUITY, CLASS_RETAINED, CLASS_INCOME, CLASS_COST, CLASS_COUNT
};
const char *account_class_word(enum account_class class); /* "receivable" */
bool account_class_parse(const char *word, size_t len, enum account_class *ret_class); /* false: no class that is known is called so */

#endif
