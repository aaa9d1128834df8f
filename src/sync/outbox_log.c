/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the outbox does is told in the log like every other piece of work, and of each write what became of it. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "outbox.h"

/* Where the whole has failed before it came to this one, what is known of it is from before. */
static void take_outcome(const struct outbox_telling *telling, size_t number, const struct intent *intent, struct error *ret_error)
{
	if (telling->failed) {
		*ret_error = telling->attempt.error;
		return;
	}
	if (telling->absent && telling->absent[number]) {
		snprintf(ret_error->text, sizeof(ret_error->text), "it is not in the ledger");
		return;
	}
	*ret_error = intent->error;
	/* It goes on: what was wrong before is settled. */
	if (intent->state == INTENT_QUEUED && intent->error.code != ERROR_CANCELLED)
		ret_error->code = ERROR_NONE;
	snprintf(ret_error->text, sizeof(ret_error->text), "%s", intent->why);
}

static bool put_items(struct store *transaction, const struct outbox_telling *telling, const struct flights *flights, bool ended,
		      struct error *err)
{
	AUTO(memory_freep) struct attempt_item *items = memory_new(flights->count * sizeof(*items));

	for (size_t i = 0; i < flights->count; i++) {
		const struct intent *intent = &flights->items[i].intent;
		struct attempt_item *item = &items[i];

		memcpy(item->type, intent->record_type, sizeof(item->type));
		memcpy(item->record_id, intent->record_id, sizeof(item->record_id));
		item->resource = intent->resource;
		if (ended)
			take_outcome(telling, i, intent, &item->error);
	}
	return attempt_items_put(transaction, &telling->attempt, items, flights->count, err);
}

bool telling_start(struct outbox_telling *telling, struct outbox *outbox, const char *job, int tries, const struct flights *flights,
		   struct error *err)
{
	AUTO(store_end) struct store *transaction = outbox->worker->store;
	struct attempt *attempt = &telling->attempt;

	*telling = (struct outbox_telling){ .outbox = outbox, .before = outbox->meter };
	attempt->started_ms = outbox_now(outbox);
	attempt->tries = tries;
	memcpy(attempt->account_id, outbox->account.id, sizeof(attempt->account_id));
	memcpy(attempt->type, flights->items[0].intent.record_type, sizeof(attempt->type));
	snprintf(attempt->job, sizeof(attempt->job), "%s", job);
	snprintf(attempt->cause, sizeof(attempt->cause), "apply");
	return store_begin(transaction, err) && attempt_start(transaction, attempt, err) &&
	       put_items(transaction, telling, flights, false, err) && store_commit(transaction, err);
}

void telling_count(struct outbox_telling *telling)
{
	const struct http_meter *now = &telling->outbox->meter, *before = &telling->before;
	struct attempt *attempt = &telling->attempt;

	for (int i = 0; i < HTTP_CLASS_COUNT; i++)
		attempt->calls += now->calls[i] - before->calls[i];
	attempt->bytes = now->sent_bytes + now->received_bytes - before->sent_bytes - before->received_bytes;
	attempt->throttled = now->throttled - before->throttled;
	attempt->waited_ms = now->waited_ms - before->waited_ms;
	attempt->pages = 1;
}

bool telling_end(struct store *transaction, struct outbox_telling *telling, const struct flights *flights, const char *said,
		 struct error *err)
{
	return attempt_end(transaction, &telling->attempt, said, err) && put_items(transaction, telling, flights, true, err);
}

bool telling_look(struct outbox_telling *telling, const struct flights *flights, bool good, struct error *err)
{
	struct outbox *outbox = telling->outbox;
	AUTO(store_end) struct store *transaction = outbox->worker->store;
	struct error why = { 0 };

	telling_count(telling);
	telling->attempt.took_ms = outbox_now(outbox) - telling->attempt.started_ms;
	telling->failed = !good;
	if (!good)
		telling->attempt.error = *err;
	if (store_begin(transaction, &why) && telling_end(transaction, telling, flights, "", &why) &&
	    outbox_commit(outbox, transaction, &why))
		return good;
	/* What went wrong first says more. */
	if (good)
		*err = why;
	return false;
}
