/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words for what an account is and how it fares. */
#include "ledgerdeck/model/account.h"

#include <assert.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"

static const char *const environment_words[] = {
	[ENVIRONMENT_PRODUCTION] = "production",
	[ENVIRONMENT_SANDBOX] = "sandbox",
	[ENVIRONMENT_DEMO] = "demo",
	[ENVIRONMENT_LOCAL] = "local",
};
_Static_assert(ARRAY_LEN(environment_words) == ENVIRONMENT_COUNT, "a word for each environment");

static const char *const state_words[] = {
	[ACCOUNT_OK] = "ok",
	[ACCOUNT_RECONNECT] = "needs reconnect",
	[ACCOUNT_PAUSED] = "paused",
	[ACCOUNT_DISCONNECTED] = "disconnected",
};
_Static_assert(ARRAY_LEN(state_words) == ACCOUNT_STATE_COUNT, "a word for each state");

const char *environment_word(enum environment environment)
{
	assert(environment < ENVIRONMENT_COUNT);
	return environment_words[environment];
}

bool environment_parse(const char *word, enum environment *ret_environment)
{
	for (size_t i = 0; i < ARRAY_LEN(environment_words); i++)
		if (strcmp(word, environment_words[i]) == 0) {
			*ret_environment = (enum environment)i;
			return true;
		}
	return false;
}

const char *account_state_word(enum account_state state)
{
	assert(state < ACCOUNT_STATE_COUNT);
	return state_words[state];
}
