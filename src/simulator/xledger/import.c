/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Invoice lines become orders at once and invoices after a while, as inside the service. Journal
 * lines become vouchers at once, or after a while. That the lines of a voucher must balance is unconfirmed: a
 * switch has them refused, told in glImportItemErrors, or taken as they are.
 */
#include "xledger/import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/decimal.h"
#include "ledgerdeck/core/memory.h"

#include "world.h"
#include "xledger/ledger.h"
#include "xledger/zone.h"

#define DUE_DAYS 14

/* ---- orders */

static void order_key(struct xl_entity *entity, const struct xl_record *record, const char *field, struct str *out)
{
	char text[512];

	str_reset(out);
	str_addf(out, "%s/", xl_text_of(entity, record, "subledgerDbId", text, sizeof(text)));
	str_add(out, xl_text_of(entity, record, field, text, sizeof(text)));
}

static bool order_is_open(struct xl_entity *entity, const struct xl_record *order)
{
	char text[8];

	return strcmp(xl_text_of(entity, order, "invoiced", text, sizeof(text)), "true") != 0;
}

static void collect_open(struct xl_entity *entity, struct map *open)
{
	const struct xl_table *table = xl_table_of(entity, xl_type_named("SalesOrder"));
	AUTO(str_clear) struct str key = STR_INIT(1000);

	for (size_t i = 0; i < table->count; i++) {
		if (!order_is_open(entity, table->records[i]))
			continue;
		order_key(entity, table->records[i], "xorder", &key);
		*map_place(open, key.text, key.len) = table->records[i];
	}
}

static struct xl_record *make_order(struct xl_entity *entity, const struct xl_record *item)
{
	struct xl_maker maker = xl_maker_of("SalesOrder"), party;
	struct xl_record *customer;
	char text[512];

	xl_text_of(entity, item, "subledgerDbId", text, sizeof(text));
	customer = xl_find(entity, xl_type_named("Customer"), strtoll(text, NULL, 10));
	xl_maker_number(&maker, "orderNumber", entity->next_order++);
	xl_maker_text(&maker, "xorder", xl_text_of(entity, item, "extOrder", text, sizeof(text)));
	if (customer) {
		party = xl_subledger_of(entity, customer);
		xl_maker_part(&maker, "subledger", &party);
		xl_maker_ref(&maker, "customer", customer);
	}
	xl_maker_ref(&maker, "project", xl_ref_of(entity, item, "project"));
	xl_maker_ref(&maker, "currency", xl_listed(entity, "Currency", "NOK"));
	xl_maker_text(&maker, "yourReference", xl_text_of(entity, item, "yourReference", text, sizeof(text)));
	xl_maker_text(&maker, "headerInfo", xl_text_of(entity, item, "headerInfo", text, sizeof(text)));
	xl_maker_text(&maker, "invoiceDate", xl_text_of(entity, item, "invoiceDate", text, sizeof(text)));
	xl_maker_flag(&maker, "invoiced", false);
	return xl_maker_add(&maker, entity, item->owner, xl_now_ms(entity));
}

static void add_money(struct xl_entity *entity, struct xl_record *record, const char *field, int64_t cents)
{
	char text[DECIMAL_TEXT_MAX];

	decimal_format(decimal_of(xl_cents_of(entity, record, field) + cents, 2), text);
	xl_set_text(entity, record, field, text);
}

void xl_import_order(struct xl_entity *entity, struct xl_record *const *items, size_t count)
{
	struct map open = { 0 };
	AUTO(str_clear) struct str key = STR_INIT(1000);

	collect_open(entity, &open);
	for (size_t i = 0; i < count; i++) {
		struct xl_record *order;
		char text[24];

		order_key(entity, items[i], "extOrder", &key);
		order = map_get(&open, key.text, key.len);
		if (!order) {
			order = make_order(entity, items[i]);
			*map_place(&open, key.text, key.len) = order;
			entity->open_orders = -1;
		}
		add_money(entity, order, "amount", xl_cents_of(entity, items[i], "amount"));
		snprintf(text, sizeof(text), "%lld", (long long)order->dbid);
		xl_set_text(entity, items[i], "salesOrder", text);
	}
	map_clear(&open, NULL);
}

