/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is sold and bought: each line to its account, tax to its agency's, and the total to whoever owes or is owed it. */
#include <stdio.h>
#include <string.h>

#include "books.h"
#include "ledgerdeck/core/memory.h"

#define SHIPPING "SHIPPING_ITEM_ID"
#define GRATUITY "GRATUITY_ITEM_ID"

/* ---- tax */

static bool tax_line(struct booking *booking, struct json_slice line, int sign, struct decimal *left)
{
	struct books_place place = { .class = CLASS_TAX };
	char rate[RECORD_ID_MAX];
	struct decimal amount;

	if (!booking_amount(line, "Amount", &amount) || decimal_is_zero(amount))
		return true;
	books_text(line, "TaxLineDetail.TaxRateRef.value", rate, sizeof(rate));
	books_tax_account(booking->desk, rate, place.account);
	booking_post(booking, &place, decimal_signed(amount, sign));
	return decimal_subtract(*left, amount, left);
}

/* Its tax by agency; what no line of it explains has no rate that would tell the agency. */
void booking_tax(struct booking *booking, int sign)
{
	struct json_slice lines = json_member(booking->raw, "TxnTaxDetail.TaxLine"), line;
	struct books_place place = { .class = CLASS_TAX };
	struct decimal left;
	bool total = booking_amount(booking->raw, "TxnTaxDetail.TotalTax", &left);
	size_t at = 0;

	while (lines.kind == JSON_ARRAY && json_each(lines, &at, NULL, &line))
		if (!tax_line(booking, line, sign, &left))
			return;
	if (!total || decimal_is_zero(left))
		return;
	books_tax_account(booking->desk, "", place.account);
	booking_post(booking, &place, decimal_signed(left, sign));
}

/* ---- sales */

/* Stock leaves at a cost that the ledger works out by itself (first in, first out), and tells in reports only. */
static void post_stock(struct booking *booking, struct json_slice detail, const struct books_item *item)
{
	struct books_place cost = { .class = CLASS_COST }, stock = { .class = CLASS_ASSET };
	struct decimal quantity;

	if (booking_amount(detail, "Qty", &quantity) && decimal_is_zero(quantity))
		return;
	memcpy(cost.account, item->expense, RECORD_ID_MAX);
	memcpy(stock.account, item->asset, RECORD_ID_MAX);
	booking_untold(booking, &cost);
	booking_untold(booking, &stock);
	booking_doubt(booking, "the cost of the stock that it moves doesn't stand in it");
}

static void sold(struct booking *booking, struct json_slice line, struct json_slice detail)
{
	struct books_place place = { .class = CLASS_INCOME };
	struct books_item item = { .stock = false };
	char id[RECORD_ID_MAX];
	struct decimal amount;

	books_text(detail, "ItemRef.value", id, sizeof(id));
	books_text(detail, "ItemAccountRef.value", place.account, RECORD_ID_MAX);
	if (*id && strcmp(id, SHIPPING) != 0 && strcmp(id, GRATUITY) != 0)
		books_item(booking->desk, id, &item);
	if (!*place.account)
		memcpy(place.account, item.income, RECORD_ID_MAX);
	if (strcmp(id, SHIPPING) == 0 && !*place.account)
		books_shipping_account(booking->desk, place.account);
	if (strcmp(id, GRATUITY) == 0)
		place.class = CLASS_LIABILITY;
	booking_amount(line, "Amount", &amount);
	booking_post(booking, &place, decimal_signed(amount, -booking->sign));
	if (item.stock)
		post_stock(booking, detail, &item);
}

static void discount(struct booking *booking, struct json_slice line, struct json_slice detail)
{
	struct books_place place = { .class = CLASS_INCOME };
	struct decimal amount;

	books_text(detail, "DiscountAccountRef.value", place.account, RECORD_ID_MAX);
	if (!*place.account)
		books_discount_account(booking->desk, place.account);
	booking_amount(line, "Amount", &amount);
	booking_post(booking, &place, decimal_signed(amount, booking->sign));
}

/* A bundle's lines stand within it; its own amount is their sum. Subtotals and texts post nothing. */
static void sale_lines(struct booking *booking, struct json_slice lines)
{
	struct json_slice line;
	char type[40];
	size_t at = 0;

	while (lines.kind == JSON_ARRAY && json_each(lines, &at, NULL, &line)) {
		books_text(line, "DetailType", type, sizeof(type));
		if (strcmp(type, "SalesItemLineDetail") == 0 || strcmp(type, "ReimburseLineDetail") == 0)
			sold(booking, line, json_member(line, type));
		else if (strcmp(type, "DiscountLineDetail") == 0)
			discount(booking, line, json_member(line, type));
		else if (strcmp(type, "GroupLineDetail") == 0)
			sale_lines(booking, json_member(line, "GroupLineDetail.Line"));
	}
}

