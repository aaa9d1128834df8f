/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The letters of Windows-1252, which older programs write and read. */
#ifndef MODEL_WINDOWS_1252_H
#define MODEL_WINDOWS_1252_H

#include <stdbool.h>
#include <stddef.h>

#include "ledgerdeck/core/str.h"

bool windows_1252_read(const char *text, size_t len, struct str *out); /* as UTF-8; false: bytes that are no letters */
/* From UTF-8; letters that it has not become "?". False: there were some. */
bool windows_1252_write(const char *text, size_t len, struct str *out);

#endif
