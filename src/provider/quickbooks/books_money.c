/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Money, and what it settles. Receivables and payables leave at the exchange rate of the document that is settled, money comes at
 * the payment's own; the difference is exchange gain or loss.
 */
#include <stdio.h>
#include <string.h>

#include "books.h"
#include "ledgerdeck/core/memory.h"

#define CENTS 2

/* A document that a payment's line names, as far as the mirror knows it. */
struct target {
	char type[64], id[RECORD_ID_MAX];
	bool known;                  /* it is mirrored */
	int side;                    /* 1: money settles it; -1: it is a credit that settles */
	bool has_rate;
	struct decimal rate;
	struct books_place place;    /* where it stands open */
};

struct settling {
	struct booking *booking;
	enum account_class class;    /* receivable, or payable of bill payments */
	struct books_place control;  /* of what is not applied */
	struct decimal left;         /* what is not applied yet */
	bool exchanged;              /* another rate than its own was in it */
};

static bool settles_sales(const struct settling *settling)
{
	return settling->class == CLASS_RECEIVABLE;
}

/* ---- documents */

/* What a journal has against a party on receivables, or payables: debit positive. Several lines of it count together. */
static struct decimal journal_side(struct settling *settling, struct json_slice journal, struct target *target)
{
	struct decimal sum = decimal_of(0, CENTS), amount;
	struct json_slice lines = json_member(journal, "Line"), line;
	char party[RECORD_ID_MAX], posting[16];
	size_t at = 0;

	while (lines.kind == JSON_ARRAY && json_each(lines, &at, NULL, &line)) {
		books_text(line, "JournalEntryLineDetail.Entity.EntityRef.value", party, sizeof(party));
		if (strcmp(party, settling->booking->entry->party) != 0 || !booking_amount(line, "Amount", &amount))
			continue;
		books_text(line, "JournalEntryLineDetail.PostingType", posting, sizeof(posting));
		books_text(line, "JournalEntryLineDetail.AccountRef.value", target->place.account, RECORD_ID_MAX);
		decimal_add(sum, decimal_signed(amount, strcmp(posting, "Credit") == 0 ? -1 : 1), &sum);
	}
	return sum;
}

/* The side on which a document stands by its type alone; 0: its lines say. */
static int side_of_type(const struct settling *settling, const char *type)
{
	static const struct { const char *type; bool sales; int side; } sides[] = {
		{ "Invoice", true, 1 }, { "CreditMemo", true, -1 }, { "Payment", true, -1 }, { "Deposit", true, -1 },
		{ "Purchase", true, 1 }, { "RefundReceipt", true, 1 }, { "Bill", false, 1 }, { "VendorCredit", false, -1 },
		{ "BillPayment", false, -1 }, { "Deposit", false, 1 }, { "Purchase", false, -1 },
	};

	for (size_t i = 0; i < ARRAY_LEN(sides); i++)
		if (sides[i].sales == settles_sales(settling) && strcmp(sides[i].type, type) == 0)
			return sides[i].side;
	return 0;
}

static void read_target(struct settling *settling, struct json_slice link, struct target *target)
{
	const struct books_desk *desk = settling->booking->desk;
	char word[64], currency[8] = "";
	struct decimal sum = decimal_of(0, CENTS);
	struct json_slice raw;

	*target = (struct target){ .side = 1, .rate = settling->booking->rate, .place = settling->control };
	books_text(link, "TxnType", word, sizeof(word));
	books_text(link, "TxnId", target->id, sizeof(target->id));
	snprintf(target->type, sizeof(target->type), "%s", books_type(word) ? books_type(word) : word);
	target->side = side_of_type(settling, target->type);
	target->known = desk->record(desk->ctx, target->type, target->id, &raw);
	if (!target->known)
		return;
	/* All that is wanted of it, before anything else is asked for. */
	target->has_rate = booking_amount(raw, "ExchangeRate", &target->rate);
	books_text(raw, "CurrencyRef.value", currency, sizeof(currency));
	if (target->side == 0) {
		sum = journal_side(settling, raw, target);
		target->side = (sum.digits < 0) == settles_sales(settling) ? -1 : 1;
		return;
	}
	books_text(raw, settles_sales(settling) ? "ARAccountRef.value" : "APAccountRef.value", target->place.account, RECORD_ID_MAX);
	books_text(raw, settles_sales(settling) ? "CustomerRef.value" : "VendorRef.value", target->place.party, RECORD_ID_MAX);
	if (!*target->place.party)
		memcpy(target->place.party, settling->booking->entry->party, RECORD_ID_MAX);
	if (!*target->place.account && strcmp(currency, settling->booking->entry->currency) == 0)
		memcpy(target->place.account, settling->control.account, RECORD_ID_MAX);
	else if (!*target->place.account)
		books_control(desk, settling->class, currency, target->place.account);
}

