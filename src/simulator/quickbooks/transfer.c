/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Money moved between the company's own accounts, journals, stock counts, and time that posts nothing. */
#include <string.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"
#include "quickbooks/draft.h"
#include "quickbooks/lines.h"
#include "quickbooks/rules.h"

static bool wrong_account(struct fault *fault, const char *member)
{
	return fault_set(fault, 6430, member, "Invalid account type used : You need to select a different type of account "
					      "for this transaction.");
}

/* A deposit takes a payment out of where it lay; what it took is frozen from then on. */
static bool deposit_linked(struct draft *draft, json_object *line, json_object *link, int64_t cents,
			   struct fault *fault)
{
	const struct entity *entity = link_entity(object_text(link, "TxnType"));
	struct record *target = entity ? company_find(draft->company, entity, object_text(link, "TxnId")) : NULL;
	AUTO(str_clear) struct str account = STR_INIT(ID_MAX);
	struct record *from;

	(void)line;
	if (!target)
		return fault_plain(fault, 610);
	for (uint32_t i = 0; i < target->link_count; i++)
		if (target->links[i].from != draft->old && strcmp(target->links[i].from->entity->name, "Deposit") == 0)
			return fault_set(fault, 6000, "", "Business Validation Error: %s %s has been deposited already.",
					 entity->name, target->id);
	json_unquote(json_find(target->text, target->len, "DepositToAccountRef.value"), &account);
	from = company_get(draft->company, "Account", account.text);
	draft_post(draft, from ? from : account_undeposited(draft->company), NULL, -cents);
	draft_settle(draft, target, 0);
	object_set_default(link, "TxnLineId", json_object_new_string("0"));
	return true;
}

static bool deposit_line(struct draft *draft, json_object *line, int64_t *total, struct fault *fault)
{
	json_object *link = object_first(line, "LinkedTxn"), *detail;
	int64_t cents = object_cents(line, "Amount");
	struct record *account;
	const char *type;

	if (!object_get(line, "Amount"))
		return fault_set(fault, 2020, "Line.Amount", "Required parameter Line.Amount is missing in the request");
	*total += cents;
	if (link)
		return deposit_linked(draft, line, link, cents, fault);
	if (!line_detail(line, &type, &detail, fault))
		return false;
	account = object_target(draft->company, detail, "AccountRef", "Account");
	if (!account)
		return fault_set(fault, 2020, "AccountRef", "Required parameter AccountRef is missing in the request");
	draft_post(draft, account, NULL, -cents);
	return true;
}

bool deposit_complete(struct draft *draft, struct fault *fault)
{
	struct company *company = draft->company;
	struct record *to = object_target(company, draft->object, "DepositToAccountRef", "Account"), *back;
	json_object *lines = lines_of(draft);
	int64_t total = 0, cash = object_cents(draft->object, "CashBack.Amount");

	if (!draft_begin(draft, NULL, fault))
		return false;
	if (!account_is(to, "Bank|Other Current Asset"))
		return wrong_account(fault, "DepositToAccountRef");
	if (json_object_array_length(lines) == 0)
		return fault_set(fault, 2020, "Line", "Required parameter Line is missing in the request");
	for (size_t i = 0; i < json_object_array_length(lines); i++)
		if (!deposit_line(draft, json_object_array_get_idx(lines, i), &total, fault))
			return false;
	back = object_target(company, draft->object, "CashBack.AccountRef", "Account");
	if (cash != 0 && !back)
		return fault_set(fault, 2020, "CashBack.AccountRef",
				 "Required parameter CashBack.AccountRef is missing in the request");
	if (total - cash < 0)
		return fault_plain(fault, 2140);
	if (back)
		draft_post(draft, back, NULL, cash);
	draft_post(draft, to, NULL, total - cash);
	draft_balance(draft);
	object_set_cents(draft->object, "TotalAmt", total - cash);
	if (company->preferences.multicurrency)
		object_set_cents(draft->object, "HomeTotalAmt", draft_home(draft, total - cash));
	return true;
}

