/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whose books these are, and what time it is there. No field is known that names the entity a token is for; but its own
 * records (ownerSet CURRENT) name their owner. A token may be let to some types only, so several are asked at once, and what
 * is refused does not count. No field is known that names its home currency either; what was booked tells it.
 */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/decimal.h"
#include "ledgerdeck/core/memory.h"
#include "graphql.h"
#include "read.h"
#include "xledger.h"

#define OWN(alias, root) alias ": " root "(first: 1, ownerSet: CURRENT) { edges { node { ownerDbId owner { dbId description } } } }"
/* Where the owner is no object that can be asked. */
#define OWN_ID(alias, root) alias ": " root "(first: 1, ownerSet: CURRENT) { edges { node { ownerDbId } } }"
#define OWN_NAME(alias, root) alias ": " root "(first: 1, ownerSet: CURRENT) { edges { node { owner { description } } } }"

/* Lines of the books, whose amounts are the same in the books' currency and their own where these are one. */
#define BOOKED "d: transactions(first: 20, ownerSet: CURRENT) { edges { node { amount invoiceAmount currency { code } } } }"

static const char *const documents[] = {
	"query { __typename " OWN("a", "employees") " " OWN("b", "timesheets") " " OWN("c", "transactions") " " BOOKED " }",
	"query { __typename " OWN_ID("a", "customers") " " OWN_ID("b", "suppliers") " " OWN_ID("c", "projects") " }",
	/* What all clients ask for; a name alone is better than nothing. */
	"query { __typename a: timesheets(first: 1, ownerSet: CURRENT) { edges { node { owner { dbId description } } } } }",
	"query { __typename " OWN_NAME("a", "transactions") " " OWN_NAME("b", "arTransactions") " " OWN_NAME("c", "apTransactions") " }",
};
static const char *const aliases[] = { "a", "b", "c" };

static void take_owner(struct json_slice data, const char *alias, struct identity *identity)
{
	struct error ignored;
	struct read_list list;
	struct json_slice edge, node;
	size_t at = 0;

	if (!read_list(data, alias, "", &list, &ignored) || list.edges.kind != JSON_ARRAY || !json_each(list.edges, &at, NULL, &edge))
		return;
	node = json_member(edge, "node");
	if (!*identity->realm)
		identity_take(json_member(node, "ownerDbId"), identity->realm, sizeof(identity->realm));
	if (!*identity->realm)
		identity_take(json_member(node, "owner.dbId"), identity->realm, sizeof(identity->realm));
	if (!*identity->name)
		identity_take(json_member(node, "owner.description"), identity->name, sizeof(identity->name));
}

static void take_currency(struct json_slice data, struct identity *identity)
{
	struct error ignored;
	struct read_list list;
	struct json_slice edge;

	if (!read_list(data, "d", "", &list, &ignored) || list.edges.kind != JSON_ARRAY)
		return;
	for (size_t at = 0; !*identity->currency && json_each(list.edges, &at, NULL, &edge);) {
		struct json_slice node = json_member(edge, "node");
		char booked[DECIMAL_TEXT_MAX], own[DECIMAL_TEXT_MAX], currency[sizeof(identity->currency)];

		identity_take(json_member(node, "amount"), booked, sizeof(booked));
		identity_take(json_member(node, "invoiceAmount"), own, sizeof(own));
		identity_take(json_member(node, "currency.code"), currency, sizeof(currency));
		if (strlen(currency) == 3 && strpbrk(own, "123456789") && strcmp(booked, own) == 0)
			memcpy(identity->currency, currency, sizeof(currency));
	}
}

bool xledger_identity(struct connection *connection, struct identity *ret_identity, struct error *err)
{
	struct error refusal = { 0 };

	*ret_identity = (struct identity){ 0 };
	for (size_t i = 0; i < ARRAY_LEN(documents) && !*ret_identity->realm; i++) {
		AUTO(http_answer_clear) struct http_answer answer = HTTP_ANSWER_INIT;
		const struct graphql call = { .what = "ask whose books these are", .document = documents[i], .partial = true };
		struct json_slice data;
		struct error error = { 0 };

		if (!graphql_send(connection, &call, &answer, &data, &error)) {
			if (error.code != ERROR_INPUT)
				return err ? (*err = error, false) : false;
			refusal = error;
			continue;
		}
		for (size_t j = 0; j < ARRAY_LEN(aliases); j++)
			take_owner(data, aliases[j], ret_identity);
		take_currency(data, ret_identity);
	}
	if (!*ret_identity->realm)
		snprintf(ret_identity->realm, sizeof(ret_identity->realm), "%.63s", ret_identity->name);
	if (*ret_identity->realm && !*ret_identity->name)
		snprintf(ret_identity->name, sizeof(ret_identity->name), "entity %.60s", ret_identity->realm);
	if (*ret_identity->realm)
		return true;
	if (refusal.code != ERROR_NONE)
		return err ? (*err = refusal, false) : false;
	return error_set(err, ERROR_INPUT, "the token is taken, but no record that it shows says which entity it is for: give it the right to read "
			 "customers or employees, or add the first one in Xledger");
}

bool xledger_now(struct connection *connection, int64_t *ret_ms, struct error *err)
{
	AUTO(http_answer_clear) struct http_answer answer = HTTP_ANSWER_INIT;
	const struct graphql call = { .what = "ask the time", .document = "query { __typename }" };
	struct json_slice data;

	if (!graphql_send(connection, &call, &answer, &data, err))
		return false;
	if (answer.date_ms < 0)
		return error_set(err, ERROR_REMOTE, "ask the time: the ledger's answer does not say it");
	*ret_ms = answer.date_ms;
	return true;
}
