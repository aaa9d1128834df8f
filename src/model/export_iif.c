/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * IIF as QuickBooks Desktop imports it: columns between tabs, lines ended by CR and LF, an invoice as one row on accounts
 * receivable and rows against it that make zero with it. Its letters are those of Windows, where that program lives; nothing
 * that Intuit writes goes beyond ASCII.
 */
#include <stdarg.h>
#include <string.h>

#include "export_impl.h"
#include "ledgerdeck/core/decimal.h"
#include "ledgerdeck/core/memory.h"
#include "windows_1252.h"

/* ---- cells */

/* Tabs and breaks would end the cell; quotes are for those with quotes in them. */
static void add_cell(struct export *export, const char *text)
{
	AUTO(str_clear) struct str plain = STR_INIT(RESOURCE_BYTES_MAX);
	struct str *out = &export->out;
	bool has_quote;

	if (!windows_1252_write(text, strlen(text), &plain))
		export->is_garbled = true;
	has_quote = strchr(plain.text, '"') != NULL;
	str_add_char(out, '\t');
	if (has_quote)
		str_add_char(out, '"');
	for (size_t i = 0; i < plain.len; i++) {
		char c = plain.text[i];

		if (c == '"')
			str_add_char(out, '"');
		str_add_char(out, c == '\t' || c == '\n' || c == '\r' ? ' ' : c);
	}
	if (has_quote)
		str_add_char(out, '"');
}

static void add_head(struct export *export, const char *field)
{
	add_cell(export, export_value(export, export->data, false, field));
}

static void add_line(struct export *export, struct json_slice line, const char *field)
{
	add_cell(export, export_value(export, line, true, field));
}

static void add_date(struct export *export, const char *field)
{
	char date[DATE_TEXT_MAX];

	add_cell(export, export_american_date(export_value(export, export->data, false, field), date));
}

/* The same with the other sign, digit for digit. */
static void add_turned(struct export *export, const char *number)
{
	AUTO(str_clear) struct str turned = STR_INIT(DECIMAL_TEXT_MAX);

	if (*number == '-')
		number++;
	else if (strpbrk(number, "123456789"))
		str_add_char(&turned, '-');
	str_add(&turned, number);
	add_cell(export, turned.text);
}

static void begin_row(struct export *export, const char *keyword)
{
	str_add(&export->out, keyword);
}

static void end_row(struct export *export)
{
	str_add(&export->out, "\r\n");
	export->out_rows++;
}

static void add_empty(struct export *export, int count)
{
	for (int i = 0; i < count; i++)
		str_add_char(&export->out, '\t');
}

/* ---- invoices */

static const struct export_column invoice_fields[] = {
	{ NULL, "number", false, false },      { NULL, "customer", false, false }, { NULL, "date", false, false },
	{ NULL, "due_date", false, false },    { NULL, "term", false, false },	   { NULL, "memo", false, false },
	{ NULL, "class", false, false },       { NULL, "tax_total", false, false }, { NULL, "item", true, false },
	{ NULL, "description", true, false },  { NULL, "quantity", true, false },  { NULL, "unit_price", true, false },
	{ NULL, "amount", true, false },       { NULL, "taxable", true, false },   { NULL, "class", true, false },
};

static void write_invoice_header(struct export *export)
{
	str_add(&export->out, "!TRNS\tTRNSID\tTRNSTYPE\tDATE\tACCNT\tNAME\tCLASS\tAMOUNT\tDOCNUM\tMEMO\tDUEDATE\tTERMS\r\n"
			      "!SPL\tSPLID\tTRNSTYPE\tDATE\tACCNT\tNAME\tCLASS\tAMOUNT\tDOCNUM\tMEMO\tQNTY\tPRICE\tINVITEM\tTAXABLE\tEXTRA\r\n"
			      "!ENDTRNS\r\n");
}

static bool take_number(struct json_slice value, struct decimal *ret_number)
{
	*ret_number = decimal_of(0, 2);
	return value.kind != JSON_STRING || value.len < 3 || decimal_parse(value.text + 1, value.len - 2, ret_number);
}

/* What its lines and its tax come to. */
static bool add_up(const struct export *export, struct decimal *ret_total)
{
	struct decimal amount;
	struct json_slice line;
	size_t at = 0;

	if (!take_number(json_member(export->data, "tax_total"), ret_total))
		return false;
	while (json_each(json_member(export->data, "lines"), &at, NULL, &line))
		if (!take_number(json_member(line, "amount"), &amount) || !decimal_add(*ret_total, amount, ret_total))
			return false;
	return true;
}

/* Up to the amount, the same for each of the rows: id, type, date, ledger account, name. */
static void begin_posting(struct export *export, const char *keyword, const char *account)
{
	begin_row(export, keyword);
	add_empty(export, 1);
	add_cell(export, "INVOICE");
	add_date(export, "date");
	add_cell(export, account);
}

static void add_number(struct export *export)
{
	const char *number = export_value(export, export->data, false, "number");

	add_cell(export, *number ? number : export->external_id);
}

