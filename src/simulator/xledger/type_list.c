/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The small types that records point to or are made of: owners, addresses, dimensions, lists of codes. */
#include "xledger/type.h"

static const struct xl_field owner_fields[] = {
	XL_PLAIN("dbId", XL_DBID),
	XL_PLAIN("code", XL_STRING),
	XL_PLAIN("description", XL_STRING),
	XL_PLAIN("ownerCode", XL_INT),
	XL_PLAIN("companyNumber", XL_STRING),
};

/* Objects with a name for people and numbers that are the same in all companies. */
static const struct xl_field definition_fields[] = {
	XL_PLAIN("dbId", XL_DBID),
	XL_PLAIN("name", XL_STRING),
	XL_PLAIN("code", XL_STRING),
	{ "description", XL_STRING, .from = "name" },
	XL_PLAIN("ownerDbId", XL_OWNER_DBID),
	XL_PLAIN("dbSubId", XL_INT),
	XL_PLAIN("definitionId", XL_INT),
};

static const struct xl_field value_fields[] = {
	XL_PLAIN("dbId", XL_DBID),
	XL_PLAIN("code", XL_STRING),
	XL_PLAIN("description", XL_STRING),
	{ "name", XL_STRING, .from = "description" },
	{ "id", XL_STRING, .from = "code" },
	XL_PLAIN("owner", XL_OWNER),
	XL_PLAIN("ownerDbId", XL_OWNER_DBID),
	XL_LINK("levelParent", XL_REF, "ListValue"),
};

static const struct xl_field kind_fields[] = {
	XL_PLAIN("dbId", XL_DBID),
	XL_PLAIN("name", XL_STRING),
	XL_PLAIN("code", XL_STRING),
};

static const struct xl_field object_fields[] = {
	XL_PLAIN("dbId", XL_DBID),
	XL_PLAIN("code", XL_STRING),
	XL_PLAIN("description", XL_STRING),
	{ "id", XL_STRING, .from = "code" },
	XL_LINK("objectKind", XL_REF, "ObjectKind"),
	XL_PLAIN("owner", XL_OWNER),
};

static const struct xl_field dimension_fields[] = {
	XL_LINK("glObject1", XL_REF, "GLObject"), XL_LINK("glObject2", XL_REF, "GLObject"),
	XL_LINK("glObject3", XL_REF, "GLObject"), XL_LINK("glObject4", XL_REF, "GLObject"),
	XL_LINK("glObject5", XL_REF, "GLObject"),
};

static const struct xl_field currency_fields[] = {
	XL_PLAIN("dbId", XL_DBID),
	XL_PLAIN("code", XL_STRING),
	XL_PLAIN("description", XL_STRING),
};

static const struct xl_field address_fields[] = {
	XL_PLAIN("dbId", XL_INT),
	XL_PLAIN("streetAddress", XL_STRING),
	XL_PLAIN("streetNumber", XL_STRING),
	XL_PLAIN("zipCode", XL_STRING),
	XL_PLAIN("place", XL_STRING),
	XL_PLAIN("state", XL_STRING),
	XL_PLAIN("fullAddress", XL_STRING),
	XL_LINK("country", XL_REF, "Country"),
};

static const struct xl_field contact_fields[] = {
	XL_PLAIN("dbId", XL_INT),
	XL_PLAIN("name", XL_STRING),
	XL_PLAIN("firstName", XL_STRING),
	XL_PLAIN("lastName", XL_STRING),
	XL_PLAIN("birthday", XL_DATE),
	XL_PLAIN("age", XL_INT),
	XL_PLAIN("phone", XL_STRING),
	XL_PLAIN("email", XL_STRING),
	XL_LINK("country", XL_REF, "Country"),
	XL_LINK("gender", XL_REF, "Definition"),
};

static const struct xl_field subledger_fields[] = {
	XL_PLAIN("dbId", XL_INT),
	XL_PLAIN("code", XL_STRING),
	XL_PLAIN("description", XL_STRING),
};