/* ---- payments */

static bool is_home(const struct booking *booking)
{
	return decimal_compare(booking->rate, decimal_of(1, 0)) == 0;
}

static void settle(struct settling *settling, struct json_slice link, struct decimal amount)
{
	struct booking *booking = settling->booking;
	struct books_application application = { .amount = amount };
	struct target target;
	int sign;

	read_target(settling, link, &target);
	if (target.side == 0)
		booking_doubt(booking, "%s %s, which it settles, is not mirrored", target.type, target.id);
	else if (!target.known && !is_home(booking))
		booking_doubt(booking, "the exchange rate of %s %s, which it settles, is not mirrored", target.type, target.id);
	if (!target.has_rate)
		target.rate = booking->rate;
	if (decimal_compare(target.rate, booking->rate) != 0)
		settling->exchanged = true;
	sign = target.side < 0 ? -1 : 1;
	booking_post_home(booking, &target.place, booking_home(booking, decimal_signed(amount, -booking->sign * sign), target.rate),
			  decimal_signed(amount, -booking->sign * sign));
	if (!decimal_add(settling->left, decimal_signed(amount, -sign), &settling->left))
		booking_doubt(booking, "an amount of it is too large");
	memcpy(application.type, target.type, sizeof(application.type));
	memcpy(application.id, target.id, sizeof(application.id));
	books_entry_apply(booking->entry, &application);
}

static void settle_lines(struct settling *settling)
{
	struct json_slice lines = json_member(settling->booking->raw, "Line"), line, links, link;
	struct decimal amount;
	size_t at = 0;

	while (lines.kind == JSON_ARRAY && json_each(lines, &at, NULL, &line)) {
		size_t first = 0;

		links = json_member(line, "LinkedTxn");
		if (booking_amount(line, "Amount", &amount) && !decimal_is_zero(amount) && links.kind == JSON_ARRAY &&
		    json_each(links, &first, NULL, &link)) /* a line has one */
			settle(settling, link, amount);
	}
}

/* The bank, the card, or Undeposited Funds. */
static void money_of(struct booking *booking, struct books_place *ret_place)
{
	static const char *const paths[] = { "DepositToAccountRef.value", "CheckPayment.BankAccountRef.value",
					     "CreditCardPayment.CCAccountRef.value" };

	*ret_place = (struct books_place){ .class = strcmp(booking->type, "Payment") == 0 ? CLASS_UNDEPOSITED : CLASS_BANK };
	for (size_t i = 0; i < ARRAY_LEN(paths) && !*ret_place->account; i++)
		books_text(booking->raw, paths[i], ret_place->account, RECORD_ID_MAX);
	if (!*ret_place->account && ret_place->class == CLASS_UNDEPOSITED)
		books_special(booking->desk, "UndepositedFunds", ret_place->account);
}

/* A payment's sign is 1, a bill payment's -1: all stands on the other side. */
void booking_payment(struct booking *booking)
{
	bool sales = booking->sign > 0;
	struct settling settling = {
		.booking = booking,
		.class = sales ? CLASS_RECEIVABLE : CLASS_PAYABLE,
		.left = booking->entry->total,
	};
	struct books_place place;

	settling.control.class = settling.class;
	books_text(booking->raw, sales ? "ARAccountRef.value" : "APAccountRef.value", settling.control.account, RECORD_ID_MAX);
	if (!*settling.control.account)
		books_control(booking->desk, settling.class, booking->entry->currency, settling.control.account);
	memcpy(settling.control.party, booking->entry->party, RECORD_ID_MAX);
	settle_lines(&settling);
	booking_post(booking, &settling.control, decimal_signed(settling.left, -booking->sign));
	if (!decimal_is_zero(booking->entry->total)) {
		money_of(booking, &place);
		booking_post(booking, &place, decimal_signed(booking->entry->total, booking->sign));
	}
	if (!settling.exchanged && !booking->rounds)
		return;
	place = (struct books_place){ .class = CLASS_COST };
	books_special(booking->desk, "ExchangeGainOrLoss", place.account);
	booking_post_home(booking, &place, decimal_signed(booking_sum(booking), -1), decimal_of(0, CENTS));
}

/* ---- deposits */

/* What it takes to the bank lay where its own record says. */
static void take_along(struct booking *booking, struct json_slice link, struct decimal amount)
{
	const struct books_desk *desk = booking->desk;
	struct books_application application = { .deposit = true, .amount = amount };
	struct books_place place = { .class = CLASS_UNDEPOSITED };
	struct json_slice raw;
	char word[64];

	books_text(link, "TxnType", word, sizeof(word));
	books_text(link, "TxnId", application.id, sizeof(application.id));
	snprintf(application.type, sizeof(application.type), "%s", books_type(word) ? books_type(word) : word);
	if (desk->record(desk->ctx, application.type, application.id, &raw))
		books_text(raw, "DepositToAccountRef.value", place.account, RECORD_ID_MAX);
	if (!*place.account)
		books_special(desk, "UndepositedFunds", place.account);
	booking_post(booking, &place, decimal_signed(amount, -1));
	books_entry_apply(booking->entry, &application);
}