static void write_receivable(struct export *export, struct decimal total)
{
	char text[DECIMAL_TEXT_MAX];

	begin_posting(export, "TRNS", export->options.receivable);
	add_head(export, "customer");
	add_head(export, "class");
	add_cell(export, decimal_format(total, text));
	add_number(export);
	add_head(export, "memo");
	add_date(export, "due_date");
	add_head(export, "term");
	end_row(export);
}

static void write_line(struct export *export, struct json_slice line)
{
	const char *amount;

	begin_posting(export, "SPL", export->options.income);
	add_head(export, "customer");
	if (json_member(line, "class").kind == JSON_STRING)
		add_line(export, line, "class");
	else
		add_head(export, "class");
	amount = export_value(export, line, true, "amount");
	add_turned(export, *amount ? amount : "0.00");
	add_number(export);
	add_line(export, line, "description");
	add_turned(export, export_value(export, line, true, "quantity"));
	add_line(export, line, "unit_price");
	add_line(export, line, "item");
	add_line(export, line, "taxable");
	add_empty(export, 1);
	end_row(export);
}

static void write_tax(struct export *export)
{
	if (json_member(export->data, "tax_total").kind != JSON_STRING)
		return;
	begin_posting(export, "SPL", export->options.tax_account);
	add_cell(export, export->options.tax_agency);
	add_empty(export, 1);
	add_turned(export, export_value(export, export->data, false, "tax_total"));
	add_number(export);
	add_empty(export, 3);
	add_cell(export, export->options.tax_item);
	add_cell(export, "N");
	add_cell(export, "AUTOSTAX");
	end_row(export);
}

static bool write_invoice(struct export *export, const char **ret_why)
{
	struct json_slice mode = json_member(export->data, "tax_mode"), line;
	struct decimal total;
	size_t at = 0;

	*ret_why = "its prices include the tax, which this kind of file can't say";
	if (mode.kind == JSON_STRING && json_equals(mode, "inclusive"))
		return false;
	*ret_why = "its amounts add up to more than fits";
	if (!add_up(export, &total))
		return false;
	write_receivable(export, total);
	while (json_each(json_member(export->data, "lines"), &at, NULL, &line))
		write_line(export, line);
	write_tax(export);
	begin_row(export, "ENDTRNS");
	end_row(export);
	return true;
}

/* ---- customers */

static const struct export_column customer_fields[] = {
	{ "NAME", "name", false, false },	{ "BADDR1", NULL, false, false },	{ "BADDR2", "street", false, false },
	{ "BADDR3", "street2", false, false },	{ "BADDR4", NULL, false, false },	{ "BADDR5", "country", false, false },
	{ "PHONE1", "phone", false, false },	{ "PHONE2", "mobile", false, false },	{ "FAXNUM", "fax", false, false },
	{ "EMAIL", "email", false, false },	{ "TERMS", "term", false, false },	{ "TAXABLE", "taxable", false, false },
	{ "COMPANYNAME", "company", false, false }, { "FIRSTNAME", "given_name", false, false }, { "LASTNAME", "family_name", false, false },
	{ "NOTEPAD", "notes", false, false },
};

static void write_customer_header(struct export *export)
{
	str_add(&export->out, "!CUST");
	for (size_t i = 0; i < ARRAY_LEN(customer_fields); i++)
		add_cell(export, customer_fields[i].header);
	str_add(&export->out, "\r\n");
}

/* "City, State ZIP" */
static void add_city(struct export *export)
{
	AUTO(str_clear) struct str city = STR_INIT(RESOURCE_BYTES_MAX);

	str_add(&city, export_value(export, export->data, false, "city"));
	str_add(&city, city.len && json_member(export->data, "state").kind == JSON_STRING ? ", " : "");
	str_add(&city, export_value(export, export->data, false, "state"));
	str_add(&city, city.len && json_member(export->data, "zip").kind == JSON_STRING ? " " : "");
	str_add(&city, export_value(export, export->data, false, "zip"));
	add_cell(export, city.text);
}

static bool has_address(const struct export *export)
{
	return json_member(export->data, "street").kind == JSON_STRING || json_member(export->data, "city").kind == JSON_STRING;
}

static bool write_customer(struct export *export, const char **ret_why)
{
	*ret_why = "";
	begin_row(export, "CUST");
	for (size_t i = 0; i < ARRAY_LEN(customer_fields); i++) {
		const char *header = customer_fields[i].header;

		if (customer_fields[i].field)
			add_head(export, customer_fields[i].field);
		else if (strcmp(header, "BADDR4") == 0)
			add_city(export);
		else if (has_address(export))
			add_head(export, json_member(export->data, "company").kind == JSON_STRING ? "company" : "name");
		else
			add_empty(export, 1);
	}
	end_row(export);
	return true;
}

static const char *const invoice_more[] = { "total", "tax_mode", NULL };
static const char *const customer_more[] = { "city", "state", "zip", NULL };

const struct export_writer export_iif_invoice = {
	.columns = invoice_fields,
	.count = ARRAY_LEN(invoice_fields),
	.more = invoice_more,
	.write_header = write_invoice_header,
	.write = write_invoice,
};
const struct export_writer export_iif_customer = {
	.columns = customer_fields,
	.count = ARRAY_LEN(customer_fields),
	.more = customer_more,
	.write_header = write_customer_header,
	.write = write_customer,
};