/* Where the money went, or came from; Undeposited Funds when nobody said. */
static void money_place(struct booking *booking, struct books_place *ret_place)
{
	*ret_place = (struct books_place){ .class = CLASS_UNDEPOSITED };
	books_text(booking->raw, "DepositToAccountRef.value", ret_place->account, RECORD_ID_MAX);
	if (!*ret_place->account)
		books_special(booking->desk, "UndepositedFunds", ret_place->account);
}

static bool is_receipt(const struct booking *booking)
{
	return strcmp(booking->type, "SalesReceipt") == 0 || strcmp(booking->type, "RefundReceipt") == 0;
}

void booking_sale(struct booking *booking)
{
	struct decimal total = booking->entry->total, paid = total, owed;
	struct books_place place;

	sale_lines(booking, json_member(booking->raw, "Line"));
	booking_tax(booking, -booking->sign);
	if (!is_receipt(booking))
		booking_amount(booking->raw, "Deposit", &paid);
	if (!decimal_is_zero(paid)) {
		money_place(booking, &place);
		booking_post(booking, &place, decimal_signed(paid, booking->sign));
	}
	if (!decimal_subtract(total, paid, &owed) || decimal_is_zero(owed))
		return;
	place = (struct books_place){ .class = CLASS_RECEIVABLE };
	books_text(booking->raw, "ARAccountRef.value", place.account, RECORD_ID_MAX);
	if (!*place.account)
		books_control(booking->desk, CLASS_RECEIVABLE, booking->entry->currency, place.account);
	memcpy(place.party, booking->entry->party, RECORD_ID_MAX);
	booking_post(booking, &place, decimal_signed(owed, booking->sign));
}

/* ---- purchases */

/* Stock is bought into its asset account, all else into its cost. */
static void bought(struct booking *booking, struct json_slice line, struct json_slice detail)
{
	struct books_place place;
	struct books_item item;
	char id[RECORD_ID_MAX];
	struct decimal amount;

	booking_place(booking, detail, "AccountRef.value", booking->entry->party, &place);
	books_text(detail, "ItemRef.value", id, sizeof(id));
	if (!*place.account)
		books_text(detail, "ItemAccountRef.value", place.account, RECORD_ID_MAX);
	if (!*place.account && *id && books_item(booking->desk, id, &item)) {
		place.class = item.stock ? CLASS_ASSET : CLASS_COST;
		memcpy(place.account, item.stock ? item.asset : item.expense, RECORD_ID_MAX);
	}
	if (place.class == CLASS_UNKNOWN)
		place.class = CLASS_COST;
	booking_amount(line, "Amount", &amount);
	booking_post(booking, &place, decimal_signed(amount, booking->sign));
}

static void payable_place(struct booking *booking, struct books_place *ret_place)
{
	*ret_place = (struct books_place){ .class = CLASS_PAYABLE };
	books_text(booking->raw, "APAccountRef.value", ret_place->account, RECORD_ID_MAX);
	if (!*ret_place->account)
		books_control(booking->desk, CLASS_PAYABLE, booking->entry->currency, ret_place->account);
	memcpy(ret_place->party, booking->entry->party, RECORD_ID_MAX);
}

void booking_purchase(struct booking *booking)
{
	struct json_slice lines = json_member(booking->raw, "Line"), line, credit = json_member(booking->raw, "Credit");
	bool paid = strcmp(booking->type, "Purchase") == 0;
	struct books_place place;
	char type[40];
	size_t at = 0;

	if (paid && credit.kind == JSON_BOOL && credit.text[0] == 't')
		booking->sign = -1;
	while (lines.kind == JSON_ARRAY && json_each(lines, &at, NULL, &line)) {
		books_text(line, "DetailType", type, sizeof(type));
		if (strcmp(type, "AccountBasedExpenseLineDetail") == 0 || strcmp(type, "ItemBasedExpenseLineDetail") == 0)
			bought(booking, line, json_member(line, type));
	}
	booking_tax(booking, booking->sign);
	if (paid)
		booking_place(booking, booking->raw, "AccountRef.value", booking->entry->party, &place);
	else
		payable_place(booking, &place);
	booking_post(booking, &place, decimal_signed(booking->entry->total, -booking->sign));
}
