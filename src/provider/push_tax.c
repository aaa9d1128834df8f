/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The tax that comes of a document's lines: once per rate on the summed net amounts, and where amounts include it, taken out line
 * by line. Systems that round each line differ by a cent now and then.
 */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "push_parts.h"

#define CENTS 2

void taxing_init(struct taxing *taxing, bool inclusive)
{
	*taxing = (struct taxing){ .inclusive = inclusive };
}

void push_sum(struct decimal *to, struct decimal value)
{
	struct decimal total;

	if (decimal_add(*to, value, &total))
		*to = total;
}

size_t taxing_find(const struct taxing *taxing, const char *id)
{
	for (size_t i = 0; i < taxing->count; i++)
		if (strcmp(taxing->rates[i].id, id) == 0)
			return i;
	return TAXING_RATES;
}

static struct taxing_rate *rate_of(struct taxing *taxing, const char *id)
{
	size_t at = taxing_find(taxing, id);

	if (at < TAXING_RATES)
		return &taxing->rates[at];
	if (taxing->count == TAXING_RATES)
		return NULL;
	snprintf(taxing->rates[taxing->count].id, RECORD_ID_MAX, "%.63s", id);
	return &taxing->rates[taxing->count++];
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
		push_sum(&divisor, percent);
	}
	return decimal_divide(amount, divisor, CENTS, &net) ? net : amount;
}

struct decimal taxing_add(struct taxing *taxing, const struct taxing_rate *rates, size_t count, struct decimal amount, struct decimal *ret_parts)
{
	struct decimal net = taxing->inclusive && count > 0 ? net_of(amount, rates, count) : amount;

	push_sum(&taxing->amounts, amount);
	push_sum(&taxing->net, net);
	for (size_t i = 0; i < count; i++) {
		struct taxing_rate *rate = rate_of(taxing, rates[i].id);
		struct decimal part = part_of(net, rates[i].percent);

		if (!rate) {
			taxing->unknown = true;
			break;
		}
		/* Of an amount that includes one rate alone that is what is left. */
		if (taxing->inclusive && count == 1)
			decimal_subtract(amount, net, &part);
		rate->percent = rates[i].percent;
		push_sum(&rate->net, net);
		push_sum(&rate->by_line, part);
		if (ret_parts)
			ret_parts[i] = part;
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
		push_sum(ret_tax, part_of(taxing->rates[i].net, taxing->rates[i].percent));
		push_sum(ret_by_line, taxing->rates[i].by_line);
	}
	/* What amounts include is what is left of them. */
	if (taxing->inclusive) {
		*ret_tax = taxing->amounts;
		push_sum(ret_tax, net);
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
		push_sum(&left, decimal_negate(ret_parts[i]));
	}
	push_sum(&ret_parts[most], left);
}

bool taxing_is_rounding(struct decimal off, size_t lines)
{
	if (off.digits < 0)
		off = decimal_negate(off);
	return decimal_compare(off, decimal_of((int64_t)lines, CENTS)) <= 0;
}
