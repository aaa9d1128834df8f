/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Foretelling the tax: QuickBooks computes it once per rate on the summed net amounts (recordings agree), and where amounts
 * include it, takes it out line by line. Systems that round each line differ by a cent now and then.
 */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "push.h"

#define CENTS 2

void taxing_init(struct taxing *taxing, bool inclusive, bool purchase)
{
	*taxing = (struct taxing){ .inclusive = inclusive, .purchase = purchase };
}

static void sum(struct decimal *to, struct decimal value)
{
	struct decimal total;

	if (decimal_add(*to, value, &total))
		*to = total;
}

static struct taxing_rate *rate_of(struct taxing *taxing, const char *id)
{
	for (size_t i = 0; i < taxing->count; i++)
		if (strcmp(taxing->rates[i].id, id) == 0)
			return &taxing->rates[i];
	if (taxing->count == TAXING_RATES)
		return NULL;
	snprintf(taxing->rates[taxing->count].id, RECORD_ID_MAX, "%.63s", id);
	return &taxing->rates[taxing->count++];
}

/* The rates of a code, at most so many; false: something of it is not mirrored. */
static bool code_rates(const struct taxing *taxing, const struct desk *desk, const char *code_id,
		       struct taxing_rate *rates, size_t room, size_t *ret_count)
{
	const char *list = taxing->purchase ? "PurchaseTaxRateList.TaxRateDetail" : "SalesTaxRateList.TaxRateDetail";
	AUTO(str_clear) struct str id = STR_INIT(RECORD_ID_MAX - 1);
	struct json_slice code, detail, rate;
	size_t at = 0;

	*ret_count = 0;
	if (!desk->record(desk->ctx, "TaxCode", code_id, &code))
		return false;
	for (struct json_slice details = json_member(code, list); json_each(details, &at, NULL, &detail);) {
		str_reset(&id);
		json_unquote(json_member(detail, "TaxRateRef.value"), &id);
		if (*ret_count == room || !desk->record(desk->ctx, "TaxRate", id.text, &rate))
			return false;
		rate = json_member(rate, "RateValue");
		rates[*ret_count] = (struct taxing_rate){ 0 };
		if (rate.kind != JSON_NUMBER || !decimal_parse(rate.text, rate.len, &rates[*ret_count].percent))
			return false;
		snprintf(rates[(*ret_count)++].id, RECORD_ID_MAX, "%s", id.text);
	}
	return true;
}

/* amount * percent / 100, to the cent. */
static struct decimal part_of(struct decimal amount, struct decimal percent)
{
	struct decimal part = { 0 };

	percent.scale = (uint8_t)(percent.scale + 2);
	return decimal_multiply(amount, percent, CENTS, &part) ? part : decimal_of(0, CENTS);
}

/* amount / (1 + percents / 100), to the cent. */
static struct decimal net_of(struct decimal amount, const struct taxing_rate *rates, size_t count)
{
	struct decimal divisor = decimal_of(1, 0), net;

	for (size_t i = 0; i < count; i++) {
		struct decimal percent = rates[i].percent;

		percent.scale = (uint8_t)(percent.scale + 2);
		sum(&divisor, percent);
	}
	return decimal_divide(amount, divisor, CENTS, &net) ? net : amount;
}

struct decimal taxing_add(struct taxing *taxing, const struct desk *desk, const char *code_id, struct decimal amount)
{
	struct taxing_rate rates[8];
	struct decimal net = amount;
	size_t count = 0;

	sum(&taxing->amounts, amount);
	if (*code_id && !code_rates(taxing, desk, code_id, rates, ARRAY_LEN(rates), &count))
		taxing->unknown = true;
	if (taxing->inclusive && count > 0)
		net = net_of(amount, rates, count);
	sum(&taxing->net, net);
	for (size_t i = 0; i < count; i++) {
		struct taxing_rate *rate = rate_of(taxing, rates[i].id);

		if (!rate) {
			taxing->unknown = true;
			break;
		}
		rate->percent = rates[i].percent;
		sum(&rate->net, net);
		sum(&rate->by_line, part_of(net, rates[i].percent));
	}
	return net;
}

bool taxing_total(const struct taxing *taxing, struct decimal *ret_tax, struct decimal *ret_by_line)
{
	struct decimal net = decimal_negate(taxing->net);

	*ret_tax = *ret_by_line = decimal_of(0, CENTS);
	if (taxing->unknown)
		return false;
	for (size_t i = 0; i < taxing->count; i++) {
		sum(ret_tax, part_of(taxing->rates[i].net, taxing->rates[i].percent));
		sum(ret_by_line, taxing->rates[i].by_line);
	}
	/* What amounts include is what is left of them. */
	if (taxing->inclusive) {
		*ret_tax = taxing->amounts;
		sum(ret_tax, net);
	}
	return true;
}

void taxing_share(const struct taxing *taxing, struct decimal tax, struct decimal *ret_parts)
{
	struct decimal computed, by_line, left = tax;
	bool rounded = taxing_total(taxing, &computed, &by_line) && decimal_compare(tax, by_line) == 0;
	size_t most = 0;

	for (size_t i = 0; i < taxing->count; i++) {
		const struct taxing_rate *rate = &taxing->rates[i];

		ret_parts[i] = rounded ? rate->by_line : part_of(rate->net, rate->percent);
		if (decimal_compare(ret_parts[i], ret_parts[most]) > 0)
			most = i;
		sum(&left, decimal_negate(ret_parts[i]));
	}
	sum(&ret_parts[most], left);
}
