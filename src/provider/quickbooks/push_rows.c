/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where the fields of resources stand in QuickBooks' records, and how much they hold. Texts that are too long are cut or
 * refused, as the account's policy says; the limits are those of Intuit's documentation.
 */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/utf8.h"
#include "push.h"

#define PERSON_ROWS \
	{ "name", "DisplayName", 500, NULL }, { "company", "CompanyName", 100, NULL }, { "given_name", "GivenName", 100, NULL }, \
	{ "family_name", "FamilyName", 100, NULL }, { "email", "PrimaryEmailAddr.Address", 100, NULL }, \
	{ "phone", "PrimaryPhone.FreeFormNumber", 30, NULL }, { "mobile", "Mobile.FreeFormNumber", 30, NULL }, \
	{ "fax", "Fax.FreeFormNumber", 30, NULL }, { "website", "WebAddr.URI", 1000, NULL }, { "street", "BillAddr.Line1", 500, NULL }, \
	{ "street2", "BillAddr.Line2", 500, NULL }, { "city", "BillAddr.City", 255, NULL }, \
	{ "state", "BillAddr.CountrySubDivisionCode", 255, NULL }, { "zip", "BillAddr.PostalCode", 30, NULL }, \
	{ "country", "BillAddr.Country", 255, NULL }

static const struct push_row customer_rows[] = {
	PERSON_ROWS, { "notes", "Notes", 2000, NULL }, { "term", "SalesTermRef.value", 0, NULL }, { "parent", "ParentRef.value", 0, NULL },
	{ "payment_method", "PaymentMethodRef.value", 0, NULL }, { "tax_code", "DefaultTaxCodeRef.value", 0, NULL },
	{ "taxable", "Taxable", 0, NULL }, { "active", "Active", 0, NULL },
};
static const struct push_row vendor_rows[] = {
	PERSON_ROWS, { "notes", "Notes", 4000, NULL }, { "term", "TermRef.value", 0, NULL }, { "account_number", "AcctNum", 100, NULL },
	{ "active", "Active", 0, NULL },
};
static const struct push_row item_rows[] = {
	{ "name", "Name", 100, NULL }, { "sku", "Sku", 100, NULL },
	{ "kind", "Type", 0, "service=Service noninventory=NonInventory inventory=Inventory" }, { "description", "Description", 4000, NULL },
	{ "purchase_description", "PurchaseDesc", 1000, NULL }, { "unit_price", "UnitPrice", 0, NULL }, { "cost", "PurchaseCost", 0, NULL },
	{ "income_account", "IncomeAccountRef.value", 0, NULL }, { "expense_account", "ExpenseAccountRef.value", 0, NULL },
	{ "asset_account", "AssetAccountRef.value", 0, NULL }, { "quantity_on_hand", "QtyOnHand", 0, NULL },
	{ "inventory_start", "InvStartDate", 0, NULL }, { "parent", "ParentRef.value", 0, NULL },
	{ "tax_code", "SalesTaxCodeRef.value", 0, NULL }, { "taxable", "Taxable", 0, NULL }, { "active", "Active", 0, NULL },
};

/* Number, date, currency, rate and memo are written by rules of their own, see push.c. */
static const struct push_row invoice_rows[] = {
	{ "customer", "CustomerRef.value", 0, NULL }, { "due_date", "DueDate", 0, NULL }, { "term", "SalesTermRef.value", 0, NULL },
	{ "email", "BillEmail.Address", 100, NULL }, { "message", "CustomerMemo.value", 1000, NULL }, { "class", "ClassRef.value", 0, NULL },
	{ "department", "DepartmentRef.value", 0, NULL },
};
static const struct push_row credit_memo_rows[] = {
	{ "customer", "CustomerRef.value", 0, NULL }, { "email", "BillEmail.Address", 100, NULL },
	{ "message", "CustomerMemo.value", 1000, NULL }, { "class", "ClassRef.value", 0, NULL },
	{ "department", "DepartmentRef.value", 0, NULL },
};
static const struct push_row sale_lines[] = {
	{ "class", "SalesItemLineDetail.ClassRef.value", 0, NULL }, { "service_date", "SalesItemLineDetail.ServiceDate", 0, NULL },
};
static const struct push_row payment_rows[] = {
	{ "customer", "CustomerRef.value", 0, NULL }, { "reference", "PaymentRefNum", 21, NULL },
	{ "payment_method", "PaymentMethodRef.value", 0, NULL }, { "deposit_account", "DepositToAccountRef.value", 0, NULL },
};
static const struct push_row bill_rows[] = {
	{ "vendor", "VendorRef.value", 0, NULL }, { "due_date", "DueDate", 0, NULL }, { "term", "SalesTermRef.value", 0, NULL },
	{ "department", "DepartmentRef.value", 0, NULL },
};
static const struct push_row journal_rows[] = {
	{ "adjustment", "Adjustment", 0, NULL },
};

