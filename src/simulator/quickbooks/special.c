/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is neither list nor transaction: currencies and their rates, attachments, recurring
 * templates, the company's own settings, and the tax service.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"
#include "quickbooks/draft.h"
#include "quickbooks/rules.h"
#include "quickbooks/value.h"
#include "world.h"

bool currency_complete(struct draft *draft, struct fault *fault)
{
	const char *code = object_text(draft->object, "Code");

	if (strlen(code) != 3 || strspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 3)
		return fault_set(fault, 2220, "Code", "Currency code should be three capital letters. Supplied value:%.10s", code);
	if (!draft->company->preferences.multicurrency && !draft->company->loading)
		return fault_set(fault, 5030, "", "Feature Not Supported Error : Multicurrency is turned off for this company.");
	if (!object_get(draft->object, "Name")) {
		json_object *name = currency_name(draft->company, code);

		object_set(draft->object, "Name", name ? name : json_object_new_string(code));
	}
	return list_complete(draft, fault);
}

struct record *rate_find(struct company *company, json_object *sent)
{
	const struct table *table = company_table(company, entity_by_name("ExchangeRate", false));
	const char *code = object_text(sent, "SourceCurrencyCode");
	struct date date = object_date(sent, "AsOfDate", company_today(company));

	for (size_t i = 0; i < table->count; i++) {
		struct record *record = table->by_id[i];

		if (record->date.day == date.day &&
		    json_equals(json_find(record->text, record->len, "SourceCurrencyCode"), code))
			return record;
	}
	return NULL;
}

bool rate_complete(struct draft *draft, struct fault *fault)
{
	struct decimal rate;

	draft->date = object_date(draft->object, "AsOfDate", company_today(draft->company));
	object_set_date(draft->object, "AsOfDate", draft->date);
	if (!object_number(draft->object, "Rate", &rate) || rate.digits <= 0)
		return fault_set(fault, 2110, "Rate", "Rate should be a positive number.");
	object_set_default(draft->object, "TargetCurrencyCode",
			   json_object_new_string(draft->company->preferences.home_currency));
	return true;
}

/* The record that an attachment's EntityRef names, in any letter case of its type. */
static bool attached_to(struct company *company, json_object *reference, struct fault *fault)
{
	const char *type = object_text(reference, "EntityRef.type"), *id = object_text(reference, "EntityRef.value");
	const struct entity *entity = entity_by_name(type, true);

	if (!*type && !*id)
		return true;
	if (!entity)
		return fault_plain(fault, 6050);
	if (!company_find(company, entity, id))
		return fault_set(fault, 6000, "", "Business Validation Error: The entity %s %s that you are trying to link does not "
				 "exist. %s %s", entity->name, id, entity->name, id);
	return true;
}

bool attachable_complete(struct draft *draft, struct fault *fault)
{
	json_object *references = object_get(draft->object, "AttachableRef");

	if (!object_get(draft->object, "FileName") && !object_get(draft->object, "Note"))
		return fault_set(fault, 2020, "Note", "Required parameter Note is missing in the request");
	for (size_t i = 0; references && i < json_object_array_length(references); i++) {
		json_object *reference = json_object_array_get_idx(references, i);

		if (!attached_to(draft->company, reference, fault))
			return false;
		object_set_default(reference, "IncludeOnSend", json_object_new_boolean(false));
	}
	return true;
}

static void put_object(json_object **object)
{
	json_object_put(*object);
}

/* The one member of a wrapper that names an entity; its object and that entity. */
static const struct entity *wrapped(json_object *sent, json_object **ret_inner)
{
	json_object_object_foreach(sent, name, value) {
		const struct entity *entity = entity_by_name(name, false);

		if (strcmp(name, "RecurringTransaction") == 0 && json_object_is_type(value, json_type_object))
			return wrapped(value, ret_inner);
		if (entity && entity->kind == ENTITY_TXN && json_object_is_type(value, json_type_object)) {
			*ret_inner = value;
			return entity;
		}
	}
	return NULL;
}

