/* SPDX-License-Identifier: GPL-3.0-or-later */
/* QuickBooks Online as a provider. */
#ifndef QUICKBOOKS_QUICKBOOKS_H
#define QUICKBOOKS_QUICKBOOKS_H

#include "ledgerdeck/provider/provider.h"

extern const struct provider quickbooks_provider;

#endif
