/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an error means to an operator: what happened, why, what to do. By the ledger's own code where
 * a row knows it, else by the kind of error.
 */
#include <string.h>

#include "engine.h"
#include "ledgerdeck/core/memory.h"

static const struct {
	const char *provider, *code;
	struct sync_advice advice;
} by_code[] = {
	{ "quickbooks", "invalid_grant", { "The connection to the company is lost; nothing was written.",
	  "Permission was withdrawn, the tokens were idle for 100 days, or another program renewed them.",
	  "Connect it again; an administrator of the company is needed." } },
	{ "quickbooks", "invalid_client", { "The app is not known to the ledger.", "Client id or secret is wrong for this environment.",
	  "Give the right ones with 'ledgerdeck connect quickbooks --client-id ID'." } },
	{ "quickbooks", "120", { "No access to the company.", "The connecting user is no longer an administrator there.",
	  "An administrator of the company connects it again." } },
	{ "quickbooks", "3001", { "Paused: the ledger's request limit was reached.", "This company's minute is used up.",
	  "Nothing; it goes on by itself. Lower sync.in_flight if it happens daily." } },
	{ "quickbooks", "3100", { "The app is not allowed in this company.", "Sandbox keys used on production, or the reverse.",
	  "Check the environment of this account and connect it again." } },
	{ "quickbooks", "3200", { "The ledger refused the access token.", "It has ended or was withdrawn.",
	  "Nothing at first: it is renewed by itself. Connect again if it stays." } },
	{ "quickbooks", "4001", { "The ledger does not know this type or field.", "The catalogue's row does not fit this company.",
	  "Check the row with 'ledgerdeck types'." } },
	{ "quickbooks", "5030", { "The company does not have this feature.", "Its plan or settings leave it out.",
	  "Leave the type out: 'ledgerdeck pause ACCOUNT --type TYPE'." } },
	{ "quickbooks", "5020", { "The connecting user may not see this.", "The user's role in the company leaves it out.",
	  "An administrator of the company connects it again, or leave the type out with 'ledgerdeck pause ACCOUNT --type TYPE'." } },
	{ "quickbooks", "130", { "The company cannot be reached for now.", "It is being moved or maintained at Intuit.",
	  "Nothing; it is tried again by itself." } },
	{ "quickbooks", "140", { "The company is locked for now.", "It is being moved or maintained at Intuit.",
	  "Nothing; it is tried again by itself. Ask Intuit if it stays." } },
	{ "quickbooks", "150", { "The company is under maintenance.", "Intuit works on it.", "Nothing; it is tried again by itself." } },
	{ "quickbooks", "10200", { "The company's books were reset or restored.", "Somebody did so at Intuit: ids and times may have changed.",
	  "Read all of it again: 'ledgerdeck sync ACCOUNT --full', then 'ledgerdeck sync ACCOUNT --sweep'." } },
	{ "quickbooks", "6190", { "The company is read-only.", "Its subscription or trial has ended.", "Ask the company to renew it." } },
	{ "quickbooks", "610", { "The record was not found.", "It was deleted or made inactive.", "Nothing, or restore it in the ledger." } },
};

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
	for (size_t i = 0; *error->ledger_code && i < ARRAY_LEN(by_code); i++)
		if (strcmp(by_code[i].provider, provider) == 0 && strcmp(by_code[i].code, error->ledger_code) == 0)
			return by_code[i].advice;
	return by_kind[error->code];
}