static bool recurring_object(struct company *company, const struct entity *entity, json_object *inner,
			     json_object *made, struct fault *fault)
{
	json_object_object_foreach(inner, name, value) {
		const struct member *member = shape_member(&entity->shape, name);
		json_object *checked = NULL;

		if (strcmp(name, "RecurringInfo") == 0) {
			object_set(made, name, json_object_get(value));
			continue;
		}
		if (!member)
			return value_known(&entity->shape, inner, fault);
		if (!value_check(company, member, value, name, NULL, &checked, fault))
			return false;
		if (checked)
			object_set(made, name, checked);
	}
	return true;
}

/* Write {"Invoice":{.., "Id":"1", "SyncToken":"0", "MetaData":{..}}} as the record's text. */
static void recurring_write(struct company *company, struct record *record, const struct entity *entity,
			    json_object *made)
{
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);
	struct record shadow = *record;
	json_object *info = json_object_get(object_get(made, "RecurringInfo")), *written;
	size_t len;
	const char *inner;

	/* As the wrapped entity would be written, but without what only a posted one has. */
	shadow.text = NULL;
	shadow.link_count = 0;
	shadow.entity = entity;
	record_write(company, &shadow, made);
	written = record_read(&shadow);
	free(shadow.text);
	object_set(written, "RecurringInfo", info);
	inner = json_object_to_json_string_length(written, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &len);
	str_addf(&text, "{\"%s\":", entity->key);
	str_add_bytes(&text, inner, len);
	str_add(&text, "}");
	json_object_put(written);
	len = text.len;
	record_set_text(record, str_take(&text), len);
}

bool recurring_save(struct company *company, json_object *sent, struct str *out, struct fault *fault)
{
	const struct entity *entity = entity_by_name("RecurringTransaction", false), *inner_entity;
	AUTO(put_object) json_object *made = json_object_new_object();
	json_object *inner = NULL;
	struct record *record;

	inner_entity = wrapped(sent, &inner);
	if (!inner_entity)
		return fault_set(fault, 2000, NULL, "RecurringTransaction needs one transaction within.");
	if (!*object_text(inner, "RecurringInfo.Name"))
		return fault_set(fault, 2020, "RecurringInfo.Name",
				 "Required parameter RecurringInfo.Name is missing in the request");
	if (object_get(inner, "Id"))
		return fault_set(fault, 500, NULL, "Operation update is not supported.");
	if (!recurring_object(company, inner_entity, inner, made, fault))
		return false;
	record = company_make(company, entity);
	recurring_write(company, record, inner_entity, made);
	company_add(company, record);
	str_add_bytes(out, record->text, record->len);
	return true;
}

static int month_number(const char *name)
{
	static const char *const months[] = { "January", "February", "March", "April", "May", "June", "July", "August",
					      "September", "October", "November", "December" };

	for (size_t i = 0; i < ARRAY_LEN(months); i++)
		if (strcmp(months[i], name) == 0)
			return (int)i + 1;
	return 1;
}

void company_info_stored(struct company *company, struct record *record, json_object *object)
{
	const char *name = object_text(object, "CompanyName");

	(void)record;
	if (*name) {
		free(company->name);
		company->name = memory_copy_text(name);
	}
	snprintf(company->preferences.country, sizeof(company->preferences.country), "%.3s", object_text(object, "Country"));
	company->preferences.fiscal_month = month_number(object_text(object, "FiscalYearStartMonth"));
}

static enum tax_mode tax_mode_of(const struct company *company, json_object *object)
{
	if (!object_flag(object, "TaxPrefs.UsingSalesTax", false))
		return TAX_NONE;
	if (strcmp(company->preferences.country, "US") != 0)
		return TAX_VAT;
	return object_flag(object, "TaxPrefs.PartnerTaxEnabled", false) ? TAX_US_AUTOMATED : TAX_US_MANUAL;
}

