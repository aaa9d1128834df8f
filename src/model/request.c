/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledgerdeck/model/request.h"

#include "ledgerdeck/core/memory.h"

static const char *const words[] = {
	[REQUEST_BLOCKED] = "blocked", [REQUEST_QUEUED] = "queued",   [REQUEST_SUCCEEDED] = "succeeded",
	[REQUEST_FAILED] = "failed",   [REQUEST_SKIPPED] = "skipped",
};
_Static_assert(ARRAY_LEN(words) == REQUEST_STATUS_COUNT, "a word for each status");

const char *request_status_word(enum request_status status)
{
	return words[status];
}

bool request_is_open(enum request_status status)
{
	return status != REQUEST_SUCCEEDED && status != REQUEST_SKIPPED;
}
