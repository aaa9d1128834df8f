/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers one beside the other as a line of bars, each one column. */
#ifndef UI_SPARK_H
#define UI_SPARK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledgerdeck/core/str.h"

#define SPARK_FAILED (-1) /* instead of a number: shown as "x" */

/*
 * Appended. Heights grow with the number of digits, not with the number: ten among thousands is seen. Nothing is the lowest
 * bar. `ascii`: by signs that get denser.
 */
void spark_add(struct str *out, const int64_t *values, size_t count, bool ascii);

#endif