/* As much of the name as there is room for, in whole characters. */
static void set_custom_field(struct preferences *preferences, const char *name)
{
	size_t len = strnlen(name, sizeof(preferences->custom_field) - 1);

	while (len > 0 && !str_is_utf8(name, len))
		len--;
	memcpy(preferences->custom_field, name, len);
	preferences->custom_field[len] = '\0';
}

static void find_custom_field(struct preferences *preferences, json_object *object)
{
	json_object *groups = object_get(object, "SalesFormsPrefs.CustomField");

	preferences->custom_field[0] = '\0';
	if (!json_object_is_type(groups, json_type_array))
		return; /* a client may write there what it likes */
	for (size_t i = 0; i < json_object_array_length(groups); i++) {
		json_object *fields = object_get(json_object_array_get_idx(groups, i), "CustomField");

		for (size_t k = 0; json_object_is_type(fields, json_type_array) && k < json_object_array_length(fields); k++) {
			json_object *field = json_object_array_get_idx(fields, k);

			if (strcmp(object_text(field, "Name"), "SalesFormsPrefs.SalesCustomName1") == 0)
				set_custom_field(preferences, object_text(field, "StringValue"));
		}
	}
}

void preferences_stored(struct company *company, struct record *record, json_object *object)
{
	struct preferences *preferences = &company->preferences;
	const char *home = object_text(object, "CurrencyPrefs.HomeCurrency.value");

	(void)record;
	preferences->book_close = object_date(object, "AccountingInfoPrefs.BookCloseDate", (struct date){ INT32_MIN });
	preferences->custom_numbers = object_flag(object, "SalesFormsPrefs.CustomTxnNumbers", false);
	preferences->uses_discount = object_flag(object, "SalesFormsPrefs.AllowDiscount", false);
	preferences->multicurrency = object_flag(object, "CurrencyPrefs.MultiCurrencyEnabled", false);
	if (strlen(home) == 3)
		snprintf(preferences->home_currency, sizeof(preferences->home_currency), "%.3s", home);
	preferences->tax_mode = tax_mode_of(company, object);
	snprintf(preferences->default_term, sizeof(preferences->default_term), "%.23s",
		 object_text(object, "SalesFormsPrefs.DefaultTerms.value"));
	snprintf(preferences->default_tax_code, sizeof(preferences->default_tax_code), "%.23s",
		 object_text(object, "TaxPrefs.TaxGroupCodeRef.value"));
	find_custom_field(preferences, object);
}

/* Could it stand as that member of the entity? The service makes records of what it gets here. */
static bool fits_member(struct company *company, const char *entity, const char *member, json_object *sent,
			const char *path, struct fault *fault)
{
	AUTO(put_object) json_object *value = NULL;

	return value_check(company, shape_member(&entity_by_name(entity, false)->shape, member), sent, path, NULL, &value,
			   fault);
}