#define ROWS(rows) rows, ARRAY_LEN(rows)
static const struct push_rows types[] = {
	{ "customer", "Customer", ROWS(customer_rows), NULL, 0 },
	{ "vendor", "Vendor", ROWS(vendor_rows), NULL, 0 },
	{ "item", "Item", ROWS(item_rows), NULL, 0 },
	{ "invoice", "Invoice", ROWS(invoice_rows), ROWS(sale_lines) },
	{ "credit_memo", "CreditMemo", ROWS(credit_memo_rows), ROWS(sale_lines) },
	{ "payment", "Payment", ROWS(payment_rows), NULL, 0 },
	{ "bill", "Bill", ROWS(bill_rows), NULL, 0 },
	{ "journal_entry", "JournalEntry", ROWS(journal_rows), NULL, 0 },
};

const struct push_rows *push_rows_of(const struct resource_type *type)
{
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (strcmp(types[i].type, type->name) == 0)
			return &types[i];
	return NULL;
}

/* ---- values */

/* "line 3: ", or nothing. `out` holds 24 bytes. */
static const char *place(const struct translating *work, char *out)
{
	*out = '\0';
	if (work->line > 0)
		snprintf(out, 24, "line %d: ", work->line);
	return out;
}

void push_row_text(struct translating *work, struct shape *shape, const struct push_row *row, struct str *text)
{
	bool shorten = policy_is(work->desk->policies, POLICY_TRUNCATE, "shorten");
	char at[24];
	size_t fits = row->max > 0 ? push_fitting(text->text, text->len, row->max) : text->len;

	if (fits < text->len && !shorten) {
		translation_obstacle(work->to, REASON_LIMIT, "%s%s is longer than the %d characters that QuickBooks takes", place(work, at),
				     row->field, row->max);
		return;
	}
	if (fits < text->len) {
		str_addf(&work->to->notes, "%s%s is cut to %d characters\n", place(work, at), row->field, row->max);
		str_truncate(text, fits);
	}
	push_shape_text(shape, row->path, text->text, text->len);
}

static void put_word(struct shape *shape, const struct push_row *row, const struct str *word)
{
	for (const char *at = row->words; *at; at += strspn(at, " ")) {
		size_t len = strcspn(at, " "), name = strcspn(at, "=");

		if (name == word->len && strncmp(at, word->text, name) == 0)
			push_shape_text(shape, row->path, at + name + 1, len - name - 1);
		at += len;
	}
}

void push_field(struct translating *work, struct shape *shape, struct json_slice object, bool line, const struct push_row *row)
{
	const struct resource_field *field = resource_field(work->type, line, row->field, strlen(row->field));
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);
	struct decimal number;
	char id[RECORD_ID_MAX];
	bool flag;

	if (!field)
		return;
	switch (field->kind) {
	case VALUE_TEXT:
	case VALUE_DATE:
		if (push_text(object, row->field, &text))
			push_row_text(work, shape, row, &text);
		break;
	case VALUE_MONEY:
	case VALUE_NUMBER:
		if (push_decimal(object, row->field, &number))
			push_shape_number(shape, row->path, number);
		break;
	case VALUE_FLAG:
		if (push_flag(object, row->field, &flag))
			push_shape_raw(shape, row->path, flag ? "true" : "false");
		break;
	case VALUE_CODE:
		if (push_code(work, object, line, row->field, id))
			push_shape_text(shape, row->path, id, strlen(id));
		break;
	case VALUE_WORD:
		if (push_text(object, row->field, &text))
			put_word(shape, row, &text);
		break;
	case VALUE_LINES:
		break;
	}
}
