/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * List objects: ledger accounts, customers, vendors, employees, items, classes, terms and their
 * like. Unique names, parents, full names, and what being made inactive means.
 */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"
#include "quickbooks/draft.h"
#include "quickbooks/lines.h"
#include "quickbooks/rules.h"
#include "world.h"

#define DELETED " (deleted)"
#define LEVELS_MAX 5
#define NAME_BYTES_MAX 4000  /* five hundred characters of UTF-8, folded, and " (deleted)" */
#define CHEQUE_NAME_MAX 110 /* characters of PrintOnCheckName */

static const char *name_member(const struct draft *draft)
{
	return draft->entity->name_member;
}

static bool ends_deleted(const char *text)
{
	size_t len = strlen(text), end = strlen(DELETED);

	return len >= end && strcmp(text + len - end, DELETED) == 0;
}

/* A list object is never removed: it becomes inactive and gives its name free. */
static bool change_active(struct draft *draft, struct fault *fault)
{
	bool active = object_flag(draft->object, "Active", true);
	bool was = object_flag(draft->before, "Active", true);
	const char *name = object_text(draft->object, name_member(draft));
	AUTO(str_clear) struct str text = STR_INIT(NAME_BYTES_MAX);

	object_set_flag(draft->object, "Active", active);
	if (!draft->old || active == was)
		return true;
	str_add(&text, name);
	if (active && ends_deleted(name) && strcmp(name, object_text(draft->before, name_member(draft))) == 0)
		str_truncate(&text, text.len - strlen(DELETED));
	if (!active && draft->old->balance != 0 &&
	    (strcmp(draft->entity->name, "Customer") == 0 || strcmp(draft->entity->name, "Vendor") == 0))
		return fault_set(fault, 6220, "", "The entity you are trying to delete has an open balance. : This %s cannot be "
				 "deleted because it has a non-zero balance.", draft->entity->path);
	if (!active && !ends_deleted(name))
		str_add(&text, DELETED);
	object_set_text(draft->object, name_member(draft), text.text);
	return true;
}

static void fold(const struct company *company, const char *text, struct str *out)
{
	if (switches_is(&company->simulator->switches, SWITCH_NAME_CASE, "sensitive"))
		str_add(out, text);
	else
		str_add_folded(out, text, strlen(text));
}

/* Does another record of the table carry that name under the same parent? */
static bool table_has_name(struct draft *draft, const char *entity_name, const char *member, bool per_parent)
{
	const struct entity *entity = entity_by_name(entity_name, false);
	const struct table *table = company_table(draft->company, entity);
	const char *parent = object_text(draft->object, "ParentRef.value");
	AUTO(str_clear) struct str wanted = STR_INIT(NAME_BYTES_MAX);

	fold(draft->company, object_text(draft->object, name_member(draft)), &wanted);
	for (size_t i = 0; i < table->count; i++) {
		const struct record *record = table->by_id[i];
		AUTO(str_clear) struct str plain = STR_INIT(NAME_BYTES_MAX);
		AUTO(str_clear) struct str name = STR_INIT(NAME_BYTES_MAX);
		AUTO(str_clear) struct str above = STR_INIT(ID_MAX);

		if (record == draft->old)
			continue;
		json_unquote(json_find(record->text, record->len, member), &plain);
		fold(draft->company, plain.text, &name);
		if (strcmp(name.text, wanted.text) != 0)
			continue;
		json_unquote(json_find(record->text, record->len, "ParentRef.value"), &above);
		if (!per_parent || strcmp(above.text, parent) == 0)
			return true;
	}
	return false;
}