static void deposit_line(struct booking *booking, struct json_slice line)
{
	struct json_slice links = json_member(line, "LinkedTxn"), link, detail = json_member(line, "DepositLineDetail");
	struct books_place place;
	char party[RECORD_ID_MAX];
	struct decimal amount;
	size_t at = 0;

	if (!booking_amount(line, "Amount", &amount))
		return;
	if (links.kind == JSON_ARRAY && json_each(links, &at, NULL, &link)) {
		take_along(booking, link, amount);
		return;
	}
	books_text(detail, "Entity.value", party, sizeof(party));
	booking_place(booking, detail, "AccountRef.value", party, &place);
	booking_post(booking, &place, decimal_signed(amount, -1));
}

/* Its total is what reaches the bank, without what was taken as cash. */
void booking_deposit(struct booking *booking)
{
	struct json_slice lines = json_member(booking->raw, "Line"), line;
	struct books_place place;
	struct decimal cash;
	size_t at = 0;

	while (lines.kind == JSON_ARRAY && json_each(lines, &at, NULL, &line))
		deposit_line(booking, line);
	if (booking_amount(booking->raw, "CashBack.Amount", &cash) && !decimal_is_zero(cash)) {
		booking_place(booking, booking->raw, "CashBack.AccountRef.value", "", &place);
		booking_post(booking, &place, cash);
	}
	booking_place(booking, booking->raw, "DepositToAccountRef.value", "", &place);
	booking_post(booking, &place, booking->entry->total);
}

/* ---- from one account to another */

void booking_transfer(struct booking *booking)
{
	bool card = strcmp(booking->type, "CreditCardPayment") == 0;
	struct books_place from, to;

	booking_place(booking, booking->raw, card ? "BankAccountRef.value" : "FromAccountRef.value", "", &from);
	booking_place(booking, booking->raw, card ? "CreditCardAccountRef.value" : "ToAccountRef.value", "", &to);
	booking_post(booking, &to, booking->entry->total);
	booking_post(booking, &from, decimal_signed(booking->entry->total, -1));
}

void booking_journal(struct booking *booking)
{
	struct json_slice lines = json_member(booking->raw, "Line"), line, detail;
	struct decimal amount, tax;
	struct books_place place;
	char party[RECORD_ID_MAX], posting[16];
	size_t at = 0;

	while (lines.kind == JSON_ARRAY && json_each(lines, &at, NULL, &line)) {
		detail = json_member(line, "JournalEntryLineDetail");
		if (detail.kind != JSON_OBJECT || !booking_amount(line, "Amount", &amount))
			continue;
		books_text(detail, "Entity.EntityRef.value", party, sizeof(party));
		books_text(detail, "PostingType", posting, sizeof(posting));
		booking_place(booking, detail, "AccountRef.value", party, &place);
		if (strcmp(posting, "Credit") != 0)
			decimal_add(booking->entry->total, amount, &booking->entry->total);
		booking_post(booking, &place, decimal_signed(amount, strcmp(posting, "Credit") == 0 ? -1 : 1));
	}
	if (booking_amount(booking->raw, "TxnTaxDetail.TotalTax", &tax) && !decimal_is_zero(tax))
		booking_doubt(booking, "where the tax of a journal's lines goes doesn't stand in it");
}

/* ---- stock */

void booking_stock(struct booking *booking)
{
	struct json_slice lines = json_member(booking->raw, "Line"), line;
	struct books_place place;
	struct books_item item;
	char id[RECORD_ID_MAX];
	struct decimal quantity;
	size_t at = 0;

	while (lines.kind == JSON_ARRAY && json_each(lines, &at, NULL, &line)) {
		books_text(line, "ItemAdjustmentLineDetail.ItemRef.value", id, sizeof(id));
		if (!*id || (booking_amount(line, "ItemAdjustmentLineDetail.QtyDiff", &quantity) && decimal_is_zero(quantity)))
			continue;
		place = (struct books_place){ .class = CLASS_ASSET };
		if (books_item(booking->desk, id, &item))
			memcpy(place.account, item.asset, RECORD_ID_MAX);
		booking_untold(booking, &place);
		booking_place(booking, booking->raw, "AdjustAccountRef.value", "", &place);
		booking_untold(booking, &place);
		booking_doubt(booking, "the cost of the stock that it moves doesn't stand in it");
	}
}
