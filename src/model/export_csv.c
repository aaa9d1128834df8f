/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * CSV as QuickBooks Online imports it (Settings, Import data): UTF-8 with a byte-order mark, a row for each line. Fields that
 * begin like a formula stay as they are, since the file is for import.
 */
#include <string.h>

#include "export_impl.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/model/csv.h"

static const struct export_column invoice_columns[] = {
	{ "*InvoiceNo", "number", false, true },
	{ "*Customer", "customer", false, true },
	{ "*InvoiceDate", "date", false, true },
	{ "*DueDate", "due_date", false, true },
	{ "Terms", "term", false, false },
	{ "Location", "department", false, false },
	{ "Memo", "memo", false, false },
	{ "Item(Product/Service)", "item", true, true },
	{ "ItemDescription", "description", true, true },
	{ "ItemQuantity", "quantity", true, true },
	{ "ItemRate", "unit_price", true, true },
	{ "*ItemAmount", "amount", true, true },
	{ "Item tax code", "tax_code", true, true },
	{ "Taxable", "taxable", true, true },
	{ "Currency", "currency", false, false },
	{ "Service Date", "service_date", true, true },
};

static const struct export_column customer_columns[] = {
	{ "Name", "name", false, true },     { "Company", "company", false, true }, { "Email", "email", false, true },
	{ "Phone", "phone", false, true },   { "Mobile", "mobile", false, true },   { "Fax", "fax", false, true },
	{ "Website", "website", false, true }, { "Street", "street", false, true }, { "City", "city", false, true },
	{ "State", "state", false, true },   { "ZIP", "zip", false, true },	    { "Country", "country", false, true },
};

static void add_cell(struct export *export, const char *text, bool is_first)
{
	if (!is_first)
		str_add_char(&export->out, ',');
	csv_add_cell(text, &export->out);
}

static const char *cell_of(struct export *export, const struct export_column *column, struct json_slice line, bool is_first, char *date)
{
	const struct resource_field *field =
		resource_field(export->options.type, column->is_of_line, column->field, strlen(column->field));
	const char *text = "";

	if (column->is_of_line)
		text = export_value(export, line, true, column->field);
	else if (is_first || column->is_repeated)
		text = export_value(export, export->data, false, column->field);
	return field->kind == VALUE_DATE && !export->options.has_iso_dates ? export_american_date(text, date) : text;
}

/* An invoice that has no number is known by its external id. */
static void write_row(struct export *export, const struct export_column *columns, size_t count, struct json_slice line, bool is_first)
{
	char date[DATE_TEXT_MAX];

	for (size_t i = 0; i < count; i++) {
		const char *text = cell_of(export, &columns[i], line, is_first, date);

		add_cell(export, i == 0 && !*text ? export->external_id : text, i == 0);
	}
	str_add(&export->out, "\r\n");
	export->out_rows++;
}

static void write_header(struct export *export, const struct export_column *columns, size_t count)
{
	str_add(&export->out, "\xef\xbb\xbf");
	for (size_t i = 0; i < count; i++)
		add_cell(export, columns[i].header, i == 0);
	str_add(&export->out, "\r\n");
}

static void write_invoice_header(struct export *export)
{
	write_header(export, invoice_columns, ARRAY_LEN(invoice_columns));
}

static bool write_invoice(struct export *export, const char **ret_why)
{
	struct json_slice line;
	size_t at = 0;

	*ret_why = "it has no lines";
	for (bool is_first = true; json_each(json_member(export->data, "lines"), &at, NULL, &line); is_first = false)
		write_row(export, invoice_columns, ARRAY_LEN(invoice_columns), line, is_first);
	return export->out_rows > 0;
}

static void write_customer_header(struct export *export)
{
	write_header(export, customer_columns, ARRAY_LEN(customer_columns));
}

static bool write_customer(struct export *export, const char **ret_why)
{
	*ret_why = "";
	write_row(export, customer_columns, ARRAY_LEN(customer_columns), (struct json_slice){ 0 }, true);
	return true;
}

static const char *const invoice_more[] = { "total", NULL }; /* which is that of the lines and the tax */
static const char *const customer_more[] = { NULL };

const struct export_writer export_csv_invoice = {
	.columns = invoice_columns,
	.count = ARRAY_LEN(invoice_columns),
	.more = invoice_more,
	.write_header = write_invoice_header,
	.write = write_invoice,
};
const struct export_writer export_csv_customer = {
	.columns = customer_columns,
	.count = ARRAY_LEN(customer_columns),
	.more = customer_more,
	.write_header = write_customer_header,
	.write = write_customer,
};
