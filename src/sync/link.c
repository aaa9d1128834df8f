/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person says of where a resource is in an account. */
#include "ledgerdeck/sync/link.h"

#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/log.h"
#include "ledgerdeck/store/records.h"
#include "plan.h"

struct linking {
	struct store *store;
	const struct link_wish *wish;
	struct resource resource;
	struct link link;            /* as it is; without `record_id`: it is not there */
};

static bool begin(struct linking *linking, struct error *err)
{
	const struct link_wish *wish = linking->wish;
	char organization[RESOURCE_ID_MAX];
	bool found;

	if (!store_begin(linking->store, err) || !resources_by_no(linking->store, wish->resource, &linking->resource, NULL, err) ||
	    !organization_of_account(linking->store, wish->account_id, organization, err))
		return false;
	if (strcmp(linking->resource.organization, organization) != 0)
		return error_set(err, ERROR_CONFLICT, "that resource belongs to another organization than the account");
	return links_get(linking->store, wish->account_id, wish->resource, &linking->link, NULL, &found, err);
}

static bool is_free(const struct linking *linking, struct error *err)
{
	return !*linking->link.record_id ||
	       error_set(err, ERROR_CONFLICT, "%s '%.60s' has already been assigned: it is %s %s", linking->resource.type->title,
			 linking->resource.external_id, linking->link.record_type, linking->link.record_id);
}

static bool is_at_rest(const struct linking *linking, struct error *err)
{
	struct intent intent;
	bool found;

	if (!intents_open(linking->store, linking->wish->account_id, linking->wish->resource, &intent, &found, err))
		return false;
	return !found || error_set(err, ERROR_CONFLICT, "%s '%.60s' has a write in the outbox that is %s; cancel that first, or wait for it",
				   linking->resource.type->title, linking->resource.external_id, intent_state_phrase(intent_shown(&intent)));
}

static bool tell(const struct linking *linking, const char *what, struct error *err)
{
	AUTO(str_clear) struct str text = STR_INIT(1000);

	str_addf(&text, "{\"resource\":\"%s\",\"record_type\":\"%s\",\"record\":", linking->resource.id, linking->link.record_type);
	str_add_json(&text, linking->link.record_id, strlen(linking->link.record_id));
	str_add_char(&text, '}');
	return audit_add(linking->store, linking->wish->who, what, linking->wish->account_id, "", text.text, linking->wish->now_ms, err) &&
	       store_commit(linking->store, err);
}

/* ---- finding the record */

struct titles {
	struct str key;              /* owned: as names are compared */
	struct str scratch;          /* owned */
	int64_t no;
	size_t count;
};

static bool look(void *ctx, int64_t no, const char *title, size_t len)
{
	struct titles *titles = ctx;

	str_reset(&titles->scratch);
	mapping_key(title, len, &titles->scratch);
	if (titles->scratch.len == titles->key.len && memcmp(titles->scratch.text, titles->key.text, titles->key.len) == 0) {
		titles->no = no;
		titles->count++;
	}
	return titles->count < 2;
}

static bool find_by_title(struct linking *linking, const struct object *object, const char *word, char *ret_id, struct error *err)
{
	struct titles titles = { .key = STR_INIT(STR_NO_LIMIT), .scratch = STR_INIT(STR_NO_LIMIT) };
	bool good;

	mapping_key(word, strlen(word), &titles.key);
	good = records_titles(linking->store, object->no, look, &titles, err);
	str_clear(&titles.key);
	str_clear(&titles.scratch);
	if (good && titles.count != 1)
		return error_set(err, ERROR_INPUT, titles.count ? "several records of type %s are called '%.60s'; say which by its id"
				 : "the mirror has no %s '%.60s'; 'ledgerdeck objects' lists what it has", object->type, word);
	return good && records_id(linking->store, titles.no, ret_id, err);
}