/* ---- invoices */

static struct xl_record *account_of(struct xl_entity *entity, const char *code)
{
	return xl_find_code(entity, xl_type_named("Account"), code);
}

/* Hundredths of a percent of a tax rule. */
static int64_t rule_percent(struct xl_entity *entity, const struct xl_record *rule)
{
	return rule ? xl_cents_of(entity, rule, "percent") : 0;
}

static int64_t tax_of(int64_t cents, int64_t percent)
{
	return (cents * percent + (cents < 0 ? -5000 : 5000)) / 10000;
}

/* A line and the order that it is in. */
struct placed {
	int64_t order;
	const struct xl_record *item;
};

struct placed_list {
	struct placed *rows; /* owned, by order, then as they came */
	size_t count;
};

static int compare_placed(const void *a, const void *b)
{
	const struct placed *x = a, *y = b;

	if (x->order != y->order)
		return x->order < y->order ? -1 : 1;
	return x->item->dbid < y->item->dbid ? -1 : x->item->dbid > y->item->dbid;
}

static struct placed_list collect_placed(struct xl_entity *entity)
{
	const struct xl_table *table = xl_table_of(entity, xl_type_named("InvoiceBaseItem"));
	struct placed_list list = { .rows = memory_new((table->count + 1) * sizeof(*list.rows)) };
	char text[32];

	for (size_t i = 0; i < table->count; i++) {
		xl_text_of(entity, table->records[i], "salesOrder", text, sizeof(text));
		if (*text)
			list.rows[list.count++] = (struct placed){ strtoll(text, NULL, 10), table->records[i] };
	}
	if (list.count > 1)
		qsort(list.rows, list.count, sizeof(*list.rows), compare_placed);
	return list;
}

