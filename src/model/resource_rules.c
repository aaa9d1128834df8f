/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the values of a resource have to do with each other, one row per family of documents. */
#include <assert.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "resource_impl.h"


static size_t place_of(const struct check *check, const struct given *given)
{
	return (size_t)(given->value.text - check->text);
}

static void add(struct check *check, const struct object *object, struct decimal *sum, struct decimal amount)
{
	if (decimal_add(*sum, amount, sum) || check->is_huge)
		return;
	check->is_huge = true;
	check_refuse(check, object, NULL, 0, "the amounts add up to more than fits");
}

static bool is_below_zero(struct decimal value)
{
	return value.digits < 0;
}

/* ---- lines of invoices, credit memos and bills */

/* The amount that quantity and price make; where both are there it must be so, and is taken when none was given. */
static void check_product(struct check *check, struct object *line)
{
	const struct given *quantity = object_find(line, "quantity"), *price = object_find(line, "unit_price");
	struct given *amount = object_find(line, "amount");
	char texts[4][DECIMAL_TEXT_MAX];
	struct decimal product;

	if (!quantity || !price)
		return;
	if (!decimal_multiply(quantity->number, price->number, MONEY_SCALE, &product)) {
		check_refuse(check, line, "quantity", place_of(check, quantity), "quantity times unit_price is more than fits");
	} else if (amount && decimal_compare(amount->number, product) != 0) {
		check_refuse(check, line, "amount", place_of(check, amount), "the amount is %s, but quantity %s times unit_price %s is %s",
			     decimal_format(amount->number, texts[0]), decimal_format(quantity->number, texts[1]),
			     decimal_format(price->number, texts[2]), decimal_format(product, texts[3]));
	} else if (!object_has(line, "amount")) {
		const struct resource_field *field = resource_field(check->type, true, "amount", strlen("amount"));

		line->given[field - line->fields] = (struct given){ .field = field, .value = quantity->value, .number = product };
	}
}

static bool has_any(const struct object *object, const char *const *fields, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (object_has(object, fields[i]))
			return true;
	return false;
}

static void check_priced_line(struct check *check, struct object *line)
{
	const struct given *amount;

	check_product(check, line);
	amount = object_find(line, "amount");
	if (amount)
		add(check, line, &check->sum, amount->number);
	else if (!object_has(line, "amount") && !(object_find(line, "quantity") && object_find(line, "unit_price")))
		check_refuse(check, line, NULL, 0, "a line needs its amount, or both quantity and unit_price");
}

/* A line that is only words has no amount. */
static void check_sale_line(struct check *check, struct object *line)
{
	static const char *const more[] = { "item", "quantity", "unit_price", "amount", "tax_code", "taxable" };

	if (object_has(line, "description") && !has_any(line, more, ARRAY_LEN(more)))
		return;
	check_priced_line(check, line);
}

static void check_bill_line(struct check *check, struct object *line)
{
	check_priced_line(check, line);
	if (object_has(line, "account") && object_has(line, "item"))
		check_refuse(check, line, "item", 0, "a line is for an account or for an item, not for both");
}

/* The total that was given, where it can be known: tax that the ledger works out is not known here. */
static void check_total(struct check *check, struct object *whole)
{
	const struct given *total = object_find(whole, "total"), *tax = object_find(whole, "tax_total");
	const struct given *mode = object_find(whole, "tax_mode");
	bool is_none = mode && json_equals(mode->value, "none"), is_inclusive = mode && json_equals(mode->value, "inclusive");
	struct decimal sum = check->sum;
	char texts[2][DECIMAL_TEXT_MAX];

	if (is_none && tax && !decimal_is_zero(tax->number))
		check_refuse(check, whole, "tax_total", place_of(check, tax), "there is a tax_total, but tax_mode says none");
	if (!total || check->is_huge || (!tax && !is_none && !is_inclusive))
		return;
	if (tax && !is_none && !is_inclusive)
		add(check, whole, &sum, tax->number);
	if (!check->is_huge && decimal_compare(total->number, sum) != 0)
		check_refuse(check, whole, "total", place_of(check, total), "the total is %s, but the lines%s make %s",
			     decimal_format(total->number, texts[0]), tax && !is_none && !is_inclusive ? " and the tax" : "",
			     decimal_format(sum, texts[1]));
}

static void check_rate(struct check *check, struct object *whole)
{
	const struct given *rate = object_find(whole, "exchange_rate");

	if (rate && rate->number.digits <= 0)
		check_refuse(check, whole, "exchange_rate", place_of(check, rate), "an exchange rate is above zero");
}

static void check_priced(struct check *check, struct object *whole)
{
	const struct given *total = object_find(whole, "total");
	char text[DECIMAL_TEXT_MAX];
	const char *instead = "turn its signs";

	check_total(check, whole);
	if (!is_below_zero(total ? total->number : check->sum))
		return;
	if (strcmp(check->type->name, "invoice") == 0)
		instead = "make it a credit memo";
	else if (strcmp(check->type->name, "credit_memo") == 0)
		instead = "make it an invoice";
	check_refuse(check, whole, total ? "total" : NULL, total ? place_of(check, total) : 0,
		     "the total is %s, and no ledger takes one below zero: %s",
		     decimal_format(total ? total->number : check->sum, text), instead);
}

