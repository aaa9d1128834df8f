/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the kinds of ledger accounts are called. */
#include "ledgerdeck/model/account_class.h"

#include <string.h>

static const char *const words[CLASS_COUNT] = {
	[CLASS_UNKNOWN] = "unknown", [CLASS_BANK] = "bank", [CLASS_CARD] = "card", [CLASS_RECEIVABLE] = "receivable",
	[CLASS_PAYABLE] = "payable", [CLASS_TAX] = "tax", [CLASS_UNDEPOSITED] = "undeposited", [CLASS_ASSET] = "asset",
	[CLASS_LIABILITY] = "liability", [CLASS_EQUITY] = "equity", [CLASS_RETAINED] = "retained", [CLASS_INCOME] = "income",
	[CLASS_COST] = "cost",
};

const char *account_class_word(enum account_class class)
{
	return words[class];
}

bool account_class_parse(const char *word, size_t len, enum account_class *ret_class)
{
	for (int i = CLASS_UNKNOWN + 1; i < CLASS_COUNT; i++)
		if (strlen(words[i]) == len && memcmp(words[i], word, len) == 0) {
			*ret_class = (enum account_class)i;
			return true;
		}
	return false;
}
