/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sales forms: Invoice, CreditMemo, SalesReceipt, RefundReceipt and Estimate. Lines, tax, totals,
 * what is filled in when left out, and the postings.
 */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"
#include "quickbooks/draft.h"
#include "quickbooks/lines.h"
#include "quickbooks/rules.h"
#include "quickbooks/tax.h"
#include "world.h"

#define AUTOMATED_TAX_LINES_MAX 750

struct sale {
	struct draft *draft;
	struct record *customer; /* NULL: a receipt without one */
	json_object *lines;      /* owned: as they will stand */
	int64_t subtotal;        /* sum of the sales lines, net */
	int64_t discount;        /* taken off by the discount line */
	struct record *discount_account;
	bool discount_first;     /* ApplyTaxAfterDiscount: tax on what is left */
	int sign;                /* 1 for a sale, -1 for money back */
	bool posts;
	struct tax tax;
};

static bool is_entity(const struct sale *sale, const char *name)
{
	return strcmp(sale->draft->entity->name, name) == 0;
}

static struct record *line_item(struct sale *sale, json_object *detail)
{
	struct company *company = sale->draft->company;
	struct record *item = object_target(company, detail, "ItemRef", "Item");

	if (item || *object_text(detail, "ItemRef.value"))
		return item;
	if (switches_is(&company->simulator->switches, SWITCH_LINE_WITHOUT_ITEM, "text"))
		return NULL;
	item = company_get(company, "Item", "1");
	if (item)
		object_set(detail, "ItemRef", value_reference(company, item));
	return item;
}

/* The account that a line's item sells to. */
static struct record *income_account(struct sale *sale, json_object *detail, const struct record *item)
{
	struct company *company = sale->draft->company;
	const char *home = company->preferences.home_currency;
	struct record *account = object_target(company, detail, "ItemAccountRef", "Account");
	AUTO(str_clear) struct str id = STR_INIT(ID_MAX);

	if (account)
		return account;
	if (strcmp(object_text(detail, "ItemRef.value"), "SHIPPING_ITEM_ID") == 0)
		return account_of(company, "Income", "OtherPrimaryIncome", "Shipping Income", home);
	if (item)
		json_unquote(json_find(item->text, item->len, "IncomeAccountRef.value"), &id);
	account = company_get(company, "Account", id.text);
	return account ? account : account_of(company, "Income", "SalesOfProductIncome", "Sales of Product Income", home);
}

/* Stock leaves at its purchase cost; it comes back with a credit. Home currency only. */
static void post_stock(struct sale *sale, json_object *detail, struct record *item)
{
	struct company *company = sale->draft->company;
	struct json_slice cost = json_find(item->text, item->len, "PurchaseCost");
	AUTO(str_clear) struct str asset = STR_INIT(ID_MAX);
	AUTO(str_clear) struct str expense = STR_INIT(ID_MAX);
	struct record *from, *to;
	struct decimal each, quantity, value;

	json_unquote(json_find(item->text, item->len, "AssetAccountRef.value"), &asset);
	json_unquote(json_find(item->text, item->len, "ExpenseAccountRef.value"), &expense);
	from = company_get(company, "Account", asset.text);
	to = company_get(company, "Account", expense.text);
	if (!from || !to || cost.kind != JSON_NUMBER || !decimal_parse(cost.text, cost.len, &each) ||
	    !object_number(detail, "Qty", &quantity) || !decimal_multiply(each, quantity, 2, &value) ||
	    !decimal_round(quantity, 2, &quantity))
		return;
	draft_post_home(sale->draft, to, NULL, sale->sign * value.digits, 0);
	draft_post_home(sale->draft, from, item, -sale->sign * value.digits, -sale->sign * quantity.digits);
}

static bool sales_line(struct sale *sale, json_object *line, json_object *detail, struct fault *fault)
{
	struct record *item = line_item(sale, detail);
	int64_t amount;

	if (!item && !*object_text(detail, "ItemRef.value")) {
		/* The other reading of a line without item: a text whose amount counts for nothing. */
		object_set(line, "Amount", NULL);
		object_set(line, "SalesItemLineDetail", NULL);
		object_set_text(line, "DetailType", "DescriptionOnly");
		object_set(line, "DescriptionLineDetail", json_object_new_object());
		return true;
	}
	if (!line_amount(line, detail, &amount, fault) || !tax_line_code(sale->draft, detail, item, false, fault))
		return false;
	amount = tax_line_net(sale->draft, line, detail, amount, false, &sale->tax);
	sale->subtotal += amount;
	if (!sale->posts)
		return true;
	draft_post(sale->draft, income_account(sale, detail, item), NULL, -sale->sign * amount);
	if (item && json_equals(json_find(item->text, item->len, "Type"), "Inventory"))
		post_stock(sale, detail, item);
	return true;
}

