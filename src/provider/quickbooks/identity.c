/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whose books these are: the company's own record, and its home currency from the preferences. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "answer.h"
#include "call.h"
#include "parts.h"

static void take(struct json_slice record, const char *path, char *out, size_t size)
{
	identity_take(json_find(record.text, record.len, path), out, size);
}

static bool read_company(struct connection *connection, struct identity *identity,
			 struct error *err)
{
	AUTO(http_answer_clear) struct http_answer answer = HTTP_ANSWER_INIT;
	AUTO(str_clear) struct str path = STR_INIT(400);
	struct call call = { .what = "read the company" };
	struct envelope envelope;

	call_add_company(connection, &path);
	call.path = path.text;
	if (!call_send(connection, &call, &answer, err))
		return false;
	answer_open(&answer, "CompanyInfo", &envelope);
	take(envelope.payload, "CompanyName", identity->name, sizeof(identity->name));
	take(envelope.payload, "Country", identity->country, sizeof(identity->country));
	take(envelope.payload, "MetaData.CreateTime", identity->created, sizeof(identity->created));
	if (identity->name[0] == '\0')
		return error_set(err, ERROR_REMOTE,
				 "read the company: the ledger's answer does not name it");
	return true;
}

static bool read_currency(struct connection *connection, struct identity *identity,
			  struct error *err)
{
	AUTO(http_answer_clear) struct http_answer answer = HTTP_ANSWER_INIT;
	struct call call = { .what = "read the preferences", .path = "preferences" };
	struct envelope envelope;

	if (!call_send(connection, &call, &answer, err))
		return false;
	answer_open(&answer, "Preferences", &envelope);
	take(envelope.payload, "CurrencyPrefs.HomeCurrency.value", identity->currency,
	     sizeof(identity->currency));
	return true;
}

bool quickbooks_identity(struct connection *connection, struct identity *ret_identity,
			 struct error *err)
{
	struct identity identity = { 0 };

	snprintf(identity.realm, sizeof(identity.realm), "%s", connection->realm);
	if (!read_company(connection, &identity, err) || !read_currency(connection, &identity, err))
		return false;
	*ret_identity = identity;
	return true;
}
