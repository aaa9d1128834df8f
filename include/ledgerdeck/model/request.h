/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words of sync requests: what is asked for, and how far it has come. Pure. */
#ifndef LEDGERDECK_MODEL_REQUEST_H
#define LEDGERDECK_MODEL_REQUEST_H

#include <stdbool.h>

#define REQUEST_ID_MAX 32 /* "sync_" and 26 letters and digits, with the NUL */

enum request_status {
	REQUEST_BLOCKED,   /* a person must do something */
	REQUEST_QUEUED,    /* it goes on by itself, by the next plan, or once those before it have ended */
	REQUEST_SUCCEEDED,
	REQUEST_FAILED,    /* it holds its organization's queue until it is retried or skipped */
	REQUEST_SKIPPED,
	REQUEST_STATUS_COUNT
};
const char *request_status_word(enum request_status status);
bool request_is_open(enum request_status status); /* blocked, queued or failed */

#endif