static bool discount_line(struct sale *sale, json_object *line, json_object *detail, struct fault *fault)
{
	struct company *company = sale->draft->company;
	struct decimal percent, amount;

	if (!company->preferences.uses_discount)
		return fault_set(fault, 5030, "", "Feature Not Supported Error : Discounts are turned off for this company.");
	if (sale->discount_account)
		return fault_set(fault, 6000, "", "Business Validation Error: A transaction can have one discount line only.");
	if (object_flag(detail, "PercentBased", false)) {
		if (!object_number(detail, "DiscountPercent", &percent) ||
		    !decimal_multiply(decimal_of(sale->subtotal, 2), percent, 8, &amount) ||
		    !decimal_divide(amount, decimal_of(100, 0), 2, &amount))
			return fault_plain(fault, 6090);
		object_set_cents(line, "Amount", amount.digits);
	} else if (!object_get(line, "Amount")) {
		return fault_plain(fault, 6090);
	}
	sale->discount = object_cents(line, "Amount");
	sale->discount_account = object_target(company, detail, "DiscountAccountRef", "Account");
	if (!sale->discount_account) {
		sale->discount_account = account_of(company, "Income", "DiscountsRefundsGiven", "Discounts given",
						    company->preferences.home_currency);
		object_set(detail, "DiscountAccountRef", value_reference(company, sale->discount_account));
	}
	if (sale->posts)
		draft_post(sale->draft, sale->discount_account, NULL, sale->sign * sale->discount);
	return true;
}

static void subtotal_line(struct sale *sale)
{
	json_object *line = json_object_new_object();

	object_set_cents(line, "Amount", sale->subtotal);
	object_set_text(line, "DetailType", "SubTotalLineDetail");
	object_set(line, "SubTotalLineDetail", json_object_new_object());
	json_object_array_add(sale->lines, line);
}

/* A bundle's inner lines count as sales lines; its own amount is their sum. */
static bool group_line(struct sale *sale, json_object *line, json_object *detail, struct fault *fault)
{
	json_object *inner = object_get(detail, "Line");
	int64_t before = sale->subtotal;

	for (size_t i = 0; inner && i < json_object_array_length(inner); i++) {
		json_object *each = json_object_array_get_idx(inner, i), *each_detail;
		const char *type;

		if (!line_detail(each, &type, &each_detail, fault))
			return false;
		if (strcmp(type, "SalesItemLineDetail") == 0 && !sales_line(sale, each, each_detail, fault))
			return false;
	}
	object_set_cents(line, "Amount", sale->subtotal - before);
	return true;
}

/* One pass for lines, one for discounts, so that a percentage knows the whole subtotal. */
static bool take_lines(struct sale *sale, bool discounts, struct fault *fault)
{
	json_object *sent = lines_of(sale->draft);

	for (size_t i = 0; i < json_object_array_length(sent); i++) {
		json_object *line = json_object_array_get_idx(sent, i), *detail;
		const char *type;
		bool good = true;

		if (!line_detail(line, &type, &detail, fault))
			return false;
		if ((strcmp(type, "DiscountLineDetail") == 0) != discounts || strcmp(type, "SubTotalLineDetail") == 0)
			continue;
		if (strcmp(type, "SalesItemLineDetail") == 0)
			good = sales_line(sale, line, detail, fault);
		else if (discounts)
			good = discount_line(sale, line, detail, fault);
		else if (strcmp(type, "GroupLineDetail") == 0)
			good = group_line(sale, line, detail, fault);
		else if (strcmp(type, "DescriptionOnly") != 0)
			good = fault_set(fault, 2170, "Line.DetailType", "DetailType %s is not allowed here", type);
		if (!good)
			return false;
		json_object_array_add(sale->lines, json_object_get(line));
	}
	if (!discounts)
		subtotal_line(sale);
	return true;
}

/* What a line's net is taxed on once the discount is shared out. */
static int64_t taxed_net(const struct sale *sale, int64_t net)
{
	struct decimal part;

	if (!sale->discount_first || sale->discount == 0 || sale->subtotal == 0 ||
	    !decimal_multiply(decimal_of(net, 2), decimal_of(sale->discount, 2), 4, &part) ||
	    !decimal_divide(part, decimal_of(sale->subtotal, 2), 2, &part))
		return net;
	return net - part.digits;
}

static bool tax_lines(struct sale *sale, json_object *lines, struct fault *fault)
{
	for (size_t i = 0; i < json_object_array_length(lines); i++) {
		json_object *line = json_object_array_get_idx(lines, i), *inner;
		json_object *detail = object_get(line, "SalesItemLineDetail");

		inner = object_get(line, "GroupLineDetail.Line");
		if (inner && !tax_lines(sale, inner, fault))
			return false;
		if (detail && !tax_add(sale->draft, detail, taxed_net(sale, object_cents(line, "Amount")), false,
				       &sale->tax, fault))
			return false;
	}
	return true;
}