/* ---- payments */

/* Credits that are used up pay as money does, so they count against what goes to invoices. */
static void check_payment_line(struct check *check, struct object *line)
{
	const struct given *amount = object_find(line, "amount");
	bool pays = object_has(line, "invoice"), uses = object_has(line, "credit_memo");

	if (pays == uses)
		check_refuse(check, line, NULL, 0, pays ? "a line names an invoice or a credit_memo, not both"
							: "a line names the invoice or the credit_memo that it is for");
	if (!amount)
		return;
	if (amount->number.digits <= 0)
		check_refuse(check, line, "amount", place_of(check, amount), "the amount of a line of a payment is above zero");
	else
		add(check, line, &check->sum, uses ? decimal_negate(amount->number) : amount->number);
}

static void check_payment(struct check *check, struct object *whole)
{
	const struct given *amount = object_find(whole, "amount");
	char texts[2][DECIMAL_TEXT_MAX];

	if (!amount)
		return;
	if (is_below_zero(amount->number))
		check_refuse(check, whole, "amount", place_of(check, amount), "a payment is not below zero");
	else if (decimal_compare(check->sum, amount->number) > 0)
		check_refuse(check, whole, "amount", place_of(check, amount), "the lines use %s, but the payment is %s",
			     decimal_format(check->sum, texts[0]), decimal_format(amount->number, texts[1]));
}

/* ---- journal entries */

/* The side that is zero is as good as absent: programs write 0.00 there. */
static struct given *side_of(struct object *line, const char *side, bool other_is_given)
{
	struct given *given = object_find(line, side);

	if (given && decimal_is_zero(given->number) && other_is_given) {
		given->field = NULL;
		return NULL;
	}
	return given;
}

static void check_journal_line(struct check *check, struct object *line)
{
	const struct given *debit, *credit, *side;
	bool has_credit;

	if ((object_has(line, "debit") && !object_find(line, "debit")) || (object_has(line, "credit") && !object_find(line, "credit")))
		return;
	credit = object_find(line, "credit");
	has_credit = credit && !decimal_is_zero(credit->number);
	debit = side_of(line, "debit", has_credit);
	credit = side_of(line, "credit", debit != NULL);
	side = debit ? debit : credit;
	if (debit && credit)
		check_refuse(check, line, "credit", place_of(check, credit), "a line has a debit or a credit, not both");
	else if (!side)
		check_refuse(check, line, NULL, 0, "a line needs a debit or a credit");
	else if (is_below_zero(side->number))
		check_refuse(check, line, side->field->name, place_of(check, side), "a %s is not below zero: put it on the other side",
			     side->field->name);
	else
		add(check, line, debit ? &check->sum : &check->credits, side->number);
	if (object_has(line, "customer") && object_has(line, "vendor"))
		check_refuse(check, line, "vendor", 0, "a line is for a customer or for a vendor, not for both");
}

static void check_journal(struct check *check, struct object *whole)
{
	char texts[3][DECIMAL_TEXT_MAX];
	struct decimal difference;

	if (check->lines == 1)
		check_refuse(check, whole, "lines", 0, "a journal entry has two lines at least");
	if (check->is_huge || !decimal_subtract(check->sum, check->credits, &difference) || decimal_is_zero(difference))
		return;
	check_refuse(check, whole, "lines", 0, "debits are %s and credits are %s: they differ by %s", decimal_format(check->sum, texts[0]),
		     decimal_format(check->credits, texts[1]),
		     decimal_format(is_below_zero(difference) ? decimal_negate(difference) : difference, texts[2]));
}

/* ---- which rules are whose */

static const struct rules {
	const char *type;
	void (*check_line)(struct check *check, struct object *line);
	void (*check_whole)(struct check *check, struct object *whole);
} rules[] = {
	{ "invoice", check_sale_line, check_priced },
	{ "credit_memo", check_sale_line, check_priced },
	{ "bill", check_bill_line, check_priced },
	{ "payment", check_payment_line, check_payment },
	{ "journal_entry", check_journal_line, check_journal },
};

static const struct rules *find_rules(const struct check *check)
{
	for (size_t i = 0; i < ARRAY_LEN(rules); i++)
		if (strcmp(rules[i].type, check->type->name) == 0)
			return &rules[i];
	return NULL;
}

void rules_check_line(struct check *check, struct object *line)
{
	const struct rules *found = find_rules(check);

	assert(found);
	found->check_line(check, line);
}

/* Sums say nothing where a line is broken, so they are looked at when all else is right. */
void rules_check_whole(struct check *check, struct object *whole)
{
	const struct rules *found = find_rules(check);

	check_rate(check, whole);
	if (found && check->problems->count == 0)
		found->check_whole(check, whole);
}