static bool take_record(struct linking *linking, const struct object *object, const struct type *type, const char *id, struct str *raw,
			bool *ret_found, struct error *err)
{
	AUTO(str_clear) struct str texts = STR_INIT(STR_NO_LIMIT);
	struct link *link = &linking->link;
	struct record_row row;

	if (!records_get(linking->store, object, type, id, &row, raw, &texts, ret_found, err) || !*ret_found)
		return false;
	if (row.state == RECORD_DELETED)
		return error_set(err, ERROR_CONFLICT, "%s %s was deleted in the ledger", type->name, row.id);
	snprintf(link->record_type, sizeof(link->record_type), "%s", type->name);
	snprintf(link->record_id, sizeof(link->record_id), "%s", row.id);
	snprintf(link->version, sizeof(link->version), "%s", row.version);
	return true;
}

static bool find_record(struct linking *linking, const struct catalogue *catalogue, const char *word, struct str *raw, struct error *err)
{
	const struct provider *provider;
	const struct type *type;
	struct account account;
	struct object object;
	const char *name;
	char id[RECORD_ID_MAX];
	bool found;

	if (!accounts_get(linking->store, linking->wish->account_id, &account, &found, err))
		return false;
	provider = found ? provider_find(account.provider) : NULL;
	name = provider && provider->push ? provider->push->type(linking->resource.type) : NULL;
	type = name ? catalogue_find(catalogue, provider->name, name) : NULL;
	if (!type)
		return error_set(err, ERROR_INPUT, "the ledger of that account has no %s", linking->resource.type->titles);
	if (!objects_get(linking->store, account.id, type->name, &object, &found, err))
		return false;
	if (!found)
		return error_set(err, ERROR_INPUT, "'%.60s' has no %s in the mirror yet", account.name, type->name);
	if (take_record(linking, &object, type, word, raw, &found, err))
		return true;
	return !found && find_by_title(linking, &object, word, id, err) && take_record(linking, &object, type, id, raw, &found, err);
}

/* ---- the verbs */

bool link_assign(struct store *store, const struct catalogue *catalogue, const struct link_wish *wish, const char *record,
		 struct link *ret_link, struct error *err)
{
	AUTO(store_end) struct store *transaction = store;
	AUTO(str_clear) struct str raw = STR_INIT(STR_NO_LIMIT);
	struct linking linking = { .store = transaction, .wish = wish };
	struct link *link = &linking.link;

	if (!begin(&linking, err) || !is_free(&linking, err) || !is_at_rest(&linking, err) ||
	    !find_record(&linking, catalogue, record, &raw, err))
		return false;
	link->resource = wish->resource;
	link->at_ms = wish->now_ms;
	link->approved = true;
	link->revision = 0;
	snprintf(link->account_id, sizeof(link->account_id), "%s", wish->account_id);
	snprintf(link->how, sizeof(link->how), "assigned");
	snprintf(link->who, sizeof(link->who), "%s", wish->who);
	*ret_link = *link;
	return links_put(transaction, link, raw.text, raw.len, err) &&
	       intents_supersede(transaction, wish->account_id, wish->resource, wish->who, "a person has said which record it is", wish->now_ms, err) &&
	       decisions_drop(transaction, wish->account_id, wish->resource, "", err) &&
	       intents_linked(transaction, wish->account_id, wish->resource, wish->now_ms, err) && tell(&linking, "link", err);
}

bool link_remove(struct store *store, const struct link_wish *wish, struct error *err)
{
	AUTO(store_end) struct store *transaction = store;
	struct linking linking = { .store = transaction, .wish = wish };

	if (!begin(&linking, err))
		return false;
	if (!*linking.link.record_id)
		return error_set(err, ERROR_INPUT, "%s '%.60s' is not linked to a record of that account", linking.resource.type->title,
				 linking.resource.external_id);
	return is_at_rest(&linking, err) && links_drop(transaction, wish->account_id, wish->resource, err) && tell(&linking, "unlink", err);
}

bool link_approve(struct store *store, const struct link_wish *wish, struct error *err)
{
	AUTO(store_end) struct store *transaction = store;
	struct linking linking = { .store = transaction, .wish = wish };
	struct decision decision = { .what = "create", .about = LINK_APPROVAL, .at_ms = wish->now_ms };

	snprintf(decision.who, sizeof(decision.who), "%s", wish->who);
	return begin(&linking, err) && is_free(&linking, err) &&
	       decisions_put(transaction, wish->account_id, wish->resource, &decision, err) && tell(&linking, "approve creation", err);
}
