/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a resource stands in the ledger: derived from its mirrored record, so that a payment closes it and its deletion opens it again. */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/provider/push.h"
#include "ledgerdeck/sync/push.h"

static void take(const struct provider *provider, const struct type *type, const struct record_row *row, const struct str *raw,
		 struct push_standing *ret_standing)
{
	struct standing standing = { 0 };

	if (row->state == RECORD_LIVE && provider->push)
		provider->push->standing(type->name, (struct json_slice){ .text = raw->text, .len = raw->len, .kind = JSON_OBJECT }, &standing);
	snprintf(ret_standing->word, sizeof(ret_standing->word), "%s",
		 standing.word == STANDING_NONE ? record_state_word_of(type, row->state) : standing_word(standing.word));
	ret_standing->has_open = standing.has_open;
	ret_standing->open = standing.open;
}

bool push_standing(struct store *store, const struct catalogue *catalogue, const struct account *account, const struct link *link,
		   struct push_standing *ret_standing, struct error *err)
{
	AUTO(str_clear) struct str raw = STR_INIT(STR_NO_LIMIT), texts = STR_INIT(STR_NO_LIMIT);
	const struct provider *provider = provider_find(account->provider);
	const struct type *type = catalogue_find(catalogue, account->provider, link->record_type);
	struct object object;
	struct record_row row;
	bool found;

	*ret_standing = (struct push_standing){ 0 };
	if (!*link->record_id || !provider || !type)
		return true;
	if (!objects_get(store, account->id, type->name, &object, &found, err))
		return false;
	if (!found)
		return true;
	if (!records_get(store, &object, type, link->record_id, &row, &raw, &texts, &found, err))
		return false;
	if (found)
		take(provider, type, &row, &raw, ret_standing);
	return true;
}
