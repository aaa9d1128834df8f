/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is bought: Bill, VendorCredit, Purchase, and the PurchaseOrder that posts nothing. */
#include <string.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"
#include "quickbooks/draft.h"
#include "quickbooks/lines.h"
#include "quickbooks/rules.h"
#include "quickbooks/tax.h"

struct purchase {
	struct draft *draft;
	struct record *vendor;
	int64_t total;       /* net of all lines */
	int sign;            /* 1: money or debt goes out; -1: a credit */
	bool posts;
	struct tax tax;
};

static bool is_entity(const struct purchase *purchase, const char *name)
{
	return strcmp(purchase->draft->entity->name, name) == 0;
}

/* Stock items are bought into their asset account, others into their expense account. */
static struct record *item_account(struct purchase *purchase, const struct record *item)
{
	struct company *company = purchase->draft->company;
	bool stock = json_equals(json_find(item->text, item->len, "Type"), "Inventory");
	const char *member = stock ? "AssetAccountRef.value" : "ExpenseAccountRef.value";
	AUTO(str_clear) struct str id = STR_INIT(ID_MAX);
	struct record *account;

	json_unquote(json_find(item->text, item->len, member), &id);
	account = company_get(company, "Account", id.text);
	return account ? account
		       : account_of(company, "Cost of Goods Sold", "SuppliesMaterialsCogs", "Cost of Goods Sold",
				    company->preferences.home_currency);
}

/* The line's account takes its amount; a stock item's account also counts the pieces. */
static void post_line(struct purchase *purchase, struct record *account, struct record *item, json_object *detail,
		      int64_t amount)
{
	struct draft *draft = purchase->draft;
	struct decimal quantity;

	if (item && json_equals(json_find(item->text, item->len, "Type"), "Inventory") &&
	    object_number(detail, "Qty", &quantity) && decimal_round(quantity, 2, &quantity))
		draft_post_home(draft, account, item, draft_home(draft, purchase->sign * amount),
				purchase->sign * quantity.digits);
	else
		draft_post(draft, account, NULL, purchase->sign * amount);
}

static bool take_line(struct purchase *purchase, json_object *line, struct fault *fault)
{
	struct draft *draft = purchase->draft;
	struct record *account, *item = NULL;
	json_object *detail;
	const char *type;
	int64_t amount;

	if (!line_detail(line, &type, &detail, fault) || strcmp(type, "DescriptionOnly") == 0)
		return fault->code == 0;
	if (strcmp(type, "ItemBasedExpenseLineDetail") == 0) {
		item = object_target(draft->company, detail, "ItemRef", "Item");
		if (!item)
			return fault_plain(fault, 6440);
		account = item_account(purchase, item);
	} else if (strcmp(type, "AccountBasedExpenseLineDetail") == 0) {
		account = object_target(draft->company, detail, "AccountRef", "Account");
		if (!account)
			return fault_plain(fault, 6440);
		if (account_is(account, "Accounts Receivable|Accounts Payable"))
			return fault_set(fault, 6430, "AccountRef", "Invalid account type used : You need to select a "
					 "different type of account for this transaction.");
	} else {
		return fault_set(fault, 2170, "Line.DetailType", "DetailType %s is not allowed here", type);
	}
	if (!line_amount(line, detail, &amount, fault) || !tax_line_code(draft, detail, item, true, fault))
		return false;
	object_set_default(detail, "BillableStatus", json_object_new_string("NotBillable"));
	amount = tax_line_net(draft, line, detail, amount, true, &purchase->tax);
	purchase->total += amount;
	if (purchase->posts)
		post_line(purchase, account, item, detail, amount);
	return tax_add(draft, detail, amount, true, &purchase->tax, fault);
}

static bool compute(struct purchase *purchase, struct fault *fault)
{
	struct draft *draft = purchase->draft;
	json_object *lines = lines_of(draft);
	bool vat = draft->company->preferences.tax_mode == TAX_VAT;

	if (json_object_array_length(lines) == 0)
		return fault_set(fault, 2020, "Line", "Required parameter Line is missing in the request");
	if (vat)
		object_set_default(draft->object, "GlobalTaxCalculation", json_object_new_string("TaxExcluded"));
	else
		object_set(draft->object, "GlobalTaxCalculation", NULL);
	for (size_t i = 0; i < json_object_array_length(lines); i++)
		if (!take_line(purchase, json_object_array_get_idx(lines, i), fault))
			return false;
	lines_number(draft, lines, 1);
	if (!tax_finish(draft, &purchase->tax, fault))
		return false;
	if (!vat)
		object_set(draft->object, "TxnTaxDetail", NULL);
	if (purchase->total + purchase->tax.total < 0)
		return fault_set(fault, 6000, "", "Business Validation Error: Transaction amount must be 0 or greater.");
	object_set_cents(draft->object, "TotalAmt", purchase->total + purchase->tax.total);
	return true;
}

