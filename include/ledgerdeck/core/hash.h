/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A number for bytes, quick to make: XXH64 with seed 0, to tell whether something is as it was. Whoever wants to can
 * make other bytes with the same number, so it proves nothing; what must prove something is a digest (digest.h).
 */
#ifndef LEDGERDECK_CORE_HASH_H
#define LEDGERDECK_CORE_HASH_H

#include <stddef.h>
#include <stdint.h>

uint64_t hash_bytes(const void *bytes, size_t len);

#endif