bool transfer_complete(struct draft *draft, struct fault *fault)
{
	struct record *from = object_target(draft->company, draft->object, "FromAccountRef", "Account");
	struct record *to = object_target(draft->company, draft->object, "ToAccountRef", "Account");
	int64_t cents = object_cents(draft->object, "Amount");

	if (!draft_begin(draft, NULL, fault))
		return false;
	if (from == to || account_is(from, "Accounts Receivable|Accounts Payable|Income|Expense") ||
	    account_is(to, "Accounts Receivable|Accounts Payable|Income|Expense"))
		return wrong_account(fault, "ToAccountRef");
	if (cents <= 0)
		return fault_plain(fault, 2140);
	draft_post(draft, to, NULL, cents);
	draft_post(draft, from, NULL, -cents);
	return true;
}

bool card_payment_complete(struct draft *draft, struct fault *fault)
{
	struct record *card = object_target(draft->company, draft->object, "CreditCardAccountRef", "Account");
	struct record *bank = object_target(draft->company, draft->object, "BankAccountRef", "Account");
	int64_t cents = object_cents(draft->object, "Amount");

	if (!draft_begin(draft, NULL, fault))
		return false;
	if (!account_is(card, "Credit Card") || !account_is(bank, "Bank"))
		return wrong_account(fault, "CreditCardAccountRef");
	if (cents <= 0)
		return fault_plain(fault, 2140);
	draft_post(draft, card, NULL, cents);
	draft_post(draft, bank, NULL, -cents);
	return true;
}

/* Receivables and payables have a name behind each line, and it must be of the right kind. */
static bool journal_party(struct draft *draft, json_object *detail, const struct record *account,
			  struct record **ret_party, struct fault *fault)
{
	bool receivable = account_is(account, "Accounts Receivable");

	*ret_party = NULL;
	if (!receivable && !account_is(account, "Accounts Payable"))
		return true;
	*ret_party = object_target(draft->company, detail, "Entity.EntityRef", receivable ? "Customer" : "Vendor");
	if (!*ret_party)
		return fault_set(fault, 6000, "", "Business Validation Error: When you use %s, you must choose a %s in the Name "
				 "field.", receivable ? "Accounts Receivable" : "Accounts Payable",
				 receivable ? "customer" : "vendor");
	return true;
}

static bool journal_line(struct draft *draft, json_object *line, int64_t *sum, struct fault *fault)
{
	json_object *detail;
	struct record *account, *party;
	int64_t cents = object_cents(line, "Amount");
	const char *type;
	bool debit;

	if (!line_detail(line, &type, &detail, fault) || strcmp(type, "DescriptionOnly") == 0)
		return fault->code == 0;
	if (strcmp(type, "JournalEntryLineDetail") != 0)
		return fault_set(fault, 2170, "Line.DetailType", "DetailType %s is not allowed here", type);
	if (!object_get(line, "Amount"))
		return fault_set(fault, 2020, "Line.Amount", "Required parameter Line.Amount is missing in the request");
	if (cents < 0)
		return fault_plain(fault, 2290);
	if (object_get(detail, "TaxCodeRef") && draft->company->preferences.tax_mode == TAX_VAT) {
		if (!object_get(detail, "TaxApplicableOn"))
			return fault_plain(fault, 2270);
		if (!object_get(detail, "TaxAmount"))
			return fault_plain(fault, 2280);
	}
	account = object_target(draft->company, detail, "AccountRef", "Account");
	if (!journal_party(draft, detail, account, &party, fault))
		return false;
	debit = strcmp(object_text(detail, "PostingType"), "Debit") == 0;
	draft_post(draft, account, party, debit ? cents : -cents);
	if (party)
		draft->balance += debit ? cents : -cents;
	*sum += debit ? cents : -cents;
	return true;
}

