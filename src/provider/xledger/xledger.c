/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Xledger in one table: what it can, where it is, and who does what. */
#include "xledger.h"

#include "push.h"

static const struct provider_addresses addresses[ENVIRONMENT_COUNT] = {
	[ENVIRONMENT_PRODUCTION] = { .api = "https://www.xledger.net/graphql" },
	[ENVIRONMENT_DEMO] = { .api = "https://demo.xledger.net/graphql" },
	/* ledgerdeck-simulator, where it listens unless told otherwise */
	[ENVIRONMENT_LOCAL] = { .api = "http://127.0.0.1:8620/graphql" },
};

static bool xledger_addresses(enum environment environment, struct provider_addresses *ret_addresses, struct error *err)
{
	if (environment >= ENVIRONMENT_COUNT || addresses[environment].api[0] == '\0')
		return error_set(err, ERROR_INPUT, "Xledger has no environment '%s'",
				 environment < ENVIRONMENT_COUNT ? environment_word(environment) : "?");
	*ret_addresses = addresses[environment];
	return true;
}

static const struct provider_schema schema = { .fetch = xledger_schema_fetch, .check = xledger_schema_check };

const struct provider xledger_provider = {
	.name = "xledger",
	.title = "Xledger",
	.word = "Xledger",
	.can = PROVIDER_CHANGES | PROVIDER_METERS_ALL,
	.environments = { ENVIRONMENT_PRODUCTION, ENVIRONMENT_DEMO, ENVIRONMENT_LOCAL },
	.environment_count = 3,
	/* Enforced: 20 in five seconds, as one client's authors say; how many at once nobody does, one or two were let through. */
	.limits = { .per_second = 3, .in_flight = 2 },
	.changes_kept_ms = XLEDGER_CHANGES_KEPT_MS,
	.overlap_ms = XLEDGER_OVERLAP_MS,
	.addresses = xledger_addresses,
	.identity = xledger_identity,
	.read = xledger_read,
	.changes = xledger_changes,
	.sweep = xledger_sweep,
	.find = xledger_find,
	.now = xledger_now,
	.push = &xledger_push,
	.schema = &schema,
};
