/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Xledger's part of the control endpoint: tokens, what waits to be invoiced, deltas by hand. */
#include <string.h>

#include "ledgerdeck/core/memory.h"

#include "control.h"
#include "xledger/import.h"
#include "xledger/xledger.h"

#define DAYS_USUAL 14 /* a demo token's life */

static const char *member_text(json_object *sent, const char *name)
{
	json_object *member = json_object_object_get(sent, name);

	return json_object_is_type(member, json_type_string) ? json_object_get_string(member) : NULL;
}

static bool take_entity(struct simulator *simulator, json_object *sent, struct xl_entity **ret_entity,
			struct error *err)
{
	const char *realm = member_text(sent, "entity");

	if (!realm)
		return error_set(err, ERROR_INPUT, "'entity' must be an entity's dbId as text");
	*ret_entity = xledger_entity(simulator->xledger, realm);
	return *ret_entity || error_set(err, ERROR_INPUT, "there is no entity '%.40s'", realm);
}

bool xl_door_token(struct simulator *simulator, json_object *sent, struct str *out, struct error *err)
{
	static const char *const names[] = { "entity", "days", "scopes", NULL };
	json_object *days = json_object_object_get(sent, "days");
	const struct xl_token *token = NULL;
	struct xl_entity *entity = NULL;

	if (!control_check(sent, names, err) || !take_entity(simulator, sent, &entity, err))
		return false;
	if (days && !json_object_is_type(days, json_type_int))
		return error_set(err, ERROR_INPUT, "'days' must be a whole number");
	if (!xl_token_make(&simulator->xledger->tokens, entity, days ? json_object_get_int64(days) : DAYS_USUAL,
			   json_object_object_get(sent, "scopes"), &token, err))
		return false;
	str_addf(out, "{\"token\": \"%s\"}\n", token->text);
	return true;
}

bool xl_door_revoke(struct simulator *simulator, json_object *sent, struct str *out, struct error *err)
{
	static const char *const names[] = { "token", NULL };
	const char *text = member_text(sent, "token");

	if (!control_check(sent, names, err))
		return false;
	if (!text || !simulator->xledger || !xl_token_revoke(&simulator->xledger->tokens, text))
		return error_set(err, ERROR_INPUT, "there is no such token");
	str_add(out, "{\"revoked\": true}\n");
	return true;
}

bool xl_door_invoice(struct simulator *simulator, json_object *sent, struct str *out, struct error *err)
{
	static const char *const names[] = { "entity", NULL };
	struct xl_entity *entity = NULL;

	if (!control_check(sent, names, err) || !take_entity(simulator, sent, &entity, err))
		return false;
	str_addf(out, "{\"invoiced\": %zu}\n", xl_import_invoice_all(entity));
	return true;
}

static bool take_type(json_object *sent, const struct xl_type **ret_type, struct error *err)
{
	const char *name = member_text(sent, "type");

	for (size_t i = 0; name && i < xl_type_count(); i++) {
		*ret_type = xl_type_at(i);
		if (((*ret_type)->flags & XL_DELTAS) && strcmp((*ret_type)->plural, name) == 0)
			return true;
	}
	return error_set(err, ERROR_INPUT, "'type' must be a root that has deltas, as customers");
}

bool xl_door_delta(struct simulator *simulator, json_object *sent, struct str *out, struct error *err)
{
	static const char *const names[] = { "entity", "type", "dbId", "mutationType", NULL };
	static const char *const changes[] = { "ADDED", "UPDATED", "DELETED" };
	json_object *dbid = json_object_object_get(sent, "dbId");
	const char *text = member_text(sent, "mutationType");
	const struct xl_type *type = NULL;
	struct xl_entity *entity = NULL;

	if (!control_check(sent, names, err) || !take_entity(simulator, sent, &entity, err) ||
	    !take_type(sent, &type, err))
		return false;
	if (!json_object_is_type(dbid, json_type_int))
		return error_set(err, ERROR_INPUT, "'dbId' must be a whole number");
	for (size_t i = 0; text && i < ARRAY_LEN(changes); i++) {
		if (strcmp(changes[i], text) != 0)
			continue;
		xl_delta_add(entity, type, json_object_get_int64(dbid), entity->dbid, (enum xl_change)i,
			     xl_now_ms(entity));
		str_addf(out, "{\"cursor\": \"%lld\"}\n", (long long)(entity->next_position - 1));
		return true;
	}
	return error_set(err, ERROR_INPUT, "'mutationType' must be ADDED, UPDATED or DELETED");
}

void xl_entity_add_json(struct xl_entity *entity, struct str *out)
{
	const char *comma = "";

	str_addf(out, "{\"realm\": \"%s\", \"name\": ", entity->realm);
	str_add_json(out, entity->name, strlen(entity->name));
	str_add(out, ", \"provider\": \"xledger\", \"kind\": \"xledger\", \"country\": \"NO\", "
		     "\"home_currency\": \"NOK\", \"entities\": {");
	for (size_t i = 0; i < xl_type_count(); i++) {
		const struct xl_type *type = xl_type_at(i);

		if (!(type->flags & XL_ROOT))
			continue;
		str_addf(out, "%s\n    \"%s\": {\"live\": %zu}", comma, type->plural,
			 xl_table_of(entity, type)->count);
		comma = ",";
	}
	str_add(out, "}}");
}
