/* SPDX-License-Identifier: GPL-3.0-or-later */
/* QuickBooks Online in one table: what it can, where it is, and who does what. */
#include "quickbooks.h"

#include <stdio.h>

#include "ledgerdeck/core/memory.h"
#include "answer.h"
#include "books.h"
#include "parts.h"
#include "push.h"
#include "query.h"
#include "read.h"

/*
 * Signing in is the same for sandbox and production: the app's keys decide which companies can
 * be reached.
 */
#define AUTHORIZE "https://appcenter.intuit.com/connect/oauth2"
#define TOKEN "https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer"
#define REVOKE "https://developer.api.intuit.com/v2/oauth2/tokens/revoke"
#define LOCAL                                                                                      \
	"http://127.0.0.1:8620" /* ledgerdeck-simulator, where it listens unless told otherwise */

static const struct provider_addresses addresses[ENVIRONMENT_COUNT] = {
	[ENVIRONMENT_PRODUCTION] = {
		.api = "https://quickbooks.api.intuit.com",
		.authorize = AUTHORIZE,
		.token = TOKEN,
		.revoke = REVOKE,
		.web = "https://qbo.intuit.com/app/",
	},
	[ENVIRONMENT_SANDBOX] = {
		.api = "https://sandbox-quickbooks.api.intuit.com",
		.authorize = AUTHORIZE,
		.token = TOKEN,
		.revoke = REVOKE,
		.web = "https://sandbox.qbo.intuit.com/app/",
	},
	[ENVIRONMENT_LOCAL] = {
		.api = LOCAL,
		.authorize = LOCAL "/connect/oauth2",
		.token = LOCAL "/oauth2/v1/tokens/bearer",
		.revoke = LOCAL "/v2/oauth2/tokens/revoke",
	},
};

static bool quickbooks_addresses(enum environment environment,
				 struct provider_addresses *ret_addresses, struct error *err)
{
	if (environment >= ENVIRONMENT_COUNT || addresses[environment].api[0] == '\0')
		return error_set(err, ERROR_INPUT, "QuickBooks Online has no environment '%s'",
				 environment < ENVIRONMENT_COUNT ? environment_word(environment)
								 : "?");
	*ret_addresses = addresses[environment];
	return true;
}

const struct provider quickbooks_provider = {
	.name = "quickbooks",
	.title = "QuickBooks Online",
	.word = "QuickBooks",
	.can = PROVIDER_OAUTH | PROVIDER_REFRESHES | PROVIDER_CHANGES | PROVIDER_COUNTS |
	       PROVIDER_IDEMPOTENT | PROVIDER_SLICES,
	.environments = { ENVIRONMENT_PRODUCTION, ENVIRONMENT_SANDBOX, ENVIRONMENT_LOCAL },
	.environment_count = 3,
	/*
	 * Enforced: 10 a second, 500 a minute, 40 batches a minute; some say 10 at the same
	 * time.
	 */
	.limits = { .per_second = 8, .per_minute = 400, .batches_per_minute = 36, .in_flight = 8 },
	.changes_max = QUICKBOOKS_CHANGES_MAX,
	.changes_kept_ms = QUICKBOOKS_CHANGES_KEPT_MS,
	.overlap_ms = QUICKBOOKS_OVERLAP_MS,
	.addresses = quickbooks_addresses,
	.identity = quickbooks_identity,
	.read = quickbooks_read,
	.changes = quickbooks_changes,
	.sweep = quickbooks_sweep,
	.count = quickbooks_count,
	.find = quickbooks_find,
	.push = &quickbooks_push,
	.books = &quickbooks_books,
	.now = quickbooks_now,
	.scopes = "com.intuit.quickbooks.accounting",
	.hard_expiry_header = "x-include-refresh-token-hard-expires-in",
	.sign_in_error = quickbooks_sign_in_error,
};
