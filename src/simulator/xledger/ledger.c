/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What sample vouchers and imported ones have in common. */
#include "xledger/ledger.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "xledger/zone.h"

struct xl_record *xl_listed(struct xl_entity *entity, const char *type, const char *code)
{
	struct xl_record *record = xl_find_code(entity, xl_type_named(type), code);

	assert(record);
	return record;
}

struct xl_record *xl_period_of(struct xl_entity *entity, struct date date)
{
	const struct xl_type *type = xl_type_named("Period");
	const struct xl_table *table = xl_table_of(entity, type);
	struct calendar day = date_calendar(date);
	struct xl_maker maker;
	char from[DATE_TEXT_MAX], found[DATE_TEXT_MAX], text[16];

	date_format(date_of(day.year, day.month, 1), from);
	/* The last is the likeliest. */
	for (size_t i = table->count; i > 0; i--)
		if (strcmp(xl_text_of(entity, table->records[i - 1], "fromDate", found, sizeof(found)), from) == 0)
			return table->records[i - 1];
	maker = xl_maker_of("Period");
	snprintf(text, sizeof(text), "%04d-%02d", day.year % 10000, day.month % 100);
	xl_maker_text(&maker, "description", text);
	xl_maker_text(&maker, "fromDate", from);
	xl_maker_date(&maker, "toDate", date_of(day.year, day.month, date_month_days(day.year, day.month)));
	xl_maker_number(&maker, "monthNumber", day.month);
	xl_maker_number(&maker, "fiscalPeriod", day.month);
	xl_maker_number(&maker, "fiscalYear", day.year);
	return xl_maker_add(&maker, entity, entity->dbid, xl_now_ms(entity));
}

void xl_voucher_start(struct xl_voucher *voucher)
{
	struct xl_entity *entity = voucher->entity;
	struct xl_maker maker = xl_maker_of("TransactionHeader");
	int64_t number = entity->next_voucher++;

	voucher->position = 0;
	xl_maker_number(&maker, "transactionNumber", number);
	xl_maker_number(&maker, "trRegNumber", voucher->number ? voucher->number : number);
	xl_maker_text(&maker, "text", voucher->text);
	xl_maker_date(&maker, "postedDate", voucher->date);
	xl_maker_ref(&maker, "period", xl_period_of(entity, voucher->date));
	xl_maker_ref(&maker, "jobLevel", xl_listed(entity, "Definition", "JOB_POSTED"));
	xl_maker_ref(&maker, "processType", xl_listed(entity, "Definition", "STANDARD"));
	xl_maker_ref(&maker, "trProcessLevel", xl_listed(entity, "Definition", "POSTED"));
	xl_maker_ref(&maker, "transactionSource", xl_listed(entity, "TransactionSource", voucher->source));
	voucher->header = xl_maker_add(&maker, entity, voucher->owner, voucher->ms);
}

static void add_dimension(struct xl_maker *maker, const struct xl_record *object1, const struct xl_record *object2)
{
	struct xl_maker dimension;

	if (!object1 && !object2)
		return;
	dimension = xl_maker_of("GLDimension");
	xl_maker_ref(&dimension, "glObject1", object1);
	xl_maker_ref(&dimension, "glObject2", object2);
	xl_maker_part(maker, "glDimension", &dimension);
}

static void add_amounts(struct xl_maker *maker, struct xl_entity *entity, int64_t cents, const struct xl_foreign *foreign)
{
	xl_maker_money(maker, "amount", cents);
	xl_maker_money(maker, "invoiceAmount", foreign ? foreign->cents : cents);
	xl_maker_ref(maker, "currency", foreign ? foreign->currency : xl_listed(entity, "Currency", "NOK"));
	if (foreign)
		xl_maker_text(maker, "exchangeRate", foreign->rate);
	else
		xl_maker_number(maker, "exchangeRate", 1);
}

