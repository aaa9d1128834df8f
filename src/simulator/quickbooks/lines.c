/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What lines of all transactions share. */
#include "quickbooks/lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

json_object *lines_of(struct draft *draft)
{
	if (!object_get(draft->object, "Line"))
		object_set(draft->object, "Line", json_object_new_array());
	return object_get(draft->object, "Line");
}

bool line_detail(json_object *line, const char **ret_type, json_object **ret_detail, struct fault *fault)
{
	const char *type = object_text(line, "DetailType");

	if (!*type)
		return fault_set(fault, 2020, "Line.DetailType",
				 "Required parameter Line.DetailType is missing in the request");
	*ret_type = type;
	*ret_detail = object_get(line, strcmp(type, "DescriptionOnly") == 0 ? "DescriptionLineDetail" : type);
	if (*ret_detail || strcmp(type, "SubTotalLineDetail") == 0 || strcmp(type, "DescriptionOnly") == 0)
		return true;
	if (strcmp(type, "SalesItemLineDetail") != 0)
		return fault_set(fault, 2020, type, "Required parameter Line.%s is missing in the request", type);
	object_set(line, type, json_object_new_object());
	*ret_detail = object_get(line, type);
	return true;
}

bool line_amount(json_object *line, json_object *detail, int64_t *ret_cents, struct fault *fault)
{
	struct decimal quantity, price, product;

	if (!object_get(line, "Amount"))
		return fault_set(fault, 2020, "Line.Amount", "Required parameter Line.Amount is missing in the request");
	*ret_cents = object_cents(line, "Amount");
	if (object_get(detail, "TaxInclusiveAmt") || !object_number(detail, "Qty", &quantity) ||
	    !object_number(detail, "UnitPrice", &price) || object_get(detail, "DiscountAmt") ||
	    object_get(detail, "DiscountRate"))
		return true;
	if (!decimal_multiply(quantity, price, 2, &product) || product.digits != *ret_cents)
		return fault_set(fault, 6070, "", "Amount calculation incorrect in the request : Amount is not equal to "
						  "UnitPrice * Qty. Supplied value:%s", object_text(line, "Amount"));
	return true;
}

static bool old_has_line(const struct draft *draft, const char *id)
{
	json_object *lines = object_get(draft->before, "Line");

	for (size_t i = 0; *id && lines && i < json_object_array_length(lines); i++)
		if (strcmp(object_text(json_object_array_get_idx(lines, i), "Id"), id) == 0)
			return true;
	return false;
}

void lines_number(struct draft *draft, json_object *lines, int first_id)
{
	json_object *old = object_get(draft->before, "Line");
	long highest = first_id - 1;
	char text[24];
	int number = 1;

	for (size_t i = 0; old && i < json_object_array_length(old); i++) {
		long id = strtol(object_text(json_object_array_get_idx(old, i), "Id"), NULL, 10);

		highest = id > highest ? id : highest;
	}
	for (size_t i = 0; i < json_object_array_length(lines); i++) {
		json_object *line = json_object_array_get_idx(lines, i);

		if (strcmp(object_text(line, "DetailType"), "SubTotalLineDetail") == 0)
			continue;
		if (!old_has_line(draft, object_text(line, "Id"))) {
			snprintf(text, sizeof(text), "%ld", ++highest);
			object_set_text(line, "Id", text);
		}
		if (first_id > 0)
			object_set(line, "LineNum", json_object_new_int(number++));
		else
			object_set(line, "LineNum", NULL); /* journals and links are not numbered */
	}
}

void address_settle(struct draft *draft, const char *member)
{
	json_object *address = object_get(draft->object, member), *old = object_get(draft->before, member), *plain;
	char id[24];

	if (!address || *object_text(address, "Id"))
		return; /* none, or copied whole from the customer */
	if (old) {
		bool same;

		plain = NULL;
		json_object_deep_copy(old, &plain, NULL);
		object_set(plain, "Id", NULL);
		object_set(plain, "Lat", NULL);
		object_set(plain, "Long", NULL);
		object_set(address, "Lat", NULL);
		object_set(address, "Long", NULL);
		same = json_object_equal(plain, address);
		json_object_put(plain);
		if (same) {
			object_set(draft->object, member, json_object_get(old));
			return;
		}
	}
	snprintf(id, sizeof(id), "%lld", (long long)draft->company->next_address_id++);
	object_set_text(address, "Id", id);
	object_set_default(address, "Lat", json_object_new_string("INVALID"));
	object_set_default(address, "Long", json_object_new_string("INVALID"));
}

void custom_fields(struct draft *draft)
{
	json_object *sent = object_get(draft->object, "CustomField"), *list = json_object_new_array();
	const char *name = draft->company->preferences.custom_field;
	json_object *field;

	if (*name) {
		field = json_object_new_object();
		object_set_text(field, "DefinitionId", "1");
		object_set_text(field, "Name", name);
		object_set_text(field, "Type", "StringType");
		for (size_t i = 0; sent && i < json_object_array_length(sent); i++) {
			json_object *each = json_object_array_get_idx(sent, i);

			if (strcmp(object_text(each, "DefinitionId"), "1") == 0 && *object_text(each, "StringValue"))
				object_set_text(field, "StringValue", object_text(each, "StringValue"));
		}
		json_object_array_add(list, field);
	}
	object_set(draft->object, "CustomField", list);
}

const char *link_type(const struct record *record)
{
	return strcmp(record->entity->name, "BillPayment") == 0 ? "BillPaymentCheck" : record->entity->name;
}

void links_derive(const struct record *record, json_object *object)
{
	json_object *own = object_get(object, "LinkedTxn"), *links = json_object_new_array();

	for (uint32_t i = record->link_count; i-- > 0;) {
		json_object *link = json_object_new_object();

		object_set_text(link, "TxnId", record->links[i].from->id);
		object_set_text(link, "TxnType", link_type(record->links[i].from));
		json_object_array_add(links, link);
	}
	for (size_t i = 0; own && i < json_object_array_length(own); i++) {
		json_object *link = json_object_array_get_idx(own, i);
		const struct entity *entity = link_entity(object_text(link, "TxnType"));

		if (!entity || !(entity->can & ENTITY_PAYS))
			json_object_array_add(links, json_object_get(link));
	}
	object_set(object, "LinkedTxn", links);
}
