/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small numbers as Parquet writes levels and places in a dictionary: runs of one value, and packed bits between them. */
#ifndef LAKE_HYBRID_H
#define LAKE_HYBRID_H

#include <stddef.h>
#include <stdint.h>

#include "ledgerdeck/core/str.h"

#define HYBRID_WIDTH_MAX 24 /* bits of a number */

int hybrid_width(size_t count); /* bits that numbers below `count` need; at least 1 */
void hybrid_add(struct str *out, const uint32_t *numbers, size_t count, int width);
/* The same for numbers of one bit that are packed already, lowest bit first, of which `ones` are 1. */
void hybrid_add_bits(struct str *out, const uint8_t *bits, size_t count, size_t ones);

#endif
