/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sample entity: a Norwegian company of the last two years, made from the seed. */
#ifndef XLEDGER_SAMPLE_H
#define XLEDGER_SAMPLE_H

#include "xledger/xledger.h"

#define XL_SAMPLE_KIND "xledger"

/* Make it and add it to the world. Error: INPUT. */
bool xl_sample_make(struct simulator *simulator, const struct simulator_company *wanted, struct error *err);

#endif