/* The payable account: the one sent if it is one, else the vendor's currency's own. */
static bool payable_account(struct draft *draft, struct record **ret_account, struct fault *fault)
{
	struct record *account = object_target(draft->company, draft->object, "APAccountRef", "Account");

	if (account && !account_is(account, "Accounts Payable"))
		return fault_set(fault, 6430, "APAccountRef", "Invalid account type used : You need to select a different "
				 "type of account for this transaction.");
	if (!account) {
		account = account_payable(draft->company, object_text(draft->object, "CurrencyRef.value"));
		object_set(draft->object, "APAccountRef", value_reference(draft->company, account));
	}
	*ret_account = account;
	return true;
}

static void bill_due(struct draft *draft)
{
	struct record *term = object_target(draft->company, draft->object, "SalesTermRef", "Term");
	struct json_slice days = term ? json_find(term->text, term->len, "DueDays") : (struct json_slice){ 0 };
	struct decimal value = { 0, 0 };

	if (days.kind == JSON_NUMBER)
		decimal_parse(days.text, days.len, &value);
	if (!object_get(draft->object, "DueDate"))
		object_set_date(draft->object, "DueDate", (struct date){ draft->date.day + (int32_t)value.digits });
}

/* What a purchase is paid from must fit how: a bank account for cash and checks, a card for cards. */
static bool paid_from(struct draft *draft, struct record **ret_account, struct fault *fault)
{
	struct record *account = object_target(draft->company, draft->object, "AccountRef", "Account");
	bool card = strcmp(object_text(draft->object, "PaymentType"), "CreditCard") == 0;

	if (!account)
		return fault_set(fault, 2020, "AccountRef", "Required parameter AccountRef is missing in the request");
	if (!account_is(account, card ? "Credit Card" : "Bank|Other Current Asset|Equity|Other Current Liability"))
		return fault_set(fault, 6430, "AccountRef", "Invalid account type used : You need to select a different type "
				 "of account for this transaction.");
	*ret_account = account;
	return true;
}

bool purchase_complete(struct draft *draft, struct fault *fault)
{
	struct purchase purchase = { .draft = draft, .sign = 1, .posts = true };
	struct record *account = NULL;
	bool paid = is_entity(&purchase, "Purchase");
	int64_t total;

	if (is_entity(&purchase, "VendorCredit") || (paid && object_flag(draft->object, "Credit", false)))
		purchase.sign = -1;
	purchase.vendor = object_target(draft->company, draft->object, paid ? "EntityRef" : "VendorRef",
					paid ? "Vendor" : "Vendor");
	if (!draft_begin(draft, purchase.vendor, fault) ||
	    !draft_number(draft, &draft->company->next_bill_number, false, fault))
		return false;
	if (paid ? !paid_from(draft, &account, fault) : !payable_account(draft, &account, fault))
		return false;
	if (is_entity(&purchase, "Bill"))
		bill_due(draft);
	if (paid)
		object_set_default(draft->object, "Credit", json_object_new_boolean(false));
	if (!compute(&purchase, fault))
		return false;
	total = purchase.total + purchase.tax.total;
	draft->balance = paid ? 0 : total;
	tax_post(draft, &purchase.tax, -purchase.sign);
	draft_post(draft, account, paid ? NULL : purchase.vendor, -purchase.sign * total);
	draft_balance(draft);
	if (draft->old && record_open(draft->old) - draft->old->balance + draft->balance < 0)
		return fault_set(fault, 6000, "", "Business Validation Error: The amount is less than what has been paid.");
	return true;
}

bool purchase_order_complete(struct draft *draft, struct fault *fault)
{
	struct purchase purchase = { .draft = draft, .sign = 1 };

	purchase.vendor = object_target(draft->company, draft->object, "VendorRef", "Vendor");
	if (!draft_begin(draft, purchase.vendor, fault) ||
	    !draft_number(draft, &draft->company->next_bill_number, true, fault))
		return false;
	address_settle(draft, "VendorAddr");
	address_settle(draft, "ShipAddr");
	custom_fields(draft);
	object_set_default(draft->object, "POStatus", json_object_new_string("Open"));
	return compute(&purchase, fault);
}

void purchase_derive(struct company *company, struct record *record, json_object *object)
{
	const char *name = record->entity->name;
	struct decimal rate = { 1, 0 }, home;

	links_derive(record, object);
	if (json_object_array_length(object_get(object, "LinkedTxn")) == 0 && strcmp(name, "PurchaseOrder") != 0)
		object_set(object, "LinkedTxn", NULL);
	if (strcmp(name, "Bill") != 0 && strcmp(name, "VendorCredit") != 0)
		return;
	object_set_cents(object, "Balance", record_open(record));
	if (!company->preferences.multicurrency || strcmp(name, "Bill") != 0)
		return;
	object_number(object, "ExchangeRate", &rate);
	if (decimal_multiply(decimal_of(record_open(record), 2), rate, 2, &home))
		object_set_cents(object, "HomeBalance", home.digits);
}