static bool name_unique(struct draft *draft, struct fault *fault)
{
	const char *member = name_member(draft);
	const char *name = object_text(draft->object, member);

	/* Sample data is made of names that differ; looking each up would take its time squared. */
	if (draft->company->loading || !*name || strcmp(name, object_text(draft->before, member)) == 0)
		return true;
	if (strcmp(member, "DisplayName") == 0 && strcmp(draft->entity->internal, "Names") == 0) {
		if (table_has_name(draft, "Customer", member, false) || table_has_name(draft, "Vendor", member, false) ||
		    table_has_name(draft, "Employee", member, false))
			return fault_set(fault, 6240, "", "The name supplied already exists. : Another customer, vendor or "
					 "employee is already using this \nname. Please use a different name.");
		return true;
	}
	if (table_has_name(draft, draft->entity->name, member, true))
		return fault_set(fault, 6240, "", "The name supplied already exists. : Another %s is already using this \nname. "
				 "Please use a different name.", draft->entity->path);
	return true;
}

/* FullyQualifiedName and depth from the parent above; 700, 900, 6180 when that cannot be. */
static bool place_below(struct draft *draft, const char *flag, struct fault *fault)
{
	struct record *parent = object_target(draft->company, draft->object, "ParentRef", draft->entity->name);
	const char *name = object_text(draft->object, name_member(draft));
	AUTO(str_clear) struct str full = STR_INIT(LEVELS_MAX * NAME_BYTES_MAX);
	int level = 0;

	for (const struct record *above = parent; above; above = above->above)
		if (above == draft->old)
			return fault_plain(fault, 900);
	if (parent)
		json_unquote(json_find(parent->text, parent->len, "FullyQualifiedName"), &full);
	for (const char *c = full.text; parent && *c; c++)
		level += *c == ':';
	level += parent != NULL;
	if (level >= LEVELS_MAX)
		return fault_plain(fault, 6180);
	if (parent)
		str_add(&full, ":");
	str_add(&full, name);
	object_set_text(draft->object, "FullyQualifiedName", full.text);
	if (flag)
		object_set_flag(draft->object, flag, parent != NULL);
	if (shape_member(&draft->entity->shape, "Level"))
		object_set(draft->object, "Level", parent ? json_object_new_int(level) : NULL);
	return true;
}

