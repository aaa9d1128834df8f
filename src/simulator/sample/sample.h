/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sample companies: two years of believable books, the same for the same seed and day. */
#ifndef SAMPLE_H
#define SAMPLE_H

#include "company.h"
#include "world.h"

/* Error: INPUT (unknown kind, taken realm, too large a number). */
bool sample_make(struct simulator *simulator, const struct simulator_company *wanted,
		 struct company **ret_company, struct error *err);

#endif
