/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sample vouchers: sales, purchases, payments and wages. The lines of each add up to nothing. */
#include <stdio.h>

#include "ledgerdeck/core/memory.h"

#include "xledger/sample_impl.h"
#include "xledger/zone.h"

/* An invoice in the making: what is sold or bought, and for how much. */
struct trade {
	bool sale;
	struct xl_record *party, *company;
	int64_t cents; /* with tax */
	char number[24];
	struct date date, due;
	struct xl_item item;
};

static struct xl_record *account_of(struct xl_sample *sample, const char *code)
{
	return xl_listed(sample->entity, "Account", code);
}

static void start_voucher(struct xl_sample *sample, struct xl_voucher *voucher, const char *source, const char *text,
			  int64_t owner, int64_t ms)
{
	*voucher = (struct xl_voucher){ .entity = sample->entity, .source = source, .text = text,
					.date = central_today(ms), .owner = owner, .ms = ms };
	xl_voucher_start(voucher);
}

static void add_line(struct xl_voucher *voucher, const struct xl_record *account, const struct trade *trade,
		     int64_t cents)
{
	if (cents != 0)
		xl_voucher_add(voucher, &(struct xl_line){ .account = account, .company = trade->company,
							     .cents = cents });
}

/* One to three lines of income or cost, each with its tax. Returns what they come to with tax. */
static int64_t add_trade_lines(struct xl_sample *sample, struct xl_voucher *voucher, const struct trade *trade,
			       bool credit)
{
	static const char *const income[] = { "3000", "3010", "3100" };
	static const char *const cost[] = { "4000", "4300", "6300", "6340", "6800", "6900", "7320" };
	int64_t lines = 1 + (int64_t)xl_sample_chance(sample, 3), total = 0, tax = 0;

	for (int64_t i = 0; i < lines; i++) {
		const char *code = trade->sale ? income[xl_sample_chance(sample, ARRAY_LEN(income))]
					       : cost[xl_sample_chance(sample, ARRAY_LEN(cost))];
		struct xl_record *account = account_of(sample, code);
		int64_t cents = 5000 + (int64_t)xl_sample_chance(sample, 4000000);
		struct xl_line line = { .account = account, .company = trade->company };
		int64_t percent;

		line.rule = xl_ref_of(sample->entity, account, "taxRule");
		percent = line.rule ? xl_cents_of(sample->entity, line.rule, "percent") / 100 : 0;
		line.object1 = xl_sample_pick(sample, "GLObject", xl_sample_chance(sample, 4));
		line.object2 = xl_sample_pick(sample, "GLObject", 4 + xl_sample_chance(sample, 2));
		line.cents = trade->sale != credit ? -cents : cents;
		line.tax_cents = (line.cents * percent + (line.cents < 0 ? -50 : 50)) / 100;
		xl_voucher_add(voucher, &line);
		total += line.cents + line.tax_cents;
		tax += line.tax_cents;
	}
	add_line(voucher, account_of(sample, trade->sale ? "2700" : "2710"), trade, tax);
	return total;
}

static void add_payment(struct xl_sample *sample, const struct trade *trade, int64_t owner, int64_t ms, int64_t match)
{
	struct xl_voucher voucher;
	struct xl_item item = trade->item;

	start_voucher(sample, &voucher, trade->sale ? "OCR" : "AP", "Betaling", owner, ms);
	add_line(&voucher, account_of(sample, "1920"), trade, item.cents);
	add_line(&voucher, item.account, trade, -item.cents);
	item.kind = "ELECTRONIC_PAYMENT";
	item.cents = -item.cents;
	item.remaining = 0;
	item.match = match;
	item.date = item.due = item.paid = central_today(ms);
	xl_voucher_add_item(&voucher, trade->sale, &item);
}

static void add_trade(struct xl_sample *sample, bool sale, int64_t i, int64_t n)
{
	struct xl_entity *entity = sample->entity;
	int64_t ms = xl_sample_ms(sample, i, n), paid_ms;
	struct trade trade = { .sale = sale };
	bool credit = i % 23 == 22;
	struct xl_voucher voucher;
	struct xl_item *item = &trade.item;
	int64_t match = 0;

	trade.party = xl_sample_pick(sample, sale ? "Customer" : "Supplier", xl_sample_chance(sample, 1u << 30));
	trade.company = xl_ref_of(entity, trade.party, "company");
	if (sale)
		snprintf(trade.number, sizeof(trade.number), "%lld", (long long)entity->next_invoice++);
	else
		snprintf(trade.number, sizeof(trade.number), "L-%lld", (long long)(7001 + i));
	start_voucher(sample, &voucher, sale ? "AR" : "AP", credit ? "Kreditnota" : "Faktura", trade.party->owner, ms);
	item->cents = -add_trade_lines(sample, &voucher, &trade, credit);
	item->account = account_of(sample, sale ? "1500" : "2400");
	add_line(&voucher, item->account, &trade, item->cents);
	paid_ms = ms + (int64_t)(5 + xl_sample_chance(sample, 30)) * DAY_MS;
	item->party = trade.party;
	item->company = trade.company;
	item->kind = credit ? "CREDIT_MEMO" : "INVOICE";
	item->number = trade.number;
	item->date = voucher.date;
	item->due.day = voucher.date.day + 14;
	item->remaining = item->cents;
	if (paid_ms < sample->end_ms && xl_sample_chance(sample, 10) != 0) {
		match = entity->next_dbid++;
		item->remaining = 0;
		item->match = match;
		item->paid = central_today(paid_ms);
	}
	xl_voucher_add_item(&voucher, sale, item);
	if (match)
		add_payment(sample, &trade, voucher.owner, paid_ms, match);
}

static void add_wages(struct xl_sample *sample, int64_t ms)
{
	struct trade nobody = { 0 };
	struct xl_voucher voucher;
	int64_t gross = sample->employees * 4583333, tax = gross * 34 / 100, fee = gross * 141 / 1000;

	start_voucher(sample, &voucher, "GL", "Lønn", sample->entity->dbid, ms);
	add_line(&voucher, account_of(sample, "5000"), &nobody, gross);
	add_line(&voucher, account_of(sample, "2600"), &nobody, -tax);
	add_line(&voucher, account_of(sample, "2930"), &nobody, tax - gross);
	add_line(&voucher, account_of(sample, "5400"), &nobody, fee);
	add_line(&voucher, account_of(sample, "2770"), &nobody, -fee);
}

void xl_sample_vouchers(struct xl_sample *sample)
{
	for (int64_t i = 0; i < sample->invoices; i++)
		add_trade(sample, true, i, sample->invoices);
	for (int64_t i = 0; i < sample->bills; i++)
		add_trade(sample, false, i, sample->bills);
	for (int64_t day = 30; day < XL_SAMPLE_DAYS; day += 30)
		add_wages(sample, sample->start_ms + day * DAY_MS);
}
