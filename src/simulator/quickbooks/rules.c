/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which rules belong to which entity, and what all transactions have in common. */
#include "quickbooks/rules.h"

#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"
#include "quickbooks/draft.h"
#include "world.h"

static const struct entity_rules rows[] = {
	{ .entity = "Account", .complete = account_complete, .derive = account_derive },
	{ .entity = "Attachable", .complete = attachable_complete },
	{ .entity = "Bill", .complete = purchase_complete, .derive = purchase_derive },
	{ .entity = "BillPayment", .complete = bill_payment_complete, .derive = payment_derive },
	{ .entity = "Class", .complete = list_complete },
	{ .entity = "CompanyCurrency", .complete = currency_complete },
	{ .entity = "CompanyInfo", .stored = company_info_stored },
	{ .entity = "CreditCardPayment", .complete = card_payment_complete },
	{ .entity = "CreditMemo", .complete = sale_complete, .derive = sale_derive },
	{ .entity = "Customer", .complete = name_complete, .derive = customer_derive },
	{ .entity = "Department", .complete = list_complete },
	{ .entity = "Deposit", .complete = deposit_complete },
	{ .entity = "Employee", .complete = name_complete },
	{ .entity = "Estimate", .complete = estimate_complete, .derive = sale_derive },
	{ .entity = "ExchangeRate", .complete = rate_complete, .find = rate_find },
	{ .entity = "InventoryAdjustment", .complete = inventory_complete },
	{ .entity = "Invoice", .complete = sale_complete, .derive = sale_derive },
	{ .entity = "Item", .complete = item_complete, .derive = item_derive },
	{ .entity = "JournalCode", .complete = list_complete },
	{ .entity = "JournalEntry", .complete = journal_complete },
	{ .entity = "Payment", .complete = payment_complete, .derive = payment_derive,
	  .may_delete = payment_may_delete },
	{ .entity = "PaymentMethod", .complete = list_complete },
	{ .entity = "Preferences", .stored = preferences_stored },
	{ .entity = "Purchase", .complete = purchase_complete, .derive = purchase_derive },
	{ .entity = "PurchaseOrder", .complete = purchase_order_complete, .derive = purchase_derive },
	{ .entity = "RefundReceipt", .complete = sale_complete, .derive = sale_derive,
	  .may_delete = payment_may_delete },
	{ .entity = "SalesReceipt", .complete = sale_complete, .derive = sale_derive,
	  .may_delete = payment_may_delete },
	{ .entity = "TaxAgency", .complete = list_complete },
	{ .entity = "Term", .complete = list_complete },
	{ .entity = "TimeActivity", .complete = time_complete },
	{ .entity = "Transfer", .complete = transfer_complete },
	{ .entity = "Vendor", .complete = name_complete, .derive = vendor_derive },
	{ .entity = "VendorCredit", .complete = purchase_complete, .derive = purchase_derive },
};

const struct entity_rules *rules_of(const char *entity)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (strcmp(rows[i].entity, entity) == 0)
			return &rows[i];
	return NULL;
}

const struct entity *link_entity(const char *txn_type)
{
	if (strcmp(txn_type, "BillPaymentCheck") == 0 || strcmp(txn_type, "BillPaymentCreditCard") == 0)
		txn_type = "BillPayment";
	else if (strcmp(txn_type, "Expense") == 0 || strcmp(txn_type, "Check") == 0 ||
		 strcmp(txn_type, "CashPurchase") == 0)
		txn_type = "Purchase";
	return entity_by_name(txn_type, false);
}

json_object *currency_name(struct company *company, const char *code)
{
	static const struct { const char *code, *name; } names[] = {
		{ "USD", "United States Dollar" }, { "EUR", "Euro" }, { "GBP", "British Pound Sterling" },
		{ "CHF", "Swiss Franc" }, { "NOK", "Norwegian Krone" }, { "SEK", "Swedish Krona" },
		{ "PLN", "Polish Zloty" }, { "CAD", "Canadian Dollar" }, { "AUD", "Australian Dollar" },
		{ "JPY", "Japanese Yen" }, { "DKK", "Danish Krone" }, { "CZK", "Czech Koruna" },
	};
	const struct table *table = company_table(company, entity_by_name("CompanyCurrency", false));
	bool home = strcmp(code, company->preferences.home_currency) == 0;

	for (size_t i = 0; home && i < ARRAY_LEN(names); i++)
		if (strcmp(names[i].code, code) == 0)
			return json_object_new_string(names[i].name);
	for (size_t i = 0; company->preferences.multicurrency && i < table->count; i++) {
		const struct record *record = table->by_id[i];

		if (json_equals(json_find(record->text, record->len, "Code"), code)) {
			struct str name = STR_INIT(1000);
			json_object *value;

			json_unquote(json_find(record->text, record->len, "Name"), &name);
			value = json_object_new_string(name.text);
			str_clear(&name);
			return value;
		}
	}
	for (size_t i = 0; company->loading && i < ARRAY_LEN(names); i++)
		if (strcmp(names[i].code, code) == 0)
			return json_object_new_string(names[i].name);
	return home ? json_object_new_string(code) : NULL;
}

