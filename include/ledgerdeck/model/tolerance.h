/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How far two amounts may be apart and still be suggested as one, as people write it down: words with blanks between, each for a
 * class of ledger accounts, a currency, or both: "0.05 JPY=5 bank=0 receivable/EUR=1,0.5%,5d". Behind "=" stand an amount, a
 * percentage and days, as far as they are wanted; all that are given must hold. "+1,-0.10": 1 more on the second side, 0.10 less.
 * Pure.
 */
#ifndef LEDGERDECK_MODEL_TOLERANCE_H
#define LEDGERDECK_MODEL_TOLERANCE_H

#include "ledgerdeck/core/error.h"
#include "ledgerdeck/model/match.h"

#define TOLERANCE_DAYS_MAX 45

/* INPUT says which word is none. */
bool tolerance_check(const char *text, struct error *err);
/*
 * What holds for amounts of a class of ledger accounts ("bank"; "" : of none) in a currency: the word for both; else, of one for
 * the class and one for the currency, the stricter; else the one for neither; else nothing. `days`: where amounts may differ and
 * no days are given.
 */
struct match_tolerance tolerance_of(const char *text, const char *class, const char *currency, int32_t days);

#endif