static void put_object(json_object **object)
{
	json_object_put(*object);
}

/* Lines, tax and total; what is common to all five forms. */
static bool compute(struct sale *sale, int64_t *ret_total, struct fault *fault)
{
	struct draft *draft = sale->draft;
	json_object *object = draft->object;
	enum tax_mode mode = draft->company->preferences.tax_mode;

	if (json_object_array_length(lines_of(draft)) == 0)
		return fault_set(fault, 2020, "Line", "Required parameter Line is missing in the request");
	if (mode == TAX_VAT)
		object_set_default(object, "GlobalTaxCalculation", json_object_new_string("TaxExcluded"));
	else
		object_set(object, "GlobalTaxCalculation", NULL);
	if (mode == TAX_US_AUTOMATED && json_object_array_length(lines_of(draft)) > AUTOMATED_TAX_LINES_MAX)
		return fault_set(fault, 6000, "", "Business Validation Error: A transaction with automated sales tax can have "
						  "at most %d lines.", AUTOMATED_TAX_LINES_MAX);
	object_set_default(object, "ApplyTaxAfterDiscount", json_object_new_boolean(false));
	sale->discount_first = object_flag(object, "ApplyTaxAfterDiscount", false);
	if (!take_lines(sale, false, fault) || !take_lines(sale, true, fault))
		return false;
	lines_number(draft, sale->lines, 1);
	object_set(object, "Line", json_object_get(sale->lines));
	if (!tax_lines(sale, sale->lines, fault) || !tax_finish(draft, &sale->tax, fault))
		return false;
	*ret_total = sale->subtotal - sale->discount + sale->tax.total;
	if (*ret_total < 0)
		return fault_set(fault, 6000, "", "Business Validation Error: Transaction amount must be 0 or greater.");
	object_set_cents(object, "TotalAmt", *ret_total);
	if (draft->company->preferences.multicurrency)
		object_set_cents(object, "HomeTotalAmt", draft_home(draft, *ret_total));
	return true;
}

/* The customer's address, unless one was sent; a full update without one gets it again. */
static void default_address(struct sale *sale, const char *member)
{
	struct json_slice slice;
	AUTO(memory_freep) char *text = NULL;

	if (sale->customer && !object_get(sale->draft->object, member)) {
		slice = json_find(sale->customer->text, sale->customer->len, member);
		if (slice.kind == JSON_OBJECT) {
			text = memory_copy(slice.text, slice.len);
			object_set(sale->draft->object, member, json_tokener_parse(text));
		}
	}
	address_settle(sale->draft, member);
}

static void default_due(struct sale *sale)
{
	struct company *company = sale->draft->company;
	struct record *term = object_target(company, sale->draft->object, "SalesTermRef", "Term");
	json_object *object = sale->draft->object;
	struct json_slice days;
	struct decimal value;

	if (object_get(object, "DueDate"))
		return;
	if (!term)
		term = company_get(company, "Term", company->preferences.default_term);
	days = term ? json_find(term->text, term->len, "DueDays") : (struct json_slice){ 0 };
	if (days.kind != JSON_NUMBER || !decimal_parse(days.text, days.len, &value))
		value = decimal_of(0, 0);
	object_set_date(object, "DueDate", (struct date){ sale->draft->date.day + (int32_t)value.digits });
}

static void default_term(struct sale *sale)
{
	AUTO(str_clear) struct str id = STR_INIT(ID_MAX);
	json_object *reference;

	if (!sale->customer || sale->draft->old || object_get(sale->draft->object, "SalesTermRef"))
		return;
	json_unquote(json_find(sale->customer->text, sale->customer->len, "SalesTermRef.value"), &id);
	if (id.len == 0 || !company_get(sale->draft->company, "Term", id.text))
		return;
	reference = json_object_new_object();
	object_set_text(reference, "value", id.text);
	object_set(sale->draft->object, "SalesTermRef", reference);
}

static void invoice_flags(json_object *object)
{
	static const char *const flags[] = { "AllowIPNPayment", "AllowOnlinePayment", "AllowOnlineCreditCardPayment",
					     "AllowOnlineACHPayment" };

	for (size_t i = 0; i < ARRAY_LEN(flags); i++)
		object_set_default(object, flags[i], json_object_new_boolean(false));
}