/* The first line of an order, or of those behind it. */
static size_t placed_bound(const struct placed_list *list, int64_t order)
{
	size_t low = 0, high = list->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (list->rows[middle].order < order)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Revenue and tax of one line; returns what the customer owes for it. */
static int64_t post_line(struct xl_voucher *voucher, const struct xl_record *item, const struct xl_record *company)
{
	struct xl_entity *entity = voucher->entity;
	const struct xl_record *product = xl_ref_of(entity, item, "product");
	struct xl_line line = { .company = company }, tax = { .company = company, .text = "MVA" };
	char text[512];

	line.rule = xl_ref_of(entity, item, "taxRule");
	if (!line.rule && product)
		line.rule = xl_ref_of(entity, product, "taxRule");
	line.account = product ? xl_ref_of(entity, product, "account") : NULL;
	if (!line.account)
		line.account = account_of(entity, "3000");
	line.object1 = xl_ref_of(entity, item, "glObject1");
	line.text = xl_text_of(entity, item, "text", text, sizeof(text));
	line.cents = -xl_cents_of(entity, item, "amount");
	line.tax_cents = tax_of(line.cents, rule_percent(entity, line.rule));
	xl_voucher_add(voucher, &line);
	tax.account = account_of(entity, "2700");
	tax.cents = line.tax_cents;
	if (tax.cents != 0)
		xl_voucher_add(voucher, &tax);
	return -line.cents - line.tax_cents;
}

static int64_t post_lines(struct xl_voucher *voucher, const struct placed_list *list, const struct xl_record *order,
			  const struct xl_record *company)
{
	int64_t total = 0;

	for (size_t i = placed_bound(list, order->dbid); i < list->count && list->rows[i].order == order->dbid; i++)
		total += post_line(voucher, list->rows[i].item, company);
	return total;
}

static void invoice_order(struct xl_entity *entity, const struct placed_list *list, struct xl_record *order)
{
	struct xl_voucher voucher = { .entity = entity, .source = "AR", .text = "Faktura",
				      .date = central_today(xl_now_ms(entity)), .owner = order->owner,
				      .ms = xl_now_ms(entity) };
	struct xl_record *customer = xl_ref_of(entity, order, "customer");
	struct xl_item item = { .party = customer, .kind = "INVOICE" };
	char number[24], external[512], date[DATE_TEXT_MAX];

	entity->open_orders--;
	xl_set_text(entity, order, "invoiced", "true");
	if (!customer)
		return;
	xl_text_of(entity, order, "invoiceDate", date, sizeof(date));
	date_parse(date, strlen(date), &voucher.date);
	xl_voucher_start(&voucher);
	item.company = xl_ref_of(entity, customer, "company");
	item.cents = item.remaining = post_lines(&voucher, list, order, item.company);
	item.account = account_of(entity, "1500");
	item.date = voucher.date;
	item.due.day = voucher.date.day + DUE_DAYS;
	item.order = xl_text_of(entity, order, "xorder", external, sizeof(external));
	snprintf(number, sizeof(number), "%lld", (long long)entity->next_invoice++);
	item.number = number;
	if (item.cents < 0)
		item.kind = "CREDIT_MEMO";
	xl_voucher_add(&voucher, &(struct xl_line){ .account = item.account, .company = item.company,
						     .cents = item.cents });
	xl_voucher_add_item(&voucher, true, &item);
	xl_set_text(entity, order, "invoiceNumber", number);
}

/* Orders made at `until_ms` or before. */
static size_t invoice_until(struct xl_entity *entity, int64_t until_ms)
{
	const struct xl_table *table = xl_table_of(entity, xl_type_named("SalesOrder"));
	struct placed_list list;
	size_t done = 0;

	if (entity->open_orders < 0) {
		entity->open_orders = 0;
		for (size_t i = 0; i < table->count; i++)
			entity->open_orders += order_is_open(entity, table->records[i]);
	}
	if (entity->open_orders == 0)
		return 0;
	list = collect_placed(entity);
	for (size_t i = 0; i < table->count && entity->open_orders > 0; i++) {
		struct xl_record *order = table->records[i];

		if (order->created_ms > until_ms || !order_is_open(entity, order))
			continue;
		invoice_order(entity, &list, order);
		done++;
	}
	free(list.rows);
	return done;
}

size_t xl_import_invoice_due(struct xl_entity *entity)
{
	int64_t delay_s = switches_get(&entity->simulator->switches, SWITCH_XLEDGER_INVOICE_DELAY_S);

	return delay_s == 0 ? 0 : invoice_until(entity, xl_now_ms(entity) - delay_s * 1000);
}

size_t xl_import_invoice_all(struct xl_entity *entity)
{
	return invoice_until(entity, INT64_MAX);
}

/* ---- journals */

static bool same_voucher(struct xl_entity *entity, const struct xl_record *a, const struct xl_record *b)
{
	char x[32], y[32];

	return strcmp(xl_text_of(entity, a, "trRegNumber", x, sizeof(x)),
		      xl_text_of(entity, b, "trRegNumber", y, sizeof(y))) == 0 &&
	       xl_ref_of(entity, a, "transactionSource") == xl_ref_of(entity, b, "transactionSource");
}

static void tell(struct xl_entity *entity, const struct xl_record *item, const char *message)
{
	struct xl_maker maker = xl_maker_of("GLImportItemError");

	xl_maker_text(&maker, "message", message);
	xl_maker_number(&maker, "transactionDbId", item->dbid);
	xl_maker_number(&maker, "errorLevel", 2);
	xl_maker_add(&maker, entity, item->owner, xl_now_ms(entity));
}

/* Is the voucher of these lines good? Tells of what is not. */
static bool voucher_is_good(struct xl_entity *entity, struct xl_record *const *items, size_t count)
{
	int64_t sum = 0;
	bool good = true;
	char message[120];

	for (size_t i = 0; i < count; i++) {
		sum += xl_cents_of(entity, items[i], "amount");
		if (xl_ref_of(entity, items[i], "account"))
			continue;
		tell(entity, items[i], "account: The account does not exist.");
		good = false;
	}
	if (sum == 0)
		return good;
	snprintf(message, sizeof(message), "The voucher does not balance: the difference is %lld.%02lld.",
		 (long long)(sum / 100), (long long)llabs(sum % 100));
	tell(entity, items[0], message);
	return false;
}

/* Is a line in another currency than the books'? `rate` holds 40 bytes. */
static bool is_foreign(struct xl_entity *entity, const struct xl_record *line, struct xl_foreign *ret_foreign, char *rate)
{
	*ret_foreign = (struct xl_foreign){ .currency = xl_ref_of(entity, line, "currency"), .rate = rate,
					    .cents = xl_cents_of(entity, line, "invoiceAmount") };
	xl_text_of(entity, line, "exchangeRate", rate, 40);
	return ret_foreign->currency && ret_foreign->currency != xl_listed(entity, "Currency", "NOK");
}

/* The open item of a line that names a customer or a supplier. */
static void post_item(struct xl_voucher *voucher, const struct xl_record *line)
{
	struct xl_entity *entity = voucher->entity;
	const struct xl_field *field = xl_field_named(line->type, "subledger");
	struct xl_object object = xl_object_of(line), party;
	char text[64], number[64], date[DATE_TEXT_MAX], due[DATE_TEXT_MAX], rate[40];
	struct xl_foreign foreign;
	struct xl_item item = { .kind = "INVOICE", .date = voucher->date, .due = voucher->date };
	bool receivable;

	if (!xl_object_follow(entity, &object, field, &party))
		return;
	snprintf(text, sizeof(text), "%.*s", (int)xl_pack_get(party.pack, party.len, 0).len,
		 xl_pack_get(party.pack, party.len, 0).text);
	item.party = xl_find(entity, xl_type_named("Customer"), strtoll(text, NULL, 10));
	receivable = item.party != NULL;
	if (!item.party)
		item.party = xl_find(entity, xl_type_named("Supplier"), strtoll(text, NULL, 10));
	if (!item.party)
		return;
	item.company = xl_ref_of(entity, item.party, "company");
	item.account = xl_ref_of(entity, line, "account");
	item.cents = item.remaining = xl_cents_of(entity, line, "amount");
	if (is_foreign(entity, line, &foreign, rate)) {
		item.foreign = &foreign;
		item.remaining = foreign.cents;
	}
	xl_text_of(entity, line, "invoiceDate", date, sizeof(date));
	if (date_parse(date, strlen(date), &item.date))
		item.due = item.date;
	item.number = xl_text_of(entity, line, "invoiceNumber", number, sizeof(number));
	xl_text_of(entity, line, "dueDate", due, sizeof(due));
	date_parse(due, strlen(due), &item.due);
	if (receivable == (item.cents < 0))
		item.kind = "CREDIT_MEMO";
	xl_voucher_add_item(voucher, receivable, &item);
}

static void post_voucher(struct xl_entity *entity, struct xl_record *const *items, size_t count)
{
	struct xl_record *source = xl_ref_of(entity, items[0], "transactionSource");
	char code[16] = "GL", number[32], date[DATE_TEXT_MAX], text[512];
	struct xl_voucher voucher = { .entity = entity, .source = code, .text = text, .owner = items[0]->owner,
				      .date = central_today(xl_now_ms(entity)), .ms = xl_now_ms(entity) };

	if (source)
		xl_text_of(entity, source, "code", code, sizeof(code));
	xl_text_of(entity, items[0], "text", text, sizeof(text));
	xl_text_of(entity, items[0], "postedDate", date, sizeof(date));
	date_parse(date, strlen(date), &voucher.date);
	voucher.number = strtoll(xl_text_of(entity, items[0], "trRegNumber", number, sizeof(number)), NULL, 10);
	xl_voucher_start(&voucher);
	for (size_t i = 0; i < count; i++) {
		struct xl_line line = { .account = xl_ref_of(entity, items[i], "account"),
					.company = xl_ref_of(entity, items[i], "company"),
					.rule = xl_ref_of(entity, items[i], "taxRule"),
					.object1 = xl_ref_of(entity, items[i], "glObject1"),
					.object2 = xl_ref_of(entity, items[i], "glObject2"),
					.cents = xl_cents_of(entity, items[i], "amount"),
					.tax_cents = xl_cents_of(entity, items[i], "taxAmount") };
		char own[512], rate[40];
		struct xl_foreign foreign;

		if (is_foreign(entity, items[i], &foreign, rate))
			line.foreign = &foreign;
		line.text = xl_text_of(entity, items[i], "text", own, sizeof(own));
		xl_voucher_add(&voucher, &line);
		post_item(&voucher, items[i]);
	}
}

static void post(struct xl_entity *entity, struct xl_record *const *items, size_t count)
{
	bool off = switches_is(&entity->simulator->switches, SWITCH_XLEDGER_IMPORT_CHECK, "off");
	struct xl_record **group = memory_new((count + 1) * sizeof(struct xl_record *));
	bool *done = memory_new(count + 1);

	for (size_t i = 0; i < count; i++) {
		size_t members = 0;

		for (size_t k = i; k < count && !done[i]; k++)
			if (!done[k] && same_voucher(entity, items[i], items[k]))
				group[members++] = items[k];
		for (size_t k = i, m = 0; m < members; k++)
			if (items[k] == group[m]) {
				done[k] = true;
				m++;
			}
		if (members > 0 && (off || voucher_is_good(entity, group, members)))
			post_voucher(entity, group, members);
	}
	free(group);
	free(done);
}

/* A voucher whose first line is due is due as a whole. */
void xl_import_post_due(struct xl_entity *entity)
{
	int64_t delay_s = switches_get(&entity->simulator->switches, SWITCH_XLEDGER_IMPORT_DELAY_S);
	const struct xl_table *table = xl_table_of(entity, xl_type_named("GLImportItem"));
	size_t first = (size_t)entity->imported, last = first;

	while (last < table->count && (table->records[last]->created_ms <= xl_now_ms(entity) - delay_s * 1000 ||
				       (last > first && same_voucher(entity, table->records[last - 1], table->records[last]))))
		last++;
	if (last == first)
		return;
	entity->imported = (int64_t)last;
	entity->changed = true;
	post(entity, table->records + first, last - first);
}

static int64_t cents_of(const struct gql_value *value)
{
	struct decimal decimal;

	if (!value || !decimal_parse(value->text, value->len, &decimal) || !decimal_round(decimal, 2, &decimal))
		return 0;
	while (decimal.scale < 2) {
		decimal.digits *= 10;
		decimal.scale++;
	}
	return decimal.digits;
}

/* Do both inputs carry the same number of a voucher? */
static bool same_number(const struct gql_value *a, const struct gql_value *b)
{
	const struct gql_value *x = gql_member(gql_member(a->first, "node")->first, "trRegNumber");
	const struct gql_value *y = gql_member(gql_member(b->first, "node")->first, "trRegNumber");

	return x && y ? strcmp(x->text, y->text) == 0 : !x && !y;
}

bool xl_import_check(struct gql_run *run, const struct gql_plan *field, const struct gql_value *inputs)
{
	if (!gql_switch_is(run, SWITCH_XLEDGER_IMPORT_CHECK, "refused"))
		return true;
	for (const struct gql_value *input = inputs->first; input; input = input->next) {
		int64_t sum = 0;

		for (const struct gql_value *other = inputs->first; other; other = other->next)
			if (same_number(input, other))
				sum += cents_of(gql_member(gql_member(other->first, "node")->first, "amount"));
		if (sum == 0)
			continue;
		gql_fail(run, field, "INVALID_VALUE", "amount: The voucher does not balance.");
		return false;
	}
	return true;
}
