/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the fields of resources stand in Xledger's inputs and records, after the field lists of public clients. */
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "push.h"

static const struct push_row customer_rows[] = {
	{ "name", "description", "description" }, { "email", "email", "email" }, { "phone", "phone", "phone" },
	{ "street", "streetAddress", "address.streetAddress" }, { "zip", "zipCode", "address.zipCode" },
	{ "city", "place", "address.place" }, { "notes", "notes", "notes" },
};
/* Suppliers have no notes to be written. */
static const struct push_row supplier_rows[] = {
	{ "name", "description", "description" }, { "email", "email", "email" }, { "phone", "phone", "phone" },
	{ "street", "streetAddress", "address.streetAddress" }, { "zip", "zipCode", "address.zipCode" },
	{ "city", "place", "address.place" },
};
static const struct push_row sale_rows[] = {
	{ "number", "invoiceNumber", "invoiceNumber" }, { "date", "invoiceDate", "invoiceDate" }, { "due_date", "dueDate", "dueDate" },
	{ "customer", "subledger.dbId", "subledgerDbId" }, { "currency", "currency.code", "currency.code" },
	{ "total", "invoiceAmount", "invoiceAmount" },
};
static const struct push_row bill_rows[] = {
	{ "number", "invoiceNumber", "invoiceNumber" }, { "date", "invoiceDate", "invoiceDate" }, { "due_date", "dueDate", "dueDate" },
	{ "vendor", "subledger.dbId", "subledgerDbId" }, { "currency", "currency.code", "currency.code" },
	{ "total", "invoiceAmount", "invoiceAmount" },
};

#define ROWS(rows) rows, ARRAY_LEN(rows)
static const struct push_rows types[] = {
	{ "customer", "customers", "Customers", ROWS(customer_rows), false },
	{ "vendor", "suppliers", "Suppliers", ROWS(supplier_rows), false },
	{ "invoice", "arTransactions", "GLImportItems", ROWS(sale_rows), true },
	{ "credit_memo", "arTransactions", "GLImportItems", ROWS(sale_rows), true },
	{ "bill", "apTransactions", "GLImportItems", ROWS(bill_rows), true },
};

const struct push_rows *xledger_rows_of(const struct resource_type *type)
{
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (strcmp(types[i].type, type->name) == 0)
			return &types[i];
	return NULL;
}

const struct push_rows *xledger_rows_of_record(const char *record)
{
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (strcmp(types[i].record, record) == 0)
			return &types[i];
	return NULL;
}