/* The latest rate on or before a date, home units for one foreign unit; 1 when none is known. */
static struct decimal rate_on(struct company *company, const char *currency, struct date date)
{
	const struct table *table = company_table(company, entity_by_name("ExchangeRate", false));
	struct decimal rate = { 1, 0 };
	struct date best = { INT32_MIN };

	for (size_t i = 0; i < table->count; i++) {
		const struct record *record = table->by_id[i];
		struct json_slice value;

		if (record->date.day > date.day || record->date.day < best.day ||
		    !json_equals(json_find(record->text, record->len, "SourceCurrencyCode"), currency))
			continue;
		value = json_find(record->text, record->len, "Rate");
		if (decimal_parse(value.text, value.len, &rate))
			best = record->date;
	}
	return rate;
}

static bool set_currency(struct draft *draft, struct record *party, struct fault *fault)
{
	struct company *company = draft->company;
	const struct preferences *preferences = &company->preferences;
	AUTO(str_clear) struct str own = STR_INIT(8);
	const char *sent = object_text(draft->object, "CurrencyRef.value");
	json_object *reference;
	struct decimal rate = { 1, 0 };

	if (party)
		json_unquote(json_find(party->text, party->len, "CurrencyRef.value"), &own);
	if (own.len == 0)
		str_add(&own, *sent ? sent : preferences->home_currency);
	if (*sent && strcmp(sent, own.text) != 0)
		return fault_set(fault, 6000, "", "Business Validation Error: The currency of the transaction is "
						  "invalid for customer / vendor / account.");
	reference = json_object_new_object();
	object_set_text(reference, "value", own.text);
	object_set(reference, "name", currency_name(company, own.text));
	object_set(draft->object, "CurrencyRef", reference);
	if (!preferences->multicurrency) {
		object_set(draft->object, "ExchangeRate", NULL);
		return true;
	}
	if (strcmp(own.text, preferences->home_currency) != 0 &&
	    (!object_number(draft->object, "ExchangeRate", &rate) || rate.digits <= 0))
		rate = rate_on(company, own.text, draft->date);
	draft->rate = rate;
	object_set(draft->object, "ExchangeRate", value_decimal(rate));
	return true;
}

bool draft_begin(struct draft *draft, struct record *party, struct fault *fault)
{
	struct company *company = draft->company;
	int32_t closed = company->preferences.book_close.day;

	draft->date = object_date(draft->object, "TxnDate", company_today(company));
	object_set_date(draft->object, "TxnDate", draft->date);
	if (!company->loading && (draft->date.day <= closed || (draft->old && draft->old->date.day <= closed)))
		return fault_plain(fault, 6210);
	return !shape_member(&draft->entity->shape, "CurrencyRef") || set_currency(draft, party, fault);
}

/* Another record of the entity with that number; NULL when there is none. */
static const struct record *number_taken(const struct draft *draft, const char *number)
{
	const struct table *table = company_table(draft->company, draft->entity);
	AUTO(str_clear) struct str needle = STR_INIT(200);

	str_add(&needle, "\"DocNumber\":");
	str_add_json(&needle, number, strlen(number));
	for (size_t i = table->count; i-- > 0;)
		if (table->by_id[i] != draft->old &&
		    memmem(table->by_id[i]->text, table->by_id[i]->len, needle.text, needle.len))
			return table->by_id[i];
	return NULL;
}

bool draft_number(struct draft *draft, int64_t *next, bool always, struct fault *fault)
{
	struct company *company = draft->company;
	const struct switches *switches = &company->simulator->switches;
	const struct record *taken;
	const char *number;
	char text[24];

	if (!company->preferences.custom_numbers && !draft->old && always && !company->loading &&
	    switches_is(switches, SWITCH_SENT_NUMBER, "ignored"))
		object_set(draft->object, "DocNumber", NULL);
	number = object_text(draft->object, "DocNumber");
	if (!*number) {
		/* A number that the service gave stays; one of the client's own goes when it is left out. */
		if (draft->before && always && !company->preferences.custom_numbers &&
		    *object_text(draft->before, "DocNumber"))
			object_set_text(draft->object, "DocNumber", object_text(draft->before, "DocNumber"));
		if (company->preferences.custom_numbers || !always || draft->old)
			return true;
		do {
			snprintf(text, sizeof(text), "%lld", (long long)(*next)++);
		} while (!company->loading && number_taken(draft, text));
		object_set_text(draft->object, "DocNumber", text);
		return true;
	}
	if (company->loading || draft->options->allow_duplicate_number || !always ||
	    switches_is(switches, SWITCH_DUPLICATE_NUMBER, "accepted") ||
	    (draft->before && strcmp(number, object_text(draft->before, "DocNumber")) == 0))
		return true;
	taken = number_taken(draft, number);
	if (taken)
		return fault_set(fault, 6140, "",
				 "Duplicate Document Number Error : You must specify a different number. This number has "
				 "already been used. DocNumber=%.21s is assigned to TxnType=%s with TxnId=%s",
				 number, draft->entity->name, taken->id);
	return true;
}