static const char *sub_flag(const struct draft *draft)
{
	static const struct { const char *entity, *flag; } rows[] = {
		{ "Account", "SubAccount" }, { "Class", "SubClass" }, { "Department", "SubDepartment" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (strcmp(rows[i].entity, draft->entity->name) == 0)
			return rows[i].flag;
	return NULL;
}

bool list_complete(struct draft *draft, struct fault *fault)
{
	if (shape_member(&draft->entity->shape, "Active") && !change_active(draft, fault))
		return false;
	if (!name_unique(draft, fault))
		return false;
	if (strcmp(draft->entity->name, "Term") == 0) {
		bool standard = !object_get(draft->object, "DayOfMonthDue");

		object_set_text(draft->object, "Type", standard ? "STANDARD" : "DATE_DRIVEN");
		if (standard)
			object_set_default(draft->object, "DiscountDays", json_object_new_int(0));
	}
	if (strcmp(draft->entity->name, "PaymentMethod") == 0)
		object_set_default(draft->object, "Type", json_object_new_string("NON_CREDIT_CARD"));
	if (strcmp(draft->entity->name, "TaxAgency") == 0) {
		object_set_default(draft->object, "TaxTrackedOnPurchases", json_object_new_boolean(false));
		object_set_default(draft->object, "TaxTrackedOnSales", json_object_new_boolean(true));
	}
	if (shape_member(&draft->entity->shape, "FullyQualifiedName"))
		return place_below(draft, sub_flag(draft), fault);
	return true;
}

static const struct { const char *type, *classification, *subtype; } account_types[] = {
	{ "Bank", "Asset", "CashOnHand" },
	{ "Accounts Receivable", "Asset", "AccountsReceivable" },
	{ "Other Current Asset", "Asset", "EmployeeCashAdvances" },
	{ "Fixed Asset", "Asset", "FurnitureAndFixtures" },
	{ "Other Asset", "Asset", "Licenses" },
	{ "Accounts Payable", "Liability", "AccountsPayable" },
	{ "Credit Card", "Liability", "CreditCard" },
	{ "Other Current Liability", "Liability", "OtherCurrentLiabilities" },
	{ "Long Term Liability", "Liability", "NotesPayable" },
	{ "Equity", "Equity", "OpeningBalanceEquity" },
	{ "Income", "Revenue", "OtherPrimaryIncome" },
	{ "Other Income", "Revenue", "OtherInvestmentIncome" },
	{ "Cost of Goods Sold", "Expense", "CostOfLaborCos" },
	{ "Expense", "Expense", "Travel" },
	{ "Other Expense", "Expense", "Depreciation" },
};

static bool account_type(struct draft *draft, struct fault *fault)
{
	const char *type = object_text(draft->object, "AccountType");
	const char *subtype = object_text(draft->object, "AccountSubType");

	if (!*type && !*subtype)
		return fault_plain(fault, 6010);
	for (size_t i = 0; i < ARRAY_LEN(account_types); i++) {
		if (strcmp(account_types[i].type, type) != 0 &&
		    (*type || strcmp(account_types[i].subtype, subtype) != 0))
			continue;
		object_set_text(draft->object, "AccountType", account_types[i].type);
		object_set_text(draft->object, "Classification", account_types[i].classification);
		object_set_default(draft->object, "AccountSubType", json_object_new_string(account_types[i].subtype));
		return true;
	}
	return fault_set(fault, 2170, "AccountSubType", "AccountSubType needs an AccountType here. Supplied value:%.60s", subtype);
}

static void home_currency(struct draft *draft)
{
	const char *home = draft->company->preferences.home_currency;
	json_object *reference;

	if (object_get(draft->object, "CurrencyRef"))
		return;
	reference = json_object_new_object();
	object_set_text(reference, "value", home);
	object_set(reference, "name", currency_name(draft->company, home));
	object_set(draft->object, "CurrencyRef", reference);
}

bool account_complete(struct draft *draft, struct fault *fault)
{
	const char *name = object_text(draft->object, "Name");

	if (strpbrk(name, "\":"))
		return fault_set(fault, 2040, "Name", "Account name can not contain colon or double quotes. Supplied value:%.100s",
				 name);
	if (strpbrk(object_text(draft->object, "AcctNum"), ":"))
		return fault_set(fault, 2040, "AcctNum", "Account number can not contain a colon.");
	home_currency(draft);
	return account_type(draft, fault) && list_complete(draft, fault);
}

/* Liabilities, equity and income are shown by their natural sign: a credit is positive. */
void account_derive(struct company *company, struct record *record, json_object *object)
{
	const char *classification = object_text(object, "Classification");
	int sign = strcmp(classification, "Asset") == 0 || strcmp(classification, "Expense") == 0 ? 1 : -1;
	bool balance_sheet = strcmp(classification, "Revenue") != 0 && strcmp(classification, "Expense") != 0;

	(void)company;
	/* The service shows no balance on accounts of profit and loss. */
	object_set_cents(object, "CurrentBalance", balance_sheet ? sign * record->balance : 0);
	object_set_cents(object, "CurrentBalanceWithSubAccounts",
			 balance_sheet ? sign * (record->balance + record->below) : 0);
}

/* DisplayName from the parts of a name when it was left out; 6080 when there is none of them. */
static bool display_name(struct draft *draft, struct fault *fault)
{
	static const char *const parts[] = { "Title", "GivenName", "MiddleName", "FamilyName", "Suffix" };
	AUTO(str_clear) struct str name = STR_INIT(NAME_BYTES_MAX);
	const char *sent = object_text(draft->object, "DisplayName");

	for (size_t i = 0; i < ARRAY_LEN(parts) && !*sent; i++) {
		const char *part = object_text(draft->object, parts[i]);

		if (*part)
			str_addf(&name, "%s%s", name.len ? " " : "", part);
	}
	if (!*sent && name.len == 0)
		str_add(&name, object_text(draft->object, "CompanyName"));
	if (*sent)
		str_add(&name, sent);
	if (name.len == 0)
		return fault_plain(fault, 6080);
	if (strpbrk(name.text, ":\t\n"))
		return fault_set(fault, 2040, "DisplayName", "DisplayName can not contain colon, tab or new line. "
				 "Supplied value:%.100s", name.text);
	object_set_text(draft->object, "DisplayName", name.text);
	return true;
}

static bool fixed_currency(struct draft *draft, struct fault *fault)
{
	const char *before = object_text(draft->before, "CurrencyRef.value");

	if (draft->before && !object_get(draft->object, "CurrencyRef"))
		object_set(draft->object, "CurrencyRef", json_object_get(object_get(draft->before, "CurrencyRef")));
	home_currency(draft);
	if (*before && strcmp(before, object_text(draft->object, "CurrencyRef.value")) != 0)
		return fault_set(fault, 6000, "", "Business Validation Error: The currency of a name can't be changed.");
	return true;
}

static bool customer_defaults(struct draft *draft, struct fault *fault)
{
	json_object *object = draft->object, *reference;
	enum tax_mode mode = draft->company->preferences.tax_mode;
	bool parent = object_get(object, "ParentRef") != NULL;

	object_set_default(object, "Taxable", json_object_new_boolean(mode != TAX_NONE));
	object_set_default(object, "Job", json_object_new_boolean(parent));
	object_set_default(object, "BillWithParent", json_object_new_boolean(false));
	object_set_default(object, "PreferredDeliveryMethod", json_object_new_string("Print"));
	if (object_flag(object, "Job", false) && !parent)
		return fault_plain(fault, 6150);
	if ((mode == TAX_US_MANUAL || mode == TAX_US_AUTOMATED) && object_flag(object, "Taxable", false) &&
	    *draft->company->preferences.default_tax_code && !object_get(object, "DefaultTaxCodeRef")) {
		reference = json_object_new_object();
		object_set_text(reference, "value", draft->company->preferences.default_tax_code);
		object_set(object, "DefaultTaxCodeRef", reference);
	}
	return true;
}

/* At most so many characters (not bytes) of a text. */
static void add_characters(struct str *out, const char *text, int most)
{
	const char *end = text;

	for (; *end; end++)
		if (((unsigned char)*end & 0xc0) != 0x80 && most-- == 0)
			break;
	str_add_bytes(out, text, (size_t)(end - text));
}

bool name_complete(struct draft *draft, struct fault *fault)
{
	bool customer = strcmp(draft->entity->name, "Customer") == 0;
	bool employee = strcmp(draft->entity->name, "Employee") == 0;
	AUTO(str_clear) struct str cheque = STR_INIT(NAME_BYTES_MAX);

	if (!display_name(draft, fault))
		return false;
	if (!object_get(draft->object, "PrintOnCheckName")) {
		const char *company_name = object_text(draft->object, "CompanyName");

		add_characters(&cheque, *company_name ? company_name : object_text(draft->object, "DisplayName"),
			       CHEQUE_NAME_MAX);
		object_set_text(draft->object, "PrintOnCheckName", cheque.text);
	}
	if (!employee && !fixed_currency(draft, fault))
		return false;
	if (customer && !customer_defaults(draft, fault))
		return false;
	if (employee)
		object_set_default(draft->object, "BillableTime", json_object_new_boolean(false));
	if (!customer && !employee)
		object_set_default(draft->object, "Vendor1099", json_object_new_boolean(false));
	address_settle(draft, "BillAddr");
	address_settle(draft, "ShipAddr");
	address_settle(draft, "PrimaryAddr");
	if (!change_active(draft, fault) || !name_unique(draft, fault))
		return false;
	return !customer || place_below(draft, NULL, fault);
}

void customer_derive(struct company *company, struct record *record, json_object *object)
{
	(void)company;
	object_set_cents(object, "Balance", record->balance);
	object_set_cents(object, "BalanceWithJobs", record->balance + record->below);
}

void vendor_derive(struct company *company, struct record *record, json_object *object)
{
	(void)company;
	object_set_cents(object, "Balance", -record->balance);
}

static bool item_accounts(struct draft *draft, bool stock, struct fault *fault)
{
	static const char *const needed[] = { "IncomeAccountRef", "ExpenseAccountRef", "AssetAccountRef" };
	static const char *const types[] = { "Income|Other Income|Other Current Liability|Expense|Equity",
					     "Cost of Goods Sold|Expense|Other Expense|Equity", "Other Current Asset" };
	bool any = false;

	for (size_t i = 0; i < ARRAY_LEN(needed); i++) {
		struct record *account = object_target(draft->company, draft->object, needed[i], "Account");

		any = any || (account && i < 2);
		if (!account && stock)
			return fault_set(fault, 2020, needed[i], "Required parameter %s is missing in the request", needed[i]);
		if (account && !account_is(account, types[i]))
			return fault_set(fault, 6430, needed[i], "Invalid account type used : You need to select a different type "
					 "of account for this item.");
	}
	if (!any)
		return fault_set(fault, 2020, "IncomeAccountRef", "Required parameter IncomeAccountRef is missing in the request");
	return true;
}

/* The stock that an item begins with stands against the opening balance. */
static void post_opening_stock(struct draft *draft)
{
	struct record *asset = object_target(draft->company, draft->object, "AssetAccountRef", "Account");
	struct decimal quantity, cost, value;

	if (draft->old || !object_number(draft->object, "QtyOnHand", &quantity) ||
	    !object_number(draft->object, "PurchaseCost", &cost) || !decimal_multiply(quantity, cost, 2, &value))
		return;
	if (decimal_round(quantity, 2, &quantity))
		draft->balance = quantity.digits;
	draft_post_home(draft, asset, NULL, value.digits, 0);
	draft_post_home(draft, account_equity(draft->company), NULL, -value.digits, 0);
}

bool item_complete(struct draft *draft, struct fault *fault)
{
	json_object *object = draft->object;
	const char *type;
	bool stock, plain;

	object_set_default(object, "Type", json_object_new_string("Service"));
	type = object_text(object, "Type");
	stock = strcmp(type, "Inventory") == 0;
	plain = strcmp(type, "Category") == 0 || strcmp(type, "Group") == 0;
	if (strpbrk(object_text(object, "Name"), ":\t\n"))
		return fault_set(fault, 2040, "Name", "Item name can not contain colon, tab or new line.");
	if (draft->before && strcmp(type, object_text(draft->before, "Type")) != 0)
		return fault_set(fault, 6000, "", "Business Validation Error: The type of an item can't be changed from %s to %s.",
				 object_text(draft->before, "Type"), type);
	if (!plain && !item_accounts(draft, stock, fault))
		return false;
	if (stock && !object_get(object, "QtyOnHand"))
		return fault_plain(fault, 6520);
	if (stock && !object_get(object, "InvStartDate"))
		return fault_set(fault, 2020, "InvStartDate", "Required parameter InvStartDate is missing in the request");
	if (!plain) {
		object_set_default(object, "Taxable", json_object_new_boolean(false));
		object_set_default(object, "UnitPrice", value_cents(0));
		object_set_default(object, "PurchaseCost", value_cents(0));
		object_set_flag(object, "TrackQtyOnHand", stock);
	}
	draft->date = object_date(object, "InvStartDate", company_today(draft->company));
	if (stock)
		post_opening_stock(draft);
	else
		object_set(object, "QtyOnHand", NULL);
	if (!change_active(draft, fault) || !name_unique(draft, fault) || !place_below(draft, NULL, fault))
		return false;
	if (object_get(object, "ParentRef"))
		object_set_flag(object, "SubItem", true);
	return true;
}

void item_derive(struct company *company, struct record *record, json_object *object)
{
	(void)company;
	if (strcmp(object_text(object, "Type"), "Inventory") == 0)
		object_set(object, "QtyOnHand", value_decimal(decimal_of(record->balance, 2)));
}
