/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The ledger's clock, as each of its answers tells it: by a call that is small and always
 * allowed.
 */
#include "ledgerdeck/core/memory.h"
#include "answer.h"
#include "call.h"
#include "parts.h"

bool quickbooks_now(struct connection *connection, int64_t *ret_ms, struct error *err)
{
	AUTO(http_answer_clear) struct http_answer answer = HTTP_ANSWER_INIT;
	AUTO(str_clear) struct str path = STR_INIT(400);
	struct call call = { .what = "ask the time" };
	struct envelope envelope;

	call_add_company(connection, &path);
	call.path = path.text;
	if (!call_send(connection, &call, &answer, err))
		return false;
	answer_open(&answer, NULL, &envelope);
	if (envelope.ledger_ms < 0)
		return error_set(err, ERROR_REMOTE,
				 "ask the time: the ledger's answer does not say it");
	*ret_ms = envelope.ledger_ms;
	return true;
}