/* One rate of a tax service request: an existing one by id, or a new one. Adds its reference to a list. */
static bool tax_service_rate(struct company *company, json_object *row, json_object *list, struct fault *fault)
{
	const struct table *table = company_table(company, entity_by_name("TaxRate", false));
	const char *id = object_text(row, "TaxRateId"), *name = object_text(row, "TaxRateName");
	json_object *detail = json_object_new_object(), *reference = json_object_new_object(), *agency;
	AUTO(str_clear) struct str json = STR_INIT(2000);
	struct record *rate = *id ? company_get(company, "TaxRate", id) : NULL;

	json_object_array_add(list, detail);
	object_set(detail, "TaxRateRef", reference);
	object_set_text(detail, "TaxTypeApplicable", "TaxOnAmount");
	object_set(detail, "TaxOrder", json_object_new_int(0));
	if (*id && !rate)
		return fault_set(fault, 2500, "TaxRateId", "Invalid Reference Id : TaxRates element id %.40s not found", id);
	for (size_t i = 0; !rate && i < table->count; i++)
		if (json_equals(json_find(table->by_id[i]->text, table->by_id[i]->len, "Name"), name))
			return fault_set(fault, 6240, "", "The name supplied already exists. : Another tax rate is already using "
							  "this \nname. Please use a different name.");
	if (!rate) {
		if (!fits_member(company, "TaxRate", "Name", object_get(row, "TaxRateName"), "TaxRateName", fault) ||
		    !fits_member(company, "TaxRate", "RateValue", object_get(row, "RateValue"), "RateValue", fault))
			return false;
		agency = object_get(row, "TaxAgencyId");
		if (!*name || !agency || !object_get(row, "RateValue"))
			return fault_set(fault, 2020, "TaxRateDetails", "Required parameter TaxRateDetails is missing in the request");
		if (!company_get(company, "TaxAgency", json_object_get_string(agency)))
			return fault_set(fault, 2500, "TaxAgencyId", "Invalid Reference Id : TaxAgencies element id %.40s not found",
					 json_object_get_string(agency));
		str_add(&json, "{\"Name\":");
		str_add_json(&json, name, strlen(name));
		str_addf(&json, ",\"Active\":true,\"RateValue\":%s,\"AgencyRef\":{\"value\":\"%s\"},\"SpecialTaxType\":\"NONE\","
				"\"DisplayType\":\"ReadOnly\"}",
			 object_text(row, "RateValue"), json_object_get_string(agency));
		rate = write_own(company, "TaxRate", json.text);
	}
	object_set_text(reference, "value", rate->id);
	return true;
}

bool write_tax_service(struct company *company, json_object *sent, struct str *out, struct fault *fault)
{
	json_object *rows = object_get(sent, "TaxRateDetails");
	AUTO(put_object) json_object *sales = json_object_new_array();
	AUTO(put_object) json_object *purchase = json_object_new_array();
	AUTO(str_clear) struct str json = STR_INIT(STR_NO_LIMIT);
	const char *name = object_text(sent, "TaxCode");
	const struct entity *rate_entity = entity_by_name("TaxRate", false);
	int64_t next_rate = company->next_list_id[rate_entity->index];
	struct record *code;

	if (company->suspended)
		return fault_plain(fault, 6190);
	if (!*name)
		return fault_set(fault, 2020, "TaxCode", "Required parameter TaxCode is missing in the request");
	if (!fits_member(company, "TaxCode", "Name", object_get(sent, "TaxCode"), "TaxCode", fault))
		return false;
	if (!rows || !json_object_is_type(rows, json_type_array) || json_object_array_length(rows) == 0 ||
	    json_object_array_length(rows) > 20)
		return fault_set(fault, 2020, "TaxRateDetails", "Required parameter TaxRateDetails is missing in the request");
	for (size_t i = 0; i < json_object_array_length(rows); i++) {
		json_object *row = json_object_array_get_idx(rows, i);
		bool on_purchase = strcasecmp(object_text(row, "TaxApplicableOn"), "Purchase") == 0;

		if (!tax_service_rate(company, row, on_purchase ? purchase : sales, fault)) {
			company_take_back(company, rate_entity, next_rate);
			return false;
		}
	}
	str_add(&json, "{\"Name\":");
	str_add_json(&json, name, strlen(name));
	str_addf(&json, ",\"Description\":\"\",\"Active\":true,\"Taxable\":true,\"TaxGroup\":true,\"SalesTaxRateList\":"
			"{\"TaxRateDetail\":%s},\"PurchaseTaxRateList\":{\"TaxRateDetail\":",
		 json_object_to_json_string(sales));
	str_addf(&json, "%s}}", json_object_to_json_string(purchase));
	code = write_own(company, "TaxCode", json.text);
	object_set_text(sent, "TaxCodeId", code->id);
	str_add(out, json_object_to_json_string_ext(sent, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
	return true;
}