struct xl_record *xl_voucher_add(struct xl_voucher *voucher, const struct xl_line *line)
{
	struct xl_entity *entity = voucher->entity;
	struct xl_maker maker = xl_maker_of("Transaction");

	xl_maker_text(&maker, "text", line->text ? line->text : voucher->text);
	add_amounts(&maker, entity, line->cents, line->foreign);
	if (line->rule)
		xl_maker_money(&maker, "taxAmount", line->tax_cents);
	xl_maker_number(&maker, "positionNumber", ++voucher->position);
	xl_maker_ref(&maker, "account", line->account);
	xl_maker_ref(&maker, "company", line->company);
	add_dimension(&maker, line->object1, line->object2);
	xl_maker_ref(&maker, "period", xl_period_of(entity, voucher->date));
	xl_maker_ref(&maker, "taxRule", line->rule);
	xl_maker_ref(&maker, "header", voucher->header);
	return xl_maker_add(&maker, entity, voucher->owner, voucher->ms);
}

struct xl_maker xl_subledger_of(struct xl_entity *entity, const struct xl_record *party)
{
	struct xl_maker maker = xl_maker_of("Subledger");
	char text[256];

	xl_maker_number(&maker, "dbId", party->dbid);
	xl_maker_text(&maker, "code", xl_text_of(entity, party, "code", text, sizeof(text)));
	xl_maker_text(&maker, "description", xl_text_of(entity, party, "description", text, sizeof(text)));
	return maker;
}

/* A party's address, as it was when the item was made. */
static void add_address(struct xl_maker *maker, const struct xl_record *party)
{
	const struct xl_field *from = xl_field_named(party->type, "address");
	const struct xl_field *to = xl_field_named(maker->type, "billAddress");
	struct xl_value address = xl_pack_get(party->pack, party->len, xl_field_index(party->type, from));

	if (address.text)
		xl_pack_add(&maker->pack, xl_field_index(maker->type, to), address.text, address.len);
}

struct xl_record *xl_voucher_add_item(struct xl_voucher *voucher, bool receivable, const struct xl_item *item)
{
	struct xl_entity *entity = voucher->entity;
	struct xl_maker maker = xl_maker_of(receivable ? "ARTransaction" : "APTransaction");
	struct xl_maker party = xl_subledger_of(entity, item->party);

	xl_maker_text(&maker, "invoiceNumber", item->number);
	xl_maker_text(&maker, "text", voucher->text);
	add_amounts(&maker, entity, item->cents, item->foreign);
	xl_maker_money(&maker, "invoiceRemaining", item->remaining);
	xl_maker_ref(&maker, "company", item->company);
	add_address(&maker, item->party);
	xl_maker_ref(&maker, "account", item->account);
	xl_maker_ref(&maker, "slTransactionType", xl_listed(entity, "Definition", item->kind));
	add_dimension(&maker, item->object1, NULL);
	xl_maker_ref(&maker, "ledgerType", xl_listed(entity, "Definition", receivable ? "LEDGER_AR" : "LEDGER_AP"));
	xl_maker_ref(&maker, "paymentStatus",
		     xl_listed(entity, "Definition", item->remaining == 0 ? "PAID" : "OPEN"));
	xl_maker_ref(&maker, "period", xl_period_of(entity, voucher->date));
	xl_maker_date(&maker, "invoiceDate", item->date);
	xl_maker_date(&maker, "dueDate", item->due);
	if (item->paid.day)
		xl_maker_date(&maker, "paymentDate", item->paid);
	xl_maker_ref(&maker, "transactionHeader", voucher->header);
	xl_maker_number(&maker, "matchId", item->match);
	xl_maker_part(&maker, "subledger", &party);
	xl_maker_text(&maker, "extOrder", item->order);
	xl_maker_flag(&maker, "reconciled", item->match != 0);
	return xl_maker_add(&maker, entity, voucher->owner, voucher->ms);
}