static bool begin(struct sale *sale, struct fault *fault)
{
	struct draft *draft = sale->draft;

	sale->customer = object_target(draft->company, draft->object, "CustomerRef", "Customer");
	sale->lines = json_object_new_array();
	if (!draft_begin(draft, sale->customer, fault) ||
	    !draft_number(draft, &draft->company->next_number, true, fault))
		return false;
	default_address(sale, "BillAddr");
	default_address(sale, "ShipAddr");
	custom_fields(draft);
	object_set_default(draft->object, "PrintStatus", json_object_new_string("NeedToPrint"));
	if (!is_entity(sale, "RefundReceipt"))
		object_set_default(draft->object, "EmailStatus", json_object_new_string("NotSet"));
	return true;
}

/* Where the money of a receipt goes; Undeposited Funds when nobody says. */
static bool deposit_account(struct sale *sale, struct record **ret_account, struct fault *fault)
{
	struct draft *draft = sale->draft;
	struct record *account = object_target(draft->company, draft->object, "DepositToAccountRef", "Account");

	if (!account) {
		account = account_undeposited(draft->company);
		object_set(draft->object, "DepositToAccountRef", value_reference(draft->company, account));
	}
	if (!account_is(account, "Bank|Other Current Asset|Credit Card"))
		return fault_set(fault, 6430, "DepositToAccountRef", "Invalid account type used : You need to select a "
				 "different type of account for this transaction.");
	*ret_account = account;
	return true;
}

static bool post_total(struct sale *sale, int64_t total, struct fault *fault)
{
	struct draft *draft = sale->draft;
	bool receipt = is_entity(sale, "SalesReceipt") || is_entity(sale, "RefundReceipt");
	int64_t deposit = is_entity(sale, "Invoice") ? object_cents(draft->object, "Deposit") : 0;
	struct record *account = NULL;

	tax_post(draft, &sale->tax, sale->sign);
	if (receipt || deposit > 0) {
		if (!deposit_account(sale, &account, fault))
			return false;
		draft_post(draft, account, NULL, sale->sign * (receipt ? total : deposit));
	}
	if (!receipt) {
		const char *currency = object_text(draft->object, "CurrencyRef.value");

		draft->balance = total - deposit;
		draft_post(draft, account_receivable(draft->company, currency), sale->customer,
			   sale->sign * (total - deposit));
	}
	draft_balance(draft);
	return true;
}

bool sale_complete(struct draft *draft, struct fault *fault)
{
	AUTO(put_object) json_object *lines = NULL;
	struct sale sale = { .draft = draft, .posts = true, .sign = 1 };
	int64_t total;
	bool good;

	if (is_entity(&sale, "CreditMemo") || is_entity(&sale, "RefundReceipt"))
		sale.sign = -1;
	if (draft->old && draft->old->link_count > 0 &&
	    (is_entity(&sale, "SalesReceipt") || is_entity(&sale, "RefundReceipt")))
		return fault_plain(fault, 6540);
	good = begin(&sale, fault);
	lines = sale.lines;
	if (!good)
		return false;
	if (is_entity(&sale, "Invoice")) {
		invoice_flags(draft->object);
		default_term(&sale);
		default_due(&sale);
	}
	if (!compute(&sale, &total, fault) || !post_total(&sale, total, fault))
		return false;
	if (draft->old && is_entity(&sale, "Invoice") && record_open(draft->old) - draft->old->balance + draft->balance < 0)
		return fault_set(fault, 6000, "", "Business Validation Error: The amount is less than what has been paid.");
	return true;
}

bool estimate_complete(struct draft *draft, struct fault *fault)
{
	AUTO(put_object) json_object *lines = NULL;
	struct sale sale = { .draft = draft, .sign = 1 };
	int64_t total;
	bool good = begin(&sale, fault);

	lines = sale.lines;
	object_set_default(draft->object, "TxnStatus", json_object_new_string("Pending"));
	return good && compute(&sale, &total, fault);
}

void sale_derive(struct company *company, struct record *record, json_object *object)
{
	const char *name = record->entity->name;
	int64_t open = record_open(record);
	struct decimal rate = { 1, 0 }, home;
	bool listed = strcmp(name, "Invoice") == 0 || strcmp(name, "Estimate") == 0;

	links_derive(record, object);
	if (!listed && json_object_array_length(object_get(object, "LinkedTxn")) == 0)
		object_set(object, "LinkedTxn", NULL);
	if (strcmp(name, "Estimate") == 0)
		return;
	object_set_cents(object, "Balance", listed || strcmp(name, "CreditMemo") == 0 ? open : 0);
	if (strcmp(name, "CreditMemo") == 0)
		object_set_cents(object, "RemainingCredit", open);
	if (!company->preferences.multicurrency || strcmp(name, "Invoice") != 0)
		return;
	object_number(object, "ExchangeRate", &rate);
	if (decimal_multiply(decimal_of(open, 2), rate, 2, &home))
		object_set_cents(object, "HomeBalance", home.digits);
}