static const struct xl_field flexi_fields[] = {
	XL_PLAIN("dbId", XL_INT),
	XL_PLAIN("date1", XL_DATE),     XL_PLAIN("date2", XL_DATE),	    XL_PLAIN("date3", XL_DATE),
	XL_PLAIN("date4", XL_DATE),     XL_PLAIN("flag1", XL_BOOLEAN),  XL_PLAIN("flag2", XL_BOOLEAN),
	XL_PLAIN("flag3", XL_BOOLEAN),  XL_PLAIN("flag4", XL_BOOLEAN),  XL_PLAIN("number1", XL_INT),
	XL_PLAIN("number2", XL_INT),    XL_PLAIN("text1", XL_STRING),   XL_PLAIN("text2", XL_STRING),
	XL_PLAIN("text3", XL_STRING),   XL_PLAIN("text4", XL_STRING),   XL_PLAIN("text5", XL_STRING),
	XL_PLAIN("text6", XL_STRING),   XL_PLAIN("text7", XL_STRING),   XL_PLAIN("text8", XL_STRING),
	XL_PLAIN("value1", XL_DECIMAL), XL_PLAIN("value2", XL_DECIMAL), XL_PLAIN("value3", XL_DECIMAL),
	XL_PLAIN("value4", XL_DECIMAL),
	XL_LINK("code1", XL_REF, "ListValue"), XL_LINK("code2", XL_REF, "ListValue"),
	XL_LINK("code3", XL_REF, "ListValue"), XL_LINK("code4", XL_REF, "ListValue"),
	XL_LINK("code5", XL_REF, "ListValue"), XL_LINK("code6", XL_REF, "ListValue"),
	XL_LINK("code7", XL_REF, "ListValue"), XL_LINK("code8", XL_REF, "ListValue"),
};

static const struct xl_field period_fields[] = {
	XL_PLAIN("dbId", XL_DBID),
	XL_PLAIN("description", XL_STRING),
	XL_PLAIN("fromDate", XL_DATE),
	XL_PLAIN("toDate", XL_DATE),
	XL_PLAIN("monthNumber", XL_INT),
	XL_PLAIN("fiscalPeriod", XL_INT),
	XL_PLAIN("fiscalYear", XL_INT),
	{ "year", XL_INT, .from = "fiscalYear" },
};

static const struct xl_field group_fields[] = {
	XL_PLAIN("dbId", XL_DBID),
	XL_PLAIN("code", XL_STRING),
	XL_PLAIN("description", XL_STRING),
	{ "codeTranslated", XL_STRING, .from = "code" },
	{ "descriptionTranslated", XL_STRING, .from = "description" },
};

const struct xl_type xl_list_types[] = {
	{ "Owner", "owners", "owner", "Owners", XL_FIELDS(owner_fields) },
	{ "Definition", "definitions", "definition", "Definitions", XL_FIELDS(definition_fields) },
	{ "ListValue", "listValues", "listValue", "ListValues", .flags = XL_TEXT_ID, XL_FIELDS(value_fields) },
	{ "ObjectKind", "objectKinds", "objectKind", "ObjectKinds", .flags = XL_TEXT_ID, XL_FIELDS(kind_fields) },
	{ "GLObject", "glObjects", "glObject", "GLObjects", XL_FIELDS(object_fields) },
	{ "GLDimension", "glDimensions", "glDimension", "GLDimensions", XL_FIELDS(dimension_fields) },
	{ "Currency", "currencies", "currency", "Currencies", XL_FIELDS(currency_fields) },
	{ "Country", "countries", "country", "Countries", XL_FIELDS(currency_fields) },
	{ "Address", "addresses", "address", "Addresses", XL_FIELDS(address_fields) },
	{ "Contact", "contacts", "contact", "Contacts", .flags = XL_TEXT_ID, XL_FIELDS(contact_fields) },
	{ "Subledger", "subledgers", "subledger", "Subledgers", XL_FIELDS(subledger_fields) },
	{ "FlexiFieldsItem", "flexiFieldsItems", "flexiFieldsItem", "FlexiFieldsItems", XL_FIELDS(flexi_fields) },
	{ "Period", "periods", "period", "Periods", XL_FIELDS(period_fields) },
	{ "AccountGroup", "accountGroups", "accountGroup", "AccountGroups", XL_FIELDS(group_fields) },
	{ "SysAccount", "sysAccounts", "sysAccount", "SysAccounts", XL_FIELDS(group_fields) },
	{ "TransactionSource", "transactionSources", "transactionSource", "TransactionSources", XL_FIELDS(currency_fields) },
};
const size_t xl_list_count = sizeof(xl_list_types) / sizeof(xl_list_types[0]);
