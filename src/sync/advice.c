/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an error means to an operator: what happened, why, what to do. By the ledger's own code where
 * data/advice has words for it, else by the kind of error.
 */
#include <string.h>

#include "engine.h"

/* Made by scripts/embed-advice from data/advice: provider, code, what, why, do; NULL at the end. */
extern const char *const advice_builtin[][5];

static const struct sync_advice by_kind[ERROR_CODE_COUNT] = {
	[ERROR_NONE] = { "All is well.", "", "" },
	[ERROR_INPUT] = { "The ledger or the settings refused the request.", "Something that was asked for cannot be.",
			  "Read the message, change what it names, and retry." },
	[ERROR_AUTH] = { "The ledger no longer lets us in; nothing was written.", "The tokens have ended or were withdrawn.",
			 "Connect the account again." },
	[ERROR_LIMIT] = { "Paused by a limit.", "The ledger or the month's budget allows no more calls for now.",
			  "Nothing; it goes on by itself." },
	[ERROR_NETWORK] = { "The ledger could not be reached.", "The network, a proxy, or the ledger itself.",
			    "Nothing; it is tried again by itself. Check the network if it stays." },
	[ERROR_REMOTE] = { "The ledger answered with something that cannot be used.", "An outage, maintenance, or a gateway in between.",
			   "Nothing; it is tried again by itself." },
	[ERROR_CONFLICT] = { "Somebody must decide.", "What was found is not what was expected.",
			     "Read the message and approve or correct it." },
	[ERROR_STORE] = { "The local file could not be read or written.", "The disk is full, the file is locked, or its permissions changed.",
			  "Read the message; nothing in the ledger was touched." },
	[ERROR_CANCELLED] = { "Stopped on request.", "", "Start it again; it goes on where it was." },
	[ERROR_INTERNAL] = { "A mistake of the program.", "", "Report it with the text and the trace id." },
};

struct sync_advice sync_advice(const char *provider, const struct error *error)
{
	for (size_t i = 0; *error->ledger_code && advice_builtin[i][0]; i++) {
		const char *const *row = advice_builtin[i];

		if (strcmp(row[0], provider) == 0 && strcmp(row[1], error->ledger_code) == 0)
			return (struct sync_advice){ .what = row[2], .why = row[3], .act = row[4] };
	}
	return by_kind[error->code];
}