bool journal_complete(struct draft *draft, struct fault *fault)
{
	json_object *lines = lines_of(draft);
	int64_t sum = 0;

	if (!draft_begin(draft, NULL, fault) || !draft_number(draft, &draft->company->next_number, false, fault))
		return false;
	if (json_object_array_length(lines) == 0)
		return fault_plain(fault, 2250);
	for (size_t i = 0; i < json_object_array_length(lines); i++)
		if (!journal_line(draft, json_object_array_get_idx(lines, i), &sum, fault))
			return false;
	if (sum != 0)
		return fault_plain(fault, 2300);
	draft_balance(draft);
	lines_number(draft, lines, 0);
	object_set_default(draft->object, "Adjustment", json_object_new_boolean(false));
	object_set_default(draft->object, "TxnTaxDetail", json_object_new_object());
	object_set(draft->object, "TotalAmt", NULL);
	return true;
}

static bool inventory_line(struct draft *draft, json_object *line, struct record *adjust, struct fault *fault)
{
	json_object *detail;
	struct record *item, *asset;
	struct decimal quantity, cost = { 0, 0 }, value;
	AUTO(str_clear) struct str id = STR_INIT(ID_MAX);
	struct json_slice slice;
	const char *type;

	if (!line_detail(line, &type, &detail, fault))
		return false;
	item = object_target(draft->company, detail, "ItemRef", "Item");
	if (!item || !json_equals(json_find(item->text, item->len, "Type"), "Inventory"))
		return fault_set(fault, 6000, "", "Business Validation Error: Only inventory items can be adjusted.");
	json_unquote(json_find(item->text, item->len, "AssetAccountRef.value"), &id);
	asset = company_get(draft->company, "Account", id.text);
	slice = json_find(item->text, item->len, "PurchaseCost");
	if (slice.kind == JSON_NUMBER)
		decimal_parse(slice.text, slice.len, &cost);
	if (!asset || !object_number(detail, "QtyDiff", &quantity) || !decimal_multiply(cost, quantity, 2, &value))
		return fault_plain(fault, 2160);
	if (!decimal_round(quantity, 2, &quantity))
		return fault_plain(fault, 2160);
	draft_post_home(draft, asset, item, value.digits, quantity.digits);
	draft_post_home(draft, adjust, NULL, -value.digits, 0);
	return true;
}

bool inventory_complete(struct draft *draft, struct fault *fault)
{
	struct record *adjust = object_target(draft->company, draft->object, "AdjustAccountRef", "Account");
	json_object *lines = lines_of(draft);

	if (!draft_begin(draft, NULL, fault) || !draft_number(draft, &draft->company->next_number, true, fault))
		return false;
	if (json_object_array_length(lines) == 0)
		return fault_set(fault, 2020, "Line", "Required parameter Line is missing in the request");
	for (size_t i = 0; i < json_object_array_length(lines); i++)
		if (!inventory_line(draft, json_object_array_get_idx(lines, i), adjust, fault))
			return false;
	lines_number(draft, lines, 1);
	return true;
}

bool time_complete(struct draft *draft, struct fault *fault)
{
	json_object *object = draft->object;
	bool vendor = strcmp(object_text(object, "NameOf"), "Vendor") == 0;
	struct decimal hours = { 0, 0 }, minutes = { 0, 0 };

	if (!draft_begin(draft, NULL, fault))
		return false;
	if (!object_get(object, vendor ? "VendorRef" : "EmployeeRef"))
		return fault_plain(fault, 6290);
	if (strcmp(object_text(object, "BillableStatus"), "Billable") == 0 && !object_get(object, "CustomerRef"))
		return fault_plain(fault, 6300);
	if (!object_get(object, "Hours") && !object_get(object, "Minutes") && !object_get(object, "StartTime"))
		return fault_plain(fault, 6380);
	object_number(object, "Hours", &hours);
	object_number(object, "Minutes", &minutes);
	if (hours.digits < 0 || hours.digits > 8760 || minutes.digits < 0 || minutes.digits > 59)
		return fault_plain(fault, 6390);
	object_set_default(object, "BillableStatus", json_object_new_string("NotBillable"));
	object_set_default(object, "Taxable", json_object_new_boolean(false));
	object_set_default(object, "HourlyRate", value_cents(0));
	if (!object_get(object, "StartTime")) {
		object_set_default(object, "Hours", json_object_new_int(0));
		object_set_default(object, "Minutes", json_object_new_int(0));
	}
	return true;
}
